//! Visible operations: what a thread can be parked in front of, and what comes back.
//!
//! The vm hands an [`Op`] over as a value and gets an [`Answer`] as a value. The kernel knows nothing of Python: heap
//! objects are numbers to it, and misuse is a [`Fault`] that the vm turns into the exception with CPython's words.

use crate::id::{NameId, ObjId, SyncId, ThreadId};

/// How long an operation may wait.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Wait {
    /// Do it now or fail (`blocking=False`).
    Never,
    /// Until it succeeds.
    Forever,
    /// At most so many nanoseconds of virtual time.
    For(u64),
}

/// Which part of a heap object an access touches. Two accesses of one object conflict when their parts may overlap.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// The whole object (its length, its iteration order, any item).
    Whole,
    /// An attribute of an instance, class or module (a global variable is an attribute of its module).
    Attr(NameId),
    /// An item of a list, by index from the start.
    Index(u32),
    /// A key of a dict or set, by a number made of its hash: keys that share it count as one.
    Key(u32),
    /// The content of a closure cell.
    Cell,
}

/// A visible operation: the unit of scheduling.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    /// Begin a created thread (`Thread.start`).
    Start(ThreadId),
    /// Wait for a thread's end (`Thread.join`). Answers `Bool(ended)`.
    Join(ThreadId, Wait),
    /// The thread's last step.
    Exit,
    /// Ends all threads of the process with this main thread, wherever they stand (`Process.kill`, `os._exit`).
    Kill(ThreadId),
    /// Main's wait for the non-daemon threads of its process at interpreter exit (`threading._shutdown`).
    Shutdown,
    /// `time.sleep`, in nanoseconds.
    Sleep(u64),
    /// A place where CPython with the GIL may switch, or where a long stretch of invisible code is cut.
    Yield,
    /// Looks at which threads live (`threading.enumerate`, `threading.active_count`).
    Survey,
    /// Reads the clock (`time.time`, `time.monotonic`).
    Clock,
    /// One write to a stream: 1 stdout, 2 stderr. The text stays with the vm.
    Output(u8),
    /// Reads or writes part of a heap object that several threads can reach.
    Access {
        /// The object.
        object: ObjId,
        /// The part of it.
        part: Part,
        /// Whether it may change the part.
        write: bool,
    },
    /// An operation on a synchronisation object.
    Sync(SyncId, Verb),
}

impl Op {
    /// What is done to a synchronisation object, if that is what this is.
    pub fn verb(self) -> Option<Verb> {
        match self {
            Op::Sync(_, verb) => Some(verb),
            _ => None,
        }
    }

    /// How long it may wait, for operations that are told.
    pub fn wait(self) -> Option<Wait> {
        match self {
            Op::Join(_, wait)
            | Op::Sync(
                _,
                Verb::Acquire(wait)
                | Verb::Wait(wait)
                | Verb::Arrive(wait)
                | Verb::Put(wait)
                | Verb::Get(wait)
                | Verb::Look(wait),
            ) => Some(wait),
            _ => None,
        }
    }
}

/// What is done to a synchronisation object. Which verbs an object knows is told in its file under `kernel/sync/`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Verb {
    /// Lock, RLock, Semaphore: take. Answers `Bool(taken)`.
    Acquire(Wait),
    /// Lock, RLock: give back. Semaphore: give `n` permits.
    Release(u32),
    /// Lock, RLock: whether somebody holds it. Answers `Bool`.
    Locked,
    /// RLock: whether the caller holds it. Answers `Bool`.
    Owned,
    /// Condition, Event: wait for notification or flag. Answers `Bool(notified or set)`.
    Wait(Wait),
    /// Condition: wake up to `n` waiters.
    Notify(u32),
    /// Condition: wake all waiters.
    NotifyAll,
    /// Event: raise the flag.
    Set,
    /// Event: lower the flag.
    Clear,
    /// Event: the flag. Answers `Bool`.
    IsSet,
    /// Barrier: arrive. Answers `Int(index)`; the last to arrive gets `Last(index)` and must run the action, then `Open`.
    Arrive(Wait),
    /// Barrier: the last arrival lets the others go (after the action).
    Open,
    /// Barrier: break it.
    Abort,
    /// Barrier: back to the empty state; waiters get `Fault::Broken`.
    Reset,
    /// Barrier: threads waiting now. Answers `Int`.
    Waiting,
    /// Barrier: whether it is broken. Answers `Bool`.
    Broken,
    /// Queue: room for one item is taken. Answers `None` (the vm stores the item in the same step).
    Put(Wait),
    /// Queue: one item is taken. Answers `None` (the vm removes the item in the same step).
    Get(Wait),
    /// Queue: wait until there is an item, or never will be. Answers `Bool`.
    Look(Wait),
    /// Queue: an item taken earlier is finished.
    TaskDone,
    /// Queue: wait until every item put is finished.
    JoinTasks,
    /// Queue: number of items. Answers `Int`.
    Size,
    /// Queue: let others in again who were kept out.
    Vacate {
        /// How many items there are now.
        size: u32,
        /// The item of the `Put` that occupied it was not put.
        failed: bool,
    },
    /// Queue: from now on the program's own hands are in it, and each call is told [`Fault::Unsealed`]. Answers `Bool(first)`.
    Unseal,
    /// Queue: shut down; `true` drops what is queued (the vm clears its items in the same step).
    ShutDown(bool),
}

/// What a performed operation gives back to the thread.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Answer {
    /// Nothing to tell.
    Done,
    /// A truth value.
    Bool(bool),
    /// A number.
    Int(i64),
    /// `Barrier`: the caller is the last to arrive, with this index.
    Last(i64),
    /// The clock, in nanoseconds since the epoch of the run's start time.
    Time(u64),
    /// Misuse or failure, to be raised as an exception.
    Fault(Fault),
}

/// Why an operation failed; each names one CPython exception.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Fault {
    /// `RuntimeError`: release of an unlocked Lock.
    ReleaseUnlocked,
    /// `RuntimeError`: release of an RLock that the caller does not hold.
    NotOwner,
    /// `RuntimeError`: wait on a condition whose lock the caller does not hold.
    WaitUnowned,
    /// `RuntimeError`: notify on a condition whose lock the caller does not hold.
    NotifyUnowned,
    /// `ValueError`: a BoundedSemaphore was released too many times.
    TooManyReleases,
    /// `BrokenBarrierError`.
    Broken,
    /// `queue.Empty`.
    Empty,
    /// `queue.Full`.
    Full,
    /// `queue.ShutDown`.
    ShutDown,
    /// None: the call goes on by way of the queue's own lock and conditions.
    Unsealed,
    /// `ValueError`: `task_done` called too many times.
    TaskDoneTooMany,
    /// `RuntimeError`: the thread was already started.
    AlreadyStarted,
    /// `RuntimeError`: join of a thread that was not started.
    JoinUnstarted,
    /// `RuntimeError`: join of the calling thread.
    JoinSelf,
    /// `RuntimeError`: the join would wait for a thread that waits at exit for the caller (3.13: daemon at shutdown).
    JoinDeadlock,
}
