//! Explores a program: takes its runs and counts their outcomes.

use super::dpor::{Entry, Flow, Path, Reduction, Search, Visitor};
use super::outcome::{Observe, Outcome, Tally};
use super::settings::{CutOff, Exploration, Plan, RANDOM_RUNS, Settings, Share, Verdict};
use crate::explore::{Random, Token};
use crate::program::Program;
use crate::run::{Driver, Ending, Options, Session};

/// How far a search has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Schedules taken to their end.
    pub schedules: u64,
    /// Steps taken.
    pub steps: u64,
}

/// Explores programs: a builder, and the search.
///
/// ```
/// use raddle::run::load_source;
/// use raddle::search::{Explorer, Verdict};
///
/// let program = load_source("race.py", "
/// import threading
/// n = 0
/// def add():
///     global n
///     n += 1
/// threads = [threading.Thread(target=add) for _ in range(2)]
/// for t in threads: t.start()
/// for t in threads: t.join()
/// assert n == 2
/// ", false).unwrap();
/// let found = Explorer::new().run(program);
/// assert!(found.complete);
/// assert_eq!(found.verdict, Verdict::Bug);
/// assert_eq!(found.outcomes[0].0.ending.name(), "exception");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Explorer {
    settings: Settings,
}

impl Explorer {
    /// An explorer that takes all interleavings, reduced, and stops at no limit.
    pub fn new() -> Self {
        Self::default()
    }

    /// An explorer with these settings.
    pub fn with(settings: Settings) -> Self {
        Explorer { settings }
    }

    /// Changes the options of the runs.
    pub fn options(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.settings.options);
        self
    }

    /// Which runs are taken.
    pub fn plan(mut self, plan: Plan) -> Self {
        self.settings.plan = plan;
        self
    }

    /// What makes two outcomes different.
    pub fn observe(mut self, observe: Observe) -> Self {
        self.settings.observe = observe;
        self
    }

    /// Only runs with at most so many preemptions.
    pub fn preemptions(mut self, bound: u32) -> Self {
        self.settings.preemptions = Some(bound);
        self
    }

    /// Stop after so many schedules.
    pub fn max_schedules(mut self, most: u64) -> Self {
        self.settings.max_schedules = Some(most);
        self
    }

    /// Stop at the first bug.
    pub fn fail_fast(mut self) -> Self {
        self.settings.fail_fast = true;
        self
    }

    /// An ending of this name is no bug.
    pub fn allow(mut self, ending: &str) -> Self {
        self.settings.allow.push(ending.to_owned());
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

    /// Explores a program.
    pub fn run(&self, program: Program) -> Exploration {
        self.watched(&mut Session::new(program), &mut |_| Flow::Go)
    }

    /// Explores a program, and tells `watch` now and then how far it is; `watch` may stop it.
    pub fn watched(
        &self,
        session: &mut Session,
        watch: &mut dyn FnMut(&Progress) -> Flow,
    ) -> Exploration {
        let mut hunt = Hunt {
            settings: &self.settings,
            tally: Tally::default(),
            cut: CutOff::default(),
            first_bug: None,
            fewest: 0,
            until_watch: WATCH_EVERY,
            watch,
        };
        let whole = match (self.settings.plan, self.settings.preemptions) {
            (Plan::Random, _) => hunt.random(session),
            (_, Some(bound)) => hunt.bounded(session, bound),
            (Plan::Dpor, None) => hunt.search(session, Reduction::Dpor),
            (Plan::Dfs, None) => hunt.search(session, Reduction::None),
        };
        let exact = whole && hunt.cut.is_none() && self.settings.plan == Plan::Dfs;
        let Hunt {
            tally,
            cut,
            first_bug,
            ..
        } = hunt;
        let mut found = Exploration {
            complete: whole && cut.is_none(),
            verdict: Verdict::Ok,
            schedules: tally.schedules,
            first_bug,
            redundant: tally.redundant,
            steps: tally.steps,
            unlisted: tally.unlisted,
            share: if exact { Share::Exact } else { Share::Unknown },
            cut_off: cut,
            outcomes: self.ordered(tally),
        };
        if !exact {
            found.outcomes.iter_mut().for_each(|o| o.0.share = None);
        }
        found.verdict = if found.first_bug.is_some() {
            Verdict::Bug
        } else if found.complete || self.settings.plan == Plan::Random && found.cut_off.is_none() {
            Verdict::Ok
        } else {
            Verdict::Limit
        };
        found
    }

    /// The outcomes, the gravest first, each with whether it is a bug.
    fn ordered(&self, tally: Tally) -> Vec<(Outcome, bool)> {
        let mut outcomes: Vec<_> = tally
            .into_outcomes()
            .into_iter()
            .map(|outcome| {
                let bug = self.settings.is_bug(&outcome.ending);
                (outcome, bug)
            })
            .collect();
        outcomes.sort_by(|(a, _), (b, _)| {
            let key = |o: &Outcome| (gravity(&o.ending), std::cmp::Reverse(o.count), o.first);
            key(a).cmp(&key(b))
        });
        outcomes
    }
}

/// The token of an outcome's example.
pub fn token(program: u32, settings: &Settings, outcome: &Outcome) -> Token {
    let options = Options {
        seed: outcome.seed,
        ..settings.options.clone()
    };
    let origin = (settings.plan == Plan::Random).then_some((Random::NAME, outcome.seed));
    Token::new(program, options.key(), outcome.schedule.clone(), origin)
}

/// The gravest first.
fn gravity(ending: &Ending) -> u8 {
    match ending {
        Ending::Internal(_) => 0,
        Ending::Deadlock { .. } => 1,
        Ending::Exception(_) => 2,
        Ending::ThreadException(_) => 3,
        Ending::Exit(code) if *code != 0 => 4,
        Ending::Refused(_) => 5,
        Ending::Endless(_) => 6,
        Ending::Exit(_) | Ending::Finished => 7,
    }
}

/// Steps between two looks at the clock.
const WATCH_EVERY: u32 = 4_096;

/// A search under way.
struct Hunt<'a> {
    settings: &'a Settings,
    tally: Tally,
    cut: CutOff,
    first_bug: Option<u64>,
    /// Runs with fewer preemptions were counted before.
    fewest: u32,
    until_watch: u32,
    watch: &'a mut dyn FnMut(&Progress) -> Flow,
}

impl Hunt<'_> {
    fn search(&mut self, session: &mut Session, reduction: Reduction) -> bool {
        let mut driver = session.start(&self.settings.options);
        if reduction == Reduction::Dpor {
            driver.note_accesses();
        }
        let mut search = Search::new(reduction);
        if self.settings.observe != Observe::Output {
            search.ignore_output();
        }
        search.run(&mut driver, self)
    }

    /// All runs without preemption, then those with one, and so on.
    fn bounded(&mut self, session: &mut Session, bound: u32) -> bool {
        for preemptions in 0..=bound {
            self.fewest = preemptions;
            let mut driver = session.start(&self.settings.options);
            let mut search = Search::bounded(preemptions);
            if !search.run(&mut driver, self) {
                return false;
            }
            self.cut.preemptions = search.cut();
            if search.cut() == 0 {
                break;
            }
        }
        true
    }

    fn random(&mut self, session: &mut Session) -> bool {
        let runs = self.settings.max_schedules.unwrap_or(RANDOM_RUNS);
        let mut options = self.settings.options.clone();
        for i in 0..runs {
            options.seed = self.settings.options.seed.wrapping_add(i);
            let mut driver = session.start(&options);
            let mut random = Random::new(options.seed);
            if driver.run(&mut random).is_err() {
                unreachable!("only a replay can fail to fit");
            }
            let steps = driver.steps();
            self.tally.steps += steps;
            self.until_watch = self.until_watch.saturating_sub(steps as u32);
            if self.over(&driver, options.seed, 0.0) == Flow::Stop || self.look() == Flow::Stop {
                return false;
            }
        }
        // However many, they are not all.
        false
    }

    /// A run is over.
    fn over(&mut self, driver: &Driver, seed: u64, weight: f64) -> Flow {
        let new = self
            .tally
            .count(driver, self.settings.observe, seed, weight);
        if driver.reached_limit() {
            self.cut.count(&driver.ending().expect("the run is over"));
        }
        if new && self.first_bug.is_none() {
            let ending = driver.ending().expect("the run is over");
            if self.settings.is_bug(&ending) {
                self.first_bug = Some(self.tally.schedules);
                if self.settings.fail_fast {
                    self.cut.fail_fast = true;
                    return Flow::Stop;
                }
            }
        }
        if self.settings.plan != Plan::Random
            && self.settings.max_schedules == Some(self.tally.schedules)
        {
            self.cut.max_schedules = true;
            return Flow::Stop;
        }
        Flow::Go
    }

    /// Lets the watcher look, if it is time.
    fn look(&mut self) -> Flow {
        if self.until_watch > 0 {
            return Flow::Go;
        }
        self.until_watch = WATCH_EVERY;
        let progress = Progress {
            schedules: self.tally.schedules,
            steps: self.tally.steps,
        };
        let flow = (self.watch)(&progress);
        if flow == Flow::Stop {
            self.cut.stopped = true;
        }
        flow
    }
}

impl<'m> Visitor<Driver<'m>> for Hunt<'_> {
    fn complete(&mut self, driver: &Driver<'m>, path: &Path) -> Flow {
        if path.preemptions < self.fewest {
            return Flow::Go;
        }
        self.over(driver, self.settings.options.seed, path.weight)
    }

    fn redundant(&mut self, _: &Driver<'m>) -> Flow {
        self.tally.redundant += 1;
        Flow::Go
    }

    #[inline]
    fn enter(&mut self, _: &Driver<'m>) -> Entry {
        self.tally.steps += 1;
        self.until_watch -= 1;
        if self.look() == Flow::Stop {
            return Entry::Stop;
        }
        Entry::Go
    }
}
