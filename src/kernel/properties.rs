//! Random programs under random schedules: what must hold whatever they do.

use proptest::prelude::*;
use proptest::sample::Index;

use super::footprint::{dependent, footprint};
use super::op::{Op, Part, Verb, Wait};
use super::testing::{Program, Progress, audit};
use super::{
    Config, Kernel, KernelMark, Performed, Settled, SyncKind, ThreadId, ThreadState, TimeMode,
};
use crate::id::{ObjId, SyncId};

/// One object of each kind and more; conditions on both kinds of lock.
const KINDS: [SyncKind; 9] = [
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

fn wait() -> impl Strategy<Value = Wait> {
    prop_oneof![2 => Just(Wait::Forever), 1 => Just(Wait::Never), 2 => (0u64..9_000).prop_map(Wait::For)]
}

fn verbs(on: u32, verbs: BoxedStrategy<Verb>) -> BoxedStrategy<Op> {
    verbs
        .prop_map(move |verb| Op::Sync(SyncId(on), verb))
        .boxed()
}

fn op(threads: u32) -> BoxedStrategy<Op> {
    let one = |verb| Just(verb).boxed();
    let waiting = |make: fn(Wait) -> Verb| wait().prop_map(make).boxed();
    let lock = || {
        prop_oneof![
            waiting(Verb::Acquire),
            one(Verb::Release(1)),
            one(Verb::Locked)
        ]
        .boxed()
    };
    let condition = || {
        let notify = (0u32..3).prop_map(Verb::Notify).boxed();
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
    prop_oneof![
        3 => verbs(0, lock()), 3 => verbs(1, lock()), 3 => verbs(2, condition()), 3 => verbs(3, condition()),
        2 => verbs(4, permits()), 1 => verbs(5, permits()), 2 => verbs(6, event),
        3 => verbs(7, barrier.boxed()), 3 => verbs(8, queue.boxed()),
        1 => (0u64..9_000).prop_map(Op::Sleep),
        1 => (0..threads, wait()).prop_map(|(t, wait)| Op::Join(ThreadId(t), wait)),
        1 => (1..threads).prop_map(|t| Op::Start(ThreadId(t))),
        1 => access, 1 => Just(Op::Clock), 1 => Just(Op::Yield), 1 => Just(Op::Output(1)),
    ]
    .boxed()
}

fn program() -> impl Strategy<Value = Program> {
    let threads = prop::collection::vec(prop::collection::vec(op(4), 0..8), 4);
    let step_cost = prop_oneof![Just(0u64), Just(1_000)];
    (threads, any::<bool>(), 0u32..3, any::<bool>(), step_cost).prop_map(
        |(threads, free, spurious, fifo, step_cost)| {
            let time = if free {
                TimeMode::Free
            } else {
                TimeMode::Virtual
            };
            let config = Config {
                time,
                spurious,
                fifo,
                step_cost,
                ..Config::default()
            };
            Program {
                config,
                kinds: KINDS.to_vec(),
                threads,
            }
        },
    )
}

/// Takes one step of the random schedule; false at the end.
fn step(program: &Program, kernel: &mut Kernel, progress: &mut Progress, pick: Index) -> bool {
    if kernel.settle() == Settled::Deadlock {
        return false;
    }
    let t = kernel
        .enabled()
        .nth(pick.index(kernel.enabled().len()))
        .expect("index below len");
    let mut performed = kernel.step(t);
    while let Performed::Choose(options) = performed {
        performed = kernel.choose_waiter(pick.index(options));
    }
    program.after(kernel, progress, t, performed);
    true
}

/// The kernel with all deadlines alike: in `free` time they depend on when others moved the clock, and order nothing.
fn without_deadlines(mut kernel: Kernel) -> Kernel {
    if kernel.config().time == TimeMode::Free {
        for t in kernel.threads() {
            if kernel.deadline(t).is_some() {
                kernel.core.thread_mut(t).deadline = 0;
            }
        }
    }
    kernel
}

/// Performs the pending step of `t` without letting any thread go on to its next operation.
fn bare(kernel: &mut Kernel, t: ThreadId) -> Performed {
    let mut performed = kernel.step(t);
    while let Performed::Choose(_) = performed {
        performed = kernel.choose_waiter(0);
    }
    performed
}

proptest! {
    #![proptest_config(crate::testing::cases(400))]

    #[test]
    fn the_enabled_set_is_what_a_look_from_scratch_finds(
        program in program(), picks in prop::collection::vec(any::<Index>(), 60),
    ) {
        let (mut kernel, mut progress) = program.begin();
        for pick in picks {
            audit(&kernel);
            if !step(&program, &mut kernel, &mut progress, pick) {
                break;
            }
        }
        audit(&kernel);
    }

    #[test]
    fn rollback_gives_the_very_state_of_the_checkpoint(
        program in program(), picks in prop::collection::vec((any::<Index>(), 0u8..6), 80),
    ) {
        let (mut kernel, mut progress) = program.begin();
        let mut marks: Vec<(KernelMark, Kernel, Progress)> = Vec::new();
        for (pick, act) in picks {
            match act {
                0 => {
                    let mark = kernel.checkpoint();
                    marks.push((mark, kernel.clone(), progress.clone()));
                }
                1 if !marks.is_empty() => {
                    // To the newest, or past it.
                    marks.truncate(pick.index(marks.len()) + 1);
                    let (mark, then, at) = marks.last().expect("not empty");
                    kernel.rollback(mark);
                    progress = at.clone();
                    prop_assert_eq!(&kernel, then);
                }
                _ => _ = step(&program, &mut kernel, &mut progress, pick),
            }
            audit(&kernel);
        }
    }

    #[test]
    fn independent_steps_commute(
        program in program(), picks in prop::collection::vec(any::<Index>(), 40),
    ) {
        let (mut kernel, mut progress) = program.begin();
        for pick in picks {
            if kernel.settle() == Settled::Deadlock {
                break;
            }
            let parked = || kernel.live().filter(|t| kernel.state(*t) == ThreadState::Parked);
            for a in kernel.enabled() {
                for b in parked().filter(|b| *b != a) {
                    if !dependent(&footprint(&kernel, a), &footprint(&kernel, b)) {
                        let (mut ab, mut ba) = (kernel.clone(), kernel.clone());
                        let first = bare(&mut ab, a);
                        let (before, after) = (kernel.enabled().contains(b), ab.enabled().contains(b));
                        let asleep = kernel.deadline(b).is_some_and(|deadline| deadline <= ab.now());
                        prop_assert!(
                            before == after || asleep, "{:?} decides {:?}", kernel.pending(a), kernel.pending(b)
                        );
                        if !before {
                            continue;
                        }
                        let then = bare(&mut ab, b);
                        let answer_b = bare(&mut ba, b);
                        let answers = (bare(&mut ba, a), answer_b);
                        // Times differ by a step's cost: compare only where that is nothing.
                        if kernel.config().step_cost == 0 {
                            prop_assert_eq!(answers, (first, then));
                            prop_assert_eq!(without_deadlines(ab), without_deadlines(ba));
                        }
                    }
                }
            }
            step(&program, &mut kernel, &mut progress, pick);
        }
    }
}
