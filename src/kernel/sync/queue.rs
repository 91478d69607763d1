//! `queue.Queue` and its kin (CPython 3.13: `Lib/queue.py`). Items are counted here; what they are the vm knows.
//!
//! - `Put` is enabled iff there is room (always, when the capacity is 0), `Get` iff there is an item; each step does the whole
//!   operation. A `Put` adds an unfinished task, `TaskDone` takes one off, `JoinTasks` is enabled iff there is none.
//! - `Look` waits as `Get` does and takes nothing.
//! - Forms that do not wait, or not for ever, fail with [`Fault::Full`] or [`Fault::Empty`]; success is tried first.
//! - `ShutDown(immediate)`: from then on `Put` is [`Fault::ShutDown`], room or not, and so is `Get` once the queue is empty.
//!   Waiting threads wake with it. `immediate` drops what is queued, and as many unfinished tasks, and all who are joined
//!   look again: tasks taken and not yet done keep them waiting (as in CPython).
//! - `TaskDone` beyond the number of puts is [`Fault::TaskDoneTooMany`].
//!
//! Where a call must run code of the program (`__lt__` of prioritised items) it *occupies* the queue, as CPython holds its
//! mutex: [`Kernel::occupy_queue`] in the step of the call. Till `Vacate`, which tells the number of items there are then,
//! nobody else's operation is enabled, timeouts included.
//!
//! `Unseal` is for programs that touch what is inside of a queue (its mutex, its conditions, its items): whoever is parked here,
//! or comes later, is told [`Fault::Unsealed`], and goes on by the rules of the conditions, which the vm then makes of real locks.
//!
//! CPython builds it from three conditions on one lock, with loops around the waits; a waiter that is notified too late
//! for its timeout looks again, so no item is lost by the insides, and one step for each call shows the same outcomes.

use super::Object;
use crate::id::{SyncId, ThreadId};
use crate::kernel::Kernel;
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
    /// Threads parked in front of any operation, needed when the queue becomes busy or free.
    callers: ThreadSet,
    /// Who occupies it.
    pub(crate) busy: Option<ThreadId>,
    /// The program's own hands are in it.
    unsealed: bool,
}

impl Queue {
    pub(super) fn new(capacity: u32) -> Self {
        Queue {
            capacity,
            ..Queue::default()
        }
    }

    pub(super) fn waiting_sets(&mut self) -> [&mut ThreadSet; 4] {
        [
            &mut self.putters,
            &mut self.getters,
            &mut self.joiners,
            &mut self.callers,
        ]
    }

    fn has_room(&self) -> bool {
        self.capacity == 0 || self.size < self.capacity
    }

    pub(super) fn park(&mut self, t: ThreadId, verb: Verb, core: &mut Core) {
        let ready = self.admits(verb);
        match verb {
            Verb::Put(wait) => core.enlist(&mut self.putters, t, wait, ready),
            Verb::Get(wait) | Verb::Look(wait) => {
                core.enlist(&mut self.getters, t, wait, ready);
            }
            Verb::JoinTasks => core.enlist(&mut self.joiners, t, Wait::Forever, ready),
            Verb::TaskDone
            | Verb::Size
            | Verb::ShutDown(_)
            | Verb::Vacate { .. }
            | Verb::Unseal => core.enable(t),
            _ => super::unknown("Queue", verb),
        }
        self.callers.insert(t);
        if self.busy.is_some() && !matches!(verb, Verb::Vacate { .. }) {
            core.head.enabled.remove(t);
        }
    }

    pub(super) fn step(&mut self, t: ThreadId, verb: Verb, core: &mut Core) -> Answer {
        let ready = self.admits(verb);
        self.callers.remove(t);
        if self.unsealed && self.busy.is_none() && verb != Verb::Unseal {
            match verb {
                Verb::Put(wait) => core.delist(&mut self.putters, t, wait, false),
                Verb::Get(wait) | Verb::Look(wait) => {
                    core.delist(&mut self.getters, t, wait, false);
                }
                Verb::JoinTasks => _ = self.joiners.remove(t),
                _ => {}
            }
            return Answer::Fault(Fault::Unsealed);
        }
        match verb {
            Verb::Unseal => {
                let first = !std::mem::replace(&mut self.unsealed, true);
                self.refresh(core);
                return Answer::Bool(first);
            }
            Verb::Vacate { size, failed } => {
                self.busy = None;
                self.size = size;
                self.unfinished = self.unfinished.saturating_sub(u32::from(failed));
                self.refresh(core);
            }
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
            Verb::Look(wait) => {
                core.delist(&mut self.getters, t, wait, !ready);
                return Answer::Bool(ready);
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

    /// `t` occupies the queue: nobody else's operation goes on.
    pub(super) fn occupy(&mut self, t: ThreadId, core: &mut Core) {
        self.busy = Some(t);
        self.refresh(core);
    }

    /// Looks anew at who can step.
    fn refresh(&self, core: &mut Core) {
        for t in &self.callers {
            let pending = core.thread(t).pending;
            let Some(verb) = pending.verb() else { continue };
            let ready =
                self.admits(verb) || self.busy.is_none() && pending.wait() == Some(Wait::Never);
            if ready || self.lets_expire(t, core) {
                core.enable(t);
            } else {
                core.head.enabled.remove(t);
            }
        }
    }

    /// Whether a waiting thread can act on the end of its time.
    pub(super) fn lets_expire(&self, t: ThreadId, core: &Core) -> bool {
        self.busy.is_none() && core.rare().due.contains(t)
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

    pub(crate) fn admits(&self, verb: Verb) -> bool {
        if self.busy.is_some() {
            return matches!(verb, Verb::Vacate { .. });
        }
        if self.unsealed {
            return true;
        }
        match verb {
            Verb::Put(_) => self.shut || self.has_room(),
            Verb::Get(_) | Verb::Look(_) => self.shut || self.size > 0,
            Verb::JoinTasks => self.unfinished == 0,
            _ => true,
        }
    }
}

impl Kernel {
    /// `t`, whose `Put` or `Get` has just been performed, occupies the queue until it comes to `Vacate`.
    pub fn occupy_queue(&mut self, id: SyncId, t: ThreadId) {
        if let Object::Queue(queue) = self.objects.get_mut(id.0) {
            queue.occupy(t, &mut self.core);
        }
    }

    /// The item of a `Put` that has just been performed is not a task after all: putting it failed.
    pub fn forget_task(&mut self, id: SyncId) {
        if let Object::Queue(queue) = self.objects.get_mut(id.0) {
            queue.resize(
                queue.size,
                queue.unfinished.saturating_sub(1),
                &mut self.core,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::kernel::SyncKind::Queue;
    use crate::kernel::op::{Op, Verb, Wait};
    use crate::kernel::testing::{FOREVER, Program, SECOND, on, texts};

    const PUT: Verb = Verb::Put(FOREVER);
    const GET: Verb = Verb::Get(FOREVER);
    const SIZE: Verb = Verb::Size;
    const DONE: Verb = Verb::TaskDone;

    fn program<const N: usize>(capacity: u32, threads: [&[Verb]; N]) -> Program {
        let threads =
            threads.map(|verbs| verbs.iter().map(|verb| on(0, *verb)).collect::<Vec<_>>());
        Program::new(
            &[Queue { capacity }],
            &threads.each_ref().map(|ops| &ops[..]),
        )
    }

    #[test]
    fn b88_each_item_is_taken_once() {
        let ends = program(0, [&[PUT, PUT], &[GET], &[GET]]).outcomes();
        assert_eq!(ends, texts([". . | . | ."]));
        let ends = program(0, [&[PUT], &[GET], &[GET]]).outcomes();
        assert_eq!(ends, texts([". | . |  | stuck 2", ". |  | . | stuck 1"]));
    }

    #[test]
    fn b89_put_waits_for_room_and_get_for_an_item() {
        let orders = program(1, [&[PUT, PUT, SIZE], &[GET]]).orders();
        assert_eq!(orders, texts(["0. 1. 0. 01"]));
        assert_eq!(program(2, [&[PUT, PUT, PUT]]).first(), ". . | stuck 0");
    }

    #[test]
    fn b90_size_is_a_snapshot() {
        assert_eq!(
            program(0, [&[SIZE, GET], &[PUT]]).outcomes(),
            texts(["0 . | .", "1 . | ."])
        );
    }

    #[test]
    fn what_may_not_wait_fails_at_once_and_what_may_fails_in_time() {
        let (put, get) = (Verb::Put(Wait::Never), Verb::Get(Wait::Never));
        assert_eq!(
            program(1, [&[get, put, put, get, get]]).first(),
            "Empty . Full . Empty"
        );
        let (put, get) = (Verb::Put(Wait::For(SECOND)), Verb::Get(Wait::For(SECOND)));
        let ops = [get, put, put].map(|verb| on(0, verb));
        let timed = Program::new(
            &[Queue { capacity: 1 }],
            &[&[&ops[..], &[Op::Clock]].concat()],
        );
        assert_eq!(timed.first(), "Empty . Full 2000003us");
    }

    #[test]
    fn join_waits_until_every_item_put_is_done() {
        let orders = program(0, [&[PUT, Verb::JoinTasks], &[GET, DONE]]).orders();
        assert_eq!(orders, texts(["0. 1. 1. 0."]));
        assert_eq!(
            program(0, [&[Verb::JoinTasks, DONE, PUT, DONE, DONE]]).first(),
            ". TaskDoneTooMany . . TaskDoneTooMany"
        );
    }

    #[test]
    fn shutdown_lets_what_is_queued_be_taken_and_nothing_be_put() {
        let verbs = [
            PUT,
            Verb::ShutDown(false),
            PUT,
            Verb::Put(Wait::Never),
            GET,
            GET,
            Verb::Get(Wait::Never),
        ];
        assert_eq!(
            program(1, [&verbs]).first(),
            ". . ShutDown ShutDown . ShutDown ShutDown"
        );
    }

    #[test]
    fn shutdown_wakes_all_who_wait() {
        let ends = program(1, [&[Verb::ShutDown(false)], &[GET]]).outcomes();
        assert_eq!(ends, texts([". | ShutDown"]));
        let ends = program(1, [&[PUT, Verb::ShutDown(true)], &[PUT]]).outcomes();
        assert_eq!(ends, texts([". . | ShutDown", " | . | stuck 0"]));
    }

    #[test]
    fn immediate_shutdown_drops_items_and_their_tasks() {
        let verbs = [PUT, PUT, Verb::ShutDown(true), SIZE, Verb::JoinTasks, GET];
        assert_eq!(program(0, [&verbs]).first(), ". . . 0 . ShutDown");
        // One task was taken and not done: whoever joins waits on.
        let verbs = [PUT, PUT, GET, Verb::ShutDown(true), Verb::JoinTasks];
        assert_eq!(program(0, [&verbs]).first(), ". . . . | stuck 0");
    }

    #[test]
    fn whoever_waits_at_an_unsealed_queue_is_told() {
        let (full, none) = (Verb::Get(Wait::For(SECOND)), Verb::Get(Wait::Never));
        let ends = program(1, [&[PUT, Verb::Unseal, SIZE, none, PUT], &[PUT], &[full]]).outcomes();
        assert!(
            ends.contains(". T Unsealed Unsealed Unsealed | Unsealed | Unsealed"),
            "{ends:?}"
        );
        assert!(
            ends.contains(". T Unsealed Unsealed Unsealed | Unsealed | ."),
            "{ends:?}"
        );
        assert_eq!(program(0, [&[Verb::Unseal, Verb::Unseal]]).first(), "T F");
    }
}
