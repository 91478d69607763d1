//! `threading.Barrier`. `extra` of its object is a tuple of action and default timeout.

use super::bind::bind;
use super::sync::{
    create, for_subclass, nothing, park, park_with, raise_fault, receiver, replace, sync_in, truth,
};
use super::wait::optional_wait;
use crate::kernel::op::{Answer, Verb};
use crate::kernel::{Peek, SyncKind};
use crate::value::Value;
use crate::value::object::{Sync, SyncType};
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Effect, Entry, Native, NativeFn, Raise, Signature, ok, pure};
use crate::vm::types::Ty;

/// Methods of `Barrier`.
pub const METHODS: &[Entry] = &[
    ("__init__", init, Signature::Any, Effect::Pure),
    ("wait", wait, Signature::Any, Effect::Pure),
    pure("_wait_with", wait_with, 3, 3),
    pure("abort", abort, 1, 1),
    pure("reset", reset, 1, 1),
    pure("_open", open, 1, 1),
];

/// Attributes of `Barrier`.
pub const GETTERS: &[(&str, NativeFn)] = &[
    ("parties", parties),
    ("n_waiting", n_waiting),
    ("broken", broken),
    ("_action", action),
    ("_timeout", timeout),
];

const PARAMS: &[&str] = &["self", "parties", "action", "timeout"];

/// `Barrier(parties, action=None, timeout=None)`
pub fn construct(m: &mut Machine, args: &Args) -> Native {
    if for_subclass(args, Ty::Barrier) {
        return Ok(make(m, Value::Int(1), [Value::None; 2])?.into());
    }
    let bound = bind(m, args, "Barrier.__init__", PARAMS, 2)?;
    Ok(make(m, bound[1], [bound[2], bound[3]])?.into())
}

fn init(m: &mut Machine, args: &Args) -> Native {
    let bound = bind(m, args, "Barrier.__init__", PARAMS, 2)?;
    let made = make(m, bound[1], [bound[2], bound[3]])?;
    replace(m, bound[0], made);
    ok(Value::None)
}

fn make(m: &mut Machine, parties: Value, options: [Value; 2]) -> Result<Value, Raise> {
    let parties = match m.as_i64(parties) {
        Some(n) if n < 1 => return Err(m.value_error("parties must be > 0")),
        Some(n) => n.min(i64::from(u32::MAX)) as u32,
        None => {
            let message = match m.as_f64(parties) {
                Some(_) => "raddle: a barrier's parties must be an int".to_owned(),
                None => format!(
                    "'<' not supported between instances of '{}' and 'int'",
                    m.type_name(parties)
                ),
            };
            return Err(m.type_error(message));
        }
    };
    let options = options.map(|v| if v.is_unbound() { Value::None } else { v });
    let extra = m.tuple(options);
    Ok(create(
        m,
        SyncType::Barrier,
        SyncKind::Barrier { parties },
        extra,
    ))
}

fn options(m: &Machine, barrier: Sync) -> [Value; 2] {
    match m.as_items(barrier.extra) {
        Some(&[action, timeout]) => [action, timeout],
        _ => [Value::None; 2],
    }
}

fn parties(m: &mut Machine, args: &Args) -> Native {
    let barrier = receiver(m, args, Ty::Barrier)?;
    match m.kernel.peek(barrier.id) {
        Peek::Barrier { parties, .. } => ok(Value::Int(i64::from(parties))),
        _ => ok(Value::None),
    }
}

fn n_waiting(m: &mut Machine, args: &Args) -> Native {
    let barrier = receiver(m, args, Ty::Barrier)?;
    park(barrier.id, Verb::Waiting, truth)
}

fn broken(m: &mut Machine, args: &Args) -> Native {
    let barrier = receiver(m, args, Ty::Barrier)?;
    park(barrier.id, Verb::Broken, truth)
}

fn action(m: &mut Machine, args: &Args) -> Native {
    let barrier = receiver(m, args, Ty::Barrier)?;
    ok(options(m, barrier)[0])
}

fn timeout(m: &mut Machine, args: &Args) -> Native {
    let barrier = receiver(m, args, Ty::Barrier)?;
    ok(options(m, barrier)[1])
}

fn wait(m: &mut Machine, args: &Args) -> Native {
    let bound = bind(m, args, "Barrier.wait", &["self", "timeout"], 1)?;
    let barrier = receiver(m, args, Ty::Barrier)?;
    let timeout = match bound[1] {
        Value::Unbound | Value::None => options(m, barrier)[1],
        timeout => timeout,
    };
    let wait = optional_wait(m, timeout)?;
    park_with(
        barrier.id,
        Verb::Arrive(wait),
        arrived,
        [bound[0], Value::None],
    )
}

/// `_wait_with(action, timeout)`, of barriers that several processes have in common: the action is the caller's own.
fn wait_with(m: &mut Machine, args: &Args) -> Native {
    let barrier = receiver(m, args, Ty::Barrier)?;
    let wait = optional_wait(m, args.all[2])?;
    park_with(
        barrier.id,
        Verb::Arrive(wait),
        arrived,
        [args.all[0], args.all[1]],
    )
}

/// A thread leaves, or is the last to arrive and runs the action before it lets the others go.
fn arrived(m: &mut Machine, answer: Answer, [this, action]: [Value; 2]) -> Native {
    match answer {
        Answer::Int(index) => ok(Value::Int(index)),
        Answer::Last(index) => {
            let Some(barrier) = sync_in(m, this) else {
                return ok(Value::None);
            };
            let action = match action {
                Value::None => options(m, barrier)[0],
                action => action,
            };
            if action.is_none() {
                return park_with(
                    barrier.id,
                    Verb::Open,
                    opened,
                    [Value::Int(index), Value::None],
                );
            }
            Ok(m.prelude("_barrier_action", &[this, action, Value::Int(index)]))
        }
        Answer::Fault(fault) => Err(raise_fault(m, fault)),
        _ => ok(Value::None),
    }
}

fn opened(_: &mut Machine, _: Answer, [index, _]: [Value; 2]) -> Native {
    ok(index)
}

/// The last arrival's action is done: the prelude lets the others go.
fn open(m: &mut Machine, args: &Args) -> Native {
    let barrier = receiver(m, args, Ty::Barrier)?;
    park(barrier.id, Verb::Open, nothing)
}

fn abort(m: &mut Machine, args: &Args) -> Native {
    let barrier = receiver(m, args, Ty::Barrier)?;
    park(barrier.id, Verb::Abort, nothing)
}

fn reset(m: &mut Machine, args: &Args) -> Native {
    let barrier = receiver(m, args, Ty::Barrier)?;
    park(barrier.id, Verb::Reset, nothing)
}
