//! What the tests of several modules share.

use proptest::test_runner::{Config, RngSeed};

/// The seed of all property tests, unless `PROPTEST_RNG_SEED` names another: a test that passes today passes tomorrow.
const SEED: u64 = 1;

/// What proptest takes, and what a test takes that has no reason for another number.
pub(crate) const DEFAULT_CASES: u32 = 256;

/// The settings of a property test with so many cases, always the same ones.
///
/// `PROPTEST_CASES` is the number for a test that has [`DEFAULT_CASES`] by itself; the others keep their proportion to it.
pub(crate) fn cases(cases: u32) -> Config {
    let base = Config::default();
    let rng_seed = match base.rng_seed {
        RngSeed::Random => RngSeed::Fixed(SEED),
        fixed => fixed,
    };
    let cases = u64::from(cases) * u64::from(base.cases) / u64::from(DEFAULT_CASES);
    Config {
        cases: u32::try_from(cases.max(1)).unwrap_or(u32::MAX),
        rng_seed,
        ..base
    }
}
