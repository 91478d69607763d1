//! Schedule tokens: a run as short text.
//!
//! ```text
//! rd1-GAABAgMEBQYH...
//! ```
//!
//! `rd`, the version of the format, `-`, and base64url (RFC 4648, section 5) without padding of these bytes. White space is
//! skipped, so that a token may be broken over lines. "number" is LEB128.
//!
//! | bytes | meaning |
//! | --- | --- |
//! | number | how many bytes follow, to tell a cut-off token from a garbled one |
//! | 4 | digest of the program's source, little-endian |
//! | 1 | options: bits 0-1 switch mode, 2 free time, 3 fifo, 4 to 7 which of the next four are there |
//! | number each | spurious budget; step cost; start time; data seed, where they are not the default |
//! | 1 | form of the rest: 0 runs, 1 packed, 2 seed |
//! | ... | the rest |
//! | 4 | CRC-32 of all bytes before, little-endian |
//!
//! *Runs* and *packed* hold the choices: number of choices, 8 bytes of hash ([`Schedule::hash`]), number of different choices
//! and each of them (a number: thread id times 2, plus 1 if chosen as a waiter; 2^32 - 1 for a jump of the clock though threads can step, and
//! 2^32 - 2 for each step without alternative between the choice before and the jump). Choices are called by
//! their index in that list of n. Runs: for each run of m equal choices the number (m - 1) * n + index. Packed: all indices, each in as
//! few bits as hold n - 1, lowest bits first. The shorter form is taken: runs for few preemptions, packed for many.
//!
//! *Seed* is for schedules whose choices would make a token of more than [`MAX_CHARS`] characters: length and bytes of the strategy's
//! name, seed, number of choices, 8 bytes of hash. The replay then runs the strategy again and must come to the same hash.

use std::cmp::Ordering;
use std::fmt;

use super::codec::{Reader, base64_len, crc32, put_base64, put_varint, read_base64};
use super::key::{RunKey, SwitchMode};
use super::schedule::Schedule;
use crate::kernel::TimeMode;

/// The version of the format that is written, and the newest that is read.
pub const VERSION: u32 = 1;

/// A token with choices is at most this long, if there is a seed to hold instead.
pub const MAX_CHARS: usize = 2_000;

/// A schedule of so many runs of equal choices never fits into [`MAX_CHARS`]: each takes a bit or more in either form.
pub const MAX_RUNS: usize = MAX_CHARS * 8;

/// A run: what to run how, and what was chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// The first 32 bits of a hash of the program's source.
    pub program: u32,
    /// The options of the run.
    pub key: RunKey,
    /// Its choices.
    pub choices: Choices,
}

/// How a token holds the choices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choices {
    /// All of them.
    Listed(Schedule),
    /// The way to make them again.
    Seeded {
        /// The strategy that made them.
        strategy: String,
        /// Its seed.
        seed: u64,
        /// How many choices there were.
        count: u64,
        /// [`Schedule::hash`] of them.
        hash: u64,
    },
}

/// Why a text is no token that can be replayed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TokenError {
    /// It does not begin as tokens do.
    NotAToken,
    /// It is of a newer version of the format.
    Newer(u32),
    /// It has a character that tokens have not.
    Character {
        /// Where, in bytes from the start of the text.
        at: usize,
        /// Which.
        character: char,
    },
    /// Its end is missing.
    Truncated,
    /// It goes on after its end.
    TooLong,
    /// Some character is wrong.
    Checksum,
    /// It is well-formed and makes no sense: raddle never made it.
    Invalid(&'static str),
    /// It is for another program, or another state of the program.
    OtherProgram {
        /// The digest of the program at hand.
        found: u32,
        /// The digest in the token.
        expected: u32,
    },
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenError::NotAToken => {
                write!(f, "not a schedule token (they begin with \"rd{VERSION}-\")")
            }
            TokenError::Newer(version) => {
                write!(
                    f,
                    "a schedule token of format {version}; this raddle knows formats up to {VERSION}"
                )
            }
            TokenError::Character { at, character } => {
                write!(
                    f,
                    "not a schedule token: {character:?} at position {at} does not belong there"
                )
            }
            TokenError::Truncated => write!(f, "the schedule token is cut off"),
            TokenError::TooLong => write!(f, "the schedule token has characters after its end"),
            TokenError::Checksum => {
                write!(f, "the schedule token is garbled (its checksum is wrong)")
            }
            TokenError::Invalid(what) => write!(f, "the schedule token is invalid: {what}"),
            TokenError::OtherProgram { found, expected } => write!(
                f,
                "the schedule token is for another program or another state of it (source digest {expected:08x}, \
                 here {found:08x})"
            ),
        }
    }
}

impl std::error::Error for TokenError {}

const RUNS: u8 = 0;
const PACKED: u8 = 1;
const SEED: u8 = 2;

impl Token {
    /// The token of a run: with its choices, or with `origin` (strategy and seed) if there is one and the choices are too many.
    ///
    /// # Panics
    /// When the choices are forgotten and there is no origin.
    pub fn new(
        program: u32,
        key: RunKey,
        mut schedule: Schedule,
        origin: Option<(&str, u64)>,
    ) -> Self {
        assert!(
            origin.is_some() || !schedule.is_forgotten(),
            "forgotten choices need an origin"
        );
        schedule.bound = 0;
        let token = Token {
            program,
            key,
            choices: Choices::Listed(schedule),
        };
        let Some((strategy, seed)) = origin else {
            return token;
        };
        // A very long schedule need not be coded to know.
        let Choices::Listed(schedule) = &token.choices else {
            unreachable!("made above")
        };
        if !schedule.forgotten && schedule.runs.len() < MAX_RUNS && token.text_len() <= MAX_CHARS {
            return token;
        }
        let (strategy, count, hash) = (strategy.to_owned(), schedule.len(), schedule.hash());
        Token {
            choices: Choices::Seeded {
                strategy,
                seed,
                count,
                hash,
            },
            ..token
        }
    }

    /// How many characters its text has.
    pub fn text_len(&self) -> usize {
        prefix().len() + base64_len(self.bytes().len())
    }

    /// Reads a token.
    ///
    /// # Errors
    /// When it is none, or not whole, or not for this version: see [`TokenError`].
    pub fn decode(text: &str) -> Result<Token, TokenError> {
        let start = text.len() - text.trim_start().len();
        let (version, rest) = text[start..]
            .strip_prefix("rd")
            .and_then(|rest| rest.split_once('-'))
            .ok_or(TokenError::NotAToken)?;
        // No sign, no leading zero.
        match version.parse() {
            Ok(VERSION) if version.len() == 1 => {}
            Ok(newer) if newer > VERSION && version.starts_with(|c: char| c.is_ascii_digit()) => {
                return Err(TokenError::Newer(newer));
            }
            _ => return Err(TokenError::NotAToken),
        }
        let (bytes, clean) =
            read_base64(rest).map_err(|(at, character)| TokenError::Character {
                at: text.len() - rest.len() + at,
                character,
            })?;
        let mut reader = Reader { bytes: &bytes };
        let length = reader.varint().ok_or(TokenError::Truncated)?;
        match length.cmp(&(reader.bytes.len() as u64)) {
            Ordering::Greater => return Err(TokenError::Truncated),
            Ordering::Less => return Err(TokenError::TooLong),
            Ordering::Equal if !clean => return Err(TokenError::Checksum),
            Ordering::Equal => {}
        }
        let body = bytes.len().checked_sub(4).ok_or(TokenError::Truncated)?;
        let (checked, sum) = bytes.split_at(body);
        if sum != crc32(checked).to_le_bytes() {
            return Err(TokenError::Checksum);
        }
        let mut reader = Reader {
            bytes: &reader.bytes[..reader.bytes.len().saturating_sub(4)],
        };
        let token = read_body(&mut reader)?;
        if reader.bytes.is_empty() {
            Ok(token)
        } else {
            Err(TokenError::Invalid("bytes left over"))
        }
    }

    /// Whether it is for the program with this digest.
    ///
    /// # Errors
    /// [`TokenError::OtherProgram`].
    pub fn check_program(&self, digest: u32) -> Result<(), TokenError> {
        if self.program == digest {
            Ok(())
        } else {
            Err(TokenError::OtherProgram {
                found: digest,
                expected: self.program,
            })
        }
    }

    /// Whether the record of a run is that of this token: the same choices at the same points, none left over. To be asked after a
    /// replay, whatever the form: a run by seed has nothing else to hold it to its record.
    pub fn fits(&self, record: &Schedule) -> bool {
        let (count, hash) = match &self.choices {
            Choices::Listed(schedule) => (schedule.len(), schedule.hash()),
            Choices::Seeded { count, hash, .. } => (*count, *hash),
        };
        (count, hash) == (record.len(), record.hash())
    }

    fn bytes(&self) -> Vec<u8> {
        let mut body = self.program.to_le_bytes().to_vec();
        put_key(&mut body, &self.key);
        match &self.choices {
            Choices::Listed(schedule) => put_schedule(&mut body, schedule),
            Choices::Seeded {
                strategy,
                seed,
                count,
                hash,
            } => {
                body.push(SEED);
                put_varint(&mut body, strategy.len() as u64);
                body.extend(strategy.as_bytes());
                put_varint(&mut body, *seed);
                put_varint(&mut body, *count);
                body.extend(hash.to_le_bytes());
            }
        }
        let mut bytes = Vec::with_capacity(body.len() + 8);
        put_varint(&mut bytes, body.len() as u64 + 4);
        bytes.extend(body);
        let sum = crc32(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }
}

fn prefix() -> String {
    format!("rd{VERSION}-")
}

/// The token's text.
impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = prefix();
        put_base64(&mut text, &self.bytes());
        f.write_str(&text)
    }
}

impl std::str::FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Token, TokenError> {
        Token::decode(text)
    }
}

/// The options coded as numbers, with their defaults.
fn numbers(key: &RunKey) -> [u64; 4] {
    [
        u64::from(key.spurious),
        key.step_cost,
        key.start_time,
        key.data_seed,
    ]
}

fn put_key(out: &mut Vec<u8>, key: &RunKey) {
    let switch = match key.switch {
        SwitchMode::Sync => 0,
        SwitchMode::Gil => 1,
        SwitchMode::Shared => 2,
    };
    let free = u8::from(key.time == TimeMode::Free);
    let at = out.len();
    out.push(switch | free << 2 | u8::from(key.fifo) << 3);
    for (i, (number, default)) in numbers(key)
        .into_iter()
        .zip(numbers(&RunKey::default()))
        .enumerate()
    {
        if number != default {
            out[at] |= 0x10 << i;
            put_varint(out, number);
        }
    }
}

fn read_key(reader: &mut Reader) -> Option<RunKey> {
    let bits = reader.byte()?;
    let mut numbers = numbers(&RunKey::default());
    for (i, number) in numbers.iter_mut().enumerate() {
        if bits & 0x10 << i != 0 {
            *number = reader.varint()?;
        }
    }
    Some(RunKey {
        switch: match bits & 3 {
            0 => SwitchMode::Sync,
            1 => SwitchMode::Gil,
            2 => SwitchMode::Shared,
            _ => return None,
        },
        time: if bits & 4 == 0 {
            TimeMode::Virtual
        } else {
            TimeMode::Free
        },
        fifo: bits & 8 != 0,
        spurious: numbers[0].try_into().ok()?,
        step_cost: numbers[1],
        start_time: numbers[2],
        data_seed: numbers[3],
    })
}

/// Bits that hold every index below `n`.
fn width(n: usize) -> u32 {
    n.saturating_sub(1).checked_ilog2().map_or(0, |log| log + 1)
}

fn put_schedule(out: &mut Vec<u8>, schedule: &Schedule) {
    let mut keys: Vec<u32> = schedule.runs.iter().map(|run| run.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let index = |key: u32| keys.binary_search(&key).expect("collected above") as u64;
    let mut runs = Vec::new();
    for run in &schedule.runs {
        put_varint(
            &mut runs,
            u64::from(run.count - 1) * keys.len() as u64 + index(run.key),
        );
    }
    let bits = width(keys.len());
    let packed_len = schedule.len().saturating_mul(u64::from(bits)).div_ceil(8);
    let packed = bits > 0 && packed_len < runs.len() as u64;
    out.push(if packed { PACKED } else { RUNS });
    put_varint(out, schedule.len());
    out.extend(schedule.hash().to_le_bytes());
    put_varint(out, keys.len() as u64);
    keys.iter().for_each(|key| put_varint(out, u64::from(*key)));
    if !packed {
        out.extend(runs);
        return;
    }
    let (mut word, mut filled) = (0u64, 0);
    for run in &schedule.runs {
        for _ in 0..run.count {
            word |= index(run.key) << filled;
            filled += bits;
            while filled >= 8 {
                out.push(word as u8);
                word >>= 8;
                filled -= 8;
            }
        }
    }
    if filled > 0 {
        out.push(word as u8);
    }
}

fn read_body(reader: &mut Reader) -> Result<Token, TokenError> {
    let invalid = TokenError::Invalid;
    let program = u32::from_le_bytes(reader.array().ok_or(invalid("no program digest"))?);
    let key = read_key(reader).ok_or(invalid("unknown options"))?;
    let form = reader.byte().ok_or(invalid("no choices"))?;
    let choices = match form {
        RUNS | PACKED => {
            Choices::Listed(read_schedule(reader, form).ok_or(invalid("choices make no sense"))?)
        }
        SEED => read_seed(reader).ok_or(invalid("strategy and seed make no sense"))?,
        _ => return Err(invalid("unknown form")),
    };
    Ok(Token {
        program,
        key,
        choices,
    })
}

fn read_seed(reader: &mut Reader) -> Option<Choices> {
    let length = reader.varint()?.try_into().ok()?;
    let strategy = std::str::from_utf8(reader.take(length)?).ok()?.to_owned();
    let seed = reader.varint()?;
    let count = reader.varint()?;
    Some(Choices::Seeded {
        strategy,
        seed,
        count,
        hash: u64::from_le_bytes(reader.array()?),
    })
}

fn read_schedule(reader: &mut Reader, form: u8) -> Option<Schedule> {
    let len = reader.varint()?;
    let hash = u64::from_le_bytes(reader.array()?);
    let n = usize::try_from(reader.varint()?)
        .ok()
        .filter(|n| *n <= reader.bytes.len())?;
    let keys: Vec<u32> = (0..n).map(|_| reader.varint32()).collect::<Option<_>>()?;
    let mut schedule = Schedule {
        len,
        hash,
        ..Schedule::default()
    };
    if form == RUNS {
        let mut left = len;
        while left > 0 {
            let code = reader.varint()?;
            let index = code.checked_rem(n as u64)? as usize;
            let count = (code / n as u64)
                .checked_add(1)
                .filter(|count| *count <= left)?;
            schedule.append(keys[index], count.try_into().ok()?);
            left -= count;
        }
        return Some(schedule);
    }
    let bits = width(n);
    // Packed is only written when it is shorter, which takes two different choices or more.
    let total = len
        .checked_mul(u64::from(bits))
        .filter(|total| *total > 0)?;
    let bytes = reader.take(total.div_ceil(8).try_into().ok()?)?;
    let (mut word, mut filled) = (0u64, 0);
    let mut next = bytes.iter();
    for _ in 0..len {
        while filled < bits {
            word |= u64::from(*next.next()?) << filled;
            filled += 8;
        }
        schedule.append(*keys.get((word & ((1 << bits) - 1)) as usize)?, 1);
        word >>= bits;
        filled -= bits;
    }
    Some(schedule)
}

#[cfg(test)]
mod tests;
