//! From source text to a [`Program`].
//!
//! 1. `load` finds every module that the program may import. `parsed` parses it and builds its `scope`s; bundled ones are
//!    taken as [`stored`] when raddle was built.
//! 2. `codegen` and its fellows (one file per kind of construct) make code objects, module by module.
//!
//! A code object under construction is a `unit`.

mod annotation;
mod assign;
mod block;
mod call;
mod codegen;
mod comprehension;
mod condition;
mod display;
mod exceptions;
mod expr;
mod fold;
mod fstring;
mod function;
mod import;
mod imports;
mod load;
mod names;
mod operators;
mod parsed;
mod pattern;
mod problem;
mod rebinds;
mod scope;
mod stmt;
pub mod stored;
#[cfg(test)]
mod tests;
mod type_params;
mod unit;
mod warnings;

use crate::compile::load::{Body, Loaded};
use crate::compile::names::Names;
use crate::compile::parsed::Circumstances;
use crate::compile::scope::Scopes;
use crate::error::Error;
use crate::id::ModuleId;
use crate::program::{Code, Module, Program};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A module of the user's that a [`Loader`] found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The path to show in tracebacks.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    /// Whether it is a package (`__init__.py`).
    pub is_package: bool,
    /// A directory without `__init__.py`: found only where nothing else is.
    pub namespace: bool,
}

/// Where modules come from.
pub trait Loader {
    /// The user's own module of this dotted name, beside the program; `None` if there is none.
    fn read_user(&self, dotted: &str) -> Option<Result<Found, Error>>;
    /// The text of a module that comes with raddle.
    fn bundled(&self, dotted: &str) -> Option<&'static str>;
    /// A module that comes with raddle as [`stored::store`] compiled it, to save doing that again; `None` to compile its text.
    fn compiled(&self, _dotted: &str) -> Option<&'static [u8]> {
        None
    }
    /// The names of all modules that come with raddle.
    fn bundled_names(&self) -> Vec<&str>;
    /// Modules that come with raddle and are loaded for a program whose text mentions one of these words, though it does not
    /// import them itself: word, dotted name.
    fn on_mention(&self) -> &[(&str, &str)] {
        &[]
    }
}

/// How to compile.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Print the values of bare expressions at the program's top level, as a notebook does. Off by default.
    pub echo: bool,
}

/// Compiles a program and all it imports.
///
/// # Errors
///
/// The first obstacle found: a syntax error, an unsupported construct, an unknown module, an unreadable file, a limit.
pub fn program(
    path: &str,
    source: &str,
    loader: &dyn Loader,
    options: &Options,
) -> Result<Program, Error> {
    let mut names = Names::default();
    let mut modules = load::load(path, source, loader, &mut names)?.all;
    // The prelude alone has nearly four hundred.
    let mut codes: Vec<Option<Code>> = Vec::with_capacity(512);
    let stable = stable_globals(&modules);
    let mut compiled = Vec::with_capacity(modules.len());
    let mut warned = Arc::from("");
    for (index, module) in modules.iter_mut().enumerate() {
        let (path, source, lines) = (&module.path, &module.source, &module.lines);
        let id = ModuleId(index as u32);
        match module.body.take().expect("every module was read") {
            Body::Stored(made) => compiled.push(made.place(id, &mut names, &mut codes)),
            Body::Parsed(parsed) => {
                let circumstances = Circumstances {
                    id,
                    bundled: module.bundled,
                    echo: options.echo && index == MAIN,
                    stable_globals: stable[index],
                };
                compiled.push(parsed.compile(
                    path,
                    source,
                    lines,
                    &circumstances,
                    &mut names,
                    &mut codes,
                )?);
                if index == MAIN {
                    let ast = &parsed.ast;
                    let text = || warnings::text(ast.body(), path, source, lines);
                    warned = ast.depth.run(text).into();
                }
            }
        }
    }
    let (digest, by_name) = (digest(&modules), by_name(&modules));
    let modules = modules
        .into_iter()
        .zip(compiled)
        .map(|(module, (code, globals))| Module {
            name: module.name,
            path: module.path,
            source: module.source,
            lines: module.lines,
            code,
            globals: globals.iter().map(|sym| names.text(*sym).clone()).collect(),
            imports: module.imports,
            bundled: module.bundled,
            package: module.package,
        })
        .collect();
    let mut base = 0;
    let codes = codes
        .into_iter()
        .map(|code| {
            let mut code = code.expect("every code object that was begun was finished");
            code.cache_base = base;
            base += code.instrs.len() as u32;
            code
        })
        .collect();
    Ok(Program {
        modules,
        codes,
        main: MAIN as u32,
        by_name: Arc::new(by_name),
        digest,
        warnings: warned,
    })
}

/// The main module's index: right after the prelude.
const MAIN: usize = 1;

/// Which modules' globals are stored by nothing but their own statements.
fn stable_globals(modules: &[Loaded]) -> Vec<bool> {
    let user = || modules.iter().filter(|module| !module.bundled);
    let scopes = || user().filter_map(Loaded::scopes);
    let dynamic = scopes().any(|scopes| scopes.dynamic_globals);
    let reflective = scopes().any(|scopes| scopes.reflective);
    let imported_and_changed = |id: ModuleId| {
        user().any(|module| {
            let imports = module.imports.iter().any(|import| {
                import.modules.contains(&id)
                    || import
                        .submodules
                        .iter()
                        .any(|(_, submodule)| *submodule == id)
            });
            let changes = module.scopes().is_some_and(Scopes::changes_imports);
            imports && (changes || reflective)
        })
    };
    modules
        .iter()
        .enumerate()
        .map(|(index, module)| {
            module.bundled || !dynamic && !imported_and_changed(ModuleId(index as u32))
        })
        .collect()
}

/// Modules by name; the user's win.
fn by_name(modules: &[Loaded]) -> BTreeMap<Arc<str>, ModuleId> {
    let mut index = BTreeMap::new();
    for bundled in [true, false] {
        for (id, module) in modules.iter().enumerate() {
            if module.bundled == bundled {
                index.insert(module.name.clone(), ModuleId(id as u32));
            }
        }
    }
    index
}

/// FNV-1a over names and texts of the user's modules.
fn digest(modules: &[Loaded]) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    let mut add = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    };
    for module in modules.iter().filter(|module| !module.bundled) {
        add(&module.name);
        add(&module.source);
    }
    hash
}
