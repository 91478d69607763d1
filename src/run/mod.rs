//! One run: its options, its result, and the loop that lets a strategy drive a machine.
//!
//! | file | holds |
//! | --- | --- |
//! | `load`, `session`, `replay` | from a file to runs, and runs again |
//! | `driver` | the loop: from choice point to choice point |
//! | `ending`, `key`, `settings` | names of endings; options as tokens and texts hold them |
//! | `events`, `words`, `access`, `phrases`, `things` | the trace of a run |
//! | `naming`, `search`, `reached`, `site` | what objects and threads are called, and where threads stand |
//! | `report` | threads that cannot go on |

mod access;
mod driver;
pub mod ending;
mod events;
mod key;
mod load;
mod naming;
mod phrases;
mod reached;
mod replay;
mod report;
mod search;
mod session;
pub mod settings;
mod site;
#[cfg(test)]
mod tests;
mod things;
mod words;

pub use driver::{Driver, DriverMark};
pub use load::{load, load_source};
pub use replay::ReplayError;
pub use session::Session;

use crate::trace::model::Trace;
use serde::{Deserialize, Serialize};

/// Where a thread may be preempted (`--switch`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// At primitive calls only.
    Sync,
    /// Also at calls and loop back-edges, as CPython with the GIL.
    Gil,
    /// Also at each access to state that another thread can reach.
    #[default]
    Shared,
}

/// What durations mean (`--time`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Time {
    /// They order things exactly; the clock jumps when all wait.
    #[default]
    Virtual,
    /// They order nothing.
    Free,
}

/// Everything that shapes a run. Same program, same options: same bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Preemption points.
    pub switch: Switch,
    /// Meaning of durations.
    pub time: Time,
    /// Seed of the strategy and of the program's unseeded `random`.
    pub seed: u64,
    /// Name of the strategy: `random`, `round-robin`, `sequential`.
    pub strategy: String,
    /// How many spurious wakeups may happen.
    pub spurious: u32,
    /// `notify` wakes the longest waiting thread, as CPython does, instead of any.
    pub fifo: bool,
    /// Virtual nanoseconds that a step takes.
    pub step_cost: u64,
    /// The clock at the start, nanoseconds since the Unix epoch (UTC).
    pub start_time: u64,
    /// Steps after which the run is called endless.
    pub max_steps: u64,
    /// Bytes of heap after which the run is stopped.
    pub max_memory: u64,
    /// What `input()` reads.
    pub stdin: String,
    /// `sys.argv[1:]`.
    pub args: Vec<String>,
    /// Show the value of bare expressions at top level.
    pub echo: bool,
    /// Record a trace.
    pub trace: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            switch: Switch::default(),
            time: Time::default(),
            seed: 0,
            strategy: "random".into(),
            spurious: 0,
            fifo: false,
            step_cost: 1_000,
            // 2024-01-01T00:00:00Z: a fixed date, so that nothing depends on the day of the run.
            start_time: 1_704_067_200_000_000_000,
            max_steps: 20_000_000,
            max_memory: 2 << 30,
            stdin: String::new(),
            args: Vec::new(),
            echo: false,
            trace: false,
        }
    }
}

/// How a run ended; every ending has a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// Main and all non-daemon threads ended, none by an exception.
    Finished,
    /// Main ended well, but threads died of uncaught exceptions: their names with the exceptions' last lines.
    ThreadException(Vec<(String, String)>),
    /// Main raised: the exception's last line (`ValueError: x`).
    Exception(String),
    /// `sys.exit(n)` in main.
    Exit(i32),
    /// No thread can ever step. `at_exit`: main is done and the exit phase waits.
    Deadlock {
        /// Main's code is finished.
        at_exit: bool,
    },
    /// A limit was reached.
    Endless(Limit),
    /// A construct that raddle does not support was reached: what and where.
    Refused(String),
    /// A bug in raddle.
    Internal(String),
}

/// Which limit was reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Limit {
    /// `--max-steps`.
    Steps,
    /// `--max-memory`.
    Memory,
    /// The virtual clock's end.
    Time,
    /// None but patience: the run came to a state in which it had been before, and every thread that could step on the way did. Only
    /// searches look for that.
    Cycle,
}

/// A thread that could not go on (deadlock), or kept going (endless), for the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// Its name.
    pub thread: String,
    /// What it waits for: `lock forks[1]`, `thread Thread-2 (work)`, `condition cond`, or `runs` when it is not blocked.
    pub waits_for: String,
    /// Who holds that: thread name, or nobody.
    pub held_by: Option<String>,
    /// Line where the holder took it.
    pub held_since: Option<u32>,
    /// Line where the thread stands (the innermost user frame).
    pub line: u32,
    /// File of that line.
    pub file: String,
    /// The source text of that line, stripped.
    pub source: String,
    /// First character in `source` of what is underlined, and the first after; `None` underlines all.
    pub columns: Option<(u32, u32)>,
    /// Whether it is a daemon.
    pub daemon: bool,
}

/// A task of an executor that raised, and nobody asked its future for result or exception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskException {
    /// The task's function, by its `__qualname__`.
    pub task: String,
    /// The thread that ran it.
    pub thread: String,
    /// The exception's last line.
    pub exception: String,
    /// File of the line that raised; empty when no line of the program did.
    pub file: String,
    /// That line, from 1; 0 when no line of the program raised.
    pub line: u32,
}

/// Everything a run gave.
#[derive(Clone, Debug, PartialEq)]
pub struct RunResult {
    /// How it ended.
    pub ending: Ending,
    /// What CPython's process would have returned (0, 1, n; 120-like cases excluded); `None` when it would not have ended.
    pub exit_code: Option<i32>,
    /// All stdout.
    pub stdout: String,
    /// All stderr of the program.
    pub stderr: String,
    /// stdout and stderr in one order: stream (1, 2) and text.
    pub output: Vec<(u8, String)>,
    /// Steps performed.
    pub steps: u64,
    /// Virtual nanoseconds passed.
    pub time: u64,
    /// Schedule token.
    pub token: String,
    /// Stuck threads of a deadlock; busy and waiting threads of an endless run.
    pub stuck: Vec<Stuck>,
    /// Threads that died of an uncaught exception, whatever the ending: name and the exception's last line.
    pub deaths: Vec<(String, String)>,
    /// Exceptions of executor tasks that nobody asked for, in the order in which they were raised.
    pub unretrieved: Vec<TaskException>,
    /// The trace, if asked for and not given to somebody who followed the run.
    pub trace: Option<Trace>,
}
