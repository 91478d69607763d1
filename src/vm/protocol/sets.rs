//! `|`, `&`, `-`, `^` of sets, dicts and dict views, with results in CPython's iteration order.
//!
//! Sources: `Objects/setobject.c`, `Objects/dictobject.c`. Every operation first finds out what to do, so that nothing has
//! changed when an `__eq__` written in Python turns out to have a say.

use super::arith::Operated;
use super::hash::Hashed;
use crate::id::ObjId;
use crate::program::instr::BinOp;
use crate::value::Value;
use crate::value::object::{Obj, ViewKind};
use crate::value::set::Set;
use crate::vm::machine::Machine;
use crate::vm::native::Raise;

impl Machine {
    /// `a op b` of sets, dicts or dict views.
    pub(super) fn set_operator(&mut self, op: BinOp, a: Value, b: Value) -> Operated {
        let (Some(x), Some(y)) = (self.object(a), self.object(b)) else {
            return Ok(None);
        };
        match (x, y) {
            (Obj::Set(x) | Obj::FrozenSet(x), Obj::Set(y) | Obj::FrozenSet(y)) => {
                let frozen = matches!(self.object(a), Some(Obj::FrozenSet(_)));
                let Some(result) = self.combine(op, x, y) else {
                    return Ok(None);
                };
                let result = Box::new(result);
                Ok(Some(self.heap.new_value(if frozen {
                    Obj::FrozenSet(result)
                } else {
                    Obj::Set(result)
                })))
            }
            (Obj::Dict(x), Obj::Dict(y)) if op == BinOp::Or => {
                let mut result = (**x).clone();
                for entry in y.iter() {
                    match self.dict_find(&result, entry.hash, entry.key) {
                        None => return Ok(None),
                        Some(Some(at)) => {
                            result.set_at(at, entry.value);
                        }
                        Some(None) => result.push(entry.hash, entry.key, entry.value),
                    }
                }
                Ok(Some(self.dict(result)))
            }
            (Obj::View { .. }, _) | (_, Obj::View { .. }) => self.view_operator(op, a, b),
            _ => Ok(None),
        }
    }

    /// The set `x op y`; `None` when an `__eq__` written in Python has a say.
    pub(crate) fn combine(&self, op: BinOp, x: &Set, y: &Set) -> Option<Set> {
        let mut result = Set::default();
        match op {
            BinOp::Or => {
                result = x.compact();
                result.merge(y, |stored, key| self.same_or_equal(stored, key))?;
            }
            BinOp::And => {
                let (probed, walked) = if y.len() > x.len() { (y, x) } else { (x, y) };
                for (hash, key) in walked.iter() {
                    if self.set_has(probed, hash, key)? {
                        result.add(hash, key, |_| false);
                    }
                }
            }
            BinOp::Sub if x.len() >> 2 > y.len() => {
                result = x.compact();
                for (hash, key) in y.iter() {
                    if let Some(mine) = self.element(x, hash, key)? {
                        result.remove(hash, |other| other.is(mine));
                    }
                }
            }
            BinOp::Sub => {
                for (hash, key) in x.iter() {
                    if !self.set_has(y, hash, key)? {
                        result.add(hash, key, |_| false);
                    }
                }
            }
            _ => {
                result = y.compact();
                for (hash, key) in x.iter() {
                    match self.element(y, hash, key)? {
                        Some(other) => {
                            result.remove(hash, |v| v.is(other));
                        }
                        None => {
                            result.add(hash, key, |_| false);
                        }
                    }
                }
            }
        }
        Some(result)
    }

    /// What of `y` is not in `x`.
    fn absent(&self, y: &Set, x: &Set) -> Option<Vec<(u64, Value)>> {
        let mut new = Vec::new();
        for (hash, key) in y.iter() {
            if !self.set_has(x, hash, key)? {
                new.push((hash, key));
            }
        }
        Some(new)
    }

    /// The element of a set that is equal to this one.
    fn element(&self, set: &Set, hash: u64, key: Value) -> Option<Option<Value>> {
        let mut undecided = false;
        let found = set.find(hash, |other| {
            self.same_or_equal(other, key).unwrap_or_else(|| {
                undecided = true;
                true
            })
        });
        if undecided { None } else { Some(found) }
    }

    /// `set op= b`; false when it is not for builtin types to do.
    pub(super) fn set_change(&mut self, op: BinOp, id: ObjId, b: Value) -> bool {
        let (Obj::Set(mine), Some(Obj::Set(other) | Obj::FrozenSet(other))) =
            (self.heap.get(id), self.object(b))
        else {
            return false;
        };
        if op == BinOp::Or {
            let Some(new) = self.absent(other, mine) else {
                return false;
            };
            let total = other.len();
            self.heap.publish_into(id, b);
            self.heap.grew(new.len() * 32);
            if let Obj::Set(set) = self.heap.get_mut(id) {
                set.reserve_for_merge(total);
                for (hash, key) in new {
                    set.add(hash, key, |_| false);
                }
            }
            return true;
        }
        let result = match op {
            BinOp::Sub => {
                // In place it only ever discards.
                let mut result = (**mine).clone();
                for (hash, key) in other.iter() {
                    match self.element(mine, hash, key) {
                        None => return false,
                        Some(Some(found)) => {
                            result.remove(hash, |v| v.is(found));
                        }
                        Some(None) => {}
                    }
                }
                result
            }
            BinOp::Xor => {
                let mut result = (**mine).clone();
                for (hash, key) in other.iter() {
                    match self.element(mine, hash, key) {
                        None => return false,
                        Some(Some(found)) => {
                            result.remove(hash, |v| v.is(found));
                        }
                        Some(None) => {
                            result.add(hash, key, |_| false);
                        }
                    }
                }
                result
            }
            _ => match self.combine(op, mine, other) {
                Some(result) => result,
                None => return false,
            },
        };
        self.heap.publish_into(id, b);
        if let Obj::Set(set) = self.heap.get_mut(id) {
            **set = result;
        }
        true
    }

    /// `dict |= b` for another dict; false when it is not for builtin types to do.
    pub(super) fn dict_merge(&mut self, id: ObjId, b: Value) -> bool {
        let (Obj::Dict(mine), Some(Obj::Dict(other))) = (self.heap.get(id), self.object(b)) else {
            return false;
        };
        let mut changes = Vec::with_capacity(other.len());
        for entry in other.iter() {
            match self.dict_find(mine, entry.hash, entry.key) {
                Some(at) => changes.push((at, *entry)),
                None => return false,
            }
        }
        self.heap.publish_into(id, b);
        self.heap.grew(changes.len() * 48);
        if let Obj::Dict(dict) = self.heap.get_mut(id) {
            for (at, entry) in &changes {
                if let Some(at) = at {
                    dict.set_at(*at, entry.value);
                }
            }
            // Pushing may move entries, so it comes last.
            for (_, entry) in changes.iter().filter(|(at, _)| at.is_none()) {
                dict.push(entry.hash, entry.key, entry.value);
            }
        }
        true
    }

    /// The elements of a value that a dict view is combined with, with their hashes.
    fn hashed_items(&mut self, v: Value) -> Result<Option<Vec<(u64, Value)>>, Raise> {
        if matches!(self.object(v), Some(Obj::Iter(_))) {
            // What it gave would be lost if the twin had to begin again.
            return Ok(None);
        }
        let Some(items) = self.items(v)? else {
            return Ok(None);
        };
        let hashed = items.into_iter().map(|item| match self.hash(item) {
            Hashed::Hash(hash) => Some((hash, item)),
            _ => None,
        });
        Ok(hashed.collect())
    }

    fn set_of(&self, items: &[(u64, Value)]) -> Option<Set> {
        let mut set = Set::default();
        for &(hash, item) in items {
            if !self.set_has(&set, hash, item)? {
                set.add(hash, item, |_| false);
            }
        }
        Some(set)
    }

    fn view_operator(&mut self, op: BinOp, a: Value, b: Value) -> Operated {
        // A set on the left takes only sets; then the view on the right has the say, with the sides as they are.
        let is_values = |v: Option<&Obj>| {
            matches!(
                v,
                Some(Obj::View {
                    kind: ViewKind::Values,
                    ..
                })
            )
        };
        if is_values(self.object(a)) || is_values(self.object(b)) {
            return Ok(None);
        }
        let (Some(x), Some(y)) = (self.hashed_items(a)?, self.hashed_items(b)?) else {
            return Ok(None);
        };
        let (Some(left), Some(right)) = (self.set_of(&x), self.set_of(&y)) else {
            return Ok(None);
        };
        let result = match op {
            BinOp::And => {
                let walk_right = !matches!(self.object(b), Some(Obj::Set(_))) || x.len() > y.len();
                let swap = matches!(self.object(b), Some(Obj::View { .. })) && y.len() > x.len();
                let (probed, walked) = if walk_right && !swap {
                    (&left, &y)
                } else {
                    (&right, &x)
                };
                let mut result = Set::default();
                for &(hash, item) in walked {
                    match (
                        self.set_has(probed, hash, item),
                        self.set_has(&result, hash, item),
                    ) {
                        (Some(true), Some(false)) => {
                            result.add(hash, item, |_| false);
                        }
                        (Some(_), Some(_)) => {}
                        _ => return Ok(None),
                    }
                }
                Some(result)
            }
            BinOp::Sub => {
                let mut result = left;
                for (hash, item) in y {
                    let Some(found) = self.element(&result, hash, item) else {
                        return Ok(None);
                    };
                    if let Some(found) = found {
                        result.remove(hash, |v| v.is(found));
                    }
                }
                Some(result)
            }
            op => self.combine(op, &left, &right),
        };
        Ok(result.map(|set| self.set(set)))
    }
}
