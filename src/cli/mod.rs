//! The command line: arguments in, streams and an exit code out. The only part of raddle that touches the host.

pub mod args;
mod command;
pub mod exit;
mod explore;
mod fail;
mod files;
mod find;
mod follow;
pub mod header;
mod snap;
mod source;
mod stored;
mod streams;
mod tools;
mod watch;

use args::{Cli, Command};
use clap::Parser;
use fail::Fail;
use std::io::Write;
use std::panic;
use std::process::ExitCode;
use streams::Streams;

/// The whole program.
pub fn main() -> ExitCode {
    // A panic is raddle's own fault, and must never look like the user's.
    panic::set_hook(Box::new(|info| {
        let _ = writeln!(
            std::io::stderr(),
            "internal error of raddle: {info}\n  This is a bug in raddle, not in the program. Please report it with the program and the command."
        );
    }));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Printing fails when nobody reads any more: nothing is left to do then.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() {
                exit::USAGE
            } else {
                exit::OK
            });
        }
    };
    let code = panic::catch_unwind(|| dispatch(&cli)).unwrap_or(exit::INTERNAL);
    ExitCode::from(code)
}

fn dispatch(cli: &Cli) -> u8 {
    let color = match &cli.command {
        Command::Run(run) => run.output.color.when,
        Command::Replay(replay) => replay.output.color.when,
        Command::Explore(explore) => explore.output.color.when,
        Command::Find(find) => find.output.color.when,
        Command::Diff(diff) => diff.color.when,
        Command::Show(show) => show.color.when,
        Command::Snap(snap) => snap.color.when,
    };
    let mut streams = Streams::new(color);
    let done: Result<u8, Fail> = match &cli.command {
        Command::Run(run) => command::run(run, &mut streams),
        Command::Replay(replay) => command::replay(replay, &mut streams),
        Command::Explore(args) => explore::explore(args, &mut streams),
        Command::Find(args) => find::find(args, &mut streams),
        Command::Diff(args) => tools::diff(args, &mut streams),
        Command::Show(args) => tools::show(args, &mut streams),
        Command::Snap(args) => snap::snap(args, &mut streams),
    };
    done.unwrap_or_else(|fail| {
        streams.error(&fail);
        fail.code
    })
}
