//! What the headers promise of outcomes, over many schedules in both kinds of time.

use crate::example::{Example, Promise};
use raddle::run::{Options, RunResult, Session, Time};
use std::collections::BTreeSet;

/// Schedules that are tried for each set of options, as long as they do not take too many steps together: then the least.
const SEEDS: u64 = 100;
const LEAST: u64 = 20;
const STEPS: u64 = 10_000;

/// What a user sees of a run: its ending and both streams.
type Seen = (&'static str, String);

fn seen(result: &RunResult) -> Seen {
    let both = result.stdout.clone() + &result.stderr;
    (result.ending.name(), both)
}

/// What the header says about outcomes holds.
pub(super) fn hold(example: &Example) {
    if example.is_refused() {
        return;
    }
    let mut session = example.session();
    assert!(
        example.promise != Promise::Named || !example.outcomes.is_empty(),
        "{}: no outcome has a name",
        example.path
    );
    the_named_differ(example, &mut session);
    if example.options.time == Time::Virtual {
        promise(example, &mut session, &example.options, example.promise);
    }
    let free = Options {
        time: Time::Free,
        ..example.options.clone()
    };
    promise(example, &mut session, &free, example.promise_free);
}

/// No two names stand for the same outcome under the same options.
fn the_named_differ(example: &Example, session: &mut Session) {
    let mut all = BTreeSet::new();
    for outcome in &example.outcomes {
        let kind = (
            outcome.options.time == Time::Free,
            outcome.options.switch.name(),
        );
        // Two deadlocks are two outcomes if other threads are stuck in them.
        let result = outcome.run(session, &outcome.options);
        let stuck: Vec<_> = result.stuck.iter().map(|s| s.thread.clone()).collect();
        let new = all.insert((kind, seen(&result), stuck));
        assert!(new, "{}: {} is there twice", example.path, outcome.name);
    }
}

/// All schedules that are tried keep the promise, and some schedule shows that no more can be promised.
fn promise(example: &Example, session: &mut Session, options: &Options, promise: Promise) {
    let free = options.time == Time::Free;
    let place = format!("{}: {} time", example.path, options.time.name());
    let named: BTreeSet<Seen> = match promise {
        // Free time can do all that virtual time does, but not the other way round.
        Promise::Named => {
            let fits = example
                .outcomes
                .iter()
                .filter(|o| free || o.options.time == Time::Virtual);
            fits.map(|o| seen(&o.run(session, &o.options))).collect()
        }
        _ => BTreeSet::new(),
    };
    let first = seen(&session.run(options));
    let mut tight = promise == Promise::One || promise == Promise::Named && named.len() == 1;
    let mut steps = 0;
    let strategies = ["round-robin", "sequential"].map(|s| (s, 0));
    let random = (0..SEEDS).map(|seed| ("random", seed));
    for (strategy, seed) in strategies.into_iter().chain(random) {
        if steps > STEPS && seed >= LEAST && tight {
            break;
        }
        let result = session.run(&Options {
            strategy: strategy.into(),
            seed,
            ..options.clone()
        });
        steps += result.steps;
        let other = seen(&result);
        let place = format!("{place}, {strategy} {seed}");
        if let Some(always) = &example.always {
            assert!(
                always.is_match(&other.1),
                "{place}: not always: {}",
                other.1
            );
        }
        let (kept, less) = match promise {
            Promise::One => (other == first, false),
            Promise::Lines => (lines(&other) == lines(&first), other != first),
            Promise::Characters => (
                characters(&other) == characters(&first),
                lines(&other) != lines(&first),
            ),
            Promise::Named => (named.contains(&other), other != first),
            Promise::Many => (true, other != first),
        };
        assert!(
            kept,
            "{place}: {promise:?} is promised, but besides\n{first:?}\nthere is\n{other:?}"
        );
        tight |= less;
    }
    assert!(tight, "{place}: {promise:?} is promised, but more could be");
}

/// The ending with the lines, sorted.
fn lines(seen: &Seen) -> (&'static str, Vec<&str>) {
    let mut lines: Vec<_> = seen.1.lines().collect();
    lines.sort_unstable();
    (seen.0, lines)
}

/// The ending with the characters, sorted.
fn characters(seen: &Seen) -> (&'static str, Vec<char>) {
    let mut characters: Vec<_> = seen.1.chars().collect();
    characters.sort_unstable();
    (seen.0, characters)
}
