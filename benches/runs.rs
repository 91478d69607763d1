//! What runs cost, all in: strategy, record of choices, kernel and virtual machine.
//!
//! Times are per element: a visible step in the group `step`, a run in `start` and `peers`.

mod common;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use raddle::explore::{Random, Strategy};
use raddle::run::{Ending, Options, Switch};

/// Loops of visible steps, many to a run.
fn steps(c: &mut Criterion) {
    let mut group = c.benchmark_group("step");
    group.sample_size(30);
    for (program, switch) in [
        ("lock_loop.py", Switch::Shared),
        ("lock_loop_four.py", Switch::Shared),
        ("lock_loop_four.py", Switch::Sync),
        ("counter_loop.py", Switch::Shared),
    ] {
        let mut session = common::session(program);
        let mut options = Options {
            switch,
            ..Options::default()
        };
        let steps = common::finish(&mut session, &options).steps;
        group.throughput(Throughput::Elements(steps));
        let name = format!("{program}, {}, {steps} steps", switch.name());
        group.bench_function(name, |b| {
            b.iter(|| {
                options.seed += 1;
                black_box(common::finish(&mut session, &options));
            });
        });
    }
    group.finish();
}

/// Short programs: what a run costs when its program is ready.
fn starts(c: &mut Criterion) {
    let mut group = c.benchmark_group("start");
    for program in ["hello.py", "forty_lines.py", "forty_lines_threads.py"] {
        let mut session = common::session(program);
        let mut options = Options::default();
        group.bench_function(program, |b| {
            b.iter(|| {
                options.seed += 1;
                black_box(common::finish(&mut session, &options));
            });
        });
    }
    group.bench_function("load and make ready: forty_lines_threads.py", |b| {
        b.iter(|| common::session("forty_lines_threads.py"));
    });
    group.finish();
}

/// The peers' workloads, a new seed each run, without what only a report needs.
fn peers(c: &mut Criterion) {
    let mut group = c.benchmark_group("peers");
    group.throughput(Throughput::Elements(1));
    for program in ["locked_counter.py", "one_slot.py"] {
        let mut session = common::session(program);
        let mut options = Options::default();
        let mut random = Random::new(0);
        group.bench_function(program, |b| {
            b.iter(|| {
                options.seed += 1;
                random.begin(options.seed);
                let mut driver = session.start_at_choice(&options);
                driver.run(&mut random).expect("only a replay can fail");
                assert_eq!(driver.ending(), Some(Ending::Finished));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, steps, starts, peers);
criterion_main!(benches);
