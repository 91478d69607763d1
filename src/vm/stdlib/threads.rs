//! Threads, for `vm/py/threading.py` and the prelude's half of it.

use super::sync::raise_fault;
use super::wait::optional_wait;
use crate::id::{ProcessId, ThreadId};
use crate::kernel::ThreadState;
use crate::kernel::op::{Answer, Fault, Op, Wait};
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::{Machine, ThreadInfo};
use crate::vm::names;
use crate::vm::native::{After, Args, Entry, Native, Out, Park, ok, pure};
use crate::vm::types::Ty;

/// Functions for `threading`.
pub const FUNCTIONS: &[Entry] = &[
    pure("thread_create", create, 1, 1),
    pure("thread_set_daemon", set_daemon, 2, 2),
    pure("start_thread", start_thread, 1, 1),
    pure("join_thread", join_thread, 2, 2),
    pure("is_thread_over", is_over, 1, 1),
    pure("thread_begun", begun, 1, 1),
    pure("thread_join", join, 2, 2),
    pure("thread_ended", ended, 1, 1),
    pure("thread_state", state, 1, 1),
    pure("thread_number", number, 0, 0),
    pure("thread_current", current, 0, 0),
    pure("thread_object", object, 1, 1),
    pure("thread_set_object", set_object, 2, 2),
    pure("thread_live", live, 0, 0),
    pure("thread_look", look, 0, 0),
];

fn id_of(m: &Machine, value: Value) -> ThreadId {
    ThreadId(m.as_i64(value).unwrap_or(0) as u32)
}

/// `thread_create(daemon)`: a thread that is not started, by number.
fn create(m: &mut Machine, args: &Args) -> Native {
    let daemon = args.all[0].is(Value::Bool(true));
    let id = m.kernel.spawn(daemon);
    let process = m.kernel.process_of(m.current);
    m.kernel.set_process(id, process);
    ok(Value::Int(i64::from(id.0)))
}

fn set_daemon(m: &mut Machine, args: &Args) -> Native {
    let id = id_of(m, args.all[0]);
    let daemon = args.all[1].is(Value::Bool(true));
    m.kernel.set_daemon(id, daemon);
    ok(Value::None)
}

/// The number of a `Thread`, unless it was never made ready by `Thread.__init__`. Whether it was started is read with it.
fn number_of(m: &mut Machine, thread: Value) -> Option<ThreadId> {
    let object = thread.obj()?;
    let number = match m.heap.get(object) {
        Obj::Instance(instance) if instance.shape == m.number_slot.0 => {
            instance.slots[m.number_slot.1 as usize]
        }
        Obj::Instance(instance) => {
            let shape = instance.shape;
            if let Some(slot) = m.shapes.slot(shape, names::THREAD_NUMBER) {
                m.number_slot = (shape, slot as u32);
            }
            m.instance_attr(object, names::THREAD_NUMBER)?
        }
        _ => return None,
    };
    m.note_attr(object, names::THREAD_NUMBER, false);
    Some(id_of(m, number))
}

/// `Thread.start(self)`
fn start_thread(m: &mut Machine, args: &Args) -> Native {
    let thread = args.all[0];
    let Some(id) = number_of(m, thread) else {
        return Err(m.raise(Ty::RuntimeError, "thread.__init__() not called"));
    };
    if m.kernel.state(id) != ThreadState::Created {
        return Err(raise_fault(m, Fault::AlreadyStarted));
    }
    m.prepare_thread(id, thread);
    remember(m, id, thread);
    m.infos.get_mut(id.0).process = m.image.process;
    Ok(Out::Park(Park {
        op: Op::Start(id),
        after: started,
        extra: Some([thread, Value::None]),
    }))
}

fn started(m: &mut Machine, answer: Answer, [thread, _]: [Value; 2]) -> Native {
    if let Answer::Fault(fault) = answer {
        return Err(raise_fault(m, fault));
    }
    // Those who ask whether it was started read its number.
    if let Value::Obj(object) = thread {
        m.note_attr(object, names::THREAD_NUMBER, true);
    }
    ok(Value::None)
}

/// `Thread.join(self, timeout)`
fn join_thread(m: &mut Machine, args: &Args) -> Native {
    let Some(id) = number_of(m, args.all[0]) else {
        return Err(m.raise(Ty::RuntimeError, "Thread.__init__() not called"));
    };
    if m.kernel.state(id) == ThreadState::Created {
        return Err(raise_fault(m, Fault::JoinUnstarted));
    }
    let timeout = args.all[1];
    if !timeout.is_none() && m.as_f64(timeout).is_none() && m.as_bigint(timeout).is_none() {
        let name = m.type_name(timeout);
        let message = format!("'>' not supported between instances of 'int' and '{name}'");
        return Err(m.type_error(message));
    }
    join_for(m, id, timeout, thread_joined)
}

/// `thread_join(number, timeout)`
fn join(m: &mut Machine, args: &Args) -> Native {
    join_for(m, id_of(m, args.all[0]), args.all[1], joined)
}

fn join_for(m: &mut Machine, id: ThreadId, timeout: Value, after: After) -> Native {
    if id == m.current {
        return Err(raise_fault(m, Fault::JoinSelf));
    }
    let wait = optional_wait(m, timeout)?;
    Ok(Out::Park(Park {
        op: Op::Join(id, wait),
        after,
        extra: None,
    }))
}

fn thread_joined(m: &mut Machine, answer: Answer, _: [Value; 2]) -> Native {
    match answer {
        Answer::Fault(fault) => Err(raise_fault(m, fault)),
        _ => ok(Value::None),
    }
}

fn joined(m: &mut Machine, answer: Answer, _: [Value; 2]) -> Native {
    match answer {
        Answer::Fault(fault) => Err(raise_fault(m, fault)),
        Answer::Bool(ended) => ok(Value::Bool(ended)),
        _ => ok(Value::None),
    }
}

/// `thread_ended(number)`, of a started thread: a join that does not wait.
fn ended(m: &mut Machine, args: &Args) -> Native {
    let id = id_of(m, args.all[0]);
    look_for_end(m, id)
}

/// `is_thread_over(thread)`: whether a `Thread` does not live, because it has ended or was not started.
fn is_over(m: &mut Machine, args: &Args) -> Native {
    let Some(id) = number_of(m, args.all[0]) else {
        return Err(m.raise(Ty::AssertionError, "Thread.__init__() not called"));
    };
    if m.kernel.state(id) == ThreadState::Created {
        return ok(Value::Bool(true));
    }
    look_for_end(m, id)
}

fn look_for_end(m: &Machine, id: ThreadId) -> Native {
    if id == m.current {
        return ok(Value::Bool(false));
    }
    // A copy of the `Thread` of another process, where the fork left that thread behind.
    let process = m.kernel.process_of(id);
    if process != id && process != m.kernel.process_of(m.current) {
        return ok(Value::Bool(true));
    }
    Ok(Out::Park(Park {
        op: Op::Join(id, Wait::Never),
        after: joined,
        extra: None,
    }))
}

/// `thread_begun(number)`: whether the thread was started.
fn begun(m: &mut Machine, args: &Args) -> Native {
    let state = m.kernel.state(id_of(m, args.all[0]));
    ok(Value::Bool(state != ThreadState::Created))
}

/// `thread_state(number)`: `initial`, `started` or `stopped`, for `repr`.
fn state(m: &mut Machine, args: &Args) -> Native {
    let state = match m.kernel.state(id_of(m, args.all[0])) {
        ThreadState::Created => "initial",
        ThreadState::Ended => "stopped",
        _ => "started",
    };
    ok(m.str(state))
}

/// The next number for a thread's default name.
fn number(m: &mut Machine, _: &Args) -> Native {
    let counter = match m.image.process {
        ProcessId(0) => &mut m.header.thread_counter,
        process => &mut m.processes.get_mut(process.0).thread_counter,
    };
    *counter += 1;
    ok(Value::Int(i64::from(*counter)))
}

fn current(m: &mut Machine, _: &Args) -> Native {
    ok(Value::Int(i64::from(m.current.0)))
}

/// `thread_object(number)`: the `Thread` object, or `None`.
fn object(m: &mut Machine, args: &Args) -> Native {
    let id = id_of(m, args.all[0]);
    if id.index() >= m.infos.len() {
        return ok(Value::None);
    }
    match m.infos.get(id.0).object {
        Value::Unbound => ok(Value::None),
        object => ok(object),
    }
}

fn set_object(m: &mut Machine, args: &Args) -> Native {
    let id = id_of(m, args.all[0]);
    remember(m, id, args.all[1]);
    ok(Value::None)
}

fn remember(m: &mut Machine, id: ThreadId, object: Value) {
    while m.infos.len() <= id.index() {
        m.infos.insert(ThreadInfo::default());
    }
    m.heap.publish(object);
    m.infos.get_mut(id.0).object = object;
}

/// The `Thread` objects of all live threads of the process, in order of making.
fn live(m: &mut Machine, _: &Args) -> Native {
    let process = m.kernel.process_of(m.current);
    let ids: Vec<ThreadId> = (m.kernel.live())
        .filter(|t| m.kernel.process_of(*t) == process)
        .collect();
    let objects = ids
        .into_iter()
        .filter(|id| id.index() < m.infos.len())
        .map(|id| m.infos.get(id.0).object)
        .filter(|o| !o.is_unbound())
        .collect();
    ok(m.list(objects))
}

/// A scheduling point in front of a look at the set of threads.
fn look(_: &mut Machine, _: &Args) -> Native {
    Ok(Out::Park(Park {
        op: Op::Survey,
        after: looked,
        extra: None,
    }))
}

fn looked(_: &mut Machine, _: Answer, _: [Value; 2]) -> Native {
    ok(Value::None)
}
