//! What a trace costs: the same runs without one and with one, and what is done with traces afterwards.

mod common;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use raddle::diff;
use raddle::run::{Options, Session, load_source};
use raddle::trace::codec;
use raddle::trace::order::Order;

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

/// Two traces of 100,000 events each: the same order, another order, hardly anything in common.
fn compare(c: &mut Criterion) {
    let mut group = c.benchmark_group("compare 100,000 events");
    group.sample_size(10);
    let trace = |body: &str, seed| {
        let source = format!(
            "import threading\nlock = threading.Lock()\ncount = 0\ndef work(n):\n    global count\n    for i in range(n):\n{body}\n\
             threads = [threading.Thread(target=work, args=(6250,)) for _ in range(4)]\n\
             for t in threads: t.start()\nfor t in threads: t.join()\n"
        );
        let program = load_source("x.py", &source, false).expect("it compiles");
        let options = Options {
            seed,
            trace: true,
            ..Options::default()
        };
        Session::new(program)
            .run(&options)
            .trace
            .expect("asked for")
    };
    let locked = "        with lock:\n            count += 1";
    let racing = "        count += 1\n        count += 1";
    let mixed = "        if hash((i, n)) % 3: count += 1\n        elif i % 2: count = 1; lock.locked()\n        else: lock.locked(); count -= i";
    let first = trace(locked, 1);
    for (name, other) in [
        ("the same", trace(locked, 1)),
        ("another order", trace(locked, 2)),
        ("other steps", trace(racing, 1)),
        ("other program", trace(mixed, 1)),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| black_box(diff::compare(&first, &other).moved.len()))
        });
    }
    group.bench_function("fingerprint", |b| {
        b.iter(|| black_box(Order::of(&first).fingerprint()));
    });
    let mut stored = Vec::new();
    codec::write(&first, &mut stored).expect("memory");
    group.bench_function("read", |b| b.iter(|| black_box(codec::read(&stored[..]))));
    group.finish();
}

criterion_group!(benches, record, compare);
criterion_main!(benches);
