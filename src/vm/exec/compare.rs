//! Comparisons, containment and truth tests beyond their quick cases.

use crate::id::{NameId, ObjId};
use crate::program::instr::{CmpOp, Instr, Reg};
use crate::value::Value;
use crate::value::object::{Cont, Obj};
use crate::vm::call::Run;
use crate::vm::machine::{Machine, Thread};
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::protocol::order::Ordered;
use crate::vm::types::Ty;

fn compare_symbol(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Lt => "<",
        CmpOp::Le => "<=",
        CmpOp::Eq => "==",
        CmpOp::Ne => "!=",
        CmpOp::Gt => ">",
        CmpOp::Ge => ">=",
    }
}

fn compare_names(op: CmpOp) -> (NameId, NameId) {
    match op {
        CmpOp::Lt => (names::LT, names::GT),
        CmpOp::Le => (names::LE, names::GE),
        CmpOp::Eq => (names::EQ, names::EQ),
        CmpOp::Ne => (names::NE, names::NE),
        CmpOp::Gt => (names::GT, names::LT),
        CmpOp::Ge => (names::GE, names::LE),
    }
}

impl Machine {
    /// A comparison; `d` is `u16::MAX` when it decides a jump.
    pub(crate) fn compare_slow(
        &mut self,
        th: &mut Thread,
        op: CmpOp,
        a: Value,
        b: Value,
        d: Reg,
    ) -> Run {
        if let Some(raised) = self.unbound_operand(th, [a, b]) {
            return Err(raised);
        }
        let cont = if d == u16::MAX {
            Cont::Test { want: true }
        } else {
            Cont::Reg(d)
        };
        if !self.is_user(a) && !self.is_user(b) {
            return match self.compare(op, a, b) {
                Ordered::Bool(truth) => self.deliver(th, Value::Bool(truth), cont),
                Ordered::Unordered => Err(self.unordered(op, a, b)),
                Ordered::Python => {
                    let text = self.str(compare_symbol(op));
                    let function = self.prelude_function("_compare");
                    self.call(th, function, &[text, a, b], &[], cont)
                }
            };
        }
        let (class_a, class_b) = (self.class_of(a), self.class_of(b));
        let (forward, reflected) = compare_names(op);
        let real = |m: &Machine, v: Option<Value>| v.filter(|&v| !m.is_native_of(v, Ty::Object));
        // `object.__ne__` is the opposite of the class's own `__eq__`.
        let method = |m: &Machine, class: ObjId, name: NameId| match m.lookup(class, name) {
            found if op == CmpOp::Ne && real(m, m.lookup(class, names::EQ)).is_some() => found,
            found => real(m, found),
        };
        let mut first = method(self, class_a, forward);
        let mut second = method(self, class_b, reflected);
        if class_a != class_b && second.is_some() && self.is_subclass(class_b, class_a) {
            std::mem::swap(&mut first, &mut second);
            return self.compare_with(th, [(first, b, a), (second, a, b)], d);
        }
        self.compare_with(th, [(first, a, b), (second, b, a)], d)
    }

    fn compare_with(
        &mut self,
        th: &mut Thread,
        tries: [(Option<Value>, Value, Value); 2],
        d: Reg,
    ) -> Run {
        let there: Vec<(Value, Value, Value)> = tries
            .iter()
            .filter_map(|(m, x, y)| m.map(|m| (m, *x, *y)))
            .collect();
        match there.as_slice() {
            [] => {
                let value = self.compare_fallback(th)?;
                let cont = if d == u16::MAX {
                    Cont::Test { want: true }
                } else {
                    Cont::Reg(d)
                };
                self.deliver(th, value, cont)
            }
            [(method, x, y)] => {
                let (method, x, y) = (*method, *x, *y);
                self.call(th, method, &[x, y], &[], Cont::Compared { d })
            }
            several => {
                let mut flat = Vec::new();
                for (method, x, y) in several {
                    flat.extend([*method, *x, *y]);
                }
                let flat = self.tuple(flat);
                let function = self.prelude_function("_try_operators");
                self.call(th, function, &[flat], &[], Cont::Compared { d })
            }
        }
    }

    /// Nobody knows how to compare: identity for `==` and `!=`, an error else.
    pub(crate) fn compare_fallback(&mut self, th: &Thread) -> Result<Value, Raise> {
        let frame = *th.frames.last().expect("running");
        let instr = self.image.program.code(frame.code).instrs[frame.pc as usize - 1];
        let at = |r: Reg| th.stack[frame.base as usize + r as usize];
        let (op, a, b) = match instr {
            Instr::Compare { op, a, b, .. } | Instr::TestCmp { op, a, b } => (op, at(a), at(b)),
            Instr::TestCmpInt { op, a, v } => (op, at(a), Value::Int(v as i64)),
            _ => return Ok(Value::Bool(false)),
        };
        match op {
            CmpOp::Eq => Ok(Value::Bool(a.is(b))),
            CmpOp::Ne => Ok(Value::Bool(!a.is(b))),
            _ => Err(self.unordered(op, a, b)),
        }
    }

    pub(crate) fn unordered(&mut self, op: CmpOp, a: Value, b: Value) -> Raise {
        let message = format!(
            "'{}' not supported between instances of '{}' and '{}'",
            compare_symbol(op),
            self.type_name(a),
            self.type_name(b)
        );
        self.type_error(message)
    }

    pub(crate) fn contains_slow(
        &mut self,
        th: &mut Thread,
        item: Value,
        container: Value,
        cont: Cont,
    ) -> Run {
        if let Some(raised) = self.unbound_operand(th, [item, container]) {
            return Err(raised);
        }
        if self.is_user(container)
            && let Some(method) = self.lookup(self.class_of(container), names::CONTAINS)
            && !matches!(method, Value::Obj(f) if matches!(self.heap.get(f), Obj::Native(_)))
        {
            if method.is_none() {
                let message = format!("'{}' object is not a container", self.type_name(container));
                return Err(self.type_error(message));
            }
            return self.call(th, method, &[container, item], &[], cont);
        }
        match self.contains(container, item)? {
            Some(out) => self.finish(th, out, cont),
            None => {
                let function = self.prelude_function("_contains");
                self.call(th, function, &[container, item], &[], cont)
            }
        }
    }

    pub(crate) fn test_slow(&mut self, th: &mut Thread, x: Value, s: Reg, want: bool) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        self.deliver(th, x, Cont::Test { want })
    }
}
