//! Iteration over builtin types: iterators that are advanced without running Python code.

use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::object::{HugeRange, Iter, Obj, Range, ViewKind};
use crate::vm::machine::Machine;
use crate::vm::memory::{ITEM_BYTES, LOOK_EVERY};
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::types::Ty;
use num_bigint::BigInt;
use num_traits::Signed;

/// An iterator's state over a range.
pub fn range_iter(range: &Range) -> Iter {
    Iter::Range(range.start, range.len(), range.step)
}

/// An iterator's state over a range from its end.
pub fn range_reversed(range: &Range) -> Iter {
    let len = range.len();
    let last = range
        .start
        .wrapping_add(range.step.wrapping_mul(len.wrapping_sub(1)));
    Iter::Range(last, len, range.step.wrapping_neg())
}

impl Machine {
    /// The builtin value that a special method of `value` works on: the value itself, or what is inside an instance of a
    /// class derived from a builtin one, unless user code overrides the method.
    #[inline]
    pub fn builtin_for(&self, value: Value, method: NameId) -> Option<Value> {
        let Value::Obj(id) = value else {
            return Some(value);
        };
        match self.heap.get(id) {
            Obj::Instance(instance) => {
                let (class, inner) = (instance.class, instance.inner);
                if inner.is_unbound() {
                    return None;
                }
                match self.lookup(class, method) {
                    Some(Value::Obj(found)) if matches!(self.heap.get(found), Obj::Native(_)) => {
                        Some(inner)
                    }
                    _ => None,
                }
            }
            _ => Some(value),
        }
    }

    /// A new iterator object.
    #[inline]
    pub fn new_iter(&mut self, iter: Iter) -> Value {
        self.heap.new_value(Obj::Iter(Box::new(iter)))
    }

    /// An iterator over a builtin iterable; an iterator is its own. `None` when `__iter__` or `__getitem__` must be looked up.
    #[inline]
    pub fn get_iter(&mut self, value: Value) -> Option<Value> {
        let value = self.builtin_for(value, names::ITER)?;
        self.builtin_iter(value)
    }

    /// As [`Machine::get_iter`] for a value that is no instance.
    pub fn builtin_iter(&mut self, value: Value) -> Option<Value> {
        let Value::Obj(id) = value else {
            return None;
        };
        let iter = match self.heap.get(id) {
            Obj::Iter(_) => return Some(value),
            Obj::List(_) => Iter::List(value, 0),
            Obj::Tuple(_) => Iter::Tuple(value, 0),
            Obj::Range(range) => range_iter(range),
            Obj::HugeRange(range) => HugeRange::clone(range).iter(),
            Obj::Str(_) => Iter::Str(value, 0),
            Obj::Bytes(_) | Obj::ByteArray(_) => Iter::Bytes(value, 0),
            Obj::Dict(dict) => Iter::Dict(value, ViewKind::Keys, 0, dict.len()),
            Obj::Set(set) | Obj::FrozenSet(set) => Iter::Set(value, 0, set.len()),
            Obj::Deque(deque) => Iter::Deque(value, 0, deque.items.len()),
            Obj::View { dict, kind } => {
                let (dict, kind) = (*dict, *kind);
                Iter::Dict(dict, kind, 0, self.as_dict(dict)?.len())
            }
            Obj::Namespace(_) => {
                let snapshot = self.namespace_snapshot(id);
                Iter::Dict(
                    Value::Obj(snapshot),
                    ViewKind::Keys,
                    0,
                    self.dict_table(snapshot).len(),
                )
            }
            _ => return None,
        };
        Some(self.new_iter(iter))
    }

    #[inline(always)]
    fn iter_mut(&mut self, iter: ObjId) -> &mut Iter {
        match self.heap.get_mut(iter) {
            Obj::Iter(iter) => iter,
            other => unreachable!("an iterator was expected, not {other:?}"),
        }
    }

    fn exhaust(&mut self, iter: ObjId) -> Result<Option<Value>, Raise> {
        *self.iter_mut(iter) = Iter::Done;
        Ok(None)
    }

    /// The next item of an iterator object; `None` when there is none.
    ///
    /// # Errors
    /// `RuntimeError` when the container changed in a way that its iterators cannot follow.
    #[inline]
    pub fn advance(&mut self, iter: ObjId) -> Result<Option<Value>, Raise> {
        let Obj::Iter(state) = self.heap.get(iter) else {
            unreachable!("an iterator was expected")
        };
        match **state {
            Iter::Range(next, left, step) => {
                if left <= 0 {
                    return Ok(None);
                }
                *self.iter_mut(iter) = Iter::Range(next.wrapping_add(step), left - 1, step);
                Ok(Some(Value::Int(next)))
            }
            Iter::List(Value::Obj(list), at) => {
                let item = match self.heap.get(list) {
                    Obj::List(items) => items.get(at).copied(),
                    _ => None,
                };
                match item {
                    Some(item) => {
                        if let Iter::List(_, at) = self.iter_mut(iter) {
                            *at += 1;
                        }
                        Ok(Some(item))
                    }
                    None => self.exhaust(iter),
                }
            }
            Iter::Tuple(Value::Obj(tuple), at) => {
                let item = match self.heap.get(tuple) {
                    Obj::Tuple(items) => items.get(at).copied(),
                    _ => None,
                };
                if item.is_some()
                    && let Iter::Tuple(_, at) = self.iter_mut(iter)
                {
                    *at += 1;
                }
                Ok(item)
            }
            Iter::Dict(Value::Obj(dict), kind, at, len) => {
                self.advance_dict(iter, dict, kind, at, len)
            }
            Iter::Enumerate(Value::Obj(inner), count) => self.advance_enumerate(iter, inner, count),
            Iter::Zip(..) => self.advance_zip(iter),
            _ => self.advance_other(iter),
        }
    }

    fn advance_dict(
        &mut self,
        iter: ObjId,
        dict: ObjId,
        kind: ViewKind,
        at: usize,
        len: usize,
    ) -> Result<Option<Value>, Raise> {
        let table = self.dict_table(dict);
        if table.len() != len {
            if let Iter::Dict(_, _, _, len) = self.iter_mut(iter) {
                *len = usize::MAX;
            }
            return Err(self.raise(Ty::RuntimeError, "dictionary changed size during iteration"));
        }
        let Some((found, entry)) = table.next_from(at) else {
            return self.exhaust(iter);
        };
        if let Iter::Dict(_, _, at, _) = self.iter_mut(iter) {
            *at = found + 1;
        }
        Ok(Some(match kind {
            ViewKind::Keys => entry.key,
            ViewKind::Values => entry.value,
            ViewKind::Items => self.tuple([entry.key, entry.value]),
        }))
    }

    fn advance_enumerate(
        &mut self,
        iter: ObjId,
        inner: ObjId,
        count: Value,
    ) -> Result<Option<Value>, Raise> {
        let Some(item) = self.advance(inner)? else {
            return Ok(None);
        };
        let next = match count {
            Value::Int(n) => self.int128(n as i128 + 1),
            big => {
                let n = self.as_bigint(big).unwrap_or_default();
                self.int(n + BigInt::from(1))
            }
        };
        if let Iter::Enumerate(_, count) = self.iter_mut(iter) {
            *count = next;
        }
        Ok(Some(self.tuple([count, item])))
    }

    fn advance_zip(&mut self, iter: ObjId) -> Result<Option<Value>, Raise> {
        let part = |m: &Machine, i: usize| match m.heap.get(iter) {
            Obj::Iter(state) => match &**state {
                Iter::Zip(parts, strict) => {
                    (parts.get(i).and_then(|p| p.obj()), *strict, parts.len())
                }
                _ => (None, false, 0),
            },
            _ => (None, false, 0),
        };
        let (first, strict, count) = part(self, 0);
        if first.is_none() {
            return Ok(None);
        }
        let mut items = Vec::with_capacity(count);
        for i in 0..count {
            let Some(inner) = part(self, i).0 else {
                return Ok(None);
            };
            match self.advance(inner)? {
                Some(item) => items.push(item),
                None if strict => return self.uneven_zip(iter, i, count),
                None => return Ok(None),
            }
        }
        Ok(Some(self.tuple(items)))
    }

    /// Part `i` of a strict `zip` came to its end first.
    #[cold]
    fn uneven_zip(
        &mut self,
        iter: ObjId,
        ended: usize,
        count: usize,
    ) -> Result<Option<Value>, Raise> {
        let plural = |i: usize| if i == 1 { " " } else { "s 1-" };
        if ended > 0 {
            let message = format!(
                "zip() argument {} is shorter than argument{}{ended}",
                ended + 1,
                plural(ended)
            );
            return Err(self.value_error(message));
        }
        for i in 1..count {
            let inner = match self.heap.get(iter) {
                Obj::Iter(state) => match &**state {
                    Iter::Zip(parts, _) => parts[i].obj(),
                    _ => None,
                },
                _ => None,
            };
            if let Some(inner) = inner
                && self.advance(inner)?.is_some()
            {
                let message = format!(
                    "zip() argument {} is longer than argument{}{i}",
                    i + 1,
                    plural(i)
                );
                return Err(self.value_error(message));
            }
        }
        Ok(None)
    }

    /// The less frequent kinds.
    fn advance_other(&mut self, iter: ObjId) -> Result<Option<Value>, Raise> {
        let Obj::Iter(state) = self.heap.get(iter) else {
            unreachable!("an iterator was expected")
        };
        match **state {
            Iter::HugeRange(_) => {
                let Iter::HugeRange(state) = self.iter_mut(iter) else {
                    unreachable!("just seen")
                };
                let [next, left, step] = &mut **state;
                if !left.is_positive() {
                    return Ok(None);
                }
                *left -= 1;
                let after = &*next + &*step;
                let item = std::mem::replace(next, after);
                Ok(Some(self.int(item)))
            }
            Iter::Str(text, at) => {
                let Some(c) = self.as_str(text).and_then(|t| t[at..].chars().next()) else {
                    return Ok(None);
                };
                *self.iter_mut(iter) = Iter::Str(text, at + c.len_utf8());
                Ok(Some(self.char_str(c)))
            }
            Iter::Bytes(bytes, at) => {
                let Some(&byte) = self.as_bytes(bytes).and_then(|b| b.get(at)) else {
                    return Ok(None);
                };
                *self.iter_mut(iter) = Iter::Bytes(bytes, at + 1);
                Ok(Some(Value::Int(byte as i64)))
            }
            Iter::DictReversed(dict, kind, end, len) => {
                let Some(table) = self.as_dict(dict) else {
                    return Ok(None);
                };
                if table.len() != len {
                    return Err(
                        self.raise(Ty::RuntimeError, "dictionary changed size during iteration")
                    );
                }
                let Some((found, entry)) = table.prev_from(end) else {
                    return self.exhaust(iter);
                };
                *self.iter_mut(iter) = Iter::DictReversed(dict, kind, found, len);
                Ok(Some(match kind {
                    ViewKind::Keys => entry.key,
                    ViewKind::Values => entry.value,
                    ViewKind::Items => self.tuple([entry.key, entry.value]),
                }))
            }
            Iter::Set(set, at, len) => {
                let Some(table) = self.as_set(set) else {
                    return Ok(None);
                };
                if table.len() != len {
                    *self.iter_mut(iter) = Iter::Set(set, at, usize::MAX);
                    return Err(self.raise(Ty::RuntimeError, "Set changed size during iteration"));
                }
                let Some((found, key)) = table.next_from(at) else {
                    return self.exhaust(iter);
                };
                *self.iter_mut(iter) = Iter::Set(set, found + 1, len);
                Ok(Some(key))
            }
            Iter::Deque(deque, at, len) => {
                let Some(Obj::Deque(state)) = self.object(deque) else {
                    return Ok(None);
                };
                if state.items.len() != len {
                    *self.iter_mut(iter) = Iter::Done;
                    return Err(self.raise(Ty::RuntimeError, "deque mutated during iteration"));
                }
                let Some(&item) = state.items.get(at) else {
                    return Ok(None);
                };
                *self.iter_mut(iter) = Iter::Deque(deque, at + 1, len);
                Ok(Some(item))
            }
            Iter::Reversed(of, left) => self.advance_reversed(iter, of, left),
            _ => Ok(None),
        }
    }

    fn advance_reversed(
        &mut self,
        iter: ObjId,
        of: Value,
        left: usize,
    ) -> Result<Option<Value>, Raise> {
        let found = match self.object(of) {
            Some(Obj::List(items)) if left > 0 => items.get(left - 1).map(|&v| (v, left - 1)),
            Some(Obj::Tuple(items)) if left > 0 => items.get(left - 1).map(|&v| (v, left - 1)),
            Some(Obj::Bytes(_) | Obj::ByteArray(_)) if left > 0 => self
                .as_bytes(of)
                .and_then(|bytes| bytes.get(left - 1))
                .map(|&b| (Value::Int(b as i64), left - 1)),
            Some(Obj::Deque(deque)) if left > 0 => {
                deque.items.get(left - 1).map(|&v| (v, left - 1))
            }
            Some(Obj::Str(s)) => match s.text[..left].chars().next_back() {
                Some(c) => {
                    let text = self.char_str(c);
                    Some((text, left - c.len_utf8()))
                }
                None => None,
            },
            _ => None,
        };
        match found {
            Some((item, left)) => {
                *self.iter_mut(iter) = Iter::Reversed(of, left);
                Ok(Some(item))
            }
            None => {
                *self.iter_mut(iter) = Iter::Reversed(of, 0);
                Ok(None)
            }
        }
    }

    /// A `str` of one character.
    #[inline]
    pub fn char_str(&mut self, c: char) -> Value {
        let mut buffer = [0; 4];
        let text: &str = c.encode_utf8(&mut buffer);
        self.str(text)
    }

    /// All items of a builtin iterable, or those left of an iterator (which is used up). `None` when Python code is needed.
    ///
    /// # Errors
    /// As [`Machine::advance`].
    pub fn items(&mut self, value: Value) -> Result<Option<Vec<Value>>, Raise> {
        let Some(value) = self.builtin_for(value, names::ITER) else {
            return Ok(None);
        };
        let Value::Obj(id) = value else {
            return Ok(None);
        };
        Ok(Some(match self.heap.get(id) {
            Obj::List(items) => items.clone(),
            Obj::Tuple(items) => items.to_vec(),
            Obj::Range(range) => {
                let (start, step, len) = (range.start, range.step, range.len());
                self.room((len as usize).saturating_mul(ITEM_BYTES))?;
                (0..len)
                    .map(|i| Value::Int(start.wrapping_add(i.wrapping_mul(step))))
                    .collect()
            }
            Obj::Dict(dict) => dict.iter().map(|e| e.key).collect(),
            Obj::Set(set) | Obj::FrozenSet(set) => set.iter().map(|(_, key)| key).collect(),
            Obj::Deque(deque) => deque.items.iter().copied().collect(),
            _ => {
                let Some(Value::Obj(iter)) = self.builtin_iter(value) else {
                    return Ok(None);
                };
                let mut items = Vec::new();
                while let Some(item) = self.advance(iter)? {
                    items.push(item);
                    if items.len() % LOOK_EVERY == 0 {
                        self.room(items.len() * ITEM_BYTES)?;
                    }
                }
                items
            }
        }))
    }
}

impl Machine {
    /// Whether [`Machine::get_iter`] would answer.
    pub fn is_natively_iterable(&self, value: Value) -> bool {
        match self.builtin_for(value, names::ITER) {
            Some(Value::Obj(id)) => matches!(
                self.heap.get(id),
                Obj::Iter(_)
                    | Obj::List(_)
                    | Obj::Tuple(_)
                    | Obj::Range(_)
                    | Obj::HugeRange(_)
                    | Obj::Str(_)
                    | Obj::Bytes(_)
                    | Obj::ByteArray(_)
                    | Obj::Dict(_)
                    | Obj::Set(_)
                    | Obj::FrozenSet(_)
                    | Obj::Deque(_)
                    | Obj::View { .. }
                    | Obj::Namespace(_)
            ),
            _ => false,
        }
    }

    /// `reversed(v)` of a builtin value that is no instance; `None` when it has no order or is not builtin.
    pub fn builtin_reversed(&mut self, value: Value) -> Option<Value> {
        let Value::Obj(id) = value else {
            return None;
        };
        let iter = match self.heap.get(id) {
            Obj::List(items) => Iter::Reversed(value, items.len()),
            Obj::Tuple(items) => Iter::Reversed(value, items.len()),
            Obj::Str(s) => Iter::Reversed(value, s.text.len()),
            Obj::Bytes(bytes) => Iter::Reversed(value, bytes.len()),
            Obj::ByteArray(bytes) => Iter::Reversed(value, bytes.len()),
            Obj::Deque(deque) => Iter::Reversed(value, deque.items.len()),
            Obj::Range(range) => range_reversed(range),
            Obj::HugeRange(range) => HugeRange::clone(range).reversed(),
            Obj::Dict(dict) => {
                Iter::DictReversed(value, ViewKind::Keys, dict.raw_len(), dict.len())
            }
            Obj::View { dict, kind } => {
                let (dict, kind) = (*dict, *kind);
                let table = self.as_dict(dict)?;
                Iter::DictReversed(dict, kind, table.raw_len(), table.len())
            }
            _ => return None,
        };
        Some(self.new_iter(iter))
    }
}
