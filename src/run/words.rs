//! What steps are called in traces: the words of `threading` and `queue`, as far as these have words.

use super::phrases::Phrases;
use super::site::{EXIT_CODE, READ, RECEIVE, name_object, thread_name, thread_names};
use crate::id::ThreadId;
use crate::kernel::op::{Answer, Fault, Op, Verb, Wait};
use crate::kernel::{Performed, Phase};
use crate::text::float;
use crate::trace::model::Datum;
use crate::trace::texts::Text;
use crate::vm::machine::Machine;

/// The operation of a step, in one word. Waiting takes several steps: `wait` (it blocks), `wake` (notified, set, tired of
/// waiting), and for a condition's lock `reacquire`.
pub(super) fn operation(op: Op, phase: Phase, condition: bool) -> &'static str {
    match op {
        Op::Start(_) => "start",
        Op::Join(..) => "join",
        Op::Exit => "exit",
        Op::Kill(_) => "kill",
        Op::Shutdown => "shutdown",
        Op::Sleep(_) => "sleep",
        Op::Yield => "run",
        Op::Survey => "look",
        Op::Clock => "clock",
        Op::Output(1) => "print",
        Op::Output(_) => "stderr",
        Op::Access { write: false, .. } => "read",
        Op::Access { write: true, .. } => "write",
        Op::Sync(_, verb) => match (verb, phase) {
            (Verb::Wait(_) | Verb::Arrive(_), Phase::Front) => "wait",
            (Verb::Wait(_), Phase::Woken | Phase::GaveUp) if condition => "reacquire",
            (Verb::Wait(_) | Verb::Arrive(_), _) => "wake",
            (Verb::Acquire(_), _) => "acquire",
            (Verb::Release(_), _) => "release",
            (Verb::Locked, _) => "locked",
            (Verb::Owned, _) => "owned",
            (Verb::Notify(_), _) => "notify",
            (Verb::NotifyAll, _) => "notify_all",
            (Verb::Set, _) => "set",
            (Verb::Clear, _) => "clear",
            (Verb::IsSet, _) => "is_set",
            (Verb::Open, _) => "open",
            (Verb::Abort, _) => "abort",
            (Verb::Reset, _) => "reset",
            (Verb::Waiting, _) => "n_waiting",
            (Verb::Broken, _) => "broken",
            (Verb::Put(_), _) => "put",
            (Verb::Get(_), _) => "get",
            (Verb::Look(_), _) => "poll",
            (Verb::TaskDone, _) => "task_done",
            (Verb::JoinTasks, _) => "join",
            (Verb::Size, _) => "qsize",
            (Verb::ShutDown(_), _) => "shutdown",
            (Verb::Vacate { .. }, _) => "release",
            (Verb::Unseal, _) => "unseal",
        },
    }
}

/// Looks at whether a thread or process has ended, which are joins that do not wait.
const IS_ALIVE: &str = "is_alive";

/// What is asked for beyond operation and object. Reads, writes and output are told elsewhere.
pub(super) fn detail(machine: &Machine, told: &Told) -> Option<String> {
    let Told { op, phase, .. } = *told;
    let wait = match (op.wait(), op.verb()) {
        _ if phase != Phase::Front => None,
        (Some(Wait::For(ns)), _) => Some(format!("timeout={}", seconds(ns))),
        (Some(Wait::Never), Some(Verb::Acquire(_))) => Some("blocking=False".to_owned()),
        (Some(Wait::Never), Some(Verb::Put(_) | Verb::Get(_))) => Some("block=False".to_owned()),
        (Some(Wait::Never), _) => Some("timeout=0".to_owned()),
        _ => None,
    };
    match op {
        Op::Start(child) | Op::Kill(child) => Some(thread_name(machine, child)),
        Op::Join(target, _) if matches!(told.call, Some(IS_ALIVE | EXIT_CODE)) => {
            Some(thread_name(machine, target))
        }
        Op::Join(target, _) => {
            let name = thread_name(machine, target);
            Some(wait.map_or(name.clone(), |wait| format!("{name} {wait}")))
        }
        Op::Sleep(ns) => Some(seconds(ns)),
        Op::Sync(_, Verb::Notify(n) | Verb::Release(n)) if n != 1 => Some(format!("n={n}")),
        Op::Sync(_, Verb::ShutDown(true)) if told.call.is_none() => {
            Some("immediate=True".to_owned())
        }
        _ => wait,
    }
}

/// Nanoseconds as Python shows seconds: `2.5`, `1.0`.
pub(super) fn seconds(ns: u64) -> String {
    float::repr(ns as f64 / 1e9)
}

/// What came of a step, where it is worth telling.
pub(super) fn result(
    machine: &Machine,
    step: &Told,
    performed: Performed,
    phrases: &mut Phrases,
) -> Option<Datum> {
    let mut word = |word| Some(Datum::Text(phrases.word(word)));
    let Performed::Done(answer) = performed else {
        return word(parked(machine, step));
    };
    let truth = |truth: bool| Some(Datum::Bool(truth));
    match (step.op, answer) {
        (Op::Sync(_, Verb::IsSet), _) if step.call == Some(READ) => None,
        (_, Answer::Fault(Fault::ShutDown)) if step.call == Some(RECEIVE) => word("EOFError"),
        (_, Answer::Fault(fault)) => word(class(fault)),
        (Op::Join(..), Answer::Bool(ended)) if step.call == Some(IS_ALIVE) => truth(!ended),
        (Op::Join(target, _), Answer::Bool(_)) if step.call == Some(EXIT_CODE) => {
            let process = machine.processes.iter().find(|(_, p)| p.main == target);
            let code = process.and_then(|(_, process)| process.exit);
            Some(code.map_or(Datum::None, |code| Datum::Int(code.into())))
        }
        (op, Answer::Bool(false))
            if matches!(op.wait(), Some(Wait::For(_))) && step.phase != Phase::GaveUp =>
        {
            word("timed out")
        }
        (Op::Join(_, Wait::Never), Answer::Bool(ended)) => truth(ended),
        (Op::Join(..), _) => None,
        (Op::Sync(_, Verb::Acquire(Wait::Forever)), Answer::Bool(true)) => None,
        (_, Answer::Bool(value)) => truth(value),
        (Op::Sync(_, Verb::Arrive(_)), Answer::Last(_)) => word("last"),
        (_, Answer::Int(value) | Answer::Last(value)) => Some(Datum::Int(value)),
        (Op::Sync(_, Verb::Notify(_) | Verb::NotifyAll), _) => match woken(machine, phrases) {
            Some(woken) => Some(Datum::Text(woken)),
            None => Some(Datum::Text(phrases.word("nobody waits"))),
        },
        (Op::Sync(_, Verb::Set), _) => Some(Datum::Text(woken(machine, phrases)?)),
        (_, Answer::Done | Answer::Time(_)) => None,
    }
}

/// A step whose thread stays parked.
fn parked(machine: &Machine, step: &Told) -> &'static str {
    match machine.kernel.phase(step.thread) {
        Phase::Front | Phase::Waiting => "blocked",
        Phase::GaveUp => "timed out",
        Phase::Woken => "spurious",
    }
}

fn woken(machine: &Machine, phrases: &mut Phrases) -> Option<Text> {
    let woken: &[ThreadId] = machine.kernel.woken();
    if woken.is_empty() {
        return None;
    }
    let names = woken.iter().map(|&t| (t, name_object(machine, t)));
    let words = || format!("wakes {}", thread_names(machine, woken));
    Some(phrases.woken(names.collect(), words))
}

/// What is known of a step before it is performed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) thread: ThreadId,
    pub(super) op: Op,
    pub(super) phase: Phase,
    /// A better word for it.
    pub(super) call: Option<&'static str>,
}

/// The exception that a fault becomes.
fn class(fault: Fault) -> &'static str {
    match fault {
        Fault::ReleaseUnlocked
        | Fault::NotOwner
        | Fault::WaitUnowned
        | Fault::NotifyUnowned
        | Fault::AlreadyStarted
        | Fault::JoinUnstarted
        | Fault::JoinSelf
        | Fault::JoinDeadlock => "RuntimeError",
        Fault::TooManyReleases | Fault::TaskDoneTooMany => "ValueError",
        Fault::Broken => "BrokenBarrierError",
        Fault::Empty => "Empty",
        Fault::Full => "Full",
        Fault::ShutDown => "ShutDown",
        Fault::Unsealed => "unsealed",
    }
}
