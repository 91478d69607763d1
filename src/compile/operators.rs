//! Operators: arithmetic, comparisons, `and` and `or` as values.

use crate::compile::codegen::Codegen;
use crate::compile::fold;
use crate::compile::problem::Compiled;
use crate::parse::{range, span};
use crate::program::instr::{BinOp, CmpOp, Instr, Reg, UnOp};
use crate::program::{Const, Span};
use ruff_python_ast::{self as ast, Expr, Operator, UnaryOp};

impl<'a> Codegen<'a, '_> {
    /// `d = left op right`.
    pub fn binary(&mut self, expr: &'a Expr, binary: &'a ast::ExprBinOp, d: Reg) -> Compiled {
        let at = span(expr);
        if let Some(value) = fold::constant(expr)? {
            return self.load_const(value, d, at);
        }
        let a = self.operand_in(&binary.left, &[&binary.right], d)?;
        let instr = if let Some(v) = small_literal(&binary.right) {
            match binary.op {
                Operator::Add => Instr::AddInt { d, a, v },
                Operator::Sub => Instr::SubInt { d, a, v },
                op => Instr::BinaryInt {
                    op: bin_op(op),
                    d,
                    a,
                    v,
                },
            }
        } else {
            let b = self.value(&binary.right)?;
            match binary.op {
                Operator::Add => Instr::Add { d, a, b },
                Operator::Sub => Instr::Sub { d, a, b },
                Operator::Mult => Instr::Mul { d, a, b },
                op => Instr::Binary {
                    op: bin_op(op),
                    d,
                    a,
                    b,
                },
            }
        };
        self.unit.emit(instr, at);
        Ok(())
    }

    /// `d = op operand`.
    pub fn unary(&mut self, expr: &'a Expr, unary: &'a ast::ExprUnaryOp, d: Reg) -> Compiled {
        let at = span(expr);
        if let Some(value) = fold::constant(expr)? {
            return self.load_const(value, d, at);
        }
        let op = match unary.op {
            UnaryOp::Not => {
                // `not a in b` and `not a is b` have instructions of their own.
                if let Expr::Compare(compare) = &*unary.operand
                    && let [
                        op @ (ast::CmpOp::In
                        | ast::CmpOp::NotIn
                        | ast::CmpOp::Is
                        | ast::CmpOp::IsNot),
                    ] = *compare.ops
                {
                    let a = self.operand_in(&compare.left, &[&compare.comparators[0]], d)?;
                    let b = self.value(&compare.comparators[0])?;
                    self.comparison(op.negate(), d, a, b, span(&*unary.operand));
                    return Ok(());
                }
                UnOp::Not
            }
            UnaryOp::USub => UnOp::Neg,
            UnaryOp::UAdd => UnOp::Pos,
            UnaryOp::Invert => UnOp::Invert,
        };
        let s = self.operand_in(&unary.operand, &[], d)?;
        self.unit.emit(Instr::Unary { op, d, s }, at);
        Ok(())
    }

    /// `d = a and b`, `a or b`.
    pub fn bool_op(&mut self, bool_op: &'a ast::ExprBoolOp, d: Reg) -> Compiled {
        let at = range(bool_op.range);
        let t = if self.unit.is_temp(d) {
            d
        } else {
            self.unit.temp(at)?
        };
        let end = self.unit.label();
        let (last, first) = bool_op
            .values
            .split_last()
            .expect("an operator has operands");
        for value in first {
            self.into(value, t)?;
            let test = match bool_op.op {
                ast::BoolOp::And => Instr::TestTrue { s: t },
                ast::BoolOp::Or => Instr::TestFalse { s: t },
            };
            self.unit.emit(test, span(value));
            self.unit.jump(end, span(value));
        }
        self.into(last, t)?;
        self.unit.place(end);
        if t != d {
            self.unit.emit(Instr::Move { d, s: t }, at);
        }
        Ok(())
    }

    /// `d = a op b` for one comparison.
    fn comparison(&mut self, op: ast::CmpOp, d: Reg, a: Reg, b: Reg, at: Span) {
        let instr = match op {
            ast::CmpOp::Is | ast::CmpOp::IsNot => Instr::Is {
                negate: op == ast::CmpOp::IsNot,
                d,
                a,
                b,
            },
            ast::CmpOp::In | ast::CmpOp::NotIn => Instr::In {
                negate: op == ast::CmpOp::NotIn,
                d,
                a,
                b,
            },
            op => Instr::Compare {
                op: cmp_op(op),
                d,
                a,
                b,
            },
        };
        self.unit.emit(instr, at);
    }

    /// `d = a < b < c`.
    pub fn compare(&mut self, compare: &'a ast::ExprCompare, d: Reg) -> Compiled {
        let at = range(compare.range);
        let rest: Vec<&Expr> = compare.comparators.iter().collect();
        if let [op] = *compare.ops {
            let a = self.operand_in(&compare.left, &rest, d)?;
            let b = match op {
                ast::CmpOp::In | ast::CmpOp::NotIn => self.looked_at(&compare.comparators[0])?,
                _ => self.value(&compare.comparators[0])?,
            };
            self.comparison(op, d, a, b, at);
            return Ok(());
        }
        let t = if self.unit.is_temp(d) {
            d
        } else {
            self.unit.temp(at)?
        };
        let end = self.unit.label();
        let mut a = self.operand(&compare.left, &rest)?;
        for (index, &op) in compare.ops.iter().enumerate() {
            let b = self.operand(&compare.comparators[index], &rest[index + 1..])?;
            self.comparison(op, t, a, b, at);
            if index + 1 < compare.ops.len() {
                self.unit.emit(Instr::TestTrue { s: t }, at);
                self.unit.jump(end, at);
            }
            a = b;
        }
        self.unit.place(end);
        if t != d {
            self.unit.emit(Instr::Move { d, s: t }, at);
        }
        Ok(())
    }
}

/// The value of a literal integer of 16 bits, signed or not.
pub fn small_literal(expr: &Expr) -> Option<i16> {
    if !matches!(expr, Expr::NumberLiteral(_) | Expr::UnaryOp(_)) {
        return None;
    }
    match fold::constant(expr) {
        Ok(Some(Const::Int(value))) => i16::try_from(value).ok(),
        _ => None,
    }
}

/// The instruction set's name of a binary operator.
pub fn bin_op(op: Operator) -> BinOp {
    match op {
        Operator::Add => BinOp::Add,
        Operator::Sub => BinOp::Sub,
        Operator::Mult => BinOp::Mul,
        Operator::MatMult => BinOp::MatMul,
        Operator::Div => BinOp::Div,
        Operator::Mod => BinOp::Mod,
        Operator::Pow => BinOp::Pow,
        Operator::LShift => BinOp::LShift,
        Operator::RShift => BinOp::RShift,
        Operator::BitOr => BinOp::Or,
        Operator::BitXor => BinOp::Xor,
        Operator::BitAnd => BinOp::And,
        Operator::FloorDiv => BinOp::FloorDiv,
    }
}

/// The instruction set's name of an ordering operator.
///
/// # Panics
///
/// For `is` and `in`, which are instructions of their own.
pub fn cmp_op(op: ast::CmpOp) -> CmpOp {
    match op {
        ast::CmpOp::Eq => CmpOp::Eq,
        ast::CmpOp::NotEq => CmpOp::Ne,
        ast::CmpOp::Lt => CmpOp::Lt,
        ast::CmpOp::LtE => CmpOp::Le,
        ast::CmpOp::Gt => CmpOp::Gt,
        ast::CmpOp::GtE => CmpOp::Ge,
        op => unreachable!("{op} is no ordering"),
    }
}
