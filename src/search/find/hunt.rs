//! The search for a run that fits.

use super::guard::{Guarded, Reached};
use super::{Goal, Instead, Nearest};
use crate::explore::{Replay, RoundRobin, Schedule, Strategy};
use crate::run::{Driver, Ending, Options, Session};
use crate::search::dpor::{Entry, Flow, Path, Reduction, Search, Visitor};
use crate::search::hunt::{ENOUGH, GIVE_AWAY_AFTER, Pool, WATCH_EVERY, lead};
use crate::search::merge::Merge;
use crate::search::outcome::{Observe, Outcome, digest};
use crate::search::part::{Part, PartName};
use crate::search::settings::{CutOff, Settings, States};
use crate::search::suspect::Suspect;
use crate::vm::state::Printed;

/// Threads whose lines are told where a line of the log did not come.
const TOLD: usize = 4;

/// A search, and what it has found so far.
pub(super) struct Hunt<'a, P> {
    settings: &'a Settings,
    goal: &'a Goal,
    pool: &'a mut P,
    /// The run, with what tells its outcome from others.
    pub(super) run: Option<(u128, Outcome)>,
    pub(super) counts: Counts,
    /// Runs with fewer preemptions were counted before.
    fewest: u32,
    until_look: u32,
    looks: bool,
    suspect: Suspect,
    /// Some run goes in circles.
    circles: bool,
}

/// What was looked at.
#[derive(Clone, Default)]
pub(super) struct Counts {
    pub best: Option<Best>,
    pub schedules: u64,
    pub left: u64,
    pub redundant: u64,
    pub steps: u64,
    pub states: Option<States>,
    pub cut: CutOff,
    pub refused: bool,
}

impl Counts {
    /// Adds those of a part that comes later.
    pub fn add(&mut self, later: Counts) {
        self.schedules += later.schedules;
        self.left += later.left;
        self.redundant += later.redundant;
        self.steps += later.steps;
        if let Some(states) = later.states {
            self.states.get_or_insert_default().add(&states);
        }
        self.cut.add(&later.cut);
        self.refused |= later.refused;
        if let Some(best) = later.best
            && self
                .best
                .as_ref()
                .is_none_or(|old| rank(&best.reached) > rank(&old.reached))
        {
            self.best = Some(best);
        }
    }
}

/// The run that has come furthest.
#[derive(Clone)]
pub(super) struct Best {
    reached: [Reached; 2],
    schedule: Schedule,
    steps: u64,
    instead: Vec<Instead>,
}

/// How far a run came, so that one that came further has more.
fn rank([a, b]: &[Reached; 2]) -> (usize, u32) {
    (a.lines + b.lines, a.place + b.place)
}

impl<'a, P: Pool> Hunt<'a, P> {
    pub(super) fn new(settings: &'a Settings, goal: &'a Goal, pool: &'a mut P) -> Self {
        Hunt {
            settings,
            goal,
            pool,
            run: None,
            counts: Counts::default(),
            fewest: 0,
            until_look: WATCH_EVERY,
            looks: false,
            // Whether a line that comes again and again is new is for the log to say.
            suspect: Suspect::new(Printed::Nothing, settings.options.max_steps),
            circles: settings.merge_states,
        }
    }

    /// Searches a part, or all, with reduction, or else by states. Tells whether all of it was seen, but for what was given away.
    pub(super) fn search(
        &mut self,
        session: &mut Session,
        name: &PartName,
        part: Option<&Part>,
    ) -> bool {
        if self.circles {
            return self.merge(session, part, None);
        }
        let mut driver = session.start(&self.settings.options);
        driver.note_accesses();
        let mut search = Search::new(Reduction::Dpor);
        for (stream, log) in (1..).zip(self.goal.logs()) {
            if log.is_none() {
                search.ignore_stream(stream);
            }
        }
        let mut guarded = Guarded::new(driver, self.goal.logs());
        let mut over = match part {
            Some(part) => search.run_part(&mut guarded, self, part),
            None => search.run(&mut guarded, self),
        };
        let (mut next, mut given) = (GIVE_AWAY_AFTER, 0);
        while !over && self.looks_around(search.done_share()) {
            if self.counts.steps >= next {
                next *= 2;
                let parts = search.give_away(ENOUGH);
                let first = given;
                given += parts.len() as u32;
                self.pool.give(name, first, parts);
            }
            over = search.resume(&mut guarded, self);
        }
        if !self.circles {
            return over;
        }
        self.counts = Counts::default();
        if part.is_none() {
            self.pool.take_all();
        }
        self.merge(session, part, None)
    }

    /// All runs without preemption, then those with one, and so on.
    pub(super) fn bounded(&mut self, session: &mut Session, bound: u32) -> bool {
        if !self.circles {
            let over = self.bounded_runs(session, bound);
            if !self.circles {
                return over;
            }
            self.counts = Counts::default();
        }
        for preemptions in 0..=bound {
            self.fewest = preemptions;
            if !self.merge(session, None, Some(preemptions)) {
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
            let mut guarded = Guarded::new(driver, self.goal.logs());
            let mut search = Search::bounded(preemptions);
            let mut over = search.run(&mut guarded, self);
            while !over && self.looks_around(search.done_share()) {
                over = search.resume(&mut guarded, self);
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

    /// Searches by states: each is gone on from once, whatever was printed on the way there, if only it came as far in the logs.
    fn merge(&mut self, session: &mut Session, part: Option<&Part>, bound: Option<u32>) -> bool {
        self.suspect.take_more_loops();
        loop {
            let before = self.counts.clone();
            let over = self.merge_once(session, part, bound);
            if !self.suspect.take_more_loops() {
                return over;
            }
            self.counts = before;
        }
    }

    fn merge_once(
        &mut self,
        session: &mut Session,
        part: Option<&Part>,
        bound: Option<u32>,
    ) -> bool {
        let mut driver = session.start(&self.settings.options);
        driver.know_printed(Printed::Nothing);
        let mut guarded = Guarded::new(driver, self.goal.logs());
        lead(&mut guarded, part);
        let mut merge = Merge::new(bound);
        self.suspect.bound_loops(&mut merge);
        let mut over = merge.run(&mut guarded, self);
        while !over && self.looks_around((0.0, 0.0)) {
            over = merge.run(&mut guarded, self);
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

    /// The visitor stopped the search. Tells whether that was to look around, and the search is to go on where it was.
    fn looks_around(&mut self, done: (f64, f64)) -> bool {
        if !std::mem::take(&mut self.looks) {
            return false;
        }
        let flow = self
            .pool
            .look(self.counts.schedules, self.counts.steps, done);
        self.counts.cut.stopped |= flow == Flow::Stop;
        flow == Flow::Go
    }

    /// Keeps a run that will not fit, if it came further than those before it.
    fn compare(&mut self, guarded: &Guarded<Driver>, over: bool) {
        let reached = guarded.reached();
        let best = &mut self.counts.best;
        if best
            .as_ref()
            .is_some_and(|best| rank(&best.reached) >= rank(&reached))
        {
            return;
        }
        let instead = match over {
            true => Vec::new(),
            false => guarded.waiting(),
        };
        let told = instead.into_iter().take(TOLD);
        *best = Some(Best {
            reached,
            schedule: guarded.inner.schedule().clone(),
            steps: guarded.inner.steps(),
            instead: told
                .map(|(thread, stream, line)| Instead {
                    thread,
                    stream,
                    line,
                })
                .collect(),
        });
    }

    /// A run is over.
    fn over(&mut self, guarded: &Guarded<Driver>, preemptions: u32) -> Flow {
        if preemptions < self.fewest {
            return Flow::Go;
        }
        let driver = &guarded.inner;
        let ending = driver.ending().expect("the run is over");
        if guarded.fits_whole() && self.goal.allows(&ending) {
            self.counts.schedules += 1;
            let run = Outcome::example(driver, self.settings.options.seed);
            self.run = Some((digest(driver, Observe::Output), run));
            return Flow::Stop;
        }
        if driver.reached_limit() {
            self.counts.cut.count(&ending);
        }
        self.counts.refused |= matches!(ending, Ending::Refused(_));
        self.compare(guarded, true);
        self.count()
    }

    /// One more schedule was looked at.
    fn count(&mut self) -> Flow {
        self.counts.schedules += 1;
        if self.settings.max_schedules == Some(self.counts.schedules) {
            self.counts.cut.max_schedules = true;
            return Flow::Stop;
        }
        Flow::Go
    }
}

impl<'m, P: Pool> Visitor<Guarded<Driver<'m>>> for Hunt<'_, P> {
    fn complete(&mut self, guarded: &Guarded<Driver<'m>>, path: &Path) -> Flow {
        self.suspect.over(&guarded.inner);
        if guarded.inner.reached_limit() && self.suspect.finds_loops(&guarded.inner) {
            self.circles = true;
            return Flow::Stop;
        }
        self.over(guarded, path.preemptions)
    }

    fn redundant(&mut self, guarded: &Guarded<Driver<'m>>) -> Flow {
        self.suspect.over(&guarded.inner);
        self.counts.redundant += 1;
        Flow::Go
    }

    fn endless(&mut self, guarded: &mut Guarded<Driver<'m>>, preemptions: u32) -> Flow {
        guarded.inner.call_endless();
        self.over(guarded, preemptions)
    }

    fn stuck(&mut self, guarded: &Guarded<Driver<'m>>, path: &Path) -> Flow {
        self.suspect.over(&guarded.inner);
        if path.preemptions < self.fewest {
            return Flow::Go;
        }
        self.counts.left += 1;
        self.compare(guarded, false);
        self.count()
    }

    #[inline]
    fn enter(&mut self, guarded: &Guarded<Driver<'m>>) -> Entry {
        if !self.circles && self.suspect.circles(&guarded.inner) {
            self.circles = true;
            return Entry::Stop;
        }
        self.suspect.visit(&guarded.inner);
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

/// Takes the run that came nearest again, and to its end.
pub(super) fn nearest(session: &mut Session, options: &Options, best: Best) -> Nearest {
    let mut driver = session.start(options);
    let mut replay = Replay::new(best.schedule);
    while driver.steps() < best.steps && driver.ready() {
        let point = driver.point();
        let fits = match replay.jumps(&point) {
            Ok(true) => {
                driver.jump();
                continue;
            }
            Ok(false) if point.len() == 1 => Ok(0),
            Ok(false) => replay.choose(&point),
            Err(mismatch) => Err(mismatch),
        };
        let Ok(index) = fits else {
            unreachable!("the run was taken before");
        };
        driver.take(index);
    }
    // What comes then may go in circles: if so, each thread gets its turn, and if that is a circle too, time passes.
    let mut suspect = Suspect::new(Printed::All, options.max_steps);
    let mut fair = false;
    while driver.ready() {
        if suspect.circles(&driver) {
            suspect = Suspect::new(Printed::All, options.max_steps);
            if fair && driver.kernel().can_jump() {
                driver.jump();
                continue;
            } else if fair {
                driver.call_endless();
                break;
            }
            fair = true;
        }
        let point = driver.point();
        let index = match fair {
            _ if point.len() == 1 => 0,
            true => RoundRobin.choose(&point).unwrap_or_default(),
            false => point.current_index().unwrap_or_default(),
        };
        driver.take(index);
    }
    Nearest {
        lines: best.reached.map(|reached| reached.lines),
        instead: best.instead,
        run: Outcome::example(&driver, options.seed),
    }
}
