//! Templates of `str.format` (`Objects/stringlib/unicode_format.h`).
//!
//! CPython meets an error in a template only when it gets there, after the
//! fields before it have been fetched and formatted. So [`parse`] always
//! succeeds, and an error is the last piece, or the last step, of what it is
//! found in.

mod field;

pub use field::{FieldName, First, Step};

use std::borrow::Cow;

use field::Numbering;

/// How deep fields may be nested: those of a template, and those in their
/// specifications.
const MAX_DEPTH: u32 = 2;

/// A `ValueError` about a template, with CPython's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError(pub Cow<'static, str>);

impl std::fmt::Display for TemplateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TemplateError {}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text as it stands, doubled braces already made single.
    Literal(String),
    /// A replacement field.
    Field {
        /// What to fetch.
        name: FieldName,
        /// The character after `!`, which need not be a conversion there is.
        conversion: Option<char>,
        /// The format specification, itself a template.
        spec: Vec<Piece>,
    },
    /// The template is wrong from here on: raise this. Always the last piece.
    Error(TemplateError),
}

/// Takes a template apart.
///
/// Fields without a name are numbered from left to right, those in a
/// specification after the field it belongs to.
pub fn parse(template: &str) -> Vec<Piece> {
    pieces(template, MAX_DEPTH, &mut Numbering::default())
}

/// The message of the `ValueError` for a conversion other than `r`, `s` and
/// `a`, which is raised once the field's value has been fetched.
pub fn unknown_conversion(conversion: char) -> TemplateError {
    TemplateError(match conversion {
        '!'..='~' => format!("Unknown conversion specifier {conversion}").into(),
        _ => format!(
            "Unknown conversion specifier \\x{:x}",
            u32::from(conversion)
        )
        .into(),
    })
}

fn pieces(template: &str, depth: u32, numbering: &mut Numbering) -> Vec<Piece> {
    let mut out = Vec::new();
    if depth == 0 {
        out.push(error("Max string recursion exceeded"));
        return out;
    }
    let mut rest = template;
    while !rest.is_empty() {
        match next_piece(&mut rest, depth, numbering, &mut out) {
            Ok(()) => {}
            Err(error) => {
                out.push(Piece::Error(error));
                break;
            }
        }
    }
    out
}

fn error(message: &'static str) -> Piece {
    Piece::Error(fault(message))
}

pub(super) fn fault(message: &'static str) -> TemplateError {
    TemplateError(message.into())
}

/// Adds text to the literal at the end of `out`.
fn push_literal(out: &mut Vec<Piece>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Piece::Literal(literal)) = out.last_mut() {
        literal.push_str(text);
    } else {
        out.push(Piece::Literal(text.to_owned()));
    }
}

/// Reads up to and including the next field, or up to a doubled brace
/// (`MarkupIterator_next`).
fn next_piece(
    rest: &mut &str,
    depth: u32,
    numbering: &mut Numbering,
    out: &mut Vec<Piece>,
) -> Result<(), TemplateError> {
    let Some(at) = rest.find(['{', '}']) else {
        push_literal(out, std::mem::take(rest));
        return Ok(());
    };
    let brace = &rest[at..=at];
    let after = &rest[at + 1..];
    if let Some(after) = after.strip_prefix(brace) {
        push_literal(out, &rest[..=at]);
        *rest = after;
        return Ok(());
    }
    if brace == "}" {
        return Err(fault("Single '}' encountered in format string"));
    }
    if after.is_empty() {
        return Err(fault("Single '{' encountered in format string"));
    }
    push_literal(out, &rest[..at]);
    *rest = after;
    let field = Markup::read(rest)?;
    let name = FieldName::parse(field.name, numbering)?;
    let spec = if field.nested {
        pieces(field.spec, depth - 1, numbering)
    } else {
        let mut spec = Vec::new();
        push_literal(&mut spec, field.spec);
        spec
    };
    out.push(Piece::Field {
        name,
        conversion: field.conversion,
        spec,
    });
    Ok(())
}

/// The text of a field between its braces, taken apart.
struct Markup<'a> {
    name: &'a str,
    conversion: Option<char>,
    spec: &'a str,
    /// The specification has braces in it.
    nested: bool,
}

impl<'a> Markup<'a> {
    /// Reads past the closing brace (`parse_field`).
    fn read(rest: &mut &'a str) -> Result<Self, TemplateError> {
        let text = *rest;
        let Some(end) = name_end(text)? else {
            return Err(fault("expected '}' before end of string"));
        };
        let mut field = Self {
            name: &text[..end],
            conversion: None,
            spec: "",
            nested: false,
        };
        let mut tail = text[end + 1..].chars();
        match &text[end..=end] {
            "}" => {
                *rest = tail.as_str();
                return Ok(field);
            }
            "!" => {
                field.conversion = Some(tail.next().ok_or_else(|| {
                    fault("end of string while looking for conversion specifier")
                })?);
                match tail.next() {
                    Some('}') => {
                        *rest = tail.as_str();
                        return Ok(field);
                    }
                    Some(':') | None => {}
                    Some(_) => return Err(fault("expected ':' after conversion specifier")),
                }
            }
            _ => {}
        }
        let text = tail.as_str();
        let mut open = 1;
        for (at, c) in text.char_indices() {
            match c {
                '{' => {
                    field.nested = true;
                    open += 1;
                }
                '}' => open -= 1,
                _ => {}
            }
            if open == 0 {
                field.spec = &text[..at];
                *rest = &text[at + 1..];
                return Ok(field);
            }
        }
        Err(fault("unmatched '{' in format spec"))
    }
}

/// Where the name of a field ends: at the first `}`, `:` or `!` outside of
/// square brackets.
fn name_end(text: &str) -> Result<Option<usize>, TemplateError> {
    let mut in_brackets = false;
    for (at, c) in text.char_indices() {
        match c {
            ']' => in_brackets = false,
            _ if in_brackets => {}
            '[' => in_brackets = true,
            '{' => return Err(fault("unexpected '{' in field name")),
            '}' | ':' | '!' => return Ok(Some(at)),
            _ => {}
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
