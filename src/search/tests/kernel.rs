//! Programs that are lists of operations: with reduction the same outcomes as without, and each trace once.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::id::{ObjId, SyncId, ThreadId};
use crate::kernel::footprint::Touch;
use crate::kernel::op::{Op, Part, Verb, Wait};
use crate::kernel::testing::{Program, Progress, ending_text};
use crate::kernel::{Kernel, KernelMark, Performed, Settled, SyncKind, TimeMode};
use crate::search::dpor::{Entry, Flow, Path, Reduction, Search, Visitor};
use crate::search::find::guard::Prints;
use crate::search::part;
use crate::search::system::System;
use crate::testing::cases;

/// A program of operations, under way.
pub(super) struct Run<'a> {
    program: &'a Program,
    pub(super) kernel: Kernel,
    pub(super) progress: Progress,
    current: Option<ThreadId>,
    steps: u64,
    over: bool,
    /// What was written, and by whom.
    pub(super) written: Vec<(u8, String)>,
}

pub(super) struct Mark {
    kernel: KernelMark,
    progress: Progress,
    current: Option<ThreadId>,
    steps: u64,
    written: usize,
}

impl<'a> Run<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        let (kernel, progress) = program.begin();
        Run {
            program,
            kernel,
            progress,
            current: None,
            steps: 0,
            over: false,
            written: Vec::new(),
        }
    }
}

/// What threads write, in turn: some of it the same.
const TEXTS: [&str; 4] = ["a", "b", "a\n", "\n"];

impl Prints for Run<'_> {
    fn about_to_write(&self, t: ThreadId) -> Option<(u8, &str)> {
        match self.kernel.pending(t) {
            Op::Output(stream) => Some((stream, TEXTS[(t.index() + self.progress.at(t)) % 4])),
            _ => None,
        }
    }

    fn written(&self) -> &[(u8, String)] {
        &self.written
    }
}

impl System for Run<'_> {
    type Mark = Mark;

    fn ready(&mut self) -> bool {
        !self.over && self.kernel.settle() == Settled::Ready
    }

    fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    fn take(&mut self, index: usize) {
        let text = |t| {
            self.about_to_write(t)
                .map(|(to, text)| (to, text.to_owned()))
        };
        let mut text = match self.kernel.choice() {
            None => text(self.kernel.enabled().nth(index).expect("an option")),
            Some(_) => None,
        };
        self.written.extend(text.take());
        let (t, performed) = match self.kernel.choice().map(|choice| choice.notifier) {
            Some(notifier) => (notifier, self.kernel.choose_waiter(index)),
            None => {
                let t = self.kernel.enabled().nth(index).expect("an option");
                (t, self.kernel.step(t))
            }
        };
        if let Performed::Choose(_) = performed {
            return;
        }
        self.steps += 1;
        self.current = Some(t);
        if self.kernel.pending(t) == Op::Shutdown && matches!(performed, Performed::Done(_)) {
            // As a process does: main's end is the end.
            self.over = true;
            return;
        }
        self.program
            .after(&mut self.kernel, &mut self.progress, t, performed);
    }

    fn noted(&self) -> &[Touch] {
        &[]
    }

    fn steps(&self) -> u64 {
        self.steps
    }

    fn mark(&mut self) -> Mark {
        Mark {
            kernel: self.kernel.checkpoint(),
            progress: self.progress.clone(),
            current: self.current,
            steps: self.steps,
            written: self.written.len(),
        }
    }

    fn back(&mut self, mark: &Mark) {
        self.kernel.rollback(&mark.kernel);
        self.progress.clone_from(&mark.progress);
        self.current = mark.current;
        self.steps = mark.steps;
        self.over = false;
        self.written.truncate(mark.written);
    }

    fn current(&self) -> Option<ThreadId> {
        self.current
    }
}

#[derive(Default)]
struct Collect {
    outcomes: BTreeMap<String, u64>,
    fingerprints: BTreeSet<u64>,
    schedules: u64,
    redundant: u64,
    limit: u64,
    /// Pause before so many more steps.
    pause: Option<u64>,
}

impl Visitor<Run<'_>> for Collect {
    fn complete(&mut self, run: &Run, path: &Path) -> Flow {
        self.schedules += 1;
        *self
            .outcomes
            .entry(ending_text(&run.kernel, &run.progress))
            .or_default() += 1;
        self.fingerprints.insert(path.events.fingerprint());
        if self.schedules > self.limit {
            return Flow::Stop;
        }
        Flow::Go
    }

    fn redundant(&mut self, _: &Run) -> Flow {
        self.redundant += 1;
        Flow::Go
    }

    fn enter(&mut self, _: &Run) -> Entry {
        match &mut self.pause {
            Some(0) => Entry::Pause,
            Some(left) => {
                *left -= 1;
                Entry::Go
            }
            None => Entry::Go,
        }
    }
}

/// The same search by parts: after every few steps it gives some away, and so do they.
fn search_by_parts(program: &Program, reduction: Reduction) -> Collect {
    let mut found = Collect {
        limit: u64::MAX,
        ..Collect::default()
    };
    let mut parts: Vec<Option<part::Part>> = vec![None];
    while let Some(part) = parts.pop() {
        let mut run = Run::new(program);
        let mut search = Search::new(reduction);
        found.pause = Some(7);
        let mut over = match &part {
            Some(part) => search.run_part(&mut run, &mut found, part),
            None => search.run(&mut run, &mut found),
        };
        while !over {
            parts.extend(search.give_away(2).into_iter().map(Some));
            found.pause = Some(7);
            over = search.resume(&mut run, &mut found);
        }
    }
    found
}

fn search(program: &Program, reduction: Reduction, limit: u64) -> Option<Collect> {
    let mut found = Collect {
        limit,
        ..Collect::default()
    };
    Search::new(reduction)
        .run(&mut Run::new(program), &mut found)
        .then_some(found)
}

const KINDS: [SyncKind; 9] = [
    SyncKind::Lock,
    SyncKind::RLock,
    SyncKind::Condition { lock: SyncId(0) },
    SyncKind::Condition { lock: SyncId(1) },
    SyncKind::Semaphore {
        value: 1,
        bound: None,
    },
    SyncKind::Semaphore {
        value: 1,
        bound: Some(2),
    },
    SyncKind::Event,
    SyncKind::Barrier { parties: 2 },
    SyncKind::Queue { capacity: 1 },
];

fn wait() -> impl Strategy<Value = Wait> {
    prop_oneof![3 => Just(Wait::Forever), 1 => Just(Wait::Never), 1 => (1u64..4).prop_map(|s| Wait::For(s * 1_000_000))]
}

fn verbs(on: u32, verbs: BoxedStrategy<Verb>) -> BoxedStrategy<Op> {
    verbs
        .prop_map(move |verb| Op::Sync(SyncId(on), verb))
        .boxed()
}

fn op(threads: u32, outputs: u32) -> BoxedStrategy<Op> {
    let one = |verb| Just(verb).boxed();
    let waiting = |make: fn(Wait) -> Verb| wait().prop_map(make).boxed();
    let lock = || {
        prop_oneof![
            4 => waiting(Verb::Acquire),
            3 => one(Verb::Release(1)),
            1 => one(Verb::Locked)
        ]
        .boxed()
    };
    let condition = || {
        let notify = (1u32..3).prop_map(Verb::Notify).boxed();
        prop_oneof![3 => waiting(Verb::Wait), 2 => notify, 1 => one(Verb::NotifyAll)].boxed()
    };
    let permits = || prop_oneof![waiting(Verb::Acquire), (1u32..3).prop_map(Verb::Release)].boxed();
    let event = prop_oneof![
        waiting(Verb::Wait),
        one(Verb::Set),
        one(Verb::Clear),
        one(Verb::IsSet)
    ]
    .boxed();
    let barrier = prop_oneof![
        4 => waiting(Verb::Arrive), 1 => one(Verb::Abort), 1 => one(Verb::Reset), 1 => one(Verb::Waiting),
        1 => one(Verb::Broken),
    ];
    let queue = prop_oneof![
        3 => waiting(Verb::Put), 3 => waiting(Verb::Get), 1 => one(Verb::TaskDone), 1 => one(Verb::JoinTasks),
        1 => one(Verb::Size), 1 => any::<bool>().prop_map(Verb::ShutDown),
    ];
    let access = (0u32..2, 0u32..2, any::<bool>()).prop_map(|(object, index, write)| {
        let part = if index == 0 {
            Part::Whole
        } else {
            Part::Index(index)
        };
        Op::Access {
            object: ObjId(object),
            part,
            write,
        }
    });
    prop_oneof![
        4 => verbs(0, lock()), 4 => verbs(1, lock()), 3 => verbs(2, condition()), 2 => verbs(3, condition()),
        2 => verbs(4, permits()), 1 => verbs(5, permits()), 2 => verbs(6, event),
        2 => verbs(7, barrier.boxed()), 3 => verbs(8, queue.boxed()),
        1 => (0u64..3).prop_map(|s| Op::Sleep(s * 1_000_000)),
        1 => (0..threads, wait()).prop_map(|(t, wait)| Op::Join(ThreadId(t), wait)),
        1 => (1..threads).prop_map(|t| Op::Start(ThreadId(t))),
        3 => access, 1 => Just(Op::Yield), outputs => Just(Op::Output(1)),
    ]
    .boxed()
}

/// What matters of a program when a test fails.
#[derive(Clone)]
pub(super) struct Shown(pub(super) Program);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let config = &self.0.config;
        write!(
            f,
            "{:?} spurious={} fifo={} {:?}",
            config.time, config.spurious, config.fifo, self.0.threads
        )
    }
}

/// Some of whose operations, by weight, are outputs.
pub(super) fn program(outputs: u32) -> impl Strategy<Value = Shown> {
    let threads = prop::collection::vec(prop::collection::vec(op(3, outputs), 0..5), 2..4);
    (threads, any::<bool>(), 0u32..2, any::<bool>()).prop_map(|(threads, free, spurious, fifo)| {
        let mut program = Program::new(&KINDS, &[]);
        program.threads = threads;
        let count = program.threads.len() as u32;
        for ops in &mut program.threads {
            ops.retain(|op| match op {
                Op::Start(t) | Op::Join(t, _) => t.0 < count,
                _ => true,
            });
        }
        Shown(program.with(|config| {
            config.time = if free {
                TimeMode::Free
            } else {
                TimeMode::Virtual
            };
            config.spurious = spurious;
            config.fifo = fifo;
            config.step_cost = 0;
        }))
    })
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn reduction_loses_no_outcome_and_takes_each_trace_once(Shown(program) in program(1)) {
        let Some(all) = search(&program, Reduction::Traced, 1_000) else {
            return Ok(());
        };
        let reduced = search(&program, Reduction::Dpor, u64::MAX).expect("no limit");
        let outcomes = |found: &Collect| found.outcomes.keys().cloned().collect::<Vec<_>>();
        prop_assert_eq!(outcomes(&reduced), outcomes(&all));
        prop_assert_eq!(reduced.schedules as usize, reduced.fingerprints.len());
        prop_assert_eq!(&reduced.fingerprints, &all.fingerprints);
        for reduction in [Reduction::Dpor, Reduction::Traced] {
            let parts = search_by_parts(&program, reduction);
            let whole = if reduction == Reduction::Dpor { &reduced } else { &all };
            prop_assert_eq!(&parts.outcomes, &whole.outcomes);
            prop_assert_eq!(parts.schedules, whole.schedules);
        }
    }
}
