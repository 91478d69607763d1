//! A table of plain data that can go back to an earlier state.
//!
//! Every mutable table of a machine (heap objects, threads, synchronisation objects) is an [`Arena`]. Reading is a plain
//! index; writing compares one integer. After [`Arena::checkpoint`] the first write to an older slot saves the slot's
//! value to a log, so that [`Arena::rollback`] costs what was changed since and not what there is. This is the undo log
//! of Prolog machines and of SPIN, per object instead of per word.
//!
//! Who wants to know what changed since they looked can ask too: [`Arena::tick`] begins an epoch in which nothing need be saved.
//!
//! Invariant: a slot whose `epoch` is older than `since` has not been written since the newest checkpoint.

/// One slot: a value and the epoch in which it was made or last written, as far as epochs have begun since.
#[derive(Clone, Debug)]
struct Slot<T> {
    epoch: u32,
    value: T,
}

/// What a write saved: which slot, its former epoch and its former value.
#[derive(Clone, Debug)]
struct Saved<T> {
    index: u32,
    epoch: u32,
    value: T,
}

/// A place to go back to, made by [`Arena::checkpoint`]. Making one allocates nothing.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    epoch: u32,
    log: u32,
    len: u32,
    free: u32,
    taken: u32,
    untouched: u32,
    since: u32,
}

impl Mark {
    /// How many slots there were.
    #[inline]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether there was no slot.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// A growable table with free list, checkpoints and rollback.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    /// How many entries of `free` are as they were at the newest checkpoint.
    untouched: usize,
    /// What was taken from `free` below `untouched`: position and index.
    taken: Vec<(usize, u32)>,
    log: Vec<Saved<T>>,
    /// Values that rollbacks threw out, whose memory the next saves use again; see [`Arena::recycling`].
    spare: Vec<T>,
    /// Which values are worth it.
    recycles: Option<fn(&T) -> bool>,
    epoch: u32,
    /// The first epoch after the newest checkpoint.
    since: u32,
}

/// So many spare values are kept at most.
const SPARE: usize = 64;

impl<T: Clone + Default> Default for Arena<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Clone + Default> Arena<T> {
    /// An empty arena without checkpoints.
    pub fn new() -> Self {
        Arena {
            slots: Vec::new(),
            free: Vec::new(),
            untouched: 0,
            taken: Vec::new(),
            log: Vec::new(),
            spare: Vec::new(),
            recycles: None,
            epoch: 0,
            since: 0,
        }
    }

    /// An empty arena for values that own memory: what a rollback throws out is kept for `T::clone_from` of the next save, so
    /// that going to and fro allocates nothing. `owns` tells which values have memory to be used again.
    pub fn recycling(owns: fn(&T) -> bool) -> Self {
        Arena {
            recycles: Some(owns),
            ..Self::new()
        }
    }

    /// Makes room for more values at once.
    pub fn reserve(&mut self, more: usize) {
        self.slots.reserve(more);
    }

    /// How many slots there are, free ones included.
    #[inline]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no slot at all.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Reads a slot.
    ///
    /// # Panics
    /// When `index` was never handed out by [`Arena::insert`].
    #[inline(always)]
    pub fn get(&self, index: u32) -> &T {
        &self.slots[index as usize].value
    }

    /// Writes to a slot, saving its value first when a checkpoint needs it.
    ///
    /// # Panics
    /// When `index` was never handed out by [`Arena::insert`].
    #[inline(always)]
    pub fn get_mut(&mut self, index: u32) -> &mut T {
        if self.slots[index as usize].epoch != self.epoch {
            self.save(index);
        }
        &mut self.slots[index as usize].value
    }

    /// Adds a value and returns its index; indices of freed slots are used again, last freed first.
    #[inline]
    pub fn insert(&mut self, value: T) -> u32 {
        if let Some(index) = self.free.pop() {
            let at = self.free.len();
            if at < self.untouched {
                self.untouched = at;
                self.taken.push((at, index));
            }
            *self.get_mut(index) = value;
            return index;
        }
        let index = u32::try_from(self.slots.len()).expect("fewer than 2^32 objects");
        self.slots.push(Slot {
            epoch: self.epoch,
            value,
        });
        index
    }

    /// Empties a slot for later use. Its value is dropped, or kept in the log if a checkpoint needs it.
    pub fn remove(&mut self, index: u32) {
        self.reset(index);
        self.free.push(index);
    }

    /// Puts the default in a slot. Its former value is dropped, or kept in the log if a checkpoint needs it.
    pub fn reset(&mut self, index: u32) {
        let slot = &mut self.slots[index as usize];
        let value = std::mem::take(&mut slot.value);
        let epoch = std::mem::replace(&mut slot.epoch, self.epoch);
        if epoch < self.since {
            self.log.push(Saved {
                index,
                epoch,
                value,
            });
        } else {
            self.discard(value);
        }
    }

    /// A value whose memory can be used again, if there is one: its content means nothing.
    pub fn spare(&mut self) -> Option<T> {
        self.spare.pop()
    }

    #[inline(always)]
    fn discard(&mut self, value: T) {
        if let Some(owns) = self.recycles
            && self.spare.len() < SPARE
            && owns(&value)
        {
            self.spare.push(value);
        }
    }

    /// All slots in index order, free ones (default values) included.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.slots
            .iter()
            .enumerate()
            .map(|(i, slot)| (i as u32, &slot.value))
    }

    /// The slots older than `mark` that were written to since, in the order of their first writes, with their values at the mark. Newer
    /// slots have indices from [`Mark::len`] on.
    pub fn changed_since(&self, mark: &Mark) -> impl Iterator<Item = (u32, &T)> {
        let epoch = mark.epoch;
        self.log[mark.log as usize..]
            .iter()
            .filter(move |saved| saved.epoch <= epoch)
            .map(|saved| (saved.index, &saved.value))
    }

    #[cold]
    #[inline(never)]
    fn save(&mut self, index: u32) {
        let slot = &mut self.slots[index as usize];
        let epoch = std::mem::replace(&mut slot.epoch, self.epoch);
        if epoch >= self.since {
            return;
        }
        let value = match self.spare.pop() {
            Some(mut value) => {
                value.clone_from(&slot.value);
                value
            }
            None => slot.value.clone(),
        };
        self.log.push(Saved {
            index,
            epoch,
            value,
        });
    }

    /// Begins another epoch without a checkpoint. Answers the last one: from now on, what is written to is [`written_after`] that.
    ///
    /// [`written_after`]: Arena::written_after
    pub fn tick(&mut self) -> u32 {
        self.epoch += 1;
        self.epoch - 1
    }

    /// Whether a slot was written to, or made, after an epoch that [`Arena::tick`] answered, unless that was undone by a rollback.
    #[inline(always)]
    pub fn written_after(&self, index: u32, epoch: u32) -> bool {
        self.slots[index as usize].epoch > epoch
    }

    /// Marks the present state as one to come back to. Marks nest: roll back to the newest first, or past it to an older.
    pub fn checkpoint(&mut self) -> Mark {
        // None of these is longer than there are slots, and slots have 32-bit numbers, but for the log, which would outgrow memory.
        let mark = Mark {
            epoch: self.epoch,
            log: self.log.len() as u32,
            len: self.slots.len() as u32,
            free: self.free.len() as u32,
            taken: self.taken.len() as u32,
            untouched: self.untouched as u32,
            since: self.since,
        };
        self.untouched = self.free.len();
        self.epoch += 1;
        self.since = self.epoch;
        mark
    }

    /// Returns to the state at `mark`, which stays valid for further returns.
    ///
    /// # Panics
    /// When `mark` is of another arena, or was itself undone by a rollback to an older mark.
    #[inline]
    pub fn rollback(&mut self, mark: &Mark) {
        assert!(
            mark.log as usize <= self.log.len(),
            "mark was undone by an earlier rollback"
        );
        let same = self.log.len() == mark.log as usize
            && self.slots.len() == mark.len as usize
            && self.taken.len() == mark.taken as usize
            && self.free.len() == mark.free as usize;
        if !same {
            self.undo(mark);
        }
        self.untouched = mark.free as usize;
        self.epoch = mark.epoch + 1;
        self.since = self.epoch;
    }

    /// Takes the newest mark back, right after a return to it: nobody will return to it again, so that what is written from here on need
    /// only be saved for the mark before it.
    #[inline]
    pub fn release(&mut self, mark: &Mark) {
        debug_assert!(
            self.epoch == mark.epoch + 1 && self.log.len() == mark.log as usize,
            "something was written since the return"
        );
        self.untouched = mark.untouched as usize;
        self.epoch = mark.epoch;
        self.since = mark.since;
    }

    fn undo(&mut self, mark: &Mark) {
        while self.log.len() > mark.log as usize {
            let saved = self.log.pop().expect("length checked");
            let slot = &mut self.slots[saved.index as usize];
            slot.epoch = saved.epoch;
            let value = std::mem::replace(&mut slot.value, saved.value);
            self.discard(value);
        }
        if self.recycles.is_some() {
            while self.slots.len() > mark.len as usize {
                let slot = self.slots.pop().expect("length checked");
                self.discard(slot.value);
            }
        } else {
            self.slots.truncate(mark.len as usize);
        }
        while self.taken.len() > mark.taken as usize {
            let (at, index) = self.taken.pop().expect("length checked");
            self.free.truncate(at);
            self.free.push(index);
        }
        self.free.truncate(mark.free as usize);
    }
}

/// A single value with checkpoints and rollback, for what is large and seldom changes: a checkpoint of it copies nothing.
#[derive(Clone, Debug)]
pub struct Kept<T>(Arena<T>);

impl<T: Clone + Default> Kept<T> {
    /// Marks the present value as one to come back to.
    #[inline]
    pub fn checkpoint(&mut self) -> Mark {
        self.0.checkpoint()
    }

    /// Returns to the value at `mark`; see [`Arena::rollback`].
    #[inline]
    pub fn rollback(&mut self, mark: &Mark) {
        self.0.rollback(mark);
    }

    /// Takes the newest mark back; see [`Arena::release`].
    #[inline]
    pub fn release(&mut self, mark: &Mark) {
        self.0.release(mark);
    }
}

impl<T: Clone + Default> From<T> for Kept<T> {
    fn from(value: T) -> Self {
        let mut arena = Arena::new();
        arena.insert(value);
        Kept(arena)
    }
}

impl<T: Clone + Default> std::ops::Deref for Kept<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        self.0.get(0)
    }
}

impl<T: Clone + Default> std::ops::DerefMut for Kept<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_mut(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rollback_restores_values_lengths_and_free_slots() {
        let mut arena: Arena<Vec<u32>> = Arena::new();
        let a = arena.insert(vec![1]);
        let b = arena.insert(vec![2]);
        arena.remove(b);
        let outer = arena.checkpoint();
        arena.get_mut(a).push(10);
        let c = arena.insert(vec![3]);
        assert_eq!(c, b, "freed slots are used again");
        let inner = arena.checkpoint();
        arena.get_mut(a).push(11);
        arena.remove(c);
        arena.insert(vec![4]);
        arena.insert(vec![5]);
        arena.rollback(&inner);
        assert_eq!(
            (arena.get(a), arena.get(c), arena.len()),
            (&vec![1, 10], &vec![3], 2)
        );
        arena.get_mut(a).push(12);
        arena.rollback(&inner);
        assert_eq!(arena.get(a), &vec![1, 10]);
        arena.rollback(&outer);
        assert_eq!((arena.get(a), arena.get(b)), (&vec![1], &Vec::new()));
        assert_eq!(arena.insert(vec![6]), b);
    }

    proptest::proptest! {
        #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

        /// Against a table that is copied whole at each checkpoint.
        #[test]
        fn rollback_is_a_return_to_a_copy(steps in proptest::collection::vec((0u8..9, 0u32..8), 1..80), recycling: bool) {
            let mut arena: Arena<Vec<u32>> = if recycling { Arena::recycling(|value| value.capacity() > 0) } else { Arena::new() };
            let mut marks = Vec::new();
            let mut seen = None;
            let state = |arena: &Arena<Vec<u32>>| {
                let values: Vec<Vec<u32>> = arena.iter().map(|(_, v)| v.clone()).collect();
                (values, arena.free.clone())
            };
            for (n, (what, at)) in steps.into_iter().enumerate() {
                let n = n as u32;
                let live: Vec<u32> = (0..arena.len() as u32).filter(|i| !arena.free.contains(i)).collect();
                let some = live.get(at as usize % live.len().max(1)).copied();
                match (what, some) {
                    (0, _) => marks.push((arena.checkpoint(), state(&arena))),
                    (1 | 6, _) if !marks.is_empty() => {
                        marks.truncate(at as usize % marks.len() + 1);
                        let (mark, before) = marks.last().expect("not empty");
                        let mut changed: Vec<u32> = Vec::new();
                        for (index, value) in arena.changed_since(mark) {
                            changed.push(index);
                            proptest::prop_assert_eq!(value, &before.0[index as usize]);
                        }
                        for (i, value) in before.0.iter().enumerate() {
                            let known = arena.get(i as u32) == value || changed.contains(&(i as u32));
                            proptest::prop_assert!(known, "slot {i} changed");
                        }
                        changed.sort_unstable();
                        let distinct = changed.windows(2).all(|pair| pair[0] < pair[1]);
                        proptest::prop_assert!(distinct, "each slot once");
                        arena.rollback(mark);
                        proptest::prop_assert_eq!(&state(&arena), before);
                        if what == 6 {
                            arena.release(mark);
                            marks.pop();
                        }
                        seen = None;
                    }
                    (7, _) => {
                        let values: Vec<_> = arena.iter().map(|(_, value)| value.clone()).collect();
                        seen = Some((arena.tick(), values));
                    }
                    (8, _) if let Some((epoch, values)) = &seen => {
                        for (i, value) in arena.iter() {
                            let known = values.get(i as usize) == Some(value);
                            proptest::prop_assert!(known || arena.written_after(i, *epoch), "slot {i} changed");
                        }
                    }
                    (2, Some(i)) => arena.remove(i),
                    (3, Some(i)) => arena.get_mut(i).push(n),
                    _ => {
                        arena.insert(vec![n]);
                    }
                }
            }
        }
    }
}
