//! Descriptors: which values are some, and what they do when an attribute is read, stored or deleted.

use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::attr::Attr;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::types::Ty;

impl Machine {
    /// Whether a class attribute has a `__set__` or `__delete__`, so that it goes before an instance's own.
    pub(crate) fn is_data_descriptor(&self, value: Value) -> bool {
        let Value::Obj(id) = value else { return false };
        match self.heap.get(id) {
            Obj::Property(_) | Obj::Slot(_) | Obj::Getter { .. } => true,
            Obj::Instance(instance) => {
                self.lookup(instance.class, names::SET).is_some()
                    || self.lookup(instance.class, names::DELETE).is_some()
            }
            _ => false,
        }
    }

    /// Whether a class attribute takes the instance as its first argument: functions and builtin methods do, builtin
    /// functions such as `len` do not.
    pub(crate) fn is_method(&self, id: ObjId) -> bool {
        match self.heap.get(id) {
            Obj::Function(_) => true,
            Obj::Native(native) => {
                let def = &self.natives[native.0 as usize];
                !def.owner.is_empty() && def.name != "__new__"
            }
            _ => false,
        }
    }

    /// Binds a class attribute to an instance.
    pub(crate) fn descriptor_get(
        &mut self,
        found: Value,
        object: Value,
        class: ObjId,
    ) -> Result<Attr, Raise> {
        let Value::Obj(id) = found else {
            return Ok(Attr::Value(found));
        };
        Ok(match self.heap.get(id) {
            _ if self.is_method(id) => Attr::Value(self.heap.new_value(Obj::BoundMethod {
                function: found,
                this: object,
            })),
            Obj::ClassMethod(function) => {
                let function = *function;
                Attr::Value(self.heap.new_value(Obj::BoundMethod {
                    function,
                    this: Value::Obj(class),
                }))
            }
            Obj::StaticMethod(function) => Attr::Value(*function),
            Obj::Property(parts) => {
                let getter = parts[0];
                if getter.is_none() {
                    let message = self.property_message(found, class, "getter");
                    return Err(self.raise(Ty::AttributeError, message));
                }
                Attr::Call(getter, vec![object])
            }
            Obj::Slot(name) => {
                let name = *name;
                match object.obj().and_then(|o| self.instance_attr(o, name)) {
                    Some(value) => Attr::Value(value),
                    None => Attr::Missing,
                }
            }
            Obj::Getter { get, .. } => {
                let native = self.native_values(*get);
                Attr::Call(native, vec![object])
            }
            Obj::Instance(instance) => match self.lookup(instance.class, names::GET) {
                Some(get) => Attr::Call(get, vec![found, object, Value::Obj(class)]),
                None => Attr::Value(found),
            },
            _ => Attr::Value(found),
        })
    }

    fn property_message(&self, property: Value, class: ObjId, what: &str) -> String {
        let owner = self.class_name(class);
        let name = self.property_name(property, class);
        format!("property '{name}' of '{owner}' object has no {what}")
    }

    fn property_name(&self, property: Value, class: ObjId) -> String {
        if let Obj::Class(c) = self.heap.get(class) {
            for &base in &c.mro {
                if let Obj::Class(b) = self.heap.get(base)
                    && let Some((name, _)) = b.dict.iter().find(|(_, v)| v.is(property))
                {
                    return self.names.text(*name).to_string();
                }
            }
        }
        "?".into()
    }

    /// What a data descriptor does with a store or, for an unbound value, a deletion. `None` when it is none.
    #[allow(
        clippy::type_complexity,
        reason = "maybe an answer, maybe a call that gives it"
    )]
    pub(super) fn descriptor_set(
        &mut self,
        descriptor: Value,
        object: Value,
        class: ObjId,
        name: NameId,
        value: Value,
    ) -> Result<Option<Option<(Value, Vec<Value>)>>, Raise> {
        let Value::Obj(descriptor) = descriptor else {
            return Ok(None);
        };
        let delete = value.is_unbound();
        match self.heap.get(descriptor) {
            Obj::Property(parts) => {
                let function = if delete { parts[2] } else { parts[1] };
                if function.is_none() {
                    let what = if delete { "deleter" } else { "setter" };
                    let message = self.property_message(Value::Obj(descriptor), class, what);
                    return Err(self.raise(Ty::AttributeError, message));
                }
                let args = if delete {
                    vec![object]
                } else {
                    vec![object, value]
                };
                return Ok(Some(Some((function, args))));
            }
            Obj::Getter { set, .. } => {
                let Some(set) = *set else {
                    let message = self.not_writable(class, name);
                    return Err(self.raise(Ty::AttributeError, message));
                };
                let native = self.native_values(set);
                return Ok(Some(Some((native, vec![object, value]))));
            }
            Obj::Slot(slot) => {
                let slot = *slot;
                let id = object.obj().expect("slots are of instances");
                return self.set_own(object, id, slot, value).map(|()| Some(None));
            }
            Obj::Instance(instance) => {
                let hook = if delete { names::DELETE } else { names::SET };
                let of = instance.class;
                if let Some(function) = self.lookup(of, hook) {
                    let descriptor = Value::Obj(descriptor);
                    let args = if delete {
                        vec![descriptor, object]
                    } else {
                        vec![descriptor, object, value]
                    };
                    return Ok(Some(Some((function, args))));
                }
            }
            _ => {}
        }
        Ok(None)
    }
}
