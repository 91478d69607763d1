//! Simpler examples: of all schedules with an outcome, one that a person can follow.
//!
//! Two ways, the cheaper first. *Blocks*: the schedule is a list of blocks, each of one thread going on; two neighbours change places,
//! so that blocks of the same thread become one, and what the threads can no longer do is left out. Whatever still
//! has the outcome and switches less is kept. *Bounded search*: all runs without preemption, then with one, and so on, up to one
//! less than the example has: what is found there has the fewest preemptions of all (Musuvathi and Qadeer, "Iterative Context
//! Bounding", PLDI 2007). Both end after a number of steps; the example is then what it is.

use super::dpor::{Entry, Flow, Path, Search, Visitor};
use super::outcome::{Observe, Outcome, digest};
use crate::explore::{ChoiceKind, Schedule};
use crate::id::ThreadId;
use crate::run::{Driver, Ending, Limit, Options, Session};

/// Steps that the simplification of one outcome may take, in all, at least and at most: between them as many as the search took.
const STEPS: (u64, u64) = (5_000, 400_000);

/// Finds a simpler example of an outcome with this digest. `taken` is how many steps the search took.
pub(super) fn minimize(
    session: &mut Session,
    options: &Options,
    observe: Observe,
    key: u128,
    outcome: &mut Outcome,
    taken: u64,
) {
    if outcome.schedule.has_jumps() || outcome.ending == Ending::Endless(Limit::Cycle) {
        // Shown by the shortest way to where it is seen already.
        return;
    }
    let options = Options {
        seed: outcome.seed,
        // Nothing much longer is simpler, and some run may have no end.
        max_steps: options.max_steps.min(outcome.steps * 2 + 100),
        ..options.clone()
    };
    let mut left = taken.clamp(STEPS.0, STEPS.1);
    while by_blocks(session, &options, observe, key, outcome, &mut left) {}
    by_bound(session, &options, observe, key, outcome, left);
}

/// Tries all neighbours; tells whether one was better.
fn by_blocks(
    session: &mut Session,
    options: &Options,
    observe: Observe,
    key: u128,
    outcome: &mut Outcome,
    left: &mut u64,
) -> bool {
    let (blocks, waiters) = blocks(&outcome.schedule);
    for at in 1..blocks.len() {
        if *left < outcome.steps {
            return false;
        }
        let mut order = blocks.clone();
        order.swap(at - 1, at);
        let mut driver = session.start(options);
        follow(&mut driver, &order, &waiters);
        *left = left.saturating_sub(driver.steps());
        if digest(&driver, observe) == key && outcome.improve(&driver) {
            return true;
        }
    }
    false
}

/// The blocks of a schedule: who goes on for how many choices; and the waiters that it chose.
fn blocks(schedule: &Schedule) -> (Vec<(ThreadId, u64)>, Vec<ThreadId>) {
    let (mut blocks, mut waiters) = (Vec::new(), Vec::new());
    for (kind, t) in schedule.iter() {
        match (kind, blocks.last_mut()) {
            (ChoiceKind::Waiter, _) => waiters.push(t),
            (_, Some((last, count))) if *last == t => *count += 1,
            _ => blocks.push((t, 1)),
        }
    }
    (blocks, waiters)
}

/// Runs by the blocks as far as they fit; where they do not, the thread goes on that was going, or the first that can.
fn follow(driver: &mut Driver, blocks: &[(ThreadId, u64)], waiters: &[ThreadId]) {
    let mut blocks = blocks.iter().copied();
    let mut waiters = waiters.iter();
    let mut block = blocks.next();
    while driver.ready() {
        let point = driver.point();
        let index = if point.len() == 1 {
            0
        } else if point.kind() == ChoiceKind::Waiter {
            waiters
                .next()
                .and_then(|t| point.index_of(*t))
                .unwrap_or_default()
        } else {
            loop {
                match &mut block {
                    Some((t, count)) if *count > 0 => match point.index_of(*t) {
                        Some(index) => {
                            *count -= 1;
                            break index;
                        }
                        None => block = blocks.next(),
                    },
                    Some(_) => block = blocks.next(),
                    None => break point.current_index().unwrap_or_default(),
                }
            }
        };
        driver.take(index);
    }
}

/// Looks for an example with fewer preemptions among all such runs.
fn by_bound(
    session: &mut Session,
    options: &Options,
    observe: Observe,
    key: u128,
    outcome: &mut Outcome,
    left: u64,
) {
    let mut hunt = Bounded {
        observe,
        key,
        outcome,
        left,
        found: false,
        most: 0,
    };
    // What the example has is not known from its schedule; a switch without preemption is a switch all the same.
    for preemptions in 0..hunt.outcome.schedule.switches() as u32 {
        hunt.most = preemptions;
        let mut driver = session.start(options);
        let whole = Search::bounded(preemptions).run(&mut driver, &mut hunt);
        if hunt.found || !whole {
            return;
        }
    }
}

struct Bounded<'a> {
    observe: Observe,
    key: u128,
    outcome: &'a mut Outcome,
    left: u64,
    found: bool,
    most: u32,
}

impl Visitor<Driver<'_>> for Bounded<'_> {
    fn complete(&mut self, driver: &Driver, path: &Path) -> Flow {
        if path.preemptions == self.most && digest(driver, self.observe) == self.key {
            self.found = true;
            // The fewest preemptions there are, if not the fewest switches.
            self.outcome.take(driver);
            return Flow::Stop;
        }
        Flow::Go
    }

    fn redundant(&mut self, _: &Driver) -> Flow {
        Flow::Go
    }

    fn enter(&mut self, _: &Driver) -> Entry {
        if self.left == 0 {
            return Entry::Stop;
        }
        self.left -= 1;
        Entry::Go
    }
}
