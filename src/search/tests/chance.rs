//! Runs by chance: seeds that are taken together make the runs that they make alone.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::source::source;
use crate::explore::Random;
use crate::run::{Options, Session, Switch, Time, load_source};
use crate::search::outcome::digest;
use crate::search::{Explorer, Observe, Plan};
use crate::testing::cases;

/// More than are taken together, and than a part has.
const SEEDS: u64 = 700;

/// Of each outcome how many seeds have it, the first of them, counted from 1, and the fewest steps and switches.
type Tally = BTreeMap<u128, (u64, u64, (usize, u64))>;

/// Each seed alone, from the begin on.
fn alone(session: &mut Session, options: &Options) -> (Tally, u64) {
    let mut tally = Tally::new();
    let mut steps = 0;
    for i in 0..SEEDS {
        let options = Options {
            seed: options.seed + i,
            ..options.clone()
        };
        let mut driver = session.start(&options);
        driver
            .run(&mut Random::new(options.seed))
            .expect("no replay");
        steps += driver.steps();
        let key = digest(&driver, Observe::Output);
        let rank = (driver.schedule().switches(), driver.steps());
        let known = tally.entry(key).or_insert((0, i + 1, rank));
        known.0 += 1;
        known.2 = known.2.min(rank);
    }
    (tally, steps)
}

fn compare(text: &str, options: &Options) -> Result<(), TestCaseError> {
    let program =
        load_source("chance.py", text, false).map_err(|e| TestCaseError::fail(e.to_string()))?;
    let mut session = Session::new(program);
    let (tally, steps) = alone(&mut session, options);
    let found = Explorer::new()
        .options(|o| *o = options.clone())
        .plan(Plan::Random)
        .max_schedules(SEEDS)
        .watched(&mut session, &mut |_: &_| crate::search::Flow::Go);
    prop_assert_eq!(found.schedules, SEEDS);
    prop_assert_eq!(found.steps, steps);
    let bugs = found.outcomes.iter().filter(|(_, bug)| *bug);
    prop_assert_eq!(found.first_bug, bugs.map(|(o, _)| o.first).min());
    prop_assert_eq!(found.outcomes.len(), tally.len());
    // Bugs are shown by simpler examples than chance found.
    let mut counts: Vec<_> = tally.values().map(|o| (o.0, o.1)).collect();
    let mut others: Vec<_> = found
        .outcomes
        .iter()
        .map(|(o, _)| (o.count, o.first))
        .collect();
    counts.sort_unstable();
    others.sort_unstable();
    prop_assert_eq!(counts, others);
    for (outcome, bug) in &found.outcomes {
        let rank = (outcome.schedule.switches(), outcome.steps);
        let fewest = tally.values().map(|o| (o.0, o.1, o.2));
        let same = |o: &(u64, u64, (usize, u64))| (o.0, o.1) == (outcome.count, outcome.first);
        let least = fewest.clone().find(same).map(|o| o.2);
        prop_assert!(*bug || Some(rank) == least, "{:?}: {:?}", outcome, least);
    }
    Ok(())
}

fn options(seed: u64) -> Options {
    Options {
        seed,
        ..Options::default()
    }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn seeds_taken_together_make_the_runs_that_they_make_alone(
        source in source(1..4, 1..8),
        seed in 0u64..1_000,
        max_steps in 1u64..80,
        spurious in 0u32..2,
        free in any::<bool>(),
    ) {
        for switch in [Switch::Shared, Switch::Sync] {
            let time = if free { Time::Free } else { Time::Virtual };
            compare(&source.text, &Options { switch, time, spurious, max_steps, ..options(seed) })?;
        }
    }
}

#[test]
fn what_is_drawn_from_a_seed_is_that_seeds_own() {
    // Drawn after the first choice, after some more, and before any.
    let body = "
import random, threading
def work(name):
    for _ in range(3):
        lock.acquire()
        lock.release()
    if name:
        print(name, random.randrange(3))
lock = threading.Lock()
threads = [threading.Thread(target=work, args=(n,)) for n in ('', 'a', 'b')]
for t in threads: t.start()
for t in threads: t.join()
";
    compare(body, &options(3)).unwrap();
    compare(
        &format!("import random\nprint(random.random() < 0.5)\n{body}"),
        &options(4),
    )
    .unwrap();
    // No choice at all.
    compare("print(1)", &options(5)).unwrap();
}
