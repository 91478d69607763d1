//! `programs/README.md`: a table of all programs, made from their headers.

use crate::example::{Example, Outcome, Promise, examples, topics};
use std::fmt::Write;
use std::fs;

const PATH: &str = "programs/README.md";

const HEAD: &str = "\
# Programs

One small program per situation, by topic. This table is made from their headers: after a change to one,
`INSTA_UPDATE=always cargo test --test it programs::` writes it anew, together with the snapshots.

Numbers such as E39 are those of the documented examples; a letter is a variant: `b`, `c` change something, `m` mends a
fault, `w` puts a fragment into a program. Outcomes, of which *virtual* and *free* tell the kind of time (`--time`):

| word | from schedule to schedule |
| --- | --- |
| one | the same output and ending always |
| lines | the same lines in any order |
| characters | the same characters in any order: lines may be torn |
| named | one of the outcomes in the last column |
| many | several; nothing more is promised |

The last column has the snapshots of output and trace, each with the options that give it and its ending, if that is
another one; `find`: with its stdout, from which `raddle find` makes a schedule.
";

#[test]
fn is_up_to_date() {
    let mut made = HEAD.to_owned();
    for topic in topics() {
        let _ = write!(
            made,
            "\n## {topic}\n\n| program | | shows | ending | outcomes | snapshots |\n| --- | --- | --- | --- | --- | --- |\n"
        );
        let mut examples = examples(&topic);
        // The documented ones first, by number.
        examples.sort_by_key(|e| (e.catalogue.is_empty(), e.name.clone()));
        for example in &examples {
            line(example, &mut made);
        }
    }
    let stored = fs::read_to_string(PATH).unwrap_or_default();
    #[expect(
        clippy::disallowed_methods,
        reason = "the variable by which insta is told to write"
    )]
    let write = std::env::var("INSTA_UPDATE").is_ok_and(|v| v == "always");
    if write && stored != made {
        fs::write(PATH, made).unwrap();
    } else {
        assert_same(&stored, &made);
    }
}

/// The first line that differs tells enough.
fn assert_same(stored: &str, made: &str) {
    for (stored, made) in stored.lines().zip(made.lines()) {
        assert_eq!(stored, made, "{PATH} is out of date");
    }
    assert!(stored == made, "{PATH} is out of date");
}

fn line(example: &Example, out: &mut String) {
    let Example { topic, name, .. } = example;
    let shots: Vec<_> = example
        .shown()
        .into_iter()
        .map(|(outcome, _)| shot(example, outcome))
        .collect();
    let _ = writeln!(
        out,
        "| [{name}]({topic}/{name}.py) | {} | {} | {} | {} | {} |",
        example.catalogue.join(" "),
        example.shows.replace('|', "\\|"),
        example.ending,
        promises(example),
        shots.join("<br>"),
    );
}

fn promises(example: &Example) -> String {
    let word = |promise| match promise {
        Promise::One => "one",
        Promise::Lines => "lines",
        Promise::Characters => "characters",
        Promise::Named => "named",
        Promise::Many => "many",
    };
    match (example.promise, example.promise_free) {
        (a, b) if a == b => word(a).to_owned(),
        (a, b) => format!("virtual: {}, free: {}", word(a), word(b)),
    }
}

fn shot(example: &Example, outcome: Option<&Outcome>) -> String {
    let file = example.snapshot(outcome);
    let link = format!("../snapshots/programs/{}/{file}.snap", example.topic);
    let Some(outcome) = outcome else {
        return format!("[snapshot]({link})");
    };
    let mut text = format!("[{}]({link})", outcome.name);
    if !outcome.given.is_empty() {
        let _ = write!(text, " `{}`", outcome.given);
    }
    if outcome.ending != example.ending {
        let _ = write!(text, " {}", outcome.ending);
    }
    text
}
