//! Faults that CPython's tokenizer finds: brackets, strings, numbers, characters, indentation.

use super::Problem;
use super::strings::{escape, field, unterminated};
use super::tokens::Source;
use crate::error::SyntaxClass;
use crate::parse::range;
use crate::program::Span;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, ParseError, ParseErrorType,
};

/// What the tokenizer has to say.
pub struct Findings {
    /// The first fault.
    pub problem: Option<Problem>,
    /// The innermost bracket that is open at the end.
    pub unclosed: Option<Span>,
}

/// Looks for faults in the order of the text.
pub fn scan(source: &Source<'_>, errors: &[ParseError]) -> Findings {
    // With the place where each is noticed.
    let mut problems: Vec<(u32, Problem)> = Vec::new();
    let (mismatch, unclosed) = brackets(source);
    let from_tokens = [mismatch, indentation(source), numbers(source)];
    problems.extend(
        from_tokens
            .into_iter()
            .flatten()
            .map(|problem| (problem.span.start, problem)),
    );
    let unclosed_field = errors
        .iter()
        .find(|error| {
            error.error == ParseErrorType::FStringError(InterpolatedStringErrorType::UnclosedLbrace)
        })
        .map_or(u32::MAX, |error| range(error.location).start);
    for error in errors {
        let place = range(error.location);
        let aftermath = matches!(
            error.error,
            ParseErrorType::Lexical(LexicalErrorType::FStringError(
                InterpolatedStringErrorType::SingleRbrace
            ))
        ) && unclosed_field <= place.start;
        if aftermath {
            continue;
        }
        let problem = match &error.error {
            ParseErrorType::Lexical(LexicalErrorType::FStringError(kind))
            | ParseErrorType::FStringError(kind) => field(source, kind, place),
            ParseErrorType::Lexical(kind) => fault(source, kind, place),
            _ => None,
        };
        problems.extend(problem.map(|problem| (place.start.max(problem.span.start), problem)));
    }
    Findings {
        problem: problems
            .into_iter()
            .min_by_key(|(noticed, _)| *noticed)
            .map(|(_, problem)| problem),
        unclosed,
    }
}

/// The first bracket that closes another kind or none, and the innermost that stays open.
fn brackets(source: &Source<'_>) -> (Option<Problem>, Option<Span>) {
    let mut open: Vec<usize> = Vec::new();
    for index in 0..source.tokens.len() {
        let kind = source.kind(index);
        match kind {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::FStringStart => {
                open.push(index)
            }
            TokenKind::FStringEnd => {
                while let Some(top) = open.pop() {
                    if source.kind(top) == TokenKind::FStringStart {
                        break;
                    }
                }
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                let place = source.span(index);
                let closing = source.text(place);
                let top = open.pop();
                let Some(top) = top else {
                    return (
                        Some(Problem::new(format!("unmatched '{closing}'"), place)),
                        None,
                    );
                };
                let opening = source.span(top);
                let fits = matches!(
                    (source.kind(top), kind),
                    (TokenKind::Lpar, TokenKind::Rpar)
                        | (TokenKind::Lsqb, TokenKind::Rsqb)
                        | (TokenKind::Lbrace, TokenKind::Rbrace)
                );
                if fits {
                    continue;
                }
                if source.is_field(top) {
                    return (
                        Some(Problem::new(
                            format!("f-string: unmatched '{closing}'"),
                            place,
                        )),
                        None,
                    );
                }
                let mut message = format!(
                    "closing parenthesis '{closing}' does not match opening parenthesis '{}'",
                    source.text(opening)
                );
                let line = source.line(opening.start);
                if line != source.line(place.start) {
                    message.push_str(&format!(" on line {line}"));
                }
                return (Some(Problem::new(message, place)), None);
            }
            _ => {}
        }
    }
    let last = open
        .into_iter()
        .rev()
        .find(|&index| source.kind(index) != TokenKind::FStringStart && !source.is_field(index));
    (None, last.map(|index| source.span(index)))
}

/// CPython's bookkeeping of indentation: once with tabs to multiples of eight, once with tabs as one column; the two must
/// agree on what is deeper.
fn indentation(source: &Source<'_>) -> Option<Problem> {
    let mut stack: Vec<(u32, u32)> = vec![(0, 0)];
    let mut line_begins = true;
    for index in 0..source.tokens.len() {
        match source.kind(index) {
            TokenKind::Indent | TokenKind::Dedent => continue,
            TokenKind::Newline => {
                line_begins = true;
                continue;
            }
            TokenKind::EndOfFile => break,
            // What the lexer makes of a bad indentation.
            TokenKind::Unknown if source.text(source.span(index)).trim().is_empty() => continue,
            _ if !line_begins => continue,
            _ => line_begins = false,
        }
        let at = source.span(index).start;
        let start = source.line_start(at);
        let (mut column, mut narrow) = (0, 0);
        for byte in source.text(Span { start, end: at }).bytes() {
            match byte {
                b'\t' => (column, narrow) = ((column / 8 + 1) * 8, narrow + 1),
                b'\x0c' => (column, narrow) = (0, 0),
                _ => (column, narrow) = (column + 1, narrow + 1),
            }
        }
        let whole_line = Span {
            start,
            end: source.line_end(at),
        };
        let tabs = || Problem {
            class: SyntaxClass::Tab,
            ..Problem::new(
                "inconsistent use of tabs and spaces in indentation",
                Span {
                    end: start,
                    ..whole_line
                },
            )
        };
        let &(top, narrow_top) = stack.last().expect("the outermost level stays");
        if column == top {
            if narrow != narrow_top {
                return Some(tabs());
            }
        } else if column > top {
            if narrow <= narrow_top {
                return Some(tabs());
            }
            stack.push((column, narrow));
        } else {
            while stack.last().is_some_and(|&(top, _)| top > column) {
                stack.pop();
            }
            let &(top, narrow_top) = stack.last().expect("the outermost level is 0");
            if top != column {
                let end = whole_line.end;
                return Some(Problem::indentation(
                    "unindent does not match any outer indentation level",
                    Span {
                        start: end,
                        end: end + 1,
                    },
                ));
            }
            if narrow != narrow_top {
                return Some(tabs());
            }
        }
    }
    None
}

/// Numbers that run into a word: `12abc`.
fn numbers(source: &Source<'_>) -> Option<Problem> {
    for index in 0..source.tokens.len() {
        if !matches!(
            source.kind(index),
            TokenKind::Int | TokenKind::Float | TokenKind::Complex
        ) {
            continue;
        }
        let place = source.span(index);
        let next = source.span(index + 1);
        if next.start != place.end || source.kind(index + 1) == TokenKind::Newline {
            continue;
        }
        let text = source.text(place);
        let lower = text.to_ascii_lowercase();
        let following = source.text(next);
        let last = Span {
            start: place.end - 1,
            end: place.end,
        };
        let digit = following.starts_with(|char: char| char.is_ascii_digit());
        if digit && (lower.starts_with("0b") || lower.starts_with("0o")) {
            let base = if lower.starts_with("0b") {
                "binary"
            } else {
                "octal"
            };
            let digit = &following[..1];
            let at = Span {
                start: next.start,
                end: next.start + 1,
            };
            return Some(Problem::new(
                format!("invalid digit '{digit}' in {base} literal"),
                at,
            ));
        }
        if !following.starts_with(|char: char| char.is_alphanumeric() || char == '_') {
            continue;
        }
        let keyword = matches!(
            following,
            "and" | "else" | "for" | "if" | "in" | "is" | "or" | "not"
        );
        if keyword {
            continue;
        }
        let kind = if lower.starts_with("0x") {
            "hexadecimal"
        } else if lower.starts_with("0o") {
            "octal"
        } else if lower.starts_with("0b") {
            "binary"
        } else if lower.ends_with('j') {
            "imaginary"
        } else {
            "decimal"
        };
        let at = if following.starts_with('_') {
            Span {
                start: next.start,
                end: next.start + 1,
            }
        } else {
            last
        };
        return Some(Problem::new(format!("invalid {kind} literal"), at));
    }
    None
}

/// A fault that the library's lexer reports.
fn fault(source: &Source<'_>, kind: &LexicalErrorType, place: Span) -> Option<Problem> {
    let here = Span {
        start: place.start,
        end: place.start + 1,
    };
    Some(match kind {
        LexicalErrorType::UnclosedStringError => unterminated(source, place.start, ""),
        LexicalErrorType::UnrecognizedToken { tok } if tok.is_ascii() => return None,
        LexicalErrorType::UnrecognizedToken { tok } => {
            let code = *tok as u32;
            let end = place.start + tok.len_utf8() as u32;
            let place = Span { end, ..place };
            let invisible = tok.is_control()
                || tok.is_whitespace()
                || matches!(code, 0xad | 0x200b..=0x200f | 0x2028..=0x202f | 0x2060..=0x206f | 0xfeff);
            if invisible {
                Problem::new(
                    format!("invalid non-printable character U+{code:04X}"),
                    place,
                )
            } else {
                Problem::new(format!("invalid character '{tok}' (U+{code:04X})"), place)
            }
        }
        LexicalErrorType::InvalidByteLiteral => {
            let before = &source.whole()[..place.start as usize];
            let quote = before.rfind(['\'', '"']).unwrap_or(before.len());
            let prefix = before[..quote].trim_end_matches(|char: char| char.is_ascii_alphabetic());
            let start = prefix.len() as u32;
            Problem::new(
                "bytes can only contain ASCII literal characters",
                Span { start, ..place },
            )
        }
        LexicalErrorType::LineContinuationError => {
            let start = place.start + u32::from(source.text(here) == "\\");
            if source.at_end(start) {
                Problem::new(
                    "unexpected EOF while parsing",
                    Span {
                        start,
                        end: start + 1,
                    },
                )
            } else {
                let start = start - u32::from(start > place.start);
                Problem::new(
                    "unexpected character after line continuation character",
                    Span {
                        start: start + 1,
                        end: start + 2,
                    },
                )
            }
        }
        LexicalErrorType::Eof => {
            let before = source.whole().trim_end();
            if !before.ends_with('\\') {
                return None;
            }
            let start = before.len() as u32;
            Problem::new(
                "unexpected EOF while parsing",
                Span {
                    start,
                    end: start + 1,
                },
            )
        }
        LexicalErrorType::UnicodeError
        | LexicalErrorType::MissingUnicodeLbrace
        | LexicalErrorType::MissingUnicodeRbrace
        | LexicalErrorType::StringError => return Some(escape(source, place)),
        LexicalErrorType::OtherError(_) => return number(source, place),
        // `indentation` has the place that CPython shows.
        _ => return None,
    })
}

/// A number that is none.
fn number(source: &Source<'_>, place: Span) -> Option<Problem> {
    let rest = &source.whole()[place.start as usize..];
    let lower: String = rest
        .chars()
        .take(3)
        .collect::<String>()
        .to_ascii_lowercase();
    let end = rest
        .find(|char: char| !(char.is_alphanumeric() || char == '_'))
        .unwrap_or(rest.len());
    let at = |offset: usize| {
        let start = place.start + offset as u32;
        Span {
            start,
            end: start + 1,
        }
    };
    let base = match lower.get(..2) {
        Some("0x") => Some("hexadecimal"),
        Some("0o") => Some("octal"),
        Some("0b") => Some("binary"),
        _ => None,
    };
    Some(match base {
        Some(base) => match lower.chars().nth(2) {
            Some(digit) if digit.is_ascii_digit() && base != "hexadecimal" => {
                Problem::new(format!("invalid digit '{digit}' in {base} literal"), at(2))
            }
            _ => Problem::new(format!("invalid {base} literal"), at(1)),
        },
        None if rest.starts_with('0')
            && rest[..end]
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'_') =>
        {
            let zeros = rest.len() - rest.trim_start_matches(['0', '_']).len();
            Problem::new(
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
                Span {
                    start: place.start,
                    end: place.start + zeros.max(1) as u32,
                },
            )
        }
        None => Problem::new("invalid decimal literal", at(end.saturating_sub(2))),
    })
}
