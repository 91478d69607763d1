//! Programs in Python: with reduction the same outcomes as without, and each trace once.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::source::{Source, source};
use crate::explore::{ChoicePoint, Mismatch, Random, Strategy as Chooser};
use crate::run::{Driver, Options, Session, Switch, Time, load_source};
use crate::search::dpor::{Entry, Flow, Path, Reduction, Search, Visitor};
use crate::search::merge::Merge;
use crate::search::outcome::{Observe, digest};
use crate::search::part::Choice;
use crate::testing::cases;

/// All that a search found: outcomes by what tells them apart, in words.
#[derive(Default)]
struct Collect {
    observe: Observe,
    outcomes: BTreeMap<u128, String>,
    fingerprints: BTreeSet<u64>,
    schedules: u64,
    redundant: u64,
    steps: u64,
    limit: u64,
    /// Forced steps that may be taken at once.
    at_once: u64,
}

impl Visitor<Driver<'_>> for Collect {
    fn enter(&mut self, _: &Driver<'_>) -> Entry {
        self.steps += 1;
        Entry::Go
    }

    fn may_pass(&self, _: &Driver<'_>) -> u64 {
        self.at_once
    }

    fn passed(&mut self, steps: u64) {
        self.steps += steps;
    }

    fn complete(&mut self, driver: &Driver<'_>, path: &Path) -> Flow {
        self.schedules += 1;
        self.outcomes
            .entry(digest(driver, self.observe))
            .or_insert_with(|| {
                let ending = driver.ending().expect("the run is over");
                format!("{ending:?} {:?}", driver.output())
            });
        self.fingerprints.insert(path.events.fingerprint());
        if self.schedules > self.limit {
            Flow::Stop
        } else {
            Flow::Go
        }
    }

    fn redundant(&mut self, _: &Driver<'_>) -> Flow {
        self.redundant += 1;
        if self.redundant > 10 * self.limit {
            Flow::Stop
        } else {
            Flow::Go
        }
    }
}

fn search(
    session: &mut Session,
    options: &Options,
    observe: Observe,
    reduction: Reduction,
    limit: u64,
    at_once: u64,
) -> Option<Collect> {
    let mut found = Collect {
        observe,
        limit,
        at_once,
        ..Collect::default()
    };
    let mut driver = session.start(options);
    if reduction != Reduction::None {
        driver.note_accesses();
    }
    let mut search = Search::new(reduction);
    if observe != Observe::Output {
        search.ignore_output();
    }
    search.run(&mut driver, &mut found).then_some(found)
}

fn search_by_states(
    session: &mut Session,
    options: &Options,
    observe: Observe,
) -> BTreeMap<u128, String> {
    let mut found = Collect {
        observe,
        limit: u64::MAX / 10,
        ..Collect::default()
    };
    let mut driver = session.start(options);
    driver.know_printed(observe.printed());
    let whole = Merge::new(None).run(&mut driver, &mut found);
    assert!(whole, "nothing stops it");
    found.outcomes
}

/// The searches of one program, if it is not too large.
fn compare(
    session: &mut Session,
    company: bool,
    options: &Options,
    observe: Observe,
    limit: u64,
) -> Result<bool, String> {
    let Some(all) = search(session, options, observe, Reduction::Traced, limit, 0) else {
        return Ok(false);
    };
    let mut dpor = |at_once| {
        let found = search(
            session,
            options,
            observe,
            Reduction::Dpor,
            10 * limit,
            at_once,
        );
        found.ok_or("the search with reduction takes more runs than the one without")
    };
    let reduced = dpor(0)?;
    for at_once in [1, 2, u64::MAX] {
        let other = dpor(at_once)?;
        let counts = |found: &Collect| (found.schedules, found.redundant, found.steps);
        if counts(&other) != counts(&reduced)
            || other.fingerprints != reduced.fingerprints
            || other.outcomes != reduced.outcomes
        {
            return Err(format!(
                "{at_once} forced steps at once: {:?} instead of {:?}",
                counts(&other),
                counts(&reduced)
            ));
        }
    }
    let by_states = search_by_states(session, options, observe);
    if !by_states.keys().eq(all.outcomes.keys()) {
        let only = |a: &BTreeMap<u128, String>, b: &BTreeMap<u128, String>| {
            let only = a.iter().filter(|(key, _)| !b.contains_key(*key));
            only.map(|(_, text)| text.clone()).collect::<Vec<_>>()
        };
        return Err(format!(
            "by states: lost {:?}; too many {:?}",
            only(&all.outcomes, &by_states),
            only(&by_states, &all.outcomes)
        ));
    }
    for (key, outcome) in &all.outcomes {
        if !reduced.outcomes.contains_key(key) {
            return Err(format!(
                "of {} outcomes {} found; lost: {outcome}",
                all.outcomes.len(),
                reduced.outcomes.len()
            ));
        }
    }
    if reduced.schedules as usize != reduced.fingerprints.len() {
        return Err(format!(
            "{} runs of {} traces",
            reduced.schedules,
            reduced.fingerprints.len()
        ));
    }
    let known = reduced.fingerprints.is_subset(&all.fingerprints);
    if !known || company && reduced.fingerprints.len() < all.fingerprints.len() {
        return Err(format!(
            "{} traces of {}",
            reduced.fingerprints.len(),
            all.fingerprints.len()
        ));
    }
    Ok(true)
}

fn options(switch: Switch, time: Time, spurious: u32) -> Options {
    Options {
        switch,
        time,
        spurious,
        step_cost: 0,
        max_steps: 1_000,
        ..Options::default()
    }
}

const OBSERVED: [Observe; 3] = [Observe::Output, Observe::Threads, Observe::Ending];

/// Compares under all options.
fn compare_all(source: &Source, spurious: u32, limit: u64) -> Result<(), TestCaseError> {
    let program = load_source("random.py", &source.text, false)
        .map_err(|e| TestCaseError::fail(e.to_string()))?;
    let mut session = Session::new(program);
    for switch in [Switch::Shared, Switch::Sync] {
        for time in [Time::Virtual, Time::Free] {
            let options = options(switch, time, spurious);
            for observe in OBSERVED {
                let compared = compare(&mut session, source.company, &options, observe, limit);
                if let Err(e) = compared {
                    let text = format!("{switch:?} {time:?} {observe:?}: {e}");
                    return Err(TestCaseError::fail(text));
                }
            }
        }
    }
    Ok(())
}

/// Which of two threads dies first is told by what they print, and by nothing else.
#[test]
fn threads_that_die_do_so_in_no_order() {
    let text = "\
import threading
R = threading.RLock()
B = threading.BoundedSemaphore(1)
threading.Thread(target=R.release).start()
threading.Thread(target=B.release).start()
";
    let mut session = Session::new(load_source("deaths.py", text, false).unwrap());
    let options = options(Switch::Shared, Time::Virtual, 0);
    for (observe, outcomes) in [(Observe::Output, 2), (Observe::Ending, 1)] {
        for reduction in [Reduction::Traced, Reduction::Dpor] {
            let found = search(&mut session, &options, observe, reduction, 100, 0).unwrap();
            assert_eq!(found.outcomes.len(), outcomes, "{observe:?}");
        }
    }
}

/// What a thread does when it is alone meets what threads did that have ended, and that it did not wait for.
#[test]
fn the_last_thread_reads_what_others_may_write_later() {
    for (reads, waits) in [
        ("print(xs[0])", "T1.join()"),
        ("print(x)", "T1.join()"),
        ("print(x)", "L.acquire()"),
        ("Q.append(x); print(Q)", "T1.join()"),
    ] {
        let text = format!(
            "\
import threading
x = 0
xs = [0]
Q = []
L = threading.Lock()
L.acquire()
def t0():
    global x
    xs[0] = x = 1
T0 = threading.Thread(target=t0)
T1 = threading.Thread(target=L.release)
T0.start()
T1.start()
{waits}
{reads}
"
        );
        let mut session = Session::new(load_source("alone.py", &text, false).unwrap());
        for switch in [Switch::Shared, Switch::Sync] {
            let options = options(switch, Time::Virtual, 0);
            for reduction in [Reduction::Traced, Reduction::Dpor] {
                let found = search(&mut session, &options, Observe::Output, reduction, 5_000, 0);
                let outcomes = found.expect("it is small").outcomes;
                assert_eq!(
                    outcomes.len(),
                    2,
                    "{reads} {waits} {switch:?} {reduction:?}"
                );
            }
        }
    }
}

/// Main may leave before a daemon starts a thread that it would wait for.
#[test]
fn a_daemon_may_start_a_thread_that_main_waits_for() {
    for (before, after) in [("", "g += 1"), ("", "E.wait()"), ("g += 1", "")] {
        let text = format!(
            "\
import threading
g = 0
E = threading.Event()
W = threading.Lock()
W.acquire()
threading.Thread(target=W.acquire, daemon=True).start()
def t0():
    global g
    {before}
    T1.start()
    {after}
def t1():
    global g
    g += 1
T0 = threading.Thread(target=t0, daemon=True)
T1 = threading.Thread(target=t1, daemon=False)
T0.start()
"
        );
        let source = Source {
            text,
            company: true,
        };
        let compared = compare_all(&source, 0, 1_000);
        assert!(compared.is_ok(), "{before} {after}: {compared:?}");
    }
}

/// A thread may be asked for before it is started, and after.
#[test]
fn whether_a_thread_was_started_shows() {
    for asks in [
        "T1.join(1)",
        "T1.join()",
        "T1.start()",
        "print(T1.is_alive())",
        "print(T1.ident)",
        "T1.daemon = True",
    ] {
        let text = format!(
            "\
import threading
W = threading.Lock()
W.acquire()
threading.Thread(target=W.acquire, daemon=True).start()
g = 0
def t0():
    global g
    g += 1
    {asks}
T0 = threading.Thread(target=t0)
T1 = threading.Thread(target=int)
T0.start()
T1.start()
"
        );
        let source = Source {
            text,
            company: true,
        };
        let compared = compare_all(&source, 0, 2_000);
        assert!(compared.is_ok(), "{asks}: {compared:?}");
        let mut session = Session::new(load_source("asks.py", &source.text, false).unwrap());
        let options = options(Switch::Shared, Time::Virtual, 0);
        let found = search(
            &mut session,
            &options,
            Observe::Output,
            Reduction::Dpor,
            2_000,
            0,
        );
        assert!(found.expect("it is small").outcomes.len() > 1, "{asks}");
    }
}

/// The path to a part holds choices alone; between them lie steps that cannot be otherwise.
#[test]
fn the_path_to_a_part_leads_there() {
    let text = "\
import threading
C = threading.Condition()
n = 0
def waits():
    with C: C.wait(1)
def wakes():
    global n
    n += 1
    with C: C.notify()
    n += 1
ts = [threading.Thread(target=f) for f in (waits, waits, wakes, wakes)]
for t in ts: t.start()
for t in ts: t.join()
print(n)
";
    let mut session = Session::new(load_source("parts.py", text, false).unwrap());
    let options = options(Switch::Shared, Time::Virtual, 0);
    let mut parts = Vec::new();
    for limit in [0, 10, 100] {
        let mut driver = session.start(&options);
        driver.note_accesses();
        let mut search = Search::new(Reduction::Dpor);
        let mut found = Collect {
            limit,
            ..Collect::default()
        };
        assert!(!search.run(&mut driver, &mut found));
        parts.extend(search.give_away(1_000));
    }
    assert!(parts.iter().any(|part| part.path.len() > 10));
    for part in &parts {
        let mut driver = session.start(&options);
        driver.note_accesses();
        let mut found = Collect::default();
        // It panics where the path does not fit.
        Search::new(Reduction::Dpor).run_part(&mut driver, &mut found, part);
        let steps = |choice: &&Choice| matches!(choice, Choice::Thread(_));
        let least = part.path.iter().filter(steps).count() as u64;
        assert!(driver.steps() > least, "{part:?}");
    }
}

// Each program is searched in twelve ways.
proptest! {
    #![proptest_config(cases(80))]

    #[test]
    fn reduction_loses_no_outcome_of_small_programs(source in source(2..3, 1..3), spurious in 0u32..2) {
        compare_all(&source, spurious, 300)?;
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn reduction_loses_no_outcome_and_takes_each_trace_once(source in source(2..4, 1..5), spurious in 0u32..2) {
        compare_all(&source, spurious, 600)?;
    }
}

/// Chooses as another does, but has each step taken by the scheduler: as far as anybody knows it might let time pass in front of it.
struct StepByStep(Random);

impl Chooser for StepByStep {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn begin(&mut self, seed: u64) {
        self.0.begin(seed);
    }

    fn may_jump(&self) -> bool {
        true
    }

    fn choose(&mut self, point: &ChoicePoint) -> Result<usize, Mismatch> {
        self.0.choose(point)
    }
}

proptest! {
    #![proptest_config(cases(256))]

    /// What is forced a thread does by itself, unless somebody looks on: the run is the same.
    #[test]
    fn runs_are_the_same_whether_somebody_looks_on_or_not(source in source(1..4, 1..12), seed in 0u64..1_000, max_steps in 1u64..120) {
        let program = load_source("random.py", &source.text, false)
            .map_err(|e| TestCaseError::fail(e.to_string()))?;
        let mut session = Session::new(program);
        for switch in [Switch::Shared, Switch::Sync, Switch::Gil] {
            for time in [Time::Virtual, Time::Free] {
                for max_steps in [max_steps, 1_000] {
                    let alone = Options {
                        seed,
                        max_steps,
                        step_cost: 1_000,
                        ..options(switch, time, 0)
                    };
                    let watched = Options { trace: true, ..alone.clone() };
                    let told = |run: crate::run::RunResult| {
                        (run.ending, run.output, run.steps, run.time, run.token)
                    };
                    let traced = session.run(&watched);
                    let each = session
                        .run_with(&watched, &mut StepByStep(Random::new(seed)))
                        .expect("no replay");
                    prop_assert_eq!(&traced.trace, &each.trace);
                    prop_assert_eq!(told(session.run(&alone)), told(traced));
                }
            }
        }
    }
}
