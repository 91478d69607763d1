//! What ends a command before it has a result.

use super::exit;
use std::fmt::Display;

/// A message for the user and the exit code that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fail {
    /// What is wrong, where, and if possible what to do; without `error:` and without a line end.
    pub message: String,
    /// One of [`exit`].
    pub code: u8,
}

impl Fail {
    /// Wrong usage, bad input.
    pub fn usage(message: impl Into<String>) -> Fail {
        Fail {
            message: message.into(),
            code: exit::USAGE,
        }
    }

    /// A file that cannot be read or written.
    pub fn file(path: &std::path::Path, why: impl Display) -> Fail {
        Fail::usage(format!("{}: {why}", path.display()))
    }
}

/// An I/O error in plain words, without `(os error 2)`.
pub fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    text[..end].to_lowercase()
}
