//! Rendering one conversion (`unicode_format_arg_format` and `_output`).

use super::{Amount, Conv, ErrorKind, Flags, PercentError, unsupported};
use crate::text::float;
use crate::text::int::Int;

/// Wider or more precise than this is refused for want of memory.
const MAX_LEN: usize = 1 << 31;

/// An argument, already made what the conversion type asks for.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// For `s`, `r` and `a`: the `str()`, `repr()` or `ascii()` of it.
    Str(&'a str),
    /// For `d i u o x X`, and for `c` a code point.
    Int(Int<'a>),
    /// For `e E f F g G`.
    Float(f64),
    /// For `c`: a string of one character.
    Char(char),
}

/// The `TypeError` for an argument of `d`, `i` or `u` that is no number.
pub fn needs_number(kind: char, type_name: &str) -> PercentError {
    PercentError::new(
        ErrorKind::Type,
        format!("%{kind} format: a real number is required, not {type_name}"),
    )
}

/// The `TypeError` for an argument of `o`, `x` or `X` that is no integer.
pub fn needs_integer(kind: char, type_name: &str) -> PercentError {
    PercentError::new(
        ErrorKind::Type,
        format!("%{kind} format: an integer is required, not {type_name}"),
    )
}

/// Formats `arg` by `conv`, with the integers fetched for a `*` as its width or
/// precision: a negative width means padding to the right, a negative
/// precision none of it.
///
/// # Errors
///
/// `ValueError` for a conversion type there is not, or an integer beyond the
/// digit limit; `OverflowError` for a `c` that is no character (a surrogate
/// counts as none here); `TypeError` if `arg` is not of the sort the conversion
/// type takes.
pub fn render(
    conv: &Conv,
    star_width: Option<i64>,
    star_precision: Option<i64>,
    arg: Arg<'_>,
) -> Result<String, PercentError> {
    let mut flags = conv.flags;
    let width = match (conv.width, star_width) {
        (Amount::Fixed(width), _) => width,
        (Amount::Star, Some(width)) => {
            flags.left |= width < 0;
            usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX)
        }
        _ => 0,
    };
    let precision = match (conv.precision, star_precision) {
        (Amount::Fixed(precision), _) => Some(precision),
        (Amount::Star, Some(precision)) => Some(usize::try_from(precision).unwrap_or(0)),
        _ => None,
    };
    if width > MAX_LEN || precision.is_some_and(|precision| precision >= MAX_LEN) {
        return Err(PercentError::fixed(ErrorKind::Memory, ""));
    }
    let (text, is_number) = match (conv.kind, arg) {
        ('s' | 'r' | 'a', Arg::Str(s)) => (cut(s, precision).to_owned(), false),
        ('d' | 'i' | 'u' | 'o' | 'x' | 'X', Arg::Int(n)) => {
            (integer(n, conv.kind, precision, flags.alternate)?, true)
        }
        ('e' | 'E' | 'f' | 'F' | 'g' | 'G', Arg::Float(x)) => {
            let precision = precision.unwrap_or(6);
            (
                float::format(x, conv.kind, precision, flags.alternate),
                true,
            )
        }
        ('c', Arg::Char(c)) => (c.into(), false),
        ('c', Arg::Int(n)) => (n.to_char().ok_or(PercentError::CHAR_RANGE)?.into(), false),
        (kind, arg) => return Err(mismatch(kind, arg).unwrap_or_else(|| unsupported(conv))),
    };
    Ok(if is_number {
        pad_number(&text, conv.kind, flags, width)
    } else {
        pad(&text, width, flags.left)
    })
}

fn cut(s: &str, precision: Option<usize>) -> &str {
    match precision {
        Some(limit) => s.char_indices().nth(limit).map_or(s, |(end, _)| &s[..end]),
        None => s,
    }
}

/// The error for an argument of the wrong sort, if the conversion type exists.
fn mismatch(kind: char, arg: Arg<'_>) -> Option<PercentError> {
    let name = match arg {
        Arg::Str(_) | Arg::Char(_) => "str",
        Arg::Int(_) => "int",
        Arg::Float(_) => "float",
    };
    Some(match kind {
        'd' | 'i' | 'u' => needs_number(kind, name),
        'o' | 'x' | 'X' => needs_integer(kind, name),
        'c' => PercentError::CHAR_WANTED,
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            PercentError::new(ErrorKind::Type, format!("must be real number, not {name}"))
        }
        's' | 'r' | 'a' => PercentError::fixed(ErrorKind::Type, "a string is required"),
        _ => return None,
    })
}

/// The integer with its sign and prefix, the precision being the least number
/// of digits (`_PyUnicode_FormatLong`).
fn integer(
    n: Int<'_>,
    kind: char,
    precision: Option<usize>,
    alternate: bool,
) -> Result<String, PercentError> {
    let (base, prefix) = match kind {
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut digits = n
        .digits(base)
        .map_err(|error| PercentError::new(ErrorKind::Value, error.message("", base)))?;
    if kind == 'X' {
        digits.make_ascii_uppercase();
    }
    let zeros = precision.unwrap_or(0).saturating_sub(digits.len());
    let mut out = String::with_capacity(digits.len() + zeros + 3);
    if n.is_negative() {
        out.push('-');
    }
    if alternate {
        out.push_str(prefix);
    }
    out.extend(std::iter::repeat_n('0', zeros));
    out.push_str(&digits);
    Ok(out)
}

fn pad(text: &str, width: usize, left: bool) -> String {
    let padding = width.saturating_sub(text.chars().count());
    let mut out = String::with_capacity(text.len() + padding);
    if !left {
        out.extend(std::iter::repeat_n(' ', padding));
    }
    out.push_str(text);
    if left {
        out.extend(std::iter::repeat_n(' ', padding));
    }
    out
}

fn pad_number(text: &str, kind: char, flags: Flags, width: usize) -> String {
    let (sign, body) = match text.strip_prefix('-') {
        Some(body) => ("-", body),
        None if flags.plus => ("+", text),
        None if flags.space => (" ", text),
        None => ("", text),
    };
    if !flags.zero || flags.left {
        return pad(&format!("{sign}{body}"), width, flags.left);
    }
    let has_prefix = flags.alternate && matches!(kind, 'o' | 'x' | 'X');
    let (prefix, digits) = body.split_at(if has_prefix { 2 } else { 0 });
    let zeros = width.saturating_sub(sign.len() + body.len());
    let mut out = String::with_capacity(text.len() + zeros + 1);
    out.push_str(sign);
    out.push_str(prefix);
    out.extend(std::iter::repeat_n('0', zeros));
    out.push_str(digits);
    out
}
