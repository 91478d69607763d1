//! Who cannot go on, and why.

use super::{at_calls, run, session};
use crate::run::{Options, RunResult, Stuck};

/// The report as a table.
fn table(result: &RunResult) -> String {
    let row = |s: &Stuck| {
        let held = s.held_by.as_ref().map_or(String::new(), |by| {
            format!(
                ", held by {by} since {}",
                s.held_since.map_or("?".into(), |n| n.to_string())
            )
        });
        let daemon = if s.daemon { " (daemon)" } else { "" };
        let marked = s
            .columns
            .map_or("", |(start, end)| &s.source[start as usize..end as usize]);
        format!(
            "{}{daemon}: {}{held} | {}: {} | {marked}",
            s.thread, s.waits_for, s.line, s.source
        )
    };
    let rows: Vec<String> = result.stuck.iter().map(row).collect();
    format!("{}\n{}", result.ending.name(), rows.join("\n"))
}

#[test]
fn lock_order() {
    let mut session = session(super::LOCK_ORDER);
    let result = (0..100)
        .map(|seed| session.run(&Options { seed, ..at_calls() }))
        .find(|result| !result.stuck.is_empty())
        .expect("one of a hundred");
    insta::assert_snapshot!(table(&result), @r#"
deadlock
MainThread: thread a to end | 11: a.join() | a.join()
a: lock right, held by b since 4 | 5: with second: | second
b: lock left, held by a since 4 | 5: with second: | second
"#);
}

#[test]
fn all_kinds_of_waiting() {
    let text = "\
import threading, queue
class Store:
    def __init__(self):
        self.full = threading.Semaphore(0)
forks = [threading.Lock() for _ in range(3)]
by_name = {'a': threading.Lock()}
cond = threading.Condition()
shared = threading.RLock()
over = threading.Condition(shared)
store = Store()
pool = threading.Semaphore(1)
ready = threading.Event()
gate = threading.Barrier(3)
jobs = queue.Queue()
small = queue.Queue(1)
small.put(1)
forks[1].acquire()
by_name['a'].acquire()
pool.acquire()
def on_condition(c):
    with c:
        c.wait()
def local():
    inner = threading.Lock()
    inner.acquire()
    def deep():
        with inner:
            pass
    threading.Thread(target=deep, name='closure').start()
    inner.acquire()
def start(name, f, *args):
    threading.Thread(target=f, args=args, name=name, daemon=name == 'item').start()
def anonymous():
    locks = {threading.Lock()}
    for lock in list(locks):
        lock.acquire()
        del locks
        lock.acquire()
start('fork', forks[1].acquire)
start('key', by_name['a'].acquire)
start('wait', on_condition, cond)
start('over', on_condition, over)
start('attribute', store.full.acquire)
start('permit', lambda: pool.acquire())
start('flag', ready.wait)
start('party', gate.wait)
start('item', jobs.get)
start('room', lambda: small.put(2))
start('tasks', small.join)
start('local', local)
threading.current_thread().name = 'boss'
import time
time.sleep(1)
t = threading.Thread(target=ready.wait, name='last')
t.start()
t.join()
";
    let result = run(text, &at_calls());
    insta::assert_snapshot!(table(&result), @r#"
deadlock
boss: thread last to end | 56: t.join() | t.join()
fork: lock forks[1], held by boss since 17 | 0:  | 
key: lock by_name['a'], held by boss since 18 | 0:  | 
wait: condition cond to be notified | 22: c.wait() | c.wait()
over: condition over to be notified | 22: c.wait() | c.wait()
attribute: semaphore store.full to be released | 0:  | 
permit: semaphore pool to be released, held by boss since 19 | 44: start('permit', lambda: pool.acquire()) | pool.acquire()
flag: event ready to be set | 0:  | 
party: barrier gate (1 of 3 there) | 0:  | 
item (daemon): queue jobs to have an item | 0:  | 
room: queue small to have room | 48: start('room', lambda: small.put(2)) | small.put(2)
tasks: queue small to have its tasks done (1 are not) | 0:  | 
local: lock inner, held by local since 25 | 30: inner.acquire() | inner.acquire()
closure: lock inner, held by local since 25 | 27: with inner: | inner
last: event ready to be set | 0:  |
"#);
}

#[test]
fn after_a_wait_the_lock_is_wanted_back() {
    let text = "\
import threading, time
cond = threading.Condition()
def wait():
    with cond:
        cond.wait(1)
threading.Thread(target=wait, name='w').start()
time.sleep(0.5)
cond.acquire()
time.sleep(1)
";
    insta::assert_snapshot!(table(&run(text, &at_calls())), @r#"
deadlock
MainThread: thread w to end, at exit | 0:  | 
w: the lock of condition cond, after its wait there, held by MainThread since 8 | 5: cond.wait(1) | cond.wait(1)
"#);
}

#[test]
fn endless_runs_name_who_keeps_going() {
    let text = "\
import threading, time
lock = threading.Lock()
def poll():
    while True:
        time.sleep(0.5)
def spin():
    while True:
        with lock: pass
def hold():
    with other:
        threading.Event().wait()
other = threading.Lock()
threading.Thread(target=hold, name='holder').start()
time.sleep(1)
threading.Thread(target=poll, name='poller').start()
threading.Thread(target=spin, name='spinner').start()
with other:
    pass
";
    let result = run(
        text,
        &Options {
            max_steps: 1000,
            ..at_calls()
        },
    );
    insta::assert_snapshot!(table(&result), @r#"
endless
spinner: runs | 8: with lock: pass | lock
MainThread: lock other, held by holder since 10 | 17: with other: | other
holder: event Event#1 to be set | 11: threading.Event().wait() | threading.Event().wait()
poller: 0.499008 more seconds of sleep to pass | 5: time.sleep(0.5) | time.sleep(0.5)
"#);
}

#[test]
fn a_holder_may_have_ended() {
    let text = "\
import threading
lock = threading.Lock()
t = threading.Thread(target=lock.acquire, name='gone')
t.start()
t.join()
lock.acquire()
";
    insta::assert_snapshot!(table(&run(text, &at_calls())), @r#"
deadlock
MainThread: lock lock, held by gone since ? | 6: lock.acquire() | lock.acquire()
"#);
}
