//! The searches against each other.

mod chance;
mod circles;
mod find;
mod kernel;
mod mutation;
mod python;
mod source;
