//! What the test modules share: sessions, all that a run tells, folders for files, the command.

use raddle::render::style::Palette;
use raddle::render::{run_json, text};
use raddle::run::{Options, RunResult, Session, load};
use raddle::trace::codec;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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

/// Compares with a stored snapshot.
pub fn snapshot(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../../snapshots/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Two seats for three clerks, and a thread that waits in a loop for who has got one.
pub const CLERKS: &str = "\
import threading
seats = ['A1', 'A2']
sold = {}
done = False
def clerk(name):
    if seats:
        sold[name] = seats.pop()
def waiter():
    while not done:
        pass
    for name in sorted(sold): print(name)
w = threading.Thread(target=waiter)
w.start()
clerks = [threading.Thread(target=clerk, args=(name,)) for name in ('ann', 'bob', 'cy')]
for t in clerks: t.start()
for t in clerks: t.join()
done = True
w.join()
";
