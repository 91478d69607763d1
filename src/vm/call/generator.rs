//! Generators: their frames are stored away at each `yield` and pushed again when they are resumed.

use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::{Cont, Frame, GenState, Obj};
use crate::vm::call::{Flow, Run};
use crate::vm::machine::{Machine, Thread};
use crate::vm::native::Resume;
use crate::vm::types::Ty;

impl Machine {
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

    pub(super) fn generator_returned(
        &mut self,
        th: &mut Thread,
        frame: Frame,
        value: Value,
    ) -> Run {
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
}
