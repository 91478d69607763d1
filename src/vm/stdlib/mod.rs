//! Native halves of bundled modules, one file an area, and the table of bundled modules.
//!
//! Functions are attributes of the pseudo-module `_raddle`, from which bundled Python (`vm/py/`) imports them. The
//! synchronisation types are classes with methods of their own ([`sync::TYPES`]).
//!
//! To add a module: a file in `vm/py/`, a line in [`SOURCES`], and where it needs natives a file here with `FUNCTIONS`.

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

macro_rules! sources {
    ($($name:literal $file:literal,)*) => {
        /// Bundled modules: dotted name and text.
        pub const SOURCES: &[(&str, &str)] = &[
            ("_raddle", ""),
            $(($name, include_str!(concat!("../py/", $file))),)*
        ];
    };
}

sources! {
    "abc" "abc.py",
    "argparse" "argparse.py",
    "atexit" "atexit.py",
    "bisect" "bisect.py",
    "collections" "collections.py",
    "collections.abc" "collections_abc.py",
    "concurrent" "concurrent.py",
    "concurrent.futures" "concurrent_futures.py",
    "concurrent.futures.process" "concurrent_futures_process.py",
    "concurrent.futures.thread" "concurrent_futures_thread.py",
    "contextlib" "contextlib.py",
    "contextvars" "contextvars.py",
    "copy" "copy.py",
    "dataclasses" "dataclasses.py",
    "datetime" "datetime.py",
    "enum" "enum.py",
    "errno" "errno.py",
    "_files" "_files.py",
    "functools" "functools.py",
    "gc" "gc.py",
    "heapq" "heapq.py",
    "io" "io.py",
    "itertools" "itertools.py",
    "json" "json.py",
    "keyword" "keyword.py",
    "logging" "logging.py",
    "logging.handlers" "logging_handlers.py",
    "math" "math.py",
    "multiprocessing" "multiprocessing.py",
    "multiprocessing.connection" "multiprocessing_connection.py",
    "multiprocessing.context" "multiprocessing_context.py",
    "multiprocessing.dummy" "multiprocessing_dummy.py",
    "multiprocessing.managers" "multiprocessing_managers.py",
    "multiprocessing.pool" "multiprocessing_pool.py",
    "multiprocessing.process" "multiprocessing_process.py",
    "multiprocessing.queues" "multiprocessing_queues.py",
    "multiprocessing.sharedctypes" "multiprocessing_sharedctypes.py",
    "multiprocessing.synchronize" "multiprocessing_synchronize.py",
    "operator" "operator.py",
    "os" "os.py",
    "os.path" "posixpath.py",
    "_outside" "_outside.py",
    "_pickle" "_pickle.py",
    "posixpath" "posixpath.py",
    "queue" "queue.py",
    "_queue" "_queue.py",
    "random" "random.py",
    "secrets" "secrets.py",
    "statistics" "statistics.py",
    "string" "string.py",
    "sys" "sys.py",
    "textwrap" "textwrap.py",
    "threading" "threading.py",
    "_strptime" "_strptime.py",
    "_thread" "_thread.py",
    "time" "time.py",
    "timeit" "timeit.py",
    "traceback" "traceback.py",
    "types" "types.py",
    "typing" "typing.py",
    "uuid" "uuid.py",
    "warnings" "warnings.py",
    "weakref" "weakref.py",
}

/// Parts of modules that few programs need and that bring much along: they are loaded for a program that mentions the word.
pub const ON_MENTION: &[(&str, &str)] = &[
    ("BrokenThreadPool", "concurrent.futures.thread"),
    ("ProcessPoolExecutor", "concurrent.futures.process"),
];

/// The prelude: functions of raddle's own in Python. Those without underscore are builtins.
const PRELUDE: &str = concat!(
    include_str!("../py/prelude_core.py"),
    "\n",
    include_str!("../py/prelude_text.py"),
    "\n",
    include_str!("../py/prelude_containers.py"),
    "\n",
    include_str!("../py/prelude_threading.py"),
    "\n",
    include_str!("../py/prelude_groups.py"),
);

/// The text of a bundled module; `builtins` is the prelude.
pub fn source(name: &str) -> Option<&'static str> {
    if name == "builtins" {
        return Some(PRELUDE);
    }
    SOURCES
        .iter()
        .find(|(n, _)| *n == name)
        .map(|(_, text)| *text)
}

/// The names of the bundled modules that programs may import.
pub fn module_names() -> Vec<&'static str> {
    let known = SOURCES
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| *name != "_raddle");
    std::iter::once("builtins").chain(known).collect()
}
