//! `list.sort`, `sorted`, and what their twins in the prelude use.

use super::list::this;
use super::receiver::none;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Effect, Entry, Native, Out, Raise, Signature, ok, pure, writes};
use crate::vm::protocol::index::Index;

/// `key` and `reverse` of `sort` and `sorted`. `None` when the truth of `reverse` is user code.
pub(crate) fn sort_options(m: &mut Machine, args: &Args) -> Result<(Value, Value), Raise> {
    let (mut key, mut reverse) = (Value::None, Value::Bool(false));
    for (name, value) in args.keywords() {
        match m.names.text(name) {
            "key" => key = value,
            "reverse" => reverse = value,
            other => {
                let hint = match crate::vm::builtins::suggest(other, &["key", "reverse"]) {
                    Some(near) => format!(". Did you mean '{near}'?"),
                    None => String::new(),
                };
                let message = format!("sort() got an unexpected keyword argument '{other}'{hint}");
                return Err(m.type_error(message));
            }
        }
    }
    if m.index_of(reverse) == Index::No {
        return Err(m.not_an_integer(reverse));
    }
    Ok((key, reverse))
}

/// The keys of items, when the key function is a native that answers for all of them at once.
fn native_keys(m: &mut Machine, args: &Args, key: Value, items: &[Value]) -> Option<Vec<Value>> {
    let Value::Obj(id) = key else {
        return None;
    };
    let (native, bound) = match m.heap.get(id) {
        Obj::Native(native) => (*native, None),
        Obj::BoundMethod {
            function: Value::Obj(function),
            this,
        } => match m.heap.get(*function) {
            Obj::Native(native) => (*native, Some(*this)),
            _ => return None,
        },
        _ => return None,
    };
    let def = m.natives[native.0 as usize];
    let takes_one = match def.signature {
        Signature::Positional(min, max) => {
            let given = 1 + u8::from(bound.is_some());
            min <= given && given <= max
        }
        _ => false,
    };
    let quiet = match def.effect {
        Effect::Pure => true,
        Effect::Read | Effect::Contents => !m.watching,
        Effect::Write => false,
    };
    if !takes_one || !quiet {
        return None;
    }
    let mut keys = Vec::with_capacity(items.len());
    for &item in items {
        let given = [bound.unwrap_or(item), item];
        let all = if bound.is_some() {
            &given[..]
        } else {
            &given[..1]
        };
        let call = Args {
            all,
            names: &[],
            frames: args.frames,
            this: key,
        };
        match (def.run)(m, &call) {
            Ok(Out::Value(key)) => keys.push(key),
            _ => return None,
        }
    }
    Some(keys)
}

/// The items sorted, when that needs no user code and does not fail.
pub(crate) fn sorted_natively(
    m: &mut Machine,
    args: &Args,
    items: &[Value],
    key: Value,
    reverse: Value,
) -> Option<Vec<Value>> {
    let backwards = m.truth(reverse)?;
    if key.is_none() {
        return m.sort_values(items.to_vec(), backwards);
    }
    let keys = native_keys(m, args, key, items)?;
    m.sort_by_keys(items.to_vec(), &keys, backwards)
}

pub(super) fn sort(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    if args.pos().len() > 1 {
        return Err(m.type_error("sort() takes no positional arguments"));
    }
    let (key, reverse) = sort_options(m, args)?;
    let items = m.list_items(list).to_vec();
    if let Some(sorted) = sorted_natively(m, args, &items, key, reverse) {
        *m.list_items_mut(list) = sorted;
        return none();
    }
    Ok(m.prelude("_list_sort", &[Value::Obj(list), key, reverse]))
}

/// Natives that the prelude's twins of list methods use.
pub const INTERNAL: &[Entry] = &[
    writes("_raddle_list_take", take, 1, 1),
    writes("_raddle_list_fill", fill, 2, 2),
    pure("_raddle_sort", raddle_sort, 3, 3),
    writes("_raddle_list_remove_same", remove_same, 3, 3),
];

/// Empties a list and gives its items as a new one: what `sort` does while it runs user code.
fn take(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    let items = std::mem::take(m.list_items_mut(list));
    ok(m.list(items))
}

/// Gives a list other items; says whether it was empty until now.
fn fill(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    let empty = m.list_items(list).is_empty();
    let items = m.items(args.all[1])?.unwrap_or_default();
    m.list_items_mut(list).clear();
    m.list_extend(list, &items);
    ok(Value::Bool(empty))
}

/// `(items, keys, reverse)`: the items sorted by their keys, or `None` when keys must be compared in Python.
fn raddle_sort(m: &mut Machine, args: &Args) -> Native {
    let items = m.items(args.all[0])?.unwrap_or_default();
    let keys = m.items(args.all[1])?.unwrap_or_default();
    let reverse = m.truth(args.all[2]).unwrap_or(false);
    ok(match m.sort_by_keys(items, &keys, reverse) {
        Some(sorted) => m.list(sorted),
        None => Value::None,
    })
}

/// `(list, position, item)`: removes that very item, at that position if it is still there.
fn remove_same(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    let at = m.as_i64(args.all[1]).unwrap_or(0) as usize;
    let items = m.list_items_mut(list);
    if items.get(at).is_some_and(|v| v.is(args.all[2])) {
        items.remove(at);
    } else if let Some(at) = items.iter().position(|v| v.is(args.all[2])) {
        items.remove(at);
    }
    none()
}
