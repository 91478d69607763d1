//! `float`

use super::int::trunc;
use crate::text::float as text;
use crate::text::quote;
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Entry, Native, NativeFn, Out, Raise, ok, pure};
use crate::vm::types::Ty;

/// Methods of `float`, beside those of `slots::shared`.
pub const METHODS: &[Entry] = &[
    pure("as_integer_ratio", as_integer_ratio, 1, 1),
    pure("is_integer", is_integer, 1, 1),
    pure("conjugate", plain, 1, 1),
    pure("hex", hex, 1, 1),
    pure("__float__", plain, 1, 1),
    pure("__int__", to_int, 1, 1),
    pure("__trunc__", to_int, 1, 1),
    pure("__floor__", floor, 1, 1),
    pure("__ceil__", ceil, 1, 1),
    pure("__round__", round, 1, 2),
    pure("__getnewargs__", newargs, 1, 1),
];

/// Static methods of `float`.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of `float`.
pub const CLASS_METHODS: &[Entry] = &[pure("fromhex", fromhex, 2, 2)];
/// Attributes of `float` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[("real", plain), ("imag", zero)];

fn this(m: &mut Machine, args: &Args) -> Result<f64, Raise> {
    match m.receiver(args, Ty::Float)? {
        Value::Float(x) => Ok(x),
        _ => Ok(0.0),
    }
}

/// `float(x=0, /)`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    if !args.names.is_empty() {
        return Err(m.type_error("float() takes no keyword arguments"));
    }
    let [x] = m.constructor_args(args, "float", [""])?;
    match x {
        Value::Unbound => return ok(Value::Float(0.0)),
        Value::Float(_) => return ok(x),
        Value::Int(n) => return ok(Value::Float(n as f64)),
        _ => {}
    }
    if m.overrides(x, names::FLOAT) || m.number(x).is_none() && m.overrides(x, names::INDEX) {
        return Ok(m.prelude("_float", &[x]));
    }
    if let Some(number) = m.number(x) {
        return match number.to_f64() {
            Some(x) => ok(Value::Float(x)),
            None => Err(m.raise(Ty::OverflowError, "int too large to convert to float")),
        };
    }
    let message = if let Some(s) = m.as_str(x) {
        match text::parse(s) {
            Some(x) => return ok(fresh(m, x)),
            None => text::not_a_float(s),
        }
    } else if let Some(bytes) = m.as_bytes(x) {
        match std::str::from_utf8(bytes)
            .ok()
            .filter(|s| s.is_ascii())
            .and_then(text::parse)
        {
            Some(x) => return ok(Value::Float(x)),
            None => format!(
                "could not convert string to float: {}",
                quote::repr_bytes(bytes)
            ),
        }
    } else {
        return Ok(m.prelude("_float", &[x]));
    };
    Err(m.value_error(message))
}

/// A float read from text: each NaN is an object of its own, which its otherwise meaningless low bits tell.
fn fresh(m: &mut Machine, x: f64) -> Value {
    if !x.is_nan() {
        return Value::Float(x);
    }
    m.header.nans += 1;
    Value::Float(f64::from_bits(x.to_bits() | u64::from(m.header.nans)))
}

fn plain(m: &mut Machine, args: &Args) -> Native {
    let x = this(m, args)?;
    ok(Value::Float(x))
}

fn zero(_: &mut Machine, _: &Args) -> Native {
    ok(Value::Float(0.0))
}

fn newargs(m: &mut Machine, args: &Args) -> Native {
    let x = this(m, args)?;
    ok(m.tuple([Value::Float(x)]))
}

fn as_integer_ratio(m: &mut Machine, args: &Args) -> Native {
    let x = this(m, args)?;
    match text::as_integer_ratio(x) {
        Some((numerator, denominator)) => {
            let pair = [m.int(numerator), m.int(denominator)];
            ok(m.tuple(pair))
        }
        None if x.is_nan() => Err(m.value_error("cannot convert NaN to integer ratio")),
        None => Err(m.raise(
            Ty::OverflowError,
            "cannot convert Infinity to integer ratio",
        )),
    }
}

fn is_integer(m: &mut Machine, args: &Args) -> Native {
    let x = this(m, args)?;
    ok(Value::Bool(x.is_finite() && x.trunc() == x))
}

fn hex(m: &mut Machine, args: &Args) -> Native {
    let x = this(m, args)?;
    ok(m.str(text::hex(x)))
}

fn fromhex(m: &mut Machine, args: &Args) -> Native {
    let (class, source) = (args.all[0], args.all[1]);
    let Some(s) = m.as_str(source) else {
        return Err(m.type_error("bad argument type for built-in operation"));
    };
    match text::from_hex(s) {
        Ok(x) if matches!(class, Value::Obj(id) if id == Ty::Float.id()) => ok(Value::Float(x)),
        Ok(x) => Ok(Out::Call(class, vec![Value::Float(x)])),
        Err(error @ text::HexError::Invalid) => Err(m.value_error(error.to_string())),
        Err(error @ text::HexError::TooLarge) => Err(m.raise(Ty::OverflowError, error.to_string())),
    }
}

fn to_int(m: &mut Machine, args: &Args) -> Native {
    let x = this(m, args)?;
    trunc(m, x)
}

fn floor(m: &mut Machine, args: &Args) -> Native {
    let x = this(m, args)?;
    trunc(m, x.floor())
}

fn ceil(m: &mut Machine, args: &Args) -> Native {
    let x = this(m, args)?;
    trunc(m, x.ceil())
}

/// `round(self, ndigits)`: without digits to an integer; ties to even.
fn round(m: &mut Machine, args: &Args) -> Native {
    let x = this(m, args)?;
    let digits = match args.get(1) {
        None | Some(Value::None) => return trunc(m, x.round_ties_even()),
        Some(digits) => match m.need_int(digits)? {
            Some(digits) => digits.clamp(i32::MIN.into(), i32::MAX.into()) as i32,
            None => return Ok(m.index_first(args, 1)),
        },
    };
    let rounded = text::round_to(x, digits);
    if rounded.is_infinite() && x.is_finite() {
        return Err(m.raise(Ty::OverflowError, "rounded value too large to represent"));
    }
    ok(Value::Float(rounded))
}
