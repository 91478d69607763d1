//! The runs that print a log: what a search for them finds is what a search for all finds that fits.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use regex::Regex;

use super::kernel::Run;
use crate::kernel::generate::{Shape, Shown, program};
use crate::kernel::op::Op;
use crate::kernel::testing::Program;
use crate::search::dpor::{Flow, Path, Reduction, Search, Visitor};
use crate::search::find::Log;
use crate::search::find::guard::Guarded;
use crate::testing::cases;

/// Programs that print much.
const PRINTING: Shape = Shape {
    outputs: 20,
    ..Shape::SMALL
};

/// The runs that print a text, by their traces, each with how it ends.
type Runs = BTreeMap<u64, String>;

/// All runs by what they write to stdout and stderr.
#[derive(Default)]
struct All {
    by_output: BTreeMap<[String; 2], Runs>,
    schedules: u64,
    limit: u64,
}

impl<'a> Visitor<Run<'a>> for All {
    fn complete(&mut self, run: &Run<'a>, path: &Path) -> Flow {
        let runs = self
            .by_output
            .entry([run.output(1), run.output(2)])
            .or_default();
        runs.insert(path.events.fingerprint(), run.answers());
        self.schedules += 1;
        if self.schedules > self.limit {
            Flow::Stop
        } else {
            Flow::Go
        }
    }

    fn redundant(&mut self, _: &Run<'a>) -> Flow {
        Flow::Go
    }
}

/// The runs that fit.
#[derive(Default)]
struct Fitting {
    runs: Runs,
    schedules: u64,
    stuck: u64,
}

impl<'a> Visitor<Guarded<Run<'a>>> for Fitting {
    fn complete(&mut self, guarded: &Guarded<Run<'a>>, path: &Path) -> Flow {
        if guarded.fits_whole() {
            let run = &guarded.inner;
            self.runs.insert(path.events.fingerprint(), run.answers());
            self.schedules += 1;
        }
        Flow::Go
    }

    fn redundant(&mut self, _: &Guarded<Run<'a>>) -> Flow {
        Flow::Go
    }

    fn stuck(&mut self, _: &Guarded<Run<'a>>, _: &Path) -> Flow {
        self.stuck += 1;
        Flow::Go
    }
}

fn fitting(program: &Program, reduction: Reduction, logs: [Option<&Log>; 2]) -> Fitting {
    let mut found = Fitting::default();
    let mut guarded = Guarded::new(Run::new(program), logs);
    let mut search = Search::new(reduction);
    if logs[1].is_none() {
        search.ignore_stream(2);
    }
    assert!(search.run(&mut guarded, &mut found));
    found
}

/// Without an end of the last line, as a log is compared.
fn bare(output: &str) -> &str {
    output.strip_suffix('\n').unwrap_or(output)
}

/// A log as a regular expression.
fn pattern(log: &str) -> Regex {
    let text = regex::escape(bare(log)).replace(r"\[\.\.\]", "[^\n]*");
    let end = if log.is_empty() { "" } else { "\n?" };
    Regex::new(&format!(r"\A{text}{end}\z")).unwrap()
}

/// Logs that are printed, and some that are not.
fn logs(all: &All) -> BTreeSet<String> {
    let printed = || all.by_output.keys().map(|[out, _]| out);
    let mut logs: BTreeSet<String> = printed().cloned().collect();
    for text in printed() {
        logs.insert(text.chars().rev().collect());
        logs.insert(bare(text).replace('b', "[..]"));
        logs.extend(text.get(1..).map(str::to_owned));
    }
    logs
}

fn all(program: &Program, limit: u64) -> Option<All> {
    let mut all = All {
        limit,
        ..All::default()
    };
    let mut search = Search::new(Reduction::Traced);
    search.run(&mut Run::new(program), &mut all).then_some(all)
}

fn endings(runs: Runs) -> BTreeSet<String> {
    runs.into_values().collect()
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn what_fits_is_found_once_and_nothing_else(Shown(program) in program(PRINTING)) {
        let Some(all) = all(&program, 1_000) else {
            return Ok(());
        };
        for text in logs(&all) {
            let log = Log::exact(&text);
            let fits = pattern(&text);
            let printed = all.by_output.iter().filter(|([output, _], _)| fits.is_match(output));
            let expected: Runs = printed.flat_map(|(_, runs)| runs.clone()).collect();
            let found = fitting(&program, Reduction::Dpor, [Some(&log), None]);
            prop_assert_eq!(&found.runs, &expected, "{:?}", text);
            prop_assert_eq!(found.schedules as usize, found.runs.len(), "{:?}", text);
            let plain = fitting(&program, Reduction::Traced, [Some(&log), None]);
            prop_assert_eq!(&plain.runs, &expected, "{:?}", text);
        }
    }

    #[test]
    fn two_streams_fit_each_for_itself(Shown(mut program) in program(PRINTING)) {
        for op in program.threads.iter_mut().step_by(2).flatten() {
            if let Op::Output(stream) = op {
                *stream = 2;
            }
        }
        let Some(all) = all(&program, 1_000) else {
            return Ok(());
        };
        for [out, err] in all.by_output.keys() {
            let (out_log, err_log) = (Log::exact(out), Log::exact(err));
            let both = fitting(&program, Reduction::Dpor, [Some(&out_log), Some(&err_log)]);
            let fits = |[a, b]: &[String; 2]| pattern(out).is_match(a) && pattern(err).is_match(b);
            let printed = all.by_output.iter().filter(|(output, _)| fits(output));
            let runs: Runs = printed.flat_map(|(_, runs)| runs.clone()).collect();
            prop_assert_eq!(&both.runs, &runs);
            // Where only one stream is read, each ending of the runs that print so.
            let one = fitting(&program, Reduction::Dpor, [Some(&out_log), None]);
            let printed = all.by_output.iter().filter(|([a, _], _)| pattern(out).is_match(a));
            let runs: Runs = printed.flat_map(|(_, runs)| runs.clone()).collect();
            prop_assert_eq!(endings(one.runs), endings(runs));
        }
    }
}
