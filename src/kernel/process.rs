//! Simulated processes, as far as the kernel knows them: threads that belong together.
//!
//! A process is told by its main thread. [`Op::Shutdown`] waits for the other threads of the caller's process only, and
//! [`Op::Kill`] ends all threads of one wherever they stand. A killed thread is taken out of every set of waiters; locks that it
//! holds stay held, as when a process is killed by a signal. Memory is the vm's business: objects that belong to one process
//! alone are copied for another with [`Kernel::copy_object`].

use super::op::Op;
use super::sync::Object;
use super::thread::Phase;
use super::{Kernel, ThreadState};
use crate::id::{SyncId, ThreadId};

impl Kernel {
    /// Puts a thread that was not started into the process with this main thread.
    ///
    /// # Panics
    /// In debug builds, when the thread was started.
    pub fn set_process(&mut self, t: ThreadId, main: ThreadId) {
        let thread = self.core.thread_mut(t);
        debug_assert_eq!(thread.state, ThreadState::Created);
        thread.process = main;
    }

    /// The main thread of the thread's process.
    #[inline]
    pub fn process_of(&self, t: ThreadId) -> ThreadId {
        self.core.thread(t).process
    }

    /// The live threads of the same process, daemons and the thread itself excepted: what its exit waits for.
    pub(super) fn foreground_of(&self, t: ThreadId) -> impl Iterator<Item = ThreadId> + '_ {
        let process = self.process_of(t);
        self.live().filter(move |other| {
            *other != t && self.process_of(*other) == process && !self.is_daemon(*other)
        })
    }

    /// Ends all threads of a process.
    pub fn kill(&mut self, main: ThreadId) {
        let threads: Vec<ThreadId> = self.live().collect();
        for t in threads {
            if self.process_of(t) == main {
                self.abandon(t);
                self.end(t);
            }
        }
    }

    /// The other threads that the pending operation of `t` will end wherever they stand: those of a process that is killed, or
    /// whose main thread ends.
    pub fn doomed_by(&self, t: ThreadId) -> impl Iterator<Item = ThreadId> + '_ {
        let main = match self.pending(t) {
            Op::Kill(main) => Some(main),
            Op::Exit if self.process_of(t) == t => Some(t),
            _ => None,
        };
        let main = main.into_iter();
        main.flat_map(move |main| self.live().filter(move |v| self.process_of(*v) == main))
            .filter(move |victim| *victim != t && self.state(*victim) == ThreadState::Parked)
    }

    /// Takes a thread out of everything that it waits at.
    fn abandon(&mut self, t: ThreadId) {
        let thread = self.core.thread(t);
        match (thread.state, thread.pending) {
            (ThreadState::Parked, Op::Sync(id, _)) => {
                let phase = thread.phase;
                let object = self.objects.get_mut(id.0);
                object.forget(t);
                if let Object::Condition(condition) = object
                    && matches!(phase, Phase::Woken | Phase::GaveUp)
                {
                    let lock = condition.lock;
                    self.objects.get_mut(lock.0).forget(t);
                }
            }
            (ThreadState::Parked, Op::Join(target, _)) => {
                self.core.thread_mut(target).joiners.remove(t);
            }
            (ThreadState::Parked, Op::Shutdown) => _ = self.core.head.leaving.remove(t),
            _ => {}
        }
        self.core.stop_timer(t);
        self.core.withdraw_offer(t);
        self.core.head.enabled.remove(t);
    }

    /// A copy of an object for a forked process: in the same state, but nobody waits at it. What thread `from` holds, which
    /// forks, thread `to` holds of the copy; what others hold nobody will ever give back. `lock` is the copy of a condition's lock.
    pub fn copy_object(
        &mut self,
        id: SyncId,
        lock: Option<SyncId>,
        from: ThreadId,
        to: ThreadId,
    ) -> SyncId {
        let mut object = self.objects.get(id.0).clone();
        object.forked(lock, from, to);
        SyncId(self.objects.insert(object))
    }
}
