//! Names of replacement fields: `0.attribute[key]`.

use super::{TemplateError, fault};
use crate::text::unicode::decimal_value;

/// The argument a field starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    /// Positional, numbered by the order of the fields.
    Auto(usize),
    /// Positional, by an explicit number.
    Index(usize),
    /// By keyword.
    Key(String),
}

/// A step from one value to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name`
    Attr(String),
    /// `[7]`
    Index(usize),
    /// `[key]`, also where the key is a negative number.
    Key(String),
    /// The name is wrong from here on: raise this once the steps before have
    /// been taken. Always the last step.
    Error(TemplateError),
}

/// What a replacement field refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldName {
    /// The argument.
    pub first: First,
    /// The way from there.
    pub path: Vec<Step>,
}

/// How the fields of a template are numbered, which may not change on the way.
#[derive(Default)]
pub(super) struct Numbering {
    auto: Option<bool>,
    next: usize,
}

impl Numbering {
    fn check(&mut self, auto: bool) -> Result<(), TemplateError> {
        match (*self.auto.get_or_insert(auto), auto) {
            (false, true) => Err(fault(
                "cannot switch from manual field specification to automatic field numbering",
            )),
            (true, false) => Err(fault(
                "cannot switch from automatic field numbering to manual field specification",
            )),
            _ => Ok(()),
        }
    }
}

/// Reads a number in decimal digits of any script; `None` if it is not one.
fn integer(text: &str) -> Result<Option<usize>, TemplateError> {
    let mut value = None;
    for c in text.chars() {
        let Some(digit) = decimal_value(c) else {
            return Ok(None);
        };
        let next = value
            .unwrap_or(0usize)
            .checked_mul(10)
            .and_then(|n| n.checked_add(digit as usize))
            .filter(|&n| n <= isize::MAX as usize)
            .ok_or_else(|| fault("Too many decimal digits in format string"))?;
        value = Some(next);
    }
    Ok(value)
}

impl FieldName {
    /// Reads a name (`field_name_split`); only what concerns the argument
    /// itself is an error at once.
    pub(super) fn parse(text: &str, numbering: &mut Numbering) -> Result<Self, TemplateError> {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let first = match integer(name)? {
            _ if name.is_empty() => {
                numbering.check(true)?;
                numbering.next += 1;
                First::Auto(numbering.next - 1)
            }
            Some(index) => {
                numbering.check(false)?;
                First::Index(index)
            }
            None => First::Key(name.to_owned()),
        };
        Ok(Self {
            first,
            path: steps(rest),
        })
    }
}

fn steps(mut rest: &str) -> Vec<Step> {
    let mut path = Vec::new();
    while !rest.is_empty() {
        match step(&mut rest) {
            Ok(step) => path.push(step),
            Err(error) => {
                path.push(Step::Error(error));
                break;
            }
        }
    }
    path
}

/// Reads one step (`FieldNameIterator_next`).
fn step(rest: &mut &str) -> Result<Step, TemplateError> {
    let step = if let Some(text) = rest.strip_prefix('.') {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        let (name, tail) = text.split_at(end);
        *rest = tail;
        Step::Attr(name.to_owned())
    } else if let Some(text) = rest.strip_prefix('[') {
        let Some((name, tail)) = text.split_once(']') else {
            return Err(fault("Missing ']' in format string"));
        };
        *rest = tail;
        match integer(name)? {
            Some(index) => Step::Index(index),
            None => Step::Key(name.to_owned()),
        }
    } else {
        return Err(fault(
            "Only '.' or '[' may follow ']' in format field specifier",
        ));
    };
    match &step {
        Step::Attr(name) | Step::Key(name) if name.is_empty() => {
            Err(fault("Empty attribute in format string"))
        }
        _ => Ok(step),
    }
}
