//! The instruction set: a register machine at CPython's granularity (separate load, operate, store).
//!
//! A frame is a window of registers. Parameters come first, then the other locals, then temporaries. A local that an
//! inner function captures lives in a cell: its register holds the cell, and `LoadCell`/`StoreCell` reach its content.
//! Captured variables of outer functions are cells in registers too (`Code::free`), filled in by the call.
//!
//! A register holding `Unbound` is an unassigned local. Every instruction that reads a register in its slow path checks
//! for it and raises `UnboundLocalError` with the local's name, so assigned locals cost nothing.
//!
//! Instructions named `Test…` and `ForIter`, `Send` are each followed by a `Jump`: they skip it when the test holds (an
//! item came, the sub-generator yielded) and else take it. So the hot way costs one dispatch and no range limit is needed.
//!
//! Operand names: `d` destination register, `a`, `b`, `s` source registers, `n` index into [`Code::names`], `k` index into
//! [`Code::consts`], `g` global slot of the module, `off` a jump distance relative to the *next* instruction.
//!
//! [`Code::names`]: super::Code::names
//! [`Code::consts`]: super::Code::consts
//! [`Code::free`]: super::Code::free

use serde::{Deserialize, Serialize};

/// A register of the frame.
pub type Reg = u16;

/// Binary operators that have no instruction of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum BinOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `//`
    FloorDiv,
    /// `%`
    Mod,
    /// `**`
    Pow,
    /// `<<`
    LShift,
    /// `>>`
    RShift,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `@`
    MatMul,
}

/// Comparison operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum CmpOp {
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// Unary operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum UnOp {
    /// `-x`
    Neg,
    /// `+x`
    Pos,
    /// `~x`
    Invert,
    /// `not x`
    Not,
}

/// How an f-string field is converted before formatting.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum Conversion {
    /// None given.
    None,
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}

/// Functions of the bundled prelude that compiled code calls by number. See `vm/prelude`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[repr(u16)]
pub enum Helper {
    /// `(body_function, name, bases_tuple, keywords_dict_or_None) -> class`.
    BuildClass,
    /// `(subject) -> int`: its length, whatever `len` is bound to.
    MatchLen,
    /// `(subject) -> bool`: may a sequence pattern match it?
    MatchIsSequence,
    /// `(subject) -> bool`: may a mapping pattern match it?
    MatchIsMapping,
    /// `(subject, keys_tuple) -> tuple of values or None`.
    MatchKeys,
    /// `(subject, keys_tuple) -> dict` of what is left (`**rest`).
    MatchRest,
    /// `(subject, class, positional_count, keyword_names_tuple) -> tuple of attributes or None`.
    MatchClass,
    /// `(subject, before, after) -> list`: the items `before : len-after` of a sequence pattern's star.
    MatchSlice,
    /// `(value)`: notebook echo of a bare top-level expression (`--echo`).
    Echo,
    /// `(exception, classes) -> (part that a clause of except* handles, rest)`, each maybe None.
    GroupMatch,
    /// `(exception, rest, raised) -> exception or None`: what a `try` with `except*` raises in the end. `raised` has pairs of what a
    /// clause handled and what it raised.
    GroupResult,
    /// `(name, kind, bound, default) -> type parameter`.
    TypeParam,
    /// `(function_or_class, parameters_tuple)`: gives it back with its type parameters.
    SetTypeParams,
    /// `(bases_tuple, parameters_tuple) -> tuple`: the bases of a generic class.
    GenericBases,
    /// `(name, parameters_tuple, value) -> type alias`.
    TypeAlias,
}

/// One instruction; 8 bytes.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub enum Instr {
    /// Nothing.
    Nop,
    /// `d = constant k`.
    Const { d: Reg, k: u16 },
    /// `d = v`, a small integer.
    Int { d: Reg, v: i32 },
    /// `d = None`.
    None { d: Reg },
    /// `d = True/False`.
    Bool { d: Reg, v: bool },
    /// `d = s`; raises `UnboundLocalError` when `s` is unbound.
    Move { d: Reg, s: Reg },
    /// Makes `d` unbound again, without a check (end of `except … as e`, comprehension variables).
    Clear { d: Reg },
    /// `del local`; raises `UnboundLocalError` when unbound.
    DelLocal { d: Reg },

    /// Wraps the present content of `d` (a parameter's value or unbound) in a new cell, in place.
    MakeCell { d: Reg },
    /// `d = content of cell c`; raises `UnboundLocalError`/`NameError` when empty.
    LoadCell { d: Reg, c: Reg },
    /// `content of cell c = s`.
    StoreCell { c: Reg, s: Reg },
    /// `del` of a cell variable.
    DelCell { c: Reg },

    /// `d = global g`, else the builtin of that name, else `NameError`. The slot's name is `Module::globals[g]`.
    LoadGlobal { d: Reg, g: u16 },
    /// `global g = s`.
    StoreGlobal { g: u16, s: Reg },
    /// As `StoreGlobal`, and no later store of this name exists in the program: reads need no scheduling point any more.
    StoreGlobalLast { g: u16, s: Reg },
    /// `del global`.
    DelGlobal { g: u16 },
    /// Class body: `d = name n` from the class namespace, else global slot `g`, else builtin.
    LoadName { d: Reg, n: u16, g: u16 },
    /// Class body: as `LoadName`, but falls back to cell `c`.
    LoadNameCell { d: Reg, n: u16, c: Reg },
    /// Class body: `namespace[n] = s`.
    StoreName { n: u16, s: Reg },
    /// Class body: `del namespace[n]`.
    DelName { n: u16 },

    /// `d = a + b`; likewise the next ones.
    Add { d: Reg, a: Reg, b: Reg },
    /// `d = a - b`.
    Sub { d: Reg, a: Reg, b: Reg },
    /// `d = a * b`.
    Mul { d: Reg, a: Reg, b: Reg },
    /// `d = a + v` for a small literal.
    AddInt { d: Reg, a: Reg, v: i16 },
    /// `d = a - v` for a small literal.
    SubInt { d: Reg, a: Reg, v: i16 },
    /// `d = a op b`.
    Binary { op: BinOp, d: Reg, a: Reg, b: Reg },
    /// `d = (a op= b)`: tries the in-place method first. The result must then be stored to the target.
    InPlace { op: BinOp, d: Reg, a: Reg, b: Reg },
    /// As `Binary` with a small literal on the right.
    BinaryInt { op: BinOp, d: Reg, a: Reg, v: i16 },
    /// As `InPlace` with a small literal on the right.
    InPlaceInt { op: BinOp, d: Reg, a: Reg, v: i16 },
    /// `d = op s`.
    Unary { op: UnOp, d: Reg, s: Reg },
    /// `d = a op b`, the value of the comparison (any object).
    Compare { op: CmpOp, d: Reg, a: Reg, b: Reg },
    /// `d = a is b`; `negate` for `is not`.
    Is {
        negate: bool,
        d: Reg,
        a: Reg,
        b: Reg,
    },
    /// `d = a in b`; `negate` for `not in`.
    In {
        negate: bool,
        d: Reg,
        a: Reg,
        b: Reg,
    },

    /// Jumps.
    Jump { off: i32 },
    /// Jumps backwards: the end of a loop's body. Counts fuel; a switch point under `--switch gil`.
    Loop { off: i32 },
    /// Skips the following `Jump` when `s` is true.
    TestTrue { s: Reg },
    /// Skips the following `Jump` when `s` is false.
    TestFalse { s: Reg },
    /// Skips the following `Jump` when `a op b` is true.
    TestCmp { op: CmpOp, a: Reg, b: Reg },
    /// Skips the following `Jump` when `a op v` is true, for a small literal.
    TestCmpInt { op: CmpOp, a: Reg, v: i16 },
    /// Skips the following `Jump` when `a is b` (`negate`: `is not`).
    TestIs { negate: bool, a: Reg, b: Reg },
    /// Skips the following `Jump` when `s is None` (`negate`: `is not None`).
    TestNone { negate: bool, s: Reg },
    /// Skips the following `Jump` when `a in b` (`negate`: `not in`).
    TestIn { negate: bool, a: Reg, b: Reg },

    /// `d = iter(s)`.
    GetIter { d: Reg, s: Reg },
    /// `d = next(it)` and skips the following `Jump`; takes the `Jump` when `it` is exhausted.
    ForIter { d: Reg, it: Reg },

    /// `d = o.n`.
    LoadAttr { d: Reg, o: Reg, n: u16 },
    /// `o.n = s`.
    StoreAttr { o: Reg, n: u16, s: Reg },
    /// `del o.n`.
    DelAttr { o: Reg, n: u16 },
    /// `d = super().n` without arguments: class cell in register `c`, instance in register 0 (through its cell if captured).
    LoadSuper { d: Reg, c: Reg, n: u16 },
    /// `d = o[i]`.
    LoadItem { d: Reg, o: Reg, i: Reg },
    /// `o[i] = s`.
    StoreItem { o: Reg, i: Reg, s: Reg },
    /// `del o[i]`.
    DelItem { o: Reg, i: Reg },
    /// `d = slice(a, a+1, a+2)` from three registers in a row.
    Slice { d: Reg, a: Reg },

    /// `d = callable(args)`: callable in `f`, `argc` positional arguments in `f+1 …`. All of `f …` is scratch afterwards.
    Call { argc: u8, f: Reg, d: Reg },
    /// `d = receiver.n(args)`: `f` is scratch, receiver in `f+1`, `argc` positional arguments in `f+2 …`.
    CallMethod { argc: u8, f: Reg, d: Reg, n: u16 },
    /// As `Call`, with keywords: of the `argc` arguments the last `len(names)` are keyword arguments; constant `k` is the tuple
    /// of their names.
    CallKw { argc: u8, f: Reg, d: Reg, k: u16 },
    /// `d = f(*f+1, **f+2)`: a list or tuple of positionals in `f+1`, a dict or `None` in `f+2`.
    CallEx { f: Reg, d: Reg },
    /// `d = helper(args)`: `f` is scratch, `argc` arguments in `f+1 …`.
    CallHelper {
        argc: u8,
        f: Reg,
        d: Reg,
        helper: Helper,
    },
    /// Leaves the frame with value `s`.
    Return { s: Reg },

    /// `d = [a, a+1, … n]`.
    List { d: Reg, a: Reg, n: u16 },
    /// `d = (a, a+1, … n)`.
    Tuple { d: Reg, a: Reg, n: u16 },
    /// `d = {a, a+1, … n}`.
    Set { d: Reg, a: Reg, n: u16 },
    /// `d = {a: a+1, …}` of `n` pairs.
    Dict { d: Reg, a: Reg, n: u16 },
    /// `l.append(s)` on a list under construction.
    ListAppend { l: Reg, s: Reg },
    /// `l.extend(s)` on a list under construction, for `[*s]` and `f(*s)`. `call` is true for call arguments (error words).
    ListExtend { call: bool, l: Reg, s: Reg },
    /// Adds to a set under construction.
    SetAdd { l: Reg, s: Reg },
    /// `{*s}`.
    SetUpdate { l: Reg, s: Reg },
    /// `l[k] = s` on a dict under construction.
    DictSet { l: Reg, k: Reg, s: Reg },
    /// `{**s}`.
    DictUpdate { l: Reg, s: Reg },
    /// `f(**s)`: as `DictUpdate`, but a repeated key is a `TypeError` that names the function in register `f`.
    DictMerge { l: Reg, s: Reg, f: Reg },
    /// `d = tuple(s)` of a list under construction.
    ListToTuple { d: Reg, s: Reg },
    /// `a, a+1, … n = s`.
    Unpack { s: Reg, a: Reg, n: u16 },
    /// `a, …, *a+before, … = s`: `before` registers, one for the list, `after` registers.
    UnpackStar {
        before: u8,
        after: u8,
        s: Reg,
        a: Reg,
    },

    /// `d = format(convert(s), "")`.
    Format {
        conversion: Conversion,
        d: Reg,
        s: Reg,
    },
    /// As `Format` with the format spec in register `spec`.
    FormatSpec {
        conversion: Conversion,
        d: Reg,
        s: Reg,
        spec: Reg,
    },
    /// `d = "".join(a, a+1, … n)` of strings.
    Concat { d: Reg, a: Reg, n: u16 },

    /// `d = function` of code `Code::codes[code]`. Registers `parts …`: tuple of defaults or None, dict of keyword-only defaults
    /// or None, dict of annotations or None. Cells come from [`Code::captures`](super::Code::captures).
    Function { d: Reg, code: u16, parts: Reg },

    /// `d = import of Module import table entry `i``: the module bound by the statement (see [`Import`](super::Import)).
    Import { d: Reg, i: u16 },
    /// `d = getattr(m, n)` for `from m import n`, trying the submodule of that name next; `ImportError` words.
    ImportFrom { d: Reg, m: Reg, n: u16 },
    /// `from m import *` into the module's globals.
    ImportStar { m: Reg },

    /// `raise s` (class or instance).
    Raise { s: Reg },
    /// `raise s from cause`.
    RaiseFrom { s: Reg, cause: Reg },
    /// `raise` alone: the exception being handled, or `RuntimeError`.
    RaiseAgain,
    /// Goes on unwinding with the exception in `s`, adding nothing to it.
    Reraise { s: Reg },
    /// `d = the exception being handled` (or None), to be restored when a handler is left. Stands before each `try`.
    SaveHandled { d: Reg },
    /// The exception in `s` is now being handled.
    SetHandled { s: Reg },
    /// Undoes `SetHandled` from what `SaveHandled` kept.
    RestoreHandled { s: Reg },
    /// Skips the following `Jump` when the exception in `e` is an instance of the class or tuple of classes in `c`.
    TestMatch { e: Reg, c: Reg },
    /// `d = type(m).__enter__(m)`; `TypeError` unless `m` is a context manager.
    WithEnter { d: Reg, m: Reg },
    /// `type(m).__exit__(m, None, None, None)`, result ignored.
    WithExit { m: Reg },
    /// `d = truth of type(m).__exit__(m, type(e), e, e.__traceback__)`.
    WithExitExc { d: Reg, m: Reg, e: Reg },
    /// `d = AssertionError`, whatever the name is bound to.
    AssertionError { d: Reg },

    /// Suspends the generator, giving `s` out; `d` is what is sent in.
    Yield { d: Reg, s: Reg },
    /// `d = iter(s)` for `yield from`: generators stay themselves.
    GetYieldIter { d: Reg, s: Reg },
    /// Sends `d` into the iterator `it`. It yields: value to `d`, skips the following `Jump`. It ends: its return value to `d`,
    /// takes the `Jump`.
    Send { d: Reg, it: Reg },
    /// As `Yield { d, s: d }` inside `yield from`: `throw` and `close` go to the iterator `it`.
    YieldFrom { d: Reg, it: Reg },
}
