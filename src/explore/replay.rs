//! The same choices again.

use super::choice::{ChoiceKind, ChoicePoint};
use super::schedule::{Schedule, ScheduleCursor};
use super::strategy::{Mismatch, MismatchDetail, Strategy};

/// Follows a [`Schedule`] and fails as soon as it does not fit.
///
/// A run that ends with choices left over did not fit either: ask [`Replay::finish`]. Nor did one whose own record has another
/// hash: compare [`Schedule::hash`], or ask [`Token::fits`](super::Token::fits).
#[derive(Clone, Debug)]
pub struct Replay {
    schedule: Schedule,
    cursor: ScheduleCursor,
    made: u64,
}

impl Replay {
    /// The name that runs by it bear. It is in no registry, because it needs a schedule.
    pub const NAME: &'static str = "replay";

    /// A strategy that follows `schedule`.
    pub fn new(schedule: Schedule) -> Self {
        Replay {
            schedule,
            cursor: ScheduleCursor::default(),
            made: 0,
        }
    }

    /// The run is over after `steps` steps. Tells whether the schedule is at its end too.
    ///
    /// # Errors
    /// When choices are left over.
    pub fn finish(&self, steps: u64) -> Result<(), Mismatch> {
        let mut cursor = self.cursor;
        match self.schedule.next(&mut cursor) {
            None => Ok(()),
            expected => Err(Mismatch::new(MismatchDetail {
                step: steps,
                choice: self.made,
                expected,
                found: None,
                options: Vec::new(),
            })),
        }
    }

    #[cold]
    fn mismatch(
        &self,
        point: &ChoicePoint,
        expected: Option<(ChoiceKind, crate::id::ThreadId)>,
    ) -> Mismatch {
        Mismatch::new(MismatchDetail {
            step: point.depth,
            choice: self.made,
            expected,
            found: Some(point.kind()),
            options: point.threads().collect(),
        })
    }
}

impl Strategy for Replay {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn begin(&mut self, _seed: u64) {
        self.cursor = ScheduleCursor::default();
        self.made = 0;
    }

    fn choose(&mut self, point: &ChoicePoint) -> Result<usize, Mismatch> {
        let mut cursor = self.cursor;
        let expected = self.schedule.next(&mut cursor);
        let found = expected
            .filter(|(kind, _)| *kind == point.kind())
            .and_then(|(_, thread)| point.index_of(thread));
        let Some(index) = found else {
            return Err(self.mismatch(point, expected));
        };
        self.cursor = cursor;
        self.made += 1;
        Ok(index)
    }

    fn may_jump(&self) -> bool {
        self.schedule.has_jumps()
    }

    fn jumps(&mut self, point: &ChoicePoint) -> Result<bool, Mismatch> {
        let mut cursor = self.cursor;
        let expected = self.schedule.next(&mut cursor);
        let (fits, jumps) = match expected {
            Some((ChoiceKind::Clock, _)) => (point.kernel().can_jump(), true),
            Some((ChoiceKind::Forced, _)) => (point.len() == 1, false),
            _ => return Ok(false),
        };
        if !fits {
            return Err(self.mismatch(point, expected));
        }
        self.cursor = cursor;
        self.made += 1;
        Ok(jumps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Random, RoundRobin, Sequential};
    use crate::id::{SyncId, ThreadId};
    use crate::kernel::op::{Op, Verb};
    use crate::kernel::testing::{FOREVER, Program, acquire, on, release};
    use crate::kernel::{Performed, Settled, SyncKind};

    /// Three threads wait on a condition and use its lock; main wakes two of them.
    fn program() -> Program {
        let user: &[Op] = &[
            acquire(0),
            on(1, Verb::Wait(FOREVER)),
            release(0),
            acquire(0),
            release(0),
        ];
        let main = [
            Op::Sleep(1_000_000),
            acquire(0),
            on(1, Verb::Notify(2)),
            release(0),
            Op::Output(1),
        ];
        let kinds = [SyncKind::Lock, SyncKind::Condition { lock: SyncId(0) }];
        Program::new(&kinds, &[&main, user, user, user])
    }

    /// A run as the runner makes it: the threads that stepped, and the record.
    fn run(
        program: &Program,
        strategy: &mut dyn Strategy,
    ) -> Result<(Vec<u32>, Schedule), Mismatch> {
        let (mut kernel, mut progress) = program.begin();
        let (mut steps, mut schedule, mut current) = (Vec::new(), Schedule::new(), None);
        while kernel.settle() == Settled::Ready {
            let mut pick = |kernel: &_, current, depth| {
                let point = ChoicePoint::new(kernel, current, depth);
                let index = if point.len() == 1 {
                    0
                } else {
                    strategy.choose(&point)?
                };
                if point.len() > 1 {
                    schedule.record(&point, index);
                }
                Ok((index, point.thread(index)))
            };
            let t = pick(&kernel, current, steps.len() as u64)?.1;
            let mut performed = kernel.step(t);
            while let Performed::Choose(_) = performed {
                let index = pick(&kernel, current, steps.len() as u64)?.0;
                performed = kernel.choose_waiter(index);
            }
            program.after(&mut kernel, &mut progress, t, performed);
            current = Some(t);
            steps.push(t.0);
        }
        Ok((steps, schedule))
    }

    #[test]
    fn a_replay_takes_the_same_steps_and_makes_the_same_record() {
        for seed in 0..200 {
            let recorded = run(&program(), &mut Random::new(seed)).expect("random fits always");
            let mut replay = Replay::new(recorded.1.clone());
            assert_eq!(
                run(&program(), &mut replay).expect("the same program"),
                recorded
            );
            assert_eq!(replay.finish(recorded.0.len() as u64), Ok(()));
        }
    }

    #[test]
    fn a_replay_that_does_not_fit_says_where_and_how() {
        let (steps, mut schedule) = run(&program(), &mut Sequential).expect("fits");
        schedule.append(3 << 1, 1);
        let mut longer = Replay::new(schedule);
        assert_eq!(run(&program(), &mut longer).expect("fits so far").0, steps);
        let choices = longer.made;
        let text = format!(
            "at step {} (choice {choices}) the recorded schedule lets thread 3 step, but the run is over",
            steps.len()
        );
        assert_eq!(
            longer
                .finish(steps.len() as u64)
                .expect_err("too long")
                .to_string(),
            text
        );

        let mut wrong = Schedule::new();
        wrong.append(2 << 1, 1);
        wrong.append(7 << 1, 1);
        let error = run(&program(), &mut Replay::new(wrong)).expect_err("no thread 7");
        let text = "at step 2 (choice 1) the recorded schedule lets thread 7 step, \
                    but the threads that can step here are 1, 3";
        assert_eq!(error.to_string(), text);

        let error = run(&program(), &mut Replay::new(Schedule::new())).expect_err("too short");
        assert!(
            error
                .to_string()
                .contains("is at its end, but the threads that can step here are"),
            "{error}"
        );

        let mut waiter = Schedule::new();
        waiter.append(1 << 1 | 1, 1);
        let error = run(&program(), &mut Replay::new(waiter)).expect_err("no notification yet");
        assert_eq!(
            error.detail().expected,
            Some((ChoiceKind::Waiter, ThreadId(1)))
        );
        assert!(
            error.to_string().contains("lets thread 1 be notified"),
            "{error}"
        );
    }

    #[test]
    fn round_robin_takes_turns_and_sequential_stays() {
        let yields: &[Op] = &[Op::Yield; 3];
        let program = Program::new(&[], &[yields, yields, yields]);
        // Each has an exit too, main after a wait for the others.
        let turns = run(&program, &mut RoundRobin).expect("fits").0;
        assert_eq!(turns, [0, 1, 2, 0, 1, 2, 0, 1, 2, 1, 2, 0, 0]);
        let stays = run(&program, &mut Sequential).expect("fits").0;
        assert_eq!(stays, [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 0, 0]);
    }
}
