use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::text::testdata::rows;

/// sub, new, start, end, limit, width, tab size, fill, bytes to strip.
type Args = (
    Vec<u8>,
    Vec<u8>,
    i64,
    i64,
    i64,
    i64,
    i64,
    Vec<u8>,
    Option<Vec<u8>>,
);
type Split = Result<Vec<Vec<u8>>, String>;
type Expected = ([i64; 5], [Vec<u8>; 9], [Vec<Vec<u8>>; 4], [Split; 4]);

fn owned(parts: impl AsRef<[&'static [u8]]>) -> Vec<Vec<u8>> {
    parts.as_ref().iter().map(|part| part.to_vec()).collect()
}

fn split_result<P, E>(parts: Result<P, E>) -> Split
where
    P: AsRef<[&'static [u8]]>,
    E: std::fmt::Display,
{
    parts.map(owned).map_err(|error| error.to_string())
}

fn index(found: Option<usize>) -> i64 {
    found.map_or(-1, |at| at as i64)
}

#[test]
fn methods_are_cpythons() {
    for (b, args, (numbers, texts, lists, splits)) in
        rows::<(Vec<u8>, Args, Expected)>(include_str!("../testdata/bytes_ops.jsonl"))
    {
        // Leaked, so that one helper serves slices of every result.
        let b: &'static [u8] = b.leak();
        let (sub, new, start, end, max, width, tabs, fill, chars) = &args;
        let (start, end, max, width, tabs, fill) = (*start, *end, *max, *width, *tabs, fill[0]);
        let chars = chars.as_deref();
        let ours = [
            index(find(b, sub, start, end)),
            index(rfind(b, sub, start, end)),
            count(b, sub, start, end) as i64,
            starts_with(b, sub, start, end).into(),
            ends_with(b, sub, start, end).into(),
        ];
        assert_eq!(ours, numbers, "{b:?} {args:?}");
        let ours = [
            replace(b, sub, new, max),
            center(b, width, fill),
            ljust(b, width, fill),
            rjust(b, width, fill),
            zfill(b, width),
            expandtabs(b, tabs),
            strip(b, chars).to_owned(),
            strip_left(b, chars).to_owned(),
            strip_right(b, chars).to_owned(),
        ];
        assert_eq!(ours, texts, "{b:?} {args:?}");
        let ours = [
            owned(split(b, None, max).unwrap()),
            owned(rsplit(b, None, max).unwrap()),
            owned(splitlines(b, false)),
            owned(splitlines(b, true)),
        ];
        assert_eq!(ours, lists, "{b:?} {args:?}");
        let ours = [
            split_result(split(b, Some(sub), max)),
            split_result(rsplit(b, Some(sub), max)),
            split_result(partition(b, sub)),
            split_result(rpartition(b, sub)),
        ];
        assert_eq!(ours, splits, "{b:?} {args:?}");
    }
}

#[test]
fn case_and_classes_are_cpythons() {
    for (b, texts, classes) in
        rows::<(Vec<u8>, [Vec<u8>; 5], [bool; 7])>(include_str!("../testdata/bytes_case.jsonl"))
    {
        let ours = [
            upper(&b),
            lower(&b),
            title(&b),
            capitalize(&b),
            swapcase(&b),
        ];
        assert_eq!(ours, texts, "{b:?}");
        let ours = [
            is_alnum(&b),
            is_alpha(&b),
            is_digit(&b),
            is_space(&b),
            is_lower(&b),
            is_upper(&b),
            is_title(&b),
        ];
        assert_eq!(ours, classes, "{b:?}");
    }
}

#[test]
fn hexadecimal_is_cpythons() {
    for (b, every, plain, separated) in
        rows::<(Vec<u8>, i64, String, String)>(include_str!("../testdata/bytes_hex.jsonl"))
    {
        assert_eq!(hex(&b), plain);
        assert_eq!(hex_separated(&b, ':', every), separated, "{b:?} {every}");
    }
    for (s, expected) in
        rows::<(String, Result<Vec<u8>, String>)>(include_str!("../testdata/bytes_fromhex.jsonl"))
    {
        assert_eq!(
            from_hex(&s).map_err(|error| error.to_string()),
            expected,
            "{s:?}"
        );
    }
}

/// The fields of the exception, if it is one of Unicode, and its text.
#[derive(Debug, Deserialize, PartialEq)]
struct Shown(Option<(String, usize, usize, String)>, String);

fn shown(error: &CodecError, message: impl Fn(&Fault) -> String) -> Shown {
    match error {
        CodecError::Encode(fault) | CodecError::Decode(fault) => Shown(
            Some((
                fault.encoding.to_owned(),
                fault.start,
                fault.end,
                fault.reason.to_owned(),
            )),
            message(fault),
        ),
        other => Shown(None, other.message().unwrap()),
    }
}

#[test]
fn encoding_is_cpythons() {
    for (s, encoding, errors, expected) in rows::<(String, String, String, Result<Vec<u8>, Shown>)>(
        include_str!("../testdata/encode.jsonl"),
    ) {
        let ours = encode(&s, &encoding, &errors)
            .map_err(|error| shown(&error, |fault| fault.encode_message(&s)));
        assert_eq!(ours, expected, "{s:?} {encoding} {errors}");
    }
}

#[test]
fn decoding_is_cpythons() {
    for (b, encoding, errors, expected) in rows::<(Vec<u8>, String, String, Result<String, Shown>)>(
        include_str!("../testdata/decode.jsonl"),
    ) {
        let ours = decode(&b, &encoding, &errors)
            .map_err(|error| shown(&error, |fault| fault.decode_message(&b)));
        assert_eq!(ours, expected, "{b:?} {encoding} {errors}");
    }
}

proptest! {
    #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

    #[test]
    fn codecs_read_what_they_write(s in "[a-zé日😀\\x00-\\x7f]{0,16}", b in any::<Vec<u8>>()) {
        prop_assert_eq!(decode(s.as_bytes(), "utf-8", "strict"), Ok(s.clone()));
        let text = decode(&b, "latin-1", "strict").unwrap();
        prop_assert_eq!(encode(&text, "latin-1", "strict"), Ok(b.clone()));
        prop_assert_eq!(decode(&b, "utf-8", "replace"), Ok(String::from_utf8_lossy(&b).into_owned()));
        prop_assert_eq!(from_hex(&hex(&b)), Ok(b));
    }

    #[test]
    fn ascii_bytes_are_as_strings(s in "[ab \\t\\n-]{0,12}", sub in "[ab ]{0,2}", max in -1i64..4) {
        use crate::text::str_ops;
        let replaced = str_ops::replace(&s, &sub, "xy", max);
        prop_assert_eq!(replace(s.as_bytes(), sub.as_bytes(), b"xy", max), replaced.into_bytes());
    }
}
