//! `raddle explore`: from arguments to a search, from its result to streams and an exit code.

use super::args::{ExploreArgs, ProgramArgs, ScheduleArgs};
use super::command::{note_refused, read_header, read_input};
use super::exit;
use super::fail::Fail;
use super::files::quoted;
use super::streams::Streams;
use super::watch::{Store, Watcher};
use crate::error::{Error, ErrorKind};
use crate::render::explore_json;
use crate::render::{explore as text, run_json};
use crate::run::{self, Ending, Limit, Session};
use crate::search::{self, Exploration, Explorer, Settings};
use crate::source::excerpt;
use std::path::Path;

/// `raddle explore`.
pub(super) fn explore(args: &ExploreArgs, streams: &mut Streams) -> Result<u8, Fail> {
    let settings = settings(args)?;
    let program = match run::load(&args.program, settings.options.echo) {
        Ok(program) => program,
        Err(error) if error.kind == ErrorKind::Io => return Err(Fail::usage(error.to_string())),
        Err(error) => return refuse(&args.program, args.output.json, &settings, &error, streams),
    };
    let digest = program.digest;
    let path = args.search.checkpoint.as_deref();
    let store = path.map(|path| Store::new(path, digest, &settings));
    let from = match &store {
        Some(store) if args.search.resume => Some(store.read()?),
        _ => None,
    };
    let mut watcher = Watcher::start(args.search.time_limit, args.output.quiet, store);
    let mut session = Session::new(program);
    let explorer = Explorer::with(settings.clone());
    let found = explorer.resumed(&mut session, from, &mut watcher);
    watcher.end();
    let tokens: Vec<String> = found
        .outcomes
        .iter()
        .map(|(outcome, _)| search::token(digest, &settings, outcome).to_string())
        .collect();
    tell(args, &settings, &found, &tokens, &watcher, streams)?;
    if let Some(fail) = watcher.failed {
        return Err(fail);
    }
    Ok(exit::of_search(&found))
}

/// Tells of a program that cannot be loaded.
pub(super) fn refuse(
    program: &Path,
    json: bool,
    settings: &Settings,
    error: &Error,
    streams: &mut Streams,
) -> Result<u8, Fail> {
    if json {
        let name = program.to_string_lossy();
        let shown = excerpt::render(error, excerpt::Style::Plain) + "\n";
        let document = run_json::refused(&name, &settings.options, &error.to_string(), &shown);
        streams.result(|out, _| writeln!(out, "{document}"))?;
    } else {
        note_refused(error, streams);
    }
    Ok(exit::USAGE)
}

/// Settings with the options of a search's runs.
pub(super) fn of_runs(
    program: &Path,
    args: &[String],
    schedule: &ScheduleArgs,
    given: &ProgramArgs,
) -> Result<Settings, Fail> {
    let mut settings = Settings::default();
    let options = &mut settings.options;
    read_header(program, options)?;
    schedule.overlay(options);
    given.overlay(options);
    options.args = args.to_vec();
    options.trace = false;
    if let Some(path) = &given.stdin {
        options.stdin = read_input(path)?;
    }
    Ok(settings)
}

fn settings(args: &ExploreArgs) -> Result<Settings, Fail> {
    let mut settings = of_runs(&args.program, &args.args, &args.schedule, &args.given)?;
    let search = &args.search;
    settings.plan = search.strategy;
    settings.observe = search.observe;
    settings.preemptions = search.preemptions;
    settings.max_schedules = search.max_schedules;
    settings.fail_fast = search.fail_fast;
    settings.allow.clone_from(&search.allow);
    settings.merge_states = search.merge_states;
    settings.jobs = jobs(search.jobs);
    Ok(settings)
}

/// How many OS threads take runs: as many as there are cores, if nothing is said of it.
pub(super) fn jobs(given: Option<u16>) -> usize {
    match given {
        Some(jobs) => usize::from(jobs),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    }
}

fn tell(
    args: &ExploreArgs,
    settings: &Settings,
    found: &Exploration,
    tokens: &[String],
    watcher: &Watcher,
    streams: &mut Streams,
) -> Result<(), Fail> {
    if args.output.json {
        let name = args.program.to_string_lossy();
        let document = explore_json::document(&name, settings, found, tokens, watcher.clocked());
        return streams.result(|out, _| writeln!(out, "{document}"));
    }
    let replays: Vec<String> = tokens
        .iter()
        .zip(&found.outcomes)
        .map(|(token, (outcome, _))| {
            let steps = (outcome.ending == Ending::Endless(Limit::Cycle)).then_some(outcome.steps);
            replay_line(&args.program, &args.given, settings, steps, token)
        })
        .collect();
    streams.result(|out, palette| {
        out.write_all(text::report(settings, found, &replays, palette).as_bytes())
    })
}

/// The command that shows an outcome.
pub(super) fn replay_line(
    program: &Path,
    given: &ProgramArgs,
    settings: &Settings,
    max_steps: Option<u64>,
    token: &str,
) -> String {
    let mut words = vec!["raddle".to_owned(), "replay".to_owned()];
    if let Some(steps) = max_steps {
        // Up to where it begins to repeat itself.
        words.push(format!("--max-steps={steps}"));
    }
    if let Some(path) = &given.stdin {
        words.push(format!("--stdin={}", quoted(&path.to_string_lossy())));
    }
    if settings.options.echo {
        words.push("--echo".to_owned());
    }
    words.push(quoted(&program.to_string_lossy()));
    words.push(token.to_owned());
    if !settings.options.args.is_empty() {
        words.push("--".to_owned());
        words.extend(settings.options.args.iter().map(|arg| quoted(arg)));
    }
    words.join(" ")
}
