//! How likely an outcome is when each step is by chance.

use super::outcome::{Observe, Outcome, digest};
use crate::explore::Random;
use crate::run::{Ending, Limit, Options, Session};

/// Runs by chance that shares are estimated from.
const RUNS: u64 = 1_000;
/// Steps that they may take together, at least and at most: between them as many as the search took.
const STEPS: (u64, u64) = (5_000, 1_000_000);

/// Steps after which a run of a program that may go in circles counts as one that does so for ever.
const PATIENCE: u64 = 5_000;

/// Estimates the shares of outcomes, each with its digest. `taken` is how many
/// steps the search took; `circles` tells whether runs go in circles. Tells from how many runs.
pub(super) fn estimate(
    session: &mut Session,
    options: &Options,
    observe: Observe,
    outcomes: &mut [(u128, Outcome)],
    taken: u64,
    circles: bool,
) -> u64 {
    let mut options = options.clone();
    if circles {
        options.max_steps = options.max_steps.min(PATIENCE);
    }
    let mut counts = vec![0u64; outcomes.len()];
    let mut by_key: Vec<(u128, usize)> = (0..).zip(&*outcomes).map(|(i, o)| (o.0, i)).collect();
    by_key.sort_unstable();
    let (mut runs, mut steps) = (0, 0);
    while runs < RUNS && steps < taken.clamp(STEPS.0, STEPS.1) {
        let mut driver = session.start(&options);
        // Streams of chance of their own: other than those of `--strategy random`, and the same for each program.
        let mut random = Random::new(runs);
        if driver.run(&mut random).is_err() {
            unreachable!("only a replay can fail to fit");
        }
        runs += 1;
        steps += driver.steps();
        if circles && driver.ending() == Some(Ending::Endless(Limit::Steps)) {
            driver.call_endless();
        }
        let key = digest(&driver, observe);
        if let Ok(at) = by_key.binary_search_by_key(&key, |entry| entry.0) {
            counts[by_key[at].1] += 1;
        }
    }
    for (count, (_, outcome)) in counts.iter().zip(outcomes) {
        outcome.share = Some(*count as f64 / runs as f64);
    }
    runs
}
