//! The loop, and going back in it.

use super::{LOCK_ORDER, LOST_UPDATE, at_calls, run, seeded, session};
use crate::explore::{RoundRobin, Token};
use crate::run::{Driver, Ending, Options, Session, Switch};
use std::collections::BTreeMap;

/// Every run there is, by going back at each choice: endings with output, how often each came, and a token of each.
fn all(session: &mut Session, options: &Options) -> BTreeMap<String, (u64, Token)> {
    fn visit(driver: &mut Driver, options: &Options, found: &mut BTreeMap<String, (u64, Token)>) {
        while driver.ready() {
            let options_here = driver.point().len();
            if options_here > 1 {
                let mark = driver.checkpoint();
                for index in 0..options_here {
                    driver.take(index);
                    visit(driver, options, found);
                    driver.rollback(&mark);
                }
                return;
            }
            driver.take(0);
        }
        let output: String = driver
            .output()
            .iter()
            .map(|(_, text)| text.as_str())
            .collect();
        let ending = driver.ending().expect("it is over");
        let token = || {
            let digest = driver.machine().image.program.digest;
            Token::new(digest, options.key(), driver.schedule().clone(), None)
        };
        found
            .entry(format!("{}: {}", ending.name(), output.trim_end()))
            .or_insert_with(|| (0, token()))
            .0 += 1;
    }
    let mut found = BTreeMap::new();
    visit(&mut session.start(options), options, &mut found);
    found
}

fn counts(text: &str, options: &Options) -> Vec<(String, u64)> {
    let mut session = session(text);
    let found = all(&mut session, options);
    for (what, (_, token)) in &found {
        let result = session.replay(token, options).expect("the same program");
        let again = format!("{}: {}", result.ending.name(), result.stdout.trim_end());
        assert_eq!(&again, what, "a schedule found by going back replays");
        assert_eq!(result.token, token.to_string());
    }
    found
        .into_iter()
        .map(|(what, (count, _))| (what, count))
        .collect()
}

#[test]
fn all_interleavings_of_a_lost_update() {
    // Started by main and joined in order; output when all else is over.
    let text = "\
import threading
counter = 0
def add():
    global counter
    counter += 1
t = threading.Thread(target=add)
t.start()
counter += 1
t.join()
print(counter, flush=True)
";
    let found = counts(text, &Options::default());
    let ways: u64 = found.iter().map(|(_, count)| count).sum();
    let outcomes: Vec<&str> = found.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(outcomes, ["finished: 1", "finished: 2"]);
    // Two steps each, and the thread's exit anywhere after its own until main joins.
    assert_eq!(ways, 6 + 4, "{found:?}");
}

#[test]
fn all_interleavings_of_a_deadlock() {
    let found = counts(LOCK_ORDER, &at_calls());
    let outcomes: Vec<&str> = found.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(outcomes, ["deadlock: ", "finished: work\nwork"]);
}

#[test]
fn every_waiter_can_be_notified() {
    let text = "\
import threading
cond = threading.Condition()
def wait(name):
    with cond:
        cond.wait()
        print(name)
for name in 'abc':
    threading.Thread(target=wait, args=name, daemon=True).start()
import time
time.sleep(1)
with cond:
    cond.notify()
time.sleep(1)
";
    let options = Options {
        switch: Switch::Sync,
        ..Options::default()
    };
    let mut shown = BTreeMap::new();
    for seed in 0..40 {
        let result = run(
            text,
            &Options {
                seed,
                ..options.clone()
            },
        );
        *shown.entry(result.stdout).or_insert(0) += 1;
    }
    let shown: Vec<_> = shown.keys().map(|text| text.trim_end()).collect();
    assert_eq!(shown, ["a", "b", "c"]);
    let fifo = Options {
        fifo: true,
        ..options
    };
    let mut session = session(text);
    let first = session.run(&fifo);
    assert_eq!(first.ending, Ending::Finished);
}

#[test]
fn some_seeds_lose_an_update_and_some_do_not() {
    let mut session = session(LOST_UPDATE);
    let outputs: Vec<String> = (0..50)
        .map(|seed| session.run(&seeded(seed)).stdout)
        .collect();
    assert!(outputs.iter().any(|output| output == "1\n"));
    assert!(outputs.iter().any(|output| output == "2\n"));
    let sync = Options {
        switch: Switch::Sync,
        ..Options::default()
    };
    for seed in 0..50 {
        let options = Options {
            seed,
            ..sync.clone()
        };
        assert_eq!(session.run(&options).stdout, "2\n");
    }
}

#[test]
fn runs_leave_nothing_behind() {
    let text = "\
import threading, time, queue
seen = []
local = threading.local()
q = queue.Queue()
class Box:
    made = 0
    def __init__(self):
        Box.made += 1
        self.extra = Box.made
        seen.append(id(self))
def work(n):
    local.x = Box()
    q.put(n)
threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print([q.get() for _ in range(3)], seen, Box.made, time.time(), [t.name for t in threads])
1 / 0
";
    let mut one = session(text);
    let first: Vec<_> = (0..10).map(|seed| one.run(&seeded(seed))).collect();
    let again: Vec<_> = (0..10).rev().map(|seed| one.run(&seeded(seed))).collect();
    for (seed, result) in first.iter().enumerate() {
        assert_eq!(result, &again[9 - seed]);
        assert_eq!(result, &run(text, &seeded(seed as u64)));
        assert_eq!(result, &one.clone().run(&seeded(seed as u64)));
    }
}

#[test]
fn a_session_can_be_sent_to_another_thread() {
    fn sent<T: Send + Sync>(_: &T) {}
    sent(&session("pass"));
}

#[test]
fn strategies_of_the_callers_own() {
    let mut session = session(LOST_UPDATE);
    let options = Options::default();
    let result = session
        .run_with(&options, &mut RoundRobin)
        .expect("it follows no record");
    let named = Options {
        strategy: "round-robin".into(),
        ..options
    };
    assert_eq!(result, session.run(&named));
}

#[test]
fn ten_thousand_threads() {
    let text = "\
import threading
lock = threading.Lock()
count = 0
def work():
    global count
    with lock:
        count += 1
threads = [threading.Thread(target=work) for _ in range(10000)]
for t in threads: t.start()
for t in threads: t.join()
print(count)
";
    assert_eq!(run(text, &at_calls()).stdout, "10000\n");
}

/// The instruction in front of which a thread parks is executed again: a call must have left its registers as they were.
#[test]
fn a_call_that_stops_in_front_of_its_access_can_be_made_again() {
    let text = "\
import threading
xs = []
class C: pass
c = C()
c.add = xs.append
def work():
    for i in range(3):
        list.append(xs, i)
        c.add(i)
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(len(xs))
";
    let result = run(text, &Options::default());
    assert_eq!(result.stdout, "12\n", "{}", result.stderr);
}

/// Writes, defines a class and draws random numbers before its first choice; threads see all of that.
const LONG_OPENING: &str = "\
import random, sys, threading
print('begin', sys.argv[1:])
class Account:
    def __init__(self): self.balance = 0
    def add(self, n): self.balance += n
account = Account()
DRAW
def work(n):
    account.add(n)
    print(n, account.balance)
threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2)]
for t in threads: t.start()
for t in threads: t.join()
print(account.balance, id(account), threads)
";

#[test]
fn later_runs_of_a_session_begin_at_the_first_choice_and_nobody_can_tell() {
    for draw in [
        "",
        "account.add(random.randrange(100))",
        "if random.random() < 0.5: threading.Thread(target=print).start()",
        "generator = random.Random()",
    ] {
        let text = LONG_OPENING.replace("DRAW", draw);
        let mut kept = session(&text);
        for seed in 0..12 {
            let options = Options {
                // Runs like the one before, runs with other options, and runs with a trace, which begin at the beginning.
                args: vec![if seed / 6 == 0 { "a" } else { "b" }.into()],
                trace: seed % 6 == 4,
                ..seeded(seed)
            };
            let (again, alone) = (kept.run(&options), run(&text, &options));
            assert_eq!(again, alone, "{draw} seed {seed}");
        }
    }
}

#[test]
fn going_back_brings_back_what_classes_were() {
    const PATCH: &str = "\
import threading
class C:
    def m(self): return 'old'
c = C()
def patch(): C.m = lambda self: 'new'
def call(): print(c.m())
threads = [threading.Thread(target=f) for f in (patch, call)]
for t in threads: t.start()
for t in threads: t.join()
call()
";
    let found = counts(PATCH, &Options::default());
    let outputs: Vec<&str> = found.iter().map(|(what, _)| &**what).collect();
    assert_eq!(outputs, ["finished: new\nnew", "finished: old\nnew"]);
}
