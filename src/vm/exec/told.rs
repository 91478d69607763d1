//! What searches hear of the steps that a thread takes by itself: what each touches, as it is known before it is taken.

use super::FUEL;
use crate::id::ObjId;
use crate::kernel::footprint::{Footprint, Mode, Resource, Touch, footprint_into, undisturbed};
use crate::kernel::gate::{Gates, Need, gates_into, need};
use crate::kernel::op::{Op, Part, Verb};
use crate::run::Switch;
use crate::vm::machine::Machine;

/// A forced step, as far as it is known before it is taken.
#[derive(Clone, Debug, Default)]
pub struct Forced {
    /// What it touches.
    pub print: Footprint,
    /// How open that is.
    pub gates: Gates,
    /// What it needs.
    pub need: Need,
    /// How much was noted of the steps before it, since the thread was last asked to go on.
    pub noted: usize,
}

/// The forced steps that the running thread has taken since it was last asked to go on, if they are told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// Somebody wants to know of them.
    pub(crate) wanted: bool,
    /// As many of these as steps were taken; the memory of the others is used again.
    pub(crate) steps: Vec<Forced>,
}

impl Told {
    /// The place of the step that comes after so many.
    #[inline]
    fn step(&mut self, at: usize) -> &mut Forced {
        if self.steps.len() == at {
            self.steps.push(Forced::default());
        }
        &mut self.steps[at]
    }
}

impl Machine {
    /// Tells of the forced step that the running thread is about to take, unless others may be woken by it, or have just been by
    /// time: then the scheduler is to take it.
    pub(super) fn tell(&mut self) -> bool {
        let t = self.current;
        let wakes = |op| {
            matches!(
                op,
                Op::Sync(_, Verb::Notify(_) | Verb::NotifyAll | Verb::Set)
            )
        };
        if self.kernel.any_due() || wakes(self.kernel.pending(t)) {
            return false;
        }
        let noted = self.noted.len();
        let step = self.told.step(self.ahead as usize);
        footprint_into(&self.kernel, t, &mut step.print);
        gates_into(&self.kernel, t, &step.print, &mut step.gates);
        step.need = need(&self.kernel, t);
        step.noted = noted;
        true
    }

    /// An access that is no scheduling point in this mode, and that somebody wants to know of, is noted; one that is a forced step is
    /// taken, and told. Tells whether it was one of these: then the thread need not park.
    pub(super) fn tells(&mut self, object: ObjId, part: Part, write: bool, bundled: bool) -> bool {
        let touch = Touch {
            resource: Resource::Heap(object),
            part,
            mode: if write { Mode::Write } else { Mode::Read },
        };
        if bundled || self.alone || self.options.switch != Switch::Shared {
            self.noted.push(touch);
            return true;
        }
        if !self.told.wanted
            || self.ahead >= self.ahead_limit
            || self.kernel.any_due()
            || !undisturbed(&self.kernel, self.current)
            || !self.kernel.pass()
        {
            return false;
        }
        let noted = self.noted.len();
        let step = self.told.step(self.ahead as usize);
        step.print.set(touch);
        step.gates.clear();
        step.need = Need::Nothing;
        step.noted = noted;
        self.ahead += 1;
        self.fuel = FUEL;
        self.overdue = 0;
        true
    }
}
