//! Many runs: what a program can do.
//!
//! | file | holds |
//! | --- | --- |
//! | `explorer`, `settings` | the way in: how to explore, and what was found |
//! | `outcome` | outcomes, told apart and counted |
//! | `dpor` | depth-first search, with and without partial-order reduction |
//! | `events` | the steps of a run as a partial order, and their races |
//! | `system` | what can be searched |

pub mod dpor;
pub mod events;
mod explorer;
pub mod outcome;
mod settings;
pub mod system;
#[cfg(test)]
mod tests;

pub use dpor::Flow;
pub use explorer::{Explorer, Progress, token};
pub use outcome::{Observe, Outcome};
pub use settings::{CutOff, Exploration, MAX_STEPS, Plan, RANDOM_RUNS, Settings, Share, Verdict};
