//! Stands in for the engine until it lands.

use super::{Ending, Options, RunResult};
use crate::error::{Error, ErrorKind};
use crate::program::Program;
use std::fmt;
use std::path::Path;

/// Reads and compiles a program.
///
/// # Errors
///
/// What stands in the way.
pub fn load(path: &Path, _echo: bool) -> Result<Program, Error> {
    match std::fs::read_to_string(path) {
        Ok(_) => Ok(Program::default()),
        Err(e) => Err(Error::new(
            ErrorKind::Io,
            e.to_string(),
            &path.display().to_string(),
        )),
    }
}

/// A program ready to be run.
pub struct Session {}

/// A schedule token.
pub struct Token {}

/// A token that is none.
#[derive(Debug)]
pub struct TokenError {}

/// A token that does not fit.
#[derive(Debug)]
pub struct ReplayError {}

impl Token {
    /// The options of the run.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    pub fn options(&self) -> Result<Options, TokenError> {
        Err(TokenError {})
    }
}

impl std::str::FromStr for Token {
    type Err = TokenError;
    fn from_str(_: &str) -> Result<Self, TokenError> {
        Err(TokenError {})
    }
}

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

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no token")
    }
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the token does not fit")
    }
}
