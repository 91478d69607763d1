//! What people and programs read: pure functions from traces and results to text. One file per format.
//!
//! | file | makes | of |
//! | --- | --- | --- |
//! | [`text`] | one event a line | trace |
//! | [`report`] | what to know of a bad ending | result |
//! | [`run_json`] | the document `run/1` | result |
//! | [`explore`] | everything that a program can do | exploration |
//! | [`explore_json`] | the document `explore/1` | exploration |
//! | [`style`] | the colours that the others use | - |

pub mod explore;
pub mod explore_json;
pub mod report;
pub mod run_json;
pub mod style;
pub mod text;
