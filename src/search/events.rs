//! The steps of the run under way as a partial order.
//!
//! Happens-before is the smallest order that has each thread's own steps in their order, what starts a thread before its steps,
//! dependent steps ([`footprint`]) in the order in which they came, and all that was before a jump of
//! the clock before what the jump woke. It is kept as one vector clock for each step. Two runs with the same partial order are
//! the same Mazurkiewicz trace: they lead to the same state.

use smallvec::SmallVec;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::id::ThreadId;
use crate::kernel::footprint::{Footprint, Mode, Resource, dependent, footprint};
use crate::kernel::gate::{ASIDE, Gates, Need, Ways, gates, is_open, need};
use crate::kernel::op::{Op, Verb};
use crate::kernel::{Kernel, ThreadState};

use super::system::{System, Words};

/// For each thread, how many of its steps are known to come before.
pub type Clock = SmallVec<[u32; 6]>;

/// A step: performed, or parked in front of.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// What it touches.
    pub print: Footprint,
    /// One bit for each resource that it touches: two steps whose masks have no common bit are independent.
    pub mask: u64,
}

impl Step {
    /// The next step of a parked thread, as far as it is known before it is taken.
    #[inline]
    fn pending(kernel: &Kernel, t: ThreadId, unread: u8) -> Step {
        let print = footprint(kernel, t);
        Step::of(match unread {
            0 => print,
            _ => print.without_streams(|stream| unread & 1 << stream != 0),
        })
    }

    fn of(print: Footprint) -> Step {
        let mask = mask(&print);
        Step { print, mask }
    }

    /// Whether the order of the two matters.
    #[inline]
    pub fn depends(&self, other: &Step) -> bool {
        self.mask & other.mask != 0 && dependent(&self.print, &other.print)
    }
}

fn mask(print: &Footprint) -> u64 {
    let mut mask = 0;
    for touch in print.touches() {
        mask |= bit(touch.resource);
    }
    mask
}

#[inline]
fn bit(resource: Resource) -> u64 {
    let key = match resource {
        Resource::Sync(id) => id.0.wrapping_mul(2),
        Resource::Heap(id) => id.0.wrapping_mul(2).wrapping_add(1),
        Resource::Stream(n) => 0x1000_0000 + u32::from(n),
        Resource::Thread(t) => 0x2000_0000 + t.0,
        Resource::Foreground => 0x3000_0000,
        Resource::Process(t) => 0x4000_0000 + t.0,
        Resource::Clock => 0x3000_0002,
        Resource::Budget => 0x3000_0003,
    };
    1 << (key.wrapping_mul(0x9E37_79B9) >> 26)
}

/// A performed step in the order.
#[derive(Clone, Debug)]
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
    /// The steps that come before it, itself included.
    pub clock: Clock,
    /// Which waiters it chose to notify.
    pub chosen: SmallVec<[ThreadId; 2]>,
    /// Since when it could end by time.
    due: u32,
    /// What had woken it.
    waker: u32,
    /// The thread that it started.
    started: Option<ThreadId>,
}

/// What most looks at an event are for, close together.
#[derive(Clone, Copy, Debug)]
struct Brief {
    /// [`Step::mask`].
    mask: u64,
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
    events: Vec<Event>,
    /// For each of them.
    briefs: Vec<Brief>,
    /// What was known to come before the newest event whatever it touches.
    newest: Clock,
    lines: Vec<Line>,
    /// One bit for each stream to which the order of output does not matter.
    unread: u8,
}

/// A step that is about to be performed.
#[derive(Clone, Debug)]
pub struct Begun {
    thread: ThreadId,
    step: Step,
    gates: Gates,
    start: Option<ThreadId>,
    wakes: bool,
    need: Need,
    writes: Option<Words>,
}

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
    known: Clock,
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
    /// open. `met` are the events that touch what it needs, the oldest first.
    fn possible_before<S: System>(
        &self,
        system: &S,
        events: &[Event],
        index: usize,
        met: &[usize],
    ) -> bool {
        let (resource, ways) = match self.need {
            Need::Nothing => return true,
            Need::Wakeup => return false,
            Need::Way(resource, ways) => (resource, ways),
        };
        let event = &events[index];
        let apart = |other: &usize| seen(&events[*other].clock, event.thread) < event.number;
        let mut later = met.iter().copied().filter(|other| *other > index);
        if resource == Resource::Foreground && self.open {
            // Each of those that main waits for has to end.
            let needed = |event: &Event| {
                event
                    .gate(resource)
                    .is_some_and(|open| open & (ways | ASIDE) == 0)
            };
            return !needed(event) && later.all(|other| apart(&other) || !needed(&events[other]));
        }
        // As open as it was before the first step on it that falls away.
        let first = match event.gate(resource) {
            Some(_) => index,
            None => match later.find(|other| !apart(other)) {
                None => return self.open,
                Some(other) => other,
            },
        };
        if let Some(words) = self.writes {
            return system.fits(words, first);
        }
        let open = events[first].gate(resource).unwrap_or_default();
        // Of additions that commute any may be the one that opened it.
        let opens =
            |other: usize| other > first && events[other].adds_to(resource) && apart(&other);
        open & ways != 0 || events[first].adds_to(resource) && met.iter().any(|other| opens(*other))
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
        self.events.len()
    }

    /// Event `index`.
    #[inline]
    pub fn get(&self, index: usize) -> &Event {
        &self.events[index]
    }

    /// Event `index`, to take something out of it before it is forgotten.
    #[inline]
    pub(super) fn get_mut(&mut self, index: usize) -> &mut Event {
        &mut self.events[index]
    }

    /// Forgets all from event `len` on.
    pub fn truncate(&mut self, len: usize) {
        while self.events.len() > len {
            let event = self.events.pop().expect("length checked");
            let brief = self.briefs.pop().expect("one for each");
            let line = &mut self.lines[event.thread.index()];
            (line.last, line.due, line.waker) = (brief.before, event.due, event.waker);
            if let Some(t) = event.started {
                self.lines[t.index()].start = 0;
            }
        }
        for line in &mut self.lines {
            if line.due != NOT_DUE && line.due as usize > len {
                line.due = NOT_DUE;
            }
            if line.waker as usize > len {
                line.waker = 0;
            }
        }
    }

    fn line(&mut self, t: ThreadId) -> &mut Line {
        if self.lines.len() <= t.index() {
            let line = Line {
                due: NOT_DUE,
                ..Line::default()
            };
            self.lines.resize(t.index() + 1, line);
        }
        &mut self.lines[t.index()]
    }

    /// Notes all about the next step of `t` that can only be known before it is taken.
    #[inline]
    pub fn begin<S: System>(&mut self, system: &S, t: ThreadId) -> Begun {
        let kernel = system.kernel();
        let step = Step::pending(kernel, t, self.unread);
        let mut gates = gates(kernel, t, &step.print);
        let writes = system.writes(t);
        if let Some(words) = writes {
            gates.push((Resource::Stream(words.stream), 0));
        }
        Begun {
            thread: t,
            gates,
            start: match kernel.pending(t) {
                // Of one that lives it is an error.
                Op::Start(child) if kernel.state(child) == ThreadState::Created => Some(child),
                _ => None,
            },
            wakes: matches!(
                kernel.pending(t).verb(),
                Some(Verb::Notify(_) | Verb::NotifyAll | Verb::Set)
            ),
            need: needed(kernel, t, writes),
            writes,
            step,
        }
    }

    /// The step was taken. Its races with those before it are put into `races`, as indices.
    ///
    /// A race is a step that another depends on, with none between them that is ordered after the one and before the other,
    /// and before which the other could have been taken.
    pub fn done<S: System>(
        &mut self,
        system: &S,
        begun: Begun,
        chosen: SmallVec<[ThreadId; 2]>,
        races: Option<&mut Vec<usize>>,
    ) {
        let Begun {
            thread,
            mut step,
            gates,
            start,
            wakes,
            need,
            writes,
        } = begun;
        let noted = system.noted();
        if !noted.is_empty() {
            step = Step::of(step.print.with(noted));
        }
        let line = *self.line(thread);
        let mut known = self.known(thread);
        if line.due != NOT_DUE && line.due > 0 && system.is_virtual() {
            self.join_all_before(&mut known, line.due as usize);
        }
        let mut clock = Clock::from_slice(&known);
        let next = Compared {
            thread,
            step: &step,
            need,
            open: true,
            writes,
            known: &known,
            after: self.events.len(),
        };
        match races {
            Some(races) if next.need != Need::Wakeup => {
                self.meet::<true, S>(system, &next, &mut clock, races);
            }
            races => {
                let mut none = Vec::new();
                let races = races.unwrap_or(&mut none);
                races.clear();
                self.meet::<false, S>(system, &next, &mut clock, races);
            }
        }
        let number = match line.last {
            0 => 1,
            last => self.briefs[last as usize - 1].number + 1,
        };
        set(&mut clock, thread, number);
        let index = self.events.len() as u32 + 1;
        if let Some(child) = start {
            self.line(child).start = index;
        }
        self.newest = known;
        self.briefs.push(Brief {
            mask: step.mask,
            number,
            before: line.last,
        });
        self.events.push(Event {
            thread,
            number,
            step,
            need,
            gates,
            clock,
            chosen,
            due: line.due,
            waker: line.waker,
            started: start,
        });
        let line = self.line(thread);
        line.last = index;
        line.due = NOT_DUE;
        line.waker = 0;
        if wakes {
            for t in system.kernel().woken() {
                self.line(*t).waker = index;
            }
        }
        self.note_due(system.kernel(), Some(thread));
    }

    /// What a step has touched, for those that take it back.
    pub fn step_of<S: System>(&self, system: &S, begun: Begun) -> Step {
        Step::of(begun.step.print.with(system.noted()))
    }

    /// The next step of a parked thread.
    pub fn next<S: System>(&self, system: &S, t: ThreadId) -> Next {
        let kernel = system.kernel();
        let writes = system.writes(t);
        let need = needed(kernel, t, writes);
        Next {
            thread: t,
            step: Step::pending(kernel, t, self.unread),
            open: match writes {
                Some(words) => system.fits(words, self.events.len()),
                None => is_open(kernel, t, need),
            },
            writes,
            need,
            known: self.known(t),
        }
    }

    /// Notes whose time is over. `stepped` has just parked: what is over for it took no time.
    pub fn note_due(&mut self, kernel: &Kernel, stepped: Option<ThreadId>) {
        if !kernel.any_due() {
            return;
        }
        let now = self.events.len() as u32;
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

    /// The steps that come before whatever `t` does next: its own, what started it, and what woke it.
    fn known(&self, t: ThreadId) -> Clock {
        let Some(line) = self.lines.get(t.index()) else {
            return Clock::new();
        };
        let clock = |event: u32| &self.events[event as usize - 1].clock;
        let mut known = match (line.last, line.start) {
            (0, 0) => Clock::new(),
            (0, start) => Clock::from_slice(clock(start)),
            (last, _) => Clock::from_slice(clock(last)),
        };
        if line.waker > 0 {
            join(&mut known, clock(line.waker));
        }
        known
    }

    fn join_all_before(&self, clock: &mut Clock, end: usize) {
        for event in self.events[..end].iter().rev() {
            if seen(clock, event.thread) < event.number {
                set(clock, event.thread, event.number);
            }
        }
    }

    /// The races of a step not yet taken with those that were.
    pub fn races_of_next<S: System>(&self, system: &S, next: &Next, found: &mut Vec<usize>) {
        found.clear();
        if next.need != Need::Wakeup {
            self.meet::<true, S>(system, &self.compared(next), &mut Clock::new(), found);
        }
    }

    fn newest(&self) -> Compared<'_> {
        let event = self.events.last().expect("a step was taken");
        Compared {
            thread: event.thread,
            step: &event.step,
            need: event.need,
            open: true,
            // Whether it fits was asked when it was taken.
            writes: None,
            known: &self.newest,
            after: self.events.len() - 1,
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
            after: self.events.len(),
        }
    }

    /// Joins the clocks of all that a step depends on, and finds its races, if they are asked for.
    #[inline]
    fn meet<const RACES: bool, S: System>(
        &self,
        system: &S,
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
            let t = ThreadId(t as u32);
            if t == next.thread {
                continue;
            }
            let known = seen(next.known, t);
            let mut at = line.last;
            let mut joined = false;
            // Of each thread the newest step that qualifies will do: its others come before it.
            while at > 0 {
                let brief = self.briefs[at as usize - 1];
                if known >= brief.number {
                    break;
                }
                if brief.mask & mask != 0 {
                    let event = &self.events[at as usize - 1];
                    if dependent(&event.step.print, &next.step.print) {
                        if !joined {
                            join(clock, &event.clock);
                            joined = true;
                        }
                        if !RACES {
                            break;
                        }
                        let met = met.get_or_insert_with(|| self.met(next));
                        if next.possible_before(system, &self.events, at as usize - 1, met) {
                            found.push(at as usize - 1);
                            break;
                        }
                    }
                }
                at = brief.before;
            }
        }
        if found.len() > 1 {
            self.uncovered(found);
        }
    }

    /// Less those that come before another; the newest first.
    fn uncovered(&self, found: &mut Vec<usize>) {
        let mut kept = 0;
        for i in 0..found.len() {
            let event = &self.events[found[i]];
            let covered = found.iter().any(|other| {
                *other != found[i] && seen(&self.events[*other].clock, event.thread) >= event.number
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
                let brief = self.briefs[at as usize - 1];
                if known >= brief.number {
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
        initials: &mut SmallVec<[ThreadId; 8]>,
    ) {
        initials.clear();
        let next = match next {
            Some(next) => self.compared(next),
            None => self.newest(),
        };
        let race = &self.events[index];
        // For each thread the first of its steps that is among them.
        let mut firsts: SmallVec<[(ThreadId, u32); 8]> = SmallVec::new();
        let mut next_is_first = true;
        for event in &self.events[index + 1..next.after] {
            if seen(&event.clock, race.thread) >= race.number {
                continue;
            }
            next_is_first = next_is_first
                && seen(next.known, event.thread) < event.number
                && !event.step.depends(next.step);
            if firsts.iter().any(|first| first.0 == event.thread) {
                continue;
            }
            let follows = firsts
                .iter()
                .any(|(u, number)| seen(&event.clock, *u) >= *number);
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
        for event in &self.events {
            let mut hasher = FxHasher::default();
            (event.thread, event.number, &event.chosen).hash(&mut hasher);
            // Trailing zeros mean nothing.
            let end = event
                .clock
                .iter()
                .rposition(|n| *n > 0)
                .map_or(0, |at| at + 1);
            event.clock[..end].hash(&mut hasher);
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

#[inline(always)]
fn seen(clock: &Clock, t: ThreadId) -> u32 {
    clock.get(t.index()).copied().unwrap_or(0)
}

#[inline]
fn set(clock: &mut Clock, t: ThreadId, number: u32) {
    if clock.len() <= t.index() {
        clock.resize(t.index() + 1, 0);
    }
    clock[t.index()] = number;
}

#[inline]
fn join(clock: &mut Clock, other: &Clock) {
    if clock.len() < other.len() {
        clock.resize(other.len(), 0);
    }
    for (mine, theirs) in clock.iter_mut().zip(other) {
        *mine = (*mine).max(*theirs);
    }
}
