//! `threading.Lock` and `threading.RLock`.

use super::condition::lock_sync;
use super::sync::{create, nothing, park, receiver, truth};
use super::wait::lock_wait;
use crate::kernel::SyncKind;
use crate::kernel::op::{Op, Verb, Wait};
use crate::value::Value;
use crate::value::object::{Obj, SyncType};
use crate::vm::machine::Machine;
use crate::vm::native::{After, Args, Effect, Entry, Native, Park, Signature, pure};
use crate::vm::types::Ty;

/// Parameters of `acquire`.
const ACQUIRE: Signature = Signature::Named {
    names: &["self", "blocking", "timeout"],
    positional: 3,
    required: 1,
};

/// Methods of `Lock`.
pub const METHODS: &[Entry] = &[
    ("acquire", acquire, ACQUIRE, Effect::Pure),
    ("acquire_lock", acquire, ACQUIRE, Effect::Pure),
    pure("release", release, 1, 1),
    pure("release_lock", release, 1, 1),
    pure("locked", locked, 1, 1),
    pure("locked_lock", locked, 1, 1),
    pure("__enter__", enter, 1, 1),
    pure("__exit__", release, 1, 4),
];

/// Methods of `RLock`.
pub const RLOCK_METHODS: &[Entry] = &[
    ("acquire", racquire, ACQUIRE, Effect::Pure),
    pure("release", rrelease, 1, 1),
    pure("_is_owned", is_owned, 1, 1),
    pure("__enter__", renter, 1, 1),
    pure("__exit__", rrelease, 1, 4),
];

/// `Lock()`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    let given = args.all.len() - 1;
    if given > 0 {
        return Err(m.type_error(format!("lock expected 0 arguments, got {given}")));
    }
    Ok(create(m, SyncType::Lock, SyncKind::Lock, Value::None).into())
}

/// `RLock()`
pub fn construct_rlock(m: &mut Machine, _: &Args) -> Native {
    // CPython 3.13 takes any arguments, and ignores them.
    Ok(create(m, SyncType::RLock, SyncKind::RLock, Value::None).into())
}

fn acquire(m: &mut Machine, args: &Args) -> Native {
    let lock = receiver(m, args, Ty::Lock)?;
    let wait = lock_wait(m, args.all[1], args.all[2])?;
    park(lock.id, Verb::Acquire(wait), truth)
}

fn enter(m: &mut Machine, args: &Args) -> Native {
    let lock = receiver(m, args, Ty::Lock)?;
    park(lock.id, Verb::Acquire(Wait::Forever), truth)
}

fn release(m: &mut Machine, args: &Args) -> Native {
    let lock = receiver(m, args, Ty::Lock)?;
    park(lock.id, Verb::Release(1), nothing)
}

fn locked(m: &mut Machine, args: &Args) -> Native {
    let lock = receiver(m, args, Ty::Lock)?;
    park(lock.id, Verb::Locked, truth)
}

fn racquire(m: &mut Machine, args: &Args) -> Native {
    let lock = receiver(m, args, Ty::RLock)?;
    let wait = lock_wait(m, args.all[1], args.all[2])?;
    park(lock.id, Verb::Acquire(wait), truth)
}

fn renter(m: &mut Machine, args: &Args) -> Native {
    let lock = receiver(m, args, Ty::RLock)?;
    park(lock.id, Verb::Acquire(Wait::Forever), truth)
}

fn rrelease(m: &mut Machine, args: &Args) -> Native {
    let lock = receiver(m, args, Ty::RLock)?;
    park(lock.id, Verb::Release(1), nothing)
}

/// What a `with` block does to this lock, or to this condition's, at its beginning, or its end. Nothing can replace the methods of the types
/// themselves, so that they need not be looked for.
#[inline]
pub(crate) fn with_block(m: &Machine, manager: Value, begins: bool) -> Option<Park> {
    let Obj::Sync(sync) = m.heap.get(manager.obj()?) else {
        return None;
    };
    let lock = match sync.kind {
        SyncType::Lock | SyncType::RLock => sync.id,
        SyncType::Condition => lock_sync(m, **sync)?.id,
        _ => return None,
    };
    let (verb, after): (_, After) = match begins {
        true => (Verb::Acquire(Wait::Forever), truth),
        false => (Verb::Release(1), nothing),
    };
    Some(Park {
        op: Op::Sync(lock, verb),
        after,
        extra: None,
    })
}

fn is_owned(m: &mut Machine, args: &Args) -> Native {
    let lock = receiver(m, args, Ty::RLock)?;
    park(lock.id, Verb::Owned, truth)
}
