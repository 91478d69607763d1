//! The machine: heap, threads, globals and kernel of one run, and what native functions ask of it.

use super::names::{self, Names};
use super::native::{NativeDef, Out, Raise};
use super::process::{Pristine, Process};
use super::types::Ty;
use crate::arena::{Arena, Mark};
use crate::id::{NameId, ObjId, ProcessId, ThreadId};
use crate::kernel::{Kernel, KernelMark};
use crate::program::Program;
use crate::program::instr::Reg;
use crate::run::{Options, TaskException};
use crate::value::Value;
use crate::value::dict::Dict;
use crate::value::heap::{Heap, HeapMark};
use crate::value::object::{Cont, Exception, Frame, Instance, NameMap, Obj, Str};
use crate::value::set::Set;
use crate::value::shape::{ShapeId, Shapes};
use crate::vm::native::After;
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What a thread is parked in front of, on the vm's side.
#[derive(Clone, Copy, Debug, Default)]
pub enum Waiting {
    /// Not parked.
    #[default]
    Nothing,
    /// In front of an access: the instruction at the frame's pc is executed again once it is granted.
    Access,
    /// In a native call: what to make of the kernel's answer, what was kept for that, and where the result goes. The operation
    /// itself is the kernel's.
    Native(After, Option<[Value; 2]>, Cont),
    /// In front of the access of a native method: where its window is in the stack, how many arguments are in it, and where the
    /// result goes. Only the call is left to do; how the method was found is not done again.
    Call(u32, u32, Cont),
    /// At its very beginning, or at a plain `Yield`: it just goes on.
    Resume,
    /// As `Resume`, in the midst of bundled code that goes on and on: it parks from now on like the program's own.
    Overdue,
}

/// A green thread: its stack of frames and what it is parked in front of.
#[derive(Debug, Default)]
pub struct Thread {
    /// Registers of all frames.
    pub stack: Vec<Value>,
    /// Frames, innermost last.
    pub frames: Vec<Frame>,
    /// Parked where.
    pub waiting: Waiting,
    /// The access it parked in front of was granted: the next instruction performs it without asking again.
    pub granted: bool,
}

/// `clone_from` uses the memory that is there: threads are saved at nearly each step of a search.
impl Clone for Thread {
    fn clone(&self) -> Thread {
        Thread {
            stack: self.stack.clone(),
            frames: self.frames.clone(),
            ..*self
        }
    }

    fn clone_from(&mut self, other: &Thread) {
        let Thread {
            stack,
            frames,
            waiting,
            granted,
        } = other;
        self.stack.clone_from(stack);
        self.frames.clone_from(frames);
        (self.waiting, self.granted) = (*waiting, *granted);
    }
}

/// A thread's place in the table: boxed, so that taking it out to run it and putting it back moves a pointer.
#[derive(Debug, Default)]
pub struct ThreadSlot(Option<Box<Thread>>);

impl Clone for ThreadSlot {
    fn clone(&self) -> ThreadSlot {
        ThreadSlot(self.0.clone())
    }

    fn clone_from(&mut self, other: &ThreadSlot) {
        self.0.clone_from(&other.0);
    }
}

impl ThreadSlot {
    /// A place with a thread in it.
    pub(crate) fn of(thread: Box<Thread>) -> ThreadSlot {
        ThreadSlot(Some(thread))
    }

    /// Takes the thread out to run it.
    pub(crate) fn take(&mut self) -> Box<Thread> {
        self.0.take().unwrap_or_default()
    }

    /// Puts it back.
    pub(crate) fn put(&mut self, thread: Box<Thread>) {
        self.0 = Some(thread);
    }

    /// The thread, unless it runs now or was never there.
    pub fn get(&self) -> Option<&Thread> {
        self.0.as_deref()
    }
}

/// What is known of a thread besides its stack.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadInfo {
    /// The program's `Thread` object.
    pub object: Value,
    /// The process it belongs to.
    pub process: ProcessId,
    /// Where it is parked, for traces and reports: set with each park.
    pub text: Value,
}

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
    /// Takes exactly its positional parameters: no star, no keyword-only ones, no generator: the quick call applies.
    pub simple: bool,
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
}

/// Small mutable state, saved whole by a checkpoint.
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
    /// How main ended, once it has.
    pub main_exit: Option<MainExit>,
    /// Processes that are about to be started.
    pub unborn: Vec<super::process::Unborn>,
    /// Threads that died: name and last line of the exception.
    pub deaths: Vec<(String, String)>,
    /// Tasks of executors that raised, and whether somebody has asked for that.
    pub failed_tasks: Vec<(TaskException, bool)>,
}

/// How main's code ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MainExit {
    /// It came to its end.
    Normal,
    /// By an exception: its last line.
    Raised(String),
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
    /// Mode `gil` and more than one live thread.
    pub gil: bool,
    /// Somebody wants to know of the accesses of bundled code too, which are no scheduling points.
    pub noting: bool,
    /// Whether threads' texts are kept for a trace.
    pub tracing: bool,
    /// What was written: stream and text.
    pub output: Vec<(u8, String)>,
    /// Who wrote it.
    pub writers: Vec<ThreadId>,
    pub(crate) header: Header,
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
    pub(crate) fuel: u32,
    /// Turns that bundled code has taken beyond its fuel.
    pub(crate) overdue: u32,
    /// Where all runs begin: what is as it was there need not be told of a state.
    pub(crate) origin: Option<Box<MachineMark>>,
    /// A run goes on (as opposed to bundled modules being loaded).
    pub(crate) started: bool,
    /// Functions of the prelude by `Helper` number.
    pub(crate) helpers: Vec<Value>,
}

/// A place to go back to.
#[derive(Clone, Debug)]
pub struct MachineMark {
    heap: HeapMark,
    kernel: KernelMark,
    threads: Mark,
    infos: Mark,
    globals: Mark,
    module_extras: Mark,
    modules: Mark,
    processes: Mark,
    process: ProcessId,
    header: Header,
    output: usize,
    addresses: usize,
    current: ThreadId,
    watching: bool,
    gil: bool,
    epoch: u32,
}

impl MachineMark {
    pub(super) fn heap(&self) -> &HeapMark {
        &self.heap
    }

    pub(super) fn kernel(&self) -> &KernelMark {
        &self.kernel
    }

    /// Marks of the global variables, of the modules' extra attributes, and of which modules have run.
    pub(super) fn variables(&self) -> (&Mark, &Mark, &Mark) {
        (&self.globals, &self.module_extras, &self.modules)
    }
}

impl Machine {
    /// Marks the present state as one to come back to.
    pub fn checkpoint(&mut self) -> MachineMark {
        MachineMark {
            heap: self.heap.checkpoint(),
            kernel: self.kernel.checkpoint(),
            threads: self.threads.checkpoint(),
            infos: self.infos.checkpoint(),
            globals: self.globals.checkpoint(),
            module_extras: self.module_extras.checkpoint(),
            modules: self.modules.checkpoint(),
            processes: self.processes.checkpoint(),
            process: self.image.process,
            header: self.header.clone(),
            output: self.output.len(),
            addresses: self.address_order.len(),
            current: self.current,
            watching: self.watching,
            gil: self.gil,
            epoch: self.epoch,
        }
    }

    /// Goes back to a mark, which stays valid.
    pub fn rollback(&mut self, mark: &MachineMark) {
        self.heap.rollback(&mark.heap);
        self.kernel.rollback(&mark.kernel);
        self.threads.rollback(&mark.threads);
        self.infos.rollback(&mark.infos);
        self.globals.rollback(&mark.globals);
        self.module_extras.rollback(&mark.module_extras);
        self.modules.rollback(&mark.modules);
        self.processes.rollback(&mark.processes);
        if self.image.process != mark.process {
            self.image = Arc::clone(&self.images[mark.process.index()]);
        }
        self.header.clone_from(&mark.header);
        self.output.truncate(mark.output);
        self.writers.truncate(mark.output);
        for id in self.address_order.drain(mark.addresses..) {
            self.address_of.remove(&id);
        }
        self.current = mark.current;
        self.watching = mark.watching;
        self.gil = mark.gil;
        self.epoch = mark.epoch;
    }

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

    // ---- making values -------------------------------------------------------------------------------------------------

    /// A new `str`.
    pub fn str(&mut self, text: impl Into<Box<str>>) -> Value {
        self.heap.new_value(Obj::Str(Str::new(text)))
    }

    /// The `str` of an identifier.
    pub fn name_value(&mut self, name: NameId) -> Value {
        match self.name_values.get(name.index()) {
            Some(&value) => value,
            None => {
                let text: Box<str> = self.names.text(name).into();
                self.str(text)
            }
        }
    }

    /// A new `bytes`.
    pub fn bytes(&mut self, bytes: impl Into<Box<[u8]>>) -> Value {
        self.heap.new_value(Obj::Bytes(bytes.into()))
    }

    /// An `int` of any size, inline when it fits.
    pub fn int(&mut self, n: BigInt) -> Value {
        match n.to_i64() {
            Some(small) => Value::Int(small),
            None => self.heap.new_value(Obj::BigInt(Box::new(n))),
        }
    }

    /// An `int` of a machine number that may not fit 64 bits.
    pub fn int128(&mut self, n: i128) -> Value {
        match i64::try_from(n) {
            Ok(small) => Value::Int(small),
            Err(_) => self.heap.new_value(Obj::BigInt(Box::new(BigInt::from(n)))),
        }
    }

    /// A new `tuple`.
    pub fn tuple(&mut self, items: impl Into<Box<[Value]>>) -> Value {
        self.heap.new_value(Obj::Tuple(items.into()))
    }

    /// A new `list`.
    pub fn list(&mut self, items: Vec<Value>) -> Value {
        self.heap.new_value(Obj::List(items))
    }

    /// A new `dict`.
    pub fn dict(&mut self, dict: Dict) -> Value {
        self.heap.new_value(Obj::Dict(Box::new(dict)))
    }

    /// A new `set`.
    pub fn set(&mut self, set: Set) -> Value {
        self.heap.new_value(Obj::Set(Box::new(set)))
    }

    // ---- looking at values ---------------------------------------------------------------------------------------------

    /// The builtin value inside an instance of a class derived from a builtin one; any other value itself.
    #[inline]
    pub fn unwrap(&self, value: Value) -> Value {
        match value {
            Value::Obj(id) => match self.heap.get(id) {
                Obj::Instance(instance) if !instance.inner.is_unbound() => match instance.inner {
                    Value::Obj(inner) if matches!(self.heap.get(inner), Obj::Exception(_)) => value,
                    inner => inner,
                },
                _ => value,
            },
            _ => value,
        }
    }

    /// The heap object of a value, seen through classes derived from builtin ones.
    #[inline]
    pub fn object(&self, value: Value) -> Option<&Obj> {
        match self.unwrap(value) {
            Value::Obj(id) => Some(self.heap.get(id)),
            _ => None,
        }
    }

    /// The text of a `str` (or of a class derived from it).
    #[inline]
    pub fn as_str(&self, value: Value) -> Option<&str> {
        match self.object(value)? {
            Obj::Str(s) => Some(&s.text),
            _ => None,
        }
    }

    /// The bytes of a `bytes`.
    pub fn as_bytes(&self, value: Value) -> Option<&[u8]> {
        match self.object(value)? {
            Obj::Bytes(b) => Some(b),
            _ => None,
        }
    }

    /// The items of a `list` or `tuple`.
    pub fn as_items(&self, value: Value) -> Option<&[Value]> {
        match self.object(value)? {
            Obj::List(items) => Some(items),
            Obj::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The table of a `dict`.
    pub fn as_dict(&self, value: Value) -> Option<&Dict> {
        match self.object(value)? {
            Obj::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// The table of a `set` or `frozenset`.
    pub fn as_set(&self, value: Value) -> Option<&Set> {
        match self.object(value)? {
            Obj::Set(set) | Obj::FrozenSet(set) => Some(set),
            _ => None,
        }
    }

    /// An `int` or `bool` as 64 bits; `None` for others and for larger ones.
    #[inline]
    pub fn as_i64(&self, value: Value) -> Option<i64> {
        match self.unwrap(value) {
            Value::Int(n) => Some(n),
            Value::Bool(b) => Some(b as i64),
            _ => None,
        }
    }

    /// An `int` or `bool` of any size.
    pub fn as_bigint(&self, value: Value) -> Option<BigInt> {
        match self.unwrap(value) {
            Value::Int(n) => Some(BigInt::from(n)),
            Value::Bool(b) => Some(BigInt::from(b as i64)),
            Value::Obj(id) => match self.heap.get(id) {
                Obj::BigInt(n) => Some((**n).clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// A `float`, `int` or `bool` as a float; `None` for others and for ints beyond the range of floats.
    pub fn as_f64(&self, value: Value) -> Option<f64> {
        match self.unwrap(value) {
            Value::Float(x) => Some(x),
            Value::Int(n) => Some(n as f64),
            Value::Bool(b) => Some(b as i64 as f64),
            Value::Obj(id) => match self.heap.get(id) {
                Obj::BigInt(n) => n.to_f64().filter(|x| x.is_finite()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the value is an instance of the class or of one derived from it.
    pub fn is_instance(&self, value: Value, class: ObjId) -> bool {
        self.is_subclass(self.class_of(value), class)
    }

    /// Whether `class` is `base` or derived from it.
    pub fn is_subclass(&self, class: ObjId, base: ObjId) -> bool {
        class == base || matches!(self.heap.get(class), Obj::Class(c) if c.mro.contains(&base))
    }

    /// The name of the value's class as messages have it: `__name__`, but with the module for CPython's own classes outside of
    /// `builtins`.
    pub fn type_name(&self, value: Value) -> &str {
        let class = self.class_of(value);
        if [Ty::Deque.id(), Ty::Lock.id(), Ty::RLock.id()].contains(&class) {
            return Ty::ALL[class.index()].1;
        }
        self.class_name(class)
    }

    /// `__name__` of a class.
    pub fn class_name(&self, class: ObjId) -> &str {
        match self.heap.get(class) {
            Obj::Class(c) => self.names.text(c.name),
            _ => "?",
        }
    }

    // ---- exceptions ----------------------------------------------------------------------------------------------------

    /// A new exception of a builtin class with one message argument.
    #[cold]
    pub fn raise(&mut self, class: Ty, message: impl Into<Box<str>>) -> Raise {
        let message = self.str(message);
        self.raise_with(class, &[message])
    }

    /// A new exception of a builtin class with these arguments.
    #[cold]
    pub fn raise_with(&mut self, class: Ty, args: &[Value]) -> Raise {
        let args = self.tuple(args);
        Raise(self.new_exception(class.id(), args))
    }

    /// A `TypeError`.
    #[cold]
    pub fn type_error(&mut self, message: impl Into<Box<str>>) -> Raise {
        self.raise(Ty::TypeError, message)
    }

    /// A `ValueError`.
    #[cold]
    pub fn value_error(&mut self, message: impl Into<Box<str>>) -> Raise {
        self.raise(Ty::ValueError, message)
    }

    /// A new exception instance of any exception class.
    pub fn new_exception(&mut self, class: ObjId, args: Value) -> ObjId {
        let inner = self.heap.new_value(Obj::Exception(Box::new(Exception {
            args,
            cause: Value::None,
            context: Value::None,
            suppress_context: false,
            traceback: Vec::new(),
            notes: Value::Unbound,
            shown: Value::Unbound,
        })));
        let shape = self.root_shape(class);
        self.heap.alloc(Obj::Instance(Box::new(Instance {
            class,
            shape,
            slots: Vec::new(),
            inner,
        })))
    }

    /// The shape of a class's new instances.
    pub fn root_shape(&self, class: ObjId) -> ShapeId {
        match self.heap.get(class) {
            Obj::Class(class) => class.root,
            _ => crate::value::shape::EMPTY,
        }
    }

    /// The exception part of an exception instance.
    pub fn exception(&self, id: ObjId) -> Option<&Exception> {
        match self.heap.get(id) {
            Obj::Instance(instance) => match instance.inner {
                Value::Obj(inner) => match self.heap.get(inner) {
                    Obj::Exception(e) => Some(e),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// The exception part of an exception instance, to change.
    pub fn exception_mut(&mut self, id: ObjId) -> Option<&mut Exception> {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return None;
        };
        let Value::Obj(inner) = instance.inner else {
            return None;
        };
        match self.heap.get_mut(inner) {
            Obj::Exception(e) => Some(e),
            _ => None,
        }
    }

    // ---- calling -------------------------------------------------------------------------------------------------------

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

    // ---- identity ------------------------------------------------------------------------------------------------------

    /// `id(value)`: small, in order of first asking, so that it is the same on every machine and under unrelated changes.
    pub fn address(&mut self, value: Value) -> i64 {
        match value {
            Value::Obj(id) => {
                let next = self.header.addresses;
                let n = *self.address_of.entry(id).or_insert(next);
                if n == next {
                    self.header.addresses += 1;
                    self.address_order.push(id);
                }
                0x7f00_0000_0000 + 16 * (n as i64 + 1)
            }
            Value::Int(n) => 0x10_0000 + n.wrapping_mul(32),
            Value::Float(x) => (x.to_bits() >> 1) as i64,
            Value::Bool(b) => 0x9000 + 32 * b as i64,
            Value::None | Value::Unbound => 0x9040,
            Value::NotImplemented => 0x9060,
            Value::Ellipsis => 0x9080,
        }
    }

    /// The class of a value.
    #[inline]
    pub fn class_of(&self, value: Value) -> ObjId {
        match value {
            Value::Int(_) => Ty::Int.id(),
            Value::Float(_) => Ty::Float.id(),
            Value::Bool(_) => Ty::Bool.id(),
            Value::None | Value::Unbound => Ty::NoneType.id(),
            Value::NotImplemented => Ty::NotImplementedType.id(),
            Value::Ellipsis => Ty::Ellipsis.id(),
            Value::Obj(id) => match self.heap.get(id) {
                Obj::Instance(instance) => instance.class,
                Obj::Class(class) => class.meta,
                other => super::types_of::builtin_class(self, other).id(),
            },
        }
    }

    /// A register of a frame, for messages about unassigned locals.
    pub(crate) fn local_name(&self, frame: &Frame, register: Reg) -> String {
        let code = self.image.program.code(frame.code);
        match code.locals.get(register as usize) {
            Some(Some(name)) => name.to_string(),
            _ => format!("register {register}"),
        }
    }

    /// Looks up an attribute along a class's MRO, without binding it.
    pub fn lookup(&self, class: ObjId, name: NameId) -> Option<Value> {
        let Obj::Class(c) = self.heap.get(class) else {
            return None;
        };
        for &base in &c.mro {
            if let Obj::Class(b) = self.heap.get(base)
                && let Some(&value) = b.dict.get(&name)
            {
                return Some(value);
            }
        }
        None
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

    /// The message of a missing attribute of a class's instance.
    pub fn no_attribute(&mut self, value: Value, name: NameId) -> Raise {
        let message = format!(
            "'{}' object has no attribute '{}'",
            self.type_name(value),
            self.names.text(name)
        );
        let raised = self.raise(Ty::AttributeError, message);
        self.set_attr_raw(raised.0, "name", name, value);
        raised
    }

    /// Notes `name` and `obj` on an `AttributeError`/`NameError`, for "Did you mean".
    fn set_attr_raw(&mut self, exception: ObjId, _field: &str, name: NameId, object: Value) {
        let text = self.name_value(name);
        self.set_instance_attr(exception, names::NAME_ATTR, text);
        if !object.is_unbound() {
            self.set_instance_attr(exception, names::OBJ_ATTR, object);
        }
    }
}

impl Machine {
    /// Sets an attribute in an instance's own slots, asking nobody.
    pub fn set_instance_attr(&mut self, id: ObjId, name: NameId, value: Value) {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return;
        };
        let shape = instance.shape;
        match self.shapes.slot(shape, name) {
            Some(slot) => {
                if let Obj::Instance(instance) = self.heap.get_mut(id) {
                    instance.slots[slot] = value;
                }
            }
            None if let Some(dict) = self.attribute_dict(id) => {
                self.heap.publish_into(dict, value);
                let key = self.name_value(name);
                self.dict_set_str(dict, key, value);
                return;
            }
            None => {
                let next = self.shapes.with(shape, name);
                if let Obj::Instance(instance) = self.heap.get_mut(id) {
                    instance.slots.push(value);
                    instance.shape = next;
                }
                self.heap.grew(16);
            }
        }
        self.heap.publish_into(id, value);
    }

    /// An attribute of an instance's own.
    pub fn instance_attr(&self, id: ObjId, name: NameId) -> Option<Value> {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return None;
        };
        match self.shapes.slot(instance.shape, name) {
            Some(slot) => Some(instance.slots[slot]),
            None => self.dict_text(self.attribute_dict(id)?, self.names.text(name)),
        }
    }

    /// The dict that holds an instance's attributes because the program assigned it to `__dict__`. It stands in a slot of that
    /// name, the instance's only one but for those of `__slots__`.
    #[inline]
    pub(crate) fn attribute_dict(&self, id: ObjId) -> Option<ObjId> {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return None;
        };
        let slot = self.shapes.slot(instance.shape, names::DICT)?;
        instance.slots[slot].obj()
    }

    /// `instance.__dict__ = value`.
    ///
    /// # Errors
    /// `TypeError` for what is no dict.
    pub(crate) fn adopt_dict(&mut self, id: ObjId, value: Value) -> Result<(), Raise> {
        let dict = match value.obj().map(|id| self.heap.get(id)) {
            Some(Obj::Namespace(Value::Obj(of))) if *of == id => return Ok(()),
            // Two instances that share their attributes from now on.
            Some(Obj::Namespace(Value::Obj(of)))
                if matches!(self.heap.get(*of), Obj::Instance(_)) =>
            {
                let (of, namespace) = (*of, value.obj().expect("looked above"));
                let dict = self.namespace_snapshot(namespace);
                self.adopt_dict(of, Value::Obj(dict))?;
                Value::Obj(dict)
            }
            Some(Obj::Namespace(_)) => {
                Value::Obj(self.namespace_snapshot(value.obj().expect("looked above")))
            }
            _ if self.as_dict(value).is_some() => self.unwrap(value),
            _ => {
                let message = format!(
                    "__dict__ must be set to a dictionary, not a '{}'",
                    self.type_name(value)
                );
                return Err(self.type_error(message));
            }
        };
        for (name, _) in self.own_attributes(id) {
            self.remove_slot(id, name);
        }
        self.remove_slot(id, names::DICT);
        self.set_instance_attr(id, names::DICT, dict);
        Ok(())
    }

    /// Takes an attribute out of an instance's slots; says whether it was there.
    fn remove_slot(&mut self, id: ObjId, name: NameId) -> bool {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return false;
        };
        let shape = instance.shape;
        let Some(slot) = self.shapes.slot(shape, name) else {
            return false;
        };
        let next = self.shapes.without(shape, name);
        if let Obj::Instance(instance) = self.heap.get_mut(id) {
            instance.slots.remove(slot);
            instance.shape = next;
        }
        true
    }

    /// Removes an instance's own attribute; says whether it was there.
    pub(crate) fn remove_instance_attr(&mut self, id: ObjId, name: NameId) -> bool {
        if self.remove_slot(id, name) {
            return true;
        }
        let Some(dict) = self.attribute_dict(id) else {
            return false;
        };
        let key = self.name_value(name);
        self.dict_remove_str(dict, key).is_some()
    }

    /// The value of a text in a dict.
    fn dict_text(&self, dict: ObjId, text: &str) -> Option<Value> {
        let Obj::Dict(table) = self.heap.get(dict) else {
            return None;
        };
        let hash = super::protocol::hash::hash_str(text);
        let at = table.find(hash, |key| self.as_str(key) == Some(text))?;
        Some(table.at(at).value)
    }
}
