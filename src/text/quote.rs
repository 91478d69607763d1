//! `repr` and `ascii` of strings and bytes (`unicode_repr`, `bytes_repr`).

use std::fmt::Write;

use super::unicode::is_printable;

/// Single quotes, unless those occur inside and double quotes do not.
fn quote_for(has_single: bool, has_double: bool) -> char {
    if has_single && !has_double { '"' } else { '\'' }
}

/// `repr(s)`.
pub fn repr_str(s: &str) -> String {
    quoted(s, is_printable)
}

/// `repr(s)` of a text of printable ASCII without quotes and backslashes, perhaps with a line's end behind it: what stands between quotes, and the
/// quotes with what is escaped.
pub(crate) fn simple(s: &str) -> Option<(&str, (&'static str, &'static str))> {
    let (line, close) = match s.strip_suffix('\n') {
        Some(line) => (line, "\\n'"),
        None => (s, "'"),
    };
    let plain = |b: u8| matches!(b, b' '..=b'~') && !matches!(b, b'\'' | b'"' | b'\\');
    line.bytes().all(plain).then_some((line, ("'", close)))
}

/// `ascii(s)`: as [`repr_str`], with everything beyond ASCII escaped.
pub fn ascii_str(s: &str) -> String {
    quoted(s, |c| matches!(c, ' '..='~'))
}

/// Escapes what is not ASCII in a text already made by `repr`, as `ascii(x)`
/// does for any object.
pub fn ascii_of_repr(repr: &str) -> String {
    let mut out = String::with_capacity(repr.len());
    for c in repr.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            push_code(&mut out, c);
        }
    }
    out
}

fn quoted(s: &str, plain: impl Fn(char) -> bool) -> String {
    let quote = quote_for(s.contains('\''), s.contains('"'));
    let mut out = String::with_capacity(s.len() + 2);
    out.push(quote);
    for c in s.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ if c == quote => out.extend(['\\', c]),
            _ if plain(c) => out.push(c),
            _ => push_code(&mut out, c),
        }
    }
    out.push(quote);
    out
}

/// The string whose [`repr_str`] is `text`; `None` when there is none.
pub fn read_repr_str(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside.chars();
    while let Some(c) = rest.next() {
        let digits = match c {
            '\\' => match rest.next()? {
                't' => {
                    out.push('\t');
                    continue;
                }
                'n' => {
                    out.push('\n');
                    continue;
                }
                'r' => {
                    out.push('\r');
                    continue;
                }
                'x' => 2,
                'u' => 4,
                'U' => 8,
                c @ ('\\' | '\'' | '"') => {
                    out.push(c);
                    continue;
                }
                _ => return None,
            },
            c if c == quote => return None,
            c => {
                out.push(c);
                continue;
            }
        };
        let code = rest.as_str().get(..digits)?;
        out.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?);
        rest = rest.as_str()[digits..].chars();
    }
    // There are other ways to write a string, but only one that `repr` takes.
    (repr_str(&out) == text).then_some(out)
}

/// Adds the shortest of `\xhh`, `\uhhhh` and `\Uhhhhhhhh`.
pub(super) fn push_code(out: &mut String, c: char) {
    // Writing to a string cannot fail.
    let _ = match u32::from(c) {
        code @ ..=0xff => write!(out, "\\x{code:02x}"),
        code @ ..=0xffff => write!(out, "\\u{code:04x}"),
        code => write!(out, "\\U{code:08x}"),
    };
}

/// `repr(b)` of a bytes object.
pub fn repr_bytes(bytes: &[u8]) -> String {
    let quote = quote_for(bytes.contains(&b'\''), bytes.contains(&b'"'));
    let mut out = String::with_capacity(bytes.len() + 3);
    out.extend(['b', quote]);
    for &byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b' '..=b'~' if char::from(byte) == quote => out.extend(['\\', quote]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests;
