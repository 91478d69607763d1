//! Straight-line Python: the time of a run without the process around it. `compare.py` sets whole processes against CPython's.

mod common;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use raddle::run::Options;

fn straight(c: &mut Criterion) {
    let mut group = c.benchmark_group("straight");
    group.sample_size(10);
    for name in ["loops", "calls", "attributes", "lists", "dicts", "strings"] {
        let mut session = common::session(&format!("straight/{name}.py"));
        let options = Options::default();
        group.bench_function(name, |b| {
            b.iter(|| black_box(common::finish(&mut session, &options)));
        });
    }
    group.finish();
}

criterion_group!(benches, straight);
criterion_main!(benches);
