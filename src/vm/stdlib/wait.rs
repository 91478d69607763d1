//! Timeouts as programs give them, in nanoseconds, with CPython's errors.
//!
//! Source: `_PyTime_FromSecondsObject` in CPython 3.13's `Python/pytime.c`, rounding away from zero.

use crate::kernel::op::Wait;
use crate::text::int::Int;
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::native::Raise;
use crate::vm::types::Ty;

/// `threading.TIMEOUT_MAX`, in nanoseconds.
pub const TIMEOUT_MAX: i64 = 9_223_372_036_000_000_000;

/// Nanoseconds of a number of seconds.
///
/// # Errors
/// `TypeError` for what is no number, `ValueError` for NaN, `OverflowError` beyond 292 years.
pub fn nanoseconds(m: &mut Machine, seconds: Value) -> Result<i64, Raise> {
    if let Value::Float(x) = m.unwrap(seconds) {
        if x.is_nan() {
            return Err(m.value_error("Invalid value NaN (not a number)"));
        }
        let ns = x * 1e9;
        let ns = if ns >= 0.0 { ns.ceil() } else { ns.floor() };
        if !(i64::MIN as f64..i64::MAX as f64).contains(&ns) {
            return Err(m.raise(
                Ty::OverflowError,
                "timestamp out of range for platform time_t",
            ));
        }
        return Ok(ns as i64);
    }
    let whole = match m.integer(seconds) {
        Some(Int::Small(n)) => n.checked_mul(1_000_000_000),
        Some(Int::Big(_)) => None,
        None => {
            let message = format!(
                "'{}' object cannot be interpreted as an integer",
                m.type_name(seconds)
            );
            return Err(m.type_error(message));
        }
    };
    whole.ok_or_else(|| {
        m.raise(
            Ty::OverflowError,
            "timestamp too large to convert to C PyTime_t",
        )
    })
}

/// The wait of `acquire(blocking, timeout)` of Lock and RLock, where -1 stands for no timeout.
///
/// # Errors
/// As CPython's `lock_acquire_parse_args`.
pub fn lock_wait(m: &mut Machine, blocking: Value, timeout: Value) -> Result<Wait, Raise> {
    let blocking = blocking.is_unbound() || m.truth(blocking).unwrap_or(true);
    let ns = match timeout {
        Value::Unbound | Value::Int(-1) => None,
        timeout => Some(nanoseconds(m, timeout)?).filter(|ns| *ns != -1_000_000_000),
    };
    match (blocking, ns) {
        (false, Some(_)) => Err(m.value_error("can't specify a timeout for a non-blocking call")),
        (_, Some(ns)) if ns < 0 => {
            Err(m.value_error("timeout value must be a non-negative number"))
        }
        (_, Some(ns)) if ns > TIMEOUT_MAX => {
            Err(m.raise(Ty::OverflowError, "timeout value is too large"))
        }
        (false, None) => Ok(Wait::Never),
        (true, None) => Ok(Wait::Forever),
        (true, Some(ns)) => Ok(Wait::For(ns as u64)),
    }
}

/// The wait of a `timeout=None` argument, where what is not positive does not wait at all.
///
/// # Errors
/// `TypeError` as of the comparison `timeout > 0`, `OverflowError`.
pub fn optional_wait(m: &mut Machine, timeout: Value) -> Result<Wait, Raise> {
    if timeout.is_unbound() || timeout.is_none() {
        return Ok(Wait::Forever);
    }
    if m.as_f64(timeout).is_none() && m.as_bigint(timeout).is_none() {
        let message = format!(
            "'>' not supported between instances of '{}' and 'int'",
            m.type_name(timeout)
        );
        return Err(m.type_error(message));
    }
    match nanoseconds(m, timeout)? {
        ns if ns <= 0 => Ok(Wait::Never),
        ns if ns > TIMEOUT_MAX => Err(m.raise(Ty::OverflowError, "timeout value is too large")),
        ns => Ok(Wait::For(ns as u64)),
    }
}
