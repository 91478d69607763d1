//! Many runs: what a program can do.
//!
//! | file | holds |
//! | --- | --- |
//! | `explorer`, `settings` | the way in: how to explore, and what was found |
//! | `find` | the other way in: a schedule whose output is what a log shows |
//! | `query` | what a search asks of runs |
//! | `outcome`, `counts` | outcomes, told apart and counted; what was cut off |
//! | `pool`, `part`, `hunt` | many workers: what they share, what they pass on, what one does |
//! | `chance` | runs by chance, seed by seed |
//! | `checkpoint` | a search that goes on another time |
//! | `minimize`, `sample` | simpler examples of bugs; how likely outcomes are |
//! | `dpor` | depth-first search, with and without partial-order reduction |
//! | `suspect` | whether runs go in circles |
//! | `merge`, `graph` | search by states, for programs that go in circles |
//! | `events` | the steps of a run as a partial order, and their races |
//! | `sleep` | threads that need not step till a step that they depend on |
//! | `system` | what can be searched |

mod chance;
mod checkpoint;
mod counts;
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
mod query;
mod sample;
mod settings;
mod sleep;
mod suspect;
pub mod system;
#[cfg(test)]
mod tests;

pub use checkpoint::{Checkpoint, Watch};
pub use counts::{CutOff, States};
pub use dpor::Flow;
pub use explorer::{Explorer, token};
pub use find::{Find, Found, Goal, Instead, Log, Nearest};
pub use hunt::Progress;
pub use outcome::{Observe, Outcome};
pub use settings::{Exploration, MAX_STEPS, Plan, RANDOM_RUNS, Settings, Share, Verdict};
