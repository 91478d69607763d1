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
use crate::kernel::op::{Op, Verb};
use crate::kernel::{ThreadSet, ThreadState, TimeMode};

use super::events::{Again, Events, Next, Taking};
use super::part::{Choice, Part};
use super::sleep::Sleepers;
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

    /// A run was cut off because nothing that a thread could write next fits ([`System::fits`]).
    fn stuck(&mut self, system: &S, run: &Path) -> Flow {
        let _ = (system, run);
        Flow::Go
    }

    /// How many steps that nobody could take instead of may be taken without the visitor being asked in front of each. When they were, it
    /// is told of it ([`Visitor::passed`]) in front of the next step.
    fn may_pass(&self, system: &S) -> u64 {
        let _ = system;
        0
    }

    /// So many steps were taken.
    fn passed(&mut self, steps: u64) {
        let _ = steps;
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
    /// The probability of coming here when each choice is by chance, all options being as likely, in units of 1 / [`CERTAIN`]; 0 in
    /// a search with reduction.
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

/// A choice of who steps, among two or more. Where only one can step there is no node.
#[derive(Debug)]
struct Node {
    enabled: ThreadSet,
    backtrack: ThreadSet,
    done: ThreadSet,
    /// Those that slept when the node was reached, and then those that were tried: a range of [`Search::sleepers`].
    sleep: Range<usize>,
    /// How many steps of sleepers there were when the node was reached.
    slept: u32,
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
struct Waiters {
    options: usize,
    next: usize,
    /// The step that is under way.
    step: UnderWay,
    /// As it was before this choice, if traces are kept, and its [rivals](Search::rivals).
    begun: Option<Box<(Again, Vec<Next>)>>,
    /// Events before it.
    events: usize,
    weight: u128,
}

/// A step that is being taken.
#[derive(Clone, Debug)]
struct UnderWay {
    /// Where in the stack the node is; [`ELSEWHERE`] if nobody else could step.
    node: usize,
    /// Those that sleep before it: a range of [`Search::sleepers`].
    sleep: Range<usize>,
}

#[derive(Debug)]
enum Frame {
    Thread(Node),
    Waiters(Waiters),
}

/// A depth-first search.
#[derive(Debug)]
pub struct Search<S: System> {
    reduction: Reduction,
    stack: Vec<Frame>,
    /// The way back to each frame of the stack. They are large, and only the newest is looked at.
    marks: Vec<S::Mark>,
    events: Events,
    /// Where in the stack the node before each event is; [`ELSEWHERE`] if nobody else could step, and for those of the path to the part
    /// that is searched.
    nodes: Vec<usize>,
    /// Where it was paused.
    paused: Option<Range<usize>>,
    /// The way from the begin of the program to the oldest frame.
    prefix: Vec<Choice>,
    sleepers: Sleepers,
    /// Durations order things, so that the clock jumps.
    virtual_time: bool,
    /// How many forced steps may be taken without the visitor, and how many were of which it has not heard.
    may_pass: u64,
    passed: u64,
    /// Steps that others could take instead of the one that is being taken, and perhaps cannot after it.
    rivals: Vec<Next>,
    weight: u128,
    preemptions: u32,
    /// Paths with more preemptions are not taken.
    bound: Option<u32>,
    /// How many steps were not taken because of that.
    cut: u64,
    found: Vec<usize>,
    initials: SmallVec<[ThreadId; 8]>,
}

/// No node of this search.
const ELSEWHERE: usize = usize::MAX;

const MISFIT: &str = "[raddle internal bug] the path to a part does not fit";

/// Where a search goes on.
enum Way {
    /// Down: a new point, where these sleepers sleep.
    Down(Range<usize>),
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
            marks: Vec::new(),
            events: Events::default(),
            nodes: Vec::new(),
            paused: None,
            prefix: Vec::new(),
            sleepers: Sleepers::default(),
            virtual_time: false,
            may_pass: 0,
            passed: 0,
            rivals: Vec::new(),
            // With reduction not every schedule is taken: theirs say nothing.
            weight: if reduction == Reduction::Dpor {
                0
            } else {
                CERTAIN
            },
            preemptions: 0,
            bound: None,
            cut: 0,
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
        self.ignore_stream(1);
        self.ignore_stream(2);
    }

    /// The order in which threads write to a stream makes no difference.
    pub fn ignore_stream(&mut self, stream: u8) {
        self.events.ignore_stream(stream);
    }

    /// How many steps were not taken because of the bound on preemptions.
    pub fn cut(&self) -> u64 {
        self.cut
    }

    /// Searches from where the system is until all is seen, or the visitor stops it; tells whether all was seen.
    pub fn run<V: Visitor<S>>(&mut self, system: &mut S, visitor: &mut V) -> bool {
        self.go_on(system, visitor, Way::Down(0..0))
    }

    /// Searches one part of what another search left over.
    pub fn run_part<V: Visitor<S>>(
        &mut self,
        system: &mut S,
        visitor: &mut V,
        part: &Part,
    ) -> bool {
        self.follow(system, &part.path);
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

    /// Takes the choices of the path to a part, and the steps between them that cannot be otherwise.
    fn follow(&mut self, system: &mut S, path: &[Choice]) {
        let mut path = path.iter();
        loop {
            let ready = system.ready();
            assert!(ready, "[raddle internal bug] the path to a part ends early");
            let enabled = system.kernel().enabled();
            let t = if enabled.len() == 1 {
                enabled.nth(0).expect("one can step")
            } else {
                match path.next() {
                    Some(Choice::Thread(t)) => *t,
                    Some(Choice::Waiter(_)) => panic!("{MISFIT}"),
                    None => return,
                }
            };
            self.weight /= enabled.len() as u128;
            let index = enabled.rank(t);
            if self.traces() {
                self.events.note_due(system.kernel(), None);
                self.begin(system, t);
            }
            system.take(index);
            while let Some(choice) = system.kernel().choice() {
                self.weight /= choice.options().len() as u128;
                let Some(Choice::Waiter(index)) = path.next() else {
                    panic!("{MISFIT}");
                };
                if self.traces() {
                    self.events.chose(waiter(system, *index as usize));
                }
                system.take(*index as usize);
            }
            if self.traces() {
                self.done(system, false);
                self.nodes.push(ELSEWHERE);
            }
        }
    }

    /// Takes the first step of a part, at a node whose other steps are of other parts.
    fn begin_part(&mut self, system: &mut S, part: &Part) -> Way {
        system.ready();
        let enabled = system.enabled().into_owned();
        if self.traces() {
            self.events.note_due(system.kernel(), None);
        }
        let mark = system.mark();
        let mut sleep = 0..0;
        for t in &part.asleep {
            self.begin(system, *t);
            system.take(system.kernel().enabled().rank(*t));
            while system.kernel().choice().is_some() {
                system.take(0);
            }
            let touched = self.events.taken_back(system.noted());
            self.sleepers.add(&mut sleep, *t, touched);
            system.back(&mark);
        }
        self.marks.push(mark);
        let index = system.kernel().enabled().rank(part.step);
        self.stack.push(Frame::Thread(Node {
            backtrack: enabled.clone(),
            done: enabled.clone(),
            sleep: sleep.clone(),
            slept: 0,
            events: self.events.len(),
            weight: self.weight,
            preemptions: self.preemptions,
            stay: system.current().filter(|t| enabled.contains(*t)),
            now: part.step,
            enabled,
        }));
        self.step(system, part.step, index, 0, sleep)
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
            if parts.len() < enough {
                let mut asleep: Vec<ThreadId> = Vec::new();
                if self.reduction == Reduction::Dpor {
                    asleep.extend(self.sleepers.threads(&node.sleep));
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

    fn path(&self) -> Path<'_> {
        Path {
            events: &self.events,
            weight: self.weight,
            preemptions: self.preemptions,
        }
    }

    /// Goes on from a state that was not seen before.
    fn down<V: Visitor<S>>(&mut self, system: &mut S, visitor: &mut V, sleep: Range<usize>) -> Way {
        if self.passed > 0 {
            visitor.passed(std::mem::take(&mut self.passed));
        }
        // Those who wait now will be woken, if at all, by time, or never go on.
        let idle = system.kernel().choice().is_none() && system.kernel().is_idle();
        if idle {
            self.close(system, &sleep);
        }
        if !system.ready() {
            if !idle {
                self.close(system, &sleep);
            }
            return visitor.complete(system, &self.path()).into();
        }
        match visitor.enter(system) {
            Entry::Go => self.may_pass = visitor.may_pass(system),
            Entry::Cut => return Way::Up,
            Entry::Pause => {
                self.paused = Some(sleep);
                return Way::Stop;
            }
            Entry::Stop => return Way::Stop,
        }
        if self.traces() {
            self.events.note_due(system.kernel(), None);
        }
        let kernel = system.kernel();
        let enabled = system.enabled();
        if kernel.enabled().len() == 1
            && let Some(only) = enabled.nth(0)
        {
            drop(enabled);
            if self.sleepers.holds(&sleep, only) {
                self.close(system, &sleep);
                return visitor.redundant(system).into();
            }
            return self.step(system, only, 0, ELSEWHERE, sleep);
        }
        let awake = |t: &ThreadId| !self.sleepers.holds(&sleep, *t);
        // To stay with the same thread gives schedules with few switches.
        let stay = system.current();
        let stay = stay.filter(|t| kernel.enabled().contains(*t));
        let goes_on = |t: &ThreadId| awake(t) && enabled.contains(*t);
        let first = stay.filter(goes_on).or_else(|| enabled.iter().find(awake));
        let enabled = enabled.into_owned();
        let Some(first) = first else {
            self.close(system, &sleep);
            if enabled.is_empty() {
                return visitor.stuck(system, &self.path()).into();
            }
            return visitor.redundant(system).into();
        };
        let mut backtrack = ThreadSet::new();
        if self.reduction == Reduction::Dpor {
            backtrack.insert(first);
        } else if stay.is_some() && self.bound == Some(self.preemptions) {
            if stay != Some(first) {
                self.cut += enabled.len() as u64;
                return Way::Up;
            }
            backtrack.insert(first);
            self.cut += enabled.len() as u64 - 1;
        } else {
            backtrack.clone_from(&enabled);
        }
        self.marks.push(system.mark());
        self.stack.push(Frame::Thread(Node {
            enabled,
            backtrack,
            done: ThreadSet::new(),
            sleep,
            slept: self.sleepers.steps(),
            events: self.events.len(),
            weight: self.weight,
            preemptions: self.preemptions,
            stay,
            now: first,
        }));
        self.try_thread(system, first)
    }

    /// Goes back to the newest frame, and takes what is left there.
    fn up(&mut self, system: &mut S) -> Way {
        match self.stack.last_mut().expect("there is a frame") {
            Frame::Waiters(waiters) => {
                if waiters.next == waiters.options {
                    self.stack.pop();
                    self.marks.pop();
                    return Way::Up;
                }
                let mark = self.marks.last().expect("a choice of waiters has a mark");
                system.back(mark);
                if waiters.next + 1 == waiters.options {
                    system.release(mark);
                }
                if self.reduction != Reduction::None {
                    self.events.truncate(waiters.events);
                    self.nodes.truncate(waiters.events);
                }
                self.notify(system)
            }
            Frame::Thread(node) => {
                if self.reduction != Reduction::None && node.events < self.events.len() {
                    if self.reduction == Reduction::Dpor {
                        let t = self.events.thread(node.events);
                        let touched = self.events.touched(node.events);
                        self.sleepers.add(&mut node.sleep, t, touched);
                    }
                    self.events.truncate(node.events);
                    self.nodes.truncate(node.events);
                }
                let left =
                    |t: &ThreadId| !node.done.contains(*t) && !self.sleepers.holds(&node.sleep, *t);
                let next = node.backtrack.iter().find(left);
                if let Some(t) = next {
                    let mark = self.marks.last().expect("the node has a mark");
                    system.back(mark);
                    // Races can add none but those that are left.
                    if node.enabled.iter().filter(left).nth(1).is_none() {
                        system.release(mark);
                    }
                    return self.try_thread(system, t);
                }
                self.sleepers.truncate_steps(node.slept);
                self.stack.pop();
                self.marks.pop();
                Way::Up
            }
        }
    }

    /// Lets `t` step at the newest node.
    fn try_thread(&mut self, system: &mut S, t: ThreadId) -> Way {
        let at = self.stack.len() - 1;
        let Frame::Thread(node) = &mut self.stack[at] else {
            unreachable!("a step is taken at a node of threads")
        };
        node.done.insert(t);
        node.now = t;
        self.weight = node.weight / node.enabled.len() as u128;
        self.preemptions = node.preemptions + u32::from(node.stay.is_some_and(|stay| stay != t));
        let index = system.kernel().enabled().rank(t);
        let sleep = node.sleep.clone();
        self.step(system, t, index, at, sleep)
    }

    /// Lets `t` step, option `index`.
    fn step(
        &mut self,
        system: &mut S,
        t: ThreadId,
        index: usize,
        node: usize,
        sleep: Range<usize>,
    ) -> Way {
        if self.traces() {
            let kernel = system.kernel();
            self.begin(system, t);
            self.rivals.clear();
            if node != ELSEWHERE && kernel.any_could_wake_alone() {
                for rival in kernel.could_wake_alone().filter(|rival| *rival != t) {
                    self.rivals.push(self.events.next(system, rival));
                }
            }
            // What the step ends will not be seen again: it could have stepped before.
            if matches!(kernel.pending(t), Op::Exit | Op::Kill(_)) {
                for victim in kernel.doomed_by(t) {
                    self.rivals.push(self.events.next(system, victim));
                }
            }
        }
        let step = UnderWay { node, sleep };
        if self.may_pass == 0 || !self.rivals.is_empty() || wakes(system, t) {
            system.take(index);
            return self.taken(system, step);
        }
        let forced = system.take_on(index, self.may_pass, self.traces());
        if forced == 0 {
            return self.taken(system, step);
        }
        self.may_pass -= forced as u64;
        self.passed += forced as u64;
        if self.traces() {
            return Way::Down(self.learn_all(system, t, step, forced));
        }
        Way::Down(0..0)
    }

    /// Lets the next waiter of the newest frame be notified.
    fn notify(&mut self, system: &mut S) -> Way {
        let Some(Frame::Waiters(waiters)) = self.stack.last_mut() else {
            unreachable!("called for a frame of waiters")
        };
        let index = waiters.next;
        waiters.next += 1;
        self.weight = waiters.weight / waiters.options as u128;
        if let Some(begun) = &waiters.begun {
            self.events.begin_again(&begun.0);
            self.events.chose(waiter(system, index));
            self.rivals.clone_from(&begun.1);
        }
        let step = waiters.step.clone();
        system.take(index);
        self.taken(system, step)
    }

    /// A step was taken, or a part of it: the next waiter is to be chosen, or else the run has come to a new state.
    #[inline]
    fn taken(&mut self, system: &mut S, step: UnderWay) -> Way {
        if let Some(choice) = system.kernel().choice() {
            let options = choice.options().len();
            let begun = self.traces();
            let begun = begun.then(|| Box::new((self.events.begun(), self.rivals.clone())));
            self.marks.push(system.mark());
            self.stack.push(Frame::Waiters(Waiters {
                options,
                next: 0,
                step,
                begun,
                events: self.events.len(),
                weight: self.weight,
            }));
            return self.notify(system);
        }
        if self.traces() {
            return Way::Down(self.learn(system, step));
        }
        Way::Down(0..0)
    }

    /// A step of `t` is about to be taken.
    #[inline]
    fn begin(&mut self, system: &S, t: ThreadId) {
        self.events.begin(system.kernel(), t, system.writes(t));
    }

    /// It was taken. Finds its races, if they are asked for.
    #[inline]
    fn done(&mut self, system: &S, races: bool) {
        let kernel = system.kernel();
        self.virtual_time = kernel.config().time == TimeMode::Virtual;
        let taking = Taking {
            virtual_time: self.virtual_time,
            fits: |words, steps| system.fits(words, steps),
            races: races.then_some(&mut self.found),
        };
        self.events.done(system.noted(), kernel.woken(), taking);
        self.events.note_due(kernel, system.current());
    }

    /// Puts the step just taken and forced ones that followed it in their order, and looks for races. Tells who sleeps after them.
    fn learn_all(
        &mut self,
        system: &S,
        t: ThreadId,
        step: UnderWay,
        forced: usize,
    ) -> Range<usize> {
        self.virtual_time = system.kernel().config().time == TimeMode::Virtual;
        self.nodes.push(step.node);
        self.nodes.resize(self.nodes.len() + forced, ELSEWHERE);
        let forces = system.forced();
        let dpor = self.reduction == Reduction::Dpor;
        let mut sleep = step.sleep;
        let races = dpor.then_some(&mut self.found);
        let chain = self
            .events
            .done_forced(forces, Taking::forced(self.virtual_time, races));
        if dpor {
            sleep = self.learnt(sleep);
        }
        let mut next = 0;
        while next < forced {
            let asleep = self.sleepers.mask(&sleep);
            next = self
                .events
                .force_apart(&chain, forces, next, forced, asleep);
            if next == forced {
                break;
            }
            let races = dpor.then_some(&mut self.found);
            let taking = Taking::forced(self.virtual_time, races);
            self.events.force(&chain, forces, next, taking);
            if dpor {
                sleep = self.learnt(sleep);
            }
            next += 1;
        }
        self.events.note_due(system.kernel(), Some(t));
        sleep
    }

    /// The newest step has its place in the order: its races are found. Tells who of these sleeps after it.
    #[inline]
    fn learnt(&mut self, sleep: Range<usize>) -> Range<usize> {
        if !self.found.is_empty() {
            self.reverse(None);
        }
        self.sleepers.wake(sleep, self.events.newest())
    }

    /// Puts the step just taken in its order, and looks for races. Tells who sleeps after it.
    fn learn(&mut self, system: &S, step: UnderWay) -> Range<usize> {
        self.nodes.push(step.node);
        if self.reduction != Reduction::Dpor {
            self.done(system, false);
            return step.sleep;
        }
        self.done(system, true);
        if !self.found.is_empty() {
            self.reverse(None);
        }
        if !self.rivals.is_empty() {
            let rivals = std::mem::take(&mut self.rivals);
            let lost = |rival: &&Next| {
                !system
                    .kernel()
                    .could_wake_alone()
                    .any(|t| t == rival.thread)
            };
            for rival in rivals.iter().filter(lost) {
                self.reverse_next(system, rival);
            }
            self.rivals = rivals;
        }
        self.sleepers.wake(step.sleep, self.events.newest())
    }

    /// The run goes no further. Looks for races of the steps that will not be taken: of threads that wait for ever, or were cut off.
    fn close(&mut self, system: &S, sleep: &Range<usize>) {
        if self.reduction != Reduction::Dpor {
            return;
        }
        let kernel = system.kernel();
        for t in kernel.live() {
            if !self.sleepers.holds(sleep, t) && kernel.state(t) == ThreadState::Parked {
                let next = self.events.next(system, t);
                self.reverse_next(system, &next);
            }
        }
    }

    /// Sees to it that each race of a step not yet taken is tried in the other order too.
    fn reverse_next(&mut self, system: &S, next: &Next) {
        self.events.races_of_next(system, next, &mut self.found);
        self.reverse(Some(next));
    }

    /// Sees to it that the races found, of a step not yet taken or of the newest, are tried in the other order too.
    fn reverse(&mut self, next: Option<&Next>) {
        for &index in &self.found {
            let Some(frame) = self.stack.get_mut(self.nodes[index]) else {
                // All is tried there, by others, or there is but one to try.
                continue;
            };
            let Frame::Thread(node) = frame else {
                unreachable!("only nodes of threads are kept")
            };
            self.events
                .initials(index, next, self.virtual_time, &mut self.initials);
            let initials = &self.initials;
            if initials
                .iter()
                .any(|t| node.backtrack.contains(*t) || self.sleepers.holds(&node.sleep, *t))
            {
                continue;
            }
            let enabled = |t: &&ThreadId| node.enabled.contains(**t);
            let thread = next.map_or_else(
                || self.events.thread(self.events.len() - 1),
                |next| next.thread,
            );
            let own = initials.iter().find(|t| **t == thread).filter(enabled);
            match own.or_else(|| initials.iter().find(enabled)) {
                Some(t) => _ = node.backtrack.insert(*t),
                // It was blocked there for a reason that is not known: try all.
                None => node.backtrack.union_with(&node.enabled),
            }
        }
    }
}

/// Whether the next step of `t` may wake others within their operations, of which forced steps after it would know nothing.
#[inline]
fn wakes<S: System>(system: &S, t: ThreadId) -> bool {
    let verb = system.kernel().pending(t).verb();
    matches!(verb, Some(Verb::Notify(_) | Verb::NotifyAll | Verb::Set))
}

/// The waiter that option `index` of the present choice wakes.
fn waiter<S: System>(system: &S, index: usize) -> ThreadId {
    system
        .kernel()
        .choice()
        .expect("a choice is open")
        .options()[index]
}
