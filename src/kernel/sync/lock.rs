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

#[cfg(test)]
mod tests {
    use crate::kernel::SyncKind::Lock;
    use crate::kernel::op::{Op, Verb, Wait};
    use crate::kernel::testing::{Program, SECOND, acquire, join, on, release, start, texts};

    fn try_acquire(wait: Wait) -> Op {
        on(0, Verb::Acquire(wait))
    }

    #[test]
    fn b44_is_made_free_and_has_two_states() {
        let locked = on(0, Verb::Locked);
        let program = Program::new(
            &[Lock],
            &[&[locked, acquire(0), locked, release(0), locked]],
        );
        assert_eq!(program.first(), "F T T . F");
    }

    #[test]
    fn b45_has_one_holder_at_a_time() {
        let both: &[Op] = &[acquire(0), release(0)];
        let orders = Program::new(&[Lock], &[both, both, both]).orders();
        assert_eq!(orders.len(), 6);
        for order in orders {
            let steps: Vec<&str> = order.split(' ').collect();
            assert!(
                steps.chunks(2).all(|pair| pair[0][..1] == pair[1][..1]),
                "{order}"
            );
        }
    }

    #[test]
    fn b46_a_timed_acquire_fails_at_its_deadline() {
        let timed = [Op::Clock, try_acquire(Wait::For(SECOND / 2)), Op::Clock];
        let program = Program::new(&[Lock], &[&[acquire(0), start(1), join(1)], &timed]);
        // Parked at 3 us, tired 0.5 s after that, and the clock is read one step later.
        assert_eq!(program.outcomes(), texts(["T . T | 2us F 500004us"]));
    }

    #[test]
    fn b46_a_timed_acquire_takes_what_comes_free_in_time_and_after_it() {
        let program = |sleep| {
            Program::new(
                &[Lock],
                &[
                    &[acquire(0), start(1), Op::Sleep(sleep), release(0)],
                    &[try_acquire(Wait::For(SECOND))],
                ],
            )
        };
        assert_eq!(program(SECOND / 2).outcomes(), texts(["T . . . | T"]));
        assert_eq!(program(SECOND * 2).outcomes(), texts(["T . . . | F"]));
        // Equal deadlines: whether the timeout or the release comes first is a choice.
        let close = program(SECOND).outcomes();
        assert_eq!(close, texts(["T . . . | F", "T . . . | T"]));
    }

    #[test]
    fn b47_an_acquire_that_may_not_wait_fails_at_once() {
        let tries = [
            Op::Clock,
            try_acquire(Wait::Never),
            try_acquire(Wait::Never),
            Op::Clock,
        ];
        assert_eq!(Program::new(&[Lock], &[&tries]).first(), "0us T F 3us");
    }

    #[test]
    fn b48_release_lets_exactly_one_waiter_in() {
        let waiter: &[Op] = &[acquire(0)];
        let program = Program::new(
            &[Lock],
            &[
                &[acquire(0), start(1), start(2), release(0)],
                waiter,
                waiter,
            ],
        );
        let ends = texts(["T . . . | T |  | stuck 2", "T . . . |  | T | stuck 1"]);
        assert_eq!(program.outcomes(), ends);
    }

    #[test]
    fn b48_waiters_get_in_in_any_order() {
        let waiter: &[Op] = &[acquire(0), release(0)];
        let main = [acquire(0), start(1), start(2), start(3), release(0)];
        let orders = Program::new(&[Lock], &[&main, waiter, waiter, waiter]).orders();
        assert_eq!(orders.len(), 6, "{orders:?}");
    }

    #[test]
    fn b48_a_newcomer_may_overtake_a_waiter() {
        let main = [acquire(0), start(1), release(0), acquire(0), release(0)];
        let orders = Program::new(&[Lock], &[&main, &[acquire(0), release(0)]]).orders();
        assert!(orders.contains("0T 0. 0. 0T 0. 1T 1."), "{orders:?}");
        assert!(orders.contains("0T 0. 0. 1T 1. 0T 0."), "{orders:?}");
    }

    #[test]
    fn b49_any_thread_may_release() {
        let program = Program::new(
            &[Lock],
            &[&[acquire(0), start(1), acquire(0)], &[release(0)]],
        );
        assert_eq!(program.outcomes(), texts(["T . T | ."]));
    }

    #[test]
    fn b50_releasing_a_free_lock_is_an_error_and_changes_nothing() {
        let program = Program::new(
            &[Lock],
            &[&[release(0), acquire(0), release(0), release(0)]],
        );
        assert_eq!(program.first(), "ReleaseUnlocked T . ReleaseUnlocked");
    }

    #[test]
    fn b51_a_lock_whose_holder_has_ended_stays_held() {
        let main = [start(1), join(1), try_acquire(Wait::Never), acquire(0)];
        let program = Program::new(&[Lock], &[&main, &[acquire(0)]]);
        assert_eq!(program.outcomes(), texts([". T F | T | stuck 0"]));
    }

    #[test]
    fn b53_is_not_reentrant() {
        assert_eq!(
            Program::new(&[Lock], &[&[acquire(0), acquire(0)]]).first(),
            "T | stuck 0"
        );
    }
}
