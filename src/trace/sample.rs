//! A small trace for the tests of codec and renderers: two threads, a lock, a lost hand.

use super::model::{Event, Footer, Header, Object, Thread, Trace, VERSION};

/// A trace with every kind of record and field.
pub(crate) fn trace() -> Trace {
    let event = |step, time, thread, op: &str, object, line| Event {
        step,
        time,
        thread,
        op: op.into(),
        object,
        detail: None,
        result: None,
        file: 0,
        line,
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
    events[0].detail = Some("Thread-1 (work)".into());
    events[1].detail = Some("timeout=2.5".into());
    events[1].result = Some("True".into());
    events[2].result = Some("blocked".into());
    events[3].detail = Some("'one\ntwo'".into());
    events[6].detail = Some(".balance".into());
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
        footer: Footer {
            ending: "finished".into(),
            steps: 7,
            time: 2_000_007_500,
            token: "r1-0a1b2c3d-xyz".into(),
        },
    }
}
