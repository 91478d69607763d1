//! Attribute access: CPython's rules for instances, classes, modules, `super`, and builtin values.
//!
//! Source: `Objects/object.c` (`_PyObject_GenericGetAttrWithDict`), `Objects/typeobject.c` (`type_getattro`).

mod class;
mod descriptor;
mod function;
mod module;
mod set;

use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::types::Ty;

/// What an attribute lookup came to.
#[derive(Clone, Debug)]
pub(crate) enum Attr {
    /// The value.
    Value(Value),
    /// Calling this gives it.
    Call(Value, Vec<Value>),
    /// There is none.
    Missing,
}

impl Machine {
    /// `object.name`.
    ///
    /// # Errors
    /// What a native getter raises.
    pub(crate) fn get_attr(&mut self, object: Value, name: NameId) -> Result<Attr, Raise> {
        let Value::Obj(id) = object else {
            return self.builtin_attr(object, name);
        };
        match self.heap.get(id) {
            Obj::Instance(instance) => {
                let class = instance.class;
                self.instance_get(object, id, class, name)
            }
            Obj::Class(_) => self.class_get(id, name),
            Obj::Module(module) => {
                let module = *module;
                self.module_get(module, name)
            }
            Obj::Super { after, this, class } => {
                let (after, this, class) = (*after, *this, *class);
                self.super_get(object, after, this, class, name)
            }
            Obj::Function(_) => self.function_get(object, id, name),
            Obj::BoundMethod { function, this } => {
                let (function, this) = (*function, *this);
                match name {
                    names::FUNC => Ok(Attr::Value(function)),
                    names::SELF => Ok(Attr::Value(this)),
                    names::CLASS | names::CALL => self.builtin_attr(object, name),
                    _ => self.get_attr(function, name),
                }
            }
            Obj::Native(native) => {
                let def = self.natives[native.0 as usize];
                match name {
                    names::NAME => Ok(Attr::Value(self.str(def.name))),
                    names::QUALNAME => {
                        let text = if def.owner.is_empty() {
                            def.name.to_string()
                        } else {
                            format!("{}.{}", def.owner, def.name)
                        };
                        Ok(Attr::Value(self.str(text)))
                    }
                    names::MODULE => Ok(Attr::Value(self.str("builtins"))),
                    names::DOC => Ok(Attr::Value(self.str(format!("{}(...)", def.name)))),
                    names::SELF if def.owner.is_empty() => {
                        let builtins = self.image.module_objects[0];
                        Ok(Attr::Value(Value::Obj(builtins)))
                    }
                    _ => self.builtin_attr(object, name),
                }
            }
            Obj::StaticMethod(inner) | Obj::ClassMethod(inner) => {
                let inner = *inner;
                match name {
                    names::FUNC | names::WRAPPED => Ok(Attr::Value(inner)),
                    names::CLASS | names::GET => self.builtin_attr(object, name),
                    _ => self.get_attr(inner, name),
                }
            }
            _ => self.builtin_attr(object, name),
        }
    }

    /// The instance's own rules: data descriptor, own attribute, class attribute, `__getattr__`.
    fn instance_get(
        &mut self,
        object: Value,
        id: ObjId,
        class: ObjId,
        name: NameId,
    ) -> Result<Attr, Raise> {
        let Obj::Class(c) = self.heap.get(class) else {
            return Ok(Attr::Missing);
        };
        let flags = c.flags;
        if flags.getattribute {
            let text = self.name_value(name);
            let function = self
                .lookup(class, names::GETATTRIBUTE)
                .expect("flag says so");
            if flags.getattr {
                return Ok(Attr::Call(
                    self.prelude_function("_getattribute_or"),
                    vec![object, function, text],
                ));
            }
            return Ok(Attr::Call(function, vec![object, text]));
        }
        self.generic_get(object, id, class, name, flags.getattr)
    }

    /// `object.__getattribute__` on an instance; `fallback` asks `__getattr__` when there is nothing.
    pub(crate) fn generic_get(
        &mut self,
        object: Value,
        id: ObjId,
        class: ObjId,
        name: NameId,
        fallback: bool,
    ) -> Result<Attr, Raise> {
        let found = self.lookup(class, name);
        if let Some(descriptor) = found
            && self.is_data_descriptor(descriptor)
        {
            let got = self.descriptor_get(descriptor, object, class)?;
            return self.with_fallback(got, object, class, name, fallback);
        }
        if let Some(value) = self.instance_attr(id, name) {
            return Ok(Attr::Value(value));
        }
        if let Some(descriptor) = found {
            let got = self.descriptor_get(descriptor, object, class)?;
            return self.with_fallback(got, object, class, name, fallback);
        }
        match name {
            names::CLASS => return Ok(Attr::Value(Value::Obj(class))),
            names::DICT if !self.is_slotted(class) => {
                return Ok(Attr::Value(self.heap.new_value(Obj::Namespace(object))));
            }
            _ => {}
        }
        self.with_fallback(Attr::Missing, object, class, name, fallback)
    }

    /// A property whose getter raises `AttributeError`, or a missing attribute, falls back on `__getattr__`.
    fn with_fallback(
        &mut self,
        got: Attr,
        object: Value,
        class: ObjId,
        name: NameId,
        fallback: bool,
    ) -> Result<Attr, Raise> {
        if !fallback {
            return Ok(got);
        }
        let getattr = self.lookup(class, names::GETATTR).expect("flag says so");
        let text = self.name_value(name);
        Ok(match got {
            Attr::Missing => Attr::Call(getattr, vec![object, text]),
            Attr::Call(function, args) => {
                let args = self.tuple(args);
                Attr::Call(
                    self.prelude_function("_get_or_getattr"),
                    vec![function, args, getattr, object, text],
                )
            }
            value => value,
        })
    }

    fn is_slotted(&self, class: ObjId) -> bool {
        matches!(self.heap.get(class), Obj::Class(c) if c.slotted)
    }

    /// Attributes of values without own attributes: those of their class.
    fn builtin_attr(&mut self, object: Value, name: NameId) -> Result<Attr, Raise> {
        let class = self.class_of(object);
        match self.lookup(class, name) {
            Some(found) => self.descriptor_get(found, object, class),
            None if name == names::CLASS => Ok(Attr::Value(Value::Obj(class))),
            None => Ok(Attr::Missing),
        }
    }

    /// The error for `object.name` that is not there.
    pub(crate) fn missing_attr(&mut self, object: Value, name: NameId) -> Raise {
        let text = self.names.text(name).to_string();
        let message = match object.obj().map(|id| self.heap.get(id)) {
            Some(Obj::Class(class)) => {
                format!(
                    "type object '{}' has no attribute '{text}'",
                    self.names.text(class.name)
                )
            }
            Some(Obj::Module(module)) => {
                format!(
                    "module '{}' has no attribute '{text}'",
                    self.image.program.modules[module.index()].name
                )
            }
            Some(Obj::Super { .. }) => format!("'super' object has no attribute '{text}'"),
            _ => return self.no_attribute(object, name),
        };
        let raised = self.raise(Ty::AttributeError, message);
        let text = self.name_value(name);
        self.set_instance_attr(raised.0, names::NAME_ATTR, text);
        self.set_instance_attr(raised.0, names::OBJ_ATTR, object);
        raised
    }
}
