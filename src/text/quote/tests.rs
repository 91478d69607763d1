use super::*;
use crate::text::testdata::rows;

#[test]
fn quoting_is_cpythons() {
    for (s, repr, ascii) in
        rows::<(String, String, String)>(include_str!("../testdata/quote_str.jsonl"))
    {
        assert_eq!(repr_str(&s), repr);
        assert_eq!(ascii_str(&s), ascii);
        assert_eq!(ascii_of_repr(&repr), ascii_of_repr(&ascii_of_repr(&repr)));
    }
}

#[test]
fn quoting_bytes_is_cpythons() {
    for (bytes, repr) in rows::<(Vec<u8>, String)>(include_str!("../testdata/quote_bytes.jsonl")) {
        assert_eq!(repr_bytes(&bytes), repr);
    }
}

#[test]
fn ascii_of_a_repr_escapes_in_place() {
    assert_eq!(
        ascii_of_repr("['é', '\u{1f600}']"),
        "['\\xe9', '\\U0001f600']"
    );
}

#[test]
fn what_is_simple_reads_as_repr_says() {
    for text in [
        "",
        "a",
        "a b\n",
        "\n",
        "tab\t",
        "it's",
        "say \"so\"",
        "a\\b",
        "a\nb",
        "é",
    ] {
        if let Some((line, (open, close))) = simple(text) {
            assert_eq!(format!("{open}{line}{close}"), repr_str(text));
        }
    }
    assert!(simple("a b\n").is_some() && simple("it's").is_none());
}
