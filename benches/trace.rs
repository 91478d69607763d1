//! What a trace costs: the same runs without one and with one, and what is done with traces afterwards.

mod common;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use raddle::run::Options;

/// Runs without a trace and with one, seed by seed.
fn record(c: &mut Criterion) {
    let mut group = c.benchmark_group("record");
    group.sample_size(30);
    for program in [
        "lock_loop.py",
        "lock_loop_four.py",
        "locked_counter.py",
        "counter_loop.py",
        "one_slot.py",
        "forty_lines_threads.py",
    ] {
        for trace in [false, true] {
            let mut session = common::session(program);
            let mut options = Options {
                trace,
                ..Options::default()
            };
            let steps = common::finish(&mut session, &options).steps;
            group.throughput(Throughput::Elements(steps));
            let name = format!("{program}, {}", if trace { "traced" } else { "plain" });
            group.bench_function(name, |b| {
                b.iter(|| {
                    options.seed += 1;
                    black_box(common::finish(&mut session, &options));
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, record);
criterion_main!(benches);
