//! The first pass: what each scope binds, uses and declares.

use super::{Place, Scope, ScopeId, ScopeKind, Scopes, Symbol, about, resolve};
use crate::compile::names::{Names, Sym};
use crate::compile::problem::{Compiled, Problem};
use crate::parse::{range, span};
use crate::program::Span;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    self as ast, AtomicNodeIndex, Comprehension, ExceptHandler, Expr, ExprContext, NodeIndex,
    Pattern, Stmt,
};
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

/// How a name is mentioned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Read,
    Bind,
    Param,
    Iteration,
    Annotation,
    Declare,
}

struct Builder<'n> {
    scopes: Scopes,
    names: &'n mut Names,
    at: ScopeId,
    /// How many loops and `try`s of the module's own statements are open.
    repeats: u32,
    /// Set while the targets of a comprehension's `for` are visited.
    iteration: bool,
    /// Set while the iterable of a comprehension is visited.
    iterable: bool,
    error: Option<Problem>,
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
            imported: Vec::new(),
            attribute_stores: Vec::new(),
            class_sym,
        },
        names,
        at: ScopeId(0),
        repeats: 0,
        iteration: false,
        iterable: false,
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

fn has_future_annotations(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| {
        matches!(stmt, Stmt::ImportFrom(import)
            if import.level == 0
                && import.module.as_deref() == Some("__future__")
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
    fn fail(&mut self, problem: Problem) {
        if self.error.is_none() {
            self.error = Some(problem);
        }
    }

    fn check(&mut self, result: Compiled) {
        if let Err(problem) = result {
            self.fail(problem);
        }
    }

    fn scope(&mut self) -> &mut Scope {
        self.scopes.get_mut(self.at)
    }

    fn unit(&mut self) -> &mut Scope {
        let unit = self.scope().unit;
        self.scopes.get_mut(unit)
    }

    fn sym(&mut self, name: &str) -> Sym {
        let class = self.scopes.get(self.at).class.clone();
        self.names.mangled(name, class.as_deref())
    }

    /// Runs `inside` in a new scope that stands for `node`.
    fn enter(
        &mut self,
        kind: ScopeKind,
        class: Option<Arc<str>>,
        node: &AtomicNodeIndex,
        inside: impl FnOnce(&mut Self),
    ) {
        let id = ScopeId(self.scopes.all.len() as u32);
        node.set(NodeIndex::from(id.0));
        let parent = self.at;
        let unit = if kind == ScopeKind::Comprehension {
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

    fn mention(&mut self, sym: Sym, how: Use, span: Span) {
        self.mention_in(self.at, sym, how, span);
    }

    fn mention_in(&mut self, scope: ScopeId, sym: Sym, how: Use, span: Span) {
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

    fn bind(&mut self, name: &ast::Identifier) {
        let sym = self.sym(name);
        if name.as_str() == "__debug__" {
            self.fail(Problem::syntax(
                "cannot assign to __debug__",
                range(name.range),
            ));
        }
        self.mention(sym, Use::Bind, range(name.range));
    }

    fn repeated(&mut self, inside: impl FnOnce(&mut Self)) {
        self.repeats += 1;
        inside(self);
        self.repeats -= 1;
    }

    fn declare(&mut self, stmt: Span, names: &[ast::Identifier], global: bool) -> Compiled {
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

    /// The parts of parameters that belong to the scope around the function.
    fn parameters_outside(&mut self, parameters: &ast::Parameters) {
        for default in parameters
            .iter_non_variadic_params()
            .filter_map(|p| p.default())
        {
            self.visit_expr(default);
        }
        if !self.scopes.future_annotations {
            for annotation in parameters.iter().filter_map(|p| p.annotation()) {
                self.visit_expr(annotation);
            }
        }
    }

    fn parameters_inside(&mut self, parameters: &ast::Parameters) {
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

    fn function(&mut self, def: &ast::StmtFunctionDef) {
        if let Some(params) = &def.type_params {
            self.type_params(params);
        }
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
        self.parameters_outside(&def.parameters);
        if let Some(returns) = &def.returns
            && !self.scopes.future_annotations
        {
            self.visit_expr(returns);
        }
        self.bind(&def.name);
        self.enter(ScopeKind::Function, None, &def.node_index, |this| {
            this.parameters_inside(&def.parameters);
            this.visit_body(&def.body);
        });
    }

    fn class(&mut self, def: &ast::StmtClassDef) {
        if let Some(params) = &def.type_params {
            self.type_params(params);
        }
        for decorator in &def.decorator_list {
            self.visit_expr(&decorator.expression);
        }
        if let Some(arguments) = &def.arguments {
            self.visit_arguments(arguments);
        }
        self.bind(&def.name);
        let name = Arc::from(def.name.as_str());
        self.enter(ScopeKind::Class, Some(name), &def.node_index, |this| {
            this.visit_body(&def.body)
        });
    }

    fn type_params(&mut self, params: &ast::TypeParams) {
        self.fail(Problem::unsupported(
            "type parameter lists (PEP 695) are not run",
            range(params.range),
            "leave the brackets out, or use typing.TypeVar and typing.Generic",
        ));
    }

    fn comprehension(
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
    fn walrus(&mut self, named: &ast::ExprNamed) {
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

    fn yields(&mut self, place: Span) {
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
    fn asynchronous(&mut self, what: &str, place: Span) {
        let function = self.scopes.get(self.at).is_function();
        let kind = if function || what != "await" {
            "async function"
        } else {
            "function"
        };
        self.fail(Problem::syntax(format!("'{what}' outside {kind}"), place));
    }

    fn name(&mut self, name: &ast::ExprName) {
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

    fn import_alias(&mut self, alias: &ast::Alias, from: bool) {
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

    fn note_reflection(&mut self, name: &str) {
        self.scopes.dynamic_globals |= DYNAMIC.contains(&name);
        self.scopes.reflective |= REFLECTIVE.contains(&name);
    }
}

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
                if attempt.is_star {
                    self.fail(Problem::unsupported(
                        "except* is not run",
                        span(stmt),
                        "use except, and look into the group's .exceptions",
                    ));
                }
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
            Stmt::TypeAlias(alias) => self.fail(Problem::unsupported(
                "type statements (PEP 695) are not run",
                range(alias.range),
                "assign the type to a name",
            )),
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
                    self.parameters_outside(parameters);
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
