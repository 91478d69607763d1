use num_bigint::BigInt;
use num_traits::ToPrimitive;
use proptest::prelude::*;

use super::*;
use crate::text::testdata::{float, rows};

/// NaN equals itself here, and the zeros differ.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

#[test]
fn repr_hex_and_ratio_are_cpythons() {
    for (bits, text, hexed, ratio) in rows::<(String, String, String, Option<(String, String)>)>(
        include_str!("../testdata/float_repr.jsonl"),
    ) {
        let x = float(&bits);
        assert_eq!(repr(x), text, "{bits}");
        assert!(same(parse(&text).unwrap(), x), "{text}");
        assert_eq!(hex(x), hexed, "{bits}");
        assert!(same(from_hex(&hexed).unwrap(), x), "{hexed}");
        let ours = as_integer_ratio(x).map(|(n, d)| (n.to_string(), d.to_string()));
        assert_eq!(ours, ratio, "{text}");
    }
}

#[test]
fn formatting_is_cpythons() {
    for (bits, kind, precision, alternate, text) in
        rows::<(String, char, usize, bool, String)>(include_str!("../testdata/float_format.jsonl"))
    {
        let ours = format(float(&bits), kind, precision, alternate);
        assert_eq!(ours, text, "{bits} {kind} {precision} {alternate}");
    }
}

#[test]
fn reading_is_cpythons() {
    for (text, bits) in
        rows::<(String, Option<String>)>(include_str!("../testdata/float_parse.jsonl"))
    {
        match (parse(&text), bits) {
            (Some(ours), Some(bits)) => assert!(same(ours, float(&bits)), "{text:?} is {ours}"),
            (None, None) => {}
            (ours, theirs) => panic!("{text:?} is {ours:?}, not {theirs:?}"),
        }
    }
}

#[test]
fn reading_hexadecimal_is_cpythons() {
    for (text, expected) in
        rows::<(String, Result<String, String>)>(include_str!("../testdata/float_fromhex.jsonl"))
    {
        match (from_hex(&text), expected) {
            (Ok(ours), Ok(bits)) => assert!(same(ours, float(&bits)), "{text:?} is {ours}"),
            (Err(ours), Err(message)) => assert_eq!(ours.to_string(), message, "{text:?}"),
            (ours, theirs) => panic!("{text:?} is {ours:?}, not {theirs:?}"),
        }
    }
}

#[test]
fn rounding_is_cpythons() {
    for (bits, places, rounded) in
        rows::<(String, i32, Option<String>)>(include_str!("../testdata/float_round.jsonl"))
    {
        let ours = round_to(float(&bits), places);
        let theirs = rounded.as_deref().map_or(f64::INFINITY, float);
        if rounded.is_none() {
            assert!(ours.is_infinite(), "{bits} to {places} is {ours}");
        } else {
            assert!(
                same(ours, theirs),
                "{bits} to {places} is {ours}, not {theirs}"
            );
        }
    }
}

#[test]
fn huge_precisions_end_in_zeros() {
    let text = format(0.1, 'f', 70_000, false);
    assert_eq!(text.len(), 70_002);
    assert!(text.starts_with("0.1000000000000000055511151231257827021181583404541015625000"));
    assert_eq!(format(1.0, 'e', 70_000, false).len(), 70_006);
    assert_eq!(format(1.5, 'g', 70_000, false), "1.5");
}

proptest! {
    #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

    #[test]
    fn text_reads_back(bits in any::<u64>()) {
        let x = f64::from_bits(bits);
        let read = parse(&repr(x)).unwrap();
        prop_assert!(same(read, x));
        if x.is_finite() {
            prop_assert!(same(from_hex(&hex(x)).unwrap(), x));
            let exact = format(x, 'f', 1100, false);
            prop_assert!(same(parse(&exact).unwrap(), x));
        }
    }

    #[test]
    fn ratios_are_exact(x in -1e300..1e300f64) {
        let (n, d) = as_integer_ratio(x).unwrap();
        if d == BigInt::from(1) {
            prop_assert_eq!(n.to_f64().unwrap(), x);
        } else if let (Some(n), Some(d)) = (n.to_i64(), d.to_i64()) {
            prop_assert_eq!(n as f64 / d as f64, x);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(s in "[-+ _.0-9eEinfatyp]{0,12}") {
        let _ = (parse(&s), from_hex(&s));
    }
}
