//! What the methods of sets do with tables: each function after its namesake in CPython's `Objects/setobject.c`, so that
//! results iterate in the same order.

use crate::id::ObjId;
use crate::program::instr::BinOp;
use crate::value::Value;
use crate::value::object::{Obj, ViewKind};
use crate::value::set::Set;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Native, Raise};
use crate::vm::protocol::arith::Operated;
use crate::vm::protocol::keyed::Lookup;

/// An argument of a set method.
#[derive(Clone, Copy)]
pub(super) enum Other {
    /// A set or frozenset.
    Set(ObjId),
    /// A dict, whose keys count.
    Dict(ObjId),
    /// Any other iterable, as a list.
    List(ObjId),
}

impl Other {
    pub(super) fn value(self) -> Value {
        match self {
            Other::Set(id) | Other::Dict(id) | Other::List(id) => Value::Obj(id),
        }
    }
}

pub(super) type Table<T> = Result<T, Lookup>;

impl Machine {
    /// The arguments after the first as sets, dicts and lists; `Err(i)` when argument `i` must be iterated in Python first.
    pub(super) fn set_arguments(
        &mut self,
        args: &[Value],
    ) -> Result<Result<Vec<Other>, usize>, Raise> {
        if let Some(i) = (1..args.len()).find(|&i| !self.is_natively_iterable(args[i])) {
            return Ok(Err(i));
        }
        let mut others = Vec::with_capacity(args.len());
        for &arg in args.iter().skip(1) {
            others.push(self.set_argument(arg)?);
        }
        Ok(Ok(others))
    }

    fn set_argument(&mut self, arg: Value) -> Result<Other, Raise> {
        if let Some(Value::Obj(id)) = self.builtin_for(arg, names::ITER) {
            match self.heap.get(id) {
                Obj::Set(_) | Obj::FrozenSet(_) => return Ok(Other::Set(id)),
                Obj::Dict(_) => return Ok(Other::Dict(id)),
                _ => {}
            }
        }
        let items = self.items(arg)?.unwrap_or_default();
        Ok(Other::List(self.heap.alloc(Obj::List(items))))
    }

    /// The elements of an argument with their hashes.
    pub(super) fn hashed(&self, other: Other) -> Table<Vec<(u64, Value)>> {
        match other {
            Other::Set(id) => Ok(self.set_table(id).iter().collect()),
            Other::Dict(id) => Ok(self
                .dict_table(id)
                .iter()
                .map(|e| (e.hash, e.key))
                .collect()),
            Other::List(id) => {
                let items = self.list_items(id).iter();
                items.map(|&v| Ok((self.key_hash(v)?, v))).collect()
            }
        }
    }

    /// `set_update_internal`
    pub(super) fn table_update(&self, table: &mut Set, other: Other) -> Table<()> {
        match other {
            Other::Set(id) => table
                .merge(self.set_table(id), |stored, key| {
                    self.same_known(stored, key)
                })
                .ok_or(Lookup::Python),
            _ => {
                if let Other::Dict(id) = other {
                    table.reserve_for_merge(self.dict_table(id).len());
                }
                for (hash, key) in self.hashed(other)? {
                    self.table_add(table, hash, key)?;
                }
                Ok(())
            }
        }
    }

    /// `set_intersection`
    pub(super) fn table_and(&self, table: &Set, other: Other) -> Table<Set> {
        let mut result = Set::default();
        if let Other::Set(id) = other {
            let (mut walked, mut probed) = (self.set_table(id), table);
            if walked.len() > probed.len() {
                std::mem::swap(&mut walked, &mut probed);
            }
            for (hash, key) in walked.iter() {
                if self.table_contains(probed, hash, key)? {
                    self.table_add(&mut result, hash, key)?;
                }
            }
            return Ok(result);
        }
        for (hash, key) in self.hashed(other)? {
            if self.table_contains(table, hash, key)? {
                self.table_add(&mut result, hash, key)?;
            }
        }
        Ok(result)
    }

    /// `set_difference_update_internal`
    pub(super) fn table_remove_all(&self, table: &mut Set, other: Other) -> Table<()> {
        for (hash, key) in self.hashed(other)? {
            self.table_remove(table, hash, key)?;
        }
        table.shrink_dummies();
        Ok(())
    }

    /// `set_difference`
    pub(super) fn table_minus(&self, table: &Set, other: Other) -> Table<Set> {
        let size = match other {
            Other::Set(id) => Some(self.set_table(id).len()),
            Other::Dict(id) => Some(self.dict_table(id).len()),
            Other::List(_) => None,
        };
        if size.is_none_or(|size| table.len() >> 2 > size) {
            let mut result = table.compact();
            self.table_remove_all(&mut result, other)?;
            return Ok(result);
        }
        let mut result = Set::default();
        for (hash, key) in table.iter() {
            let is_in = match other {
                Other::Set(id) => self.table_contains(self.set_table(id), hash, key)?,
                Other::Dict(id) => self.find_key(self.dict_table(id), hash, key)?.is_some(),
                Other::List(_) => false,
            };
            if !is_in {
                self.table_add(&mut result, hash, key)?;
            }
        }
        Ok(result)
    }

    /// `set_symmetric_difference_update`: elements of the second in the first go, others come.
    pub(super) fn table_toggle(&self, table: &mut Set, elements: &[(u64, Value)]) -> Table<()> {
        for &(hash, key) in elements {
            if !self.table_remove(table, hash, key)? {
                self.table_add(table, hash, key)?;
            }
        }
        Ok(())
    }

    /// A set of the same kind as another.
    pub(super) fn set_like(&mut self, model: ObjId, table: Set) -> Value {
        let frozen = matches!(self.heap.get(model), Obj::FrozenSet(_));
        self.heap.new_value(if frozen {
            Obj::FrozenSet(Box::new(table))
        } else {
            Obj::Set(Box::new(table))
        })
    }

    /// Gives a set another table.
    pub(super) fn set_replace(&mut self, set: ObjId, table: Set) {
        if self.heap.is_shared(set) {
            for (_, key) in table.iter() {
                self.heap.publish(key);
            }
        }
        self.heap
            .grew(table.bytes().saturating_sub(self.set_table(set).bytes()));
        *self.set_table_mut(set) = table;
    }

    /// The twin of a set method: the set and its other arguments as a tuple.
    pub(super) fn set_twin(
        &mut self,
        why: Lookup,
        twin: &str,
        set: ObjId,
        others: &[Other],
    ) -> Native {
        let others: Vec<Value> = others.iter().map(|o| o.value()).collect();
        let others = self.tuple(others);
        self.lookup_failed(why, twin, &[Value::Obj(set), others])
    }
}

// ---- operators -----------------------------------------------------------------------------------------------------------

impl Machine {
    /// `set op= b`; false when it is not for builtin types to do.
    pub(crate) fn set_change(&mut self, op: BinOp, set: ObjId, b: Value) -> bool {
        let Value::Obj(other) = self.unwrap(b) else {
            return false;
        };
        if !matches!(self.heap.get(other), Obj::Set(_) | Obj::FrozenSet(_)) {
            return false;
        }
        if other == set {
            if matches!(op, BinOp::Sub | BinOp::Xor) {
                *self.set_table_mut(set) = Set::default();
            }
            return true;
        }
        let other = Other::Set(other);
        let changed = match op {
            BinOp::Or => {
                let mut table = std::mem::take(self.set_table_mut(set));
                let done = self.table_update(&mut table, other);
                self.set_replace(set, table);
                return done.is_ok();
            }
            BinOp::Sub => {
                let mut table = std::mem::take(self.set_table_mut(set));
                let done = self.table_remove_all(&mut table, other);
                *self.set_table_mut(set) = table;
                return done.is_ok();
            }
            BinOp::And => self.table_and(self.set_table(set), other),
            _ => {
                let mut table = self.set_table(set).clone();
                self.hashed(other)
                    .and_then(|elements| self.table_toggle(&mut table, &elements))
                    .map(|()| table)
            }
        };
        match changed {
            Ok(table) => {
                self.set_replace(set, table);
                true
            }
            Err(_) => false,
        }
    }

    /// An operand of a dict view's operators. Keys on the left count as their dict does.
    fn view_operand(&mut self, v: Value, left: bool) -> Result<Option<Other>, Raise> {
        match self.object(v) {
            Some(
                Obj::View {
                    kind: ViewKind::Values,
                    ..
                }
                | Obj::Iter(_),
            ) => return Ok(None),
            Some(Obj::View {
                kind: ViewKind::Keys,
                dict: Value::Obj(dict),
            }) if left => {
                return Ok(Some(Other::Dict(*dict)));
            }
            _ => {}
        }
        if !self.is_natively_iterable(v) {
            return Ok(None);
        }
        self.set_argument(v).map(Some)
    }

    /// `a op b` where one is a view of keys or items: `dictviews_as_number` of CPython 3.13's `Objects/dictobject.c`.
    pub(crate) fn view_operator(&mut self, op: BinOp, a: Value, b: Value) -> Operated {
        let (Some(left), Some(right)) = (self.view_operand(a, true)?, self.view_operand(b, false)?)
        else {
            return Ok(None);
        };
        let result = match op {
            BinOp::And => self.view_and(a, left, b, right),
            _ => self.view_combined(op, left, right),
        };
        match result {
            Ok(table) => Ok(Some(self.set(table))),
            Err(Lookup::Python) => Ok(None),
            Err(Lookup::Unhashable(part)) => Err(self.unhashable(part)),
        }
    }

    fn view_combined(&self, op: BinOp, left: Other, right: Other) -> Table<Set> {
        let mut table = Set::default();
        self.table_update(&mut table, left)?;
        match op {
            BinOp::Or => self.table_update(&mut table, right)?,
            BinOp::Sub => self.table_remove_all(&mut table, right)?,
            _ => {
                let elements = match right {
                    Other::List(_) => {
                        let mut other = Set::default();
                        self.table_update(&mut other, right)?;
                        other.iter().collect()
                    }
                    _ => self.hashed(right)?,
                };
                self.table_toggle(&mut table, &elements)?;
            }
        }
        Ok(table)
    }

    /// `_PyDictView_Intersect`
    fn view_and(&self, a: Value, left: Other, b: Value, right: Other) -> Table<Set> {
        let is_view = |v| matches!(self.object(v), Some(Obj::View { .. }));
        let (mut view, mut other, other_is_view) = if is_view(a) {
            (left, right, is_view(b))
        } else {
            (right, left, false)
        };
        let elements = self.hashed(view)?;
        if let Other::Set(set) = other
            && elements.len() <= self.set_table(set).len()
        {
            let mut result = Set::default();
            for (hash, key) in elements {
                if self.table_contains(self.set_table(set), hash, key)? {
                    self.table_add(&mut result, hash, key)?;
                }
            }
            return Ok(result);
        }
        if other_is_view && self.hashed(other)?.len() > elements.len() {
            std::mem::swap(&mut view, &mut other);
        }
        let mut probed = Set::default();
        self.table_update(&mut probed, view)?;
        self.table_and_in_order(&probed, &self.hashed(other)?)
    }

    /// The elements that are in the table, in their order.
    fn table_and_in_order(&self, table: &Set, elements: &[(u64, Value)]) -> Table<Set> {
        let mut result = Set::default();
        for &(hash, key) in elements {
            if self.table_contains(table, hash, key)? {
                self.table_add(&mut result, hash, key)?;
            }
        }
        Ok(result)
    }
}
