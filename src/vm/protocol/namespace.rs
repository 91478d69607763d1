//! The live `__dict__` of instances, classes and modules, as a mapping.

use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::dict::Dict;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;

impl Machine {
    /// What a namespace object is the namespace of.
    fn namespace_owner(&self, namespace: ObjId) -> Option<ObjId> {
        match self.heap.get(namespace) {
            Obj::Namespace(of) => of.obj(),
            _ => None,
        }
    }

    /// Names and values in order.
    pub fn namespace_entries(&self, namespace: ObjId) -> Vec<(NameId, Value)> {
        match self.namespace_owner(namespace) {
            Some(owner) => self.own_attributes(owner),
            None => Vec::new(),
        }
    }

    /// Whether an instance's own attribute stands in a slot that its class describes, so that its `__dict__` lacks it.
    fn is_slot(&self, class: ObjId, name: NameId) -> bool {
        let found = self.lookup(class, name).and_then(Value::obj);
        found.is_some_and(|id| {
            matches!(
                self.heap.get(id),
                Obj::Slot(_) | Obj::Getter { set: Some(_), .. }
            )
        })
    }

    /// What the `__dict__` of an instance, class or module has.
    pub fn own_attributes(&self, owner: ObjId) -> Vec<(NameId, Value)> {
        match self.heap.get(owner) {
            Obj::Instance(instance) => self
                .shapes
                .names(instance.shape)
                .iter()
                .copied()
                .zip(instance.slots.iter().copied())
                .filter(|(name, v)| {
                    !v.is_unbound() && *name != names::DICT && !self.is_slot(instance.class, *name)
                })
                .collect(),
            Obj::Class(class) => class.dict.iter().map(|(&n, &v)| (n, v)).collect(),
            Obj::Module(module) => {
                let module = module.index();
                let base = self.image.global_base[module] as usize;
                let end = match self.image.global_base.get(module + 1) {
                    Some(&next) => next as usize,
                    None => self.image.global_names.len(),
                };
                let slots = (base..end)
                    .map(|g| (self.image.global_names[g], self.globals.get(g as u32).value))
                    .filter(|(_, v)| !v.is_unbound());
                let extras = self
                    .extras(crate::id::ModuleId(module as u32))
                    .iter()
                    .map(|(&n, &v)| (n, v));
                slots.chain(extras).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A dict with the present content of a namespace.
    pub fn namespace_snapshot(&mut self, namespace: ObjId) -> ObjId {
        let entries = self.namespace_entries(namespace);
        let mut table = Dict::default();
        for (name, value) in entries {
            let key = self.name_value(name);
            self.dict_insert_new(&mut table, key, value);
        }
        self.heap.alloc(Obj::Dict(Box::new(table)))
    }

    /// The value of a name in a namespace.
    pub fn namespace_get(&self, namespace: ObjId, key: Value) -> Option<Value> {
        let name = self.names.find(self.as_str(key)?)?;
        let owner = self.namespace_owner(namespace)?;
        let value = match self.heap.get(owner) {
            Obj::Instance(instance) if self.is_slot(instance.class, name) => None,
            Obj::Instance(_) => self.instance_attr(owner, name),
            Obj::Class(class) => class.dict.get(&name).copied(),
            Obj::Module(module) => match self.global_slot(*module, name) {
                Some(slot) => Some(self.globals.get(slot).value),
                None => self.extras(*module).get(&name).copied(),
            },
            _ => None,
        };
        value.filter(|v| !v.is_unbound())
    }

    /// Sets a name in the namespace of an instance or module; says whether that is possible.
    pub fn namespace_set(&mut self, namespace: ObjId, key: Value, value: Value) -> bool {
        let Some(text) = self.as_str(key).map(str::to_owned) else {
            return false;
        };
        let name = self.intern(&text);
        let Some(owner) = self.namespace_owner(namespace) else {
            return false;
        };
        match self.heap.get(owner) {
            Obj::Instance(_) => self.set_instance_attr(owner, name, value),
            Obj::Module(module) => {
                let module = *module;
                self.heap.publish(value);
                match self.global_slot(module, name) {
                    Some(slot) => self.globals.get_mut(slot).value = value,
                    None => {
                        self.extras_mut(module).insert(name, value);
                    }
                }
            }
            _ => return false,
        }
        true
    }

    /// Removes a name from the namespace of an instance or module and gives back its value.
    pub fn namespace_remove(&mut self, namespace: ObjId, key: Value) -> Option<Value> {
        let value = self.namespace_get(namespace, key)?;
        let name = self.names.find(self.as_str(key)?)?;
        let owner = self.namespace_owner(namespace)?;
        match self.heap.get(owner) {
            Obj::Instance(_) => {
                self.remove_instance_attr(owner, name);
            }
            Obj::Module(module) => {
                let module = *module;
                match self.global_slot(module, name) {
                    Some(slot) => self.globals.get_mut(slot).value = Value::Unbound,
                    None => {
                        self.extras_mut(module).shift_remove(&name);
                    }
                }
            }
            _ => return None,
        }
        Some(value)
    }
}
