//! Whole-string algorithms of `str`, with indices and lengths in code points
//! (`Objects/stringlib`).
//!
//! A string that is all ASCII takes the short way: there an index in code
//! points is one in bytes.

mod lines;
mod pad;
mod search;
mod split;
mod strip;

pub use lines::splitlines;
pub use pad::{center, expandtabs, ljust, rjust, zfill};
pub use search::{count, ends_with, find, replace, rfind, starts_with};
pub use split::{EmptySeparator, partition, rpartition, rsplit, split};
pub use strip::{lstrip, rstrip, strip};

/// `len(s)`: how many code points there are.
pub fn len(s: &str) -> usize {
    if s.is_ascii() {
        s.len()
    } else {
        s.chars().count()
    }
}

/// The byte offset of the code point at `index`, or the end if there is none.
pub fn byte_offset(s: &str, index: usize) -> usize {
    if index >= s.len() {
        return s.len();
    }
    if s.is_ascii() {
        return index;
    }
    s.char_indices().nth(index).map_or(s.len(), |(at, _)| at)
}

/// The index in code points of the byte offset `at`.
pub fn index_of_byte(s: &str, at: usize) -> usize {
    len(&s[..at])
}

/// Makes the `start` and `end` of a method like `find` into a range within
/// `len`: negative ones count from the end (`ADJUST_INDICES`).
///
/// `None` if the range is turned around, where nothing is found, not even the
/// empty string. Leaving an argument out means `0` and `i64::MAX`.
pub fn range(len: usize, start: i64, end: i64) -> Option<(usize, usize)> {
    let size = i64::try_from(len).unwrap_or(i64::MAX);
    let from_end = |at: i64| if at < 0 { (at + size).max(0) } else { at };
    let (start, end) = (from_end(start), from_end(end).min(size));
    (start <= end).then_some((start as usize, end as usize))
}

#[cfg(test)]
mod tests;
