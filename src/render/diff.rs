//! What differs between two traces, for people.
//!
//! ```text
//! A x.py random seed=0 (13 steps, finished)
//! B x.py random seed=1 (13 steps, finished)
//! first difference: step 4: A lets Thread-2 (add) read counter (x.py:5), B lets Thread-1 (add) write counter (x.py:5)
//! other order at counter: 1 of 5 steps
//!   A: step 4 Thread-2 (add) read, then step 5 Thread-1 (add) write
//!   B: step 4 Thread-1 (add) write, then step 5 Thread-2 (add) read
//! ```

use super::style::{Palette, count, one_line};
use super::text::{detail, distinct};
use crate::diff::lines::{Line, Side};
use crate::diff::{Diff, First, Moved, Sameness};
use crate::trace::model::Trace;
use std::fmt::Write;

/// Entries of a list that are shown; the JSON document has them all.
const SHOWN: usize = 10;
/// Lines of changed output that are shown.
const LINES: usize = 40;

/// The report. `names` is what the two traces are called; `brief` leaves it at the verdict.
pub fn report(diff: &Diff, names: [&str; 2], brief: bool, palette: &Palette) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = Report::new(diff, palette).write(names, brief, &mut out);
    out
}

/// The verdict in a few words.
pub fn verdict(diff: &Diff) -> &'static str {
    match (diff.is_same(), diff.order) {
        (true, Sameness::Identical) => "same",
        (true, _) => "same up to independent steps",
        (false, Sameness::Identical) => "different: the same order, with other values",
        (false, Sameness::Equivalent) => {
            "different: the same order up to independent steps, with other values"
        }
        (false, Sameness::Different) => "different",
    }
}

/// A step in words: who, and what: `lets Thread-2 acquire db._lock`.
fn step(trace: &Trace, threads: &[String], index: u32) -> (String, String) {
    let event = &trace.events[index as usize];
    // Of a step inside a call, the call says what its author meant.
    let (op, object) = match trace.call(event) {
        Some((call, object, _)) => (call, object),
        None => (trace.op(event), trace.object(event)),
    };
    let mut what = one_line(op);
    if let Some(object) = object {
        let _ = write!(what, " {}", one_line(&object.name));
    }
    // For a part of an object, or output, the rest says which.
    let rest = detail(trace, event);
    if !rest.is_empty() {
        let _ = write!(what, " {rest}");
    }
    let place = one_line(&trace.place(event));
    if !place.is_empty() {
        let _ = write!(what, " ({place})");
    }
    (threads[event.thread as usize].clone(), what)
}

struct Report<'a> {
    diff: &'a Diff<'a>,
    palette: &'a Palette,
    /// Names of the threads of each.
    threads: [Vec<String>; 2],
}

impl<'a> Report<'a> {
    fn new(diff: &'a Diff, palette: &'a Palette) -> Self {
        let names =
            |trace: &Trace| distinct(trace.threads.iter().map(|t| one_line(&t.name)).collect());
        Report {
            diff,
            palette,
            threads: [names(diff.a), names(diff.b)],
        }
    }

    fn write(&self, names: [&str; 2], brief: bool, out: &mut String) -> std::fmt::Result {
        let Palette {
            strong,
            faint,
            error,
            ..
        } = self.palette;
        for ((letter, name), trace) in ["A", "B"].iter().zip(names).zip([self.diff.a, self.diff.b])
        {
            let steps = usize::try_from(trace.footer.steps).unwrap_or(usize::MAX);
            writeln!(
                out,
                "{faint}{letter} {} ({}, {}){faint:#}",
                one_line(name),
                count(steps, "step"),
                one_line(&trace.footer.ending)
            )?;
        }
        let style = if self.diff.is_same() { strong } else { error };
        writeln!(out, "{style}{}{style:#}", verdict(self.diff))?;
        if brief {
            return Ok(());
        }
        if !self.diff.same_program {
            writeln!(
                out,
                "the programs differ: steps are compared by what they do, not by their lines"
            )?;
        }
        if self.diff.order == Sameness::Different
            && (self.diff.fingerprints.0.is_none() || self.diff.fingerprints.1.is_none())
        {
            writeln!(
                out,
                "one trace does not tell what its steps touch: orders are compared step by step"
            )?;
        }
        if let Some(first) = &self.diff.first {
            self.first(first, out)?;
        }
        for moved in self.diff.moved.iter().take(SHOWN) {
            self.moved(moved, out)?;
        }
        more(self.diff.moved.len(), out)?;
        self.only("only in A", 0, &self.diff.only_a, out)?;
        self.only("only in B", 1, &self.diff.only_b, out)?;
        self.values(out)?;
        for stream in &self.diff.output {
            self.title(stream.name, out)?;
            out.push_str(&lines(&stream.lines, self.palette));
        }
        let (a, b) = (&self.diff.a.footer.ending, &self.diff.b.footer.ending);
        if a != b {
            self.title("ending", out)?;
            writeln!(out, "  A: {}\n  B: {}", one_line(a), one_line(b))?;
        }
        Ok(())
    }

    fn title(&self, text: &str, out: &mut String) -> std::fmt::Result {
        let strong = self.palette.strong;
        writeln!(out, "{strong}{text}{strong:#}:")
    }

    /// `step 14: A lets Thread-2 acquire db._lock, B lets Thread-1 acquire db._lock`.
    fn first(&self, first: &First, out: &mut String) -> std::fmt::Result {
        let strong = self.palette.strong;
        write!(out, "{strong}first difference{strong:#}: ")?;
        let traces = [self.diff.a, self.diff.b];
        let number = |side: usize, index: u32| traces[side].events[index as usize].step;
        let together = match (first.a, first.b) {
            (Some(a), Some(b)) => number(0, a) == number(1, b),
            _ => true,
        };
        if together && let Some((side, index)) = first.a.map(|a| (0, a)).or(first.b.map(|b| (1, b)))
        {
            write!(out, "step {}: ", number(side, index))?;
        }
        for (side, index) in [first.a, first.b].into_iter().enumerate() {
            let letter = ["A", ", B"][side];
            match index {
                Some(index) => {
                    let (who, what) = step(traces[side], &self.threads[side], index);
                    if !together {
                        let comma = if side == 0 { "" } else { ", " };
                        write!(
                            out,
                            "{comma}step {} of {}",
                            number(side, index),
                            ["A", "B"][side]
                        )?;
                    } else {
                        out.push_str(letter);
                    }
                    let style = self.palette.strong;
                    write!(out, " lets {style}{who}{style:#} {what}")?;
                }
                None => write!(out, "{letter} is at its end")?,
            }
        }
        out.push('\n');
        Ok(())
    }

    fn moved(&self, moved: &Moved, out: &mut String) -> std::fmt::Result {
        let strong = self.palette.strong;
        let steps = count(moved.of, "step");
        writeln!(
            out,
            "{strong}other order{strong:#} at {strong}{}{strong:#}: {} of {steps}",
            one_line(&moved.thing),
            moved.steps
        )?;
        for (side, (x, y)) in [moved.a, moved.b].into_iter().enumerate() {
            let trace = [self.diff.a, self.diff.b][side];
            let short = |index: u32| {
                let event = &trace.events[index as usize];
                let thread = &self.threads[side][event.thread as usize];
                format!("step {} {thread} {}", event.step, one_line(trace.op(event)))
            };
            writeln!(
                out,
                "  {}: {}, then {}",
                ["A", "B"][side],
                short(x),
                short(y)
            )?;
        }
        Ok(())
    }

    fn only(&self, title: &str, side: usize, steps: &[u32], out: &mut String) -> std::fmt::Result {
        if steps.is_empty() {
            return Ok(());
        }
        let trace = [self.diff.a, self.diff.b][side];
        self.title(&format!("{title}, {}", count(steps.len(), "step")), out)?;
        let style = [self.palette.removed, self.palette.added][side];
        for &index in steps.iter().take(SHOWN) {
            let (who, what) = step(trace, &self.threads[side], index);
            let number = trace.events[index as usize].step;
            writeln!(out, "  {style}step {number} {who} {what}{style:#}")?;
        }
        more(steps.len(), out)
    }

    fn values(&self, out: &mut String) -> std::fmt::Result {
        if self.diff.values.is_empty() {
            return Ok(());
        }
        self.title(
            &format!("other values, {}", count(self.diff.values.len(), "step")),
            out,
        )?;
        let Palette { removed, added, .. } = self.palette;
        for &(i, j) in self.diff.values.iter().take(SHOWN) {
            let (who, a) = step(self.diff.a, &self.threads[0], i);
            let (_, b) = step(self.diff.b, &self.threads[1], j);
            let number = |trace: &Trace, index: u32| trace.events[index as usize].step;
            writeln!(
                out,
                "  {who}\n    {removed}A step {} {a}{removed:#}\n    {added}B step {} {b}{added:#}",
                number(self.diff.a, i),
                number(self.diff.b, j)
            )?;
        }
        more(self.diff.values.len(), out)
    }
}

fn more(all: usize, out: &mut String) -> std::fmt::Result {
    if all > SHOWN {
        writeln!(
            out,
            "  ... and {} more",
            super::style::grouped((all - SHOWN) as u64)
        )?;
    }
    Ok(())
}

/// Changed lines, marked `-` and `+`.
pub fn lines(lines: &[Line], palette: &Palette) -> String {
    let mut out = String::new();
    for line in lines.iter().take(LINES) {
        let (mark, style) = match line.side {
            Side::Both => (' ', palette.faint),
            Side::A => ('-', palette.removed),
            Side::B => ('+', palette.added),
        };
        if line.gap {
            out.push_str("  ...\n");
        }
        let _ = writeln!(out, "  {style}{mark}{}{style:#}", one_line(&line.text));
    }
    if lines.len() > LINES {
        let left = super::style::grouped((lines.len() - LINES) as u64);
        let _ = writeln!(out, "  ... and {left} more lines");
    }
    out
}
