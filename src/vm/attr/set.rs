//! Storing and deleting attributes.

use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::object::{Layout, Obj};
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::types::Ty;

impl Machine {
    /// `object.name = value`, or `del object.name` when the value is unbound. `Some` is a call that does it.
    ///
    /// # Errors
    /// `AttributeError`, `TypeError` as CPython.
    pub(crate) fn set_attr(
        &mut self,
        object: Value,
        name: NameId,
        value: Value,
    ) -> Result<Option<(Value, Vec<Value>)>, Raise> {
        let delete = value.is_unbound();
        let Value::Obj(id) = object else {
            if name == names::CLASS && !delete {
                let words = "__class__ assignment only supported for mutable types or ModuleType subclasses";
                return Err(self.type_error(words));
            }
            return Err(self.no_set(object, name, delete));
        };
        match self.heap.get(id) {
            Obj::Instance(instance) => {
                let class = instance.class;
                let Obj::Class(c) = self.heap.get(class) else {
                    unreachable!("instances have classes")
                };
                let flags = c.flags;
                if !delete && flags.setattr || delete && flags.delattr {
                    let hook = if delete {
                        names::DELATTR
                    } else {
                        names::SETATTR
                    };
                    let function = self.lookup(class, hook).expect("flag says so");
                    let text = self.name_value(name);
                    let args = if delete {
                        vec![object, text]
                    } else {
                        vec![object, text, value]
                    };
                    return Ok(Some((function, args)));
                }
                self.generic_set(object, id, class, name, value)
            }
            Obj::Class(class) => {
                let meta = class.meta;
                if meta != Ty::Type.id() {
                    let hook = if delete {
                        names::DELATTR
                    } else {
                        names::SETATTR
                    };
                    if let Some(function) = self.lookup(meta, hook)
                        && !self.is_native_of(function, Ty::Object)
                        && !self.is_native_of(function, Ty::Type)
                    {
                        let text = self.name_value(name);
                        let mut args = vec![object, text, value];
                        args.truncate(if delete { 2 } else { 3 });
                        return Ok(Some((function, args)));
                    }
                }
                self.generic_set_class(object, id, meta, name, value)
            }
            Obj::Module(module) => {
                let module = *module;
                if delete && self.module_attr(module, name).is_none() {
                    return Err(self.missing_attr(object, name));
                }
                self.set_module_attr(module, name, value);
                Ok(None)
            }
            Obj::Function(_) => self.set_function_attr(object, id, name, value),
            _ => {
                if name == names::CLASS && !delete {
                    let words = "__class__ assignment only supported for mutable types or ModuleType subclasses";
                    return Err(self.type_error(words));
                }
                let class = self.class_of(object);
                if let Some(Value::Obj(found)) = self.lookup(class, name)
                    && let Obj::Getter { set: Some(set), .. } = self.heap.get(found)
                {
                    let native = self.native_values(*set);
                    return Ok(Some((native, vec![object, value])));
                }
                Err(self.no_set(object, name, delete))
            }
        }
    }

    /// What a store to an attribute that is computed says.
    pub(super) fn not_writable(&self, class: ObjId, name: NameId) -> String {
        let (text, type_name) = (self.names.text(name), self.class_name(class));
        // CPython's are written in Python.
        if self.is_subclass(class, Ty::Barrier.id()) {
            return format!("property '{text}' of '{type_name}' object has no setter");
        }
        format!("attribute '{text}' of '{type_name}' objects is not writable")
    }

    fn no_set(&mut self, object: Value, name: NameId, delete: bool) -> Raise {
        let class = self.class_of(object);
        let text = self.names.text(name).to_string();
        let type_name = self.type_name(object).to_string();
        let found = self.lookup(class, name);
        let is_getter = matches!(found, Some(Value::Obj(found)) if matches!(self.heap.get(found), Obj::Getter { .. }));
        let message = if is_getter && [Ty::Range.id(), Ty::Slice.id()].contains(&class) {
            "readonly attribute".to_string()
        } else if is_getter {
            self.not_writable(class, name)
        } else if found.is_some() {
            format!("'{type_name}' object attribute '{text}' is read-only")
        } else if delete {
            format!("'{type_name}' object has no attribute '{text}'")
        } else {
            format!(
                "'{type_name}' object has no attribute '{text}' and no __dict__ for setting new attributes"
            )
        };
        let raised = self.raise(Ty::AttributeError, message);
        let text = self.name_value(name);
        self.set_instance_attr(raised.0, names::NAME_ATTR, text);
        raised
    }

    /// `type.__setattr__` and `type.__delattr__`.
    pub(crate) fn generic_set_class(
        &mut self,
        object: Value,
        id: ObjId,
        meta: ObjId,
        name: NameId,
        value: Value,
    ) -> Result<Option<(Value, Vec<Value>)>, Raise> {
        if meta != Ty::Type.id()
            && let Some(descriptor) = self.lookup(meta, name)
            && let Some(done) = self.descriptor_set(descriptor, object, meta, name, value)?
        {
            return Ok(done);
        }
        self.set_class_attr(id, name, value)?;
        Ok(None)
    }

    /// `object.__setattr__` and `object.__delattr__` on an instance.
    pub(crate) fn generic_set(
        &mut self,
        object: Value,
        id: ObjId,
        class: ObjId,
        name: NameId,
        value: Value,
    ) -> Result<Option<(Value, Vec<Value>)>, Raise> {
        let delete = value.is_unbound();
        if let Some(descriptor) = self.lookup(class, name)
            && let Some(done) = self.descriptor_set(descriptor, object, class, name, value)?
        {
            return Ok(done);
        }
        if name == names::CLASS && !delete {
            return self.set_class_of(id, value).map(|()| None);
        }
        if name == names::DICT && !delete && !self.is_slotted(class) {
            return self.adopt_dict(id, value).map(|()| None);
        }
        if self.is_slotted(class) {
            return Err(self.no_set(object, name, delete));
        }
        self.set_own(object, id, name, value).map(|()| None)
    }

    pub(super) fn set_own(
        &mut self,
        object: Value,
        id: ObjId,
        name: NameId,
        value: Value,
    ) -> Result<(), Raise> {
        if !value.is_unbound() {
            self.set_instance_attr(id, name, value);
            return Ok(());
        }
        if !self.remove_instance_attr(id, name) {
            let found = self.lookup(self.class_of(object), name);
            if found.is_some_and(|found| self.is_data_descriptor(found)) {
                let text = self.names.text(name).to_string();
                return Err(self.raise(Ty::AttributeError, text));
            }
            return Err(self.no_attribute(object, name));
        }
        Ok(())
    }

    fn set_class_of(&mut self, id: ObjId, class: Value) -> Result<(), Raise> {
        let layout = |m: &Machine, c: ObjId| match m.heap.get(c) {
            Obj::Class(c) => Some((c.layout, c.slotted)),
            _ => None,
        };
        let Value::Obj(new) = class else {
            let message = format!(
                "__class__ must be set to a class, not '{}' object",
                self.type_name(class)
            );
            return Err(self.type_error(message));
        };
        let Obj::Instance(instance) = self.heap.get(id) else {
            unreachable!("caller looked")
        };
        let (old, shape) = (instance.class, instance.shape);
        match (layout(self, old), layout(self, new)) {
            (Some((Layout::Plain, false)), Some((Layout::Plain, false))) => {
                let root = self.root_shape(new);
                let shape = self.shapes.rebased(shape, root);
                if let Obj::Instance(instance) = self.heap.get_mut(id) {
                    instance.class = new;
                    instance.shape = shape;
                }
                Ok(())
            }
            (_, None) => {
                let message = format!(
                    "__class__ must be set to a class, not '{}' object",
                    self.type_name(class)
                );
                Err(self.type_error(message))
            }
            _ => {
                let message = format!(
                    "__class__ assignment: '{}' object layout differs from '{}'",
                    self.class_name(new),
                    self.class_name(old)
                );
                Err(self.type_error(message))
            }
        }
    }
}
