//! What a search for a schedule found, for people.

use super::explore::{repeated, what_was_cut_off};
use super::style::{Palette, count, grouped, one_line};
use crate::run::{Ending, Limit};
use crate::search::{Find, Found, Log, Nearest};
use std::fmt::Write;

/// The report. `replay` is the command that shows the run found, or else the nearest.
pub fn report(find: &Find, found: &Found, replay: &str, quiet: bool, palette: &Palette) -> String {
    let mut out = String::new();
    let strong = palette.strong;
    match &found.run {
        Some(run) => {
            let _ = writeln!(
                out,
                "{strong}found{strong:#}: a run that {}{}",
                prints(find),
                ends(&run.ending)
            );
            let _ = writeln!(out, "  replay: {replay}");
        }
        None => {
            let warning = palette.warning;
            let title = match found.complete {
                true => {
                    format!("{strong}not found{strong:#}: no schedule of this program does this")
                }
                false => format!("{warning}not found so far{warning:#}"),
            };
            out.push_str(&title);
            out.push('\n');
            if let Some(nearest) = &found.nearest {
                near(&mut out, find, found, nearest, replay, palette);
            }
        }
    }
    let _ = writeln!(out, "{}", coverage(find, found));
    let settings = find.settings();
    let _ = writeln!(
        out,
        "{faint}switch={} time={} step-cost={}ns{}; {}, {}{faint:#}",
        settings.options.switch.name(),
        settings.options.time.name(),
        settings.options.step_cost,
        match settings.preemptions {
            Some(n) => format!(" preemptions<={n}, without reduction"),
            None => String::new(),
        },
        repeated(found.states, found.redundant),
        count(found.steps as usize, "step"),
        faint = palette.faint,
    );
    if !quiet && found.run.is_none() {
        for tip in tips(find, found) {
            let _ = writeln!(out, "tip: {tip}");
        }
    }
    out
}

fn prints(find: &Find) -> &'static str {
    let goal = find.goal();
    match (&goal.stdout, &goal.stderr) {
        (None, None) => "",
        _ => "prints this, and ",
    }
}

/// How a run ends, in a sentence.
fn ends(ending: &Ending) -> String {
    match ending {
        Ending::Finished => "ends well".to_owned(),
        Ending::Exit(code) => format!("ends with exit status {code}"),
        Ending::Deadlock { .. } => "ends in a deadlock".to_owned(),
        Ending::Endless(Limit::Cycle) => "goes round for ever".to_owned(),
        Ending::Endless(_) => "is given up at a limit".to_owned(),
        ending => match ending.exception() {
            Some(line) => format!("ends in {}: {}", ending.name(), one_line(line)),
            None => format!("ends in {}", ending.name()),
        },
    }
}

/// How far a run comes, and what comes instead of the next line.
fn near(
    out: &mut String,
    find: &Find,
    found: &Found,
    nearest: &Nearest,
    replay: &str,
    palette: &Palette,
) {
    let goal = find.goal();
    let mut whole = true;
    for (stream, log) in [(1, &goal.stdout), (2, &goal.stderr)] {
        let Some(log) = log else {
            continue;
        };
        let lines = nearest.lines[stream - 1];
        let Some((number, text)) = log.line(lines) else {
            continue;
        };
        whole = false;
        let name = ["stdout", "stderr"][stream - 1];
        let _ = writeln!(
            out,
            "  {name}: {}",
            came(log, lines, number, found.complete)
        );
        let _ = writeln!(
            out,
            "    {removed}- {}{removed:#}",
            one_line(text),
            removed = palette.removed
        );
        instead(out, nearest, stream as u8, palette);
    }
    if whole && goal.stdout.is_none() && goal.stderr.is_none() {
        out.push_str("  no run ends so\n");
    } else if whole && nearest.instead.is_empty() {
        out.push_str("  all lines come, but the run ends otherwise\n");
    } else if whole {
        out.push_str("  all lines come, but then more\n");
        instead(out, nearest, 1, palette);
        instead(out, nearest, 2, palette);
    }
    let _ = writeln!(
        out,
        "  nearest: a run that {}\n  replay: {replay}",
        ends(&nearest.run.ending)
    );
}

/// Which lines come, and which does not.
fn came(log: &Log, lines: usize, number: usize, complete: bool) -> String {
    let all = count(log.len(), "line");
    match complete {
        true => format!("{lines} of {all} can come, line {number} cannot"),
        false => format!("{lines} of {all} came so far, line {number} not yet"),
    }
}

fn instead(out: &mut String, nearest: &Nearest, stream: u8, palette: &Palette) {
    let added = palette.added;
    for instead in nearest.instead.iter().filter(|i| i.stream == stream) {
        let _ = writeln!(
            out,
            "    {added}+ {}{added:#}  {faint}{} would print{faint:#}",
            one_line(&instead.line),
            instead.thread,
            faint = palette.faint
        );
    }
    if nearest.instead.is_empty() {
        let _ = writeln!(out, "    the run is over there");
    }
}

/// How much of all there is was looked at.
fn coverage(find: &Find, found: &Found) -> String {
    let what = match found.states {
        Some(_) => "path",
        None => "schedule",
    };
    let mut text = format!("{} looked at", count(found.schedules as usize, what));
    if found.left > 0 {
        let _ = write!(
            text,
            ", {} of them only as far as the output fits",
            grouped(found.left)
        );
    }
    if found.run.is_some() {
        return text;
    }
    if found.complete {
        text.push_str("; complete");
        if found.states.is_some() {
            text.push_str(", each thread getting its turns");
        }
        let options = &find.settings().options;
        if options.spurious > 0 {
            let _ = write!(
                text,
                ", with up to {}",
                count(options.spurious as usize, "spurious wakeup")
            );
        }
        return text;
    }
    let why = what_was_cut_off(find.settings(), &found.cut_off, found.refused);
    format!("{text}; not complete: {why}")
}

fn tips(find: &Find, found: &Found) -> Vec<&'static str> {
    let mut tips = Vec::new();
    let goal = find.goal();
    let logs = [&goal.stdout, &goal.stderr];
    let exact = logs.into_iter().flatten().any(|log| !log.is_partial());
    if exact {
        tips.push("[..] in a line stands for any text; --partial lets other lines stand between those of the log");
    }
    if found.cut_off.clock_loops > 0 {
        tips.push("--step-cost 1ms lets each step take that long");
    }
    let nearest = found.nearest.as_ref();
    let endless = nearest.is_some_and(|n| matches!(n.run.ending, Ending::Endless(_)));
    if (found.cut_off.max_steps > 0 || endless) && goal.ending.is_none() {
        tips.push(
            "--ending endless looks for a run that goes round for ever or is given up as well",
        );
    }
    tips
}
