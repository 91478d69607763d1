//! Traces as snapshots in a Rust test, the way a user writes one.

use raddle::render::snapshot::Snapshot;
use raddle::run::{Options, Session, load_source};
use raddle::trace::codec;
use raddle::trace::model::Trace;

const BANK: &str = "\
import threading
lock = threading.Lock()
balance = 0
log = []
def pay(amount):
    global balance
    with lock:
        balance += amount
    log.append(amount)
threads = [threading.Thread(target=pay, args=(n,)) for n in (10, 20)]
for t in threads: t.start()
for t in threads: t.join()
print(balance)
";

fn trace(seed: u64) -> Trace {
    let program = load_source("bank.py", BANK, false).unwrap();
    let options = Options {
        seed,
        trace: true,
        ..Options::default()
    };
    Session::new(program).run(&options).trace.unwrap()
}

#[test]
fn one_thread() {
    let trace = trace(0);
    insta::assert_snapshot!(Snapshot::of(&trace).thread("Thread-1 (pay)").to_string(), @r"
Thread-1 (pay)  acquire    lock                                        bank.py:7
Thread-1 (pay)  read       balance            -> 0                     bank.py:8
Thread-1 (pay)  write      balance            = 10                     bank.py:8
Thread-1 (pay)  release    lock                                        bank.py:7
Thread-1 (pay)  write      log                .append(10)              bank.py:9
Thread-1 (pay)  exit
# finished
");
}

#[test]
fn one_object_without_what_does_not_matter() {
    let trace = trace(0);
    let text = Snapshot::of(&trace)
        .object("balance")
        .without_values()
        .without_lines()
        .without_ids();
    insta::assert_snapshot!(text.to_string(), @r"
Thread-N (pay)  read       balance            -> [value]
Thread-N (pay)  write      balance            = [value]
Thread-N (pay)  read       balance            -> [value]
Thread-N (pay)  write      balance            = [value]
# finished
");
}

#[test]
fn what_threads_do_to_each_other() {
    let trace = trace(0);
    insta::assert_snapshot!(Snapshot::of(&trace).sync_only().steps().times().to_string(), @r"
     1     0.000000 MainThread      start                         Thread-1 (pay)           bank.py:11
     2     0.000001 MainThread      start                         Thread-2 (pay)           bank.py:11
     3     0.000002 Thread-1 (pay)  acquire    lock                                        bank.py:7
     6     0.000005 Thread-1 (pay)  release    lock                                        bank.py:7
     7     0.000006 Thread-2 (pay)  acquire    lock                                        bank.py:7
    10     0.000009 Thread-1 (pay)  exit
    11     0.000010 MainThread      join                          Thread-1 (pay)           bank.py:12
    13     0.000012 Thread-2 (pay)  release    lock                                        bank.py:7
    15     0.000014 Thread-2 (pay)  exit
    16     0.000015 MainThread      join                          Thread-2 (pay)           bank.py:12
    17     0.000016 MainThread      print                         '30'                     bank.py:13
    18     0.000017 MainThread      print                         '\n'                     bank.py:13
    19     0.000018 MainThread      shutdown
# finished
");
}

#[test]
fn the_normal_form_is_one_for_all_orders_of_independent_steps() {
    let form = |seed| {
        let trace = trace(seed);
        Snapshot::of(&trace)
            .normal_form()
            .without_lines()
            .to_string()
    };
    let mut forms: Vec<String> = (0..100).map(form).collect();
    insta::assert_snapshot!(forms[0], @r"
MainThread      start                         Thread-1 (pay)

MainThread      start                         Thread-2 (pay)
Thread-1 (pay)  acquire    lock

Thread-1 (pay)  read       balance            -> 0

Thread-1 (pay)  write      balance            = 10

Thread-1 (pay)  release    lock

Thread-1 (pay)  write      log                .append(10)
Thread-2 (pay)  acquire    lock

Thread-1 (pay)  exit
Thread-2 (pay)  read       balance            -> 10

MainThread      join                          Thread-1 (pay)
Thread-2 (pay)  write      balance            = 30

Thread-2 (pay)  release    lock

Thread-2 (pay)  write      log                .append(20)

Thread-2 (pay)  exit

MainThread      join                          Thread-2 (pay)

MainThread      print                         '30'

MainThread      print                         '\n'

MainThread      shutdown
# finished
");
    forms.sort();
    forms.dedup();
    // Who comes first at the lock, and who at the log, where only the one that was second at the lock can be first too.
    assert_eq!(forms.len(), 4, "{forms:#?}");
}

const POOL: &str = "\
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(max_workers=1) as pool:
    future = pool.submit(pow, 2, 5)
    print(future.result())
";

#[test]
fn calls_of_bundled_modules_are_told_as_such() {
    let program = load_source("pool.py", POOL, false).unwrap();
    let options = Options {
        seed: 1,
        trace: true,
        ..Options::default()
    };
    let trace = Session::new(program).run(&options).trace.unwrap();
    insta::assert_snapshot!(Snapshot::of(&trace).thread("MainThread").steps().to_string(), @r"
     1 MainThread              submit     pool                                        pool.py:3
     2 MainThread              start                         ThreadPoolExecutor-0_0   pool.py:3
     3 MainThread              result     future                                      pool.py:4
     5 MainThread              result     future             -> blocked               pool.py:4
    11 MainThread              result     future                                      pool.py:4
    13 MainThread              result     future                                      pool.py:4
    14 MainThread              print                         '32'                     pool.py:4
    15 MainThread              print                         '\n'                     pool.py:4
    16 MainThread              shutdown   pool                                        pool.py:2
    20 MainThread              join                          ThreadPoolExecutor-0_0   pool.py:2
    21 MainThread              shutdown
# finished
");
    // What stands together stays together, and nothing is lost.
    let inside = Snapshot::of(&trace).inside().to_string();
    assert_eq!(inside.lines().count(), trace.events.len() + 1);
    let mut stored = Vec::new();
    codec::write(&trace, &mut stored).unwrap();
    let back = codec::read(&stored[..]).unwrap();
    assert_eq!(back, trace);
    assert_eq!(
        Snapshot::of(&back).to_string(),
        Snapshot::of(&trace).to_string()
    );
}

#[test]
fn a_name_that_is_not_there_is_told() {
    let trace = trace(0);
    let text = Snapshot::of(&trace).object("lok").to_string();
    assert!(
        text.starts_with("# no object in the trace is called `lok`; there are "),
        "{text}"
    );
}
