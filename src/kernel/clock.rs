//! Deadlines in order.
//!
//! A sorted list whose head moves: taking the earliest deadline and adding a latest one, which is what programs do, is
//! constant time. Four deadlines fit without the heap, so that a checkpoint of a small program copies a few words.

use smallvec::SmallVec;

use crate::id::ThreadId;

/// No deadline.
pub(super) const NEVER: u64 = u64::MAX;

/// The deadlines that have not passed, earliest first; equal ones by thread id.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers {
    list: SmallVec<[(u64, ThreadId); 4]>,
    /// Entries before this one are gone.
    head: usize,
}

impl Timers {
    fn live(&self) -> &[(u64, ThreadId)] {
        &self.list[self.head..]
    }

    /// The earliest deadline, or [`NEVER`].
    #[inline]
    pub(super) fn next(&self) -> u64 {
        self.list.get(self.head).map_or(NEVER, |entry| entry.0)
    }

    /// Adds a deadline. A thread has one at most.
    pub(super) fn insert(&mut self, deadline: u64, thread: ThreadId) {
        let entry = (deadline, thread);
        let at = self.head + self.live().partition_point(|e| *e < entry);
        self.list.insert(at, entry);
    }

    /// Takes a deadline out, if it is there.
    pub(super) fn remove(&mut self, deadline: u64, thread: ThreadId) {
        if let Ok(at) = self.live().binary_search(&(deadline, thread)) {
            self.list.remove(self.head + at);
            self.tidy();
        }
    }

    /// Takes out the earliest deadline if it is not after `now`.
    pub(super) fn pop_due(&mut self, now: u64) -> Option<ThreadId> {
        let (deadline, thread) = *self.live().first()?;
        if deadline > now {
            return None;
        }
        self.head += 1;
        self.tidy();
        Some(thread)
    }

    fn tidy(&mut self) {
        if self.head == self.list.len() {
            self.list.clear();
            self.head = 0;
        } else if self.head > 32 && self.head * 2 > self.list.len() {
            self.list.drain(..self.head);
            self.head = 0;
        }
    }
}

impl PartialEq for Timers {
    fn eq(&self, other: &Self) -> bool {
        self.live() == other.live()
    }
}

impl Eq for Timers {}

impl std::hash::Hash for Timers {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.live().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_come_out_in_order_of_time_then_thread() {
        let mut timers = Timers::default();
        for i in 0..500u32 {
            timers.insert(u64::from(i * 7919 % 100), ThreadId(i));
        }
        timers.remove(0, ThreadId(0));
        timers.remove(0, ThreadId(77));
        assert_eq!(timers.pop_due(0), Some(ThreadId(100)));
        let mut last = (0, ThreadId(100));
        for _ in 0..498 {
            let next = timers.live()[0];
            assert!(next > last);
            assert_eq!((timers.next(), timers.pop_due(99)), (next.0, Some(next.1)));
            last = next;
        }
        assert_eq!((timers.next(), timers.pop_due(NEVER)), (NEVER, None));
    }
}
