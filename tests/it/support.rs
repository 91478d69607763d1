//! What the test modules share: the programs with their headers, folders for files, the command.

use raddle::cli::header;
use raddle::render::style::Palette;
use raddle::render::{run_json, text};
use raddle::run::{Options, RunResult, Session, load};
use raddle::trace::codec;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A program of `programs/` with what its header says of it.
pub struct Example {
    /// `programs/race/lost_update.py`: relative, so that nothing depends on where the package lies.
    pub path: String,
    /// `lost_update`.
    pub name: String,
    /// Its text.
    pub source: String,
    /// The name of its ending.
    pub ending: String,
    /// Its stdout is the same under every schedule.
    pub one_outcome: bool,
    /// The oldest Python that it can be compared with; `None` when with none.
    pub python: Option<(u32, u32)>,
    /// A seed that shows what the program is about, and one that hides it.
    pub seeds: Option<(u64, u64)>,
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
        .map(|name| Example::read(&folder, name))
        .collect()
}

impl Example {
    fn read(folder: &str, name: &str) -> Example {
        let path = format!("{folder}/{name}.py");
        let source = fs::read_to_string(&path).unwrap();
        let get = |key: &str| {
            let start = format!("# {key}: ");
            let mut header = source.lines().take_while(|line| line.starts_with('#'));
            header
                .find_map(|line| line.strip_prefix(&start))
                .map(str::to_owned)
        };
        let seed = |key: &str| {
            let text = get(key)?;
            let number = text.strip_prefix("seed=").and_then(|n| n.parse().ok());
            Some(number.unwrap_or_else(|| panic!("{path}: {key}: wants seed=N, not {text}")))
        };
        let outcomes = get("outcomes").unwrap_or_else(|| panic!("{path}: no outcomes line"));
        assert!(
            ["one", "many"].contains(&outcomes.as_str()),
            "{path}: {outcomes}"
        );
        Example {
            name: name.to_owned(),
            ending: get("ending").unwrap_or_else(|| panic!("{path}: no ending line")),
            one_outcome: outcomes == "one",
            python: match get("python").as_deref() {
                None => Some((3, 8)),
                Some("none") => None,
                Some(version) => {
                    let (major, minor) = version.split_once('.').unwrap();
                    Some((major.parse().unwrap(), minor.parse().unwrap()))
                }
            },
            seeds: seed("shows").zip(seed("hides")),
            path,
            source,
        }
    }

    /// The options that its header asks for.
    pub fn options(&self) -> Options {
        let mut options = Options::default();
        header::apply(&self.source, &mut options)
            .unwrap_or_else(|e| panic!("{}: {e:?}", self.path));
        options
    }

    /// It, ready to be run.
    pub fn session(&self, options: &Options) -> Session {
        session(Path::new(&self.path), options)
    }

    /// One run in a session of its own.
    pub fn run(&self, options: &Options) -> RunResult {
        self.session(options).run(options)
    }
}

/// A program, ready to be run.
pub fn session(path: &Path, options: &Options) -> Session {
    match load(path, options.echo) {
        Ok(program) => Session::new(program),
        Err(e) => panic!("{e}"),
    }
}

/// All bytes that a run with these options can give: document, trace as text and as JSON Lines.
pub fn all_bytes(path: &str, options: &Options, result: &RunResult) -> String {
    let trace = result.trace.as_ref().expect("the trace was asked for");
    let mut out = run_json::document(path, options, result).into_bytes();
    text::write(trace, &Palette::PLAIN, &mut out).unwrap();
    codec::write(trace, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A fresh folder for the files of one test, below the build folder.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// What the command did.
pub struct Done {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// `raddle` with these arguments in this folder, nothing on its stdin.
pub fn raddle(folder: &Path, args: &[&str]) -> Done {
    raddle_with(folder, args, b"")
}

/// `raddle` with something on its stdin.
pub fn raddle_with(folder: &Path, args: &[&str], stdin: &[u8]) -> Done {
    let mut child = command(folder, args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads no stdin closes it; that is its right.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    done(child.wait_with_output().unwrap())
}

/// The command itself, its environment without what changes colours.
pub fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_raddle"));
    command.current_dir(folder).args(args);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

fn done(output: Output) -> Done {
    Done {
        code: output.status.code().expect("not killed"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
