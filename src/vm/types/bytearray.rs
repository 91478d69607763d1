//! `bytearray`: the methods of `bytes`, and those that change it.

use super::bytes;
use super::bytes_convert::collect;
use super::receiver::{CONTAINS, DELITEM, GETITEM, ITER, LEN, SETITEM, none};
use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::native::{
    Args, Effect, Entry, Native, NativeFn, Out, Raise, Signature, ok, reads, writes,
};
use crate::vm::protocol::index::Index;
use crate::vm::types::Ty;

/// Methods of `bytearray`, beside those of `slots::shared`.
pub fn methods() -> Vec<Entry> {
    let shared = bytes::METHODS
        .iter()
        .filter(|entry| !matches!(entry.0, "__bytes__" | "__getnewargs__"));
    let mut all: Vec<Entry> = shared
        .map(|&(name, run, signature, _)| (name, run, signature, Effect::Read))
        .collect();
    all.extend(OWN);
    all
}

const OWN: &[Entry] = &[
    writes("append", append, 2, 2),
    writes("clear", clear, 1, 1),
    reads("copy", copy, 1, 1),
    writes("extend", extend, 2, 2),
    writes("insert", insert, 3, 3),
    writes("pop", pop, 1, 2),
    writes("remove", remove, 2, 2),
    writes("reverse", reverse, 1, 1),
    ("__init__", init, Signature::Any, Effect::Write),
    writes("__iadd__", iadd, 2, 2),
    writes("__imul__", imul, 2, 2),
    LEN,
    ITER,
    CONTAINS,
    GETITEM,
    SETITEM,
    DELITEM,
];

/// Static methods of `bytearray`.
pub const STATIC_METHODS: &[Entry] = bytes::STATIC_METHODS;
/// Class methods of `bytearray`.
pub const CLASS_METHODS: &[Entry] = bytes::CLASS_METHODS;
/// Attributes of `bytearray` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[];

impl Machine {
    /// A new `bytearray`.
    pub fn byte_array(&mut self, bytes: Vec<u8>) -> Value {
        self.heap.new_value(Obj::ByteArray(bytes))
    }

    fn byte_array_mut(&mut self, id: ObjId) -> &mut Vec<u8> {
        match self.heap.get_mut(id) {
            Obj::ByteArray(bytes) => bytes,
            other => unreachable!("a bytearray was expected, not {other:?}"),
        }
    }

    /// The byte that a value is; `None` where an `__index__` is written in Python.
    ///
    /// # Errors
    /// `ValueError` for an integer that is no byte, `TypeError` for what is no integer.
    pub(crate) fn need_byte(&mut self, v: Value) -> Result<Option<u8>, Raise> {
        match self.index_of(v) {
            Index::Int(n) => match u8::try_from(n) {
                Ok(byte) => Ok(Some(byte)),
                Err(_) => Err(self.value_error("byte must be in range(0, 256)")),
            },
            Index::Huge(_) => Err(self.value_error("byte must be in range(0, 256)")),
            Index::Python => Ok(None),
            Index::No => Err(self.not_an_integer(v)),
        }
    }
}

fn this(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    m.receiver_id(args, Ty::ByteArray, |o| matches!(o, Obj::ByteArray(_)))
}

/// What calling `bytearray` does: what calling `bytes` does, and a copy of that.
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    let made = super::bytes_convert::construct_as(m, args, "bytearray")?;
    match made {
        Out::Value(bytes) => {
            let bytes = m.as_bytes(bytes).unwrap_or_default().to_vec();
            ok(m.byte_array(bytes))
        }
        Out::Call(function, args) => {
            let args = m.tuple(args);
            Ok(m.prelude("_bytearray", &[function, args]))
        }
        other => Ok(other),
    }
}

fn init(m: &mut Machine, args: &Args) -> Native {
    let id = this(m, args)?;
    match construct(m, args)? {
        Out::Value(made) => {
            let bytes = m.as_bytes(made).unwrap_or_default().to_vec();
            m.heap.grew(bytes.len());
            *m.byte_array_mut(id) = bytes;
            none()
        }
        Out::Call(function, given) => {
            let given = m.tuple(given);
            Ok(m.prelude("_bytearray_init", &[args.all[0], function, given]))
        }
        other => Ok(other),
    }
}

fn append(m: &mut Machine, args: &Args) -> Native {
    let id = this(m, args)?;
    let Some(byte) = m.need_byte(args.all[1])? else {
        return Ok(m.index_first(args, 1));
    };
    m.heap.grew(1);
    m.byte_array_mut(id).push(byte);
    none()
}

fn clear(m: &mut Machine, args: &Args) -> Native {
    let id = this(m, args)?;
    *m.byte_array_mut(id) = Vec::new();
    none()
}

fn copy(m: &mut Machine, args: &Args) -> Native {
    let id = this(m, args)?;
    let bytes = m.byte_array_mut(id).clone();
    ok(m.byte_array(bytes))
}

/// The bytes that something to extend by gives; `None` when code written in Python must be asked for them.
fn more(m: &mut Machine, v: Value) -> Result<Option<Vec<u8>>, Raise> {
    if let Some(bytes) = m.as_bytes(v) {
        return Ok(Some(bytes.to_vec()));
    }
    if m.as_str(v).is_some() {
        return Err(m.type_error("expected iterable of integers; got: 'str'"));
    }
    match collect(m, v, "byte")? {
        Some(bytes) => Ok(Some(bytes)),
        None if super::str::is_iterable(m, v) => Ok(None),
        None => {
            let name = m.type_name(v).to_owned();
            Err(m.type_error(format!("can't extend bytearray with {name}")))
        }
    }
}

fn extend(m: &mut Machine, args: &Args) -> Native {
    let id = this(m, args)?;
    let Some(bytes) = more(m, args.all[1])? else {
        return Ok(Out::Materialise(1));
    };
    m.heap.grew(bytes.len());
    m.byte_array_mut(id).extend(bytes);
    none()
}

fn iadd(m: &mut Machine, args: &Args) -> Native {
    let id = this(m, args)?;
    let Some(bytes) = m.as_bytes(args.all[1]).map(<[u8]>::to_vec) else {
        let name = m.type_name(args.all[1]).to_owned();
        return Err(m.type_error(format!("can't concat {name} to bytearray")));
    };
    m.heap.grew(bytes.len());
    m.byte_array_mut(id).extend(bytes);
    ok(args.all[0])
}

fn imul(m: &mut Machine, args: &Args) -> Native {
    let id = this(m, args)?;
    let n = match m.index_of(args.all[1]) {
        Index::Int(n) => n.max(0) as usize,
        Index::Huge(true) => 0,
        Index::Huge(false) => return Err(m.huge_index()),
        Index::Python => return Ok(m.index_first(args, 1)),
        Index::No => return ok(Value::NotImplemented),
    };
    let len = m.byte_array_mut(id).len();
    m.room(len.saturating_mul(n))?;
    m.heap.grew(len.saturating_mul(n));
    let bytes = m.byte_array_mut(id);
    *bytes = bytes.repeat(n);
    ok(args.all[0])
}

fn insert(m: &mut Machine, args: &Args) -> Native {
    let id = this(m, args)?;
    let len = m.byte_array_mut(id).len();
    let Some(at) = m.clamped_arg(Some(args.all[1]), 0, len)? else {
        return Ok(m.index_first(args, 1));
    };
    let Some(byte) = m.need_byte(args.all[2])? else {
        return Ok(m.index_first(args, 2));
    };
    m.heap.grew(1);
    m.byte_array_mut(id).insert(at, byte);
    none()
}

fn pop(m: &mut Machine, args: &Args) -> Native {
    let id = this(m, args)?;
    let n = match args.get(1) {
        None => -1,
        Some(index) => match m.index_arg(index)? {
            Some(n) => n,
            None => return Ok(m.index_first(args, 1)),
        },
    };
    let len = m.byte_array_mut(id).len();
    if len == 0 {
        return Err(m.raise(Ty::IndexError, "pop from empty bytearray"));
    }
    match Machine::position(n, len) {
        Some(at) => ok(Value::Int(i64::from(m.byte_array_mut(id).remove(at)))),
        None => Err(m.raise(Ty::IndexError, "pop index out of range")),
    }
}

fn remove(m: &mut Machine, args: &Args) -> Native {
    let id = this(m, args)?;
    let Some(byte) = m.need_byte(args.all[1])? else {
        return Ok(m.index_first(args, 1));
    };
    let bytes = m.byte_array_mut(id);
    match bytes.iter().position(|&b| b == byte) {
        Some(at) => {
            bytes.remove(at);
            none()
        }
        None => Err(m.value_error("value not found in bytearray")),
    }
}

fn reverse(m: &mut Machine, args: &Args) -> Native {
    let id = this(m, args)?;
    m.byte_array_mut(id).reverse();
    none()
}
