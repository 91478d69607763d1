//! What a program is linked to, shared read-only by all runs.

use crate::id::{CodeId, NameId, ObjId, ProcessId};
use crate::program::Program;
use crate::value::Value;
use std::sync::Arc;

/// A code object's tables in terms of the machine.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    /// `Code::names`.
    pub names: Arc<[NameId]>,
    /// `Code::consts`.
    pub consts: Arc<[Value]>,
    /// For constants that are tuples of strings: their names (for `CallKw`).
    pub keywords: Arc<[Box<[NameId]>]>,
    /// Names of all parameters.
    pub params: Arc<[NameId]>,
    /// Where the module's globals begin in `Machine::globals`.
    pub globals: u32,
    /// Index of the first instruction's cache.
    pub caches: u32,
    /// `__name__`, `__qualname__`, `__doc__`, `__module__` of functions made of it.
    pub name: Value,
    /// See `name`.
    pub qualname: Value,
    /// See `name`.
    pub doc: Value,
    /// See `name`.
    pub module: Value,
    /// `__code__` of functions made of it.
    pub object: Value,
    /// Part of raddle.
    pub bundled: bool,
    /// Of a bundled module whose functions look into what their arguments hold: a call is a step where that is shared.
    pub looks: bool,
    /// Takes exactly its positional parameters: no star, no keyword-only ones, no generator.
    pub simple: bool,
    /// As `simple`, and a call of it pushes a frame: the quick call applies.
    pub quick: bool,
    /// Part of raddle, and hands its parameters on to the native in this of its module's globals: a call of it is one of that.
    pub forwards: Option<u16>,
}

/// Who makes calls at the end of a run: modules, their lists of what is to be called, and their functions that call it.
pub(crate) const CALLERS: [(&str, [&str; 2]); 2] = [
    (
        "threading",
        ["_threading_atexits", "_run_threading_atexits"],
    ),
    ("atexit", ["_callbacks", "_run_exitfuncs"]),
];

/// What the machine asks of `threading`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ThreadHooks {
    /// `Thread.run`.
    pub(crate) run: CodeId,
    /// The variable of `_bootstrap`.
    pub(crate) bootstrap: u32,
    /// The variable of `_after_run`.
    pub(crate) after_run: u32,
}

impl ThreadHooks {
    /// The same for a process whose variables come so many later.
    pub(crate) fn moved(self, globals: u32) -> ThreadHooks {
        ThreadHooks {
            bootstrap: self.bootstrap + globals,
            after_run: self.after_run + globals,
            ..self
        }
    }
}

/// A program with its tables in terms of a machine and of one of its processes. Shared read-only by all runs.
#[derive(Debug, Default)]
pub struct Image {
    /// The process.
    pub process: ProcessId,
    /// Where the process's modules begin in `Machine::modules` and `Machine::module_extras`.
    pub module_base: u32,
    /// The program.
    pub program: Program,
    /// Per code object.
    pub linked: Vec<Linked>,
    /// Name of each global variable, over all modules of this process and those before it.
    pub global_names: Vec<NameId>,
    /// Where each module's globals begin.
    pub global_base: Vec<u32>,
    /// The module object of each module.
    pub module_objects: Vec<ObjId>,
    /// Its `__dict__`.
    pub namespaces: Vec<Value>,
    /// See [`CALLERS`]: variables of modules that the program has.
    pub(crate) callers: [Option<[u32; 2]>; 2],
    /// There if `threading` is part of the program.
    pub(crate) threads: Option<ThreadHooks>,
}
