//! Small programs, run.
