//! `str.encode` and `bytes.decode` for UTF-8, ASCII and Latin-1, with the error
//! handlers that Rust strings can represent (`Objects/unicodeobject.c`,
//! `Python/codecs.c`).

use std::fmt::Write;

use crate::text::quote::push_code;

/// Where a codec failed: the fields of `UnicodeEncodeError` and
/// `UnicodeDecodeError` besides the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The name of the codec.
    pub encoding: &'static str,
    /// The first code point or byte concerned.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What is wrong with them.
    pub reason: &'static str,
}

/// Why text was not encoded or bytes not decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodecError {
    /// A `UnicodeEncodeError`.
    Encode(Fault),
    /// A `UnicodeDecodeError`.
    Decode(Fault),
    /// A `LookupError`: no such encoding, or not one of those here.
    UnknownEncoding(String),
    /// A `LookupError`: no such error handler, or not one of those here.
    UnknownHandler(String),
    /// A `TypeError`: the handler does not go with decoding.
    WrongHandler,
}

impl Fault {
    /// The text of the `UnicodeEncodeError` for `object`.
    pub fn encode_message(&self, object: &str) -> String {
        let Self {
            encoding,
            start,
            end,
            reason,
        } = self;
        match object.chars().nth(*start) {
            Some(c) if *end == start + 1 => {
                let mut code = String::new();
                push_code(&mut code, c);
                format!(
                    "'{encoding}' codec can't encode character '{code}' in position {start}: {reason}"
                )
            }
            _ => format!(
                "'{encoding}' codec can't encode characters in position {start}-{}: {reason}",
                end - 1
            ),
        }
    }

    /// The text of the `UnicodeDecodeError` for `object`.
    pub fn decode_message(&self, object: &[u8]) -> String {
        let Self {
            encoding,
            start,
            end,
            reason,
        } = self;
        match object.get(*start) {
            Some(byte) if *end == start + 1 => format!(
                "'{encoding}' codec can't decode byte 0x{byte:02x} in position {start}: {reason}"
            ),
            _ => format!(
                "'{encoding}' codec can't decode bytes in position {start}-{}: {reason}",
                end - 1
            ),
        }
    }
}

impl CodecError {
    /// The message of a `LookupError` or `TypeError`; `None` for the errors
    /// about the text itself, which have their own.
    pub fn message(&self) -> Option<String> {
        Some(match self {
            Self::Encode(_) | Self::Decode(_) => return None,
            Self::UnknownEncoding(name) => format!("unknown encoding: {name}"),
            Self::UnknownHandler(name) => format!("unknown error handler name '{name}'"),
            Self::WrongHandler => {
                "don't know how to handle UnicodeDecodeError in error callback".to_owned()
            }
        })
    }
}

/// The byte order mark in UTF-8.
const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Codec {
    Utf8,
    /// UTF-8 after a byte order mark, which decoding leaves out if it is there.
    Utf8Sig,
    Ascii,
    Latin1,
}

impl Codec {
    /// Finds a codec by any of its names (`Lib/encodings/aliases.py`).
    fn named(name: &str) -> Result<Self, CodecError> {
        let mut normal = String::with_capacity(name.len());
        for c in name.chars() {
            if c.is_ascii_alphanumeric() || c == '.' {
                normal.push(c.to_ascii_lowercase());
            } else if !normal.is_empty() && !normal.ends_with('_') {
                normal.push('_');
            }
        }
        Ok(match normal.trim_end_matches('_') {
            "utf_8" | "utf8" | "u8" | "utf" | "utf8_ucs2" | "utf8_ucs4" | "cp65001" => Self::Utf8,
            "utf_8_sig" | "utf8_sig" => Self::Utf8Sig,
            "ascii" | "us_ascii" | "us" | "646" | "ansi_x3.4_1968" | "ansi_x3_4_1968"
            | "ansi_x3.4_1986" | "cp367" | "csascii" | "ibm367" | "iso646_us"
            | "iso_646.irv_1991" | "iso_ir_6" => Self::Ascii,
            "latin_1" | "latin1" | "latin" | "l1" | "iso_8859_1" | "iso8859_1" | "iso8859"
            | "8859" | "cp819" | "csisolatin1" | "ibm819" | "iso_8859_1_1987" | "iso_ir_100" => {
                Self::Latin1
            }
            _ => return Err(CodecError::UnknownEncoding(name.to_owned())),
        })
    }
}

/// `s.encode(encoding, errors)`.
///
/// # Errors
///
/// [`CodecError::Encode`] for a character the encoding lacks, if `errors` is
/// `strict`; [`CodecError::UnknownHandler`] only once there is such a
/// character.
pub fn encode(s: &str, encoding: &str, errors: &str) -> Result<Vec<u8>, CodecError> {
    let (limit, name, reason) = match Codec::named(encoding)? {
        // A Rust string holds no surrogates, so this cannot fail.
        Codec::Utf8 => return Ok(s.as_bytes().to_vec()),
        Codec::Utf8Sig => return Ok([&MARK[..], s.as_bytes()].concat()),
        Codec::Ascii => (0x80, "ascii", "ordinal not in range(128)"),
        Codec::Latin1 => (0x100, "latin-1", "ordinal not in range(256)"),
    };
    let mut out = Vec::with_capacity(s.len());
    let mut chars = s.chars().enumerate();
    while let Some((start, c)) = chars.next() {
        if u32::from(c) < limit {
            out.push(c as u8);
            continue;
        }
        match errors {
            // These concern surrogates only, and leave the rest an error.
            "strict" | "surrogateescape" | "surrogatepass" => {
                let more = chars.take_while(|&(_, c)| u32::from(c) >= limit).count();
                return Err(CodecError::Encode(Fault {
                    encoding: name,
                    start,
                    end: start + 1 + more,
                    reason,
                }));
            }
            "ignore" => {}
            "replace" => out.push(b'?'),
            "backslashreplace" => {
                let mut code = String::new();
                push_code(&mut code, c);
                out.extend_from_slice(code.as_bytes());
            }
            "namereplace" => match unicode_names2::name(c) {
                Some(name) => out.extend_from_slice(format!("\\N{{{name}}}").as_bytes()),
                None => {
                    let mut code = String::new();
                    push_code(&mut code, c);
                    out.extend_from_slice(code.as_bytes());
                }
            },
            "xmlcharrefreplace" => {
                out.extend_from_slice(format!("&#{};", u32::from(c)).as_bytes());
            }
            _ => return Err(CodecError::UnknownHandler(errors.to_owned())),
        }
    }
    Ok(out)
}

/// `b.decode(encoding, errors)`.
///
/// # Errors
///
/// [`CodecError::Decode`] for bytes that mean nothing, if `errors` is `strict`;
/// the errors about the handler only once there are such bytes.
/// `surrogateescape` and `surrogatepass` are unknown here: what they make is no
/// Rust string.
pub fn decode(b: &[u8], encoding: &str, errors: &str) -> Result<String, CodecError> {
    let codec = Codec::named(encoding)?;
    if codec == Codec::Latin1 {
        return Ok(b.iter().map(|&byte| char::from(byte)).collect());
    }
    let mut out = String::with_capacity(b.len());
    let marked = codec == Codec::Utf8Sig && b.starts_with(&MARK);
    let mut at = if marked { MARK.len() } else { 0 };
    while let Some(fault) = next_fault(codec, b, at, &mut out) {
        let bad = &b[fault.start..fault.end];
        match errors {
            "strict" => return Err(CodecError::Decode(fault)),
            "ignore" => {}
            "replace" => out.push(char::REPLACEMENT_CHARACTER),
            "backslashreplace" => {
                for byte in bad {
                    let _ = write!(out, "\\x{byte:02x}");
                }
            }
            "xmlcharrefreplace" | "namereplace" => return Err(CodecError::WrongHandler),
            _ => return Err(CodecError::UnknownHandler(errors.to_owned())),
        }
        at = fault.end;
    }
    Ok(out)
}

/// Decodes from `at` on, up to what cannot be.
fn next_fault(codec: Codec, b: &[u8], at: usize, out: &mut String) -> Option<Fault> {
    let rest = &b[at..];
    let (valid, fault) = if matches!(codec, Codec::Utf8 | Codec::Utf8Sig) {
        match std::str::from_utf8(rest) {
            Ok(_) => (rest.len(), None),
            Err(error) => {
                let valid = error.valid_up_to();
                (valid, Some(utf8_fault(b, at + valid, error.error_len())))
            }
        }
    } else {
        match rest.iter().position(|byte| !byte.is_ascii()) {
            None => (rest.len(), None),
            Some(valid) => (valid, Some(ascii_fault(at + valid))),
        }
    };
    out.push_str(std::str::from_utf8(&rest[..valid]).unwrap_or(""));
    fault
}

fn ascii_fault(start: usize) -> Fault {
    Fault {
        encoding: "ascii",
        start,
        end: start + 1,
        reason: "ordinal not in range(128)",
    }
}

/// Names what Rust found wrong; both stop at the longest prefix of a valid
/// sequence.
fn utf8_fault(b: &[u8], start: usize, bad: Option<usize>) -> Fault {
    let (end, reason) = match bad {
        None => (b.len(), "unexpected end of data"),
        // No sequence begins with a continuation byte, or with these.
        Some(len) if matches!(b[start], 0x80..=0xc1 | 0xf5..) => {
            (start + len, "invalid start byte")
        }
        Some(len) => (start + len, "invalid continuation byte"),
    };
    Fault {
        encoding: "utf-8",
        start,
        end,
        reason,
    }
}
