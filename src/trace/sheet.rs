//! Lines put together from pieces. A trace has millions of them, and most of each line has stood in an earlier one.

use super::model::{Event, Trace};
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::thread;

/// So many events have their lines put together at a time.
pub(crate) const PART: usize = 4_096;

/// A form in which traces are written, with what its lines are put together from. It starts out knowing no trace.
pub(crate) trait Lines: Sync {
    /// Takes what is new in the trace since the last call. Tells whether the lines of all events before are still what they were.
    fn grow(&mut self, trace: &Trace) -> io::Result<bool>;

    /// Adds what stands before the events.
    fn start(&self, trace: &Trace, sheet: &mut Sheet) -> io::Result<()>;

    /// Adds the lines of some events that follow each other, of which the first has this number.
    fn part(
        &self,
        trace: &Trace,
        first: usize,
        events: &[Event],
        sheet: &mut Sheet,
    ) -> io::Result<()>;

    /// Adds what stands behind the events.
    fn end(&self, trace: &Trace, sheet: &mut Sheet) -> io::Result<()>;
}

/// Writes a whole trace.
///
/// # Errors
///
/// What the writer reports.
pub(crate) fn write(
    trace: &Trace,
    mut lines: impl Lines,
    out: &mut (impl Write + ?Sized),
) -> io::Result<()> {
    lines.grow(trace)?;
    let mut sheet = Sheet::new();
    lines.start(trace, &mut sheet)?;
    sheet.write(out)?;
    write_rest(trace, &lines, 0, &mut sheet, out)
}

/// Writes a trace from an event on. Parts are put together on all cores and written in their order: what is written is the same on any
/// machine.
///
/// # Errors
///
/// What the writer reports.
pub(crate) fn write_rest(
    trace: &Trace,
    lines: &(impl Lines + ?Sized),
    start: usize,
    sheet: &mut Sheet,
    out: &mut (impl Write + ?Sized),
) -> io::Result<()> {
    let events = &trace.events[start..];
    let cores = match events.len() <= PART {
        true => 1,
        false => thread::available_parallelism().map_or(1, usize::from),
    };
    let part = |first, events: &[Event], sheet: &mut Sheet| lines.part(trace, first, events, sheet);
    let mut others: Vec<Sheet> = (1..cores).map(|_| Sheet::new()).collect();
    for (round, some) in events.chunks(PART * cores).enumerate() {
        let first = start + round * PART * cores;
        thread::scope(|scope| {
            let mut parts = (first..).step_by(PART).zip(some.chunks(PART));
            let own = parts.next();
            let others: Vec<_> = parts
                .zip(&mut others)
                .map(|((first, events), sheet)| {
                    scope.spawn(move || part(first, events, sheet).map(|()| sheet))
                })
                .collect();
            if let Some((first, events)) = own {
                part(first, events, sheet)?;
                sheet.write(out)?;
            }
            for other in others {
                let sheet = other.join().unwrap_or_else(|panic| resume_unwind(panic))?;
                sheet.write(out)?;
            }
            io::Result::Ok(())
        })?;
    }
    lines.end(trace, sheet)?;
    sheet.write(out)
}

/// Bytes that there is room for at first.
const ROOM: usize = 1 << 16;

/// So many blanks can be added at a time, and as long may the beginning of a line be.
const SHORT: usize = 64;

/// A text that stands in many lines, mostly not longer than `N`: then it is copied at this length, whatever its own is, for a copy of known
/// length is a few moves, and one of unknown length a call.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Piece<const N: usize> {
    /// The text, and behind it nothing that counts, if it is short.
    short: [u8; N],
    len: usize,
    /// The text if it is not.
    long: Box<[u8]>,
}

impl<const N: usize> Piece<N> {
    pub(crate) fn new(text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref();
        let mut short = [0; N];
        let room = short.get_mut(..text.len());
        let long = match room {
            Some(room) => {
                room.copy_from_slice(text);
                Box::default()
            }
            None => text.into(),
        };
        Piece {
            short,
            len: text.len(),
            long,
        }
    }
}

/// Lines that wait to be written.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// The lines, and behind them nothing that counts.
    bytes: Vec<u8>,
    len: usize,
}

impl Sheet {
    pub(crate) fn new() -> Sheet {
        Sheet {
            bytes: vec![0; ROOM],
            len: 0,
        }
    }

    /// Adds a piece.
    #[inline(always)]
    pub(crate) fn put<const N: usize>(&mut self, piece: &Piece<N>) {
        if piece.len <= N
            && let Some(room) = self.bytes.get_mut(self.len..self.len + N)
        {
            room.copy_from_slice(&piece.short);
            self.len += piece.len;
        } else {
            self.put_long(piece);
        }
    }

    #[cold]
    #[inline(never)]
    fn put_long<const N: usize>(&mut self, piece: &Piece<N>) {
        match piece.short.get(..piece.len) {
            Some(short) => self.put_bytes(short),
            None => self.put_bytes(&piece.long),
        }
    }

    /// Adds blanks, up to [`SHORT`].
    #[inline(always)]
    pub(crate) fn put_blanks(&mut self, number: usize) {
        if let Some(room) = self.bytes.get_mut(self.len..self.len + SHORT) {
            room.copy_from_slice(&[b' '; SHORT]);
            self.len += number.min(SHORT);
        } else {
            self.put_bytes(&[b' '; SHORT][..number.min(SHORT)]);
        }
    }

    /// Adds any text.
    #[inline]
    pub(crate) fn put_bytes(&mut self, text: &[u8]) {
        let end = self.len + text.len();
        if end > self.bytes.len() {
            self.grow(end);
        }
        self.bytes[self.len..end].copy_from_slice(text);
        self.len = end;
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, end: usize) {
        self.bytes.resize(2 * end, 0);
    }

    /// Takes away the blanks at the end.
    pub(crate) fn trim_end(&mut self) {
        self.len = self.bytes[..self.len].trim_ascii_end().len();
    }

    /// Writes what is there.
    pub(crate) fn write(&mut self, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        out.write_all(&self.bytes[..self.len])?;
        self.len = 0;
        Ok(())
    }
}

impl Write for Sheet {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.put_bytes(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The beginning of a line, with step and time. Mostly a step is one further than that of the line before and a microsecond later: then the
/// digits are counted up where they stand.
#[derive(Debug)]
pub(crate) struct Head {
    text: [u8; SHORT],
    len: usize,
    step: u64,
    time: u64,
    columns: Columns,
}

/// Where the numbers stand in the beginning of a line: the first byte that their digits may take, and the one behind the last digit, which is
/// of microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Columns {
    pub(crate) step: (usize, usize),
    pub(crate) time: (usize, usize),
}

impl Head {
    pub(crate) fn new() -> Head {
        Head {
            text: [0; SHORT],
            len: 0,
            step: 0,
            time: 0,
            columns: Columns::default(),
        }
    }

    /// Adds the beginning of the next line. `anew` gives its text and where the numbers stand in it, when they cannot be counted up.
    #[inline]
    pub(crate) fn put(
        &mut self,
        sheet: &mut Sheet,
        (step, time): (u64, u64),
        anew: impl Fn(u64, u64) -> (String, Columns),
    ) {
        let next = step == self.step + 1 && time == self.time + 1_000;
        (self.step, self.time) = (step, time);
        let counted = next
            && self.len > 0
            && count_up(&mut self.text, self.columns.step)
            && count_up(&mut self.text, self.columns.time);
        if !counted {
            let (text, columns) = anew(step, time);
            self.columns = columns;
            self.len = 0;
            let Some(room) = self.text.get_mut(..text.len()) else {
                return sheet.put_bytes(text.as_bytes());
            };
            room.copy_from_slice(text.as_bytes());
            self.len = text.len();
        }
        match sheet.bytes.get_mut(sheet.len..sheet.len + SHORT) {
            Some(room) => {
                room.copy_from_slice(&self.text);
                sheet.len += self.len;
            }
            None => sheet.put_bytes(&self.text[..self.len]),
        }
    }
}

/// Adds one to a number in digits, which may have a point and blanks before it. Tells whether there was room.
#[inline]
fn count_up(text: &mut [u8; SHORT], (start, end): (usize, usize)) -> bool {
    match text.get_mut(end.wrapping_sub(1)) {
        Some(last @ b'0'..=b'8') => {
            *last += 1;
            true
        }
        _ => carry(&mut text[start..end]),
    }
}

#[inline(never)]
fn carry(digits: &mut [u8]) -> bool {
    for digit in digits.iter_mut().rev() {
        match *digit {
            b'9' => *digit = b'0',
            b'.' => {}
            b' ' => {
                *digit = b'1';
                return true;
            }
            _ => {
                *digit += 1;
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_length_stand_one_behind_the_other() {
        let mut sheet = Sheet::new();
        let mut expected = Vec::new();
        for n in 0..2_000 {
            let text = "0123456789".repeat(n % 17);
            let piece = Piece::<64>::new(&text);
            sheet.put(&piece);
            sheet.put_blanks(n % 70);
            expected.extend_from_slice(text.as_bytes());
            expected.resize(expected.len() + (n % 70).min(SHORT), b' ');
        }
        let mut out = Vec::new();
        sheet.write(&mut out).unwrap();
        assert_eq!(out, expected);
    }

    #[test]
    fn heads_are_the_same_counted_up_or_written_anew() {
        let anew = |step: u64, time: u64| {
            let micros = time / 1_000;
            let start = format!("{step:>3}|");
            let text = format!("{start}{:>6}.{:03} ", micros / 1_000, micros % 1_000);
            let columns = Columns {
                step: (0, start.len() - 1),
                time: (start.len(), start.len() + 10),
            };
            (text, columns)
        };
        let mut head = Head::new();
        let mut time = 7;
        for step in 1..3_000 {
            time += if step % 500 == 0 { 12_345_678 } else { 1_000 };
            let mut sheet = Sheet::new();
            head.put(&mut sheet, (step, time), anew);
            assert_eq!(&sheet.bytes[..sheet.len], anew(step, time).0.as_bytes());
        }
    }
}
