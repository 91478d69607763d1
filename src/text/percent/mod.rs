//! printf-style templates (`PyUnicode_Format` in `Objects/unicodeobject.c`).
//!
//! As with [`template`](super::template), CPython meets an error only when it
//! gets there, having used up the arguments before it; so [`parse`] always
//! succeeds and an error is the last piece.

mod render;

pub use render::{Arg, needs_integer, needs_number, render};

use std::borrow::Cow;

/// The class of exception a [`PercentError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `TypeError`
    Type,
    /// `ValueError`
    Value,
    /// `OverflowError`
    Overflow,
    /// `MemoryError`: the text asked for would be gigabytes long.
    Memory,
}

/// A refusal to format, in CPython's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PercentError {
    /// The class of exception.
    pub kind: ErrorKind,
    /// Its message.
    pub message: Cow<'static, str>,
}

impl std::fmt::Display for PercentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PercentError {}

impl PercentError {
    const fn fixed(kind: ErrorKind, message: &'static str) -> Self {
        Self {
            kind,
            message: Cow::Borrowed(message),
        }
    }

    fn new(kind: ErrorKind, message: String) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// The arguments ran out.
    pub const NOT_ENOUGH_ARGUMENTS: Self =
        Self::fixed(ErrorKind::Type, "not enough arguments for format string");
    /// Arguments are left over, and they are not a mapping.
    pub const NOT_ALL_CONVERTED: Self = Self::fixed(
        ErrorKind::Type,
        "not all arguments converted during string formatting",
    );
    /// A conversion has a key, but the arguments are not a mapping.
    pub const NEEDS_MAPPING: Self = Self::fixed(ErrorKind::Type, "format requires a mapping");
    /// A `*` met something other than an integer.
    pub const STAR_WANTS_INT: Self = Self::fixed(ErrorKind::Type, "* wants int");
    /// A `*` for the width met an integer out of range.
    pub const WIDTH_TOO_LARGE: Self = Self::fixed(
        ErrorKind::Overflow,
        "Python int too large to convert to C ssize_t",
    );
    /// A `*` for the precision met an integer out of range.
    pub const PRECISION_TOO_LARGE: Self = Self::fixed(
        ErrorKind::Overflow,
        "Python int too large to convert to C int",
    );
    /// `%c` met neither an integer nor a string of one character.
    pub const CHAR_WANTED: Self = Self::fixed(ErrorKind::Type, "%c requires int or char");
    /// `%c` met an integer that is no code point.
    pub const CHAR_RANGE: Self = Self::fixed(ErrorKind::Overflow, "%c arg not in range(0x110000)");
}

/// The flags of a conversion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `-`: padding goes to the right.
    pub left: bool,
    /// `+`: a sign on all numbers.
    pub plus: bool,
    /// A space before numbers that are not negative.
    pub space: bool,
    /// `#`: the alternate form.
    pub alternate: bool,
    /// `0`: numbers are padded with zeros.
    pub zero: bool,
}

/// A width or a precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Amount {
    /// Not given.
    #[default]
    None,
    /// Given in the template.
    Fixed(usize),
    /// `*`: the next argument.
    Star,
}

/// A conversion: `%[(key)][flags][width][.precision][hlL]kind`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conv {
    /// The key in parentheses.
    pub key: Option<String>,
    /// The flags.
    pub flags: Flags,
    /// The least width.
    pub width: Amount,
    /// The precision.
    pub precision: Amount,
    /// The conversion type, which need not be one there is: see
    /// [`unsupported`].
    pub kind: char,
    /// The index of `kind` in the template, in code points.
    pub index: usize,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text as it stands, `%%` already made single.
    Literal(String),
    /// A conversion.
    Conv(Conv),
    /// The template is wrong from here on. Always the last piece.
    Bad {
        /// What was read of the conversion: its key is to be fetched, and an
        /// integer for each `*`, before the error is raised.
        conv: Conv,
        /// The key itself is what is wrong, which a mapping is needed for.
        in_key: bool,
        /// The error to raise then.
        error: PercentError,
    },
}

/// The error for a conversion type there is not, raised once its argument has
/// been taken.
pub fn unsupported(conv: &Conv) -> PercentError {
    let shown = match conv.kind {
        '\x1f'..='~' => conv.kind,
        _ => '?',
    };
    PercentError::new(
        ErrorKind::Value,
        format!(
            "unsupported format character '{shown}' (0x{:x}) at index {}",
            u32::from(conv.kind),
            conv.index
        ),
    )
}

/// Takes a template apart.
pub fn parse(template: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut reader = Reader {
        rest: template,
        index: 0,
    };
    loop {
        let end = reader.rest.find('%').unwrap_or(reader.rest.len());
        push_literal(&mut out, &reader.rest[..end]);
        reader.index += reader.rest[..end].chars().count();
        reader.rest = &reader.rest[end..];
        if reader.next().is_none() {
            return out;
        }
        // Only a percent sign right after the first one stands for itself.
        if reader.rest.starts_with('%') {
            reader.next();
            push_literal(&mut out, "%");
            continue;
        }
        let mut conv = Conv::default();
        match reader.conversion(&mut conv) {
            Ok(()) => out.push(Piece::Conv(conv)),
            Err((in_key, message)) => {
                out.push(Piece::Bad {
                    conv,
                    in_key,
                    error: PercentError::fixed(ErrorKind::Value, message),
                });
                return out;
            }
        }
    }
}

fn push_literal(out: &mut Vec<Piece>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Piece::Literal(literal)) = out.last_mut() {
        literal.push_str(text);
    } else {
        out.push(Piece::Literal(text.to_owned()));
    }
}

/// What is wrong with a conversion, and whether it is the key.
type Fault = (bool, &'static str);

const INCOMPLETE: Fault = (false, "incomplete format");

struct Reader<'a> {
    rest: &'a str,
    /// How many code points come before `rest`.
    index: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        self.index += 1;
        Some(c)
    }

    fn next_or_incomplete(&mut self) -> Result<char, Fault> {
        self.next().ok_or(INCOMPLETE)
    }

    /// Reads what follows a `%` (`unicode_format_arg_parse`).
    fn conversion(&mut self, conv: &mut Conv) -> Result<(), Fault> {
        let mut c = self.next_or_incomplete()?;
        if c == '(' {
            conv.key = Some(self.key()?);
            c = self.next_or_incomplete()?;
        }
        loop {
            match c {
                '-' => conv.flags.left = true,
                '+' => conv.flags.plus = true,
                ' ' => conv.flags.space = true,
                '#' => conv.flags.alternate = true,
                '0' => conv.flags.zero = true,
                _ => break,
            }
            c = self.next_or_incomplete()?;
        }
        if c == '*' {
            conv.width = Amount::Star;
            c = self.next_or_incomplete()?;
        } else if c.is_ascii_digit() {
            let limit = isize::MAX as usize;
            let (width, after) = self.number(c, limit, (false, "width too big"))?;
            conv.width = Amount::Fixed(width);
            c = after;
        }
        if c == '.' {
            // A point alone means a precision of zero.
            conv.precision = Amount::Fixed(0);
            c = self.next_or_incomplete()?;
            if c == '*' {
                conv.precision = Amount::Star;
                c = self.next_or_incomplete()?;
            } else if c.is_ascii_digit() {
                let limit = i32::MAX as usize;
                let (precision, after) = self.number(c, limit, (false, "precision too big"))?;
                conv.precision = Amount::Fixed(precision);
                c = after;
            }
        }
        if matches!(c, 'h' | 'l' | 'L') {
            // C's length modifiers are let through, one at most.
            c = self.next_or_incomplete()?;
        }
        conv.kind = c;
        conv.index = self.index - 1;
        Ok(())
    }

    /// Reads a key up to the parenthesis that closes it.
    fn key(&mut self) -> Result<String, Fault> {
        let text = self.rest;
        let mut open = 1;
        for (at, c) in text.char_indices() {
            self.index += 1;
            match c {
                '(' => open += 1,
                ')' => open -= 1,
                _ => {}
            }
            if open == 0 {
                self.rest = &text[at + 1..];
                return Ok(text[..at].to_owned());
            }
        }
        Err((true, "incomplete format key"))
    }

    /// Reads a number beginning with the digit `c`, and the character after.
    fn number(&mut self, mut c: char, limit: usize, fault: Fault) -> Result<(usize, char), Fault> {
        let mut value = 0usize;
        while let Some(digit) = c.to_digit(10) {
            let digit = digit as usize;
            if value > (limit - digit) / 10 {
                return Err(fault);
            }
            value = value * 10 + digit;
            c = self.next_or_incomplete()?;
        }
        Ok((value, c))
    }
}

#[cfg(test)]
mod tests;
