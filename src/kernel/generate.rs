//! Programs of operations by chance.

use std::ops::Range;

use proptest::prelude::*;
use proptest::strategy::Union;

use super::op::{Op, Part, Verb, Wait};
use super::testing::Program;
use super::{SyncKind, TimeMode};
use crate::id::{ObjId, SyncId, ThreadId};

/// What programs are made of.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) threads: Range<usize>,
    /// Operations of each thread.
    pub(crate) ops: Range<usize>,
    /// Sleeps and timeouts are multiples of so many nanoseconds.
    pub(crate) unit: u64,
    /// How often there are writes to stdout, looks at the clock, looks at who lives: by weight.
    pub(crate) outputs: u32,
    pub(crate) clocks: u32,
    pub(crate) surveys: u32,
    /// Threads from this one on are daemons.
    pub(crate) daemons: usize,
    /// Only operations of these kinds, if there are any.
    pub(crate) only: &'static [&'static str],
}

impl Shape {
    /// Programs all of whose runs can be taken.
    pub(crate) const SMALL: Shape = Shape {
        threads: 2..4,
        ops: 0..5,
        unit: 1_000_000,
        outputs: 1,
        clocks: 0,
        surveys: 0,
        daemons: usize::MAX,
        only: &[],
    };
}

/// One object of each kind and more; conditions on both kinds of lock.
pub(crate) const KINDS: [SyncKind; 9] = [
    SyncKind::Lock,
    SyncKind::RLock,
    SyncKind::Condition { lock: SyncId(0) },
    SyncKind::Condition { lock: SyncId(1) },
    SyncKind::Semaphore {
        value: 1,
        bound: None,
    },
    SyncKind::Semaphore {
        value: 1,
        bound: Some(2),
    },
    SyncKind::Event,
    SyncKind::Barrier { parties: 2 },
    SyncKind::Queue { capacity: 1 },
];

fn wait(unit: u64) -> impl Strategy<Value = Wait> {
    prop_oneof![3 => Just(Wait::Forever), 1 => Just(Wait::Never), 1 => (1u64..4).prop_map(move |n| Wait::For(n * unit))]
}

fn verbs(on: u32, verbs: BoxedStrategy<Verb>) -> BoxedStrategy<Op> {
    verbs
        .prop_map(move |verb| Op::Sync(SyncId(on), verb))
        .boxed()
}

fn op(shape: &Shape) -> BoxedStrategy<Op> {
    let (threads, unit) = (shape.threads.end as u32 - 1, shape.unit);
    let one = |verb| Just(verb).boxed();
    let waiting = |make: fn(Wait) -> Verb| wait(unit).prop_map(make).boxed();
    let lock = || {
        prop_oneof![
            4 => waiting(Verb::Acquire),
            3 => one(Verb::Release(1)),
            1 => one(Verb::Locked)
        ]
        .boxed()
    };
    let condition = || {
        let notify = (1u32..3).prop_map(Verb::Notify).boxed();
        prop_oneof![3 => waiting(Verb::Wait), 2 => notify, 1 => one(Verb::NotifyAll)].boxed()
    };
    let permits = || prop_oneof![waiting(Verb::Acquire), (1u32..3).prop_map(Verb::Release)].boxed();
    let event = prop_oneof![
        waiting(Verb::Wait),
        one(Verb::Set),
        one(Verb::Clear),
        one(Verb::IsSet)
    ]
    .boxed();
    let barrier = prop_oneof![
        4 => waiting(Verb::Arrive), 1 => one(Verb::Abort), 1 => one(Verb::Reset), 1 => one(Verb::Waiting),
        1 => one(Verb::Broken),
    ];
    let queue = prop_oneof![
        3 => waiting(Verb::Put), 3 => waiting(Verb::Get), 1 => one(Verb::TaskDone), 1 => one(Verb::JoinTasks),
        1 => one(Verb::Size), 1 => any::<bool>().prop_map(Verb::ShutDown),
    ];
    let access = (0u32..2, 0u32..2, any::<bool>()).prop_map(|(object, index, write)| {
        let part = if index == 0 {
            Part::Whole
        } else {
            Part::Index(index)
        };
        Op::Access {
            object: ObjId(object),
            part,
            write,
        }
    });
    let sleep = (0u64..3).prop_map(move |n| Op::Sleep(n * unit));
    let join = (0..threads, wait(unit)).prop_map(|(t, wait)| Op::Join(ThreadId(t), wait));
    let all = [
        ("lock", 4, verbs(0, lock())),
        ("rlock", 4, verbs(1, lock())),
        ("condition", 3, verbs(2, condition())),
        ("condition of rlock", 2, verbs(3, condition())),
        ("semaphore", 2, verbs(4, permits())),
        ("bounded semaphore", 1, verbs(5, permits())),
        ("event", 2, verbs(6, event)),
        ("barrier", 2, verbs(7, barrier.boxed())),
        ("queue", 3, verbs(8, queue.boxed())),
        ("sleep", 1, sleep.boxed()),
        ("join", 1, join.boxed()),
        (
            "start",
            1,
            (1..threads).prop_map(|t| Op::Start(ThreadId(t))).boxed(),
        ),
        ("access", 3, access.boxed()),
        ("yield", 1, Just(Op::Yield).boxed()),
        ("output", shape.outputs, Just(Op::Output(1)).boxed()),
        ("clock", shape.clocks, Just(Op::Clock).boxed()),
        ("survey", shape.surveys, Just(Op::Survey).boxed()),
    ];
    for name in shape.only {
        assert!(all.iter().any(|kind| kind.0 == *name), "no kind {name}");
    }
    let kept = all.into_iter().filter(|(name, weight, _)| {
        *weight > 0 && (shape.only.is_empty() || shape.only.contains(name))
    });
    Union::new_weighted(kept.map(|(_, weight, ops)| (weight, ops)).collect()).boxed()
}

/// What matters of a program when a test fails.
#[derive(Clone)]
pub(crate) struct Shown(pub(crate) Program);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let config = &self.0.config;
        write!(
            f,
            "{:?} spurious={} fifo={} {:?}",
            config.time, config.spurious, config.fifo, self.0.threads
        )
    }
}

/// Programs of this shape, under all options that mean something.
pub(crate) fn program(shape: Shape) -> impl Strategy<Value = Shown> {
    let daemons = shape.daemons;
    let ops = prop::collection::vec(op(&shape), shape.ops);
    let threads = prop::collection::vec(ops, shape.threads);
    (threads, any::<bool>(), 0u32..2, any::<bool>()).prop_map(
        move |(threads, free, spurious, fifo)| {
            let mut program = Program::new(&KINDS, &[]);
            program.daemons = daemons;
            program.threads = threads;
            let count = program.threads.len() as u32;
            for ops in &mut program.threads {
                ops.retain(|op| match op {
                    Op::Start(t) | Op::Join(t, _) => t.0 < count,
                    _ => true,
                });
            }
            Shown(program.with(|config| {
                config.time = if free {
                    TimeMode::Free
                } else {
                    TimeMode::Virtual
                };
                config.spurious = spurious;
                config.fifo = fifo;
                config.step_cost = 0;
            }))
        },
    )
}
