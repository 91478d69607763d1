//! `tuple`

use super::receiver::{CLASS_GETITEM, CONTAINS, Found, GETITEM, ITER, LEN};
use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, NativeFn, Out, Raise, ok, pure};
use crate::vm::types::Ty;

/// Methods of `tuple`.
pub const METHODS: &[Entry] = &[
    pure("count", count, 2, 2),
    pure("index", index, 2, 4),
    LEN,
    ITER,
    CONTAINS,
    GETITEM,
];

/// Static methods of `tuple`.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of `tuple`.
pub const CLASS_METHODS: &[Entry] = &[CLASS_GETITEM];
/// Attributes of `tuple` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[];

fn this(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    m.receiver_id(args, Ty::Tuple, |o| matches!(o, Obj::Tuple(_)))
}

fn items(m: &Machine, tuple: ObjId) -> &[Value] {
    match m.heap.get(tuple) {
        Obj::Tuple(items) => items,
        _ => &[],
    }
}

/// What calling `tuple` does.
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    m.no_keywords(args, "tuple")?;
    m.at_most(args, "tuple", 1)?;
    let items = match args.get(1) {
        None => Vec::new(),
        Some(Value::Obj(id)) if matches!(m.heap.get(id), Obj::Tuple(_)) => {
            return ok(Value::Obj(id));
        }
        Some(iterable) => match m.items(iterable)? {
            Some(items) => items,
            None => return Ok(Out::Materialise(1)),
        },
    };
    ok(m.tuple(items))
}

fn count(m: &mut Machine, args: &Args) -> Native {
    let tuple = this(m, args)?;
    match m.count_same(items(m, tuple).iter().copied(), args.all[1]) {
        Some(n) => ok(Value::Int(n)),
        None => Ok(m.prelude("_sequence_count", &args.all[..2])),
    }
}

fn index(m: &mut Machine, args: &Args) -> Native {
    let tuple = this(m, args)?;
    let len = items(m, tuple).len();
    let Some(start) = m.clamped_arg(args.get(2), 0, len)? else {
        return Ok(m.index_first(args, 2));
    };
    let Some(stop) = m.clamped_arg(args.get(3), len, len)? else {
        return Ok(m.index_first(args, 3));
    };
    let places = items(m, tuple).iter().copied().enumerate();
    match m.find_same(places.take(stop).skip(start), args.all[1]) {
        Found::At(at) => ok(Value::Int(at as i64)),
        Found::Nowhere => Err(m.value_error("tuple.index(x): x not in tuple")),
        Found::Python => Ok(m.prelude(
            "_tuple_index",
            &[
                args.all[0],
                args.all[1],
                Value::Int(start as i64),
                Value::Int(stop as i64),
            ],
        )),
    }
}
