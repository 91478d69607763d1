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
            Limit::Time => None,
        }
    }
}
