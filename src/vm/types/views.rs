//! `dict_keys`, `dict_values`, `dict_items`

use super::receiver::{CONTAINS, ITER, LEN, REVERSED};
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, NativeFn, ok, reads};
use crate::vm::types::Ty;

/// Methods of `dict_keys` and `dict_items`.
pub const METHODS: &[Entry] = &[
    reads("isdisjoint", isdisjoint, 2, 2),
    LEN,
    ITER,
    CONTAINS,
    REVERSED,
];

/// Methods of `dict_values`.
pub const VALUES_METHODS: &[Entry] = &[LEN, ITER, CONTAINS, REVERSED];

/// Static methods of dict views.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of dict views.
pub const CLASS_METHODS: &[Entry] = &[];
/// Attributes of dict views.
pub const GETTERS: &[(&str, NativeFn)] = &[("mapping", mapping)];

/// Views are made by their dict only.
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    let class = args.all[0]
        .obj()
        .map_or("?", |c| m.class_name(c))
        .to_owned();
    Err(m.type_error(format!("cannot create '{class}' instances")))
}

fn mapping(m: &mut Machine, args: &Args) -> Native {
    let view = m.receiver_id(args, Ty::DictKeys, |o| matches!(o, Obj::View { .. }))?;
    match m.heap.get(view) {
        Obj::View { dict, .. } => Ok(m.prelude("_mappingproxy", &[*dict])),
        _ => ok(Value::None),
    }
}

fn isdisjoint(m: &mut Machine, args: &Args) -> Native {
    Ok(m.prelude("_isdisjoint", &args.all[..2]))
}
