//! A set of threads as a bit set: constant-time insert, remove and test, and iteration in the order of thread ids.
//!
//! The first 64 threads live in one inline word, so that small programs never allocate and copying a set copies three words;
//! further threads cost one bit each on the heap. The number of members is kept, because each choice asks for it.

use std::hash::{Hash, Hasher};

use crate::id::ThreadId;

/// A set of thread ids, ordered by id.
#[derive(Clone, Debug, Default)]
pub struct ThreadSet {
    first: u64,
    rest: Option<Box<Spill>>,
    count: u32,
}

/// Threads from 64 on, 64 a word. Trailing zero words may be there and mean nothing.
#[derive(Clone, Debug, Default)]
struct Spill(Vec<u64>);

impl ThreadSet {
    /// The empty set. Does not allocate.
    pub const fn new() -> Self {
        ThreadSet {
            first: 0,
            count: 0,
            rest: None,
        }
    }

    /// The number of members.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there is no member.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    #[inline(always)]
    fn word(&self, index: usize) -> u64 {
        if index == 0 {
            self.first
        } else {
            self.rest().get(index - 1).copied().unwrap_or(0)
        }
    }

    #[inline(always)]
    fn rest(&self) -> &[u64] {
        self.rest.as_ref().map_or(&[], |spill| &spill.0)
    }

    fn rest_mut(&mut self) -> &mut Vec<u64> {
        &mut self.rest.get_or_insert_default().0
    }

    fn words(&self) -> usize {
        self.rest().len() + 1
    }

    /// Whether `thread` is a member.
    #[inline(always)]
    pub fn contains(&self, thread: ThreadId) -> bool {
        self.word(thread.index() >> 6) >> (thread.0 & 63) & 1 != 0
    }

    /// Adds a member; tells whether it is new.
    #[inline(always)]
    pub fn insert(&mut self, thread: ThreadId) -> bool {
        let index = thread.index() >> 6;
        let word = if index == 0 {
            &mut self.first
        } else {
            self.grown(index)
        };
        let bit = 1u64 << (thread.0 & 63);
        let new = *word & bit == 0;
        *word |= bit;
        self.count += u32::from(new);
        new
    }

    #[cold]
    #[inline(never)]
    fn grown(&mut self, index: usize) -> &mut u64 {
        let rest = self.rest_mut();
        if rest.len() < index {
            rest.resize(index, 0);
        }
        &mut rest[index - 1]
    }

    /// Takes a member out; tells whether it was one.
    #[inline(always)]
    pub fn remove(&mut self, thread: ThreadId) -> bool {
        let index = thread.index() >> 6;
        let word = if index == 0 {
            &mut self.first
        } else {
            match self
                .rest
                .as_mut()
                .and_then(|spill| spill.0.get_mut(index - 1))
            {
                Some(word) => word,
                None => return false,
            }
        };
        let bit = 1u64 << (thread.0 & 63);
        let was = *word & bit != 0;
        *word &= !bit;
        self.count -= u32::from(was);
        was
    }

    /// Takes all members out.
    pub fn clear(&mut self) {
        self.first = 0;
        self.count = 0;
        self.rest = None;
    }

    /// The lowest member.
    pub fn first(&self) -> Option<ThreadId> {
        self.nth(0)
    }

    /// The member with `index` smaller members, counting from 0.
    #[inline]
    pub fn nth(&self, index: usize) -> Option<ThreadId> {
        if index >= self.len() {
            return None;
        }
        let mut left = index as u32;
        let mut at = 0;
        let mut word = self.first;
        if self.rest.is_some() {
            while left >= word.count_ones() {
                left -= word.count_ones();
                at += 1;
                word = self.rest()[at - 1];
            }
        }
        for _ in 0..left {
            word &= word - 1;
        }
        Some(ThreadId((at as u32) << 6 | word.trailing_zeros()))
    }

    /// How many members are smaller than `thread`: the inverse of [`ThreadSet::nth`] for members.
    pub fn rank(&self, thread: ThreadId) -> usize {
        let at = thread.index() >> 6;
        let below: u32 = (0..at.min(self.words()))
            .map(|i| self.word(i).count_ones())
            .sum();
        let here = self.word(at) & ((1u64 << (thread.0 & 63)) - 1);
        (below + here.count_ones()) as usize
    }

    /// The lowest member greater than `thread`.
    pub fn next_after(&self, thread: ThreadId) -> Option<ThreadId> {
        let next = self.rank(thread) + usize::from(self.contains(thread));
        self.nth(next)
    }

    /// The members, lowest first.
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            set: self,
            at: 0,
            word: self.first,
        }
    }

    /// Adds all members of `other`.
    #[inline]
    pub fn union_with(&mut self, other: &ThreadSet) {
        self.count += (other.first & !self.first).count_ones();
        self.first |= other.first;
        if other.rest.is_some() {
            self.union_rest(other);
        }
    }

    #[cold]
    fn union_rest(&mut self, other: &ThreadSet) {
        let mut new = 0;
        let rest = self.rest_mut();
        if rest.len() < other.rest().len() {
            rest.resize(other.rest().len(), 0);
        }
        for (word, more) in rest.iter_mut().zip(other.rest()) {
            new += (more & !*word).count_ones();
            *word |= more;
        }
        self.count += new;
    }

    /// Takes out the members of `others` that are not in `keep`.
    #[inline]
    pub fn subtract_except(&mut self, others: &ThreadSet, keep: &ThreadSet) {
        let gone = self.first & others.first & !keep.first;
        self.count -= gone.count_ones();
        self.first &= !gone;
        if others.rest.is_some() {
            self.subtract_rest(others, keep);
        }
    }

    #[cold]
    fn subtract_rest(&mut self, others: &ThreadSet, keep: &ThreadSet) {
        let mut all_gone = 0;
        for (i, (word, other)) in self.rest_mut().iter_mut().zip(others.rest()).enumerate() {
            let gone = *word & other & !keep.word(i + 1);
            all_gone += gone.count_ones();
            *word &= !gone;
        }
        self.count -= all_gone;
    }
}

impl PartialEq for ThreadSet {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count
            && (0..self.words().max(other.words())).all(|i| self.word(i) == other.word(i))
    }
}

impl Eq for ThreadSet {}

impl Hash for ThreadSet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.count.hash(state);
        self.first.hash(state);
        let used = self
            .rest()
            .iter()
            .rposition(|word| *word != 0)
            .map_or(0, |last| last + 1);
        self.rest()[..used].iter().for_each(|word| word.hash(state));
    }
}

impl FromIterator<ThreadId> for ThreadSet {
    fn from_iter<I: IntoIterator<Item = ThreadId>>(threads: I) -> Self {
        let mut set = ThreadSet::new();
        for thread in threads {
            set.insert(thread);
        }
        set
    }
}

impl<'a> IntoIterator for &'a ThreadSet {
    type Item = ThreadId;
    type IntoIter = Iter<'a>;
    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// The members of a [`ThreadSet`], lowest first.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    set: &'a ThreadSet,
    at: usize,
    word: u64,
}

impl Iterator for Iter<'_> {
    type Item = ThreadId;

    fn next(&mut self) -> Option<ThreadId> {
        while self.word == 0 {
            self.at += 1;
            self.word = *self.set.rest().get(self.at - 1)?;
        }
        let bit = self.word.trailing_zeros();
        self.word &= self.word - 1;
        Some(ThreadId((self.at as u32) << 6 | bit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

        #[test]
        fn behaves_like_an_ordered_set(
            ops in prop::collection::vec((0u8..5, 0u32..300), 0..200),
            others in prop::collection::btree_set(0u32..300, 0..40),
            keep in prop::collection::btree_set(0u32..300, 0..40),
        ) {
            let mut set = ThreadSet::new();
            let mut model = BTreeSet::new();
            let as_set = |ids: &BTreeSet<u32>| ids.iter().copied().map(ThreadId).collect::<ThreadSet>();
            for (op, id) in ops {
                match op {
                    0..=2 => prop_assert_eq!(set.insert(ThreadId(id)), model.insert(id)),
                    3 => prop_assert_eq!(set.remove(ThreadId(id)), model.remove(&id)),
                    _ if id % 2 == 0 => {
                        set.union_with(&as_set(&others));
                        model.extend(&others);
                    }
                    _ => {
                        set.subtract_except(&as_set(&others), &as_set(&keep));
                        model.retain(|t| !others.contains(t) || keep.contains(t));
                    }
                }
                prop_assert_eq!(set.len(), model.len());
                prop_assert_eq!(set.contains(ThreadId(id)), model.contains(&id));
                prop_assert_eq!(set.rank(ThreadId(id)), model.range(..id).count());
                prop_assert_eq!(set.next_after(ThreadId(id)), model.range(id + 1..).next().map(|t| ThreadId(*t)));
            }
            prop_assert_eq!(&set, &as_set(&model));
            prop_assert!(set.iter().map(|t| t.0).eq(model.iter().copied()));
            for (k, id) in model.iter().enumerate() {
                prop_assert_eq!(set.nth(k), Some(ThreadId(*id)));
            }
            prop_assert_eq!(set.nth(model.len()), None);
        }
    }

    #[test]
    fn sets_that_differ_in_spare_words_only_are_equal() {
        let mut big: ThreadSet = [ThreadId(3), ThreadId(9_999)].into_iter().collect();
        big.remove(ThreadId(9_999));
        assert_eq!(big, [ThreadId(3)].into_iter().collect());
    }
}
