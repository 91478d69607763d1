//! Many workers at one search.
//!
//! A search gives away parts of itself after a fixed number of steps ([`super::hunt`]), and each part may do so again. Which parts there
//! are depends on the program alone; who takes them, and when, on the machine. Results are added in a way that does not depend on
//! the order, so the whole is the same with any number of workers. What is looked for may be found in one part ([`Found::last`]): then
//! the parts before it are searched to their end, and nothing counts of those after it.
//!
//! What is not done is a list of parts, each of which is a list of choices: [`Checkpoint`] holds it with what was found so far.

use super::checkpoint::{Checkpoint, Watch};
use super::counts::Counts;
use super::dpor::Flow;
use super::hunt::{Hunt, Pool, Progress, RUNS, runs};
use super::part::{Part, PartName};
use super::query::{Found, Query};
use super::settings::{Plan, Settings};
use super::suspect::Loops;
use crate::run::Session;
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What was found when all workers are done.
pub(super) struct Total<F> {
    pub(super) found: F,
    pub(super) counts: Counts,
    /// What each part took.
    pub(super) done: BTreeMap<PartName, Counts>,
    /// All was seen.
    pub(super) whole: bool,
}

/// A part being searched: as it was given, and how far it is.
struct Running {
    part: Part,
    schedules: u64,
    steps: u64,
    share: (f64, f64),
}

/// A part that was stopped, and what was found in it.
struct Half<F> {
    part: Part,
    found: F,
    counts: Counts,
}

/// A part with a run that goes in circles, what was found in it before, and what is known of such loops then.
struct Circles<F> {
    part: Part,
    found: F,
    loops: Loops,
}

#[derive(Default)]
struct State<F> {
    open: BTreeMap<PartName, Part>,
    running: BTreeMap<PartName, Running>,
    done: BTreeMap<PartName, Counts>,
    halves: BTreeMap<PartName, Half<F>>,
    /// What was found in the parts that are done.
    found: F,
    /// The least part with a run that goes in circles.
    circles: Option<(PartName, Circles<F>)>,
    /// The whole is searched by states.
    by_states: Option<Loops>,
    /// How often the search began anew: what was begun before is void.
    round: u32,
    /// Some part was not searched to its end.
    broken: bool,
    /// Nobody shall go on.
    stop: bool,
    /// Because who watches says so.
    told_to_stop: bool,
}

struct Shared<'a, Q: Query> {
    settings: &'a Settings,
    query: &'a Q,
    state: Mutex<State<Q::Found>>,
    news: Condvar,
}

/// How long the watching worker waits for news when it has nothing to do.
const NAP: Duration = Duration::from_millis(50);

/// Searches with as many workers as the settings say, from the begin or from where another search was.
pub(super) fn search<Q: Query>(
    settings: &Settings,
    query: &Q,
    session: &mut Session,
    from: Option<Checkpoint<Q::Found>>,
    watch: &mut dyn Watch<Q::Found>,
) -> Total<Q::Found> {
    let shared = Shared {
        settings,
        query,
        state: Mutex::new(from.map_or_else(|| begin(settings), State::from)),
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
    let state = state.unwrap_or_else(PoisonError::into_inner);
    watch.finish(state.checkpoint());
    state.total()
}

/// The state of a search that has not begun.
fn begin<F: Found>(settings: &Settings) -> State<F> {
    let parts = match settings.plan {
        Plan::Random => runs(settings).div_ceil(RUNS) as u32,
        _ => 0,
    };
    let named = (0..parts).map(|n| PartName::default().child(n));
    let whole = (settings.plan != Plan::Random).then(PartName::default);
    State {
        open: named
            .chain(whole)
            .map(|name| (name, Part::default()))
            .collect(),
        ..State::default()
    }
}

impl<F: Found> From<Checkpoint<F>> for State<F> {
    fn from(from: Checkpoint<F>) -> Self {
        State {
            open: from.open.into_iter().collect(),
            done: from.done.into_iter().collect(),
            found: from.found,
            by_states: from.by_states,
            ..State::default()
        }
    }
}

impl<F: Found> State<F> {
    /// What another search can go on from: parts that were stopped it takes anew, and lets them end another way.
    fn checkpoint(&self) -> Checkpoint<F> {
        let open = self.open.iter();
        let running = self.running.iter().map(|(name, r)| (name, &r.part));
        let halves = self.halves.iter().map(|(name, half)| (name, &half.part));
        let circles = self.circles.iter();
        let circles = circles.map(|(name, circles)| (name, &circles.part));
        Checkpoint {
            found: self.found.clone(),
            done: self
                .done
                .iter()
                .map(|(name, counts)| (name.clone(), counts.clone()))
                .collect(),
            open: open
                .chain(running)
                .chain(halves)
                .chain(circles)
                .map(|(name, part)| (name.clone(), part.clone()))
                .collect(),
            by_states: self.by_states.clone(),
        }
    }

    fn total(mut self) -> Total<F> {
        for (name, half) in self.halves {
            self.found.add(&name, half.found);
            self.done.insert(name, half.counts);
        }
        if let Some(last) = self.found.last() {
            self.done.retain(|name, _| name <= last);
        }
        let mut counts = Counts::default();
        self.done.values().for_each(|part| counts.add(part));
        counts.cut.stopped |= self.told_to_stop;
        Total {
            whole: !self.broken && !self.stop && self.open.is_empty(),
            found: self.found,
            counts,
            done: self.done,
        }
    }

    /// The part after which none counts any longer.
    fn last(&self) -> Option<&PartName> {
        let circles = self.circles.as_ref().map(|(name, _)| name);
        self.found.last().into_iter().chain(circles).min()
    }

    /// Whether a part comes after all that counts.
    fn is_late(&self, name: &PartName) -> bool {
        self.last().is_some_and(|last| name > last)
    }

    /// All parts before one whose runs go in circles are done, or being done. Once they are done all is searched anew by states, as one
    /// part: states are told apart by nothing that lies before them, so all parts would come to the same ones. Tells whether
    /// it now is.
    fn turn_to_states(&mut self) -> bool {
        let Some((name, _)) = &self.circles else {
            return false;
        };
        if self.last() != Some(name) || self.running.range(..name.clone()).next().is_some() {
            return false;
        }
        let Some((name, circles)) = self.circles.take() else {
            return false;
        };
        let mut found = std::mem::take(&mut self.found);
        found.add(&name, circles.found);
        found.begin_anew(&name);
        *self = State {
            found,
            by_states: Some(circles.loops),
            round: self.round + 1,
            open: BTreeMap::from([(PartName::default(), Part::default())]),
            ..State::default()
        };
        true
    }

    /// Schedules of the parts that are done.
    fn schedules(&self) -> u64 {
        self.done.values().map(|part| part.schedules).sum()
    }

    fn progress(&self) -> Progress {
        let running = || self.running.values();
        let steps: u64 = self.done.values().map(|part| part.steps).sum();
        Progress {
            schedules: self.schedules() + running().map(|r| r.schedules).sum::<u64>(),
            steps: steps + running().map(|r| r.steps).sum::<u64>(),
            total: self.estimate(),
            outcomes: self.found.outcomes(),
        }
    }

    /// How many schedules there may be: of each running part as many as its share says, of each open one as many as the mean.
    fn estimate(&self) -> Option<(f64, f64)> {
        let done = self.schedules() as f64;
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
            let mean = (sum + done) / known.max(1) as f64;
            Some(done + sum + mean * self.open.len() as f64)
        };
        let (a, b) = (of(|r| r.share.0)?, of(|r| r.share.1)?);
        Some((a.min(b), a.max(b)))
    }
}

impl<Q: Query> Shared<'_, Q> {
    fn lock(&self) -> MutexGuard<'_, State<Q::Found>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes parts until there are none.
    fn work(&self, session: &mut Session, watch: Option<&mut dyn Watch<Q::Found>>) {
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
            if let Some(last) = state.last().cloned() {
                state.open.split_off(&last);
            }
            let Some((name, part)) = state.open.pop_first() else {
                if state.turn_to_states() {
                    continue;
                }
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
            worker.name.clone_from(&name);
            let mut settings = self.settings.clone();
            let by_states = settings.merge_states.then(Loops::default);
            let loops = state.by_states.clone().or(by_states);
            if settings.plan != Plan::Random
                && let Some(most) = &mut settings.max_schedules
            {
                *most = most.saturating_sub(state.schedules());
            }
            drop(state);
            let mut hunt = Hunt::new(&settings, self.query, &mut worker, loops);
            let whole = hunt.take(session, &name, &part);
            let (found, counts, circles) = hunt.into_parts();
            state = self.lock();
            if worker.round != state.round {
                continue;
            }
            state.running.remove(&name);
            self.news.notify_all();
            if state.is_late(&name) {
                continue;
            }
            if let Some(loops) = circles {
                let circles = Circles { part, found, loops };
                state.circles = Some((name, circles));
                continue;
            }
            state.broken |= !whole;
            if counts.cut.ends_search() {
                state.stop = true;
                let half = Half {
                    part,
                    found,
                    counts,
                };
                state.halves.insert(name, half);
            } else {
                state.found.add(&name, found);
                state.done.insert(name, counts);
            }
        }
    }
}

/// One of the threads that search.
struct Worker<'a, 'w, Q: Query> {
    shared: &'a Shared<'a, Q>,
    watch: Option<&'w mut dyn Watch<Q::Found>>,
    name: PartName,
    /// The round in which its part was begun.
    round: u32,
}

impl<Q: Query> Worker<'_, '_, Q> {
    fn wait<'g>(
        &mut self,
        state: MutexGuard<'g, State<Q::Found>>,
    ) -> MutexGuard<'g, State<Q::Found>> {
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

    fn tell(&mut self, state: &mut State<Q::Found>) {
        if let Some(watch) = &mut self.watch {
            let progress = state.progress();
            if watch.look(&progress, &mut || state.checkpoint()) == Flow::Stop {
                state.stop = true;
                state.told_to_stop = true;
                self.shared.news.notify_all();
            }
        }
    }
}

impl<Q: Query> Pool for Worker<'_, '_, Q> {
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

    fn look(&mut self, schedules: u64, steps: u64, share: (f64, f64)) -> Flow {
        let mut state = self.shared.lock();
        if self.round != state.round || state.is_late(&self.name) {
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
