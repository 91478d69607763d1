//! Threads: their first frame, where they stand.

use crate::id::{CodeId, ThreadId};
use crate::value::Value;
use crate::value::object::{Cont, Frame};
use crate::vm::machine::{Machine, Thread, ThreadInfo, ThreadSlot, Waiting};

impl Machine {
    /// A thread without frames, in memory that another has left if there is any.
    pub(super) fn fresh_thread(&mut self) -> Box<Thread> {
        let mut th = self.threads.spare().unwrap_or_default().take();
        th.stack.clear();
        th.frames.clear();
        (th.waiting, th.granted) = (Waiting::Begin, false);
        th
    }

    /// Prepares a thread whose first frame calls `function(*args)`; it begins when the scheduler starts it.
    pub(crate) fn new_thread(&mut self, id: ThreadId, function: Value, args: &[Value], cont: Cont) {
        while self.threads.len() <= id.index() {
            self.threads.insert(ThreadSlot::default());
            self.infos.insert(ThreadInfo::default());
        }
        let mut th = self.fresh_thread();
        let called = self.call(&mut th, function, args, &[], cont);
        debug_assert!(
            called.is_ok(),
            "a thread begins in a Python function that takes these"
        );
        *self.threads.get_mut(id.0) = ThreadSlot::of(th);
        self.heap.publish(function);
        for &arg in args {
            self.heap.publish(arg);
        }
    }

    /// The code of a thread's innermost frame that is the program's own, with the instruction it stands at.
    pub fn user_site(&self, frames: &[Frame]) -> Option<(CodeId, u32)> {
        frames
            .iter()
            .rev()
            .find(|f| !self.image.linked[f.code.index()].bundled)
            .map(|f| (f.code, f.pc.saturating_sub(1)))
    }
}
