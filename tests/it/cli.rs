//! The real command: streams, files, exit codes.

use crate::support::{self, Done, command, folder, raddle, raddle_with};
use raddle::cli::exit;
use raddle::trace::codec;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

const HELLO: &str = "print('hello')\n";
const DEADLOCK: &str =
    "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n";
const RACE: &str = "\
import threading
counter = 0
def add():
    global counter
    counter += 1
threads = [threading.Thread(target=add) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(counter)
";

/// Runs one program called `x.py` in a folder of its own.
fn run(name: &str, source: &str, args: &[&str]) -> Done {
    let folder = folder(name);
    fs::write(folder.join("x.py"), source).unwrap();
    raddle(&folder, &[&["run", "x.py"], args].concat())
}

fn snapshot(name: &str, text: &str) {
    support::snapshot("cli", name, text);
}

#[test]
fn help() {
    for (name, args) in [
        ("help", &["--help"][..]),
        ("help-run", &["run", "--help"]),
        ("help-diff", &["diff", "--help"]),
        ("help-show", &["show", "--help"]),
        ("help-snap", &["snap", "--help"]),
        ("help-replay", &["replay", "--help"]),
        ("help-explore", &["explore", "--help"]),
        ("help-find", &["find", "--help"]),
    ] {
        let done = raddle(Path::new("."), args);
        assert_eq!((done.code, done.err.as_str()), (0, ""));
        snapshot(name, &done.out);
    }
}

#[test]
fn version() {
    let done = raddle(Path::new("."), &["--version"]);
    assert_eq!(done.out, format!("raddle {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_exits_with_2() {
    for args in [
        &["rum"][..],
        &["run"],
        &["run", "x.py", "--sed", "1"],
        &["run", "x.py", "--switch", "x"],
        &[],
    ] {
        let done = raddle(Path::new("."), args);
        assert_eq!(done.code, i32::from(exit::USAGE), "{args:?}");
        assert!(done.out.is_empty(), "{args:?}");
        assert!(!done.err.is_empty(), "{args:?}");
    }
    let done = raddle(Path::new("."), &["run", "x.py", "--swich", "sync"]);
    assert!(done.err.contains("'--switch'"), "{}", done.err);
}

#[test]
fn output_passes_through_and_a_good_run_says_nothing() {
    let done = run("cli-hello", HELLO, &[]);
    assert_eq!(
        (done.code, done.out.as_str(), done.err.as_str()),
        (0, "hello\n", "")
    );
}

/// A pool whose tasks fail in every way to be looked at, and in two ways not to be.
const TASKS: &str = "\
from concurrent.futures import ThreadPoolExecutor, wait
def fetch(n):
    raise ValueError(f'bad {n}')
class Quiet(Exception):
    def __str__(self):
        print('asked')
        return 'quiet'
def silent():
    raise Quiet
with ThreadPoolExecutor(max_workers=1, thread_name_prefix='pool') as pool:
    looked = [pool.submit(fetch, n) for n in range(3)]
    lost = pool.submit(fetch, 3)
    pool.map(fetch, [4])
    pool.submit(silent)
    wait([lost])
    print(looked[0].exception(), lost.done())
    looked[1].add_done_callback(lambda f: f.exception())
    try:
        looked[2].result()
    except ValueError as e:
        print(e)
";

#[test]
fn task_exceptions_that_nobody_asks_for_are_told() {
    let done = run("cli-tasks", TASKS, &[]);
    assert_eq!(
        (done.code, done.out.as_str()),
        (0, "bad 0 True\nbad 2\n"),
        "{}",
        done.err
    );
    insta::assert_snapshot!(done.err, @r"
    note: 3 task exceptions never retrieved
      fetch in pool_0 raised ValueError: bad 3 (x.py:3)
      fetch in pool_0 raised ValueError: bad 4 (x.py:3)
      silent in pool_0 raised Quiet (x.py:9)
    ");
    let json = run("cli-tasks-json", TASKS, &["--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["task_exceptions"].as_array().unwrap().len(), 3);
    assert_eq!(json["task_exceptions"][0]["line"], 3);
}

#[test]
fn output_is_not_changed() {
    let source =
        "import sys\nprint('a\\r\\x1b[31mb\\x00é', end='')\nprint('e', file=sys.stderr, end='')\n";
    let done = run("cli-bytes", source, &["--color=never"]);
    assert_eq!(
        (done.out.as_str(), done.err.as_str()),
        ("a\r\u{1b}[31mb\0é", "e")
    );
}

#[test]
fn exit_codes() {
    let cases = [
        ("import sys\nsys.exit(0)\n", exit::OK),
        (
            "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\n",
            exit::OK,
        ),
        ("import sys\nsys.exit(7)\n", exit::FAILED),
        ("raise ValueError('x')\n", exit::FAILED),
        (DEADLOCK, exit::FAILED),
        ("x = = 1\n", exit::USAGE),
        ("async def f(): pass\n", exit::USAGE),
        (
            "# raddle: max-steps=100 switch=gil\nwhile True: pass\n",
            exit::LIMIT,
        ),
    ];
    for (number, (source, code)) in cases.into_iter().enumerate() {
        let done = run(&format!("cli-exit-{number}"), source, &[]);
        assert_eq!(done.code, i32::from(code), "{source}{}", done.err);
        let json = run(&format!("cli-exit-json-{number}"), source, &["--json"]);
        assert_eq!(json.code, i32::from(code), "{source}");
        let _: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    }
}

#[test]
fn a_failure_ends_with_the_line_that_replays_it() {
    let folder = folder("cli-replay-line");
    fs::write(folder.join("my prog.py"), DEADLOCK).unwrap();
    let done = raddle(&folder, &["run", "my prog.py", "--", "a", "-b c"]);
    let last = done.err.lines().last().unwrap();
    let words: Vec<_> = last.split(' ').collect();
    assert!(
        last.starts_with("replay: raddle replay 'my prog.py' rd"),
        "{last}"
    );
    assert!(last.ends_with(" -- a '-b c'"), "{last}");
    let again = raddle(
        &folder,
        &["replay", "my prog.py", words[5], "--", "a", "-b c"],
    );
    assert_eq!(
        (again.code, again.out, again.err),
        (done.code, done.out, done.err)
    );
}

#[test]
fn quiet_and_verbose() {
    let quiet = run("cli-quiet", DEADLOCK, &["-q"]);
    assert_eq!(quiet.err.lines().count(), 2, "{}", quiet.err);
    assert!(
        quiet
            .err
            .starts_with("deadlock: 1 thread can never go on\nreplay: "),
        "{}",
        quiet.err
    );
    let verbose = run("cli-verbose", HELLO, &["-v"]);
    assert_eq!(verbose.out, "hello\n");
    assert!(verbose.err.starts_with("finished: "), "{}", verbose.err);
    assert_eq!(verbose.err.lines().count(), 1);
}

#[test]
fn json_is_one_document_and_nothing_else() {
    let done = run(
        "cli-json",
        "import sys\nprint('o')\nprint('e', file=sys.stderr)\n1 / 0\n",
        &["--json", "--seed", "5"],
    );
    assert_eq!((done.out.lines().count(), done.err.as_str()), (1, ""));
    let document: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    let keys: Vec<_> = document
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut expected = [
        "raddle",
        "program",
        "options",
        "seed",
        "ending",
        "exit_code",
        "exception",
        "stdout",
        "stderr",
        "token",
        "steps",
        "virtual_seconds",
        "stuck",
        "task_exceptions",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(document["raddle"], "run/1");
    assert_eq!(document["ending"], "exception");
    assert_eq!(document["exit_code"], 1);
    assert_eq!(document["seed"], 5);
    assert_eq!(document["exception"], "ZeroDivisionError: division by zero");
    assert_eq!(document["stdout"], "o\n");
    assert!(
        document["stderr"]
            .as_str()
            .unwrap()
            .starts_with("e\nTraceback")
    );

    let done = run("cli-json-deadlock", DEADLOCK, &["--json"]);
    let document: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(document["exit_code"], serde_json::Value::Null);
    assert_eq!(document["stuck"][0]["thread"], "MainThread");
    assert_eq!(document["stuck"][0]["held_by"], "MainThread");
    assert_eq!(document["stuck"][0]["line"], 4);

    let done = run("cli-json-trace", HELLO, &["--json", "--trace"]);
    assert_eq!(done.code, 2);
}

#[test]
fn traces_go_to_stdout_or_files() {
    let done = run("cli-trace-out", HELLO, &["--trace"]);
    assert!(
        done.out.starts_with("hello\n# raddle trace 1: x.py ("),
        "{}",
        done.out
    );

    let folder = folder("cli-trace-files");
    fs::write(folder.join("x.py"), RACE).unwrap();
    for file in ["t.jsonl", "t.txt"] {
        let trace = format!("--trace={file}");
        let done = raddle(&folder, &["run", "x.py", "--seed=9", &trace]);
        assert_eq!((done.code, done.err.as_str()), (0, ""));
        let again = raddle(&folder, &["replay", "x.py", file, "--trace"]);
        assert_eq!(again.code, 0, "{}", again.err);
        assert!(again.out.starts_with(&done.out));
    }
    let stored = fs::read(folder.join("t.jsonl")).unwrap();
    let trace = codec::read(&stored[..]).unwrap();
    assert_eq!(
        (trace.header.seed, trace.footer.ending.as_str()),
        (9, "finished")
    );
    let text = fs::read_to_string(folder.join("t.txt")).unwrap();
    assert_eq!(
        text,
        raddle::render::text::to_string(&trace, &raddle::render::style::Palette::PLAIN)
    );
    let names = fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(
        names,
        ["t.jsonl", "t.txt", "x.py"],
        "no temporary file is left"
    );

    for file in ["no/such/folder.jsonl", "."] {
        let done = raddle(&folder, &["run", "x.py", &format!("--trace={file}")]);
        assert_eq!(done.code, 2, "{file}");
        assert!(
            done.err.starts_with(&format!("error: {file}: ")),
            "{}",
            done.err
        );
    }
}

#[test]
fn the_header_sets_options_and_the_command_line_wins() {
    let source = "# shows\n# raddle: seed=7 switch=sync start-time=2019-01-01T19:35:46\nimport time\nprint(time.strftime('%H:%M:%S'))\n";
    let done = run("cli-header", source, &["--json", "--switch=gil"]);
    let document: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(document["seed"], 7);
    assert_eq!(document["options"]["switch"], "gil");
    assert_eq!(document["options"]["start_time"], "2019-01-01T19:35:46");
    assert_eq!(document["stdout"], "19:35:46\n");
    let done = run("cli-header-wrong", "# raddle: sede=7\n", &[]);
    assert_eq!(done.code, 2);
    assert_eq!(
        done.err,
        "error: x.py:1: in the header comment: there is no option `sede`; did you mean `seed`?\n"
    );
}

#[test]
fn programs_get_stdin_and_arguments() {
    let source = "import sys\nprint(sys.argv, input(), input('> '))\ntry:\n    input()\nexcept EOFError as e:\n    print(e)\n";
    let folder = folder("cli-stdin");
    fs::write(folder.join("x.py"), source).unwrap();
    fs::write(folder.join("in.txt"), "one\ntwo").unwrap();
    let expected = "> ['x.py', 'a', '-v'] one two\nEOF when reading a line\n";
    let done = raddle(
        &folder,
        &["run", "x.py", "--stdin", "in.txt", "a", "--", "-v"],
    );
    assert_eq!((done.out.as_str(), done.err.as_str()), (expected, ""));
    let done = raddle_with(
        &folder,
        &["run", "x.py", "--stdin=-", "a", "--", "-v"],
        b"one\ntwo",
    );
    assert_eq!(done.out, expected);
}

#[test]
fn echo_shows_bare_expressions() {
    let done = run("cli-echo", "1 + 1\n'a'\nNone\nx = 3\n", &["--echo"]);
    assert_eq!(done.out, "2\n'a'\n");
}

#[test]
fn colours_come_only_when_asked_for_or_on_a_terminal() {
    assert!(!run("cli-color-auto", DEADLOCK, &[]).err.contains('\u{1b}'));
    assert!(
        run("cli-color-always", DEADLOCK, &["--color=always"])
            .err
            .contains('\u{1b}')
    );
    assert!(
        run("cli-color-trace", HELLO, &["--color=always", "--trace"])
            .out
            .contains('\u{1b}')
    );
}

#[test]
fn a_closed_stdout_ends_quietly() {
    let folder = folder("cli-pipe");
    fs::write(
        folder.join("x.py"),
        "for n in range(100000):\n    print('line', n)\n",
    )
    .unwrap();
    let mut child = command(&folder, &["run", "x.py", "--switch=sync"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 7];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut first).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    assert_eq!(&first, b"line 0\n");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn seeds_decide_and_strategies_are_known() {
    let outputs: Vec<_> = (0..30)
        .map(|seed| run("cli-seeds", RACE, &["--seed", &seed.to_string()]).out)
        .collect();
    assert!(
        outputs.contains(&"1\n".to_owned()) && outputs.contains(&"2\n".to_owned()),
        "{outputs:?}"
    );
    for strategy in ["random", "round-robin", "sequential"] {
        assert_eq!(run("cli-strategy", RACE, &["--strategy", strategy]).code, 0);
    }
    assert_eq!(
        run("cli-strategy-wrong", RACE, &["--strategy", "guess"]).code,
        2
    );
}

#[test]
fn what_the_readme_shows_is_true() {
    let readme = fs::read_to_string("README.md").unwrap();
    let mut shown = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for part in block.split("$ ").filter(|part| part.starts_with("raddle ")) {
            let (line, output) = part.split_once('\n').unwrap();
            let args: Vec<_> = line.split(' ').skip(1).collect();
            let done = raddle(Path::new("."), &args);
            let given = format!("{}{}", done.out, done.err);
            assert!(
                output.is_empty() || output.trim_end() == given.trim_end(),
                "{line}\n{given}"
            );
            assert!(done.code <= 1, "{line}");
            shown += 1;
        }
    }
    assert!(shown >= 4, "{shown}");
}
