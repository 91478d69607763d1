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
//! | event: wait, read | reads; `Set` adds, `Clear` writes |
//! | barrier | writes, reads of its numbers read |
//! | queue | `Size` and `JoinTasks` read, all else writes |
//! | `Access` | reads or writes the part |
//! | `Output` | writes the stream |
//! | `Start(t)`, `Exit` of t | writes thread t, adds to the number of foreground threads |
//! | `Join(t)` | reads thread t |
//! | `Shutdown` | reads the number of foreground threads |
//! | `Sleep`, and any operation that ends by its deadline | adds to the clock |
//! | `Clock` | reads the clock |
//! | `Yield` | nothing |
//!
//! # Time
//!
//! Strictly, each step moves the clock by `step_cost`, and so depends on each other step. Taking that literally would leave
//! nothing to reduce, so it is not: orders that differ only in swaps of independent steps count as one even though their clock
//! readings may differ by step costs (in `free` time also by when another's sleep moved the clock), and even if thereby two
//! deadlines closer than that come in the other order. What
//! a sleep or timeout does to the order of things is kept: it depends on clock readings (in `free` time it may move the clock), and a
//! timeout depends on whatever could have prevented it, because it touches the same object.

use smallvec::SmallVec;

use crate::id::{ObjId, SyncId, ThreadId};

use super::Kernel;
use super::op::{Op, Part, Verb};
use super::sync::Object;
use super::thread::Phase;

/// Something that steps of several threads can touch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Resource {
    /// A synchronisation object.
    Sync(SyncId),
    /// A heap object.
    Heap(ObjId),
    /// A stream, 1 stdout or 2 stderr.
    Stream(u8),
    /// The life of a thread.
    Thread(ThreadId),
    /// The number of threads that exit waits for.
    Foreground,
    /// The clock.
    Clock,
    /// The spurious wakeups left.
    Budget,
}

/// How a step touches a resource.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Mode {
    /// Looks at it. Commutes with other reads.
    Read,
    /// Changes it in a way that commutes with other additions, but not with reads.
    Add,
    /// Changes it. Commutes with nothing.
    Write,
}

impl Mode {
    /// All of them.
    pub const ALL: [Mode; 3] = [Mode::Read, Mode::Add, Mode::Write];

    /// Whether touches of one thing in these modes lead to the same state in either order.
    #[inline]
    pub fn commutes(self, other: Mode) -> bool {
        self == other && self != Mode::Write
    }
}

/// One touch of one resource.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Touch {
    /// What is touched.
    pub resource: Resource,
    /// For heap objects, which part of it; else the whole.
    pub part: Part,
    /// How.
    pub mode: Mode,
}

/// All that a step touches.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Footprint {
    touches: SmallVec<[Touch; 3]>,
}

impl Footprint {
    /// The touches. No resource comes twice.
    pub fn touches(&self) -> &[Touch] {
        &self.touches
    }

    fn add(&mut self, resource: Resource, mode: Mode) {
        self.touches.push(Touch {
            resource,
            part: Part::Whole,
            mode,
        });
    }
}

/// Whether two parts of one object may overlap.
pub fn overlap(a: Part, b: Part) -> bool {
    a == b || a == Part::Whole || b == Part::Whole
}

/// Whether two touches do not commute.
pub fn conflict(a: &Touch, b: &Touch) -> bool {
    a.resource == b.resource && !a.mode.commutes(b.mode) && overlap(a.part, b.part)
}

/// Whether two steps of different threads depend on each other.
pub fn dependent(a: &Footprint, b: &Footprint) -> bool {
    a.touches
        .iter()
        .any(|x| b.touches.iter().any(|y| conflict(x, y)))
}

/// What the next step of the parked thread `t` touches, if it is taken now.
///
/// If `t` cannot step, this is what it will touch when it can, as far as that is known: what it waits for is included.
pub fn footprint(kernel: &Kernel, t: ThreadId) -> Footprint {
    let mut print = Footprint::default();
    let thread = kernel.core.thread(t);
    match thread.pending {
        Op::Yield => {}
        Op::Clock => print.add(Resource::Clock, Mode::Read),
        Op::Sleep(_) => print.add(Resource::Clock, Mode::Add),
        Op::Output(stream) => print.add(Resource::Stream(stream), Mode::Write),
        Op::Access {
            object,
            part,
            write,
        } => {
            let mode = if write { Mode::Write } else { Mode::Read };
            print.touches.push(Touch {
                resource: Resource::Heap(object),
                part,
                mode,
            });
        }
        Op::Start(child) => {
            print.add(Resource::Thread(child), Mode::Write);
            print.add(Resource::Foreground, Mode::Add);
        }
        Op::Exit => {
            print.add(Resource::Thread(t), Mode::Write);
            print.add(Resource::Foreground, Mode::Add);
        }
        Op::Join(target, _) => print.add(Resource::Thread(target), Mode::Read),
        Op::Shutdown => print.add(Resource::Foreground, Mode::Read),
        Op::Sync(id, verb) => sync_footprint(kernel, &mut print, t, id, verb),
    }
    let timed = !matches!(thread.pending, Op::Sleep(_));
    if timed && kernel.core.rare().due.contains(t) {
        print.add(Resource::Clock, Mode::Add);
    }
    if kernel.core.rare().spurious.contains(t) {
        print.add(Resource::Budget, Mode::Write);
    }
    print
}

fn sync_footprint(kernel: &Kernel, print: &mut Footprint, t: ThreadId, id: SyncId, verb: Verb) {
    let phase = kernel.core.thread(t).phase;
    let own = match (kernel.objects.get(id.0), verb) {
        (Object::Condition(condition), Verb::Wait(_)) => {
            if phase != Phase::Waiting {
                print.add(Resource::Sync(condition.lock), Mode::Write);
                Mode::Write
            } else if kernel.core.rare().due.contains(t) {
                Mode::Add
            } else {
                Mode::Write
            }
        }
        (Object::Condition(condition), _) => {
            print.add(Resource::Sync(condition.lock), Mode::Read);
            Mode::Write
        }
        (Object::Semaphore(semaphore), Verb::Release(_)) if semaphore.unbounded() => Mode::Add,
        (Object::Event(_), Verb::Set) => Mode::Add,
        (
            _,
            Verb::Locked | Verb::Owned | Verb::IsSet | Verb::Waiting | Verb::Broken | Verb::Size,
        ) => Mode::Read,
        (Object::Event(_), Verb::Wait(_)) | (_, Verb::JoinTasks) => Mode::Read,
        _ => Mode::Write,
    };
    print.add(Resource::Sync(id), own);
}
