//! Expressions whose value is known: literals, signed numbers, tuples of them, and sums and concatenations of literals.

use crate::compile::problem::{Compiled, Problem};
use crate::parse::span;
use crate::program::{Const, Span};
use num_bigint::BigInt;
use num_traits::Num;
use ruff_python_ast::{Expr, Int, Number, Operator, UnaryOp};

/// Results beyond this many bits or characters are left to the run, as CPython leaves them.
const MAX_BITS: u64 = 128;
const MAX_TEXT: usize = 4096;
/// CPython's limit for decimal integers, whose conversion takes quadratic time.
const MAX_DIGITS: usize = 4300;

/// The value of an expression, if it is constant. Strings are constants by themselves; f-strings are not.
///
/// # Errors
///
/// A complex literal.
pub fn constant(expr: &Expr) -> Compiled<Option<Const>> {
    Ok(Some(match expr {
        Expr::NoneLiteral(_) => Const::None,
        Expr::BooleanLiteral(literal) => Const::Bool(literal.value),
        Expr::EllipsisLiteral(_) => Const::Ellipsis,
        Expr::StringLiteral(literal) => Const::Str(literal.value.to_str().into()),
        Expr::BytesLiteral(literal) => Const::Bytes(literal.value.bytes().collect()),
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(int) => integer(int, span(expr))?,
            Number::Float(float) => Const::Float(*float),
            Number::Complex { .. } => {
                return Err(Problem::unsupported(
                    "complex numbers are not run",
                    span(expr),
                    "keep the two parts as floats",
                ));
            }
        },
        Expr::UnaryOp(unary) => {
            let Some(value) = constant(&unary.operand)? else {
                return Ok(None);
            };
            return Ok(match (unary.op, value) {
                (UnaryOp::USub, Const::Int(int)) => Some(small(-BigInt::from(int))),
                (UnaryOp::USub, Const::BigInt(int)) => Some(small(-int)),
                (UnaryOp::USub, Const::Float(float)) => Some(Const::Float(-float)),
                (UnaryOp::UAdd, value @ (Const::Int(_) | Const::BigInt(_) | Const::Float(_))) => {
                    Some(value)
                }
                (UnaryOp::Invert, Const::Int(int)) => Some(Const::Int(!int)),
                (UnaryOp::Not, Const::Bool(value)) => Some(Const::Bool(!value)),
                (UnaryOp::Not, Const::None) => Some(Const::Bool(true)),
                _ => None,
            });
        }
        Expr::BinOp(binary) => {
            let (Some(left), Some(right)) = (constant(&binary.left)?, constant(&binary.right)?)
            else {
                return Ok(None);
            };
            return Ok(fold_binary(binary.op, &left, &right));
        }
        Expr::Tuple(tuple) => {
            let mut items = Vec::with_capacity(tuple.elts.len());
            for item in &tuple.elts {
                match constant(item)? {
                    Some(item) => items.push(item),
                    None => return Ok(None),
                }
            }
            Const::Tuple(items)
        }
        _ => return Ok(None),
    }))
}

fn integer(int: &Int, at: Span) -> Compiled<Const> {
    if let Some(value) = int.as_i64() {
        return Ok(Const::Int(value));
    }
    // Kept as written when too large for the parser: digits without underscores, with the prefix of its base.
    let text = int.to_string().replace('_', "");
    let (digits, radix) = match text.get(..2) {
        Some("0x" | "0X") => (&text[2..], 16),
        Some("0o" | "0O") => (&text[2..], 8),
        Some("0b" | "0B") => (&text[2..], 2),
        _ => (text.as_str(), 10),
    };
    if radix == 10 && digits.len() > MAX_DIGITS {
        return Err(Problem::syntax(
            format!(
                "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {} digits; use \
                 sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to \
                 avoid decimal conversion limits.",
                digits.len()
            ),
            at,
        ));
    }
    Ok(small(
        BigInt::from_str_radix(digits, radix).unwrap_or_default(),
    ))
}

/// An integer constant in its narrow form if it has one.
fn small(value: BigInt) -> Const {
    match i64::try_from(&value) {
        Ok(value) => Const::Int(value),
        Err(_) => Const::BigInt(value),
    }
}

fn fold_binary(op: Operator, left: &Const, right: &Const) -> Option<Const> {
    match (left, right) {
        (Const::Int(a), Const::Int(b)) => {
            let (a, b) = (*a, *b);
            let big = |value: BigInt| (value.bits() <= MAX_BITS).then(|| small(value));
            match op {
                Operator::Add => big(BigInt::from(a) + b),
                Operator::Sub => big(BigInt::from(a) - b),
                Operator::Mult => big(BigInt::from(a) * b),
                Operator::Pow if (0..=128).contains(&b) => big(BigInt::from(a).pow(b as u32)),
                Operator::LShift if (0..=128).contains(&b) => big(BigInt::from(a) << b),
                Operator::RShift if b >= 0 => Some(Const::Int(a >> b.min(63))),
                Operator::BitAnd => Some(Const::Int(a & b)),
                Operator::BitOr => Some(Const::Int(a | b)),
                Operator::BitXor => Some(Const::Int(a ^ b)),
                Operator::FloorDiv if b > 0 => Some(Const::Int(a.div_euclid(b))),
                Operator::Mod if b > 0 => Some(Const::Int(a.rem_euclid(b))),
                Operator::Div if b != 0 && a.abs() < 1 << 53 && b.abs() < 1 << 53 => {
                    Some(Const::Float(a as f64 / b as f64))
                }
                _ => None,
            }
        }
        (Const::Float(_) | Const::Int(_), Const::Float(_) | Const::Int(_)) => {
            let float = |value: &Const| match value {
                Const::Float(value) => Some(*value),
                Const::Int(value) if value.unsigned_abs() < 1 << 53 => Some(*value as f64),
                _ => None,
            };
            let (a, b) = (float(left)?, float(right)?);
            match op {
                Operator::Add => Some(Const::Float(a + b)),
                Operator::Sub => Some(Const::Float(a - b)),
                Operator::Mult => Some(Const::Float(a * b)),
                Operator::Div if b != 0.0 => Some(Const::Float(a / b)),
                _ => None,
            }
        }
        (Const::Str(a), Const::Str(b)) if op == Operator::Add && a.len() + b.len() <= MAX_TEXT => {
            Some(Const::Str(format!("{a}{b}").into()))
        }
        (Const::Str(text), Const::Int(times)) | (Const::Int(times), Const::Str(text))
            if op == Operator::Mult =>
        {
            let times = usize::try_from(*times).unwrap_or(0);
            (text.len().saturating_mul(times) <= MAX_TEXT)
                .then(|| Const::Str(text.repeat(times).into()))
        }
        _ => None,
    }
}

/// The truth of a constant.
pub fn truth(value: &Const) -> bool {
    match value {
        Const::None => false,
        Const::Bool(value) => *value,
        Const::Ellipsis | Const::BigInt(_) => true,
        Const::Int(value) => *value != 0,
        Const::Float(value) => *value != 0.0,
        Const::Str(value) => !value.is_empty(),
        Const::Bytes(value) => !value.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
    }
}
