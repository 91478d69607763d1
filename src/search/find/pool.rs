//! Many workers at one search for a run.
//!
//! Parts are given away as in [`crate::search::pool`], and have the same names, whose order is that in which one worker takes them. The run
//! found in the least part is the one that counts; parts before it are searched to their end, and of those after it nothing counts.
//! So the result is the same with any number of workers.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Goal;
use super::hunt::{Counts, Hunt};
use crate::run::Session;
use crate::search::dpor::Flow;
use crate::search::hunt::{Pool, Progress};
use crate::search::outcome::Outcome;
use crate::search::part::{Part, PartName};
use crate::search::settings::Settings;

/// Who is told how far a search is, and may stop it.
type Watch<'w> = &'w mut dyn FnMut(&Progress) -> Flow;

/// What was found.
pub(super) struct Total {
    /// The run, with what tells its outcome from others.
    pub run: Option<(u128, Outcome)>,
    pub counts: Counts,
    /// All was seen.
    pub whole: bool,
}

/// How long the watching worker waits for news when it has nothing to do.
const NAP: Duration = Duration::from_millis(50);

#[derive(Default)]
struct State {
    open: BTreeMap<PartName, Part>,
    /// Schedules and steps taken so far.
    running: BTreeMap<PartName, (u64, u64)>,
    done: BTreeMap<PartName, Counts>,
    /// The run of the least part that has one.
    run: Option<(PartName, (u128, Outcome))>,
    /// How often one worker took all upon itself: what was begun before is void.
    round: u32,
    stop: bool,
    /// Some part was not searched to its end.
    broken: bool,
}

impl State {
    /// Whether a part comes after the one that the run is of.
    fn is_late(&self, name: &PartName) -> bool {
        self.run.as_ref().is_some_and(|(least, _)| name > least)
    }
}

struct Shared<'a> {
    settings: &'a Settings,
    goal: &'a Goal,
    state: Mutex<State>,
    news: Condvar,
}

/// Searches with as many workers as the settings say.
pub(super) fn search(
    settings: &Settings,
    goal: &Goal,
    session: &mut Session,
    watch: Watch<'_>,
) -> Total {
    let mut state = State::default();
    state.open.insert(PartName::default(), Part::default());
    let shared = Shared {
        settings,
        goal,
        state: Mutex::new(state),
        news: Condvar::new(),
    };
    // What ends by a count ends there with any number of workers: only one can tell what comes before.
    let one = settings.preemptions.is_some() || settings.max_schedules.is_some();
    let others = if one { 0 } else { settings.jobs.max(1) - 1 };
    let mut sessions: Vec<Session> = (0..others).map(|_| session.clone()).collect();
    std::thread::scope(|scope| {
        for session in &mut sessions {
            let shared = &shared;
            scope.spawn(move || shared.work(session, None));
        }
        shared.work(session, Some(watch));
    });
    let state = shared.state.into_inner();
    let mut state = state.unwrap_or_else(PoisonError::into_inner);
    let mut counts = Counts::default();
    for (name, part) in std::mem::take(&mut state.done) {
        if !state.is_late(&name) {
            counts.add(part);
        }
    }
    Total {
        whole: !state.broken && !state.stop && state.open.is_empty(),
        run: state.run.map(|(_, run)| run),
        counts,
    }
}

impl Shared<'_> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes parts until there are none.
    fn work(&self, session: &mut Session, watch: Option<Watch<'_>>) {
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
            if let Some((least, _)) = &state.run {
                let least = least.clone();
                state.open.split_off(&least);
            }
            let Some((name, part)) = state.open.pop_first() else {
                if state.running.is_empty() {
                    self.news.notify_all();
                    return;
                }
                state = worker.wait(state);
                continue;
            };
            state.running.insert(name.clone(), (0, 0));
            worker.round = state.round;
            worker.name.clone_from(&name);
            let mut settings = self.settings.clone();
            if let Some(most) = &mut settings.max_schedules {
                *most -= state.done.values().map(|part| part.schedules).sum::<u64>();
            }
            drop(state);
            let mut hunt = Hunt::new(&settings, self.goal, &mut worker);
            let whole = match settings.preemptions {
                Some(bound) => hunt.bounded(session, bound),
                None => hunt.search(session, &name, (!name.0.is_empty()).then_some(&part)),
            };
            let (run, counts) = (hunt.run.take(), std::mem::take(&mut hunt.counts));
            state = self.lock();
            if worker.round != state.round {
                continue;
            }
            state.running.remove(&name);
            self.news.notify_all();
            if state.is_late(&name) {
                continue;
            }
            state.stop |= counts.cut.max_schedules || counts.cut.stopped;
            state.broken |= !whole;
            if let Some(run) = run {
                state.run = Some((name.clone(), run));
            }
            state.done.insert(name, counts);
        }
    }
}

/// One of the threads that search.
struct Worker<'a, 'w> {
    shared: &'a Shared<'a>,
    watch: Option<Watch<'w>>,
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
            let done = state.done.values().map(|part| (part.schedules, part.steps));
            let all = done.chain(state.running.values().copied());
            let (schedules, steps) = all.fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
            let progress = Progress {
                schedules,
                steps,
                ..Progress::default()
            };
            if watch(&progress) == Flow::Stop {
                state.stop = true;
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
            state.open.insert(name.child(n), part);
        }
        self.shared.news.notify_all();
    }

    fn take_all(&mut self) {
        let mut state = self.shared.lock();
        let state = &mut *state;
        state.round += 1;
        self.round = state.round;
        state.open.clear();
        state.running.retain(|name, _| *name == self.name);
        state.done.clear();
        state.run = None;
        state.broken = false;
    }

    fn look(&mut self, schedules: u64, steps: u64, _: (f64, f64)) -> Flow {
        let mut state = self.shared.lock();
        if self.round != state.round || state.is_late(&self.name) {
            return Flow::Stop;
        }
        if let Some(running) = state.running.get_mut(&self.name) {
            *running = (schedules, steps);
        }
        self.tell(&mut state);
        if state.stop { Flow::Stop } else { Flow::Go }
    }
}
