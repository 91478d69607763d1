use super::op::Wait;
use super::testing::{FOREVER, Program, SECOND, join, on, start, texts};
use super::*;
use op::Verb;

#[test]
fn a_thread_starts_once() {
    let program = Program::new(&[], &[&[start(1), start(1), join(1), start(1)], &[]]);
    assert_eq!(
        program.outcomes(),
        texts([". AlreadyStarted T AlreadyStarted | "])
    );
}

#[test]
fn joining_oneself_or_an_unstarted_thread_is_an_error() {
    let program = Program::new(&[], &[&[join(0), join(1), start(1)], &[]]);
    assert_eq!(program.outcomes(), texts(["JoinSelf JoinUnstarted . | "]));
}

#[test]
fn a_join_may_come_before_the_start() {
    let program = Program::new(&[], &[&[start(2)], &[join(2)], &[]]);
    assert_eq!(
        program.outcomes(),
        texts([". | T | ", ". | JoinUnstarted | "])
    );
}

#[test]
fn a_timed_join_answers_whether_the_thread_has_ended() {
    let timed = |ns| Op::Join(ThreadId(1), Wait::For(ns));
    let main = [
        start(1),
        timed(SECOND),
        timed(SECOND * 5),
        Op::Join(ThreadId(1), Wait::Never),
    ];
    let program = Program::new(&[], &[&main, &[Op::Sleep(SECOND * 3)]]);
    assert_eq!(program.outcomes(), texts([". F T T | ."]));
}

#[test]
fn exit_waits_for_all_but_daemons() {
    let mut kernel = Kernel::new(Config::default());
    let (main, child) = (ThreadId(0), kernel.spawn(false));
    kernel.park(main, Op::Start(child));
    kernel.step(main);
    kernel.park(main, Op::Shutdown);
    kernel.park(child, Op::Sleep(SECOND));
    assert!(kernel.enabled().is_empty());
    assert_eq!(kernel.block_reason(main), BlockReason::Foreground);
    kernel.set_daemon(child, true);
    assert!(kernel.enabled().contains(main));
    kernel.set_daemon(child, false);
    assert!(kernel.enabled().is_empty());
    assert_eq!(kernel.settle(), Settled::Ready);
    kernel.step(child);
    kernel.park(child, Op::Exit);
    kernel.step(child);
    assert!(kernel.enabled().contains(main) && !kernel.is_alive(child));
    assert_eq!(kernel.live_count(), 1);
}

#[test]
fn sleepers_wake_in_order_of_their_deadlines_and_equal_ones_in_any() {
    // Steps that cost nothing, so that both come to their sleeps at the same time.
    let program = |a, b| {
        Program::new(&[], &[&[], &[Op::Sleep(a)], &[Op::Sleep(b)]])
            .with(|config| config.step_cost = 0)
    };
    assert_eq!(program(SECOND, SECOND * 2).orders(), texts(["1. 2."]));
    assert_eq!(program(SECOND, SECOND).orders(), texts(["1. 2.", "2. 1."]));
    let free = program(SECOND, SECOND * 2).with(|config| config.time = TimeMode::Free);
    assert_eq!(free.orders(), texts(["1. 2.", "2. 1."]));
}

#[test]
fn no_sleep_is_measured_shorter_than_it_asked_for() {
    let program = Program::new(
        &[],
        &[&[
            Op::Clock,
            Op::Sleep(SECOND),
            Op::Clock,
            Op::Sleep(0),
            Op::Clock,
        ]],
    );
    let free = program.clone().with(|config| config.time = TimeMode::Free);
    assert_eq!(program.first(), "0us . 1000002us . 1000004us");
    assert_eq!(free.first(), program.first());
}

#[test]
fn a_thread_that_never_rests_does_not_stop_the_clock() {
    let mut kernel = Kernel::new(Config::default());
    let (main, child) = (ThreadId(0), kernel.spawn(true));
    kernel.park(main, Op::Start(child));
    kernel.step(main);
    kernel.park(main, Op::Sleep(10_000));
    let mut steps = 0;
    while !kernel.enabled().contains(main) {
        kernel.park(child, Op::Yield);
        assert_eq!(kernel.settle(), Settled::Ready);
        kernel.step(child);
        steps += 1;
    }
    assert_eq!(steps, 10);
}

#[test]
fn a_circle_of_locks_is_found() {
    let lock = |id| on(id, Verb::Acquire(FOREVER));
    let program = Program::new(
        &[SyncKind::Lock, SyncKind::Lock],
        &[
            &[],
            &[lock(0), Op::Sleep(9), lock(1)],
            &[lock(1), Op::Sleep(9), lock(0)],
        ],
    );
    assert_eq!(program.first(), " | T . | T . | stuck 1 2");
    let (mut kernel, mut progress) = program.begin();
    while kernel.settle() == Settled::Ready {
        let t = kernel.enabled().first().expect("ready");
        let performed = kernel.step(t);
        program.after(&mut kernel, &mut progress, t, performed);
    }
    assert_eq!(kernel.wait_cycle(), Some(vec![ThreadId(1), ThreadId(2)]));
    let reason = BlockReason::Lock {
        lock: SyncId(1),
        holder: Some(ThreadId(2)),
    };
    assert_eq!(kernel.block_reason(ThreadId(1)), reason);
}

#[test]
fn ten_thousand_threads_are_no_matter() {
    let mut kernel = Kernel::new(Config::default());
    let lock = kernel.create(SyncKind::Lock);
    for i in 1..10_000u32 {
        let t = kernel.spawn(false);
        kernel.park(ThreadId(0), Op::Start(t));
        kernel.step(ThreadId(0));
        let wait = if i % 2 == 0 {
            FOREVER
        } else {
            Wait::For(u64::from(i % 7))
        };
        kernel.park(t, Op::Sync(lock, Verb::Acquire(wait)));
    }
    assert_eq!(kernel.enabled().len(), 9_999);
    let last = kernel.enabled().nth(9_998).expect("enabled");
    kernel.step(last);
    assert_eq!(
        (last, kernel.enabled().len()),
        (ThreadId(9_999), 4_999),
        "those with a deadline gave up"
    );
}
