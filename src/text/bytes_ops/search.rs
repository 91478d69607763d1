//! Searching and replacing. A `start` and `end` are as the caller was given
//! them, `0` and `i64::MAX` if left out.

use crate::text::str_ops::range;

/// The offset of the first `sub` in `b`.
pub(super) fn first(b: &[u8], sub: &[u8]) -> Option<usize> {
    let Some((&head, tail)) = sub.split_first() else {
        return Some(0);
    };
    let mut from = 0;
    while let Some(at) = b[from..].iter().position(|&byte| byte == head) {
        if b[from + at + 1..].starts_with(tail) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// The offset of the last `sub` in `b`.
pub(super) fn last(b: &[u8], sub: &[u8]) -> Option<usize> {
    match sub {
        [] => Some(b.len()),
        _ => b.windows(sub.len()).rposition(|window| window == sub),
    }
}

/// `bytes.find`: the index of the first `sub` within the range.
pub fn find(b: &[u8], sub: &[u8], start: i64, end: i64) -> Option<usize> {
    let (start, end) = range(b.len(), start, end)?;
    first(&b[start..end], sub).map(|at| start + at)
}

/// `bytes.rfind`: the index of the last `sub` within the range.
pub fn rfind(b: &[u8], sub: &[u8], start: i64, end: i64) -> Option<usize> {
    let (start, end) = range(b.len(), start, end)?;
    last(&b[start..end], sub).map(|at| start + at)
}

/// `bytes.count`: how often `sub` occurs without overlaps.
pub fn count(b: &[u8], sub: &[u8], start: i64, end: i64) -> usize {
    let Some((start, end)) = range(b.len(), start, end) else {
        return 0;
    };
    let mut rest = &b[start..end];
    if sub.is_empty() {
        return rest.len() + 1;
    }
    let mut count = 0;
    while let Some(at) = first(rest, sub) {
        count += 1;
        rest = &rest[at + sub.len()..];
    }
    count
}

/// `bytes.startswith` with one prefix.
pub fn starts_with(b: &[u8], prefix: &[u8], start: i64, end: i64) -> bool {
    range(b.len(), start, end).is_some_and(|(start, end)| b[start..end].starts_with(prefix))
}

/// `bytes.endswith` with one suffix.
pub fn ends_with(b: &[u8], suffix: &[u8], start: i64, end: i64) -> bool {
    range(b.len(), start, end).is_some_and(|(start, end)| b[start..end].ends_with(suffix))
}

/// `bytes.replace`: the first `count` of them, all if that is negative.
pub fn replace(b: &[u8], old: &[u8], new: &[u8], count: i64) -> Vec<u8> {
    let mut left = usize::try_from(count).unwrap_or(usize::MAX);
    let mut out = Vec::with_capacity(b.len());
    let mut rest = b;
    while left > 0
        && let Some(at) = first(rest, old)
    {
        left -= 1;
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(new);
        rest = &rest[at + old.len()..];
        if old.is_empty() {
            // An empty match lies before each byte and at the end.
            let Some((&byte, after)) = rest.split_first() else {
                break;
            };
            if left > 0 {
                out.push(byte);
                rest = after;
            }
        }
    }
    out.extend_from_slice(rest);
    out
}
