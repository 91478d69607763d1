//! Threads, synchronisation objects and virtual time, as plain data. Knows no Python.
//!
//! # How it is driven
//!
//! Each thread is either *running* (the vm executes its invisible code) or *parked* in front of its next visible operation.
//!
//! 1. The vm runs a thread to its next visible operation and says [`Kernel::park`].
//! 2. When all live threads are parked, [`Kernel::settle`] lets time pass if that is needed to go on, or tells of a deadlock.
//! 3. Somebody picks one of [`Kernel::enabled`], and [`Kernel::step`] performs its operation. `Done(answer)`: the thread runs again,
//!    back to 1. `Parked`: it has done the first part (it waits on a condition, say) and stays parked, back to 2. `Choose(n)`: a
//!    notification may wake one of n threads; somebody answers with [`Kernel::choose_waiter`], till it is done.
//!
//! A step happens at [`Kernel::now`]; after it the clock is `step_cost` later.
//!
//! # What is where
//!
//! | file | holds |
//! | --- | --- |
//! | `op` | the vocabulary: operations, answers, faults |
//! | `config` | options |
//! | `thread` | the thread table and the sets that say who can step |
//! | `sync/` | one file for each kind of object, with its rules |
//! | `clock`, `thread_set` | data structures |
//! | `footprint` | what a step touches, and which steps depend on each other |
//! | `waits` | who waits for what, for reports |
//!
//! # Cost
//!
//! Who can step is kept up to date by the steps that change it: an object knows the threads parked in front of it, and when
//! it becomes free or taken their bits are set or cleared together. All state is in two [`Arena`]s and a header
//! of some words, so that [`Kernel::checkpoint`] and [`Kernel::rollback`] cost what was changed between them.

mod clock;
mod config;
pub mod footprint;
pub mod op;
#[cfg(test)]
mod properties;
mod sync;
#[cfg(test)]
pub(crate) mod testing;
mod thread;
mod thread_set;
mod waits;

use std::hash::{Hash, Hasher};

use crate::arena::Arena;
use crate::id::{SyncId, ThreadId};

pub use config::{Config, TimeMode};
use op::{Answer, Fault, Op};
use sync::Object;
pub use sync::SyncKind;
use thread::{Core, Thread, hash_arena};
pub use thread::{KernelMark, Phase, ThreadState, WaiterChoice};
pub use thread_set::{Iter as ThreadSetIter, ThreadSet};
pub use waits::BlockReason;

/// What came of a step.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Performed {
    /// The operation is over; the thread runs again (or has ended, after [`Op::Exit`]).
    Done(Answer),
    /// A first part of the operation is over; the thread stays parked within it.
    Parked,
    /// The step is not over: one of so many waiters is to be chosen ([`Kernel::choice`], [`Kernel::choose_waiter`]).
    Choose(usize),
}

/// What [`Kernel::settle`] found.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Settled {
    /// Some thread can step.
    Ready,
    /// No thread can ever step, unless by a spurious wakeup, which nobody may count on.
    Deadlock,
}

/// The kernel of one run.
#[derive(Clone, Debug)]
pub struct Kernel {
    core: Core,
    objects: Arena<Object>,
}

impl Kernel {
    /// A kernel with one thread, main, `ThreadId(0)`, running and no daemon.
    pub fn new(config: Config) -> Kernel {
        Kernel {
            core: Core::new(config),
            objects: Arena::new(),
        }
    }

    /// Makes a synchronisation object. Ids are handed out in order from 0.
    ///
    /// # Panics
    /// When a condition's lock is neither Lock nor RLock.
    pub fn create(&mut self, kind: SyncKind) -> SyncId {
        if let SyncKind::Condition { lock } = kind {
            let lock = self.objects.get(lock.0);
            assert!(
                matches!(lock, Object::Lock(_) | Object::RLock(_)),
                "a condition needs a Lock or RLock"
            );
        }
        SyncId(self.objects.insert(Object::new(kind)))
    }

    /// Makes a thread, to be started by [`Op::Start`]. Ids are handed out in order.
    pub fn spawn(&mut self, daemon: bool) -> ThreadId {
        ThreadId(self.core.threads.insert(Thread {
            daemon,
            ..Thread::default()
        }))
    }

    /// Makes `t` a daemon, for which exit does not wait, or the opposite.
    pub fn set_daemon(&mut self, t: ThreadId, daemon: bool) {
        let thread = self.core.thread_mut(t);
        let was = std::mem::replace(&mut thread.daemon, daemon);
        if matches!(thread.state, ThreadState::Running | ThreadState::Parked) && was != daemon {
            self.core.head.foreground =
                self.core.head.foreground + u32::from(was) - u32::from(daemon);
            self.refresh_leaving();
        }
    }

    /// Whether exit does not wait for `t`.
    pub fn is_daemon(&self, t: ThreadId) -> bool {
        self.core.thread(t).daemon
    }

    /// The running thread `t` has come to `op` and is parked in front of it.
    ///
    /// # Panics
    /// When the object of `op` knows no such verb.
    #[inline]
    pub fn park(&mut self, t: ThreadId, op: Op) {
        let thread = self.core.thread_mut(t);
        debug_assert_eq!(
            thread.state,
            ThreadState::Running,
            "only a running thread comes to {op:?}"
        );
        thread.pending = op;
        thread.state = ThreadState::Parked;
        thread.phase = Phase::Front;
        match op {
            Op::Sync(id, verb) => self.objects.get_mut(id.0).park(t, verb, &mut self.core),
            Op::Join(..) | Op::Sleep(_) | Op::Shutdown => self.park_waiting(t, op),
            _ => self.core.enable(t),
        }
    }

    fn park_waiting(&mut self, t: ThreadId, op: Op) {
        match op {
            Op::Join(target, wait) => {
                let mut joiners = std::mem::take(&mut self.core.thread_mut(target).joiners);
                let admits = self.join_admits(t, target);
                self.core.enlist(&mut joiners, t, wait, admits);
                self.core.thread_mut(target).joiners = joiners;
            }
            Op::Sleep(ns) if self.core.start_timer(t, ns) => self.core.enable(t),
            Op::Shutdown => {
                self.core.head.leaving.insert(t);
                self.refresh_leaving();
            }
            _ => {}
        }
    }

    /// A join goes on when its target has ended, and at once when it is misuse.
    fn join_admits(&self, t: ThreadId, target: ThreadId) -> bool {
        t == target
            || matches!(
                self.core.thread(target).state,
                ThreadState::Created | ThreadState::Ended
            )
    }

    fn shutdown_admits(&self, t: ThreadId) -> bool {
        let own = u32::from(!self.core.thread(t).daemon);
        self.core.head.foreground <= own
    }

    fn refresh_leaving(&mut self) {
        for t in &self.core.head.leaving.clone() {
            if self.shutdown_admits(t) {
                self.core.enable(t);
            } else {
                self.core.head.enabled.remove(t);
            }
        }
    }

    /// The operation that `t` is parked in front of, or within; the newest one if it runs, or has ended.
    #[inline]
    pub fn pending(&self, t: ThreadId) -> Op {
        self.core.thread(t).pending
    }

    /// Where `t` is within its operation.
    pub fn phase(&self, t: ThreadId) -> Phase {
        self.core.thread(t).phase
    }

    /// The threads that can step, among them waiters that are offered a spurious wakeup. Not meaningful while a
    /// [`Kernel::choice`] is open.
    #[inline(always)]
    pub fn enabled(&self) -> &ThreadSet {
        &self.core.head.enabled
    }

    /// If nothing can step, jumps the clock to the next deadline. Call it when all live threads are parked.
    #[inline]
    pub fn settle(&mut self) -> Settled {
        while self.core.head.enabled.len() == self.core.head.spurious.len() {
            if self.core.head.next_deadline == clock::NEVER {
                return Settled::Deadlock;
            }
            self.core.head.now = self.core.head.next_deadline;
            self.fire();
        }
        Settled::Ready
    }

    /// Deadlines have come.
    #[cold]
    #[inline(never)]
    fn fire(&mut self) {
        while let Some(t) = self.core.head.timers.pop_due(self.core.head.now) {
            self.core.head.due.insert(t);
            if self.lets_expire(t) {
                self.core.enable(t);
            }
        }
        self.core.head.next_deadline = self.core.head.timers.next();
    }

    /// Whether `t` can act on the end of its time.
    fn lets_expire(&self, t: ThreadId) -> bool {
        match self.core.thread(t).pending {
            Op::Sync(id, _) => self.sync_lets_expire(t, id),
            _ => self.core.head.due.contains(t),
        }
    }

    /// Performs the pending operation of `t`, or its next part, atomically, and advances the clock.
    ///
    /// # Panics
    /// In debug builds, when `t` cannot step or a waiter is to be chosen first.
    #[inline]
    pub fn step(&mut self, t: ThreadId) -> Performed {
        debug_assert!(
            self.core.head.choice.is_none(),
            "a waiter is to be chosen first"
        );
        let can = self.core.head.enabled.remove(t);
        debug_assert!(can, "{t:?} cannot step: {:?}", self.core.thread(t));
        if !self.core.head.spurious.is_empty() {
            self.core.head.spurious.remove(t);
        }
        let performed = match self.core.thread(t).pending {
            Op::Sync(id, verb) => self.step_sync(t, id, verb),
            op => Performed::Done(self.step_other(t, op)),
        };
        self.finish(t, performed)
    }

    #[inline(always)]
    fn finish(&mut self, t: ThreadId, performed: Performed) -> Performed {
        match performed {
            Performed::Done(_) => {
                let thread = self.core.thread_mut(t);
                if thread.state == ThreadState::Parked {
                    thread.state = ThreadState::Running;
                }
            }
            Performed::Parked => {}
            Performed::Choose(_) => return performed,
        }
        let head = &mut self.core.head;
        head.now = head
            .now
            .saturating_add(self.core.config.step_cost)
            .min(clock::NEVER - 1);
        if head.now >= head.next_deadline {
            self.fire();
        }
        performed
    }

    fn step_other(&mut self, t: ThreadId, op: Op) -> Answer {
        match op {
            Op::Yield | Op::Output(_) | Op::Access { .. } => Answer::Done,
            Op::Clock => Answer::Time(self.core.head.now),
            Op::Sleep(_) => {
                self.core.expire(t);
                Answer::Done
            }
            Op::Start(child) => self.start(child),
            Op::Join(target, wait) => {
                let fault = match self.core.thread(target).state {
                    ThreadState::Created => Some(Fault::JoinUnstarted),
                    _ if t == target => Some(Fault::JoinSelf),
                    _ => None,
                };
                let ended = self.core.thread(target).state == ThreadState::Ended;
                let mut joiners = std::mem::take(&mut self.core.thread_mut(target).joiners);
                self.core
                    .delist(&mut joiners, t, wait, !ended && fault.is_none());
                self.core.thread_mut(target).joiners = joiners;
                fault.map_or(Answer::Bool(ended), Answer::Fault)
            }
            Op::Exit => {
                self.end(t);
                Answer::Done
            }
            Op::Shutdown => {
                self.core.head.leaving.remove(t);
                Answer::Done
            }
            Op::Sync(..) => unreachable!("stepped elsewhere"),
        }
    }

    fn start(&mut self, child: ThreadId) -> Answer {
        let thread = self.core.thread_mut(child);
        if thread.state != ThreadState::Created {
            return Answer::Fault(Fault::AlreadyStarted);
        }
        thread.state = ThreadState::Running;
        let foreground = u32::from(!thread.daemon);
        let joiners = thread.joiners.clone();
        self.core.head.live += 1;
        self.core.head.foreground += foreground;
        // They would have failed; now they wait.
        self.core.close(&joiners);
        self.refresh_leaving();
        Answer::Done
    }

    fn end(&mut self, t: ThreadId) {
        let thread = self.core.thread_mut(t);
        thread.state = ThreadState::Ended;
        let foreground = u32::from(!thread.daemon);
        let joiners = thread.joiners.clone();
        self.core.head.live -= 1;
        self.core.head.foreground -= foreground;
        self.core.open(&joiners);
        self.refresh_leaving();
    }

    /// The choice of a waiter that a notification waits for.
    #[inline(always)]
    pub fn choice(&self) -> Option<&WaiterChoice> {
        self.core.head.choice.as_ref()
    }

    /// Wakes option `index` of [`Kernel::choice`]. Answers for the notifier's step, as [`Kernel::step`] does.
    ///
    /// # Panics
    /// When there is no choice, or no such option.
    pub fn choose_waiter(&mut self, index: usize) -> Performed {
        let choice = self
            .core
            .head
            .choice
            .take()
            .expect("a notification is under way");
        let notifier = choice.notifier;
        match self.notify_chosen(choice, index) {
            Some(options) => Performed::Choose(options),
            None => self.finish(notifier, Performed::Done(Answer::Done)),
        }
    }

    /// The waiters that the newest `Notify`, `NotifyAll` or `Set` woke, for the trace. Not restored by a rollback.
    pub fn woken(&self) -> &[ThreadId] {
        &self.core.woken
    }

    /// Where `t` is in its life.
    pub fn state(&self, t: ThreadId) -> ThreadState {
        self.core.thread(t).state
    }

    /// Whether `t` was started and has not ended.
    pub fn is_alive(&self, t: ThreadId) -> bool {
        matches!(self.state(t), ThreadState::Running | ThreadState::Parked)
    }

    /// All threads ever made, in order of id.
    pub fn threads(&self) -> impl Iterator<Item = ThreadId> + use<> {
        (0..self.core.threads.len() as u32).map(ThreadId)
    }

    /// The threads started and not ended, in order of id.
    pub fn live(&self) -> impl Iterator<Item = ThreadId> + '_ {
        self.threads().filter(|t| self.is_alive(*t))
    }

    /// How many threads were started and have not ended.
    pub fn live_count(&self) -> usize {
        self.core.head.live as usize
    }

    /// The clock, in nanoseconds since the Unix epoch.
    pub fn now(&self) -> u64 {
        self.core.head.now
    }

    /// The options it was made with.
    pub fn config(&self) -> &Config {
        &self.core.config
    }

    /// Marks the present state as one to come back to. Marks nest: roll back to the newest first, or past it to an older.
    pub fn checkpoint(&mut self) -> KernelMark {
        KernelMark {
            head: self.core.head.clone(),
            threads: self.core.threads.checkpoint(),
            objects: self.objects.checkpoint(),
        }
    }

    /// Returns to the state at `mark`, which stays valid for further returns.
    ///
    /// # Panics
    /// When `mark` is of another kernel, or was itself undone by a rollback to an older mark.
    pub fn rollback(&mut self, mark: &KernelMark) {
        self.core.head.clone_from(&mark.head);
        self.core.threads.rollback(&mark.threads);
        self.objects.rollback(&mark.objects);
        self.core.woken.clear();
    }
}

/// Kernels are equal when they will behave alike: what was saved for rollbacks does not count.
impl PartialEq for Kernel {
    fn eq(&self, other: &Self) -> bool {
        self.core.config == other.core.config
            && self.core.head == other.core.head
            && self.core.threads.iter().eq(other.core.threads.iter())
            && self.objects.iter().eq(other.objects.iter())
    }
}

impl Eq for Kernel {}

impl Hash for Kernel {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.core.head.hash(state);
        hash_arena(&self.core.threads, state);
        hash_arena(&self.objects, state);
    }
}

#[cfg(test)]
mod tests {
    use super::op::Wait;
    use super::testing::{FOREVER, Program, SECOND, join, on, start, texts};
    use super::*;
    use op::Verb;

    #[test]
    fn a_thread_starts_once() {
        let program = Program::new(&[], &[&[start(1), start(1), join(1), start(1)], &[]]);
        assert_eq!(
            program.outcomes(),
            texts([". AlreadyStarted T AlreadyStarted | "])
        );
    }

    #[test]
    fn joining_oneself_or_an_unstarted_thread_is_an_error() {
        let program = Program::new(&[], &[&[join(0), join(1), start(1)], &[]]);
        assert_eq!(program.outcomes(), texts(["JoinSelf JoinUnstarted . | "]));
    }

    #[test]
    fn a_join_may_come_before_the_start() {
        let program = Program::new(&[], &[&[start(2)], &[join(2)], &[]]);
        assert_eq!(
            program.outcomes(),
            texts([". | T | ", ". | JoinUnstarted | "])
        );
    }

    #[test]
    fn a_timed_join_answers_whether_the_thread_has_ended() {
        let timed = |ns| Op::Join(ThreadId(1), Wait::For(ns));
        let main = [
            start(1),
            timed(SECOND),
            timed(SECOND * 5),
            Op::Join(ThreadId(1), Wait::Never),
        ];
        let program = Program::new(&[], &[&main, &[Op::Sleep(SECOND * 3)]]);
        assert_eq!(program.outcomes(), texts([". F T T | ."]));
    }

    #[test]
    fn exit_waits_for_all_but_daemons() {
        let mut kernel = Kernel::new(Config::default());
        let (main, child) = (ThreadId(0), kernel.spawn(false));
        kernel.park(main, Op::Start(child));
        kernel.step(main);
        kernel.park(main, Op::Shutdown);
        kernel.park(child, Op::Sleep(SECOND));
        assert!(kernel.enabled().is_empty());
        assert_eq!(kernel.block_reason(main), BlockReason::Foreground);
        kernel.set_daemon(child, true);
        assert!(kernel.enabled().contains(main));
        kernel.set_daemon(child, false);
        assert!(kernel.enabled().is_empty());
        assert_eq!(kernel.settle(), Settled::Ready);
        kernel.step(child);
        kernel.park(child, Op::Exit);
        kernel.step(child);
        assert!(kernel.enabled().contains(main) && !kernel.is_alive(child));
        assert_eq!(kernel.live_count(), 1);
    }

    #[test]
    fn sleepers_wake_in_order_of_their_deadlines_and_equal_ones_in_any() {
        // Steps that cost nothing, so that both come to their sleeps at the same time.
        let program = |a, b| {
            Program::new(&[], &[&[], &[Op::Sleep(a)], &[Op::Sleep(b)]])
                .with(|config| config.step_cost = 0)
        };
        assert_eq!(program(SECOND, SECOND * 2).orders(), texts(["1. 2."]));
        assert_eq!(program(SECOND, SECOND).orders(), texts(["1. 2.", "2. 1."]));
        let free = program(SECOND, SECOND * 2).with(|config| config.time = TimeMode::Free);
        assert_eq!(free.orders(), texts(["1. 2.", "2. 1."]));
    }

    #[test]
    fn no_sleep_is_measured_shorter_than_it_asked_for() {
        let program = Program::new(
            &[],
            &[&[
                Op::Clock,
                Op::Sleep(SECOND),
                Op::Clock,
                Op::Sleep(0),
                Op::Clock,
            ]],
        );
        let free = program.clone().with(|config| config.time = TimeMode::Free);
        assert_eq!(program.first(), "0us . 1000002us . 1000004us");
        assert_eq!(free.first(), program.first());
    }

    #[test]
    fn a_thread_that_never_rests_does_not_stop_the_clock() {
        let mut kernel = Kernel::new(Config::default());
        let (main, child) = (ThreadId(0), kernel.spawn(true));
        kernel.park(main, Op::Start(child));
        kernel.step(main);
        kernel.park(main, Op::Sleep(10_000));
        let mut steps = 0;
        while !kernel.enabled().contains(main) {
            kernel.park(child, Op::Yield);
            assert_eq!(kernel.settle(), Settled::Ready);
            kernel.step(child);
            steps += 1;
        }
        assert_eq!(steps, 10);
    }

    #[test]
    fn a_circle_of_locks_is_found() {
        let lock = |id| on(id, Verb::Acquire(FOREVER));
        let program = Program::new(
            &[SyncKind::Lock, SyncKind::Lock],
            &[
                &[],
                &[lock(0), Op::Sleep(9), lock(1)],
                &[lock(1), Op::Sleep(9), lock(0)],
            ],
        );
        assert_eq!(program.first(), " | T . | T . | stuck 1 2");
        let (mut kernel, mut progress) = program.begin();
        while kernel.settle() == Settled::Ready {
            let t = kernel.enabled().first().expect("ready");
            let performed = kernel.step(t);
            program.after(&mut kernel, &mut progress, t, performed);
        }
        assert_eq!(kernel.wait_cycle(), Some(vec![ThreadId(1), ThreadId(2)]));
        let reason = BlockReason::Lock {
            lock: SyncId(1),
            holder: Some(ThreadId(2)),
        };
        assert_eq!(kernel.block_reason(ThreadId(1)), reason);
    }

    #[test]
    fn ten_thousand_threads_are_no_matter() {
        let mut kernel = Kernel::new(Config::default());
        let lock = kernel.create(SyncKind::Lock);
        for i in 1..10_000u32 {
            let t = kernel.spawn(false);
            kernel.park(ThreadId(0), Op::Start(t));
            kernel.step(ThreadId(0));
            let wait = if i % 2 == 0 {
                FOREVER
            } else {
                Wait::For(u64::from(i % 7))
            };
            kernel.park(t, Op::Sync(lock, Verb::Acquire(wait)));
        }
        assert_eq!(kernel.enabled().len(), 9_999);
        let last = kernel.enabled().nth(9_998).expect("enabled");
        kernel.step(last);
        assert_eq!(
            (last, kernel.enabled().len()),
            (ThreadId(9_999), 4_999),
            "those with a deadline gave up"
        );
    }
}
