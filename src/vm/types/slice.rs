//! `slice`

use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, NativeFn, Raise, ok, pure};
use crate::vm::protocol::index::Index;
use crate::vm::types::Ty;

/// Methods of `slice`.
pub const METHODS: &[Entry] = &[pure("indices", indices, 2, 2)];

/// Static methods of `slice`.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of `slice`.
pub const CLASS_METHODS: &[Entry] = &[];
/// Attributes of `slice` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[
    ("start", |m, a| ok(this(m, a)?[0])),
    ("stop", |m, a| ok(this(m, a)?[1])),
    ("step", |m, a| ok(this(m, a)?[2])),
];

fn this(m: &mut Machine, args: &Args) -> Result<[Value; 3], Raise> {
    let id = m.receiver_id(args, Ty::Slice, |o| matches!(o, Obj::Slice(_)))?;
    match m.heap.get(id) {
        Obj::Slice(parts) => Ok(**parts),
        _ => unreachable!("the receiver is a slice"),
    }
}

/// What calling `slice` does.
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    m.no_keywords(args, "slice")?;
    let given = &args.pos()[1..];
    if given.is_empty() {
        return Err(m.type_error("slice expected at least 1 argument, got 0"));
    }
    m.at_most(args, "slice", 3)?;
    let parts = match *given {
        [stop] => [Value::None, stop, Value::None],
        [start, stop] => [start, stop, Value::None],
        _ => [given[0], given[1], given[2]],
    };
    ok(m.heap.new_value(Obj::Slice(Box::new(parts))))
}

fn indices(m: &mut Machine, args: &Args) -> Native {
    let parts = this(m, args)?;
    let len = match m.index_of(args.all[1]) {
        Index::Int(n) => n,
        Index::Huge(_) => i64::MAX,
        Index::Python => return Ok(m.index_first(args, 1)),
        Index::No => return Err(m.not_an_integer(args.all[1])),
    };
    if len < 0 {
        return Err(m.value_error("length should not be negative"));
    }
    match m.slice_bounds(&parts, len as usize)? {
        Some(b) => ok(m.tuple([Value::Int(b.start), Value::Int(b.stop), Value::Int(b.step)])),
        None => Ok(m.prelude("_slice_indices", &[args.all[0], args.all[1]])),
    }
}
