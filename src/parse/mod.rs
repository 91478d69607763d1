//! From text to syntax tree: the parser library behind one function.
//!
//! The tree is the library's own; only this module and [`compile`](crate::compile) touch it.

mod depth;
mod words;

use crate::error::{Error, ErrorKind};
use crate::program::Span;
use ruff_python_ast::{Expr, ModModule, PythonVersion, Suite};
use ruff_python_parser::{Mode, ParseOptions, Parsed};
use ruff_text_size::{Ranged, TextRange};
use std::sync::Arc;

pub use depth::Depth;

/// A module's syntax tree.
#[derive(Debug)]
pub struct Ast {
    body: Suite,
    /// How deeply it nests: whoever recurses over it does so by way of [`Depth::run`].
    pub depth: Depth,
}

impl Ast {
    /// The module's statements.
    pub fn body(&self) -> &Suite {
        &self.body
    }
}

impl Drop for Ast {
    fn drop(&mut self) {
        // Dropping recurses too.
        let body = std::mem::take(&mut self.body);
        self.depth.run(move || drop(body));
    }
}

/// The library's range as ours.
pub fn span(node: &impl Ranged) -> Span {
    range(node.range())
}

/// The library's range as ours.
pub fn range(range: TextRange) -> Span {
    Span {
        start: range.start().to_u32(),
        end: range.end().to_u32(),
    }
}

/// Parses a module.
///
/// # Errors
///
/// The first syntax error, in CPython's words where they are known; or that the source is too large or too deeply nested.
pub fn parse(path: &str, source: &Arc<str>) -> Result<Ast, Error> {
    if u32::try_from(source.len()).is_err() {
        return Err(Error::new(
            ErrorKind::TooLarge,
            "the file is larger than 4 GiB",
            path,
        ));
    }
    let depth = depth::measure(source).map_err(|deep| {
        let kind = match deep.class {
            Some(class) => ErrorKind::Syntax(class),
            None => ErrorKind::TooLarge,
        };
        Error::new(kind, deep.message, path).at(source.clone(), words::line_span(source, deep.line))
    })?;
    let parsed = depth.run(|| {
        let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY313);
        ruff_python_parser::parse_unchecked(source, options)
            .try_into_module()
            .expect("parsing in module mode gives a module")
    });
    let found = words::first_error(&parsed, source);
    let ast = Ast {
        body: into_body(parsed),
        depth,
    };
    match found {
        None => Ok(ast),
        Some(problem) => {
            let mut error = Error::new(ErrorKind::Syntax(problem.class), problem.message, path)
                .at(source.clone(), problem.span);
            error.help = problem.help;
            Err(error)
        }
    }
}

/// Parses a piece of source as an expression that may span lines. Gives it with the offset that its ranges have from the
/// piece's. Pieces that nest deeply give `None`.
pub fn expression(piece: &str) -> Option<(Expr, usize)> {
    const OPENING: &str = "(\n";
    let text = format!("{OPENING}{piece}\n)");
    if !depth::measure(&text).ok()?.is_shallow() {
        return None;
    }
    let parsed = ruff_python_parser::parse_expression(&text).ok()?;
    Some((parsed.into_expr(), OPENING.len()))
}

fn into_body(parsed: Parsed<ModModule>) -> Suite {
    parsed.into_suite()
}
