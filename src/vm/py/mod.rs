//! Bundled Python: the texts of the prelude (`prelude_*.py`) and of the modules that come with raddle.
//!
//! The build script reads this file too: it compiles each of them, so that a run need not (see `build.rs`).

macro_rules! sources {
    ($($name:literal $file:literal,)*) => {
        /// Bundled modules: dotted name and text.
        pub const SOURCES: &[(&str, &str)] = &[
            ("_raddle", ""),
            $(($name, include_str!($file)),)*
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

/// The prelude: functions of raddle's own in Python. Those without underscore are builtins.
const PRELUDE: &str = concat!(
    include_str!("prelude_core.py"),
    "\n",
    include_str!("prelude_text.py"),
    "\n",
    include_str!("prelude_containers.py"),
    "\n",
    include_str!("prelude_threading.py"),
    "\n",
    include_str!("prelude_groups.py"),
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
