//! Splitting and stripping.

use super::is_space_byte;
use super::search::{first, last};
use crate::text::str_ops::EmptySeparator;

fn limit(max: i64) -> usize {
    usize::try_from(max).unwrap_or(usize::MAX)
}

fn ltrim(b: &[u8], goes: impl Fn(u8) -> bool) -> &[u8] {
    let from = b.iter().position(|&byte| !goes(byte)).unwrap_or(b.len());
    &b[from..]
}

fn rtrim(b: &[u8], goes: impl Fn(u8) -> bool) -> &[u8] {
    let to = b
        .iter()
        .rposition(|&byte| !goes(byte))
        .map_or(0, |at| at + 1);
    &b[..to]
}

fn strips(chars: Option<&[u8]>) -> impl Fn(u8) -> bool + '_ {
    move |byte| chars.map_or_else(|| is_space_byte(byte), |chars| chars.contains(&byte))
}

/// `bytes.strip`.
pub fn strip<'a>(b: &'a [u8], chars: Option<&[u8]>) -> &'a [u8] {
    rtrim(ltrim(b, strips(chars)), strips(chars))
}

/// `bytes.lstrip`.
pub fn strip_left<'a>(b: &'a [u8], chars: Option<&[u8]>) -> &'a [u8] {
    ltrim(b, strips(chars))
}

/// `bytes.rstrip`.
pub fn strip_right<'a>(b: &'a [u8], chars: Option<&[u8]>) -> &'a [u8] {
    rtrim(b, strips(chars))
}

/// `bytes.split`: at every `sep`, or at white space if that is `None`; at most
/// `max` times, if that is not negative.
///
/// # Errors
///
/// [`EmptySeparator`].
pub fn split<'a>(
    b: &'a [u8],
    sep: Option<&[u8]>,
    max: i64,
) -> Result<Vec<&'a [u8]>, EmptySeparator> {
    let limit = limit(max);
    let mut parts = Vec::new();
    let mut rest = b;
    match sep {
        Some([]) => return Err(EmptySeparator),
        Some(sep) => {
            while parts.len() < limit
                && let Some(at) = first(rest, sep)
            {
                parts.push(&rest[..at]);
                rest = &rest[at + sep.len()..];
            }
            parts.push(rest);
        }
        None => loop {
            rest = ltrim(rest, is_space_byte);
            if rest.is_empty() {
                break;
            }
            let end = rest.iter().position(|&byte| is_space_byte(byte));
            let end = end.filter(|_| parts.len() < limit).unwrap_or(rest.len());
            parts.push(&rest[..end]);
            rest = &rest[end..];
        },
    }
    Ok(parts)
}

/// `bytes.rsplit`: as [`split`], but beginning from the end.
///
/// # Errors
///
/// [`EmptySeparator`].
pub fn rsplit<'a>(
    b: &'a [u8],
    sep: Option<&[u8]>,
    max: i64,
) -> Result<Vec<&'a [u8]>, EmptySeparator> {
    let limit = limit(max);
    let mut parts = Vec::new();
    let mut rest = b;
    match sep {
        Some([]) => return Err(EmptySeparator),
        Some(sep) => {
            while parts.len() < limit
                && let Some(at) = last(rest, sep)
            {
                parts.push(&rest[at + sep.len()..]);
                rest = &rest[..at];
            }
            parts.push(rest);
        }
        None => loop {
            rest = rtrim(rest, is_space_byte);
            if rest.is_empty() {
                break;
            }
            let space = rest.iter().rposition(|&byte| is_space_byte(byte));
            let from = space.filter(|_| parts.len() < limit).map_or(0, |at| at + 1);
            parts.push(&rest[from..]);
            rest = &rest[..from];
        },
    }
    parts.reverse();
    Ok(parts)
}

/// `bytes.splitlines`: only `\n`, `\r` and the two together end a line.
pub fn splitlines(b: &[u8], keep_ends: bool) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = b;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        let after = at
            + if rest[at..].starts_with(b"\r\n") {
                2
            } else {
                1
            };
        lines.push(&rest[..if keep_ends { after } else { at }]);
        rest = &rest[after..];
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

/// `bytes.partition`.
///
/// # Errors
///
/// [`EmptySeparator`].
pub fn partition<'a>(b: &'a [u8], sep: &[u8]) -> Result<[&'a [u8]; 3], EmptySeparator> {
    if sep.is_empty() {
        return Err(EmptySeparator);
    }
    Ok(match first(b, sep) {
        Some(at) => [&b[..at], &b[at..at + sep.len()], &b[at + sep.len()..]],
        None => [b, b"", b""],
    })
}

/// `bytes.rpartition`.
///
/// # Errors
///
/// [`EmptySeparator`].
pub fn rpartition<'a>(b: &'a [u8], sep: &[u8]) -> Result<[&'a [u8]; 3], EmptySeparator> {
    if sep.is_empty() {
        return Err(EmptySeparator);
    }
    Ok(match last(b, sep) {
        Some(at) => [&b[..at], &b[at..at + sep.len()], &b[at + sep.len()..]],
        None => [b"", b"", b],
    })
}
