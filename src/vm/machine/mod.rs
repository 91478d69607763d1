//! The machine: heap, threads, globals and kernel of one run, and what native functions ask of it.
//!
//! | file | holds |
//! | --- | --- |
//! | `thread` | the stack and frames of a thread, what it is parked in front of |
//! | `image` | what never changes after linking |
//! | `mark` | checkpoints and going back to them |
//! | `make`, `look` | making values, looking at them |
//! | `exception` | raising |
//! | `instance` | attributes that instances hold themselves |

mod exception;
mod image;
mod instance;
mod look;
mod make;
mod mark;
mod thread;

pub(crate) use image::{CALLERS, ThreadHooks};
pub use image::{Image, Linked};
pub use mark::MachineMark;
pub use thread::{Thread, ThreadInfo, ThreadSlot, Waiting};

use crate::arena::{Arena, Kept};
use crate::id::{NameId, ObjId, ThreadId};
use crate::kernel::Kernel;
use crate::kernel::footprint::Touch;
use crate::run::{Options, TaskException};
use crate::value::Value;
use crate::value::heap::Heap;
use crate::value::object::NameMap;
use crate::value::shape::{ShapeId, Shapes};
use crate::vm::call::Forgets;
use crate::vm::exec::{Likes, Told};
use crate::vm::names::Names;
use crate::vm::native::{NativeDef, Out};
use crate::vm::process::{Pristine, Process};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A global variable.
#[derive(Clone, Copy, Debug, Default)]
pub struct Global {
    /// Its value.
    pub value: Value,
    /// No store to it can come any more: reading it is invisible.
    pub last: bool,
    /// Only the main module's top level names it: no other thread can reach it, and what it holds is not published by it.
    pub private: bool,
}

/// Whether a module's top level has run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ModuleState {
    /// Not yet.
    #[default]
    New,
    /// It runs now, in this thread.
    Running(ThreadId),
    /// It has.
    Done,
}

/// What an instruction remembers of its last execution (inline cache). Never changes what an instruction does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cache {
    /// `Machine::epoch` when it was remembered; 0 for nothing remembered.
    pub epoch: u32,
    /// Shape of the instance.
    pub shape: ShapeId,
    /// Slot of the attribute, or `u32::MAX` when it was found on the class.
    pub slot: u32,
    /// Shape after adding the attribute (stores).
    pub next: ShapeId,
    /// What was found on the class.
    pub value: Value,
}

/// Small mutable state that seldom changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Header {
    /// Number of addresses given out by `id()` and default `repr`s.
    pub addresses: u32,
    /// Threads that a `Thread()` constructor has numbered.
    pub thread_counter: u32,
    /// Read position in the standard input.
    pub stdin_at: usize,
    /// Position of the data random stream.
    pub random_draws: u64,
    /// Deprecation warnings already shown: (code, pc).
    pub warned: Vec<(u32, u32)>,
    /// More memory is in use than the run may take.
    pub out_of_memory: bool,
    /// Something was reached that raddle does not support: what, and where once that is known.
    pub refused: Option<String>,
    /// NaNs that `float()` made so far.
    pub nans: u32,
    /// Classes made so far.
    pub classes: u32,
    /// The program has set attributes of `builtins`: they stand in the extras of its module.
    pub builtins_changed: bool,
    /// `sys.setrecursionlimit`.
    pub recursion_limit: u32,
    /// The last line of the exception that main ended by, if it did.
    pub raised: String,
    /// Processes that are about to be started.
    pub unborn: Vec<crate::vm::process::Unborn>,
    /// Threads that died: name and last line of the exception.
    pub deaths: Vec<(String, String)>,
    /// Tasks of executors that raised, and whether somebody has asked for that.
    pub failed_tasks: Vec<(TaskException, bool)>,
}

/// How main's code ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MainExit {
    /// It came to its end.
    Normal,
    /// By an exception, whose last line the header has.
    Raised,
    /// By `SystemExit` with this code.
    Exit(i32),
}

/// One run's whole state.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Objects.
    pub heap: Heap,
    /// Threads as the scheduler sees them, synchronisation objects, clock.
    pub kernel: Kernel,
    /// The program, as the process of the thread that runs has it.
    pub image: Arc<Image>,
    /// The processes of the run, the first of which is always there.
    pub processes: Arena<Process>,
    /// Images of processes made so far, by number: all runs have the same.
    pub(crate) images: Vec<Arc<Image>>,
    /// What a process starts from that is not forked; there if the program can start one.
    pub(crate) pristine: Option<Arc<Pristine>>,
    /// Stacks.
    pub threads: Arena<ThreadSlot>,
    /// More about threads.
    pub infos: Arena<ThreadInfo>,
    /// Global variables of all modules.
    pub globals: Arena<Global>,
    /// Attributes set on modules from outside that have no slot: per module.
    pub module_extras: Arena<NameMap>,
    /// Which modules have run.
    pub modules: Arena<ModuleState>,
    /// Identifiers.
    pub names: Names,
    /// Shapes of instances.
    pub shapes: Shapes,
    /// Native functions.
    pub natives: Arc<Vec<NativeDef>>,
    /// What the run was started with.
    pub options: Options,
    /// The thread that runs.
    pub current: ThreadId,
    /// Accesses to shared objects are scheduling points now: mode `shared` and more than one live thread.
    pub watching: bool,
    /// Nobody else lives any more, and somebody wants to know of all accesses: they are no scheduling points, but may meet those of threads
    /// that have ended.
    pub alone: bool,
    /// Mode `gil` and more than one live thread.
    pub gil: bool,
    /// Somebody wants to know of the accesses of bundled code too, which are no scheduling points.
    pub noting: bool,
    /// The accesses of the step under way that are no scheduling points, when `noting`.
    pub noted: Vec<Touch>,
    /// The thread has just noted an access, and performs it now.
    pub(crate) passing: bool,
    /// Whether threads' texts are kept for a trace.
    pub tracing: bool,
    /// What was written: stream and text.
    pub output: Vec<(u8, String)>,
    /// Who wrote it.
    pub writers: Vec<ThreadId>,
    /// How main's code ended, once it has.
    pub main_exit: Option<MainExit>,
    pub(crate) header: Kept<Header>,
    pub(crate) caches: Vec<Cache>,
    pub(crate) prelude: FxHashMap<Box<str>, Value>,
    pub(crate) builtins: Vec<Value>,
    pub(crate) name_values: Vec<Value>,
    pub(crate) native_objects: Vec<Value>,
    /// Changes whenever a class changes in a way that could change what an attribute lookup finds. Going back brings back the epoch
    /// of then, and what was remembered in it: it stands for one state of all classes.
    pub(crate) epoch: u32,
    /// The newest epoch there ever was.
    pub(crate) last_epoch: u32,
    /// Root shape of the n-th class made since the machine began.
    pub(crate) class_roots: Vec<ShapeId>,
    pub(crate) address_of: FxHashMap<ObjId, u32>,
    pub(crate) address_order: Vec<ObjId>,
    /// Where the `Thread` that was asked last for its number has it.
    pub(crate) number_slot: (ShapeId, u32),
    /// How the thread that ended last forgot its target.
    pub(crate) forgets: Forgets,
    pub(crate) fuel: u32,
    /// Forced steps that the thread which runs has taken by itself since it was asked to go on.
    pub(crate) ahead: u64,
    /// How many it may take.
    pub(crate) ahead_limit: u64,
    /// What of them is told in short.
    pub(crate) likes: Likes,
    /// What searches hear of them.
    pub(crate) told: Told,
    /// Turns that bundled code has taken beyond its fuel.
    pub(crate) overdue: u32,
    /// Where all runs begin: what is as it was there need not be told of a state.
    pub(crate) origin: Option<Box<MachineMark>>,
    /// The program may ask how many items of a queue are not done yet, or wait for them.
    pub(crate) counts_tasks: bool,
    /// A run goes on (as opposed to bundled modules being loaded).
    pub(crate) started: bool,
    /// Functions of the prelude by `Helper` number.
    pub(crate) helpers: Vec<Value>,
}

impl Machine {
    /// A thread that is parked.
    ///
    /// # Panics
    /// When it runs now, or there is none of that number.
    pub fn thread(&self, t: ThreadId) -> &Thread {
        self.threads
            .get(t.0)
            .get()
            .expect("a parked thread is in its place")
    }

    /// The answer "call this function of the prelude with these arguments in my place".
    ///
    /// # Panics
    /// When the prelude (`vm/py/builtins.py`) has no such function.
    pub fn prelude(&self, function: &str, args: &[Value]) -> Out {
        Out::Call(self.prelude_function(function), args.to_vec())
    }

    /// A function of the prelude.
    ///
    /// # Panics
    /// When the prelude has no such function.
    pub fn prelude_function(&self, function: &str) -> Value {
        match self.prelude.get(function) {
            Some(&value) => value,
            // The prelude itself is being run: what it has defined so far.
            None => self
                .names
                .find(function)
                .and_then(|name| self.module_attr(crate::id::ModuleId(0), name))
                .unwrap_or_else(|| {
                    panic!("[raddle internal bug] the prelude has no function {function}")
                }),
        }
    }

    /// The running thread writes to a stream, 1 stdout or 2 stderr.
    pub(crate) fn write(&mut self, stream: u8, text: String) {
        self.output.push((stream, text));
        self.writers.push(self.current);
    }

    /// The builtin of a name.
    #[inline]
    pub fn builtin(&self, name: NameId) -> Option<Value> {
        if self.header.builtins_changed
            && let Some(&value) = self.extras(crate::id::ModuleId(0)).get(&name)
        {
            return Some(value).filter(|v| !v.is_unbound());
        }
        self.builtins
            .get(name.index())
            .copied()
            .filter(|v| !v.is_unbound())
    }

    /// Interns an identifier.
    pub fn intern(&mut self, text: &str) -> NameId {
        self.names.intern(text)
    }
}
