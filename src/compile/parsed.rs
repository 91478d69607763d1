//! A module from its text: parsed, its names resolved, its import statements collected.

use crate::compile::codegen::{self, ModuleContext};
use crate::compile::imports::{self, Wanted};
use crate::compile::names::{Names, Sym};
use crate::compile::scope::{self, Scopes};
use crate::error::{Error, ErrorKind};
use crate::id::{CodeId, ModuleId};
use crate::parse::{self, Ast};
use crate::program::Code;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A module that can be compiled.
pub struct Parsed {
    /// Its syntax tree.
    pub ast: Ast,
    /// Its scopes.
    pub scopes: Scopes,
    /// What its import statements ask for: the entries of its import table, in order.
    pub wanted: Vec<Wanted>,
    /// Entries of the import table by the offset of the alias (`import`) or statement (`from`).
    import_keys: FxHashMap<u32, u16>,
    /// It has a `from … import *`.
    pub star_import: bool,
    /// The names in its `__all__`.
    pub listed: Vec<String>,
}

/// Parses a module.
///
/// # Errors
///
/// Syntax errors; more imports than a table holds.
pub fn parse(path: &str, source: &Arc<str>, names: &mut Names) -> Result<Parsed, Error> {
    let ast = parse::parse(path, source)?;
    let (built, (wanted, star_import)) = ast.depth.run(|| {
        (
            scope::build(ast.body(), names),
            imports::collect(ast.body()),
        )
    });
    let scopes = built.map_err(|problem| problem.into_error(path, source))?;
    let mut import_keys = FxHashMap::default();
    for (entry, wanted) in wanted.iter().enumerate() {
        let entry = u16::try_from(entry).map_err(|_| {
            Error::new(ErrorKind::TooLarge, "too many imports in one module", path)
                .at(source.clone(), wanted.span)
        })?;
        import_keys.insert(wanted.key, entry);
    }
    let listed = imports::listed(ast.body());
    Ok(Parsed {
        ast,
        scopes,
        wanted,
        import_keys,
        star_import,
        listed,
    })
}

/// What a module's code depends on besides its text.
pub struct Circumstances {
    /// The module's number in the program.
    pub id: ModuleId,
    /// Part of raddle.
    pub bundled: bool,
    /// Bare expressions at top level are echoed.
    pub echo: bool,
    /// Globals are stored by the module's own statements alone.
    pub stable_globals: bool,
}

impl Parsed {
    /// Compiles it, adding to `codes`; gives the code of its top level and its global names.
    ///
    /// # Errors
    ///
    /// Unsupported constructs, limits.
    pub fn compile(
        &self,
        path: &str,
        source: &Arc<str>,
        lines: &[u32],
        circumstances: &Circumstances,
        names: &mut Names,
        codes: &mut Vec<Option<Code>>,
    ) -> Result<(CodeId, Vec<Sym>), Error> {
        let context = ModuleContext {
            id: circumstances.id,
            source,
            lines,
            scopes: &self.scopes,
            imports: &self.import_keys,
            bundled: circumstances.bundled,
            star_import: self.star_import,
            echo: circumstances.echo,
            stable_globals: circumstances.stable_globals,
        };
        let body = self.ast.body();
        let made = self
            .ast
            .depth
            .run(|| codegen::module(body, &context, names, codes));
        made.map_err(|problem| problem.into_error(path, source))
    }
}
