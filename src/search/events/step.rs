//! What a step touches, in a form in which two are quickly compared.

use crate::id::ThreadId;
use crate::kernel::Kernel;
use crate::kernel::footprint::{Footprint, Resource, Touch, dependent, footprint_into};

/// A step: performed, or parked in front of.
#[derive(Debug, Default)]
pub struct Step {
    /// What it touches.
    pub print: Footprint,
    /// One bit for each resource that it touches: two steps whose masks have no common bit are independent.
    pub mask: u64,
}

/// `clone_from` uses the memory that is there.
impl Clone for Step {
    fn clone(&self) -> Step {
        Step {
            print: self.print.clone(),
            mask: self.mask,
        }
    }

    fn clone_from(&mut self, other: &Step) {
        self.print.clone_from(&other.print);
        self.mask = other.mask;
    }
}

impl Step {
    /// Makes this the next step of a parked thread, as far as it is known before it is taken.
    #[inline]
    pub(super) fn set_pending(&mut self, kernel: &Kernel, t: ThreadId, unread: u8) {
        footprint_into(kernel, t, &mut self.print);
        self.finish(unread);
    }

    #[inline]
    pub(super) fn finish(&mut self, unread: u8) {
        if unread != 0 {
            self.print.drop_streams(|stream| unread & 1 << stream != 0);
        }
        self.mask = mask(self.print.touches());
    }

    /// It touches these too.
    #[inline]
    pub(super) fn add(&mut self, more: &[Touch]) {
        self.print.extend(more);
        self.mask |= mask(more);
    }

    /// Whether the order of the two matters.
    #[inline]
    pub fn depends(&self, other: &Step) -> bool {
        self.mask & other.mask != 0 && dependent(&self.print, &other.print)
    }
}

#[inline]
pub(super) fn mask(touches: &[Touch]) -> u64 {
    let mut mask = 0;
    for touch in touches {
        mask |= bit(touch.resource);
    }
    mask
}

#[inline]
pub(super) fn bit(resource: Resource) -> u64 {
    let key = match resource {
        Resource::Sync(id) => id.0.wrapping_mul(2),
        Resource::Heap(id) => id.0.wrapping_mul(2).wrapping_add(1),
        Resource::Stream(n) => 0x1000_0000 + u32::from(n),
        Resource::Thread(t) => 0x2000_0000 + t.0,
        Resource::Foreground => 0x3000_0000,
        Resource::Process(t) => 0x4000_0000 + t.0,
        Resource::Clock => 0x3000_0002,
        Resource::Budget => 0x3000_0003,
    };
    1 << (key.wrapping_mul(0x9E37_79B9) >> 26)
}
