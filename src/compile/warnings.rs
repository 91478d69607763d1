//! `SyntaxWarning`s: what CPython says to stderr about a program that it compiles.
//!
//! Source: `warn_invalid_escape_sequence` in `Parser/string_parser.c`, `check_compare`, `check_caller`, `check_subscripter`,
//! `check_index` and `compiler_assert` in `Python/compile.c` of CPython 3.13.

use crate::parse::{range, span};
use crate::program::Span;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    CmpOp, Expr, ExprContext, FStringPart, InterpolatedStringElement, Number, Stmt, UnaryOp,
};
use ruff_text_size::TextRange;
use std::fmt::Write;

/// The text that CPython writes about a program at this path.
pub fn text(body: &[Stmt], path: &str, source: &str, lines: &[u32]) -> String {
    let mut finder = Finder {
        source,
        escapes: Vec::new(),
        others: Vec::new(),
    };
    finder.visit_body(body);
    let mut text = String::new();
    for (offset, message) in finder.escapes.into_iter().chain(finder.others) {
        let line = lines.partition_point(|&start| start <= offset).max(1);
        let start = lines[line - 1] as usize;
        let shown = source[start..].lines().next().unwrap_or_default().trim();
        let _ = writeln!(text, "{path}:{line}: SyntaxWarning: {message}\n  {shown}");
    }
    text
}

struct Finder<'s> {
    source: &'s str,
    /// Found by the parser, which comes before the compiler.
    escapes: Vec<(u32, String)>,
    others: Vec<(u32, String)>,
}

impl Finder<'_> {
    fn warn(&mut self, at: &Expr, message: String) {
        self.others.push((span(at).start, message));
    }

    /// The first escape sequence of a literal that means nothing. The literal's line is told, not the sequence's.
    fn escapes(&mut self, token: TextRange, part: TextRange, bytes: bool) {
        let Span { start, end } = range(part);
        let text = &self.source.as_bytes()[start as usize..end as usize];
        let mut at = 0;
        while let Some(found) = text[at..].iter().position(|&b| b == b'\\') {
            at += found + 1;
            let Some(&next) = text.get(at) else { return };
            let octal = |n: usize| text.get(at + n).is_some_and(|b| (b'0'..=b'7').contains(b));
            let message = match next {
                b'4'..=b'7' if octal(1) && octal(2) => {
                    let digits = String::from_utf8_lossy(&text[at..at + 3]);
                    format!("invalid octal escape sequence '\\{digits}'")
                }
                b'\n' | b'\r' | b'\\' | b'\'' | b'"' | b'0'..=b'7' => String::new(),
                b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'x' => String::new(),
                b'N' | b'u' | b'U' if !bytes => String::new(),
                _ => {
                    let rest = String::from_utf8_lossy(&text[at..]);
                    let sign = rest.chars().next().unwrap_or_default();
                    format!("invalid escape sequence '\\{sign}'")
                }
            };
            if !message.is_empty() {
                self.escapes.push((range(token).start, message));
                return;
            }
            at += 1;
        }
    }

    fn literals(&mut self, token: TextRange, elements: &[InterpolatedStringElement], raw: bool) {
        for element in elements {
            if let InterpolatedStringElement::Interpolation(inner) = element {
                self.visit_expr(&inner.expression);
                if let Some(spec) = &inner.format_spec {
                    self.literals(token, &spec.elements, raw);
                }
            }
        }
        for element in elements {
            if let InterpolatedStringElement::Literal(literal) = element
                && !raw
            {
                self.escapes(token, literal.range, false);
            }
        }
    }

    fn strings(&mut self, expr: &Expr) {
        match expr {
            Expr::StringLiteral(text) => {
                for part in text.value.iter().filter(|p| !p.flags.prefix().is_raw()) {
                    self.escapes(part.range, part.range, false);
                }
            }
            Expr::BytesLiteral(bytes) => {
                for part in bytes.value.iter().filter(|p| !p.flags.prefix().is_raw()) {
                    self.escapes(part.range, part.range, true);
                }
            }
            Expr::FString(text) => {
                for part in text.value.iter() {
                    match part {
                        FStringPart::Literal(part) if !part.flags.prefix().is_raw() => {
                            self.escapes(part.range, part.range, false);
                        }
                        FStringPart::Literal(_) => {}
                        FStringPart::FString(part) => {
                            let raw = part.flags.prefix().is_raw();
                            self.literals(part.range, &part.elements, raw);
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

/// The type of a literal.
fn literal(expr: &Expr) -> Option<&'static str> {
    Some(match expr {
        Expr::NoneLiteral(_) => "NoneType",
        Expr::BooleanLiteral(_) => "bool",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::StringLiteral(_) => "str",
        Expr::BytesLiteral(_) => "bytes",
        Expr::NumberLiteral(number) => match number.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        Expr::UnaryOp(unary) if matches!(unary.op, UnaryOp::USub | UnaryOp::UAdd) => {
            match literal(&unary.operand) {
                Some(number @ ("int" | "float" | "complex")) => number,
                _ => return None,
            }
        }
        Expr::Tuple(tuple) if tuple.elts.iter().all(|item| literal(item).is_some()) => "tuple",
        _ => return None,
    })
}

/// The type of what an expression gives, as far as it shows.
fn shown_type(expr: &Expr) -> Option<&'static str> {
    Some(match expr {
        Expr::Tuple(_) => "tuple",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Generator(_) => "generator",
        Expr::Lambda(_) => "function",
        Expr::FString(_) => "str",
        _ => return literal(expr),
    })
}

impl<'a> Visitor<'a> for Finder<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::Assert(assert) = stmt
            && matches!(&*assert.test, Expr::Tuple(tuple) if !tuple.elts.is_empty())
        {
            let message = "assertion is always true, perhaps remove parentheses?";
            self.others.push((span(stmt).start, message.to_owned()));
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        const COMMA: &str = "perhaps you missed a comma?";
        match expr {
            Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::FString(_) => {
                // Expressions within are visited on the way.
                self.strings(expr);
                return;
            }
            Expr::Compare(compare) => {
                let singleton = ["NoneType", "bool", "ellipsis"];
                let compared = |expr| literal(expr).filter(|name| !singleton.contains(name));
                let mut left = compared(&compare.left);
                for (op, right) in compare.ops.iter().zip(&compare.comparators) {
                    let right = compared(right);
                    let words = match op {
                        CmpOp::Is => Some(("is", "==")),
                        CmpOp::IsNot => Some(("is not", "!=")),
                        _ => None,
                    };
                    if let (Some((op, meant)), Some(name)) = (words, left.or(right)) {
                        let message =
                            format!("\"{op}\" with '{name}' literal. Did you mean \"{meant}\"?");
                        self.warn(expr, message);
                        break;
                    }
                    left = right;
                }
            }
            Expr::Call(call) => {
                if let Some(name) = shown_type(&call.func)
                    && !matches!(&*call.func, Expr::Lambda(_))
                {
                    self.warn(expr, format!("'{name}' object is not callable; {COMMA}"));
                }
            }
            Expr::Subscript(item) if item.ctx == ExprContext::Load => {
                let name = shown_type(&item.value);
                match name {
                    Some(
                        name @ ("NoneType" | "ellipsis" | "int" | "float" | "complex" | "bool"
                        | "set" | "generator" | "function"),
                    ) => self.warn(
                        expr,
                        format!("'{name}' object is not subscriptable; {COMMA}"),
                    ),
                    Some(name @ ("str" | "bytes" | "tuple" | "list")) => {
                        if let Some(index) = shown_type(&item.slice)
                            && !["int", "bool"].contains(&index)
                        {
                            self.warn(
                                expr,
                                format!(
                                    "{name} indices must be integers or slices, not {index}; {COMMA}"
                                ),
                            );
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}
