//! Which part of a failing expression is to blame, for the `~~^~~` lines of tracebacks.
//!
//! Source: `_extract_caret_anchors_from_line_segment` and `_should_show_carets` in CPython 3.13's `Lib/traceback.py`.

use ruff_python_ast::{Expr, Stmt};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;

/// A place in a text of several lines: line and character in it, both from 0.
pub type Place = (usize, usize);

/// The operator of a binary operation, or the brackets of a subscript or call: from here to before there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchors {
    /// First character.
    pub start: Place,
    /// After the last.
    pub end: Place,
}

/// Longer expressions, and those with more brackets, are not looked into.
const MAX_LENGTH: usize = 20_000;
const MAX_BRACKETS: usize = 200;

fn too_deep(text: &str) -> bool {
    let brackets = text
        .bytes()
        .filter(|b| matches!(b, b'(' | b'[' | b'{'))
        .count();
    text.len() > MAX_LENGTH || brackets > MAX_BRACKETS
}

/// The anchors in the text of an expression, if it is one that has them.
pub fn anchors(segment: &str) -> Option<Anchors> {
    if too_deep(segment) {
        return None;
    }
    let wrapped = format!("(\n{segment}\n)");
    let module = parse_module(&wrapped).ok()?;
    let [Stmt::Expr(statement)] = module.suite().as_slice() else {
        return None;
    };
    let text = Text::new(segment);
    // Offsets in the wrapped text are two bytes further.
    let at = |offset: ruff_text_size::TextSize| text.place(offset.to_usize().checked_sub(2)?);
    match &*statement.value {
        Expr::BinOp(operation) => {
            let after_left = text.valid(at(operation.left.end())?)?;
            let (line, col) = text.find(after_left, |c| !c.is_whitespace() && c != ')')?;
            let right = at(operation.right.start())?;
            let mut end = col + 1;
            let within = right.0 > line || end < right.1;
            if within
                && let Some(&next) = text.lines[line].get(end)
                && !next.is_whitespace()
                && next != '\\'
                && next != '#'
            {
                end += 1;
            }
            Some(Anchors {
                start: (line, col),
                end: (line, end),
            })
        }
        Expr::Subscript(subscript) => {
            let start = text.find(text.valid(at(subscript.value.end())?)?, |c| c == '[')?;
            Some(Anchors {
                start,
                end: at(subscript.end())?,
            })
        }
        Expr::Call(call) => {
            let start = text.find(text.valid(at(call.func.end())?)?, |c| c == '(')?;
            Some(Anchors {
                start,
                end: at(call.end())?,
            })
        }
        _ => None,
    }
}

/// How many bytes of a method call's text are the method: `a.b` of `a.b(1)`.
pub fn callee_length(segment: &str) -> Option<usize> {
    if too_deep(segment) {
        return None;
    }
    let wrapped = format!("(\n{segment}\n)");
    let module = parse_module(&wrapped).ok()?;
    match module.suite().as_slice() {
        [Stmt::Expr(statement)] => match &*statement.value {
            Expr::Call(call) if matches!(&*call.func, Expr::Attribute(_)) => {
                call.func.end().to_usize().checked_sub(2)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether lines consist of nothing but a `return f(…)` or `x = f(…)` whose call stands from byte `start` of the first line to
/// byte `end` of the last: then marks would tell nothing. `None` if they are no statement at all.
pub fn is_plain_call(lines: &str, start: usize, end: usize) -> Option<bool> {
    if too_deep(lines) {
        return None;
    }
    let module = parse_module(lines).ok()?;
    let call = match module.suite().first() {
        None => return Some(true),
        Some(Stmt::Return(statement)) => match statement.value.as_deref() {
            Some(Expr::Call(call)) if matches!(&*call.func, Expr::Name(_)) => call,
            _ => return Some(false),
        },
        Some(Stmt::Assign(statement)) => match (statement.targets.as_slice(), &*statement.value) {
            ([Expr::Name(_)], Expr::Call(call)) => call,
            _ => return Some(false),
        },
        Some(_) => return Some(false),
    };
    let last = lines.rfind('\n').map_or(0, |n| n + 1);
    Some(call.start().to_usize() == start && call.end().to_usize() == last + end)
}

/// A text by lines and characters.
struct Text<'a> {
    source: &'a str,
    lines: Vec<Vec<char>>,
}

impl<'a> Text<'a> {
    fn new(source: &'a str) -> Self {
        Text {
            source,
            lines: source.split('\n').map(|l| l.chars().collect()).collect(),
        }
    }

    fn place(&self, offset: usize) -> Option<Place> {
        let before = self.source.get(..offset)?;
        let line_start = before.rfind('\n').map_or(0, |n| n + 1);
        Some((
            before.matches('\n').count(),
            before[line_start..].chars().count(),
        ))
    }

    /// The place itself, or the first character of a later line if there is none at it.
    fn valid(&self, (mut line, mut col): Place) -> Option<Place> {
        while col >= self.lines.get(line)?.len() {
            col = 0;
            line += 1;
        }
        Some((line, col))
    }

    /// The next character that is asked for, comments and line continuations left out.
    fn find(&self, mut at: Place, wanted: impl Fn(char) -> bool) -> Option<Place> {
        loop {
            let c = self.lines[at.0][at.1];
            if c == '\\' || c == '#' {
                at = self.valid((at.0 + 1, 0))?;
            } else if wanted(c) {
                return Some(at);
            } else {
                at = self.valid((at.0, at.1 + 1))?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(segment: &str) -> Option<(Place, Place)> {
        anchors(segment).map(|a| (a.start, a.end))
    }

    #[test]
    fn operators_brackets_and_calls_are_found() {
        assert_eq!(marks("b + a"), Some(((0, 2), (0, 3))));
        assert_eq!(
            marks("(100 * top) // (bottom - 1)"),
            Some(((0, 12), (0, 14)))
        );
        assert_eq!(marks("data['users'][0]['email']"), Some(((0, 16), (0, 25))));
        assert_eq!(marks("f(2, 3)"), Some(((0, 1), (0, 7))));
        assert_eq!(marks("1 +\n    2 +\n    None"), Some(((1, 6), (1, 7))));
        assert_eq!(marks("'漢字' + 5"), Some(((0, 5), (0, 6))));
        assert_eq!(marks("a.b"), None);
        assert_eq!(marks("raise x"), None);
    }

    #[test]
    fn plain_calls_need_no_marks() {
        assert_eq!(is_plain_call("return f(1)", 7, 11), Some(true));
        assert_eq!(is_plain_call("x = a.f(1)", 4, 10), Some(true));
        assert_eq!(is_plain_call("return a.f(1)", 7, 13), Some(false));
        assert_eq!(is_plain_call("return f(1) + 2", 7, 11), Some(false));
        assert_eq!(is_plain_call("for x in f(1):", 9, 13), None);
    }
}
