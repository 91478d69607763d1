//! The gamma function and its logarithm, in the arithmetic of CPython's, which has its own: Lanczos' approximation with 13 terms.

use crate::vm::protocol::elementary::{cos, exp, log, pow, sin};
use std::f64::consts::PI;

const G: f64 = 6.024_680_040_776_73;
const G_MINUS_HALF: f64 = 5.524_680_040_776_73;

/// Coefficients of the numerator, lowest power first.
#[expect(clippy::excessive_precision, reason = "as they are published")]
const NUMERATOR: [f64; 13] = [
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
];

const DENOMINATOR: [f64; 13] = [
    0.0,
    39_916_800.0,
    120_543_840.0,
    150_917_976.0,
    105_258_076.0,
    45_995_730.0,
    13_339_535.0,
    2_637_558.0,
    357_423.0,
    32_670.0,
    1_925.0,
    66.0,
    1.0,
];

/// Lanczos' sum, for positive `x`.
fn sum(x: f64) -> f64 {
    let (mut num, mut den) = (0.0, 0.0);
    let terms = NUMERATOR.iter().zip(&DENOMINATOR);
    if x < 5.0 {
        for (n, d) in terms.rev() {
            num = num * x + n;
            den = den * x + d;
        }
    } else {
        // Powers of 1/x instead, which do not overflow.
        for (n, d) in terms {
            num = num / x + n;
            den = den / x + d;
        }
    }
    num / den
}

/// `sin(pi * x)`, exact where `x` is half an integer.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let r = match (2.0 * y).round() as i32 {
        0 => sin(PI * y),
        1 => cos(PI * (y - 0.5)),
        2 => sin(PI * (1.0 - y)),
        3 => -cos(PI * (y - 1.5)),
        _ => sin(PI * (y - 2.0)),
    };
    1.0_f64.copysign(x) * r
}

/// `math.gamma`, where it is defined.
pub(super) fn gamma(x: f64) -> f64 {
    if !x.is_finite() {
        return x;
    }
    let abs = x.abs();
    if abs < 1e-20 {
        return 1.0 / x;
    }
    // Tiny or huge results.
    if abs > 200.0 {
        return match x < 0.0 {
            true => 0.0 / sin_pi(x),
            false => f64::INFINITY,
        };
    }
    let y = abs + G_MINUS_HALF;
    // What was lost of it in rounding.
    let z = match abs > G_MINUS_HALF {
        true => (y - abs) - G_MINUS_HALF,
        false => (y - G_MINUS_HALF) - abs,
    } * G
        / y;
    if x < 0.0 {
        let mut r = -PI / sin_pi(abs) / abs * exp(y) / sum(abs);
        r -= z * r;
        if abs < 140.0 {
            r / pow(y, abs - 0.5)
        } else {
            let root = pow(y, abs / 2.0 - 0.25);
            r / root / root
        }
    } else {
        let mut r = sum(abs) / exp(y);
        r += z * r;
        if abs < 140.0 {
            r * pow(y, abs - 0.5)
        } else {
            let root = pow(y, abs / 2.0 - 0.25);
            r * root * root
        }
    }
}

/// `math.lgamma`, where it is defined.
pub(super) fn lgamma(x: f64) -> f64 {
    if !x.is_finite() {
        return if x.is_nan() { x } else { f64::INFINITY };
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { f64::INFINITY } else { 0.0 };
    }
    let abs = x.abs();
    if abs < 1e-20 {
        return -log(abs);
    }
    let mut r = log(sum(abs)) - G;
    r += (abs - 0.5) * (log(abs + G - 0.5) - 1.0);
    if x < 0.0 {
        // Reflection.
        r = log(PI) - log(sin_pi(abs).abs()) - log(abs) - r;
    }
    r
}
