//! Operators: which builtin types define them, and the error when none does.
//!
//! `Ok(None)` always means: look the special methods up on the classes, natives of builtin classes included. They are called
//! in Python's order, and some answer with a call of the prelude. When all decline, [`Machine::unsupported`] has the words.

use super::float::FloatOp;
use super::number::Num;
use crate::id::NameId;
use crate::program::instr::{BinOp, UnOp};
use crate::text::int::Int;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Out, Raise};
use crate::vm::types::Ty;

/// What a builtin operator comes to.
pub type Operated = Result<Option<Value>, Raise>;

impl BinOp {
    /// The special methods: plain, reflected, in-place.
    pub fn methods(self) -> [NameId; 3] {
        use names::*;
        match self {
            BinOp::Add => [ADD, RADD, IADD],
            BinOp::Sub => [SUB, RSUB, ISUB],
            BinOp::Mul => [MUL, RMUL, IMUL],
            BinOp::Div => [TRUEDIV, RTRUEDIV, ITRUEDIV],
            BinOp::FloorDiv => [FLOORDIV, RFLOORDIV, IFLOORDIV],
            BinOp::Mod => [MOD, RMOD, IMOD],
            BinOp::Pow => [POW, RPOW, IPOW],
            BinOp::LShift => [LSHIFT, RLSHIFT, ILSHIFT],
            BinOp::RShift => [RSHIFT, RRSHIFT, IRSHIFT],
            BinOp::And => [AND, RAND, IAND],
            BinOp::Or => [OR, ROR, IOR],
            BinOp::Xor => [XOR, RXOR, IXOR],
            BinOp::MatMul => [MATMUL, RMATMUL, IMATMUL],
        }
    }

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinOp::Add => "+",
            BinOp::Sub => "-",
            BinOp::Mul => "*",
            BinOp::Div => "/",
            BinOp::FloorDiv => "//",
            BinOp::Mod => "%",
            BinOp::Pow => "**",
            BinOp::LShift => "<<",
            BinOp::RShift => ">>",
            BinOp::And => "&",
            BinOp::Or => "|",
            BinOp::Xor => "^",
            BinOp::MatMul => "@",
        }
    }
}

impl Machine {
    /// `a op b`.
    #[inline]
    pub fn binary(&mut self, op: BinOp, a: Value, b: Value) -> Operated {
        match (a, b) {
            (Value::Int(x), Value::Int(y)) => return self.int_operator(op, x, y),
            (Value::Float(x), Value::Float(y)) => return self.float_operator(op, x, y),
            _ => {}
        }
        if matches!((a, b), (Value::Obj(_), _) | (_, Value::Obj(_))) {
            let [plain, reflected, _] = op.methods();
            if self.overrides(a, plain) || self.overrides(b, reflected) {
                return Ok(None);
            }
        }
        self.builtin_binary(op, a, b)
    }

    /// `a op b` as the builtin types see it, whatever classes derived from them define.
    pub(super) fn builtin_binary(&mut self, op: BinOp, a: Value, b: Value) -> Operated {
        let given = b;
        let (a, b) = (self.unwrap(a), self.unwrap(b));
        match (a, b) {
            (Value::Bool(x), Value::Bool(y)) => match op {
                BinOp::And => return Ok(Some(Value::Bool(x & y))),
                BinOp::Or => return Ok(Some(Value::Bool(x | y))),
                BinOp::Xor => return Ok(Some(Value::Bool(x ^ y))),
                _ => return self.int_operator(op, x.into(), y.into()),
            },
            (Value::Int(x), Value::Int(y)) => return self.int_operator(op, x, y),
            (Value::Int(x), Value::Bool(y)) => return self.int_operator(op, x, y.into()),
            (Value::Bool(x), Value::Int(y)) => return self.int_operator(op, x.into(), y),
            (Value::Float(x), Value::Float(y)) => return self.float_operator(op, x, y),
            (Value::Float(x), Value::Int(y)) => return self.float_operator(op, x, y as f64),
            (Value::Int(x), Value::Float(y)) => return self.float_operator(op, x as f64, y),
            _ => {}
        }
        if let (Some(x), Some(y)) = (self.number(a), self.number(b)) {
            if let (Some(x), Some(y)) = (x.to_big(), y.to_big()) {
                return self.big_operator(op, &x, &y);
            }
            if !FloatOp::defines(op) {
                return Ok(None);
            }
            let (Some(x), Some(y)) = (x.to_f64(), y.to_f64()) else {
                return Err(self.raise(Ty::OverflowError, "int too large to convert to float"));
            };
            return self.float_operator(op, x, y);
        }
        match op {
            BinOp::Add => self.concat(a, b),
            BinOp::Mul => self.repeat(a, b),
            BinOp::Mod => match self.object(a) {
                Some(Obj::Str(_)) => self.percent(a, given),
                Some(Obj::Bytes(_) | Obj::ByteArray(_)) => self.percent_bytes(a, given),
                _ => Ok(None),
            },
            BinOp::Or | BinOp::And | BinOp::Sub | BinOp::Xor => self.set_operator(op, a, b),
            _ => Ok(None),
        }
    }

    /// `a op b` of builtin values, by a call of the prelude where objects inside of them need code written in Python.
    pub fn operate(&mut self, op: BinOp, a: Value, b: Value) -> Result<Option<Out>, Raise> {
        match self.binary(op, a, b)? {
            Some(value) => Ok(Some(Out::Value(value))),
            None => Ok(self.operator_twin(op, a, b)),
        }
    }

    /// `a op= b`: changes `a` in place if it is a container that can; `None` means to go on as with `a op b`.
    pub fn binary_inplace(&mut self, op: BinOp, a: Value, b: Value) -> Result<Option<Out>, Raise> {
        if !matches!(
            self.object(a),
            Some(Obj::List(_) | Obj::ByteArray(_) | Obj::Set(_) | Obj::Dict(_) | Obj::Deque(_))
        ) {
            return Ok(None);
        }
        let method = op.methods()[2];
        if self.overrides(a, method) {
            return Ok(None);
        }
        if self.change_in_place(op, a, b)? {
            return Ok(Some(Out::Value(a)));
        }
        // The class's own method knows what to do with other iterables, and with elements that need code written in Python.
        let by_method = match (op, self.object(a)) {
            (BinOp::Add, Some(Obj::List(_) | Obj::Deque(_))) | (BinOp::Or, Some(Obj::Dict(_))) => {
                true
            }
            (_, Some(Obj::Set(_))) => {
                matches!(self.object(b), Some(Obj::Set(_) | Obj::FrozenSet(_)))
            }
            _ => false,
        };
        let class = self.class_of(a);
        let method = self.lookup(class, method).filter(|_| by_method);
        Ok(method.map(|method| Out::Call(method, vec![a, b])))
    }

    /// `op v`; `not` is decided by truth.
    pub fn unary(&mut self, op: UnOp, v: Value) -> Operated {
        if op == UnOp::Not {
            return Ok(self.truth(v).map(|t| Value::Bool(!t)));
        }
        let method = match op {
            UnOp::Neg => names::NEG,
            UnOp::Pos => names::POS,
            UnOp::Invert | UnOp::Not => names::INVERT,
        };
        if self.overrides(v, method) {
            return Ok(None);
        }
        self.builtin_unary(op, v)
    }

    /// As [`Machine::unary`], whatever classes derived from builtin ones define.
    pub(super) fn builtin_unary(&mut self, op: UnOp, v: Value) -> Operated {
        Ok(Some(match (op, self.unwrap(v)) {
            (UnOp::Not, v) => return Ok(self.truth(v).map(|t| Value::Bool(!t))),
            (UnOp::Neg, Value::Float(x)) => Value::Float(-x),
            (UnOp::Pos, Value::Float(x)) => Value::Float(x),
            (UnOp::Invert, Value::Float(_)) => return Ok(None),
            (op, v) => match self.integer(v) {
                Some(Int::Small(n)) => match op {
                    UnOp::Neg => self.int128(-(n as i128)),
                    UnOp::Pos => Value::Int(n),
                    _ => Value::Int(!n),
                },
                Some(Int::Big(n)) => match op {
                    UnOp::Neg => {
                        let n = -n;
                        self.int(n)
                    }
                    UnOp::Pos => v,
                    _ => {
                        let n = -(n + 1u32);
                        self.int(n)
                    }
                },
                None => return Ok(None),
            },
        }))
    }

    /// `abs(v)` of a number.
    pub fn absolute(&mut self, v: Value) -> Option<Value> {
        Some(match self.number(v)? {
            Num::Float(x) => Value::Float(x.abs()),
            Num::Int(n) => self.int128((n as i128).abs()),
            Num::Big(n) => {
                let n = num_traits::Signed::abs(n);
                self.int(n)
            }
        })
    }

    /// `divmod(a, b)` of numbers.
    pub fn divmod(&mut self, a: Value, b: Value) -> Operated {
        let (a, b) = (self.unwrap(a), self.unwrap(b));
        let (Some(x), Some(y)) = (self.number(a), self.number(b)) else {
            return Ok(None);
        };
        if x.integer().is_none() || y.integer().is_none() {
            let (Some(x), Some(y)) = (x.to_f64(), y.to_f64()) else {
                return Err(self.raise(Ty::OverflowError, "int too large to convert to float"));
            };
            if y == 0.0 {
                return Err(self.raise(Ty::ZeroDivisionError, "float divmod()"));
            }
            let (div, rem) = super::float::div_mod(x, y);
            return Ok(Some(self.tuple([Value::Float(div), Value::Float(rem)])));
        }
        // The quotient first: its words are those of divmod.
        let (Some(div), Some(rem)) = (
            self.builtin_binary(BinOp::FloorDiv, a, b)?,
            self.builtin_binary(BinOp::Mod, a, b)?,
        ) else {
            return Ok(None);
        };
        Ok(Some(self.tuple([div, rem])))
    }

    /// The `TypeError` of an operator that no method of either side takes.
    #[cold]
    pub fn unsupported(&mut self, op: BinOp, a: Value, b: Value, in_place: bool) -> Raise {
        if op == BinOp::Add
            && let Some(message) = self.concat_error(a, b)
        {
            return self.type_error(message);
        }
        if op == BinOp::Mul
            && let Some(message) = self.repeat_error(a, b)
        {
            return self.type_error(message);
        }
        let symbol = match (op, in_place) {
            (BinOp::Pow, false) => "** or pow()".to_owned(),
            (op, true) => format!("{}=", op.symbol()),
            (op, false) => op.symbol().to_owned(),
        };
        let hint = if op == BinOp::RShift && !in_place && self.is_print(a) {
            ". Did you mean \"print(<message>, file=<output_stream>)\"?"
        } else {
            ""
        };
        let message = format!(
            "unsupported operand type(s) for {symbol}: '{}' and '{}'{hint}",
            self.type_name(a),
            self.type_name(b)
        );
        self.type_error(message)
    }

    fn is_print(&self, v: Value) -> bool {
        matches!(self.object(v), Some(Obj::Native(id)) if self.natives[id.0 as usize].name == "print")
    }

    /// The `TypeError` of a unary operator that the class has no method for.
    #[cold]
    pub fn unary_error(&mut self, op: UnOp, v: Value) -> Raise {
        let symbol = match op {
            UnOp::Neg => "-",
            UnOp::Pos => "+",
            UnOp::Invert | UnOp::Not => "~",
        };
        let message = format!(
            "bad operand type for unary {symbol}: '{}'",
            self.type_name(v)
        );
        self.type_error(message)
    }
}
