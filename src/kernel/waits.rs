//! Who waits for what, held by whom: the wait graph, for reports.

use smallvec::SmallVec;

use crate::id::{SyncId, ThreadId};

use super::op::{Op, Verb, Wait};
use super::sync::Object;
use super::thread::{Phase, ThreadState};
use super::{Kernel, clock};

/// Why a thread does not go on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BlockReason {
    /// It was not started.
    NotStarted,
    /// It runs invisible code.
    Running,
    /// It can step.
    Ready,
    /// It has ended.
    Ended,
    /// It wants a Lock or RLock.
    Lock {
        /// The lock.
        lock: SyncId,
        /// Who took it; that thread may have ended since.
        holder: Option<ThreadId>,
    },
    /// It waits on a condition and was not notified.
    Notification {
        /// The condition.
        condition: SyncId,
    },
    /// Its wait on a condition is over, and it wants the lock back.
    Reacquire {
        /// The condition.
        condition: SyncId,
        /// The condition's lock.
        lock: SyncId,
        /// Who took the lock.
        holder: Option<ThreadId>,
    },
    /// It wants a permit of a semaphore that has none.
    Permit {
        /// The semaphore.
        semaphore: SyncId,
    },
    /// It waits for an event's flag.
    Flag {
        /// The event.
        event: SyncId,
    },
    /// It has arrived at a barrier that is not complete.
    Parties {
        /// The barrier.
        barrier: SyncId,
        /// How many have arrived.
        arrived: u32,
    },
    /// It wants to use a barrier that runs its action, or whose former threads have not all left.
    BarrierBusy {
        /// The barrier.
        barrier: SyncId,
        /// The thread that runs the action.
        action: Option<ThreadId>,
    },
    /// It wants an item of an empty queue.
    Item {
        /// The queue.
        queue: SyncId,
    },
    /// It wants room in a full queue.
    Room {
        /// The queue.
        queue: SyncId,
    },
    /// It waits until a queue's tasks are done.
    Tasks {
        /// The queue.
        queue: SyncId,
        /// How many are not.
        unfinished: u32,
    },
    /// It joins a thread that lives.
    Thread {
        /// The thread.
        thread: ThreadId,
    },
    /// It is main at exit and waits for all threads that are no daemons.
    Foreground,
    /// It sleeps.
    Asleep {
        /// Till then, in nanoseconds since the epoch.
        until: u64,
    },
}

impl Kernel {
    /// Why `t` does not go on. A spurious wakeup does not count as being able to.
    pub fn block_reason(&self, t: ThreadId) -> BlockReason {
        let thread = self.core.thread(t);
        match thread.state {
            ThreadState::Created => BlockReason::NotStarted,
            ThreadState::Running => BlockReason::Running,
            ThreadState::Ended => BlockReason::Ended,
            ThreadState::Parked if self.can_go_on(t) => BlockReason::Ready,
            ThreadState::Parked => match thread.pending {
                Op::Sync(id, verb) => self.sync_reason(id, verb, thread.phase),
                Op::Join(thread, _) => BlockReason::Thread { thread },
                Op::Shutdown => BlockReason::Foreground,
                Op::Sleep(_) => BlockReason::Asleep {
                    until: thread.deadline,
                },
                _ => BlockReason::Ready,
            },
        }
    }

    fn sync_reason(&self, id: SyncId, verb: Verb, phase: Phase) -> BlockReason {
        match self.objects.get(id.0) {
            Object::Lock(_) | Object::RLock(_) => BlockReason::Lock {
                lock: id,
                holder: self.holder(id),
            },
            Object::Condition(_) if phase == Phase::Waiting => {
                BlockReason::Notification { condition: id }
            }
            Object::Condition(condition) => {
                let lock = condition.lock;
                BlockReason::Reacquire {
                    condition: id,
                    lock,
                    holder: self.holder(lock),
                }
            }
            Object::Semaphore(_) => BlockReason::Permit { semaphore: id },
            Object::Event(_) => BlockReason::Flag { event: id },
            Object::Barrier(barrier) if phase == Phase::Waiting && barrier.busy.is_none() => {
                BlockReason::Parties {
                    barrier: id,
                    arrived: barrier.count,
                }
            }
            Object::Barrier(barrier) => BlockReason::BarrierBusy {
                barrier: id,
                action: barrier.busy,
            },
            Object::Queue(queue) if queue.busy.is_some() => BlockReason::Lock {
                lock: id,
                holder: queue.busy,
            },
            Object::Queue(queue) => match verb {
                Verb::Get(_) | Verb::Look(_) => BlockReason::Item { queue: id },
                Verb::Put(_) => BlockReason::Room { queue: id },
                _ => BlockReason::Tasks {
                    queue: id,
                    unfinished: queue.unfinished,
                },
            },
        }
    }

    /// Who took a Lock, or owns an RLock. For other objects nobody.
    pub fn holder(&self, id: SyncId) -> Option<ThreadId> {
        match self.objects.get(id.0) {
            Object::Lock(lock) => lock.holder,
            Object::RLock(lock) => lock.owner,
            _ => None,
        }
    }

    /// What an object's state is in the words of CPython's `repr`s; the owner of an RLock is its thread's number plus `first_ident`.
    pub fn state_words(&self, id: SyncId, first_ident: u32) -> String {
        let locked = |locked: bool| if locked { "locked" } else { "unlocked" };
        match self.objects.get(id.0) {
            Object::Lock(lock) => locked(lock.holder.is_some()).to_owned(),
            Object::RLock(lock) => {
                let owner = lock.owner.map_or(0, |t| t.0 + first_ident);
                format!(
                    "{}|owner={owner} count={}",
                    locked(lock.owner.is_some()),
                    lock.depth
                )
            }
            Object::Condition(condition) => condition.waiters.len().to_string(),
            Object::Semaphore(semaphore) => match semaphore.bound {
                Some(bound) => format!("value={}/{bound}", semaphore.value),
                None => format!("value={}", semaphore.value),
            },
            Object::Event(event) => if event.flag { "set" } else { "unset" }.to_owned(),
            Object::Barrier(barrier) if barrier.state == super::sync::barrier::State::Broken => {
                "broken".to_owned()
            }
            Object::Barrier(barrier) => {
                format!("waiters={}/{}", barrier.waiting.len(), barrier.parties)
            }
            Object::Queue(_) => String::new(),
        }
    }

    /// The lock of a condition; of other objects nothing.
    pub fn lock_of(&self, condition: SyncId) -> Option<SyncId> {
        match self.objects.get(condition.0) {
            Object::Condition(condition) => Some(condition.lock),
            _ => None,
        }
    }

    /// When the operation of `t` gives up, or a sleeper wakes, in nanoseconds since the epoch.
    pub fn deadline(&self, t: ThreadId) -> Option<u64> {
        let deadline = self.core.thread(t).deadline;
        (deadline != clock::NEVER).then_some(deadline)
    }

    /// The threads one of which must act before `t` can step, as far as that is known: the holder of a lock, takers of a
    /// semaphore, the joined thread, at exit all foreground threads. Empty when anybody could help (notification, item).
    pub fn waits_for(&self, t: ThreadId) -> SmallVec<[ThreadId; 4]> {
        match self.block_reason(t) {
            BlockReason::Lock { holder, .. } | BlockReason::Reacquire { holder, .. } => {
                holder.into_iter().collect()
            }
            BlockReason::BarrierBusy { action, .. } => action.into_iter().collect(),
            BlockReason::Permit { semaphore } => match self.objects.get(semaphore.0) {
                Object::Semaphore(semaphore) => semaphore.takers.clone(),
                _ => SmallVec::new(),
            },
            BlockReason::Thread { thread } => SmallVec::from_slice(&[thread]),
            BlockReason::Foreground => self.foreground_of(t).collect(),
            _ => SmallVec::new(),
        }
    }

    /// A circle of threads each of which waits for the next and the last for the first, if there is one: the one with the
    /// lowest thread id, which comes first.
    pub fn wait_cycle(&self) -> Option<Vec<ThreadId>> {
        self.live().find_map(|start| {
            let mut path = vec![start];
            let mut seen = super::ThreadSet::new();
            self.path_back(start, &mut path, &mut seen).then_some(path)
        })
    }

    fn path_back(
        &self,
        start: ThreadId,
        path: &mut Vec<ThreadId>,
        seen: &mut super::ThreadSet,
    ) -> bool {
        // Depth is at most the number of live threads, so an explicit stack: 10,000 threads may form one chain.
        let mut branches = vec![self.waits_for(path[0]).into_iter()];
        while let Some(branch) = branches.last_mut() {
            match branch.next() {
                Some(next) if next == start => return true,
                Some(next) if self.is_alive(next) && seen.insert(next) => {
                    path.push(next);
                    branches.push(self.waits_for(next).into_iter());
                }
                Some(_) => {}
                None => {
                    branches.pop();
                    path.pop();
                }
            }
        }
        false
    }

    /// Whether `t` is parked and can step without the help of a spurious wakeup, found without the incremental bookkeeping.
    pub(super) fn can_go_on(&self, t: ThreadId) -> bool {
        let thread = self.core.thread(t);
        let admits = match thread.pending {
            Op::Sync(id, verb) => self.sync_admits(t, id, verb),
            Op::Join(target, wait) => wait == Wait::Never || self.join_admits(t, target),
            Op::Shutdown => self.shutdown_admits(t),
            Op::Sleep(_) => false,
            _ => true,
        };
        thread.state == ThreadState::Parked && (admits || self.lets_expire(t))
    }
}
