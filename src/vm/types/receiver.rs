//! What methods of builtin types share: finding their object, checking keywords, and the thin special methods.

use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, Out, Raise, ok, pure, reads, writes};
use crate::vm::protocol::keyed::Lookup;
use crate::vm::types::Ty;

/// A search of `list.index` and its like: the item found natively, or what must be asked.
pub(crate) enum Found {
    /// At this position.
    At(usize),
    /// Nowhere.
    Nowhere,
    /// An `__eq__` written in Python has a say.
    Python,
}

impl Machine {
    /// The builtin object of a method's first argument, if `is` accepts it.
    ///
    /// # Errors
    /// `TypeError` when the method was called, by way of its class, on something else.
    pub(crate) fn receiver_id(
        &mut self,
        args: &Args,
        owner: Ty,
        is: fn(&Obj) -> bool,
    ) -> Result<ObjId, Raise> {
        let this = args.all.first().copied().unwrap_or_default();
        if let Value::Obj(id) = self.unwrap(this)
            && is(self.heap.get(id))
        {
            return Ok(id);
        }
        Err(self.wrong_receiver(args, owner, this))
    }

    /// Refuses keyword arguments of a class that takes none.
    pub(crate) fn no_keywords(&mut self, args: &Args, name: &str) -> Result<(), Raise> {
        if args.names.is_empty() {
            return Ok(());
        }
        Err(self.type_error(format!("{name}() takes no keyword arguments")))
    }

    /// Refuses more than `max` positional arguments, not counting the class or receiver.
    pub(crate) fn at_most(&mut self, args: &Args, name: &str, max: usize) -> Result<(), Raise> {
        let got = args.pos().len().saturating_sub(1);
        if got <= max {
            return Ok(());
        }
        let plural = if max == 1 { "" } else { "s" };
        Err(self.type_error(format!(
            "{name} expected at most {max} argument{plural}, got {got}"
        )))
    }

    /// The position of an item among values.
    pub(crate) fn find_same(
        &self,
        values: impl Iterator<Item = (usize, Value)>,
        item: Value,
    ) -> Found {
        for (at, value) in values {
            match self.same_known(value, item) {
                Some(true) => return Found::At(at),
                Some(false) => {}
                None => return Found::Python,
            }
        }
        Found::Nowhere
    }

    /// How many of the values are the item or equal it; `None` when an `__eq__` written in Python has a say.
    pub(crate) fn count_same(
        &self,
        values: impl Iterator<Item = Value>,
        item: Value,
    ) -> Option<i64> {
        let mut count = 0;
        for value in values {
            count += i64::from(self.same_known(value, item)?);
        }
        Some(count)
    }

    /// `ValueError: <item> is not in <what>`.
    pub(crate) fn not_in(&mut self, item: Value, what: &str) -> Native {
        match self.repr(item)? {
            Some(text) => Err(self.value_error(format!("{text} is not in {what}"))),
            None => {
                let what = self.str(what);
                Ok(self.prelude("_not_in", &[item, what]))
            }
        }
    }

    /// A start or stop argument of `index`, which is clamped and counts from the end when negative. `None` for user code.
    pub(crate) fn clamped_arg(
        &mut self,
        value: Option<Value>,
        missing: usize,
        len: usize,
    ) -> Result<Option<usize>, Raise> {
        use crate::vm::protocol::index::Index;
        let Some(value) = value else {
            return Ok(Some(missing));
        };
        let n = match self.index_of(value) {
            Index::Int(n) => n,
            Index::Huge(true) => i64::MIN,
            Index::Huge(false) => i64::MAX,
            Index::Python => return Ok(None),
            Index::No => {
                return Err(
                    self.type_error("slice indices must be integers or have an __index__ method")
                );
            }
        };
        let n = if n < 0 {
            n.saturating_add(len as i64)
        } else {
            n
        };
        Ok(Some(n.clamp(0, len as i64) as usize))
    }

    /// The error, or the twin to call, of a table operation that gave no answer.
    pub(crate) fn lookup_failed(&mut self, why: Lookup, twin: &str, args: &[Value]) -> Native {
        match why {
            Lookup::Python => Ok(self.prelude(twin, args)),
            Lookup::Unhashable(part) => Err(self.unhashable(part)),
        }
    }
}

/// A special method was taken from its class and called on something else.
fn wrong(m: &mut Machine, args: &Args) -> Native {
    let owner = match m.object(args.this) {
        Some(Obj::Native(id)) => m.natives[id.0 as usize].owner,
        _ => "object",
    };
    let owner = Ty::ALL
        .iter()
        .find(|ty| ty.1 == owner)
        .map_or(Ty::Object, |ty| ty.0);
    Err(m.wrong_receiver(args, owner, args.all[0]))
}

/// `__getitem__`
pub(crate) fn getitem(m: &mut Machine, args: &Args) -> Native {
    let (o, i) = (args.all[0], args.all[1]);
    let builtin = m.unwrap(o);
    match m.get_item_of(builtin, o, i)? {
        Some(out) => Ok(out),
        None => wrong(m, args),
    }
}

/// `__setitem__`
pub(crate) fn setitem(m: &mut Machine, args: &Args) -> Native {
    let (o, i, v) = (args.all[0], args.all[1], args.all[2]);
    let builtin = m.unwrap(o);
    match m.set_item_of(builtin, o, i, v)? {
        Some(out) => Ok(out),
        None => wrong(m, args),
    }
}

/// `__delitem__`
pub(crate) fn delitem(m: &mut Machine, args: &Args) -> Native {
    let (o, i) = (args.all[0], args.all[1]);
    let builtin = m.unwrap(o);
    match m.del_item_of(builtin, o, i)? {
        Some(out) => Ok(out),
        None => wrong(m, args),
    }
}

/// `__contains__`
pub(crate) fn contains(m: &mut Machine, args: &Args) -> Native {
    let builtin = m.unwrap(args.all[0]);
    match m.contains_in(builtin, args.all[1])? {
        Some(out) => Ok(out),
        None => wrong(m, args),
    }
}

/// `__len__`
pub(crate) fn len(m: &mut Machine, args: &Args) -> Native {
    let builtin = m.unwrap(args.all[0]);
    match m.length(builtin) {
        Some(n) => ok(Value::Int(n as i64)),
        None if matches!(m.object(builtin), Some(Obj::HugeRange(_))) => Err(m.too_long()),
        None => wrong(m, args),
    }
}

/// `__iter__`
pub(crate) fn iter(m: &mut Machine, args: &Args) -> Native {
    let builtin = m.unwrap(args.all[0]);
    match m.builtin_iter(builtin) {
        Some(iter) => ok(iter),
        None => wrong(m, args),
    }
}

/// `__reversed__`
pub(crate) fn reversed(m: &mut Machine, args: &Args) -> Native {
    let builtin = m.unwrap(args.all[0]);
    match m.builtin_reversed(builtin) {
        Some(iter) => ok(iter),
        None => wrong(m, args),
    }
}

/// `__class_getitem__`: type arguments mean nothing at run time, so `list[int]` is made by the prelude.
pub(crate) fn class_getitem(m: &mut Machine, args: &Args) -> Native {
    Ok(m.prelude("_generic_alias", args.all))
}

/// `__len__` and `__iter__` of any container.
pub(crate) const LEN: Entry = reads("__len__", len, 1, 1);
/// `__iter__`
pub(crate) const ITER: Entry = pure("__iter__", iter, 1, 1);
/// `__contains__`
pub(crate) const CONTAINS: Entry = reads("__contains__", contains, 2, 2);
/// `__getitem__`
pub(crate) const GETITEM: Entry = reads("__getitem__", getitem, 2, 2);
/// `__setitem__`
pub(crate) const SETITEM: Entry = writes("__setitem__", setitem, 3, 3);
/// `__delitem__`
pub(crate) const DELITEM: Entry = writes("__delitem__", delitem, 2, 2);
/// `__reversed__`
pub(crate) const REVERSED: Entry = pure("__reversed__", reversed, 1, 1);
/// `__class_getitem__`
pub(crate) const CLASS_GETITEM: Entry = pure("__class_getitem__", class_getitem, 2, 2);

/// Nothing, as an answer.
pub(crate) fn none() -> Native {
    Ok(Out::Value(Value::None))
}
