//! What searches hear of the steps that a thread takes by itself: what each touches, as it is known before it is taken.

use super::FUEL;
use crate::id::ObjId;
use crate::kernel::footprint::{Mode, Resource, Touch, undisturbed};
use crate::kernel::gate::{Gate, Need, foresee};
use crate::kernel::op::{Op, Part, Verb};
use crate::run::Switch;
use crate::vm::machine::Machine;

/// A forced step, as far as it is known before it is taken. What it touches, and what is noted of it then, lies between that of the
/// step before it and that of the next; so do its gates.
#[derive(Clone, Copy, Debug)]
pub struct Forced {
    /// Where its touches begin.
    pub touches: u32,
    /// Where its gates begin.
    pub gates: u32,
    /// What it needs.
    pub need: Need,
}

/// Forced steps that a thread has taken since it was asked to go on, to look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Forces<'a> {
    /// At least as many as were taken.
    pub steps: &'a [Forced],
    /// What they touched; first, what the step that the thread was asked to take touched beyond the footprint of its operation.
    pub touches: &'a [Touch],
    /// How open that was.
    pub gates: &'a [Gate],
}

/// The forced steps that the running thread has taken since it was last asked to go on, if they are told. What they touch is noted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// Somebody wants to know of them.
    pub(crate) wanted: bool,
    pub(crate) steps: Vec<Forced>,
    pub(crate) gates: Vec<Gate>,
}

impl Told {
    /// From now on, whether somebody wants to know.
    pub(crate) fn begin(&mut self, wanted: bool) {
        self.wanted = wanted;
        self.steps.clear();
        self.gates.clear();
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
        let (touches, gates) = (self.noted.len(), self.told.gates.len());
        let need = foresee(&self.kernel, t, &mut self.noted, &mut self.told.gates);
        self.told.steps.push(Forced {
            touches: touches as u32,
            gates: gates as u32,
            need,
        });
        true
    }

    /// An access that is no scheduling point in this mode, and that somebody wants to know of, is noted; one that is a forced step is
    /// taken, and told. Tells whether it was one of these: then the thread need not park.
    pub(super) fn tells(&mut self, object: ObjId, part: Part, write: bool, bundled: bool) -> bool {
        let mode = if write { Mode::Write } else { Mode::Read };
        let touch = Touch::new(Resource::Heap(object), part, mode);
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
        self.told.steps.push(Forced {
            touches: self.noted.len() as u32,
            gates: self.told.gates.len() as u32,
            need: Need::Nothing,
        });
        self.noted.push(touch);
        self.ahead += 1;
        self.fuel = FUEL;
        self.overdue = 0;
        true
    }
}
