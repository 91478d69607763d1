//! The table behind `set` and `frozenset`: CPython's own probing, so that sets of numbers iterate in CPython's order.
//!
//! Source: `Objects/setobject.c` of CPython 3.13 (`set_add_entry`, `set_table_resize`, `set_lookkey`).

use super::Value;

const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;
const MIN_SIZE: usize = 8;

/// A slot: empty (key unbound, hash 0), deleted (key unbound, hash !0) or in use.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u64,
    key: Value,
}

const EMPTY: Slot = Slot {
    hash: 0,
    key: Value::Unbound,
};
const DELETED: Slot = Slot {
    hash: u64::MAX,
    key: Value::Unbound,
};

/// Where an element that is not in would go.
struct Free {
    /// The empty slot that ended the search.
    at: usize,
    /// The last slot of a removed element on the way, which is used again.
    dummy: Option<usize>,
}

/// An open-addressing hash set.
#[derive(Clone, Debug)]
pub struct Set {
    table: Vec<Slot>,
    fill: usize,
    used: usize,
    /// Where `pop` goes on looking.
    finger: usize,
}

impl Default for Set {
    fn default() -> Self {
        Set {
            table: vec![EMPTY; MIN_SIZE],
            fill: 0,
            used: 0,
            finger: 0,
        }
    }
}

impl Set {
    /// Number of elements.
    pub fn len(&self) -> usize {
        self.used
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// Elements with their hashes, in table order.
    pub fn iter(&self) -> impl Iterator<Item = (u64, Value)> {
        self.table
            .iter()
            .filter(|s| !s.key.is_unbound())
            .map(|s| (s.hash, s.key))
    }

    /// Puts others of the same hash in the elements' places.
    pub fn replace_keys(&mut self, mut f: impl FnMut(Value) -> Value) {
        for slot in self.table.iter_mut().filter(|s| !s.key.is_unbound()) {
            slot.key = f(slot.key);
        }
    }

    /// The first element at or after a table position.
    pub fn next_from(&self, at: usize) -> Option<(usize, Value)> {
        (at..self.table.len())
            .map(|i| (i, self.table[i].key))
            .find(|(_, k)| !k.is_unbound())
    }

    /// Whether an element of this hash for which `same` holds is in.
    pub fn contains(&self, hash: u64, same: impl FnMut(Value) -> bool) -> bool {
        self.probe(hash, same).is_ok()
    }

    /// The element of this hash for which `same` holds.
    pub fn find(&self, hash: u64, same: impl FnMut(Value) -> bool) -> Option<Value> {
        self.probe(hash, same).ok().map(|i| self.table[i].key)
    }

    /// Adds an element unless an equal one is in; says whether it was added.
    pub fn add(&mut self, hash: u64, key: Value, same: impl FnMut(Value) -> bool) -> bool {
        match self.probe(hash, same) {
            Ok(_) => false,
            Err(Free {
                dummy: Some(at), ..
            }) => {
                self.table[at] = Slot { hash, key };
                self.used += 1;
                true
            }
            Err(Free { at, .. }) => {
                self.table[at] = Slot { hash, key };
                self.fill += 1;
                self.used += 1;
                if self.fill * 5 >= (self.table.len() - 1) * 3 {
                    self.resize(if self.used > 50_000 {
                        self.used * 2
                    } else {
                        self.used * 4
                    });
                }
                true
            }
        }
    }

    /// Removes an element; gives it back if it was in.
    pub fn remove(&mut self, hash: u64, same: impl FnMut(Value) -> bool) -> Option<Value> {
        let at = self.probe(hash, same).ok()?;
        let key = self.table[at].key;
        self.table[at] = DELETED;
        self.used -= 1;
        Some(key)
    }

    /// Whether an element of this hash for which `same` holds is in; `None` when `same` did not know where it mattered.
    pub fn contains_known(
        &self,
        hash: u64,
        mut same: impl FnMut(Value) -> Option<bool>,
    ) -> Option<bool> {
        let mut known = true;
        let found = self.contains(hash, |stored| {
            same(stored).unwrap_or_else(|| {
                known = false;
                false
            })
        });
        (found || known).then_some(found)
    }

    /// As [`Set::add`]; `None`, and nothing is added, when `same` did not know where it mattered.
    pub fn add_known(
        &mut self,
        hash: u64,
        key: Value,
        same: impl FnMut(Value) -> Option<bool>,
    ) -> Option<bool> {
        match self.contains_known(hash, same)? {
            true => Some(false),
            false => Some(self.add(hash, key, |_| false)),
        }
    }

    /// Removes and returns an element: the first one after where the last `pop` was, as CPython does.
    pub fn pop(&mut self) -> Option<Value> {
        if self.used == 0 {
            return None;
        }
        let mask = self.table.len() - 1;
        let mut at = self.finger & mask;
        while self.table[at].key.is_unbound() {
            at = (at + 1) & mask;
        }
        let key = self.table[at].key;
        self.table[at] = DELETED;
        self.used -= 1;
        self.finger = at + 1;
        Some(key)
    }

    /// A copy as `set_copy` makes it: without holes, in a table as large as the elements ask for.
    pub fn compact(&self) -> Set {
        let mut copy = Set::default();
        let merged = copy.merge(self, |_, _| Some(false));
        debug_assert!(merged.is_some(), "all elements differ");
        copy
    }

    /// Adds the elements of another table as `set_merge` does: the order of the result depends on its shortcuts. `None`, with
    /// a part of them added, when `same` (stored, new) did not know where it mattered.
    pub fn merge(
        &mut self,
        other: &Set,
        mut same: impl FnMut(Value, Value) -> Option<bool>,
    ) -> Option<()> {
        if other.used == 0 {
            return Some(());
        }
        self.reserve_for_merge(other.used);
        if self.fill == 0 && self.table.len() == other.table.len() && other.fill == other.used {
            self.table.clone_from(&other.table);
            self.fill = other.fill;
            self.used = other.used;
        } else if self.fill == 0 {
            for (hash, key) in other.iter() {
                self.insert_clean(hash, key);
            }
        } else {
            for (hash, key) in other.iter() {
                self.add_known(hash, key, |stored| same(stored, key))?;
            }
        }
        Some(())
    }

    fn insert_clean(&mut self, hash: u64, key: Value) {
        let free = self
            .probe(hash, |_| false)
            .expect_err("no element is the same");
        self.table[free.at] = Slot { hash, key };
        self.fill += 1;
        self.used += 1;
    }

    /// Rebuilds the table when more than a quarter of it are traces of removed elements, as after `difference_update`.
    pub fn shrink_dummies(&mut self) {
        if self.fill - self.used > (self.table.len() - 1) / 4 {
            self.resize(if self.used > 50_000 {
                self.used * 2
            } else {
                self.used * 4
            });
        }
    }

    /// Makes room for `other` more elements at once, as `set_merge` does before adding another set's elements.
    pub fn reserve_for_merge(&mut self, other: usize) {
        if (self.fill + other) * 5 >= (self.table.len() - 1) * 3 {
            self.resize((self.used + other) * 2);
        }
    }

    /// The whole table: each position with what hash and key it has, and what else decides on its future.
    pub fn layout(&self) -> (impl Iterator<Item = (u64, Value)> + '_, [usize; 3]) {
        let slots = self.table.iter().map(|slot| (slot.hash, slot.key));
        (slots, [self.table.len(), self.fill, self.finger])
    }

    /// Approximate bytes on the heap.
    pub fn bytes(&self) -> usize {
        self.table.capacity() * std::mem::size_of::<Slot>()
    }

    /// `Ok(position)` of the element, or the free slot where it would go.
    fn probe(&self, hash: u64, mut same: impl FnMut(Value) -> bool) -> Result<usize, Free> {
        let mut dummy = None;
        let mask = self.table.len() - 1;
        let mut perturb = hash;
        let mut i = hash as usize & mask;
        loop {
            let probes = if i + LINEAR_PROBES <= mask {
                LINEAR_PROBES
            } else {
                0
            };
            for at in i..=i + probes {
                let slot = &self.table[at];
                if slot.key.is_unbound() {
                    if slot.hash == 0 {
                        return Err(Free { at, dummy });
                    }
                    dummy = Some(at);
                } else if slot.hash == hash && same(slot.key) {
                    return Ok(at);
                }
            }
            perturb >>= PERTURB_SHIFT;
            i = (i
                .wrapping_mul(5)
                .wrapping_add(1)
                .wrapping_add(perturb as usize))
                & mask;
        }
    }

    fn resize(&mut self, min_used: usize) {
        let mut size = MIN_SIZE;
        while size <= min_used {
            size <<= 1;
        }
        let old = std::mem::replace(&mut self.table, vec![EMPTY; size]);
        self.fill = self.used;
        for slot in old.into_iter().filter(|s| !s.key.is_unbound()) {
            let free = self
                .probe(slot.hash, |_| false)
                .expect_err("no element is the same");
            self.table[free.at] = slot;
        }
    }
}
