//! `repr(v)` and `str(v)`.
//!
//! Containers are written into one buffer. A container that contains itself is found by the list of those being written;
//! in the prelude's twins, which take over where a `__repr__` written in Python has a say, by a set of them per thread.

use super::MAX_DEPTH;
use crate::id::ObjId;
use crate::text::{float, int, quote};
use crate::value::Value;
use crate::value::object::{Obj, ViewKind};
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::Raise;
use std::fmt::Write;

/// The text of a value, or `None` where code written in Python has a say.
pub type Text = Result<Option<String>, Raise>;

/// A `repr` being written.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) out: String,
    /// Containers around the present place, outermost first.
    open: Vec<ObjId>,
}

/// Whether the value was written (or Python has a say).
pub(super) type Written = Result<bool, Raise>;

impl Machine {
    /// `repr(v)`; `None` when a `__repr__` written in Python has a say.
    pub fn repr(&mut self, v: Value) -> Text {
        let mut writer = Writer::default();
        Ok(self.write_repr(v, &mut writer)?.then_some(writer.out))
    }

    /// `repr(v)` as the builtin type of `v` writes it, whatever its class defines.
    pub(super) fn builtin_repr(&mut self, v: Value) -> Text {
        let mut writer = Writer::default();
        Ok(self.write_builtin(v, &mut writer)?.then_some(writer.out))
    }

    /// `str(v)`; `None` when a `__str__` or `__repr__` written in Python has a say.
    pub fn str_of(&mut self, v: Value) -> Text {
        match v {
            Value::Int(n) => return Ok(Some(n.to_string())),
            Value::Obj(id) => match self.heap.get(id) {
                Obj::Str(s) => return Ok(Some(s.text.to_string())),
                Obj::Instance(_) => {
                    if self.flags(v).text && self.overrides(v, names::STR) {
                        return Ok(None);
                    }
                    return self.builtin_str(v);
                }
                Obj::Class(_) if self.overrides(v, names::STR) => return Ok(None),
                _ => {}
            },
            _ => {}
        }
        self.repr(v)
    }

    /// `str(v)` as the builtin type of `v` writes it.
    pub(super) fn builtin_str(&mut self, v: Value) -> Text {
        if let Some(text) = self.as_str(v) {
            return Ok(Some(text.to_owned()));
        }
        if let Value::Obj(id) = v
            && self.exception(id).is_some()
        {
            return self.exception_str(id);
        }
        self.repr(v)
    }

    /// Writes `repr(v)`.
    pub(super) fn write_repr(&mut self, v: Value, w: &mut Writer) -> Written {
        if self.user_class(v).is_some() && self.overrides(v, names::REPR) {
            return Ok(false);
        }
        self.write_builtin(v, w)
    }

    fn write_builtin(&mut self, v: Value, w: &mut Writer) -> Written {
        let id = match v {
            Value::Obj(id) => id,
            other => {
                match other {
                    Value::Int(n) => {
                        // Writing to a string cannot fail; likewise below.
                        let _ = write!(w.out, "{n}");
                    }
                    Value::Float(x) => w.out.push_str(&float::repr(x)),
                    Value::Bool(true) => w.out.push_str("True"),
                    Value::Bool(false) => w.out.push_str("False"),
                    Value::NotImplemented => w.out.push_str("NotImplemented"),
                    Value::Ellipsis => w.out.push_str("Ellipsis"),
                    _ => w.out.push_str("None"),
                }
                return Ok(true);
            }
        };
        match self.heap.get(id) {
            Obj::Str(s) => w.out.push_str(&quote::repr_str(&s.text)),
            Obj::Bytes(b) => w.out.push_str(&quote::repr_bytes(b)),
            Obj::ByteArray(b) => {
                let mut text = quote::repr_bytes(b);
                if text.starts_with("b\"") {
                    text = text.replace('\'', "\\'");
                }
                let _ = write!(w.out, "bytearray({text})");
            }
            Obj::BigInt(n) => match int::to_decimal(n) {
                Ok(text) => w.out.push_str(&text),
                Err(error) => {
                    let message = error.message("", 10);
                    return Err(self.value_error(message));
                }
            },
            Obj::Tuple(items) => {
                let len = items.len();
                return self.write_open(id, "(...)", w, |m, w| {
                    w.out.push('(');
                    if !m.write_items(id, w)? {
                        return Ok(false);
                    }
                    w.out.push_str(if len == 1 { ",)" } else { ")" });
                    Ok(true)
                });
            }
            Obj::List(_) => {
                return self.write_open(id, "[...]", w, |m, w| {
                    w.out.push('[');
                    Ok(m.write_items(id, w)? && {
                        w.out.push(']');
                        true
                    })
                });
            }
            Obj::Dict(_) => {
                return self.write_open(id, "{...}", w, |m, w| {
                    w.out.push('{');
                    Ok(m.write_entries(id, None, w)? && {
                        w.out.push('}');
                        true
                    })
                });
            }
            Obj::Set(_) | Obj::FrozenSet(_) => return self.write_set(v, id, w),
            Obj::Deque(deque) => {
                let maxlen = deque.maxlen;
                return self.write_open(id, "[...]", w, |m, w| {
                    w.out.push_str("deque([");
                    if !m.write_items(id, w)? {
                        return Ok(false);
                    }
                    w.out.push(']');
                    if let Some(max) = maxlen {
                        let _ = write!(w.out, ", maxlen={max}");
                    }
                    w.out.push(')');
                    Ok(true)
                });
            }
            Obj::View { dict, kind } => {
                let (dict, kind) = (*dict, *kind);
                return self.write_open(id, "...", w, |m, w| {
                    w.out.push_str(match kind {
                        ViewKind::Keys => "dict_keys([",
                        ViewKind::Values => "dict_values([",
                        ViewKind::Items => "dict_items([",
                    });
                    let Value::Obj(dict) = m.unwrap(dict) else {
                        return Ok(false);
                    };
                    Ok(m.write_entries(dict, Some(kind), w)? && {
                        w.out.push_str("])");
                        true
                    })
                });
            }
            Obj::Slice(parts) => {
                let parts = **parts;
                return self.write_open(id, "...", w, |m, w| {
                    w.out.push_str("slice(");
                    for (i, part) in parts.into_iter().enumerate() {
                        if i > 0 {
                            w.out.push_str(", ");
                        }
                        if !m.write_repr(part, w)? {
                            return Ok(false);
                        }
                    }
                    w.out.push(')');
                    Ok(true)
                });
            }
            Obj::Instance(instance) => {
                let inner = instance.inner;
                if self.exception(id).is_some() {
                    return self.write_exception(id, w);
                }
                if inner.is_unbound() {
                    let text = self.object_repr(v);
                    w.out.push_str(&text);
                    return Ok(true);
                }
                if let Value::Obj(inside) = inner
                    && matches!(
                        self.heap.get(inside),
                        Obj::Set(_) | Obj::FrozenSet(_) | Obj::Deque(_) | Obj::ByteArray(_)
                    )
                {
                    return self.write_named(v, inside, w);
                }
                if let Value::Obj(inside) = inner
                    && let Obj::Sync(sync) = self.heap.get(inside)
                {
                    let sync = **sync;
                    return self.write_sync(v, sync, w);
                }
                return self.write_builtin(inner, w);
            }
            _ => return self.write_object(v, id, w),
        }
        Ok(true)
    }

    /// Writes a container unless it is being written already.
    pub(super) fn write_open(
        &mut self,
        id: ObjId,
        again: &str,
        w: &mut Writer,
        write: impl FnOnce(&mut Machine, &mut Writer) -> Written,
    ) -> Written {
        if w.open.contains(&id) {
            w.out.push_str(again);
            return Ok(true);
        }
        if w.open.len() as u32 > MAX_DEPTH {
            return Ok(false);
        }
        w.open.push(id);
        let written = write(self, w);
        w.open.pop();
        written
    }

    /// The items of a list, tuple or deque, separated.
    fn write_items(&mut self, id: ObjId, w: &mut Writer) -> Written {
        for at in 0.. {
            let item = match self.heap.get(id) {
                Obj::List(items) => items.get(at).copied(),
                Obj::Tuple(items) => items.get(at).copied(),
                Obj::Deque(deque) => deque.items.get(at).copied(),
                _ => None,
            };
            let Some(item) = item else { break };
            if at > 0 {
                w.out.push_str(", ");
            }
            if !self.write_repr(item, w)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The entries of a dict, separated: as in the dict's own `repr`, or as in a view's.
    fn write_entries(&mut self, id: ObjId, view: Option<ViewKind>, w: &mut Writer) -> Written {
        let mut at = 0;
        let mut first = true;
        while let Obj::Dict(dict) = self.heap.get(id)
            && let Some((position, entry)) = dict.next_from(at)
        {
            at = position + 1;
            if !std::mem::take(&mut first) {
                w.out.push_str(", ");
            }
            let (parts, between): (&[Value], &str) = match view {
                None => (&[entry.key, entry.value], ": "),
                Some(ViewKind::Keys) => (&[entry.key], ""),
                Some(ViewKind::Values) => (&[entry.value], ""),
                Some(ViewKind::Items) => {
                    w.out.push('(');
                    (&[entry.key, entry.value], ", ")
                }
            };
            for (i, &part) in parts.iter().enumerate() {
                if i > 0 {
                    w.out.push_str(between);
                }
                if !self.write_repr(part, w)? {
                    return Ok(false);
                }
            }
            if view == Some(ViewKind::Items) {
                w.out.push(')');
            }
        }
        Ok(true)
    }

    fn write_set(&mut self, v: Value, id: ObjId, w: &mut Writer) -> Written {
        let name = self.type_name(v).to_owned();
        self.write_set_as(id, &name, w)
    }

    fn write_set_as(&mut self, id: ObjId, name: &str, w: &mut Writer) -> Written {
        let (Obj::Set(set) | Obj::FrozenSet(set)) = self.heap.get(id) else {
            return Ok(false);
        };
        if set.is_empty() {
            let _ = write!(w.out, "{name}()");
            return Ok(true);
        }
        let again = format!("{name}(...)");
        let bare = name == "set";
        self.write_open(id, &again, w, |m, w| {
            if !bare {
                w.out.push_str(name);
                w.out.push('(');
            }
            w.out.push('{');
            let mut at = 0;
            let mut first = true;
            while let Obj::Set(set) | Obj::FrozenSet(set) = m.heap.get(id)
                && let Some((position, item)) = set.next_from(at)
            {
                at = position + 1;
                if !std::mem::take(&mut first) {
                    w.out.push_str(", ");
                }
                if !m.write_repr(item, w)? {
                    return Ok(false);
                }
            }
            w.out.push_str(if bare { "}" } else { "})" });
            Ok(true)
        })
    }

    /// An instance of a class derived from set, frozenset, deque or bytearray: these say the class's name.
    fn write_named(&mut self, v: Value, inner: ObjId, w: &mut Writer) -> Written {
        let name = self.type_name(v).to_owned();
        let own = match self.heap.get(inner) {
            Obj::Deque(_) => "deque",
            Obj::ByteArray(_) => "bytearray",
            _ => return self.write_set_as(inner, &name, w),
        };
        let start = w.out.len();
        let written = self.write_builtin(Value::Obj(inner), w)?;
        let call = w.out[start..].strip_prefix(own);
        if written && call.is_some_and(|rest| rest.starts_with('(')) {
            w.out.replace_range(start..start + own.len(), &name);
        }
        Ok(written)
    }
}
