//! `len`, `iter`, `next`, `any`, `all`.

use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::memory::LOOK_EVERY;
use crate::vm::names;
use crate::vm::native::{Args, Effect, Entry, Native, Out, Resume, Signature, looks, ok, reads};
use crate::vm::types::Ty;

/// Functions of this file.
pub const FUNCTIONS: &[Entry] = &[
    reads("len", len, 1, 1),
    ("iter", iter, Signature::Positional(1, 2), Effect::Pure),
    looks("next", next, 1, 2),
    looks("any", any, 1, 1),
    looks("all", all, 1, 1),
];

fn len(m: &mut Machine, args: &Args) -> Native {
    let of = args.all[0];
    if let Some(n) = m.length(of) {
        return ok(Value::Int(n as i64));
    }
    if let Some(Obj::HugeRange(_)) = m.object(of) {
        return Err(m.too_long());
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
    if let Value::Obj(id) = iter
        && default.is_none()
        && matches!(m.heap.get(id), Obj::Generator(_))
    {
        return Ok(Out::Resume(id, Resume::Send(Value::None)));
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

/// Looks for an item of this truth.
fn search(m: &mut Machine, args: &Args, want: bool) -> Native {
    let twin = if want { "_any" } else { "_all" };
    let Some(Value::Obj(iter)) = m.get_iter(args.all[0]) else {
        return Ok(m.prelude(twin, &[args.all[0]]));
    };
    let mut turns = 0;
    while let Some(item) = m.advance(iter)? {
        turns += 1;
        match m.truth(item) {
            Some(truth) if truth == want => return ok(Value::Bool(want)),
            Some(_) if turns < LOOK_EVERY => {}
            _ => return Ok(m.prelude("_search", &[item, Value::Obj(iter), Value::Bool(want)])),
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
