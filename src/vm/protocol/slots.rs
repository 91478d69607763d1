//! Special methods that builtin types share, as natives: thin over the protocols.
//!
//! They find by the value which builtin type is meant. They answer `NotImplemented` where CPython's methods do, and call the
//! prelude's twin where items of a container need code written in Python. [`shared`] says which class gets which.

use super::hash::Hashed;
use super::operators::{
    abs, add, and, bool, divmod, floordiv, iand, invert, ior, isub, ixor, lshift, r#mod, mul, neg,
    or, pos, pow, radd, rand, rdivmod, rfloordiv, rlshift, rmod, rmul, ror, rpow, rrshift, rshift,
    rsub, rtruediv, rxor, sub, truediv, xor,
};
use super::order::Ordered;
use crate::program::instr::CmpOp;
use crate::value::Value;
use crate::value::object::{Obj, ViewKind};
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Entry, Native, ok, pure, reads, writes};
use crate::vm::types::Ty;

/// The shared special methods of a builtin class, for the registry: beside those in its file under `types/`.
pub fn shared(class: Ty) -> &'static [&'static [Entry]] {
    match class {
        Ty::Object => &[OBJECT],
        Ty::Int => &[TEXT, HASH, COMPARE, INTEGER],
        Ty::Bool => &[TEXT],
        Ty::Float => &[TEXT, HASH, COMPARE, REAL],
        Ty::Str | Ty::Bytes => &[TEXT, HASH, COMPARE, SEQUENCE, REMAINDER],
        Ty::ByteArray => &[TEXT, COMPARE, SEQUENCE, REMAINDER],
        Ty::Tuple => &[TEXT, HASH, COMPARE, SEQUENCE],
        Ty::List | Ty::Deque => &[TEXT, COMPARE, SEQUENCE],
        Ty::Dict => &[TEXT, COMPARE, UNION],
        Ty::FrozenSet => &[TEXT, HASH, COMPARE, SET],
        Ty::Set => &[TEXT, COMPARE, SET, SET_CHANGE],
        Ty::DictKeys | Ty::DictItems => &[TEXT, COMPARE, SET],
        Ty::Range | Ty::Slice | Ty::Method => &[TEXT, HASH, COMPARE],
        Ty::BaseException => &[TEXT, STRING],
        _ => &[TEXT],
    }
}

/// Special methods of `object`.
const OBJECT: &[Entry] = &[
    pure("__repr__", object_repr, 1, 1),
    reads("__str__", str, 1, 1),
    reads("__format__", format, 2, 2),
    pure("__eq__", object_eq, 2, 2),
    pure("__ne__", ne, 2, 2),
    pure("__lt__", declines, 2, 2),
    pure("__le__", declines, 2, 2),
    pure("__gt__", declines, 2, 2),
    pure("__ge__", declines, 2, 2),
    pure("__hash__", object_hash, 1, 1),
];

const TEXT: &[Entry] = &[reads("__repr__", repr, 1, 1)];
const STRING: &[Entry] = &[reads("__str__", str, 1, 1)];
const HASH: &[Entry] = &[pure("__hash__", hash, 1, 1)];
const COMPARE: &[Entry] = &[
    reads("__eq__", eq, 2, 2),
    reads("__ne__", ne, 2, 2),
    reads("__lt__", lt, 2, 2),
    reads("__le__", le, 2, 2),
    reads("__gt__", gt, 2, 2),
    reads("__ge__", ge, 2, 2),
];

/// Operators of `int` (and `bool`).
const INTEGER: &[Entry] = &[
    pure("__add__", add, 2, 2),
    pure("__radd__", radd, 2, 2),
    pure("__sub__", sub, 2, 2),
    pure("__rsub__", rsub, 2, 2),
    pure("__mul__", mul, 2, 2),
    pure("__rmul__", rmul, 2, 2),
    pure("__truediv__", truediv, 2, 2),
    pure("__rtruediv__", rtruediv, 2, 2),
    pure("__floordiv__", floordiv, 2, 2),
    pure("__rfloordiv__", rfloordiv, 2, 2),
    pure("__mod__", r#mod, 2, 2),
    pure("__rmod__", rmod, 2, 2),
    pure("__divmod__", divmod, 2, 2),
    pure("__rdivmod__", rdivmod, 2, 2),
    pure("__pow__", pow, 2, 3),
    pure("__rpow__", rpow, 2, 3),
    pure("__lshift__", lshift, 2, 2),
    pure("__rlshift__", rlshift, 2, 2),
    pure("__rshift__", rshift, 2, 2),
    pure("__rrshift__", rrshift, 2, 2),
    pure("__and__", and, 2, 2),
    pure("__rand__", rand, 2, 2),
    pure("__or__", or, 2, 2),
    pure("__ror__", ror, 2, 2),
    pure("__xor__", xor, 2, 2),
    pure("__rxor__", rxor, 2, 2),
    pure("__neg__", neg, 1, 1),
    pure("__pos__", pos, 1, 1),
    pure("__invert__", invert, 1, 1),
    pure("__abs__", abs, 1, 1),
    pure("__bool__", bool, 1, 1),
];

/// Operators of `float`.
const REAL: &[Entry] = &[
    pure("__add__", add, 2, 2),
    pure("__radd__", radd, 2, 2),
    pure("__sub__", sub, 2, 2),
    pure("__rsub__", rsub, 2, 2),
    pure("__mul__", mul, 2, 2),
    pure("__rmul__", rmul, 2, 2),
    pure("__truediv__", truediv, 2, 2),
    pure("__rtruediv__", rtruediv, 2, 2),
    pure("__floordiv__", floordiv, 2, 2),
    pure("__rfloordiv__", rfloordiv, 2, 2),
    pure("__mod__", r#mod, 2, 2),
    pure("__rmod__", rmod, 2, 2),
    pure("__divmod__", divmod, 2, 2),
    pure("__rdivmod__", rdivmod, 2, 2),
    pure("__pow__", pow, 2, 3),
    pure("__rpow__", rpow, 2, 3),
    pure("__neg__", neg, 1, 1),
    pure("__pos__", pos, 1, 1),
    pure("__abs__", abs, 1, 1),
    pure("__bool__", bool, 1, 1),
];

/// Operators of sequences: `str`, `bytes`, `tuple`, `list`, `deque`.
const SEQUENCE: &[Entry] = &[
    reads("__add__", add, 2, 2),
    reads("__mul__", mul, 2, 2),
    reads("__rmul__", rmul, 2, 2),
];

/// Operators of sets and dict views.
const SET: &[Entry] = &[
    reads("__or__", or, 2, 2),
    reads("__ror__", ror, 2, 2),
    reads("__and__", and, 2, 2),
    reads("__rand__", rand, 2, 2),
    reads("__sub__", sub, 2, 2),
    reads("__rsub__", rsub, 2, 2),
    reads("__xor__", xor, 2, 2),
    reads("__rxor__", rxor, 2, 2),
];

/// `|` of dicts.
const UNION: &[Entry] = &[
    reads("__or__", or, 2, 2),
    reads("__ror__", ror, 2, 2),
    writes("__ior__", ior, 2, 2),
];

/// In-place operators of `set`.
const SET_CHANGE: &[Entry] = &[
    writes("__ior__", ior, 2, 2),
    writes("__iand__", iand, 2, 2),
    writes("__isub__", isub, 2, 2),
    writes("__ixor__", ixor, 2, 2),
];

/// `%` of `str` and `bytes`.
const REMAINDER: &[Entry] = &[reads("__mod__", r#mod, 2, 2), reads("__rmod__", rmod, 2, 2)];

/// Not for builtin types to say.
pub(super) fn declined() -> Native {
    ok(Value::NotImplemented)
}

/// A special method that never has an answer.
pub fn declines(_: &mut Machine, _: &Args) -> Native {
    declined()
}

pub(super) fn two(args: &Args) -> (Value, Value) {
    let at = |i| args.get(i).unwrap_or_default();
    (at(0), at(1))
}

pub(super) fn first(args: &Args) -> Value {
    args.get(0).unwrap_or_default()
}

// ---- text ------------------------------------------------------------------------------------------------------------

/// `object.__repr__`: class and address, whatever the value is.
pub fn object_repr(m: &mut Machine, args: &Args) -> Native {
    let text = m.object_repr(first(args));
    ok(m.str(text))
}

/// `__repr__` by the builtin type of the value.
pub fn repr(m: &mut Machine, args: &Args) -> Native {
    let v = first(args);
    match m.builtin_repr(v)? {
        Some(text) => ok(m.str(text)),
        None => Ok(m.prelude("_repr_items", &[v])),
    }
}

/// `__str__` by the builtin type of the value.
pub fn str(m: &mut Machine, args: &Args) -> Native {
    let v = first(args);
    if matches!(v, Value::Obj(id) if matches!(m.heap.get(id), Obj::Str(_))) {
        return ok(v);
    }
    match m.builtin_str(v)? {
        Some(text) => ok(m.str(text)),
        None if matches!(v, Value::Obj(id) if m.exception(id).is_some()) => {
            Ok(m.prelude("_str_exception", &[v]))
        }
        None => Ok(m.prelude("_repr", &[v])),
    }
}

/// `__format__` by the builtin type of the value.
pub fn format(m: &mut Machine, args: &Args) -> Native {
    let (v, spec) = two(args);
    let spec = m.need_str(spec, "__format__() argument")?;
    match m.builtin_format(v, &spec)? {
        Some(text) => ok(text),
        None => Ok(m.prelude("_str", &[v])),
    }
}

// ---- comparison ------------------------------------------------------------------------------------------------------

/// Whether a builtin type defines equality of these two.
fn comparable(m: &Machine, a: Value, b: Value) -> bool {
    if m.number(a).is_some() && m.number(b).is_some() {
        return true;
    }
    let (Some(x), Some(y)) = (m.object(a), m.object(b)) else {
        return false;
    };
    let set_like = |o: &Obj| is_set(o) || is_view(o);
    let dict_like = |o: &Obj| matches!(o, Obj::Dict(_) | Obj::Namespace(_));
    match (x, y) {
        (Obj::Str(_), Obj::Str(_))
        | (Obj::Bytes(_) | Obj::ByteArray(_), Obj::Bytes(_) | Obj::ByteArray(_))
        | (Obj::Tuple(_), Obj::Tuple(_))
        | (Obj::List(_), Obj::List(_))
        | (Obj::Deque(_), Obj::Deque(_))
        | (Obj::Range(_) | Obj::HugeRange(_), Obj::Range(_) | Obj::HugeRange(_))
        | (Obj::Slice(_), Obj::Slice(_))
        | (Obj::BoundMethod { .. }, Obj::BoundMethod { .. })
        | (Obj::Code(_), Obj::Code(_)) => true,
        (x, y) => set_like(x) && set_like(y) || dict_like(x) && dict_like(y),
    }
}

fn equality(m: &mut Machine, args: &Args, negate: bool) -> Native {
    let (a, b) = two(args);
    if comparable(m, a, b) {
        return match m.builtin_equal(a, b, 0) {
            Some(same) => ok(Value::Bool(same != negate)),
            None if negate => Ok(m.prelude("_ne_items", &[a, b])),
            None => Ok(m.prelude("_eq_items", &[a, b])),
        };
    }
    if a.is(b) {
        return ok(Value::Bool(!negate));
    }
    declined()
}

/// `object.__eq__`: the same object is equal, of others it does not know.
pub fn object_eq(_: &mut Machine, args: &Args) -> Native {
    let (a, b) = two(args);
    ok(if a.is(b) {
        Value::Bool(true)
    } else {
        Value::NotImplemented
    })
}

/// `object.__hash__`: by identity.
pub fn object_hash(m: &mut Machine, args: &Args) -> Native {
    let v = first(args);
    match v {
        Value::Obj(id) => ok(Value::Int(id.0.into())),
        _ => hash(m, args),
    }
}

/// `__eq__` by the builtin types of the values.
pub fn eq(m: &mut Machine, args: &Args) -> Native {
    equality(m, args, false)
}

/// `__ne__` by the builtin types of the values; by `__eq__` if that is written in Python.
pub fn ne(m: &mut Machine, args: &Args) -> Native {
    let (a, b) = two(args);
    if m.overrides(a, names::EQ) {
        return Ok(m.prelude("_ne_from_eq", &[a, b]));
    }
    equality(m, args, true)
}

fn order(m: &mut Machine, args: &Args, op: CmpOp) -> Native {
    let (a, b) = two(args);
    match m.builtin_compare(op, a, b, 0) {
        Ordered::Bool(holds) => ok(Value::Bool(holds)),
        Ordered::Unordered => declined(),
        Ordered::Python => {
            let symbol = m.str(op.symbol());
            Ok(m.prelude("_order_items", &[symbol, a, b]))
        }
    }
}

/// `__lt__`
pub fn lt(m: &mut Machine, args: &Args) -> Native {
    order(m, args, CmpOp::Lt)
}

/// `__le__`
pub fn le(m: &mut Machine, args: &Args) -> Native {
    order(m, args, CmpOp::Le)
}

/// `__gt__`
pub fn gt(m: &mut Machine, args: &Args) -> Native {
    order(m, args, CmpOp::Gt)
}

/// `__ge__`
pub fn ge(m: &mut Machine, args: &Args) -> Native {
    order(m, args, CmpOp::Ge)
}

/// `__hash__` by the builtin type of the value.
pub fn hash(m: &mut Machine, args: &Args) -> Native {
    let v = first(args);
    match m.builtin_hash(v) {
        Hashed::Hash(hash) => ok(Value::Int(hash as i64)),
        Hashed::Unhashable(v) => {
            let message = format!("unhashable type: '{}'", m.type_name(v));
            Err(m.type_error(message))
        }
        Hashed::Python => Ok(m.prelude("_hash_items", &[v])),
    }
}

pub(super) fn is_set(o: &Obj) -> bool {
    matches!(o, Obj::Set(_) | Obj::FrozenSet(_))
}

pub(super) fn is_view(o: &Obj) -> bool {
    matches!(o, Obj::View { kind, .. } if *kind != ViewKind::Values)
}
