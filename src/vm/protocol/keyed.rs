//! Tables by Python value: lookups, stores and removals in `dict`, `set` and `frozenset`.
//!
//! A table is reached natively as long as no key's `__hash__` or `__eq__` is user code; otherwise the caller hands the whole
//! operation to its twin in the prelude, which probes with `_raddle_probe` and compares in Python.

use crate::id::ObjId;
use crate::value::Value;
use crate::value::dict::Dict;
use crate::value::object::Obj;
use crate::value::set::Set;
use crate::vm::machine::Machine;
use crate::vm::native::Raise;
use crate::vm::protocol::hash::{Hashed, hash_int};
use crate::vm::types::Ty;

/// Why a table gave no answer.
#[derive(Clone, Copy, Debug)]
pub enum Lookup {
    /// The key's `__hash__`, or an `__eq__` that must be asked, is user code.
    Python,
    /// This key, or part of it, has no hash.
    Unhashable(Value),
}

/// Bytes counted for an entry added to a dict or set.
const ENTRY_BYTES: usize = 48;

impl Machine {
    /// The hash of a key.
    #[inline]
    pub fn key_hash(&self, key: Value) -> Result<u64, Lookup> {
        match key {
            Value::Int(n) => return Ok(hash_int(n)),
            Value::Obj(id) => {
                if let Obj::Str(s) = self.heap.get(id)
                    && s.hash != 0
                {
                    return Ok(s.hash);
                }
            }
            _ => {}
        }
        match self.hash(key) {
            Hashed::Hash(hash) => Ok(hash),
            Hashed::Python => Err(Lookup::Python),
            Hashed::Unhashable(part) => Err(Lookup::Unhashable(part)),
        }
    }

    /// Whether a stored key is the one looked for: identical or equal. Sets `python` when only user code could tell.
    #[inline]
    pub fn same_key(&self, stored: Value, key: Value, python: &mut bool) -> bool {
        if stored.is(key) {
            return true;
        }
        match (stored, key) {
            (Value::Int(_), Value::Int(_)) => return false,
            (Value::Obj(a), Value::Obj(b)) => {
                if let (Obj::Str(a), Obj::Str(b)) = (self.heap.get(a), self.heap.get(b)) {
                    return a.text == b.text;
                }
            }
            _ => {}
        }
        match self.equal(stored, key) {
            Some(equal) => equal,
            None => {
                *python = true;
                false
            }
        }
    }

    /// The table of a dict object.
    ///
    /// # Panics
    /// When the object is no dict.
    #[inline]
    pub fn dict_table(&self, dict: ObjId) -> &Dict {
        match self.heap.get(dict) {
            Obj::Dict(table) => table,
            other => unreachable!("a dict was expected, not {other:?}"),
        }
    }

    /// The table of a dict object, to change.
    ///
    /// # Panics
    /// When the object is no dict.
    #[inline]
    pub fn dict_table_mut(&mut self, dict: ObjId) -> &mut Dict {
        match self.heap.get_mut(dict) {
            Obj::Dict(table) => table,
            other => unreachable!("a dict was expected, not {other:?}"),
        }
    }

    /// Position of a key of known hash in a table.
    #[inline]
    pub fn find_key(&self, table: &Dict, hash: u64, key: Value) -> Result<Option<usize>, Lookup> {
        let mut python = false;
        let found = table.find(hash, |stored| self.same_key(stored, key, &mut python));
        if python && found.is_none() {
            return Err(Lookup::Python);
        }
        Ok(found)
    }

    /// The value of a key.
    #[inline]
    pub fn dict_get(&self, dict: ObjId, key: Value) -> Result<Option<Value>, Lookup> {
        let hash = self.key_hash(key)?;
        let table = self.dict_table(dict);
        Ok(self
            .find_key(table, hash, key)?
            .map(|at| table.at(at).value))
    }

    /// Sets the value of a key and gives back the former one.
    pub fn dict_set(
        &mut self,
        dict: ObjId,
        key: Value,
        value: Value,
    ) -> Result<Option<Value>, Lookup> {
        let hash = self.key_hash(key)?;
        let found = self.find_key(self.dict_table(dict), hash, key)?;
        self.heap.publish_into(dict, value);
        match found {
            Some(at) => Ok(Some(self.dict_table_mut(dict).set_at(at, value))),
            None => {
                self.dict_push(dict, hash, key, value);
                Ok(None)
            }
        }
    }

    /// Adds a key known to be absent.
    pub fn dict_push(&mut self, dict: ObjId, hash: u64, key: Value, value: Value) {
        self.heap.publish_into(dict, key);
        self.heap.publish_into(dict, value);
        self.dict_table_mut(dict).push(hash, key, value);
        self.heap.grew(ENTRY_BYTES);
    }

    /// Removes a key and gives back what was stored.
    pub fn dict_remove(
        &mut self,
        dict: ObjId,
        key: Value,
    ) -> Result<Option<(Value, Value)>, Lookup> {
        let hash = self.key_hash(key)?;
        let found = self.find_key(self.dict_table(dict), hash, key)?;
        Ok(found.map(|at| {
            let entry = self.dict_table_mut(dict).remove_at(at);
            (entry.key, entry.value)
        }))
    }

    /// Adds to a table that is no object yet a key that is a `str` and not in it.
    pub fn dict_insert_new(&mut self, table: &mut Dict, key: Value, value: Value) {
        if let Ok(hash) = self.key_hash(key) {
            table.push(hash, key, value);
        }
    }

    /// The value of a `str` key in a dict.
    pub fn dict_lookup_str(&self, dict: ObjId, key: Value) -> Option<Value> {
        self.dict_get(dict, key).ok().flatten()
    }

    /// The table of a set or frozenset object.
    ///
    /// # Panics
    /// When the object is neither.
    pub fn set_table(&self, set: ObjId) -> &Set {
        match self.heap.get(set) {
            Obj::Set(table) | Obj::FrozenSet(table) => table,
            other => unreachable!("a set was expected, not {other:?}"),
        }
    }

    /// The table of a set object, to change.
    ///
    /// # Panics
    /// When the object is no set.
    pub fn set_table_mut(&mut self, set: ObjId) -> &mut Set {
        match self.heap.get_mut(set) {
            Obj::Set(table) | Obj::FrozenSet(table) => table,
            other => unreachable!("a set was expected, not {other:?}"),
        }
    }

    /// [`Machine::same_key`] with `None` for "only user code could tell".
    #[inline]
    pub fn same_known(&self, stored: Value, key: Value) -> Option<bool> {
        let mut python = false;
        let same = self.same_key(stored, key, &mut python);
        (!python).then_some(same)
    }

    /// Whether a table has an element of this hash.
    pub fn table_contains(&self, table: &Set, hash: u64, key: Value) -> Result<bool, Lookup> {
        table
            .contains_known(hash, |stored| self.same_known(stored, key))
            .ok_or(Lookup::Python)
    }

    /// Adds to a table that is no object; says whether the element is new.
    pub fn table_add(&self, table: &mut Set, hash: u64, key: Value) -> Result<bool, Lookup> {
        table
            .add_known(hash, key, |stored| self.same_known(stored, key))
            .ok_or(Lookup::Python)
    }

    /// Removes from a table that is no object; says whether the element was in.
    pub fn table_remove(&self, table: &mut Set, hash: u64, key: Value) -> Result<bool, Lookup> {
        if !self.table_contains(table, hash, key)? {
            return Ok(false);
        }
        table.remove(hash, |stored| self.same_known(stored, key) == Some(true));
        Ok(true)
    }

    /// Whether an element is in a set.
    pub fn set_contains(&self, set: ObjId, key: Value) -> Result<bool, Lookup> {
        let hash = self.key_hash(key)?;
        self.table_contains(self.set_table(set), hash, key)
    }

    /// Adds an element; says whether it is new.
    pub fn set_add(&mut self, set: ObjId, key: Value) -> Result<bool, Lookup> {
        let hash = self.key_hash(key)?;
        if self.table_contains(self.set_table(set), hash, key)? {
            return Ok(false);
        }
        self.heap.publish_into(set, key);
        self.set_table_mut(set).add(hash, key, |_| false);
        self.heap.grew(ENTRY_BYTES);
        Ok(true)
    }

    /// Removes an element; says whether it was in.
    pub fn set_remove(&mut self, set: ObjId, key: Value) -> Result<bool, Lookup> {
        let hash = self.key_hash(key)?;
        let mut python = false;
        let stored = self
            .set_table(set)
            .find(hash, |stored| self.same_key(stored, key, &mut python));
        match stored {
            Some(stored) => {
                self.set_table_mut(set).remove(hash, |k| k.is(stored));
                Ok(true)
            }
            None if python => Err(Lookup::Python),
            None => Ok(false),
        }
    }

    /// `TypeError: unhashable type`.
    #[cold]
    pub fn unhashable(&mut self, value: Value) -> Raise {
        let message = format!("unhashable type: '{}'", self.type_name(value));
        self.type_error(message)
    }

    /// `KeyError` with the key as its argument.
    #[cold]
    pub fn key_error(&mut self, key: Value) -> Raise {
        self.raise_with(Ty::KeyError, &[key])
    }
}
