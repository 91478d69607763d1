//! Case and character classes, of ASCII only.

use super::is_space_byte;

/// `bytes.upper`.
pub fn upper(b: &[u8]) -> Vec<u8> {
    b.to_ascii_uppercase()
}

/// `bytes.lower`.
pub fn lower(b: &[u8]) -> Vec<u8> {
    b.to_ascii_lowercase()
}

/// `bytes.capitalize`.
pub fn capitalize(b: &[u8]) -> Vec<u8> {
    let mut out = b.to_ascii_lowercase();
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    out
}

/// `bytes.title`.
pub fn title(b: &[u8]) -> Vec<u8> {
    let mut in_word = false;
    b.iter()
        .map(|byte| {
            let mapped = if in_word {
                byte.to_ascii_lowercase()
            } else {
                byte.to_ascii_uppercase()
            };
            in_word = byte.is_ascii_alphabetic();
            mapped
        })
        .collect()
}

/// `bytes.swapcase`.
pub fn swapcase(b: &[u8]) -> Vec<u8> {
    b.iter()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' => byte ^ 0x20,
            _ => *byte,
        })
        .collect()
}

fn all(b: &[u8], holds: impl Fn(&u8) -> bool) -> bool {
    !b.is_empty() && b.iter().all(holds)
}

/// `bytes.isalnum`.
pub fn is_alnum(b: &[u8]) -> bool {
    all(b, u8::is_ascii_alphanumeric)
}

/// `bytes.isalpha`.
pub fn is_alpha(b: &[u8]) -> bool {
    all(b, u8::is_ascii_alphabetic)
}

/// `bytes.isdigit`.
pub fn is_digit(b: &[u8]) -> bool {
    all(b, u8::is_ascii_digit)
}

/// `bytes.isspace`.
pub fn is_space(b: &[u8]) -> bool {
    all(b, |&byte| is_space_byte(byte))
}

/// `bytes.islower`.
pub fn is_lower(b: &[u8]) -> bool {
    b.iter().any(u8::is_ascii_lowercase) && !b.iter().any(u8::is_ascii_uppercase)
}

/// `bytes.isupper`.
pub fn is_upper(b: &[u8]) -> bool {
    b.iter().any(u8::is_ascii_uppercase) && !b.iter().any(u8::is_ascii_lowercase)
}

/// `bytes.istitle`.
pub fn is_title(b: &[u8]) -> bool {
    b.iter().any(u8::is_ascii_alphabetic) && title(b) == b
}
