//! Import statements, whose modules the loading pass has already found.

use crate::compile::codegen::Codegen;
use crate::compile::problem::Compiled;
use crate::parse::range;
use crate::program::instr::Instr;
use ruff_python_ast as ast;

impl<'a> Codegen<'a, '_> {
    /// `import a.b, c as d`.
    pub fn import(&mut self, import: &'a ast::StmtImport) -> Compiled {
        let at = range(import.range);
        for alias in &import.names {
            let mark = self.unit.mark();
            let d = self.unit.temp(at)?;
            let place = range(alias.range);
            let i = self.module.imports[&place.start];
            self.unit.emit(Instr::Import { d, i }, at);
            let name = match &alias.asname {
                Some(name) => name.as_str(),
                None => alias.name.split('.').next().unwrap_or_default(),
            };
            let sym = self.sym(name);
            self.store_at(sym, d, at, place.start)?;
            self.unit.release(mark);
        }
        Ok(())
    }

    /// `from a.b import c as d`.
    pub fn import_from(&mut self, import: &'a ast::StmtImportFrom) -> Compiled {
        let at = range(import.range);
        let mark = self.unit.mark();
        let m = self.unit.temp(at)?;
        if is_future(import) {
            // A directive to the compiler; its names are bound all the same, to nothing of use.
            self.unit.emit(Instr::None { d: m }, at);
            for alias in &import.names {
                let sym = self.sym(alias.asname.as_ref().unwrap_or(&alias.name));
                self.store_at(sym, m, at, range(alias.range).start)?;
            }
            self.unit.release(mark);
            return Ok(());
        }
        let i = self.module.imports[&at.start];
        self.unit.emit(Instr::Import { d: m, i }, at);
        for alias in &import.names {
            if alias.name.as_str() == "*" {
                self.unit.emit(Instr::ImportStar { m }, at);
                break;
            }
            let inner = self.unit.mark();
            let d = self.unit.temp(at)?;
            let place = range(alias.range);
            let n = self.attribute(&alias.name)?;
            // As CPython does, it points at the whole statement.
            self.unit.emit(Instr::ImportFrom { d, m, n }, at);
            let sym = self.sym(alias.asname.as_ref().unwrap_or(&alias.name));
            self.store_at(sym, d, at, place.start)?;
            self.unit.release(inner);
        }
        self.unit.release(mark);
        Ok(())
    }
}

/// `from __future__ import …`.
pub fn is_future(import: &ast::StmtImportFrom) -> bool {
    import.level == 0 && import.module.as_deref() == Some("__future__")
}
