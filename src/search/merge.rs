//! Depth-first search that knows states again: for programs that go in circles.
//!
//! A search of runs never ends where a thread can wait in a loop (`while not flag: pass`): there are infinitely many, if only
//! finitely many states. This one takes every step from every state once. What is reached again is not gone into
//! again, so all outcomes are found, but runs are not: those told of are the ones on which an outcome was reached for the first time
//! from some state.
//!
//! No partial-order reduction is at work here. Reduction rests on the races of the steps that come after a state, which are not seen again
//! where the state is not gone into (Y. Yang, X. Chen, G. Gopalakrishnan, R. Kirby, "Efficient Stateful Dynamic Partial Order
//! Reduction", SPIN 2008, keep summaries for that); with all steps taken everywhere there is nothing to be proved.
//!
//! # Endless runs
//!
//! When all that follows a state is known, and it is on a circle, [`Graph::circles`] tells whether some run goes round for ever though the
//! scheduler is fair. Such a run is an outcome. Runs that go round because a thread gets no turn, though it could have one again
//! and again, are none: no scheduler is that unfair for ever.
//!
//! # Time
//!
//! Where steps cost no time, a thread that waits in a loop would keep the clock from moving for ever, and sleepers from waking. So time also
//! passes where all that can step goes round a circle, each thread stepping, and nothing but time can change that: the clock jumps to
//! the next deadline, as it does when no thread can step at all. That is no thread's step, and stands in the schedule as what it is
//! ([`crate::explore::ChoiceKind::Clock`]).

use smallvec::SmallVec;

use super::dpor::{Entry, Flow, Path, Visitor};
use super::events::Events;
use super::graph::{Edge, Graph, Label, Seen};
use super::system::{Stateful, System};
use crate::id::ThreadId;
use crate::kernel::op::Op;
use crate::kernel::{Kernel, ThreadSet};

/// A choice of who steps, or of who is notified within a step.
#[derive(Debug)]
enum Frame<M> {
    Thread(Node<M>),
    Waiters { mark: M, options: u32, next: u32 },
}

#[derive(Debug)]
struct Node<M> {
    vertex: u32,
    /// The vertex that it was found from.
    from: Option<u32>,
    mark: M,
    /// The threads that are to step.
    options: ThreadSet,
    /// The next of them.
    next: usize,
    preemptions: u32,
    stay: Option<ThreadId>,
    turns: Turns,
    /// Ways to the places of its component where time is still to pass.
    jumps: Vec<(u32, Vec<Label>)>,
}

impl<M> Node<M> {
    fn preemptions_after(&self, t: ThreadId) -> u32 {
        self.preemptions + u32::from(self.stay.is_some_and(|stay| stay != t))
    }
}

/// How often each thread came to a place of a bounded loop, and whether all that was so often that they began to count anew.
#[derive(Clone, Debug, Default)]
struct Turns {
    of: SmallVec<[u8; 8]>,
    again: bool,
}

/// Turns of a bounded loop that a thread takes as long as others can step.
pub const MOST_TURNS: u8 = 8;

/// The step under way.
#[derive(Debug, Default)]
struct Step {
    from: u32,
    label: Option<Label>,
    now: u64,
    reads_clock: bool,
    timer: bool,
}

/// A search by states.
#[derive(Debug)]
pub struct Merge<S: System> {
    graph: Graph,
    stack: Vec<Frame<S::Mark>>,
    step: Step,
    preemptions: u32,
    bound: Option<u32>,
    cut: u64,
    /// Places of loops that may go on for ever, never coming to a state again.
    loops: Vec<u64>,
    together: bool,
    turns: Turns,
    given_up: u64,
    paused: bool,
    merged: u64,
    jumps: u64,
    undecided: u64,
    nothing: Events,
}

enum Way {
    Down,
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

impl<S: Stateful> Merge<S> {
    /// A search that has seen nothing, of the runs with at most so many preemptions if there is a bound.
    pub fn new(bound: Option<u32>) -> Self {
        Merge {
            graph: Graph::default(),
            stack: Vec::new(),
            step: Step::default(),
            preemptions: 0,
            bound,
            cut: 0,
            loops: Vec::new(),
            together: false,
            turns: Turns::default(),
            given_up: 0,
            paused: false,
            merged: 0,
            jumps: 0,
            undecided: 0,
            nothing: Events::default(),
        }
    }

    /// Bounds the loops at these places: a thread takes [`MOST_TURNS`] turns there, and then none as long as another can step or time can
    /// pass. When time has passed it takes as many again, unless all turns on a path count together. When nobody else can
    /// step, and time cannot pass, all take as many again, once.
    pub fn bound_loops(&mut self, places: &[u64], together: bool) {
        self.loops = places.to_vec();
        self.together = together;
    }

    /// Gives up: all that is left to do on the way to where the system is counts as loops not gone on with.
    pub fn give_up(&mut self) {
        let left = |frame: &Frame<S::Mark>| match frame {
            Frame::Thread(node) => node.options.len() - node.next,
            Frame::Waiters { options, next, .. } => (options - next) as usize,
        };
        self.given_up += self.stack.iter().map(left).sum::<usize>() as u64 + 1;
    }

    /// How often a loop was not gone on with for being bounded.
    pub fn given_up(&self) -> u64 {
        self.given_up
    }

    /// How often a state was reached that was known.
    pub fn merged(&self) -> u64 {
        self.merged
    }

    /// How many states there are.
    pub fn states(&self) -> u64 {
        self.graph.states() as u64
    }

    /// How often time was let pass though threads could step.
    pub fn jumps(&self) -> u64 {
        self.jumps
    }

    /// How many circles look at the clock, which does not move within them: what would come of them is not known.
    pub fn undecided(&self) -> u64 {
        self.undecided
    }

    /// How many steps were not taken because of the bound on preemptions.
    pub fn cut(&self) -> u64 {
        self.cut
    }

    /// Searches from where the system is until all is seen, or the visitor stops it; tells whether all was seen. After a pause it
    /// goes on where it was.
    pub fn run<V: Visitor<S>>(&mut self, system: &mut S, visitor: &mut V) -> bool {
        let mut way = match self.paused || self.stack.is_empty() {
            true => Way::Down,
            false => Way::Up,
        };
        loop {
            way = match way {
                Way::Down => self.down(system, visitor),
                Way::Up if self.stack.is_empty() => return true,
                Way::Up => self.up(system, visitor),
                Way::Stop => return false,
            };
        }
    }

    /// A step was taken.
    fn down<V: Visitor<S>>(&mut self, system: &mut S, visitor: &mut V) -> Way {
        if !system.ready() {
            self.step.label = None;
            let path = Path {
                events: &self.nothing,
                weight: 0,
                preemptions: self.preemptions,
            };
            return visitor.complete(system, &path).into();
        }
        if !std::mem::take(&mut self.paused) {
            match visitor.enter(system) {
                Entry::Go => {}
                Entry::Cut => return Way::Up,
                Entry::Pause => {
                    self.paused = true;
                    return Way::Stop;
                }
                Entry::Stop => return Way::Stop,
            }
        }
        let mut key = system.state();
        if self.bound.is_some() {
            let current = system.current().map_or(0, |t| t.0 + 1);
            key ^= u128::from(self.preemptions) << 64 | u128::from(current) << 32;
        }
        if !self.together && system.kernel().now() != self.step.now {
            self.turns.of.clear();
            self.turns.again = false;
        }
        key ^= u128::from(self.turns.again) << 127;
        for turns in &self.turns.of {
            key = key.rotate_left(9) ^ u128::from(*turns);
        }
        let kernel = system.kernel();
        let seen = self.graph.enter(key, || {
            let can_jump = kernel.can_jump();
            (kernel.surely_enabled(), sleepers(kernel), can_jump)
        });
        let from = self.step.label.is_some().then_some(self.step.from);
        let vertex = match seen {
            Seen::New(vertex) => vertex,
            Seen::Open(vertex) => {
                self.connect(kernel, vertex);
                self.merged += 1;
                return Way::Up;
            }
            Seen::Done => {
                self.step.label = None;
                self.merged += 1;
                return Way::Up;
            }
        };
        self.connect(kernel, vertex);
        let can_jump = kernel.can_jump();
        let mut options = system.enabled().into_owned();
        let is_stuck = options.is_empty();
        let mut jumps = Vec::new();
        if !self.turns.of.is_empty() {
            let tired = self.tired(system);
            let mut rest = options.clone();
            rest.subtract_except(&tired, &ThreadSet::new());
            if rest.is_empty() && can_jump {
                jumps.push((vertex, Vec::new()));
            }
            if rest.is_empty() && !can_jump && !self.turns.again {
                self.turns.of.clear();
                self.turns.again = true;
            } else {
                self.given_up += tired.len() as u64;
                options = rest;
            }
        }
        let stay = system.current().filter(|t| options.contains(*t));
        self.stack.push(Frame::Thread(Node {
            vertex,
            from,
            mark: system.mark(),
            options,
            next: 0,
            preemptions: self.preemptions,
            stay,
            turns: self.turns.clone(),
            jumps,
        }));
        if is_stuck {
            let path = Path {
                events: &self.nothing,
                weight: 0,
                preemptions: self.preemptions,
            };
            if visitor.stuck(system, &path) == Flow::Stop {
                return Way::Stop;
            }
        }
        self.next(system, visitor, true)
    }

    /// The step taken leads to a vertex.
    fn connect(&mut self, kernel: &Kernel, to: u32) {
        let Some(label) = self.step.label.take() else {
            return;
        };
        let edge = Edge {
            label,
            to,
            time: kernel.now() != self.step.now,
            reads_clock: self.step.reads_clock,
            timer: self.step.timer,
        };
        self.graph.connect(self.step.from, edge);
        if to <= self.step.from {
            self.graph.lower(self.step.from, to);
            // It may stand for the newest node, which leads to it.
            if let Some(node) = self.node() {
                self.graph.lower(node, to);
            }
        }
    }

    /// The vertex of the newest node.
    fn node(&self) -> Option<u32> {
        self.stack.iter().rev().find_map(|frame| match frame {
            Frame::Thread(node) => Some(node.vertex),
            Frame::Waiters { .. } => None,
        })
    }

    /// Goes back to the newest frame, and takes what is left there.
    fn up<V: Visitor<S>>(&mut self, system: &mut S, visitor: &mut V) -> Way {
        match self.stack.last_mut().expect("there is a frame") {
            Frame::Waiters {
                mark,
                options,
                next,
            } => {
                if next == options {
                    self.stack.pop();
                    return Way::Up;
                }
                system.back(mark);
                self.notify(system)
            }
            Frame::Thread(_) => self.next(system, visitor, false),
        }
    }

    /// Takes the next option of the newest node; `here` if the system is at it.
    fn next<V: Visitor<S>>(&mut self, system: &mut S, visitor: &mut V, here: bool) -> Way {
        let Some(Frame::Thread(node)) = self.stack.last_mut() else {
            unreachable!("called for a node of threads")
        };
        if node.next < node.options.len() {
            let index = option(node);
            node.next += 1;
            let t = node.options.nth(index).expect("an option");
            let after = node.preemptions_after(t);
            if self.bound.is_some_and(|bound| after > bound) {
                self.cut += 1;
                return Way::Up;
            }
            let from = node.vertex;
            if !here {
                system.back(&node.mark);
            }
            self.preemptions = after;
            self.turns.clone_from(&node.turns);
            return self.take(system, from, t);
        }
        if let Some((vertex, way)) = node.jumps.pop() {
            system.back(&node.mark);
            self.preemptions = node.preemptions;
            self.turns.clone_from(&node.turns);
            follow(system, &way);
            self.step = Step {
                from: vertex,
                label: Some(Label::Jump),
                now: system.kernel().now(),
                ..Step::default()
            };
            system.jump();
            self.jumps += 1;
            return Way::Down;
        }
        self.leave(system, visitor)
    }

    /// The threads that take no further turn of a bounded loop.
    fn tired(&self, system: &S) -> ThreadSet {
        let tired = |t: &ThreadId| {
            self.turns
                .of
                .get(t.index())
                .is_some_and(|n| *n >= MOST_TURNS)
                && self.is_bounded(system, *t)
        };
        system.kernel().enabled().iter().filter(tired).collect()
    }

    /// Whether a thread stands at the place of a bounded loop.
    fn is_bounded(&self, system: &S, t: ThreadId) -> bool {
        !self.loops.is_empty() && self.loops.binary_search(&system.place(t)).is_ok()
    }

    fn take(&mut self, system: &mut S, from: u32, t: ThreadId) -> Way {
        let kernel = system.kernel();
        self.step = Step {
            from,
            label: Some(Label::Step(t, SmallVec::new())),
            now: kernel.now(),
            reads_clock: kernel.pending(t) == Op::Clock,
            timer: kernel.waits_for_time(t),
        };
        let index = kernel.enabled().rank(t);
        system.take(index);
        self.taken(system, t)
    }

    /// A step was taken, or a part of it.
    fn taken(&mut self, system: &mut S, t: ThreadId) -> Way {
        let kernel = system.kernel();
        if let Some(choice) = kernel.choice() {
            let options = choice.options().len() as u32;
            let mark = system.mark();
            self.stack.push(Frame::Waiters {
                mark,
                options,
                next: 0,
            });
            return self.notify(system);
        }
        self.step.timer |= kernel.waits_for_time(t);
        if self.is_bounded(system, t) {
            let turns = &mut self.turns.of;
            if turns.len() <= t.index() {
                turns.resize(t.index() + 1, 0);
            }
            let turns = &mut turns[t.index()];
            *turns = turns.saturating_add(1);
        }
        Way::Down
    }

    /// Lets the next waiter of the newest frame be notified.
    fn notify(&mut self, system: &mut S) -> Way {
        // The step began at the newest node; the waiters chosen since are told by the frames above it.
        let mut chosen: SmallVec<[u32; 2]> = SmallVec::new();
        let at = self
            .stack
            .iter()
            .rposition(|frame| matches!(frame, Frame::Thread(_)))
            .expect("steps begin at a node");
        let (from, t) = match &self.stack[at] {
            Frame::Thread(node) => {
                let notifier = system.kernel().choice().expect("a choice is open").notifier;
                self.preemptions = node.preemptions_after(notifier);
                self.turns.clone_from(&node.turns);
                (node.vertex, notifier)
            }
            Frame::Waiters { .. } => unreachable!("looked for"),
        };
        if let Some(Frame::Waiters { next, .. }) = self.stack.last_mut() {
            *next += 1;
        }
        for frame in &self.stack[at + 1..] {
            if let Frame::Waiters { next, .. } = frame {
                chosen.push(next - 1);
            }
        }
        let index = *chosen.last().expect("the newest frame is one of waiters");
        self.step = Step {
            from,
            label: Some(Label::Step(t, chosen)),
            now: system.kernel().now(),
            ..Step::default()
        };
        system.take(index as usize);
        self.taken(system, t)
    }

    /// All options of the newest node were taken.
    fn leave<V: Visitor<S>>(&mut self, system: &mut S, visitor: &mut V) -> Way {
        let Some(Frame::Thread(node)) = self.stack.last_mut() else {
            unreachable!("called for a node of threads")
        };
        let root = node.vertex;
        if self.graph.is_root(root) {
            if self.graph.is_cyclic(root) {
                for circle in self.graph.circles(root, true) {
                    for place in self.graph.places_to_jump(&circle) {
                        node.jumps.push((place, self.graph.way(root, root, place)));
                    }
                }
                if !node.jumps.is_empty() {
                    return Way::Up;
                }
                for circle in self.graph.circles(root, false) {
                    if circle.timeless && circle.reads_clock {
                        self.undecided += 1;
                        continue;
                    }
                    if self.graph.stops_time(&circle) {
                        continue;
                    }
                    system.back(&node.mark);
                    follow(system, &self.graph.tour(root, &circle));
                    if visitor.endless(system, node.preemptions) == Flow::Stop {
                        return Way::Stop;
                    }
                }
            }
            self.graph.finish(root, node.from);
        }
        self.stack.pop();
        if let Some(parent) = self.node()
            && root < self.graph.len()
        {
            self.graph.lower(parent, root);
        }
        Way::Up
    }
}

/// The option that is taken next at a node: first to stay with the same thread, then the others in order.
fn option<M>(node: &Node<M>) -> usize {
    let Some(stay) = node.stay.map(|t| node.options.rank(t)) else {
        return node.next;
    };
    match node.next {
        0 => stay,
        n if n <= stay => n - 1,
        n => n,
    }
}

/// Takes the steps that lead somewhere.
fn follow<S: Stateful>(system: &mut S, way: &[Label]) {
    for label in way {
        let ready = system.ready();
        debug_assert!(ready, "the way was found before");
        match label {
            Label::Step(t, waiters) => {
                let index = system.kernel().enabled().rank(*t);
                system.take(index);
                waiters.iter().for_each(|w| system.take(*w as usize));
            }
            Label::Jump => system.jump(),
        }
    }
    system.ready();
}

/// Who cannot step, and waits for a moment.
fn sleepers(kernel: &Kernel) -> ThreadSet {
    if !kernel.can_jump() {
        return ThreadSet::new();
    }
    let sleeps = |t: &ThreadId| kernel.waits_for_time(*t) && !kernel.enabled().contains(*t);
    kernel.live().filter(sleeps).collect()
}
