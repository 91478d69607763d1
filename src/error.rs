//! Why a program cannot be run at all: what stands in the way of turning its text into a [`Program`](crate::program::Program).

use crate::program::Span;
use std::fmt;
use std::sync::Arc;

/// The exception class that CPython raises for an unreadable program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SyntaxClass {
    /// `SyntaxError`.
    Syntax,
    /// `IndentationError`.
    Indentation,
    /// `TabError`.
    Tab,
}

impl SyntaxClass {
    /// The class's name.
    pub fn name(self) -> &'static str {
        match self {
            SyntaxClass::Syntax => "SyntaxError",
            SyntaxClass::Indentation => "IndentationError",
            SyntaxClass::Tab => "TabError",
        }
    }
}

/// What kind of obstacle it is.
#[non_exhaustive]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// CPython would not accept the program either; the message is CPython's.
    Syntax(SyntaxClass),
    /// Valid Python that raddle does not run.
    Unsupported,
    /// An import of a module that neither stands beside the program nor comes with raddle.
    UnknownModule,
    /// A file could not be read.
    Io,
    /// Beyond a limit of the compiler: nesting, number of constants, names or registers.
    TooLarge,
}

/// An obstacle, with the place in the source where it stands.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// What kind of obstacle.
    pub kind: ErrorKind,
    /// One line that says what is wrong.
    pub message: String,
    /// The file, as the command line or the import names it.
    pub path: Arc<str>,
    /// The file's text; empty when it could not be read.
    pub source: Arc<str>,
    /// Where in `source`.
    pub span: Option<Span>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Error {
    /// An error without a place.
    pub fn new(kind: ErrorKind, message: impl Into<String>, path: &str) -> Error {
        Error {
            kind,
            message: message.into(),
            path: path.into(),
            source: "".into(),
            span: None,
            help: None,
        }
    }

    /// The same error at a place of a source. The place is widened to whole characters.
    pub fn at(mut self, source: Arc<str>, span: Span) -> Error {
        let start = source.floor_char_boundary(span.start as usize);
        let end = source
            .ceil_char_boundary((span.end as usize).min(source.len()))
            .max(start);
        self.span = Some(Span {
            start: start as u32,
            end: end as u32,
        });
        self.source = source;
        self
    }

    /// The same error with advice.
    pub fn with_help(mut self, help: impl Into<String>) -> Error {
        self.help = Some(help.into());
        self
    }

    /// 1-based line and column (in characters) of the place.
    pub fn position(&self) -> Option<(usize, usize)> {
        let span = self.span?;
        let before = self.source.get(..span.start as usize)?;
        let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Some((line, before[start..].chars().count() + 1))
    }

    /// The message with what CPython puts before it: `SyntaxError: invalid syntax`.
    pub fn title(&self) -> String {
        match self.kind {
            ErrorKind::Syntax(class) => format!("{}: {}", class.name(), self.message),
            ErrorKind::Unsupported => format!("unsupported: {}", self.message),
            _ => self.message.clone(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position() {
            Some((line, column)) => write!(f, "{}:{line}:{column}: ", self.path)?,
            None if self.path.is_empty() => {}
            None => write!(f, "{}: ", self.path)?,
        }
        f.write_str(&self.title())
    }
}

impl std::error::Error for Error {}
