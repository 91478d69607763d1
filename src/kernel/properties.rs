//! Random programs under random schedules: what must hold whatever they do.

use proptest::prelude::*;
use proptest::sample::Index;

use super::footprint::{dependent, footprint};
use super::generate::{self, Shape, Shown};
use super::testing::{Program, Progress, audit};
use super::{Kernel, KernelMark, Performed, Settled, ThreadId, ThreadState, TimeMode};

/// Long programs, whose steps may take time.
fn program() -> impl Strategy<Value = Program> {
    let shape = Shape {
        threads: 4..5,
        ops: 0..8,
        unit: 2_500,
        clocks: 1,
        ..Shape::SMALL
    };
    let step_cost = prop_oneof![Just(0u64), Just(1_000)];
    (generate::program(shape), step_cost, any::<bool>()).prop_map(
        |(Shown(program), step_cost, again)| {
            program.with(|config| {
                config.step_cost = step_cost;
                config.spurious *= 1 + u32::from(again);
            })
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
                    if !dependent(footprint(&kernel, a).touches(), footprint(&kernel, b).touches()) {
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
