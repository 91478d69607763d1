//! A trace as text, one event a line.
//!
//! Columns have fixed widths (the thread's follows the longest name); what is too long for its column moves only the rest
//! of its own line. So one more event, or a longer value, changes no other line, and snapshots and `diff` stay readable.
//! A `>` marks the first event after another thread ran.

use super::style::{Palette, grouped, is_plain, one_line, push_one_line, seconds};
use crate::text::quote;
use crate::trace::model::{Datum, Detail, Event, Shape, Trace};
use crate::trace::sheet::{self, Columns, Head, Lines, Piece, Sheet};
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
    sheet::write(trace, Table::new(palette), out)
}

/// What lines are put together from.
pub(crate) struct Table<'a> {
    palette: &'a Palette,
    layout: Option<Layout>,
    /// By shape.
    forms: Vec<Form>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(palette: &'a Palette) -> Table<'a> {
        Table {
            palette,
            layout: None,
            forms: Vec::new(),
        }
    }

    fn layout(&self) -> &Layout {
        self.layout.as_ref().expect("it knows the trace")
    }
}

impl Lines for Table<'_> {
    fn grow(&mut self, trace: &Trace) -> io::Result<bool> {
        let (threads, files) = (trace.threads.len(), trace.files.len());
        let known = |layout: &Layout| layout.same.len() == threads && layout.files.len() == files;
        let mut stands = true;
        if !self.layout.as_ref().is_some_and(known) {
            let layout = Layout::of(trace, self.palette);
            let before = self.layout.as_ref();
            stands = before.is_none_or(|before| layout.continues(before));
            self.layout = Some(layout);
        }
        for shape in self.forms.len()..trace.shapes.len() {
            self.forms.push(self.layout().form(trace, shape as u32));
        }
        Ok(stands)
    }

    fn start(&self, trace: &Trace, sheet: &mut Sheet) -> io::Result<()> {
        self.layout().header(trace, self.palette, sheet)
    }

    fn part(
        &self,
        trace: &Trace,
        first: usize,
        events: &[Event],
        sheet: &mut Sheet,
    ) -> io::Result<()> {
        let layout = self.layout();
        let colored = !self.palette.warning.is_plain();
        let mut head = Head::new();
        let mut before = first.checked_sub(1).map(|last| trace.events[last].thread);
        for event in events {
            head.put(sheet, (event.step, event.time), first_columns);
            let switched = before.is_some_and(|thread| thread != event.thread);
            before = Some(event.thread);
            let marks = if switched {
                &layout.switched
            } else {
                &layout.same
            };
            sheet.put(marks.get(event.thread as usize).unwrap_or(&layout.unknown));
            let form = &self.forms[event.shape as usize];
            match event.value {
                None => sheet.put(&form.whole),
                Some(_) if colored && is_held_up(trace, event) => {
                    form.in_color(trace, event, self.palette.warning, sheet);
                }
                Some(_) => form.with_value(trace, event, sheet),
            }
        }
        Ok(())
    }

    fn end(&self, trace: &Trace, sheet: &mut Sheet) -> io::Result<()> {
        footer(trace, self.palette, sheet)
    }
}

/// The first columns of a line: step and time.
fn first_columns(step: u64, time: u64) -> (String, Columns) {
    let text = format!("{step:>STEP$} {:>TIME$} ", seconds(time));
    let ends = text.len() - 1;
    let columns = Columns {
        step: (0, step.max(1).ilog10().max(STEP as u32 - 1) as usize + 1),
        time: (ends - TIME, ends),
    };
    (text, columns)
}

/// Lines of events of one shape: what is the same for all of them is put together once.
struct Form {
    /// What follows the thread if there is no value to tell.
    whole: Piece<96>,
    /// Operation and object.
    before: Piece<64>,
    /// The same with what stands before the value, how wide that is, and what stands behind it, if that makes no detail too long.
    frame: Option<(Piece<64>, usize, &'static str)>,
    /// File, line and the line's end, or nothing.
    after: Option<Piece<32>>,
}

impl Form {
    /// Adds the rest of a line whose event has a value.
    #[inline(always)]
    fn with_value(&self, trace: &Trace, event: &Event, sheet: &mut Sheet) {
        let mut digits = itoa::Buffer::new();
        let none = ("", "");
        let short = match event.value {
            Some(Datum::Int(n)) => Some((digits.format(n), none)),
            Some(Datum::Bool(true)) => Some(("True", none)),
            Some(Datum::Bool(false)) => Some(("False", none)),
            Some(Datum::None) => Some(("None", none)),
            Some(Datum::Text(text)) => {
                let text = trace.texts.get(text);
                is_plain(text).then_some((text, none))
            }
            Some(Datum::Str(text)) => quote::simple(trace.texts.get(text)),
            Some(Datum::Float(_)) | None => None,
        };
        if let (Some((start, lead, tail)), Some((value, (open, close))), Some(after)) =
            (&self.frame, short, &self.after)
        {
            // All are ASCII.
            let width = lead + open.len() + value.len() + close.len() + tail.len();
            if width <= LONGEST_DETAIL {
                sheet.put(start);
                for part in [open, value, close, *tail] {
                    if !part.is_empty() {
                        sheet.put_bytes(part.as_bytes());
                    }
                }
                sheet.put_blanks(DETAIL.saturating_sub(width));
                return sheet.put(after);
            }
        }
        self.in_full(trace, event, sheet);
    }

    fn in_full(&self, trace: &Trace, event: &Event, sheet: &mut Sheet) {
        let told = detail(trace, event);
        sheet.put(&self.before);
        sheet.put_bytes(told.as_bytes());
        match &self.after {
            Some(after) => {
                sheet.put_blanks(DETAIL.saturating_sub(told.chars().count()));
                sheet.put(after);
            }
            None => {
                sheet.trim_end();
                sheet.put_bytes(b"\n");
            }
        }
    }

    /// The same for what is held up, in the colour of that.
    fn in_color(&self, trace: &Trace, event: &Event, style: Style, sheet: &mut Sheet) {
        sheet.put_bytes(style.render().to_string().as_bytes());
        self.in_full(trace, event, sheet);
        sheet.trim_end();
        sheet.put_bytes(style.render_reset().to_string().as_bytes());
        sheet.put_bytes(b"\n");
    }
}

/// Whether what came of an event is that its thread could not go on.
fn is_held_up(trace: &Trace, event: &Event) -> bool {
    match trace.outcome(event) {
        Some(Datum::Text(text)) => matches!(trace.texts.get(text), "blocked" | "timed out"),
        _ => false,
    }
}

/// What is the same for all lines.
struct Layout {
    thread_width: usize,
    /// Names of threads in their colours, filled up to this width, with a blank before them or the mark of another thread.
    same: Vec<Piece<32>>,
    switched: Vec<Piece<32>>,
    unknown: Piece<32>,
    /// File names, as short as is unambiguous.
    files: Vec<String>,
}

impl Layout {
    fn of(trace: &Trace, palette: &Palette) -> Layout {
        let threads = distinct(trace.threads.iter().map(|t| one_line(&t.name)).collect());
        let longest = threads.iter().map(|name| name.chars().count()).max();
        let thread_width = longest.unwrap_or(0).clamp(*THREAD.start(), *THREAD.end());
        let padded = |mark: char| {
            let threads = threads.iter().enumerate();
            let piece = threads.map(move |(thread, name)| {
                let style = palette.thread(thread as u32);
                Piece::new(format!("{mark} {style}{name:<thread_width$}{style:#}"))
            });
            piece.collect()
        };
        Layout {
            thread_width,
            same: padded(' '),
            switched: padded('>'),
            unknown: Piece::new("  ?"),
            files: short_files(&trace.files),
        }
    }

    /// Whether what stands in lines by an earlier layout would stand there by this one.
    fn continues(&self, before: &Layout) -> bool {
        self.thread_width == before.thread_width
            && self.same.starts_with(&before.same)
            && self.files.starts_with(&before.files)
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

    /// The form of the lines of this shape.
    fn form(&self, trace: &Trace, shape: u32) -> Form {
        // Without a value.
        let event = &Event {
            step: 0,
            time: 0,
            thread: 0,
            shape,
            value: None,
        };
        let mut before = String::with_capacity(LINE);
        before.push_str("  ");
        push_filled(&mut before, trace.op(event), OPERATION);
        before.push(' ');
        let object = trace.object(event);
        push_filled(&mut before, object.map_or("", |o| &o.name), OBJECT);
        before.push(' ');
        let Shape { file, line, .. } = *trace.shape(event);
        let mut after = String::new();
        if line > 0 {
            after.push(' ');
            after.push_str(self.files.get(file as usize).map_or("?", |f| f));
            after.push(':');
            after.push_str(itoa::Buffer::new().format(line));
        }
        let told = detail(trace, event);
        let asked = trace.shape(event).detail;
        let (lead, tail) = asked.frame(&trace.texts);
        let mut start = before.clone();
        match asked {
            Detail::None => start.push_str("-> "),
            Detail::Text(_) => {
                start.push_str(&told);
                start.push_str(" -> ");
            }
            _ => start.push_str(&lead),
        }
        let lead = &start[before.len()..];
        let fits = lead.len() < LONGEST_DETAIL / 2 && is_plain(lead);
        let mut whole = before.clone();
        match line {
            0 => whole.push_str(&told),
            _ => push_filled(&mut whole, &told, DETAIL),
        }
        whole.push_str(&after);
        whole.truncate(whole.trim_end().len());
        whole.push('\n');
        Form {
            whole: Piece::new(whole),
            frame: fits.then(|| (Piece::new(&start), lead.len(), tail)),
            before: Piece::new(before),
            after: (!after.is_empty()).then(|| {
                after.push('\n');
                Piece::new(after)
            }),
        }
    }
}

/// Most lines are shorter.
const LINE: usize = 128;

/// Adds text for one line, and blanks up to a width.
fn push_filled(out: &mut String, text: &str, width: usize) {
    const BLANKS: &str = "                                ";
    let start = out.len();
    push_one_line(out, text);
    let mut missing = width.saturating_sub(out[start..].chars().count());
    while missing > 0 {
        let some = missing.min(BLANKS.len());
        out.push_str(&BLANKS[..some]);
        missing -= some;
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
