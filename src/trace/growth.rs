//! Traces that grow: whoever wants to may have a trace part by part while its run is under way.

use super::model::{Event, Header, Object, Thread, Trace};
use super::shapes::Shapes;
use super::texts::Texts;

/// What is new in a trace.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Events that follow those of the parts before.
    pub events: Vec<Event>,
    /// Threads that follow those known so far. Those that have no name yet are left out, and all behind them.
    pub threads: Vec<Thread>,
    /// The same of objects, as they are called now: at the end of the run some may get better names.
    pub objects: Vec<Object>,
    /// The same of files.
    pub files: Vec<String>,
    /// The same of shapes.
    pub shapes: Shapes,
    /// The same of texts.
    pub texts: Texts,
}

/// Follows a run: is given its trace while it is under way.
pub trait Follow: std::fmt::Debug {
    /// Takes a part, the first time with the header. Answers with a list that the next events may be put into: what is in it does not count.
    fn part(&mut self, header: &Header, part: Part) -> Vec<Event>;

    /// Takes all but the events that it was given before, after at least one part.
    fn end(&mut self, rest: Trace);
}

/// How much of a trace is given away.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Given {
    pub(crate) threads: usize,
    pub(crate) objects: usize,
    pub(crate) files: usize,
    pub(crate) shapes: usize,
    pub(crate) texts: usize,
}

impl Trace {
    /// A trace of which nothing is known but the header.
    pub(crate) fn begun(header: Header) -> Trace {
        Trace {
            header,
            threads: Vec::new(),
            objects: Vec::new(),
            files: Vec::new(),
            events: Vec::new(),
            shapes: Shapes::default(),
            texts: Texts::none(),
            footer: super::model::Footer::default(),
        }
    }

    /// Takes a part that follows what is there. Afterwards no shape or text may be looked for or added, only read.
    pub(crate) fn add(&mut self, part: &mut Part) {
        self.events.append(&mut part.events);
        self.threads.append(&mut part.threads);
        self.objects.append(&mut part.objects);
        self.files.append(&mut part.files);
        self.shapes.append(&part.shapes);
        self.texts.append(&part.texts);
    }

    /// Takes the end of a run of which this is the beginning. Tells whether everything is still called what it was.
    pub(crate) fn finish(&mut self, mut rest: Trace) -> bool {
        let same = rest.threads.starts_with(&self.threads)
            && rest.objects.starts_with(&self.objects)
            && rest.files.starts_with(&self.files);
        self.events.append(&mut rest.events);
        rest.events = std::mem::take(&mut self.events);
        *self = rest;
        same
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::footprint::Mode;
    use crate::trace::model::{Detail, Shape, Touch};

    #[test]
    fn tails_behind_each_other_are_the_whole() {
        let (mut texts, mut shapes) = (Texts::default(), Shapes::default());
        let (mut read, mut seen) = (Texts::none(), Shapes::default());
        let mut given = Given::default();
        for n in 0..50_u32 {
            let op = texts.intern(&format!("text {}", n % 20));
            let shape = Shape {
                op,
                object: Some(n % 30),
                peer: None,
                detail: Detail::None,
                file: 0,
                line: 0,
                call: None,
            };
            let touch = Touch {
                thing: n % 3,
                part: 0,
                mode: Mode::Add,
            };
            let touches = vec![touch; n as usize % 4];
            let number = shapes.intern(&shape, &touches);
            if n % 7 == 0 {
                read.append(&texts.tail(given.texts));
                seen.append(&shapes.tail(given.shapes));
                (given.texts, given.shapes) = (texts.len(), shapes.len());
                assert_eq!(seen.get(number), &shape);
                assert_eq!(seen.touches(number), touches);
                assert_eq!(read.get(op), texts.get(op));
            }
        }
        for shape in seen.iter() {
            assert_eq!(read.get(shape.op), texts.get(shape.op));
        }
    }
}
