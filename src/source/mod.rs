//! Source text: reading it, its lines, and showing places in it.

pub mod anchors;
pub mod excerpt;
pub mod loader;
mod read;

pub use read::{decode, read};

/// Byte offset of each line's start.
pub fn line_starts(source: &str) -> Vec<u32> {
    let breaks = source
        .bytes()
        .enumerate()
        .filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0)
        .chain(breaks.map(|(at, _)| at as u32 + 1))
        .collect()
}
