//! One worker's search: takes the runs of a part and counts their outcomes.

use super::dpor::{Entry, Flow, Path, Reduction, Search, Visitor};
use super::merge::Merge;
use super::outcome::{Observe, Tally};
use super::part::{Choice, Part, PartName};
use super::settings::{CutOff, Plan, Settings, States};
use super::suspect::Suspect;
use super::system::System;
use crate::explore::Random;
use crate::run::{Driver, Session};
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
pub(super) const WATCH_EVERY: u32 = 4_096;

/// Steps after which a part gives away work for the first time; then after twice as many each time. Not a matter of
/// time or of the number of workers: the parts are the same on every machine.
pub(super) const GIVE_AWAY_AFTER: u64 = 300_000;

/// Steps in which runs without end are looked for that are new in each turn for what they print alone.
const ENDLESS_STEPS: u32 = 100_000;

/// How many parts to give away at a time.
pub(super) const ENOUGH: usize = 12;

/// What a worker tells the others while it works.
pub(super) trait Pool {
    /// Takes parts that others shall do.
    fn give(&mut self, name: &PartName, first: u32, parts: Vec<Part>);

    /// The whole is searched anew, by states and by one worker: what the others found, or were to do, counts no longer.
    fn take_all(&mut self);

    /// Now and then: whether to go on. So much of the part was taken, and such a share of it may be done.
    fn look(&mut self, schedules: u64, steps: u64, done: (f64, f64)) -> Flow;
}

/// The search of one part.
pub(super) struct Hunt<'a, P> {
    settings: &'a Settings,
    pool: &'a mut P,
    pub(super) tally: Tally,
    pub(super) cut: CutOff,
    pub(super) first_bug: Option<u64>,
    /// Runs with fewer preemptions were counted before.
    fewest: u32,
    until_look: u32,
    looks: bool,
    suspect: Suspect,
    /// Some run goes in circles.
    circles: bool,
    /// Only runs without end are told of, and looked for in so many steps.
    endless_only: Option<u32>,
}

impl<'a, P: Pool> Hunt<'a, P> {
    pub(super) fn new(settings: &'a Settings, pool: &'a mut P) -> Self {
        Hunt {
            settings,
            pool,
            tally: Tally::default(),
            cut: CutOff::default(),
            first_bug: None,
            fewest: 0,
            until_look: WATCH_EVERY,
            looks: false,
            suspect: Suspect::new(settings.observe.printed(), settings.options.max_steps),
            circles: settings.merge_states,
            endless_only: None,
        }
    }

    /// Searches a part, or all. Tells whether all of it was seen, but for what was given away.
    pub(super) fn search(
        &mut self,
        session: &mut Session,
        name: &PartName,
        part: Option<&Part>,
    ) -> bool {
        if self.circles {
            return self.merge(session, part, None);
        }
        let reduction = match self.settings.plan {
            Plan::Dpor => Reduction::Dpor,
            Plan::Dfs | Plan::Random => Reduction::None,
        };
        let mut driver = session.start(&self.settings.options);
        if reduction == Reduction::Dpor {
            driver.note_accesses();
        }
        let mut search = Search::new(reduction);
        if self.settings.observe != Observe::Output {
            search.ignore_output();
        }
        let mut next = GIVE_AWAY_AFTER;
        let mut given = 0;
        let mut over = match part {
            Some(part) => search.run_part(&mut driver, self, part),
            None => search.run(&mut driver, self),
        };
        // The visitor stops the search to look around; it goes on where it was.
        while !over && std::mem::take(&mut self.looks) {
            if self.looks_around(search.done_share()) == Flow::Stop {
                self.cut.stopped = true;
                return false;
            }
            if self.tally.steps >= next {
                next *= 2;
                let parts = search.give_away(ENOUGH);
                let first = given;
                given += parts.len() as u32;
                self.pool.give(name, first, parts);
            }
            over = search.resume(&mut driver, self);
        }
        if self.circles {
            self.suspect.take_more_loops();
            self.forget();
            // States are told apart by nothing that lies before them, so all parts would come to the same ones.
            if part.is_none() {
                self.pool.take_all();
            }
            return self.merge(session, part, None);
        }
        over
    }

    fn looks_around(&mut self, done: (f64, f64)) -> Flow {
        let tally = &self.tally;
        self.pool.look(tally.schedules, tally.steps, done)
    }

    /// What was found counts no longer: the search begins anew.
    fn forget(&mut self) {
        self.tally = Tally::default();
        self.cut = CutOff::default();
        self.first_bug = None;
    }

    /// Searches a part, or all, by states. Of a part all that comes after its path, what other parts do included: circles may lead
    /// anywhere.
    fn merge(&mut self, session: &mut Session, part: Option<&Part>, bound: Option<u32>) -> bool {
        loop {
            let before = self.tally.clone();
            let over = self.merge_once(session, part, bound);
            if !self.suspect.take_more_loops() {
                if over && self.suspect.knows_loops() && self.settings.observe != Observe::Ending {
                    self.look_for_endless(session, part);
                }
                return over;
            }
            self.forget();
            self.tally = before;
        }
    }

    /// What is printed may be all that is new in each turn. Looks for runs without end in which the rest comes again, and does not
    /// look for long.
    fn look_for_endless(&mut self, session: &mut Session, part: Option<&Part>) {
        let mut driver = session.start(&self.settings.options);
        driver.know_printed(Printed::Nothing);
        lead(&mut driver, part);
        self.endless_only = Some(ENDLESS_STEPS);
        Merge::new(None).run(&mut driver, self);
        self.endless_only = None;
    }

    fn merge_once(
        &mut self,
        session: &mut Session,
        part: Option<&Part>,
        bound: Option<u32>,
    ) -> bool {
        let mut driver = session.start(&self.settings.options);
        driver.know_printed(self.settings.observe.printed());
        lead(&mut driver, part);
        let mut merge = Merge::new(bound);
        self.suspect.bound_loops(&mut merge);
        let mut over = merge.run(&mut driver, self);
        while !over && std::mem::take(&mut self.looks) {
            if self.looks_around((0.0, 0.0)) == Flow::Stop {
                self.cut.stopped = true;
                break;
            }
            over = merge.run(&mut driver, self);
        }
        let counts = States {
            states: merge.states(),
            merged: merge.merged(),
            jumps: merge.jumps(),
        };
        self.tally.states.get_or_insert_default().add(&counts);
        self.cut.clock_loops += merge.undecided();
        self.cut.loops += merge.given_up();
        self.cut.preemptions = merge.cut();
        over
    }

    /// All runs without preemption, then those with one, and so on.
    pub(super) fn bounded(&mut self, session: &mut Session, bound: u32) -> bool {
        if !self.circles && self.bounded_runs(session, bound) {
            return true;
        }
        if !self.circles {
            return false;
        }
        self.suspect.take_more_loops();
        self.forget();
        for preemptions in 0..=bound {
            self.fewest = preemptions;
            if !self.merge(session, None, Some(preemptions)) {
                return false;
            }
            if self.cut.preemptions == 0 {
                break;
            }
        }
        true
    }

    fn bounded_runs(&mut self, session: &mut Session, bound: u32) -> bool {
        for preemptions in 0..=bound {
            self.fewest = preemptions;
            let mut driver = session.start(&self.settings.options);
            let mut search = Search::bounded(preemptions);
            let mut over = search.run(&mut driver, self);
            while !over && std::mem::take(&mut self.looks) {
                if self.looks_around(search.done_share()) == Flow::Stop {
                    self.cut.stopped = true;
                    return false;
                }
                over = search.resume(&mut driver, self);
            }
            self.cut.preemptions = search.cut();
            if !over {
                return false;
            }
            if search.cut() == 0 {
                break;
            }
        }
        true
    }

    /// Runs by chance with so many seeds from `first` on.
    pub(super) fn random(&mut self, session: &mut Session, first: u64, runs: u64) -> bool {
        let mut options = self.settings.options.clone();
        for i in 0..runs {
            options.seed = first.wrapping_add(i);
            let mut driver = session.start_at_choice(&options);
            let mut random = Random::new(options.seed);
            if driver.run(&mut random).is_err() {
                unreachable!("only a replay can fail to fit");
            }
            let steps = driver.steps();
            self.tally.steps += steps;
            if self.over(&driver, options.seed, 0) == Flow::Stop {
                return false;
            }
            self.until_look = self.until_look.saturating_sub(steps as u32);
            if self.until_look == 0 {
                self.until_look = WATCH_EVERY;
                let done = (i + 1) as f64 / runs as f64;
                if self.looks_around((done, done)) == Flow::Stop {
                    self.cut.stopped = true;
                    return false;
                }
            }
        }
        true
    }

    /// A run is over.
    fn over(&mut self, driver: &Driver, seed: u64, weight: u128) -> Flow {
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
            && (self.settings.max_schedules).is_some_and(|most| most <= self.tally.schedules)
        {
            self.cut.max_schedules = true;
            return Flow::Stop;
        }
        Flow::Go
    }
}

/// Takes the path to a part, if it is one: its choices, and the steps between them that cannot be otherwise.
pub(super) fn lead<S: System>(system: &mut S, part: Option<&Part>) {
    let mut path = part.iter().flat_map(|part| &part.path).peekable();
    while path.peek().is_some() {
        system.ready();
        let kernel = system.kernel();
        let index = match kernel.choice() {
            None if kernel.enabled().len() == 1 => 0,
            _ => match path.next() {
                Some(Choice::Thread(t)) => kernel.enabled().rank(*t),
                Some(Choice::Waiter(index)) => *index as usize,
                None => unreachable!("it was looked for"),
            },
        };
        system.take(index);
    }
}

impl<'m, P: Pool> Visitor<Driver<'m>> for Hunt<'_, P> {
    fn complete(&mut self, driver: &Driver<'m>, path: &Path) -> Flow {
        if self.endless_only.is_some() {
            return Flow::Go;
        }
        self.suspect.over(driver);
        if driver.reached_limit() && self.suspect.finds_loops(driver) {
            self.circles = true;
            return Flow::Stop;
        }
        if path.preemptions < self.fewest {
            return Flow::Go;
        }
        self.over(driver, self.settings.options.seed, path.weight)
    }

    fn redundant(&mut self, driver: &Driver<'m>) -> Flow {
        self.suspect.over(driver);
        self.tally.redundant += 1;
        Flow::Go
    }

    fn endless(&mut self, driver: &mut Driver<'m>, preemptions: u32) -> Flow {
        if preemptions < self.fewest {
            return Flow::Go;
        }
        driver.call_endless();
        self.over(driver, self.settings.options.seed, 0)
    }

    #[inline]
    fn enter(&mut self, driver: &Driver<'m>) -> Entry {
        if let Some(left) = &mut self.endless_only {
            *left = left.saturating_sub(1);
            return if *left == 0 { Entry::Stop } else { Entry::Go };
        }
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
        self.tally.steps += 1;
        self.until_look -= 1;
        Entry::Go
    }
}
