//! Making and raising exceptions.

use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::object::{Exception, Instance, Obj};
use crate::value::shape::ShapeId;
use crate::vm::machine::Machine;
use crate::vm::names::{self};
use crate::vm::native::Raise;
use crate::vm::types::Ty;

impl Machine {
    /// A new exception of a builtin class with one message argument.
    #[cold]
    pub fn raise(&mut self, class: Ty, message: impl Into<Box<str>>) -> Raise {
        let message = self.str(message);
        self.raise_with(class, &[message])
    }

    /// A new exception of a builtin class with these arguments.
    #[cold]
    pub fn raise_with(&mut self, class: Ty, args: &[Value]) -> Raise {
        let args = self.tuple(args);
        Raise(self.new_exception(class.id(), args))
    }

    /// A `TypeError`.
    #[cold]
    pub fn type_error(&mut self, message: impl Into<Box<str>>) -> Raise {
        self.raise(Ty::TypeError, message)
    }

    /// A `ValueError`.
    #[cold]
    pub fn value_error(&mut self, message: impl Into<Box<str>>) -> Raise {
        self.raise(Ty::ValueError, message)
    }

    /// A new exception instance of any exception class.
    pub fn new_exception(&mut self, class: ObjId, args: Value) -> ObjId {
        let inner = self.heap.new_value(Obj::Exception(Box::new(Exception {
            args,
            cause: Value::None,
            context: Value::None,
            suppress_context: false,
            traceback: Vec::new(),
            notes: Value::Unbound,
            shown: Value::Unbound,
        })));
        let shape = self.root_shape(class);
        self.heap.alloc(Obj::Instance(Box::new(Instance {
            class,
            shape,
            slots: Vec::new(),
            inner,
        })))
    }

    /// The shape of a class's new instances.
    pub fn root_shape(&self, class: ObjId) -> ShapeId {
        match self.heap.get(class) {
            Obj::Class(class) => class.root,
            _ => crate::value::shape::EMPTY,
        }
    }

    /// The exception part of an exception instance.
    pub fn exception(&self, id: ObjId) -> Option<&Exception> {
        match self.heap.get(id) {
            Obj::Instance(instance) => match instance.inner {
                Value::Obj(inner) => match self.heap.get(inner) {
                    Obj::Exception(e) => Some(e),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// The exception part of an exception instance, to change.
    pub fn exception_mut(&mut self, id: ObjId) -> Option<&mut Exception> {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return None;
        };
        let Value::Obj(inner) = instance.inner else {
            return None;
        };
        match self.heap.get_mut(inner) {
            Obj::Exception(e) => Some(e),
            _ => None,
        }
    }

    /// The message of a missing attribute of a class's instance.
    pub fn no_attribute(&mut self, value: Value, name: NameId) -> Raise {
        let message = format!(
            "'{}' object has no attribute '{}'",
            self.type_name(value),
            self.names.text(name)
        );
        let raised = self.raise(Ty::AttributeError, message);
        self.set_attr_raw(raised.0, "name", name, value);
        raised
    }

    /// Notes `name` and `obj` on an `AttributeError`/`NameError`, for "Did you mean".
    fn set_attr_raw(&mut self, exception: ObjId, _field: &str, name: NameId, object: Value) {
        let text = self.name_value(name);
        self.set_instance_attr(exception, names::NAME_ATTR, text);
        if !object.is_unbound() {
            self.set_instance_attr(exception, names::OBJ_ATTR, object);
        }
    }
}
