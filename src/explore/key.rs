//! The options that shape a run.

use serde::{Deserialize, Serialize};

use crate::kernel::{Config, TimeMode};

/// Where a thread may be preempted (design: `--switch`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SwitchMode {
    /// At each primitive call.
    Sync,
    /// There, and where CPython with the GIL may switch: calls and loop back-edges.
    Gil,
    /// At each primitive call, and at each read or write of state that another thread can reach.
    #[default]
    Shared,
}

/// All options on which the choices of a run depend: with the program and a schedule (or strategy and seed) they make the run.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunKey {
    /// Where threads may be preempted.
    pub switch: SwitchMode,
    /// What durations mean.
    pub time: TimeMode,
    /// Spurious wakeups allowed.
    pub spurious: u32,
    /// Nanoseconds that a step takes.
    pub step_cost: u64,
    /// Whether `notify` wakes the longest waiting.
    pub fifo: bool,
    /// The clock at the start, in nanoseconds since the Unix epoch.
    pub start_time: u64,
    /// The seed of the program's own random numbers.
    pub data_seed: u64,
}

impl Default for RunKey {
    fn default() -> Self {
        let Config {
            time,
            step_cost,
            spurious,
            fifo,
            start_time,
        } = Config::default();
        RunKey {
            switch: SwitchMode::default(),
            time,
            spurious,
            step_cost,
            fifo,
            start_time,
            data_seed: 0,
        }
    }
}

impl RunKey {
    /// The kernel's part.
    pub fn config(&self) -> Config {
        Config {
            time: self.time,
            step_cost: self.step_cost,
            spurious: self.spurious,
            fifo: self.fifo,
            start_time: self.start_time,
        }
    }
}
