//! `threading.Condition`.

use super::bind::bind;
use super::sync::{create, for_subclass, nothing, park, receiver, replace, sync_in, truth};
use super::wait::{lock_wait, optional_wait};
use crate::kernel::SyncKind;
use crate::kernel::op::{Verb, Wait};
use crate::kernel::{Kernel, Peek};
use crate::value::Value;
use crate::value::object::{Sync, SyncType};
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Effect, Entry, Native, NativeFn, Raise, Signature, ok, pure};
use crate::vm::types::Ty;

/// Methods of `Condition`.
pub const METHODS: &[Entry] = &[
    ("__init__", init, Signature::Any, Effect::Pure),
    (
        "acquire",
        acquire,
        Signature::Named {
            names: &["self", "blocking", "timeout"],
            positional: 3,
            required: 1,
        },
        Effect::Pure,
    ),
    pure("release", release, 1, 1),
    pure("__enter__", enter, 1, 1),
    pure("__exit__", release, 1, 4),
    ("wait", wait, Signature::Any, Effect::Pure),
    ("wait_for", wait_for, Signature::Any, Effect::Pure),
    ("notify", notify, Signature::Any, Effect::Pure),
    pure("notify_all", notify_all, 1, 1),
    pure("notifyAll", notify_all_old, 1, 1),
    pure("_is_owned", is_owned, 1, 1),
];

/// Attributes of `Condition`.
pub const GETTERS: &[(&str, NativeFn)] = &[("_lock", lock_of)];

/// `Condition(lock=None)`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    let lock = match for_subclass(args, Ty::Condition) {
        true => Value::None,
        false => bind(m, args, "Condition.__init__", &["self", "lock"], 1)?[1],
    };
    Ok(make(m, lock)?.into())
}

fn init(m: &mut Machine, args: &Args) -> Native {
    let bound = bind(m, args, "Condition.__init__", &["self", "lock"], 1)?;
    let made = make(m, bound[1])?;
    replace(m, bound[0], made);
    ok(Value::None)
}

fn make(m: &mut Machine, lock: Value) -> Result<Value, Raise> {
    let lock = match lock {
        Value::None | Value::Unbound => create(m, SyncType::RLock, SyncKind::RLock, Value::None),
        lock => lock,
    };
    // A condition as the lock of another stands for its own lock.
    let mut inner = lock;
    while let Some(Sync {
        kind: SyncType::Condition,
        extra,
        ..
    }) = sync_in(m, inner)
    {
        inner = extra;
    }
    match sync_in(m, inner) {
        Some(Sync {
            id,
            kind: SyncType::Lock | SyncType::RLock,
            ..
        }) => Ok(create(
            m,
            SyncType::Condition,
            SyncKind::Condition { lock: id },
            lock,
        )),
        _ => {
            let message = format!(
                "a Condition over an object of class '{}' is not supported; give it a threading.Lock or RLock",
                m.type_name(lock)
            );
            Err(m.refuse(message))
        }
    }
}

/// The lock that a condition uses.
fn lock_sync(m: &Machine, condition: Sync) -> Sync {
    let mut inner = condition;
    while inner.kind == SyncType::Condition
        && let Some(lock) = sync_in(m, inner.extra)
    {
        inner = lock;
    }
    inner
}

fn lock_of(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    ok(condition.extra)
}

fn acquire(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    let wait = lock_wait(m, args.all[1], args.all[2])?;
    park(lock_sync(m, condition).id, Verb::Acquire(wait), truth)
}

fn enter(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    park(
        lock_sync(m, condition).id,
        Verb::Acquire(Wait::Forever),
        truth,
    )
}

fn release(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    park(lock_sync(m, condition).id, Verb::Release(1), nothing)
}

fn is_owned(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    let owned = owns(&m.kernel, m.current, lock_sync(m, condition));
    ok(Value::Bool(owned))
}

fn owns(kernel: &Kernel, me: crate::id::ThreadId, lock: Sync) -> bool {
    match kernel.peek(lock.id) {
        Peek::RLock { owner, .. } => owner == Some(me),
        Peek::Lock { holder } => holder.is_some(),
        _ => false,
    }
}

fn wait(m: &mut Machine, args: &Args) -> Native {
    let bound = bind(m, args, "Condition.wait", &["self", "timeout"], 1)?;
    let condition = receiver(m, args, Ty::Condition)?;
    // CPython looks at the lock first and at the timeout later.
    let wait = match owns(&m.kernel, m.current, lock_sync(m, condition)) {
        true => optional_wait(m, bound[1])?,
        false => Wait::Forever,
    };
    park(condition.id, Verb::Wait(wait), truth)
}

fn wait_for(m: &mut Machine, args: &Args) -> Native {
    let bound = bind(
        m,
        args,
        "Condition.wait_for",
        &["self", "predicate", "timeout"],
        2,
    )?;
    let timeout = if bound[2].is_unbound() {
        Value::None
    } else {
        bound[2]
    };
    Ok(m.prelude("_condition_wait_for", &[bound[0], bound[1], timeout]))
}

fn notify(m: &mut Machine, args: &Args) -> Native {
    let bound = bind(m, args, "Condition.notify", &["self", "n"], 1)?;
    let condition = receiver(m, args, Ty::Condition)?;
    let n = match bound[1] {
        Value::Unbound => 1,
        n => match m.as_i64(n) {
            Some(n) => n.clamp(0, i64::from(u32::MAX)) as u32,
            None => {
                let message = format!(
                    "'>' not supported between instances of '{}' and 'int'",
                    m.type_name(n)
                );
                return Err(m.type_error(message));
            }
        },
    };
    park(condition.id, Verb::Notify(n), nothing)
}

fn notify_all(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    park(condition.id, Verb::NotifyAll, nothing)
}

fn notify_all_old(m: &mut Machine, args: &Args) -> Native {
    Ok(m.prelude("_condition_notify_all_old", args.pos()))
}
