//! What differs between two traces: of one program under two schedules, or of two versions of a program.
//!
//! Threads are paired by who started them, and the steps of each pair are aligned. Two orders are the same when their fingerprints are
//! (see [`order`](crate::trace::order)): what stands elsewhere only because independent steps changed places is no difference.
//! Where the orders part, the *first difference* is the first step of each run that has no counterpart with the same past in the
//! other; all that it depends on, both runs have.

mod align;
pub mod lines;
mod moved;
pub(crate) mod pair;

use crate::trace::model::{Event, Trace};
use crate::trace::order::{Fingerprint, Order};
use lines::Line;
use rustc_hash::FxHashMap;

/// How the orders of two traces compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sameness {
    /// Step by step the same.
    Identical,
    /// The same up to the order of independent steps.
    Equivalent,
    /// Another order of dependent steps, or other steps.
    Different,
}

/// The first step of each run that the other does not have, as an index of its events. `None` when a run is over before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct First {
    /// Of the first trace.
    pub a: Option<u32>,
    /// Of the second.
    pub b: Option<u32>,
}

/// Steps that both runs have and that come in another order at one thing that they depend on each other through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moved {
    /// The thing: an object, a stream.
    pub thing: String,
    /// How many steps changed their place among those that touch it.
    pub steps: usize,
    /// How many steps of both runs touch it.
    pub of: usize,
    /// Two of them as the first run has them, as indices of its events.
    pub a: (u32, u32),
    /// The same two in the second run, where they stand the other way round.
    pub b: (u32, u32),
}

/// The output to one stream, where it differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stream {
    /// `stdout` or `stderr`.
    pub name: &'static str,
    /// The lines that differ, and some around them.
    pub lines: Vec<Line>,
}

/// All that differs. Events are told by their index.
#[derive(Clone, Debug)]
pub struct Diff<'a> {
    /// The first trace.
    pub a: &'a Trace,
    /// The second.
    pub b: &'a Trace,
    /// Both are of the same program text.
    pub same_program: bool,
    /// How the orders compare.
    pub order: Sameness,
    /// What identifies each, as far as the trace tells it.
    pub fingerprints: (Option<Fingerprint>, Option<Fingerprint>),
    /// Where the orders part, if they do.
    pub first: Option<First>,
    /// Dependent steps in another order, by thing.
    pub moved: Vec<Moved>,
    /// Steps that only the first run has.
    pub only_a: Vec<u32>,
    /// Steps that only the second run has.
    pub only_b: Vec<u32>,
    /// Steps that both have, with other values.
    pub values: Vec<(u32, u32)>,
    /// Streams with other output.
    pub output: Vec<Stream>,
}

impl Diff<'_> {
    /// Nothing differs, up to the order of independent steps.
    pub fn is_same(&self) -> bool {
        self.order != Sameness::Different
            && self.values.is_empty()
            && self.output.is_empty()
            && self.only_a.is_empty()
            && self.only_b.is_empty()
            && self.a.footer.ending == self.b.footer.ending
    }
}

/// Compares two traces.
pub fn compare<'a>(a: &'a Trace, b: &'a Trace) -> Diff<'a> {
    let same_program = a.header.digest == b.header.digest;
    let threads = pair::threads(a, b);
    let mut labels = Labels {
        by_line: same_program,
        known: FxHashMap::default(),
    };
    let (of_a, of_b) = (labels.of(a), labels.of(b));
    let counterparts = counterparts((a, &of_a), (b, &of_b), &threads);
    let pairs = || {
        let all = (0_u32..).zip(&counterparts);
        all.filter_map(|(i, j)| Some((i, (*j)?)))
    };

    let (order_a, order_b) = (Order::of(a), Order::of(b));
    let fingerprints = (order_a.fingerprint(), order_b.fingerprint());
    let alike = |i: usize| {
        threads[a.events[i].thread as usize] == Some(b.events[i].thread) && of_a[i] == of_b[i]
    };
    let both = a.events.len().min(b.events.len());
    let parting = (0..both).find(|&i| !alike(i));
    let order = match fingerprints {
        _ if parting.is_none() && a.events.len() == b.events.len() => Sameness::Identical,
        (Some(x), Some(y)) if x == y => Sameness::Equivalent,
        _ => Sameness::Different,
    };
    let first = (order == Sameness::Different).then(|| match fingerprints {
        (Some(_), Some(_)) => First {
            a: unmatched(a, &order_a, b, &order_b),
            b: unmatched(b, &order_b, a, &order_a),
        },
        // Without what the steps touch only their sequence can be compared.
        _ => {
            let at = parting.unwrap_or(both);
            let of = |trace: &Trace| (at < trace.events.len()).then_some(at as u32);
            First { a: of(a), b: of(b) }
        }
    });

    let mut taken = vec![false; b.events.len()];
    pairs().for_each(|(_, j)| taken[j as usize] = true);
    let only_a = (0..a.events.len() as u32).filter(|&i| counterparts[i as usize].is_none());
    let only_b = (0..b.events.len() as u32).filter(|&j| !taken[j as usize]);
    Diff {
        same_program,
        order,
        fingerprints,
        first,
        moved: match order {
            Sameness::Different => moved::moved(a, b, &counterparts),
            _ => Vec::new(),
        },
        only_a: only_a.collect(),
        only_b: only_b.collect(),
        values: pairs()
            .filter(|&(i, j)| other_values((a, i), (b, j)))
            .collect(),
        output: ["stdout", "stderr"]
            .into_iter()
            .filter_map(|name| stream(name, a, b))
            .collect(),
        a,
        b,
    }
}

/// What makes steps of paired threads candidates for each other, as numbers.
struct Labels {
    /// By the place in the program; else by the object, because in another version the same place is elsewhere.
    by_line: bool,
    known: FxHashMap<String, u32>,
}

impl Labels {
    fn of(&mut self, trace: &Trace) -> Vec<u32> {
        let mut seen: Vec<Option<u32>> = vec![None; trace.shapes.len()];
        let mut label = |event: &Event| {
            *seen[event.shape as usize].get_or_insert_with(|| {
                let text = match self.by_line {
                    true => format!("{} {}", trace.op(event), trace.place(event)),
                    false => {
                        let object = trace.object(event).map_or("", |o| base(&o.name));
                        format!("{} {object}", trace.op(event))
                    }
                };
                let next = self.known.len() as u32;
                *self.known.entry(text).or_insert(next)
            })
        };
        trace.events.iter().map(&mut label).collect()
    }
}

/// An object's name without the number that tells it from others of that name, which follows the order of first mention.
pub(crate) fn base(name: &str) -> &str {
    match name.rsplit_once('#') {
        Some((base, digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => base,
        _ => name,
    }
}

/// For each event of `a` the event of `b` that it is, if there is one.
fn counterparts(
    (a, of_a): (&Trace, &[u32]),
    (b, of_b): (&Trace, &[u32]),
    threads: &[Option<u32>],
) -> Vec<Option<u32>> {
    let steps = |trace: &Trace| {
        let mut steps: Vec<Vec<u32>> = vec![Vec::new(); trace.threads.len()];
        for (i, event) in trace.events.iter().enumerate() {
            steps[event.thread as usize].push(i as u32);
        }
        steps
    };
    let (steps_a, steps_b) = (steps(a), steps(b));
    let mut found = vec![None; a.events.len()];
    for (mine, other) in steps_a.iter().zip(threads) {
        let Some(other) = other else { continue };
        let theirs = &steps_b[*other as usize];
        let labels = |steps: &[u32], of: &[u32]| -> Vec<u32> {
            steps.iter().map(|&i| of[i as usize]).collect()
        };
        for (i, j) in align::align(&labels(mine, of_a), &labels(theirs, of_b)) {
            found[mine[i as usize] as usize] = Some(theirs[j as usize]);
        }
    }
    found
}

/// The first event whose past the other trace does not have.
fn unmatched(trace: &Trace, order: &Order, other: &Trace, others: &Order) -> Option<u32> {
    let mut pasts: Vec<u64> = (0..other.events.len()).map(|i| others.past(i)).collect();
    pasts.sort_unstable();
    let missing = |i: &usize| pasts.binary_search(&order.past(*i)).is_err();
    (0..trace.events.len()).find(missing).map(|i| i as u32)
}

/// Whether two steps that belong together ask for other things or come to other results.
fn other_values((a, i): (&Trace, u32), (b, j): (&Trace, u32)) -> bool {
    let (x, y) = (&a.events[i as usize], &b.events[j as usize]);
    // Of threads only the names can differ, which follow the order of creation; output is compared as a whole.
    let told_elsewhere = a.shape(x).peer.is_some() || a.printed(x).is_some();
    let names_threads = matches!(a.op(x), "notify" | "notify_all" | "set");
    (!told_elsewhere && a.detail(x) != b.detail(y))
        || (!names_threads && a.result(x) != b.result(y))
}

fn stream(name: &'static str, a: &Trace, b: &Trace) -> Option<Stream> {
    let text = |trace: &Trace| -> String {
        let events = trace.events.iter();
        let of_stream = events.filter(|e| (trace.op(e) == "stderr") == (name == "stderr"));
        of_stream.filter_map(|e| trace.printed(e)).collect()
    };
    let lines = lines::lines(&text(a), &text(b), 2);
    (!lines.is_empty()).then_some(Stream { name, lines })
}
