//! What bytes are made of and what is made of them: the constructor, codecs, hexadecimal text.

use super::bytes::this;
use crate::text::bytes_ops as ops;
use crate::text::bytes_ops::CodecError;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Native, Out, Raise, ok};
use crate::vm::types::Ty;

/// The error of a value that bytes cannot be made of.
pub(super) fn not_convertible(m: &mut Machine, v: Value) -> Raise {
    let message = format!("cannot convert '{}' object to bytes", m.type_name(v));
    m.type_error(message)
}

/// The bytes that an iterable of integers gives; `None` when code written in Python must be asked for them.
pub(super) fn collect(m: &mut Machine, v: Value, what: &str) -> Result<Option<Vec<u8>>, Raise> {
    let Some(items) = m.items(v)? else {
        return Ok(None);
    };
    let mut bytes = Vec::with_capacity(items.len());
    for item in items {
        let Some(n) = m.need_int(item)? else {
            return Ok(None);
        };
        match u8::try_from(n) {
            Ok(byte) => bytes.push(byte),
            Err(_) => return Err(m.value_error(format!("{what} must be in range(0, 256)"))),
        }
    }
    Ok(Some(bytes))
}

/// `bytes(source=b"", encoding, errors)`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    construct_as(m, args, "bytes")
}

/// The same for the class of this name.
pub(super) fn construct_as(m: &mut Machine, args: &Args, name: &str) -> Native {
    let [source, encoding, errors] =
        m.constructor_args(args, name, ["source", "encoding", "errors"])?;
    if m.as_str(source).is_some() {
        if encoding.is_unbound() {
            return Err(m.type_error(if errors.is_unbound() {
                "string argument without an encoding"
            } else {
                "errors without a string argument"
            }));
        }
        return super::str::encode_by(m, source, encoding, errors, name);
    }
    if !encoding.is_unbound() || !errors.is_unbound() {
        return Err(m.type_error(if encoding.is_unbound() {
            "errors without a string argument"
        } else {
            "encoding without a string argument"
        }));
    }
    if source.is_unbound() {
        return ok(m.bytes(Vec::new()));
    }
    let dunder = m.intern("__bytes__");
    if m.overrides(source, dunder) {
        return Ok(m.prelude("_bytes", &[source]));
    }
    if let Some(bytes) = m.as_bytes(source) {
        let bytes = bytes.to_vec();
        return match m.object(source) {
            Some(Obj::Bytes(_)) => ok(m.unwrap(source)),
            _ => ok(m.bytes(bytes)),
        };
    }
    match m.integer(source) {
        Some(crate::text::int::Int::Small(n)) => {
            return match usize::try_from(n) {
                Ok(n) => {
                    m.room(n)?;
                    ok(m.bytes(vec![0; n]))
                }
                Err(_) => Err(m.value_error("negative count")),
            };
        }
        Some(_) => {
            return Err(m.raise(
                Ty::OverflowError,
                "cannot fit 'int' into an index-sized integer",
            ));
        }
        None if m.overrides(source, names::INDEX) => return Ok(m.prelude("_bytes", &[source])),
        None => {}
    }
    if m.get_iter(source).is_none() && m.user_class(source).is_none() && !is_generator(m, source) {
        let message = format!("cannot convert '{}' object to {name}", m.type_name(source));
        return Err(m.type_error(message));
    }
    let what = if name == "bytes" { "bytes" } else { "byte" };
    match collect(m, source, what)? {
        Some(bytes) => ok(m.bytes(bytes)),
        None => Ok(m.prelude("_bytes", &[source])),
    }
}

fn is_generator(m: &Machine, v: Value) -> bool {
    matches!(m.object(v), Some(crate::value::object::Obj::Generator(_)))
}

pub(super) fn decode(m: &mut Machine, args: &Args) -> Native {
    let v = args.all[0];
    this(m, args)?;
    decode_by(m, v, args.all[1], args.all[2], "decode")
}

/// The text that bytes spell in an encoding; unbound for the defaults.
pub(super) fn decode_by(
    m: &mut Machine,
    bytes: Value,
    encoding: Value,
    errors: Value,
    name: &str,
) -> Native {
    let (encoding, errors) = super::str::codec_names(m, encoding, errors, name)?;
    let decoded = ops::decode(m.as_bytes(bytes).unwrap_or_default(), &encoding, &errors);
    match decoded {
        Ok(text) => ok(m.str(text)),
        Err(error) => Err(codec_error(m, &error, bytes)),
    }
}

/// The exception of a codec's error about `object`.
pub(super) fn codec_error(m: &mut Machine, error: &CodecError, object: Value) -> Raise {
    let (class, fault) = match error {
        CodecError::Encode(fault) => (Ty::UnicodeEncodeError, fault),
        CodecError::Decode(fault) => (Ty::UnicodeDecodeError, fault),
        CodecError::UnknownEncoding(_) | CodecError::UnknownHandler(_) => {
            return m.raise(Ty::LookupError, error.message().unwrap_or_default());
        }
        CodecError::WrongHandler => return m.type_error(error.message().unwrap_or_default()),
    };
    let (encoding, reason) = (m.str(fault.encoding), m.str(fault.reason));
    let (start, end) = (Value::Int(fault.start as i64), Value::Int(fault.end as i64));
    let raised = m.raise_with(class, &[encoding, object, start, end, reason]);
    for (name, value) in [
        ("encoding", encoding),
        ("object", object),
        ("start", start),
        ("end", end),
        ("reason", reason),
    ] {
        let name = m.intern(name);
        m.set_instance_attr(raised.0, name, value);
    }
    raised
}

pub(super) fn hex(m: &mut Machine, args: &Args) -> Native {
    let b = this(m, args)?;
    let every = match args.all[2] {
        Value::Unbound => Some(1),
        every => m.need_int(every)?,
    };
    let Some(every) = every else {
        return Ok(m.index_first(args, 2));
    };
    let sep: Vec<char> = match args.all[1] {
        Value::Unbound => return ok(m.str(ops::hex(&b))),
        sep => match (m.as_str(sep), m.as_bytes(sep)) {
            (Some(s), _) => s.chars().collect(),
            (_, Some(b)) => b.iter().copied().map(char::from).collect(),
            _ => {
                let message = format!("object of type '{}' has no len()", m.type_name(sep));
                return Err(m.type_error(message));
            }
        },
    };
    match sep[..] {
        [c] if c.is_ascii() => ok(m.str(ops::hex_separated(&b, c, every))),
        [_] => Err(m.value_error("sep must be ASCII.")),
        _ => Err(m.value_error("sep must be length 1.")),
    }
}

pub(super) fn fromhex(m: &mut Machine, args: &Args) -> Native {
    let (class, source) = (args.all[0], args.all[1]);
    let text = m.need_str(source, "fromhex() argument")?;
    match ops::from_hex(&text) {
        Ok(bytes) => {
            let bytes = m.bytes(bytes);
            if matches!(class, Value::Obj(id) if id == Ty::Bytes.id()) {
                return ok(bytes);
            }
            Ok(Out::Call(class, vec![bytes]))
        }
        Err(error) => Err(m.value_error(error.to_string())),
    }
}
