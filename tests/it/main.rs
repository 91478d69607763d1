//! Integration tests, one binary: through the library and through the real command.

mod bad_input;
mod behaviours;
mod cases;
mod circles;
mod cli;
mod example;
mod explore;
mod find;
mod processes;
mod programs;
mod schemas;
mod snapshots;
mod support;
mod tools;
