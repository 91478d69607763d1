//! The stored form of a trace: JSON Lines, one record a line.
//!
//! ```text
//! {"raddle":1,"program":"bank.py","digest":"0a1b2c3d","strategy":"random","seed":7,"options":"switch=shared time=virtual"}
//! {"thread":{"name":"MainThread","daemon":false}}
//! {"file":"bank.py"}
//! {"event":{"step":1,"time":0,"thread":0,"op":"start","peer":1,"detail":"Thread-1 (add)","touch":"w0 a1","file":0,"line":12}}
//! {"end":{"ending":"finished","steps":1,"time":1000,"token":"..."}}
//! ```
//!
//! The header comes first and the end last; a file without an end was cut off. A thread, object or file stands before the
//! first event that mentions it, numbered from 0 in order of appearance, so that a trace can be written while the program
//! runs and read without looking back. `docs/traces.md` tells what each field means.
//!
//! `touch` is what the step touches of what threads share: words of a letter (`r` reads, `a` adds, `w` writes), the thing's number
//! and, if it is only a part of the thing, a dot and the part's number. Both numbers count from the first touch on, things from 0,
//! parts (of all things together) from 1.
//!
//! Rules of change: readers skip fields that they do not know, so a field may be added at any time; a new kind of record,
//! or another meaning of an old field, raises [`VERSION`]; readers refuse versions newer than theirs and say so.

use super::error::{Kind, TraceError};
use super::model::{
    Call, Datum, Detail, Event, Footer, Header, Object, Shape, Thread, Touch, Trace, VERSION,
};
use super::shapes::Shapes;
use super::texts::Texts;
use crate::kernel::footprint::Mode;
use crate::text::quote;
use serde::Deserialize;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::io::BufRead;

pub use super::lines::write;

/// One line of a stored trace after the header.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Record<'a> {
    /// The next thread.
    Thread(Thread),
    /// The next object.
    Object(Object),
    /// The next source file.
    File(String),
    /// An event.
    Event(EventRecord<'a>),
    /// The end; nothing follows.
    End(Footer),
}

/// An event as it is stored: numbers of tables, and texts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct EventRecord<'a> {
    /// Number of the step, from 1.
    pub step: u64,
    /// Virtual nanoseconds since the start of the run.
    pub time: u64,
    /// Its thread.
    pub thread: u32,
    /// The operation.
    pub op: Cow<'a, str>,
    /// Its object.
    #[serde(default)]
    pub object: Option<u32>,
    /// The thread that is started or joined.
    #[serde(default)]
    pub peer: Option<u32>,
    /// What was asked for beyond the object; a printed text in quotes.
    #[serde(default)]
    pub detail: Option<Cow<'a, str>>,
    /// What came of it.
    #[serde(default)]
    pub result: Option<Cow<'a, str>>,
    /// The call that it is inside of.
    #[serde(default)]
    pub call: Option<Cow<'a, str>>,
    /// Whose method that is.
    #[serde(default)]
    pub of: Option<u32>,
    /// That call has begun with an earlier step.
    #[serde(default)]
    pub goes_on: bool,
    /// What it touches.
    #[serde(default)]
    pub touch: Cow<'a, str>,
    /// Its file.
    pub file: u32,
    /// 1-based line; 0 when there is none.
    pub line: u32,
}

fn read_touch(word: &str) -> Option<Touch> {
    let mut chars = word.chars();
    let mode = match chars.next()? {
        'r' => Mode::Read,
        'a' => Mode::Add,
        'w' => Mode::Write,
        _ => return None,
    };
    let (thing, part) = match chars.as_str().split_once('.') {
        Some((thing, part)) => (thing, part.parse().ok().filter(|&n| n > 0)?),
        None => (chars.as_str(), 0),
    };
    Some(Touch {
        thing: thing.parse().ok()?,
        part,
        mode,
    })
}

/// Reads a trace record by record, in memory that does not grow with the trace.
///
/// Iteration yields the records after the header. It ends after [`Record::End`], or after the first error.
pub struct Reader<R> {
    input: R,
    header: Header,
    line: u64,
    buffer: Vec<u8>,
    threads: u32,
    objects: u32,
    files: u32,
    things: u32,
    parts: u32,
    /// Step and time of the last event: neither may fall.
    last: (u64, u64),
    state: State,
}

#[derive(PartialEq)]
enum State {
    Running,
    Ended,
    Failed,
}

impl<R: BufRead> Reader<R> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// When the first line is no header, or that of a newer version.
    pub fn new(mut input: R) -> Result<Self, TraceError> {
        let mut buffer = Vec::new();
        let header = match next_line(&mut input, &mut buffer).map_err(|e| TraceError::new(1, e))? {
            None => Err(Kind::Empty),
            Some(text) => read_header(text),
        };
        Ok(Reader {
            input,
            header: header.map_err(|e| TraceError::new(1, e))?,
            line: 1,
            buffer,
            threads: 0,
            objects: 0,
            files: 0,
            things: 0,
            parts: 0,
            last: (0, 0),
            state: State::Running,
        })
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    fn step(&mut self) -> Result<Option<Record<'static>>, Kind> {
        self.line += 1;
        let Some(text) = next_line(&mut self.input, &mut self.buffer)? else {
            return match self.state {
                State::Ended => Ok(None),
                _ => Err(Kind::CutOff),
            };
        };
        if self.state == State::Ended {
            return Err(Kind::AfterEnd);
        }
        let record: Record<'static> = serde_json::from_str(text).map_err(|e| Kind::json(&e))?;
        self.check(&record)?;
        Ok(Some(record))
    }

    /// Counts what is defined, and refuses mention of what is not.
    fn check(&mut self, record: &Record) -> Result<(), Kind> {
        let event = match record {
            Record::Thread(_) => {
                self.threads += 1;
                return Ok(());
            }
            Record::Object(_) => {
                self.objects += 1;
                return Ok(());
            }
            Record::File(_) => {
                self.files += 1;
                return Ok(());
            }
            Record::End(_) => {
                self.state = State::Ended;
                return Ok(());
            }
            Record::Event(event) => event,
        };
        for thread in std::iter::once(event.thread).chain(event.peer) {
            if thread >= self.threads {
                return Err(Kind::Undefined("thread", thread));
            }
        }
        if event.file >= self.files {
            return Err(Kind::Undefined("file", event.file));
        }
        for object in event.object.into_iter().chain(event.of) {
            if object >= self.objects {
                return Err(Kind::Undefined("object", object));
            }
        }
        if (event.step, event.time) < self.last || event.time < self.last.1 {
            return Err(Kind::Backwards);
        }
        self.last = (event.step, event.time);
        for word in event.touch.split(' ').filter(|word| !word.is_empty()) {
            let touch = read_touch(word).ok_or_else(|| Kind::Touch(word.to_owned()))?;
            if touch.thing > self.things || touch.part > self.parts + 1 {
                return Err(Kind::Touch(word.to_owned()));
            }
            self.things = self.things.max(touch.thing + 1);
            self.parts = self.parts.max(touch.part);
        }
        Ok(())
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Record<'static>, TraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Failed {
            return None;
        }
        match self.step() {
            Ok(record) => record.map(Ok),
            Err(kind) => {
                self.state = State::Failed;
                Some(Err(TraceError::new(self.line, kind)))
            }
        }
    }
}

/// Reads a whole trace.
///
/// # Errors
///
/// The first thing that is wrong, with its line. Any bytes may be given.
pub fn read(input: impl BufRead) -> Result<Trace, TraceError> {
    let mut reader = Reader::new(input)?;
    let mut trace = Trace {
        header: reader.header.clone(),
        threads: Vec::new(),
        objects: Vec::new(),
        files: Vec::new(),
        events: Vec::new(),
        shapes: Shapes::default(),
        texts: Texts::default(),
        footer: Footer {
            ending: String::new(),
            steps: 0,
            time: 0,
            token: String::new(),
        },
    };
    for record in &mut reader {
        match record? {
            Record::Thread(thread) => trace.threads.push(thread),
            Record::Object(object) => trace.objects.push(object),
            Record::File(file) => trace.files.push(file),
            Record::Event(event) => add(&mut trace, &event),
            Record::End(footer) => trace.footer = footer,
        }
    }
    Ok(trace)
}

/// Adds an event to a trace.
fn add(trace: &mut Trace, record: &EventRecord) {
    let texts = &mut trace.texts;
    let touches: SmallVec<[Touch; 4]> = record.touch.split(' ').filter_map(read_touch).collect();
    let mut value = record.result.as_ref().map(|text| match &**text {
        "None" => Datum::None,
        "True" => Datum::Bool(true),
        "False" => Datum::Bool(false),
        text => Datum::Text(texts.intern(text)),
    });
    let alone = record.object.is_none() && record.peer.is_none() && value.is_none();
    let detail = match &record.detail {
        None => Detail::None,
        Some(text) => match quote::read_repr_str(text).filter(|_| alone) {
            Some(printed) => {
                value = Some(Datum::Str(texts.intern(&printed)));
                Detail::Printed
            }
            None => Detail::Text(texts.intern(text)),
        },
    };
    let shape = Shape {
        op: texts.intern(&record.op),
        object: record.object,
        peer: record.peer,
        detail,
        file: record.file,
        line: record.line,
        call: record.call.as_ref().map(|name| Call {
            name: texts.intern(name),
            object: record.of,
            goes_on: record.goes_on,
        }),
    };
    trace.events.push(Event {
        step: record.step,
        time: record.time,
        thread: record.thread,
        shape: trace.shapes.intern(&shape, &touches),
        value,
    });
}

/// The next line that is not blank, without its end; `None` at the end of the input.
fn next_line<'a>(
    input: &mut impl BufRead,
    buffer: &'a mut Vec<u8>,
) -> Result<Option<&'a str>, Kind> {
    buffer.clear();
    let count = input
        .read_until(b'\n', buffer)
        .map_err(|e| Kind::Io(e.to_string()))?;
    if count == 0 {
        return Ok(None);
    }
    let text = std::str::from_utf8(buffer).map_err(|_| Kind::NotUtf8)?;
    Ok(Some(text.trim_end_matches(['\n', '\r'])))
}

fn read_header(text: &str) -> Result<Header, Kind> {
    /// Only the version, so that a newer header is refused for its version, not for a field that it lacks.
    #[derive(Deserialize)]
    struct Version {
        raddle: u32,
    }
    let version: Version = serde_json::from_str(text).map_err(|_| Kind::NotATrace)?;
    if version.raddle > VERSION {
        return Err(Kind::Newer(version.raddle));
    }
    if version.raddle == 0 {
        return Err(Kind::NotATrace);
    }
    serde_json::from_str(text).map_err(|e| Kind::json(&e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::sample;

    fn stored() -> String {
        let mut out = Vec::new();
        write(&sample::trace(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn reads_back_what_was_written() {
        assert_eq!(read(stored().as_bytes()).unwrap(), sample::trace());
    }

    #[test]
    fn definitions_stand_before_their_first_mention() {
        let text = stored();
        let kinds: Vec<&str> = text.lines().skip(1).map(|l| &l[2..7]).collect();
        assert_eq!(kinds[..4], ["threa", "threa", "file\"", "event"]);
    }

    #[test]
    fn every_cut_is_refused_with_its_line() {
        let text = stored();
        let last = text.trim_end().rfind('\n').unwrap();
        let error = read(&text.as_bytes()[..last + 1]).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "line {}: the trace is cut off: its end record is missing",
                text.lines().count()
            )
        );
        for end in 0..text.len() - 1 {
            assert!(read(&text.as_bytes()[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn bad_lines_are_named() {
        let text = stored();
        let why = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(why(""), "line 1: the file is empty");
        assert_eq!(why("hello\n"), "line 1: this is no raddle trace");
        assert_eq!(
            why(&text.replacen("\"raddle\":1", "\"raddle\":2", 1)),
            "line 1: the trace has version 2, this raddle reads up to 1; a newer raddle can read it"
        );
        assert_eq!(
            why(&text.replacen("\"thread\":1", "\"thread\":9", 1)),
            "line 8: thread 9 is mentioned before it is defined"
        );
        assert_eq!(
            why(&text.replacen("\"step\":2", "\"step\":0", 1)),
            "line 7: step or time goes backwards"
        );
        assert_eq!(
            why(&(text.clone() + "{\"file\":\"x\"}\n")),
            format!(
                "line {}: the trace goes on after its end",
                text.lines().count() + 1
            )
        );
        assert!(
            why(&text.replacen("{\"event\"", "{\"evnt\"", 1))
                .starts_with("line 5: unknown variant")
        );
        assert!(
            read(&b"\xff\xfe{}"[..])
                .unwrap_err()
                .to_string()
                .contains("UTF-8")
        );
    }

    #[test]
    fn nesting_and_huge_numbers_do_no_harm() {
        let deep = "[".repeat(100_000);
        assert!(read(deep.as_bytes()).is_err());
        let text = stored().replacen("\"step\":2", "\"step\":99999999999999999999999", 1);
        assert!(read(text.as_bytes()).is_err());
    }

    proptest::proptest! {
        #![proptest_config(crate::testing::cases(crate::testing::DEFAULT_CASES))]

        #[test]
        fn damage_is_refused_or_harmless(at: proptest::sample::Index, byte: u8) {
            let mut bytes = stored().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Ok(trace) = read(&bytes[..]) {
                // What is read can be shown and stored again.
                crate::render::text::to_string(&trace, &crate::render::style::Palette::PLAIN);
                let mut again = Vec::new();
                write(&trace, &mut again).unwrap();
                proptest::prop_assert_eq!(read(&again[..]).unwrap(), trace);
            }
        }

        #[test]
        fn any_bytes_may_be_given(bytes: Vec<u8>) {
            let _ = read(&bytes[..]);
            let mut after_header = stored().lines().next().unwrap().as_bytes().to_vec();
            after_header.push(b'\n');
            after_header.extend(bytes);
            proptest::prop_assert!(read(&after_header[..]).is_err());
        }
    }
}
