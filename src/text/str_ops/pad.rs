//! Padding to a width.

use super::len;

fn padded(s: &str, left: usize, right: usize, fill: char) -> String {
    let mut out = String::with_capacity(s.len() + (left + right) * fill.len_utf8());
    out.extend(std::iter::repeat_n(fill, left));
    out.push_str(s);
    out.extend(std::iter::repeat_n(fill, right));
    out
}

/// How much is missing to a width, which may be negative.
fn missing(s: &str, width: i64) -> usize {
    usize::try_from(width).unwrap_or(0).saturating_sub(len(s))
}

/// `str.center`: an odd space more goes to the left if the width is odd.
pub fn center(s: &str, width: i64, fill: char) -> String {
    let padding = missing(s, width);
    let left = padding / 2 + (padding & width as usize & 1);
    padded(s, left, padding - left, fill)
}

/// `str.ljust`.
pub fn ljust(s: &str, width: i64, fill: char) -> String {
    padded(s, 0, missing(s, width), fill)
}

/// `str.rjust`.
pub fn rjust(s: &str, width: i64, fill: char) -> String {
    padded(s, missing(s, width), 0, fill)
}

/// `str.zfill`: zeros after the sign, if there is one.
pub fn zfill(s: &str, width: i64) -> String {
    let zeros = missing(s, width);
    let sign = usize::from(s.starts_with(['+', '-']));
    [&s[..sign], &padded(&s[sign..], zeros, 0, '0')].concat()
}

/// `str.expandtabs`: columns begin anew after `\n` and `\r`, and a tab size
/// below one takes the tabs out.
pub fn expandtabs(s: &str, tab_size: i64) -> String {
    let size = usize::try_from(tab_size).unwrap_or(0);
    let mut out = String::with_capacity(s.len());
    let mut column = 0;
    for c in s.chars() {
        match c {
            '\t' if size == 0 => {}
            '\t' => {
                let spaces = size - column % size;
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            _ => {
                out.push(c);
                column = if matches!(c, '\n' | '\r') {
                    0
                } else {
                    column + 1
                };
            }
        }
    }
    out
}
