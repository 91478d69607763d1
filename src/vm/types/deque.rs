//! `collections.deque`

use super::receiver::{
    CLASS_GETITEM, CONTAINS, DELITEM, Found, GETITEM, ITER, LEN, REVERSED, SETITEM, none,
};
use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::{Deque, Obj};
use crate::vm::machine::Machine;
use crate::vm::memory::ITEM_BYTES;
use crate::vm::native::{
    Args, Effect, Entry, Native, NativeFn, Out, Raise, Signature, ok, reads, writes,
};
use crate::vm::protocol::index::Index;
use crate::vm::types::Ty;

/// Methods of `deque`.
pub const METHODS: &[Entry] = &[
    writes("append", append, 2, 2),
    writes("appendleft", appendleft, 2, 2),
    writes("clear", clear, 1, 1),
    reads("copy", copy, 1, 1),
    reads("__copy__", copy, 1, 1),
    reads("count", count, 2, 2),
    writes("extend", extend, 2, 2),
    writes("extendleft", extendleft, 2, 2),
    reads("index", index, 2, 4),
    writes("insert", insert, 3, 3),
    writes("pop", pop, 1, 1),
    writes("popleft", popleft, 1, 1),
    writes("remove", remove, 2, 2),
    writes("reverse", reverse, 1, 1),
    writes("rotate", rotate, 1, 2),
    ("__init__", init, Signature::Any, Effect::Write),
    writes("__iadd__", iadd, 2, 2),
    writes("__imul__", imul, 2, 2),
    LEN,
    ITER,
    CONTAINS,
    GETITEM,
    SETITEM,
    DELITEM,
    REVERSED,
];

/// Static methods of `deque`.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of `deque`.
pub const CLASS_METHODS: &[Entry] = &[CLASS_GETITEM];
/// Attributes of `deque` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[("maxlen", maxlen)];

fn this(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    m.receiver_id(args, Ty::Deque, |o| matches!(o, Obj::Deque(_)))
}

fn state(m: &Machine, deque: ObjId) -> &Deque {
    match m.heap.get(deque) {
        Obj::Deque(deque) => deque,
        other => unreachable!("a deque was expected, not {other:?}"),
    }
}

fn change(m: &mut Machine, deque: ObjId) -> &mut Deque {
    match m.heap.get_mut(deque) {
        Obj::Deque(deque) => deque,
        other => unreachable!("a deque was expected, not {other:?}"),
    }
}

/// Adds at the right, or at the left; what no longer fits goes at the other end.
fn push(m: &mut Machine, deque: ObjId, value: Value, left: bool) {
    m.heap.publish_into(deque, value);
    let state = change(m, deque);
    if left {
        state.items.push_front(value);
    } else {
        state.items.push_back(value);
    }
    if state.maxlen.is_some_and(|max| state.items.len() > max) {
        if left {
            state.items.pop_back();
        } else {
            state.items.pop_front();
        }
    } else {
        m.heap.grew(16);
    }
}

/// The arguments `iterable` and `maxlen` of the constructor; `Err(i)` when the first must be iterated in Python.
type Parts = (Option<Value>, Option<usize>);

fn parts(m: &mut Machine, args: &Args) -> Result<Parts, Raise> {
    let given = args.all.len() - 1;
    if given > 2 {
        return Err(m.type_error(format!("deque() takes at most 2 arguments ({given} given)")));
    }
    let (mut iterable, mut maxlen) = (args.get(1), args.get(2));
    for (name, value) in args.keywords() {
        match m.names.text(name) {
            "iterable" if iterable.is_none() => iterable = Some(value),
            "maxlen" if maxlen.is_none() => maxlen = Some(value),
            name @ ("iterable" | "maxlen") => {
                let at = if name == "maxlen" { 2 } else { 1 };
                let message =
                    format!("argument for deque() given by name ('{name}') and position ({at})");
                return Err(m.type_error(message));
            }
            other => {
                let message = format!("deque() got an unexpected keyword argument '{other}'");
                return Err(m.type_error(message));
            }
        }
    }
    let maxlen = match maxlen {
        None | Some(Value::None) => None,
        Some(value) => match m.index_of(value) {
            Index::Int(n) if n < 0 => return Err(m.value_error("maxlen must be non-negative")),
            Index::Int(n) => Some(n as usize),
            Index::Huge(_) => {
                return Err(m.raise(
                    Ty::OverflowError,
                    "Python int too large to convert to C ssize_t",
                ));
            }
            _ => return Err(m.type_error("an integer is required")),
        },
    };
    Ok((iterable, maxlen))
}

/// What calling `deque` does.
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    let (iterable, maxlen) = parts(m, args)?;
    let deque = m.heap.alloc(Obj::Deque(Box::new(Deque {
        maxlen,
        ..Deque::default()
    })));
    match fill(m, deque, args, iterable)? {
        Some(out) => Ok(out),
        None => ok(Value::Obj(deque)),
    }
}

fn init(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    let (iterable, maxlen) = parts(m, args)?;
    if iterable.is_none_or(|iterable| m.is_natively_iterable(iterable)) {
        *change(m, deque) = Deque {
            maxlen,
            ..Deque::default()
        };
    }
    match fill(m, deque, args, iterable)? {
        Some(out) => Ok(out),
        None => none(),
    }
}

fn fill(
    m: &mut Machine,
    deque: ObjId,
    args: &Args,
    iterable: Option<Value>,
) -> Result<Option<Out>, Raise> {
    let Some(iterable) = iterable else {
        return Ok(None);
    };
    match m.items(iterable)? {
        Some(items) => {
            for item in items {
                push(m, deque, item, false);
            }
            Ok(None)
        }
        None if args.get(1).is_some() => Ok(Some(Out::Materialise(1))),
        None => {
            let maxlen = state(m, deque)
                .maxlen
                .map_or(Value::None, |n| Value::Int(n as i64));
            Ok(Some(m.prelude("_deque", &[args.all[0], iterable, maxlen])))
        }
    }
}

fn maxlen(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    ok(state(m, deque)
        .maxlen
        .map_or(Value::None, |n| Value::Int(n as i64)))
}

fn append(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    push(m, deque, args.all[1], false);
    none()
}

fn appendleft(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    push(m, deque, args.all[1], true);
    none()
}

fn clear(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    change(m, deque).items.clear();
    none()
}

fn copy(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    let class = m.class_of(args.all[0]);
    if class != Ty::Deque.id() {
        return Ok(m.prelude("_deque_copy", &[args.all[0]]));
    }
    let copy = state(m, deque).clone();
    ok(m.heap.new_value(Obj::Deque(Box::new(copy))))
}

fn count(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    match m.count_same(state(m, deque).items.iter().copied(), args.all[1]) {
        Some(n) => ok(Value::Int(n)),
        None => Ok(m.prelude("_sequence_count", &args.all[..2])),
    }
}

fn extend_at(m: &mut Machine, args: &Args, left: bool) -> Native {
    let deque = this(m, args)?;
    let Some(items) = m.items(args.all[1])? else {
        return Ok(Out::Materialise(1));
    };
    for item in items {
        push(m, deque, item, left);
    }
    none()
}

fn extend(m: &mut Machine, args: &Args) -> Native {
    extend_at(m, args, false)
}

fn extendleft(m: &mut Machine, args: &Args) -> Native {
    extend_at(m, args, true)
}

fn iadd(m: &mut Machine, args: &Args) -> Native {
    match extend(m, args)? {
        Out::Value(_) => ok(args.all[0]),
        out => Ok(out),
    }
}

fn imul(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    let n = match m.count_arg(args.all[1])? {
        Some(n) => n.max(0) as usize,
        None => return Ok(m.index_first(args, 1)),
    };
    let items: Vec<Value> = state(m, deque).items.iter().copied().collect();
    let keep = state(m, deque).maxlen.unwrap_or(usize::MAX);
    let total = items.len().saturating_mul(n);
    m.room(total.min(keep).saturating_mul(ITEM_BYTES))?;
    let skip = total.saturating_sub(keep);
    let repeated = (skip..total).map(|i| items[i % items.len()]).collect();
    change(m, deque).items = repeated;
    m.heap.grew(total.min(keep) * 16);
    ok(args.all[0])
}

fn index(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    let len = state(m, deque).items.len();
    let Some(start) = m.clamped_arg(args.get(2), 0, len)? else {
        return Ok(m.index_first(args, 2));
    };
    let Some(stop) = m.clamped_arg(args.get(3), len, len)? else {
        return Ok(m.index_first(args, 3));
    };
    let places = state(m, deque).items.iter().copied().enumerate();
    match m.find_same(places.take(stop).skip(start), args.all[1]) {
        Found::At(at) => ok(Value::Int(at as i64)),
        Found::Nowhere => m.not_in(args.all[1], "deque"),
        Found::Python => Ok(m.prelude(
            "_deque_index",
            &[
                args.all[0],
                args.all[1],
                Value::Int(start as i64),
                Value::Int(stop as i64),
            ],
        )),
    }
}

fn insert(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    let len = state(m, deque).items.len();
    let at = match m.index_of(args.all[1]) {
        Index::Int(_) => m.clamped_arg(Some(args.all[1]), 0, len)?.unwrap_or(0),
        Index::Huge(_) => return Err(m.huge_index()),
        Index::Python => return Ok(m.index_first(args, 1)),
        Index::No => return Err(m.not_an_integer(args.all[1])),
    };
    if state(m, deque).maxlen == Some(len) {
        return Err(m.raise(Ty::IndexError, "deque already at its maximum size"));
    }
    m.heap.publish_into(deque, args.all[2]);
    change(m, deque).items.insert(at, args.all[2]);
    m.heap.grew(16);
    none()
}

fn pop(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    match change(m, deque).items.pop_back() {
        Some(value) => ok(value),
        None => Err(m.raise(Ty::IndexError, "pop from an empty deque")),
    }
}

fn popleft(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    match change(m, deque).items.pop_front() {
        Some(value) => ok(value),
        None => Err(m.raise(Ty::IndexError, "pop from an empty deque")),
    }
}

fn remove(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    let places = state(m, deque).items.iter().copied().enumerate();
    match m.find_same(places, args.all[1]) {
        Found::At(at) => {
            change(m, deque).items.remove(at);
            none()
        }
        Found::Nowhere => m.not_in(args.all[1], "deque"),
        Found::Python => Ok(m.prelude("_deque_remove", &args.all[..2])),
    }
}

fn reverse(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    change(m, deque).items.make_contiguous().reverse();
    none()
}

fn rotate(m: &mut Machine, args: &Args) -> Native {
    let deque = this(m, args)?;
    let n = match args.get(1) {
        None => 1,
        Some(value) => match m.index_arg(value)? {
            Some(n) => n,
            None => return Ok(m.index_first(args, 1)),
        },
    };
    let items = &mut change(m, deque).items;
    if !items.is_empty() {
        let by = n.rem_euclid(items.len() as i64) as usize;
        items.rotate_right(by);
    }
    none()
}
