//! Any bytes as a program: they are refused or run to an ending; and an ending is never raddle's own fault.

#![no_main]

use libfuzzer_sys::fuzz_target;
use raddle::run::{Ending, Options, Session, Switch, Time, load_source};
use raddle::source::{decode, excerpt};

fuzz_target!(|bytes: &[u8]| {
    let text = match decode(bytes, "fuzz.py") {
        Ok(text) => text,
        Err(error) => return drop(excerpt::render(&error, excerpt::Style::Plain)),
    };
    let program = match load_source("fuzz.py", &text, text.len() % 2 == 0) {
        Ok(program) => program,
        Err(error) => {
            excerpt::render(&error, excerpt::Style::Plain);
            excerpt::cpython(&error);
            return;
        }
    };
    let mut session = Session::new(program);
    let mut options = Options {
        max_steps: 2_000,
        max_memory: 32 << 20,
        stdin: "1\ntwo\n".into(),
        ..Options::default()
    };
    let first = session.run(&options);
    check(&first.ending);
    // The same run again, traced this time: the same bytes.
    options.trace = true;
    let second = session.run(&options);
    assert_eq!(first.token, second.token);
    assert_eq!(first.output, second.output);
    options.trace = false;
    options.seed = 1;
    options.switch = Switch::Sync;
    options.time = Time::Free;
    options.spurious = 2;
    check(&session.run(&options).ending);
});

fn check(ending: &Ending) {
    assert!(!matches!(ending, Ending::Internal(_)), "{ending:?}");
}
