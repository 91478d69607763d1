use num_bigint::BigInt;

use super::*;
use crate::text::testdata::{float, rows};

type Row<V> = (V, String, Result<String, String>);

fn shown(result: Result<String, SpecError>) -> Result<String, String> {
    result.map_err(|error| {
        let class = match error.kind {
            ErrorKind::Value => "ValueError",
            ErrorKind::Overflow => "OverflowError",
            ErrorKind::Memory => "MemoryError",
        };
        format!("{class}: {error}")
    })
}

#[test]
fn strings_are_cpythons() {
    for (s, spec, expected) in rows::<Row<String>>(include_str!("../testdata/spec_str.jsonl")) {
        let ours = parse(&spec, Target::STR).and_then(|spec| format_str(&s, &spec));
        assert_eq!(shown(ours), expected, "format({s:?}, {spec:?})");
    }
}

#[test]
fn integers_are_cpythons() {
    for (n, spec, expected) in rows::<Row<String>>(include_str!("../testdata/spec_int.jsonl")) {
        let big: BigInt = n.parse().unwrap();
        let parsed = parse(&spec, Target::INT);
        let ours = parsed.clone().and_then(|spec| format_int(&big, &spec));
        assert_eq!(shown(ours.clone()), expected, "format({n}, {spec:?})");
        if let Ok(small) = n.parse::<i64>() {
            assert_eq!(parsed.and_then(|spec| format_int(small, &spec)), ours);
        }
    }
}

#[test]
fn floats_are_cpythons() {
    for (bits, spec, expected) in rows::<Row<String>>(include_str!("../testdata/spec_float.jsonl"))
    {
        let x = float(&bits);
        let ours = parse(&spec, Target::FLOAT).and_then(|spec| format_float(x, &spec));
        assert_eq!(shown(ours), expected, "format({x:?}, {spec:?})");
    }
}

#[test]
fn complex_numbers_are_cpythons() {
    for ((re, im), spec, expected) in
        rows::<Row<(String, String)>>(include_str!("../testdata/spec_complex.jsonl"))
    {
        let (re, im) = (float(&re), float(&im));
        let ours = parse(&spec, Target::COMPLEX).and_then(|spec| format_complex(re, im, &spec));
        assert_eq!(
            shown(ours),
            expected,
            "format(complex({re:?}, {im:?}), {spec:?})"
        );
    }
}

#[test]
fn a_specification_comes_apart() {
    let spec = parse("é^+z#012,.3f", Target::FLOAT).unwrap();
    assert_eq!(
        spec,
        Spec {
            fill: Some('é'),
            align: Some(Align::Center),
            sign: Some(Sign::Plus),
            z: true,
            alternate: true,
            zero: false,
            width: Some(12),
            grouping: Some(Grouping::Comma),
            precision: Some(3),
            kind: Some('f'),
        }
    );
}

#[test]
fn the_name_of_a_subclass_is_in_the_message() {
    let target = Target {
        kind: Kind::Int,
        type_name: "Celsius",
    };
    assert_eq!(
        parse("s", target).unwrap_err().to_string(),
        "Unknown format code 's' for object of type 'Celsius'"
    );
}

#[test]
fn absurd_widths_are_refused() {
    let spec = parse("99999999999", Target::INT).unwrap();
    assert_eq!(format_int(1, &spec).unwrap_err().kind, ErrorKind::Memory);
    assert_eq!(
        format_float(1.0, &spec).unwrap_err().kind,
        ErrorKind::Memory
    );
    assert_eq!(format_str("a", &spec).unwrap_err().kind, ErrorKind::Memory);
}
