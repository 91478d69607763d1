//! Going back to a choice point: a program of about a hundred objects and three threads, stopped half way.
//! Budget: less than 1 µs.

mod common;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use raddle::run::{Driver, Options, Session};

/// A run of `hundred_objects.py` that has taken `steps` steps, each thread in turn.
fn half_way(session: &mut Session, steps: u64) -> Driver<'_> {
    let mut driver = session.start(&Options::default());
    let mut turn = 0;
    while driver.steps() < steps {
        assert!(driver.ready(), "the program has more steps than that");
        turn += 1;
        let options = driver.point().len();
        driver.take(turn % options);
    }
    assert!(driver.ready() && driver.point().len() > 1);
    driver
}

fn checkpoints(c: &mut Criterion) {
    let mut group = c.benchmark_group("checkpoint");
    let mut session = common::session("hundred_objects.py");
    let all = common::finish(&mut session, &Options::default()).steps;
    let mut driver = half_way(&mut session, all / 2);
    group.bench_function("mark, go back", |b| {
        b.iter(|| {
            let mark = driver.checkpoint();
            driver.rollback(black_box(&mark));
        });
    });
    for steps in [1, 10] {
        group.bench_function(format!("mark, {steps} steps, go back"), |b| {
            b.iter(|| {
                let mark = driver.checkpoint();
                for turn in 0..steps {
                    if !driver.ready() {
                        break;
                    }
                    let options = driver.point().len();
                    driver.take(turn % options);
                }
                driver.rollback(black_box(&mark));
            });
        });
    }
    let mark = driver.checkpoint();
    group.bench_function("1 step, go back to one mark", |b| {
        b.iter(|| {
            driver.take(black_box(0));
            driver.rollback(&mark);
            driver.ready()
        });
    });
    group.bench_function("clone of a session", |b| {
        let session = common::session("hundred_objects.py");
        b.iter(|| black_box(session.clone()));
    });
    group.finish();
}

criterion_group!(benches, checkpoints);
criterion_main!(benches);
