//! The document `run/1`: all of a run's result but its trace, as one JSON object on one line.
//!
//! Fields are only ever added; a change of meaning makes it `run/2`.

use super::style::one_line;
use crate::run::settings::instant_text;
use crate::run::{Options, RunResult, Stuck, TaskException};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    raddle: &'static str,
    program: &'a str,
    options: Settings<'a>,
    seed: u64,
    ending: &'static str,
    exit_code: Option<i32>,
    exception: Option<String>,
    stdout: &'a str,
    stderr: &'a str,
    token: &'a str,
    steps: u64,
    virtual_seconds: f64,
    stuck: Vec<Waiting<'a>>,
    task_exceptions: Vec<Failed<'a>>,
}

/// The options that shape a run, less the seed. Durations are nanoseconds, sizes bytes.
#[derive(Serialize)]
pub(super) struct Settings<'a> {
    switch: &'static str,
    time: &'static str,
    strategy: &'a str,
    spurious: u32,
    fifo: bool,
    step_cost: u64,
    start_time: String,
    max_steps: u64,
    max_memory: u64,
    echo: bool,
    args: &'a [String],
}

/// A task of an executor whose exception nobody asked for.
#[derive(Serialize)]
struct Failed<'a> {
    task: &'a str,
    thread: &'a str,
    exception: &'a str,
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Waiting<'a> {
    thread: &'a str,
    waits_for: &'a str,
    held_by: Option<&'a str>,
    line: u32,
}

/// The document of a run that took place, without a line end.
///
/// `exception` is the last line of main's exception, or of the first thread's that died; for a refused or internal ending
/// it is raddle's own message.
pub fn document(program: &str, options: &Options, result: &RunResult) -> String {
    to_json(&Document {
        raddle: "run/1",
        program,
        options: Settings::of(options),
        seed: options.seed,
        ending: result.ending.name(),
        exit_code: result.exit_code,
        exception: exception(result),
        stdout: &result.stdout,
        stderr: &result.stderr,
        token: &result.token,
        steps: result.steps,
        virtual_seconds: result.time as f64 / 1e9,
        stuck: result.stuck.iter().map(Waiting::of).collect(),
        task_exceptions: result.unretrieved.iter().map(Failed::of).collect(),
    })
}

/// The document of a program that was refused when it was loaded: `stderr` is the message with its excerpt.
pub fn refused(program: &str, options: &Options, message: &str, stderr: &str) -> String {
    to_json(&Document {
        raddle: "run/1",
        program,
        options: Settings::of(options),
        seed: options.seed,
        ending: "refused",
        exit_code: None,
        exception: Some(one_line(message)),
        stdout: "",
        stderr,
        token: "",
        steps: 0,
        virtual_seconds: 0.0,
        stuck: Vec::new(),
        task_exceptions: Vec::new(),
    })
}

fn exception(result: &RunResult) -> Option<String> {
    let died = || result.deaths.first().map(|(_, line)| line.as_str());
    result.ending.exception().or_else(died).map(str::to_owned)
}

fn to_json(document: &Document) -> String {
    // Strings, numbers and lists only, and no map with other keys: this cannot fail.
    serde_json::to_string(document).unwrap_or_default()
}

impl<'a> Settings<'a> {
    /// The options of a search's runs: whose strategy means nothing.
    pub(super) fn of_runs(options: &'a Options) -> serde_json::Map<String, serde_json::Value> {
        match serde_json::to_value(Settings::of(options)) {
            Ok(serde_json::Value::Object(mut map)) => {
                map.remove("strategy");
                map
            }
            _ => serde_json::Map::new(),
        }
    }

    pub(super) fn of(options: &'a Options) -> Self {
        Settings {
            switch: options.switch.name(),
            time: options.time.name(),
            strategy: &options.strategy,
            spurious: options.spurious,
            fifo: options.fifo,
            step_cost: options.step_cost,
            start_time: instant_text(options.start_time),
            max_steps: options.max_steps,
            max_memory: options.max_memory,
            echo: options.echo,
            args: &options.args,
        }
    }
}

impl<'a> Failed<'a> {
    fn of(failed: &'a TaskException) -> Self {
        Failed {
            task: &failed.task,
            thread: &failed.thread,
            exception: &failed.exception,
            file: &failed.file,
            line: failed.line,
        }
    }
}

impl<'a> Waiting<'a> {
    fn of(stuck: &'a Stuck) -> Self {
        Waiting {
            thread: &stuck.thread,
            waits_for: &stuck.waits_for,
            held_by: stuck.held_by.as_deref(),
            line: stuck.line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Ending;

    #[test]
    fn the_document_is_pinned() {
        let result = RunResult {
            ending: Ending::Deadlock { at_exit: false },
            exit_code: None,
            stdout: "one\n".into(),
            stderr: String::new(),
            output: vec![(1, "one\n".into())],
            steps: 12,
            time: 1_500_000_000,
            token: "TOKEN".into(),
            stuck: vec![Stuck {
                thread: "MainThread".into(),
                waits_for: "lock a".into(),
                held_by: Some("MainThread".into()),
                held_since: Some(2),
                line: 3,
                file: "x.py".into(),
                source: "a.acquire()".into(),
                columns: None,
                daemon: false,
            }],
            deaths: Vec::new(),
            unretrieved: Vec::new(),
            trace: None,
        };
        let text = document("x.py", &Options::default(), &result);
        insta::assert_snapshot!(text, @r#"{"raddle":"run/1","program":"x.py","options":{"switch":"shared","time":"virtual","strategy":"random","spurious":0,"fifo":false,"step_cost":1000,"start_time":"2024-01-01T00:00:00","max_steps":20000000,"max_memory":2147483648,"echo":false,"args":[]},"seed":0,"ending":"deadlock","exit_code":null,"exception":null,"stdout":"one\n","stderr":"","token":"TOKEN","steps":12,"virtual_seconds":1.5,"stuck":[{"thread":"MainThread","waits_for":"lock a","held_by":"MainThread","line":3}],"task_exceptions":[]}"#);
        let refused = refused(
            "x.py",
            &Options::default(),
            "await is not supported",
            "x.py:1: ...",
        );
        assert!(refused.contains(
            r#""ending":"refused","exit_code":null,"exception":"await is not supported","#
        ));
    }
}
