//! What the prelude's twins of dict and set operations use, when a key's `__hash__` or `__eq__` is user code.
//!
//! A twin hashes the key in Python, asks for the stored keys of that hash, compares them in Python, and then names the stored
//! key it means by identity.

use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::Obj;
use crate::value::set::Set;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, Raise, ok, pure, reads, writes};

/// Functions of this file.
pub const FUNCTIONS: &[Entry] = &[
    reads("_raddle_probe", probe, 2, 2),
    reads("_raddle_dict_load", dict_load, 3, 3),
    writes("_raddle_dict_store", dict_store, 4, 4),
    writes("_raddle_dict_delete", dict_delete, 3, 3),
    writes("_raddle_set_store", set_store, 3, 3),
    writes("_raddle_set_delete", set_delete, 3, 3),
    pure("_raddle_freeze", freeze, 1, 1),
    pure("_raddle_frozen_key", frozen_key, 1, 1),
];

fn table(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    match m.unwrap(args.all[0]) {
        Value::Obj(id) => Ok(id),
        _ => Err(m.type_error("a table was expected")),
    }
}

fn hash_of(m: &Machine, value: Value) -> u64 {
    m.as_i64(value).unwrap_or_default() as u64
}

/// `(table, hash)`: a tuple of the stored keys of this hash.
fn probe(m: &mut Machine, args: &Args) -> Native {
    let table = table(m, args)?;
    let hash = hash_of(m, args.all[1]);
    let mut keys = Vec::new();
    let mut note = |key| {
        keys.push(key);
        false
    };
    match m.heap.get(table) {
        Obj::Dict(dict) => {
            dict.find(hash, &mut note);
        }
        Obj::Set(set) | Obj::FrozenSet(set) => {
            set.contains(hash, &mut note);
        }
        _ => {}
    }
    ok(m.tuple(keys))
}

fn place(m: &Machine, dict: ObjId, key: Value, hash: u64) -> Option<usize> {
    match m.heap.get(dict) {
        Obj::Dict(dict) => dict.find(hash, |k| k.is(key)),
        _ => None,
    }
}

/// `(dict, stored key, hash)`: its value.
fn dict_load(m: &mut Machine, args: &Args) -> Native {
    let dict = table(m, args)?;
    let hash = hash_of(m, args.all[2]);
    match place(m, dict, args.all[1], hash) {
        Some(at) => ok(m.dict_table(dict).at(at).value),
        None => Err(m.key_error(args.all[1])),
    }
}

/// `(dict, key, hash, value)`: sets the value of a stored key, or adds the key.
fn dict_store(m: &mut Machine, args: &Args) -> Native {
    let dict = table(m, args)?;
    let (key, hash, value) = (args.all[1], hash_of(m, args.all[2]), args.all[3]);
    match place(m, dict, key, hash) {
        Some(at) => {
            m.heap.publish_into(dict, value);
            m.dict_table_mut(dict).set_at(at, value);
        }
        None => m.dict_push(dict, hash, key, value),
    }
    ok(Value::None)
}

/// `(dict, stored key, hash)`: removes it and gives its value.
fn dict_delete(m: &mut Machine, args: &Args) -> Native {
    let dict = table(m, args)?;
    let hash = hash_of(m, args.all[2]);
    match place(m, dict, args.all[1], hash) {
        Some(at) => ok(m.dict_table_mut(dict).remove_at(at).value),
        None => Err(m.key_error(args.all[1])),
    }
}

/// `(set, key, hash)`: adds an element that is not in.
fn set_store(m: &mut Machine, args: &Args) -> Native {
    let set = table(m, args)?;
    let (key, hash) = (args.all[1], hash_of(m, args.all[2]));
    m.heap.publish_into(set, key);
    m.set_table_mut(set).add(hash, key, |k| k.is(key));
    m.heap.grew(48);
    ok(Value::None)
}

/// `(set, stored key, hash)`: removes it.
fn set_delete(m: &mut Machine, args: &Args) -> Native {
    let set = table(m, args)?;
    let (key, hash) = (args.all[1], hash_of(m, args.all[2]));
    m.set_table_mut(set).remove(hash, |k| k.is(key));
    ok(Value::None)
}

/// A frozenset of a set's elements, which the set gives away.
fn freeze(m: &mut Machine, args: &Args) -> Native {
    let set = table(m, args)?;
    let elements = match m.heap.get_mut(set) {
        Obj::Set(set) => std::mem::take(set),
        _ => Box::<Set>::default(),
    };
    ok(m.heap.new_value(Obj::FrozenSet(elements)))
}

/// A set as the frozenset that it is looked up as in sets; any other value as it is.
fn frozen_key(m: &mut Machine, args: &Args) -> Native {
    let key = m.frozen_key(args.all[0]);
    ok(key.unwrap_or(args.all[0]))
}
