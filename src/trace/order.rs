//! What came before what by necessity: fingerprint and normal form of a trace.
//!
//! Two steps depend on each other when one thread made them, when one starts the thread of the other, or when they touch a thing in
//! modes that do not commute ([`footprint`](crate::kernel::footprint) is the definition). All else may be swapped. So a run is less a
//! sequence than a partial order, and many traces tell of the same one.
//!
//! Each event gets a *level*: one more than the highest level of what it depends on. Events of one level are independent of each
//! other; listed level by level, and within a level by thread, they are the Foata normal form, which is the same for all traces that
//! differ only in the order of independent steps.
//!
//! Each event also gets a hash of its *past*: of what it is, and of the pasts of all that it depends on. The multiset of these hashes
//! identifies the partial order as the normal form does, in one pass and without a word on how threads and objects are called;
//! the fingerprint is their sum. What differs between reorderings of one run is left out: steps, virtual time, names, and values, which
//! a program may have from the clock. Lines are left out too, so that a comment in the program changes no fingerprint.

use super::model::{Datum, Event, Trace};
use crate::kernel::footprint::Mode;
use siphasher::sip::SipHasher13;
use std::fmt;
use std::hash::Hasher;

/// What identifies a run up to the order of independent steps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fingerprint(pub u64);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The order of a trace's events by necessity.
#[derive(Clone, Debug)]
pub struct Order {
    levels: Vec<u32>,
    pasts: Vec<u64>,
    /// Place of each thread among all, by who started it as which of its children.
    ranks: Vec<u32>,
    known: bool,
}

/// What is known of the steps that touched something in one mode.
#[derive(Clone, Copy, Default)]
struct Earlier {
    /// Sum of their hashes: the same in whatever order they came.
    pasts: u64,
    /// Their highest level.
    level: u32,
}

impl Earlier {
    fn add(&mut self, past: u64, level: u32) {
        self.pasts = self.pasts.wrapping_add(past);
        self.level = self.level.max(level);
    }
}

/// The same, by mode.
type Touched = [Earlier; 3];

#[derive(Clone, Default)]
struct Thing {
    whole: Touched,
    /// Any part of it.
    parts: Touched,
}

impl Order {
    /// Finds the order of a trace.
    pub fn of(trace: &Trace) -> Order {
        let mut things: Vec<Thing> = Vec::new();
        let mut parts: Vec<Touched> = Vec::new();
        for touch in trace.shapes.all_touches() {
            let (thing, part) = (touch.thing as usize, touch.part as usize);
            if thing >= things.len() {
                things.resize(thing + 1, Thing::default());
            }
            if part >= parts.len() {
                parts.resize(part + 1, Touched::default());
            }
        }
        let mut threads = vec![Earlier::default(); trace.threads.len()];
        let mut order = Order {
            levels: Vec::with_capacity(trace.events.len()),
            pasts: Vec::with_capacity(trace.events.len()),
            ranks: ranks(trace),
            known: !trace.shapes.all_touches().is_empty() || trace.events.is_empty(),
        };
        for event in &trace.events {
            let before = threads[event.thread as usize];
            let mut hasher = SipHasher13::new();
            label(trace, event, &mut hasher);
            hasher.write(&before.pasts.to_le_bytes());
            let mut level = before.level;
            let touches = trace.touches(event);
            for touch in touches {
                hasher.write(&[touch.mode as u8, u8::from(touch.part > 0)]);
                let thing = &things[touch.thing as usize];
                let narrow = match touch.part {
                    0 => &thing.parts,
                    part => &parts[part as usize],
                };
                for mode in Mode::ALL.into_iter().filter(|m| !m.commutes(touch.mode)) {
                    for earlier in [thing.whole[mode as usize], narrow[mode as usize]] {
                        hasher.write(&earlier.pasts.to_le_bytes());
                        level = level.max(earlier.level);
                    }
                }
            }
            let (past, level) = (hasher.finish(), level + 1);
            for touch in touches {
                let (thing, mode) = (&mut things[touch.thing as usize], touch.mode as usize);
                if touch.part == 0 {
                    thing.whole[mode].add(past, level);
                } else {
                    thing.parts[mode].add(past, level);
                    parts[touch.part as usize][mode].add(past, level);
                }
            }
            threads[event.thread as usize] = Earlier { pasts: past, level };
            if let Some(child) = started(trace, event)
                && threads[child].level == 0
            {
                // Not the step's own past, or a thread would look like the rest of the one that started it.
                let pasts = past.wrapping_mul(3);
                threads[child] = Earlier { pasts, level };
            }
            order.pasts.push(past);
            order.levels.push(level);
        }
        order
    }

    /// What identifies the run; nothing when the trace does not tell what its steps touch.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        let sum = self
            .pasts
            .iter()
            .fold(0, |sum: u64, p| sum.wrapping_add(*p));
        let mut hasher = SipHasher13::new();
        hasher.write(&sum.to_le_bytes());
        hasher.write(&(self.pasts.len() as u64).to_le_bytes());
        self.known.then(|| Fingerprint(hasher.finish()))
    }

    /// The level of an event, from 1.
    pub fn level(&self, event: usize) -> u32 {
        self.levels[event]
    }

    /// The hash of what an event is and of all that it depends on.
    pub fn past(&self, event: usize) -> u64 {
        self.pasts[event]
    }

    /// The place of a thread among all of the run, by who started it as which of its children.
    pub fn rank(&self, thread: u32) -> u32 {
        self.ranks[thread as usize]
    }

    /// The events in the order of the normal form: by level, then by thread.
    pub fn normal_form(&self, trace: &Trace) -> Vec<u32> {
        let mut order: Vec<u32> = (0..trace.events.len() as u32).collect();
        let key = |&i: &u32| {
            let event = &trace.events[i as usize];
            (self.levels[i as usize], self.rank(event.thread))
        };
        order.sort_by_key(key);
        order
    }
}

/// The thread that an event starts.
fn started(trace: &Trace, event: &Event) -> Option<usize> {
    (trace.op(event) == "start").then_some(trace.shape(event).peer? as usize)
}

/// What an event is, whatever it is called.
fn label(trace: &Trace, event: &Event, hasher: &mut SipHasher13) {
    let op = trace.op(event);
    hasher.write(op.as_bytes());
    hasher.write(&[0xff]);
    if let Some(object) = trace.object(event) {
        hasher.write(object.kind.as_bytes());
    }
    hasher.write(&[0xfe]);
    // What came of a synchronisation is part of the order; values that were read are not.
    if !matches!(op, "read" | "write") {
        hasher.write(match trace.outcome(event) {
            Some(Datum::Bool(true)) => b"T",
            Some(Datum::Bool(false)) => b"F",
            Some(Datum::Text(text)) if trace.texts.get(text) == "timed out" => b"t",
            _ => b"-",
        });
    }
}

/// Who started whom.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    /// The threads that each thread started, in its order.
    pub(crate) children: Vec<Vec<u32>>,
    /// The threads that none is known to have started: main, first of all.
    pub(crate) roots: Vec<u32>,
}

/// Finds out who started whom.
pub(crate) fn family(trace: &Trace) -> Family {
    let count = trace.threads.len();
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); count];
    let mut has_parent = vec![false; count];
    for event in &trace.events {
        if let Some(child) = started(trace, event)
            && !std::mem::replace(&mut has_parent[child], true)
        {
            children[event.thread as usize].push(child as u32);
        }
    }
    let roots = (0..count as u32).filter(|&t| !has_parent[t as usize]);
    Family {
        roots: roots.collect(),
        children,
    }
}

/// Places of threads: each before its children, those in the order in which it started them.
fn ranks(trace: &Trace) -> Vec<u32> {
    let Family { children, roots } = family(trace);
    let mut ranks = vec![0; trace.threads.len()];
    let mut todo = roots;
    todo.reverse();
    let mut next = 0;
    while let Some(thread) = todo.pop() {
        ranks[thread as usize] = next;
        next += 1;
        todo.extend(children[thread as usize].iter().rev());
    }
    ranks
}
