//! `threading.Semaphore` and `threading.BoundedSemaphore`.

use super::bind::bind;
use super::sync::{create, for_subclass, nothing, park, receiver, replace, truth};
use super::wait::optional_wait;
use crate::kernel::op::{Verb, Wait};
use crate::kernel::{Peek, SyncKind};
use crate::value::Value;
use crate::value::object::SyncType;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Effect, Entry, Native, NativeFn, Raise, Signature, ok, pure};
use crate::vm::types::Ty;

/// Methods of `Semaphore`.
pub const METHODS: &[Entry] = &[
    ("__init__", init, Signature::Any, Effect::Pure),
    ("acquire", acquire, Signature::Any, Effect::Pure),
    ("__enter__", acquire, Signature::Any, Effect::Pure),
    ("release", release, Signature::Any, Effect::Pure),
    pure("__exit__", exit, 1, 4),
];

/// Methods that `BoundedSemaphore` has of its own.
pub const BOUNDED_METHODS: &[Entry] = &[("__init__", init_bounded, Signature::Any, Effect::Pure)];

/// Attributes of `Semaphore`.
pub const GETTERS: &[(&str, NativeFn)] = &[("_value", value)];

/// Attributes of `BoundedSemaphore`.
pub const BOUNDED_GETTERS: &[(&str, NativeFn)] = &[("_initial_value", initial_value)];

/// `Semaphore(value=1)`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    new(m, args, Ty::Semaphore)
}

/// `BoundedSemaphore(value=1)`
pub fn construct_bounded(m: &mut Machine, args: &Args) -> Native {
    new(m, args, Ty::BoundedSemaphore)
}

fn new(m: &mut Machine, args: &Args, class: Ty) -> Native {
    let value = match for_subclass(args, class) {
        true => Value::Unbound,
        false => arguments(m, args, class)?,
    };
    Ok(make(m, value, class)?.into())
}

fn arguments(m: &mut Machine, args: &Args, class: Ty) -> Result<Value, Raise> {
    let name = format!("{}.__init__", m.class_name(class.id()));
    Ok(bind(m, args, &name, &["self", "value"], 1)?[1])
}

fn init(m: &mut Machine, args: &Args) -> Native {
    let value = arguments(m, args, Ty::Semaphore)?;
    let made = make(m, value, Ty::Semaphore)?;
    replace(m, args.all[0], made);
    ok(Value::None)
}

fn init_bounded(m: &mut Machine, args: &Args) -> Native {
    let value = arguments(m, args, Ty::BoundedSemaphore)?;
    let made = make(m, value, Ty::BoundedSemaphore)?;
    replace(m, args.all[0], made);
    ok(Value::None)
}

fn make(m: &mut Machine, value: Value, class: Ty) -> Result<Value, Raise> {
    let permits = match value {
        Value::Unbound => 1,
        value => match m.as_i64(value) {
            Some(n) if n < 0 => return Err(m.value_error("semaphore initial value must be >= 0")),
            Some(n) => n.min(i64::from(u32::MAX)) as u32,
            None => {
                let message = match m.as_f64(value) {
                    Some(_) => "raddle: a semaphore's value must be an int".to_owned(),
                    None => {
                        format!(
                            "'<' not supported between instances of '{}' and 'int'",
                            m.type_name(value)
                        )
                    }
                };
                return Err(m.type_error(message));
            }
        },
    };
    let (kind, bound) = match class {
        Ty::BoundedSemaphore => (SyncType::BoundedSemaphore, Some(permits)),
        _ => (SyncType::Semaphore, None),
    };
    Ok(create(
        m,
        kind,
        SyncKind::Semaphore {
            value: permits,
            bound,
        },
        Value::None,
    ))
}

fn value(m: &mut Machine, args: &Args) -> Native {
    let semaphore = receiver(m, args, Ty::Semaphore)?;
    match m.kernel.peek(semaphore.id) {
        Peek::Semaphore { value, .. } => ok(Value::Int(i64::from(value))),
        _ => ok(Value::None),
    }
}

fn initial_value(m: &mut Machine, args: &Args) -> Native {
    let semaphore = receiver(m, args, Ty::Semaphore)?;
    match m.kernel.peek(semaphore.id) {
        Peek::Semaphore {
            bound: Some(bound), ..
        } => ok(Value::Int(i64::from(bound))),
        _ => ok(Value::None),
    }
}

fn acquire(m: &mut Machine, args: &Args) -> Native {
    let bound = bind(
        m,
        args,
        "Semaphore.acquire",
        &["self", "blocking", "timeout"],
        1,
    )?;
    let semaphore = receiver(m, args, Ty::Semaphore)?;
    let blocking = bound[1].is_unbound() || m.truth(bound[1]).unwrap_or(true);
    let timed = !bound[2].is_unbound() && !bound[2].is_none();
    let wait = match (blocking, timed) {
        (false, true) => {
            return Err(m.value_error("can't specify timeout for non-blocking acquire"));
        }
        (false, false) => Wait::Never,
        (true, _) => optional_wait(m, bound[2])?,
    };
    park(semaphore.id, Verb::Acquire(wait), truth)
}

fn release(m: &mut Machine, args: &Args) -> Native {
    let bound = bind(m, args, "Semaphore.release", &["self", "n"], 1)?;
    let semaphore = receiver(m, args, Ty::Semaphore)?;
    let n = match bound[1] {
        Value::Unbound => 1,
        n => match m.as_i64(n) {
            Some(n) if n < 1 => return Err(m.value_error("n must be one or more")),
            Some(n) => n.min(i64::from(u32::MAX)) as u32,
            None => {
                let message = format!(
                    "'<' not supported between instances of '{}' and 'int'",
                    m.type_name(n)
                );
                return Err(m.type_error(message));
            }
        },
    };
    park(semaphore.id, Verb::Release(n), nothing)
}

fn exit(m: &mut Machine, args: &Args) -> Native {
    let semaphore = receiver(m, args, Ty::Semaphore)?;
    park(semaphore.id, Verb::Release(1), nothing)
}
