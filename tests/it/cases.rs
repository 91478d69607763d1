//! The conformance corpus of `tests/cases/`: snippets whose output must equal CPython 3.13's. No gap is excused.
//!
//! `AREA.cases` holds the snippets, `AREA.expected` what CPython printed, recorded by `record.py`, which tells the format.

use crate::support::{folder, session};
use raddle::run::{Options, load};
use raddle::source::excerpt;
use similar::TextDiff;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

const CASES: &str = "tests/cases";
/// The area that is about stderr.
const TRACEBACKS: &str = "tracebacks";

macro_rules! areas {
    ($($area:ident)*) => {
        const AREAS: &[&str] = &[$(stringify!($area)),*];
        $(#[test] fn $area() { super::cases::area(stringify!($area)); })*
    };
}

// `match` is no name for a function.
areas! {
    bools builtins bytearray bytes classes comprehensions control dict exceptions float fstrings functions generators groups int iterators
    list percent range set slices stdlib str strformat threads tracebacks typeparams unpacking with
}

#[test]
fn match_() {
    area("match");
}

#[test]
fn every_file_is_an_area() {
    let mut expected: Vec<_> = AREAS
        .iter()
        .copied()
        .chain(["match"])
        .map(str::to_owned)
        .collect();
    expected.sort();
    let entries = fs::read_dir(CASES).unwrap();
    let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<_> = names
        .filter_map(|n| n.strip_suffix(".cases").map(str::to_owned))
        .collect();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn modules() {
    let mut report = Report::default();
    let mut folders: Vec<_> = fs::read_dir(format!("{CASES}/modules"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    folders.sort();
    for folder in folders {
        let expected = fs::read_to_string(folder.join("expected.txt")).unwrap();
        let got = caught(|| run(&folder, "main.py").out);
        report.compare(&folder.to_string_lossy(), &expected, &got);
    }
    report.finish();
}

/// A snippet or what it printed: flags of its header line, and the text up to the next one.
struct Part {
    flags: Vec<String>,
    text: String,
}

fn parts(path: &str) -> Vec<(String, Part)> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut parts: Vec<(String, Part)> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(header) = line.strip_prefix("#### ") {
            let mut words = header.split_whitespace().map(str::to_owned);
            let name = words.next().unwrap();
            parts.push((
                name,
                Part {
                    flags: words.collect(),
                    text: String::new(),
                },
            ));
        } else if let Some((_, part)) = parts.last_mut() {
            part.text.push_str(line);
        }
    }
    parts
}

fn area(area: &str) {
    let expected: BTreeMap<_, _> = parts(&format!("{CASES}/{area}.expected"))
        .into_iter()
        .collect();
    let folder = folder(&format!("cases-{area}"));
    let mut report = Report::default();
    for (name, case) in parts(&format!("{CASES}/{area}.cases")) {
        let expected = &expected[&name];
        fs::write(folder.join("case.py"), &case.text).unwrap();
        let got = caught(|| {
            let done = run(&folder, "case.py");
            let text = if area == TRACEBACKS {
                done.err
            } else {
                done.out
            };
            recorded(&text, done.code)
        });
        let mut want = expected.flags.join(" ");
        let _ = write!(want, "\n{}", expected.text);
        report.compare(&name, &want, &got);
    }
    report.finish();
}

/// Output in the form of the expected files: flags, a line end, the text.
fn recorded(text: &str, code: i32) -> String {
    let open = !text.is_empty() && !text.ends_with('\n');
    let exit = (code != 0).then(|| format!("exit={code}"));
    let noeol = open.then(|| "noeol".to_owned());
    let flags: Vec<_> = exit.into_iter().chain(noeol).collect();
    format!(
        "{}\n{text}{}",
        flags.join(" "),
        if open { "\n" } else { "" }
    )
}

struct Ran {
    out: String,
    err: String,
    code: i32,
}

/// Runs a file of a folder; paths are shown without the folder.
fn run(folder: &Path, file: &str) -> Ran {
    let options = Options::default();
    let path = folder.join(file);
    let bare = |text: &str| text.replace(&format!("{}/", folder.display()), "");
    if let Err(error) = load(&path, false) {
        // CPython reports what it cannot compile on stderr, and exits with 1.
        return Ran {
            out: format!("not loaded: {}\n", bare(&error.to_string())),
            err: bare(&excerpt::cpython(&error).unwrap_or_else(|| format!("{error:#}\n"))),
            code: 1,
        };
    }
    let result = session(&path, &options).run(&options);
    let code = result.exit_code.unwrap_or(-1);
    Ran {
        out: bare(&result.stdout),
        err: bare(&result.stderr),
        code,
    }
}

fn caught(run: impl FnOnce() -> String) -> String {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| "panicked\n".to_owned())
}

/// The mismatches of an area, told together at its end.
#[derive(Default)]
struct Report {
    total: usize,
    failed: usize,
    text: String,
}

impl Report {
    fn compare(&mut self, name: &str, want: &str, got: &str) {
        self.total += 1;
        if want == got {
            return;
        }
        self.failed += 1;
        let diff = TextDiff::from_lines(want, got);
        let mut unified = diff.unified_diff();
        let _ = write!(
            self.text,
            "\n#### {name}\n{}",
            unified.header("CPython", "raddle")
        );
    }

    fn finish(self) {
        assert!(
            self.failed == 0,
            "{} of {} differ\n{}",
            self.failed,
            self.total,
            self.text
        );
    }
}
