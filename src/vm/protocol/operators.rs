//! Operators of builtin types as natives: the special methods that [`super::slots`] hands out.

use super::slots::{declined, first, is_set, is_view, two};
use crate::program::instr::{BinOp, UnOp};
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Native, Out, ok};

fn operate(m: &mut Machine, op: BinOp, a: Value, b: Value) -> Native {
    match m.builtin_binary(op, a, b)? {
        Some(result) => ok(result),
        None => Ok(m
            .operator_twin(op, a, b)
            .unwrap_or(Out::Value(Value::NotImplemented))),
    }
}

impl Machine {
    /// The call of the prelude that `a op b` of builtin values comes to when their items need code written in Python.
    pub(super) fn operator_twin(&mut self, op: BinOp, a: Value, b: Value) -> Option<Out> {
        let set_operator = matches!(op, BinOp::Or | BinOp::And | BinOp::Sub | BinOp::Xor);
        let function = match (op, self.object(a), self.object(b)) {
            (BinOp::Mod, Some(Obj::Str(_)), _) => "_percent",
            (BinOp::Mod, Some(Obj::Bytes(_) | Obj::ByteArray(_)), _) => "_percent_bytes",
            (BinOp::Mul, ..)
                if self.is_repeatable(a) && self.overrides(b, names::INDEX)
                    || self.is_repeatable(b) && self.overrides(a, names::INDEX) =>
            {
                "_repeat"
            }
            (BinOp::Or, Some(Obj::Dict(_)), Some(Obj::Dict(_))) => "_dict_or",
            (_, Some(x), Some(y))
                if set_operator && (is_set(x) && is_set(y) || is_view(x) || is_view(y)) =>
            {
                let symbol = self.str(op.symbol());
                return Some(self.prelude("_set_operator", &[symbol, a, b]));
            }
            _ => return None,
        };
        Some(self.prelude(function, &[a, b]))
    }
}

/// `self op= other` of sets and dicts.
fn change(m: &mut Machine, args: &Args, op: BinOp) -> Native {
    let (a, b) = two(args);
    if m.change_in_place(op, a, b)? {
        return ok(a);
    }
    match (m.object(a), m.object(b)) {
        (Some(Obj::Dict(_)), _) => Ok(m.prelude("_dict_change", &[a, b])),
        (Some(Obj::Set(_)), Some(other)) if is_set(other) => {
            let symbol = m.str(op.symbol());
            Ok(m.prelude("_set_change", &[symbol, a, b]))
        }
        _ => declined(),
    }
}

/// `self |= other`
pub fn ior(m: &mut Machine, args: &Args) -> Native {
    change(m, args, BinOp::Or)
}

/// `self &= other`
pub fn iand(m: &mut Machine, args: &Args) -> Native {
    change(m, args, BinOp::And)
}

/// `self -= other`
pub fn isub(m: &mut Machine, args: &Args) -> Native {
    change(m, args, BinOp::Sub)
}

/// `self ^= other`
pub fn ixor(m: &mut Machine, args: &Args) -> Native {
    change(m, args, BinOp::Xor)
}

macro_rules! operators {
    ($($name:ident $reflected:ident $op:ident $symbol:literal,)*) => {$(
        #[doc = concat!("`self ", $symbol, " other`")]
        pub fn $name(m: &mut Machine, args: &Args) -> Native {
            let (a, b) = two(args);
            operate(m, BinOp::$op, a, b)
        }

        #[doc = concat!("`other ", $symbol, " self`")]
        pub fn $reflected(m: &mut Machine, args: &Args) -> Native {
            let (a, b) = two(args);
            operate(m, BinOp::$op, b, a)
        }
    )*};
}

operators! {
    add radd Add "+",
    sub rsub Sub "-",
    mul rmul Mul "*",
    truediv rtruediv Div "/",
    floordiv rfloordiv FloorDiv "//",
    r#mod rmod Mod "%",
    lshift rlshift LShift "<<",
    rshift rrshift RShift ">>",
    and rand And "&",
    or ror Or "|",
    xor rxor Xor "^",
}

/// `pow(self, other[, modulus])`
pub fn pow(m: &mut Machine, args: &Args) -> Native {
    let (a, b) = two(args);
    match args.get(2) {
        None | Some(Value::None) => operate(m, BinOp::Pow, a, b),
        Some(modulus) => match m.power_modulo(a, b, modulus)? {
            Some(result) => ok(result),
            None if [a, b, modulus].iter().all(|&v| m.number(v).is_some()) => {
                Err(m
                    .type_error("pow() 3rd argument not allowed unless all arguments are integers"))
            }
            None => declined(),
        },
    }
}

/// `pow(other, self)`
pub fn rpow(m: &mut Machine, args: &Args) -> Native {
    let (a, b) = two(args);
    operate(m, BinOp::Pow, b, a)
}

/// `divmod(self, other)`
pub fn divmod(m: &mut Machine, args: &Args) -> Native {
    let (a, b) = two(args);
    Ok(Out::Value(m.divmod(a, b)?.unwrap_or(Value::NotImplemented)))
}

/// `divmod(other, self)`
pub fn rdivmod(m: &mut Machine, args: &Args) -> Native {
    let (a, b) = two(args);
    Ok(Out::Value(m.divmod(b, a)?.unwrap_or(Value::NotImplemented)))
}

fn unary(m: &mut Machine, args: &Args, op: UnOp) -> Native {
    match m.builtin_unary(op, first(args))? {
        Some(result) => ok(result),
        None => Err(m.unary_error(op, first(args))),
    }
}

/// `-self`
pub fn neg(m: &mut Machine, args: &Args) -> Native {
    unary(m, args, UnOp::Neg)
}

/// `+self`
pub fn pos(m: &mut Machine, args: &Args) -> Native {
    unary(m, args, UnOp::Pos)
}

/// `~self`
pub fn invert(m: &mut Machine, args: &Args) -> Native {
    unary(m, args, UnOp::Invert)
}

/// `abs(self)`
pub fn abs(m: &mut Machine, args: &Args) -> Native {
    let v = first(args);
    match m.absolute(v) {
        Some(result) => ok(result),
        None => {
            let message = format!("bad operand type for abs(): '{}'", m.type_name(v));
            Err(m.type_error(message))
        }
    }
}

/// `bool(self)` of a number.
pub fn bool(m: &mut Machine, args: &Args) -> Native {
    let v = m.unwrap(first(args));
    ok(Value::Bool(m.truth(v).unwrap_or(true)))
}

/// `int(self)`, `self.__index__()`, `self.conjugate()`: the plain integer.
pub fn as_int(m: &mut Machine, args: &Args) -> Native {
    ok(match m.unwrap(first(args)) {
        Value::Bool(b) => Value::Int(b.into()),
        v => v,
    })
}
