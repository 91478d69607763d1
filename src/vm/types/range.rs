//! `range`

use super::receiver::{CONTAINS, GETITEM, ITER, LEN, REVERSED};
use crate::value::Value;
use crate::value::object::{HugeRange, Obj, Range};
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, NativeFn, Raise, ok, pure};
use crate::vm::protocol::index::Index;
use crate::vm::types::Ty;
use num_bigint::BigInt;
use num_traits::FromPrimitive;

/// Methods of `range`.
pub const METHODS: &[Entry] = &[
    pure("count", count, 2, 2),
    pure("index", index, 2, 2),
    LEN,
    ITER,
    CONTAINS,
    GETITEM,
    REVERSED,
];

/// Static methods of `range`.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of `range`.
pub const CLASS_METHODS: &[Entry] = &[];
/// Attributes of `range` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[
    ("start", |m, a| part(m, a, |r| r.start)),
    ("stop", |m, a| part(m, a, |r| r.stop)),
    ("step", |m, a| part(m, a, |r| r.step)),
];

fn this(m: &mut Machine, args: &Args) -> Result<HugeRange, Raise> {
    let id = m.receiver_id(args, Ty::Range, |o| {
        matches!(o, Obj::Range(_) | Obj::HugeRange(_))
    })?;
    Ok(m.as_range(Value::Obj(id)).expect("the receiver is a range"))
}

fn part(m: &mut Machine, args: &Args, of: fn(HugeRange) -> BigInt) -> Native {
    let range = this(m, args)?;
    ok(m.int(of(range)))
}

/// What calling `range` does.
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    m.no_keywords(args, "range")?;
    let given = &args.pos()[1..];
    if given.is_empty() {
        return Err(m.type_error("range expected at least 1 argument, got 0"));
    }
    m.at_most(args, "range", 3)?;
    let mut numbers = [0; 3];
    let mut huge = false;
    for (number, &value) in numbers.iter_mut().zip(given) {
        *number = match m.index_of(value) {
            Index::Int(n) => n,
            Index::Huge(_) => {
                huge = true;
                1
            }
            Index::Python => {
                let given = m.tuple(given);
                return Ok(m.prelude("_range", &[given]));
            }
            Index::No => return Err(m.not_an_integer(value)),
        };
    }
    let (start, stop, step) = match given.len() {
        1 => (0, numbers[0], 1),
        2 => (numbers[0], numbers[1], 1),
        _ => (numbers[0], numbers[1], numbers[2]),
    };
    if step == 0 {
        return Err(m.value_error("range() arg 3 must not be zero"));
    }
    // The length of such bounds fits for sure.
    if !huge && start.unsigned_abs() < 1 << 62 && stop.unsigned_abs() < 1 << 62 {
        let range = Range { start, stop, step };
        return ok(m.heap.new_value(Obj::Range(Box::new(range))));
    }
    let part = |m: &Machine, at: usize| m.as_bigint(given[at]).unwrap_or_default();
    let (start, stop) = match given.len() {
        1 => (BigInt::ZERO, part(m, 0)),
        _ => (part(m, 0), part(m, 1)),
    };
    let step = match given.len() {
        3 => part(m, 2),
        _ => BigInt::from(1),
    };
    ok(m.new_range(start, stop, step))
}

/// Where a value is in the range: numbers that equal an `int` count.
fn place(m: &Machine, range: &HugeRange, value: Value) -> Option<BigInt> {
    let element = match m.unwrap(value) {
        Value::Float(x) if x.trunc() == x => BigInt::from_f64(x),
        _ => m.as_bigint(value),
    };
    range.index(&element?)
}

fn count(m: &mut Machine, args: &Args) -> Native {
    let range = this(m, args)?;
    let found = place(m, &range, args.all[1]).is_some();
    ok(Value::Int(found as i64))
}

fn index(m: &mut Machine, args: &Args) -> Native {
    let range = this(m, args)?;
    match place(m, &range, args.all[1]) {
        Some(at) => ok(m.int(at)),
        None if m.as_bigint(args.all[1]).is_some() => m.not_in(args.all[1], "range"),
        None => Err(m.value_error("sequence.index(x): x not in sequence")),
    }
}
