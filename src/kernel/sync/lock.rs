//! `threading.Lock` (CPython: `Modules/_threadmodule.c`).
//!
//! - Free or held, nothing else. `Acquire` is enabled iff the lock is free; there is no hand-off queue, so after a release
//!   any waiter, or a newcomer, may win. CPython promises no order either.
//! - `Acquire(Never)` is always enabled and answers whether it took the lock. `Acquire(For(ns))` is enabled when the lock is
//!   free, or from the deadline on (set when parked); it takes a free lock even after the deadline.
//! - Any thread may release. Releasing a free lock is [`Fault::ReleaseUnlocked`] and changes nothing.
//! - Who took it is remembered for reports only. A lock whose holder has ended stays held.

use crate::id::ThreadId;
use crate::kernel::op::{Answer, Fault, Verb, Wait};
use crate::kernel::thread::Core;
use crate::kernel::thread_set::ThreadSet;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Lock {
    pub(crate) holder: Option<ThreadId>,
    /// Threads parked in front of a blocking acquire, or of a condition's reacquire.
    pub(crate) waiters: ThreadSet,
}

impl Lock {
    #[inline]
    pub(super) fn park(&mut self, t: ThreadId, verb: Verb, core: &mut Core) {
        match verb {
            Verb::Acquire(wait) => core.enlist(&mut self.waiters, t, wait, self.holder.is_none()),
            Verb::Release(_) | Verb::Locked => core.enable(t),
            _ => super::unknown("Lock", verb),
        }
    }

    #[inline]
    pub(super) fn step(&mut self, t: ThreadId, verb: Verb, core: &mut Core) -> Answer {
        match verb {
            Verb::Acquire(wait) => {
                let free = self.holder.is_none();
                core.delist(&mut self.waiters, t, wait, !free);
                if free {
                    self.take(t, core);
                }
                Answer::Bool(free)
            }
            Verb::Release(_) if self.holder.is_none() => Answer::Fault(Fault::ReleaseUnlocked),
            Verb::Release(_) => {
                self.give_up(core);
                Answer::Done
            }
            Verb::Locked => Answer::Bool(self.holder.is_some()),
            _ => super::unknown("Lock", verb),
        }
    }

    #[inline(always)]
    pub(super) fn take(&mut self, t: ThreadId, core: &mut Core) {
        self.holder = Some(t);
        core.close(&self.waiters);
    }

    #[inline(always)]
    pub(super) fn give_up(&mut self, core: &mut Core) {
        self.holder = None;
        core.open(&self.waiters);
    }

    pub(super) fn admits(&self, verb: Verb) -> bool {
        !matches!(verb, Verb::Acquire(Wait::Forever | Wait::For(_))) || self.holder.is_none()
    }
}
