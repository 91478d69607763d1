//! Calls. Callee and arguments stand in registers in a row above all others in use, where the callee's frame begins.

use crate::compile::codegen::Codegen;
use crate::compile::problem::{Compiled, Problem};
use crate::compile::scope::Place;
use crate::parse::{range, span};
use crate::program::instr::{Helper, Instr, Reg};
use crate::program::{Const, Span};
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{self as ast, Expr, Keyword};
use rustc_hash::FxHashSet;

/// Calls with more arguments pass them as a list.
const MAX_ARGUMENTS: usize = 200;

impl<'a> Codegen<'a, '_> {
    /// `d = call`.
    pub fn call(&mut self, call: &'a ast::ExprCall, d: Reg) -> Compiled {
        let arguments = &call.arguments;
        check_keywords(&arguments.keywords)?;
        let at = self.call_span(call);
        if self.bare_super(call, d)? {
            return Ok(());
        }
        let spread = arguments.args.iter().any(Expr::is_starred_expr)
            || arguments
                .keywords
                .iter()
                .any(|keyword| keyword.arg.is_none())
            || arguments.len() > MAX_ARGUMENTS;
        // The result may come where the callee stood.
        let f = if self.unit.is_newest(d) {
            d
        } else {
            self.unit.temp(at)?
        };
        if !spread
            && arguments.keywords.is_empty()
            && let Expr::Attribute(method) = &*call.func
            && !self.is_super(&method.value)
            && arguments.args.iter().all(is_quiet)
        {
            let receiver = self.unit.temp(at)?;
            self.into(&method.value, receiver)?;
            self.arguments(&arguments.args, at)?;
            let n = self.attribute(&method.attr)?;
            let argc = arguments.args.len() as u8;
            self.unit.emit(Instr::CallMethod { argc, f, d, n }, at);
            return Ok(());
        }
        self.into(&call.func, f)?;
        if spread {
            self.spread_arguments(&arguments.args, &arguments.keywords, f, at)?;
            self.unit.emit(Instr::CallEx { f, d }, at);
            return Ok(());
        }
        self.arguments(&arguments.args, at)?;
        let argc = arguments.len() as u8;
        if arguments.keywords.is_empty() {
            self.unit.emit(Instr::Call { argc, f, d }, at);
            return Ok(());
        }
        let mut names = Vec::with_capacity(arguments.keywords.len());
        for keyword in &arguments.keywords {
            let reg = self.unit.temp(at)?;
            self.into(&keyword.value, reg)?;
            names.push(self.keyword_name(keyword));
        }
        let k = self.unit.constant(Const::Tuple(names), at)?;
        self.unit.emit(Instr::CallKw { argc, f, d, k }, at);
        Ok(())
    }

    /// What CPython underlines for a call: of a method call whose callee spans lines, from the method's name on.
    fn call_span(&self, call: &ast::ExprCall) -> Span {
        let whole = span(call);
        if let Expr::Attribute(method) = &*call.func {
            let name = range(method.attr.range);
            if self.line(whole.start) != self.line(name.start) {
                return Span {
                    start: name.start,
                    end: whole.end,
                };
            }
        }
        whole
    }

    fn keyword_name(&mut self, keyword: &Keyword) -> Const {
        let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
        let sym = self.sym(name);
        self.text(sym)
    }

    fn arguments(&mut self, args: &'a [Expr], at: Span) -> Compiled {
        for arg in args {
            let reg = self.unit.temp(at)?;
            self.into(arg, reg)?;
        }
        Ok(())
    }

    /// Puts positional arguments into `f + 1` as a list or tuple, keyword arguments into `f + 2` as a dict or None.
    pub fn spread_arguments(
        &mut self,
        args: &'a [Expr],
        keywords: &'a [Keyword],
        f: Reg,
        at: Span,
    ) -> Compiled {
        let list = self.unit.temp(at)?;
        debug_assert_eq!(list, f + 1, "the window starts with the callee");
        self.unit.emit(
            Instr::List {
                d: list,
                a: list + 1,
                n: 0,
            },
            at,
        );
        for arg in args {
            self.add_item(arg, list, false, args.len() == 1)?;
        }
        let dict = self.unit.temp(at)?;
        if keywords.is_empty() {
            self.unit.emit(Instr::None { d: dict }, at);
            return Ok(());
        }
        self.unit.emit(
            Instr::Dict {
                d: dict,
                a: dict + 1,
                n: 0,
            },
            at,
        );
        // Once a `**` has been merged, named ones may repeat its keys.
        let mut merged = false;
        for keyword in keywords {
            let mark = self.unit.mark();
            match &keyword.arg {
                None => {
                    let s = self.value(&keyword.value)?;
                    self.unit.emit(Instr::DictMerge { l: dict, s, f }, at);
                    merged = true;
                }
                Some(_) => {
                    let pair = self.unit.temps(2, at)?;
                    let name = self.keyword_name(keyword);
                    self.load_const(name, pair, at)?;
                    self.into(&keyword.value, pair + 1)?;
                    if merged {
                        self.unit.emit(
                            Instr::Dict {
                                d: pair,
                                a: pair,
                                n: 1,
                            },
                            at,
                        );
                        self.unit.emit(
                            Instr::DictMerge {
                                l: dict,
                                s: pair,
                                f,
                            },
                            at,
                        );
                    } else {
                        self.unit.emit(
                            Instr::DictSet {
                                l: dict,
                                k: pair,
                                s: pair + 1,
                            },
                            at,
                        );
                    }
                }
            }
            self.unit.release(mark);
        }
        Ok(())
    }

    /// `d = helper(args)`, the arguments filled in by `fill` into the registers after the window's first.
    pub fn helper(
        &mut self,
        helper: Helper,
        argc: u8,
        d: Reg,
        at: Span,
        fill: impl FnOnce(&mut Self, Reg) -> Compiled,
    ) -> Compiled {
        let mark = self.unit.mark();
        let f = self.unit.temps(1 + argc as usize, at)?;
        fill(self, f + 1)?;
        self.unit.emit(Instr::CallHelper { argc, f, d, helper }, at);
        self.unit.release(mark);
        Ok(())
    }

    /// Whether an expression is the call `super()` of the builtin, in a method.
    fn is_super(&mut self, expr: &Expr) -> bool {
        let Expr::Call(call) = expr else {
            return false;
        };
        let Expr::Name(name) = &*call.func else {
            return false;
        };
        if name.id.as_str() != "super" || !call.arguments.is_empty() {
            return false;
        }
        let scopes = self.module.scopes;
        let sym = self.names.sym("super");
        let method = scopes.get(self.unit.scope).is_function() && self.unit.params.positional > 0;
        method
            && scopes.place(self.scope, sym) == Place::Global
            && !scopes.is_module_name(sym)
            && self.cell(scopes.class_sym).is_some()
    }

    /// `super().name` without making a super object. Gives whether it was one.
    pub fn super_attribute(&mut self, attribute: &'a ast::ExprAttribute, d: Reg) -> Compiled<bool> {
        if !self.is_super(&attribute.value) {
            return Ok(false);
        }
        let c = self
            .cell(self.module.scopes.class_sym)
            .expect("is_super saw it");
        let n = self.attribute(&attribute.attr)?;
        let at = self.attribute_span(attribute);
        self.unit.emit(Instr::LoadSuper { d, c, n }, at);
        Ok(true)
    }

    /// `super()` on its own: the arguments it leaves out are the class and the first parameter.
    fn bare_super(&mut self, call: &'a ast::ExprCall, d: Reg) -> Compiled<bool> {
        let Expr::Name(name) = &*call.func else {
            return Ok(false);
        };
        if name.id.as_str() != "super" || !call.arguments.is_empty() {
            return Ok(false);
        }
        let whole = span(call);
        let scopes = self.module.scopes;
        let method = scopes.get(self.unit.scope).is_function() && self.unit.params.positional > 0;
        let super_sym = self.names.sym("super");
        if !method
            || scopes.place(self.scope, super_sym) != Place::Global
            || scopes.is_module_name(super_sym)
        {
            return Ok(false);
        }
        let Some(c) = self.cell(scopes.class_sym) else {
            return Ok(false);
        };
        let f = self.unit.temps(3, whole)?;
        self.load(super_sym, f, whole)?;
        self.unit.emit(Instr::LoadCell { d: f + 1, c }, whole);
        let first = self.unit.params.names[0].clone();
        let first = self.names.sym(&first);
        let scope = std::mem::replace(&mut self.scope, self.unit.scope);
        self.load(first, f + 2, whole)?;
        self.scope = scope;
        self.unit.emit(Instr::Call { argc: 2, f, d }, whole);
        Ok(true)
    }
}

/// Keywords may not repeat.
pub fn check_keywords(keywords: &[Keyword]) -> Compiled {
    let mut seen = FxHashSet::default();
    for keyword in keywords {
        let Some(name) = &keyword.arg else {
            continue;
        };
        if name.as_str() == "__debug__" {
            return Err(Problem::syntax(
                "cannot assign to __debug__",
                range(keyword.range),
            ));
        }
        if !seen.insert(name.as_str()) {
            return Err(Problem::syntax(
                format!("keyword argument repeated: {name}"),
                range(keyword.range),
            ));
        }
    }
    Ok(())
}

struct Noise(bool);

impl<'a> Visitor<'a> for Noise {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Call(_)
            | Expr::Yield(_)
            | Expr::YieldFrom(_)
            | Expr::Named(_)
            | Expr::ListComp(_)
            | Expr::SetComp(_)
            | Expr::DictComp(_)
            | Expr::Generator(_) => self.0 = true,
            Expr::Lambda(_) => {}
            _ if self.0 => {}
            _ => walk_expr(self, expr),
        }
    }
}

/// Whether evaluating an argument runs no other code to speak of, so that it makes no difference whether the method is
/// looked up before (as CPython does) or after.
fn is_quiet(arg: &Expr) -> bool {
    let mut noise = Noise(false);
    noise.visit_expr(arg);
    !noise.0
}
