//! The record of a run: trace events, and where locks were taken.

use super::naming::Namer;
use super::phrases::Phrases;
use super::site::{self, Site, thread_name};
use super::things::Things;
use super::words::{self, Told};
use super::{Ending, Options, access, settings};
use crate::id::{ModuleId, SyncId, ThreadId};
use crate::kernel::footprint::footprint;
use crate::kernel::op::{Answer, Op, Part, Verb};
use crate::kernel::{Performed, Phase};
use crate::trace::model::{self, Datum, Detail, Event, Footer, Header, Touch, Trace, VERSION};
use crate::trace::texts::Text;
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

/// An instruction that makes steps: where it stands, and the last step, which the next mostly repeats.
#[derive(Debug)]
struct Place {
    file: u32,
    line: u32,
    last: Option<Last>,
}

/// A step that was told in full.
#[derive(Clone, Copy, Debug)]
struct Last {
    op: Op,
    phase: Phase,
    call: Option<&'static str>,
    /// When the object was made that it accesses.
    born: u32,
    event: Event,
}

impl Last {
    /// Whether a step would be told with the same words, values apart.
    fn fits(&self, told: &Told, born: u32) -> bool {
        self.op == told.op
            && self.phase == told.phase
            && self.born == born
            && match (self.call, told.call) {
                (None, None) => true,
                (Some(a), Some(b)) => std::ptr::eq(a, b),
                _ => false,
            }
    }
}

/// Whether steps of this kind are told the same each time. Names of threads can change, items do, and a thread begins once.
fn repeats(op: Op) -> bool {
    match op {
        Op::Sync(_, verb) => !matches!(verb, Verb::Put(_) | Verb::Get(_)),
        Op::Access { part, .. } => !matches!(part, Part::Whole | Part::Key(_)),
        Op::Output(_) | Op::Clock | Op::Sleep(_) => true,
        _ => false,
    }
}

/// No number.
const UNKNOWN: u32 = u32::MAX;

/// A trace under way.
#[derive(Debug, Default)]
struct Tables {
    threads: Vec<Option<model::Thread>>,
    files: Vec<ModuleId>,
    /// For each instruction that made a step, by code and counter, its number in `places`; [`UNKNOWN`] until then.
    numbers: Vec<Vec<u32>>,
    places: Vec<Place>,
    events: Vec<Event>,
    touches: Vec<Touch>,
    things: Things,
    phrases: Phrases,
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
            let phrases = &mut tables.phrases;
            event.result = words::result(machine, &told, performed, phrases);
            if event.result.is_none()
                && matches!(performed, Performed::Done(_))
                && let Some(item) = item
            {
                event.result = Some(Datum::Text(phrases.texts.intern(&item)));
            }
        }
    }

    /// A thread has run on to its next operation.
    pub(super) fn ran(&mut self, machine: &Machine) {
        if let Some(tables) = &mut self.trace
            && let Some(before) = tables.writes.take()
            && let Some(event) = tables.events.last_mut()
        {
            let text = match &machine.output[before..] {
                [(_, text)] => tables.phrases.texts.push(text),
                pieces => {
                    let text: String = pieces.iter().map(|(_, text)| text.as_str()).collect();
                    tables.phrases.texts.push(&text)
                }
            };
            event.detail = Detail::Printed(text);
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
            touches: tables.touches,
            texts: tables.phrases.texts,
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
        let print = footprint(kernel, told.thread);
        let step = steps + 1;
        let time = kernel.now() - kernel.config().start_time;
        let touches = self.things.add(machine, &print, &mut self.touches);
        let place = site.map(|site| self.place(machine, site));
        // In several processes one object can have several names.
        let repeats = repeats(told.op) && machine.processes.len() == 1;
        let born = match told.op {
            Op::Access { object, .. } => machine.heap.born(object),
            _ => 0,
        };
        let known = place.filter(|_| repeats);
        if let Some(last) = known.and_then(|number| self.places[number].last)
            && last.fits(&told, born)
        {
            let mut event = Event {
                step,
                time,
                thread: told.thread.0,
                touches,
                ..last.event
            };
            match told.op {
                Op::Access {
                    object,
                    part,
                    write,
                } => {
                    let access = access::Access {
                        object,
                        part,
                        write,
                    };
                    let thread = machine.thread(told.thread);
                    (event.detail, event.result) = access::told_of(
                        machine,
                        thread,
                        access,
                        last.event.detail,
                        &mut self.phrases,
                    );
                }
                Op::Output(_) => self.writes = Some(machine.output.len()),
                _ => {}
            }
            self.events.push(event);
            return;
        }
        let mut peer = None;
        if let Op::Start(other) | Op::Join(other, _) | Op::Kill(other) = told.op {
            self.thread(machine, other);
            peer = Some(other.0);
        }
        let (file, line) = place.map_or((0, 0), |number| {
            let place = &self.places[number];
            (place.file, place.line)
        });
        let mut event = Event {
            step,
            time,
            thread: told.thread.0,
            // Not known yet.
            op: Text::EMPTY,
            object: None,
            peer,
            detail: Detail::None,
            result: None,
            file,
            line,
            touches,
        };
        let mut condition = false;
        match told.op {
            Op::Sync(id, verb) => {
                event.object = Some(namer.sync(machine, id));
                condition = kernel.lock_of(id).is_some();
                self.sync(machine, &told, verb, &mut event);
            }
            Op::Access {
                object,
                part,
                write,
            } => {
                let thread = machine.thread(told.thread);
                let access = access::Access {
                    object,
                    part,
                    write,
                };
                (event.detail, event.result) =
                    access::told(machine, thread, access, &mut self.phrases);
                event.object = Some(match part {
                    Part::Cell => namer.cell(machine, object, || access::variable(machine, thread)),
                    Part::Attr(name) if matches!(machine.heap.get(object), Obj::Module(_)) => {
                        namer.global(machine, object, name)
                    }
                    _ => namer.heap(machine, object),
                });
            }
            Op::Output(_) => self.writes = Some(machine.output.len()),
            _ => {
                if let Some(text) = words::detail(machine, &told) {
                    event.detail = Detail::Text(self.phrases.texts.intern(&text));
                }
            }
        }
        let fresh = matches!(machine.thread(told.thread).frames[..], [frame] if frame.pc == 0);
        event.op = self.phrases.word(match told.op {
            Op::Yield if fresh => "begin",
            op => told
                .call
                .unwrap_or_else(|| words::operation(op, told.phase, condition)),
        });
        if let Some(number) = known {
            self.places[number].last = Some(Last {
                op: told.op,
                phase: told.phase,
                call: told.call,
                born,
                event,
            });
        }
        self.events.push(event);
    }

    /// What is asked of a synchronisation object.
    fn sync(&mut self, machine: &Machine, told: &Told, verb: Verb, event: &mut Event) {
        let wait = words::detail(machine, told);
        let item = access::item(machine, machine.thread(told.thread), verb);
        let text = match (verb, wait, item) {
            (Verb::Put(_), Some(wait), Some(item)) => Some(format!("{item} {wait}")),
            (Verb::Put(_), None, item) => item,
            (_, wait, item) => {
                self.item = item;
                wait
            }
        };
        if let Some(text) = text {
            event.detail = Detail::Text(self.phrases.texts.intern(&text));
        }
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

    /// The number of an instruction's place.
    fn place(&mut self, machine: &Machine, site: Site) -> usize {
        let known = self.numbers.get(site.code.index());
        match known.and_then(|known| known.get(site.pc as usize)) {
            Some(&number) if number != UNKNOWN => number as usize,
            _ => self.new_place(machine, site),
        }
    }

    #[cold]
    fn new_place(&mut self, machine: &Machine, site: Site) -> usize {
        let program = &machine.image.program;
        let module = program.code(site.code).module;
        let known = self.files.iter().position(|id| *id == module);
        let file = known.unwrap_or_else(|| {
            self.files.push(module);
            self.files.len() - 1
        });
        let (code, pc) = (site.code.index(), site.pc as usize);
        if self.numbers.len() <= code {
            self.numbers.resize(code + 1, Vec::new());
        }
        let numbers = &mut self.numbers[code];
        if numbers.len() <= pc {
            numbers.resize(pc + 1, UNKNOWN);
        }
        numbers[pc] = self.places.len() as u32;
        self.places.push(Place {
            file: file as u32,
            line: program.line(site.code, site.pc),
            last: None,
        });
        self.places.len() - 1
    }
}
