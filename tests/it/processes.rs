//! Processes in searches: the reduced search finds what the search without reduction finds.

use raddle::run::{Options, Switch, load_source};
use raddle::search::{Explorer, Plan};
use std::collections::BTreeSet;

/// All outcomes of a program, by ending and output.
fn outcomes(source: &str, switch: Switch, plan: Plan) -> BTreeSet<(String, String)> {
    let program = load_source("x.py", source, false).unwrap_or_else(|e| panic!("{e}"));
    let explored = Explorer::new()
        .options(|options: &mut Options| options.switch = switch)
        .plan(plan)
        .max_schedules(300_000)
        .run(program);
    assert!(explored.complete, "{source}");
    let outcomes = explored.outcomes.iter();
    outcomes
        .map(|(o, _)| (o.ending.name().to_owned(), o.stdout.clone()))
        .collect()
}

/// The searches agree, and find so many outcomes.
#[track_caller]
fn agree(source: &str, switch: Switch, count: usize) {
    let reduced = outcomes(source, switch, Plan::Dpor);
    let all = outcomes(source, switch, Plan::Dfs);
    assert_eq!(reduced, all, "{source}");
    assert_eq!(reduced.len(), count, "{reduced:?}");
}

#[test]
fn a_process_is_killed_at_any_point() {
    let source = "\
import multiprocessing
def work(lock, queue):
    queue.put(1)
    with lock:
        queue.put(2)
if __name__ == '__main__':
    lock, queue = multiprocessing.Lock(), multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(lock, queue))
    child.start()
    child.terminate()
    child.join()
    print(child.exitcode, queue.qsize(), lock.acquire(False))
";
    // After none of its steps, or after put, acquire, put, release; or when its end is settled.
    agree(source, Switch::Sync, 6);
}

#[test]
fn a_killed_waiter_takes_no_notification() {
    let source = "\
import multiprocessing, threading
def wait(condition, queue):
    with condition:
        queue.put('waits')
        condition.wait()
        queue.put('woken')
if __name__ == '__main__':
    condition, queue = multiprocessing.Condition(), multiprocessing.Queue()
    child = multiprocessing.Process(target=wait, args=(condition, queue))
    child.start()
    queue.get()
    with condition:
        condition.notify()
    child.kill()
    child.join()
    print(queue.qsize(), child.exitcode)
";
    agree(source, Switch::Sync, 3);
}

#[test]
fn updates_by_way_of_a_manager_are_lost() {
    let source = "\
import multiprocessing
def work(counts):
    counts['n'] += 1
if __name__ == '__main__':
    counts = multiprocessing.Manager().dict(n=0)
    children = [multiprocessing.Process(target=work, args=(counts,)) for _ in range(2)]
    for child in children: child.start()
    for child in children: child.join()
    print(counts['n'])
";
    agree(source, Switch::Sync, 2);
    agree(source, Switch::Shared, 2);
}

#[test]
fn what_a_process_has_alone_makes_no_schedules() {
    let source = "\
import multiprocessing
total = 0
def work(queue):
    global total
    for n in range(20):
        total += n
    queue.put(total)
if __name__ == '__main__':
    queue = multiprocessing.SimpleQueue()
    child = multiprocessing.Process(target=work, args=(queue,))
    child.start()
    total += 5
    print(total, queue.get())
";
    agree(source, Switch::Shared, 1);
}

#[test]
fn threads_of_a_child_race_for_its_own_variables() {
    let source = "\
import multiprocessing, threading
total = 0
def add():
    global total
    total += 1
def work(queue):
    threads = [threading.Thread(target=add) for _ in range(2)]
    for t in threads: t.start()
    for t in threads: t.join()
    queue.put(total)
if __name__ == '__main__':
    queue = multiprocessing.SimpleQueue()
    child = multiprocessing.Process(target=work, args=(queue,))
    child.start()
    add()
    print(queue.get(), total)
";
    agree(source, Switch::Shared, 2);
}

#[test]
fn the_end_of_a_pipe_is_seen_when_its_writer_is_gone() {
    let source = "\
import multiprocessing
def write(writer):
    writer.send(1)
if __name__ == '__main__':
    reader, writer = multiprocessing.Pipe(False)
    child = multiprocessing.Process(target=write, args=(writer,))
    child.start()
    writer.close()
    got = []
    try:
        while True:
            got.append((reader.poll(), reader.recv())[1])
    except EOFError:
        print(got)
";
    agree(source, Switch::Sync, 1);
}

#[test]
fn files_are_common_to_all_processes() {
    for start in ["fork", "spawn"] {
        let source = format!(
            "\
import multiprocessing
def write(text):
    with open('log', 'a') as f:
        f.write(text)
if __name__ == '__main__':
    open('log', 'w').write('begun ')
    child = multiprocessing.get_context('{start}').Process(target=write, args=('by a child',))
    child.start()
    child.join()
    print(open('/home/user/log').read())
"
        );
        let found = outcomes(&source, Switch::Sync, Plan::Dpor);
        let texts: Vec<_> = found.iter().map(|(_, stdout)| stdout.as_str()).collect();
        assert_eq!(texts, ["begun by a child\n"], "{start}");
    }
}

#[test]
fn files_come_and_go_while_others_look() {
    let source = "\
import os, threading
seen = []
def make():
    with open('a', 'w') as f:
        f.write('1')
    os.rename('a', 'b')
    os.remove('b')
def look():
    found = [os.path.exists('a'), os.listdir()]
    try:
        with open('b') as f:
            found.append(f.read())
    except FileNotFoundError:
        found.append(None)
    seen.append(found)
threads = [threading.Thread(target=f) for f in (make, look)]
for t in threads: t.start()
for t in threads: t.join()
print(seen)
";
    agree(source, Switch::Shared, 11);
}

/// A file object that threads share has one place at which they go on, and is closed for all.
#[test]
fn file_objects_are_shared() {
    let source = "\
import threading
f = open('log', 'w')
def write(text):
    try:
        f.write(text)
        f.write(text.upper())
    except ValueError as e:
        print(e)
def close():
    f.close()
threads = [threading.Thread(target=write, args=(c,)) for c in 'a'] + [threading.Thread(target=close)]
for t in threads: t.start()
for t in threads: t.join()
print(open('log').read())
";
    agree(source, Switch::Shared, 3);
    let source = "\
import threading
open('log', 'w').write('one\\ntwo\\n')
f = open('log')
got = []
def read():
    got.append(f.readline())
threads = [threading.Thread(target=read) for c in 'ab']
for t in threads: t.start()
for t in threads: t.join()
print(got)
";
    agree(source, Switch::Shared, 2);
}

#[test]
fn files_that_threads_write_are_seen_in_every_mode() {
    let source = "\
import threading
def write(text):
    with open('log', 'a') as f:
        f.write(text)
threads = [threading.Thread(target=write, args=(c,)) for c in 'ab']
for t in threads: t.start()
for t in threads: t.join()
print(open('log').read())
";
    agree(source, Switch::Sync, 2);
}
