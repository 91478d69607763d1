//! Operators on floats (`Objects/floatobject.c`).

use super::arith::Operated;
use super::elementary;
use crate::program::instr::BinOp;
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::types::Ty;

/// Which operators floats have.
pub(super) struct FloatOp;

impl FloatOp {
    /// Whether floats have the operator.
    pub(super) fn defines(op: BinOp) -> bool {
        matches!(
            op,
            BinOp::Add
                | BinOp::Sub
                | BinOp::Mul
                | BinOp::Div
                | BinOp::FloorDiv
                | BinOp::Mod
                | BinOp::Pow
        )
    }
}

/// `x // y` and `x % y`, for `y` other than zero.
pub(super) fn div_mod(x: f64, y: f64) -> (f64, f64) {
    let mut rem = x % y;
    let mut div = (x - rem) / y;
    if rem == 0.0 {
        rem = 0f64.copysign(y);
    } else if (y < 0.0) != (rem < 0.0) {
        rem += y;
        div -= 1.0;
    }
    let floor = if div == 0.0 {
        0f64.copysign(x / y)
    } else if div - div.floor() > 0.5 {
        div.floor() + 1.0
    } else {
        div.floor()
    };
    (floor, rem)
}

/// Why `x ** y` is no float.
#[derive(Debug, PartialEq)]
enum Power {
    ZeroToNegative,
    TooLarge,
    Complex,
}

fn power(x: f64, y: f64) -> Result<f64, Power> {
    let odd = y.abs() % 2.0 == 1.0;
    if y == 0.0 || x == 1.0 {
        return Ok(1.0);
    }
    if x.is_nan() {
        return Ok(x);
    }
    if y.is_nan() {
        return Ok(y);
    }
    if y.is_infinite() {
        let x = x.abs();
        return Ok(match x {
            1.0 => 1.0,
            _ if (y > 0.0) == (x > 1.0) => f64::INFINITY,
            _ => 0.0,
        });
    }
    if x.is_infinite() {
        let result = if y > 0.0 { f64::INFINITY } else { 0.0 };
        return Ok(if odd { result.copysign(x) } else { result });
    }
    if x == 0.0 {
        return match (y < 0.0, odd) {
            (true, _) => Err(Power::ZeroToNegative),
            (false, true) => Ok(x),
            (false, false) => Ok(0.0),
        };
    }
    if x < 0.0 && y != y.floor() {
        return Err(Power::Complex);
    }
    let magnitude = elementary::pow(x.abs(), y);
    if magnitude.is_infinite() {
        return Err(Power::TooLarge);
    }
    Ok(if x < 0.0 && odd {
        -magnitude
    } else {
        magnitude
    })
}

impl Machine {
    /// `x op y` of floats.
    #[inline]
    pub(super) fn float_operator(&mut self, op: BinOp, x: f64, y: f64) -> Operated {
        let zero = |m: &mut Machine, message: &str| Err(m.raise(Ty::ZeroDivisionError, message));
        Ok(Some(Value::Float(match op {
            BinOp::Add => x + y,
            BinOp::Sub => x - y,
            BinOp::Mul => x * y,
            BinOp::Div if y == 0.0 => return zero(self, "float division by zero"),
            BinOp::Div => x / y,
            BinOp::FloorDiv if y == 0.0 => return zero(self, "float floor division by zero"),
            BinOp::FloorDiv => div_mod(x, y).0,
            BinOp::Mod if y == 0.0 => return zero(self, "float modulo by zero"),
            BinOp::Mod => div_mod(x, y).1,
            BinOp::Pow => match power(x, y) {
                Ok(result) => result,
                Err(Power::ZeroToNegative) => {
                    return zero(self, "0.0 cannot be raised to a negative power");
                }
                Err(Power::TooLarge) => {
                    let text = self.str("Numerical result out of range");
                    return Err(self.raise_with(Ty::OverflowError, &[Value::Int(34), text]));
                }
                Err(Power::Complex) => {
                    return Err(self.refuse(
                        "the complex result of a negative number to a fraction is not supported",
                    ));
                }
            },
            _ => return Ok(None),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_goes_down_and_the_rest_has_the_sign_of_the_divisor() {
        let cases = [
            (-5.5, 2.0, -3.0, 0.5),
            (5.5, -2.0, -3.0, -0.5),
            (0.0, -1.0, -0.0, -0.0),
            (-0.0, 1.0, -0.0, 0.0),
            (-1.0, f64::INFINITY, -1.0, f64::INFINITY),
            (1.0, 0.1, 9.0, 0.099_999_999_999_999_95),
        ];
        for (x, y, div, rem) in cases {
            let (d, r) = div_mod(x, y);
            assert_eq!(
                (d.to_bits(), r.to_bits()),
                (f64::to_bits(div), f64::to_bits(rem)),
                "{x} {y}"
            );
        }
    }

    #[test]
    fn powers_of_special_values() {
        let inf = f64::INFINITY;
        assert_eq!(power(1.0, f64::NAN), Ok(1.0));
        assert_eq!(power(f64::NAN, 0.0), Ok(1.0));
        assert_eq!(power(-1.0, inf), Ok(1.0));
        assert_eq!(power(-inf, 3.0), Ok(-inf));
        assert_eq!(power(-inf, -3.0).map(f64::to_bits), Ok((-0.0f64).to_bits()));
        assert_eq!(power(-2.0, 3.0), Ok(-8.0));
        assert_eq!(power(0.0, -1.0), Err(Power::ZeroToNegative));
        assert_eq!(power(-8.0, 0.5), Err(Power::Complex));
        assert_eq!(power(10.0, 400.0), Err(Power::TooLarge));
    }
}
