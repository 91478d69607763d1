//! Functions, lambdas, generator expressions, decorators; parameters, defaults and annotations.

use crate::compile::codegen::Codegen;
use crate::compile::problem::Compiled;
use crate::compile::scope::ScopeId;
use crate::compile::stmt::ends;
use crate::parse::{range, span};
use crate::program::instr::{Instr, Reg};
use crate::program::{CodeKind, Const, Params, Span};
use ruff_python_ast::{self as ast, Expr, Parameter, Parameters, Stmt};
use ruff_text_size::TextRange;
use std::sync::Arc;

impl<'a> Codegen<'a, '_> {
    /// A `def`.
    pub fn function_def(&mut self, def: &'a ast::StmtFunctionDef) -> Compiled {
        let at = range(def.name.range);
        let at = Span {
            start: self.def_start(span(def).start, &def.decorator_list),
            end: at.end,
        };
        let mark = self.unit.mark();
        let outer = match &def.type_params {
            Some(params) => Some(self.enter_type_params(params)?),
            None => None,
        };
        let inner = self.scope;
        self.scope = outer.unwrap_or(inner);
        let window = self.decorators(&def.decorator_list)?;
        let d = self.unit.temp(at)?;
        let parts = self.defaults(Some(&def.parameters), at)?;
        self.scope = inner;
        self.annotations(&def.parameters, def.returns.as_deref(), parts + 2, at)?;
        let scope = self.module.scopes.of(&def.node_index);
        let generator = self.module.scopes.get(scope).generator;
        let kind = if generator {
            CodeKind::Generator
        } else {
            CodeKind::Function
        };
        self.start_unit(kind, scope, &def.name, at)?;
        self.parameters(Some(&def.parameters), at)?;
        self.unit.doc = self.docstring(&def.body);
        self.body(&def.body)?;
        if !ends(&def.body) {
            let end = def.body.last().map_or(at, span);
            self.return_none(end)?;
        }
        self.make_function(scope, d, parts, at)?;
        if let Some(params) = &def.type_params {
            self.set_type_params(params, d)?;
        }
        self.scope = outer.unwrap_or(inner);
        let result = self.decorate(window, d);
        let sym = self.sym(&def.name);
        self.store_at(sym, result, at, range(def.name.range).start)?;
        self.unit.release(mark);
        Ok(())
    }

    /// Where the `def` or `class` keyword stands: the statement begins with its decorators.
    pub fn def_start(&self, start: u32, decorators: &[ast::Decorator]) -> u32 {
        let Some(last) = decorators.last() else {
            return start;
        };
        let mut at = range(last.range).end as usize;
        let bytes = self.module.source.as_bytes();
        // Between a decorator and the keyword stand only white space and comments.
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'#' => {
                    while bytes.get(at).is_some_and(|&byte| byte != b'\n') {
                        at += 1;
                    }
                }
                b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'\\' => at += 1,
                _ => break,
            }
        }
        at as u32
    }

    /// Evaluates decorators, each at the head of a call window for what it decorates.
    pub fn decorators(&mut self, decorators: &'a [ast::Decorator]) -> Compiled<Vec<(Reg, Span)>> {
        decorators
            .iter()
            .map(|decorator| {
                Ok((
                    self.fresh(&decorator.expression)?,
                    span(&decorator.expression),
                ))
            })
            .collect()
    }

    /// Calls the decorators, the last first. They stand in a row right below `d`, each with its argument above it. Gives
    /// the register of the result.
    pub fn decorate(&mut self, decorators: Vec<(Reg, Span)>, d: Reg) -> Reg {
        let mut result = d;
        for (f, at) in decorators.into_iter().rev() {
            debug_assert_eq!(f + 1, result, "the argument stands above its decorator");
            self.unit.emit(Instr::Call { argc: 1, f, d: f }, at);
            result = f;
        }
        result
    }

    /// A `lambda`.
    pub fn lambda(&mut self, lambda: &'a ast::ExprLambda, d: Reg) -> Compiled {
        let at = range(lambda.range);
        let parameters = lambda.parameters.as_deref();
        let parts = self.defaults(parameters, at)?;
        let scope = self.module.scopes.of(&lambda.node_index);
        let generator = self.module.scopes.get(scope).generator;
        let kind = if generator {
            CodeKind::Generator
        } else {
            CodeKind::Function
        };
        self.start_unit(kind, scope, "<lambda>", at)?;
        self.parameters(parameters, at)?;
        let s = self.value(&lambda.body)?;
        self.unit.emit(Instr::Return { s }, span(&*lambda.body));
        self.make_function(scope, d, parts, at)
    }

    /// A generator expression: a generator function of one parameter, the iterator, called at once.
    pub fn generator(&mut self, generator: &'a ast::ExprGenerator, d: Reg) -> Compiled {
        let at = range(generator.range);
        let f = if self.unit.is_newest(d) {
            d
        } else {
            self.unit.temp(at)?
        };
        let mark = self.unit.mark();
        let parts = self.defaults(None, at)?;
        let scope = self.module.scopes.of(&generator.node_index);
        self.start_unit(CodeKind::Generator, scope, "<genexpr>", at)?;
        let iterator: Arc<str> = ".0".into();
        self.unit.params = Params {
            names: vec![iterator.clone()],
            positional_only: 1,
            positional: 1,
            ..Params::default()
        };
        let it = self.unit.local(iterator, at)?;
        self.declare_registers(at)?;
        self.generator_body(generator, it)?;
        self.return_none(at)?;
        self.make_function(scope, f, parts, at)?;
        self.unit.release(mark);
        let it = self.unit.temp(at)?;
        let first = &generator.generators[0].iter;
        self.into(first, it)?;
        self.unit.emit(Instr::GetIter { d: it, s: it }, span(first));
        self.unit.emit(Instr::Call { argc: 1, f, d }, at);
        Ok(())
    }

    /// Finishes the unit at hand and makes a function of it in the one around.
    pub fn make_function(&mut self, scope: ScopeId, d: Reg, parts: Reg, at: Span) -> Compiled {
        let id = self.finish_unit();
        let parent = self
            .module
            .scopes
            .get(scope)
            .parent
            .expect("a function stands in a scope");
        self.scope = parent;
        let free = &self.module.scopes.get(scope).free;
        let captured = free.iter().map(|&sym| {
            self.cell(sym)
                .expect("what an inner function captures has a cell in this frame")
        });
        let captured: Vec<Reg> = captured.collect();
        let code = u16::try_from(self.unit.codes.len())
            .map_err(|_| crate::compile::problem::Problem::too_many("functions", at))?;
        self.unit.codes.push(id);
        self.unit.captures.push(captured);
        self.unit.emit(Instr::Function { d, code, parts }, at);
        Ok(())
    }

    /// Evaluates defaults and keyword-only defaults into the first two of three registers in a row; the third is for annotations.
    pub fn defaults(&mut self, parameters: Option<&'a Parameters>, at: Span) -> Compiled<Reg> {
        let parts = self.unit.temps(3, at)?;
        for offset in 0..3 {
            self.unit.emit(Instr::None { d: parts + offset }, at);
        }
        let Some(parameters) = parameters else {
            return Ok(parts);
        };
        let mark = self.unit.mark();
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        let defaults: Vec<&Expr> = positional
            .filter_map(|parameter| parameter.default.as_deref())
            .collect();
        if !defaults.is_empty() {
            let a = self.unit.mark() as Reg;
            for default in &defaults {
                self.fresh(default)?;
            }
            let n = defaults.len() as u16;
            self.unit.emit(Instr::Tuple { d: parts, a, n }, at);
            self.unit.release(mark);
        }
        let mut count = 0;
        let a = self.unit.mark() as Reg;
        for parameter in &parameters.kwonlyargs {
            if let Some(default) = &parameter.default {
                self.named_text(&parameter.parameter.name, at)?;
                self.fresh(default)?;
                count += 1;
            }
        }
        if count > 0 {
            self.unit.emit(
                Instr::Dict {
                    d: parts + 1,
                    a,
                    n: count,
                },
                at,
            );
        }
        self.unit.release(mark);
        Ok(parts)
    }

    fn named_text(&mut self, name: &str, at: Span) -> Compiled {
        let sym = self.sym(name);
        let text = self.text(sym);
        let reg = self.unit.temp(at)?;
        self.load_const(text, reg, at)
    }

    fn annotations(
        &mut self,
        parameters: &'a Parameters,
        returns: Option<&'a Expr>,
        d: Reg,
        at: Span,
    ) -> Compiled {
        let mark = self.unit.mark();
        let a = mark as Reg;
        let mut count = 0;
        let plain = |list: &'a [ast::ParameterWithDefault]| {
            list.iter().map(|parameter| &parameter.parameter)
        };
        let all = plain(&parameters.posonlyargs)
            .chain(plain(&parameters.args))
            .chain(parameters.vararg.as_deref())
            .chain(plain(&parameters.kwonlyargs))
            .chain(parameters.kwarg.as_deref());
        for parameter in all {
            let Parameter {
                name, annotation, ..
            } = parameter;
            if let Some(annotation) = annotation {
                self.named_text(name, at)?;
                self.annotation(annotation)?;
                count += 1;
            }
        }
        if let Some(returns) = returns {
            let reg = self.unit.temp(at)?;
            self.load_const(Const::Str("return".into()), reg, at)?;
            self.annotation(returns)?;
            count += 1;
        }
        if count > 0 {
            self.unit.emit(Instr::Dict { d, a, n: count }, at);
        }
        self.unit.release(mark);
        Ok(())
    }

    /// An annotation's value in a new temporary; its text under `from __future__ import annotations`.
    pub fn annotation(&mut self, annotation: &'a Expr) -> Compiled<Reg> {
        let at = span(annotation);
        if self.module.scopes.future_annotations {
            let reg = self.unit.temp(at)?;
            let text = self.source_text(annotation);
            self.load_const(Const::Str(text.into()), reg, at)?;
            return Ok(reg);
        }
        match annotation {
            // `*args: *Ts` is the one thing in `(*Ts,)`.
            Expr::Starred(starred) => {
                let mark = self.unit.mark();
                let value = self.value(&starred.value)?;
                self.unit.release(mark);
                let reg = self.unit.temp(at)?;
                self.unit.emit(
                    Instr::Unpack {
                        s: value,
                        a: reg,
                        n: 1,
                    },
                    at,
                );
                Ok(reg)
            }
            annotation => self.fresh(annotation),
        }
    }

    /// An expression's text with white space as CPython's unparser would put it, nearly.
    fn source_text(&self, expr: &Expr) -> String {
        let Span { start, end } = span(expr);
        let text = &self.module.source[start as usize..end as usize];
        crate::compile::annotation::normalised(text)
    }

    /// Declares the parameters of the unit just started, and then its other variables.
    pub fn parameters(&mut self, parameters: Option<&Parameters>, at: Span) -> Compiled {
        if let Some(parameters) = parameters {
            let plain = |list: &[ast::ParameterWithDefault]| -> Vec<(String, TextRange)> {
                list.iter()
                    .map(|parameter| {
                        let name = &parameter.parameter.name;
                        (name.to_string(), name.range)
                    })
                    .collect()
            };
            let starred = |parameter: &Option<Box<Parameter>>| -> Vec<(String, TextRange)> {
                parameter
                    .iter()
                    .map(|parameter| (parameter.name.to_string(), parameter.name.range))
                    .collect()
            };
            let groups = [
                plain(&parameters.posonlyargs),
                plain(&parameters.args),
                plain(&parameters.kwonlyargs),
                starred(&parameters.vararg),
                starred(&parameters.kwarg),
            ];
            let counts: Vec<u16> = groups.iter().map(|group| group.len() as u16).collect();
            let mut names = Vec::new();
            for (name, place) in groups.into_iter().flatten() {
                let sym = self.sym(&name);
                self.declare(self.unit.scope, sym, range(place))?;
                names.push(self.names.text(sym).clone());
            }
            self.unit.params = Params {
                names,
                positional_only: counts[0],
                positional: counts[0] + counts[1],
                keyword_only: counts[2],
                star: counts[3] > 0,
                star_star: counts[4] > 0,
            };
        }
        self.declare_registers(at)
    }

    /// A body's docstring, with its indentation taken off as CPython 3.13 does.
    pub fn docstring(&self, body: &[Stmt]) -> Option<Arc<str>> {
        let Some(Stmt::Expr(first)) = body.first() else {
            return None;
        };
        let Expr::StringLiteral(text) = &*first.value else {
            return None;
        };
        Some(crate::compile::annotation::clean_doc(text.value.to_str()).into())
    }
}
