//! What a search found, for people: what the program can do, the gravest first, and how sure that is.

use super::style::{Palette, count, grouped, one_line};
use crate::run::Ending;
use crate::search::merge::MOST_TURNS;
use crate::search::{
    CutOff, Exploration, Observe, Outcome, Plan, Settings, Share, States, Verdict,
};
use std::fmt::Write;

/// Outcomes that are shown with all they print; the rest is listed in a line each.
const SHOWN: usize = 20;
/// Lines of output that are shown of an outcome.
const LINES: usize = 12;

/// The report. `replays` are the commands that show the outcomes again.
pub fn report(
    settings: &Settings,
    found: &Exploration,
    replays: &[String],
    palette: &Palette,
) -> String {
    let mut out = String::new();
    for ((outcome, bug), replay) in found.outcomes.iter().zip(replays).take(SHOWN) {
        one(&mut out, outcome, *bug, found, replay, palette);
        out.push('\n');
    }
    let more = found.outcomes.len().saturating_sub(SHOWN);
    if more > 0 {
        let _ = writeln!(
            out,
            "... and {} more; --json tells them all\n",
            count(more, "outcome")
        );
    }
    if found.unlisted > 0 {
        let _ = writeln!(
            out,
            "... and {} that end otherwise than the {} outcomes kept\n",
            count(found.unlisted as usize, "schedule"),
            grouped(found.outcomes.len() as u64),
        );
    }
    out.push_str(&verdict(settings, found, palette));
    out
}

fn one(
    out: &mut String,
    outcome: &Outcome,
    bug: bool,
    found: &Exploration,
    replay: &str,
    palette: &Palette,
) {
    let style = if bug { palette.error } else { palette.strong };
    let title = match &outcome.ending {
        Ending::Exit(code) => format!("exit status {code}"),
        Ending::Deadlock { at_exit: true } => "deadlock at exit".to_owned(),
        ending => ending.name().to_owned(),
    };
    let about = match outcome.ending.exception() {
        Some(line) => format!(": {}", one_line(line)),
        None => String::new(),
    };
    let _ = writeln!(
        out,
        "{style}{title}{style:#}{about}  {faint}{} of {}{}{faint:#}",
        grouped(outcome.count),
        taken(found),
        share(outcome, found.share),
        faint = palette.faint,
    );
    lines(out, "  | ", &outcome.stdout);
    // Of an exception the title tells the last line; the rest is in the replay.
    if outcome.ending.exception().is_none() {
        lines(out, "  2| ", &outcome.stderr);
    }
    let _ = writeln!(out, "  replay: {replay}");
}

/// How many schedules were taken; or, where states were known again, paths: not all there are.
fn taken(found: &Exploration) -> String {
    let what = match found.states {
        Some(_) => "path",
        None => "schedule",
    };
    count(found.schedules as usize, what)
}

/// How often a search came to what it knew.
pub(super) fn repeated(states: Option<States>, redundant: u64) -> String {
    match states {
        Some(states) => format!(
            "by states: {}, {} reached again",
            count(states.states as usize, "state"),
            grouped(states.merged)
        ),
        None => format!("{} redundant", grouped(redundant)),
    }
}

/// How likely the outcome is by chance.
fn share(outcome: &Outcome, share: Share) -> String {
    let Some(part) = outcome.share.map(|part| part * 100.0) else {
        return String::new();
    };
    match share {
        Share::Estimated(runs) if part == 0.0 => {
            format!(", in none of {} random runs", grouped(runs))
        }
        Share::Estimated(_) => format!(", about {part:.1} % of random runs"),
        _ if part < 0.1 => format!(", {part:.1e} % of random runs"),
        _ => format!(", {part:.1} % of random runs"),
    }
}

fn lines(out: &mut String, mark: &str, text: &str) {
    let all: Vec<&str> = text.lines().collect();
    for line in all.iter().take(LINES) {
        let _ = writeln!(out, "{mark}{}", one_line(line));
    }
    if all.len() > LINES {
        let _ = writeln!(out, "{mark}... {} more", count(all.len() - LINES, "line"));
    }
}

/// What is to be said of the program, and how sure it is.
fn verdict(settings: &Settings, found: &Exploration, palette: &Palette) -> String {
    let bugs = found.outcomes.iter().filter(|o| o.1).count();
    let outcomes = count(found.outcomes.len(), "outcome");
    let mut out = String::new();
    let (style, title) = match found.verdict {
        Verdict::Bug => (palette.error, "bug found"),
        Verdict::Ok => (palette.strong, "no bug"),
        Verdict::Limit => (palette.warning, "no bug so far"),
    };
    let _ = write!(out, "{style}{title}{style:#}: {outcomes}");
    if bugs > 0 {
        let _ = write!(out, ", {bugs} of them bad,");
    }
    let _ = writeln!(out, " in {}, {}", taken(found), coverage(settings, found));
    let _ = writeln!(
        out,
        "{faint}switch={} time={} step-cost={}ns observe={} strategy={}{}; {}, {}{faint:#}",
        settings.options.switch.name(),
        settings.options.time.name(),
        settings.options.step_cost,
        settings.observe.name(),
        settings.plan.name(),
        match settings.preemptions {
            Some(n) => format!(" preemptions<={n}, without reduction"),
            None => String::new(),
        },
        repeated(found.states, found.redundant),
        count(found.steps as usize, "step"),
        faint = palette.faint,
    );
    if let Some(first) = found.first_bug {
        let what = match found.states {
            Some(_) => "path",
            None => "schedule",
        };
        let _ = writeln!(out, "first bug in {what} {}", grouped(first));
    }
    if found.earlier > 0 {
        let _ = writeln!(
            out,
            "{} known only from runs taken before the search began anew, counted as one {} each",
            count(found.earlier as usize, "outcome"),
            match found.states {
                Some(_) => "path",
                None => "schedule",
            }
        );
    }
    for tip in tips(settings, found) {
        let _ = writeln!(out, "tip: {tip}");
    }
    out
}

/// How much of all there is was seen.
fn coverage(settings: &Settings, found: &Exploration) -> String {
    if found.complete {
        let spurious = match settings.options.spurious {
            0 => String::new(),
            n => format!(", with up to {}", count(n as usize, "spurious wakeup")),
        };
        let fair = match found.states {
            Some(_) => ", each thread getting its turns",
            None => "",
        };
        return format!("complete: that is all this program can do{fair}{spurious}");
    }
    if settings.plan == Plan::Random && found.cut_off.is_none() {
        return "by chance: there may be more".to_owned();
    }
    let why = what_was_cut_off(settings, &found.cut_off, found.refused());
    format!("not complete: {why}")
}

/// Why a search did not see all.
pub(super) fn what_was_cut_off(settings: &Settings, cut: &CutOff, refused: bool) -> String {
    let mut why = Vec::new();
    if cut.max_steps > 0 {
        why.push(format!(
            "{} given up after {}",
            count(cut.max_steps as usize, "run"),
            count(settings.options.max_steps as usize, "step"),
        ));
    }
    if cut.max_memory > 0 {
        why.push(format!(
            "{} out of memory",
            count(cut.max_memory as usize, "run")
        ));
    }
    if cut.preemptions > 0 {
        why.push(format!(
            "{} beyond the bound on preemptions not taken",
            count(cut.preemptions as usize, "step")
        ));
    }
    if cut.loops > 0 {
        why.push(format!(
            "{} a loop that comes to no state twice was left: after {MOST_TURNS} turns, or when there were too many states",
            count(cut.loops as usize, "time"),
        ));
    }
    if cut.clock_loops > 0 {
        why.push(format!(
            "{} of waiting for the clock not left, as steps take no time",
            count(cut.clock_loops as usize, "loop")
        ));
    }
    if cut.max_schedules {
        why.push("--max-schedules was reached".to_owned());
    }
    if cut.fail_fast {
        why.push("the first bug ended the search".to_owned());
    }
    if refused {
        why.push("some run came to what raddle does not support".to_owned());
    }
    if cut.stopped {
        why.push("it was stopped".to_owned());
    }
    why.join(", ")
}

fn tips(settings: &Settings, found: &Exploration) -> Vec<String> {
    let mut tips = Vec::new();
    if found.complete {
        return tips;
    }
    if settings.observe == Observe::Output && settings.plan == Plan::Dpor {
        tips.push(
            "--observe threads or --observe ending take fewer runs, as the order of output does not count"
                .to_owned(),
        );
    }
    if found.cut_off.clock_loops > 0 {
        tips.push("--step-cost 1ms lets each step take that long".to_owned());
    }
    if found.cut_off.max_steps > 0 {
        tips.push(
            "a run that goes on for ever may wait in a loop: --max-steps N gives up sooner"
                .to_owned(),
        );
    }
    tips
}
