//! Traces as snapshots in a Rust test, the way a user writes one.

use raddle::render::snapshot::Snapshot;
use raddle::run::{Options, Session, load_source};
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
    insta::assert_snapshot!(Snapshot::of(&trace).thread("Thread-1 (pay)").to_string(), @"");
}

#[test]
fn one_object_without_what_does_not_matter() {
    let trace = trace(0);
    let text = Snapshot::of(&trace)
        .object("balance")
        .without_values()
        .without_lines()
        .without_ids();
    insta::assert_snapshot!(text.to_string(), @"");
}

#[test]
fn what_threads_do_to_each_other() {
    let trace = trace(0);
    insta::assert_snapshot!(Snapshot::of(&trace).sync_only().steps().times().to_string(), @"");
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
    let mut forms: Vec<String> = (0..40).map(form).collect();
    insta::assert_snapshot!(forms[0], @"");
    forms.sort();
    forms.dedup();
    // Who comes first at the lock, and who at the log, where only the one that was second at the lock can be first too.
    assert_eq!(forms.len(), 4, "{forms:#?}");
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
