//! Conditions: expressions of which only the truth matters, as jumps.

use crate::compile::codegen::Codegen;
use crate::compile::fold;
use crate::compile::operators::{cmp_op, small_literal};
use crate::compile::problem::Compiled;
use crate::compile::unit::Label;
use crate::parse::{range, span};
use crate::program::Span;
use crate::program::instr::{Instr, Reg};
use ruff_python_ast::{self as ast, BoolOp, CmpOp, Expr, UnaryOp};

impl<'a> Codegen<'a, '_> {
    /// Jumps to `target` if the truth of `expr` is `when`, else goes on.
    pub fn condition(&mut self, expr: &'a Expr, when: bool, target: Label) -> Compiled {
        let mark = self.unit.mark();
        self.condition_unreleased(expr, when, target)?;
        self.unit.release(mark);
        Ok(())
    }

    fn condition_unreleased(&mut self, expr: &'a Expr, when: bool, target: Label) -> Compiled {
        let at = span(expr);
        if let Some(value) = known_truth(expr)? {
            if value == when {
                self.unit.jump(target, at);
            }
            return Ok(());
        }
        match expr {
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => {
                self.condition(&unary.operand, !when, target)
            }
            Expr::BoolOp(bool_op) => {
                // Whether one operand of this truth decides.
                let decides = bool_op.op == BoolOp::Or;
                let (last, first) = bool_op
                    .values
                    .split_last()
                    .expect("an operator has operands");
                if when == decides {
                    for value in first {
                        self.condition(value, when, target)?;
                    }
                    self.condition(last, when, target)
                } else {
                    let skip = self.unit.label();
                    for value in first {
                        self.condition(value, decides, skip)?;
                    }
                    self.condition(last, when, target)?;
                    self.unit.place(skip);
                    Ok(())
                }
            }
            Expr::If(choice) => {
                let (other, end) = (self.unit.label(), self.unit.label());
                self.condition(&choice.test, false, other)?;
                self.condition(&choice.body, when, target)?;
                self.unit.jump(end, at);
                self.unit.place(other);
                self.condition(&choice.orelse, when, target)?;
                self.unit.place(end);
                Ok(())
            }
            Expr::Compare(compare) => self.compare_condition(compare, when, target),
            _ => {
                let s = self.value(expr)?;
                let test = if when {
                    Instr::TestFalse { s }
                } else {
                    Instr::TestTrue { s }
                };
                self.unit.emit(test, at);
                self.unit.jump(target, at);
                Ok(())
            }
        }
    }

    fn compare_condition(
        &mut self,
        compare: &'a ast::ExprCompare,
        when: bool,
        target: Label,
    ) -> Compiled {
        let at = range(compare.range);
        let rest: Vec<&Expr> = compare.comparators.iter().collect();
        let last = compare.ops.len() - 1;
        let skip = self.unit.label();
        let mut a = self.operand(&compare.left, &rest)?;
        for (index, &op) in compare.ops.iter().enumerate() {
            let right = &compare.comparators[index];
            // All but the last comparison can only say no.
            let (when, target) = if index < last && when {
                (false, skip)
            } else {
                (when, target)
            };
            if index == last
                && let Some(v) = small_literal(right)
                && !matches!(op, CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn)
            {
                self.branch(
                    Instr::TestCmpInt {
                        op: cmp_op(op),
                        a,
                        v,
                    },
                    when,
                    target,
                    at,
                );
                continue;
            }
            if index == last
                && matches!(op, CmpOp::Is | CmpOp::IsNot)
                && right.is_none_literal_expr()
            {
                let negate = (op == CmpOp::IsNot) != when;
                self.unit.emit(Instr::TestNone { negate, s: a }, at);
                self.unit.jump(target, at);
                continue;
            }
            let b = match op {
                CmpOp::In | CmpOp::NotIn if index == last => self.looked_at(right)?,
                _ => self.operand(right, &rest[index + 1..])?,
            };
            self.test(op, a, b, when, target, at);
            a = b;
        }
        self.unit.place(skip);
        Ok(())
    }

    /// Jumps if `a op b` is `when`.
    pub fn test(&mut self, op: CmpOp, a: Reg, b: Reg, when: bool, target: Label, at: Span) {
        let negated = matches!(op, CmpOp::IsNot | CmpOp::NotIn) != when;
        match op {
            CmpOp::Is | CmpOp::IsNot => {
                self.unit.emit(
                    Instr::TestIs {
                        negate: negated,
                        a,
                        b,
                    },
                    at,
                );
                self.unit.jump(target, at);
            }
            CmpOp::In | CmpOp::NotIn => {
                self.unit.emit(
                    Instr::TestIn {
                        negate: negated,
                        a,
                        b,
                    },
                    at,
                );
                self.unit.jump(target, at);
            }
            op => self.branch(
                Instr::TestCmp {
                    op: cmp_op(op),
                    a,
                    b,
                },
                when,
                target,
                at,
            ),
        }
    }

    /// Jumps on the outcome of a test that skips the next instruction when it holds. Orderings have no opposite (`not a < b`
    /// is not `a >= b`), so jumping when one holds takes a jump around the jump.
    pub fn branch(&mut self, test: Instr, when: bool, target: Label, at: Span) {
        self.unit.emit(test, at);
        if when {
            let over = self.unit.label();
            self.unit.jump(over, at);
            self.unit.jump(target, at);
            self.unit.place(over);
        } else {
            self.unit.jump(target, at);
        }
    }
}

/// The truth of an expression that is constant, `__debug__` included.
pub fn known_truth(expr: &Expr) -> Compiled<Option<bool>> {
    if let Expr::Name(name) = expr {
        return Ok((name.id.as_str() == "__debug__").then_some(true));
    }
    if !matches!(
        expr,
        Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::Tuple(_)
    ) {
        return Ok(None);
    }
    Ok(fold::constant(expr)?.as_ref().map(fold::truth))
}
