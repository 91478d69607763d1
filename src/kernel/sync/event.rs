//! `threading.Event` (CPython: `Lib/threading.py`).
//!
//! - A flag. `Set` raises it, `Clear` lowers it, `IsSet` reads it; waiting does not change it.
//! - `Wait` takes one step when the flag is up: it answers `Bool(true)`. Else the thread joins the waiters (that is a step,
//!   after which it stays parked), and a later `Set` wakes it for good: it answers `Bool(true)` even if `Clear` follows
//!   before it runs. Joining is a step of its own because it matters: a thread that comes to `wait` after a `set` and its
//!   `clear` waits on, one that came before them does not.
//! - `Wait(Never)` answers the flag. `Wait(For(ns))` counts from the moment of joining and answers `Bool(false)` when the
//!   thread steps after its deadline without having been woken.
//!
//! | step | T1 `wait()` | T2 `wait(1)` | main | flag |
//! | --- | --- | --- | --- | --- |
//! | 1 | joins | | | down |
//! | 2 | | | `set`: wakes T1 | up |
//! | 3 | | | `clear` | down |
//! | 4 | | joins | | down |
//! | 5 | `true` | | | down |
//! | 6 | | `false`, 1 s after joining | | down |

use crate::id::ThreadId;
use crate::kernel::Performed;
use crate::kernel::op::{Answer, Verb, Wait};
use crate::kernel::thread::{Core, Phase};
use crate::kernel::thread_set::ThreadSet;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Event {
    pub(crate) flag: bool,
    /// Threads that have joined and are not yet woken.
    pub(crate) waiting: ThreadSet,
}

impl Event {
    pub(super) fn park(&mut self, t: ThreadId, verb: Verb, core: &mut Core) {
        match verb {
            Verb::Wait(_) | Verb::Set | Verb::Clear | Verb::IsSet => core.enable(t),
            _ => super::unknown("Event", verb),
        }
    }

    pub(super) fn step(&mut self, t: ThreadId, verb: Verb, core: &mut Core) -> Performed {
        Performed::Done(match verb {
            Verb::Wait(wait) => match core.thread(t).phase {
                Phase::Front if self.flag || wait == Wait::Never => Answer::Bool(self.flag),
                Phase::Front => {
                    core.thread_mut(t).phase = Phase::Waiting;
                    core.enlist(&mut self.waiting, t, wait, false);
                    return Performed::Parked;
                }
                Phase::Waiting => {
                    core.delist(&mut self.waiting, t, wait, true);
                    Answer::Bool(false)
                }
                Phase::Woken | Phase::GaveUp => Answer::Bool(true),
            },
            Verb::Set => {
                self.flag = true;
                core.woken.clear();
                for waiter in &std::mem::take(&mut self.waiting) {
                    core.thread_mut(waiter).phase = Phase::Woken;
                    core.stop_timer(waiter);
                    core.enable(waiter);
                    core.woken.push(waiter);
                }
                Answer::Done
            }
            Verb::Clear => {
                self.flag = false;
                Answer::Done
            }
            Verb::IsSet => Answer::Bool(self.flag),
            _ => super::unknown("Event", verb),
        })
    }

    pub(super) fn admits(&self, phase: Phase) -> bool {
        phase != Phase::Waiting
    }
}

#[cfg(test)]
mod tests {
    use crate::kernel::SyncKind::Event;
    use crate::kernel::op::{Op, Verb, Wait};
    use crate::kernel::testing::{FOREVER, Program, SECOND, on, start, texts};

    const SET: Verb = Verb::Set;
    const CLEAR: Verb = Verb::Clear;
    const WAIT: Verb = Verb::Wait(FOREVER);

    #[test]
    fn b82_is_a_flag() {
        let ops = [Verb::IsSet, SET, Verb::IsSet, SET, CLEAR, Verb::IsSet].map(|verb| on(0, verb));
        assert_eq!(Program::new(&[Event], &[&ops]).first(), "F . T . . F");
    }

    #[test]
    fn b83_b85_wait_on_a_raised_flag_returns_at_once_and_leaves_it_raised() {
        let ops = [
            on(0, SET),
            on(0, WAIT),
            on(0, WAIT),
            on(0, Verb::IsSet),
            Op::Clock,
        ];
        assert_eq!(Program::new(&[Event], &[&ops]).first(), ". T T T 4us");
    }

    #[test]
    fn b84_set_frees_all_waiters() {
        let waiter: &[Op] = &[on(0, WAIT)];
        let program = Program::new(
            &[Event],
            &[&[Op::Sleep(SECOND), on(0, SET)], waiter, waiter, waiter],
        );
        assert_eq!(program.outcomes(), texts([". . | T | T | T"]));
    }

    #[test]
    fn a_waiter_woken_by_set_returns_even_if_clear_follows_at_once() {
        let main = [Op::Sleep(SECOND), on(0, SET), on(0, CLEAR)];
        let program = Program::new(&[Event], &[&main, &[on(0, WAIT), on(0, Verb::IsSet)]]);
        assert_eq!(program.outcomes(), texts([". . . | T F", ". . . | T T"]));
    }

    #[test]
    fn a_thread_that_comes_after_set_and_clear_waits_on() {
        let program = Program::new(
            &[Event],
            &[&[start(1), on(0, SET), on(0, CLEAR)], &[on(0, WAIT)]],
        );
        assert_eq!(
            program.outcomes(),
            texts([". . . | T", ". . . |  | stuck 1"])
        );
    }

    #[test]
    fn a_timed_wait_answers_false_at_its_deadline() {
        let ops = [
            on(0, Verb::Wait(Wait::For(SECOND))),
            Op::Clock,
            on(0, Verb::Wait(Wait::Never)),
            Op::Clock,
        ];
        assert_eq!(
            Program::new(&[Event], &[&ops]).first(),
            "F 1000001us F 1000003us"
        );
    }

    #[test]
    fn in_free_time_set_and_timeout_may_come_in_any_order() {
        let waiter = [on(0, Verb::Wait(Wait::For(SECOND)))];
        let program = Program::new(&[Event], &[&[on(0, SET)], &waiter]);
        assert_eq!(program.outcomes(), texts([". | T"]));
        let free = program.with(|config| config.time = crate::kernel::TimeMode::Free);
        assert_eq!(free.outcomes(), texts([". | T", ". | F"]));
    }
}
