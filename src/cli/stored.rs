//! What `replay` is given: a token, or a file with a trace, which ends with one.

use super::fail::{Fail, plain};
use crate::explore::Token;
use crate::trace::codec::{Reader, Record};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A stored run.
pub(super) struct Stored {
    /// Its choices.
    pub token: Token,
    /// The options in a trace's header; they tell more than the token.
    pub options: Option<String>,
}

/// Finds the run that `given` names.
pub(super) fn find(given: &str) -> Result<Stored, Fail> {
    let path = Path::new(given);
    if !path.is_file() {
        let meant = path.extension().is_some_and(|e| e == "jsonl" || e == "txt");
        if meant || path.is_dir() {
            return Err(Fail::file(path, "there is no such trace file"));
        }
        let token = given.parse().map_err(|e| Fail::usage(format!("{e}")))?;
        return Ok(Stored {
            token,
            options: None,
        });
    }
    let (text, options) = read(path)?;
    let token = text.parse().map_err(|e| Fail::file(path, e))?;
    Ok(Stored { token, options })
}

/// The token and the options of a trace file in either form.
fn read(path: &Path) -> Result<(String, Option<String>), Fail> {
    let file = File::open(path).map_err(|e| Fail::file(path, plain(&e)))?;
    let mut file = BufReader::new(file);
    let start = file.fill_buf().map_err(|e| Fail::file(path, plain(&e)))?;
    if start.starts_with(b"# raddle trace ") {
        return of_text(file)
            .ok_or_else(|| Fail::file(path, "the trace is cut off: it has no token line"));
    }
    let mut reader = Reader::new(file).map_err(|e| Fail::file(path, e))?;
    let options = reader.header().options.clone();
    // The whole trace is read, so that a damaged one is refused wherever the damage is.
    let mut token = None;
    for record in &mut reader {
        if let Record::End(footer) = record.map_err(|e| Fail::file(path, e))? {
            token = Some(footer.token);
        }
    }
    match token {
        Some(token) => Ok((token, Some(options))),
        None => Err(Fail::file(path, "the trace is cut off")),
    }
}

/// The same of the text form: options on the second line, the token on the last.
fn of_text(input: impl BufRead) -> Option<(String, Option<String>)> {
    let mut lines = input.lines().map_while(Result::ok);
    let options = lines.nth(1)?;
    // Who chose, and by which seed, is for people; the token has the choices.
    let words = options.trim_start_matches('#').split_whitespace();
    let words = words.filter(|w| !w.starts_with("strategy=") && !w.starts_with("seed="));
    let options = words.collect::<Vec<_>>().join(" ");
    let tokens = lines.filter_map(|line| line.strip_prefix("# token ").map(str::to_owned));
    Some((tokens.last()?, Some(options)))
}
