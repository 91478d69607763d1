//! Finds a schedule whose output is what a log shows.
//!
//! | file | holds |
//! | --- | --- |
//! | `log`, `automaton` | what a run is to print, and how far an output has come in it |
//! | `guard` | the program, as far as its output fits |
//! | `fit` | the first run that fits whole, or else the one that comes nearest |

mod automaton;
mod fit;
pub(super) mod guard;
mod log;

pub use log::Log;

use super::counts::{CutOff, States};
use super::minimize::minimize;
use super::outcome::{Observe, Outcome};
use super::pool;
use super::settings::{Plan, Settings};
use super::{Flow, Progress};
use crate::program::Program;
use crate::run::{Ending, Options, Session};
use fit::nearest;

/// Finds a schedule of a program: a builder, and the search.
///
/// All runs are looked at that can make a difference, but each only as far as its output fits.
///
/// ```
/// use raddle::run::load_source;
/// use raddle::search::{Find, Log};
///
/// let source = "import threading\nthreading.Thread(target=print, args=(1,)).start()\nprint(2)";
/// let program = load_source("two.py", source, false).unwrap();
/// let found = Find::new().stdout(Log::exact("21\n\n")).run(program);
/// assert_eq!(found.run.unwrap().stdout, "21\n\n");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Find {
    settings: Settings,
    goal: Goal,
}

/// What a run has to be.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Goal {
    /// What it prints.
    pub stdout: Option<Log>,
    /// What it writes to stderr.
    pub stderr: Option<Log>,
    /// The name of its ending ([`Ending::name`]). Without one, any will do but those that tell nothing of the program: a run given up
    /// at a limit, or where it came to what raddle does not support.
    pub ending: Option<String>,
}

impl Goal {
    fn logs(&self) -> [Option<&Log>; 2] {
        [self.stdout.as_ref(), self.stderr.as_ref()]
    }

    fn allows(&self, ending: &Ending) -> bool {
        match &self.ending {
            Some(name) => name == ending.name(),
            None => !matches!(
                ending,
                Ending::Endless(_) | Ending::Refused(_) | Ending::Internal(_)
            ),
        }
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// The run, if there is one, by as simple a schedule as was found.
    pub run: Option<Outcome>,
    /// The run whose output comes furthest in the logs, if none fits.
    pub nearest: Option<Nearest>,
    /// There is no such run: everything the program can do was looked at, within the options of its runs.
    pub complete: bool,
    /// Schedules looked at, those included that were left when their output did not fit.
    pub schedules: u64,
    /// How many of them were left.
    pub left: u64,
    /// Runs that turned out to be known, and were cut off.
    pub redundant: u64,
    /// Counts of the search by states, if it went by these.
    pub states: Option<States>,
    /// Steps taken.
    pub steps: u64,
    /// What was cut off.
    pub cut_off: CutOff,
    /// Some run came to what raddle does not support.
    pub refused: bool,
}

/// A run that comes near.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Nearest {
    /// How many lines of stdout's and of stderr's log it prints, of those that count ([`Log::len`]).
    pub lines: [usize; 2],
    /// What threads write where the next line should come; nothing if the run ends there.
    pub instead: Vec<Instead>,
    /// The run, to its end.
    pub run: Outcome,
}

/// What comes instead of a line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Instead {
    /// The name of the thread that writes it.
    pub thread: String,
    /// To which stream, 1 or 2.
    pub stream: u8,
    /// The line, as far as it is written then.
    pub line: String,
}

impl Find {
    /// A search for any run that ends.
    pub fn new() -> Self {
        Self::default()
    }

    /// A search with these settings. Their `plan`, `observe`, `fail_fast` and `allow` mean nothing here.
    pub fn with(settings: Settings) -> Self {
        Find {
            settings,
            ..Find::default()
        }
    }

    /// Changes the options of the runs.
    pub fn options(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.settings.options);
        self
    }

    /// The run has to print this.
    pub fn stdout(mut self, log: Log) -> Self {
        self.goal.stdout = Some(log);
        self
    }

    /// The run has to write this to stderr.
    pub fn stderr(mut self, log: Log) -> Self {
        self.goal.stderr = Some(log);
        self
    }

    /// The run has to end so, by the name of the ending.
    pub fn ending(mut self, name: &str) -> Self {
        self.goal.ending = Some(name.to_owned());
        self
    }

    /// Only runs with at most so many preemptions, those with fewest first. They are taken without reduction.
    pub fn preemptions(mut self, bound: u32) -> Self {
        self.settings.preemptions = Some(bound);
        self
    }

    /// Stop after so many schedules.
    pub fn max_schedules(mut self, most: u64) -> Self {
        self.settings.max_schedules = Some(most);
        self
    }

    /// Know states again from the begin on.
    pub fn merge_states(mut self) -> Self {
        self.settings.merge_states = true;
        self
    }

    /// How many OS threads take runs.
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.settings.jobs = jobs.max(1);
        self
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What is looked for.
    pub fn goal(&self) -> &Goal {
        &self.goal
    }

    /// Searches a program.
    pub fn run(&self, program: Program) -> Found {
        self.watched(&mut Session::new(program), &mut |_| Flow::Go)
    }

    /// Searches a program, and tells `watch` now and then how far it is; `watch` may stop it.
    pub fn watched(
        &self,
        session: &mut Session,
        watch: &mut dyn FnMut(&Progress) -> Flow,
    ) -> Found {
        let settings = Settings {
            plan: Plan::Dpor,
            fail_fast: false,
            ..self.settings.clone()
        };
        let mut watch = |progress: &Progress| watch(progress);
        let total = pool::search(&settings, &self.goal, session, None, &mut watch);
        let (fit, counts) = (total.found, total.counts);
        let options = &settings.options;
        let nearest = match (&fit.run, fit.best) {
            (None, Some((_, best))) => Some(nearest(session, options, best)),
            _ => None,
        };
        let mut found = Found {
            run: None,
            nearest,
            complete: total.whole && counts.cut.is_none() && !counts.refused,
            schedules: counts.schedules,
            left: counts.left,
            redundant: counts.redundant,
            states: counts.states,
            steps: counts.steps,
            cut_off: counts.cut,
            refused: counts.refused,
        };
        if let Some((_, key, mut run)) = fit.run {
            minimize(
                session,
                options,
                Observe::Output,
                key,
                &mut run,
                found.steps,
            );
            found.run = Some(run);
            found.complete = false;
        }
        found
    }
}
