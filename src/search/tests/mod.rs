//! The searches against each other.

mod circles;
mod find;
mod kernel;
mod python;
mod source;
