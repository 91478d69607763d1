//! What can be told of a synchronisation object without a step: for `repr`, read-only attributes and reports.

use super::Kernel;
use super::sync::{Object, barrier, semaphore};
use crate::id::{SyncId, ThreadId};

/// The present state of a synchronisation object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Peek {
    /// A Lock.
    Lock {
        /// Who took it.
        holder: Option<ThreadId>,
    },
    /// An RLock.
    RLock {
        /// Who owns it.
        owner: Option<ThreadId>,
        /// How often it was taken.
        depth: u32,
    },
    /// A Condition.
    Condition {
        /// How many threads wait for a notification.
        waiters: usize,
    },
    /// A semaphore.
    Semaphore {
        /// Permits left.
        value: u32,
        /// The most there may be.
        bound: Option<u32>,
    },
    /// An Event.
    Event {
        /// Its flag.
        set: bool,
    },
    /// A Barrier.
    Barrier {
        /// How many it holds together.
        parties: u32,
        /// How many wait.
        waiting: u32,
        /// Whether it is broken.
        broken: bool,
    },
    /// A queue.
    Queue {
        /// Items in it.
        size: u32,
        /// Items put and not reported done.
        unfinished: u32,
        /// Whether it was shut down.
        shut: bool,
    },
}

impl Kernel {
    /// The present state of a synchronisation object.
    pub fn peek(&self, id: SyncId) -> Peek {
        match self.objects.get(id.0) {
            Object::Lock(lock) => Peek::Lock {
                holder: lock.holder,
            },
            Object::RLock(lock) => Peek::RLock {
                owner: lock.owner,
                depth: lock.depth,
            },
            Object::Condition(condition) => Peek::Condition {
                waiters: condition.waiters.len(),
            },
            Object::Semaphore(semaphore::Semaphore { value, bound, .. }) => Peek::Semaphore {
                value: *value,
                bound: *bound,
            },
            Object::Event(event) => Peek::Event { set: event.flag },
            Object::Barrier(barrier) => Peek::Barrier {
                parties: barrier.parties,
                waiting: if barrier.state == barrier::State::Filling {
                    barrier.count
                } else {
                    0
                },
                broken: barrier.state == barrier::State::Broken,
            },
            Object::Queue(queue) => {
                let (size, unfinished) = (queue.size, queue.unfinished);
                Peek::Queue {
                    size,
                    unfinished,
                    shut: queue.shut,
                }
            }
        }
    }
}
