use std::collections::BTreeMap;

use super::*;
use crate::text::testdata::rows;

type Predicate = (&'static str, fn(char) -> bool);
type Conversion = (&'static str, fn(&str) -> String);

/// FNV-1a.
fn digest(bytes: impl IntoIterator<Item = u8>) -> String {
    let hash = bytes
        .into_iter()
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
    format!("{hash:016x}")
}

/// All that is assigned in Unicode 15.1 but for private use.
fn characters() -> impl Iterator<Item = char> {
    ('\0'..='\u{3347f}').chain('\u{e0000}'..='\u{e01ff}')
}

fn digest_of(value: impl Fn(char) -> u8) -> String {
    digest(characters().map(value))
}

fn digest_of_text(text: impl Fn(&str) -> String) -> String {
    digest(characters().flat_map(|c| text(c.encode_utf8(&mut [0; 4])).into_bytes()))
}

#[test]
fn every_character_is_as_cpython_has_it() {
    let expected: BTreeMap<String, String> = rows(include_str!("../testdata/unicode_digest.jsonl"))
        .into_iter()
        .collect();
    let predicates: [Predicate; 10] = [
        ("is_alpha", is_alpha),
        ("is_alnum", is_alnum),
        ("is_decimal", is_decimal),
        ("is_digit", is_digit),
        ("is_numeric", is_numeric),
        ("is_printable", is_printable),
        ("is_space", is_space),
        ("is_upper", is_upper),
        ("is_lower", is_lower),
        ("is_title", is_title),
    ];
    for (name, predicate) in predicates {
        assert_eq!(digest_of(|c| predicate(c).into()), expected[name], "{name}");
    }
    let start = digest_of(|c| is_identifier(c.encode_utf8(&mut [0; 4])).into());
    assert_eq!(start, expected["is_identifier"]);
    let goes_on = digest_of(|c| is_identifier(&format!("a{c}")).into());
    assert_eq!(goes_on, expected["continues_identifier"]);
    let decimal = digest_of(|c| decimal_value(c).unwrap_or(10) as u8);
    assert_eq!(decimal, expected["decimal_value"]);
    let digit = digest_of(|c| digit_value(c).unwrap_or(10) as u8);
    assert_eq!(digit, expected["digit_value"]);

    let conversions: [Conversion; 8] = [
        ("upper", upper),
        ("lower", lower),
        ("to_title", |s| s.chars().map(to_title).collect()),
        ("capitalize", capitalize),
        ("swapcase", swapcase),
        ("casefold", casefold),
        ("lower_in_word", |s| lower(&format!("AΣ{s}Σ"))),
        ("title_in_word", |s| title(&format!("aΣ{s}ab"))),
    ];
    for (name, convert) in conversions {
        assert_eq!(digest_of_text(convert), expected[name], "{name}");
    }
}

type Row = (
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    [bool; 4],
);

#[test]
fn case_of_strings_is_cpythons() {
    for (s, up, low, titled, capital, swapped, folded, is) in
        rows::<Row>(include_str!("../testdata/unicode_str.jsonl"))
    {
        assert_eq!(upper(&s), up);
        assert_eq!(lower(&s), low);
        assert_eq!(title(&s), titled);
        assert_eq!(capitalize(&s), capital);
        assert_eq!(swapcase(&s), swapped);
        assert_eq!(casefold(&s), folded);
        let ours = [
            is_upper_str(&s),
            is_lower_str(&s),
            is_title_str(&s),
            is_identifier(&s),
        ];
        assert_eq!(ours, is, "{s}");
    }
}
