//! The document `find/1`: what a search for a schedule found, as one JSON object on one line.
//!
//! Fields are only ever added; a change of meaning makes it `find/2`.

use super::explore_json::{Bounds, Clocked};
use super::run_json;
use crate::search::{CutOff, Find, Found, Outcome};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    raddle: &'static str,
    program: &'a str,
    options: Options,
    goal: Goal<'a>,
    verdict: &'static str,
    complete: bool,
    schedules: u64,
    left: u64,
    redundant: u64,
    /// States that were reached again, and different ones; nothing unless states were known again.
    merged: Option<u64>,
    states: Option<u64>,
    steps: u64,
    seconds: f64,
    found: Option<Run<'a>>,
    nearest: Option<Nearest<'a>>,
    bounds: Bounds,
    cut_off: &'a CutOff,
}

#[derive(Serialize)]
struct Options {
    seed: u64,
    merge_states: bool,
    #[serde(flatten)]
    run: serde_json::Map<String, serde_json::Value>,
}

#[derive(Serialize)]
struct Goal<'a> {
    stdout: Option<&'a str>,
    stderr: Option<&'a str>,
    ending: Option<&'a str>,
    partial: bool,
}

#[derive(Serialize)]
struct Run<'a> {
    ending: &'static str,
    exception: Option<&'a str>,
    exit_code: Option<i32>,
    stdout: &'a str,
    stderr: &'a str,
    steps: u64,
    token: &'a str,
}

#[derive(Serialize)]
struct Nearest<'a> {
    stdout: Option<Missing<'a>>,
    stderr: Option<Missing<'a>>,
    instead: Vec<Instead<'a>>,
    run: Run<'a>,
}

/// How much of a log comes, and the line that does not.
#[derive(Serialize)]
struct Missing<'a> {
    lines: usize,
    of: usize,
    line: Option<usize>,
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct Instead<'a> {
    thread: &'a str,
    stream: &'static str,
    line: &'a str,
}

/// The document, without a line end. `files` are those of stdout's and stderr's log; `token` is that of the run found, or else of the
/// nearest.
pub fn document(
    program: &str,
    find: &Find,
    files: [Option<String>; 2],
    found: &Found,
    token: Option<String>,
    clocked: Clocked,
) -> String {
    let (settings, goal) = (find.settings(), find.goal());
    let token = token.as_deref().unwrap_or_default();
    let missing = |stream: usize| {
        let log = [&goal.stdout, &goal.stderr][stream].as_ref()?;
        let lines = found.nearest.as_ref()?.lines[stream];
        let line = log.line(lines);
        Some(Missing {
            lines,
            of: log.len(),
            line: line.map(|(number, _)| number),
            text: line.map(|(_, text)| text),
        })
    };
    let document = Document {
        raddle: "find/1",
        program,
        options: Options {
            seed: settings.options.seed,
            merge_states: settings.merge_states,
            run: run_json::Settings::of_runs(&settings.options),
        },
        goal: Goal {
            stdout: files[0].as_deref(),
            stderr: files[1].as_deref(),
            ending: goal.ending.as_deref(),
            partial: [&goal.stdout, &goal.stderr]
                .into_iter()
                .flatten()
                .any(|log| log.is_partial()),
        },
        verdict: match (&found.run, found.complete) {
            (Some(_), _) => "found",
            (None, true) => "absent",
            (None, false) => "limit",
        },
        complete: found.complete,
        schedules: found.schedules,
        left: found.left,
        redundant: found.redundant,
        merged: found.states.map(|states| states.merged),
        states: found.states.map(|states| states.states),
        steps: found.steps,
        seconds: clocked.seconds,
        found: found.run.as_ref().map(|run| told(run, token)),
        nearest: found.nearest.as_ref().map(|nearest| Nearest {
            stdout: missing(0),
            stderr: missing(1),
            instead: nearest
                .instead
                .iter()
                .map(|instead| Instead {
                    thread: &instead.thread,
                    stream: if instead.stream == 2 {
                        "stderr"
                    } else {
                        "stdout"
                    },
                    line: &instead.line,
                })
                .collect(),
            run: told(&nearest.run, token),
        }),
        bounds: Bounds::of(settings, clocked),
        cut_off: &found.cut_off,
    };
    // Strings, numbers and lists only: this cannot fail.
    serde_json::to_string(&document).unwrap_or_default()
}

fn told<'a>(run: &'a Outcome, token: &'a str) -> Run<'a> {
    Run {
        ending: run.ending.name(),
        exception: run.ending.exception(),
        exit_code: run.ending.exit_code(),
        stdout: &run.stdout,
        stderr: &run.stderr,
        steps: run.steps,
        token,
    }
}
