//! Arithmetic beyond its quick cases: operators of builtin types and of the program's classes.

use crate::id::{NameId, ObjId};
use crate::program::instr::{BinOp, Instr, Reg, UnOp};
use crate::value::Value;
use crate::value::object::{Cont, Obj};
use crate::vm::call::Run;
use crate::vm::machine::{Machine, Thread};
use crate::vm::names;
use crate::vm::native::Raise;

/// The forward, reflected and in-place method of an operator.
pub(crate) fn operator_names(op: BinOp) -> (NameId, NameId, NameId) {
    match op {
        BinOp::Add => (names::ADD, names::RADD, names::IADD),
        BinOp::Sub => (names::SUB, names::RSUB, names::ISUB),
        BinOp::Mul => (names::MUL, names::RMUL, names::IMUL),
        BinOp::Div => (names::TRUEDIV, names::RTRUEDIV, names::ITRUEDIV),
        BinOp::FloorDiv => (names::FLOORDIV, names::RFLOORDIV, names::IFLOORDIV),
        BinOp::Mod => (names::MOD, names::RMOD, names::IMOD),
        BinOp::Pow => (names::POW, names::RPOW, names::IPOW),
        BinOp::LShift => (names::LSHIFT, names::RLSHIFT, names::ILSHIFT),
        BinOp::RShift => (names::RSHIFT, names::RRSHIFT, names::IRSHIFT),
        BinOp::And => (names::AND, names::RAND, names::IAND),
        BinOp::Or => (names::OR, names::ROR, names::IOR),
        BinOp::Xor => (names::XOR, names::RXOR, names::IXOR),
        BinOp::MatMul => (names::MATMUL, names::RMATMUL, names::IMATMUL),
    }
}

impl Machine {
    pub(crate) fn binary_slow(
        &mut self,
        th: &mut Thread,
        op: BinOp,
        a: Value,
        b: Value,
        d: Reg,
        in_place: bool,
    ) -> Run {
        if let Some(raised) = self.unbound_operand(th, [a, b]) {
            return Err(raised);
        }
        let user = self.is_user(a) || self.is_user(b);
        if !user {
            let result = if in_place {
                self.binary_inplace(op, a, b)?
            } else {
                None
            };
            let result = match result {
                Some(out) => Some(out),
                None => self.operate(op, a, b)?,
            };
            return match result {
                Some(out) => self.finish(th, out, Cont::Reg(d)),
                None => Err(self.unsupported(op, a, b, in_place)),
            };
        }
        let (forward, reflected, inplace) = operator_names(op);
        let (class_a, class_b) = (self.class_of(a), self.class_of(b));
        let mut tries: Vec<(Value, Value, Value)> = Vec::new();
        if in_place && let Some(method) = self.lookup(class_a, inplace) {
            tries.push((method, a, b));
        }
        let first = self.lookup(class_a, forward);
        let second = if class_a == class_b {
            None
        } else {
            self.lookup(class_b, reflected)
        };
        let second_wins = second.is_some()
            && class_a != class_b
            && self.is_subclass(class_b, class_a)
            && !matches!((second, self.lookup(class_a, reflected)), (Some(x), Some(y)) if x.is(y));
        if second_wins {
            tries.push((second.expect("checked"), b, a));
        }
        if let Some(method) = first {
            tries.push((method, a, b));
        }
        if let Some(method) = second
            && !second_wins
        {
            tries.push((method, b, a));
        }
        match tries.as_slice() {
            [] => Err(self.unsupported(op, a, b, in_place)),
            [(method, x, y)] => {
                let (method, x, y) = (*method, *x, *y);
                self.call(th, method, &[x, y], &[], Cont::Operator(d))
            }
            several => {
                let mut flat = Vec::new();
                for (method, x, y) in several {
                    flat.extend([*method, *x, *y]);
                }
                let flat = self.tuple(flat);
                let function = self.prelude_function("_try_operators");
                self.call(th, function, &[flat], &[], Cont::Operator(d))
            }
        }
    }

    /// Whether operators must look at the class: an instance of a user's or bundled class.
    pub(super) fn is_user(&self, value: Value) -> bool {
        matches!(value, Value::Obj(id) if matches!(self.heap.get(id), Obj::Instance(_)) || self.is_class_with_meta(id))
    }

    fn is_class_with_meta(&self, id: ObjId) -> bool {
        matches!(self.heap.get(id), Obj::Class(_))
    }

    /// All methods answered `NotImplemented`: the error, from the instruction that asked.
    pub(crate) fn operator_error(&mut self, th: &Thread) -> Raise {
        let frame = *th.frames.last().expect("running");
        let instr = self.image.program.code(frame.code).instrs[frame.pc as usize - 1];
        let at = |r: Reg| th.stack[frame.base as usize + r as usize];
        let (op, a, b, in_place) = match instr {
            Instr::Add { a, b, .. } => (BinOp::Add, at(a), at(b), false),
            Instr::Sub { a, b, .. } => (BinOp::Sub, at(a), at(b), false),
            Instr::Mul { a, b, .. } => (BinOp::Mul, at(a), at(b), false),
            Instr::AddInt { a, v, .. } => (BinOp::Add, at(a), Value::Int(v as i64), false),
            Instr::SubInt { a, v, .. } => (BinOp::Sub, at(a), Value::Int(v as i64), false),
            Instr::Binary { op, a, b, .. } => (op, at(a), at(b), false),
            Instr::InPlace { op, a, b, .. } => (op, at(a), at(b), true),
            _ => return self.type_error("unsupported operand"),
        };
        self.unsupported(op, a, b, in_place)
    }

    pub(crate) fn unary_slow(
        &mut self,
        th: &mut Thread,
        op: UnOp,
        x: Value,
        d: Reg,
        s: Reg,
    ) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        if op == UnOp::Not {
            return self.deliver(th, x, Cont::Not(d));
        }
        if let Value::Obj(id) = x
            && let Obj::Instance(instance) = self.heap.get(id)
        {
            let name = match op {
                UnOp::Neg => names::NEG,
                UnOp::Pos => names::POS,
                _ => names::INVERT,
            };
            if let Some(method) = self.lookup(instance.class, name) {
                return self.call(th, method, &[x], &[], Cont::Reg(d));
            }
        } else if let Some(value) = self.unary(op, x)? {
            return self.deliver(th, value, Cont::Reg(d));
        }
        let symbol = match op {
            UnOp::Neg => "-",
            UnOp::Pos => "+",
            _ => "~",
        };
        let message = format!(
            "bad operand type for unary {symbol}: '{}'",
            self.type_name(x)
        );
        Err(self.type_error(message))
    }
}
