//! Many runs: what a program can do.
//!
//! | file | holds |
//! | --- | --- |
//! | `system` | what can be searched |
//! | `events` | the steps of a run as a partial order, and their races |
//! | `dpor` | depth-first search, with and without partial-order reduction |

pub mod dpor;
pub mod events;
pub mod system;
#[cfg(test)]
mod tests;
