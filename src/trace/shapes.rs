//! The shapes of a trace, each stored once with what its events touch: a loop of a million turns has few different ones.

use super::model::{Shape, Touch};
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// A table of shapes.
#[derive(Clone, Debug, Default)]
pub struct Shapes {
    shapes: Vec<Shape>,
    /// What they touch, in their order.
    touches: Vec<Touch>,
    /// Where the touches of each end.
    ends: Vec<u32>,
    /// The numbers of all, by hash.
    known: HashTable<u32>,
}

impl Shapes {
    /// The number of a shape whose events touch this. It is stored if it is new.
    ///
    /// # Panics
    ///
    /// Beyond four billion shapes.
    pub fn intern(&mut self, shape: &Shape, touches: &[Touch]) -> u32 {
        let hash = hash(shape, touches);
        let same = |&n: &u32| self.get(n) == shape && self.touches(n) == touches;
        if let Some(&number) = self.known.find(hash, same) {
            return number;
        }
        let number = u32::try_from(self.shapes.len()).expect("four billion shapes");
        self.shapes.push(*shape);
        self.touches.extend_from_slice(touches);
        self.ends.push(self.touches.len() as u32);
        let Shapes {
            shapes,
            touches,
            ends,
            known,
        } = self;
        known.insert_unique(hash, number, |&n| {
            self::hash(&shapes[n as usize], slice(touches, ends, n))
        });
        number
    }

    /// A shape by its number.
    ///
    /// # Panics
    ///
    /// When the number is of another table that has more.
    #[inline]
    pub fn get(&self, number: u32) -> &Shape {
        &self.shapes[number as usize]
    }

    /// What the events of a shape touch.
    ///
    /// # Panics
    ///
    /// When the number is of another table that has more.
    pub fn touches(&self, number: u32) -> &[Touch] {
        slice(&self.touches, &self.ends, number)
    }

    /// What the events of all shapes touch.
    pub fn all_touches(&self) -> &[Touch] {
        &self.touches
    }

    /// All of them, by number.
    pub fn iter(&self) -> impl Iterator<Item = &Shape> {
        self.shapes.iter()
    }

    /// The shapes from this number on.
    pub(crate) fn tail(&self, from: usize) -> Shapes {
        let start = from.checked_sub(1).map_or(0, |before| self.ends[before]);
        let ends = self.ends[from..].iter();
        Shapes {
            shapes: self.shapes[from..].to_vec(),
            touches: self.touches[start as usize..].to_vec(),
            ends: ends.map(|end| end - start).collect(),
            known: HashTable::new(),
        }
    }

    /// Adds a tail: the shapes then have the numbers that they had in the table it is of. They can be read, and not be found.
    pub(crate) fn append(&mut self, tail: &Shapes) {
        let start = self.touches.len() as u32;
        self.shapes.extend_from_slice(&tail.shapes);
        self.touches.extend_from_slice(&tail.touches);
        self.ends.extend(tail.ends.iter().map(|end| start + end));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.shapes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }
}

fn slice<'a>(touches: &'a [Touch], ends: &[u32], number: u32) -> &'a [Touch] {
    let number = number as usize;
    let start = number.checked_sub(1).map_or(0, |before| ends[before]);
    &touches[start as usize..ends[number] as usize]
}

fn hash(shape: &Shape, touches: &[Touch]) -> u64 {
    let mut hasher = FxHasher::default();
    shape.hash(&mut hasher);
    touches.hash(&mut hasher);
    hasher.finish()
}
