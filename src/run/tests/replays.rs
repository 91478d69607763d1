//! The same run again.

use super::{LOCK_ORDER, LOST_UPDATE, at_calls, seeded, session, traced};
use crate::explore::Token;
use crate::explore::token::Choices;
use crate::run::{Options, RunResult, Session};

/// The same, whoever chose.
fn assert_same(result: &RunResult, again: &RunResult) {
    let (mut result, mut again) = (result.clone(), again.clone());
    for trace in [&mut result.trace, &mut again.trace].into_iter().flatten() {
        trace.header.strategy.clear();
    }
    assert_eq!(result, again);
}

fn token(result: &RunResult) -> Token {
    result.token.parse().expect("made by raddle")
}

fn replayed(session: &mut Session, result: &RunResult, options: &Options) -> RunResult {
    session
        .replay(&token(result), options)
        .unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn a_replay_is_the_same_run() {
    let waits = "\
import threading, time, random
cond = threading.Condition()
def wait(n):
    with cond:
        print(n, cond.wait(n))
for n in range(4):
    threading.Thread(target=wait, args=(n,)).start()
time.sleep(1.5)
with cond:
    cond.notify(2)
print(random.random())
";
    for text in [LOST_UPDATE, LOCK_ORDER, waits] {
        let mut session = session(text);
        for seed in 0..20 {
            let options = traced(Options {
                spurious: 1,
                ..seeded(seed)
            });
            let result = session.run(&options);
            // What the token holds need not be given; what it does not hold must be.
            let given = traced(Options {
                seed: 99,
                ..Options::default()
            });
            let again = replayed(&mut session, &result, &given);
            assert_same(&result, &again);
            let other = super::session(text).replay(&token(&result), &given);
            assert_same(&result, &other.expect("fits"));
        }
    }
}

#[test]
fn a_long_run_is_replayed_by_its_seed() {
    let text = "\
import threading
lock = threading.Lock()
total = 0
def work():
    global total
    for _ in range(10000):
        with lock:
            total += 1
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(total)
";
    let mut session = session(text);
    let result = session.run(&Options {
        seed: 3,
        ..at_calls()
    });
    assert!(matches!(token(&result).choices, Choices::Seeded { .. }));
    assert!(result.token.len() < 100);
    let again = replayed(&mut session, &result, &Options::default());
    assert_same(&result, &again);
    // Where limits differ, the run does, and that is told.
    let shorter = Options {
        max_steps: 1000,
        ..Options::default()
    };
    let error = session
        .replay(&token(&result), &shorter)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("the token does not fit: the run is over after "),
        "{error}"
    );
}

#[test]
fn an_endless_run_is_replayed_with_its_report() {
    let text = "\
import threading, time
done = False
def poll():
    while not done:
        time.sleep(0.01)
lock = threading.Lock()
lock.acquire()
threading.Thread(target=poll, name='poller').start()
threading.Thread(target=lock.acquire, name='waiter').start()
";
    let mut session = session(text);
    let options = traced(Options {
        max_steps: 300,
        ..seeded(1)
    });
    let result = session.run(&options);
    assert_eq!(result.stuck.len(), 3);
    assert_same(&result, &replayed(&mut session, &result, &options));
}

#[test]
fn what_does_not_fit_is_told_with_names_and_places() {
    let mut session = session(LOCK_ORDER);
    let options = at_calls();
    let result = session.run(&options);
    let other = super::session(LOST_UPDATE).replay(&token(&result), &options);
    let error = other.unwrap_err().to_string();
    assert!(
        error.starts_with("the schedule token is for another program"),
        "{error}"
    );

    let mut wrong = token(&result);
    let Choices::Listed(schedule) = &mut wrong.choices else {
        panic!("short enough")
    };
    schedule.clear();
    let error = session.replay(&wrong, &options).unwrap_err().to_string();
    insta::assert_snapshot!(error, @r#"
the token does not fit: at step 2 it is at its end, but here only these can take a step: MainThread (t.py:10), a
"#);
}
