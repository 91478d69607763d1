//! Where threads stand, and what they are called.

use crate::explore::Locate;
use crate::id::{CodeId, ObjId, ThreadId};
use crate::value::Value;
use crate::value::object::Frame;
use crate::vm::machine::{Machine, Thread, Waiting};
use crate::vm::names;

/// An instruction of the program's own code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Site {
    pub(super) code: CodeId,
    pub(super) pc: u32,
}

impl Site {
    /// The number of the instruction in tables over all code.
    #[inline]
    pub(super) fn number(self, machine: &Machine) -> usize {
        let first = machine.image.linked[self.code.index()].caches;
        first.wrapping_add(self.pc) as usize
    }
}

/// The instruction of the program's own code that parked thread `t` stands at: in its innermost frame that is no part of raddle.
pub(super) fn site(machine: &Machine, t: ThreadId) -> Option<Site> {
    let thread = machine.threads.get(t.0).get()?;
    if let Waiting::Begin = thread.waiting {
        return None;
    }
    let bundled = |code: CodeId| machine.image.linked[code.index()].bundled;
    let at = thread
        .frames
        .iter()
        .rposition(|frame| !bundled(frame.code))?;
    let frame = thread.frames[at];
    // In front of an access, or cut off in a loop, the instruction is the next one; else it is a call, which the counter has passed.
    let again = at + 1 == thread.frames.len()
        && matches!(
            thread.waiting,
            Waiting::Access | Waiting::Resume | Waiting::Overdue
        );
    Some(Site {
        code: frame.code,
        pc: if again {
            frame.pc
        } else {
            frame.pc.saturating_sub(1)
        },
    })
}

/// A call of a bundled module, made by the program or by a bundled thread's first function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outer<'a> {
    /// The function or method.
    pub(super) name: &'a str,
    /// Whose method it is.
    pub(super) owner: Option<ObjId>,
    /// Whose method the innermost one is, that does the step.
    pub(super) inner: Option<ObjId>,
    /// Nothing but itself is between it and the step.
    pub(super) direct: bool,
    /// The program called it.
    pub(super) by_program: bool,
}

/// The frames of bundled code that a thread is in, called by the program's own code or, in a bundled thread, by nobody.
pub(super) fn bundled_frames<'a>(machine: &Machine, thread: &'a Thread) -> &'a [Frame] {
    let bundled = |frame: &Frame| machine.image.linked[frame.code.index()].bundled;
    let own = thread.frames.iter().rposition(|frame| !bundled(frame));
    &thread.frames[own.map_or(0, |own| own + 1)..]
}

/// The call of a bundled module that a parked thread is in: the outermost one that has a public name.
pub(super) fn outer<'a>(machine: &'a Machine, thread: &Thread) -> Option<Outer<'a>> {
    let frames = bundled_frames(machine, thread);
    let by_program = frames.len() < thread.frames.len();
    let code = |frame: &Frame| machine.image.program.code(frame.code);
    // What a bundled thread begins with is called by nobody, up to the `run` of `Thread` or `Process`.
    const RUN: &str = "run";
    let begin = frames
        .iter()
        .take(4)
        .position(|frame| &*code(frame).name == RUN);
    let entry = begin.filter(|_| !by_program).map_or(0, |run| run + 1);
    let public = |name: &str| !name.starts_with('_');
    let owner = |frame: &Frame| {
        let first = code(frame).locals.first()?.as_deref()?;
        let object = thread.stack.get(frame.base as usize)?.obj();
        object.filter(|_| first == "self")
    };
    let shown = |frame: &&Frame| {
        let class = owner(frame).map(|object| machine.type_name(Value::Obj(object)));
        public(&code(frame).name) && class.is_none_or(public)
    };
    let at = frames.iter().skip(entry).position(|frame| shown(&frame))? + entry;
    let top = frames.last()?;
    Some(Outer {
        name: &code(&frames[at]).name,
        owner: owner(&frames[at]),
        inner: owner(top).filter(|_| shown(&top)),
        direct: at + 1 == frames.len(),
        by_program,
    })
}

/// Words for calls that others look for.
pub(super) const RECEIVE: &str = "recv";
pub(super) const READ: &str = "read";
pub(super) const EXIT_CODE: &str = "exitcode";

/// The method or function of `threading` or `multiprocessing` that parked thread `t` is in, where its name says more than the operation that it
/// comes down to.
pub(super) fn call(machine: &Machine, t: ThreadId) -> Option<&'static str> {
    const CALLS: [(&str, &str); 11] = [
        ("is_alive", "is_alive"),
        ("active_count", "active_count"),
        ("active_children", "active_children"),
        ("enumerate", "enumerate"),
        ("send", "send"),
        ("recv", RECEIVE),
        ("_reads", READ),
        ("_release", "close"),
        ("_writes", "write"),
        ("terminate", "terminate"),
        ("exitcode", EXIT_CODE),
    ];
    let frame = machine.threads.get(t.0).get()?.frames.last()?;
    if !machine.image.linked[frame.code.index()].bundled {
        return None;
    }
    let name = &machine.image.program.code(frame.code).name;
    let call = CALLS.into_iter().find(|(function, _)| *function == &**name);
    call.map(|(_, word)| word)
}

/// The name of a thread: that of the program's `Thread` object. In other processes than the first it begins with the process's
/// name, and that is all for their main threads.
pub(super) fn thread_name(machine: &Machine, t: ThreadId) -> String {
    let main = machine.kernel.process_of(t);
    if main == ThreadId(0) {
        return own_name(machine, t);
    }
    let started = machine.processes.iter().find(|(_, p)| p.main == main);
    let unborn = machine.header.unborn.iter().find(|u| u.main == main);
    let process = started
        .map(|(_, p)| &*p.name)
        .or(unborn.map(|u| &*u.name))
        .unwrap_or("Process");
    match t == main {
        true => process.to_owned(),
        false => format!("{process}:{}", own_name(machine, t)),
    }
}

fn own_name(machine: &Machine, t: ThreadId) -> String {
    let text = name_value(machine, t);
    match text.and_then(|text| machine.as_str(text)) {
        Some(text) => text.to_owned(),
        None if t == ThreadId(0) => "MainThread".to_owned(),
        None => format!("Thread-{}", t.0),
    }
}

fn name_value(machine: &Machine, t: ThreadId) -> Option<Value> {
    if t.index() >= machine.infos.len() {
        return None;
    }
    let object = machine.infos.get(t.0).object.obj()?;
    machine.instance_attr(object, names::THREAD_NAME)
}

/// The text object that a thread's name is, and when it was made. As long as these are the same, so is the name.
pub(super) fn name_object(machine: &Machine, t: ThreadId) -> Option<(ObjId, u32)> {
    let id = name_value(machine, t)?.obj()?;
    Some((id, machine.heap.born(id)))
}

/// So that strategies may ask for lines.
impl Locate for Machine {
    fn line(&self, thread: ThreadId) -> Option<u32> {
        site(self, thread).map(|site| self.image.program.line(site.code, site.pc))
    }
}

/// Names of several threads in one text: the first five and how many more.
pub(super) fn thread_names(machine: &Machine, threads: &[ThreadId]) -> String {
    const SHOWN: usize = 5;
    let mut names: Vec<String> = threads
        .iter()
        .take(SHOWN)
        .map(|t| thread_name(machine, *t))
        .collect();
    if threads.len() > SHOWN {
        names.push(format!("and {} more", threads.len() - SHOWN));
    }
    names.join(", ")
}
