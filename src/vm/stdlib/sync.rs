//! What the synchronisation types share: finding the object, parking, faults as exceptions, construction.
//!
//! Each type has a file with its methods: `lock`, `condition`, `semaphore`, `event`, `barrier`; `queue` has the counting
//! half of queues. To add one: such a file, a line in [`TYPES`], a variant of `SyncType` and an object of the kernel.

use super::{barrier, condition, event, lock, queue, semaphore};
use crate::id::SyncId;
use crate::kernel::SyncKind;
use crate::kernel::op::{Answer, Fault, Op, Verb};
use crate::value::Value;
use crate::value::object::{Obj, Sync, SyncType};
use crate::vm::machine::Machine;
use crate::vm::native::{After, Args, Entry, Native, NativeFn, Out, Park, Raise, ok};
use crate::vm::types::Ty;

/// A synchronisation type: class, methods, getters, what calling it does.
pub type SyncClass = (
    Ty,
    &'static [Entry],
    &'static [(&'static str, NativeFn)],
    NativeFn,
);

/// All synchronisation types.
pub const TYPES: &[SyncClass] = &[
    (Ty::Lock, lock::METHODS, &[], lock::construct),
    (Ty::RLock, lock::RLOCK_METHODS, &[], lock::construct_rlock),
    (
        Ty::Condition,
        condition::METHODS,
        condition::GETTERS,
        condition::construct,
    ),
    (
        Ty::Semaphore,
        semaphore::METHODS,
        semaphore::GETTERS,
        semaphore::construct,
    ),
    (
        Ty::BoundedSemaphore,
        semaphore::BOUNDED_METHODS,
        semaphore::BOUNDED_GETTERS,
        semaphore::construct_bounded,
    ),
    (Ty::Event, event::METHODS, event::GETTERS, event::construct),
    (
        Ty::Barrier,
        barrier::METHODS,
        barrier::GETTERS,
        barrier::construct,
    ),
    (
        Ty::QueueSync,
        queue::METHODS,
        queue::GETTERS,
        queue::construct,
    ),
];

/// Makes a synchronisation object with its kernel object.
pub fn create(m: &mut Machine, kind: SyncType, object: SyncKind, extra: Value) -> Value {
    let id = m.kernel.create(object);
    m.heap
        .new_value(Obj::Sync(Box::new(Sync { id, kind, extra })))
}

/// `__init__` of a subclass instance: the object inside becomes this new one.
pub fn replace(m: &mut Machine, this: Value, made: Value) {
    let (Value::Obj(inner), Value::Obj(made)) = (m.unwrap(this), made) else {
        return;
    };
    if let Obj::Sync(sync) = m.heap.get(made) {
        let sync = **sync;
        m.heap.publish_into(inner, sync.extra);
        *m.heap.get_mut(inner) = Obj::Sync(Box::new(sync));
    }
}

/// Whether a constructor is called for a class derived from its own: the arguments are then for `__init__`.
pub fn for_subclass(args: &Args, class: Ty) -> bool {
    args.get(0).is_some_and(|c| !c.is(Value::Obj(class.id())))
}

/// The synchronisation object of a value.
pub fn sync_in(m: &Machine, value: Value) -> Option<Sync> {
    match m.object(value) {
        Some(Obj::Sync(sync)) => Some(**sync),
        _ => None,
    }
}

/// The receiver of a method of `class`.
///
/// # Errors
/// `TypeError` when a method is called on something else by way of its class.
pub fn receiver(m: &mut Machine, args: &Args, class: Ty) -> Result<Sync, Raise> {
    // Nearly always the object itself, and of the class that the method belongs to.
    if let Some(&Value::Obj(id)) = args.all.first()
        && let Obj::Sync(sync) = m.heap.get(id)
        && sync.kind.class() == class
    {
        return Ok(**sync);
    }
    let value = m.receiver(args, class)?;
    match sync_in(m, value) {
        Some(sync) => Ok(sync),
        None => Err(m.type_error("a synchronisation object was expected")),
    }
}

/// Parks in front of an operation on a kernel object.
pub fn park(id: SyncId, verb: Verb, after: After) -> Native {
    Ok(Out::Park(Park {
        op: Op::Sync(id, verb),
        after,
        extra: None,
    }))
}

/// As [`park`], with values for `after`.
pub fn park_with(id: SyncId, verb: Verb, after: After, extra: [Value; 2]) -> Native {
    Ok(Out::Park(Park {
        op: Op::Sync(id, verb),
        after,
        extra: Some(extra),
    }))
}

/// After an operation whose truth value is the result.
pub fn truth(m: &mut Machine, answer: Answer, _: [Value; 2]) -> Native {
    match answer {
        Answer::Bool(b) => ok(Value::Bool(b)),
        Answer::Int(n) => ok(Value::Int(n)),
        Answer::Fault(fault) => Err(raise_fault(m, fault)),
        _ => ok(Value::None),
    }
}

/// After an operation whose result is `None`.
pub fn nothing(m: &mut Machine, answer: Answer, _: [Value; 2]) -> Native {
    match answer {
        Answer::Fault(fault) => Err(raise_fault(m, fault)),
        _ => ok(Value::None),
    }
}

/// The exception that CPython raises for a fault.
#[cold]
pub fn raise_fault(m: &mut Machine, fault: Fault) -> Raise {
    let (class, message) = match fault {
        Fault::ReleaseUnlocked => (Ty::RuntimeError, "release unlocked lock"),
        Fault::NotOwner => (Ty::RuntimeError, "cannot release un-acquired lock"),
        Fault::WaitUnowned => (Ty::RuntimeError, "cannot wait on un-acquired lock"),
        Fault::NotifyUnowned => (Ty::RuntimeError, "cannot notify on un-acquired lock"),
        Fault::TooManyReleases => (Ty::ValueError, "Semaphore released too many times"),
        Fault::Broken => return m.raise_with(Ty::BrokenBarrierError, &[]),
        Fault::Empty => return m.raise_with(Ty::QueueEmpty, &[]),
        Fault::Full => return m.raise_with(Ty::QueueFull, &[]),
        Fault::ShutDown => return m.raise_with(Ty::QueueShutDown, &[]),
        Fault::Unsealed => (Ty::RuntimeError, "unsealed"),
        Fault::TaskDoneTooMany => (Ty::ValueError, "task_done() called too many times"),
        Fault::AlreadyStarted => (Ty::RuntimeError, "threads can only be started once"),
        Fault::JoinUnstarted => (Ty::RuntimeError, "cannot join thread before it is started"),
        Fault::JoinSelf => (Ty::RuntimeError, "cannot join current thread"),
        Fault::JoinDeadlock => (
            Ty::RuntimeError,
            "cannot join thread: it waits for the joining thread to end",
        ),
    };
    m.raise(class, message)
}
