//! Whole-string algorithms of `bytes` (`Objects/bytesobject.c`,
//! `Objects/bytes_methods.c`, `Objects/stringlib`), and the codecs.
//!
//! Only ASCII has case, digits or white space here.

mod ascii;
mod codec;
mod hex;
mod pad;
mod search;
mod split;

pub use ascii::{
    capitalize, is_alnum, is_alpha, is_digit, is_lower, is_space, is_title, is_upper, lower,
    swapcase, title, upper,
};
pub use codec::{CodecError, Fault, decode, encode};
pub use hex::{HexError, from_hex, hex, hex_separated};
pub use pad::{center, expandtabs, ljust, rjust, zfill};
pub use search::{count, ends_with, find, replace, rfind, starts_with};
pub use split::{partition, rpartition, rsplit, split, splitlines, strip, strip_left, strip_right};

/// White space as `bytes` methods see it.
pub(super) fn is_space_byte(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

#[cfg(test)]
mod tests;
