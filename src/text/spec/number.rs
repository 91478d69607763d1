//! The layout of a number: sign, prefix, groups of digits, padding
//! (`calc_number_widths` and `fill_number`).

use super::{Align, Grouping, Sign, Spec};

/// The parts of a number, ready to be laid out.
pub(super) struct Number<'a> {
    /// The minus sign is written.
    pub negative: bool,
    /// `0x` and the like.
    pub prefix: &'a str,
    /// The digits before the point, which may be grouped.
    pub digits: &'a str,
    /// All that follows them.
    pub rest: &'a str,
    /// Digits in a group.
    pub group: usize,
}

impl Number<'_> {
    pub(super) fn sign(&self, spec: &Spec) -> &'static str {
        match spec.sign {
            _ if self.negative => "-",
            Some(Sign::Plus) => "+",
            Some(Sign::Space) => " ",
            _ => "",
        }
    }

    /// Writes the number without any padding.
    pub(super) fn bare(&self, spec: &Spec) -> String {
        let digits = grouped(self.digits, spec.grouping, self.group, 0);
        [self.sign(spec), self.prefix, &digits, self.rest].concat()
    }

    /// Writes the number as wide as `spec` asks.
    pub(super) fn lay_out(&self, spec: &Spec) -> String {
        let sign = self.sign(spec);
        let (fill, align) = (spec.fill_char(), spec.number_align());
        let width = spec.width.unwrap_or(0);
        let others = sign.len() + self.prefix.len() + self.rest.chars().count();
        // Padding with zeros before the digits is a part of the grouping.
        let least = if fill == '0' && align == Align::AfterSign {
            width.saturating_sub(others)
        } else {
            0
        };
        let digits = grouped(self.digits, spec.grouping, self.group, least);
        let padding = width.saturating_sub(others + digits.len());
        let (left, middle, right) = match align {
            Align::Left => (0, 0, padding),
            Align::Right => (padding, 0, 0),
            Align::Center => (padding / 2, 0, padding - padding / 2),
            Align::AfterSign => (0, padding, 0),
        };
        let mut out = String::with_capacity(others + digits.len() + padding * fill.len_utf8());
        out.extend(std::iter::repeat_n(fill, left));
        out.push_str(sign);
        out.push_str(self.prefix);
        out.extend(std::iter::repeat_n(fill, middle));
        out.push_str(&digits);
        out.push_str(self.rest);
        out.extend(std::iter::repeat_n(fill, right));
        out
    }
}

/// Parts `digits` into groups, with zeros in front to make the whole at least
/// `least` long; it may come out one longer rather than begin with a separator.
fn grouped(digits: &str, grouping: Option<Grouping>, group: usize, least: usize) -> String {
    let Some(grouping) = grouping.filter(|_| !digits.is_empty()) else {
        return digits.to_owned();
    };
    let mut backwards = Vec::with_capacity(digits.len().max(least) * 4 / 3 + 2);
    let mut source = digits.bytes().rev();
    let mut count = 0;
    loop {
        let digit = source.next();
        if digit.is_none() && backwards.len() >= least {
            break;
        }
        if count > 0 && count % group == 0 {
            backwards.push(grouping.char());
        }
        backwards.push(char::from(digit.unwrap_or(b'0')));
        count += 1;
    }
    backwards.iter().rev().collect()
}
