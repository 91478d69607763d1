//! The record of a run's choices.
//!
//! A schedule lists, for each point that had two options or more, the thread that was chosen; a thread chosen n times in a
//! row is one entry. The threads and not the indices of the options are kept, so that a replay that does not fit can say who was
//! expected. Points with one option need no entry; but they count: a running hash covers, for each recorded choice, how
//! many steps came before it, how many options it had and which was taken. A replay whose record has another hash has
//! left the recorded run, even where the entries happened to fit.

use serde::{Deserialize, Serialize};

use crate::id::ThreadId;

use super::choice::{ChoiceKind, ChoicePoint};

/// A thread (shifted by 1, the lowest bit telling whether it was chosen as a waiter) and how often in a row.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) key: u32,
    pub(super) count: u32,
}

/// [`Run::key`] of [`ChoiceKind::Clock`].
const CLOCK: u32 = u32::MAX;
/// [`Run::key`] of [`ChoiceKind::Forced`].
const FORCED: u32 = u32::MAX - 1;

/// The choices of one run.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Schedule {
    pub(super) runs: Vec<Run>,
    pub(super) len: u64,
    pub(super) hash: u64,
    /// See [`Schedule::forget_beyond`]; 0 for no bound.
    pub(super) bound: usize,
    pub(super) forgotten: bool,
}

/// A place in a schedule to go back to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScheduleMark {
    runs: usize,
    count: u32,
    len: u64,
    hash: u64,
}

/// A place in a schedule to read on from; the default is its begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ScheduleCursor {
    run: usize,
    used: u32,
}

impl Schedule {
    /// The schedule without choices.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many choices there are.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// How many runs of equal choices it has: few for a schedule that lets threads go on.
    pub fn switches(&self) -> usize {
        self.runs.len()
    }

    /// Whether there is no choice.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The running hash over depth, number of options and answer of each choice.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// Records that option `index` of `point` is taken. Not to be called for points with one option.
    #[inline]
    pub fn record(&mut self, point: &ChoicePoint, index: usize) {
        self.push(
            point.kind(),
            point.thread(index),
            index,
            point.len(),
            point.depth,
        );
    }

    /// Records a choice, for callers that have its parts at hand.
    #[inline]
    pub fn push(
        &mut self,
        kind: ChoiceKind,
        thread: ThreadId,
        index: usize,
        options: usize,
        depth: u64,
    ) {
        let shape = depth << 32 ^ (options as u64) << 16 ^ index as u64;
        // An odd multiplier and a rotation: each former choice stays in the hash, and swaps show.
        self.hash = (self.hash ^ shape)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(29);
        self.len += 1;
        self.append(thread.0 << 1 | u32::from(kind == ChoiceKind::Waiter), 1);
    }

    /// Records that the clock jumps after `depth` steps, `forced` of which came after the newest choice.
    #[cold]
    pub fn push_jump(&mut self, forced: u64, depth: u64) {
        let mut left = forced;
        while left > 0 {
            let count = u32::try_from(left).unwrap_or(u32::MAX);
            self.append(FORCED, count);
            left -= u64::from(count);
        }
        self.append(CLOCK, 1);
        self.len += forced + 1;
        self.hash = (self.hash ^ !depth)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(29);
    }

    /// Whether the clock jumps somewhere.
    pub fn has_jumps(&self) -> bool {
        self.runs.iter().any(|run| run.key == CLOCK)
    }

    #[inline]
    pub(super) fn append(&mut self, key: u32, count: u32) {
        if let Some(last) = self.runs.last_mut()
            && last.key == key
            && let Some(sum) = last.count.checked_add(count)
        {
            last.count = sum;
            return;
        }
        self.runs.push(Run { key, count });
        if self.runs.len() == self.bound {
            self.forget();
        }
    }

    /// From so many runs of equal choices on, the choices are no longer kept: only their number and hash. For runs that a seed
    /// makes again, whose schedules would take more memory than they are worth; marks are of no use then.
    pub fn forget_beyond(&mut self, runs: usize) {
        self.bound = runs;
    }

    /// Whether choices were forgotten: there are [`Schedule::len`] of them, and none can be read.
    pub fn is_forgotten(&self) -> bool {
        self.forgotten
    }

    #[cold]
    fn forget(&mut self) {
        self.forgotten = true;
        self.runs = Vec::new();
    }

    /// The present end, to come back to.
    pub fn mark(&self) -> ScheduleMark {
        let count = self.runs.last().map_or(0, |run| run.count);
        ScheduleMark {
            runs: self.runs.len(),
            count,
            len: self.len,
            hash: self.hash,
        }
    }

    /// Forgets all choices after `mark`.
    pub fn truncate(&mut self, mark: &ScheduleMark) {
        self.runs.truncate(mark.runs);
        if let Some(last) = self.runs.last_mut() {
            last.count = mark.count;
        }
        self.len = mark.len;
        self.hash = mark.hash;
    }

    /// Forgets all choices and keeps the memory.
    pub fn clear(&mut self) {
        self.runs.clear();
        self.len = 0;
        self.hash = 0;
        self.forgotten = false;
    }

    /// The choice at `cursor`, which moves on.
    pub fn next(&self, cursor: &mut ScheduleCursor) -> Option<(ChoiceKind, ThreadId)> {
        let run = self.runs.get(cursor.run)?;
        cursor.used += 1;
        if cursor.used == run.count {
            *cursor = ScheduleCursor {
                run: cursor.run + 1,
                used: 0,
            };
        }
        let kind = match run.key {
            CLOCK => ChoiceKind::Clock,
            FORCED => ChoiceKind::Forced,
            key if key & 1 == 0 => ChoiceKind::Thread,
            _ => ChoiceKind::Waiter,
        };
        Some((kind, ThreadId(run.key >> 1)))
    }

    /// All choices in order.
    pub fn iter(&self) -> impl Iterator<Item = (ChoiceKind, ThreadId)> + '_ {
        let mut cursor = ScheduleCursor::default();
        std::iter::from_fn(move || self.next(&mut cursor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ChoiceKind::{Thread, Waiter};

    fn of(choices: &[(ChoiceKind, u32)]) -> Schedule {
        let mut schedule = Schedule::new();
        for (depth, (kind, thread)) in choices.iter().enumerate() {
            schedule.push(*kind, ThreadId(*thread), 1, 3, depth as u64);
        }
        schedule
    }

    #[test]
    fn reads_back_what_was_recorded() {
        let choices = [
            (Thread, 1),
            (Thread, 1),
            (Waiter, 1),
            (Thread, 9_999),
            (Thread, 1),
            (Thread, 1),
        ];
        let schedule = of(&choices);
        assert_eq!((schedule.runs.len(), schedule.len()), (4, 6));
        assert!(
            schedule
                .iter()
                .eq(choices.map(|(kind, thread)| (kind, ThreadId(thread))))
        );
    }

    #[test]
    fn truncating_forgets_within_a_run_too() {
        let mut schedule = of(&[(Thread, 1), (Thread, 1)]);
        let before = schedule.clone();
        let mark = schedule.mark();
        schedule.push(Thread, ThreadId(1), 0, 2, 7);
        schedule.push(Thread, ThreadId(2), 0, 2, 8);
        schedule.truncate(&mark);
        assert_eq!(schedule, before);
        let empty = Schedule::new().mark();
        schedule.truncate(&empty);
        assert_eq!(schedule, Schedule::new());
    }

    #[test]
    fn beyond_its_bound_only_number_and_hash_are_kept() {
        let choices: Vec<_> = (0..100).map(|n| (Thread, n % 3)).collect();
        let whole = of(&choices);
        let mut bounded = Schedule::new();
        bounded.forget_beyond(10);
        for (depth, (kind, thread)) in choices.iter().enumerate() {
            bounded.push(*kind, ThreadId(*thread), 1, 3, depth as u64);
        }
        assert!(bounded.is_forgotten() && !whole.is_forgotten());
        assert_eq!((bounded.len(), bounded.hash()), (whole.len(), whole.hash()));
    }

    #[test]
    fn jumps_of_the_clock_are_read_back_with_the_steps_before_them() {
        let mut schedule = of(&[(Thread, 1)]);
        let mark = schedule.mark();
        schedule.push_jump(2, 3);
        schedule.push_jump(0, 3);
        schedule.push(Thread, ThreadId(1), 0, 2, 3);
        let kinds: Vec<ChoiceKind> = schedule.iter().map(|choice| choice.0).collect();
        use ChoiceKind::{Clock, Forced};
        assert_eq!(kinds, [Thread, Forced, Forced, Clock, Clock, Thread]);
        assert_eq!(schedule.len(), 6);
        schedule.truncate(&mark);
        assert_eq!(schedule, of(&[(Thread, 1)]));
    }

    #[test]
    fn the_hash_tells_orders_and_shapes_apart() {
        let ab = of(&[(Thread, 1), (Thread, 2)]).hash();
        let mut other = Schedule::new();
        other.push(Thread, ThreadId(1), 1, 3, 0);
        other.push(Thread, ThreadId(2), 1, 2, 1);
        assert_ne!(ab, other.hash(), "another number of options");
        let mut later = Schedule::new();
        later.push(Thread, ThreadId(1), 1, 3, 0);
        later.push(Thread, ThreadId(2), 1, 3, 2);
        assert_ne!(ab, later.hash(), "another number of steps before");
    }
}
