//! Writes the stored form of a trace, see [`codec`](super::codec).

use super::model::{Datum, Detail, Event, Footer, Object, Shape, Thread, Touch, Trace};
use super::sheet::{self, Columns, Head, Lines, Piece, Sheet};
use crate::kernel::footprint::Mode;
use crate::text::quote;
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, Write};

/// A line of a table, or the end.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Entry<'a> {
    Thread(&'a Thread),
    Object(&'a Object),
    File(&'a str),
    End(&'a Footer),
}

/// Writes a whole trace.
///
/// # Errors
///
/// What the writer reports.
pub fn write(trace: &Trace, out: &mut impl Write) -> io::Result<()> {
    sheet::write(trace, Json::default(), out)
}

/// What lines are put together from.
#[derive(Default)]
pub(crate) struct Json {
    /// By thread.
    numbers: Vec<Piece<16>>,
    /// By shape.
    forms: Vec<Form>,
    mentions: Mentions,
}

impl Lines for Json {
    fn grow(&mut self, trace: &Trace) -> io::Result<bool> {
        for thread in self.numbers.len()..trace.threads.len() {
            self.numbers.push(Piece::new(thread.to_string()));
        }
        for shape in self.forms.len()..trace.shapes.len() {
            self.forms.push(form(trace, shape as u32)?);
        }
        self.mentions.grow(trace);
        Ok(true)
    }

    fn start(&self, trace: &Trace, sheet: &mut Sheet) -> io::Result<()> {
        line(sheet, &trace.header)
    }

    fn part(
        &self,
        trace: &Trace,
        first: usize,
        events: &[Event],
        sheet: &mut Sheet,
    ) -> io::Result<()> {
        let mentions = &self.mentions.found;
        let at = mentions.partition_point(|mention| mention.event < first);
        let mut written = self.mentions.before(at);
        let mut mentions = mentions[at..].iter().peekable();
        let mut head = Head::new();
        for (i, event) in events.iter().enumerate() {
            if let Some(mention) = mentions.next_if(|mention| mention.event == first + i) {
                written.up_to(mention.needs, trace, sheet)?;
            }
            self.event(trace, event, &mut head, sheet)?;
        }
        Ok(())
    }

    fn end(&self, trace: &Trace, sheet: &mut Sheet) -> io::Result<()> {
        let all = Written {
            threads: trace.threads.len(),
            objects: trace.objects.len(),
            files: trace.files.len(),
        };
        let mut written = self.mentions.needs;
        written.up_to(all, trace, sheet)?;
        line(sheet, &Entry::End(&trace.footer))
    }
}

fn line(out: &mut Sheet, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.put_bytes(b"\n");
    Ok(())
}

/// How much of each table is written.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
struct Written {
    threads: usize,
    objects: usize,
    files: usize,
}

impl Written {
    /// Writes the entries that are not written yet.
    fn up_to(&mut self, all: Written, trace: &Trace, out: &mut Sheet) -> io::Result<()> {
        for thread in &trace.threads[self.threads..all.threads] {
            line(out, &Entry::Thread(thread))?;
        }
        for object in &trace.objects[self.objects..all.objects] {
            line(out, &Entry::Object(object))?;
        }
        for file in &trace.files[self.files..all.files] {
            line(out, &Entry::File(file))?;
        }
        *self = all;
        Ok(())
    }
}

/// An event before which entries of the tables must stand that were not needed before.
struct Mention {
    event: usize,
    needs: Written,
}

/// All such events.
#[derive(Default)]
struct Mentions {
    found: Vec<Mention>,
    /// What is needed for the events so far.
    needs: Written,
    /// How many events that are.
    events: usize,
    /// Their shapes.
    seen: Vec<bool>,
}

impl Mentions {
    /// What is written before a mention.
    fn before(&self, at: usize) -> Written {
        let last = at.checked_sub(1).map(|last| self.found[last].needs);
        last.unwrap_or_default()
    }

    /// Looks at the events that are new.
    fn grow(&mut self, trace: &Trace) {
        self.seen.resize(trace.shapes.len(), false);
        for (number, event) in trace.events.iter().enumerate().skip(self.events) {
            let known = std::mem::replace(&mut self.seen[event.shape as usize], true);
            let needs = self.needs;
            if known && (event.thread as usize) < needs.threads {
                continue;
            }
            let Shape {
                peer,
                object,
                file,
                call,
                ..
            } = *trace.shape(event);
            let thread = event.thread.max(peer.unwrap_or(0));
            let object = object.max(call.and_then(|call| call.object));
            let next = Written {
                threads: needs
                    .threads
                    .max(thread as usize + 1)
                    .min(trace.threads.len()),
                objects: needs
                    .objects
                    .max(object.map_or(0, |o| o as usize + 1))
                    .min(trace.objects.len()),
                files: needs.files.max(file as usize + 1).min(trace.files.len()),
            };
            if next != needs {
                self.needs = next;
                self.found.push(Mention {
                    event: number,
                    needs: next,
                });
            }
        }
        self.events = trace.events.len();
    }
}

/// What stands before and behind the value in the lines of a shape.
struct Form {
    /// From the operation up to the value, with the name of its field and what stands in this before the value.
    start: Piece<64>,
    /// The same up to the field.
    before: Piece<64>,
    /// The name of the field that has the value.
    name: &'static str,
    /// What stands in the field behind the value.
    tail: &'static str,
    /// The end of the field, and what comes then.
    close: Piece<64>,
    /// The rest of the line without a value.
    whole: Piece<112>,
    /// What comes behind the field.
    after: Piece<64>,
}

impl Json {
    #[inline]
    fn event(
        &self,
        trace: &Trace,
        event: &Event,
        head: &mut Head,
        out: &mut Sheet,
    ) -> io::Result<()> {
        let form = &self.forms[event.shape as usize];
        head.put(out, (event.step, event.time), numbers);
        match self.numbers.get(event.thread as usize) {
            Some(number) => out.put(number),
            None => write!(out, "{}", event.thread)?,
        }
        let Some(value) = event.value else {
            out.put(&form.whole);
            return Ok(());
        };
        let mut digits = itoa::Buffer::new();
        let none = ("", "");
        let short = match value {
            Datum::Int(n) => Some((digits.format(n), none)),
            Datum::Bool(true) => Some(("True", none)),
            Datum::Bool(false) => Some(("False", none)),
            Datum::None => Some(("None", none)),
            Datum::Str(text) => match quote::simple(trace.texts.get(text)) {
                Some((line, (open, "\\n'"))) => Some((line, (open, "\\\\n'"))),
                simple => simple,
            },
            Datum::Text(_) | Datum::Float(_) => None,
        };
        match short {
            Some((value, (open, close))) => {
                out.put(&form.start);
                for part in [open, value, close, form.tail] {
                    if !part.is_empty() {
                        out.put_bytes(part.as_bytes());
                    }
                }
                out.put(&form.close);
            }
            None => {
                out.put(&form.before);
                out.put_bytes(form.name.as_bytes());
                let result = trace.result(event);
                let text = result.or_else(|| trace.detail(event));
                serde_json::to_writer(&mut *out, &text)?;
                out.put(&form.after);
            }
        }
        Ok(())
    }
}

/// The beginning of an event's line, up to the number of its thread.
fn numbers(step: u64, time: u64) -> (String, Columns) {
    const TO_STEP: &str = "{\"event\":{\"step\":";
    let to_time = format!("{TO_STEP}{step},\"time\":");
    let text = format!("{to_time}{time},\"thread\":");
    // The last digit of microseconds. A time of less counts as none that can be counted up.
    let end = (to_time.len() + time.to_string().len()).saturating_sub(3);
    let columns = Columns {
        step: (TO_STEP.len(), TO_STEP.len() + step.to_string().len()),
        time: (to_time.len().min(end), end),
    };
    (text, columns)
}

fn form(trace: &Trace, shape: u32) -> io::Result<Form> {
    let text = |text| trace.texts.get(text);
    let Shape {
        op,
        object,
        peer,
        detail,
        file,
        line,
        call,
        ..
    } = *trace.shapes.get(shape);
    let mut before = b",\"op\":".to_vec();
    serde_json::to_writer(&mut before, text(op))?;
    for (name, number) in [("object", object), ("peer", peer)] {
        if let Some(number) = number {
            write!(before, ",\"{name}\":{number}")?;
        }
    }
    if let Detail::Text(asked) = detail {
        before.extend_from_slice(b",\"detail\":");
        serde_json::to_writer(&mut before, text(asked))?;
    }
    let mut after = Vec::new();
    if let Some(call) = call {
        after.extend_from_slice(b",\"call\":");
        serde_json::to_writer(&mut after, text(call.name))?;
        if let Some(object) = call.object {
            write!(after, ",\"of\":{object}")?;
        }
        if call.goes_on {
            after.extend_from_slice(b",\"goes_on\":true");
        }
    }
    let touch = touch_text(trace.shapes.touches(shape));
    if !touch.is_empty() {
        write!(after, ",\"touch\":\"{touch}\"")?;
    }
    writeln!(after, ",\"file\":{file},\"line\":{line}}}}}")?;
    let (before_value, tail) = detail.frame(&trace.texts);
    let (name, lead) = match detail.takes_value() {
        true => (",\"detail\":", serde_json::to_vec(&before_value)?),
        false => (",\"result\":", b"\"\"".to_vec()),
    };
    // The value goes on, then the text ends.
    let lead = &lead[..lead.len() - 1];
    Ok(Form {
        start: Piece::new([&before, name.as_bytes(), lead].concat()),
        whole: Piece::new([&*before, &*after].concat()),
        before: Piece::new(before),
        name,
        tail,
        close: Piece::new([b"\"", &*after].concat()),
        after: Piece::new(after),
    })
}

fn touch_text(touches: &[Touch]) -> String {
    let mut out = String::new();
    for touch in touches {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push(match touch.mode {
            Mode::Read => 'r',
            Mode::Add => 'a',
            Mode::Write => 'w',
        });
        // Writing to a string does not fail.
        let _ = write!(out, "{}", touch.thing);
        if touch.part > 0 {
            let _ = write!(out, ".{}", touch.part);
        }
    }
    out
}
