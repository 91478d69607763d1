//! Text of integers: `int()` and the bases (`Objects/longobject.c`).

use std::borrow::Cow;

use num_bigint::{BigInt, Sign};
use num_traits::Zero;

use super::unicode::to_ascii_digits;

/// The default of `sys.int_info.default_max_str_digits`: conversions between
/// decimal text and integers of more digits than this are refused.
pub const MAX_STR_DIGITS: usize = 4300;

/// An integer by value if it is small, by reference if not.
#[derive(Clone, Copy, Debug)]
pub enum Int<'a> {
    /// A machine integer.
    Small(i64),
    /// An integer of any size.
    Big(&'a BigInt),
}

impl From<i64> for Int<'_> {
    fn from(n: i64) -> Self {
        Self::Small(n)
    }
}

impl<'a> From<&'a BigInt> for Int<'a> {
    fn from(n: &'a BigInt) -> Self {
        Self::Big(n)
    }
}

impl Int<'_> {
    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        match self {
            Self::Small(n) => n < 0,
            Self::Big(n) => n.sign() == Sign::Minus,
        }
    }

    /// The digits of the magnitude in base 2, 8, 10 or 16, in lower case.
    ///
    /// # Errors
    ///
    /// [`IntError::TooLarge`], in base 10 only.
    pub fn digits(self, base: u32) -> Result<String, IntError> {
        match (self, base) {
            (Self::Small(n), 2) => Ok(format!("{:b}", n.unsigned_abs())),
            (Self::Small(n), 8) => Ok(format!("{:o}", n.unsigned_abs())),
            (Self::Small(n), 16) => Ok(format!("{:x}", n.unsigned_abs())),
            (Self::Small(n), _) => Ok(n.unsigned_abs().to_string()),
            (Self::Big(n), 10) => Ok(match to_decimal(n)? {
                text if text.starts_with('-') => text[1..].to_owned(),
                text => text,
            }),
            (Self::Big(n), _) => Ok(n.magnitude().to_str_radix(base)),
        }
    }

    /// The nearest double; `None` if it is too large for one.
    pub fn to_f64(self) -> Option<f64> {
        match self {
            Self::Small(n) => Some(n as f64),
            Self::Big(n) => to_f64(n),
        }
    }

    /// The character of this code point, if it is one.
    pub fn to_char(self) -> Option<char> {
        let code = match self {
            Self::Small(n) => u32::try_from(n).ok(),
            Self::Big(n) => u32::try_from(n).ok(),
        };
        code.and_then(char::from_u32)
    }
}

/// Why text is not an integer, or an integer has no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntError {
    /// The base is neither 0 nor in 2..=36.
    Base,
    /// Not a literal of the base.
    Invalid,
    /// A literal of this many digits, over [`MAX_STR_DIGITS`].
    TooLong(usize),
    /// An integer whose decimal text is over [`MAX_STR_DIGITS`].
    TooLarge,
}

impl IntError {
    /// The message of CPython's `ValueError`; `literal` is the text as `repr()`
    /// writes it.
    pub fn message(self, literal: &str, base: u32) -> String {
        let limit =
            format!("Exceeds the limit ({MAX_STR_DIGITS} digits) for integer string conversion");
        match self {
            Self::Base => "int() base must be >= 2 and <= 36, or 0".to_owned(),
            Self::Invalid => {
                let literal: String = literal.chars().take(200).collect();
                format!("invalid literal for int() with base {base}: {literal}")
            }
            Self::TooLong(digits) => format!(
                "{limit}: value has {digits} digits; \
                 use sys.set_int_max_str_digits() to increase the limit"
            ),
            Self::TooLarge => {
                format!("{limit}; use sys.set_int_max_str_digits() to increase the limit")
            }
        }
    }
}

/// Reads plain decimal text, a sign and ASCII digits, that fits an `i64`.
///
/// `None` means only that [`parse`] has to look.
pub fn parse_i64(s: &str) -> Option<i64> {
    // Rust's grammar for i64 is a part of Python's, but for the digit limit.
    if s.len() > 20 {
        return None;
    }
    s.parse().ok()
}

/// Reads text as `int(s, base)` does: spaces around it, a sign, the prefix of
/// the base, underscores between digits, decimal digits of any script.
///
/// # Errors
///
/// [`IntError::Base`], [`IntError::Invalid`] or [`IntError::TooLong`].
pub fn parse(s: &str, base: u32) -> Result<BigInt, IntError> {
    if base != 0 && !(2..=36).contains(&base) {
        return Err(IntError::Base);
    }
    if base == 10
        && let Some(small) = parse_i64(s)
    {
        return Ok(small.into());
    }
    let text = to_ascii_digits(s);
    let text = text.trim_matches(|c| matches!(c, '\t'..='\r' | ' '));
    let negative = text.starts_with('-');
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (base, digits, zero_only) = prefix(body, base);
    let digits = without_underscores(digits).ok_or(IntError::Invalid)?;
    let is_digit = |b: &u8| char::from(*b).is_digit(base);
    let count = digits.bytes().take_while(is_digit).count();
    if !base.is_power_of_two() && count > MAX_STR_DIGITS {
        return Err(IntError::TooLong(count));
    }
    if count < digits.len() {
        return Err(IntError::Invalid);
    }
    let value = BigInt::parse_bytes(digits.as_bytes(), base).ok_or(IntError::Invalid)?;
    if zero_only && !value.is_zero() {
        return Err(IntError::Invalid);
    }
    Ok(if negative { -value } else { value })
}

/// The base, the digits after its prefix, and whether base 0 met a leading
/// zero, after which only zeros may follow.
fn prefix(body: &str, base: u32) -> (u32, &str, bool) {
    let marked = match body.as_bytes() {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    if marked != 0 && (base == 0 || base == marked) {
        // One underscore may part the prefix from the digits.
        let digits = &body[2..];
        return (marked, digits.strip_prefix('_').unwrap_or(digits), false);
    }
    match base {
        0 => (10, body, body.starts_with('0')),
        _ => (base, body, false),
    }
}

/// Takes single underscores out from between digits; `None` if one is
/// elsewhere or there is no digit.
fn without_underscores(digits: &str) -> Option<Cow<'_, str>> {
    if digits.is_empty() || digits.starts_with('_') || digits.ends_with('_') {
        return None;
    }
    if !digits.contains('_') {
        return Some(digits.into());
    }
    (!digits.contains("__")).then(|| digits.replace('_', "").into())
}

/// The digits of `n` in `base` (2 to 36), in lower case and without a prefix.
pub fn to_base(n: &BigInt, base: u32) -> String {
    n.to_str_radix(base)
}

/// The decimal text of `n`.
///
/// # Errors
///
/// [`IntError::TooLarge`] if there are more than [`MAX_STR_DIGITS`] digits.
pub fn to_decimal(n: &BigInt) -> Result<String, IntError> {
    // Below this many bits the limit is out of reach.
    if n.bits() < 14_000 {
        return Ok(n.to_string());
    }
    // A digit takes more than 3.32 bits, so this is surely too many.
    if n.bits() > 14_400 {
        return Err(IntError::TooLarge);
    }
    let text = n.to_string();
    let digits = text.len() - usize::from(n.sign() == Sign::Minus);
    if digits > MAX_STR_DIGITS {
        return Err(IntError::TooLarge);
    }
    Ok(text)
}

/// The double nearest to `n`, ties to even; `None` where CPython raises
/// `OverflowError("int too large to convert to float")`.
pub fn to_f64(n: &BigInt) -> Option<f64> {
    let bits = n.bits();
    if bits > 1024 {
        return None;
    }
    let magnitude = n.magnitude();
    let nearest = if bits <= 64 {
        magnitude.iter_u64_digits().next().unwrap_or(0) as f64
    } else {
        // Keep 64 bits, the lowest standing for all that is cut off: casting
        // them rounds once, and a power of two scales without rounding.
        let shift = bits - 64;
        let top = (magnitude >> shift).iter_u64_digits().next().unwrap_or(0);
        let cut = magnitude
            .trailing_zeros()
            .is_some_and(|zeros| zeros < shift);
        let scale = f64::from_bits((shift + 1023) << 52);
        (top | u64::from(cut)) as f64 * scale
    };
    nearest.is_finite().then_some(if n.sign() == Sign::Minus {
        -nearest
    } else {
        nearest
    })
}

#[cfg(test)]
mod tests;
