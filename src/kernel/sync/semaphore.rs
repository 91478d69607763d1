//! `threading.Semaphore` and `BoundedSemaphore` (CPython: `Lib/threading.py`).
//!
//! - A count of permits. `Acquire` is enabled iff there is one, and takes it; which waiter wins is open. The forms that do
//!   not wait, or not for ever, are as with a Lock.
//! - `Release(n)` adds `n`, whoever calls. Releases are remembered, unlike notifications. With a bound, a release that
//!   would exceed it is [`Fault::TooManyReleases`] and adds nothing.
//! - CPython builds it from a condition and an integer; nothing but which thread wins, which is open anyway, depends on
//!   the insides, so here each call is one step.
//! - Who took permits is remembered for reports ("held by"): at most [`TAKERS`] threads, forgotten at their release, or at
//!   anybody's when a thread that took none releases. A semaphore made with 0 permits is a signal, and has no takers.

use smallvec::SmallVec;

use crate::id::ThreadId;
use crate::kernel::op::{Answer, Fault, Verb, Wait};
use crate::kernel::thread::Core;
use crate::kernel::thread_set::ThreadSet;

/// How many takers are remembered.
const TAKERS: usize = 4;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Semaphore {
    pub(crate) value: u32,
    bound: Option<u32>,
    initial: u32,
    pub(crate) waiters: ThreadSet,
    /// Sorted, so that the order of arrival does not make states differ.
    pub(crate) takers: SmallVec<[ThreadId; TAKERS]>,
}

impl Semaphore {
    pub(super) fn new(value: u32, bound: Option<u32>) -> Self {
        Semaphore {
            value,
            bound,
            initial: value,
            ..Semaphore::default()
        }
    }

    /// Whether a release of one permit is allowed in every state that release and acquire can lead to.
    pub(crate) fn unbounded(&self) -> bool {
        self.bound.is_none()
    }

    pub(super) fn park(&mut self, t: ThreadId, verb: Verb, core: &mut Core) {
        match verb {
            Verb::Acquire(wait) => core.enlist(&mut self.waiters, t, wait, self.value > 0),
            Verb::Release(_) => core.enable(t),
            _ => super::unknown("Semaphore", verb),
        }
    }

    pub(super) fn step(&mut self, t: ThreadId, verb: Verb, core: &mut Core) -> Answer {
        match verb {
            Verb::Acquire(wait) => {
                let taken = self.value > 0;
                core.delist(&mut self.waiters, t, wait, !taken);
                if taken {
                    self.value -= 1;
                    self.remember(t);
                    if self.value == 0 {
                        core.close(&self.waiters);
                    }
                }
                Answer::Bool(taken)
            }
            Verb::Release(n) => {
                let value = self.value.saturating_add(n);
                if self.bound.is_some_and(|bound| value > bound) {
                    return Answer::Fault(Fault::TooManyReleases);
                }
                if self.value == 0 && value > 0 {
                    core.open(&self.waiters);
                }
                self.value = value;
                self.forget(t, n);
                Answer::Done
            }
            _ => super::unknown("Semaphore", verb),
        }
    }

    fn remember(&mut self, t: ThreadId) {
        if self.takers.len() < TAKERS.min(self.initial as usize) {
            let at = self.takers.partition_point(|taker| *taker <= t);
            self.takers.insert(at, t);
        }
    }

    fn forget(&mut self, t: ThreadId, n: u32) {
        for _ in 0..self.takers.len().min(n as usize) {
            let own = self.takers.binary_search(&t);
            self.takers.remove(own.unwrap_or(0));
        }
    }

    pub(super) fn admits(&self, verb: Verb) -> bool {
        !matches!(verb, Verb::Acquire(Wait::Forever | Wait::For(_))) || self.value > 0
    }
}
