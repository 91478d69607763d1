//! Constructs that open scopes or bind across them: functions, classes, comprehensions, assignment expressions.

use super::ScopeKind;
use super::build::{Builder, Use};
use crate::compile::problem::Problem;
use crate::compile::type_params;
use crate::parse::{range, span};
use crate::program::Span;
use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{self as ast, AtomicNodeIndex, Comprehension, Expr, ExprContext, TypeParam};
use std::sync::Arc;

/// Names and attributes by which code reaches its own globals, or gets hold of its own module.
const DYNAMIC: [&str; 7] = [
    "globals",
    "exec",
    "__main__",
    "modules",
    "import_module",
    "__globals__",
    "f_globals",
];
/// Names and attributes by which code that got hold of another module may change it.
const REFLECTIVE: [&str; 4] = ["setattr", "delattr", "vars", "__dict__"];

impl Builder<'_> {
    /// The parts of parameters that belong to the scope around the function.
    pub(super) fn defaults(&mut self, parameters: &ast::Parameters) {
        for default in parameters
            .iter_non_variadic_params()
            .filter_map(|p| p.default())
        {
            self.visit_expr(default);
        }
    }

    fn annotations(&mut self, def: &ast::StmtFunctionDef) {
        if !self.scopes.future_annotations {
            let parameters = def.parameters.iter().filter_map(|p| p.annotation());
            for annotation in parameters.chain(def.returns.as_deref()) {
                self.visit_expr(annotation);
            }
        }
    }

    pub(super) fn parameters_inside(&mut self, parameters: &ast::Parameters) {
        let plain = parameters.iter_non_variadic_params().map(|p| &p.parameter);
        let starred = parameters
            .vararg
            .iter()
            .chain(&parameters.kwarg)
            .map(|p| &**p);
        for parameter in plain.chain(starred) {
            let name = &parameter.name;
            let sym = self.sym(name);
            if self.scope().symbols.contains_key(&sym) {
                self.fail(Problem::syntax(
                    format!("duplicate argument '{name}' in function definition"),
                    range(name.range),
                ));
            }
            if name.as_str() == "__debug__" {
                self.fail(Problem::syntax(
                    "cannot assign to __debug__",
                    range(name.range),
                ));
            }
            self.mention(sym, Use::Param, range(name.range));
        }
    }

    pub(super) fn function(&mut self, def: &ast::StmtFunctionDef) {
        if def.is_async {
            self.fail(Problem::unsupported(
                "async functions are not run",
                Span {
                    start: span(def).start,
                    end: range(def.name.range).end,
                },
                "raddle runs programs that use threads; write the function with def and start it in a threading.Thread",
            ));
        }
        for decorator in &def.decorator_list {
            self.visit_expr(&decorator.expression);
        }
        self.defaults(&def.parameters);
        let inside = |this: &mut Self| {
            this.annotations(def);
            this.enter(ScopeKind::Function, None, &def.node_index, |this| {
                this.parameters_inside(&def.parameters);
                this.visit_body(&def.body);
            });
        };
        self.bind(&def.name);
        self.with_type_params(def.type_params.as_deref(), inside);
    }

    pub(super) fn class(&mut self, def: &ast::StmtClassDef) {
        for decorator in &def.decorator_list {
            self.visit_expr(&decorator.expression);
        }
        let inside = |this: &mut Self| {
            if let Some(arguments) = &def.arguments {
                this.visit_arguments(arguments);
            }
            let name = Arc::from(def.name.as_str());
            this.enter(ScopeKind::Class, Some(name), &def.node_index, |this| {
                this.visit_body(&def.body)
            });
        };
        self.bind(&def.name);
        self.with_type_params(def.type_params.as_deref(), inside);
    }

    pub(super) fn type_alias(&mut self, alias: &ast::StmtTypeAlias) {
        self.with_type_params(alias.type_params.as_deref(), |this| {
            this.lazy(&alias.value, &alias.node_index, "a type alias");
        });
        self.visit_expr(&alias.name);
    }

    /// What stands in the scope of type parameters, if there are any.
    fn with_type_params(
        &mut self,
        params: Option<&ast::TypeParams>,
        inside: impl FnOnce(&mut Self),
    ) {
        let Some(params) = params else {
            return inside(self);
        };
        self.scopes.typed = true;
        self.enter(ScopeKind::TypeParams, None, &params.node_index, |this| {
            for param in &params.type_params {
                let name = param.name();
                let sym = this.sym(name);
                if this.scope().symbols.contains_key(&sym) {
                    this.fail(Problem::syntax(
                        format!("duplicate type parameter '{name}'"),
                        range(name.range),
                    ));
                }
                this.mention(sym, Use::Bind, range(name.range));
            }
            let mut defaulted = false;
            for param in &params.type_params {
                let (kind, bound) = match (param, type_params::bound(param)) {
                    (_, Some((Expr::Tuple(_), _))) => ("TypeVar", "a TypeVar constraint"),
                    (TypeParam::TypeVar(_), _) => ("TypeVar", "a TypeVar bound"),
                    (TypeParam::TypeVarTuple(_), _) => ("TypeVarTuple", ""),
                    (TypeParam::ParamSpec(_), _) => ("ParamSpec", ""),
                };
                if let Some((expr, node)) = type_params::bound(param) {
                    this.lazy(expr, node, bound);
                }
                let default = type_params::default(param);
                if let Some((expr, node)) = default {
                    let what = match kind {
                        "TypeVar" => "a TypeVar default",
                        "ParamSpec" => "a ParamSpec default",
                        _ => "a TypeVarTuple default",
                    };
                    this.lazy(expr, node, what);
                } else if defaulted {
                    let name = param.name();
                    this.fail(Problem::syntax(
                        format!(
                            "non-default type parameter '{name}' follows default type parameter"
                        ),
                        range(name.range),
                    ));
                }
                defaulted |= default.is_some();
            }
            inside(this);
        });
    }

    /// What the scope at hand is, if it is one of a type parameter list or alias, where no names are bound and nothing is yielded.
    fn type_scope(&self) -> Option<&'static str> {
        if self.scopes.get(self.at).kind == ScopeKind::TypeParams {
            return Some("the definition of a generic");
        }
        let found = self.lazy.iter().find(|(scope, _)| *scope == self.at);
        found.map(|(_, what)| *what)
    }

    /// An expression that is evaluated when somebody asks; in a class body at once.
    fn lazy(&mut self, expr: &Expr, node: &AtomicNodeIndex, what: &'static str) {
        self.scopes.typed = true;
        if self.scopes.in_class_body(self.at) {
            self.visit_expr(expr);
        } else {
            self.enter(ScopeKind::Function, None, node, |this| {
                this.lazy.push((this.at, what));
                this.visit_expr(expr);
            });
        }
    }

    pub(super) fn comprehension(
        &mut self,
        kind: ScopeKind,
        node: &AtomicNodeIndex,
        generators: &[Comprehension],
        elements: [Option<&Expr>; 2],
    ) {
        let Some(first) = generators.first() else {
            return;
        };
        let iterable = std::mem::replace(&mut self.iterable, true);
        self.visit_expr(&first.iter);
        self.iterable = iterable;
        self.enter(kind, None, node, |this| {
            for (index, part) in generators.iter().enumerate() {
                if part.is_async {
                    this.fail(Problem::syntax(
                        "asynchronous comprehension outside of an asynchronous function",
                        range(part.range),
                    ));
                }
                this.iteration = true;
                this.visit_expr(&part.target);
                this.iteration = false;
                if index > 0 {
                    this.iterable = true;
                    this.visit_expr(&part.iter);
                    this.iterable = false;
                }
                for condition in &part.ifs {
                    this.visit_expr(condition);
                }
            }
            for element in elements.into_iter().flatten() {
                this.visit_expr(element);
            }
        });
    }

    /// An assignment expression binds in the nearest scope that is no comprehension.
    pub(super) fn walrus(&mut self, named: &ast::ExprNamed) {
        if let Some(what) = self.type_scope() {
            self.fail(Problem::syntax(
                format!("named expression cannot be used within {what}"),
                range(named.range),
            ));
        }
        self.visit_expr(&named.value);
        let Expr::Name(name) = &*named.target else {
            return;
        };
        let place = range(name.range);
        if self.iterable {
            self.fail(Problem::syntax(
                "assignment expression cannot be used in a comprehension iterable expression",
                place,
            ));
        }
        let sym = self.sym(&name.id);
        let mut target = self.at;
        while matches!(
            self.scopes.get(target).kind,
            ScopeKind::Comprehension | ScopeKind::Generator
        ) {
            let scope = self.scopes.get(target);
            let parent = scope.parent;
            if scope
                .symbols
                .get(&sym)
                .is_some_and(|symbol| symbol.iteration)
            {
                self.fail(Problem::syntax(
                    format!(
                        "assignment expression cannot rebind comprehension iteration variable '{}'",
                        name.id
                    ),
                    place,
                ));
            }
            target = parent.expect("a comprehension stands in a scope");
        }
        if target != self.at {
            if self.scopes.get(target).kind == ScopeKind::Class {
                self.fail(Problem::syntax(
                    "assignment expression within a comprehension cannot be used in a class body",
                    place,
                ));
            }
            self.mention(sym, Use::Read, place);
        }
        self.repeated(|this| this.mention_in(target, sym, Use::Bind, place));
        self.unit().walrus = true;
        let unit = self.scopes.get(target).unit;
        self.scopes.get_mut(unit).walrus = true;
    }

    pub(super) fn yields(&mut self, place: Span) {
        if let Some(what) = self.type_scope() {
            self.fail(Problem::syntax(
                format!("yield expression cannot be used within {what}"),
                place,
            ));
        }
        match self.scopes.get(self.at).kind {
            ScopeKind::Function => self.scope().generator = true,
            ScopeKind::Comprehension => {
                self.fail(Problem::syntax("'yield' inside list comprehension", place))
            }
            ScopeKind::Generator => self.fail(Problem::syntax(
                "'yield' inside generator expression",
                place,
            )),
            _ => self.fail(Problem::syntax("'yield' outside function", place)),
        }
    }

    /// What belongs into an `async def`, which is refused itself.
    pub(super) fn asynchronous(&mut self, what: &str, place: Span) {
        let function = self.scopes.get(self.at).is_function();
        let kind = if function || what != "await" {
            "async function"
        } else {
            "function"
        };
        self.fail(Problem::syntax(format!("'{what}' outside {kind}"), place));
    }

    pub(super) fn name(&mut self, name: &ast::ExprName) {
        let sym = self.sym(&name.id);
        let how = match name.ctx {
            ExprContext::Load => Use::Read,
            _ if self.iteration => Use::Iteration,
            _ => Use::Bind,
        };
        let place = range(name.range);
        if how == Use::Read {
            let text = name.id.as_str();
            let function = self.scopes.get(self.at).is_function();
            if text == "super" && function {
                let class = self.scopes.class_sym;
                self.mention(class, Use::Read, place);
            }
            self.note_reflection(text);
            if matches!(text, "locals" | "vars") && !function {
                self.scopes.dynamic_globals = true;
            }
        } else if name.id.as_str() == "__debug__" {
            let word = if name.ctx == ExprContext::Del {
                "delete"
            } else {
                "assign to"
            };
            self.fail(Problem::syntax(format!("cannot {word} __debug__"), place));
        } else if how == Use::Iteration
            && let Some(symbol) = self.scope().symbols.get(&sym)
            && symbol.bound
            && !symbol.iteration
        {
            self.fail(Problem::syntax(
                format!(
                    "assignment expression cannot rebind comprehension iteration variable '{}'",
                    name.id
                ),
                place,
            ));
        }
        self.mention(sym, how, place);
    }

    pub(super) fn import_alias(&mut self, alias: &ast::Alias, from: bool) {
        let name = match &alias.asname {
            Some(name) => name.as_str(),
            None if from => alias.name.as_str(),
            None => alias.name.split('.').next().unwrap_or_default(),
        };
        alias
            .name
            .split('.')
            .for_each(|part| self.note_reflection(part));
        let sym = self.sym(name);
        self.scopes.imported.push(sym);
        self.mention(sym, Use::Bind, range(alias.range));
    }

    pub(super) fn note_reflection(&mut self, name: &str) {
        self.scopes.dynamic_globals |= DYNAMIC.contains(&name);
        self.scopes.reflective |= REFLECTIVE.contains(&name);
    }
}
