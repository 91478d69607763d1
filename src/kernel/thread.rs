//! Threads as the kernel sees them, and the tables that every rule works on.

use std::hash::{Hash, Hasher};

use smallvec::SmallVec;

use crate::arena::{Arena, Mark};
use crate::id::{SyncId, ThreadId};

use super::clock::{NEVER, Timers};
use super::config::{Config, TimeMode};
use super::op::{Op, Wait};
use super::thread_set::ThreadSet;

/// The main thread of the first process.
pub(super) const MAIN: ThreadId = ThreadId(0);

/// Where a thread is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum ThreadState {
    /// Made, not started.
    #[default]
    Created,
    /// Executes invisible code: the vm has it.
    Running,
    /// Stands in front of a visible operation, or in the middle of one that takes several steps.
    Parked,
    /// Has performed [`Op::Exit`].
    Ended,
}

/// Where a parked thread is within its operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Phase {
    /// In front of it; nothing of it has happened.
    #[default]
    Front,
    /// Among the waiters of a condition, event or barrier.
    Waiting,
    /// Woken (a condition's waiter: by notification or spuriously, and it needs the lock again).
    Woken,
    /// A condition's waiter whose time is over: it needs the lock again, and is still among the waiters, so that a
    /// notification may be spent on it (as in CPython).
    GaveUp,
}

/// One thread.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Thread {
    pub(super) pending: Op,
    pub(super) state: ThreadState,
    pub(super) phase: Phase,
    pub(super) daemon: bool,
    /// The main thread of its process: exit waits for the threads of one process, and they are killed together.
    pub(super) process: ThreadId,
    /// Condition: the depth at which the RLock is to be held again. Barrier: the index of arrival.
    pub(super) saved: u32,
    /// When the timed operation gives up, or [`NEVER`].
    pub(super) deadline: u64,
    /// The threads parked in front of a blocking join of this one.
    pub(super) joiners: ThreadSet,
}

impl Default for Thread {
    fn default() -> Self {
        Thread {
            pending: Op::Yield,
            state: ThreadState::Created,
            phase: Phase::Front,
            daemon: false,
            process: MAIN,
            saved: 0,
            deadline: NEVER,
            joiners: ThreadSet::new(),
        }
    }
}

/// A `notify` that may wake more waiters than it has permits for: which one is a choice.
///
/// With several permits the waiters are chosen in the order in which they wait, one at a time, so that each set of waiters
/// can be reached by one sequence of choices only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WaiterChoice {
    /// The thread that notifies.
    pub notifier: ThreadId,
    /// The condition.
    pub condition: SyncId,
    /// Waiters not yet decided about, longest waiting first.
    pub(super) waiters: SmallVec<[ThreadId; 4]>,
    /// How many of them are still to be woken, at least 1 and fewer than there are.
    pub(super) permits: u32,
}

impl WaiterChoice {
    /// The waiters to choose from, longest waiting first: at least two.
    pub fn options(&self) -> &[ThreadId] {
        &self.waiters[..=self.waiters.len() - self.permits as usize]
    }
}

/// The small part of the state that a checkpoint copies as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Header {
    pub(super) now: u64,
    /// The earliest of the timers, here so that a step compares one number.
    pub(super) next_deadline: u64,
    /// Threads that can step.
    pub(super) enabled: ThreadSet,
    /// Threads parked in front of [`Op::Shutdown`]: here because nearly each run comes to that.
    pub(super) leaving: ThreadSet,
    /// How many of those that can step do so only by the offer of a spurious wakeup.
    pub(super) offered: u32,
    /// Spurious wakeups left.
    pub(super) budget: u32,
    /// Threads started and not ended.
    pub(super) live: u32,
    /// Those of the first process that are no daemons.
    pub(super) foreground: u32,
    /// Whether a waiter is to be chosen.
    pub(super) choosing: bool,
    /// Main has passed [`Op::Shutdown`]: the process is about to end, whatever its daemons do.
    pub(super) closing: bool,
}

/// The part that only timed operations, notifications and spurious wakeups touch. It is the one value of an arena, so
/// that a checkpoint copies it only when it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Rare {
    pub(super) timers: Timers,
    /// Threads whose timed operation may end by time: deadline passed, or `free` time.
    pub(super) due: ThreadSet,
    /// Threads that are enabled only by the offer of a spurious wakeup.
    pub(super) spurious: ThreadSet,
    pub(super) choice: Option<WaiterChoice>,
}

/// All but the synchronisation objects, whose rules work on this.
#[derive(Clone, Debug)]
pub(super) struct Core {
    pub(super) config: Config,
    pub(super) head: Header,
    pub(super) threads: Arena<Thread>,
    rare: Arena<Rare>,
    /// Waiters woken by the newest notification or `set`. Told to the trace; no part of the state.
    pub(super) woken: SmallVec<[ThreadId; 4]>,
}

impl Core {
    pub(super) fn new(config: Config) -> Self {
        let head = Header {
            now: config.start_time,
            next_deadline: NEVER,
            enabled: ThreadSet::new(),
            leaving: ThreadSet::new(),
            offered: 0,
            budget: config.spurious,
            live: 1,
            foreground: 1,
            choosing: false,
            closing: false,
        };
        let mut threads = Arena::new();
        threads.insert(Thread {
            state: ThreadState::Running,
            ..Thread::default()
        });
        let mut rare = Arena::new();
        rare.insert(Rare::default());
        Core {
            config,
            head,
            threads,
            rare,
            woken: SmallVec::new(),
        }
    }

    #[inline(always)]
    pub(super) fn rare(&self) -> &Rare {
        self.rare.get(0)
    }

    #[inline(always)]
    pub(super) fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_mut(0)
    }

    #[inline(always)]
    pub(super) fn thread(&self, t: ThreadId) -> &Thread {
        self.threads.get(t.0)
    }

    #[inline(always)]
    pub(super) fn thread_mut(&mut self, t: ThreadId) -> &mut Thread {
        self.threads.get_mut(t.0)
    }

    /// What `t` waits for is there.
    #[inline(always)]
    pub(super) fn enable(&mut self, t: ThreadId) {
        self.head.enabled.insert(t);
        self.withdraw_offer(t);
    }

    /// What `waiters` wait for is there.
    #[inline(always)]
    pub(super) fn open(&mut self, waiters: &ThreadSet) {
        if !waiters.is_empty() {
            self.head.enabled.union_with(waiters);
        }
    }

    /// What `waiters` wait for is gone: only those whose time is over can step.
    #[inline(always)]
    pub(super) fn close(&mut self, waiters: &ThreadSet) {
        if !waiters.is_empty() {
            self.head
                .enabled
                .subtract_except(waiters, &self.rare.get(0).due);
        }
    }

    /// Registers `t`, newly parked in front of an operation that may have to wait.
    #[inline(always)]
    pub(super) fn enlist(
        &mut self,
        waiters: &mut ThreadSet,
        t: ThreadId,
        wait: Wait,
        available: bool,
    ) {
        let ready = match wait {
            Wait::Never => true,
            Wait::Forever => {
                waiters.insert(t);
                available
            }
            Wait::For(ns) => {
                waiters.insert(t);
                self.start_timer(t, ns) || available
            }
        };
        if ready {
            self.enable(t);
        }
    }

    /// Undoes [`Core::enlist`] when `t` steps; `timed_out` when that is for lack of success.
    #[inline(always)]
    pub(super) fn delist(
        &mut self,
        waiters: &mut ThreadSet,
        t: ThreadId,
        wait: Wait,
        timed_out: bool,
    ) {
        match wait {
            Wait::Never => {}
            Wait::Forever => {
                waiters.remove(t);
            }
            Wait::For(_) => {
                waiters.remove(t);
                if timed_out {
                    self.expire(t)
                } else {
                    self.stop_timer(t)
                }
            }
        }
    }

    /// Sets the deadline of `t`; tells whether it may end by time at once.
    pub(super) fn start_timer(&mut self, t: ThreadId, ns: u64) -> bool {
        // One below NEVER: a deadline in 500 years is one still.
        let deadline = self.head.now.saturating_add(ns).min(NEVER - 1);
        self.thread_mut(t).deadline = deadline;
        if self.config.time == TimeMode::Free || deadline <= self.head.now {
            self.rare_mut().due.insert(t);
            return true;
        }
        self.rare_mut().timers.insert(deadline, t);
        self.head.next_deadline = self.rare().timers.next();
        false
    }

    /// Forgets the deadline of `t`, if it has one.
    pub(super) fn stop_timer(&mut self, t: ThreadId) {
        let deadline = self.thread(t).deadline;
        if deadline == NEVER {
            return;
        }
        self.thread_mut(t).deadline = NEVER;
        let rare = self.rare_mut();
        if !rare.due.remove(t) {
            rare.timers.remove(deadline, t);
            self.head.next_deadline = rare.timers.next();
        }
    }

    /// The time of `t` is over and it acts on that. In `free` time the clock may have to catch up.
    pub(super) fn expire(&mut self, t: ThreadId) {
        self.head.now = self.head.now.max(self.thread(t).deadline);
        self.stop_timer(t);
    }

    /// Offers `t`, a condition's waiter that cannot step otherwise, to wake for no reason.
    pub(super) fn offer_spurious(&mut self, t: ThreadId) {
        if self.head.budget > 0 && self.head.enabled.insert(t) {
            self.rare_mut().spurious.insert(t);
            self.head.offered += 1;
        }
    }

    /// `t` is no longer in need of an offer, or steps by it.
    #[inline(always)]
    pub(super) fn withdraw_offer(&mut self, t: ThreadId) {
        if self.head.offered > 0 && self.rare_mut().spurious.remove(t) {
            self.head.offered -= 1;
        }
    }

    /// Spends one spurious wakeup; after the last the offers end.
    pub(super) fn spend_spurious(&mut self) {
        self.head.budget -= 1;
        if self.head.budget == 0 {
            let offers = std::mem::take(&mut self.rare_mut().spurious);
            self.head
                .enabled
                .subtract_except(&offers, &ThreadSet::new());
            self.head.offered = 0;
        }
    }

    /// Marks all but the objects.
    pub(super) fn checkpoint(&mut self) -> (Header, Mark, Mark) {
        (
            self.head.clone(),
            self.threads.checkpoint(),
            self.rare.checkpoint(),
        )
    }

    /// Returns to what was marked.
    pub(super) fn rollback(&mut self, (head, threads, rare): &(Header, Mark, Mark)) {
        self.head.clone_from(head);
        self.threads.rollback(threads);
        self.rare.rollback(rare);
        self.woken.clear();
    }

    /// Takes the newest mark back.
    pub(super) fn release(&mut self, (_, threads, rare): &(Header, Mark, Mark)) {
        self.threads.release(threads);
        self.rare.release(rare);
    }
}

/// `woken` is no part of the state, and what was saved for rollbacks neither.
impl PartialEq for Core {
    fn eq(&self, other: &Self) -> bool {
        self.config == other.config
            && self.head == other.head
            && self.rare() == other.rare()
            && self.threads.iter().eq(other.threads.iter())
    }
}

impl Hash for Core {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.head.hash(state);
        self.rare().hash(state);
        self.threads.iter().for_each(|thread| thread.hash(state));
    }
}

/// A place to go back to, made by [`Kernel::checkpoint`](super::Kernel::checkpoint).
#[derive(Clone, Debug)]
pub struct KernelMark {
    pub(super) core: (Header, Mark, Mark),
    pub(super) objects: Mark,
}
