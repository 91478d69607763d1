//! Which steps before it a step depends on, and with which of them it races.

use smallvec::SmallVec;

use crate::id::ThreadId;
use crate::kernel::footprint::{Mode, Resource, Thing, Touch, dependent};
use crate::kernel::gate::{ASIDE, Need, Ways};

use super::clock::{Clock, seen};
use super::step::{Meets, bits};
use super::{Event, Events, Next};
use crate::search::system::{System, Words};

/// A step that is compared with those before it: the newest, or one not yet taken.
#[derive(Clone, Copy)]
pub(super) struct Compared<'a> {
    pub(super) thread: ThreadId,
    pub(super) touches: &'a [Touch],
    pub(super) meets: Meets,
    pub(super) need: Need,
    pub(super) open: bool,
    pub(super) writes: Option<Words>,
    /// What comes before it whatever it touches, but for its own thread's steps.
    pub(super) known: &'a Clock,
    /// It is compared with the events before this one.
    pub(super) after: u32,
}

/// What is found while a step is compared with others.
struct Meeting<'a> {
    /// The newest steps that it depends on.
    met: &'a mut Vec<u32>,
    races: Option<&'a mut Vec<usize>>,
    touching: Touching,
}

/// The events that touch what a step needs, the oldest first, once somebody has asked for them.
type Touching = Option<SmallVec<[u32; 8]>>;

impl Compared<'_> {
    /// Whether an event comes before it whatever it touches.
    #[inline]
    fn follows(&self, event: &Event) -> bool {
        event.thread == self.thread || seen(self.known, event.thread) >= event.number
    }

    /// Whether it could have been taken before event `at`, and without all that comes after that: what it needs must have been
    /// open.
    #[inline(never)]
    fn possible_before(
        &self,
        all: &Events,
        fits: &impl Fn(Words, usize) -> bool,
        at: u32,
        touching: &mut Touching,
    ) -> bool {
        let (resource, ways) = match self.need {
            Need::Nothing => return true,
            Need::Wakeup => return false,
            Need::Way(resource, ways) => (resource, ways),
        };
        let thing = resource.thing();
        let event = all.event(at);
        let apart = |other: u32| all.seen(all.event(other), event.thread) < event.number;
        if resource == Resource::Foreground && self.open {
            // Each of those that main waits for has to end, but for those that would not have been started: a daemon may start them.
            let needed = |other: u32| {
                all.gate(other, thing)
                    .is_some_and(|open| open & (ways | ASIDE) == 0)
            };
            let falls_away = |start: u32| start == at || start > at && !apart(start);
            let touching = touching.get_or_insert_with(|| all.touching(self));
            let mut later = touching.iter().copied().filter(|other| *other > at);
            return !needed(at)
                && later.all(|other| {
                    apart(other) || !needed(other) || falls_away(all.start_of(other))
                });
        }
        // As open as it was before the first step on it that falls away.
        let first = match all.gate(at, thing) {
            Some(_) => at,
            None => {
                let touching = touching.get_or_insert_with(|| all.touching(self));
                let mut later = touching.iter().copied().filter(|other| *other > at);
                match later.find(|other| !apart(*other)) {
                    None => return self.open,
                    Some(other) => other,
                }
            }
        };
        if let Some(words) = self.writes {
            return fits(words, first as usize - 1);
        }
        let open = all.gate(first, thing).unwrap_or_default();
        if open & ways != 0 {
            return true;
        }
        if !all.adds_to(first, resource) {
            return false;
        }
        // Of additions that commute any may be the one that opened it, its own thread's too.
        (first + 1..self.after).any(|other| all.adds_to(other, resource) && apart(other))
    }
}

impl Events {
    /// How open a resource that an event touched was before.
    #[inline]
    fn gate(&self, at: u32, thing: Thing) -> Option<Ways> {
        let gate = self.gates(at).iter().find(|gate| gate.0 == thing);
        gate.map(|gate| gate.1)
    }

    /// Whether an event changed a synchronisation object in a way that commutes.
    fn adds_to(&self, at: u32, resource: Resource) -> bool {
        let adds = |touch: &Touch| touch.thing() == resource.thing() && touch.mode() == Mode::Add;
        matches!(resource, Resource::Sync(_)) && self.touches(at).iter().any(adds)
    }

    #[inline]
    fn depends(&self, event: &Event, at: u32, next: &Compared) -> bool {
        next.meets.any(event.mask) && dependent(self.touches(at), next.touches)
    }

    /// The races of a step not yet taken with those that were, put into `found`.
    pub(in crate::search) fn races_of_next<S: System>(
        &self,
        system: &S,
        next: &Next,
        found: &mut Vec<usize>,
    ) {
        found.clear();
        if next.need != Need::Wakeup {
            let fits = |words, steps| system.fits(words, steps);
            self.meet(&fits, &self.compared(next), &mut Vec::new(), Some(found));
        }
    }

    fn compared<'a>(&self, next: &'a Next) -> Compared<'a> {
        Compared {
            thread: next.thread,
            touches: &next.touches,
            meets: next.meets,
            need: next.need,
            open: next.open,
            writes: next.writes,
            known: &next.known,
            after: self.events.len() as u32,
        }
    }

    /// Finds the newest steps of the other threads that a step depends on, and its races, if they are asked for.
    #[inline]
    pub(super) fn meet(
        &self,
        fits: &impl Fn(Words, usize) -> bool,
        next: &Compared,
        met: &mut Vec<u32>,
        mut races: Option<&mut Vec<usize>>,
    ) {
        if let Some(races) = &mut races {
            races.clear();
        }
        let mut meeting = Meeting {
            met,
            races: races.filter(|_| next.need != Need::Wakeup),
            touching: None,
        };
        // The thread that stepped last knows of many others' steps: those need not be looked at.
        let newest = self.event(self.events.len() as u32 - 1).thread;
        if newest != next.thread {
            self.meet_thread(fits, next, newest, &mut meeting);
        }
        for (u, (line, known)) in self.lines.iter().zip(next.known).enumerate() {
            let u = ThreadId(u as u32);
            let asked = u == newest || u == next.thread;
            if *known < line.number && next.meets.any(line.masks) && !asked {
                self.meet_thread(fits, next, u, &mut meeting);
            }
        }
        if let Some(races) = meeting.races
            && races.len() > 1
        {
            self.uncovered(races);
        }
    }

    /// The same, of one other thread.
    fn meet_thread(
        &self,
        fits: &impl Fn(Words, usize) -> bool,
        next: &Compared,
        t: ThreadId,
        meeting: &mut Meeting<'_>,
    ) {
        let mut known = seen(next.known, t);
        if let Some(races) = &meeting.races {
            for race in races.iter() {
                known = known.max(self.seen(&self.events[*race + 1], t));
            }
        }
        let Some(line) = self.lines.get(t.index()) else {
            return;
        };
        let mut at = self.met_before(next, line.last, known);
        if at == 0 {
            return;
        }
        // The newest step that qualifies will do: the others come before it.
        meeting.met.push(at);
        let Some(races) = &mut meeting.races else {
            return;
        };
        while at > 0 {
            if next.possible_before(self, fits, at, &mut meeting.touching) {
                races.push(at as usize - 1);
                return;
            }
            at = self.met_before(next, self.event(at).before, known);
        }
    }

    /// The newest event on which a step depends of event `at` and those of the same thread before it; 0 if there is none but the first
    /// `known`.
    #[inline(never)]
    fn met_before(&self, next: &Compared, mut at: u32, known: u32) -> u32 {
        let meets = next.meets;
        loop {
            let event = self.event(at);
            if known >= event.number || !meets.any(event.masks) {
                return 0;
            }
            if meets.any(event.mask) && dependent(self.touches(at), next.touches) {
                return at;
            }
            at = event.before;
        }
    }

    /// Less those that come before another; the newest first.
    fn uncovered(&self, found: &mut Vec<usize>) {
        let mut kept = 0;
        for i in 0..found.len() {
            let event = &self.events[found[i] + 1];
            let covered = found.iter().any(|other| {
                *other != found[i]
                    && self.seen(&self.events[*other + 1], event.thread) >= event.number
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
    #[cold]
    fn touching(&self, next: &Compared) -> SmallVec<[u32; 8]> {
        let mut touching = SmallVec::new();
        let Need::Way(resource, _) = next.need else {
            return touching;
        };
        let (thing, bits) = (resource.thing(), bits(resource.thing()));
        for line in &self.lines {
            let mut at = line.last;
            while at > 0 {
                let event = self.event(at);
                if next.follows(event) || !event.masks.has(bits) {
                    break;
                }
                if event.mask.has(bits) && self.gate(at, thing).is_some() {
                    touching.push(at);
                }
                at = event.before;
            }
        }
        touching.sort_unstable();
        touching
    }

    /// The threads that can be first when the events after `index` that do not depend on it, and then the next step, come before
    /// it: the initials of Abdulla et al. 2014. The next step is the newest event, or one not yet taken.
    pub(in crate::search) fn initials(
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
                let at = self.len() as u32;
                Compared {
                    thread: self.event(at).thread,
                    touches: self.touches(at),
                    meets: self.newest_meets,
                    need: Need::Nothing,
                    open: true,
                    writes: None,
                    known: &known,
                    after: at,
                }
            }
        };
        let race = self.events[index + 1];
        // For each thread the first of its steps that is among them.
        let mut firsts: SmallVec<[(ThreadId, u32); 8]> = SmallVec::new();
        let mut next_is_first = true;
        for at in index as u32 + 2..next.after {
            let event = self.event(at);
            if self.seen(event, race.thread) >= race.number {
                continue;
            }
            next_is_first =
                next_is_first && !next.follows(event) && !self.depends(event, at, &next);
            if firsts.iter().any(|first| first.0 == event.thread) {
                continue;
            }
            let follows = firsts
                .iter()
                .any(|(u, number)| self.seen(event, *u) >= *number);
            firsts.push((event.thread, event.number));
            if !follows {
                initials.push(event.thread);
            }
        }
        if next_is_first && !firsts.iter().any(|first| first.0 == next.thread) {
            initials.push(next.thread);
        }
    }
}
