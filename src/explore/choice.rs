//! A point at which a run could go on in several ways.

use crate::id::ThreadId;
use crate::kernel::Kernel;
use crate::kernel::op::Op;

/// What is chosen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ChoiceKind {
    /// Which thread takes the next step. Timeouts, equal deadlines and spurious wakeups are steps, so they are chosen this way.
    Thread,
    /// Which of a condition's waiters a notification wakes.
    Waiter,
    /// That time passes although threads can step, because all that they do is wait in loops. No strategy is asked about it: searches
    /// find it, and records hold it.
    Clock,
    /// A step without alternative: in records alone, to tell how many there are before time passes.
    Forced,
}

/// Tells source positions, which the kernel does not know.
pub trait Locate {
    /// The line of the operation that `thread` is parked in front of, counted from 1.
    fn line(&self, thread: ThreadId) -> Option<u32>;
}

/// A choice, as a strategy sees it: a borrow of the kernel, free to make.
///
/// Options are numbered from 0. Threads are in order of id, waiters with the longest waiting first.
#[derive(Clone, Copy)]
pub struct ChoicePoint<'a> {
    kernel: &'a Kernel,
    locate: Option<&'a dyn Locate>,
    /// The thread that took the newest step, if any did.
    pub current: Option<ThreadId>,
    /// How many steps were taken so far.
    pub depth: u64,
}

impl<'a> ChoicePoint<'a> {
    /// The choice that `kernel` is at. Only meaningful when something can be chosen ([`Kernel::settle`] said `Ready`, or
    /// [`Kernel::choice`] is open).
    #[inline(always)]
    pub fn new(kernel: &'a Kernel, current: Option<ThreadId>, depth: u64) -> Self {
        ChoicePoint {
            kernel,
            locate: None,
            current,
            depth,
        }
    }

    /// The same choice, able to tell lines.
    #[inline(always)]
    pub fn with_locate(self, locate: &'a dyn Locate) -> Self {
        ChoicePoint {
            locate: Some(locate),
            ..self
        }
    }

    /// The kernel, for strategies that want to know more ([`crate::kernel::footprint`], say).
    #[inline(always)]
    pub fn kernel(&self) -> &'a Kernel {
        self.kernel
    }

    /// What is chosen.
    #[inline(always)]
    pub fn kind(&self) -> ChoiceKind {
        if self.kernel.choice().is_some() {
            ChoiceKind::Waiter
        } else {
            ChoiceKind::Thread
        }
    }

    /// How many options there are.
    #[inline(always)]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a choice without options is none"
    )]
    pub fn len(&self) -> usize {
        match self.kernel.choice() {
            None => self.kernel.enabled().len(),
            Some(choice) => choice.options().len(),
        }
    }

    /// The thread that option `index` lets step, or wakes.
    ///
    /// # Panics
    /// When there is no such option.
    #[inline]
    pub fn thread(&self, index: usize) -> ThreadId {
        match self.kernel.choice() {
            None => self.kernel.enabled().nth(index).expect("index below len()"),
            Some(choice) => choice.options()[index],
        }
    }

    /// The operation that the thread of option `index` is parked in front of, or within.
    ///
    /// # Panics
    /// When there is no such option.
    pub fn op(&self, index: usize) -> Op {
        self.kernel.pending(self.thread(index))
    }

    /// The source line of [`ChoicePoint::op`], if somebody can tell.
    ///
    /// # Panics
    /// When there is no such option.
    pub fn line(&self, index: usize) -> Option<u32> {
        self.locate?.line(self.thread(index))
    }

    /// The option that is `thread`, if there is one.
    #[inline]
    pub fn index_of(&self, thread: ThreadId) -> Option<usize> {
        match self.kernel.choice() {
            None => {
                let enabled = self.kernel.enabled();
                enabled.contains(thread).then(|| enabled.rank(thread))
            }
            Some(choice) => choice.options().iter().position(|option| *option == thread),
        }
    }

    /// The option to stay with the thread that took the newest step. None for waiters.
    #[inline]
    pub fn current_index(&self) -> Option<usize> {
        match self.kernel.choice() {
            None => self.index_of(self.current?),
            Some(_) => None,
        }
    }

    /// The threads of all options, in order.
    pub fn threads(&self) -> impl Iterator<Item = ThreadId> + use<'a> {
        let point = *self;
        (0..point.len()).map(move |index| point.thread(index))
    }
}

impl std::fmt::Debug for ChoicePoint<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChoicePoint")
            .field("kind", &self.kind())
            .field("threads", &self.threads().collect::<Vec<_>>())
            .field("current", &self.current)
            .field("depth", &self.depth)
            .finish()
    }
}
