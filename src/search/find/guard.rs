//! A program whose threads may only write what fits a log.
//!
//! To search the runs that print a log is to search all runs of this program: a write is one more operation that may have to wait, as an
//! acquire of a lock has. Whether it has to hangs on what was written to the same stream before, so on steps that it depends
//! on; steps that are independent still commute, none makes another possible or impossible, and all that is said of the
//! reduction in [`crate::search::dpor`] holds. A run whose output can become the log no more is one whose writer waits for ever: it
//! ends where it is, with the races of all that will not be taken, the waiting write among them.

use std::borrow::Cow;
use std::cell::RefCell;
use std::hash::Hash;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use siphasher::sip128::{Hasher128, SipHasher13};

use super::automaton::{Automaton, BEGIN, DEAD, State};
use super::log::Log;
use crate::id::ThreadId;
use crate::kernel::footprint::Touch;
use crate::kernel::{Kernel, ThreadSet};
use crate::run::Driver;
use crate::search::system::{Stateful, System, Words};

/// A system that tells what its threads write.
pub(in crate::search) trait Prints: System {
    /// The stream and the text of a thread's next step, if that writes.
    fn about_to_write(&self, t: ThreadId) -> Option<(u8, &str)>;

    /// All that was written, in order.
    fn written(&self) -> &[(u8, String)];
}

impl Prints for Driver<'_> {
    fn about_to_write(&self, t: ThreadId) -> Option<(u8, &str)> {
        self.about_to_write(t)
    }

    fn written(&self) -> &[(u8, String)] {
        self.output()
    }
}

/// The states of stdout's log and stderr's.
type States = [State; 2];

/// A system whose output has to fit.
pub(in crate::search) struct Guarded<S> {
    pub(in crate::search) inner: S,
    readers: RefCell<Readers>,
    /// The states before each step.
    before: Vec<States>,
    now: States,
}

/// What reads the logs.
struct Readers {
    /// Of stdout and stderr.
    logs: [Option<Reader>; 2],
    /// All texts met, by number.
    texts: IndexSet<Box<str>, FxBuildHasher>,
}

struct Reader {
    automaton: Automaton,
    begins: Vec<u32>,
}

/// How far the output has come in a log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(in crate::search) struct Reached {
    /// Lines that came whole, up to the last.
    pub lines: usize,
    /// The place in the log.
    pub place: u32,
}

impl Readers {
    fn text(&mut self, text: &str) -> u32 {
        match self.texts.get_index_of(text) {
            Some(known) => known as u32,
            None => self.texts.insert_full(text.into()).0 as u32,
        }
    }

    fn after(&mut self, state: State, words: Words) -> State {
        let Some(reader) = &mut self.logs[index(words.stream)] else {
            return state;
        };
        let text = &self.texts[words.text as usize];
        reader.automaton.after(state, words.text, text)
    }
}

fn index(stream: u8) -> usize {
    usize::from(stream == 2)
}

impl<S: Prints> Guarded<S> {
    /// A system that has taken no step yet. The logs are those of stdout and stderr.
    pub(in crate::search) fn new(inner: S, logs: [Option<&Log>; 2]) -> Self {
        let reader = |log: &Log| {
            let (automaton, begins) = log.automaton();
            Reader { automaton, begins }
        };
        let mut guarded = Guarded {
            inner,
            readers: RefCell::new(Readers {
                logs: logs.map(|log| log.map(reader)),
                texts: IndexSet::default(),
            }),
            before: Vec::new(),
            now: [BEGIN; 2],
        };
        guarded.read(0);
        guarded
    }

    /// Whether a run that is over has printed the logs.
    pub(in crate::search) fn fits_whole(&self) -> bool {
        let readers = self.readers.borrow();
        let ends = |(log, state): (&Option<Reader>, &State)| match log {
            Some(reader) => reader.automaton.is_end(*state),
            None => true,
        };
        readers.logs.iter().zip(&self.now).all(ends)
    }

    /// How far the output of the run has come in each log.
    pub(in crate::search) fn reached(&self) -> [Reached; 2] {
        let readers = self.readers.borrow();
        let reached = |stream: usize| {
            let Some(reader) = &readers.logs[stream] else {
                return Reached::default();
            };
            let state = self.now[stream];
            let place = reader.automaton.furthest(state);
            let begun = reader.begins.partition_point(|begin| *begin <= place);
            let lines = match reader.automaton.is_end(state) {
                true => reader.begins.len(),
                false => begun.saturating_sub(1),
            };
            Reached { lines, place }
        };
        [reached(0), reached(1)]
    }

    /// Reads what was written from text `from` on.
    fn read(&mut self, from: usize) {
        let readers = self.readers.get_mut();
        for (stream, text) in &self.inner.written()[from..] {
            if readers.logs[index(*stream)].is_some() {
                let words = Words {
                    stream: *stream,
                    text: readers.text(text),
                };
                let state = &mut self.now[index(*stream)];
                *state = readers.after(*state, words);
            }
        }
    }
}

/// A place to go back to.
pub(in crate::search) struct GuardedMark<M> {
    inner: M,
    steps: usize,
    now: States,
}

impl<S: Prints> System for Guarded<S> {
    type Mark = GuardedMark<S::Mark>;

    fn ready(&mut self) -> bool {
        self.inner.ready()
    }

    fn kernel(&self) -> &Kernel {
        self.inner.kernel()
    }

    fn take(&mut self, index: usize) {
        let (steps, written) = (self.inner.steps(), self.inner.written().len());
        self.inner.take(index);
        // A choice of waiters is a part of a step.
        if self.inner.steps() > steps {
            self.before.push(self.now);
        }
        self.read(written);
    }

    fn noted(&self) -> &[Touch] {
        self.inner.noted()
    }

    fn steps(&self) -> u64 {
        self.inner.steps()
    }

    fn mark(&mut self) -> Self::Mark {
        GuardedMark {
            inner: self.inner.mark(),
            steps: self.before.len(),
            now: self.now,
        }
    }

    fn back(&mut self, mark: &Self::Mark) {
        self.inner.back(&mark.inner);
        self.before.truncate(mark.steps);
        self.now = mark.now;
    }

    fn release(&mut self, mark: &Self::Mark) {
        self.inner.release(&mark.inner);
    }

    fn current(&self) -> Option<ThreadId> {
        self.inner.current()
    }

    fn enabled(&self) -> Cow<'_, ThreadSet> {
        let mut enabled = self.inner.enabled();
        let steps = self.before.len();
        let misfit = |t: &ThreadId| {
            let words = self.writes(*t);
            words.is_some_and(|words| !self.fits(words, steps))
        };
        for t in self.kernel().enabled().iter().filter(misfit) {
            enabled.to_mut().remove(t);
        }
        enabled
    }

    fn writes(&self, t: ThreadId) -> Option<Words> {
        let (stream, text) = self.inner.about_to_write(t)?;
        let mut readers = self.readers.borrow_mut();
        readers.logs[index(stream)].as_ref()?;
        Some(Words {
            stream,
            text: readers.text(text),
        })
    }

    fn fits(&self, words: Words, steps: usize) -> bool {
        let states = self.before.get(steps).unwrap_or(&self.now);
        let state = states[index(words.stream)];
        self.readers.borrow_mut().after(state, words) != DEAD
    }
}

impl<'m> AsRef<Driver<'m>> for Guarded<Driver<'m>> {
    #[inline]
    fn as_ref(&self) -> &Driver<'m> {
        &self.inner
    }
}

impl<'m> AsMut<Driver<'m>> for Guarded<Driver<'m>> {
    fn as_mut(&mut self) -> &mut Driver<'m> {
        &mut self.inner
    }
}

/// Of what was written only counts how far it has come in the logs, not what it was.
impl Stateful for Guarded<Driver<'_>> {
    fn state(&mut self) -> u128 {
        let mut hasher = SipHasher13::new();
        (Stateful::state(&mut self.inner), self.now).hash(&mut hasher);
        hasher.finish128().as_u128()
    }

    fn place(&self, t: ThreadId) -> u64 {
        Stateful::place(&self.inner, t)
    }

    fn jump(&mut self) {
        Stateful::jump(&mut self.inner);
    }
}

impl<'m> Guarded<Driver<'m>> {
    /// The lines that threads would write, had they not to wait: by whom, to which stream, and what the line is then.
    pub(super) fn waiting(&self) -> Vec<(String, u8, String)> {
        let mut lines = Vec::new();
        for t in self.inner.kernel().enabled() {
            let Some((stream, text)) = self.inner.about_to_write(t) else {
                continue;
            };
            if self.readers.borrow().logs[index(stream)].is_none() {
                continue;
            }
            let mut line = unfinished(self.inner.output(), stream);
            line.push_str(text);
            let line = line.lines().next().unwrap_or_default().to_owned();
            lines.push((self.inner.thread_name(t), stream, line));
        }
        lines
    }
}

/// What was written to a stream since its last line feed.
fn unfinished(output: &[(u8, String)], stream: u8) -> String {
    let mut texts = Vec::new();
    for (_, text) in output.iter().rev().filter(|(to, _)| *to == stream) {
        match text.rfind('\n') {
            Some(end) => {
                texts.push(&text[end + 1..]);
                break;
            }
            None => texts.push(text),
        }
    }
    texts.iter().rev().copied().collect()
}
