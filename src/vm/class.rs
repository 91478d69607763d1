//! Making and changing classes.
//!
//! The order of a class statement (metaclass, `__prepare__`, body, `__set_name__`, `__init_subclass__`) is the prelude's
//! `_build_class`; here is what needs the machine: linearisation, layout, flags, invalidation.

use super::machine::Machine;
use super::names;
use super::native::Raise;
use super::types::Ty;
use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::object::{Class, ClassFlags, Layout, NameMap, NativeId, Obj};
use crate::value::shape::ShapeId;

impl Machine {
    /// `type.__new__`: a class from its parts. The namespace's items are in `dict`.
    ///
    /// # Errors
    /// `TypeError` when the bases do not go together.
    pub(crate) fn new_class(
        &mut self,
        meta: ObjId,
        name: NameId,
        bases: Vec<ObjId>,
        mut dict: NameMap,
    ) -> Result<ObjId, Raise> {
        let mut layout = Layout::Plain;
        for &base in &bases {
            let Obj::Class(class) = self.heap.get(base) else {
                unreachable!("caller checked")
            };
            if class.builtin && !self.may_be_base(base) {
                let name = Ty::ALL[base.0 as usize].1;
                let message = format!("type '{name}' is not an acceptable base type");
                return Err(self.type_error(message));
            }
            match (layout, class.layout) {
                (_, Layout::Plain) => {}
                (Layout::Plain, inner) => layout = inner,
                (a, b) if a == b => {}
                _ => return Err(self.type_error("multiple bases have instance lay-out conflict")),
            }
        }
        let mut slotted = bases.iter().all(
            |&b| matches!(self.heap.get(b), Obj::Class(c) if c.slotted || b == Ty::Object.id()),
        );
        match dict.get(&names::SLOTS).copied() {
            Some(slots) => {
                let mut slot_names = Vec::new();
                if let Some(text) = self.as_str(slots) {
                    slot_names.push(text.to_string());
                } else if let Some(items) = self.as_items(slots) {
                    let items = items.to_vec();
                    for item in items {
                        slot_names.push(self.as_str(item).unwrap_or_default().to_string());
                    }
                } else if let Some(table) = self.as_dict(slots) {
                    let keys: Vec<Value> = table.iter().map(|e| e.key).collect();
                    slot_names.extend(
                        keys.into_iter()
                            .filter_map(|k| self.as_str(k).map(str::to_string)),
                    );
                }
                let sized = [Ty::Int, Ty::Tuple, Ty::Bytes];
                if !slot_names.is_empty()
                    && let Layout::Inner(base) = layout
                    && sized.iter().any(|ty| ty.id() == base)
                {
                    let base = self.class_name(bases[0]);
                    let message =
                        format!("nonempty __slots__ not supported for subtype of '{base}'");
                    return Err(self.type_error(message));
                }
                for slot in slot_names {
                    if slot == "__dict__" {
                        slotted = false;
                        continue;
                    }
                    let class_name = self.names.text(name).trim_start_matches('_').to_string();
                    let mangled = if slot.starts_with("__")
                        && !slot.ends_with("__")
                        && !class_name.is_empty()
                    {
                        format!("_{class_name}{slot}")
                    } else {
                        slot
                    };
                    let id = self.intern(&mangled);
                    if dict.contains_key(&id) {
                        let message =
                            format!("'{mangled}' in __slots__ conflicts with class variable");
                        return Err(self.value_error(message));
                    }
                    let descriptor = self.heap.new_value(Obj::Slot(id));
                    dict.insert(id, descriptor);
                }
            }
            None => slotted = false,
        }
        for implicit in [names::INIT_SUBCLASS, names::CLASS_GETITEM] {
            if let Some(&Value::Obj(f)) = dict.get(&implicit)
                && matches!(self.heap.get(f), Obj::Function(_))
            {
                let wrapped = self.heap.new_value(Obj::ClassMethod(Value::Obj(f)));
                dict.insert(implicit, wrapped);
            }
        }
        if let Some(&Value::Obj(f)) = dict.get(&names::NEW)
            && matches!(self.heap.get(f), Obj::Function(_))
        {
            let wrapped = self.heap.new_value(Obj::StaticMethod(Value::Obj(f)));
            dict.insert(names::NEW, wrapped);
        }
        let qualname = match dict.shift_remove(&names::QUALNAME) {
            Some(value) => value,
            None => self.name_value(name),
        };
        let module = dict.get(&names::MODULE).copied().unwrap_or(Value::None);
        if dict.contains_key(&names::EQ) && !dict.contains_key(&names::HASH) {
            dict.insert(names::HASH, Value::None);
        }
        let root = self.next_root();
        let id = self.heap.alloc(Obj::Class(Box::new(Class {
            name,
            qualname,
            module,
            bases: bases.clone(),
            mro: Vec::new(),
            dict,
            meta,
            subclasses: Vec::new(),
            layout,
            builtin: false,
            slotted,
            flags: ClassFlags::default(),
            root,
        })));
        let mro = self.linearise(id, &bases)?;
        if let Obj::Class(class) = self.heap.get_mut(id) {
            class.mro = mro;
        }
        for base in bases {
            // Classes of raddle itself keep no list of what derives from them: it would grow by each run.
            if let Obj::Class(class) = self.heap.get(base)
                && !class.builtin
                && let Obj::Class(class) = self.heap.get_mut(base)
            {
                class.subclasses.push(id);
            }
        }
        self.refresh_flags(id);
        self.new_epoch();
        Ok(id)
    }

    /// The root shape of the next class of this run; the n-th class of any run has the same.
    pub(super) fn next_root(&mut self) -> ShapeId {
        let n = self.header.classes as usize;
        self.header.classes += 1;
        if n == self.class_roots.len() {
            let root = self.shapes.root();
            self.class_roots.push(root);
        }
        self.class_roots[n]
    }

    /// Forgets what instructions remember of classes.
    pub(crate) fn new_epoch(&mut self) {
        self.last_epoch += 1;
        self.epoch = self.last_epoch;
    }

    fn may_be_base(&self, id: ObjId) -> bool {
        const FINAL: &[Ty] = &[
            Ty::NoneType,
            Ty::NotImplementedType,
            Ty::Ellipsis,
            Ty::Bool,
            Ty::Range,
            Ty::Slice,
            Ty::Cell,
            Ty::Function,
            Ty::Method,
            Ty::Native,
            Ty::MethodWrapper,
            Ty::MethodDescriptor,
            Ty::WrapperDescriptor,
            Ty::Generator,
            Ty::MappingProxy,
            Ty::Lock,
            Ty::RLock,
            Ty::Code,
            Ty::Traceback,
        ];
        !FINAL.iter().any(|t| t.id() == id)
    }

    /// C3 linearisation. Source: "A Monotonic Superclass Linearization for Dylan", Barrett et al. 1996; `Objects/typeobject.c`.
    fn linearise(&mut self, id: ObjId, bases: &[ObjId]) -> Result<Vec<ObjId>, Raise> {
        let mut sequences: Vec<Vec<ObjId>> = bases
            .iter()
            .map(|&b| match self.heap.get(b) {
                Obj::Class(c) => c.mro.clone(),
                _ => Vec::new(),
            })
            .collect();
        for (i, base) in bases.iter().enumerate() {
            if bases[..i].contains(base) {
                let message = format!("duplicate base class {}", self.class_name(*base));
                return Err(self.type_error(message));
            }
        }
        sequences.push(bases.to_vec());
        let mut mro = vec![id];
        loop {
            sequences.retain(|s| !s.is_empty());
            if sequences.is_empty() {
                return Ok(mro);
            }
            let head = sequences
                .iter()
                .map(|s| s[0])
                .find(|head| !sequences.iter().any(|s| s[1..].contains(head)));
            let Some(head) = head else {
                let mut heads: Vec<ObjId> = Vec::new();
                for s in &sequences {
                    if !heads.contains(&s[0]) {
                        heads.push(s[0]);
                    }
                }
                let listed: Vec<&str> = heads.iter().map(|&h| self.class_name(h)).collect();
                let message = format!(
                    "Cannot create a consistent method resolution order (MRO) for bases {}",
                    listed.join(", ")
                );
                return Err(self.type_error(message));
            };
            mro.push(head);
            for s in &mut sequences {
                if s[0] == head {
                    s.remove(0);
                }
            }
        }
    }

    /// Finds out again which special methods a class has.
    pub(crate) fn refresh_flags(&mut self, id: ObjId) {
        let user = |m: &Machine, name: NameId| match m.lookup(id, name) {
            Some(Value::Obj(f)) => match m.heap.get(f) {
                Obj::Native(_) => false,
                Obj::StaticMethod(Value::Obj(inner)) => {
                    !matches!(m.heap.get(*inner), Obj::Native(_))
                }
                _ => true,
            },
            _ => false,
        };
        let hash_none = matches!(self.lookup(id, names::HASH), Some(Value::None));
        let abstract_methods =
            self.names
                .find("__abstractmethods__")
                .and_then(|n| match self.heap.get(id) {
                    Obj::Class(c) => c.dict.get(&n).copied(),
                    _ => None,
                });
        let flags = ClassFlags {
            getattribute: user(self, names::GETATTRIBUTE),
            getattr: user(self, names::GETATTR),
            setattr: user(self, names::SETATTR),
            delattr: user(self, names::DELATTR),
            eq: user(self, names::EQ),
            hash: !hash_none && user(self, names::HASH),
            unhashable: hash_none,
            text: user(self, names::REPR) || user(self, names::STR) || user(self, names::FORMAT),
            truth: user(self, names::BOOL) || user(self, names::LEN),
            data_descriptors: false,
            new: user(self, names::NEW),
            is_abstract: abstract_methods
                .is_some_and(|v| self.as_set(v).is_some_and(|s| !s.is_empty())),
        };
        if let Obj::Class(class) = self.heap.get_mut(id) {
            class.flags = flags;
        }
    }

    /// Sets or deletes (unbound) a class attribute.
    ///
    /// # Errors
    /// `TypeError` for classes of raddle itself, `AttributeError` for what is not there.
    pub(crate) fn set_class_attr(
        &mut self,
        id: ObjId,
        name: NameId,
        value: Value,
    ) -> Result<(), Raise> {
        let Obj::Class(class) = self.heap.get(id) else {
            unreachable!("caller looked")
        };
        if class.builtin {
            let message = format!(
                "cannot set '{}' attribute of immutable type '{}'",
                self.names.text(name),
                self.names.text(class.name)
            );
            return Err(self.type_error(message));
        }
        let old = class.dict.get(&name).copied();
        self.heap.publish_into(id, value);
        let plain = |m: &Machine, v: Value| match v {
            Value::Obj(o) => matches!(
                m.heap.get(o),
                Obj::Str(_)
                    | Obj::Tuple(_)
                    | Obj::List(_)
                    | Obj::Dict(_)
                    | Obj::Set(_)
                    | Obj::BigInt(_)
                    | Obj::Bytes(_)
                    | Obj::Sync(_)
            ),
            Value::Unbound => false,
            _ => true,
        };
        let quiet =
            !value.is_unbound() && old.is_some_and(|o| plain(self, o)) && plain(self, value);
        if value.is_unbound() && old.is_none() {
            return Err(self.missing_attr(Value::Obj(id), name));
        }
        let Obj::Class(class) = self.heap.get_mut(id) else {
            unreachable!("looked above")
        };
        match name {
            names::QUALNAME => class.qualname = value,
            names::NAME => {
                if let Some(text) = self.as_str(value) {
                    let text = text.to_string();
                    let name = self.intern(&text);
                    if let Obj::Class(class) = self.heap.get_mut(id) {
                        class.name = name;
                    }
                }
            }
            names::MODULE => {
                class.module = value;
                class.dict.insert(name, value);
            }
            _ if value.is_unbound() => {
                class.dict.shift_remove(&name);
            }
            _ => {
                class.dict.insert(name, value);
            }
        }
        if !quiet {
            let mut todo = vec![id];
            while let Some(class) = todo.pop() {
                self.refresh_flags(class);
                if let Obj::Class(class) = self.heap.get(class) {
                    todo.extend(&class.subclasses);
                }
            }
            self.new_epoch();
        }
        Ok(())
    }

    /// The function object of a native.
    pub(crate) fn native_values(&self, id: NativeId) -> Value {
        self.native_objects[id.0 as usize]
    }
}
