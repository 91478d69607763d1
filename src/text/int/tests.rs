use num_traits::ToPrimitive;
use proptest::prelude::*;

use super::*;
use crate::text::quote::repr_str;
use crate::text::testdata::{float, rows};

#[test]
fn reading_is_cpythons() {
    for (text, base, expected) in
        rows::<(String, u32, Result<String, String>)>(include_str!("../testdata/int_parse.jsonl"))
    {
        let ours = parse(&text, base)
            .map(|n| to_base(&n, 16))
            .map_err(|error| error.message(&repr_str(&text), base));
        assert_eq!(ours, expected, "{text:?} {base}");
    }
}

#[test]
fn floats_of_integers_are_cpythons() {
    for (text, bits) in
        rows::<(String, Option<String>)>(include_str!("../testdata/int_float.jsonl"))
    {
        let n = parse(&text, 16).unwrap();
        let ours = to_f64(&n).map(f64::to_bits);
        assert_eq!(ours, bits.map(|bits| float(&bits).to_bits()), "{text}");
    }
}

#[test]
fn the_digit_limit_is_cpythons() {
    let edge = BigInt::from(10).pow(4300);
    assert_eq!(to_decimal(&edge), Err(IntError::TooLarge));
    assert_eq!(to_decimal(&-&edge), Err(IntError::TooLarge));
    assert_eq!(
        to_decimal(&(BigInt::from(10).pow(5000))),
        Err(IntError::TooLarge)
    );
    let below: BigInt = edge - 1;
    assert_eq!(to_decimal(&below).unwrap().len(), 4300);
    assert_eq!(to_decimal(&-below).unwrap().len(), 4301);
    assert_eq!(parse(&"1".repeat(4301), 10), Err(IntError::TooLong(4301)));
    assert_eq!(parse(&"0".repeat(4301), 10), Err(IntError::TooLong(4301)));
    assert_eq!(
        IntError::TooLong(4301).message("", 10),
        "Exceeds the limit (4300 digits) for integer string conversion: value has 4301 digits; \
         use sys.set_int_max_str_digits() to increase the limit"
    );
    assert!(parse(&"1".repeat(4301), 16).is_ok());
    assert!(parse(&format!("{}1", "1_".repeat(4299)), 10).is_ok());
}

#[test]
fn small_and_big_have_the_same_digits() {
    for n in [0, 1, -1, 255, -256, i64::MAX, i64::MIN] {
        let big = BigInt::from(n);
        for base in [2, 8, 10, 16] {
            assert_eq!(Int::from(n).digits(base), Int::from(&big).digits(base));
        }
        assert_eq!(Int::from(n).is_negative(), Int::from(&big).is_negative());
        assert_eq!(Int::from(n).to_f64(), Int::from(&big).to_f64());
        assert_eq!(Int::from(n).to_char(), Int::from(&big).to_char());
    }
}

proptest! {
    #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

    #[test]
    fn text_reads_back(bytes in proptest::collection::vec(any::<u8>(), 0..80), base in 2u32..=36) {
        let n = BigInt::from_signed_bytes_le(&bytes);
        prop_assert_eq!(parse(&to_base(&n, base), base), Ok(n.clone()));
        let text = to_decimal(&n).unwrap();
        prop_assert_eq!(parse(&text, 0), Ok(n.clone()));
        prop_assert_eq!(parse_i64(&text), n.to_i64());
    }

    #[test]
    fn small_integers_take_the_fast_path(n in any::<i64>()) {
        prop_assert_eq!(parse_i64(&n.to_string()), Some(n));
        prop_assert_eq!(to_f64(&BigInt::from(n)), Some(n as f64));
    }

    #[test]
    fn any_text_is_read_or_refused(s in "[-+ _0-9a-z１٣]{0,8}", base in 0u32..38) {
        let _ = parse(&s, base);
    }
}
