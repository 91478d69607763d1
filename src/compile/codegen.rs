//! The code generator's state, and variables: how names are read, stored and deleted.

use crate::compile::names::{Names, Sym};
use crate::compile::problem::{Compiled, Problem};
use crate::compile::scope::{Place, ScopeId, ScopeKind, Scopes};
use crate::compile::unit::{ConstKey, Unit};
use crate::id::{CodeId, ModuleId};
use crate::parse::range;
use crate::program::instr::{Instr, Reg};
use crate::program::{Code, CodeKind, Const, Span};
use ruff_python_ast::{Identifier, Stmt};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the code generator must know of the module it compiles, and what it finds out.
pub struct ModuleContext<'c> {
    /// The module.
    pub id: ModuleId,
    /// Its text.
    pub source: &'c str,
    /// Byte offset of each line.
    pub lines: &'c [u32],
    /// Its scopes.
    pub scopes: &'c Scopes,
    /// Entries of the import table by the offset of the alias (`import`) or statement (`from`).
    pub imports: &'c FxHashMap<u32, u16>,
    /// Part of raddle.
    pub bundled: bool,
    /// Has a `from … import *`.
    pub star_import: bool,
    /// Bare expressions at top level are echoed.
    pub echo: bool,
    /// Globals are stored by the module's own statements alone.
    pub stable_globals: bool,
}

/// Slots of a module's globals.
#[derive(Default)]
pub struct Globals {
    slots: FxHashMap<Sym, u16>,
    /// Names by slot.
    pub names: Vec<Sym>,
    /// Displays of constant sets in the order of their first spelling: CPython's compiler keeps one `frozenset` of equal ones.
    pub constant_sets: BTreeMap<BTreeSet<ConstKey>, Vec<Const>>,
}

/// Compiles one module.
pub struct Codegen<'a, 'c> {
    /// The code object being made.
    pub unit: Unit<'a>,
    /// Those it stands in.
    pub outer: Vec<Unit<'a>>,
    /// The scope of the current point: the unit's, or a comprehension's in it.
    pub scope: ScopeId,
    /// The module.
    pub module: &'c ModuleContext<'c>,
    /// Its globals.
    pub globals: &'c mut Globals,
    /// Identifiers.
    pub names: &'c mut Names,
    /// All code objects of the program; `None` while in the making.
    pub codes: &'c mut Vec<Option<Code>>,
}

/// Builtins that run text as code.
const REFUSED: [(&str, &str); 5] = [
    (
        "exec",
        "write the code out; programs are compiled as a whole before they run",
    ),
    (
        "eval",
        "write the expression out, or use ast.literal_eval-like parsing of your own",
    ),
    (
        "compile",
        "write the code out; programs are compiled as a whole before they run",
    ),
    ("__import__", "use an import statement"),
    (
        "breakpoint",
        "use `raddle run --trace`, which shows every step",
    ),
];

/// Compiles a module's top level; gives its code and global names.
pub fn module(
    body: &[Stmt],
    module: &ModuleContext<'_>,
    names: &mut Names,
    codes: &mut Vec<Option<Code>>,
) -> Compiled<(CodeId, Vec<Sym>)> {
    let id = CodeId(codes.len() as u32);
    codes.push(None);
    let name: Arc<str> = "<module>".into();
    let mut globals = Globals::default();
    let mut codegen = Codegen {
        unit: Unit::new(id, ScopeId(0), CodeKind::Module, name.clone(), name, 1),
        outer: Vec::new(),
        scope: ScopeId(0),
        module,
        globals: &mut globals,
        names,
        codes,
    };
    codegen.module_body(body)?;
    Ok((id, globals.names))
}

impl<'a> Codegen<'a, '_> {
    fn module_body(&mut self, body: &'a [Stmt]) -> Compiled {
        let start = Span::default();
        self.declare_registers(start)?;
        self.unit.doc = self.docstring(body);
        if self.scope_of_unit_has_annotations() {
            self.setup_annotations(start)?;
        }
        self.body(body)?;
        self.return_none(start)?;
        self.finish_unit();
        Ok(())
    }

    /// Whether the unit's scope has annotated assignments.
    pub fn scope_of_unit_has_annotations(&self) -> bool {
        self.module.scopes.get(self.unit.scope).annotations
    }

    /// Starts a code object inside the current one.
    pub fn start_unit(&mut self, kind: CodeKind, scope: ScopeId, name: &str, at: Span) -> Compiled {
        let id = CodeId(self.codes.len() as u32);
        self.codes.push(None);
        let global = self.declared_global(name);
        let qualname: Arc<str> = match self.unit.kind {
            _ if global => name.into(),
            CodeKind::Module => name.into(),
            CodeKind::Class => format!("{}.{name}", self.unit.qualname).into(),
            _ => format!("{}.<locals>.{name}", self.unit.qualname).into(),
        };
        let line = self.line(at.start);
        let unit = Unit::new(id, scope, kind, name.into(), qualname, line);
        self.outer.push(std::mem::replace(&mut self.unit, unit));
        self.scope = scope;
        Ok(())
    }

    fn declared_global(&mut self, name: &str) -> bool {
        let sym = self.sym(name);
        let scope = self.module.scopes.get(self.scope);
        scope.symbols.get(&sym).is_some_and(|symbol| symbol.global)
    }

    /// Gives every variable of the unit its register, and makes cells for those that inner code captures. Parameters,
    /// which come first, have theirs already.
    pub fn declare_registers(&mut self, span: Span) -> Compiled {
        let scopes = self.module.scopes;
        let own = scopes.get(self.unit.scope);
        if own.is_function() {
            for (&sym, symbol) in &own.symbols {
                if symbol.bound
                    && !symbol.global
                    && !symbol.nonlocal
                    && !self.unit.regs.contains_key(&(self.unit.scope, sym))
                {
                    self.declare(self.unit.scope, sym, span)?;
                }
            }
        }
        if own.class_cell {
            self.declare(self.unit.scope, scopes.class_sym, span)?;
        }
        for &comprehension in &own.comprehensions {
            for (&sym, symbol) in &scopes.get(comprehension).symbols {
                if symbol.bound {
                    self.declare(comprehension, sym, span)?;
                }
            }
        }
        for &sym in &own.free {
            let text = self.names.text(sym).clone();
            let reg = self.unit.local(text, span)?;
            self.unit.free.push((reg, sym));
        }
        if own.is_function() {
            for (&sym, symbol) in &own.symbols {
                if symbol.cell {
                    let reg = self.unit.regs[&(self.unit.scope, sym)];
                    self.unit.emit(Instr::MakeCell { d: reg }, span);
                }
            }
        }
        if own.class_cell {
            let reg = self.unit.regs[&(self.unit.scope, scopes.class_sym)];
            self.unit.emit(Instr::MakeCell { d: reg }, span);
        }
        Ok(())
    }

    /// Gives a variable a register.
    pub fn declare(&mut self, scope: ScopeId, sym: Sym, span: Span) -> Compiled<Reg> {
        let text = self.names.text(sym).clone();
        let reg = self.unit.local(text, span)?;
        self.unit.regs.insert((scope, sym), reg);
        Ok(reg)
    }

    /// Ends the current code object; the one around it goes on.
    pub fn finish_unit(&mut self) -> CodeId {
        let next = self.outer.pop();
        let done = match next {
            Some(unit) => std::mem::replace(&mut self.unit, unit),
            None => {
                let (id, name) = (self.unit.id, self.unit.name.clone());
                let empty = Unit::new(id, ScopeId(0), CodeKind::Module, name.clone(), name, 1);
                std::mem::replace(&mut self.unit, empty)
            }
        };
        let (parts, done) = done.finish();
        let text = |sym: &Sym| self.names.text(*sym).clone();
        let code = Code {
            name: done.name,
            qualname: done.qualname,
            doc: done.doc,
            kind: done.kind,
            module: self.module.id,
            params: done.params,
            registers: parts.registers,
            locals: done.locals,
            free: done
                .free
                .iter()
                .map(|(reg, sym)| (*reg, text(sym)))
                .collect(),
            captures: done.captures,
            codes: done.codes,
            instrs: parts.instrs,
            spans: parts.spans,
            handlers: parts.handlers,
            consts: parts.consts,
            names: parts.names.iter().map(text).collect(),
            first_line: done.first_line,
            cache_base: 0,
        };
        self.codes[done.id.index()] = Some(code);
        done.id
    }

    /// 1-based line of an offset.
    pub fn line(&self, offset: u32) -> u32 {
        self.module
            .lines
            .partition_point(|&start| start <= offset)
            .max(1) as u32
    }

    /// An identifier, mangled if it is a private name of the class around.
    pub fn sym(&mut self, name: &str) -> Sym {
        let class = self.module.scopes.get(self.scope).class.as_deref();
        self.names.mangled(name, class)
    }

    /// The index of an attribute name in the code object.
    pub fn attribute(&mut self, name: &Identifier) -> Compiled<u16> {
        let sym = self.sym(name);
        self.unit.name_index(sym, range(name.range))
    }

    /// The global slot of a name.
    pub fn slot(&mut self, sym: Sym, span: Span) -> Compiled<u16> {
        if let Some(&slot) = self.globals.slots.get(&sym) {
            return Ok(slot);
        }
        let slot = u16::try_from(self.globals.names.len())
            .map_err(|_| Problem::too_many("global names", span))?;
        self.globals.names.push(sym);
        self.globals.slots.insert(sym, slot);
        Ok(slot)
    }

    /// A string constant.
    pub fn text(&mut self, sym: Sym) -> Const {
        Const::Str(self.names.text(sym).clone())
    }

    /// The register of a plain local variable: one that no cell hides.
    pub fn local(&self, sym: Sym) -> Option<Reg> {
        match self.module.scopes.place(self.scope, sym) {
            Place::Local(owner) if !self.is_cell(owner, sym) => {
                self.unit.regs.get(&(owner, sym)).copied()
            }
            _ => None,
        }
    }

    fn is_cell(&self, owner: ScopeId, sym: Sym) -> bool {
        let scope = self.module.scopes.get(owner);
        scope.kind == ScopeKind::Class || scope.symbols.get(&sym).is_some_and(|symbol| symbol.cell)
    }

    /// The register that holds a captured variable's cell: this frame's own, or one captured in turn.
    pub fn cell(&self, sym: Sym) -> Option<Reg> {
        if let Some(owner) = self.module.scopes.owner_in_unit(self.scope, sym)
            && let Some(&reg) = self.unit.regs.get(&(owner, sym))
        {
            return Some(reg);
        }
        let free = self.unit.free.iter().find(|(_, free)| *free == sym);
        free.map(|(reg, _)| *reg)
    }

    /// `d = name`.
    pub fn load(&mut self, sym: Sym, d: Reg, span: Span) -> Compiled {
        match self.module.scopes.place(self.scope, sym) {
            Place::Local(owner) => {
                let reg = self.unit.regs[&(owner, sym)];
                if self.is_cell(owner, sym) {
                    self.unit.emit(Instr::LoadCell { d, c: reg }, span);
                } else {
                    self.unit.emit(Instr::Move { d, s: reg }, span);
                }
            }
            Place::Free => {
                let c = self.cell(sym).expect("a free variable has a register");
                self.unit.emit(Instr::LoadCell { d, c }, span);
            }
            Place::Global => {
                if self.names.text(sym).as_ref() == "__debug__" {
                    self.unit.emit(Instr::Bool { d, v: true }, span);
                    return Ok(());
                }
                self.refuse(sym, span)?;
                let g = self.slot(sym, span)?;
                self.unit.emit(Instr::LoadGlobal { d, g }, span);
            }
            Place::Class => {
                self.refuse(sym, span)?;
                let n = self.unit.name_index(sym, span)?;
                let g = self.slot(sym, span)?;
                self.unit.emit(Instr::LoadName { d, n, g }, span);
            }
            Place::ClassFree => {
                let n = self.unit.name_index(sym, span)?;
                let c = self.cell(sym).expect("a free variable has a register");
                self.unit.emit(Instr::LoadNameCell { d, n, c }, span);
            }
        }
        Ok(())
    }

    /// Refuses the builtins that run text as code.
    fn refuse(&self, sym: Sym, span: Span) -> Compiled {
        if self.module.bundled {
            return Ok(());
        }
        let text = self.names.text(sym);
        let Some((name, help)) = REFUSED.iter().find(|(name, _)| *name == text.as_ref()) else {
            return Ok(());
        };
        let scopes = self.module.scopes;
        let in_class = scopes.get(self.scope).binds(sym);
        if in_class || self.module.star_import || scopes.is_module_name(sym) {
            return Ok(());
        }
        Err(Problem::unsupported(
            format!("{name}() is not run"),
            span,
            *help,
        ))
    }

    /// `name = s`.
    pub fn store(&mut self, sym: Sym, s: Reg, span: Span) -> Compiled {
        self.store_at(sym, s, span, span.start)
    }

    /// `name = s`, where the symbol table knows the store by another offset than the span's.
    pub fn store_at(&mut self, sym: Sym, s: Reg, span: Span, at: u32) -> Compiled {
        match self.module.scopes.place(self.scope, sym) {
            Place::Local(owner) => {
                let reg = self.unit.regs[&(owner, sym)];
                if self.is_cell(owner, sym) {
                    self.unit.emit(Instr::StoreCell { c: reg, s }, span);
                } else if reg != s {
                    self.unit.emit(Instr::Move { d: reg, s }, span);
                }
            }
            Place::Free | Place::ClassFree => {
                let c = self.cell(sym).expect("a free variable has a register");
                self.unit.emit(Instr::StoreCell { c, s }, span);
            }
            Place::Global => {
                let g = self.slot(sym, span)?;
                self.unit.emit(
                    if self.is_last_store(sym, at) {
                        Instr::StoreGlobalLast { g, s }
                    } else {
                        Instr::StoreGlobal { g, s }
                    },
                    span,
                );
            }
            Place::Class => {
                let n = self.unit.name_index(sym, span)?;
                self.unit.emit(Instr::StoreName { n, s }, span);
            }
        }
        Ok(())
    }

    /// Whether no other store of a global can follow this one.
    fn is_last_store(&self, sym: Sym, at: u32) -> bool {
        if self.scope.0 != 0 || !self.module.stable_globals || self.module.star_import {
            return false;
        }
        self.module
            .scopes
            .get(self.scope)
            .symbols
            .get(&sym)
            .is_some_and(|symbol| {
                symbol.last_store == at && symbol.last_store_once && !symbol.global
            })
    }

    /// `del name`.
    pub fn delete(&mut self, sym: Sym, span: Span) -> Compiled {
        match self.module.scopes.place(self.scope, sym) {
            Place::Local(owner) => {
                let reg = self.unit.regs[&(owner, sym)];
                if self.is_cell(owner, sym) {
                    self.unit.emit(Instr::DelCell { c: reg }, span);
                } else {
                    self.unit.emit(Instr::DelLocal { d: reg }, span);
                }
            }
            Place::Free | Place::ClassFree => {
                let c = self.cell(sym).expect("a free variable has a register");
                self.unit.emit(Instr::DelCell { c }, span);
            }
            Place::Global => {
                let g = self.slot(sym, span)?;
                self.unit.emit(Instr::DelGlobal { g }, span);
            }
            Place::Class => {
                let n = self.unit.name_index(sym, span)?;
                self.unit.emit(Instr::DelName { n }, span);
            }
        }
        Ok(())
    }

    /// Unbinds the name of `except … as name` on a way out: as CPython, by assigning None and deleting, for the clause may
    /// have deleted the name itself.
    pub fn unbind(&mut self, name: &Identifier) -> Compiled {
        let sym = self.sym(name);
        let span = range(name.range);
        if let Some(reg) = self.local(sym) {
            self.unit.emit(Instr::Clear { d: reg }, span);
            return Ok(());
        }
        let mark = self.unit.mark();
        let none = self.unit.temp(span)?;
        self.unit.emit(Instr::None { d: none }, span);
        self.store_at(sym, none, span, u32::MAX)?;
        self.unit.release(mark);
        self.delete(sym, span)
    }

    /// `return None`.
    pub fn return_none(&mut self, span: Span) -> Compiled {
        let mark = self.unit.mark();
        let none = self.unit.temp(span)?;
        self.unit.emit(Instr::None { d: none }, span);
        self.unit.emit(Instr::Return { s: none }, span);
        self.unit.release(mark);
        Ok(())
    }
}
