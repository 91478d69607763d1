//! `str.format` and `str.format_map`.

use super::str::{text, this};
use crate::text::quote;
use crate::text::template::{self, FieldName, First, Piece, Step};
use crate::value::Value;
use crate::value::dict::Dict;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Native, Raise, ok};
use crate::vm::protocol::hash::hash_str;
use crate::vm::types::Ty;

/// A value or text, or `None` where code written in Python has a say.
type Native2<T> = Result<Option<T>, Raise>;

/// `str.format(*args, **kwargs)`
pub fn format(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    let pieces = template::parse(text(m, s));
    match render(m, &pieces, args)? {
        Some(text) => ok(m.str(text)),
        None => {
            let positional = m.tuple(&args.pos()[1..]);
            let keywords = keywords(m, args);
            Ok(m.prelude("_str_format", &[s, positional, keywords]))
        }
    }
}

/// `str.format_map(mapping)`
pub fn format_map(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    Ok(m.prelude("_str_format", &[s, Value::None, args.all[1]]))
}

fn keywords(m: &mut Machine, args: &Args) -> Value {
    let mut dict = Dict::default();
    for (name, value) in args.keywords() {
        let hash = hash_str(m.names.text(name));
        dict.push(hash, m.name_value(name), value);
    }
    m.dict(dict)
}

fn render(m: &mut Machine, pieces: &[Piece], args: &Args) -> Native2<String> {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Error(error) => return Err(m.value_error(error.0.as_ref())),
            Piece::Field {
                name,
                conversion,
                spec,
            } => {
                let Some(value) = field(m, name, args)? else {
                    return Ok(None);
                };
                let Some(value) = convert(m, value, *conversion)? else {
                    return Ok(None);
                };
                let Some(spec) = render(m, spec, args)? else {
                    return Ok(None);
                };
                let Some(formatted) = m.format(value, &spec)? else {
                    return Ok(None);
                };
                out.push_str(text(m, formatted));
            }
        }
    }
    Ok(Some(out))
}

fn convert(m: &mut Machine, value: Value, conversion: Option<char>) -> Native2<Value> {
    let converted = match conversion {
        None => return Ok(Some(value)),
        Some('r') => m.repr(value)?,
        Some('s') => m.str_of(value)?,
        Some('a') => m.repr(value)?.map(|text| quote::ascii_of_repr(&text)),
        Some(other) => return Err(m.value_error(template::unknown_conversion(other).0.as_ref())),
    };
    Ok(converted.map(|text| m.str(text)))
}

fn field(m: &mut Machine, name: &FieldName, args: &Args) -> Native2<Value> {
    let mut value = match &name.first {
        First::Auto(index) | First::Index(index) => match args.get(index + 1) {
            Some(value) => value,
            None => {
                let message =
                    format!("Replacement index {index} out of range for positional args tuple");
                return Err(m.raise(Ty::IndexError, message));
            }
        },
        First::Key(key) => match args.keywords().find(|(name, _)| m.names.text(*name) == key) {
            Some((_, value)) => value,
            None => {
                let key = m.str(key.as_str());
                return Err(m.raise_with(Ty::KeyError, &[key]));
            }
        },
    };
    for step in &name.path {
        value = match step {
            // Attributes may run code, and the twin has the words of all errors.
            Step::Attr(_) | Step::Error(_) => return Ok(None),
            Step::Index(index) => match m.as_items(value).and_then(|items| items.get(*index)) {
                Some(&item) if m.user_class(value).is_none() => item,
                _ => return Ok(None),
            },
            Step::Key(key) if m.user_class(value).is_none() => {
                let Some(dict) = m.as_dict(value) else {
                    return Ok(None);
                };
                match dict.find(hash_str(key), |other| m.as_str(other) == Some(key)) {
                    Some(at) => dict.at(at).value,
                    None => return Ok(None),
                }
            }
            Step::Key(_) => return Ok(None),
        };
    }
    Ok(Some(value))
}
