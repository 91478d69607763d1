//! The steps of the run under way as a partial order.
//!
//! Happens-before is the smallest order that has each thread's own steps in their order, what starts a thread before its steps,
//! dependent steps ([`footprint`](crate::kernel::footprint)) in the order in which they came, and all that was before a jump of
//! the clock before what the jump woke. It is kept as vector clocks: a step that depends on no other thread's has the clock of the one
//! before it. Two runs with the same partial order are the same Mazurkiewicz trace: they lead to the same state.

mod clock;
mod race;
mod step;

use smallvec::SmallVec;
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::id::ThreadId;
use crate::kernel::footprint::{Mode, Resource, Touch, footprint_onto};
use crate::kernel::gate::{Gate, Need, foresee, is_open, need};
use crate::kernel::op::{Op, Part, Verb};
use crate::kernel::{Kernel, ThreadState};

use super::system::{System, Words};
use crate::vm::exec::Forces;
use clock::{Clock, Clocks, Row, join, know};
use race::Compared;
pub(super) use step::{Mask, Meets};

/// A performed step.
#[derive(Clone, Copy, Debug)]
struct Event {
    /// What it touched, in bits.
    mask: Mask,
    /// The same of it and all its thread's steps before it.
    masks: Mask,
    /// Whose.
    thread: ThreadId,
    /// Its number among that thread's, from 1.
    number: u32,
    /// The thread's event before it.
    before: u32,
    /// Its clock.
    clock: Row,
    /// How many clocks there were after it.
    clocks: u32,
    /// Where what it touched ends in [`Events::touches`]; it begins where that of the event before it ends.
    touches: u32,
    /// The same of [`Events::gates`].
    gates: u32,
    /// Where in [`Events::rest`] the rest of it is, plus 1, if there is anything to tell.
    rest: u32,
}

/// What few steps have.
#[derive(Clone, Debug)]
struct Rest {
    /// Which waiters it chose to notify.
    chosen: SmallVec<[ThreadId; 2]>,
    /// Since when it could end by time.
    due: u32,
    /// What had woken it.
    waker: u32,
    /// The thread that it starts.
    started: Option<ThreadId>,
}

/// A step that is about to be performed, or is being performed. What it touches and the gates are kept behind those of the events.
#[derive(Clone, Debug, Default)]
struct Begun {
    thread: ThreadId,
    need: Need,
    /// What it writes, if that has to fit.
    writes: Option<Words>,
    /// The thread that it starts.
    started: Option<ThreadId>,
    /// It may wake others that wait within their operations.
    wakes: bool,
    /// Which waiters it chose to notify.
    chosen: SmallVec<[ThreadId; 2]>,
}

/// A step that has begun, to begin it again.
#[derive(Clone, Debug)]
pub(super) struct Again {
    begun: Begun,
    touches: Vec<Touch>,
    gates: Vec<Gate>,
}

/// What is kept of a thread.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// [`Event::masks`] of its newest event.
    masks: Mask,
    /// How many events it has.
    number: u32,
    /// Its newest event.
    last: u32,
    /// The event that started it.
    start: u32,
    /// Since how many events its timed operation may end by time; 0 if it needed no passing of time, [`NOT_DUE`] if it may not.
    due: u32,
    /// The event that woke it from within its operation.
    waker: u32,
}

const NOT_DUE: u32 = u32::MAX;

impl Line {
    const NEW: Line = Line {
        masks: Mask::NONE,
        number: 0,
        last: 0,
        start: 0,
        due: NOT_DUE,
        waker: 0,
    };

    /// Whether it is certain that only its own steps come before its next, whatever that touches, and what came before them.
    #[inline]
    fn is_plain(&self) -> bool {
        self.last > 0 && self.waker == 0 && self.due == NOT_DUE
    }

    /// Whether its next step comes after a jump of the clock, if the clock jumps.
    #[inline]
    fn waits(&self) -> bool {
        self.due != NOT_DUE && self.due > 0
    }

    /// Whether something else comes before its next step, whatever that touches, than what came before its newest.
    #[inline]
    fn hears(&self) -> bool {
        self.waker > 0 || self.last == 0 && self.start > 0
    }
}

/// The event that stands for none, before all others: it knows and touches nothing.
const NONE: Event = Event {
    mask: Mask::NONE,
    masks: Mask::NONE,
    thread: ThreadId(0),
    number: 0,
    before: 0,
    clock: 0,
    clocks: 1,
    touches: 0,
    gates: 0,
    rest: 0,
};

/// The steps of a run so far.
#[derive(Debug)]
pub struct Events {
    /// All of them, from number 1 on; number 0 stands for [none](NONE).
    events: Vec<Event>,
    /// What they touched, and then what the step that has begun touches.
    touches: Vec<Touch>,
    /// How open that was before.
    gates: Vec<Gate>,
    rest: Vec<Rest>,
    /// The steps that come before each of them.
    clocks: Clocks,
    lines: Vec<Line>,
    begun: Begun,
    /// Used by [`Events::meet_others`] alone.
    met: Vec<u32>,
    /// What the newest meets.
    newest_meets: Meets,
    /// One bit for each stream to which the order of output does not matter.
    unread: u8,
}

impl Default for Events {
    fn default() -> Events {
        Events {
            events: vec![NONE],
            touches: Vec::new(),
            gates: Vec::new(),
            rest: Vec::new(),
            clocks: Clocks::default(),
            lines: Vec::new(),
            begun: Begun::default(),
            met: Vec::new(),
            newest_meets: Meets::NONE,
            unread: 0,
        }
    }
}

/// A clock of its own.
type Known = SmallVec<[u32; 8]>;

/// A step not yet taken, that is compared with the steps before it.
#[derive(Clone, Debug)]
pub struct Next {
    /// Whose.
    pub thread: ThreadId,
    touches: Vec<Touch>,
    meets: Meets,
    need: Need,
    /// What it needs is open.
    open: bool,
    writes: Option<Words>,
    /// The steps that come before it whatever it touches.
    known: Known,
}

/// Where the steps taken are put in their order: what is asked for.
pub(super) struct Taking<'a, F> {
    /// The clock jumps.
    pub(super) virtual_time: bool,
    /// [`System::fits`].
    pub(super) fits: F,
    /// Where the races of a step with those before it are put, as indices, if they are asked for.
    ///
    /// A race is a step that another depends on, with none between them that is ordered after the one and before the other,
    /// and before which the other could have been taken.
    pub(super) races: Option<&'a mut Vec<usize>>,
}

impl<'a> Taking<'a, fn(Words, usize) -> bool> {
    /// Where words need not fit.
    #[inline]
    pub(super) fn forced(virtual_time: bool, races: Option<&'a mut Vec<usize>>) -> Self {
        Taking {
            virtual_time,
            fits: |_, _| true,
            races,
        }
    }
}

/// Where what is told of forced steps begins in [`Events::touches`] and [`Events::gates`].
pub(super) struct Chain {
    touches: usize,
    gates: usize,
}

impl Chain {
    /// Where the touches and gates of the step before forced step `index` end.
    #[inline]
    fn end(&self, forces: Forces<'_>, index: usize) -> (usize, usize) {
        let (touches, gates) = match forces.steps.get(index) {
            Some(next) => (next.touches as usize, next.gates as usize),
            None => (forces.touches.len(), forces.gates.len()),
        };
        (self.touches + touches, self.gates + gates)
    }
}

/// So many steps of a thread are looked at one by one, to tell what it has touched of late.
const LATE: usize = 4;

impl Events {
    /// From now on the order in which threads write to a stream does not matter.
    pub fn ignore_stream(&mut self, stream: u8) {
        self.unread |= 1 << stream;
    }

    /// How many there are.
    #[inline]
    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> usize {
        self.events.len() - 1
    }

    /// Whose event `index` is.
    #[inline]
    pub(super) fn thread(&self, index: usize) -> ThreadId {
        self.events[index + 1].thread
    }

    /// What event `index` touched.
    #[inline]
    pub(super) fn touched(&self, index: usize) -> (Mask, &[Touch]) {
        (self.events[index + 1].mask, self.touches(index as u32 + 1))
    }

    /// What the newest event touched, and [what it meets](Meets).
    #[inline]
    pub(super) fn newest(&self) -> (Meets, &[Touch]) {
        (
            self.newest_meets,
            self.touches(self.events.len() as u32 - 1),
        )
    }

    #[inline]
    fn touches(&self, at: u32) -> &[Touch] {
        let at = at as usize;
        &self.touches[self.events[at - 1].touches as usize..self.events[at].touches as usize]
    }

    #[inline]
    fn gates(&self, at: u32) -> &[Gate] {
        let at = at as usize;
        &self.gates[self.events[at - 1].gates as usize..self.events[at].gates as usize]
    }

    #[inline]
    fn event(&self, at: u32) -> &Event {
        &self.events[at as usize]
    }

    /// The event that started the thread of an event; 0 if none did.
    fn start_of(&self, at: u32) -> u32 {
        self.lines[self.event(at).thread.index()].start
    }

    /// How many steps of `t` come before an event, itself included.
    #[inline]
    fn seen(&self, event: &Event, t: ThreadId) -> u32 {
        if event.thread == t {
            event.number
        } else {
            self.clocks.number(event.clock, t)
        }
    }

    /// Forgets all from event `len` on.
    pub fn truncate(&mut self, len: usize) {
        if self.len() == len {
            return;
        }
        let mut at = self.events.len() - 1;
        while at > len {
            let event = &self.events[at];
            let (rest, before) = (event.rest, event.before as usize);
            if rest > 0 || before != at - 1 || before == len {
                let line = &mut self.lines[event.thread.index()];
                let before = &self.events[before];
                (line.masks, line.number, line.last) = (before.masks, before.number, event.before);
                (line.due, line.waker) = (NOT_DUE, 0);
                if rest > 0 {
                    self.restore(event.thread);
                }
            }
            // Else that of the same thread right before it tells more.
            at -= 1;
        }
        self.events.truncate(len + 1);
        self.clocks.truncate(self.events[len].clocks);
        for line in &mut self.lines {
            if line.due != NOT_DUE && line.due as usize > len {
                line.due = NOT_DUE;
            }
            if line.waker as usize > len {
                line.waker = 0;
            }
        }
    }

    /// Takes back what the newest [rest](Rest), that of an event of `t`, tells.
    fn restore(&mut self, t: ThreadId) {
        let rest = self.rest.pop().expect("it has one");
        let line = &mut self.lines[t.index()];
        (line.due, line.waker) = (rest.due, rest.waker);
        if let Some(child) = rest.started {
            self.lines[child.index()].start = 0;
        }
    }

    #[inline]
    fn line(&mut self, t: ThreadId) -> &mut Line {
        if self.lines.len() <= t.index() {
            self.widen(t);
        }
        &mut self.lines[t.index()]
    }

    /// Makes room for another thread.
    #[cold]
    #[inline(never)]
    fn widen(&mut self, t: ThreadId) {
        self.lines.resize(t.index() + 1, Line::NEW);
        self.clocks.widen(self.lines.len());
    }

    /// Forgets what a step that has begun touches.
    #[inline]
    fn clear_begun(&mut self) {
        let last = self.events[self.events.len() - 1];
        self.touches.truncate(last.touches as usize);
        self.gates.truncate(last.gates as usize);
    }

    /// Notes all about the next step of `t` that can only be known before it is taken.
    #[inline]
    pub fn begin(&mut self, kernel: &Kernel, t: ThreadId, writes: Option<Words>) {
        self.clear_begun();
        let mut need = foresee(kernel, t, &mut self.touches, &mut self.gates);
        if let Some(words) = writes {
            self.gates.push((Resource::Stream(words.stream).thing(), 0));
            need = to_write(words);
        }
        let op = kernel.pending(t);
        let begun = &mut self.begun;
        begun.thread = t;
        begun.need = need;
        begun.writes = writes;
        begun.started = match op {
            // Of one that lives it is an error.
            Op::Start(child) if kernel.state(child) == ThreadState::Created => Some(child),
            _ => None,
        };
        begun.wakes = matches!(
            op,
            Op::Sync(_, Verb::Notify(_) | Verb::NotifyAll | Verb::Set)
        );
        begun.chosen.clear();
    }

    /// The step that has begun, to begin it again.
    pub(super) fn begun(&self) -> Again {
        let last = self.events[self.events.len() - 1];
        Again {
            begun: self.begun.clone(),
            touches: self.touches[last.touches as usize..].to_vec(),
            gates: self.gates[last.gates as usize..].to_vec(),
        }
    }

    /// Begins a step again.
    pub(super) fn begin_again(&mut self, again: &Again) {
        self.clear_begun();
        self.begun.clone_from(&again.begun);
        self.touches.extend_from_slice(&again.touches);
        self.gates.extend_from_slice(&again.gates);
    }

    /// In the step that has begun this waiter was notified.
    pub(super) fn chose(&mut self, waiter: ThreadId) {
        self.begun.chosen.push(waiter);
    }

    /// The step that has begun was taken. `noted` it has touched besides. Then [`Events::note_due`] is to be asked.
    #[inline]
    pub(super) fn done<F: Fn(Words, usize) -> bool>(
        &mut self,
        noted: &[Touch],
        woken: &[ThreadId],
        taking: Taking<'_, F>,
    ) {
        self.touches.extend_from_slice(noted);
        self.end(self.touches.len(), self.gates.len(), woken, taking);
    }

    /// The step that has begun was taken, and then forced ones by the same thread, which are told by [`Events::force`] one by one.
    #[inline]
    pub(super) fn done_forced<F: Fn(Words, usize) -> bool>(
        &mut self,
        forces: Forces<'_>,
        taking: Taking<'_, F>,
    ) -> Chain {
        let chain = Chain {
            touches: self.touches.len(),
            gates: self.gates.len(),
        };
        self.touches.extend_from_slice(forces.touches);
        self.gates.extend_from_slice(forces.gates);
        let (touches, gates) = chain.end(forces, 0);
        self.end(touches, gates, &[], taking);
        chain
    }

    /// Of the forced steps from number `index` on up to `end`, those till one may depend on a step of another thread, or on one with these
    /// bits. They race with nothing. Tells which is next.
    pub(super) fn force_apart(
        &mut self,
        chain: &Chain,
        forces: Forces<'_>,
        mut index: usize,
        end: usize,
        asleep: Mask,
    ) -> usize {
        let t = self.begun.thread;
        let mut at = self.events.len() as u32 - 1;
        let mut event = self.events[at as usize];
        let apart = self.apart(t, event.clock).or(asleep);
        event.rest = 0;
        while index < end {
            let (touches, gates) = chain.end(forces, index + 1);
            let (mask, meets) = masks(
                &mut self.touches[event.touches as usize..touches],
                self.unread,
            );
            if meets.any(apart) {
                break;
            }
            event.mask = mask;
            event.masks = event.masks.or(mask);
            event.number += 1;
            event.before = at;
            (event.touches, event.gates) = (touches as u32, gates as u32);
            self.events.push(event);
            self.newest_meets = meets;
            (at, index) = (at + 1, index + 1);
        }
        let line = &mut self.lines[t.index()];
        (line.masks, line.number, line.last) = (event.masks, event.number, at);
        index
    }

    /// The next of the forced steps, number `index`.
    #[inline]
    pub(super) fn force<F: Fn(Words, usize) -> bool>(
        &mut self,
        chain: &Chain,
        forces: Forces<'_>,
        index: usize,
        taking: Taking<'_, F>,
    ) {
        let (touches, gates) = chain.end(forces, index + 1);
        self.begun.need = forces.steps[index].need;
        self.begun.writes = None;
        self.append(touches, gates, taking);
    }

    /// Puts the step that has begun in its order, with what it did besides. It has touched what comes up to there, and so far go its
    /// gates.
    #[inline]
    fn end<F: Fn(Words, usize) -> bool>(
        &mut self,
        touches: usize,
        gates: usize,
        woken: &[ThreadId],
        taking: Taking<'_, F>,
    ) {
        self.append(touches, gates, taking);
        let at = self.events.len() as u32 - 1;
        if self.begun.started.is_some() || !self.begun.chosen.is_empty() {
            let chosen = std::mem::take(&mut self.begun.chosen);
            let started = self.begun.started;
            let rest = self.rest_of_newest();
            (rest.chosen, rest.started) = (chosen, started);
            if let Some(child) = started {
                self.line(child).start = at;
            }
        }
        if self.begun.wakes {
            for t in woken {
                self.line(*t).waker = at;
            }
        }
    }

    /// What only few steps have, to tell it of the newest.
    fn rest_of_newest(&mut self) -> &mut Rest {
        let newest = self.events.last_mut().expect("there is one");
        if newest.rest == 0 {
            self.rest.push(Rest {
                chosen: SmallVec::new(),
                due: NOT_DUE,
                waker: 0,
                started: None,
            });
            newest.rest = self.rest.len() as u32;
        }
        &mut self.rest[newest.rest as usize - 1]
    }

    /// Puts a step in its order.
    fn append<F: Fn(Words, usize) -> bool>(
        &mut self,
        touches: usize,
        gates: usize,
        taking: Taking<'_, F>,
    ) {
        let t = self.begun.thread;
        let at = self.events.len();
        let first = self.events[at - 1].touches as usize;
        let (mask, meets) = masks(&mut self.touches[first..touches], self.unread);
        let line = self.line(t);
        let (masks, number) = (line.masks.or(mask), line.number + 1);
        let (before, due, waker) = (line.last, line.due, line.waker);
        let mut clock = if line.is_plain() {
            self.event(before).clock
        } else {
            self.own_clock(t, taking.virtual_time)
        };
        let known = self.clocks.get(clock);
        let mut others = self.lines.iter().zip(known);
        if others.any(|(line, known)| {
            *known < line.number && meets.any(line.masks) && line.last != before
        }) {
            clock = self.meet_others(touches, meets, clock, taking);
        } else if let Some(races) = taking.races {
            races.clear();
        }
        self.events.push(Event {
            mask,
            masks,
            thread: t,
            number,
            before,
            clock,
            clocks: self.clocks.len(),
            touches: touches as u32,
            gates: gates as u32,
            rest: 0,
        });
        self.newest_meets = meets;
        let kept = &mut self.lines[t.index()];
        (kept.masks, kept.number, kept.last) = (masks, number, at as u32);
        if due != NOT_DUE || waker > 0 {
            (kept.due, kept.waker) = (NOT_DUE, 0);
            let rest = self.rest_of_newest();
            (rest.due, rest.waker) = (due, waker);
        }
    }

    /// The clock of a thread's next step, if it depends on no step of another.
    #[cold]
    fn own_clock(&mut self, t: ThreadId, virtual_time: bool) -> Row {
        let line = self.lines[t.index()];
        let waits = virtual_time && line.waits();
        if waits || line.hears() {
            let known = self.known(&line, waits);
            self.clocks.add(&known)
        } else {
            self.event(line.last).clock
        }
    }

    /// Tells what others have touched, at least, in steps that a thread's next step with this clock does not know of.
    fn apart(&self, t: ThreadId, clock: Row) -> Mask {
        let mut mask = Mask::NONE;
        for (u, (line, known)) in self.lines.iter().zip(self.clocks.get(clock)).enumerate() {
            if *known >= line.number || u == t.index() {
                continue;
            }
            let mut event = self.event(line.last);
            for _ in 0..LATE {
                mask = mask.or(event.mask);
                event = self.event(event.before);
                if *known >= event.number {
                    break;
                }
            }
            if *known < event.number {
                mask = mask.or(event.masks);
            }
        }
        mask
    }

    /// Compares a step with those of the other threads: it touches what comes up to there. It has this clock, if it depends on none of
    /// them; answers which it has.
    #[inline(never)]
    fn meet_others<F: Fn(Words, usize) -> bool>(
        &mut self,
        touches: usize,
        meets: Meets,
        clock: Row,
        taking: Taking<'_, F>,
    ) -> Row {
        let last = self.events.len() - 1;
        let mut met = std::mem::take(&mut self.met);
        met.clear();
        let next = Compared {
            thread: self.begun.thread,
            touches: &self.touches[self.events[last].touches as usize..touches],
            meets,
            need: self.begun.need,
            open: true,
            writes: self.begun.writes,
            known: self.clocks.get(clock),
            after: last as u32 + 1,
        };
        self.meet(&taking.fits, &next, &mut met, taking.races);
        if !met.is_empty() {
            self.clocks.copy(clock);
            for &at in &met {
                let event = &self.events[at as usize];
                self.clocks.join(event.clock, event.thread, event.number);
            }
        }
        let clock = if met.is_empty() {
            clock
        } else {
            self.clocks.len() - 1
        };
        self.met = met;
        clock
    }

    /// What a step touches that is taken back now, after it has begun: `noted` besides.
    pub(super) fn taken_back(&mut self, noted: &[Touch]) -> (Mask, &[Touch]) {
        self.touches.extend_from_slice(noted);
        let from = self.events[self.events.len() - 1].touches as usize;
        let touches = &mut self.touches[from..];
        (masks(touches, self.unread).0, touches)
    }

    /// The next step of a parked thread.
    pub(super) fn next<S: System>(&self, system: &S, t: ThreadId) -> Next {
        let kernel = system.kernel();
        let writes = system.writes(t);
        let need = writes.map_or_else(|| need(kernel, t), to_write);
        let mut touches = Vec::new();
        footprint_onto(kernel, t, &mut touches);
        let line = self.lines.get(t.index()).unwrap_or(&Line::NEW);
        Next {
            thread: t,
            meets: masks(&mut touches, self.unread).1,
            touches,
            open: match writes {
                Some(words) => system.fits(words, self.len()),
                None => is_open(kernel, t, need),
            },
            writes,
            need,
            known: self.known(line, false),
        }
    }

    /// Notes whose time is over. `stepped` has just parked: what is over for it took no time.
    #[inline]
    pub(super) fn note_due(&mut self, kernel: &Kernel, stepped: Option<ThreadId>) {
        if kernel.any_due() {
            self.note_all_due(kernel, stepped);
        }
    }

    #[cold]
    fn note_all_due(&mut self, kernel: &Kernel, stepped: Option<ThreadId>) {
        let now = self.len() as u32;
        for t in kernel.live() {
            if kernel.is_due(t) {
                let line = self.line(t);
                let fresh = stepped.is_some_and(|u| u == t || line.last == 0 && line.start == now);
                if line.due == NOT_DUE {
                    line.due = if fresh { 0 } else { now };
                }
            }
        }
    }

    /// Tells the steps that come before whatever a thread does next: its own, what started it, and what woke it; and, if it waits for the
    /// clock to jump, all before the jump.
    fn known(&self, line: &Line, waits: bool) -> Known {
        let newest = if line.last == 0 {
            line.start
        } else {
            line.last
        };
        let mut known = Known::from_slice(self.clocks.get(0));
        for at in [newest, line.waker] {
            let event = self.event(at);
            join(&mut known, self.clocks.get(event.clock));
            know(&mut known, event.thread, event.number);
        }
        if waits {
            for event in &self.events[1..=line.due as usize] {
                know(&mut known, event.thread, event.number);
            }
        }
        known
    }

    /// What was known to come before the newest event whatever it touches.
    fn known_before_newest(&self, virtual_time: bool) -> Cow<'_, Clock> {
        let event = self.events[self.len()];
        let (due, waker) = match event.rest {
            0 => (NOT_DUE, 0),
            rest => {
                let rest = &self.rest[rest as usize - 1];
                (rest.due, rest.waker)
            }
        };
        let line = Line {
            last: event.before,
            due,
            waker,
            ..self.lines[event.thread.index()]
        };
        let waits = virtual_time && line.waits();
        if waits || line.hears() {
            Cow::Owned(self.known(&line, waits).into_vec())
        } else {
            Cow::Borrowed(self.clocks.get(self.event(line.last).clock))
        }
    }

    /// A number that equivalent runs share: they have the same partial order.
    pub fn fingerprint(&self) -> u64 {
        let mut sum = 0u64;
        for event in &self.events[1..] {
            let rest = event.rest.checked_sub(1);
            let chosen = rest.map_or(&[][..], |rest| &self.rest[rest as usize].chosen);
            let mut clock = Known::from_slice(self.clocks.get(event.clock));
            know(&mut clock, event.thread, event.number);
            let mut hasher = FxHasher::default();
            (event.thread, event.number, chosen).hash(&mut hasher);
            // Trailing zeros mean nothing.
            let end = clock.iter().rposition(|n| *n > 0);
            clock[..end.map_or(0, |at| at + 1)].hash(&mut hasher);
            // The order in which equivalent runs list their steps differs.
            sum = sum.wrapping_add(hasher.finish().wrapping_mul(0x9E37_79B9_7F4A_7C15));
        }
        sum
    }
}

/// The bits of all these. Writes to streams whose order does not matter are made reads, which all commute.
#[inline]
fn masks(touches: &mut [Touch], unread: u8) -> (Mask, Meets) {
    if unread != 0 {
        for touch in touches.iter_mut() {
            let resource = touch.resource();
            if matches!(resource, Resource::Stream(n) if unread & 1 << n != 0) {
                *touch = Touch::new(resource, Part::Whole, Mode::Read);
            }
        }
    }
    step::masks(touches)
}

/// What somebody needs who writes words that have to fit: a stream to which they can be written.
fn to_write(words: Words) -> Need {
    Need::Way(Resource::Stream(words.stream), 0)
}
