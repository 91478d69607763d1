//! The names of endings, as traces, JSON documents and header comments write them.

use super::{Ending, Limit};

impl Ending {
    /// The stable name: `finished`, `thread-exception`, `exception`, `exit`, `deadlock`, `endless`, `refused`, `internal`.
    pub fn name(&self) -> &'static str {
        match self {
            Ending::Finished => "finished",
            Ending::ThreadException(_) => "thread-exception",
            Ending::Exception(_) => "exception",
            Ending::Exit(_) => "exit",
            Ending::Deadlock { .. } => "deadlock",
            Ending::Endless(_) => "endless",
            Ending::Refused(_) => "refused",
            Ending::Internal(_) => "internal",
        }
    }

    /// The last line of the exception that it is about: main's, or that of the first thread that died; raddle's own message where it
    /// refused or failed.
    pub fn exception(&self) -> Option<&str> {
        match self {
            Ending::Exception(line) => Some(line),
            Ending::ThreadException(dead) => dead.first().map(|(_, line)| line.as_str()),
            Ending::Refused(what) | Ending::Internal(what) => Some(what),
            _ => None,
        }
    }

    /// What a shell would have told of CPython's process; nothing when it would not have ended. After an uncaught
    /// `KeyboardInterrupt` CPython ends itself by the signal, for which shells have 130.
    pub fn exit_code(&self) -> Option<i32> {
        match self {
            Ending::Finished | Ending::ThreadException(_) => Some(0),
            Ending::Exception(line) if line.split(':').next() == Some("KeyboardInterrupt") => {
                Some(130)
            }
            Ending::Exception(_) => Some(1),
            Ending::Exit(code) => Some(*code),
            Ending::Deadlock { .. }
            | Ending::Endless(_)
            | Ending::Refused(_)
            | Ending::Internal(_) => None,
        }
    }

    /// Nothing to complain about: all threads ended, none by an exception, and the program's exit status is 0.
    pub fn is_good(&self) -> bool {
        matches!(self, Ending::Finished | Ending::Exit(0))
    }
}

impl Limit {
    /// The option that raises the limit, if there is one.
    pub fn option(self) -> Option<&'static str> {
        match self {
            Limit::Steps => Some("--max-steps"),
            Limit::Memory => Some("--max-memory"),
            Limit::Cycle | Limit::Time => None,
        }
    }
}
