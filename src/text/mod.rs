//! Text of numbers and literals exactly as CPython 3.13 writes and reads it.
//!
//! Pure functions on plain Rust types; no heap, no machine. Indices into
//! strings count code points, as Python's do, unless a name says bytes.

pub mod bytes_ops;
pub mod float;
pub mod int;
pub mod percent;
pub mod quote;
pub mod spec;
pub mod str_ops;
pub mod template;
pub mod unicode;

#[cfg(test)]
mod testdata;
