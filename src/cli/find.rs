//! `raddle find`: from logs to a search, from its result to streams and an exit code.

use super::args::FindArgs;
use super::exit;
use super::explore::{jobs, of_runs, refuse, replay_line};
use super::fail::{Fail, plain};
use super::streams::Streams;
use super::watch::Watcher;
use crate::error::ErrorKind;
use crate::render::{find as text, find_json};
use crate::run::{self, Ending, Limit, Session};
use crate::search::{self, Checkpoint, Find, Log, Watch};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// `raddle find`.
pub(super) fn find(args: &FindArgs, streams: &mut Streams) -> Result<u8, Fail> {
    let sources = [&args.stdout, &args.stderr, &args.given.stdin];
    let stdins = sources
        .iter()
        .filter(|path| path.as_deref() == Some(Path::new("-")));
    if stdins.count() > 1 {
        return Err(Fail::usage("only one file can be raddle's own stdin (-)"));
    }
    let mut settings = of_runs(&args.program, &args.args, &args.schedule, &args.given)?;
    settings.preemptions = args.preemptions;
    settings.max_schedules = args.max_schedules;
    settings.merge_states = args.merge_states;
    settings.jobs = jobs(args.jobs);
    let mut find = Find::with(settings.clone());
    if let Some(path) = &args.stdout {
        find = find.stdout(log(path, args.partial)?);
    }
    if let Some(path) = &args.stderr {
        find = find.stderr(log(path, args.partial)?.with_tracebacks());
    }
    if let Some(name) = &args.ending {
        find = find.ending(name);
    }
    let program = match run::load(&args.program, settings.options.echo) {
        Ok(program) => program,
        Err(error) if error.kind == ErrorKind::Io => return Err(Fail::usage(error.to_string())),
        Err(error) => return refuse(&args.program, args.output.json, &settings, &error, streams),
    };
    let digest = program.digest;
    let mut watcher = Watcher::start(args.time_limit, args.output.quiet, None);
    let found = find.watched(&mut Session::new(program), &mut |progress| {
        watcher.look(progress, &mut Checkpoint::default)
    });
    watcher.end();
    let run = found
        .run
        .as_ref()
        .or(found.nearest.as_ref().map(|nearest| &nearest.run));
    let token = run.map(|run| search::token(digest, &settings, run).to_string());
    if args.output.json {
        let files = [&args.stdout, &args.stderr];
        let names = files.map(|path| {
            path.as_ref()
                .map(|path| path.to_string_lossy().into_owned())
        });
        let name = args.program.to_string_lossy();
        let document = find_json::document(&name, &find, names, &found, token, watcher.clocked());
        streams.result(|out, _| writeln!(out, "{document}"))?;
    } else {
        let steps = run.and_then(|run| match run.ending {
            Ending::Endless(Limit::Cycle) => Some(run.steps),
            _ => None,
        });
        let replay =
            token.map(|token| replay_line(&args.program, &args.given, &settings, steps, &token));
        let replay = replay.as_deref().unwrap_or_default();
        streams.result(|out, palette| {
            out.write_all(
                text::report(&find, &found, replay, args.output.quiet, palette).as_bytes(),
            )
        })?;
    }
    Ok(exit::of_find(&found))
}

/// Reads a log.
fn log(path: &Path, partial: bool) -> Result<Log, Fail> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|e| Fail::file(path, plain(&e)))?;
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        let why = "the log is UTF-16, as PowerShell writes it; store it as UTF-8";
        return Err(Fail::file(path, why));
    }
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text),
        Err(e) => {
            let line = bytes[..e.valid_up_to()]
                .iter()
                .filter(|b| **b == b'\n')
                .count()
                + 1;
            let why = "the log is not UTF-8 here; [..] can stand for what is not text";
            return Err(Fail::usage(format!("{}:{line}: {why}", path.display())));
        }
    };
    if !partial {
        return Ok(Log::exact(text));
    }
    if text.trim().is_empty() {
        let why = "the log is empty; with --partial every run has all of it";
        return Err(Fail::file(path, why));
    }
    Ok(Log::partial(text))
}
