//! What a step touches, and which steps depend on each other.
//!
//! This is the one definition on which partial-order reduction, happens-before clocks, race detection and the normal form of
//! traces stand. Two steps of different threads are *dependent* when they touch one [`Resource`] in ways that do not
//! commute. Independent steps that follow each other may be swapped: both orders lead to the same state, and none makes
//! the other possible or impossible, with the exceptions told below.
//!
//! What is not here because it is program order: a thread's own steps, and that [`Op::Start`] comes before all steps of the
//! started thread. [`Op::Exit`] and [`Op::Join`] meet at [`Resource::Thread`].
//!
//! | step | touches |
//! | --- | --- |
//! | acquire, release | writes the object; releases of a semaphore without bound commute |
//! | condition: join | writes condition and lock |
//! | condition: notify | writes the condition, reads the lock |
//! | condition: give up | adds to the condition (commutes with others that give up, not with notify) |
//! | condition: spurious wakeup | writes the condition, takes from the budget |
//! | condition: reacquire | writes condition and lock |
//! | event: wait, read | reads |
//! | event: set, clear | `Clear` writes, and so does a `Set` that wakes a thread; any other `Set` adds |
//! | barrier | writes, reads of its numbers read |
//! | queue | `Size`, `Look` and `JoinTasks` read, all else writes |
//! | `Access` | reads or writes the part |
//! | `Output` | writes the stream |
//! | `Start(t)`, `Exit` of t | writes thread t, adds to the number of foreground threads |
//! | `Join(t)` | reads thread t |
//! | `Shutdown` | reads the number of foreground threads |
//! | `Survey` | reads the number of foreground threads |
//! | `Sleep`, and any operation that ends by its deadline | in `free` time: adds to the clock |
//! | `Clock` | reads the clock |
//! | `Yield` | nothing |
//! | any step of a thread of a child process | reads that process |
//! | `Kill(p)`, `Exit` of the main thread of p | writes process p, its main thread, and what its threads wait at |
//! | main from `Shutdown` on | also writes the process |
//! | any step of a daemon, or of others while main is beyond `Shutdown` | also reads the process |
//! | any step of a run with spurious wakeups | also reads the budget |
//!
//! The last step of main ends the process, and with it the daemons where they stand: hence `Process`. When only spurious wakeups
//! are left to do, the run is over or the clock jumps: hence any step, before which they may come, and they depend on each other.
//!
//! # Time
//!
//! Strictly, each step moves the clock by `step_cost`, and so depends on each other step. Taking that literally would leave
//! nothing to reduce, so it is not: orders that differ only in swaps of independent steps count as one even though their clock
//! readings may differ by step costs (in `free` time also by when another's sleep moved the clock), and even if thereby two
//! deadlines closer than that come in the other order. Where steps cost nothing (as exploration has it, if not told otherwise) this
//! is exact. What a sleep or timeout does to the order of things is kept. In `virtual` time the clock jumps when nobody can step:
//! so what was woken by a jump comes after all that was before it, for which no resource is needed. In `free` time a sleep moves the
//! clock itself. A timeout depends on whatever could have prevented it, because it touches the same object.

use crate::id::{SyncId, ThreadId};

use super::op::{Op, Part, Verb};
use super::sync::Object;
use super::thread::{MAIN, Phase};
use super::{Kernel, TimeMode};

pub use super::touch::{Mode, Resource, Thing, Touch};

/// All that a step touches.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Footprint {
    touches: Vec<Touch>,
}

impl Footprint {
    /// The touches.
    pub fn touches(&self) -> &[Touch] {
        &self.touches
    }
}

#[inline]
fn add(print: &mut Vec<Touch>, resource: Resource, mode: Mode) {
    print.push(Touch::new(resource, Part::Whole, mode));
}

/// Whether two touches do not commute.
#[inline]
pub fn conflict(a: &Touch, b: &Touch) -> bool {
    let conflict = a.conflicts(b);
    #[cfg(test)]
    let conflict = conflict && !mutation::hides(a, b);
    conflict
}

/// Whether two steps of different threads that touch these things depend on each other.
pub fn dependent(a: &[Touch], b: &[Touch]) -> bool {
    a.iter().any(|x| b.iter().any(|y| conflict(x, y)))
}

/// What the next step of the parked thread `t` touches, if it is taken now.
///
/// If `t` cannot step, this is what it will touch when it can, as far as that is known: what it waits for is included.
pub fn footprint(kernel: &Kernel, t: ThreadId) -> Footprint {
    let mut print = Footprint::default();
    footprint_onto(kernel, t, &mut print.touches);
    print
}

/// The same, put behind other touches.
pub fn footprint_onto(kernel: &Kernel, t: ThreadId, print: &mut Vec<Touch>) {
    let from = print.len();
    let thread = kernel.core.thread(t);
    match thread.pending {
        Op::Yield => {}
        Op::Clock => add(print, Resource::Clock, Mode::Read),
        Op::Survey => add(print, Resource::Foreground, Mode::Read),
        Op::Sleep(_) => {}
        Op::Output(stream) => add(print, Resource::Stream(stream), Mode::Write),
        Op::Access {
            object,
            part,
            write,
        } => {
            let mode = if write { Mode::Write } else { Mode::Read };
            print.push(Touch::new(Resource::Heap(object), part, mode));
        }
        Op::Start(child) => {
            add(print, Resource::Thread(child), Mode::Write);
            add(print, Resource::Foreground, Mode::Add);
        }
        Op::Exit => {
            add(print, Resource::Thread(t), Mode::Write);
            add(print, Resource::Foreground, Mode::Add);
            if thread.process == t {
                killing(kernel, print, from, t);
            }
        }
        Op::Kill(main) => {
            add(print, Resource::Thread(main), Mode::Write);
            add(print, Resource::Foreground, Mode::Add);
            killing(kernel, print, from, main);
        }
        Op::Join(target, _) => add(print, Resource::Thread(target), Mode::Read),
        Op::Shutdown => add(print, Resource::Foreground, Mode::Read),
        Op::Sync(id, verb) => sync_footprint(kernel, print, t, id, verb),
    }
    let head = &kernel.core.head;
    let own = Resource::Process(thread.process);
    if t == MAIN {
        if head.closing || thread.pending == Op::Shutdown {
            add(print, own, Mode::Write);
        }
    } else if (thread.process != MAIN || thread.daemon || head.closing)
        && print[from..]
            .iter()
            .all(|touch| touch.thing() != own.thing())
    {
        add(print, own, Mode::Read);
    }
    if kernel.core.config.time == TimeMode::Free && kernel.core.rare().due.contains(t) {
        add(print, Resource::Clock, Mode::Add);
    }
    if kernel.core.config.spurious > 0 {
        let wakes = kernel.core.rare().spurious.contains(t);
        add(
            print,
            Resource::Budget,
            if wakes { Mode::Write } else { Mode::Read },
        );
    }
}

/// Whether what the next step of `t` touches follows from its operation, its phase and the [`own_mode`] alone, as long as it is
/// [`undisturbed`]: two such steps touch the same, whoever takes them.
pub fn follows_from_op(kernel: &Kernel, t: ThreadId) -> bool {
    let pending = kernel.core.thread(t).pending;
    !matches!(pending, Op::Exit | Op::Kill(_) | Op::Shutdown) && undisturbed(kernel, t)
}

/// Whether nothing but its operation adds to what the next step of `t` touches: no end of a process, free time or spurious wakeup.
#[inline(always)]
pub fn undisturbed(kernel: &Kernel, t: ThreadId) -> bool {
    undisturbed_op(kernel, t).is_some()
}

/// The operation that `t` is parked in front of, or within, and where it is within that, if it is [`undisturbed`].
#[inline(always)]
pub fn undisturbed_op(kernel: &Kernel, t: ThreadId) -> Option<(&Op, Phase)> {
    let core = &kernel.core;
    let thread = core.thread(t);
    let undisturbed = thread.process == MAIN
        && !thread.daemon
        && !core.head.closing
        && core.config.spurious == 0
        && (core.config.time != TimeMode::Free || !core.rare().due.contains(t));
    undisturbed.then_some((&thread.pending, thread.phase))
}

/// The end of all threads of a process: it meets each of their steps, and whoever deals with what they wait at.
fn killing(kernel: &Kernel, print: &mut Vec<Touch>, from: usize, main: ThreadId) {
    add(print, Resource::Process(main), Mode::Write);
    for t in kernel.live().filter(|t| kernel.process_of(*t) == main) {
        let met = match kernel.core.thread(t).pending {
            Op::Sync(id, _) => Resource::Sync(id),
            Op::Join(target, _) => Resource::Thread(target),
            _ => continue,
        };
        if print[from..]
            .iter()
            .all(|touch| touch.thing() != met.thing())
        {
            add(print, met, Mode::Write);
        }
    }
}

fn sync_footprint(kernel: &Kernel, print: &mut Vec<Touch>, t: ThreadId, id: SyncId, verb: Verb) {
    if let Object::Condition(condition) = kernel.objects.get(id.0) {
        let phase = kernel.core.thread(t).phase;
        match verb {
            Verb::Wait(_) if phase == Phase::Waiting => {}
            Verb::Wait(_) => add(print, Resource::Sync(condition.lock), Mode::Write),
            _ => add(print, Resource::Sync(condition.lock), Mode::Read),
        }
    }
    add(print, Resource::Sync(id), own_mode(kernel, t, id, verb));
}

/// How the next step of `t` touches the synchronisation object that it does this to.
pub fn own_mode(kernel: &Kernel, t: ThreadId, id: SyncId, verb: Verb) -> Mode {
    mode_of(kernel, t, kernel.objects.get(id.0), verb)
}

#[inline(always)]
pub(super) fn mode_of(kernel: &Kernel, t: ThreadId, object: &Object, verb: Verb) -> Mode {
    match (object, verb) {
        (Object::Condition(_), Verb::Wait(_)) => {
            let waits = kernel.core.thread(t).phase == Phase::Waiting;
            match waits && kernel.core.rare().due.contains(t) {
                true => Mode::Add,
                false => Mode::Write,
            }
        }
        (Object::Condition(_), _) => Mode::Write,
        (Object::Semaphore(semaphore), Verb::Release(_)) if semaphore.unbounded() => Mode::Add,
        // Of several that could wake a thread it is the first that does.
        (Object::Event(event), Verb::Set) if event.waiting.is_empty() => Mode::Add,
        (
            _,
            Verb::Locked
            | Verb::Owned
            | Verb::IsSet
            | Verb::Waiting
            | Verb::Broken
            | Verb::Size
            | Verb::Look(_),
        ) => Mode::Read,
        (Object::Event(_), Verb::Wait(_)) | (_, Verb::JoinTasks) => Mode::Read,
        _ => Mode::Write,
    }
}

/// Mistakes in the relation, made on purpose: to see that tests find them.
#[cfg(test)]
pub(crate) mod mutation {
    use super::Touch;
    use std::cell::Cell;

    /// Tells which conflicts go unseen.
    pub(crate) type Mutant = fn(&Touch, &Touch) -> bool;

    thread_local! {
        static MUTANT: Cell<Option<Mutant>> = const { Cell::new(None) };
    }

    pub(super) fn hides(a: &Touch, b: &Touch) -> bool {
        MUTANT
            .get()
            .is_some_and(|mutant| mutant(a, b) || mutant(b, a))
    }

    /// Makes a mistake while `f` runs.
    pub(crate) fn with<T>(mutant: Mutant, f: impl FnOnce() -> T) -> T {
        MUTANT.set(Some(mutant));
        let done = f();
        MUTANT.set(None);
        done
    }
}
