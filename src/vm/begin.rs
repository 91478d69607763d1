//! The begin of a run.

use super::exec::FUEL;
use super::machine::Machine;
use crate::explore::RunKey;
use crate::id::ThreadId;
use crate::run::Options;
use crate::value::object::Cont;

impl Machine {
    /// Makes a machine that stands where [`Machine::new`] left it ready to run main (`ThreadId(0)`) with these options.
    pub(crate) fn begin(&mut self, options: &Options) {
        let key: RunKey = options.key();
        self.kernel.reconfigure(key.config());
        if self.options != *options {
            self.options.clone_from(options);
        }
        self.tracing = options.trace;
        self.extend_arguments();
        self.fuel = FUEL;
        self.started = true;
        let main = self.prelude_function("_main");
        self.new_thread(ThreadId(0), main, &[], Cont::Thread);
    }

    /// Whether the program has got anything from the run's seed so far.
    pub(crate) fn drew_from_seed(&self) -> bool {
        self.header.random_draws > 0
    }

    /// `sys.argv` was made before the options were known.
    fn extend_arguments(&mut self) {
        let argv = self
            .image
            .program
            .by_name
            .get("sys")
            .zip(self.names.find("argv"));
        let Some((&sys, argv)) = argv.filter(|_| !self.options.args.is_empty()) else {
            return;
        };
        if let Some(crate::value::Value::Obj(list)) = self.module_attr(sys, argv) {
            for arg in self.options.args.clone() {
                let text = self.str(arg);
                self.list_append(list, text);
            }
        }
    }
}
