//! The record of a run: trace events, and where locks were taken.

use super::naming::Namer;
use super::phrases::Phrases;
use super::site::{self, Outer, Site, thread_name};
use super::things::Things;
use super::words::{self, Told};
use super::{Ending, Options, access, settings};
use crate::id::{CodeId, ModuleId, SyncId, ThreadId};
use crate::kernel::footprint::{Mode, follows_from_op, footprint, own_mode, undisturbed};
use crate::kernel::op::{Answer, Op, Part, Verb, Wait};
use crate::kernel::{Performed, Phase};
use crate::program::instr::Instr;
use crate::trace::model::{
    self, Datum, Detail, Event, Footer, Header, Shape, Touch, Trace, VERSION,
};
use crate::trace::shapes::Shapes;
use crate::value::object::Obj;
use crate::vm::exec::Listener;
use crate::vm::machine::{Machine, Thread, Waiting};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Where each thread took the locks (and semaphores' permits) that it holds, or held last.
pub(super) type Taken = FxHashMap<(SyncId, ThreadId), Site>;

/// Listens to a run.
#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) taken: Taken,
    pub(super) namer: Namer,
    /// The step at hand, if something may be worth telling when it is over.
    step: Option<Begun>,
    trace: Option<Tables>,
    /// How many steps there were when the thread that runs went on.
    pub(super) steps: u64,
}

impl Listener for Recorder {
    fn about_to(&mut self, machine: &Machine, thread: &Thread, ahead: u64) -> bool {
        let t = machine.current;
        let steps = self.steps + ahead;
        match &mut self.trace {
            Some(tables) => {
                let step = &mut self.step;
                let of = (t, thread);
                // In bundled code it matters where the thread's last step stood: that is looked at once for each step.
                let frame = thread.frames.last();
                let own = frame.is_some_and(|f| !machine.image.linked[f.code.index()].bundled);
                tables.as_last(machine, of, steps, step)
                    || own && tables.as_before(machine, of, steps, step)
            }
            None => false,
        }
    }

    fn took(&mut self, machine: &Machine, t: ThreadId, performed: Performed) {
        self.performed(machine, t, performed);
    }

    fn came(&mut self, machine: &Machine) {
        self.ran(machine);
    }
}

/// What is known of a step before it is performed.
#[derive(Clone, Copy, Debug)]
struct Begun {
    phase: Phase,
    /// Its operation is to take a lock that it holds already.
    again: bool,
    call: Option<&'static str>,
    site: Option<Site>,
}

/// An instruction that makes steps: where it stands, and the last step, which the next mostly repeats.
#[derive(Debug)]
struct Place {
    file: u32,
    line: u32,
    instr: Option<Instr>,
    last: Option<Last>,
}

/// A step that was told in full.
#[derive(Clone, Copy, Debug)]
struct Last {
    op: Op,
    phase: Phase,
    /// When the object was made that it accesses.
    born: u32,
    shape: u32,
    takes_value: bool,
    /// Where its value is found.
    source: access::Source,
}

/// Whether thread `t` holds the lock already that the operation takes.
#[inline(always)]
fn takes_again(machine: &Machine, t: ThreadId, op: Op) -> bool {
    match op {
        Op::Sync(id, Verb::Acquire(_)) => machine.kernel.holder(id) == Some(t),
        _ => false,
    }
}

/// Whether a step is the inside of a call: what it is done to, or that it is done, nobody but bundled code knows.
pub(super) fn hides(
    machine: &Machine,
    namer: &Namer,
    told: &Told,
    word: &str,
    outer: &Outer,
) -> bool {
    // A part of the call that has a word of its own: of `close`, say.
    let part = |call| !outer.direct && call == outer.name;
    match told.op {
        _ if told.call.is_some_and(|call| !part(call)) => false,
        Op::Sync(id, _) => {
            let direct = outer.by_program && outer.inner.is_some() && says(outer.name, word);
            namer.is_hidden(id) && (told.call.is_some() || !direct)
        }
        Op::Access { object, .. } => outer.by_program && namer.is_bundled_own(machine, object),
        Op::Clock => !outer.direct,
        _ => false,
    }
}

/// Whether a method's name says the same as the operation that it comes down to.
fn says(name: &str, word: &str) -> bool {
    match word {
        "wake" | "reacquire" => name == "wait",
        "qsize" => matches!(name, "qsize" | "empty" | "full"),
        word => name == word || name.strip_suffix("_nowait") == Some(word),
    }
}

/// Equality, with a short way for what is frequent.
#[inline]
fn same(a: Op, b: Op) -> bool {
    match (a, b) {
        (Op::Sync(x, Verb::Acquire(Wait::Forever)), Op::Sync(y, Verb::Acquire(Wait::Forever))) => {
            x == y
        }
        (Op::Sync(x, Verb::Release(m)), Op::Sync(y, Verb::Release(n))) => x == y && m == n,
        (
            Op::Access {
                object: x,
                part: Part::Attr(p),
                write: v,
            },
            Op::Access {
                object: y,
                part: Part::Attr(q),
                write: w,
            },
        ) => x == y && p == q && v == w,
        _ => a == b,
    }
}

/// When the object was made that an operation accesses.
#[inline]
fn born(machine: &Machine, op: Op) -> u32 {
    match op {
        Op::Access { object, .. } => machine.heap.born(object),
        _ => 0,
    }
}

/// How the thread's next step touches its synchronisation object, if it has one.
#[inline]
fn sync_mode(machine: &Machine, t: ThreadId, op: Op) -> Option<Mode> {
    match op {
        Op::Sync(id, verb) => Some(own_mode(&machine.kernel, t, id, verb)),
        _ => None,
    }
}

/// Whether steps of this kind have one shape. Names of threads can change, and a thread begins once.
fn repeats(machine: &Machine, told: &Told, detail: Detail) -> bool {
    match told.op {
        Op::Sync(_, Verb::Put(wait)) => wait == Wait::Forever && detail == Detail::Value,
        Op::Sync(..) | Op::Output(_) | Op::Clock | Op::Sleep(_) => true,
        Op::Access { part, .. } => {
            access::repeats(machine, machine.thread(told.thread), part, detail)
        }
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
    threads: Vec<Option<model::Thread>>,
    files: Vec<ModuleId>,
    /// For each instruction that made a step, by code and counter, its number in `places`; [`UNKNOWN`] until then.
    numbers: Vec<Vec<u32>>,
    places: Vec<Place>,
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
            steps: 0,
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
    #[inline]
    pub(super) fn before(&mut self, machine: &Machine, t: ThreadId, steps: u64) {
        let as_before = match &mut self.trace {
            Some(tables) => {
                let step = &mut self.step;
                let thread = machine.threads.get(t.0).get();
                thread.is_some_and(|thread| {
                    let of = (t, thread);
                    tables.as_last(machine, of, steps, step)
                        || tables.as_before(machine, of, steps, step)
                })
            }
            None => false,
        };
        if !as_before {
            self.begin(machine, t, steps);
        }
    }

    /// Tells a step in full.
    #[cold]
    #[inline(never)]
    fn begin(&mut self, machine: &Machine, t: ThreadId, steps: u64) {
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
        match (op, performed, &self.step) {
            (Op::Sync(_, Verb::Release(_)), Performed::Done(Answer::Done), _) => self.step = None,
            _ => self.end(machine, t, op, performed),
        }
    }

    fn end(&mut self, machine: &Machine, t: ThreadId, op: Op, performed: Performed) {
        let Some(begun) = self.step.take() else {
            return;
        };
        if let (Performed::Done(answer), Some(site)) = (performed, begun.site) {
            match (op, answer) {
                (Op::Sync(id, Verb::Acquire(wait)), Answer::Bool(true)) => {
                    if !begun.again {
                        self.taken.insert((id, t), site);
                    }
                    if wait == Wait::Forever {
                        return;
                    }
                }
                (Op::Sync(id, Verb::Wait(_)), Answer::Bool(_)) => {
                    if let Some(lock) = machine.kernel.lock_of(id) {
                        self.taken.insert((lock, t), site);
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

    /// A thread has run on to its next operation.
    #[inline]
    pub(super) fn ran(&mut self, machine: &Machine) {
        if let Some(tables) = &mut self.trace
            && let Some(before) = tables.writes.take()
        {
            tables.wrote(machine, before);
        }
    }

    /// The trace of a run that is over.
    pub(super) fn finish(
        mut self,
        machine: &Machine,
        options: &Options,
        end: End,
    ) -> Option<Trace> {
        let mut tables = self.trace?;
        self.namer.end(machine);
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
            shapes: tables.shapes,
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
    /// Tells a step of the program's own code by the shape of the last one at its place, if it has the same: almost all are told so,
    /// and quickly.
    #[inline]
    fn as_last(
        &mut self,
        machine: &Machine,
        (t, thread): (ThreadId, &Thread),
        steps: u64,
        step: &mut Option<Begun>,
    ) -> bool {
        let kernel = &machine.kernel;
        let Some(frame) = thread.frames.last() else {
            return false;
        };
        let exact = matches!(thread.waiting, Waiting::Access);
        let pc = frame.pc.wrapping_sub(u32::from(!exact));
        let code = frame.code;
        // Bundled code has no places.
        let number = self.number(Site { code, pc });
        let place = self.places.get(number as usize);
        let Some(last) = place.and_then(|place| place.last.as_ref()) else {
            return false;
        };
        let op = kernel.pending(t);
        if !same(last.op, op)
            || last.phase != kernel.phase(t)
            || !undisturbed(kernel, t)
            || machine.processes.len() != 1
        {
            return false;
        }
        let mut value = None;
        match op {
            Op::Access { object, write, .. } => {
                if last.born != machine.heap.born(object)
                    || !(exact || matches!(thread.waiting, Waiting::Call(..)))
                {
                    return false;
                }
                let texts = &mut self.phrases.texts;
                value = last.source.value(machine, thread, frame, object, texts);
                if (write || last.takes_value) && value.is_some() != last.takes_value {
                    return false;
                }
                *step = None;
            }
            Op::Output(_) => {
                self.writes = Some(machine.output.len());
                *step = None;
            }
            // Items of a queue; and what these touch depends on who waits.
            Op::Sync(_, Verb::Put(_) | Verb::Get(_) | Verb::Wait(_) | Verb::Set) => return false,
            op => {
                *step = Some(Begun {
                    phase: last.phase,
                    again: takes_again(machine, t, op),
                    call: None,
                    site: Some(Site { code, pc }),
                });
            }
        }
        if let Some(inside) = self.inside.get_mut(t.index()) {
            inside.clear();
        }
        let shape = last.shape;
        self.push(machine, t, steps, shape, value);
        true
    }

    /// The same by the shape of any earlier step that did the same at the same place.
    #[inline(never)]
    fn as_before(
        &mut self,
        machine: &Machine,
        (t, thread): (ThreadId, &Thread),
        steps: u64,
        step: &mut Option<Begun>,
    ) -> bool {
        let kernel = &machine.kernel;
        let Some(frame) = thread.frames.last() else {
            return false;
        };
        let bundled = machine.image.linked[frame.code.index()].bundled;
        self.goes_on = self.goes_on(machine, t, bundled);
        let (op, phase) = (kernel.pending(t), kernel.phase(t));
        if !undisturbed(kernel, t) || machine.processes.len() != 1 {
            return false;
        }
        let site = match bundled {
            false => {
                let access = matches!(thread.waiting, Waiting::Access);
                Some(Site {
                    code: frame.code,
                    pc: frame.pc.wrapping_sub(u32::from(!access)),
                })
            }
            true => site::site(machine, t),
        };
        let number = site.map_or(UNKNOWN, |site| self.number(site));
        let place = self.places.get(number as usize);
        let instr = place.and_then(|place| place.instr);
        let born = born(machine, op);
        let argument = access::argument(machine, thread, op, instr, &mut self.phrases.texts);
        let key = Key {
            place: number,
            code: frame.code,
            pc: frame.pc,
            op,
            phase,
            argument,
            mode: sync_mode(machine, t, op),
            goes_on: self.goes_on,
        };
        let known = self.known.get(&key);
        let Some(&Known { shape, call, .. }) = known.filter(|known| known.born == born) else {
            return false;
        };
        let detail = self.shapes.get(shape).detail;
        if !bundled
            && argument.is_none()
            && let Some(place) = self.places.get_mut(number as usize)
        {
            place.last = Some(Last {
                op,
                phase,
                born,
                shape,
                takes_value: detail.takes_value(),
                source: match (op, instr) {
                    (Op::Access { write, .. }, Some(instr)) => {
                        access::Source::of(machine, frame.code, instr, write)
                    }
                    _ => access::Source::Nowhere,
                },
            });
        }
        let texts = &mut self.phrases.texts;
        let mut value = None;
        *step = None;
        match op {
            Op::Access { object, write, .. } => {
                let instr = match thread.waiting {
                    Waiting::Access | Waiting::Call(..) if !bundled => instr,
                    _ => access::instruction(machine, thread),
                };
                if let Some(instr) = instr {
                    let access = (object, write);
                    value = access::value(machine, thread, frame, instr, access, texts);
                }
                // Values that cannot be told are told in other words.
                if (write || detail.takes_value()) && value.is_some() != detail.takes_value() {
                    return false;
                }
            }
            Op::Output(_) => self.writes = Some(machine.output.len()),
            op => {
                if let Op::Sync(_, verb @ (Verb::Put(_) | Verb::Get(_))) = op {
                    let item = access::item(machine, thread, verb, texts);
                    match verb {
                        Verb::Put(_) if item.is_none() => return false,
                        Verb::Put(_) => value = item,
                        _ => self.item = item,
                    }
                }
                *step = Some(Begun {
                    phase,
                    again: takes_again(machine, t, op),
                    call,
                    site,
                });
            }
        }
        self.push(machine, t, steps, shape, value);
        true
    }

    /// Whether the step that thread `t` takes is a part of the call of bundled code that its last one was a part of: it stands further on
    /// in the same frames.
    #[inline]
    fn goes_on(&mut self, machine: &Machine, t: ThreadId, bundled: bool) -> bool {
        if !bundled {
            if let Some(inside) = self.inside.get_mut(t.index()) {
                inside.clear();
            }
            return false;
        }
        if self.inside.len() <= t.index() {
            self.inside.resize(t.index() + 1, Inside::new());
        }
        let frames = site::bundled_frames(machine, machine.thread(t));
        let before = &mut self.inside[t.index()];
        let pairs = before.iter().zip(frames);
        let alike = pairs.take_while(|(at, frame)| **at == (frame.code, frame.pc));
        let alike = alike.count();
        let goes_on = match (before.get(alike), frames.get(alike)) {
            (Some((code, from)), Some(frame)) => *code == frame.code && *from < frame.pc,
            (None, Some(_)) => alike > 0,
            (_, None) => false,
        };
        before.truncate(alike);
        before.extend(frames[alike..].iter().map(|frame| (frame.code, frame.pc)));
        goes_on
    }

    #[inline]
    fn push(
        &mut self,
        machine: &Machine,
        thread: ThreadId,
        steps: u64,
        shape: u32,
        value: Option<Datum>,
    ) {
        let kernel = &machine.kernel;
        self.events.push(Event {
            step: steps + 1,
            time: kernel.now() - kernel.config().start_time,
            thread: thread.0,
            shape,
            value,
        });
    }

    /// Tells a step in full, and `again` if later ones may be told by it.
    #[cold]
    fn begin(
        &mut self,
        machine: &Machine,
        namer: &mut Namer,
        told: Told,
        place: Option<usize>,
        again: bool,
        steps: u64,
    ) {
        let kernel = &machine.kernel;
        self.thread(machine, told.thread);
        let print = footprint(kernel, told.thread);
        self.touches.clear();
        self.things.add(machine, &print, &mut self.touches);
        let outer = site::outer(machine, machine.thread(told.thread));
        let mut peer = None;
        if let Op::Start(other) | Op::Join(other, _) | Op::Kill(other) = told.op {
            self.thread(machine, other);
            peer = Some(other.0);
        }
        let (file, line) = place.map_or((0, 0), |number| {
            let place = &self.places[number];
            (place.file, place.line)
        });
        let (mut object, mut detail, mut value) = (None, Detail::None, None);
        let mut condition = false;
        let mut opened = None;
        match told.op {
            Op::Sync(id, verb) => {
                let owner = outer.and_then(|outer| outer.inner);
                object = Some(namer.sync_of(machine, id, owner));
                condition = kernel.lock_of(id).is_some();
                (detail, value) = self.sync(machine, &told, verb);
            }
            Op::Access {
                object: accessed,
                part,
                write,
            } => {
                let thread = machine.thread(told.thread);
                let access = access::Access {
                    object: accessed,
                    part,
                    write,
                };
                (detail, value) = access::told(machine, thread, access, &mut self.phrases);
                opened = access::called(machine, thread).map(|path| namer.file(path));
                object = opened.or_else(|| {
                    Some(match part {
                        Part::Cell => {
                            namer.cell(machine, accessed, || access::variable(machine, thread))
                        }
                        Part::Attr(name)
                            if matches!(machine.heap.get(accessed), Obj::Module(_)) =>
                        {
                            namer.global(machine, accessed, name)
                        }
                        _ => namer.heap(machine, accessed),
                    })
                });
            }
            Op::Output(_) => {
                detail = Detail::Printed;
                self.writes = Some(machine.output.len());
            }
            _ => {
                if let Some(text) = words::detail(machine, &told) {
                    detail = Detail::Text(self.phrases.texts.intern(&text));
                }
            }
        }
        let fresh = matches!(machine.thread(told.thread).frames[..], [frame] if frame.pc == 0);
        let word = match told.op {
            Op::Yield if fresh => "begin",
            op => told
                .call
                .unwrap_or_else(|| words::operation(op, told.phase, condition)),
        };
        let call = outer
            .filter(|outer| match opened {
                Some(_) => outer.by_program,
                None => hides(machine, namer, &told, word, outer),
            })
            .map(|outer| model::Call {
                name: match outer.name.strip_suffix("_nowait") == Some(word) {
                    true => self.phrases.word(word),
                    false => self.phrases.texts.intern(outer.name),
                },
                object: match outer.owner {
                    // Whatever means it is opened and written by, it is the file that counts.
                    _ if opened.is_some() => opened,
                    Some(owner) => Some(namer.heap(machine, owner)),
                    // What a pool's own threads do is told of the pool.
                    None => object.filter(|_| !outer.by_program),
                },
                goes_on: self.goes_on,
            });
        // Whose call it is, the operation tells only if it is done to that object.
        let implied = call.is_none_or(|call| call.object.is_none() || call.object == object);
        let op = self.phrases.word(word);
        let shape = Shape {
            op,
            object,
            peer,
            detail,
            file,
            line,
            call,
        };
        let shape = self.shapes.intern(&shape, &self.touches);
        if again
            && implied
            && repeats(machine, &told, detail)
            && let Some(frame) = machine.thread(told.thread).frames.last()
        {
            let thread = machine.thread(told.thread);
            let instr = place.and_then(|number| self.places[number].instr);
            let texts = &mut self.phrases.texts;
            let key = Key {
                place: place.map_or(UNKNOWN, |number| number as u32),
                code: frame.code,
                pc: frame.pc,
                op: told.op,
                phase: told.phase,
                argument: access::argument(machine, thread, told.op, instr, texts),
                mode: sync_mode(machine, told.thread, told.op),
                goes_on: self.goes_on,
            };
            let known = Known {
                shape,
                born: born(machine, told.op),
                call: told.call,
            };
            self.known.insert(key, known);
        }
        self.push(machine, told.thread, steps, shape, value);
    }

    /// What came of the newest step.
    #[cold]
    fn end(&mut self, machine: &Machine, told: &Told, performed: Performed) {
        let Some(event) = self.events.last_mut() else {
            return;
        };
        let item = self.item.take();
        let result = words::result(machine, told, performed, &mut self.phrases);
        let Some(result) = result.or(item.filter(|_| matches!(performed, Performed::Done(_))))
        else {
            return;
        };
        let shape = *self.shapes.get(event.shape);
        if shape.detail.takes_value() {
            // Both can be told only if one of them is put into words.
            let (before, after) = shape.detail.frame(&self.phrases.texts);
            let value = event.value.unwrap_or(Datum::None);
            let text = format!("{before}{}{after}", value.words(&self.phrases.texts));
            let shape = Shape {
                detail: Detail::Text(self.phrases.texts.intern(&text)),
                ..shape
            };
            let touches = self.shapes.touches(event.shape).to_vec();
            event.shape = self.shapes.intern(&shape, &touches);
        }
        event.value = Some(result);
    }

    /// What the newest step wrote.
    fn wrote(&mut self, machine: &Machine, before: usize) {
        if let Some(event) = self.events.last_mut() {
            let text = match &machine.output[before..] {
                [(_, text)] => self.phrases.printed(text),
                pieces => {
                    let text: String = pieces.iter().map(|(_, text)| text.as_str()).collect();
                    self.phrases.printed(&text)
                }
            };
            event.value = Some(Datum::Str(text));
        }
    }

    /// What is asked of a synchronisation object.
    fn sync(&mut self, machine: &Machine, told: &Told, verb: Verb) -> (Detail, Option<Datum>) {
        let wait = words::detail(machine, told);
        let texts = &mut self.phrases.texts;
        let item = access::item(machine, machine.thread(told.thread), verb, texts);
        let text = match (verb, wait, item) {
            (Verb::Put(_), None, Some(item)) => return (Detail::Value, Some(item)),
            (Verb::Put(_), Some(wait), Some(item)) => Some(format!("{} {wait}", item.words(texts))),
            (Verb::Put(_), wait, None) => wait,
            (_, wait, item) => {
                self.item = item;
                wait
            }
        };
        let detail = text.map_or(Detail::None, |text| Detail::Text(texts.intern(&text)));
        (detail, None)
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

    /// The number of an instruction's place, if it has one.
    #[inline]
    fn number(&self, site: Site) -> u32 {
        let numbers = self.numbers.get(site.code.index());
        let number = numbers.and_then(|numbers| numbers.get(site.pc as usize));
        number.copied().unwrap_or(UNKNOWN)
    }

    fn place(&mut self, machine: &Machine, site: Site) -> usize {
        match self.number(site) {
            UNKNOWN => self.new_place(machine, site),
            number => number as usize,
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
            instr: program.code(site.code).instrs.get(pc).copied(),
            last: None,
        });
        self.places.len() - 1
    }
}
