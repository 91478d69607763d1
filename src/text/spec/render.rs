//! Formatting by a specification that [`parse`](super::parse) made for the
//! kind of value at hand.

use std::borrow::Cow;

use super::number::Number;
use super::{Align, Sign, Spec, SpecError};
use crate::text::float;
use crate::text::int::{Int, IntError};

/// Wider or more precise than this is refused for want of memory.
const MAX_LEN: usize = 1 << 31;

fn check_size(spec: &Spec) -> Result<(), SpecError> {
    if spec.width.is_some_and(|n| n > MAX_LEN) || spec.precision.is_some_and(|n| n >= MAX_LEN) {
        return Err(SpecError::memory());
    }
    Ok(())
}

/// Formats a string: cut to the precision, padded to the width.
///
/// # Errors
///
/// `MemoryError` if the width is out of all proportion.
pub fn format_str(s: &str, spec: &Spec) -> Result<String, SpecError> {
    let cut = match spec.precision {
        Some(limit) => s.char_indices().nth(limit).map_or(s, |(end, _)| &s[..end]),
        None => s,
    };
    Ok(match spec.width {
        None => cut.to_owned(),
        Some(_) if spec.width > Some(MAX_LEN) => return Err(SpecError::memory()),
        Some(width) => pad(
            cut,
            width,
            spec.fill_char(),
            spec.align.unwrap_or(Align::Left),
        ),
    })
}

/// Pads to a width in code points.
fn pad(s: &str, width: usize, fill: char, align: Align) -> String {
    let padding = width.saturating_sub(s.chars().count());
    let left = match align {
        Align::Left => 0,
        Align::Center => padding / 2,
        Align::Right | Align::AfterSign => padding,
    };
    let mut out = String::with_capacity(s.len() + padding * fill.len_utf8());
    out.extend(std::iter::repeat_n(fill, left));
    out.push_str(s);
    out.extend(std::iter::repeat_n(fill, padding - left));
    out
}

/// Formats an integer, as text of a float if the presentation type is one of
/// theirs.
///
/// A `bool` under an empty specification is written `True` or `False`, which is
/// the caller's to do.
///
/// # Errors
///
/// `ValueError` beyond the digit limit; `OverflowError` for a `c` that is no
/// character (a surrogate counts as none here) or an integer too large for a
/// float.
pub fn format_int<'a>(n: impl Into<Int<'a>>, spec: &Spec) -> Result<String, SpecError> {
    let n = n.into();
    check_size(spec)?;
    let kind = spec.kind.unwrap_or('d');
    let (base, prefix) = match kind {
        'd' | 'n' => (10, ""),
        'b' => (2, "0b"),
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        'c' => {
            if let Int::Big(big) = n
                && i64::try_from(big).is_err()
            {
                return Err(SpecError::overflow(
                    "Python int too large to convert to C long",
                ));
            }
            let c = n
                .to_char()
                .ok_or_else(|| SpecError::overflow("%c arg not in range(0x110000)"))?;
            let number = Number {
                negative: false,
                prefix: "",
                digits: "",
                rest: &c.to_string(),
                group: 3,
            };
            return Ok(number.lay_out(spec));
        }
        _ => {
            let x = n
                .to_f64()
                .ok_or_else(|| SpecError::overflow("int too large to convert to float"))?;
            return format_float(x, spec);
        }
    };
    let mut digits = n
        .digits(base)
        .map_err(|error: IntError| SpecError::value(error.message("", base)))?;
    if kind == 'X' {
        digits.make_ascii_uppercase();
    }
    let number = Number {
        negative: n.is_negative(),
        prefix: if spec.alternate { prefix } else { "" },
        digits: &digits,
        rest: "",
        group: if base == 10 { 3 } else { 4 },
    };
    Ok(number.lay_out(spec))
}

/// The digits of a float, sign included, before grouping and padding.
fn float_text(x: f64, spec: &Spec, add_dot_0: bool) -> String {
    let mut text = match (spec.kind, spec.precision) {
        (Some(kind), precision) => float::format(x, kind, precision.unwrap_or(6), spec.alternate),
        (None, Some(precision)) if add_dot_0 => float::format_default(x, precision, spec.alternate),
        (None, Some(precision)) => float::format(x, 'g', precision, spec.alternate),
        (None, None) => float::format(x, 'r', 0, spec.alternate),
    };
    if !add_dot_0 && spec.kind.is_none() && spec.precision.is_none() && text.ends_with(".0") {
        // A complex number's parts carry no needless fraction.
        text.truncate(text.len() - if spec.alternate { 1 } else { 2 });
    }
    let mantissa = text.split(['e', 'E']).next().unwrap_or("");
    if spec.z && x.is_finite() && !mantissa.contains(|c| matches!(c, '1'..='9')) {
        return text.trim_start_matches('-').to_owned();
    }
    text
}

/// Takes a float's text apart for the layout.
fn number(text: &str) -> Number<'_> {
    let body = text.trim_start_matches('-');
    let end = body
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(body.len());
    Number {
        negative: body.len() < text.len(),
        prefix: "",
        digits: &body[..end],
        rest: &body[end..],
        group: 3,
    }
}

/// Formats a float.
///
/// # Errors
///
/// `MemoryError` if the width or precision is out of all proportion.
pub fn format_float(x: f64, spec: &Spec) -> Result<String, SpecError> {
    check_size(spec)?;
    let text = float_text(x, spec, true);
    Ok(number(&text).lay_out(spec))
}

/// Formats a complex number; under an empty specification that is its `repr`.
///
/// # Errors
///
/// `MemoryError` if the width or precision is out of all proportion.
pub fn format_complex(re: f64, im: f64, spec: &Spec) -> Result<String, SpecError> {
    check_size(spec)?;
    let lone = spec.kind.is_none() && re == 0.0 && re.is_sign_positive();
    let mut unsigned = Cow::Borrowed(spec);
    let mut out = String::new();
    if !lone {
        if spec.kind.is_none() {
            out.push('(');
        }
        out.push_str(&number(&float_text(re, spec, false)).bare(spec));
        // Between the parts there is always a sign.
        unsigned.to_mut().sign = Some(Sign::Plus);
    }
    out.push_str(&number(&float_text(im, spec, false)).bare(&unsigned));
    out.push('j');
    if !lone && spec.kind.is_none() {
        out.push(')');
    }
    let align = spec.align.unwrap_or(Align::Right);
    Ok(pad(&out, spec.width.unwrap_or(0), spec.fill_char(), align))
}
