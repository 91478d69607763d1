//! The dispatch loop.
//!
//! Everything that is frequent and simple is done here in place; the rest is in the files beside it, which work on the thread's frames.
//! All of it is one function, so that the state of the frame stays in registers.

use super::contents::Depth;
use super::method::Method;
use crate::kernel::op::{Op, Part};
use crate::program::instr::{BinOp, CmpOp, Conversion, Instr};
use crate::value::Value;
use crate::value::object::{Cont, Frame, Iter, Obj};
use crate::vm::call::{Flow, Run};
use crate::vm::machine::{Cache, Image, Machine, Thread, Waiting};
use crate::vm::native::Raise;
use smallvec::SmallVec;

impl Machine {
    /// Executes instructions of the innermost frame until the thread stops or an exception is raised. The frame's pc is up to
    /// date whenever this returns.
    #[allow(clippy::too_many_lines, reason = "one loop belongs together")]
    pub(super) fn frame(&mut self, image: &Image, th: &mut Thread) -> Run {
        let mut instrs: &[Instr];
        let mut linked;
        let mut pc: usize;
        let mut base: usize;
        let mut watch: bool;

        macro_rules! load {
            () => {{
                let f = th.frames.last().expect("a thread that runs has a frame");
                let code = f.code.index();
                instrs = &image.program.codes[code].instrs;
                linked = &image.linked[code];
                pc = f.pc as usize;
                base = f.base as usize;
                watch = self.watches(linked.bundled);
            }};
        }
        macro_rules! save {
            () => {
                th.frames.last_mut().expect("running").pc = pc as u32
            };
        }
        macro_rules! reg {
            ($r:expr) => {
                th.stack[base + $r as usize]
            };
        }
        // Runs a slow path that may push frames, park or raise.
        macro_rules! slow {
            ($call:expr) => {{
                save!();
                match $call {
                    Ok(Flow::Next) => {}
                    Ok(Flow::Reload) => load!(),
                    other => return other,
                }
            }};
        }
        // Runs a slow path that gives a value or raises.
        macro_rules! value {
            ($call:expr) => {{
                save!();
                match $call {
                    Ok(value) => value,
                    Err(raised) => return Err(raised),
                }
            }};
        }
        // The number of the instruction at hand in tables over all code.
        macro_rules! here {
            () => {
                linked.caches as usize + pc - 1
            };
        }
        // A scheduling point in front of an access to an object that several threads can reach.
        macro_rules! visible {
            ($id:expr, $part:expr, $write:expr) => {
                visible!($id, $part, $write, None)
            };
            ($id:expr, $part:expr, $write:expr, $short:expr) => {
                if watch && self.heap.is_shared($id) {
                    if th.granted {
                        th.granted = false;
                    } else if !self.passes($short) {
                        let part = $part;
                        if !self.noting || !self.tells($id, part, $write, linked.bundled) {
                            save!();
                            self.park_access(th, $id, part, $write);
                            return Ok(Flow::Parked);
                        }
                    }
                }
            };
        }
        // The same in front of an operation that looks into what the values hold.
        macro_rules! looks {
            ($depth:expr, $($value:expr),+) => {
                if watch {
                    save!();
                    if self.stops_in_front_of_look(th, &[$($value),+], $depth) {
                        return Ok(Flow::Parked);
                    }
                }
            };
        }
        // The same in front of an operation in place.
        macro_rules! changes {
            ($target:expr, $other:expr) => {
                if watch {
                    save!();
                    if self.stops_in_front_of_change(th, $target, $other) {
                        return Ok(Flow::Parked);
                    }
                }
            };
        }
        // The same in front of a call.
        macro_rules! calls {
            ($at:expr, $argc:expr) => {
                if watch {
                    save!();
                    if self.stops_in_front_of(th, $at, $argc) {
                        return Ok(Flow::Parked);
                    }
                }
            };
        }
        // Counts a loop turn or a call, whose jump or frame is made already: the thread may park here and go on after it.
        macro_rules! fuel {
            () => {
                self.fuel -= 1;
                if self.fuel == 0 {
                    save!();
                    if self.out_of_fuel(image, th) {
                        return Ok(Flow::Parked);
                    }
                }
            };
        }
        // A place where CPython with the GIL may switch threads: parks once in front of the instruction.
        macro_rules! switch_point {
            () => {
                if self.gil && !linked.bundled {
                    if th.granted {
                        th.granted = false;
                    } else {
                        pc -= 1;
                        save!();
                        th.waiting = Waiting::Access;
                        self.kernel.park(self.current, Op::Yield);
                        return Ok(Flow::Parked);
                    }
                }
            };
        }
        // Takes or skips the `Jump` at pc.
        macro_rules! branch {
            ($skip:expr) => {
                if $skip {
                    pc += 1;
                } else if let Instr::Jump { off } = instrs[pc] {
                    pc = (pc as i64 + 1 + off as i64) as usize;
                }
            };
        }
        macro_rules! compare_ints {
            ($op:expr, $a:expr, $b:expr) => {
                match $op {
                    CmpOp::Lt => $a < $b,
                    CmpOp::Le => $a <= $b,
                    CmpOp::Eq => $a == $b,
                    CmpOp::Ne => $a != $b,
                    CmpOp::Gt => $a > $b,
                    CmpOp::Ge => $a >= $b,
                }
            };
        }
        macro_rules! arith {
            ($d:expr, $a:expr, $b:expr, $int:ident, $float:tt, $op:expr) => {{
                let (x, y) = (reg!($a), reg!($b));
                match (x, y) {
                    (Value::Int(m), Value::Int(n)) if let Some(r) = m.$int(n) => reg!($d) = Value::Int(r),
                    (Value::Float(m), Value::Float(n)) => reg!($d) = Value::Float(m $float n),
                    (Value::Float(m), Value::Int(n)) => reg!($d) = Value::Float(m $float n as f64),
                    (Value::Int(m), Value::Float(n)) => reg!($d) = Value::Float(m as f64 $float n),
                    _ => {
                        looks!(Depth::All, x, y);
                        slow!(self.binary_slow(th, $op, x, y, $d, false));
                    }
                }
            }};
        }

        load!();
        loop {
            let instr = instrs[pc];
            pc += 1;
            match instr {
                Instr::Nop => {}
                Instr::Const { d, k } => reg!(d) = linked.consts[k as usize],
                Instr::Int { d, v } => reg!(d) = Value::Int(v as i64),
                Instr::None { d } => reg!(d) = Value::None,
                Instr::Bool { d, v } => reg!(d) = Value::Bool(v),
                Instr::Move { d, s } => {
                    let value = reg!(s);
                    if value.is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, s));
                    }
                    reg!(d) = value;
                }
                Instr::Clear { d } => reg!(d) = Value::Unbound,
                Instr::DelLocal { d } => {
                    if reg!(d).is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, d));
                    }
                    reg!(d) = Value::Unbound;
                }
                Instr::MakeCell { d } => {
                    let cell = self.heap.new_value(Obj::Cell(reg!(d)));
                    reg!(d) = cell;
                }
                Instr::LoadCell { d, c } => {
                    let Value::Obj(cell) = reg!(c) else {
                        save!();
                        return Err(self.unbound_cell(th, c));
                    };
                    visible!(cell, Part::Cell, false);
                    match self.heap.get(cell) {
                        Obj::Cell(value) if !value.is_unbound() => reg!(d) = *value,
                        _ => {
                            save!();
                            return Err(self.unbound_cell(th, c));
                        }
                    }
                }
                Instr::StoreCell { c, s } => {
                    let value = reg!(s);
                    let Value::Obj(cell) = reg!(c) else {
                        unreachable!("cells are made at entry")
                    };
                    visible!(cell, Part::Cell, true);
                    if value.is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, s));
                    }
                    self.heap.publish_into(cell, value);
                    *self.heap.get_mut(cell) = Obj::Cell(value);
                }
                Instr::DelCell { c } => {
                    let Value::Obj(cell) = reg!(c) else {
                        unreachable!("cells are made at entry")
                    };
                    visible!(cell, Part::Cell, true);
                    if matches!(self.heap.get(cell), Obj::Cell(Value::Unbound)) {
                        save!();
                        return Err(self.unbound_cell(th, c));
                    }
                    *self.heap.get_mut(cell) = Obj::Cell(Value::Unbound);
                }
                Instr::LoadGlobal { d, g } => {
                    let slot = linked.globals + g as u32;
                    let global = self.globals.get(slot);
                    if !global.value.is_unbound() {
                        let value = global.value;
                        if watch && !global.last {
                            if th.granted {
                                th.granted = false;
                            } else if !self.passes(Some((here!(), None, value)))
                                && !self.tells_global(th, slot, false)
                            {
                                save!();
                                self.park_global(th, slot, false);
                                return Ok(Flow::Parked);
                            }
                        }
                        reg!(d) = value;
                    } else {
                        match self.builtin(image.global_names[slot as usize]) {
                            Some(value) => reg!(d) = value,
                            None => {
                                save!();
                                return Err(self.name_error(image.global_names[slot as usize]));
                            }
                        }
                    }
                }
                Instr::StoreGlobal { g, s } | Instr::StoreGlobalLast { g, s } => {
                    let value = reg!(s);
                    let slot = linked.globals + g as u32;
                    let global = self.globals.get(slot);
                    if value.is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, s));
                    }
                    if global.private {
                        self.globals.get_mut(slot).value = value;
                        continue;
                    }
                    if watch {
                        if th.granted {
                            th.granted = false;
                        } else if !self.passes(Some((here!(), None, value)))
                            && !self.tells_global(th, slot, true)
                        {
                            save!();
                            self.park_global(th, slot, true);
                            return Ok(Flow::Parked);
                        }
                    }
                    self.heap.publish(value);
                    let global = self.globals.get_mut(slot);
                    global.value = value;
                    global.last |= matches!(instr, Instr::StoreGlobalLast { .. });
                }
                Instr::DelGlobal { g } => {
                    let slot = linked.globals + g as u32;
                    if watch && !self.globals.get(slot).private && !std::mem::take(&mut th.granted)
                    {
                        save!();
                        self.park_global(th, slot, true);
                        return Ok(Flow::Parked);
                    }
                    if self.globals.get(slot).value.is_unbound() {
                        save!();
                        return Err(self.name_error(image.global_names[slot as usize]));
                    }
                    self.globals.get_mut(slot).value = Value::Unbound;
                }
                Instr::LoadName { d, n, g } => {
                    let name = linked.names[n as usize];
                    let value = value!(self.load_name(th, name, linked.globals + g as u32));
                    reg!(d) = value;
                }
                Instr::LoadNameCell { d, n, c } => {
                    let name = linked.names[n as usize];
                    match self.class_name_lookup(th, name) {
                        Some(value) => reg!(d) = value,
                        None => match reg!(c).obj().map(|cell| self.heap.get(cell)) {
                            Some(Obj::Cell(value)) if !value.is_unbound() => reg!(d) = *value,
                            _ => {
                                save!();
                                return Err(self.unbound_cell(th, c));
                            }
                        },
                    }
                }
                Instr::StoreName { n, s } => {
                    let value = reg!(s);
                    let name = linked.names[n as usize];
                    slow!(self.store_name(th, name, value));
                }
                Instr::DelName { n } => {
                    let name = linked.names[n as usize];
                    value!(self.delete_name(th, name));
                }

                Instr::Add { d, a, b } => arith!(d, a, b, checked_add, +, BinOp::Add),
                Instr::Sub { d, a, b } => arith!(d, a, b, checked_sub, -, BinOp::Sub),
                Instr::Mul { d, a, b } => arith!(d, a, b, checked_mul, *, BinOp::Mul),
                Instr::AddInt { d, a, v } => {
                    let x = reg!(a);
                    match x {
                        Value::Int(n) if let Some(r) = n.checked_add(v as i64) => {
                            reg!(d) = Value::Int(r)
                        }
                        _ => {
                            looks!(Depth::All, x);
                            slow!(self.binary_slow(
                                th,
                                BinOp::Add,
                                x,
                                Value::Int(v as i64),
                                d,
                                false
                            ));
                        }
                    }
                }
                Instr::SubInt { d, a, v } => {
                    let x = reg!(a);
                    match x {
                        Value::Int(n) if let Some(r) = n.checked_sub(v as i64) => {
                            reg!(d) = Value::Int(r)
                        }
                        _ => {
                            looks!(Depth::All, x);
                            slow!(self.binary_slow(
                                th,
                                BinOp::Sub,
                                x,
                                Value::Int(v as i64),
                                d,
                                false
                            ));
                        }
                    }
                }
                Instr::Binary { op, d, a, b } => {
                    let (x, y) = (reg!(a), reg!(b));
                    match (op, x, y) {
                        (BinOp::FloorDiv, Value::Int(m), Value::Int(n)) if n > 0 => {
                            reg!(d) = Value::Int(m.div_euclid(n));
                        }
                        (BinOp::Mod, Value::Int(m), Value::Int(n)) if n > 0 => {
                            reg!(d) = Value::Int(m.rem_euclid(n));
                        }
                        (BinOp::Div, Value::Float(m), Value::Float(n)) if n != 0.0 => {
                            reg!(d) = Value::Float(m / n);
                        }
                        (BinOp::And, Value::Int(m), Value::Int(n)) => reg!(d) = Value::Int(m & n),
                        (BinOp::Or, Value::Int(m), Value::Int(n)) => reg!(d) = Value::Int(m | n),
                        (BinOp::Xor, Value::Int(m), Value::Int(n)) => reg!(d) = Value::Int(m ^ n),
                        (BinOp::RShift, Value::Int(m), Value::Int(n)) if (0..64).contains(&n) => {
                            reg!(d) = Value::Int(m >> n);
                        }
                        _ => {
                            looks!(Depth::All, x, y);
                            slow!(self.binary_slow(th, op, x, y, d, false));
                        }
                    }
                }
                Instr::InPlace { op, d, a, b } => {
                    let (x, y) = (reg!(a), reg!(b));
                    match (op, x, y) {
                        (BinOp::Add, Value::Int(m), Value::Int(n))
                            if let Some(r) = m.checked_add(n) =>
                        {
                            reg!(d) = Value::Int(r);
                        }
                        (BinOp::Sub, Value::Int(m), Value::Int(n))
                            if let Some(r) = m.checked_sub(n) =>
                        {
                            reg!(d) = Value::Int(r);
                        }
                        (BinOp::Mul, Value::Int(m), Value::Int(n))
                            if let Some(r) = m.checked_mul(n) =>
                        {
                            reg!(d) = Value::Int(r);
                        }
                        (BinOp::Add, Value::Float(m), Value::Float(n)) => {
                            reg!(d) = Value::Float(m + n)
                        }
                        (BinOp::Mul, Value::Float(m), Value::Float(n)) => {
                            reg!(d) = Value::Float(m * n)
                        }
                        _ => {
                            changes!(x, y);
                            slow!(self.binary_slow(th, op, x, y, d, true));
                        }
                    }
                }
                Instr::BinaryInt { op, d, a, v } => {
                    let x = reg!(a);
                    match (op, x) {
                        (BinOp::Mod, Value::Int(m)) if v > 0 => {
                            reg!(d) = Value::Int(m.rem_euclid(v as i64))
                        }
                        (BinOp::FloorDiv, Value::Int(m)) if v > 0 => {
                            reg!(d) = Value::Int(m.div_euclid(v as i64))
                        }
                        (BinOp::And, Value::Int(m)) => reg!(d) = Value::Int(m & v as i64),
                        (BinOp::RShift, Value::Int(m)) if (0..64).contains(&v) => {
                            reg!(d) = Value::Int(m >> v)
                        }
                        (BinOp::Mul, Value::Int(m)) if let Some(r) = m.checked_mul(v as i64) => {
                            reg!(d) = Value::Int(r)
                        }
                        _ => {
                            looks!(Depth::All, x);
                            slow!(self.binary_slow(th, op, x, Value::Int(v as i64), d, false));
                        }
                    }
                }
                Instr::InPlaceInt { op, d, a, v } => {
                    let x = reg!(a);
                    match (op, x) {
                        (BinOp::Add, Value::Int(m)) if let Some(r) = m.checked_add(v as i64) => {
                            reg!(d) = Value::Int(r)
                        }
                        (BinOp::Sub, Value::Int(m)) if let Some(r) = m.checked_sub(v as i64) => {
                            reg!(d) = Value::Int(r)
                        }
                        (BinOp::Mul, Value::Int(m)) if let Some(r) = m.checked_mul(v as i64) => {
                            reg!(d) = Value::Int(r)
                        }
                        _ => {
                            changes!(x, Value::None);
                            slow!(self.binary_slow(th, op, x, Value::Int(v as i64), d, true));
                        }
                    }
                }
                Instr::Unary { op, d, s } => {
                    let x = reg!(s);
                    looks!(Depth::Items, x);
                    slow!(self.unary_slow(th, op, x, d, s));
                }
                Instr::Compare { op, d, a, b } => {
                    let (x, y) = (reg!(a), reg!(b));
                    match (x, y) {
                        (Value::Int(m), Value::Int(n)) => {
                            reg!(d) = Value::Bool(compare_ints!(op, m, n))
                        }
                        (Value::Float(m), Value::Float(n)) => {
                            reg!(d) = Value::Bool(compare_ints!(op, m, n))
                        }
                        _ => {
                            looks!(Depth::All, x, y);
                            slow!(self.compare_slow(th, op, x, y, d));
                        }
                    }
                }
                Instr::Is { negate, d, a, b } => {
                    let (x, y) = (reg!(a), reg!(b));
                    if x.is_unbound() || y.is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, if x.is_unbound() { a } else { b }));
                    }
                    reg!(d) = Value::Bool(x.is(y) != negate);
                }
                Instr::In { negate, d, a, b } => {
                    let (x, y) = (reg!(a), reg!(b));
                    if let Value::Obj(id) = y {
                        visible!(id, Part::Whole, false);
                    }
                    slow!(self.contains_slow(
                        th,
                        x,
                        y,
                        if negate { Cont::Not(d) } else { Cont::Bool(d) }
                    ));
                }

                Instr::Jump { off } => pc = (pc as i64 + off as i64) as usize,
                Instr::Loop { off } => {
                    pc = (pc as i64 + off as i64) as usize;
                    fuel!();
                    if self.gil && !linked.bundled {
                        save!();
                        self.park_yield(th);
                        return Ok(Flow::Parked);
                    }
                }
                Instr::TestTrue { s } => {
                    let x = reg!(s);
                    match x {
                        Value::Bool(truth) => branch!(truth),
                        Value::Int(n) => branch!(n != 0),
                        Value::None => branch!(false),
                        _ => {
                            looks!(Depth::Items, x);
                            slow!(self.test_slow(th, x, s, true));
                        }
                    }
                }
                Instr::TestFalse { s } => {
                    let x = reg!(s);
                    match x {
                        Value::Bool(truth) => branch!(!truth),
                        Value::Int(n) => branch!(n == 0),
                        Value::None => branch!(true),
                        _ => {
                            looks!(Depth::Items, x);
                            slow!(self.test_slow(th, x, s, false));
                        }
                    }
                }
                Instr::TestCmp { op, a, b } => {
                    let (x, y) = (reg!(a), reg!(b));
                    match (x, y) {
                        (Value::Int(m), Value::Int(n)) => branch!(compare_ints!(op, m, n)),
                        (Value::Float(m), Value::Float(n)) => branch!(compare_ints!(op, m, n)),
                        _ => {
                            looks!(Depth::All, x, y);
                            slow!(self.compare_slow(th, op, x, y, u16::MAX));
                        }
                    }
                }
                Instr::TestCmpInt { op, a, v } => {
                    let x = reg!(a);
                    match x {
                        Value::Int(m) => branch!(compare_ints!(op, m, v as i64)),
                        _ => slow!(self.compare_slow(th, op, x, Value::Int(v as i64), u16::MAX)),
                    }
                }
                Instr::TestIs { negate, a, b } => {
                    let (x, y) = (reg!(a), reg!(b));
                    if x.is_unbound() || y.is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, if x.is_unbound() { a } else { b }));
                    }
                    branch!(x.is(y) != negate);
                }
                Instr::TestNone { negate, s } => {
                    let x = reg!(s);
                    if x.is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, s));
                    }
                    branch!(x.is_none() != negate);
                }
                Instr::TestIn { negate, a, b } => {
                    let (x, y) = (reg!(a), reg!(b));
                    if let Value::Obj(id) = y {
                        visible!(id, Part::Whole, false);
                    }
                    slow!(self.contains_slow(th, x, y, Cont::Test { want: !negate }));
                }

                Instr::GetIter { d, s } => {
                    let x = reg!(s);
                    slow!(self.get_iter_slow(th, x, s, d));
                }
                Instr::ForIter { d, it } => {
                    let Value::Obj(id) = reg!(it) else {
                        unreachable!("made by GetIter")
                    };
                    if let Obj::Iter(iter) = self.heap.get(id) {
                        if let Iter::Range(next, left, step) = **iter
                            && !(watch && self.heap.is_shared(id))
                        {
                            if left > 0 {
                                reg!(d) = Value::Int(next);
                                if let Obj::Iter(iter) = self.heap.get_mut(id) {
                                    **iter = Iter::Range(next.wrapping_add(step), left - 1, step);
                                }
                                pc += 1;
                            } else {
                                branch!(false);
                            }
                            continue;
                        }
                        if watch && let Some((over, write)) = self.iterated(id) {
                            visible!(over, Part::Whole, write);
                        }
                        match value!(self.advance(id)) {
                            Some(item) => {
                                reg!(d) = item;
                                pc += 1;
                            }
                            None => branch!(false),
                        }
                    } else {
                        slow!(self.next_slow(th, Value::Obj(id), Cont::Next(d)));
                    }
                }

                Instr::LoadAttr { d, o, n } => {
                    let object = reg!(o);
                    if let Value::Obj(id) = object
                        && let Obj::Instance(instance) = self.heap.get(id)
                    {
                        let cache: &Cache = &self.caches[here!()];
                        if cache.epoch == self.epoch
                            && cache.shape == instance.shape
                            && cache.slot != u32::MAX
                        {
                            let value = instance.slots[cache.slot as usize];
                            let part = Part::Attr(linked.names[n as usize]);
                            visible!(id, part, false, Some((here!(), Some(id), value)));
                            reg!(d) = value;
                            continue;
                        }
                    }
                    let name = linked.names[n as usize];
                    let at = here!();
                    slow!(self.load_attr_slow(th, object, o, name, d, at, watch));
                }
                Instr::StoreAttr { o, n, s } => {
                    let (object, value) = (reg!(o), reg!(s));
                    if value.is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, s));
                    }
                    if let Value::Obj(id) = object
                        && let Obj::Instance(instance) = self.heap.get(id)
                    {
                        let cache = self.caches[here!()];
                        if cache.epoch == self.epoch
                            && cache.shape == instance.shape
                            && cache.slot != u32::MAX
                        {
                            let part = Part::Attr(linked.names[n as usize]);
                            visible!(id, part, true, Some((here!(), Some(id), value)));
                            self.heap.publish_into(id, value);
                            if let Obj::Instance(instance) = self.heap.get_mut(id) {
                                if cache.slot as usize == instance.slots.len() {
                                    instance.slots.push(value);
                                    instance.shape = cache.next;
                                    self.heap.grew(16);
                                } else {
                                    instance.slots[cache.slot as usize] = value;
                                }
                            }
                            continue;
                        }
                    }
                    let name = linked.names[n as usize];
                    let at = here!();
                    slow!(self.store_attr_slow(th, object, o, name, value, at, watch));
                }
                Instr::DelAttr { o, n } => {
                    let object = reg!(o);
                    let name = linked.names[n as usize];
                    let at = linked.caches as usize + pc - 1;
                    if let Value::Obj(id) = object {
                        visible!(id, Part::Attr(name), true);
                        if self.delete_cached(id, at) {
                            continue;
                        }
                    }
                    slow!(self.delete_attr_slow(th, object, o, name, at));
                }
                Instr::LoadSuper { d, c, n } => {
                    let name = linked.names[n as usize];
                    slow!(self.load_super(th, c, name, d));
                }
                Instr::LoadItem { d, o, i } => {
                    let (object, index) = (reg!(o), reg!(i));
                    if let Value::Obj(id) = object {
                        if watch && self.heap.is_shared(id) && self.is_mutable(id) {
                            if th.granted {
                                th.granted = false;
                            } else {
                                save!();
                                let part = self.item_part(id, index);
                                self.park_access(th, id, part, false);
                                return Ok(Flow::Parked);
                            }
                        }
                        if let (Obj::List(items), Value::Int(n)) = (self.heap.get(id), index) {
                            let at = if n < 0 { n + items.len() as i64 } else { n };
                            if let Some(&item) = items.get(at as usize)
                                && at >= 0
                            {
                                reg!(d) = item;
                                continue;
                            }
                        }
                        if let Obj::Dict(table) = self.heap.get(id)
                            && let Ok(hash) = self.key_hash(index)
                            && let Ok(Some(at)) = self.find_key(table, hash, index)
                        {
                            reg!(d) = table.at(at).value;
                            continue;
                        }
                    }
                    slow!(self.load_item_slow(th, object, index, o, i, d));
                }
                Instr::StoreItem { o, i, s } => {
                    let (object, index, value) = (reg!(o), reg!(i), reg!(s));
                    if value.is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, s));
                    }
                    if let Value::Obj(id) = object {
                        if watch && self.heap.is_shared(id) {
                            if th.granted {
                                th.granted = false;
                            } else {
                                save!();
                                let part = self.item_part(id, index);
                                self.park_access(th, id, part, true);
                                return Ok(Flow::Parked);
                            }
                        }
                        self.heap.publish_into(id, value);
                        if let (Obj::List(items), Value::Int(n)) = (self.heap.get_mut(id), index)
                            && n >= 0
                            && let Some(slot) = items.get_mut(n as usize)
                        {
                            *slot = value;
                            continue;
                        }
                        if !index.is_unbound()
                            && let Obj::Dict(_) = self.heap.get(id)
                            && self.dict_set(id, index, value).is_ok()
                        {
                            continue;
                        }
                    }
                    slow!(self.store_item_slow(th, object, index, value, o, i));
                }
                Instr::DelItem { o, i } => {
                    let (object, index) = (reg!(o), reg!(i));
                    if let Value::Obj(id) = object {
                        visible!(id, Part::Whole, true);
                    }
                    slow!(self.delete_item_slow(th, object, index, o, i));
                }
                Instr::Slice { d, a } => {
                    let parts = [reg!(a), reg!(a + 1), reg!(a + 2)];
                    reg!(d) = self.heap.new_value(Obj::Slice(Box::new(parts)));
                }

                Instr::Call { argc, f, d } => {
                    switch_point!();
                    let at = base + f as usize;
                    calls!(at, argc as usize);
                    if let Value::Obj(id) = th.stack[at]
                        && let Obj::Function(function) = self.heap.get(id)
                    {
                        let target = function.code;
                        let callee = &image.linked[target.index()];
                        let code = &image.program.codes[target.index()];
                        if callee.quick
                            && code.params.positional as usize == argc as usize
                            && th.frames.len() as u32 <= self.header.recursion_limit
                        {
                            save!();
                            let new_base = at + 1;
                            let end = new_base + code.registers as usize;
                            if th.stack.len() < end {
                                th.stack.resize(end, Value::Unbound);
                            }
                            th.stack[new_base + argc as usize..end].fill(Value::Unbound);
                            if !code.free.is_empty()
                                && let Obj::Function(function) = self.heap.get(id)
                            {
                                for ((register, _), cell) in
                                    code.free.iter().zip(function.cells.iter())
                                {
                                    th.stack[new_base + *register as usize] = *cell;
                                }
                            }
                            let handled = th.frames.last().expect("running").handled;
                            th.frames.push(Frame {
                                code: target,
                                pc: 0,
                                base: new_base as u32,
                                cont: Cont::Reg(d),
                                owner: Value::Obj(id),
                                handled,
                            });
                            instrs = &code.instrs;
                            linked = callee;
                            pc = 0;
                            base = new_base;
                            watch = self.watches(linked.bundled);
                            // Only now: whoever parks here goes on with the callee.
                            fuel!();
                            continue;
                        }
                    }
                    slow!(self.call_window(th, at, argc as usize, &[], Cont::Reg(d)));
                }
                Instr::CallMethod { argc, f, d, n } => {
                    switch_point!();
                    let receiver = reg!(f + 1);
                    let name = linked.names[n as usize];
                    let at = here!();
                    save!();
                    let found = self.method_of(th, receiver, name, at, f, watch);
                    let (window, count, callee) = match found {
                        Ok(Some((window, extra, callee))) => {
                            (base + window as usize, argc as usize + extra, callee)
                        }
                        Ok(None) => return Ok(Flow::Parked),
                        Err(raised) => return Err(raised),
                    };
                    match callee {
                        Method::Ready(callee) => {
                            if let Value::Obj(id) = callee
                                && let Obj::Function(function) = self.heap.get(id)
                            {
                                let target = function.code;
                                let callee = &image.linked[target.index()];
                                let code = &image.program.codes[target.index()];
                                if callee.quick
                                    && code.params.positional as usize == count
                                    && th.frames.len() as u32 <= self.header.recursion_limit
                                {
                                    let new_base = window + 1;
                                    let end = new_base + code.registers as usize;
                                    if th.stack.len() < end {
                                        th.stack.resize(end, Value::Unbound);
                                    }
                                    th.stack[new_base + count..end].fill(Value::Unbound);
                                    if !code.free.is_empty()
                                        && let Obj::Function(function) = self.heap.get(id)
                                    {
                                        for ((register, _), cell) in
                                            code.free.iter().zip(function.cells.iter())
                                        {
                                            th.stack[new_base + *register as usize] = *cell;
                                        }
                                    }
                                    let handled = th.frames.last().expect("running").handled;
                                    th.frames.push(Frame {
                                        code: target,
                                        pc: 0,
                                        base: new_base as u32,
                                        cont: Cont::Reg(d),
                                        owner: Value::Obj(id),
                                        handled,
                                    });
                                    instrs = &code.instrs;
                                    linked = callee;
                                    pc = 0;
                                    base = new_base;
                                    watch = self.watches(linked.bundled);
                                    fuel!();
                                    continue;
                                }
                            }
                            th.stack[window] = callee;
                            let cont = Cont::Reg(d);
                            if watch && self.stops_in_front_of_call(th, window, count, cont) {
                                return Ok(Flow::Parked);
                            }
                            if let Value::Obj(id) = callee
                                && let Obj::Native(native) = self.heap.get(id)
                            {
                                let (native, at) = (*native, window + 1);
                                slow!(self.call_native(th, native, callee, at, count, &[], cont));
                                continue;
                            }
                            slow!(self.call_window(th, window, count, &[], cont));
                        }
                        Method::Through(function, args) => {
                            slow!(self.call_through(
                                th,
                                function,
                                args,
                                window,
                                count,
                                Cont::Reg(d)
                            ));
                        }
                    }
                }
                Instr::CallKw { argc, f, d, k } => {
                    switch_point!();
                    let at = base + f as usize;
                    calls!(at, argc as usize);
                    let keywords = &linked.keywords[k as usize];
                    slow!(self.call_window(th, at, argc as usize, keywords, Cont::Reg(d)));
                }
                Instr::CallEx { f, d } => {
                    if watch {
                        save!();
                        if self.stops_in_front_of_spread(th, base + f as usize) {
                            return Ok(Flow::Parked);
                        }
                    }
                    slow!(self.call_ex(th, f, d));
                }
                Instr::CallHelper { argc, f, d, helper } => {
                    let at = base + f as usize;
                    if watch {
                        save!();
                        let args: SmallVec<[Value; 4]> =
                            SmallVec::from_slice(&th.stack[at + 1..at + 1 + argc as usize]);
                        if self.stops_in_front_of_look(th, &args, Depth::Items) {
                            return Ok(Flow::Parked);
                        }
                    }
                    th.stack[at] = self.helper(helper);
                    slow!(self.call_window(th, at, argc as usize, &[], Cont::Reg(d)));
                }
                Instr::Return { s } => {
                    let value = reg!(s);
                    if value.is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, s));
                    }
                    let frame = th.frames.last().expect("running");
                    if let Cont::Reg(d) = frame.cont {
                        th.frames.pop();
                        load!();
                        reg!(d) = value;
                        continue;
                    }
                    save!();
                    match self.return_value(th, value) {
                        Ok(Flow::Next | Flow::Reload) => load!(),
                        other => return other,
                    }
                }

                Instr::List { d, a, n } => {
                    let at = base + a as usize;
                    let items = th.stack[at..at + n as usize].to_vec();
                    reg!(d) = self.heap.new_value(Obj::List(items));
                }
                Instr::Tuple { d, a, n } => {
                    let at = base + a as usize;
                    let items: Box<[Value]> = th.stack[at..at + n as usize].into();
                    reg!(d) = self.heap.new_value(Obj::Tuple(items));
                }
                Instr::Set { d, a, n } => slow!(self.build_set(th, a, n, d)),
                Instr::Dict { d, a, n } => slow!(self.build_dict(th, a, n, d)),
                Instr::ListAppend { l, s } => {
                    let value = reg!(s);
                    if value.is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, s));
                    }
                    let Value::Obj(list) = reg!(l) else {
                        unreachable!("a list is built")
                    };
                    let Obj::List(items) = self.heap.get_mut(list) else {
                        unreachable!("a list is built")
                    };
                    items.push(value);
                    self.heap.grew(16);
                }
                Instr::ListExtend { call, l, s } => {
                    looks!(Depth::Items, reg!(s));
                    slow!(self.list_extend_slow(th, l, s, call));
                }
                Instr::SetAdd { l, s } => {
                    let (set, value) = (reg!(l), reg!(s));
                    slow!(self.set_add_slow(th, set, value, s));
                }
                Instr::SetUpdate { l, s } => {
                    let (set, value) = (reg!(l), reg!(s));
                    looks!(Depth::Items, value);
                    slow!(self.call_prelude(th, "_update_set", &[set, value]));
                }
                Instr::DictSet { l, k, s } => {
                    let (dict, key, value) = (reg!(l), reg!(k), reg!(s));
                    slow!(self.store_item_slow(th, dict, key, value, l, k));
                }
                Instr::DictUpdate { l, s } => {
                    let (dict, value) = (reg!(l), reg!(s));
                    looks!(Depth::Items, value);
                    slow!(self.dict_update_slow(th, dict, value, None));
                }
                Instr::DictMerge { l, s, f } => {
                    let (dict, value, function) = (reg!(l), reg!(s), reg!(f));
                    looks!(Depth::Items, value);
                    slow!(self.dict_update_slow(th, dict, value, Some(function)));
                }
                Instr::ListToTuple { d, s } => {
                    let Value::Obj(list) = reg!(s) else {
                        unreachable!("a list was built")
                    };
                    let Obj::List(items) = self.heap.get_mut(list) else {
                        unreachable!("a list was built")
                    };
                    let items = std::mem::take(items);
                    reg!(d) = self.heap.new_value(Obj::Tuple(items.into()));
                }
                Instr::Unpack { s, a, n } => {
                    let x = reg!(s);
                    if let Value::Obj(id) = x
                        && let Obj::Tuple(items) = self.heap.get(id)
                        && items.len() == n as usize
                    {
                        let at = base + a as usize;
                        th.stack[at..at + n as usize].copy_from_slice(items);
                        continue;
                    }
                    looks!(Depth::Items, x);
                    slow!(self.unpack_slow(th, x, s, a, n));
                }
                Instr::UnpackStar {
                    before,
                    after,
                    s,
                    a,
                } => {
                    let x = reg!(s);
                    looks!(Depth::Items, x);
                    slow!(self.unpack_star_slow(th, x, s, a, before as usize, after as usize));
                }

                Instr::Format { conversion, d, s } => {
                    let x = reg!(s);
                    match x {
                        Value::Int(n) if conversion != Conversion::Ascii => {
                            reg!(d) = self.str(itoa::Buffer::new().format(n));
                            continue;
                        }
                        Value::Obj(id)
                            if conversion == Conversion::None || conversion == Conversion::Str =>
                        {
                            if matches!(self.heap.get(id), Obj::Str(_)) {
                                reg!(d) = x;
                                continue;
                            }
                        }
                        _ => {}
                    }
                    looks!(Depth::All, x);
                    slow!(self.format_slow(th, x, s, conversion, Value::Unbound, d));
                }
                Instr::FormatSpec {
                    conversion,
                    d,
                    s,
                    spec,
                } => {
                    let (x, spec) = (reg!(s), reg!(spec));
                    looks!(Depth::All, x);
                    slow!(self.format_slow(th, x, s, conversion, spec, d));
                }
                Instr::Concat { d, a, n } => {
                    let at = base + a as usize;
                    let parts = at..at + n as usize;
                    // The exact size at once: a string grown piece by piece would be copied again when it is boxed.
                    let size = parts
                        .clone()
                        .map(|i| self.as_str(th.stack[i]).map_or(0, str::len))
                        .sum();
                    let mut text = String::with_capacity(size);
                    for i in parts {
                        text.push_str(self.as_str(th.stack[i]).unwrap_or_default());
                    }
                    reg!(d) = self.str(text);
                }

                Instr::Function { d, code, parts } => self.make_function(image, th, code, parts, d),

                Instr::Import { d, i } => slow!(self.import(image, th, i, d)),
                Instr::ImportFrom { d, m, n } => slow!(self.import_from(image, th, m, n, d)),
                Instr::ImportStar { m } => slow!(self.import_star(image, th, m)),

                Instr::Raise { s } => {
                    let x = reg!(s);
                    slow!(self.raise_slow(th, x, s, None));
                }
                Instr::RaiseFrom { s, cause } => {
                    let (x, cause) = (reg!(s), reg!(cause));
                    slow!(self.raise_slow(th, x, s, Some(cause)));
                }
                Instr::RaiseAgain => {
                    save!();
                    let handled = th.frames.last().expect("running").handled;
                    return match handled {
                        Value::Obj(id) => Err(Raise(id)),
                        _ => Err(self.raise(
                            crate::vm::types::Ty::RuntimeError,
                            "No active exception to reraise",
                        )),
                    };
                }
                Instr::Reraise { s } => {
                    save!();
                    let Value::Obj(id) = reg!(s) else {
                        unreachable!("an exception is reraised")
                    };
                    return Err(Raise(id));
                }
                Instr::SaveHandled { d } => reg!(d) = th.frames.last().expect("running").handled,
                Instr::SetHandled { s } => {
                    let exception = reg!(s);
                    th.frames.last_mut().expect("running").handled = exception;
                }
                Instr::RestoreHandled { s } => {
                    let exception = reg!(s);
                    th.frames.last_mut().expect("running").handled = exception;
                }
                Instr::TestMatch { e, c } => {
                    let (exception, class) = (reg!(e), reg!(c));
                    let matched = value!(self.exception_matches(exception, class));
                    branch!(matched);
                }
                Instr::WithEnter { d, m } => {
                    let manager = reg!(m);
                    let at = here!();
                    slow!(self.with_enter(th, manager, m, d, at));
                }
                Instr::WithExit { m } => {
                    let manager = reg!(m);
                    let at = here!();
                    slow!(self.with_exit(th, manager, Value::None, Cont::Discard, at));
                }
                Instr::WithExitExc { d, m, e } => {
                    let (manager, exception) = (reg!(m), reg!(e));
                    let at = here!();
                    slow!(self.with_exit(th, manager, exception, Cont::Bool(d), at));
                }
                Instr::AssertionError { d } => {
                    reg!(d) = Value::Obj(crate::vm::types::Ty::AssertionError.id())
                }

                Instr::Yield { d: _, s } => {
                    let value = reg!(s);
                    if value.is_unbound() {
                        save!();
                        return Err(self.unbound_local(th, s));
                    }
                    save!();
                    match self.yield_value(th, value) {
                        Ok(Flow::Next | Flow::Reload) => load!(),
                        other => return other,
                    }
                }
                Instr::GetYieldIter { d, s } => {
                    let x = reg!(s);
                    slow!(self.get_iter_slow(th, x, s, d));
                }
                Instr::Send { d, it } => {
                    let (value, iterator) = (reg!(d), reg!(it));
                    slow!(self.send_slow(th, iterator, value, d));
                }
                Instr::YieldFrom { d, it: _ } => {
                    let value = reg!(d);
                    save!();
                    match self.yield_value(th, value) {
                        Ok(Flow::Next | Flow::Reload) => load!(),
                        other => return other,
                    }
                }
            }
        }
    }
}
