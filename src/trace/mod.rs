//! Traces: the record of a run, its stored forms.

pub mod model;
