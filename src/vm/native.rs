//! Functions of raddle's own: what they get, what they may answer, how they are registered.
//!
//! A native function runs to its end without calling Python code: it answers a value, raises, asks the machine to call
//! something in its place ([`Out::Call`]), or parks the thread in front of a visible operation ([`Out::Park`]). So a thread's
//! state is always its frames and never a native stack. A builtin whose general case needs user code (`__eq__`, `__lt__`,
//! `__iter__` written in Python) handles the native case here and hands the rest to its twin in the prelude
//! (`vm/py/builtins.py`) with [`Machine::prelude`].

use super::machine::Machine;
use crate::id::{NameId, ObjId};
use crate::kernel::op::{Answer, Op};
use crate::value::Value;
use crate::value::object::Frame;

/// An exception on its way: the exception instance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Raise(pub ObjId);

/// What a native function answers.
pub type Native = Result<Out, Raise>;

/// A native function.
pub type NativeFn = fn(&mut Machine, &Args) -> Native;

/// Turns the kernel's answer to a parked operation into what the native call answers. `extra` is what [`Park`] kept.
pub type After = fn(&mut Machine, Answer, [Value; 2]) -> Native;

/// The good answers of a native function.
#[derive(Debug)]
pub enum Out {
    /// This value.
    Value(Value),
    /// The result of calling this with these positional arguments, in place of the native call.
    Call(Value, Vec<Value>),
    /// As `Call` with keyword arguments: the names of the last ones.
    CallKw(Value, Vec<Value>, Vec<NameId>),
    /// Whatever `after` makes of the kernel's answer, once the operation was chosen and performed.
    Park(Park),
    /// The positional argument of this index must be iterated by Python code first: it is made a list, and the same native
    /// function is called again with the list in its place.
    Materialise(usize),
    /// Runs the body of a class: the function, and the dict that is its namespace.
    Body(ObjId, Value),
    /// Runs the top level of the main module.
    Main,
    /// The locals of the innermost frame that is the program's own, as a new dict.
    Locals,
    /// `super()` without arguments, called where the compiler did not see it.
    Super,
    /// Resumes a generator: its next item is the answer.
    Resume(ObjId, Resume),
}

/// How a generator is resumed.
#[derive(Clone, Copy, Debug)]
pub enum Resume {
    /// With this value as the result of its `yield`.
    Send(Value),
    /// By raising this exception at its `yield`.
    Throw(Raise),
}

/// A visible operation to park in front of.
#[derive(Clone, Copy, Debug)]
pub struct Park {
    /// The operation.
    pub op: Op,
    /// What to make of its answer.
    pub after: After,
    /// Kept for `after`; seen by the collector.
    pub extra: Option<[Value; 2]>,
}

/// What a native function does to the object in its first argument. If several threads can reach that object, the call is a
/// visible access to it, and after a write everything in the arguments counts as reachable by all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Effect {
    /// Nothing another thread could notice.
    #[default]
    Pure,
    /// Reads it as a whole.
    Read,
    /// May change it.
    Write,
    /// Looks into what all of the arguments hold.
    Contents,
}

/// The arguments of a native call. Positional ones first, then the values of keyword arguments.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    /// Positional arguments, then keyword values.
    pub all: &'a [Value],
    /// Names of the keyword arguments: the last of `all`.
    pub names: &'a [NameId],
    /// Frames of the calling thread, innermost last, with their program counters up to date.
    pub frames: &'a [Frame],
    /// The native function itself, for messages and for calling it again.
    pub this: Value,
}

impl<'a> Args<'a> {
    /// Positional arguments.
    #[inline(always)]
    pub fn pos(&self) -> &'a [Value] {
        &self.all[..self.all.len() - self.names.len()]
    }

    /// Keyword arguments.
    pub fn keywords(&self) -> impl Iterator<Item = (NameId, Value)> + 'a {
        let at = self.all.len() - self.names.len();
        self.names
            .iter()
            .copied()
            .zip(self.all[at..].iter().copied())
    }

    /// The value of a keyword argument.
    pub fn keyword(&self, name: NameId) -> Option<Value> {
        self.keywords().find(|(n, _)| *n == name).map(|(_, v)| v)
    }

    /// The positional argument at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Value> {
        self.pos().get(index).copied()
    }
}

/// How many and which arguments a native function takes; checked before it is called, with CPython's messages.
#[derive(Clone, Copy, Debug)]
pub enum Signature {
    /// Positional arguments only, between so many and so many (self included for methods).
    Positional(u8, u8),
    /// Names of the parameters and how many are required. The machine sorts keyword arguments into place: `Args::all` then has
    /// one value per name, `Unbound` for those not given. The first `positional` ones may be given by position.
    Named {
        /// Parameter names (self included for methods); empty for those that take no keyword.
        names: &'static [&'static str],
        /// How many may be positional.
        positional: u8,
        /// How many must be given.
        required: u8,
    },
    /// Anything: the function looks itself.
    Any,
}

/// A native function with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct NativeDef {
    /// `__name__`
    pub name: &'static str,
    /// `list` for methods of `list`, empty for functions.
    pub owner: &'static str,
    /// The function.
    pub run: NativeFn,
    /// Its arguments.
    pub signature: Signature,
    /// What it does to its first argument.
    pub effect: Effect,
}

impl NativeDef {
    /// Whether it stands for a slot of its class in CPython, and not for a method written as a function.
    pub fn is_slot(&self) -> bool {
        const METHODS: &[&str] = &[
            "__class_getitem__",
            "__dir__",
            "__format__",
            "__init_subclass__",
            "__length_hint__",
            "__new__",
            "__reduce__",
            "__reduce_ex__",
            "__reversed__",
            "__sizeof__",
            "__subclasshook__",
        ];
        let as_function = match self.name {
            "__getitem__" => matches!(self.owner, "list" | "dict"),
            "__contains__" => matches!(self.owner, "dict" | "set" | "frozenset"),
            name => METHODS.contains(&name),
        };
        !as_function && self.name.starts_with("__")
    }
}

/// One line of a registry: name, function, signature, effect.
pub type Entry = (&'static str, NativeFn, Signature, Effect);

/// A method or function of `n` positional arguments (self included) without effect on shared state.
pub const fn pure(name: &'static str, run: NativeFn, min: u8, max: u8) -> Entry {
    (name, run, Signature::Positional(min, max), Effect::Pure)
}

/// As [`pure`], reading its first argument.
pub const fn reads(name: &'static str, run: NativeFn, min: u8, max: u8) -> Entry {
    (name, run, Signature::Positional(min, max), Effect::Read)
}

/// As [`pure`], looking into what its arguments hold.
pub const fn looks(name: &'static str, run: NativeFn, min: u8, max: u8) -> Entry {
    (name, run, Signature::Positional(min, max), Effect::Contents)
}

/// As [`pure`], changing its first argument.
pub const fn writes(name: &'static str, run: NativeFn, min: u8, max: u8) -> Entry {
    (name, run, Signature::Positional(min, max), Effect::Write)
}

impl From<Value> for Out {
    fn from(value: Value) -> Out {
        Out::Value(value)
    }
}

/// A native function's answer of a plain value.
#[inline]
pub fn ok(value: Value) -> Native {
    Ok(Out::Value(value))
}
