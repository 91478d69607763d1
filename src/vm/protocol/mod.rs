//! Protocols of the builtin types: what operators and builtin functions do with values that need no user code.
//!
//! Each is an entry of `Machine` that either answers or says that code written in Python has a
//! say in it. Then the caller looks the special method up on the class. Builtin classes have natives for all they define
//! (`types/`), which call the twin in the prelude (`vm/py/prelude_text.py`) where items of a container need user code.
//!
//! | file | answers |
//! | --- | --- |
//! | `hash` | `hash(v)` |
//! | `eq`, `order` | `a == b`, `a < b` |
//! | `truth` | `bool(v)` |
//! | `arith`, with `int`, `float`, `sequence`, `sets` | operators |
//! | `text`, `text_objects`, `text_exceptions`, `format` | `repr(v)`, `str(v)`, `format(v, spec)` |
//! | `iter`, `item`, `contains` | `for`, `o[i]`, `item in o` and their like |
//! | `keyed`, `namespace` | dicts and sets by value; `__dict__` |
//! | `index`, `sort` | indices and slice bounds; sorting |
//! | `number` | what the others need of numbers |
//! | `slots`, `operators` | the natives of special methods that builtin types share |

pub mod arith;
pub mod contains;
pub mod elementary;
pub mod eq;
mod float;
pub mod format;
pub mod hash;
mod huge_range;
pub mod index;
mod int;
pub mod item;
pub mod iter;
pub mod keyed;
mod namespace;
pub mod number;
pub mod operators;
pub mod order;
mod percent;
pub mod prelude;
mod sequence;
mod sets;
pub mod slots;
pub mod sort;
pub mod text;
mod text_exceptions;
mod text_objects;
pub mod truth;

use super::machine::Machine;
use crate::id::NameId;
use crate::value::Value;
use crate::value::object::{Class, ClassFlags, Obj};

/// Containers nested deeper than this are left to the prelude, whose frames count towards Python's recursion limit.
const MAX_DEPTH: u32 = 100;

impl Machine {
    /// The class that says what an instance of a user's class, or a class with a metaclass, does; `None` for values whose
    /// class is certainly builtin.
    pub(crate) fn user_class(&self, value: Value) -> Option<&Class> {
        let Value::Obj(id) = value else { return None };
        let class = match self.heap.get(id) {
            Obj::Instance(instance) => instance.class,
            Obj::Class(class) => class.meta,
            _ => return None,
        };
        match self.heap.get(class) {
            Obj::Class(class) => Some(class),
            _ => None,
        }
    }

    /// Which special methods of the value's class are written in Python.
    pub(crate) fn flags(&self, value: Value) -> ClassFlags {
        self.user_class(value)
            .map_or_else(ClassFlags::default, |c| c.flags)
    }

    /// Whether the value's class has a special method that is not raddle's own.
    pub(crate) fn overrides(&self, value: Value, name: NameId) -> bool {
        let Some(class) = self.user_class(value) else {
            return false;
        };
        for &base in &class.mro {
            if let Obj::Class(base) = self.heap.get(base)
                && let Some(&found) = base.dict.get(&name)
            {
                return !matches!(found, Value::Obj(id) if matches!(self.heap.get(id), Obj::Native(_)));
            }
        }
        false
    }
}
