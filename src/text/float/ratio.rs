//! Exact ratios of floats and decimal rounding.

use num_bigint::{BigInt, BigUint};
use num_integer::Integer;

/// Beyond this many decimals rounding changes no double.
const MAX_DECIMALS: i32 = 323;

/// Rounding to a power of ten above this one leaves zero.
const MIN_DECIMALS: i32 = -308;

/// The significand and exponent of a finite `x`: `m * 2**e`.
pub(super) fn decompose(x: f64) -> (u64, i32) {
    let bits = x.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52) as i32 & 0x7ff {
        0 => (fraction, -1074),
        biased => (fraction | 1 << 52, biased - 1075),
    }
}

/// The numerator and denominator of `x` in lowest terms; `None` for what is
/// not finite (`float.as_integer_ratio`).
pub fn as_integer_ratio(x: f64) -> Option<(BigInt, BigInt)> {
    if !x.is_finite() {
        return None;
    }
    let (m, e) = decompose(x);
    if m == 0 {
        return Some((BigInt::ZERO, 1.into()));
    }
    let twos = m.trailing_zeros() as i32;
    let (m, e) = (m >> twos, e + twos);
    let sign = if x < 0.0 { -1 } else { 1 };
    let numerator = BigInt::from(m) * sign;
    Some(if e >= 0 {
        (numerator << e, 1.into())
    } else {
        (numerator, BigInt::from(1) << -e)
    })
}

/// `round(x, ndigits)`: to the nearest decimal, exact ties to even
/// (`double_round` in `Objects/floatobject.c`).
///
/// An infinite result for a finite `x` means CPython raises
/// `OverflowError("rounded value too large to represent")`.
pub fn round_to(x: f64, ndigits: i32) -> f64 {
    // From 2**52 on every double is whole.
    let whole = x.abs() >= 4_503_599_627_370_496.0;
    if !x.is_finite() || ndigits > MAX_DECIMALS || (whole && ndigits >= 0) {
        return x;
    }
    if ndigits < MIN_DECIMALS {
        return 0.0 * x;
    }
    if ndigits >= 0 {
        // Formatting is exact and rounds ties to even.
        return format!("{x:.*}", ndigits as usize).parse().unwrap_or(x);
    }
    let (m, e) = decompose(x);
    let places = ndigits.unsigned_abs();
    let mut numerator = BigUint::from(m);
    let mut unit = BigUint::from(10u32).pow(places);
    if e >= 0 {
        numerator <<= e;
    } else {
        unit <<= -e;
    }
    let (mut quotient, rest) = numerator.div_rem(&unit);
    let twice = rest << 1;
    if twice > unit || (twice == unit && quotient.is_odd()) {
        quotient += 1u32;
    }
    let magnitude: f64 = format!("{quotient}e{places}").parse().unwrap_or(0.0);
    magnitude.copysign(x)
}
