//! Runs that differ only in the order of independent steps have one fingerprint and one normal form; others do not.

use super::{LOST_UPDATE, at_calls, seeded, session, traced};
use crate::kernel::footprint::Mode;
use crate::render::snapshot::Snapshot;
use crate::run::Options;
use crate::trace::model::Trace;
use crate::trace::order::{Fingerprint, Order};
use std::collections::{BTreeMap, BTreeSet};

/// Traces of many seeds.
fn traces(program: &str, options: &Options, seeds: u64) -> Vec<Trace> {
    let mut session = session(program);
    let run = |seed| {
        let options = traced(Options {
            seed,
            ..options.clone()
        });
        session.run(&options).trace.expect("asked for")
    };
    (0..seeds).map(run).collect()
}

fn fingerprint(trace: &Trace) -> Fingerprint {
    Order::of(trace).fingerprint().expect("recorded")
}

/// The steps in words, without times and names of no account.
fn sequence(trace: &Trace) -> Vec<(u32, String, u32)> {
    let event =
        |e: &crate::trace::model::Event| (e.thread, trace.op(e).to_owned(), trace.shape(e).line);
    trace.events.iter().map(event).collect()
}

/// Checks that fingerprint and normal form tell the same runs apart; gives the number of sequences and of fingerprints.
fn classes(program: &str, options: &Options, seeds: u64) -> (usize, usize) {
    let mut forms: BTreeMap<Fingerprint, BTreeSet<String>> = BTreeMap::new();
    let mut sequences = BTreeSet::new();
    for trace in traces(program, options, seeds) {
        sequences.insert(sequence(&trace));
        let form = Snapshot::of(&trace).normal_form().without_values();
        forms
            .entry(fingerprint(&trace))
            .or_default()
            .insert(form.to_string());
    }
    for forms in forms.values() {
        assert_eq!(forms.len(), 1, "{forms:?}");
    }
    let all: BTreeSet<_> = forms.values().flatten().collect();
    assert_eq!(all.len(), forms.len(), "two fingerprints, one normal form");
    (sequences.len(), forms.len())
}

#[test]
fn a_lost_update_has_four_orders() {
    // Two reads, two writes of one variable: of the six sequences two pairs swap only the reads.
    let (sequences, orders) = classes(LOST_UPDATE, &Options::default(), 300);
    assert_eq!(orders, 4);
    assert!(sequences > 20, "{sequences}");
}

#[test]
fn a_lock_has_as_many_orders_as_takers_can_stand_in() {
    let program = "\
import threading
lock = threading.Lock()
def work():
    with lock:
        pass
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
";
    let (sequences, orders) = classes(program, &at_calls(), 400);
    assert_eq!(orders, 6);
    assert!(sequences > 50, "{sequences}");
}

#[test]
fn what_no_two_threads_share_has_one_order() {
    // Each has its lock of the same name, and makes it in its own time; threads are started by several threads.
    let program = "\
import threading
def inner():
    lock = threading.Lock()
    with lock:
        pass
def outer():
    t = threading.Thread(target=inner)
    t.start()
    t.join()
threads = [threading.Thread(target=outer) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
";
    let (sequences, orders) = classes(program, &at_calls(), 100);
    assert_eq!(orders, 1);
    assert!(sequences > 50, "{sequences}");
}

#[test]
fn parts_of_an_object_are_apart_and_the_whole_is_not() {
    let program = "\
import threading
items = {'a': 0, 'b': 0}
def work(key):
    items[key] = 1
def look():
    len(items)
threads = [threading.Thread(target=work, args=(k,)) for k in 'ab']
threads.append(threading.Thread(target=look))
for t in threads: t.start()
for t in threads: t.join()
";
    // The look stands before or after each of two writes that commute.
    assert_eq!(classes(program, &Options::default(), 300).1, 4);
}

/// Adjacent independent steps of a trace, swapped: the definition itself.
#[test]
fn swaps_of_independent_steps_change_nothing() {
    for seed in 0..30 {
        let mut trace = traces(LOST_UPDATE, &seeded(seed), 1).remove(0);
        let expected = fingerprint(&trace);
        for i in 0..trace.events.len() - 1 {
            let (x, y) = (trace.events[i], trace.events[i + 1]);
            let conflict = trace.touches(&x).iter().any(|a| {
                trace.touches(&y).iter().any(|b| {
                    let overlap = a.part == b.part || a.part == 0 || b.part == 0;
                    a.thing == b.thing && overlap && !a.mode.commutes(b.mode)
                })
            });
            let starts = trace.op(&x) == "start" && trace.shape(&x).peer == Some(y.thread);
            let dependent = x.thread == y.thread || conflict || starts;
            trace.events.swap(i, i + 1);
            if starts || x.thread == y.thread {
                // Of no run at all.
            } else if dependent {
                assert_ne!(fingerprint(&trace), expected, "seed {seed}, step {i}");
            } else {
                assert_eq!(fingerprint(&trace), expected, "seed {seed}, step {i}");
            }
            trace.events.swap(i, i + 1);
        }
    }
}

#[test]
fn a_stored_trace_has_the_fingerprint_of_the_run() {
    for trace in traces(LOST_UPDATE, &Options::default(), 10) {
        let mut bytes = Vec::new();
        crate::trace::codec::write(&trace, &mut bytes).unwrap();
        let back = crate::trace::codec::read(&bytes[..]).unwrap();
        assert_eq!(back, trace);
        assert_eq!(fingerprint(&back), fingerprint(&trace));
        assert_eq!(
            Snapshot::of(&back).without_values().to_string(),
            Snapshot::of(&trace).without_values().to_string()
        );
    }
}

#[test]
fn a_set_that_wakes_somebody_is_told_from_one_that_does_not() {
    // Both by the same line: two sets commute as long as nobody waits.
    let program = "
import threading
event = threading.Event()
waiter = threading.Thread(target=event.wait)
for n in range(2):
    event.set()
    event.clear()
    if n == 0:
        waiter.start()
event.set()
waiter.join()
";
    let mut woke = BTreeSet::new();
    for trace in traces(program, &Options::default(), 40) {
        for event in trace.events.iter().filter(|e| trace.op(e) == "set") {
            let wakes = trace.result(event).is_some();
            let modes: Vec<Mode> = trace.touches(event).iter().map(|t| t.mode).collect();
            let expected = if wakes { Mode::Write } else { Mode::Add };
            assert_eq!(modes, [expected], "line {}", trace.shape(event).line);
            woke.insert((trace.shape(event).line, wakes));
        }
    }
    assert!(
        woke.contains(&(6, true)) && woke.contains(&(6, false)),
        "{woke:?}"
    );
}
