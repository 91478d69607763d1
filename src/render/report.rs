//! What to know of a bad ending: a title, then per thread what it waits for, who holds that, and where it stands.
//!
//! ```text
//! deadlock: 2 threads can never go on
//!   Thread-1 (move) waits for lock b, held since line 9 by Thread-2 (move)
//!     bank.py:12 | with second:
//!                |      ^^^^^^
//! ```
//!
//! The program's own traceback is on stderr already; nothing of it is said again.

use super::style::{Palette, count, one_line, seconds};
use crate::run::{Ending, Limit, Options, RunResult, Stuck};
use std::fmt::Write;

/// How much to say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// The title alone.
    Title,
    /// All that helps.
    Full,
}

/// The report of a bad ending; nothing for a good one. What tasks of executors raised unnoticed is told after either.
pub fn report(result: &RunResult, options: &Options, detail: Detail, palette: &Palette) -> String {
    let mut out = String::new();
    if !result.ending.is_good() {
        bad_ending(result, options, detail, palette, &mut out);
    }
    if !result.unretrieved.is_empty() {
        unretrieved(result, detail, palette, &mut out);
    }
    out
}

/// Exceptions that rest in futures which nobody asked: CPython's program is silent about them.
fn unretrieved(result: &RunResult, detail: Detail, palette: &Palette, out: &mut String) {
    let (warning, strong) = (palette.warning, palette.strong);
    let title = count(result.unretrieved.len(), "task exception");
    let _ = writeln!(out, "{warning}note{warning:#}: {title} never retrieved");
    if detail == Detail::Title {
        return;
    }
    for failed in &result.unretrieved {
        let (task, thread) = (one_line(&failed.task), one_line(&failed.thread));
        let exception = one_line(&failed.exception);
        let place = match failed.line {
            0 => String::new(),
            line => format!(" ({}:{line})", one_line(&failed.file)),
        };
        let _ = writeln!(
            out,
            "  {strong}{task}{strong:#} in {thread} raised {exception}{place}"
        );
    }
}

fn bad_ending(
    result: &RunResult,
    options: &Options,
    detail: Detail,
    palette: &Palette,
    out: &mut String,
) {
    let (word, rest) = title(result, options);
    let style = palette.error;
    let _ = writeln!(out, "{style}{word}{style:#}: {rest}");
    if detail == Detail::Full {
        body(result, palette, out);
    }
}

/// One line on how a run went, for `-v`.
pub fn summary(result: &RunResult) -> String {
    let steps = usize::try_from(result.steps).unwrap_or(usize::MAX);
    format!(
        "{}: {}, {} virtual seconds, token {}\n",
        result.ending.name(),
        count(steps, "step"),
        seconds(result.time),
        result.token
    )
}

/// The word before the colon and the sentence after it.
fn title(result: &RunResult, options: &Options) -> (&'static str, String) {
    let stuck = count(result.stuck.len(), "thread");
    let word = result.ending.name();
    let rest = match &result.ending {
        Ending::Finished | Ending::Exit(0) => String::new(),
        Ending::ThreadException(dead) => {
            format!(
                "{} died of an uncaught exception",
                count(dead.len(), "thread")
            )
        }
        Ending::Exception(line) => format!("MainThread died of {}", one_line(line)),
        Ending::Exit(status) => format!("the program asked for exit status {status}"),
        Ending::Deadlock { at_exit: false } => format!("{stuck} can never go on"),
        Ending::Deadlock { at_exit: true } => {
            format!("MainThread is finished, but the program cannot exit: {stuck} can never go on")
        }
        Ending::Endless(limit) => endless(*limit, result, options),
        Ending::Refused(what) => one_line(what),
        Ending::Internal(what) => return ("internal error of raddle", one_line(what)),
    };
    (word, rest)
}

fn endless(limit: Limit, result: &RunResult, options: &Options) -> String {
    let virtual_time = format!("{} virtual seconds", seconds(result.time));
    match limit {
        Limit::Cycle => format!("goes round in circles after {virtual_time}"),
        Limit::Steps => {
            let steps = usize::try_from(options.max_steps).unwrap_or(usize::MAX);
            format!(
                "stopped after {} (--max-steps) and {virtual_time}",
                count(steps, "step")
            )
        }
        Limit::Memory => format!(
            "stopped when the program used more than {} of memory (--max-memory)",
            size(options.max_memory)
        ),
        Limit::Time => format!("the virtual clock ran to its end after {virtual_time}"),
    }
}

/// A size as `--max-memory` takes it.
fn size(bytes: u64) -> String {
    let units = [(1 << 30, "G"), (1 << 20, "M"), (1 << 10, "k")];
    match units
        .iter()
        .find(|(unit, _)| bytes > 0 && bytes.is_multiple_of(*unit))
    {
        Some((unit, name)) => format!("{}{name}", bytes / unit),
        None => format!("{bytes} bytes"),
    }
}

fn body(result: &RunResult, palette: &Palette, out: &mut String) {
    for stuck in &result.stuck {
        thread(stuck, result, palette, out);
    }
    if let Some(cycle) = cycle(&result.stuck) {
        let _ = writeln!(out, "  in a circle: {cycle}");
    }
    let strong = palette.strong;
    for (name, exception) in &result.deaths {
        let (name, exception) = (one_line(name), one_line(exception));
        let _ = writeln!(out, "  {strong}{name}{strong:#} died of {exception}");
    }
    match &result.ending {
        Ending::Endless(limit) => {
            if let Some(option) = limit.option() {
                let _ = writeln!(out, "  help: {option} raises the limit, if the program only needs more");
            }
        }
        Ending::Internal(_) => out.push_str(
            "  This is a bug in raddle, not in the program. Please report it with the program and the line that replays it.\n",
        ),
        _ => {}
    }
}

fn thread(stuck: &Stuck, result: &RunResult, palette: &Palette, out: &mut String) {
    let strong = palette.strong;
    let daemon = if stuck.daemon { " (daemon)" } else { "" };
    let _ = write!(
        out,
        "  {strong}{}{strong:#}{daemon} ",
        one_line(&stuck.thread)
    );
    if stuck.waits_for == "runs" {
        out.push_str("keeps running");
    } else {
        let _ = write!(out, "waits for {}", one_line(&stuck.waits_for));
    }
    if let Some(holder) = &stuck.held_by {
        let own = if *holder == stuck.thread {
            " itself"
        } else {
            ""
        };
        out.push_str(", held");
        if let Some(line) = stuck.held_since {
            let _ = write!(out, " since line {line}");
        }
        let _ = write!(out, " by {}{own}", one_line(holder));
        // In a deadlock every live thread is stuck, so a holder that is not has ended with the lock in its hands.
        let deadlock = matches!(result.ending, Ending::Deadlock { .. });
        if deadlock && !result.stuck.iter().any(|s| s.thread == *holder) {
            out.push_str(", which has ended");
        }
    }
    out.push('\n');
    if stuck.line > 0 {
        excerpt(stuck, palette, out);
    }
}

fn excerpt(stuck: &Stuck, palette: &Palette, out: &mut String) {
    let (faint, warning) = (palette.faint, palette.warning);
    let place = format!("    {}:{} |", one_line(&stuck.file), stuck.line);
    let source = one_line(stuck.source.trim());
    let _ = writeln!(out, "{faint}{place}{faint:#} {source}");
    let length = source.chars().count();
    let (start, end) = stuck
        .columns
        .map_or((0, length), |(a, b)| (a as usize, b as usize));
    let (start, end) = if start < end && end <= length {
        (start, end)
    } else {
        (0, length)
    };
    if end > start {
        let margin = " ".repeat(place.chars().count() - 1);
        let gap = " ".repeat(1 + start);
        let carets = "^".repeat(end - start);
        let _ = writeln!(
            out,
            "{faint}{margin}|{faint:#}{gap}{warning}{carets}{warning:#}"
        );
    }
}

/// The circle of threads of which each waits for the next, if there is one of at least two: `a -> b -> a`.
fn cycle(stuck: &[Stuck]) -> Option<String> {
    let next = |thread: &str| {
        let held_by = stuck
            .iter()
            .find(|s| s.thread == thread)?
            .held_by
            .as_deref()?;
        stuck
            .iter()
            .find(|s| s.thread == held_by)
            .map(|s| s.thread.as_str())
    };
    for first in stuck {
        let mut path = vec![first.thread.as_str()];
        while let Some(thread) = next(path[path.len() - 1]) {
            if thread == path[0] {
                path.push(thread);
                return (path.len() > 2).then(|| one_line(&path.join(" -> ")));
            }
            if path.contains(&thread) {
                break;
            }
            path.push(thread);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::TaskException;

    fn stuck(
        thread: &str,
        waits_for: &str,
        held_by: Option<(&str, u32)>,
        line: u32,
        source: &str,
    ) -> Stuck {
        Stuck {
            thread: thread.into(),
            waits_for: waits_for.into(),
            held_by: held_by.map(|h| h.0.into()),
            held_since: held_by.map(|h| h.1),
            line,
            file: "bank.py".into(),
            source: source.into(),
            columns: None,
            daemon: false,
        }
    }

    fn result(ending: Ending, stuck: Vec<Stuck>) -> RunResult {
        RunResult {
            ending,
            exit_code: None,
            stdout: String::new(),
            stderr: String::new(),
            output: Vec::new(),
            steps: 34,
            time: 34_000,
            token: "TOKEN".into(),
            stuck,
            deaths: Vec::new(),
            unretrieved: Vec::new(),
            trace: None,
        }
    }

    fn plain(result: &RunResult) -> String {
        report(result, &Options::default(), Detail::Full, &Palette::PLAIN)
    }

    #[test]
    fn a_lock_order_deadlock() {
        let mut first = stuck(
            "Thread-1 (move)",
            "lock b",
            Some(("Thread-2 (move)", 9)),
            12,
            "with second:",
        );
        first.columns = Some((5, 11));
        let second = stuck(
            "Thread-2 (move)",
            "lock a",
            Some(("Thread-1 (move)", 8)),
            12,
            "with second:",
        );
        let main = stuck("MainThread", "thread Thread-1 (move)", None, 21, "t.join()");
        let text = plain(&result(
            Ending::Deadlock { at_exit: false },
            vec![main, first, second],
        ));
        insta::assert_snapshot!(text, @r#"
deadlock: 3 threads can never go on
  MainThread waits for thread Thread-1 (move)
    bank.py:21 | t.join()
               | ^^^^^^^^
  Thread-1 (move) waits for lock b, held since line 9 by Thread-2 (move)
    bank.py:12 | with second:
               |      ^^^^^^
  Thread-2 (move) waits for lock a, held since line 8 by Thread-1 (move)
    bank.py:12 | with second:
               | ^^^^^^^^^^^^
  in a circle: Thread-1 (move) -> Thread-2 (move) -> Thread-1 (move)
"#);
    }

    #[test]
    fn a_dead_holder_is_told() {
        let waiting = stuck(
            "Thread-2 (work)",
            "lock a",
            Some(("Thread-1 (work)", 4)),
            4,
            "lock.acquire()",
        );
        let mut result = result(Ending::Deadlock { at_exit: true }, vec![waiting]);
        result.deaths = vec![(
            "Thread-1 (work)".into(),
            "RuntimeError: release unlocked lock".into(),
        )];
        insta::assert_snapshot!(plain(&result), @r#"
deadlock: MainThread is finished, but the program cannot exit: 1 thread can never go on
  Thread-2 (work) waits for lock a, held since line 4 by Thread-1 (work), which has ended
    bank.py:4 | lock.acquire()
              | ^^^^^^^^^^^^^^
  Thread-1 (work) died of RuntimeError: release unlocked lock
"#);
    }

    #[test]
    fn a_thread_that_waits_for_itself() {
        let main = stuck(
            "MainThread",
            "lock a",
            Some(("MainThread", 3)),
            4,
            "lock.acquire()",
        );
        insta::assert_snapshot!(plain(&result(Ending::Deadlock { at_exit: false }, vec![main])), @r#"
deadlock: 1 thread can never go on
  MainThread waits for lock a, held since line 3 by MainThread itself
    bank.py:4 | lock.acquire()
              | ^^^^^^^^^^^^^^
"#);
    }

    #[test]
    fn an_endless_run_names_who_keeps_it_going() {
        let mut busy = stuck("Thread-1 (poll)", "runs", None, 5, "while True:");
        busy.daemon = true;
        let main = stuck("MainThread", "thread Thread-1 (poll)", None, 9, "t.join()");
        insta::assert_snapshot!(plain(&result(Ending::Endless(Limit::Steps), vec![busy, main])), @r#"
endless: stopped after 20,000,000 steps (--max-steps) and 0.000034 virtual seconds
  Thread-1 (poll) (daemon) keeps running
    bank.py:5 | while True:
              | ^^^^^^^^^^^
  MainThread waits for thread Thread-1 (poll)
    bank.py:9 | t.join()
              | ^^^^^^^^
  help: --max-steps raises the limit, if the program only needs more
"#);
    }

    #[test]
    fn the_other_titles() {
        let dead = vec![("w\n".to_owned(), "ValueError: a\nb".to_owned())];
        let mut thread_exception = result(Ending::ThreadException(dead.clone()), vec![]);
        thread_exception.deaths = dead;
        let all = [
            plain(&result(Ending::Finished, vec![])),
            plain(&result(Ending::Exit(0), vec![])),
            plain(&result(Ending::Exit(3), vec![])),
            plain(&result(Ending::Exception("KeyError: 'k'".into()), vec![])),
            plain(&thread_exception),
            plain(&result(Ending::Endless(Limit::Memory), vec![])),
            plain(&result(Ending::Endless(Limit::Time), vec![])),
            plain(&result(
                Ending::Refused("x.py:3: await is not supported".into()),
                vec![],
            )),
            plain(&result(
                Ending::Internal("register 9 out of range".into()),
                vec![],
            )),
        ];
        insta::assert_snapshot!(all.concat(), @r#"
exit: the program asked for exit status 3
exception: MainThread died of KeyError: 'k'
thread-exception: 1 thread died of an uncaught exception
  w\n died of ValueError: a\nb
endless: stopped when the program used more than 2G of memory (--max-memory)
  help: --max-memory raises the limit, if the program only needs more
endless: the virtual clock ran to its end after 0.000034 virtual seconds
refused: x.py:3: await is not supported
internal error of raddle: register 9 out of range
  This is a bug in raddle, not in the program. Please report it with the program and the line that replays it.
"#);
    }

    #[test]
    fn task_exceptions_that_nobody_asked_for() {
        let failed = |line| TaskException {
            task: "fetch".into(),
            thread: "ThreadPoolExecutor-0_0".into(),
            exception: "ValueError: bad\nurl".into(),
            file: "pool.py".into(),
            line,
        };
        let mut result = result(Ending::Finished, vec![]);
        result.unretrieved = vec![failed(7), failed(0)];
        insta::assert_snapshot!(plain(&result), @r"
note: 2 task exceptions never retrieved
  fetch in ThreadPoolExecutor-0_0 raised ValueError: bad\nurl (pool.py:7)
  fetch in ThreadPoolExecutor-0_0 raised ValueError: bad\nurl
");
        result.ending = Ending::Exit(3);
        let title = report(&result, &Options::default(), Detail::Title, &Palette::PLAIN);
        insta::assert_snapshot!(title, @r"
exit: the program asked for exit status 3
note: 2 task exceptions never retrieved
");
    }

    #[test]
    fn wrong_columns_do_no_harm() {
        let mut s = stuck("t", "lock a", None, 1, "x");
        for columns in [(0, 9), (5, 2), (7, 8)] {
            s.columns = Some(columns);
            let text = plain(&result(
                Ending::Deadlock { at_exit: false },
                vec![s.clone()],
            ));
            assert!(text.ends_with("| ^\n"), "{text}");
        }
    }

    #[test]
    fn a_summary_is_one_line() {
        let text = summary(&result(Ending::Finished, vec![]));
        assert_eq!(
            text,
            "finished: 34 steps, 0.000034 virtual seconds, token TOKEN\n"
        );
    }
}
