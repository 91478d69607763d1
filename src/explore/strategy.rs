//! What a strategy is.

use std::fmt;

use crate::id::ThreadId;

use super::choice::{ChoiceKind, ChoicePoint};

/// Decides at choice points.
///
/// The runner calls [`Strategy::begin`] once before each run and [`Strategy::choose`] at each point that has two options or
/// more; points with one option are not asked about. A strategy must be deterministic: the same seed and the same points give the
/// same answers, on every machine.
pub trait Strategy {
    /// The name by which the command line and tokens know it.
    fn name(&self) -> &'static str;

    /// A new run begins. Strategies that draw no random numbers ignore the seed.
    fn begin(&mut self, seed: u64);

    /// Picks an option: an index below `point.len()`.
    ///
    /// # Errors
    /// Only a strategy that follows a record fails, when the record does not fit.
    fn choose(&mut self, point: &ChoicePoint) -> Result<usize, Mismatch>;

    /// Whether [`Strategy::jumps`] is to be asked from the begin of the run on.
    fn may_jump(&self) -> bool {
        false
    }

    /// Whether time passes before this point although threads can step. Asked at each point, those with one option included.
    ///
    /// # Errors
    /// Only a strategy that follows a record fails, when the record does not fit.
    #[inline(always)]
    fn jumps(&mut self, point: &ChoicePoint) -> Result<bool, Mismatch> {
        let _ = point;
        Ok(false)
    }
}

impl<S: Strategy + ?Sized> Strategy for Box<S> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn begin(&mut self, seed: u64) {
        (**self).begin(seed);
    }

    fn choose(&mut self, point: &ChoicePoint) -> Result<usize, Mismatch> {
        (**self).choose(point)
    }

    fn may_jump(&self) -> bool {
        (**self).may_jump()
    }

    fn jumps(&mut self, point: &ChoicePoint) -> Result<bool, Mismatch> {
        (**self).jumps(point)
    }
}

/// Why a recorded schedule does not fit what happens. Boxed, so that a strategy that never fails returns in registers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch(Box<MismatchDetail>);

/// What a [`Mismatch`] says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MismatchDetail {
    /// How many steps were taken before.
    pub step: u64,
    /// Which choice of the record it is, from 0.
    pub choice: u64,
    /// What the record says; nothing when it is at its end.
    pub expected: Option<(ChoiceKind, ThreadId)>,
    /// What is to be chosen; nothing when the run is over and the record is not.
    pub found: Option<ChoiceKind>,
    /// The threads that can be chosen.
    pub options: Vec<ThreadId>,
}

impl Mismatch {
    /// A mismatch with these details.
    #[cold]
    pub fn new(detail: MismatchDetail) -> Self {
        Mismatch(Box::new(detail))
    }

    /// The details.
    pub fn detail(&self) -> &MismatchDetail {
        &self.0
    }
}

fn verb(kind: ChoiceKind) -> &'static str {
    match kind {
        ChoiceKind::Thread | ChoiceKind::Forced | ChoiceKind::Clock => "step",
        ChoiceKind::Waiter => "be notified",
    }
}

/// Threads by number, main being 0; whoever knows names takes them from [`Mismatch::detail`].
impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MismatchDetail {
            step,
            choice,
            expected,
            found,
            options,
        } = self.detail();
        write!(f, "at step {step} (choice {choice}) the recorded schedule ")?;
        match expected {
            Some((ChoiceKind::Clock, _)) => write!(f, "lets time pass")?,
            Some((ChoiceKind::Forced, _)) => write!(f, "lets the only thread step that can")?,
            Some((kind, thread)) => write!(f, "lets thread {} {}", thread.0, verb(*kind))?,
            None => write!(f, "is at its end")?,
        }
        match found {
            None => write!(f, ", but the run is over"),
            Some(kind) => {
                let list: Vec<String> = options.iter().map(|t| t.0.to_string()).collect();
                write!(
                    f,
                    ", but the threads that can {} here are {}",
                    verb(*kind),
                    list.join(", ")
                )
            }
        }
    }
}

impl std::error::Error for Mismatch {}
