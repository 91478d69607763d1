//! Compiled programs: what the compiler makes and the machine runs. Read-only, shared by all runs.

pub mod disasm;
mod effect;
pub(crate) mod forward;
pub mod instr;
pub mod liveness;
pub mod verify;

use crate::id::{CodeId, ModuleId};
use instr::{Instr, Reg};
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A constant of a code object.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// `...`.
    Ellipsis,
    /// An integer that fits 64 bits.
    Int(i64),
    /// A larger integer.
    BigInt(BigInt),
    /// A float.
    Float(f64),
    /// A string.
    Str(Arc<str>),
    /// A bytes literal.
    Bytes(Arc<[u8]>),
    /// A tuple of constants.
    Tuple(Vec<Const>),
    /// A frozenset of constants, in the order of the source.
    FrozenSet(Vec<Const>),
}

/// A handler: while `start <= pc < end`, an exception goes to `target` with its value in register `reg`. Entries are ordered
/// innermost first; the first that covers the pc applies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Handler {
    /// First covered instruction.
    pub start: u32,
    /// First instruction after the covered ones.
    pub end: u32,
    /// Where to go on.
    pub target: u32,
    /// Where the exception is put.
    pub reg: Reg,
}

/// What kind of block a code object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CodeKind {
    /// A module's top level.
    Module,
    /// A class body.
    Class,
    /// A function or lambda.
    Function,
    /// A function that contains `yield`; a generator expression is one whose only parameter is its iterator.
    Generator,
}

/// A byte range in the module's source.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after.
    pub end: u32,
}

/// The parameters of a function, in the order of their registers: positional-only, positional-or-keyword, keyword-only,
/// then `*args`, then `**kwargs`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params {
    /// Names of all parameters in register order.
    pub names: Vec<Arc<str>>,
    /// How many are positional-only.
    pub positional_only: u16,
    /// How many take positional arguments, positional-only ones included.
    pub positional: u16,
    /// How many are keyword-only.
    pub keyword_only: u16,
    /// Whether there is `*args`.
    pub star: bool,
    /// Whether there is `**kwargs`.
    pub star_star: bool,
}

/// One code object: a module's top level, a class body, a function, a lambda or a generator expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Code {
    /// `f`, `<module>`, `<lambda>`, `<genexpr>`, the class name.
    pub name: Arc<str>,
    /// `Outer.method`, `f.<locals>.g`.
    pub qualname: Arc<str>,
    /// The docstring.
    pub doc: Option<Arc<str>>,
    /// What it is.
    pub kind: CodeKind,
    /// The module it belongs to.
    pub module: ModuleId,
    /// Parameters.
    pub params: Params,
    /// How many registers a frame needs.
    pub registers: u16,
    /// Names of the first registers: parameters, then locals (cell variables included), then the variables of comprehensions
    /// that run in this frame, then captured variables (`free`); `None` for nameless ones.
    pub locals: Vec<Option<Arc<str>>>,
    /// Registers (of this frame) that the call fills with the function's captured cells, in capture order, with the variable's name.
    pub free: Vec<(Reg, Arc<str>)>,
    /// For each code object in `codes`: the registers of *this* frame whose cells an instance of it captures, in its `free` order.
    pub captures: Vec<Vec<Reg>>,
    /// Code objects made into functions by this one.
    pub codes: Vec<CodeId>,
    /// The instructions.
    pub instrs: Vec<Instr>,
    /// Source range of each instruction: what CPython underlines for it.
    pub spans: Vec<Span>,
    /// Handlers, innermost first.
    pub handlers: Vec<Handler>,
    /// Constants.
    pub consts: Vec<Const>,
    /// Attribute and class-body names.
    pub names: Vec<Arc<str>>,
    /// Line of the `def`, `class` or `lambda` (1-based; 1 for modules).
    pub first_line: u32,
    /// Index of this code's first instruction in a table over all codes of the program (for inline caches). Set by linking.
    pub cache_base: u32,
}

/// One entry of a module's import table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Absolute dotted name, relative imports resolved: `a.b.c`.
    pub name: Arc<str>,
    /// True binds the leaf (`from a.b import …`, `import a.b as x`); false binds the first component (`import a.b`).
    pub leaf: bool,
    /// Modules to run if they have not, parents first: `a`, `a.b`, `a.b.c`.
    pub modules: Vec<ModuleId>,
    /// Index into `modules` of the one bound.
    pub bound: u16,
    /// For `from m import …` of a package: its names that are submodules, to be run when the attribute is asked for.
    pub submodules: Vec<(Arc<str>, ModuleId)>,
}

/// A module: its source, top level and global names.
#[derive(Clone, PartialEq, Debug)]
pub struct Module {
    /// Dotted name; `__main__` for the program itself.
    pub name: Arc<str>,
    /// The path shown in tracebacks, as given on the command line; `<bundled queue>` for bundled ones.
    pub path: Arc<str>,
    /// The source text.
    pub source: Arc<str>,
    /// Byte offset of each line's start.
    pub lines: Vec<u32>,
    /// Top level code.
    pub code: CodeId,
    /// Name of each global slot.
    pub globals: Vec<Arc<str>>,
    /// Import table.
    pub imports: Vec<Import>,
    /// Part of raddle: its frames are hidden from tracebacks and traces, its accesses are no scheduling points.
    pub bundled: bool,
    /// Is a package (`__init__.py`).
    pub package: bool,
}

/// A whole program: the user's modules and the bundled ones it needs. A clone shares the tables.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// All modules. The prelude is 0; the main module's id is `main`.
    pub modules: Arc<[Module]>,
    /// All code objects.
    pub codes: Arc<[Code]>,
    /// The main module.
    pub main: u32,
    /// Modules by dotted name.
    pub by_name: Arc<BTreeMap<Arc<str>, ModuleId>>,
    /// Digest of all user source (for tokens).
    pub digest: u32,
    /// What the program says to stderr before it runs: the `SyntaxWarning`s of its main module.
    pub warnings: Arc<str>,
}

impl Module {
    /// 1-based line of a byte offset.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.lines.partition_point(|&start| start <= offset).max(1) as u32
    }

    /// The text of a 1-based line, without its line end.
    pub fn line_text(&self, line: u32) -> &str {
        let start = self
            .lines
            .get(line as usize - 1)
            .map_or(self.source.len(), |&s| s as usize);
        let end = self
            .lines
            .get(line as usize)
            .map_or(self.source.len(), |&s| s as usize);
        self.source[start..end].trim_end_matches(['\n', '\r'])
    }
}

impl Program {
    /// A code object.
    #[inline]
    pub fn code(&self, id: CodeId) -> &Code {
        &self.codes[id.index()]
    }

    /// The module a code object belongs to.
    pub fn module_of(&self, id: CodeId) -> &Module {
        &self.modules[self.code(id).module.index()]
    }

    /// 1-based source line of an instruction.
    pub fn line(&self, id: CodeId, pc: u32) -> u32 {
        let code = self.code(id);
        let span = code.spans.get(pc as usize).copied().unwrap_or_default();
        self.modules[code.module.index()].line_of(span.start)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_instruction_is_eight_bytes() {
        assert_eq!(std::mem::size_of::<super::Instr>(), 8);
    }
}
