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

    fn forget(&mut self, t: ThreadId) {
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
            _ if !self.lock_owned(lock, t) => Performed::Done(Answer::Fault(Fault::NotifyUnowned)),
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
        if self.core.head.due.contains(t) {
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
        self.core.head.choice = Some(choice);
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
            self.core.head.choice = Some(choice);
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
            self.core.head.spurious.remove(waiter);
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
mod tests {
    use crate::id::SyncId;
    use crate::kernel::SyncKind::{Condition, Lock, RLock};
    use crate::kernel::op::{Op, Verb, Wait};
    use crate::kernel::testing::{FOREVER, Program, SECOND, acquire, on, release, texts};
    use crate::kernel::{BlockReason, SyncKind, TimeMode};

    /// Object 0 is the lock, 1 the condition.
    const PLAIN: [SyncKind; 2] = [Lock, Condition { lock: SyncId(0) }];
    const REENTRANT: [SyncKind; 2] = [RLock, Condition { lock: SyncId(0) }];

    fn wait() -> Op {
        on(1, Verb::Wait(FOREVER))
    }

    fn wait_for(ns: u64) -> Op {
        on(1, Verb::Wait(Wait::For(ns)))
    }

    fn notify(n: u32) -> Op {
        on(1, Verb::Notify(n))
    }

    fn waiter(wait: Op) -> Vec<Op> {
        vec![acquire(0), wait, release(0)]
    }

    /// Main, which comes when all others wait, and the others.
    fn late(kinds: [SyncKind; 2], main: &[Op], others: &[Vec<Op>]) -> Program {
        let main = [&[Op::Sleep(SECOND), acquire(0)], main, &[release(0)]].concat();
        let mut threads = vec![&main[..]];
        threads.extend(others.iter().map(|ops| &ops[..]));
        Program::new(&kinds, &threads)
    }

    #[test]
    fn b61_wait_and_notify_need_the_lock() {
        let ops = [wait(), notify(1), on(1, Verb::NotifyAll)];
        for kinds in [PLAIN, REENTRANT] {
            let program = Program::new(&kinds, &[&ops]);
            assert_eq!(program.first(), "WaitUnowned NotifyUnowned NotifyUnowned");
        }
    }

    #[test]
    fn b61_for_a_plain_lock_anybodys_holding_counts() {
        let holder: Vec<Op> = vec![acquire(0), Op::Sleep(SECOND * 9), release(0)];
        let main = [Op::Sleep(SECOND), notify(1)];
        let plain = Program::new(&PLAIN, &[&main, &holder]);
        assert_eq!(plain.outcomes(), texts([". . | T . ."]));
        let reentrant = Program::new(&REENTRANT, &[&main, &holder]);
        assert_eq!(reentrant.outcomes(), texts([". NotifyUnowned | T . ."]));
    }

    #[test]
    fn b63_wait_gives_a_reentrant_lock_up_wholly_and_restores_its_depth() {
        let twice = vec![
            acquire(0),
            acquire(0),
            wait(),
            release(0),
            on(0, Verb::Owned),
            release(0),
            release(0),
        ];
        let program = late(REENTRANT, &[notify(1)], &[twice]);
        assert_eq!(
            program.outcomes(),
            texts([". T . . | T T T . T . NotOwner"])
        );
    }

    #[test]
    fn b64_notify_wakes_one_and_without_waiters_is_lost() {
        let program = late(PLAIN, &[notify(1)], &[waiter(wait()), waiter(wait())]);
        let ends = texts([
            ". T . . | T T . | T | stuck 2",
            ". T . . | T | T T . | stuck 1",
        ]);
        assert_eq!(program.outcomes(), ends);
        let early = Program::new(&PLAIN, &[&[acquire(0), notify(1), wait()]]);
        assert_eq!(early.first(), "T . | stuck 0");
    }

    #[test]
    fn b65_notify_all_wakes_all_in_any_order() {
        let waiters = [waiter(wait()), waiter(wait()), waiter(wait())];
        let orders = late(PLAIN, &[on(1, Verb::NotifyAll)], &waiters).orders();
        let mut ends: Vec<String> = orders
            .iter()
            .map(|order| order[order.len() - 17..].to_owned())
            .collect();
        ends.sort();
        ends.dedup();
        assert_eq!(ends.len(), 6, "{ends:?}");
    }

    #[test]
    fn b66_nobody_returns_from_wait_before_the_notifier_releases() {
        let orders = late(PLAIN, &[notify(1), Op::Yield, Op::Yield], &[waiter(wait())]).orders();
        assert_eq!(orders, texts(["1T 0. 0T 0. 0. 0. 0. 1T 1."]));
    }

    #[test]
    fn b67_a_report_lists_all_who_wait() {
        let others = [waiter(wait()), waiter(wait())];
        let threads = [&others[0][..], &others[1][..]];
        let program = Program::new(&PLAIN, &threads);
        assert_eq!(program.outcomes(), texts(["T | T | stuck 0 1"]));
        let (mut kernel, mut progress) = program.begin();
        while kernel.settle() == crate::kernel::Settled::Ready {
            let t = kernel.enabled().first().expect("ready");
            let performed = kernel.step(t);
            program.after(&mut kernel, &mut progress, t, performed);
        }
        let reason = BlockReason::Notification {
            condition: SyncId(1),
        };
        assert!(kernel.live().all(|t| kernel.block_reason(t) == reason));
    }

    #[test]
    fn b70_a_timed_wait_answers_false_at_its_deadline() {
        let ops = [acquire(0), wait_for(SECOND), Op::Clock, on(0, Verb::Locked)];
        // Join at 1 us, tired 1 s after, one step to give up, one to reacquire.
        assert_eq!(Program::new(&PLAIN, &[&ops]).first(), "T F 1000003us T");
    }

    #[test]
    fn a_notification_in_time_answers_true_even_if_the_lock_comes_late() {
        let program = late(
            PLAIN,
            &[notify(1), Op::Sleep(SECOND * 9)],
            &[waiter(wait_for(SECOND * 2))],
        );
        assert_eq!(program.outcomes(), texts([". T . . . | T T ."]));
    }

    #[test]
    fn a_notification_can_be_lost_to_a_waiter_that_gave_up() {
        // Thread 1's time is over when main notifies; as long as it has not the lock again, it can be picked.
        let program = late(
            PLAIN,
            &[notify(1)],
            &[waiter(wait_for(SECOND)), waiter(wait())],
        );
        let ends = program.outcomes();
        assert!(
            ends.contains(". T . . | T F . | T | stuck 2"),
            "lost: {ends:?}"
        );
        assert!(ends.contains(". T . . | T F . | T T ."), "{ends:?}");
        assert!(ends.contains(". T . . | T T . | T | stuck 2"), "{ends:?}");
    }

    #[test]
    fn with_fifo_the_longest_waiting_wakes() {
        let second = vec![Op::Sleep(SECOND / 2), acquire(0), wait(), release(0)];
        let program =
            late(PLAIN, &[notify(1)], &[second, waiter(wait())]).with(|config| config.fifo = true);
        assert_eq!(
            program.outcomes(),
            texts([". T . . | . T | T T . | stuck 1"])
        );
    }

    #[test]
    fn each_set_of_waiters_is_chosen_in_one_way() {
        let waiters = [
            waiter(wait()),
            waiter(wait()),
            waiter(wait()),
            waiter(wait()),
        ];
        let program = late(PLAIN, &[notify(2)], &waiters);
        assert_eq!(program.outcomes().len(), 6, "4 over 2");
        let (mut kernel, mut progress) = program.begin();
        let mut ways = 0;
        while kernel.settle() == crate::kernel::Settled::Ready {
            let t = kernel.enabled().iter().last().expect("ready");
            let mark = kernel.checkpoint();
            if let crate::kernel::Performed::Choose(options) = kernel.step(t) {
                for index in 0..options {
                    let inner = kernel.checkpoint();
                    ways += match kernel.choose_waiter(index) {
                        crate::kernel::Performed::Choose(more) => more,
                        _ => 1,
                    };
                    kernel.rollback(&inner);
                }
                break;
            }
            kernel.rollback(&mark);
            let performed = kernel.step(t);
            program.after(&mut kernel, &mut progress, t, performed);
        }
        assert_eq!(ways, 6);
    }

    #[test]
    fn b69_spurious_wakeups_come_while_the_budget_lasts() {
        let main = [notify(1)];
        let program = late(PLAIN, &main, &[waiter(wait()), waiter(wait())])
            .with(|config| config.spurious = 1);
        let ends = program.outcomes();
        assert!(
            ends.contains(". T . . | T T . | T T ."),
            "one by notification, one spuriously: {ends:?}"
        );
        assert!(
            ends.contains(". T . . | T T . | T | stuck 2"),
            "none must come: {ends:?}"
        );
    }

    #[test]
    fn a_spurious_wakeup_never_rescues() {
        let ops = [acquire(0), wait()];
        let program = Program::new(&PLAIN, &[&ops]).with(|config| config.spurious = 5);
        assert_eq!(program.outcomes(), texts(["T | stuck 0"]));
    }

    #[test]
    fn in_free_time_a_timed_wait_may_end_at_any_moment() {
        let program = late(PLAIN, &[notify(1)], &[waiter(wait_for(SECOND * 100))]);
        assert_eq!(program.outcomes(), texts([". T . . | T T ."]));
        let free = program.with(|config| config.time = TimeMode::Free);
        assert_eq!(
            free.outcomes(),
            texts([". T . . | T T .", ". T . . | T F ."])
        );
    }
}
