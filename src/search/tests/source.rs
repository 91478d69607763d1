//! Small programs by chance, as Python source.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::fmt::Write;
use std::ops::Range;

/// What all programs begin with: everything that threads can meet at.
const SETTING: &str = "\
import threading, queue, time, random, copy
class Box:
    z = 0
    def __init__(self):
        self.x = 0
        self.y = 0
    def add(self):
        self.x += 1
        return self.x
g = h = 0
b = Box()
c = Box()
xs = [0, 1]
ys = xs
d = {'a': 0}
s = set()
def numbers():
    n = 0
    while True:
        yield n
        n += 1
gen = numbers()
def closure():
    n = 0
    def add():
        nonlocal n
        n += 1
        return n
    return add
count = closure()
it = iter([1, 2, 3])
L = threading.Lock()
M = threading.Lock()
R = threading.RLock()
C = threading.Condition(L)
S = threading.Semaphore(1)
B = threading.BoundedSemaphore(1)
E = threading.Event()
Q = queue.Queue(1)
P = queue.PriorityQueue()
A = threading.Barrier(2)
";

/// Shared state, one statement each.
const STATE: &[&str] = &[
    "g += 1",
    "g = 5",
    "h = g",
    "g = h + 1",
    "b.x += 1",
    "b.x = 7",
    "b.y = b.x",
    "r = b.add()",
    "Box.z += 1",
    "r = b.z",
    "b.z = 2",
    "r = hasattr(b, 'w')",
    "b.w = 1",
    "del b.w",
    "b = c",
    "xs[0] += 1",
    "xs[1] = xs[0]",
    "xs.append(2)",
    "xs.pop()",
    "ys.insert(0, 9)",
    "r = len(xs)",
    "r = sum(xs)",
    "r = xs[-1]",
    "r = 9 in xs",
    "xs = [3]",
    "xs += [4]",
    "xs.sort(key=lambda x: -x)",
    "r = [x for x in xs]",
    "r = xs == [0, 1]",
    "r = bool(xs)",
    "r = sorted(d)",
    "d['k'] = 1",
    "d['a'] += 1",
    "r = d.get('k')",
    "r = 'k' in d",
    "del d['a']",
    "r = d.pop('a', None)",
    "d.update(k=2)",
    "r = d.setdefault('k', 3)",
    "s.add(1)",
    "s.add('q')",
    "r = 1 in s",
    "s.discard(1)",
    "r = len(s)",
    "r = next(gen)",
    "r = count()",
    "r = next(it, None)",
    "r = f'{b.x} {g}'",
    "r = (g, h)",
    "r = vars(b)['x']",
    "setattr(b, 'x', 3)",
    "r = getattr(b, 'w', 0)",
    "r = globals()['g']",
    "xs[:] = []",
    "x, y = xs[:2]",
    "r = max(xs)",
    "r = str(xs)",
    "r = f'{d}'",
    "r = list(d.values())",
    "r = (1, xs) == (1, [0])",
    "r = not d",
    "r = xs * 2",
    "r = xs + [5]",
    "r = '%s' % s",
    "r = [*xs, *d]",
    "r = list(map(str, xs))",
    "r = ','.join(s)",
    "r = {**d, 'z': 1}",
    "if xs: xs.pop()",
    "r = copy.copy(d)",
];

/// Those of them that make a list longer: not in a loop over a list, which would have no end.
const GROWING: &[&str] = &["xs.append(2)", "ys.insert(0, 9)", "xs += [4]"];

/// Output and the others.
const REST: &[&str] = &[
    "print(r)",
    "print('p', end='')",
    "print(g, end='')",
    "time.sleep(1)",
    "time.sleep(2)",
    "time.sleep(0)",
    "r = threading.active_count()",
    "r = len(threading.enumerate())",
    "raise ValueError(g)",
    "assert g == 0",
    "r = time.monotonic() > 0",
    "r = T1.is_alive()",
    "T1.join(1)",
    "r = T1.name",
    "r = int(time.monotonic())",
    "T1.name = 'q'",
];

/// Calls of primitives that do not take a block.
const SYNC: &[&str] = &[
    "L.acquire()",
    "L.release()",
    "r = L.acquire(timeout=1)",
    "r = L.acquire(blocking=False)",
    "r = L.locked()",
    "M.acquire()",
    "M.release()",
    "r = M.acquire(timeout=2)",
    "R.acquire()",
    "R.release()",
    "r = R.acquire(timeout=1)",
    "S.acquire()",
    "S.release()",
    "r = S.acquire(timeout=1)",
    "r = S.acquire(False)",
    "B.acquire()",
    "B.release()",
    "E.set()",
    "E.clear()",
    "r = E.wait()",
    "r = E.wait(1)",
    "r = E.wait(2)",
    "r = E.is_set()",
    "Q.put(g)",
    "Q.put(8, timeout=1)",
    "r = Q.get()",
    "r = Q.get(timeout=1)",
    "Q.put_nowait(2)",
    "r = Q.get_nowait()",
    "r = Q.qsize()",
    "r = Q.empty()",
    "Q.task_done()",
    "Q.join()",
    "Q.shutdown()",
    "P.put(2)",
    "P.put(1)",
    "r = P.get()",
    "r = A.wait()",
    "r = A.wait(1)",
    "A.abort()",
    "A.reset()",
    "r = A.n_waiting",
    "r = A.broken",
];

/// In a condition's block.
const CONDITION: &[&str] = &[
    "C.wait()",
    "r = C.wait(1)",
    "r = C.wait(2)",
    "C.notify()",
    "C.notify(2)",
    "C.notify_all()",
    "C.wait_for(lambda: g)",
    "r = C.wait_for(lambda: b.x, 1)",
];

/// A statement and what is in its block.
#[derive(Clone, Debug)]
enum Stmt {
    Line(&'static str),
    Block(&'static str, Vec<Stmt>),
    Try(Vec<Stmt>),
}

fn line(of: &'static [&'static str]) -> BoxedStrategy<Stmt> {
    select(of).prop_map(Stmt::Line).boxed()
}

fn stmt() -> BoxedStrategy<Stmt> {
    let simple = || prop_oneof![6 => line(STATE), 5 => line(SYNC), 2 => line(REST)];
    let steady = STATE.iter().filter(|text| !GROWING.contains(text));
    let steady = select(steady.copied().collect::<Vec<_>>()).prop_map(Stmt::Line);
    let bounded = prop_oneof![6 => steady, 5 => line(SYNC), 2 => line(REST)].boxed();
    let block = |heads: &'static [&'static str], inner: BoxedStrategy<Stmt>| {
        (select(heads), vec(inner, 1..3)).prop_map(|(head, inner)| Stmt::Block(head, inner))
    };
    prop_oneof![
        12 => simple(),
        4 => block(&["with L:", "with M:", "with R:", "with S:", "with B:"], simple().boxed()),
        3 => block(&["with C:"], prop_oneof![3 => line(CONDITION), 1 => simple()].boxed()),
        1 => prop_oneof![
            4 => block(&["if g:", "if not b.x:", "for i in range(2):", "if L.acquire(False):"], simple().boxed()),
            1 => block(&["for r in xs:"], bounded),
        ],
        2 => vec(simple(), 1..3).prop_map(Stmt::Try),
    ]
    .boxed()
}

/// How a thread is started, and its statements.
#[derive(Clone, Debug)]
struct Thread {
    daemon: bool,
    /// By the thread before it, not by main.
    nested: bool,
    joined: bool,
    body: Vec<Stmt>,
}

fn thread(statements: Range<usize>) -> impl Strategy<Value = Thread> {
    (
        prop::bool::weighted(0.15),
        prop::bool::weighted(0.15),
        prop::bool::weighted(0.7),
        vec(stmt(), statements),
    )
        .prop_map(|(daemon, nested, joined, body)| Thread {
            daemon,
            nested,
            joined,
            body,
        })
}

/// A thread that waits for ever, so that none of the others is ever alone.
const COMPANY: &str = "\
W = threading.Lock()
W.acquire()
threading.Thread(target=W.acquire, daemon=True).start()
";

/// A program, shown as its text when a test fails.
#[derive(Clone)]
pub struct Source {
    pub text: String,
    /// Some thread is always alive besides the others. One that is alone takes no steps at state that it does not share with anybody, so
    /// without company runs may differ by steps that nobody sees.
    pub company: bool,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "\n{}",
            self.text.strip_prefix(SETTING).unwrap_or(&self.text)
        )
    }
}

/// So many threads with so many statements each, and main.
pub fn source(threads: Range<usize>, statements: Range<usize>) -> impl Strategy<Value = Source> {
    let main = prop_oneof![3 => Just(Vec::new()), 1 => vec(stmt(), 1..3)];
    (
        vec(thread(statements), threads),
        main,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(threads, main, last, company)| {
            let mut text = SETTING.to_owned();
            if company {
                text.push_str(COMPANY);
            }
            for (i, thread) in threads.iter().enumerate() {
                let _ = write!(text, "def t{i}():\n    global g, h, b, xs\n    r = None\n");
                if let Some(next) = threads.get(i + 1)
                    && next.nested
                {
                    let _ = writeln!(text, "    T{}.start()", i + 1);
                }
                thread
                    .body
                    .iter()
                    .for_each(|stmt| write_stmt(&mut text, stmt, 1));
                text.push_str("    if r is not None: print(r)\n");
            }
            for (i, thread) in threads.iter().enumerate() {
                let daemon = if thread.daemon { ", daemon=True" } else { "" };
                let _ = writeln!(
                    text,
                    "T{i} = threading.Thread(target=t{i}, name='t{i}'{daemon})"
                );
            }
            let own = |i: usize| i == 0 || !threads[i].nested;
            for i in (0..threads.len()).filter(|i| own(*i)) {
                let _ = writeln!(text, "T{i}.start()");
            }
            text.push_str("r = None\n");
            main.iter().for_each(|stmt| write_stmt(&mut text, stmt, 0));
            for i in (0..threads.len()).filter(|i| own(*i) && threads[*i].joined) {
                let _ = writeln!(text, "T{i}.join()");
            }
            if last {
                text.push_str("print(g, h, b.x, b.y, xs, d, Box.z, r)\n");
            }
            Source { text, company }
        })
}

fn write_stmt(text: &mut String, stmt: &Stmt, depth: usize) {
    let indent = "    ".repeat(depth);
    let (head, inner) = match stmt {
        Stmt::Line(line) => {
            let _ = writeln!(text, "{indent}{line}");
            return;
        }
        Stmt::Block(head, inner) => (*head, inner),
        Stmt::Try(inner) => ("try:", inner),
    };
    let _ = writeln!(text, "{indent}{head}");
    inner
        .iter()
        .for_each(|stmt| write_stmt(text, stmt, depth + 1));
    if let Stmt::Try(_) = stmt {
        let _ = writeln!(
            text,
            "{indent}except Exception as e:\n{indent}    r = repr(e)"
        );
    }
}
