//! `threading.RLock` (CPython: `rlock_*` in `Modules/_threadmodule.c`).
//!
//! - Held by one thread, to a depth. The owner may acquire again at once, as often as it likes; each release takes one off,
//!   and the last makes it free. For all others `Acquire` is enabled iff it is free, as with a Lock.
//! - Release by a thread that is not the owner is [`Fault::NotOwner`], also when it is free.
//! - A condition gives up all depth at once and restores it ([`RLock::give_up`], [`RLock::take`]).

use crate::id::ThreadId;
use crate::kernel::op::{Answer, Fault, Verb, Wait};
use crate::kernel::thread::Core;
use crate::kernel::thread_set::ThreadSet;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct RLock {
    pub(crate) owner: Option<ThreadId>,
    /// 0 iff there is no owner.
    pub(crate) depth: u32,
    /// Threads parked in front of a blocking acquire, or of a condition's reacquire. Never the owner.
    pub(crate) waiters: ThreadSet,
}

impl RLock {
    pub(super) fn park(&mut self, t: ThreadId, verb: Verb, core: &mut Core) {
        match verb {
            Verb::Acquire(wait) if self.owner != Some(t) => {
                core.enlist(&mut self.waiters, t, wait, self.owner.is_none());
            }
            Verb::Acquire(_) | Verb::Release(_) | Verb::Locked | Verb::Owned => core.enable(t),
            _ => super::unknown("RLock", verb),
        }
    }

    pub(super) fn step(&mut self, t: ThreadId, verb: Verb, core: &mut Core) -> Answer {
        match verb {
            Verb::Acquire(_) if self.owner == Some(t) => {
                self.depth += 1;
                Answer::Bool(true)
            }
            Verb::Acquire(wait) => {
                let free = self.owner.is_none();
                core.delist(&mut self.waiters, t, wait, !free);
                if free {
                    self.take(t, 1, core);
                }
                Answer::Bool(free)
            }
            Verb::Release(_) if self.owner != Some(t) => Answer::Fault(Fault::NotOwner),
            Verb::Release(_) if self.depth > 1 => {
                self.depth -= 1;
                Answer::Done
            }
            Verb::Release(_) => {
                self.give_up(core);
                Answer::Done
            }
            Verb::Locked => Answer::Bool(self.owner.is_some()),
            Verb::Owned => Answer::Bool(self.owner == Some(t)),
            _ => super::unknown("RLock", verb),
        }
    }

    /// Makes `t` the owner of the free lock, to `depth`.
    pub(super) fn take(&mut self, t: ThreadId, depth: u32, core: &mut Core) {
        self.owner = Some(t);
        self.depth = depth;
        core.close(&self.waiters);
    }

    /// Makes the lock free, whatever the depth, which it returns.
    pub(super) fn give_up(&mut self, core: &mut Core) -> u32 {
        self.owner = None;
        core.open(&self.waiters);
        std::mem::take(&mut self.depth)
    }

    pub(super) fn admits(&self, t: ThreadId, verb: Verb) -> bool {
        !matches!(verb, Verb::Acquire(Wait::Forever | Wait::For(_)))
            || self.owner.is_none()
            || self.owner == Some(t)
    }
}

#[cfg(test)]
mod tests {
    use crate::kernel::SyncKind::RLock;
    use crate::kernel::op::{Op, Verb, Wait};
    use crate::kernel::testing::{Program, acquire, on, release, start, texts};

    #[test]
    fn b56_its_owner_may_acquire_again_at_once() {
        let never = on(0, Verb::Acquire(Wait::Never));
        let program = Program::new(
            &[RLock],
            &[&[acquire(0), acquire(0), never, on(0, Verb::Owned)]],
        );
        assert_eq!(program.first(), "T T T T");
    }

    #[test]
    fn b57_takes_as_many_releases_as_acquires() {
        let main = [
            acquire(0),
            acquire(0),
            start(1),
            release(0),
            Op::Yield,
            release(0),
        ];
        let orders = Program::new(&[RLock], &[&main, &[acquire(0), on(0, Verb::Owned)]]).orders();
        assert_eq!(orders, texts(["0T 0T 0. 0. 0. 0. 1T 1T"]));
    }

    #[test]
    fn b58_depth_zero_is_unlocked() {
        let locked = on(0, Verb::Locked);
        let main = [
            acquire(0),
            acquire(0),
            release(0),
            locked,
            release(0),
            locked,
            on(0, Verb::Owned),
        ];
        assert_eq!(Program::new(&[RLock], &[&main]).first(), "T T . T . F F");
    }

    #[test]
    fn b60_release_by_another_thread_is_an_error() {
        let main = [release(0), acquire(0), start(1)];
        let program = Program::new(&[RLock], &[&main, &[release(0), on(0, Verb::Owned)]]);
        assert_eq!(program.outcomes(), texts(["NotOwner T . | NotOwner F"]));
    }

    #[test]
    fn others_wait_and_fail_as_with_a_lock() {
        let other = [
            on(0, Verb::Acquire(Wait::Never)),
            on(0, Verb::Acquire(Wait::For(7))),
        ];
        let program = Program::new(&[RLock], &[&[acquire(0), start(1)], &other]);
        assert_eq!(program.outcomes(), texts(["T . | F F"]));
    }
}
