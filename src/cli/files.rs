//! Files written whole or not at all, and words quoted for a shell.

use super::fail::{Fail, plain};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes a file by way of a temporary one beside it. What is no regular file (`/dev/stdout`) is written in place.
///
/// # Errors
///
/// When the file cannot be written; an older one is then untouched.
pub fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Fail> {
    // A link is followed, so that it stays a link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let special = fs::metadata(&target).is_ok_and(|m| !m.is_file() && !m.is_dir());
    let done = if special {
        OpenOptions::new()
            .write(true)
            .open(&target)
            .and_then(|file| fill(file, write))
    } else {
        replace(
            &target,
            |_, file| fill(file, write),
            |new, target| fs::rename(new, target),
        )
    };
    match done {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done.map_err(|e| Fail::file(path, plain(&e))),
    }
}

/// Writes a regular file whole or not at all, by and by: if the process is interrupted meanwhile, nothing is left of it.
///
/// # Errors
///
/// When the file cannot be written; an older one is then untouched.
pub(super) fn write_long(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), Fail> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let write = |temporary: &Path, mut file: File| {
        let temporary = temporary.to_owned();
        let set = ctrlc::set_handler(move || {
            let _ = fs::remove_file(&temporary);
            std::process::exit(130);
        });
        // Without a handler the unfinished file is left, hidden.
        drop(set);
        write(&mut file)
    };
    replace(&target, write, take_place).map_err(|e| Fail::file(path, plain(&e)))
}

/// Whether a file can be written by and by: it is none yet, or a regular one.
pub(super) fn is_regular(path: &Path) -> bool {
    fs::metadata(path).map_or(true, |m| m.is_file())
}

/// Gives a new file the place of an older one, which is moved aside first: where a file is renamed to one that is there, some file systems
/// wait till the new one is on the disk.
fn take_place(new: &Path, target: &Path) -> io::Result<()> {
    let aside = new.with_extension("old");
    if fs::rename(target, &aside).is_err() {
        return fs::rename(new, target);
    }
    let done = fs::rename(new, target);
    if done.is_err() {
        fs::rename(&aside, target)?;
    } else {
        let _ = fs::remove_file(&aside);
    }
    done
}

fn replace(
    target: &Path,
    write: impl FnOnce(&Path, File) -> io::Result<()>,
    rename: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    if target.is_dir() {
        return Err(io::Error::other("is a directory"));
    }
    let (temporary, file) = create_beside(target)?;
    let done = write(&temporary, file).and_then(|()| rename(&temporary, target));
    if done.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    done
}

fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    let name = target
        .file_name()
        .ok_or_else(|| io::Error::other("is no file name"))?;
    let mut number = 0;
    loop {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{number}.tmp"));
        let path = target.with_file_name(hidden);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && number < 100 => number += 1,
            Err(e) => return Err(e),
        }
    }
}

fn fill(file: File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush()
}

/// A word as a POSIX shell reads it back.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_only_where_they_must() {
        assert_eq!(
            quoted("programs/race/lost-update.py"),
            "programs/race/lost-update.py"
        );
        assert_eq!(quoted("my prog.py"), "'my prog.py'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
