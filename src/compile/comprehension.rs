//! Comprehensions, which run in the frame they stand in (PEP 709), and the loops of generator expressions.

use crate::compile::codegen::Codegen;
use crate::compile::problem::Compiled;
use crate::compile::scope::ScopeId;
use crate::parse::span;
use crate::program::Span;
use crate::program::instr::{Instr, Reg};
use ruff_python_ast::{self as ast, Comprehension, Expr};

/// What happens with each element.
enum Element<'a> {
    List(&'a Expr, Reg),
    Set(&'a Expr, Reg),
    Dict(Option<&'a Expr>, &'a Expr, Reg),
    Yield(&'a Expr),
}

impl<'a> Codegen<'a, '_> {
    /// `d = list, set or dict comprehension`.
    pub fn comprehension(&mut self, expr: &'a Expr, d: Reg) -> Compiled {
        let at = span(expr);
        let t = if self.unit.is_temp(d) {
            d
        } else {
            self.unit.temp(at)?
        };
        let (node, generators, element) = match expr {
            Expr::ListComp(comp) => (
                &comp.node_index,
                &comp.generators,
                Element::List(&comp.elt, t),
            ),
            Expr::SetComp(comp) => (
                &comp.node_index,
                &comp.generators,
                Element::Set(&comp.elt, t),
            ),
            Expr::DictComp(comp) => (
                &comp.node_index,
                &comp.generators,
                Element::Dict(comp.key.as_deref(), &comp.value, t),
            ),
            _ => unreachable!("no comprehension"),
        };
        let first = &generators[0].iter;
        let it = self.iterator(first)?;
        let a = self.unit.mark() as Reg;
        self.unit.emit(
            match element {
                Element::Set(..) => Instr::Set { d: t, a, n: 0 },
                Element::Dict(..) => Instr::Dict { d: t, a, n: 0 },
                _ => Instr::List { d: t, a, n: 0 },
            },
            at,
        );
        let scope = self.module.scopes.of(node);
        let outer = std::mem::replace(&mut self.scope, scope);
        let variables = self.fresh_variables(scope, at);
        self.loops(generators, it, &element)?;
        for reg in variables {
            self.unit.emit(Instr::Clear { d: reg }, at);
        }
        self.scope = outer;
        if t != d {
            self.unit.emit(Instr::Move { d, s: t }, at);
        }
        Ok(())
    }

    /// Makes new cells for captured variables, each time the comprehension runs. Gives all its variables' registers.
    pub fn fresh_variables(&mut self, scope: ScopeId, at: Span) -> Vec<Reg> {
        let mut registers = Vec::new();
        for (&sym, symbol) in &self.module.scopes.get(scope).symbols {
            if !symbol.bound {
                continue;
            }
            let reg = self.unit.regs[&(scope, sym)];
            registers.push(reg);
            if symbol.cell {
                self.unit.emit(Instr::Clear { d: reg }, at);
                self.unit.emit(Instr::MakeCell { d: reg }, at);
            }
        }
        registers
    }

    /// The body of a generator expression, whose first iterator is in register `it`.
    pub fn generator_body(&mut self, generator: &'a ast::ExprGenerator, it: Reg) -> Compiled {
        self.loops(&generator.generators, it, &Element::Yield(&generator.elt))
    }

    /// An iterator over an expression's value, in a new temporary.
    pub fn iterator(&mut self, expr: &'a Expr) -> Compiled<Reg> {
        let at = span(expr);
        let it = self.unit.temp(at)?;
        let mark = self.unit.mark();
        let s = self.looked_at(expr)?;
        self.unit.release(mark);
        self.unit.emit(Instr::GetIter { d: it, s }, at);
        Ok(it)
    }

    fn loops(
        &mut self,
        generators: &'a [Comprehension],
        it: Reg,
        element: &Element<'a>,
    ) -> Compiled {
        let (first, inner) = generators.split_first().expect("a comprehension has a for");
        let at = span(&first.iter);
        let again = self.unit.here();
        let (next, end) = (self.unit.label(), self.unit.label());
        let mark = self.unit.mark();
        self.for_iter(&first.target, it, end, at)?;
        for condition in &first.ifs {
            self.condition(condition, false, next)?;
        }
        match inner.first() {
            Some(second) => {
                let it = self.iterator(&second.iter)?;
                self.loops(inner, it, element)?;
            }
            None => self.element(element)?,
        }
        self.unit.place(next);
        self.unit.repeat(again, at);
        self.unit.place(end);
        self.unit.release(mark);
        Ok(())
    }

    /// The head of a loop: the next item of `it` to the target, or to `end`.
    pub fn for_iter(
        &mut self,
        target: &'a Expr,
        it: Reg,
        end: crate::compile::unit::Label,
        at: Span,
    ) -> Compiled {
        let local = match target {
            Expr::Name(name) => {
                let sym = self.sym(&name.id);
                self.local(sym)
            }
            _ => None,
        };
        let mark = self.unit.mark();
        let d = match local {
            Some(reg) => reg,
            None => self.unit.temp(at)?,
        };
        self.unit.emit(Instr::ForIter { d, it }, at);
        self.unit.jump(end, at);
        if local.is_none() {
            self.assign(target, d)?;
        }
        self.unit.release(mark);
        Ok(())
    }

    fn element(&mut self, element: &Element<'a>) -> Compiled {
        match *element {
            Element::List(item, list) => self.add_item(item, list, false, false),
            Element::Set(item, set) => self.add_item(item, set, true, false),
            Element::Dict(key, value, dict) => {
                let at = span(value);
                let Some(key) = key else {
                    let s = self.value(value)?;
                    self.unit.emit(Instr::DictUpdate { l: dict, s }, at);
                    return Ok(());
                };
                let k = self.operand(key, &[value])?;
                let s = self.value(value)?;
                self.unit.emit(Instr::DictSet { l: dict, k, s }, span(key));
                Ok(())
            }
            Element::Yield(item) => {
                let mark = self.unit.mark();
                let s = self.value(item)?;
                let d = self.unit.temp(span(item))?;
                self.unit.emit(Instr::Yield { d, s }, span(item));
                self.unit.release(mark);
                Ok(())
            }
        }
    }
}
