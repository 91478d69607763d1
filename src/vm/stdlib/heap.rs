//! Binary heaps in lists, while the items compare natively (CPython: `Modules/_heapqmodule.c`). Nothing is changed when a
//! comparison needs Python code: then the caller does it in Python.

use crate::id::ObjId;
use crate::program::instr::CmpOp;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, Raise, ok, writes};
use crate::vm::protocol::order::Ordered;

/// Functions for `heapq` and `queue`.
pub const FUNCTIONS: &[Entry] = &[
    writes("heap_push", push, 2, 2),
    writes("heap_pop", pop, 1, 1),
];

/// Why a heap operation was not done.
pub enum Undone {
    /// A comparison needs Python code.
    Python,
    /// Items cannot be compared.
    Error(Raise),
}

fn less(m: &mut Machine, a: Value, b: Value) -> Result<bool, Undone> {
    match m.compare(CmpOp::Lt, a, b) {
        Ordered::Bool(less) => Ok(less),
        Ordered::Python => Err(Undone::Python),
        Ordered::Unordered => {
            let message = format!(
                "'<' not supported between instances of '{}' and '{}'",
                m.type_name(a),
                m.type_name(b)
            );
            Err(Undone::Error(m.type_error(message)))
        }
    }
}

impl Machine {
    fn heap_item(&self, heap: ObjId, at: usize) -> Value {
        self.list_items(heap)[at]
    }

    /// Adds an item to a heap.
    ///
    /// # Errors
    /// Nothing is done when Python has a say; when items cannot be compared the item stands at the end, as in CPython.
    pub fn heap_push(&mut self, heap: ObjId, item: Value) -> Result<(), Undone> {
        let mut path = vec![self.list_items(heap).len()];
        let mut at = path[0];
        while at > 0 {
            let parent = (at - 1) / 2;
            let above = self.heap_item(heap, parent);
            match less(self, item, above) {
                Ok(false) => break,
                Ok(true) => {}
                Err(Undone::Error(raised)) => {
                    self.list_append(heap, item);
                    return Err(Undone::Error(raised));
                }
                Err(python) => return Err(python),
            }
            path.push(parent);
            at = parent;
        }
        self.list_append(heap, item);
        let items = self.list_items_mut(heap);
        for pair in path.windows(2) {
            items.swap(pair[0], pair[1]);
        }
        Ok(())
    }

    /// Takes the smallest item of a heap, `None` when there is none.
    ///
    /// # Errors
    /// Nothing is done when Python has a say; when items cannot be compared the last one is gone, as in CPython.
    pub fn heap_pop(&mut self, heap: ObjId) -> Result<Option<Value>, Undone> {
        let Some((&last, rest)) = self.list_items(heap).split_last() else {
            return Ok(None);
        };
        let end = rest.len();
        if end == 0 {
            self.list_items_mut(heap).pop();
            return Ok(Some(last));
        }
        let top = self.heap_item(heap, 0);
        let path = match self.sift_path(heap, end, last) {
            Ok(path) => path,
            Err(Undone::Error(raised)) => {
                self.list_items_mut(heap).pop();
                return Err(Undone::Error(raised));
            }
            Err(python) => return Err(python),
        };
        let items = self.list_items_mut(heap);
        items.pop();
        for pair in path.windows(2) {
            items[pair[0]] = items[pair[1]];
        }
        items[path[path.len() - 1]] = last;
        Ok(Some(top))
    }

    /// The places whose items move up one, the last of which gets `item`: down to a leaf, then up again.
    fn sift_path(&mut self, heap: ObjId, end: usize, item: Value) -> Result<Vec<usize>, Undone> {
        let mut path = vec![0];
        let mut at = 0;
        while 2 * at + 1 < end {
            let mut child = 2 * at + 1;
            if child + 1 < end {
                let (left, right) = (self.heap_item(heap, child), self.heap_item(heap, child + 1));
                if !less(self, left, right)? {
                    child += 1;
                }
            }
            path.push(child);
            at = child;
        }
        while path.len() > 1 {
            let above = self.heap_item(heap, path[path.len() - 1]);
            if !less(self, item, above)? {
                break;
            }
            path.pop();
        }
        Ok(path)
    }
}

fn list_of(m: &mut Machine, value: Value) -> Result<ObjId, Raise> {
    match m.unwrap(value) {
        Value::Obj(id) if matches!(m.heap.get(id), Obj::List(_)) => Ok(id),
        _ => {
            let message = format!("heap argument must be a list, not {}", m.type_name(value));
            Err(m.type_error(message))
        }
    }
}

/// `heap_push(heap, item)`: whether it was done.
fn push(m: &mut Machine, args: &Args) -> Native {
    let heap = list_of(m, args.all[0])?;
    match m.heap_push(heap, args.all[1]) {
        Ok(()) => ok(Value::Bool(true)),
        Err(Undone::Python) => ok(Value::Bool(false)),
        Err(Undone::Error(raised)) => Err(raised),
    }
}

/// `heap_pop(heap)`: a tuple of the item, or `None` when it was not done.
fn pop(m: &mut Machine, args: &Args) -> Native {
    let heap = list_of(m, args.all[0])?;
    match m.heap_pop(heap) {
        Ok(Some(item)) => ok(m.tuple([item])),
        Ok(None) => Err(m.raise(crate::vm::types::Ty::IndexError, "index out of range")),
        Err(Undone::Python) => ok(Value::None),
        Err(Undone::Error(raised)) => Err(raised),
    }
}
