//! Many runs: what a program can do.
//!
//! | file | holds |
//! | --- | --- |
//! | `explorer`, `settings` | the way in: how to explore, and what was found |
//! | `outcome` | outcomes, told apart and counted |
//! | `pool`, `part`, `hunt` | many workers: what they share, what they pass on, what one does |
//! | `minimize`, `sample` | simpler examples of bugs; how likely outcomes are |
//! | `dpor` | depth-first search, with and without partial-order reduction |
//! | `suspect` | whether runs go in circles |
//! | `merge`, `graph` | search by states, for programs that go in circles |
//! | `events` | the steps of a run as a partial order, and their races |
//! | `system` | what can be searched |
//! | `find` | a schedule whose output is what a log shows |

pub mod dpor;
pub mod events;
mod explorer;
mod find;
pub mod graph;
mod hunt;
pub mod merge;
mod minimize;
pub mod outcome;
mod part;
mod pool;
mod sample;
mod settings;
mod suspect;
pub mod system;
#[cfg(test)]
mod tests;

pub use dpor::Flow;
pub use explorer::{Explorer, token};
pub use find::{Find, Found, Goal, Instead, Log, Nearest};
pub use hunt::Progress;
pub use outcome::{Observe, Outcome};
pub use pool::{Checkpoint, Watch};
pub use settings::{
    CutOff, Exploration, MAX_STEPS, Plan, RANDOM_RUNS, Settings, Share, States, Verdict,
};
