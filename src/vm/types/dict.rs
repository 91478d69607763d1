//! `dict`, and the live `__dict__` of instances and modules, which is one to its users.

use super::receiver::{
    CLASS_GETITEM, CONTAINS, DELITEM, GETITEM, ITER, LEN, REVERSED, SETITEM, none,
};
use crate::id::ObjId;
use crate::value::Value;
use crate::value::dict::Dict;
use crate::value::object::{Obj, ViewKind};
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{
    Args, Effect, Entry, Native, NativeFn, Out, Raise, Signature, ok, pure, reads, writes,
};
use crate::vm::protocol::keyed::Lookup;
use crate::vm::types::Ty;

/// Methods of `dict`.
pub const METHODS: &[Entry] = &[
    writes("clear", |m, a| changing(m, a, clear), 1, 1),
    reads("copy", copy, 1, 1),
    reads("get", get, 2, 3),
    pure("items", |m, a| view(m, a, ViewKind::Items), 1, 1),
    pure("keys", |m, a| view(m, a, ViewKind::Keys), 1, 1),
    pure("values", |m, a| view(m, a, ViewKind::Values), 1, 1),
    writes("pop", |m, a| changing(m, a, pop), 2, 3),
    writes("popitem", |m, a| changing(m, a, popitem), 1, 1),
    writes("setdefault", |m, a| changing(m, a, setdefault), 2, 3),
    (
        "update",
        |m, a| changing(m, a, update),
        Signature::Any,
        Effect::Write,
    ),
    (
        "__init__",
        |m, a| changing(m, a, init),
        Signature::Any,
        Effect::Write,
    ),
    writes("__ior__", ior, 2, 2),
    LEN,
    ITER,
    CONTAINS,
    GETITEM,
    SETITEM,
    DELITEM,
    REVERSED,
];

/// Static methods of `dict`.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of `dict`.
pub const CLASS_METHODS: &[Entry] = &[pure("fromkeys", fromkeys, 2, 3), CLASS_GETITEM];
/// Attributes of `dict` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[];

fn receiver(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    m.receiver_id(args, Ty::Dict, |o| {
        matches!(o, Obj::Dict(_) | Obj::Namespace(_))
    })
}

/// The dict to read from: a namespace's present content is copied.
pub(super) fn reading(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    let id = receiver(m, args)?;
    Ok(match m.heap.get(id) {
        Obj::Namespace(_) => m.namespace_snapshot(id),
        _ => id,
    })
}

/// A method that changes a dict, given the dict.
type Change = fn(&mut Machine, ObjId, &Args) -> Native;

/// Runs a method that changes a dict; for a namespace, on a copy whose changes are then made to the attributes.
fn changing(m: &mut Machine, args: &Args, change: Change) -> Native {
    let id = receiver(m, args)?;
    if !matches!(m.heap.get(id), Obj::Namespace(_)) {
        return change(m, id, args);
    }
    let work = m.namespace_snapshot(id);
    let before: Vec<_> = m.dict_table(work).iter().copied().collect();
    let out = change(m, work, args)?;
    let after: Vec<_> = m.dict_table(work).iter().copied().collect();
    for old in &before {
        if !after.iter().any(|new| new.key.is(old.key)) {
            m.namespace_remove(id, old.key);
        }
    }
    for new in &after {
        if !before
            .iter()
            .any(|old| old.key.is(new.key) && old.value.is(new.value))
        {
            m.namespace_set(id, new.key, new.value);
        }
    }
    Ok(out)
}

/// What calling `dict` does.
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    let dict = m.heap.alloc(Obj::Dict(Box::default()));
    match fill(m, dict, args, "dict")? {
        Filled::Done => ok(Value::Obj(dict)),
        Filled::Materialise => Ok(Out::Materialise(1)),
        Filled::Python(source, keywords) => {
            Ok(m.prelude("_dict_filled", &[Value::Obj(dict), source, keywords]))
        }
    }
}

fn init(m: &mut Machine, dict: ObjId, args: &Args) -> Native {
    update_named(m, dict, args, "dict")
}

fn update(m: &mut Machine, dict: ObjId, args: &Args) -> Native {
    update_named(m, dict, args, "update")
}

fn update_named(m: &mut Machine, dict: ObjId, args: &Args, name: &str) -> Native {
    match fill(m, dict, args, name)? {
        Filled::Done => none(),
        Filled::Materialise => Ok(Out::Materialise(1)),
        Filled::Python(source, keywords) => {
            Ok(m.prelude("_dict_update", &[Value::Obj(dict), source, keywords]))
        }
    }
}

/// `|=` takes any mapping or iterable of pairs.
fn ior(m: &mut Machine, args: &Args) -> Native {
    let dict = Value::Obj(receiver(m, args)?);
    match changed_by(m, args)? {
        Some(source) => Ok(m.prelude("_dict_ior", &[args.all[0], dict, source])),
        None => ok(args.all[0]),
    }
}

/// Updates the dict by the second argument; gives it back when that needs Python.
fn changed_by(m: &mut Machine, args: &Args) -> Result<Option<Value>, Raise> {
    let dict = receiver(m, args)?;
    if matches!(m.heap.get(dict), Obj::Namespace(_)) {
        return Ok(Some(args.all[1]));
    }
    Ok(match m.dict_update(dict, args.all[1])? {
        Filled::Done => None,
        Filled::Materialise => Some(args.all[1]),
        Filled::Python(source, _) => Some(source),
    })
}

/// What came of filling a dict.
enum Filled {
    Done,
    /// The first argument must be iterated in Python.
    Materialise,
    /// User code must be asked: this source, and these keyword arguments as a dict.
    Python(Value, Value),
}

/// Puts the content of the first argument and the keyword arguments into a dict.
fn fill(m: &mut Machine, dict: ObjId, args: &Args, name: &str) -> Result<Filled, Raise> {
    m.at_most(args, name, 1)?;
    if let Some(source) = args.get(1) {
        let filled = m.dict_update(dict, source)?;
        if let Filled::Python(source, _) = filled {
            let mut table = Dict::default();
            for (name, value) in args.keywords() {
                let key = m.name_value(name);
                m.dict_insert_new(&mut table, key, value);
            }
            return Ok(Filled::Python(source, m.dict(table)));
        }
        if matches!(filled, Filled::Materialise) {
            return Ok(filled);
        }
    }
    for (name, value) in args.keywords() {
        let key = m.name_value(name);
        // A str key never needs user code unless such a key of a class of its own is in already.
        if m.dict_set(dict, key, value).is_err() {
            return Ok(Filled::Python(Value::Obj(dict), Value::None));
        }
    }
    Ok(Filled::Done)
}

impl Machine {
    /// A dict's entries, when the value is a dict that is iterated as one.
    pub(crate) fn plain_dict(&mut self, value: Value) -> Option<ObjId> {
        let id = self.builtin_for(value, names::ITER)?.obj()?;
        match self.heap.get(id) {
            Obj::Dict(_) => Some(id),
            Obj::Namespace(_) => Some(self.namespace_snapshot(id)),
            _ => None,
        }
    }

    /// Puts a mapping's or an iterable's entries into a dict.
    fn dict_update(&mut self, dict: ObjId, source: Value) -> Result<Filled, Raise> {
        if let Some(other) = self.plain_dict(source) {
            let table = self.dict_table(other).clone();
            if self.dict_table(dict).is_empty() {
                return Ok(self.dict_fill_empty(dict, table));
            }
            for entry in table.iter() {
                let Ok(found) = self.find_key(self.dict_table(dict), entry.hash, entry.key) else {
                    return Ok(Filled::Python(source, Value::None));
                };
                match found {
                    Some(at) => {
                        self.heap.publish_into(dict, entry.value);
                        self.dict_table_mut(dict).set_at(at, entry.value);
                    }
                    None => self.dict_push(dict, entry.hash, entry.key, entry.value),
                }
            }
            return Ok(Filled::Done);
        }
        if let Value::Obj(id) = source
            && matches!(self.heap.get(id), Obj::Instance(_))
            && (self.lookup(self.class_of(source), names::KEYS).is_some()
                || self.instance_attr(id, names::KEYS).is_some())
        {
            return Ok(Filled::Python(source, Value::None));
        }
        let Some(pairs) = self.items(source)? else {
            return Ok(Filled::Materialise);
        };
        // An iterator is used up now: the twin gets its items.
        let retry = |m: &mut Machine, pairs: &[Value]| {
            let list = m.list(pairs.to_vec());
            Ok(Filled::Python(list, Value::None))
        };
        for (i, &pair) in pairs.iter().enumerate() {
            let (key, value) = match self.as_items(pair) {
                Some(&[key, value]) if !matches!(self.object(pair), Some(Obj::Instance(_))) => {
                    (key, value)
                }
                _ => match self.items(pair)?.as_deref() {
                    Some(&[key, value]) => (key, value),
                    Some(other) => {
                        let message = format!(
                            "dictionary update sequence element #{i} has length {}; 2 is required",
                            other.len()
                        );
                        return Err(self.value_error(message));
                    }
                    None => return retry(self, &pairs),
                },
            };
            match self.dict_set(dict, key, value) {
                Ok(_) => {}
                Err(Lookup::Python) => return retry(self, &pairs),
                Err(Lookup::Unhashable(part)) => return Err(self.unhashable(part)),
            }
        }
        Ok(Filled::Done)
    }

    fn dict_fill_empty(&mut self, dict: ObjId, table: Dict) -> Filled {
        if self.heap.is_shared(dict) {
            for entry in table.iter() {
                self.heap.publish(entry.key);
                self.heap.publish(entry.value);
            }
        }
        self.heap.grew(table.bytes());
        *self.dict_table_mut(dict) = table.compacted();
        Filled::Done
    }
}

fn clear(m: &mut Machine, dict: ObjId, _: &Args) -> Native {
    m.dict_table_mut(dict).clear();
    none()
}

fn copy(m: &mut Machine, args: &Args) -> Native {
    let dict = reading(m, args)?;
    let table = m.dict_table(dict).clone().compacted();
    ok(m.dict(table))
}

fn get(m: &mut Machine, args: &Args) -> Native {
    let id = receiver(m, args)?;
    let default = args.get(2).unwrap_or(Value::None);
    let found = match m.heap.get(id) {
        Obj::Namespace(_) => Ok(m.namespace_get(id, args.all[1])),
        _ => m.dict_get(id, args.all[1]),
    };
    match found {
        Ok(found) => ok(found.unwrap_or(default)),
        Err(why) => m.lookup_failed(why, "_dict_get", &[Value::Obj(id), args.all[1], default]),
    }
}

fn view(m: &mut Machine, args: &Args, kind: ViewKind) -> Native {
    let dict = Value::Obj(reading(m, args)?);
    ok(m.heap.new_value(Obj::View { dict, kind }))
}

fn pop(m: &mut Machine, dict: ObjId, args: &Args) -> Native {
    let key = args.all[1];
    match m.dict_remove(dict, key) {
        Ok(Some((_, value))) => ok(value),
        Ok(None) => match args.get(2) {
            Some(default) => ok(default),
            None => Err(m.key_error(key)),
        },
        Err(why) => {
            let rest = m.tuple(&args.pos()[2..]);
            m.lookup_failed(why, "_dict_pop", &[Value::Obj(dict), key, rest])
        }
    }
}

fn popitem(m: &mut Machine, dict: ObjId, _: &Args) -> Native {
    let table = m.dict_table_mut(dict);
    match table.prev_from(usize::MAX) {
        Some((at, _)) => {
            let entry = table.remove_at(at);
            ok(m.tuple([entry.key, entry.value]))
        }
        None => Err(m.raise(Ty::KeyError, "popitem(): dictionary is empty")),
    }
}

fn setdefault(m: &mut Machine, dict: ObjId, args: &Args) -> Native {
    let key = args.all[1];
    let default = args.get(2).unwrap_or(Value::None);
    let found = m.key_hash(key).and_then(|hash| {
        m.find_key(m.dict_table(dict), hash, key)
            .map(|found| (hash, found))
    });
    match found {
        Ok((_, Some(at))) => ok(m.dict_table(dict).at(at).value),
        Ok((hash, None)) => {
            m.dict_push(dict, hash, key, default);
            ok(default)
        }
        Err(why) => m.lookup_failed(why, "_dict_setdefault", &[Value::Obj(dict), key, default]),
    }
}

fn fromkeys(m: &mut Machine, args: &Args) -> Native {
    let value = args.get(2).unwrap_or(Value::None);
    let plain = matches!(args.all[0], Value::Obj(class) if class == Ty::Dict.id());
    if !plain {
        return Ok(m.prelude("_dict_fromkeys", &[args.all[0], args.all[1], value]));
    }
    let Some(keys) = m.items(args.all[1])? else {
        return Ok(Out::Materialise(1));
    };
    let dict = m.heap.alloc(Obj::Dict(Box::default()));
    for &key in &keys {
        match m.dict_set(dict, key, value) {
            Ok(_) => {}
            Err(Lookup::Python) => {
                let keys = m.list(keys);
                return Ok(m.prelude("_dict_fromkeys", &[args.all[0], keys, value]));
            }
            Err(Lookup::Unhashable(part)) => return Err(m.unhashable(part)),
        }
    }
    ok(Value::Obj(dict))
}
