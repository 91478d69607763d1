//! `abs`, `divmod`, `pow`, `round`, `bin`, `oct`, `hex`, `chr`, `ord`.

use crate::id::NameId;
use crate::program::instr::BinOp;
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Effect, Entry, Native, Out, Signature, ok, pure};
use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

/// Functions of this file.
pub const FUNCTIONS: &[Entry] = &[
    pure("abs", abs, 1, 1),
    pure("divmod", divmod, 2, 2),
    (
        "pow",
        pow,
        Signature::Named {
            names: &["base", "exp", "mod"],
            positional: 3,
            required: 2,
        },
        Effect::Pure,
    ),
    (
        "round",
        round,
        Signature::Named {
            names: &["number", "ndigits"],
            positional: 2,
            required: 1,
        },
        Effect::Pure,
    ),
    pure("bin", |m, a| radix(m, a, 2, "0b"), 1, 1),
    pure("oct", |m, a| radix(m, a, 8, "0o"), 1, 1),
    pure("hex", |m, a| radix(m, a, 16, "0x"), 1, 1),
    pure("chr", chr, 1, 1),
    pure("ord", ord, 1, 1),
];

/// The answer "call this special method of the first argument's class".
fn special(m: &Machine, name: NameId, args: &[Value]) -> Option<Out> {
    let method = m.lookup(m.class_of(args[0]), name)?;
    Some(Out::Call(method, args.to_vec()))
}

fn abs(m: &mut Machine, args: &Args) -> Native {
    let of = args.all[0];
    match of {
        Value::Float(x) => return ok(Value::Float(x.abs())),
        Value::Int(n) => return ok(m.int128(i128::from(n).abs())),
        _ => {}
    }
    match special(m, names::ABS, &[of]) {
        Some(out) => Ok(out),
        None => {
            let message = format!("bad operand type for abs(): '{}'", m.type_name(of));
            Err(m.type_error(message))
        }
    }
}

fn divmod(m: &mut Machine, args: &Args) -> Native {
    let (a, b) = (args.all[0], args.all[1]);
    if m.number(a).is_some()
        && m.number(b).is_some()
        && let Some(result) = m.divmod(a, b)?
    {
        return ok(result);
    }
    Ok(m.prelude("_divmod", &[a, b]))
}

fn pow(m: &mut Machine, args: &Args) -> Native {
    let (base, exponent) = (args.all[0], args.all[1]);
    let modulus = args.all.get(2).copied().unwrap_or_default();
    if modulus.is_unbound() || modulus.is_none() {
        return match m.binary(BinOp::Pow, base, exponent)? {
            Some(result) => ok(result),
            None => Ok(m.prelude("_pow", &[base, exponent])),
        };
    }
    Ok(m.prelude("_pow_modulo", &[base, exponent, modulus]))
}

fn round(m: &mut Machine, args: &Args) -> Native {
    let of = args.all[0];
    let digits = args.all.get(1).copied().unwrap_or_default();
    let round = m.intern("__round__");
    let class = m.class_of(of);
    let Some(method) = m.lookup(class, round) else {
        let message = format!("type {} doesn't define __round__ method", m.type_name(of));
        return Err(m.type_error(message));
    };
    let mut given = vec![of];
    if !digits.is_unbound() && !digits.is_none() {
        given.push(digits);
    }
    Ok(Out::Call(method, given))
}

fn radix(m: &mut Machine, args: &Args, radix: u32, prefix: &str) -> Native {
    let Some(n) = m.integer_arg(args.all[0])? else {
        return Ok(m.index_first(args, 0));
    };
    let sign = if n.sign() == Sign::Minus { "-" } else { "" };
    let text = format!(
        "{sign}{prefix}{}",
        BigInt::from(n.magnitude().clone()).to_str_radix(radix)
    );
    ok(m.str(text))
}

fn chr(m: &mut Machine, args: &Args) -> Native {
    let Some(n) = m.integer_arg(args.all[0])? else {
        return Ok(m.index_first(args, 0));
    };
    match n.to_u32().and_then(char::from_u32) {
        Some(c) => ok(m.char_str(c)),
        None => Err(m.value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(m: &mut Machine, args: &Args) -> Native {
    let of = args.all[0];
    if let Some(text) = m.as_str(of) {
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return ok(Value::Int(c as i64));
        }
        let message = format!(
            "ord() expected a character, but string of length {} found",
            text.chars().count()
        );
        return Err(m.type_error(message));
    }
    if let Some(bytes) = m.as_bytes(of) {
        if let &[byte] = bytes {
            return ok(Value::Int(byte as i64));
        }
        let message = format!(
            "ord() expected a character, but string of length {} found",
            bytes.len()
        );
        return Err(m.type_error(message));
    }
    let message = format!(
        "ord() expected string of length 1, but {} found",
        m.type_name(of)
    );
    Err(m.type_error(message))
}
