//! `range`

use super::receiver::{CONTAINS, GETITEM, ITER, LEN, REVERSED};
use crate::value::Value;
use crate::value::object::{Obj, Range};
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, NativeFn, Raise, ok, pure};
use crate::vm::protocol::contains::in_range;
use crate::vm::protocol::index::Index;
use crate::vm::types::Ty;

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
    ("start", |m, a| ok(Value::Int(this(m, a)?.start))),
    ("stop", |m, a| ok(Value::Int(this(m, a)?.stop))),
    ("step", |m, a| ok(Value::Int(this(m, a)?.step))),
];

fn this(m: &mut Machine, args: &Args) -> Result<Range, Raise> {
    let id = m.receiver_id(args, Ty::Range, |o| matches!(o, Obj::Range(_)))?;
    match m.heap.get(id) {
        Obj::Range(range) => Ok(**range),
        _ => unreachable!("the receiver is a range"),
    }
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
    for (number, &value) in numbers.iter_mut().zip(given) {
        *number = match m.index_of(value) {
            Index::Int(n) => n,
            Index::Huge(_) => {
                return Err(m.raise(
                    Ty::OverflowError,
                    "Python int too large to convert to C ssize_t",
                ));
            }
            Index::Python => {
                let given = m.tuple(given);
                return Ok(m.prelude("_range", &[given]));
            }
            Index::No => return Err(m.not_an_integer(value)),
        };
    }
    let range = match given.len() {
        1 => Range {
            start: 0,
            stop: numbers[0],
            step: 1,
        },
        2 => Range {
            start: numbers[0],
            stop: numbers[1],
            step: 1,
        },
        _ => Range {
            start: numbers[0],
            stop: numbers[1],
            step: numbers[2],
        },
    };
    if range.step == 0 {
        return Err(m.value_error("range() arg 3 must not be zero"));
    }
    ok(m.heap.new_value(Obj::Range(Box::new(range))))
}

/// A value as an element of ranges: numbers that equal an `int` count.
fn element(m: &Machine, value: Value) -> Option<i64> {
    match m.unwrap(value) {
        Value::Int(n) => Some(n),
        Value::Bool(b) => Some(b as i64),
        Value::Float(x) if x.trunc() == x && x.abs() < 9e18 => Some(x as i64),
        _ => None,
    }
}

fn count(m: &mut Machine, args: &Args) -> Native {
    let range = this(m, args)?;
    let found = element(m, args.all[1]).is_some_and(|n| in_range(&range, n));
    ok(Value::Int(found as i64))
}

fn index(m: &mut Machine, args: &Args) -> Native {
    let range = this(m, args)?;
    match element(m, args.all[1]) {
        Some(n) if in_range(&range, n) => ok(Value::Int((n - range.start) / range.step)),
        Some(_) if m.as_bigint(args.all[1]).is_some() => m.not_in(args.all[1], "range"),
        _ if m.as_bigint(args.all[1]).is_some() => m.not_in(args.all[1], "range"),
        _ => Err(m.value_error("sequence.index(x): x not in sequence")),
    }
}
