//! What shapes a run on the kernel's side.

use serde::{Deserialize, Serialize};

/// How durations order things (design: `--time`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeMode {
    /// A sleeper goes on at its deadline; when nobody can go on, the clock jumps to the next deadline.
    #[default]
    Virtual,
    /// Durations order nothing: a sleeper or a timed wait may go on at any moment. When one does, the clock moves to its
    /// deadline if it is behind it, so that no program ever measures a sleep shorter than it asked for: what happens is
    /// always what could happen on a machine whose other threads were slow.
    Free,
}

/// The options of a [`Kernel`](super::Kernel).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// What durations mean.
    pub time: TimeMode,
    /// Nanoseconds that each step takes. Default 1,000.
    pub step_cost: u64,
    /// How many spurious wakeups of `Condition.wait` a run may have. Default 0, as in CPython.
    pub spurious: u32,
    /// Whether `notify` wakes the longest waiting thread, as CPython does and does not promise. Default `false`: which
    /// waiter wakes is a choice.
    pub fifo: bool,
    /// The clock at the first step, in nanoseconds since the Unix epoch. Default 2025-01-01T00:00:00Z.
    pub start_time: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            time: TimeMode::Virtual,
            step_cost: 1_000,
            spurious: 0,
            fifo: false,
            start_time: 1_735_689_600_000_000_000,
        }
    }
}
