//! What Python's `str` methods ask of a character, after Unicode 15.1.
//!
//! The tables are taken from CPython 3.13 itself: the Rust standard library
//! follows a later Unicode, and Python has notions of its own (a separator is
//! not printable, a superscript is a digit).

mod case;
mod tables;

pub use case::{
    capitalize, casefold, is_lower_str, is_title_str, is_upper_str, lower, swapcase, title,
    to_title, upper,
};

use tables::{CLASSES, DIGITS, RUNS, ZEROS};

/// The properties of `c`, as the bits `tables` names.
fn flags(c: char) -> u16 {
    let code = u32::from(c);
    let run = RUNS.partition_point(|&run| run >> 6 <= code) - 1;
    CLASSES[(RUNS[run] & 63) as usize]
}

fn has(c: char, property: u16) -> bool {
    flags(c) & property != 0
}

/// A letter, as `str.isalpha` sees it (general categories L*).
pub fn is_alpha(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        has(c, tables::ALPHA)
    }
}

/// A letter or a number, as `str.isalnum` sees it.
pub fn is_alnum(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        has(
            c,
            tables::ALPHA | tables::DECIMAL | tables::DIGIT | tables::NUMERIC,
        )
    }
}

/// A digit that can form a decimal number (`str.isdecimal`).
pub fn is_decimal(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_digit()
    } else {
        has(c, tables::DECIMAL)
    }
}

/// A digit, superscripts and circled digits included (`str.isdigit`).
pub fn is_digit(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_digit()
    } else {
        has(c, tables::DIGIT)
    }
}

/// A character with a numeric value, fractions included (`str.isnumeric`).
pub fn is_numeric(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_digit()
    } else {
        has(c, tables::NUMERIC)
    }
}

/// Whether `repr()` writes the character as itself (`str.isprintable`).
pub fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        matches!(c, ' '..='~')
    } else {
        has(c, tables::PRINTABLE)
    }
}

/// White space as `str.isspace` and `str.split` see it: Unicode's, and the
/// separators U+001C to U+001F besides.
pub fn is_space(c: char) -> bool {
    if c.is_ascii() {
        matches!(c, '\t'..='\r' | '\x1c'..=' ')
    } else {
        has(c, tables::SPACE)
    }
}

/// An upper case character (Unicode property `Uppercase`).
pub fn is_upper(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_uppercase()
    } else {
        has(c, tables::UPPER)
    }
}

/// A lower case character (Unicode property `Lowercase`).
pub fn is_lower(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_lowercase()
    } else {
        has(c, tables::LOWER)
    }
}

/// A title case character proper (general category Lt), such as `ǅ`.
pub fn is_title(c: char) -> bool {
    !c.is_ascii() && has(c, tables::TITLE)
}

/// A character that has case at all.
pub fn is_cased(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        has(c, tables::UPPER | tables::LOWER | tables::TITLE)
    }
}

/// A character the rule for the final sigma looks past.
fn is_case_ignorable(c: char) -> bool {
    has(c, tables::CASE_IGNORABLE)
}

/// Whether `s` is an identifier by Python's grammar, keywords included
/// (`str.isidentifier`).
pub fn is_identifier(s: &str) -> bool {
    let mut chars = s.chars();
    chars.next().is_some_and(|c| has(c, tables::ID_START))
        && chars.all(|c| has(c, tables::ID_CONTINUE))
}

/// The value of a character that is a decimal digit in some script.
pub fn decimal_value(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    if !has(c, tables::DECIMAL) {
        return None;
    }
    let code = u32::from(c);
    let zero = ZEROS[ZEROS.partition_point(|&zero| zero <= code) - 1];
    Some(code - zero)
}

/// The value of a digit, superscripts and circled digits included.
pub fn digit_value(c: char) -> Option<u32> {
    if let Some(value) = decimal_value(c) {
        return Some(value);
    }
    if !has(c, tables::DIGIT) {
        return None;
    }
    let code = u32::from(c);
    let (first, _, value) = DIGITS[DIGITS.partition_point(|&(first, ..)| first <= code) - 1];
    Some(code - first + value)
}

/// What `int()` and `float()` make of their text before reading it: every
/// space becomes `' '` and every decimal digit an ASCII one, and the text ends
/// with a `?` at the first other character that is not ASCII.
///
/// ASCII text is left alone, so the separators U+001C to U+001F count as white
/// space only beside a character that is not ASCII, as in CPython's
/// `_PyUnicode_TransformDecimalAndSpaceToASCII`.
pub fn to_ascii_digits(s: &str) -> std::borrow::Cow<'_, str> {
    if s.is_ascii() {
        return s.into();
    }
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        if c < '\x7f' {
            out.push(c);
        } else if is_space(c) {
            out.push(' ');
        } else if let Some(value) = decimal_value(c) {
            out.extend(char::from_digit(value, 10));
        } else {
            out.push('?');
            break;
        }
    }
    out.into()
}

#[cfg(test)]
mod tests;
