//! `threading.Condition`.
//!
//! Over a `Lock` or `RLock` it is a condition of the kernel's with that lock. Over any other object with `acquire` and `release` (a
//! lock class of the program's) its methods are in the prelude: the kernel's condition then has a lock of its own, the *guard*, which
//! makes registering as a waiter and releasing the other lock one. Such a condition's `extra` is the pair of both.

use super::bind::bind;
use super::sync::{create, for_subclass, nothing, park, receiver, replace, sync_in, truth};
use super::wait::{lock_wait, optional_wait};
use crate::kernel::SyncKind;
use crate::kernel::op::{Verb, Wait};
use crate::kernel::{Kernel, Peek};
use crate::value::Value;
use crate::value::object::{Sync, SyncType};
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Effect, Entry, Native, NativeFn, Out, Raise, Signature, ok, pure};
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
    pure("__exit__", exit, 1, 4),
    ("wait", wait, Signature::Any, Effect::Pure),
    ("wait_for", wait_for, Signature::Any, Effect::Pure),
    ("notify", notify, Signature::Any, Effect::Pure),
    pure("notify_all", notify_all, 1, 1),
    pure("notifyAll", notify_all_old, 1, 1),
    pure("_is_owned", is_owned, 1, 1),
];

/// Attributes of `Condition`.
pub const GETTERS: &[(&str, NativeFn)] = &[("_lock", lock_of)];

/// What the prelude's half of conditions over foreign locks is made of.
pub const FUNCTIONS: &[Entry] = &[
    pure("condition_over", condition_over, 3, 3),
    pure("condition_parts", condition_parts, 1, 1),
    pure("condition_wait", guarded_wait, 2, 2),
    pure("condition_notify", guarded_notify, 2, 2),
];

/// `Condition(lock=None)`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    let lock = match for_subclass(args, Ty::Condition) {
        true => Value::None,
        false => bind(m, args, "Condition.__init__", &["self", "lock"], 1)?[1],
    };
    match make(m, lock) {
        Some(made) => Ok(made.into()),
        None => Ok(m.prelude("_foreign_condition", &[Value::None, lock])),
    }
}

fn init(m: &mut Machine, args: &Args) -> Native {
    let bound = bind(m, args, "Condition.__init__", &["self", "lock"], 1)?;
    match make(m, bound[1]) {
        Some(made) => {
            replace(m, bound[0], made);
            ok(Value::None)
        }
        None => Ok(m.prelude("_foreign_condition", &bound)),
    }
}

/// `condition_over(condition, lock, guard)`: a new condition, or what `condition` is from now on.
fn condition_over(m: &mut Machine, args: &Args) -> Native {
    let (Value::Obj(_), Some(guard)) = (args.all[1], sync_in(m, args.all[2])) else {
        return Err(m.type_error("a lock was expected"));
    };
    let pair = m.tuple(&args.all[1..3]);
    let kind = SyncKind::Condition { lock: guard.id };
    let made = create(m, SyncType::Condition, kind, pair);
    if args.all[0].is_none() {
        return ok(made);
    }
    replace(m, args.all[0], made);
    ok(Value::None)
}

/// Lock and guard of a condition.
fn condition_parts(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    ok(condition.extra)
}

/// `condition_wait(condition, timeout)`: waits, with its guard held.
fn guarded_wait(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    let wait = optional_wait(m, args.all[1])?;
    park(condition.id, Verb::Wait(wait), truth)
}

/// `condition_notify(condition, n)`, with its guard held.
fn guarded_notify(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    let n = count(m, args.all[1])?;
    park(condition.id, Verb::Notify(n), nothing)
}

/// A condition over a lock of raddle's own; `None` for other locks.
fn make(m: &mut Machine, lock: Value) -> Option<Value> {
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
        }) => Some(create(
            m,
            SyncType::Condition,
            SyncKind::Condition { lock: id },
            lock,
        )),
        _ => None,
    }
}

/// The lock that a condition uses; `None` if it is not one of raddle's own.
pub(super) fn lock_sync(m: &Machine, condition: Sync) -> Option<Sync> {
    let mut inner = condition;
    while inner.kind == SyncType::Condition {
        inner = sync_in(m, inner.extra)?;
    }
    Some(inner)
}

/// The object that a condition was given as its lock.
pub fn given_lock(m: &Machine, condition: Sync) -> Value {
    match m.as_items(condition.extra) {
        Some(pair) => pair[0],
        None => condition.extra,
    }
}

fn lock_of(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    ok(given_lock(m, condition))
}

fn acquire(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    let Some(lock) = lock_sync(m, condition) else {
        return Ok(given_on(m, "_foreign_acquire", args));
    };
    let wait = lock_wait(m, args.all[1], args.all[2])?;
    park(lock.id, Verb::Acquire(wait), truth)
}

/// The prelude's half of a method, with the arguments that were given.
fn given_on(m: &mut Machine, function: &str, args: &Args) -> Out {
    let given: Vec<Value> = args
        .all
        .iter()
        .map(|&v| {
            if v.is_unbound() {
                Value::NotImplemented
            } else {
                v
            }
        })
        .collect();
    m.prelude(function, &given)
}

fn enter(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    match lock_sync(m, condition) {
        Some(lock) => park(lock.id, Verb::Acquire(Wait::Forever), truth),
        None => Ok(m.prelude("_foreign_enter", args.all)),
    }
}

fn exit(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    match lock_sync(m, condition) {
        Some(lock) => park(lock.id, Verb::Release(1), nothing),
        None => Ok(m.prelude("_foreign_exit", args.all)),
    }
}

fn release(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    match lock_sync(m, condition) {
        Some(lock) => park(lock.id, Verb::Release(1), nothing),
        None => Ok(m.prelude("_foreign_release", args.all)),
    }
}

fn is_owned(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    match lock_sync(m, condition) {
        Some(lock) => ok(Value::Bool(owns(&m.kernel, m.current, lock))),
        None => Ok(m.prelude("_foreign_owned", args.all)),
    }
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
    let Some(lock) = lock_sync(m, condition) else {
        let timeout = Some(bound[1]).filter(|v| !v.is_unbound());
        let timeout = timeout.unwrap_or(Value::None);
        return Ok(m.prelude("_foreign_wait", &[bound[0], timeout]));
    };
    // CPython looks at the lock first and at the timeout later.
    let wait = match owns(&m.kernel, m.current, lock) {
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
    let wanted = match bound[1] {
        Value::Unbound => Value::Int(1),
        n => n,
    };
    if lock_sync(m, condition).is_none() {
        return Ok(m.prelude("_foreign_notify", &[bound[0], wanted]));
    }
    let n = count(m, wanted)?;
    park(condition.id, Verb::Notify(n), nothing)
}

/// How many waiters a number means.
fn count(m: &mut Machine, n: Value) -> Result<u32, Raise> {
    match m.as_i64(n) {
        Some(n) => Ok(n.clamp(0, i64::from(u32::MAX)) as u32),
        None => {
            let message = format!(
                "'>' not supported between instances of '{}' and 'int'",
                m.type_name(n)
            );
            Err(m.type_error(message))
        }
    }
}

fn notify_all(m: &mut Machine, args: &Args) -> Native {
    let condition = receiver(m, args, Ty::Condition)?;
    if lock_sync(m, condition).is_none() {
        let all = Value::Int(i64::from(u32::MAX));
        return Ok(m.prelude("_foreign_notify", &[args.all[0], all]));
    }
    park(condition.id, Verb::NotifyAll, nothing)
}

fn notify_all_old(m: &mut Machine, args: &Args) -> Native {
    Ok(m.prelude("_condition_notify_all_old", args.pos()))
}
