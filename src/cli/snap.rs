//! `raddle snap`: a file beside a program that holds what its run gave, and a look at whether it still does.
//!
//! ```text
//! # raddle snap 1
//! # options switch=sync time=virtual seed=7
//! # form sync
//! # ending finished
//! ---- stdout
//! hello
//! ---- trace
//! MainThread  print                         'hello'                  hello.py:1
//! ```
//!
//! The file tells with which options it was made; later runs take them from there, unless the command line
//! has others.

use super::args::{Form, SnapArgs};
use super::command::{read_header, read_input};
use super::exit;
use super::fail::{Fail, plain};
use super::files::write_whole;
use super::streams::Streams;
use crate::diff::lines::lines;
use crate::render::diff;
use crate::render::snapshot::Snapshot;
use crate::render::style::one_line;
use crate::run::{self, Options, RunResult, Session, settings};
use clap::ValueEnum;
use std::fs;
use std::io;
use std::path::PathBuf;

/// First line of a file, before the version.
const MAGIC: &str = "# raddle snap ";
const VERSION: u32 = 1;

/// `raddle snap`.
pub(super) fn snap(args: &SnapArgs, streams: &mut Streams) -> Result<u8, Fail> {
    let path = match &args.file {
        Some(path) => path.clone(),
        None => args.program.with_extension("raddle-snap"),
    };
    let old = read_old(&path)?;
    let mut options = Options::default();
    read_header(&args.program, &mut options)?;
    let mut form = Form::Sync;
    if let Some(old) = &old {
        let bad = |why| Fail::file(&path, why);
        if let Some(text) = &old.options {
            settings::read_text(&mut options, text).map_err(bad)?;
        }
        if let Some(name) = &old.form {
            let known = Form::from_str(name, false);
            form = known.map_err(|_| Fail::file(&path, format!("there is no form `{name}`")))?;
        }
    }
    args.schedule.overlay(&mut options);
    args.given.overlay(&mut options);
    form = args.form.unwrap_or(form);
    options.args.clone_from(&args.args);
    if let Some(stdin) = &args.given.stdin {
        options.stdin = read_input(stdin)?;
    }
    options.trace = true;
    let program = run::load(&args.program, options.echo);
    let program = program.map_err(|e| Fail::usage(e.to_string()))?;
    let result = Session::new(program).run(&options);
    let new = text(&result, &options, form);
    match old {
        Some(old) if old.text == new => {
            if args.verbose {
                streams.note(|_| format!("{}: as before\n", path.display()));
            }
            Ok(exit::OK)
        }
        Some(old) if !args.update => {
            streams.result(|out, palette| {
                let (strong, removed, added) = (palette.strong, palette.removed, palette.added);
                writeln!(
                    out,
                    "{strong}{}{strong:#}: {removed}- as it was{removed:#}, {added}+ as it is{added:#}",
                    one_line(&path.to_string_lossy())
                )?;
                let changed = lines(&old.text, &new, 2);
                out.write_all(diff::lines(&changed, palette).as_bytes())
            })?;
            streams.note(|_| "help: --update takes it as it is\n".to_owned());
            Ok(exit::FAILED)
        }
        None if args.check => {
            let why = "there is no such snapshot; run `raddle snap` without --check to make it";
            streams.error(&Fail::file(&path, why));
            Ok(exit::FAILED)
        }
        old => {
            write_whole(&path, |out| out.write_all(new.as_bytes()))?;
            let done = if old.is_some() { "updated" } else { "made" };
            streams.note(|_| format!("{}: {done}\n", path.display()));
            Ok(exit::OK)
        }
    }
}

/// A snapshot that is there already.
struct Old {
    text: String,
    options: Option<String>,
    form: Option<String>,
}

fn read_old(path: &PathBuf) -> Result<Option<Old>, Fail> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Fail::file(path, plain(&e))),
    };
    let foreign = || {
        Fail::file(
            path,
            "this is no snapshot of raddle's; remove it, or name another file with --file",
        )
    };
    let text = String::from_utf8(bytes).map_err(|_| foreign())?;
    let first = text.lines().next().unwrap_or_default();
    let version: u32 = first
        .strip_prefix(MAGIC)
        .and_then(|version| version.parse().ok())
        .ok_or_else(foreign)?;
    if version > VERSION {
        return Err(Fail::file(
            path,
            format!("the snapshot has version {version}, this raddle reads up to {VERSION}"),
        ));
    }
    let get = |key: &str| {
        let mut header = text.lines().take_while(|line| line.starts_with("# "));
        header
            .find_map(|line| line.strip_prefix(key))
            .map(str::to_owned)
    };
    Ok(Some(Old {
        options: get("# options "),
        form: get("# form "),
        text,
    }))
}

fn text(result: &RunResult, options: &Options, form: Form) -> String {
    let mut words = settings::to_text(options);
    let default = Options::default();
    if options.strategy != default.strategy {
        words.push_str(&format!(" strategy={}", options.strategy));
    }
    words.push_str(&format!(" seed={}", options.seed));
    let name = form.to_possible_value().map(|v| v.get_name().to_owned());
    let mut out = format!(
        "{MAGIC}{VERSION}\n# options {words}\n# form {}\n# ending {}\n",
        name.unwrap_or_default(),
        result.ending.name()
    );
    for (title, text) in [("stdout", &result.stdout), ("stderr", &result.stderr)] {
        if !text.is_empty() {
            let end = if text.ends_with('\n') {
                ""
            } else {
                " (no line end)\n"
            };
            out.push_str(&format!("---- {title}\n{text}{end}"));
        }
    }
    if let Some(trace) = &result.trace {
        let snapshot = Snapshot::of(trace);
        let snapshot = match form {
            Form::Whole => snapshot,
            Form::Sync => snapshot.sync_only(),
            Form::Normal => snapshot.normal_form().without_values(),
        };
        out.push_str(&format!("---- trace\n{snapshot}"));
    }
    out
}
