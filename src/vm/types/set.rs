//! `set` and what it shares with `frozenset`. The orders of results are CPython's: see `Objects/setobject.c`.

use super::receiver::{CLASS_GETITEM, CONTAINS, ITER, LEN, none};
use super::set_algebra::{Other, Table};
use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::Obj;
use crate::value::set::Set;
use crate::vm::machine::Machine;
use crate::vm::native::{
    Args, Effect, Entry, Native, NativeFn, Out, Raise, Signature, ok, reads, writes,
};
use crate::vm::protocol::keyed::Lookup;
use crate::vm::types::Ty;

const fn any(name: &'static str, run: NativeFn, effect: Effect) -> Entry {
    (name, run, Signature::Positional(1, u8::MAX), effect)
}

/// Methods of `set`.
pub const METHODS: &[Entry] = &[
    writes("add", add, 2, 2),
    writes("clear", clear, 1, 1),
    reads("copy", copy, 1, 1),
    any("difference", difference, Effect::Read),
    any("difference_update", difference_update, Effect::Write),
    writes("discard", discard, 2, 2),
    any("intersection", intersection, Effect::Read),
    any("intersection_update", intersection_update, Effect::Write),
    reads("isdisjoint", isdisjoint, 2, 2),
    reads("issubset", issubset, 2, 2),
    reads("issuperset", issuperset, 2, 2),
    writes("pop", pop, 1, 1),
    writes("remove", remove, 2, 2),
    reads("symmetric_difference", symmetric_difference, 2, 2),
    writes(
        "symmetric_difference_update",
        symmetric_difference_update,
        2,
        2,
    ),
    any("union", union, Effect::Read),
    any("update", update, Effect::Write),
    ("__init__", init, Signature::Any, Effect::Write),
    LEN,
    ITER,
    CONTAINS,
];

/// Methods of `frozenset`.
pub const FROZEN_METHODS: &[Entry] = &[
    reads("copy", copy, 1, 1),
    any("difference", difference, Effect::Pure),
    any("intersection", intersection, Effect::Pure),
    reads("isdisjoint", isdisjoint, 2, 2),
    reads("issubset", issubset, 2, 2),
    reads("issuperset", issuperset, 2, 2),
    reads("symmetric_difference", symmetric_difference, 2, 2),
    any("union", union, Effect::Pure),
    LEN,
    ITER,
    CONTAINS,
];

/// Static methods of `set`.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of `set`.
pub const CLASS_METHODS: &[Entry] = &[CLASS_GETITEM];
/// Attributes of `set` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[];

fn any_set(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    m.receiver_id(args, Ty::Set, |o| {
        matches!(o, Obj::Set(_) | Obj::FrozenSet(_))
    })
}

fn this(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    m.receiver_id(args, Ty::Set, |o| matches!(o, Obj::Set(_)))
}

/// What calling `set` does.
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    new_set(m, args, "set")
}

/// What calling `frozenset` does.
pub fn construct_frozen(m: &mut Machine, args: &Args) -> Native {
    new_set(m, args, "frozenset")
}

fn new_set(m: &mut Machine, args: &Args, name: &str) -> Native {
    m.no_keywords(args, name)?;
    m.at_most(args, name, 1)?;
    let frozen = name == "frozenset";
    if let Some(Value::Obj(id)) = args.get(1)
        && frozen
        && matches!(m.heap.get(id), Obj::FrozenSet(_))
    {
        return ok(Value::Obj(id));
    }
    let others = match m.set_arguments(args.pos())? {
        Ok(others) => others,
        Err(i) => return Ok(Out::Materialise(i)),
    };
    let mut table = Set::default();
    if let Some(&other) = others.first()
        && let Err(why) = m.table_update(&mut table, other)
    {
        return m.lookup_failed(why, "_new_set", &[other.value(), Value::Bool(frozen)]);
    }
    ok(m.heap.new_value(if frozen {
        Obj::FrozenSet(Box::new(table))
    } else {
        Obj::Set(Box::new(table))
    }))
}

fn init(m: &mut Machine, args: &Args) -> Native {
    let set = this(m, args)?;
    m.no_keywords(args, "set")?;
    m.at_most(args, "set", 1)?;
    let Value::Obj(_) = args.get(1).unwrap_or_default() else {
        m.set_table_mut(set).clone_from(&Set::default());
        return match args.get(1) {
            None => none(),
            Some(_) => Ok(Out::Materialise(1)),
        };
    };
    if m.is_natively_iterable(args.all[1]) {
        m.set_table_mut(set).clone_from(&Set::default());
    }
    update(m, args)
}

fn add(m: &mut Machine, args: &Args) -> Native {
    let set = this(m, args)?;
    match m.set_add(set, args.all[1]) {
        Ok(_) => none(),
        Err(why) => m.lookup_failed(why, "_set_add", &[Value::Obj(set), args.all[1]]),
    }
}

fn clear(m: &mut Machine, args: &Args) -> Native {
    let set = this(m, args)?;
    *m.set_table_mut(set) = Set::default();
    none()
}

fn copy(m: &mut Machine, args: &Args) -> Native {
    let set = any_set(m, args)?;
    if matches!(m.heap.get(set), Obj::FrozenSet(_)) && args.all[0].is(Value::Obj(set)) {
        return ok(args.all[0]);
    }
    let table = m.set_table(set).compact();
    ok(m.set_like(set, table))
}

fn take_out(m: &mut Machine, args: &Args, twin: &str) -> Result<Result<bool, Out>, Raise> {
    let set = this(m, args)?;
    let mut removed = m.set_remove(set, args.all[1]);
    if let Err(Lookup::Unhashable(part)) = removed
        && part.is(args.all[1])
        && let Some(frozen) = m.frozen_key(part)
    {
        removed = m.set_remove(set, frozen);
    }
    match removed {
        Ok(removed) => Ok(Ok(removed)),
        Err(why) => m
            .lookup_failed(why, twin, &[Value::Obj(set), args.all[1]])
            .map(Err),
    }
}

fn discard(m: &mut Machine, args: &Args) -> Native {
    match take_out(m, args, "_set_discard")? {
        Ok(_) => none(),
        Err(out) => Ok(out),
    }
}

fn remove(m: &mut Machine, args: &Args) -> Native {
    match take_out(m, args, "_set_remove")? {
        Ok(true) => none(),
        Ok(false) => Err(m.key_error(args.all[1])),
        Err(out) => Ok(out),
    }
}

fn pop(m: &mut Machine, args: &Args) -> Native {
    let set = this(m, args)?;
    match m.set_table_mut(set).pop() {
        Some(key) => ok(key),
        None => Err(m.raise(Ty::KeyError, "pop from an empty set")),
    }
}

/// The answer when an argument must be iterated in Python first.
macro_rules! arguments {
    ($m:ident, $args:ident) => {
        match $m.set_arguments($args.pos())? {
            Ok(others) => others,
            Err(i) => return Ok(Out::Materialise(i)),
        }
    };
}

fn union(m: &mut Machine, args: &Args) -> Native {
    let set = any_set(m, args)?;
    let others = arguments!(m, args);
    let mut table = m.set_table(set).compact();
    for &other in &others {
        if let Err(why) = m.table_update(&mut table, other) {
            return m.set_twin(why, "_set_union", set, &others);
        }
    }
    ok(m.set_like(set, table))
}

fn update(m: &mut Machine, args: &Args) -> Native {
    let set = this(m, args)?;
    let others = arguments!(m, args);
    for &other in &others {
        if matches!(other, Other::Set(id) if id == set) {
            continue;
        }
        let mut table = std::mem::take(m.set_table_mut(set));
        let updated = m.table_update(&mut table, other);
        m.set_replace(set, table);
        if let Err(why) = updated {
            return m.set_twin(why, "_set_update", set, &others);
        }
    }
    none()
}

fn intersect(m: &Machine, set: ObjId, others: &[Other]) -> Table<Set> {
    let mut table: Option<Set> = None;
    for &other in others {
        let mine = table.as_ref().unwrap_or_else(|| m.set_table(set));
        table = Some(match other {
            Other::Set(id) if id == set && table.is_none() => mine.compact(),
            other => m.table_and(mine, other)?,
        });
    }
    Ok(table.unwrap_or_else(|| m.set_table(set).compact()))
}

fn intersection(m: &mut Machine, args: &Args) -> Native {
    let set = any_set(m, args)?;
    let others = arguments!(m, args);
    match intersect(m, set, &others) {
        Ok(table) => ok(m.set_like(set, table)),
        Err(why) => m.set_twin(why, "_set_intersection", set, &others),
    }
}

fn intersection_update(m: &mut Machine, args: &Args) -> Native {
    let set = this(m, args)?;
    let others = arguments!(m, args);
    match intersect(m, set, &others) {
        Ok(table) => {
            m.set_replace(set, table);
            none()
        }
        Err(why) => m.set_twin(why, "_set_intersection_update", set, &others),
    }
}

fn subtract(m: &Machine, set: ObjId, others: &[Other]) -> Table<Set> {
    let Some((&first, rest)) = others.split_first() else {
        return Ok(m.set_table(set).compact());
    };
    let mut table = m.table_minus(m.set_table(set), first)?;
    for &other in rest {
        m.table_remove_all(&mut table, other)?;
    }
    Ok(table)
}

fn difference(m: &mut Machine, args: &Args) -> Native {
    let set = any_set(m, args)?;
    let others = arguments!(m, args);
    match subtract(m, set, &others) {
        Ok(table) => ok(m.set_like(set, table)),
        Err(why) => m.set_twin(why, "_set_difference", set, &others),
    }
}

fn difference_update(m: &mut Machine, args: &Args) -> Native {
    let set = this(m, args)?;
    let others = arguments!(m, args);
    for &other in &others {
        if matches!(other, Other::Set(id) if id == set) {
            *m.set_table_mut(set) = Set::default();
            continue;
        }
        let mut table = std::mem::take(m.set_table_mut(set));
        let removed = m.table_remove_all(&mut table, other);
        *m.set_table_mut(set) = table;
        if let Err(why) = removed {
            return m.set_twin(why, "_set_difference_update", set, &others);
        }
    }
    none()
}

/// The argument of `symmetric_difference` as a set's table.
fn as_table(m: &Machine, other: Other) -> Table<Set> {
    let mut table = Set::default();
    m.table_update(&mut table, other)?;
    Ok(table)
}

fn symmetric_difference(m: &mut Machine, args: &Args) -> Native {
    let set = any_set(m, args)?;
    let others = arguments!(m, args);
    let result = as_table(m, others[0]).and_then(|mut table| {
        let mine: Vec<_> = m.set_table(set).iter().collect();
        m.table_toggle(&mut table, &mine)?;
        Ok(table)
    });
    match result {
        Ok(table) => ok(m.set_like(set, table)),
        Err(why) => m.set_twin(why, "_set_symmetric_difference", set, &others),
    }
}

fn symmetric_difference_update(m: &mut Machine, args: &Args) -> Native {
    let set = this(m, args)?;
    let others = arguments!(m, args);
    let other = others[0];
    if matches!(other, Other::Set(id) if id == set) {
        *m.set_table_mut(set) = Set::default();
        return none();
    }
    let mut table = m.set_table(set).clone();
    let elements = match other {
        Other::List(_) => as_table(m, other).map(|t| t.iter().collect::<Vec<_>>()),
        _ => m.hashed(other),
    };
    match elements.and_then(|elements| m.table_toggle(&mut table, &elements)) {
        Ok(()) => {
            m.set_replace(set, table);
            none()
        }
        Err(why) => m.set_twin(why, "_set_symmetric_difference_update", set, &others),
    }
}

fn answer(m: &mut Machine, found: Table<bool>, twin: &str, set: ObjId, others: &[Other]) -> Native {
    match found {
        Ok(found) => ok(Value::Bool(found)),
        Err(why) => m.set_twin(why, twin, set, others),
    }
}

fn isdisjoint(m: &mut Machine, args: &Args) -> Native {
    let set = any_set(m, args)?;
    let others = arguments!(m, args);
    let found = m
        .table_and(m.set_table(set), others[0])
        .map(|t| t.is_empty());
    answer(m, found, "_set_isdisjoint", set, &others)
}

fn issubset(m: &mut Machine, args: &Args) -> Native {
    let set = any_set(m, args)?;
    let others = arguments!(m, args);
    let found = as_table(m, others[0]).and_then(|other| {
        if m.set_table(set).len() > other.len() {
            return Ok(false);
        }
        for (hash, key) in m.set_table(set).iter() {
            if !m.table_contains(&other, hash, key)? {
                return Ok(false);
            }
        }
        Ok(true)
    });
    answer(m, found, "_set_issubset", set, &others)
}

fn issuperset(m: &mut Machine, args: &Args) -> Native {
    let set = any_set(m, args)?;
    let others = arguments!(m, args);
    let found = m.hashed(others[0]).and_then(|elements| {
        for (hash, key) in elements {
            if !m.table_contains(m.set_table(set), hash, key)? {
                return Ok(false);
            }
        }
        Ok(true)
    });
    answer(m, found, "_set_issuperset", set, &others)
}
