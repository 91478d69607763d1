//! Options that a program carries in its first comment block: `# raddle: switch=sync seed=7`.
//!
//! The block is the first lines of the file that start with `#`, up to the first other line. The command line wins over it.

use crate::run::{Options, settings};

/// A header option that does not fit: its line and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderError {
    /// 1-based line in the program.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Sets what the header of `source` asks for.
///
/// # Errors
///
/// The first pair that is unknown or whose value does not fit.
pub fn apply(source: &str, options: &mut Options) -> Result<(), HeaderError> {
    for (line, text) in lines(source) {
        settings::read_text(options, text).map_err(|message| HeaderError { line, message })?;
    }
    Ok(())
}

/// The texts after `# raddle:` with their lines.
fn lines(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let numbered = (1..).zip(source.lines());
    numbered
        .skip_while(|(_, text)| text.trim().is_empty())
        .map_while(|(line, text)| Some((line, text.strip_prefix('#')?)))
        .filter_map(|(line, text)| Some((line, text.trim_start().strip_prefix("raddle:")?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Switch;

    #[test]
    fn the_first_block_alone_counts() {
        let source = "\u{feff}\n#!/usr/bin/env python3\n# shows x\n#raddle: switch=sync\n# raddle:seed=7 fifo\nimport a\n# raddle: seed=8\n";
        let mut options = Options::default();
        apply(source, &mut options).unwrap();
        assert_eq!(
            (options.switch, options.seed, options.fifo),
            (Switch::Sync, 7, true)
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let error = apply("# a\n# raddle: sed=7\n", &mut Options::default()).unwrap_err();
        assert_eq!(error.line, 2);
        assert_eq!(
            error.message,
            "there is no option `sed`; did you mean `seed`?"
        );
    }

    #[test]
    fn no_header_is_fine() {
        for source in [
            "",
            "\n\n",
            "x = 1\n# raddle: nonsense\n",
            "# raddle\n# raddler: x\n",
        ] {
            assert_eq!(apply(source, &mut Options::default()), Ok(()));
        }
    }
}
