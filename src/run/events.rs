//! The record of a run: trace events, and where locks were taken.

use super::naming::Namer;
use super::site::{self, Site, thread_name};
use super::words::{self, Told};
use super::{Ending, Options, access, settings};
use crate::id::{ModuleId, SyncId, ThreadId};
use crate::kernel::Performed;
use crate::kernel::op::{Answer, Op, Part, Verb};
use crate::text::quote;
use crate::trace::model::{self, Event, Footer, Header, Trace, VERSION};
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use rustc_hash::FxHashMap;

/// Where each thread took the locks (and semaphores' permits) that it holds, or held last.
pub(super) type Taken = FxHashMap<(SyncId, ThreadId), Site>;

/// Listens to a run.
#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) taken: Taken,
    pub(super) namer: Namer,
    step: Option<Told>,
    site: Option<Site>,
    /// Its operation is to take a lock that it holds already.
    again: bool,
    trace: Option<Tables>,
}

/// A trace under way.
#[derive(Debug, Default)]
struct Tables {
    threads: Vec<Option<model::Thread>>,
    files: Vec<ModuleId>,
    events: Vec<Event>,
    /// Pieces of output so far, while a step that writes one is under way.
    writes: Option<usize>,
    /// The item that a step takes from a queue, if it succeeds.
    item: Option<String>,
}

impl Recorder {
    /// One that only remembers where locks were taken.
    pub(super) fn of_locks() -> Self {
        Recorder {
            taken: Taken::default(),
            namer: Namer::default(),
            step: None,
            site: None,
            again: false,
            trace: None,
        }
    }

    /// One that makes a trace too.
    pub(super) fn of_trace() -> Self {
        Recorder {
            trace: Some(Tables::default()),
            ..Self::of_locks()
        }
    }

    /// Thread `t` is about to take a step.
    pub(super) fn before(&mut self, machine: &Machine, t: ThreadId, steps: u64) {
        let kernel = &machine.kernel;
        let told = Told {
            thread: t,
            op: kernel.pending(t),
            phase: kernel.phase(t),
            call: site::call(machine, t),
        };
        self.step = Some(told);
        self.site = site::site(machine, t);
        self.again = match told.op {
            Op::Sync(id, Verb::Acquire(_)) => kernel.holder(id) == Some(t),
            _ => false,
        };
        self.namer.look_from(machine.process_of(t));
        if let Some(tables) = &mut self.trace {
            tables.begin(machine, &mut self.namer, told, self.site, steps);
        }
    }

    /// The step is over, and its thread has not run on yet.
    pub(super) fn performed(&mut self, machine: &Machine, t: ThreadId, performed: Performed) {
        let Some(told) = self.step.take() else { return };
        debug_assert_eq!(told.thread, t);
        if let (Performed::Done(answer), Some(site)) = (performed, self.site) {
            match (told.op, answer) {
                (Op::Sync(id, Verb::Acquire(_)), Answer::Bool(true)) if !self.again => {
                    self.taken.insert((id, t), site);
                }
                (Op::Sync(id, Verb::Wait(_)), Answer::Bool(_)) => {
                    if let Some(lock) = machine.kernel.lock_of(id) {
                        self.taken.insert((lock, t), site);
                    }
                }
                _ => {}
            }
        }
        if let Some(tables) = &mut self.trace
            && let Some(event) = tables.events.last_mut()
            && event.result.is_none()
        {
            let item = tables.item.take();
            event.result = words::result(machine, &told, performed)
                .or(item.filter(|_| matches!(performed, Performed::Done(_))));
        }
    }

    /// A thread has run on to its next operation.
    pub(super) fn ran(&mut self, machine: &Machine) {
        if let Some(tables) = &mut self.trace
            && let Some(before) = tables.writes.take()
            && let Some(event) = tables.events.last_mut()
        {
            let text: String = machine.output[before..]
                .iter()
                .map(|(_, text)| text.as_str())
                .collect();
            event.detail = Some(quote::repr_str(&text));
        }
    }

    /// The trace of a run that is over.
    pub(super) fn finish(self, machine: &Machine, options: &Options, end: End) -> Option<Trace> {
        let mut tables = self.trace?;
        let program = &machine.image.program;
        for t in machine.kernel.threads() {
            tables.thread(machine, t);
        }
        Some(Trace {
            header: Header {
                raddle: VERSION,
                program: program.modules[program.main as usize].path.to_string(),
                digest: format!("{:08x}", program.digest),
                strategy: end.strategy.to_owned(),
                seed: options.seed,
                options: settings::to_text(options),
            },
            threads: tables.threads.into_iter().flatten().collect(),
            objects: self.namer.into_objects(),
            files: tables
                .files
                .iter()
                .map(|id| program.modules[id.index()].path.to_string())
                .collect(),
            events: tables.events,
            footer: Footer {
                ending: end.ending.name().to_owned(),
                steps: end.steps,
                time: end.time,
                token: end.token.to_owned(),
            },
        })
    }
}

/// What a trace's end tells.
pub(super) struct End<'a> {
    pub(super) strategy: &'a str,
    pub(super) ending: &'a Ending,
    pub(super) steps: u64,
    pub(super) time: u64,
    pub(super) token: &'a str,
}

impl Tables {
    fn begin(
        &mut self,
        machine: &Machine,
        namer: &mut Namer,
        told: Told,
        site: Option<Site>,
        steps: u64,
    ) {
        let kernel = &machine.kernel;
        self.thread(machine, told.thread);
        if let Op::Start(other) | Op::Join(other, _) | Op::Kill(other) = told.op {
            self.thread(machine, other);
        }
        let (file, line) = site.map_or((0, 0), |site| self.place(machine, site));
        let mut event = Event {
            step: steps + 1,
            time: kernel.now() - kernel.config().start_time,
            thread: told.thread.0,
            op: String::new(),
            object: None,
            detail: words::detail(machine, &told),
            result: None,
            file,
            line,
        };
        let mut condition = false;
        match told.op {
            Op::Sync(id, verb) => {
                event.object = Some(namer.sync(machine, id));
                condition = kernel.lock_of(id).is_some();
                let item = access::item(machine, machine.thread(told.thread), verb);
                match (verb, item) {
                    (Verb::Put(_), Some(item)) => {
                        event.detail = Some(match event.detail {
                            Some(wait) => format!("{item} {wait}"),
                            None => item,
                        });
                    }
                    (_, item) => self.item = item,
                }
            }
            Op::Access {
                object,
                part,
                write,
            } => {
                let access =
                    access::told(machine, machine.thread(told.thread), object, part, write);
                event.object = Some(match part {
                    Part::Cell => namer.cell(machine, object, access.variable),
                    Part::Attr(name) if matches!(machine.heap.get(object), Obj::Module(_)) => {
                        namer.global(machine, object, name)
                    }
                    _ => namer.heap(machine, object),
                });
                event.detail = (!access.detail.is_empty()).then_some(access.detail);
                event.result = access.found;
            }
            Op::Output(_) => self.writes = Some(machine.output.len()),
            _ => {}
        }
        let fresh = matches!(machine.thread(told.thread).frames[..], [frame] if frame.pc == 0);
        event.op = match told.op {
            Op::Yield if fresh => "begin",
            op => told
                .call
                .unwrap_or_else(|| words::operation(op, told.phase, condition)),
        }
        .to_owned();
        self.events.push(event);
    }

    /// Gives a thread its place in the table.
    fn thread(&mut self, machine: &Machine, t: ThreadId) {
        if self.threads.len() <= t.index() {
            self.threads.resize(t.index() + 1, None);
        }
        self.threads[t.index()].get_or_insert_with(|| model::Thread {
            name: thread_name(machine, t),
            daemon: machine.kernel.is_daemon(t),
        });
    }

    fn place(&mut self, machine: &Machine, site: Site) -> (u32, u32) {
        let program = &machine.image.program;
        let module = program.code(site.code).module;
        let file = self
            .files
            .iter()
            .position(|id| *id == module)
            .unwrap_or_else(|| {
                self.files.push(module);
                self.files.len() - 1
            });
        (file as u32, program.line(site.code, site.pc))
    }
}
