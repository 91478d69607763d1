//! Operators on integers (`Objects/longobject.c`).

use super::arith::Operated;
use crate::program::instr::BinOp;
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::native::Raise;
use crate::vm::types::Ty;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Integers of more bits are refused for want of memory: 20 million digits, of which one product takes about a second.
const MAX_BITS: u64 = 1 << 26;

/// Integers up to this size are floats without rounding.
const EXACT: u64 = 1 << 53;

impl Machine {
    /// `x op y` of machine integers.
    #[inline]
    pub(super) fn int_operator(&mut self, op: BinOp, x: i64, y: i64) -> Operated {
        let quick = match op {
            BinOp::Add => x.checked_add(y),
            BinOp::Sub => x.checked_sub(y),
            BinOp::Mul => x.checked_mul(y),
            BinOp::And => Some(x & y),
            BinOp::Or => Some(x | y),
            BinOp::Xor => Some(x ^ y),
            BinOp::FloorDiv if y > 0 => Some(x.div_euclid(y)),
            BinOp::Mod if y > 0 => Some(x.rem_euclid(y)),
            BinOp::RShift if y >= 0 => Some(x >> y.min(63)),
            BinOp::LShift if (0..63).contains(&y) => {
                let shifted = x << y;
                (shifted >> y == x).then_some(shifted)
            }
            BinOp::Pow if (0..=63).contains(&y) => x.checked_pow(y as u32),
            BinOp::Div if y != 0 && x.unsigned_abs() <= EXACT && y.unsigned_abs() <= EXACT => {
                return Ok(Some(Value::Float(x as f64 / y as f64)));
            }
            _ => None,
        };
        match quick {
            Some(n) => Ok(Some(Value::Int(n))),
            None => self.big_operator(op, &BigInt::from(x), &BigInt::from(y)),
        }
    }

    /// `x op y` of integers of any size.
    pub(super) fn big_operator(&mut self, op: BinOp, x: &BigInt, y: &BigInt) -> Operated {
        let result = match op {
            BinOp::Add => x + y,
            BinOp::Sub => x - y,
            BinOp::Mul => {
                self.check_bits(x.bits().saturating_add(y.bits()))?;
                x * y
            }
            BinOp::And => x & y,
            BinOp::Or => x | y,
            BinOp::Xor => x ^ y,
            BinOp::FloorDiv if y.is_zero() => {
                return Err(self.raise(Ty::ZeroDivisionError, "integer division or modulo by zero"));
            }
            BinOp::FloorDiv => x.div_floor(y),
            BinOp::Mod if y.is_zero() => {
                return Err(self.raise(Ty::ZeroDivisionError, "integer modulo by zero"));
            }
            BinOp::Mod => x.mod_floor(y),
            BinOp::Div if y.is_zero() => {
                return Err(self.raise(Ty::ZeroDivisionError, "division by zero"));
            }
            BinOp::Div => {
                return match true_divide(x, y) {
                    Some(quotient) => Ok(Some(Value::Float(quotient))),
                    None => Err(self.raise(
                        Ty::OverflowError,
                        "integer division result too large for a float",
                    )),
                };
            }
            BinOp::LShift | BinOp::RShift if y.is_negative() => {
                return Err(self.value_error("negative shift count"));
            }
            BinOp::LShift if x.is_zero() => BigInt::ZERO,
            BinOp::LShift => match y.to_u64() {
                Some(n) if y.bits() <= 63 => {
                    self.check_bits(x.bits().saturating_add(n))?;
                    x << n
                }
                _ => return Err(self.raise(Ty::OverflowError, "too many digits in integer")),
            },
            BinOp::RShift => match y.to_u64() {
                Some(n) if n <= x.bits() => x >> n,
                _ if x.is_negative() => BigInt::from(-1),
                _ => BigInt::ZERO,
            },
            BinOp::Pow if y.is_negative() => {
                let (Some(x), Some(y)) = (crate::text::int::to_f64(x), crate::text::int::to_f64(y))
                else {
                    return Err(self.raise(Ty::OverflowError, "int too large to convert to float"));
                };
                return self.float_operator(BinOp::Pow, x, y);
            }
            BinOp::Pow => self.power(x, y)?,
            BinOp::MatMul => return Ok(None),
        };
        Ok(Some(self.int(result)))
    }

    fn power(&mut self, x: &BigInt, y: &BigInt) -> Result<BigInt, Raise> {
        if x.is_zero() || x.magnitude().is_one() {
            // Whatever the exponent, it is one of these.
            return Ok(if y.is_zero() || x.is_one() {
                BigInt::one()
            } else if x.is_zero() || y.is_odd() {
                x.clone()
            } else {
                BigInt::one()
            });
        }
        match y.to_u32() {
            Some(n) => {
                self.check_bits((x.bits() - 1).saturating_mul(n.into()))?;
                Ok(x.pow(n))
            }
            None => Err(self.raise_with(Ty::MemoryError, &[])),
        }
    }

    /// `pow(x, y, modulus)` of integers; `None` if one is none.
    pub fn power_modulo(&mut self, x: Value, y: Value, modulus: Value) -> Operated {
        let (Some(x), Some(y), Some(modulus)) = (
            self.as_bigint(x),
            self.as_bigint(y),
            self.as_bigint(modulus),
        ) else {
            return Ok(None);
        };
        if modulus.is_zero() {
            return Err(self.value_error("pow() 3rd argument cannot be 0"));
        }
        if modulus.magnitude().is_one() {
            return Ok(Some(Value::Int(0)));
        }
        let (base, exponent) = if y.is_negative() {
            match x.mod_floor(&modulus.abs()).modinv(&modulus.abs()) {
                Some(inverse) => (inverse, -y),
                None => {
                    return Err(self.value_error("base is not invertible for the given modulus"));
                }
            }
        } else {
            (x, y)
        };
        // The result has the sign of the modulus.
        let result = base.modpow(&exponent, &modulus);
        Ok(Some(self.int(result)))
    }

    fn check_bits(&mut self, bits: u64) -> Result<(), Raise> {
        if bits > MAX_BITS {
            return Err(self.raise_with(Ty::MemoryError, &[]));
        }
        Ok(())
    }
}

/// The float nearest to `a / b`, ties to even; `None` if it is too large. Source: `long_true_divide`.
fn true_divide(a: &BigInt, b: &BigInt) -> Option<f64> {
    const MIN_EXP: i64 = -1021;
    const MAX_EXP: i64 = 1024;
    const DIGITS: i64 = 53;
    let negative = (a.sign() == Sign::Minus) != (b.sign() == Sign::Minus);
    let signed = |x: f64| if negative { -x } else { x };
    if a.is_zero() {
        return Some(signed(0.0));
    }
    let (a, b) = (a.magnitude(), b.magnitude());
    let difference = a.bits() as i64 - b.bits() as i64;
    if difference > MAX_EXP {
        return None;
    }
    if difference < MIN_EXP - DIGITS - 1 {
        return Some(signed(0.0));
    }
    // Scale so that the quotient has two bits more than a float, and let the last stand for all that is cut off.
    let shift = difference.max(MIN_EXP) - DIGITS - 2;
    let (quotient, rest) = if shift <= 0 {
        (a << -shift as u64).div_rem(b)
    } else {
        a.div_rem(&(b << shift as u64))
    };
    let mut x = quotient.to_u64()? | u64::from(!rest.is_zero());
    let bits = 64 - i64::from(x.leading_zeros());
    let extra = bits.max(MIN_EXP - shift) - DIGITS;
    let half = 1u64 << (extra - 1);
    if x & half != 0 && x & (3 * half - 1) != 0 {
        x += half;
    }
    x &= !(2 * half - 1);
    let exact = x as f64;
    let magnitude = scale(exact, shift);
    magnitude.is_finite().then(|| signed(magnitude))
}

/// `x * 2**e` where that is a float without rounding, or too large.
fn scale(x: f64, e: i64) -> f64 {
    let power = |e: i64| f64::from_bits(((e + 1023) as u64) << 52);
    match e {
        ..-1000 => x * power(-1000) * power(e + 1000),
        1001.. => x * power(1000) * power(e - 1000),
        e => x * power(e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn true_division_rounds_once() {
        let two = |n: u32| BigInt::from(2).pow(n);
        let cases = [
            (two(60) + 1, BigInt::from(3), 3.843_071_682_022_823e17),
            (BigInt::from(-1) * two(70), two(69), -2.0),
            (two(10000), two(9999), 2.0),
            (BigInt::one(), two(1074), 5e-324),
            (BigInt::one(), two(1075), 0.0),
            (BigInt::from(3), two(1075), 1e-323),
            (two(1024) - two(971), BigInt::one(), f64::MAX),
        ];
        for (a, b, expected) in cases {
            assert_eq!(true_divide(&a, &b), Some(expected), "{a} / {b}");
        }
        assert_eq!(true_divide(&two(1024), &BigInt::one()), None);
        assert_eq!(true_divide(&(two(1024) - 1), &BigInt::one()), None);
    }
}
