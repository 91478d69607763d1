//! Two texts, line by line.

use super::align::align;
use serde::Serialize;
use std::collections::BTreeMap;

/// Which of two texts has a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Both.
    Both,
    /// The first.
    A,
    /// The second.
    B,
}

/// A line of one text or of both.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Line {
    /// Who has it.
    pub side: Side,
    /// Its text, without the line end.
    pub text: String,
    /// Lines that both have were left out before it.
    pub gap: bool,
}

/// The lines that differ, with up to `context` equal ones around them; nothing when the texts are equal.
pub fn lines(a: &str, b: &str, context: usize) -> Vec<Line> {
    if a == b {
        return Vec::new();
    }
    let (lines_a, lines_b) = (split(a), split(b));
    let mut known = BTreeMap::new();
    let mut number = |line: &str| {
        let next = known.len() as u32;
        *known.entry(line.to_owned()).or_insert(next)
    };
    let of_a: Vec<u32> = lines_a.iter().map(|line| number(line)).collect();
    let of_b: Vec<u32> = lines_b.iter().map(|line| number(line)).collect();

    let mut all = Vec::new();
    let (mut at_a, mut at_b) = (0, 0);
    let end = (lines_a.len() as u32, lines_b.len() as u32);
    for (next_a, next_b) in align(&of_a, &of_b).into_iter().chain([end]) {
        all.extend(lines_a[at_a..next_a as usize].iter().map(|l| (Side::A, *l)));
        all.extend(lines_b[at_b..next_b as usize].iter().map(|l| (Side::B, *l)));
        if let Some(line) = lines_a.get(next_a as usize) {
            all.push((Side::Both, line));
        }
        (at_a, at_b) = (next_a as usize + 1, next_b as usize + 1);
    }
    near(&all, context)
}

/// Lines with their ends, so that a missing last one shows.
fn split(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn near(all: &[(Side, &str)], context: usize) -> Vec<Line> {
    let mut keep = vec![false; all.len()];
    for (i, _) in all.iter().enumerate().filter(|(_, l)| l.0 != Side::Both) {
        let end = all.len().min(i + context + 1);
        keep[i.saturating_sub(context)..end].fill(true);
    }
    let mut gap = false;
    let mut out = Vec::new();
    for ((side, text), keep) in all.iter().zip(keep) {
        if keep {
            let end = if text.ends_with('\n') {
                ""
            } else {
                " (no line end)"
            };
            out.push(Line {
                side: *side,
                text: format!("{}{end}", text.trim_end_matches('\n')),
                gap: std::mem::take(&mut gap),
            });
        } else {
            gap = true;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(a: &str, b: &str) -> String {
        let line = |l: Line| {
            let mark = match l.side {
                Side::Both => ' ',
                Side::A => '-',
                Side::B => '+',
            };
            format!("{}{mark}{}\n", if l.gap { "...\n" } else { "" }, l.text)
        };
        lines(a, b, 1).into_iter().map(line).collect()
    }

    #[test]
    fn changes_with_what_is_around_them() {
        assert_eq!(shown("a\n", "a\n"), "");
        let a = "1\n2\n3\n4\n5\n6\n";
        let b = "1\n2\nx\n4\n5\n6\n7\n";
        assert_eq!(shown(a, b), "...\n 2\n-3\n+x\n 4\n...\n 6\n+7\n");
    }

    #[test]
    fn a_missing_line_end_is_a_difference() {
        assert_eq!(shown("a\n", "a"), "-a\n+a (no line end)\n");
        assert_eq!(shown("", "a\n"), "+a\n");
    }
}
