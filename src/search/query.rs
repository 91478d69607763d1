//! What a search asks of the runs that it takes: all their outcomes ([`super::Explorer`]), or one that is as wanted
//! ([`super::Goal`]).

use super::counts::Counts;
use super::dpor::Flow;
use super::part::PartName;
use super::system::Stateful;
use crate::run::Driver;
use crate::vm::state::Printed;

/// A run that is over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// Its number within its part, from 1. They need not come in this order.
    pub(super) number: u64,
    /// The seed of its own random numbers.
    pub(super) seed: u64,
    /// How likely it is, where that is known.
    pub(super) weight: u128,
}

/// What is asked.
pub(super) trait Query: Sync {
    /// What steps are taken in: the program, or the program as far as it does what is wanted.
    type System<'m>: Stateful + AsRef<Driver<'m>> + AsMut<Driver<'m>>;

    /// What the runs of a part yield.
    type Found: Found;

    /// The system of a run.
    fn system<'m>(&self, driver: Driver<'m>) -> Self::System<'m>;

    /// How much of what was printed tells states apart.
    fn printed(&self) -> Printed;

    /// Whether the order in which threads write to a stream makes a difference.
    fn orders(&self, stream: u8) -> bool;

    /// Whether runs are wanted whatever they print, but for a few lines.
    fn has_gaps(&self) -> bool {
        false
    }

    /// A run is over, and was counted. Tells whether to go on.
    fn over(
        &self,
        found: &mut Self::Found,
        counts: &mut Counts,
        system: &Self::System<'_>,
        run: Run,
    ) -> Flow;

    /// A run was left because nothing fits that a thread could write next.
    fn stuck(&self, found: &mut Self::Found, system: &Self::System<'_>) {
        let _ = (found, system);
    }
}

/// What runs yield. Adding hangs on the names of the parts and not on the order in which they are added, so that nothing depends on
/// who took which part.
pub(super) trait Found: Clone + Default + Send {
    /// Adds what a part yields.
    fn add(&mut self, part: &PartName, other: Self);

    /// The search begins anew: nothing counts any longer. What was shown up to part `last`, in the order in which one worker takes them, may
    /// stay shown.
    fn begin_anew(&mut self, last: &PartName) {
        let _ = last;
        *self = Self::default();
    }

    /// The part after which, in the order in which one worker takes them, none counts any longer.
    fn last(&self) -> Option<&PartName> {
        None
    }

    /// How many different outcomes there are, if they are told apart.
    fn outcomes(&self) -> usize {
        0
    }
}
