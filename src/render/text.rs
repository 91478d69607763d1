//! A trace as text, one event a line.
//!
//! Columns have fixed widths (the thread's follows the longest name); what is too long for its column moves only the rest
//! of its own line. So one more event, or a longer value, changes no other line, and snapshots and `diff` stay readable.
//! A `>` marks the first event after another thread ran.

use super::style::{Palette, grouped, one_line, seconds};
use crate::trace::model::{Event, Trace};
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
    let layout = Layout::of(trace);
    layout.header(trace, palette, out)?;
    let mut before = None;
    for event in &trace.events {
        let switched = before.is_some_and(|thread| thread != event.thread);
        before = Some(event.thread);
        layout.event(trace, event, switched, palette, out)?;
    }
    footer(trace, palette, out)
}

/// What is the same for all lines.
struct Layout {
    /// Thread names, made distinct.
    threads: Vec<String>,
    thread_width: usize,
    /// File names, as short as is unambiguous.
    files: Vec<String>,
}

impl Layout {
    fn of(trace: &Trace) -> Layout {
        let threads = distinct(trace.threads.iter().map(|t| one_line(&t.name)).collect());
        let longest = threads.iter().map(|name| name.chars().count()).max();
        Layout {
            thread_width: longest.unwrap_or(0).clamp(*THREAD.start(), *THREAD.end()),
            threads,
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

    fn event(
        &self,
        trace: &Trace,
        event: &Event,
        switched: bool,
        palette: &Palette,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let index = event.thread as usize;
        let unknown = String::from("?");
        let thread = self.threads.get(index).unwrap_or(&unknown);
        let object = trace
            .object(event)
            .map(|o| one_line(&o.name))
            .unwrap_or_default();
        let mark = if switched { '>' } else { ' ' };
        write!(
            out,
            "{:>STEP$} {:>TIME$} {mark} ",
            event.step,
            seconds(event.time)
        )?;
        let style = palette.thread(event.thread);
        painted(
            out,
            style,
            &format!("{thread:<width$}", width = self.thread_width),
        )?;
        let mut rest = format!(
            "  {:<OPERATION$} {object:<OBJECT$} ",
            one_line(trace.op(event))
        );
        let detail = detail(trace, event);
        if event.line == 0 {
            rest.push_str(&detail);
        } else {
            let file = self.files.get(event.file as usize).unwrap_or(&unknown);
            rest.push_str(&format!("{detail:<DETAIL$} {file}:{}", event.line));
        }
        let held_up = matches!(
            trace.result(event).as_deref(),
            Some("blocked" | "timed out")
        );
        let style = if held_up {
            palette.warning
        } else {
            Style::new()
        };
        painted(out, style, rest.trim_end())?;
        out.write_all(b"\n")
    }
}

/// What was asked for and what came of it: `timeout=2.5 -> True`.
pub(super) fn detail(trace: &Trace, event: &Event) -> String {
    let mut text = one_line(trace.detail(event).as_deref().unwrap_or_default());
    if text.chars().count() > LONGEST_DETAIL {
        text = text.chars().take(LONGEST_DETAIL - 3).collect();
        text.push_str("...");
    }
    if let Some(result) = trace.result(event) {
        let gap = if text.is_empty() { "" } else { " " };
        text = format!("{text}{gap}-> {}", one_line(&result));
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
    use crate::trace::model::Detail;
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
        let mut event = trace.events[6];
        event.detail = Detail::Text(trace.texts.intern(&"x".repeat(500)));
        event.op = trace.texts.intern("a-very-long-operation");
        trace.events.push(event);
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
