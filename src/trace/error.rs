//! What can be wrong with a stored trace.

use super::model::VERSION;
use std::fmt;

/// A stored trace that cannot be read: the line and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceError {
    line: u64,
    kind: Kind,
}

/// The reasons. Text is made in `Display` alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Empty,
    NotATrace,
    Newer(u32),
    NotUtf8,
    Json(String),
    Undefined(&'static str, u32),
    Touch(String),
    Backwards,
    CutOff,
    AfterEnd,
    Io(String),
}

impl Kind {
    /// The parser's reason without its position: a record is one line, and its number is told already.
    pub(super) fn json(error: &serde_json::Error) -> Kind {
        let text = error.to_string();
        let end = text.rfind(" at line ").unwrap_or(text.len());
        Kind::Json(text[..end].to_owned())
    }
}

impl TraceError {
    pub(super) fn new(line: u64, kind: Kind) -> Self {
        TraceError { line, kind }
    }

    /// 1-based line of the file.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The trace was written by a newer raddle.
    pub fn is_newer(&self) -> bool {
        matches!(self.kind, Kind::Newer(_))
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.kind {
            Kind::Empty => f.write_str("the file is empty"),
            Kind::NotATrace => f.write_str("this is no raddle trace"),
            Kind::Newer(version) => write!(
                f,
                "the trace has version {version}, this raddle reads up to {VERSION}; a newer raddle can read it"
            ),
            Kind::NotUtf8 => f.write_str("the text is not UTF-8"),
            Kind::Json(why) => f.write_str(why),
            Kind::Undefined(what, index) => {
                write!(f, "{what} {index} is mentioned before it is defined")
            }
            Kind::Touch(word) => write!(f, "`{word}` is no touch of a thing in its turn"),
            Kind::Backwards => f.write_str("step or time goes backwards"),
            Kind::CutOff => f.write_str("the trace is cut off: its end record is missing"),
            Kind::AfterEnd => f.write_str("the trace goes on after its end"),
            Kind::Io(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for TraceError {}
