//! Heap objects.

use super::Value;
use super::dict::Dict;
use super::set::Set;
use super::shape::ShapeId;
use crate::id::{CodeId, ModuleId, NameId, ObjId, SyncId};
use crate::program::instr::Reg;
use indexmap::IndexMap;
use num_bigint::BigInt;
use rustc_hash::FxBuildHasher;
use std::collections::VecDeque;

/// A map by interned name in insertion order: class dictionaries.
pub type NameMap = IndexMap<NameId, Value, FxBuildHasher>;

/// Index into the machine's table of native functions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NativeId(pub u32);

/// A heap object. Small or frequent payloads inline, large ones boxed.
#[derive(Clone, Debug, Default)]
pub enum Obj {
    /// A free slot.
    #[default]
    Free,
    /// `str`
    Str(Str),
    /// `bytes`
    Bytes(Box<[u8]>),
    /// `bytearray`
    ByteArray(Vec<u8>),
    /// `int` beyond 64 bits, never within.
    BigInt(Box<BigInt>),
    /// `tuple`
    Tuple(Box<[Value]>),
    /// `list`
    List(Vec<Value>),
    /// `dict`
    Dict(Box<Dict>),
    /// `set`
    Set(Box<Set>),
    /// `frozenset`
    FrozenSet(Box<Set>),
    /// `range`
    Range(Box<Range>),
    /// `range` of any size
    HugeRange(Box<HugeRange>),
    /// `slice`: start, stop, step.
    Slice(Box<[Value; 3]>),
    /// `collections.deque`
    Deque(Box<Deque>),
    /// A variable captured by an inner function.
    Cell(Value),
    /// A Python function.
    Function(Box<Function>),
    /// A function bound to an instance or class.
    BoundMethod {
        /// The function (any callable).
        function: Value,
        /// What it is bound to.
        this: Value,
    },
    /// A function of raddle's own.
    Native(NativeId),
    /// A class.
    Class(Box<Class>),
    /// An instance of a user's class, of a bundled class, or an exception.
    Instance(Box<Instance>),
    /// What makes an instance an exception: the `inner` of its [`Instance`].
    Exception(Box<Exception>),
    /// A module.
    Module(ModuleId),
    /// A generator.
    Generator(Box<Generator>),
    /// An iterator over a builtin type.
    Iter(Box<Iter>),
    /// `property`: getter, setter, deleter, doc.
    Property(Box<[Value; 4]>),
    /// `staticmethod`
    StaticMethod(Value),
    /// `classmethod`
    ClassMethod(Value),
    /// `super(class, object)`: the class after which to look, the object, the class whose MRO is searched.
    Super {
        /// Look after this class.
        after: ObjId,
        /// Bind to this.
        this: Value,
        /// In this class's MRO.
        class: ObjId,
    },
    /// A descriptor of `__slots__`.
    Slot(NameId),
    /// A native attribute with a getter: `sem._value`, `exc.args`.
    Getter {
        /// Called with the instance.
        get: NativeId,
        /// Called with the instance and the value; absent for read-only.
        set: Option<NativeId>,
    },
    /// The live `__dict__` of an instance, class or module.
    Namespace(Value),
    /// `dict.keys()`, `.values()`, `.items()`.
    View {
        /// The dict.
        dict: Value,
        /// Which view.
        kind: ViewKind,
    },
    /// A synchronisation object.
    Sync(Box<Sync>),
    /// A traceback, as seen by a program.
    Traceback {
        /// The exception it belongs to.
        of: Value,
        /// Which of the exception's trace points it stands for; the next inner one is its `tb_next`.
        at: u32,
    },
    /// A code object, as seen by a program (`f.__code__`).
    Code(CodeId),
    /// State of a generator of random numbers or other native state that has no other place.
    Opaque(Box<Opaque>),
}

/// Native state of bundled modules.
#[derive(Clone, Debug)]
pub enum Opaque {
    /// Words of a Mersenne Twister and its position.
    Twister(Box<[u32; 625]>),
}

/// A string with what makes indexing and lookup fast.
#[derive(Clone, Debug)]
pub struct Str {
    /// The text.
    pub text: Box<str>,
    /// Number of code points; equals the byte length exactly for ASCII.
    pub chars: u32,
    /// SipHash-1-3 with a zero key, as CPython under `PYTHONHASHSEED=0`. 0 when not computed yet.
    pub hash: u64,
}

/// `range` with 64-bit bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First.
    pub start: i64,
    /// Bound.
    pub stop: i64,
    /// Step, not 0.
    pub step: i64,
}

impl Range {
    /// Number of items.
    pub fn len(&self) -> i64 {
        let (start, stop, step) = (self.start as i128, self.stop as i128, self.step as i128);
        let n = if step > 0 {
            (stop - start + step - 1).div_euclid(step)
        } else {
            (start - stop - step - 1).div_euclid(-step)
        };
        n.max(0) as i64
    }

    /// Whether it has no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// `range` whose bounds or length do not fit 64 bits.
#[derive(Clone, Debug)]
pub struct HugeRange {
    /// First.
    pub start: BigInt,
    /// Bound.
    pub stop: BigInt,
    /// Step, not 0.
    pub step: BigInt,
}

/// `collections.deque`
#[derive(Clone, Debug, Default)]
pub struct Deque {
    /// The items.
    pub items: VecDeque<Value>,
    /// `maxlen`
    pub maxlen: Option<usize>,
}

/// A Python function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its code.
    pub code: CodeId,
    /// `__name__`
    pub name: Value,
    /// `__qualname__`
    pub qualname: Value,
    /// `__defaults__`: tuple or `None`.
    pub defaults: Value,
    /// `__kwdefaults__`: dict or `None`.
    pub kwdefaults: Value,
    /// `__annotations__`: dict or `None`.
    pub annotations: Value,
    /// `__doc__`
    pub doc: Value,
    /// `__module__`
    pub module: Value,
    /// Captured cells, in the order of `Code::free`.
    pub cells: Box<[Value]>,
    /// Other attributes: dict or unbound.
    pub attrs: Value,
}

/// What an instance of a class has inside besides attributes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// Nothing.
    Plain,
    /// A builtin value of this type in `Instance::inner`.
    Inner(ObjId),
}

/// A class.
#[derive(Clone, Debug)]
pub struct Class {
    /// `__name__`
    pub name: NameId,
    /// `__qualname__`
    pub qualname: Value,
    /// `__module__`
    pub module: Value,
    /// `__bases__`
    pub bases: Vec<ObjId>,
    /// `__mro__`, itself first.
    pub mro: Vec<ObjId>,
    /// Its own attributes.
    pub dict: NameMap,
    /// Its metaclass.
    pub meta: ObjId,
    /// Classes that name it as a base.
    pub subclasses: Vec<ObjId>,
    /// What instances have inside.
    pub layout: Layout,
    /// Part of raddle: attributes cannot be set.
    pub builtin: bool,
    /// Instances have no `__dict__` (`__slots__` in the whole MRO).
    pub slotted: bool,
    /// Which special methods it has that slow paths must ask for.
    pub flags: ClassFlags,
    /// The shape of its new instances; no other class of the run has it.
    pub root: ShapeId,
}

/// Special methods found on a class or its bases (set by the machine when the class or a base changes).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClassFlags {
    /// `__getattribute__` of its own.
    pub getattribute: bool,
    /// `__getattr__`
    pub getattr: bool,
    /// `__setattr__` of its own.
    pub setattr: bool,
    /// `__delattr__` of its own.
    pub delattr: bool,
    /// `__eq__` of its own (user code).
    pub eq: bool,
    /// `__hash__` of its own (user code); `None` for unhashable is `unhashable`.
    pub hash: bool,
    /// `__hash__ = None`, or `__eq__` without `__hash__`.
    pub unhashable: bool,
    /// `__repr__` or `__str__` of its own (user code).
    pub text: bool,
    /// `__bool__` or `__len__` (user code).
    pub truth: bool,
    /// A data descriptor stands somewhere in the MRO's dicts, so that instance attributes cannot simply win.
    pub data_descriptors: bool,
    /// `__new__` of its own (user code).
    pub new: bool,
    /// Has abstract methods: cannot be instantiated.
    pub is_abstract: bool,
}

/// An instance.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its class.
    pub class: ObjId,
    /// Where its attributes stand.
    pub shape: ShapeId,
    /// Attribute values.
    pub slots: Vec<Value>,
    /// The builtin value or exception inside, or unbound.
    pub inner: Value,
}

/// Where an exception passed through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TracePoint {
    /// Code.
    pub code: CodeId,
    /// Instruction.
    pub pc: u32,
}

/// What every exception has.
#[derive(Clone, Debug)]
pub struct Exception {
    /// `args`
    pub args: Value,
    /// `__cause__`
    pub cause: Value,
    /// `__context__`
    pub context: Value,
    /// `__suppress_context__`
    pub suppress_context: bool,
    /// Innermost first: frames are added while unwinding.
    pub traceback: Vec<TracePoint>,
    /// `__notes__`: list or unbound.
    pub notes: Value,
    /// The traceback object that a program has seen last, or unbound.
    pub shown: Value,
}

/// What happens with the value a frame returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cont {
    /// To a register of the frame below.
    Reg(Reg),
    /// To a register of the frame below, whose instruction is executed again: it has its operand in a form now that it knows.
    Again(Reg),
    /// Dropped.
    Discard,
    /// `__init__`: must be `None`; the instance, kept in the slot before the frame's registers, goes to the register.
    Init(Reg),
    /// Its truth to a register.
    Bool(Reg),
    /// The opposite of its truth to a register.
    Not(Reg),
    /// Its truth decides whether the following `Jump` is skipped; `want` is the truth that skips.
    Test {
        /// Truth that skips the jump.
        want: bool,
    },
    /// `__next__` of a `for`: value to the register and skip the `Jump`; on `StopIteration` take it.
    Next(Reg),
    /// As `Next` for `Send`: on `StopIteration` its value goes to the register.
    Sent(Reg),
    /// A binary operator's method: `NotImplemented` becomes a `TypeError`.
    Operator(Reg),
    /// A comparison's method: `NotImplemented` falls back to identity or `TypeError`.
    Compared {
        /// Register of the result, or `u16::MAX` when it decides a test that skips on true.
        d: Reg,
    },
    /// A generator's frame: the generator is in `Frame::owner`. What its consumer does with items is `Generator::cont`.
    Generator,
    /// A module's top level: nothing to store, the import goes on.
    Module,
    /// The first frame of a thread.
    Thread,
    /// The first frame of a thread, where it is the program's own function.
    Run {
        /// The thread forgets the target that the function is, and its arguments.
        forgets: bool,
    },
}

/// One activation of a code object. The registers are in the thread's stack from `base` on.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Code that runs.
    pub code: CodeId,
    /// Next instruction.
    pub pc: u32,
    /// First register in the stack.
    pub base: u32,
    /// What to do with the result.
    pub cont: Cont,
    /// Function that runs (for its cells), generator object for generators, class namespace for class bodies.
    pub owner: Value,
    /// The exception being handled here (`Value::None` when none); inherited from the caller.
    pub handled: Value,
}

/// Where a generator stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GenState {
    /// Not begun.
    Created,
    /// At a `yield`.
    Suspended,
    /// Running now.
    Running,
    /// Ended.
    Done,
}

/// A generator.
#[derive(Clone, Debug)]
pub struct Generator {
    /// Where it stands.
    pub state: GenState,
    /// The frame while suspended.
    pub frame: Frame,
    /// Its registers while suspended.
    pub registers: Vec<Value>,
    /// What its present consumer does with items.
    pub cont: Cont,
    /// The function it was made by.
    pub function: Value,
}

/// Which dict view.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ViewKind {
    /// `keys()`
    Keys,
    /// `values()`
    Values,
    /// `items()`
    Items,
}

/// Iterators over builtin types: all can be advanced without running Python code.
#[derive(Clone, Debug)]
pub enum Iter {
    /// Over a list, index next.
    List(Value, usize),
    /// Over a tuple.
    Tuple(Value, usize),
    /// Over a range: next, how many left, step.
    Range(i64, i64, i64),
    /// Over a range of any size: next, how many left, step.
    HugeRange(Box<[BigInt; 3]>),
    /// Over a string: byte offset next.
    Str(Value, usize),
    /// Over bytes.
    Bytes(Value, usize),
    /// Over a dict: raw position next, length at start.
    Dict(Value, ViewKind, usize, usize),
    /// Over a dict backwards: raw position after next.
    DictReversed(Value, ViewKind, usize, usize),
    /// Over a set: table position next, length at start.
    Set(Value, usize, usize),
    /// Over a deque: index next, length at start.
    Deque(Value, usize, usize),
    /// Over a list, tuple, string or range from the end: items left.
    Reversed(Value, usize),
    /// `enumerate` of a native iterator.
    Enumerate(Value, Value),
    /// `zip` of native iterators; `true` for strict.
    Zip(Vec<Value>, bool),
    /// Exhausted.
    Done,
}

/// What a synchronisation object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SyncType {
    /// `threading.Lock`
    Lock,
    /// `threading.RLock`
    RLock,
    /// `threading.Condition`
    Condition,
    /// `threading.Semaphore`
    Semaphore,
    /// `threading.BoundedSemaphore`
    BoundedSemaphore,
    /// `threading.Event`
    Event,
    /// `threading.Barrier`
    Barrier,
    /// The counting half of a queue.
    Queue,
}

/// A synchronisation object.
#[derive(Clone, Copy, Debug)]
pub struct Sync {
    /// The kernel's object.
    pub id: SyncId,
    /// What it is.
    pub kind: SyncType,
    /// Condition: its lock object. Barrier: its action.
    pub extra: Value,
}

impl Str {
    /// Wraps a text.
    pub fn new(text: impl Into<Box<str>>) -> Str {
        let text = text.into();
        let chars = if text.is_ascii() {
            text.len()
        } else {
            text.chars().count()
        };
        Str {
            text,
            chars: chars as u32,
            hash: 0,
        }
    }

    /// Whether every character is ASCII, so that code points are bytes.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.chars as usize == self.text.len()
    }
}
