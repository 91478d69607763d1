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
    let together = |a: &Event, b: &Event| {
        let (Some(call), Some(next)) = (trace.shape(a).call, trace.shape(b).call) else {
            return false;
        };
        let same = (call.name, call.object) == (next.name, next.object);
        a.thread == b.thread && next.goes_on && same
    };
    for steps in trace.events.chunk_by(together) {
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
                    value: steps.iter().find_map(|step| telling(trace, step)),
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

/// What came of a step, if it says something of the call: it waits, it fails, it wakes somebody.
fn telling(trace: &Trace, step: &Event) -> Option<Datum> {
    let outcome = trace.outcome(step)?;
    let Datum::Text(text) = outcome else {
        return None;
    };
    (trace.texts.get(text) != "nobody waits").then_some(outcome)
}
