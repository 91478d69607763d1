//! The searches against each other.

mod find;
mod kernel;
mod python;
mod source;
