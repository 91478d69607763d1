//! Which modules a module's import statements ask for.

use crate::compile::import::is_future;
use crate::parse::range;
use crate::program::Span;
use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{ExceptHandler, Expr, Stmt};
use serde::{Deserialize, Serialize};

/// What an import statement asks for.
#[derive(Debug, Serialize, Deserialize)]
pub enum Target {
    /// `import a.b`, `import a.b as c`.
    Import {
        /// `a.b`.
        name: String,
        /// Whether the leaf is bound (`as`), not the first component.
        leaf: bool,
    },
    /// `from ..a import b`.
    From {
        /// Number of leading dots.
        level: u32,
        /// `a`.
        module: String,
        /// `b`.
        names: Vec<String>,
    },
}

/// A module asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct Wanted {
    /// The offset by which the code generator knows it: the alias's, or the `from` statement's.
    pub key: u32,
    /// Where to complain.
    pub span: Span,
    /// What.
    pub target: Target,
    /// Whether the program is prepared for its absence.
    pub optional: bool,
}

/// The names in a module's `__all__`, where it is a plain list or tuple at top level.
pub fn listed(body: &[Stmt]) -> Vec<String> {
    let mut names = Vec::new();
    for stmt in body {
        let Stmt::Assign(assign) = stmt else { continue };
        let all =
            |target: &Expr| matches!(target, Expr::Name(name) if name.id.as_str() == "__all__");
        if !assign.targets.iter().any(all) {
            continue;
        }
        let items = match &*assign.value {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            _ => continue,
        };
        for item in items {
            if let Expr::StringLiteral(text) = item {
                names.push(text.value.to_str().to_owned());
            }
        }
    }
    names
}

#[derive(Default)]
struct Collector {
    wanted: Vec<Wanted>,
    optional: bool,
    star: bool,
}

/// The imports of a module in order, those in functions included; and whether there is a `from … import *`.
pub fn collect(body: &[Stmt]) -> (Vec<Wanted>, bool) {
    let mut collector = Collector::default();
    collector.visit_body(body);
    (collector.wanted, collector.star)
}

impl Collector {
    fn optionally<'a>(&mut self, optional: bool, body: &'a [Stmt]) {
        let before = self.optional;
        self.optional |= optional;
        <Self as Visitor<'a>>::visit_body(self, body);
        self.optional = before;
    }
}

impl<'a> Visitor<'a> for Collector {
    fn visit_expr(&mut self, _: &'a Expr) {}

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let span = range(alias.range);
                    self.wanted.push(Wanted {
                        key: span.start,
                        span: range(alias.name.range),
                        target: Target::Import {
                            name: alias.name.to_string(),
                            leaf: alias.asname.is_some(),
                        },
                        optional: self.optional,
                    });
                }
            }
            Stmt::ImportFrom(import) if !is_future(import) => {
                let whole = range(import.range);
                self.star |= import.names.iter().any(|alias| alias.name.as_str() == "*");
                self.wanted.push(Wanted {
                    key: whole.start,
                    span: import
                        .module
                        .as_ref()
                        .map_or(whole, |module| range(module.range)),
                    target: Target::From {
                        level: import.level,
                        module: import.module.as_deref().unwrap_or_default().to_owned(),
                        names: import
                            .names
                            .iter()
                            .map(|alias| alias.name.to_string())
                            .collect(),
                    },
                    optional: self.optional,
                });
            }
            Stmt::Try(attempt) => {
                let caught =
                    attempt
                        .handlers
                        .iter()
                        .any(|ExceptHandler::ExceptHandler(handler)| {
                            handler.type_.as_deref().is_none_or(catches_import_error)
                        });
                self.optionally(caught, &attempt.body);
                for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
                    self.visit_body(&handler.body);
                }
                self.visit_body(&attempt.orelse);
                self.visit_body(&attempt.finalbody);
            }
            Stmt::With(with) => {
                let suppressed = with.items.iter().any(|item| match &item.context_expr {
                    Expr::Call(call) => {
                        last_name(&call.func) == Some("suppress")
                            && call.arguments.args.iter().any(catches_import_error)
                    }
                    _ => false,
                });
                self.optionally(suppressed, &with.body);
            }
            // For type checkers only; never run.
            Stmt::If(choice) if last_name(&choice.test) == Some("TYPE_CHECKING") => {
                self.optionally(true, &choice.body);
                for clause in &choice.elif_else_clauses {
                    self.visit_body(&clause.body);
                }
            }
            _ => walk_stmt(self, stmt),
        }
    }
}

fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

fn catches_import_error(class: &Expr) -> bool {
    match class {
        Expr::Tuple(classes) => classes.elts.iter().any(catches_import_error),
        class => matches!(
            last_name(class),
            Some("ImportError" | "ModuleNotFoundError" | "Exception" | "BaseException")
        ),
    }
}
