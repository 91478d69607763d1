//! The functions of `math` that work on floats; those on integers are in `vm/py/math.py`.

use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, Raise, ok, pure};
use crate::vm::protocol::elementary;
use crate::vm::types::Ty;

macro_rules! unary {
    ($($name:ident $text:literal $function:expr;)*) => {
        $(fn $name(m: &mut Machine, args: &Args) -> Native {
            let x = number(m, args.all[0])?;
            let function: fn(f64) -> f64 = $function;
            checked(m, x, function(x))
        })*
        const UNARY: &[Entry] = &[$(pure($text, $name, 1, 1),)*];
    };
}

unary! {
    sqrt "math_sqrt" f64::sqrt;
    cbrt "math_cbrt" elementary::cbrt;
    exp "math_exp" elementary::exp;
    exp2 "math_exp2" elementary::exp2;
    expm1 "math_expm1" elementary::expm1;
    log1p "math_log1p" |x| if x == -1.0 { f64::NAN } else { elementary::log1p(x) };
    sin "math_sin" elementary::sin;
    cos "math_cos" elementary::cos;
    tan "math_tan" elementary::tan;
    asin "math_asin" elementary::asin;
    acos "math_acos" elementary::acos;
    atan "math_atan" elementary::atan;
    sinh "math_sinh" elementary::sinh;
    cosh "math_cosh" elementary::cosh;
    tanh "math_tanh" elementary::tanh;
    asinh "math_asinh" elementary::asinh;
    acosh "math_acosh" elementary::acosh;
    atanh "math_atanh" |x| if x.abs() == 1.0 { f64::NAN } else { elementary::atanh(x) };
    erf "math_erf" elementary::erf;
    erfc "math_erfc" elementary::erfc;
    gamma "math_gamma" super::gamma::gamma;
    lgamma "math_lgamma" super::gamma::lgamma;
}

const OTHERS: &[Entry] = &[
    pure("math_log", log, 2, 2),
    pure("math_pow", pow, 2, 2),
    pure("math_atan2", atan2, 2, 2),
    pure("math_copysign", copysign, 2, 2),
    pure("math_fmod", fmod, 2, 2),
    pure("math_remainder", remainder, 2, 2),
    pure("math_frexp", frexp, 1, 1),
    pure("math_ldexp", ldexp, 2, 2),
    pure("math_nextafter", nextafter, 2, 2),
    pure("math_hypot", hypot, 1, 1),
    pure("math_fma", fma, 3, 3),
];

/// All of them.
pub const FUNCTIONS: &[Entry] = &{
    let mut all = [UNARY[0]; UNARY.len() + OTHERS.len()];
    let mut i = 0;
    while i < UNARY.len() {
        all[i] = UNARY[i];
        i += 1;
    }
    while i < UNARY.len() + OTHERS.len() {
        all[i] = OTHERS[i - UNARY.len()];
        i += 1;
    }
    all
};

fn number(m: &mut Machine, value: Value) -> Result<f64, Raise> {
    if let Some(x) = m.as_f64(value) {
        return Ok(x);
    }
    if m.as_bigint(value).is_some() {
        return Err(m.raise(Ty::OverflowError, "int too large to convert to float"));
    }
    let message = format!("must be real number, not {}", m.type_name(value));
    Err(m.type_error(message))
}

/// NaN out of a number, or infinity out of finite ones, is an error as in CPython's `math_1`. Where a function has a pole, it gives
/// NaN here.
fn checked(m: &mut Machine, x: f64, result: f64) -> Native {
    if result.is_nan() && !x.is_nan() {
        return Err(m.value_error("math domain error"));
    }
    if result.is_infinite() && x.is_finite() {
        return Err(m.raise(Ty::OverflowError, "math range error"));
    }
    ok(Value::Float(result))
}

/// `math_log(x, base)` with base 0 for e; 2 and 10 are exact for their powers.
fn log(m: &mut Machine, args: &Args) -> Native {
    let base = m.as_i64(args.all[1]).unwrap_or(0);
    let in_base = |x: f64| match base {
        2 => elementary::log2(x),
        10 => elementary::log10(x),
        _ => elementary::log(x),
    };
    if m.as_f64(args.all[0]).is_none()
        && let Some(n) = m.as_bigint(args.all[0])
    {
        if n.sign() != num_bigint::Sign::Plus {
            return Err(m.value_error("math domain error"));
        }
        // Between a half and one, and a power of two.
        let bits = n.bits();
        let top = num_traits::ToPrimitive::to_u64(&(n >> (bits as i64 - 64))).unwrap_or(0);
        let mantissa = top as f64 / (1u128 << 64) as f64;
        return ok(Value::Float(in_base(mantissa) + in_base(2.0) * bits as f64));
    }
    let x = number(m, args.all[0])?;
    if x <= 0.0 {
        return Err(m.value_error("math domain error"));
    }
    ok(Value::Float(in_base(x)))
}

fn two(m: &mut Machine, args: &Args) -> Result<(f64, f64), Raise> {
    Ok((number(m, args.all[0])?, number(m, args.all[1])?))
}

fn pow(m: &mut Machine, args: &Args) -> Native {
    let (x, y) = two(m, args)?;
    let result = elementary::pow(x, y);
    if result.is_nan() && !x.is_nan() && !y.is_nan() || x == 0.0 && y < 0.0 && y.is_finite() {
        return Err(m.value_error("math domain error"));
    }
    if result.is_infinite() && x.is_finite() && y.is_finite() {
        return Err(m.raise(Ty::OverflowError, "math range error"));
    }
    ok(Value::Float(result))
}

fn atan2(m: &mut Machine, args: &Args) -> Native {
    let (y, x) = two(m, args)?;
    ok(Value::Float(elementary::atan2(y, x)))
}

fn copysign(m: &mut Machine, args: &Args) -> Native {
    let (x, y) = two(m, args)?;
    ok(Value::Float(x.copysign(y)))
}

fn fmod(m: &mut Machine, args: &Args) -> Native {
    let (x, y) = two(m, args)?;
    let result = x % y;
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(m.value_error("math domain error"));
    }
    ok(Value::Float(result))
}

/// IEEE 754 remainder: to the nearest multiple, ties to the even one.
fn remainder(m: &mut Machine, args: &Args) -> Native {
    let (x, y) = two(m, args)?;
    if x.is_nan() || y.is_nan() {
        return ok(Value::Float(f64::NAN));
    }
    if x.is_infinite() || y == 0.0 {
        return Err(m.value_error("math domain error"));
    }
    if y.is_infinite() {
        return ok(Value::Float(x));
    }
    let (size, step) = (x.abs(), y.abs());
    let rest = size % step;
    let other = step - rest;
    let result = if rest < other {
        rest
    } else if rest > other {
        -other
    } else {
        rest - 2.0 * ((0.5 * (size - rest)) % step)
    };
    ok(Value::Float(1f64.copysign(x) * result))
}

fn split(x: f64) -> (f64, i32) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let bits = x.to_bits();
    match (bits >> 52) & 0x7ff {
        0 => {
            let (mantissa, exponent) = split(x * (1u128 << 64) as f64);
            (mantissa, exponent - 64)
        }
        exponent => (
            f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52)),
            exponent as i32 - 1022,
        ),
    }
}

fn frexp(m: &mut Machine, args: &Args) -> Native {
    let (mantissa, exponent) = split(number(m, args.all[0])?);
    ok(m.tuple([Value::Float(mantissa), Value::Int(i64::from(exponent))]))
}

fn ldexp(m: &mut Machine, args: &Args) -> Native {
    let x = number(m, args.all[0])?;
    let Some(exponent) = m.as_i64(args.all[1]) else {
        return Err(m.type_error("Expected an int as second argument to ldexp."));
    };
    let (mut result, mut left) = (x, exponent.clamp(-5000, 5000) as i32);
    while left != 0 && result != 0.0 && result.is_finite() {
        let step = left.clamp(-1000, 1000);
        // Going down, stay normal as long as possible: a number is rounded once.
        let step = if step < 0 && left < -1000 { -900 } else { step };
        result *= f64::from_bits(((1023 + step) as u64) << 52);
        left -= step;
    }
    if result.is_infinite() && x.is_finite() {
        return Err(m.raise(Ty::OverflowError, "math range error"));
    }
    ok(Value::Float(result))
}

fn nextafter(m: &mut Machine, args: &Args) -> Native {
    let (x, y) = two(m, args)?;
    ok(Value::Float(if x.is_nan() || y.is_nan() {
        f64::NAN
    } else if x == y {
        y
    } else if x < y {
        x.next_up()
    } else {
        x.next_down()
    }))
}

/// `math_hypot(coordinates)`
fn hypot(m: &mut Machine, args: &Args) -> Native {
    let items = m
        .as_items(args.all[0])
        .map(<[Value]>::to_vec)
        .unwrap_or_default();
    let mut coordinates = Vec::with_capacity(items.len());
    for item in items {
        coordinates.push(number(m, item)?);
    }
    ok(Value::Float(elementary::hypot(&coordinates)))
}

fn fma(m: &mut Machine, args: &Args) -> Native {
    let (x, y) = two(m, args)?;
    let z = number(m, args.all[2])?;
    let result = x.mul_add(y, z);
    if result.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        return Err(m.value_error("invalid operation in fma"));
    }
    ok(Value::Float(result))
}
