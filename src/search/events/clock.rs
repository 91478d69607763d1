//! Vector clocks.

use crate::id::ThreadId;

/// For each thread, how many of its steps are known to come before. That of a step may be that of an earlier one of the same thread: how
/// many steps of its own thread come before is told by the step's number alone.
pub(super) type Clock = [u32];

/// All clocks, one after the other, all as wide.
#[derive(Debug)]
pub(super) struct Clocks {
    /// The memory behind the [used](Clocks::used) ones is used again.
    numbers: Vec<u32>,
    used: u32,
    width: usize,
}

/// The number of a clock. The first knows of nothing.
pub(super) type Row = u32;

impl Default for Clocks {
    fn default() -> Clocks {
        Clocks {
            numbers: vec![0; LANES],
            used: 1,
            width: LANES,
        }
    }
}

/// How many numbers of a clock are dealt with together: all clocks are a multiple as wide.
const LANES: usize = 4;

impl Clocks {
    /// How many there are.
    #[inline]
    pub(super) fn len(&self) -> u32 {
        self.used
    }

    /// Forgets the newest ones.
    #[inline]
    pub(super) fn truncate(&mut self, len: u32) {
        self.used = len;
    }

    #[inline]
    pub(super) fn get(&self, row: Row) -> &Clock {
        &self.numbers[row as usize * self.width..][..self.width]
    }

    /// How many steps of `t`, for which there is room, a clock knows of.
    #[inline]
    pub(super) fn number(&self, row: Row, t: ThreadId) -> u32 {
        debug_assert!(t.index() < self.width);
        self.numbers[row as usize * self.width + t.index()]
    }

    /// Makes room for so many threads.
    pub(super) fn widen(&mut self, threads: usize) {
        let (before, width) = (self.width, threads.next_multiple_of(LANES));
        if width > before {
            let mut numbers = vec![0; self.used as usize * width];
            for (new, old) in numbers
                .chunks_exact_mut(width)
                .zip(self.numbers.chunks_exact(before))
            {
                new[..before].copy_from_slice(old);
            }
            (self.numbers, self.width) = (numbers, width);
        }
    }

    /// Adds a clock.
    pub(super) fn add(&mut self, clock: &Clock) -> Row {
        self.copy(0);
        let at = (self.used as usize - 1) * self.width;
        self.numbers[at..at + self.width].copy_from_slice(clock);
        self.used - 1
    }

    /// Adds a copy of a clock.
    #[inline]
    pub(super) fn copy(&mut self, row: Row) {
        let (from, to) = (row as usize * self.width, self.used as usize * self.width);
        if self.numbers.len() == to {
            self.numbers.resize(2 * to, 0);
        }
        let (old, new) = self.numbers.split_at_mut(to);
        let old = old[from..from + self.width].chunks_exact(LANES);
        for (new, old) in new.chunks_exact_mut(LANES).zip(old) {
            new.copy_from_slice(old);
        }
        self.used += 1;
    }

    /// The newest clock knows of all that another knows, and of so many steps of thread `t`, whose that is.
    #[inline]
    pub(super) fn join(&mut self, row: Row, t: ThreadId, number: u32) {
        let (from, to) = (
            row as usize * self.width,
            (self.used as usize - 1) * self.width,
        );
        let (old, new) = self.numbers.split_at_mut(to);
        let newest = &mut new[..self.width];
        join(newest, &old[from..from + self.width]);
        know(newest, t, number);
    }
}

/// How many steps of `t` a clock knows of.
#[inline(always)]
pub(super) fn seen(clock: &Clock, t: ThreadId) -> u32 {
    clock.get(t.index()).copied().unwrap_or(0)
}

/// A clock comes to know of so many steps of `t`.
#[inline]
pub(super) fn know(clock: &mut Clock, t: ThreadId, number: u32) {
    let known = &mut clock[t.index()];
    *known = number.max(*known);
}

/// A clock comes to know of all that another knows. Both of one width.
#[inline]
pub(super) fn join(clock: &mut Clock, other: &Clock) {
    let other = other.chunks_exact(LANES);
    for (mine, theirs) in clock.chunks_exact_mut(LANES).zip(other) {
        for (mine, theirs) in mine.iter_mut().zip(theirs) {
            *mine = (*mine).max(*theirs);
        }
    }
}
