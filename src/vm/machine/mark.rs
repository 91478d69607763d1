//! Checkpoints of the machine.

use crate::arena::Mark;
use crate::id::{ProcessId, ThreadId};
use crate::kernel::KernelMark;
use crate::value::heap::HeapMark;
use crate::vm::machine::{Machine, MainExit};
use std::sync::Arc;

/// A place to go back to.
#[derive(Clone, Debug)]
pub struct MachineMark {
    heap: HeapMark,
    kernel: KernelMark,
    threads: Mark,
    infos: Mark,
    globals: Mark,
    module_extras: Mark,
    modules: Mark,
    processes: Mark,
    process: ProcessId,
    header: Mark,
    output: usize,
    addresses: usize,
    main_exit: Option<MainExit>,
    current: ThreadId,
    watching: bool,
    alone: bool,
    gil: bool,
    epoch: u32,
}

impl MachineMark {
    pub(in crate::vm) fn heap(&self) -> &HeapMark {
        &self.heap
    }

    pub(in crate::vm) fn kernel(&self) -> &KernelMark {
        &self.kernel
    }

    /// Marks of the global variables, of the modules' extra attributes, and of which modules have run.
    pub(in crate::vm) fn variables(&self) -> (&Mark, &Mark, &Mark) {
        (&self.globals, &self.module_extras, &self.modules)
    }
}

impl Machine {
    /// Marks the present state as one to come back to.
    pub fn checkpoint(&mut self) -> MachineMark {
        MachineMark {
            heap: self.heap.checkpoint(),
            kernel: self.kernel.checkpoint(),
            threads: self.threads.checkpoint(),
            infos: self.infos.checkpoint(),
            globals: self.globals.checkpoint(),
            module_extras: self.module_extras.checkpoint(),
            modules: self.modules.checkpoint(),
            processes: self.processes.checkpoint(),
            process: self.image.process,
            header: self.header.checkpoint(),
            output: self.output.len(),
            addresses: self.address_order.len(),
            main_exit: self.main_exit,
            current: self.current,
            watching: self.watching,
            alone: self.alone,
            gil: self.gil,
            epoch: self.epoch,
        }
    }

    /// Goes back to a mark, which stays valid.
    pub fn rollback(&mut self, mark: &MachineMark) {
        self.heap.rollback(&mark.heap);
        self.kernel.rollback(&mark.kernel);
        self.threads.rollback(&mark.threads);
        self.infos.rollback(&mark.infos);
        self.globals.rollback(&mark.globals);
        self.module_extras.rollback(&mark.module_extras);
        self.modules.rollback(&mark.modules);
        self.processes.rollback(&mark.processes);
        if self.image.process != mark.process {
            self.image = Arc::clone(&self.images[mark.process.index()]);
        }
        self.header.rollback(&mark.header);
        self.output.truncate(mark.output);
        self.writers.truncate(mark.output);
        for id in self.address_order.drain(mark.addresses..) {
            self.address_of.remove(&id);
        }
        self.main_exit = mark.main_exit;
        self.current = mark.current;
        self.watching = mark.watching;
        self.alone = mark.alone;
        self.gil = mark.gil;
        self.epoch = mark.epoch;
    }

    /// Takes the newest mark back, right after a return to it: nobody returns to it again.
    pub fn release(&mut self, mark: &MachineMark) {
        self.heap.release(&mark.heap);
        self.kernel.release(&mark.kernel);
        self.threads.release(&mark.threads);
        self.infos.release(&mark.infos);
        self.globals.release(&mark.globals);
        self.module_extras.release(&mark.module_extras);
        self.modules.release(&mark.modules);
        self.processes.release(&mark.processes);
        self.header.release(&mark.header);
    }
}
