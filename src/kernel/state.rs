//! The state of a kernel as numbers, for those who ask whether a run has been in it before.
//!
//! Two kernels that write the same numbers behave alike from there on. Times are told relative to the clock, so that a
//! thread that polls every second comes to the same state again. Objects are told as the [`Sink`] names them.

use std::hash::{Hash, Hasher};

use super::clock::NEVER;
use super::op::Op;
use super::sync::Object;
use super::thread::Thread;
use super::{Kernel, KernelMark, ThreadSet, ThreadState};
use crate::id::{ObjId, SyncId, ThreadId};

/// Takes the state down.
pub trait Sink: Hasher {
    /// Writes a heap object's name.
    fn heap_object(&mut self, id: ObjId);

    /// Writes a synchronisation object's name.
    fn sync_object(&mut self, id: SyncId);

    /// Whether it matters how many items of a queue are not done, or only whether any is.
    fn counts_tasks(&self) -> bool {
        true
    }
}

impl Kernel {
    /// Writes down all but the synchronisation objects ([`Kernel::write_object`]).
    pub fn write_state<S: Sink>(&self, to: &mut S) {
        let head = &self.core.head;
        head.enabled.hash(to);
        (head.offered, head.budget, head.choosing, head.closing).hash(to);
        to.write_usize(self.core.threads.len());
        for (_, thread) in self.core.threads.iter() {
            self.write_thread(thread, to);
        }
        let rare = self.core.rare();
        (&rare.due, &rare.spurious, &head.leaving).hash(to);
        to.write_u8(u8::from(rare.choice.is_some()));
        if let Some(choice) = &rare.choice {
            to.sync_object(choice.condition);
            (choice.notifier, &choice.waiters, choice.permits).hash(to);
        }
    }

    fn write_thread<S: Sink>(&self, thread: &Thread, to: &mut S) {
        (thread.state, thread.daemon, thread.process).hash(to);
        thread.joiners.hash(to);
        if !matches!(thread.state, ThreadState::Running | ThreadState::Parked) {
            return;
        }
        match thread.pending {
            Op::Sync(id, verb) => {
                to.write_u8(1);
                to.sync_object(id);
                verb.hash(to);
            }
            Op::Access {
                object,
                part,
                write,
            } => {
                to.write_u8(2);
                to.heap_object(object);
                (part, write).hash(to);
            }
            op => {
                to.write_u8(3);
                op.hash(to);
            }
        }
        (thread.phase, thread.saved).hash(to);
        // A deadline that has passed is as good as one that passes now.
        let left = thread.deadline.saturating_sub(self.core.head.now);
        to.write_u64(match thread.deadline {
            NEVER => NEVER,
            _ => left,
        });
    }

    /// Writes down a synchronisation object.
    pub fn write_object<S: Sink>(&self, id: SyncId, to: &mut S) {
        match self.objects.get(id.0) {
            Object::Condition(condition) => {
                to.write_u8(1);
                to.sync_object(condition.lock);
                condition.waiters.hash(to);
            }
            Object::Queue(queue) if !to.counts_tasks() => {
                to.write_u8(3);
                let mut queue = queue.clone();
                queue.unfinished = queue.unfinished.min(1);
                queue.hash(to);
            }
            object => {
                to.write_u8(2);
                object.hash(to);
            }
        }
    }

    /// The synchronisation objects that are older than a mark and were changed since, in no particular order.
    pub fn objects_changed_since(&self, mark: &KernelMark) -> impl Iterator<Item = SyncId> {
        let changed = self.objects.changed_since(&mark.objects);
        changed.map(|(index, _)| SyncId(index))
    }

    /// Whether a synchronisation object is older than a mark.
    #[inline]
    pub fn is_older(&self, id: SyncId, mark: &KernelMark) -> bool {
        id.0 < mark.objects.len()
    }

    /// Whether the thread waits for a moment that has not come.
    pub fn waits_for_time(&self, t: ThreadId) -> bool {
        let thread = self.core.thread(t);
        thread.deadline != NEVER && thread.state == ThreadState::Parked && !self.is_due(t)
    }

    /// The threads that can step, but for those that can only by a spurious wakeup, which nobody may count on.
    pub fn surely_enabled(&self) -> ThreadSet {
        let mut enabled = self.enabled().clone();
        if self.core.head.offered > 0 {
            enabled.subtract_except(&self.core.rare().spurious, &ThreadSet::new());
        }
        enabled
    }

    /// Whether some thread waits for a moment that has not come.
    #[inline]
    pub fn can_jump(&self) -> bool {
        self.core.head.next_deadline != NEVER
    }

    /// Lets time pass up to the next deadline although threads can step: for when all that they do is wait in loops.
    ///
    /// # Panics
    /// When no deadline is to come.
    pub fn jump(&mut self) {
        assert!(self.can_jump(), "a deadline is to come");
        self.core.head.now = self.core.head.next_deadline;
        self.fire();
    }
}
