//! `o[i]`, `o[i] = v` and `del o[i]` of builtin containers.
//!
//! The answer `None` means "not a builtin container, or its class overrides the method": the special method must be looked up.

use super::index::{Bounds, Index};
use super::keyed::Lookup;
use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::{HugeRange, Obj, Range};
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Out, Raise};
use crate::vm::types::Ty;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// What an item operation came to.
type Item = Result<Option<Out>, Raise>;

/// Where an index points.
enum Place {
    /// One item.
    At(i64),
    /// A part of the sequence.
    Part(Bounds),
    /// `__index__` is user code: the twin of this operation calls it.
    Python,
}

impl Machine {
    /// `o[i]`.
    #[inline]
    pub fn get_item(&mut self, o: Value, i: Value) -> Item {
        let Some(builtin) = self.builtin_for(o, names::GETITEM) else {
            return Ok(None);
        };
        self.get_item_of(builtin, o, i)
    }

    /// `o[i]` where `builtin` is the builtin value inside `o`.
    pub fn get_item_of(&mut self, builtin: Value, o: Value, i: Value) -> Item {
        let Value::Obj(id) = builtin else {
            return Ok(None);
        };
        match self.heap.get(id) {
            Obj::List(items) => {
                if let Value::Int(n) = i
                    && let Some(at) = Machine::position(n, items.len())
                {
                    return Ok(Some(Out::Value(items[at])));
                }
                let len = items.len();
                match self.place(i, len, "list")? {
                    Place::At(n) => {
                        let Some(at) = Machine::position(n, len) else {
                            return Err(self.raise(Ty::IndexError, "list index out of range"));
                        };
                        match self.heap.get(id) {
                            Obj::List(items) => Ok(Some(Out::Value(items[at]))),
                            _ => Ok(None),
                        }
                    }
                    Place::Part(bounds) => {
                        let Obj::List(items) = self.heap.get(id) else {
                            return Ok(None);
                        };
                        let part = bounds.pick(items);
                        Ok(Some(Out::Value(self.list(part))))
                    }
                    Place::Python => Ok(Some(self.prelude("_item_by_index", &[o, i]))),
                }
            }
            Obj::Dict(_) => self.get_key(id, o, i).map(Some),
            Obj::Tuple(items) => {
                if let Value::Int(n) = i
                    && let Some(at) = Machine::position(n, items.len())
                {
                    return Ok(Some(Out::Value(items[at])));
                }
                let len = items.len();
                match self.place(i, len, "tuple")? {
                    Place::At(n) => {
                        let Some(at) = Machine::position(n, len) else {
                            return Err(self.raise(Ty::IndexError, "tuple index out of range"));
                        };
                        match self.heap.get(id) {
                            Obj::Tuple(items) => Ok(Some(Out::Value(items[at]))),
                            _ => Ok(None),
                        }
                    }
                    Place::Part(bounds) => {
                        let Obj::Tuple(items) = self.heap.get(id) else {
                            return Ok(None);
                        };
                        if bounds.count == len && bounds.step == 1 {
                            return Ok(Some(Out::Value(builtin)));
                        }
                        let part = bounds.pick(items);
                        Ok(Some(Out::Value(self.tuple(part))))
                    }
                    Place::Python => Ok(Some(self.prelude("_item_by_index", &[o, i]))),
                }
            }
            Obj::Str(_) => self.get_char(builtin, o, i).map(Some),
            Obj::Bytes(_) | Obj::ByteArray(_) => {
                let array = matches!(self.heap.get(id), Obj::ByteArray(_));
                let len = self.as_bytes(builtin).map_or(0, <[u8]>::len);
                let what = if array { "bytearray" } else { "byte" };
                match self.place(i, len, what)? {
                    Place::At(n) => {
                        let Some(at) = Machine::position(n, len) else {
                            let message = if array {
                                "bytearray index out of range"
                            } else {
                                "index out of range"
                            };
                            return Err(self.raise(Ty::IndexError, message));
                        };
                        let byte = self.as_bytes(builtin).map_or(0, |b| b[at]);
                        Ok(Some(Out::Value(Value::Int(byte as i64))))
                    }
                    Place::Part(bounds) => {
                        let part = self
                            .as_bytes(builtin)
                            .map(|b| bounds.pick(b))
                            .unwrap_or_default();
                        Ok(Some(Out::Value(match array {
                            true => self.byte_array(part),
                            false => self.bytes(part),
                        })))
                    }
                    Place::Python => Ok(Some(self.prelude("_item_by_index", &[o, i]))),
                }
            }
            Obj::Range(range) => {
                let range = **range;
                self.get_of_range(range, o, i).map(Some)
            }
            Obj::HugeRange(range) => {
                let range = HugeRange::clone(range);
                self.item_of_huge_range(&range, o, i).map(Some)
            }
            Obj::Deque(deque) => {
                let len = deque.items.len();
                let n = match self.index_of(i) {
                    Index::Int(n) => n,
                    Index::Huge(_) => return Err(self.huge_index()),
                    Index::Python => return Ok(Some(self.prelude("_item_by_index", &[o, i]))),
                    Index::No => return Err(self.not_an_index("sequence", i)),
                };
                let Some(at) = Machine::position(n, len) else {
                    return Err(self.raise(Ty::IndexError, "deque index out of range"));
                };
                match self.heap.get(id) {
                    Obj::Deque(deque) => Ok(Some(Out::Value(deque.items[at]))),
                    _ => Ok(None),
                }
            }
            Obj::Namespace(_) => match self.namespace_get(id, i) {
                Some(value) => Ok(Some(Out::Value(value))),
                None => Err(self.key_error(i)),
            },
            _ => Ok(None),
        }
    }

    /// `d[key]` with `__missing__` of the class of `o`, which is the dict or an instance that has it inside.
    pub fn get_key(&mut self, dict: ObjId, o: Value, key: Value) -> Result<Out, Raise> {
        match self.dict_get(dict, key) {
            Ok(Some(value)) => Ok(Out::Value(value)),
            Ok(None) => {
                if let Value::Obj(id) = o
                    && id != dict
                    && let Some(missing) = self.lookup(self.class_of(o), names::MISSING)
                {
                    return Ok(Out::Call(missing, vec![o, key]));
                }
                Err(self.key_error(key))
            }
            Err(Lookup::Python) => Ok(self.prelude("_dict_getitem", &[o, key])),
            Err(Lookup::Unhashable(part)) => Err(self.unhashable(part)),
        }
    }

    fn get_char(&mut self, text: Value, o: Value, i: Value) -> Result<Out, Raise> {
        let Some(Obj::Str(s)) = self.object(text) else {
            return Ok(Out::Value(Value::None));
        };
        let (len, ascii) = (s.chars as usize, s.is_ascii());
        let place = match self.index_of(i) {
            Index::No if self.as_slice(i).is_none() => {
                let message = format!(
                    "string indices must be integers, not '{}'",
                    self.type_name(i)
                );
                return Err(self.type_error(message));
            }
            _ => self.place(i, len, "string")?,
        };
        match place {
            Place::At(n) => {
                let Some(at) = Machine::position(n, len) else {
                    return Err(self.raise(Ty::IndexError, "string index out of range"));
                };
                let text = self.as_str(text).unwrap_or_default();
                let c = if ascii {
                    char::from(text.as_bytes()[at])
                } else {
                    text.chars().nth(at).unwrap_or_default()
                };
                Ok(Out::Value(self.char_str(c)))
            }
            Place::Part(bounds) if bounds.count == len && bounds.step == 1 => Ok(Out::Value(text)),
            Place::Part(bounds) => {
                let text = self.as_str(text).unwrap_or_default();
                let part: String = if ascii && bounds.step == 1 {
                    text[bounds.start as usize..bounds.start as usize + bounds.count].to_owned()
                } else if bounds.step == 1 {
                    text.chars()
                        .skip(bounds.start as usize)
                        .take(bounds.count)
                        .collect()
                } else {
                    let chars: Vec<char> = text.chars().collect();
                    bounds.indices().map(|i| chars[i]).collect()
                };
                Ok(Out::Value(self.str(part)))
            }
            Place::Python => Ok(self.prelude("_item_by_index", &[o, i])),
        }
    }

    fn get_of_range(&mut self, range: Range, o: Value, i: Value) -> Result<Out, Raise> {
        let len = range.len();
        if let Index::Huge(_) = self.index_of(i) {
            return Err(self.raise(Ty::IndexError, "range object index out of range"));
        }
        match self.place(i, len as usize, "range")? {
            Place::At(n) => {
                let Some(at) = Machine::position(n, len as usize) else {
                    return Err(self.raise(Ty::IndexError, "range object index out of range"));
                };
                Ok(Out::Value(Value::Int(range.start + at as i64 * range.step)))
            }
            Place::Part(b) => {
                let (first, step) = (range.start as i128, range.step as i128);
                let at = |i: i64| BigInt::from(first + i as i128 * step);
                let step = BigInt::from(step * b.step as i128);
                Ok(Out::Value(self.new_range(at(b.start), at(b.stop), step)))
            }
            Place::Python => Ok(self.prelude("_item_by_index", &[o, i])),
        }
    }

    /// Where an index or slice points in a sequence of this length.
    fn place(&mut self, i: Value, len: usize, what: &str) -> Result<Place, Raise> {
        if let Some(parts) = self.as_slice(i) {
            return Ok(match self.slice_bounds(&parts, len)? {
                Some(bounds) => Place::Part(bounds),
                None => Place::Python,
            });
        }
        match self.index_of(i) {
            Index::Int(n) => Ok(Place::At(n)),
            Index::Huge(_) => Err(self.huge_index()),
            Index::Python => Ok(Place::Python),
            Index::No => {
                let message = format!(
                    "{what} indices must be integers or slices, not {}",
                    self.type_name(i)
                );
                Err(self.type_error(message))
            }
        }
    }

    #[cold]
    fn not_an_index(&mut self, what: &str, i: Value) -> Raise {
        let message = format!("{what} index must be integer, not '{}'", self.type_name(i));
        self.type_error(message)
    }

    /// `o[i] = v`.
    pub fn set_item(&mut self, o: Value, i: Value, v: Value) -> Item {
        match self.builtin_for(o, names::SETITEM) {
            Some(builtin) => self.set_item_of(builtin, o, i, v),
            None => Ok(None),
        }
    }

    /// `o[i] = v` where `builtin` is the builtin value inside `o`.
    pub fn set_item_of(&mut self, builtin: Value, o: Value, i: Value, v: Value) -> Item {
        let Value::Obj(id) = builtin else {
            return Ok(None);
        };
        let done = Ok(Some(Out::Value(Value::None)));
        match self.heap.get(id) {
            Obj::List(items) => {
                let len = items.len();
                let at = match self.place(i, len, "list")? {
                    Place::At(n) => Machine::position(n, len),
                    Place::Part(bounds) => return self.set_slice(id, o, i, bounds, v),
                    Place::Python => {
                        return Ok(Some(self.prelude("_set_item_by_index", &[o, i, v])));
                    }
                };
                let Some(at) = at else {
                    return Err(self.raise(Ty::IndexError, "list assignment index out of range"));
                };
                self.heap.publish_into(id, v);
                if let Obj::List(items) = self.heap.get_mut(id) {
                    items[at] = v;
                }
                done
            }
            Obj::Dict(_) => match self.dict_set(id, i, v) {
                Ok(_) => done,
                Err(Lookup::Python) => Ok(Some(self.prelude("_dict_setitem", &[builtin, i, v]))),
                Err(Lookup::Unhashable(part)) => Err(self.unhashable(part)),
            },
            Obj::Deque(deque) => {
                let len = deque.items.len();
                let n = match self.index_of(i) {
                    Index::Int(n) => n,
                    Index::Huge(_) => return Err(self.huge_index()),
                    Index::Python => {
                        return Ok(Some(self.prelude("_set_item_by_index", &[o, i, v])));
                    }
                    Index::No => return Err(self.not_an_index("sequence", i)),
                };
                let Some(at) = Machine::position(n, len) else {
                    return Err(self.raise(Ty::IndexError, "deque index out of range"));
                };
                self.heap.publish_into(id, v);
                if let Obj::Deque(deque) = self.heap.get_mut(id) {
                    deque.items[at] = v;
                }
                done
            }
            Obj::ByteArray(bytes) => {
                let len = bytes.len();
                let at = match self.place(i, len, "bytearray")? {
                    Place::At(n) => Machine::position(n, len),
                    Place::Part(bounds) => return self.set_bytes(id, o, i, bounds, v),
                    Place::Python => {
                        return Ok(Some(self.prelude("_set_item_by_index", &[o, i, v])));
                    }
                };
                let Some(at) = at else {
                    return Err(self.raise(Ty::IndexError, "bytearray index out of range"));
                };
                let Some(byte) = self.need_byte(v)? else {
                    return Ok(Some(self.prelude("_set_item_by_value", &[o, i, v])));
                };
                if let Obj::ByteArray(bytes) = self.heap.get_mut(id) {
                    bytes[at] = byte;
                }
                done
            }
            Obj::Namespace(_) => match self.namespace_set(id, i, v) {
                true => done,
                false => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// `list[bounds] = v`.
    fn set_slice(&mut self, list: ObjId, o: Value, i: Value, bounds: Bounds, v: Value) -> Item {
        let extended = bounds.step != 1;
        let Some(new) = self.items(v)? else {
            return Ok(Some(self.prelude("_set_slice", &[o, i, v])));
        };
        if extended && new.len() != bounds.count {
            let message = format!(
                "attempt to assign sequence of size {} to extended slice of size {}",
                new.len(),
                bounds.count
            );
            return Err(self.value_error(message));
        }
        for &value in &new {
            self.heap.publish_into(list, value);
        }
        let grown = new.len().saturating_sub(bounds.count) * 16;
        if let Obj::List(items) = self.heap.get_mut(list) {
            if extended {
                for (at, value) in bounds.indices().zip(new) {
                    items[at] = value;
                }
            } else {
                let start = bounds.start as usize;
                items.splice(start..start + bounds.count, new);
            }
        }
        self.heap.grew(grown);
        Ok(Some(Out::Value(Value::None)))
    }

    /// `bytearray[bounds] = v`.
    fn set_bytes(&mut self, id: ObjId, o: Value, i: Value, bounds: Bounds, v: Value) -> Item {
        let new = match self.as_bytes(v) {
            Some(bytes) => bytes.to_vec(),
            None if self.as_i64(v).is_some() || self.as_str(v).is_some() => {
                return Err(self.type_error(
                    "can assign only bytes, buffers, or iterables of ints in range(0, 256)",
                ));
            }
            None => return Ok(Some(self.prelude("_set_bytes", &[o, i, v]))),
        };
        if bounds.step != 1 && new.len() != bounds.count {
            let message = format!(
                "attempt to assign bytes of size {} to extended slice of size {}",
                new.len(),
                bounds.count
            );
            return Err(self.value_error(message));
        }
        self.heap.grew(new.len());
        if let Obj::ByteArray(bytes) = self.heap.get_mut(id) {
            if bounds.step == 1 {
                let start = bounds.start as usize;
                bytes.splice(start..start + bounds.count, new);
            } else {
                for (at, byte) in bounds.indices().zip(new) {
                    bytes[at] = byte;
                }
            }
        }
        Ok(Some(Out::Value(Value::None)))
    }

    /// `del o[i]`.
    pub fn del_item(&mut self, o: Value, i: Value) -> Item {
        match self.builtin_for(o, names::DELITEM) {
            Some(builtin) => self.del_item_of(builtin, o, i),
            None => Ok(None),
        }
    }

    /// `del o[i]` where `builtin` is the builtin value inside `o`.
    pub fn del_item_of(&mut self, builtin: Value, o: Value, i: Value) -> Item {
        let Value::Obj(id) = builtin else {
            return Ok(None);
        };
        let done = Ok(Some(Out::Value(Value::None)));
        match self.heap.get(id) {
            Obj::List(items) => {
                let len = items.len();
                match self.place(i, len, "list")? {
                    Place::At(n) => {
                        let Some(at) = Machine::position(n, len) else {
                            return Err(
                                self.raise(Ty::IndexError, "list assignment index out of range")
                            );
                        };
                        if let Obj::List(items) = self.heap.get_mut(id) {
                            items.remove(at);
                        }
                    }
                    Place::Part(bounds) => {
                        if let Obj::List(items) = self.heap.get_mut(id) {
                            remove_part(items, bounds);
                        }
                    }
                    Place::Python => return Ok(Some(self.prelude("_del_item_by_index", &[o, i]))),
                }
                done
            }
            Obj::Dict(_) => match self.dict_remove(id, i) {
                Ok(Some(_)) => done,
                Ok(None) => Err(self.key_error(i)),
                Err(Lookup::Python) => Ok(Some(self.prelude("_dict_delitem", &[builtin, i]))),
                Err(Lookup::Unhashable(part)) => Err(self.unhashable(part)),
            },
            Obj::Deque(deque) => {
                let len = deque.items.len();
                let n = match self.index_of(i) {
                    Index::Int(n) => n,
                    Index::Huge(_) => return Err(self.huge_index()),
                    Index::Python => return Ok(Some(self.prelude("_del_item_by_index", &[o, i]))),
                    Index::No => return Err(self.not_an_index("sequence", i)),
                };
                let Some(at) = Machine::position(n, len) else {
                    return Err(self.raise(Ty::IndexError, "deque index out of range"));
                };
                if let Obj::Deque(deque) = self.heap.get_mut(id) {
                    deque.items.remove(at);
                }
                done
            }
            Obj::ByteArray(bytes) => {
                let len = bytes.len();
                match self.place(i, len, "bytearray")? {
                    Place::At(n) => {
                        let Some(at) = Machine::position(n, len) else {
                            return Err(self.raise(Ty::IndexError, "bytearray index out of range"));
                        };
                        if let Obj::ByteArray(bytes) = self.heap.get_mut(id) {
                            bytes.remove(at);
                        }
                    }
                    Place::Part(bounds) => {
                        if let Obj::ByteArray(bytes) = self.heap.get_mut(id) {
                            remove_part(bytes, bounds);
                        }
                    }
                    Place::Python => return Ok(Some(self.prelude("_del_item_by_index", &[o, i]))),
                }
                done
            }
            Obj::Namespace(_) => match self.namespace_remove(id, i) {
                Some(_) => done,
                None => Err(self.key_error(i)),
            },
            _ => Ok(None),
        }
    }

    /// `len(v)` of a builtin value, or of an instance whose class leaves `__len__` to its builtin base.
    pub fn length(&self, v: Value) -> Option<usize> {
        let Value::Obj(id) = self.builtin_for(v, names::LEN)? else {
            return None;
        };
        Some(match self.heap.get(id) {
            Obj::Str(s) => s.chars as usize,
            Obj::Bytes(bytes) => bytes.len(),
            Obj::ByteArray(bytes) => bytes.len(),
            Obj::List(items) => items.len(),
            Obj::Tuple(items) => items.len(),
            Obj::Dict(dict) => dict.len(),
            Obj::Set(set) | Obj::FrozenSet(set) => set.len(),
            Obj::Range(range) => range.len() as usize,
            Obj::HugeRange(range) => range.len().to_i64()? as usize,
            Obj::Deque(deque) => deque.items.len(),
            Obj::View { dict, .. } => self.as_dict(*dict)?.len(),
            Obj::Namespace(_) => self.namespace_entries(id).len(),
            _ => return None,
        })
    }
}

/// Removes the items that a slice points at.
fn remove_part<T>(items: &mut Vec<T>, bounds: Bounds) {
    if bounds.step == 1 {
        let start = bounds.start as usize;
        items.drain(start..start + bounds.count);
        return;
    }
    let mut at = 0;
    let mut doomed: Vec<usize> = bounds.indices().collect();
    doomed.sort_unstable();
    let mut next = doomed.into_iter().peekable();
    items.retain(|_| {
        let goes = next.next_if_eq(&at).is_some();
        at += 1;
        !goes
    });
}
