//! The searches against each other.

mod circles;
mod find;
mod kernel;
mod mutation;
mod python;
mod source;
