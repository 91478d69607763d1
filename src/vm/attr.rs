//! Attribute access: CPython's rules for instances, classes, modules, `super`, and builtin values.
//!
//! Source: `Objects/object.c` (`_PyObject_GenericGetAttrWithDict`), `Objects/typeobject.c` (`type_getattro`).

use super::machine::{Machine, ModuleState};
use super::names;
use super::native::Raise;
use super::types::Ty;
use crate::id::{ModuleId, NameId, ObjId};
use crate::value::Value;
use crate::value::object::{Layout, Obj};

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

/// The module that programs know as `builtins`.
const PRELUDE: ModuleId = ModuleId(0);

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

    /// An attribute of a class.
    fn class_get(&mut self, id: ObjId, name: NameId) -> Result<Attr, Raise> {
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

    /// An attribute of a module: a global, or one set from outside.
    pub(crate) fn module_get(&mut self, module: ModuleId, name: NameId) -> Result<Attr, Raise> {
        if let Some(value) = self.module_attr(module, name) {
            return Ok(Attr::Value(value));
        }
        match name {
            names::DICT => return Ok(Attr::Value(self.image.namespaces[module.index()])),
            names::CLASS => return Ok(Attr::Value(Value::Obj(Ty::Module.id()))),
            names::NAME => {
                let text = self.module_name(module);
                return Ok(Attr::Value(self.str(&*text)));
            }
            names::FILE => {
                let text = self.image.program.modules[module.index()].path.clone();
                return Ok(Attr::Value(self.str(&*text)));
            }
            names::PACKAGE => {
                if module.0 == self.image.program.main {
                    return Ok(Attr::Value(Value::None));
                }
                let image = std::sync::Arc::clone(&self.image);
                let module = &image.program.modules[module.index()];
                let package = if module.package {
                    &*module.name
                } else {
                    let parent = module.name.rsplit_once('.');
                    parent.map_or("", |(package, _)| package)
                };
                return Ok(Attr::Value(self.str(package)));
            }
            names::DOC => {
                let code = self.image.program.modules[module.index()].code;
                let doc = self.image.program.code(code).doc.clone();
                return Ok(Attr::Value(doc.map_or(Value::None, |d| self.str(&*d))));
            }
            _ => {}
        }
        if let Some(getattr) = self.module_attr(module, names::GETATTR) {
            let text = self.name_value(name);
            return Ok(Attr::Call(getattr, vec![text]));
        }
        Ok(Attr::Missing)
    }

    /// The slot of a module's global variable.
    pub(crate) fn global_slot(&self, module: ModuleId, name: NameId) -> Option<u32> {
        let base = self.image.global_base[module.index()];
        let count = self.image.program.modules[module.index()].globals.len() as u32;
        (base..base + count).find(|&g| self.image.global_names[g as usize] == name)
    }

    /// A module's attribute, if it has it.
    pub(crate) fn module_attr(&self, module: ModuleId, name: NameId) -> Option<Value> {
        if module == PRELUDE
            && let Some(value) = self.builtin(name)
        {
            return Some(value);
        }
        match self.global_slot(module, name) {
            Some(slot) => Some(self.globals.get(slot).value).filter(|v| !v.is_unbound()),
            None => self.extras(module).get(&name).copied(),
        }
    }

    /// Sets a module's attribute.
    pub(crate) fn set_module_attr(&mut self, module: ModuleId, name: NameId, value: Value) {
        self.heap.publish(value);
        if module == PRELUDE && self.module_state(PRELUDE) == ModuleState::Done {
            // What the program changes in `builtins` the prelude itself does not see.
            self.header.builtins_changed = true;
            self.extras_mut(module).insert(name, value);
            return;
        }
        match self.global_slot(module, name) {
            Some(slot) => self.globals.get_mut(slot).value = value,
            None if value.is_unbound() => {
                self.extras_mut(module).shift_remove(&name);
            }
            None => {
                self.extras_mut(module).insert(name, value);
            }
        }
    }

    fn super_get(
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

    fn function_get(&mut self, object: Value, id: ObjId, name: NameId) -> Result<Attr, Raise> {
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
            names::TYPE_PARAMS => self.tuple([]),
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
    fn not_writable(&self, class: ObjId, name: NameId) -> String {
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

    /// What a data descriptor does with a store or, for an unbound value, a deletion. `None` when it is none.
    #[allow(
        clippy::type_complexity,
        reason = "maybe an answer, maybe a call that gives it"
    )]
    fn descriptor_set(
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

    fn set_own(
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

    fn set_function_attr(
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
