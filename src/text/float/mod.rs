//! Text of floats: `repr`, `float()`, the formatting kinds, rounding and
//! hexadecimal (`Objects/floatobject.c`, `Python/pystrtod.c`).

mod hex;
mod ratio;

pub use hex::{HexError, from_hex, hex};
pub use ratio::{as_integer_ratio, round_to};

use super::unicode::to_ascii_digits;

/// No double has more digits than this after its decimal point.
const EXACT_FRACTION: usize = 1074;

/// A double has at most this many significant digits.
const EXACT_DIGITS: usize = 767;

/// The shortest text that reads back as `x`, as `repr(x)` writes it.
pub fn repr(x: f64) -> String {
    if let Some(word) = non_finite(x) {
        return word.to_owned();
    }
    // Small whole numbers are the common case and need no shortest search.
    if x.abs() < 1e15 && x.trunc() == x && (x != 0.0 || x.is_sign_positive()) {
        return format!("{}.0", x as i64);
    }
    let mut out = String::with_capacity(24);
    if x.is_sign_negative() {
        out.push('-');
    }
    push_shortest(&mut out, x.abs(), false);
    out
}

fn non_finite(x: f64) -> Option<&'static str> {
    match x {
        _ if x.is_nan() => Some("nan"),
        f64::INFINITY => Some("inf"),
        f64::NEG_INFINITY => Some("-inf"),
        _ => None,
    }
}

/// The shortest digits that read back as `x`, the nearest of them, and of two
/// as near the even one; with the exponent of the first.
fn shortest(x: f64) -> (String, i32) {
    let (digits, exponent) = split_scientific(&format!("{x:e}"));
    // Rust's search takes the upper of two as near. That takes a double with
    // at most 18 digits in all, and two candidates of 16 or 17.
    let (m, e) = ratio::decompose(x);
    let fraction_bits = -e - m.trailing_zeros() as i32;
    if digits.len() >= 16 && fraction_bits <= 25 {
        let (even, even_exponent) = rounded(x, digits.len());
        if even != digits
            && format!("{even}e{}", even_exponent + 1 - even.len() as i32).parse() == Ok(x)
        {
            return (even, even_exponent);
        }
    }
    (digits, exponent)
}

fn push_shortest(out: &mut String, x: f64, alternate: bool) {
    let (digits, exponent) = shortest(x);
    if (-4..16).contains(&exponent) {
        push_positional(out, &digits, exponent);
        if digits.len() as i32 <= exponent + 1 {
            out.push_str(".0");
        }
    } else {
        push_scientific(out, &digits, exponent, alternate);
    }
}

/// Digits of `x` rounded half to even to `count` of them, and the exponent of
/// the first. The digits of a large `count` are exact.
fn rounded(x: f64, count: usize) -> (String, i32) {
    let exact = count.clamp(1, EXACT_DIGITS);
    let (mut digits, exponent) = split_scientific(&format!("{x:.*e}", exact - 1));
    digits.extend(std::iter::repeat_n('0', count.max(1) - exact));
    (digits, exponent)
}

/// Takes Rust's `d.ddde-5` apart.
fn split_scientific(text: &str) -> (String, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let digits = mantissa.bytes().filter(u8::is_ascii_digit);
    (
        digits.map(char::from).collect(),
        exponent.parse().unwrap_or(0),
    )
}

/// Writes digits with their point in place, or with none after them.
fn push_positional(out: &mut String, digits: &str, exponent: i32) {
    if exponent < 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
        out.push_str(digits);
        return;
    }
    let whole = exponent as usize + 1;
    if digits.len() > whole {
        out.push_str(&digits[..whole]);
        out.push('.');
        out.push_str(&digits[whole..]);
    } else {
        out.push_str(digits);
        out.extend(std::iter::repeat_n('0', whole - digits.len()));
    }
}

/// Writes `d.ddde+05`, with a point after a lone digit if `alternate`.
fn push_scientific(out: &mut String, digits: &str, exponent: i32, alternate: bool) {
    out.push_str(&digits[..1]);
    if digits.len() > 1 || alternate {
        out.push('.');
    }
    out.push_str(&digits[1..]);
    push_exponent(out, exponent);
}

/// Writes `e+05`: at least two digits, always a sign.
fn push_exponent(out: &mut String, exponent: i32) {
    out.push_str(if exponent < 0 { "e-" } else { "e+" });
    out.push_str(&format!("{:02}", exponent.unsigned_abs()));
}

/// Formats `x` as the presentation type `kind` does: one of `e E f F g G % n`.
///
/// `n` is `g`, as in the C locale; `%` multiplies by 100 and adds the sign. Any
/// other kind is written as by [`repr`], whatever the precision. With `alternate` a point is always there
/// and `g` keeps its trailing zeros. Source: `PyOS_double_to_string`.
pub fn format(x: f64, kind: char, precision: usize, alternate: bool) -> String {
    let x = if kind == '%' { x * 100.0 } else { x };
    let mut out = match non_finite(x) {
        Some(word) => word.to_owned(),
        None => format_finite(x, kind, precision, alternate),
    };
    if kind.is_ascii_uppercase() {
        out.make_ascii_uppercase();
    }
    if kind == '%' {
        out.push('%');
    }
    out
}

fn format_finite(x: f64, kind: char, precision: usize, alternate: bool) -> String {
    let mut out = String::new();
    if x.is_sign_negative() {
        out.push('-');
    }
    let x = x.abs();
    match kind {
        'e' | 'E' => {
            let (digits, exponent) = rounded(x, precision + 1);
            push_scientific(&mut out, &digits, exponent, alternate);
        }
        'f' | 'F' | '%' => {
            let exact = precision.min(EXACT_FRACTION);
            out.push_str(&format!("{x:.exact$}"));
            if alternate && precision == 0 {
                out.push('.');
            }
            out.extend(std::iter::repeat_n('0', precision - exact));
        }
        'g' | 'G' | 'n' => push_general(&mut out, x, precision.max(1), alternate, false),
        _ => push_shortest(&mut out, x, alternate),
    }
    out
}

/// The format an empty presentation type with a precision asks for: `g`, but
/// with a digit after the point, and an exponent one step sooner.
///
/// Source: `Py_DTSF_ADD_DOT_0` in `PyOS_double_to_string`.
pub fn format_default(x: f64, precision: usize, alternate: bool) -> String {
    if let Some(word) = non_finite(x) {
        return word.to_owned();
    }
    let mut out = String::new();
    if x.is_sign_negative() {
        out.push('-');
    }
    push_general(&mut out, x.abs(), precision.max(1), alternate, true);
    out
}

fn push_general(out: &mut String, x: f64, precision: usize, alternate: bool, add_dot_0: bool) {
    let (mut digits, exponent) = rounded(x, precision);
    if !alternate {
        digits.truncate(digits.trim_end_matches('0').len().max(1));
    }
    let limit = i64::try_from(precision).unwrap_or(i64::MAX) - i64::from(add_dot_0);
    if exponent < -4 || i64::from(exponent) >= limit {
        return push_scientific(out, &digits, exponent, alternate);
    }
    push_positional(out, &digits, exponent);
    if digits.len() as i64 <= i64::from(exponent) + 1 {
        if add_dot_0 {
            out.push_str(".0");
        } else if alternate {
            out.push('.');
        }
    }
}

/// Reads text as `float()` does: spaces around it, a sign, underscores between
/// digits, decimal digits of any script, `inf`, `infinity` and `nan`.
///
/// `None` where CPython raises [`not_a_float`].
pub fn parse(s: &str) -> Option<f64> {
    let text = to_ascii_digits(s);
    let text = text.trim_matches(|c| matches!(c, '\t'..='\r' | ' '));
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let negative = text.starts_with('-');
    let x = match body.as_bytes().first()? {
        b'0'..=b'9' | b'.' => parse_digits(body)?,
        _ if body.eq_ignore_ascii_case("inf") || body.eq_ignore_ascii_case("infinity") => {
            f64::INFINITY
        }
        _ if body.eq_ignore_ascii_case("nan") => f64::NAN,
        _ => return None,
    };
    Some(if negative { -x } else { x })
}

/// Reads an unsigned decimal literal with underscores.
fn parse_digits(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'_' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => {}
            b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-' => {}
            _ => return None,
        }
    }
    // What is left of the grammar is Rust's own.
    if text.contains('_') {
        text.replace('_', "").parse().ok()
    } else {
        text.parse().ok()
    }
}

/// The message of the `ValueError` for text that [`parse`] refuses.
pub fn not_a_float(s: &str) -> String {
    format!(
        "could not convert string to float: {}",
        super::quote::repr_str(s)
    )
}

#[cfg(test)]
mod tests;
