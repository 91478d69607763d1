//! Calling: windows of registers, binding of parameters, natives, classes, continuations.
//!
//! A call's callee stands in a slot of the stack and its arguments in the slots after it; the callee's frame begins at the
//! first argument, so that nothing is copied. What happens with the result is a [`Cont`].

use super::machine::{Machine, Thread, Waiting};
use super::names;
use super::native::{Args, Effect, Native, NativeDef, Out, Park, Raise, Resume, Signature};
use super::types::Ty;
use crate::id::{NameId, ObjId};
use crate::kernel::op::{Op, Part};
use crate::program::CodeKind;
use crate::value::Value;
use crate::value::object::{Cont, Frame, GenState, Generator, Instance, Layout, NativeId, Obj};
use smallvec::SmallVec;

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

pub(crate) type Run = Result<Flow, Raise>;

/// Natives with at most so many named parameters are called without a detour when all arguments are positional.
const FEW: usize = 6;

/// What a native `__new__` came to for a class derived from its own.
enum Constructed {
    /// The instance.
    Done(ObjId),
    /// Calling this gives it.
    Call(Value, Vec<Value>, Vec<NameId>),
    /// The argument of this index must be made a list first.
    Materialise(usize),
}

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
        self.call_window(th, at, args.len(), names, cont, false)
    }

    /// Calls what stands in slot `at` with the `argc` arguments after it; the last ones are the keywords `names`. `direct` is
    /// true when an instruction calls, so that it can be executed again after a park in front of an access.
    pub(crate) fn call_window(
        &mut self,
        th: &mut Thread,
        at: usize,
        mut argc: usize,
        names: &[NameId],
        cont: Cont,
        mut direct: bool,
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
                    return self.call_native(th, native, callee, at + 1, argc, names, cont, direct);
                }
                Obj::BoundMethod { function, this } => {
                    let (function, this) = (*function, *this);
                    // The window must still be as it was when the instruction is executed again.
                    if direct && let Some(native) = self.native_of(function) {
                        if self.stops_in_front(th, native, this) {
                            return Ok(Flow::Parked);
                        }
                        direct = false;
                    }
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

    fn native_of(&self, value: Value) -> Option<NativeId> {
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
        let Value::Obj(callee) = th.stack[at] else {
            return false;
        };
        let (native, first) = match self.heap.get(callee) {
            Obj::Native(native) if argc > 0 => (*native, th.stack[at + 1]),
            Obj::BoundMethod { function, this } => match self.native_of(*function) {
                Some(native) => (native, *this),
                None => return false,
            },
            _ => return false,
        };
        let Some((object, write)) = self.native_access(native, first) else {
            return false;
        };
        th.waiting = Waiting::Call(at as u32, argc as u32, cont);
        let part = Part::Whole;
        let access = Op::Access {
            object,
            part,
            write,
        };
        self.kernel.park(self.current, access);
        true
    }

    /// The object that a native touches visibly, and whether it may change it.
    #[inline]
    fn native_access(&self, native: NativeId, first: Value) -> Option<(ObjId, bool)> {
        let effect = self.natives[native.0 as usize].effect;
        if effect == Effect::Pure {
            return None;
        }
        let object = self.effect_target(first).obj()?;
        self.heap
            .is_shared(object)
            .then_some((object, effect == Effect::Write))
    }

    /// Parks the thread if what a native does with its first argument is visible and was not granted yet.
    fn stops_in_front(&mut self, th: &mut Thread, native: NativeId, first: Value) -> bool {
        if !self.watching {
            return false;
        }
        match self.native_access(native, first) {
            Some((object, write)) if !std::mem::take(&mut th.granted) => {
                self.park_access(th, object, Part::Whole, write);
                true
            }
            _ => false,
        }
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
        let image = std::sync::Arc::clone(&self.image);
        let code = image.program.code(code_id);
        let linked = &image.linked[code_id.index()];
        let end = base + code.registers as usize;
        if th.stack.len() < end {
            th.stack.resize(end, Value::Unbound);
        }
        if th.frames.len() as u32 > self.header.recursion_limit {
            return Err(self.raise(Ty::RecursionError, "maximum recursion depth exceeded"));
        }
        let positional = code.params.positional as usize;
        if linked.simple && names.is_empty() && argc == positional {
            th.stack[base + argc..end].fill(Value::Unbound);
        } else {
            self.bind(th, id, base, argc, names)?;
        }
        let Obj::Function(function) = self.heap.get(id) else {
            unreachable!("caller looked")
        };
        for ((register, _), cell) in code.free.iter().zip(function.cells.iter()) {
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
        if code.kind == CodeKind::Generator {
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

    /// Answers of natives: gives a value to where `cont` says, calls what is to be called, parks.
    pub(crate) fn finish(&mut self, th: &mut Thread, out: Out, cont: Cont) -> Run {
        match out {
            Out::Value(value) => self.deliver(th, value, cont),
            Out::Call(callee, args) => self.call(th, callee, &args, &[], cont),
            Out::CallKw(callee, args, names) => self.call(th, callee, &args, &names, cont),
            Out::Park(park) => Ok(self.park_native(th, &park, cont)),
            Out::Body(function, namespace) => self.push_body(th, function, namespace, cont),
            Out::Resume(generator, how) => self.resume_generator(th, generator, how, cont),
            Out::Main => {
                let image = std::sync::Arc::clone(&self.image);
                let main = crate::id::ModuleId(image.program.main);
                self.set_module_state(main, super::machine::ModuleState::Running(self.current));
                self.push_module(&image, th, main, Cont::Module);
                let _ = cont;
                Ok(Flow::Reload)
            }
            Out::Locals => self.locals_of(th, cont),
            Out::Super => self.super_of(th, cont),
            Out::Materialise(_) => unreachable!("resolved where the native was called"),
        }
    }

    #[inline(always)]
    fn park_native(&mut self, th: &mut Thread, park: &Park, cont: Cont) -> Flow {
        th.waiting = Waiting::Native(park.after, park.extra, cont);
        self.kernel.park(self.current, park.op);
        Flow::Parked
    }

    /// Gives a result to where it belongs, in terms of the innermost frame.
    pub(crate) fn deliver(&mut self, th: &mut Thread, value: Value, cont: Cont) -> Run {
        match cont {
            Cont::Reg(d) => {
                let base = th.frames.last().expect("a frame waits for the result").base as usize;
                th.stack[base + d as usize] = value;
                Ok(Flow::Next)
            }
            Cont::Discard => Ok(Flow::Next),
            Cont::Bool(d) => match self.truth(value) {
                Some(truth) => self.deliver(th, Value::Bool(truth), Cont::Reg(d)),
                None => self.call_truth(th, value, Cont::Bool(d)),
            },
            Cont::Not(d) => match self.truth(value) {
                Some(truth) => self.deliver(th, Value::Bool(!truth), Cont::Reg(d)),
                None => self.call_truth(th, value, Cont::Not(d)),
            },
            Cont::Test { want } => match self.truth(value) {
                Some(truth) => {
                    if truth == want {
                        th.frames.last_mut().expect("a frame tests").pc += 1;
                    }
                    Ok(Flow::Reload)
                }
                None => self.call_truth(th, value, cont),
            },
            Cont::Next(d) => {
                th.frames.last_mut().expect("a frame iterates").pc += 1;
                self.deliver(th, value, Cont::Reg(d))?;
                Ok(Flow::Reload)
            }
            Cont::Sent(d) => {
                th.frames.last_mut().expect("a frame sends").pc += 1;
                self.deliver(th, value, Cont::Reg(d))?;
                Ok(Flow::Reload)
            }
            Cont::Operator(d) => {
                if matches!(value, Value::NotImplemented) {
                    return Err(self.operator_error(th));
                }
                self.deliver(th, value, Cont::Reg(d))
            }
            Cont::Compared { d } => {
                let value = if matches!(value, Value::NotImplemented) {
                    self.compare_fallback(th)?
                } else {
                    value
                };
                if d == u16::MAX {
                    self.deliver(th, value, Cont::Test { want: true })
                } else {
                    self.deliver(th, value, Cont::Reg(d))
                }
            }
            Cont::Init(_) | Cont::Generator | Cont::Module | Cont::Thread => {
                unreachable!("only frames end with these")
            }
        }
    }

    fn call_truth(&mut self, th: &mut Thread, value: Value, cont: Cont) -> Run {
        let function = self.prelude_function("_truth");
        self.call(th, function, &[value], &[], cont)
    }

    /// A frame returned `value`.
    pub(crate) fn return_value(&mut self, th: &mut Thread, value: Value) -> Run {
        let frame = th.frames.pop().expect("a frame returns");
        match frame.cont {
            Cont::Init(d) => {
                if !value.is_none() {
                    let message = format!(
                        "__init__() should return None, not '{}'",
                        self.type_name(value)
                    );
                    return Err(self.type_error(message));
                }
                let instance = th.stack[frame.base as usize - 1];
                self.deliver(th, instance, Cont::Reg(d))?;
                Ok(Flow::Reload)
            }
            Cont::Generator => self.generator_returned(th, frame, value),
            Cont::Module => {
                self.module_done(frame);
                Ok(Flow::Reload)
            }
            Cont::Thread => Ok(Flow::Ended),
            cont => self.deliver(th, value, cont).map(|flow| {
                if flow == Flow::Next {
                    Flow::Reload
                } else {
                    flow
                }
            }),
        }
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
        direct: bool,
    ) -> Run {
        // What is needed of it, and no more: this is copied at each call.
        let NativeDef {
            run,
            signature,
            effect,
            ..
        } = self.natives[native.0 as usize];
        if direct && argc > names.len() && self.stops_in_front(th, native, th.stack[at]) {
            return Ok(Flow::Parked);
        }
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
        match out? {
            Out::Value(value) => self.deliver(th, value, cont),
            Out::Park(ref park) => Ok(self.park_native(th, park, cont)),
            Out::Materialise(index) => {
                let all = th.stack[at..at + argc].to_vec();
                self.materialise(th, this, all, names, index, cont)
            }
            out => self.finish(th, out, cont),
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
        th.waiting = Waiting::Access;
        th.frames.last_mut().expect("an instruction accesses").pc -= 1;
        self.kernel.park(
            self.current,
            Op::Access {
                object,
                part,
                write,
            },
        );
    }

    fn native_label(&self, native: NativeId) -> String {
        let def = self.natives[native.0 as usize];
        if def.owner.is_empty() {
            format!("{}()", def.name)
        } else {
            format!("{}.{}()", def.owner, def.name)
        }
    }

    #[cold]
    fn native_arity(&mut self, native: NativeId, argc: usize, names: &[NameId]) -> Raise {
        let def = self.natives[native.0 as usize];
        let label = self.native_label(native);
        let Signature::Positional(min, max) = def.signature else {
            unreachable!("caller looked")
        };
        let own = usize::from(!def.owner.is_empty() && def.name != "__new__");
        let (min, max, given) = (
            (min as usize).saturating_sub(own),
            (max as usize).saturating_sub(own),
            argc.saturating_sub(own),
        );
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        if !names.is_empty() {
            return self.type_error(format!("{label} takes no keyword arguments"));
        }
        let message = if argc == 0 && own == 1 {
            format!("unbound method {label} needs an argument")
        } else if min == max {
            match min {
                0 => format!("{label} takes no arguments ({given} given)"),
                1 => format!("{label} takes exactly one argument ({given} given)"),
                _ => format!(
                    "{} expected {min} argument{}, got {given}",
                    def.name,
                    plural(min)
                ),
            }
        } else if given < min {
            format!(
                "{} expected at least {min} argument{}, got {given}",
                def.name,
                plural(min)
            )
        } else {
            format!(
                "{} expected at most {max} argument{}, got {given}",
                def.name,
                plural(max)
            )
        };
        self.type_error(message)
    }

    fn sort_named(
        &mut self,
        native: NativeId,
        all: &[Value],
        names: &[NameId],
        params: &'static [&'static str],
        positional: u8,
        required: u8,
    ) -> Result<SmallVec<[Value; 8]>, Raise> {
        let given = all.len() - names.len();
        let def = self.natives[native.0 as usize];
        let own = usize::from(!def.owner.is_empty());
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let positional = positional as usize;
        if all.len() > params.len() || given > positional {
            let (most, word, got) = if all.len() > params.len() {
                let word = if given == own && own < all.len() {
                    "keyword "
                } else {
                    ""
                };
                (params.len() - own, word, all.len() - own)
            } else {
                (positional - own, "positional ", given - own)
            };
            let message = format!(
                "{}() takes at most {most} {word}argument{} ({got} given)",
                def.name,
                plural(most)
            );
            return Err(self.type_error(message));
        }
        let mut sorted: SmallVec<[Value; 8]> = SmallVec::from_elem(Value::Unbound, params.len());
        sorted[..given].copy_from_slice(&all[..given]);
        for (i, &name) in names.iter().enumerate() {
            let text = self.names.text(name);
            match params.iter().position(|p| *p == text) {
                Some(at) if sorted[at].is_unbound() => sorted[at] = all[given + i],
                Some(at) => {
                    let message = format!(
                        "argument for {}() given by name ('{text}') and position ({})",
                        def.name,
                        at + 1 - own
                    );
                    return Err(self.type_error(message));
                }
                None => {
                    let hint = match super::builtins::suggest(text, &params[own..]) {
                        Some(near) => format!(". Did you mean '{near}'?"),
                        None => String::new(),
                    };
                    let message = format!(
                        "{}() got an unexpected keyword argument '{text}'{hint}",
                        def.name
                    );
                    return Err(self.type_error(message));
                }
            }
        }
        let required = required as usize;
        if let Some(at) = sorted[..required].iter().position(|v| v.is_unbound()) {
            let message = if at < own {
                format!(
                    "unbound method {} needs an argument",
                    self.native_label(native)
                )
            } else if params[at].is_empty() {
                let least = required - own;
                format!(
                    "{}() takes {} {least} positional argument{} ({} given)",
                    def.name,
                    if required == positional {
                        "exactly"
                    } else {
                        "at least"
                    },
                    plural(least),
                    given - own
                )
            } else {
                format!(
                    "{}() missing required argument '{}' (pos {})",
                    def.name,
                    params[at],
                    at + 1 - own
                )
            };
            return Err(self.type_error(message));
        }
        Ok(sorted)
    }

    /// Calls a class: makes an instance and initialises it.
    fn instantiate(
        &mut self,
        th: &mut Thread,
        id: ObjId,
        at: usize,
        argc: usize,
        names: &[NameId],
        cont: Cont,
    ) -> Run {
        let Obj::Class(class) = self.heap.get(id) else {
            unreachable!("caller looked")
        };
        let (layout, flags, meta, root) = (class.layout, class.flags, class.meta, class.root);
        if meta != Ty::Type.id()
            && let Some(call) = self.lookup(meta, names::CALL)
            && !self.is_native_of(call, Ty::Type)
        {
            self.shift_in(th, at, argc, Value::Obj(id));
            th.stack[at] = call;
            return self.call_window(th, at, argc + 1, names, cont, false);
        }
        if flags.new {
            return self.type_call(th, id, at, argc, names, cont);
        }
        match layout {
            Layout::Plain if flags.is_abstract => {
                let function = self.prelude_function("_abstract_error");
                self.call(th, function, &[Value::Obj(id)], &[], cont)
            }
            Layout::Plain => {
                let made = self.heap.alloc(Obj::Instance(Box::new(Instance {
                    class: id,
                    shape: root,
                    slots: Vec::new(),
                    inner: Value::Unbound,
                })));
                self.initialise(th, made, id, at, argc, names, cont)
            }
            Layout::Inner(base) if base == Ty::BaseException.id() => {
                let given = &th.stack[at + 1..at + 1 + argc - names.len()];
                let id = self.exception_class(id, given);
                let args = self.tuple(&th.stack[at + 1..at + 1 + argc - names.len()]);
                let made = self.new_exception(id, args);
                self.initialise(th, made, id, at, argc, names, cont)
            }
            Layout::Inner(_) => {
                let new = self.lookup(id, names::NEW);
                let Some(Value::Obj(constructor)) = new else {
                    unreachable!("builtin classes have constructors")
                };
                let Obj::Native(native) = *self.heap.get(constructor) else {
                    unreachable!("flag says so")
                };
                if self.is_builtin_class(id) {
                    // The class itself is the first argument, where it stands already.
                    let this = Value::Obj(constructor);
                    return self.call_native(th, native, this, at, argc + 1, names, cont, false);
                }
                if self.is_subclass(id, Ty::Type.id()) {
                    return self.type_call(th, id, at, argc, names, cont);
                }
                match self.construct_inside(th, native, id, at, argc + 1, names)? {
                    Constructed::Done(made) => self.initialise(th, made, id, at, argc, names, cont),
                    _ => self.type_call(th, id, at, argc, names, cont),
                }
            }
        }
    }

    fn is_builtin_class(&self, id: ObjId) -> bool {
        matches!(self.heap.get(id), Obj::Class(c) if c.builtin)
    }

    /// Whether a value is a native method that belongs to a builtin class.
    pub(crate) fn is_native_of(&self, value: Value, class: Ty) -> bool {
        let Value::Obj(id) = value else { return false };
        match self.heap.get(id) {
            Obj::Native(native) => {
                self.natives[native.0 as usize].owner == Ty::ALL[class as usize].1
            }
            Obj::StaticMethod(inner) => self.is_native_of(*inner, class),
            _ => false,
        }
    }

    /// The general construction, `type.__call__`: `cls.__new__`, then `__init__` if that gave an instance. In the prelude.
    fn type_call(
        &mut self,
        th: &mut Thread,
        class: ObjId,
        at: usize,
        argc: usize,
        names: &[NameId],
        cont: Cont,
    ) -> Run {
        let given = argc - names.len();
        let args = self.tuple(&th.stack[at + 1..at + 1 + given]);
        let mut dict = crate::value::dict::Dict::default();
        for (i, &name) in names.iter().enumerate() {
            let key = self.name_value(name);
            self.dict_insert_new(&mut dict, key, th.stack[at + 1 + given + i]);
        }
        let keywords = self.dict(dict);
        let function = self.prelude_function("_type_call");
        self.call(
            th,
            function,
            &[Value::Obj(class), args, keywords],
            &[],
            cont,
        )
    }

    /// The class given to the native `__new__` of class `owner`, if it is a user's whose instances have a builtin value inside.
    ///
    /// # Errors
    /// `TypeError` when it is not derived from `owner`.
    fn derived_from(&mut self, owner: &str, class: Value) -> Result<Option<ObjId>, Raise> {
        let Some(id) = class.obj() else {
            return Ok(None);
        };
        let Obj::Class(c) = self.heap.get(id) else {
            return Ok(None);
        };
        let builtin = c.builtin;
        if matches!(owner, "object" | "type" | "BaseException")
            || builtin && Ty::ALL[id.index()].1 == owner
        {
            return Ok(None);
        }
        let base = Ty::ALL.iter().find(|(_, name, _)| *name == owner);
        if base.is_some_and(|(ty, _, _)| self.is_subclass(id, ty.id())) {
            return Ok((!builtin).then_some(id));
        }
        let name = self.class_name(id);
        let message = format!("{owner}.__new__({name}): {name} is not a subtype of {owner}");
        Err(self.type_error(message))
    }

    /// Runs the native `__new__` in a window for a class derived from its own, and puts the value that it makes inside an
    /// instance. Types with an `__init__` of their own get their arguments there.
    fn construct_inside(
        &mut self,
        th: &Thread,
        native: NativeId,
        class: ObjId,
        at: usize,
        argc: usize,
        names: &[NameId],
    ) -> Result<Constructed, Raise> {
        let def = self.natives[native.0 as usize];
        let filled_later = matches!(def.owner, "list" | "dict" | "set" | "collections.deque");
        let (argc, names) = if filled_later {
            (1, &[][..])
        } else {
            (argc, names)
        };
        let args = Args {
            all: &th.stack[at..at + argc],
            names,
            frames: &th.frames,
            this: self.native_values(native),
        };
        let around = |m: &Machine, function: Value, args: Vec<Value>, names| {
            let mut all = vec![Value::Obj(class), function];
            all.extend(args);
            Constructed::Call(m.prelude_function("_new_around"), all, names)
        };
        Ok(match (def.run)(self, &args)? {
            Out::Value(inner) => Constructed::Done(self.new_instance(class, inner)),
            Out::Materialise(index) => Constructed::Materialise(index),
            Out::Call(function, args) => around(self, function, args, Vec::new()),
            Out::CallKw(function, args, names) => around(self, function, args, names),
            _ => unreachable!("constructors make a value or call"),
        })
    }

    /// An instance without attributes.
    pub(crate) fn new_instance(&mut self, class: ObjId, inner: Value) -> ObjId {
        let shape = self.root_shape(class);
        self.heap.alloc(Obj::Instance(Box::new(Instance {
            class,
            shape,
            slots: Vec::new(),
            inner,
        })))
    }

    /// Calls `__init__` of a new instance with the window's arguments; the instance goes to `cont`.
    #[allow(
        clippy::too_many_arguments,
        reason = "a call window and what to do with it"
    )]
    fn initialise(
        &mut self,
        th: &mut Thread,
        made: ObjId,
        class: ObjId,
        at: usize,
        argc: usize,
        names: &[NameId],
        cont: Cont,
    ) -> Run {
        let init = self.lookup(class, names::INIT);
        match init {
            Some(Value::Obj(init)) => match self.heap.get(init) {
                Obj::Function(_) => {
                    self.shift_in(th, at, argc, Value::Obj(made));
                    th.stack[at] = Value::Obj(made);
                    match cont {
                        Cont::Reg(d) => {
                            self.push_function(th, init, at + 1, argc + 1, names, Cont::Init(d))
                        }
                        _ => {
                            let given = th.stack[at + 1..at + 2 + argc].to_vec();
                            let function = self.prelude_function("_initialised");
                            let mut args = vec![Value::Obj(init)];
                            args.extend(given);
                            self.call(th, function, &args, names, cont)
                        }
                    }
                }
                Obj::Native(native) => {
                    let native = *native;
                    self.shift_in(th, at, argc, Value::Obj(made));
                    if self.natives[native.0 as usize].owner == "object" {
                        let plain =
                            matches!(self.heap.get(made), Obj::Instance(i) if i.inner.is_unbound());
                        if argc > 0 && plain {
                            let message =
                                format!("{}() takes no arguments", self.class_name(class));
                            return Err(self.type_error(message));
                        }
                    } else if self.exception(made).is_none() {
                        let args = th.stack[at + 1..at + 2 + argc].to_vec();
                        let mut all = vec![Value::Obj(init)];
                        all.extend(args);
                        let function = self.prelude_function("_initialised");
                        return self.call(th, function, &all, names, cont);
                    } else {
                        self.call_native(
                            th,
                            native,
                            Value::Obj(init),
                            at + 1,
                            argc + 1,
                            names,
                            Cont::Discard,
                            false,
                        )?;
                    }
                    self.deliver(th, Value::Obj(made), cont)
                }
                _ => {
                    let mut args = vec![Value::Obj(init), Value::Obj(made)];
                    args.extend_from_slice(&th.stack[at + 1..at + 1 + argc]);
                    let function = self.prelude_function("_initialised");
                    self.call(th, function, &args, names, cont)
                }
            },
            _ => self.deliver(th, Value::Obj(made), cont),
        }
    }

    /// Resumes a generator: pushes its frame.
    pub(crate) fn resume_generator(
        &mut self,
        th: &mut Thread,
        id: ObjId,
        how: Resume,
        cont: Cont,
    ) -> Run {
        let Obj::Generator(generator) = self.heap.get(id) else {
            unreachable!("caller looked")
        };
        match generator.state {
            GenState::Running => return Err(self.value_error("generator already executing")),
            GenState::Done => {
                return match how {
                    Resume::Throw(raise) => Err(raise),
                    Resume::Send(_) => self.exhausted(th, Value::None, cont),
                };
            }
            GenState::Created => match how {
                Resume::Send(value) if !value.is_none() => {
                    return Err(
                        self.type_error("can't send non-None value to a just-started generator")
                    );
                }
                Resume::Throw(raise) => {
                    if let Obj::Generator(g) = self.heap.get_mut(id) {
                        g.state = GenState::Done;
                        g.registers = Vec::new();
                    }
                    return Err(raise);
                }
                Resume::Send(_) => {}
            },
            GenState::Suspended => {}
        }
        if th.frames.len() as u32 > self.header.recursion_limit {
            return Err(self.raise(Ty::RecursionError, "maximum recursion depth exceeded"));
        }
        let base = self.scratch(th);
        let image = std::sync::Arc::clone(&self.image);
        let Obj::Generator(generator) = self.heap.get_mut(id) else {
            unreachable!("looked above")
        };
        let created = generator.state == GenState::Created;
        generator.state = GenState::Running;
        generator.cont = cont;
        let mut frame = generator.frame;
        let registers = std::mem::take(&mut generator.registers);
        let end = base + registers.len();
        if th.stack.len() < end {
            th.stack.resize(end, Value::Unbound);
        }
        th.stack[base..end].copy_from_slice(&registers);
        frame.base = base as u32;
        th.frames.push(frame);
        if created {
            return Ok(Flow::Reload);
        }
        // A suspended frame's pc stands after its yield: the value sent goes to that instruction's register.
        let yielded = image.program.code(frame.code).instrs[frame.pc as usize - 1];
        use crate::program::instr::Instr;
        match how {
            Resume::Send(value) => {
                if let Instr::Yield { d, .. } | Instr::YieldFrom { d, .. } = yielded {
                    th.stack[base + d as usize] = value;
                }
                Ok(Flow::Reload)
            }
            Resume::Throw(raise) => {
                if let Instr::YieldFrom { d, it } = yielded {
                    let iterator = th.stack[base + it as usize];
                    let function = self.prelude_function("_delegate_throw");
                    // `Send, Jump, YieldFrom` stand in a row: go on as if the `Send` had been given what the sub-iterator
                    // now yields (skip the `Jump`) or returns (take it).
                    th.frames.last_mut().expect("just pushed").pc -= 2;
                    return self.call(
                        th,
                        function,
                        &[iterator, Value::Obj(raise.0)],
                        &[],
                        Cont::Sent(d),
                    );
                }
                Err(raise)
            }
        }
    }

    /// An iterator ended: what a consumer with this continuation does.
    pub(crate) fn exhausted(&mut self, th: &mut Thread, value: Value, cont: Cont) -> Run {
        match cont {
            Cont::Next(_) => Ok(Flow::Reload),
            Cont::Sent(d) => {
                self.deliver(th, value, Cont::Reg(d))?;
                Ok(Flow::Reload)
            }
            _ => {
                let args: &[Value] = if value.is_none() { &[] } else { &[value] };
                Err(self.raise_with(Ty::StopIteration, args))
            }
        }
    }

    fn generator_returned(&mut self, th: &mut Thread, frame: Frame, value: Value) -> Run {
        let id = frame
            .owner
            .obj()
            .expect("generator frames belong to generators");
        let Obj::Generator(generator) = self.heap.get_mut(id) else {
            unreachable!("owner is a generator")
        };
        generator.state = GenState::Done;
        let cont = generator.cont;
        self.exhausted(th, value, cont)
    }

    /// `yield`: stores the frame away and gives the value to the consumer.
    pub(crate) fn yield_value(&mut self, th: &mut Thread, value: Value) -> Run {
        let frame = th.frames.pop().expect("a frame yields");
        let id = frame
            .owner
            .obj()
            .expect("generator frames belong to generators");
        let end = frame.base as usize + self.image.program.code(frame.code).registers as usize;
        let registers = th.stack[frame.base as usize..end].to_vec();
        let shared = self.heap.is_shared(id);
        let Obj::Generator(generator) = self.heap.get_mut(id) else {
            unreachable!("owner is a generator")
        };
        generator.state = GenState::Suspended;
        generator.registers = registers;
        generator.frame = frame;
        let cont = generator.cont;
        if shared {
            for i in frame.base as usize..end {
                self.heap.publish(th.stack[i]);
            }
        }
        self.deliver(th, value, cont).map(|flow| {
            if flow == Flow::Next {
                Flow::Reload
            } else {
                flow
            }
        })
    }

    /// What a thread does with the kernel's answer when it goes on.
    pub(crate) fn answered(&mut self, th: &mut Thread, native: Native, cont: Cont) -> Run {
        match native? {
            Out::Value(value) => self.deliver(th, value, cont),
            out => self.finish(th, out, cont),
        }
    }
}
