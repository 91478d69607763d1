//! Synchronisation objects: one file each, with its rules at the top.
//!
//! To add one: a file with `park` (register a thread in front of a verb, and enable it if it can go on), `step` (perform the verb) and
//! `admits` (whether the verb can be performed, looked at from scratch: what the incremental bookkeeping must agree with); a
//! variant in [`SyncKind`] and [`Object`] and an arm in each function below; its footprint in `kernel/footprint.rs`
//! and its reason to wait in `kernel/waits.rs`.

pub(super) mod barrier;
pub(super) mod condition;
pub(super) mod event;
pub(super) mod lock;
pub(super) mod queue;
pub(super) mod rlock;
pub(super) mod semaphore;

use crate::id::{SyncId, ThreadId};

use super::op::{Op, Verb, Wait};
use super::thread::{Core, Phase};
use super::thread_set::ThreadSet;
use super::{Kernel, Performed};

/// What to make with [`Kernel::create`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SyncKind {
    /// `threading.Lock`, free.
    Lock,
    /// `threading.RLock`, free.
    RLock,
    /// `threading.Condition` on an existing Lock or RLock.
    Condition {
        /// Its lock.
        lock: SyncId,
    },
    /// `threading.Semaphore`; `BoundedSemaphore` with a bound.
    Semaphore {
        /// Permits at the start.
        value: u32,
        /// The most permits there may be.
        bound: Option<u32>,
    },
    /// `threading.Event`, with its flag down.
    Event,
    /// `threading.Barrier`.
    Barrier {
        /// How many threads it holds together, at least 1.
        parties: u32,
    },
    /// `queue.Queue` and its kin, empty.
    Queue {
        /// Room for so many items; 0 is without limit.
        capacity: u32,
    },
}

/// A synchronisation object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Object {
    Lock(lock::Lock),
    RLock(rlock::RLock),
    Condition(condition::Condition),
    Semaphore(semaphore::Semaphore),
    Event(event::Event),
    Barrier(barrier::Barrier),
    Queue(queue::Queue),
}

impl Default for Object {
    fn default() -> Self {
        Object::Lock(lock::Lock::default())
    }
}

impl Object {
    pub(super) fn new(kind: SyncKind) -> Self {
        match kind {
            SyncKind::Lock => Object::default(),
            SyncKind::RLock => Object::RLock(rlock::RLock::default()),
            SyncKind::Condition { lock } => Object::Condition(condition::Condition::new(lock)),
            SyncKind::Semaphore { value, bound } => {
                Object::Semaphore(semaphore::Semaphore::new(value, bound))
            }
            SyncKind::Event => Object::Event(event::Event::default()),
            SyncKind::Barrier { parties } => Object::Barrier(barrier::Barrier::new(parties)),
            SyncKind::Queue { capacity } => Object::Queue(queue::Queue::new(capacity)),
        }
    }

    #[inline(always)]
    pub(super) fn park(&mut self, t: ThreadId, verb: Verb, core: &mut Core) {
        match self {
            Object::Lock(lock) => lock.park(t, verb, core),
            Object::RLock(lock) => lock.park(t, verb, core),
            Object::Condition(condition) => condition.park(t, verb, core),
            Object::Semaphore(semaphore) => semaphore.park(t, verb, core),
            Object::Event(event) => event.park(t, verb, core),
            Object::Barrier(barrier) => barrier.park(t, verb, core),
            Object::Queue(queue) => queue.park(t, verb, core),
        }
    }
}

impl Kernel {
    #[inline(always)]
    pub(super) fn step_sync(&mut self, t: ThreadId, id: SyncId, verb: Verb) -> Performed {
        let core = &mut self.core;
        Performed::Done(match self.objects.get_mut(id.0) {
            Object::Lock(lock) => lock.step(t, verb, core),
            Object::RLock(lock) => lock.step(t, verb, core),
            Object::Semaphore(semaphore) => semaphore.step(t, verb, core),
            Object::Queue(queue) => queue.step(t, verb, core),
            Object::Event(event) => return event.step(t, verb, core),
            Object::Barrier(barrier) => return barrier.step(t, verb, core),
            Object::Condition(_) => return self.step_condition(t, id, verb),
        })
    }

    /// Whether `t`, parked in front of or within `verb`, finds what it waits for. Timeouts and offers are not looked at.
    pub(super) fn sync_admits(&self, t: ThreadId, id: SyncId, verb: Verb) -> bool {
        let phase = self.core.thread(t).phase;
        if phase == Phase::Front && Op::Sync(id, verb).wait() == Some(Wait::Never) {
            return match self.objects.get(id.0) {
                Object::Barrier(barrier) if matches!(verb, Verb::Arrive(_)) => {
                    barrier.admits(t, verb, phase)
                }
                Object::Queue(queue) => queue.busy.is_none(),
                _ => true,
            };
        }
        match self.objects.get(id.0) {
            Object::Lock(lock) => lock.admits(verb),
            Object::RLock(lock) => lock.admits(t, verb),
            Object::Semaphore(semaphore) => semaphore.admits(verb),
            Object::Queue(queue) => queue.admits(verb),
            Object::Event(event) => event.admits(phase),
            Object::Barrier(barrier) => barrier.admits(t, verb, phase),
            Object::Condition(condition) => match phase {
                Phase::Front => true,
                Phase::Waiting => false,
                Phase::Woken | Phase::GaveUp => match self.objects.get(condition.lock.0) {
                    Object::Lock(lock) => lock.holder.is_none(),
                    Object::RLock(lock) => lock.owner.is_none(),
                    _ => unreachable!("checked when the condition was made"),
                },
            },
        }
    }

    /// Whether `t` can act on the end of its time, in an operation on object `id`.
    pub(super) fn sync_lets_expire(&self, t: ThreadId, id: SyncId) -> bool {
        match self.objects.get(id.0) {
            Object::Barrier(barrier) => barrier.lets_expire(t, &self.core),
            Object::Queue(queue) => queue.lets_expire(t, &self.core),
            _ => self.core.rare().due.contains(t),
        }
    }
}

impl Object {
    /// The sets of threads that wait at it, in front of its operations or within.
    fn waiting_sets(&mut self, f: &mut dyn FnMut(&mut ThreadSet)) {
        match self {
            Object::Lock(lock) => f(&mut lock.waiters),
            Object::RLock(lock) => f(&mut lock.waiters),
            Object::Semaphore(semaphore) => f(&mut semaphore.waiters),
            Object::Event(event) => f(&mut event.waiting),
            Object::Barrier(barrier) => barrier.waiting_sets().into_iter().for_each(f),
            Object::Queue(queue) => queue.waiting_sets().into_iter().for_each(f),
            Object::Condition(_) => {}
        }
    }

    /// Takes a killed thread out of the waiters. What it holds it holds for ever.
    pub(super) fn forget(&mut self, t: ThreadId) {
        match self {
            Object::Condition(condition) => condition.forget(t),
            _ => self.waiting_sets(&mut |set| _ = set.remove(t)),
        }
    }

    /// Takes all waiters out, and puts one thread in another's place as holder: what a copied process sees of it.
    pub(super) fn forked(&mut self, lock: Option<SyncId>, from: ThreadId, to: ThreadId) {
        self.waiting_sets(&mut |set| *set = ThreadSet::new());
        let replace = |holder: &mut Option<ThreadId>| {
            if *holder == Some(from) {
                *holder = Some(to);
            }
        };
        match self {
            Object::Lock(lock) => replace(&mut lock.holder),
            Object::RLock(lock) => replace(&mut lock.owner),
            Object::Queue(queue) => replace(&mut queue.busy),
            Object::Condition(condition) => {
                condition.waiters.clear();
                condition.lock = lock.unwrap_or(condition.lock);
            }
            _ => {}
        }
    }
}

#[cold]
#[inline(never)]
fn unknown(object: &str, verb: Verb) -> ! {
    panic!("[raddle internal bug] {object} knows no {verb:?}")
}
