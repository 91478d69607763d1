//! The document `diff/1`: what differs between two traces, as one JSON object on one line.
//!
//! Fields are only ever added; a change of meaning makes it `diff/2`.

use super::diff::verdict;
use super::text::distinct;
use crate::diff::lines::Line;
use crate::diff::{Diff, Sameness};
use crate::trace::model::Trace;
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    raddle: &'static str,
    same: bool,
    verdict: &'static str,
    order: &'static str,
    same_program: bool,
    a: Side<'a>,
    b: Side<'a>,
    first: Option<Pair<'a>>,
    reordered: Vec<Reordered<'a>>,
    only_a: Vec<Step<'a>>,
    only_b: Vec<Step<'a>>,
    values: Vec<Pair<'a>>,
    output: Vec<Stream<'a>>,
}

#[derive(Serialize)]
struct Side<'a> {
    name: &'a str,
    program: &'a str,
    digest: &'a str,
    seed: u64,
    strategy: &'a str,
    options: &'a str,
    ending: &'a str,
    steps: u64,
    token: &'a str,
    fingerprint: Option<String>,
}

#[derive(Serialize)]
struct Pair<'a> {
    a: Option<Step<'a>>,
    b: Option<Step<'a>>,
}

#[derive(Serialize)]
struct Reordered<'a> {
    object: &'a str,
    moved: usize,
    of: usize,
    a: [Step<'a>; 2],
    b: [Step<'a>; 2],
}

#[derive(Serialize)]
struct Stream<'a> {
    stream: &'static str,
    lines: &'a [Line],
}

#[derive(Serialize)]
struct Step<'a> {
    step: u64,
    thread: &'a str,
    op: &'a str,
    object: Option<&'a str>,
    detail: Option<String>,
    result: Option<String>,
    file: Option<&'a str>,
    line: Option<u32>,
}

/// The document. `names` is what the two traces are called.
pub fn document(diff: &Diff, names: [&str; 2]) -> String {
    let of_a = Steps::new(diff.a);
    let of_b = Steps::new(diff.b);
    let side = |trace: &'_ Trace| -> Option<String> {
        let print = match std::ptr::eq(trace, diff.a) {
            true => diff.fingerprints.0,
            false => diff.fingerprints.1,
        };
        print.map(|print| print.to_string())
    };
    let document = Document {
        raddle: "diff/1",
        same: diff.is_same(),
        verdict: verdict(diff),
        order: match diff.order {
            Sameness::Identical => "identical",
            Sameness::Equivalent => "equivalent",
            Sameness::Different => "different",
        },
        same_program: diff.same_program,
        a: Side::new(diff.a, names[0], side(diff.a)),
        b: Side::new(diff.b, names[1], side(diff.b)),
        first: diff.first.map(|first| Pair {
            a: first.a.map(|i| of_a.step(i)),
            b: first.b.map(|j| of_b.step(j)),
        }),
        reordered: diff
            .moved
            .iter()
            .map(|moved| Reordered {
                object: &moved.thing,
                moved: moved.steps,
                of: moved.of,
                a: [of_a.step(moved.a.0), of_a.step(moved.a.1)],
                b: [of_b.step(moved.b.0), of_b.step(moved.b.1)],
            })
            .collect(),
        only_a: diff.only_a.iter().map(|&i| of_a.step(i)).collect(),
        only_b: diff.only_b.iter().map(|&j| of_b.step(j)).collect(),
        values: diff
            .values
            .iter()
            .map(|&(i, j)| Pair {
                a: Some(of_a.step(i)),
                b: Some(of_b.step(j)),
            })
            .collect(),
        output: diff
            .output
            .iter()
            .map(|stream| Stream {
                stream: stream.name,
                lines: &stream.lines,
            })
            .collect(),
    };
    serde_json::to_string(&document).expect("strings and numbers")
}

impl<'a> Side<'a> {
    fn new(trace: &'a Trace, name: &'a str, fingerprint: Option<String>) -> Self {
        Side {
            name,
            program: &trace.header.program,
            digest: &trace.header.digest,
            seed: trace.header.seed,
            strategy: &trace.header.strategy,
            options: &trace.header.options,
            ending: &trace.footer.ending,
            steps: trace.footer.steps,
            token: &trace.footer.token,
            fingerprint,
        }
    }
}

struct Steps<'a> {
    trace: &'a Trace,
    threads: Vec<String>,
}

impl<'a> Steps<'a> {
    fn new(trace: &'a Trace) -> Self {
        Steps {
            trace,
            threads: distinct(trace.threads.iter().map(|t| t.name.clone()).collect()),
        }
    }

    fn step(&self, index: u32) -> Step<'_> {
        let trace = self.trace;
        let event = &trace.events[index as usize];
        let shape = trace.shape(event);
        let known = shape.line > 0;
        Step {
            step: event.step,
            thread: &self.threads[event.thread as usize],
            op: trace.op(event),
            object: trace.object(event).map(|o| o.name.as_str()),
            detail: trace.detail(event).map(|d| d.into_owned()),
            result: trace.result(event).map(|r| r.into_owned()),
            file: trace
                .files
                .get(shape.file as usize)
                .filter(|_| known)
                .map(String::as_str),
            line: known.then_some(shape.line),
        }
    }
}
