//! Programs that are lists of operations: with reduction the same outcomes as without, and each trace once.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use proptest::prelude::*;
use siphasher::sip128::{Hasher128, SipHasher13};

use crate::id::{ObjId, SyncId, ThreadId};
use crate::kernel::footprint::Touch;
use crate::kernel::generate::{Shape, Shown, program};
use crate::kernel::op::{Op, Part, Verb, Wait};
use crate::kernel::state::Sink;
use crate::kernel::testing::{Program, Progress, ending_text};
use crate::kernel::{Kernel, KernelMark, Performed, Settled, SyncKind, TimeMode};
use crate::search::dpor::{Entry, Flow, Path, Reduction, Search, Visitor};
use crate::search::find::guard::Prints;
use crate::search::merge::Merge;
use crate::search::part;
use crate::search::system::{Stateful, System};
use crate::testing::cases;

/// A program of operations, under way.
pub(super) struct Run<'a> {
    program: &'a Program,
    pub(super) kernel: Kernel,
    pub(super) progress: Progress,
    current: Option<ThreadId>,
    steps: u64,
    over: bool,
    written: Vec<(u8, String)>,
    /// Who wrote the parts of objects last: of each the part with a number, and the rest.
    memory: Memory,
    /// What threads read.
    seen: Vec<(ThreadId, String)>,
}

type Memory = [[Option<(ThreadId, usize)>; 2]; 2];

pub(super) struct Mark {
    kernel: KernelMark,
    progress: Progress,
    current: Option<ThreadId>,
    steps: u64,
    written: usize,
    memory: Memory,
    seen: usize,
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
            memory: Memory::default(),
            seen: Vec::new(),
        }
    }

    /// What the threads of a run were answered and read, what they left behind, and how it ended.
    pub(super) fn answers(&self) -> String {
        let mut text = ending_text(&self.kernel, &self.progress);
        for t in self.kernel.threads() {
            let own = self.seen.iter().filter(|(u, _)| *u == t);
            own.for_each(|(_, read)| text.push_str(read));
            text.push('|');
        }
        format!("{text} {:?}", self.memory)
    }

    /// What was written to a stream.
    pub(super) fn output(&self, stream: u8) -> String {
        let own = self.written.iter().filter(|(to, _)| *to == stream);
        own.map(|(_, text)| &**text).collect()
    }

    /// Does what the step of `t` is to do: reads, writes, prints.
    fn act(&mut self, t: ThreadId) {
        let number = (t, self.progress.at(t));
        match self.kernel.pending(t) {
            Op::Access {
                object,
                part,
                write,
            } => {
                let parts = match part {
                    Part::Whole => 0..2,
                    _ => 1..2,
                };
                let object = &mut self.memory[object.index()];
                if write {
                    object[parts].fill(Some(number));
                } else {
                    self.seen.push((t, format!("{:?}", &object[parts])));
                }
            }
            Op::Survey => {
                let live = self.kernel.live_count();
                self.seen.push((t, live.to_string()));
            }
            Op::Output(_) => {
                let words = self.about_to_write(t);
                let words = words.map(|(to, text)| (to, text.to_owned()));
                self.written.extend(words);
            }
            _ => {}
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
        if self.kernel.choice().is_none() {
            self.act(self.kernel.enabled().nth(index).expect("an option"));
        }
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
            memory: self.memory,
            seen: self.seen.len(),
        }
    }

    fn back(&mut self, mark: &Mark) {
        self.kernel.rollback(&mark.kernel);
        self.progress.clone_from(&mark.progress);
        self.current = mark.current;
        self.steps = mark.steps;
        self.over = false;
        self.written.truncate(mark.written);
        self.memory = mark.memory;
        self.seen.truncate(mark.seen);
    }

    fn release(&mut self, mark: &Mark) {
        self.kernel.release(&mark.kernel);
    }

    fn current(&self) -> Option<ThreadId> {
        self.current
    }
}

impl Stateful for Run<'_> {
    fn state(&mut self) -> u128 {
        let mut words = Words(SipHasher13::new());
        self.kernel.write_state(&mut words);
        for id in 0..self.program.kinds.len() as u32 {
            self.kernel.write_object(SyncId(id), &mut words);
        }
        self.progress.hash_for_future(&mut words);
        // What was read and printed is part of what is compared in the end; in which order threads read is not.
        for t in self.kernel.threads() {
            let own = self.seen.iter().filter(|(u, _)| *u == t);
            own.for_each(|(_, read)| read.hash(&mut words));
            words.write_u8(0xFF);
        }
        (&self.memory, &self.written).hash(&mut words);
        words.0.finish128().as_u128()
    }

    fn jump(&mut self) {
        self.kernel.jump();
    }
}

/// A state as bytes.
struct Words(SipHasher13);

impl Hasher for Words {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    fn finish(&self) -> u64 {
        self.0.finish()
    }
}

impl Sink for Words {
    fn heap_object(&mut self, id: ObjId) {
        self.write_u32(id.0);
    }

    fn sync_object(&mut self, id: SyncId) {
        self.write_u32(id.0);
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
            .entry(format!("{} {:?}", run.answers(), run.output(1)))
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

fn search_by_states(program: &Program) -> Collect {
    let mut found = Collect {
        limit: u64::MAX,
        ..Collect::default()
    };
    let whole = Merge::new(None).run(&mut Run::new(program), &mut found);
    assert!(whole, "nothing stops it");
    found
}

/// Compares the search with reduction and the one without, both also by parts; says nothing of programs with more runs than `limit`.
pub(super) fn compare(program: &Program, limit: u64) -> Result<(), TestCaseError> {
    let Some(all) = search(program, Reduction::Traced, limit) else {
        return Ok(());
    };
    let Some(reduced) = search(program, Reduction::Dpor, limit) else {
        return Err(TestCaseError::fail("more runs with reduction than without"));
    };
    let outcomes = |found: &Collect| found.outcomes.keys().cloned().collect::<Vec<_>>();
    prop_assert_eq!(outcomes(&reduced), outcomes(&all));
    prop_assert_eq!(reduced.schedules as usize, reduced.fingerprints.len());
    prop_assert_eq!(&reduced.fingerprints, &all.fingerprints);
    let by_states = search_by_states(program);
    prop_assert_eq!(outcomes(&by_states), outcomes(&all));
    prop_assert!(by_states.schedules <= all.schedules);
    for (reduction, whole) in [(Reduction::Dpor, &reduced), (Reduction::Traced, &all)] {
        let parts = search_by_parts(program, reduction);
        prop_assert_eq!(&parts.outcomes, &whole.outcomes);
        prop_assert_eq!(parts.schedules, whole.schedules);
    }
    Ok(())
}

/// Programs some of whose threads are cut off at the end, and that see it.
pub(super) const DAEMONS: Shape = Shape {
    surveys: 1,
    daemons: 2,
    ..Shape::SMALL
};

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn reduction_loses_no_outcome_and_takes_each_trace_once(Shown(program) in program(Shape::SMALL)) {
        compare(&program, 1_000)?;
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn reduction_loses_no_outcome_of_programs_with_daemons(Shown(program) in program(DAEMONS)) {
        compare(&program, 1_000)?;
    }
}

/// What a thread needs it may have released itself, whatever others release besides.
#[test]
fn an_own_release_opens_what_another_would() {
    let sync = |verb| Op::Sync(SyncId(0), verb);
    let take = |wait| sync(Verb::Acquire(wait));
    let give = |n| sync(Verb::Release(n));
    let program = Program::new(
        &[SyncKind::Semaphore {
            value: 1,
            bound: None,
        }],
        &[
            &[give(1), take(Wait::Forever), give(2)],
            &[take(Wait::Forever), take(Wait::For(3)), give(2), give(1)],
        ],
    );
    for time in [TimeMode::Virtual, TimeMode::Free] {
        let program = program.clone().with(|config| config.time = time);
        let compared = compare(&program, 10_000);
        assert!(compared.is_ok(), "{time:?}: {compared:?}");
    }
}
