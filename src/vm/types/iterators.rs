//! Iterators over builtin types, and the classes `enumerate`, `zip`, `reversed`, `map` and `filter`.

use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::{Iter, Obj};
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Entry, Native, NativeFn, Out, Raise, Resume, ok, pure, writes};
use crate::vm::protocol::index::Index;
use crate::vm::types::Ty;

/// Methods of all these iterators.
pub const METHODS: &[Entry] = &[
    pure("__iter__", itself, 1, 1),
    writes("__next__", next, 1, 1),
    pure("__length_hint__", length_hint, 1, 1),
];

/// Methods of iterators that may be generators of the prelude: `map`, `filter`, and `zip` and its like over user iterators.
pub const LAZY_METHODS: &[Entry] = &[
    pure("__iter__", itself, 1, 1),
    writes("__next__", next_lazy, 1, 1),
];

/// Static methods of iterators.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of iterators.
pub const CLASS_METHODS: &[Entry] = &[];
/// Attributes of iterators.
pub const GETTERS: &[(&str, NativeFn)] = &[];

fn this(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    m.receiver_id(args, Ty::ListIterator, |o| matches!(o, Obj::Iter(_)))
}

fn itself(_: &mut Machine, args: &Args) -> Native {
    ok(args.all[0])
}

fn next(m: &mut Machine, args: &Args) -> Native {
    let iter = this(m, args)?;
    match m.advance(iter)? {
        Some(item) => ok(item),
        None => Err(m.raise_with(Ty::StopIteration, &[])),
    }
}

fn next_lazy(m: &mut Machine, args: &Args) -> Native {
    match args.all[0] {
        Value::Obj(id) if matches!(m.heap.get(id), Obj::Generator(_)) => {
            Ok(Out::Resume(id, Resume::Send(Value::None)))
        }
        _ => next(m, args),
    }
}

fn length_hint(m: &mut Machine, args: &Args) -> Native {
    let iter = this(m, args)?;
    let left = match m.heap.get(iter) {
        Obj::Iter(iter) => match **iter {
            Iter::List(of, at) | Iter::Tuple(of, at) => {
                m.as_items(of).map_or(0, |i| i.len().saturating_sub(at))
            }
            Iter::Range(_, left, _) => left as usize,
            Iter::Reversed(_, left) => left,
            Iter::Dict(_, _, at, len) | Iter::Set(_, at, len) | Iter::Deque(_, at, len) => {
                len.saturating_sub(at)
            }
            _ => 0,
        },
        _ => 0,
    };
    ok(Value::Int(left as i64))
}

/// What calling the class of an iterator without a name does.
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    let class = args.all[0]
        .obj()
        .map_or("?", |c| m.class_name(c))
        .to_owned();
    Err(m.type_error(format!("cannot create '{class}' instances")))
}

/// What calling `enumerate` does.
pub fn construct_enumerate(m: &mut Machine, args: &Args) -> Native {
    let (mut iterable, mut start) = (args.get(1), args.get(2));
    for (name, value) in args.keywords() {
        match m.names.text(name) {
            "iterable" if iterable.is_none() => iterable = Some(value),
            "start" if start.is_none() => start = Some(value),
            other => {
                let message = format!("'{other}' is an invalid keyword argument for enumerate()");
                return Err(m.type_error(message));
            }
        }
    }
    let given = args.all.len() - 1;
    if given > 2 {
        return Err(m.type_error(format!(
            "enumerate() takes at most 2 arguments ({given} given)"
        )));
    }
    let Some(iterable) = iterable else {
        return Err(m.type_error("enumerate() missing required argument 'iterable'"));
    };
    let start = start.unwrap_or(Value::Int(0));
    match m.index_of(start) {
        Index::No => return Err(m.not_an_integer(start)),
        Index::Python => return Ok(m.prelude("_enumerate", &[iterable, start])),
        Index::Int(_) | Index::Huge(_) => {}
    }
    match m.get_iter(iterable) {
        Some(inner) => ok(m.new_iter(Iter::Enumerate(inner, start))),
        None => Ok(m.prelude("_enumerate", &[iterable, start])),
    }
}

/// What calling `zip` does.
pub fn construct_zip(m: &mut Machine, args: &Args) -> Native {
    let mut strict = false;
    if args.names.len() > 1 {
        let message = format!(
            "zip() takes at most 1 keyword argument ({} given)",
            args.names.len()
        );
        return Err(m.type_error(message));
    }
    for (name, value) in args.keywords() {
        if m.names.text(name) != "strict" {
            let message = format!(
                "zip() got an unexpected keyword argument '{}'",
                m.names.text(name)
            );
            return Err(m.type_error(message));
        }
        strict = m.truth(value).unwrap_or(true);
    }
    let iterables = &args.pos()[1..];
    if !iterables.iter().all(|&i| m.is_natively_iterable(i)) {
        let all = m.tuple(iterables);
        return Ok(m.prelude("_zip", &[all, Value::Bool(strict)]));
    }
    let parts = iterables.iter().filter_map(|&i| m.get_iter(i)).collect();
    ok(m.new_iter(Iter::Zip(parts, strict)))
}

/// What calling `reversed` does.
pub fn construct_reversed(m: &mut Machine, args: &Args) -> Native {
    m.no_keywords(args, "reversed")?;
    let given = args.pos().len() - 1;
    if given != 1 {
        return Err(m.type_error(format!("reversed expected 1 argument, got {given}")));
    }
    let of = args.all[1];
    if let Some(builtin) = m.builtin_for(of, names::REVERSED)
        && let Some(iter) = m.builtin_reversed(builtin)
    {
        return ok(iter);
    }
    let class = m.class_of(of);
    match m.lookup(class, names::REVERSED) {
        Some(Value::None) => {}
        Some(method) => return Ok(Out::Call(method, vec![of])),
        // A class derived from str, tuple or bytes, which have no method of their own.
        None if m.lookup(class, names::GETITEM).is_some() => {
            let builtin = m.unwrap(of);
            let plain = m.builtin_for(of, names::GETITEM).is_some()
                && m.builtin_for(of, names::LEN).is_some();
            if plain
                && !matches!(m.object(builtin), Some(Obj::Dict(_)))
                && let Some(iter) = m.builtin_reversed(builtin)
            {
                return ok(iter);
            }
            if m.lookup(class, names::LEN).is_some() {
                return Ok(m.prelude("_reversed", &[of]));
            }
        }
        None => {}
    }
    let message = format!("'{}' object is not reversible", m.type_name(of));
    Err(m.type_error(message))
}

/// What calling `map` does.
pub fn construct_map(m: &mut Machine, args: &Args) -> Native {
    m.no_keywords(args, "map")?;
    let given = &args.pos()[1..];
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

/// What calling `filter` does.
pub fn construct_filter(m: &mut Machine, args: &Args) -> Native {
    m.no_keywords(args, "filter")?;
    let &[function, iterable] = &args.pos()[1..] else {
        let message = format!("filter expected 2 arguments, got {}", args.pos().len() - 1);
        return Err(m.type_error(message));
    };
    let iter = match m.get_iter(iterable) {
        Some(iter) => iter,
        None => return Ok(m.prelude("_filter_any", &[function, iterable])),
    };
    Ok(m.prelude("_filter", &[function, iter]))
}
