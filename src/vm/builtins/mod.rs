//! Builtin functions, one file a kind.

pub mod attrs;
pub mod iteration;
pub mod numbers;
pub mod objects;
pub mod order;
pub mod output;
pub mod tables;

use super::native::Entry;

/// The functions of all files.
pub const ALL: &[&[Entry]] = &[
    iteration::FUNCTIONS,
    numbers::FUNCTIONS,
    objects::FUNCTIONS,
    order::FUNCTIONS,
    output::FUNCTIONS,
    tables::FUNCTIONS,
    super::types::sorting::INTERNAL,
    super::protocol::prelude::PRELUDE,
];

/// The candidate that a misspelt name is nearest to, if it is near enough for "Did you mean".
///
/// Source: `_Py_CalculateSuggestions` of CPython 3.13's `Python/suggestions.c`.
pub fn suggest<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for &candidate in candidates {
        let limit = (name.len() + candidate.len() + 3) * 2 / 6;
        let limit = best.map_or(limit, |(distance, _)| limit.min(distance - 1));
        let distance = edit_distance(name, candidate);
        if distance <= limit && distance > 0 {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Cost of turning one name into another: 2 a character, 1 for its case.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut row: Vec<usize> = (0..=b.len()).map(|i| i * 2).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = (i + 1) * 2;
        for (j, &y) in b.iter().enumerate() {
            let swap = if x == y {
                0
            } else if x.eq_ignore_ascii_case(&y) {
                1
            } else {
                2
            };
            let cost = (corner + swap).min(row[j] + 2).min(row[j + 1] + 2);
            corner = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn near_names_are_suggested() {
        assert_eq!(suggest("ky", &["key", "default"]), Some("key"));
        assert_eq!(suggest("revers", &["key", "reverse"]), Some("reverse"));
        assert_eq!(suggest("cmp", &["key", "reverse"]), None);
    }
}
