//! Stands in for the engine until it lands.

use super::{Ending, Options, RunResult};
use crate::error::Error;
use crate::explore::Token;
use crate::program::Program;
use std::fmt;
use std::path::Path;

/// Reads and compiles a program.
///
/// # Errors
///
/// What stands in the way.
pub fn load(path: &Path, echo: bool) -> Result<Program, Error> {
    let shown = path.to_string_lossy();
    let source = crate::source::read(path, &shown)?;
    let bundled: &[(&'static str, &'static str)] =
        &[("threading", ""), ("time", ""), ("queue", ""), ("sys", "")];
    let loader = crate::source::loader::FileLoader::new(path, bundled);
    crate::compile::program(&shown, &source, &loader, &crate::compile::Options { echo })
}

/// A program ready to be run.
pub struct Session {}

/// A token that does not fit.
#[derive(Debug)]
pub struct ReplayError {}

impl Session {
    /// A session.
    pub fn new(_program: Program) -> Session {
        Session {}
    }

    /// One run.
    pub fn run(&mut self, _options: &Options) -> RunResult {
        RunResult {
            ending: Ending::Internal("the engine has not landed".into()),
            exit_code: None,
            stdout: String::new(),
            stderr: String::new(),
            output: Vec::new(),
            steps: 0,
            time: 0,
            token: String::new(),
            stuck: Vec::new(),
            deaths: Vec::new(),
            trace: None,
        }
    }

    /// The same run again.
    ///
    /// # Errors
    ///
    /// When the token does not fit the program.
    pub fn replay(&mut self, _token: &Token, _options: &Options) -> Result<RunResult, ReplayError> {
        Err(ReplayError {})
    }
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the token does not fit")
    }
}
