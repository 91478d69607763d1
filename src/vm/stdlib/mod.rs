//! Native halves of bundled modules, one file an area.
//!
//! Functions are attributes of the pseudo-module `_raddle`, from which bundled Python (`vm/py/`) imports them. The
//! synchronisation types are classes with methods of their own ([`sync::TYPES`]).
//!
//! To add a module: a file in `vm/py/`, a line in [`SOURCES`](super::py::SOURCES), and where it needs natives a file here with
//! `FUNCTIONS`.

pub mod barrier;
pub mod bind;
pub mod condition;
pub mod event;
mod gamma;
pub mod heap;
pub mod lock;
pub mod mathematics;
pub mod processes;
pub mod queue;
pub mod random;
pub mod semaphore;
mod sha512;
pub mod sync;
pub mod system;
pub mod threads;
pub mod time;
pub mod traceback;
pub mod wait;
pub mod warn;

use super::native::Entry;

/// All native functions of `_raddle`, by area.
pub fn functions() -> Vec<(&'static str, &'static [Entry])> {
    vec![
        ("condition", condition::FUNCTIONS),
        ("heap", heap::FUNCTIONS),
        ("math", mathematics::FUNCTIONS),
        ("processes", processes::FUNCTIONS),
        ("queue", queue::FUNCTIONS),
        ("random", random::FUNCTIONS),
        ("system", system::FUNCTIONS),
        ("threads", threads::FUNCTIONS),
        ("time", time::FUNCTIONS),
        ("traceback", traceback::FUNCTIONS),
        ("warn", warn::FUNCTIONS),
    ]
}

/// Parts of modules that few programs need and that bring much along: they are loaded for a program that mentions the word.
pub const ON_MENTION: &[(&str, &str)] = &[
    ("BrokenThreadPool", "concurrent.futures.thread"),
    ("ProcessPoolExecutor", "concurrent.futures.process"),
];

/// Each bundled module as the build script compiled it, `builtins` (the prelude) first.
const COMPILED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/compiled.rs"));

/// A bundled module as the build script compiled it.
pub fn compiled(name: &str) -> Option<&'static [u8]> {
    let (_, bytes) = COMPILED.iter().find(|(known, _)| *known == name)?;
    Some(bytes)
}
