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
    pub(crate) bound: Option<u32>,
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

#[cfg(test)]
mod tests {
    use crate::kernel::SyncKind::Semaphore;
    use crate::kernel::op::{Op, Verb, Wait};
    use crate::kernel::testing::{Program, SECOND, acquire, on, release, start, texts};

    const fn semaphore(value: u32) -> crate::kernel::SyncKind {
        Semaphore { value, bound: None }
    }

    #[test]
    fn b75_acquire_lowers_and_release_raises() {
        let never = on(0, Verb::Acquire(Wait::Never));
        let main = [
            never,
            never,
            never,
            on(0, Verb::Release(2)),
            never,
            never,
            never,
        ];
        assert_eq!(
            Program::new(&[semaphore(2)], &[&main]).first(),
            "T T F . T T F"
        );
    }

    #[test]
    fn b76_with_no_permits_the_first_acquire_waits() {
        assert_eq!(
            Program::new(&[semaphore(0)], &[&[acquire(0)]]).first(),
            " | stuck 0"
        );
    }

    #[test]
    fn b77_acquire_at_zero_waits_for_anothers_release() {
        let program = Program::new(&[semaphore(0)], &[&[start(1), acquire(0)], &[release(0)]]);
        assert_eq!(program.orders(), texts(["0. 1. 0T"]));
    }

    #[test]
    fn b78_release_lets_as_many_in_as_it_has_permits() {
        let waiter: &[Op] = &[acquire(0)];
        let main = [start(1), start(2), start(3), on(0, Verb::Release(2))];
        let program = Program::new(&[semaphore(0)], &[&main, waiter, waiter, waiter]);
        let ends = [
            ". . . . | T | T |  | stuck 3",
            ". . . . | T |  | T | stuck 2",
            ". . . . |  | T | T | stuck 1",
        ];
        assert_eq!(program.outcomes(), texts(ends));
    }

    #[test]
    fn b79_releases_are_remembered() {
        let program = Program::new(
            &[semaphore(0)],
            &[
                &[release(0), release(0), start(1)],
                &[acquire(0), acquire(0)],
            ],
        );
        assert_eq!(program.outcomes(), texts([". . . | T T"]));
    }

    #[test]
    fn b80_never_more_inside_than_permits() {
        let user: &[Op] = &[acquire(0), release(0)];
        for order in Program::new(&[semaphore(2)], &[user, user, user]).orders() {
            let mut inside = 0;
            for step in order.split(' ') {
                inside += if step.ends_with('T') { 1 } else { -1 };
                assert!((0..=2).contains(&inside), "{order}");
            }
        }
    }

    #[test]
    fn b81_a_bounded_one_refuses_releases_beyond_its_bound() {
        let kind = Semaphore {
            value: 2,
            bound: Some(2),
        };
        let never = on(0, Verb::Acquire(Wait::Never));
        let main = [
            release(0),
            acquire(0),
            on(0, Verb::Release(2)),
            release(0),
            never,
            never,
            never,
        ];
        assert_eq!(
            Program::new(&[kind], &[&main]).first(),
            "TooManyReleases T TooManyReleases . T T F"
        );
    }

    #[test]
    fn a_timed_acquire_fails_at_its_deadline() {
        let main = [on(0, Verb::Acquire(Wait::For(SECOND))), Op::Clock];
        assert_eq!(
            Program::new(&[semaphore(0)], &[&main]).first(),
            "F 1000001us"
        );
    }

    #[test]
    fn reports_know_who_took_the_permits() {
        let program = Program::new(
            &[semaphore(2)],
            &[&[start(1), acquire(0), acquire(0)], &[acquire(0)]],
        );
        let (mut kernel, mut progress) = program.begin();
        while kernel.settle() == crate::kernel::Settled::Ready {
            let t = kernel.enabled().first().expect("ready");
            let performed = kernel.step(t);
            program.after(&mut kernel, &mut progress, t, performed);
        }
        let main = crate::id::ThreadId(0);
        let other = crate::id::ThreadId(1);
        assert_eq!(kernel.waits_for(other).as_slice(), [main, main]);
    }
}
