//! Who decides: choice points, strategies, and the record of what was chosen.
//!
//! All that is nondeterministic in a run is a [`ChoicePoint`]. A [`Strategy`] answers it with the index of an option; a
//! [`Schedule`] records the answers; a [`Token`] is a schedule as short text. None of them knows the vm or Python.
//!
//! To add a strategy: a file here, a line in [`registry`], and a test that pins its first choices.

pub mod choice;
mod codec;
mod key;
mod random;
pub mod registry;
mod replay;
mod round_robin;
pub mod schedule;
mod sequential;
pub mod strategy;
pub mod token;

pub use choice::{ChoiceKind, ChoicePoint, Locate};
pub use key::{RunKey, SwitchMode};
pub use random::Random;
pub use replay::Replay;
pub use round_robin::RoundRobin;
pub use schedule::Schedule;
pub use sequential::Sequential;
pub use strategy::{Mismatch, Strategy};
pub use token::Token;
