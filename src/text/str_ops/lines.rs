//! `str.splitlines`.

/// A character that ends a line, as Python sees it.
fn ends_line(c: char) -> bool {
    matches!(
        c,
        '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// The lines of `s`, with their ends if `keep_ends`. An end at the very end
/// begins no further line.
pub fn splitlines(s: &str, keep_ends: bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = s;
    while let Some((at, c)) = rest.char_indices().find(|&(_, c)| ends_line(c)) {
        let after = if rest[at..].starts_with("\r\n") {
            at + 2
        } else {
            at + c.len_utf8()
        };
        lines.push(&rest[..if keep_ends { after } else { at }]);
        rest = &rest[after..];
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}
