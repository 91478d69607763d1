//! How to explore, and what was found.

use serde::{Deserialize, Serialize};

use super::counts::{CutOff, States};
use super::outcome::{Observe, Outcome};
use crate::run::{Ending, Limit, Options};

/// Which runs are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// One of each set of runs that differ only in the order of independent steps.
    #[default]
    Dpor,
    /// Every order of steps.
    Dfs,
    /// Each step by chance: as many runs as are asked for, with seeds from the first on.
    Random,
}

impl Plan {
    /// All, with their words and one line of help.
    pub const ALL: [(&'static str, Plan, &'static str); 3] = [
        (
            "dpor",
            Plan::Dpor,
            "all, but one of those that differ only in the order of independent steps",
        ),
        ("dfs", Plan::Dfs, "all orders of steps"),
        (
            "random",
            Plan::Random,
            "runs by chance, with seeds from --seed on",
        ),
    ];

    /// Its word on the command line.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|entry| entry.1 == self)
            .map_or("", |entry| entry.0)
    }
}

/// How to explore a program.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// How each run is made. `strategy` and `trace` mean nothing here. Unless told otherwise steps take no virtual time, which makes
    /// the reduction exact, and a run is given up after [`MAX_STEPS`] steps.
    pub options: Options,
    /// Which runs are taken.
    pub plan: Plan,
    /// What makes two outcomes different.
    pub observe: Observe,
    /// Only runs with at most so many preemptions, those with fewest first. They are taken without reduction.
    pub preemptions: Option<u32>,
    /// Stop after so many schedules.
    pub max_schedules: Option<u64>,
    /// Stop at the first bug.
    pub fail_fast: bool,
    /// Names of endings that are no bugs although they would be.
    pub allow: Vec<String>,
    /// Know states again from the begin on, and not only once runs turn out to go in circles. Runs are then taken without reduction, by one OS
    /// thread.
    pub merge_states: bool,
    /// How many OS threads take runs. Changes nothing of the result.
    pub jobs: usize,
}

/// Steps after which a run is given up, if not told otherwise.
pub const MAX_STEPS: u64 = 100_000;

/// Runs that [`Plan::Random`] takes, if not told otherwise.
pub const RANDOM_RUNS: u64 = 1_000;

impl Default for Settings {
    fn default() -> Self {
        Settings {
            options: Options {
                step_cost: 0,
                max_steps: MAX_STEPS,
                ..Options::default()
            },
            plan: Plan::default(),
            observe: Observe::default(),
            preemptions: None,
            max_schedules: None,
            fail_fast: false,
            allow: Vec::new(),
            merge_states: false,
            jobs: 1,
        }
    }
}

impl Settings {
    /// Whether an ending is a bug: a deadlock, a run that goes round in circles for ever, an uncaught exception in any thread, an exit with another status than 0, and a bug of
    /// raddle's own; unless it is allowed.
    pub fn is_bug(&self, ending: &Ending) -> bool {
        let bad = match ending {
            // What was refused says nothing of the program.
            Ending::Finished | Ending::Refused(_) => false,
            Ending::Endless(limit) => *limit == Limit::Cycle,
            Ending::Exit(code) => *code != 0,
            _ => true,
        };
        bad && !self.allow.iter().any(|name| name == ending.name())
    }
}

/// What a search says of its program.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No run has a bug, and all were seen (or stand for all); with [`Plan::Random`]: none of those taken has.
    Ok,
    /// Some run has a bug.
    Bug,
    /// None of the runs taken has a bug, and not all were taken.
    Limit,
}

/// Where a share comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Share {
    /// Every schedule was taken, each with its probability.
    Exact,
    /// From so many runs by chance.
    Estimated(u64),
    /// There is none.
    Unknown,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Exploration {
    /// All that the program can do was seen, within the options of its runs.
    pub complete: bool,
    /// What is to be said of the program.
    pub verdict: Verdict,
    /// Schedules taken to their end.
    pub schedules: u64,
    /// How many of the outcomes are only known from runs that were taken before the search began anew, by states or knowing more loops, and
    /// found less then. Each counts as one schedule.
    pub earlier: u64,
    /// The number of the first schedule that showed a bug, from 1.
    pub first_bug: Option<u64>,
    /// Runs that turned out to be known, and were cut off.
    pub redundant: u64,
    /// What was counted where states were known again; then `schedules` counts the paths that led from a new state to an end.
    pub states: Option<States>,
    /// Steps taken.
    pub steps: u64,
    /// The outcomes, the gravest first, each with whether it is a bug.
    pub outcomes: Vec<(Outcome, bool)>,
    /// Schedules whose outcomes are not listed, because there are more different ones than [`super::outcome::MOST_OUTCOMES`].
    pub unlisted: u64,
    /// Where the outcomes' shares come from.
    pub share: Share,
    /// What was cut off.
    pub cut_off: CutOff,
}

impl Exploration {
    /// Whether some run came to what raddle does not support.
    pub fn refused(&self) -> bool {
        let refused = |o: &(Outcome, bool)| matches!(o.0.ending, Ending::Refused(_));
        self.outcomes.iter().any(refused)
    }
}
