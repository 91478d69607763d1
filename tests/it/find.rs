//! From a log to a schedule: `raddle find`, and `Find` in the library.

use crate::support::{self, CLERKS, Done, folder, raddle, raddle_with};
use raddle::run::{Options, Session, load, load_source};
use raddle::search::{Find, Found, Log};
use std::fs;
use std::path::{Path, PathBuf};

const LOST: &str = "programs/race/lost_update.py";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `raddle find PROG --stdout LOG`, the log being this.
fn find(name: &str, program: &str, log: &[u8], more: &[&str]) -> Done {
    let path = folder(name).join("log");
    fs::write(&path, log).unwrap();
    let mut args = vec!["find", program, "--stdout", path.to_str().unwrap()];
    args.extend(more);
    raddle(root(), &args)
}

fn snapshot(name: &str, text: &str) {
    support::snapshot("find", name, text);
}

/// The command after `replay: `, without `raddle`.
fn replay(done: &Done) -> Vec<&str> {
    let line = done
        .out
        .lines()
        .find_map(|line| line.trim().strip_prefix("replay: raddle "));
    line.unwrap_or_else(|| panic!("no replay line in\n{}", done.out))
        .split(' ')
        .collect()
}

#[test]
fn a_log_becomes_a_schedule_that_prints_it() {
    let done = find("find_lost", LOST, b"1\n", &[]);
    assert_eq!((done.code, &*done.err), (0, ""), "{}", done.out);
    snapshot("lost", &done.out);
    let again = raddle(root(), &replay(&done));
    assert_eq!((again.code, &*again.out), (0, "1\n"));
}

/// As a notebook has recorded it: no seed is likely to keep main waiting for forty steps.
#[test]
fn an_order_that_is_all_but_impossible_is_found_too() {
    let line = "pid 1000 thread Thread-1 (run)\n";
    let log = format!("enter main\n{}leave main\n", line.repeat(5));
    let program = "programs/thread/e06_run_prints_five_times.py";
    let done = find("find_main_last", program, log.as_bytes(), &[]);
    assert_eq!((done.code, &*done.err), (0, ""), "{}", done.out);
    let again = raddle(root(), &replay(&done));
    assert_eq!((again.code, again.out), (0, log));
}

#[test]
fn what_no_schedule_prints_is_told_with_what_comes_nearest() {
    let done = find(
        "find_absent",
        "programs/deadlock/lock_order.py",
        b"left-right\nleft-right\n",
        &[],
    );
    assert_eq!((done.code, &*done.err), (1, ""), "{}", done.out);
    snapshot("absent", &done.out);
    let again = raddle(root(), &replay(&done));
    assert_eq!(again.out, "left-right\nright-left\n");
}

#[test]
fn a_hang_is_found_by_its_ending() {
    let done = find(
        "find_hang",
        "programs/deadlock/lock_order.py",
        b"",
        &["--ending", "deadlock"],
    );
    assert_eq!((done.code, &*done.err), (0, ""), "{}", done.out);
    let again = raddle(root(), &replay(&done));
    assert!(again.err.starts_with("deadlock: "), "{}", again.err);
    let alone = raddle(root(), &["find", LOST, "--ending", "deadlock"]);
    snapshot("no_such_ending", &alone.out);
    assert_eq!(alone.code, 1);
}

#[test]
fn a_part_of_a_log_is_enough_if_asked_for() {
    let program = "programs/deadlock/lock_order.py";
    let whole = find("find_part", program, b"right-left\n", &[]);
    assert_eq!(whole.code, 1, "{}", whole.out);
    let part = find("find_part", program, b"right-left\n", &["--partial"]);
    assert_eq!(part.code, 0, "{}", part.out);
    let order = find("find_part", program, b"[..]left\n[..]right", &["--partial"]);
    assert_eq!(order.code, 0, "{}", order.out);
    let absent = find(
        "find_part",
        program,
        b"right-left\nright-left\n",
        &["--partial"],
    );
    assert_eq!(absent.code, 1);
    snapshot("partial_absent", &absent.out);
}

#[test]
fn ends_of_lines_do_not_matter() {
    for log in ["1", "1\n", "1\r\n", "\u{FEFF}1\n"] {
        let done = find("find_ends", LOST, log.as_bytes(), &[]);
        assert_eq!(done.code, 0, "{log:?}: {}", done.out);
    }
    let done = find("find_ends", LOST, b"1\n\n\n", &[]);
    assert_eq!(done.code, 1, "{}", done.out);
}

#[test]
fn bad_logs_are_named() {
    let folder = folder("find_bad");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    fs::write(path("binary"), b"1\n\xFF\n").unwrap();
    fs::write(path("wide"), b"\xFF\xFE1\0").unwrap();
    fs::write(path("empty"), b"").unwrap();
    let failed = |args: &[&str]| {
        let mut all = vec!["find", LOST];
        all.extend(args);
        let done = raddle(root(), &all);
        assert_eq!((done.code, &*done.out), (2, ""), "{args:?}");
        let err = done.err.replace(folder.to_str().unwrap(), "FOLDER");
        err.lines().next().unwrap().to_owned()
    };
    let all = [
        failed(&["--stdout", &path("missing")]),
        failed(&["--stdout", folder.to_str().unwrap()]),
        failed(&["--stdout", &path("binary")]),
        failed(&["--stderr", &path("wide")]),
        failed(&["--stdout", &path("empty"), "--partial"]),
        failed(&["--stdout", "-", "--stderr", "-"]),
        failed(&["--ending", "deadlok"]),
        failed(&[]),
    ];
    snapshot("bad_logs", &all.join("\n"));
    let none = raddle(root(), &["find", LOST, "--stdout", &path("empty")]);
    assert_eq!(none.code, 1);
    snapshot("empty_log", &none.out);
}

#[test]
fn the_log_may_come_through_a_pipe() {
    let done = raddle_with(root(), &["find", LOST, "--stdout", "-"], b"2\n");
    assert_eq!(done.code, 0, "{}", done.out);
}

#[test]
fn a_search_that_is_cut_off_says_so() {
    let limited = find("find_limit", LOST, b"3\n", &["--max-schedules", "2", "-q"]);
    assert_eq!(limited.code, 4);
    snapshot("limited", &limited.out);
    let bounded = find("find_limit", LOST, b"1\n", &["--preemptions", "0", "-q"]);
    assert_eq!(bounded.code, 4);
    assert!(
        bounded.out.contains("beyond the bound on preemptions"),
        "{}",
        bounded.out
    );
    let enough = find("find_limit", LOST, b"1\n", &["--preemptions", "1"]);
    assert_eq!(enough.code, 0, "{}", enough.out);
}

#[test]
fn an_endless_run_counts_only_if_asked_for() {
    let folder = folder("find_endless");
    let program = folder.join("spin.py");
    fs::write(
        &program,
        "print('begin')\nwhile True:\n    print(end='.')\n",
    )
    .unwrap();
    let log = folder.join("log");
    fs::write(&log, "begin\n[..]").unwrap();
    let args = ["find", "spin.py", "--stdout", "log", "--max-steps", "50"];
    let done = raddle(&folder, &args);
    assert_eq!(done.code, 1);
    snapshot("endless", &done.out);
    let asked = raddle(&folder, &[&args[..], &["--ending", "endless"]].concat());
    assert_eq!(asked.code, 0, "{}", asked.out);
    let again = raddle(&folder, &replay(&asked));
    assert!(again.out.starts_with("begin\n."), "{}", again.out);
    // Each turn has a number of its own.
    fs::write(
        &program,
        "n = 0\nprint('begin')\nwhile True:\n    n += 1\n    print(end='.')\n",
    )
    .unwrap();
    let limit = raddle(&folder, &args);
    assert_eq!(limit.code, 4);
    snapshot("endless_count", &limit.out);
}

#[test]
fn programs_that_wait_in_loops_are_searched_to_the_end() {
    let folder = folder("find_circles");
    let program = folder.join("waiter.py");
    fs::write(&program, CLERKS).unwrap();
    let find = |log: &str, more: &[&str]| {
        fs::write(folder.join("log"), log).unwrap();
        let args = ["find", "waiter.py", "--stdout", "log", "-q"];
        raddle(&folder, &[&args[..], more].concat())
    };
    for log in ["ann\nbob\n", "ann\ncy\n", "bob\ncy\n"] {
        for more in [&[][..], &["--merge-states"]] {
            let done = find(log, more);
            assert_eq!(done.code, 0, "{}", done.out);
            assert_eq!(raddle(&folder, &replay(&done)).out, log);
        }
    }
    let absent = find("bob\nann\n", &[]);
    assert_eq!(absent.code, 1, "{}", absent.out);
    snapshot("waiter_absent", &absent.out);
    let bounded = find("ann\ncy\n", &["--preemptions", "1"]);
    assert_eq!(bounded.code, 0, "{}", bounded.out);
    let deadlock = find("", &["--ending", "deadlock"]);
    assert_eq!(deadlock.code, 1, "{}", deadlock.out);
}

/// What lies between the lines of a partial log makes no difference to what comes then.
#[test]
fn with_gaps_in_the_log_states_are_few() {
    let source = "\
import threading
def work(name):
    for i in range(4):
        print(f'{name}{i}')
ts = [threading.Thread(target=work, args=(n,)) for n in 'abcd']
for t in ts: t.start()
for t in ts: t.join()
";
    let find = |log: &str, change: fn(Find) -> Find| {
        let program = load_source("gaps.py", source, false).unwrap();
        change(Find::new().stdout(Log::partial(log))).run(program)
    };
    for change in [Find::merge_states as fn(Find) -> Find, |f| f, |f| f.jobs(3)] {
        let found = find("c3\na0\nd2\nb1", change);
        let stdout = found.run.unwrap().stdout;
        let mut lines = stdout.lines();
        for line in ["c3", "a0", "d2", "b1"] {
            assert!(lines.any(|l| l == line), "{stdout}");
        }
        // Far more orders than can be taken one by one.
        let absent = find("c3\na0\nd2\nc1", change);
        assert!(absent.complete && absent.run.is_none());
        assert!(absent.steps < 200_000, "{}", absent.steps);
        assert_eq!(absent.nearest.unwrap().lines[0], 3);
    }
}

#[test]
fn refused_programs_are_refused_as_elsewhere() {
    let folder = folder("find_refused");
    fs::write(folder.join("async.py"), "async def f(): pass\n").unwrap();
    let done = raddle(&folder, &["find", "async.py", "--ending", "finished"]);
    assert_eq!((done.code, &*done.out), (2, ""));
    let json = raddle(
        &folder,
        &["find", "async.py", "--ending", "finished", "--json"],
    );
    assert_eq!((json.code, &*json.err), (2, ""));
    assert!(json.out.contains("\"ending\":\"refused\""), "{}", json.out);
}

/// What CPython 3.13 wrote, of a program in another directory.
const STDERR: &str = "\
Exception in thread Thread-1 (child):
Traceback (most recent call last):
  File \"/usr/lib/python3.13/threading.py\", line 1041, in _bootstrap_inner
    self.run()
    ~~~~~~~~^^
  File \"/usr/lib/python3.13/threading.py\", line 992, in run
    self._target(*self._args, **self._kwargs)
    ~~~~~~~~~~~~^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File \"/home/ci/work/dies.py\", line 4, in child
    first[3] + 1
IndexError: list index out of range
";

#[test]
fn tracebacks_of_a_ci_job_fit() {
    let folder = folder("find_traceback");
    let program = "import threading\nfirst = []\ndef child():\n    first[3] + 1\nthreading.Thread(target=child).start()\nprint('main')\n";
    fs::write(folder.join("dies.py"), program).unwrap();
    fs::write(folder.join("err"), STDERR).unwrap();
    let done = raddle(&folder, &["find", "dies.py", "--stderr", "err"]);
    assert_eq!(done.code, 0, "{}", done.out);
    fs::write(folder.join("err"), STDERR.replace("IndexError", "KeyError")).unwrap();
    let other = raddle(&folder, &["find", "dies.py", "--stderr", "err"]);
    assert_eq!(other.code, 1, "{}", other.out);
}

fn found(program: &Path, options: &Options, stdout: &str) -> Found {
    let program = load(program, false).unwrap_or_else(|e| panic!("{e}"));
    let find = Find::new().options(|o| {
        *o = Options {
            step_cost: 0,
            ..options.clone()
        }
    });
    find.max_schedules(1_000)
        .stdout(Log::exact(stdout))
        .run(program)
}

/// The output of any run is found again, whatever the program does: by the schedule found, to the byte.
#[test]
fn what_a_program_printed_once_is_found() {
    let mut programs: Vec<PathBuf> = Vec::new();
    for topic in ["race", "queue", "process"] {
        let entries = fs::read_dir(root().join("programs").join(topic)).unwrap();
        programs.extend(entries.map(|entry| entry.unwrap().path()));
    }
    programs.retain(|path| path.extension().is_some_and(|e| e == "py"));
    programs.sort();
    let (mut tried, mut missed) = (0, Vec::new());
    for path in &programs {
        let options = Options {
            step_cost: 0,
            seed: 5,
            max_steps: 20_000,
            ..Options::default()
        };
        // Some are about Python that is refused.
        let Ok(program) = load(path, false) else {
            continue;
        };
        let run = Session::new(program).run(&options);
        if run.steps >= 2_000 {
            continue;
        }
        tried += 1;
        let stdout: String = run
            .output
            .iter()
            .filter(|(to, _)| *to == 1)
            .map(|(_, t)| t.as_str())
            .collect();
        let found = found(path, &options, &stdout);
        match found.run {
            Some(again) => assert_eq!(again.stdout, stdout, "{}", path.display()),
            None if found.complete => panic!("{}: {stdout:?} was not found", path.display()),
            None => missed.push(path.file_name().unwrap().to_owned()),
        }
    }
    assert!(tried > 20, "{tried}");
    assert!(missed.len() * 10 < tried, "{missed:?} of {tried}");
}

/// A needle that chance would not find: one order of 12 lines of four threads.
#[test]
fn a_long_log_is_found_by_its_beginnings() {
    let source = "\
import threading
def work(name):
    for i in range(6):
        print(f'{name}{i}')
ts = [threading.Thread(target=work, args=(n,)) for n in 'abcd']
for t in ts: t.start()
for t in ts: t.join()
";
    let mut log = String::new();
    for i in 0..6 {
        let names = if i % 2 == 0 { "dbca" } else { "acbd" };
        names
            .chars()
            .for_each(|name| log += &format!("{name}{i}\n"));
    }
    let find = || Find::new().stdout(Log::exact(&log));
    let found = find().run(load_source("four.py", source, false).unwrap());
    assert_eq!(found.run.as_ref().unwrap().stdout, log);
    assert!(found.schedules < 1_000, "{}", found.schedules);
    let wrong = log.replace("c4\na4", "a4\nc5");
    let absent = Find::new()
        .stdout(Log::exact(&wrong))
        .run(load_source("four.py", source, false).unwrap());
    assert!(absent.complete && absent.run.is_none());
    let nearest = absent.nearest.unwrap();
    let line = wrong.lines().position(|line| line == "c5").unwrap();
    assert_eq!(nearest.lines[0], line);
    let lines: Vec<_> = nearest.instead.iter().map(|i| &*i.line).collect();
    assert!(lines.contains(&"c4"), "{lines:?}");
}

/// Searches long enough for parts to be given away; one run is found in such a part.
#[test]
fn the_result_is_the_same_with_any_number_of_workers() {
    for (times, log, least) in [("6, 2, 2", "2", 300_000), ("4, 2, 2", "9", 600_000)] {
        let source = format!(
            "\
import threading
n = 0
def work(times):
    global n
    for _ in range(times):
        n += 1
ts = [threading.Thread(target=work, args=(times,)) for times in ({times})]
for t in ts: t.start()
for t in ts: t.join()
print(n)
"
        );
        let find = |jobs| {
            let program = load_source("many.py", &source, false).unwrap();
            Find::new().stdout(Log::exact(log)).jobs(jobs).run(program)
        };
        let found = find(1);
        assert!(found.steps > least, "{}", found.steps);
        assert_eq!(found, find(3), "{log}");
        assert_eq!(found.run.is_some(), log == "2");
        assert_eq!(found.complete, log != "2");
    }
}
