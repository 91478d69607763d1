//! The counting half of queues. Items stand in a list or deque of the Python object (`vm/py/queue.py`); they are moved in the
//! same step in which the kernel grants the operation.

use super::heap::Undone;
use super::sync::{create, nothing, park, park_with, raise_fault, receiver, truth};
use super::wait::{TIMEOUT_MAX, nanoseconds};
use crate::id::NameId;
use crate::kernel::op::{Answer, Fault, Verb, Wait};
use crate::kernel::{Peek, SyncKind};
use crate::program::instr::Instr;
use crate::value::Value;
use crate::value::object::{Obj, SyncType};
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Effect, Entry, Native, NativeFn, Raise, Signature, ok, pure};
use crate::vm::types::Ty;

/// Methods. The arguments of `put` are container, item, block, timeout; of `get` container, block, timeout.
pub const METHODS: &[Entry] = &[
    pure("put", put, 5, 5),
    pure("get", get, 4, 4),
    pure("poll", poll, 3, 3),
    pure("put_heap", put_heap, 5, 5),
    pure("get_heap", get_heap, 4, 4),
    pure("vacate", vacate, 3, 3),
    pure("unseal", unseal, 1, 1),
    pure("task_done", task_done, 1, 1),
    pure("join", join, 1, 1),
    pure("size", size, 1, 1),
    pure("shutdown", shutdown, 3, 3),
];

/// Attributes.
pub const GETTERS: &[(&str, NativeFn)] =
    &[("unfinished", unfinished), ("is_shutdown", is_shutdown)];

/// Functions of the bundled module.
pub const FUNCTIONS: &[Entry] = &[("program_reads", program_reads, Signature::Any, Effect::Pure)];

/// `program_reads(*names)`: whether the program reads an attribute of one of these names that it never sets, so that it is not
/// one of its own classes.
fn program_reads(m: &mut Machine, args: &Args) -> Native {
    let names: Vec<NameId> = args
        .pos()
        .iter()
        .filter_map(|&name| m.as_str(name).and_then(|text| m.names.find(text)))
        .collect();
    let image = &m.image;
    let uses = |name: NameId, stored: bool| {
        let all = image.program.codes.iter().zip(&image.linked);
        let mut own = all.filter(|(_, linked)| !linked.bundled);
        own.any(|(code, linked)| {
            code.instrs.iter().any(|instr| match *instr {
                Instr::LoadAttr { n, .. } if !stored => linked.names[n as usize] == name,
                Instr::StoreAttr { n, .. } if stored => linked.names[n as usize] == name,
                _ => false,
            })
        })
    };
    let reads = names
        .into_iter()
        .any(|name| uses(name, false) && !uses(name, true));
    ok(Value::Bool(reads))
}

/// `QueueSync(capacity)`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    let capacity = args.get(1).unwrap_or(Value::Int(0));
    let capacity = match m.as_f64(capacity) {
        Some(n) => n.clamp(0.0, f64::from(u32::MAX)).ceil() as u32,
        None => {
            let message = format!(
                "'>' not supported between instances of '{}' and 'int'",
                m.type_name(capacity)
            );
            return Err(m.type_error(message));
        }
    };
    Ok(create(
        m,
        SyncType::Queue,
        SyncKind::Queue { capacity },
        Value::None,
    )
    .into())
}

fn wait(m: &mut Machine, block: Value, timeout: Value) -> Result<Wait, Raise> {
    if !m.truth(block).unwrap_or(true) {
        return Ok(Wait::Never);
    }
    if timeout.is_none() {
        return Ok(Wait::Forever);
    }
    if m.as_f64(timeout).is_none() && m.as_bigint(timeout).is_none() {
        let message = format!(
            "'<' not supported between instances of '{}' and 'int'",
            m.type_name(timeout)
        );
        return Err(m.type_error(message));
    }
    match nanoseconds(m, timeout)? {
        ns if ns < 0 => Err(m.value_error("'timeout' must be a non-negative number")),
        ns if ns > TIMEOUT_MAX => Err(m.raise(Ty::OverflowError, "timeout value is too large")),
        ns => Ok(Wait::For(ns as u64)),
    }
}

fn put(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    let wait = wait(m, args.all[3], args.all[4])?;
    park_with(
        queue.id,
        Verb::Put(wait),
        item_put,
        [args.all[1], args.all[2]],
    )
}

fn item_put(m: &mut Machine, answer: Answer, [container, item]: [Value; 2]) -> Native {
    if let Answer::Fault(fault) = answer {
        return failed(m, fault, Value::NotImplemented);
    }
    let Some(id) = m.unwrap(container).obj() else {
        return ok(Value::None);
    };
    m.heap.publish_into(id, item);
    m.heap.grew(16);
    match m.heap.get_mut(id) {
        Obj::Deque(deque) => deque.items.push_back(item),
        Obj::List(items) => items.push(item),
        _ => {}
    }
    ok(Value::None)
}

fn get(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    let wait = wait(m, args.all[2], args.all[3])?;
    park_with(
        queue.id,
        Verb::Get(wait),
        item_got,
        [args.all[1], args.all[0]],
    )
}

fn item_got(m: &mut Machine, answer: Answer, [container, queue]: [Value; 2]) -> Native {
    if let Answer::Fault(fault) = answer {
        return failed(m, fault, queue);
    }
    let item = match m.unwrap(container).obj().map(|id| m.heap.get_mut(id)) {
        Some(Obj::Deque(deque)) => deque.items.pop_front(),
        Some(Obj::List(items)) => items.pop(),
        _ => None,
    };
    match item {
        Some(item) => ok(item),
        None => Err(m.raise(Ty::IndexError, "pop from an empty deque")),
    }
}

/// `poll(block, timeout)`: whether there is an item to get, or never will be.
fn poll(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    let wait = wait(m, args.all[1], args.all[2])?;
    park(queue.id, Verb::Look(wait), truth)
}

/// A put whose items are in order: a heap, changed natively, or in Python while the queue is occupied.
fn put_heap(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    let wait = wait(m, args.all[3], args.all[4])?;
    let pair = m.tuple([args.all[1], args.all[2]]);
    park_with(queue.id, Verb::Put(wait), heap_put, [args.all[0], pair])
}

fn heap_put(m: &mut Machine, answer: Answer, [queue, pair]: [Value; 2]) -> Native {
    if let Answer::Fault(fault) = answer {
        return failed(m, fault, Value::NotImplemented);
    }
    let (Some(sync), Some(&[heap, item])) = (super::sync::sync_in(m, queue), m.as_items(pair))
    else {
        return ok(Value::None);
    };
    let Some(list) = m.unwrap(heap).obj() else {
        return ok(Value::None);
    };
    match m.heap_push(list, item) {
        Ok(()) => ok(Value::None),
        Err(Undone::Error(raised)) => {
            m.kernel.forget_task(sync.id);
            Err(raised)
        }
        Err(Undone::Python) => {
            m.kernel.occupy_queue(sync.id, m.current);
            Ok(m.prelude("_queue_push", &[queue, heap, item]))
        }
    }
}

fn get_heap(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    let wait = wait(m, args.all[2], args.all[3])?;
    park_with(
        queue.id,
        Verb::Get(wait),
        heap_got,
        [args.all[0], args.all[1]],
    )
}

fn heap_got(m: &mut Machine, answer: Answer, [queue, heap]: [Value; 2]) -> Native {
    if let Answer::Fault(fault) = answer {
        return failed(m, fault, queue);
    }
    let (Some(sync), Some(list)) = (super::sync::sync_in(m, queue), m.unwrap(heap).obj()) else {
        return ok(Value::None);
    };
    match m.heap_pop(list) {
        Ok(item) => ok(item.unwrap_or(Value::None)),
        Err(Undone::Error(raised)) => Err(raised),
        Err(Undone::Python) => {
            m.kernel.occupy_queue(sync.id, m.current);
            Ok(m.prelude("_queue_pop", &[queue, heap]))
        }
    }
}

/// `vacate(size, failed)`: others may enter again.
fn vacate(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    let size = m
        .as_i64(args.all[1])
        .unwrap_or(0)
        .clamp(0, i64::from(u32::MAX)) as u32;
    let failed = args.all[2].is(Value::Bool(true));
    park(queue.id, Verb::Vacate { size, failed }, nothing)
}

/// `unseal()`: calls that wait in it, or come later, answer `NotImplemented` (those of `get` the queue itself). Whether this was the
/// first.
fn unseal(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    park(queue.id, Verb::Unseal, truth)
}

/// What a call answers that failed, or found the queue unsealed.
fn failed(m: &mut Machine, fault: Fault, unsealed: Value) -> Native {
    match fault {
        Fault::Unsealed => ok(unsealed),
        fault => Err(raise_fault(m, fault)),
    }
}

/// After an operation that tells nothing or a number.
fn told(m: &mut Machine, answer: Answer, _: [Value; 2]) -> Native {
    match answer {
        Answer::Fault(fault) => failed(m, fault, Value::NotImplemented),
        Answer::Int(n) => ok(Value::Int(n)),
        _ => ok(Value::None),
    }
}

fn task_done(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    park(queue.id, Verb::TaskDone, told)
}

fn join(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    park(queue.id, Verb::JoinTasks, told)
}

fn size(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    park(queue.id, Verb::Size, told)
}

/// `shutdown(container, immediate)`
fn shutdown(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    let immediate = m.truth(args.all[2]).unwrap_or(true);
    let container = if immediate { args.all[1] } else { Value::None };
    park_with(
        queue.id,
        Verb::ShutDown(immediate),
        shut,
        [container, Value::None],
    )
}

fn shut(m: &mut Machine, answer: Answer, [container, _]: [Value; 2]) -> Native {
    if let Answer::Fault(fault) = answer {
        return failed(m, fault, Value::NotImplemented);
    }
    match m.unwrap(container).obj().map(|id| m.heap.get_mut(id)) {
        Some(Obj::Deque(deque)) => deque.items.clear(),
        Some(Obj::List(items)) => items.clear(),
        _ => {}
    }
    ok(Value::None)
}

fn unfinished(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    match m.kernel.peek(queue.id) {
        Peek::Queue { unfinished, .. } => ok(Value::Int(i64::from(unfinished))),
        _ => ok(Value::None),
    }
}

fn is_shutdown(m: &mut Machine, args: &Args) -> Native {
    let queue = receiver(m, args, Ty::QueueSync)?;
    ok(Value::Bool(matches!(
        m.kernel.peek(queue.id),
        Peek::Queue { shut: true, .. }
    )))
}
