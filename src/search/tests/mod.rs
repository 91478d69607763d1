//! The searches against each other.

mod find;
mod kernel;
mod mutation;
mod python;
mod source;
