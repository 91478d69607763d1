//! The texts of a trace, each stored once: a run of a million steps has few different ones.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// A text of a trace: its number in the trace's [`Texts`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Text(u32);

impl Text {
    /// The empty text, which every table has.
    pub const EMPTY: Text = Text(0);

    /// Its number: of two texts that were interned, equal ones have equal numbers.
    pub(crate) fn number(self) -> u32 {
        self.0
    }
}

/// A table of texts.
#[derive(Clone, Debug)]
pub struct Texts {
    /// All texts, one behind the other.
    whole: String,
    /// Where each ends.
    ends: Vec<usize>,
    /// The numbers of those that were interned, by hash.
    known: HashTable<u32>,
}

impl Default for Texts {
    fn default() -> Self {
        let mut texts = Texts {
            whole: String::new(),
            ends: Vec::new(),
            known: HashTable::new(),
        };
        texts.intern("");
        texts
    }
}

impl Texts {
    /// The number of a text, which is stored if it is new.
    pub fn intern(&mut self, text: &str) -> Text {
        let hash = hash(text);
        let found = self.known.find(hash, |&n| self.at(n) == text);
        if let Some(&number) = found {
            return Text(number);
        }
        let Text(number) = self.push(text);
        let Texts { whole, ends, known } = self;
        known.insert_unique(hash, number, |&n| {
            self::hash(slice(whole, ends, n as usize))
        });
        Text(number)
    }

    /// Stores a text without a look at whether it is there already: for long ones that hardly ever come twice.
    ///
    /// # Panics
    ///
    /// Beyond four billion texts.
    pub fn push(&mut self, text: &str) -> Text {
        let number = u32::try_from(self.ends.len()).expect("four billion texts");
        self.whole.push_str(text);
        self.ends.push(self.whole.len());
        Text(number)
    }

    /// The text itself.
    ///
    /// # Panics
    ///
    /// When the number is of another table that has more.
    pub fn get(&self, text: Text) -> &str {
        self.at(text.0)
    }

    /// A table with no text at all, for tails to be added to.
    pub(crate) fn none() -> Texts {
        Texts {
            whole: String::new(),
            ends: Vec::new(),
            known: HashTable::new(),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The texts from this number on.
    pub(crate) fn tail(&self, from: usize) -> Texts {
        let start = from.checked_sub(1).map_or(0, |before| self.ends[before]);
        Texts {
            whole: self.whole[start..].to_owned(),
            ends: self.ends[from..].iter().map(|end| end - start).collect(),
            known: HashTable::new(),
        }
    }

    /// Adds a tail: the texts then have the numbers that they had in the table it is of. They can be read, and not be found.
    pub(crate) fn append(&mut self, tail: &Texts) {
        let start = self.whole.len();
        self.whole.push_str(&tail.whole);
        self.ends.extend(tail.ends.iter().map(|end| start + end));
    }

    fn at(&self, number: u32) -> &str {
        slice(&self.whole, &self.ends, number as usize)
    }
}

fn slice<'a>(whole: &'a str, ends: &[usize], number: usize) -> &'a str {
    let start = number.checked_sub(1).map_or(0, |before| ends[before]);
    &whole[start..ends[number]]
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_number() {
        let mut texts = Texts::default();
        let numbers: Vec<Text> = (0..1000)
            .map(|n| texts.intern(&format!("text {}", n % 100)))
            .collect();
        assert_eq!(numbers[..100], numbers[900..]);
        for (n, text) in numbers.iter().enumerate() {
            assert_eq!(texts.get(*text), format!("text {}", n % 100));
        }
    }

    #[test]
    fn pushed_texts_do_not_disturb_interned_ones() {
        let mut texts = Texts::default();
        let empty = texts.intern("");
        assert_eq!(empty, Text::EMPTY);
        let pushed = texts.push("a");
        let interned = texts.intern("a");
        assert_ne!(pushed, interned);
        assert_eq!(texts.intern("a"), interned);
        assert_eq!(
            [empty, pushed, interned].map(|t| texts.get(t)),
            ["", "a", "a"]
        );
    }
}
