//! A part of a trace: some threads, some objects, some kinds of operations, or what is near a step.

use super::text::distinct;
use crate::trace::model::{Event, Touch, Trace};
use crate::trace::shapes::Shapes;
use rustc_hash::FxHashMap;

/// Which events to keep: those that fit each list that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Select {
    /// Names of threads.
    pub threads: Vec<String>,
    /// Names of objects; `db` also means `db._lock`, and `lock` also `lock#2`.
    pub objects: Vec<String>,
    /// Operations (`acquire`), or groups of them: see [`GROUPS`].
    pub kinds: Vec<String>,
    /// The events of this step and so many steps before and after it.
    pub around: Option<(u64, u64)>,
}

/// The groups of operations and what they are.
pub const GROUPS: [(&str, &str); 4] = [
    (
        "sync",
        "all but reads, writes and mere switches: what --switch=sync shows",
    ),
    ("access", "read and write"),
    ("output", "print and stderr"),
    ("thread", "begin, start, join, exit and shutdown"),
];

fn is_kind(op: &str, kind: &str) -> bool {
    match kind {
        "sync" => !matches!(op, "read" | "write" | "run"),
        "access" => matches!(op, "read" | "write"),
        "output" => matches!(op, "print" | "stderr"),
        "thread" => matches!(op, "begin" | "start" | "join" | "exit" | "shutdown"),
        kind => op == kind,
    }
}

fn is_object(name: &str, wanted: &str) -> bool {
    let rest = name.strip_prefix(wanted);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '#']))
}

impl Select {
    /// Everything.
    pub fn is_all(&self) -> bool {
        *self == Select::default()
    }

    /// The trace with the events that are wanted and no others.
    ///
    /// # Errors
    ///
    /// When nothing in the trace is called as a thread, object or kind that is asked for, or the step is beyond its end.
    pub fn apply(&self, trace: &Trace) -> Result<Trace, String> {
        let threads = distinct(trace.threads.iter().map(|t| t.name.clone()).collect());
        for wanted in &self.threads {
            let same = |name: &str| name == wanted;
            if !threads
                .iter()
                .chain(trace.threads.iter().map(|t| &t.name))
                .any(|n| same(n))
            {
                return Err(unknown(
                    "thread",
                    wanted,
                    threads.iter().map(String::as_str),
                ));
            }
        }
        for wanted in &self.objects {
            if !trace.objects.iter().any(|o| is_object(&o.name, wanted)) {
                let names = trace.objects.iter().map(|o| o.name.as_str());
                return Err(unknown("object", wanted, names));
            }
        }
        for wanted in &self.kinds {
            let group = GROUPS.iter().any(|(name, _)| name == wanted);
            if !group && !trace.events.iter().any(|e| trace.op(e) == wanted) {
                let mut ops: Vec<&str> = trace.events.iter().map(|e| trace.op(e)).collect();
                ops.sort_unstable();
                ops.dedup();
                let groups = GROUPS.iter().map(|(name, _)| *name);
                return Err(unknown("kind", wanted, groups.chain(ops)));
            }
        }
        if let Some((step, _)) = self.around
            && let last = trace.events.last().map_or(0, |e| e.step)
            && (step > last || step == 0)
        {
            return Err(format!("there is no step {step}: the trace has {last}"));
        }
        let thread_fits = |event: &Event| {
            let index = event.thread as usize;
            let names = [&threads[index], &trace.threads[index].name];
            self.threads.is_empty() || self.threads.iter().any(|t| names.contains(&t))
        };
        let object_fits = |event: &Event| {
            let name = trace.object(event).map(|o| o.name.as_str());
            self.objects.is_empty()
                || name.is_some_and(|name| self.objects.iter().any(|o| is_object(name, o)))
        };
        let kind_fits = |event: &Event| {
            let op = trace.op(event);
            self.kinds.is_empty() || self.kinds.iter().any(|kind| is_kind(op, kind))
        };
        let near = |event: &Event| {
            let near = |(step, by): (u64, u64)| event.step.abs_diff(step) <= by;
            self.around.is_none_or(near)
        };
        Ok(part(trace, |event| {
            near(event) && kind_fits(event) && thread_fits(event) && object_fits(event)
        }))
    }
}

/// The events that fit, with touches numbered anew, as the stored form wants it.
fn part(trace: &Trace, fits: impl Fn(&Event) -> bool) -> Trace {
    let mut things: FxHashMap<u32, u32> = FxHashMap::default();
    let mut parts: FxHashMap<u32, u32> = FxHashMap::default();
    let mut renumber = |touch: &Touch| {
        let next = things.len() as u32;
        let thing = *things.entry(touch.thing).or_insert(next);
        let next = parts.len() as u32 + 1;
        let part = match touch.part {
            0 => 0,
            part => *parts.entry(part).or_insert(next),
        };
        Touch {
            thing,
            part,
            mode: touch.mode,
        }
    };
    let mut events = Vec::new();
    let mut shapes = Shapes::default();
    let mut known: Vec<Option<u32>> = vec![None; trace.shapes.len()];
    for event in trace.events.iter().filter(|e| fits(e)) {
        let shape = *known[event.shape as usize].get_or_insert_with(|| {
            let touches: Vec<Touch> = trace.touches(event).iter().map(&mut renumber).collect();
            shapes.intern(trace.shape(event), &touches)
        });
        events.push(Event { shape, ..*event });
    }
    Trace {
        header: trace.header.clone(),
        threads: trace.threads.clone(),
        objects: trace.objects.clone(),
        files: trace.files.clone(),
        events,
        shapes,
        texts: trace.texts.clone(),
        footer: trace.footer.clone(),
    }
}

fn unknown<'a>(what: &str, wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 12;
    let mut names: Vec<&str> = names.collect();
    let more = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!(
        "no {what} in the trace is called `{wanted}`; there are {}{more}",
        names.join(", ")
    )
}
