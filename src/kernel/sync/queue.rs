//! `queue.Queue` and its kin (CPython 3.13: `Lib/queue.py`). Items are counted here; what they are the vm knows.
//!
//! - `Put` is enabled iff there is room (always, when the capacity is 0), `Get` iff there is an item; each step does the whole
//!   operation. A `Put` adds an unfinished task, `TaskDone` takes one off, `JoinTasks` is enabled iff there is none.
//! - Forms that do not wait, or not for ever, fail with [`Fault::Full`] or [`Fault::Empty`]; success is tried first.
//! - `ShutDown(immediate)`: from then on `Put` is [`Fault::ShutDown`], room or not, and so is `Get` once the queue is empty.
//!   Waiting threads wake with it. `immediate` drops what is queued, and as many unfinished tasks, and all who are joined
//!   look again: tasks taken and not yet done keep them waiting (as in CPython).
//! - `TaskDone` beyond the number of puts is [`Fault::TaskDoneTooMany`].
//!
//! CPython builds it from three conditions on one lock, with loops around the waits; a waiter that is notified too late
//! for its timeout looks again, so no item is lost by the insides, and one step for each call shows the same outcomes.

use crate::id::ThreadId;
use crate::kernel::op::{Answer, Fault, Verb, Wait};
use crate::kernel::thread::Core;
use crate::kernel::thread_set::ThreadSet;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Queue {
    /// 0 is without limit.
    capacity: u32,
    pub(crate) size: u32,
    pub(crate) unfinished: u32,
    pub(crate) shut: bool,
    putters: ThreadSet,
    getters: ThreadSet,
    joiners: ThreadSet,
}

impl Queue {
    pub(super) fn new(capacity: u32) -> Self {
        Queue {
            capacity,
            ..Queue::default()
        }
    }

    fn has_room(&self) -> bool {
        self.capacity == 0 || self.size < self.capacity
    }

    pub(super) fn park(&mut self, t: ThreadId, verb: Verb, core: &mut Core) {
        let ready = self.admits(verb);
        match verb {
            Verb::Put(wait) => core.enlist(&mut self.putters, t, wait, ready),
            Verb::Get(wait) => core.enlist(&mut self.getters, t, wait, ready),
            Verb::JoinTasks => core.enlist(&mut self.joiners, t, Wait::Forever, ready),
            Verb::TaskDone | Verb::Size | Verb::ShutDown(_) => core.enable(t),
            _ => super::unknown("Queue", verb),
        }
    }

    pub(super) fn step(&mut self, t: ThreadId, verb: Verb, core: &mut Core) -> Answer {
        let ready = self.admits(verb);
        match verb {
            Verb::Put(wait) => {
                let room = self.has_room();
                core.delist(&mut self.putters, t, wait, !ready);
                if self.shut {
                    return Answer::Fault(Fault::ShutDown);
                }
                if !room {
                    return Answer::Fault(Fault::Full);
                }
                self.resize(self.size + 1, self.unfinished + 1, core);
            }
            Verb::Get(wait) => {
                core.delist(&mut self.getters, t, wait, !ready);
                if self.size == 0 {
                    return Answer::Fault(if self.shut {
                        Fault::ShutDown
                    } else {
                        Fault::Empty
                    });
                }
                self.resize(self.size - 1, self.unfinished, core);
            }
            Verb::TaskDone if self.unfinished == 0 => return Answer::Fault(Fault::TaskDoneTooMany),
            Verb::TaskDone => self.resize(self.size, self.unfinished - 1, core),
            Verb::JoinTasks => _ = self.joiners.remove(t),
            Verb::Size => return Answer::Int(i64::from(self.size)),
            Verb::ShutDown(immediate) => {
                self.shut = true;
                core.open(&self.putters);
                core.open(&self.getters);
                if immediate {
                    self.resize(0, self.unfinished.saturating_sub(self.size), core);
                }
            }
            _ => super::unknown("Queue", verb),
        }
        Answer::Done
    }

    /// Changes the counts, and lets in or shuts out those who wait for what changed.
    fn resize(&mut self, size: u32, unfinished: u32, core: &mut Core) {
        let before = (self.has_room(), self.size > 0, self.unfinished == 0);
        self.size = size;
        self.unfinished = unfinished;
        let after = (self.has_room(), self.size > 0, self.unfinished == 0);
        let mut flip = |was: bool, is: bool, waiters: &ThreadSet| match (was, is) {
            (false, true) => core.open(waiters),
            (true, false) => core.close(waiters),
            _ => {}
        };
        if !self.shut {
            flip(before.0, after.0, &self.putters);
            flip(before.1, after.1, &self.getters);
        }
        flip(before.2, after.2, &self.joiners);
    }

    pub(super) fn admits(&self, verb: Verb) -> bool {
        match verb {
            Verb::Put(_) => self.shut || self.has_room(),
            Verb::Get(_) => self.shut || self.size > 0,
            Verb::JoinTasks => self.unfinished == 0,
            _ => true,
        }
    }
}
