//! Iteration over what is no builtin iterator, and unpacking.

use crate::kernel::op::Part;
use crate::program::instr::Reg;
use crate::value::Value;
use crate::value::object::{Cont, Obj};
use crate::vm::attr::Attr;
use crate::vm::call::{Flow, Run};
use crate::vm::machine::{Machine, Thread};
use crate::vm::names;
use crate::vm::native::{Raise, Resume};

impl Machine {
    pub(crate) fn get_iter_slow(&mut self, th: &mut Thread, x: Value, s: Reg, d: Reg) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        if let Value::Obj(id) = x {
            match self.heap.get(id) {
                Obj::Generator(_) | Obj::Iter(_) => return self.deliver(th, x, Cont::Reg(d)),
                Obj::Instance(instance) => {
                    let class = instance.class;
                    match self.lookup(class, names::ITER) {
                        Some(Value::None) => {}
                        Some(method) if !matches!(method, Value::Obj(f) if matches!(self.heap.get(f), Obj::Native(_))) =>
                        {
                            let function = self.prelude_function("_iter_checked");
                            return self.call(th, function, &[method, x], &[], Cont::Reg(d));
                        }
                        Some(_) => {
                            if let Some(iter) = self.get_iter(x) {
                                return self.deliver(th, iter, Cont::Reg(d));
                            }
                        }
                        None if self.lookup(class, names::GETITEM).is_some() => {
                            let function = self.prelude_function("_iter_items");
                            return self.call(th, function, &[x], &[], Cont::Reg(d));
                        }
                        None => {}
                    }
                }
                Obj::Class(class) => {
                    let meta = class.meta;
                    if let Some(method) = self.lookup(meta, names::ITER) {
                        return self.call(th, method, &[x], &[], Cont::Reg(d));
                    }
                }
                _ => {
                    if let Some(iter) = self.get_iter(x) {
                        return self.deliver(th, iter, Cont::Reg(d));
                    }
                }
            }
        }
        let message = format!("'{}' object is not iterable", self.type_name(x));
        Err(self.type_error(message))
    }

    /// Advances an iterator that is no builtin one.
    pub(crate) fn next_slow(&mut self, th: &mut Thread, iterator: Value, cont: Cont) -> Run {
        let Value::Obj(id) = iterator else {
            return Err(self.not_an_iterator(iterator));
        };
        match self.heap.get(id) {
            Obj::Generator(_) => {
                if self.watching
                    && self.heap.is_shared(id)
                    && !std::mem::take(&mut th.granted)
                    && self.visible_here(th)
                {
                    self.park_access(th, id, Part::Whole, true);
                    return Ok(Flow::Parked);
                }
                self.resume_generator(th, id, Resume::Send(Value::None), cont)
            }
            Obj::Iter(_) => match self.advance(id)? {
                Some(item) => self.deliver(th, item, cont),
                None => self.exhausted(th, Value::None, cont),
            },
            Obj::Instance(instance) => match self.lookup(instance.class, names::NEXT) {
                Some(method) => self.call(th, method, &[iterator], &[], cont),
                None => Err(self.not_an_iterator(iterator)),
            },
            _ => Err(self.not_an_iterator(iterator)),
        }
    }

    fn not_an_iterator(&mut self, value: Value) -> Raise {
        let message = format!("'{}' object is not an iterator", self.type_name(value));
        self.type_error(message)
    }

    pub(crate) fn send_slow(
        &mut self,
        th: &mut Thread,
        iterator: Value,
        value: Value,
        d: Reg,
    ) -> Run {
        if let Value::Obj(id) = iterator
            && let Obj::Generator(_) = self.heap.get(id)
        {
            return self.resume_generator(th, id, Resume::Send(value), Cont::Sent(d));
        }
        if value.is_none() {
            return self.next_slow(th, iterator, Cont::Sent(d));
        }
        match self.get_attr(iterator, names::SEND)? {
            Attr::Value(send) => self.call(th, send, &[value], &[], Cont::Sent(d)),
            _ => Err(self.no_attribute(iterator, names::SEND)),
        }
    }

    pub(crate) fn unpack_slow(&mut self, th: &mut Thread, x: Value, s: Reg, a: Reg, n: u16) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        let Some(items) = self.sequence_items(x) else {
            // Made a tuple of the right length by the prelude, then unpacked by the same instruction again.
            let function = self.prelude_function("_unpack");
            let args = [x, Value::Int(n as i64)];
            return self.call(th, function, &args, &[], Cont::Again(s));
        };
        let n = n as usize;
        if items.len() != n {
            let message = if items.len() > n {
                format!("too many values to unpack (expected {n})")
            } else {
                format!(
                    "not enough values to unpack (expected {n}, got {})",
                    items.len()
                )
            };
            return Err(self.value_error(message));
        }
        let at = th.frames.last().expect("running").base as usize + a as usize;
        th.stack[at..at + n].copy_from_slice(&items);
        Ok(Flow::Next)
    }

    /// The items of a builtin container that is not consumed by looking at it.
    pub(super) fn sequence_items(&mut self, x: Value) -> Option<Vec<Value>> {
        let Value::Obj(id) = x else { return None };
        match self.heap.get(id) {
            Obj::List(items) => Some(items.clone()),
            Obj::Tuple(items) => Some(items.to_vec()),
            Obj::Str(_)
            | Obj::Dict(_)
            | Obj::Range(_)
            | Obj::HugeRange(_)
            | Obj::Set(_)
            | Obj::FrozenSet(_)
            | Obj::Bytes(_)
            | Obj::ByteArray(_)
            | Obj::View { .. } => self.items(x).ok().flatten(),
            _ => None,
        }
    }

    pub(crate) fn unpack_star_slow(
        &mut self,
        th: &mut Thread,
        x: Value,
        s: Reg,
        a: Reg,
        before: usize,
        after: usize,
    ) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        let Some(items) = self.sequence_items(x) else {
            let function = self.prelude_function("_unpack_all");
            return self.call(th, function, &[x], &[], Cont::Again(s));
        };
        if items.len() < before + after {
            let message = format!(
                "not enough values to unpack (expected at least {}, got {})",
                before + after,
                items.len()
            );
            return Err(self.value_error(message));
        }
        let at = th.frames.last().expect("running").base as usize + a as usize;
        let rest = self.list(items[before..items.len() - after].to_vec());
        th.stack[at..at + before].copy_from_slice(&items[..before]);
        th.stack[at + before] = rest;
        th.stack[at + before + 1..at + before + 1 + after]
            .copy_from_slice(&items[items.len() - after..]);
        Ok(Flow::Next)
    }
}
