//! Large programs: many threads, many steps, much data. Memory is `compare.py`'s to measure, a process each.

mod common;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use raddle::run::Options;

fn large(c: &mut Criterion) {
    let mut group = c.benchmark_group("large");
    group.sample_size(10);
    for program in [
        "thousand_threads.py",
        "ten_thousand_threads.py",
        "ten_million_steps.py",
        "million_items.py",
    ] {
        let mut session = common::session(program);
        let options = Options::default();
        group.bench_function(program, |b| {
            b.iter(|| black_box(common::finish(&mut session, &options)));
        });
    }
    group.finish();
}

criterion_group!(benches, large);
criterion_main!(benches);
