//! `a == b` of builtin values, deep in containers.
//!
//! Items of containers are compared as CPython does (`PyObject_RichCompare` in `Objects/*.c`): the same object is equal to
//! itself, and the first difference decides, so that user code behind it is never asked.

use super::MAX_DEPTH;
use crate::value::Value;
use crate::value::dict::Dict;
use crate::value::object::{Obj, ViewKind};
use crate::value::set::Set;
use crate::vm::machine::Machine;
use crate::vm::names;
use std::cmp::Ordering;

/// Folds answers: false as soon as one is false, undecided as soon as one is undecided.
pub(super) fn all(mut answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    match answers.find(|&answer| answer != Some(true)) {
        None => Some(true),
        Some(answer) => answer,
    }
}

impl Machine {
    /// `a == b`; `None` when an `__eq__` written in Python has a say.
    #[inline]
    pub fn equal(&self, a: Value, b: Value) -> Option<bool> {
        match (a, b) {
            (Value::Int(a), Value::Int(b)) => Some(a == b),
            (Value::Obj(x), Value::Obj(y))
                if let (Obj::Str(x), Obj::Str(y)) = (self.heap.get(x), self.heap.get(y)) =>
            {
                Some(x.text == y.text)
            }
            _ => self.equal_at(a, b, 0),
        }
    }

    /// As [`Machine::equal`], but the same object is equal to itself: how containers compare items and keys.
    #[inline]
    pub fn same_or_equal(&self, a: Value, b: Value) -> Option<bool> {
        if a.is(b) {
            Some(true)
        } else {
            self.equal(a, b)
        }
    }

    pub(super) fn item_equal(&self, a: Value, b: Value, depth: u32) -> Option<bool> {
        if a.is(b) {
            Some(true)
        } else {
            self.equal_at(a, b, depth)
        }
    }

    fn equal_at(&self, a: Value, b: Value, depth: u32) -> Option<bool> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.flags(a).eq && self.overrides(a, names::EQ)
            || self.flags(b).eq && self.overrides(b, names::EQ)
        {
            return None;
        }
        self.builtin_equal(a, b, depth)
    }

    /// `a == b` as the builtin types see it, whatever classes derived from them define.
    pub(super) fn builtin_equal(&self, a: Value, b: Value, depth: u32) -> Option<bool> {
        let (a, b) = (self.unwrap(a), self.unwrap(b));
        if let (Some(x), Some(y)) = (self.number(a), self.number(b)) {
            return Some(x.compare(y) == Some(Ordering::Equal));
        }
        let (Value::Obj(x), Value::Obj(y)) = (a, b) else {
            return Some(a.is(b));
        };
        match (self.heap.get(x), self.heap.get(y)) {
            (Obj::Str(x), Obj::Str(y)) => Some(x.text == y.text),
            (Obj::Bytes(x), Obj::Bytes(y)) => Some(x == y),
            (Obj::Bytes(x), Obj::ByteArray(y)) | (Obj::ByteArray(y), Obj::Bytes(x)) => {
                Some(x[..] == y[..])
            }
            (Obj::ByteArray(x), Obj::ByteArray(y)) => Some(x == y),
            (Obj::Tuple(x), Obj::Tuple(y)) => self.tuples_equal(x, y, depth + 1),
            (Obj::List(x), Obj::List(y)) => {
                if x.len() != y.len() {
                    return Some(false);
                }
                all(x
                    .iter()
                    .zip(y)
                    .map(|(&a, &b)| self.item_equal(a, b, depth + 1)))
            }
            (Obj::Deque(x), Obj::Deque(y)) => {
                if x.items.len() != y.items.len() {
                    return Some(false);
                }
                all(x
                    .items
                    .iter()
                    .zip(&y.items)
                    .map(|(&a, &b)| self.item_equal(a, b, depth + 1)))
            }
            (Obj::Dict(x), Obj::Dict(y)) => self.dicts_equal(x, y, depth + 1),
            (Obj::Namespace(x), Obj::Namespace(y)) => x.is(*y).then_some(true),
            (Obj::Namespace(_), Obj::Dict(_)) | (Obj::Dict(_), Obj::Namespace(_)) => None,
            (Obj::Set(x) | Obj::FrozenSet(x), Obj::Set(y) | Obj::FrozenSet(y)) => {
                if x.len() == y.len() {
                    self.subset(x, y)
                } else {
                    Some(false)
                }
            }
            (Obj::Range(x), Obj::Range(y)) => Some(
                x.len() == y.len()
                    && (x.is_empty() || x.start == y.start && (x.len() == 1 || x.step == y.step)),
            ),
            (Obj::Range(_) | Obj::HugeRange(_), Obj::Range(_) | Obj::HugeRange(_)) => {
                Some(self.as_range(a)?.same_items(&self.as_range(b)?))
            }
            (Obj::Slice(x), Obj::Slice(y)) => self.tuples_equal(&x[..], &y[..], depth + 1),
            (
                Obj::BoundMethod {
                    function: f,
                    this: s,
                },
                Obj::BoundMethod {
                    function: g,
                    this: t,
                },
            ) => Some(f.is(*g) && s.is(*t)),
            (Obj::Code(x), Obj::Code(y)) => Some(x == y),
            (Obj::View { kind, .. }, other) | (other, Obj::View { kind, .. }) => {
                if *kind == ViewKind::Values {
                    return Some(x == y);
                }
                match other {
                    Obj::View { kind, .. } if *kind != ViewKind::Values => {}
                    Obj::Set(_) | Obj::FrozenSet(_) => {}
                    _ => return Some(false),
                }
                if self.view_len(a) != self.view_len(b) {
                    return Some(false);
                }
                self.view_subset(a, b)
            }
            _ => Some(x == y),
        }
    }

    fn tuples_equal(&self, x: &[Value], y: &[Value], depth: u32) -> Option<bool> {
        // CPython compares the lengths of tuples last.
        let items = all(x.iter().zip(y).map(|(&a, &b)| self.item_equal(a, b, depth)));
        if items == Some(true) {
            Some(x.len() == y.len())
        } else {
            items
        }
    }

    fn dicts_equal(&self, x: &Dict, y: &Dict, depth: u32) -> Option<bool> {
        if x.len() != y.len() {
            return Some(false);
        }
        all(x
            .iter()
            .map(|entry| match self.dict_find(y, entry.hash, entry.key)? {
                Some(at) => self.item_equal(entry.value, y.at(at).value, depth),
                None => Some(false),
            }))
    }

    /// Position of a key in a dict; the outer `None` when an `__eq__` written in Python has a say.
    pub fn dict_find(&self, dict: &Dict, hash: u64, key: Value) -> Option<Option<usize>> {
        let mut undecided = false;
        let found = dict.find(hash, |other| match self.same_or_equal(other, key) {
            Some(same) => same,
            None => {
                undecided = true;
                true
            }
        });
        if undecided { None } else { Some(found) }
    }

    /// Whether a set has an element; `None` when an `__eq__` written in Python has a say.
    pub fn set_has(&self, set: &Set, hash: u64, key: Value) -> Option<bool> {
        let mut undecided = false;
        let found = set.contains(hash, |other| match self.same_or_equal(other, key) {
            Some(same) => same,
            None => {
                undecided = true;
                true
            }
        });
        if undecided { None } else { Some(found) }
    }

    /// Whether all elements of `x` are in `y`.
    pub(super) fn subset(&self, x: &Set, y: &Set) -> Option<bool> {
        if x.len() > y.len() {
            return Some(false);
        }
        all(x.iter().map(|(hash, key)| self.set_has(y, hash, key)))
    }

    /// Number of elements of a set or dict view; `None` for other values.
    pub(super) fn view_len(&self, v: Value) -> Option<usize> {
        match self.object(v)? {
            Obj::Set(set) | Obj::FrozenSet(set) => Some(set.len()),
            Obj::View { dict, kind } if *kind != ViewKind::Values => {
                Some(self.as_dict(*dict)?.len())
            }
            _ => None,
        }
    }

    /// Whether all elements of the set or view `x` are in the set or view `y`.
    pub(super) fn view_subset(&self, x: Value, y: Value) -> Option<bool> {
        match self.object(x)? {
            Obj::Set(set) | Obj::FrozenSet(set) => {
                all(set.iter().map(|(hash, v)| self.view_has(y, hash, v)))
            }
            Obj::View {
                dict,
                kind: ViewKind::Keys,
            } => all(self
                .as_dict(*dict)?
                .iter()
                .map(|e| self.view_has(y, e.hash, e.key))),
            Obj::View {
                dict,
                kind: ViewKind::Items,
            } => all(self
                .as_dict(*dict)?
                .iter()
                .map(|e| self.view_has_pair(y, e.key, e.value))),
            _ => None,
        }
    }

    fn view_has(&self, y: Value, hash: u64, v: Value) -> Option<bool> {
        match self.object(y)? {
            Obj::Set(set) | Obj::FrozenSet(set) => self.set_has(set, hash, v),
            Obj::View {
                dict,
                kind: ViewKind::Keys,
            } => Some(self.dict_find(self.as_dict(*dict)?, hash, v)?.is_some()),
            Obj::View {
                kind: ViewKind::Items,
                ..
            } => match self.object(v) {
                Some(Obj::Tuple(pair)) if pair.len() == 2 => {
                    self.view_has_pair(y, pair[0], pair[1])
                }
                _ => Some(false),
            },
            _ => None,
        }
    }

    fn view_has_pair(&self, y: Value, key: Value, value: Value) -> Option<bool> {
        let (super::hash::Hashed::Hash(key_hash), y) = (self.hash(key), self.object(y)?) else {
            return None;
        };
        match y {
            Obj::View {
                dict,
                kind: ViewKind::Items,
            } => {
                let dict = self.as_dict(*dict)?;
                match self.dict_find(dict, key_hash, key)? {
                    Some(at) => self.same_or_equal(dict.at(at).value, value),
                    None => Some(false),
                }
            }
            Obj::View {
                dict,
                kind: ViewKind::Keys,
            } => self.any_pair(self.as_dict(*dict)?.iter().map(|e| e.key), key, value),
            Obj::Set(set) | Obj::FrozenSet(set) => {
                self.any_pair(set.iter().map(|(_, v)| v), key, value)
            }
            _ => None,
        }
    }

    /// Whether one of these values is the tuple `(key, value)`.
    fn any_pair(
        &self,
        values: impl Iterator<Item = Value>,
        key: Value,
        value: Value,
    ) -> Option<bool> {
        for v in values {
            if let Some(Obj::Tuple(pair)) = self.object(v)
                && pair.len() == 2
            {
                let same = all([(pair[0], key), (pair[1], value)]
                    .into_iter()
                    .map(|(a, b)| self.same_or_equal(a, b)));
                if same != Some(false) {
                    return same;
                }
            }
        }
        Some(false)
    }
}
