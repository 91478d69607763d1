//! Whether a run goes in circles: asked while a search goes down, and almost for nothing.
//!
//! Runs that end say how long runs of the program are. One that has become twice as long is looked at: its state is kept, and compared with
//! those it comes to; after twice as many steps the newer state is kept instead (R. Brent, "An Improved Monte Carlo Factorization Algorithm",
//! 1980). Before a state is told as a number, which takes a while, what the thread that has just stepped comes to must be the
//! same.

use rustc_hash::FxHashMap;

use crate::id::ThreadId;
use crate::kernel::op::Op;
use crate::run::Driver;
use crate::vm::state::{Printed, Scratch};

/// Steps that no run is suspected before.
const EARLIEST: u64 = 128;

/// A suspicion.
#[derive(Debug)]
pub(super) struct Suspect {
    /// Runs are looked at from so many steps on.
    from: u64,
    max_steps: u64,
    kept: Option<Kept>,
    /// What is printed tells states apart.
    prints: bool,
    scratch: Scratch,
    /// How often each thread came to each place in the second half of as many steps as a run may take.
    visits: FxHashMap<(ThreadId, u64), u32>,
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
    pub(super) fn new(printed: Printed, max_steps: u64) -> Self {
        Suspect {
            from: EARLIEST.min(max_steps / 4),
            max_steps,
            kept: None,
            prints: printed != Printed::Nothing,
            scratch: Scratch::default(),
            visits: FxHashMap::default(),
        }
    }

    /// The run is in front of a step. Takes down where it is once it has become long.
    #[inline]
    pub(super) fn visit(&mut self, driver: &Driver) {
        let half = self.max_steps / 2;
        if driver.steps() < half {
            return;
        }
        if driver.steps() == half {
            self.visits.clear();
        }
        if let Some((t, _, place)) = place(driver) {
            *self.visits.entry((t, place)).or_default() += 1;
        }
    }

    /// A run was given up after too many steps. The places at which threads wait in loops.
    pub(super) fn loops(&self) -> Vec<u64> {
        let often = self.visits.iter().filter(|(_, count)| **count >= OFTEN);
        let mut places: Vec<u64> = often.map(|((_, place), _)| *place).collect();
        places.sort_unstable();
        // One place of each function: all of a loop are come to in each turn.
        places.dedup_by_key(|place| *place >> 32);
        places
    }

    /// A run is over.
    #[inline]
    pub(super) fn over(&mut self, driver: &Driver) {
        if driver.steps() * 2 > self.from {
            self.from = (driver.steps() * 2).min(self.max_steps / 2);
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
                place == kept.place
                    && !(self.prints && driver.output().len() != kept.writes)
                    && kept.state == driver.machine().state(Printed::Nothing, &mut self.scratch)
            }
            _ => {
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
