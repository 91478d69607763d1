//! Linking a program: its constants, globals and codes.

use crate::id::{CodeId, ModuleId, NameId};
use crate::program::instr::Instr;
use crate::program::{Code, CodeKind, Const, Program, forward};
use crate::value::Value;
use crate::value::object::{NameMap, Obj, Str};
use crate::value::set::Set;
use crate::vm::machine::{CALLERS, Global, Image, Linked, Machine, ModuleState, ThreadHooks};
use crate::vm::protocol::hash::hash_str;
use crate::vm::registry;
use crate::vm::types::Ty;
use std::sync::Arc;

/// Bundled modules of functions that work on what containers hold, whole and at once.
const LOOKING: &[&str] = &[
    "bisect",
    "collections",
    "copy",
    "functools",
    "heapq",
    "itertools",
    "json",
    "math",
    "operator",
    "random",
    "statistics",
    "string",
    "textwrap",
];

impl Machine {
    fn constant(&mut self, constant: &Const) -> Value {
        match constant {
            Const::None => Value::None,
            Const::Bool(b) => Value::Bool(*b),
            Const::Ellipsis => Value::Ellipsis,
            Const::Int(n) => Value::Int(*n),
            Const::BigInt(n) => self.int(n.clone()),
            Const::Float(x) => Value::Float(*x),
            Const::Str(text) => self.interned(text),
            Const::Bytes(bytes) => self.bytes(&bytes[..]),
            Const::Tuple(items) => {
                let items: Vec<Value> = items.iter().map(|c| self.constant(c)).collect();
                self.tuple(items)
            }
            Const::FrozenSet(items) => {
                let items: Vec<Value> = items.iter().map(|c| self.constant(c)).collect();
                // CPython makes it, and makes it again from what that holds when it stores it with the other constants.
                let made = self.constant_table(&items);
                let items: Vec<Value> = made.iter().map(|(_, item)| item).collect();
                let table = self.constant_table(&items);
                self.heap.new_value(Obj::FrozenSet(Box::new(table)))
            }
        }
    }

    fn constant_table(&self, items: &[Value]) -> Set {
        let mut table = Set::default();
        for &item in items {
            let added = self
                .key_hash(item)
                .and_then(|hash| self.table_add(&mut table, hash, item));
            debug_assert!(added.is_ok(), "constants have hashes of their own");
        }
        table
    }

    /// The one `str` object of a text that stands in the program.
    fn interned(&mut self, text: &str) -> Value {
        let name = self.names.intern(text);
        self.kept_name(name)
    }

    /// The one `str` object of an identifier.
    fn kept_name(&mut self, name: NameId) -> Value {
        if self.name_values.len() <= name.index() {
            self.name_values.resize(name.index() + 1, Value::Unbound);
        }
        if self.name_values[name.index()].is_unbound() {
            let text = self.names.text(name);
            let mut object = Str::new(text);
            object.hash = hash_str(text);
            self.name_values[name.index()] = self.heap.new_value(Obj::Str(object));
        }
        self.name_values[name.index()]
    }

    pub(super) fn link(&mut self, program: Program) {
        let mut image = Image::default();
        // Each code object, the function made of it, and its names and texts, of which it shares most with others.
        self.heap.reserve(8 * program.codes.len());
        image.linked.reserve(program.codes.len());
        for (i, module) in program.modules.iter().enumerate() {
            image.global_base.push(image.global_names.len() as u32);
            for name in &module.globals {
                let name = self.names.intern(name);
                image.global_names.push(name);
                self.globals.insert(Global::default());
            }
            let object = self.heap.alloc(Obj::Module(ModuleId(i as u32)));
            image.module_objects.push(object);
            let namespace = self.heap.new_value(Obj::Namespace(Value::Obj(object)));
            image.namespaces.push(namespace);
            self.modules.insert(ModuleState::New);
            self.module_extras.insert(NameMap::default());
        }
        image.callers = CALLERS.map(|(module, variables)| {
            let id = *program.by_name.get(module)?;
            let globals = &program.modules[id.index()].globals;
            let slot = |name| globals.iter().position(|global| &**global == name);
            let [list, function] = variables.map(slot);
            let base = image.global_base[id.index()];
            Some([base + list? as u32, base + function? as u32])
        });
        image.threads = program.by_name.get("threading").and_then(|id| {
            let globals = &program.modules[id.index()].globals;
            let base = image.global_base[id.index()];
            let slot = |name| globals.iter().position(|global| &**global == name);
            let run = |code: &Code| code.module == *id && &*code.qualname == "Thread.run";
            Some(ThreadHooks {
                run: CodeId(program.codes.iter().position(run)? as u32),
                bootstrap: base + slot("_bootstrap")? as u32,
                after_run: base + slot("_after_run")? as u32,
            })
        });
        let mut caches = 0;
        for (i, code) in program.codes.iter().enumerate() {
            let module = &program.modules[code.module.index()];
            let linked_names: Vec<NameId> =
                code.names.iter().map(|n| self.names.intern(n)).collect();
            let keywords = code
                .consts
                .iter()
                .map(|c| match c {
                    Const::Tuple(items) => items
                        .iter()
                        .filter_map(|c| match c {
                            Const::Str(text) => Some(self.names.intern(text)),
                            _ => None,
                        })
                        .collect(),
                    _ => Box::default(),
                })
                .collect();
            let consts = code.consts.iter().map(|c| self.constant(c)).collect();
            let params = code
                .params
                .names
                .iter()
                .map(|n| self.names.intern(n))
                .collect();
            let simple = code.kind == CodeKind::Function
                && code.params.keyword_only == 0
                && !code.params.star
                && !code.params.star_star;
            // Globals of the program's own modules change.
            let forwards = (module.bundled && simple)
                .then(|| forward::forwards(code))
                .flatten();
            image.linked.push(Linked {
                names: linked_names.into(),
                consts,
                keywords,
                params,
                globals: image.global_base[code.module.index()],
                caches,
                name: self.interned(&code.name),
                qualname: self.interned(&code.qualname),
                doc: match &code.doc {
                    Some(doc) => self.interned(doc),
                    None => Value::None,
                },
                module: self.interned(&module.name),
                object: self.heap.new_value(Obj::Code(CodeId(i as u32))),
                bundled: module.bundled,
                looks: module.bundled && LOOKING.contains(&&*module.name),
                simple,
                quick: simple && forwards.is_none(),
                forwards,
            });
            caches += code.instrs.len() as u32;
        }
        self.caches.resize(caches as usize, Default::default());
        if let Some(&natives) = program.by_name.get("_raddle") {
            for entry in registry::raddle_functions() {
                let name = self.names.intern(entry.0);
                let value = self.add_native(entry);
                self.module_extras.get_mut(natives.0).insert(name, value);
            }
            for &(ty, full, _) in Ty::ALL {
                let name = full.rsplit_once('.').map_or(full, |(_, n)| n);
                let name = self.names.intern(name);
                self.module_extras
                    .get_mut(natives.0)
                    .entry(name)
                    .or_insert(Value::Obj(ty.id()));
            }
            *self.modules.get_mut(natives.0) = ModuleState::Done;
        }
        for id in 0..self.names.len() {
            self.kept_name(NameId(id as u32));
        }
        self.mark_private(
            &program,
            image.global_base.get(program.main as usize).copied(),
        );
        image.program = program;
        self.image = Arc::new(image);
        self.images.push(Arc::clone(&self.image));
    }

    /// Marks the main module's globals that only its top level names. Other modules and reflection could reach any.
    fn mark_private(&mut self, program: &Program, base: Option<u32>) {
        const REFLECTION: &[&str] = &["globals", "vars", "locals", "dir", "getattr", "setattr"];
        let Some(base) = base else { return };
        let main = &program.modules[program.main as usize];
        let reflects = program.modules.iter().filter(|m| !m.bundled).any(|m| {
            m.globals.iter().any(|n| REFLECTION.contains(&&**n))
                || m.imports.iter().any(|i| &*i.name == "__main__")
        });
        if reflects {
            return;
        }
        let mut private = vec![true; main.globals.len()];
        for (i, code) in program.codes.iter().enumerate() {
            if code.module.0 != program.main || main.code.index() == i {
                continue;
            }
            for instr in &code.instrs {
                if let Instr::LoadGlobal { g, .. }
                | Instr::StoreGlobal { g, .. }
                | Instr::StoreGlobalLast { g, .. }
                | Instr::DelGlobal { g }
                | Instr::LoadName { g, .. } = *instr
                {
                    private[g as usize] = false;
                }
            }
        }
        for (i, private) in private.into_iter().enumerate() {
            let global = self.globals.get_mut(base + i as u32);
            global.private = private;
            global.last = private;
        }
    }
}
