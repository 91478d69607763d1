//! Attributes that instances hold themselves: in slots by shape, or in a dict that was asked for.

use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names::{self};
use crate::vm::native::Raise;

impl Machine {
    /// Sets an attribute in an instance's own slots, asking nobody.
    pub fn set_instance_attr(&mut self, id: ObjId, name: NameId, value: Value) {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return;
        };
        let shape = instance.shape;
        match self.shapes.slot(shape, name) {
            Some(slot) => {
                if let Obj::Instance(instance) = self.heap.get_mut(id) {
                    instance.slots[slot] = value;
                }
            }
            None if let Some(dict) = self.attribute_dict(id) => {
                self.heap.publish_into(dict, value);
                let key = self.name_value(name);
                self.dict_set_str(dict, key, value);
                return;
            }
            None => {
                let next = self.shapes.with(shape, name);
                if let Obj::Instance(instance) = self.heap.get_mut(id) {
                    instance.slots.push(value);
                    instance.shape = next;
                }
                self.heap.grew(16);
            }
        }
        self.heap.publish_into(id, value);
    }

    /// An attribute of an instance's own.
    pub fn instance_attr(&self, id: ObjId, name: NameId) -> Option<Value> {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return None;
        };
        match self.shapes.slot(instance.shape, name) {
            Some(slot) => Some(instance.slots[slot]),
            None => self.dict_text(self.attribute_dict(id)?, self.names.text(name)),
        }
    }

    /// The dict that holds an instance's attributes because the program assigned it to `__dict__`. It stands in a slot of that
    /// name, the instance's only one but for those of `__slots__`.
    #[inline]
    pub(crate) fn attribute_dict(&self, id: ObjId) -> Option<ObjId> {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return None;
        };
        let slot = self.shapes.slot(instance.shape, names::DICT)?;
        instance.slots[slot].obj()
    }

    /// `instance.__dict__ = value`.
    ///
    /// # Errors
    /// `TypeError` for what is no dict.
    pub(crate) fn adopt_dict(&mut self, id: ObjId, value: Value) -> Result<(), Raise> {
        let dict = match value.obj().map(|id| self.heap.get(id)) {
            Some(Obj::Namespace(Value::Obj(of))) if *of == id => return Ok(()),
            // Two instances that share their attributes from now on.
            Some(Obj::Namespace(Value::Obj(of)))
                if matches!(self.heap.get(*of), Obj::Instance(_)) =>
            {
                let (of, namespace) = (*of, value.obj().expect("looked above"));
                let dict = self.namespace_snapshot(namespace);
                self.adopt_dict(of, Value::Obj(dict))?;
                Value::Obj(dict)
            }
            Some(Obj::Namespace(_)) => {
                Value::Obj(self.namespace_snapshot(value.obj().expect("looked above")))
            }
            _ if self.as_dict(value).is_some() => self.unwrap(value),
            _ => {
                let message = format!(
                    "__dict__ must be set to a dictionary, not a '{}'",
                    self.type_name(value)
                );
                return Err(self.type_error(message));
            }
        };
        for (name, _) in self.own_attributes(id) {
            self.remove_slot(id, name);
        }
        self.remove_slot(id, names::DICT);
        self.set_instance_attr(id, names::DICT, dict);
        Ok(())
    }

    /// Takes an attribute out of an instance's slots; says whether it was there.
    fn remove_slot(&mut self, id: ObjId, name: NameId) -> bool {
        let Obj::Instance(instance) = self.heap.get(id) else {
            return false;
        };
        let shape = instance.shape;
        let Some(slot) = self.shapes.slot(shape, name) else {
            return false;
        };
        let next = self.shapes.without(shape, name);
        if let Obj::Instance(instance) = self.heap.get_mut(id) {
            instance.slots.remove(slot);
            instance.shape = next;
        }
        true
    }

    /// Removes an instance's own attribute; says whether it was there.
    pub(crate) fn remove_instance_attr(&mut self, id: ObjId, name: NameId) -> bool {
        if self.remove_slot(id, name) {
            return true;
        }
        let Some(dict) = self.attribute_dict(id) else {
            return false;
        };
        let key = self.name_value(name);
        self.dict_remove_str(dict, key).is_some()
    }

    /// The value of a text in a dict.
    fn dict_text(&self, dict: ObjId, text: &str) -> Option<Value> {
        let Obj::Dict(table) = self.heap.get(dict) else {
            return None;
        };
        let hash = crate::vm::protocol::hash::hash_str(text);
        let at = table.find(hash, |key| self.as_str(key) == Some(text))?;
        Some(table.at(at).value)
    }
}
