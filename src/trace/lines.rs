//! Writes the stored form of a trace, see [`codec`](super::codec).

use super::model::{Datum, Detail, Event, Footer, Object, Shape, Thread, Touch, Trace};
use super::sheet::{Columns, Head, Piece, Sheet, write_parts};
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
    let forms = (0..trace.shapes.len() as u32).map(|shape| form(trace, shape));
    let numbers = (0..trace.threads.len()).map(|n| Piece::new(n.to_string()));
    let lines = Lines {
        trace,
        numbers: numbers.collect(),
        forms: forms.collect::<io::Result<_>>()?,
    };
    let mentions = mentions(trace);
    let mut sheet = Sheet::new();
    line(&mut sheet, &trace.header)?;
    sheet.write(out)?;
    write_parts(&trace.events, out, |first, events, sheet| {
        let at = mentions.partition_point(|mention| mention.event < first);
        let mut written = Written::before(&mentions, at);
        let mut mentions = mentions[at..].iter().peekable();
        let mut head = Head::new();
        for (i, event) in events.iter().enumerate() {
            if let Some(mention) = mentions.next_if(|mention| mention.event == first + i) {
                written.up_to(mention.needs, trace, sheet)?;
            }
            lines.event(event, &mut head, sheet)?;
        }
        Ok(())
    })?;
    let all = Written {
        threads: trace.threads.len(),
        objects: trace.objects.len(),
        files: trace.files.len(),
    };
    Written::before(&mentions, mentions.len()).up_to(all, trace, &mut sheet)?;
    line(&mut sheet, &Entry::End(&trace.footer))?;
    sheet.write(out)
}

fn line(out: &mut Sheet, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.put_bytes(b"\n");
    Ok(())
}

/// How much of each table is written.
#[derive(Clone, Copy, PartialEq, Default)]
struct Written {
    threads: usize,
    objects: usize,
    files: usize,
}

impl Written {
    /// What is written before a mention.
    fn before(mentions: &[Mention], at: usize) -> Written {
        let last = at.checked_sub(1).map(|last| mentions[last].needs);
        last.unwrap_or_default()
    }

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

fn mentions(trace: &Trace) -> Vec<Mention> {
    let mut seen = vec![false; trace.shapes.len()];
    let mut mentions: Vec<Mention> = Vec::new();
    let mut needs = Written::default();
    for (number, event) in trace.events.iter().enumerate() {
        let known = std::mem::replace(&mut seen[event.shape as usize], true);
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
            needs = next;
            mentions.push(Mention {
                event: number,
                needs,
            });
        }
    }
    mentions
}

/// What lines of events are put together from.
struct Lines<'a> {
    trace: &'a Trace,
    /// By thread.
    numbers: Vec<Piece<16>>,
    /// By shape.
    forms: Vec<Form>,
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

impl Lines<'_> {
    #[inline]
    fn event(&self, event: &Event, head: &mut Head, out: &mut Sheet) -> io::Result<()> {
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
            Datum::Str(text) => match quote::simple(self.trace.texts.get(text)) {
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
                let result = self.trace.result(event);
                let text = result.or_else(|| self.trace.detail(event));
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
