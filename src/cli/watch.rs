//! What a person sees of a long search, and how it is stopped and stored: progress, Ctrl-C, `--time-limit`, `--checkpoint`.

use super::fail::{Fail, plain};
use super::files::write_whole;
use crate::render::explore_json::Clocked;
use crate::render::style::grouped;
use crate::run::settings::to_text;
use crate::search::{Checkpoint, Flow, Plan, Progress, Settings, Watch};
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A search is short if it is over before this; nobody wants to see its progress.
const SHORT: Duration = Duration::from_millis(400);
/// Between two checkpoints.
const BETWEEN: Duration = Duration::from_secs(2);

/// Real time, which decides nothing but when to give up and when to tell.
pub(super) struct Watcher {
    start: Instant,
    limit: Option<Duration>,
    interrupted: Arc<AtomicBool>,
    bar: ProgressBar,
    store: Option<Store>,
    stored: Instant,
    /// What went wrong with the checkpoint, told at the end.
    pub(super) failed: Option<Fail>,
}

/// Where a search is stored, and what of.
pub(super) struct Store {
    path: PathBuf,
    of: Of,
}

/// What a stored search is of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Of {
    program: u32,
    options: String,
    strategy: String,
    observe: String,
    seed: u64,
    preemptions: Option<u32>,
    /// Of random runs alone: who goes on with another search may set another limit.
    random_runs: Option<u64>,
    #[serde(default)]
    merge_states: bool,
    args: Vec<String>,
    stdin: String,
}

/// A stored search.
#[derive(Serialize, Deserialize)]
struct Stored {
    raddle: String,
    of: Of,
    state: Checkpoint,
}

const FORMAT: &str = "checkpoint/2";

impl Store {
    pub(super) fn new(path: &Path, program: u32, settings: &Settings) -> Store {
        let options = &settings.options;
        Store {
            path: path.to_owned(),
            of: Of {
                program,
                options: to_text(options),
                strategy: settings.plan.name().to_owned(),
                observe: settings.observe.name().to_owned(),
                seed: options.seed,
                preemptions: settings.preemptions,
                random_runs: (settings.max_schedules).filter(|_| settings.plan == Plan::Random),
                merge_states: settings.merge_states,
                args: options.args.clone(),
                stdin: options.stdin.clone(),
            },
        }
    }

    /// Reads the search that is stored.
    ///
    /// # Errors
    /// When there is none, or it is of something else.
    pub(super) fn read(&self) -> Result<Checkpoint, Fail> {
        let bytes = fs::read(&self.path).map_err(|e| Fail::file(&self.path, plain(&e)))?;
        let stored: Stored = serde_json::from_slice(&bytes)
            .map_err(|e| Fail::file(&self.path, format!("not a checkpoint of a search: {e}")))?;
        if stored.raddle != FORMAT {
            let why = format!(
                "a checkpoint of format {}; this raddle knows {FORMAT}",
                stored.raddle
            );
            return Err(Fail::file(&self.path, why));
        }
        let (a, b) = (&stored.of, &self.of);
        let why = if a.program != b.program {
            "the checkpoint is of another program, or another state of it"
        } else if a != b {
            "the checkpoint is of a search with other options; give those it was begun with"
        } else {
            return Ok(stored.state);
        };
        Err(Fail::file(&self.path, why))
    }

    fn write(&self, state: Checkpoint) -> Result<(), Fail> {
        let stored = Stored {
            raddle: FORMAT.to_owned(),
            of: self.of.clone(),
            state,
        };
        write_whole(&self.path, |out| {
            serde_json::to_writer(&mut *out, &stored)?;
            out.flush()
        })
    }
}

impl Watcher {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a search takes, and --time-limit"
    )]
    pub(super) fn start(limit: Option<u64>, quiet: bool, store: Option<Store>) -> Watcher {
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        // The second time it is meant.
        let set = ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        });
        // Without a handler Ctrl-C ends the process, as it does elsewhere.
        drop(set);
        let shown = !quiet && stderr().is_terminal();
        let target = if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        let now = Instant::now();
        Watcher {
            start: now,
            limit: limit.map(Duration::from_nanos),
            interrupted,
            bar,
            store,
            stored: now,
            failed: None,
        }
    }

    /// The search is over: clears the line.
    pub(super) fn end(&mut self) {
        self.bar.finish_and_clear();
    }

    pub(super) fn clocked(&self) -> Clocked {
        Clocked {
            seconds: self.start.elapsed().as_secs_f64(),
            limit: self.limit.map(|limit| limit.as_secs_f64()),
        }
    }

    fn message(&self, progress: &Progress) -> String {
        let seconds = self.start.elapsed().as_secs_f64();
        let rate = progress.schedules as f64 / seconds;
        let mut text = format!(
            "{} schedules, {}/s",
            grouped(progress.schedules),
            grouped(rate as u64)
        );
        if progress.outcomes > 0 {
            text += &format!(", {} outcomes", progress.outcomes);
        }
        if let Some((low, high)) = progress.total
            && rate > 0.0
            && high.is_finite()
        {
            let left = |total: f64| {
                let seconds = ((total - progress.schedules as f64) / rate).clamp(0.0, 1e9);
                HumanDuration(Duration::from_secs_f64(seconds))
            };
            text += &format!(
                "; perhaps {} to {} in all, {} to {} left",
                grouped(low as u64),
                grouped(high as u64),
                left(low),
                left(high)
            );
        }
        text
    }
}

impl Watch for Watcher {
    fn look(&mut self, progress: &Progress, state: &mut dyn FnMut() -> Checkpoint) -> Flow {
        if self.start.elapsed() > SHORT {
            self.bar.set_message(self.message(progress));
            self.bar.tick();
        }
        let over = self.interrupted.load(Ordering::Relaxed)
            || self
                .limit
                .is_some_and(|limit| self.start.elapsed() >= limit);
        if let Some(store) = &self.store
            && (over || self.stored.elapsed() >= BETWEEN)
        {
            if let Err(fail) = store.write(state()) {
                self.failed = Some(fail);
            }
            self.stored += self.stored.elapsed();
        }
        if over { Flow::Stop } else { Flow::Go }
    }

    fn finish(&mut self, state: Checkpoint) {
        if let Some(store) = &self.store
            && let Err(fail) = store.write(state)
        {
            self.failed = Some(fail);
        }
    }
}
