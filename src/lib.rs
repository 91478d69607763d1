//! raddle runs Python programs that use threads under a deterministic scheduler.
//!
//! All that a program can do, in a test:
//!
//! ```
//! use raddle::run::load_source;
//! use raddle::search::Explorer;
//!
//! let source = "import threading\nthreading.Thread(target=print, args=(1,)).start()\nprint(2)";
//! let found = Explorer::new().run(load_source("two.py", source, false).unwrap());
//! let mut outputs: Vec<_> = found.outcomes.iter().map(|(o, _)| o.stdout.as_str()).collect();
//! outputs.sort();
//! // insta::assert_debug_snapshot!(outputs) pins it.
//! assert_eq!(outputs, ["1\n2\n", "12\n\n", "2\n1\n", "21\n\n"]);
//! assert!(found.complete);
//! ```
#![forbid(unsafe_code)]

pub mod arena;
pub mod cli;
pub mod compile;
pub mod diff;
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
#[cfg(test)]
mod testing;
pub mod text;
pub mod trace;
pub mod value;
pub mod vm;
