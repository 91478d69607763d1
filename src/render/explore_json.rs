//! The document `explore/1`: what a search found, as one JSON object on one line.
//!
//! Fields are only ever added; a change of meaning makes it `explore/2`.

use super::run_json;
use crate::search::{CutOff, Exploration, Settings, Share, Verdict};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    raddle: &'static str,
    program: &'a str,
    options: Options<'a>,
    complete: bool,
    verdict: Verdict,
    schedules: u64,
    first_bug: Option<u64>,
    redundant: u64,
    /// States that were reached again, and different ones; nothing unless states were known again.
    merged: Option<u64>,
    states: Option<u64>,
    steps: u64,
    seconds: f64,
    share: &'static str,
    share_runs: Option<u64>,
    outcomes: Vec<Outcome<'a>>,
    unlisted: u64,
    earlier: u64,
    bounds: Bounds,
    cut_off: &'a CutOff,
}

/// The options of a search: those of its runs, and its own.
#[derive(Serialize)]
struct Options<'a> {
    strategy: &'static str,
    observe: &'static str,
    merge_states: bool,
    seed: u64,
    #[serde(flatten)]
    run: serde_json::Map<String, serde_json::Value>,
    allow: &'a [String],
}

#[derive(Serialize)]
pub(super) struct Bounds {
    preemptions: Option<u32>,
    max_steps: u64,
    max_memory: u64,
    max_schedules: Option<u64>,
    time_limit: Option<f64>,
    spurious: u32,
}

impl Bounds {
    pub(super) fn of(settings: &Settings, clocked: Clocked) -> Bounds {
        Bounds {
            preemptions: settings.preemptions,
            max_steps: settings.options.max_steps,
            max_memory: settings.options.max_memory,
            max_schedules: settings.max_schedules,
            time_limit: clocked.limit,
            spurious: settings.options.spurious,
        }
    }
}

#[derive(Serialize)]
struct Outcome<'a> {
    ending: &'static str,
    bug: bool,
    exception: Option<&'a str>,
    exit_code: Option<i32>,
    stdout: &'a str,
    stderr: &'a str,
    count: u64,
    share: Option<f64>,
    first: u64,
    steps: u64,
    token: &'a str,
}

/// What the command line adds to a result.
#[derive(Clone, Copy, Debug)]
pub struct Clocked {
    /// How long it took, in seconds.
    pub seconds: f64,
    /// How long it might have taken, in seconds.
    pub limit: Option<f64>,
}

/// The document, without a line end. `tokens` are those of the outcomes.
pub fn document(
    program: &str,
    settings: &Settings,
    found: &Exploration,
    tokens: &[String],
    clocked: Clocked,
) -> String {
    let (share, share_runs) = match found.share {
        Share::Exact => ("exact", None),
        Share::Estimated(runs) => ("estimated", Some(runs)),
        Share::Unknown => ("unknown", None),
    };
    let outcomes = found.outcomes.iter().zip(tokens);
    let document = Document {
        raddle: "explore/1",
        program,
        options: Options {
            strategy: settings.plan.name(),
            observe: settings.observe.name(),
            merge_states: settings.merge_states,
            seed: settings.options.seed,
            run: run_json::Settings::of_runs(&settings.options),
            allow: &settings.allow,
        },
        complete: found.complete,
        verdict: found.verdict,
        schedules: found.schedules,
        first_bug: found.first_bug,
        redundant: found.redundant,
        merged: found.states.map(|states| states.merged),
        states: found.states.map(|states| states.states),
        steps: found.steps,
        seconds: clocked.seconds,
        share,
        share_runs,
        outcomes: outcomes
            .map(|((outcome, bug), token)| Outcome {
                ending: outcome.ending.name(),
                bug: *bug,
                exception: outcome.ending.exception(),
                exit_code: outcome.ending.exit_code(),
                stdout: &outcome.stdout,
                stderr: &outcome.stderr,
                count: outcome.count,
                share: outcome.share,
                first: outcome.first,
                steps: outcome.steps,
                token,
            })
            .collect(),
        unlisted: found.unlisted,
        earlier: found.earlier,
        bounds: Bounds::of(settings, clocked),
        cut_off: &found.cut_off,
    };
    // Strings, numbers and lists only: this cannot fail.
    serde_json::to_string(&document).unwrap_or_default()
}
