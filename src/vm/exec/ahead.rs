//! Steps that are forced: as long as no other thread can step, nobody need be asked which is next, and the thread that runs takes its
//! steps itself.

use super::FUEL;
use crate::id::{ObjId, ThreadId};
use crate::kernel::Performed;
use crate::kernel::footprint::undisturbed;
use crate::kernel::op::{Answer, Op};
use crate::value::Value;
use crate::vm::exec::BUNDLED_TURNS;
use crate::vm::machine::{Machine, Thread, Waiting};

/// Hears of the steps that a thread takes by itself.
pub(crate) trait Listener {
    /// The thread that runs is about to take a step; so many it has taken by itself before it. Tells whether that is all that there is to tell
    /// of it now; if not, it is to take it with the scheduler.
    fn about_to(&mut self, machine: &mut Machine, thread: &Thread, ahead: u64) -> bool;

    /// It has taken the step.
    fn took(&mut self, machine: &Machine, t: ThreadId, performed: Performed);

    /// It has run on to the next one; so many it has taken by itself, of which some may be told in short.
    fn came(&mut self, machine: &mut Machine, ahead: u64);
}

impl Machine {
    /// From now on the thread that runs may take so many steps by itself, where they are forced. Does anybody hear of them?
    pub(crate) fn go_ahead(&mut self, steps: u64, heard: bool) {
        (self.ahead, self.ahead_limit) = (0, steps);
        self.likes.heard = heard;
    }

    /// From now on it may not.
    pub(crate) fn stop_ahead(&mut self) {
        self.ahead_limit = 0;
    }

    /// How many it took. From now on it takes none.
    pub(crate) fn went_ahead(&mut self) -> u64 {
        self.stop_ahead();
        std::mem::take(&mut self.ahead)
    }

    /// Whether the access that the running thread has come to is a forced step. Then the step is taken: the thread need not park.
    /// If somebody listens, it must be told in short: by which instruction it is, and the object, if not always the same, with the value
    /// that is read or stored.
    #[inline(always)]
    pub(super) fn passes(&mut self, short: Option<(usize, Option<ObjId>, Value)>) -> bool {
        if self.ahead >= self.ahead_limit || !self.kernel.may_pass() {
            return false;
        }
        if self.likes.heard {
            return short.is_some_and(|(at, object, value)| self.passes_heard(at, object, value));
        }
        self.pass()
    }

    #[inline(always)]
    fn pass(&mut self) -> bool {
        if !self.kernel.pass() {
            return false;
        }
        self.ahead += 1;
        self.fuel = FUEL;
        self.overdue = 0;
        true
    }

    #[inline(never)]
    fn passes_heard(&mut self, at: usize, object: Option<ObjId>, value: Value) -> bool {
        let Some(&like) = self.likes.get(at) else {
            return false;
        };
        let same = object.is_none_or(|id| id == like.object && self.heap.born(id) == like.born);
        // What an object looks like, only its words tell, and those of now.
        let simple = matches!(
            value,
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_)
        );
        // Of processes, daemons and the like there is more to tell.
        let plain = !self.has_processes() && undisturbed(&self.kernel, self.current);
        let passes = same && simple && plain && self.pass();
        if passes {
            self.likes.steps.push((like.told, value));
        }
        passes
    }

    /// Takes the step that the running thread is parked in front of, if it is forced and ends nobody's life. The answer, if the step is over and
    /// the thread can go on.
    #[inline]
    pub(super) fn forced(
        &mut self,
        th: &Thread,
        listener: &mut Option<&mut dyn Listener>,
    ) -> Option<Answer> {
        if self.ahead >= self.ahead_limit || !self.kernel.is_forced(self.current) {
            return None;
        }
        let others = |op| matches!(op, Op::Start(_) | Op::Exit | Op::Kill(_));
        if others(self.kernel.pending(self.current)) {
            return None;
        }
        if self.told.wanted && !self.tell() {
            return None;
        }
        if let Some(listener) = listener {
            listener.came(self, self.ahead);
            if !listener.about_to(self, th, self.ahead) {
                return None;
            }
        }
        let performed = self.kernel.step(self.current);
        if let Some(listener) = listener
            && !matches!(performed, Performed::Choose(_))
        {
            listener.took(self, self.current, performed);
        }
        match performed {
            Performed::Done(answer) => {
                self.ahead += 1;
                self.fuel = FUEL;
                self.overdue = match th.waiting {
                    Waiting::Overdue => BUNDLED_TURNS,
                    _ => 0,
                };
                Some(answer)
            }
            Performed::Parked => {
                self.ahead += 1;
                None
            }
            Performed::Choose(_) => None,
        }
    }
}
