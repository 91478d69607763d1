//! Attributes of functions.

use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::attr::Attr;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::types::Ty;

impl Machine {
    pub(super) fn function_get(
        &mut self,
        object: Value,
        id: ObjId,
        name: NameId,
    ) -> Result<Attr, Raise> {
        let Obj::Function(f) = self.heap.get(id) else {
            return Ok(Attr::Missing);
        };
        Ok(Attr::Value(match name {
            names::NAME => f.name,
            names::QUALNAME => f.qualname,
            names::MODULE => f.module,
            names::DOC => f.doc,
            names::DEFAULTS => f.defaults,
            names::KWDEFAULTS => f.kwdefaults,
            names::CODE => self.image.linked[f.code.index()].object,
            names::CLOSURE if f.cells.is_empty() => Value::None,
            names::CLOSURE => {
                let cells = f.cells.clone();
                self.tuple(cells)
            }
            names::GLOBALS => {
                let module = self.image.program.code(f.code).module;
                self.image.namespaces[module.index()]
            }
            names::BUILTINS => self.image.namespaces[0],
            names::TYPE_PARAMS => {
                let attrs = f.attrs.obj();
                let text = self.name_value(name);
                match attrs.and_then(|dict| self.dict_lookup_str(dict, text)) {
                    Some(params) => params,
                    None => self.tuple([]),
                }
            }
            names::ANNOTATIONS => {
                if f.annotations.is_none() {
                    let dict = self.dict(Default::default());
                    if let Obj::Function(f) = self.heap.get_mut(id) {
                        f.annotations = dict;
                    }
                    self.heap.publish_into(id, dict);
                    dict
                } else {
                    f.annotations
                }
            }
            names::DICT => {
                let attrs = self.function_dict(id);
                Value::Obj(attrs)
            }
            _ => {
                let attrs = f.attrs;
                let text = self.name_value(name);
                match attrs.obj().and_then(|d| self.dict_lookup_str(d, text)) {
                    Some(value) => value,
                    None => return self.builtin_attr(object, name),
                }
            }
        }))
    }

    /// The dict of a function's own attributes, made when first needed.
    pub(crate) fn function_dict(&mut self, id: ObjId) -> ObjId {
        let Obj::Function(f) = self.heap.get(id) else {
            unreachable!("caller looked")
        };
        if let Value::Obj(dict) = f.attrs {
            return dict;
        }
        let dict = self.dict(Default::default());
        if let Obj::Function(f) = self.heap.get_mut(id) {
            f.attrs = dict;
        }
        self.heap.publish_into(id, dict);
        dict.obj().expect("just made")
    }

    pub(super) fn set_function_attr(
        &mut self,
        object: Value,
        id: ObjId,
        name: NameId,
        value: Value,
    ) -> Result<Option<(Value, Vec<Value>)>, Raise> {
        let wrong = match name {
            names::NAME | names::QUALNAME if self.as_str(value).is_none() => Some("string"),
            names::DEFAULTS
                if !value.is_none()
                    && !value.is_unbound()
                    && !matches!(self.object(value), Some(Obj::Tuple(_))) =>
            {
                Some("tuple")
            }
            names::KWDEFAULTS | names::ANNOTATIONS
                if !value.is_none() && !value.is_unbound() && self.as_dict(value).is_none() =>
            {
                Some("dict")
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            let message = format!("{} must be set to a {wrong} object", self.names.text(name));
            return Err(self.type_error(message));
        }
        self.heap.publish_into(id, value);
        if let Obj::Function(f) = self.heap.get_mut(id) {
            let field = match name {
                names::NAME => Some(&mut f.name),
                names::QUALNAME => Some(&mut f.qualname),
                names::MODULE => Some(&mut f.module),
                names::DOC => Some(&mut f.doc),
                names::DEFAULTS => Some(&mut f.defaults),
                names::KWDEFAULTS => Some(&mut f.kwdefaults),
                names::ANNOTATIONS => Some(&mut f.annotations),
                _ => None,
            };
            if matches!(name, names::CODE | names::CLOSURE | names::GLOBALS) {
                let words = if name == names::CODE {
                    "raddle: __code__ of a function cannot be changed"
                } else {
                    "readonly attribute"
                };
                return Err(self.raise(Ty::AttributeError, words));
            }
            if let Some(field) = field {
                *field = if value.is_unbound() {
                    Value::None
                } else {
                    value
                };
                return Ok(None);
            }
        }
        let dict = self.function_dict(id);
        let text = self.name_value(name);
        if value.is_unbound() {
            if self.dict_remove_str(dict, text).is_none() {
                return Err(self.no_attribute(object, name));
            }
        } else {
            self.dict_set_str(dict, text, value);
        }
        Ok(None)
    }
}
