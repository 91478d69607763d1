//! The heap: objects by index, with checkpoints, marking of shared objects, and collection.

use super::Value;
use super::dict::Dict;
use super::object::{Iter, Obj};
use crate::arena::{Arena, Mark};
use crate::id::ObjId;

/// A slot of the heap.
#[derive(Clone, Debug, Default)]
struct Cell {
    /// Several threads can reach it: access to it is visible. What a shared object refers to is shared.
    shared: bool,
    /// How many collections there were before it was made: with its index this tells it from all others of the run.
    born: u32,
    /// The object.
    obj: Obj,
}

/// All objects of a machine.
#[derive(Clone, Debug, Default)]
pub struct Heap {
    cells: Arena<Cell>,
    /// Bytes in use, roughly.
    bytes: usize,
    /// Bytes in use at which the next collection is due.
    threshold: usize,
    /// Collections so far.
    collections: u32,
}

/// A place to go back to.
#[derive(Clone, Debug)]
pub struct HeapMark {
    cells: Mark,
    bytes: usize,
    threshold: usize,
    collections: u32,
}

impl HeapMark {
    /// Number of slots there were, free ones included.
    pub fn slots(&self) -> u32 {
        self.cells.len()
    }
}

/// Below this many bytes nothing is collected.
const FIRST_COLLECTION: usize = 8 << 20;
/// Bytes counted for a slot, whatever is in it.
const SLOT_BYTES: usize = std::mem::size_of::<Cell>() + 8;

impl Heap {
    /// An empty heap.
    pub fn new() -> Heap {
        Heap {
            threshold: FIRST_COLLECTION,
            ..Heap::default()
        }
    }

    /// Makes room for more objects at once.
    pub fn reserve(&mut self, more: usize) {
        self.cells.reserve(more);
    }

    /// Adds an object.
    #[inline]
    pub fn alloc(&mut self, obj: Obj) -> ObjId {
        self.bytes += SLOT_BYTES + payload_bytes(&obj);
        ObjId(self.cells.insert(Cell {
            shared: false,
            born: self.collections,
            obj,
        }))
    }

    /// Adds an object and gives it as a value.
    #[inline]
    pub fn new_value(&mut self, obj: Obj) -> Value {
        Value::Obj(self.alloc(obj))
    }

    /// Reads an object.
    #[inline(always)]
    pub fn get(&self, id: ObjId) -> &Obj {
        &self.cells.get(id.0).obj
    }

    /// Writes to an object. What is stored into a shared object must be published (see [`Heap::publish`]): the machine does
    /// so for attribute, item, global and cell stores and for the arguments of every native function that writes.
    #[inline(always)]
    pub fn get_mut(&mut self, id: ObjId) -> &mut Obj {
        &mut self.cells.get_mut(id.0).obj
    }

    /// Puts an object into a slot that was allocated for it.
    pub fn fill(&mut self, id: ObjId, obj: Obj, shared: bool) {
        self.bytes += payload_bytes(&obj);
        let cell = self.cells.get_mut(id.0);
        (cell.shared, cell.obj) = (shared, obj);
    }

    /// Counts bytes that an object has grown by.
    #[inline]
    pub fn grew(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// Bytes in use, roughly.
    #[inline]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Number of slots, free ones included.
    pub fn slots(&self) -> usize {
        self.cells.len()
    }

    /// Whether enough was allocated since the last collection for another.
    #[inline(always)]
    pub fn collection_due(&self) -> bool {
        self.bytes > self.threshold
    }

    /// Whether several threads can reach the object.
    #[inline(always)]
    pub fn is_shared(&self, id: ObjId) -> bool {
        self.cells.get(id.0).shared
    }

    /// How many collections there were before the object was made: with its index this tells it from all others of the run.
    #[inline]
    pub fn born(&self, id: ObjId) -> u32 {
        self.cells.get(id.0).born
    }

    /// From now on, objects that are written to or made are [`Heap::written_after`] the answer.
    pub fn tick(&mut self) -> u32 {
        self.cells.tick()
    }

    /// Whether an object was written to, or made, after a [`Heap::tick`], no rollback having come since.
    #[inline(always)]
    pub fn written_after(&self, id: ObjId, tick: u32) -> bool {
        self.cells.written_after(id.0, tick)
    }

    /// Marks everything reachable from `value` as shared.
    #[inline]
    pub fn publish(&mut self, value: Value) {
        if let Value::Obj(id) = value
            && !self.is_shared(id)
        {
            self.publish_deep(id);
        }
    }

    /// `publish(value)` if `container` is shared: the write barrier.
    #[inline(always)]
    pub fn publish_into(&mut self, container: ObjId, value: Value) {
        if let Value::Obj(_) = value
            && self.is_shared(container)
        {
            self.publish(value);
        }
    }

    /// Marks every object as shared: what all runs start from.
    pub fn publish_all(&mut self) {
        for index in 0..self.cells.len() as u32 {
            self.cells.get_mut(index).shared = true;
        }
    }

    #[cold]
    fn publish_deep(&mut self, id: ObjId) {
        let mut todo = vec![id];
        while let Some(id) = todo.pop() {
            if self.is_shared(id) {
                continue;
            }
            let cell = self.cells.get_mut(id.0);
            cell.shared = true;
            children(&cell.obj, &mut |v| {
                if let Value::Obj(child) = v {
                    todo.push(child);
                }
            });
        }
    }

    /// Frees what cannot be reached from `roots`.
    pub fn collect(&mut self, roots: impl IntoIterator<Item = Value>) {
        let mut marked = vec![false; self.cells.len()];
        let mut todo: Vec<ObjId> = Vec::new();
        let mut push = |v: Value, todo: &mut Vec<ObjId>| {
            if let Value::Obj(id) = v
                && !std::mem::replace(&mut marked[id.index()], true)
            {
                todo.push(id);
            }
        };
        for root in roots {
            push(root, &mut todo);
        }
        while let Some(id) = todo.pop() {
            children(&self.cells.get(id.0).obj, &mut |v| push(v, &mut todo));
        }
        let mut live = 0;
        for index in 0..self.cells.len() as u32 {
            if marked[index as usize] {
                live += SLOT_BYTES + payload_bytes(&self.cells.get(index).obj);
            } else if !matches!(self.cells.get(index).obj, Obj::Free) {
                self.cells.remove(index);
            }
        }
        self.bytes = live;
        self.threshold = (live * 2).max(FIRST_COLLECTION);
        self.collections += 1;
    }

    /// The slots older than a mark that were written to since, each with whether it was free then.
    pub fn changed_since(&self, mark: &HeapMark) -> impl Iterator<Item = (u32, bool)> {
        let changed = self.cells.changed_since(&mark.cells);
        changed.map(|(index, was)| (index, matches!(was.obj, Obj::Free)))
    }

    /// Marks the present state as one to come back to.
    pub fn checkpoint(&mut self) -> HeapMark {
        HeapMark {
            cells: self.cells.checkpoint(),
            bytes: self.bytes,
            threshold: self.threshold,
            collections: self.collections,
        }
    }

    /// Goes back.
    pub fn rollback(&mut self, mark: &HeapMark) {
        self.cells.rollback(&mark.cells);
        self.bytes = mark.bytes;
        self.threshold = mark.threshold;
        self.collections = mark.collections;
    }

    /// Takes the newest mark back, right after a return to it.
    pub fn release(&mut self, mark: &HeapMark) {
        self.cells.release(&mark.cells);
    }
}

/// Calls `f` with every value that an object refers to.
pub fn children(obj: &Obj, f: &mut dyn FnMut(Value)) {
    let all = |values: &[Value], f: &mut dyn FnMut(Value)| values.iter().for_each(|&v| f(v));
    match obj {
        Obj::Free
        | Obj::Str(_)
        | Obj::Bytes(_)
        | Obj::ByteArray(_)
        | Obj::BigInt(_)
        | Obj::Range(_)
        | Obj::HugeRange(_)
        | Obj::Native(_)
        | Obj::Module(_)
        | Obj::Slot(_)
        | Obj::Getter { .. }
        | Obj::Code(_)
        | Obj::Opaque(_) => {}
        Obj::Tuple(items) => all(items, f),
        Obj::List(items) => all(items, f),
        Obj::Dict(dict) => dict_children(dict, f),
        Obj::Set(set) | Obj::FrozenSet(set) => set.iter().for_each(|(_, v)| f(v)),
        Obj::Slice(parts) => all(&parts[..], f),
        Obj::Deque(deque) => deque.items.iter().for_each(|&v| f(v)),
        Obj::Cell(v)
        | Obj::StaticMethod(v)
        | Obj::ClassMethod(v)
        | Obj::Namespace(v)
        | Obj::Traceback { of: v, .. }
        | Obj::View { dict: v, .. } => f(*v),
        Obj::Function(x) => {
            all(
                &[
                    x.name,
                    x.qualname,
                    x.defaults,
                    x.kwdefaults,
                    x.annotations,
                    x.doc,
                    x.module,
                    x.attrs,
                ],
                f,
            );
            all(&x.cells, f);
        }
        Obj::BoundMethod { function, this } => all(&[*function, *this], f),
        Obj::Class(class) => {
            all(&[class.qualname, class.module, Value::Obj(class.meta)], f);
            class
                .bases
                .iter()
                .chain(&class.mro)
                .chain(&class.subclasses)
                .for_each(|&c| f(Value::Obj(c)));
            class.dict.values().for_each(|&v| f(v));
        }
        Obj::Instance(x) => {
            f(Value::Obj(x.class));
            f(x.inner);
            all(&x.slots, f);
        }
        Obj::Exception(x) => all(&[x.args, x.cause, x.context, x.notes, x.shown], f),
        Obj::Generator(x) => {
            all(&x.registers, f);
            all(&[x.frame.owner, x.frame.handled, x.function], f);
        }
        Obj::Iter(iter) => match &**iter {
            Iter::List(v, ..)
            | Iter::Tuple(v, ..)
            | Iter::Str(v, ..)
            | Iter::Bytes(v, ..)
            | Iter::Dict(v, ..)
            | Iter::DictReversed(v, ..)
            | Iter::Set(v, ..)
            | Iter::Deque(v, ..)
            | Iter::Reversed(v, ..) => f(*v),
            Iter::Enumerate(v, n) => all(&[*v, *n], f),
            Iter::Zip(iters, _) => all(iters, f),
            Iter::Range(..) | Iter::HugeRange(_) | Iter::Done => {}
        },
        Obj::Property(parts) => all(&parts[..], f),
        Obj::Super { after, this, class } => {
            all(&[Value::Obj(*after), *this, Value::Obj(*class)], f)
        }
        Obj::Sync(sync) => f(sync.extra),
    }
}

fn dict_children(dict: &Dict, f: &mut dyn FnMut(Value)) {
    for entry in dict.iter() {
        f(entry.key);
        f(entry.value);
    }
}

/// Bytes an object has outside of its slot, roughly.
fn payload_bytes(obj: &Obj) -> usize {
    match obj {
        Obj::Str(s) => s.text.len(),
        Obj::Bytes(b) => b.len(),
        Obj::ByteArray(b) => b.capacity(),
        Obj::BigInt(n) => n.bits() as usize / 8 + 24,
        Obj::Tuple(items) => items.len() * 16,
        Obj::List(items) => items.capacity() * 16,
        Obj::Dict(dict) => 48 + dict.bytes(),
        Obj::Set(set) | Obj::FrozenSet(set) => 48 + set.bytes(),
        Obj::Deque(deque) => 48 + deque.items.capacity() * 16,
        Obj::Instance(x) => 48 + x.slots.capacity() * 16,
        Obj::Generator(x) => 120 + x.registers.capacity() * 16,
        Obj::Function(x) => 140 + x.cells.len() * 16,
        Obj::Class(_) => 512,
        Obj::Exception(x) => 96 + x.traceback.capacity() * 8,
        Obj::Opaque(_) => 2560,
        Obj::HugeRange(x) => 96 + x.stop.bits() as usize / 8,
        Obj::Range(_) | Obj::Slice(_) | Obj::Iter(_) | Obj::Property(_) | Obj::Sync(_) => 48,
        _ => 0,
    }
}
