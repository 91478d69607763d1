//! Splitting into words and fields.

use crate::text::unicode::is_space;

/// The separator is empty, which is a `ValueError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptySeparator;

impl std::fmt::Display for EmptySeparator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("empty separator")
    }
}

impl std::error::Error for EmptySeparator {}

/// The most splits to make; a negative limit is none.
fn limit(max: i64) -> usize {
    usize::try_from(max).unwrap_or(usize::MAX)
}

/// `str.split`: at every `sep`, or at white space if that is `None`; at most
/// `max` times, if that is not negative.
///
/// # Errors
///
/// [`EmptySeparator`].
pub fn split<'a>(s: &'a str, sep: Option<&str>, max: i64) -> Result<Vec<&'a str>, EmptySeparator> {
    match sep {
        Some("") => Err(EmptySeparator),
        Some(sep) => Ok(s.splitn(limit(max).saturating_add(1), sep).collect()),
        None => Ok(words(s, limit(max))),
    }
}

/// `str.rsplit`: as [`split`], but beginning from the end.
///
/// # Errors
///
/// [`EmptySeparator`].
pub fn rsplit<'a>(s: &'a str, sep: Option<&str>, max: i64) -> Result<Vec<&'a str>, EmptySeparator> {
    let mut parts: Vec<&str> = match sep {
        Some("") => return Err(EmptySeparator),
        Some(sep) => s.rsplitn(limit(max).saturating_add(1), sep).collect(),
        None => words_from_end(s, limit(max)),
    };
    parts.reverse();
    Ok(parts)
}

/// Words between white space; the rest past the limit keeps what follows it.
fn words(s: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = s.trim_start_matches(is_space);
    while !rest.is_empty() {
        let end = if parts.len() < limit {
            rest.find(is_space).unwrap_or(rest.len())
        } else {
            rest.len()
        };
        parts.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(is_space);
    }
    parts
}

fn words_from_end(s: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = s.trim_end_matches(is_space);
    while !rest.is_empty() {
        let word = if parts.len() < limit {
            rest.rsplit(is_space).next().unwrap_or(rest)
        } else {
            rest
        };
        parts.push(word);
        rest = rest[..rest.len() - word.len()].trim_end_matches(is_space);
    }
    parts
}

/// `str.partition`: what is before the first `sep`, `sep` itself, and what is
/// after; all before, if there is none.
///
/// # Errors
///
/// [`EmptySeparator`].
pub fn partition<'a>(s: &'a str, sep: &str) -> Result<[&'a str; 3], EmptySeparator> {
    if sep.is_empty() {
        return Err(EmptySeparator);
    }
    Ok(match s.find(sep) {
        Some(at) => [&s[..at], &s[at..at + sep.len()], &s[at + sep.len()..]],
        None => [s, "", ""],
    })
}

/// `str.rpartition`: as [`partition`] with the last `sep`; all after, if there
/// is none.
///
/// # Errors
///
/// [`EmptySeparator`].
pub fn rpartition<'a>(s: &'a str, sep: &str) -> Result<[&'a str; 3], EmptySeparator> {
    if sep.is_empty() {
        return Err(EmptySeparator);
    }
    Ok(match s.rfind(sep) {
        Some(at) => [&s[..at], &s[at..at + sep.len()], &s[at + sep.len()..]],
        None => ["", "", s],
    })
}
