//! `bytes`

pub use super::bytes_convert::construct;
use super::bytes_convert::{decode, fromhex, hex};
use super::receiver::{CONTAINS, GETITEM, ITER, LEN};
use crate::text::bytes_ops as ops;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Effect, Entry, Native, NativeFn, Out, Raise, Signature, ok, pure};
use crate::vm::types::Ty;

/// Methods of `bytes`, beside those of `slots::shared`.
pub const METHODS: &[Entry] = &[
    pure("capitalize", |m, a| map(m, a, ops::capitalize), 1, 1),
    pure("lower", |m, a| map(m, a, ops::lower), 1, 1),
    pure("swapcase", |m, a| map(m, a, ops::swapcase), 1, 1),
    pure("title", |m, a| map(m, a, ops::title), 1, 1),
    pure("upper", |m, a| map(m, a, ops::upper), 1, 1),
    pure("isalnum", |m, a| test(m, a, ops::is_alnum), 1, 1),
    pure("isalpha", |m, a| test(m, a, ops::is_alpha), 1, 1),
    pure("isascii", |m, a| test(m, a, <[u8]>::is_ascii), 1, 1),
    pure("isdigit", |m, a| test(m, a, ops::is_digit), 1, 1),
    pure("islower", |m, a| test(m, a, ops::is_lower), 1, 1),
    pure("isspace", |m, a| test(m, a, ops::is_space), 1, 1),
    pure("istitle", |m, a| test(m, a, ops::is_title), 1, 1),
    pure("isupper", |m, a| test(m, a, ops::is_upper), 1, 1),
    pure("center", |m, a| justify(m, a, "center", ops::center), 2, 3),
    pure("ljust", |m, a| justify(m, a, "ljust", ops::ljust), 2, 3),
    pure("rjust", |m, a| justify(m, a, "rjust", ops::rjust), 2, 3),
    pure("zfill", zfill, 2, 2),
    ("expandtabs", expandtabs, EXPANDTABS, Effect::Pure),
    pure("count", count, 2, 4),
    pure("find", |m, a| search(m, a, ops::find, false), 2, 4),
    pure("rfind", |m, a| search(m, a, ops::rfind, false), 2, 4),
    pure("index", |m, a| search(m, a, ops::find, true), 2, 4),
    pure("rindex", |m, a| search(m, a, ops::rfind, true), 2, 4),
    pure(
        "startswith",
        |m, a| affix(m, a, "startswith", ops::starts_with),
        2,
        4,
    ),
    pure(
        "endswith",
        |m, a| affix(m, a, "endswith", ops::ends_with),
        2,
        4,
    ),
    pure("removeprefix", removeprefix, 2, 2),
    pure("removesuffix", removesuffix, 2, 2),
    pure("replace", replace, 3, 4),
    pure("strip", |m, a| strip(m, a, ops::strip), 1, 2),
    pure("lstrip", |m, a| strip(m, a, ops::strip_left), 1, 2),
    pure("rstrip", |m, a| strip(m, a, ops::strip_right), 1, 2),
    ("split", |m, a| split(m, a, false), SPLIT, Effect::Pure),
    ("rsplit", |m, a| split(m, a, true), SPLIT, Effect::Pure),
    ("splitlines", splitlines, SPLITLINES, Effect::Pure),
    pure("partition", |m, a| partition(m, a, false), 2, 2),
    pure("rpartition", |m, a| partition(m, a, true), 2, 2),
    pure("join", join, 2, 2),
    ("decode", decode, DECODE, Effect::Pure),
    ("hex", hex, HEX, Effect::Pure),
    ("translate", translate, TRANSLATE, Effect::Pure),
    pure("__bytes__", plain, 1, 1),
    pure("__getnewargs__", newargs, 1, 1),
    LEN,
    ITER,
    CONTAINS,
    GETITEM,
];

/// Static methods of `bytes`.
pub const STATIC_METHODS: &[Entry] = &[pure("maketrans", maketrans, 2, 2)];
/// Class methods of `bytes`.
pub const CLASS_METHODS: &[Entry] = &[pure("fromhex", fromhex, 2, 2)];
/// Attributes of `bytes` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[];

const fn named(names: &'static [&'static str], positional: u8, required: u8) -> Signature {
    Signature::Named {
        names,
        positional,
        required,
    }
}

const EXPANDTABS: Signature = named(&["self", "tabsize"], 2, 1);
const SPLIT: Signature = named(&["self", "sep", "maxsplit"], 3, 1);
const SPLITLINES: Signature = named(&["self", "keepends"], 2, 1);
const DECODE: Signature = named(&["self", "encoding", "errors"], 3, 1);
const HEX: Signature = named(&["self", "sep", "bytes_per_sep"], 3, 1);
const TRANSLATE: Signature = named(&["self", "table", "delete"], 3, 2);

/// The bytes of a method's receiver, which may be a `bytearray`.
pub(super) fn this(m: &mut Machine, args: &Args) -> Result<Vec<u8>, Raise> {
    if let Some(&v) = args.all.first()
        && let Some(bytes) = m.as_bytes(v)
    {
        return Ok(bytes.to_vec());
    }
    let v = m.receiver(args, Ty::Bytes)?;
    Ok(m.as_bytes(v).unwrap_or_default().to_vec())
}

/// The result of a method: of the type of its receiver.
fn same(m: &mut Machine, args: &Args, bytes: impl Into<Vec<u8>>) -> Value {
    match m.object(args.all[0]) {
        Some(Obj::ByteArray(_)) => m.byte_array(bytes.into()),
        _ => m.bytes(bytes.into()),
    }
}

/// A `bytes` argument, copied.
fn need(m: &mut Machine, v: Value) -> Result<Vec<u8>, Raise> {
    match m.as_bytes(v) {
        Some(bytes) => Ok(bytes.to_vec()),
        None => {
            let message = format!("a bytes-like object is required, not '{}'", m.type_name(v));
            Err(m.type_error(message))
        }
    }
}

fn plain(m: &mut Machine, args: &Args) -> Native {
    let v = m.receiver(args, Ty::Bytes)?;
    ok(v)
}

fn newargs(m: &mut Machine, args: &Args) -> Native {
    let v = m.receiver(args, Ty::Bytes)?;
    ok(m.tuple([v]))
}

fn map(m: &mut Machine, args: &Args, f: fn(&[u8]) -> Vec<u8>) -> Native {
    let b = this(m, args)?;
    ok(same(m, args, f(&b)))
}

fn test(m: &mut Machine, args: &Args, f: fn(&[u8]) -> bool) -> Native {
    let b = this(m, args)?;
    ok(Value::Bool(f(&b)))
}

fn justify(m: &mut Machine, args: &Args, name: &str, f: fn(&[u8], i64, u8) -> Vec<u8>) -> Native {
    let b = this(m, args)?;
    let Some(width) = m.need_size(args.all[1])? else {
        return Ok(m.index_first(args, 1));
    };
    let fill = match args.get(2) {
        None => b' ',
        Some(fill) => match m.as_bytes(fill) {
            Some(&[fill]) => fill,
            _ => {
                let message = format!(
                    "{name}() argument 2 must be a byte string of length 1, not {}",
                    m.argument_type(fill)
                );
                return Err(m.type_error(message));
            }
        },
    };
    ok(same(m, args, f(&b, width, fill)))
}

fn zfill(m: &mut Machine, args: &Args) -> Native {
    let b = this(m, args)?;
    match m.need_size(args.all[1])? {
        Some(width) => ok(same(m, args, ops::zfill(&b, width))),
        None => Ok(m.index_first(args, 1)),
    }
}

fn expandtabs(m: &mut Machine, args: &Args) -> Native {
    let b = this(m, args)?;
    let size = match args.all[1] {
        Value::Unbound => Some(8),
        size => m.need_int(size)?,
    };
    match size {
        Some(size) => ok(same(m, args, ops::expandtabs(&b, size))),
        None => Ok(m.index_first(args, 1)),
    }
}

/// What a search looks for: bytes, or one byte as an integer.
fn needle(m: &mut Machine, v: Value) -> Result<Vec<u8>, Raise> {
    if let Some(bytes) = m.as_bytes(v) {
        return Ok(bytes.to_vec());
    }
    match m.integer(v) {
        Some(n) => match n {
            crate::text::int::Int::Small(n) if (0..256).contains(&n) => Ok(vec![n as u8]),
            _ => Err(m.value_error("byte must be in range(0, 256)")),
        },
        None => {
            let message = format!(
                "argument should be integer or bytes-like object, not '{}'",
                m.type_name(v)
            );
            Err(m.type_error(message))
        }
    }
}

/// The `start` and `end` of a search; `None` where an `__index__` is written in Python, with its position.
pub(super) fn bounds(m: &mut Machine, args: &Args) -> Result<Result<(i64, i64), usize>, Raise> {
    let Some(start) = m.need_bound(args.get(2).unwrap_or_default(), 0)? else {
        return Ok(Err(2));
    };
    let Some(end) = m.need_bound(args.get(3).unwrap_or_default(), i64::MAX)? else {
        return Ok(Err(3));
    };
    Ok(Ok((start, end)))
}

fn count(m: &mut Machine, args: &Args) -> Native {
    let b = this(m, args)?;
    let sub = needle(m, args.all[1])?;
    match bounds(m, args)? {
        Ok((start, end)) => ok(Value::Int(ops::count(&b, &sub, start, end) as i64)),
        Err(at) => Ok(m.index_first(args, at)),
    }
}

type Search = fn(&[u8], &[u8], i64, i64) -> Option<usize>;

fn search(m: &mut Machine, args: &Args, f: Search, must: bool) -> Native {
    let b = this(m, args)?;
    let sub = needle(m, args.all[1])?;
    let (start, end) = match bounds(m, args)? {
        Ok(bounds) => bounds,
        Err(at) => return Ok(m.index_first(args, at)),
    };
    match f(&b, &sub, start, end) {
        Some(at) => ok(Value::Int(at as i64)),
        None if must => Err(m.value_error("subsection not found")),
        None => ok(Value::Int(-1)),
    }
}

fn affix(
    m: &mut Machine,
    args: &Args,
    name: &str,
    f: fn(&[u8], &[u8], i64, i64) -> bool,
) -> Native {
    let b = this(m, args)?;
    let (start, end) = match bounds(m, args)? {
        Ok(bounds) => bounds,
        Err(at) => return Ok(m.index_first(args, at)),
    };
    let v = args.all[1];
    if let Some(sub) = m.as_bytes(v) {
        return ok(Value::Bool(f(&b, sub, start, end)));
    }
    if !m.is_instance(v, Ty::Tuple.id()) {
        let message = format!(
            "{name} first arg must be bytes or a tuple of bytes, not {}",
            m.type_name(v)
        );
        return Err(m.type_error(message));
    }
    for item in m.as_items(v).unwrap_or_default().to_vec() {
        let sub = need(m, item)?;
        if f(&b, &sub, start, end) {
            return ok(Value::Bool(true));
        }
    }
    ok(Value::Bool(false))
}

fn removeprefix(m: &mut Machine, args: &Args) -> Native {
    let b = this(m, args)?;
    let prefix = need(m, args.all[1])?;
    ok(same(m, args, b.strip_prefix(&prefix[..]).unwrap_or(&b)))
}

fn removesuffix(m: &mut Machine, args: &Args) -> Native {
    let b = this(m, args)?;
    let suffix = need(m, args.all[1])?;
    ok(same(m, args, b.strip_suffix(&suffix[..]).unwrap_or(&b)))
}

fn replace(m: &mut Machine, args: &Args) -> Native {
    let b = this(m, args)?;
    let (old, new) = (need(m, args.all[1])?, need(m, args.all[2])?);
    let count = match args.get(3) {
        None => Some(-1),
        Some(count) => m.need_size(count)?,
    };
    match count {
        Some(count) => ok(same(m, args, ops::replace(&b, &old, &new, count))),
        None => Ok(m.index_first(args, 3)),
    }
}

fn strip(
    m: &mut Machine,
    args: &Args,
    f: for<'a> fn(&'a [u8], Option<&[u8]>) -> &'a [u8],
) -> Native {
    let b = this(m, args)?;
    let chars = match args.get(1) {
        None | Some(Value::None) => None,
        Some(chars) => Some(need(m, chars)?),
    };
    ok(same(m, args, f(&b, chars.as_deref())))
}

fn list_of(m: &mut Machine, args: &Args, parts: Vec<&[u8]>) -> Value {
    let parts = parts.into_iter().map(|part| same(m, args, part)).collect();
    m.list(parts)
}

fn split(m: &mut Machine, args: &Args, from_end: bool) -> Native {
    let b = this(m, args)?;
    let sep = match args.all[1] {
        Value::None | Value::Unbound => None,
        sep => Some(need(m, sep)?),
    };
    let max = match args.all[2] {
        Value::Unbound => Some(-1),
        max => m.need_size(max)?,
    };
    let Some(max) = max else {
        return Ok(m.index_first(args, 2));
    };
    let parts = if from_end {
        ops::rsplit(&b, sep.as_deref(), max)
    } else {
        ops::split(&b, sep.as_deref(), max)
    };
    match parts {
        Ok(parts) => ok(list_of(m, args, parts)),
        Err(error) => Err(m.value_error(error.to_string())),
    }
}

fn splitlines(m: &mut Machine, args: &Args) -> Native {
    let b = this(m, args)?;
    let keep = !args.all[1].is_unbound() && m.truth(args.all[1]).unwrap_or(true);
    ok(list_of(m, args, ops::splitlines(&b, keep)))
}

fn partition(m: &mut Machine, args: &Args, from_end: bool) -> Native {
    let b = this(m, args)?;
    let sep = need(m, args.all[1])?;
    let parts = if from_end {
        ops::rpartition(&b, &sep)
    } else {
        ops::partition(&b, &sep)
    };
    match parts {
        Ok(parts) => {
            let parts = parts.map(|part| same(m, args, part));
            ok(m.tuple(parts))
        }
        Err(error) => Err(m.value_error(error.to_string())),
    }
}

fn join(m: &mut Machine, args: &Args) -> Native {
    let separator = this(m, args)?;
    let Some(items) = m.items(args.all[1])? else {
        if super::str::is_iterable(m, args.all[1]) {
            return Ok(Out::Materialise(1));
        }
        return Err(m.type_error("can only join an iterable"));
    };
    let mut parts = Vec::with_capacity(items.len());
    for (i, &item) in items.iter().enumerate() {
        match m.as_bytes(item) {
            Some(part) => parts.push(part),
            None => {
                let message = format!(
                    "sequence item {i}: expected a bytes-like object, {} found",
                    m.type_name(item)
                );
                return Err(m.type_error(message));
            }
        }
    }
    let joined = parts.join(&separator[..]);
    ok(same(m, args, joined))
}

fn maketrans(m: &mut Machine, args: &Args) -> Native {
    let (from, to) = (need(m, args.all[0])?, need(m, args.all[1])?);
    if from.len() != to.len() {
        return Err(m.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (from, to) in from.into_iter().zip(to) {
        table[usize::from(from)] = to;
    }
    ok(m.bytes(table))
}

fn translate(m: &mut Machine, args: &Args) -> Native {
    let b = this(m, args)?;
    let table = match args.all[1] {
        Value::None => None,
        table => Some(need(m, table)?),
    };
    if table.as_ref().is_some_and(|t| t.len() != 256) {
        return Err(m.value_error("translation table must be 256 characters long"));
    }
    let delete = match args.all[2] {
        Value::Unbound => Vec::new(),
        delete => need(m, delete)?,
    };
    let kept = b.into_iter().filter(|byte| !delete.contains(byte));
    let translated: Vec<u8> = match table {
        Some(table) => kept.map(|byte| table[usize::from(byte)]).collect(),
        None => kept.collect(),
    };
    ok(same(m, args, translated))
}
