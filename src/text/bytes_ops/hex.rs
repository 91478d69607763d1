//! `bytes.hex` and `bytes.fromhex`.

use std::fmt::Write;

use super::is_space_byte;

/// The text given to `bytes.fromhex` is wrong at this code point: a
/// `ValueError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HexError(pub usize);

impl std::fmt::Display for HexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(at) = self;
        write!(
            f,
            "non-hexadecimal number found in fromhex() arg at position {at}"
        )
    }
}

impl std::error::Error for HexError {}

/// `bytes.hex()`.
pub fn hex(b: &[u8]) -> String {
    let mut out = String::with_capacity(b.len() * 2);
    for byte in b {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// `bytes.hex(sep, every)`: a separator after every so many bytes, counted from
/// the right, or from the left if `every` is negative.
pub fn hex_separated(b: &[u8], sep: char, every: i64) -> String {
    let size = usize::try_from(every.unsigned_abs()).unwrap_or(usize::MAX);
    if size == 0 || size >= b.len() {
        return hex(b);
    }
    let head = if every > 0 { b.len() % size } else { 0 };
    let (head, tail) = b.split_at(head);
    let groups = (!head.is_empty()).then_some(head).into_iter();
    let groups: Vec<String> = groups.chain(tail.chunks(size)).map(hex).collect();
    groups.join(sep.encode_utf8(&mut [0; 4]))
}

/// `bytes.fromhex(s)`: pairs of digits, with white space between them.
///
/// # Errors
///
/// [`HexError`] with the position of the first character that is wrong.
pub fn from_hex(s: &str) -> Result<Vec<u8>, HexError> {
    // CPython looks for what is not ASCII first of all.
    if let Some(at) = s.chars().position(|c| !c.is_ascii()) {
        return Err(HexError(at));
    }
    let bytes = s.as_bytes();
    let digit = |at: usize| {
        let digit = bytes
            .get(at)
            .and_then(|&byte| char::from(byte).to_digit(16));
        digit.ok_or(HexError(at))
    };
    let mut out = Vec::with_capacity(bytes.len() / 2);
    let mut at = 0;
    while at < bytes.len() {
        if is_space_byte(bytes[at]) {
            at += 1;
            continue;
        }
        out.push((digit(at)? << 4 | digit(at + 1)?) as u8);
        at += 2;
    }
    Ok(out)
}
