//! Raising and unwinding.
//!
//! Source of the rules: CPython 3.13's `Python/ceval.c` (`exception_unwind`) and `Python/errors.c` (`_PyErr_SetObject`, context).

use super::call::{Flow, Run};
use super::machine::{Machine, ModuleState, Thread};
use super::names;
use super::native::Raise;
use super::types::Ty;
use super::types_of::lazy_class;
use crate::id::ObjId;
use crate::program::instr::Instr;
use crate::value::Value;
use crate::value::object::{Cont, Frame, GenState, Obj, TracePoint};

impl Machine {
    /// Unwinds the thread's stack with an exception raised by the instruction before the innermost frame's pc. Ends at a handler,
    /// at a consumer of `StopIteration`, or below the last frame.
    ///
    /// # Errors
    /// The exception, when nobody in the thread handles it.
    pub(crate) fn unwind(&mut self, th: &mut Thread, raised: Raise) -> Run {
        if self.header.refused.is_some() {
            return Ok(self.stop_at_refusal(th));
        }
        let mut exception = raised.0;
        let mut again = match th.frames.last() {
            Some(frame) if frame.pc > 0 => {
                let image = std::sync::Arc::clone(&self.image);
                matches!(
                    image.program.code(frame.code).instrs[frame.pc as usize - 1],
                    Instr::Reraise { .. } | Instr::RaiseAgain
                )
            }
            _ => false,
        };
        if !again && let Some(frame) = th.frames.last() {
            self.set_context(exception, frame.handled);
        }
        loop {
            let Some(frame) = th.frames.last().copied() else {
                return Err(Raise(exception));
            };
            let at = frame.pc.saturating_sub(1);
            let image = std::sync::Arc::clone(&self.image);
            if !std::mem::take(&mut again) && !image.linked[frame.code.index()].bundled {
                let point = TracePoint {
                    code: frame.code,
                    pc: at,
                };
                self.keep_self(th, frame, exception);
                if let Some(e) = self.exception_mut(exception) {
                    e.traceback.push(point);
                }
            }
            let code = image.program.code(frame.code);
            if let Some(handler) = code.handlers.iter().find(|h| h.start <= at && at < h.end) {
                th.stack[frame.base as usize + handler.reg as usize] = Value::Obj(exception);
                th.frames.last_mut().expect("looked above").pc = handler.target;
                return Ok(Flow::Reload);
            }
            th.frames.pop();
            match self.leave(th, frame, exception)? {
                Left::Caught => return Ok(Flow::Reload),
                Left::Goes(next) => exception = next,
            }
        }
    }

    /// Ends the run, in front of what raddle does not support: no handler of the program may take it for an exception.
    ///
    /// Natives use it as `Err(m.refuse(..))`, bundled code by way of `_raddle.refuse`.
    #[cold]
    pub(crate) fn refuse(&mut self, what: impl Into<String>) -> Raise {
        let what = what.into();
        self.header.refused.get_or_insert(what.clone());
        self.stop_ahead();
        self.raise(Ty::NotImplementedError, what)
    }

    /// Says where, and parks the thread for good.
    #[cold]
    fn stop_at_refusal(&mut self, th: &mut Thread) -> Flow {
        if let (Some((code, pc)), Some(what)) =
            (self.user_site(&th.frames), &mut self.header.refused)
        {
            let program = &self.image.program;
            let path = &program.module_of(code).path;
            *what = format!("{path}:{}: {what}", program.line(code, pc));
        }
        self.park_yield(th);
        Flow::Parked
    }

    /// Keeps the `self` of the frame in which a name was not found, for "Did you mean: 'self.x'?".
    fn keep_self(&mut self, th: &Thread, frame: Frame, exception: ObjId) {
        let fresh = self
            .exception(exception)
            .is_some_and(|e| e.traceback.is_empty());
        if !fresh || !self.is_instance(Value::Obj(exception), Ty::NameError.id()) {
            return;
        }
        let image = std::sync::Arc::clone(&self.image);
        let locals = &image.program.code(frame.code).locals;
        let Some(at) = locals
            .iter()
            .position(|name| name.as_deref() == Some("self"))
        else {
            return;
        };
        let this = th.stack[frame.base as usize + at];
        if !this.is_unbound() && self.instance_attr(exception, names::OBJ_ATTR).is_none() {
            self.set_instance_attr(exception, names::OBJ_ATTR, this);
        }
    }

    /// A frame was left by an exception: what its continuation makes of it.
    fn leave(&mut self, th: &mut Thread, frame: Frame, exception: ObjId) -> Result<Left, Raise> {
        match frame.cont {
            Cont::Next(_) | Cont::Sent(_) if self.is_stop_iteration(exception) => {
                let value = self.stop_value(exception);
                self.exhausted(th, value, frame.cont)?;
                Ok(Left::Caught)
            }
            Cont::Generator => {
                let id = frame
                    .owner
                    .obj()
                    .expect("generator frames belong to generators");
                let lazy = lazy_class(self, frame.code);
                if !matches!(lazy, Ty::Generator | Ty::Reversed) {
                    let cont = self.restart(th, frame, id);
                    if self.is_stop_iteration(exception) {
                        let value = self.stop_value(exception);
                        self.exhausted(th, value, cont)?;
                        return Ok(Left::Caught);
                    }
                    return Ok(Left::Goes(exception));
                }
                if let Obj::Generator(generator) = self.heap.get_mut(id) {
                    generator.state = GenState::Done;
                }
                if self.is_stop_iteration(exception) {
                    let raised = self.raise(Ty::RuntimeError, "generator raised StopIteration");
                    if let Some(e) = self.exception_mut(raised.0) {
                        e.cause = Value::Obj(exception);
                        e.context = Value::Obj(exception);
                        e.suppress_context = true;
                    }
                    return Ok(Left::Goes(raised.0));
                }
                Ok(Left::Goes(exception))
            }
            Cont::Module => {
                let module = self.image.program.code(frame.code).module;
                self.set_module_state(module, ModuleState::New);
                // The importer would have executed its instruction again; now that failed.
                if module.0 != self.image.program.main
                    && let Some(importer) = th.frames.last_mut()
                {
                    importer.pc += 1;
                }
                Ok(Left::Goes(exception))
            }
            Cont::Run { forgets } => {
                self.own_function_raised(th, exception, forgets)?;
                Ok(Left::Caught)
            }
            _ => Ok(Left::Goes(exception)),
        }
    }

    /// `map`, `filter` and their like go on after an exception: their generators have all state in their parameters, so that
    /// they can begin again. A `StopIteration` of their functions ends what consumes them, not themselves.
    fn restart(&mut self, th: &Thread, mut frame: Frame, generator: ObjId) -> Cont {
        let code = self.image.program.code(frame.code);
        let base = frame.base as usize;
        let mut registers = th.stack[base..base + code.registers as usize].to_vec();
        registers[code.params.names.len()..].fill(Value::Unbound);
        frame.pc = 0;
        if self.heap.is_shared(generator) {
            for &value in &registers {
                self.heap.publish(value);
            }
        }
        let Obj::Generator(generator) = self.heap.get_mut(generator) else {
            unreachable!("generator frames belong to generators")
        };
        generator.state = GenState::Created;
        generator.frame = frame;
        generator.registers = registers;
        generator.cont
    }

    fn is_stop_iteration(&self, exception: ObjId) -> bool {
        self.is_instance(Value::Obj(exception), Ty::StopIteration.id())
    }

    /// The first argument of a `StopIteration`.
    pub(crate) fn stop_value(&self, exception: ObjId) -> Value {
        let args = self.exception(exception).map_or(Value::None, |e| e.args);
        self.as_items(args)
            .and_then(|items| items.first().copied())
            .unwrap_or(Value::None)
    }

    /// Sets `__context__`, cutting cycles as CPython does.
    pub(crate) fn set_context(&mut self, exception: ObjId, handled: Value) {
        let Value::Obj(handled) = handled else { return };
        if handled == exception {
            return;
        }
        let mut at = handled;
        while let Some(Value::Obj(next)) = self.exception(at).map(|e| e.context) {
            if next == exception {
                if let Some(e) = self.exception_mut(at) {
                    e.context = Value::None;
                }
                break;
            }
            at = next;
        }
        if let Some(e) = self.exception_mut(exception) {
            e.context = Value::Obj(handled);
        }
    }

    /// `__traceback__`: an object for the outermost frame that the exception has left so far, the same until it leaves another.
    pub(crate) fn traceback_of(&mut self, exception: ObjId) -> Value {
        let Some(e) = self.exception(exception) else {
            return Value::None;
        };
        let Some(last) = e.traceback.len().checked_sub(1) else {
            return Value::None;
        };
        let (last, shown) = (last as u32, e.shown);
        if let Value::Obj(id) = shown
            && matches!(self.heap.get(id), Obj::Traceback { at, .. } if *at == last)
        {
            return shown;
        }
        let of = Value::Obj(exception);
        let made = self.heap.new_value(Obj::Traceback { of, at: last });
        if self.heap.is_shared(exception) {
            self.heap.publish(made);
        }
        if let Some(e) = self.exception_mut(exception) {
            e.shown = made;
        }
        made
    }

    /// The class that an exception of this class and these arguments gets: `OSError` chooses by its error number.
    pub(crate) fn exception_class(&self, class: ObjId, args: &[Value]) -> ObjId {
        if class != Ty::OSError.id() || !(2..=5).contains(&args.len()) {
            return class;
        }
        let by_number = match self.as_i64(args[0]) {
            Some(1 | 13) => Ty::PermissionError,
            Some(2) => Ty::FileNotFoundError,
            Some(3) => Ty::ProcessLookupError,
            Some(4) => Ty::InterruptedError,
            Some(10) => Ty::ChildProcessError,
            Some(11 | 114 | 115) => Ty::BlockingIOError,
            Some(17) => Ty::FileExistsError,
            Some(20) => Ty::NotADirectoryError,
            Some(21) => Ty::IsADirectoryError,
            Some(32 | 108) => Ty::BrokenPipeError,
            Some(103) => Ty::ConnectionAbortedError,
            Some(104) => Ty::ConnectionResetError,
            Some(110) => Ty::TimeoutError,
            Some(111) => Ty::ConnectionRefusedError,
            _ => Ty::OSError,
        };
        by_number.id()
    }

    /// `raise value`: an instance as it is; a class must be called first (`None`).
    ///
    /// # Errors
    /// `TypeError` for anything else.
    pub(crate) fn raise_target(&mut self, value: Value) -> Result<Option<ObjId>, Raise> {
        if let Value::Obj(id) = value {
            if self.exception(id).is_some() {
                return Ok(Some(id));
            }
            if matches!(self.heap.get(id), Obj::Class(_))
                && self.is_subclass(id, Ty::BaseException.id())
            {
                return Ok(None);
            }
        }
        Err(self.type_error("exceptions must derive from BaseException"))
    }

    /// Whether an exception matches the class or tuple of an `except` clause.
    ///
    /// # Errors
    /// `TypeError` when it is neither.
    pub(crate) fn exception_matches(
        &mut self,
        exception: Value,
        class: Value,
    ) -> Result<bool, Raise> {
        if let Value::Obj(id) = class {
            match self.heap.get(id) {
                Obj::Class(_) if self.is_subclass(id, Ty::BaseException.id()) => {
                    return Ok(self.is_instance(exception, id));
                }
                Obj::Tuple(items) => {
                    for item in items.clone() {
                        if self.exception_matches(exception, item)? {
                            return Ok(true);
                        }
                    }
                    return Ok(false);
                }
                _ => {}
            }
        }
        Err(self
            .type_error("catching classes that do not inherit from BaseException is not allowed"))
    }
}

enum Left {
    Caught,
    Goes(ObjId),
}
