//! Source files as CPython reads them.

use crate::error::{Error, ErrorKind, SyntaxClass};
use crate::program::Span;
use std::fs;
use std::io;
use std::path::Path;

/// Reads a program's or module's text. `shown` is the path for messages. Line ends come out as `\n`.
///
/// # Errors
///
/// No such file, a directory, not readable, not text in the encoding it declares, an encoding raddle does not know.
pub fn read(path: &Path, shown: &str) -> Result<String, Error> {
    let bytes = fs::read(path).map_err(|error| {
        let (message, help) = match error.kind() {
            _ if path.is_dir() => (
                "is a directory".to_owned(),
                Some("name a program file in it"),
            ),
            io::ErrorKind::NotFound => ("no such file".to_owned(), None),
            io::ErrorKind::PermissionDenied => ("no permission to read it".to_owned(), None),
            _ => (format!("cannot be read: {error}"), None),
        };
        let error = Error::new(ErrorKind::Io, message, shown);
        match help {
            Some(help) => error.with_help(help),
            None => error,
        }
    })?;
    decode(&bytes, shown)
}

/// An encoding raddle reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Ascii,
    Latin1,
}

/// Decodes a source file by its BOM or encoding declaration.
///
/// # Errors
///
/// As [`read`].
pub fn decode(bytes: &[u8], shown: &str) -> Result<String, Error> {
    let (bom, bytes) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (true, rest),
        None => (false, bytes),
    };
    let syntax =
        |message: String| Error::new(ErrorKind::Syntax(SyntaxClass::Syntax), message, shown);
    let encoding = match declared(bytes) {
        None => Encoding::Utf8,
        Some(name) => match known(&name) {
            Some(encoding) if bom && encoding != Encoding::Utf8 => {
                return Err(syntax(format!("encoding problem: {name} with BOM")));
            }
            Some(encoding) => encoding,
            None => {
                return Err(syntax(format!("unknown encoding: {name}"))
                    .with_help("raddle reads utf-8, ascii and latin-1; save the file as utf-8"));
            }
        },
    };
    let text = match encoding {
        Encoding::Latin1 => bytes.iter().map(|&byte| char::from(byte)).collect(),
        Encoding::Utf8 | Encoding::Ascii => {
            let valid = match encoding {
                Encoding::Ascii => bytes.iter().position(|byte| !byte.is_ascii()),
                _ => std::str::from_utf8(bytes)
                    .err()
                    .map(|error| error.valid_up_to()),
            };
            if let Some(at) = valid {
                let name = if encoding == Encoding::Ascii {
                    "ascii"
                } else {
                    "utf-8"
                };
                return Err(undecodable(bytes, at, name, shown));
            }
            String::from_utf8_lossy(bytes).into_owned()
        }
    };
    if let Some(at) = text.find('\0') {
        let span = Span {
            start: at as u32,
            end: at as u32 + 1,
        };
        return Err(syntax("source code cannot contain null bytes".to_owned())
            .at(text.as_str().into(), span));
    }
    Ok(if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    })
}

fn undecodable(bytes: &[u8], at: usize, encoding: &str, shown: &str) -> Error {
    let line = bytes[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let message = format!(
        "(unicode error) '{encoding}' codec can't decode byte 0x{:02x} in position {at}: line {line} is not {encoding} text",
        bytes[at]
    );
    Error::new(ErrorKind::Syntax(SyntaxClass::Syntax), message, shown)
        .with_help("save the file as utf-8, or declare its encoding in the first line: # -*- coding: latin-1 -*-")
}

/// The encoding that a comment in the first two lines declares (PEP 263).
fn declared(bytes: &[u8]) -> Option<String> {
    for line in bytes.split(|&byte| byte == b'\n').take(2) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_start_matches([' ', '\t', '\x0c']).trim_end();
        let Some(comment) = text.strip_prefix('#') else {
            // The second line counts only if the first is a comment or blank.
            if text.is_empty() {
                continue;
            }
            return None;
        };
        let Some(at) = comment.find("coding:").or_else(|| comment.find("coding=")) else {
            continue;
        };
        let name = comment[at + "coding:".len()..].trim_start_matches([' ', '\t']);
        let end = name.find(|char: char| !(char.is_alphanumeric() || "-_.".contains(char)));
        let name = &name[..end.unwrap_or(name.len())];
        if !name.is_empty() {
            return Some(name.to_owned());
        }
    }
    None
}

fn known(name: &str) -> Option<Encoding> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    match name.as_str() {
        "utf-8" | "utf8" | "utf-8-sig" | "u8" | "utf" => Some(Encoding::Utf8),
        "ascii" | "us-ascii" | "646" => Some(Encoding::Ascii),
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" | "l1" => {
            Some(Encoding::Latin1)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn encodings() {
        let decoded = |bytes: &[u8]| decode(bytes, "p.py").map_err(|error| error.to_string());
        assert_eq!(decoded(b"").as_deref(), Ok(""));
        assert_eq!(decoded(b"\xef\xbb\xbfx = 1\r\n").as_deref(), Ok("x = 1\n"));
        assert_eq!(
            decoded(b"# -*- coding: latin-1 -*-\n'\xe9'").as_deref(),
            Ok("# -*- coding: latin-1 -*-\n'é'")
        );
        assert!(
            decoded(b"# coding: koi8-r\n")
                .unwrap_err()
                .contains("unknown encoding: koi8-r")
        );
        assert!(
            decoded(b"x = '\xff'")
                .unwrap_err()
                .contains("'utf-8' codec can't decode byte 0xff")
        );
        assert!(decoded(b"x\0").unwrap_err().contains("null bytes"));
        // Only in the first two lines, and only after comments.
        assert!(decoded(b"x = 1\n# coding: koi8-r\n").is_ok());
    }
}
