//! Expressions.
//!
//! [`into`](Codegen::into) puts a value into a given register, [`value`](Codegen::value) says in which register it is:
//! a plain local stays where it is. A register that is no temporary is written by the last instruction of its expression
//! alone, so that an exception midway leaves the variable as it was, and the expression may read it.

use crate::compile::codegen::Codegen;
use crate::compile::fold;
use crate::compile::problem::{Compiled, Problem};
use crate::compile::rebinds::rebinds;
use crate::parse::{range, span};
use crate::program::instr::{BinOp, CmpOp, Instr, Reg, UnOp};
use crate::program::{Const, Span};
use ruff_python_ast::{self as ast, Expr, Operator, UnaryOp};

/// More elements than this are added one by one instead of being put side by side first.
const MAX_ROW: usize = 64;

/// A kind of display.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Display {
    List,
    Tuple,
    Set,
}

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
    fn operand_in(&mut self, expr: &'a Expr, later: &[&Expr], d: Reg) -> Compiled<Reg> {
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
            Expr::Set(set) => self.display(Display::Set, &set.elts, d, at),
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

    fn binary(&mut self, expr: &'a Expr, binary: &'a ast::ExprBinOp, d: Reg) -> Compiled {
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

    fn unary(&mut self, expr: &'a Expr, unary: &'a ast::ExprUnaryOp, d: Reg) -> Compiled {
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

    fn bool_op(&mut self, bool_op: &'a ast::ExprBoolOp, d: Reg) -> Compiled {
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

    fn compare(&mut self, compare: &'a ast::ExprCompare, d: Reg) -> Compiled {
        let at = range(compare.range);
        let rest: Vec<&Expr> = compare.comparators.iter().collect();
        if let [op] = *compare.ops {
            let a = self.operand_in(&compare.left, &rest, d)?;
            let b = self.value(&compare.comparators[0])?;
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

    fn display(&mut self, kind: Display, items: &'a [Expr], d: Reg, at: Span) -> Compiled {
        let starred = items.iter().any(Expr::is_starred_expr);
        if !starred && items.len() <= MAX_ROW {
            let a = self.row(items, d, at)?;
            let n = items.len() as u16;
            self.unit.emit(
                match kind {
                    Display::List => Instr::List { d, a, n },
                    Display::Tuple => Instr::Tuple { d, a, n },
                    Display::Set => Instr::Set { d, a, n },
                },
                at,
            );
            return Ok(());
        }
        let t = if self.unit.is_temp(d) && kind != Display::Tuple {
            d
        } else {
            self.unit.temp(at)?
        };
        let set = kind == Display::Set;
        let empty = self.unit.mark() as Reg;
        self.unit.emit(
            if set {
                Instr::Set {
                    d: t,
                    a: empty,
                    n: 0,
                }
            } else {
                Instr::List {
                    d: t,
                    a: empty,
                    n: 0,
                }
            },
            at,
        );
        if let Some(values) = constants(items)? {
            let k = self.unit.constant(Const::Tuple(values), at)?;
            let s = self.unit.temp(at)?;
            self.unit.emit(Instr::Const { d: s, k }, at);
            self.unit.emit(
                if set {
                    Instr::SetUpdate { l: t, s }
                } else {
                    Instr::ListExtend {
                        call: false,
                        l: t,
                        s,
                    }
                },
                at,
            );
        } else {
            for item in items {
                self.add_item(item, t, set, false)?;
            }
        }
        match kind {
            Display::Tuple => self.unit.emit(Instr::ListToTuple { d, s: t }, at),
            _ if t != d => self.unit.emit(Instr::Move { d, s: t }, at),
            _ => {}
        }
        Ok(())
    }

    /// Adds an item, starred or not, to a list or set under construction.
    pub fn add_item(&mut self, item: &'a Expr, l: Reg, set: bool, call: bool) -> Compiled {
        let mark = self.unit.mark();
        let at = span(item);
        let instr = match item {
            Expr::Starred(starred) => {
                let s = self.value(&starred.value)?;
                if set {
                    Instr::SetUpdate { l, s }
                } else {
                    Instr::ListExtend { call, l, s }
                }
            }
            item => {
                let s = self.value(item)?;
                if set {
                    Instr::SetAdd { l, s }
                } else {
                    Instr::ListAppend { l, s }
                }
            }
        };
        self.unit.emit(instr, at);
        self.unit.release(mark);
        Ok(())
    }

    /// Evaluates expressions into registers in a row, which may start with `d` if that is the newest temporary.
    pub fn row(&mut self, items: &'a [Expr], d: Reg, at: Span) -> Compiled<Reg> {
        let reuse = self.unit.is_newest(d) && !items.is_empty();
        let a = if reuse { d } else { self.unit.mark() as Reg };
        for (index, item) in items.iter().enumerate() {
            let reg = if reuse && index == 0 {
                d
            } else {
                self.unit.temp(at)?
            };
            self.into(item, reg)?;
        }
        Ok(a)
    }

    fn dict(&mut self, dict: &'a ast::ExprDict, d: Reg) -> Compiled {
        let at = range(dict.range);
        let plain = dict.items.iter().all(|item| item.key.is_some());
        if plain && dict.items.len() <= MAX_ROW / 2 {
            let a = self.unit.mark() as Reg;
            for item in &dict.items {
                for part in item.key.iter().chain([&item.value]) {
                    let reg = self.unit.temp(at)?;
                    self.into(part, reg)?;
                }
            }
            let n = dict.items.len() as u16;
            self.unit.emit(Instr::Dict { d, a, n }, at);
            return Ok(());
        }
        let t = if self.unit.is_temp(d) {
            d
        } else {
            self.unit.temp(at)?
        };
        let empty = self.unit.mark() as Reg;
        self.unit.emit(
            Instr::Dict {
                d: t,
                a: empty,
                n: 0,
            },
            at,
        );
        for item in &dict.items {
            let mark = self.unit.mark();
            match &item.key {
                Some(key) => {
                    let k = self.operand(key, &[&item.value])?;
                    let s = self.value(&item.value)?;
                    self.unit.emit(Instr::DictSet { l: t, k, s }, at);
                }
                None => {
                    let s = self.value(&item.value)?;
                    self.unit.emit(Instr::DictUpdate { l: t, s }, at);
                }
            }
            self.unit.release(mark);
        }
        if t != d {
            self.unit.emit(Instr::Move { d, s: t }, at);
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

/// The values of expressions that are all constant.
fn constants(items: &[Expr]) -> Compiled<Option<Vec<Const>>> {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        match fold::constant(item)? {
            Some(value) => values.push(value),
            None => return Ok(None),
        }
    }
    Ok(Some(values))
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
