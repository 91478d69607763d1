//! Shapes: which attribute of an instance stands in which slot.
//!
//! Instances that got the same attributes in the same order share a shape, so that an attribute access can be remembered
//! per instruction as (shape, slot). Shapes only grow in number and never change; nothing observable depends on their ids,
//! so they are outside of checkpoints. (Source of the idea: Self's maps; Chambers, Ungar, Lee 1989.)

use crate::id::NameId;
use rustc_hash::FxHashMap;

/// A shape.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct ShapeId(pub u32);

/// The shape of an instance without attributes.
pub const EMPTY: ShapeId = ShapeId(0);

/// The shape of no instance.
pub const NOBODYS: ShapeId = ShapeId(u32::MAX);

#[derive(Clone, Debug, Default)]
struct Shape {
    root: u32,
    names: Vec<NameId>,
    slots: FxHashMap<NameId, u32>,
    added: FxHashMap<NameId, ShapeId>,
    removed: FxHashMap<NameId, ShapeId>,
}

/// All shapes of a machine.
#[derive(Clone, Debug)]
pub struct Shapes {
    shapes: Vec<Shape>,
}

impl Default for Shapes {
    fn default() -> Self {
        Shapes {
            shapes: vec![Shape::default()],
        }
    }
}

impl Shapes {
    /// A new shape without attributes: one for each class, so that a shape tells the class.
    pub fn root(&mut self) -> ShapeId {
        self.shapes.push(Shape {
            root: self.shapes.len() as u32,
            ..Shape::default()
        });
        ShapeId(self.shapes.len() as u32 - 1)
    }

    /// The slot of an attribute.
    #[inline]
    pub fn slot(&self, shape: ShapeId, name: NameId) -> Option<usize> {
        self.shapes[shape.0 as usize]
            .slots
            .get(&name)
            .map(|&s| s as usize)
    }

    /// Attribute names in slot order.
    pub fn names(&self, shape: ShapeId) -> &[NameId] {
        &self.shapes[shape.0 as usize].names
    }

    /// The shape that has one attribute more.
    pub fn with(&mut self, shape: ShapeId, name: NameId) -> ShapeId {
        if let Some(&next) = self.shapes[shape.0 as usize].added.get(&name) {
            return next;
        }
        let next = ShapeId(self.shapes.len() as u32);
        let mut new = self.shapes[shape.0 as usize].clone();
        new.added = FxHashMap::default();
        new.removed = FxHashMap::default();
        new.slots.insert(name, new.names.len() as u32);
        new.names.push(name);
        self.shapes.push(new);
        self.shapes[shape.0 as usize].added.insert(name, next);
        next
    }

    /// The shape that lacks one attribute; later slots move down by one.
    pub fn without(&mut self, shape: ShapeId, name: NameId) -> ShapeId {
        if let Some(&next) = self.shapes[shape.0 as usize].removed.get(&name) {
            return next;
        }
        let names: Vec<NameId> = self
            .names(shape)
            .iter()
            .copied()
            .filter(|&n| n != name)
            .collect();
        let root = ShapeId(self.shapes[shape.0 as usize].root);
        let next = names.into_iter().fold(root, |s, n| self.with(s, n));
        self.shapes[shape.0 as usize].removed.insert(name, next);
        next
    }

    /// The shape with the same attributes under another class's root.
    pub fn rebased(&mut self, shape: ShapeId, root: ShapeId) -> ShapeId {
        let names = self.names(shape).to_vec();
        names.into_iter().fold(root, |s, n| self.with(s, n))
    }
}
