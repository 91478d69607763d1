//! The strategies by name.

use super::random::Random;
use super::round_robin::RoundRobin;
use super::sequential::Sequential;
use super::strategy::Strategy;

/// A strategy that the command line can name.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// One line for `--help`.
    pub help: &'static str,
    /// Whether different seeds give different runs.
    pub seeded: bool,
    /// Makes one; [`Strategy::begin`] gives it its seed.
    pub make: fn() -> Box<dyn Strategy>,
}

/// All strategies, the default first.
pub static STRATEGIES: &[Entry] = &[
    Entry {
        name: Random::NAME,
        help: "each thread that can step is as likely as any other",
        seeded: true,
        make: || Box::new(Random::new(0)),
    },
    Entry {
        name: RoundRobin::NAME,
        help: "each thread in turn, one step at a time",
        seeded: false,
        make: || Box::new(RoundRobin),
    },
    Entry {
        name: Sequential::NAME,
        help: "one thread for as long as it can go on, then the lowest",
        seeded: false,
        make: || Box::new(Sequential),
    },
];

/// The strategy called `name`.
pub fn find(name: &str) -> Option<&'static Entry> {
    STRATEGIES.iter().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_make_what_they_name() {
        for entry in STRATEGIES {
            assert_eq!((entry.make)().name(), entry.name);
            assert!(std::ptr::eq(find(entry.name).expect("listed"), entry));
        }
        assert!(find("guess").is_none());
    }
}
