//! What happened, step by step.

use super::{LOST_UPDATE, at_calls, run, seeded, session, traced};
use crate::render::style::Palette;
use crate::render::text;
use crate::run::{Options, Switch};
use std::collections::BTreeMap;

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
        assert_eq!(
            (plain.stdout, plain.token, plain.trace),
            (result.stdout, result.token, None)
        );
    }
}

/// A loop's steps, told by earlier ones of the same instruction, against the same written out, each told in full.
#[test]
fn steps_that_repeat_are_told_as_the_first() {
    let told = |work: &str| {
        let program = format!(
            "import threading\nclass Box: value = 1\nbox = Box(); items = ['a', 'b']; more = [1]; d = {{'a': 1, 'b': 2}}\n\
             def work():\n    {work}\nt = threading.Thread(target=work)\nt.start()\nitems.append('c')\nt.join()\n"
        );
        let result = run(&program, &traced(Options::default()));
        let trace = result.trace.expect("asked for");
        let own = trace.events.iter().filter(|event| event.thread == 1);
        own.map(|event| {
            let object = trace.object(event).map(|object| object.name.clone());
            let words = (trace.detail(event), trace.result(event));
            format!(
                "{} {object:?} {words:?} {}",
                trace.op(event),
                trace.place(event)
            )
        })
        .collect::<Vec<_>>()
    };
    for body in [
        "x in items",
        "x in d",
        "x not in items",
        "len(items)",
        "(len if x == 'a' else sorted)(items)",
        "(len if x == 'a' else any)(items)",
        "not items",
        "1 if items else 2",
        "items == more",
        "items + more",
        "d['a' if x == 'b' else 'b']",
        "d.setdefault(x, 1)",
        "d.get(x)",
        "hasattr(box, 'value')",
        "getattr(box, 'value' if x == 'a' else 'other', 0)",
        "items.append(x); more.append(1 if x == 'a' else None)",
        "items[0:1 if x == 'a' else 2]",
        "box.value = x",
        "box.value; box.value = 1 if x == 'b' else more",
        "f'{items}'",
    ] {
        let values = [
            "'a'", "'b'", "'a'", "'a'", "'b'", "3", "None", "(1, 2)", "box", "'a'",
        ];
        let written: Vec<String> = values.iter().map(|x| format!("x = {x}; {body}")).collect();
        let repeated = format!("for x in ({}): {body}", values.join(", "));
        let expected = told(&written.join("; "));
        assert!(expected.len() > 10, "{body}: {expected:?}");
        assert_eq!(told(&repeated), expected, "{body}");
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
    let options = Options {
        strategy: "sequential".into(),
        ..Options::default()
    };
    insta::assert_snapshot!(events(program, options), @r#"
 1     0.000000   MainThread        start                         Thread-1 (work)          t.py:29
 2     0.000001   MainThread        write      flag               = False                  t.py:30
 3     0.000002 > Thread-1 (work)   read       account            .balance -> 1.5          t.py:8
 4     0.000003   Thread-1 (work)   write      account            .balance = 2.5           t.py:8
 5     0.000004   Thread-1 (work)   read       account            .log                     t.py:9
 6     0.000005   Thread-1 (work)   write      account.log        .append('x')             t.py:9
 7     0.000006   Thread-1 (work)   read       Account            .total -> 0              t.py:10
 8     0.000007   Thread-1 (work)   write      Account            .total = 1               t.py:10
 9     0.000008   Thread-1 (work)   read       numbers            [1] -> 2                 t.py:11
10     0.000009   Thread-1 (work)   write      numbers            [0] = 2                  t.py:11
11     0.000010   Thread-1 (work)   read       names              ['j'] -> 'v'             t.py:12
12     0.000011   Thread-1 (work)   write      names              ['k'] = 'v'              t.py:12
13     0.000012   Thread-1 (work)   write      flag               = None                   t.py:14
14     0.000013   Thread-1 (work)   exit
15     0.000014 > MainThread        join                          Thread-1 (work)          t.py:31
16     0.000015   MainThread        start                         Thread-2 (inner)         t.py:21
17     0.000016   MainThread        read       count              -> 0                     t.py:22
18     0.000017   MainThread        write      count              = 1                      t.py:22
19     0.000018 > Thread-2 (inner)  read       count              -> 1                     t.py:19
20     0.000019   Thread-2 (inner)  write      count              = 2                      t.py:19
21     0.000020   Thread-2 (inner)  exit
22     0.000021 > MainThread        join                          Thread-2 (inner)         t.py:23
23     0.000022   MainThread        shutdown
"#);
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
    insta::assert_snapshot!(events(program, at_calls()), @r#"
 1     0.000000   MainThread  start                         w                        t.py:16
 2     0.000001 > w           begin
 3     0.000002   w           acquire    cond                                        t.py:6
 4     0.000003   w           wait       cond               -> blocked               t.py:7
 5     1.000001 > MainThread  sleep                         1.0                      t.py:17
 6     1.000002   MainThread  acquire    cond                                        t.py:18
 7     1.000003   MainThread  notify_all cond               -> wakes w               t.py:19
 8     1.000004   MainThread  notify     cond               -> nobody waits          t.py:20
 9     1.000005   MainThread  release    cond                                        t.py:18
10     1.000006 > w           reacquire  cond               -> True                  t.py:7
11     1.000007   w           release    cond                                        t.py:6
12     1.000008   w           acquire    cond                                        t.py:8
13     1.000009   w           wait       cond               timeout=0.5 -> blocked   t.py:9
14     1.500009   w           wake       cond               -> timed out             t.py:9
15     1.500010   w           reacquire  cond               -> False                 t.py:9
16     1.500011   w           release    cond                                        t.py:8
17     1.500012   w           wait       event              -> blocked               t.py:10
18     2.000006 > MainThread  sleep                         1.0                      t.py:21
19     2.000007   MainThread  set        event              -> wakes w               t.py:22
20     2.000008   MainThread  wait       barrier            -> blocked               t.py:23
21     2.000009 > w           wake       event              -> True                  t.py:10
22     2.000010   w           wait       event              timeout=0 -> True        t.py:11
23     2.000011   w           wait       barrier            -> last                  t.py:12
24     2.000012   w           open       barrier                                     t.py:12
25     2.000013 > MainThread  wake       barrier            -> 0                     t.py:23
26     2.000014 > w           exit
27     2.000015 > MainThread  shutdown
"#);
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
    let options = Options {
        spurious: 1,
        ..at_calls()
    };
    insta::assert_snapshot!(events(program, options), @r#"
 1     0.000000   MainThread  start                         a                        t.py:7
 2     0.000001   MainThread  start                         b                        t.py:7
 3     0.000002 > a           begin
 4     0.000003 > b           begin
 5     0.000004 > a           acquire    cond                                        t.py:4
 6     0.000005   a           wait       cond               -> blocked               t.py:5
 7     0.000006 > b           acquire    cond                                        t.py:4
 8     0.000007 > a           wake       cond               -> spurious              t.py:5
 9     0.000008 > b           wait       cond               -> blocked               t.py:5
10     0.000009 > a           reacquire  cond               -> True                  t.py:5
11     0.000010   a           release    cond                                        t.py:4
12     0.000011   a           exit
13     1.000002 > MainThread  sleep                         1.0                      t.py:8
14     1.000003   MainThread  acquire    cond                                        t.py:9
15     1.000004   MainThread  notify     cond               -> wakes b               t.py:10
16     1.000005   MainThread  release    cond                                        t.py:9
17     1.000006 > b           reacquire  cond               -> True                  t.py:5
18     1.000007   b           release    cond                                        t.py:4
19     1.000008   b           exit
20     1.000009 > MainThread  shutdown
"#);
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
    insta::assert_snapshot!(events(program, at_calls()), @r#"
 1     0.000000   MainThread        acquire    lock               timeout=2.5 -> True      t.py:6
 2     0.000001   MainThread        acquire    lock               blocking=False -> False  t.py:7
 3     0.250002   MainThread        acquire    lock               timeout=0.25 -> timed out t.py:8
 4     0.250003   MainThread        locked     lock               -> True                  t.py:9
 5     0.250004   MainThread        release    lock                                        t.py:10
 6     0.250005   MainThread        release    lock               -> RuntimeError          t.py:12
 7     0.250006   MainThread        acquire    rlock                                       t.py:15
 8     0.250007   MainThread        acquire    rlock                                       t.py:16
 9     0.250008   MainThread        release    rlock                                       t.py:16
10     0.250009   MainThread        release    rlock                                       t.py:15
11     0.250010   MainThread        acquire    sem                                         t.py:18
12     0.250011   MainThread        release    sem                n=2                      t.py:19
13     0.250012   MainThread        put        q                  'x'                      t.py:20
14     0.250013   MainThread        qsize      q                  -> 1                     t.py:21
15     1.250014   MainThread        put        q                  'y' timeout=1.0 -> Full  t.py:23
16     1.250015   MainThread        get        q                  -> 'x'                   t.py:26
17     1.250016   MainThread        task_done  q                                           t.py:27
18     1.250017   MainThread        clock                                                  t.py:28
19     1.250018   MainThread        start                         Thread-1 (sleep)         t.py:30
20     1.250019 > Thread-1 (sleep)  begin
21     2.250019 > MainThread        join                          Thread-1 (sleep) timeout=1.0 -> timed out t.py:31
22     2.250020   MainThread        stderr                        'to'                     t.py:32
23     2.250021   MainThread        stderr                        'both'                   t.py:32
24     6.250020 > Thread-1 (sleep)  sleep                         5.0
25     6.250021   Thread-1 (sleep)  exit
26     6.250022 > MainThread        join                          Thread-1 (sleep)         t.py:33
27     6.250023   MainThread        shutdown
"#);
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
    insta::assert_snapshot!(events(program, at_calls()), @r#"
 1     0.000000   MainThread  acquire    lock                                        t.py:4
 2     0.000001   MainThread  release    lock                                        t.py:4
 3     0.000002   MainThread  acquire    Lock#1                                      t.py:6
 4     0.000003   MainThread  release    Lock#1                                      t.py:6
 5     0.000004   MainThread  acquire    Lock#2                                      t.py:8
 6     0.000005   MainThread  release    Lock#2                                      t.py:8
 7     0.000006   MainThread  acquire    lock#2                                      t.py:4
 8     0.000007   MainThread  release    lock#2                                      t.py:4
 9     0.000008   MainThread  acquire    Lock#3                                      t.py:6
10     0.000009   MainThread  release    Lock#3                                      t.py:6
11     0.000010   MainThread  acquire    Lock#4                                      t.py:8
12     0.000011   MainThread  release    Lock#4                                      t.py:8
13     0.000012   MainThread  start                         Thread-1                 t.py:19
14     0.000013   MainThread  wait       mine.done          -> blocked               t.py:20
15     0.000014 > Thread-1    begin
16     0.000015   Thread-1    set        mine.done          -> wakes MainThread      t.py:17
17     0.000016 > MainThread  wake       mine.done          -> True                  t.py:20
18     0.000017 > Thread-1    exit
19     0.000018 > MainThread  shutdown
"#);
}

/// The steps that set two futures are alike, but for whose they are: those at somebody who waits for both.
#[test]
fn calls_are_told_of_their_objects() {
    let program = "\
from concurrent.futures import ThreadPoolExecutor, wait
with ThreadPoolExecutor(2) as pool:
    both = [pool.submit(abs, n) for n in (1, 2)]
    wait(both)
";
    for seed in 0..20 {
        let options = Options { seed, ..at_calls() };
        let trace = run(program, &traced(options)).trace.expect("asked for");
        let mut at_work = BTreeMap::new();
        for event in &trace.events {
            let Some(call) = trace.shape(event).call else {
                continue;
            };
            match trace.texts.get(call.name) {
                "begin_task" => {
                    at_work.insert(event.thread, call.object);
                }
                "set_result" => {
                    let begun = at_work.get(&event.thread);
                    assert_eq!(
                        Some(&call.object),
                        begun,
                        "seed {seed}, step {}",
                        event.step
                    );
                }
                _ => {}
            }
        }
        assert!(!at_work.is_empty());
    }
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
    let options = Options {
        switch: Switch::Gil,
        ..Options::default()
    };
    insta::assert_snapshot!(events(program, options), @r#"
 1     0.000000   MainThread       start                         Thread-1 (work)          t.py:6
 2     0.000001   MainThread       run                                                    t.py:7
 3     0.000002 > Thread-1 (work)  begin
 4     0.000003   Thread-1 (work)  run                                                    t.py:3
 5     0.000004   Thread-1 (work)  run                                                    t.py:4
 6     0.000005   Thread-1 (work)  run                                                    t.py:3
 7     0.000006   Thread-1 (work)  run                                                    t.py:4
 8     0.000007   Thread-1 (work)  run                                                    t.py:3
 9     0.000008   Thread-1 (work)  exit
10     0.000009 > MainThread       join                          Thread-1 (work)          t.py:7
11     0.000010   MainThread       shutdown
"#);
}
