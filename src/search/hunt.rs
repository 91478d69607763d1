//! One worker's search: takes the runs of a part, and hands them to the query.

use super::counts::{Counts, States};
use super::dpor::{Entry, Flow, Path, Reduction, Search, Visitor};
use super::merge::Merge;
use super::part::{Part, PartName};
use super::query::{Found, Query, Run};
use super::settings::{Plan, RANDOM_RUNS, Settings};
use super::suspect::{Loops, Suspect};
use crate::run::Session;
use crate::vm::state::Printed;

/// How far a search has come.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Progress {
    /// Schedules taken to their end.
    pub schedules: u64,
    /// Steps taken.
    pub steps: u64,
    /// How many schedules there may be in all: a range, and a guess.
    pub total: Option<(f64, f64)>,
    /// Different outcomes so far, in the parts that are done.
    pub outcomes: usize,
}

/// Steps between two looks at the clock.
const WATCH_EVERY: u32 = 4_096;

/// Steps after which a part gives away work for the first time; then after twice as many each time. Not a matter of
/// time or of the number of workers: the parts are the same on every machine.
const GIVE_AWAY_AFTER: u64 = 300_000;

/// Steps of a probe: a search of runs, with reduction, that only tells whether they go in circles or have loops without end.
const PROBE_STEPS: u64 = 500_000;

/// States after which a search by states ends if there are loops without end that come to no state twice: it will never see all.
const MANY_STATES: u64 = 100_000;

/// Steps in which runs without end are looked for that are new in each turn for what they print alone.
const ENDLESS_STEPS: u32 = 100_000;

/// How many parts to give away at a time.
const ENOUGH: usize = 12;

/// Runs by chance that make a part.
pub(super) const RUNS: u64 = 512;

/// How many runs by chance there are in all.
pub(super) fn runs(settings: &Settings) -> u64 {
    settings.max_schedules.unwrap_or(RANDOM_RUNS)
}

/// What a worker tells the others while it works.
pub(super) trait Pool {
    /// Takes parts that others shall do.
    fn give(&mut self, name: &PartName, first: u32, parts: Vec<Part>);

    /// Now and then: whether to go on. So much of the part was taken, and such a share of it may be done.
    fn look(&mut self, schedules: u64, steps: u64, done: (f64, f64)) -> Flow;
}

/// Whether a search that has become long was begun anew after a look at some runs. To look takes a system of its own, and the
/// session has but one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Probe {
    Open,
    Due,
    Done,
}

/// The search of one part.
pub(super) struct Hunt<'a, Q: Query> {
    pub(super) settings: &'a Settings,
    pub(super) query: &'a Q,
    pool: &'a mut dyn Pool,
    found: Q::Found,
    pub(super) counts: Counts,
    /// Runs with fewer preemptions were counted before.
    fewest: u32,
    until_look: u32,
    looks: bool,
    suspect: Suspect,
    /// All is searched by states.
    by_states: bool,
    /// That, or some run goes in circles.
    circles: bool,
    probe: Probe,
    /// A search by states is to end soon, or not to count.
    trial: bool,
    /// Only runs without end are told of, and looked for in so many steps.
    endless_only: Option<u32>,
}

impl<'a, Q: Query> Hunt<'a, Q> {
    /// A search of runs, or by states if there are `loops` to know of from the begin on.
    pub(super) fn new(
        settings: &'a Settings,
        query: &'a Q,
        pool: &'a mut dyn Pool,
        loops: Option<Loops>,
    ) -> Self {
        let by_states = loops.is_some();
        let loops = loops.unwrap_or_default();
        Hunt {
            settings,
            query,
            pool,
            found: Q::Found::default(),
            counts: Counts::default(),
            fewest: 0,
            until_look: WATCH_EVERY,
            looks: false,
            suspect: Suspect::new(query.printed(), settings.options.max_steps, loops),
            by_states,
            circles: by_states,
            probe: Probe::Open,
            trial: false,
            endless_only: None,
        }
    }

    /// What was found. If some run turned out to go in circles, that is not all there is, and all is to be searched by states, knowing of
    /// these loops.
    pub(super) fn into_parts(self) -> (Q::Found, Counts, Option<Loops>) {
        let circles = self.circles && !self.by_states;
        let loops = circles.then(|| self.suspect.into_loops());
        (self.found, self.counts, loops)
    }

    /// Takes the runs of a part as the settings say. Tells whether all of it was seen, but for what was given away.
    pub(super) fn take(&mut self, session: &mut Session, name: &PartName, part: &Part) -> bool {
        match (self.settings.plan, self.settings.preemptions) {
            (Plan::Random, _) => {
                let at = u64::from(name.0[0]) * RUNS;
                let count = RUNS.min(runs(self.settings) - at);
                let first = self.settings.options.seed.wrapping_add(at);
                self.random(session, first, count)
            }
            (_, Some(bound)) => self.bounded(session, bound),
            _ => self.search(session, name, (!name.0.is_empty()).then_some(part)),
        }
    }

    /// Searches a part, or all, by runs, or all by states.
    fn search(&mut self, session: &mut Session, name: &PartName, part: Option<&Part>) -> bool {
        if self.by_states {
            return self.merge(session, None);
        }
        let over = self.search_runs(session, name, part);
        if self.probe != Probe::Due {
            return over;
        }
        self.probe = Probe::Done;
        if self.query.has_gaps() {
            if let Some(over) = self.try_states(session) {
                return over;
            }
        } else if self.probe(session) == Flow::Stop {
            return false;
        }
        !self.circles && self.search_runs(session, name, part)
    }

    fn search_runs(&mut self, session: &mut Session, name: &PartName, part: Option<&Part>) -> bool {
        let reduction = match self.settings.plan {
            Plan::Dpor => Reduction::Dpor,
            Plan::Dfs | Plan::Random => Reduction::None,
        };
        let (mut search, mut system) = self.runs(session, reduction);
        let mut over = match part {
            Some(part) => search.run_part(&mut system, self, part),
            None => search.run(&mut system, self),
        };
        let (mut next, mut given) = (GIVE_AWAY_AFTER, 0);
        while !over && self.looks_around(search.done_share()) {
            if self.counts.steps >= next {
                // Without reduction all short runs come before the first that is long enough to be suspected.
                let late = reduction == Reduction::None || self.query.has_gaps();
                if late && part.is_none() && self.probe == Probe::Open {
                    self.probe = Probe::Due;
                    return false;
                }
                next *= 2;
                let parts = search.give_away(ENOUGH);
                let first = given;
                given += parts.len() as u32;
                self.pool.give(name, first, parts);
            }
            over = search.resume(&mut system, self);
        }
        over
    }

    /// A search of runs from the begin of the program on.
    fn runs<'m>(
        &self,
        session: &'m mut Session,
        reduction: Reduction,
    ) -> (Search<Q::System<'m>>, Q::System<'m>) {
        let mut driver = session.start(&self.settings.options);
        if reduction == Reduction::Dpor {
            driver.note_accesses();
        }
        let mut search = Search::new(reduction);
        for stream in [1, 2] {
            if !self.query.orders(stream) {
                search.ignore_stream(stream);
            }
        }
        (search, self.query.system(driver))
    }

    /// Looks at some runs, not for long and with reduction: whether they go in circles, and which loops have no end. What else
    /// is found does not count, nor what was found before. Tells whether to go on.
    fn probe(&mut self, session: &mut Session) -> Flow {
        self.forget();
        let (mut search, mut system) = self.runs(session, Reduction::Dpor);
        let mut over = search.run(&mut system, self);
        while !over && self.looks_around((0.0, 0.0)) && self.counts.steps < PROBE_STEPS {
            over = search.resume(&mut system, self);
        }
        let stopped = self.counts.cut.stopped;
        self.forget();
        self.counts.cut.stopped = stopped;
        if stopped { Flow::Stop } else { Flow::Go }
    }

    /// The visitor stopped the search. Tells whether that was to look around, and the search is to go on where it was.
    fn looks_around(&mut self, done: (f64, f64)) -> bool {
        if !std::mem::take(&mut self.looks) {
            return false;
        }
        let counts = &mut self.counts;
        let flow = self.pool.look(counts.schedules, counts.steps, done);
        counts.cut.stopped |= flow == Flow::Stop;
        flow == Flow::Go
    }

    /// Searches by states, if that ends soon: what lies in the gaps of a log makes no difference to what comes then, so that states
    /// may be few where the orders of steps are many.
    fn try_states(&mut self, session: &mut Session) -> Option<bool> {
        self.forget();
        (self.circles, self.trial) = (true, true);
        let over = self.merge(session, None);
        let ended = std::mem::take(&mut self.trial);
        self.circles = !ended && self.suspect.knows_loops();
        if !ended {
            self.forget();
        }
        ended.then_some(over)
    }

    /// What was found counts no longer: the search begins anew.
    fn forget(&mut self) {
        self.found.begin_anew(&PartName::default());
        self.counts = Counts::default();
    }

    /// Searches all by states.
    fn merge(&mut self, session: &mut Session, bound: Option<u32>) -> bool {
        self.suspect.take_more_loops();
        loop {
            let before = (self.found.clone(), self.counts.clone());
            let trial = self.trial;
            let over = self.merge_once(session, bound);
            if trial && !self.trial {
                return false;
            }
            if self.probe == Probe::Due {
                self.probe = Probe::Done;
                // A circle is nothing new.
                self.circles = false;
                let flow = self.probe(session);
                self.circles = true;
                if flow == Flow::Stop {
                    return false;
                }
            } else if !self.suspect.take_more_loops() {
                let tells = self.query.printed() != Printed::Nothing;
                if over && tells && self.suspect.knows_loops() {
                    self.look_for_endless(session);
                }
                return over;
            }
            self.suspect.take_more_loops();
            let mut found = std::mem::replace(&mut self.found, before.0);
            found.begin_anew(&PartName::default());
            self.found.add(&PartName::default(), found);
            self.counts = before.1;
        }
    }

    /// What is printed may be all that is new in each turn. Looks for runs without end in which the rest comes again, and does not
    /// look for long.
    fn look_for_endless(&mut self, session: &mut Session) {
        let mut system = self.stateful(session, Printed::Nothing);
        self.endless_only = Some(ENDLESS_STEPS);
        Merge::new(None).run(&mut system, self);
        self.endless_only = None;
    }

    fn merge_once(&mut self, session: &mut Session, bound: Option<u32>) -> bool {
        let mut system = self.stateful(session, self.query.printed());
        let mut merge = Merge::new(bound);
        self.suspect.bound_loops(&mut merge);
        let mut over = merge.run(&mut system, self);
        while !over && self.looks_around((0.0, 0.0)) {
            if merge.states() >= MANY_STATES {
                if std::mem::take(&mut self.trial) {
                    return false;
                }
                // There is no end to them, or may be none.
                if self.suspect.knows_loops() {
                    merge.give_up();
                    over = true;
                    break;
                }
                if self.probe == Probe::Open {
                    self.probe = Probe::Due;
                    return false;
                }
            }
            over = merge.run(&mut system, self);
        }
        let counts = States {
            states: merge.states(),
            merged: merge.merged(),
            jumps: merge.jumps(),
        };
        self.counts.states.get_or_insert_default().add(&counts);
        let cut = &mut self.counts.cut;
        cut.clock_loops += merge.undecided();
        cut.loops += merge.given_up();
        cut.preemptions = merge.cut();
        over
    }

    /// The system of a search by states.
    fn stateful<'m>(&self, session: &'m mut Session, printed: Printed) -> Q::System<'m> {
        let mut driver = session.start(&self.settings.options);
        driver.know_printed(printed);
        self.query.system(driver)
    }

    /// All runs without preemption, then those with one, and so on.
    fn bounded(&mut self, session: &mut Session, bound: u32) -> bool {
        if !self.by_states {
            return self.bounded_runs(session, bound);
        }
        for preemptions in 0..=bound {
            self.fewest = preemptions;
            if !self.merge(session, Some(preemptions)) {
                return false;
            }
            if self.counts.cut.preemptions == 0 {
                break;
            }
        }
        true
    }

    fn bounded_runs(&mut self, session: &mut Session, bound: u32) -> bool {
        for preemptions in 0..=bound {
            self.fewest = preemptions;
            let driver = session.start(&self.settings.options);
            let mut system = self.query.system(driver);
            let mut search = Search::bounded(preemptions);
            let mut over = search.run(&mut system, self);
            while !over && self.looks_around(search.done_share()) {
                over = search.resume(&mut system, self);
            }
            self.counts.cut.preemptions = search.cut();
            if !over {
                return false;
            }
            if search.cut() == 0 {
                break;
            }
        }
        true
    }

    /// So many steps were taken at once: looks around if it is time to. Tells whether to go on.
    pub(super) fn spend(&mut self, steps: u64, done: f64) -> bool {
        let left = u64::from(self.until_look).saturating_sub(steps);
        self.until_look = u32::try_from(left).unwrap_or(u32::MAX);
        if self.until_look > 0 {
            return true;
        }
        self.until_look = WATCH_EVERY;
        self.looks = true;
        self.looks_around((done, done))
    }

    /// A run is over, the next one.
    fn next_over(&mut self, system: &Q::System<'_>, weight: u128) -> Flow {
        let number = self.counts.schedules + 1;
        self.over(system, number, self.settings.options.seed, weight)
    }

    /// A run is over, this one of its part.
    pub(super) fn over(
        &mut self,
        system: &Q::System<'_>,
        number: u64,
        seed: u64,
        weight: u128,
    ) -> Flow {
        self.counts.schedules += 1;
        let run = Run {
            number,
            seed,
            weight,
        };
        let (found, counts) = (&mut self.found, &mut self.counts);
        if self.query.over(found, counts, system, run) == Flow::Stop {
            return Flow::Stop;
        }
        let driver = system.as_ref();
        if driver.reached_limit() {
            self.counts
                .cut
                .count(&driver.ending().expect("the run is over"));
        }
        self.is_enough()
    }

    /// Whether as many schedules were looked at as may be. Runs by chance are counted beforehand.
    fn is_enough(&mut self) -> Flow {
        if self.settings.plan != Plan::Random
            && (self.settings.max_schedules).is_some_and(|most| most <= self.counts.schedules)
        {
            self.counts.cut.max_schedules = true;
            return Flow::Stop;
        }
        Flow::Go
    }
}

impl<'m, Q: Query> Visitor<Q::System<'m>> for Hunt<'_, Q> {
    fn complete(&mut self, system: &Q::System<'m>, path: &Path) -> Flow {
        if self.endless_only.is_some() {
            return Flow::Go;
        }
        let driver = system.as_ref();
        self.suspect.over(driver);
        if driver.reached_limit() && self.suspect.finds_loops(driver) {
            self.circles = true;
            return Flow::Stop;
        }
        if path.preemptions < self.fewest {
            return Flow::Go;
        }
        self.next_over(system, path.weight)
    }

    fn redundant(&mut self, system: &Q::System<'m>) -> Flow {
        self.suspect.over(system.as_ref());
        self.counts.redundant += 1;
        Flow::Go
    }

    fn endless(&mut self, system: &mut Q::System<'m>, preemptions: u32) -> Flow {
        if preemptions < self.fewest {
            return Flow::Go;
        }
        system.as_mut().call_endless();
        self.next_over(system, 0)
    }

    fn stuck(&mut self, system: &Q::System<'m>, path: &Path) -> Flow {
        self.suspect.over(system.as_ref());
        if path.preemptions < self.fewest {
            return Flow::Go;
        }
        self.counts.schedules += 1;
        self.counts.left += 1;
        self.query.stuck(&mut self.found, system);
        self.is_enough()
    }

    #[inline]
    fn may_pass(&self, system: &Q::System<'m>) -> u64 {
        if self.endless_only.is_some() {
            return 0;
        }
        let unsuspected = self.suspect.unsuspected(system.as_ref());
        unsuspected.min(self.until_look.into())
    }

    fn passed(&mut self, steps: u64) {
        self.suspect.passed();
        self.counts.steps += steps;
        self.until_look -= steps as u32;
    }

    #[inline]
    fn enter(&mut self, system: &Q::System<'m>) -> Entry {
        if let Some(left) = &mut self.endless_only {
            *left = left.saturating_sub(1);
            return if *left == 0 { Entry::Stop } else { Entry::Go };
        }
        let driver = system.as_ref();
        if !self.circles && self.suspect.circles(driver) {
            self.circles = true;
            return Entry::Stop;
        }
        self.suspect.visit(driver);
        if self.until_look == 0 {
            self.until_look = WATCH_EVERY;
            self.looks = true;
            return Entry::Pause;
        }
        self.counts.steps += 1;
        self.until_look -= 1;
        Entry::Go
    }
}
