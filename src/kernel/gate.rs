//! Who would be let through: what of an object's state decides whether a parked operation can go on.
//!
//! Partial-order reduction asks whether two dependent steps could have come in the other order. They could not when the later
//! one was shut out before the earlier: the release of a lock and the acquire that waited for it, a put and the get of an empty
//! queue, a thread's exit and its join. So each step notes the [`Gate`]s of what it touches as they were before it, and the later
//! operation says which of them it [needs](need).

use crate::id::{SyncId, ThreadId};

use super::Kernel;
use super::footprint::{Resource, Thing, Touch, footprint_onto, mode_of, undisturbed};
use super::op::{Op, Part, Verb, Wait};
use super::sync::{Object, barrier};
use super::thread::{Phase, ThreadState};

/// A set of ways through an object that are open: bits, whose meaning depends on the kind of object.
pub type Ways = u8;

/// Lock, RLock, semaphore: a newcomer may take it.
const TAKE: Ways = 1;
/// Queue: there is room, or it is shut down.
const PUT: Ways = 2;
/// Queue: there is an item, or it is shut down.
const GET: Ways = 4;
/// Queue: all tasks are done.
const TASKS: Ways = 8;
/// Queue, barrier: nobody is within it.
const CALL: Ways = 16;
/// Barrier: another thread may arrive.
const ARRIVE: Ways = 32;
/// Barrier: those held may leave.
const LEAVE: Ways = 64;
/// A thread: a join of it returns. The process: main may leave.
const PASS: Ways = 128;
/// The process: the step starts or ends a thread, and is none of those that main waits for.
pub const ASIDE: Ways = 1;

/// Something that a step touches, and which ways through it were open before the step.
pub type Gate = (Thing, Ways);

/// What a parked operation needs to go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Need {
    /// Nothing: it can go on always.
    #[default]
    Nothing,
    /// One of these ways through one object.
    Way(Resource, Ways),
    /// Another thread's step on its behalf (a notification), or time.
    Wakeup,
}

/// Tells all about the next step of the parked thread `t` that can only be known before it is taken: what it touches and which ways
/// are open through that, put behind those of others, and what it needs.
pub fn foresee(
    kernel: &Kernel,
    t: ThreadId,
    touches: &mut Vec<Touch>,
    gates: &mut Vec<Gate>,
) -> Need {
    match kernel.core.thread(t).pending {
        // The most frequent, where nothing adds to what they touch.
        Op::Sync(id, verb) if undisturbed(kernel, t) => {
            let object = kernel.objects.get(id.0);
            if !matches!(object, Object::Condition(_)) {
                let resource = Resource::Sync(id);
                let mode = mode_of(kernel, t, object, verb);
                touches.push(Touch::new(resource, Part::Whole, mode));
                gates.push((resource.thing(), object_ways(object)));
                return sync_need(kernel, t, object, id, verb);
            }
        }
        Op::Access { .. } if undisturbed(kernel, t) => {
            footprint_onto(kernel, t, touches);
            return Need::Nothing;
        }
        _ => {}
    }
    let from = touches.len();
    footprint_onto(kernel, t, touches);
    gates_onto(kernel, t, &touches[from..], gates);
    need(kernel, t)
}

/// Tells which ways are open through all that a step of `t` touches: puts them behind others.
fn gates_onto(kernel: &Kernel, t: ThreadId, touches: &[Touch], gates: &mut Vec<Gate>) {
    for touch in touches {
        let resource = touch.resource();
        let ways = match resource {
            Resource::Heap(_) | Resource::Stream(_) => continue,
            // Main waits for it.
            Resource::Foreground if kernel.process_of(t) != t && !kernel.is_daemon(t) => 0,
            Resource::Foreground => ASIDE,
            _ => 0,
        };
        if let Some(open) = open_ways(kernel, t, resource) {
            gates.push((touch.thing(), open | ways));
        }
    }
}

/// Whether what a parked operation needs is there.
pub fn is_open(kernel: &Kernel, t: ThreadId, need: Need) -> bool {
    match need {
        Need::Nothing => true,
        Need::Wakeup => false,
        Need::Way(resource, ways) => {
            open_ways(kernel, t, resource).is_some_and(|open| open & ways != 0)
        }
    }
}

/// The ways through a resource that are open, seen by a thread of this process.
fn open_ways(kernel: &Kernel, t: ThreadId, resource: Resource) -> Option<Ways> {
    let when = |open: bool| if open { PASS } else { 0 };
    Some(match resource {
        Resource::Sync(id) => object_ways(kernel.objects.get(id.0)),
        Resource::Thread(t) => when(matches!(
            kernel.state(t),
            ThreadState::Created | ThreadState::Ended
        )),
        Resource::Foreground => when(kernel.shutdown_admits(kernel.process_of(t))),
        _ => return None,
    })
}

#[inline]
fn object_ways(object: &Object) -> Ways {
    let when = |open: bool, way: Ways| if open { way } else { 0 };
    match object {
        Object::Lock(lock) => when(lock.holder.is_none(), TAKE),
        Object::RLock(lock) => when(lock.owner.is_none(), TAKE),
        Object::Semaphore(semaphore) => when(semaphore.value > 0, TAKE),
        Object::Condition(_) | Object::Event(_) => 0,
        Object::Barrier(barrier) => {
            let idle = barrier.busy.is_none();
            let open = matches!(
                barrier.state,
                barrier::State::Filling | barrier::State::Broken
            );
            when(idle, CALL)
                | when(idle && open, ARRIVE)
                | when(idle && barrier.state != barrier::State::Filling, LEAVE)
        }
        Object::Queue(queue) if queue.busy.is_some() => 0,
        Object::Queue(queue) => {
            CALL | when(queue.admits(Verb::Put(Wait::Forever)), PUT)
                | when(queue.admits(Verb::Get(Wait::Forever)), GET)
                | when(queue.admits(Verb::JoinTasks), TASKS)
        }
    }
}

/// What the parked thread `t` needs to take its next step.
pub fn need(kernel: &Kernel, t: ThreadId) -> Need {
    let due = || kernel.core.rare().due.contains(t);
    let thread = kernel.core.thread(t);
    match thread.pending {
        Op::Sync(id, verb) => sync_need(kernel, t, kernel.objects.get(id.0), id, verb),
        Op::Join(_, Wait::Never) => Need::Nothing,
        Op::Join(target, _) if target != t && !due() => Need::Way(Resource::Thread(target), PASS),
        Op::Sleep(_) if !due() => Need::Wakeup,
        Op::Shutdown => Need::Way(Resource::Foreground, PASS),
        _ => Need::Nothing,
    }
}

#[inline(always)]
fn sync_need(kernel: &Kernel, t: ThreadId, object: &Object, id: SyncId, verb: Verb) -> Need {
    let due = || kernel.core.rare().due.contains(t);
    let phase = kernel.core.thread(t).phase;
    let at_once =
        || phase == Phase::Front && Op::Sync(id, verb).wait() == Some(Wait::Never) || due();
    let way = |ways| Need::Way(Resource::Sync(id), ways);
    match (object, verb) {
        (Object::RLock(lock), Verb::Acquire(_)) if lock.owner == Some(t) => Need::Nothing,
        (Object::Lock(_) | Object::RLock(_) | Object::Semaphore(_), Verb::Acquire(_))
            if !at_once() =>
        {
            way(TAKE)
        }
        (Object::Condition(condition), Verb::Wait(_)) => match phase {
            Phase::Front => Need::Nothing,
            Phase::Waiting if due() || kernel.core.rare().spurious.contains(t) => Need::Nothing,
            Phase::Waiting => Need::Wakeup,
            Phase::Woken | Phase::GaveUp => Need::Way(Resource::Sync(condition.lock), TAKE),
        },
        (Object::Event(_), Verb::Wait(_)) if phase == Phase::Waiting && !due() => Need::Wakeup,
        (Object::Barrier(barrier), Verb::Arrive(_)) => match phase {
            Phase::Front => way(ARRIVE),
            _ if barrier.busy.is_none() && due() => way(CALL),
            _ => way(LEAVE),
        },
        (Object::Barrier(barrier), Verb::Abort) if barrier.busy == Some(t) => Need::Nothing,
        (Object::Barrier(_), Verb::Abort | Verb::Reset) => way(CALL),
        (Object::Queue(_), Verb::Vacate { .. }) => Need::Nothing,
        (Object::Queue(_), Verb::Put(_)) if !at_once() => way(PUT),
        (Object::Queue(_), Verb::Get(_)) if !at_once() => way(GET),
        (Object::Queue(_), Verb::JoinTasks) => way(TASKS),
        (Object::Queue(_), _) => way(CALL),
        _ => Need::Nothing,
    }
}
