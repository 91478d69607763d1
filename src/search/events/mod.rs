//! The steps of the run under way as a partial order.
//!
//! Happens-before is the smallest order that has each thread's own steps in their order, what starts a thread before its steps,
//! dependent steps ([`footprint`](crate::kernel::footprint)) in the order in which they came, and all that was before a jump of
//! the clock before what the jump woke. It is kept as one vector clock for each step. Two runs with the same partial order are
//! the same Mazurkiewicz trace: they lead to the same state.

mod clock;
mod step;

use smallvec::{SmallVec, smallvec};
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::id::ThreadId;
use crate::kernel::footprint::{Mode, Resource, Touch, dependent};
use crate::kernel::gate::{ASIDE, Gates, Need, Ways, gates_into, is_open, need};
use crate::kernel::op::{Op, Verb};
use crate::kernel::{Kernel, ThreadState};

use super::system::{System, Words};
use crate::vm::exec::Forced;
use clock::{Clock, Clocks, LANES, copy, join, seen};
pub use step::Step;
use step::bit;

/// A performed step in the order, or one that is about to be.
#[derive(Debug, Default)]
pub struct Event {
    /// Whose.
    pub thread: ThreadId,
    /// Its number among that thread's, from 1.
    pub number: u32,
    /// What it touched.
    pub step: Step,
    /// What it needed.
    need: Need,
    /// How open what it touched was before.
    gates: Gates,
    /// Which waiters it chose to notify.
    pub chosen: SmallVec<[ThreadId; 2]>,
    /// Since when it could end by time.
    due: u32,
    /// What had woken it.
    waker: u32,
    /// The thread that it starts.
    started: Option<ThreadId>,
    /// It may wake others that wait within their operations.
    wakes: bool,
    /// What it writes, if that has to fit.
    writes: Option<Words>,
}

/// `clone_from` uses the memory that is there.
impl Clone for Event {
    fn clone(&self) -> Event {
        let mut event = Event::default();
        event.clone_from(self);
        event
    }

    fn clone_from(&mut self, other: &Event) {
        self.step.clone_from(&other.step);
        self.gates.clone_from(&other.gates);
        self.chosen.clone_from(&other.chosen);
        (self.thread, self.number) = (other.thread, other.number);
        (self.need, self.started) = (other.need, other.started);
        (self.due, self.waker) = (other.due, other.waker);
        (self.wakes, self.writes) = (other.wakes, other.writes);
    }
}

/// What most looks at an event are for, close together.
#[derive(Clone, Copy, Debug)]
struct Brief {
    /// [`Step::mask`].
    mask: u64,
    /// The same of it and all its thread's steps before it.
    masks: u64,
    /// Its number among its thread's.
    number: u32,
    /// The former newest event of the thread, plus 1.
    before: u32,
}

/// What is kept of a thread.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    /// Its newest event, plus 1.
    last: u32,
    /// The event that started it, plus 1.
    start: u32,
    /// Since how many events its timed operation may end by time; 0 if it needed no passing of time, [`NOT_DUE`] if it may not.
    due: u32,
    /// The event that woke it from within its operation, plus 1.
    waker: u32,
}

const NOT_DUE: u32 = u32::MAX;

/// The steps of a run so far.
#[derive(Debug, Default)]
pub struct Events {
    /// As many as there are [briefs](Events::briefs); then perhaps one that is about to be performed; then some that were taken back,
    /// whose memory is used again.
    events: Vec<Event>,
    /// For each of them.
    briefs: Vec<Brief>,
    /// The clock of each of them, [`Events::width`] numbers long: the steps that come before it, itself included.
    clocks: Vec<u32>,
    width: usize,
    lines: Vec<Line>,
    /// One bit for each stream to which the order of output does not matter.
    unread: u8,
}

/// A clock of its own.
type Known = SmallVec<[u32; 8]>;

/// A step not yet taken, that is compared with the steps before it.
#[derive(Clone, Debug)]
pub struct Next {
    /// Whose.
    pub thread: ThreadId,
    step: Step,
    need: Need,
    /// What it needs is open.
    open: bool,
    writes: Option<Words>,
    /// The steps that come before it whatever it touches.
    known: Known,
}

/// A step that is compared with those before it: the newest, or one not yet taken.
#[derive(Clone, Copy)]
struct Compared<'a> {
    thread: ThreadId,
    step: &'a Step,
    need: Need,
    open: bool,
    writes: Option<Words>,
    known: &'a Clock,
    /// With how many events it is compared.
    after: usize,
}

impl Compared<'_> {
    /// Whether it could have been taken before event `index`, and without all that comes after that: what it needs must have been
    /// open. `met` are the events that touch what it needs, the oldest first, once somebody has asked for them.
    fn possible_before(
        &self,
        all: &Events,
        clocks: Clocks,
        fits: &impl Fn(Words, usize) -> bool,
        index: usize,
        met: &mut Option<SmallVec<[usize; 8]>>,
    ) -> bool {
        let (resource, ways) = match self.need {
            Need::Nothing => return true,
            Need::Wakeup => return false,
            Need::Way(resource, ways) => (resource, ways),
        };
        let (event, number) = (&all.events[index], all.briefs[index].number);
        let apart = |other: usize| seen(clocks.of(other), event.thread) < number;
        if resource == Resource::Foreground && self.open {
            // Each of those that main waits for has to end.
            let needed = |event: &Event| {
                event
                    .gate(resource)
                    .is_some_and(|open| open & (ways | ASIDE) == 0)
            };
            let met = met.get_or_insert_with(|| all.met(self));
            let mut later = met.iter().copied().filter(|other| *other > index);
            return !needed(event)
                && later.all(|other| apart(other) || !needed(&all.events[other]));
        }
        // As open as it was before the first step on it that falls away.
        let first = match event.gate(resource) {
            Some(_) => index,
            None => {
                let met = met.get_or_insert_with(|| all.met(self));
                let mut later = met.iter().copied().filter(|other| *other > index);
                match later.find(|other| !apart(*other)) {
                    None => return self.open,
                    Some(other) => other,
                }
            }
        };
        if let Some(words) = self.writes {
            return fits(words, first);
        }
        let open = all.events[first].gate(resource).unwrap_or_default();
        if open & ways != 0 {
            return true;
        }
        if !all.events[first].adds_to(resource) {
            return false;
        }
        // Of additions that commute any may be the one that opened it.
        let opens =
            |other: usize| other > first && all.events[other].adds_to(resource) && apart(other);
        let met = met.get_or_insert_with(|| all.met(self));
        met.iter().any(|other| opens(*other))
    }
}

impl Event {
    /// How open a resource that it touched was before.
    fn gate(&self, resource: Resource) -> Option<Ways> {
        let gate = self.gates.iter().find(|gate| gate.0 == resource);
        gate.map(|gate| gate.1)
    }

    /// Whether it changed a synchronisation object in a way that commutes.
    fn adds_to(&self, resource: Resource) -> bool {
        matches!(resource, Resource::Sync(_))
            && self
                .step
                .print
                .touches()
                .iter()
                .any(|touch| touch.resource == resource && touch.mode == Mode::Add)
    }
}

impl Events {
    /// From now on the order in which threads write to a stream does not matter.
    pub fn ignore_stream(&mut self, stream: u8) {
        self.unread |= 1 << stream;
    }

    /// How many there are.
    #[inline]
    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> usize {
        self.briefs.len()
    }

    #[inline]
    fn clocks(&self) -> Clocks<'_> {
        Clocks {
            all: &self.clocks,
            width: self.width,
        }
    }

    /// The clock of event `index`.
    #[inline]
    fn clock(&self, index: usize) -> &Clock {
        self.clocks().of(index)
    }

    /// Event `index`.
    #[inline]
    pub fn get(&self, index: usize) -> &Event {
        &self.events[index]
    }

    /// What event `index` touched, to take it out before the event is forgotten.
    #[inline]
    pub(super) fn step_mut(&mut self, index: usize) -> &mut Step {
        &mut self.events[index].step
    }

    /// Forgets all from event `len` on.
    pub fn truncate(&mut self, len: usize) {
        if self.briefs.len() == len {
            return;
        }
        for at in (len..self.briefs.len()).rev() {
            let event = &self.events[at];
            let line = &mut self.lines[event.thread.index()];
            (line.last, line.due, line.waker) = (self.briefs[at].before, event.due, event.waker);
            if let Some(t) = event.started {
                self.lines[t.index()].start = 0;
            }
        }
        self.briefs.truncate(len);
        for line in &mut self.lines {
            if line.due != NOT_DUE && line.due as usize > len {
                line.due = NOT_DUE;
            }
            if line.waker as usize > len {
                line.waker = 0;
            }
        }
    }

    /// Makes room for another thread.
    #[cold]
    #[inline(never)]
    fn widen(&mut self, t: ThreadId) {
        let line = Line {
            due: NOT_DUE,
            ..Line::default()
        };
        self.lines.resize(t.index() + 1, line);
        let (before, width) = (self.width, self.lines.len().next_multiple_of(LANES));
        if width > before {
            let mut clocks = vec![0; self.events.len() * width];
            for at in 0..self.briefs.len() {
                clocks[at * width..at * width + before].copy_from_slice(self.clock(at));
            }
            self.clocks = clocks;
            self.width = width;
        }
    }

    #[inline]
    fn line(&mut self, t: ThreadId) -> &mut Line {
        if self.lines.len() <= t.index() {
            self.widen(t);
        }
        &mut self.lines[t.index()]
    }

    /// The place of the step that begins.
    #[inline]
    fn next_slot(&mut self) -> &mut Event {
        if self.events.len() == self.briefs.len() {
            self.events.push(Event::default());
            self.clocks.resize(self.events.len() * self.width, 0);
        }
        &mut self.events[self.briefs.len()]
    }

    /// Notes all about the next step of `t` that can only be known before it is taken.
    #[inline]
    pub fn begin(&mut self, kernel: &Kernel, t: ThreadId, writes: Option<Words>) {
        let unread = self.unread;
        let event = self.next_slot();
        event.thread = t;
        event.step.set_pending(kernel, t, unread);
        gates_into(kernel, t, &event.step.print, &mut event.gates);
        event.writes = writes;
        if let Some(words) = writes {
            event.gates.push((Resource::Stream(words.stream), 0));
        }
        event.need = needed(kernel, t, event.writes);
        let op = kernel.pending(t);
        event.started = match op {
            // Of one that lives it is an error.
            Op::Start(child) if kernel.state(child) == ThreadState::Created => Some(child),
            _ => None,
        };
        event.wakes = matches!(
            op,
            Op::Sync(_, Verb::Notify(_) | Verb::NotifyAll | Verb::Set)
        );
        event.chosen.clear();
    }

    /// Notes a step of `t` that was forced, and is taken already: what it touched is taken out of it.
    #[inline]
    pub(super) fn begin_forced(&mut self, t: ThreadId, forced: &mut Forced) {
        let event = self.next_slot();
        event.thread = t;
        std::mem::swap(&mut event.step.print, &mut forced.print);
        std::mem::swap(&mut event.gates, &mut forced.gates);
        event.need = forced.need;
        (event.started, event.wakes, event.writes) = (None, false, None);
        event.chosen.clear();
        let unread = self.unread;
        self.events[self.briefs.len()].step.finish(unread);
    }

    /// The step that has begun, to begin it again.
    pub(super) fn begun(&self) -> Event {
        self.events[self.briefs.len()].clone()
    }

    /// Begins a step again.
    pub(super) fn begin_again(&mut self, begun: &Event) {
        self.events[self.briefs.len()].clone_from(begun);
    }

    /// In the step that has begun this waiter was notified.
    pub(super) fn chose(&mut self, waiter: ThreadId) {
        self.events[self.briefs.len()].chosen.push(waiter);
    }

    /// The step that has begun was taken. Its races with those before it are put into `races`, as indices.
    ///
    /// A race is a step that another depends on, with none between them that is ordered after the one and before the other,
    /// and before which the other could have been taken.
    ///
    /// `noted` it has touched besides, and `fits` is [`System::fits`]. Then [`Events::note_due`] is to be asked.
    pub fn done(
        &mut self,
        noted: &[Touch],
        virtual_time: bool,
        woken: &[ThreadId],
        fits: impl Fn(Words, usize) -> bool,
        races: Option<&mut Vec<usize>>,
    ) {
        let at = self.briefs.len();
        let event = &mut self.events[at];
        if !noted.is_empty() {
            event.step.add(noted);
        }
        let thread = event.thread;
        let line = *self.line(thread);
        let waits = line.due != NOT_DUE && line.due > 0 && virtual_time;
        let mut clocks = std::mem::take(&mut self.clocks);
        let (before, rest) = clocks.split_at_mut(at * self.width);
        let clock = &mut rest[..self.width];
        let before = Clocks {
            all: before,
            width: self.width,
        };
        let mut own = Known::new();
        let last = if line.last == 0 {
            line.start
        } else {
            line.last
        };
        let known = if last > 0 && line.waker == 0 && !waits {
            before.of(last as usize - 1)
        } else {
            own.resize(self.width, 0);
            self.known(before, &line, &mut own);
            if waits {
                self.join_all_before(&mut own, line.due as usize);
            }
            &own
        };
        copy(clock, known);
        let event = &self.events[at];
        let next = Compared {
            thread,
            step: &event.step,
            need: event.need,
            open: true,
            writes: event.writes,
            known,
            after: at,
        };
        match races {
            Some(races) if next.need != Need::Wakeup => {
                self.meet::<true>(before, &fits, &next, clock, races);
            }
            Some(races) => {
                self.meet::<false>(before, &fits, &next, clock, races);
            }
            None => self.meet::<false>(before, &fits, &next, clock, &mut Vec::new()),
        }
        let mask = event.step.mask;
        let (started, wakes) = (event.started, event.wakes);
        let (number, masks) = match line.last {
            0 => (1, mask),
            last => {
                let brief = &self.briefs[last as usize - 1];
                (brief.number + 1, brief.masks | mask)
            }
        };
        clock[thread.index()] = number;
        self.clocks = clocks;
        self.briefs.push(Brief {
            mask,
            masks,
            number,
            before: line.last,
        });
        let event = &mut self.events[at];
        event.number = number;
        event.due = line.due;
        event.waker = line.waker;
        let index = at as u32 + 1;
        let line = &mut self.lines[thread.index()];
        line.last = index;
        line.due = NOT_DUE;
        line.waker = 0;
        if let Some(child) = started {
            self.line(child).start = index;
        }
        if wakes {
            for t in woken {
                self.line(*t).waker = index;
            }
        }
    }

    /// What the step that has begun has touched, for those that take it back.
    pub fn step_of(&self, noted: &[Touch]) -> Step {
        let mut step = self.events[self.briefs.len()].step.clone();
        step.add(noted);
        step
    }

    /// The next step of a parked thread.
    pub fn next<S: System>(&self, system: &S, t: ThreadId) -> Next {
        let kernel = system.kernel();
        let writes = system.writes(t);
        let need = needed(kernel, t, writes);
        let mut step = Step::default();
        step.set_pending(kernel, t, self.unread);
        let mut known = smallvec![0; self.width];
        let line = self.lines.get(t.index()).copied().unwrap_or_default();
        self.known(self.clocks(), &line, &mut known);
        Next {
            thread: t,
            step,
            open: match writes {
                Some(words) => system.fits(words, self.len()),
                None => is_open(kernel, t, need),
            },
            writes,
            need,
            known,
        }
    }

    /// Notes whose time is over. `stepped` has just parked: what is over for it took no time.
    #[inline]
    pub fn note_due(&mut self, kernel: &Kernel, stepped: Option<ThreadId>) {
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

    /// Tells the steps that come before whatever a thread does next: its own, what started it, and what woke it.
    #[inline]
    fn known(&self, clocks: Clocks, line: &Line, known: &mut Clock) {
        match if line.last == 0 {
            line.start
        } else {
            line.last
        } {
            0 => known.fill(0),
            from => copy(known, clocks.of(from as usize - 1)),
        }
        if line.waker > 0 {
            join(known, clocks.of(line.waker as usize - 1));
        }
    }

    /// What was known to come before the newest event whatever it touches.
    fn known_before_newest(&self, virtual_time: bool) -> Known {
        let at = self.len() - 1;
        let event = &self.events[at];
        let line = Line {
            last: self.briefs[at].before,
            due: event.due,
            waker: event.waker,
            ..self.lines[event.thread.index()]
        };
        let mut known = smallvec![0; self.width];
        self.known(self.clocks(), &line, &mut known);
        if line.due != NOT_DUE && line.due > 0 && virtual_time {
            self.join_all_before(&mut known, line.due as usize);
        }
        known
    }

    fn join_all_before(&self, clock: &mut Clock, end: usize) {
        for event in self.events[..end].iter().rev() {
            let mine = &mut clock[event.thread.index()];
            *mine = event.number.max(*mine);
        }
    }

    /// The races of a step not yet taken with those that were.
    pub fn races_of_next<S: System>(&self, system: &S, next: &Next, found: &mut Vec<usize>) {
        found.clear();
        if next.need != Need::Wakeup {
            let fits = |words, steps| system.fits(words, steps);
            let mut clock: Known = smallvec![0; self.width];
            let next = self.compared(next);
            self.meet::<true>(self.clocks(), &fits, &next, &mut clock, found);
        }
    }

    fn newest<'a>(&'a self, known: &'a Clock) -> Compared<'a> {
        let last = self.len() - 1;
        let event = &self.events[last];
        Compared {
            thread: event.thread,
            step: &event.step,
            need: event.need,
            open: true,
            // Whether it fits was asked when it was taken.
            writes: None,
            known,
            after: last,
        }
    }

    fn compared<'a>(&self, next: &'a Next) -> Compared<'a> {
        Compared {
            thread: next.thread,
            step: &next.step,
            need: next.need,
            open: next.open,
            writes: next.writes,
            known: &next.known,
            after: self.len(),
        }
    }

    /// Joins the clocks of all that a step depends on, and finds its races, if they are asked for.
    #[inline]
    fn meet<const RACES: bool>(
        &self,
        clocks: Clocks,
        fits: &impl Fn(Words, usize) -> bool,
        next: &Compared,
        clock: &mut Clock,
        found: &mut Vec<usize>,
    ) {
        found.clear();
        let mask = next.step.mask;
        if mask == 0 {
            return;
        }
        let mut met: Option<SmallVec<[usize; 8]>> = None;
        for (t, line) in self.lines.iter().enumerate() {
            if line.last == 0 || t == next.thread.index() {
                continue;
            }
            let mut brief = &self.briefs[line.last as usize - 1];
            let known = seen(next.known, ThreadId(t as u32));
            if known >= brief.number || brief.masks & mask == 0 {
                continue;
            }
            let mut at = line.last;
            let mut joined = false;
            // Of each thread the newest step that qualifies will do: its others come before it.
            loop {
                if brief.mask & mask != 0 {
                    let index = at as usize - 1;
                    if dependent(&self.events[index].step.print, &next.step.print) {
                        if !joined {
                            join(clock, clocks.of(index));
                            joined = true;
                        }
                        if !RACES {
                            break;
                        }
                        if next.possible_before(self, clocks, fits, index, &mut met) {
                            found.push(index);
                            break;
                        }
                    }
                }
                at = brief.before;
                if at == 0 {
                    break;
                }
                brief = &self.briefs[at as usize - 1];
                if known >= brief.number {
                    break;
                }
            }
        }
        if found.len() > 1 {
            self.uncovered(clocks, found);
        }
    }

    /// Less those that come before another; the newest first.
    fn uncovered(&self, clocks: Clocks, found: &mut Vec<usize>) {
        let mut kept = 0;
        for i in 0..found.len() {
            let event = &self.events[found[i]];
            let covered = found.iter().any(|other| {
                *other != found[i] && seen(clocks.of(*other), event.thread) >= event.number
            });
            if !covered {
                found.swap(kept, i);
                kept += 1;
            }
        }
        found.truncate(kept);
        found.sort_unstable_by(|a, b| b.cmp(a));
    }

    /// The steps that touch what a later one needs, and are not known to come before it, the oldest first.
    fn met(&self, next: &Compared) -> SmallVec<[usize; 8]> {
        let mut met = SmallVec::new();
        let Need::Way(resource, _) = next.need else {
            return met;
        };
        let bit = bit(resource);
        for (t, line) in self.lines.iter().enumerate() {
            let known = seen(next.known, ThreadId(t as u32));
            let mut at = line.last;
            while at > 0 {
                let brief = &self.briefs[at as usize - 1];
                if known >= brief.number || brief.masks & bit == 0 {
                    break;
                }
                if brief.mask & bit != 0 && self.events[at as usize - 1].gate(resource).is_some() {
                    met.push(at as usize - 1);
                }
                at = brief.before;
            }
        }
        met.sort_unstable();
        met
    }

    /// The threads that can be first when the events after `index` that do not depend on it, and then the next step, come before
    /// it: the initials of Abdulla et al. 2014.
    pub fn initials(
        &self,
        index: usize,
        next: Option<&Next>,
        virtual_time: bool,
        initials: &mut SmallVec<[ThreadId; 8]>,
    ) {
        initials.clear();
        let known;
        let next = match next {
            Some(next) => self.compared(next),
            None => {
                known = self.known_before_newest(virtual_time);
                self.newest(&known)
            }
        };
        let race = &self.events[index];
        // For each thread the first of its steps that is among them.
        let mut firsts: SmallVec<[(ThreadId, u32); 8]> = SmallVec::new();
        let mut next_is_first = true;
        for at in index + 1..next.after {
            let (event, clock) = (&self.events[at], self.clock(at));
            if seen(clock, race.thread) >= race.number {
                continue;
            }
            next_is_first = next_is_first
                && seen(next.known, event.thread) < event.number
                && !event.step.depends(next.step);
            if firsts.iter().any(|first| first.0 == event.thread) {
                continue;
            }
            let follows = firsts.iter().any(|(u, number)| seen(clock, *u) >= *number);
            firsts.push((event.thread, event.number));
            if !follows {
                initials.push(event.thread);
            }
        }
        if next_is_first && !firsts.iter().any(|first| first.0 == next.thread) {
            initials.push(next.thread);
        }
    }

    /// A number that equivalent runs share: they have the same partial order.
    pub fn fingerprint(&self) -> u64 {
        let mut sum = 0u64;
        for at in 0..self.len() {
            let (event, clock) = (&self.events[at], self.clock(at));
            let mut hasher = FxHasher::default();
            (event.thread, event.number, &event.chosen).hash(&mut hasher);
            // Trailing zeros mean nothing.
            let end = clock.iter().rposition(|n| *n > 0);
            clock[..end.map_or(0, |at| at + 1)].hash(&mut hasher);
            // The order in which equivalent runs list their steps differs.
            sum = sum.wrapping_add(hasher.finish().wrapping_mul(0x9E37_79B9_7F4A_7C15));
        }
        sum
    }
}

/// What the parked thread `t` needs to take its next step: for words that have to fit, a stream to which they can be written.
#[inline]
fn needed(kernel: &Kernel, t: ThreadId, writes: Option<Words>) -> Need {
    match writes {
        Some(words) => Need::Way(Resource::Stream(words.stream), 0),
        None => need(kernel, t),
    }
}
