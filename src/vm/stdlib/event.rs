//! `threading.Event`.

use super::bind::bind;
use super::sync::{create, for_subclass, nothing, park, receiver, replace, truth};
use super::wait::optional_wait;
use crate::kernel::SyncKind;
use crate::kernel::op::Verb;
use crate::value::Value;
use crate::value::object::SyncType;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Effect, Entry, Native, NativeFn, Signature, ok, pure};
use crate::vm::types::Ty;

/// Methods of `Event`.
pub const METHODS: &[Entry] = &[
    ("__init__", init, Signature::Any, Effect::Pure),
    pure("set", set, 1, 1),
    pure("clear", clear, 1, 1),
    pure("is_set", is_set, 1, 1),
    pure("isSet", is_set_old, 1, 1),
    ("wait", wait, Signature::Any, Effect::Pure),
];

/// Attributes of `Event`.
pub const GETTERS: &[(&str, NativeFn)] = &[];

/// `Event()`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    if !for_subclass(args, Ty::Event) {
        bind(m, args, "Event.__init__", &["self"], 1)?;
    }
    Ok(create(m, SyncType::Event, SyncKind::Event, Value::None).into())
}

fn init(m: &mut Machine, args: &Args) -> Native {
    bind(m, args, "Event.__init__", &["self"], 1)?;
    let made = create(m, SyncType::Event, SyncKind::Event, Value::None);
    replace(m, args.all[0], made);
    ok(Value::None)
}

fn set(m: &mut Machine, args: &Args) -> Native {
    let event = receiver(m, args, Ty::Event)?;
    park(event.id, Verb::Set, nothing)
}

fn clear(m: &mut Machine, args: &Args) -> Native {
    let event = receiver(m, args, Ty::Event)?;
    park(event.id, Verb::Clear, nothing)
}

fn is_set(m: &mut Machine, args: &Args) -> Native {
    let event = receiver(m, args, Ty::Event)?;
    park(event.id, Verb::IsSet, truth)
}

fn is_set_old(m: &mut Machine, args: &Args) -> Native {
    Ok(m.prelude("_event_is_set_old", args.pos()))
}

fn wait(m: &mut Machine, args: &Args) -> Native {
    let bound = bind(m, args, "Event.wait", &["self", "timeout"], 1)?;
    let event = receiver(m, args, Ty::Event)?;
    let wait = optional_wait(m, bound[1])?;
    park(event.id, Verb::Wait(wait), truth)
}
