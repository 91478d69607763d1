//! `bool(v)`.

use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;
use num_traits::Zero;

impl Machine {
    /// `bool(v)`; `None` when a `__bool__` or `__len__` written in Python decides.
    #[inline]
    pub fn truth(&self, v: Value) -> Option<bool> {
        match v {
            Value::Bool(b) => Some(b),
            Value::None | Value::Unbound => Some(false),
            Value::Int(n) => Some(n != 0),
            Value::Float(x) => Some(x != 0.0),
            Value::NotImplemented | Value::Ellipsis => Some(true),
            Value::Obj(_) => self.object_truth(v),
        }
    }

    fn object_truth(&self, v: Value) -> Option<bool> {
        if self.flags(v).truth && (self.overrides(v, names::BOOL) || self.overrides(v, names::LEN))
        {
            return None;
        }
        match self.unwrap(v) {
            Value::Obj(id) => Some(match self.heap.get(id) {
                Obj::Str(s) => !s.text.is_empty(),
                Obj::Bytes(b) => !b.is_empty(),
                Obj::ByteArray(b) => !b.is_empty(),
                Obj::Tuple(items) => !items.is_empty(),
                Obj::List(items) => !items.is_empty(),
                Obj::Dict(dict) => !dict.is_empty(),
                Obj::Set(set) | Obj::FrozenSet(set) => !set.is_empty(),
                Obj::Range(range) => !range.is_empty(),
                Obj::HugeRange(range) => !range.len().is_zero(),
                Obj::Deque(deque) => !deque.items.is_empty(),
                Obj::View { dict, .. } => self.as_dict(*dict).is_none_or(|d| !d.is_empty()),
                Obj::Namespace(of) => self.namespace_len(*of) != 0,
                _ => true,
            }),
            inner => self.truth(inner),
        }
    }

    /// Number of attributes behind a `__dict__`.
    pub(crate) fn namespace_len(&self, of: Value) -> usize {
        let Value::Obj(id) = of else { return 0 };
        match self.heap.get(id) {
            Obj::Instance(_) => self.own_attributes(id).len(),
            Obj::Class(class) => class.dict.len(),
            // A module always has at least its name.
            _ => 1,
        }
    }
}
