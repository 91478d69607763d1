//! Names for the objects of a run, as its source would name them, found when they are first mentioned.
//!
//! An object has one name in all of a trace. Different objects have different names: a second `lock` is `lock#2`; but a variable and the
//! object in it may have the same. What no variable leads to is called by its kind and a number, `Lock#1`. That, and a name by way of
//! `self`, are makeshifts of a moment when the object was still being made: if at the end of the run a module's variable leads to it, it
//! is named by that. Variables of functions do not count then: which of them are still there depends on how the run ended, and runs are
//! compared by names.

use super::reached::Reached;
use super::search::{Found, Search, Target, global_name, is_bundled};
use crate::id::{NameId, ObjId, ProcessId, SyncId};
use crate::trace::model::Object;
use crate::value::Value;
use crate::value::object::{Obj, SyncType};
use crate::vm::machine::Machine;
use rustc_hash::FxHashMap;

/// Objects that one search may look at.
const ONE_SEARCH: u64 = 1 << 20;
/// Objects that all searches of a run may look at: beyond, names fall back to kinds.
const ALL_SEARCHES: u64 = 1 << 26;

/// The names given so far.
#[derive(Debug)]
pub(super) struct Namer {
    objects: Vec<Object>,
    /// Heap object, with its time of birth to notice when its place was given to another object.
    heap: FxHashMap<ObjId, (u32, u32)>,
    syncs: FxHashMap<SyncId, u32>,
    variables: FxHashMap<(ObjId, NameId), u32>,
    files: FxHashMap<String, u32>,
    /// How many objects bear a name, or a kind in its place.
    taken: FxHashMap<String, u32>,
    budget: u64,
    /// The process that mentions objects now.
    process: ProcessId,
    /// Synchronisation objects that all processes have in common.
    common: FxHashMap<SyncId, ()>,
    /// Synchronisation objects that no variable leads to, but at most to something that they are inside of.
    hidden: FxHashMap<SyncId, ()>,
    /// Those whose copies in a process were named already.
    copies: FxHashMap<(ProcessId, SyncId), ()>,
    /// What is called by its kind and a number.
    unnamed: FxHashMap<u32, ()>,
    makeshifts: Vec<Makeshift>,
    /// What the last search reached.
    reached: Reached,
}

/// An object that may get a better name.
#[derive(Clone, Copy, Debug)]
struct Makeshift {
    index: u32,
    target: Target,
    /// When the heap object was made.
    born: u32,
    process: ProcessId,
}

impl Default for Namer {
    fn default() -> Self {
        Namer {
            objects: Vec::new(),
            heap: FxHashMap::default(),
            syncs: FxHashMap::default(),
            variables: FxHashMap::default(),
            files: FxHashMap::default(),
            taken: FxHashMap::default(),
            budget: ALL_SEARCHES,
            process: ProcessId(0),
            common: FxHashMap::default(),
            hidden: FxHashMap::default(),
            copies: FxHashMap::default(),
            unnamed: FxHashMap::default(),
            makeshifts: Vec::new(),
            reached: Reached::default(),
        }
    }
}

impl Namer {
    /// All objects named so far, in order of first mention.
    pub(super) fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The same for good.
    pub(super) fn into_objects(self) -> Vec<Object> {
        self.objects
    }

    /// Names by the modules' variables at the end of a run what had none, or only `self`, when it was first mentioned.
    pub(super) fn end(&mut self, machine: &Machine) {
        let mut left = std::mem::take(&mut self.makeshifts);
        left.retain(|makeshift| match makeshift.target {
            Target::Heap(id) => machine.heap.born(id) == makeshift.born,
            Target::Sync(_) => true,
        });
        while let Some(&Makeshift { process, .. }) = left.first() {
            let here = |makeshift: &&Makeshift| makeshift.process == process;
            let targets: Vec<_> = left.iter().filter(here).map(|m| m.target).collect();
            self.process = process;
            let budget = self.budget.min(ONE_SEARCH);
            let mut reached = Reached::default();
            let search = Search::new(machine, process, &targets, budget, &mut reached);
            let (found, rest) = search.all();
            self.budget -= budget - rest;
            let found: FxHashMap<_, _> = found.into_iter().collect();
            for makeshift in left.iter().filter(here) {
                if let Some(name) = found.get(&makeshift.target) {
                    let name = self.in_process(machine, name.clone());
                    self.objects[makeshift.index as usize].name = self.distinct(name);
                }
            }
            left.retain(|makeshift| makeshift.process != process);
        }
    }

    /// The name of an object that was numbered.
    pub(super) fn name(&self, index: u32) -> &str {
        &self.objects[index as usize].name
    }

    /// From now on names are those of a process: of what no other has, they begin with its name.
    pub(super) fn look_from(&mut self, process: ProcessId) {
        self.process = process;
    }

    /// Whether an object that was named is one that all processes have in common.
    pub(super) fn is_common(&self, id: SyncId) -> bool {
        self.common.contains_key(&id)
    }

    /// Its kind.
    pub(super) fn kind(&self, index: u32) -> &str {
        &self.objects[index as usize].kind
    }

    /// Whether no variable leads to a synchronisation object that was named, but at most to something that it is inside of.
    pub(super) fn is_hidden(&self, id: SyncId) -> bool {
        self.hidden.contains_key(&id)
    }

    /// Whether no variable of the program leads to an object that was named, which only a bundled module made.
    pub(super) fn is_bundled_own(&self, machine: &Machine, id: ObjId) -> bool {
        let Obj::Instance(instance) = machine.heap.get(id) else {
            return false;
        };
        let unnamed = |index| self.unnamed.contains_key(&index);
        is_bundled(machine, instance.class) && self.known(machine, id).is_some_and(unnamed)
    }

    /// The number of a synchronisation object.
    pub(super) fn sync(&mut self, machine: &Machine, id: SyncId) -> u32 {
        self.sync_of(machine, id, None)
    }

    /// The number of a synchronisation object that bundled code uses for an object of its own: it bears that one's name, unless it has
    /// one itself.
    pub(super) fn sync_of(&mut self, machine: &Machine, id: SyncId, owner: Option<ObjId>) -> u32 {
        let known = self.syncs.get(&id).copied();
        let index = known.unwrap_or_else(|| self.first_mention(machine, id, owner));
        self.syncs.insert(id, index);
        if self.is_common(id) && self.is_hidden(id) {
            self.copy_of(machine, id, owner, index);
        }
        index
    }

    fn first_mention(&mut self, machine: &Machine, id: SyncId, owner: Option<ObjId>) -> u32 {
        match self.sync_search(machine, id) {
            Some(found) => {
                if found.outside {
                    self.common.insert(id, ());
                }
                match machine.heap.get(found.whole) {
                    Obj::Sync(_) => self.whole(machine, found, Target::Sync(id)),
                    _ => {
                        self.hidden.insert(id, ());
                        let target = Target::Heap(found.whole);
                        self.whole(machine, found, target)
                    }
                }
            }
            None => {
                self.hidden.insert(id, ());
                match owner {
                    Some(owner) => self.heap(machine, owner),
                    None => {
                        let index = self.unnamed(kind_of_sync(machine, id).to_owned());
                        self.makeshift(machine, index, Target::Sync(id));
                        index
                    }
                }
            }
        }
    }

    /// What all processes have in common is called by the name of the oldest one that has one for it, those that it descends from first:
    /// the others have copies of what it is a part of.
    fn sync_search(&mut self, machine: &Machine, id: SyncId) -> Option<Found> {
        let own = self.process;
        let found = self.search(machine, Target::Sync(id));
        if found.as_ref().is_some_and(|found| !found.outside) {
            return found;
        }
        let parent = |p: &ProcessId| {
            let parent = machine.processes.get(p.0).parent;
            (parent != *p).then_some(parent)
        };
        let line: Vec<ProcessId> = std::iter::successors(parent(&own), parent).collect();
        for process in line.into_iter().rev() {
            self.process = process;
            let older = self.search(machine, Target::Sync(id));
            self.process = own;
            if older.as_ref().is_some_and(|older| older.outside) {
                return older;
            }
        }
        found
    }

    /// A process's own copy of what contains a synchronisation object that all have in common: it is the same thing to a reader.
    fn copy_of(&mut self, machine: &Machine, id: SyncId, owner: Option<ObjId>, index: u32) {
        if self.copies.insert((self.process, id), ()).is_some() {
            return;
        }
        let found = self.search(machine, Target::Sync(id));
        let copy = found.map(|found| found.whole).or(owner);
        if let Some(copy) = copy.filter(|copy| self.known(machine, *copy).is_none()) {
            self.heap.insert(copy, (machine.heap.born(copy), index));
        }
    }

    /// The number of a heap object.
    pub(super) fn heap(&mut self, machine: &Machine, id: ObjId) -> u32 {
        if let Some(index) = self.known(machine, id) {
            return index;
        }
        match self.search(machine, Target::Heap(id)) {
            Some(found) => {
                let target = Target::Heap(found.whole);
                self.whole(machine, found, target)
            }
            None => {
                let index = self.unnamed(machine.type_name(Value::Obj(id)).to_owned());
                self.heap.insert(id, (machine.heap.born(id), index));
                self.makeshift(machine, index, Target::Heap(id));
                index
            }
        }
    }

    /// The number of a file, which has its name for all processes.
    pub(super) fn file(&mut self, path: &str) -> u32 {
        if let Some(&index) = self.files.get(path) {
            return index;
        }
        let index = self.add(path.to_owned(), "file".to_owned());
        self.files.insert(path.to_owned(), index);
        index
    }

    /// The number of a module's variable.
    pub(super) fn global(&mut self, machine: &Machine, module: ObjId, name: NameId) -> u32 {
        if let Some(&index) = self.variables.get(&(module, name)) {
            return index;
        }
        let text = match machine.heap.get(module) {
            Obj::Module(id) => global_name(machine, *id, machine.names.text(name)),
            _ => machine.names.text(name).to_owned(),
        };
        let text = self.in_process(machine, text);
        let index = self.variable(text);
        self.variables.insert((module, name), index);
        index
    }

    /// The number of a variable that functions share by its cell.
    pub(super) fn cell(
        &mut self,
        machine: &Machine,
        cell: ObjId,
        variable: impl FnOnce() -> Option<String>,
    ) -> u32 {
        if let Some(index) = self.known(machine, cell) {
            return index;
        }
        let variable = variable().unwrap_or_else(|| "?".to_owned());
        let index = self.variable(self.in_process(machine, variable));
        self.heap.insert(cell, (machine.heap.born(cell), index));
        index
    }

    fn search(&mut self, machine: &Machine, target: Target) -> Option<Found> {
        let granted = self.budget.min(ONE_SEARCH);
        if granted == 0 {
            return None;
        }
        let (found, left) = self.run_search(machine, target, granted);
        self.budget -= granted - left;
        found.map(|found| Found {
            name: match found.outside {
                true => found.name,
                false => self.in_process(machine, found.name),
            },
            ..found
        })
    }

    /// Searches by what the last search reached, where that may be.
    fn run_search(
        &mut self,
        machine: &Machine,
        target: Target,
        budget: u64,
    ) -> (Option<Found>, u64) {
        let (process, targets) = (self.process, [target]);
        let anew = || {
            let mut reached = Reached::default();
            Search::new(machine, process, &targets, budget, &mut reached).run()
        };
        // Processes see different things, and only those who look for them reach modules.
        let apart = match target {
            Target::Heap(id) => matches!(machine.heap.get(id), Obj::Module(_) | Obj::Free),
            Target::Sync(_) => false,
        };
        if apart || machine.has_processes() {
            return anew();
        }
        let vain = self.reached.vain(|object| target.is(machine, object));
        let found = match vain.filter(|cost| *cost < budget) {
            Some(cost) => (None, budget - cost),
            None => Search::new(machine, process, &targets, budget, &mut self.reached).run(),
        };
        if let (None, left @ 1..) = found {
            self.reached.exhausted(budget - left);
        }
        debug_assert_eq!(found, anew(), "another name than by a search of its own");
        found
    }

    /// The machine has gone back and made its run again: when it wrote to what cannot be compared.
    pub(super) fn made_again(&mut self) {
        self.reached = Reached::default();
    }

    /// The machine is about to go on: what is written to from now on, the next search looks at again.
    pub(super) fn settle(&mut self, machine: &mut Machine) {
        self.reached.settle(machine);
    }

    /// The name of something that one process has alone: of other processes than the first it begins with the process's name.
    fn in_process(&self, machine: &Machine, name: String) -> String {
        match &*machine.processes.get(self.process.0).name {
            "" => name,
            process => format!("{process}:{name}"),
        }
    }

    fn known(&self, machine: &Machine, id: ObjId) -> Option<u32> {
        let (born, index) = *self.heap.get(&id)?;
        (born == machine.heap.born(id)).then_some(index)
    }

    /// The number of the object that a name means.
    fn whole(&mut self, machine: &Machine, found: Found, target: Target) -> u32 {
        let Found { name, whole, .. } = found;
        if let Some(index) = self.known(machine, whole) {
            return index;
        }
        let index = self.add(name, machine.type_name(Value::Obj(whole)).to_owned());
        self.heap.insert(whole, (machine.heap.born(whole), index));
        if found.by_self {
            self.makeshift(machine, index, target);
        }
        index
    }

    fn makeshift(&mut self, machine: &Machine, index: u32, target: Target) {
        self.makeshifts.push(Makeshift {
            index,
            target,
            born: match target {
                Target::Heap(id) => machine.heap.born(id),
                Target::Sync(_) => 0,
            },
            process: self.process,
        });
    }

    fn unnamed(&mut self, kind: String) -> u32 {
        let count = self.taken.entry(format!("{kind}#")).or_default();
        *count += 1;
        self.objects.push(Object {
            name: format!("{kind}#{count}"),
            kind,
        });
        let index = self.objects.len() as u32 - 1;
        self.unnamed.insert(index, ());
        index
    }

    fn add(&mut self, name: String, kind: String) -> u32 {
        let name = self.distinct(name);
        self.objects.push(Object { name, kind });
        self.objects.len() as u32 - 1
    }

    /// A variable has its name beside the object that is in it.
    fn variable(&mut self, name: String) -> u32 {
        let count = self.taken.entry(format!("variable {name}")).or_default();
        *count += 1;
        let name = match *count {
            1 => name,
            count => format!("{name}#{count}"),
        };
        let kind = "variable".to_owned();
        self.objects.push(Object { name, kind });
        self.objects.len() as u32 - 1
    }

    /// The name, with a number if another object has it.
    fn distinct(&mut self, name: String) -> String {
        let count = self.taken.entry(name.clone()).or_default();
        *count += 1;
        match *count {
            1 => name,
            count => format!("{name}#{count}"),
        }
    }
}

/// What a synchronisation object is that no variable leads to.
fn kind_of_sync(machine: &Machine, id: SyncId) -> &'static str {
    let all = (0..machine.heap.slots() as u32).map(|index| machine.heap.get(ObjId(index)));
    let kind = all.into_iter().find_map(|object| match object {
        Obj::Sync(sync) if sync.id == id => Some(sync.kind),
        _ => None,
    });
    match kind {
        Some(SyncType::Lock) => "Lock",
        Some(SyncType::RLock) => "RLock",
        Some(SyncType::Condition) => "Condition",
        Some(SyncType::Semaphore) => "Semaphore",
        Some(SyncType::BoundedSemaphore) => "BoundedSemaphore",
        Some(SyncType::Event) => "Event",
        Some(SyncType::Barrier) => "Barrier",
        Some(SyncType::Queue) => "Queue",
        None => "object",
    }
}
