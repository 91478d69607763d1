//! The first frame of a thread of the program's: its `run`, or the target that `Thread.run` would call.
//!
//! Most threads have a plain function for one of the two, which is called here without the frames that `threading` would put around
//! it. What those would do after it is done here too ([`Cont::Run`]), or handed to `threading._after_run` if there is more to it.

use crate::id::{ObjId, ThreadId};
use crate::kernel::footprint::{Mode, Resource, Touch};
use crate::kernel::op::Part;
use crate::value::Value;
use crate::value::object::{Cont, Obj};
use crate::value::shape::{NOBODYS, ShapeId};
use crate::vm::call::{Flow, Run};
use crate::vm::machine::{Machine, Thread, ThreadHooks};
use crate::vm::names;
use smallvec::SmallVec;

/// What a thread forgets when it has called its target.
const FORGOTTEN: [crate::id::NameId; 3] = [names::TARGET, names::THREAD_ARGS, names::THREAD_KWARGS];

/// How instances of one shape forget these.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Forgets {
    epoch: u32,
    shape: ShapeId,
    /// Their slots, the last first.
    slots: [u32; 3],
    next: ShapeId,
}

impl Forgets {
    /// Nobody has forgotten anything yet.
    pub(crate) const NONE: Forgets = Forgets {
        epoch: 0,
        shape: NOBODYS,
        slots: [0; 3],
        next: NOBODYS,
    };
}

/// A call of a plain function: it, and its arguments.
type Plain = (Value, SmallVec<[Value; 6]>);

impl Machine {
    /// Prepares the thread of a `Thread` object: it begins when the scheduler starts it.
    pub(crate) fn prepare_thread(&mut self, id: ThreadId, thread: Value) {
        let hooks = self
            .image
            .threads
            .expect("threading is part of the program");
        match self.own_function(&hooks, thread) {
            Some(((function, args), cont)) => self.new_thread(id, function, &args, cont),
            None => {
                let bootstrap = self.globals.get(hooks.bootstrap).value;
                self.new_thread(id, bootstrap, &[thread], Cont::Thread);
            }
        }
        self.heap.publish(thread);
    }

    /// What the thread of this object calls, and where its result goes: `None` if that is to be seen by calling `run`.
    fn own_function(&mut self, hooks: &ThreadHooks, thread: Value) -> Option<(Plain, Cont)> {
        let Value::Obj(object) = thread else {
            return None;
        };
        let Obj::Instance(instance) = self.heap.get(object) else {
            return None;
        };
        let class = instance.class;
        let Obj::Class(c) = self.heap.get(class) else {
            return None;
        };
        if c.flags.getattribute || self.instance_attr(object, names::RUN).is_some() {
            return None;
        }
        let run = self.lookup(class, names::RUN)?;
        let Some(Obj::Function(function)) = run.obj().map(|id| self.heap.get(id)) else {
            return None;
        };
        if function.code == hooks.run {
            let call = self.target_of(object)?;
            return Some((call, Cont::Run { forgets: true }));
        }
        let args: SmallVec<[Value; 6]> = [thread].into_iter().collect();
        self.takes_exactly(run, 1)
            .then_some(((run, args), Cont::Run { forgets: false }))
    }

    /// The call that `Thread.run` would make.
    fn target_of(&mut self, thread: ObjId) -> Option<Plain> {
        let [target, args, kwargs] = FORGOTTEN.map(|name| self.instance_attr(thread, name));
        let (target, args, kwargs) = (target?, args?, kwargs?);
        match self.heap.get(kwargs.obj()?) {
            Obj::Dict(dict) if dict.is_empty() => {}
            _ => return None,
        }
        let Obj::Tuple(given) = self.heap.get(args.obj()?) else {
            return None;
        };
        let mut all: SmallVec<[Value; 6]> = SmallVec::new();
        let function = match self.heap.get(target.obj()?) {
            Obj::BoundMethod { function, this } => {
                all.push(*this);
                *function
            }
            _ => target,
        };
        all.extend_from_slice(given);
        if !self.takes_exactly(function, all.len()) {
            return None;
        }
        for name in FORGOTTEN {
            self.note_attr(thread, name, false);
        }
        if self.noting && kwargs.obj().is_some_and(|id| self.heap.is_shared(id)) {
            self.note_contents(&[kwargs]);
        }
        Some((function, all))
    }

    /// Whether a value is a Python function that a call with so many positional arguments just enters.
    fn takes_exactly(&self, function: Value, count: usize) -> bool {
        let Some(Obj::Function(function)) = function.obj().map(|id| self.heap.get(id)) else {
            return false;
        };
        let positional = self.image.program.code(function.code).params.positional;
        self.image.linked[function.code.index()].quick && usize::from(positional) == count
    }

    /// Notes an access to an attribute by raddle itself, as one by bundled code.
    pub(crate) fn note_attr(&mut self, object: ObjId, name: crate::id::NameId, write: bool) {
        if self.noting && (self.watching || self.alone) && self.heap.is_shared(object) {
            let mode = if write { Mode::Write } else { Mode::Read };
            self.noted
                .push(Touch::new(Resource::Heap(object), Part::Attr(name), mode));
        }
    }

    /// A thread's own function has returned.
    pub(crate) fn own_function_returned(&mut self, th: &mut Thread, forgets: bool) -> Run {
        let thread = self.infos.get(self.current.0).object;
        if !forgets || self.forget_target(thread) {
            return Ok(Flow::Ended);
        }
        self.after_run(th, thread, Value::None, true)
    }

    /// An exception has left a thread's own function.
    pub(crate) fn own_function_raised(
        &mut self,
        th: &mut Thread,
        exception: ObjId,
        forgets: bool,
    ) -> Run {
        let thread = self.infos.get(self.current.0).object;
        let forgets = forgets && !self.forget_target(thread);
        self.after_run(th, thread, Value::Obj(exception), forgets)
    }

    fn after_run(&mut self, th: &mut Thread, thread: Value, raised: Value, forgets: bool) -> Run {
        let hooks = self
            .image
            .threads
            .expect("threading is part of the program");
        let function = self.globals.get(hooks.after_run).value;
        let args = [thread, raised, Value::Bool(forgets)];
        self.call(th, function, &args, &[], Cont::Thread)
    }

    /// Deletes a thread's target and arguments, if all are there as plain attributes.
    fn forget_target(&mut self, thread: Value) -> bool {
        let Some(id) = thread.obj() else { return false };
        let Obj::Instance(instance) = self.heap.get(id) else {
            return false;
        };
        let (class, shape) = (instance.class, instance.shape);
        if (self.forgets.epoch, self.forgets.shape) != (self.epoch, shape) {
            match self.how_to_forget(class, shape) {
                Some(forgets) => self.forgets = forgets,
                None => return false,
            }
        }
        for name in FORGOTTEN {
            self.note_attr(id, name, true);
        }
        let Forgets { slots, next, .. } = self.forgets;
        if let Obj::Instance(instance) = self.heap.get_mut(id) {
            for slot in slots {
                instance.slots.remove(slot as usize);
            }
            instance.shape = next;
        }
        true
    }

    fn how_to_forget(&mut self, class: ObjId, shape: ShapeId) -> Option<Forgets> {
        let Obj::Class(c) = self.heap.get(class) else {
            return None;
        };
        if c.flags.delattr || c.slotted {
            return None;
        }
        let mut slots = [0; 3];
        let mut next = shape;
        for (slot, name) in slots.iter_mut().zip(FORGOTTEN) {
            *slot = self.shapes.slot(shape, name)? as u32;
            if !self.plain_slot(class, name) {
                return None;
            }
            next = self.shapes.without(next, name);
        }
        slots.sort_unstable_by(|a, b| b.cmp(a));
        Some(Forgets {
            epoch: self.epoch,
            shape,
            slots,
            next,
        })
    }
}
