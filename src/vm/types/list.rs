//! `list`

use super::receiver::{
    CLASS_GETITEM, CONTAINS, DELITEM, Found, GETITEM, ITER, LEN, REVERSED, SETITEM, none,
};
use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::memory::ITEM_BYTES;
use crate::vm::native::{Args, Effect, Entry, Native, Out, Raise, Signature, ok, reads, writes};
use crate::vm::protocol::index::Index;
use crate::vm::types::Ty;

/// Methods of `list`.
pub const METHODS: &[Entry] = &[
    writes("append", append, 2, 2),
    writes("clear", clear, 1, 1),
    reads("copy", copy, 1, 1),
    reads("count", count, 2, 2),
    writes("extend", extend, 2, 2),
    reads("index", index, 2, 4),
    writes("insert", insert, 3, 3),
    writes("pop", pop, 1, 2),
    writes("remove", remove, 2, 2),
    writes("reverse", reverse, 1, 1),
    ("sort", super::sorting::sort, Signature::Any, Effect::Write),
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

/// Static methods of `list`.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of `list`.
pub const CLASS_METHODS: &[Entry] = &[CLASS_GETITEM];
/// Attributes of `list` objects.
pub const GETTERS: &[(&str, crate::vm::native::NativeFn)] = &[];

pub(super) fn this(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    m.receiver_id(args, Ty::List, |o| matches!(o, Obj::List(_)))
}

impl Machine {
    /// The items of a list object.
    pub(crate) fn list_items(&self, list: ObjId) -> &[Value] {
        match self.heap.get(list) {
            Obj::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list object, to change. What is put in must be published.
    ///
    /// # Panics
    /// When the object is no list.
    pub(crate) fn list_items_mut(&mut self, list: ObjId) -> &mut Vec<Value> {
        match self.heap.get_mut(list) {
            Obj::List(items) => items,
            other => unreachable!("a list was expected, not {other:?}"),
        }
    }

    /// Appends to a list object.
    #[inline]
    pub fn list_append(&mut self, list: ObjId, value: Value) {
        self.heap.publish_into(list, value);
        let items = self.list_items_mut(list);
        if items.len() == items.capacity() {
            let grown = items.len().max(4) * 16;
            items.push(value);
            self.heap.grew(grown);
        } else {
            items.push(value);
        }
    }

    /// Appends many to a list object.
    pub fn list_extend(&mut self, list: ObjId, values: &[Value]) {
        for &value in values {
            self.heap.publish_into(list, value);
        }
        self.list_items_mut(list).extend_from_slice(values);
        self.heap.grew(values.len() * 16);
    }
}

/// What calling `list` does.
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    m.no_keywords(args, "list")?;
    m.at_most(args, "list", 1)?;
    let items = match args.get(1) {
        None => Vec::new(),
        Some(iterable) => match m.items(iterable)? {
            Some(items) => items,
            None => return Ok(Out::Materialise(1)),
        },
    };
    ok(m.list(items))
}

fn init(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    m.no_keywords(args, "list")?;
    m.at_most(args, "list", 1)?;
    let items = match args.get(1) {
        None => Vec::new(),
        Some(iterable) => match m.items(iterable)? {
            Some(items) => items,
            None => return Ok(Out::Materialise(1)),
        },
    };
    m.list_items_mut(list).clear();
    m.list_extend(list, &items);
    none()
}

fn append(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    m.list_append(list, args.all[1]);
    none()
}

fn clear(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    *m.list_items_mut(list) = Vec::new();
    none()
}

fn copy(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    let items = m.list_items(list).to_vec();
    ok(m.list(items))
}

fn count(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    let items = m.list_items(list).iter().copied();
    match m.count_same(items, args.all[1]) {
        Some(n) => ok(Value::Int(n)),
        None => Ok(m.prelude("_sequence_count", &args.all[..2])),
    }
}

fn extend(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    let Some(items) = m.items(args.all[1])? else {
        return Ok(Out::Materialise(1));
    };
    m.list_extend(list, &items);
    none()
}

fn iadd(m: &mut Machine, args: &Args) -> Native {
    match extend(m, args)? {
        Out::Value(_) => ok(args.all[0]),
        out => Ok(out),
    }
}

fn imul(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    let n = match m.index_of(args.all[1]) {
        Index::Int(n) => n.max(0) as usize,
        Index::Huge(true) => 0,
        Index::Huge(false) => {
            return Err(m.raise(
                Ty::OverflowError,
                "cannot fit 'int' into an index-sized integer",
            ));
        }
        Index::Python => return Ok(m.index_first(args, 1)),
        Index::No => return ok(Value::NotImplemented),
    };
    let len = m.list_items(list).len();
    m.room(len.saturating_mul(n).saturating_mul(ITEM_BYTES))?;
    let items = m.list_items(list).repeat(n);
    m.heap.grew(items.len().saturating_sub(len) * 16);
    *m.list_items_mut(list) = items;
    ok(args.all[0])
}

fn index(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    let len = m.list_items(list).len();
    let Some(start) = m.clamped_arg(args.get(2), 0, len)? else {
        return Ok(m.index_first(args, 2));
    };
    let Some(stop) = m.clamped_arg(args.get(3), len, len)? else {
        return Ok(m.index_first(args, 3));
    };
    let item = args.all[1];
    let places = m.list_items(list).iter().copied().enumerate();
    match m.find_same(places.take(stop).skip(start), item) {
        Found::At(at) => ok(Value::Int(at as i64)),
        Found::Nowhere => m.not_in(item, "list"),
        Found::Python => Ok(m.prelude(
            "_list_index",
            &[
                args.all[0],
                item,
                Value::Int(start as i64),
                Value::Int(stop as i64),
            ],
        )),
    }
}

fn insert(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    let len = m.list_items(list).len();
    let at = match m.index_of(args.all[1]) {
        Index::Int(_) => m.clamped_arg(Some(args.all[1]), 0, len)?.unwrap_or(0),
        Index::Huge(_) => return Err(m.huge_index()),
        Index::Python => return Ok(m.index_first(args, 1)),
        Index::No => return Err(m.not_an_integer(args.all[1])),
    };
    let value = args.all[2];
    m.heap.publish_into(list, value);
    m.list_items_mut(list).insert(at, value);
    m.heap.grew(16);
    none()
}

fn pop(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    let n = match args.get(1) {
        None => -1,
        Some(index) => match m.index_arg(index)? {
            Some(n) => n,
            None => return Ok(m.index_first(args, 1)),
        },
    };
    let items = m.list_items_mut(list);
    if items.is_empty() {
        return Err(m.raise(Ty::IndexError, "pop from empty list"));
    }
    match Machine::position(n, items.len()) {
        Some(at) => ok(items.remove(at)),
        None => Err(m.raise(Ty::IndexError, "pop index out of range")),
    }
}

fn remove(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    let items = m.list_items(list).iter().copied().enumerate();
    match m.find_same(items, args.all[1]) {
        Found::At(at) => {
            m.list_items_mut(list).remove(at);
            none()
        }
        Found::Nowhere => Err(m.value_error("list.remove(x): x not in list")),
        Found::Python => Ok(m.prelude("_list_remove", &args.all[..2])),
    }
}

fn reverse(m: &mut Machine, args: &Args) -> Native {
    let list = this(m, args)?;
    m.list_items_mut(list).reverse();
    none()
}
