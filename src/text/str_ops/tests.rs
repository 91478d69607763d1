use proptest::prelude::*;

use super::*;
use crate::text::testdata::rows;

/// sub, new, start, end, limit, width, tab size, fill, characters to strip.
type Args = (
    String,
    String,
    i64,
    i64,
    i64,
    i64,
    i64,
    char,
    Option<String>,
);
type Split = Result<Vec<String>, String>;
type Expected = ([i64; 5], [String; 9], [Vec<String>; 4], [Split; 4]);

fn owned(parts: impl AsRef<[&'static str]>) -> Vec<String> {
    parts.as_ref().iter().map(ToString::to_string).collect()
}

fn split_result<P: AsRef<[&'static str]>>(parts: Result<P, EmptySeparator>) -> Split {
    parts.map(owned).map_err(|error| error.to_string())
}

fn index(found: Option<usize>) -> i64 {
    found.map_or(-1, |at| at as i64)
}

#[test]
fn methods_are_cpythons() {
    for (s, args, (numbers, texts, lists, splits)) in
        rows::<(String, Args, Expected)>(include_str!("../testdata/str_ops.jsonl"))
    {
        // Leaked, so that one helper serves slices of every result.
        let s: &'static str = s.leak();
        let (sub, new, start, end, max, width, tabs, fill, chars) = &args;
        let (start, end, max, width, tabs, fill) = (*start, *end, *max, *width, *tabs, *fill);
        let chars = chars.as_deref();
        let ours = [
            index(find(s, sub, start, end)),
            index(rfind(s, sub, start, end)),
            count(s, sub, start, end) as i64,
            starts_with(s, sub, start, end).into(),
            ends_with(s, sub, start, end).into(),
        ];
        assert_eq!(ours, numbers, "{s:?} {args:?}");
        let ours = [
            replace(s, sub, new, max),
            center(s, width, fill),
            ljust(s, width, fill),
            rjust(s, width, fill),
            zfill(s, width),
            expandtabs(s, tabs),
            strip(s, chars).to_owned(),
            lstrip(s, chars).to_owned(),
            rstrip(s, chars).to_owned(),
        ];
        assert_eq!(ours, texts, "{s:?} {args:?}");
        let ours = [
            owned(split(s, None, max).unwrap()),
            owned(rsplit(s, None, max).unwrap()),
            owned(splitlines(s, false)),
            owned(splitlines(s, true)),
        ];
        assert_eq!(ours, lists, "{s:?} {args:?}");
        let ours = [
            split_result(split(s, Some(sub), max)),
            split_result(rsplit(s, Some(sub), max)),
            split_result(partition(s, sub)),
            split_result(rpartition(s, sub)),
        ];
        assert_eq!(ours, splits, "{s:?} {args:?}");
    }
}

proptest! {
    #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

    #[test]
    fn offsets_and_indices_agree(s in "[aé日😀]{0,12}", index in 0usize..14) {
        let at = byte_offset(&s, index);
        prop_assert_eq!(index_of_byte(&s, at), index.min(len(&s)));
    }

    #[test]
    fn lines_with_ends_join_to_the_text(s in "[a\\n\\r\u{85}\u{2028}\\x0b]{0,12}") {
        prop_assert_eq!(splitlines(&s, true).concat(), s);
    }
}
