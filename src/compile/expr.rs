//! Expressions.
//!
//! [`into`](Codegen::into) puts a value into a given register, [`value`](Codegen::value) says in which register it is:
//! a plain local stays where it is. A register that is no temporary is written by the last instruction of its expression
//! alone, so that an exception midway leaves the variable as it was, and the expression may read it.

use crate::compile::codegen::Codegen;
use crate::compile::display::{self, Display};
use crate::compile::fold;
use crate::compile::problem::{Compiled, Problem};
use crate::compile::rebinds::rebinds;
use crate::parse::{range, span};
use crate::program::instr::{Instr, Reg};
use crate::program::{Const, Span};
use ruff_python_ast::{self as ast, Expr};

impl<'a> Codegen<'a, '_> {
    /// The register that holds the expression's value: a plain local's own, else a new temporary.
    pub fn value(&mut self, expr: &'a Expr) -> Compiled<Reg> {
        if let Some(reg) = self.direct(expr) {
            return Ok(reg);
        }
        self.fresh(expr)
    }

    /// The expression's value in a new temporary.
    pub fn fresh(&mut self, expr: &'a Expr) -> Compiled<Reg> {
        let d = self.unit.temp(span(expr))?;
        self.into(expr, d)?;
        Ok(d)
    }

    /// The register of an expression that is a plain local.
    fn direct(&mut self, expr: &Expr) -> Option<Reg> {
        let Expr::Name(name) = expr else {
            return None;
        };
        let sym = self.sym(&name.id);
        self.local(sym)
    }

    /// As [`value`](Self::value) for an operand that is used after `later` have been evaluated, which may rebind a local.
    pub fn operand(&mut self, expr: &'a Expr, later: &[&Expr]) -> Compiled<Reg> {
        if self.rebound(expr, later) {
            return self.fresh(expr);
        }
        self.value(expr)
    }

    /// As [`operand`](Self::operand), in `d` if a temporary is needed and `d` is one.
    pub fn operand_in(&mut self, expr: &'a Expr, later: &[&Expr], d: Reg) -> Compiled<Reg> {
        if let Some(reg) = self.direct(expr)
            && !self.rebound(expr, later)
        {
            return Ok(reg);
        }
        if self.unit.is_temp(d) {
            self.into(expr, d)?;
            return Ok(d);
        }
        self.fresh(expr)
    }

    /// Whether evaluating `later` may give the local `expr` another value.
    fn rebound(&self, expr: &Expr, later: &[&Expr]) -> bool {
        let Expr::Name(name) = expr else {
            return false;
        };
        let walrus = self.module.scopes.get(self.unit.scope).walrus;
        walrus && later.iter().any(|later| rebinds(later, &name.id))
    }

    /// Evaluates an expression for its effects.
    pub fn effect(&mut self, expr: &'a Expr) -> Compiled {
        let mark = self.unit.mark();
        if fold::constant(expr)?.is_none() {
            self.fresh(expr)?;
        }
        self.unit.release(mark);
        Ok(())
    }

    /// `d = expr`.
    pub fn into(&mut self, expr: &'a Expr, d: Reg) -> Compiled {
        let mark = self.unit.mark();
        self.put(expr, d)?;
        self.unit.release(mark);
        Ok(())
    }

    fn put(&mut self, expr: &'a Expr, d: Reg) -> Compiled {
        let at = span(expr);
        match expr {
            Expr::Name(name) => {
                let sym = self.sym(&name.id);
                self.load(sym, d, at)
            }
            Expr::Call(call) => self.call(call, d),
            Expr::Attribute(attribute) => self.attribute_of(attribute, d),
            Expr::BinOp(binary) => self.binary(expr, binary, d),
            Expr::Compare(compare) => self.compare(compare, d),
            Expr::Subscript(subscript) => {
                let o = self.operand_in(&subscript.value, &[&subscript.slice], d)?;
                let i = self.value(&subscript.slice)?;
                self.unit.emit(Instr::LoadItem { d, o, i }, at);
                Ok(())
            }
            Expr::UnaryOp(unary) => self.unary(expr, unary, d),
            Expr::BoolOp(bool_op) => self.bool_op(bool_op, d),
            Expr::If(choice) => {
                let (other, end) = (self.unit.label(), self.unit.label());
                self.condition(&choice.test, false, other)?;
                self.into(&choice.body, d)?;
                self.unit.jump(end, at);
                self.unit.place(other);
                self.into(&choice.orelse, d)?;
                self.unit.place(end);
                Ok(())
            }
            Expr::Named(named) => self.named(named, d),
            Expr::Tuple(tuple) => match fold::constant(expr)? {
                Some(value) => self.load_const(value, d, at),
                None => self.display(Display::Tuple, &tuple.elts, d, at),
            },
            Expr::List(list) => self.display(Display::List, &list.elts, d, at),
            Expr::Set(set) => match display::constants(&set.elts)? {
                Some(values) if values.len() > 2 => self.constant_set(values, true, d, at),
                _ => self.display(Display::Set, &set.elts, d, at),
            },
            Expr::Dict(dict) => self.dict(dict, d),
            Expr::Lambda(lambda) => self.lambda(lambda, d),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) => self.comprehension(expr, d),
            Expr::Generator(generator) => self.generator(generator, d),
            Expr::FString(string) => self.f_string(string, d),
            Expr::Slice(slice) => {
                let a = self.unit.temps(3, at)?;
                for (offset, part) in [&slice.lower, &slice.upper, &slice.step]
                    .into_iter()
                    .enumerate()
                {
                    let reg = a + offset as Reg;
                    match part {
                        Some(part) => self.into(part, reg)?,
                        None => self.unit.emit(Instr::None { d: reg }, at),
                    }
                }
                self.unit.emit(Instr::Slice { d, a }, at);
                Ok(())
            }
            Expr::Yield(yielded) => {
                let s = match &yielded.value {
                    Some(value) => self.operand_in(value, &[], d)?,
                    None => {
                        let none = self.unit.temp(at)?;
                        self.unit.emit(Instr::None { d: none }, at);
                        none
                    }
                };
                self.unit.emit(Instr::Yield { d, s }, at);
                Ok(())
            }
            Expr::YieldFrom(delegated) => self.yield_from(delegated, d),
            Expr::Starred(_) => Err(Problem::syntax("can't use starred expression here", at)),
            Expr::Await(_) | Expr::TString(_) | Expr::IpyEscapeCommand(_) => {
                Err(Problem::syntax("invalid syntax", at))
            }
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => match fold::constant(expr)? {
                Some(value) => self.load_const(value, d, at),
                None => unreachable!("literals are constants"),
            },
        }
    }

    /// `d = constant`.
    pub fn load_const(&mut self, value: Const, d: Reg, span: Span) -> Compiled {
        let instr = match value {
            Const::None => Instr::None { d },
            Const::Bool(v) => Instr::Bool { d, v },
            Const::Int(value) if i32::try_from(value).is_ok() => Instr::Int { d, v: value as i32 },
            value => {
                let k = self.unit.constant(value, span)?;
                Instr::Const { d, k }
            }
        };
        self.unit.emit(instr, span);
        Ok(())
    }

    fn attribute_of(&mut self, attribute: &'a ast::ExprAttribute, d: Reg) -> Compiled {
        if self.super_attribute(attribute, d)? {
            return Ok(());
        }
        let o = self.operand_in(&attribute.value, &[], d)?;
        let n = self.attribute(&attribute.attr)?;
        let at = self.attribute_span(attribute);
        self.unit.emit(Instr::LoadAttr { d, o, n }, at);
        Ok(())
    }

    /// What CPython underlines for an attribute: of one that spans lines, its name.
    pub fn attribute_span(&self, attribute: &ast::ExprAttribute) -> Span {
        let whole = range(attribute.range);
        let name = range(attribute.attr.range);
        if self.line(whole.start) == self.line(name.start) {
            whole
        } else {
            name
        }
    }

    fn named(&mut self, named: &'a ast::ExprNamed, d: Reg) -> Compiled {
        let Expr::Name(name) = &*named.target else {
            return Err(Problem::syntax("invalid syntax", span(&*named.target)));
        };
        let sym = self.sym(&name.id);
        let s = if self.unit.is_temp(d) {
            self.into(&named.value, d)?;
            d
        } else {
            self.value(&named.value)?
        };
        self.store_at(sym, s, range(name.range), u32::MAX)?;
        if s != d {
            self.unit.emit(Instr::Move { d, s }, range(named.range));
        }
        Ok(())
    }

    fn yield_from(&mut self, delegated: &'a ast::ExprYieldFrom, d: Reg) -> Compiled {
        let at = range(delegated.range);
        let it = self.fresh(&delegated.value)?;
        self.unit.emit(Instr::GetYieldIter { d: it, s: it }, at);
        let t = self.unit.temp(at)?;
        self.unit.emit(Instr::None { d: t }, at);
        let again = self.unit.here();
        let end = self.unit.label();
        self.unit.emit(Instr::Send { d: t, it }, at);
        self.unit.jump(end, at);
        self.unit.emit(Instr::YieldFrom { d: t, it }, at);
        self.unit.repeat(again, at);
        self.unit.place(end);
        self.unit.emit(Instr::Move { d, s: t }, at);
        Ok(())
    }
}
