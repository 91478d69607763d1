//! `str`

use super::bytes_convert::{codec_error, decode_by};
use super::receiver::{CONTAINS, GETITEM, ITER, LEN};
use crate::text::bytes_ops;
use crate::text::str_ops as ops;
use crate::text::unicode;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{
    Args, Effect, Entry, Native, NativeFn, Out, Raise, Signature, looks, ok, pure,
};
use crate::vm::types::str_search::{
    affix, count, removeprefix, removesuffix, replace, search, strip,
};
use crate::vm::types::{Ty, str_format, str_translate};

/// Methods of `str`, beside those of `slots::shared`.
pub const METHODS: &[Entry] = &[
    pure("capitalize", |m, a| map(m, a, unicode::capitalize), 1, 1),
    pure("casefold", |m, a| map(m, a, unicode::casefold), 1, 1),
    pure("lower", |m, a| map(m, a, unicode::lower), 1, 1),
    pure("swapcase", |m, a| map(m, a, unicode::swapcase), 1, 1),
    pure("title", |m, a| map(m, a, unicode::title), 1, 1),
    pure("upper", |m, a| map(m, a, unicode::upper), 1, 1),
    pure("isalnum", |m, a| test_all(m, a, unicode::is_alnum), 1, 1),
    pure("isalpha", |m, a| test_all(m, a, unicode::is_alpha), 1, 1),
    pure("isascii", |m, a| test(m, a, str::is_ascii), 1, 1),
    pure(
        "isdecimal",
        |m, a| test_all(m, a, unicode::is_decimal),
        1,
        1,
    ),
    pure("isdigit", |m, a| test_all(m, a, unicode::is_digit), 1, 1),
    pure(
        "isidentifier",
        |m, a| test(m, a, unicode::is_identifier),
        1,
        1,
    ),
    pure("islower", |m, a| test(m, a, unicode::is_lower_str), 1, 1),
    pure(
        "isnumeric",
        |m, a| test_all(m, a, unicode::is_numeric),
        1,
        1,
    ),
    pure(
        "isprintable",
        |m, a| test(m, a, |s| s.chars().all(unicode::is_printable)),
        1,
        1,
    ),
    pure("isspace", |m, a| test_all(m, a, unicode::is_space), 1, 1),
    pure("istitle", |m, a| test(m, a, unicode::is_title_str), 1, 1),
    pure("isupper", |m, a| test(m, a, unicode::is_upper_str), 1, 1),
    pure("center", |m, a| justify(m, a, ops::center), 2, 3),
    pure("ljust", |m, a| justify(m, a, ops::ljust), 2, 3),
    pure("rjust", |m, a| justify(m, a, ops::rjust), 2, 3),
    pure("zfill", zfill, 2, 2),
    ("expandtabs", expandtabs, EXPANDTABS, Effect::Pure),
    pure("count", count, 2, 4),
    pure("find", |m, a| search(m, a, "find", ops::find, false), 2, 4),
    pure(
        "rfind",
        |m, a| search(m, a, "rfind", ops::rfind, false),
        2,
        4,
    ),
    pure("index", |m, a| search(m, a, "index", ops::find, true), 2, 4),
    pure(
        "rindex",
        |m, a| search(m, a, "rindex", ops::rfind, true),
        2,
        4,
    ),
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
    ("replace", replace, REPLACE, Effect::Pure),
    pure("strip", |m, a| strip(m, a, "strip", ops::strip), 1, 2),
    pure("lstrip", |m, a| strip(m, a, "lstrip", ops::lstrip), 1, 2),
    pure("rstrip", |m, a| strip(m, a, "rstrip", ops::rstrip), 1, 2),
    ("split", |m, a| split(m, a, false), SPLIT, Effect::Pure),
    ("rsplit", |m, a| split(m, a, true), SPLIT, Effect::Pure),
    ("splitlines", splitlines, SPLITLINES, Effect::Pure),
    pure("partition", |m, a| partition(m, a, false), 2, 2),
    pure("rpartition", |m, a| partition(m, a, true), 2, 2),
    looks("join", join, 2, 2),
    ("encode", encode, ENCODE, Effect::Pure),
    (
        "format",
        str_format::format,
        Signature::Any,
        Effect::Contents,
    ),
    looks("format_map", str_format::format_map, 2, 2),
    pure("translate", str_translate::translate, 2, 2),
    pure("__getnewargs__", newargs, 1, 1),
    LEN,
    ITER,
    CONTAINS,
    GETITEM,
];

/// Static methods of `str`.
pub const STATIC_METHODS: &[Entry] = &[pure("maketrans", str_translate::maketrans, 1, 3)];
/// Class methods of `str`.
pub const CLASS_METHODS: &[Entry] = &[];
/// Attributes of `str` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[];

const fn named(names: &'static [&'static str], positional: u8, required: u8) -> Signature {
    Signature::Named {
        names,
        positional,
        required,
    }
}

const EXPANDTABS: Signature = named(&["self", "tabsize"], 2, 1);
const REPLACE: Signature = named(&["self", "", "", "count"], 4, 3);
const SPLIT: Signature = named(&["self", "sep", "maxsplit"], 3, 1);
const SPLITLINES: Signature = named(&["self", "keepends"], 2, 1);
const ENCODE: Signature = named(&["self", "encoding", "errors"], 3, 1);

/// The receiver's object.
pub(super) fn this(m: &mut Machine, args: &Args) -> Result<Value, Raise> {
    m.receiver(args, Ty::Str)
}

/// The text of a value known to be a `str`.
pub(super) fn text(m: &Machine, v: Value) -> &str {
    m.as_str(v).unwrap_or_default()
}

/// `str(object="", encoding, errors)`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    let [object, encoding, errors] =
        m.constructor_args(args, "str", ["object", "encoding", "errors"])?;
    if encoding.is_unbound() && errors.is_unbound() {
        return match object {
            Value::Unbound => ok(m.str("")),
            Value::Obj(id) if matches!(m.heap.get(id), Obj::Str(_)) => ok(object),
            object => match m.str_of(object)? {
                Some(text) => ok(m.str(text)),
                None => Ok(m.prelude("_str", &[object])),
            },
        };
    }
    codec_names(m, encoding, errors, "str")?;
    if object.is_unbound() {
        return ok(m.str(""));
    }
    if m.as_bytes(object).is_some() {
        return decode_by(m, object, encoding, errors, "str");
    }
    let message = if m.as_str(object).is_some() {
        "decoding str is not supported".to_owned()
    } else {
        format!(
            "decoding to str: need a bytes-like object, {} found",
            m.type_name(object)
        )
    };
    Err(m.type_error(message))
}

/// Encoding and error handler of a codec call, with the defaults for those not given.
pub(super) fn codec_names(
    m: &mut Machine,
    encoding: Value,
    errors: Value,
    function: &str,
) -> Result<(String, String), Raise> {
    let encoding = match encoding {
        Value::Unbound => "utf-8".to_owned(),
        encoding => m.need_str(encoding, &format!("{function}() argument 'encoding'"))?,
    };
    let errors = match errors {
        Value::Unbound => "strict".to_owned(),
        errors => m.need_str(errors, &format!("{function}() argument 'errors'"))?,
    };
    Ok((encoding, errors))
}

/// The bytes of a text in an encoding; unbound for the defaults.
pub(super) fn encode_by(
    m: &mut Machine,
    s: Value,
    encoding: Value,
    errors: Value,
    function: &str,
) -> Native {
    let (encoding, errors) = codec_names(m, encoding, errors, function)?;
    match bytes_ops::encode(text(m, s), &encoding, &errors) {
        Ok(bytes) => ok(m.bytes(bytes)),
        Err(error) => Err(codec_error(m, &error, s)),
    }
}

fn encode(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    encode_by(m, s, args.all[1], args.all[2], "encode")
}

fn newargs(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    ok(m.tuple([s]))
}

fn map(m: &mut Machine, args: &Args, f: fn(&str) -> String) -> Native {
    let s = this(m, args)?;
    let mapped = f(text(m, s));
    ok(m.str(mapped))
}

fn test(m: &mut Machine, args: &Args, f: fn(&str) -> bool) -> Native {
    let s = this(m, args)?;
    ok(Value::Bool(f(text(m, s))))
}

/// Whether there are characters and all are so.
fn test_all(m: &mut Machine, args: &Args, f: fn(char) -> bool) -> Native {
    let s = this(m, args)?;
    let s = text(m, s);
    ok(Value::Bool(!s.is_empty() && s.chars().all(f)))
}

fn justify(m: &mut Machine, args: &Args, f: fn(&str, i64, char) -> String) -> Native {
    let s = this(m, args)?;
    let Some(width) = m.need_size(args.all[1])? else {
        return Ok(m.index_first(args, 1));
    };
    let fill = match args.get(2) {
        None => ' ',
        Some(fill) => {
            let Some(given) = m.as_str(fill) else {
                let message = format!(
                    "The fill character must be a unicode character, not {}",
                    m.type_name(fill)
                );
                return Err(m.type_error(message));
            };
            let mut chars = given.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => c,
                _ => {
                    return Err(
                        m.type_error("The fill character must be exactly one character long")
                    );
                }
            }
        }
    };
    m.room(usize::try_from(width).unwrap_or(0))?;
    let padded = f(text(m, s), width, fill);
    ok(m.str(padded))
}

fn zfill(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    match m.need_size(args.all[1])? {
        Some(width) => {
            m.room(usize::try_from(width).unwrap_or(0))?;
            let padded = ops::zfill(text(m, s), width);
            ok(m.str(padded))
        }
        None => Ok(m.index_first(args, 1)),
    }
}

fn expandtabs(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    let size = match args.all[1] {
        Value::Unbound => Some(8),
        size => m.need_int(size)?,
    };
    match size {
        Some(size) => {
            let expanded = ops::expandtabs(text(m, s), size);
            ok(m.str(expanded))
        }
        None => Ok(m.index_first(args, 1)),
    }
}

/// A list of parts, which still belong to a string of the heap.
fn list_of(m: &mut Machine, parts: Vec<Box<str>>) -> Value {
    let parts = parts.into_iter().map(|part| m.str(part)).collect();
    m.list(parts)
}

fn owned(parts: &[&str]) -> Vec<Box<str>> {
    parts.iter().map(|&part| part.into()).collect()
}

fn split(m: &mut Machine, args: &Args, from_end: bool) -> Native {
    let s = this(m, args)?;
    let sep = match args.all[1] {
        Value::None | Value::Unbound => None,
        sep => match m.as_str(sep) {
            Some(sep) => Some(sep.to_owned()),
            None => {
                let message = format!("must be str or None, not {}", m.type_name(sep));
                return Err(m.type_error(message));
            }
        },
    };
    let max = match args.all[2] {
        Value::Unbound => Some(-1),
        max => m.need_size(max)?,
    };
    let Some(max) = max else {
        return Ok(m.index_first(args, 2));
    };
    let parts = if from_end {
        ops::rsplit(text(m, s), sep.as_deref(), max)
    } else {
        ops::split(text(m, s), sep.as_deref(), max)
    };
    match parts.map(|parts| owned(&parts)) {
        Ok(parts) => ok(list_of(m, parts)),
        Err(error) => Err(m.value_error(error.to_string())),
    }
}

fn splitlines(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    let keep = !args.all[1].is_unbound() && m.truth(args.all[1]).unwrap_or(true);
    let lines = owned(&ops::splitlines(text(m, s), keep));
    ok(list_of(m, lines))
}

fn partition(m: &mut Machine, args: &Args, from_end: bool) -> Native {
    let s = this(m, args)?;
    let sep = m.need_str(args.all[1], "")?;
    let parts = if from_end {
        ops::rpartition(text(m, s), &sep)
    } else {
        ops::partition(text(m, s), &sep)
    };
    match parts.map(|parts| parts.map(Box::<str>::from)) {
        Ok(parts) => {
            let parts = parts.map(|part| m.str(part));
            ok(m.tuple(parts))
        }
        Err(error) => Err(m.value_error(error.to_string())),
    }
}

/// Whether a value can be iterated by calling code written in Python.
pub(super) fn is_iterable(m: &Machine, v: Value) -> bool {
    match m.object(v) {
        Some(Obj::Generator(_) | Obj::Class(_)) => true,
        _ => m.overrides(v, names::ITER) || m.overrides(v, names::GETITEM),
    }
}

fn join(m: &mut Machine, args: &Args) -> Native {
    let separator = this(m, args)?;
    let Some(items) = m.items(args.all[1])? else {
        if is_iterable(m, args.all[1]) {
            return Ok(Out::Materialise(1));
        }
        return Err(m.type_error("can only join an iterable"));
    };
    let mut joined = String::new();
    for (i, &item) in items.iter().enumerate() {
        let Some(part) = m.as_str(item) else {
            let message = format!(
                "sequence item {i}: expected str instance, {} found",
                m.type_name(item)
            );
            return Err(m.type_error(message));
        };
        if i > 0 {
            joined.push_str(text(m, separator));
        }
        joined.push_str(part);
    }
    ok(m.str(joined))
}
