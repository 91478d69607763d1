//! One thread for as long as it goes.

use super::choice::ChoicePoint;
use super::strategy::{Mismatch, Strategy};

/// Stays with the current thread while it can step, then the lowest thread that can. Of waiters the longest waiting. No thread
/// is ever preempted, so this is the run in which most programs work.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sequential;

impl Sequential {
    /// The name in the registry.
    pub const NAME: &'static str = "sequential";
}

impl Strategy for Sequential {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn begin(&mut self, _seed: u64) {}

    fn choose(&mut self, point: &ChoicePoint) -> Result<usize, Mismatch> {
        Ok(point.current_index().unwrap_or(0))
    }
}
