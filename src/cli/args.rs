//! The command line as data.

use crate::explore::registry;
use crate::run::{Options, Switch, Time, settings};
use crate::search::{Observe, Plan};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, ColorChoice, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Runs threaded Python programs under a deterministic scheduler.
///
/// One seed gives one schedule, one output and one trace: the same bytes on every machine, as often as you like.
#[derive(Parser, Debug)]
#[command(
    name = "raddle",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
#[command(
    after_help = "Exit status: 0 nothing wrong, 1 the program failed or a bug was found, 2 usage or unsupported Python,\n3 a bug in raddle, 4 a limit was reached."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run a program once; its output passes through
    Run(RunArgs),
    /// Do a run again, from the token it printed or from its trace
    Replay(ReplayArgs),
    /// Take all interleavings of a program, and tell everything that it can do
    Explore(ExploreArgs),
    /// Find a schedule of a program whose output is what a log shows
    Find(FindArgs),
    /// Tell what differs between two runs: traces, tokens or seeds of one program or of two versions of it
    Diff(DiffArgs),
    /// Show a trace: as text, with a column for each thread, in parts
    Show(ShowArgs),
    /// Keep what a run gives in a file beside the program, and see whether it still does
    Snap(SnapArgs),
}

/// `raddle diff`.
#[derive(Args, Debug)]
#[command(
    after_help = "A and B are each a trace file (run.jsonl), a program (prog.py, run with the options given),\nPROG@SEED, PROG@TOKEN, or for one program @SEED and TOKEN:\n\n  raddle diff prog.py@1 @2\n  raddle diff before.jsonl after.jsonl\n  raddle diff old.py new.py --seed 7\n\nExit status: 0 the same up to the order of independent steps, 1 different, 2 usage."
)]
pub struct DiffArgs {
    /// The first run
    #[arg(value_name = "A")]
    pub a: String,
    /// The second run
    #[arg(value_name = "B")]
    pub b: String,
    /// The program of tokens and seeds that name none
    #[arg(long, value_name = "PROG")]
    pub program: Option<PathBuf>,
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    #[command(flatten)]
    pub given: ProgramArgs,
    /// Print one JSON document on stdout
    #[arg(long, help_heading = "Output")]
    pub json: bool,
    #[command(flatten)]
    pub color: ColorArgs,
    /// Only the verdict
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
}

/// How a trace is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// One step a line
    Text,
    /// One column for each thread; long stretches of one thread are folded
    Lanes,
    /// The stored form, JSON Lines
    Json,
}

/// `raddle show`.
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// A trace file, or a run as in raddle diff: PROG, PROG@SEED, PROG@TOKEN
    #[arg(value_name = "TRACE")]
    pub trace: String,
    /// How
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Only what this thread does; may be given several times, as may the next two
    #[arg(long, value_name = "NAME")]
    pub thread: Vec<String>,
    /// Only what happens to this object and its parts
    #[arg(long, value_name = "NAME")]
    pub object: Vec<String>,
    /// Only these operations: acquire, write, ... or the groups sync, access, output, thread
    #[arg(long, value_name = "OP")]
    pub kind: Vec<String>,
    /// Also the steps inside calls of bundled modules, such as executor.submit (JSON Lines always has them)
    #[arg(long)]
    pub inside: bool,
    /// Only what is near this step
    #[arg(long, value_name = "STEP")]
    pub around: Option<u64>,
    /// How many steps before and after it
    #[arg(long, value_name = "N", default_value_t = 10, requires = "around")]
    pub context: u64,
    /// The program of a token that names none
    #[arg(long, value_name = "PROG")]
    pub program: Option<PathBuf>,
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    #[command(flatten)]
    pub given: ProgramArgs,
    #[command(flatten)]
    pub color: ColorArgs,
}

/// How the trace stands in a snapshot.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Form {
    /// Without reads and writes
    Sync,
    /// All steps
    Whole,
    /// All steps in normal form, without values: the same for all orders of independent steps
    Normal,
}

/// `raddle snap`.
#[derive(Args, Debug)]
#[command(
    after_help = "The first time it makes the file, later it compares; the options of the first time are in the file,\nand others given later win.\n\nExit status: 0 as before, 1 different (the difference is shown) or, with --check, missing, 2 usage."
)]
pub struct SnapArgs {
    /// The Python program
    #[arg(value_name = "PROG")]
    pub program: PathBuf,
    /// The arguments in the program's sys.argv; put -- before what starts with a dash
    #[arg(value_name = "ARGS")]
    pub args: Vec<String>,
    /// Write nothing: a missing snapshot is a difference
    #[arg(long, conflicts_with = "update")]
    pub check: bool,
    /// Take the run as it is now
    #[arg(long)]
    pub update: bool,
    /// The snapshot [default: PROG with .raddle-snap for .py]
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// How the trace stands in it [default: sync]
    #[arg(long, value_name = "FORM")]
    pub form: Option<Form>,
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    #[command(flatten)]
    pub given: ProgramArgs,
    #[command(flatten)]
    pub color: ColorArgs,
    /// Tell of a snapshot that fits, too
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
}

/// `raddle run`.
#[derive(Args, Debug)]
#[command(
    after_help = "Exit status: 0 nothing wrong, 1 the program failed (whatever status of its own it asked for: that is exit_code\nof --json) or hangs for ever, 2 usage or unsupported Python, 3 a bug in raddle, 4 a limit was reached."
)]
pub struct RunArgs {
    /// The Python program
    #[arg(value_name = "PROG")]
    pub program: PathBuf,
    /// The arguments in the program's sys.argv; put -- before what starts with a dash
    #[arg(value_name = "ARGS")]
    pub args: Vec<String>,
    /// Who chooses the next step [default: random]
    #[arg(long, value_name = "NAME", help_heading = "Schedule", value_parser = PossibleValuesParser::new(strategies()))]
    pub strategy: Option<String>,
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    #[command(flatten)]
    pub given: ProgramArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `raddle explore`.
#[derive(Args, Debug)]
pub struct ExploreArgs {
    /// The Python program
    #[arg(value_name = "PROG")]
    pub program: PathBuf,
    /// The arguments in the program's sys.argv; put -- before what starts with a dash
    #[arg(value_name = "ARGS")]
    pub args: Vec<String>,
    #[command(flatten)]
    pub search: SearchArgs,
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    #[command(flatten)]
    pub given: ProgramArgs,
    #[command(flatten)]
    pub output: ReportArgs,
}

/// `raddle find`.
#[derive(Args, Debug)]
#[command(
    after_help = "A log is compared byte for byte, but for the ends of its lines (LF or CRLF, and whether the last one ends).\n[..] in a line of it stands for any text, a time or an id. Of tracebacks in a log of stderr the directories of\nfiles, the frames of Python's own library and the lines that underline do not count. - is raddle's own stdin.\n\n  raddle find prog.py --stdout ci.log\n  raddle find prog.py --stdout ci.log --partial --ending deadlock\n\nExit status: 0 found, 1 no schedule does this, 2 usage or unsupported Python, 3 a bug in raddle, 4 a limit was\nreached before."
)]
#[command(group = clap::ArgGroup::new("goal").required(true).multiple(true).args(["stdout", "stderr", "ending"]))]
pub struct FindArgs {
    /// The Python program
    #[arg(value_name = "PROG")]
    pub program: PathBuf,
    /// The arguments in the program's sys.argv; put -- before what starts with a dash
    #[arg(value_name = "ARGS")]
    pub args: Vec<String>,
    /// The run prints what is in FILE
    #[arg(long, value_name = "FILE", help_heading = "Search")]
    pub stdout: Option<PathBuf>,
    /// The run writes to stderr what is in FILE
    #[arg(long, value_name = "FILE", help_heading = "Search")]
    pub stderr: Option<PathBuf>,
    /// The run ends so [default: in any way, but not by a limit]
    #[arg(long, value_name = "ENDING", help_heading = "Search", value_parser = PossibleValuesParser::new(ALL_ENDINGS))]
    pub ending: Option<String>,
    /// The logs are parts of the output: their lines in their order, with anything between them
    #[arg(long, help_heading = "Search")]
    pub partial: bool,
    /// Only runs in which at most N times a thread is stopped that could go on; those with fewest come first
    #[arg(long, value_name = "N", help_heading = "Search")]
    pub preemptions: Option<u32>,
    /// Stop after N schedules
    #[arg(long, value_name = "N", help_heading = "Search", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_schedules: Option<u64>,
    /// Stop after this time: 500ms, 20s, 10m
    #[arg(long, value_name = "DURATION", help_heading = "Search", value_parser = settings::duration)]
    pub time_limit: Option<u64>,
    /// Know states again from the begin on, whatever was printed before, without reduction: for programs that wait in loops, and for logs
    /// with gaps. Otherwise that is done once a run goes in circles, and with --partial first of all, if it ends soon
    #[arg(long, help_heading = "Search")]
    pub merge_states: bool,
    /// How many processor cores to use; the result is the same [default: all]
    #[arg(long, value_name = "N", help_heading = "Search", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    #[command(flatten)]
    pub given: ProgramArgs,
    #[command(flatten)]
    pub output: ReportArgs,
}

/// Which runs are taken, and when to stop.
#[derive(Args, Debug)]
#[command(next_help_heading = "Search")]
pub struct SearchArgs {
    /// Which runs are taken
    #[arg(long, value_name = "NAME", default_value = "dpor", value_parser = PossibleValuesParser::new(plans()).map(|s| plan(&s)))]
    pub strategy: Plan,
    /// What makes two outcomes different: less observed means fewer runs
    #[arg(long, value_name = "WHAT", default_value = "output", value_parser = PossibleValuesParser::new(OBSERVED.map(value)).map(|s| observe(&s)))]
    pub observe: Observe,
    /// Only runs in which at most N times a thread is stopped that could go on; those with fewest come first
    #[arg(long, value_name = "N")]
    pub preemptions: Option<u32>,
    /// Stop after N runs [default: 1000 for random, else none]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_schedules: Option<u64>,
    /// Stop after this time: 500ms, 20s, 10m
    #[arg(long, value_name = "DURATION", value_parser = settings::duration)]
    pub time_limit: Option<u64>,
    /// Stop at the first bug
    #[arg(long)]
    pub fail_fast: bool,
    /// An ending that is no bug; may be given several times
    #[arg(long, value_name = "ENDING", value_parser = PossibleValuesParser::new(ENDINGS))]
    pub allow: Vec<String>,
    /// Know states again from the begin on, without reduction and on one core: for programs that mostly wait in loops. Otherwise that is
    /// done once a run goes in circles
    #[arg(long)]
    pub merge_states: bool,
    /// How many processor cores to use; the result is the same [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Store the state of the search in FILE, now and then and at its end
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Go on where the search stored in the checkpoint was
    #[arg(long, requires = "checkpoint")]
    pub resume: bool,
}

const ALL_ENDINGS: [&str; 6] = [
    "finished",
    "thread-exception",
    "exception",
    "exit",
    "deadlock",
    "endless",
];

const ENDINGS: [&str; 5] = [
    "deadlock",
    "endless",
    "exception",
    "thread-exception",
    "exit",
];

const OBSERVED: [(&str, &str); 3] = [
    ("ending", "how it ends"),
    ("threads", "also what each thread prints"),
    ("output", "also the order in which they print"),
];

fn plans() -> impl Iterator<Item = PossibleValue> {
    Plan::ALL.iter().map(|(name, _, help)| value((name, help)))
}

fn plan(name: &str) -> Plan {
    let found = Plan::ALL.iter().find(|entry| entry.0 == name);
    found.map_or(Plan::Dpor, |entry| entry.1)
}

fn observe(name: &str) -> Observe {
    let found = Observe::ALL.iter().find(|entry| entry.0 == name);
    found.map_or(Observe::Output, |entry| entry.1)
}

/// `raddle replay`.
#[derive(Args, Debug)]
#[command(
    after_help = "Exit status: 0 nothing wrong, 1 the program failed (whatever status of its own it asked for: that is exit_code\nof --json) or hangs for ever, 2 usage or unsupported Python, 3 a bug in raddle, 4 a limit was reached."
)]
pub struct ReplayArgs {
    /// The Python program
    #[arg(value_name = "PROG")]
    pub program: PathBuf,
    /// The token of the run, or a file with its trace
    #[arg(value_name = "TOKEN|TRACE")]
    pub token: String,
    /// The arguments in the program's sys.argv; give what the run was given
    #[arg(value_name = "ARGS")]
    pub args: Vec<String>,
    #[command(flatten)]
    pub given: ProgramArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

const SWITCHES: [(&str, &str); 3] = [
    ("sync", "at primitive calls"),
    ("gil", "also at calls and loops, as in CPython with the GIL"),
    (
        "shared",
        "also at each access to state that threads share, as in free-threaded CPython",
    ),
];

const TIMES: [(&str, &str); 2] = [
    (
        "virtual",
        "they order things exactly, and nobody waits in reality",
    ),
    (
        "free",
        "they order nothing: what a sleep hides shows itself",
    ),
];

fn value((name, help): (&'static str, &'static str)) -> PossibleValue {
    PossibleValue::new(name).help(help)
}

/// What shapes the schedule. `None` leaves the word to the program's header, then to the default.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Schedule")]
pub struct ScheduleArgs {
    /// Seed of the strategy and of the program's random [default: 0]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Where threads may be switched [default: shared]
    #[arg(long, value_parser = PossibleValuesParser::new(SWITCHES.map(value)).try_map(|s| word::<Switch>(&s)))]
    pub switch: Option<Switch>,
    /// What durations mean [default: virtual]
    #[arg(long, value_parser = PossibleValuesParser::new(TIMES.map(value)).try_map(|s| word::<Time>(&s)))]
    pub time: Option<Time>,
    /// How many spurious wakeups may happen [default: 0]
    #[arg(long, value_name = "N")]
    pub spurious: Option<u32>,
    /// notify wakes the thread that waits longest, as CPython does, not any
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub fifo: Option<bool>,
    /// Virtual time that a step takes: 500ns, 1us, 20ms [default: 1us; in a search nothing]
    #[arg(long, value_name = "DURATION", value_parser = settings::duration)]
    pub step_cost: Option<u64>,
    /// The clock at the start, in UTC: 2019-01-01T19:35:46 [default: 2024-01-01T00:00:00]
    #[arg(long, value_name = "DATE", value_parser = settings::instant)]
    pub start_time: Option<u64>,
}

/// How the program is read and what it may use: what a token does not hold, so that a replay takes it as well.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Program")]
pub struct ProgramArgs {
    /// What input() reads; - is raddle's own stdin [default: nothing]
    #[arg(long, value_name = "FILE")]
    pub stdin: Option<PathBuf>,
    /// Print the value of bare expressions at top level, as a notebook does
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub echo: Option<bool>,
    /// Steps after which a run is called endless [default: 20000000; in a search 100000]
    #[arg(long, value_name = "N")]
    pub max_steps: Option<u64>,
    /// Memory of the program after which a run is stopped: 64k, 512M [default: 2G]
    #[arg(long, value_name = "SIZE", value_parser = settings::size)]
    pub max_memory: Option<u64>,
}

/// How the result of a search is told.
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// Print one JSON document on stdout
    #[arg(long, help_heading = "Output")]
    pub json: bool,
    #[command(flatten)]
    pub color: ColorArgs,
    /// No progress, no tips
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
}

/// Colours.
#[derive(Args, Debug, Default)]
pub struct ColorArgs {
    /// When to use colours
    #[arg(
        id = "color",
        long = "color",
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub when: ColorChoice,
}

/// What is told of the run, and where.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Print the trace after the output, or write it to FILE: as JSON Lines if the name ends in .jsonl, else as text
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub trace: Option<Option<PathBuf>>,
    /// Print one JSON document about the run on stdout, and nothing of the program's own
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub color: ColorArgs,
    /// Of a bad ending, print the title and the line that replays it, no more
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print a summary of every run
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
}

fn put<T: Clone>(slot: &mut T, given: &Option<T>) {
    if let Some(value) = given {
        slot.clone_from(value);
    }
}

fn strategies() -> impl Iterator<Item = PossibleValue> {
    let entries = registry::STRATEGIES.iter();
    entries.map(|entry| value((entry.name, entry.help)))
}

fn word<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("unknown word {text}"))
}

impl RunArgs {
    /// Lays what shapes the schedule over `options`.
    pub fn overlay(&self, options: &mut Options) {
        put(&mut options.strategy, &self.strategy);
        self.schedule.overlay(options);
    }
}

impl ScheduleArgs {
    /// Lays what was given over `options`.
    pub fn overlay(&self, options: &mut Options) {
        put(&mut options.seed, &self.seed);
        put(&mut options.switch, &self.switch);
        put(&mut options.time, &self.time);
        put(&mut options.spurious, &self.spurious);
        put(&mut options.fifo, &self.fifo);
        put(&mut options.step_cost, &self.step_cost);
        put(&mut options.start_time, &self.start_time);
    }
}

impl ProgramArgs {
    /// Lays what was given over `options`; `stdin` is a file, which is read elsewhere.
    pub fn overlay(&self, options: &mut Options) {
        put(&mut options.echo, &self.echo);
        put(&mut options.max_steps, &self.max_steps);
        put(&mut options.max_memory, &self.max_memory);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_setting_has_its_option() {
        let command = Cli::command();
        let run = command.find_subcommand("run").unwrap();
        let longs: Vec<_> = run.get_arguments().filter_map(|a| a.get_long()).collect();
        for key in settings::keys() {
            assert!(longs.contains(&key), "--{key} is missing");
        }
    }

    #[test]
    fn options_may_stand_after_the_program() {
        let cli = Cli::try_parse_from([
            "raddle", "run", "x.py", "a", "--seed", "3", "--fifo", "--trace", "b", "--", "-c",
        ]);
        let Command::Run(run) = cli.unwrap().command else {
            panic!("not run")
        };
        let mut options = Options::default();
        run.schedule.overlay(&mut options);
        assert_eq!((options.seed, options.fifo), (3, true));
        assert_eq!(run.args, ["a", "b", "-c"]);
        assert_eq!(run.output.trace, Some(None));
    }
}
