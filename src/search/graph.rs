//! The states that a search came to, as a graph, and the circles in it.
//!
//! Vertices are kept as long as their strongly connected component is not whole (R. Tarjan, "Depth-First Search and Linear Graph
//! Algorithms", 1972); of the others only the numbers of their states are, to know them again.
//!
//! A run that goes on for ever takes, from some step on, only edges of one component. It is *fair* when each thread that can step
//! again and again does so again and again (strong fairness). There is such a run within a set of vertices if and only if there is a
//! strongly connected part in which each thread that can step anywhere also steps: found by taking out the vertices at which
//! a thread could step that never does, and looking at what is left (after R. Streett 1982; E. Emerson and C. Lei 1987).

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::id::ThreadId;
use crate::kernel::ThreadSet;

/// What leads from one state to another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Label {
    /// This thread steps, and wakes the waiters at these positions.
    Step(ThreadId, SmallVec<[u32; 2]>),
    /// Time passes though threads can step.
    Jump,
}

/// A way from one state to another.
#[derive(Clone, Debug)]
pub struct Edge {
    /// What leads there.
    pub label: Label,
    /// Where.
    pub to: u32,
    /// Time passes.
    pub time: bool,
    /// It reads the clock.
    pub reads_clock: bool,
    /// It begins or ends a wait for some moment.
    pub timer: bool,
}

/// A state.
#[derive(Debug)]
pub struct Vertex {
    key: u128,
    /// Who can step, and does not only by a spurious wakeup.
    pub enabled: ThreadSet,
    /// Who cannot, and waits for a moment.
    pub sleepers: ThreadSet,
    /// Some moment is waited for.
    pub can_jump: bool,
    edges: Vec<Edge>,
    low: u32,
    /// What comes when time passes here was looked at.
    jumped: bool,
}

/// Whether a state was seen before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seen {
    /// It was not: this is its vertex now.
    New(u32),
    /// It was, and its component is not whole yet.
    Open(u32),
    /// It was, and all that comes after it is known.
    Done,
}

/// Vertices that a run can stay within for ever, all threads getting their turns.
#[derive(Debug)]
pub struct Circle {
    vertices: Vec<u32>,
    /// Edges within it all take no time.
    pub timeless: bool,
    /// The clock is read within it.
    pub reads_clock: bool,
    timers: bool,
}

/// The graph.
#[derive(Debug, Default)]
pub struct Graph {
    numbers: FxHashMap<u128, u32>,
    vertices: Vec<Vertex>,
}

const DONE: u32 = u32::MAX;

impl Graph {
    /// Comes to a state.
    pub fn enter(
        &mut self,
        key: u128,
        make: impl FnOnce() -> (ThreadSet, ThreadSet, bool),
    ) -> Seen {
        let next = self.vertices.len() as u32;
        match *self.numbers.entry(key).or_insert(next) {
            DONE => Seen::Done,
            number if number < next => Seen::Open(number),
            _ => {
                let (enabled, sleepers, can_jump) = make();
                self.vertices.push(Vertex {
                    key,
                    enabled,
                    sleepers,
                    can_jump,
                    edges: Vec::new(),
                    low: next,
                    jumped: false,
                });
                Seen::New(next)
            }
        }
    }

    /// How many vertices there are: the next one's number.
    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> u32 {
        self.vertices.len() as u32
    }

    /// How many states were seen.
    pub fn states(&self) -> usize {
        self.numbers.len()
    }

    /// Adds an edge within what is not whole yet.
    pub fn connect(&mut self, from: u32, edge: Edge) {
        self.vertices[from as usize].edges.push(edge);
    }

    /// Vertex `from` leads to where `to` leads.
    pub fn lower(&mut self, from: u32, to: u32) {
        let low = self.vertices[to as usize].low;
        let from = &mut self.vertices[from as usize].low;
        *from = low.min(*from);
    }

    /// Whether the vertex, all of whose successors were looked at, is the oldest of its component.
    pub fn is_root(&self, vertex: u32) -> bool {
        self.vertices[vertex as usize].low == vertex
    }

    /// Whether there is a circle in the component of its oldest vertex.
    pub fn is_cyclic(&self, root: u32) -> bool {
        let first = root as usize;
        let own = |edge: &Edge| edge.to == root;
        self.vertices.len() > first + 1 || self.vertices[first].edges.iter().any(own)
    }

    /// All is known of the component of its oldest vertex, which was found from another: that is on no circle with it.
    pub fn finish(&mut self, root: u32, from: Option<u32>) {
        if let Some(from) = from {
            self.vertices[from as usize]
                .edges
                .retain(|edge| edge.to != root);
        }
        for vertex in self.vertices.drain(root as usize..) {
            self.numbers.insert(vertex.key, DONE);
        }
    }

    /// The largest circles that a fair run can stay in, within the component of its oldest vertex.
    pub fn circles(&self, root: u32, timeless: bool) -> Vec<Circle> {
        let mut found = Vec::new();
        let mut todo: Vec<Vec<u32>> = vec![(root..self.vertices.len() as u32).collect()];
        let mut within = vec![false; self.vertices.len() - root as usize];
        let allowed = |edge: &Edge| !(timeless && edge.time);
        while let Some(part) = todo.pop() {
            part.iter().for_each(|v| within[(v - root) as usize] = true);
            let components = self.components(root, &part, &within, &allowed);
            part.iter()
                .for_each(|v| within[(v - root) as usize] = false);
            for component in components {
                component
                    .iter()
                    .for_each(|v| within[(v - root) as usize] = true);
                let (mut can, mut does) = (ThreadSet::new(), ThreadSet::new());
                let mut circle = Circle {
                    vertices: Vec::new(),
                    timeless: true,
                    reads_clock: false,
                    timers: false,
                };
                let mut edges = 0;
                for v in &component {
                    let vertex = &self.vertices[*v as usize];
                    can.union_with(&vertex.enabled);
                    let inner = |edge: &&Edge| {
                        edge.to >= root && within[(edge.to - root) as usize] && allowed(edge)
                    };
                    for edge in vertex.edges.iter().filter(inner) {
                        edges += 1;
                        circle.timeless &= !edge.time;
                        circle.reads_clock |= edge.reads_clock;
                        circle.timers |= edge.timer;
                        if let Label::Step(t, _) = edge.label {
                            does.insert(t);
                        }
                    }
                }
                component
                    .iter()
                    .for_each(|v| within[(v - root) as usize] = false);
                if edges == 0 {
                    continue;
                }
                can.subtract_except(&does, &ThreadSet::new());
                if can.is_empty() {
                    circle.vertices = component;
                    found.push(circle);
                    continue;
                }
                // Whoever could step there and never does must not be able to.
                let free = |v: &u32| {
                    let enabled = &self.vertices[*v as usize].enabled;
                    !can.iter().any(|t| enabled.contains(t))
                };
                let rest: Vec<u32> = component.into_iter().filter(free).collect();
                if !rest.is_empty() {
                    todo.push(rest);
                }
            }
        }
        found.sort_by_key(|circle| circle.vertices.iter().min().copied());
        found
    }

    /// Strongly connected components of a part of the graph.
    fn components(
        &self,
        root: u32,
        part: &[u32],
        within: &[bool],
        allowed: &dyn Fn(&Edge) -> bool,
    ) -> Vec<Vec<u32>> {
        const NEW: u32 = u32::MAX;
        let mut order = vec![NEW; within.len()];
        let mut low = vec![0u32; within.len()];
        let mut open = vec![false; within.len()];
        let (mut stack, mut path, mut next) = (Vec::new(), Vec::new(), 0);
        let mut found = Vec::new();
        for &start in part {
            if order[(start - root) as usize] != NEW {
                continue;
            }
            path.push((start, 0));
            while let Some((v, at)) = path.last_mut() {
                let (v, i) = (*v, (*v - root) as usize);
                if *at == 0 && order[i] == NEW {
                    (order[i], low[i]) = (next, next);
                    next += 1;
                    open[i] = true;
                    stack.push(v);
                }
                let edges = &self.vertices[v as usize].edges;
                let Some(edge) = edges.get(*at) else {
                    path.pop();
                    if let Some((parent, _)) = path.last() {
                        let p = (*parent - root) as usize;
                        low[p] = low[p].min(low[i]);
                    }
                    if low[i] == order[i] {
                        let begin = stack.iter().rposition(|w| *w == v).expect("is open");
                        let component: Vec<u32> = stack.drain(begin..).collect();
                        component
                            .iter()
                            .for_each(|w| open[(w - root) as usize] = false);
                        found.push(component);
                    }
                    continue;
                };
                *at += 1;
                if edge.to < root || !within[(edge.to - root) as usize] || !allowed(edge) {
                    continue;
                }
                let to = (edge.to - root) as usize;
                if order[to] == NEW {
                    path.push((edge.to, 0));
                } else if open[to] {
                    low[i] = low[i].min(order[to]);
                }
            }
        }
        found
    }

    /// Whether time would stand still in a circle for ever while somebody waits for a moment: no run goes on so.
    pub fn stops_time(&self, circle: &Circle) -> bool {
        if !circle.timeless {
            return false;
        }
        let mut vertices = circle.vertices.iter().map(|v| &self.vertices[*v as usize]);
        let Some(first) = vertices.next() else {
            return false;
        };
        let mut common: Vec<ThreadId> = first.sleepers.iter().collect();
        for vertex in vertices {
            common.retain(|t| vertex.sleepers.contains(*t));
        }
        !common.is_empty()
    }

    /// Where time may pass in a circle, as far as that was not looked at; it now is. If what happens in the circle has nothing to
    /// do with time, one place stands for all: time passes there or at another, the same comes of it.
    pub fn places_to_jump(&mut self, circle: &Circle) -> Vec<u32> {
        let can = |v: &&u32| self.vertices[**v as usize].can_jump;
        let mut places: Vec<u32> = circle.vertices.iter().filter(can).copied().collect();
        places.sort_unstable();
        if !circle.timers && !circle.reads_clock {
            places.truncate(1);
            if circle
                .vertices
                .iter()
                .any(|v| self.vertices[*v as usize].jumped)
            {
                return Vec::new();
            }
        }
        places.retain(|v| !std::mem::replace(&mut self.vertices[*v as usize].jumped, true));
        places
    }

    /// The shortest way from a vertex to another, within the component of its oldest vertex.
    pub fn way(&self, root: u32, from: u32, to: u32) -> Vec<Label> {
        let all = vec![true; self.vertices.len() - root as usize];
        let labels = self.shortest(root, from, &all, &|v, _| v == to);
        labels.map_or_else(Vec::new, |(labels, _)| labels)
    }

    /// A way from the oldest vertex of a component to a circle, and once round it, all threads that can step getting their turn.
    pub fn tour(&self, root: u32, circle: &Circle) -> Vec<Label> {
        let start = circle.vertices.iter().min().copied().unwrap_or(root);
        let mut tour = self.way(root, root, start);
        let mut within = vec![false; self.vertices.len() - root as usize];
        for v in &circle.vertices {
            within[(v - root) as usize] = true;
        }
        let mut missing = ThreadSet::new();
        let mut time_is_missing = !circle.timeless;
        for v in &circle.vertices {
            missing.union_with(&self.vertices[*v as usize].enabled);
        }
        let mut at = start;
        while !missing.is_empty() || time_is_missing {
            let wanted = |edge: &Edge| {
                time_is_missing && edge.time
                    || matches!(edge.label, Label::Step(t, _) if missing.contains(t))
            };
            let next = self.shortest(root, at, &within, &|_, edge| edge.is_some_and(wanted));
            let Some((labels, end)) = next else {
                unreachable!("a circle holds a step of each thread")
            };
            let mut v = at;
            for label in &labels {
                let edge = self.edge(v, label);
                time_is_missing &= !edge.time;
                if let Label::Step(t, _) = label {
                    missing.remove(*t);
                }
                v = edge.to;
            }
            tour.extend(labels);
            at = end;
        }
        if let Some((labels, _)) = self.shortest(root, at, &within, &|v, _| v == start) {
            tour.extend(labels);
        }
        if tour.last() == Some(&Label::Jump) {
            // A run ends after a step.
            let mut edges = self.vertices[start as usize].edges.iter();
            let inner = |edge: &&Edge| edge.to >= root && within[(edge.to - root) as usize];
            tour.extend(edges.find(inner).map(|edge| edge.label.clone()));
        }
        tour
    }

    fn edge(&self, from: u32, label: &Label) -> &Edge {
        let mut edges = self.vertices[from as usize].edges.iter();
        edges
            .find(|edge| edge.label == *label)
            .expect("the way was made of edges")
    }

    /// The shortest way from a vertex to one that is wanted, or over an edge that is, and where it ends.
    fn shortest(
        &self,
        root: u32,
        from: u32,
        within: &[bool],
        wanted: &dyn Fn(u32, Option<&Edge>) -> bool,
    ) -> Option<(Vec<Label>, u32)> {
        if wanted(from, None) {
            return Some((Vec::new(), from));
        }
        let mut came: Vec<Option<(u32, usize)>> = vec![None; within.len()];
        let mut queue = vec![from];
        let mut next = 0;
        let mut end = None;
        'search: while next < queue.len() {
            let v = queue[next];
            next += 1;
            for (i, edge) in self.vertices[v as usize].edges.iter().enumerate() {
                if edge.to < root || !within[(edge.to - root) as usize] {
                    continue;
                }
                if wanted(edge.to, Some(edge)) {
                    end = Some((v, i));
                    break 'search;
                }
                let to = (edge.to - root) as usize;
                if edge.to != from && came[to].is_none() {
                    came[to] = Some((v, i));
                    queue.push(edge.to);
                }
            }
        }
        let (mut v, i) = end?;
        let last = &self.vertices[v as usize].edges[i];
        let mut labels = vec![last.label.clone()];
        while let Some((before, i)) = came[(v - root) as usize].filter(|_| v != from) {
            labels.push(self.vertices[before as usize].edges[i].label.clone());
            v = before;
        }
        labels.reverse();
        Some((labels, last.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const THREADS: usize = 3;

    /// For each vertex and thread: whether it can step there, and to which vertex if that is one of them.
    type Steps = Vec<[Option<Option<u32>>; THREADS]>;

    fn graph(steps: &Steps) -> Graph {
        let mut graph = Graph::default();
        for (v, row) in steps.iter().enumerate() {
            let can = (0..THREADS).filter(|t| row[*t].is_some());
            let enabled = can.map(|t| ThreadId(t as u32)).collect();
            let seen = graph.enter(v as u128, || (enabled, ThreadSet::new(), false));
            assert_eq!(seen, Seen::New(v as u32));
        }
        for (v, row) in steps.iter().enumerate() {
            for (t, step) in row.iter().enumerate() {
                if let Some(Some(to)) = step {
                    let edge = Edge {
                        label: Label::Step(ThreadId(t as u32), SmallVec::new()),
                        to: *to,
                        time: false,
                        reads_clock: false,
                        timer: false,
                    };
                    graph.connect(v as u32, edge);
                }
            }
        }
        graph
    }

    /// Whether a fair run can stay in exactly these vertices.
    fn is_circle(steps: &Steps, set: &[u32]) -> bool {
        let inner = |v: u32, t: usize| steps[v as usize][t].flatten().filter(|to| set.contains(to));
        let reaches = |from: u32| {
            let mut reached: Vec<u32> = Vec::new();
            let mut todo = vec![from];
            while let Some(v) = todo.pop() {
                for to in (0..THREADS).filter_map(|t| inner(v, t)) {
                    if !reached.contains(&to) {
                        reached.push(to);
                        todo.push(to);
                    }
                }
            }
            reached
        };
        let connected = set.iter().all(|v| {
            let reached = reaches(*v);
            set.iter().all(|w| reached.contains(w))
        });
        let fair = (0..THREADS).all(|t| {
            let can = set.iter().any(|v| steps[*v as usize][t].is_some());
            !can || set.iter().any(|v| inner(*v, t).is_some())
        });
        !set.is_empty() && connected && fair
    }

    proptest! {
        /// Against a look at every set of vertices.
        #[test]
        fn circles_are_all_that_fair_runs_can_stay_in(
            steps in (1u32..6).prop_flat_map(|n| {
                let step = prop::option::weighted(0.7, prop::option::weighted(0.8, 0..n));
                prop::collection::vec([step.clone(), step.clone(), step], n as usize)
            }),
        ) {
            let graph = graph(&steps);
            let found = graph.circles(0, false);
            for circle in &found {
                prop_assert!(is_circle(&steps, &circle.vertices));
                let start = *circle.vertices.iter().min().expect("not empty");
                let lead = graph.way(0, 0, start);
                if start != 0 && lead.is_empty() {
                    continue;
                }
                let tour = graph.tour(0, circle);
                let mut v = start;
                let mut stepped = ThreadSet::new();
                for label in &tour[lead.len()..] {
                    v = graph.edge(v, label).to;
                    prop_assert!(circle.vertices.contains(&v));
                    if let Label::Step(t, _) = label {
                        stepped.insert(*t);
                    }
                }
                prop_assert_eq!(v, start);
                for v in &circle.vertices {
                    for t in &graph.vertices[*v as usize].enabled {
                        prop_assert!(stepped.contains(t));
                    }
                }
            }
            for bits in 1u32..1 << steps.len() {
                let set: Vec<u32> = (0..steps.len() as u32).filter(|v| bits >> v & 1 != 0).collect();
                if is_circle(&steps, &set) {
                    let within = |circle: &Circle| set.iter().all(|v| circle.vertices.contains(v));
                    prop_assert!(found.iter().any(within), "{set:?}");
                }
            }
        }
    }
}
