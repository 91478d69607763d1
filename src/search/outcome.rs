//! What came of runs: outcomes, told apart by what is observed, and counted.

use std::hash::Hasher;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher13};

use crate::explore::Schedule;
use crate::id::ThreadId;
use crate::run::{Driver, Ending};

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

    /// Its word on the command line.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, o)| *o == self)
            .map_or("", |(name, _)| name)
    }
}

/// One way in which a program can end, and an example.
#[derive(Clone, Debug, PartialEq)]
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
    /// The example: the choices made, the fewest runs of equal choices first.
    pub schedule: Schedule,
    /// The seed of the example's own random numbers.
    pub seed: u64,
    /// Steps of the example.
    pub steps: u64,
}

/// Outcomes by what is observed of them.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    outcomes: IndexMap<u128, Outcome, FxBuildHasher>,
    /// Schedules taken to their end.
    pub schedules: u64,
    /// Runs cut off because all their continuations were known.
    pub redundant: u64,
    /// Steps taken, those of runs cut off included.
    pub steps: u64,
    /// Schedules whose outcome is not listed because there are too many different ones.
    pub unlisted: u64,
}

/// More different outcomes than these are counted and not listed.
pub const MOST_OUTCOMES: usize = 100_000;

impl Tally {
    /// Counts a run that is over. Tells whether its outcome is new.
    pub fn count(&mut self, driver: &Driver, observe: Observe, seed: u64, weight: f64) -> bool {
        self.schedules += 1;
        let key = digest(driver, observe);
        let schedule = driver.schedule();
        if let Some(known) = self.outcomes.get_mut(&key) {
            known.count += 1;
            if let Some(share) = &mut known.share {
                *share += weight;
            }
            let better =
                (schedule.switches(), driver.steps()) < (known.schedule.switches(), known.steps);
            if better {
                known.schedule.clone_from(schedule);
                known.steps = driver.steps();
                known.seed = seed;
                (known.stdout, known.stderr) = (text(driver, 1), text(driver, 2));
                known.ending = driver.ending().expect("the run is over");
            }
            return false;
        }
        if self.outcomes.len() == MOST_OUTCOMES {
            self.unlisted += 1;
            return false;
        }
        let outcome = Outcome {
            ending: driver.ending().expect("the run is over"),
            stdout: text(driver, 1),
            stderr: text(driver, 2),
            count: 1,
            first: self.schedules,
            share: (weight > 0.0).then_some(weight),
            schedule: schedule.clone(),
            seed,
            steps: driver.steps(),
        };
        self.outcomes.insert(key, outcome);
        true
    }

    /// Adds what another search found, whose schedules come after these.
    pub fn add(&mut self, other: Tally) {
        for (key, mut outcome) in other.outcomes {
            outcome.first += self.schedules;
            if let Some(known) = self.outcomes.get_mut(&key) {
                known.count += outcome.count;
                known.share = known.share.zip(outcome.share).map(|(a, b)| a + b);
                let better = (outcome.schedule.switches(), outcome.steps)
                    < (known.schedule.switches(), known.steps);
                if better {
                    let Outcome {
                        schedule,
                        steps,
                        seed,
                        stdout,
                        stderr,
                        ending,
                        ..
                    } = outcome;
                    *known = Outcome {
                        schedule,
                        steps,
                        seed,
                        stdout,
                        stderr,
                        ending,
                        ..known.clone()
                    };
                }
            } else if self.outcomes.len() == MOST_OUTCOMES {
                self.unlisted += outcome.count;
            } else {
                self.outcomes.insert(key, outcome);
            }
        }
        self.schedules += other.schedules;
        self.redundant += other.redundant;
        self.steps += other.steps;
        self.unlisted += other.unlisted;
    }

    /// The outcomes, in the order in which they were found.
    pub fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.values()
    }

    /// The outcomes alone.
    pub fn into_outcomes(self) -> Vec<Outcome> {
        self.outcomes.into_values().collect()
    }

    /// Puts other examples into the outcomes.
    pub fn outcomes_mut(&mut self) -> impl Iterator<Item = (u128, &mut Outcome)> {
        self.outcomes
            .iter_mut()
            .map(|(key, outcome)| (*key, outcome))
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
