//! `repr`, `ascii`, `format`, `hash`, `id`, `callable`.

use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Entry, Native, looks, ok, pure};
use crate::vm::protocol::hash::Hashed;
use std::fmt::Write;

/// Functions of this file.
pub const FUNCTIONS: &[Entry] = &[
    looks("repr", repr, 1, 1),
    looks("ascii", ascii, 1, 1),
    looks("format", format, 1, 2),
    pure("hash", hash, 1, 1),
    pure("id", id, 1, 1),
    pure("callable", callable, 1, 1),
];

fn repr(m: &mut Machine, args: &Args) -> Native {
    match m.repr(args.all[0])? {
        Some(text) => ok(m.str(text)),
        None => Ok(m.prelude("_repr", &[args.all[0]])),
    }
}

fn ascii(m: &mut Machine, args: &Args) -> Native {
    match m.repr(args.all[0])? {
        Some(text) => {
            let text = escaped(&text);
            ok(m.str(text))
        }
        None => Ok(m.prelude("_ascii", &[args.all[0]])),
    }
}

/// The text with all that is not ASCII written as escapes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let result = match c as u32 {
            0..=0x7f => {
                out.push(c);
                Ok(())
            }
            n @ 0x80..=0xff => write!(out, "\\x{n:02x}"),
            n @ 0x100..=0xffff => write!(out, "\\u{n:04x}"),
            n => write!(out, "\\U{n:08x}"),
        };
        debug_assert!(result.is_ok(), "writing to a string cannot fail");
    }
    out
}

fn format(m: &mut Machine, args: &Args) -> Native {
    let value = args.all[0];
    let spec = match args.get(1) {
        None => String::new(),
        Some(spec) => match m.as_str(spec) {
            Some(text) => text.to_owned(),
            None => {
                let message = format!(
                    "format() argument 2 must be str, not {}",
                    m.argument_type(spec)
                );
                return Err(m.type_error(message));
            }
        },
    };
    match m.format(value, &spec)? {
        Some(text) => ok(text),
        None => {
            let spec = m.str(spec);
            Ok(m.prelude("_format", &[value, spec]))
        }
    }
}

fn hash(m: &mut Machine, args: &Args) -> Native {
    match m.hash(args.all[0]) {
        Hashed::Hash(hash) => ok(Value::Int(hash as i64)),
        Hashed::Python => Ok(m.prelude("_hash", &[args.all[0]])),
        Hashed::Unhashable(part) => Err(m.unhashable(part)),
    }
}

fn id(m: &mut Machine, args: &Args) -> Native {
    let address = m.address(args.all[0]);
    ok(Value::Int(address))
}

impl Machine {
    /// `callable(v)`
    pub fn is_callable(&self, value: Value) -> bool {
        let Value::Obj(id) = value else {
            return false;
        };
        match self.heap.get(id) {
            Obj::Function(_)
            | Obj::Native(_)
            | Obj::BoundMethod { .. }
            | Obj::Class(_)
            | Obj::StaticMethod(_) => true,
            Obj::Instance(instance) => self.lookup(instance.class, names::CALL).is_some(),
            _ => false,
        }
    }
}

fn callable(m: &mut Machine, args: &Args) -> Native {
    ok(Value::Bool(m.is_callable(args.all[0])))
}
