//! Looking at values: what they hold, their class, their identity.

use crate::id::{NameId, ObjId};
use crate::program::instr::Reg;
use crate::value::Value;
use crate::value::dict::Dict;
use crate::value::object::{Frame, Obj};
use crate::value::set::Set;
use crate::vm::machine::Machine;
use crate::vm::types::Ty;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

impl Machine {
    /// The builtin value inside an instance of a class derived from a builtin one; any other value itself.
    #[inline]
    pub fn unwrap(&self, value: Value) -> Value {
        match value {
            Value::Obj(id) => match self.heap.get(id) {
                Obj::Instance(instance) if !instance.inner.is_unbound() => match instance.inner {
                    Value::Obj(inner) if matches!(self.heap.get(inner), Obj::Exception(_)) => value,
                    inner => inner,
                },
                _ => value,
            },
            _ => value,
        }
    }

    /// The heap object of a value, seen through classes derived from builtin ones.
    #[inline]
    pub fn object(&self, value: Value) -> Option<&Obj> {
        match self.unwrap(value) {
            Value::Obj(id) => Some(self.heap.get(id)),
            _ => None,
        }
    }

    /// The text of a `str` (or of a class derived from it).
    #[inline]
    pub fn as_str(&self, value: Value) -> Option<&str> {
        match self.object(value)? {
            Obj::Str(s) => Some(&s.text),
            _ => None,
        }
    }

    /// The bytes of a `bytes` or `bytearray`.
    pub fn as_bytes(&self, value: Value) -> Option<&[u8]> {
        match self.object(value)? {
            Obj::Bytes(b) => Some(b),
            Obj::ByteArray(b) => Some(b),
            _ => None,
        }
    }

    /// The items of a `list` or `tuple`.
    pub fn as_items(&self, value: Value) -> Option<&[Value]> {
        match self.object(value)? {
            Obj::List(items) => Some(items),
            Obj::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The table of a `dict`.
    pub fn as_dict(&self, value: Value) -> Option<&Dict> {
        match self.object(value)? {
            Obj::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// The table of a `set` or `frozenset`.
    pub fn as_set(&self, value: Value) -> Option<&Set> {
        match self.object(value)? {
            Obj::Set(set) | Obj::FrozenSet(set) => Some(set),
            _ => None,
        }
    }

    /// An `int` or `bool` as 64 bits; `None` for others and for larger ones.
    #[inline]
    pub fn as_i64(&self, value: Value) -> Option<i64> {
        match self.unwrap(value) {
            Value::Int(n) => Some(n),
            Value::Bool(b) => Some(b as i64),
            _ => None,
        }
    }

    /// An `int` or `bool` of any size.
    pub fn as_bigint(&self, value: Value) -> Option<BigInt> {
        match self.unwrap(value) {
            Value::Int(n) => Some(BigInt::from(n)),
            Value::Bool(b) => Some(BigInt::from(b as i64)),
            Value::Obj(id) => match self.heap.get(id) {
                Obj::BigInt(n) => Some((**n).clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// A `float`, `int` or `bool` as a float; `None` for others and for ints beyond the range of floats.
    pub fn as_f64(&self, value: Value) -> Option<f64> {
        match self.unwrap(value) {
            Value::Float(x) => Some(x),
            Value::Int(n) => Some(n as f64),
            Value::Bool(b) => Some(b as i64 as f64),
            Value::Obj(id) => match self.heap.get(id) {
                Obj::BigInt(n) => n.to_f64().filter(|x| x.is_finite()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the value is an instance of the class or of one derived from it.
    pub fn is_instance(&self, value: Value, class: ObjId) -> bool {
        self.is_subclass(self.class_of(value), class)
    }

    /// Whether `class` is `base` or derived from it.
    pub fn is_subclass(&self, class: ObjId, base: ObjId) -> bool {
        class == base || matches!(self.heap.get(class), Obj::Class(c) if c.mro.contains(&base))
    }

    /// The name of the value's class as messages have it: `__name__`, but with the module for CPython's own classes outside of
    /// `builtins`.
    pub fn type_name(&self, value: Value) -> &str {
        let class = self.class_of(value);
        if [Ty::Deque.id(), Ty::Lock.id(), Ty::RLock.id()].contains(&class) {
            return Ty::ALL[class.index()].1;
        }
        self.class_name(class)
    }

    /// `__name__` of a class.
    pub fn class_name(&self, class: ObjId) -> &str {
        match self.heap.get(class) {
            Obj::Class(c) => self.names.text(c.name),
            _ => "?",
        }
    }

    /// `id(value)`: small, in order of first asking, so that it is the same on every machine and under unrelated changes.
    pub fn address(&mut self, value: Value) -> i64 {
        match value {
            Value::Obj(id) => {
                let next = self.header.addresses;
                let n = *self.address_of.entry(id).or_insert(next);
                if n == next {
                    self.header.addresses += 1;
                    self.address_order.push(id);
                }
                0x7f00_0000_0000 + 16 * (n as i64 + 1)
            }
            Value::Int(n) => 0x10_0000 + n.wrapping_mul(32),
            Value::Float(x) => (x.to_bits() >> 1) as i64,
            Value::Bool(b) => 0x9000 + 32 * b as i64,
            Value::None | Value::Unbound => 0x9040,
            Value::NotImplemented => 0x9060,
            Value::Ellipsis => 0x9080,
        }
    }

    /// The class of a value.
    #[inline]
    pub fn class_of(&self, value: Value) -> ObjId {
        match value {
            Value::Int(_) => Ty::Int.id(),
            Value::Float(_) => Ty::Float.id(),
            Value::Bool(_) => Ty::Bool.id(),
            Value::None | Value::Unbound => Ty::NoneType.id(),
            Value::NotImplemented => Ty::NotImplementedType.id(),
            Value::Ellipsis => Ty::Ellipsis.id(),
            Value::Obj(id) => match self.heap.get(id) {
                Obj::Instance(instance) => instance.class,
                Obj::Class(class) => class.meta,
                other => crate::vm::types_of::builtin_class(self, other).id(),
            },
        }
    }

    /// A register of a frame, for messages about unassigned locals.
    pub(crate) fn local_name(&self, frame: &Frame, register: Reg) -> String {
        let code = self.image.program.code(frame.code);
        match code.locals.get(register as usize) {
            Some(Some(name)) => name.to_string(),
            _ => format!("register {register}"),
        }
    }

    /// Looks up an attribute along a class's MRO, without binding it.
    pub fn lookup(&self, class: ObjId, name: NameId) -> Option<Value> {
        let Obj::Class(c) = self.heap.get(class) else {
            return None;
        };
        for &base in &c.mro {
            if let Obj::Class(b) = self.heap.get(base)
                && let Some(&value) = b.dict.get(&name)
            {
                return Some(value);
            }
        }
        None
    }
}
