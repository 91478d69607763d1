//! The programs of `programs/`, each with what its header says of it.
//!
//! The header is the first block of comment lines: what the program shows in words, then lines `# key: value`. README.md
//! tells the keys; anything else after the first key is an error, so that a slip is found.

use crate::support::session;
use raddle::error::Error;
use raddle::run::{Options, RunResult, Session, load, settings};
use raddle::search::{self, Find, Flow, Log};
use regex::Regex;
use std::fs;
use std::path::Path;

/// A program with its header.
pub struct Example {
    /// `programs/race/lost_update.py`: relative, so that nothing depends on where the package lies.
    pub path: String,
    /// `race`.
    pub topic: String,
    /// `lost_update`.
    pub name: String,
    /// What it shows.
    pub shows: String,
    /// The documented examples that it stands for: `E39`.
    pub catalogue: Vec<String>,
    /// Options for all its runs.
    pub options: Options,
    /// The name of its ending: of `raddle run` with these options.
    pub ending: String,
    /// How far its outputs agree, in virtual and in free time.
    pub promise: Promise,
    pub promise_free: Promise,
    /// What all outputs match as a whole.
    pub always: Option<Regex>,
    /// The oldest Python that it can be compared with; `None` when with none.
    pub python: Option<(u32, u32)>,
    /// The outcomes that have names, in the header's order.
    pub outcomes: Vec<Outcome>,
}

/// An outcome with a name, and the options that show it.
pub struct Outcome {
    pub name: String,
    pub options: Options,
    /// The options as the header gives them, over those for all runs.
    pub given: String,
    pub ending: String,
    pub stdout: Option<String>,
    /// Its schedule is searched for by its stdout: it is all but impossible that a seed shows it.
    pub found: bool,
}

/// How far the outputs of a program agree from schedule to schedule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Promise {
    /// The same text and ending always.
    One,
    /// The same lines in any order.
    Lines,
    /// The same characters in any order: lines may be torn.
    Characters,
    /// One of the outcomes that have names.
    Named,
    /// Nothing is promised.
    Many,
}

/// How a load or a run went.
pub enum Went {
    Ran(Box<RunResult>),
    Refused(Box<Error>),
}

impl Went {
    pub fn ending(&self) -> &'static str {
        match self {
            Went::Ran(result) => result.ending.name(),
            Went::Refused(_) => "refused",
        }
    }
}

/// The names of the folders, sorted.
pub fn topics() -> Vec<String> {
    let entries = fs::read_dir("programs").unwrap().map(Result::unwrap);
    let folders = entries.filter(|e| e.file_type().unwrap().is_dir());
    let mut names: Vec<_> = folders
        .map(|e| e.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// All examples of a topic, by name.
pub fn examples(topic: &str) -> Vec<Example> {
    let folder = format!("programs/{topic}");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{folder}: {e}"))
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".py").map(str::to_owned))
        .collect();
    names.sort();
    names
        .iter()
        .map(|name| Example::read(topic, name))
        .collect()
}

impl Example {
    fn read(topic: &str, name: &str) -> Example {
        let path = format!("programs/{topic}/{name}.py");
        let source = fs::read_to_string(&path).unwrap();
        let header = Header::split(&source);
        let fail = |why: String| -> ! { panic!("{path}: {why}") };
        let need = |key: &str| match header.get(key) {
            Some(value) => value,
            None => fail(format!("no `# {key}:` line")),
        };
        let mut options = Options::default();
        let given = header.all("raddle").collect::<Vec<_>>().join(" ");
        settings::read_text(&mut options, &given).unwrap_or_else(|e| fail(e));
        let ending = need("ending").to_owned();
        let outcomes = header.lines.iter().filter_map(|(key, value)| {
            let name = key.strip_prefix("outcome ")?;
            let read = Outcome::read(name, value, &options, &ending);
            Some(read.unwrap_or_else(|e| fail(format!("outcome {name}: {e}"))))
        });
        let outcomes: Vec<_> = outcomes.collect();
        let promises = need("outcomes");
        let (promise, promise_free) = promises
            .split_once("; free: ")
            .unwrap_or((promises, promises));
        let promise_of =
            |word| Promise::read(word).unwrap_or_else(|| fail(format!("outcomes: {word}?")));
        let python = match header.get("python").unwrap_or("3.8") {
            "none" => None,
            version => {
                let (major, minor) = version.split_once('.').unwrap();
                Some((major.parse().unwrap(), minor.parse().unwrap()))
            }
        };
        let whole = |text: &str| Regex::new(&format!(r"\A(?:{text})\z"));
        let always = header
            .get("always")
            .map(|text| whole(text).unwrap_or_else(|e| fail(e.to_string())));
        let known = [
            "catalogue",
            "raddle",
            "ending",
            "outcomes",
            "always",
            "python",
        ];
        for (key, _) in &header.lines {
            if !known.contains(key) && !key.starts_with("outcome ") {
                fail(format!("there is no key `{key}`"));
            }
        }
        Example {
            topic: topic.to_owned(),
            name: name.to_owned(),
            shows: header.shows.clone(),
            catalogue: header
                .all("catalogue")
                .flat_map(str::split_whitespace)
                .map(str::to_owned)
                .collect(),
            promise: promise_of(promise),
            promise_free: promise_of(promise_free),
            python,
            always,
            options,
            ending,
            outcomes,
            path,
        }
    }

    /// All options under which it is shown: of each outcome with its name, or of the one run without a name.
    pub fn shown(&self) -> Vec<(Option<&Outcome>, &Options)> {
        if self.outcomes.is_empty() {
            vec![(None, &self.options)]
        } else {
            self.outcomes
                .iter()
                .map(|o| (Some(o), &o.options))
                .collect()
        }
    }

    /// The name of a snapshot.
    pub fn snapshot(&self, outcome: Option<&Outcome>) -> String {
        match outcome {
            None => self.name.clone(),
            Some(outcome) => format!("{}@{}", self.name, outcome.name),
        }
    }

    /// Whether it cannot be loaded, on purpose.
    pub fn is_refused(&self) -> bool {
        self.ending == "refused"
    }

    /// It, ready to be run.
    pub fn session(&self) -> Session {
        session(Path::new(&self.path), &self.options)
    }

    /// One run in a session of its own.
    pub fn run(&self, options: &Options) -> Went {
        match load(Path::new(&self.path), options.echo) {
            Ok(program) => Went::Ran(Box::new(Session::new(program).run(options))),
            Err(error) => Went::Refused(Box::new(error)),
        }
    }
}

impl Promise {
    fn read(word: &str) -> Option<Promise> {
        Some(match word {
            "one" => Promise::One,
            "lines" => Promise::Lines,
            "characters" => Promise::Characters,
            "named" => Promise::Named,
            "many" => Promise::Many,
            _ => return None,
        })
    }
}

impl Outcome {
    /// Reads `seed=3 time=free ending=deadlock stdout="1\n"`.
    fn read(name: &str, text: &str, base: &Options, ending: &str) -> Result<Outcome, String> {
        let mut outcome = Outcome {
            name: name.to_owned(),
            options: base.clone(),
            given: String::new(),
            ending: ending.to_owned(),
            stdout: None,
            found: false,
        };
        let text = match text.split_once("stdout=") {
            None => text,
            Some((before, quoted)) => {
                outcome.stdout =
                    Some(serde_json::from_str(quoted).map_err(|e| format!("stdout: {e}"))?);
                before
            }
        };
        for word in text.split_whitespace() {
            if word == "find" {
                outcome.found = true;
                outcome.given = "find".to_owned();
            } else if let Some(ending) = word.strip_prefix("ending=") {
                outcome.ending = ending.to_owned();
            } else {
                settings::read_text(&mut outcome.options, word)?;
                let gap = if outcome.given.is_empty() { "" } else { " " };
                outcome.given += &format!("{gap}{word}");
            }
        }
        Ok(outcome)
    }

    /// One run of it.
    pub fn run(&self, session: &mut Session, options: &Options) -> RunResult {
        if !self.found {
            return session.run(options);
        }
        let log = self.stdout.as_deref().unwrap_or_default();
        let find = Find::new()
            .options(|all| *all = options.clone())
            .stdout(Log::exact(log));
        let found = find.watched(session, &mut |_| Flow::Go).run;
        let run = found.unwrap_or_else(|| panic!("{}: no schedule shows it", self.name));
        let token = search::token(session.program().digest, find.settings(), &run);
        let replayed = session.replay(&token, options);
        replayed.unwrap_or_else(|e| panic!("{}: {e}", self.name))
    }
}

/// The first block of comments: words, then lines with keys.
struct Header<'a> {
    shows: String,
    lines: Vec<(&'a str, &'a str)>,
}

impl<'a> Header<'a> {
    fn split(source: &'a str) -> Header<'a> {
        let block = source.lines().map_while(|line| line.strip_prefix('#'));
        let mut header = Header {
            shows: String::new(),
            lines: Vec::new(),
        };
        for line in block.map(str::trim) {
            let pair = line.split_once(": ").filter(|(key, _)| {
                !header.lines.is_empty()
                    || key.split(' ').count() == 1 && key.chars().all(char::is_lowercase)
            });
            match pair {
                Some(pair) => header.lines.push(pair),
                None if header.lines.is_empty() => {
                    let gap = if header.shows.is_empty() { "" } else { " " };
                    header.shows += &format!("{gap}{line}");
                }
                None => panic!("header: `{line}` is no `key: value`"),
            }
        }
        header
    }

    fn all(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.lines
            .iter()
            .filter(move |(k, _)| *k == key)
            .map(|(_, value)| *value)
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        let mut values = self.all(key);
        let first = values.next();
        assert!(values.next().is_none(), "header: `{key}` twice");
        first
    }
}
