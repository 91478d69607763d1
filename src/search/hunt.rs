//! One worker's search: takes the runs of a part and counts their outcomes.

use super::dpor::{Entry, Flow, Path, Reduction, Search, Visitor};
use super::outcome::{Observe, Tally};
use super::part::{Part, PartName};
use super::settings::{CutOff, Plan, Settings};
use crate::explore::Random;
use crate::run::{Driver, Session};

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

/// How many parts to give away at a time.
const ENOUGH: usize = 12;

/// What a worker tells the others while it works.
pub(super) trait Pool {
    /// Takes parts that others shall do.
    fn give(&mut self, name: &PartName, first: u32, parts: Vec<Part>);

    /// Now and then: whether to go on.
    fn look(&mut self, tally: &Tally, done: (f64, f64)) -> Flow;
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
        }
    }

    /// Searches a part, or all. Tells whether all of it was seen, but for what was given away.
    pub(super) fn search(
        &mut self,
        session: &mut Session,
        name: &PartName,
        part: Option<&Part>,
    ) -> bool {
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
            if self.pool.look(&self.tally, search.done_share()) == Flow::Stop {
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
        over
    }

    /// All runs without preemption, then those with one, and so on.
    pub(super) fn bounded(&mut self, session: &mut Session, bound: u32) -> bool {
        for preemptions in 0..=bound {
            self.fewest = preemptions;
            let mut driver = session.start(&self.settings.options);
            let mut search = Search::bounded(preemptions);
            let mut over = search.run(&mut driver, self);
            while !over && std::mem::take(&mut self.looks) {
                if self.pool.look(&self.tally, search.done_share()) == Flow::Stop {
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
                if self.pool.look(&self.tally, (done, done)) == Flow::Stop {
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
            && self.settings.max_schedules == Some(self.tally.schedules)
        {
            self.cut.max_schedules = true;
            return Flow::Stop;
        }
        Flow::Go
    }
}

impl<'m, P: Pool> Visitor<Driver<'m>> for Hunt<'_, P> {
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
