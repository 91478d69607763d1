//! Execution: runs a thread from one visible operation to the next.
//!
//! | file | holds |
//! | --- | --- |
//! | `frame` | the dispatch loop, in which everything frequent and simple is done in place |
//! | `raise` | the errors of unbound names, `raise` |
//! | `visible` | in front of which accesses a thread parks |
//! | `ahead` | steps that a thread takes by itself |
//! | `likes`, `told` | what those who trace hear of these, and those who search |
//! | `arith`, `compare` | operators beyond their quick cases |
//! | `contents` | operations that look into containers |
//! | `iterate` | iteration and unpacking |
//! | `attribute`, `method`, `item` | attributes, what a method call finds, subscripts |
//! | `build`, `format` | displays of containers, f-strings |
//! | `with` | entry and exit of `with` blocks |

mod ahead;
mod arith;
mod attribute;
mod build;
mod compare;
mod contents;
mod format;
mod frame;
mod item;
mod iterate;
mod likes;
mod method;
mod raise;
mod told;
mod visible;
mod with;

pub(crate) use ahead::Listener;
pub(crate) use contents::Depth;
pub(crate) use likes::{Like, Likes};
pub(crate) use told::Told;
pub use told::{Forced, Forces};

use crate::id::ThreadId;
use crate::kernel::op::Answer;
use crate::value::Value;
use crate::value::object::Frame;
use crate::vm::call::{Flow, Run};
use crate::vm::machine::{Image, Machine, Thread, Waiting};
use crate::vm::native::Raise;

/// How a stretch of running ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// The thread is parked in front of a visible operation.
    Parked,
    /// Its first frame returned.
    Ended,
    /// An exception left its first frame: a bug of raddle, since the prelude handles all.
    Raised(Raise),
}

/// Stacks of more registers than this are cut to what is in use when their thread parks: what they hold is kept alive, and copied
/// by checkpoints.
const WIDE_STACK: usize = 1024;

/// Loop turns and calls of invisible code that count as one step.
pub const FUEL: u32 = 100;

/// Loop turns and calls that bundled code may take beyond its fuel before it parks like any other.
pub(crate) const BUNDLED_TURNS: u32 = 1_000_000;

impl Machine {
    /// Runs thread `t`, which was parked, with the kernel's answer to its operation. Whoever listens hears of the steps that it takes by itself.
    pub(crate) fn run_thread(
        &mut self,
        image: &Image,
        t: ThreadId,
        answer: &Answer,
        listener: Option<&mut dyn Listener>,
    ) -> Stop {
        self.fuel = FUEL;
        self.overdue = 0;
        self.current = t;
        let mut th = self.threads.get_mut(t.0).take();
        if let Waiting::Overdue = th.waiting {
            self.overdue = BUNDLED_TURNS;
        }
        let first = self.go_on(&mut th, answer);
        let stop = self.dispatch(image, &mut th, first, listener);
        if th.stack.len() > WIDE_STACK {
            // A callee's frame begins within its caller's registers, and may end before them.
            let end = |f: &Frame| {
                f.base as usize + image.program.codes[f.code.index()].registers as usize
            };
            th.stack
                .truncate(th.frames.iter().map(end).max().unwrap_or(0));
        }
        self.threads.get_mut(t.0).put(th);
        stop
    }

    /// What a thread does first when what it was parked in front of is granted.
    #[inline(always)]
    fn go_on(&mut self, th: &mut Thread, answer: &Answer) -> Run {
        // What is in it is read in place: it is large.
        match th.waiting {
            Waiting::Native(after, extra, cont) => {
                let extra = extra.unwrap_or([Value::None; 2]);
                th.waiting = Waiting::Nothing;
                let native = after(self, *answer, extra);
                self.answered(th, native, cont)
            }
            Waiting::Access => {
                th.waiting = Waiting::Nothing;
                th.granted = self.watching || self.alone || self.gil;
                Ok(Flow::Reload)
            }
            Waiting::Call(at, argc, cont) => {
                th.waiting = Waiting::Nothing;
                if self.noting {
                    let (callee, args) = (th.stack[at as usize], at as usize + 1);
                    let args = &th.stack[args..args + argc as usize];
                    let values: Vec<Value> = self.looked_into(callee, args).to_vec();
                    self.note_contents(&values);
                }
                self.call_window(th, at as usize, argc as usize, &[], cont)
            }
            Waiting::Nothing | Waiting::Begin | Waiting::Resume | Waiting::Overdue => {
                th.waiting = Waiting::Nothing;
                Ok(Flow::Reload)
            }
        }
    }

    fn dispatch(
        &mut self,
        image: &Image,
        th: &mut Thread,
        first: Run,
        mut listener: Option<&mut dyn Listener>,
    ) -> Stop {
        let mut flow = first;
        loop {
            match flow {
                Ok(Flow::Parked) if self.passing => {
                    self.passing = false;
                    flow = self.go_on(th, &Answer::Done);
                }
                Ok(Flow::Parked) => match self.forced(th, &mut listener) {
                    Some(answer) => flow = self.go_on(th, &answer),
                    None => return Stop::Parked,
                },
                Ok(Flow::Ended) => return Stop::Ended,
                Ok(Flow::Next | Flow::Reload) => flow = self.frame(image, th),
                Err(raised) => {
                    flow = self.unwind(th, raised);
                    if let Err(raised) = flow
                        && th.frames.is_empty()
                    {
                        return Stop::Raised(raised);
                    }
                }
            }
        }
    }
}
