//! CPython's class and words for what the parser library reports.
//!
//! CPython looks at a faulty program twice: a fault of the tokenizer anywhere (a stray bracket, an open string) outweighs
//! whatever the grammar has to say, a bracket that is never closed outweighs faults behind it, and a grammar fault has
//! special words where one of CPython's `invalid_…` rules fits. The same order holds here.

mod assignment;
mod block;
mod comma;
mod grammar;
mod lexical;
mod strings;
mod target;
mod tokens;

use crate::error::SyntaxClass;
use crate::parse::range;
use crate::program::Span;
use ruff_python_ast::ModModule;
use ruff_python_parser::{LexicalErrorType, ParseErrorType, Parsed};
use tokens::Source;

/// A syntax error as CPython would put it.
#[derive(Debug)]
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

impl Problem {
    fn new(message: impl Into<String>, span: Span) -> Problem {
        Problem {
            class: SyntaxClass::Syntax,
            message: message.into(),
            span,
            help: None,
        }
    }

    fn indentation(message: impl Into<String>, span: Span) -> Problem {
        Problem {
            class: SyntaxClass::Indentation,
            ..Problem::new(message, span)
        }
    }
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

/// The error that CPython would report of a parsed module, if any.
pub fn first_error(parsed: &Parsed<ModModule>, source: &str) -> Option<Problem> {
    if parsed.errors().is_empty() && parsed.unsupported_syntax_errors().is_empty() {
        return None;
    }
    let source = Source::new(source, parsed.tokens());
    let lexical = lexical::scan(&source, parsed.errors());
    if let Some(problem) = lexical.problem {
        return Some(problem);
    }
    let grammatical = parsed
        .errors()
        .iter()
        .filter(|error| match &error.error {
            ParseErrorType::Lexical(LexicalErrorType::UnrecognizedToken { .. }) => true,
            ParseErrorType::Lexical(_) => false,
            _ => true,
        })
        .min_by_key(|error| error.location.start())
        .map(|error| grammar::translate(&source, parsed.syntax(), error));
    let newer = parsed
        .unsupported_syntax_errors()
        .first()
        .map(|error| grammar::newer_syntax(&source, error));
    let problem = match (grammatical, newer) {
        (Some(old), Some(new)) if new.span.start < old.span.start => Some(new),
        (old, new) => old.or(new),
    };
    if let Some(open) = lexical.unclosed {
        let line = source.line(open.start);
        let later = problem
            .as_ref()
            // To CPython, lines do not end inside brackets: a fault at a line's end is one at the next token.
            .is_none_or(|problem| {
                let Span { start, end } = problem.span;
                source.line(end) > line || source.at_end(start) || source.line_end(start) == start
            });
        if later {
            let bracket = source.text(open);
            return Some(Problem::new(format!("'{bracket}' was never closed"), open));
        }
    }
    problem.or_else(|| {
        let error = parsed.errors().first()?;
        Some(Problem::new("invalid syntax", range(error.location)))
    })
}
