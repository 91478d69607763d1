//! Runs by chance, seed by seed. Seeds that begin alike are taken together: what is the same for all of them is run once, and each
//! goes on alone from the choice where it leaves the others. Every seed makes the run that it makes alone.

use super::dpor::Flow;
use super::hunt::Hunt;
use super::query::Query;
use crate::explore::{Random, Strategy};
use crate::run::{Driver, Session};

/// Steps that a group of seeds has about: long runs have next to nothing in common.
const STEPS: u64 = 1 << 16;

/// More seeds than these are not taken together: each twofold shares one more choice.
const MOST: u64 = 512;

/// Seeds that are taken together.
struct Group {
    /// The first of them.
    seed: u64,
    /// What schedules are counted from, less one.
    before: u64,
    /// Their choices, by seed.
    randoms: Vec<Random>,
    /// What they choose next, by seed.
    chosen: Vec<usize>,
}

impl Group {
    fn seed(&self, member: u32) -> u64 {
        self.seed.wrapping_add(u64::from(member))
    }
}

impl<Q: Query> Hunt<'_, Q> {
    /// Runs by chance with so many seeds from `first` on. Tells whether all were taken.
    pub(super) fn random(&mut self, session: &mut Session, first: u64, runs: u64) -> bool {
        let mut options = self.settings.options.clone();
        let (mut done, mut together) = (0, 1);
        while done < runs {
            options.seed = first.wrapping_add(done);
            let driver = session.start_at_choice(&options);
            // What was drawn from a seed before the first choice is its own.
            let count = match driver.machine().drew_from_seed() {
                true => 1,
                false => together.min(runs - done),
            };
            let mut group = Group {
                seed: options.seed,
                before: done,
                randoms: (0..count)
                    .map(|i| Random::new(options.seed.wrapping_add(i)))
                    .collect(),
                chosen: vec![0; count as usize],
            };
            let mut members: Vec<u32> = (0..count as u32).collect();
            let mut system = self.query.system(driver);
            let before = self.counts.steps;
            if self.part_ways(&mut system, &mut group, &mut members) == Flow::Stop {
                return false;
            }
            done += count;
            let steps = self.counts.steps - before;
            if !self.settings.fail_fast {
                together = (STEPS / (steps / count).max(1)).clamp(1, MOST);
            }
            if !self.spend(steps, done as f64 / runs as f64) {
                return false;
            }
        }
        true
    }

    /// Takes the runs of these seeds, which are the same so far, from a choice on, or the end.
    fn part_ways(
        &mut self,
        system: &mut Q::System<'_>,
        group: &mut Group,
        members: &mut [u32],
    ) -> Flow {
        if let [member] = *members {
            return self.alone(system, group, member);
        }
        let driver: &mut Driver = system.as_mut();
        if driver.ending().is_some() {
            let mut each = |member: &u32| self.counted(system, group, *member);
            return match members.iter().all(|member| each(member) == Flow::Go) {
                true => Flow::Go,
                false => Flow::Stop,
            };
        }
        let point = driver.point();
        for member in &*members {
            let random = &mut group.randoms[*member as usize];
            group.chosen[*member as usize] = choose(random, &point);
        }
        members.sort_unstable_by_key(|member| (group.chosen[*member as usize], *member));
        let mark = driver.checkpoint();
        let mut there = true;
        let mut rest = members;
        while let Some(first) = rest.first() {
            let index = group.chosen[*first as usize];
            let same = rest.partition_point(|member| group.chosen[*member as usize] == index);
            let (some, others) = rest.split_at_mut(same);
            rest = others;
            let last = rest.is_empty() && some.len() == 1;
            let mut go = |hunt: &mut Self, members: &mut [u32], group: &mut Group| {
                let driver: &mut Driver = system.as_mut();
                if !std::mem::take(&mut there) {
                    driver.rollback(&mark);
                }
                if last {
                    // Nobody comes back here.
                    driver.release(&mark);
                }
                driver.reseed(group.seed(members[0]));
                driver.take(index);
                if members.len() > 1 {
                    driver.skip_forced();
                    if driver.machine().drew_from_seed() {
                        return None;
                    }
                }
                Some(hunt.part_ways(system, group, members))
            };
            // What they draw from their seeds makes them differ without any choice.
            let flow = go(self, some, group).unwrap_or_else(|| {
                let mut each = some.chunks_mut(1).filter_map(|one| go(self, one, group));
                each.find(|flow| *flow == Flow::Stop).unwrap_or(Flow::Go)
            });
            if flow == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::Go
    }

    /// Takes one seed's run to its end.
    fn alone(&mut self, system: &mut Q::System<'_>, group: &mut Group, member: u32) -> Flow {
        let driver: &mut Driver = system.as_mut();
        if driver.run(&mut group.randoms[member as usize]).is_err() {
            unreachable!("only a replay can fail to fit");
        }
        self.counted(system, group, member)
    }

    /// One seed's run is over.
    fn counted(&mut self, system: &Q::System<'_>, group: &Group, member: u32) -> Flow {
        let driver: &Driver = system.as_ref();
        self.counts.steps += driver.steps();
        let number = group.before + u64::from(member) + 1;
        self.over(system, number, group.seed(member), 0)
    }
}

fn choose(random: &mut Random, point: &crate::explore::ChoicePoint) -> usize {
    match random.choose(point) {
        Ok(index) => index,
        Err(_) => unreachable!("only a replay can fail to fit"),
    }
}
