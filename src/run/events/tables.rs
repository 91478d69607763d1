//! Steps told in full, and what came of them.

use super::again::{born, repeats, sync_mode};
use super::{Key, Known, Place, Tables, UNKNOWN};
use crate::id::ThreadId;
use crate::kernel::Performed;
use crate::kernel::footprint::footprint;
use crate::kernel::op::{Op, Part, Verb};
use crate::run::access;
use crate::run::naming::Namer;
use crate::run::site::{self, Outer, Site, thread_name};
use crate::run::words::{self, Told};
use crate::trace::model::{self, Datum, Detail, Event, Shape};
use crate::value::object::Obj;
use crate::vm::machine::Machine;

/// Whether a step is the inside of a call: what it is done to, or that it is done, nobody but bundled code knows.
pub(in crate::run) fn hides(
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

impl Tables {
    #[inline]
    pub(super) fn push(
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
    pub(super) fn begin(
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
    pub(super) fn end(&mut self, machine: &Machine, told: &Told, performed: Performed) {
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

    /// The newest step took an item from a queue.
    #[inline]
    pub(super) fn got(&mut self) {
        if let Some(item) = self.item.take()
            && let Some(event) = self.events.last_mut()
        {
            event.value = Some(item);
        }
    }

    /// What the newest step wrote.
    pub(super) fn wrote(&mut self, machine: &Machine, before: usize) {
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
    pub(super) fn thread(&mut self, machine: &Machine, t: ThreadId) {
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
    pub(super) fn number(&self, machine: &Machine, site: Site) -> u32 {
        let number = self.numbers.get(site.number(machine));
        number.copied().unwrap_or(UNKNOWN)
    }

    pub(super) fn place(&mut self, machine: &Machine, site: Site) -> usize {
        match self.number(machine, site) {
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
        let number = site.number(machine);
        if self.numbers.len() <= number {
            self.numbers.resize(number + 1, UNKNOWN);
        }
        self.numbers[number] = self.places.len() as u32;
        self.places.push(Place {
            file: file as u32,
            line: program.line(site.code, site.pc),
            instr: program
                .code(site.code)
                .instrs
                .get(site.pc as usize)
                .copied(),
            lasts: [None; 2],
        });
        self.places.len() - 1
    }
}
