//! Steps that are told by what an earlier one was told by: almost all are.

use super::{Begun, Inner, Inside, Key, Known, Last, Tables, UNKNOWN, takes_again};
use crate::id::ThreadId;
use crate::kernel::Phase;
use crate::kernel::footprint::{Mode, own_mode, undisturbed_op};
use crate::kernel::op::{Op, Part, Verb, Wait};
use crate::program::instr::Instr;
use crate::run::access;
use crate::run::site::{self, Site};
use crate::run::words::Told;
use crate::trace::model::{Datum, Detail, Event};
use crate::value::Value;
use crate::vm::exec::Like;
use crate::vm::machine::{Machine, Thread, Waiting};

/// Equality, with a short way for what is frequent.
#[inline]
fn same(a: &Op, b: &Op) -> bool {
    match (a, b) {
        (Op::Sync(x, Verb::Acquire(Wait::Forever)), Op::Sync(y, Verb::Acquire(Wait::Forever))) => {
            x == y
        }
        (Op::Sync(x, Verb::Put(Wait::Forever)), Op::Sync(y, Verb::Put(Wait::Forever)))
        | (Op::Sync(x, Verb::Get(Wait::Forever)), Op::Sync(y, Verb::Get(Wait::Forever))) => x == y,
        (Op::Sync(x, Verb::Release(m)), Op::Sync(y, Verb::Release(n))) => x == y && m == n,
        _ => a == b,
    }
}

/// The same for parts.
#[inline]
fn same_part(a: &Part, b: &Part) -> bool {
    match (a, b) {
        (Part::Attr(x), Part::Attr(y)) => x == y,
        _ => a == b,
    }
}

/// When the object was made that an operation accesses.
#[inline]
pub(super) fn born(machine: &Machine, op: Op) -> u32 {
    match op {
        Op::Access { object, .. } => machine.heap.born(object),
        _ => 0,
    }
}

/// How the thread's next step touches its synchronisation object, if it has one.
#[inline]
pub(super) fn sync_mode(machine: &Machine, t: ThreadId, op: Op) -> Option<Mode> {
    match op {
        Op::Sync(id, verb) => Some(own_mode(&machine.kernel, t, id, verb)),
        _ => None,
    }
}

/// Whether how an operation touches its object depends on who waits there.
#[inline]
fn depends_on_waiters(op: Op) -> bool {
    matches!(op, Op::Sync(_, Verb::Wait(_) | Verb::Set))
}

/// Whether steps of this kind have one shape. Names of threads can change, and a thread begins once.
pub(super) fn repeats(machine: &Machine, told: &Told, detail: Detail) -> bool {
    match told.op {
        Op::Sync(_, Verb::Put(wait)) => wait == Wait::Forever && detail == Detail::Value,
        Op::Sync(..) | Op::Output(_) | Op::Clock | Op::Sleep(_) => true,
        Op::Access { part, .. } => {
            access::repeats(machine, machine.thread(told.thread), part, detail)
        }
        _ => false,
    }
}

impl Tables {
    /// Tells a step of the program's own code by the shape of the last one at its place, if it has the same: almost all are told so,
    /// and quickly.
    #[inline]
    pub(super) fn as_last(
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
        let number = self.number(machine, Site { code, pc });
        let place = self.places.get(number as usize);
        let (Some(place), Some((op, phase))) = (place, undisturbed_op(kernel, t)) else {
            return false;
        };
        let Some(last) = place.last(phase) else {
            return false;
        };
        if last.phase != phase || machine.has_processes() {
            return false;
        }
        let mut value = None;
        let mut get = None;
        match (op, &last.op) {
            (
                &Op::Access {
                    object,
                    ref part,
                    write,
                },
                Op::Access {
                    object: known,
                    part: known_part,
                    write: wrote,
                },
            ) => {
                if object != *known
                    || write != *wrote
                    || !same_part(part, known_part)
                    || last.born != machine.heap.born(object)
                    || !(exact || matches!(thread.waiting, Waiting::Call(..)))
                {
                    return false;
                }
                if let Some(argument) = last.argument
                    && !argument.is_still(machine, thread, frame)
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
            (op, known) if !same(known, op) => return false,
            (Op::Output(_), _) => {
                self.writes = Some(machine.output.len());
                *step = None;
            }
            (&op, _) => {
                if depends_on_waiters(op) && last.mode != sync_mode(machine, t, op) {
                    return false;
                }
                if let Op::Sync(_, verb @ (Verb::Put(_) | Verb::Get(_))) = op {
                    let item = access::item(machine, thread, verb, &mut self.phrases.texts);
                    match verb {
                        Verb::Put(_) if item.is_none() => return false,
                        Verb::Put(_) => value = item,
                        _ => get = item,
                    }
                }
                *step = Some(Begun {
                    phase: last.phase,
                    again: self.locks && takes_again(machine, t, op),
                    call: None,
                    site: Some(Site { code, pc }),
                });
            }
        }
        // Few programs have any.
        if !self.inside.is_empty()
            && let Some(inside) = self.inside.get_mut(t.index())
        {
            inside.clear();
        }
        let shape = last.shape;
        if get.is_some() {
            self.item = get;
        }
        self.push(machine, t, steps, shape, value);
        true
    }

    /// The same by the shape of any earlier step that did the same at the same place.
    #[inline(never)]
    pub(super) fn as_before(
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
        let Some((&op, phase)) = undisturbed_op(kernel, t) else {
            return false;
        };
        if machine.processes.len() != 1 {
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
        let number = site.map_or(UNKNOWN, |site| self.number(machine, site));
        let place = self.places.get(number as usize);
        let instr = place.and_then(|place| place.instr);
        let at = (frame.code, frame.pc);
        let inner = bundled.then(|| self.inner.get(&at)).flatten();
        let as_inner = inner.filter(|inner| {
            inner.place == number
                && inner.goes_on == self.goes_on
                && inner.phase == phase
                && same(&inner.op, &op)
        });
        let Some(Known { shape, call, .. }) = (match as_inner {
            Some(inner) => Some(inner.known),
            None => self.look_up(machine, (t, thread), number, instr, bundled),
        }) else {
            return false;
        };
        let detail = self.shapes.get(shape).detail;
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
                    let access = (object, write, detail.takes_value());
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
                    again: self.locks && takes_again(machine, t, op),
                    call,
                    site,
                });
            }
        }
        self.push(machine, t, steps, shape, value);
        true
    }

    /// What is known of earlier steps that did the same at the same place; it is kept there, for the next ones.
    fn look_up(
        &mut self,
        machine: &Machine,
        (t, thread): (ThreadId, &Thread),
        number: u32,
        instr: Option<Instr>,
        bundled: bool,
    ) -> Option<Known> {
        let frame = thread.frames.last()?;
        let (op, phase) = (machine.kernel.pending(t), machine.kernel.phase(t));
        let born = born(machine, op);
        let key = Key {
            place: number,
            code: frame.code,
            pc: frame.pc,
            op,
            phase,
            argument: access::argument(machine, thread, op, instr, &mut self.phrases.texts),
            mode: sync_mode(machine, t, op),
            goes_on: self.goes_on,
        };
        let known = *self.known.get(&key).filter(|known| known.born == born)?;
        let detail = self.shapes.get(known.shape).detail;
        if bundled {
            // What it touches must follow from its operation.
            if matches!(op, Op::Sync(..)) && !depends_on_waiters(op) {
                let inner = Inner {
                    place: number,
                    goes_on: self.goes_on,
                    op,
                    phase,
                    known,
                };
                self.inner.insert((frame.code, frame.pc), inner);
            }
        } else if let Some(place) = self.places.get_mut(number as usize) {
            self.like = match (op, instr) {
                (Op::Access { object, write, .. }, Some(instr))
                    if access::is_plain(instr) && write == detail.takes_value() =>
                {
                    let at = machine.image.linked[frame.code.index()].caches + frame.pc;
                    let told = known.shape;
                    Some((at as usize, Like { object, born, told }))
                }
                _ => None,
            };
            place.lasts[usize::from(phase != Phase::Front)] = Some(Last {
                op,
                phase,
                born,
                mode: key.mode.filter(|_| depends_on_waiters(op)),
                shape: known.shape,
                takes_value: detail.takes_value(),
                source: match (op, instr) {
                    (Op::Access { write, .. }, Some(instr)) => {
                        let asked = detail.takes_value();
                        access::Source::of(machine, frame.code, instr, (write, asked))
                    }
                    _ => access::Source::Nowhere,
                },
                argument: access::Argument::of(machine, thread, op, instr),
            });
        }
        Some(known)
    }

    /// From now on, steps like that at hand may be told in short.
    pub(super) fn like(&mut self, machine: &mut Machine) {
        if let Some((at, like)) = self.like.take() {
            machine.likes.remember(at, like);
        }
    }

    /// The last accesses of the thread that runs, which it has told of in short; there were so many steps after them.
    pub(super) fn in_short(&mut self, machine: &mut Machine, steps: u64) {
        let config = machine.kernel.config();
        let cost = config.step_cost;
        let (now, thread) = (machine.kernel.now() - config.start_time, machine.current);
        if let Some(inside) = self.inside.get_mut(thread.index()) {
            inside.clear();
        }
        let told = machine.likes.take_steps();
        let first = steps - told.len() as u64;
        let start = now - cost * told.len() as u64;
        let event = |(i, (shape, value)): (usize, (u32, Value))| Event {
            step: first + 1 + i as u64,
            time: start + cost * i as u64,
            thread: thread.0,
            shape,
            value: match value {
                Value::Bool(value) => Some(Datum::Bool(value)),
                Value::Int(n) => Some(Datum::Int(n)),
                Value::Float(x) => Some(Datum::Float(x)),
                _ => Some(Datum::None),
            },
        };
        self.events.extend(told.enumerate().map(event));
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
}
