//! The format specification mini-language (`Python/formatter_unicode.c`).
//!
//! [`parse`] checks a specification against the type it is for, so that every
//! error which does not depend on the value comes from there, in CPython's
//! order; the `format_*` functions then render.

mod error;
mod number;
mod render;

pub use error::{ErrorKind, SpecError};
pub use render::{format_complex, format_float, format_int, format_str};

use super::unicode::decimal_value;

/// Where padding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`: between the sign and the digits.
    AfterSign,
}

/// Which numbers get a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `+`: all.
    Plus,
    /// `-`: the negative ones.
    Minus,
    /// A space stands before those that are not negative.
    Space,
}

/// What parts groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// `,`
    Comma,
    /// `_`
    Underscore,
}

impl Grouping {
    pub(super) fn char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Underscore => '_',
        }
    }
}

/// A format specification taken apart:
/// `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// The fill character, if given before the alignment.
    pub fill: Option<char>,
    /// The alignment, if given.
    pub align: Option<Align>,
    /// The sign option, if given.
    pub sign: Option<Sign>,
    /// `z`: a result of negative zero loses its sign.
    pub z: bool,
    /// `#`: the alternate form.
    pub alternate: bool,
    /// `0` before the width: fill with zeros, after the sign if it is a number.
    pub zero: bool,
    /// The least width, in code points.
    pub width: Option<usize>,
    /// The separator of thousands, if given.
    pub grouping: Option<Grouping>,
    /// The precision, if given.
    pub precision: Option<usize>,
    /// The presentation type, if given.
    pub kind: Option<char>,
}

/// The kind of value a specification is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `str.__format__`
    Str,
    /// `int.__format__`
    Int,
    /// `float.__format__`
    Float,
    /// `complex.__format__`
    Complex,
}

/// What a specification is for: the kind, and the name of the value's type as
/// error messages say it, which a subclass changes.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Whose `__format__` it is.
    pub kind: Kind,
    /// The name of the value's own type.
    pub type_name: &'a str,
}

impl Target<'static> {
    /// A `str` itself.
    pub const STR: Self = Self {
        kind: Kind::Str,
        type_name: "str",
    };
    /// An `int` itself.
    pub const INT: Self = Self {
        kind: Kind::Int,
        type_name: "int",
    };
    /// A `float` itself.
    pub const FLOAT: Self = Self {
        kind: Kind::Float,
        type_name: "float",
    };
    /// A `complex` itself.
    pub const COMPLEX: Self = Self {
        kind: Kind::Complex,
        type_name: "complex",
    };
}

impl Kind {
    /// The presentation type meant when none is given; CPython's `'\0'` for
    /// those that have a way of their own.
    fn default_kind(self) -> char {
        match self {
            Self::Str => 's',
            Self::Int => 'd',
            Self::Float | Self::Complex => '\0',
        }
    }

    fn knows(self, kind: char) -> bool {
        match self {
            Self::Str => kind == 's',
            Self::Int => matches!(
                kind,
                'b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%'
            ),
            Self::Float => matches!(kind, '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%'),
            Self::Complex => matches!(kind, '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n'),
        }
    }
}

impl Spec {
    /// The fill in effect.
    pub(super) fn fill_char(&self) -> char {
        self.fill.unwrap_or(if self.zero { '0' } else { ' ' })
    }

    /// The alignment in effect for a number.
    pub(super) fn number_align(&self) -> Align {
        self.align.unwrap_or(if self.zero {
            Align::AfterSign
        } else {
            Align::Right
        })
    }
}

/// A place in the text being read.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn skip(&mut self, c: char) {
        self.rest = &self.rest[c.len_utf8()..];
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.rest.starts_with(c);
        if found {
            self.skip(c);
        }
        found
    }

    /// Reads decimal digits of any script, if there are some.
    fn integer(&mut self) -> Result<Option<usize>, SpecError> {
        let mut value = None;
        while let Some(c) = self.peek()
            && let Some(digit) = decimal_value(c)
        {
            let next = value
                .unwrap_or(0usize)
                .checked_mul(10)
                .and_then(|n| n.checked_add(digit as usize))
                .filter(|&n| n <= isize::MAX as usize)
                .ok_or_else(SpecError::too_many_digits)?;
            value = Some(next);
            self.skip(c);
        }
        Ok(value)
    }
}

fn align_of(c: char) -> Option<Align> {
    Some(match c {
        '<' => Align::Left,
        '>' => Align::Right,
        '^' => Align::Center,
        '=' => Align::AfterSign,
        _ => return None,
    })
}

/// Reads a format specification for a value of `target`.
///
/// # Errors
///
/// CPython's `ValueError` for a specification that is malformed, or that asks
/// for something values of `target` do not have.
pub fn parse(text: &str, target: Target<'_>) -> Result<Spec, SpecError> {
    let mut spec = Spec::default();
    if text.is_empty() {
        return Ok(spec);
    }
    let mut reader = Reader { rest: text };
    let mut chars = text.chars();
    let (first, second) = (chars.next(), chars.next());
    if let (Some(fill), Some(align)) = (first, second.and_then(align_of)) {
        (spec.fill, spec.align) = (Some(fill), Some(align));
        reader.rest = chars.as_str();
    } else if let Some(c) = first
        && let Some(align) = align_of(c)
    {
        spec.align = Some(align);
        reader.skip(c);
    }
    spec.sign = match reader.peek() {
        Some('+') => Some(Sign::Plus),
        Some('-') => Some(Sign::Minus),
        Some(' ') => Some(Sign::Space),
        _ => None,
    };
    if spec.sign.is_some() {
        reader.rest = &reader.rest[1..];
    }
    spec.z = reader.take('z');
    spec.alternate = reader.take('#');
    spec.zero = spec.fill.is_none() && reader.take('0');
    spec.width = reader.integer()?;
    spec.grouping = grouping(&mut reader)?;
    if reader.take('.') {
        spec.precision = Some(reader.integer()?.ok_or_else(SpecError::missing_precision)?);
    }
    let mut rest = reader.rest.chars();
    spec.kind = rest.next();
    if rest.next().is_some() {
        return Err(SpecError::invalid(text, target.type_name));
    }
    check(&spec, target)?;
    Ok(spec)
}

fn grouping(reader: &mut Reader<'_>) -> Result<Option<Grouping>, SpecError> {
    let comma = reader.take(',');
    let underscore = reader.take('_');
    if underscore && (comma || reader.peek() == Some(',')) {
        return Err(SpecError::both_groupings());
    }
    Ok(if comma {
        Some(Grouping::Comma)
    } else {
        underscore.then_some(Grouping::Underscore)
    })
}

/// Checks the parts of `spec` against each other and against `target`.
fn check(spec: &Spec, target: Target<'_>) -> Result<(), SpecError> {
    let kind = spec.kind.unwrap_or(target.kind.default_kind());
    if let Some(grouping) = spec.grouping {
        let allowed = match kind {
            'd' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0' => true,
            'b' | 'o' | 'x' | 'X' => grouping == Grouping::Underscore,
            _ => false,
        };
        if !allowed {
            return Err(SpecError::grouping_with(grouping.char(), kind));
        }
    }
    if !target.kind.knows(kind) {
        return Err(SpecError::unknown_kind(kind, target.type_name));
    }
    let problem = match target.kind {
        Kind::Str => check_str(spec),
        Kind::Int if matches!(kind, 'b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n') => {
            check_int(spec, kind)
        }
        Kind::Int | Kind::Float => check_precision(spec),
        Kind::Complex => check_precision(spec).or(if spec.fill_char() == '0' {
            Some("Zero padding is not allowed in complex format specifier")
        } else if spec.align == Some(Align::AfterSign) {
            Some("'=' alignment flag is not allowed in complex format specifier")
        } else {
            None
        }),
    };
    problem.map_or(Ok(()), |message| Err(SpecError::value(message)))
}

fn check_precision(spec: &Spec) -> Option<&'static str> {
    let too_big = spec.precision.is_some_and(|p| i32::try_from(p).is_err());
    too_big.then_some("precision too big")
}

fn check_str(spec: &Spec) -> Option<&'static str> {
    if spec.sign == Some(Sign::Space) {
        Some("Space not allowed in string format specifier")
    } else if spec.sign.is_some() {
        Some("Sign not allowed in string format specifier")
    } else if spec.z {
        Some("Negative zero coercion (z) not allowed in string format specifier")
    } else if spec.alternate {
        Some("Alternate form (#) not allowed in string format specifier")
    } else if spec.align == Some(Align::AfterSign) {
        Some("'=' alignment not allowed in string format specifier")
    } else {
        None
    }
}

fn check_int(spec: &Spec, kind: char) -> Option<&'static str> {
    if spec.precision.is_some() {
        Some("Precision not allowed in integer format specifier")
    } else if spec.z {
        Some("Negative zero coercion (z) not allowed in integer format specifier")
    } else if kind != 'c' {
        None
    } else if spec.sign.is_some() {
        Some("Sign not allowed with integer format specifier 'c'")
    } else if spec.alternate {
        Some("Alternate form (#) not allowed with integer format specifier 'c'")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
