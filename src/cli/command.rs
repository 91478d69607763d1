//! The commands: from arguments to a run, from its result to streams, files and an exit code.

use super::args::{InputArgs, OutputArgs, ReplayArgs, RunArgs};
use super::fail::{Fail, plain};
use super::files::{quoted, write_whole};
use super::streams::Streams;
use super::{exit, header};
use crate::error::Error;
use crate::render::report::{self, Detail};
use crate::render::style::Palette;
use crate::render::{run_json, text};
use crate::run::{self, Options, RunResult, Session, Token};
use crate::trace::{codec, model::Trace};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// `raddle run`.
pub(super) fn run(args: &RunArgs, streams: &mut Streams) -> Result<u8, Fail> {
    check(&args.output)?;
    let mut options = Options::default();
    // What cannot be read here is told by the loader, which knows how.
    if let Ok(source) = fs::read(&args.program) {
        let source = String::from_utf8_lossy(&source);
        header::apply(&source, &mut options).map_err(|e| {
            let place = format!("{}:{}", args.program.display(), e.line);
            Fail::usage(format!("{place}: in the header comment: {}", e.message))
        })?;
    }
    args.schedule.overlay(&mut options);
    finish(&mut options, &args.args, &args.input, &args.output)?;
    let mut session = match run::load(&args.program, options.echo) {
        Ok(program) => Session::new(program),
        Err(error) => return refuse(&error, &args.program, &options, &args.output, streams),
    };
    let result = session.run(&options);
    let job = Job {
        program: &args.program,
        options: &options,
        input: &args.input,
        output: &args.output,
    };
    job.tell(&result, streams)
}

/// `raddle replay`.
pub(super) fn replay(args: &ReplayArgs, streams: &mut Streams) -> Result<u8, Fail> {
    check(&args.output)?;
    let text = token_text(&args.token)?;
    let token: Token = text.parse().map_err(|e| Fail::usage(format!("{e}")))?;
    let mut options = token.options().map_err(|e| Fail::usage(format!("{e}")))?;
    finish(&mut options, &args.args, &args.input, &args.output)?;
    let mut session = match run::load(&args.program, options.echo) {
        Ok(program) => Session::new(program),
        Err(error) => return refuse(&error, &args.program, &options, &args.output, streams),
    };
    let result = session
        .replay(&token, &options)
        .map_err(|e| Fail::usage(format!("{}: {e}", args.program.display())))?;
    let job = Job {
        program: &args.program,
        options: &options,
        input: &args.input,
        output: &args.output,
    };
    job.tell(&result, streams)
}

fn check(output: &OutputArgs) -> Result<(), Fail> {
    if output.json && output.trace == Some(None) {
        return Err(Fail::usage(
            "--json and --trace both write to stdout; give the trace a file: --trace=FILE",
        ));
    }
    Ok(())
}

/// Sets the options that are the command line's alone.
fn finish(
    options: &mut Options,
    args: &[String],
    input: &InputArgs,
    output: &OutputArgs,
) -> Result<(), Fail> {
    options.args = args.to_vec();
    options.trace = output.trace.is_some();
    if let Some(path) = &input.stdin {
        options.stdin = read_input(path)?;
    }
    Ok(())
}

fn read_input(path: &Path) -> Result<String, Fail> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|e| Fail::file(path, plain(&e)))?;
    String::from_utf8(bytes).map_err(|_| Fail::file(path, "the text is not UTF-8"))
}

/// The token itself, or that of the trace in the file of this name.
fn token_text(given: &str) -> Result<String, Fail> {
    let path = Path::new(given);
    if !path.is_file() {
        let looks_like_a_file = path.extension().is_some_and(|e| e == "jsonl" || e == "txt");
        return match looks_like_a_file || path.is_dir() {
            true => Err(Fail::file(path, "there is no such trace file")),
            false => Ok(given.to_owned()),
        };
    }
    let file = File::open(path).map_err(|e| Fail::file(path, plain(&e)))?;
    let mut file = BufReader::new(file);
    let start = file.fill_buf().map_err(|e| Fail::file(path, plain(&e)))?;
    if start.starts_with(b"# raddle trace ") {
        return token_of_text(file)
            .ok_or_else(|| Fail::file(path, "the trace is cut off: it has no token line"));
    }
    let mut reader = codec::Reader::new(file).map_err(|e| Fail::file(path, e))?;
    for record in &mut reader {
        if let codec::Record::End(footer) = record.map_err(|e| Fail::file(path, e))? {
            return Ok(footer.token);
        }
    }
    Err(Fail::file(path, "the trace is cut off"))
}

/// The token of a trace in text form: on its last line.
fn token_of_text(input: impl BufRead) -> Option<String> {
    let lines = input.lines().map_while(Result::ok);
    let tokens = lines.filter_map(|line| line.strip_prefix("# token ").map(str::to_owned));
    tokens.last()
}

/// Tells of a program that cannot be loaded.
fn refuse(
    error: &Error,
    program: &Path,
    options: &Options,
    output: &OutputArgs,
    streams: &mut Streams,
) -> Result<u8, Fail> {
    if output.json {
        let document = run_json::refused(
            &program.to_string_lossy(),
            options,
            &error.to_string(),
            &explain(error),
        );
        streams.result(|out, _| writeln!(out, "{document}"))?;
    } else {
        streams.note(|_| explain(error));
    }
    Ok(exit::USAGE)
}

fn explain(error: &Error) -> String {
    format!("error: {error}\n")
}

/// A run that took place, and what is to be told of it.
struct Job<'a> {
    program: &'a Path,
    options: &'a Options,
    input: &'a InputArgs,
    output: &'a OutputArgs,
}

impl Job<'_> {
    fn tell(&self, result: &RunResult, streams: &mut Streams) -> Result<u8, Fail> {
        if self.output.json {
            let document =
                run_json::document(&self.program.to_string_lossy(), self.options, result);
            streams.result(|out, _| writeln!(out, "{document}"))?;
        } else {
            streams.program(&result.output)?;
        }
        let traced = self.trace(result, streams);
        let detail = if self.output.quiet {
            Detail::Title
        } else {
            Detail::Full
        };
        // The document says all this in its own way.
        if !self.output.json {
            streams.note(|palette| self.report(result, detail, palette));
        }
        traced?;
        Ok(exit::of_run(result))
    }

    fn report(&self, result: &RunResult, detail: Detail, palette: &Palette) -> String {
        let mut text = report::report(result, self.options, detail, palette);
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
        if let Some(path) = &self.input.stdin {
            words.push("--stdin".to_owned());
            words.push(quoted(&path.to_string_lossy()));
        }
        words.push(quoted(&self.program.to_string_lossy()));
        words.push(quoted(&result.token));
        if !self.options.args.is_empty() {
            words.push("--".to_owned());
            words.extend(self.options.args.iter().map(|arg| quoted(arg)));
        }
        words.join(" ")
    }

    fn trace(&self, result: &RunResult, streams: &mut Streams) -> Result<(), Fail> {
        match (&self.output.trace, &result.trace) {
            (Some(None), Some(trace)) => {
                streams.result(|mut out, palette| text::write(trace, palette, &mut out))
            }
            (Some(Some(path)), Some(trace)) => store(path, trace),
            _ => Ok(()),
        }
    }
}

fn store(path: &Path, trace: &Trace) -> Result<(), Fail> {
    write_whole(path, |mut out| {
        match path.extension() == Some(OsStr::new("jsonl")) {
            true => codec::write(trace, &mut out),
            false => text::write(trace, &Palette::PLAIN, &mut out),
        }
    })
}
