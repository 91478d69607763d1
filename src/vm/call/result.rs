//! What happens with the result of a call: continuations, and the answers of native functions.

use crate::value::Value;
use crate::value::object::Cont;
use crate::vm::call::{Flow, Run};
use crate::vm::machine::{Machine, Thread};
use crate::vm::native::Out;

impl Machine {
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
                self.set_module_state(main, crate::vm::machine::ModuleState::Running(self.current));
                self.push_module(&image, th, main, Cont::Module);
                let _ = cont;
                Ok(Flow::Reload)
            }
            Out::Locals => self.locals_of(th, cont),
            Out::Super => self.super_of(th, cont),
            Out::Materialise(_) => unreachable!("resolved where the native was called"),
        }
    }

    /// Gives a result to where it belongs, in terms of the innermost frame.
    pub(crate) fn deliver(&mut self, th: &mut Thread, value: Value, cont: Cont) -> Run {
        match cont {
            Cont::Reg(d) => {
                let base = th.frames.last().expect("a frame waits for the result").base as usize;
                th.stack[base + d as usize] = value;
                Ok(Flow::Next)
            }
            Cont::Again(d) => {
                // Not before: what the call raises is raised by the instruction that made it.
                th.frames.last_mut().expect("a frame goes on").pc -= 1;
                self.deliver(th, value, Cont::Reg(d))?;
                Ok(Flow::Reload)
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
            Cont::Init(_) | Cont::Generator | Cont::Module | Cont::Thread | Cont::Run { .. } => {
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
            Cont::Run { forgets } => self.own_function_returned(th, forgets),
            cont => self.deliver(th, value, cont).map(|flow| {
                if flow == Flow::Next {
                    Flow::Reload
                } else {
                    flow
                }
            }),
        }
    }
}
