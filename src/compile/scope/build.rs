//! The first pass: what each scope binds, uses and declares.

use super::{Place, Scope, ScopeId, ScopeKind, Scopes, Symbol, about, resolve};
use crate::compile::import::is_future;
use crate::compile::names::{Names, Sym};
use crate::compile::problem::{Compiled, Problem};
use crate::parse::range;
use crate::program::Span;
use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{self as ast, AtomicNodeIndex, NodeIndex, Stmt};
use ruff_text_size::Ranged;
use std::sync::Arc;

/// How a name is mentioned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Read,
    Bind,
    Param,
    Iteration,
    Annotation,
    Declare,
}

pub(super) struct Builder<'n> {
    pub(super) scopes: Scopes,
    pub(super) names: &'n mut Names,
    pub(super) at: ScopeId,
    /// How many loops and `try`s of the module's own statements are open.
    pub(super) repeats: u32,
    /// Set while the targets of a comprehension's `for` are visited.
    pub(super) iteration: bool,
    /// Set while the iterable of a comprehension is visited.
    pub(super) iterable: bool,
    /// The scopes of bounds, defaults and aliases, and what each is called.
    pub(super) lazy: Vec<(ScopeId, &'static str)>,
    /// Where the head of the file ends: its docstring and its imports from `__future__`.
    pub(super) head: u32,
    pub(super) error: Option<Problem>,
}

/// Builds and resolves the scopes of a module.
///
/// # Errors
///
/// The `SyntaxError`s of CPython's symbol table.
pub fn build(body: &[Stmt], names: &mut Names) -> Compiled<Scopes> {
    let class_sym = names.sym("__class__");
    let mut builder = Builder {
        scopes: Scopes {
            all: Vec::new(),
            future_annotations: has_future_annotations(body),
            dynamic_globals: false,
            reflective: false,
            typed: false,
            imported: Vec::new(),
            attribute_stores: Vec::new(),
            class_sym,
        },
        names,
        at: ScopeId(0),
        repeats: 0,
        iteration: false,
        iterable: false,
        lazy: Vec::new(),
        head: end_of_head(body),
        error: None,
    };
    builder
        .scopes
        .all
        .push(new_scope(ScopeKind::Module, None, ScopeId(0), None));
    builder.visit_body(body);
    if let Some(problem) = builder.error {
        return Err(problem);
    }
    let mut scopes = builder.scopes;
    resolve::resolve(&mut scopes, builder.names)?;
    Ok(scopes)
}

/// The features of `Lib/__future__.py`.
const FEATURES: &[&str] = &[
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "barry_as_FLUFL",
    "generator_stop",
    "annotations",
];

/// Where the docstring and the imports from `__future__` of a module end: no other such import may follow (CPython's `Python/future.c`).
fn end_of_head(body: &[Stmt]) -> u32 {
    let is_head = |(at, stmt): &(usize, &Stmt)| match stmt {
        Stmt::Expr(expr) => *at == 0 && expr.value.is_string_literal_expr(),
        Stmt::ImportFrom(import) => is_future(import),
        _ => false,
    };
    let head = body.iter().enumerate().take_while(is_head);
    head.last().map_or(0, |(_, stmt)| range(stmt.range()).end)
}

fn has_future_annotations(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| {
        matches!(stmt, Stmt::ImportFrom(import)
            if is_future(import)
                && import.names.iter().any(|alias| alias.name.as_str() == "annotations"))
    })
}

fn new_scope(
    kind: ScopeKind,
    parent: Option<ScopeId>,
    unit: ScopeId,
    class: Option<Arc<str>>,
) -> Scope {
    Scope {
        kind,
        parent,
        unit,
        class,
        symbols: Default::default(),
        free: Default::default(),
        comprehensions: Vec::new(),
        generator: kind == ScopeKind::Generator,
        walrus: false,
        class_cell: false,
        annotations: false,
    }
}

impl Builder<'_> {
    pub(super) fn fail(&mut self, problem: Problem) {
        if self.error.is_none() {
            self.error = Some(problem);
        }
    }

    pub(super) fn check(&mut self, result: Compiled) {
        if let Err(problem) = result {
            self.fail(problem);
        }
    }

    pub(super) fn scope(&mut self) -> &mut Scope {
        self.scopes.get_mut(self.at)
    }

    pub(super) fn unit(&mut self) -> &mut Scope {
        let unit = self.scope().unit;
        self.scopes.get_mut(unit)
    }

    pub(super) fn sym(&mut self, name: &str) -> Sym {
        let class = self.scopes.get(self.at).class.clone();
        self.names.mangled(name, class.as_deref())
    }

    /// Runs `inside` in a new scope that stands for `node`.
    pub(super) fn enter(
        &mut self,
        kind: ScopeKind,
        class: Option<Arc<str>>,
        node: &AtomicNodeIndex,
        inside: impl FnOnce(&mut Self),
    ) {
        let id = ScopeId(self.scopes.all.len() as u32);
        node.set(NodeIndex::from(id.0));
        let parent = self.at;
        let unit = if matches!(kind, ScopeKind::Comprehension | ScopeKind::TypeParams) {
            let unit = self.scopes.get(parent).unit;
            self.scopes.get_mut(unit).comprehensions.push(id);
            unit
        } else {
            id
        };
        let class = class.or_else(|| self.scopes.get(parent).class.clone());
        self.scopes
            .all
            .push(new_scope(kind, Some(parent), unit, class));
        self.at = id;
        let outer = (
            std::mem::take(&mut self.iteration),
            std::mem::take(&mut self.iterable),
        );
        inside(self);
        (self.iteration, self.iterable) = outer;
        self.at = parent;
    }

    pub(super) fn mention(&mut self, sym: Sym, how: Use, span: Span) {
        let mut scope = self.at;
        while let around = self.scopes.get(scope)
            && around.kind == ScopeKind::TypeParams
            && how == Use::Read
            && !around.binds(sym)
            && let Some(parent) = around.parent
        {
            scope = parent;
        }
        self.mention_in(scope, sym, how, span);
    }

    pub(super) fn mention_in(&mut self, scope: ScopeId, sym: Sym, how: Use, span: Span) {
        let once = self.repeats == 0 && scope.0 == 0;
        let symbols = &mut self.scopes.get_mut(scope).symbols;
        let symbol = symbols.entry(sym).or_insert(Symbol {
            bound: false,
            param: false,
            used: false,
            annotated: false,
            iteration: false,
            global: false,
            nonlocal: false,
            cell: false,
            place: Place::Global,
            span,
            last_store: 0,
            last_store_once: false,
        });
        match how {
            Use::Declare => {}
            Use::Read => symbol.used = true,
            Use::Annotation => (symbol.annotated, symbol.bound) = (true, true),
            Use::Bind | Use::Param | Use::Iteration => {
                symbol.bound = true;
                symbol.param |= how == Use::Param;
                symbol.iteration |= how == Use::Iteration;
                symbol.last_store = span.start;
                symbol.last_store_once = once;
            }
        }
    }

    pub(super) fn bind(&mut self, name: &ast::Identifier) {
        let sym = self.sym(name);
        if name.as_str() == "__debug__" {
            self.fail(Problem::syntax(
                "cannot assign to __debug__",
                range(name.range),
            ));
        }
        self.mention(sym, Use::Bind, range(name.range));
    }

    /// Imports from `__future__` stand at the beginning, and name what there is.
    pub(super) fn future(&mut self, import: &ast::StmtImportFrom) {
        if !is_future(import) {
            return;
        }
        let span = range(import.range);
        if span.end > self.head {
            let text = "from __future__ imports must occur at the beginning of the file";
            self.fail(Problem::syntax(text, span));
        }
        for alias in &import.names {
            match alias.name.as_str() {
                name if FEATURES.contains(&name) => {}
                "braces" => self.fail(Problem::syntax("not a chance", span)),
                name => {
                    let text = format!("future feature {name} is not defined");
                    self.fail(Problem::syntax(text, span));
                }
            }
        }
    }

    pub(super) fn repeated(&mut self, inside: impl FnOnce(&mut Self)) {
        self.repeats += 1;
        inside(self);
        self.repeats -= 1;
    }

    pub(super) fn declare(
        &mut self,
        stmt: Span,
        names: &[ast::Identifier],
        global: bool,
    ) -> Compiled {
        let word = if global { "global" } else { "nonlocal" };
        if !global && self.scopes.get(self.at).kind == ScopeKind::Module {
            return Err(Problem::syntax(
                "nonlocal declaration not allowed at module level",
                stmt,
            ));
        }
        for name in names {
            let sym = self.sym(name);
            if let Some(symbol) = self.scope().symbols.get(&sym).copied() {
                let text = self.names.text(sym).clone();
                if symbol.param {
                    return about(&text, &format!("is parameter and {word}"), stmt);
                }
                if symbol.used {
                    return about(&text, &format!("is used prior to {word} declaration"), stmt);
                }
                if symbol.annotated {
                    return Err(Problem::syntax(
                        format!("annotated name '{text}' can't be {word}"),
                        stmt,
                    ));
                }
                if symbol.bound {
                    return about(
                        &text,
                        &format!("is assigned to before {word} declaration"),
                        stmt,
                    );
                }
                if global && symbol.nonlocal || !global && symbol.global {
                    return about(&text, "is nonlocal and global", stmt);
                }
            }
            self.mention(sym, Use::Declare, stmt);
            let symbol = &mut self.scope().symbols[&sym];
            if global {
                symbol.global = true;
            } else {
                symbol.nonlocal = true;
            }
            if global {
                // The name may be stored at any time from here.
                self.mention_in(ScopeId(0), sym, Use::Declare, stmt);
                self.scopes.get_mut(ScopeId(0)).symbols[&sym].global = true;
            }
        }
        Ok(())
    }
}
