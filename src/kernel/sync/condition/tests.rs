use crate::id::SyncId;
use crate::kernel::SyncKind::{Condition, Lock, RLock};
use crate::kernel::op::{Op, Verb, Wait};
use crate::kernel::testing::{FOREVER, Program, SECOND, acquire, on, release, texts};
use crate::kernel::{BlockReason, SyncKind, TimeMode};

/// Object 0 is the lock, 1 the condition.
const PLAIN: [SyncKind; 2] = [Lock, Condition { lock: SyncId(0) }];
const REENTRANT: [SyncKind; 2] = [RLock, Condition { lock: SyncId(0) }];

fn wait() -> Op {
    on(1, Verb::Wait(FOREVER))
}

fn wait_for(ns: u64) -> Op {
    on(1, Verb::Wait(Wait::For(ns)))
}

fn notify(n: u32) -> Op {
    on(1, Verb::Notify(n))
}

fn waiter(wait: Op) -> Vec<Op> {
    vec![acquire(0), wait, release(0)]
}

/// Main, which comes when all others wait, and the others.
fn late(kinds: [SyncKind; 2], main: &[Op], others: &[Vec<Op>]) -> Program {
    let main = [&[Op::Sleep(SECOND), acquire(0)], main, &[release(0)]].concat();
    let mut threads = vec![&main[..]];
    threads.extend(others.iter().map(|ops| &ops[..]));
    Program::new(&kinds, &threads)
}

#[test]
fn b61_wait_and_notify_need_the_lock() {
    let ops = [wait(), notify(1), on(1, Verb::NotifyAll)];
    for kinds in [PLAIN, REENTRANT] {
        let program = Program::new(&kinds, &[&ops]);
        assert_eq!(program.first(), "WaitUnowned NotifyUnowned NotifyUnowned");
    }
}

#[test]
fn b61_for_a_plain_lock_anybodys_holding_counts() {
    let holder: Vec<Op> = vec![acquire(0), Op::Sleep(SECOND * 9), release(0)];
    let main = [Op::Sleep(SECOND), notify(1)];
    let plain = Program::new(&PLAIN, &[&main, &holder]);
    assert_eq!(plain.outcomes(), texts([". . | T . ."]));
    let reentrant = Program::new(&REENTRANT, &[&main, &holder]);
    assert_eq!(reentrant.outcomes(), texts([". NotifyUnowned | T . ."]));
}

#[test]
fn b63_wait_gives_a_reentrant_lock_up_wholly_and_restores_its_depth() {
    let twice = vec![
        acquire(0),
        acquire(0),
        wait(),
        release(0),
        on(0, Verb::Owned),
        release(0),
        release(0),
    ];
    let program = late(REENTRANT, &[notify(1)], &[twice]);
    assert_eq!(
        program.outcomes(),
        texts([". T . . | T T T . T . NotOwner"])
    );
}

#[test]
fn b64_notify_wakes_one_and_without_waiters_is_lost() {
    let program = late(PLAIN, &[notify(1)], &[waiter(wait()), waiter(wait())]);
    let ends = texts([
        ". T . . | T T . | T | stuck 2",
        ". T . . | T | T T . | stuck 1",
    ]);
    assert_eq!(program.outcomes(), ends);
    let early = Program::new(&PLAIN, &[&[acquire(0), notify(1), wait()]]);
    assert_eq!(early.first(), "T . | stuck 0");
}

#[test]
fn b65_notify_all_wakes_all_in_any_order() {
    let waiters = [waiter(wait()), waiter(wait()), waiter(wait())];
    let orders = late(PLAIN, &[on(1, Verb::NotifyAll)], &waiters).orders();
    let mut ends: Vec<String> = orders
        .iter()
        .map(|order| order[order.len() - 17..].to_owned())
        .collect();
    ends.sort();
    ends.dedup();
    assert_eq!(ends.len(), 6, "{ends:?}");
}

#[test]
fn b66_nobody_returns_from_wait_before_the_notifier_releases() {
    let orders = late(PLAIN, &[notify(1), Op::Yield, Op::Yield], &[waiter(wait())]).orders();
    assert_eq!(orders, texts(["1T 0. 0T 0. 0. 0. 0. 1T 1."]));
}

#[test]
fn b67_a_report_lists_all_who_wait() {
    let others = [waiter(wait()), waiter(wait())];
    let threads = [&others[0][..], &others[1][..]];
    let program = Program::new(&PLAIN, &threads);
    assert_eq!(program.outcomes(), texts(["T | T | stuck 0 1"]));
    let (mut kernel, mut progress) = program.begin();
    while kernel.settle() == crate::kernel::Settled::Ready {
        let t = kernel.enabled().first().expect("ready");
        let performed = kernel.step(t);
        program.after(&mut kernel, &mut progress, t, performed);
    }
    let reason = BlockReason::Notification {
        condition: SyncId(1),
    };
    assert!(kernel.live().all(|t| kernel.block_reason(t) == reason));
}

#[test]
fn b70_a_timed_wait_answers_false_at_its_deadline() {
    let ops = [acquire(0), wait_for(SECOND), Op::Clock, on(0, Verb::Locked)];
    // Join at 1 us, tired 1 s after, one step to give up, one to reacquire.
    assert_eq!(Program::new(&PLAIN, &[&ops]).first(), "T F 1000003us T");
}

#[test]
fn a_notification_in_time_answers_true_even_if_the_lock_comes_late() {
    let program = late(
        PLAIN,
        &[notify(1), Op::Sleep(SECOND * 9)],
        &[waiter(wait_for(SECOND * 2))],
    );
    assert_eq!(program.outcomes(), texts([". T . . . | T T ."]));
}

#[test]
fn a_notification_can_be_lost_to_a_waiter_that_gave_up() {
    // Thread 1's time is over when main notifies; as long as it has not the lock again, it can be picked.
    let program = late(
        PLAIN,
        &[notify(1)],
        &[waiter(wait_for(SECOND)), waiter(wait())],
    );
    let ends = program.outcomes();
    assert!(
        ends.contains(". T . . | T F . | T | stuck 2"),
        "lost: {ends:?}"
    );
    assert!(ends.contains(". T . . | T F . | T T ."), "{ends:?}");
    assert!(ends.contains(". T . . | T T . | T | stuck 2"), "{ends:?}");
}

#[test]
fn with_fifo_the_longest_waiting_wakes() {
    let second = vec![Op::Sleep(SECOND / 2), acquire(0), wait(), release(0)];
    let program =
        late(PLAIN, &[notify(1)], &[second, waiter(wait())]).with(|config| config.fifo = true);
    assert_eq!(
        program.outcomes(),
        texts([". T . . | . T | T T . | stuck 1"])
    );
}

#[test]
fn each_set_of_waiters_is_chosen_in_one_way() {
    let waiters = [
        waiter(wait()),
        waiter(wait()),
        waiter(wait()),
        waiter(wait()),
    ];
    let program = late(PLAIN, &[notify(2)], &waiters);
    assert_eq!(program.outcomes().len(), 6, "4 over 2");
    let (mut kernel, mut progress) = program.begin();
    let mut ways = 0;
    while kernel.settle() == crate::kernel::Settled::Ready {
        let t = kernel.enabled().iter().last().expect("ready");
        let mark = kernel.checkpoint();
        if let crate::kernel::Performed::Choose(options) = kernel.step(t) {
            for index in 0..options {
                let inner = kernel.checkpoint();
                ways += match kernel.choose_waiter(index) {
                    crate::kernel::Performed::Choose(more) => more,
                    _ => 1,
                };
                kernel.rollback(&inner);
            }
            break;
        }
        kernel.rollback(&mark);
        let performed = kernel.step(t);
        program.after(&mut kernel, &mut progress, t, performed);
    }
    assert_eq!(ways, 6);
}

#[test]
fn b69_spurious_wakeups_come_while_the_budget_lasts() {
    let main = [notify(1)];
    let program =
        late(PLAIN, &main, &[waiter(wait()), waiter(wait())]).with(|config| config.spurious = 1);
    let ends = program.outcomes();
    assert!(
        ends.contains(". T . . | T T . | T T ."),
        "one by notification, one spuriously: {ends:?}"
    );
    assert!(
        ends.contains(". T . . | T T . | T | stuck 2"),
        "none must come: {ends:?}"
    );
}

#[test]
fn a_spurious_wakeup_never_rescues() {
    let ops = [acquire(0), wait()];
    let program = Program::new(&PLAIN, &[&ops]).with(|config| config.spurious = 5);
    assert_eq!(program.outcomes(), texts(["T | stuck 0"]));
}

#[test]
fn in_free_time_a_timed_wait_may_end_at_any_moment() {
    let program = late(PLAIN, &[notify(1)], &[waiter(wait_for(SECOND * 100))]);
    assert_eq!(program.outcomes(), texts([". T . . | T T ."]));
    let free = program.with(|config| config.time = TimeMode::Free);
    assert_eq!(
        free.outcomes(),
        texts([". T . . | T T .", ". T . . | T F ."])
    );
}
