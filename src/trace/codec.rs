//! The stored form of a trace: JSON Lines, one record a line.
//!
//! ```text
//! {"raddle":1,"program":"bank.py","digest":"0a1b2c3d","strategy":"random","seed":7,"options":"switch=shared time=virtual"}
//! {"thread":{"name":"MainThread","daemon":false}}
//! {"file":"bank.py"}
//! {"event":{"step":1,"time":0,"thread":0,"op":"start","file":0,"line":12}}
//! {"end":{"ending":"finished","steps":1,"time":1000,"token":"..."}}
//! ```
//!
//! The header comes first and the end last; a file without an end was cut off. A thread, object or file stands before the
//! first event that mentions it, numbered from 0 in order of appearance, so that a trace can be written while the program
//! runs and read without looking back.
//!
//! Rules of change: readers skip fields that they do not know, so a field may be added at any time; a new kind of record,
//! or another meaning of an old field, raises [`VERSION`]; readers refuse versions newer than theirs and say so.

use super::error::{Kind, TraceError};
use super::model::{Event, Footer, Header, Object, Thread, Trace, VERSION};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};

/// One line of a stored trace after the header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Record {
    /// The next thread.
    Thread(Thread),
    /// The next object.
    Object(Object),
    /// The next source file.
    File(String),
    /// An event.
    Event(Event),
    /// The end; nothing follows.
    End(Footer),
}

/// Writes a whole trace.
///
/// # Errors
///
/// What the writer reports.
pub fn write(trace: &Trace, out: &mut impl Write) -> std::io::Result<()> {
    line(out, &trace.header)?;
    let mut done = Done::default();
    for event in &trace.events {
        let objects = event.object.map_or(0, |o| o as usize + 1);
        done.up_to(
            trace,
            event.thread as usize + 1,
            objects,
            event.file as usize + 1,
            out,
        )?;
        line(out, &Record::Event(event.clone()))?;
    }
    done.up_to(trace, usize::MAX, usize::MAX, usize::MAX, out)?;
    line(out, &Record::End(trace.footer.clone()))
}

fn line(out: &mut impl Write, value: &impl Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// How much of each table is written.
#[derive(Default)]
struct Done {
    threads: usize,
    objects: usize,
    files: usize,
}

impl Done {
    /// Writes the table entries before these limits that are not written yet.
    fn up_to(
        &mut self,
        trace: &Trace,
        threads: usize,
        objects: usize,
        files: usize,
        out: &mut impl Write,
    ) -> std::io::Result<()> {
        while self.threads < threads.min(trace.threads.len()) {
            line(out, &Record::Thread(trace.threads[self.threads].clone()))?;
            self.threads += 1;
        }
        while self.objects < objects.min(trace.objects.len()) {
            line(out, &Record::Object(trace.objects[self.objects].clone()))?;
            self.objects += 1;
        }
        while self.files < files.min(trace.files.len()) {
            line(out, &Record::File(trace.files[self.files].clone()))?;
            self.files += 1;
        }
        Ok(())
    }
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
            last: (0, 0),
            state: State::Running,
        })
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    fn step(&mut self) -> Result<Option<Record>, Kind> {
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
        let record: Record = serde_json::from_str(text).map_err(|e| Kind::json(&e))?;
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
        if event.thread >= self.threads {
            return Err(Kind::Undefined("thread", event.thread));
        }
        if event.file >= self.files {
            return Err(Kind::Undefined("file", event.file));
        }
        if let Some(object) = event.object.filter(|&o| o >= self.objects) {
            return Err(Kind::Undefined("object", object));
        }
        if (event.step, event.time) < self.last || event.time < self.last.1 {
            return Err(Kind::Backwards);
        }
        self.last = (event.step, event.time);
        Ok(())
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Record, TraceError>;

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
            Record::Event(event) => trace.events.push(event),
            Record::End(footer) => trace.footer = footer,
        }
    }
    Ok(trace)
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
        assert_eq!(kinds[..3], ["threa", "file\"", "event"]);
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
            "line 6: step or time goes backwards"
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
                .starts_with("line 4: unknown variant")
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
