//! How the source would name an object: the shortest way to it from a variable.
//!
//! A breadth-first search over what the program can name: first from the globals of its modules (main's come first and bare,
//! others with their module's name), then from the variables of running functions, outermost functions of the oldest threads first
//! and `self` last, because `account` says more than `self`. Attributes, items, keys, class attributes and captured variables are
//! followed. The insides of bundled classes (`queue.Queue`, say) and of builtin ones bear the name of the whole.

use super::reached::{Reached, Step};
use crate::id::{ModuleId, NameId, ObjId, ProcessId, SyncId};
use crate::program::CodeKind;
use crate::text::quote;
use crate::value::Value;
use crate::value::object::{Function, Instance, Obj, SyncType};
use crate::vm::machine::{Image, Machine};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// What is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Target {
    /// The heap object of a synchronisation object.
    Sync(SyncId),
    /// A heap object.
    Heap(ObjId),
}

impl Target {
    /// Whether it is this object.
    pub(super) fn is(self, machine: &Machine, object: ObjId) -> bool {
        match self {
            Target::Heap(target) => object == target,
            Target::Sync(target) => {
                matches!(machine.heap.get(object), Obj::Sync(sync) if sync.id == target)
            }
        }
    }
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    /// The path: `forks[0]`, `db._lock`.
    pub(super) name: String,
    /// The object that the name means: the target, or the whole that it is inside of.
    pub(super) whole: ObjId,
    /// It lies outside of all processes, which have it in common.
    pub(super) outside: bool,
    /// The path begins with `self` or `cls`.
    pub(super) by_self: bool,
}

/// The part of a queue that threads wait at: it bears the queue's name, of a subclass of the program's too.
const QUEUE_CORE: &str = "_sync";

/// Attributes of threads that would lend the thread's name to what it was given. The first three are those of `Thread`, which
/// the program's own classes may have inherited; the next are of `Timer`. Who waits for a future is no part of it, nor is
/// what a queue or a pool holds for the time being.
const NOT_FOLLOWED: &[&str] = &[
    "_target", "_args", "_kwargs", "args", "kwargs", "function", "_waiters", "_items", "items",
    "_pending", "_running", "_jobs",
];

/// The attribute of a connection that leads to what it reads.
const READ_END: &str = "_in";

/// These names as the machine has them, as far as it does.
#[derive(Debug)]
pub(super) struct Attributes {
    not_followed: SmallVec<[NameId; 16]>,
    /// Those of them that the program's own classes may have inherited.
    inherited: SmallVec<[NameId; 3]>,
    read_end: Option<NameId>,
    queue_core: Option<NameId>,
}

impl Attributes {
    pub(super) fn new(machine: &Machine) -> Attributes {
        let find = |text: &&str| machine.names.find(text);
        Attributes {
            not_followed: NOT_FOLLOWED.iter().filter_map(find).collect(),
            inherited: NOT_FOLLOWED[..3].iter().filter_map(find).collect(),
            read_end: find(&READ_END),
            queue_core: find(&QUEUE_CORE),
        }
    }
}

/// One search.
pub(super) struct Search<'a> {
    machine: &'a Machine,
    targets: &'a [Target],
    reached: &'a mut Reached,
    /// The class of the last instance, and whether it is part of raddle: many of one class stand beside each other.
    last_class: Option<(ObjId, bool)>,
    /// In whose variables it looks first.
    image: &'a Image,
    /// Pipes bear the name of the end that is written to, if there is one.
    readers: bool,
    /// It looks at `self` and `cls`.
    by_self: bool,
    /// Nodes and items that may still be looked at.
    budget: u64,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        machine: &'a Machine,
        process: ProcessId,
        targets: &'a [Target],
        budget: u64,
        reached: &'a mut Reached,
    ) -> Self {
        reached.begin(machine);
        Search {
            machine,
            image: &machine.images[process.index()],
            targets,
            reached,
            last_class: None,
            readers: false,
            by_self: false,
            budget,
        }
    }

    /// Looks for all targets that modules' variables lead to and that are no part of something that these lead to; what is left of the
    /// budget is the second answer.
    pub(super) fn all(mut self) -> (Vec<(Target, String)>, u64) {
        let wanted: FxHashMap<Target, ()> = self.targets.iter().map(|t| (*t, ())).collect();
        let mut found = Vec::new();
        self.globals();
        while let Some((at, object)) = self.reached.next()
            && self.budget > 0
        {
            let target = match self.machine.heap.get(object) {
                Obj::Sync(sync) if wanted.contains_key(&Target::Sync(sync.id)) => {
                    Some(Target::Sync(sync.id))
                }
                _ => Some(Target::Heap(object)).filter(|target| wanted.contains_key(target)),
            };
            if let Some(target) = target {
                let named = self.named(at);
                if named.whole == object {
                    found.push((target, named.name));
                }
            }
            self.go_on(object, at);
        }
        (found, self.budget)
    }

    /// Looks; what is left of the budget is the second answer.
    pub(super) fn run(mut self) -> (Option<Found>, u64) {
        let mut found = self.phases();
        if found.is_none() && self.machine.has_processes() {
            self.readers = true;
            self.by_self = false;
            self.reached.begin(self.machine);
            found = self.phases();
        }
        (found.map(|at| self.named(at)), self.budget)
    }

    fn phases(&mut self) -> Option<u32> {
        self.globals();
        if let Some(found) = self.spread() {
            return Some(found);
        }
        for (own, variables) in [false, true].into_iter().zip(self.variables()) {
            self.by_self = own;
            for (value, step) in variables {
                self.reach(value, None, step);
            }
            if let Some(found) = self.spread() {
                return Some(found);
            }
        }
        None
    }

    fn globals(&mut self) {
        let image = self.image;
        let main = ModuleId(image.program.main);
        let all = (0..image.program.modules.len() as u32).map(ModuleId);
        let others = all.filter(|id| *id != main && !image.program.modules[id.index()].bundled);
        for module in std::iter::once(main).chain(others) {
            let base = image.global_base[module.index()];
            for slot in base..base + image.program.modules[module.index()].globals.len() as u32 {
                let name = image.global_names[slot as usize];
                let value = self.machine.globals.get(slot).value;
                // What another module defines is named there.
                self.reach(value, None, Step::Global(module, name));
            }
        }
    }

    /// The variables of running functions: `self` and `cls` apart, behind all others.
    fn variables(&self) -> [Vec<(Value, Step)>; 2] {
        let machine = self.machine;
        let mut variables = [Vec::new(), Vec::new()];
        let mut add = |name: &str, value: Value, step: Step| {
            // A variable's value, or the value in its cell.
            let value = match value.obj().map(|id| machine.heap.get(id)) {
                Some(Obj::Cell(inner)) => *inner,
                _ => value,
            };
            if let Value::Obj(_) = value {
                variables[usize::from(matches!(name, "self" | "cls"))].push((value, step));
            }
        };
        for thread in machine.threads.iter().filter_map(|(_, slot)| slot.get()) {
            for frame in &thread.frames {
                if machine.image.linked[frame.code.index()].bundled {
                    continue;
                }
                let code = machine.image.program.code(frame.code);
                if code.kind == CodeKind::Module {
                    continue;
                }
                let registers = thread.stack.get(frame.base as usize..).unwrap_or_default();
                for (i, (name, value)) in code.locals.iter().zip(registers).enumerate() {
                    if let Some(name) = name {
                        add(name, *value, Step::Local(frame.code.0, i as u32));
                    }
                }
                for (i, (register, name)) in code.free.iter().enumerate() {
                    if let Some(value) = registers.get(*register as usize) {
                        add(name, *value, Step::Captured(frame.code.0, i as u32));
                    }
                }
            }
        }
        variables
    }

    /// Follows what was reached, nearest first, up to the target.
    fn spread(&mut self) -> Option<u32> {
        while let Some((at, object)) = self.reached.next() {
            if self.is_target(object) {
                return Some(at);
            }
            if self.budget == 0 {
                return None;
            }
            self.go_on(object, at);
        }
        None
    }

    /// Goes on from the next node, to where the search before went from there, if that may be.
    fn go_on(&mut self, object: ObjId, at: u32) {
        if let Some(cost) = self.reached.again(self.machine, object) {
            self.budget = self.budget.saturating_sub(cost);
            return;
        }
        let (first, before) = (self.reached.len(), self.budget);
        self.follow(object, at);
        // What a function captures is in cells.
        let always = matches!(self.machine.heap.get(object), Obj::Function(_));
        self.reached.went(first, before - self.budget, always);
    }

    fn is_target(&self, object: ObjId) -> bool {
        self.targets
            .iter()
            .any(|target| target.is(self.machine, object))
    }

    fn reach(&mut self, value: Value, from: Option<u32>, step: Step) {
        let Value::Obj(object) = value else { return };
        if self.reached.has(object) || !self.leads_on(object) {
            return;
        }
        self.budget = self.budget.saturating_sub(1);
        self.reached.add(object, from, step);
    }

    /// Whether an object can be the target or contain it.
    fn leads_on(&self, object: ObjId) -> bool {
        match self.machine.heap.get(object) {
            Obj::Str(_)
            | Obj::Bytes(_)
            | Obj::ByteArray(_)
            | Obj::BigInt(_)
            | Obj::Range(_)
            | Obj::HugeRange(_)
            | Obj::Native(_)
            | Obj::Code(_) => false,
            Obj::Module(_) | Obj::Free => self.targets == [Target::Heap(object)],
            Obj::Class(class) => !class.builtin,
            _ => true,
        }
    }

    fn follow(&mut self, object: ObjId, at: u32) {
        let machine = self.machine;
        match machine.heap.get(object) {
            Obj::Instance(instance) => self.follow_instance(instance, at),
            Obj::List(items) => self.follow_items(items.iter(), at),
            Obj::Tuple(items) => self.follow_items(items.iter(), at),
            Obj::Deque(deque) => self.follow_items(deque.items.iter(), at),
            Obj::Dict(dict) => {
                self.budget = self.budget.saturating_sub(dict.len() as u64);
                dict.iter()
                    .for_each(|entry| self.reach(entry.value, Some(at), Step::Key(entry.key)));
            }
            Obj::Class(class) if !self.is_bundled(object) => {
                class
                    .dict
                    .iter()
                    .for_each(|(name, value)| self.reach(*value, Some(at), Step::Attr(*name)));
            }
            Obj::Function(function) => self.follow_function(function, at),
            Obj::BoundMethod { function, this } => {
                self.reach(*function, Some(at), Step::Inside);
                self.reach(*this, Some(at), Step::Inside);
            }
            Obj::StaticMethod(inner) | Obj::ClassMethod(inner) => {
                self.reach(*inner, Some(at), Step::Inside)
            }
            Obj::Sync(sync) => self.reach(sync.extra, Some(at), Step::Inside),
            _ => {}
        }
    }

    fn follow_items<'v>(&mut self, items: impl Iterator<Item = &'v Value>, at: u32) {
        for (i, item) in items.enumerate() {
            self.budget = self.budget.saturating_sub(1);
            self.reach(*item, Some(at), Step::Index(i as u32));
        }
    }

    fn follow_instance(&mut self, instance: &Instance, at: u32) {
        let machine = self.machine;
        let inside = match self.last_class {
            Some((class, bundled)) if class == instance.class => bundled,
            _ => self.is_bundled(instance.class),
        };
        self.last_class = Some((instance.class, inside));
        let names = machine.shapes.names(instance.shape);
        for (name, value) in names.iter().zip(&instance.slots) {
            // Most lead nowhere.
            let Value::Obj(_) = value else { continue };
            let attributes = self.reached.attributes();
            let hidden = match inside {
                true => attributes.not_followed.contains(name),
                false => attributes.inherited.contains(name),
            };
            let is = |attribute: Option<NameId>| attribute == Some(*name);
            if hidden || inside && is(attributes.read_end) && !self.readers {
                continue;
            }
            let step = match inside || is(attributes.queue_core) && self.is_queue(*value) {
                true => Step::Inside,
                false => Step::Attr(*name),
            };
            self.reach(*value, Some(at), step);
        }
        self.reach(instance.inner, Some(at), Step::Inside);
    }

    fn follow_function(&mut self, function: &Function, at: u32) {
        let code = self.machine.image.program.code(function.code);
        for i in 0..code.free.len().min(function.cells.len()) {
            if let Some(Obj::Cell(value)) =
                function.cells[i].obj().map(|id| self.machine.heap.get(id))
            {
                self.reach(*value, Some(at), Step::Captured(function.code.0, i as u32));
            }
        }
        // Decorators of the user's are found by what they capture; defaults by their parameters.
        if let Some(defaults) = self.machine.as_items(function.defaults) {
            let first = (code.params.positional as usize).saturating_sub(defaults.len());
            for (i, value) in defaults.iter().enumerate() {
                self.reach(
                    *value,
                    Some(at),
                    Step::Local(function.code.0, (first + i) as u32),
                );
            }
        }
    }

    /// Whether a value is what threads wait at when they wait at a queue. A lock may have the same name.
    fn is_queue(&self, value: Value) -> bool {
        let object = value.obj().map(|id| self.machine.heap.get(id));
        matches!(object, Some(Obj::Sync(sync)) if sync.kind == SyncType::Queue)
    }

    /// Whether a class is part of raddle but written in Python.
    fn is_bundled(&self, class: ObjId) -> bool {
        is_bundled(self.machine, class)
    }

    /// The path to a node.
    fn named(&self, mut at: u32) -> Found {
        let machine = self.machine;
        let mut parts: Vec<String> = Vec::new();
        let mut whole = self.reached.node(at).object;
        let mut outside = false;
        loop {
            let node = self.reached.node(at);
            outside |= is_outside(machine, node.object);
            let code = |id: u32| &machine.image.program.codes[id as usize];
            let last = match node.step {
                Step::Global(module, name) => {
                    let text = machine.names.text(name);
                    Some(global_name(machine, module, text))
                }
                Step::Local(id, i) => Some(
                    code(id)
                        .locals
                        .get(i as usize)
                        .cloned()
                        .flatten()
                        .map_or("?".into(), |name| name.to_string()),
                ),
                Step::Captured(id, i) => Some(code(id).free[i as usize].1.to_string()),
                Step::Attr(name) => {
                    parts.push(format!(".{}", machine.names.text(name)));
                    None
                }
                Step::Index(i) => {
                    parts.push(format!("[{i}]"));
                    None
                }
                Step::Key(key) => {
                    parts.push(format!("[{}]", key_text(machine, key)));
                    None
                }
                Step::Inside => {
                    if parts.is_empty() {
                        whole = self.reached.node(node.from).object;
                    }
                    None
                }
            };
            if let Some(text) = last {
                parts.push(text);
                break;
            }
            at = node.from;
        }
        parts.reverse();
        Found {
            name: parts.concat(),
            whole,
            outside,
            by_self: self.by_self,
        }
    }
}

/// The name of a module's variable: bare for main.
pub(super) fn global_name(machine: &Machine, module: ModuleId, name: &str) -> String {
    let program = &machine.image.program;
    if module.0 == program.main {
        name.to_owned()
    } else {
        format!("{}.{name}", program.modules[module.index()].name)
    }
}

/// Whether an object is one that all processes have in common.
fn is_outside(machine: &Machine, object: ObjId) -> bool {
    let Obj::Instance(instance) = machine.heap.get(object) else {
        return false;
    };
    let Obj::Class(class) = machine.heap.get(instance.class) else {
        return false;
    };
    let named =
        |base: &ObjId| machine.class_name(*base) == "_Outside" && is_bundled(machine, *base);
    class.mro.iter().any(named)
}

/// Whether a class is part of raddle but written in Python.
pub(super) fn is_bundled(machine: &Machine, class: ObjId) -> bool {
    match machine.heap.get(class) {
        Obj::Class(class) => machine.is_bundled_module(class.module),
        _ => false,
    }
}

fn key_text(machine: &Machine, key: Value) -> String {
    match key.obj().map(|id| machine.heap.get(id)) {
        Some(Obj::Str(text)) => quote::repr_str(&text.text),
        Some(Obj::Tuple(items)) => {
            let items: Vec<String> = items.iter().map(|item| key_text(machine, *item)).collect();
            format!("({})", items.join(", "))
        }
        Some(_) => "...".to_owned(),
        None => super::access::short(machine, key).unwrap_or_default(),
    }
}
