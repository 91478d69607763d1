//! Assignment in all its forms, and deletion.

use crate::compile::codegen::Codegen;
use crate::compile::operators::{bin_op, small_literal};
use crate::compile::problem::{Compiled, Problem};
use crate::compile::scope::ScopeKind;
use crate::parse::{range, span};
use crate::program::Span;
use crate::program::instr::{Instr, Reg};
use ruff_python_ast::{self as ast, Expr};

/// Longer tuples are made as tuples and unpacked.
const MAX_PARALLEL: usize = 16;

impl<'a> Codegen<'a, '_> {
    /// `a = b = value`.
    pub fn assignment(&mut self, assign: &'a ast::StmtAssign) -> Compiled {
        let mark = self.unit.mark();
        match assign.targets.as_slice() {
            [Expr::Name(name)] => {
                let sym = self.sym(&name.id);
                match self.local(sym) {
                    Some(reg) => self.into(&assign.value, reg)?,
                    None => {
                        let s = self.value(&assign.value)?;
                        self.store(sym, s, range(name.range))?;
                    }
                }
            }
            [target] => match (elements(target), elements(&assign.value)) {
                (Some(targets), Some(values))
                    if targets.len() == values.len()
                        && targets.len() <= MAX_PARALLEL
                        && !targets.iter().chain(values).any(Expr::is_starred_expr) =>
                {
                    self.parallel(targets, values)?;
                }
                _ => {
                    let s = self.value(&assign.value)?;
                    self.assign(target, s)?;
                }
            },
            targets => {
                // A local in the value may be one of the targets.
                let s = self.fresh(&assign.value)?;
                for target in targets {
                    self.assign(target, s)?;
                }
            }
        }
        self.unit.release(mark);
        Ok(())
    }

    /// `a, b = x, y` without the tuple: all values first, then the stores, both from left to right.
    fn parallel(&mut self, targets: &'a [Expr], values: &'a [Expr]) -> Compiled {
        let mut registers = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            let clobbered = match value {
                Expr::Name(name) => {
                    let stored = |target: &Expr| match target {
                        Expr::Name(target) => target.id == name.id,
                        // A nested target, or one whose parts may run code: take no chances.
                        _ => elements(target).is_some(),
                    };
                    targets[..index].iter().any(stored)
                }
                _ => true,
            };
            let rest: Vec<&Expr> = values[index + 1..].iter().collect();
            registers.push(if clobbered {
                self.fresh(value)?
            } else {
                self.operand(value, &rest)?
            });
        }
        for (target, s) in targets.iter().zip(registers) {
            self.assign(target, s)?;
        }
        Ok(())
    }

    /// `target = s`. The register is left alone, so that more targets may follow.
    pub fn assign(&mut self, target: &'a Expr, s: Reg) -> Compiled {
        let at = span(target);
        let mark = self.unit.mark();
        match target {
            Expr::Name(name) => {
                let sym = self.sym(&name.id);
                self.store(sym, s, at)?;
            }
            Expr::Attribute(attribute) => {
                let o = self.value(&attribute.value)?;
                let n = self.attribute(&attribute.attr)?;
                let at = self.attribute_span(attribute);
                self.unit.emit(Instr::StoreAttr { o, n, s }, at);
            }
            Expr::Subscript(subscript) => {
                let o = self.operand(&subscript.value, &[&subscript.slice])?;
                let i = self.value(&subscript.slice)?;
                self.unit.emit(Instr::StoreItem { o, i, s }, at);
            }
            Expr::Tuple(_) | Expr::List(_) => {
                let targets = elements(target).expect("tuples and lists have elements");
                self.unpack(targets, s, at)?;
            }
            Expr::Starred(_) => {
                return Err(Problem::syntax(
                    "starred assignment target must be in a list or tuple",
                    at,
                ));
            }
            _ => return Err(Problem::syntax("cannot assign to expression", at)),
        }
        self.unit.release(mark);
        Ok(())
    }

    fn unpack(&mut self, targets: &'a [Expr], s: Reg, at: Span) -> Compiled {
        let mut stars = targets
            .iter()
            .enumerate()
            .filter(|(_, target)| target.is_starred_expr());
        let star = stars.next().map(|(index, _)| index);
        if stars.next().is_some() {
            return Err(Problem::syntax(
                "multiple starred expressions in assignment",
                at,
            ));
        }
        let a = self.unit.temps(targets.len(), at)?;
        match star {
            None => {
                let n = targets.len() as u16;
                self.unit.emit(Instr::Unpack { s, a, n }, at);
            }
            Some(before) => {
                let after = targets.len() - before - 1;
                let (Ok(before), Ok(after)) = (u8::try_from(before), u8::try_from(after)) else {
                    return Err(Problem::syntax(
                        "too many expressions in star-unpacking assignment",
                        at,
                    ));
                };
                self.unit.emit(
                    Instr::UnpackStar {
                        before,
                        after,
                        s,
                        a,
                    },
                    at,
                );
            }
        }
        for (index, target) in targets.iter().enumerate() {
            let target = match target {
                Expr::Starred(starred) => &*starred.value,
                target => target,
            };
            self.assign(target, a + index as Reg)?;
        }
        Ok(())
    }

    /// `target op= value`: the target's parts are evaluated once.
    pub fn aug_assignment(&mut self, assign: &'a ast::StmtAugAssign) -> Compiled {
        let at = range(assign.range);
        let target_at = span(&*assign.target);
        let mark = self.unit.mark();
        match &*assign.target {
            Expr::Name(name) => {
                let sym = self.sym(&name.id);
                match self.local(sym) {
                    Some(reg) => {
                        let a = self.operand(&assign.target, &[&assign.value])?;
                        self.in_place(assign, reg, a, at)?;
                    }
                    None => {
                        let t = self.unit.temp(at)?;
                        self.load(sym, t, target_at)?;
                        self.in_place(assign, t, t, at)?;
                        self.store(sym, t, target_at)?;
                    }
                }
            }
            Expr::Attribute(attribute) => {
                let o = self.operand(&attribute.value, &[&assign.value])?;
                let n = self.attribute(&attribute.attr)?;
                let target_at = self.attribute_span(attribute);
                let t = self.unit.temp(at)?;
                self.unit.emit(Instr::LoadAttr { d: t, o, n }, target_at);
                self.in_place(assign, t, t, at)?;
                self.unit.emit(Instr::StoreAttr { o, n, s: t }, target_at);
            }
            Expr::Subscript(subscript) => {
                let o = self.operand(&subscript.value, &[&subscript.slice, &assign.value])?;
                let i = self.operand(&subscript.slice, &[&assign.value])?;
                let t = self.unit.temp(at)?;
                self.unit.emit(Instr::LoadItem { d: t, o, i }, target_at);
                self.in_place(assign, t, t, at)?;
                self.unit.emit(Instr::StoreItem { o, i, s: t }, target_at);
            }
            _ => {
                return Err(Problem::syntax(
                    "illegal expression for augmented assignment",
                    target_at,
                ));
            }
        }
        self.unit.release(mark);
        Ok(())
    }

    fn in_place(&mut self, assign: &'a ast::StmtAugAssign, d: Reg, a: Reg, at: Span) -> Compiled {
        let op = bin_op(assign.op);
        if let Some(v) = small_literal(&assign.value) {
            self.unit.emit(Instr::InPlaceInt { op, d, a, v }, at);
        } else {
            let b = self.value(&assign.value)?;
            self.unit.emit(Instr::InPlace { op, d, a, b }, at);
        }
        Ok(())
    }

    /// `target: annotation = value`.
    pub fn ann_assignment(&mut self, assign: &'a ast::StmtAnnAssign) -> Compiled {
        let at = range(assign.range);
        let mark = self.unit.mark();
        if let Some(value) = &assign.value {
            let local = match &*assign.target {
                Expr::Name(name) => {
                    let sym = self.sym(&name.id);
                    self.local(sym)
                }
                _ => None,
            };
            match local {
                Some(reg) => self.into(value, reg)?,
                None => {
                    let s = self.value(value)?;
                    self.assign(&assign.target, s)?;
                }
            }
        }
        self.unit.release(mark);
        let kind = self.module.scopes.get(self.scope).kind;
        match &*assign.target {
            Expr::Name(name) if assign.simple => {
                if matches!(kind, ScopeKind::Module | ScopeKind::Class) {
                    let annotation = self.annotation(&assign.annotation)?;
                    let o = self.unit.temp(at)?;
                    let dict = self.names.sym("__annotations__");
                    self.load(dict, o, at)?;
                    let i = self.unit.temp(at)?;
                    let sym = self.sym(&name.id);
                    let text = self.text(sym);
                    self.load_const(text, i, at)?;
                    self.unit.emit(
                        Instr::StoreItem {
                            o,
                            i,
                            s: annotation,
                        },
                        at,
                    );
                }
            }
            Expr::Name(_) => self.bare_annotation(assign, kind)?,
            // Without a value the target's parts are evaluated all the same.
            Expr::Attribute(attribute) => {
                if assign.value.is_none() {
                    self.effect(&attribute.value)?;
                }
                self.bare_annotation(assign, kind)?;
            }
            Expr::Subscript(subscript) => {
                if assign.value.is_none() {
                    self.effect(&subscript.value)?;
                    self.effect(&subscript.slice)?;
                }
                self.bare_annotation(assign, kind)?;
            }
            _ => {}
        }
        self.unit.release(mark);
        Ok(())
    }

    /// An annotation that is evaluated but kept nowhere.
    fn bare_annotation(&mut self, assign: &'a ast::StmtAnnAssign, kind: ScopeKind) -> Compiled {
        let evaluated = matches!(kind, ScopeKind::Module | ScopeKind::Class)
            && !self.module.scopes.future_annotations;
        if evaluated {
            self.effect(&assign.annotation)?;
        }
        Ok(())
    }

    /// `__annotations__ = {}` at the head of a module or class that has annotated assignments.
    pub fn setup_annotations(&mut self, at: Span) -> Compiled {
        let mark = self.unit.mark();
        let d = self.unit.temp(at)?;
        self.unit.emit(Instr::Dict { d, a: d + 1, n: 0 }, at);
        let sym = self.names.sym("__annotations__");
        self.store_at(sym, d, at, u32::MAX)?;
        self.unit.release(mark);
        Ok(())
    }

    /// `del target`.
    pub fn del(&mut self, target: &'a Expr) -> Compiled {
        let at = span(target);
        let mark = self.unit.mark();
        match target {
            Expr::Name(name) => {
                let sym = self.sym(&name.id);
                self.delete(sym, at)?;
            }
            Expr::Attribute(attribute) => {
                let o = self.value(&attribute.value)?;
                let n = self.attribute(&attribute.attr)?;
                let at = self.attribute_span(attribute);
                self.unit.emit(Instr::DelAttr { o, n }, at);
            }
            Expr::Subscript(subscript) => {
                let o = self.operand(&subscript.value, &[&subscript.slice])?;
                let i = self.value(&subscript.slice)?;
                self.unit.emit(Instr::DelItem { o, i }, at);
            }
            Expr::Tuple(_) | Expr::List(_) => {
                for target in elements(target).into_iter().flatten() {
                    self.del(target)?;
                }
            }
            _ => return Err(Problem::syntax("cannot delete expression", at)),
        }
        self.unit.release(mark);
        Ok(())
    }
}

/// The elements of a tuple or list display.
fn elements(expr: &Expr) -> Option<&[Expr]> {
    match expr {
        Expr::Tuple(tuple) => Some(&tuple.elts),
        Expr::List(list) => Some(&list.elts),
        _ => None,
    }
}
