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
//! | `footprint`, `touch` | what a step touches, and which steps depend on each other |
//! | `gate` | which steps could have come in the other order |
//! | `state` | the whole state as numbers, to know it again |
//! | `process` | threads that belong together: simulated processes, and how they are killed |
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
pub mod gate;
#[cfg(test)]
pub(crate) mod generate;
pub mod op;
mod peek;
mod process;
#[cfg(test)]
mod properties;
pub mod state;
mod sync;
#[cfg(test)]
pub(crate) mod testing;
mod thread;
mod thread_set;
mod touch;
mod waits;

use std::hash::{Hash, Hasher};

use crate::arena::Arena;
use crate::id::{SyncId, ThreadId};

pub use config::{Config, TimeMode};
use op::{Answer, Fault, Op, Verb};
pub use peek::Peek;
use sync::Object;
pub use sync::SyncKind;
use thread::{Core, MAIN, Thread};
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
            if thread.process == MAIN {
                self.core.head.foreground =
                    self.core.head.foreground + u32::from(was) - u32::from(daemon);
            }
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
    #[inline(always)]
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
            Op::Sync(id, verb) => self.park_sync(t, id, verb),
            Op::Join(..) | Op::Sleep(_) | Op::Shutdown => self.park_waiting(t, op),
            _ => self.core.enable(t),
        }
    }

    /// Takes back that `t` parked: what it came to is part of its step after all.
    ///
    /// # Panics
    /// In debug builds, when that is an operation that may wait.
    pub fn unpark(&mut self, t: ThreadId) {
        debug_assert!(matches!(self.pending(t), Op::Access { .. }));
        self.core.head.enabled.remove(t);
        self.core.thread_mut(t).state = ThreadState::Running;
    }

    #[inline(never)]
    fn park_sync(&mut self, t: ThreadId, id: SyncId, verb: Verb) {
        self.objects.get_mut(id.0).park(t, verb, &mut self.core);
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

    /// Whether a main thread's process has no other thread that its exit waits for.
    fn shutdown_admits(&self, t: ThreadId) -> bool {
        let thread = self.core.thread(t);
        if thread.process != MAIN {
            return self.foreground_of(t).next().is_none();
        }
        let own = u32::from(!thread.daemon);
        self.core.head.foreground <= own
    }

    #[inline]
    fn refresh_leaving(&mut self) {
        if !self.core.head.leaving.is_empty() {
            self.refresh_all_leaving();
        }
    }

    fn refresh_all_leaving(&mut self) {
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

    /// Whether nothing can step but by spurious wakeups: the clock is about to jump, or the run is at its end.
    #[inline]
    pub fn is_idle(&self) -> bool {
        self.core.head.enabled.len() == self.core.head.offered as usize
    }

    /// If nothing can step, jumps the clock to the next deadline. Call it when all live threads are parked.
    #[inline]
    pub fn settle(&mut self) -> Settled {
        while self.is_idle() {
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
        let now = self.core.head.now;
        while let Some(t) = self.core.rare_mut().timers.pop_due(now) {
            self.core.rare_mut().due.insert(t);
            if self.lets_expire(t) {
                self.core.enable(t);
            }
        }
        self.core.head.next_deadline = self.core.rare().timers.next();
    }

    /// Whether `t` can act on the end of its time.
    fn lets_expire(&self, t: ThreadId) -> bool {
        match self.core.thread(t).pending {
            Op::Sync(id, _) => self.sync_lets_expire(t, id),
            _ => self.core.rare().due.contains(t),
        }
    }

    /// Performs the pending operation of `t`, or its next part, atomically, and advances the clock.
    ///
    /// # Panics
    /// In debug builds, when `t` cannot step or a waiter is to be chosen first.
    #[inline]
    pub fn step(&mut self, t: ThreadId) -> Performed {
        debug_assert!(!self.core.head.choosing, "a waiter is to be chosen first");
        let can = self.core.head.enabled.remove(t);
        debug_assert!(can, "{t:?} cannot step: {:?}", self.core.thread(t));
        self.core.withdraw_offer(t);
        let performed = match self.core.thread(t).pending {
            Op::Sync(id, verb) => self.step_sync(t, id, verb),
            op => Performed::Done(self.step_other(t, op)),
        };
        self.finish(t, &performed);
        performed
    }

    /// Whether no other thread than the running one can step.
    #[inline(always)]
    pub fn may_pass(&self) -> bool {
        let head = &self.core.head;
        !head.choosing && head.enabled.is_empty()
    }

    /// Takes a step of the running thread that touches no synchronisation object, if no other thread can step and no deadline comes
    /// with it. Tells whether it did.
    #[inline(always)]
    pub fn pass(&mut self) -> bool {
        if !self.may_pass() {
            return false;
        }
        let head = &mut self.core.head;
        let now = head.now.saturating_add(self.core.config.step_cost);
        if now >= head.next_deadline.min(clock::NEVER - 1) {
            return false;
        }
        head.now = now;
        true
    }

    /// Whether the parked thread `t` can step, and no other can.
    #[inline]
    pub fn is_forced(&self, t: ThreadId) -> bool {
        let head = &self.core.head;
        !head.choosing
            && head.enabled.len() == 1
            && head.enabled.contains(t)
            && head.now < clock::NEVER - 1
    }

    #[inline(always)]
    fn finish(&mut self, t: ThreadId, performed: &Performed) {
        match performed {
            Performed::Done(_) => {
                let thread = self.core.thread_mut(t);
                if thread.state == ThreadState::Parked {
                    thread.state = ThreadState::Running;
                }
            }
            Performed::Parked => {}
            Performed::Choose(_) => return,
        }
        let head = &mut self.core.head;
        head.now = head
            .now
            .saturating_add(self.core.config.step_cost)
            .min(clock::NEVER - 1);
        if head.now >= head.next_deadline {
            self.fire();
        }
    }

    fn step_other(&mut self, t: ThreadId, op: Op) -> Answer {
        match op {
            Op::Yield | Op::Survey | Op::Output(_) | Op::Access { .. } => Answer::Done,
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
            Op::Kill(main) => {
                self.kill(main);
                Answer::Done
            }
            Op::Shutdown => {
                self.core.head.leaving.remove(t);
                self.core.head.closing |= t == thread::MAIN;
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
        let foreground = u32::from(!thread.daemon && thread.process == MAIN);
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
        let foreground = u32::from(!thread.daemon && thread.process == MAIN);
        let joiners = thread.joiners.clone();
        self.core.head.live -= 1;
        self.core.head.foreground -= foreground;
        self.core.open(&joiners);
        self.refresh_leaving();
    }

    /// The choice of a waiter that a notification waits for.
    #[inline(always)]
    pub fn choice(&self) -> Option<&WaiterChoice> {
        if self.core.head.choosing {
            self.core.rare().choice.as_ref()
        } else {
            None
        }
    }

    /// Wakes option `index` of [`Kernel::choice`]. Answers for the notifier's step, as [`Kernel::step`] does.
    ///
    /// # Panics
    /// When there is no choice, or no such option.
    pub fn choose_waiter(&mut self, index: usize) -> Performed {
        let choice = self
            .core
            .rare_mut()
            .choice
            .take()
            .expect("a notification is under way");
        self.core.head.choosing = false;
        let notifier = choice.notifier;
        match self.notify_chosen(choice, index) {
            Some(options) => Performed::Choose(options),
            None => {
                let performed = Performed::Done(Answer::Done);
                self.finish(notifier, &performed);
                performed
            }
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

    /// Whether the timed operation of `t` may end by time: its deadline has come, or durations order nothing.
    pub fn is_due(&self, t: ThreadId) -> bool {
        self.core.rare().due.contains(t)
    }

    /// Whether some timed operation may end by time.
    #[inline]
    pub fn any_due(&self) -> bool {
        !self.core.rare().due.is_empty()
    }

    /// Whether there may be threads that [could wake alone](Kernel::could_wake_alone).
    #[inline]
    pub fn any_could_wake_alone(&self) -> bool {
        self.any_due() || self.core.head.offered > 0
    }

    /// The threads that wait to be woken by others and can step all the same: their time is over, or they are offered a spurious
    /// wakeup. Another's step may take that from them.
    pub fn could_wake_alone(&self) -> impl Iterator<Item = ThreadId> + '_ {
        let some = self.any_could_wake_alone();
        let enabled = some.then(|| self.core.head.enabled.iter());
        enabled
            .into_iter()
            .flatten()
            .filter(|t| self.core.thread(*t).phase == Phase::Waiting)
    }

    /// The clock, in nanoseconds since the Unix epoch.
    pub fn now(&self) -> u64 {
        self.core.head.now
    }

    /// Takes other options, as if it had been made with them.
    ///
    /// # Panics
    /// In debug builds, when something has happened already.
    pub fn reconfigure(&mut self, config: Config) {
        let head = &mut self.core.head;
        debug_assert!(head.live == 1, "only a fresh kernel");
        head.now = config.start_time;
        head.budget = config.spurious;
        self.core.config = config;
    }

    /// The options it was made with.
    pub fn config(&self) -> &Config {
        &self.core.config
    }

    /// Marks the present state as one to come back to. Marks nest: roll back to the newest first, or past it to an older.
    pub fn checkpoint(&mut self) -> KernelMark {
        KernelMark {
            core: self.core.checkpoint(),
            objects: self.objects.checkpoint(),
        }
    }

    /// Returns to the state at `mark`, which stays valid for further returns.
    ///
    /// # Panics
    /// When `mark` is of another kernel, or was itself undone by a rollback to an older mark.
    pub fn rollback(&mut self, mark: &KernelMark) {
        self.core.rollback(&mark.core);
        self.objects.rollback(&mark.objects);
    }

    /// Takes the newest mark back, right after a return to it: nobody returns to it again.
    pub fn release(&mut self, mark: &KernelMark) {
        self.core.release(&mark.core);
        self.objects.release(&mark.objects);
    }
}

/// Kernels are equal when they will behave alike: what was saved for rollbacks does not count.
impl PartialEq for Kernel {
    fn eq(&self, other: &Self) -> bool {
        self.core == other.core && self.objects.iter().eq(other.objects.iter())
    }
}

impl Eq for Kernel {}

impl Hash for Kernel {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.core.hash(state);
        self.objects.iter().for_each(|object| object.hash(state));
    }
}

#[cfg(test)]
mod tests;
