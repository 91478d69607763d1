//! Numbers across `bool`, `int` of any size and `float`: seeing a value as one, exact comparison.

use crate::text::int::Int;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;
use std::cmp::Ordering;

/// A number; `bool` is an integer.
#[derive(Clone, Copy, Debug)]
pub enum Num<'a> {
    /// An integer of 64 bits.
    Int(i64),
    /// A larger one.
    Big(&'a BigInt),
    /// A float.
    Float(f64),
}

impl<'a> Num<'a> {
    /// As an integer.
    pub fn integer(self) -> Option<Int<'a>> {
        match self {
            Num::Int(n) => Some(Int::Small(n)),
            Num::Big(n) => Some(Int::Big(n)),
            Num::Float(_) => None,
        }
    }

    /// As an integer with a copy of its digits.
    pub fn to_big(self) -> Option<BigInt> {
        match self {
            Num::Int(n) => Some(BigInt::from(n)),
            Num::Big(n) => Some(n.clone()),
            Num::Float(_) => None,
        }
    }

    /// As the nearest float; `None` for integers too large for one.
    pub fn to_f64(self) -> Option<f64> {
        match self {
            Num::Int(n) => Some(n as f64),
            Num::Big(n) => crate::text::int::to_f64(n),
            Num::Float(x) => Some(x),
        }
    }

    /// Compares by exact value; `None` if one is not a number.
    pub fn compare(self, other: Num<'_>) -> Option<Ordering> {
        match (self, other) {
            (Num::Int(a), Num::Int(b)) => Some(a.cmp(&b)),
            (Num::Float(a), Num::Float(b)) => a.partial_cmp(&b),
            (Num::Big(a), Num::Big(b)) => Some(a.cmp(b)),
            (Num::Big(a), Num::Int(_)) => Some(sign_order(a)),
            (Num::Int(_), Num::Big(b)) => Some(sign_order(b).reverse()),
            (Num::Int(a), Num::Float(b)) => int_float(a, b),
            (Num::Float(a), Num::Int(b)) => int_float(b, a).map(Ordering::reverse),
            (Num::Big(a), Num::Float(b)) => big_float(a, b),
            (Num::Float(a), Num::Big(b)) => big_float(b, a).map(Ordering::reverse),
        }
    }
}

/// How an integer beyond 64 bits compares with any that fits.
fn sign_order(n: &BigInt) -> Ordering {
    if n.sign() == Sign::Minus {
        Ordering::Less
    } else {
        Ordering::Greater
    }
}

fn int_float(a: i64, b: f64) -> Option<Ordering> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if b.is_nan() {
        return None;
    }
    if b >= LIMIT {
        return Some(Ordering::Less);
    }
    if b < -LIMIT {
        return Some(Ordering::Greater);
    }
    // Its whole part fits now, and what it lost decides only a tie.
    let whole = b.trunc();
    Some(
        a.cmp(&(whole as i64))
            .then_with(|| whole.partial_cmp(&b).unwrap_or(Ordering::Equal)),
    )
}

fn big_float(a: &BigInt, b: f64) -> Option<Ordering> {
    if b.is_nan() {
        return None;
    }
    if b.is_infinite() {
        return Some(if b > 0.0 {
            Ordering::Less
        } else {
            Ordering::Greater
        });
    }
    // A float that is near an integer beyond 64 bits is whole.
    let whole = num_traits::FromPrimitive::from_f64(b.trunc()).unwrap_or(BigInt::ZERO);
    Some(a.cmp(&whole))
}

impl Machine {
    /// The value as a number, seen through classes derived from builtin ones.
    #[inline]
    pub fn number(&self, value: Value) -> Option<Num<'_>> {
        match self.unwrap(value) {
            Value::Int(n) => Some(Num::Int(n)),
            Value::Bool(b) => Some(Num::Int(b.into())),
            Value::Float(x) => Some(Num::Float(x)),
            Value::Obj(id) => match self.heap.get(id) {
                Obj::BigInt(n) => Some(Num::Big(n)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value as an integer of any size, without copying it.
    #[inline]
    pub fn integer(&self, value: Value) -> Option<Int<'_>> {
        self.number(value)?.integer()
    }
}

/// The integer nearest to zero of a finite float.
pub fn trunc(x: f64) -> Result<i64, BigInt> {
    match x.trunc().to_i64() {
        Some(n) => Ok(n),
        None => Err(num_traits::FromPrimitive::from_f64(x.trunc()).unwrap_or(BigInt::ZERO)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_floats_compare_without_rounding() {
        let big = BigInt::from(2).pow(100);
        let cases = [
            (
                Num::Int(1 << 53),
                Num::Float(9_007_199_254_740_992.0),
                Some(Ordering::Equal),
            ),
            (
                Num::Int((1 << 53) + 1),
                Num::Float(9_007_199_254_740_992.0),
                Some(Ordering::Greater),
            ),
            (
                Num::Int(i64::MAX),
                Num::Float(9_223_372_036_854_775_808.0),
                Some(Ordering::Less),
            ),
            (
                Num::Int(i64::MIN),
                Num::Float(-9_223_372_036_854_775_808.0),
                Some(Ordering::Equal),
            ),
            (Num::Int(-2), Num::Float(-2.5), Some(Ordering::Greater)),
            (Num::Int(2), Num::Float(2.5), Some(Ordering::Less)),
            (Num::Int(0), Num::Float(f64::NAN), None),
            (
                Num::Big(&big),
                Num::Float((1_u128 << 100) as f64),
                Some(Ordering::Equal),
            ),
            (
                Num::Big(&big),
                Num::Float(f64::INFINITY),
                Some(Ordering::Less),
            ),
            (Num::Big(&big), Num::Int(5), Some(Ordering::Greater)),
        ];
        for (a, b, expected) in cases {
            assert_eq!(a.compare(b), expected, "{a:?} {b:?}");
            assert_eq!(b.compare(a), expected.map(Ordering::reverse), "{b:?} {a:?}");
        }
    }
}
