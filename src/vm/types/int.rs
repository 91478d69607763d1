//! `int`

use crate::text::int as text;
use crate::text::quote;
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Effect, Entry, Native, NativeFn, Out, Raise, Signature, ok, pure};
use crate::vm::protocol::number::{self, Num};
use crate::vm::protocol::operators;
use crate::vm::types::Ty;
use num_bigint::{BigInt, Sign};
use num_traits::Signed;

/// Methods of `int`, beside those of `slots::shared`.
pub const METHODS: &[Entry] = &[
    pure("bit_length", bit_length, 1, 1),
    pure("bit_count", bit_count, 1, 1),
    pure("as_integer_ratio", as_integer_ratio, 1, 1),
    pure("is_integer", is_integer, 1, 1),
    pure("conjugate", plain, 1, 1),
    ("to_bytes", to_bytes, TO_BYTES, Effect::Pure),
    pure("__int__", plain, 1, 1),
    pure("__index__", plain, 1, 1),
    pure("__trunc__", plain, 1, 1),
    pure("__floor__", plain, 1, 1),
    pure("__ceil__", plain, 1, 1),
    pure("__float__", to_float, 1, 1),
    pure("__round__", round, 1, 2),
    pure("__getnewargs__", newargs, 1, 1),
];

/// Static methods of `int`.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of `int`.
pub const CLASS_METHODS: &[Entry] = &[("from_bytes", from_bytes, FROM_BYTES, Effect::Pure)];
/// Attributes of `int` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[
    ("real", plain),
    ("imag", zero),
    ("numerator", plain),
    ("denominator", one),
];

const TO_BYTES: Signature = Signature::Named {
    names: &["self", "length", "byteorder", "signed"],
    positional: 3,
    required: 1,
};
const FROM_BYTES: Signature = Signature::Named {
    names: &["cls", "bytes", "byteorder", "signed"],
    positional: 3,
    required: 2,
};

/// The receiver as an integer of any size.
fn this(m: &mut Machine, args: &Args) -> Result<BigInt, Raise> {
    let v = m.receiver(args, Ty::Int)?;
    Ok(m.as_bigint(v).unwrap_or_default())
}

/// `int(x=0, /, base=10)`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    let [x, base] = m.constructor_args(args, "int", ["", "base"])?;
    if base.is_unbound() {
        return match x {
            Value::Unbound => ok(Value::Int(0)),
            x => from_value(m, x),
        };
    }
    if x.is_unbound() {
        return Err(m.type_error("int() missing string argument"));
    }
    let Some(base) = m.need_int(base)? else {
        return Ok(m.index_first(args, 2));
    };
    let base = match u32::try_from(base) {
        Ok(base) if base == 0 || (2..=36).contains(&base) => base,
        _ => return Err(m.value_error("int() base must be >= 2 and <= 36, or 0")),
    };
    match from_text(m, x, base) {
        Some(result) => result,
        None => Err(m.type_error("int() can't convert non-string with explicit base")),
    }
}

fn from_value(m: &mut Machine, x: Value) -> Native {
    if let Value::Int(_) = x {
        return ok(x);
    }
    if m.overrides(x, crate::vm::names::INT)
        || m.number(x).is_none() && m.overrides(x, crate::vm::names::INDEX)
    {
        return Ok(m.prelude("_int", &[x]));
    }
    match m.number(x) {
        Some(Num::Int(n)) => return ok(Value::Int(n)),
        Some(Num::Big(_)) => return ok(m.unwrap(x)),
        Some(Num::Float(x)) => return trunc(m, x),
        None => {}
    }
    match from_text(m, x, 10) {
        Some(result) => result,
        None => Ok(m.prelude("_int", &[x])),
    }
}

/// The integer that a `str` or `bytes` spells; `None` for other types.
fn from_text(m: &mut Machine, x: Value, base: u32) -> Option<Native> {
    let (parsed, literal) = if let Some(s) = m.as_str(x) {
        if base == 10
            && let Some(n) = text::parse_i64(s)
        {
            return Some(ok(Value::Int(n)));
        }
        match text::parse(s, base) {
            Ok(n) => (Ok(n), String::new()),
            Err(error) => (Err(error), quote::repr_str(s)),
        }
    } else {
        let bytes = m.as_bytes(x)?;
        let spelt = std::str::from_utf8(bytes).unwrap_or("?");
        match text::parse(spelt, base) {
            Ok(n) if bytes.is_ascii() => (Ok(n), String::new()),
            Ok(_) => (Err(text::IntError::Invalid), quote::repr_bytes(bytes)),
            Err(error) => (Err(error), quote::repr_bytes(bytes)),
        }
    };
    Some(match parsed {
        Ok(n) => ok(m.int(n)),
        Err(error) => Err(m.value_error(error.message(&literal, base))),
    })
}

/// The integer nearest to zero.
pub(super) fn trunc(m: &mut Machine, x: f64) -> Native {
    m.check_integral(x)?;
    ok(match number::trunc(x) {
        Ok(n) => Value::Int(n),
        Err(n) => m.int(n),
    })
}

fn plain(m: &mut Machine, args: &Args) -> Native {
    m.receiver(args, Ty::Int)?;
    operators::as_int(m, args)
}

fn zero(_: &mut Machine, _: &Args) -> Native {
    ok(Value::Int(0))
}

fn one(_: &mut Machine, _: &Args) -> Native {
    ok(Value::Int(1))
}

fn bit_length(m: &mut Machine, args: &Args) -> Native {
    let n = this(m, args)?;
    ok(Value::Int(n.bits() as i64))
}

fn bit_count(m: &mut Machine, args: &Args) -> Native {
    let n = this(m, args)?;
    let ones: u32 = n.magnitude().iter_u64_digits().map(u64::count_ones).sum();
    ok(Value::Int(ones.into()))
}

fn as_integer_ratio(m: &mut Machine, args: &Args) -> Native {
    let n = this(m, args)?;
    let n = m.int(n);
    ok(m.tuple([n, Value::Int(1)]))
}

fn is_integer(m: &mut Machine, args: &Args) -> Native {
    m.receiver(args, Ty::Int)?;
    ok(Value::Bool(true))
}

fn to_float(m: &mut Machine, args: &Args) -> Native {
    let n = this(m, args)?;
    match text::to_f64(&n) {
        Some(x) => ok(Value::Float(x)),
        None => Err(m.raise(Ty::OverflowError, "int too large to convert to float")),
    }
}

fn newargs(m: &mut Machine, args: &Args) -> Native {
    let n = this(m, args)?;
    let n = m.int(n);
    ok(m.tuple([n]))
}

/// `round(self, ndigits)`: negative digits round to tens, ties to even.
fn round(m: &mut Machine, args: &Args) -> Native {
    let n = this(m, args)?;
    let digits = match args.get(1) {
        None | Some(Value::None) => return ok(m.int(n)),
        Some(digits) => match m.need_int(digits)? {
            Some(digits) => digits,
            None => return Ok(m.index_first(args, 1)),
        },
    };
    ok(m.int(round_to_tens(n, digits)))
}

fn round_to_tens(n: BigInt, digits: i64) -> BigInt {
    if digits >= 0 {
        return n;
    }
    // Beyond the number's own digits there is nothing left.
    let Some(places) = u32::try_from(-digits)
        .ok()
        .filter(|&p| u64::from(p) <= n.bits() / 3 + 2)
    else {
        return BigInt::ZERO;
    };
    let unit = BigInt::from(10).pow(places);
    let (mut quotient, rest) = num_integer::Integer::div_mod_floor(&n, &unit);
    let twice = rest * 2;
    if twice > unit || twice == unit && quotient.bit(0) {
        quotient += 1;
    }
    quotient * unit
}

/// Whether the order of bytes is the little-endian one.
fn little(m: &mut Machine, v: Value, function: &str) -> Result<bool, Raise> {
    if v.is_unbound() {
        return Ok(false);
    }
    let order = m.need_str(v, &format!("{function}() argument 'byteorder'"))?;
    match order.as_str() {
        "little" => Ok(true),
        "big" => Ok(false),
        _ => Err(m.value_error("byteorder must be either 'little' or 'big'")),
    }
}

fn to_bytes(m: &mut Machine, args: &Args) -> Native {
    let n = this(m, args)?;
    let [_, length, order, signed] = *args.all else {
        unreachable!("sorted by the signature")
    };
    let length = match length {
        Value::Unbound => 1,
        length => match m.need_size(length)? {
            Some(length) => length,
            None => return Ok(m.index_first(args, 1)),
        },
    };
    let little = little(m, order, "to_bytes")?;
    let signed = m.truth(signed).unwrap_or(true);
    let Ok(length) = usize::try_from(length) else {
        return Err(m.value_error("length argument must be non-negative"));
    };
    m.room(length)?;
    if n.is_negative() && !signed {
        return Err(m.raise(Ty::OverflowError, "can't convert negative int to unsigned"));
    }
    let mut bytes = if signed {
        n.to_signed_bytes_le()
    } else {
        n.to_bytes_le().1
    };
    if n.sign() == Sign::NoSign {
        bytes.clear();
    }
    if bytes.len() > length {
        return Err(m.raise(Ty::OverflowError, "int too big to convert"));
    }
    bytes.resize(length, if n.is_negative() { 0xff } else { 0 });
    if !little {
        bytes.reverse();
    }
    ok(m.bytes(bytes))
}

fn from_bytes(m: &mut Machine, args: &Args) -> Native {
    let [class, source, order, signed] = *args.all else {
        unreachable!("sorted by the signature")
    };
    let little = little(m, order, "from_bytes")?;
    let signed = m.truth(signed).unwrap_or(true);
    let bytes = if let Some(bytes) = m.as_bytes(source) {
        bytes.to_vec()
    } else if m.as_str(source).is_some() || m.number(source).is_some() || source.is_none() {
        return Err(super::bytes_convert::not_convertible(m, source));
    } else {
        match super::bytes_convert::collect(m, source, "bytes")? {
            Some(bytes) => bytes,
            None => {
                let order = m.str(if little { "little" } else { "big" });
                return Ok(m.prelude("_from_bytes", &[class, source, order, Value::Bool(signed)]));
            }
        }
    };
    let n = match (little, signed) {
        (true, true) => BigInt::from_signed_bytes_le(&bytes),
        (false, true) => BigInt::from_signed_bytes_be(&bytes),
        (true, false) => BigInt::from_bytes_le(Sign::Plus, &bytes),
        (false, false) => BigInt::from_bytes_be(Sign::Plus, &bytes),
    };
    let n = m.int(n);
    if matches!(class, Value::Obj(id) if id == Ty::Int.id()) {
        return ok(n);
    }
    Ok(Out::Call(class, vec![n]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_to_tens_goes_to_even() {
        let cases = [
            (5, -1, 0),
            (15, -1, 20),
            (25, -1, 20),
            (-15, -1, -20),
            (149, -2, 100),
            (5, -9, 0),
            (7, 2, 7),
        ];
        for (n, digits, expected) in cases {
            assert_eq!(
                round_to_tens(n.into(), digits),
                expected.into(),
                "{n} {digits}"
            );
        }
    }
}
