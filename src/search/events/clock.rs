//! Vector clocks.

use crate::id::ThreadId;

/// For each thread, how many of its steps are known to come before; threads that it does not tell of have none.
pub(super) type Clock = [u32];

/// The clocks of the events so far, as many numbers long as they are wide.
#[derive(Clone, Copy)]
pub(super) struct Clocks<'a> {
    pub(super) all: &'a [u32],
    pub(super) width: usize,
}

impl<'a> Clocks<'a> {
    #[inline]
    pub(super) fn of(self, index: usize) -> &'a Clock {
        &self.all[index * self.width..][..self.width]
    }
}

/// How many numbers of a clock are dealt with together: all clocks are a multiple as wide.
pub(super) const LANES: usize = 4;

#[inline(always)]
pub(super) fn seen(clock: &Clock, t: ThreadId) -> u32 {
    clock.get(t.index()).copied().unwrap_or(0)
}

/// Both of one width.
#[inline]
pub(super) fn join(clock: &mut Clock, other: &Clock) {
    let lanes = other.chunks_exact(LANES);
    for (mine, theirs) in clock.chunks_exact_mut(LANES).zip(lanes) {
        for (mine, theirs) in mine.iter_mut().zip(theirs) {
            *mine = (*mine).max(*theirs);
        }
    }
}

/// Both of one width.
#[inline]
pub(super) fn copy(clock: &mut Clock, other: &Clock) {
    let lanes = other.chunks_exact(LANES);
    for (mine, theirs) in clock.chunks_exact_mut(LANES).zip(lanes) {
        mine.copy_from_slice(theirs);
    }
}
