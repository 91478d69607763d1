//! The searches against each other.

mod kernel;
mod python;
mod source;
