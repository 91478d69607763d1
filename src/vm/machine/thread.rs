//! Threads on the vm's side.

use crate::id::ProcessId;
use crate::value::Value;
use crate::value::object::{Cont, Frame};
use crate::vm::native::After;

/// What a thread is parked in front of, on the vm's side.
#[derive(Clone, Copy, Debug, Default)]
pub enum Waiting {
    /// Not parked.
    #[default]
    Nothing,
    /// In front of an access: the instruction at the frame's pc is executed again once it is granted.
    Access,
    /// In a native call: what to make of the kernel's answer, what was kept for that, and where the result goes. The operation
    /// itself is the kernel's.
    Native(After, Option<[Value; 2]>, Cont),
    /// In front of the access of a native method: where its window is in the stack, how many arguments are in it, and where the
    /// result goes. Only the call is left to do; how the method was found is not done again.
    Call(u32, u32, Cont),
    /// At its very beginning: it stands nowhere yet.
    Begin,
    /// At a plain `Yield`: it just goes on.
    Resume,
    /// As `Resume`, in the midst of bundled code that goes on and on: it parks from now on like the program's own.
    Overdue,
}

/// A green thread: its stack of frames and what it is parked in front of.
#[derive(Debug, Default)]
pub struct Thread {
    /// Registers of all frames.
    pub stack: Vec<Value>,
    /// Frames, innermost last.
    pub frames: Vec<Frame>,
    /// Parked where.
    pub waiting: Waiting,
    /// The access it parked in front of was granted: the next instruction performs it without asking again.
    pub granted: bool,
}

/// `clone_from` uses the memory that is there: threads are saved at nearly each step of a search.
impl Clone for Thread {
    fn clone(&self) -> Thread {
        Thread {
            stack: self.stack.clone(),
            frames: self.frames.clone(),
            ..*self
        }
    }

    fn clone_from(&mut self, other: &Thread) {
        let Thread {
            stack,
            frames,
            waiting,
            granted,
        } = other;
        self.stack.clone_from(stack);
        self.frames.clone_from(frames);
        (self.waiting, self.granted) = (*waiting, *granted);
    }
}

/// A thread's place in the table: boxed, so that taking it out to run it and putting it back moves a pointer.
#[derive(Debug, Default)]
pub struct ThreadSlot(Option<Box<Thread>>);

impl Clone for ThreadSlot {
    fn clone(&self) -> ThreadSlot {
        ThreadSlot(self.0.clone())
    }

    fn clone_from(&mut self, other: &ThreadSlot) {
        self.0.clone_from(&other.0);
    }
}

impl ThreadSlot {
    /// A place with a thread in it.
    pub(crate) fn of(thread: Box<Thread>) -> ThreadSlot {
        ThreadSlot(Some(thread))
    }

    /// Takes the thread out to run it.
    pub(crate) fn take(&mut self) -> Box<Thread> {
        self.0.take().unwrap_or_default()
    }

    /// Puts it back.
    pub(crate) fn put(&mut self, thread: Box<Thread>) {
        self.0 = Some(thread);
    }

    /// The thread, unless it runs now or was never there.
    pub fn get(&self) -> Option<&Thread> {
        self.0.as_deref()
    }
}

/// What is known of a thread besides its stack.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadInfo {
    /// The program's `Thread` object.
    pub object: Value,
    /// The process it belongs to.
    pub process: ProcessId,
    /// Where it is parked, for traces and reports: set with each park.
    pub text: Value,
}
