//! Operations that look into what containers hold: texts, comparisons, conversions, truth.
//!
//! Such an operation is one step: the thread parks in front of it if another can change the container. What else it looks into, as
//! far as containers hold each other, is noted for whoever wants to know what steps touch.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::id::ObjId;
use crate::kernel::footprint::{Mode, Resource, Touch};
use crate::kernel::op::Part;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::{Machine, Thread};
use crate::vm::names;
use crate::vm::native::Effect;
use crate::vm::types::Ty;

/// How far an operation looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Depth {
    /// Into the container.
    Items,
    /// Into what its items hold too.
    All,
}

/// Builtin classes whose construction looks into an argument, and how far.
const CLASSES: &[(Ty, Depth)] = &[
    (Ty::Str, Depth::All),
    (Ty::List, Depth::Items),
    (Ty::Tuple, Depth::Items),
    (Ty::Dict, Depth::Items),
    (Ty::Set, Depth::Items),
    (Ty::FrozenSet, Depth::Items),
    (Ty::Bytes, Depth::Items),
    (Ty::ByteArray, Depth::Items),
    (Ty::Deque, Depth::Items),
    (Ty::Bool, Depth::Items),
    (Ty::Map, Depth::Items),
    (Ty::Filter, Depth::Items),
    (Ty::Reversed, Depth::Items),
];

impl Machine {
    /// The first container that several threads can reach among those that an operation on these values looks into, and whether the
    /// operation changes it (an iterator moves on).
    pub(crate) fn contents(&self, values: &[Value], depth: Depth) -> Option<(ObjId, bool)> {
        values.iter().find_map(|value| self.content(*value, depth))
    }

    fn content(&self, value: Value, depth: Depth) -> Option<(ObjId, bool)> {
        let Value::Obj(id) = value else { return None };
        let id = match self.heap.get(id) {
            Obj::List(_) | Obj::Dict(_) | Obj::Set(_) | Obj::Deque(_) | Obj::ByteArray(_) => id,
            Obj::View { dict, .. } => return self.content(*dict, depth),
            Obj::Namespace(of) => {
                return of
                    .obj()
                    .filter(|of| self.heap.is_shared(*of))
                    .map(|of| (of, false));
            }
            Obj::Iter(_) => {
                return self
                    .iterated(id)
                    .filter(|(over, _)| self.heap.is_shared(*over));
            }
            Obj::Instance(instance) => {
                let inner = instance.inner.obj()?;
                let holds = matches!(
                    self.heap.get(inner),
                    Obj::List(_) | Obj::Dict(_) | Obj::Set(_) | Obj::Deque(_) | Obj::ByteArray(_)
                );
                if holds { id } else { return None }
            }
            // To run one changes it.
            Obj::Generator(_) => return self.heap.is_shared(id).then_some((id, true)),
            Obj::Tuple(items) if depth == Depth::All => return self.contents(items, depth),
            _ => return None,
        };
        if self.heap.is_shared(id) {
            return Some((id, false));
        }
        if depth == Depth::Items {
            return None;
        }
        // Its own, but what is in it may not be.
        match self.heap.get(id) {
            Obj::List(items) => self.contents(items, depth),
            Obj::Dict(dict) => dict.iter().find_map(|e| self.content(e.value, depth)),
            Obj::Deque(deque) => deque.items.iter().find_map(|v| self.content(*v, depth)),
            _ => None,
        }
    }

    /// Notes all that an operation on these values looks into.
    pub(crate) fn note_contents(&mut self, values: &[Value]) {
        let mut seen = FxHashSet::default();
        let mut open: Vec<Value> = values.to_vec();
        while let Some(value) = open.pop() {
            let Value::Obj(id) = value else { continue };
            // Once each: they may hold themselves.
            if !holds(self.heap.get(id)) || !seen.insert(id) {
                continue;
            }
            match self.heap.get(id) {
                Obj::List(items) => open.extend(items),
                Obj::Tuple(items) => {
                    open.extend(items);
                    continue;
                }
                Obj::Dict(dict) => open.extend(dict.iter().flat_map(|e| [e.key, e.value])),
                Obj::Set(_) | Obj::ByteArray(_) => {}
                Obj::Deque(deque) => open.extend(&deque.items),
                Obj::View { dict, .. } => {
                    open.push(*dict);
                    continue;
                }
                Obj::Iter(_) => {
                    if let Some((over, _)) = self.iterated(id)
                        && over != id
                    {
                        open.push(Value::Obj(over));
                    }
                    continue;
                }
                Obj::Instance(instance) if !instance.inner.is_unbound() => {
                    open.push(instance.inner)
                }
                _ => continue,
            }
            if self.heap.is_shared(id) {
                self.noted
                    .push(Touch::new(Resource::Heap(id), Part::Whole, Mode::Read));
            }
        }
    }

    /// The object that a call touches visibly before anything else, and whether it may change it.
    #[inline]
    pub(crate) fn call_access(&self, callee: Value, args: &[Value]) -> Option<(ObjId, bool)> {
        let Value::Obj(id) = callee else { return None };
        match self.heap.get(id) {
            Obj::Function(function) if self.image.linked[function.code.index()].looks => {
                self.contents(args, Depth::All)
            }
            Obj::Native(native) => self.native_access(*native, args),
            Obj::BoundMethod { function, this } => {
                let native = self.native_of(*function)?;
                match self.natives[native.0 as usize].effect {
                    Effect::Contents => self.contents(args, Depth::All),
                    _ => self.native_access(native, &[*this]),
                }
            }
            Obj::Class(class) if class.builtin => {
                let class = CLASSES.iter().find(|(ty, _)| ty.id() == id)?;
                self.contents(args, class.1)
            }
            Obj::Class(_) => match self
                .lookup(id, names::INIT)?
                .obj()
                .map(|id| self.heap.get(id))
            {
                Some(Obj::Function(init)) if self.image.linked[init.code.index()].looks => {
                    self.contents(args, Depth::Items)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Those arguments of a call that it looks into.
    pub(crate) fn looked_into<'v>(&self, callee: Value, args: &'v [Value]) -> &'v [Value] {
        let Value::Obj(id) = callee else { return &[] };
        match self.heap.get(id) {
            Obj::Native(native) => match self.natives[native.0 as usize].effect {
                Effect::Pure => &[],
                Effect::Contents => args,
                // What it does to the first is told by the step.
                Effect::Read | Effect::Write => args.get(1..).unwrap_or_default(),
            },
            Obj::BoundMethod { function, .. } => match self.native_of(*function) {
                Some(native) if self.natives[native.0 as usize].effect != Effect::Pure => args,
                _ => &[],
            },
            Obj::Function(function) if !self.image.linked[function.code.index()].looks => &[],
            _ => args,
        }
    }

    /// Parks the thread in front of an operation that looks into these values, if others can change what they hold.
    #[inline(never)]
    pub(super) fn stops_in_front_of_look(
        &mut self,
        th: &mut Thread,
        values: &[Value],
        depth: Depth,
    ) -> bool {
        let access = self.contents(values, depth);
        self.stops_at(th, access, values)
    }

    /// Parks the thread in front of an operation in place.
    #[inline(never)]
    pub(super) fn stops_in_front_of_change(
        &mut self,
        th: &mut Thread,
        target: Value,
        other: Value,
    ) -> bool {
        let values = [target, other];
        let access = match self.contents(&values[..1], Depth::Items) {
            Some((id, _)) => Some((id, true)),
            None => self.contents(&values, Depth::All),
        };
        self.stops_at(th, access, &values)
    }

    /// Parks the thread in front of the call of the window at `at`.
    #[inline(never)]
    pub(super) fn stops_in_front_of(&mut self, th: &mut Thread, at: usize, argc: usize) -> bool {
        let args: SmallVec<[Value; 8]> = SmallVec::from_slice(&th.stack[at + 1..at + 1 + argc]);
        let access = self.call_access(th.stack[at], &args);
        let values = self.looked_into(th.stack[at], &args);
        self.stops_at(th, access, values)
    }

    /// Parks the thread in front of the call of what is at `at`, whose arguments are in a tuple and a dict behind it.
    #[inline(never)]
    pub(super) fn stops_in_front_of_spread(&mut self, th: &mut Thread, at: usize) -> bool {
        let args = self.as_items(th.stack[at + 1]).unwrap_or_default();
        let access = self.call_access(th.stack[at], args);
        let values = [th.stack[at + 1], th.stack[at + 2]];
        self.stops_at(th, access, &values)
    }

    fn stops_at(
        &mut self,
        th: &mut Thread,
        access: Option<(ObjId, bool)>,
        values: &[Value],
    ) -> bool {
        if let Some((object, write)) = access
            && !std::mem::take(&mut th.granted)
        {
            self.park_access(th, object, Part::Whole, write);
            return true;
        }
        if self.noting {
            self.note_contents(values);
        }
        false
    }
}

/// Whether an object holds others that an operation on it can look into.
fn holds(object: &Obj) -> bool {
    matches!(
        object,
        Obj::List(_)
            | Obj::Tuple(_)
            | Obj::Dict(_)
            | Obj::Set(_)
            | Obj::Deque(_)
            | Obj::ByteArray(_)
            | Obj::View { .. }
            | Obj::Iter(_)
            | Obj::Instance(_)
    )
}
