//! Stripping the ends: white space, or any of the characters given.

use crate::text::unicode::is_space;

fn stripped<'a>(s: &'a str, chars: Option<&str>, left: bool, right: bool) -> &'a str {
    let goes = |c: char| chars.map_or_else(|| is_space(c), |chars| chars.contains(c));
    let s = if left { s.trim_start_matches(goes) } else { s };
    if right { s.trim_end_matches(goes) } else { s }
}

/// `str.strip`.
pub fn strip<'a>(s: &'a str, chars: Option<&str>) -> &'a str {
    stripped(s, chars, true, true)
}

/// `str.lstrip`.
pub fn lstrip<'a>(s: &'a str, chars: Option<&str>) -> &'a str {
    stripped(s, chars, true, false)
}

/// `str.rstrip`.
pub fn rstrip<'a>(s: &'a str, chars: Option<&str>) -> &'a str {
    stripped(s, chars, false, true)
}
