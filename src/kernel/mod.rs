//! Threads, synchronisation objects and virtual time, as plain data. Knows no Python.

pub mod op;
