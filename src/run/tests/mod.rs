//! Small programs, run.

mod driving;
mod endings;
mod orders;
mod replays;
mod reports;
mod traces;

use super::{Options, RunResult, Session, Switch, load_source};

fn session(text: &str) -> Session {
    match load_source("t.py", text, false) {
        Ok(program) => Session::new(program),
        Err(error) => panic!("{error}"),
    }
}

fn run(text: &str, options: &Options) -> RunResult {
    session(text).run(options)
}

fn seeded(seed: u64) -> Options {
    Options {
        seed,
        ..Options::default()
    }
}

/// The default strategy and seed, switching at primitive calls only: few steps.
fn at_calls() -> Options {
    Options {
        switch: Switch::Sync,
        ..Options::default()
    }
}

fn traced(options: Options) -> Options {
    Options {
        trace: true,
        ..options
    }
}

/// Two threads add to a counter without a lock.
const LOST_UPDATE: &str = "\
import threading
counter = 0
def add():
    global counter
    counter += 1
threads = [threading.Thread(target=add) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(counter)
";

/// Two threads take two locks in opposite order.
const LOCK_ORDER: &str = "\
import threading
left, right = threading.Lock(), threading.Lock()
def work(first, second):
    with first:
        with second:
            print('work')
a = threading.Thread(target=work, args=(left, right), name='a')
b = threading.Thread(target=work, args=(right, left), name='b')
a.start()
b.start()
a.join()
b.join()
";
