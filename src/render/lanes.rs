//! A trace with one column for each thread: who runs is seen at a glance.
//!
//! A long stretch of one thread is folded to its first steps and its last one.

use super::style::{Palette, one_line, seconds};
use super::text::{detail, distinct};
use crate::trace::model::{Event, Trace};
use std::io::{self, Write};

/// Stretches up to this length are shown whole.
const WHOLE: usize = 5;
/// Steps shown at the begin of a folded stretch; one more is shown at its end.
const BEGIN: usize = 3;
/// Bounds of a column.
const WIDTH: std::ops::RangeInclusive<usize> = 14..=36;

/// Writes the trace.
///
/// # Errors
///
/// What the writer reports.
pub fn write(trace: &Trace, palette: &Palette, out: &mut impl Write) -> io::Result<()> {
    let lanes = Lanes::of(trace);
    let faint = palette.faint;
    let (header, footer) = (&trace.header, &trace.footer);
    writeln!(
        out,
        "{faint}# {} {} strategy={} seed={}{faint:#}",
        one_line(&header.program),
        one_line(&header.options),
        one_line(&header.strategy),
        header.seed
    )?;
    lanes.head(palette, out)?;
    let mut at = 0;
    for stretch in trace.events.chunk_by(|a, b| a.thread == b.thread) {
        if stretch.len() <= WHOLE {
            lanes.steps(trace, at, stretch.len(), palette, out)?;
        } else {
            lanes.steps(trace, at, BEGIN, palette, out)?;
            let hidden = stretch.len() - BEGIN - 1;
            lanes.row(
                "",
                &format!("... {hidden} more"),
                stretch[0].thread,
                palette,
                out,
            )?;
            lanes.steps(trace, at + stretch.len() - 1, 1, palette, out)?;
        }
        at += stretch.len();
    }
    writeln!(
        out,
        "{faint}# {} after {} steps, {} s{faint:#}",
        one_line(&footer.ending),
        footer.steps,
        seconds(footer.time)
    )
}

/// The columns.
struct Lanes {
    names: Vec<String>,
    /// For each thread its column; threads without events have none.
    columns: Vec<Option<usize>>,
    widths: Vec<usize>,
    /// What each event shows.
    cells: Vec<String>,
}

impl Lanes {
    fn of(trace: &Trace) -> Lanes {
        let names = distinct(trace.threads.iter().map(|t| one_line(&t.name)).collect());
        let mut seen = vec![false; names.len()];
        trace
            .events
            .iter()
            .for_each(|e| seen[e.thread as usize] = true);
        let mut columns = vec![None; names.len()];
        let mut widths = Vec::new();
        for (thread, _) in seen.iter().enumerate().filter(|(_, seen)| **seen) {
            columns[thread] = Some(widths.len());
            widths.push(names[thread].chars().count().max(*WIDTH.start()));
        }
        let cells: Vec<String> = trace.events.iter().map(|e| cell(trace, e)).collect();
        for (event, cell) in trace.events.iter().zip(&cells) {
            if let Some(column) = columns[event.thread as usize] {
                widths[column] = widths[column].max(cell.chars().count().min(*WIDTH.end()));
            }
        }
        Lanes {
            names,
            columns,
            widths,
            cells,
        }
    }

    fn head(&self, palette: &Palette, out: &mut impl Write) -> io::Result<()> {
        write!(out, "{:>6}", "step")?;
        for (thread, column) in self.columns.iter().enumerate() {
            if let Some(column) = column {
                let style = palette.thread(thread as u32);
                let gap = " ".repeat(self.widths[*column] - self.names[thread].chars().count());
                // The last column needs no filling.
                let gap = if column + 1 == self.widths.len() {
                    ""
                } else {
                    &gap
                };
                write!(out, " | {style}{}{style:#}{gap}", self.names[thread])?;
            }
        }
        writeln!(out)
    }

    fn steps(
        &self,
        trace: &Trace,
        first: usize,
        count: usize,
        palette: &Palette,
        out: &mut impl Write,
    ) -> io::Result<()> {
        for i in first..first + count {
            let event = &trace.events[i];
            let step = event.step.to_string();
            self.row(&step, &self.cells[i], event.thread, palette, out)?;
        }
        Ok(())
    }

    fn row(
        &self,
        step: &str,
        cell: &str,
        thread: u32,
        palette: &Palette,
        out: &mut impl Write,
    ) -> io::Result<()> {
        write!(out, "{step:>6}")?;
        let own = self.columns[thread as usize];
        let last = self.widths.len() - 1;
        for (column, width) in self.widths.iter().enumerate() {
            let (text, style) = match own == Some(column) {
                true => (cut(cell, *width), palette.thread(thread)),
                false => (String::new(), palette.faint),
            };
            let gap = " ".repeat(width - text.chars().count());
            // Empty columns at the end stay empty, so that no line ends with spaces.
            let later = own.is_some_and(|own| column < own);
            match (text.is_empty(), later) {
                (true, false) if column == last => write!(out, " |")?,
                (true, _) => write!(out, " | {gap}")?,
                (false, _) if column == last => write!(out, " | {style}{text}{style:#}")?,
                (false, _) => write!(out, " | {style}{text}{style:#}{gap}")?,
            }
        }
        writeln!(out)
    }
}

/// What a step does, without who and where.
fn cell(trace: &Trace, event: &Event) -> String {
    let mut text = one_line(trace.op(event));
    if let Some(object) = trace.object(event) {
        text.push(' ');
        text.push_str(&one_line(&object.name));
    }
    let rest = detail(trace, event);
    if !rest.is_empty() {
        text.push(' ');
        text.push_str(&rest);
    }
    text
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(3)).collect();
    short.push_str("...");
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::sample;

    #[test]
    fn each_thread_has_its_column() {
        let mut out = Vec::new();
        write(&sample::trace(), &Palette::PLAIN, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
# programs/bank.py switch=shared time=virtual strategy=random seed=7
  step | MainThread                           | Thread-1 (work)
     1 | start Thread-1 (work)                |
     2 | acquire db._lock timeout=2.5 -> True |
     3 |                                      | acquire db._lock -> blocked
     4 | print 'one\ntwo'                     |
     5 | release db._lock                     |
     6 |                                      | acquire db._lock
     7 |                                      | write account .balance = 5
# finished after 7 steps, 2.000007 s
"#);
    }

    #[test]
    fn long_stretches_are_folded() {
        let mut trace = sample::trace();
        let event = trace.events[6];
        trace
            .events
            .extend((8..30).map(|step| Event { step, ..event }));
        let mut out = Vec::new();
        write(&trace, &Palette::PLAIN, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("... 20 more\n"), "{text}");
        assert_eq!(text.lines().count(), 2 + 5 + 5 + 1);
    }
}
