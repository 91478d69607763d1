//! The record of a run: trace events, and where locks were taken.

mod again;
mod tables;

use super::naming::Namer;
use super::phrases::Phrases;
use super::site::{self, Site};
use super::things::Things;
use super::words::Told;
use super::{Options, access, settings};
use crate::id::{CodeId, ModuleId, SyncId, ThreadId};
use crate::kernel::footprint::{Mode, follows_from_op};
use crate::kernel::op::{Answer, Op, Verb, Wait};
use crate::kernel::{Performed, Phase};
use crate::program::Program;
use crate::program::instr::Instr;
use crate::trace::growth::{Follow, Given, Part};
use crate::trace::model::{self, Datum, Event, Footer, Header, Touch, Trace, VERSION};
use crate::trace::shapes::Shapes;
use crate::vm::exec::{Like, Listener};
use crate::vm::machine::{Machine, Thread};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
pub(super) use tables::hides;

/// Where each thread took the locks (and semaphores' permits) that it holds, or held last: by lock, since few threads take one.
#[derive(Debug, Default)]
pub(super) struct Taken(Vec<SmallVec<[(ThreadId, Site); 2]>>);

impl Taken {
    fn insert(&mut self, id: SyncId, t: ThreadId, site: Site) {
        if self.0.len() <= id.index() {
            self.0.resize(id.index() + 1, SmallVec::new());
        }
        let threads = &mut self.0[id.index()];
        match threads.iter_mut().find(|(thread, _)| *thread == t) {
            Some((_, known)) => *known = site,
            None => threads.push((t, site)),
        }
    }

    pub(super) fn get(&self, id: SyncId, t: ThreadId) -> Option<Site> {
        let mut threads = self.0.get(id.index())?.iter();
        threads
            .find(|(thread, _)| *thread == t)
            .map(|(_, site)| *site)
    }
}

/// Listens to a run.
#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) taken: Taken,
    pub(super) namer: Namer,
    /// The step at hand, if something may be worth telling when it is over.
    step: Option<Begun>,
    trace: Option<Tables>,
    follower: Option<Follower>,
    /// Events that are kept before the follower is given them.
    room: usize,
    /// How many steps there were when the thread that runs went on.
    pub(super) steps: u64,
}

/// Who is given the trace while the run is under way.
#[derive(Debug)]
struct Follower {
    to: Box<dyn Follow>,
    header: Header,
    given: Given,
}

/// So many events are given to a follower at a time.
const BLOCK: usize = 4096;

impl Listener for Recorder {
    fn about_to(&mut self, machine: &mut Machine, thread: &Thread, ahead: u64) -> bool {
        let t = machine.current;
        let steps = self.steps + ahead;
        let Some(tables) = &mut self.trace else {
            return false;
        };
        if tables.events.len() >= self.room {
            give(
                tables,
                &self.namer,
                &machine.image.program,
                &mut self.follower,
            );
        }
        let step = &mut self.step;
        let of = (t, thread);
        if tables.as_last(machine, of, steps, step) {
            return true;
        }
        // In bundled code it matters where the thread's last step stood: that is looked at once for each step.
        let frame = thread.frames.last();
        let own = frame.is_some_and(|f| !machine.image.linked[f.code.index()].bundled);
        let told = own && tables.as_before(machine, of, steps, step);
        tables.like(machine);
        told
    }

    fn took(&mut self, machine: &Machine, t: ThreadId, performed: Performed) {
        self.performed(machine, t, performed);
    }

    fn came(&mut self, machine: &mut Machine, ahead: u64) {
        self.ran(machine, ahead);
    }
}

/// What is known of a step before it is performed.
#[derive(Clone, Copy, Debug)]
struct Begun {
    phase: Phase,
    /// Its operation is to take a lock that it holds already, if that matters.
    again: bool,
    call: Option<&'static str>,
    site: Option<Site>,
}

/// An instruction that makes steps: where it stands, and the last steps, which the next mostly repeats.
#[derive(Debug)]
struct Place {
    file: u32,
    line: u32,
    instr: Option<Instr>,
    /// The last one in front of the operation, and the last one within it, when its thread was woken.
    lasts: [Option<Last>; 2],
}

impl Place {
    #[inline]
    fn last(&self, phase: Phase) -> Option<&Last> {
        self.lasts[usize::from(phase != Phase::Front)].as_ref()
    }
}

/// A step that was told in full.
#[derive(Clone, Copy, Debug)]
struct Last {
    op: Op,
    phase: Phase,
    /// When the object was made that it accesses.
    born: u32,
    /// How it touches its synchronisation object, where that does not follow from the operation.
    mode: Option<Mode>,
    shape: u32,
    takes_value: bool,
    /// Where its value is found.
    source: access::Source,
    /// What else its words depend on.
    argument: Option<access::Argument>,
}

/// A step that was told in full within a call of bundled code.
#[derive(Clone, Copy, Debug)]
struct Inner {
    /// Number of the place that called it.
    place: u32,
    goes_on: bool,
    op: Op,
    phase: Phase,
    known: Known,
}

/// Whether thread `t` holds the lock already that the operation takes.
#[inline(always)]
fn takes_again(machine: &Machine, t: ThreadId, op: Op) -> bool {
    match op {
        Op::Sync(id, Verb::Acquire(_)) => machine.kernel.holder(id) == Some(t),
        _ => false,
    }
}

/// What makes steps the same, values apart: the place in the program's own code, if any, and what the thread is about to do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Key {
    /// Number of the place.
    place: u32,
    code: CodeId,
    pc: u32,
    op: Op,
    phase: Phase,
    /// See [`access::argument`].
    argument: Option<(u8, u64)>,
    /// How it touches its synchronisation object.
    mode: Option<Mode>,
    /// The thread's step before was in the same call of bundled code.
    goes_on: bool,
}

/// What is the same for all of them.
#[derive(Clone, Copy, Debug)]
struct Known {
    shape: u32,
    /// When the object was made that they access.
    born: u32,
    call: Option<&'static str>,
}

/// No number.
const UNKNOWN: u32 = u32::MAX;

/// A trace under way.
#[derive(Debug, Default)]
struct Tables {
    /// It matters where locks are taken.
    locks: bool,
    threads: Vec<Option<model::Thread>>,
    files: Vec<ModuleId>,
    /// For each instruction that made a step, by its number among all, its number in `places`; [`UNKNOWN`] until then.
    numbers: Vec<u32>,
    places: Vec<Place>,
    /// Of instructions of bundled code, the last steps.
    inner: FxHashMap<(CodeId, u32), Inner>,
    /// Earlier steps.
    known: FxHashMap<Key, Known>,
    events: Vec<Event>,
    shapes: Shapes,
    things: Things,
    phrases: Phrases,
    /// Pieces of output so far, while a step that writes one is under way.
    writes: Option<usize>,
    /// The item that a step takes from a queue, if it succeeds.
    item: Option<Datum>,
    /// What the step at hand touches.
    touches: Vec<Touch>,
    /// For each thread, where its last step stood in bundled code.
    inside: Vec<Inside>,
    /// The step at hand goes on with a call of bundled code.
    goes_on: bool,
    /// What the step at hand is like, if later ones may be told in short, and the number of its instruction.
    like: Option<(usize, Like)>,
}

/// Instructions of the frames of bundled code, outermost first; none in the program's own code.
type Inside = SmallVec<[(CodeId, u32); 6]>;

impl Recorder {
    /// One that only remembers where locks were taken.
    pub(super) fn of_locks() -> Self {
        Recorder {
            taken: Taken::default(),
            namer: Namer::default(),
            step: None,
            trace: None,
            follower: None,
            room: usize::MAX,
            steps: 0,
        }
    }

    /// One that makes a trace, and remembers where locks were taken if that matters.
    pub(super) fn of_trace(locks: bool) -> Self {
        let tables = Tables {
            locks,
            ..Tables::default()
        };
        Recorder {
            trace: Some(tables),
            ..Self::of_locks()
        }
    }

    /// From now on a follower is given the trace, as soon as there is much of it.
    pub(super) fn follow(&mut self, to: Box<dyn Follow>, header: Header) {
        let given = Given::default();
        self.follower = Some(Follower { to, header, given });
        self.room = BLOCK;
    }

    /// Thread `t` is about to take a step.
    #[inline]
    pub(super) fn before(&mut self, machine: &mut Machine, t: ThreadId, steps: u64) {
        if let Some(tables) = &mut self.trace
            && let Some(thread) = machine.threads.get(t.0).get()
        {
            if tables.events.len() >= self.room {
                give(
                    tables,
                    &self.namer,
                    &machine.image.program,
                    &mut self.follower,
                );
            }
            let step = &mut self.step;
            let of = (t, thread);
            if tables.as_last(machine, of, steps, step) {
                return;
            }
            let told = tables.as_before(machine, of, steps, step);
            tables.like(machine);
            if told {
                return;
            }
        }
        self.begin(machine, t, steps);
    }

    /// Tells a step in full.
    #[cold]
    #[inline(never)]
    fn begin(&mut self, machine: &mut Machine, t: ThreadId, steps: u64) {
        let kernel = &machine.kernel;
        let (site, call) = (site::site(machine, t), site::call(machine, t));
        let told = Told {
            thread: t,
            op: kernel.pending(t),
            phase: kernel.phase(t),
            call,
        };
        self.step = Some(Begun {
            phase: told.phase,
            again: takes_again(machine, t, told.op),
            call,
            site,
        });
        self.namer.look_from(machine.process_of(t));
        if let Some(tables) = &mut self.trace {
            let place = site.map(|site| tables.place(machine, site));
            // In several processes one object can have several names.
            let again = machine.processes.len() == 1 && follows_from_op(kernel, t);
            tables.begin(machine, &mut self.namer, told, place, again, steps);
            self.namer.settle(machine);
        }
    }

    /// The step is over, and its thread has not run on yet.
    #[inline]
    pub(super) fn performed(&mut self, machine: &Machine, t: ThreadId, performed: Performed) {
        if self.step.is_none() {
            return;
        }
        let op = machine.kernel.pending(t);
        // By far the most frequent ones.
        match (op, performed) {
            (Op::Sync(_, Verb::Release(_) | Verb::Put(_)), Performed::Done(Answer::Done)) => {
                self.step = None;
            }
            (Op::Sync(_, Verb::Acquire(Wait::Forever)), Performed::Done(Answer::Bool(true)))
                if self.trace.as_ref().is_some_and(|tables| !tables.locks) =>
            {
                self.step = None;
            }
            (Op::Sync(_, Verb::Get(_)), Performed::Done(Answer::Done)) => {
                self.step = None;
                if let Some(tables) = &mut self.trace {
                    tables.got();
                }
            }
            _ => self.end(machine, t, op, performed),
        }
    }

    fn end(&mut self, machine: &Machine, t: ThreadId, op: Op, performed: Performed) {
        let Some(begun) = self.step.take() else {
            return;
        };
        let locks = self.trace.as_ref().is_none_or(|tables| tables.locks);
        if let (Performed::Done(answer), Some(site)) = (performed, begun.site)
            && locks
        {
            match (op, answer) {
                (Op::Sync(id, Verb::Acquire(wait)), Answer::Bool(true)) => {
                    if !begun.again {
                        self.taken.insert(id, t, site);
                    }
                    if wait == Wait::Forever {
                        return;
                    }
                }
                (Op::Sync(id, Verb::Wait(_)), Answer::Bool(_)) => {
                    if let Some(lock) = machine.kernel.lock_of(id) {
                        self.taken.insert(lock, t, site);
                    }
                }
                _ => {}
            }
        }
        if let Some(tables) = &mut self.trace {
            let told = Told {
                thread: t,
                op,
                phase: begun.phase,
                call: begun.call,
            };
            tables.end(machine, &told, performed);
        }
    }

    /// The thread that runs has come to its next operation, and taken so many steps by itself on the way.
    #[inline]
    pub(super) fn ran(&mut self, machine: &mut Machine, ahead: u64) {
        if let Some(tables) = &mut self.trace {
            if let Some(before) = tables.writes.take() {
                tables.wrote(machine, before);
            }
            if machine.likes.has_steps() {
                tables.in_short(machine, self.steps + ahead);
            }
        }
    }

    /// The trace of a run that is over, if no follower has it.
    pub(super) fn finish(
        mut self,
        machine: &Machine,
        header: Header,
        footer: Footer,
    ) -> Option<Trace> {
        let mut tables = self.trace?;
        self.namer.end(machine);
        let program = &machine.image.program;
        for t in machine.kernel.threads() {
            tables.thread(machine, t);
        }
        let trace = Trace {
            header,
            threads: tables.threads.into_iter().flatten().collect(),
            objects: self.namer.into_objects(),
            files: tables
                .files
                .iter()
                .map(|id| program.modules[id.index()].path.to_string())
                .collect(),
            events: tables.events,
            shapes: tables.shapes,
            texts: tables.phrases.texts,
            footer,
        };
        match self.follower {
            Some(mut follower) if follower.given.shapes > 0 => {
                follower.to.end(trace);
                None
            }
            _ => Some(trace),
        }
    }
}

/// Gives the follower what is new.
#[cold]
#[inline(never)]
fn give(tables: &mut Tables, namer: &Namer, program: &Program, follower: &mut Option<Follower>) {
    let Some(Follower { to, header, given }) = follower else {
        return;
    };
    let (threads, texts) = (&tables.threads[given.threads..], &tables.phrases.texts);
    let path = |id: &ModuleId| program.modules[id.index()].path.to_string();
    let part = Part {
        events: std::mem::take(&mut tables.events),
        threads: threads.iter().map_while(Clone::clone).collect(),
        objects: namer.objects()[given.objects..].to_vec(),
        files: tables.files[given.files..].iter().map(path).collect(),
        shapes: tables.shapes.tail(given.shapes),
        texts: texts.tail(given.texts),
    };
    *given = Given {
        threads: given.threads + part.threads.len(),
        objects: namer.objects().len(),
        files: tables.files.len(),
        shapes: tables.shapes.len(),
        texts: texts.len(),
    };
    tables.events = to.part(header, part);
    tables.events.clear();
}

/// What a run's trace begins with.
pub(super) fn header(program: &Program, options: &Options, strategy: &str) -> Header {
    Header {
        raddle: VERSION,
        program: program.modules[program.main as usize].path.to_string(),
        digest: format!("{:08x}", program.digest),
        strategy: strategy.to_owned(),
        seed: options.seed,
        options: settings::to_text(options),
    }
}
