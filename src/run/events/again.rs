//! Steps that are told by what an earlier one was told by: almost all are.

use super::{Begun, Inside, Key, Known, Last, Tables, UNKNOWN, takes_again};
use crate::id::ThreadId;
use crate::kernel::footprint::{Mode, own_mode, undisturbed};
use crate::kernel::op::{Op, Part, Verb, Wait};
use crate::run::access;
use crate::run::site::{self, Site};
use crate::run::words::Told;
use crate::trace::model::Detail;
use crate::vm::machine::{Machine, Thread, Waiting};

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
}
