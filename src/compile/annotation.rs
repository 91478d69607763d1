//! Texts that CPython's compiler rewrites: annotations kept as strings, and docstrings.

/// The text of an annotation as `ast.unparse` would print it, as far as white space goes: one blank where there may be
/// one, one after commas and around operators as they were written.
pub fn normalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut quote: Option<char> = None;
    while let Some(char) = chars.next() {
        if let Some(open) = quote {
            if char == '\\' {
                out.push(char);
                out.extend(chars.next());
                continue;
            }
            out.push(if char == open { '\'' } else { char });
            if char == open {
                quote = None;
            }
            continue;
        }
        match char {
            '\'' | '"' => {
                quote = Some(char);
                out.push('\'');
            }
            '#' => {
                while chars.peek().is_some_and(|&char| char != '\n') {
                    chars.next();
                }
            }
            char if char.is_whitespace() || char == '\\' => {
                if !out.ends_with([' ', '(', '[', '{']) {
                    out.push(' ');
                }
            }
            ',' => {
                trim(&mut out);
                out.push_str(", ");
            }
            ')' | ']' | '}' => {
                trim(&mut out);
                if out.ends_with(',') && char != ')' {
                    out.pop();
                }
                out.push(char);
            }
            '|' => {
                trim(&mut out);
                out.push_str(" | ");
            }
            char => out.push(char),
        }
    }
    trim(&mut out);
    out
}

fn trim(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
}

/// A docstring without the indentation that its lines after the first have in common.
pub fn clean_doc(text: &str) -> String {
    let expanded;
    let text = if text.contains('\t') {
        expanded = expand_tabs(text);
        &expanded
    } else {
        text
    };
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default();
    let margin = lines
        .clone()
        .filter(|line| !line.trim_start_matches(' ').is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    out.push_str(first.trim_start_matches(' '));
    for line in lines {
        out.push('\n');
        let indent = line.len() - line.trim_start_matches(' ').len();
        out.push_str(&line[indent.min(margin)..]);
    }
    out
}

/// `str.expandtabs()`, which CPython applies first.
fn expand_tabs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for char in text.chars() {
        match char {
            '\t' => {
                let width = 8 - column % 8;
                out.extend(std::iter::repeat_n(' ', width));
                column += width;
            }
            '\n' | '\r' => {
                out.push(char);
                column = 0;
            }
            char => {
                out.push(char);
                column += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{clean_doc, normalised};

    #[test]
    fn annotations_are_normalised() {
        assert_eq!(normalised("dict[str,\n   int]"), "dict[str, int]");
        assert_eq!(normalised("int|None"), "int | None");
        assert_eq!(normalised("\"Node\""), "'Node'");
        assert_eq!(
            normalised("Callable[[int , str,], None]"),
            "Callable[[int, str], None]"
        );
    }

    #[test]
    fn docstrings_lose_their_margin() {
        assert_eq!(
            clean_doc("One.\n\n    Two.\n      Three.\n    "),
            "One.\n\nTwo.\n  Three.\n"
        );
        assert_eq!(clean_doc("  One."), "One.");
    }
}
