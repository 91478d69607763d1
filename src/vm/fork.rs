//! Fork: a copy of all that a process can reach, for a new one.
//!
//! The copy is one of the object graph within the heap: an identity map tells which objects have been copied, so that what was one
//! object stays one. What cannot change, and what raddle brings along (bundled functions without captured variables, classes,
//! modules), is not copied but shared, and so are instances of `_Outside`, which stand for what lies outside of any process:
//! semaphores, pipes, shared memory, files. Objects of `threading` are copied with their state, as memory is: a lock that
//! another thread held at the moment of the fork is held for ever in the child, where that thread is not.
//!
//! A spawned process is copied in the same way from the memory of a program that has just been loaded.

use super::machine::{Global, Machine};
use super::process::{Pristine, Process, Unborn};
use crate::id::{ObjId, SyncId, ThreadId};
use crate::value::Value;
use crate::value::object::{Class, Cont, Iter, NameMap, Obj};
use crate::value::set::Set;
use crate::value::shape::ShapeId;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A copy under way.
struct Copier<'m> {
    machine: &'m mut Machine,
    /// Where from, if not from the heap itself.
    pristine: Option<Arc<Pristine>>,
    /// The class whose instances are outside of all processes.
    outside: Option<ObjId>,
    copies: FxHashMap<ObjId, ObjId>,
    syncs: FxHashMap<SyncId, SyncId>,
    /// Root shapes of copied classes.
    roots: FxHashMap<ObjId, ShapeId>,
    todo: Vec<(ObjId, ObjId)>,
    /// Copied tables, whose hashes may be of objects that are others now.
    tables: Vec<ObjId>,
    /// The thread that forks, and the one that it is in the child.
    forker: ThreadId,
    forked: ThreadId,
}

impl Machine {
    /// Gives a process its memory, and its main thread its first frame: `forker` starts it.
    pub(crate) fn fork(&mut self, unborn: &Unborn, forker: ThreadId) {
        let parent = self.image.process;
        let pristine = self.pristine.clone().filter(|_| unborn.spawn);
        let (globals, extras, modules) = match &pristine {
            Some(base) => (
                base.globals.clone(),
                base.extras.clone(),
                base.modules.clone(),
            ),
            None => self.bank(),
        };
        let counter = match parent.0 {
            0 => self.header.thread_counter,
            _ => self.processes.get(parent.0).thread_counter,
        };
        let process = Process {
            main: unborn.main,
            parent,
            name: unborn.name.clone(),
            exit: None,
            spawned: unborn.spawn,
            thread_counter: if unborn.spawn { 0 } else { counter },
            modules: Vec::new(),
        };
        let thread = self.infos.get(forker.0).object;
        let outside = (self.image.program.by_name.get("_outside"))
            .zip(self.names.find("_Outside"))
            .and_then(|(&module, name)| self.module_attr(module, name))
            .and_then(Value::obj);
        let mut copier = Copier {
            forker,
            forked: unborn.main,
            machine: self,
            pristine,
            outside,
            copies: FxHashMap::default(),
            syncs: FxHashMap::default(),
            roots: FxHashMap::default(),
            todo: Vec::new(),
            tables: Vec::new(),
        };
        let globals = globals
            .into_iter()
            .map(|global| Global {
                value: copier.copy(global.value),
                ..global
            })
            .collect();
        let extras = extras
            .into_iter()
            .map(|extras| copier.names(extras))
            .collect();
        // What is handed to a spawned process is a message, which belongs to nobody.
        let (start, thread) = match copier.pristine.is_some() {
            true => (unborn.start, Value::Unbound),
            false => (
                unborn.start.map(|value| copier.copy(value)),
                copier.copy(thread),
            ),
        };
        let forked = copier.pristine.is_none();
        copier.finish();
        if forked {
            self.duplicate_connections();
        }
        let number = self.add_process(process, globals, extras, modules);
        self.new_thread(unborn.main, start[0], &start[1..], Cont::Thread);
        let info = self.infos.get_mut(unborn.main.0);
        info.object = thread;
        info.process = number;
    }

    /// The child has open what the parent has: one connection more leads to each end of its pipes.
    fn duplicate_connections(&mut self) {
        let names = ["_open", "_in", "readers", "_out", "writers"].map(|name| self.intern(name));
        let [open, incoming, readers, outgoing, writers] = names;
        let module = self.image.program.by_name.get("multiprocessing").copied();
        let open = module.and_then(|module| self.module_attr(module, open));
        let connections = open
            .and_then(|open| self.as_items(open))
            .unwrap_or_default()
            .to_vec();
        for connection in connections.into_iter().filter_map(Value::obj) {
            for (end, count) in [(incoming, readers), (outgoing, writers)] {
                if let Some(Value::Obj(end)) = self.instance_attr(connection, end)
                    && let Some(Value::Int(n)) = self.instance_attr(end, count)
                {
                    self.set_instance_attr(end, count, Value::Int(n + 1));
                }
            }
        }
    }

    /// The present variables of the current process's modules.
    fn bank(&self) -> (Vec<Global>, Vec<NameMap>, Vec<super::machine::ModuleState>) {
        let first = &self.images[0];
        let (n, m) = (
            first.global_names.len() as u32,
            first.program.modules.len() as u32,
        );
        let process = self.image.process.0;
        (
            (n * process..n * (process + 1))
                .map(|slot| *self.globals.get(slot))
                .collect(),
            (m * process..m * (process + 1))
                .map(|module| self.module_extras.get(module).clone())
                .collect(),
            (m * process..m * (process + 1))
                .map(|module| *self.modules.get(module))
                .collect(),
        )
    }
}

impl Copier<'_> {
    fn source(&self, id: ObjId) -> &Obj {
        match &self.pristine {
            Some(pristine) => pristine.heap.get(id),
            None => self.machine.heap.get(id),
        }
    }

    /// The copy of a value: the value itself if it can be shared, else a place that will be filled.
    fn copy(&mut self, value: Value) -> Value {
        let Value::Obj(id) = value else { return value };
        if let Some(&copy) = self.copies.get(&id) {
            return Value::Obj(copy);
        }
        let copy = if self.is_common(id) {
            id
        } else {
            let copy = self.machine.heap.alloc(Obj::Free);
            if let Obj::Class(_) = self.source(id) {
                let root = self.machine.next_root();
                self.roots.insert(id, root);
            }
            self.todo.push((id, copy));
            copy
        };
        self.copies.insert(id, copy);
        Value::Obj(copy)
    }

    /// Whether all processes may have one object: it never changes, or it is outside of them.
    fn is_common(&self, id: ObjId) -> bool {
        match self.source(id) {
            // A text that stood in the pristine memory may be gone from the heap.
            Obj::Str(_) | Obj::Bytes(_) | Obj::BigInt(_) | Obj::Range(_) | Obj::HugeRange(_) => {
                self.pristine.is_none()
            }
            Obj::Free
            | Obj::Native(_)
            | Obj::Module(_)
            | Obj::Slot(_)
            | Obj::Getter { .. }
            | Obj::Code(_) => true,
            Obj::Tuple(items) => items.iter().all(|item| self.is_leaf(*item)),
            Obj::Function(function) => {
                function.cells.is_empty()
                    && self.machine.image.linked[function.code.index()].bundled
            }
            Obj::Class(class) => class.builtin || self.machine.is_bundled_module(class.module),
            Obj::Namespace(Value::Obj(of)) => matches!(self.source(*of), Obj::Module(_)),
            Obj::Instance(instance) => self
                .outside
                .is_some_and(|outside| self.machine.is_subclass(instance.class, outside)),
            _ => false,
        }
    }

    fn is_leaf(&self, value: Value) -> bool {
        match value {
            Value::Obj(id) => match self.source(id) {
                Obj::Tuple(_) => false,
                _ => self.is_common(id),
            },
            _ => true,
        }
    }

    fn names(&mut self, names: NameMap) -> NameMap {
        names
            .into_iter()
            .map(|(name, value)| (name, self.copy(value)))
            .collect()
    }

    /// Fills all the places, and mends tables whose keys are hashed by identity.
    fn finish(mut self) {
        while let Some((from, to)) = self.todo.pop() {
            let shared = match &self.pristine {
                Some(pristine) => pristine.heap.is_shared(from),
                None => self.machine.heap.is_shared(from),
            };
            let object = self.source(from).clone();
            let object = self.object(from, to, object);
            self.machine.heap.fill(to, object, shared);
            self.machine.same_address(from, to);
        }
        for id in std::mem::take(&mut self.tables) {
            self.machine.rehash(id);
        }
    }

    fn object(&mut self, from: ObjId, to: ObjId, mut object: Obj) -> Obj {
        match &mut object {
            Obj::Class(class) => self.class(from, class),
            Obj::Instance(instance) => {
                let class = instance.class;
                instance.class = self.copy_id(class);
                if let Some(&root) = self.roots.get(&class) {
                    instance.shape = self.machine.shapes.rebased(instance.shape, root);
                }
                self.each(&mut instance.slots);
                instance.inner = self.copy(instance.inner);
            }
            Obj::Tuple(items) => self.each(items),
            Obj::List(items) => self.each(items),
            Obj::Dict(dict) => {
                dict.rewrite(|entry| {
                    entry.key = self.copy(entry.key);
                    entry.value = self.copy(entry.value);
                });
                self.tables.push(to);
            }
            Obj::Set(set) | Obj::FrozenSet(set) => {
                set.replace_keys(|key| self.copy(key));
                self.tables.push(to);
            }
            Obj::Slice(parts) => self.each(&mut parts[..]),
            Obj::Deque(deque) => {
                for item in &mut deque.items {
                    *item = self.copy(*item);
                }
            }
            Obj::Cell(value)
            | Obj::StaticMethod(value)
            | Obj::ClassMethod(value)
            | Obj::Namespace(value)
            | Obj::Traceback { of: value, .. }
            | Obj::View { dict: value, .. } => *value = self.copy(*value),
            Obj::Function(function) => {
                for value in [
                    &mut function.name,
                    &mut function.qualname,
                    &mut function.defaults,
                    &mut function.kwdefaults,
                    &mut function.annotations,
                    &mut function.doc,
                    &mut function.module,
                    &mut function.attrs,
                ] {
                    *value = self.copy(*value);
                }
                self.each(&mut function.cells);
            }
            Obj::BoundMethod { function, this } => {
                *function = self.copy(*function);
                *this = self.copy(*this);
            }
            Obj::Exception(e) => {
                for value in [
                    &mut e.args,
                    &mut e.cause,
                    &mut e.context,
                    &mut e.notes,
                    &mut e.shown,
                ] {
                    *value = self.copy(*value);
                }
            }
            Obj::Generator(generator) => {
                self.each(&mut generator.registers);
                generator.frame.owner = self.copy(generator.frame.owner);
                generator.frame.handled = self.copy(generator.frame.handled);
                generator.function = self.copy(generator.function);
            }
            Obj::Iter(iter) => self.iterator(iter),
            Obj::Property(parts) => self.each(&mut parts[..]),
            Obj::Super { after, this, class } => {
                *after = self.copy_id(*after);
                *this = self.copy(*this);
                *class = self.copy_id(*class);
            }
            Obj::Sync(sync) => {
                sync.id = self.sync(sync.id);
                sync.extra = self.copy(sync.extra);
            }
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
        }
        object
    }

    fn copy_id(&mut self, id: ObjId) -> ObjId {
        self.copy(Value::Obj(id)).obj().unwrap_or(id)
    }

    fn each(&mut self, values: &mut [Value]) {
        for value in values {
            *value = self.copy(*value);
        }
    }

    fn class(&mut self, from: ObjId, class: &mut Class) {
        class.qualname = self.copy(class.qualname);
        class.module = self.copy(class.module);
        class.meta = self.copy_id(class.meta);
        for list in [&mut class.bases, &mut class.mro, &mut class.subclasses] {
            for id in list {
                *id = self.copy_id(*id);
            }
        }
        class.dict = self.names(std::mem::take(&mut class.dict));
        class.root = self.roots[&from];
    }

    fn iterator(&mut self, iter: &mut Iter) {
        match iter {
            Iter::List(v, ..)
            | Iter::Tuple(v, ..)
            | Iter::Str(v, ..)
            | Iter::Bytes(v, ..)
            | Iter::Dict(v, ..)
            | Iter::DictReversed(v, ..)
            | Iter::Set(v, ..)
            | Iter::Deque(v, ..)
            | Iter::Reversed(v, _) => *v = self.copy(*v),
            Iter::Enumerate(v, n) => {
                *v = self.copy(*v);
                *n = self.copy(*n);
            }
            Iter::Zip(iters, _) => self.each(iters),
            Iter::Range(..) | Iter::HugeRange(_) | Iter::Done => {}
        }
    }

    /// The copy of a kernel object, made when it is first met.
    fn sync(&mut self, id: SyncId) -> SyncId {
        if let Some(&copy) = self.syncs.get(&id) {
            return copy;
        }
        let lock = self.machine.kernel.lock_of(id);
        let lock = lock.map(|lock| self.sync(lock));
        let copy = self
            .machine
            .kernel
            .copy_object(id, lock, self.forker, self.forked);
        self.syncs.insert(id, copy);
        copy
    }
}

impl Machine {
    /// `id()` tells the same of an object and of its copy in a forked process.
    fn same_address(&mut self, from: ObjId, to: ObjId) {
        if let Some(&address) = self.address_of.get(&from) {
            self.address_of.insert(to, address);
            self.address_order.push(to);
        }
    }

    /// Computes the hashes of a table's keys anew, where that needs none of the program's code.
    fn rehash(&mut self, id: ObjId) {
        let fresh = |m: &Machine, key: Value, hash: u64| match m.hash(key) {
            super::protocol::hash::Hashed::Hash(fresh) if key.obj().is_some() => fresh,
            _ => hash,
        };
        match self.heap.get(id) {
            Obj::Dict(dict) => {
                let hashes: Vec<u64> = (dict.iter())
                    .map(|entry| fresh(self, entry.key, entry.hash))
                    .collect();
                if dict
                    .iter()
                    .map(|entry| entry.hash)
                    .eq(hashes.iter().copied())
                {
                    return;
                }
                let mut hashes = hashes.into_iter();
                if let Obj::Dict(dict) = self.heap.get_mut(id) {
                    dict.rewrite(|entry| entry.hash = hashes.next().unwrap_or(entry.hash));
                }
            }
            Obj::Set(set) | Obj::FrozenSet(set) => {
                let keys: Vec<(u64, Value)> = set
                    .iter()
                    .map(|(hash, key)| (fresh(self, key, hash), key))
                    .collect();
                if set
                    .iter()
                    .map(|(hash, _)| hash)
                    .eq(keys.iter().map(|(hash, _)| *hash))
                {
                    return;
                }
                let mut made = Set::default();
                for (hash, key) in keys {
                    made.add(hash, key, |_| false);
                }
                if let Obj::Set(set) | Obj::FrozenSet(set) = self.heap.get_mut(id) {
                    **set = made;
                }
            }
            _ => {}
        }
    }
}
