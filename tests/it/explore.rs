//! Known programs, explored: how many traces there are, and every outcome.

use crate::support::{folder, raddle};
use raddle::run::{Switch, load, load_source};
use raddle::search::{Exploration, Explorer, Observe, Plan, Verdict};
use std::fs;
use std::path::PathBuf;

fn explored(name: &str, args: &[&str], change: impl FnOnce(Explorer) -> Explorer) -> Exploration {
    let path = PathBuf::from(format!("tests/explore/{name}.py"));
    let program = load(&path, false).unwrap_or_else(|e| panic!("{e}"));
    let explorer = Explorer::new().options(|options| {
        options.args = args.iter().map(|arg| (*arg).to_owned()).collect();
    });
    let found = change(explorer).run(program);
    assert!(found.complete, "{name} {args:?}");
    assert_eq!(found.unlisted, 0);
    found
}

/// The outcomes, each with how often it came, sorted.
fn outcomes(found: &Exploration) -> Vec<(&'static str, &str, u64)> {
    let each = found.outcomes.iter();
    let mut all: Vec<_> = each
        .map(|(o, _)| (o.ending.name(), o.stdout.trim_end(), o.count))
        .collect();
    all.sort_unstable();
    all
}

fn finished<'a>(texts: &[(&'a str, u64)]) -> Vec<(&'static str, &'a str, u64)> {
    let all = texts.iter();
    all.map(|(text, count)| ("finished", *text, *count))
        .collect()
}

#[test]
fn unlocked_increments() {
    let dpor = |n| explored("increments", &[n], |e| e);
    let dfs = |n| explored("increments", &[n], |e| e.plan(Plan::Dfs));
    assert_eq!(outcomes(&dpor("1")), finished(&[("1", 2), ("2", 2)]));
    assert_eq!(outcomes(&dfs("1")), finished(&[("1", 100), ("2", 151)]));
    assert_eq!(
        outcomes(&dpor("2")),
        finished(&[("2", 12), ("3", 16), ("4", 6)])
    );
    assert_eq!(
        outcomes(&dfs("2")),
        finished(&[("2", 976), ("3", 1_690), ("4", 765)])
    );
    let three = [("2", 2), ("3", 82), ("4", 134), ("5", 90), ("6", 20)];
    assert_eq!(outcomes(&dpor("3")), finished(&three));
    let three = [
        ("2", 200),
        ("3", 10_033),
        ("4", 20_259),
        ("5", 14_888),
        ("6", 3_239),
    ];
    assert_eq!(outcomes(&dfs("3")), finished(&three));
}

/// The sections of a lock can only be ordered: (n k)! / k!^n ways.
#[test]
fn locked_counters() {
    for (threads, each, total, traces) in [
        ("2", "2", "4", 6),
        ("3", "2", "6", 90),
        ("3", "3", "9", 1_680),
    ] {
        let found = explored("locked_counter", &[threads, each], |e| e);
        assert_eq!(outcomes(&found), finished(&[(total, traces)]));
        assert_eq!(found.redundant, 0);
    }
}

/// Each fork goes first to one neighbour or the other; all first to the same side is a circle.
#[test]
fn philosophers() {
    for n in 2..=6u32 {
        let number = n.to_string();
        let all = 2u64.pow(n) - 2;
        let found = explored("philosophers", &[&number], |e| e);
        assert_eq!(
            outcomes(&found),
            [("deadlock", "", 1), ("finished", "", all)]
        );
        assert_eq!((found.verdict, found.redundant), (Verdict::Bug, 0));
        let found = explored("philosophers", &[&number, "ordered"], |e| e);
        assert_eq!(outcomes(&found), finished(&[("", all)]));
        assert_eq!((found.verdict, found.redundant), (Verdict::Ok, 0));
    }
}

#[test]
fn memory_is_sequentially_consistent() {
    let found = explored("store_buffering", &[], |e| e);
    assert_eq!(
        outcomes(&found),
        finished(&[("0 1", 1), ("1 0", 1), ("1 1", 1)])
    );
    let found = explored("message_passing", &[], |e| e);
    assert_eq!(outcomes(&found), finished(&[("42", 1), ("nothing", 1)]));
}

#[test]
fn mutual_exclusion() {
    let found = explored("peterson", &[], |e| e);
    assert_eq!(outcomes(&found), finished(&[("0", 28)]));
    let found = explored("dekker", &[], |e| e);
    let all = [
        ("False False", 1),
        ("False True", 4),
        ("True False", 7),
        ("True True", 8),
    ];
    assert_eq!(outcomes(&found), finished(&all));
    let found = explored("readers_writers", &[], |e| e);
    assert_eq!(outcomes(&found), finished(&[("2", 14)]));
}

#[test]
fn bounded_buffer() {
    let found = explored("bounded_buffer", &[], |e| e);
    assert_eq!(outcomes(&found), finished(&[("", 8_000)]));
}

/// Less observed means fewer runs, and the outcomes of the larger view fall together.
#[test]
fn what_is_observed() {
    let source = "
import threading
def say(word):
    print(word)
ts = [threading.Thread(target=say, args=(w,)) for w in 'ab']
for t in ts: t.start()
for t in ts: t.join()
";
    let count = |observe| {
        let program = load_source("say.py", source, false).unwrap();
        let found = Explorer::new().observe(observe).run(program);
        (found.schedules, found.outcomes.len())
    };
    assert_eq!(count(Observe::Output), (6, 4));
    assert_eq!(count(Observe::Threads), (1, 1));
    assert_eq!(count(Observe::Ending), (1, 1));
}

#[test]
fn five_lines_in_a_test() {
    let source = "import threading\na, b = threading.Lock(), threading.Lock()\ndef f():\n    with b, a: pass\nt = threading.Thread(target=f)\nt.start()\nwith a, b: pass\n";
    let program = load_source("order.py", source, false).unwrap();
    let found = Explorer::new()
        .options(|o| o.switch = Switch::Sync)
        .run(program);
    let endings = found
        .outcomes
        .iter()
        .map(|(outcome, _)| outcome.ending.name());
    insta::assert_snapshot!(endings.collect::<Vec<_>>().join(" "), @"deadlock finished");
}

/// What is not a program with several threads gets an answer at once.
/// Threads that use files of their own do not get in each other's way; those that use one file do, and so does who lists all.
#[test]
fn files_are_apart() {
    let schedules = |paths: [&str; 2], last: &str| {
        let source = format!(
            "\
import os, threading
def work(path):
    with open(path, 'a') as f:
        f.write('x')
{last}
threads = [threading.Thread(target=work, args=(path,)) for path in {paths:?}]
for t in threads: t.start()
for t in threads: t.join()
"
        );
        let program = load_source("x.py", &source, false).unwrap();
        let options = |e: Explorer| e.options(|o| o.switch = Switch::Sync);
        let found = options(Explorer::new()).run(program);
        assert!(found.complete);
        found.schedules
    };
    // Only their ends come in either order.
    let apart = schedules(["a", "b"], "");
    assert_eq!(apart, 2);
    assert!(schedules(["a", "./b/../a"], "") > apart);
    assert!(schedules(["a", "b"], "    os.listdir()") > apart);
}

#[test]
fn odd_programs() {
    let folder = folder("explore-odd");
    let explore = |source: &str, args: &[&str]| {
        fs::write(folder.join("p.py"), source).unwrap();
        let done = raddle(&folder, &[&["explore", "--json", "p.py"], args].concat());
        let document: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        (done.code, document)
    };
    let (code, found) = explore("print(1)", &[]);
    assert_eq!((code, &found["schedules"]), (0, &1.into()));
    assert_eq!(found["outcomes"][0]["stdout"], "1\n");
    let (code, found) = explore("import queue\nraise OSError('no')", &[]);
    assert_eq!(
        (code, &found["outcomes"][0]["ending"]),
        (1, &"exception".into())
    );
    let (code, found) = explore("while True: pass", &[]);
    assert_eq!((code, &found["complete"]), (1, &true.into()));
    assert_eq!(found["outcomes"][0]["ending"], "endless");
    let (code, found) = explore("n = 0\nwhile True: n += 1", &["--max-steps", "50"]);
    assert_eq!((code, &found["verdict"]), (4, &"limit".into()));
    assert_eq!(found["cut_off"]["max_steps"], 1);
    let (code, _) = explore("async def f(): pass", &[]);
    assert_eq!(code, 2);
    // Only met when the program runs: no verdict on the program.
    let (code, found) = explore("import threading\nthreading.settrace(print)", &[]);
    assert_eq!(
        (code, &found["outcomes"][0]["ending"]),
        (2, &"refused".into())
    );
    assert_eq!(
        (&found["complete"], &found["first_bug"]),
        (&false.into(), &serde_json::Value::Null)
    );
    let many = "import threading\nts = [threading.Thread(target=print) for _ in range(200)]\nfor t in ts: t.start()\nfor t in ts: t.join()\n";
    let (code, found) = explore(many, &["--observe", "ending"]);
    assert_eq!((code, &found["schedules"]), (0, &1.into()));
    let (code, found) = explore(many, &["--max-schedules", "20"]);
    assert_eq!(
        (code, &found["cut_off"]["max_schedules"]),
        (4, &true.into())
    );
}

#[test]
fn a_search_that_a_limit_ended_goes_on_with_another() {
    let here = folder("explore-limits");
    fs::copy("tests/explore/increments.py", here.join("p.py")).unwrap();
    let explore = |more: &[&str], program: &[&str]| {
        let done = raddle(&here, &[&["explore", "--json"], more, program].concat());
        let found: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        (done.code, found)
    };
    let same = ["schedules", "steps", "outcomes", "complete", "cut_off"];
    let (_, whole) = explore(&[], &["p.py", "3"]);
    let limited = ["--checkpoint", "state", "--max-schedules", "50"];
    let (code, part) = explore(&limited, &["p.py", "3"]);
    assert_eq!(code, 4);
    assert_eq!(part["schedules"], 50);
    let (_, again) = explore(&[&limited[..], &["--resume"]].concat(), &["p.py", "3"]);
    assert_eq!(again["schedules"], 50);
    // Less than were taken before: one of them shows that it is enough.
    let fewer = ["--checkpoint", "state", "--max-schedules", "20", "--resume"];
    let (code, fewer) = explore(&fewer, &["p.py", "3"]);
    assert_eq!((code, &fewer["verdict"]), (4, &"limit".into()));
    let (code, rest) = explore(&["--checkpoint", "state", "--resume"], &["p.py", "3"]);
    assert_eq!(code, 0);
    for name in same {
        assert_eq!(rest[name], whole[name], "{name}");
    }
}
