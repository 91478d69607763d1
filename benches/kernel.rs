//! What a step costs. Budget: park and step of an uncontended lock operation 20 ns, a random draw 5 ns, a record 2 ns.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use raddle::explore::{ChoicePoint, Random, Schedule, Strategy};
use raddle::id::{SyncId, ThreadId};
use raddle::kernel::op::{Op, Verb, Wait};
use raddle::kernel::{Config, Kernel, Settled, SyncKind};

/// Four threads, each parked in front of the first of `ops`.
fn four(kinds: &[SyncKind], op: impl Fn(u32) -> Op) -> Kernel {
    let mut kernel = Kernel::new(Config::default());
    for kind in kinds {
        kernel.create(*kind);
    }
    for _ in 1..4 {
        let t = kernel.spawn(false);
        kernel.park(ThreadId(0), Op::Start(t));
        kernel.step(ThreadId(0));
    }
    for t in 0..4 {
        kernel.park(ThreadId(t), op(t));
    }
    kernel
}

fn acquire(lock: u32) -> Op {
    Op::Sync(SyncId(lock), Verb::Acquire(Wait::Forever))
}

fn release(lock: u32) -> Op {
    Op::Sync(SyncId(lock), Verb::Release(1))
}

fn steps(c: &mut Criterion) {
    let mut group = c.benchmark_group("kernel");
    group.throughput(Throughput::Elements(2));
    let locks = [SyncKind::Lock; 4];
    group.bench_function("park and step: acquire, release, own locks", |b| {
        let mut kernel = four(&locks, acquire);
        let mut t = 0;
        b.iter(|| {
            t = (t + 1) & 3;
            let thread = ThreadId(t);
            black_box(kernel.step(thread));
            kernel.park(thread, black_box(release(t)));
            black_box(kernel.step(thread));
            kernel.park(thread, black_box(acquire(t)));
        });
    });
    group.bench_function("park and step: acquire, release, one lock", |b| {
        let mut kernel = four(&locks, |_| acquire(0));
        let mut t = 0;
        b.iter(|| {
            t = (t + 1) & 3;
            let thread = ThreadId(t);
            black_box(kernel.step(thread));
            kernel.park(thread, black_box(release(0)));
            black_box(kernel.step(thread));
            kernel.park(thread, black_box(acquire(0)));
        });
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("checkpoint, step, park, rollback", |b| {
        let mut kernel = four(&locks, acquire);
        b.iter(|| {
            let mark = kernel.checkpoint();
            black_box(kernel.step(ThreadId(1)));
            kernel.park(ThreadId(1), black_box(release(1)));
            kernel.rollback(&mark);
        });
    });
    group.bench_function("checkpoint, rollback", |b| {
        let mut kernel = four(&locks, acquire);
        b.iter(|| {
            let mark = kernel.checkpoint();
            kernel.rollback(black_box(&mark));
        });
    });
    group.finish();
}

fn choices(c: &mut Criterion) {
    let mut group = c.benchmark_group("explore");
    group.throughput(Throughput::Elements(1));
    group.bench_function("draw", |b| {
        let mut random = Random::new(1);
        b.iter(|| random.below(black_box(3)));
    });
    group.bench_function("random run: begin", |b| {
        let mut random = Random::new(1);
        b.iter(|| random.begin(black_box(3)));
    });
    group.bench_function("record", |b| {
        let kernel = four(&[SyncKind::Lock], |_| acquire(0));
        let mut schedule = Schedule::new();
        let mut depth = 0;
        b.iter(|| {
            depth += 1;
            if depth & 0xFFFF == 0 {
                schedule.clear();
            }
            let point = ChoicePoint::new(black_box(&kernel), None, depth);
            schedule.record(&point, depth as usize >> 1 & 3);
        });
    });
    group.bench_function("whole step: settle, choose, record, step, park", |b| {
        let mut kernel = four(&[SyncKind::Lock; 4], |_| acquire(0));
        let mut random = Random::new(1);
        let mut schedule = Schedule::new();
        let mut holds = [false; 4];
        let (mut current, mut depth) = (None, 0u64);
        b.iter(|| {
            depth += 1;
            if depth & 0xFFFF == 0 {
                schedule.clear();
            }
            assert_eq!(kernel.settle(), Settled::Ready);
            let point = ChoicePoint::new(&kernel, current, depth);
            let index = if point.len() == 1 {
                0
            } else {
                random.choose(&point).expect("never fails")
            };
            let t = point.thread(index);
            if point.len() > 1 {
                schedule.record(&point, index);
            }
            black_box(kernel.step(t));
            current = Some(t);
            let holds = &mut holds[t.index()];
            *holds = !*holds;
            kernel.park(t, if *holds { release(0) } else { acquire(0) });
        });
    });
    group.finish();
}

criterion_group!(benches, steps, choices);
criterion_main!(benches);
