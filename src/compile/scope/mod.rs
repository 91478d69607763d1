//! Which variable each name means: CPython's symbol table, in two passes.
//!
//! [`build`] walks a module once and notes, scope by scope, which names are bound, used and declared. [`resolve`] then
//! decides for each where it lives. Comprehensions (not generator expressions) are scopes of their own, but run in the
//! frame of the code around them, their *unit*: their variables get registers there.

mod build;
mod parts;
mod resolve;
mod visit;

use crate::compile::names::Sym;
use crate::compile::problem::{Compiled, Problem};
use crate::program::Span;
use indexmap::{IndexMap, IndexSet};
use ruff_python_ast::AtomicNodeIndex;
use rustc_hash::FxBuildHasher;
use std::sync::Arc;

pub use build::build;

/// A scope of a module, numbered in order of appearance; the module is 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ScopeId(pub u32);

/// What a scope is the inside of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeKind {
    /// A module.
    Module,
    /// A class body.
    Class,
    /// A `def` or `lambda`.
    Function,
    /// A generator expression.
    Generator,
    /// A list, set or dict comprehension.
    Comprehension,
    /// The type parameters of a function, class or alias. What they do not bind is looked up in the scope around.
    TypeParams,
}

/// Where a name lives, seen from the scope that mentions it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A variable of this frame that belongs to the given scope (this one, or one that a comprehension stands in).
    Local(ScopeId),
    /// A captured variable of a frame outside.
    Free,
    /// A global or builtin.
    Global,
    /// In the class body's namespace; else a global or builtin.
    Class,
    /// A captured variable mentioned in a class body, whose namespace may have it too.
    ClassFree,
}

/// What is known of a name in a scope.
#[derive(Clone, Copy, Debug)]
pub struct Symbol {
    /// Assigned, defined, imported, deleted or otherwise bound.
    pub bound: bool,
    /// A parameter.
    pub param: bool,
    /// Read.
    pub used: bool,
    /// Has an annotation.
    pub annotated: bool,
    /// The target of a comprehension's `for`.
    pub iteration: bool,
    /// Declared `global`.
    pub global: bool,
    /// Declared `nonlocal`.
    pub nonlocal: bool,
    /// An inner code object captures it, so it lives in a cell.
    pub cell: bool,
    /// Where it lives. Meaningful after resolution.
    pub place: Place,
    /// Where it is first mentioned.
    pub span: Span,
    /// Where its textually last store stands.
    pub last_store: u32,
    /// Whether that store runs at most once: in no loop, no `try`.
    pub last_store_once: bool,
}

/// A scope.
#[derive(Debug)]
pub struct Scope {
    /// What it is.
    pub kind: ScopeKind,
    /// The scope it stands in.
    pub parent: Option<ScopeId>,
    /// The scope whose code it is part of: itself, but for comprehensions.
    pub unit: ScopeId,
    /// The innermost class around (or this one), whose name mangles private names.
    pub class: Option<Arc<str>>,
    /// Names mentioned, in order.
    pub symbols: IndexMap<Sym, Symbol, FxBuildHasher>,
    /// Of a unit: variables captured from outside, in order.
    pub free: IndexSet<Sym, FxBuildHasher>,
    /// Of a unit: the comprehensions that run in its frame.
    pub comprehensions: Vec<ScopeId>,
    /// A function with a `yield`.
    pub generator: bool,
    /// Of a unit: has an assignment expression, so that a local may change in the middle of an expression.
    pub walrus: bool,
    /// Of a class: a method refers to the class, by `super()` or `__class__`.
    pub class_cell: bool,
    /// Of a module or class: has an annotated assignment.
    pub annotations: bool,
}

/// The scopes of a module.
#[derive(Debug)]
pub struct Scopes {
    all: Vec<Scope>,
    /// `from __future__ import annotations` is in force.
    pub future_annotations: bool,
    /// Something in the module may reach its globals behind the compiler's back (`globals()`, `sys.modules`, ...).
    pub dynamic_globals: bool,
    /// Something in the module sets attributes by computed names (`setattr`, `__dict__`, ...).
    pub reflective: bool,
    /// There are type parameters or `type` statements.
    pub typed: bool,
    /// Names bound by import statements.
    pub imported: Vec<Sym>,
    /// Names of which attributes are set or deleted: `x` of `x.a = 1`.
    pub attribute_stores: Vec<Sym>,
    /// `__class__`.
    pub class_sym: Sym,
}

impl Scopes {
    /// A scope.
    #[inline]
    pub fn get(&self, id: ScopeId) -> &Scope {
        &self.all[id.0 as usize]
    }

    fn get_mut(&mut self, id: ScopeId) -> &mut Scope {
        &mut self.all[id.0 as usize]
    }

    /// The scope that a syntax node opens.
    ///
    /// # Panics
    ///
    /// When [`build`] has not seen the node.
    pub fn of(&self, node: &AtomicNodeIndex) -> ScopeId {
        ScopeId(
            node.load()
                .as_u32()
                .expect("the node was numbered by build"),
        )
    }

    /// Where a name lives, seen from a scope. A name that [`build`] did not see there is looked up afresh.
    pub fn place(&self, scope: ScopeId, sym: Sym) -> Place {
        let found = self.get(scope);
        match (found.symbols.get(&sym), found.parent) {
            (Some(symbol), _) => symbol.place,
            (None, Some(around)) if found.kind == ScopeKind::TypeParams => self.place(around, sym),
            _ => Place::Global,
        }
    }

    /// The scope within the unit of `from` that holds the variable, else `None`: it is captured from outside.
    pub fn owner_in_unit(&self, from: ScopeId, sym: Sym) -> Option<ScopeId> {
        let unit = self.get(from).unit;
        let mut at = from;
        loop {
            let scope = self.get(at);
            let skip = scope.kind == ScopeKind::Class && sym != self.class_sym;
            if !skip && scope.binds(sym) || scope.class_cell && sym == self.class_sym {
                return Some(at);
            }
            if at == unit {
                return None;
            }
            at = scope.parent?;
        }
    }

    /// Whether code in a scope is part of a class body.
    pub fn in_class_body(&self, scope: ScopeId) -> bool {
        let scope = self.get(scope);
        match (scope.kind, scope.parent) {
            (ScopeKind::TypeParams, Some(around)) => self.in_class_body(around),
            (kind, _) => kind == ScopeKind::Class,
        }
    }

    /// Whether attributes are set on what may be an imported module.
    pub fn changes_imports(&self) -> bool {
        self.attribute_stores
            .iter()
            .any(|name| self.imported.contains(name))
    }

    /// Whether the module itself stores a global of this name anywhere at its top level.
    pub fn is_module_name(&self, sym: Sym) -> bool {
        let globals = |scope: &Scope| {
            scope
                .symbols
                .get(&sym)
                .is_some_and(|symbol| symbol.bound && symbol.place == Place::Global)
        };
        self.all.iter().any(globals)
    }
}

impl Scope {
    /// Whether a name is a variable of this very scope.
    pub fn binds(&self, sym: Sym) -> bool {
        self.symbols
            .get(&sym)
            .is_some_and(|symbol| symbol.bound && !symbol.global && !symbol.nonlocal)
    }

    /// A function-like scope: one whose variables inner scopes see.
    pub fn is_function(&self) -> bool {
        !matches!(self.kind, ScopeKind::Module | ScopeKind::Class)
    }
}

/// The `SyntaxError` that CPython's symbol table raises about a name.
fn about(name: &str, words: &str, span: Span) -> Compiled {
    Err(Problem::syntax(format!("name '{name}' {words}"), span))
}
