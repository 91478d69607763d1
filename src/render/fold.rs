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
                    value: telling(trace, steps),
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

/// What came of a call, if it says something: it waits, it wakes somebody, it fails. What else came of a step before the last, an exception
/// say, stayed inside.
fn telling(trace: &Trace, steps: &[Event]) -> Option<Datum> {
    let mut steps = steps.iter().rev();
    let last = steps.next().and_then(|step| outcome(trace, step));
    let (value, _) = last.or_else(|| {
        let concerns_others = |text: &str| text == BLOCKED || text.starts_with(WAKES);
        steps
            .filter_map(|step| outcome(trace, step))
            .find(|(_, text)| concerns_others(text))
    })?;
    Some(value)
}

const BLOCKED: &str = "blocked";
const WAKES: &str = "wakes ";

fn outcome<'t>(trace: &'t Trace, step: &Event) -> Option<(Datum, &'t str)> {
    let value = trace.outcome(step)?;
    let Datum::Text(text) = value else {
        return None;
    };
    let text = trace.texts.get(text);
    (text != "nobody waits").then_some((value, text))
}
