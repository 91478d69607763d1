//! Every ending has its name.

use super::{at_calls, run};
use crate::run::{Ending, Limit, Options};

fn ending(text: &str) -> (Ending, Option<i32>) {
    let result = run(text, &at_calls());
    (result.ending, result.exit_code)
}

#[test]
fn finished() {
    assert_eq!(ending("print(1)"), (Ending::Finished, Some(0)));
    assert_eq!(
        ending("import sys\nsys.exit()"),
        (Ending::Finished, Some(0))
    );
    assert_eq!(ending(""), (Ending::Finished, Some(0)));
}

#[test]
fn exceptions() {
    let line = "ValueError: x".to_owned();
    assert_eq!(
        ending("raise ValueError('x')"),
        (Ending::Exception(line), Some(1))
    );
    let thread = "import threading\ndef f(): 1 / 0\nthreading.Thread(target=f).start()\n";
    let died = vec![(
        "Thread-1 (f)".to_owned(),
        "ZeroDivisionError: division by zero".to_owned(),
    )];
    assert_eq!(
        ending(thread),
        (Ending::ThreadException(died.clone()), Some(0))
    );
    let both = format!("{thread}raise KeyError(1)");
    let result = run(&both, &at_calls());
    assert_eq!(result.ending, Ending::Exception("KeyError: 1".into()));
    assert_eq!(result.deaths, died);
}

#[test]
fn exit_codes() {
    assert_eq!(
        ending("import sys\nsys.exit(3)"),
        (Ending::Exit(3), Some(3))
    );
    assert_eq!(
        ending("import sys\nsys.exit('no')"),
        (Ending::Exit(1), Some(1))
    );
    let interrupt = Ending::Exception("KeyboardInterrupt".into());
    assert_eq!(ending("raise KeyboardInterrupt"), (interrupt, Some(130)));
}

#[test]
fn deadlocks() {
    let lock = "import threading\nlock = threading.Lock()\nlock.acquire()\n";
    let stuck = format!("{lock}lock.acquire()");
    assert_eq!(ending(&stuck), (Ending::Deadlock { at_exit: false }, None));
    let late = format!("{lock}threading.Thread(target=lock.acquire).start()");
    assert_eq!(ending(&late), (Ending::Deadlock { at_exit: true }, None));
    let daemon = format!("{lock}threading.Thread(target=lock.acquire, daemon=True).start()");
    assert_eq!(ending(&daemon), (Ending::Finished, Some(0)));
}

#[test]
fn limits() {
    let options = Options {
        max_steps: 100,
        ..at_calls()
    };
    let result = run("while True: pass", &options);
    assert_eq!(
        (result.ending, result.steps),
        (Ending::Endless(Limit::Steps), 100)
    );
    let options = Options {
        max_memory: 10 << 20,
        ..at_calls()
    };
    let hog = "all = []\nwhile True: all.append('x' * 1000)";
    assert_eq!(run(hog, &options).ending, Ending::Endless(Limit::Memory));
    let sleeper = "import time\nwhile True: time.sleep(10**9)";
    assert_eq!(ending(sleeper), (Ending::Endless(Limit::Time), None));
}

#[test]
fn a_limit_is_no_matter_when_the_run_ends_before_it() {
    let text = "import threading\nthreading.Thread(target=print).start()";
    let result = run(text, &at_calls());
    let exact = Options {
        max_steps: result.steps,
        ..at_calls()
    };
    assert_eq!(run(text, &exact), result);
    let fewer = Options {
        max_steps: result.steps - 1,
        ..at_calls()
    };
    assert_eq!(run(text, &fewer).ending, Ending::Endless(Limit::Steps));
}
