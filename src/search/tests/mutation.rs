//! The dependence relation broken on purpose: the property tests must notice, or they prove little.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::kernel::{DAEMONS, compare};
use crate::id::SyncId;
use crate::kernel::footprint::mutation::{self, Mutant};
use crate::kernel::footprint::{Mode, Resource, Touch};
use crate::kernel::generate::{Shape, program};
use crate::testing::cases;

/// Programs that a mistake may take to be found.
const PROGRAMS: u32 = 2_000;

/// One kind of dependence each that goes unseen, and the operations of programs that show it. Numbers of objects are those of
/// [`crate::kernel::generate::KINDS`]. Two are not here: the clock, whose readings in `free` time are not exact anyway, and two
/// spurious wakeups, each of which also meets every other step of the other's thread.
const MUTANTS: &[(&str, &[&str], Mutant)] = &[
    ("a write and a read of state", &["access"], |a, b| {
        heap(a) && modes(a, b, Mode::Write, Mode::Read)
    }),
    ("two writes of state", &["access"], |a, b| {
        heap(a) && modes(a, b, Mode::Write, Mode::Write)
    }),
    ("a whole object and a part of it", &["access"], |a, b| {
        heap(a) && a.part() != b.part()
    }),
    ("a lock", &["lock"], |a, _| sync(a, 0)),
    ("an rlock", &["rlock"], |a, _| sync(a, 1)),
    ("a condition", &["lock", "condition"], |a, _| sync(a, 2)),
    (
        "a condition of an rlock",
        &["rlock", "condition of rlock"],
        |a, _| sync(a, 3),
    ),
    ("a semaphore", &["semaphore"], |a, _| sync(a, 4)),
    ("a bounded semaphore", &["bounded semaphore"], |a, _| {
        sync(a, 5)
    }),
    (
        "release and acquire of a semaphore",
        &["semaphore"],
        |a, b| sync(a, 4) && modes(a, b, Mode::Add, Mode::Write),
    ),
    ("an event", &["event"], |a, _| sync(a, 6)),
    ("set and clear of an event", &["event"], |a, b| {
        sync(a, 6) && modes(a, b, Mode::Add, Mode::Write)
    }),
    ("set and wait of an event", &["event"], |a, b| {
        sync(a, 6) && modes(a, b, Mode::Add, Mode::Read)
    }),
    ("a barrier", &["barrier"], |a, _| sync(a, 7)),
    ("a queue", &["queue"], |a, _| sync(a, 8)),
    ("the size of a queue", &["queue"], |a, b| {
        sync(a, 8) && modes(a, b, Mode::Write, Mode::Read)
    }),
    ("output", &["output"], |a, _| {
        matches!(a.resource(), Resource::Stream(_))
    }),
    (
        "start, end and join of a thread",
        &["start", "join"],
        |a, _| matches!(a.resource(), Resource::Thread(_)),
    ),
    ("the set of threads", &["survey", "start"], |a, _| {
        a.resource() == Resource::Foreground
    }),
    ("spurious wakeups", &["lock", "condition"], |a, _| {
        a.resource() == Resource::Budget
    }),
    ("the end of the process", &["yield", "lock"], |a, _| {
        matches!(a.resource(), Resource::Process(_))
    }),
];

fn heap(a: &Touch) -> bool {
    matches!(a.resource(), Resource::Heap(_))
}

fn sync(a: &Touch, id: u32) -> bool {
    a.resource() == Resource::Sync(SyncId(id))
}

fn modes(a: &Touch, b: &Touch, first: Mode, second: Mode) -> bool {
    a.mode() == first && b.mode() == second
}

/// How many programs it took until a mistake was found.
fn killed_after(only: &'static [&'static str], mutant: Mutant) -> Option<u32> {
    let programs = program(Shape { only, ..DAEMONS });
    let mut runner = TestRunner::new(cases(1));
    (1..=PROGRAMS).find(|_| {
        let tree = programs.new_tree(&mut runner);
        let program = tree.expect("nothing is rejected").current().0;
        let found = mutation::with(mutant, || compare(&program, 300)).is_err();
        assert!(
            !found || compare(&program, 300).is_ok(),
            "no mistake of the mutant's"
        );
        found
    })
}

#[test]
fn each_mistake_in_the_dependence_of_steps_is_found() {
    let mut survivors = Vec::new();
    for (name, only, mutant) in MUTANTS {
        let killed = killed_after(only, *mutant);
        println!("{name}: {killed:?}");
        if killed.is_none() {
            survivors.push(*name);
        }
    }
    assert!(
        survivors.is_empty(),
        "not found in {PROGRAMS} programs: {survivors:?}"
    );
}
