//! Two expressions side by side, with nothing between them.

use super::Problem;
use super::tokens::Source;
use crate::parse::span;
use crate::program::Span;
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ModModule};

/// Two expressions side by side in brackets.
pub fn missing_comma(
    source: &Source<'_>,
    module: &ModModule,
    start: usize,
    bracket: usize,
    found: usize,
) -> Option<Problem> {
    // Parameters and imported names are no expressions.
    let names = match source.kind(start) {
        TokenKind::Def => {
            source.kind_before(bracket, 2) == Some(TokenKind::Def)
                && !has_annotation(source, bracket, found)
        }
        TokenKind::From | TokenKind::Import => true,
        _ => false,
    };
    let before = source.kind_before(found, 1)?;
    let text_behind_name = before == TokenKind::Name
        && matches!(
            source.kind(found),
            TokenKind::String | TokenKind::FStringStart
        );
    if names || text_behind_name || source.kind(bracket) == TokenKind::Lpar && found == bracket + 1
    {
        return None;
    }
    let mut finder = Neighbours {
        floor: source.span(bracket).end,
        end: source.span(found - 1).end,
        start: source.span(found).start,
        left: None,
        right: None,
    };
    finder.visit_body(&module.body);
    let left = finder.left?;
    // What the library took for the name of an argument is no expression of the tree.
    let right = finder.right.unwrap_or(source.span(found));
    Some(Problem::new(
        "invalid syntax. Perhaps you forgot a comma?",
        Span {
            start: left.start,
            end: right.end,
        },
    ))
}

fn has_annotation(source: &Source<'_>, bracket: usize, found: usize) -> bool {
    let mut index = found;
    while index > bracket + 1 {
        index -= 1;
        match source.kind(index) {
            TokenKind::Colon | TokenKind::Equal => return true,
            TokenKind::Comma => return false,
            _ => {}
        }
    }
    false
}

/// The largest expressions that end before a fault and begin at it.
struct Neighbours {
    floor: u32,
    end: u32,
    start: u32,
    left: Option<Span>,
    right: Option<Span>,
}

impl<'a> Visitor<'a> for Neighbours {
    fn visit_expr(&mut self, expr: &'a Expr) {
        let place = span(expr);
        if place.end == self.end
            && place.start >= self.floor
            && self.left.is_none_or(|left| place.start < left.start)
        {
            self.left = Some(place);
        }
        if place.start == self.start
            && place.end > place.start
            && self.right.is_none_or(|right| place.end > right.end)
        {
            self.right = Some(place);
        }
        walk_expr(self, expr);
    }
}
