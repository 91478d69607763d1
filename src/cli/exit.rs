//! Exit codes. They are part of the interface: scripts and CI jobs decide by them.

use crate::run::{Ending, RunResult};
use crate::search::{Exploration, Found, Verdict};

/// Nothing wrong was found. For a single run: CPython's process would have returned 0 too.
pub const OK: u8 = 0;
/// A bug was found: a deadlock, or the program ended with another status than 0.
pub const FAILED: u8 = 1;
/// raddle was asked for something that it cannot do: wrong usage, unreadable files, Python that it does not support.
pub const USAGE: u8 = 2;
/// A bug in raddle.
pub const INTERNAL: u8 = 3;
/// A limit was reached before there was a verdict.
pub const LIMIT: u8 = 4;

/// The exit code of one run.
///
/// A program whose threads died of exceptions while main ended well returns 0 in CPython, so it is 0 here as well; the
/// report on stderr and the ending's name tell of the dead threads. Any other status of the program's own is [`FAILED`]: passed on as it is,
/// `sys.exit(2)` would look like wrong usage. `--json` has it ([`Ending::exit_code`]).
pub fn of_run(result: &RunResult) -> u8 {
    match &result.ending {
        Ending::Finished | Ending::ThreadException(_) => OK,
        Ending::Exit(0) => OK,
        Ending::Exit(_) | Ending::Exception(_) | Ending::Deadlock { .. } => FAILED,
        Ending::Refused(_) => USAGE,
        Ending::Internal(_) => INTERNAL,
        Ending::Endless(_) => LIMIT,
    }
}

/// The exit code of a search.
pub fn of_search(found: &Exploration) -> u8 {
    let internal = |ending: &Ending| matches!(ending, Ending::Internal(_));
    match found.verdict {
        Verdict::Ok => OK,
        Verdict::Bug if found.outcomes.iter().any(|(o, _)| internal(&o.ending)) => INTERNAL,
        Verdict::Bug => FAILED,
        Verdict::Limit if found.refused() => USAGE,
        Verdict::Limit => LIMIT,
    }
}

/// The exit code of a search for a schedule: 0 it is there, 1 it is not.
pub fn of_find(found: &Found) -> u8 {
    match found.run {
        Some(_) => OK,
        None if found.complete => FAILED,
        None if found.refused => USAGE,
        None => LIMIT,
    }
}
