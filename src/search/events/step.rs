//! What steps touch, in a form in which two are quickly compared.
//!
//! Each thing has two bits, which others may have too: one for additions and one for all else. That an object has parts is left out: with
//! a bit for each part that a step touches, too many steps would meet by chance.

use crate::kernel::footprint::{Thing, Touch};

/// Bits for what a step touches.
#[derive(Clone, Copy, Debug)]
pub(in crate::search) struct Mask {
    reads: u64,
    changes: u64,
}

/// Bits for the touches that may not commute with those of a step.
#[derive(Clone, Copy, Debug)]
pub(in crate::search) struct Meets {
    /// By changes.
    changes: u64,
    /// By reads.
    reads: u64,
}

impl Mask {
    pub(in crate::search) const NONE: Mask = Mask {
        reads: 0,
        changes: 0,
    };

    /// The bits of both.
    #[inline]
    pub(in crate::search) fn or(self, other: Mask) -> Mask {
        Mask {
            reads: self.reads | other.reads,
            changes: self.changes | other.changes,
        }
    }

    /// Whether it has one of the [bits] of a thing.
    pub(super) fn has(self, bits: u64) -> bool {
        (self.reads | self.changes) & bits != 0
    }
}

impl Meets {
    pub(super) const NONE: Meets = Meets {
        changes: 0,
        reads: 0,
    };

    /// Whether some of these may be touches that do not commute with it.
    #[inline]
    pub(in crate::search) fn any(self, mask: Mask) -> bool {
        self.changes & mask.changes | self.reads & mask.reads != 0
    }
}

/// The bits for a step that touches these.
#[inline]
pub(super) fn masks(touches: &[Touch]) -> (Mask, Meets) {
    let (mut mask, mut meets) = (Mask::NONE, Meets::NONE);
    for touch in touches {
        let all_else = bit(touch.thing());
        let additions = all_else.rotate_left(HALF);
        let (own, others) = if touch.adds() {
            (additions, all_else)
        } else {
            (all_else, all_else | additions)
        };
        let changes = u64::from(touch.changes()).wrapping_neg();
        mask.changes |= own & changes;
        mask.reads |= own & !changes;
        meets.changes |= others;
        meets.reads |= others & changes;
    }
    (mask, meets)
}

/// The bits of a thing.
pub(super) fn bits(thing: Thing) -> u64 {
    bit(thing) | bit(thing).rotate_left(HALF)
}

/// The first of them.
#[inline]
fn bit(thing: Thing) -> u64 {
    1 << (thing.number().wrapping_mul(SPREAD) >> 58)
}

/// Leads from the one bit of a thing to the other.
const HALF: u32 = 32;

/// 2^64 divided by the golden ratio: the upper bits of products spread well.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
