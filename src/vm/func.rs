//! Functions, class bodies and modules: the instructions that make and fill namespaces.

use super::attr::Attr;
use super::call::{Flow, Run};
use super::machine::{Image, Machine, ModuleState, Thread};
use super::names;
use super::native::Raise;
use super::types::Ty;
use crate::id::{ModuleId, NameId, ObjId};
use crate::program::instr::Reg;
use crate::value::Value;
use crate::value::object::{Cont, Frame, Function, Obj};

impl Machine {
    /// `def`, `lambda`, generator expressions, class bodies.
    pub(crate) fn make_function(
        &mut self,
        image: &Image,
        th: &mut Thread,
        code: u16,
        parts: Reg,
        d: Reg,
    ) {
        let frame = *th.frames.last().expect("running");
        let base = frame.base as usize;
        let outer = image.program.code(frame.code);
        let id = outer.codes[code as usize];
        let inner = image.program.code(id);
        let cells: Box<[Value]> = outer.captures[code as usize]
            .iter()
            .map(|&r| th.stack[base + r as usize])
            .collect();
        let linked = &image.linked[id.index()];
        let at = base + parts as usize;
        let function = Function {
            code: id,
            name: linked.name,
            qualname: linked.qualname,
            defaults: th.stack[at],
            kwdefaults: th.stack[at + 1],
            annotations: th.stack[at + 2],
            doc: linked.doc,
            module: linked.module,
            cells,
            attrs: Value::Unbound,
        };
        debug_assert_eq!(
            inner.free.len(),
            function.cells.len(),
            "captures match free variables"
        );
        let value = self.heap.new_value(Obj::Function(Box::new(function)));
        th.stack[base + d as usize] = value;
    }

    /// Runs a class body: a frame whose owner is the namespace.
    pub(crate) fn push_body(
        &mut self,
        th: &mut Thread,
        function: ObjId,
        namespace: Value,
        cont: Cont,
    ) -> Run {
        let at = match th.frames.last() {
            Some(frame) => {
                frame.base as usize + self.image.program.code(frame.code).registers as usize
            }
            None => 0,
        };
        self.push_function(th, function, at + 1, 0, &[], cont)?;
        th.frames.last_mut().expect("just pushed").owner = namespace;
        Ok(Flow::Reload)
    }

    /// A name in the namespace of the class body that runs.
    pub(crate) fn class_name_lookup(&mut self, th: &Thread, name: NameId) -> Option<Value> {
        let namespace = th.frames.last().expect("running").owner;
        let text = self.name_value(name);
        self.dict_lookup_str(self.unwrap(namespace).obj()?, text)
    }

    pub(crate) fn load_name(
        &mut self,
        th: &Thread,
        name: NameId,
        slot: u32,
    ) -> Result<Value, Raise> {
        if let Some(value) = self.class_name_lookup(th, name) {
            return Ok(value);
        }
        let global = self.globals.get(slot).value;
        if !global.is_unbound() {
            return Ok(global);
        }
        match self.builtin(name) {
            Some(value) => Ok(value),
            None => Err(self.name_error(name)),
        }
    }

    pub(crate) fn store_name(&mut self, th: &mut Thread, name: NameId, value: Value) -> Run {
        let namespace = th.frames.last().expect("running").owner;
        let text = self.name_value(name);
        if let Value::Obj(id) = namespace
            && matches!(self.heap.get(id), Obj::Instance(_))
        {
            // A namespace made by `__prepare__`: a class of its own.
            let function = self.prelude_function("_set_item");
            return self.call(th, function, &[namespace, text, value], &[], Cont::Discard);
        }
        if let Value::Obj(id) = namespace {
            self.dict_set_str(id, text, value);
        }
        Ok(Flow::Next)
    }

    pub(crate) fn delete_name(&mut self, th: &Thread, name: NameId) -> Result<(), Raise> {
        let namespace = th.frames.last().expect("running").owner;
        let text = self.name_value(name);
        match namespace
            .obj()
            .and_then(|id| self.dict_remove_str(id, text))
        {
            Some(_) => Ok(()),
            None => Err(self.name_error(name)),
        }
    }

    /// Sets a `str` key of a dict object.
    pub(crate) fn dict_set_str(&mut self, dict: ObjId, key: Value, value: Value) {
        let _ = self.dict_set(dict, key, value);
    }

    /// Removes a `str` key of a dict object.
    pub(crate) fn dict_remove_str(&mut self, dict: ObjId, key: Value) -> Option<Value> {
        self.dict_remove(dict, key)
            .ok()
            .flatten()
            .map(|(_, value)| value)
    }

    /// Puts a pair into a table that is no object yet.
    ///
    /// # Errors
    /// `Some` for an unhashable key, `None` when the key's hash or equality is user code.
    pub(crate) fn dict_put(
        &mut self,
        table: &mut crate::value::dict::Dict,
        key: Value,
        value: Value,
    ) -> Result<(), Option<Raise>> {
        use super::protocol::keyed::Lookup;
        let lookup = self.key_hash(key).and_then(|hash| {
            self.dict_find(table, hash, key)
                .map(|at| (hash, at))
                .ok_or(Lookup::Python)
        });
        match lookup {
            Ok((_, Some(at))) => {
                table.set_at(at, value);
                Ok(())
            }
            Ok((hash, None)) => {
                table.push(hash, key, value);
                Ok(())
            }
            Err(Lookup::Python) => Err(None),
            Err(Lookup::Unhashable(value)) => Err(Some(self.unhashable(value))),
        }
    }

    /// `locals()` in a function: a dict of what is assigned now.
    pub(crate) fn locals_of(&mut self, th: &mut Thread, cont: Cont) -> Run {
        let image = std::sync::Arc::clone(&self.image);
        let user = th
            .frames
            .iter()
            .rev()
            .find(|f| !image.linked[f.code.index()].bundled)
            .copied();
        let mut table = crate::value::dict::Dict::default();
        if let Some(frame) = user {
            let code = image.program.code(frame.code);
            let free = code.free.iter().map(|(r, name)| (*r as usize, name));
            let own = code
                .locals
                .iter()
                .enumerate()
                .filter_map(|(r, name)| Some((r, name.as_ref()?)));
            for (register, name) in own.chain(free) {
                let mut value = th.stack[frame.base as usize + register];
                if let Value::Obj(id) = value
                    && let Obj::Cell(content) = self.heap.get(id)
                {
                    value = *content;
                }
                if value.is_unbound() || name.starts_with('.') || &**name == "__class__" {
                    continue;
                }
                let key = self.str(&**name);
                let _ = self.dict_put(&mut table, key, value);
            }
        }
        let dict = self.dict(table);
        self.deliver(th, dict, cont)
    }

    /// `super()` where the compiler did not see it: by the `__class__` cell of the innermost frame that is the program's own.
    pub(crate) fn super_of(&mut self, th: &mut Thread, cont: Cont) -> Run {
        let image = std::sync::Arc::clone(&self.image);
        let frame = *th.frames.last().expect("somebody calls");
        let code = image.program.code(frame.code);
        if code.params.positional == 0 {
            return Err(self.raise(Ty::RuntimeError, "super(): no arguments"));
        }
        let content = |value: Value| match value.obj().map(|id| self.heap.get(id)) {
            Some(Obj::Cell(content)) => *content,
            _ => value,
        };
        let this = content(th.stack[frame.base as usize]);
        if this.is_unbound() {
            return Err(self.raise(Ty::RuntimeError, "super(): arg[0] deleted"));
        }
        let Some((register, _)) = code.free.iter().find(|(_, name)| &**name == "__class__") else {
            return Err(self.raise(Ty::RuntimeError, "super(): __class__ cell not found"));
        };
        let Value::Obj(class) = content(th.stack[frame.base as usize + *register as usize]) else {
            return Err(self.raise(Ty::RuntimeError, "super(): empty __class__ cell"));
        };
        let made = self.make_super(class, this)?;
        self.deliver(th, made, cont)
    }

    // ---- calls with unpacked arguments ---------------------------------------------------------------------------------

    /// `f(*args, **kwargs)`.
    pub(crate) fn call_ex(&mut self, th: &mut Thread, f: Reg, d: Reg) -> Run {
        let at = th.frames.last().expect("running").base as usize + f as usize;
        let (callee, args, keywords) = (th.stack[at], th.stack[at + 1], th.stack[at + 2]);
        let mut all = self
            .as_items(args)
            .map(<[Value]>::to_vec)
            .unwrap_or_default();
        let mut named = Vec::new();
        if let Some(table) = self.as_dict(keywords) {
            let pairs: Vec<(Value, Value)> = table.iter().map(|e| (e.key, e.value)).collect();
            for (key, value) in pairs {
                let Some(text) = self.as_str(key) else {
                    return Err(self.type_error("keywords must be strings"));
                };
                let text = text.to_string();
                named.push(self.intern(&text));
                all.push(value);
            }
        }
        self.call(th, callee, &all, &named, Cont::Reg(d))
    }

    // ---- modules -------------------------------------------------------------------------------------------------------

    /// An import statement: runs the modules that have not run, parents first, then binds.
    pub(crate) fn import(&mut self, image: &Image, th: &mut Thread, i: u16, d: Reg) -> Run {
        let frame = *th.frames.last().expect("running");
        let module = image.program.module_of(frame.code);
        let import = &module.imports[i as usize];
        if import.modules.is_empty() {
            return Err(self.no_module(&import.name));
        }
        for (n, &id) in import.modules.iter().enumerate() {
            if self.start_module(image, th, id, n.checked_sub(1).map(|p| import.modules[p]))? {
                return Ok(Flow::Reload);
            }
        }
        let bound = import.modules[import.bound as usize];
        th.stack[frame.base as usize + d as usize] =
            Value::Obj(image.module_objects[bound.index()]);
        Ok(Flow::Next)
    }

    #[cold]
    fn no_module(&mut self, name: &str) -> Raise {
        // The compiler puts the message here when a relative import leads nowhere.
        if name.contains(' ') {
            return self.raise(Ty::ImportError, name);
        }
        let parent = name.rsplit_once('.').map(|(parent, _)| parent);
        let package = parent.is_none_or(|parent| {
            let program = &self.image.program;
            (program.by_name.get(parent)).is_none_or(|id| program.modules[id.index()].package)
        });
        let message = self.str(match parent {
            Some(parent) if !package => {
                format!("No module named '{name}'; '{parent}' is not a package")
            }
            _ => format!("No module named '{name}'"),
        });
        let raised = self.raise_with(Ty::ModuleNotFoundError, &[message]);
        let text = self.str(name);
        self.set_instance_attr(raised.0, names::NAME_ATTR, text);
        raised
    }

    /// Pushes a module's top level if it has not run; the instruction is executed again afterwards.
    fn start_module(
        &mut self,
        image: &Image,
        th: &mut Thread,
        id: ModuleId,
        parent: Option<ModuleId>,
    ) -> Result<bool, Raise> {
        if self.module_state(id) != ModuleState::New {
            return Ok(false);
        }
        self.set_module_state(id, ModuleState::Running(self.current));
        if let Some(parent) = parent {
            self.bind_submodule(image, parent, id);
        }
        th.frames.last_mut().expect("running").pc -= 1;
        self.push_module(image, th, id, Cont::Module);
        Ok(true)
    }

    /// Makes a module an attribute of its package.
    pub(crate) fn bind_submodule(&mut self, image: &Image, package: ModuleId, id: ModuleId) {
        let name = &image.program.modules[id.index()].name;
        let leaf = name.rsplit('.').next().unwrap_or(name).to_string();
        let leaf = self.intern(&leaf);
        self.set_module_attr(package, leaf, Value::Obj(image.module_objects[id.index()]));
    }

    /// Pushes a frame for a module's top level.
    pub(crate) fn push_module(&mut self, image: &Image, th: &mut Thread, id: ModuleId, cont: Cont) {
        let code = image.program.modules[id.index()].code;
        let base = match th.frames.last() {
            Some(frame) => {
                frame.base as usize + image.program.code(frame.code).registers as usize + 1
            }
            None => 0,
        };
        let end = base + image.program.code(code).registers as usize;
        if th.stack.len() < end {
            th.stack.resize(end, Value::Unbound);
        }
        th.stack[base..end].fill(Value::Unbound);
        self.fill_module(image, id);
        th.frames.push(Frame {
            code,
            pc: 0,
            base: base as u32,
            cont,
            owner: Value::Obj(image.module_objects[id.index()]),
            handled: Value::None,
        });
    }

    /// Sets `__name__`, `__file__` and `__doc__` if the module mentions them.
    fn fill_module(&mut self, image: &Image, id: ModuleId) {
        let module = &image.program.modules[id.index()];
        let doc = image.program.code(module.code).doc.clone();
        for (i, name) in module.globals.iter().enumerate() {
            let text = match &**name {
                "__name__" => Some(self.module_name(id)),
                "__file__" => Some(module.path.clone()),
                "__package__" => {
                    let package = if module.package {
                        module.name.clone()
                    } else {
                        module.name.rsplit_once('.').map_or("", |(p, _)| p).into()
                    };
                    Some(package)
                }
                "__doc__" => doc.clone(),
                _ => continue,
            };
            let value = match text {
                Some(text) => self.str(&*text),
                None => Value::None,
            };
            self.heap.publish(value);
            let slot = image.global_base[id.index()] + i as u32;
            self.globals.get_mut(slot).value = value;
        }
    }

    /// A module's top level ended well.
    pub(crate) fn module_done(&mut self, frame: Frame) {
        let module = self.image.program.code(frame.code).module;
        self.set_module_state(module, ModuleState::Done);
    }

    /// `from m import n`.
    pub(crate) fn import_from(
        &mut self,
        image: &Image,
        th: &mut Thread,
        m: Reg,
        n: u16,
        d: Reg,
    ) -> Run {
        let frame = *th.frames.last().expect("running");
        let object = th.stack[frame.base as usize + m as usize];
        let name = image.linked[frame.code.index()].names[n as usize];
        let Value::Obj(id) = object else {
            return Err(self.type_error("import from what is no module"));
        };
        let Obj::Module(module) = *self.heap.get(id) else {
            return Err(self.type_error("import from what is no module"));
        };
        let found = match self.module_get(module, name)? {
            Attr::Value(value) => Some(value),
            Attr::Call(function, args) => return self.call(th, function, &args, &[], Cont::Reg(d)),
            Attr::Missing => None,
        };
        if let Some(value) = found {
            th.stack[frame.base as usize + d as usize] = value;
            return Ok(Flow::Next);
        }
        let text = self.names.text(name).to_string();
        let dotted = format!("{}.{text}", image.program.modules[module.index()].name);
        if let Some(&sub) = image.program.by_name.get(dotted.as_str()) {
            if self.start_module(image, th, sub, Some(module))? {
                return Ok(Flow::Reload);
            }
            th.stack[frame.base as usize + d as usize] =
                Value::Obj(image.module_objects[sub.index()]);
            return Ok(Flow::Next);
        }
        let info = &image.program.modules[module.index()];
        let partially = matches!(self.module_state(module), ModuleState::Running(_));
        let message = if partially {
            format!(
                "cannot import name '{text}' from partially initialized module '{}' (most likely due to a circular import) ({})",
                info.name, info.path
            )
        } else if info.bundled {
            format!(
                "cannot import name '{text}' from '{}' (raddle's bundled module; this name is not supported)",
                info.name
            )
        } else {
            format!(
                "cannot import name '{text}' from '{}' ({})",
                info.name, info.path
            )
        };
        let raised = self.raise(Ty::ImportError, message);
        let text = self.name_value(name);
        let from = self.str(&*info.name);
        let name_from = self.intern("name_from");
        self.set_instance_attr(raised.0, names::NAME_ATTR, from);
        self.set_instance_attr(raised.0, name_from, text);
        Err(raised)
    }

    /// `from m import *`.
    pub(crate) fn import_star(&mut self, image: &Image, th: &mut Thread, m: Reg) -> Run {
        let frame = *th.frames.last().expect("running");
        let object = th.stack[frame.base as usize + m as usize];
        let Value::Obj(id) = object else {
            return Err(self.type_error("import from what is no module"));
        };
        let Obj::Module(from) = *self.heap.get(id) else {
            return Err(self.type_error("import from what is no module"));
        };
        let into = image.program.code(frame.code).module;
        let mut pairs: Vec<(NameId, Value)> = Vec::new();
        if let Some(all) = self.module_attr(from, names::ALL) {
            let items = self
                .as_items(all)
                .map(<[Value]>::to_vec)
                .unwrap_or_default();
            for item in items {
                let text = self.as_str(item).unwrap_or_default().to_string();
                let name = self.intern(&text);
                match self.module_attr(from, name) {
                    Some(value) => pairs.push((name, value)),
                    None => {
                        let dotted = format!("{}.{text}", image.program.modules[from.index()].name);
                        if let Some(&sub) = image.program.by_name.get(dotted.as_str()) {
                            if self.start_module(image, th, sub, Some(from))? {
                                return Ok(Flow::Reload);
                            }
                            pairs.push((name, Value::Obj(image.module_objects[sub.index()])));
                            continue;
                        }
                        return Err(self.missing_attr(object, name));
                    }
                }
            }
        } else {
            let base = image.global_base[from.index()];
            for i in 0..image.program.modules[from.index()].globals.len() as u32 {
                let name = image.global_names[(base + i) as usize];
                let value = self.globals.get(base + i).value;
                if !value.is_unbound() && !self.names.text(name).starts_with('_') {
                    pairs.push((name, value));
                }
            }
            let extras: Vec<(NameId, Value)> =
                self.extras(from).iter().map(|(&n, &v)| (n, v)).collect();
            pairs.extend(
                extras
                    .into_iter()
                    .filter(|(n, _)| !self.names.text(*n).starts_with('_')),
            );
        }
        for (name, value) in pairs {
            self.set_module_attr(into, name, value);
        }
        Ok(Flow::Next)
    }
}
