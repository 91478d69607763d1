//! The state of a search, for another time, and who is told of it.

use serde::{Deserialize, Serialize};

use super::counts::Counts;
use super::dpor::Flow;
use super::hunt::Progress;
use super::outcome::Tally;
use super::part::{Part, PartName};
use super::suspect::Loops;

/// A search that can go on another time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Checkpoint<F = Tally> {
    /// What was found in the parts that are done.
    pub(super) found: F,
    /// The parts that are done, with what each took.
    pub(super) done: Vec<(PartName, Counts)>,
    /// The parts that are not.
    pub(super) open: Vec<(PartName, Part)>,
    /// The whole is searched by states, knowing of these loops. How far that has come is not told: it begins anew.
    pub(super) by_states: Option<Loops>,
}

impl<F> Checkpoint<F> {
    /// Schedules taken so far.
    pub fn schedules(&self) -> u64 {
        self.done.iter().map(|(_, counts)| counts.schedules).sum()
    }
}

/// Who is told how far a search is, and may stop it.
pub trait Watch<F = Tally> {
    /// Looks, now and then. `state` gives the whole state of the search, to be stored.
    fn look(&mut self, progress: &Progress, state: &mut dyn FnMut() -> Checkpoint<F>) -> Flow;

    /// The search is over, or was stopped; this is the state it is in.
    fn finish(&mut self, state: Checkpoint<F>) {
        let _ = state;
    }
}

/// Watches by a function.
impl<F, W: FnMut(&Progress) -> Flow> Watch<F> for W {
    fn look(&mut self, progress: &Progress, _: &mut dyn FnMut() -> Checkpoint<F>) -> Flow {
        self(progress)
    }
}
