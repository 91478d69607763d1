//! The walk over statements, expressions and patterns.

use super::ScopeKind;
use super::build::{Builder, Use};
use crate::compile::problem::Problem;
use crate::parse::{range, span};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{ExceptHandler, Expr, ExprContext, Pattern, Stmt};

impl<'a> Visitor<'a> for Builder<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => self.function(def),
            Stmt::ClassDef(def) => self.class(def),
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.visit_expr(value);
                }
                let inside = self.scopes.get(self.at).is_function();
                match &*assign.target {
                    Expr::Name(name) => {
                        let sym = self.sym(&name.id);
                        let place = range(name.range);
                        if let Some(symbol) = self.scope().symbols.get(&sym).copied()
                            && (symbol.global || symbol.nonlocal)
                            && self.at.0 != 0
                        {
                            let word = if symbol.global { "global" } else { "nonlocal" };
                            self.fail(Problem::syntax(
                                format!("annotated name '{}' can't be {word}", name.id),
                                span(stmt),
                            ));
                        }
                        if assign.simple {
                            self.mention(sym, Use::Annotation, place);
                            self.scope().annotations = true;
                        }
                        if assign.value.is_some() {
                            self.visit_expr(&assign.target);
                        }
                    }
                    target => self.visit_expr(target),
                }
                if !inside && !self.scopes.future_annotations {
                    self.visit_expr(&assign.annotation);
                }
                if !inside {
                    let sym = self.sym("__annotations__");
                    self.mention(sym, Use::Read, span(stmt));
                }
            }
            Stmt::AugAssign(assign) => {
                if let Expr::Name(name) = &*assign.target {
                    let sym = self.sym(&name.id);
                    self.mention(sym, Use::Read, range(name.range));
                }
                self.visit_expr(&assign.value);
                self.visit_expr(&assign.target);
            }
            Stmt::Assign(assign) => {
                self.visit_expr(&assign.value);
                for target in &assign.targets {
                    self.visit_expr(target);
                }
            }
            Stmt::For(each) => {
                self.visit_expr(&each.iter);
                if each.is_async {
                    self.asynchronous("async for", span(stmt));
                }
                self.repeated(|this| {
                    this.visit_expr(&each.target);
                    this.visit_body(&each.body);
                });
                self.visit_body(&each.orelse);
            }
            Stmt::While(each) => {
                self.repeated(|this| {
                    this.visit_expr(&each.test);
                    this.visit_body(&each.body);
                });
                self.visit_body(&each.orelse);
            }
            Stmt::Try(attempt) => {
                self.repeated(|this| {
                    this.visit_body(&attempt.body);
                    for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
                        if let Some(class) = &handler.type_ {
                            this.visit_expr(class);
                        }
                        if let Some(name) = &handler.name {
                            this.bind(name);
                        }
                        this.visit_body(&handler.body);
                    }
                    this.visit_body(&attempt.orelse);
                    this.visit_body(&attempt.finalbody);
                });
            }
            Stmt::With(with) => {
                if with.is_async {
                    self.asynchronous("async with", span(stmt));
                }
                visitor::walk_stmt(self, stmt);
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.import_alias(alias, false);
                }
            }
            Stmt::ImportFrom(import) => {
                self.future(import);
                for alias in &import.names {
                    if alias.name.as_str() == "*" {
                        if self.at.0 != 0 {
                            self.fail(Problem::syntax(
                                "import * only allowed at module level",
                                range(alias.range),
                            ));
                        }
                    } else {
                        self.import_alias(alias, true);
                    }
                }
            }
            Stmt::Global(stmt) => {
                let result = self.declare(range(stmt.range), &stmt.names, true);
                self.check(result);
            }
            Stmt::Nonlocal(stmt) => {
                let result = self.declare(range(stmt.range), &stmt.names, false);
                self.check(result);
            }
            Stmt::TypeAlias(alias) => self.type_alias(alias),
            Stmt::Match(choice) => {
                self.visit_expr(&choice.subject);
                for case in &choice.cases {
                    self.visit_pattern(&case.pattern);
                    if let Some(guard) = &case.guard {
                        self.visit_expr(guard);
                    }
                    self.visit_body(&case.body);
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => self.name(name),
            Expr::Named(named) => self.walrus(named),
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.defaults(parameters);
                }
                self.enter(ScopeKind::Function, None, &lambda.node_index, |this| {
                    if let Some(parameters) = &lambda.parameters {
                        this.parameters_inside(parameters);
                    }
                    this.visit_expr(&lambda.body);
                });
            }
            Expr::ListComp(comp) => {
                let elements = [Some(&*comp.elt), None];
                self.comprehension(
                    ScopeKind::Comprehension,
                    &comp.node_index,
                    &comp.generators,
                    elements,
                );
            }
            Expr::SetComp(comp) => {
                let elements = [Some(&*comp.elt), None];
                self.comprehension(
                    ScopeKind::Comprehension,
                    &comp.node_index,
                    &comp.generators,
                    elements,
                );
            }
            Expr::DictComp(comp) => {
                let elements = [comp.key.as_deref(), Some(&*comp.value)];
                self.comprehension(
                    ScopeKind::Comprehension,
                    &comp.node_index,
                    &comp.generators,
                    elements,
                );
            }
            Expr::Generator(comp) => {
                let elements = [Some(&*comp.elt), None];
                self.comprehension(
                    ScopeKind::Generator,
                    &comp.node_index,
                    &comp.generators,
                    elements,
                );
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                self.yields(span(expr));
                visitor::walk_expr(self, expr);
            }
            Expr::Await(_) => self.asynchronous("await", span(expr)),
            Expr::Attribute(attribute) => {
                if attribute.ctx != ExprContext::Load
                    && let Expr::Name(name) = &*attribute.value
                {
                    let sym = self.names.sym(&name.id);
                    self.scopes.attribute_stores.push(sym);
                }
                self.note_reflection(&attribute.attr);
                // Not the context of the attribute: `x.a = 1` reads `x`, and so says the tree.
                visitor::walk_expr(self, expr);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        match pattern {
            Pattern::MatchAs(capture) => {
                if let Some(name) = &capture.name {
                    self.bind(name);
                }
            }
            Pattern::MatchStar(star) => {
                if let Some(name) = &star.name {
                    self.bind(name);
                }
            }
            Pattern::MatchMapping(mapping) => {
                if let Some(name) = &mapping.rest {
                    self.bind(name);
                }
            }
            _ => {}
        }
        visitor::walk_pattern(self, pattern);
    }
}
