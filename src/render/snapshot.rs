//! A trace as text for snapshot tests: what a test is about, and nothing that changes for other reasons.
//!
//! Without more ado it leaves out what every change of a program moves: steps, times, the header with digest and token. What
//! else a test does not care about it can leave out, or have replaced by a placeholder.
//!
//! ```
//! use raddle::render::snapshot::Snapshot;
//! use raddle::run::{Options, Session, load_source};
//!
//! let program = load_source(
//!     "bank.py",
//!     "
//! import threading
//! lock = threading.Lock()
//! balance = 0
//! def pay(n):
//!     global balance
//!     with lock:
//!         balance += n
//! threads = [threading.Thread(target=pay, args=(n,)) for n in (1, 2)]
//! for t in threads: t.start()
//! for t in threads: t.join()
//! ",
//!     false,
//! )
//! .unwrap();
//! let options = Options { seed: 3, trace: true, ..Options::default() };
//! let trace = Session::new(program).run(&options).trace.unwrap();
//!
//! // All that happens to the lock, in the order in which it happened. In a test: insta::assert_snapshot!(text, @"...").
//! let text = Snapshot::of(&trace).object("lock").without_lines().to_string();
//! assert_eq!(
//!     text.lines().collect::<Vec<_>>(),
//!     [
//!         "Thread-1 (pay)  acquire    lock",
//!         "Thread-1 (pay)  release    lock",
//!         "Thread-2 (pay)  acquire    lock",
//!         "Thread-2 (pay)  release    lock",
//!         "# finished",
//!     ]
//! );
//!
//! // The whole run, the same for all seeds that differ in the order of independent steps only.
//! let text = Snapshot::of(&trace).normal_form().without_values().to_string();
//! assert!(text.contains("write      balance            = [value]                bank.py:8\n"));
//! ```

use super::fold::folded;
use super::select::Select;
use super::style::{one_line, seconds};
use super::text::short_files;
use crate::diff::{base, pair::stem};
use crate::trace::model::{Datum, Detail, Event, Trace};
use crate::trace::order::Order;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

const OPERATION: usize = 10;
const OBJECT: usize = 18;
const DETAIL: usize = 24;
const TIME: usize = 12;

/// A trace, and how to show it. Its text is its [`Display`](fmt::Display) form.
#[derive(Clone, Debug)]
#[must_use]
pub struct Snapshot<'a> {
    trace: &'a Trace,
    select: Select,
    normal: bool,
    inside: bool,
    steps: bool,
    times: bool,
    values: bool,
    lines: bool,
    ids: bool,
}

impl<'a> Snapshot<'a> {
    /// The whole trace: thread, operation, object, detail and place of each step, and the ending.
    pub fn of(trace: &'a Trace) -> Self {
        Snapshot {
            trace,
            select: Select::default(),
            normal: false,
            inside: false,
            steps: false,
            times: false,
            values: true,
            lines: true,
            ids: true,
        }
    }

    /// Without reads, writes and mere switches: what threads do to each other.
    pub fn sync_only(self) -> Self {
        self.kind("sync")
    }

    /// Only operations of this kind: `acquire`, or one of the groups `sync`, `access`, `output`, `thread`. Call it again for more.
    pub fn kind(mut self, kind: &str) -> Self {
        self.select.kinds.push(kind.to_owned());
        self
    }

    /// Only what this thread does. Call it again for more.
    pub fn thread(mut self, name: &str) -> Self {
        self.select.threads.push(name.to_owned());
        self
    }

    /// Only what happens to this object and its parts. Call it again for more.
    pub fn object(mut self, name: &str) -> Self {
        self.select.objects.push(name.to_owned());
        self
    }

    /// In Foata normal form: the same text for all runs that differ only in the order of independent steps. A blank line stands
    /// between levels: what stands between two blank lines is independent of each other. Numbers in the names of threads and objects
    /// are given in this order.
    pub fn normal_form(mut self) -> Self {
        self.normal = true;
        self
    }

    /// Also the steps inside calls of bundled modules, such as `executor.submit`: see [`fold`](super::fold). The normal form always has them,
    /// for what stands together there depends on the order.
    pub fn inside(mut self) -> Self {
        self.inside = true;
        self
    }

    /// With the numbers of steps. An inserted step changes all later lines then.
    pub fn steps(mut self) -> Self {
        self.steps = true;
        self
    }

    /// With virtual times.
    pub fn times(mut self) -> Self {
        self.times = true;
        self
    }

    /// With `[value]` in place of values that are read, written, printed or returned.
    pub fn without_values(mut self) -> Self {
        self.values = false;
        self
    }

    /// Without files and lines.
    pub fn without_lines(mut self) -> Self {
        self.lines = false;
        self
    }

    /// With `N` in place of the numbers that `threading` and raddle gave to threads and objects.
    pub fn without_ids(mut self) -> Self {
        self.ids = false;
        self
    }
}

impl fmt::Display for Snapshot<'_> {
    /// A thread, object or kind that the trace does not have is told in a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = match self.inside || self.normal {
            true => Cow::Borrowed(self.trace),
            false => folded(self.trace),
        };
        let trace = &match self.select.apply(&whole) {
            Ok(trace) => trace,
            Err(why) => return writeln!(f, "# {why}"),
        };
        // Levels are those of the whole run, so that a part shows them as they are.
        let order = self.normal.then(|| Order::of(self.trace));
        let mut rows: Vec<(u32, &Event)> = trace.events.iter().map(|e| (0, e)).collect();
        if let Some(order) = &order {
            let place = |e: &Event| self.trace.events.partition_point(|x| x.step < e.step);
            rows = trace
                .events
                .iter()
                .map(|e| (order.level(place(e)), e))
                .collect();
            rows.sort_by_key(|(level, e)| (*level, order.rank(e.thread)));
        }
        let names = Names::of(self, trace, order.as_ref(), &rows);
        let files = short_files(&trace.files);
        let mut before = None;
        for (level, event) in &rows {
            if before.is_some_and(|before| before != *level) {
                writeln!(f)?;
            }
            before = Some(*level);
            if self.steps {
                write!(f, "{:>6} ", event.step)?;
            }
            if self.times {
                write!(f, "{:>TIME$} ", seconds(event.time))?;
            }
            let shape = trace.shape(event);
            let object = shape.object.map_or("", |o| &names.objects[o as usize]);
            let mut line = format!(
                "{:<width$}  {:<OPERATION$} {object:<OBJECT$} {:<DETAIL$} ",
                names.threads[event.thread as usize],
                one_line(trace.op(event)),
                self.detail(trace, event, &names),
                width = names.width,
            );
            if self.lines && shape.line > 0 {
                line.push_str(&format!("{}:{}", files[shape.file as usize], shape.line));
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        writeln!(f, "# {}", one_line(&trace.footer.ending))
    }
}

impl Snapshot<'_> {
    fn detail(&self, trace: &Trace, event: &Event, names: &Names) -> String {
        const VALUE: &str = "[value]";
        let shape = trace.shape(event);
        let mut text = match (shape.detail, shape.peer) {
            (Detail::None, _) => String::new(),
            (_, Some(peer)) => {
                let name = &trace.threads[peer as usize].name;
                let told = trace.detail(event).unwrap_or_default();
                let rest = told.strip_prefix(name.as_str()).unwrap_or_default();
                format!("{}{rest}", names.threads[peer as usize])
            }
            (Detail::Write(part), _) if !self.values => {
                let part = trace.texts.get(part);
                format!("{part}{}= {VALUE}", if part.is_empty() { "" } else { " " })
            }
            (Detail::Printed | Detail::Value, _) if !self.values => VALUE.to_owned(),
            (Detail::Text(text), _) if !self.values && trace.op(event) == "write" => {
                // Of a stored trace the value is not kept apart from the words.
                let text = trace.texts.get(text);
                match text.split_once("= ") {
                    Some((part, _)) => format!("{part}= {VALUE}"),
                    None => text.to_owned(),
                }
            }
            (Detail::Text(text), _) if !self.values && trace.op(event) == "put" => {
                let text = trace.texts.get(text);
                match text.rsplit_once(' ') {
                    Some((_, wait)) if wait.contains('=') => format!("{VALUE} {wait}"),
                    _ if text.contains('=') && !text.starts_with(['\'', '"']) => text.to_owned(),
                    _ => VALUE.to_owned(),
                }
            }
            _ => one_line(&trace.detail(event).unwrap_or_default()),
        };
        if let (Some(result), Some(value)) = (trace.result(event), trace.outcome(event)) {
            let told = match trace.op(event) {
                "read" | "get" if !self.values => VALUE.to_owned(),
                _ if !self.values && matches!(value, Datum::Int(_) | Datum::Float(_)) => {
                    VALUE.to_owned()
                }
                _ => names.in_text(&one_line(&result)),
            };
            let gap = if text.is_empty() { "" } else { " " };
            text.push_str(&format!("{gap}-> {told}"));
        }
        text
    }
}

/// What threads and objects are called in this text.
struct Names {
    threads: Vec<String>,
    objects: Vec<String>,
    width: usize,
    /// Threads that are called otherwise here, for results that mention them.
    renamed: Vec<(String, String)>,
}

impl Names {
    fn of(
        snapshot: &Snapshot,
        trace: &Trace,
        order: Option<&Order>,
        rows: &[(u32, &Event)],
    ) -> Names {
        let mut by_rank: Vec<u32> = (0..trace.threads.len() as u32).collect();
        if let Some(order) = order {
            by_rank.sort_by_key(|t| order.rank(*t));
        }
        let mut threads: Vec<String> = trace.threads.iter().map(|t| one_line(&t.name)).collect();
        let mut number = 0;
        for &t in &by_rank {
            let name = &trace.threads[t as usize].name;
            let rest = stem(name);
            if rest.len() < name.len() {
                number += 1;
                let gap = if rest.is_empty() { "" } else { " " };
                let new = match (snapshot.ids, order) {
                    (false, _) => format!("Thread-N{gap}{rest}"),
                    (true, Some(_)) => format!("Thread-{number}{gap}{rest}"),
                    (true, None) => continue,
                };
                threads[t as usize] = one_line(&new);
            }
        }
        let mut objects: Vec<String> = trace.objects.iter().map(|o| one_line(&o.name)).collect();
        if !snapshot.ids {
            for name in &mut objects {
                if base(name).len() < name.len() {
                    *name = format!("{}#N", base(name));
                }
            }
        } else if order.is_some() {
            let mut counts: BTreeMap<String, u32> = BTreeMap::new();
            let mut done = vec![false; objects.len()];
            for object in rows.iter().filter_map(|(_, e)| trace.shape(e).object) {
                let name = &mut objects[object as usize];
                if !std::mem::replace(&mut done[object as usize], true) {
                    let of_kind = base(name) == trace.objects[object as usize].kind;
                    let count = counts.entry(base(name).to_owned()).or_default();
                    *count += 1;
                    *name = match (*count, of_kind) {
                        (1, false) => base(name).to_owned(),
                        (count, _) => format!("{}#{count}", base(name)),
                    };
                }
            }
        }
        let old = trace.threads.iter().map(|t| one_line(&t.name));
        let mut renamed: Vec<(String, String)> = old.zip(threads.iter().cloned()).collect();
        renamed.retain(|(old, new)| old != new);
        let width = threads.iter().map(|name| name.chars().count()).max();
        Names {
            width: width.unwrap_or(0).clamp(10, 24),
            threads,
            objects,
            renamed,
        }
    }

    /// A result, in which threads may be named: `wakes Thread-1 (work), Thread-2 (work)`.
    fn in_text(&self, text: &str) -> String {
        let Some(list) = text.strip_prefix("wakes ") else {
            return text.to_owned();
        };
        let name = |old: &str| {
            let known = self.renamed.iter().find(|(known, _)| known == old);
            known.map_or(old.to_owned(), |(_, new)| new.clone())
        };
        let names: Vec<String> = list.split(", ").map(name).collect();
        format!("wakes {}", names.join(", "))
    }
}
