//! `repr` of objects that are no data: functions, classes, modules, iterators, locks.

use super::text::{Writer, Written};
use crate::id::{ModuleId, ObjId};
use crate::value::Value;
use crate::value::object::{Obj, Sync, SyncType};
use crate::vm::machine::Machine;
use crate::vm::stdlib::condition::given_lock;
use num_traits::One;
use std::fmt::Write;

/// `threading.get_ident()` of main; the others follow (as `_FIRST_IDENT` in `vm/py/threading.py`).
const FIRST_IDENT: u32 = 1;

impl Machine {
    /// `<module.Class object at 0x…>`: what `object.__repr__` writes.
    pub(super) fn object_repr(&mut self, v: Value) -> String {
        let class = self.class_of(v);
        let name = self.class_text(class);
        format!("<{name} object at {:#x}>", self.address(v))
    }

    /// `module.QualName` of a class; builtin ones go without module.
    pub fn class_text(&self, class: ObjId) -> String {
        let Obj::Class(c) = self.heap.get(class) else {
            return "?".to_owned();
        };
        let name = self
            .as_str(c.qualname)
            .unwrap_or_else(|| self.names.text(c.name));
        match self.as_str(c.module) {
            Some(module) if module != "builtins" => format!("{module}.{name}"),
            _ => name.to_owned(),
        }
    }

    fn text_of(&self, v: Value) -> String {
        self.as_str(v).unwrap_or("?").to_owned()
    }

    /// Writes an object that is no data.
    pub(super) fn write_object(&mut self, v: Value, id: ObjId, w: &mut Writer) -> Written {
        let text = match self.heap.get(id) {
            Obj::Function(f) => {
                let name = self.text_of(f.qualname);
                format!("<function {name} at {:#x}>", self.address(v))
            }
            Obj::BoundMethod { function, this } => return self.write_method(*function, *this, w),
            Obj::Native(native) => {
                let def = &self.natives[native.0 as usize];
                match (def.owner, def.name) {
                    ("", name) => format!("<built-in function {name}>"),
                    (owner, name) if name.starts_with("__") => {
                        format!("<slot wrapper '{name}' of '{owner}' objects>")
                    }
                    (owner, name) => format!("<method '{name}' of '{owner}' objects>"),
                }
            }
            Obj::Class(_) => format!("<class '{}'>", self.class_text(id)),
            Obj::Module(module) => self.module_text(*module),
            Obj::Generator(generator) => {
                let name = match self.object(generator.function) {
                    Some(Obj::Function(f)) => self.text_of(f.qualname),
                    _ => self
                        .image
                        .program
                        .code(generator.frame.code)
                        .qualname
                        .to_string(),
                };
                format!("<generator object {name} at {:#x}>", self.address(v))
            }
            Obj::Range(range) => match range.step {
                1 => format!("range({}, {})", range.start, range.stop),
                step => format!("range({}, {}, {step})", range.start, range.stop),
            },
            Obj::HugeRange(range) => match range.step.is_one() {
                true => format!("range({}, {})", range.start, range.stop),
                false => format!("range({}, {}, {})", range.start, range.stop, range.step),
            },
            Obj::StaticMethod(inner) => return self.write_wrapped("staticmethod", *inner, w),
            Obj::ClassMethod(inner) => return self.write_wrapped("classmethod", *inner, w),
            Obj::Super { after, class, .. } => {
                let (after, class) = (self.class_name(*after).to_owned(), self.class_name(*class));
                format!("<super: <class '{after}'>, <{class} object>>")
            }
            Obj::Slot(name) => format!("<member '{}'>", self.names.text(*name)),
            Obj::Getter { get, .. } => {
                let def = &self.natives[get.0 as usize];
                format!("<attribute '{}' of '{}' objects>", def.name, def.owner)
            }
            Obj::Cell(content) => {
                let content = *content;
                let address = self.address(v);
                if content.is_unbound() {
                    format!("<cell at {address:#x}: empty>")
                } else {
                    let kind = self.type_name(content).to_owned();
                    format!(
                        "<cell at {address:#x}: {kind} object at {:#x}>",
                        self.address(content)
                    )
                }
            }
            Obj::Code(code) => {
                let (name, line) = {
                    let code = self.image.program.code(*code);
                    (code.name.to_string(), code.first_line)
                };
                let path = self.image.program.module_of(*code).path.to_string();
                format!(
                    "<code object {name} at {:#x}, file \"{path}\", line {line}>",
                    self.address(v)
                )
            }
            Obj::Sync(sync) => {
                let sync = **sync;
                return self.write_sync(v, sync, w);
            }
            Obj::Namespace(of) => {
                let of = *of;
                return self.write_namespace(id, of, w);
            }
            _ => self.object_repr(v),
        };
        w.out.push_str(&text);
        Ok(true)
    }

    fn write_method(&mut self, function: Value, this: Value, w: &mut Writer) -> Written {
        if let Some(Obj::Native(native)) = self.object(function) {
            let def = self.natives[native.0 as usize];
            let name = def.name;
            let kind = if matches!(self.object(this), Some(Obj::Class(_))) {
                "type".to_owned()
            } else {
                self.type_name(this).to_owned()
            };
            let address = self.address(this);
            let _ = if def.is_slot() {
                write!(
                    w.out,
                    "<method-wrapper '{name}' of {kind} object at {address:#x}>"
                )
            } else {
                write!(
                    w.out,
                    "<built-in method {name} of {kind} object at {address:#x}>"
                )
            };
            return Ok(true);
        }
        let name = match self.object(function) {
            Some(Obj::Function(f)) => self.text_of(f.qualname),
            _ => "?".to_owned(),
        };
        let _ = write!(w.out, "<bound method {name} of ");
        Ok(self.write_repr(this, w)? && {
            w.out.push('>');
            true
        })
    }

    fn write_wrapped(&mut self, kind: &str, inner: Value, w: &mut Writer) -> Written {
        let _ = write!(w.out, "<{kind}(");
        Ok(self.write_repr(inner, w)? && {
            w.out.push_str(")>");
            true
        })
    }

    fn module_text(&self, module: ModuleId) -> String {
        let module = &self.image.program.modules[module.index()];
        if module.bundled {
            format!("<module '{}' (built-in)>", module.name)
        } else {
            format!("<module '{}' from '{}'>", module.name, module.path)
        }
    }

    fn write_namespace(&mut self, id: ObjId, of: Value, w: &mut Writer) -> Written {
        let proxy = matches!(self.object(of), Some(Obj::Class(_)));
        self.write_open(id, "{...}", w, |m, w| {
            w.out.push_str(if proxy { "mappingproxy({" } else { "{" });
            for (i, (name, v)) in of
                .obj()
                .map_or_else(Vec::new, |id| m.own_attributes(id))
                .into_iter()
                .enumerate()
            {
                if i > 0 {
                    w.out.push_str(", ");
                }
                w.out
                    .push_str(&crate::text::quote::repr_str(m.names.text(name)));
                w.out.push_str(": ");
                if !m.write_repr(v, w)? {
                    return Ok(false);
                }
            }
            w.out.push_str(if proxy { "})" } else { "}" });
            Ok(true)
        })
    }

    pub(super) fn write_sync(&mut self, v: Value, sync: Sync, w: &mut Writer) -> Written {
        let address = self.address(v);
        let state = self.kernel.state_words(sync.id, FIRST_IDENT);
        let class = self.class_of(v);
        let name = self.class_text(class);
        let _ = match sync.kind {
            SyncType::Lock => write!(w.out, "<{state} {name} object at {address:#x}>"),
            SyncType::RLock => {
                let (locked, owner) = state.split_once('|').unwrap_or((&state, ""));
                write!(w.out, "<{locked} {name} object {owner} at {address:#x}>")
            }
            SyncType::Condition => {
                w.out.push_str("<Condition(");
                if !self.write_repr(given_lock(self, sync), w)? {
                    return Ok(false);
                }
                write!(w.out, ", {state})>")
            }
            SyncType::Semaphore
            | SyncType::BoundedSemaphore
            | SyncType::Event
            | SyncType::Barrier => {
                write!(w.out, "<{name} at {address:#x}: {state}>")
            }
            SyncType::Queue => write!(w.out, "<{name} object at {address:#x}>"),
        };
        Ok(true)
    }
}
