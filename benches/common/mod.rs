//! What benchmarks of whole runs share: programs of `programs/`, ready to be run.

#![allow(dead_code, reason = "no benchmark uses all of it")]

use std::path::{Path, PathBuf};

use raddle::run::{self, Ending, Options, RunResult, Session};

/// The file of a program.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches/programs")
        .join(name)
}

/// A program, ready to be run.
pub fn session(name: &str) -> Session {
    let program = run::load(&path(name), false).unwrap_or_else(|error| panic!("{name}: {error}"));
    Session::new(program)
}

/// One run, which must end well: a benchmark of a program that fails measures nothing.
pub fn finish(session: &mut Session, options: &Options) -> RunResult {
    let result = session.run(options);
    assert_eq!(result.ending, Ending::Finished, "{}", result.stderr);
    result
}
