//! Attributes of classes and of `super` objects.

use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::attr::Attr;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::types::Ty;

impl Machine {
    /// An attribute of a class.
    pub(super) fn class_get(&mut self, id: ObjId, name: NameId) -> Result<Attr, Raise> {
        let Obj::Class(class) = self.heap.get(id) else {
            return Ok(Attr::Missing);
        };
        let meta = class.meta;
        let of_meta = self.lookup(meta, name);
        if let Some(descriptor) = of_meta
            && meta != Ty::Type.id()
            && self.is_data_descriptor(descriptor)
        {
            return self.descriptor_get(descriptor, Value::Obj(id), meta);
        }
        if let Some(special) = self.class_special(id, name) {
            return Ok(Attr::Value(special));
        }
        if let Some(found) = self.lookup(id, name) {
            let Value::Obj(f) = found else {
                return Ok(Attr::Value(found));
            };
            return Ok(match self.heap.get(f) {
                Obj::ClassMethod(function) => {
                    let function = *function;
                    Attr::Value(self.heap.new_value(Obj::BoundMethod {
                        function,
                        this: Value::Obj(id),
                    }))
                }
                Obj::StaticMethod(function) => Attr::Value(*function),
                Obj::Instance(instance) => match self.lookup(instance.class, names::GET) {
                    Some(get) => Attr::Call(get, vec![found, Value::None, Value::Obj(id)]),
                    None => Attr::Value(found),
                },
                _ => Attr::Value(found),
            });
        }
        if let Some(found) = of_meta {
            return self.descriptor_get(found, Value::Obj(id), meta);
        }
        if meta != Ty::Type.id()
            && let Some(getattr) = self.lookup(meta, names::GETATTR)
        {
            let text = self.name_value(name);
            return Ok(Attr::Call(getattr, vec![Value::Obj(id), text]));
        }
        Ok(Attr::Missing)
    }

    fn class_special(&mut self, id: ObjId, name: NameId) -> Option<Value> {
        let Obj::Class(class) = self.heap.get(id) else {
            return None;
        };
        Some(match name {
            names::NAME => {
                let name = class.name;
                self.name_value(name)
            }
            names::QUALNAME => class.qualname,
            names::MODULE if !class.dict.contains_key(&names::MODULE) => class.module,
            names::CLASS => Value::Obj(class.meta),
            names::BASES => {
                let bases: Vec<Value> = class.bases.iter().map(|&b| Value::Obj(b)).collect();
                self.tuple(bases)
            }
            names::BASE => match class.bases.as_slice() {
                [] => Value::None,
                bases => {
                    let same = |b: &&ObjId| matches!(self.heap.get(**b), Obj::Class(c) if c.layout == class.layout);
                    Value::Obj(*bases.iter().find(same).unwrap_or(&bases[0]))
                }
            },
            names::TYPE_PARAMS if !class.dict.contains_key(&name) => self.tuple([]),
            names::ANNOTATIONS if !class.builtin && !class.dict.contains_key(&name) => {
                let dict = self.dict(Default::default());
                if let Obj::Class(class) = self.heap.get_mut(id) {
                    class.dict.insert(name, dict);
                }
                self.heap.publish_into(id, dict);
                dict
            }
            names::MRO => {
                let mro: Vec<Value> = class.mro.iter().map(|&b| Value::Obj(b)).collect();
                self.tuple(mro)
            }
            names::DICT => self.heap.new_value(Obj::Namespace(Value::Obj(id))),
            names::DOC => class.dict.get(&names::DOC).copied().unwrap_or(Value::None),
            _ => return None,
        })
    }

    pub(super) fn super_get(
        &mut self,
        object: Value,
        after: ObjId,
        this: Value,
        class: ObjId,
        name: NameId,
    ) -> Result<Attr, Raise> {
        if name == names::CLASS {
            return self.builtin_attr(object, name);
        }
        let Obj::Class(c) = self.heap.get(class) else {
            return Ok(Attr::Missing);
        };
        // `super(class)` without an object, and attributes of the super object itself.
        if this.is_unbound() {
            return self.builtin_attr(object, name);
        }
        let mut found = None;
        for &base in c.mro.iter().skip_while(|&&b| b != after).skip(1) {
            if let Obj::Class(b) = self.heap.get(base)
                && let Some(&value) = b.dict.get(&name)
            {
                found = Some(value);
                break;
            }
        }
        let Some(found) = found else {
            return self.builtin_attr(object, name);
        };
        // Bound to a class (in a classmethod or __new__) functions stay plain.
        let to_class = matches!(this, Value::Obj(id) if id == class && matches!(self.heap.get(id), Obj::Class(_)));
        if to_class {
            if let Value::Obj(f) = found {
                return Ok(match self.heap.get(f) {
                    Obj::ClassMethod(function) => {
                        let function = *function;
                        Attr::Value(self.heap.new_value(Obj::BoundMethod { function, this }))
                    }
                    Obj::StaticMethod(function) => Attr::Value(*function),
                    _ => Attr::Value(found),
                });
            }
            return Ok(Attr::Value(found));
        }
        self.descriptor_get(found, this, class)
    }
}
