//! Values and heap objects: what a program's state is made of. Plain data, index-only.

pub mod dict;
pub mod heap;
pub mod object;
pub mod set;
pub mod shape;

use crate::id::ObjId;

/// A Python value: small immutable things inline, everything else by index into the heap.
#[derive(Clone, Copy, Debug, Default)]
pub enum Value {
    /// No value: an unassigned local, an empty cell, a deleted dict key. Never seen by a program.
    #[default]
    Unbound,
    /// `None`
    None,
    /// `NotImplemented`
    NotImplemented,
    /// `...`
    Ellipsis,
    /// `True`, `False`
    Bool(bool),
    /// An `int` that fits 64 bits; larger ones are heap objects.
    Int(i64),
    /// A `float`.
    Float(f64),
    /// A heap object.
    Obj(ObjId),
}

impl Value {
    /// Python's `is`. Numbers of equal value and type are the same object.
    #[inline]
    pub fn is(self, other: Value) -> bool {
        match (self, other) {
            (Value::Obj(a), Value::Obj(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::None, Value::None)
            | (Value::NotImplemented, Value::NotImplemented)
            | (Value::Ellipsis, Value::Ellipsis)
            | (Value::Unbound, Value::Unbound) => true,
            _ => false,
        }
    }

    /// Whether there is no value.
    #[inline(always)]
    pub fn is_unbound(self) -> bool {
        matches!(self, Value::Unbound)
    }

    /// Whether it is `None`.
    #[inline(always)]
    pub fn is_none(self) -> bool {
        matches!(self, Value::None)
    }

    /// The heap object, if it is one.
    #[inline(always)]
    pub fn obj(self) -> Option<ObjId> {
        match self {
            Value::Obj(id) => Some(id),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_value_is_sixteen_bytes() {
        assert_eq!(std::mem::size_of::<super::Value>(), 16);
    }
}
