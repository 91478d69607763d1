//! raddle runs Python programs that use threads under a deterministic scheduler.
#![forbid(unsafe_code)]

pub mod arena;
pub mod cli;
pub mod compile;
pub mod error;
pub mod explore;
pub mod id;
pub mod kernel;
pub mod parse;
pub mod program;
pub mod render;
pub mod run;
pub mod search;
pub mod source;
pub mod text;
pub mod trace;
pub mod value;
pub mod vm;
