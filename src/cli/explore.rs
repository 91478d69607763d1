//! `raddle explore`: from arguments to a search, from its result to streams and an exit code.

use super::args::{ExploreArgs, SearchArgs};
use super::command::{note_refused, read_header, read_input};
use super::exit;
use super::fail::Fail;
use super::files::quoted;
use super::streams::Streams;
use crate::error::ErrorKind;
use crate::render::explore_json::{self, Clocked};
use crate::render::{explore as text, run_json};
use crate::run::{self, Session};
use crate::search::{self, Exploration, Explorer, Flow, Settings};
use crate::source::excerpt;
use std::time::{Duration, Instant};

/// `raddle explore`.
pub(super) fn explore(args: &ExploreArgs, streams: &mut Streams) -> Result<u8, Fail> {
    let settings = settings(args)?;
    let program = match run::load(&args.program, settings.options.echo) {
        Ok(program) => program,
        Err(error) if error.kind == ErrorKind::Io => return Err(Fail::usage(error.to_string())),
        Err(error) => {
            if args.json {
                let name = args.program.to_string_lossy();
                let shown = excerpt::render(&error, excerpt::Style::Plain) + "\n";
                let document =
                    run_json::refused(&name, &settings.options, &error.to_string(), &shown);
                streams.result(|out, _| writeln!(out, "{document}"))?;
            } else {
                note_refused(&error, streams);
            }
            return Ok(exit::USAGE);
        }
    };
    let digest = program.digest;
    let clock = Clock::start(&args.search);
    let mut session = Session::new(program);
    let found = Explorer::with(settings.clone()).watched(&mut session, &mut |_| {
        if clock.is_up() { Flow::Stop } else { Flow::Go }
    });
    let tokens: Vec<String> = found
        .outcomes
        .iter()
        .map(|(outcome, _)| search::token(digest, &settings, outcome).to_string())
        .collect();
    tell(args, &settings, &found, &tokens, &clock, streams)?;
    Ok(exit::of_search(&found))
}

fn settings(args: &ExploreArgs) -> Result<Settings, Fail> {
    let mut settings = Settings::default();
    let search = &args.search;
    read_header(&args.program, &mut settings.options)?;
    args.schedule.overlay(&mut settings.options);
    args.given.overlay(&mut settings.options);
    settings.options.args = args.args.clone();
    settings.options.trace = false;
    if let Some(path) = &args.given.stdin {
        settings.options.stdin = read_input(path)?;
    }
    settings.plan = search.strategy;
    settings.observe = search.observe;
    settings.preemptions = search.preemptions;
    settings.max_schedules = search.max_schedules;
    settings.fail_fast = search.fail_fast;
    settings.allow.clone_from(&search.allow);
    settings.jobs = match search.jobs {
        Some(jobs) => usize::from(jobs),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    Ok(settings)
}

fn tell(
    args: &ExploreArgs,
    settings: &Settings,
    found: &Exploration,
    tokens: &[String],
    clock: &Clock,
    streams: &mut Streams,
) -> Result<(), Fail> {
    if args.json {
        let name = args.program.to_string_lossy();
        let document = explore_json::document(&name, settings, found, tokens, clock.clocked());
        return streams.result(|out, _| writeln!(out, "{document}"));
    }
    let replays: Vec<String> = tokens
        .iter()
        .map(|token| replay_line(args, settings, token))
        .collect();
    streams.result(|out, palette| {
        out.write_all(text::report(settings, found, &replays, palette).as_bytes())
    })
}

/// The command that shows an outcome.
fn replay_line(args: &ExploreArgs, settings: &Settings, token: &str) -> String {
    let mut words = vec!["raddle".to_owned(), "replay".to_owned()];
    if let Some(path) = &args.given.stdin {
        words.push(format!("--stdin={}", quoted(&path.to_string_lossy())));
    }
    if settings.options.echo {
        words.push("--echo".to_owned());
    }
    words.push(quoted(&args.program.to_string_lossy()));
    words.push(token.to_owned());
    if !settings.options.args.is_empty() {
        words.push("--".to_owned());
        words.extend(settings.options.args.iter().map(|arg| quoted(arg)));
    }
    words.join(" ")
}

/// Real time, which decides nothing but when to give up.
struct Clock {
    start: Instant,
    limit: Option<Duration>,
}

impl Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a search takes, and --time-limit"
    )]
    fn start(args: &SearchArgs) -> Clock {
        Clock {
            start: Instant::now(),
            limit: args.time_limit.map(Duration::from_nanos),
        }
    }

    fn is_up(&self) -> bool {
        self.limit
            .is_some_and(|limit| self.start.elapsed() >= limit)
    }

    fn clocked(&self) -> Clocked {
        Clocked {
            seconds: self.start.elapsed().as_secs_f64(),
            limit: self.limit.map(|limit| limit.as_secs_f64()),
        }
    }
}
