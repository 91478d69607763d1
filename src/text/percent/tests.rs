use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::text::int::Int;
use crate::text::testdata::{float, rows};
use crate::text::{float, quote};

#[derive(Clone, Debug, Deserialize)]
enum Value {
    Str(String),
    Int(String),
    Float(String),
}

impl Value {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Str(_) => "str",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
        }
    }

    fn text(&self, kind: char) -> String {
        match self {
            Self::Str(s) if kind == 's' => s.clone(),
            Self::Str(s) if kind == 'r' => quote::repr_str(s),
            Self::Str(s) => quote::ascii_str(s),
            Self::Int(n) => n.clone(),
            Self::Float(bits) => float::repr(float(bits)),
        }
    }
}

type Values = BTreeMap<String, Value>;

/// The arguments of a template, as `PyUnicode_Format` hands them out.
struct Args<'a> {
    positional: std::vec::IntoIter<Value>,
    mapping: Option<&'a Values>,
}

fn shown(error: &PercentError) -> String {
    let class = match error.kind {
        ErrorKind::Type => "TypeError",
        ErrorKind::Value => "ValueError",
        ErrorKind::Overflow => "OverflowError",
        ErrorKind::Memory => "MemoryError",
    };
    format!("{class}: {error}")
}

impl Args<'_> {
    fn next(&mut self) -> Result<Value, String> {
        let none = || shown(&PercentError::NOT_ENOUGH_ARGUMENTS);
        self.positional.next().ok_or_else(none)
    }

    fn key(&mut self, conv: &Conv, in_key: bool) -> Result<(), String> {
        if (in_key || conv.key.is_some()) && self.mapping.is_none() {
            return Err(shown(&PercentError::NEEDS_MAPPING));
        }
        if let (Some(key), Some(mapping)) = (&conv.key, self.mapping) {
            let missing = || format!("KeyError: {}", quote::repr_str(key));
            let value = mapping.get(key).cloned().ok_or_else(missing)?;
            self.positional = vec![value].into_iter();
        }
        Ok(())
    }

    fn star(
        &mut self,
        amount: Amount,
        limit: i64,
        error: PercentError,
    ) -> Result<Option<i64>, String> {
        if amount != Amount::Star {
            return Ok(None);
        }
        match self.next()? {
            Value::Int(n) => match n.parse::<i64>() {
                Ok(n) if n <= limit => Ok(Some(n)),
                _ => Err(shown(&error)),
            },
            _ => Err(shown(&PercentError::STAR_WANTS_INT)),
        }
    }

    fn stars(&mut self, conv: &Conv) -> Result<(Option<i64>, Option<i64>), String> {
        let width = self.star(conv.width, i64::MAX, PercentError::WIDTH_TOO_LARGE)?;
        let limit = i64::from(i32::MAX);
        let precision = self.star(conv.precision, limit, PercentError::PRECISION_TOO_LARGE)?;
        Ok((width, precision))
    }
}

fn convert(conv: &Conv, args: &mut Args<'_>) -> Result<String, String> {
    args.key(conv, false)?;
    let (width, precision) = args.stars(conv)?;
    let draw = |arg| render(conv, width, precision, arg).map_err(|error| shown(&error));
    let value = args.next()?;
    let big: Option<BigInt> = match &value {
        Value::Int(n) => n.parse().ok(),
        Value::Float(bits) if matches!(conv.kind, 'd' | 'i' | 'u') => {
            let x = float(bits);
            if !x.is_finite() {
                return Err(if x.is_nan() {
                    "ValueError: cannot convert float NaN to integer".to_owned()
                } else {
                    "OverflowError: cannot convert float infinity to integer".to_owned()
                });
            }
            let whole = float::format(x.trunc(), 'f', 0, false);
            whole.parse().ok()
        }
        _ => None,
    };
    match (conv.kind, &value) {
        ('s' | 'r' | 'a', value) => draw(Arg::Str(&value.text(conv.kind))),
        ('e' | 'E' | 'f' | 'F' | 'g' | 'G', Value::Int(_)) => {
            let x = Int::from(big.as_ref().unwrap()).to_f64();
            draw(Arg::Float(
                x.ok_or("OverflowError: int too large to convert to float")?,
            ))
        }
        ('e' | 'E' | 'f' | 'F' | 'g' | 'G', Value::Float(bits)) => draw(Arg::Float(float(bits))),
        ('c', Value::Str(s)) if s.chars().count() == 1 => {
            draw(Arg::Char(s.chars().next().unwrap()))
        }
        ('d' | 'i' | 'u', Value::Str(_)) => Err(shown(&needs_number(conv.kind, value.type_name()))),
        ('o' | 'x' | 'X', Value::Str(_) | Value::Float(_)) => {
            Err(shown(&needs_integer(conv.kind, value.type_name())))
        }
        _ => match (&value, &big) {
            (_, Some(big)) => match big.to_i64() {
                Some(small) => draw(Arg::Int(small.into())),
                None => draw(Arg::Int(big.into())),
            },
            (Value::Str(s), _) => draw(Arg::Str(s)),
            (Value::Float(bits), _) => draw(Arg::Float(float(bits))),
            _ => unreachable!(),
        },
    }
}

fn formatted(template: &str, args: &mut Args<'_>) -> Result<String, String> {
    let mut out = String::new();
    for piece in parse(template) {
        match piece {
            Piece::Literal(text) => out.push_str(&text),
            Piece::Conv(conv) => out.push_str(&convert(&conv, args)?),
            Piece::Bad {
                conv,
                in_key,
                error,
            } => {
                args.key(&conv, in_key)?;
                args.stars(&conv)?;
                return Err(shown(&error));
            }
        }
    }
    if args.mapping.is_none() && args.positional.next().is_some() {
        return Err(shown(&PercentError::NOT_ALL_CONVERTED));
    }
    Ok(out)
}

#[test]
fn templates_are_cpythons() {
    for (template, positional, mapping, expected) in
        rows::<(String, Vec<Value>, Option<Values>, Result<String, String>)>(include_str!(
            "../testdata/percent.jsonl"
        ))
    {
        let mut args = Args {
            positional: positional.clone().into_iter(),
            mapping: mapping.as_ref(),
        };
        let ours = formatted(&template, &mut args);
        assert_eq!(ours, expected, "{template:?} {positional:?} {mapping:?}");
    }
}

proptest! {
    #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

    #[test]
    fn any_text_is_a_template(s in "[%()*.0-9#+dsxéhl -]{0,16}") {
        let _ = parse(&s);
    }
}
