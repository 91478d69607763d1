//! Errors of format specifications, in CPython's words.

use std::borrow::Cow;

/// The class of exception an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `ValueError`
    Value,
    /// `OverflowError`
    Overflow,
    /// `MemoryError`: the text asked for would be gigabytes long.
    Memory,
}

/// A refusal to read a specification or to format by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError {
    /// The class of exception CPython raises.
    pub kind: ErrorKind,
    /// Its message.
    pub message: Cow<'static, str>,
}

impl std::fmt::Display for SpecError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SpecError {}

impl SpecError {
    pub(super) fn value(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: ErrorKind::Value,
            message: message.into(),
        }
    }

    pub(super) fn overflow(message: &'static str) -> Self {
        Self {
            kind: ErrorKind::Overflow,
            message: message.into(),
        }
    }

    pub(super) fn memory() -> Self {
        Self {
            kind: ErrorKind::Memory,
            message: "".into(),
        }
    }

    pub(super) fn too_many_digits() -> Self {
        Self::value("Too many decimal digits in format string")
    }

    pub(super) fn missing_precision() -> Self {
        Self::value("Format specifier missing precision")
    }

    pub(super) fn both_groupings() -> Self {
        Self::value("Cannot specify both ',' and '_'.")
    }

    pub(super) fn invalid(spec: &str, type_name: &str) -> Self {
        Self::value(format!(
            "Invalid format specifier '{spec}' for object of type '{type_name}'"
        ))
    }

    pub(super) fn unknown_kind(kind: char, type_name: &str) -> Self {
        Self::value(format!(
            "Unknown format code '{}' for object of type '{type_name}'",
            visible(kind)
        ))
    }

    pub(super) fn grouping_with(grouping: char, kind: char) -> Self {
        Self::value(format!(
            "Cannot specify '{grouping}' with '{}'.",
            visible(kind)
        ))
    }
}

/// A presentation type as messages show it: in hexadecimal if it is not
/// visible ASCII.
fn visible(kind: char) -> String {
    if matches!(kind, '!'..='\x7f') {
        kind.into()
    } else {
        format!("\\x{:x}", u32::from(kind))
    }
}
