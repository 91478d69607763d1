//! `<`, `<=`, `>`, `>=` of builtin values, and all six comparisons as one question.

use super::MAX_DEPTH;
use super::eq::all;
use crate::id::NameId;
use crate::program::instr::CmpOp;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;
use std::cmp::Ordering;

/// What a comparison comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ordered {
    /// This.
    Bool(bool),
    /// The types have no such order: a `TypeError` that names the types of the two values.
    Unordered,
    /// Special methods have to be asked: one is written in Python, or items inside of containers have no order.
    Python,
}

impl CmpOp {
    /// Whether it holds of two values that compare so.
    #[inline]
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            CmpOp::Lt => order.is_lt(),
            CmpOp::Le => order.is_le(),
            CmpOp::Eq => order.is_eq(),
            CmpOp::Ne => order.is_ne(),
            CmpOp::Gt => order.is_gt(),
            CmpOp::Ge => order.is_ge(),
        }
    }

    /// The operator with its sides swapped.
    pub fn swapped(self) -> CmpOp {
        match self {
            CmpOp::Lt => CmpOp::Gt,
            CmpOp::Le => CmpOp::Ge,
            CmpOp::Gt => CmpOp::Lt,
            CmpOp::Ge => CmpOp::Le,
            same => same,
        }
    }

    /// Its special method.
    pub fn method(self) -> NameId {
        match self {
            CmpOp::Lt => names::LT,
            CmpOp::Le => names::LE,
            CmpOp::Eq => names::EQ,
            CmpOp::Ne => names::NE,
            CmpOp::Gt => names::GT,
            CmpOp::Ge => names::GE,
        }
    }

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            CmpOp::Lt => "<",
            CmpOp::Le => "<=",
            CmpOp::Eq => "==",
            CmpOp::Ne => "!=",
            CmpOp::Gt => ">",
            CmpOp::Ge => ">=",
        }
    }
}

impl Machine {
    /// `a op b`.
    #[inline]
    pub fn compare(&self, op: CmpOp, a: Value, b: Value) -> Ordered {
        if let (Value::Int(a), Value::Int(b)) = (a, b) {
            return Ordered::Bool(op.holds(a.cmp(&b)));
        }
        self.compare_at(op, a, b, 0)
    }

    fn compare_at(&self, op: CmpOp, a: Value, b: Value, depth: u32) -> Ordered {
        if depth > MAX_DEPTH {
            return Ordered::Python;
        }
        match op {
            CmpOp::Eq => return self.equal(a, b).map_or(Ordered::Python, Ordered::Bool),
            CmpOp::Ne if self.overrides(a, names::NE) || self.overrides(b, names::NE) => {
                return Ordered::Python;
            }
            CmpOp::Ne => {
                return self
                    .equal(a, b)
                    .map_or(Ordered::Python, |same| Ordered::Bool(!same));
            }
            _ => {}
        }
        if self.overrides(a, op.method()) || self.overrides(b, op.swapped().method()) {
            return Ordered::Python;
        }
        self.builtin_compare(op, a, b, depth)
    }

    /// `a op b` (an ordering) as the builtin types see it, whatever classes derived from them define.
    pub(super) fn builtin_compare(&self, op: CmpOp, a: Value, b: Value, depth: u32) -> Ordered {
        if let (Some(x), Some(y)) = (self.number(a), self.number(b)) {
            return Ordered::Bool(x.compare(y).is_some_and(|order| op.holds(order)));
        }
        let (Some(x), Some(y)) = (self.object(a), self.object(b)) else {
            return Ordered::Unordered;
        };
        match (x, y) {
            // Order by code point is order by UTF-8 byte.
            (Obj::Str(x), Obj::Str(y)) => Ordered::Bool(op.holds(x.text.cmp(&y.text))),
            (Obj::Bytes(x), Obj::Bytes(y)) => Ordered::Bool(op.holds(x.cmp(y))),
            (Obj::Bytes(x), Obj::ByteArray(y)) => Ordered::Bool(op.holds(x[..].cmp(&y[..]))),
            (Obj::ByteArray(x), Obj::Bytes(y)) => Ordered::Bool(op.holds(x[..].cmp(&y[..]))),
            (Obj::ByteArray(x), Obj::ByteArray(y)) => Ordered::Bool(op.holds(x.cmp(y))),
            (Obj::Tuple(x), Obj::Tuple(y)) => {
                self.compare_items(op, x.iter().copied(), y.iter().copied(), depth + 1)
            }
            (Obj::List(x), Obj::List(y)) => {
                self.compare_items(op, x.iter().copied(), y.iter().copied(), depth + 1)
            }
            (Obj::Deque(x), Obj::Deque(y)) => self.compare_items(
                op,
                x.items.iter().copied(),
                y.items.iter().copied(),
                depth + 1,
            ),
            (Obj::Slice(x), Obj::Slice(y)) => {
                self.compare_items(op, x.iter().copied(), y.iter().copied(), depth + 1)
            }
            (Obj::Set(x) | Obj::FrozenSet(x), Obj::Set(y) | Obj::FrozenSet(y)) => {
                let (small, large) = match op {
                    CmpOp::Lt | CmpOp::Le => (x, y),
                    _ => (y, x),
                };
                let strict = matches!(op, CmpOp::Lt | CmpOp::Gt);
                if strict && small.len() == large.len() {
                    return Ordered::Bool(false);
                }
                self.subset(small, large)
                    .map_or(Ordered::Python, Ordered::Bool)
            }
            (Obj::View { .. }, _) | (_, Obj::View { .. }) => self.compare_views(op, a, b),
            _ => Ordered::Unordered,
        }
    }

    fn compare_views(&self, op: CmpOp, a: Value, b: Value) -> Ordered {
        let (Some(x), Some(y)) = (self.view_len(a), self.view_len(b)) else {
            return Ordered::Unordered;
        };
        let (fits, small, large) = match op {
            CmpOp::Lt => (x < y, a, b),
            CmpOp::Le => (x <= y, a, b),
            CmpOp::Gt => (x > y, b, a),
            _ => (x >= y, b, a),
        };
        if !fits {
            return Ordered::Bool(false);
        }
        self.view_subset(small, large)
            .map_or(Ordered::Python, Ordered::Bool)
    }

    /// The first items that differ decide; if there are none, the lengths.
    fn compare_items(
        &self,
        op: CmpOp,
        x: impl ExactSizeIterator<Item = Value>,
        y: impl ExactSizeIterator<Item = Value>,
        depth: u32,
    ) -> Ordered {
        let lengths = x.len().cmp(&y.len());
        for (a, b) in x.zip(y) {
            match self.item_equal(a, b, depth) {
                Some(true) => {}
                None => return Ordered::Python,
                Some(false) => {
                    return match self.compare_at(op, a, b, depth) {
                        // The error has to name the items' types, not the containers'.
                        Ordered::Unordered => Ordered::Python,
                        decided => decided,
                    };
                }
            }
        }
        Ordered::Bool(op.holds(lengths))
    }

    /// Whether all of these pairs are the same or equal; `None` when an `__eq__` written in Python has a say.
    pub fn all_equal(&self, pairs: impl Iterator<Item = (Value, Value)>) -> Option<bool> {
        all(pairs.map(|(a, b)| self.same_or_equal(a, b)))
    }
}
