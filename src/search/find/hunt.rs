//! The search for a run that fits.

use super::guard::{Guarded, Reached};
use super::{Found, Goal, Instead, Nearest};
use crate::explore::{ChoiceKind, Schedule};
use crate::run::{Driver, Ending, Session};
use crate::search::dpor::{Entry, Flow, Path, Reduction, Search, Visitor};
use crate::search::hunt::Progress;
use crate::search::outcome::{Observe, Outcome, digest};
use crate::search::settings::{CutOff, Settings};

/// Steps between two looks at the clock.
const WATCH_EVERY: u32 = 4_096;

/// Threads whose lines are told where a line of the log did not come.
const TOLD: usize = 4;

/// A search, and what it has found so far.
pub(super) struct Hunt<'a> {
    settings: &'a Settings,
    goal: &'a Goal,
    watch: &'a mut dyn FnMut(&Progress) -> Flow,
    /// The run, with what tells its outcome from others.
    pub(super) run: Option<(u128, Outcome)>,
    best: Option<Best>,
    schedules: u64,
    left: u64,
    redundant: u64,
    steps: u64,
    cut: CutOff,
    refused: bool,
    /// Runs with fewer preemptions were counted before.
    fewest: u32,
    until_look: u32,
    looks: bool,
}

/// The run that has come furthest.
struct Best {
    reached: [Reached; 2],
    schedule: Schedule,
    instead: Vec<Instead>,
}

impl<'a> Hunt<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        goal: &'a Goal,
        watch: &'a mut dyn FnMut(&Progress) -> Flow,
    ) -> Self {
        Hunt {
            settings,
            goal,
            watch,
            run: None,
            best: None,
            schedules: 0,
            left: 0,
            redundant: 0,
            steps: 0,
            cut: CutOff::default(),
            refused: false,
            fewest: 0,
            until_look: WATCH_EVERY,
            looks: false,
        }
    }

    /// Searches with reduction. Tells whether all was seen.
    pub(super) fn search(&mut self, session: &mut Session) -> bool {
        let mut driver = session.start(&self.settings.options);
        driver.note_accesses();
        let mut search = Search::new(Reduction::Dpor);
        for (stream, log) in (1..).zip(self.goal.logs()) {
            if log.is_none() {
                search.ignore_stream(stream);
            }
        }
        self.go(driver, &mut search)
    }

    /// All runs without preemption, then those with one, and so on.
    pub(super) fn bounded(&mut self, session: &mut Session, bound: u32) -> bool {
        for preemptions in 0..=bound {
            self.fewest = preemptions;
            let driver = session.start(&self.settings.options);
            let mut search = Search::bounded(preemptions);
            let over = self.go(driver, &mut search);
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

    fn go<'m>(&mut self, driver: Driver<'m>, search: &mut Search<Guarded<Driver<'m>>>) -> bool {
        let mut guarded = Guarded::new(driver, self.goal.logs());
        let mut over = search.run(&mut guarded, self);
        // The visitor stops the search to look around; it goes on where it was.
        while !over && std::mem::take(&mut self.looks) {
            let progress = Progress {
                schedules: self.schedules,
                steps: self.steps,
                ..Progress::default()
            };
            if (self.watch)(&progress) == Flow::Stop {
                self.cut.stopped = true;
                return false;
            }
            over = search.resume(&mut guarded, self);
        }
        over
    }

    /// The result, but for the run itself.
    pub(super) fn found(&mut self, session: &mut Session) -> Found {
        let nearest = match (&self.run, self.best.take()) {
            (None, Some(best)) => Some(self.nearest(session, best)),
            _ => None,
        };
        Found {
            run: None,
            nearest,
            complete: false,
            schedules: self.schedules,
            left: self.left,
            redundant: self.redundant,
            steps: self.steps,
            cut_off: self.cut.clone(),
            refused: self.refused,
        }
    }

    /// Takes the run that came nearest again, and to its end.
    fn nearest(&self, session: &mut Session, best: Best) -> Nearest {
        let options = &self.settings.options;
        let mut driver = session.start(options);
        let mut choices = best.schedule.iter();
        while driver.ready() {
            let point = driver.point();
            let index = if point.len() == 1 {
                0
            } else {
                let chosen = choices.next().and_then(|(kind, t)| {
                    debug_assert!(kind == point.kind() || kind == ChoiceKind::Thread);
                    point.index_of(t)
                });
                chosen.or_else(|| point.current_index()).unwrap_or_default()
            };
            driver.take(index);
        }
        Nearest {
            lines: best.reached.map(|reached| reached.lines),
            instead: best.instead,
            run: Outcome::example(&driver, options.seed),
        }
    }

    /// Keeps a run that will not fit, if it came further than those before it.
    fn compare(&mut self, guarded: &Guarded<Driver>, over: bool) {
        let reached = guarded.reached();
        let rank = |reached: &[Reached; 2]| {
            let [a, b] = *reached;
            (a.lines + b.lines, a.place + b.place)
        };
        if self
            .best
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
        self.best = Some(Best {
            reached,
            schedule: guarded.inner.schedule().clone(),
            instead: told
                .map(|(thread, stream, line)| Instead {
                    thread,
                    stream,
                    line,
                })
                .collect(),
        });
    }

    /// One more schedule was looked at.
    fn count(&mut self) -> Flow {
        self.schedules += 1;
        if self.settings.max_schedules == Some(self.schedules) {
            self.cut.max_schedules = true;
            return Flow::Stop;
        }
        Flow::Go
    }
}

impl<'m> Visitor<Guarded<Driver<'m>>> for Hunt<'_> {
    fn complete(&mut self, guarded: &Guarded<Driver<'m>>, path: &Path) -> Flow {
        if path.preemptions < self.fewest {
            return Flow::Go;
        }
        let driver = &guarded.inner;
        let ending = driver.ending().expect("the run is over");
        if guarded.fits_whole() && self.goal.allows(&ending) {
            self.schedules += 1;
            let run = Outcome::example(driver, self.settings.options.seed);
            self.run = Some((digest(driver, Observe::Output), run));
            return Flow::Stop;
        }
        if driver.reached_limit() {
            self.cut.count(&ending);
        }
        self.refused |= matches!(ending, Ending::Refused(_));
        self.compare(guarded, true);
        self.count()
    }

    fn redundant(&mut self, _: &Guarded<Driver<'m>>) -> Flow {
        self.redundant += 1;
        Flow::Go
    }

    fn stuck(&mut self, guarded: &Guarded<Driver<'m>>, path: &Path) -> Flow {
        if path.preemptions < self.fewest {
            return Flow::Go;
        }
        self.left += 1;
        self.compare(guarded, false);
        self.count()
    }

    #[inline]
    fn enter(&mut self, _: &Guarded<Driver<'m>>) -> Entry {
        if self.until_look == 0 {
            self.until_look = WATCH_EVERY;
            self.looks = true;
            return Entry::Pause;
        }
        self.steps += 1;
        self.until_look -= 1;
        Entry::Go
    }
}
