//! Colours, by meaning. Renderers always ask a palette; [`Palette::PLAIN`] answers with nothing.

use anstyle::{AnsiColor, Effects, Style};

/// The styles of all renderers.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Headers, footers, line numbers.
    pub faint: Style,
    /// The title of a bad ending.
    pub error: Style,
    /// Carets and results that tell of waiting.
    pub warning: Style,
    /// Names of threads in a report.
    pub strong: Style,
    /// What only the first of two has.
    pub removed: Style,
    /// What only the second has.
    pub added: Style,
    /// Threads, in turn by number.
    pub threads: [Style; 6],
}

const fn color(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi(color)))
}

impl Palette {
    /// No colour at all.
    pub const PLAIN: Palette = Palette {
        faint: Style::new(),
        error: Style::new(),
        warning: Style::new(),
        strong: Style::new(),
        removed: Style::new(),
        added: Style::new(),
        threads: [Style::new(); 6],
    };

    /// The sixteen colours that every terminal has; the user's theme says how they look.
    pub const COLOR: Palette = Palette {
        faint: Style::new().effects(Effects::DIMMED),
        error: color(AnsiColor::Red).effects(Effects::BOLD),
        warning: color(AnsiColor::Yellow),
        strong: Style::new().effects(Effects::BOLD),
        removed: color(AnsiColor::Red),
        added: color(AnsiColor::Green),
        threads: [
            color(AnsiColor::Cyan),
            color(AnsiColor::Green),
            color(AnsiColor::Magenta),
            color(AnsiColor::Yellow),
            color(AnsiColor::Blue),
            color(AnsiColor::BrightCyan),
        ],
    };

    /// Whether this is [`Palette::PLAIN`], for renderers that bring their own colours.
    pub fn is_plain(&self) -> bool {
        self.error.is_plain()
    }

    /// The style of a thread by its number.
    pub fn thread(&self, number: u32) -> Style {
        self.threads[number as usize % self.threads.len()]
    }
}

/// Text for one line: control characters are written as escapes, so that a program's output cannot break the form.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_one_line(&mut out, text);
    out
}

/// Adds text for one line.
pub(super) fn push_one_line(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
}

/// Whether a text is of printable ASCII alone: as wide as long, and nothing to escape.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..0x7f).contains(&b))
}

/// Nanoseconds as seconds with six decimals: a step takes a microsecond unless it is told otherwise.
pub fn seconds(nanoseconds: u64) -> String {
    let micros = nanoseconds / 1_000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// A count with its noun: `1 thread`, `2 threads`.
pub fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(n as u64))
}

/// A number with commas between thousands.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(20_000_000), "20,000,000");
        assert_eq!(count(1, "thread"), "1 thread");
        assert_eq!(count(1_200, "step"), "1,200 steps");
        assert_eq!(seconds(2_000_004_999), "2.000004");
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(one_line("a\nb\t\u{1b}[31mc"), "a\\nb\\t\\u{1b}[31mc");
    }
}
