//! Attributes of modules: their globals, and what was added from outside.

use crate::id::{ModuleId, NameId};
use crate::value::Value;
use crate::vm::attr::Attr;
use crate::vm::machine::{Machine, ModuleState};
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::types::Ty;

/// The module that programs know as `builtins`.
const PRELUDE: ModuleId = ModuleId(0);

impl Machine {
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
        let count = self.image.program.modules[module.index()].globals.len();
        let names = &self.image.global_names[base as usize..][..count];
        let at = names.iter().position(|other| *other == name)?;
        Some(base + at as u32)
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
}
