//! Dependent steps that come in another order.

use super::Moved;
use crate::kernel::footprint::Mode;
use crate::trace::model::{Event, Touch, Trace};

/// A step that both runs have, and how it touches the thing at hand.
#[derive(Clone, Copy)]
struct Visit {
    a: u32,
    b: u32,
    part: u32,
    mode: Mode,
}

impl Visit {
    fn conflicts(&self, other: &Visit) -> bool {
        let overlap = self.part == other.part || self.part == 0 || other.part == 0;
        overlap && !self.mode.commutes(other.mode)
    }
}

/// For each thing, whether steps that depend on each other through it changed places. `counterparts` has for each event of `a` the
/// event of `b` that it is.
pub(super) fn moved(a: &Trace, b: &Trace, counterparts: &[Option<u32>]) -> Vec<Moved> {
    let count = |touches: &[Touch]| touches.iter().map(|t| t.thing + 1).max().unwrap_or(0) as usize;
    let mut twins: Vec<Option<u32>> = vec![None; count(a.shapes.all_touches())];
    let mut visits: Vec<Vec<Visit>> = vec![Vec::new(); twins.len()];
    for (i, event) in a.events.iter().enumerate() {
        let Some(j) = counterparts[i] else { continue };
        let others = b.touches(&b.events[j as usize]);
        for (touch, other) in a.touches(event).iter().zip(others) {
            let twin = *twins[touch.thing as usize].get_or_insert(other.thing);
            if twin == other.thing {
                visits[touch.thing as usize].push(Visit {
                    a: i as u32,
                    b: j,
                    part: touch.part,
                    mode: touch.mode,
                });
            }
        }
    }
    let names = Names::of(a, visits.len());
    let things = visits.iter().enumerate();
    let mut all: Vec<Moved> = things
        .filter_map(|(thing, visits)| {
            let (first, second) = inversion(visits)?;
            Some(Moved {
                thing: names.name(a, thing),
                steps: visits.len() - unmoved(visits),
                of: visits.len(),
                a: (first.a, second.a),
                b: (second.b, first.b),
            })
        })
        .collect();
    all.sort_by_key(|moved| moved.a.1);
    all
}

/// The first two steps that depend on each other and stand the other way round in `b`.
fn inversion(visits: &[Visit]) -> Option<(Visit, Visit)> {
    // For each mode, the step that comes last in `b` of those seen.
    let mut last: [Option<Visit>; 3] = [None; 3];
    for &visit in visits {
        let mut earlier = last.iter().flatten();
        if let Some(&first) = earlier.find(|l| l.b > visit.b && l.conflicts(&visit)) {
            return Some((first, visit));
        }
        let slot = &mut last[visit.mode as usize];
        if slot.is_none_or(|l| l.b < visit.b) {
            *slot = Some(visit);
        }
    }
    None
}

/// How many steps can be said to have kept their places: the most that stand in one order in both runs.
fn unmoved(visits: &[Visit]) -> usize {
    // Steps that commute may stand in any order.
    let mut places = Vec::with_capacity(visits.len());
    for run in visits.chunk_by(|x, y| x.mode.commutes(y.mode)) {
        let start = places.len();
        places.extend(run.iter().map(|visit| visit.b));
        places[start..].sort_unstable();
    }
    // The end of the best list of each length.
    let mut ends: Vec<u32> = Vec::new();
    for place in places {
        let at = ends.partition_point(|&end| end < place);
        match ends.get_mut(at) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    ends.len()
}

/// For each thing an event that says what it is: the fewer things the event touches, the better.
struct Names(Vec<Option<u32>>);

impl Names {
    fn of(trace: &Trace, things: usize) -> Names {
        let mut best: Vec<Option<(bool, usize, u32)>> = vec![None; things];
        for (i, event) in trace.events.iter().enumerate() {
            for touch in trace.touches(event) {
                let touched = trace.touches(event).len();
                let rank = (trace.shape(event).object.is_none(), touched, i as u32);
                let slot = &mut best[touch.thing as usize];
                *slot = Some(slot.map_or(rank, |known| known.min(rank)));
            }
        }
        let event = |rank: Option<(bool, usize, u32)>| rank.map(|r| r.2);
        Names(best.into_iter().map(event).collect())
    }

    fn name(&self, trace: &Trace, thing: usize) -> String {
        let Some(event) = self.0[thing] else {
            return "?".to_owned();
        };
        let event: &Event = &trace.events[event as usize];
        match (trace.object(event), trace.op(event)) {
            (Some(object), _) => object.name.clone(),
            (None, "print") => "stdout".to_owned(),
            (None, "stderr") => "stderr".to_owned(),
            (None, "clock" | "sleep") => "the clock".to_owned(),
            (None, "start" | "exit" | "join" | "shutdown") => {
                "starts and ends of threads".to_owned()
            }
            (None, op) => op.to_owned(),
        }
    }
}
