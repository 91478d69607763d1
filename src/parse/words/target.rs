//! What CPython calls a kind of expression in its errors.

use crate::parse::span;
use crate::program::Span;
use ruff_python_ast::Expr;
use ruff_python_parser::{ParseOptions, parse_unchecked};

/// CPython's `_PyPegen_get_expr_name`.
pub fn name(expr: &Expr) -> &'static str {
    match expr {
        Expr::Attribute(_) => "attribute",
        Expr::Subscript(_) => "subscript",
        Expr::Starred(_) => "starred",
        Expr::Name(_) => "name",
        Expr::List(_) => "list",
        Expr::Tuple(_) => "tuple",
        Expr::Lambda(_) => "lambda",
        Expr::Call(_) => "function call",
        Expr::BoolOp(_) | Expr::BinOp(_) | Expr::UnaryOp(_) => "expression",
        Expr::Generator(_) => "generator expression",
        Expr::Yield(_) | Expr::YieldFrom(_) => "yield expression",
        Expr::Await(_) => "await expression",
        Expr::ListComp(_) => "list comprehension",
        Expr::SetComp(_) => "set comprehension",
        Expr::DictComp(_) => "dict comprehension",
        Expr::Dict(_) => "dict literal",
        Expr::Set(_) => "set display",
        Expr::FString(_) | Expr::TString(_) => "f-string expression",
        Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::NumberLiteral(_) => "literal",
        Expr::BooleanLiteral(literal) if literal.value => "True",
        Expr::BooleanLiteral(_) => "False",
        Expr::NoneLiteral(_) => "None",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::Compare(_) => "comparison",
        Expr::If(_) => "conditional expression",
        Expr::Named(_) => "named expression",
        Expr::Slice(_) | Expr::IpyEscapeCommand(_) => "expression",
    }
}

/// Whether CPython may take the expression for the left side of a comparison that lost a `=`: its grammar's `bitwise_or`
/// but for what has a message of its own.
pub fn may_be_compared(expr: &Expr) -> bool {
    match expr {
        Expr::UnaryOp(unary) => unary.op != ruff_python_ast::UnaryOp::Not,
        Expr::BoolOp(_)
        | Expr::Compare(_)
        | Expr::If(_)
        | Expr::Lambda(_)
        | Expr::Generator(_)
        | Expr::Tuple(_)
        | Expr::List(_)
        | Expr::Starred(_)
        | Expr::Named(_)
        | Expr::NoneLiteral(_)
        | Expr::BooleanLiteral(_) => false,
        _ => true,
    }
}

/// The first part of a target that cannot be one, with its place relative to the text.
pub fn invalid_part(expr: &Expr, deleting: bool) -> Option<&Expr> {
    match expr {
        Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) => None,
        Expr::Tuple(tuple) => tuple
            .elts
            .iter()
            .find_map(|part| invalid_part(part, deleting)),
        Expr::List(list) => list
            .elts
            .iter()
            .find_map(|part| invalid_part(part, deleting)),
        Expr::Starred(starred) if !deleting => invalid_part(&starred.value, deleting),
        other => Some(other),
    }
}

/// Parses a piece of text as an expression and hands it on with a function that makes places in the whole text of its own.
pub fn parsed<T>(
    text: &str,
    start: u32,
    then: impl FnOnce(&Expr, &dyn Fn(&Expr) -> Span) -> T,
) -> Option<T> {
    let options = || ParseOptions::from(ruff_python_parser::Mode::Expression);
    let mut parsed = parse_unchecked(text, options());
    let mut opened = 0;
    if parsed.has_invalid_syntax() {
        // `yield` and `:=` are expressions in parentheses alone.
        parsed = parse_unchecked(&format!("({text})"), options());
        opened = 1;
        if parsed.has_invalid_syntax() {
            return None;
        }
    }
    let module = parsed.into_syntax();
    let expr = &module.as_expression()?.body;
    let place = move |expr: &Expr| {
        let span = span(expr);
        Span {
            start: (span.start + start).saturating_sub(opened),
            end: (span.end + start).saturating_sub(opened),
        }
    };
    Some(then(expr, &place))
}
