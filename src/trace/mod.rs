//! Traces: the record of a run, its stored forms.

pub mod codec;
pub mod error;
pub mod model;
#[cfg(test)]
pub(crate) mod sample;
