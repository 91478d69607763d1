//! Simulated processes: which there are, and what each of them sees of the machine.
//!
//! A process has no heap of its own: what it can reach are objects of the one heap that no other process can reach, copied when
//! it was forked (`fork`). Its globals stand in a bank of their own in [`Machine::globals`], and so do the states and extra
//! attributes of its modules. Code finds them through the [`Image`] of the process, which is the first one's with the
//! banks' beginnings in place of its own, so that instructions cost the same in every process and nothing where there is only one.
//! [`Machine::enter`] changes images when a thread of another process runs.

use super::machine::{Global, Image, Machine, ModuleState};
use crate::id::{ModuleId, NameId, ObjId, ProcessId, ThreadId};
use crate::value::heap::Heap;
use crate::value::object::{NameMap, Obj};
use std::sync::Arc;

/// `os.getpid()` of the first process. As on Linux, the pid of a process is the native id of its main thread.
pub const FIRST_PID: i64 = 1000;

/// A process of a run.
#[derive(Clone, Debug, Default)]
pub struct Process {
    /// Its main thread.
    pub main: ThreadId,
    /// The process that started it; its own for the first.
    pub parent: ProcessId,
    /// What the program calls it; empty for the first.
    pub name: Box<str>,
    /// How it ended: what `Process.exitcode` tells.
    pub exit: Option<i32>,
    /// Its main module was run anew, as `__mp_main__`.
    pub spawned: bool,
    /// Threads that a `Thread()` constructor has numbered.
    pub thread_counter: u32,
    /// Module objects that stand for the variables of its own modules where an access to one is told. None for the first process.
    pub modules: Vec<(ModuleId, ObjId)>,
}

/// A process that was made and is not started yet: the first thing its start does is to give it its memory.
#[derive(Clone, Debug)]
pub struct Unborn {
    /// Its main thread.
    pub main: ThreadId,
    /// Its name.
    pub name: Box<str>,
    /// The first function, and its argument, in the memory of the parent.
    pub start: [crate::value::Value; 2],
    /// It gets the memory of a program that has just been loaded, not its parent's.
    pub spawn: bool,
}

/// What a program starts from: the memory of a process that is not forked.
#[derive(Debug)]
pub(crate) struct Pristine {
    pub(crate) heap: Heap,
    pub(crate) globals: Vec<Global>,
    pub(crate) extras: Vec<NameMap>,
    pub(crate) modules: Vec<ModuleState>,
}

impl Machine {
    /// Keeps what a spawned process starts from, if the program can start one.
    pub(super) fn keep_pristine(&mut self) {
        let multiprocessing = self.image.program.by_name.get("multiprocessing");
        if multiprocessing.is_some_and(|id| self.image.program.modules[id.index()].bundled) {
            self.pristine = Some(Arc::new(Pristine {
                heap: self.heap.clone(),
                globals: self.globals.iter().map(|(_, global)| *global).collect(),
                extras: (self.module_extras.iter())
                    .map(|(_, extras)| extras.clone())
                    .collect(),
                modules: self.modules.iter().map(|(_, state)| *state).collect(),
            }));
        }
    }

    /// The process of a thread.
    #[inline]
    pub fn process_of(&self, t: ThreadId) -> ProcessId {
        match t.index() < self.infos.len() {
            true => self.infos.get(t.0).process,
            false => ProcessId(0),
        }
    }

    /// Whether there has been more than one process in this run.
    #[inline]
    pub fn has_processes(&self) -> bool {
        self.processes.len() > 1
    }

    /// Sees the machine as the process of thread `t` does. Tells whether that is another one than before.
    pub fn enter(&mut self, t: ThreadId) -> bool {
        let process = self.process_of(t);
        if process == self.image.process {
            return false;
        }
        self.image = self.image_of(process);
        true
    }

    /// The main thread of a process was started by `parent`: the process gets its memory. Of other threads nothing is to be done.
    pub(crate) fn born(&mut self, child: ThreadId, parent: ThreadId) {
        let unborn = self.header.unborn.iter().position(|u| u.main == child);
        if let Some(at) = unborn {
            let unborn = self.header.unborn.remove(at);
            self.fork(&unborn, parent);
        }
    }

    /// The image of a process: made when a process of this number is there for the first time in any run.
    fn image_of(&mut self, process: ProcessId) -> Arc<Image> {
        while self.images.len() <= process.index() {
            let n = self.images.len() as u32;
            let first = &self.images[0];
            let globals = n * first.global_names.len() as u32;
            let mut linked = first.linked.clone();
            linked
                .iter_mut()
                .for_each(|linked| linked.globals += globals);
            self.images.push(Arc::new(Image {
                process: ProcessId(n),
                module_base: n * first.program.modules.len() as u32,
                program: first.program.clone(),
                linked,
                global_names: first.global_names.repeat(n as usize + 1),
                global_base: first
                    .global_base
                    .iter()
                    .map(|base| base + globals)
                    .collect(),
                callers: first
                    .callers
                    .map(|slots| slots.map(|slots| slots.map(|slot| slot + globals))),
                threads: first.threads.map(|hooks| hooks.moved(globals)),
                module_objects: first.module_objects.clone(),
                namespaces: first.namespaces.clone(),
            }));
        }
        Arc::clone(&self.images[process.index()])
    }

    /// Attributes set on a module from outside that have no slot.
    pub(crate) fn extras(&self, module: ModuleId) -> &NameMap {
        self.module_extras.get(self.image.module_base + module.0)
    }

    /// As [`Machine::extras`], to change.
    pub(crate) fn extras_mut(&mut self, module: ModuleId) -> &mut NameMap {
        self.module_extras
            .get_mut(self.image.module_base + module.0)
    }

    /// Whether a module has run.
    pub(crate) fn module_state(&self, module: ModuleId) -> ModuleState {
        *self.modules.get(self.image.module_base + module.0)
    }

    pub(crate) fn set_module_state(&mut self, module: ModuleId, state: ModuleState) {
        *self.modules.get_mut(self.image.module_base + module.0) = state;
    }

    /// The object that an access to a variable of a module is told of: each process has its own, since the variables are.
    pub(crate) fn access_object(&self, module: ModuleId) -> ObjId {
        let own = self.processes.get(self.image.process.0).modules.iter();
        let own = own.clone().find(|(of, _)| *of == module);
        own.map_or(self.image.module_objects[module.index()], |(_, id)| *id)
    }

    /// `__name__` of a module, which for the program itself depends on how its process came to be.
    pub(crate) fn module_name(&self, module: ModuleId) -> Arc<str> {
        if module.0 == self.image.program.main && self.processes.get(self.image.process.0).spawned {
            return "__mp_main__".into();
        }
        self.image.program.modules[module.index()].name.clone()
    }

    /// Whether `__module__` of a class or function says that it is part of raddle. Some say `multiprocessing.context` as CPython's do,
    /// where there is only `multiprocessing`.
    pub(crate) fn is_bundled_module(&self, module: crate::value::Value) -> bool {
        let program = &self.image.program;
        let mut name = self.as_str(module).unwrap_or_default();
        loop {
            if let Some(id) = program.by_name.get(name) {
                return program.modules[id.index()].bundled;
            }
            match name.rsplit_once('.') {
                Some((package, _)) => name = package,
                None => return false,
            }
        }
    }

    /// The next process, with copies of these variables of modules, which stand in the heap already.
    pub(super) fn add_process(
        &mut self,
        mut process: Process,
        globals: Vec<Global>,
        extras: Vec<NameMap>,
        modules: Vec<ModuleState>,
    ) -> ProcessId {
        let program = self.image.program.clone();
        for (i, module) in program.modules.iter().enumerate() {
            if !module.bundled {
                let id = ModuleId(i as u32);
                let object = self.heap.alloc(Obj::Module(id));
                self.heap.publish(crate::value::Value::Obj(object));
                process.modules.push((id, object));
            }
        }
        globals
            .into_iter()
            .for_each(|global| _ = self.globals.insert(global));
        extras
            .into_iter()
            .for_each(|extras| _ = self.module_extras.insert(extras));
        modules
            .into_iter()
            .for_each(|state| _ = self.modules.insert(state));
        ProcessId(self.processes.insert(process))
    }

    /// The value of a variable of a module in another process, for what the operating system would do there.
    pub(crate) fn value_elsewhere(
        &self,
        process: ProcessId,
        module: ModuleId,
        name: NameId,
    ) -> Option<crate::value::Value> {
        let slot = self.images[0].global_base[module.index()]
            + process.0 * self.images[0].global_names.len() as u32;
        let names = &self.image.program.modules[module.index()].globals;
        let at = (names.iter()).position(|n| self.names.find(n) == Some(name))?;
        Some(self.globals.get(slot + at as u32).value).filter(|v| !v.is_unbound())
    }
}
