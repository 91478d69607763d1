//! How many runs a second: `rate PROG [SECONDS [OPTIONS]]` runs a program with one seed after the other, in one process.
//!
//! The strategy is `random`; a run ends with its ending, without output, token or report being put together.
//! `OPTIONS` are words as in a header comment (`switch=sync`). Prints runs, steps and seconds, for `benches/compare.py` to set against other tools.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use raddle::explore::{Random, Strategy};
use raddle::run::{self, Ending, Options, Session, settings};

#[expect(
    clippy::disallowed_methods,
    reason = "measuring real time is all it does"
)]
fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(path) = args.next() else {
        eprintln!("usage: rate PROG [SECONDS [OPTIONS]]");
        return ExitCode::from(2);
    };
    let seconds = args.next().and_then(|s| s.parse().ok()).unwrap_or(2.0);
    let program = match run::load(Path::new(&path), false) {
        Ok(program) => program,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let mut session = Session::new(program);
    let mut options = Options::default();
    if let Err(why) = settings::read_text(&mut options, &args.collect::<Vec<_>>().join(" ")) {
        eprintln!("{why}");
        return ExitCode::from(2);
    }
    let mut random = Random::new(0);
    let (mut runs, mut steps) = (0_u64, 0);
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs_f64(seconds) {
        for _ in 0..16 {
            random.begin(options.seed);
            let mut driver = session.start(&options);
            if let Err(mismatch) = driver.run(&mut random) {
                unreachable!("only a replay can fail to fit: {mismatch}");
            }
            let ending = driver.ending();
            if !ending.as_ref().is_some_and(Ending::is_good) {
                eprintln!("seed {}: {ending:?}", options.seed);
                return ExitCode::from(1);
            }
            options.seed += 1;
            runs += 1;
            steps += driver.steps();
        }
    }
    println!(
        "{runs} runs, {steps} steps, {:.6} seconds",
        start.elapsed().as_secs_f64()
    );
    ExitCode::SUCCESS
}
