//! Where text goes: the program's to stdout and stderr as it is, raddle's with colours where they are wanted.
//!
//! A closed pipe is no error: who stopped reading has seen enough.

use super::fail::{Fail, plain};
use crate::render::style::Palette;
use anstream::{AutoStream, ColorChoice};
use std::io::{self, BufWriter, Write};

/// stdout and stderr.
pub struct Streams {
    out: BufWriter<io::Stdout>,
    out_closed: bool,
    choice: ColorChoice,
    /// Whether the program's last text on stderr left its line open.
    err_open: bool,
}

impl Streams {
    /// The process's own streams.
    pub fn new(color: clap::ColorChoice) -> Streams {
        let choice = match color {
            clap::ColorChoice::Auto => ColorChoice::Auto,
            clap::ColorChoice::Always => ColorChoice::Always,
            clap::ColorChoice::Never => ColorChoice::Never,
        };
        Streams {
            out: BufWriter::with_capacity(1 << 16, io::stdout()),
            out_closed: false,
            choice,
            err_open: false,
        }
    }

    /// Writes what a program wrote: stream (1, 2) and text, in order.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written (a full disk).
    pub fn program(&mut self, output: &[(u8, String)]) -> Result<(), Fail> {
        for (stream, text) in output {
            if *stream == 2 {
                self.flush()?;
                let _ = io::stderr().write_all(text.as_bytes());
                self.err_open = !text.is_empty() && !text.ends_with('\n');
            } else {
                self.out(|out| out.write_all(text.as_bytes()))?;
            }
        }
        self.flush()
    }

    /// Writes a result of raddle's own to stdout.
    ///
    /// # Errors
    ///
    /// As [`Streams::program`].
    pub fn result(
        &mut self,
        write: impl FnOnce(&mut dyn Write, &Palette) -> io::Result<()>,
    ) -> Result<(), Fail> {
        let palette = palette(self.choice, AutoStream::choice(&io::stdout()));
        self.out(|out| write(out, palette))?;
        self.flush()
    }

    /// Writes a note of raddle's own to stderr, on a line of its own.
    pub fn note(&mut self, make: impl FnOnce(&Palette) -> String) {
        let palette = palette(self.choice, AutoStream::choice(&io::stderr()));
        let text = make(palette);
        if text.is_empty() {
            return;
        }
        let gap = if std::mem::take(&mut self.err_open) {
            "\n"
        } else {
            ""
        };
        // There is nowhere to tell that stderr is closed.
        let _ = io::stderr().write_all(format!("{gap}{text}").as_bytes());
    }

    /// Writes an error message to stderr.
    pub fn error(&mut self, fail: &Fail) {
        self.note(|palette| {
            let style = palette.error;
            format!("{style}error{style:#}: {}\n", fail.message.trim_end())
        });
    }

    fn flush(&mut self) -> Result<(), Fail> {
        self.out(Write::flush)
    }

    fn out(
        &mut self,
        write: impl FnOnce(&mut BufWriter<io::Stdout>) -> io::Result<()>,
    ) -> Result<(), Fail> {
        if self.out_closed {
            return Ok(());
        }
        match write(&mut self.out) {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => {
                self.out_closed = true;
                Ok(())
            }
            Err(e) => Err(Fail::usage(format!(
                "cannot write to stdout: {}",
                plain(&e)
            ))),
            Ok(()) => Ok(()),
        }
    }
}

fn palette(asked: ColorChoice, auto: ColorChoice) -> &'static Palette {
    let choice = if asked == ColorChoice::Auto {
        auto
    } else {
        asked
    };
    match choice {
        ColorChoice::Never => &Palette::PLAIN,
        _ => &Palette::COLOR,
    }
}
