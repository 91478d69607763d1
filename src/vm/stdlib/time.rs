//! `time`: the virtual clock, and the calendar in UTC.

use super::wait::nanoseconds;
use crate::kernel::op::{Answer, Op};
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, Out, Park, ok, pure};
use jiff::civil;

/// Functions for `time` and its users.
pub const FUNCTIONS: &[Entry] = &[
    pure("sleep", sleep, 1, 1),
    pure("clock", clock, 0, 0),
    pure("clock_now", clock_now, 0, 0),
    pure("clock_start", clock_start, 0, 0),
    pure("calendar", calendar, 1, 1),
    pure("timestamp", timestamp, 1, 1),
];

/// `sleep(seconds)`
fn sleep(m: &mut Machine, args: &Args) -> Native {
    let ns = nanoseconds(m, args.all[0])?;
    if ns < 0 {
        return Err(m.value_error("sleep length must be non-negative"));
    }
    Ok(Out::Park(Park { op: Op::Sleep(ns as u64), after: slept, extra: [Value::None; 2] }))
}

fn slept(_: &mut Machine, _: Answer, _: [Value; 2]) -> Native {
    ok(Value::None)
}

/// The clock in nanoseconds since the epoch: a visible operation.
fn clock(_: &mut Machine, _: &Args) -> Native {
    Ok(Out::Park(Park { op: Op::Clock, after: told, extra: [Value::None; 2] }))
}

fn told(m: &mut Machine, answer: Answer, _: [Value; 2]) -> Native {
    match answer {
        Answer::Time(ns) => ok(m.int128(i128::from(ns))),
        _ => ok(Value::None),
    }
}

/// The clock as it is now, for bundled code that stands for one operation.
fn clock_now(m: &mut Machine, _: &Args) -> Native {
    let now = m.kernel.now();
    ok(m.int128(i128::from(now)))
}

/// Where the clock stood when the run began.
fn clock_start(m: &mut Machine, _: &Args) -> Native {
    let start = m.options.start_time;
    ok(m.int128(i128::from(start)))
}

/// `calendar(seconds)`: the nine fields of `struct_time` in UTC.
fn calendar(m: &mut Machine, args: &Args) -> Native {
    let seconds = match m.unwrap(args.all[0]) {
        Value::Float(x) => x.floor() as i64,
        v => m.as_i64(v).unwrap_or(i64::MAX),
    };
    let Ok(time) = jiff::Timestamp::from_second(seconds) else {
        return Err(m.value_error("year is out of range"));
    };
    let zoned = time.to_zoned(jiff::tz::TimeZone::UTC);
    let fields = [
        i64::from(zoned.year()),
        i64::from(zoned.month()),
        i64::from(zoned.day()),
        i64::from(zoned.hour()),
        i64::from(zoned.minute()),
        i64::from(zoned.second()),
        i64::from(zoned.weekday().to_monday_zero_offset()),
        i64::from(zoned.day_of_year()),
        0,
    ];
    ok(m.tuple(fields.map(Value::Int)))
}

/// `timestamp((year, month, day, hour, minute, second, …))`: seconds since the epoch of a date in UTC; months, days and
/// smaller units may lie outside of their usual range.
fn timestamp(m: &mut Machine, args: &Args) -> Native {
    let fields: Vec<i64> =
        m.as_items(args.all[0]).unwrap_or_default().iter().map(|&v| m.as_i64(v).unwrap_or(0)).collect();
    let &[year, month, day, hour, minute, second, ..] = fields.as_slice() else {
        return Err(m.type_error("mktime(): illegal time tuple argument"));
    };
    let months = year * 12 + month - 1;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let first = i16::try_from(year).ok().and_then(|y| civil::Date::new(y, month as i8, 1).ok());
    let days = first.and_then(|d| d.to_zoned(jiff::tz::TimeZone::UTC).ok()).map(|z| z.timestamp().as_second());
    match days {
        Some(start) => ok(Value::Int(start + (day - 1) * 86_400 + hour * 3_600 + minute * 60 + second)),
        None => Err(m.raise(crate::vm::types::Ty::OverflowError, "mktime argument out of range")),
    }
}
