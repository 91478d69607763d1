//! One frame of a traceback: place, source, and marks under what failed.

use crate::program::Module;
use crate::source::anchors::{Anchors, anchors, callee_length, is_plain_call};
use crate::value::object::TracePoint;
use crate::vm::machine::Machine;
use std::collections::BTreeSet;
use std::fmt::Write;

/// What of the code that failed is marked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark<'a> {
    /// All of it.
    All,
    /// The method that was not found, of a call.
    Lookup,
    /// The variable that is not bound.
    Variable(&'a str),
}

/// Writes `  File "p", line N, in name` with the source lines.
pub fn write_frame(m: &Machine, point: TracePoint, mark: Mark<'_>, out: &mut String) {
    let program = &m.image.program;
    let code = program.code(point.code);
    let module = program.module_of(point.code);
    let mut span = code
        .spans
        .get(point.pc as usize)
        .copied()
        .unwrap_or_default();
    if let Some(text) = module.source.get(span.start as usize..span.end as usize) {
        let (start, length) = match mark {
            Mark::Lookup => (Some(0), callee_length(text)),
            Mark::Variable(name) => {
                // The value of an assignment stands after what is assigned to.
                let after = || {
                    let rest = module.source[span.end as usize..].lines().next()?;
                    Some(text.len() + variable(rest, name)?)
                };
                (variable(text, name).or_else(after), Some(name.len()))
            }
            Mark::All => (None, None),
        };
        if let (Some(start), Some(length)) = (start, length) {
            span.start += start as u32;
            span.end = span.start + length as u32;
        }
    }
    let line = module.line_of(span.start);
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "  File \"{}\", line {line}, in {}",
        module.path, code.name
    );
    let last = module.line_of(span.end.max(span.start + 1) - 1).max(line);
    let lines: Vec<&str> = (line..=last).map(|n| module.line_text(n)).collect();
    if lines.iter().all(|l| l.trim().is_empty()) {
        return;
    }
    let start = column(module, line, span.start);
    let end = column(module, last, span.end.max(span.start));
    for shown in excerpt(&lines, start, end) {
        let _ = writeln!(out, "    {shown}");
    }
}

/// Where code reads a variable: its first mention that is no attribute, no keyword of a call, and in no string if there is another.
fn variable(text: &str, name: &str) -> Option<usize> {
    let in_word = |c: char| c == '_' || c.is_alphanumeric();
    let mut quote = None;
    let mut quoted = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            _ => {}
        }
        let (before, after) = (&text[..at], text[at..].strip_prefix(name));
        let Some(after) = after.filter(|rest| !rest.starts_with(in_word)) else {
            continue;
        };
        if before.ends_with(in_word) || before.trim_end().ends_with('.') {
            continue;
        }
        let rest = after.trim_start();
        if rest.starts_with('=')
            && !rest.starts_with("==")
            && before.trim_end().ends_with(['(', ','])
        {
            continue;
        }
        if quote.is_none() {
            return Some(at);
        }
        quoted = quoted.or(Some(at));
    }
    quoted
}

/// Byte of an offset within its line.
fn column(module: &Module, line: u32, offset: u32) -> usize {
    let start = module
        .lines
        .get(line as usize - 1)
        .copied()
        .unwrap_or_default();
    ((offset - start.min(offset)) as usize).min(module.line_text(line).len())
}

/// Takes off the white space that all lines which are not blank begin with.
fn dedent<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let blank = |l: &str| l.trim().is_empty();
    let indents = lines
        .iter()
        .filter(|l| !blank(l))
        .map(|l| &l[..l.len() - l.trim_start().len()]);
    let margin = indents.reduce(|a, b| {
        let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
        &a[..same]
    });
    let margin = margin.unwrap_or_default().len();
    lines
        .iter()
        .map(|l| if blank(l) { "" } else { &l[margin..] })
        .collect()
}

/// Characters that terminals show twice as wide (East Asian width W and F, in ranges as coarse as serves marks).
fn width(c: char) -> usize {
    let wide = matches!(c as u32,
        0x1100..=0x115F | 0x231A..=0x231B | 0x23E9..=0x23EC | 0x25FD..=0x25FE | 0x2614..=0x2615 | 0x2E80..=0x303E
        | 0x3041..=0x33FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA000..=0xA4CF | 0xA960..=0xA97F | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1F64F
        | 0x1F680..=0x1F6FF | 0x1F900..=0x1F9FF | 0x20000..=0x3FFFD);
    if wide { 2 } else { 1 }
}

fn width_of(text: &str, chars: usize) -> usize {
    if text.is_ascii() {
        chars
    } else {
        text.chars().take(chars).map(width).sum()
    }
}

/// The lines to show for a range from byte `start` of the first line to byte `end` of the last.
fn excerpt(original: &[&str], start: usize, end: usize) -> Vec<String> {
    let lines = dedent(original);
    let (first, last) = (lines[0], lines[lines.len() - 1]);
    let taken = original[0].len() - first.len();
    let (start, end) = (
        start.saturating_sub(taken).min(first.len()),
        end.saturating_sub(taken).min(last.len()),
    );
    let (start, end) = (floor(first, start), floor(last, end));
    let joined = lines.join("\n");
    let until = joined.len() - (last.len() - end);
    let found = joined.get(start..until.max(start)).and_then(anchors);
    let plain = is_plain_call(&joined, start, end);
    let beside = !first[..start].trim_start().is_empty() || !last[end..].trim_end().is_empty();
    let marked = plain != Some(true) && (found.is_some() || beside);
    let marks = Marks::new(&lines, start, end, found);
    let mut shown = Vec::new();
    let mut previous: Option<usize> = None;
    for line in marks.significant() {
        match previous.map(|p| line - p) {
            Some(2) => marks.write(line - 1, marked, &mut shown),
            Some(n) if n > 2 => shown.push(format!("...<{} lines>...", n - 1)),
            _ => {}
        }
        marks.write(line, marked, &mut shown);
        previous = Some(line);
    }
    let views: Vec<&str> = shown.iter().map(String::as_str).collect();
    dedent(&views).into_iter().map(str::to_owned).collect()
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The lines with what is to be marked in them, in display columns.
struct Marks<'a> {
    lines: &'a [&'a str],
    start: usize,
    end: usize,
    anchors: Option<Anchors>,
    left: usize,
    right: usize,
}

impl<'a> Marks<'a> {
    fn new(lines: &'a [&'a str], start: usize, end: usize, anchors: Option<Anchors>) -> Self {
        let (first, last) = (lines[0], lines[lines.len() - 1]);
        let skipped = first[..start].chars().count();
        let place = |(line, col): (usize, usize)| {
            let col = if line == 0 { col + skipped } else { col };
            width_of(lines[line], col)
        };
        Marks {
            lines,
            start: width_of(first, skipped),
            end: width_of(last, last[..end].chars().count()),
            anchors,
            left: anchors.map_or(0, |a| place(a.start)),
            right: anchors.map_or(0, |a| place(a.end)),
        }
    }

    /// First and last line, and those around the anchors.
    fn significant(&self) -> BTreeSet<usize> {
        let mut significant = BTreeSet::from([0, self.lines.len() - 1]);
        if let Some(anchors) = self.anchors {
            for line in [anchors.start.0, anchors.end.0] {
                significant.extend(line.saturating_sub(1)..=line + 1);
            }
        }
        significant.retain(|line| *line < self.lines.len());
        significant
    }

    fn write(&self, at: usize, marked: bool, shown: &mut Vec<String>) {
        let line = self.lines[at];
        shown.push(line.to_owned());
        if !marked {
            return;
        }
        let indent = line.chars().count() - line.trim_start().chars().count();
        let columns = if at + 1 == self.lines.len() {
            self.end
        } else {
            width_of(line, line.chars().count())
        };
        let marks: String = (0..columns)
            .map(|col| {
                if col < indent || at == 0 && col < self.start {
                    return ' ';
                }
                let Some(anchors) = self.anchors else {
                    return '^';
                };
                let after = (at, col) >= (anchors.start.0, self.left);
                let before = (at, col) < (anchors.end.0, self.right);
                if after && before { '^' } else { '~' }
            })
            .collect();
        shown.push(marks);
    }
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn marks_stand_under_what_failed() {
        assert_eq!(
            excerpt(&["    x = a + b"], 8, 13),
            ["x = a + b", "    ~~^~~"]
        );
        assert_eq!(
            excerpt(&["undefined()"], 0, 9),
            ["undefined()", "^^^^^^^^^"]
        );
        assert_eq!(
            excerpt(&["  raise ValueError(1)"], 2, 21),
            ["raise ValueError(1)"]
        );
        assert_eq!(excerpt(&["  return f(1)"], 9, 13), ["return f(1)"]);
        assert_eq!(
            excerpt(&["s = '漢字' + 5"], 4, 16),
            ["s = '漢字' + 5", "    ~~~~~~~^~~"]
        );
    }

    #[test]
    fn long_ranges_are_abridged() {
        let lines = ["raise ValueError(", "    'a'", "    'b'", ")"];
        assert_eq!(
            excerpt(&lines, 0, 1),
            ["raise ValueError(", "...<2 lines>...", ")"]
        );
        let call = ["f(", "    1,", "    2,", ")"];
        assert_eq!(
            excerpt(&call, 0, 1),
            ["f(", "~^", "    1,", "    ^^", "    2,", "    ^^", ")", "^"]
        );
    }
}
