//! The commands that work on traces: diff, show, snap.

use crate::support::{self, Done, folder, raddle};
use std::fs;
use std::path::{Path, PathBuf};

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

/// Two threads, each with a lock of its own: one order, many sequences.
const APART: &str = "\
import threading
def work(lock):
    for _ in range(3):
        with lock:
            pass
locks = [threading.Lock(), threading.Lock()]
threads = [threading.Thread(target=work, args=(lock,)) for lock in locks]
for t in threads: t.start()
for t in threads: t.join()
";

/// A folder with a program `x.py`.
fn with(name: &str, source: &str) -> PathBuf {
    let folder = folder(&format!("tools-{name}"));
    fs::write(folder.join("x.py"), source).unwrap();
    folder
}

fn snapshot(name: &str, text: &str) {
    support::snapshot("tools", name, text);
}

/// The output of a command that says nothing on stderr.
fn out(done: Done, code: i32) -> String {
    assert_eq!((done.code, done.err.as_str()), (code, ""), "{}", done.out);
    done.out
}

fn refused(done: &Done, message: &str) {
    assert_eq!((done.code, done.out.as_str()), (2, ""), "{}", done.err);
    assert!(done.err.starts_with("error: "), "{}", done.err);
    assert!(done.err.contains(message), "{}", done.err);
}

#[test]
fn diff_of_two_seeds() {
    let folder = with("diff", RACE);
    snapshot("diff", &out(raddle(&folder, &["diff", "x.py@0", "@9"]), 1));
    let quiet = out(raddle(&folder, &["diff", "-q", "x.py@0", "@9"]), 1);
    assert!(quiet.ends_with("\ndifferent\n"), "{quiet}");
    assert_eq!(quiet.lines().count(), 3);
}

#[test]
fn the_same_run_is_the_same() {
    let folder = with("same", RACE);
    let same = out(raddle(&folder, &["diff", "x.py@3", "@3"]), 0);
    assert!(same.ends_with("\nsame\n"), "{same}");
    // A trace, its token, its seed, its text.
    for file in ["t.jsonl", "t.txt"] {
        let trace = format!("--trace={file}");
        assert_eq!(
            raddle(&folder, &["run", "x.py", "--seed=3", &trace]).code,
            0
        );
    }
    let text = fs::read_to_string(folder.join("t.txt")).unwrap();
    let token = text.trim_end().rsplit(' ').next().unwrap();
    for other in [
        "x.py@3",
        "t.txt",
        token,
        &format!("x.py@{token}"),
        &format!("@{token}"),
    ] {
        let done = raddle(&folder, &["diff", "t.jsonl", other, "--program=x.py"]);
        assert!(out(done, 0).ends_with("\nsame\n"), "{other}");
    }
}

#[test]
fn independent_steps_in_another_order_are_no_difference() {
    let folder = with("apart", APART);
    let mut verdicts = Vec::new();
    for seed in 1..12 {
        let done = raddle(
            &folder,
            &["diff", "x.py@0", &format!("@{seed}"), "--switch=sync"],
        );
        verdicts.push(out(done, 0).lines().last().unwrap().to_owned());
    }
    assert!(
        verdicts.contains(&"same up to independent steps".to_owned()),
        "{verdicts:?}"
    );
    let json = out(
        raddle(
            &folder,
            &["diff", "x.py@0", "@1", "--switch=sync", "--json"],
        ),
        0,
    );
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["same"], true);
    assert_eq!(json["a"]["fingerprint"], json["b"]["fingerprint"]);
}

#[test]
fn diff_as_json() {
    let folder = with("json", RACE);
    let text = out(raddle(&folder, &["diff", "x.py@0", "@9", "--json"]), 1);
    assert_eq!(text.lines().count(), 1);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["raddle"], "diff/1");
    assert_eq!(json["same"], false);
    assert_eq!(json["order"], "different");
    assert_eq!(json["same_program"], true);
    assert_eq!(json["a"]["seed"], 0);
    assert_ne!(json["a"]["fingerprint"], json["b"]["fingerprint"]);
    assert_eq!(json["reordered"][0]["object"], "counter");
    assert_eq!(json["output"][0]["stream"], "stdout");
    assert_eq!(json["output"][0]["lines"][0]["side"], "a");
    assert_eq!(json["output"][0]["lines"][0]["text"], "1");
}

#[test]
fn two_versions_of_a_program() {
    let folder = with("versions", RACE);
    let mended = RACE
        .replace(
            "counter = 0\n",
            "# mended\ncounter = 0\nlock = threading.Lock()\n",
        )
        .replacen(
            "    counter += 1",
            "    with lock:\n        counter += 1",
            1,
        );
    fs::write(folder.join("new.py"), mended).unwrap();
    snapshot(
        "diff-versions",
        &out(raddle(&folder, &["diff", "x.py", "new.py", "--seed=0"]), 1),
    );
    // A comment is no difference.
    fs::write(folder.join("comment.py"), format!("# hello\n\n{RACE}")).unwrap();
    let done = raddle(&folder, &["diff", "x.py@4", "comment.py@4"]);
    assert_eq!(done.code, 0, "{}", done.out);
}

#[test]
fn a_deadlock_against_a_good_run() {
    let program = Path::new("programs/deadlock/lock_order.py");
    let folder = with("deadlock", &fs::read_to_string(program).unwrap());
    let json = out(raddle(&folder, &["diff", "x.py@1", "x.py@1", "--json"]), 0);
    assert!(json.contains(r#""order":"identical""#));
    let seeds: Vec<i32> = (0..40)
        .map(|seed| raddle(&folder, &["run", "x.py", "--seed", &seed.to_string()]).code)
        .collect();
    let hangs = seeds.iter().position(|c| *c == 1).unwrap();
    let ends = seeds.iter().position(|c| *c == 0).unwrap();
    let done = raddle(
        &folder,
        &["diff", &format!("x.py@{ends}"), &format!("@{hangs}")],
    );
    snapshot("diff-deadlock", &out(done, 1));
}

#[test]
fn show_in_each_form() {
    let folder = with("show", RACE);
    assert_eq!(
        raddle(&folder, &["run", "x.py", "--seed=9", "--trace=t.jsonl"]).code,
        0
    );
    let lanes = out(raddle(&folder, &["show", "t.jsonl", "--format=lanes"]), 0);
    snapshot("show-lanes", &lanes);
    let text = out(raddle(&folder, &["show", "t.jsonl"]), 0);
    let run = out(raddle(&folder, &["run", "x.py", "--seed=9", "--trace"]), 0);
    assert_eq!(format!("2\n{text}"), run);
    let json = out(raddle(&folder, &["show", "x.py@9", "--format=json"]), 0);
    assert_eq!(json, fs::read_to_string(folder.join("t.jsonl")).unwrap());
}

#[test]
fn show_a_part() {
    let folder = with("part", RACE);
    let show = |args: &[&str]| out(raddle(&folder, &[&["show", "x.py@0"], args].concat()), 0);
    let steps = |text: &str| -> Vec<u64> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines
            .map(|line| line.split_whitespace().next().unwrap().parse().unwrap())
            .collect()
    };
    let all = steps(&show(&[])).len();
    assert_eq!(steps(&show(&["--object=counter"])).len(), 4);
    let args = ["--object=counter", "--thread=Thread-1 (add)"];
    assert_eq!(steps(&show(&args)).len(), 2);
    assert_eq!(steps(&show(&["--kind=write"])).len(), 2);
    assert_eq!(steps(&show(&["--kind=sync"])).len(), all - 4);
    assert_eq!(
        steps(&show(&["--kind=read", "--kind=write"])),
        steps(&show(&["--kind=access"]))
    );
    assert_eq!(
        steps(&show(&["--around=5", "--context=2"])),
        [3, 4, 5, 6, 7]
    );
    // A part is a trace as well.
    let part = show(&["--kind=access", "--format=json"]);
    fs::write(folder.join("part.jsonl"), part).unwrap();
    let again = out(raddle(&folder, &["show", "part.jsonl"]), 0);
    assert_eq!(again, show(&["--kind=access"]));

    let wrong = |args: &[&str], message: &str| {
        refused(
            &raddle(&folder, &[&["show", "x.py@0"], args].concat()),
            message,
        );
    };
    wrong(
        &["--thread=Thread-9"],
        "no thread in the trace is called `Thread-9`; there are MainThread, Thread-1 (add)",
    );
    wrong(
        &["--object=lock"],
        "no object in the trace is called `lock`; there are counter",
    );
    wrong(
        &["--kind=acquire"],
        "no kind in the trace is called `acquire`; there are sync, access",
    );
    wrong(&["--around=100"], "there is no step 100: the trace has 13");
}

#[test]
fn a_long_stretch_is_folded() {
    let program = "import threading\nlock = threading.Lock()\nfor _ in range(10):\n    with lock:\n        pass\n";
    let folder = with("fold", program);
    let lanes = out(raddle(&folder, &["show", "x.py", "--format=lanes"]), 0);
    snapshot("show-folded", &lanes);
}

#[test]
fn bad_input_is_refused() {
    let folder = with("bad", RACE);
    assert_eq!(raddle(&folder, &["run", "x.py", "--trace=t.jsonl"]).code, 0);
    let good = fs::read_to_string(folder.join("t.jsonl")).unwrap();
    let cut = good.trim_end().rfind('\n').unwrap() + 1;
    fs::write(folder.join("cut.jsonl"), &good[..cut]).unwrap();
    fs::write(folder.join("other.jsonl"), "hello\n").unwrap();
    fs::write(
        folder.join("newer.jsonl"),
        good.replacen("\"raddle\":1", "\"raddle\":9", 1),
    )
    .unwrap();
    fs::write(
        folder.join("touch.jsonl"),
        good.replacen("\"touch\":\"w0", "\"touch\":\"w7", 1),
    )
    .unwrap();
    fs::write(folder.join("bad.py"), "x = = 1\n").unwrap();
    fs::write(folder.join("y.py"), "print(1)\n").unwrap();
    fs::create_dir(folder.join("sub")).unwrap();
    let token = {
        let line = good.lines().last().unwrap();
        let end: serde_json::Value = serde_json::from_str(line).unwrap();
        end["end"]["token"].as_str().unwrap().to_owned()
    };
    for (given, message) in [
        ("cut.jsonl", "cut.jsonl: line"),
        ("cut.jsonl", "the trace is cut off"),
        ("other.jsonl", "this is no raddle trace"),
        ("newer.jsonl", "the trace has version 9"),
        ("touch.jsonl", "`w7` is no touch of a thing in its turn"),
        ("none.jsonl", "none.jsonl: there is no such file"),
        ("none.py", "none.py: there is no such file"),
        ("sub", "sub: is a directory"),
        (
            "nothing",
            "`nothing` is no trace file, program, PROG@SEED or token",
        ),
        ("bad.py@1", "bad.py"),
        ("x.py@one", "x.py@one: "),
        (&format!("y.py@{token}"), "another program"),
    ] {
        refused(&raddle(&folder, &["show", given]), message);
        refused(&raddle(&folder, &["diff", "t.jsonl", given]), message);
    }
    refused(
        &raddle(&folder, &["diff", "t.jsonl", "@7"]),
        "of which program is @7 a run?",
    );
    refused(
        &raddle(&folder, &["diff", &token, "@7"]),
        "of which program is rd1-",
    );
}

#[test]
fn snap_makes_checks_and_updates() {
    let folder = with("snap", RACE);
    let file = folder.join("x.raddle-snap");
    let done = raddle(&folder, &["snap", "x.py", "--check"]);
    assert_eq!((done.code, done.out.as_str()), (1, ""));
    assert!(
        done.err
            .contains("x.raddle-snap: there is no such snapshot"),
        "{}",
        done.err
    );
    assert!(!file.exists());

    let done = raddle(&folder, &["snap", "x.py", "--seed=9", "--time=free"]);
    assert_eq!((done.code, done.err.as_str()), (0, "x.raddle-snap: made\n"));
    let made = fs::read_to_string(&file).unwrap();
    snapshot("snap", &made);
    // The options are those of the file.
    for args in [&["snap", "x.py"][..], &["snap", "x.py", "--check"]] {
        assert_eq!(out(raddle(&folder, args), 0), "");
    }

    let changed = RACE.replace("print(counter)", "print('counter is', counter)");
    fs::write(folder.join("x.py"), changed).unwrap();
    let done = raddle(&folder, &["snap", "x.py"]);
    assert_eq!(
        (done.code, done.err.as_str()),
        (1, "help: --update takes it as it is\n")
    );
    snapshot("snap-changed", &done.out);
    assert_eq!(fs::read_to_string(&file).unwrap(), made);

    let done = raddle(&folder, &["snap", "x.py", "--update", "--form=normal"]);
    assert_eq!(
        (done.code, done.err.as_str()),
        (0, "x.raddle-snap: updated\n")
    );
    assert_eq!(out(raddle(&folder, &["snap", "x.py", "--check"]), 0), "");
    snapshot("snap-normal", &fs::read_to_string(&file).unwrap());
    let names = fs::read_dir(&folder).unwrap();
    assert_eq!(names.count(), 2, "no temporary file is left");
}

#[test]
fn snap_does_not_write_over_other_files() {
    let folder = with("snap-foreign", RACE);
    for (text, message) in [
        ("my notes\n", "this is no snapshot of raddle's"),
        ("", "this is no snapshot of raddle's"),
        ("# raddle snap 9\n", "the snapshot has version 9"),
        (
            "# raddle snap 1\n# options sed=7\n",
            "there is no option `sed`",
        ),
        (
            "# raddle snap 1\n# form loose\n",
            "there is no form `loose`",
        ),
    ] {
        fs::write(folder.join("x.raddle-snap"), text).unwrap();
        refused(&raddle(&folder, &["snap", "x.py"]), message);
        assert_eq!(
            fs::read_to_string(folder.join("x.raddle-snap")).unwrap(),
            text
        );
    }
    refused(&raddle(&folder, &["snap", "none.py"]), "none.py");
    refused(
        &raddle(
            &folder,
            &["snap", "x.py", "--file=no/folder.snap", "--update"],
        ),
        "no/folder.snap",
    );
}
