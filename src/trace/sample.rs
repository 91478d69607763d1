//! A small trace for the tests of codec and renderers: two threads, a lock, a lost hand.

use super::model::{Datum, Detail, Event, Footer, Header, Object, Thread, Touch, Trace, VERSION};
use super::texts::Texts;
use crate::kernel::footprint::Mode;

/// A trace with every kind of record and field.
pub(crate) fn trace() -> Trace {
    let mut texts = Texts::default();
    let mut event = |step, time, thread, op: &str, object, line| Event {
        step,
        time,
        thread,
        op: texts.intern(op),
        object,
        peer: None,
        detail: Detail::None,
        result: None,
        file: 0,
        line,
        touches: (0, 0),
    };
    let mut events = vec![
        event(1, 0, 0, "start", None, 9),
        event(2, 1_000, 0, "acquire", Some(0), 10),
        event(3, 2_000, 1, "acquire", Some(0), 4),
        event(4, 3_000, 0, "print", None, 11),
        event(5, 2_000_004_500, 0, "release", Some(0), 12),
        event(6, 2_000_005_500, 1, "acquire", Some(0), 4),
        event(7, 2_000_006_500, 1, "write", Some(1), 5),
    ];
    events[0].detail = Detail::Text(texts.intern("Thread-1 (work)"));
    events[0].peer = Some(1);
    events[1].detail = Detail::Text(texts.intern("timeout=2.5"));
    events[1].result = Some(Datum::Bool(true));
    events[2].result = Some(Datum::Text(texts.intern("blocked")));
    events[3].detail = Detail::Printed(texts.push("one\ntwo"));
    events[6].detail = Detail::Write(texts.intern(".balance"), Datum::Int(5));
    let touch = |thing, part, mode| Touch { thing, part, mode };
    let write = |thing| touch(thing, 0, Mode::Write);
    let touches = vec![
        write(0),
        touch(1, 0, Mode::Add),
        write(2),
        write(2),
        write(3),
        write(2),
        write(2),
        touch(4, 1, Mode::Write),
    ];
    let mut first = 0;
    for (event, count) in events.iter_mut().zip([2, 1, 1, 1, 1, 1, 1]) {
        event.touches = (first, count);
        first += count;
    }
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
        touches,
        texts,
        footer: Footer {
            ending: "finished".into(),
            steps: 7,
            time: 2_000_007_500,
            token: "r1-0a1b2c3d-xyz".into(),
        },
    }
}
