//! What is documented of Python's threads, behaviour by behaviour: numbered, each with a small program that pins it.
//!
//! Where documents are wrong (B17, B25, B29, B49, B81, B98 in part, B112), the test pins what CPython 3.13 does.

use crate::support::{folder, session};
use raddle::cli::header;
use raddle::render::report::{Detail, report};
use raddle::render::style::Palette;
use raddle::run::{Options, RunResult, Session, Switch};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// What each program begins with.
const PRELUDE: &str = "\
import threading
import time
from threading import *


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f'{type(e).__name__}: {e}'


def go(*functions):
    threads = [Thread(target=f) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


";

macro_rules! behaviours {
    ($($name:ident => $check:ident($source:expr $(, $more:expr)*);)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        $(#[test] fn $name() { $check(&Program::new(stringify!($name), $source) $(, $more)*) })*
    };
}

#[test]
fn none_is_forgotten() {
    let number = |name: &str| name[1..].split('_').next().unwrap().parse::<u32>().unwrap();
    let tested: BTreeSet<u32> = NAMES.iter().map(|name| number(name)).collect();
    let all: BTreeSet<u32> = (1..=120).collect();
    assert_eq!(tested, all);
}

/// A program ready to be run.
struct Program {
    options: Options,
    session: std::cell::RefCell<Session>,
}

impl Program {
    fn new(name: &str, source: &str) -> Program {
        let path = folder(&format!("behaviours-{name}")).join("x.py");
        // Options stand in the first comment block.
        let (head, body) = match source.split_once('\n') {
            Some((head, body)) if head.starts_with('#') => (head, body),
            _ => ("#", source),
        };
        let text = format!("{head}\n{PRELUDE}{body}");
        fs::write(&path, &text).unwrap();
        let mut options = Options::default();
        header::apply(&text, &mut options).unwrap();
        let session = session(&path, &options).into();
        Program { options, session }
    }

    fn run(&self, change: impl FnOnce(&mut Options)) -> RunResult {
        let mut options = self.options.clone();
        change(&mut options);
        self.session.borrow_mut().run(&options)
    }

    fn seed(&self, seed: u64) -> RunResult {
        self.run(|options| options.seed = seed)
    }

    /// Endings and outputs of many seeds, with how often each came.
    fn outcomes(&self) -> BTreeMap<(&'static str, String), u32> {
        let mut found = BTreeMap::new();
        for seed in 0..300 {
            let result = self.seed(seed);
            *found
                .entry((result.ending.name(), result.stdout))
                .or_default() += 1;
        }
        found
    }

    /// Runs in every mode and by every strategy.
    fn everywhere(&self, check: impl Fn(&RunResult)) {
        for switch in [Switch::Shared, Switch::Gil, Switch::Sync] {
            for seed in 0..8 {
                check(&self.run(|o| (o.switch, o.seed) = (switch, seed)));
            }
            for strategy in ["round-robin", "sequential"] {
                check(&self.run(|o| (o.switch, o.strategy) = (switch, strategy.into())));
            }
        }
    }
}

/// Finishes with this on stdout, whatever the schedule.
fn prints(program: &Program, stdout: &str) {
    ends(program, "finished", stdout);
}

/// Ends so with this on stdout, whatever the schedule.
fn ends(program: &Program, ending: &str, stdout: &str) {
    program.everywhere(|result| {
        assert_eq!(result.stdout, stdout, "{:?}", result.stderr);
        assert_eq!(result.ending.name(), ending, "{:?}", result.stderr);
    });
}

/// As [`ends`], and stderr tells this too.
fn ends_saying(program: &Program, ending: &str, stdout: &str, stderr: &str) {
    ends(program, ending, stdout);
    let result = program.seed(0);
    assert!(result.stderr.contains(stderr), "{}", result.stderr);
}

/// Finishes with nothing on stdout and this on stderr, whatever the schedule.
fn logs(program: &Program, stderr: &str) {
    program.everywhere(|result| {
        assert_eq!(
            (result.stdout.as_str(), result.stderr.as_str()),
            ("", stderr)
        );
        assert_eq!(result.ending.name(), "finished");
    });
}

/// Finishes always, with exactly these texts on stdout: each by some schedule.
fn prints_any_of(program: &Program, expected: &[&str]) {
    let found: Vec<_> = program.outcomes().into_keys().collect();
    let mut expected: Vec<_> = expected
        .iter()
        .map(|s| ("finished", s.to_string()))
        .collect();
    expected.sort();
    assert_eq!(found, expected);
}

/// Prints one line that lists three things, in all six orders.
fn all_orders(program: &Program) {
    prints_any_of(
        program,
        &["abc\n", "acb\n", "bac\n", "bca\n", "cab\n", "cba\n"],
    );
}

/// Some schedules end in each of these ways, and none in others.
fn ends_any_of(program: &Program, expected: &[&str]) {
    let found: BTreeSet<_> = program
        .outcomes()
        .into_keys()
        .map(|(ending, _)| ending)
        .collect();
    assert_eq!(found, expected.iter().copied().collect());
}

/// Always a deadlock, whose report says this.
fn hangs(program: &Program, stdout: &str, says: &[&str]) {
    ends(program, "deadlock", stdout);
    let result = program.seed(0);
    let text = report(&result, &program.options, Detail::Full, &Palette::PLAIN);
    for line in says {
        assert!(text.contains(line), "{text}");
    }
}

/// One seed gives one outcome, and some seeds another.
fn repeats(program: &Program) {
    let once: Vec<_> = (0..40).map(|seed| program.seed(seed)).collect();
    for (seed, result) in once.iter().enumerate() {
        assert!(program.seed(seed as u64) == *result, "{seed}");
    }
    let outputs: BTreeSet<_> = once.iter().map(|result| &result.stdout).collect();
    assert_eq!(outputs.len(), 2);
}

/// Has the outcomes of another program.
fn same_outcomes(program: &Program, other: &str) {
    let other = Program::new("other", other);
    let outcomes = |p: &Program| p.outcomes().into_keys().collect::<Vec<_>>();
    assert_eq!(outcomes(program), outcomes(&other));
}

behaviours! {
    // Threads
    b01_group_must_be_none => prints("
print(attempt(Thread, 1))
Thread(None, print, args=('ran',)).start()
", "AssertionError: group argument must be None for now\nran\n");
    b02_target_is_any_callable => prints("
class Called:
    def __call__(self):
        print('object')

def function():
    print('function')

go(function)
go(Called())
", "function\nobject\n");
    b03_arguments => prints("
def show(*args, **kwargs):
    print(args, kwargs)

for args in ((1, 2), [1, 2], 'ab'):
    t = Thread(target=show, args=args, kwargs={'k': 3})
    t.start()
    t.join()
", "(1, 2) {'k': 3}\n(1, 2) {'k': 3}\n('a', 'b') {'k': 3}\n");
    b03_arguments_must_be_iterable => ends_saying("
def show(*args):
    print(args)

t = Thread(target=show, args=5)
t.start()
t.join()
print('main')
", "thread-exception", "main\n", "TypeError: __main__.show() argument after * must be an iterable, not int\n");
    b04_nothing_runs_before_start => prints("
t = Thread(target=print, args=('ran',))
print(t.is_alive())
time.sleep(1)
print('not yet')
t.start()
t.join()
print(t.is_alive(), attempt(t.start))
", "False\nnot yet\nran\nFalse RuntimeError: threads can only be started once\n");
    b05_the_first_thread_is_main => prints("
print(current_thread().name, current_thread() is main_thread(), type(main_thread()).__name__)
", "MainThread True _MainThread\n");
    b06_threads_share_the_process => prints("
import os
pids, items = [os.getpid()], []
def work():
    pids.append(os.getpid())
    items.append(1)
go(work, work)
print(len(set(pids)), items)
", "1 [1, 1]\n");
    b07_default_names => prints("
def work(): pass
class Own(Thread):
    def run(self): pass
print(Thread(target=work).name, Own().name, Timer(1, work).name, Thread().name, sep=', ')
print(Thread(target=Own().run).name)
", "Thread-1 (work), Thread-2, Thread-3, Thread-4\nThread-6 (run)\n");
    b08_names_are_given_or_assigned => prints("
def who():
    print(current_thread().name)
given, assigned = Thread(target=who, name='given'), Thread(target=who)
assigned.name = 'assigned'
for t in given, assigned:
    t.start()
    t.join()
", "given\nassigned\n");
    b09_is_alive => prints("
event = Event()
t = Thread(target=event.wait)
before = t.is_alive()
t.start()
during = t.is_alive()
event.set()
t.join()
print(before, during, t.is_alive())
", "False True False\n");
    b10_get_name_is_the_name => ends_saying("
t = Thread(name='x')
print(t.getName() == t.name)
", "finished", "True\n", "DeprecationWarning: getName() is deprecated, get the name attribute instead\n");
    b11_counting_threads => prints("
event = Event()
threads = [Thread(target=event.wait) for _ in range(3)]
for t in threads: t.start()
print(active_count() == len(threading.enumerate()) == 4, current_thread() in threading.enumerate())
event.set()
for t in threads: t.join()
print(threading.enumerate() == [main_thread()], active_count(), TIMEOUT_MAX)
", "True True\nTrue 1 9223372036.0\n");
    b12_any_order => all_orders("# raddle: switch=sync
order = []
go(*[lambda c=c: order.append(c) for c in 'abc'])
print(''.join(order))
");
    b13_join_waits_for_the_end => prints("
def work():
    time.sleep(1)
    print('child ends')
t = Thread(target=work)
print(attempt(t.join))
t.start()
t.join()
print('joined', t.join())
print(attempt(current_thread().join))
", "RuntimeError: cannot join thread before it is started\nchild ends\njoined None\nRuntimeError: cannot join current thread\n");
    b14_a_subclass_calls_the_constructor => prints("
class Good(Thread):
    def __init__(self, word):
        super().__init__()
        self.word = word
    def run(self):
        print(self.word)
class Bad(Thread):
    def __init__(self): pass
t = Good('runs')
t.start()
t.join()
print(attempt(Bad().start))
", "runs\nRuntimeError: thread.__init__() not called\n");
    b15_arguments_do_not_reach_an_own_run => prints("
class Own(Thread):
    def run(self):
        print('no arguments')
Own(args=(1, 2), kwargs={'k': 3}).start()
", "no arguments\n");
    b16_run_may_be_replaced => prints("
t = Thread(target=print, args=('never',))
t.run = lambda: print('replaced')
t.start()
t.join()
Thread().run()
", "replaced\n");
    b17_arguments_are_no_attribute => prints("
t = Thread(target=print, args=('given',))
print(attempt(lambda: t.args))
t.args = ('assigned',)
t.start()
", "AttributeError: 'Thread' object has no attribute 'args'\ngiven\n");
    b18_private_methods => prints("
class Own(Thread):
    def __hidden(self):
        print('inside')
    def run(self):
        self.__hidden()
t = Own()
t.start()
t.join()
print(attempt(getattr, t, '__hidden'))
", "inside\nAttributeError: 'Own' object has no attribute '__hidden'\n");
    b19_an_exception_ends_its_thread_only => ends_saying("
go(lambda: 1 / 0)
print('main goes on')
", "thread-exception", "main goes on\n", "ZeroDivisionError: division by zero\n");

    // Daemon
    b20_the_program_waits_for_its_threads => prints("
def work():
    time.sleep(5)
    print('last')
Thread(target=work).start()
print('main ends')
", "main ends\nlast\n");
    b21_daemons_are_cut_off => prints("
def work():
    try:
        time.sleep(9)
    finally:
        print('never')
Thread(target=work, daemon=True).start()
time.sleep(1)
print('main ends')
", "main ends\n");
    b22_shutdown_joins_what_is_alive => prints("
def child():
    time.sleep(1)
    print('grandchild')
def work():
    time.sleep(1)
    Thread(target=child).start()
Thread(target=work).start()
print('main ends')
", "main ends\ngrandchild\n");
    b23_daemon_in_the_constructor => prints("
print(Thread(daemon=True).daemon, Thread(daemon=False).daemon)
", "True False\n");
    b24_daemon_is_inherited => prints("
def work():
    print(Thread().daemon, Thread(daemon=not current_thread().daemon).daemon)
for daemon in True, False:
    t = Thread(target=work, daemon=daemon)
    t.start()
    t.join()
", "True False\nFalse True\n");
    b25_there_are_no_service_threads => prints("
time.sleep(1)
print(threading.enumerate() == [main_thread()])
", "True\n");

    // Executor and futures
    b26_leaving_the_block_waits => prints("
from concurrent.futures import ThreadPoolExecutor
def work(n):
    time.sleep(n)
    done.append(n)
done = []
with ThreadPoolExecutor(max_workers=2) as executor:
    for n in 3, 1, 2:
        executor.submit(work, n)
print(sorted(done))
", "[1, 2, 3]\n");
    b27_max_workers_bounds_the_threads => prints("
from concurrent.futures import ThreadPoolExecutor
def work():
    with lock:
        inside.append(1)
        most.append(len(inside))
        names.add(current_thread().name)
    time.sleep(1)
    with lock:
        inside.pop()
lock, inside, most, names = Lock(), [], [], set()
with ThreadPoolExecutor(max_workers=2) as executor:
    for _ in range(5):
        executor.submit(work)
print(max(most) <= 2, len(names) <= 2)
", "True True\n");
    b28_map_takes_several_iterables => prints("
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor() as executor:
    print(list(executor.map(pow, [2, 3, 4], [5, 2])))
    print(list(executor.map(lambda: 1)))
", "[32, 9]\n[]\n");
    b29_map_returns_at_once => prints("
from concurrent.futures import ThreadPoolExecutor
def work(n):
    gate.wait()
    return n
gate = Event()
with ThreadPoolExecutor(max_workers=3) as executor:
    results = executor.map(work, range(3))
    print(type(results).__name__, 'before any result')
    gate.set()
    print(list(results))
", "generator before any result\n[0, 1, 2]\n");
    b29_map_submits_at_once => prints("
from concurrent.futures import ThreadPoolExecutor
ran = []
with ThreadPoolExecutor(max_workers=1) as executor:
    executor.map(ran.append, 'abc')
print(ran)
", "['a', 'b', 'c']\n");
    b30_results_in_input_order => prints("
from concurrent.futures import ThreadPoolExecutor
def work(n):
    time.sleep(n)
    ended.append(n)
    return n
ended = []
with ThreadPoolExecutor(max_workers=3) as executor:
    print(list(executor.map(work, [3, 1, 2])))
print(ended)
", "[3, 1, 2]\n[1, 2, 3]\n");
    b31_exceptions_show_in_their_turn => prints("
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(max_workers=2) as executor:
    results = executor.map(lambda n: 6 // n, [3, 0, 1])
    print(next(results), attempt(next, results), attempt(next, results, 'nothing more'))
", "2 ZeroDivisionError: integer division or modulo by zero nothing more\n");
    b32_exceptions_stay_hidden => prints("
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor() as executor:
    executor.submit(lambda: 1 / 0)
    executor.map(lambda: 1, range(3))
print('nothing seen')
", "nothing seen\n");
    b33_submit_returns_at_once => prints("
from concurrent.futures import Future, ThreadPoolExecutor
gate = Event()
with ThreadPoolExecutor() as executor:
    future = executor.submit(gate.wait)
    print(isinstance(future, Future), future.done())
    gate.set()
print(future.done(), future.result())
", "True False\nTrue True\n");
    b34_shutdown_waits => prints("
from concurrent.futures import ThreadPoolExecutor
executor = ThreadPoolExecutor(max_workers=1)
futures = [executor.submit(time.sleep, 1) for _ in range(4)]
executor.shutdown(wait=True, cancel_futures=False)
print([f.done() for f in futures], attempt(executor.submit, print))
", "[True, True, True, True] RuntimeError: cannot schedule new futures after shutdown\n");
    b34_shutdown_may_cancel => prints("
from concurrent.futures import ThreadPoolExecutor
def first():
    begun.set()
    gate.wait()
begun, gate = Event(), Event()
executor = ThreadPoolExecutor(max_workers=1)
futures = [executor.submit(f) for f in (first, print, print, print)]
begun.wait()
executor.shutdown(wait=False, cancel_futures=True)
gate.set()
executor.shutdown()
print([f.cancelled() for f in futures], futures[0].result())
", "[False, True, True, True] None\n");
    b35_done_after_success_or_failure => prints("
from concurrent.futures import ThreadPoolExecutor, wait
with ThreadPoolExecutor() as executor:
    futures = [executor.submit(lambda n: 6 // n, n) for n in (2, 0)]
    wait(futures)
    print([f.done() for f in futures], [f.exception() is None for f in futures])
", "[True, True] [True, False]\n");
    b36_result_waits_and_raises_again => prints("
from concurrent.futures import ThreadPoolExecutor
def work(n):
    time.sleep(1)
    return 6 // n
with ThreadPoolExecutor() as executor:
    good, bad = executor.submit(work, 2), executor.submit(work, 0)
    print(good.result())
    for _ in range(2):
        print(attempt(bad.result))
", "3\nZeroDivisionError: integer division or modulo by zero\nZeroDivisionError: integer division or modulo by zero\n");
    b37_result_with_a_timeout => prints("
import concurrent.futures
with concurrent.futures.ThreadPoolExecutor() as executor:
    future = executor.submit(time.sleep, 1)
    try:
        future.result(timeout=0.1)
    except concurrent.futures.TimeoutError as e:
        print(type(e).__name__, concurrent.futures.TimeoutError is TimeoutError, future.done())
    print(future.result(), future.done())
", "TimeoutError True False\nNone True\n");
    b38_exception_or_none => prints("
from concurrent.futures import ThreadPoolExecutor
def work(n):
    time.sleep(1)
    return 6 // n
with ThreadPoolExecutor() as executor:
    good, bad = executor.submit(work, 2), executor.submit(work, 0)
    print(repr(bad.exception()), good.exception(), good.done())
", "ZeroDivisionError('integer division or modulo by zero') None True\n");
    b39_callbacks_get_the_future => prints("
from concurrent.futures import ThreadPoolExecutor
def called(future):
    got.append((future in futures, future.exception() is None))
got, gate = [], Event()
with ThreadPoolExecutor(max_workers=1) as executor:
    executor.submit(gate.wait)
    futures = [executor.submit(lambda n: 6 // n, n) for n in (2, 0)]
    for future in futures:
        future.add_done_callback(called)
    gate.set()
print(got)
", "[(True, True), (True, False)]\n");
    b39_a_late_callback_runs_at_once_in_the_caller => prints("
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor() as executor:
    future = executor.submit(int)
    future.result()
    future.add_done_callback(lambda f: print(current_thread().name, f.result()))
    print('after')
", "MainThread 0\nafter\n");
    b39_a_callback_that_raises_is_logged => ends_saying("
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor() as executor:
    future = executor.submit(int)
    future.add_done_callback(lambda f: 1 / 0)
print('main goes on', future.result())
", "finished", "main goes on 0\n", "ZeroDivisionError: division by zero");

    // Races and prints
    b40_updates_get_lost => prints_any_of("
count = 0
def add():
    global count
    count += 1
go(add, add)
print(count)
", &["1\n", "2\n"]);
    b41_a_lock_makes_updates_serial => prints("
count, lock = 0, Lock()
def add():
    global count
    for _ in range(3):
        with lock:
            count += 1
go(add, add)
print(count)
", "6\n");
    b42_a_race_is_had_again_by_its_seed => repeats("
count = 0
def add():
    global count
    count += 1
go(add, add)
print(count)
");
    b43_print_tears => prints_any_of("
go(lambda: print('a'), lambda: print('b'))
", &["a\nb\n", "b\na\n", "ab\n\n", "ba\n\n"]);

    // Lock
    b44_two_states => prints("
lock = Lock()
print(lock.locked(), lock.acquire(), lock.locked(), lock.release(), lock.locked())
", "False True True None False\n");
    b45_one_holder => prints("
lock, inside, most = Lock(), [], []
def work():
    with lock:
        inside.append(1)
        most.append(len(inside))
        inside.pop()
go(work, work, work)
print(most)
", "[1, 1, 1]\n");
    b46_acquire_with_a_timeout => prints("# raddle: step-cost=0
lock = Lock()
print(lock.acquire(timeout=0.5))
begin = time.monotonic_ns()
print(lock.acquire(timeout=0.5), time.monotonic_ns() - begin)
", "True\nFalse 500000000\n");
    b47_acquire_without_waiting => prints("# raddle: step-cost=0
lock = Lock()
lock.acquire()
begin = time.monotonic_ns()
print(lock.acquire(blocking=False), lock.acquire(False), time.monotonic_ns() - begin)
print(attempt(lock.acquire, False, 1))
", "False False 0\nValueError: can't specify a timeout for a non-blocking call\n");
    b48_release_lets_any_waiter_in => all_orders("# raddle: switch=sync
lock, order = Lock(), []
def work(name):
    with lock:
        order.append(name)
lock.acquire()
threads = [Thread(target=work, args=c) for c in 'abc']
for t in threads: t.start()
time.sleep(1)
lock.release()
for t in threads: t.join()
print(''.join(order))
");
    b49_anybody_may_release => prints("
lock = Lock()
lock.acquire()
go(lock.release)
print(lock.locked())
", "False\n");
    b50_release_of_an_unlocked_lock => prints("
print(attempt(Lock().release))
", "RuntimeError: release unlocked lock\n");
    b51_never_released => hangs("
lock = Lock()
def work():
    lock.acquire()
    print('in')
t = Thread(target=work, name='first')
t.start()
t.join()
Thread(target=work, name='second').start()
", "in\n", &["second waits for lock lock, held since line", "by first, which has ended"]);
    b52_with_always_releases => prints("
lock = Lock()
def work():
    with lock:
        print(lock.locked())
        raise ValueError('inside')
print(attempt(work), lock.locked())
", "True\nValueError: inside False\n");
    b53_a_lock_is_not_reentrant => hangs("
lock = Lock()
with lock:
    print('once')
    with lock:
        print('twice')
", "once\n", &["MainThread waits for lock lock, held since line", "by MainThread itself"]);
    b54_a_helper_that_locks_again => hangs("
lock = Lock()
def helper():
    with lock:
        print('helper')
def work():
    with lock:
        helper()
work()
", "", &["held since line"]);
    b54_a_reentrant_lock_mends_it => prints("
lock = RLock()
def helper():
    with lock:
        print('helper')
def work():
    with lock:
        helper()
go(work, work)
", "helper\nhelper\n");
    b55_acquire_is_atomic => prints("
lock, got = Lock(), []
go(*[lambda: got.append(lock.acquire(False))] * 3)
print(sum(got))
", "1\n");

    // RLock
    b56_the_owner_acquires_again_at_once => prints("
lock = RLock()
print(lock.acquire(), lock.acquire(blocking=False), lock.acquire(timeout=1))
", "True True True\n");
    b57_as_many_releases_as_acquires => prints("
lock = RLock()
def look():
    got.append(lock.acquire(blocking=False))
    if got[-1]:
        lock.release()
got = []
for _ in range(3):
    lock.acquire()
go(look)
for _ in range(3):
    lock.release()
    go(look)
print(got)
", "[False, False, False, True]\n");
    b58_the_recursion_level => prints("
lock = RLock()
def level():
    return repr(lock).split('count=')[1].split()[0]
print(level())
for change in lock.acquire, lock.acquire, lock.release, lock.release:
    change()
    print(level())
", "0\n1\n2\n1\n0\n");
    b59_nesting_in_any_pattern => prints("
lock = RLock()
with lock:
    lock.acquire()
    with lock:
        lock.release()
    lock.acquire()
    lock.release()
print(attempt(lock.release))
", "RuntimeError: cannot release un-acquired lock\n");
    b60_release_by_another => prints("
lock = RLock()
def foreign():
    print(attempt(lock.release))
foreign()
with lock:
    go(foreign)
", "RuntimeError: cannot release un-acquired lock\nRuntimeError: cannot release un-acquired lock\n");

    // Condition
    b61_wait_and_notify_need_the_lock => prints("
cond = Condition()
for call in cond.wait, cond.notify, cond.notify_all:
    print(attempt(call))
", "RuntimeError: cannot wait on un-acquired lock\nRuntimeError: cannot notify on un-acquired lock\nRuntimeError: cannot notify on un-acquired lock\n");
    b62_own_lock_or_a_default_one => prints("
lock = Lock()
for cond in Condition(lock), Condition(RLock()), Condition():
    with cond:
        again = cond.acquire(blocking=False)
        print(again, cond.wait(0.1))
        if again: cond.release()
print(lock.locked())
", "False False\nTrue False\nTrue False\nFalse\n");
    b63_wait_lets_go_of_its_lock => prints("
cond = Condition()
def wait():
    with cond, cond:
        print('waits')
        cond.wait()
        go(lambda: print('held', not cond.acquire(blocking=False)))
t = Thread(target=wait)
t.start()
time.sleep(1)
with cond:
    print('inside')
    cond.notify()
t.join()
", "waits\ninside\nheld True\n");
    b64_notify_wakes_one => prints("
cond, got = Condition(), []
def wait():
    with cond:
        got.append(cond.wait(5))
with cond:
    cond.notify()
threads = [Thread(target=wait) for _ in range(2)]
for t in threads: t.start()
time.sleep(1)
with cond:
    cond.notify()
for t in threads: t.join()
print(got)
", "[True, False]\n");
    b65_notify_all_wakes_all => all_orders("# raddle: switch=sync
cond, order = Condition(), []
def wait(name):
    with cond:
        cond.wait()
        order.append(name)
threads = [Thread(target=wait, args=c) for c in 'abc']
for t in threads: t.start()
time.sleep(1)
with cond:
    cond.notify_all()
for t in threads: t.join()
print(''.join(order))
");
    b66_the_notifier_releases_first => prints("
cond = Condition()
def wait():
    with cond:
        cond.wait()
        print('back')
t = Thread(target=wait)
t.start()
time.sleep(1)
with cond:
    cond.notify_all()
    time.sleep(1)
    print('still inside')
t.join()
", "still inside\nback\n");
    b67_several_may_wait => hangs("
cond = Condition()
def wait():
    with cond:
        cond.wait()
for name in 'abc':
    Thread(target=wait, name=name).start()
", "", &["a waits for condition cond to be notified", "b waits for condition cond", "c waits for condition cond"]);
    b68_an_if_does_not_do => ends_any_of("# raddle: switch=sync
cond, items = Condition(), []
def take():
    with cond:
        if not items:
            cond.wait()
        items.pop()
def put():
    for n in range(2):
        with cond:
            items.append(n)
            cond.notify_all()
go(take, take, put)
", &["finished", "thread-exception"]);
    b68_a_loop_does => ends("# raddle: spurious=2
cond, items = Condition(), []
def take():
    with cond:
        while not items:
            cond.wait()
        items.pop()
def put():
    for n in range(2):
        with cond:
            items.append(n)
            cond.notify_all()
go(take, take, put)
print(items)
", "finished", "[]\n");
    b69_spurious_wakeups => prints_any_of("# raddle: spurious=1
cond = Condition()
def wait():
    with cond:
        cond.wait(2)
    print(time.monotonic() - begin > 1)
begin = time.monotonic()
go(wait, lambda: begin + begin)
", &["False\n", "True\n"]);
    b69_none_by_default => prints("
cond = Condition()
begin = time.monotonic()
with cond:
    cond.wait(2)
print(time.monotonic() - begin >= 2)
", "True\n");
    b70_wait_with_a_timeout => prints("# raddle: step-cost=0
cond = Condition()
begin = time.monotonic_ns()
with cond:
    print(cond.wait(2), time.monotonic_ns() - begin)
", "False 2000000000\n");
    b71_notify_all_has_another_name => ends_saying("
cond, got = Condition(), []
def wait():
    with cond:
        got.append(cond.wait())
t = Thread(target=wait)
t.start()
time.sleep(1)
with cond:
    cond.notifyAll()
t.join()
print(got)
", "finished", "[True]\n", "DeprecationWarning: notifyAll() is deprecated, use notify_all() instead\n");
    b72_a_waiter_stays_behind => hangs("
cond = Condition()
def wait():
    with cond:
        while True:
            cond.wait()
            print('once')
Thread(target=wait, name='waiter').start()
time.sleep(1)
with cond:
    cond.notify()
time.sleep(1)
print('main ends')
", "once\nmain ends\n", &["MainThread is finished, but the program cannot exit", "waiter waits for condition cond"]);
    b73_busy_waiting => prints("# raddle: step-cost=0
ready, polls = False, 0
def poll():
    global polls
    while not ready:
        polls += 1
        time.sleep(0.01)
t = Thread(target=poll)
t.start()
time.sleep(0.995)
ready = True
t.join()
print(polls)
", "100\n");
    b74_a_flag_for_two_threads_only => prints_any_of("
found, value, seen = False, None, []
def show():
    global found, value
    if found:
        seen.append(value)
        value, found = None, False
found, value = True, 7
go(show, show)
print(sorted(map(str, seen)))
", &["['7']\n", "['7', '7']\n", "['7', 'None']\n"]);

    // Semaphore
    b75_a_counter => prints("
s = Semaphore(2)
print([s.acquire(blocking=False) for _ in range(3)])
s.release()
print([s.acquire(blocking=False) for _ in range(2)])
", "[True, True, False]\n[True, False]\n");
    b76_initial_values => prints("
print(Semaphore().acquire(False), Semaphore(1).acquire(False), Semaphore(0).acquire(timeout=1))
print(attempt(Semaphore, -1))
", "True True False\nValueError: semaphore initial value must be >= 0\n");
    b77_acquire_at_zero_waits => prints("
s = Semaphore(0)
def work():
    s.acquire()
    print('acquired')
t = Thread(target=work)
t.start()
time.sleep(1)
print('releases')
s.release()
t.join()
", "releases\nacquired\n");
    b78_release_lets_any_waiter_in => all_orders("# raddle: switch=sync
s, order = Semaphore(0), []
def work(name):
    with s:
        order.append(name)
threads = [Thread(target=work, args=c) for c in 'abc']
for t in threads: t.start()
time.sleep(1)
s.release()
for t in threads: t.join()
print(''.join(order))
");
    b79_releases_are_remembered => prints("
s = Semaphore(0)
s.release()
s.release(2)
print([s.acquire(blocking=False) for _ in range(4)])
", "[True, True, True, False]\n");
    b80_a_limit_of_users => prints_any_of("# raddle: switch=sync
s, inside, most = Semaphore(2), [], []
def work():
    with s:
        inside.append(1)
        most.append(len(inside))
        time.sleep(1)
        inside.pop()
go(*[work] * 5)
print(max(most))
", &["2\n"]);
    b81_bounded_semaphores => prints("
bounded = BoundedSemaphore(1)
print(bounded.acquire(), bounded.acquire(timeout=1), bounded.release(), attempt(bounded.release))
plain = Semaphore(1)
for _ in range(5): plain.release()
print(sum(plain.acquire(False) for _ in range(9)))
", "True False None ValueError: Semaphore released too many times\n6\n");

    // Event
    b82_a_flag => prints("
event = Event()
print(event.is_set(), event.set(), event.is_set(), event.clear(), event.is_set())
", "False None True None False\n");
    b83_wait_on_a_set_flag => prints("# raddle: step-cost=0
event = Event()
event.set()
begin = time.monotonic_ns()
print(event.wait(), event.wait(), event.wait(1), time.monotonic_ns() - begin)
", "True True True 0\n");
    b84_set_frees_all => prints("
event, got = Event(), []
threads = [Thread(target=lambda: got.append(event.wait())) for _ in range(3)]
for t in threads: t.start()
time.sleep(1)
print(got)
event.set()
for t in threads: t.join()
print(got)
", "[]\n[True, True, True]\n");
    b85_waiting_changes_nothing => prints("
event = Event()
print(event.wait(1), event.is_set())
event.set()
print(event.wait(1), event.is_set())
", "False False\nTrue True\n");
    b86_as_a_condition_with_a_flag => same_outcomes("
event, log = Event(), []
def wait(name):
    event.wait()
    log.append(name)
def set_it():
    log.append('s')
    event.set()
go(lambda: wait('a'), lambda: wait('b'), set_it)
print(log)
", "
cond, log, flag = Condition(), [], False
def wait(name):
    with cond:
        while not flag:
            cond.wait()
    log.append(name)
def set_it():
    global flag
    log.append('s')
    with cond:
        flag = True
        cond.notify_all()
go(lambda: wait('a'), lambda: wait('b'), set_it)
print(log)
");
    b87_polling_an_event => prints("
event, rounds = Event(), []
def work():
    while not event.is_set():
        rounds.append(1)
        time.sleep(1)
t = Thread(target=work)
t.start()
time.sleep(2.5)
event.set()
t.join()
print(len(rounds))
", "3\n");

    // Queue
    b88_each_item_once => prints("
import queue
q, got = queue.Queue(), []
def put(start):
    for n in range(3):
        q.put(start + n)
def get():
    for _ in range(3):
        got.append(q.get())
go(lambda: put(0), lambda: put(10), get, get)
print(sorted(got), q.empty())
", "[0, 1, 2, 10, 11, 12] True\n");
    b89_put_and_get_wait => prints("
import queue
q, got = queue.Queue(maxsize=1), []
def get():
    time.sleep(1)
    for _ in range(3):
        got.append(q.get())
    got.append(q.get())
t = Thread(target=get)
t.start()
begin = time.monotonic()
for n in range(3):
    q.put(n)
print('all put after', round(time.monotonic() - begin))
time.sleep(1)
q.put(3)
t.join()
print(got)
", "all put after 1\n[0, 1, 2, 3]\n");
    b90_sizes_are_snapshots => ends_any_of("
import queue
q = queue.Queue()
q.put('item')
def take():
    if not q.empty():
        q.get()
go(take, take)
", &["finished", "deadlock"]);
    b91_a_queue_holds_several => prints_any_of("# raddle: switch=sync
import queue
q, depth = queue.Queue(), []
def put():
    for n in range(2):
        q.put(n)
    depth.append(q.qsize())
def get():
    for _ in range(2):
        q.get()
go(put, get)
print(depth)
", &["[0]\n", "[1]\n", "[2]\n"]);

    // Timer
    b92_a_timer_is_never_early => prints("
def call():
    print(time.monotonic() - begin >= 2, current_thread() is t)
begin = time.monotonic()
t = Timer(2, call)
t.start()
t.join()
", "True True\n");
    b93_cancel => prints("
t = Timer(2, print, ['never'])
t.start()
time.sleep(1)
t.cancel()
t.join()
print('cancelled')
", "cancelled\n");
    b94_a_timer_is_a_thread => prints("
t = Timer(1, print, ['a', 'b'], {'sep': '-'})
print(isinstance(t, Thread), t.interval, t.args, t.kwargs)
t.start()
", "True 1 ['a', 'b'] {'sep': '-'}\na-b\n");

    // Barrier
    b95_parties => prints("
print(Barrier(3).parties, attempt(setattr, Barrier(2), 'parties', 4))
", "3 AttributeError: property 'parties' of 'Barrier' object has no setter\n");
    b96_wait_holds_all_until_the_last => prints("
barrier, log = Barrier(3), []
def work():
    for n in range(2):
        log.append(n)
        barrier.wait()
        log.append('-')
        barrier.wait()
go(work, work, work)
print(*log)
", "0 0 0 - - - 1 1 1 - - -\n");
    b97_freed_together_in_any_order => all_orders("# raddle: switch=sync
barrier, order = Barrier(3), []
def work(name):
    barrier.wait()
    order.append(name)
go(*[lambda c=c: work(c) for c in 'abc'])
print(''.join(order))
");
    b98_the_last_runs_the_action => prints("
last, acted = [], []
def act():
    acted.append((len(last), last[-1] == current_thread().name))
barrier = Barrier(3, action=act)
def work(delay):
    time.sleep(delay)
    last.append(current_thread().name)
    barrier.wait()
go(lambda: work(1), lambda: work(3), lambda: work(2))
print(acted)
", "[(3, True)]\n");
    b99_n_waiting => prints("
barrier, seen = Barrier(3), []
def work():
    attempt(barrier.wait)
threads = [Thread(target=work) for _ in range(2)]
for t in threads:
    seen.append(barrier.n_waiting)
    t.start()
    time.sleep(1)
seen.append(barrier.n_waiting)
barrier.abort()
for t in threads: t.join()
print(seen, barrier.n_waiting)
", "[0, 1, 2] 0\n");
    b100_abort => prints("
barrier, got = Barrier(3), []
def work():
    got.append(attempt(barrier.wait))
threads = [Thread(target=work) for _ in range(2)]
for t in threads: t.start()
time.sleep(1)
barrier.abort()
for t in threads: t.join()
work()
print(got, barrier.broken)
", "['BrokenBarrierError: ', 'BrokenBarrierError: ', 'BrokenBarrierError: '] True\n");

    // with
    b101_the_protocol => prints("
class Manager:
    def __enter__(self):
        print('enter')
    def __exit__(self, *what):
        print('exit')
with Manager():
    print('body')
def bad():
    with object(): pass
print(attempt(bad))
", "enter\nbody\nexit\nTypeError: 'object' object does not support the context manager protocol\n");
    b102_as_gets_what_enter_returns => prints("
class Manager:
    def __init__(self, value):
        self.value = value
    def __enter__(self):
        if self.value: return self.value
    def __exit__(self, *what): pass
with Manager(5) as five, Manager(0) as nothing:
    print(five, nothing)
", "5 None\n");
    b103_exit_is_called_on_the_manager => prints("
class Other:
    def __exit__(self, *what):
        print('never')
class Manager:
    def __enter__(self): return Other()
    def __exit__(self, *what):
        print('of', type(self).__name__)
with Manager() as other:
    print(type(other).__name__)
", "Other\nof Manager\n");
    b104_failure_before_the_body => prints("
class Manager:
    def __init__(self, where):
        self.where = where
        if where == 'init': raise ValueError(where)
    def __enter__(self):
        if self.where == 'enter': raise ValueError(self.where)
    def __exit__(self, *what):
        print('exit')
def use(where):
    with Manager(where):
        print('body')
for where in 'init', 'enter', 'nowhere':
    print(attempt(use, where))
", "ValueError: init\nValueError: enter\nbody\nexit\nNone\n");
    b105_exit_always_runs => prints("
class Manager:
    def __enter__(self): pass
    def __exit__(self, *what):
        print('exit', end=' ')
def raises():
    with Manager(): raise ValueError('x')
def returns():
    with Manager(): return 'returned'
def breaks():
    for n in range(9):
        with Manager():
            break
    return n
for f in raises, returns, breaks:
    print(attempt(f))
", "exit ValueError: x\nexit returned\nexit 0\n");
    b106_what_exit_is_given => prints("
class Manager:
    def __init__(self, swallow): self.swallow = swallow
    def __enter__(self): pass
    def __exit__(self, kind, value, traceback):
        print(kind and kind.__name__, value, traceback is None)
        return self.swallow
def use(swallow, fail):
    with Manager(swallow):
        if fail: raise ValueError('x')
    return 'after'
for swallow in True, False:
    for fail in True, False:
        print(attempt(use, swallow, fail))
", "ValueError x False\nafter\nNone None True\nafter\nValueError x False\nValueError: x\nNone None True\nafter\n");
    b107_locks_are_managers => prints("
for make in Lock, RLock, Condition, Semaphore, BoundedSemaphore:
    lock = make()
    with lock as got:
        inside = []
        go(lambda: inside.append(lock.acquire(blocking=False)))
    print(make.__name__, got, inside, lock.acquire(blocking=False))
", "lock True [False] True\nRLock True [False] True\nCondition True [False] True\nSemaphore True [False] True\nBoundedSemaphore True [False] True\n");

    // The global lock
    b108_one_at_a_time => prints("# raddle: switch=gil
running, most = [], []
def work():
    running.append(1)
    most.append(len(running) <= 3)
    running.pop()
go(work, work, work)
print(all(most), running)
", "True []\n");
    b109_sleep_lets_others_run => prints("
begin = time.monotonic()
go(lambda: time.sleep(1), lambda: time.sleep(1))
print(round(time.monotonic() - begin, 2))
", "1.0\n");
    b110_loops_gain_nothing_by_threads => prints("# raddle: switch=gil
def loop():
    for _ in range(100): pass
def cost(*functions):
    begin = time.perf_counter_ns()
    go(*functions)
    return time.perf_counter_ns() - begin
one = cost(loop)
print(cost(loop, loop) > one)
", "True\n");
    b111_data_is_not_protected => prints_any_of("# raddle: switch=gil
count = 0
def call(): pass
def add():
    global count
    before = count
    call()
    count = before + 1
go(add, add)
print(count)
", &["1\n", "2\n"]);
    b112_deques_do_not_switch => prints_any_of("# raddle: switch=sync
from collections import deque
d, seen = deque(), []
def work(name):
    for _ in range(3): d.append(name)
go(lambda: work('a'), lambda: work('b'))
print(''.join(d))
", &["aaabbb\n", "bbbaaa\n"]);

    // Processes
    b113_processes_have_own_pids_and_memory => prints("
import multiprocessing, os
def work(queue):
    items.append(1)
    queue.put((os.getpid(), os.getppid(), items))
items = []
if __name__ == '__main__':
    queue = multiprocessing.Queue()
    children = [multiprocessing.Process(target=work, args=(queue,)) for _ in range(2)]
    for c in children: c.start()
    got = [queue.get() for _ in children]
    for c in children: c.join()
    print({pid for pid, _, _ in got} == {c.pid for c in children}, len({c.pid for c in children} | {os.getpid()}))
    print({parent for _, parent, _ in got} == {os.getpid()}, [its for _, _, its in got], items)
", "True 3\nTrue [[1], [1]] []\n");
    b113_processes_run_at_the_same_time => prints("
import multiprocessing
if __name__ == '__main__':
    begin = time.monotonic()
    children = [multiprocessing.Process(target=time.sleep, args=(1,)) for _ in range(2)]
    for c in children: c.start()
    for c in children: c.join()
    print(round(time.monotonic() - begin, 2))
", "1.0\n");
    b114_a_lock_between_processes => prints("
import multiprocessing
def work(lock, queue):
    with lock:
        queue.put('in')
        time.sleep(1)
        queue.put('out')
if __name__ == '__main__':
    lock, queue = multiprocessing.Lock(), multiprocessing.SimpleQueue()
    children = [multiprocessing.Process(target=work, args=(lock, queue)) for _ in range(3)]
    for c in children: c.start()
    print([queue.get() for _ in range(6)])
    for c in children: c.join()
", "['in', 'out', 'in', 'out', 'in', 'out']\n");
    b115_processes_are_joined_like_threads => prints("
import multiprocessing
if __name__ == '__main__':
    event = multiprocessing.Event()
    p = multiprocessing.Process(target=event.wait)
    print(p.is_alive(), p.pid, p.exitcode)
    p.start()
    print(p.is_alive(), p.pid > 0, p.exitcode)
    event.set()
    p.join()
    print(p.is_alive(), p.pid > 0, p.exitcode)
", "False None None\nTrue True None\nFalse True 0\n");
    b116_a_queue_between_processes => prints("
import multiprocessing
def work(queue):
    for n in range(1, 6):
        queue.put({'square': n * n})
if __name__ == '__main__':
    queue = multiprocessing.Queue()
    p = multiprocessing.Process(target=work, args=(queue,))
    p.start()
    print([queue.get()['square'] for _ in range(5)])
    p.join()
    print(queue.empty())
", "[1, 4, 9, 16, 25]\nTrue\n");
    b117_a_pipe_works_both_ways => prints("
import multiprocessing
def work(end):
    end.send(end.recv() + 1)
    end.close()
if __name__ == '__main__':
    ours, theirs = multiprocessing.Pipe()
    p = multiprocessing.Process(target=work, args=(theirs,))
    p.start()
    theirs.close()
    ours.send(6)
    print(ours.recv(), attempt(ours.recv))
    p.join()
", "7 EOFError: \n");
    b117_recv_blocks => hangs("
import multiprocessing
ours, theirs = multiprocessing.Pipe()
print('waits')
ours.recv()
", "waits\n", &["MainThread waits for"]);
    b118_spawned_children_import_main_anew => prints("
import multiprocessing
def work(queue):
    queue.put((__name__, state))
state = 'as imported'
if __name__ == '__main__':
    state = 'changed later'
    context = multiprocessing.get_context('spawn')
    queue = context.Queue()
    p = context.Process(target=work, args=(queue,))
    p.start()
    print(queue.get())
    p.join()
", "('__mp_main__', 'as imported')\n");
    b118_a_fork_server_starts_them_so_too => prints("
import multiprocessing
def work(queue):
    queue.put((__name__, state, multiprocessing.current_process().name))
state = 'as imported'
if __name__ == '__main__':
    state = 'changed later'
    print(multiprocessing.get_all_start_methods())
    multiprocessing.set_start_method('forkserver')
    for make in multiprocessing.Process, multiprocessing.get_context().Process:
        queue = multiprocessing.Queue()
        p = make(target=work, args=(queue,))
        p.start()
        print(queue.get(), multiprocessing.get_start_method())
        p.join()
", "['fork', 'spawn', 'forkserver']
('__mp_main__', 'as imported', 'Process-1') forkserver
('__mp_main__', 'as imported', 'ForkServerProcess-2') forkserver
");

    // Logging
    b119_a_level_drops_what_is_below => ends_saying("
import logging
logging.basicConfig(format='%(message)s', level=logging.INFO)
logging.debug('dropped')
logging.info('kept %s', 1)
print(logging.getLogger().isEnabledFor(logging.DEBUG))
", "finished", "False\n", "kept 1\n");
    b119_nothing_of_the_dropped_is_written => prints("
import logging, sys
logging.basicConfig(format='%(levelname)s', level=logging.WARNING, stream=sys.stdout)
for call in logging.debug, logging.info, logging.warning, logging.error:
    call('x')
", "WARNING\nERROR\n");
    b120_format_and_date_format => logs("
import logging
logging.basicConfig(format='%(asctime)s: %(message)s', level=logging.INFO, datefmt='%H:%M:%S')
logging.info('first')
time.sleep(3661)
logging.basicConfig(format='never: %(message)s', level=logging.DEBUG)
logging.info('second')
logging.debug('third')
", "00:00:00: first\n01:01:01: second\n");
}
