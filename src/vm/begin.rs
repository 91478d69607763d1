//! The begin of a run.

use super::exec::FUEL;
use super::machine::Machine;
use crate::explore::RunKey;
use crate::id::ThreadId;
use crate::run::Options;

impl Machine {
    /// Makes a machine that stands where [`Machine::new`] left it ready to run main (`ThreadId(0)`) with these options.
    pub(crate) fn begin(&mut self, options: &Options) {
        let key: RunKey = options.key();
        self.kernel.reconfigure(key.config());
        if self.options != *options {
            self.options.clone_from(options);
        }
        self.tracing = options.trace;
        self.fuel = FUEL;
        self.started = true;
        let main = self.prelude_function("_main");
        self.new_thread(ThreadId(0), main, &[]);
    }
}
