//! A driver for tests: programs that are lists of operations, run in every order there is.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::op::{Answer, Op, Verb, Wait};
use super::{
    BlockReason, Config, Kernel, Performed, Phase, Settled, SyncKind, ThreadId, ThreadSet,
    ThreadState,
};
use crate::id::SyncId;

pub(crate) const SECOND: u64 = 1_000_000_000;
pub(crate) const FOREVER: Wait = Wait::Forever;

/// Object `id` does `verb`.
pub(crate) fn on(id: u32, verb: Verb) -> Op {
    Op::Sync(SyncId(id), verb)
}

pub(crate) fn acquire(id: u32) -> Op {
    on(id, Verb::Acquire(FOREVER))
}

pub(crate) fn release(id: u32) -> Op {
    on(id, Verb::Release(1))
}

pub(crate) fn start(t: u32) -> Op {
    Op::Start(ThreadId(t))
}

pub(crate) fn join(t: u32) -> Op {
    Op::Join(ThreadId(t), FOREVER)
}

/// Threads as lists of operations. Thread 0 is main; at the end of its list it waits for the others. The others run from
/// the begin, but those that main starts itself.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) config: Config,
    pub(crate) kinds: Vec<SyncKind>,
    pub(crate) threads: Vec<Vec<Op>>,
    /// Threads from this one on are daemons.
    pub(crate) daemons: usize,
}

/// How far a run has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Progress {
    at: Vec<usize>,
    answers: Vec<Vec<String>>,
    order: Vec<String>,
}

impl Progress {
    /// What decides on the rest of the run, and on what is told of it in the end.
    pub(crate) fn hash_for_future(&self, state: &mut impl Hasher) {
        (&self.at, &self.answers).hash(state);
    }
}

/// What to tell of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Answers,
    Order,
}

impl Progress {
    /// How many of its operations a thread has begun.
    pub(crate) fn at(&self, t: ThreadId) -> usize {
        self.at[t.index()]
    }
}

impl Program {
    pub(crate) fn new(kinds: &[SyncKind], threads: &[&[Op]]) -> Self {
        Program {
            config: Config::default(),
            kinds: kinds.to_vec(),
            threads: threads.iter().map(|ops| ops.to_vec()).collect(),
            daemons: usize::MAX,
        }
    }

    pub(crate) fn with(self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.config.clone();
        change(&mut config);
        Program { config, ..self }
    }

    /// The answers of each thread and, if it is stuck, the threads that are, over all runs: `T . | F | stuck 1`.
    pub(crate) fn outcomes(&self) -> BTreeSet<String> {
        self.explore(View::Answers)
    }

    /// The orders in which operations are completed, over all runs: `1T 0. 2T`.
    pub(crate) fn orders(&self) -> BTreeSet<String> {
        self.explore(View::Order)
    }

    /// The answers of the run in which the lowest thread steps always.
    pub(crate) fn first(&self) -> String {
        let (mut kernel, mut progress) = self.begin();
        while kernel.settle() == Settled::Ready {
            let t = kernel.enabled().first().expect("ready");
            let mut performed = kernel.step(t);
            while let Performed::Choose(_) = performed {
                performed = kernel.choose_waiter(0);
            }
            self.after(&mut kernel, &mut progress, t, performed);
            audit(&kernel);
        }
        ending(&kernel, &progress, View::Answers)
    }

    pub(crate) fn begin(&self) -> (Kernel, Progress) {
        let mut kernel = Kernel::new(self.config.clone());
        for kind in &self.kinds {
            kernel.create(*kind);
        }
        let count = self.threads.len();
        let own = &self.threads[0];
        let mut progress = Progress {
            at: vec![0; count],
            answers: vec![Vec::new(); count],
            order: Vec::new(),
        };
        let children: Vec<ThreadId> = (1..count)
            .map(|t| kernel.spawn(t >= self.daemons))
            .collect();
        for child in children {
            if !own.contains(&Op::Start(child)) {
                kernel.park(ThreadId(0), Op::Start(child));
                kernel.step(ThreadId(0));
                self.advance(&mut kernel, &mut progress, child);
            }
        }
        self.advance(&mut kernel, &mut progress, ThreadId(0));
        audit(&kernel);
        (kernel, progress)
    }

    fn advance(&self, kernel: &mut Kernel, progress: &mut Progress, t: ThreadId) {
        let ops = &self.threads[t.index()];
        let at = progress.at[t.index()];
        let op = match ops.get(at) {
            Some(op) => *op,
            None if t == ThreadId(0) && at == ops.len() => Op::Shutdown,
            None => Op::Exit,
        };
        progress.at[t.index()] += 1;
        kernel.park(t, op);
    }

    /// Lets the threads that a step set running come to their next operations.
    pub(crate) fn after(
        &self,
        kernel: &mut Kernel,
        progress: &mut Progress,
        t: ThreadId,
        performed: Performed,
    ) {
        let Performed::Done(answer) = performed else {
            return;
        };
        let op = kernel.pending(t);
        if op == Op::Exit {
            return;
        }
        if op != Op::Shutdown {
            let text = show(answer, kernel.config().start_time);
            progress.order.push(format!("{}{text}", t.0));
            progress.answers[t.index()].push(text);
        }
        if let (Op::Start(child), Answer::Done) = (op, answer) {
            self.advance(kernel, progress, child);
        }
        match (op, answer) {
            (Op::Sync(id, _), Answer::Last(_)) => kernel.park(t, Op::Sync(id, Verb::Open)),
            _ => self.advance(kernel, progress, t),
        }
    }

    fn explore(&self, view: View) -> BTreeSet<String> {
        let (mut kernel, progress) = self.begin();
        let mut search = Search {
            program: self,
            view,
            seen: BTreeSet::new(),
            found: BTreeSet::new(),
        };
        search.visit(&mut kernel, progress);
        search.found
    }
}

struct Search<'a> {
    program: &'a Program,
    view: View,
    seen: BTreeSet<u64>,
    found: BTreeSet<String>,
}

impl Search<'_> {
    fn visit(&mut self, kernel: &mut Kernel, progress: Progress) {
        audit(kernel);
        let mut hasher = DefaultHasher::new();
        (&kernel, &progress.at, &progress.answers).hash(&mut hasher);
        if self.view == View::Order {
            progress.order.hash(&mut hasher);
        }
        if !self.seen.insert(hasher.finish()) {
            return;
        }
        assert!(self.seen.len() < 200_000, "too big for a test");
        if kernel.choice().is_none() && kernel.settle() == Settled::Deadlock {
            self.found.insert(ending(kernel, &progress, self.view));
            return;
        }
        let options = kernel
            .choice()
            .map_or(kernel.enabled().len(), |choice| choice.options().len());
        for index in 0..options {
            let mark = kernel.checkpoint();
            let before = kernel.clone();
            let mut progress = progress.clone();
            let (t, performed) = match kernel.choice().map(|choice| choice.notifier) {
                Some(notifier) => (notifier, kernel.choose_waiter(index)),
                None => {
                    let t = kernel.enabled().nth(index).expect("index below len");
                    (t, kernel.step(t))
                }
            };
            self.program.after(kernel, &mut progress, t, performed);
            self.visit(kernel, progress);
            kernel.rollback(&mark);
            assert_eq!(*kernel, before);
        }
    }
}

fn show(answer: Answer, start: u64) -> String {
    match answer {
        Answer::Done => ".".into(),
        Answer::Bool(true) => "T".into(),
        Answer::Bool(false) => "F".into(),
        Answer::Int(n) => n.to_string(),
        Answer::Last(n) => format!("{n}last"),
        Answer::Time(t) => format!("{}us", (t - start) / 1_000),
        Answer::Fault(fault) => format!("{fault:?}"),
    }
}

pub(crate) fn ending_text(kernel: &Kernel, progress: &Progress) -> String {
    ending(kernel, progress, View::Answers)
}

fn ending(kernel: &Kernel, progress: &Progress, view: View) -> String {
    let mut parts: Vec<String> = match view {
        View::Answers => progress
            .answers
            .iter()
            .map(|answers| answers.join(" "))
            .collect(),
        View::Order => vec![progress.order.join(" ")],
    };
    if kernel.live_count() > 0 {
        let stuck: Vec<String> = kernel
            .live()
            .filter(|t| kernel.block_reason(*t) != BlockReason::Foreground)
            .map(|t| t.0.to_string())
            .collect();
        parts.push(format!("stuck {}", stuck.join(" ")));
    }
    parts.join(" | ")
}

/// Compares the bookkeeping with a look from scratch.
pub(crate) fn audit(kernel: &Kernel) {
    if kernel.choice().is_some() {
        return;
    }
    let offered = |t: ThreadId| {
        let waits = matches!(kernel.pending(t), Op::Sync(id, Verb::Wait(_))
            if matches!(kernel.objects.get(id.0), super::sync::Object::Condition(_)));
        kernel.state(t) == ThreadState::Parked && waits && kernel.phase(t) == Phase::Waiting
    };
    let able: ThreadSet = kernel.threads().filter(|t| kernel.can_go_on(*t)).collect();
    let spurious: ThreadSet = kernel
        .threads()
        .filter(|t| kernel.core.head.budget > 0 && offered(*t) && !able.contains(*t))
        .collect();
    let mut enabled = able;
    enabled.union_with(&spurious);
    assert_eq!(*kernel.enabled(), enabled, "{kernel:#?}");
    assert_eq!(kernel.core.rare().spurious, spurious, "{kernel:#?}");
    assert_eq!(kernel.core.head.offered as usize, spurious.len());
    let live = kernel.live().count();
    let foreground = kernel.live().filter(|t| !kernel.is_daemon(*t)).count();
    assert_eq!(
        (kernel.live_count(), kernel.core.head.foreground as usize),
        (live, foreground)
    );
    for t in kernel.threads() {
        let due = kernel.core.rare().due.contains(t);
        let timed = kernel.deadline(t).is_some();
        assert!(timed || !due, "{t:?} is due without a deadline");
    }
}

/// A set of texts, as [`Program::outcomes`] gives it.
pub(crate) fn texts<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.map(String::from).into()
}
