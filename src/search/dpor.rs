//! Depth-first search over the choices of a system, with or without partial-order reduction.
//!
//! # The reduction
//!
//! Source sets with sleep sets: P. Abdulla, S. Aronis, B. Jonsson, K. Sagonas, "Source Sets: A Foundation for Optimal Dynamic
//! Partial Order Reduction" (J. ACM 2017), with the treatment of blocking operations after C. Flanagan and P. Godefroid (POPL
//! 2005): races are looked for not only when a step is taken but whenever one is parked, so that a thread that waits for a lock
//! races with the step that took it, and not with the release.
//!
//! - Each node has a *backtrack set*: threads to be tried there. It begins with one thread. A race between event *e* and a later step
//!   *f* adds, at the node before *e*, one thread that can be first when *f* comes before *e* (unless one is there already).
//! - A thread whose subtree is done goes to *sleep*: it need not be tried in the other subtrees of the node till a step that
//!   it depends on is taken. Sleep sets alone make that no two complete runs are equivalent.
//! - Where all that can step sleeps, the run is cut off as *redundant*: its continuations are all known.
//! - Which waiter a notification wakes is a node of its own, all of whose options are tried.
//!
//! Soundness rests on [`crate::kernel::footprint`]. The property tests compare with the search without reduction.

use std::ops::Range;

use smallvec::SmallVec;

use crate::id::ThreadId;
use crate::kernel::{Kernel, ThreadSet, ThreadState};

use super::events::{Begun, Events, Next, Step};
use super::part::{Choice, Part};
use super::system::System;

/// What is done with the runs that a search finds.
pub trait Visitor<S: System> {
    /// A run is over. Tells whether to go on.
    fn complete(&mut self, system: &S, run: &Path) -> Flow;

    /// A run was cut off because all its continuations are known from others.
    fn redundant(&mut self, system: &S) -> Flow;

    /// The run can go on for ever: it has just gone round a circle of states, and each thread that could step there did. `system` is
    /// where the circle begins.
    fn endless(&mut self, system: &mut S, preemptions: u32) -> Flow {
        let _ = (system, preemptions);
        Flow::Go
    }

    /// The search is in front of a step. Tells whether to go on with this run.
    fn enter(&mut self, system: &S) -> Entry {
        let _ = system;
        Entry::Go
    }
}

/// How a search came to the end of a run.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    /// Its steps in their order, unless the search keeps none ([`Reduction::None`]).
    pub events: &'a Events,
    /// The probability of coming here when each choice is by chance, all options being as likely, in units of 1 / [`CERTAIN`].
    pub weight: u128,
    /// How often a thread was made to stop that could have gone on.
    pub preemptions: u32,
}

/// The probability 1: sums of such integers are the same in any order.
pub const CERTAIN: u128 = 1 << 100;

/// Whether a search goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// It does.
    Go,
    /// It stops here.
    Stop,
}

/// Whether a run goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entry {
    /// It does.
    Go,
    /// It is cut off here, and the search goes on with the others.
    Cut,
    /// The search stops for now: [`Search::resume`] goes on.
    Pause,
    /// The search stops.
    Stop,
}

/// How to search.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reduction {
    /// Every order of steps.
    None,
    /// Every order of steps, and of each its partial order: to compare with.
    Traced,
    /// Each Mazurkiewicz trace once.
    Dpor,
}

/// A thread that sleeps, and the step that it would take.
type Sleeper = (ThreadId, Step);

/// A choice of who steps.
#[derive(Debug)]
struct Node<M> {
    /// The way back; none where nobody else could step.
    mark: Option<M>,
    enabled: ThreadSet,
    backtrack: ThreadSet,
    done: ThreadSet,
    /// Those that slept when the node was reached, and then those that were tried: a range of [`Search::sleepers`].
    sleep: Range<usize>,
    /// Events before it.
    events: usize,
    /// See [`Path`].
    weight: u128,
    preemptions: u32,
    /// The thread that took the step before it, if it can go on.
    stay: Option<ThreadId>,
    /// The thread whose subtree is being searched.
    now: ThreadId,
}

/// A choice of who is notified, within a step.
#[derive(Debug)]
struct Waiters<M> {
    mark: M,
    options: usize,
    next: usize,
    /// Chosen before, in the same step.
    chosen: SmallVec<[ThreadId; 2]>,
    weight: u128,
}

#[derive(Debug)]
enum Frame<M> {
    Thread(Node<M>),
    Waiters(Waiters<M>),
}

/// A depth-first search.
#[derive(Debug)]
pub struct Search<S: System> {
    reduction: Reduction,
    stack: Vec<Frame<S::Mark>>,
    events: Events,
    /// Where in the stack the node before each event is; [`ELSEWHERE`] for those of the path to the part that is searched.
    nodes: Vec<usize>,
    /// Where it was paused.
    paused: Option<usize>,
    /// The way from the begin of the program to the oldest frame.
    prefix: Vec<Choice>,
    /// The step under way, while waiters are chosen.
    begun: Option<Begun>,
    /// The waiters chosen so far, on the path to a part.
    chosen: SmallVec<[ThreadId; 2]>,
    /// Those that sleep, at the oldest node first.
    sleepers: Vec<Sleeper>,
    weight: u128,
    preemptions: u32,
    /// Paths with more preemptions are not taken.
    bound: Option<u32>,
    /// How many steps were not taken because of that.
    cut: u64,
    /// Steps that others could take instead, and perhaps cannot after it.
    rivals: SmallVec<[Next; 1]>,
    found: Vec<usize>,
    initials: SmallVec<[ThreadId; 8]>,
}

/// No node of this search.
const ELSEWHERE: usize = usize::MAX;

/// Where a search goes on.
enum Way {
    /// Down: a new point, where the sleepers from this one on sleep.
    Down(usize),
    /// Up to the newest frame with something left.
    Up,
    Stop,
}

impl From<Flow> for Way {
    fn from(flow: Flow) -> Way {
        match flow {
            Flow::Go => Way::Up,
            Flow::Stop => Way::Stop,
        }
    }
}

impl<S: System> Search<S> {
    /// A search that has seen nothing.
    pub fn new(reduction: Reduction) -> Self {
        Search {
            reduction,
            stack: Vec::new(),
            events: Events::default(),
            nodes: Vec::new(),
            paused: None,
            prefix: Vec::new(),
            begun: None,
            chosen: SmallVec::new(),
            sleepers: Vec::new(),
            weight: CERTAIN,
            preemptions: 0,
            bound: None,
            cut: 0,
            rivals: SmallVec::new(),
            found: Vec::new(),
            initials: SmallVec::new(),
        }
    }

    /// A search without reduction of the runs with at most so many preemptions.
    pub fn bounded(preemptions: u32) -> Self {
        Search {
            bound: Some(preemptions),
            ..Search::new(Reduction::None)
        }
    }

    /// The order in which threads print makes no difference.
    pub fn ignore_output(&mut self) {
        self.events.ignore_output();
    }

    /// How many steps were not taken because of the bound on preemptions.
    pub fn cut(&self) -> u64 {
        self.cut
    }

    /// Searches from where the system is until all is seen, or the visitor stops it; tells whether all was seen.
    pub fn run<V: Visitor<S>>(&mut self, system: &mut S, visitor: &mut V) -> bool {
        self.go_on(system, visitor, Way::Down(0))
    }

    /// Searches one part of what another search left over.
    pub fn run_part<V: Visitor<S>>(
        &mut self,
        system: &mut S,
        visitor: &mut V,
        part: &Part,
    ) -> bool {
        for choice in &part.path {
            self.follow(system, *choice);
        }
        self.prefix.clone_from(&part.path);
        let way = self.begin_part(system, part);
        self.go_on(system, visitor, way)
    }

    /// Goes on after a pause.
    ///
    /// # Panics
    /// When the search was not paused.
    pub fn resume<V: Visitor<S>>(&mut self, system: &mut S, visitor: &mut V) -> bool {
        let sleep = self.paused.take().expect("paused");
        self.go_on(system, visitor, Way::Down(sleep))
    }

    fn go_on<V: Visitor<S>>(&mut self, system: &mut S, visitor: &mut V, mut way: Way) -> bool {
        loop {
            way = match way {
                Way::Down(sleep) => self.down(system, visitor, sleep),
                Way::Up if self.stack.is_empty() => return true,
                Way::Up => self.up(system),
                Way::Stop => return false,
            };
        }
    }

    /// Takes a choice of the path to a part.
    fn follow(&mut self, system: &mut S, choice: Choice) {
        let waiters = system
            .kernel()
            .choice()
            .map(|choice| choice.options().len());
        match (choice, waiters) {
            (Choice::Waiter(index), Some(options)) => {
                self.weight /= options as u128;
                self.chosen.push(waiter(system, index as usize));
                system.take(index as usize);
            }
            (Choice::Thread(t), None) => {
                system.ready();
                let kernel = system.kernel();
                self.weight /= kernel.enabled().len() as u128;
                self.chosen.clear();
                if self.traces() {
                    self.events.note_due(kernel, None);
                    self.begun = Some(self.events.begin(kernel, t));
                }
                let index = kernel.enabled().rank(t);
                system.take(index);
            }
            _ => panic!("[raddle internal bug] the path to a part does not fit"),
        }
        if self.traces() && system.kernel().choice().is_none() {
            let begun = self.begun.clone().expect("a step was begun");
            self.events.done(system, begun, self.chosen.clone());
            self.nodes.push(ELSEWHERE);
        }
    }

    /// Takes the first step of a part, at a node whose other steps are of other parts.
    fn begin_part(&mut self, system: &mut S, part: &Part) -> Way {
        system.ready();
        let enabled = system.kernel().enabled().clone();
        if self.traces() {
            self.events.note_due(system.kernel(), None);
        }
        let mark = system.mark();
        for t in &part.asleep {
            let begun = self.events.begin(system.kernel(), *t);
            system.take(enabled.rank(*t));
            while system.kernel().choice().is_some() {
                system.take(0);
            }
            let step = self.events.step_of(system, begun);
            self.sleepers.push((*t, step));
            system.back(&mark);
        }
        self.stack.push(Frame::Thread(Node {
            mark: Some(mark),
            backtrack: enabled.clone(),
            done: enabled.clone(),
            sleep: 0..self.sleepers.len(),
            events: self.events.len(),
            weight: self.weight,
            preemptions: self.preemptions,
            stay: system.current().filter(|t| enabled.contains(*t)),
            now: part.step,
            enabled,
        }));
        self.step(system, part.step)
    }

    /// Gives away work: all that is left to do at the oldest nodes, as parts for other searches, till there are `enough`. At these
    /// nodes all threads will be tried, by somebody, so that no race need be reported back.
    pub fn give_away(&mut self, enough: usize) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut path = self.prefix.clone();
        for frame in &mut self.stack {
            let node = match frame {
                Frame::Waiters(waiters) => {
                    path.push(Choice::Waiter(waiters.next as u32 - 1));
                    continue;
                }
                Frame::Thread(node) => node,
            };
            if parts.len() < enough && node.mark.is_some() {
                let mut asleep: Vec<ThreadId> = Vec::new();
                if self.reduction == Reduction::Dpor {
                    let tried = &self.sleepers[node.sleep.clone()];
                    asleep.extend(tried.iter().map(|sleeper| sleeper.0));
                    asleep.push(node.now);
                }
                for t in &node.enabled {
                    if node.done.contains(t) || asleep.contains(&t) {
                        continue;
                    }
                    parts.push(Part {
                        path: path.clone(),
                        asleep: asleep.clone(),
                        step: t,
                    });
                    if self.reduction == Reduction::Dpor {
                        asleep.push(t);
                    }
                }
                node.done.clone_from(&node.enabled);
                node.backtrack.clone_from(&node.enabled);
            }
            path.push(Choice::Thread(node.now));
        }
        parts
    }

    /// How much of the tree is done, between 0 and 1: as far as is known now what there is to do, and if all threads had to be tried
    /// everywhere. After D. Knuth, "Estimating the Efficiency of Backtrack Programs" (1975).
    pub fn done_share(&self) -> (f64, f64) {
        let (mut known, mut all) = (0.0, 0.0);
        let (mut part_known, mut part_all) = (1.0, 1.0);
        for frame in &self.stack {
            let (done, of_known, of_all) = match frame {
                Frame::Waiters(waiters) => (waiters.next, waiters.options, waiters.options),
                Frame::Thread(node) => (
                    node.done.len(),
                    node.backtrack.len().max(1),
                    node.enabled.len(),
                ),
            };
            let before = done.saturating_sub(1) as f64;
            part_known /= of_known as f64;
            part_all /= of_all as f64;
            known += before * part_known;
            all += before * part_all;
        }
        (known, all)
    }

    fn traces(&self) -> bool {
        self.reduction != Reduction::None
    }

    /// Goes on from a state that was not seen before.
    fn down<V: Visitor<S>>(&mut self, system: &mut S, visitor: &mut V, sleep: usize) -> Way {
        // Those who wait now will be woken, if at all, by time, or never go on.
        let idle = system.kernel().choice().is_none() && system.kernel().is_idle();
        if idle {
            self.close(system.kernel(), sleep);
        }
        if !system.ready() {
            if !idle {
                self.close(system.kernel(), sleep);
            }
            let path = Path {
                events: &self.events,
                weight: self.weight,
                preemptions: self.preemptions,
            };
            return visitor.complete(system, &path).into();
        }
        match visitor.enter(system) {
            Entry::Go => {}
            Entry::Cut => return Way::Up,
            Entry::Pause => {
                self.paused = Some(sleep);
                return Way::Stop;
            }
            Entry::Stop => return Way::Stop,
        }
        let enabled = system.kernel().enabled().clone();
        let asleep = &self.sleepers[sleep..];
        let awake = |t: &ThreadId| !sleeps(asleep, *t);
        // To stay with the same thread gives schedules with few switches.
        let stay = system.current().filter(|t| enabled.contains(*t));
        let first = stay.filter(awake).or_else(|| enabled.iter().find(awake));
        let Some(first) = first else {
            self.close(system.kernel(), sleep);
            return visitor.redundant(system).into();
        };
        let mut backtrack = ThreadSet::new();
        if self.traces() {
            self.events.note_due(system.kernel(), None);
        }
        if self.reduction == Reduction::Dpor {
            backtrack.insert(first);
        } else if stay.is_some() && self.bound == Some(self.preemptions) {
            backtrack.insert(first);
            self.cut += enabled.len() as u64 - 1;
        } else {
            backtrack.clone_from(&enabled);
        }
        let mark = (enabled.len() > 1).then(|| system.mark());
        self.stack.push(Frame::Thread(Node {
            mark,
            enabled,
            backtrack,
            done: ThreadSet::new(),
            sleep: sleep..self.sleepers.len(),
            events: self.events.len(),
            weight: self.weight,
            preemptions: self.preemptions,
            stay,
            now: first,
        }));
        self.step(system, first)
    }

    /// Goes back to the newest frame, and takes what is left there.
    fn up(&mut self, system: &mut S) -> Way {
        match self.stack.last_mut().expect("there is a frame") {
            Frame::Waiters(waiters) => {
                if waiters.next == waiters.options {
                    self.stack.pop();
                    return Way::Up;
                }
                system.back(&waiters.mark);
                if self.traces() {
                    let node = self.node();
                    let events = self.thread_node(node).events;
                    self.events.truncate(events);
                    self.nodes.truncate(events);
                }
                self.notify(system)
            }
            Frame::Thread(node) => {
                if self.reduction != Reduction::None && node.events < self.events.len() {
                    let event = self.events.get(node.events);
                    if node.mark.is_some() && self.reduction == Reduction::Dpor {
                        self.sleepers.truncate(node.sleep.end);
                        self.sleepers.push((event.thread, event.step.clone()));
                        node.sleep.end += 1;
                    }
                    self.events.truncate(node.events);
                    self.nodes.truncate(node.events);
                }
                let asleep = &self.sleepers[node.sleep.clone()];
                let left = |t: &ThreadId| !node.done.contains(*t) && !sleeps(asleep, *t);
                let next = node.backtrack.iter().find(left);
                if let (Some(t), Some(mark)) = (next, &node.mark) {
                    system.back(mark);
                    return self.step(system, t);
                }
                self.sleepers.truncate(node.sleep.start);
                self.stack.pop();
                Way::Up
            }
        }
    }

    /// Where the newest node of threads is.
    fn node(&self) -> usize {
        let threads = |frame: &Frame<_>| matches!(frame, Frame::Thread(_));
        self.stack
            .iter()
            .rposition(threads)
            .expect("steps begin at a node")
    }

    fn thread_node(&self, at: usize) -> &Node<S::Mark> {
        match &self.stack[at] {
            Frame::Thread(node) => node,
            Frame::Waiters(_) => unreachable!("only nodes of threads are kept"),
        }
    }

    /// Lets `t` step at the newest node.
    fn step(&mut self, system: &mut S, t: ThreadId) -> Way {
        let Some(Frame::Thread(node)) = self.stack.last_mut() else {
            unreachable!("a step is taken at a node of threads")
        };
        node.done.insert(t);
        node.now = t;
        self.weight = node.weight / node.enabled.len() as u128;
        self.preemptions = node.preemptions + u32::from(node.stay.is_some_and(|stay| stay != t));
        let kernel = system.kernel();
        let index = node.enabled.rank(t);
        if self.reduction != Reduction::None {
            self.begun = Some(self.events.begin(kernel, t));
            self.rivals.clear();
            for rival in kernel.could_wake_alone().filter(|rival| *rival != t) {
                self.rivals.push(self.events.next(kernel, rival));
            }
            // What the step ends will not be seen again: it could have stepped before.
            for victim in kernel.doomed_by(t) {
                self.rivals.push(self.events.next(kernel, victim));
            }
        }
        system.take(index);
        self.taken(system, SmallVec::new())
    }

    /// Lets the next waiter of the newest frame be notified.
    fn notify(&mut self, system: &mut S) -> Way {
        let Some(Frame::Waiters(waiters)) = self.stack.last_mut() else {
            unreachable!("called for a frame of waiters")
        };
        let index = waiters.next;
        waiters.next += 1;
        self.weight = waiters.weight / waiters.options as u128;
        let mut chosen = waiters.chosen.clone();
        chosen.push(waiter(system, index));
        system.take(index);
        self.taken(system, chosen)
    }

    /// A step was taken, or a part of it: the next waiter is to be chosen, or else the run has come to a new state.
    fn taken(&mut self, system: &mut S, chosen: SmallVec<[ThreadId; 2]>) -> Way {
        if let Some(choice) = system.kernel().choice() {
            let options = choice.options().len();
            let mark = system.mark();
            self.stack.push(Frame::Waiters(Waiters {
                mark,
                options,
                next: 0,
                chosen,
                weight: self.weight,
            }));
            return self.notify(system);
        }
        if self.traces() {
            return Way::Down(self.learn(system, chosen));
        }
        Way::Down(self.sleepers.len())
    }

    /// Puts the step just taken in its order, and looks for races. Tells who sleeps after it.
    fn learn(&mut self, system: &S, chosen: SmallVec<[ThreadId; 2]>) -> usize {
        let at = self.node();
        // Only another choice of waiters takes it again.
        let begun = if chosen.is_empty() {
            self.begun.take()
        } else {
            self.begun.clone()
        };
        self.events
            .done(system, begun.expect("a step was begun"), chosen);
        self.nodes.push(at);
        if self.reduction != Reduction::Dpor {
            return 0;
        }
        self.reverse(None);
        if !self.rivals.is_empty() {
            let lost = |rival: &&Next| {
                !system
                    .kernel()
                    .could_wake_alone()
                    .any(|t| t == rival.thread)
            };
            let rivals = std::mem::take(&mut self.rivals);
            for rival in rivals.iter().filter(lost) {
                self.reverse(Some(rival));
            }
            self.rivals = rivals;
        }
        let sleep = self.thread_node(at).sleep.clone();
        // What a branch of the same node left behind, where it was a choice of waiters.
        self.sleepers.truncate(sleep.end);
        for i in sleep.clone() {
            if !self.sleepers[i]
                .1
                .depends(&self.events.get(self.events.len() - 1).step)
            {
                self.sleepers.push(self.sleepers[i].clone());
            }
        }
        sleep.end
    }

    /// The run goes no further. Looks for races of the steps that will not be taken: of threads that wait for ever, or were cut off.
    fn close(&mut self, kernel: &Kernel, sleep: usize) {
        if self.reduction != Reduction::Dpor {
            return;
        }
        for t in kernel.live() {
            if !sleeps(&self.sleepers[sleep..], t) && kernel.state(t) == ThreadState::Parked {
                let next = self.events.next(kernel, t);
                self.reverse(Some(&next));
            }
        }
    }

    /// Sees to it that each race of a step not yet taken, or of the newest, is tried in the other order too.
    fn reverse(&mut self, next: Option<&Next>) {
        let mut found = std::mem::take(&mut self.found);
        match next {
            Some(next) => self.events.races_of_next(next, &mut found),
            None => self.events.races(&mut found),
        }
        for &index in &found {
            let Some(frame) = self.stack.get_mut(self.nodes[index]) else {
                // All is tried there, by others.
                continue;
            };
            let Frame::Thread(node) = frame else {
                unreachable!("only nodes of threads are kept")
            };
            self.events.initials(index, next, &mut self.initials);
            let initials = &self.initials;
            let asleep = &self.sleepers[node.sleep.clone()];
            if initials
                .iter()
                .any(|t| node.backtrack.contains(*t) || sleeps(asleep, *t))
            {
                continue;
            }
            let enabled = |t: &&ThreadId| node.enabled.contains(**t);
            let thread = next.map_or_else(
                || self.events.get(self.events.len() - 1).thread,
                |next| next.thread,
            );
            let own = initials.iter().find(|t| **t == thread).filter(enabled);
            match own.or_else(|| initials.iter().find(enabled)) {
                Some(t) => _ = node.backtrack.insert(*t),
                // It was blocked there for a reason that is not known: try all.
                None => node.backtrack.union_with(&node.enabled),
            }
        }
        self.found = found;
    }
}

fn sleeps(sleepers: &[Sleeper], t: ThreadId) -> bool {
    sleepers.iter().any(|sleeper| sleeper.0 == t)
}

/// The waiter that option `index` of the present choice wakes.
fn waiter<S: System>(system: &S, index: usize) -> ThreadId {
    system
        .kernel()
        .choice()
        .expect("a choice is open")
        .options()[index]
}
