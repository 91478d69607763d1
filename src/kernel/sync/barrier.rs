//! `threading.Barrier` (CPython: `Lib/threading.py`, whose states these are).
//!
//! - *Filling* (0): `Arrive` counts the thread in, with the number of those before it as its index, and the thread waits.
//!   The arrival that completes the parties answers `Last(index)` instead: its thread runs the action and then must `Open`,
//!   or `Abort` when the action raised. Till then the barrier is busy, as CPython holds the barrier's lock during the action:
//!   nobody else can arrive, abort, reset, or leave, not even by timeout.
//! - *Draining* (1), from `Open` until the last of the threads has left: they answer `Int(index)`, in any order. Newcomers wait.
//! - *Broken* (-2), by `Abort` or by the timeout of a waiter: all waiters leave with [`Fault::Broken`], newcomers get it at once.
//!   `Reset` mends it.
//! - *Resetting* (-1), by `Reset` while threads wait: they leave with [`Fault::Broken`], newcomers wait until all have left, then
//!   the barrier fills again. `Reset` while nobody waits makes it filling at once.
//! - A timed arrival counts from the moment of arrival; a thread that steps after its deadline when the state has changed
//!   leaves by the state, not by the timeout (`wait_for` asks its predicate last).
//! - `Waiting` is the number of arrivals while filling and else 0; `Broken` tells of that state. Both never wait.
//!
//! An action that itself uses its barrier is a deadlock in CPython, and here too, except that `Abort` counts as the
//! report that the action raised.

use crate::id::ThreadId;
use crate::kernel::Performed;
use crate::kernel::op::{Answer, Fault, Verb, Wait};
use crate::kernel::thread::{Core, Phase};
use crate::kernel::thread_set::ThreadSet;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum State {
    #[default]
    Filling,
    Draining,
    Resetting,
    Broken,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Barrier {
    pub(crate) parties: u32,
    /// Threads that have arrived and not left.
    pub(crate) count: u32,
    pub(crate) state: State,
    /// The last arrival, while it runs the action.
    pub(crate) busy: Option<ThreadId>,
    /// Threads that have arrived and are held.
    pub(crate) waiting: ThreadSet,
    /// Threads in front of `Arrive`, `Open`, `Abort` or `Reset`.
    callers: ThreadSet,
}

impl Barrier {
    pub(super) fn new(parties: u32) -> Self {
        Barrier {
            parties,
            ..Barrier::default()
        }
    }

    pub(super) fn waiting_sets(&mut self) -> [&mut ThreadSet; 2] {
        [&mut self.waiting, &mut self.callers]
    }

    pub(super) fn park(&mut self, t: ThreadId, verb: Verb, core: &mut Core) {
        match verb {
            Verb::Arrive(_) | Verb::Open | Verb::Abort | Verb::Reset => {
                self.callers.insert(t);
                if self.admits(t, verb, Phase::Front) {
                    core.enable(t);
                }
            }
            Verb::Waiting | Verb::Broken => core.enable(t),
            _ => super::unknown("Barrier", verb),
        }
    }

    pub(super) fn step(&mut self, t: ThreadId, verb: Verb, core: &mut Core) -> Performed {
        let performed = match (verb, core.thread(t).phase) {
            (Verb::Waiting, _) => {
                let waiting = if self.state == State::Filling {
                    self.count
                } else {
                    0
                };
                return Performed::Done(Answer::Int(i64::from(waiting)));
            }
            (Verb::Broken, _) => return Performed::Done(Answer::Bool(self.state == State::Broken)),
            (Verb::Arrive(wait), Phase::Front) => self.arrive(t, wait, core),
            (Verb::Arrive(_), _) => self.leave_wait(t, core),
            (Verb::Open, _) => {
                assert_eq!(
                    self.busy,
                    Some(t),
                    "[raddle internal bug] Open without Last"
                );
                self.busy = None;
                self.state = State::Draining;
                self.leave();
                Performed::Done(Answer::Done)
            }
            (Verb::Abort, _) => {
                self.state = State::Broken;
                if self.busy == Some(t) {
                    self.busy = None;
                    self.leave();
                }
                Performed::Done(Answer::Done)
            }
            (Verb::Reset, _) => {
                self.state = if self.count == 0 {
                    State::Filling
                } else if matches!(self.state, State::Filling | State::Broken) {
                    State::Resetting
                } else {
                    self.state
                };
                Performed::Done(Answer::Done)
            }
            _ => super::unknown("Barrier", verb),
        };
        self.callers.remove(t);
        self.refresh(core);
        performed
    }

    fn arrive(&mut self, t: ThreadId, wait: Wait, core: &mut Core) -> Performed {
        if self.state == State::Broken {
            return Performed::Done(Answer::Fault(Fault::Broken));
        }
        let index = self.count;
        self.count += 1;
        if self.count == self.parties {
            self.busy = Some(t);
            return Performed::Done(Answer::Last(i64::from(index)));
        }
        let thread = core.thread_mut(t);
        thread.saved = index;
        thread.phase = Phase::Waiting;
        self.waiting.insert(t);
        match wait {
            Wait::Forever => {}
            Wait::Never => _ = core.start_timer(t, 0),
            Wait::For(ns) => _ = core.start_timer(t, ns),
        }
        Performed::Parked
    }

    /// A held thread goes on: let go, broken off, or tired of waiting, which breaks the barrier.
    fn leave_wait(&mut self, t: ThreadId, core: &mut Core) -> Performed {
        if self.state == State::Filling {
            core.expire(t);
            self.state = State::Broken;
        } else {
            core.stop_timer(t);
        }
        let answer = match self.state {
            State::Draining => Answer::Int(i64::from(core.thread(t).saved)),
            _ => Answer::Fault(Fault::Broken),
        };
        self.waiting.remove(t);
        self.leave();
        Performed::Done(answer)
    }

    /// One thread leaves (`_exit`).
    fn leave(&mut self) {
        self.count -= 1;
        if self.count == 0 && matches!(self.state, State::Draining | State::Resetting) {
            self.state = State::Filling;
        }
    }

    /// Looks anew at who can step. Barriers are small and seldom used, so no attempt to be clever.
    fn refresh(&self, core: &mut Core) {
        for t in self.waiting.iter().chain(&self.callers) {
            let Some(verb) = core.thread(t).pending.verb() else {
                continue;
            };
            if self.admits(t, verb, core.thread(t).phase) || self.lets_expire(t, core) {
                core.enable(t);
            } else {
                core.head.enabled.remove(t);
            }
        }
    }

    /// Whether a held thread can act on the end of its time.
    pub(super) fn lets_expire(&self, t: ThreadId, core: &Core) -> bool {
        self.busy.is_none() && core.rare().due.contains(t)
    }

    pub(super) fn admits(&self, t: ThreadId, verb: Verb, phase: Phase) -> bool {
        match (verb, phase) {
            (Verb::Arrive(_), Phase::Front) => {
                self.busy.is_none() && matches!(self.state, State::Filling | State::Broken)
            }
            (Verb::Arrive(_), _) => self.busy.is_none() && self.state != State::Filling,
            (Verb::Abort, _) => self.busy.is_none_or(|busy| busy == t),
            (Verb::Reset, _) => self.busy.is_none(),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::kernel::SyncKind::Barrier;
    use crate::kernel::op::{Op, Verb, Wait};
    use crate::kernel::testing::{FOREVER, Program, SECOND, on, texts};

    const ARRIVE: Verb = Verb::Arrive(FOREVER);

    fn barrier(parties: u32) -> [crate::kernel::SyncKind; 1] {
        [Barrier { parties }]
    }

    #[test]
    fn b96_holds_all_until_the_last_one_comes() {
        let user: &[Op] = &[on(0, ARRIVE)];
        assert_eq!(
            Program::new(&barrier(3), &[user, user]).outcomes(),
            texts([" |  | stuck 0 1"])
        );
        let orders = Program::new(&barrier(3), &[user, user, user]).orders();
        for order in &orders {
            assert!(order[1..].starts_with("2last "), "{order}");
        }
        // b97: any may be the last, and the others come, and leave after it opens, in any order.
        assert_eq!(orders.len(), 3 * 2 * 2, "{orders:?}");
    }

    #[test]
    fn b96_is_reusable() {
        let user: &[Op] = &[on(0, ARRIVE), on(0, ARRIVE)];
        for end in Program::new(&barrier(2), &[user, user]).outcomes() {
            assert!(!end.contains("stuck") && !end.contains("Broken"), "{end}");
        }
    }

    #[test]
    fn one_party_never_waits() {
        let ops = [on(0, ARRIVE), on(0, ARRIVE), on(0, Verb::Waiting)];
        assert_eq!(
            Program::new(&barrier(1), &[&ops]).first(),
            "0last . 0last . 0"
        );
    }

    #[test]
    fn b98_nobody_leaves_or_enters_before_the_action_is_over() {
        // The action of the last arrival is all between `last` and the `.` of Open.
        let user: &[Op] = &[on(0, Verb::Arrive(Wait::For(SECOND))), on(0, Verb::Abort)];
        for order in Program::new(&barrier(2), &[user, user]).orders() {
            let steps: Vec<&str> = order.split(' ').collect();
            let last = steps
                .iter()
                .position(|step| step.ends_with("last"))
                .expect("both arrive");
            assert_eq!(
                steps[last + 1],
                format!("{}.", &steps[last][..1]),
                "{order}"
            );
        }
    }

    #[test]
    fn b99_counts_those_who_wait() {
        let main = [
            Op::Sleep(SECOND),
            on(0, Verb::Waiting),
            on(0, Verb::Abort),
            on(0, Verb::Waiting),
        ];
        let user: &[Op] = &[on(0, ARRIVE)];
        let program = Program::new(&barrier(3), &[&main, user, user]);
        assert_eq!(program.outcomes(), texts([". 2 . 0 | Broken | Broken"]));
    }

    #[test]
    fn b100_abort_breaks_it_for_waiters_and_newcomers() {
        let main = [
            Op::Sleep(SECOND),
            on(0, Verb::Abort),
            on(0, Verb::Broken),
            on(0, ARRIVE),
        ];
        let program = Program::new(&barrier(2), &[&main, &[on(0, ARRIVE)]]);
        assert_eq!(program.outcomes(), texts([". . T Broken | Broken"]));
    }

    #[test]
    fn a_timeout_breaks_it_for_all() {
        let timed = [
            on(0, Verb::Arrive(Wait::For(SECOND))),
            Op::Clock,
            on(0, Verb::Broken),
        ];
        let program = Program::new(&barrier(3), &[&timed, &[on(0, ARRIVE)]]);
        let ends = program.outcomes();
        assert!(
            ends.iter()
                .all(|end| end.starts_with("Broken 1") && end.ends_with("T | Broken")),
            "{ends:?}"
        );
    }

    #[test]
    fn reset_sends_waiters_away_and_the_next_round_works() {
        let main = [Op::Sleep(SECOND), on(0, Verb::Reset), on(0, ARRIVE)];
        let user: &[Op] = &[on(0, ARRIVE), on(0, ARRIVE)];
        let program = Program::new(&barrier(2), &[&main, user]);
        assert_eq!(
            program.outcomes(),
            texts([". . 0 | Broken 1last .", ". . 1last . | Broken 0"])
        );
    }

    #[test]
    fn reset_mends_a_broken_one() {
        let ops = [Verb::Abort, Verb::Reset, Verb::Broken].map(|verb| on(0, verb));
        assert_eq!(Program::new(&barrier(2), &[&ops]).first(), ". . F");
    }
}
