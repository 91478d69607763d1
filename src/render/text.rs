//! A trace as text, one event a line.
//!
//! Columns have fixed widths (the thread's follows the longest name); what is too long for its column moves only the rest
//! of its own line. So one more event, or a longer value, changes no other line, and snapshots and `diff` stay readable.
//! A `>` marks the first event after another thread ran.

use super::style::{Palette, grouped, is_plain, one_line, push_one_line, seconds};
use crate::trace::model::{Datum, Detail, Event, Shape, Trace};
use anstyle::Style;
use std::collections::BTreeMap;
use std::io::{self, Write};

const STEP: usize = 6;
const TIME: usize = 12;
const OPERATION: usize = 10;
const OBJECT: usize = 18;
const DETAIL: usize = 24;
/// Bounds of the thread column.
const THREAD: std::ops::RangeInclusive<usize> = 10..=24;
/// Longer details are cut; JSON Lines has them whole.
const LONGEST_DETAIL: usize = 60;

/// The trace as a string.
pub fn to_string(trace: &Trace, palette: &Palette) -> String {
    let mut out = Vec::new();
    // Writing to memory does not fail.
    let _ = write(trace, palette, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Writes the trace.
///
/// # Errors
///
/// What the writer reports.
pub fn write(trace: &Trace, palette: &Palette, out: &mut impl Write) -> io::Result<()> {
    let layout = Layout::of(trace, palette);
    layout.header(trace, palette, out)?;
    let mut forms: Vec<Option<Form>> = vec![None; trace.shapes.len()];
    let mut lines = Vec::with_capacity(PIECE + PIECE / 8);
    let mut head = Head::default();
    let mut before = None;
    for event in &trace.events {
        let switched = before.is_some_and(|thread| thread != event.thread);
        before = Some(event.thread);
        lines.extend_from_slice(head.of(event.step, event.time, switched));
        let thread = layout.padded.get(event.thread as usize);
        lines.extend_from_slice(thread.map_or(b"?", |name| name.as_bytes()));
        let form = forms[event.shape as usize].get_or_insert_with(|| layout.form(trace, event));
        match event.value {
            None => lines.extend_from_slice(form.whole.as_bytes()),
            Some(_) => form.with_value(trace, event, palette, &mut lines),
        }
        lines.push(b'\n');
        if lines.len() >= PIECE {
            out.write_all(&lines)?;
            lines.clear();
        }
    }
    out.write_all(&lines)?;
    footer(trace, palette, out)
}

/// Bytes that are written at a time.
const PIECE: usize = 1 << 16;

/// Lines of events of one shape: what is the same for all of them is put together once.
#[derive(Clone)]
struct Form {
    /// What follows the thread if there is no value to tell.
    whole: String,
    /// Operation and object, and file and line; the rest stands between.
    before: String,
    after: String,
    /// What stands before the value and behind it, if that makes no detail too long.
    frame: Option<(String, &'static str)>,
}

impl Form {
    fn with_value(&self, trace: &Trace, event: &Event, palette: &Palette, out: &mut Vec<u8>) {
        let value = event.value.unwrap_or(Datum::None);
        let mut digits = itoa::Buffer::new();
        let short = match value {
            Datum::Int(n) => Some(digits.format(n)),
            Datum::Bool(true) => Some("True"),
            Datum::Bool(false) => Some("False"),
            Datum::None => Some("None"),
            Datum::Text(text) => Some(trace.texts.get(text)).filter(|text| is_plain(text)),
            Datum::Str(_) | Datum::Float(_) => None,
        };
        let held_up = matches!(short, Some("blocked" | "timed out"));
        let style = match held_up {
            true => palette.warning,
            false => Style::new(),
        };
        if held_up && !style.is_plain() {
            out.extend_from_slice(style.render().to_string().as_bytes());
        }
        out.extend_from_slice(self.before.as_bytes());
        let width = match (&self.frame, short) {
            (Some((lead, tail)), Some(value)) => {
                out.extend_from_slice(lead.as_bytes());
                out.extend_from_slice(value.as_bytes());
                out.extend_from_slice(tail.as_bytes());
                // All are ASCII.
                lead.len() + value.len() + tail.len()
            }
            _ => {
                let told = detail(trace, event);
                out.extend_from_slice(told.as_bytes());
                told.chars().count()
            }
        };
        if self.after.is_empty() {
            out.truncate(out.trim_ascii_end().len());
        } else {
            let gap = DETAIL.saturating_sub(width);
            out.extend_from_slice(&SPACES[..gap]);
            out.extend_from_slice(self.after.as_bytes());
        }
        if held_up && !style.is_plain() {
            out.extend_from_slice(style.render_reset().to_string().as_bytes());
        }
    }
}

const SPACES: [u8; DETAIL] = [b' '; DETAIL];

/// The first columns of a line: step, time, and whether another thread ran before.
#[derive(Default)]
struct Head {
    text: Vec<u8>,
    step: u64,
    micros: u64,
}

impl Head {
    fn of(&mut self, step: u64, time: u64, switched: bool) -> &[u8] {
        let micros = time / 1_000;
        // Mostly both are one more than before.
        let next = step == self.step + 1 && micros == self.micros + 1;
        let counted = next && self.text.len() == STEP + TIME + 4 && {
            let (step, time) = self.text.split_at_mut(STEP);
            count_up(step) && count_up(&mut time[1..=TIME])
        };
        (self.step, self.micros) = (step, micros);
        if !counted {
            self.text.clear();
            let text = format!("{step:>STEP$} {:>TIME$}   ", seconds(time));
            self.text.extend_from_slice(text.as_bytes());
        }
        let mark = self.text.len() - 2;
        self.text[mark] = if switched { b'>' } else { b' ' };
        &self.text
    }
}

/// Adds one to a right-aligned number in digits, which may have a point. Tells whether there was room.
fn count_up(digits: &mut [u8]) -> bool {
    for digit in digits.iter_mut().rev() {
        match *digit {
            b'9' => *digit = b'0',
            b'.' => {}
            b' ' => {
                *digit = b'1';
                return true;
            }
            _ => {
                *digit += 1;
                return true;
            }
        }
    }
    false
}

/// What is the same for all lines.
struct Layout {
    thread_width: usize,
    /// The same in their colours, filled up to this width.
    padded: Vec<String>,
    /// File names, as short as is unambiguous.
    files: Vec<String>,
}

impl Layout {
    fn of(trace: &Trace, palette: &Palette) -> Layout {
        let threads = distinct(trace.threads.iter().map(|t| one_line(&t.name)).collect());
        let longest = threads.iter().map(|name| name.chars().count()).max();
        let thread_width = longest.unwrap_or(0).clamp(*THREAD.start(), *THREAD.end());
        let padded = |(thread, name): (usize, &String)| {
            let style = palette.thread(thread as u32);
            format!("{style}{name:<thread_width$}{style:#}")
        };
        Layout {
            thread_width,
            padded: threads.iter().enumerate().map(padded).collect(),
            files: short_files(&trace.files),
        }
    }

    fn header(&self, trace: &Trace, palette: &Palette, out: &mut impl Write) -> io::Result<()> {
        let header = &trace.header;
        let version = header.raddle;
        let lines = [
            format!(
                "# raddle trace {version}: {} ({})",
                one_line(&header.program),
                header.digest
            ),
            format!(
                "# {}",
                one_line(&format!(
                    "{} strategy={} seed={}",
                    header.options, header.strategy, header.seed
                ))
            ),
            "#".to_owned(),
            format!(
                "#{:>step$} {:>TIME$}   {:<thread$}  {:<OPERATION$} {:<OBJECT$} {:<DETAIL$} where",
                "step",
                "seconds",
                "thread",
                "operation",
                "object",
                "detail",
                step = STEP - 1,
                thread = self.thread_width,
            ),
        ];
        for line in lines {
            painted(out, palette.faint, &line)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// The form of an event's line.
    fn form(&self, trace: &Trace, event: &Event) -> Form {
        let object = trace.object(event).map(|o| one_line(&o.name));
        let before = format!(
            "  {:<OPERATION$} {:<OBJECT$} ",
            one_line(trace.op(event)),
            object.unwrap_or_default()
        );
        let Shape { file, line, .. } = *trace.shape(event);
        let after = match line {
            0 => String::new(),
            line => format!(
                " {}:{line}",
                self.files.get(file as usize).map_or("?", |f| f)
            ),
        };
        let told = detail(
            trace,
            &Event {
                value: None,
                ..*event
            },
        );
        let asked = trace.shape(event).detail;
        let (lead, tail) = asked.frame(&trace.texts);
        let lead = match asked {
            Detail::None => "-> ".to_owned(),
            Detail::Text(_) => format!("{told} -> "),
            _ => lead.into_owned(),
        };
        let fits = lead.len() < LONGEST_DETAIL / 2 && is_plain(&lead);
        let whole = match line {
            0 => format!("{before}{told}"),
            _ => format!("{before}{told:<DETAIL$}{after}"),
        };
        Form {
            whole: whole.trim_end().to_owned(),
            frame: fits.then_some((lead, tail)),
            before,
            after,
        }
    }
}

/// What was asked for and what came of it: `timeout=2.5 -> True`.
pub(super) fn detail(trace: &Trace, event: &Event) -> String {
    let mut text = one_line(trace.detail(event).as_deref().unwrap_or_default());
    if text.len() > LONGEST_DETAIL && text.chars().count() > LONGEST_DETAIL {
        text = text.chars().take(LONGEST_DETAIL - 3).collect();
        text.push_str("...");
    }
    if let Some(result) = trace.result(event) {
        text.push_str(if text.is_empty() { "-> " } else { " -> " });
        push_one_line(&mut text, &result);
    }
    text
}

fn footer(trace: &Trace, palette: &Palette, out: &mut impl Write) -> io::Result<()> {
    let footer = &trace.footer;
    let lines = [
        format!(
            "# {} after {} steps, {} s",
            one_line(&footer.ending),
            grouped(footer.steps),
            seconds(footer.time)
        ),
        format!("# token {}", one_line(&footer.token)),
    ];
    for line in lines {
        painted(out, palette.faint, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn painted(out: &mut impl Write, style: Style, text: &str) -> io::Result<()> {
    write!(out, "{style}{text}{style:#}")
}

/// Names with `#number` after those that occur more than once.
pub(super) fn distinct(names: Vec<String>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    names
        .iter()
        .for_each(|name| *counts.entry(name).or_default() += 1);
    let marked = |(number, name): (usize, &String)| match counts[name.as_str()] > 1 {
        true => format!("{name}#{number}"),
        false => name.clone(),
    };
    names.iter().enumerate().map(marked).collect()
}

/// File names without their folders, but with them where two would look alike.
pub(super) fn short_files(files: &[String]) -> Vec<String> {
    let base = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
    let alike = |name: &str| files.iter().filter(|f| base(f) == name).nth(1).is_some();
    let short = |path: &String| {
        let name = base(path);
        one_line(if alike(&name) { path } else { &name })
    };
    files.iter().map(short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::sample;

    #[test]
    fn a_trace_reads_as_a_table() {
        let text = to_string(&sample::trace(), &Palette::PLAIN);
        insta::assert_snapshot!(text, @r#"
# raddle trace 1: programs/bank.py (0a1b2c3d)
# switch=shared time=virtual strategy=random seed=7
#
# step      seconds   thread           operation  object             detail                   where
     1     0.000000   MainThread       start                         Thread-1 (work)          bank.py:9
     2     0.000001   MainThread       acquire    db._lock           timeout=2.5 -> True      bank.py:10
     3     0.000002 > Thread-1 (work)  acquire    db._lock           -> blocked               bank.py:4
     4     0.000003 > MainThread       print                         'one\ntwo'               bank.py:11
     5     2.000004   MainThread       release    db._lock                                    bank.py:12
     6     2.000005 > Thread-1 (work)  acquire    db._lock                                    bank.py:4
     7     2.000006   Thread-1 (work)  write      account            .balance = 5             bank.py:5
# finished after 7 steps, 2.000007 s
# token r1-0a1b2c3d-xyz
"#);
    }

    #[test]
    fn one_more_event_changes_no_other_line() {
        let mut trace = sample::trace();
        let before = to_string(&trace, &Palette::PLAIN);
        let shape = Shape {
            detail: Detail::Text(trace.texts.intern(&"x".repeat(500))),
            op: trace.texts.intern("a-very-long-operation"),
            ..*trace.shape(&trace.events[6])
        };
        trace.events.push(Event {
            shape: trace.shapes.intern(&shape, &[]),
            value: None,
            ..trace.events[6]
        });
        let after = to_string(&trace, &Palette::PLAIN);
        assert_eq!(after.lines().count(), before.lines().count() + 1);
        assert!(before.lines().all(|line| after.contains(line)));
    }

    #[test]
    fn colour_changes_no_text() {
        let colored = to_string(&sample::trace(), &Palette::COLOR);
        assert!(colored.contains('\u{1b}'));
        let plain = anstream::adapter::strip_str(&colored).to_string();
        assert_eq!(plain, to_string(&sample::trace(), &Palette::PLAIN));
    }

    #[test]
    fn threads_and_files_that_look_alike_are_told_apart() {
        let names = ["w", "main", "w"].map(String::from).to_vec();
        assert_eq!(distinct(names), ["w#0", "main", "w#2"]);
        let files = ["a/x.py", "b/x.py", "a/y.py"].map(String::from);
        assert_eq!(short_files(&files), ["a/x.py", "b/x.py", "y.py"]);
    }
}
