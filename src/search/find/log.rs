//! Logs: what a run is to print.
//!
//! A log is compared byte for byte, but for what no log can be trusted with: whether its lines end in LF or CRLF, and whether the last
//! one ends at all. `[..]` stands for any text within a line.

use super::automaton::{Automaton, Class, Token};

/// What a run is to print to one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    lines: Vec<Line>,
    partial: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    /// As it stands in the log.
    text: String,
    /// Its number there, from 1.
    number: usize,
    pieces: Vec<Piece>,
    /// It ends in CRLF.
    returns: bool,
    /// A line that underlines parts of it may follow.
    underlined: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Any,
}

/// Any text within a line.
const ANY: &str = "[..]";

impl Log {
    /// A log that a run prints to the byte.
    pub fn exact(text: &str) -> Log {
        Log::read(text, false)
    }

    /// A log that a run's output contains: its lines, in their order, with any others between them.
    pub fn partial(text: &str) -> Log {
        Log::read(text, true)
    }

    fn read(text: &str, partial: bool) -> Log {
        let line = |(i, text): (usize, &str)| {
            let (text, returns) = match text.strip_suffix('\r') {
                Some(text) => (text, true),
                None => (text, false),
            };
            Line {
                text: text.to_owned(),
                number: i + 1,
                pieces: pieces(text),
                returns,
                underlined: false,
            }
        };
        let lines = match text {
            "" => Vec::new(),
            text => {
                let text = text.strip_suffix('\n').unwrap_or(text);
                text.split('\n').enumerate().map(line).collect()
            }
        };
        Log { lines, partial }
    }

    /// The same for the tracebacks in it: files may lie in another directory, frames of Python's own library do not count, nor do the
    /// lines that underline parts of others.
    pub fn with_tracebacks(mut self) -> Log {
        let mut lines: Vec<Line> = Vec::with_capacity(self.lines.len());
        // The indentation of the frame that the line is of, and whether the frame counts.
        let mut frame: Option<(usize, bool)> = None;
        for mut line in self.lines {
            let indent = line.text.len() - line.text.trim_start().len();
            if let Some(file) = frame_file(&line.text) {
                let counts = !is_library(file);
                frame = Some((indent, counts));
                if counts {
                    line.pieces = frame_pieces(&line.text, file);
                    lines.push(line);
                }
                continue;
            }
            match frame {
                Some((frame, counts)) if indent > frame => {
                    let marks = line.text.trim_matches([' ', '^', '~']).is_empty();
                    if counts && !marks {
                        line.underlined = true;
                        lines.push(line);
                    }
                }
                _ => {
                    frame = None;
                    lines.push(line);
                }
            }
        }
        self.lines = lines;
        self
    }

    /// Whether there is no line in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many lines count.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether other lines may stand between its own.
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// Line `index` of those that count: its number in the log, and its text.
    pub fn line(&self, index: usize) -> Option<(usize, &str)> {
        let line = self.lines.get(index)?;
        Some((line.number, &line.text))
    }

    /// The automaton that reads it, and where in it the lines begin.
    pub(super) fn automaton(&self) -> (Automaton, Vec<u32>) {
        let mut tokens = Vec::new();
        let mut begins = Vec::new();
        let mut ends = Vec::new();
        for line in &self.lines {
            let begin = tokens.len() as u32;
            begins.push(begin);
            if self.partial {
                tokens.push(Token::Fork(0));
            }
            for piece in &line.pieces {
                match piece {
                    Piece::Any => tokens.push(Token::Loop(Class::InLine)),
                    Piece::Text(text) => tokens.extend(text.bytes().map(Token::Byte)),
                }
            }
            ends = vec![tokens.len() as u32];
            if line.returns {
                tokens.push(Token::Fork(tokens.len() as u32 + 2));
                tokens.push(Token::Byte(b'\r'));
            }
            tokens.push(Token::Byte(b'\n'));
            if self.partial {
                // Or another line, and then the same again.
                let skip = tokens.len() as u32 + 1;
                tokens[begin as usize] = Token::Fork(skip);
                tokens.extend([
                    Token::Goto(skip + 3),
                    Token::Loop(Class::InLine),
                    Token::Byte(b'\n'),
                    Token::Goto(begin),
                ]);
            } else if line.underlined {
                tokens.extend([
                    Token::Fork(tokens.len() as u32 + 4),
                    Token::Byte(b' '),
                    Token::Loop(Class::Marks),
                    Token::Byte(b'\n'),
                ]);
            }
        }
        if self.partial {
            tokens.push(Token::Loop(Class::All));
        }
        ends.push(tokens.len() as u32);
        (Automaton::new(tokens, ends, self.partial), begins)
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (i, part) in text.split(ANY).enumerate() {
        if i > 0 {
            pieces.push(Piece::Any);
        }
        if !part.is_empty() {
            pieces.push(Piece::Text(part.to_owned()));
        }
    }
    pieces
}

/// The file of a line `  File "file", line 3, in name`.
fn frame_file(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("File \"")?;
    let (file, rest) = rest.split_once('"')?;
    let indented = line.starts_with("  ");
    (indented && rest.starts_with(", line ")).then_some(file)
}

/// Such a line, whatever the directory of its file.
fn frame_pieces(line: &str, file: &str) -> Vec<Piece> {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let (before, after) = line.split_once(file).unwrap_or((line, ""));
    let mut pieces = vec![Piece::Text(before.to_owned()), Piece::Any];
    pieces.extend(self::pieces(&format!("{name}{after}")));
    pieces
}

/// Whether a file is of Python's own library.
fn is_library(file: &str) -> bool {
    let path = file.replace('\\', "/").to_lowercase();
    let library = path
        .rsplit_once('/')
        .is_some_and(|(directory, _)| directory.contains("/lib/python3") || under_lib(directory));
    (library && !path.contains("/site-packages/")) || path.starts_with("<frozen ")
}

/// `C:/Python313/Lib`, or below.
fn under_lib(directory: &str) -> bool {
    let mut parts = directory.split('/').peekable();
    while let Some(part) = parts.next() {
        if part.starts_with("python3") && parts.peek() == Some(&"lib") {
            return true;
        }
    }
    false
}
