//! Interned identifiers.

use rustc_hash::FxHashMap;
use std::sync::Arc;

/// An identifier, mangled where Python mangles it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Sym(u32);

/// All identifiers of a compilation, so that equal ones share one text and compare as integers.
#[derive(Debug, Default)]
pub struct Names {
    ids: FxHashMap<Arc<str>, Sym>,
    texts: Vec<Arc<str>>,
}

impl Names {
    /// The identifier with this text.
    pub fn sym(&mut self, text: &str) -> Sym {
        if let Some(&sym) = self.ids.get(text) {
            return sym;
        }
        let sym = Sym(self.texts.len() as u32);
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.ids.insert(text, sym);
        sym
    }

    /// The identifier's text.
    pub fn text(&self, sym: Sym) -> &Arc<str> {
        &self.texts[sym.0 as usize]
    }

    /// The identifier as it is known inside a class: `__x` in class `_C` is `_C__x`.
    pub fn mangled(&mut self, text: &str, class: Option<&str>) -> Sym {
        match class {
            Some(class)
                if text.starts_with("__") && !text.ends_with("__") && !text.contains('.') =>
            {
                match class.trim_start_matches('_') {
                    "" => self.sym(text),
                    class => self.sym(&format!("_{class}{text}")),
                }
            }
            _ => self.sym(text),
        }
    }
}
