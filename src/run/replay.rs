//! Making a recorded run again.

use super::session::Session;
use super::site::{site, thread_name};
use super::{Options, RunResult};
use crate::explore::token::{Choices, TokenError};
use crate::explore::{ChoiceKind, Mismatch, Replay, Schedule, Token, registry};
use crate::id::ThreadId;
use crate::vm::machine::Machine;
use std::fmt;

/// Why a record could not be followed to its end.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ReplayError {
    /// The token is for another program.
    Token(TokenError),
    /// The record does not fit what happens.
    Mismatch {
        /// Where, and what was expected and found, in numbers.
        mismatch: Mismatch,
        /// The same in words.
        text: String,
    },
    /// The record is of a strategy that this raddle does not have.
    NoStrategy(String),
    /// The run came to its end, but not by the recorded choices.
    Diverged {
        /// Choices in the record.
        expected: u64,
        /// Choices that were made.
        found: u64,
    },
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplayError::Token(error) => error.fmt(f),
            ReplayError::Mismatch { text, .. } => f.write_str(text),
            ReplayError::NoStrategy(name) => {
                write!(
                    f,
                    "the token was made by strategy {name}, which this raddle does not have"
                )
            }
            ReplayError::Diverged { expected, found } => write!(
                f,
                "the token does not fit: the run is over after {found} choices that are not the {expected} recorded ones \
                 (other input, arguments or limits?)"
            ),
        }
    }
}

impl std::error::Error for ReplayError {}

impl ReplayError {
    /// A mismatch at the point where the machine stands.
    #[cold]
    pub(super) fn mismatch(machine: &Machine, mismatch: Mismatch) -> Self {
        let text = words(machine, &mismatch);
        ReplayError::Mismatch { mismatch, text }
    }
}

impl Session {
    /// The run of a token again. What a token does not hold (input, arguments, limits, trace) is taken from the options.
    ///
    /// # Errors
    /// When the token is for another program, or does not fit what happens.
    pub fn replay(&mut self, token: &Token, options: &Options) -> Result<RunResult, ReplayError> {
        token
            .check_program(self.program().digest)
            .map_err(ReplayError::Token)?;
        let mut options = options.clone();
        options.set_key(&token.key);
        match &token.choices {
            Choices::Listed(schedule) => {
                let mut replay = Replay::new(schedule.clone());
                self.complete(&options, &mut replay, None, None, |replay, driver| {
                    let whole = replay.finish(driver.steps());
                    whole.map_err(|mismatch| ReplayError::mismatch(driver.machine(), mismatch))?;
                    check(token, driver.schedule())
                })
            }
            Choices::Seeded { strategy, seed, .. } => {
                let entry = registry::find(strategy)
                    .ok_or_else(|| ReplayError::NoStrategy(strategy.clone()))?;
                let mut strategy = (entry.make)();
                strategy.begin(*seed);
                let origin = Some((entry.name, *seed));
                self.complete(&options, &mut strategy, origin, None, |_, driver| {
                    check(token, driver.schedule())
                })
            }
        }
    }
}

/// A replay's own record must be that of its token.
fn check(token: &Token, record: &Schedule) -> Result<(), ReplayError> {
    if token.fits(record) {
        return Ok(());
    }
    let expected = match &token.choices {
        Choices::Listed(schedule) => schedule.len(),
        Choices::Seeded { count, .. } => *count,
    };
    Err(ReplayError::Diverged {
        expected,
        found: record.len(),
    })
}

/// A mismatch with names and places.
fn words(machine: &Machine, mismatch: &Mismatch) -> String {
    let detail = mismatch.detail();
    let verb = |kind: ChoiceKind| match kind {
        ChoiceKind::Thread | ChoiceKind::Forced | ChoiceKind::Clock => "take a step",
        ChoiceKind::Waiter => "be notified",
    };
    let expected = match detail.expected {
        Some((ChoiceKind::Clock, _)) => "lets time pass".to_owned(),
        Some((ChoiceKind::Forced, _)) => "lets the only thread step that can".to_owned(),
        Some((kind, thread)) => format!("lets {} {}", known_name(machine, thread), verb(kind)),
        None => "is at its end".to_owned(),
    };
    let found = match detail.found {
        None => "the run is over".to_owned(),
        Some(kind) => {
            let options: Vec<String> = detail.options.iter().map(|t| option(machine, *t)).collect();
            format!("here only these can {}: {}", verb(kind), options.join(", "))
        }
    };
    format!(
        "the token does not fit: at step {} it {expected}, but {found}",
        detail.step + 1
    )
}

/// A thread with the line where it stands.
fn option(machine: &Machine, t: ThreadId) -> String {
    let name = thread_name(machine, t);
    match site(machine, t) {
        Some(site) => {
            let program = &machine.image.program;
            format!(
                "{name} ({}:{})",
                program.module_of(site.code).path,
                program.line(site.code, site.pc)
            )
        }
        None => name,
    }
}

/// A thread's name, if there is such a thread.
fn known_name(machine: &Machine, t: ThreadId) -> String {
    if t.index() < machine.threads.len() {
        thread_name(machine, t)
    } else {
        format!("thread {}, which does not exist here,", t.0)
    }
}
