//! What a search for a name has reached, kept for the next one: a search goes the way of the one before again as long as it leads to
//! the same, and only looks at objects that were written to in between.

use super::search::Attributes;
use crate::id::{ModuleId, NameId, ObjId};
use crate::value::Value;
use crate::vm::machine::Machine;

/// One way on from an object, or from nothing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// A module's variable.
    Global(ModuleId, NameId),
    /// A variable of a running function, or one that a function captures: code, and position among its locals or free names.
    Local(u32, u32),
    Captured(u32, u32),
    Attr(NameId),
    Index(u32),
    Key(Value),
    /// Part of the same thing.
    Inside,
}

impl PartialEq for Step {
    fn eq(&self, other: &Step) -> bool {
        match (*self, *other) {
            (Step::Global(a, b), Step::Global(c, d)) => (a, b) == (c, d),
            (Step::Local(a, b), Step::Local(c, d))
            | (Step::Captured(a, b), Step::Captured(c, d)) => (a, b) == (c, d),
            (Step::Attr(a), Step::Attr(b)) => a == b,
            (Step::Index(a), Step::Index(b)) => a == b,
            (Step::Key(a), Step::Key(b)) => a.is(b),
            (Step::Inside, Step::Inside) => true,
            _ => false,
        }
    }
}

/// An object that was reached.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Node {
    pub(super) object: ObjId,
    /// Index of the node it was reached from; its own for roots.
    pub(super) from: u32,
    pub(super) step: Step,
}

/// Where an object led.
#[derive(Clone, Copy, Debug)]
struct Followed {
    /// How many objects were reached before, and after.
    first: u32,
    end: u32,
    /// What that took of the budget.
    cost: u64,
    /// It depends on more than the object itself.
    always: bool,
}

/// The objects that a search has reached, nearest first, and what it led to from each.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// Those of the search under way, and behind them those of the search before that it has not come to yet.
    nodes: Vec<Node>,
    /// How many of them it has reached.
    count: usize,
    /// Of the nodes that are followed, the same: what they led to.
    followed: Vec<Followed>,
    next: usize,
    /// By object, whether it was reached.
    seen: Vec<u64>,
    /// The heap's tick after the search before, if there was one.
    tick: Option<u32>,
    /// There was none since the newest search.
    unsettled: bool,
    /// What it took of the budget to reach all that can be reached, if the newest search did and the machine has not gone on since.
    whole: Option<u64>,
    /// Names that matter to searches, and how many names there were when they were looked up.
    attributes: Option<(usize, Attributes)>,
}

impl Reached {
    /// Begins another search.
    pub(super) fn begin(&mut self, machine: &Machine) {
        // What the search before did not come to may have changed before that.
        self.nodes.truncate(self.count);
        self.followed.truncate(self.next);
        (self.count, self.next) = (0, 0);
        (self.unsettled, self.whole) = (true, None);
        self.seen.clear();
        self.seen.resize(machine.heap.slots().div_ceil(64), 0);
        let names = machine.names.len();
        if self
            .attributes
            .as_ref()
            .is_none_or(|(then, _)| *then != names)
        {
            self.attributes = Some((names, Attributes::new(machine)));
        }
    }

    /// The machine is about to go on: from now on it matters what is written to.
    pub(super) fn settle(&mut self, machine: &mut Machine) {
        if std::mem::take(&mut self.unsettled) {
            self.tick = Some(machine.heap.tick());
            self.whole = None;
        }
    }

    /// The search that is over has reached all that can be reached, which took so much of the budget.
    pub(super) fn exhausted(&mut self, cost: u64) {
        self.whole = Some(cost);
    }

    /// What it takes of the budget not to find something that cannot be reached, if that is known without a search.
    pub(super) fn vain(&self, is_target: impl Fn(ObjId) -> bool) -> Option<u64> {
        let nodes = &self.nodes[..self.count];
        self.whole
            .filter(|_| !nodes.iter().any(|node| is_target(node.object)))
    }

    /// The names that matter to the search under way.
    pub(super) fn attributes(&self) -> &Attributes {
        let (_, attributes) = self.attributes.as_ref().expect("a search has begun");
        attributes
    }

    /// A node that was reached.
    pub(super) fn node(&self, at: u32) -> Node {
        self.nodes[at as usize]
    }

    /// The next node to be followed.
    pub(super) fn next(&self) -> Option<(u32, ObjId)> {
        let node = self.nodes[..self.count].get(self.next)?;
        Some((self.next as u32, node.object))
    }

    /// Whether the object was reached.
    #[inline]
    pub(super) fn has(&self, object: ObjId) -> bool {
        self.seen[object.index() / 64] & 1 << (object.0 % 64) != 0
    }

    /// Adds an object, reached from a node or as a root.
    #[inline]
    pub(super) fn add(&mut self, object: ObjId, from: Option<u32>, step: Step) {
        self.seen[object.index() / 64] |= 1 << (object.0 % 64);
        let from = from.unwrap_or(self.count as u32);
        let node = Node { object, from, step };
        if self.nodes.get(self.count) != Some(&node) {
            self.forget();
            self.nodes.push(node);
        }
        self.count += 1;
    }

    /// From here on the search goes another way than the one before.
    fn forget(&mut self) {
        self.nodes.truncate(self.count);
        self.followed.truncate(self.next);
    }

    /// If the next node leads where it led before, goes there. Answers what that took of the budget.
    pub(super) fn again(&mut self, machine: &Machine, object: ObjId) -> Option<u64> {
        let Followed {
            first,
            end,
            cost,
            always,
        } = *self.followed.get(self.next)?;
        // Something else was reached before.
        if first as usize != self.count {
            self.forget();
            return None;
        }
        let tick = self.tick?;
        if always || machine.heap.written_after(object, tick) {
            return None;
        }
        for node in &self.nodes[first as usize..end as usize] {
            self.seen[node.object.index() / 64] |= 1 << (node.object.0 % 64);
        }
        self.count = end as usize;
        self.next += 1;
        Some(cost)
    }

    /// The next node was followed: so many objects had been reached before.
    pub(super) fn went(&mut self, first: usize, cost: u64, always: bool) {
        let followed = Followed {
            first: first as u32,
            end: self.count as u32,
            cost,
            always,
        };
        match self.followed.get_mut(self.next) {
            Some(before) => *before = followed,
            None => self.followed.push(followed),
        }
        self.next += 1;
    }

    /// How many objects were reached.
    pub(super) fn len(&self) -> usize {
        self.count
    }
}
