//! A small trace for the tests of codec and renderers: two threads, a lock, a lost hand.

use super::model::{
    Datum, Detail, Event, Footer, Header, Object, Shape, Thread, Touch, Trace, VERSION,
};
use super::shapes::Shapes;
use super::texts::Texts;
use crate::kernel::footprint::Mode;

/// A trace with every kind of record and field.
pub(crate) fn trace() -> Trace {
    let mut texts = Texts::default();
    let mut shapes = Shapes::default();
    let write = |thing| touch(thing, 0, Mode::Write);
    let mut events = Vec::new();
    let mut event = |time, thread, shape: Shape, value, touches: &[Touch]| {
        events.push(Event {
            step: events.len() as u64 + 1,
            time,
            thread,
            shape: shapes.intern(&shape, touches),
            value,
        });
    };
    let mut shape = |op: &str, object, line| Shape {
        op: texts.intern(op),
        object,
        peer: None,
        detail: Detail::None,
        file: 0,
        line,
        call: None,
    };
    let starts = shape("start", None, 9);
    let acquire = shape("acquire", Some(0), 10);
    let other = shape("acquire", Some(0), 4);
    let print = shape("print", None, 11);
    let release = shape("release", Some(0), 12);
    let set = shape("write", Some(1), 5);
    let mut text = |text: &str| texts.intern(text);
    let start = Shape {
        peer: Some(1),
        detail: Detail::Text(text("Thread-1 (work)")),
        ..starts
    };
    event(0, 0, start, None, &[write(0), touch(1, 0, Mode::Add)]);
    let timed = Shape {
        detail: Detail::Text(text("timeout=2.5")),
        ..acquire
    };
    event(1_000, 0, timed, Some(Datum::Bool(true)), &[write(2)]);
    let blocked = Datum::Text(text("blocked"));
    event(2_000, 1, other, Some(blocked), &[write(2)]);
    let printed = Shape {
        detail: Detail::Printed,
        ..print
    };
    let told = Datum::Str(text("one\ntwo"));
    event(3_000, 0, printed, Some(told), &[write(3)]);
    event(2_000_004_500, 0, release, None, &[write(2)]);
    event(2_000_005_500, 1, other, None, &[write(2)]);
    let set = Shape {
        detail: Detail::Write(text(".balance")),
        ..set
    };
    let part = touch(4, 1, Mode::Write);
    event(2_000_006_500, 1, set, Some(Datum::Int(5)), &[part]);
    let names = [("MainThread", false), ("Thread-1 (work)", true)];
    let objects = [("db._lock", "Lock"), ("account", "Account")];
    Trace {
        header: Header {
            raddle: VERSION,
            program: "programs/bank.py".into(),
            digest: "0a1b2c3d".into(),
            strategy: "random".into(),
            seed: 7,
            options: "switch=shared time=virtual".into(),
        },
        threads: names
            .map(|(name, daemon)| Thread {
                name: name.into(),
                daemon,
            })
            .into(),
        objects: objects
            .map(|(name, kind)| Object {
                name: name.into(),
                kind: kind.into(),
            })
            .into(),
        files: vec!["programs/bank.py".into()],
        events,
        shapes,
        texts,
        footer: Footer {
            ending: "finished".into(),
            steps: 7,
            time: 2_000_007_500,
            token: "r1-0a1b2c3d-xyz".into(),
        },
    }
}

fn touch(thing: u32, part: u32, mode: Mode) -> Touch {
    Touch { thing, part, mode }
}
