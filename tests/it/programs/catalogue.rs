//! The documented examples, by number: none is forgotten.

use crate::example::{examples, topics};
use std::collections::BTreeMap;

/// All numbers, chapter by chapter. A letter is a variant: `b`, `c` change something, `m` mends a fault, `w` puts a fragment
/// into a program.
const EXAMPLES: &[(&str, &str)] = &[
    ("looking at threads", "E01 E02"),
    (
        "making and starting threads",
        "E03 E04 E04b E04m E05 E05b E05c E06 E07 E08 E09 E10 E11 E12",
    ),
    ("join", "E13 E14"),
    ("subclassing", "E15 E16 E17 E18 E19 E20 E21"),
    ("daemon threads", "E22 E22w E23 E23w E24 E25 E26"),
    (
        "executor",
        "E27 E28 E28m E29 E29b E29m E30 E31 E32 E33 E34 E34w",
    ),
    ("futures", "E35 E35w E36 E36w E37 E37w E38 E38w"),
    ("races", "E39 E40"),
    ("lock", "E41 E42 E43 E44 E44b E45 E46"),
    ("non-blocking lock", "E47 E47b"),
    ("rlock", "E48 E49 E49b E50 E51 E52 E52w E52b E52c"),
    (
        "condition",
        "E53 E54 E55 E56 E57 E58 E59 E60 E61 E62 E63 E64 E65 E66 E66b E67 E68",
    ),
    ("semaphore", "E69 E70 E71 E72"),
    ("event", "E73 E74"),
    ("pipelines and queues", "E75 E76 E77"),
    ("timer", "E78 E79 E79w E80"),
    ("barrier", "E81 E82 E83 E84"),
    ("context managers", "E85 E86 E86w E87 E87b E88 E89"),
    ("multiprocessing", "E90 E91 E92"),
];

/// Those that are no programs of their own, with the reason.
const NO_PROGRAM: &[(&str, &str)] = &[
    ("E23", "a single constructor call in prose; E23w has it"),
    ("E34", "a single method call with its defaults; E34w has it"),
    ("E35", "a single method call; E35w has it"),
    ("E36", "a single method call; E36w has it"),
    ("E37", "a single method call; E37w has it"),
    ("E79", "a fragment whose function is undefined; E79w has it"),
];

/// Those still to be written.
const TO_DO: &[&str] = &[];

#[test]
fn every_documented_example_is_a_program() {
    let mut covered: BTreeMap<String, String> = BTreeMap::new();
    let examples = topics().into_iter().flat_map(|topic| examples(&topic));
    for example in examples {
        for id in &example.catalogue {
            covered.insert(id.clone(), example.path.clone());
        }
        if let Some(first) = example.catalogue.first() {
            let start = format!("{}_", first.to_lowercase());
            assert!(
                example.name.starts_with(&start),
                "{}: wants {start}",
                example.path
            );
        }
    }
    let mut wrong = Vec::new();
    for (_, ids) in EXAMPLES {
        for id in ids.split(' ') {
            let why = NO_PROGRAM.iter().find(|(other, _)| other == &id);
            let to_do = TO_DO
                .iter()
                .any(|ids| ids.split(' ').any(|other| other == id));
            match (covered.remove(id), why, to_do) {
                (None, None, false) => wrong.push(format!("{id} is missing")),
                (Some(path), Some(_), _) => wrong.push(format!("{id} is {path} and no program")),
                (Some(path), _, true) => wrong.push(format!("{id} is {path} and still to do")),
                _ => {}
            }
        }
    }
    wrong.extend(
        covered
            .iter()
            .map(|(id, path)| format!("{path}: there is no {id}")),
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}
