//! Bytes and text for tokens: variable-length numbers, a checksum, base64url.

/// Appends `value`, seven bits a byte, lowest first (LEB128).
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads what was put. Every method gives nothing at the end, and never panics.
pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.bytes.split_at_checked(n)?;
        self.bytes = tail;
        Some(head)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    /// A number, or nothing if it does not end or does not fit.
    pub(super) fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if bits << shift >> shift != bits {
                return None;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    pub(super) fn varint32(&mut self) -> Option<u32> {
        self.varint()?.try_into().ok()
    }
}

/// CRC-32 (IEEE 802.3, reflected). Finds each change of up to 32 bits in a row, and so each wrong character.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        crc >> 8 ^ CRCS[(crc as u8 ^ byte) as usize]
    })
}

/// What each byte does to the checksum.
const CRCS: [u32; 256] = {
    let mut crcs = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = crc >> 1 ^ if crc & 1 == 0 { 0 } else { 0xEDB8_8320 };
            bit += 1;
        }
        crcs[byte] = crc;
        byte += 1;
    }
    crcs
};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Appends `bytes` as base64url without padding (RFC 4648, section 5).
pub(super) fn put_base64(out: &mut String, bytes: &[u8]) {
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .fold(0u32, |word, byte| word << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for i in 0..=chunk.len() {
            out.push(char::from(ALPHABET[(word >> (18 - 6 * i) & 63) as usize]));
        }
    }
}

/// How many characters [`put_base64`] makes of so many bytes.
pub(super) fn base64_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// Reads base64url; white space is skipped, because logs break lines. The truth value is whether the end is as
/// [`put_base64`] writes it, without stray bits.
///
/// # Errors
/// The position and character that do not belong.
pub(super) fn read_base64(text: &str) -> Result<(Vec<u8>, bool), (usize, char)> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut word, mut bits) = (0u32, 0);
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let digit = ALPHABET
            .iter()
            .position(|a| char::from(*a) == c)
            .ok_or((at, c))?;
        word = word << 6 | digit as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    Ok((out, bits != 6 && word == 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_values() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        let mut text = String::new();
        put_base64(&mut text, &[0xFB, 0xFF, b'a', b'b']);
        assert_eq!(text, "-_9hYg");
        assert_eq!(
            read_base64("-_9h\n Yg"),
            Ok((vec![0xFB, 0xFF, b'a', b'b'], true))
        );
        assert_eq!(
            read_base64("-_9hYh"),
            Ok((vec![0xFB, 0xFF, b'a', b'b'], false)),
            "stray bits"
        );
        assert_eq!(
            read_base64("-_9hY"),
            Ok((vec![0xFB, 0xFF, b'a'], false)),
            "half a byte"
        );
        assert_eq!(read_base64("-_+h"), Err((2, '+')));
    }

    #[test]
    fn numbers_that_do_not_end_or_fit_are_refused() {
        assert_eq!(Reader { bytes: &[0x80] }.varint(), None);
        assert_eq!(Reader { bytes: &[0xFF; 11] }.varint(), None);
        let mut max = Vec::new();
        put_varint(&mut max, u64::MAX);
        assert_eq!(Reader { bytes: &max }.varint(), Some(u64::MAX));
        *max.last_mut().expect("not empty") = 2;
        assert_eq!(Reader { bytes: &max }.varint(), None);
    }

    proptest! {
        #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

        #[test]
        fn base64_round_trips(bytes: Vec<u8>) {
            let mut text = String::new();
            put_base64(&mut text, &bytes);
            prop_assert_eq!(text.len(), base64_len(bytes.len()));
            prop_assert_eq!(read_base64(&text), Ok((bytes, true)));
        }
    }
}
