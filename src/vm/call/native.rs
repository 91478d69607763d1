//! Calls of native functions, and parking in front of those that touch what several threads can reach.

use super::construct::Constructed;
use crate::id::{NameId, ObjId};
use crate::kernel::footprint::{Mode, Resource, Touch};
use crate::kernel::op::{Op, Part};
use crate::run::Switch;
use crate::value::Value;
use crate::value::object::{Cont, NativeId, Obj};
use crate::vm::call::{Flow, Run};
use crate::vm::exec::Depth;
use crate::vm::machine::{Machine, Thread, Waiting};
use crate::vm::native::{Args, Effect, Native, NativeDef, Out, Park, Signature};

/// Natives with at most so many named parameters are called without a detour when all arguments are positional.
const FEW: usize = 6;

impl Machine {
    pub(crate) fn native_of(&self, value: Value) -> Option<NativeId> {
        match self.heap.get(value.obj()?) {
            Obj::Native(native) => Some(*native),
            _ => None,
        }
    }

    /// Parks the thread if the call of the window at `at` is visible: that of a native, maybe bound, which touches what several
    /// threads can reach. It goes on with the call.
    #[inline]
    pub(crate) fn stops_in_front_of_call(
        &mut self,
        th: &mut Thread,
        at: usize,
        argc: usize,
        cont: Cont,
    ) -> bool {
        let (callee, args) = (th.stack[at], &th.stack[at + 1..at + 1 + argc]);
        let Some((object, write)) = self.call_access(callee, args) else {
            if self.noting {
                let values: Vec<Value> = self.looked_into(callee, args).to_vec();
                self.note_contents(&values);
            }
            return false;
        };
        self.park_in_front(
            th,
            Waiting::Call(at as u32, argc as u32, cont),
            object,
            Part::Whole,
            write,
        );
        true
    }

    /// The object that a native touches visibly, and whether it may change it.
    #[inline]
    pub(crate) fn native_access(&self, native: NativeId, args: &[Value]) -> Option<(ObjId, bool)> {
        let effect = self.natives[native.0 as usize].effect;
        match effect {
            Effect::Pure => None,
            Effect::Contents => self.contents(args, Depth::All),
            Effect::Read | Effect::Write => {
                let object = self.effect_target(*args.first()?).obj()?;
                self.heap
                    .is_shared(object)
                    .then_some((object, effect == Effect::Write))
            }
        }
    }

    #[inline(always)]
    pub(crate) fn park_native(&mut self, th: &mut Thread, park: &Park, cont: Cont) -> Flow {
        th.waiting = Waiting::Native(park.after, park.extra, cont);
        self.kernel.park(self.current, park.op);
        Flow::Parked
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "one call site shape for all natives"
    )]
    pub(crate) fn call_native(
        &mut self,
        th: &mut Thread,
        native: NativeId,
        this: Value,
        at: usize,
        argc: usize,
        names: &[NameId],
        cont: Cont,
    ) -> Run {
        // What is needed of it, and no more: this is copied at each call.
        let NativeDef {
            run,
            signature,
            effect,
            ..
        } = self.natives[native.0 as usize];
        let out = match signature {
            Signature::Positional(min, max) => {
                if names.is_empty() && argc >= min as usize && argc <= max as usize {
                    let args = Args {
                        all: &th.stack[at..at + argc],
                        names,
                        frames: &th.frames,
                        this,
                    };
                    run(self, &args)
                } else {
                    return Err(self.native_arity(native, argc, names));
                }
            }
            Signature::Any
                if argc == names.len() && !self.natives[native.0 as usize].owner.is_empty() =>
            {
                let def = self.natives[native.0 as usize];
                let message = if def.name == "__new__" {
                    format!("{}.__new__(): not enough arguments", def.owner)
                } else if def.name.starts_with("__") {
                    let (name, owner) = (def.name, def.owner);
                    format!("descriptor '{name}' of '{owner}' object needs an argument")
                } else {
                    let label = self.native_label(native);
                    format!("unbound method {label} needs an argument")
                };
                return Err(self.type_error(message));
            }
            Signature::Any => {
                let NativeDef { name, owner, .. } = self.natives[native.0 as usize];
                if name == "__new__"
                    && argc > names.len()
                    && let Some(class) = self.derived_from(owner, th.stack[at])?
                {
                    return match self.construct_inside(th, native, class, at, argc, names)? {
                        Constructed::Done(made) => self.deliver(th, Value::Obj(made), cont),
                        Constructed::Call(function, all, keywords) => {
                            self.call(th, function, &all, &keywords, cont)
                        }
                        Constructed::Materialise(index) => {
                            let all = th.stack[at..at + argc].to_vec();
                            self.materialise(th, this, all, names, index, cont)
                        }
                    };
                }
                let args = Args {
                    all: &th.stack[at..at + argc],
                    names,
                    frames: &th.frames,
                    this,
                };
                run(self, &args)
            }
            Signature::Named {
                names: params,
                positional,
                required,
            } if names.is_empty()
                && (required as usize..=positional as usize).contains(&argc)
                && params.len() <= FEW =>
            {
                let mut all = [Value::Unbound; FEW];
                all[..argc].copy_from_slice(&th.stack[at..at + argc]);
                let args = Args {
                    all: &all[..params.len()],
                    names,
                    frames: &th.frames,
                    this,
                };
                let out = run(self, &args);
                if let Ok(Out::Materialise(index)) = out {
                    let all = th.stack[at..at + argc].to_vec();
                    return self.materialise(th, this, all, &[], index, cont);
                }
                out
            }
            Signature::Named {
                names: params,
                positional,
                required,
            } => {
                let sorted = self.sort_named(
                    native,
                    &th.stack[at..at + argc],
                    names,
                    params,
                    positional,
                    required,
                )?;
                let args = Args {
                    all: &sorted,
                    names: &[],
                    frames: &th.frames,
                    this,
                };
                let out = run(self, &args);
                if let Ok(Out::Materialise(index)) = out {
                    let sorted: Vec<Value> = sorted
                        .iter()
                        .copied()
                        .take_while(|v| !v.is_unbound())
                        .collect();
                    return self.materialise(th, this, sorted, &[], index, cont);
                }
                out
            }
        };
        if effect == Effect::Write
            && argc > 0
            && let Value::Obj(object) = self.effect_target(th.stack[at])
            && self.heap.is_shared(object)
        {
            for i in at + 1..at + argc {
                self.heap.publish(th.stack[i]);
            }
        }
        match out {
            Ok(Out::Materialise(index)) => {
                let all = th.stack[at..at + argc].to_vec();
                self.materialise(th, this, all, names, index, cont)
            }
            _ => self.answered(th, out, cont),
        }
    }

    /// The object a native with an effect touches: the dict behind a view, the instance behind its namespace.
    fn effect_target(&self, value: Value) -> Value {
        match value {
            Value::Obj(id) => match self.heap.get(id) {
                Obj::View { dict, .. } => *dict,
                Obj::Namespace(of) => *of,
                _ => value,
            },
            _ => value,
        }
    }

    fn materialise(
        &mut self,
        th: &mut Thread,
        native: Value,
        all: Vec<Value>,
        names: &[NameId],
        index: usize,
        cont: Cont,
    ) -> Run {
        let split = all.len() - names.len();
        let named: Vec<Value> = names.iter().map(|&n| self.name_value(n)).collect();
        let args = self.list(all);
        let named = self.tuple(named);
        let function = self.prelude_function("_materialise");
        let args = [
            native,
            args,
            Value::Int(index as i64),
            Value::Int(split as i64),
            named,
        ];
        self.call(th, function, &args, &[], cont)
    }

    /// Parks the thread in front of an access; the instruction before the frame's pc is executed again when it is granted.
    pub(crate) fn park_access(&mut self, th: &mut Thread, object: ObjId, part: Part, write: bool) {
        th.frames.last_mut().expect("an instruction accesses").pc -= 1;
        self.park_in_front(th, Waiting::Access, object, part, write);
    }

    /// Parks the thread in front of an access. If it is none that is a scheduling point in this mode, somebody wants to know of it
    /// only: then the thread does not stop here.
    fn park_in_front(
        &mut self,
        th: &mut Thread,
        waiting: Waiting,
        object: ObjId,
        part: Part,
        write: bool,
    ) {
        th.waiting = waiting;
        if self.noting {
            let frame = th.frames.last().expect("an instruction accesses");
            let bundled = self.image.linked[frame.code.index()].bundled;
            if bundled || self.alone || self.options.switch != Switch::Shared {
                let mode = if write { Mode::Write } else { Mode::Read };
                self.noted
                    .push(Touch::new(Resource::Heap(object), part, mode));
                self.passing = true;
                return;
            }
        }
        self.kernel.park(
            self.current,
            Op::Access {
                object,
                part,
                write,
            },
        );
    }

    /// What a thread does with the kernel's answer when it goes on.
    #[inline(always)]
    pub(crate) fn answered(&mut self, th: &mut Thread, native: Native, cont: Cont) -> Run {
        // The frequent answers are read where they stand: to move one that was just written makes the processor wait.
        match &native {
            Ok(Out::Value(value)) => self.deliver(th, *value, cont),
            Ok(Out::Park(park)) => Ok(self.park_native(th, park, cont)),
            _ => self.finish(th, native?, cont),
        }
    }
}
