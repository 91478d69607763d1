//! What is asked of runs: that one fits.

use std::cmp::Reverse;

use super::guard::{Guarded, Reached};
use super::{Goal, Instead, Log, Nearest};
use crate::explore::{Replay, RoundRobin, Schedule, Strategy};
use crate::run::{Driver, Ending, Options, Session};
use crate::search::counts::Counts;
use crate::search::dpor::Flow;
use crate::search::outcome::{Observe, Outcome, digest};
use crate::search::part::PartName;
use crate::search::query::{Found, Query, Run};
use crate::search::suspect::{Loops, Suspect};
use crate::vm::state::Printed;

/// Threads whose lines are told where a line of the log did not come.
const TOLD: usize = 4;

/// A run that fits, or else the one that comes nearest.
#[derive(Clone, Default)]
pub(in crate::search) struct Fit {
    /// The part, what tells the outcome of the run from others, and the run.
    pub run: Option<(PartName, u128, Outcome)>,
    pub best: Option<(PartName, Best)>,
}

/// The run that has come furthest.
#[derive(Clone)]
pub(in crate::search) struct Best {
    reached: [Reached; 2],
    schedule: Schedule,
    steps: u64,
    instead: Vec<Instead>,
}

/// How far a run came, so that one that came further has more.
fn rank([a, b]: &[Reached; 2]) -> (usize, u32) {
    (a.lines + b.lines, a.place + b.place)
}

impl Fit {
    /// Keeps a run that will not fit, if it came further than those before it.
    fn compare(&mut self, guarded: &Guarded<Driver>, over: bool) {
        let reached = guarded.reached();
        let best = self.best.as_ref();
        if best.is_some_and(|(_, best)| rank(&best.reached) >= rank(&reached)) {
            return;
        }
        let instead = match over {
            true => Vec::new(),
            false => guarded.waiting(),
        };
        let told = instead.into_iter().take(TOLD);
        let best = Best {
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
        };
        self.best = Some((PartName::default(), best));
    }
}

/// The run of the least part that has one; of those that come as near as any the one of the least part.
impl Found for Fit {
    fn add(&mut self, part: &PartName, other: Fit) {
        if let Some((_, key, run)) = other.run
            && self.run.as_ref().is_none_or(|(least, ..)| part < least)
        {
            self.run = Some((part.clone(), key, run));
        }
        let order = |part, best: &Best| (rank(&best.reached), Reverse(part));
        if let Some((_, best)) = other.best
            && (self.best.as_ref())
                .is_none_or(|(least, old)| order(part, &best) > order(least, old))
        {
            self.best = Some((part.clone(), best));
        }
    }

    fn last(&self) -> Option<&PartName> {
        self.run.as_ref().map(|(part, ..)| part)
    }
}

/// Asks for a run that fits.
impl Query for Goal {
    type System<'m> = Guarded<Driver<'m>>;
    type Found = Fit;

    fn system<'m>(&self, driver: Driver<'m>) -> Guarded<Driver<'m>> {
        Guarded::new(driver, self.logs())
    }

    /// Whether a line that comes again and again is new is for the log to say.
    fn printed(&self) -> Printed {
        Printed::Nothing
    }

    fn orders(&self, stream: u8) -> bool {
        self.logs()[usize::from(stream == 2)].is_some()
    }

    fn has_gaps(&self) -> bool {
        self.logs().into_iter().flatten().any(Log::is_partial)
    }

    fn over(
        &self,
        fit: &mut Fit,
        counts: &mut Counts,
        guarded: &Guarded<Driver<'_>>,
        run: Run,
    ) -> Flow {
        let driver = &guarded.inner;
        let ending = driver.ending().expect("the run is over");
        if guarded.fits_whole() && self.allows(&ending) {
            let run = Outcome::example(driver, run.seed);
            let key = digest(driver, Observe::Output);
            fit.run = Some((PartName::default(), key, run));
            return Flow::Stop;
        }
        counts.refused |= matches!(ending, Ending::Refused(_));
        fit.compare(guarded, true);
        Flow::Go
    }

    fn stuck(&self, fit: &mut Fit, guarded: &Guarded<Driver<'_>>) {
        fit.compare(guarded, false);
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
    let mut suspect = Suspect::new(Printed::All, options.max_steps, Loops::default());
    let mut fair = false;
    while driver.ready() {
        if suspect.circles(&driver) {
            suspect = Suspect::new(Printed::All, options.max_steps, Loops::default());
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
