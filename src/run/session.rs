//! A program ready to be run, many times.

use super::driver::{Driver, DriverMark};
use super::events::{self, Recorder};
use super::replay::ReplayError;
use super::{Ending, Options, RunResult, TaskException, report};
use crate::explore::token::{Choices, MAX_RUNS};
use crate::explore::{Mismatch, Random, Replay, Schedule, Strategy, Token, registry};
use crate::kernel::ThreadSet;
use crate::program::Program;
use crate::trace::growth::Follow;
use crate::trace::model::Footer;
use crate::vm::machine::{Machine, MachineMark};

/// A program ready to be run: any number of runs, each from the same beginning. Making one costs far more than a run, so it pays
/// to keep it; a clone can be sent to another thread.
///
/// ```
/// use raddle::run::{Options, Session, load_source};
///
/// let program = load_source("hello.py", "print('hello')", false).unwrap();
/// let result = Session::new(program).run(&Options::default());
/// assert_eq!(result.stdout, "hello\n");
/// ```
#[derive(Clone, Debug)]
pub struct Session {
    machine: Machine,
    base: MachineMark,
    opening: Option<Opening>,
}

/// The first choice of the newest run: all runs with the same options are the same up to there.
#[derive(Clone, Debug)]
struct Opening {
    options: Options,
    /// The program has drawn from the stream of data that the seed gives: with another seed it may have got elsewhere.
    seeded: bool,
    /// The place itself, once a second run has come there: a single run need not keep what it changes. On top of the base mark, so
    /// gone when a run goes back to that.
    mark: Option<DriverMark>,
    /// How many pieces of output were written by then, if there is a mark.
    output: usize,
}

impl Opening {
    /// Whether a run with these options comes to the same first choice.
    fn fits(&mut self, options: &Options) -> bool {
        if !self.seeded {
            self.options.seed = options.seed;
        }
        self.options == *options
    }
}

/// How to make a run's choices again from a seed: a strategy of the registry, and its seed.
pub(super) type Origin = Option<(&'static str, u64)>;

impl Session {
    /// Makes a program ready.
    pub fn new(program: Program) -> Session {
        let mut machine = Machine::new(program);
        let base = machine.checkpoint();
        machine.know_states(base.clone());
        Session {
            machine,
            base,
            opening: None,
        }
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.machine.image.program
    }

    /// One run, by the strategy that the options name.
    ///
    /// # Panics
    /// When no strategy has that name.
    pub fn run(&mut self, options: &Options) -> RunResult {
        self.run_by_name(options, None)
    }

    /// The same, with somebody who is given the trace while the run is under way, if there is much of it. Then the result has none.
    ///
    /// # Panics
    /// When no strategy has that name.
    pub fn run_followed(&mut self, options: &Options, follower: Box<dyn Follow>) -> RunResult {
        self.run_by_name(options, Some(follower))
    }

    fn run_by_name(&mut self, options: &Options, follower: Option<Box<dyn Follow>>) -> RunResult {
        let name = &*options.strategy;
        let result = if name == Random::NAME {
            // By far the most frequent one, known to the compiler here.
            self.run_by(options, &mut Random::new(options.seed), follower)
        } else {
            let entry = registry::find(name)
                .unwrap_or_else(|| panic!("there is no strategy called {name}"));
            self.run_by(options, &mut (entry.make)(), follower)
        };
        result.unwrap_or_else(|error| unreachable!("only a replay can fail to fit: {error}"))
    }

    /// One run, by a strategy at hand. It is told to begin with the options' seed.
    ///
    /// # Errors
    /// When a strategy that follows a record finds that it does not fit.
    pub fn run_with<S: Strategy + ?Sized>(
        &mut self,
        options: &Options,
        strategy: &mut S,
    ) -> Result<RunResult, ReplayError> {
        self.run_by(options, strategy, None)
    }

    fn run_by<S: Strategy + ?Sized>(
        &mut self,
        options: &Options,
        strategy: &mut S,
        follower: Option<Box<dyn Follow>>,
    ) -> Result<RunResult, ReplayError> {
        strategy.begin(options.seed);
        let origin = registry::find(strategy.name()).map(|entry| (entry.name, options.seed));
        self.complete(options, strategy, origin, follower, |_, _| Ok(()))
    }

    /// Begins a run and hands it over, for those who choose step by step and want to see each step.
    pub fn start(&mut self, options: &Options) -> Driver<'_> {
        self.start_with(options, Schedule::new(), None)
    }

    /// Begins a run and hands it over at its first choice: the first point with two options or more, or the end if there is none. What
    /// comes before is the same for every schedule, so that all but the first of several runs with equal options begin there
    /// at once.
    pub fn start_at_choice(&mut self, options: &Options) -> Driver<'_> {
        self.start_at_choice_with(options, Schedule::new())
    }

    fn start_at_choice_with(&mut self, options: &Options, schedule: Schedule) -> Driver<'_> {
        let again = self
            .opening
            .as_mut()
            .is_some_and(|opening| opening.fits(options));
        if again
            && let Some(Opening {
                mark: Some(mark), ..
            }) = &self.opening
        {
            return Driver::resume(&mut self.machine, options, schedule, mark);
        }
        self.machine.rollback(&self.base);
        let mut driver = Driver::new(&mut self.machine, options, schedule, None);
        self.opening = driver.skip_forced().then(|| Opening {
            options: options.clone(),
            seeded: driver.machine().drew_from_seed(),
            output: if again { driver.output().len() } else { 0 },
            mark: again.then(|| driver.checkpoint()),
        });
        driver
    }

    fn start_with(
        &mut self,
        options: &Options,
        schedule: Schedule,
        recorder: Option<Box<Recorder>>,
    ) -> Driver<'_> {
        self.opening = None;
        self.machine.rollback(&self.base);
        Driver::new(&mut self.machine, options, schedule, recorder)
    }

    /// Runs to the end and tells all about it. `origin` is how to make the same choices again; `check` has a look at the choices
    /// that were made, and after how many steps the run was over.
    pub(super) fn complete<S: Strategy + ?Sized>(
        &mut self,
        options: &Options,
        strategy: &mut S,
        origin: Origin,
        follower: Option<Box<dyn Follow>>,
        check: impl FnOnce(&mut S, &Driver) -> Result<(), ReplayError>,
    ) -> Result<RunResult, ReplayError> {
        let mut schedule = Schedule::new();
        if origin.is_some() {
            schedule.forget_beyond(MAX_RUNS);
        }
        let mut driver = if options.trace {
            let mut recorder = Box::new(Recorder::of_trace(false));
            if let Some(follower) = follower {
                let header = events::header(self.program(), options, strategy.name());
                recorder.follow(follower, header);
            }
            self.start_with(options, schedule, Some(recorder))
        } else if strategy.may_jump() {
            self.start_with(options, schedule, None)
        } else {
            self.start_at_choice_with(options, schedule)
        };
        if let Err(mismatch) = driver.run(strategy) {
            return Err(ReplayError::mismatch(driver.machine(), mismatch));
        }
        check(strategy, &driver)?;
        let ending = driver.ending().expect("the loop ended because the run did");
        let busy = match ending {
            Ending::Endless(_) => driver.who_keeps_going(),
            _ => ThreadSet::new(),
        };
        let steps = driver.steps();
        let (schedule, mut recorder) = driver.into_parts();
        let token = Token::new(self.program().digest, options.key(), schedule, origin);
        let mut stuck = Vec::new();
        if let Ending::Deadlock { .. } | Ending::Endless(_) = ending {
            let mut found = self.recorded(options, &token.choices, steps, recorder, &busy);
            found.namer.end(&self.machine);
            // A trace has cost as little as it can so far.
            if options.trace && report::holders_matter(&self.machine, &busy) {
                let locks = Box::new(Recorder::of_locks());
                let driver = self.start_with(options, Schedule::new(), Some(locks));
                found.taken = again(driver, &token.choices).taken;
                found.namer.made_again();
            }
            let findings = report::Findings {
                machine: &self.machine,
                busy: &busy,
                taken: &found.taken,
            };
            stuck = report::stuck(&findings, &mut found.namer);
            recorder = options.trace.then_some(found);
        }
        let token = token.to_string();
        let time = self.machine.kernel.now() - options.start_time;
        let trace = recorder.and_then(|recorder| {
            let header = events::header(self.program(), options, strategy.name());
            let footer = Footer {
                ending: ending.name().to_owned(),
                steps,
                time,
                token: token.clone(),
            };
            recorder.finish(&self.machine, header, footer)
        });
        // The next run may begin with what this one wrote before its first choice.
        let kept = self.opening.as_ref().map_or(0, |opening| opening.output);
        let rest = self.machine.output.split_off(kept);
        let mut output = self.machine.output.clone();
        output.extend(rest);
        let text_of = |stream| {
            output
                .iter()
                .filter(|(to, _)| *to == stream)
                .map(|(_, text)| text.as_str())
                .collect()
        };
        Ok(RunResult {
            exit_code: ending.exit_code(),
            stdout: text_of(1),
            stderr: text_of(2),
            output,
            steps,
            time,
            token,
            stuck,
            deaths: self.machine.header.deaths.clone(),
            unretrieved: unretrieved(&self.machine),
            trace,
            ending,
        })
    }

    /// The record of the run that the machine has just made. If there is none, the run is made again with one: the same choices make the
    /// same run. So things have the names in the report that they have in the trace. Of a long run only where locks were taken is
    /// recorded, if that matters.
    fn recorded(
        &mut self,
        options: &Options,
        choices: &Choices,
        steps: u64,
        recorder: Option<Box<Recorder>>,
        busy: &ThreadSet,
    ) -> Box<Recorder> {
        const LONG: u64 = 100_000;
        let long = steps > LONG;
        let recorder = match recorder {
            Some(recorder) => return recorder,
            None if long && !report::holders_matter(&self.machine, busy) => {
                return Box::new(Recorder::of_locks());
            }
            None if long => Recorder::of_locks(),
            None => Recorder::of_trace(true),
        };
        let driver = self.start_with(options, Schedule::new(), Some(Box::new(recorder)));
        again(driver, choices)
    }
}

/// Exceptions of executor tasks that nobody asked for.
fn unretrieved(machine: &Machine) -> Vec<TaskException> {
    let failed = machine.header.failed_tasks.iter();
    failed
        .filter(|(_, looked_at)| !looked_at)
        .map(|(task, _)| task.clone())
        .collect()
}

/// Makes the choices of an earlier run again.
fn again(mut driver: Driver, choices: &Choices) -> Box<Recorder> {
    let made: Result<(), Mismatch> = match choices {
        Choices::Listed(schedule) => driver.run(&mut Replay::new(schedule.clone())),
        Choices::Seeded { strategy, seed, .. } => {
            let mut strategy = registry::find(strategy)
                .map(|entry| (entry.make)())
                .expect("it chose before");
            strategy.begin(*seed);
            driver.run(&mut strategy)
        }
    };
    assert!(
        made.is_ok(),
        "[raddle internal bug] the same choices made another run: {made:?}"
    );
    driver.into_parts().1.expect("given at the start")
}
