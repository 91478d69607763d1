//! Case conversion of characters and strings (`Objects/unicodeobject.c`).

use super::tables::{FOLDED, TITLE_CASE};
use super::{is_case_ignorable, is_cased, is_lower, is_printable, is_title, is_upper};

/// Adds a standard-library mapping of `c`, unless it leads to or from a
/// character that Unicode 15.1 does not have yet.
fn push_mapped(out: &mut String, c: char, mapped: impl Iterator<Item = char> + Clone) {
    // Unassigned characters are not printable, and a cased one always is.
    // The combining U+0345 maps to letters and is printable itself.
    if is_printable(c) && mapped.clone().all(is_printable) {
        out.extend(mapped);
    } else {
        out.push(c);
    }
}

fn push_upper(out: &mut String, c: char) {
    if c.is_ascii() {
        out.push(c.to_ascii_uppercase());
    } else {
        push_mapped(out, c, c.to_uppercase());
    }
}

fn push_lower(out: &mut String, c: char) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
    } else {
        push_mapped(out, c, c.to_lowercase());
    }
}

fn find(table: &'static [(u32, &'static str)], c: char) -> Option<&'static str> {
    let code = u32::from(c);
    table
        .binary_search_by_key(&code, |&(from, _)| from)
        .ok()
        .map(|at| table[at].1)
}

fn push_title(out: &mut String, c: char) {
    match find(&TITLE_CASE, c) {
        Some(title) => out.push_str(title),
        None => push_upper(out, c),
    }
}

/// Adds the lower case of the character at byte `at` of `s`: a capital sigma
/// ending a word becomes `ς`.
fn push_lower_at(out: &mut String, s: &str, at: usize, c: char) {
    if c != 'Σ' {
        return push_lower(out, c);
    }
    let mut before = s[..at].chars().rev().skip_while(|&c| is_case_ignorable(c));
    let mut after = s[at + c.len_utf8()..]
        .chars()
        .skip_while(|&c| is_case_ignorable(c));
    let is_final = before.next().is_some_and(is_cased) && !after.next().is_some_and(is_cased);
    out.push(if is_final { 'ς' } else { 'σ' });
}

/// The title case of one character, up to three characters long.
pub fn to_title(c: char) -> String {
    let mut out = String::new();
    push_title(&mut out, c);
    out
}

/// `str.upper`.
pub fn upper(s: &str) -> String {
    if s.is_ascii() {
        return s.to_ascii_uppercase();
    }
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        push_upper(&mut out, c);
    }
    out
}

/// `str.lower`.
pub fn lower(s: &str) -> String {
    if s.is_ascii() {
        return s.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(s.len());
    for (at, c) in s.char_indices() {
        push_lower_at(&mut out, s, at, c);
    }
    out
}

/// `str.capitalize`: the first character in title case, the rest in lower.
pub fn capitalize(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for (at, c) in s.char_indices() {
        if at == 0 {
            push_title(&mut out, c);
        } else {
            push_lower_at(&mut out, s, at, c);
        }
    }
    out
}

/// `str.title`: a letter after a cased one in lower case, any other in title.
pub fn title(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    let mut in_word = false;
    for (at, c) in s.char_indices() {
        if in_word {
            push_lower_at(&mut out, s, at, c);
        } else {
            push_title(&mut out, c);
        }
        in_word = is_cased(c);
    }
    out
}

/// `str.swapcase`. Title case characters stay as they are.
pub fn swapcase(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for (at, c) in s.char_indices() {
        if is_upper(c) {
            push_lower_at(&mut out, s, at, c);
        } else if is_lower(c) {
            push_upper(&mut out, c);
        } else {
            out.push(c);
        }
    }
    out
}

/// `str.casefold`: full case folding.
pub fn casefold(s: &str) -> String {
    if s.is_ascii() {
        return s.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        match find(&FOLDED, c) {
            Some(folded) => out.push_str(folded),
            None => push_lower(&mut out, c),
        }
    }
    out
}

/// `str.isupper`: something is cased, and nothing cased is not upper case.
pub fn is_upper_str(s: &str) -> bool {
    s.chars().any(is_upper) && !s.chars().any(|c| is_lower(c) || is_title(c))
}

/// `str.islower`: something is cased, and nothing cased is not lower case.
pub fn is_lower_str(s: &str) -> bool {
    s.chars().any(is_lower) && !s.chars().any(|c| is_upper(c) || is_title(c))
}

/// `str.istitle`: every word begins in upper or title case and goes on in lower.
pub fn is_title_str(s: &str) -> bool {
    let mut in_word = false;
    let mut any = false;
    for c in s.chars() {
        if is_upper(c) || is_title(c) {
            if in_word {
                return false;
            }
            (in_word, any) = (true, true);
        } else if is_lower(c) {
            if !in_word {
                return false;
            }
            any = true;
        } else {
            in_word = false;
        }
    }
    any
}
