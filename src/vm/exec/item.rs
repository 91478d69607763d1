//! Subscripts beyond their quick cases.

use crate::id::NameId;
use crate::program::instr::Reg;
use crate::value::Value;
use crate::value::object::{Cont, Obj};
use crate::vm::attr::Attr;
use crate::vm::call::Run;
use crate::vm::machine::{Machine, Thread};
use crate::vm::names;
use crate::vm::types::Ty;

impl Machine {
    pub(crate) fn load_item_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        index: Value,
        o: Reg,
        i: Reg,
        d: Reg,
    ) -> Run {
        if object.is_unbound() || index.is_unbound() {
            return Err(self.unbound_local(th, if object.is_unbound() { o } else { i }));
        }
        if let Some(method) = self.user_method(object, names::GETITEM) {
            return self.call(th, method, &[object, index], &[], Cont::Reg(d));
        }
        if let Some(out) = self.get_item(object, index)? {
            return self.finish(th, out, Cont::Reg(d));
        }
        if let Value::Obj(id) = object
            && let Obj::Class(class) = self.heap.get(id)
        {
            let meta = class.meta;
            if let Some(method) = self.lookup(meta, names::GETITEM) {
                return self.call(th, method, &[object, index], &[], Cont::Reg(d));
            }
            if let Attr::Value(method) = self.get_attr(object, names::CLASS_GETITEM)? {
                return self.call(th, method, &[index], &[], Cont::Reg(d));
            }
            let function = self.prelude_function("_generic_alias");
            return self.call(th, function, &[object, index], &[], Cont::Reg(d));
        }
        let message = format!("'{}' object is not subscriptable", self.type_name(object));
        Err(self.type_error(message))
    }

    /// A special method written in Python.
    pub(super) fn user_method(&self, object: Value, name: NameId) -> Option<Value> {
        let Value::Obj(id) = object else { return None };
        let Obj::Instance(instance) = self.heap.get(id) else {
            return None;
        };
        let method = self.lookup(instance.class, name)?;
        match method {
            Value::Obj(f) if matches!(self.heap.get(f), Obj::Native(_)) => None,
            _ => Some(method),
        }
    }

    pub(crate) fn store_item_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        index: Value,
        value: Value,
        o: Reg,
        i: Reg,
    ) -> Run {
        if object.is_unbound() || index.is_unbound() {
            return Err(self.unbound_local(th, if object.is_unbound() { o } else { i }));
        }
        if let Some(method) = self.user_method(object, names::SETITEM) {
            return self.call(th, method, &[object, index, value], &[], Cont::Discard);
        }
        if let Value::Obj(id) = object {
            self.heap.publish_into(id, index);
        }
        match self.set_item(object, index, value)? {
            Some(out) => self.finish(th, out, Cont::Discard),
            None => {
                let message = format!(
                    "'{}' object does not support item assignment",
                    self.type_name(object)
                );
                Err(self.type_error(message))
            }
        }
    }

    pub(crate) fn delete_item_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        index: Value,
        o: Reg,
        i: Reg,
    ) -> Run {
        if object.is_unbound() || index.is_unbound() {
            return Err(self.unbound_local(th, if object.is_unbound() { o } else { i }));
        }
        if let Some(method) = self.user_method(object, names::DELITEM) {
            return self.call(th, method, &[object, index], &[], Cont::Discard);
        }
        match self.del_item(object, index)? {
            Some(out) => self.finish(th, out, Cont::Discard),
            None => {
                let sequence = match self.object(object) {
                    Some(
                        Obj::Str(_)
                        | Obj::Tuple(_)
                        | Obj::Bytes(_)
                        | Obj::Range(_)
                        | Obj::HugeRange(_),
                    ) => true,
                    // Classes of the program have the slots of sequences, plain objects do not.
                    Some(Obj::Instance(_)) => self.class_of(object) != Ty::Object.id(),
                    _ => false,
                };
                let support = if sequence && self.as_i64(index).is_some() {
                    "doesn't support"
                } else {
                    "does not support"
                };
                let message = format!(
                    "'{}' object {support} item deletion",
                    self.type_name(object)
                );
                Err(self.type_error(message))
            }
        }
    }
}
