//! `bool`: what it has of its own beside `int`.

use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, NativeFn, ok};

/// Methods of `bool`, beside those of `int`.
pub const METHODS: &[Entry] = &[];
/// Static methods of `bool`.
pub const STATIC_METHODS: &[Entry] = &[];
/// Class methods of `bool`.
pub const CLASS_METHODS: &[Entry] = &[];
/// Attributes of `bool` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[];

/// `bool(x=False, /)`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    if !args.names.is_empty() {
        return Err(m.type_error("bool() takes no keyword arguments"));
    }
    let [x] = m.constructor_args(args, "bool", [""])?;
    if x.is_unbound() {
        return ok(Value::Bool(false));
    }
    match m.truth(x) {
        Some(truth) => ok(Value::Bool(truth)),
        None => Ok(m.prelude("_bool", &[x])),
    }
}
