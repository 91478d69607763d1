//! Targets that cannot be assigned, and `=` where none belongs.

use super::tokens::Source;
use super::{Problem, target};
use crate::program::Span;
use ruff_python_ast::Expr;
use ruff_python_ast::token::TokenKind;

const MAYBE_EQUALS: &str = "Maybe you meant '==' instead of '='?";

/// `target = …` of something that cannot be assigned.
pub fn assignment(source: &Source<'_>, place: Span) -> Option<Problem> {
    target::parsed(source.text(place), place.start, |expr, at| {
        if matches!(expr, Expr::Yield(_) | Expr::YieldFrom(_)) {
            let index = source.index_at(place.start);
            if source.kind_before(index, 1) != Some(TokenKind::Lpar) {
                return Problem::new("assignment to yield expression not possible", place);
            }
        }
        let Some(part) = target::invalid_part(expr, false) else {
            return Problem::new("invalid syntax", place);
        };
        let name = target::name(part);
        let alone = std::ptr::eq(part, expr)
            && target::may_be_compared(expr)
            && is_only_assignment(source, place);
        let message = if alone {
            format!("cannot assign to {name} here. {MAYBE_EQUALS}")
        } else {
            format!("cannot assign to {name}")
        };
        Problem::new(message, at(part))
    })
}

/// Whether the statement is `place = value`, with one `=` only.
fn is_only_assignment(source: &Source<'_>, place: Span) -> bool {
    let index = source.index_at(place.start);
    let start = source.statement_start(index);
    if !(start..index).all(|index| source.kind(index) == TokenKind::Lpar) {
        return false;
    }
    let end = source.statement_end(index);
    let mut depth = 0;
    let mut equals = 0;
    for index in start..end {
        match source.kind(index) {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth -= 1,
            TokenKind::Equal if depth == 0 => equals += 1,
            _ => {}
        }
    }
    equals == 1
}

pub fn named_target(
    source: &Source<'_>,
    place: Span,
    deleting: bool,
    words: impl Fn(&str) -> String,
) -> Option<Problem> {
    target::parsed(source.text(place), place.start, |expr, at| {
        let part = target::invalid_part(expr, deleting)?;
        Some(Problem::new(words(target::name(part)), at(part)))
    })?
}

pub fn whole_target(
    source: &Source<'_>,
    place: Span,
    words: impl Fn(&str) -> String,
) -> Option<Problem> {
    target::parsed(source.text(place), place.start, |expr, at| {
        Problem::new(words(target::name(expr)), at(expr))
    })
}

pub fn augmented(source: &Source<'_>, place: Span) -> Option<Problem> {
    whole_target(source, place, |name| {
        format!("'{name}' is an illegal expression for augmented assignment")
    })
}

/// A `=` where a condition or an argument stands.
pub fn equals(
    source: &Source<'_>,
    start: usize,
    bracket: Option<usize>,
    found: usize,
) -> Option<Problem> {
    let call = bracket.is_some_and(|bracket| {
        source.kind(bracket) == TokenKind::Lpar
            && matches!(
                source.kind_before(bracket, 1),
                Some(TokenKind::Name | TokenKind::Rpar | TokenKind::Rsqb | TokenKind::String)
            )
    });
    let first = match bracket {
        Some(bracket) => {
            let inside = (bracket + 1..found).rev().find(|&index| {
                source.kind(index) == TokenKind::Comma && source.bracket(index) == Some(bracket)
            });
            inside.unwrap_or(bracket) + 1
        }
        None if matches!(
            source.kind(start),
            TokenKind::If | TokenKind::Elif | TokenKind::While
        ) =>
        {
            start + 1
        }
        None => return None,
    };
    let left = source.span_of(first, found);
    if call {
        return target::parsed(source.text(left), left.start, |expr, _| {
            let name = target::name(expr);
            let place = Span {
                start: left.start,
                end: source.span(found).end,
            };
            if matches!(expr, Expr::NoneLiteral(_) | Expr::BooleanLiteral(_)) {
                Problem::new(format!("cannot assign to {name}"), place)
            } else {
                Problem::new(
                    "expression cannot contain assignment, perhaps you meant \"==\"?",
                    place,
                )
            }
        });
    }
    target::parsed(source.text(left), left.start, |expr, at| {
        if matches!(expr, Expr::Name(_)) {
            let end = operand_end(source, found + 1);
            return Some(Problem::new(
                "invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
                Span {
                    start: left.start,
                    end,
                },
            ));
        }
        let name = target::name(expr);
        target::may_be_compared(expr).then(|| {
            Problem::new(
                format!("cannot assign to {name} here. {MAYBE_EQUALS}"),
                at(expr),
            )
        })
    })?
}

/// The end of the operand (CPython's `bitwise_or`) that begins with a token.
fn operand_end(source: &Source<'_>, first: usize) -> u32 {
    let mut depth = 0;
    let mut index = first;
    loop {
        match source.kind(index) {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::FStringStart => {
                depth += 1
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd
                if depth > 0 =>
            {
                depth -= 1
            }
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::Newline
            | TokenKind::EndOfFile => break,
            TokenKind::And
            | TokenKind::Or
            | TokenKind::Not
            | TokenKind::In
            | TokenKind::Is
            | TokenKind::If
            | TokenKind::Else
            | TokenKind::Colon
            | TokenKind::Comma
            | TokenKind::Equal
            | TokenKind::ColonEqual
            | TokenKind::EqEqual
            | TokenKind::NotEqual
            | TokenKind::Less
            | TokenKind::LessEqual
            | TokenKind::Greater
            | TokenKind::GreaterEqual
                if depth == 0 =>
            {
                break;
            }
            _ => {}
        }
        index += 1;
    }
    source.span(index.saturating_sub(1)).end
}
