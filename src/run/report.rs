//! Threads that cannot go on, or do not come to an end: what each waits for, who holds that and since when.

use super::Stuck;
use super::events::{Taken, hides};
use super::naming::Namer;
use super::site::{self, Site, site, thread_name, thread_names};
use super::words::{self, Told, seconds};
use crate::id::{SyncId, ThreadId};
use crate::kernel::op::Op;
use crate::kernel::{BlockReason, Peek, ThreadSet};
use crate::value::Value;
use crate::vm::machine::Machine;

/// What is known of a run that did not end.
pub(super) struct Findings<'a> {
    pub(super) machine: &'a Machine,
    /// Threads that go on and on, if the run is endless.
    pub(super) busy: &'a ThreadSet,
    /// Where locks were taken.
    pub(super) taken: &'a Taken,
}

/// All live threads in order, those that keep an endless run going first.
pub(super) fn stuck(findings: &Findings, namer: &mut Namer) -> Vec<Stuck> {
    let mut threads: Vec<ThreadId> = findings.machine.kernel.live().collect();
    threads.sort_by_key(|t| (!findings.runs(*t), *t));
    threads
        .into_iter()
        .map(|t| {
            namer.look_from(findings.machine.process_of(t));
            findings.thread(namer, t)
        })
        .collect()
}

/// Whether somebody waits for what another holds, so that it is worth knowing where it was taken.
pub(super) fn holders_matter(machine: &Machine, busy: &ThreadSet) -> bool {
    machine
        .kernel
        .live()
        .filter(|t| !busy.contains(*t))
        .any(|t| held(machine, t).is_some())
}

/// The lock or semaphore that a thread waits for, if somebody holds it.
fn held(machine: &Machine, t: ThreadId) -> Option<SyncId> {
    match machine.kernel.block_reason(t) {
        BlockReason::Lock { lock, .. } | BlockReason::Reacquire { lock, .. } => Some(lock),
        BlockReason::Permit { semaphore } => Some(semaphore),
        _ => None,
    }
}

impl Findings<'_> {
    fn runs(&self, t: ThreadId) -> bool {
        let reason = self.machine.kernel.block_reason(t);
        self.busy.contains(t) || matches!(reason, BlockReason::Ready | BlockReason::Running)
    }

    fn thread(&self, namer: &mut Namer, t: ThreadId) -> Stuck {
        let machine = self.machine;
        let mut holders = match held(machine, t) {
            Some(_) if !self.runs(t) => machine.kernel.waits_for(t),
            _ => Default::default(),
        };
        let since = match (held(machine, t), holders.as_slice()) {
            (Some(id), [holder]) => self.taken.get(id, *holder),
            _ => None,
        };
        let mut waits_for = if self.runs(t) {
            "runs".to_owned()
        } else {
            self.waits_for(namer, t)
        };
        let process = machine.process_of(t);
        let stranger = |h: &ThreadId| machine.process_of(*h) != process;
        if holders.iter().any(stranger) && held(machine, t).is_some_and(|id| !namer.is_common(id)) {
            // A copy of a lock, whose holder stayed behind in the process that was copied.
            let holder = thread_names(machine, &holders);
            waits_for.push_str(&format!(", which the fork copied while {holder} held it"));
            holders.clear();
        }
        let mut stuck = Stuck {
            thread: thread_name(machine, t),
            waits_for,
            held_by: (!holders.is_empty()).then(|| thread_names(machine, &holders)),
            held_since: since.map(|site| machine.image.program.line(site.code, site.pc)),
            line: 0,
            file: String::new(),
            source: String::new(),
            columns: None,
            daemon: machine.kernel.is_daemon(t),
        };
        if let Some(site) = site(machine, t) {
            show(machine, site, &mut stuck);
        }
        stuck
    }

    /// What completes "waits for" inside of a call of bundled code whose caller does not know what it does: `future.result()`, say, waits
    /// at a condition.
    fn call_waits_for(&self, namer: &mut Namer, t: ThreadId) -> Option<String> {
        let machine = self.machine;
        let kernel = &machine.kernel;
        let op = kernel.pending(t);
        let Op::Sync(id, _) = op else { return None };
        let outer = site::outer(machine, machine.thread(t))?;
        let sync = namer.sync_of(machine, id, outer.inner);
        let told = Told {
            thread: t,
            op,
            phase: kernel.phase(t),
            call: site::call(machine, t),
        };
        let word = words::operation(op, told.phase, kernel.lock_of(id).is_some());
        if !hides(machine, namer, &told, word, &outer) {
            return None;
        }
        let object = match outer.owner {
            Some(owner) => namer.heap(machine, owner),
            None => sync,
        };
        let name = namer.name(object);
        let class = outer
            .owner
            .map(|owner| machine.type_name(Value::Obj(owner)));
        Some(match (outer.name, class) {
            ("result" | "exception", Some("Future")) => format!("future {name} to be done"),
            ("wait" | "as_completed", None) => "futures to be done".to_owned(),
            ("get" | "wait", Some("ApplyResult" | "MapResult")) => {
                format!("result {name} to be there")
            }
            ("apply" | "map" | "starmap", Some(_))
            | ("next", Some("IMapIterator"))
            | ("get_result", _) => format!("a result of {name}"),
            ("get_task", _) => format!("a task of {name}"),
            ("interval", _) => format!("the interval of timer {name} to pass"),
            _ => return None,
        })
    }

    /// What completes "waits for".
    fn waits_for(&self, namer: &mut Namer, t: ThreadId) -> String {
        if let Some(text) = self.call_waits_for(namer, t) {
            return text;
        }
        let machine = self.machine;
        let kernel = &machine.kernel;
        let mut name = |id| {
            let index = namer.sync(machine, id);
            namer.name(index).to_owned()
        };
        match kernel.block_reason(t) {
            BlockReason::Lock { lock, .. } => match kernel.peek(lock) {
                Peek::Queue { .. } => format!("queue {} while program code orders it", name(lock)),
                _ => format!("lock {}", name(lock)),
            },
            BlockReason::Notification { condition } => {
                format!("condition {} to be notified", name(condition))
            }
            BlockReason::Reacquire {
                condition, lock, ..
            } => {
                let (condition, lock) = (name(condition), name(lock));
                if condition == lock {
                    format!("the lock of condition {condition}, after its wait there")
                } else {
                    format!("lock {lock}, after its wait on condition {condition}")
                }
            }
            BlockReason::Permit { semaphore } => {
                format!("semaphore {} to be released", name(semaphore))
            }
            BlockReason::Flag { event } => format!("event {} to be set", name(event)),
            BlockReason::Parties { barrier, arrived } => match kernel.peek(barrier) {
                Peek::Barrier { parties, .. } => {
                    format!("barrier {} ({arrived} of {parties} there)", name(barrier))
                }
                _ => format!("barrier {}", name(barrier)),
            },
            BlockReason::BarrierBusy {
                barrier,
                action: Some(runner),
            } => {
                format!(
                    "barrier {}, whose action {} runs",
                    name(barrier),
                    thread_name(machine, runner)
                )
            }
            BlockReason::BarrierBusy {
                barrier,
                action: None,
            } => {
                format!(
                    "barrier {} to be left by the threads it let go",
                    name(barrier)
                )
            }
            BlockReason::Item { queue } => {
                let index = namer.sync(machine, queue);
                let name = namer.name(index);
                match namer.kind(index) {
                    "Connection" => format!("pipe {name} to have a message"),
                    _ => format!("queue {name} to have an item"),
                }
            }
            BlockReason::Room { queue } => format!("queue {} to have room", name(queue)),
            BlockReason::Tasks { queue, unfinished } => {
                format!(
                    "queue {} to have its tasks done ({unfinished} are not)",
                    name(queue)
                )
            }
            BlockReason::Thread { thread } => {
                let process = thread != ThreadId(0) && kernel.process_of(thread) == thread;
                let what = if process { "process" } else { "thread" };
                format!("{what} {} to end", thread_name(machine, thread))
            }
            BlockReason::Foreground => {
                let others = kernel.waits_for(t);
                let noun = if others.len() == 1 {
                    "thread"
                } else {
                    "threads"
                };
                format!("{noun} {} to end, at exit", thread_names(machine, &others))
            }
            BlockReason::Asleep { until } => {
                format!(
                    "{} more seconds of sleep to pass",
                    seconds(until.saturating_sub(kernel.now()))
                )
            }
            BlockReason::NotStarted
            | BlockReason::Running
            | BlockReason::Ready
            | BlockReason::Ended => "runs".to_owned(),
        }
    }
}

/// Fills in where a thread stands: file, line, the line's text, and what of it is meant.
fn show(machine: &Machine, site: Site, stuck: &mut Stuck) {
    let program = &machine.image.program;
    let module = program.module_of(site.code);
    stuck.line = program.line(site.code, site.pc);
    stuck.file = module.path.to_string();
    let text = module.line_text(stuck.line);
    stuck.source = text.trim().to_owned();
    let span = program
        .code(site.code)
        .spans
        .get(site.pc as usize)
        .copied()
        .unwrap_or_default();
    let line_start = module
        .lines
        .get(stuck.line as usize - 1)
        .copied()
        .unwrap_or_default();
    let indent = text.len() - text.trim_start().len();
    // Columns count characters, spans count bytes; what goes on in further lines is marked to the line's end.
    let column = |offset: u32| {
        let bytes = (offset.saturating_sub(line_start) as usize)
            .saturating_sub(indent)
            .min(stuck.source.len());
        stuck
            .source
            .get(..bytes)
            .map(|before| before.chars().count() as u32)
    };
    stuck.columns = column(span.start)
        .zip(column(span.end))
        .filter(|(start, end)| start < end);
}
