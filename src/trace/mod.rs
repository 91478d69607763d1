//! Traces: the record of a run, its stored form, and what is the same in all its reorderings.
//!
//! | file | holds |
//! | --- | --- |
//! | [`model`], [`shapes`], [`texts`] | a trace as a value |
//! | [`growth`] | the same while its run is under way |
//! | [`codec`], `lines`, [`error`] | as JSON Lines: read, written |
//! | `sheet` | lines put together, quickly, on all cores |
//! | [`order`] | what came before what by necessity: fingerprint, normal form |

pub mod codec;
pub mod error;
pub mod growth;
pub(crate) mod lines;
pub mod model;
pub mod order;
#[cfg(test)]
pub(crate) mod sample;
pub mod shapes;
pub(crate) mod sheet;
pub mod texts;
