//! `set` and what it shares with `frozenset`. The orders of results are CPython's: see `Objects/setobject.c`.

use super::receiver::{CLASS_GETITEM, CONTAINS, ITER, LEN, none};
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

/// An argument of a set method.
#[derive(Clone, Copy)]
enum Other {
    /// A set or frozenset.
    Set(ObjId),
    /// A dict, whose keys count.
    Dict(ObjId),
    /// Any other iterable, as a list.
    List(ObjId),
}

impl Other {
    fn value(self) -> Value {
        match self {
            Other::Set(id) | Other::Dict(id) | Other::List(id) => Value::Obj(id),
        }
    }
}

type Table<T> = Result<T, Lookup>;

impl Machine {
    /// The arguments after the first as sets, dicts and lists; `Err(i)` when argument `i` must be iterated in Python first.
    fn set_arguments(&mut self, args: &[Value]) -> Result<Result<Vec<Other>, usize>, Raise> {
        if let Some(i) = (1..args.len()).find(|&i| !self.is_natively_iterable(args[i])) {
            return Ok(Err(i));
        }
        let mut others = Vec::with_capacity(args.len());
        for &arg in args.iter().skip(1) {
            others.push(self.set_argument(arg)?);
        }
        Ok(Ok(others))
    }

    fn set_argument(&mut self, arg: Value) -> Result<Other, Raise> {
        if let Some(Value::Obj(id)) = self.builtin_for(arg, crate::vm::names::ITER) {
            match self.heap.get(id) {
                Obj::Set(_) | Obj::FrozenSet(_) => return Ok(Other::Set(id)),
                Obj::Dict(_) => return Ok(Other::Dict(id)),
                _ => {}
            }
        }
        let items = self.items(arg)?.unwrap_or_default();
        Ok(Other::List(self.heap.alloc(Obj::List(items))))
    }

    /// The elements of an argument with their hashes.
    fn hashed(&self, other: Other) -> Table<Vec<(u64, Value)>> {
        match other {
            Other::Set(id) => Ok(self.set_table(id).iter().collect()),
            Other::Dict(id) => Ok(self
                .dict_table(id)
                .iter()
                .map(|e| (e.hash, e.key))
                .collect()),
            Other::List(id) => {
                let items = self.list_items(id).iter();
                items.map(|&v| Ok((self.key_hash(v)?, v))).collect()
            }
        }
    }

    /// `set_update_internal`
    fn table_update(&self, table: &mut Set, other: Other) -> Table<()> {
        match other {
            Other::Set(id) => table
                .merge(self.set_table(id), |stored, key| {
                    self.same_known(stored, key)
                })
                .ok_or(Lookup::Python),
            _ => {
                if let Other::Dict(id) = other {
                    table.reserve_for_merge(self.dict_table(id).len());
                }
                for (hash, key) in self.hashed(other)? {
                    self.table_add(table, hash, key)?;
                }
                Ok(())
            }
        }
    }

    /// `set_intersection`
    fn table_and(&self, table: &Set, other: Other) -> Table<Set> {
        let mut result = Set::default();
        if let Other::Set(id) = other {
            let (mut walked, mut probed) = (self.set_table(id), table);
            if walked.len() > probed.len() {
                std::mem::swap(&mut walked, &mut probed);
            }
            for (hash, key) in walked.iter() {
                if self.table_contains(probed, hash, key)? {
                    self.table_add(&mut result, hash, key)?;
                }
            }
            return Ok(result);
        }
        for (hash, key) in self.hashed(other)? {
            if self.table_contains(table, hash, key)? {
                self.table_add(&mut result, hash, key)?;
            }
        }
        Ok(result)
    }

    /// `set_difference_update_internal`
    fn table_remove_all(&self, table: &mut Set, other: Other) -> Table<()> {
        for (hash, key) in self.hashed(other)? {
            self.table_remove(table, hash, key)?;
        }
        table.shrink_dummies();
        Ok(())
    }

    /// `set_difference`
    fn table_minus(&self, table: &Set, other: Other) -> Table<Set> {
        let size = match other {
            Other::Set(id) => Some(self.set_table(id).len()),
            Other::Dict(id) => Some(self.dict_table(id).len()),
            Other::List(_) => None,
        };
        if size.is_none_or(|size| table.len() >> 2 > size) {
            let mut result = table.compact();
            self.table_remove_all(&mut result, other)?;
            return Ok(result);
        }
        let mut result = Set::default();
        for (hash, key) in table.iter() {
            let is_in = match other {
                Other::Set(id) => self.table_contains(self.set_table(id), hash, key)?,
                Other::Dict(id) => self.find_key(self.dict_table(id), hash, key)?.is_some(),
                Other::List(_) => false,
            };
            if !is_in {
                self.table_add(&mut result, hash, key)?;
            }
        }
        Ok(result)
    }

    /// `set_symmetric_difference_update`: elements of the second in the first go, others come.
    fn table_toggle(&self, table: &mut Set, elements: &[(u64, Value)]) -> Table<()> {
        for &(hash, key) in elements {
            if !self.table_remove(table, hash, key)? {
                self.table_add(table, hash, key)?;
            }
        }
        Ok(())
    }

    /// A set of the same kind as another.
    fn set_like(&mut self, model: ObjId, table: Set) -> Value {
        let frozen = matches!(self.heap.get(model), Obj::FrozenSet(_));
        self.heap.new_value(if frozen {
            Obj::FrozenSet(Box::new(table))
        } else {
            Obj::Set(Box::new(table))
        })
    }

    /// Gives a set another table.
    fn set_replace(&mut self, set: ObjId, table: Set) {
        if self.heap.is_shared(set) {
            for (_, key) in table.iter() {
                self.heap.publish(key);
            }
        }
        self.heap
            .grew(table.bytes().saturating_sub(self.set_table(set).bytes()));
        *self.set_table_mut(set) = table;
    }

    /// The twin of a set method: the set and its other arguments as a tuple.
    fn set_twin(&mut self, why: Lookup, twin: &str, set: ObjId, others: &[Other]) -> Native {
        let others: Vec<Value> = others.iter().map(|o| o.value()).collect();
        let others = self.tuple(others);
        self.lookup_failed(why, twin, &[Value::Obj(set), others])
    }
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
