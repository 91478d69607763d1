//! What people and programs read: pure functions from traces and results to text. One file per format.
//!
//! | file | makes | of |
//! | --- | --- | --- |
//! | [`text`] | one event a line | trace |
//! | [`report`] | what to know of a bad ending | result |
//! | [`run_json`] | the document `run/1` | result |
//! | [`lanes`] | one column for each thread | trace |
//! | [`snapshot`] | what stays the same where a test does not care | trace |
//! | [`fold`] | calls in place of the steps inside them | trace |
//! | [`select`] | a part of it | trace |
//! | [`diff`], [`diff_json`] | what differs; the document `diff/1` | two traces |
//! | [`explore`] | everything that a program can do | exploration |
//! | [`explore_json`] | the document `explore/1` | exploration |
//! | [`find`], [`find_json`] | the run that prints a log, or the nearest; the document `find/1` | search for it |
//! | [`style`] | the colours that the others use | - |

pub mod diff;
pub mod diff_json;
pub mod explore;
pub mod explore_json;
pub mod find;
pub mod find_json;
pub mod fold;
pub mod lanes;
pub mod report;
pub mod run_json;
pub mod select;
pub mod snapshot;
pub mod style;
pub mod text;
