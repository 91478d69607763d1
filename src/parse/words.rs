//! CPython's class and words for what the parser library reports.

use crate::error::SyntaxClass;
use crate::parse::range;
use crate::program::Span;
use ruff_python_ast::ModModule;
use ruff_python_parser::Parsed;

/// A syntax error as CPython would put it.
pub struct Problem {
    /// Exception class.
    pub class: SyntaxClass,
    /// Message.
    pub message: String,
    /// Place.
    pub span: Span,
    /// Advice, when the message alone leaves the user without.
    pub help: Option<String>,
}

/// The range of a 1-based line.
pub fn line_span(source: &str, line: u32) -> Span {
    let mut start = 0;
    for (index, text) in source.split_inclusive('\n').enumerate() {
        if index + 1 == line as usize {
            return Span {
                start,
                end: start + text.trim_end().len() as u32,
            };
        }
        start += text.len() as u32;
    }
    Span {
        start: source.len() as u32,
        end: source.len() as u32,
    }
}

/// The first error of a parsed module.
pub fn first_error(parsed: &Parsed<ModModule>, _source: &str) -> Option<Problem> {
    let error = parsed.errors().first()?;
    Some(Problem {
        class: SyntaxClass::Syntax,
        message: error.error.to_string(),
        span: range(error.location),
        help: None,
    })
}
