//! Calling: windows of registers and what stands in them.
//!
//! A call's callee stands in a slot of the stack and its arguments in the slots after it; the callee's frame begins at the
//! first argument, so that nothing is copied. What happens with the result is a [`Cont`].
//!
//! | file | holds |
//! | --- | --- |
//! | `bind` | binding of arguments to the parameters of Python functions |
//! | `native` | calls of native functions |
//! | `native_args` | their arguments: number, names, defaults |
//! | `construct` | calls of classes |
//! | `generator` | resuming and suspending generators |
//! | `result` | what happens with a result |
//! | `thread` | the first frame of a thread |

mod bind;
mod construct;
mod generator;
mod native;
mod native_args;
mod result;
mod thread;

use crate::id::{NameId, ObjId};
use crate::program::CodeKind;
use crate::value::Value;
use crate::value::object::{Cont, Frame, GenState, Generator, NativeId, Obj};
use crate::vm::machine::{Machine, Thread};
use crate::vm::names;
use crate::vm::native::{Args, Effect, NativeDef, Out, Raise, Signature};
use crate::vm::types::Ty;

/// What the dispatch loop does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Flow {
    /// The next instruction of the same frame.
    Next,
    /// The frame or its program counter changed: load them again.
    Reload,
    /// The thread is parked.
    Parked,
    /// The thread's first frame returned.
    Ended,
}

pub(crate) use self::thread::Forgets;

pub(crate) type Run = Result<Flow, Raise>;

impl Machine {
    /// First stack slot above the innermost frame: scratch space for calls that no instruction prepared.
    fn scratch(&self, th: &Thread) -> usize {
        match th.frames.last() {
            Some(frame) => {
                frame.base as usize + self.image.program.code(frame.code).registers as usize
            }
            None => 0,
        }
    }

    /// Calls `callee` with arguments that stand nowhere yet.
    pub(crate) fn call(
        &mut self,
        th: &mut Thread,
        callee: Value,
        args: &[Value],
        names: &[NameId],
        cont: Cont,
    ) -> Run {
        let at = self.scratch(th);
        let need = at + 1 + args.len() + 1;
        if th.stack.len() < need {
            th.stack.resize(need, Value::Unbound);
        }
        th.stack[at] = callee;
        th.stack[at + 1..at + 1 + args.len()].copy_from_slice(args);
        self.call_window(th, at, args.len(), names, cont)
    }

    /// Calls what stands in slot `at` with the `argc` arguments after it; the last ones are the keywords `names`.
    pub(crate) fn call_window(
        &mut self,
        th: &mut Thread,
        at: usize,
        mut argc: usize,
        names: &[NameId],
        cont: Cont,
    ) -> Run {
        loop {
            let callee = th.stack[at];
            let Value::Obj(id) = callee else {
                return Err(self.not_callable(callee));
            };
            match self.heap.get(id) {
                Obj::Function(_) => return self.push_function(th, id, at + 1, argc, names, cont),
                Obj::Native(native) => {
                    let native = *native;
                    return self.call_native(th, native, callee, at + 1, argc, names, cont);
                }
                Obj::BoundMethod { function, this } => {
                    let (function, this) = (*function, *this);
                    self.shift_in(th, at, argc, this);
                    th.stack[at] = function;
                    argc += 1;
                }
                Obj::Class(_) => return self.instantiate(th, id, at, argc, names, cont),
                Obj::StaticMethod(inner) => th.stack[at] = *inner,
                Obj::Instance(instance) => {
                    let class = instance.class;
                    let Some(call) = self.lookup(class, names::CALL) else {
                        return Err(self.not_callable(callee));
                    };
                    self.shift_in(th, at, argc, callee);
                    th.stack[at] = call;
                    argc += 1;
                }
                _ => return Err(self.not_callable(callee)),
            }
        }
    }

    /// Calls a special method that was found on the class of its first argument. A native without effect needs no window.
    pub(crate) fn call_special(
        &mut self,
        th: &mut Thread,
        method: Value,
        all: &[Value],
        cont: Cont,
    ) -> Run {
        if let Value::Obj(id) = method
            && let Obj::Native(native) = self.heap.get(id)
            && let NativeDef {
                run,
                signature: Signature::Positional(min, max),
                effect: Effect::Pure,
                ..
            } = &self.natives[native.0 as usize]
            && (*min as usize..=*max as usize).contains(&all.len())
        {
            let run = *run;
            let args = Args {
                all,
                names: &[],
                frames: &th.frames,
                this: method,
            };
            let native = run(self, &args);
            return match &native {
                Ok(Out::Materialise(_)) => self.call(th, method, all, &[], cont),
                _ => self.answered(th, native, cont),
            };
        }
        self.call(th, method, all, &[], cont)
    }

    fn not_callable(&mut self, callee: Value) -> Raise {
        let message = format!("'{}' object is not callable", self.type_name(callee));
        self.type_error(message)
    }

    /// Puts `first` before the arguments of the window.
    pub(crate) fn shift_in(&mut self, th: &mut Thread, at: usize, argc: usize, first: Value) {
        let end = at + 1 + argc;
        if th.stack.len() <= end {
            th.stack.resize(end + 1, Value::Unbound);
        }
        th.stack.copy_within(at + 1..end, at + 2);
        th.stack[at + 1] = first;
    }

    /// Pushes a frame for a Python function whose arguments begin at `base`.
    pub(crate) fn push_function(
        &mut self,
        th: &mut Thread,
        id: ObjId,
        base: usize,
        argc: usize,
        names: &[NameId],
        cont: Cont,
    ) -> Run {
        let Obj::Function(function) = self.heap.get(id) else {
            unreachable!("caller looked")
        };
        let code_id = function.code;
        let code = self.image.program.code(code_id);
        let end = base + code.registers as usize;
        let positional = code.params.positional as usize;
        let linked = &self.image.linked[code_id.index()];
        let (simple, kind) = (linked.simple, code.kind);
        let forwards = linked.forwards.map(|g| linked.globals + u32::from(g));
        if th.stack.len() < end {
            th.stack.resize(end, Value::Unbound);
        }
        if th.frames.len() as u32 > self.header.recursion_limit {
            return Err(self.raise(Ty::RecursionError, "maximum recursion depth exceeded"));
        }
        if simple && names.is_empty() && argc == positional {
            th.stack[base + argc..end].fill(Value::Unbound);
        } else if simple
            && names.is_empty()
            && let Some(missing) = positional.checked_sub(argc)
            && let Some(defaults) = self.as_items(function.defaults)
            && let Some(from) = defaults.len().checked_sub(missing)
        {
            let given = base + argc;
            th.stack[given..given + missing].copy_from_slice(&defaults[from..]);
            th.stack[given + missing..end].fill(Value::Unbound);
        } else {
            self.bind(th, id, base, argc, names)?;
        }
        if let Some(slot) = forwards
            && let Some((native, this)) = self.forwarded(slot, cont)
        {
            return self.call_native(th, native, this, base, positional, &[], cont);
        }
        let Obj::Function(function) = self.heap.get(id) else {
            unreachable!("caller looked")
        };
        let free = &self.image.program.code(code_id).free;
        for ((register, _), cell) in free.iter().zip(function.cells.iter()) {
            th.stack[base + *register as usize] = *cell;
        }
        let handled = th.frames.last().map_or(Value::None, |f| f.handled);
        let mut frame = Frame {
            code: code_id,
            pc: 0,
            base: base as u32,
            cont,
            owner: Value::Obj(id),
            handled,
        };
        if kind == CodeKind::Generator {
            frame.cont = Cont::Generator;
            frame.handled = Value::None;
            let registers = th.stack[base..end].to_vec();
            let generator = Generator {
                state: GenState::Created,
                frame,
                registers,
                cont: Cont::Discard,
                function: Value::Obj(id),
            };
            let value = self.heap.new_value(Obj::Generator(Box::new(generator)));
            if let (Value::Obj(made), Obj::Generator(g)) =
                (value, self.heap.get_mut(value.obj().expect("just made")))
            {
                g.frame.owner = Value::Obj(made);
            }
            return self.deliver(th, value, cont);
        }
        th.frames.push(frame);
        Ok(Flow::Reload)
    }

    /// The native in a global variable of bundled code, if it can be called in place of the function that hands its arguments on to it: one
    /// of whose effects nothing is to be known in front of the call.
    #[inline]
    fn forwarded(&self, slot: u32, cont: Cont) -> Option<(NativeId, Value)> {
        let this = self.globals.get(slot).value;
        let native = self.native_of(this)?;
        let pure = self.natives[native.0 as usize].effect == Effect::Pure;
        let frame = matches!(cont, Cont::Init(_) | Cont::Thread | Cont::Run { .. });
        (pure && !frame).then_some((native, this))
    }
}
