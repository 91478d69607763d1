//! A trace as a program's author sees it: with the calls that the program makes, not with what raddle's bundled modules do inside.
//!
//! `executor.submit(f)` puts a task into a queue, `future.result()` takes a lock and waits at a condition. These are steps, for other
//! threads may come in between, but their author wrote neither queue nor condition. Steps of one call with no other thread's
//! between them become one event; where another thread did run in between, the call goes on in a further event. Starts of threads, output and
//! what else shows outside stay as they are.

use crate::trace::model::{Datum, Detail, Event, Shape, Trace};
use crate::trace::shapes::Shapes;
use std::borrow::Cow;

/// The trace with calls in place of the steps inside them.
pub fn folded(trace: &Trace) -> Cow<'_, Trace> {
    if !trace.shapes.iter().any(|shape| shape.call.is_some()) {
        return Cow::Borrowed(trace);
    }
    let mut shapes = Shapes::default();
    let mut events = Vec::with_capacity(trace.events.len());
    let together = |a: &Event, b: &Event| a.thread == b.thread && goes_on(trace, a, b);
    let calls = trace.events.chunk_by(together).collect::<Vec<_>>();
    for (steps, goes_on) in calls.iter().zip(unfinished(trace, &calls)) {
        let first = steps[0];
        let shape = trace.shape(&first);
        let touches = steps
            .iter()
            .flat_map(|step| trace.touches(step).iter().copied());
        let touches: Vec<_> = touches.collect();
        events.push(match shape.call {
            None => Event {
                shape: shapes.intern(shape, &touches),
                ..first
            },
            Some(call) => {
                let shape = Shape {
                    op: call.name,
                    object: call.object,
                    detail: Detail::None,
                    call: None,
                    ..*shape
                };
                Event {
                    shape: shapes.intern(&shape, &touches),
                    value: telling(trace, steps, goes_on),
                    ..first
                }
            }
        });
    }
    Cow::Owned(Trace {
        header: trace.header.clone(),
        threads: trace.threads.clone(),
        objects: trace.objects.clone(),
        files: trace.files.clone(),
        events,
        shapes,
        texts: trace.texts.clone(),
        footer: trace.footer.clone(),
    })
}

/// Whether the second of two steps of a thread goes on with the call that the first is a part of.
fn goes_on(trace: &Trace, a: &Event, b: &Event) -> bool {
    let (Some(call), Some(next)) = (trace.shape(a).call, trace.shape(b).call) else {
        return false;
    };
    next.goes_on && (call.name, call.object) == (next.name, next.object)
}

/// For each part of a call whether its thread goes on with the call later, when others have run in between.
fn unfinished(trace: &Trace, calls: &[&[Event]]) -> Vec<bool> {
    let mut unfinished = vec![false; calls.len()];
    let mut next: Vec<Option<&Event>> = vec![None; trace.threads.len()];
    for (call, unfinished) in calls.iter().zip(&mut unfinished).rev() {
        let ([first, ..], [.., last]) = (*call, *call) else {
            continue;
        };
        if let Some(next) = next.get_mut(first.thread as usize) {
            *unfinished = next.is_some_and(|next| goes_on(trace, last, next));
            *next = Some(first);
        }
    }
    unfinished
}

/// What came of a call, if it says something: it waits, or has waited in vain, it wakes somebody, and when it is over also that it fails. An exception at a step
/// before the last stayed inside, and so did all in calls that nobody made, those of a pool's worker, say.
fn telling(trace: &Trace, steps: &[Event], goes_on: bool) -> Option<Datum> {
    let (last, before) = steps.split_last()?;
    let own = !goes_on && trace.shape(last).line != 0;
    let concerns_others =
        |text: &str| matches!(text, BLOCKED | TIMED_OUT) || text.starts_with(WAKES);
    let (value, _) = outcome(trace, last)
        .filter(|(_, text)| own || concerns_others(text))
        .or_else(|| {
            let before = before.iter().rev();
            before
                .filter_map(|step| outcome(trace, step))
                .find(|(_, text)| concerns_others(text))
        })?;
    Some(value)
}

const BLOCKED: &str = "blocked";
const TIMED_OUT: &str = "timed out";
const WAKES: &str = "wakes ";

fn outcome<'t>(trace: &'t Trace, step: &Event) -> Option<(Datum, &'t str)> {
    let value = trace.outcome(step)?;
    let Datum::Text(text) = value else {
        return None;
    };
    let text = trace.texts.get(text);
    (text != "nobody waits").then_some((value, text))
}
