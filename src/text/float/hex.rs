//! `float.hex` and `float.fromhex`.

use super::ratio::decompose;

/// What is wrong with the text `float.fromhex` was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// Not a hexadecimal literal: a `ValueError`.
    Invalid,
    /// Too large for a double: an `OverflowError`.
    TooLarge,
}

impl std::fmt::Display for HexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Invalid => "invalid hexadecimal floating-point string",
            Self::TooLarge => "hexadecimal value too large to represent as a float",
        })
    }
}

impl std::error::Error for HexError {}

/// `float.hex(x)`: `[-]0x1.hhhhhhhhhhhhhp[+-]d`.
pub fn hex(x: f64) -> String {
    if !x.is_finite() {
        return super::repr(x);
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let (m, e) = decompose(x);
    let exponent = e + 52;
    format!(
        "{sign}0x{}.{:013x}p{exponent:+}",
        m >> 52,
        m & ((1 << 52) - 1)
    )
}

/// `float.fromhex(s)`: correctly rounded, ties to even.
///
/// # Errors
///
/// [`HexError`], with CPython's message as its text.
pub fn from_hex(s: &str) -> Result<f64, HexError> {
    let text = s.trim_matches(|c| matches!(c, '\t'..='\r' | ' '));
    let negative = text.starts_with('-');
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let x = match body.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        lower => magnitude(lower)?,
    };
    Ok(if negative { -x } else { x })
}

/// Reads an unsigned literal in lower case.
fn magnitude(text: &str) -> Result<f64, HexError> {
    let text = text.strip_prefix("0x").unwrap_or(text);
    let (coefficient, exponent) = match text.split_once('p') {
        Some((coefficient, exponent)) => (coefficient, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = coefficient.split_once('.').unwrap_or((coefficient, ""));
    let digits: Vec<u64> = whole
        .chars()
        .chain(fraction.chars())
        .map(|c| c.to_digit(16).map(u64::from))
        .collect::<Option<_>>()
        .ok_or(HexError::Invalid)?;
    if digits.is_empty() {
        return Err(HexError::Invalid);
    }
    let exponent = exponent.map_or(Ok(0), read_exponent)?;
    let first = digits.iter().position(|&digit| digit != 0);
    let Some(first) = first else { return Ok(0.0) };
    // The leading sixteen digits, and whether anything follows them, settle
    // the rounding: a sticky bit stands for the rest.
    let leading = digits[first..].iter().take(16);
    let taken = leading.len();
    let m = leading.fold(0, |m, digit| m << 4 | digit);
    // Sixteen digits from a non-zero one fill at least 61 bits, so the lowest
    // is far below the last one kept.
    let sticky = digits[first + taken..].iter().any(|&digit| digit != 0);
    let place = whole.len() as i64 - (first + taken) as i64;
    scale(m | u64::from(sticky), exponent.saturating_add(4 * place))
}

/// Reads a signed decimal exponent, clamped to what cannot matter.
fn read_exponent(text: &str) -> Result<i64, HexError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(HexError::Invalid);
    }
    let value = digits
        .parse::<i64>()
        .unwrap_or(i64::MAX / 4)
        .min(i64::MAX / 4);
    Ok(if text.starts_with('-') { -value } else { value })
}

/// `m * 2**e`, rounded once.
fn scale(m: u64, e: i64) -> Result<f64, HexError> {
    let bits = i64::from(64 - m.leading_zeros());
    let top = e + bits - 1;
    if top > 1023 {
        return Err(HexError::TooLarge);
    }
    if top < -1076 {
        return Ok(0.0);
    }
    // The weight of the last bit kept: 53 of them, fewer if subnormal.
    let last = (top - 52).max(-1074);
    let drop = last - e;
    let kept = if drop <= 0 {
        m << -drop
    } else if drop > 64 {
        0
    } else {
        let wide = u128::from(m);
        let half = 1u128 << (drop - 1);
        let rest = wide & ((half << 1) - 1);
        let kept = (wide >> drop) as u64;
        kept + u64::from(rest > half || (rest == half && kept & 1 == 1))
    };
    let (kept, last) = if kept >> 53 == 1 {
        (kept >> 1, last + 1)
    } else {
        (kept, last)
    };
    if kept >> 52 == 0 {
        // Subnormal, so `last` is -1074.
        return Ok(f64::from_bits(kept));
    }
    let biased = last + 1075;
    if biased >= 0x7ff {
        return Err(HexError::TooLarge);
    }
    Ok(f64::from_bits(
        (biased as u64) << 52 | (kept & ((1 << 52) - 1)),
    ))
}
