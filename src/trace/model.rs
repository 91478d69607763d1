//! What a run did, as a value: header, tables of threads and objects, events, footer.
//!
//! The runner fills it while the program runs; text, JSON Lines, diffs and reports are pure functions of it.

use serde::{Deserialize, Serialize};

/// Version of the stored form; readers refuse newer ones.
pub const VERSION: u32 = 1;

/// One visible operation that was performed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Number of the step, from 1.
    pub step: u64,
    /// Virtual time at the start of the step, nanoseconds since the start of the run.
    pub time: u64,
    /// Index into [`Trace::threads`].
    pub thread: u32,
    /// The operation in the words of the source's world: `acquire`, `release`, `wait`, `notify`, `read`, `write`, `print`, `sleep`.
    pub op: String,
    /// Index into [`Trace::objects`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<u32>,
    /// What was asked for beyond the object: a timeout, the text printed, the attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What came of it, when there is something to tell: `True`, `timed out`, `blocked`, `RuntimeError`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Index into [`Trace::files`].
    pub file: u32,
    /// 1-based line; 0 when there is none.
    pub line: u32,
}

/// A thread of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    /// Its `Thread.name` when first seen.
    pub name: String,
    /// Whether it is a daemon.
    pub daemon: bool,
}

/// A shared object of the run, named as the source names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// `db._lock`, `forks[0]`, or `Lock#3` when nothing names it.
    pub name: String,
    /// `Lock`, `Condition`, `list`, `Account`.
    pub kind: String,
}

/// The conditions of the run: what makes it repeatable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`VERSION`].
    pub raddle: u32,
    /// Path of the program as given.
    pub program: String,
    /// Digest of all its source, eight hex digits.
    pub digest: String,
    /// Strategy that chose.
    pub strategy: String,
    /// Its seed.
    pub seed: u64,
    /// The options that shape the run, `switch=shared time=virtual`, in fixed order.
    pub options: String,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Footer {
    /// One of the ending names of [`Ending`](crate::run::Ending).
    pub ending: String,
    /// Steps performed.
    pub steps: u64,
    /// Virtual nanoseconds passed.
    pub time: u64,
    /// The token that replays the run.
    pub token: String,
}

/// A whole trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Conditions.
    pub header: Header,
    /// Threads in order of creation; main is 0.
    pub threads: Vec<Thread>,
    /// Objects in order of first mention.
    pub objects: Vec<Object>,
    /// Source files in order of first mention.
    pub files: Vec<String>,
    /// The events.
    pub events: Vec<Event>,
    /// The end.
    pub footer: Footer,
}
