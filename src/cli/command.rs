//! The commands: from arguments to a run, from its result to streams, files and an exit code.

use super::args::{OutputArgs, ProgramArgs, ReplayArgs, RunArgs};
use super::fail::{Fail, plain};
use super::files::{is_regular, quoted, write_whole};
use super::follow::{Followed, Form};
use super::stored::{self, Stored};
use super::streams::Streams;
use super::{exit, header};
use crate::error::{Error, ErrorKind};
use crate::explore::Replay;
use crate::explore::token::Choices;
use crate::program::Program;
use crate::render::fold::folded;
use crate::render::report::{self, Detail};
use crate::render::style::Palette;
use crate::render::{run_json, text};
use crate::run::{self, Options, RunResult, Session, settings};
use crate::source::excerpt;
use crate::trace::codec;
use crate::trace::growth::Follow;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::mem::ManuallyDrop;
use std::path::Path;

/// `raddle run`.
pub(super) fn run(args: &RunArgs, streams: &mut Streams) -> Result<u8, Fail> {
    let mut job = Job::new(&args.program, &args.given, &args.output)?;
    args.overlay(&mut job.options);
    job.finish(&args.args)?;
    match run::load(&args.program, job.options.echo) {
        Ok(program) => {
            let mut session = only_session(program);
            let result = match job.followed() {
                Some((follower, file)) => {
                    let result = session.run_followed(&job.options, follower);
                    job.followed = Some(file);
                    result
                }
                None => session.run(&job.options),
            };
            job.tell(&result, streams)
        }
        Err(error) => job.refuse(&error, streams),
    }
}

/// `raddle replay`.
pub(super) fn replay(args: &ReplayArgs, streams: &mut Streams) -> Result<u8, Fail> {
    let mut job = Job::new(&args.program, &args.given, &args.output)?;
    let Stored { token, options } = stored::find(&args.token)?;
    if let Some(text) = options {
        settings::read_text(&mut job.options, &text)
            .map_err(|why| Fail::usage(format!("{}: {why}", args.token)))?;
    }
    job.options.set_key(&token.key);
    job.options.strategy = match &token.choices {
        Choices::Listed(_) => Replay::NAME.to_owned(),
        Choices::Seeded { strategy, .. } => strategy.clone(),
    };
    job.finish(&args.args)?;
    match run::load(&args.program, job.options.echo) {
        Ok(program) => {
            let replayed = only_session(program).replay(&token, &job.options);
            let result = replayed.map_err(|e| Fail::file(&args.program, e))?;
            job.tell(&result, streams)
        }
        Err(error) => job.refuse(&error, streams),
    }
}

/// The session of a command that makes one run. The process is over right after it: nothing is gained by taking its tables apart.
fn only_session(program: Program) -> ManuallyDrop<Session> {
    ManuallyDrop::new(Session::new(program))
}

/// Tells why a program is refused, with its source.
pub(super) fn note_refused(error: &Error, streams: &mut Streams) {
    streams.note(|palette| {
        let style = match palette.is_plain() {
            true => excerpt::Style::Plain,
            false => excerpt::Style::Colour,
        };
        excerpt::render(error, style) + "\n"
    });
}

/// Sets what a program's header asks for.
pub(super) fn read_header(program: &Path, options: &mut Options) -> Result<(), Fail> {
    // What cannot be read here is told by the loader, which knows how.
    let Ok(source) = fs::read(program) else {
        return Ok(());
    };
    header::apply(&String::from_utf8_lossy(&source), options).map_err(|e| {
        let place = format!("{}:{}", program.display(), e.line);
        Fail::usage(format!("{place}: in the header comment: {}", e.message))
    })
}

/// A program, the options of its run, and what is to be told of it.
struct Job<'a> {
    program: &'a Path,
    given: &'a ProgramArgs,
    output: &'a OutputArgs,
    options: Options,
    /// The trace's file, if it is written while the run is under way.
    followed: Option<Followed>,
}

impl<'a> Job<'a> {
    /// A job with the options of the program's header.
    fn new(
        program: &'a Path,
        given: &'a ProgramArgs,
        output: &'a OutputArgs,
    ) -> Result<Self, Fail> {
        if output.json && output.trace == Some(None) {
            return Err(Fail::usage(
                "--json and --trace both write to stdout; give the trace a file: --trace=FILE",
            ));
        }
        let mut options = Options::default();
        read_header(program, &mut options)?;
        Ok(Job {
            program,
            given,
            output,
            options,
            followed: None,
        })
    }

    /// Sets the options that are the command line's alone.
    fn finish(&mut self, args: &[String]) -> Result<(), Fail> {
        self.given.overlay(&mut self.options);
        self.options.args = args.to_vec();
        self.options.trace = self.output.trace.is_some();
        if let Some(path) = &self.given.stdin {
            self.options.stdin = read_input(path)?;
        }
        Ok(())
    }

    /// Whoever writes the trace's file while the run is under way, if that may be.
    fn followed(&self) -> Option<(Box<dyn Follow>, Followed)> {
        let path = self.output.trace.as_ref()?.as_ref()?;
        is_regular(path).then(|| Followed::new(path, form(path)))
    }

    /// Tells of a program that cannot be loaded.
    fn refuse(&self, error: &Error, streams: &mut Streams) -> Result<u8, Fail> {
        // A file that cannot be read has no line to show.
        if error.kind == ErrorKind::Io {
            return Err(Fail::usage(error.to_string()));
        }
        if self.output.json {
            let program = self.program.to_string_lossy();
            let shown = excerpt::render(error, excerpt::Style::Plain) + "\n";
            let document = run_json::refused(&program, &self.options, &error.to_string(), &shown);
            streams.result(|out, _| writeln!(out, "{document}"))?;
        } else {
            note_refused(error, streams);
        }
        Ok(exit::USAGE)
    }

    /// Tells of a run that took place.
    fn tell(&self, result: &RunResult, streams: &mut Streams) -> Result<u8, Fail> {
        if self.output.json {
            let document =
                run_json::document(&self.program.to_string_lossy(), &self.options, result);
            streams.result(|out, _| writeln!(out, "{document}"))?;
        } else {
            streams.program(&result.output)?;
        }
        // A trace that cannot be stored is told of last, after all that can be.
        let traced = self.trace(result, streams);
        if !self.output.json {
            streams.note(|palette| self.report(result, palette));
        }
        traced?;
        Ok(exit::of_run(result))
    }

    fn report(&self, result: &RunResult, palette: &Palette) -> String {
        let detail = if self.output.quiet {
            Detail::Title
        } else {
            Detail::Full
        };
        let mut text = report::report(result, &self.options, detail, palette);
        if self.output.verbose > 0 {
            text.push_str(&report::summary(result));
        }
        if !result.ending.is_good() && !result.token.is_empty() {
            text.push_str(&format!("replay: {}\n", self.replay_line(result)));
        }
        text
    }

    /// The command that does the run again.
    fn replay_line(&self, result: &RunResult) -> String {
        let mut words = vec!["raddle".to_owned(), "replay".to_owned()];
        let mut option = |name: &str, value: Option<String>| {
            words.extend(value.map(|value| format!("--{name}={}", quoted(&value))));
        };
        option(
            "stdin",
            self.given
                .stdin
                .as_ref()
                .map(|p| p.to_string_lossy().into_owned()),
        );
        option("echo", self.given.echo.map(|v| v.to_string()));
        option("max-steps", self.given.max_steps.map(|v| v.to_string()));
        option("max-memory", self.given.max_memory.map(|v| v.to_string()));
        words.push(quoted(&self.program.to_string_lossy()));
        words.push(quoted(&result.token));
        if !self.options.args.is_empty() {
            words.push("--".to_owned());
            words.extend(self.options.args.iter().map(|arg| quoted(arg)));
        }
        words.join(" ")
    }

    fn trace(&self, result: &RunResult, streams: &mut Streams) -> Result<(), Fail> {
        let Some(target) = &self.output.trace else {
            return Ok(());
        };
        let Some(trace) = &result.trace else {
            return self.followed.as_ref().map_or(Ok(()), Followed::outcome);
        };
        match target {
            None => {
                streams.result(|mut out, palette| text::write(&folded(trace), palette, &mut out))
            }
            Some(path) => write_whole(path, |mut out| match form(path) {
                Form::Json => codec::write(trace, &mut out),
                Form::Text => text::write(&folded(trace), &Palette::PLAIN, &mut out),
            }),
        }
    }
}

/// In which form a trace is stored.
fn form(path: &Path) -> Form {
    match path.extension() == Some(OsStr::new("jsonl")) {
        true => Form::Json,
        false => Form::Text,
    }
}

pub(super) fn read_input(path: &Path) -> Result<String, Fail> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|e| Fail::file(path, plain(&e)))?;
    String::from_utf8(bytes).map_err(|_| Fail::file(path, "the text is not UTF-8"))
}
