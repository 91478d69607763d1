//! Every program of `programs/`: its endings, its outputs and traces as snapshots, and that a run can be had again.

mod catalogue;
mod index;
mod outcomes;

use crate::example::{Example, Went, examples, topics};
use crate::support::all_bytes;
use raddle::explore::Token;
use raddle::render::report::{Detail, report};
use raddle::render::snapshot::Snapshot;
use raddle::render::style::Palette;
use raddle::run::{Options, RunResult, Session, settings};
use raddle::source::excerpt;
use std::fmt::Write;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

macro_rules! topic_tests {
    ($($module:ident = $topic:literal),* $(,)?) => {
        const TOPICS: &[&str] = &[$($topic),*];
        $(mod $module {
            #[test]
            fn snapshots() { super::each($topic, super::snapshot) }
            #[test]
            fn the_same_again() { super::each($topic, super::the_same_again) }
            #[test]
            fn outcomes() { super::each($topic, super::outcomes::hold) }
            #[test]
            fn as_cpython() { super::all_at_once($topic, super::as_cpython) }
        })*
    };
}

topic_tests! {
    barrier = "barrier",
    condition = "condition",
    daemon = "daemon",
    deadlock = "deadlock",
    errors = "errors",
    event = "event",
    executor = "executor",
    future = "future",
    lock = "lock",
    logging = "logging",
    pipeline = "pipeline",
    process = "process",
    queue = "queue",
    race = "race",
    rlock = "rlock",
    semaphore = "semaphore",
    subclass = "subclass",
    thread = "thread",
    time = "time",
    timer = "timer",
    with = "with",
}

#[test]
fn every_folder_is_a_topic() {
    assert_eq!(topics(), TOPICS);
}

#[test]
fn every_snapshot_has_its_program() {
    for topic in topics() {
        let examples = examples(&topic);
        let shown = examples.iter().flat_map(|e| {
            let names = e
                .shown()
                .into_iter()
                .map(|(outcome, _)| e.snapshot(outcome));
            names.collect::<Vec<_>>()
        });
        let shown: Vec<_> = shown.collect();
        for file in fs::read_dir(format!("snapshots/programs/{topic}")).unwrap() {
            let file = file.unwrap().file_name().into_string().unwrap();
            if let Some(name) = file.strip_suffix(".snap") {
                assert!(
                    shown.iter().any(|s| s == name),
                    "{topic}/{file} is of no program"
                );
            }
        }
    }
}

/// Checks all programs of a topic, so that one failure does not hide the others.
fn each(topic: &str, check: impl Fn(&Example)) {
    let examples = examples(topic);
    assert!(!examples.is_empty());
    let fails = |e: &&Example| catch_unwind(AssertUnwindSafe(|| check(e))).is_err();
    let failed: Vec<_> = examples.iter().filter(fails).map(|e| &e.path).collect();
    assert!(failed.is_empty(), "failed: {failed:?}");
}

/// The same all at once, because what runs elsewhere mostly sleeps.
fn all_at_once(topic: &str, check: impl Fn(&Example) + Sync) {
    let examples = examples(topic);
    let check = &check;
    let failed: Vec<_> = std::thread::scope(|scope| {
        let checks: Vec<_> = examples
            .iter()
            .map(|example| (example, scope.spawn(move || check(example))))
            .collect();
        let ended = checks.into_iter();
        ended
            .filter_map(|(example, check)| check.join().is_err().then_some(&example.path))
            .collect()
    });
    assert!(failed.is_empty(), "failed: {failed:?}");
}

/// Each outcome that has a name, or else the one run, as a snapshot.
fn snapshot(example: &Example) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../../snapshots/programs/{}", example.topic));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (outcome, options) in example.shown() {
        let options = Options {
            trace: true,
            ..options.clone()
        };
        let name = example.snapshot(outcome);
        let found = outcome.filter(|outcome| outcome.found);
        let went = match found {
            Some(outcome) => Went::Ran(Box::new(outcome.run(&mut example.session(), &options))),
            None => example.run(&options),
        };
        let told = match &went {
            Went::Ran(result) => told(&options, found.is_some(), result),
            Went::Refused(error) => {
                let text = excerpt::render(error, excerpt::Style::Plain);
                format!("ending: refused\n---- stderr\n{text}\n")
            }
        };
        settings.bind(|| insta::assert_snapshot!(name.as_str(), told));
        let ending = outcome.map_or(&example.ending, |o| &o.ending);
        assert_eq!(went.ending(), ending, "{}: {name}", example.path);
        if let (Went::Ran(result), Some(stdout)) = (&went, outcome.and_then(|o| o.stdout.as_ref()))
        {
            assert_eq!(&result.stdout, stdout, "{}: {name}", example.path);
        }
    }
}

/// All that a user may see of a run, the trace as a test of a user's own would have it.
fn told(options: &Options, found: bool, result: &RunResult) -> String {
    let mut out = format!("ending: {}", result.ending.name());
    if let Some(code) = result.exit_code {
        let _ = write!(out, ", exit code {code}");
    }
    let _ = write!(out, "\noptions: {}", settings::to_text(options));
    if options.strategy != Options::default().strategy {
        let _ = write!(out, " strategy={}", options.strategy);
    }
    let _ = match found {
        true => writeln!(out, " schedule=found"),
        false => writeln!(out, " seed={}", options.seed),
    };
    let report = report(result, options, Detail::Full, &Palette::PLAIN);
    let trace = result.trace.as_ref().unwrap();
    let trace = Snapshot::of(trace).steps().times().to_string();
    for (title, text, limit) in [
        ("stdout", &result.stdout, 60),
        ("stderr", &result.stderr, 60),
        ("report", &report, 60),
        ("trace", &trace, 160),
    ] {
        if !text.is_empty() {
            let _ = writeln!(out, "---- {title}");
            cut(text, limit, &mut out);
        }
    }
    out
}

/// What is longer than `limit` lines loses its middle: the begin shows the form, the end how it came out, and the replay
/// tests compare the rest.
fn cut(text: &str, limit: usize, out: &mut String) {
    let lines: Vec<_> = text.lines().collect();
    let (first, last) = match lines.len() > limit {
        true => (limit * 3 / 4, limit / 4),
        false => (lines.len(), 0),
    };
    for line in &lines[..first] {
        let _ = writeln!(out, "{line}");
    }
    if last > 0 {
        let left_out = lines.len() - first - last;
        let _ = writeln!(out, "... {left_out} lines ...");
    }
    for line in &lines[lines.len() - last..] {
        let _ = writeln!(out, "{line}");
    }
}

/// A second run, one in the same session, and a replay give the same bytes.
fn the_same_again(example: &Example) {
    if example.is_refused() {
        return;
    }
    let mut session = example.session();
    for (outcome, options) in example.shown() {
        let mut options = options.clone();
        options.trace = true;
        let name = format!("{}: {}", example.path, example.snapshot(outcome));
        let run = |session: &mut Session, options: &Options| match outcome {
            Some(outcome) => outcome.run(session, options),
            None => session.run(options),
        };
        let first = run(&mut session, &options);
        let bytes = all_bytes(&example.path, &options, &first);
        let again = run(&mut session, &options);
        let same = bytes == all_bytes(&example.path, &options, &again);
        assert!(same, "{name}: same session");
        let fresh = run(&mut example.session(), &options);
        let same = bytes == all_bytes(&example.path, &options, &fresh);
        assert!(same, "{name}: new session");

        // The text of the token is all that a user has.
        let parsed: Result<Token, _> = first.token.parse();
        let token = parsed.unwrap_or_else(|e| panic!("{name}: {}: {e}", first.token));
        let replayed = session.replay(&token, &options);
        let mut replayed = replayed.unwrap_or_else(|e| panic!("{name}: {e}"));
        // The header tells that a token chose this time.
        let mut header = first.trace.as_ref().unwrap().header.clone();
        std::mem::swap(&mut replayed.trace.as_mut().unwrap().header, &mut header);
        let same = bytes == all_bytes(&example.path, &options, &replayed);
        assert!(same, "{name}: replay");

        // Recording must not change the run.
        options.trace = false;
        let untraced = run(&mut session, &options);
        let expected = RunResult {
            trace: None,
            ..first
        };
        assert!(untraced == expected, "{name}: without a trace");
    }
}

/// Programs with one outcome print what CPython prints, where one is at hand.
fn as_cpython(example: &Example) {
    let ends = !matches!(example.ending.as_str(), "deadlock" | "endless");
    let one = example.promise == crate::example::Promise::One;
    let (Some(oldest), true, true) = (example.python, one, ends) else {
        return;
    };
    if python().is_none_or(|version| version < oldest) {
        return;
    }
    let expected = match example.run(&example.options) {
        Went::Ran(result) => (result.stdout, result.exit_code),
        Went::Refused(_) => (String::new(), Some(1)),
    };
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
