//! Every program of `programs/`: its ending, its output and trace as snapshots, and that a run can be had again.

use crate::support::{Example, all_bytes, examples};
use raddle::explore::Token;
use raddle::render::report::{Detail, report};
use raddle::render::style::Palette;
use raddle::render::text;
use raddle::run::{Options, RunResult};
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

macro_rules! topics {
    ($($module:ident = $topic:literal),* $(,)?) => {
        const TOPICS: &[&str] = &[$($topic),*];
        $(mod $module {
            #[test]
            fn snapshots() { super::each($topic, |e| super::snapshot($topic, e)) }
            #[test]
            fn the_same_again() { super::each($topic, super::the_same_again) }
            #[test]
            fn outcomes() { super::each($topic, super::outcomes) }
            #[test]
            fn as_cpython() { super::each($topic, super::as_cpython) }
        })*
    };
}

topics! {
    thread = "thread", lock = "lock", rlock = "rlock", condition = "condition", semaphore = "semaphore",
    event = "event", barrier = "barrier", timer = "timer", queue = "queue", time = "time", race = "race",
    deadlock = "deadlock", errors = "errors",
}

#[test]
fn every_folder_is_a_topic() {
    let entries = std::fs::read_dir("programs").unwrap().map(Result::unwrap);
    let folders = entries.filter(|e| e.file_type().unwrap().is_dir());
    let mut names: Vec<_> = folders
        .map(|e| e.file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut topics = TOPICS.to_vec();
    topics.sort_unstable();
    assert_eq!(names, topics);
}

/// Checks all programs of a topic, so that one failure does not hide the others.
fn each(topic: &str, check: impl Fn(&Example)) {
    let examples = examples(topic);
    assert!(!examples.is_empty());
    let fails = |e: &&Example| catch_unwind(AssertUnwindSafe(|| check(e))).is_err();
    let failed: Vec<_> = examples.iter().filter(fails).map(|e| &e.path).collect();
    assert!(failed.is_empty(), "failed: {failed:?}");
}

/// Longer traces are cut in snapshots: the begin shows the form, and the replay tests compare the rest.
const LINES: usize = 150;

fn snapshot(topic: &str, example: &Example) {
    let mut options = example.options();
    options.trace = true;
    let result = example.run(&options);
    assert_eq!(
        result.ending.name(),
        example.ending,
        "{}: {:?}",
        example.path,
        result.ending
    );
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../../snapshots/programs/{topic}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(example.name.as_str(), told(&options, &result)));
}

/// All that a user may see of a run.
fn told(options: &Options, result: &RunResult) -> String {
    let mut out = format!(
        "ending: {}, exit code: {:?}\n",
        result.ending.name(),
        result.exit_code
    );
    let report = report(result, options, Detail::Full, &Palette::PLAIN);
    let trace = text::to_string(result.trace.as_ref().unwrap(), &Palette::PLAIN);
    for (title, text) in [
        ("stdout", &result.stdout),
        ("stderr", &result.stderr),
        ("report", &report),
    ] {
        if !text.is_empty() {
            let _ = write!(out, "---- {title}\n{text}");
        }
    }
    out.push_str("---- trace\n");
    let lines: Vec<_> = trace.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        if number < LINES || line.starts_with('#') {
            let _ = writeln!(out, "{line}");
        } else if number == LINES {
            let _ = writeln!(out, "...");
        }
    }
    out
}

/// A second run, one in the same session, and a replay give the same bytes.
fn the_same_again(example: &Example) {
    let mut options = example.options();
    options.trace = true;
    let mut session = example.session(&options);
    let first = session.run(&options);
    let bytes = all_bytes(&example.path, &options, &first);
    let again = session.run(&options);
    assert!(
        bytes == all_bytes(&example.path, &options, &again),
        "{}: same session",
        example.path
    );
    let fresh = example.run(&options);
    assert!(
        bytes == all_bytes(&example.path, &options, &fresh),
        "{}: new session",
        example.path
    );

    // The text of the token is all that a user has.
    let token: Token = first
        .token
        .parse()
        .unwrap_or_else(|e| panic!("{}: {e}", first.token));
    let mut replayed = session
        .replay(&token, &options)
        .unwrap_or_else(|e| panic!("{}: {e}", example.path));
    // The header tells that a token chose this time.
    let mut header = first.trace.as_ref().unwrap().header.clone();
    std::mem::swap(&mut replayed.trace.as_mut().unwrap().header, &mut header);
    assert!(
        bytes == all_bytes(&example.path, &options, &replayed),
        "{}: replay",
        example.path
    );

    // Recording must not change the run.
    options.trace = false;
    let untraced = session.run(&options);
    let expected = RunResult {
        trace: None,
        ..first
    };
    assert!(untraced == expected, "{}: without a trace", example.path);
}

/// What the header says about outcomes holds.
fn outcomes(example: &Example) {
    let options = example.options();
    if let Some((shows, hides)) = example.seeds {
        let outcome = |seed| {
            let result = example.run(&Options {
                seed,
                ..options.clone()
            });
            (result.ending.name(), result.stdout)
        };
        let (shown, hidden) = (outcome(shows), outcome(hides));
        assert_ne!(shown, hidden, "{}: seeds {shows}, {hides}", example.path);
        assert_eq!(shows, options.seed, "{}: seed that shows", example.path);
        assert_eq!(shown.0, example.ending, "{}: seed {shows}", example.path);
        assert_eq!(hidden.0, "finished", "{}: seed {hides}", example.path);
    }
    let mut session = example.session(&options);
    let expected = session.run(&options).stdout;
    if example.one_outcome {
        let strategies = ["round-robin", "sequential"].map(|s| (s, 0));
        for (strategy, seed) in (1..=20).map(|seed| ("random", seed)).chain(strategies) {
            let other = Options {
                strategy: strategy.into(),
                seed,
                ..options.clone()
            };
            let result = session.run(&other);
            assert_eq!(
                result.stdout, expected,
                "{}: {strategy} {seed}",
                example.path
            );
            assert_eq!(
                result.ending.name(),
                example.ending,
                "{}: {strategy} {seed}",
                example.path
            );
        }
    } else {
        let differs = (0..400).any(|seed| {
            let result = session.run(&Options {
                seed,
                ..options.clone()
            });
            result.stdout != expected || result.ending.name() != example.ending
        });
        assert!(differs, "{}: many outcomes are promised", example.path);
    }
}

/// The four bugs that everybody meets first: what the seeds in their headers come to.
#[test]
fn the_classic_bugs() {
    let bugs = [
        ("race", "lost_update", ("finished", "1\n"), "2\n"),
        (
            "deadlock",
            "lock_order",
            ("deadlock", ""),
            "left-right\nright-left\n",
        ),
        (
            "condition",
            "missed_signal",
            ("deadlock", "signalled\n"),
            "signalled\nwoken\n",
        ),
        (
            "condition",
            "spurious_if",
            ("thread-exception", ""),
            "got bread\n",
        ),
    ];
    for (topic, name, shown, hidden) in bugs {
        let example = examples(topic)
            .into_iter()
            .find(|e| e.name == name)
            .unwrap();
        let mut options = example.options();
        let (shows, hides) = example.seeds.expect("seeds");
        for (seed, (ending, stdout)) in [(shows, shown), (hides, ("finished", hidden))] {
            options.seed = seed;
            let result = example.run(&options);
            assert_eq!(result.ending.name(), ending, "{name}: seed {seed}");
            assert_eq!(result.stdout, stdout, "{name}: seed {seed}");
        }
    }
}

/// Programs with one outcome print what CPython prints, where one is at hand.
fn as_cpython(example: &Example) {
    let ends = !matches!(example.ending.as_str(), "deadlock" | "endless");
    let (Some(oldest), true, true) = (example.python, example.one_outcome, ends) else {
        return;
    };
    if python().is_none_or(|version| version < oldest) {
        return;
    }
    let result = example.run(&example.options());
    let expected = (result.stdout, result.exit_code);
    // Its sleeps take real time: on a busy machine they may end in another order, once.
    let mut other = None;
    for _ in 0..3 {
        let output = Command::new("python3")
            .args(["-B", &example.path])
            .output()
            .unwrap();
        let got = (
            String::from_utf8(output.stdout).unwrap(),
            output.status.code(),
        );
        if got == expected {
            return;
        }
        other = Some(got);
    }
    assert_eq!(Some(expected), other, "{}", example.path);
}

/// The version of `python3`, if there is one.
fn python() -> Option<(u32, u32)> {
    let program = "import sys; print(*sys.version_info[:2])";
    let output = Command::new("python3")
        .args(["-c", program])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = text.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
