//! Explores a program: takes its runs and counts their outcomes.

use super::checkpoint::{Checkpoint, Watch};
use super::counts::Counts;
use super::minimize::minimize;
use super::outcome::{Observe, Outcome, Tally};
use super::part::PartName;
use super::pool;
use super::query::{Query, Run};
use super::sample;
use super::settings::{Exploration, Plan, Settings, Share, Verdict};
use super::{Flow, Progress};
use crate::explore::Token;
use crate::program::Program;
use crate::run::{Driver, Ending, Limit, Options, Session};
use crate::vm::state::Printed;

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

    /// Explores a program.
    pub fn run(&self, program: Program) -> Exploration {
        self.watched(&mut Session::new(program), &mut |_: &Progress| Flow::Go)
    }

    /// Explores a program, and tells `watch` now and then how far it is; `watch` may stop it.
    pub fn watched(&self, session: &mut Session, watch: &mut dyn Watch) -> Exploration {
        self.resumed(session, None, watch)
    }

    /// The same, going on where another search of the same program with the same settings was.
    pub fn resumed(
        &self,
        session: &mut Session,
        from: Option<Checkpoint>,
        watch: &mut dyn Watch,
    ) -> Exploration {
        let settings = &self.settings;
        let total = pool::search(settings, self, session, from, watch);
        let parts = |end: &PartName| total.done.range(..end).map(|(_, part)| part.schedules);
        let before = |name: &PartName| parts(name).sum::<u64>();
        let (mut tally, counts) = (total.found, total.counts);
        let earlier = tally.list_earlier(counts.schedules, |ending| settings.is_bug(ending));
        let whole = total.whole && settings.plan != Plan::Random;
        let complete = whole && counts.cut.is_none();
        let by_states = counts.states.is_some();
        let exact =
            complete && settings.plan == Plan::Dfs && settings.preemptions.is_none() && !by_states;
        let first_bug = tally.first_bug.as_ref();
        let mut found = Exploration {
            complete,
            verdict: Verdict::Ok,
            schedules: counts.schedules + earlier,
            earlier,
            first_bug: first_bug.map(|(name, n)| before(name) + n),
            redundant: counts.redundant,
            states: counts.states,
            steps: counts.steps,
            unlisted: tally.unlisted,
            share: if exact { Share::Exact } else { Share::Unknown },
            cut_off: counts.cut,
            outcomes: Vec::new(),
        };
        let mut outcomes = tally.into_outcomes(exact, before);
        if settings.plan == Plan::Random {
            found.share = Share::Estimated(found.schedules);
            for (_, outcome) in &mut outcomes {
                outcome.share = Some(outcome.count as f64 / found.schedules as f64);
            }
        } else if !exact
            && !found.cut_off.stopped
            && !found.cut_off.fail_fast
            // By chance threads would go round, and time stand still, till the run is given up.
            && found.states.is_none_or(|states| states.jumps == 0)
        {
            let observe = settings.observe;
            let runs = sample::estimate(
                session,
                &settings.options,
                observe,
                &mut outcomes,
                found.steps,
                by_states,
            );
            found.share = Share::Estimated(runs);
        }
        // Of the bugs, simpler examples; as many as a person will look at.
        let bugs = outcomes
            .iter_mut()
            .filter(|o| settings.is_bug(&o.1.ending))
            .take(SIMPLIFIED);
        for (key, outcome) in bugs {
            minimize(
                session,
                &settings.options,
                settings.observe,
                *key,
                outcome,
                found.steps,
            );
        }
        found.outcomes = self.ordered(outcomes);
        found.complete &= !found.refused();
        found.verdict = if found.first_bug.is_some() {
            Verdict::Bug
        } else if found.refused() {
            Verdict::Limit
        } else if found.complete || settings.plan == Plan::Random && found.cut_off.is_none() {
            Verdict::Ok
        } else {
            Verdict::Limit
        };
        found
    }

    /// The outcomes, the gravest first, each with whether it is a bug.
    fn ordered(&self, outcomes: Vec<(u128, Outcome)>) -> Vec<(Outcome, bool)> {
        let mut outcomes: Vec<_> = outcomes
            .into_iter()
            .map(|(_, outcome)| {
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

/// Asks for all outcomes.
impl Query for Explorer {
    type System<'m> = Driver<'m>;
    type Found = Tally;

    fn system<'m>(&self, driver: Driver<'m>) -> Driver<'m> {
        driver
    }

    fn printed(&self) -> Printed {
        self.settings.observe.printed()
    }

    fn orders(&self, _: u8) -> bool {
        self.settings.observe == Observe::Output
    }

    fn over(&self, tally: &mut Tally, counts: &mut Counts, driver: &Driver<'_>, run: Run) -> Flow {
        let settings = &self.settings;
        let earlier = |(_, first): &(PartName, u64)| run.number < *first;
        if tally.count(driver, settings.observe, run)
            && tally.first_bug.as_ref().is_none_or(earlier)
        {
            let ending = driver.ending().expect("the run is over");
            if settings.is_bug(&ending) {
                tally.first_bug = Some((PartName::default(), run.number));
                if settings.fail_fast {
                    counts.cut.fail_fast = true;
                    return Flow::Stop;
                }
            }
        }
        Flow::Go
    }
}

/// The token of an outcome's example.
pub fn token(program: u32, settings: &Settings, outcome: &Outcome) -> Token {
    let options = Options {
        seed: outcome.seed,
        ..settings.options.clone()
    };
    Token::new(program, options.key(), outcome.schedule.clone(), None)
}

/// Bugs for which a simpler example is looked for.
const SIMPLIFIED: usize = 10;

/// The gravest first.
fn gravity(ending: &Ending) -> u8 {
    match ending {
        Ending::Internal(_) => 0,
        Ending::Deadlock { .. } => 1,
        Ending::Endless(Limit::Cycle) => 2,
        Ending::Exception(_) => 3,
        Ending::ThreadException(_) => 4,
        Ending::Exit(code) if *code != 0 => 5,
        Ending::Refused(_) => 6,
        Ending::Endless(_) => 7,
        Ending::Exit(_) | Ending::Finished => 8,
    }
}
