//! The elementary functions of floats: the same bits on every machine, which the functions of `std` do not promise. They are those of
//! the platform's C library, which differ from system to system and, in glibc's case, between processors.
//!
//! Those of [`pxfm`] round correctly, so that they do not depend on how they are computed, with fused multiplication or without. glibc's,
//! and with them CPython's on most machines, differ from them in the last bit of one result in a thousand. In the rest glibc
//! follows Sun's and FreeBSD's library, and [`libm`] does too, or the formulas here: they come closer to it than correct rounding would.

pub use libm::{acosh, asinh, atanh, cbrt, erf, erfc, expm1, log1p};
pub use pxfm::{
    f_acos as acos, f_asin as asin, f_atan as atan, f_cos as cos, f_exp as exp, f_exp2 as exp2,
    f_log as log, f_log2 as log2, f_sin as sin, f_tan as tan,
};

/// `x ** y`, as C's `pow`.
pub fn pow(x: f64, y: f64) -> f64 {
    if y == -0.5 && x > 0.0 && x.is_finite() {
        return reciprocal_root(x);
    }
    let result = pxfm::f_pow(x, y);
    // Close to where results end, its intermediate ones underflow or overflow, by how they are computed.
    let largest = if y < 0.0 { 1e290 } else { f64::MAX };
    if (1e-290..=largest).contains(&result.abs()) {
        result
    } else {
        libm::pow(x, y)
    }
}

/// `1 / sqrt(x)`, correctly rounded but for a few arguments in a million million; for positive finite numbers.
fn reciprocal_root(x: f64) -> f64 {
    // 2 ** 600, and the root of what it takes away or adds.
    const FAR: f64 = f64::from_bits((1023 + 600) << 52);
    const BACK: f64 = f64::from_bits((1023 + 300) << 52);
    if x > 1e150 {
        return reciprocal_root(x / FAR) / BACK;
    }
    if x < 1e-150 {
        return reciprocal_root(x * FAR) * BACK;
    }
    let root = 1.0 / x.sqrt();
    let square = root * root;
    let lost = root.mul_add(root, -square);
    let short = (-x).mul_add(square, 1.0) - x * lost;
    (root * 0.5).mul_add(short, root)
}

/// The logarithm to base 10.
pub fn log10(x: f64) -> f64 {
    // The logarithm of 2 in two parts, of which the first times an exponent is exact.
    const OF_TWO: (f64, f64) = (
        f64::from_bits(0x3fd3_4413_509f_6000),
        f64::from_bits(0x3d59_fef3_11f1_2b36),
    );
    if x <= 0.0 || !x.is_finite() {
        return log(x);
    }
    let exponent = exponent(x);
    // From a half to one for small numbers, from one to two for others.
    let exponent = exponent + i64::from(exponent < 0);
    let (down, _) = scale(exponent);
    let rest = log(x * down.0 * down.1);
    let power = exponent as f64;
    (power * OF_TWO.1 + std::f64::consts::LOG10_E * rest) + power * OF_TWO.0
}

/// Beyond this `exp(-x)` is nothing beside `exp(x)`.
const ONE_SIDED: f64 = 22.0;
/// Beyond this `exp(x)` is infinite, though half of it may not be.
const HALVED: f64 = 709.7;

/// The hyperbolic sine.
pub fn sinh(x: f64) -> f64 {
    let (size, half) = (x.abs(), 0.5_f64.copysign(x));
    if size < 1e-8 || !x.is_finite() {
        return x;
    }
    if size < ONE_SIDED {
        let t = expm1(size);
        return match size < 1.0 {
            true => half * (2.0 * t - t * t / (t + 1.0)),
            false => half * (t + t / (t + 1.0)),
        };
    }
    half_exp(size, half)
}

/// The hyperbolic cosine.
pub fn cosh(x: f64) -> f64 {
    let size = x.abs();
    if size < std::f64::consts::LN_2 / 2.0 {
        let t = expm1(size);
        let w = 1.0 + t;
        return 1.0 + t * t / (w + w);
    }
    if size < ONE_SIDED {
        let t = exp(size);
        return 0.5 * t + 0.5 / t;
    }
    half_exp(size, 0.5)
}

/// `half * exp(size)`.
fn half_exp(size: f64, half: f64) -> f64 {
    if size < HALVED {
        return half * exp(size);
    }
    let root = exp(0.5 * size);
    half * root * root
}

/// The hyperbolic tangent.
pub fn tanh(x: f64) -> f64 {
    let size = x.abs();
    if size < 1e-16 || x.is_nan() {
        return x;
    }
    let result = if size >= ONE_SIDED {
        1.0
    } else if size >= 1.0 {
        1.0 - 2.0 / (expm1(2.0 * size) + 2.0)
    } else {
        let t = expm1(-2.0 * size);
        -t / (t + 2.0)
    };
    result.copysign(x)
}

/// The angle of the point (x, y).
pub fn atan2(y: f64, x: f64) -> f64 {
    // The sign of results that are too small is lost in it.
    pxfm::f_atan2(y, x).copysign(y)
}

/// The length of a vector, correctly rounded but for a few in a million million. Infinite if a coordinate is, NaN or not.
pub fn hypot(coordinates: &[f64]) -> f64 {
    if coordinates.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    let largest = coordinates.iter().fold(0.0, |most: f64, x| {
        if x.is_nan() || most.is_nan() {
            f64::NAN
        } else {
            most.max(x.abs())
        }
    });
    if largest == 0.0 || largest.is_nan() {
        return largest;
    }
    // A power of two brings the largest to between 1 and 2, or a little more where that takes two steps; the sum of squares is kept
    // in two numbers.
    let (down, up) = scale(exponent(largest));
    let (mut sum, mut rest) = (0.0, 0.0);
    for x in coordinates {
        let x = x.abs() * down.0 * down.1;
        let square = x * x;
        let lost = x.mul_add(x, -square);
        let before = sum;
        sum += square;
        let added = sum - before;
        rest += (before - (sum - added)) + (square - added) + lost;
    }
    let root = (sum + rest).sqrt();
    // What the root's square lacks, by Newton's step.
    let square = root * root;
    let lost = root.mul_add(root, -square);
    let short = ((sum - square) - lost) + rest;
    (root + short / (2.0 * root)) * up.0 * up.1
}

/// The binary exponent of a positive number.
fn exponent(x: f64) -> i64 {
    match x.to_bits() >> 52 {
        0 => -1074 + i64::from(63 - x.to_bits().leading_zeros()),
        biased => biased as i64 - 1023,
    }
}

/// Two factors that divide by a power of two, and two that multiply by it: one alone might be infinite.
fn scale(exponent: i64) -> ((f64, f64), (f64, f64)) {
    let power = |n: i64| f64::from_bits(((1023 + n) as u64) << 52);
    let (half, other) = (exponent / 2, exponent - exponent / 2);
    ((power(-half), power(-other)), (power(half), power(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_results_end() {
        assert_eq!(pow(1e308, -0.5), 1e-154);
        assert_eq!(pow(0.999_999_999_999_999_8, -0.5), 1.000_000_000_000_000_2);
        assert_eq!(pow(2.0, -1075.0), 0.0);
        assert_eq!(pow(2.0, -1074.0), 5e-324);
        assert_eq!(pow(10.0, -323.366_421_342_248_66), 5e-324);
        assert_eq!(pow(1.5e158, -2.0), 4.444_444_4e-317);
        assert_eq!(pow(5.48e-13, -27.0), f64::INFINITY);
        assert_eq!(pow(5e-324, -0.5), 4.498_913_794_543_196_4e161);
        assert_eq!((pow(1.0, f64::NAN), pow(f64::NAN, 0.0)), (1.0, 1.0));
        assert_eq!(atan2(-1e-200, 1e200).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(
            (cosh(710.0), sinh(-710.0)),
            (1.116_997_383_080_855_7e308, -1.116_997_383_080_855_7e308)
        );
        assert_eq!(
            (cosh(711.0), tanh(f64::NEG_INFINITY)),
            (f64::INFINITY, -1.0)
        );
        assert_eq!(asinh(1e308), 709.889_355_822_726);
    }

    #[test]
    fn lengths() {
        assert_eq!(hypot(&[]), 0.0);
        assert_eq!(hypot(&[-2.5]), 2.5);
        assert_eq!(hypot(&[3.0, -4.0]), 5.0);
        assert_eq!(hypot(&[1e308, 1e308]), 1.414_213_562_373_095_1e308);
        assert_eq!(hypot(&[f64::MAX, f64::MAX]), f64::INFINITY);
        assert_eq!(hypot(&[5e-324, 5e-324]), 5e-324);
        assert_eq!(hypot(&[1.0; 3]), 1.732_050_807_568_877_2);
        assert_eq!(hypot(&[f64::NAN, f64::INFINITY]), f64::INFINITY);
        assert!(hypot(&[f64::NAN, 1.0]).is_nan());
    }

    /// A number for all bits of what a function gives for two thousand arguments.
    fn print(function: impl Fn(f64, f64) -> f64) -> u64 {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state
        };
        let mut hash = 0_u64;
        for i in 0..2000 {
            let mut number = |wide: bool| {
                let any = f64::from_bits(next() & !(1 << 62));
                let small = (next() >> 11) as f64 / (1_u64 << 48) as f64 - 16.0;
                if wide { any } else { small }
            };
            let (x, y) = (number(i % 8 == 0), number(i % 8 == 1));
            let result = function(x, y);
            let bits = if result.is_nan() { 1 } else { result.to_bits() };
            hash = (hash.rotate_left(5) ^ bits).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        hash
    }

    #[test]
    fn the_same_bits_on_every_machine() {
        let prints = [
            ("acos", print(|x, _| acos(x / 16.0))),
            ("acosh", print(|x, _| acosh(x))),
            ("asin", print(|x, _| asin(x / 16.0))),
            ("asinh", print(|x, _| asinh(x))),
            ("atan", print(|x, _| atan(x))),
            ("atan2", print(atan2)),
            ("atanh", print(|x, _| atanh(x / 16.0))),
            ("cbrt", print(|x, _| cbrt(x))),
            ("cos", print(|x, _| cos(x))),
            ("cosh", print(|x, _| cosh(x))),
            ("erf", print(|x, _| erf(x))),
            ("erfc", print(|x, _| erfc(x))),
            ("exp", print(|x, _| exp(x))),
            ("exp2", print(|x, _| exp2(x))),
            ("expm1", print(|x, _| expm1(x))),
            ("hypot", print(|x, y| hypot(&[x, y]))),
            ("log", print(|x, _| log(x.abs()))),
            ("log10", print(|x, _| log10(x.abs()))),
            ("log1p", print(|x, _| log1p(x))),
            ("log2", print(|x, _| log2(x.abs()))),
            ("pow", print(|x, y| pow(x.abs(), y))),
            ("sin", print(|x, _| sin(x))),
            ("sinh", print(|x, _| sinh(x))),
            ("tan", print(|x, _| tan(x))),
            ("tanh", print(|x, _| tanh(x))),
        ];
        let text: Vec<String> = prints
            .iter()
            .map(|(name, print)| format!("{name} {print:016x}"))
            .collect();
        insta::assert_snapshot!(text.join("\n"), @r"
        acos cd9ec45bf86fbd17
        acosh 6efe4b772eacb5c4
        asin 6d7f5eec6224622c
        asinh f7a0ff0e2004273b
        atan 5abef3489d1d3eb5
        atan2 bf329f7ea150c5c8
        atanh d736cf9318bfad44
        cbrt e9a433de62f6cc80
        cos 9ba5278125feebc8
        cosh 50f0aea16203ab17
        erf bf6f55a236c1850a
        erfc 5bcd68861c3b0295
        exp 1f44eeafb8006ec0
        exp2 470c4cab06aa2ac9
        expm1 eda0accf3a39aabd
        hypot 938c3fe529d6c598
        log ce025c09e86500ef
        log10 1f8c59d9ba37de50
        log1p 11abefbb92f72e9b
        log2 a2e38106e0cba6a8
        pow 3516ba626718dff8
        sin d94fa83cf325ec1e
        sinh 3d0f90605a753443
        tan c64c556dc2becfe5
        tanh e34754ae1d35e854
        ");
    }
}
