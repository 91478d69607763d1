//! `len`, `iter`, `next`, `map`, `filter`, `any`, `all`.

use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Effect, Entry, Native, Out, Signature, ok, reads, writes};
use crate::vm::types::Ty;

/// Functions of this file.
pub const FUNCTIONS: &[Entry] = &[
    reads("len", len, 1, 1),
    ("iter", iter, Signature::Positional(1, 2), Effect::Pure),
    writes("next", next, 1, 2),
    ("map", map, Signature::Any, Effect::Pure),
    ("filter", filter, Signature::Positional(2, 2), Effect::Pure),
    writes("any", any, 1, 1),
    writes("all", all, 1, 1),
];

fn len(m: &mut Machine, args: &Args) -> Native {
    let of = args.all[0];
    if let Some(n) = m.length(of) {
        return ok(Value::Int(n as i64));
    }
    let class = m.class_of(of);
    match m.lookup(class, names::LEN) {
        Some(_) => Ok(m.prelude("_len", &[of])),
        None => {
            let message = format!("object of type '{}' has no len()", m.type_name(of));
            Err(m.type_error(message))
        }
    }
}

fn not_iterable(m: &mut Machine, of: Value) -> Native {
    let message = format!("'{}' object is not iterable", m.type_name(of));
    Err(m.type_error(message))
}

fn iter(m: &mut Machine, args: &Args) -> Native {
    let of = args.all[0];
    if let Some(sentinel) = args.get(1) {
        if !m.is_callable(of) {
            return Err(m.type_error("iter(v, w): v must be callable"));
        }
        return Ok(m.prelude("_iter_until", &[of, sentinel]));
    }
    if let Some(iter) = m.get_iter(of) {
        return ok(iter);
    }
    let class = m.class_of(of);
    match m.lookup(class, names::ITER) {
        Some(Value::None) => not_iterable(m, of),
        Some(_) => Ok(m.prelude("_iter", &[of])),
        None if m.lookup(class, names::GETITEM).is_some()
            && m.builtin_for(of, names::GETITEM).is_none() =>
        {
            Ok(m.prelude("_iter_items", &[of]))
        }
        None => not_iterable(m, of),
    }
}

fn next(m: &mut Machine, args: &Args) -> Native {
    let (iter, default) = (args.all[0], args.get(1));
    if let Value::Obj(id) = iter
        && matches!(m.heap.get(id), Obj::Iter(_))
    {
        return match (m.advance(id)?, default) {
            (Some(item), _) => ok(item),
            (None, Some(default)) => ok(default),
            (None, None) => Err(m.raise_with(Ty::StopIteration, &[])),
        };
    }
    let class = m.class_of(iter);
    match (m.lookup(class, names::NEXT), default) {
        (None | Some(Value::None), _) => {
            let message = format!("'{}' object is not an iterator", m.type_name(iter));
            Err(m.type_error(message))
        }
        (Some(method), None) => Ok(Out::Call(method, vec![iter])),
        (Some(_), Some(default)) => Ok(m.prelude("_next_or", &[iter, default])),
    }
}

fn map(m: &mut Machine, args: &Args) -> Native {
    if !args.names.is_empty() {
        return Err(m.type_error("map() takes no keyword arguments"));
    }
    let given = args.pos();
    if given.len() < 2 {
        return Err(m.type_error("map() must have at least two arguments."));
    }
    if let &[function, iterable] = given {
        return match m.get_iter(iterable) {
            Some(iter) => Ok(m.prelude("_map_one", &[function, iter])),
            None => Ok(m.prelude("_map_any", &[function, iterable])),
        };
    }
    let iterables = m.tuple(&given[1..]);
    Ok(m.prelude("_map", &[given[0], iterables]))
}

fn filter(m: &mut Machine, args: &Args) -> Native {
    let (function, iterable) = (args.all[0], args.all[1]);
    let iter = match m.get_iter(iterable) {
        Some(iter) => iter,
        None => return Ok(m.prelude("_filter_any", &[function, iterable])),
    };
    Ok(m.prelude("_filter", &[function, iter]))
}

/// Looks for an item of this truth.
fn search(m: &mut Machine, args: &Args, want: bool) -> Native {
    let twin = if want { "_any" } else { "_all" };
    let Some(Value::Obj(iter)) = m.get_iter(args.all[0]) else {
        return Ok(m.prelude(twin, &[args.all[0]]));
    };
    while let Some(item) = m.advance(iter)? {
        match m.truth(item) {
            Some(truth) if truth == want => return ok(Value::Bool(want)),
            Some(_) => {}
            None => return Ok(m.prelude("_search", &[item, Value::Obj(iter), Value::Bool(want)])),
        }
    }
    ok(Value::Bool(!want))
}

fn any(m: &mut Machine, args: &Args) -> Native {
    search(m, args, true)
}

fn all(m: &mut Machine, args: &Args) -> Native {
    search(m, args, false)
}
