//! What a search needs of that which it searches.

use std::borrow::Cow;

use crate::id::ThreadId;
use crate::kernel::footprint::Touch;
use crate::kernel::{Kernel, ThreadSet};
use crate::run::{Driver, DriverMark};
use crate::vm::exec::Forces;

/// Words that a thread is about to write, where only runs with certain outputs are searched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words {
    /// To which stream.
    pub stream: u8,
    /// What: equal words have equal numbers.
    pub text: u32,
}

/// A run that can be taken from choice to choice, and back: a program's ([`Driver`]), or in tests a list of operations.
pub trait System {
    /// A place to go back to.
    type Mark;

    /// Goes on to the next choice point; false when the run is over.
    fn ready(&mut self) -> bool;

    /// Threads, objects and clock.
    fn kernel(&self) -> &Kernel;

    /// Takes an option of the present choice point.
    fn take(&mut self, index: usize);

    /// Takes an option, and then up to `most` steps by the same thread that are forced, if it can; what they touch is told by
    /// [`System::forced`], if that is asked for. Answers how many they were. Not for a step that wakes others.
    #[inline]
    fn take_on(&mut self, index: usize, most: u64, tell: bool) -> usize {
        let _ = (most, tell);
        self.take(index);
        0
    }

    /// See [`Driver::forced`].
    fn forced(&self) -> Forces<'_> {
        Forces::default()
    }

    /// What the newest step touched beyond the footprint of its operation, where not every access is a step of its own.
    fn noted(&self) -> &[Touch];

    /// How many steps were taken since the begin.
    fn steps(&self) -> u64;

    /// Marks the present choice point.
    fn mark(&mut self) -> Self::Mark;

    /// Goes back to a mark, which stays valid.
    fn back(&mut self, mark: &Self::Mark);

    /// Takes the newest mark back, right after a return to it: nobody returns to it again.
    fn release(&mut self, mark: &Self::Mark) {
        let _ = mark;
    }

    /// The thread that took the newest step.
    fn current(&self) -> Option<ThreadId>;

    /// Who may take the next step: all that the kernel lets go on, but those whose [`Words`] do not fit.
    #[inline]
    fn enabled(&self) -> Cow<'_, ThreadSet> {
        Cow::Borrowed(self.kernel().enabled())
    }

    /// What the next step of a thread writes, if that has to fit.
    #[inline]
    fn writes(&self, t: ThreadId) -> Option<Words> {
        let _ = t;
        None
    }

    /// Whether words may be written after so many steps of this run: whatever else happens, this hangs on what was written to their
    /// stream before.
    #[inline]
    fn fits(&self, words: Words, steps: usize) -> bool {
        let _ = (words, steps);
        true
    }
}

/// A system whose states can be known again.
pub trait Stateful: System {
    /// A number that tells the present state from all others that the system can be in.
    fn state(&mut self) -> u128;

    /// A number for the place in the program where a parked thread stands.
    fn place(&self, t: ThreadId) -> u64 {
        let _ = t;
        0
    }

    /// Lets time pass up to the next deadline, though threads can step.
    fn jump(&mut self);
}

impl System for Driver<'_> {
    type Mark = DriverMark;

    #[inline]
    fn ready(&mut self) -> bool {
        Driver::ready(self)
    }

    #[inline]
    fn kernel(&self) -> &Kernel {
        Driver::kernel(self)
    }

    #[inline]
    fn take(&mut self, index: usize) {
        Driver::take(self, index);
    }

    #[inline]
    fn take_on(&mut self, index: usize, most: u64, tell: bool) -> usize {
        Driver::take_on(self, index, most, tell)
    }

    #[inline]
    fn forced(&self) -> Forces<'_> {
        Driver::forced(self)
    }

    #[inline]
    fn noted(&self) -> &[Touch] {
        Driver::noted(self)
    }

    #[inline]
    fn steps(&self) -> u64 {
        Driver::steps(self)
    }

    #[inline]
    fn mark(&mut self) -> DriverMark {
        self.checkpoint()
    }

    #[inline]
    fn back(&mut self, mark: &DriverMark) {
        self.rollback(mark);
    }

    #[inline]
    fn release(&mut self, mark: &DriverMark) {
        Driver::release(self, mark);
    }

    #[inline]
    fn current(&self) -> Option<ThreadId> {
        Driver::current(self)
    }
}

impl<'m> AsRef<Driver<'m>> for Driver<'m> {
    #[inline]
    fn as_ref(&self) -> &Driver<'m> {
        self
    }
}

impl<'m> AsMut<Driver<'m>> for Driver<'m> {
    fn as_mut(&mut self) -> &mut Driver<'m> {
        self
    }
}

impl Stateful for Driver<'_> {
    fn state(&mut self) -> u128 {
        Driver::state(self)
    }

    fn place(&self, t: ThreadId) -> u64 {
        Driver::place(self, t)
    }

    fn jump(&mut self) {
        Driver::jump(self);
    }
}
