//! Memory that a native function wants at one go.
//!
//! Collections happen between instructions, and only then is a run stopped for using too much memory. So one operation that
//! wants more than a run may use has to ask first.

use super::machine::Machine;
use super::native::Raise;
use super::types::Ty;

/// Bytes of an item in a list, tuple or deque.
pub(crate) const ITEM_BYTES: usize = 16;

/// Whoever wants more at one go has the collector look at the next turn.
const MUCH: usize = 1 << 20;

/// How many items are gathered between two looks at the memory they take, and the turns that a native search takes before it
/// goes on in bundled code, which can be stopped.
pub(crate) const LOOK_EVERY: usize = 1 << 16;

impl Machine {
    /// Whether there is room for so many bytes more. What is in use may be garbage, as much as the limit at most.
    ///
    /// # Errors
    /// `MemoryError` when there is none.
    #[inline]
    pub(crate) fn room(&mut self, bytes: usize) -> Result<(), Raise> {
        if bytes < MUCH {
            return Ok(());
        }
        self.room_for_much(bytes as u64)
    }

    #[cold]
    fn room_for_much(&mut self, bytes: u64) -> Result<(), Raise> {
        let limit = self.options.max_memory;
        let in_use = self.heap.bytes() as u64;
        if bytes > limit || in_use.saturating_add(bytes) > limit.saturating_mul(2) {
            return Err(self.raise_with(Ty::MemoryError, &[]));
        }
        self.fuel = 1;
        Ok(())
    }
}
