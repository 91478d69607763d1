//! Where threads stand, and what they are called.

use crate::explore::Locate;
use crate::id::{CodeId, ThreadId};
use crate::value::Value;
use crate::vm::machine::{Machine, Waiting};

/// An instruction of the program's own code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Site {
    pub(super) code: CodeId,
    pub(super) pc: u32,
}

/// The instruction of the program's own code that parked thread `t` stands at: in its innermost frame that is no part of raddle.
pub(super) fn site(machine: &Machine, t: ThreadId) -> Option<Site> {
    let thread = machine.threads.get(t.0).get()?;
    let bundled = |code: CodeId| machine.image.linked[code.index()].bundled;
    let at = thread
        .frames
        .iter()
        .rposition(|frame| !bundled(frame.code))?;
    let frame = thread.frames[at];
    // In front of an access the instruction is the next one; else it is a call, which the counter has passed.
    let again = at + 1 == thread.frames.len() && matches!(thread.waiting, Waiting::Access);
    Some(Site {
        code: frame.code,
        pc: if again {
            frame.pc
        } else {
            frame.pc.saturating_sub(1)
        },
    })
}

/// The method or function of `threading` that parked thread `t` is in, where its name says more than the operation that it
/// comes down to.
pub(super) fn call(machine: &Machine, t: ThreadId) -> Option<&'static str> {
    const CALLS: [&str; 4] = ["is_alive", "active_count", "enumerate", "cancel"];
    let frame = machine.threads.get(t.0).get()?.frames.last()?;
    if !machine.image.linked[frame.code.index()].bundled {
        return None;
    }
    let name = &machine.image.program.code(frame.code).name;
    CALLS.into_iter().find(|call| **call == **name)
}

/// The name of a thread: that of the program's `Thread` object.
pub(super) fn thread_name(machine: &Machine, t: ThreadId) -> String {
    let info = if t.index() < machine.infos.len() {
        machine.infos.get(t.0).object
    } else {
        Value::Unbound
    };
    let name = machine.names.find("_name");
    let text = info
        .obj()
        .zip(name)
        .and_then(|(id, name)| machine.instance_attr(id, name));
    match text.and_then(|text| machine.as_str(text)) {
        Some(text) => text.to_owned(),
        None if t == ThreadId(0) => "MainThread".to_owned(),
        None => format!("Thread-{}", t.0),
    }
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
