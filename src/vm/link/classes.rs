//! The builtin classes and native functions.

use crate::id::NameId;
use crate::value::Value;
use crate::value::object::{Class, ClassFlags, Layout, NameMap, NativeId, Obj};
use crate::value::shape::{self};
use crate::vm::machine::Machine;
use crate::vm::names::{self};
use crate::vm::native::{Entry, NativeDef, NativeFn, Signature};
use crate::vm::registry;
use crate::vm::types::Ty;
use std::sync::Arc;

/// About so many native functions there are.
const USUAL: usize = 1700;

impl Machine {
    pub(super) fn make_classes(&mut self) {
        for &(ty, full, base) in Ty::ALL {
            let (module, name) = full.rsplit_once('.').unwrap_or(("builtins", full));
            let name = self.names.intern(name);
            let module_text = module.to_string();
            let bases = if ty == Ty::Object {
                Vec::new()
            } else {
                vec![base.id()]
            };
            let mut mro = vec![ty.id()];
            if let Some(&b) = bases.first()
                && let Obj::Class(c) = self.heap.get(b)
            {
                mro.extend(&c.mro);
            }
            let layout = match ty {
                Ty::Object => Layout::Plain,
                _ if ty.is_exception() => Layout::Inner(Ty::BaseException.id()),
                Ty::BoundedSemaphore => Layout::Inner(Ty::Semaphore.id()),
                _ => Layout::Inner(ty.id()),
            };
            let root = if ty.is_exception() {
                self.shapes.root()
            } else {
                shape::EMPTY
            };
            let id = self.heap.alloc(Obj::Class(Box::new(Class {
                name,
                qualname: Value::None,
                module: Value::None,
                bases,
                mro,
                dict: NameMap::default(),
                meta: Ty::Type.id(),
                subclasses: Vec::new(),
                layout,
                builtin: true,
                slotted: !ty.is_exception(),
                flags: ClassFlags::default(),
                root,
            })));
            assert_eq!(id, ty.id(), "classes stand where their numbers say");
            let _ = module_text;
        }
        for &(ty, full, base) in Ty::ALL {
            let (module, name) = full.rsplit_once('.').unwrap_or(("builtins", full));
            let (qualname, module) = (self.str(name), self.str(module));
            if let Obj::Class(class) = self.heap.get_mut(ty.id()) {
                class.qualname = qualname;
                class.module = module;
            }
            if ty != base
                && let Obj::Class(class) = self.heap.get_mut(base.id())
            {
                class.subclasses.push(ty.id());
            }
        }
    }

    fn class_dict(&mut self, ty: Ty) -> &mut NameMap {
        match self.heap.get_mut(ty.id()) {
            Obj::Class(class) => &mut class.dict,
            _ => unreachable!("classes stand where their numbers say"),
        }
    }

    pub(super) fn make_natives(&mut self) {
        let mut defs: Vec<NativeDef> = Vec::with_capacity(USUAL);
        let mut objects: Vec<Value> = Vec::with_capacity(USUAL);
        self.heap.reserve(2 * USUAL);
        let mut add = |machine: &mut Machine, owner: &'static str, entry: &Entry| {
            let id = NativeId(defs.len() as u32);
            defs.push(NativeDef {
                name: entry.0,
                owner,
                run: entry.1,
                signature: entry.2,
                effect: entry.3,
            });
            let object = machine.heap.new_value(Obj::Native(id));
            objects.push(object);
            (id, object)
        };
        for (ty, methods) in registry::methods() {
            let owner = Ty::ALL[ty as usize].1;
            for entry in methods {
                let (_, object) = add(self, owner, &entry);
                let name = self.names.intern(entry.0);
                self.class_dict(ty).insert(name, object);
            }
        }
        for ty in registry::UNHASHABLE {
            self.class_dict(*ty).insert(names::HASH, Value::None);
        }
        for (ty, methods) in registry::static_methods() {
            for entry in methods {
                let (_, object) = add(self, "", entry);
                let wrapped = self.heap.new_value(Obj::StaticMethod(object));
                let name = self.names.intern(entry.0);
                self.class_dict(ty).insert(name, wrapped);
            }
        }
        for (ty, methods) in registry::class_methods() {
            let owner = Ty::ALL[ty as usize].1;
            for entry in methods {
                let (_, object) = add(self, owner, entry);
                let wrapped = self.heap.new_value(Obj::ClassMethod(object));
                let name = self.names.intern(entry.0);
                self.class_dict(ty).insert(name, wrapped);
            }
        }
        let getter = |get: NativeFn| -> Entry {
            (
                "getter",
                get,
                Signature::Any,
                crate::vm::native::Effect::Pure,
            )
        };
        for (ty, getters) in registry::getters() {
            for &(name, get) in getters {
                let (get, _) = add(self, "", &getter(get));
                let object = self.heap.new_value(Obj::Getter { get, set: None });
                let name = self.names.intern(name);
                self.class_dict(ty).insert(name, object);
            }
        }
        for &(ty, name, get, set) in registry::PROPERTIES {
            let (get, _) = add(self, "", &getter(get));
            let (set, _) = add(self, "", &getter(set));
            let object = self.heap.new_value(Obj::Getter {
                get,
                set: Some(set),
            });
            let name = self.names.intern(name);
            self.class_dict(ty).insert(name, object);
        }
        for (ty, construct) in registry::constructors() {
            let owner = Ty::ALL[ty as usize].1;
            let entry: Entry = (
                "__new__",
                construct,
                Signature::Any,
                crate::vm::native::Effect::Pure,
            );
            let (_, object) = add(self, owner, &entry);
            self.class_dict(ty).insert(names::NEW, object);
        }
        for ty in [
            Ty::List,
            Ty::Dict,
            Ty::Set,
            Ty::Deque,
            Ty::DictKeys,
            Ty::DictItems,
        ] {
            self.class_dict(ty).insert(names::HASH, Value::None);
        }
        let mut functions = Vec::new();
        for entry in registry::functions() {
            let (_, object) = add(self, "", entry);
            functions.push((entry.0, object));
        }
        self.natives = Arc::new(defs);
        self.native_objects = objects;
        for (name, object) in functions {
            let name = self.names.intern(name);
            self.set_builtin(name, object);
        }
        for &(ty, full, _) in Ty::ALL {
            if !full.contains('.') && registry::is_builtin_name(ty) {
                let name = self.names.intern(full);
                self.set_builtin(name, Value::Obj(ty.id()));
            }
        }
        for (alias, ty) in [("EnvironmentError", Ty::OSError), ("IOError", Ty::OSError)] {
            let name = self.names.intern(alias);
            self.set_builtin(name, Value::Obj(ty.id()));
        }
        for (name, value) in [
            ("NotImplemented", Value::NotImplemented),
            ("Ellipsis", Value::Ellipsis),
            ("__debug__", Value::Bool(true)),
        ] {
            let name = self.names.intern(name);
            self.set_builtin(name, value);
        }
        // Their methods are all native: no special method but a missing hash must be asked for.
        for &(ty, _, _) in Ty::ALL {
            let unhashable = matches!(self.lookup(ty.id(), names::HASH), Some(Value::None));
            if let Obj::Class(class) = self.heap.get_mut(ty.id()) {
                class.flags = ClassFlags {
                    unhashable,
                    ..ClassFlags::default()
                };
            }
        }
    }

    pub(super) fn set_builtin(&mut self, name: NameId, value: Value) {
        if self.builtins.len() <= name.index() {
            self.builtins.resize(name.index() + 1, Value::Unbound);
        }
        self.builtins[name.index()] = value;
    }

    pub(super) fn add_native(&mut self, entry: &Entry) -> Value {
        let defs = Arc::make_mut(&mut self.natives);
        let id = NativeId(defs.len() as u32);
        defs.push(NativeDef {
            name: entry.0,
            owner: "",
            run: entry.1,
            signature: entry.2,
            effect: entry.3,
        });
        let object = self.heap.new_value(Obj::Native(id));
        self.native_objects.push(object);
        object
    }
}
