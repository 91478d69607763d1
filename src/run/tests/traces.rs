//! What happened, step by step.

use super::{LOST_UPDATE, at_calls, run, seeded, session, traced};
use crate::render::style::Palette;
use crate::render::text;
use crate::run::{Options, Switch};

/// The events of a run as text, without header and footer.
fn events(program: &str, options: Options) -> String {
    let result = run(program, &traced(options));
    let trace = result.trace.expect("asked for");
    let all = text::to_string(&trace, &Palette::PLAIN);
    let lines = all.lines().filter(|line| !line.starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let mut session = session(LOST_UPDATE);
    for seed in 0..20 {
        let options = traced(seeded(seed));
        let result = session.run(&options);
        assert_eq!(result, session.run(&options));
        assert_eq!(result, run(LOST_UPDATE, &options));
        let trace = result.trace.expect("asked for");
        assert_eq!(trace.events.len() as u64, result.steps);
        let plain = session.run(&seeded(seed));
        assert_eq!((plain.stdout, plain.token, plain.trace), (result.stdout, result.token, None));
    }
}

#[test]
fn shared_state() {
    let program = "\
import threading
class Account:
    total = 0
    def __init__(self):
        self.balance = 1.5
        self.log = []
def work():
    account.balance += 1
    account.log.append('x')
    Account.total += 1
    numbers[0] = numbers[-1]
    names['k'] = names['j']
    global flag
    flag = None
def outer():
    count = 0
    def inner():
        nonlocal count
        count += 1
    t = threading.Thread(target=inner)
    t.start()
    count += 1
    t.join()
account = Account()
numbers = [1, 2]
names = {'j': 'v'}
flag = True
t = threading.Thread(target=work)
t.start()
flag = False
t.join()
outer()
del flag
";
    let options = Options { strategy: "sequential".into(), ..Options::default() };
    insta::assert_snapshot!(events(program, options), @"");
}

#[test]
fn waits_are_told_in_phases() {
    let program = "\
import threading, time
cond = threading.Condition()
event = threading.Event()
barrier = threading.Barrier(2)
def wait():
    with cond:
        cond.wait()
    with cond:
        cond.wait(timeout=0.5)
    event.wait()
    event.wait(0)
    barrier.wait()
def other():
    with cond:
        cond.wait()
threading.Thread(target=wait, name='w').start()
time.sleep(1)
with cond:
    cond.notify_all()
    cond.notify()
time.sleep(1)
event.set()
barrier.wait()
";
    insta::assert_snapshot!(events(program, at_calls()), @"");
}

#[test]
fn notifications_say_whom_they_wake_and_wakeups_may_be_spurious() {
    let program = "\
import threading, time
cond = threading.Condition()
def wait():
    with cond:
        cond.wait()
for name in 'ab':
    threading.Thread(target=wait, name=name).start()
time.sleep(1)
with cond:
    cond.notify()
";
    let options = Options { spurious: 1, ..at_calls() };
    insta::assert_snapshot!(events(program, options), @"");
}

#[test]
fn locks_queues_and_the_rest() {
    let program = "\
import threading, queue, time, sys
lock = threading.Lock()
rlock = threading.RLock()
sem = threading.Semaphore(2)
q = queue.Queue(1)
lock.acquire(timeout=2.5)
lock.acquire(False)
lock.acquire(timeout=0.25)
lock.locked()
lock.release()
try:
    lock.release()
except RuntimeError:
    pass
with rlock:
    with rlock:
        pass
sem.acquire()
sem.release(2)
q.put('x')
q.qsize()
try:
    q.put('y', timeout=1)
except queue.Full:
    pass
q.get()
q.task_done()
time.time()
t = threading.Thread(target=time.sleep, args=(5,))
t.start()
t.join(1)
print('to', 'both', sep='', end='', file=sys.stderr)
t.join()
";
    insta::assert_snapshot!(events(program, at_calls()), @"");
}

#[test]
fn objects_that_share_a_name_are_told_apart() {
    let program = "\
import threading
def work():
    lock = threading.Lock()
    with lock:
        pass
    with threading.Lock():
        pass
    with threading.Lock():
        pass
work()
work()
class Mine(threading.Thread):
    def __init__(self):
        super().__init__()
        self.done = threading.Event()
    def run(self):
        self.done.set()
mine = Mine()
mine.start()
mine.done.wait()
";
    insta::assert_snapshot!(events(program, at_calls()), @"");
}

#[test]
fn calls_and_loops_are_steps_in_gil_mode() {
    let program = "\
import threading
def work():
    for i in range(2):
        str(i)
t = threading.Thread(target=work)
t.start()
t.join()
";
    let options = Options { switch: Switch::Gil, ..Options::default() };
    insta::assert_snapshot!(events(program, options), @"");
}
