//! Many workers at one search.
//!
//! A search gives away parts of itself after a fixed number of steps ([`super::hunt`]), and each part may do so again. Which parts there
//! are depends on the program alone; who takes them, and when, on the machine. Results are added in a way that does not depend on
//! the order, so the whole is the same with any number of workers.
//!
//! What is not done is a list of parts, each of which is a list of choices: [`Checkpoint`] holds it with what was found so far.

use super::dpor::Flow;
use super::hunt::{Hunt, Pool, Progress};
use super::outcome::Tally;
use super::part::{Part, PartName};
use super::settings::{CutOff, Plan, RANDOM_RUNS, Settings};
use crate::run::Session;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Who is told how far a search is, and may stop it.
pub trait Watch {
    /// Looks, now and then. `state` gives the whole state of the search, to be stored.
    fn look(&mut self, progress: &Progress, state: &mut dyn FnMut() -> Checkpoint) -> Flow;

    /// The search is over, or was stopped; this is the state it is in.
    fn finish(&mut self, state: Checkpoint) {
        let _ = state;
    }
}

/// Watches by a function.
impl<F: FnMut(&Progress) -> Flow> Watch for F {
    fn look(&mut self, progress: &Progress, _: &mut dyn FnMut() -> Checkpoint) -> Flow {
        self(progress)
    }
}

/// A search that can go on another time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Checkpoint {
    /// What was found in the parts that are done.
    pub(super) tally: Tally,
    /// The parts that are done, with how many schedules each took.
    pub(super) done: Vec<(PartName, u64)>,
    /// The parts that are not.
    pub(super) open: Vec<(PartName, Part)>,
    pub(super) first_bug: Option<(PartName, u64)>,
    pub(super) cut: CutOff,
    /// The whole is searched by states. How far that has come is not told: it begins anew.
    #[serde(default)]
    pub(super) by_states: bool,
}

impl Checkpoint {
    /// Schedules taken so far.
    pub fn schedules(&self) -> u64 {
        self.tally.schedules
    }
}

/// What was found when all workers are done.
pub(super) struct Total {
    pub(super) tally: Tally,
    pub(super) done: BTreeMap<PartName, u64>,
    pub(super) first_bug: Option<(PartName, u64)>,
    pub(super) cut: CutOff,
    pub(super) whole: bool,
}

/// A part being searched: as it was given, and how far it is.
struct Running {
    part: Part,
    schedules: u64,
    steps: u64,
    share: (f64, f64),
}

#[derive(Default)]
struct State {
    open: BTreeMap<PartName, Part>,
    running: BTreeMap<PartName, Running>,
    done: BTreeMap<PartName, u64>,
    tally: Tally,
    first_bug: Option<(PartName, u64)>,
    cut: CutOff,
    stop: bool,
    by_states: bool,
    /// How often one worker took all upon itself: what was begun before is void.
    round: u32,
    /// Some part was not searched to its end.
    broken: bool,
    /// What was found in parts that were stopped.
    halves: Tally,
    /// These parts.
    halved: BTreeMap<PartName, Part>,
}

struct Shared<'a> {
    settings: &'a Settings,
    state: Mutex<State>,
    news: Condvar,
}

/// How long the watching worker waits for news when it has nothing to do.
const NAP: Duration = Duration::from_millis(50);

/// Runs by chance that make a part.
const RUNS: u64 = 512;

/// Searches with as many workers as the settings say, from the begin or from where another search was.
pub(super) fn search(
    settings: &Settings,
    session: &mut Session,
    from: Option<Checkpoint>,
    watch: &mut dyn Watch,
) -> Total {
    let shared = Shared {
        settings,
        state: Mutex::new(State::from(
            from.unwrap_or_else(|| Checkpoint::begin(settings)),
        )),
        news: Condvar::new(),
    };
    // What ends by a count ends there with any number of workers: only one can tell what comes before.
    let one = settings.fail_fast
        || settings.preemptions.is_some()
        || settings.max_schedules.is_some() && settings.plan != Plan::Random;
    let others = if one { 0 } else { settings.jobs.max(1) - 1 };
    let mut sessions: Vec<Session> = (0..others).map(|_| session.clone()).collect();
    std::thread::scope(|scope| {
        for session in &mut sessions {
            let shared = &shared;
            scope.spawn(move || shared.work(session, None));
        }
        shared.work(session, Some(&mut *watch));
    });
    let state = shared.state.into_inner();
    let mut state = state.unwrap_or_else(PoisonError::into_inner);
    watch.finish(state.checkpoint());
    // What was found in parts that were stopped counts now; another time they are taken anew.
    state.tally.add(std::mem::take(&mut state.halves));
    Total {
        whole: !state.broken && !state.stop && state.open.is_empty(),
        tally: state.tally,
        done: state.done,
        first_bug: state.first_bug,
        cut: state.cut,
    }
}

impl Checkpoint {
    /// The state of a search that has not begun.
    fn begin(settings: &Settings) -> Checkpoint {
        let parts = match settings.plan {
            Plan::Random => runs(settings).div_ceil(RUNS) as u32,
            _ => 0,
        };
        let mut open: Vec<_> = (0..parts)
            .map(|n| (PartName::default().child(n), Part::default()))
            .collect();
        if settings.plan != Plan::Random {
            open.push((PartName::default(), Part::default()));
        }
        Checkpoint {
            open,
            ..Checkpoint::default()
        }
    }
}

fn runs(settings: &Settings) -> u64 {
    settings.max_schedules.unwrap_or(RANDOM_RUNS)
}

impl From<Checkpoint> for State {
    fn from(from: Checkpoint) -> State {
        State {
            open: from.open.into_iter().collect(),
            done: from.done.into_iter().collect(),
            tally: from.tally,
            first_bug: from.first_bug,
            // What ended it is over when it goes on.
            cut: CutOff {
                stopped: false,
                fail_fast: false,
                max_schedules: false,
                ..from.cut
            },
            by_states: from.by_states,
            ..State::default()
        }
    }
}

impl State {
    fn checkpoint(&self) -> Checkpoint {
        let open = self.open.iter();
        let running = self.running.iter().map(|(name, r)| (name, &r.part));
        let running = running.chain(&self.halved);
        Checkpoint {
            tally: self.tally.clone(),
            done: self.done.iter().map(|(n, s)| (n.clone(), *s)).collect(),
            open: open
                .chain(running)
                .map(|(name, part)| (name.clone(), part.clone()))
                .collect(),
            first_bug: self.first_bug.clone(),
            cut: self.cut.clone(),
            by_states: self.by_states,
        }
    }

    fn progress(&self) -> Progress {
        let running = || self.running.values();
        Progress {
            schedules: self.tally.schedules + running().map(|r| r.schedules).sum::<u64>(),
            steps: self.tally.steps + running().map(|r| r.steps).sum::<u64>(),
            total: self.estimate(),
            outcomes: self.tally.outcomes(),
        }
    }

    /// How many schedules there may be: of each running part as many as its share says, of each open one as many as the mean.
    fn estimate(&self) -> Option<(f64, f64)> {
        let of = |pick: fn(&Running) -> f64| {
            let mut sum = 0.0;
            for running in self.running.values() {
                let share = pick(running);
                if share <= 0.0 {
                    return None;
                }
                sum += running.schedules as f64 / share;
            }
            let known = self.done.len() + self.running.len();
            let mean = (sum + self.tally.schedules as f64) / known.max(1) as f64;
            Some(self.tally.schedules as f64 + sum + mean * self.open.len() as f64)
        };
        let (a, b) = (of(|r| r.share.0)?, of(|r| r.share.1)?);
        Some((a.min(b), a.max(b)))
    }
}

impl Shared<'_> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes parts until there are none.
    fn work(&self, session: &mut Session, watch: Option<&mut dyn Watch>) {
        let mut worker = Worker {
            shared: self,
            watch,
            name: PartName::default(),
            round: 0,
        };
        let mut state = self.lock();
        loop {
            if state.stop {
                return;
            }
            let Some((name, part)) = state.open.pop_first() else {
                if state.running.is_empty() {
                    self.news.notify_all();
                    return;
                }
                state = worker.wait(state);
                continue;
            };
            let running = Running {
                part: part.clone(),
                schedules: 0,
                steps: 0,
                share: (0.0, 0.0),
            };
            state.running.insert(name.clone(), running);
            worker.round = state.round;
            let before = state.tally.schedules;
            let by_states = state.by_states;
            drop(state);
            worker.name.clone_from(&name);
            let mut settings = self.settings.clone();
            settings.merge_states |= by_states;
            if settings.plan != Plan::Random
                && let Some(most) = &mut settings.max_schedules
            {
                *most = most.saturating_sub(before);
            }
            let mut hunt = Hunt::new(&settings, &mut worker);
            let whole = match (settings.plan, settings.preemptions) {
                (Plan::Random, _) => {
                    let at = u64::from(name.0[0]) * RUNS;
                    let count = RUNS.min(runs(&settings) - at);
                    let first = settings.options.seed.wrapping_add(at);
                    hunt.random(session, first, count)
                }
                (_, Some(bound)) => hunt.bounded(session, bound),
                _ => hunt.search(session, &name, (!name.0.is_empty()).then_some(&part)),
            };
            let (tally, cut, first_bug) = (
                std::mem::take(&mut hunt.tally),
                hunt.cut.clone(),
                hunt.first_bug,
            );
            state = self.lock();
            if worker.round != state.round {
                continue;
            }
            state.running.remove(&name);
            state.stop |= cut.fail_fast || cut.max_schedules || cut.stopped;
            if let Some(first) = first_bug.map(|n| (name.clone(), n))
                && state.first_bug.as_ref().is_none_or(|old| first < *old)
            {
                state.first_bug = Some(first);
            }
            if cut.fail_fast || cut.max_schedules || cut.stopped {
                // Who goes on takes the part anew, and lets it end another way.
                state.cut.fail_fast |= cut.fail_fast;
                state.cut.max_schedules |= cut.max_schedules;
                state.halves.add(tally.of_part(&name));
                state.halved.insert(name.clone(), part);
                state.broken = true;
                self.news.notify_all();
                continue;
            }
            state.done.insert(name.clone(), tally.schedules);
            state.tally.add(tally.of_part(&name));
            state.cut.add(&cut);
            state.broken |= !whole;
            self.news.notify_all();
        }
    }
}

/// One of the threads that search.
struct Worker<'a, 'w> {
    shared: &'a Shared<'a>,
    watch: Option<&'w mut dyn Watch>,
    name: PartName,
    /// The round in which its part was begun.
    round: u32,
}

impl Worker<'_, '_> {
    fn wait<'g>(&mut self, state: MutexGuard<'g, State>) -> MutexGuard<'g, State> {
        let news = &self.shared.news;
        if self.watch.is_none() {
            return news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let (mut state, _) = news
            .wait_timeout(state, NAP)
            .unwrap_or_else(PoisonError::into_inner);
        self.tell(&mut state);
        state
    }

    fn tell(&mut self, state: &mut State) {
        if let Some(watch) = &mut self.watch {
            let progress = state.progress();
            if watch.look(&progress, &mut || state.checkpoint()) == Flow::Stop {
                state.stop = true;
                state.cut.stopped = true;
                self.shared.news.notify_all();
            }
        }
    }
}

impl Pool for Worker<'_, '_> {
    fn give(&mut self, name: &PartName, first: u32, parts: Vec<Part>) {
        let mut state = self.shared.lock();
        if self.round != state.round {
            return;
        }
        for (n, part) in (first..).zip(parts) {
            let name = name.child(n);
            // After a resumption it may have been given before.
            if !state.done.contains_key(&name) && !state.running.contains_key(&name) {
                state.open.insert(name, part);
            }
        }
        self.shared.news.notify_all();
    }

    fn take_all(&mut self) {
        let mut state = self.shared.lock();
        let state = &mut *state;
        state.by_states = true;
        state.round += 1;
        self.round = state.round;
        state.open.clear();
        state.done.clear();
        state.running.retain(|name, _| *name == self.name);
        state.tally = Tally::default();
        state.cut = CutOff {
            stopped: state.cut.stopped,
            ..CutOff::default()
        };
        state.first_bug = None;
        state.broken = false;
    }

    fn look(&mut self, schedules: u64, steps: u64, share: (f64, f64)) -> Flow {
        let mut state = self.shared.lock();
        if self.round != state.round {
            return Flow::Stop;
        }
        if let Some(running) = state.running.get_mut(&self.name) {
            running.schedules = schedules;
            running.steps = steps;
            running.share = share;
        }
        self.tell(&mut state);
        if state.stop { Flow::Stop } else { Flow::Go }
    }
}
