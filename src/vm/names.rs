//! Interned identifiers, with constants for those the machine itself asks for.

use crate::id::NameId;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

macro_rules! names {
    ($($constant:ident $text:literal,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "only numbers the constants below")]
        #[repr(u32)]
        enum Number { $($constant,)* }
        $(
            #[doc = concat!("`", $text, "`")]
            pub const $constant: NameId = NameId(Number::$constant as u32);
        )*
        const WELL_KNOWN: &[&str] = &[$($text,)*];
    };
}

names! {
    PACKAGE "__package__", DIR "__dir__",
    INIT "__init__", NEW "__new__", CALL "__call__", NAME "__name__", QUALNAME "__qualname__", MODULE "__module__", DOC "__doc__",
    DICT "__dict__", CLASS "__class__", BASES "__bases__", MRO "__mro__", ANNOTATIONS "__annotations__", SLOTS "__slots__",
    DEFAULTS "__defaults__", KWDEFAULTS "__kwdefaults__", CODE "__code__", FUNC "__func__", SELF "__self__", WRAPPED "__wrapped__",
    GETATTRIBUTE "__getattribute__", GETATTR "__getattr__", SETATTR "__setattr__", DELATTR "__delattr__",
    GET "__get__", SET "__set__", DELETE "__delete__", SET_NAME "__set_name__", INIT_SUBCLASS "__init_subclass__",
    REPR "__repr__", STR "__str__", FORMAT "__format__", BOOL "__bool__", LEN "__len__", HASH "__hash__", INDEX "__index__",
    INT "__int__", FLOAT "__float__", ITER "__iter__", NEXT "__next__", REVERSED "__reversed__", CONTAINS "__contains__",
    GETITEM "__getitem__", SETITEM "__setitem__", DELITEM "__delitem__", MISSING "__missing__", ENTER "__enter__", EXIT "__exit__",
    EQ "__eq__", NE "__ne__", LT "__lt__", LE "__le__", GT "__gt__", GE "__ge__",
    ADD "__add__", SUB "__sub__", MUL "__mul__", TRUEDIV "__truediv__", FLOORDIV "__floordiv__", MOD "__mod__", POW "__pow__",
    LSHIFT "__lshift__", RSHIFT "__rshift__", AND "__and__", OR "__or__", XOR "__xor__", MATMUL "__matmul__",
    RADD "__radd__", RSUB "__rsub__", RMUL "__rmul__", RTRUEDIV "__rtruediv__", RFLOORDIV "__rfloordiv__", RMOD "__rmod__",
    RPOW "__rpow__", RLSHIFT "__rlshift__", RRSHIFT "__rrshift__", RAND "__rand__", ROR "__ror__", RXOR "__rxor__",
    RMATMUL "__rmatmul__",
    IADD "__iadd__", ISUB "__isub__", IMUL "__imul__", ITRUEDIV "__itruediv__", IFLOORDIV "__ifloordiv__", IMOD "__imod__",
    IPOW "__ipow__", ILSHIFT "__ilshift__", IRSHIFT "__irshift__", IAND "__iand__", IOR "__ior__", IXOR "__ixor__",
    IMATMUL "__imatmul__",
    NEG "__neg__", POS "__pos__", INVERT "__invert__", ABS "__abs__", ROUND "__round__",
    CAUSE "__cause__", CONTEXT "__context__", SUPPRESS "__suppress_context__", TRACEBACK "__traceback__", NOTES "__notes__",
    ARGS "args", VALUE "value", ALL "__all__", FILE "__file__", PATH "__path__", SEND "send", THROW "throw", CLOSE "close",
    MATCH_ARGS "__match_args__", CLASS_GETITEM "__class_getitem__", PREPARE "__prepare__", DEL "__del__", KEYS "keys",
    METACLASS "metaclass", MAIN "__main__", WEAKREF "__weakref__", SUBCLASSES "__subclasses__", MRO_METHOD "mro",
    NAME_ATTR "name", OBJ_ATTR "obj", BASE "__base__", TYPE_PARAMS "__type_params__", CLOSURE "__closure__",
    THREAD_NAME "_name", THREAD_NUMBER "_number", TARGET "_target", THREAD_ARGS "_args", THREAD_KWARGS "_kwargs", RUN "run",
    GLOBALS "__globals__", BUILTINS "__builtins__",
    INSTANCECHECK "__instancecheck__", SUBCLASSCHECK "__subclasscheck__", CLASSCELL "__classcell__", ISABSTRACT "__isabstractmethod__",
}

/// The table of identifiers. Grows only; nothing observable depends on the numbers.
#[derive(Clone, Debug)]
pub struct Names {
    texts: Vec<Box<str>>,
    /// By hash of the text.
    ids: HashTable<NameId>,
}

/// Room for so many to begin with: a program that imports little has about as many, most of them the prelude's.
const USUAL: usize = 3500;

impl Default for Names {
    fn default() -> Self {
        let mut names = Names {
            texts: Vec::with_capacity(USUAL),
            ids: HashTable::with_capacity(USUAL),
        };
        for text in WELL_KNOWN {
            names.intern(text);
        }
        names
    }
}

impl Names {
    /// The id of an identifier, making one if it is new.
    pub fn intern(&mut self, text: &str) -> NameId {
        let texts = &self.texts;
        let same = |id: &NameId| &*texts[id.index()] == text;
        let hash = |id: &NameId| FxBuildHasher.hash_one(&*texts[id.index()]);
        match self.ids.entry(FxBuildHasher.hash_one(text), same, hash) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                let id = NameId(texts.len() as u32);
                place.insert(id);
                self.texts.push(text.into());
                id
            }
        }
    }

    /// The id of an identifier that was interned before.
    pub fn find(&self, text: &str) -> Option<NameId> {
        let same = |id: &NameId| self.text(*id) == text;
        self.ids.find(FxBuildHasher.hash_one(text), same).copied()
    }

    /// The identifier's text.
    pub fn text(&self, id: NameId) -> &str {
        &self.texts[id.index()]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Never: the well-known ones are there from the start.
    pub fn is_empty(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_name_their_texts() {
        let names = Names::default();
        assert_eq!(
            (names.text(INIT), names.text(ISABSTRACT)),
            ("__init__", "__isabstractmethod__")
        );
        assert_eq!(names.len(), WELL_KNOWN.len(), "no constant twice");
    }
}
