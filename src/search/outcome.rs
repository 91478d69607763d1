//! What came of runs: outcomes, told apart by what is observed, and counted.

use std::hash::Hasher;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher13};

use super::dpor::CERTAIN;
use super::part::PartName;
use super::query::{Found, Run};
use crate::explore::Schedule;
use crate::id::ThreadId;
use crate::run::{Driver, Ending, Limit};
use crate::vm::state::Printed;

/// What makes two runs different.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Observe {
    /// How they end.
    Ending,
    /// Also what each thread prints.
    Threads,
    /// Also the order in which the threads print.
    #[default]
    Output,
}

impl Observe {
    /// All, with their words.
    pub const ALL: [(&'static str, Observe); 3] = [
        ("ending", Observe::Ending),
        ("threads", Observe::Threads),
        ("output", Observe::Output),
    ];

    /// How much of what was printed tells states apart.
    pub(super) fn printed(self) -> Printed {
        match self {
            Observe::Ending => Printed::Nothing,
            Observe::Threads => Printed::Threads,
            Observe::Output => Printed::All,
        }
    }

    /// Its word on the command line.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, o)| *o == self)
            .map_or("", |(name, _)| name)
    }
}

/// One way in which a program can end, and an example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// How it ends.
    pub ending: Ending,
    /// What the example prints.
    pub stdout: String,
    /// What the example writes to stderr.
    pub stderr: String,
    /// How many of the schedules taken ended so.
    pub count: u64,
    /// The number of the first of them, from 1.
    pub first: u64,
    /// The probability of this outcome when each step is by any thread that can step, each as likely: exact when every schedule
    /// was taken, else estimated ([`super::Exploration::share`] tells which).
    pub share: Option<f64>,
    /// The example: the choices made. Of all schedules with this outcome one with the fewest runs of equal choices.
    pub schedule: Schedule,
    /// The seed of the example's own random numbers.
    pub seed: u64,
    /// Steps of the example.
    pub steps: u64,
}

impl Outcome {
    /// The better example is less: fewer switches, then fewer steps, then whatever tells schedules apart.
    fn rank(&self) -> (usize, u64, u64, u64) {
        let schedule = &self.schedule;
        (schedule.switches(), self.steps, schedule.hash(), self.seed)
    }

    /// Takes over the example of a run that is over, if it is the better one. Tells whether it is.
    pub fn improve(&mut self, driver: &Driver) -> bool {
        let better =
            (driver.schedule().switches(), driver.steps()) < (self.rank().0, self.rank().1);
        if better {
            self.take(driver);
        }
        better
    }

    /// Takes over the example of a run that is over.
    pub fn take(&mut self, driver: &Driver) {
        let seed = self.seed;
        self.exemplify(Outcome::example(driver, seed));
    }

    /// An outcome with a run that is over as its example.
    pub(super) fn example(driver: &Driver, seed: u64) -> Outcome {
        Outcome {
            ending: driver.ending().expect("the run is over"),
            stdout: text(driver, 1),
            stderr: text(driver, 2),
            count: 0,
            first: 0,
            share: None,
            schedule: driver.schedule().clone(),
            seed,
            steps: driver.steps(),
        }
    }

    /// Takes over another's example.
    pub fn exemplify(&mut self, other: Outcome) {
        *self = Outcome {
            count: self.count,
            first: self.first,
            share: self.share,
            ..other
        };
    }
}

/// An outcome with what is only known of the whole when all parts are done.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Counted {
    outcome: Outcome,
    /// The part that had it first; `outcome.first` counts within it.
    part: PartName,
    /// That part's example, if another's is better.
    #[serde(default)]
    own: Option<Box<Outcome>>,
    /// The sum of the probabilities of its schedules, in units of 1 / [`CERTAIN`].
    weight: u128,
}

/// Outcomes by what is observed of them. Adding is commutative, so that nothing depends on who took which part.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    outcomes: IndexMap<u128, Counted, FxBuildHasher>,
    /// The first schedule that showed a bug: its part, and its number there.
    pub first_bug: Option<(PartName, u64)>,
    /// Schedules whose outcome is not listed because there are too many different ones.
    pub unlisted: u64,
    /// What was shown before the search began anew.
    #[serde(default)]
    earlier: IndexMap<u128, Counted, FxBuildHasher>,
}

/// More different outcomes than these are counted and not listed.
pub const MOST_OUTCOMES: usize = 100_000;

impl Tally {
    /// Counts a run that is over. Tells whether it is the first of its part, as far as is known, with its outcome.
    pub(super) fn count(&mut self, driver: &Driver, observe: Observe, run: Run) -> bool {
        let Run {
            number,
            seed,
            weight,
        } = run;
        let key = digest(driver, observe);
        let schedule = driver.schedule();
        if let Some(known) = self.outcomes.get_mut(&key) {
            known.outcome.count += 1;
            known.weight += weight;
            let rank = (schedule.switches(), driver.steps(), schedule.hash(), seed);
            if rank < known.outcome.rank() {
                known.outcome.exemplify(Outcome::example(driver, seed));
            }
            let earlier = number < known.outcome.first;
            if earlier {
                known.outcome.first = number;
            }
            return earlier;
        }
        if self.outcomes.len() == MOST_OUTCOMES {
            self.unlisted += 1;
            return false;
        }
        let counted = Counted {
            outcome: Outcome {
                count: 1,
                first: number,
                ..Outcome::example(driver, seed)
            },
            part: PartName::default(),
            own: None,
            weight,
        };
        self.outcomes.insert(key, counted);
        true
    }

    /// Lists the outcomes that were shown only before the search began anew, each as one more schedule than the `schedules` that were counted since.
    /// Tells how many they are.
    pub fn list_earlier(&mut self, schedules: u64, is_bug: impl Fn(&Ending) -> bool) -> u64 {
        let mut earlier: Vec<_> = std::mem::take(&mut self.earlier).into_iter().collect();
        earlier.retain(|(key, _)| !self.outcomes.contains_key(key));
        earlier.sort_by(|(key, a), (other, b)| {
            (&a.part, a.outcome.first, key).cmp(&(&b.part, b.outcome.first, other))
        });
        earlier.truncate(MOST_OUTCOMES.saturating_sub(self.outcomes.len()));
        let count = earlier.len() as u64;
        for (number, (key, mut counted)) in (schedules + 1..).zip(earlier) {
            counted.part = PartName::default();
            (counted.outcome.first, counted.outcome.count) = (number, 1);
            if self.first_bug.is_none() && is_bug(&counted.outcome.ending) {
                self.first_bug = Some((PartName::default(), number));
            }
            self.outcomes.insert(key, counted);
        }
        count
    }

    /// Keeps what was shown before a search began anew: of each outcome the example of the least part.
    fn keep(&mut self, key: u128, counted: Counted) {
        let comes_before =
            |a: &Counted, b: &Counted| (&a.part, a.outcome.first) <= (&b.part, b.outcome.first);
        let known = self.earlier.get(&key);
        let is_kept = match known {
            Some(known) => comes_before(known, &counted),
            None => self.earlier.len() >= MOST_OUTCOMES,
        };
        if !is_kept {
            self.earlier.insert(key, counted);
        }
    }

    /// The outcomes by their digests, all parts being done. `before` tells how many schedules were taken in the parts before one.
    pub fn into_outcomes(
        self,
        exact: bool,
        before: impl Fn(&PartName) -> u64,
    ) -> Vec<(u128, Outcome)> {
        let whole = |(key, counted): (u128, Counted)| {
            let share = exact.then(|| counted.weight as f64 / CERTAIN as f64);
            let first = counted.outcome.first + before(&counted.part);
            let outcome = Outcome {
                share,
                first,
                ..counted.outcome
            };
            (key, outcome)
        };
        self.outcomes.into_iter().map(whole).collect()
    }
}

impl Found for Tally {
    fn add(&mut self, part: &PartName, other: Tally) {
        for (key, mut counted) in other.outcomes {
            counted.part.clone_from(part);
            let Some(known) = self.outcomes.get_mut(&key) else {
                if self.outcomes.len() == MOST_OUTCOMES {
                    self.unlisted += counted.outcome.count;
                } else {
                    self.outcomes.insert(key, counted);
                }
                continue;
            };
            known.outcome.count += counted.outcome.count;
            known.weight += counted.weight;
            let first = counted.outcome.first;
            let is_first = (&counted.part, first) < (&known.part, known.outcome.first);
            let is_better = counted.outcome.rank() < known.outcome.rank();
            if is_first {
                known.part = counted.part;
                known.own = (!is_better).then(|| Box::new(counted.outcome.clone()));
                known.outcome.first = first;
            } else if is_better && known.own.is_none() {
                known.own = Some(Box::new(known.outcome.clone()));
            }
            if is_better {
                known.outcome.exemplify(counted.outcome);
            }
        }
        for (key, mut counted) in other.earlier {
            counted.part.clone_from(part);
            self.keep(key, counted);
        }
        self.unlisted += other.unlisted;
        let first = other.first_bug.map(|(_, number)| (part.clone(), number));
        if let Some(first) = first
            && self.first_bug.as_ref().is_none_or(|old| first < *old)
        {
            self.first_bug = Some(first);
        }
    }

    /// Of runs that were given up the search that begins now is to say what they are.
    fn begin_anew(&mut self, last: &PartName) {
        self.earlier.retain(|_, counted| counted.part <= *last);
        for (key, mut counted) in std::mem::take(&mut self.outcomes) {
            let given_up = |ending: &Ending| matches!(ending, Ending::Endless(limit) if *limit != Limit::Cycle);
            if counted.part > *last || given_up(&counted.outcome.ending) {
                continue;
            }
            if let Some(own) = counted.own.take() {
                counted.outcome.exemplify(*own);
            }
            self.keep(key, counted);
        }
        *self = Tally {
            earlier: std::mem::take(&mut self.earlier),
            ..Tally::default()
        };
    }

    fn outcomes(&self) -> usize {
        let earlier = self.earlier.keys();
        let only = earlier.filter(|key| !self.outcomes.contains_key(*key));
        self.outcomes.len() + only.count()
    }
}

/// What is observed of a run that is over, as a number.
pub fn digest(driver: &Driver, observe: Observe) -> u128 {
    let mut hasher = SipHasher13::new();
    driver.hash_ending(&mut hasher);
    let machine = driver.machine();
    let writes = || machine.output.iter().zip(&machine.writers);
    match observe {
        Observe::Ending => {}
        Observe::Output => {
            for stream in [1, 2] {
                for ((_, text), _) in writes().filter(|((to, _), _)| *to == stream) {
                    hasher.write(text.as_bytes());
                }
                hasher.write_u8(0xFF);
            }
        }
        Observe::Threads => {
            for t in 0..driver.kernel().threads().count() as u32 {
                for stream in [1, 2] {
                    let own =
                        |w: &(&(u8, String), &ThreadId)| *w.1 == ThreadId(t) && w.0.0 == stream;
                    for ((_, text), _) in writes().filter(own) {
                        hasher.write(text.as_bytes());
                    }
                    hasher.write_u8(0xFF);
                }
            }
        }
    }
    hasher.finish128().as_u128()
}

fn text(driver: &Driver, stream: u8) -> String {
    let own = |w: &&(u8, String)| w.0 == stream;
    driver
        .output()
        .iter()
        .filter(own)
        .map(|(_, text)| text.as_str())
        .collect()
}
