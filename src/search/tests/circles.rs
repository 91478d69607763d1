//! Programs that wait in loops, by chance: what a search by states finds is all that runs of few turns show, and shown by its tokens.

use std::collections::BTreeSet;
use std::fmt::Write;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::run::{Ending, Limit, Session, Time, load_source};
use crate::search::{
    Checkpoint, Exploration, Explorer, Find, Flow, Log, Outcome, Progress, Settings, Watch, token,
};

const SETTING: &str = "\
import threading, time
f = h = False
g = 0
L = threading.Lock()
E = threading.Event()
C = threading.Condition()
";

/// Statements that come to an end at once, or when another thread lets them.
const SIMPLE: &[&str] = &[
    "f = True",
    "f = False",
    "h = f",
    "h = not h",
    "g += 1",
    "g = 0",
    "L.acquire()",
    "E.set()",
    "E.clear()",
    "print('x', end='')",
    "print(g, end='')",
];

/// The same, of those that have to do with time.
const TIMED: &[&str] = &[
    "time.sleep(1)",
    "time.sleep(2)",
    "E.wait(1)",
    "L.acquire(timeout=1)",
];

/// Loops: what is waited for, and what is done in between.
const LOOPS: &[(&str, &str)] = &[
    ("f", "pass"),
    ("not f", "pass"),
    ("h", "pass"),
    ("g", "pass"),
    ("f and h", "pass"),
    ("L.acquire(False)", "pass"),
    ("E.is_set()", "pass"),
    ("not T0.is_alive()", "pass"),
    ("f", "h = True; h = False"),
];

const TIMED_LOOPS: &[(&str, &str)] = &[
    ("f", "time.sleep(1)"),
    ("g", "time.sleep(0.5)"),
    ("E.wait(1)", "pass"),
    ("L.acquire(timeout=1)", "pass"),
];

#[derive(Clone, Debug)]
enum Stmt {
    Line(&'static str),
    Loop(&'static str, &'static str),
}

fn stmt(timed: bool) -> BoxedStrategy<Stmt> {
    let line = |of: &'static [&'static str]| select(of).prop_map(Stmt::Line);
    let wait = |of: &'static [(&'static str, &'static str)]| {
        select(of).prop_map(|(until, body)| Stmt::Loop(until, body))
    };
    if timed {
        prop_oneof![4 => line(SIMPLE), 2 => line(TIMED), 2 => wait(LOOPS), 2 => wait(TIMED_LOOPS)]
            .boxed()
    } else {
        prop_oneof![5 => line(SIMPLE), 3 => wait(LOOPS)].boxed()
    }
}

/// The program. With `turns` its loops are given up after so many, which is printed.
fn text(threads: &[Vec<Stmt>], turns: Option<u32>) -> String {
    let mut text = SETTING.to_owned();
    for (i, body) in threads.iter().enumerate() {
        let _ = writeln!(text, "def t{i}():\n    global f, g, h");
        for stmt in body {
            let _ = match (stmt, turns) {
                (Stmt::Line(line), _) => writeln!(text, "    {line}"),
                (Stmt::Loop(until, body), None) => {
                    writeln!(text, "    while not ({until}):\n        {body}")
                }
                (Stmt::Loop(until, body), Some(turns)) => writeln!(
                    text,
                    "    for _ in range({turns}):\n        if {until}: break\n        {body}\n    else:\n        print('#', end='')\n        return"
                ),
            };
        }
    }
    let all = || 0..threads.len();
    for i in all() {
        let _ = writeln!(text, "T{i} = threading.Thread(target=t{i})");
    }
    for i in all() {
        let _ = writeln!(text, "T{i}.start()");
    }
    for i in all() {
        let _ = writeln!(text, "T{i}.join()");
    }
    text + "print(f, g, h)\n"
}

fn explored(text: &str, explorer: &Explorer) -> (Exploration, Session) {
    let program = load_source("circles.py", text, false).expect("is a program");
    let mut session = Session::new(program);
    let found = explorer.watched(&mut session, &mut |_: &_| Flow::Go);
    (found, session)
}

fn outcomes(found: &Exploration) -> BTreeSet<String> {
    let each = found.outcomes.iter();
    each.map(|(o, _)| format!("{:?} {}", o.ending, o.stdout))
        .collect()
}

/// What a program can print is found by what it prints, and nothing else.
fn seek(session: &mut Session, explorer: &Explorer, outcome: &Outcome) -> Result<(), String> {
    let settings = Settings {
        max_schedules: None,
        ..explorer.settings().clone()
    };
    for merge_states in [false, true] {
        let mut find = |log: Log| {
            let settings = Settings {
                merge_states,
                ..settings.clone()
            };
            Find::with(settings)
                .stdout(log)
                .ending(outcome.ending.name())
                .watched(session, &mut |_: &_| Flow::Go)
        };
        let found = find(Log::exact(&outcome.stdout));
        let bare = |text: &str| text.strip_suffix('\n').unwrap_or(text).to_owned();
        if found.run.as_ref().map(|run| bare(&run.stdout)) != Some(bare(&outcome.stdout)) {
            return Err(format!("not found: {outcome:?}; {found:?}"));
        }
        let found = find(Log::exact(&(outcome.stdout.clone() + "?")));
        if !found.complete || found.run.is_some() {
            return Err(format!("no run ends in ?: {found:?}"));
        }
    }
    Ok(())
}

fn check(threads: &[Vec<Stmt>], timed: bool, time: Time) -> Result<(), String> {
    let explorer = Explorer::new().max_schedules(3_000).options(|options| {
        options.time = time;
        options.max_steps = 2_000;
    });
    let source = text(threads, None);
    let (found, mut session) = explored(&source, &explorer);
    if found.cut_off.max_schedules {
        return Ok(());
    }
    if !found.complete {
        return Err(format!("not complete: {:?}", found.cut_off));
    }
    // Each is what it is said to be.
    let digest = session.program().digest;
    for (outcome, _) in &found.outcomes {
        let mut options = explorer.settings().options.clone();
        if outcome.ending == Ending::Endless(Limit::Cycle) {
            options.max_steps = outcome.steps;
        }
        let token = token(digest, explorer.settings(), outcome);
        let again = session
            .replay(&token, &options)
            .map_err(|e| e.to_string())?;
        if (again.ending.name(), &again.stdout) != (outcome.ending.name(), &outcome.stdout) {
            return Err(format!(
                "{outcome:?} is {:?} {}",
                again.ending, again.stdout
            ));
        }
    }
    let mine = outcomes(&found);
    let (states, _) = explored(&source, &explorer.clone().merge_states());
    if !states.complete || outcomes(&states) != mine {
        return Err(format!("by states: {:?}, else {mine:?}", outcomes(&states)));
    }
    for (outcome, _) in &found.outcomes {
        seek(&mut session, &explorer, outcome)?;
    }
    let (few, _) = explored(&text(threads, Some(2)), &explorer);
    if few.cut_off.max_schedules {
        return Ok(());
    }
    let few: BTreeSet<String> = outcomes(&few)
        .into_iter()
        .filter(|o| !o.contains('#'))
        .collect();
    if let Some(lost) = few.difference(&mine).next() {
        return Err(format!("{mine:?} lacks {lost}"));
    }
    // Turns in vain change nothing, so that few are as good as any number; but for what comes with time.
    let endless = format!("{:?}", Ending::Endless(Limit::Cycle));
    let more = mine
        .iter()
        .find(|o| !o.starts_with(&endless) && !few.contains(*o));
    match more {
        Some(more) if !timed => Err(format!("{few:?} lacks {more}")),
        _ => Ok(()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 8, ..ProptestConfig::default() })]

    #[test]
    fn programs_that_wait_in_loops_are_decided(
        still in vec(vec(stmt(false), 1..4), 2..4),
        timed in vec(vec(stmt(true), 1..4), 2..4),
    ) {
        for (threads, time, has_time) in
            [(&still, Time::Virtual, false), (&timed, Time::Virtual, true), (&timed, Time::Free, true)]
        {
            if let Err(e) = check(threads, has_time, time) {
                return Err(TestCaseError::fail(format!("{time:?}: {e}\n{}", text(threads, None))));
            }
        }
    }
}

/// Three threads that print take all orders; one that waits counts its turns, so that it comes to no state twice.
const COUNTS_WHILE_IT_WAITS: &str = "\
import threading
L = threading.Lock()
flag = False
n = 0
def end():
    global flag
    flag = True
def spin():
    global n
    while not flag: n += 1
def work(k):
    for _ in range(2):
        with L: print(k, end='')
T = [threading.Thread(target=end), threading.Thread(target=spin)]
T += [threading.Thread(target=work, args=(k,)) for k in 'abc']
for t in T: t.start()
for t in T: t.join()
";

/// Stops a search when it looks around for the first time, and keeps its state.
#[derive(Default)]
struct Stop {
    state: Option<Checkpoint>,
}

impl Watch for Stop {
    fn look(&mut self, _: &Progress, _: &mut dyn FnMut() -> Checkpoint) -> Flow {
        Flow::Stop
    }

    fn finish(&mut self, state: Checkpoint) {
        self.state = Some(state);
    }
}

#[test]
fn what_runs_showed_stays_though_the_search_by_states_does_not_come_to_it() {
    let explorer = Explorer::new().options(|options| options.max_steps = 2_000);
    let program = load_source("counts.py", COUNTS_WHILE_IT_WAITS, false).expect("is a program");
    let mut session = Session::new(program);
    // By then all runs were taken up to the first that waits for ever, and the search by states has begun.
    let mut stop = Stop::default();
    let stopped = explorer.resumed(&mut session, None, &mut stop);
    assert!(stopped.states.is_some() && stopped.cut_off.stopped);
    assert!(stopped.earlier > 0);
    assert_eq!(stopped.outcomes.len(), 90);
    let counted: u64 = stopped.outcomes.iter().map(|(o, _)| o.count).sum();
    assert_eq!(counted, stopped.schedules);
    let digest = session.program().digest;
    for (outcome, _) in &stopped.outcomes {
        let token = token(digest, explorer.settings(), outcome);
        let again = session
            .replay(&token, &explorer.settings().options)
            .expect("the token fits");
        assert_eq!(again.stdout, outcome.stdout);
    }
    // Stopped again at once: what was found is in the checkpoint.
    let stopped_again = explorer.resumed(&mut session, stop.state.take(), &mut stop);
    assert_eq!(stopped_again.outcomes, stopped.outcomes);
    let explorer = explorer.max_schedules(120);
    let resumed = explorer.resumed(&mut session, stop.state, &mut |_: &Progress| Flow::Go);
    let whole = explorer.watched(&mut session, &mut |_: &Progress| Flow::Go);
    assert!(whole.cut_off.max_schedules && whole.outcomes.len() == 90);
    assert_eq!(resumed, whole);
}
