//! Driving a machine from choice point to choice point.
//!
//! ```text
//! while driver.ready() {
//!     let index = /* look at driver.point() */;
//!     driver.take(index);
//! }
//! driver.ending()
//! ```
//!
//! [`Driver::ready`] brings the run to its next point, [`Driver::take`] performs one step (or chooses one waiter) and runs invisible code
//! up to the next visible operation. Points with one option count as points, so that whoever explores sees every step; a
//! strategy is asked only at points with two or more ([`Driver::run`]). At a point the whole run can be
//! marked and gone back to ([`Driver::checkpoint`], [`Driver::rollback`]).

use super::events::Recorder;
use super::site::thread_name;
use super::{Ending, Limit, Options, Switch};
use crate::explore::schedule::ScheduleMark;
use crate::explore::{ChoiceKind, ChoicePoint, Mismatch, RoundRobin, Schedule, Strategy};
use crate::id::ThreadId;
use crate::kernel::footprint::{Mode, Resource, Touch};
use crate::kernel::op::{Answer, Op, Part};
use crate::kernel::{Kernel, Performed, Settled, ThreadSet, ThreadState};
use crate::vm::exec::{Forces, Listener, Stop};
use crate::vm::machine::{Image, Machine, MachineMark, MainExit};
use crate::vm::state::{Printed, Scratch};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The virtual clock's last reading.
const END_OF_TIME: u64 = u64::MAX - 1;

/// What depends on every step of the program's own threads.
const ANYTHING: Touch = Touch::new(Resource::Process(ThreadId(0)), Part::Whole, Mode::Write);

/// A run under way.
pub struct Driver<'m> {
    machine: &'m mut Machine,
    image: Arc<Image>,
    schedule: Schedule,
    current: Option<ThreadId>,
    steps: u64,
    max_steps: u64,
    /// How many steps there were right after the newest choice that the schedule tells.
    told: u64,
    switch: Switch,
    over: Option<Over>,
    recorder: Option<Box<Recorder>>,
    /// Accesses between two switch points are not told, so that any step may depend on any other.
    opaque: bool,
    printed: Printed,
    scratch: Option<Box<Scratch>>,
    /// Nobody wants to see forced steps: threads may take them by themselves.
    goes_ahead: bool,
    /// So many at a time.
    most_ahead: u64,
}

/// Why there is no further point.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Over {
    /// Main came to its end.
    Ended,
    /// No thread can step.
    Deadlock,
    /// A limit was reached.
    Limit(Limit),
    /// Something was reached that raddle does not support.
    Refused(String),
    /// A bug of raddle.
    Internal(String),
}

/// A point of a run to go back to.
#[derive(Clone, Debug)]
pub struct DriverMark {
    machine: MachineMark,
    schedule: ScheduleMark,
    current: Option<ThreadId>,
    steps: u64,
    told: u64,
}

impl<'m> Driver<'m> {
    /// Begins a run on a machine that stands at its base mark: main runs up to its first visible operation.
    pub(super) fn new(
        machine: &'m mut Machine,
        options: &Options,
        schedule: Schedule,
        recorder: Option<Box<Recorder>>,
    ) -> Driver<'m> {
        machine.begin(options);
        let mut driver = Driver::on(machine, options, schedule, recorder);
        driver.count_threads();
        driver.run_on(ThreadId(0), &Answer::Done);
        driver
    }

    /// Goes on from a mark of an earlier run with the same options, or with another seed that made no difference up to there.
    pub(super) fn resume(
        machine: &'m mut Machine,
        options: &Options,
        schedule: Schedule,
        mark: &DriverMark,
    ) -> Driver<'m> {
        machine.options.seed = options.seed;
        machine.rollback(&mark.machine);
        let mut driver = Driver::on(machine, options, schedule, None);
        driver.current = mark.current;
        driver.steps = mark.steps;
        driver.told = mark.told;
        driver
    }

    fn on(
        machine: &'m mut Machine,
        options: &Options,
        schedule: Schedule,
        recorder: Option<Box<Recorder>>,
    ) -> Driver<'m> {
        (machine.noting, machine.alone) = (false, false);
        machine.likes.clear();
        Driver {
            image: Arc::clone(&machine.image),
            machine,
            schedule,
            current: None,
            steps: 0,
            told: 0,
            max_steps: options.max_steps,
            switch: options.switch,
            over: None,
            recorder,
            opaque: false,
            printed: Printed::All,
            scratch: None,
            goes_ahead: false,
            most_ahead: u64::MAX,
        }
    }

    /// Takes the steps that cannot be otherwise, up to the next point with two options or more. Tells whether there is one.
    pub(crate) fn skip_forced(&mut self) -> bool {
        self.goes_ahead = self.may_go_ahead();
        let mut more = self.ready();
        while more && self.point().len() == 1 {
            self.take(0);
            more = self.ready();
        }
        self.goes_ahead = false;
        more
    }

    /// From now on the program draws from this seed, having drawn from none before.
    pub(crate) fn reseed(&mut self, seed: u64) {
        debug_assert!(!self.machine.drew_from_seed(), "it draws from another");
        self.machine.options.seed = seed;
    }

    /// Goes on to the next point. Tells whether there is one: something can be chosen, or else the run is over.
    #[inline]
    pub fn ready(&mut self) -> bool {
        if self.over.is_some() {
            return false;
        }
        let kernel = &mut self.machine.kernel;
        if kernel.choice().is_some() {
            return true;
        }
        if self.steps >= self.max_steps
            || kernel.now() >= END_OF_TIME
            || self.machine.header.out_of_memory
            || self.machine.header.refused.is_some()
        {
            self.limit_reached();
            return false;
        }
        match kernel.settle() {
            Settled::Ready => true,
            Settled::Deadlock => {
                self.over = Some(Over::Deadlock);
                false
            }
        }
    }

    #[cold]
    fn limit_reached(&mut self) {
        if let Some(what) = &self.machine.header.refused {
            self.over = Some(Over::Refused(what.clone()));
            return;
        }
        let limit = if self.machine.header.out_of_memory {
            Limit::Memory
        } else if self.machine.kernel.now() >= END_OF_TIME {
            Limit::Time
        } else {
            Limit::Steps
        };
        self.over = Some(Over::Limit(limit));
    }

    /// The point that the run is at. Only meaningful after [`Driver::ready`] said that there is one.
    #[inline(always)]
    pub fn point(&self) -> ChoicePoint<'_> {
        ChoicePoint::new(&self.machine.kernel, self.current, self.steps).with_locate(self.machine)
    }

    /// Takes option `index` of the present point: performs that thread's step, or wakes that waiter.
    ///
    /// # Panics
    /// When there is no such option.
    #[inline]
    pub fn take(&mut self, index: usize) {
        if self.machine.kernel.choice().is_some() {
            self.take_waiter(index);
            return;
        }
        let enabled = self.machine.kernel.enabled();
        let options = enabled.len();
        let thread = enabled.nth(index).expect("index below len()");
        if options > 1 {
            let kind = ChoiceKind::Thread;
            self.schedule.push(kind, thread, index, options, self.steps);
            self.told = self.steps + 1;
        }
        self.enter(thread);
        if let Some(recorder) = &mut self.recorder {
            recorder.before(self.machine, thread, self.steps);
        }
        let performed = self.machine.kernel.step(thread);
        self.went(thread, &performed);
    }

    /// Takes option `index` of the present point, and then up to `most` steps by the same thread that are forced, if it can take them by itself.
    /// What each of them touches is told by [`Driver::forced`] if that is asked for. Answers how many they were.
    ///
    /// # Panics
    /// When there is no such option.
    pub fn take_on(&mut self, index: usize, most: u64, tell: bool) -> usize {
        let kernel = &self.machine.kernel;
        self.goes_ahead = most > 0 && !self.opaque && kernel.config().spurious == 0;
        self.most_ahead = most;
        self.machine.told.begin(tell);
        let before = self.steps;
        self.take(index);
        self.machine.told.wanted = false;
        self.goes_ahead = false;
        self.most_ahead = u64::MAX;
        // A waiter may have to be chosen first.
        (self.steps - before).saturating_sub(1) as usize
    }

    /// The steps that [`Driver::take_on`] took after the first.
    pub fn forced(&self) -> Forces<'_> {
        Forces {
            steps: &self.machine.told.steps,
            touches: &self.machine.noted,
            gates: &self.machine.told.gates,
        }
    }

    /// Lets time pass up to the next deadline although threads can step.
    ///
    /// # Panics
    /// When no deadline is to come.
    #[cold]
    pub fn jump(&mut self) {
        self.schedule.push_jump(self.steps - self.told, self.steps);
        self.told = self.steps;
        self.machine.kernel.jump();
    }

    /// Calls the run endless where it is: what it did last it can do for ever.
    pub(crate) fn call_endless(&mut self) {
        self.over = Some(Over::Limit(Limit::Cycle));
    }

    /// A number for the instruction that a parked thread stands at; 0 if it has none.
    pub(crate) fn place(&self, t: ThreadId) -> u64 {
        let slot = t.index() < self.machine.threads.len();
        let thread = slot.then(|| self.machine.threads.get(t.0).get()).flatten();
        let frame = thread.and_then(|thread| thread.frames.last());
        frame.map_or(0, |frame| {
            u64::from(frame.code.0 + 1) << 32 | u64::from(frame.pc)
        })
    }

    /// From now on, so much of what is printed is part of the state.
    pub(crate) fn know_printed(&mut self, printed: Printed) {
        self.printed = printed;
    }

    /// The number of the present state: a run that comes to it again can go on as it did before.
    pub fn state(&mut self) -> u128 {
        let scratch = self.scratch.get_or_insert_default();
        self.machine.state(self.printed, scratch)
    }

    #[cold]
    fn take_waiter(&mut self, index: usize) {
        let point = self.point();
        let (options, waiter) = (point.len(), point.thread(index));
        if options > 1 {
            let kind = ChoiceKind::Waiter;
            self.schedule.push(kind, waiter, index, options, self.steps);
            self.told = self.steps + 1;
        }
        let choice = self.machine.kernel.choice();
        let notifier = choice.expect("the caller looked").notifier;
        let performed = self.machine.kernel.choose_waiter(index);
        self.went(notifier, &performed);
    }

    /// A step of `thread` was performed, or a part of it.
    #[inline(always)]
    fn went(&mut self, thread: ThreadId, performed: &Performed) {
        if let Performed::Choose(_) = performed {
            return;
        }
        self.machine.noted.clear();
        if self.opaque {
            self.machine.noted.push(ANYTHING);
        }
        self.steps += 1;
        self.current = Some(thread);
        if let Some(recorder) = &mut self.recorder {
            recorder.performed(self.machine, thread, *performed);
        }
        if let Performed::Done(answer) = performed {
            self.go_on(thread, answer);
        }
    }

    /// A thread's operation is over: it runs again.
    #[inline]
    fn go_on(&mut self, thread: ThreadId, answer: &Answer) {
        match self.machine.kernel.pending(thread) {
            Op::Exit => self.ended(thread),
            Op::Kill(main) => self.killed(thread, main, answer),
            Op::Start(child) => self.started(thread, child, answer),
            _ => self.run_on(thread, answer),
        }
    }

    /// Sees the machine as the thread's process does.
    #[inline(always)]
    fn enter(&mut self, thread: ThreadId) {
        if self.machine.has_processes() && self.machine.enter(thread) {
            self.image = Arc::clone(&self.machine.image);
            self.count_threads();
        }
    }

    #[inline(always)]
    fn run_on(&mut self, thread: ThreadId, answer: &Answer) {
        self.enter(thread);
        if self.goes_ahead {
            let left = self.max_steps.saturating_sub(self.steps);
            let heard = self.recorder.is_some() || self.machine.told.wanted;
            self.machine.go_ahead(left.min(self.most_ahead), heard);
        }
        let listener = match &mut self.recorder {
            Some(recorder) => {
                recorder.steps = self.steps;
                Some(&mut **recorder as &mut dyn Listener)
            }
            None => None,
        };
        let stop = (self.machine).run_thread(&self.image, thread, answer, listener);
        let ahead = match self.goes_ahead {
            true => self.machine.went_ahead(),
            false => 0,
        };
        self.steps += ahead;
        if let Some(recorder) = &mut self.recorder {
            recorder.ran(self.machine, ahead);
        }
        match stop {
            Stop::Parked => {}
            stop => self.stopped(thread, stop),
        }
    }

    #[cold]
    fn started(&mut self, thread: ThreadId, child: ThreadId, answer: &Answer) {
        if !matches!(answer, Answer::Fault(_)) {
            self.machine.born(child, thread);
            self.count_threads();
            if self.switch == Switch::Shared {
                // What it does up to its first visible operation is nobody else's concern. Its starter can step still.
                let ahead = std::mem::replace(&mut self.goes_ahead, false);
                self.run_on(child, &Answer::Done);
                self.goes_ahead = ahead;
            } else {
                self.machine.kernel.park(child, Op::Yield);
            }
        }
        if self.over.is_none() {
            self.run_on(thread, answer);
        }
    }

    #[cold]
    fn ended(&mut self, thread: ThreadId) {
        self.machine.threads.reset(thread.0);
        if self.machine.has_processes() && self.machine.kernel.process_of(thread) == thread {
            // Its daemons end with it.
            self.machine.kernel.kill(thread);
            self.bury(thread);
        }
        self.count_threads();
    }

    /// A process was killed, perhaps the thread's own.
    #[cold]
    fn killed(&mut self, thread: ThreadId, main: ThreadId, answer: &Answer) {
        self.bury(main);
        self.count_threads();
        if main == ThreadId(0) {
            self.over = Some(Over::Ended);
        } else if self.machine.kernel.process_of(thread) != main {
            self.run_on(thread, answer);
        }
    }

    /// Forgets the stacks of a process that has ended.
    fn bury(&mut self, main: ThreadId) {
        for t in self.machine.kernel.threads() {
            if self.machine.kernel.process_of(t) == main && t.index() < self.machine.threads.len() {
                self.machine.threads.reset(t.0);
            }
        }
    }

    /// Its first frame returned, or an exception left it.
    #[cold]
    #[inline(never)]
    fn stopped(&mut self, thread: ThreadId, stop: Stop) {
        match stop {
            Stop::Raised(raised) => {
                let text = self.machine.describe(raised.0);
                self.over = Some(Over::Internal(text));
            }
            _ if thread == ThreadId(0) => self.over = Some(Over::Ended),
            _ => self.machine.kernel.park(thread, Op::Exit),
        }
    }

    /// What is visible depends on whether there is anybody else to see it.
    fn count_threads(&mut self) {
        let kernel = &self.machine.kernel;
        let several = match self.machine.has_processes() {
            false => kernel.live_count() > 1,
            true => {
                let process = self.machine.image.process;
                let main = self.machine.processes.get(process.0).main;
                let own = kernel.live().filter(|t| kernel.process_of(*t) == main);
                own.take(2).count() > 1
            }
        };
        let notes = self.machine.noting && self.switch == Switch::Sync;
        let ended = |t| self.machine.kernel.state(t) == ThreadState::Ended;
        let alone = !several && self.machine.kernel.threads().any(ended);
        self.machine.alone = alone && self.machine.noting;
        self.machine.watching = several && (self.switch == Switch::Shared || notes);
        self.machine.gil = several && self.switch == Switch::Gil;
    }

    /// Lets a strategy choose until the run is over.
    ///
    /// # Errors
    /// When a strategy that follows a record finds that it does not fit.
    #[inline]
    pub fn run<S: Strategy + ?Sized>(&mut self, strategy: &mut S) -> Result<(), Mismatch> {
        self.goes_ahead = !strategy.may_jump() && self.may_go_ahead();
        let done = self.follow(strategy);
        self.goes_ahead = false;
        done
    }

    /// Whether nobody wants to see forced steps, if no strategy lets time pass.
    fn may_go_ahead(&self) -> bool {
        let noting = self.opaque || self.machine.noting;
        !noting && self.machine.kernel.config().spurious == 0
    }

    #[inline]
    fn follow<S: Strategy + ?Sized>(&mut self, strategy: &mut S) -> Result<(), Mismatch> {
        while self.ready() {
            let point = self.point();
            if strategy.jumps(&point)? {
                self.jump();
                continue;
            }
            let index = if point.len() == 1 {
                0
            } else {
                strategy.choose(&point)?
            };
            self.take(index);
        }
        Ok(())
    }

    /// How the run ended, if it is over.
    pub fn ending(&self) -> Option<Ending> {
        let header = &self.machine.header;
        Some(match self.over.as_ref()? {
            Over::Limit(limit) => Ending::Endless(*limit),
            Over::Refused(what) => Ending::Refused(what.clone()),
            Over::Internal(text) => Ending::Internal(text.clone()),
            Over::Deadlock => Ending::Deadlock {
                at_exit: self.machine.main_exit.is_some(),
            },
            Over::Ended => match self.machine.main_exit {
                Some(MainExit::Raised) => Ending::Exception(header.raised.clone()),
                Some(MainExit::Exit(code)) if code != 0 => Ending::Exit(code),
                Some(MainExit::Normal) if !header.deaths.is_empty() => {
                    Ending::ThreadException(header.deaths.clone())
                }
                Some(_) => Ending::Finished,
                None => Ending::Internal("main ended and did not say how".into()),
            },
        })
    }

    /// Whether it is over because a limit was reached.
    pub fn reached_limit(&self) -> bool {
        matches!(self.over, Some(Over::Limit(_)))
    }

    /// Writes what tells its ending from others to a hasher, once it is over.
    pub fn hash_ending<H: Hasher>(&self, state: &mut H) {
        let header = &self.machine.header;
        match &self.over {
            None => {}
            Some(Over::Ended) => {
                (0u8, self.machine.main_exit, &header.raised).hash(state);
                if self.machine.main_exit == Some(MainExit::Normal) {
                    // As a set: nothing orders the ends of threads that fail, only what they print about it.
                    let mut deaths: Vec<_> = header.deaths.iter().collect();
                    deaths.sort_unstable();
                    deaths.hash(state);
                }
            }
            Some(Over::Deadlock) => (1u8, self.machine.main_exit.is_some()).hash(state),
            Some(Over::Limit(limit)) => (2u8, *limit as u8).hash(state),
            Some(Over::Internal(text)) => (3u8, text).hash(state),
            Some(Over::Refused(what)) => (4u8, what).hash(state),
        }
    }

    /// The thread that took the newest step.
    pub fn current(&self) -> Option<ThreadId> {
        self.current
    }

    /// Steps taken so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The choices made so far.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Threads and synchronisation objects: what each thread is parked in front of, and what its step would touch.
    pub fn kernel(&self) -> &Kernel {
        &self.machine.kernel
    }

    /// From now on, notes what each step touches beyond the footprint of its operation: what bundled code does, and all accesses
    /// in the modes where they are no steps. Changes no run.
    pub fn note_accesses(&mut self) {
        self.opaque = self.switch == Switch::Gil;
        self.machine.noting = !self.opaque;
        self.count_threads();
    }

    /// What the newest step touched beyond the footprint of its operation, if that is noted.
    pub fn noted(&self) -> &[Touch] {
        &self.machine.noted
    }

    /// The stream and the text that a thread's next step writes, if it does.
    pub fn about_to_write(&self, t: ThreadId) -> Option<(u8, &str)> {
        match self.machine.kernel.pending(t) {
            Op::Output(stream) => Some((stream, self.machine.text_to_write(t)?)),
            _ => None,
        }
    }

    /// A thread's name, as reports tell it.
    pub fn thread_name(&self, t: ThreadId) -> String {
        thread_name(self.machine, t)
    }

    /// The machine, to look at.
    pub fn machine(&self) -> &Machine {
        self.machine
    }

    /// What was written so far: stream (1, 2) and text.
    pub fn output(&self) -> &[(u8, String)] {
        &self.machine.output
    }

    /// Marks the present point as one to come back to. Marks nest: roll back to the newest first, or past it to an older. Not
    /// in a run that is recorded for a trace.
    pub fn checkpoint(&mut self) -> DriverMark {
        debug_assert!(self.recorder.is_none(), "a trace cannot go back");
        DriverMark {
            machine: self.machine.checkpoint(),
            schedule: self.schedule.mark(),
            current: self.current,
            steps: self.steps,
            told: self.told,
        }
    }

    /// Returns to a mark, which stays valid for further returns.
    ///
    /// # Panics
    /// When the mark is of another run, or was itself undone by a rollback to an older one.
    pub fn rollback(&mut self, mark: &DriverMark) {
        self.machine.rollback(&mark.machine);
        self.schedule.truncate(&mark.schedule);
        self.current = mark.current;
        self.steps = mark.steps;
        self.told = mark.told;
        if let Some(scratch) = &mut self.scratch {
            scratch.went_back(self.machine.output.len());
        }
        self.over = None;
        if self.image.process != self.machine.image.process {
            self.image = Arc::clone(&self.machine.image);
        }
    }

    /// Takes the newest mark back, right after a return to it: nobody returns to it again, which makes what comes cheaper.
    pub fn release(&mut self, mark: &DriverMark) {
        self.machine.release(&mark.machine);
    }

    /// The threads that would go on if the run did, found by letting it go on for a while, each thread in turn.
    pub(super) fn who_keeps_going(&mut self) -> ThreadSet {
        let mut busy = ThreadSet::new();
        if self.machine.header.out_of_memory {
            return busy;
        }
        let before = (
            self.over.take(),
            self.recorder.take(),
            std::mem::take(&mut self.schedule),
            self.max_steps,
        );
        let mark = self.checkpoint();
        let known: Vec<ThreadId> = self.kernel().live().collect();
        self.max_steps = self
            .steps
            .saturating_add(LOOK_AHEAD + LOOK_AHEAD_EACH * known.len() as u64);
        while self.ready()
            && let Ok(index) = RoundRobin.choose(&self.point())
        {
            self.take(index);
            if let Some(t) = self.current.filter(|t| known.binary_search(t).is_ok()) {
                busy.insert(t);
            }
        }
        self.rollback(&mark);
        (self.over, self.recorder, self.schedule, self.max_steps) = before;
        busy
    }

    pub(super) fn into_parts(self) -> (Schedule, Option<Box<Recorder>>) {
        (self.schedule, self.recorder)
    }
}

/// Steps of a look at who keeps an endless run going, and more of them for each thread.
const LOOK_AHEAD: u64 = 1_000;
const LOOK_AHEAD_EACH: u64 = 20;
