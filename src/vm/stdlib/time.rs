//! `time`: the virtual clock, and the calendar in UTC.

use super::wait::nanoseconds;
use crate::kernel::op::{Answer, Op};
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, Out, Park, ok, pure};

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
    Ok(Out::Park(Park {
        op: Op::Sleep(ns as u64),
        after: slept,
        extra: None,
    }))
}

fn slept(_: &mut Machine, _: Answer, _: [Value; 2]) -> Native {
    ok(Value::None)
}

/// The clock in nanoseconds since the epoch: a visible operation.
fn clock(_: &mut Machine, _: &Args) -> Native {
    Ok(Out::Park(Park {
        op: Op::Clock,
        after: told,
        extra: None,
    }))
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

/// Days from 1970-01-01 to a date of the Gregorian calendar.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013), also for [`date`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date so many days after 1970-01-01: year, month, day.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (
        year + era * 400 + i64::from(month <= 2),
        month,
        of_year - (153 * shifted + 2) / 5 + 1,
    )
}

/// Seconds since the epoch beyond which there is no date (years 1 to 9999).
const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// `calendar(seconds)`: the nine fields of `struct_time` in UTC.
fn calendar(m: &mut Machine, args: &Args) -> Native {
    let seconds = match m.unwrap(args.all[0]) {
        Value::Float(x) => x.floor() as i64,
        v => m.as_i64(v).unwrap_or(i64::MAX),
    };
    if !RANGE.contains(&seconds) {
        return Err(m.value_error("year is out of range"));
    }
    let (day_number, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(day_number);
    let fields = [
        year,
        month,
        day,
        second / 3600,
        second / 60 % 60,
        second % 60,
        (day_number + 3).rem_euclid(7),
        day_number - days(year, 1, 1) + 1,
        0,
    ];
    ok(m.tuple(fields.map(Value::Int)))
}

/// `timestamp((year, month, day, hour, minute, second, …))`: seconds since the epoch of a date in UTC; months, days and
/// smaller units may lie outside of their usual range.
fn timestamp(m: &mut Machine, args: &Args) -> Native {
    let fields: Vec<i64> = m
        .as_items(args.all[0])
        .unwrap_or_default()
        .iter()
        .map(|&v| m.as_i64(v).unwrap_or(0))
        .collect();
    let &[year, month, day, hour, minute, second, ..] = fields.as_slice() else {
        return Err(m.type_error("mktime(): illegal time tuple argument"));
    };
    if fields.iter().any(|n| n.abs() > 1 << 40) {
        return Err(m.raise(
            crate::vm::types::Ty::OverflowError,
            "mktime argument out of range",
        ));
    }
    let months = year * 12 + month - 1;
    let first = days(months.div_euclid(12), months.rem_euclid(12) + 1, 1);
    ok(Value::Int(
        (first + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second,
    ))
}

#[cfg(test)]
mod tests {
    use super::{date, days};

    #[test]
    fn dates_and_days_agree() {
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2024, 2, 29), 19_782);
        for day in (-800_000..3_000_000).step_by(97) {
            let (y, m, d) = date(day);
            assert_eq!(days(y, m, d), day);
        }
    }
}
