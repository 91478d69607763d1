//! `str.translate` and `str.maketrans`.

use super::str::{text, this};
use crate::value::Value;
use crate::value::dict::Dict;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Native, Raise, ok};
use crate::vm::protocol::hash::hash_int;

/// `str.translate(table)`: natively by a plain dict, else by the twin.
pub fn translate(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    let table = args.all[1];
    match by_dict(m, s, table) {
        Some(translated) => ok(m.str(translated)),
        None => Ok(m.prelude("_str_translate", &[s, table])),
    }
}

/// `None` when the table is no plain dict, or has values that need a second look.
fn by_dict(m: &Machine, s: Value, table: Value) -> Option<String> {
    if m.user_class(table).is_some() {
        return None;
    }
    let dict = m.as_dict(table)?;
    let mut out = String::new();
    for c in text(m, s).chars() {
        let code = i64::from(u32::from(c));
        let found = dict.find(hash_int(code), |key| m.as_i64(key) == Some(code));
        match found.map(|at| dict.at(at).value) {
            None => out.push(c),
            Some(Value::None) => {}
            Some(to) => match (m.as_str(to), m.as_i64(to)) {
                (Some(text), _) => out.push_str(text),
                (None, Some(code)) => out.push(char::from_u32(u32::try_from(code).ok()?)?),
                (None, None) => return None,
            },
        }
    }
    Some(out)
}

/// `str.maketrans(x, y, z)`
pub fn maketrans(m: &mut Machine, args: &Args) -> Native {
    let mut table = Dict::default();
    match *args.pos() {
        [mapping] => {
            let Some(dict) = m
                .as_dict(mapping)
                .filter(|_| m.user_class(mapping).is_none())
            else {
                return Err(
                    m.type_error("if you give only one argument to maketrans it must be a dict")
                );
            };
            let entries: Vec<(Value, Value)> = dict.iter().map(|e| (e.key, e.value)).collect();
            for (key, value) in entries {
                let code = match (m.as_str(key), m.as_i64(key)) {
                    (Some(text), _) => {
                        let mut chars = text.chars();
                        match (chars.next(), chars.next()) {
                            (Some(c), None) => i64::from(u32::from(c)),
                            _ => {
                                return Err(m.value_error(
                                    "string keys in translate table must be of length 1",
                                ));
                            }
                        }
                    }
                    (None, Some(code)) => code,
                    (None, None) => {
                        return Err(
                            m.type_error("keys in translate table must be strings or integers")
                        );
                    }
                };
                put(&mut table, code, value);
            }
        }
        [from, to, ref delete @ ..] => {
            let Some(from) = m.as_str(from).map(str::to_owned) else {
                return Err(m.type_error(
                    "first maketrans argument must be a string if there is a second argument",
                ));
            };
            let to = m.need_str(to, "maketrans() argument 2")?;
            let delete = match delete.first() {
                Some(&delete) => m.need_str(delete, "maketrans() argument 3")?,
                None => String::new(),
            };
            pairs(m, &mut table, &from, &to)?;
            for c in delete.chars() {
                put(&mut table, u32::from(c).into(), Value::None);
            }
        }
        [] => {}
    }
    ok(m.dict(table))
}

fn pairs(m: &mut Machine, table: &mut Dict, from: &str, to: &str) -> Result<(), Raise> {
    if from.chars().count() != to.chars().count() {
        return Err(m.value_error("the first two maketrans arguments must have equal length"));
    }
    for (from, to) in from.chars().zip(to.chars()) {
        put(
            table,
            u32::from(from).into(),
            Value::Int(u32::from(to).into()),
        );
    }
    Ok(())
}

fn put(table: &mut Dict, code: i64, value: Value) {
    let hash = hash_int(code);
    match table.find(hash, |key| matches!(key, Value::Int(n) if n == code)) {
        Some(at) => {
            table.set_at(at, value);
        }
        None => table.push(hash, Value::Int(code), value),
    }
}
