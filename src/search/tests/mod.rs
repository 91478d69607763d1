//! The searches against each other.

mod kernel;
