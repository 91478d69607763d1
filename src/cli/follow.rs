//! Writes the file of a trace while its run is under way, on another core: so a long trace takes hardly longer than its run.
//!
//! What a trace says at its end may change how its lines look from the beginning on: a thread's long name makes a column wider, an object
//! gets a better name. So they are written as they would be if nothing more came, and if it turns out otherwise, once more. The
//! file is the same in any case.

use super::fail::Fail;
use super::files::write_long;
use crate::render::fold::folded;
use crate::render::style::Palette;
use crate::render::text::Table;
use crate::trace::growth::{Follow, Part};
use crate::trace::lines::Json;
use crate::trace::model::{Event, Header, Trace};
use crate::trace::sheet::{self, Lines, Sheet};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// A trace file that may be written while the run is under way.
#[derive(Debug)]
pub(super) struct Followed(Receiver<Result<(), Fail>>);

impl Followed {
    /// Whoever follows a run for this file, and what is known of the file afterwards.
    pub(super) fn new(path: &Path, form: Form) -> (Box<dyn Follow>, Followed) {
        let (done, outcome) = channel();
        let follower = Follower {
            path: path.to_owned(),
            form,
            done,
            writer: None,
        };
        (Box::new(follower), Followed(outcome))
    }

    /// Waits until the file is written, if the follower was given the trace.
    pub(super) fn outcome(&self) -> Result<(), Fail> {
        self.0.recv().unwrap_or(Ok(()))
    }
}

/// How a trace is stored.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Form {
    Json,
    Text,
}

#[derive(Debug)]
struct Follower {
    path: PathBuf,
    form: Form,
    done: Sender<Result<(), Fail>>,
    writer: Option<Writer>,
}

/// The thread that writes.
#[derive(Debug)]
struct Writer {
    news: Sender<News>,
    /// Lists of events that are written.
    spare: Receiver<Vec<Event>>,
}

enum News {
    Part(Box<Part>),
    End(Box<Trace>),
}

impl Follower {
    fn start(&self, header: &Header) -> Writer {
        let (news, heard) = channel();
        let (written, spare) = channel();
        let (path, done) = (self.path.clone(), self.done.clone());
        let (trace, form) = (Trace::begun(header.clone()), self.form);
        thread::spawn(move || {
            let write = |file: &mut File| Draft::new(trace, form, file).write(&heard, &written);
            // If nobody wants to know, the run came to nothing.
            let _ = done.send(write_long(&path, write));
        });
        Writer { news, spare }
    }
}

impl Follow for Follower {
    fn part(&mut self, header: &Header, part: Part) -> Vec<Event> {
        if self.writer.is_none() {
            self.writer = Some(self.start(header));
        }
        let Some(writer) = &self.writer else {
            return Vec::new();
        };
        // The writer ends early only if the file cannot be written, which is told at the end.
        let _ = writer.news.send(News::Part(Box::new(part)));
        writer.spare.try_recv().unwrap_or_default()
    }

    fn end(&mut self, rest: Trace) {
        if let Some(writer) = &self.writer {
            let _ = writer.news.send(News::End(Box::new(rest)));
        }
    }
}

impl Form {
    fn lines(self) -> Box<dyn Lines> {
        match self {
            Form::Json => Box::new(Json::default()),
            Form::Text => Box::new(Table::new(&Palette::PLAIN)),
        }
    }

    /// A trace as it is stored.
    fn stored(self, trace: &Trace) -> Cow<'_, Trace> {
        match self {
            Form::Json => Cow::Borrowed(trace),
            Form::Text => folded(trace),
        }
    }
}

/// Room for so many events at once: what is not used of it costs nothing, but to make a long list longer copies it.
const ROOM: usize = 1 << 20;

/// The file of a trace that is not complete.
struct Draft<'a> {
    trace: Trace,
    form: Form,
    file: &'a mut File,
    /// What its lines are put together from, as long as they may stand.
    lines: Option<Box<dyn Lines>>,
    /// How many events are written.
    written: usize,
    /// How many there must be for it to be begun anew.
    least: usize,
    /// How many threads are mentioned.
    threads: u32,
    /// It is stored otherwise: a call of several steps is one line, which tells how it ended.
    folds: bool,
    sheet: Sheet,
}

impl<'a> Draft<'a> {
    fn new(mut trace: Trace, form: Form, file: &'a mut File) -> Draft<'a> {
        trace.events.reserve_exact(ROOM);
        Draft {
            trace,
            form,
            file,
            lines: None,
            written: 0,
            least: 0,
            threads: 0,
            folds: false,
            sheet: Sheet::new(),
        }
    }

    /// Writes what is heard of the trace up to its end.
    fn write(mut self, heard: &Receiver<News>, written: &Sender<Vec<Event>>) -> io::Result<()> {
        loop {
            match heard.recv() {
                Ok(News::Part(part)) => {
                    // When the run is over nobody needs the list.
                    let _ = written.send(self.add(*part));
                    self.write_part()?;
                }
                Ok(News::End(rest)) => return self.finish(*rest),
                Err(_) => return Err(io::Error::other("the run has no end")),
            }
        }
    }

    /// Takes a part, and gives the list of its events back.
    fn add(&mut self, mut part: Part) -> Vec<Event> {
        let peers = part.shapes.iter().filter_map(|shape| shape.peer);
        let threads = part.events.iter().map(|event| event.thread);
        let last = threads.chain(peers).max().unwrap_or(0);
        self.threads = self.threads.max(last + 1);
        let calls = || part.shapes.iter().any(|shape| shape.call.is_some());
        self.folds |= self.form == Form::Text && calls();
        self.trace.add(&mut part);
        part.events
    }

    /// Writes the lines of the events that are new, if they may stand.
    fn write_part(&mut self) -> io::Result<()> {
        // A thread may be mentioned before one that was made earlier.
        let named = self.threads as usize <= self.trace.threads.len();
        if !named || self.folds {
            return Ok(());
        }
        if let Some(lines) = &mut self.lines
            && !lines.grow(&self.trace)?
        {
            self.lines = None;
        }
        let events = self.trace.events.len();
        if self.lines.is_none() {
            // Twice as many each time: so it is not begun anew for each of a thousand threads.
            if events < self.least {
                return Ok(());
            }
            self.least = 2 * events;
            self.begin()?;
        }
        if let Some(lines) = &self.lines {
            let new = &self.trace.events[self.written..];
            for (i, part) in new.chunks(sheet::PART).enumerate() {
                let first = self.written + i * sheet::PART;
                lines.part(&self.trace, first, part, &mut self.sheet)?;
                self.sheet.write(self.file)?;
            }
            self.written = events;
        }
        Ok(())
    }

    /// Begins the file, perhaps anew.
    fn begin(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.written = 0;
        let mut lines = self.form.lines();
        lines.grow(&self.trace)?;
        lines.start(&self.trace, &mut self.sheet)?;
        self.lines = Some(lines);
        Ok(())
    }

    /// Writes what is missing, or everything if something is called otherwise now.
    fn finish(mut self, rest: Trace) -> io::Result<()> {
        let same = self.trace.finish(rest);
        if let Cow::Owned(trace) = self.form.stored(&self.trace) {
            (self.trace, self.lines) = (trace, None);
        }
        let stands = match &mut self.lines {
            Some(lines) => same && lines.grow(&self.trace)?,
            None => false,
        };
        if !stands {
            self.begin()?;
        }
        match &self.lines {
            Some(lines) => {
                let lines = &**lines;
                sheet::write_rest(&self.trace, lines, self.written, &mut self.sheet, self.file)
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::run::{Options, Session, load_source};
    use crate::trace::codec;

    /// Takes parts as they come, and writes them when it has all.
    #[derive(Debug)]
    struct Parts(Sender<News>, Header);

    impl Follow for Parts {
        fn part(&mut self, header: &Header, part: Part) -> Vec<Event> {
            assert_eq!(*header, self.1);
            self.0.send(News::Part(Box::new(part))).unwrap();
            Vec::new()
        }

        fn end(&mut self, rest: Trace) {
            self.0.send(News::End(Box::new(rest))).unwrap();
        }
    }

    fn check(name: &str, source: &str) {
        let program = load_source("x.py", source, false).unwrap();
        let options = Options {
            trace: true,
            ..Options::default()
        };
        let mut session = Session::new(program);
        let whole = session.run(&options);
        let trace = whole.trace.as_ref().unwrap();
        assert!(trace.events.len() > 2 * sheet::PART);
        for form in [Form::Json, Form::Text] {
            let mut expected = Vec::new();
            match form {
                Form::Json => codec::write(trace, &mut expected),
                Form::Text => text::write(&folded(trace), &Palette::PLAIN, &mut expected),
            }
            .unwrap();
            let path = std::env::temp_dir().join(format!(
                "raddle-follow-{}-{name}-{form:?}",
                std::process::id()
            ));
            let (news, heard) = channel();
            let parts = Parts(news, trace.header.clone());
            let followed = session.run_followed(&options, Box::new(parts));
            assert_eq!(followed.trace, None);
            assert_eq!(followed.token, whole.token);
            let mut file = File::create(&path).unwrap();
            let draft = Draft::new(Trace::begun(trace.header.clone()), form, &mut file);
            draft.write(&heard, &channel().0).unwrap();
            let written = std::fs::read(&path).unwrap();
            std::fs::remove_file(&path).unwrap();
            assert!(written == expected, "{name}, {form:?}");
        }
    }

    const LOOP: &str = "import threading\nfrom concurrent.futures import ThreadPoolExecutor\n\
        count = 0\n\
        def work(n):\n    global count\n    for _ in range(n): count += 1\n\
        def both():\n    t = threading.Thread(target=work, args=(3000,))\n    t.start(); work(3000); t.join()\n";

    #[test]
    fn nothing_comes_otherwise() {
        let rest = "threads = [threading.Thread(target=work, args=(3000,)) for _ in range(3)]\n\
            for t in threads: t.start()\nfor t in threads: t.join()\nprint(count)\n";
        check("plain", &format!("{LOOP}{rest}"));
    }

    #[test]
    fn threads_with_longer_names_come_late() {
        let rest = "for i in range(1, 6):\n    t = threading.Thread(target=work, args=(1500 * i,), name='long ' * i)\n\
            \x20   u = threading.Thread(target=work, args=(1500,))\n    u.start(); t.start(); t.join(); u.join()\n";
        check("names", &format!("{LOOP}{rest}"));
    }

    #[test]
    fn objects_get_better_names_at_the_end() {
        let rest = "class Box:\n    def __init__(self):\n        self.lock = threading.Lock()\n        with self.lock: both()\n\
            box = Box()\n";
        check("better", &format!("{LOOP}{rest}"));
    }

    #[test]
    fn calls_of_several_steps_come_late() {
        let rest = "both()\nwith ThreadPoolExecutor(2) as pool:\n    pool.submit(work, 10)\n    pool.submit(work, 10)\n";
        check("calls", &format!("{LOOP}{rest}"));
    }

    #[test]
    fn a_run_without_an_end_leaves_nothing() {
        let path = std::env::temp_dir().join(format!("raddle-follow-{}", std::process::id()));
        let header = crate::trace::sample::trace().header;
        let (mut follower, followed) = Followed::new(&path, Form::Text);
        follower.part(&header, Part::default());
        drop(follower);
        assert!(followed.outcome().is_err());
        assert!(!path.exists());
    }
}
