//! Making a machine for a program: builtin classes, native functions, constants, bundled modules.
//!
//! Everything a run starts from is made here once; a checkpoint then lets every run begin by going back to it.

use super::exec::Stop;
use super::machine::{
    Global, Header, Image, Linked, Machine, ModuleState, Thread, ThreadInfo, ThreadSlot, Waiting,
};
use super::names::{self, Names};
use super::native::{Entry, NativeDef, NativeFn, Raise, Signature};
use super::process::Process;
use super::registry;
use super::types::Ty;
use crate::arena::Arena;
use crate::id::{CodeId, ModuleId, NameId, ObjId, ThreadId};
use crate::kernel::op::Answer;
use crate::kernel::{Config, Kernel};
use crate::program::instr::Instr;
use crate::program::{CodeKind, Const, Program};
use crate::run::Options;
use crate::value::Value;
use crate::value::heap::Heap;
use crate::value::object::{Class, ClassFlags, Cont, Frame, Layout, NameMap, NativeId, Obj};
use crate::value::shape::{self, Shapes};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Names of the prelude's functions by `Helper` number.
const HELPERS: &[&str] = &[
    "_build_class",
    "_len",
    "_match_is_sequence",
    "_match_is_mapping",
    "_match_keys",
    "_match_rest",
    "_match_class",
    "_match_slice",
    "_echo",
];

impl Machine {
    /// A machine ready to run the program from its first line.
    ///
    /// # Panics
    /// When a bundled module fails: a bug of raddle.
    pub fn new(program: Program) -> Machine {
        let mut machine = Machine {
            heap: Heap::new(),
            kernel: Kernel::new(Config::default()),
            image: Arc::default(),
            processes: Arena::new(),
            images: Vec::new(),
            pristine: None,
            threads: Arena::recycling(),
            infos: Arena::new(),
            globals: Arena::new(),
            module_extras: Arena::new(),
            modules: Arena::new(),
            names: Names::default(),
            shapes: Shapes::default(),
            natives: Arc::default(),
            options: Options::default(),
            current: ThreadId(0),
            watching: false,
            noting: false,
            gil: false,
            tracing: false,
            output: Vec::new(),
            writers: Vec::new(),
            header: Header {
                recursion_limit: 1000,
                ..Header::default()
            },
            caches: Vec::new(),
            prelude: FxHashMap::default(),
            builtins: Vec::new(),
            name_values: Vec::new(),
            native_objects: Vec::new(),
            epoch: 1,
            last_epoch: 1,
            class_roots: Vec::new(),
            address_of: FxHashMap::default(),
            address_order: Vec::new(),
            fuel: super::exec::FUEL,
            overdue: 0,
            origin: None,
            helpers: Vec::new(),
            started: false,
        };
        machine.make_classes();
        machine.make_natives();
        machine.link(program);
        machine.threads.insert(ThreadSlot::default());
        machine.infos.insert(ThreadInfo::default());
        machine.processes.insert(Process::default());
        machine.run_bundled();
        machine.heap.publish_all();
        machine.keep_pristine();
        machine
    }

    fn make_classes(&mut self) {
        for &(ty, full, base) in Ty::ALL {
            let (module, name) = full.rsplit_once('.').unwrap_or(("builtins", full));
            let name = self.names.intern(name);
            let module_text = module.to_string();
            let bases = if ty == Ty::Object {
                Vec::new()
            } else {
                vec![base.id()]
            };
            let mut mro = vec![ty.id()];
            if let Some(&b) = bases.first()
                && let Obj::Class(c) = self.heap.get(b)
            {
                mro.extend(&c.mro);
            }
            let layout = match ty {
                Ty::Object => Layout::Plain,
                _ if ty.is_exception() => Layout::Inner(Ty::BaseException.id()),
                Ty::BoundedSemaphore => Layout::Inner(Ty::Semaphore.id()),
                _ => Layout::Inner(ty.id()),
            };
            let root = if ty.is_exception() {
                self.shapes.root()
            } else {
                shape::EMPTY
            };
            let id = self.heap.alloc(Obj::Class(Box::new(Class {
                name,
                qualname: Value::None,
                module: Value::None,
                bases,
                mro,
                dict: NameMap::default(),
                meta: Ty::Type.id(),
                subclasses: Vec::new(),
                layout,
                builtin: true,
                slotted: !ty.is_exception(),
                flags: ClassFlags::default(),
                root,
            })));
            assert_eq!(id, ty.id(), "classes stand where their numbers say");
            let _ = module_text;
        }
        for &(ty, full, base) in Ty::ALL {
            let (module, name) = full.rsplit_once('.').unwrap_or(("builtins", full));
            let (qualname, module) = (self.str(name), self.str(module));
            if let Obj::Class(class) = self.heap.get_mut(ty.id()) {
                class.qualname = qualname;
                class.module = module;
            }
            if ty != base
                && let Obj::Class(class) = self.heap.get_mut(base.id())
            {
                class.subclasses.push(ty.id());
            }
        }
    }

    fn class_dict(&mut self, ty: Ty) -> &mut NameMap {
        match self.heap.get_mut(ty.id()) {
            Obj::Class(class) => &mut class.dict,
            _ => unreachable!("classes stand where their numbers say"),
        }
    }

    fn make_natives(&mut self) {
        let mut defs: Vec<NativeDef> = Vec::new();
        let mut objects: Vec<Value> = Vec::new();
        let mut add = |machine: &mut Machine, owner: &'static str, entry: &Entry| {
            let id = NativeId(defs.len() as u32);
            defs.push(NativeDef {
                name: entry.0,
                owner,
                run: entry.1,
                signature: entry.2,
                effect: entry.3,
            });
            let object = machine.heap.new_value(Obj::Native(id));
            objects.push(object);
            (id, object)
        };
        for (ty, methods) in registry::methods() {
            let owner = Ty::ALL[ty as usize].1;
            for entry in methods {
                let (_, object) = add(self, owner, &entry);
                let name = self.names.intern(entry.0);
                self.class_dict(ty).insert(name, object);
            }
        }
        for ty in registry::UNHASHABLE {
            self.class_dict(*ty).insert(names::HASH, Value::None);
        }
        for (ty, methods) in registry::static_methods() {
            for entry in methods {
                let (_, object) = add(self, "", entry);
                let wrapped = self.heap.new_value(Obj::StaticMethod(object));
                let name = self.names.intern(entry.0);
                self.class_dict(ty).insert(name, wrapped);
            }
        }
        for (ty, methods) in registry::class_methods() {
            let owner = Ty::ALL[ty as usize].1;
            for entry in methods {
                let (_, object) = add(self, owner, entry);
                let wrapped = self.heap.new_value(Obj::ClassMethod(object));
                let name = self.names.intern(entry.0);
                self.class_dict(ty).insert(name, wrapped);
            }
        }
        let getter = |get: NativeFn| -> Entry {
            ("getter", get, Signature::Any, super::native::Effect::Pure)
        };
        for (ty, getters) in registry::getters() {
            for &(name, get) in getters {
                let (get, _) = add(self, "", &getter(get));
                let object = self.heap.new_value(Obj::Getter { get, set: None });
                let name = self.names.intern(name);
                self.class_dict(ty).insert(name, object);
            }
        }
        for &(ty, name, get, set) in registry::PROPERTIES {
            let (get, _) = add(self, "", &getter(get));
            let (set, _) = add(self, "", &getter(set));
            let object = self.heap.new_value(Obj::Getter {
                get,
                set: Some(set),
            });
            let name = self.names.intern(name);
            self.class_dict(ty).insert(name, object);
        }
        for (ty, construct) in registry::constructors() {
            let owner = Ty::ALL[ty as usize].1;
            let entry: Entry = (
                "__new__",
                construct,
                Signature::Any,
                super::native::Effect::Pure,
            );
            let (_, object) = add(self, owner, &entry);
            self.class_dict(ty).insert(names::NEW, object);
        }
        for ty in [
            Ty::List,
            Ty::Dict,
            Ty::Set,
            Ty::Deque,
            Ty::DictKeys,
            Ty::DictItems,
        ] {
            self.class_dict(ty).insert(names::HASH, Value::None);
        }
        let mut functions = Vec::new();
        for entry in registry::functions() {
            let (_, object) = add(self, "", entry);
            functions.push((entry.0, object));
        }
        self.natives = Arc::new(defs);
        self.native_objects = objects;
        for (name, object) in functions {
            let name = self.names.intern(name);
            self.set_builtin(name, object);
        }
        for &(ty, full, _) in Ty::ALL {
            if !full.contains('.') && registry::is_builtin_name(ty) {
                let name = self.names.intern(full);
                self.set_builtin(name, Value::Obj(ty.id()));
            }
        }
        for (alias, ty) in [("EnvironmentError", Ty::OSError), ("IOError", Ty::OSError)] {
            let name = self.names.intern(alias);
            self.set_builtin(name, Value::Obj(ty.id()));
        }
        for (name, value) in [
            ("NotImplemented", Value::NotImplemented),
            ("Ellipsis", Value::Ellipsis),
            ("__debug__", Value::Bool(true)),
        ] {
            let name = self.names.intern(name);
            self.set_builtin(name, value);
        }
        for &(ty, _, _) in Ty::ALL {
            self.refresh_flags(ty.id());
        }
        if let Obj::Class(class) = self.heap.get_mut(Ty::Object.id()) {
            class.flags = ClassFlags::default();
        }
    }

    fn set_builtin(&mut self, name: NameId, value: Value) {
        if self.builtins.len() <= name.index() {
            self.builtins.resize(name.index() + 1, Value::Unbound);
        }
        self.builtins[name.index()] = value;
    }

    fn constant(&mut self, constant: &Const) -> Value {
        match constant {
            Const::None => Value::None,
            Const::Bool(b) => Value::Bool(*b),
            Const::Ellipsis => Value::Ellipsis,
            Const::Int(n) => Value::Int(*n),
            Const::BigInt(n) => self.int(n.clone()),
            Const::Float(x) => Value::Float(*x),
            Const::Str(text) => self.interned(text),
            Const::Bytes(bytes) => self.bytes(&bytes[..]),
            Const::Tuple(items) => {
                let items: Vec<Value> = items.iter().map(|c| self.constant(c)).collect();
                self.tuple(items)
            }
        }
    }

    /// The one `str` object of a text that stands in the program.
    fn interned(&mut self, text: &str) -> Value {
        let name = self.names.intern(text);
        if self.name_values.len() <= name.index() {
            self.name_values.resize(name.index() + 1, Value::Unbound);
        }
        if self.name_values[name.index()].is_unbound() {
            let mut object = crate::value::object::Str::new(text);
            object.hash = super::protocol::hash::hash_str(text);
            self.name_values[name.index()] = self.heap.new_value(Obj::Str(object));
        }
        self.name_values[name.index()]
    }

    fn link(&mut self, program: Program) {
        let mut image = Image::default();
        for (i, module) in program.modules.iter().enumerate() {
            image.global_base.push(image.global_names.len() as u32);
            for name in &module.globals {
                let name = self.names.intern(name);
                image.global_names.push(name);
                self.globals.insert(Global::default());
            }
            let object = self.heap.alloc(Obj::Module(ModuleId(i as u32)));
            image.module_objects.push(object);
            let namespace = self.heap.new_value(Obj::Namespace(Value::Obj(object)));
            image.namespaces.push(namespace);
            self.modules.insert(ModuleState::New);
            self.module_extras.insert(NameMap::default());
        }
        let mut caches = 0;
        for (i, code) in program.codes.iter().enumerate() {
            let module = &program.modules[code.module.index()];
            let linked_names: Vec<NameId> =
                code.names.iter().map(|n| self.names.intern(n)).collect();
            let keywords = code
                .consts
                .iter()
                .map(|c| match c {
                    Const::Tuple(items) => items
                        .iter()
                        .filter_map(|c| match c {
                            Const::Str(text) => Some(self.names.intern(text)),
                            _ => None,
                        })
                        .collect(),
                    _ => Box::default(),
                })
                .collect();
            let consts = code.consts.iter().map(|c| self.constant(c)).collect();
            let params = code
                .params
                .names
                .iter()
                .map(|n| self.names.intern(n))
                .collect();
            let simple = code.kind == CodeKind::Function
                && code.params.keyword_only == 0
                && !code.params.star
                && !code.params.star_star;
            image.linked.push(Linked {
                names: linked_names.into(),
                consts,
                keywords,
                params,
                globals: image.global_base[code.module.index()],
                caches,
                name: self.interned(&code.name),
                qualname: self.interned(&code.qualname),
                doc: match &code.doc {
                    Some(doc) => self.interned(doc),
                    None => Value::None,
                },
                module: self.interned(&module.name),
                object: self.heap.new_value(Obj::Code(CodeId(i as u32))),
                bundled: module.bundled,
                simple,
            });
            caches += code.instrs.len() as u32;
        }
        self.caches.resize(caches as usize, Default::default());
        if let Some(&natives) = program.by_name.get("_raddle") {
            for entry in registry::raddle_functions() {
                let name = self.names.intern(entry.0);
                let value = self.add_native(entry);
                self.module_extras.get_mut(natives.0).insert(name, value);
            }
            for &(ty, full, _) in Ty::ALL {
                let name = full.rsplit_once('.').map_or(full, |(_, n)| n);
                let name = self.names.intern(name);
                self.module_extras
                    .get_mut(natives.0)
                    .entry(name)
                    .or_insert(Value::Obj(ty.id()));
            }
            *self.modules.get_mut(natives.0) = ModuleState::Done;
        }
        for id in 0..self.names.len() {
            let text = self.names.text(NameId(id as u32)).to_string();
            self.interned(&text);
        }
        self.mark_private(
            &program,
            image.global_base.get(program.main as usize).copied(),
        );
        image.program = program;
        self.image = Arc::new(image);
        self.images.push(Arc::clone(&self.image));
    }

    /// Marks the main module's globals that only its top level names. Other modules and reflection could reach any.
    fn mark_private(&mut self, program: &Program, base: Option<u32>) {
        const REFLECTION: &[&str] = &["globals", "vars", "locals", "dir", "getattr", "setattr"];
        let Some(base) = base else { return };
        let main = &program.modules[program.main as usize];
        let reflects = program.modules.iter().filter(|m| !m.bundled).any(|m| {
            m.globals.iter().any(|n| REFLECTION.contains(&&**n))
                || m.imports.iter().any(|i| &*i.name == "__main__")
        });
        if reflects {
            return;
        }
        let mut private = vec![true; main.globals.len()];
        for (i, code) in program.codes.iter().enumerate() {
            if code.module.0 != program.main || main.code.index() == i {
                continue;
            }
            for instr in &code.instrs {
                if let Instr::LoadGlobal { g, .. }
                | Instr::StoreGlobal { g, .. }
                | Instr::StoreGlobalLast { g, .. }
                | Instr::DelGlobal { g }
                | Instr::LoadName { g, .. } = *instr
                {
                    private[g as usize] = false;
                }
            }
        }
        for (i, private) in private.into_iter().enumerate() {
            let global = self.globals.get_mut(base + i as u32);
            global.private = private;
            global.last = private;
        }
    }

    fn add_native(&mut self, entry: &Entry) -> Value {
        let defs = Arc::make_mut(&mut self.natives);
        let id = NativeId(defs.len() as u32);
        defs.push(NativeDef {
            name: entry.0,
            owner: "",
            run: entry.1,
            signature: entry.2,
            effect: entry.3,
        });
        let object = self.heap.new_value(Obj::Native(id));
        self.native_objects.push(object);
        object
    }

    /// Runs the top level of every bundled module of the program, the prelude first.
    fn run_bundled(&mut self) {
        let image = Arc::clone(&self.image);
        for (i, module) in image.program.modules.iter().enumerate() {
            let id = ModuleId(i as u32);
            if !module.bundled || *self.modules.get(id.0) != ModuleState::New {
                continue;
            }
            *self.modules.get_mut(id.0) = ModuleState::Running(ThreadId(0));
            let package = module.name.rsplit_once('.').map(|(package, _)| package);
            if let Some(&package) = package.and_then(|p| image.program.by_name.get(p)) {
                self.bind_submodule(&image, package, id);
            }
            let mut th = self.fresh_thread();
            self.push_module(&image, &mut th, id, Cont::Thread);
            *self.threads_slot() = ThreadSlot::of(th);
            match self.run_thread(&image, ThreadId(0), &Answer::Done) {
                Stop::Ended => {}
                Stop::Parked => panic!(
                    "[raddle internal bug] bundled module {} parks while imported",
                    module.name
                ),
                Stop::Raised(Raise(exception)) => {
                    let text = self.describe_exception(exception);
                    panic!(
                        "[raddle internal bug] bundled module {} fails: {text}",
                        module.name
                    );
                }
            }
            *self.modules.get_mut(id.0) = ModuleState::Done;
            if i == 0 {
                self.take_prelude(&image);
            }
            if let Some((package, leaf)) = module.name.rsplit_once('.')
                && let Some(&package) = image.program.by_name.get(package)
                && image.program.modules[package.index()].bundled
            {
                let leaf = self.intern(leaf);
                let object = Value::Obj(image.module_objects[i]);
                self.set_module_attr(package, leaf, object);
            }
        }
    }

    fn threads_slot(&mut self) -> &mut ThreadSlot {
        if self.threads.is_empty() {
            self.threads.insert(ThreadSlot::default());
        }
        self.threads.get_mut(0)
    }

    /// A function of the prelude by its number.
    pub(crate) fn helper(&self, helper: crate::program::instr::Helper) -> Value {
        match self.helpers.get(helper as usize) {
            Some(&function) => function,
            None => self.prelude_function(HELPERS[helper as usize]),
        }
    }

    /// Makes the prelude's functions known: those without underscore are builtins.
    fn take_prelude(&mut self, image: &Image) {
        let count = image.program.modules[0].globals.len();
        for i in 0..count {
            let name = image.global_names[i];
            let value = self.globals.get(i as u32).value;
            if value.is_unbound() {
                continue;
            }
            let text = self.names.text(name).to_string();
            if !text.starts_with('_') {
                self.set_builtin(name, value);
            }
            self.prelude.insert(text.into(), value);
        }
        let module = Value::Obj(image.module_objects[0]);
        self.set_builtin(names::BUILTINS, module);
        self.helpers = HELPERS
            .iter()
            .map(|h| self.prelude.get(*h).copied().unwrap_or(Value::None))
            .collect();
    }

    /// One line about an exception, for internal errors: class, arguments, places.
    pub fn describe(&mut self, exception: ObjId) -> String {
        self.describe_exception(exception)
    }

    pub(crate) fn describe_exception(&mut self, exception: ObjId) -> String {
        let class = self.type_name(Value::Obj(exception)).to_string();
        let (args, points) = match self.exception(exception) {
            Some(e) => (e.args, e.traceback.clone()),
            None => (Value::None, Vec::new()),
        };
        let text = self.repr(args).ok().flatten().unwrap_or_default();
        let places: Vec<String> = points
            .iter()
            .map(|p| {
                format!(
                    "{}:{}",
                    self.image.program.code(p.code).name,
                    self.image.program.line(p.code, p.pc)
                )
            })
            .collect();
        format!("{class}{text} [{}]", places.join(" < "))
    }

    /// A thread without frames, in memory that another has left if there is any.
    fn fresh_thread(&mut self) -> Box<Thread> {
        let mut th = self.threads.spare().unwrap_or_default().take();
        th.stack.clear();
        th.frames.clear();
        (th.waiting, th.granted) = (Waiting::Resume, false);
        th
    }

    /// Prepares a thread whose first frame calls `function(*args)`; it begins when the scheduler starts it.
    pub fn new_thread(&mut self, id: ThreadId, function: Value, args: &[Value]) {
        while self.threads.len() <= id.index() {
            self.threads.insert(ThreadSlot::default());
            self.infos.insert(ThreadInfo::default());
        }
        let mut th = self.fresh_thread();
        let called = self.call(&mut th, function, args, &[], Cont::Thread);
        debug_assert!(
            called.is_ok(),
            "a thread begins in a Python function of the prelude"
        );
        *self.threads.get_mut(id.0) = ThreadSlot::of(th);
        self.heap.publish(function);
        for &arg in args {
            self.heap.publish(arg);
        }
    }

    /// Frees what nobody can reach. `th` is the running thread, which is not in its place.
    pub(crate) fn collect(&mut self, image: &Image, th: &Thread) {
        let mut roots: Vec<Value> = Vec::new();
        let frame_roots = |frames: &[Frame], roots: &mut Vec<Value>| {
            for frame in frames {
                roots.extend([frame.owner, frame.handled]);
            }
        };
        for thread in self.threads.iter().filter_map(|(_, t)| t.get()).chain([th]) {
            roots.extend_from_slice(&thread.stack);
            frame_roots(&thread.frames, &mut roots);
            if let Waiting::Native(_, Some(extra), _) = thread.waiting {
                roots.extend(extra);
            }
        }
        for (_, info) in self.infos.iter() {
            roots.extend([info.object, info.text]);
        }
        roots.extend(self.globals.iter().map(|(_, g)| g.value));
        for (_, extras) in self.module_extras.iter() {
            roots.extend(extras.values().copied());
        }
        if let Some(pristine) = &self.pristine {
            roots.extend(pristine.globals.iter().map(|global| global.value));
        }
        for (_, process) in self.processes.iter() {
            roots.extend(process.modules.iter().map(|&(_, id)| Value::Obj(id)));
        }
        roots.extend(self.prelude.values().copied());
        roots.extend(&self.builtins);
        roots.extend(&self.name_values);
        roots.extend(&self.native_objects);
        roots.extend(&self.helpers);
        roots.extend(image.module_objects.iter().map(|&id| Value::Obj(id)));
        roots.extend(&image.namespaces);
        roots.extend(Ty::ALL.iter().map(|(ty, _, _)| Value::Obj(ty.id())));
        for linked in &image.linked {
            roots.extend_from_slice(&linked.consts);
            roots.extend([linked.name, linked.qualname, linked.doc, linked.module]);
            roots.push(linked.object);
        }
        self.heap.collect(roots);
    }

    /// The code of a thread's innermost frame that is the program's own, with the instruction it stands at.
    pub fn user_site(&self, frames: &[Frame]) -> Option<(CodeId, u32)> {
        frames
            .iter()
            .rev()
            .find(|f| !self.image.linked[f.code.index()].bundled)
            .map(|f| (f.code, f.pc.saturating_sub(1)))
    }

    /// A hundred loop turns or calls passed without a visible operation: collects, and parks the thread so that time passes,
    /// others get their turn, and limits are seen. Bundled code and module loading never park.
    pub(crate) fn out_of_fuel(&mut self, image: &Image, th: &mut Thread) -> bool {
        self.fuel = super::exec::FUEL;
        if self.heap.collection_due() {
            self.collect(image, th);
            if self.heap.bytes() as u64 > self.options.max_memory {
                self.header.out_of_memory = true;
            }
        }
        if !self.started {
            return false;
        }
        // What bundled code does is one step to the program: it parks between its calls only, unless it never ends.
        let bundled = th
            .frames
            .last()
            .is_some_and(|f| image.linked[f.code.index()].bundled);
        if bundled && self.overdue < super::exec::BUNDLED_TURNS {
            self.overdue += 1;
            self.fuel = 1;
            return false;
        }
        self.park_yield(th);
        if bundled {
            th.waiting = Waiting::Overdue;
        }
        true
    }
}
