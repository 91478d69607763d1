//! Bad input: a clear message and the right exit code; never a panic, never a hang.

use crate::support::{Done, folder, raddle};
use raddle::cli::exit;
use std::fs;

/// Runs these bytes as a program.
fn run(name: &str, source: impl AsRef<[u8]>, args: &[&str]) -> Done {
    // Two tests may have cases of one name, and run at the same time.
    let thread = std::thread::current();
    let test = thread.name().unwrap_or_default().replace("::", "-");
    let folder = folder(&format!("bad-{test}-{name}"));
    fs::write(folder.join("x.py"), source).unwrap();
    let done = raddle(&folder, &[&["run", "x.py"], args].concat());
    calm(name, &done);
    done
}

/// raddle itself is well.
fn calm(name: &str, done: &Done) {
    assert!(
        !done.err.contains("internal error") && !done.err.contains("panicked"),
        "{name}: {}",
        done.err
    );
    assert_ne!(done.code, i32::from(exit::INTERNAL), "{name}");
}

fn refused(name: &str, done: &Done, message: &str) {
    calm(name, done);
    assert_eq!(done.code, i32::from(exit::USAGE), "{name}: {}", done.err);
    assert!(done.out.is_empty(), "{name}: {}", done.out);
    assert!(done.err.contains(message), "{name}: {}", done.err);
}

#[test]
fn files_that_are_no_programs() {
    let folder = folder("bad-files");
    fs::create_dir(folder.join("folder.py")).unwrap();
    refused(
        "missing",
        &raddle(&folder, &["run", "missing.py"]),
        "missing.py",
    );
    refused(
        "folder",
        &raddle(&folder, &["run", "folder.py"]),
        "directory",
    );
    refused(
        "not utf-8",
        &run("utf8", b"print('\xff')\n", &[]),
        "utf-8 text",
    );
    refused(
        "stdin",
        &run("stdin", "input()\n", &["--stdin=none.txt"]),
        "none.txt: ",
    );
}

#[test]
fn programs_that_are_odd_but_right() {
    for (name, source) in [
        ("empty", String::new()),
        ("comment", "# nothing".to_owned()),
        ("bom", "\u{feff}x = 1\n".to_owned()),
        ("crlf", "if True:\r\n    pass\r\n".to_owned()),
        ("long line", format!("x = [{}0]\n", "1, ".repeat(100_000))),
        (
            "long comment",
            format!("#{}\nx = 1\n", "x".repeat(10_000_000)),
        ),
        ("long string", format!("x = '{}'\n", "x".repeat(10_000_000))),
    ] {
        let done = run(name, source, &[]);
        assert_eq!(
            (done.code, done.out.as_str(), done.err.as_str()),
            (0, "", ""),
            "{name}"
        );
    }
}

#[test]
fn programs_that_are_wrong() {
    refused("syntax", &run("syntax", "def f(:\n    pass\n", &[]), "x.py");
    refused(
        "indentation",
        &run("indentation", "if True:\nx = 1\n", &[]),
        "x.py",
    );
    refused("null", &run("null", "x = 1\0\n", &[]), "x.py");
    refused(
        "return",
        &run("return", "return 1\n", &[]),
        "outside function",
    );
    refused("module", &run("module", "import socket\n", &[]), "socket");
    let deep = |n: usize| format!("x = {}{}\n", "(".repeat(n), ")".repeat(n));
    refused("parentheses", &run("parentheses", deep(5_000), &[]), "x.py");
    refused(
        "brackets",
        &run("brackets", "[".repeat(100_000), &[]),
        "x.py",
    );
    refused(
        "sum",
        &run("sum", format!("x = {}0\n", "1 + ".repeat(100_000)), &[]),
        "too deeply nested",
    );
    refused(
        "unary",
        &run("unary", format!("x = {}1\n", "-".repeat(200_000)), &[]),
        "x.py",
    );
}

#[test]
fn programs_that_want_too_much() {
    let done = run("recursion", "def f(): f()\nf()\n", &[]);
    assert_eq!(done.code, i32::from(exit::FAILED));
    assert!(
        done.err
            .contains("RecursionError: maximum recursion depth exceeded"),
        "{}",
        done.err
    );
    let done = run("loop", "while True: pass\n", &["--max-steps=100000"]);
    assert_eq!(done.code, i32::from(exit::LIMIT), "{}", done.err);
    assert!(done.err.starts_with("endless: "), "{}", done.err);
    let done = run(
        "memory",
        "x = []\nwhile True: x.append('y' * 1000)\n",
        &["--max-memory=64M"],
    );
    assert_eq!(done.code, i32::from(exit::LIMIT), "{}", done.err);
    assert!(done.err.contains("--max-memory"), "{}", done.err);
    let done = run("one gulp", "x = 'y' * 10**12\n", &["--max-memory=64M"]);
    assert!(
        [exit::LIMIT, exit::FAILED]
            .map(i32::from)
            .contains(&done.code),
        "{}",
        done.err
    );
    let done = run("power", "x = 10 ** 10 ** 10\n", &["--max-memory=64M"]);
    assert!(
        [exit::LIMIT, exit::FAILED]
            .map(i32::from)
            .contains(&done.code),
        "{}",
        done.err
    );
}

#[test]
fn one_operation_that_wants_too_much() {
    for (name, source) in [
        ("range", "list(range(10**12))"),
        ("huge range", "tuple(range(2**70, 2**71))"),
        ("set", "set(range(10**12))"),
        ("zip", "list(zip(range(10**12), range(10**12)))"),
        ("sorted", "sorted(range(10**12))"),
        ("list", "[1] * 10**9"),
        ("join", "'a' * 10**9 + 'b'"),
        ("center", "'a'.center(10**10)"),
        ("bytes", "bytes(10**11)"),
        ("number", "3 ** 10**9"),
    ] {
        let done = run(name, source, &["--max-memory=8M"]);
        assert_eq!(done.code, i32::from(exit::FAILED), "{name}: {}", done.err);
        assert!(done.err.contains("MemoryError"), "{name}: {}", done.err);
    }
    let doubling = "s = 'a' * 1000\nwhile True: s += s\n";
    let done = run("doubling", doubling, &["--max-memory=8M"]);
    assert!(
        [exit::LIMIT, exit::FAILED]
            .map(i32::from)
            .contains(&done.code)
    );
}

/// What is not supported and can only be met at run time ends the run there; no handler takes it for an exception.
#[test]
fn features_that_are_missing_at_run_time() {
    for (name, call, message) in [
        ("complex", "(-8) ** 0.5", "complex result"),
        (
            "thread",
            "import threading; threading.settrace(print)",
            "threading.settrace()",
        ),
    ] {
        let source = format!(
            "print('before')\ntry:\n    {call}\nexcept BaseException:\n    print('caught')\nfinally:\n    print('after')\n"
        );
        let done = run(name, &source, &[]);
        assert_eq!(
            (done.code, &*done.out),
            (i32::from(exit::USAGE), "before\n"),
            "{name}: {}",
            done.err
        );
        assert!(
            done.err.contains("refused: x.py:3: "),
            "{name}: {}",
            done.err
        );
        assert!(done.err.contains(message), "{name}: {}", done.err);
    }
    let done = run("json", "x = (-8) ** 0.5\n", &["--json"]);
    assert!(
        done.out
            .contains(r#""ending":"refused","exit_code":null,"exception":"x.py:1: "#),
        "{}",
        done.out
    );
    let done = run("json at load", "import ctypes\n", &["--json"]);
    assert!(
        done.out.contains(r#""ending":"refused","exit_code":null,"#),
        "{}",
        done.out
    );
}

/// Loops inside one builtin call are cut off by the limit of steps, as the program's own are.
#[test]
fn endless_loops_that_the_program_does_not_write() {
    for (name, source) in [
        ("contains", "10**13 in iter(range(10**14))"),
        ("any", "any(map(bool, iter(int, 1)))"),
        ("repeat", "import itertools\n5 in itertools.repeat(1)"),
        ("join", "''.join('' for _ in iter(int, 1))"),
    ] {
        let done = run(name, source, &["--max-steps=100"]);
        assert_eq!(done.code, i32::from(exit::LIMIT), "{name}: {}", done.err);
        assert!(done.err.contains("--max-steps"), "{name}: {}", done.err);
    }
    let done = run("sum", "print(sum(range(10**12)))", &[]);
    assert_eq!(done.out, "499999999999500000000000\n");
}

#[test]
fn tokens_that_do_not_fit() {
    let folder = folder("bad-tokens");
    let source = "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n";
    fs::write(folder.join("x.py"), source).unwrap();
    fs::write(folder.join("y.py"), source.replace("lock", "other")).unwrap();
    let done = raddle(&folder, &["run", "x.py"]);
    let token = done.err.trim_end().rsplit(' ').next().unwrap().to_owned();
    refused(
        "no token",
        &raddle(&folder, &["replay", "x.py", "hello"]),
        "token",
    );
    refused("empty", &raddle(&folder, &["replay", "x.py", ""]), "token");
    refused(
        "newer",
        &raddle(
            &folder,
            &["replay", "x.py", &token.replacen("rd1", "rd9", 1)],
        ),
        "format 9",
    );
    refused(
        "cut",
        &raddle(&folder, &["replay", "x.py", &token[..token.len() - 2]]),
        "token",
    );
    refused(
        "foreign",
        &raddle(&folder, &["replay", "y.py", &token]),
        "another program",
    );
    for at in 0..token.len() {
        let garbled = format!("{}{}{}", &token[..at], "~", &token[at + 1..]);
        refused(
            "garbled",
            &raddle(&folder, &["replay", "x.py", &garbled]),
            "token",
        );
    }
}

#[test]
fn traces_that_are_wrong() {
    let folder = folder("bad-traces");
    fs::write(folder.join("x.py"), "print('hello')\n").unwrap();
    assert_eq!(raddle(&folder, &["run", "x.py", "--trace=t.jsonl"]).code, 0);
    let good = fs::read_to_string(folder.join("t.jsonl")).unwrap();
    let garbled = good
        .lines()
        .position(|line| line.contains("{\"thread\""))
        .expect("a thread's line");
    let lines = good.lines().count();
    let last = good.trim_end().rfind('\n').unwrap() + 1;
    let wrong = [
        (
            "empty",
            String::new(),
            "line 1: the file is empty".to_owned(),
        ),
        (
            "other",
            "{\"a\": 1}\n".to_owned(),
            "line 1: this is no raddle trace".to_owned(),
        ),
        (
            "newer",
            good.replacen("{\"raddle\":1", "{\"raddle\":99", 1),
            "line 1: the trace has version 99".to_owned(),
        ),
        (
            "cut",
            good[..last].to_owned(),
            format!("line {lines}: the trace is cut off"),
        ),
        (
            "garbled",
            good.replacen("{\"thread\"", "{\"thr", 1),
            format!("line {}: ", garbled + 1),
        ),
        (
            "text",
            "# raddle trace 1: x.py\n".to_owned(),
            "the trace is cut off".to_owned(),
        ),
    ];
    for (name, text, message) in wrong {
        fs::write(folder.join("w.jsonl"), text).unwrap();
        let done = raddle(&folder, &["replay", "x.py", "w.jsonl"]);
        refused(name, &done, &format!("w.jsonl: {message}"));
    }
    refused(
        "missing",
        &raddle(&folder, &["replay", "x.py", "none.jsonl"]),
        "none.jsonl: there is no such trace file",
    );
}
