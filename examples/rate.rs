//! How many runs a second: `rate PROG [SECONDS|RUNSx [OPTIONS]]`, in one process.
//!
//! With the strategy `random` (the default), one seed after the other; with `strategy=dfs`, all schedules of the program, again and again,
//! by going back to the last choice that has another option; with `strategy=dpor` one of each trace, again and again. A run ends with its ending, without output, token or report being put together.
//! `OPTIONS` are words as in a header comment (`switch=sync`). Prints runs, steps and seconds, for `benches/compare.py` to set against other
//! tools. `1000x` is a number of runs instead of seconds: the same work each time, for those who count instructions.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use raddle::explore::{Random, Strategy};
use raddle::run::{self, Driver, Ending, Options, Session, settings};
use raddle::search::Flow;
use raddle::search::dpor::{Entry, Path as Taken, Reduction, Search, Visitor};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// When it is enough.
enum Bound {
    Time(Duration),
    Runs(u64),
}

/// What was done so far.
struct Count {
    bound: Bound,
    start: Instant,
    runs: u64,
    steps: u64,
}

impl Count {
    fn go_on(&self) -> Flow {
        if self.is_enough() {
            Flow::Stop
        } else {
            Flow::Go
        }
    }

    fn is_enough(&self) -> bool {
        match self.bound {
            Bound::Time(time) => self.runs.is_multiple_of(16) && self.start.elapsed() >= time,
            Bound::Runs(runs) => self.runs >= runs,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "measuring real time is all it does"
)]
fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(path) = args.next() else {
        eprintln!("usage: rate PROG [SECONDS|RUNSx [OPTIONS]]");
        return ExitCode::from(2);
    };
    let amount = args.next().unwrap_or_else(|| "2".into());
    let bound = match amount.strip_suffix('x').map(str::parse) {
        Some(Ok(runs)) => Bound::Runs(runs),
        _ => Bound::Time(Duration::from_secs_f64(amount.parse().unwrap_or(2.0))),
    };
    let program = match run::load(Path::new(&path), false) {
        Ok(program) => program,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let session = Session::new(program);
    let (strategy, words): (Vec<_>, Vec<_>) = args.partition(|word| word.starts_with("strategy="));
    let mut options = Options::default();
    if let Err(why) = settings::read_text(&mut options, &words.join(" ")) {
        eprintln!("{why}");
        return ExitCode::from(2);
    }
    let mut count = Count {
        bound,
        start: Instant::now(),
        runs: 0,
        steps: 0,
    };
    let bad = match strategy.first().map(String::as_str) {
        None | Some("strategy=random") => seeds(session, options, &mut count),
        Some("strategy=dfs") => search(session, options, Reduction::None, &mut count),
        Some("strategy=dpor") => search(session, options, Reduction::Dpor, &mut count),
        Some(other) => Some(format!("{other}: only random, dfs and dpor are measured")),
    };
    if let Some(why) = bad {
        eprintln!("{why}");
        return ExitCode::from(1);
    }
    let Count { runs, steps, .. } = count;
    println!(
        "{runs} runs, {steps} steps, {:.6} seconds",
        count.start.elapsed().as_secs_f64()
    );
    ExitCode::SUCCESS
}

/// One seed after the other. Answers what went wrong.
fn seeds(mut session: Session, mut options: Options, count: &mut Count) -> Option<String> {
    let mut random = Random::new(0);
    while !count.is_enough() {
        random.begin(options.seed);
        let mut driver = session.start_at_choice(&options);
        if let Err(mismatch) = driver.run(&mut random) {
            unreachable!("only a replay can fail to fit: {mismatch}");
        }
        let ending = driver.ending();
        if !ending.as_ref().is_some_and(Ending::is_good) {
            return Some(format!("seed {}: {ending:?}", options.seed));
        }
        options.seed += 1;
        count.runs += 1;
        count.steps += driver.steps();
    }
    None
}

/// All schedules, or with reduction one of each trace, and all of them again until it is enough; steps are those really taken.
fn search(
    mut session: Session,
    mut options: Options,
    reduction: Reduction,
    count: &mut Count,
) -> Option<String> {
    options.step_cost = 0;
    while !count.is_enough() {
        let mut driver = session.start(&options);
        if reduction == Reduction::Dpor {
            driver.note_accesses();
        }
        Search::new(reduction).run(&mut driver, count);
    }
    None
}

impl Visitor<Driver<'_>> for Count {
    fn complete(&mut self, driver: &Driver, _: &Taken) -> Flow {
        assert!(driver.ending().is_some(), "the run is over");
        self.runs += 1;
        self.go_on()
    }

    fn redundant(&mut self, _: &Driver) -> Flow {
        self.go_on()
    }

    fn may_pass(&self, _: &Driver) -> u64 {
        u64::MAX
    }

    fn passed(&mut self, steps: u64) {
        self.steps += steps;
    }

    fn enter(&mut self, _: &Driver) -> Entry {
        self.steps += 1;
        Entry::Go
    }
}
