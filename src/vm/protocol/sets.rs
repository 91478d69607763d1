//! `|`, `&`, `-`, `^` of sets, dicts and dict views, with results in CPython's iteration order.
//!
//! Sources: `Objects/setobject.c`, `Objects/dictobject.c`. Every operation first finds out what to do, so that nothing has
//! changed when an `__eq__` written in Python turns out to have a say.

use super::arith::Operated;
use crate::id::ObjId;
use crate::program::instr::BinOp;
use crate::value::Value;
use crate::value::object::Obj;
use crate::value::set::Set;
use crate::vm::machine::Machine;

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
                result.shrink_dummies();
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
}
