//! Each thread in turn.

use crate::id::ThreadId;

use super::choice::{ChoiceKind, ChoicePoint};
use super::strategy::{Mismatch, Strategy};

/// After each step the next thread by id that can step, and after the highest the lowest. Of waiters the longest waiting.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundRobin;

impl RoundRobin {
    /// The name in the registry.
    pub const NAME: &'static str = "round-robin";
}

impl Strategy for RoundRobin {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn begin(&mut self, _seed: u64) {}

    fn choose(&mut self, point: &ChoicePoint) -> Result<usize, Mismatch> {
        if point.kind() == ChoiceKind::Waiter {
            return Ok(0);
        }
        let enabled = point.kernel().enabled();
        let next = point
            .current
            .map_or(0, |ThreadId(current)| enabled.rank(ThreadId(current + 1)));
        Ok(if next == enabled.len() { 0 } else { next })
    }
}
