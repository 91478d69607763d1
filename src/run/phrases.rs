//! The texts of a trace under way, with shortcuts to those that steps need most.

use crate::id::{NameId, ObjId, ThreadId};
use crate::trace::texts::{Text, Texts};
use crate::vm::machine::Machine;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Texts, and where the frequent ones are.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    pub(super) texts: Texts,
    /// Words of raddle's own, found by where they lie: a second copy of a word costs a look-up, no more.
    words: Vec<(&'static str, Text)>,
    attributes: FxHashMap<NameId, Text>,
    items: FxHashMap<u32, Text>,
    woken: FxHashMap<Woken, Text>,
}

/// Threads with the text objects that their names are.
type Woken = SmallVec<[(ThreadId, Option<(ObjId, u32)>); 4]>;

impl Phrases {
    /// A word of raddle's own.
    #[inline]
    pub(super) fn word(&mut self, word: &'static str) -> Text {
        match self
            .words
            .iter()
            .find(|(known, _)| std::ptr::eq(*known, word))
        {
            Some((_, text)) => *text,
            None => self.new_word(word),
        }
    }

    #[cold]
    fn new_word(&mut self, word: &'static str) -> Text {
        let text = self.texts.intern(word);
        self.words.push((word, text));
        text
    }

    /// A text that was printed. Only short ones are likely to come again.
    pub(super) fn printed(&mut self, text: &str) -> Text {
        const SHORT: usize = 16;
        match text.len() {
            0..=SHORT => self.texts.intern(text),
            _ => self.texts.push(text),
        }
    }

    /// `.balance`.
    pub(super) fn attribute(&mut self, machine: &Machine, name: NameId) -> Text {
        let texts = &mut self.texts;
        let new = || texts.intern(&format!(".{}", machine.names.text(name)));
        *self.attributes.entry(name).or_insert_with(new)
    }

    /// Which threads were woken, in words.
    pub(super) fn woken(&mut self, woken: Woken, words: impl Fn() -> String) -> Text {
        let texts = &mut self.texts;
        let new = || texts.intern(&words());
        *self.woken.entry(woken).or_insert_with(new)
    }

    /// `[2]`.
    pub(super) fn item(&mut self, index: u32) -> Text {
        let texts = &mut self.texts;
        let new = || texts.intern(&format!("[{index}]"));
        *self.items.entry(index).or_insert_with(new)
    }
}
