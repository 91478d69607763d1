//! `with` blocks: the methods of context managers.

use super::method::BUILTIN_SHAPES;
use crate::id::NameId;
use crate::program::instr::Reg;
use crate::value::Value;
use crate::value::object::{Cont, Obj};
use crate::value::shape::ShapeId;
use crate::vm::call::Run;
use crate::vm::machine::{Cache, Machine, Thread};
use crate::vm::names;
use crate::vm::stdlib::lock;

impl Machine {
    /// A special method of the value's class, remembered in the cache at `at`; and whether it was remembered already.
    fn special(&mut self, value: Value, name: NameId, at: usize) -> Option<(Value, bool)> {
        let shape = match value {
            Value::Obj(id) => match self.heap.get(id) {
                Obj::Instance(instance) => instance.shape,
                Obj::Class(_) => {
                    return self
                        .lookup(self.class_of(value), name)
                        .map(|found| (found, false));
                }
                Obj::Sync(sync) => ShapeId(BUILTIN_SHAPES + sync.kind.class() as u32),
                other => {
                    ShapeId(BUILTIN_SHAPES + crate::vm::types_of::builtin_class(self, other) as u32)
                }
            },
            other => ShapeId(BUILTIN_SHAPES + self.class_of(other).0),
        };
        let cache = &self.caches[at];
        if cache.shape == shape && cache.epoch == self.epoch && cache.slot == u32::MAX {
            return Some((cache.value, true));
        }
        let found = self.lookup(self.class_of(value), name)?;
        self.caches[at] = Cache {
            epoch: self.epoch,
            shape,
            slot: u32::MAX,
            value: found,
            ..Cache::default()
        };
        Some((found, false))
    }

    pub(crate) fn with_enter(
        &mut self,
        th: &mut Thread,
        manager: Value,
        m: Reg,
        d: Reg,
        at: usize,
    ) -> Run {
        if manager.is_unbound() {
            return Err(self.unbound_local(th, m));
        }
        if let Some(park) = lock::with_block(self, manager, true) {
            return Ok(self.park_native(th, &park, Cont::Reg(d)));
        }
        let Some((enter, known)) = self.special(manager, names::ENTER, at) else {
            let message = format!(
                "'{}' object does not support the context manager protocol",
                self.type_name(manager)
            );
            return Err(self.type_error(message));
        };
        if !known && self.lookup(self.class_of(manager), names::EXIT).is_none() {
            let message = format!(
                "'{}' object does not support the context manager protocol (missed __exit__ method)",
                self.type_name(manager)
            );
            return Err(self.type_error(message));
        }
        self.call_special(th, enter, &[manager], Cont::Reg(d))
    }

    pub(crate) fn with_exit(
        &mut self,
        th: &mut Thread,
        manager: Value,
        exception: Value,
        cont: Cont,
        at: usize,
    ) -> Run {
        if let Some(park) = lock::with_block(self, manager, false) {
            return Ok(self.park_native(th, &park, cont));
        }
        let Some((exit, _)) = self.special(manager, names::EXIT, at) else {
            return Err(self.no_attribute(manager, names::EXIT));
        };
        if exception.is_none() {
            let all = [manager, Value::None, Value::None, Value::None];
            return self.call_special(th, exit, &all, cont);
        }
        let class = Value::Obj(self.class_of(exception));
        let traceback = exception
            .obj()
            .map_or(Value::None, |id| self.traceback_of(id));
        self.call(th, exit, &[manager, class, exception, traceback], &[], cont)
    }
}
