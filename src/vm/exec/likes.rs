//! Accesses like earlier ones, told in short: whoever listens to a run has told of the same access by the same instruction before, so
//! that its number for that and the value are enough, and the thread need not leave the dispatch loop.

use crate::id::ObjId;
use crate::value::Value;

/// An access by an instruction, as it was told before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Like {
    /// The object.
    pub(crate) object: ObjId,
    /// When it was made: its number may have been another's before.
    pub(crate) born: u32,
    /// The listener's number for what it told.
    pub(crate) told: u32,
}

/// What was told before, by instruction, and what is to be told in short now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Likes {
    /// Somebody listens.
    pub(super) heard: bool,
    /// By instruction, one more than the index in `likes`; 0 for none.
    numbers: Vec<u32>,
    likes: Vec<Like>,
    /// Accesses that the running thread has taken: the number of what was told, and the value that is read or stored.
    pub(super) steps: Vec<(u32, Value)>,
}

impl Likes {
    /// Another run: nothing was told yet.
    pub(crate) fn clear(&mut self) {
        self.numbers.clear();
        self.likes.clear();
        self.steps.clear();
    }

    /// From now on, accesses by this instruction may be told in short.
    pub(crate) fn remember(&mut self, at: usize, like: Like) {
        if self.numbers.len() <= at {
            self.numbers.resize(at + 1, 0);
        }
        match self.numbers[at].checked_sub(1) {
            Some(known) => self.likes[known as usize] = like,
            None => {
                self.likes.push(like);
                self.numbers[at] = self.likes.len() as u32;
            }
        }
    }

    /// What an instruction's access was like.
    #[inline]
    pub(super) fn get(&self, at: usize) -> Option<&Like> {
        let number = *self.numbers.get(at)?;
        self.likes.get(number.wrapping_sub(1) as usize)
    }

    /// The steps to be told in short since the last call, oldest first.
    pub(crate) fn take_steps(&mut self) -> std::vec::Drain<'_, (u32, Value)> {
        self.steps.drain(..)
    }

    /// Whether there are any.
    #[inline(always)]
    pub(crate) fn has_steps(&self) -> bool {
        !self.steps.is_empty()
    }
}
