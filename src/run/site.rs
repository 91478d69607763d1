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

/// Whether parked thread `t` is in code that is part of raddle.
pub(super) fn in_bundled(machine: &Machine, t: ThreadId) -> bool {
    let thread = machine.threads.get(t.0).get();
    let frame = thread.and_then(|thread| thread.frames.last());
    frame.is_some_and(|frame| machine.image.linked[frame.code.index()].bundled)
}

/// Words for calls that others look for.
pub(super) const RECEIVE: &str = "recv";
pub(super) const READ: &str = "read";
pub(super) const EXIT_CODE: &str = "exitcode";

/// The method or function of `threading` or `multiprocessing` that parked thread `t` is in, where its name says more than the operation that it
/// comes down to.
pub(super) fn call(machine: &Machine, t: ThreadId) -> Option<&'static str> {
    const CALLS: [(&str, &str); 12] = [
        ("is_alive", "is_alive"),
        ("active_count", "active_count"),
        ("active_children", "active_children"),
        ("enumerate", "enumerate"),
        ("cancel", "cancel"),
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
