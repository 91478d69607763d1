//! Faults in string literals.

use super::Problem;
use super::tokens::Source;
use crate::parse::range;
use crate::program::Span;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::InterpolatedStringErrorType;

/// A string without its end; CPython says on which line it gave up.
pub fn unterminated(source: &Source<'_>, start: u32, kind: &str) -> Problem {
    let rest = &source.whole()[start as usize..];
    let quotes = rest.trim_start_matches(|char: char| char.is_ascii_alphabetic());
    let triple = quotes.starts_with("'''") || quotes.starts_with("\"\"\"");
    let end = if triple {
        source.whole().trim_end_matches('\n').len() as u32
    } else {
        // A backslash takes the string to the next line.
        let mut end = source.line_end(start);
        while source.whole()[..end as usize].ends_with('\\')
            && (end as usize) < source.whole().len()
        {
            end = source.line_end(end + 1);
        }
        end
    };
    let line = source.line(end);
    let triple = if triple { "triple-quoted " } else { "" };
    let kind = if kind.is_empty() { "string" } else { kind };
    Problem::new(
        format!("unterminated {triple}{kind} literal (detected at line {line})"),
        Span {
            start,
            end: start + 1,
        },
    )
}

/// A fault in an f-string.
pub fn field(
    source: &Source<'_>,
    kind: &InterpolatedStringErrorType,
    place: Span,
) -> Option<Problem> {
    let index = source.index_at(place.start);
    let start = (0..=index.min(source.tokens.len().saturating_sub(1)))
        .rev()
        .find(|&index| source.kind(index) == TokenKind::FStringStart)
        .map_or(place.start, |index| source.span(index).start);
    let message = match kind {
        InterpolatedStringErrorType::UnterminatedString
        | InterpolatedStringErrorType::UnterminatedTripleQuotedString => {
            return Some(unterminated(source, start, "f-string"));
        }
        // The grammar's to judge.
        InterpolatedStringErrorType::UnclosedLbrace => return None,
        InterpolatedStringErrorType::SingleRbrace => "single '}' is not allowed".to_owned(),
        InterpolatedStringErrorType::InvalidConversionFlag => {
            let text = source.text(place).trim_start_matches('!');
            let flag = text.trim_end_matches(['}', ':']);
            if flag.is_empty() {
                "missing conversion character".to_owned()
            } else {
                format!("invalid conversion character '{flag}': expected 's', 'r', or 'a'")
            }
        }
        InterpolatedStringErrorType::LambdaWithoutParentheses => {
            "lambda expressions are not allowed without parentheses".to_owned()
        }
        InterpolatedStringErrorType::ConversionFlagNotImmediatelyAfterExclamation => {
            "conversion type must come right after the exclamation mark".to_owned()
        }
        InterpolatedStringErrorType::NewlineInFormatSpec => {
            "newlines are not allowed in format specifiers for single quoted f-strings".to_owned()
        }
    };
    let place = match kind {
        // CPython points at the exclamation mark.
        InterpolatedStringErrorType::ConversionFlagNotImmediatelyAfterExclamation => Span {
            start: place.start.saturating_sub(1),
            ..place
        },
        _ => place,
    };
    Some(Problem::new(format!("f-string: {message}"), place))
}

/// A backslash escape that means nothing. The library says where the escape is, CPython shows the whole string.
pub fn escape(source: &Source<'_>, place: Span) -> Problem {
    let string = source
        .tokens
        .iter()
        .map(|token| (token.kind(), range(token.as_tuple().1)))
        .find(|(_, span)| span.start <= place.start && place.start < span.end)
        .map_or(place, |(_, span)| span);
    let text = source.text(string);
    let quote = text.find(['"', '\'']).unwrap_or(0);
    let width = if text[quote..].starts_with("'''") || text[quote..].starts_with("\"\"\"") {
        3
    } else {
        1
    };
    let content = quote + width;
    let bytes = text[..quote].to_ascii_lowercase().contains('b');
    // The first escape that is at fault.
    let mut at = content;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        let start = at + found;
        let rest = &text[start + 1..];
        let Some(first) = rest.chars().next() else {
            break;
        };
        let digits = |count: usize| {
            rest[1..]
                .bytes()
                .take(count)
                .take_while(u8::is_ascii_hexdigit)
                .count()
        };
        let position = start - content;
        let (wanted, what) = match first {
            'x' => (2, r"truncated \xXX escape"),
            'u' if !bytes => (4, r"truncated \uXXXX escape"),
            'U' if !bytes => (8, r"truncated \UXXXXXXXX escape"),
            'N' if !bytes => {
                let name = rest[1..].strip_prefix('{').and_then(|name| name.find('}'));
                let (end, what) = match name {
                    Some(end) => (position + end + 3, "unknown Unicode character name"),
                    None => (position + 1, r"malformed \N character escape"),
                };
                let whole = string.start <= place.start;
                if whole && (name.is_none() || place.start <= string.start + start as u32 + 3) {
                    return Problem::new(
                        format!(
                            "(unicode error) 'unicodeescape' codec can't decode bytes in position {position}-{end}: {what}"
                        ),
                        string,
                    );
                }
                at = start + 2;
                continue;
            }
            first => {
                at = start + 1 + first.len_utf8();
                continue;
            }
        };
        let found = digits(wanted);
        if found < wanted {
            if bytes {
                return Problem::new(
                    format!(r"(value error) invalid \x escape at position {position}"),
                    string,
                );
            }
            let end = position + 1 + found;
            return Problem::new(
                format!(
                    "(unicode error) 'unicodeescape' codec can't decode bytes in position {position}-{end}: {what}"
                ),
                string,
            );
        }
        if first == 'U' && u32::from_str_radix(&rest[1..9], 16).is_ok_and(|code| code > 0x10_ffff) {
            let end = position + 9;
            return Problem::new(
                format!(
                    "(unicode error) 'unicodeescape' codec can't decode bytes in position {position}-{end}: illegal Unicode character"
                ),
                string,
            );
        }
        at = start + 2;
    }
    Problem::new("(unicode error) malformed escape", string)
}
