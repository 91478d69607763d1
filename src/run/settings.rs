//! Options as text: one table of keys from which header comments, trace headers and tokens all derive.
//!
//! The text form is `key=value` pairs separated by spaces, in the table's order. A key whose value is the default is left
//! out by [`to_text`], so that a new option changes no old trace. What the text cannot hold (`stdin`, `args`) belongs to
//! the command line alone.

use super::{Options, Switch, Time};
use crate::explore::registry;
use std::fmt::Write;

/// One option: its key, how a value is read into [`Options`], and how it is written.
struct Setting {
    key: &'static str,
    read: fn(&mut Options, &str) -> Result<(), String>,
    write: fn(&Options) -> String,
}

/// All keys, in the order in which they are written. A new option of the run is one entry here.
const SETTINGS: &[Setting] = &[
    Setting {
        key: "switch",
        read: |o, v| {
            set(
                &mut o.switch,
                v.parse()
                    .map_err(|()| one_of(v, SWITCHES.iter().map(|s| s.0))),
            )
        },
        write: |o| o.switch.name().into(),
    },
    Setting {
        key: "time",
        read: |o, v| {
            set(
                &mut o.time,
                v.parse().map_err(|()| one_of(v, TIMES.iter().map(|t| t.0))),
            )
        },
        write: |o| o.time.name().into(),
    },
    Setting {
        key: "strategy",
        read: |o, v| match registry::find(v) {
            Some(_) => set(&mut o.strategy, Ok(v.to_owned())),
            None => Err(one_of(v, registry::STRATEGIES.iter().map(|s| s.name))),
        },
        write: |o| o.strategy.clone(),
    },
    Setting {
        key: "seed",
        read: |o, v| set(&mut o.seed, number(v)),
        write: |o| o.seed.to_string(),
    },
    Setting {
        key: "spurious",
        read: |o, v| {
            let n = number(v)?;
            set(
                &mut o.spurious,
                u32::try_from(n).map_err(|_| format!("{v} is too large")),
            )
        },
        write: |o| o.spurious.to_string(),
    },
    Setting {
        key: "fifo",
        read: |o, v| set(&mut o.fifo, truth(v)),
        write: |o| o.fifo.to_string(),
    },
    Setting {
        key: "step-cost",
        read: |o, v| set(&mut o.step_cost, duration(v)),
        write: |o| o.step_cost.to_string(),
    },
    Setting {
        key: "start-time",
        read: |o, v| set(&mut o.start_time, instant(v)),
        write: |o| instant_text(o.start_time),
    },
    Setting {
        key: "max-steps",
        read: |o, v| set(&mut o.max_steps, number(v)),
        write: |o| o.max_steps.to_string(),
    },
    Setting {
        key: "max-memory",
        read: |o, v| set(&mut o.max_memory, size(v)),
        write: |o| o.max_memory.to_string(),
    },
    Setting {
        key: "echo",
        read: |o, v| set(&mut o.echo, truth(v)),
        write: |o| o.echo.to_string(),
    },
];

const SWITCHES: &[(&str, Switch)] = &[
    ("sync", Switch::Sync),
    ("gil", Switch::Gil),
    ("shared", Switch::Shared),
];

const TIMES: &[(&str, Time)] = &[("virtual", Time::Virtual), ("free", Time::Free)];

impl Switch {
    /// The word for it on the command line.
    pub fn name(self) -> &'static str {
        SWITCHES.iter().find(|s| s.1 == self).map_or("", |s| s.0)
    }
}

impl Time {
    /// The word for it on the command line.
    pub fn name(self) -> &'static str {
        TIMES.iter().find(|t| t.1 == self).map_or("", |t| t.0)
    }
}

impl std::str::FromStr for Switch {
    type Err = ();
    fn from_str(s: &str) -> Result<Self, ()> {
        SWITCHES.iter().find(|x| x.0 == s).map(|x| x.1).ok_or(())
    }
}

impl std::str::FromStr for Time {
    type Err = ();
    fn from_str(s: &str) -> Result<Self, ()> {
        TIMES.iter().find(|x| x.0 == s).map(|x| x.1).ok_or(())
    }
}

/// All keys that [`apply`] knows.
pub fn keys() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().map(|s| s.key)
}

/// Sets one option from its text. A key without a value (`fifo`) is `true`.
///
/// # Errors
///
/// A sentence that names the key and what it takes; for an unknown key the nearest known one.
pub fn apply(options: &mut Options, key: &str, value: &str) -> Result<(), String> {
    match SETTINGS.iter().find(|s| s.key == key) {
        Some(setting) => (setting.read)(options, value).map_err(|why| format!("{key}: {why}")),
        None => Err(unknown(key)),
    }
}

/// Reads `key=value` pairs over given options.
///
/// # Errors
///
/// As [`apply`], for the first pair that does not fit.
pub fn read_text(options: &mut Options, text: &str) -> Result<(), String> {
    for word in text.split_whitespace() {
        let (key, value) = word.split_once('=').unwrap_or((word, "true"));
        apply(options, key, value)?;
    }
    Ok(())
}

/// The options that differ from the defaults as `key=value` pairs; `switch` and `time` always, `strategy` and `seed` never,
/// for which trace headers have fields of their own.
pub fn to_text(options: &Options) -> String {
    let defaults = Options::default();
    let mut text = String::new();
    for setting in SETTINGS {
        let value = (setting.write)(options);
        if matches!(setting.key, "strategy" | "seed") {
            continue;
        }
        let always = matches!(setting.key, "switch" | "time");
        if always || value != (setting.write)(&defaults) {
            let gap = if text.is_empty() { "" } else { " " };
            let _ = write!(text, "{gap}{}={value}", setting.key);
        }
    }
    text
}

/// An instant as UTC date and time, `2024-01-01T00:00:00`, with a fraction if it has one.
pub fn instant_text(nanoseconds: u64) -> String {
    match jiff::Timestamp::from_nanosecond(i128::from(nanoseconds)) {
        Ok(t) => t.to_string().trim_end_matches('Z').to_owned(),
        Err(_) => nanoseconds.to_string(),
    }
}

/// Reads a date and time (UTC unless it says otherwise) into nanoseconds since the epoch.
///
/// # Errors
///
/// When it is no date, or before 1970 or after 2554, which is what 64 bits of nanoseconds hold.
pub fn instant(text: &str) -> Result<u64, String> {
    let stamp = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let civil = text.parse::<jiff::civil::DateTime>().ok()?;
        jiff::tz::Offset::UTC.to_timestamp(civil).ok()
    });
    let Some(stamp) = stamp else {
        return Err(format!(
            "`{text}` is not a date and time such as 2019-01-01T19:35:46"
        ));
    };
    u64::try_from(stamp.as_nanosecond())
        .map_err(|_| format!("`{text}` is outside of the years 1970 to 2554"))
}

/// Reads `1us`, `20ms`, `3s`, or plain nanoseconds.
///
/// # Errors
///
/// When it is no number with one of these units.
pub fn duration(text: &str) -> Result<u64, String> {
    let units = [
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
    ];
    scaled(text, &units)
        .ok_or_else(|| format!("`{text}` is not a duration such as 500ns, 1us, 20ms or 3s"))
}

/// Reads `512M`, `2G`, `64k`, or plain bytes.
///
/// # Errors
///
/// When it is no number with one of these units.
pub fn size(text: &str) -> Result<u64, String> {
    let units = [
        ("k", 1 << 10),
        ("K", 1 << 10),
        ("M", 1 << 20),
        ("G", 1 << 30),
    ];
    scaled(text, &units).ok_or_else(|| format!("`{text}` is not a size such as 64k, 512M or 2G"))
}

fn scaled(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let plain = (text, 1);
    let (digits, scale) = units
        .iter()
        .find_map(|&(unit, scale)| Some((text.strip_suffix(unit)?, scale)))
        .unwrap_or(plain);
    number(digits).ok()?.checked_mul(scale)
}

fn number(text: &str) -> Result<u64, String> {
    // `parse` alone would take a leading `+`.
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let plain = text.replace('_', "");
    match plain.parse() {
        Ok(n) if digits => Ok(n),
        Err(_) if digits && !plain.is_empty() => Err(format!("{text} is too large")),
        _ => Err(format!("`{text}` is not a whole number")),
    }
}

fn truth(text: &str) -> Result<bool, String> {
    match text {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(format!("`{text}` is neither true nor false")),
    }
}

fn set<T>(slot: &mut T, value: Result<T, String>) -> Result<(), String> {
    *slot = value?;
    Ok(())
}

fn one_of(value: &str, words: impl Iterator<Item = &'static str>) -> String {
    let words: Vec<_> = words.collect();
    format!("`{value}` is not one of {}", words.join(", "))
}

fn unknown(key: &str) -> String {
    let near = keys()
        .map(|k| (strsim::jaro_winkler(k, key), k))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match near {
        Some((_, near)) => format!("there is no option `{key}`; did you mean `{near}`?"),
        None => {
            let all: Vec<_> = keys().collect();
            format!("there is no option `{key}`; known are {}", all.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_holds_what_differs_and_reads_back() {
        let mut options = Options {
            switch: Switch::Sync,
            spurious: u32::MAX,
            fifo: true,
            start_time: 1_546_371_346_000_000_000,
            ..Options::default()
        };
        let text = to_text(&options);
        assert_eq!(
            text,
            "switch=sync time=virtual spurious=4294967295 fifo=true start-time=2019-01-01T19:35:46"
        );
        let mut back = Options::default();
        read_text(&mut back, &text).unwrap();
        assert_eq!(back, options);
        options.time = Time::Free;
        assert_ne!(back, options);
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let mut o = Options::default();
        let mut why = |text| read_text(&mut o, text).unwrap_err();
        assert_eq!(
            why("swich=sync"),
            "there is no option `swich`; did you mean `switch`?"
        );
        assert_eq!(
            why("switch=often"),
            "switch: `often` is not one of sync, gil, shared"
        );
        assert_eq!(why("seed=-1"), "seed: `-1` is not a whole number");
        assert_eq!(
            why("spurious=5000000000"),
            "spurious: 5000000000 is too large"
        );
        assert_eq!(
            why("start-time=1969-01-01T00:00:00"),
            "start-time: `1969-01-01T00:00:00` is outside of the years 1970 to 2554"
        );
        assert!(why("zzz").starts_with("there is no option `zzz`; known are switch, "));
    }

    #[test]
    fn units() {
        assert_eq!(duration("20ms"), Ok(20_000_000));
        assert_eq!(duration("7"), Ok(7));
        assert_eq!(size("64k"), Ok(65_536));
        assert!(duration("ms").is_err());
        assert!(size("99999999999G").is_err());
    }
}
