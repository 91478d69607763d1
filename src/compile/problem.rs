//! Errors on their way out of the compiler, before they know their file.

use crate::error::{Error, ErrorKind, SyntaxClass};
use crate::program::Span;
use std::sync::Arc;

/// What is wrong, and where in the module at hand. Boxed, for it is rare and results are everywhere.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: ErrorKind,
    message: String,
    span: Span,
    help: Option<String>,
}

/// The result of compiling something.
pub type Compiled<T = ()> = Result<T, Problem>;

impl Problem {
    fn new(kind: ErrorKind, message: String, span: Span) -> Problem {
        Problem(Box::new(Parts {
            kind,
            message,
            span,
            help: None,
        }))
    }

    /// A `SyntaxError` with CPython's words.
    #[cold]
    pub fn syntax(message: impl Into<String>, span: Span) -> Problem {
        Problem::new(ErrorKind::Syntax(SyntaxClass::Syntax), message.into(), span)
    }

    /// Valid Python that is refused, with the nearest way that works.
    #[cold]
    pub fn unsupported(what: impl Into<String>, span: Span, help: impl Into<String>) -> Problem {
        let mut problem = Problem::new(ErrorKind::Unsupported, what.into(), span);
        problem.0.help = Some(help.into());
        problem
    }

    /// A limit of the instruction set is exceeded.
    #[cold]
    pub fn too_many(what: &str, span: Span) -> Problem {
        let message = format!("too many {what} in one code block (more than 65,000)");
        Problem::new(ErrorKind::TooLarge, message, span)
    }

    /// The error with its file.
    pub fn into_error(self, path: &str, source: &Arc<str>) -> Error {
        let error = Error::new(self.0.kind, self.0.message, path).at(source.clone(), self.0.span);
        match self.0.help {
            Some(help) => error.with_help(help),
            None => error,
        }
    }
}
