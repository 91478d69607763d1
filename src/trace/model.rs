//! What a run did, as a value: header, tables of threads and objects, events, footer.
//!
//! The runner fills it while the program runs; text, JSON Lines, diffs and reports are pure functions of it.

use super::shapes::Shapes;
use super::texts::{Text, Texts};
use crate::kernel::footprint::Mode;
use crate::text::{float, quote};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt::Write;

/// Version of the stored form; readers refuse newer ones.
pub const VERSION: u32 = 1;

/// One visible operation that was performed. Compact, because recording must cost little: what many steps have in common is stored
/// once, as their [`Shape`], and [`Trace`] has the methods that put the two together.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Number of the step, from 1.
    pub step: u64,
    /// Virtual time at the start of the step, nanoseconds since the start of the run.
    pub time: u64,
    /// Index into [`Trace::threads`].
    pub thread: u32,
    /// Number of its shape in [`Trace::shapes`].
    pub shape: u32,
    /// What the [`Detail`] of its shape leaves open; else what came of it, when there is something to tell.
    pub value: Option<Datum>,
}

/// What steps have in common that do the same thing at the same place. Texts are numbers in [`Trace::texts`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Shape {
    /// The operation in the words of the source's world: `acquire`, `release`, `wait`, `notify`, `read`, `write`, `print`, `sleep`.
    pub op: Text,
    /// Index into [`Trace::objects`].
    pub object: Option<u32>,
    /// The other thread, when one is started or joined: index into [`Trace::threads`].
    pub peer: Option<u32>,
    /// What is asked for beyond the object.
    pub detail: Detail,
    /// Index into [`Trace::files`].
    pub file: u32,
    /// 1-based line; 0 when there is none.
    pub line: u32,
    /// The call that the step is inside of.
    pub call: Option<Call>,
}

/// A call of a bundled module's function or method, of which a step is only a part: `executor.submit`, say.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Call {
    /// The function or method.
    pub name: Text,
    /// Whose method it is: index into [`Trace::objects`].
    pub object: Option<u32>,
    /// The thread's step before this one was a part of the same call.
    pub goes_on: bool,
}

/// What was asked for beyond operation and object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Detail {
    /// Nothing.
    None,
    /// In words: a timeout, the attribute read.
    Text(Text),
    /// The text that is printed, which is the event's value.
    Printed,
    /// The event's value: what is put into a queue.
    Value,
    /// The part that is written; the event's value is its new one.
    Write(Text),
    /// The call of a method up to its last argument, which is the event's value: `.append(`.
    Call(Text),
}

impl Detail {
    /// Whether the value of an event belongs to what was asked for, and not to what came of it.
    pub fn takes_value(self) -> bool {
        !matches!(self, Detail::None | Detail::Text(_))
    }

    /// The words before and behind the value: of what came of it if it does not belong here.
    pub(crate) fn frame(self, texts: &Texts) -> (Cow<'_, str>, &'static str) {
        match self {
            Detail::None | Detail::Printed | Detail::Value => (Cow::Borrowed(""), ""),
            Detail::Text(text) => (Cow::Borrowed(texts.get(text)), ""),
            Detail::Write(part) => match texts.get(part) {
                "" => (Cow::Borrowed("= "), ""),
                part => (Cow::Owned(format!("{part} = ")), ""),
            },
            Detail::Call(start) => (Cow::Borrowed(texts.get(start)), ")"),
        }
    }
}

/// A value of the program, as far as it can be told in a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Datum {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A small integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string, shown in quotes.
    Str(Text),
    /// Anything else, in words: `timed out`, `blocked`, `RuntimeError`.
    Text(Text),
}

impl Datum {
    /// The value as Python shows it.
    pub(crate) fn words(self, texts: &Texts) -> Cow<'_, str> {
        match self {
            Datum::None => Cow::Borrowed("None"),
            Datum::Bool(true) => Cow::Borrowed("True"),
            Datum::Bool(false) => Cow::Borrowed("False"),
            Datum::Int(n) => Cow::Owned(n.to_string()),
            Datum::Float(x) => Cow::Owned(float::repr(x)),
            Datum::Str(text) => Cow::Owned(quote::repr_str(texts.get(text))),
            Datum::Text(text) => Cow::Borrowed(texts.get(text)),
        }
    }
}

/// One touch of one thing that threads share, as [`footprint`](crate::kernel::footprint) has it, with numbers of this trace alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Touch {
    /// What is touched: things are numbered from 0 in order of their first touch.
    pub thing: u32,
    /// Which part of it: 0 the whole, parts from 1 in order of their first touch.
    pub part: u32,
    /// How.
    pub mode: Mode,
}

/// A thread of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    /// Its `Thread.name` when first seen.
    pub name: String,
    /// Whether it is a daemon.
    pub daemon: bool,
}

/// A shared object of the run, named as the source names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// `db._lock`, `forks[0]`, or `Lock#3` when nothing names it.
    pub name: String,
    /// `Lock`, `Condition`, `list`, `Account`.
    pub kind: String,
}

/// The conditions of the run: what makes it repeatable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`VERSION`].
    pub raddle: u32,
    /// Path of the program as given.
    pub program: String,
    /// Digest of all its source, eight hex digits.
    pub digest: String,
    /// Strategy that chose.
    pub strategy: String,
    /// Its seed.
    pub seed: u64,
    /// The options that shape the run, `switch=shared time=virtual`, in fixed order.
    pub options: String,
}

/// How it ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Footer {
    /// One of the ending names of [`Ending`](crate::run::Ending).
    pub ending: String,
    /// Steps performed.
    pub steps: u64,
    /// Virtual nanoseconds passed.
    pub time: u64,
    /// The token that replays the run.
    pub token: String,
}

/// A whole trace.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Conditions.
    pub header: Header,
    /// Threads in order of creation; main is 0.
    pub threads: Vec<Thread>,
    /// Objects in order of first mention.
    pub objects: Vec<Object>,
    /// Source files in order of first mention.
    pub files: Vec<String>,
    /// The events.
    pub events: Vec<Event>,
    /// What they have in common.
    pub shapes: Shapes,
    /// The texts of the events.
    pub texts: Texts,
    /// The end.
    pub footer: Footer,
}

impl Trace {
    /// What an event has in common with others.
    pub fn shape(&self, event: &Event) -> &Shape {
        self.shapes.get(event.shape)
    }

    /// The operation of an event.
    pub fn op(&self, event: &Event) -> &str {
        self.texts.get(self.shape(event).op)
    }

    /// The object of an event.
    pub fn object(&self, event: &Event) -> Option<&Object> {
        self.objects.get(self.shape(event).object? as usize)
    }

    /// What was asked for beyond the object, in words: a timeout, the text printed, the attribute with its new value.
    pub fn detail(&self, event: &Event) -> Option<Cow<'_, str>> {
        let detail = self.shape(event).detail;
        Some(match detail {
            Detail::None => return None,
            Detail::Text(text) => Cow::Borrowed(self.texts.get(text)),
            _ => {
                let (before, after) = detail.frame(&self.texts);
                let value = self.datum(event.value.unwrap_or(Datum::None));
                match before.is_empty() && after.is_empty() {
                    true => value,
                    false => Cow::Owned(format!("{before}{value}{after}")),
                }
            }
        })
    }

    /// What came of an event.
    pub fn outcome(&self, event: &Event) -> Option<Datum> {
        event
            .value
            .filter(|_| !self.shape(event).detail.takes_value())
    }

    /// What came of an event, in words.
    pub fn result(&self, event: &Event) -> Option<Cow<'_, str>> {
        self.outcome(event).map(|value| self.datum(value))
    }

    /// The text that an event wrote to a stream.
    pub fn printed(&self, event: &Event) -> Option<&str> {
        match (self.shape(event).detail, event.value) {
            (Detail::Printed, Some(Datum::Str(text))) => Some(self.texts.get(text)),
            _ => None,
        }
    }

    /// A value as Python shows it.
    pub fn datum(&self, value: Datum) -> Cow<'_, str> {
        value.words(&self.texts)
    }

    /// The call that an event is inside of: its name, whose method it is, and whether it goes on.
    pub fn call(&self, event: &Event) -> Option<(&str, Option<&Object>, bool)> {
        let call = self.shape(event).call?;
        let object = call.object.and_then(|o| self.objects.get(o as usize));
        Some((self.texts.get(call.name), object, call.goes_on))
    }

    /// What an event touches.
    pub fn touches(&self, event: &Event) -> &[Touch] {
        self.shapes.touches(event.shape)
    }

    /// `bank.py:12`, or nothing when no line is known.
    pub fn place(&self, event: &Event) -> String {
        let mut place = String::new();
        let Shape { file, line, .. } = *self.shape(event);
        if line > 0
            && let Some(file) = self.files.get(file as usize)
        {
            let _ = write!(place, "{file}:{line}");
        }
        place
    }
}

/// Equal are traces that say the same, however their texts and shapes are numbered.
impl PartialEq for Trace {
    fn eq(&self, other: &Trace) -> bool {
        let same = |(a, b): (&Event, &Event)| {
            let fixed = |e: &Event| (e.step, e.time, e.thread);
            let place = |s: &Shape| (s.object, s.peer, s.file, s.line);
            fixed(a) == fixed(b)
                && self.call(a) == other.call(b)
                && place(self.shape(a)) == place(other.shape(b))
                && self.op(a) == other.op(b)
                && self.detail(a) == other.detail(b)
                && self.result(a) == other.result(b)
                && self.touches(a) == other.touches(b)
        };
        self.header == other.header
            && self.threads == other.threads
            && self.objects == other.objects
            && self.files == other.files
            && self.footer == other.footer
            && self.events.len() == other.events.len()
            && self.events.iter().zip(&other.events).all(same)
    }
}
