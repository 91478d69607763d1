use proptest::prelude::*;

use super::*;
use crate::text::quote::{ascii_of_repr, repr_str};
use crate::text::spec;
use crate::text::testdata::rows;

fn value_error(error: &TemplateError) -> String {
    format!("ValueError: {error}")
}

/// Renders as the recording did: an argument is the way it was reached.
fn render(pieces: &[Piece]) -> Result<String, String> {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Error(error) => return Err(value_error(error)),
            Piece::Field {
                name,
                conversion,
                spec,
            } => {
                let reached = fetch(name)?;
                let converted = match conversion {
                    None => None,
                    Some('r') => Some(format!("r({reached})é")),
                    Some('s') => Some(format!("s({reached})")),
                    Some('a') => Some(ascii_of_repr(&format!("r({reached})é"))),
                    Some(other) => return Err(value_error(&unknown_conversion(*other))),
                };
                let spec = render(spec)?;
                out.push_str(&match converted {
                    None => format!("<{reached}|{spec}>"),
                    Some(text) => spec::parse(&spec, spec::Target::STR)
                        .and_then(|spec| spec::format_str(&text, &spec))
                        .map_err(|error| format!("ValueError: {error}"))?,
                });
            }
        }
    }
    Ok(out)
}

fn fetch(name: &FieldName) -> Result<String, String> {
    let mut reached = match &name.first {
        First::Auto(index) | First::Index(index) if *index < 3 => index.to_string(),
        First::Auto(index) | First::Index(index) => {
            return Err(format!(
                "IndexError: Replacement index {index} out of range for positional args tuple"
            ));
        }
        First::Key(key) if key == "a" || key == "b" => key.clone(),
        First::Key(key) => return Err(format!("KeyError: {}", repr_str(key))),
    };
    for step in &name.path {
        reached += &match step {
            Step::Attr(name) => format!(".{name}"),
            Step::Index(index) => format!("[{index}]"),
            Step::Key(key) => format!("[{}]", repr_str(key)),
            Step::Error(error) => return Err(value_error(error)),
        };
    }
    Ok(reached)
}

#[test]
fn templates_are_cpythons() {
    for (template, expected) in
        rows::<(String, Result<String, String>)>(include_str!("../testdata/template.jsonl"))
    {
        assert_eq!(render(&parse(&template)), expected, "{template:?}");
    }
}

#[test]
fn a_template_comes_apart() {
    let spec = vec![
        Piece::Literal(">".to_owned()),
        Piece::Field {
            name: FieldName {
                first: First::Auto(1),
                path: vec![],
            },
            conversion: None,
            spec: vec![],
        },
    ];
    assert_eq!(
        parse("a{{{.b[0][c]!r:>{}}"),
        [
            Piece::Literal("a{".to_owned()),
            Piece::Field {
                name: FieldName {
                    first: First::Auto(0),
                    path: vec![
                        Step::Attr("b".to_owned()),
                        Step::Index(0),
                        Step::Key("c".to_owned()),
                    ],
                },
                conversion: Some('r'),
                spec,
            },
        ]
    );
}

proptest! {
    #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

    #[test]
    fn any_text_is_a_template(s in "[{}:!\\[\\].a0é]{0,16}") {
        let _ = parse(&s);
    }

    #[test]
    fn text_without_braces_is_itself(s in "[^{}]{1,16}") {
        prop_assert_eq!(parse(&s), [Piece::Literal(s)]);
    }
}
