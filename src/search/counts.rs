//! What searches count, part by part.

use serde::{Deserialize, Serialize};

use crate::run::{Ending, Limit};

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Schedules looked at.
    pub schedules: u64,
    /// How many of them were left because nothing fits that a thread could write next.
    pub left: u64,
    /// Runs cut off because all their continuations were known.
    pub redundant: u64,
    /// Steps taken, those of runs cut off included.
    pub steps: u64,
    /// Counts of what was searched by states, if anything was.
    pub states: Option<States>,
    /// What was cut off.
    pub cut: CutOff,
    /// A run that does not fit came to what raddle does not support.
    pub refused: bool,
}

impl Counts {
    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Counts) {
        self.schedules += other.schedules;
        self.left += other.left;
        self.redundant += other.redundant;
        self.steps += other.steps;
        if let Some(states) = &other.states {
            self.states.get_or_insert_default().add(states);
        }
        self.cut.add(&other.cut);
        self.refused |= other.refused;
    }
}

/// What stopped a search, or kept it from runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CutOff {
    /// Runs given up after `max_steps`.
    pub max_steps: u64,
    /// Runs given up because the program's memory was at its limit.
    pub max_memory: u64,
    /// Steps not taken because of the bound on preemptions.
    pub preemptions: u64,
    /// Turns not taken of loops that may go on for ever and never come to a state again.
    pub loops: u64,
    /// Loops that look at the clock, which stands still in them: they were not gone on with.
    pub clock_loops: u64,
    /// `max_schedules` was reached.
    pub max_schedules: bool,
    /// The first bug ended the search.
    pub fail_fast: bool,
    /// Time was up, or the user stopped it.
    pub stopped: bool,
}

impl CutOff {
    /// Counts a run that reached a limit.
    pub fn count(&mut self, ending: &Ending) {
        match ending {
            Ending::Endless(Limit::Cycle) => {}
            Ending::Endless(Limit::Memory) => self.max_memory += 1,
            Ending::Endless(_) => self.max_steps += 1,
            _ => {}
        }
    }

    /// Adds what was cut off elsewhere.
    pub fn add(&mut self, other: &CutOff) {
        self.max_steps += other.max_steps;
        self.max_memory += other.max_memory;
        self.preemptions += other.preemptions;
        self.loops += other.loops;
        self.clock_loops += other.clock_loops;
        self.max_schedules |= other.max_schedules;
        self.fail_fast |= other.fail_fast;
        self.stopped |= other.stopped;
    }

    /// Whether the search was ended before its end.
    pub(super) fn ends_search(&self) -> bool {
        self.max_schedules || self.fail_fast || self.stopped
    }

    /// Whether nothing was cut off.
    pub fn is_none(&self) -> bool {
        *self == CutOff::default()
    }
}

/// Counts of a search by states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct States {
    /// Different states.
    pub states: u64,
    /// How often one was reached that was known.
    pub merged: u64,
    /// How often time was let pass though threads could step, because all of them went round in circles.
    pub jumps: u64,
}

impl States {
    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &States) {
        self.states += other.states;
        self.merged += other.merged;
        self.jumps += other.jumps;
    }
}
