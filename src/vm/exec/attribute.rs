//! Attributes that no cache knows: reads and writes that fill the caches, deletions.

use crate::id::{NameId, ObjId};
use crate::kernel::op::Part;
use crate::program::instr::Reg;
use crate::value::Value;
use crate::value::object::{Cont, Obj};
use crate::vm::attr::Attr;
use crate::vm::call::{Flow, Run};
use crate::vm::machine::{Cache, Machine, Thread};
use crate::vm::names;

impl Machine {
    pub(super) fn attr_out(
        &mut self,
        th: &mut Thread,
        got: Attr,
        object: Value,
        name: NameId,
        cont: Cont,
    ) -> Run {
        match got {
            Attr::Value(value) => self.deliver(th, value, cont),
            Attr::Call(function, args) => self.call(th, function, &args, &[], cont),
            Attr::Missing => Err(self.missing_attr(object, name)),
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "an instruction with its operands"
    )]
    pub(crate) fn load_attr_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        o: Reg,
        name: NameId,
        d: Reg,
        at: usize,
        watch: bool,
    ) -> Run {
        if object.is_unbound() {
            return Err(self.unbound_local(th, o));
        }
        if watch && let Some((id, part)) = self.attr_visible(th, object, name) {
            self.park_access(th, id, part, false);
            return Ok(Flow::Parked);
        }
        if let Value::Obj(id) = object
            && let Obj::Instance(instance) = self.heap.get(id)
        {
            let (class, shape) = (instance.class, instance.shape);
            if let Some(slot) = self.shapes.slot(shape, name)
                && self.plain_slot(class, name)
            {
                self.caches[at] = Cache {
                    epoch: self.epoch,
                    shape,
                    slot: slot as u32,
                    ..Cache::default()
                };
            }
        }
        let got = self.get_attr(object, name)?;
        self.attr_out(th, got, object, name, Cont::Reg(d))
    }

    /// Whether an instance's own attribute of this name is what a lookup finds.
    pub(crate) fn plain_slot(&self, class: ObjId, name: NameId) -> bool {
        let Obj::Class(c) = self.heap.get(class) else {
            return false;
        };
        if c.flags.getattribute {
            return false;
        }
        match self.lookup(class, name) {
            Some(Value::Obj(found)) if matches!(self.heap.get(found), Obj::Slot(slot) if *slot == name) => {
                true
            }
            Some(found) => !self.is_data_descriptor(found),
            None => true,
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "an instruction with its operands"
    )]
    pub(crate) fn store_attr_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        o: Reg,
        name: NameId,
        value: Value,
        at: usize,
        watch: bool,
    ) -> Run {
        if object.is_unbound() {
            return Err(self.unbound_local(th, o));
        }
        if watch
            && let Value::Obj(id) = object
            && self.heap.is_shared(id)
            && !self.is_computed_attr(id, name)
            && !std::mem::take(&mut th.granted)
        {
            let home = self.attribute_dict(id).unwrap_or(id);
            self.park_access(th, home, Part::Attr(name), true);
            return Ok(Flow::Parked);
        }
        if let Value::Obj(id) = object
            && let Obj::Instance(instance) = self.heap.get(id)
            && self.attribute_dict(id).is_none()
        {
            let (class, shape, count) = (instance.class, instance.shape, instance.slots.len());
            let Obj::Class(c) = self.heap.get(class) else {
                unreachable!("instances have classes")
            };
            if !c.flags.setattr && name != names::CLASS && name != names::DICT {
                let slotted = c.slotted;
                let declared = matches!(self.lookup(class, name), Some(Value::Obj(f)) if matches!(self.heap.get(f), Obj::Slot(slot) if *slot == name));
                if declared || (!slotted && self.plain_slot(class, name)) {
                    let (slot, next) = match self.shapes.slot(shape, name) {
                        Some(slot) => (slot, shape),
                        None => (count, self.shapes.with(shape, name)),
                    };
                    self.caches[at] = Cache {
                        epoch: self.epoch,
                        shape,
                        slot: slot as u32,
                        next,
                        ..Cache::default()
                    };
                }
            }
        }
        match self.set_attr(object, name, value)? {
            Some((function, args)) => self.call(th, function, &args, &[], Cont::Discard),
            None => Ok(Flow::Next),
        }
    }

    /// Whether storing to an attribute runs code (property, descriptor, `__setattr__`), which has scheduling points of its own.
    fn is_computed_attr(&self, id: ObjId, name: NameId) -> bool {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return false;
        };
        let Obj::Class(class) = self.heap.get(instance.class) else {
            return false;
        };
        class.flags.setattr
            || self.lookup(instance.class, name).is_some_and(|found| {
                self.is_data_descriptor(found)
                    && !matches!(found, Value::Obj(f) if matches!(self.heap.get(f), Obj::Slot(_)))
            })
    }

    /// Deletes an instance's own attribute, if it is as the instruction's last was.
    #[inline]
    pub(super) fn delete_cached(&mut self, id: ObjId, at: usize) -> bool {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return false;
        };
        let cache = self.caches[at];
        if cache.epoch != self.epoch || cache.shape != instance.shape {
            return false;
        }
        if let Obj::Instance(instance) = self.heap.get_mut(id) {
            instance.slots.remove(cache.slot as usize);
            instance.shape = cache.next;
        }
        true
    }

    pub(crate) fn delete_attr_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        o: Reg,
        name: NameId,
        at: usize,
    ) -> Run {
        if object.is_unbound() {
            return Err(self.unbound_local(th, o));
        }
        if let Value::Obj(id) = object
            && let Obj::Instance(instance) = self.heap.get(id)
        {
            let (class, shape) = (instance.class, instance.shape);
            if let Obj::Class(c) = self.heap.get(class)
                && !c.flags.delattr
                && !c.slotted
                && name != names::DICT
                && let Some(slot) = self.shapes.slot(shape, name)
                && self.plain_slot(class, name)
            {
                self.caches[at] = Cache {
                    epoch: self.epoch,
                    shape,
                    slot: slot as u32,
                    next: self.shapes.without(shape, name),
                    ..Cache::default()
                };
            }
        }
        match self.set_attr(object, name, Value::Unbound)? {
            Some((function, args)) => {
                let args: Vec<Value> = args.into_iter().filter(|v| !v.is_unbound()).collect();
                self.call(th, function, &args, &[], Cont::Discard)
            }
            None => Ok(Flow::Next),
        }
    }
}
