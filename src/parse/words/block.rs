//! Headers of compound statements without their colon or block.

use super::Problem;
use super::tokens::Source;
use crate::program::Span;
use ruff_python_ast::token::TokenKind;

/// `expected ':'`, where CPython insists on one.
pub fn colon(source: &Source<'_>, found: usize) -> Option<Problem> {
    let at = source.span(found);
    if let Some(bracket) = source.bracket(found) {
        let dict = source.kind(bracket) == TokenKind::Lbrace && !source.is_field(bracket);
        let key_ends = source.span(found - 1).end;
        return dict.then(|| {
            Problem::new(
                "':' expected after dictionary key",
                Span {
                    start: key_ends - 1,
                    end: key_ends,
                },
            )
        });
    }
    let start = source.statement_start(found);
    let keyword = match source.kind(start) {
        TokenKind::Async => source.kind(start + 1),
        kind => kind,
    };
    let lambda = (start + 1..found).any(|index| source.kind(index) == TokenKind::Lambda);
    let header = matches!(
        keyword,
        TokenKind::If
            | TokenKind::Elif
            | TokenKind::While
            | TokenKind::For
            | TokenKind::With
            | TokenKind::Class
            | TokenKind::Match
            | TokenKind::Case
            | TokenKind::Except
    );
    let insists = matches!(
        keyword,
        TokenKind::Def | TokenKind::Else | TokenKind::Try | TokenKind::Finally
    );
    let newline = source.kind(found) == TokenKind::Newline;
    if !lambda && (insists || header && newline) {
        return Some(Problem::new("expected ':'", at));
    }
    None
}

pub fn unexpected_indent(source: &Source<'_>, found: usize) -> Problem {
    let start = source.span(found).start;
    Problem::indentation(
        "unexpected indent",
        Span {
            start: start.saturating_sub(1),
            end: start,
        },
    )
}

/// The token that stands behind a place, whatever its line.
pub fn first_behind(source: &Source<'_>, offset: u32) -> Span {
    let mut index = source.index_at(offset);
    while matches!(source.kind(index), TokenKind::Newline) && index < source.tokens.len() {
        index += 1;
    }
    if source.kind(index) == TokenKind::EndOfFile {
        let end = source.whole().trim_end().len() as u32;
        return Span {
            start: end,
            end: end + 1,
        };
    }
    source.span(index)
}

/// A header without its block.
pub fn missing_block(source: &Source<'_>, place: Span) -> Problem {
    let at = first_behind(source, place.start);
    let found = source.index_at(place.start);
    // The header ends with the nearest colon at a line's end.
    let mut newline = found.min(source.tokens.len());
    while newline > 1
        && !(source.kind(newline) == TokenKind::Newline
            && source.kind(newline - 1) == TokenKind::Colon)
    {
        newline -= 1;
    }
    let start = source.statement_start(newline);
    let keyword = match source.kind(start) {
        TokenKind::Async => start + 1,
        _ => start,
    };
    let word = source.text(source.span(keyword));
    let what = match source.kind(keyword) {
        TokenKind::Def => "function definition".to_owned(),
        TokenKind::Class => "class definition".to_owned(),
        TokenKind::Except if source.kind(keyword + 1) == TokenKind::Star => {
            "'except*' statement".to_owned()
        }
        _ => format!("'{word}' statement"),
    };
    let line = source.line(source.span(keyword).start);
    Problem::indentation(
        format!("expected an indented block after {what} on line {line}"),
        at,
    )
}
