//! What instructions do beyond their quick cases: user-defined operators, attributes that are computed, other iterables.

use super::attr::Attr;
use super::call::{Flow, Run};
use super::machine::{Cache, Machine, Thread, Waiting};
use super::names;
use super::native::{Raise, Resume};
use super::protocol::keyed::Lookup;
use super::protocol::order::Ordered;
use super::types::Ty;
use crate::id::{NameId, ObjId};
use crate::kernel::op::{Op, Part};
use crate::program::instr::{BinOp, CmpOp, Conversion, Instr, Reg, UnOp};
use crate::value::Value;
use crate::value::dict::Dict;
use crate::value::object::{Cont, Iter, Obj};
use crate::value::set::Set;
use crate::value::shape::ShapeId;

/// What a method call resolves to.
pub(crate) enum Method {
    /// A callable to be put into the window.
    Ready(Value),
    /// Calling this gives the callable.
    Through(Value, Vec<Value>),
}

/// Cache shapes from here on stand for builtin classes.
const BUILTIN_SHAPES: u32 = 1 << 31;

impl Machine {
    // ---- errors of names -----------------------------------------------------------------------------------------------

    /// As in CPython it has no `name`, so that nothing is suggested.
    #[cold]
    pub(crate) fn unbound_local(&mut self, th: &Thread, register: Reg) -> Raise {
        let name = self.local_name(th.frames.last().expect("running"), register);
        self.raise(
            Ty::UnboundLocalError,
            format!(
                "cannot access local variable '{name}' where it is not associated with a value"
            ),
        )
    }

    #[cold]
    pub(crate) fn unbound_cell(&mut self, th: &Thread, register: Reg) -> Raise {
        let frame = th.frames.last().expect("running");
        let code = self.image.program.code(frame.code);
        if let Some((_, name)) = code.free.iter().find(|(r, _)| *r == register) {
            let message = format!(
                "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            );
            let name = name.to_string();
            let raised = self.raise(Ty::NameError, message);
            self.note_name(raised, &name);
            return raised;
        }
        self.unbound_local(th, register)
    }

    #[cold]
    pub(crate) fn name_error(&mut self, name: NameId) -> Raise {
        let text = self.names.text(name).to_string();
        let raised = self.raise(Ty::NameError, format!("name '{text}' is not defined"));
        self.note_name(raised, &text);
        raised
    }

    fn note_name(&mut self, raised: Raise, name: &str) {
        let text = self.str(name);
        self.set_instance_attr(raised.0, names::NAME_ATTR, text);
    }

    /// An operand that is unbound: the error for it.
    fn unbound_operand(&mut self, th: &Thread, values: [Value; 2]) -> Option<Raise> {
        if !values.iter().any(|v| v.is_unbound()) {
            return None;
        }
        let frame = *th.frames.last().expect("running");
        let instr = self.image.program.code(frame.code).instrs[frame.pc as usize - 1];
        let (a, b) = match instr {
            Instr::Add { a, b, .. }
            | Instr::Sub { a, b, .. }
            | Instr::Mul { a, b, .. }
            | Instr::Binary { a, b, .. }
            | Instr::InPlace { a, b, .. }
            | Instr::Compare { a, b, .. }
            | Instr::TestCmp { a, b, .. }
            | Instr::In { a, b, .. }
            | Instr::TestIn { a, b, .. } => (a, b),
            Instr::AddInt { a, .. }
            | Instr::SubInt { a, .. }
            | Instr::BinaryInt { a, .. }
            | Instr::InPlaceInt { a, .. }
            | Instr::TestCmpInt { a, .. } => (a, a),
            _ => return None,
        };
        Some(self.unbound_local(th, if values[0].is_unbound() { a } else { b }))
    }

    // ---- scheduling points ---------------------------------------------------------------------------------------------

    pub(crate) fn park_global(&mut self, th: &mut Thread, slot: u32, write: bool) {
        let code = th.frames.last().expect("running").code;
        let module = self.image.program.code(code).module;
        let object = self.access_object(module);
        let name = self.image.global_names[slot as usize];
        self.park_access(th, object, Part::Attr(name), write);
    }

    pub(crate) fn park_yield(&mut self, th: &mut Thread) {
        th.waiting = Waiting::Resume;
        self.kernel.park(self.current, Op::Yield);
    }

    /// The container behind an iterator, if advancing it reads something that another thread can change; or the iterator itself,
    /// if another thread can advance it (`true`: a write).
    pub(crate) fn iterated(&self, id: ObjId) -> Option<(ObjId, bool)> {
        if self.heap.is_shared(id) {
            return Some((id, true));
        }
        let Obj::Iter(iter) = self.heap.get(id) else {
            return None;
        };
        let over = match &**iter {
            Iter::List(v, _)
            | Iter::Dict(v, ..)
            | Iter::DictReversed(v, ..)
            | Iter::Set(v, ..)
            | Iter::Deque(v, ..)
            | Iter::Reversed(v, _) => v.obj()?,
            Iter::Enumerate(v, _) => return self.iterated(v.obj()?),
            Iter::Zip(iters, _) => return iters.iter().find_map(|v| self.iterated(v.obj()?)),
            _ => return None,
        };
        Some((over, false))
    }

    /// Whether items of the object can change.
    pub(crate) fn is_mutable(&self, id: ObjId) -> bool {
        match self.heap.get(id) {
            Obj::List(_) | Obj::Dict(_) | Obj::Deque(_) | Obj::Namespace(_) => true,
            Obj::Instance(instance) => !instance.inner.is_unbound()
                && self.lookup(instance.class, names::GETITEM).is_some_and(
                    |v| matches!(v, Value::Obj(f) if matches!(self.heap.get(f), Obj::Native(_))),
                ),
            _ => false,
        }
    }

    /// Which part of a container an index or key names.
    pub(crate) fn item_part(&self, id: ObjId, index: Value) -> Part {
        match (self.heap.get(id), index) {
            (Obj::List(items), Value::Int(n)) => {
                let at = if n < 0 { n + items.len() as i64 } else { n };
                if (0..items.len() as i64).contains(&at) {
                    Part::Index(at as u32)
                } else {
                    Part::Whole
                }
            }
            (Obj::Dict(_), key) => match self.hash(key) {
                super::protocol::hash::Hashed::Hash(hash) => {
                    Part::Key((hash ^ (hash >> 32)) as u32)
                }
                _ => Part::Whole,
            },
            _ => Part::Whole,
        }
    }

    // ---- operators -----------------------------------------------------------------------------------------------------

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
    fn is_user(&self, value: Value) -> bool {
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

    // ---- iteration -----------------------------------------------------------------------------------------------------

    pub(crate) fn get_iter_slow(&mut self, th: &mut Thread, x: Value, s: Reg, d: Reg) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        if let Value::Obj(id) = x {
            match self.heap.get(id) {
                Obj::Generator(_) | Obj::Iter(_) => return self.deliver(th, x, Cont::Reg(d)),
                Obj::Instance(instance) => {
                    let class = instance.class;
                    match self.lookup(class, names::ITER) {
                        Some(Value::None) => {}
                        Some(method) if !matches!(method, Value::Obj(f) if matches!(self.heap.get(f), Obj::Native(_))) =>
                        {
                            let function = self.prelude_function("_iter_checked");
                            return self.call(th, function, &[method, x], &[], Cont::Reg(d));
                        }
                        Some(_) => {
                            if let Some(iter) = self.get_iter(x) {
                                return self.deliver(th, iter, Cont::Reg(d));
                            }
                        }
                        None if self.lookup(class, names::GETITEM).is_some() => {
                            let function = self.prelude_function("_iter_items");
                            return self.call(th, function, &[x], &[], Cont::Reg(d));
                        }
                        None => {}
                    }
                }
                Obj::Class(class) => {
                    let meta = class.meta;
                    if let Some(method) = self.lookup(meta, names::ITER) {
                        return self.call(th, method, &[x], &[], Cont::Reg(d));
                    }
                }
                _ => {
                    if let Some(iter) = self.get_iter(x) {
                        return self.deliver(th, iter, Cont::Reg(d));
                    }
                }
            }
        }
        let message = format!("'{}' object is not iterable", self.type_name(x));
        Err(self.type_error(message))
    }

    /// Advances an iterator that is no builtin one.
    pub(crate) fn next_slow(&mut self, th: &mut Thread, iterator: Value, cont: Cont) -> Run {
        let Value::Obj(id) = iterator else {
            return Err(self.not_an_iterator(iterator));
        };
        match self.heap.get(id) {
            Obj::Generator(_) => {
                if self.watching
                    && self.heap.is_shared(id)
                    && !std::mem::take(&mut th.granted)
                    && self.visible_here(th)
                {
                    self.park_access(th, id, Part::Whole, true);
                    return Ok(Flow::Parked);
                }
                self.resume_generator(th, id, Resume::Send(Value::None), cont)
            }
            Obj::Iter(_) => match self.advance(id)? {
                Some(item) => self.deliver(th, item, cont),
                None => self.exhausted(th, Value::None, cont),
            },
            Obj::Instance(instance) => match self.lookup(instance.class, names::NEXT) {
                Some(method) => self.call(th, method, &[iterator], &[], cont),
                None => Err(self.not_an_iterator(iterator)),
            },
            _ => Err(self.not_an_iterator(iterator)),
        }
    }

    fn visible_here(&self, th: &Thread) -> bool {
        let frame = th.frames.last().expect("running");
        self.noting || !self.image.linked[frame.code.index()].bundled
    }

    fn not_an_iterator(&mut self, value: Value) -> Raise {
        let message = format!("'{}' object is not an iterator", self.type_name(value));
        self.type_error(message)
    }

    pub(crate) fn send_slow(
        &mut self,
        th: &mut Thread,
        iterator: Value,
        value: Value,
        d: Reg,
    ) -> Run {
        if let Value::Obj(id) = iterator
            && let Obj::Generator(_) = self.heap.get(id)
        {
            return self.resume_generator(th, id, Resume::Send(value), Cont::Sent(d));
        }
        if value.is_none() {
            return self.next_slow(th, iterator, Cont::Sent(d));
        }
        match self.get_attr(iterator, names::SEND)? {
            Attr::Value(send) => self.call(th, send, &[value], &[], Cont::Sent(d)),
            _ => Err(self.no_attribute(iterator, names::SEND)),
        }
    }

    pub(crate) fn unpack_slow(&mut self, th: &mut Thread, x: Value, s: Reg, a: Reg, n: u16) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        let Some(items) = self.sequence_items(x) else {
            // Made a tuple of the right length by the prelude, then unpacked by the same instruction again.
            let function = self.prelude_function("_unpack");
            th.frames.last_mut().expect("running").pc -= 1;
            return self.call(th, function, &[x, Value::Int(n as i64)], &[], Cont::Reg(s));
        };
        let n = n as usize;
        if items.len() != n {
            let message = if items.len() > n {
                format!("too many values to unpack (expected {n})")
            } else {
                format!(
                    "not enough values to unpack (expected {n}, got {})",
                    items.len()
                )
            };
            return Err(self.value_error(message));
        }
        let at = th.frames.last().expect("running").base as usize + a as usize;
        th.stack[at..at + n].copy_from_slice(&items);
        Ok(Flow::Next)
    }

    /// The items of a builtin container that is not consumed by looking at it.
    fn sequence_items(&mut self, x: Value) -> Option<Vec<Value>> {
        let Value::Obj(id) = x else { return None };
        match self.heap.get(id) {
            Obj::List(items) => Some(items.clone()),
            Obj::Tuple(items) => Some(items.to_vec()),
            Obj::Str(_)
            | Obj::Dict(_)
            | Obj::Range(_)
            | Obj::HugeRange(_)
            | Obj::Set(_)
            | Obj::FrozenSet(_)
            | Obj::Bytes(_)
            | Obj::View { .. } => self.items(x).ok().flatten(),
            _ => None,
        }
    }

    pub(crate) fn unpack_star_slow(
        &mut self,
        th: &mut Thread,
        x: Value,
        s: Reg,
        a: Reg,
        before: usize,
        after: usize,
    ) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        let Some(items) = self.sequence_items(x) else {
            let function = self.prelude_function("_unpack_all");
            th.frames.last_mut().expect("running").pc -= 1;
            return self.call(th, function, &[x], &[], Cont::Reg(s));
        };
        if items.len() < before + after {
            let message = format!(
                "not enough values to unpack (expected at least {}, got {})",
                before + after,
                items.len()
            );
            return Err(self.value_error(message));
        }
        let at = th.frames.last().expect("running").base as usize + a as usize;
        let rest = self.list(items[before..items.len() - after].to_vec());
        th.stack[at..at + before].copy_from_slice(&items[..before]);
        th.stack[at + before] = rest;
        th.stack[at + before + 1..at + before + 1 + after]
            .copy_from_slice(&items[items.len() - after..]);
        Ok(Flow::Next)
    }

    // ---- attributes ----------------------------------------------------------------------------------------------------

    fn attr_out(
        &mut self,
        th: &mut Thread,
        got: Attr,
        object: Value,
        name: NameId,
        cont: Cont,
    ) -> Run {
        match got {
            Attr::Value(value) => self.deliver(th, value, cont),
            Attr::Call(function, args) => self.call(th, function, &args, &[], cont),
            Attr::Missing => Err(self.missing_attr(object, name)),
        }
    }

    /// An access to an attribute that may be visible: parks, or lets go on.
    fn attr_visible(
        &mut self,
        th: &mut Thread,
        object: Value,
        name: NameId,
    ) -> Option<(ObjId, Part)> {
        let Value::Obj(id) = object else { return None };
        if !self.heap.is_shared(id) {
            return None;
        }
        let there = match self.heap.get(id) {
            Obj::Instance(instance) => {
                if self.shapes.slot(instance.shape, name).is_some() {
                    true
                } else {
                    if let Some(dict) = self.attribute_dict(id)
                        && self.heap.is_shared(dict)
                        && self.instance_attr(id, name).is_some()
                    {
                        let access = (dict, Part::Attr(name));
                        return Some(access).filter(|_| !std::mem::take(&mut th.granted));
                    }
                    let class = instance.class;
                    return self
                        .class_data(class, name)
                        .map(|owner| (owner, Part::Attr(name)))
                        .filter(|_| !std::mem::take(&mut th.granted));
                }
            }
            Obj::Class(_) => {
                return self
                    .class_data(id, name)
                    .map(|owner| (owner, Part::Attr(name)))
                    .filter(|_| !std::mem::take(&mut th.granted));
            }
            Obj::Module(module) => {
                let module = *module;
                let visible = !self.image.program.modules[module.index()].bundled
                    && !self
                        .global_slot(module, name)
                        .is_some_and(|slot| self.globals.get(slot).last);
                let access = (self.access_object(module), Part::Attr(name));
                return Some(access)
                    .filter(|_| visible)
                    .filter(|_| !std::mem::take(&mut th.granted));
            }
            _ => false,
        };
        if !there || std::mem::take(&mut th.granted) {
            None
        } else {
            Some((id, Part::Attr(name)))
        }
    }

    /// The class in the MRO that holds a data attribute (no function, no descriptor) of this name, if it is a user's.
    fn class_data(&self, class: ObjId, name: NameId) -> Option<ObjId> {
        let Obj::Class(c) = self.heap.get(class) else {
            return None;
        };
        for &base in &c.mro {
            if let Obj::Class(b) = self.heap.get(base)
                && let Some(&value) = b.dict.get(&name)
            {
                let data = match value {
                    Value::Obj(v) => !matches!(
                        self.heap.get(v),
                        Obj::Function(_)
                            | Obj::Native(_)
                            | Obj::Property(_)
                            | Obj::StaticMethod(_)
                            | Obj::ClassMethod(_)
                            | Obj::Slot(_)
                            | Obj::Getter { .. }
                            | Obj::Class(_)
                    ),
                    _ => true,
                };
                return (data && !b.builtin && self.heap.is_shared(base)).then_some(base);
            }
        }
        None
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "an instruction with its operands"
    )]
    pub(crate) fn load_attr_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        o: Reg,
        name: NameId,
        d: Reg,
        at: usize,
        watch: bool,
    ) -> Run {
        if object.is_unbound() {
            return Err(self.unbound_local(th, o));
        }
        if watch && let Some((id, part)) = self.attr_visible(th, object, name) {
            self.park_access(th, id, part, false);
            return Ok(Flow::Parked);
        }
        if let Value::Obj(id) = object
            && let Obj::Instance(instance) = self.heap.get(id)
        {
            let (class, shape) = (instance.class, instance.shape);
            if let Some(slot) = self.shapes.slot(shape, name)
                && self.plain_slot(class, name)
            {
                self.caches[at] = Cache {
                    epoch: self.epoch,
                    shape,
                    slot: slot as u32,
                    ..Cache::default()
                };
            }
        }
        let got = self.get_attr(object, name)?;
        self.attr_out(th, got, object, name, Cont::Reg(d))
    }

    /// Whether an instance's own attribute of this name is what a lookup finds.
    fn plain_slot(&self, class: ObjId, name: NameId) -> bool {
        let Obj::Class(c) = self.heap.get(class) else {
            return false;
        };
        if c.flags.getattribute {
            return false;
        }
        match self.lookup(class, name) {
            Some(Value::Obj(found)) if matches!(self.heap.get(found), Obj::Slot(slot) if *slot == name) => {
                true
            }
            Some(found) => !self.is_data_descriptor(found),
            None => true,
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "an instruction with its operands"
    )]
    pub(crate) fn store_attr_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        o: Reg,
        name: NameId,
        value: Value,
        at: usize,
        watch: bool,
    ) -> Run {
        if object.is_unbound() {
            return Err(self.unbound_local(th, o));
        }
        if watch
            && let Value::Obj(id) = object
            && self.heap.is_shared(id)
            && !self.is_computed_attr(id, name)
            && !std::mem::take(&mut th.granted)
        {
            let home = self.attribute_dict(id).unwrap_or(id);
            self.park_access(th, home, Part::Attr(name), true);
            return Ok(Flow::Parked);
        }
        if let Value::Obj(id) = object
            && let Obj::Instance(instance) = self.heap.get(id)
            && self.attribute_dict(id).is_none()
        {
            let (class, shape, count) = (instance.class, instance.shape, instance.slots.len());
            let Obj::Class(c) = self.heap.get(class) else {
                unreachable!("instances have classes")
            };
            if !c.flags.setattr && name != names::CLASS && name != names::DICT {
                let slotted = c.slotted;
                let declared = matches!(self.lookup(class, name), Some(Value::Obj(f)) if matches!(self.heap.get(f), Obj::Slot(slot) if *slot == name));
                if declared || (!slotted && self.plain_slot(class, name)) {
                    let (slot, next) = match self.shapes.slot(shape, name) {
                        Some(slot) => (slot, shape),
                        None => (count, self.shapes.with(shape, name)),
                    };
                    self.caches[at] = Cache {
                        epoch: self.epoch,
                        shape,
                        slot: slot as u32,
                        next,
                        ..Cache::default()
                    };
                }
            }
        }
        match self.set_attr(object, name, value)? {
            Some((function, args)) => self.call(th, function, &args, &[], Cont::Discard),
            None => Ok(Flow::Next),
        }
    }

    /// Whether storing to an attribute runs code (property, descriptor, `__setattr__`), which has scheduling points of its own.
    fn is_computed_attr(&self, id: ObjId, name: NameId) -> bool {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return false;
        };
        let Obj::Class(class) = self.heap.get(instance.class) else {
            return false;
        };
        class.flags.setattr
            || self.lookup(instance.class, name).is_some_and(|found| {
                self.is_data_descriptor(found)
                    && !matches!(found, Value::Obj(f) if matches!(self.heap.get(f), Obj::Slot(_)))
            })
    }

    pub(crate) fn delete_attr_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        o: Reg,
        name: NameId,
    ) -> Run {
        if object.is_unbound() {
            return Err(self.unbound_local(th, o));
        }
        match self.set_attr(object, name, Value::Unbound)? {
            Some((function, args)) => {
                let args: Vec<Value> = args.into_iter().filter(|v| !v.is_unbound()).collect();
                self.call(th, function, &args, &[], Cont::Discard)
            }
            None => Ok(Flow::Next),
        }
    }

    /// `super().name` without arguments.
    pub(crate) fn load_super(&mut self, th: &mut Thread, c: Reg, name: NameId, d: Reg) -> Run {
        let frame = *th.frames.last().expect("running");
        let at = |r: Reg| th.stack[frame.base as usize + r as usize];
        let content = |m: &Machine, v: Value| match v {
            Value::Obj(id) => match m.heap.get(id) {
                Obj::Cell(inner) => *inner,
                _ => v,
            },
            _ => v,
        };
        let after = match at(c).obj().map(|id| self.heap.get(id)) {
            Some(Obj::Cell(Value::Obj(class))) => *class,
            _ => return Err(self.raise(Ty::RuntimeError, "super(): empty __class__ cell")),
        };
        let this = content(self, at(0));
        let made = self.make_super(after, this)?;
        let got = self.get_attr(made, name)?;
        self.attr_out(th, got, made, name, Cont::Reg(d))
    }

    /// `super(class, object)`.
    ///
    /// # Errors
    /// `TypeError` when the object is no instance or subclass of the class.
    pub(crate) fn make_super(&mut self, after: ObjId, this: Value) -> Result<Value, Raise> {
        let mut class = self.class_of(this);
        if let Value::Obj(id) = this
            && matches!(self.heap.get(id), Obj::Class(_))
            && self.is_subclass(id, after)
        {
            class = id;
        }
        if !self.is_subclass(class, after) {
            let kind = match this.obj().map(|id| self.heap.get(id)) {
                Some(Obj::Class(class)) => format!("type {}", self.names.text(class.name)),
                _ => format!("instance of {}", self.type_name(this)),
            };
            let message = format!(
                "super(type, obj): obj ({kind}) is not an instance or subtype of type ({}).",
                self.class_name(after)
            );
            return Err(self.type_error(message));
        }
        Ok(self.heap.new_value(Obj::Super { after, this, class }))
    }

    /// Resolves `receiver.name` for a call: which window offset the call begins at, how many arguments come on top, and the callee.
    /// `None` when the thread is parked.
    #[allow(clippy::type_complexity, reason = "three facts of one call")]
    pub(crate) fn method_of(
        &mut self,
        th: &mut Thread,
        receiver: Value,
        name: NameId,
        at: usize,
        f: Reg,
        watch: bool,
    ) -> Result<Option<(Reg, usize, Method)>, Raise> {
        let shape = match receiver {
            Value::Obj(id) => match self.heap.get(id) {
                Obj::Instance(instance) => instance.shape,
                Obj::Class(_)
                | Obj::Module(_)
                | Obj::Super { .. }
                | Obj::Function(_)
                | Obj::BoundMethod { .. } => {
                    return self.method_slow(th, receiver, name, f, watch);
                }
                other => {
                    ShapeId(BUILTIN_SHAPES + super::types_of::builtin_class(self, other) as u32)
                }
            },
            Value::Unbound => return Err(self.unbound_local(th, f + 1)),
            other => ShapeId(BUILTIN_SHAPES + self.class_of(other).0),
        };
        let cache = self.caches[at];
        if cache.shape == shape && cache.epoch == self.epoch && cache.slot == u32::MAX {
            return Ok(Some((f, 1, Method::Ready(cache.value))));
        }
        let class = self.class_of(receiver);
        let own = match receiver {
            Value::Obj(id) => {
                self.instance_attr(id, name).is_some() || self.attribute_dict(id).is_some()
            }
            _ => false,
        };
        let Obj::Class(c) = self.heap.get(class) else {
            unreachable!("values have classes")
        };
        if !own
            && !c.flags.getattribute
            && let Some(found) = self.lookup(class, name)
            && let Value::Obj(id) = found
            && self.is_method(id)
        {
            self.caches[at] = Cache {
                epoch: self.epoch,
                shape,
                slot: u32::MAX,
                value: found,
                ..Cache::default()
            };
            return Ok(Some((f, 1, Method::Ready(found))));
        }
        self.method_slow(th, receiver, name, f, watch)
    }

    #[allow(clippy::type_complexity, reason = "three facts of one call")]
    fn method_slow(
        &mut self,
        th: &mut Thread,
        receiver: Value,
        name: NameId,
        f: Reg,
        watch: bool,
    ) -> Result<Option<(Reg, usize, Method)>, Raise> {
        if watch && let Some((id, part)) = self.attr_visible(th, receiver, name) {
            self.park_access(th, id, part, false);
            return Ok(None);
        }
        match self.get_attr(receiver, name)? {
            Attr::Value(value) => Ok(Some((f + 1, 0, Method::Ready(value)))),
            Attr::Call(function, args) => Ok(Some((f + 1, 0, Method::Through(function, args)))),
            Attr::Missing => Err(self.missing_attr(receiver, name)),
        }
    }

    /// Calls the result of `function(*args)` with the window's arguments.
    pub(crate) fn call_through(
        &mut self,
        th: &mut Thread,
        function: Value,
        args: Vec<Value>,
        window: usize,
        count: usize,
        cont: Cont,
    ) -> Run {
        let first = self.tuple(args);
        let rest = self.tuple(&th.stack[window + 1..window + 1 + count]);
        let through = self.prelude_function("_call_through");
        self.call(th, through, &[function, first, rest], &[], cont)
    }

    // ---- items ---------------------------------------------------------------------------------------------------------

    pub(crate) fn load_item_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        index: Value,
        o: Reg,
        i: Reg,
        d: Reg,
    ) -> Run {
        if object.is_unbound() || index.is_unbound() {
            return Err(self.unbound_local(th, if object.is_unbound() { o } else { i }));
        }
        if let Some(method) = self.user_method(object, names::GETITEM) {
            return self.call(th, method, &[object, index], &[], Cont::Reg(d));
        }
        if let Some(out) = self.get_item(object, index)? {
            return self.finish(th, out, Cont::Reg(d));
        }
        if let Value::Obj(id) = object
            && let Obj::Class(class) = self.heap.get(id)
        {
            let meta = class.meta;
            if let Some(method) = self.lookup(meta, names::GETITEM) {
                return self.call(th, method, &[object, index], &[], Cont::Reg(d));
            }
            if let Attr::Value(method) = self.get_attr(object, names::CLASS_GETITEM)? {
                return self.call(th, method, &[index], &[], Cont::Reg(d));
            }
            let function = self.prelude_function("_generic_alias");
            return self.call(th, function, &[object, index], &[], Cont::Reg(d));
        }
        let message = format!("'{}' object is not subscriptable", self.type_name(object));
        Err(self.type_error(message))
    }

    /// A special method written in Python.
    fn user_method(&self, object: Value, name: NameId) -> Option<Value> {
        let Value::Obj(id) = object else { return None };
        let Obj::Instance(instance) = self.heap.get(id) else {
            return None;
        };
        let method = self.lookup(instance.class, name)?;
        match method {
            Value::Obj(f) if matches!(self.heap.get(f), Obj::Native(_)) => None,
            _ => Some(method),
        }
    }

    pub(crate) fn store_item_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        index: Value,
        value: Value,
        o: Reg,
        i: Reg,
    ) -> Run {
        if object.is_unbound() || index.is_unbound() {
            return Err(self.unbound_local(th, if object.is_unbound() { o } else { i }));
        }
        if let Some(method) = self.user_method(object, names::SETITEM) {
            return self.call(th, method, &[object, index, value], &[], Cont::Discard);
        }
        if let Value::Obj(id) = object {
            self.heap.publish_into(id, index);
        }
        match self.set_item(object, index, value)? {
            Some(out) => self.finish(th, out, Cont::Discard),
            None => {
                let message = format!(
                    "'{}' object does not support item assignment",
                    self.type_name(object)
                );
                Err(self.type_error(message))
            }
        }
    }

    pub(crate) fn delete_item_slow(
        &mut self,
        th: &mut Thread,
        object: Value,
        index: Value,
        o: Reg,
        i: Reg,
    ) -> Run {
        if object.is_unbound() || index.is_unbound() {
            return Err(self.unbound_local(th, if object.is_unbound() { o } else { i }));
        }
        if let Some(method) = self.user_method(object, names::DELITEM) {
            return self.call(th, method, &[object, index], &[], Cont::Discard);
        }
        match self.del_item(object, index)? {
            Some(out) => self.finish(th, out, Cont::Discard),
            None => {
                let sequence = match self.object(object) {
                    Some(
                        Obj::Str(_)
                        | Obj::Tuple(_)
                        | Obj::Bytes(_)
                        | Obj::Range(_)
                        | Obj::HugeRange(_),
                    ) => true,
                    // Classes of the program have the slots of sequences, plain objects do not.
                    Some(Obj::Instance(_)) => self.class_of(object) != Ty::Object.id(),
                    _ => false,
                };
                let support = if sequence && self.as_i64(index).is_some() {
                    "doesn't support"
                } else {
                    "does not support"
                };
                let message = format!(
                    "'{}' object {support} item deletion",
                    self.type_name(object)
                );
                Err(self.type_error(message))
            }
        }
    }

    // ---- building ------------------------------------------------------------------------------------------------------

    pub(crate) fn call_prelude(&mut self, th: &mut Thread, name: &str, args: &[Value]) -> Run {
        let function = self.prelude_function(name);
        self.call(th, function, args, &[], Cont::Discard)
    }

    pub(crate) fn build_set(&mut self, th: &mut Thread, a: Reg, n: u16, d: Reg) -> Run {
        let at = th.frames.last().expect("running").base as usize + a as usize;
        let items = th.stack[at..at + n as usize].to_vec();
        let mut table = Set::default();
        let native = items.iter().try_for_each(|&item| {
            let hash = self.key_hash(item)?;
            self.table_add(&mut table, hash, item).map(|_| ())
        });
        match native {
            Ok(()) => {
                let set = self.set(table);
                return self.deliver(th, set, Cont::Reg(d));
            }
            Err(Lookup::Unhashable(part)) => return Err(self.unhashable(part)),
            Err(Lookup::Python) => {}
        }
        let list = self.list(items);
        let function = Value::Obj(Ty::Set.id());
        self.call(th, function, &[list], &[], Cont::Reg(d))
    }

    pub(crate) fn build_dict(&mut self, th: &mut Thread, a: Reg, n: u16, d: Reg) -> Run {
        let at = th.frames.last().expect("running").base as usize + a as usize;
        let mut dict = Dict::default();
        for pair in th.stack[at..at + 2 * n as usize].chunks_exact(2) {
            match self.dict_put(&mut dict, pair[0], pair[1]) {
                Ok(()) => {}
                Err(Some(raised)) => return Err(raised),
                Err(None) => {
                    let pairs = self.tuple(&th.stack[at..at + 2 * n as usize]);
                    let function = self.prelude_function("_build_dict");
                    return self.call(th, function, &[pairs], &[], Cont::Reg(d));
                }
            }
        }
        let dict = self.dict(dict);
        self.deliver(th, dict, Cont::Reg(d))
    }

    /// `{**value}`, and with a function `function(**value)`.
    pub(crate) fn dict_update_slow(
        &mut self,
        th: &mut Thread,
        dict: Value,
        value: Value,
        function: Option<Value>,
    ) -> Run {
        if let (Value::Obj(to), Value::Obj(from)) = (dict, value)
            && let Obj::Dict(table) = self.heap.get(from)
        {
            let pairs: Vec<(Value, Value)> = table.iter().map(|e| (e.key, e.value)).collect();
            let fits = |key: Value| {
                function.is_none()
                    || matches!(key, Value::Obj(k) if matches!(self.heap.get(k), Obj::Str(_)))
                        && self.dict_lookup_str(to, key).is_none()
            };
            if pairs.iter().all(|&(key, _)| fits(key)) {
                let mut done = true;
                for (key, value) in pairs {
                    done = done && self.dict_set(to, key, value).is_ok();
                }
                if done {
                    return Ok(Flow::Next);
                }
            }
        }
        match function {
            None => self.call_prelude(th, "_update_dict", &[dict, value]),
            Some(function) => self.call_prelude(th, "_dict_merge", &[dict, value, function]),
        }
    }

    pub(crate) fn list_extend_slow(&mut self, th: &mut Thread, l: Reg, s: Reg, call: bool) -> Run {
        let base = th.frames.last().expect("running").base as usize;
        let (list, x) = (th.stack[base + l as usize], th.stack[base + s as usize]);
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        if let Some(items) = self.sequence_items(x) {
            let Value::Obj(id) = list else {
                unreachable!("a list is built")
            };
            self.heap.grew(items.len() * 16);
            let Obj::List(to) = self.heap.get_mut(id) else {
                unreachable!("a list is built")
            };
            to.extend_from_slice(&items);
            return Ok(Flow::Next);
        }
        if call {
            // The only argument: the window's callee, which messages name, stands before the list.
            let callee = th.stack[base + l as usize - 1];
            let function = self.prelude_function("_extend_args");
            return self.call(th, function, &[list, x, callee], &[], Cont::Discard);
        }
        let function = self.prelude_function("_extend");
        self.call(th, function, &[list, x], &[], Cont::Discard)
    }

    pub(crate) fn set_add_slow(
        &mut self,
        th: &mut Thread,
        set: Value,
        value: Value,
        s: Reg,
    ) -> Run {
        if value.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        if let Value::Obj(id) = set {
            match self.set_add(id, value) {
                Ok(_) => return Ok(Flow::Next),
                Err(Lookup::Unhashable(part)) => return Err(self.unhashable(part)),
                Err(Lookup::Python) => {}
            }
        }
        let add = self.intern("add");
        let method = self.lookup(Ty::Set.id(), add).expect("sets have add");
        self.call(th, method, &[set, value], &[], Cont::Discard)
    }

    pub(crate) fn format_slow(
        &mut self,
        th: &mut Thread,
        x: Value,
        s: Reg,
        conversion: Conversion,
        spec: Value,
        d: Reg,
    ) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        let plain = spec.is_unbound() || self.as_str(spec).is_some_and(str::is_empty);
        if plain {
            let text = match conversion {
                Conversion::None if self.as_str(x).is_some() && !self.is_user(x) => {
                    return self.deliver(th, x, Cont::Reg(d));
                }
                Conversion::None | Conversion::Str => self.str_of(x)?,
                Conversion::Repr => self.repr(x)?,
                Conversion::Ascii => None,
            };
            if let Some(text) = text
                && (conversion != Conversion::None || !self.has_user_format(x))
            {
                let value = self.str(text);
                return self.deliver(th, value, Cont::Reg(d));
            }
        } else if conversion == Conversion::None && !self.is_user(x) {
            let text = self.as_str(spec).unwrap_or_default().to_string();
            if let Some(value) = self.format(x, &text)? {
                return self.deliver(th, value, Cont::Reg(d));
            }
        }
        let spec = if spec.is_unbound() {
            self.str("")
        } else {
            spec
        };
        let function = self.prelude_function("_format_field");
        self.call(
            th,
            function,
            &[x, Value::Int(conversion as i64), spec],
            &[],
            Cont::Reg(d),
        )
    }

    fn has_user_format(&self, x: Value) -> bool {
        self.user_method(x, names::FORMAT).is_some()
    }

    pub(crate) fn raise_slow(
        &mut self,
        th: &mut Thread,
        x: Value,
        s: Reg,
        cause: Option<Value>,
    ) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        let target = self.raise_target(x)?;
        match (target, cause) {
            (Some(id), None) => Err(Raise(id)),
            (None, None) => {
                let function = self.prelude_function("_raise_class");
                self.call(th, function, &[x], &[], Cont::Discard)
            }
            (_, Some(cause)) => {
                let function = self.prelude_function("_raise_from");
                self.call(th, function, &[x, cause], &[], Cont::Discard)
            }
        }
    }

    /// A special method of the value's class, remembered in the cache at `at`; and whether it was remembered already.
    fn special(&mut self, value: Value, name: NameId, at: usize) -> Option<(Value, bool)> {
        let shape = match value {
            Value::Obj(id) => match self.heap.get(id) {
                Obj::Instance(instance) => instance.shape,
                Obj::Class(_) => {
                    return self
                        .lookup(self.class_of(value), name)
                        .map(|found| (found, false));
                }
                Obj::Sync(sync) => ShapeId(BUILTIN_SHAPES + sync.kind.class() as u32),
                other => {
                    ShapeId(BUILTIN_SHAPES + super::types_of::builtin_class(self, other) as u32)
                }
            },
            other => ShapeId(BUILTIN_SHAPES + self.class_of(other).0),
        };
        let cache = &self.caches[at];
        if cache.shape == shape && cache.epoch == self.epoch && cache.slot == u32::MAX {
            return Some((cache.value, true));
        }
        let found = self.lookup(self.class_of(value), name)?;
        self.caches[at] = Cache {
            epoch: self.epoch,
            shape,
            slot: u32::MAX,
            value: found,
            ..Cache::default()
        };
        Some((found, false))
    }

    pub(crate) fn with_enter(
        &mut self,
        th: &mut Thread,
        manager: Value,
        m: Reg,
        d: Reg,
        at: usize,
    ) -> Run {
        if manager.is_unbound() {
            return Err(self.unbound_local(th, m));
        }
        let Some((enter, known)) = self.special(manager, names::ENTER, at) else {
            let message = format!(
                "'{}' object does not support the context manager protocol",
                self.type_name(manager)
            );
            return Err(self.type_error(message));
        };
        if !known && self.lookup(self.class_of(manager), names::EXIT).is_none() {
            let message = format!(
                "'{}' object does not support the context manager protocol (missed __exit__ method)",
                self.type_name(manager)
            );
            return Err(self.type_error(message));
        }
        self.call_special(th, enter, &[manager], Cont::Reg(d))
    }

    pub(crate) fn with_exit(
        &mut self,
        th: &mut Thread,
        manager: Value,
        exception: Value,
        cont: Cont,
        at: usize,
    ) -> Run {
        let Some((exit, _)) = self.special(manager, names::EXIT, at) else {
            return Err(self.no_attribute(manager, names::EXIT));
        };
        if exception.is_none() {
            let all = [manager, Value::None, Value::None, Value::None];
            return self.call_special(th, exit, &all, cont);
        }
        let class = Value::Obj(self.class_of(exception));
        let traceback = exception
            .obj()
            .map_or(Value::None, |id| self.traceback_of(id));
        self.call(th, exit, &[manager, class, exception, traceback], &[], cont)
    }
}

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
