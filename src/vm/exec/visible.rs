//! Scheduling points: which accesses of an instruction other threads can see, and parking in front of them.

use crate::id::{NameId, ObjId};
use crate::kernel::op::{Op, Part};
use crate::value::Value;
use crate::value::object::{Iter, Obj};
use crate::vm::machine::{Machine, Thread, Waiting};
use crate::vm::names;

impl Machine {
    pub(crate) fn park_global(&mut self, th: &mut Thread, slot: u32, write: bool) {
        let (object, part, _) = self.global_access(th, slot);
        self.park_access(th, object, part, write);
    }

    /// What an access to a global variable touches, and whether it is one of bundled code.
    fn global_access(&self, th: &Thread, slot: u32) -> (ObjId, Part, bool) {
        let code = th.frames.last().expect("running").code;
        let module = self.image.program.code(code).module;
        let name = self.image.global_names[slot as usize];
        let bundled = self.image.linked[code.index()].bundled;
        (self.access_object(module), Part::Attr(name), bundled)
    }

    /// See [`Machine::tells`].
    #[inline(always)]
    pub(super) fn tells_global(&mut self, th: &Thread, slot: u32, write: bool) -> bool {
        self.noting && self.tells_noted_global(th, slot, write)
    }

    fn tells_noted_global(&mut self, th: &Thread, slot: u32, write: bool) -> bool {
        let (object, part, bundled) = self.global_access(th, slot);
        self.tells(object, part, write, bundled)
    }

    pub(crate) fn park_yield(&mut self, th: &mut Thread) {
        th.waiting = Waiting::Resume;
        self.kernel.park(self.current, Op::Yield);
    }

    /// The container behind an iterator, if advancing it reads something that another thread can change; or the iterator itself,
    /// if another thread can advance it (`true`: a write).
    pub(crate) fn iterated(&self, id: ObjId) -> Option<(ObjId, bool)> {
        if self.heap.is_shared(id) {
            return Some((id, true));
        }
        let Obj::Iter(iter) = self.heap.get(id) else {
            return None;
        };
        let over = match &**iter {
            Iter::List(v, _)
            | Iter::Dict(v, ..)
            | Iter::DictReversed(v, ..)
            | Iter::Set(v, ..)
            | Iter::Deque(v, ..)
            | Iter::Reversed(v, _) => v.obj()?,
            Iter::Bytes(v, _) => v
                .obj()
                .filter(|&id| matches!(self.heap.get(id), Obj::ByteArray(_)))?,
            Iter::Enumerate(v, _) => return self.iterated(v.obj()?),
            Iter::Zip(iters, _) => return iters.iter().find_map(|v| self.iterated(v.obj()?)),
            _ => return None,
        };
        Some((over, false))
    }

    /// Whether items of the object can change.
    pub(crate) fn is_mutable(&self, id: ObjId) -> bool {
        match self.heap.get(id) {
            Obj::List(_) | Obj::ByteArray(_) | Obj::Dict(_) | Obj::Deque(_) | Obj::Namespace(_) => {
                true
            }
            Obj::Instance(instance) => !instance.inner.is_unbound()
                && self.lookup(instance.class, names::GETITEM).is_some_and(
                    |v| matches!(v, Value::Obj(f) if matches!(self.heap.get(f), Obj::Native(_))),
                ),
            _ => false,
        }
    }

    /// Which part of a container an index or key names.
    pub(crate) fn item_part(&self, id: ObjId, index: Value) -> Part {
        match (self.heap.get(id), index) {
            (Obj::List(items), Value::Int(n)) => {
                let at = if n < 0 { n + items.len() as i64 } else { n };
                if (0..items.len() as i64).contains(&at) {
                    Part::Index(at as u32)
                } else {
                    Part::Whole
                }
            }
            (Obj::Dict(_), key) => self.key_part(key),
            _ => Part::Whole,
        }
    }

    /// The part of a dict that a key names.
    pub(crate) fn key_part(&self, key: Value) -> Part {
        match self.hash(key) {
            crate::vm::protocol::hash::Hashed::Hash(hash) => {
                Part::Key((hash ^ (hash >> 32)) as u32)
            }
            _ => Part::Whole,
        }
    }

    /// Whether accesses by code of the program's own, or by bundled code, are scheduling points or at least noted.
    #[inline(always)]
    pub(super) fn watches(&self, bundled: bool) -> bool {
        (self.watching || self.alone) && (self.noting || !bundled)
    }

    pub(super) fn visible_here(&self, th: &Thread) -> bool {
        let frame = th.frames.last().expect("running");
        self.noting || !self.image.linked[frame.code.index()].bundled
    }

    /// An access to an attribute that may be visible: parks, or lets go on.
    pub(super) fn attr_visible(
        &mut self,
        th: &mut Thread,
        object: Value,
        name: NameId,
    ) -> Option<(ObjId, Part)> {
        let Value::Obj(id) = object else { return None };
        if !self.heap.is_shared(id) {
            return None;
        }
        let there = match self.heap.get(id) {
            Obj::Instance(instance) => {
                if self.shapes.slot(instance.shape, name).is_some() {
                    true
                } else {
                    if let Some(dict) = self.attribute_dict(id)
                        && self.heap.is_shared(dict)
                        && self.instance_attr(id, name).is_some()
                    {
                        let access = (dict, Part::Attr(name));
                        return Some(access).filter(|_| !std::mem::take(&mut th.granted));
                    }
                    let class = instance.class;
                    return self
                        .class_data(class, name)
                        .map(|owner| (owner, Part::Attr(name)))
                        .filter(|_| !std::mem::take(&mut th.granted));
                }
            }
            Obj::Class(_) => {
                return self
                    .class_data(id, name)
                    .map(|owner| (owner, Part::Attr(name)))
                    .filter(|_| !std::mem::take(&mut th.granted));
            }
            Obj::Module(module) => {
                let module = *module;
                let visible = !self.image.program.modules[module.index()].bundled
                    && !self
                        .global_slot(module, name)
                        .is_some_and(|slot| self.globals.get(slot).last);
                let access = (self.access_object(module), Part::Attr(name));
                return Some(access)
                    .filter(|_| visible)
                    .filter(|_| !std::mem::take(&mut th.granted));
            }
            _ => false,
        };
        if !there || std::mem::take(&mut th.granted) {
            None
        } else {
            Some((id, Part::Attr(name)))
        }
    }

    /// The class in the MRO that holds a data attribute (no function, no descriptor) of this name, if it is a user's.
    fn class_data(&self, class: ObjId, name: NameId) -> Option<ObjId> {
        let Obj::Class(c) = self.heap.get(class) else {
            return None;
        };
        for &base in &c.mro {
            if let Obj::Class(b) = self.heap.get(base)
                && let Some(&value) = b.dict.get(&name)
            {
                let data = match value {
                    Value::Obj(v) => !matches!(
                        self.heap.get(v),
                        Obj::Function(_)
                            | Obj::Native(_)
                            | Obj::Property(_)
                            | Obj::StaticMethod(_)
                            | Obj::ClassMethod(_)
                            | Obj::Slot(_)
                            | Obj::Getter { .. }
                            | Obj::Class(_)
                    ),
                    _ => true,
                };
                return (data && !b.builtin && self.heap.is_shared(base)).then_some(base);
            }
        }
        None
    }
}
