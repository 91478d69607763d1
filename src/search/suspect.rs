//! Whether a run goes in circles: asked while a search goes down, and almost for nothing.
//!
//! A run that has become long is looked at: its state is kept, and compared with those it comes to; after twice as many steps the newer
//! state is kept instead (R. Brent, "An Improved Monte Carlo Factorization Algorithm", 1980). Before a state is told as a number,
//! which takes a while, what the thread that has just stepped comes to must be the same.
//!
//! Runs that end say how long runs of the program are, but not at once: where each turn of a loop ends in a wait, others step then,
//! and may end the loop, so that one run after the other ends a turn later than the one before it. What is long is therefore
//! raised, to twice as much as the longest run, only when as many states have been told of runs that are so long as in
//! [`MOST_LOOKS`].

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::merge::Merge;
use super::system::Stateful;
use crate::id::ThreadId;
use crate::kernel::op::Op;
use crate::run::{Driver, Ending, Limit};
use crate::vm::state::{Printed, Scratch};

/// Steps that no run is suspected before.
const EARLIEST: u64 = 128;

/// States told of runs that end, before runs are looked at that are longer than these.
const MOST_LOOKS: u32 = 4_096;

/// A suspicion.
#[derive(Debug)]
pub(super) struct Suspect {
    /// Runs are looked at from so many steps on.
    from: u64,
    /// Steps of the longest run that ended.
    longest: u64,
    /// States told since `from` is what it is.
    looks: u32,
    max_steps: u64,
    kept: Option<Kept>,
    /// What is printed tells states apart.
    prints: bool,
    scratch: Scratch,
    /// Who came where, step by step, in the second half of as many steps as a run may take.
    visits: Vec<(ThreadId, u64)>,
    loops: Loops,
}

/// Loops that may go on for ever and never come to a state again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Loops {
    /// Their places.
    places: Vec<u64>,
    /// All turns of such a loop count together, whether or not time passes.
    together: bool,
    /// More of them were found: the search is to begin anew.
    #[serde(skip)]
    more: bool,
}

/// A state on the way.
#[derive(Debug)]
struct Kept {
    steps: u64,
    state: u128,
    /// Pieces of text written before: on the same path as many are the same.
    writes: usize,
    place: Place,
}

/// Where the thread that has just stepped stands.
type Place = Option<(ThreadId, Op, u64)>;

/// A thread that came to a place so often in the second half of a run that was given up is in a loop there.
const OFTEN: u32 = 64;

impl Suspect {
    /// A suspicion that knows of loops from the begin on.
    pub(super) fn new(printed: Printed, max_steps: u64, loops: Loops) -> Self {
        Suspect {
            from: EARLIEST.min(max_steps / 4),
            longest: 0,
            looks: 0,
            max_steps,
            kept: None,
            prints: printed != Printed::Nothing,
            scratch: Scratch::default(),
            visits: Vec::new(),
            loops,
        }
    }

    /// How many steps may be taken after the next one and without a look at the run.
    #[inline]
    pub(super) fn unsuspected(&self, driver: &Driver) -> u64 {
        let from = self.from.min(self.max_steps / 2);
        from.saturating_sub(driver.steps() + 1)
    }

    /// Some were.
    pub(super) fn passed(&mut self) {
        self.kept = None;
    }

    /// The run is in front of a step. Takes down where it is once it has become long.
    #[inline]
    pub(super) fn visit(&mut self, driver: &Driver) {
        let half = self.max_steps / 2;
        if driver.steps() < half {
            return;
        }
        // What lies beyond is of another run, from which the search went back.
        self.visits.truncate((driver.steps() - half) as usize);
        let visit = driver.current().map(|t| (t, driver.place(t)));
        self.visits.push(visit.unwrap_or_default());
    }

    /// A run was given up. Tells whether that is because of loops that were not known to go on and on; they now are.
    pub(super) fn finds_loops(&mut self, driver: &Driver) -> bool {
        if driver.ending() != Some(Ending::Endless(Limit::Steps)) {
            return false;
        }
        self.visits
            .truncate((self.max_steps - self.max_steps / 2) as usize);
        let mut visits: FxHashMap<(ThreadId, u64), u32> = FxHashMap::default();
        // Not those of threads that have ended.
        for visit in self.visits.iter().filter(|(_, place)| *place != 0) {
            *visits.entry(*visit).or_default() += 1;
        }
        let often = visits.iter().filter(|(_, count)| **count >= OFTEN);
        // Of each thread one place of the outermost loop: it is come to least often.
        let mut outer: BTreeMap<ThreadId, (u32, u64)> = BTreeMap::new();
        let loops = &mut self.loops;
        let known = |place: &u64| loops.places.binary_search(place).is_ok();
        for ((t, place), count) in often {
            let rank = if known(place) { 0 } else { *count };
            let least = outer.entry(*t).or_insert((rank, *place));
            *least = (rank, *place).min(*least);
        }
        let before = loops.places.len();
        loops
            .places
            .extend(outer.into_values().map(|(_, place)| place));
        loops.places.sort_unstable();
        loops.places.dedup();
        loops.more = loops.places.len() > before;
        if !loops.more && !loops.places.is_empty() && !loops.together {
            loops.together = true;
            loops.more = true;
        }
        loops.more
    }

    /// These loops.
    pub(super) fn into_loops(self) -> Loops {
        self.loops
    }

    /// Whether there are such loops.
    pub(super) fn knows_loops(&self) -> bool {
        !self.loops.places.is_empty()
    }

    /// Bounds these loops in a search by states.
    pub(super) fn bound_loops<S: Stateful>(&self, merge: &mut Merge<S>) {
        merge.bound_loops(&self.loops.places, self.loops.together);
    }

    /// Whether more were found since this was asked the last time: a search that did not know of them is to begin anew.
    pub(super) fn take_more_loops(&mut self) -> bool {
        std::mem::take(&mut self.loops.more)
    }

    /// A run is over.
    #[inline]
    pub(super) fn over(&mut self, driver: &Driver) {
        self.longest = self.longest.max(driver.steps());
        if self.looks >= MOST_LOOKS {
            self.looks = 0;
            // Of the longest runs two states are kept at least: it may be that the first is come to from within the circle, and at first
            // from elsewhere, by another thread.
            self.from = (self.longest * 2).min(self.max_steps / 4).max(self.from);
        }
    }

    /// The run is in front of a step. Tells whether it has been here before.
    #[inline]
    pub(super) fn circles(&mut self, driver: &Driver) -> bool {
        if driver.steps() < self.from {
            self.kept = None;
            return false;
        }
        self.looks_the_same(driver)
    }

    #[cold]
    #[inline(never)]
    fn looks_the_same(&mut self, driver: &Driver) -> bool {
        let steps = driver.steps();
        let place = place(driver);
        match &self.kept {
            Some(kept) if kept.steps < steps && steps < kept.steps * 2 => {
                let writes = self.prints && driver.output().len() != kept.writes;
                if place != kept.place || writes {
                    return false;
                }
                self.looks = self.looks.saturating_add(1);
                kept.state == driver.machine().state(Printed::Nothing, &mut self.scratch)
            }
            _ => {
                self.looks = self.looks.saturating_add(1);
                let state = driver.machine().state(Printed::Nothing, &mut self.scratch);
                self.kept = Some(Kept {
                    steps,
                    state,
                    writes: driver.output().len(),
                    place,
                });
                false
            }
        }
    }
}

fn place(driver: &Driver) -> Place {
    let t = driver.current()?;
    Some((t, driver.kernel().pending(t), driver.place(t)))
}
