//! `threading.Condition` (CPython: `Lib/threading.py`, `Condition.wait` and `notify`).
//!
//! A condition has a lock (Lock or RLock) and a list of waiters in order of arrival. `Acquire` and `Release` of a condition
//! are those of its lock, to which the vm sends them.
//!
//! - `Wait` and `Notify` need the lock. For an RLock that means that the caller owns it; for a Lock only that it is held, by
//!   whomever (`_is_owned` asks no more). Else [`Fault::WaitUnowned`], [`Fault::NotifyUnowned`].
//! - `Wait` takes three or four steps, between which others run:
//!   1. *join*: the thread becomes the last of the waiters and gives up the lock, an RLock wholly; it stays parked.
//!   2. one of: it is *notified* (the notifier's step; it leaves the waiters); or it *gives up* after its deadline (own step);
//!      or it wakes *spuriously* (own step, offered while the budget lasts; it leaves the waiters).
//!   3. *reacquire*, enabled iff the lock is free: the lock is held again, an RLock to its former depth. Answers `Bool(true)`, or
//!      `Bool(false)` if it gave up.
//! - A thread that gave up leaves the waiters only when it has the lock again. Till then a notification can be spent on it,
//!   and is lost for the others. So it is in CPython, and programs that mix timed and untimed waiters can hang by it.
//! - `Notify(n)` with more than n waiters is a choice (see [`WaiterChoice`]), or wakes the longest waiting with `fifo`. `NotifyAll`
//!   wakes all. Without waiters nothing happens, and nothing is remembered.
//! - A spurious wakeup never rescues: it is offered beside other steps, but when nothing else can step the clock jumps, or
//!   the run is at its end ([`Kernel::settle`]).
//!
//! | step | T1 `wait()` | T2 `wait(1)` | T3 | waiters |
//! | --- | --- | --- | --- | --- |
//! | 1 | joins | | | T1 |
//! | 2 | | joins | | T1 T2 |
//! | 3 | | gives up, 1 s later | | T1 T2 |
//! | 4 | | | acquires, `notify(1)`: T2 is chosen | T1 |
//! | 5 | | | releases | T1 |
//! | 6 | | reacquires: `false` | | T1 (waits for a notification that is spent) |

use smallvec::SmallVec;

use super::Object;
use crate::id::{SyncId, ThreadId};
use crate::kernel::op::{Answer, Fault, Verb, Wait};
use crate::kernel::thread::{Core, Phase, WaiterChoice};
use crate::kernel::{Kernel, Performed};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Condition {
    pub(crate) lock: SyncId,
    /// Longest waiting first.
    pub(crate) waiters: SmallVec<[ThreadId; 4]>,
}

impl Condition {
    pub(super) fn new(lock: SyncId) -> Self {
        Condition {
            lock,
            waiters: SmallVec::new(),
        }
    }

    pub(super) fn park(&mut self, t: ThreadId, verb: Verb, core: &mut Core) {
        match verb {
            Verb::Wait(_) | Verb::Notify(_) | Verb::NotifyAll => core.enable(t),
            _ => super::unknown("Condition", verb),
        }
    }

    pub(super) fn forget(&mut self, t: ThreadId) {
        self.waiters.retain(|waiter| *waiter != t);
    }
}

impl Kernel {
    pub(super) fn step_condition(&mut self, t: ThreadId, id: SyncId, verb: Verb) -> Performed {
        let lock = self.condition(id).lock;
        match (verb, self.core.thread(t).phase) {
            (Verb::Wait(_), Phase::Front) if !self.lock_owned(lock, t) => {
                Performed::Done(Answer::Fault(Fault::WaitUnowned))
            }
            (Verb::Wait(wait), Phase::Front) => self.join_waiters(t, id, lock, wait),
            (Verb::Wait(_), Phase::Waiting) => self.wake_alone(t, id, lock),
            (Verb::Wait(_), phase) => self.reacquire(t, id, lock, phase),
            _ if !self.lock_owned(lock, t) => {
                self.core.woken.clear();
                Performed::Done(Answer::Fault(Fault::NotifyUnowned))
            }
            (Verb::Notify(n), _) => self.notify(t, id, n),
            (Verb::NotifyAll, _) => self.notify(t, id, u32::MAX),
            _ => super::unknown("Condition", verb),
        }
    }

    fn join_waiters(&mut self, t: ThreadId, id: SyncId, lock: SyncId, wait: Wait) -> Performed {
        self.condition_mut(id).waiters.push(t);
        let core = &mut self.core;
        let depth = match self.objects.get_mut(lock.0) {
            Object::Lock(lock) => {
                lock.give_up(core);
                1
            }
            Object::RLock(lock) => lock.give_up(core),
            _ => unreachable!("checked when the condition was made"),
        };
        let thread = core.thread_mut(t);
        thread.phase = Phase::Waiting;
        thread.saved = depth;
        let due = match wait {
            Wait::Forever => false,
            Wait::Never => core.start_timer(t, 0),
            Wait::For(ns) => core.start_timer(t, ns),
        };
        if due {
            core.enable(t);
        }
        core.offer_spurious(t);
        Performed::Parked
    }

    /// The thread stops waiting without having been notified.
    fn wake_alone(&mut self, t: ThreadId, id: SyncId, lock: SyncId) -> Performed {
        if self.core.rare().due.contains(t) {
            self.core.expire(t);
            self.core.thread_mut(t).phase = Phase::GaveUp;
        } else {
            self.core.stop_timer(t);
            self.core.thread_mut(t).phase = Phase::Woken;
            self.core.spend_spurious();
            self.condition_mut(id).forget(t);
        }
        self.queue_for_lock(t, lock);
        Performed::Parked
    }

    fn queue_for_lock(&mut self, t: ThreadId, lock: SyncId) {
        let (waiters, free) = match self.objects.get_mut(lock.0) {
            Object::Lock(lock) => (&mut lock.waiters, lock.holder.is_none()),
            Object::RLock(lock) => (&mut lock.waiters, lock.owner.is_none()),
            _ => unreachable!("checked when the condition was made"),
        };
        self.core.enlist(waiters, t, Wait::Forever, free);
    }

    fn reacquire(&mut self, t: ThreadId, id: SyncId, lock: SyncId, phase: Phase) -> Performed {
        let depth = self.core.thread(t).saved;
        match self.objects.get_mut(lock.0) {
            Object::Lock(lock) => {
                lock.waiters.remove(t);
                lock.take(t, &mut self.core);
            }
            Object::RLock(lock) => {
                lock.waiters.remove(t);
                lock.take(t, depth, &mut self.core);
            }
            _ => unreachable!("checked when the condition was made"),
        }
        if phase == Phase::GaveUp {
            self.condition_mut(id).forget(t);
        }
        Performed::Done(Answer::Bool(phase == Phase::Woken))
    }

    fn notify(&mut self, t: ThreadId, id: SyncId, n: u32) -> Performed {
        self.core.woken.clear();
        let fifo = self.core.config.fifo;
        let waiters = &self.condition(id).waiters;
        if waiters.is_empty() || n == 0 {
            return Performed::Done(Answer::Done);
        }
        if waiters.len() <= n as usize || fifo {
            let chosen: SmallVec<[ThreadId; 4]> =
                waiters.iter().copied().take(n as usize).collect();
            for waiter in chosen {
                self.wake(id, waiter);
            }
            return Performed::Done(Answer::Done);
        }
        let choice = WaiterChoice {
            notifier: t,
            condition: id,
            waiters: waiters.clone(),
            permits: n,
        };
        let options = choice.options().len();
        self.open_choice(choice);
        Performed::Choose(options)
    }

    /// Wakes option `index` of the choice under way; tells how many options the next choice of this notification has,
    /// or nothing when it is over.
    pub(in crate::kernel) fn notify_chosen(
        &mut self,
        mut choice: WaiterChoice,
        index: usize,
    ) -> Option<usize> {
        assert!(
            index < choice.options().len(),
            "[raddle internal bug] no waiter {index}"
        );
        self.wake(choice.condition, choice.waiters[index]);
        choice.waiters.drain(..=index);
        choice.permits -= 1;
        if choice.permits > 0 && choice.waiters.len() > choice.permits as usize {
            let options = choice.options().len();
            self.open_choice(choice);
            return Some(options);
        }
        if choice.permits > 0 {
            choice
                .waiters
                .iter()
                .for_each(|waiter| self.wake(choice.condition, *waiter));
        }
        None
    }

    fn open_choice(&mut self, choice: WaiterChoice) {
        self.core.rare_mut().choice = Some(choice);
        self.core.head.choosing = true;
    }

    /// Spends one notification on `waiter`.
    fn wake(&mut self, id: SyncId, waiter: ThreadId) {
        let condition = self.condition_mut(id);
        condition.forget(waiter);
        let lock = condition.lock;
        if self.core.thread(waiter).phase == Phase::Waiting {
            self.core.woken.push(waiter);
            self.core.stop_timer(waiter);
            self.core.thread_mut(waiter).phase = Phase::Woken;
            self.core.head.enabled.remove(waiter);
            self.core.withdraw_offer(waiter);
            self.queue_for_lock(waiter, lock);
        }
    }

    fn lock_owned(&self, lock: SyncId, t: ThreadId) -> bool {
        match self.objects.get(lock.0) {
            Object::Lock(lock) => lock.holder.is_some(),
            Object::RLock(lock) => lock.owner == Some(t),
            _ => unreachable!("checked when the condition was made"),
        }
    }

    pub(in crate::kernel) fn condition(&self, id: SyncId) -> &Condition {
        match self.objects.get(id.0) {
            Object::Condition(condition) => condition,
            other => panic!("[raddle internal bug] {id:?} is no condition but {other:?}"),
        }
    }

    fn condition_mut(&mut self, id: SyncId) -> &mut Condition {
        match self.objects.get_mut(id.0) {
            Object::Condition(condition) => condition,
            other => panic!("[raddle internal bug] {id:?} is no condition but {other:?}"),
        }
    }
}

#[cfg(test)]
mod tests;
