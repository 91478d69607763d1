//! Making a machine for a program: builtin classes, native functions, constants, bundled modules.
//!
//! Everything a run starts from is made here once; a checkpoint then lets every run begin by going back to it.

mod classes;
mod collect;
mod program;
mod thread;

use crate::arena::{Arena, Kept};
use crate::id::{ModuleId, ObjId, ThreadId};
use crate::kernel::op::Answer;
use crate::kernel::{Config, Kernel};
use crate::program::Program;
use crate::run::Options;
use crate::value::Value;
use crate::value::heap::Heap;
use crate::value::object::Cont;
use crate::value::shape::{NOBODYS, Shapes};
use crate::vm::call::Forgets;
use crate::vm::exec::Stop;
use crate::vm::machine::{Header, Image, Machine, ModuleState, ThreadInfo, ThreadSlot};
use crate::vm::names::{self, Names};
use crate::vm::native::Raise;
use crate::vm::process::Process;
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
    "_group_match",
    "_group_result",
    "_type_param",
    "_set_type_params",
    "_generic_bases",
    "_type_alias",
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
            threads: Arena::recycling(|slot: &ThreadSlot| slot.get().is_some()),
            number_slot: (NOBODYS, 0),
            forgets: Forgets::NONE,
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
            alone: false,
            main_exit: None,
            noting: false,
            noted: Vec::new(),
            passing: false,
            ahead: 0,
            ahead_limit: 0,
            likes: Default::default(),
            told: Default::default(),
            gil: false,
            tracing: false,
            output: Vec::new(),
            writers: Vec::new(),
            header: Kept::from(Header {
                recursion_limit: 1000,
                ..Header::default()
            }),
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
            fuel: crate::vm::exec::FUEL,
            overdue: 0,
            origin: None,
            counts_tasks: false,
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
            match self.run_thread(&image, ThreadId(0), &Answer::Done, None) {
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
}
