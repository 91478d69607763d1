//! Where `diff` and `show` have their traces from: a stored trace, or a run that is made for the purpose.
//!
//! | written | means |
//! | --- | --- |
//! | `run.jsonl` | a stored trace |
//! | `prog.py` | a run of the program with the options of the command line |
//! | `prog.py@7`, `@7` | with this seed; without a program it is the other trace's, or that of `--program` |
//! | `prog.py@TOKEN`, `@TOKEN`, `TOKEN` | the run of this token |

use super::args::{ProgramArgs, ScheduleArgs};
use super::command::{read_header, read_input};
use super::fail::{Fail, plain};
use super::stored::{self, Stored};
use crate::explore::Token;
use crate::run::{self, Options, Session, settings};
use crate::trace::codec;
use crate::trace::model::Trace;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// What one argument means.
enum Source {
    /// A stored trace.
    Stored(PathBuf),
    /// A run to be made.
    Run(Option<PathBuf>, Choices),
}

/// How a run is chosen.
enum Choices {
    /// By the options.
    Options,
    Seed(u64),
    Token(Box<Token>),
    /// By the token and the options at the end of a trace's text form.
    Text(Box<Stored>),
}

/// How runs are made.
pub(super) struct Given<'a> {
    /// `--program`.
    pub(super) program: Option<&'a Path>,
    pub(super) schedule: &'a ScheduleArgs,
    pub(super) given: &'a ProgramArgs,
}

/// The traces that arguments mean.
pub(super) fn traces(args: &[&str], given: &Given) -> Result<Vec<Trace>, Fail> {
    let sources: Vec<Source> = args
        .iter()
        .map(|arg| parse(arg))
        .collect::<Result<_, _>>()?;
    let named = sources.iter().find_map(|source| match source {
        Source::Run(program, _) => program.clone(),
        Source::Stored(_) => None,
    });
    let program = given.program.map(Path::to_owned).or(named);
    let trace = |(arg, source): (&&str, Source)| match source {
        Source::Stored(path) => read(&path),
        Source::Run(own, choices) => match own.as_ref().or(program.as_ref()) {
            Some(program) => make(program, choices, given),
            None => Err(Fail::usage(format!(
                "of which program is {arg} a run? write PROG@{}, or give --program PROG",
                arg.trim_start_matches('@')
            ))),
        },
    };
    args.iter().zip(sources).map(trace).collect()
}

fn parse(arg: &str) -> Result<Source, Fail> {
    let path = Path::new(arg);
    let is_program = |path: &Path| path.extension().is_some_and(|e| e == "py");
    if path.is_file() {
        if is_program(path) {
            return Ok(Source::Run(Some(path.to_owned()), Choices::Options));
        }
        if is_text_form(path)? {
            let stored = stored::find(arg)?;
            return Ok(Source::Run(None, Choices::Text(Box::new(stored))));
        }
        return Ok(Source::Stored(path.to_owned()));
    }
    if let Some((program, choice)) = arg.rsplit_once('@') {
        let program = (!program.is_empty()).then(|| PathBuf::from(program));
        let choices = match choice.parse() {
            Ok(seed) => Choices::Seed(seed),
            Err(_) => {
                let token = choice.parse();
                Choices::Token(Box::new(
                    token.map_err(|e| Fail::usage(format!("{arg}: {e}")))?,
                ))
            }
        };
        return Ok(Source::Run(program, choices));
    }
    if is_program(path) || path.extension().is_some_and(|e| e == "jsonl" || e == "txt") {
        return Err(Fail::file(path, "there is no such file"));
    }
    match arg.parse::<Token>() {
        Ok(token) => Ok(Source::Run(None, Choices::Token(Box::new(token)))),
        Err(_) if path.is_dir() => Err(Fail::file(path, "is a directory")),
        Err(why) if arg.starts_with("rd") => Err(Fail::usage(why.to_string())),
        Err(_) => Err(Fail::usage(format!(
            "`{arg}` is no trace file, program, PROG@SEED or token"
        ))),
    }
}

/// Whether a file is a trace as text, which tells its token and not all of its events.
fn is_text_form(path: &Path) -> Result<bool, Fail> {
    let file = File::open(path).map_err(|e| Fail::file(path, plain(&e)))?;
    let mut file = BufReader::new(file);
    let start = file.fill_buf().map_err(|e| Fail::file(path, plain(&e)))?;
    Ok(start.starts_with(b"# raddle trace "))
}

fn read(path: &Path) -> Result<Trace, Fail> {
    let file = File::open(path).map_err(|e| Fail::file(path, plain(&e)))?;
    codec::read(BufReader::new(file)).map_err(|e| Fail::file(path, e))
}

/// Makes a run for its trace.
fn make(program: &Path, choices: Choices, given: &Given) -> Result<Trace, Fail> {
    let mut options = Options::default();
    read_header(program, &mut options)?;
    given.schedule.overlay(&mut options);
    given.given.overlay(&mut options);
    if let Some(path) = &given.given.stdin {
        options.stdin = read_input(path)?;
    }
    options.trace = true;
    if let Choices::Text(stored) = &choices
        && let Some(text) = &stored.options
    {
        settings::read_text(&mut options, text).map_err(Fail::usage)?;
    }
    if let Choices::Seed(seed) = choices {
        options.seed = seed;
    }
    let loaded = run::load(program, options.echo);
    let mut session = Session::new(loaded.map_err(|e| Fail::usage(e.to_string()))?);
    let token = match &choices {
        Choices::Options | Choices::Seed(_) => None,
        Choices::Token(token) => Some(&**token),
        Choices::Text(stored) => Some(&stored.token),
    };
    let result = match token {
        None => session.run(&options),
        Some(token) => session
            .replay(token, &options)
            .map_err(|e| Fail::file(program, e))?,
    };
    Ok(result.trace.expect("it was asked for"))
}
