//! Which part of a failing expression is to blame, for the `~~^~~` lines of tracebacks.

use crate::parse::expression;
use ruff_python_ast::Expr;
use ruff_text_size::Ranged;

/// Of a segment of source that is a binary operation, a subscript or a call: the byte range of its operator, or of its
/// brackets with what they hold. As CPython 3.13's `_extract_caret_anchors_from_line_segment`.
pub fn anchors(source_segment: &str) -> Option<(usize, usize)> {
    let (expr, offset) = expression(source_segment)?;
    let end = |expr: &Expr| expr.end().to_usize() - offset;
    let bytes = source_segment.as_bytes();
    match &expr {
        Expr::BinOp(binary) => {
            let operator = |byte: u8| !byte.is_ascii_whitespace() && byte != b')';
            let start = seek(bytes, end(&binary.left), operator)?;
            let next = start + 1;
            let right = binary.right.start().to_usize() - offset;
            let double = next < right
                && bytes.get(next).is_some_and(|byte| {
                    !byte.is_ascii_whitespace() && !matches!(byte, b'\\' | b'#')
                });
            Some((start, if double { next + 1 } else { next }))
        }
        Expr::Subscript(subscript) => {
            let start = seek(bytes, end(&subscript.value), |byte| byte == b'[')?;
            Some((start, end(&expr)))
        }
        Expr::Call(call) => {
            let start = seek(bytes, end(&call.func), |byte| byte == b'(')?;
            Some((start, end(&expr)))
        }
        _ => None,
    }
}

/// Of a segment of source that is a call: the length of what is called. An attribute that a method call does not find is
/// underlined without the arguments.
pub fn callee(source_segment: &str) -> Option<usize> {
    let (expr, offset) = expression(source_segment)?;
    match &expr {
        Expr::Call(call) => Some(call.func.end().to_usize() - offset),
        _ => None,
    }
}

/// The first byte at or behind `from` that `stop` accepts, outside comments and line continuations.
fn seek(bytes: &[u8], from: usize, stop: impl Fn(u8) -> bool) -> Option<usize> {
    let mut at = from;
    loop {
        match *bytes.get(at)? {
            b'\\' | b'#' => {
                while *bytes.get(at)? != b'\n' {
                    at += 1;
                }
                at += 1;
            }
            byte if stop(byte) => return Some(at),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{anchors, callee};

    fn marked(segment: &str) -> Option<&str> {
        anchors(segment).map(|(start, end)| &segment[start..end])
    }

    #[test]
    fn operators_and_brackets() {
        assert_eq!(marked("a + b"), Some("+"));
        assert_eq!(marked("(a)//(b)"), Some("//"));
        assert_eq!(marked("a ** b"), Some("**"));
        assert_eq!(marked("a +\n    b"), Some("+"));
        assert_eq!(marked("a # + no\n    + b"), Some("+"));
        assert_eq!(marked("x[1][k]"), Some("[k]"));
        assert_eq!(marked("f(1)(a, b)"), Some("(a, b)"));
        assert_eq!(marked("é + 1"), Some("+"));
        assert_eq!(marked("a -1"), Some("-"));
    }

    #[test]
    fn nothing_else() {
        for segment in ["a.b", "x = 1", "a", "raise E(1)", "a +", "", "a; b"] {
            assert_eq!(marked(segment), None, "{segment}");
        }
    }

    #[test]
    fn callees() {
        assert_eq!(callee("a.b.c(1, 2)"), Some(5));
        assert_eq!(callee("a.b"), None);
    }
}
