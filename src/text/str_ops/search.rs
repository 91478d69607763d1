//! Searching and replacing. A `start` and `end` are as the caller was given
//! them, `0` and `i64::MAX` if left out.

use super::{byte_offset, index_of_byte, len, range};

/// The part of `s` a search looks at, and the index it begins at.
fn part(s: &str, start: i64, end: i64) -> Option<(&str, usize)> {
    if start == 0 && end == i64::MAX {
        return Some((s, 0));
    }
    let (start, end) = range(len(s), start, end)?;
    let from = byte_offset(s, start);
    let to = from + byte_offset(&s[from..], end - start);
    Some((&s[from..to], start))
}

/// `str.find`: the index of the first `sub` within the range.
pub fn find(s: &str, sub: &str, start: i64, end: i64) -> Option<usize> {
    let (text, first) = part(s, start, end)?;
    let at = text.find(sub)?;
    Some(first + index_of_byte(text, at))
}

/// `str.rfind`: the index of the last `sub` within the range.
pub fn rfind(s: &str, sub: &str, start: i64, end: i64) -> Option<usize> {
    let (text, first) = part(s, start, end)?;
    let at = text.rfind(sub)?;
    Some(first + index_of_byte(text, at))
}

/// `str.count`: how often `sub` occurs without overlaps. The empty string
/// occurs before every character and at the end.
pub fn count(s: &str, sub: &str, start: i64, end: i64) -> usize {
    match part(s, start, end) {
        Some((text, _)) if sub.is_empty() => len(text) + 1,
        Some((text, _)) => text.matches(sub).count(),
        None => 0,
    }
}

/// `str.startswith` with one prefix.
pub fn starts_with(s: &str, prefix: &str, start: i64, end: i64) -> bool {
    part(s, start, end).is_some_and(|(text, _)| text.starts_with(prefix))
}

/// `str.endswith` with one suffix.
pub fn ends_with(s: &str, suffix: &str, start: i64, end: i64) -> bool {
    part(s, start, end).is_some_and(|(text, _)| text.ends_with(suffix))
}

/// `str.replace`: the first `count` of them, all if that is negative.
pub fn replace(s: &str, old: &str, new: &str, count: i64) -> String {
    match usize::try_from(count) {
        Ok(count) => s.replacen(old, new, count),
        Err(_) => s.replace(old, new),
    }
}
