//! `item in container` of builtin containers.

use super::keyed::Lookup;
use crate::value::Value;
use crate::value::object::{Obj, ViewKind};
use crate::vm::machine::Machine;
use crate::vm::memory::LOOK_EVERY;
use crate::vm::names;
use crate::vm::native::{Out, Raise};
use num_bigint::BigInt;
use num_traits::FromPrimitive;

impl Machine {
    /// Whether one of the values is the item or equals it; `None` when only user code can tell.
    pub fn any_same(&self, values: impl Iterator<Item = Value>, item: Value) -> Option<bool> {
        for value in values {
            match self.same_known(value, item) {
                Some(false) => {}
                other => return other,
            }
        }
        Some(false)
    }

    /// `item in container`; `None` when the container is not builtin, or its class has a `__contains__` of its own.
    ///
    /// # Errors
    /// `TypeError` for items that cannot be in such a container.
    pub fn contains(&mut self, container: Value, item: Value) -> Result<Option<Out>, Raise> {
        let method = match self.builtin_for(container, names::CONTAINS) {
            Some(builtin) => builtin,
            None => return Ok(None),
        };
        self.contains_in(method, item)
    }

    /// `item in builtin` for a value that is no instance.
    pub fn contains_in(&mut self, builtin: Value, item: Value) -> Result<Option<Out>, Raise> {
        let Value::Obj(id) = builtin else {
            return Ok(None);
        };
        let found = match self.heap.get(id) {
            Obj::List(items) => self.any_same(items.iter().copied(), item),
            Obj::Tuple(items) => self.any_same(items.iter().copied(), item),
            Obj::Deque(deque) => self.any_same(deque.items.iter().copied(), item),
            Obj::Dict(_) => {
                let found = self.dict_get(id, item).map(|v| v.is_some());
                return self.found_or(found, builtin, item);
            }
            Obj::Set(_) | Obj::FrozenSet(_) => {
                let found = match self.set_contains(id, item) {
                    Err(Lookup::Unhashable(part)) if part.is(item) => match self.frozen_key(item) {
                        Some(frozen) => self.set_contains(id, frozen),
                        None => Err(Lookup::Unhashable(part)),
                    },
                    other => other,
                };
                return self.found_or(found, builtin, item);
            }
            Obj::Str(text) => match self.as_str(item) {
                Some(part) => Some(text.text.contains(part)),
                None => {
                    let message = format!(
                        "'in <string>' requires string as left operand, not {}",
                        self.type_name(item)
                    );
                    return Err(self.type_error(message));
                }
            },
            Obj::Bytes(_) | Obj::ByteArray(_) => match (self.as_bytes(item), self.as_i64(item)) {
                (Some(part), _) => {
                    let bytes = self.as_bytes(builtin).unwrap_or_default();
                    Some(part.is_empty() || bytes.windows(part.len()).any(|w| w == part))
                }
                (_, Some(byte)) => match u8::try_from(byte) {
                    Ok(byte) => {
                        let bytes = self.as_bytes(builtin).unwrap_or_default();
                        Some(bytes.contains(&byte))
                    }
                    Err(_) => return Err(self.value_error("byte must be in range(0, 256)")),
                },
                _ => {
                    let message = format!(
                        "a bytes-like object is required, not '{}'",
                        self.type_name(item)
                    );
                    return Err(self.type_error(message));
                }
            },
            Obj::Range(range) => match item {
                Value::Int(n) => Some(in_range(range, n)),
                Value::Bool(b) => Some(in_range(range, b as i64)),
                Value::Float(x) => {
                    Some(x.trunc() == x && x.abs() < 9e18 && in_range(range, x as i64))
                }
                Value::Obj(other) if matches!(self.heap.get(other), Obj::Instance(_)) => None,
                _ => Some(false),
            },
            Obj::HugeRange(range) => match (item, self.as_bigint(item)) {
                (Value::Obj(other), _) if matches!(self.heap.get(other), Obj::Instance(_)) => None,
                (Value::Float(x), _) if x.trunc() == x => {
                    Some(BigInt::from_f64(x).is_some_and(|n| range.index(&n).is_some()))
                }
                (_, n) => Some(n.is_some_and(|n| range.index(&n).is_some())),
            },
            Obj::View { dict, kind } => {
                let (dict, kind) = (*dict, *kind);
                return self.view_contains(builtin, dict, kind, item);
            }
            Obj::Namespace(_) => Some(self.namespace_get(id, item).is_some()),
            Obj::Iter(_) => {
                let mut turns = 0;
                while let Some(value) = self.advance(id)? {
                    turns += 1;
                    match self.same_known(value, item) {
                        Some(true) => return Ok(Some(Out::Value(Value::Bool(true)))),
                        Some(false) if turns < LOOK_EVERY => {}
                        _ => {
                            return Ok(Some(
                                self.prelude("_contains_from", &[value, builtin, item]),
                            ));
                        }
                    }
                }
                Some(false)
            }
            _ => return Ok(None),
        };
        Ok(Some(match found {
            Some(found) => Out::Value(Value::Bool(found)),
            None => self.prelude("_iter_contains", &[builtin, item]),
        }))
    }

    fn found_or(
        &mut self,
        found: Result<bool, Lookup>,
        table: Value,
        item: Value,
    ) -> Result<Option<Out>, Raise> {
        match found {
            Ok(found) => Ok(Some(Out::Value(Value::Bool(found)))),
            Err(Lookup::Python) => Ok(Some(self.prelude("_table_contains", &[table, item]))),
            Err(Lookup::Unhashable(part)) => Err(self.unhashable(part)),
        }
    }

    /// A set as the frozenset that it is looked up as in other sets.
    pub fn frozen_key(&mut self, value: Value) -> Option<Value> {
        match self.object(value) {
            Some(Obj::Set(set)) => {
                let frozen = Obj::FrozenSet(set.clone());
                Some(self.heap.new_value(frozen))
            }
            _ => None,
        }
    }

    fn view_contains(
        &mut self,
        view: Value,
        dict: Value,
        kind: ViewKind,
        item: Value,
    ) -> Result<Option<Out>, Raise> {
        let Value::Obj(dict) = self.unwrap(dict) else {
            return Ok(None);
        };
        match kind {
            ViewKind::Keys => {
                let found = self.dict_get(dict, item).map(|v| v.is_some());
                self.found_or(found, Value::Obj(dict), item)
            }
            ViewKind::Values => {
                let values = self.dict_table(dict).iter().map(|e| e.value);
                Ok(Some(match self.any_same(values, item) {
                    Some(found) => Out::Value(Value::Bool(found)),
                    None => self.prelude("_iter_contains", &[view, item]),
                }))
            }
            ViewKind::Items => {
                let pair = match self.object(item) {
                    Some(Obj::Tuple(pair)) if pair.len() == 2 => [pair[0], pair[1]],
                    _ => return Ok(Some(Out::Value(Value::Bool(false)))),
                };
                let same = match self.dict_get(dict, pair[0]) {
                    Ok(Some(value)) => self.same_known(value, pair[1]),
                    Ok(None) => Some(false),
                    Err(Lookup::Python) => None,
                    Err(Lookup::Unhashable(part)) => return Err(self.unhashable(part)),
                };
                Ok(Some(match same {
                    Some(same) => Out::Value(Value::Bool(same)),
                    None => self.prelude("_items_contains", &[Value::Obj(dict), pair[0], pair[1]]),
                }))
            }
        }
    }
}

/// Whether a range has a number.
pub fn in_range(range: &crate::value::object::Range, n: i64) -> bool {
    let inside = if range.step > 0 {
        range.start <= n && n < range.stop
    } else {
        range.stop < n && n <= range.start
    };
    inside && (n as i128 - range.start as i128) % range.step as i128 == 0
}
