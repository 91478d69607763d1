//! The searches against each other.

mod circles;
mod kernel;
mod python;
mod source;
