//! What a search for a schedule found, for people.

use super::style::{Palette, count, grouped, one_line};
use crate::run::Ending;
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
        "{faint}switch={} time={} step-cost={}ns{}; {} redundant, {}{faint:#}",
        settings.options.switch.name(),
        settings.options.time.name(),
        settings.options.step_cost,
        match settings.preemptions {
            Some(n) => format!(" preemptions<={n}, without reduction"),
            None => String::new(),
        },
        grouped(found.redundant),
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
    let mut text = format!("{} looked at", count(found.schedules as usize, "schedule"));
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
    let cut = &found.cut_off;
    let mut why = Vec::new();
    if cut.max_steps > 0 {
        let steps = count(find.settings().options.max_steps as usize, "step");
        why.push(format!(
            "{} given up after {steps}",
            count(cut.max_steps as usize, "run")
        ));
    }
    if cut.max_memory > 0 {
        why.push(format!(
            "{} out of memory",
            count(cut.max_memory as usize, "run")
        ));
    }
    if cut.preemptions > 0 {
        let steps = count(cut.preemptions as usize, "step");
        why.push(format!("{steps} beyond the bound on preemptions not taken"));
    }
    if cut.max_schedules {
        why.push("--max-schedules was reached".to_owned());
    }
    if found.refused {
        why.push("some run came to what raddle does not support".to_owned());
    }
    if cut.stopped {
        why.push("it was stopped".to_owned());
    }
    format!("{text}; not complete: {}", why.join(", "))
}

fn tips(find: &Find, found: &Found) -> Vec<&'static str> {
    let mut tips = Vec::new();
    let goal = find.goal();
    let logs = [&goal.stdout, &goal.stderr];
    let exact = logs.into_iter().flatten().any(|log| !log.is_partial());
    if exact {
        tips.push("[..] in a line stands for any text; --partial lets other lines stand between those of the log");
    }
    if found.cut_off.max_steps > 0 && goal.ending.is_none() {
        tips.push("--ending endless looks for a run that is given up as well");
    }
    tips
}
