//! `+` and `*` of sequences, `%` of strings, and what changes a container in place.

use super::arith::Operated;
use crate::program::instr::BinOp;
use crate::value::Value;
use crate::value::object::{Deque, Obj, Str};
use crate::vm::machine::Machine;
use crate::vm::memory::ITEM_BYTES;
use crate::vm::native::Raise;
use crate::vm::types::Ty;
use std::collections::VecDeque;

impl Machine {
    pub(super) fn concat(&mut self, a: Value, b: Value) -> Operated {
        let (Some(x), Some(y)) = (self.object(a), self.object(b)) else {
            return Ok(None);
        };
        let bytes = match (x, y) {
            (Obj::Str(x), Obj::Str(y)) => x.text.len() + y.text.len(),
            (Obj::Bytes(_) | Obj::ByteArray(_), Obj::Bytes(_) | Obj::ByteArray(_)) => {
                let len = |v| self.as_bytes(v).map_or(0, <[u8]>::len);
                len(a) + len(b)
            }
            (Obj::Tuple(x), Obj::Tuple(y)) => (x.len() + y.len()) * ITEM_BYTES,
            (Obj::List(x), Obj::List(y)) => (x.len() + y.len()) * ITEM_BYTES,
            (Obj::Deque(x), Obj::Deque(y)) => (x.items.len() + y.items.len()) * ITEM_BYTES,
            _ => return Ok(None),
        };
        self.room(bytes)?;
        let (Some(x), Some(y)) = (self.object(a), self.object(b)) else {
            return Ok(None);
        };
        let joined = match (x, y) {
            (Obj::Str(x), Obj::Str(y)) => {
                if x.text.is_empty() {
                    return Ok(Some(b));
                }
                if y.text.is_empty() {
                    return Ok(Some(a));
                }
                let mut text = String::with_capacity(x.text.len() + y.text.len());
                text.push_str(&x.text);
                text.push_str(&y.text);
                Obj::Str(Str {
                    text: text.into(),
                    chars: x.chars + y.chars,
                    hash: 0,
                })
            }
            (Obj::Bytes(x), Obj::Bytes(y)) => Obj::Bytes([&x[..], &y[..]].concat().into()),
            (Obj::Bytes(x), Obj::ByteArray(y)) => Obj::Bytes([&x[..], &y[..]].concat().into()),
            (Obj::ByteArray(x), Obj::Bytes(y)) => Obj::ByteArray([&x[..], &y[..]].concat()),
            (Obj::ByteArray(x), Obj::ByteArray(y)) => Obj::ByteArray([&x[..], &y[..]].concat()),
            (Obj::Tuple(x), Obj::Tuple(y)) => Obj::Tuple([&x[..], &y[..]].concat().into()),
            (Obj::List(x), Obj::List(y)) => Obj::List([&x[..], &y[..]].concat()),
            (Obj::Deque(x), Obj::Deque(y)) => {
                let items = bounded(x.items.iter().chain(&y.items).copied().collect(), x.maxlen);
                Obj::Deque(Box::new(Deque {
                    items,
                    maxlen: x.maxlen,
                }))
            }
            _ => return Ok(None),
        };
        Ok(Some(self.heap.new_value(joined)))
    }

    /// The words of a failed `a + b` where `a` is a sequence.
    pub(super) fn concat_error(&self, a: Value, b: Value) -> Option<String> {
        let kind = match self.object(a)? {
            Obj::Str(_) => "str",
            Obj::List(_) => "list",
            Obj::Tuple(_) => "tuple",
            Obj::Deque(_) => "deque",
            Obj::Bytes(_) => return Some(format!("can't concat {} to bytes", self.type_name(b))),
            Obj::ByteArray(_) => {
                return Some(format!("can't concat {} to bytearray", self.type_name(b)));
            }
            _ => return None,
        };
        Some(format!(
            "can only concatenate {kind} (not \"{}\") to {kind}",
            self.type_name(b)
        ))
    }

    /// Whether the value can be repeated by `*`.
    pub(super) fn is_repeatable(&self, v: Value) -> bool {
        matches!(
            self.object(v),
            Some(
                Obj::Str(_)
                    | Obj::Bytes(_)
                    | Obj::ByteArray(_)
                    | Obj::Tuple(_)
                    | Obj::List(_)
                    | Obj::Deque(_)
            )
        )
    }

    /// The words of a failed `a * b` where one is a sequence.
    pub(super) fn repeat_error(&self, a: Value, b: Value) -> Option<String> {
        let by = if self.is_repeatable(a) {
            b
        } else if self.is_repeatable(b) {
            a
        } else {
            return None;
        };
        Some(format!(
            "can't multiply sequence by non-int of type '{}'",
            self.type_name(by)
        ))
    }

    /// How often to repeat: negative counts are none.
    fn count(&mut self, n: Value) -> Result<Option<usize>, Raise> {
        match self.integer(n) {
            Some(crate::text::int::Int::Small(n)) => Ok(Some(usize::try_from(n).unwrap_or(0))),
            Some(n) if n.is_negative() => Ok(Some(0)),
            Some(_) => Err(self.raise(
                Ty::OverflowError,
                "cannot fit 'int' into an index-sized integer",
            )),
            None => Ok(None),
        }
    }

    /// `a * b` where one is a sequence and the other an integer.
    pub(super) fn repeat(&mut self, a: Value, b: Value) -> Operated {
        let (items, n) = if self.is_repeatable(a) {
            (a, b)
        } else if self.is_repeatable(b) {
            (b, a)
        } else {
            return Ok(None);
        };
        if self.number(n).is_some_and(|n| n.integer().is_none()) {
            return Ok(None);
        }
        let Some(count) = self.count(n)? else {
            return Ok(None);
        };
        let Value::Obj(id) = items else {
            return Ok(None);
        };
        let (len, item) = match self.heap.get(id) {
            Obj::Str(s) => (s.text.len(), 1),
            Obj::Bytes(b) => (b.len(), 1),
            Obj::ByteArray(b) => (b.len(), 1),
            Obj::Tuple(items) => (items.len(), ITEM_BYTES),
            Obj::List(items) => (items.len(), ITEM_BYTES),
            Obj::Deque(deque) => (
                deque
                    .maxlen
                    .map_or(deque.items.len(), |max| max.min(deque.items.len())),
                ITEM_BYTES,
            ),
            _ => return Ok(None),
        };
        let total = len
            .checked_mul(count)
            .filter(|&total| total <= isize::MAX as usize);
        if total.is_none() && matches!(self.heap.get(id), Obj::Str(_) | Obj::Bytes(_)) {
            let kind = if self.as_str(items).is_some() {
                "string"
            } else {
                "bytes"
            };
            let verb = if kind == "string" { "is" } else { "are" };
            let message = format!("repeated {kind} {verb} too long");
            return Err(self.raise(Ty::OverflowError, message));
        }
        self.room(total.unwrap_or(usize::MAX).saturating_mul(item))?;
        let repeated = match self.heap.get(id) {
            Obj::Str(_) | Obj::Tuple(_) | Obj::Bytes(_) if count == 1 => return Ok(Some(items)),
            Obj::Str(s) => Obj::Str(Str {
                text: s.text.repeat(count).into(),
                chars: s.chars * count as u32,
                hash: 0,
            }),
            Obj::Bytes(b) => Obj::Bytes(b.repeat(count).into()),
            Obj::ByteArray(b) => Obj::ByteArray(b.repeat(count)),
            Obj::Tuple(items) => Obj::Tuple(items.repeat(count).into()),
            Obj::List(items) => Obj::List(items.repeat(count)),
            Obj::Deque(deque) => {
                let all = std::iter::repeat_n(&deque.items, count)
                    .flatten()
                    .copied()
                    .collect();
                Obj::Deque(Box::new(Deque {
                    items: bounded(all, deque.maxlen),
                    maxlen: deque.maxlen,
                }))
            }
            _ => return Ok(None),
        };
        Ok(Some(self.heap.new_value(repeated)))
    }

    /// Does `a op= b` where `a` is a list, set, dict or deque (or derived from one); false if it is not done.
    pub(super) fn change_in_place(&mut self, op: BinOp, a: Value, b: Value) -> Result<bool, Raise> {
        let Value::Obj(id) = self.unwrap(a) else {
            return Ok(false);
        };
        match (op, self.heap.get(id)) {
            (BinOp::Add, Obj::List(_)) => {
                let Some(more) = self.items(b)? else {
                    return Ok(false);
                };
                self.heap.publish_into(id, b);
                self.heap.grew(more.len() * 16);
                if let Obj::List(items) = self.heap.get_mut(id) {
                    items.extend(more);
                }
            }
            (BinOp::Add, Obj::Deque(_)) => {
                let Some(more) = self.items(b)? else {
                    return Ok(false);
                };
                self.heap.publish_into(id, b);
                self.heap.grew(more.len() * 16);
                if let Obj::Deque(deque) = self.heap.get_mut(id) {
                    let mut items = std::mem::take(&mut deque.items);
                    items.extend(more);
                    deque.items = bounded(items, deque.maxlen);
                }
            }
            (BinOp::Add, Obj::ByteArray(_)) => {
                let Some(more) = self.as_bytes(b).map(<[u8]>::to_vec) else {
                    return Ok(false);
                };
                self.heap.grew(more.len());
                if let Obj::ByteArray(bytes) = self.heap.get_mut(id) {
                    bytes.extend(more);
                }
            }
            (BinOp::Mul, Obj::List(_) | Obj::Deque(_) | Obj::ByteArray(_)) => {
                let Some(Value::Obj(repeated)) = self.repeat(Value::Obj(id), b)? else {
                    return Ok(false);
                };
                let repeated = std::mem::take(self.heap.get_mut(repeated));
                *self.heap.get_mut(id) = repeated;
            }
            (BinOp::Or | BinOp::And | BinOp::Sub | BinOp::Xor, Obj::Set(_)) => {
                return Ok(self.set_change(op, id, b));
            }
            (BinOp::Or, Obj::Dict(_)) => {
                return Ok(self.dict_merge(id, b));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// The last items that a deque has room for.
fn bounded(mut items: VecDeque<Value>, maxlen: Option<usize>) -> VecDeque<Value> {
    if let Some(max) = maxlen {
        items.drain(..items.len().saturating_sub(max));
    }
    items
}
