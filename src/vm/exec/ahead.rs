//! Steps that are forced: as long as no other thread can step, nobody need be asked which is next, and the thread that runs takes its
//! steps itself.

use super::FUEL;
use crate::kernel::Performed;
use crate::kernel::op::{Answer, Op};
use crate::vm::exec::BUNDLED_TURNS;
use crate::vm::machine::{Machine, Thread, Waiting};

impl Machine {
    /// From now on the thread that runs may take so many steps by itself, where they are forced.
    pub(crate) fn go_ahead(&mut self, steps: u64) {
        self.ahead = 0;
        self.ahead_limit = steps;
    }

    /// How many it took. From now on it takes none.
    pub(crate) fn went_ahead(&mut self) -> u64 {
        self.ahead_limit = 0;
        std::mem::take(&mut self.ahead)
    }

    /// Whether the access that the running thread has come to is a forced step. Then the step is taken: the thread need not park.
    #[inline(always)]
    pub(super) fn passes(&mut self) -> bool {
        if self.ahead >= self.ahead_limit || !self.kernel.pass() {
            return false;
        }
        self.ahead += 1;
        self.fuel = FUEL;
        self.overdue = 0;
        true
    }

    /// Takes the step that the running thread is parked in front of, if it is forced and ends nobody's life. The answer, if the step is over and
    /// the thread can go on.
    #[inline]
    pub(super) fn forced(&mut self, th: &Thread) -> Option<Answer> {
        if self.ahead >= self.ahead_limit || !self.kernel.is_forced(self.current) {
            return None;
        }
        let others = |op| matches!(op, Op::Start(_) | Op::Exit | Op::Kill(_) | Op::Shutdown);
        if others(self.kernel.pending(self.current)) {
            return None;
        }
        match self.kernel.step(self.current) {
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
