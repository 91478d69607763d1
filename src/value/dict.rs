//! The table behind `dict`: insertion-ordered entries and, beyond a few, an index by hash.
//!
//! Keys are compared through a caller's closure, since equality needs the heap. Deleted entries stay as holes (their key
//! is unbound) until the next growth, as in CPython, so that positions of live entries are stable while iterating.

use super::Value;
use hashbrown::HashTable;

/// Entries up to which a linear scan beats an index.
const SMALL: usize = 8;

/// A key with its hash and value.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Hash of the key.
    pub hash: u64,
    /// The key; unbound for a hole.
    pub key: Value,
    /// The value.
    pub value: Value,
}

/// An insertion-ordered hash table.
#[derive(Clone, Debug, Default)]
pub struct Dict {
    entries: Vec<Entry>,
    index: Option<Box<HashTable<u32>>>,
    live: u32,
}

impl Dict {
    /// Number of keys.
    #[inline]
    pub fn len(&self) -> usize {
        self.live as usize
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Entries in insertion order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(|e| !e.key.is_unbound())
    }

    /// The first live entry at or after a raw position, with its position: for iterators that survive value changes.
    #[inline]
    pub fn next_from(&self, mut at: usize) -> Option<(usize, Entry)> {
        while let Some(entry) = self.entries.get(at) {
            if !entry.key.is_unbound() {
                return Some((at, *entry));
            }
            at += 1;
        }
        None
    }

    /// The last live entry before a raw position, with its position: for `reversed`.
    pub fn prev_from(&self, end: usize) -> Option<(usize, Entry)> {
        (0..end.min(self.entries.len()))
            .rev()
            .map(|at| (at, self.entries[at]))
            .find(|(_, e)| !e.key.is_unbound())
    }

    /// Raw positions in use, holes included.
    pub fn raw_len(&self) -> usize {
        self.entries.len()
    }

    /// The entry at a raw position.
    #[inline]
    pub fn at(&self, position: usize) -> &Entry {
        &self.entries[position]
    }

    /// Position of the key for which `same` holds among those of equal hash.
    #[inline]
    pub fn find(&self, hash: u64, mut same: impl FnMut(Value) -> bool) -> Option<usize> {
        match &self.index {
            None => self
                .entries
                .iter()
                .position(|e| e.hash == hash && !e.key.is_unbound() && same(e.key)),
            Some(index) => index
                .find(hash, |&i| {
                    let e = &self.entries[i as usize];
                    e.hash == hash && same(e.key)
                })
                .map(|&i| i as usize),
        }
    }

    /// Replaces the value at a position, and returns the former one.
    #[inline]
    pub fn set_at(&mut self, position: usize, value: Value) -> Value {
        std::mem::replace(&mut self.entries[position].value, value)
    }

    /// Appends a key known to be absent.
    pub fn push(&mut self, hash: u64, key: Value, value: Value) {
        if self.entries.len() == self.entries.capacity()
            && self.entries.len() > 2 * self.live as usize
        {
            self.compact();
        }
        let at = self.entries.len() as u32;
        self.entries.push(Entry { hash, key, value });
        self.live += 1;
        match &mut self.index {
            Some(index) => {
                let entries = &self.entries;
                index.insert_unique(hash, at, |&i| entries[i as usize].hash);
            }
            None if self.entries.len() > SMALL => self.rebuild_index(),
            None => {}
        }
    }

    /// Removes the entry at a position and returns it.
    pub fn remove_at(&mut self, position: usize) -> Entry {
        let entry = self.entries[position];
        if let Some(index) = &mut self.index
            && let Ok(found) = index.find_entry(entry.hash, |&i| i as usize == position)
        {
            found.remove();
        }
        self.live -= 1;
        if position + 1 == self.entries.len() {
            self.entries.pop();
            while self.entries.last().is_some_and(|e| e.key.is_unbound()) {
                self.entries.pop();
            }
        } else {
            self.entries[position].key = Value::Unbound;
            self.entries[position].value = Value::Unbound;
        }
        entry
    }

    /// Changes all entries in place, hashes and keys included; no two keys may become equal.
    pub fn rewrite(&mut self, f: impl FnMut(&mut Entry)) {
        self.entries
            .iter_mut()
            .filter(|e| !e.key.is_unbound())
            .for_each(f);
        if self.index.is_some() {
            self.rebuild_index();
        }
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        *self = Dict::default();
    }

    /// Approximate bytes on the heap.
    pub fn bytes(&self) -> usize {
        self.entries.capacity() * std::mem::size_of::<Entry>()
            + self.index.as_ref().map_or(0, |i| i.capacity() * 5)
    }

    /// The table without the holes that removed keys left.
    pub fn compacted(mut self) -> Dict {
        if self.entries.len() > self.live as usize {
            self.compact();
        }
        self
    }

    fn compact(&mut self) {
        self.entries.retain(|e| !e.key.is_unbound());
        if self.index.is_some() {
            self.rebuild_index();
        }
    }

    fn rebuild_index(&mut self) {
        let mut index = HashTable::with_capacity(self.entries.len() * 2);
        for (i, entry) in self.entries.iter().enumerate() {
            if !entry.key.is_unbound() {
                let entries = &self.entries;
                index.insert_unique(entry.hash, i as u32, |&j| entries[j as usize].hash);
            }
        }
        self.index = Some(Box::new(index));
    }
}
