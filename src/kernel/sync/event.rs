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
