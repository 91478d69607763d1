//! Threads that sleep: in front of which step each does, and which steps wake it.

use std::ops::Range;

use crate::id::ThreadId;
use crate::kernel::footprint::{Touch, dependent};

use super::events::{Mask, Meets};

/// A thread that sleeps.
#[derive(Clone, Copy, Debug)]
struct Sleeper {
    thread: ThreadId,
    /// In front of which step.
    step: u32,
    /// The bits of what that touches.
    mask: Mask,
}

/// Those that sleep at the nodes of a search, at the oldest first. Nodes have ranges of them, which may be of several nodes.
#[derive(Debug, Default)]
pub(super) struct Sleepers {
    all: Vec<Sleeper>,
    /// Where what each step that they would take touches ends in [`Sleepers::touches`].
    steps: Vec<u32>,
    touches: Vec<Touch>,
}

impl Sleepers {
    /// How many steps there are that sleepers would take.
    #[inline]
    pub(super) fn steps(&self) -> u32 {
        self.steps.len() as u32
    }

    /// Forgets all steps from this one on; nobody sleeps in front of them any more.
    #[inline]
    pub(super) fn truncate_steps(&mut self, steps: u32) {
        if self.steps() > steps {
            self.touches.truncate(self.begin(steps));
            self.steps.truncate(steps as usize);
        }
    }

    #[inline]
    fn begin(&self, step: u32) -> usize {
        match step {
            0 => 0,
            step => self.steps[step as usize - 1] as usize,
        }
    }

    /// Puts a thread to sleep at the end of a range, in front of a step that touches this.
    #[inline]
    pub(super) fn add(
        &mut self,
        range: &mut Range<usize>,
        t: ThreadId,
        (mask, touches): (Mask, &[Touch]),
    ) {
        self.all.truncate(range.end);
        self.all.push(Sleeper {
            thread: t,
            step: self.steps(),
            mask,
        });
        range.end += 1;
        self.touches.extend_from_slice(touches);
        self.steps.push(self.touches.len() as u32);
    }

    /// Whether `t` is one of these.
    #[inline]
    pub(super) fn holds(&self, range: &Range<usize>, t: ThreadId) -> bool {
        self.all[range.clone()]
            .iter()
            .any(|sleeper| sleeper.thread == t)
    }

    /// Those of a range.
    pub(super) fn threads(&self, range: &Range<usize>) -> impl Iterator<Item = ThreadId> {
        self.all[range.clone()].iter().map(|sleeper| sleeper.thread)
    }

    /// The bits of all that those of a range would touch.
    #[inline]
    pub(super) fn mask(&self, range: &Range<usize>) -> Mask {
        let masks = self.all[range.clone()].iter().map(|sleeper| sleeper.mask);
        masks.fold(Mask::NONE, Mask::or)
    }

    /// Those of a range that sleep on when a step is taken that meets these bits and touches this.
    #[inline]
    pub(super) fn wake(
        &mut self,
        range: Range<usize>,
        (meets, touches): (Meets, &[Touch]),
    ) -> Range<usize> {
        // What a branch of the same node left behind, where it was a choice of waiters.
        self.all.truncate(range.end);
        if range.is_empty() {
            return range;
        }
        let first = range.clone().find(|i| self.wakes(*i, meets, touches));
        let Some(first) = first else {
            return range;
        };
        for i in range.clone() {
            if i < first || i > first && !self.wakes(i, meets, touches) {
                self.all.push(self.all[i]);
            }
        }
        range.end..self.all.len()
    }

    #[inline]
    fn wakes(&self, index: usize, meets: Meets, touches: &[Touch]) -> bool {
        let sleeper = self.all[index];
        meets.any(sleeper.mask) && {
            let begin = self.begin(sleeper.step);
            let end = self.steps[sleeper.step as usize] as usize;
            dependent(&self.touches[begin..end], touches)
        }
    }
}
