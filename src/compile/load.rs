//! Finding all modules of a program and parsing those that are not kept compiled, before any is compiled.

use crate::compile::Loader;
use crate::compile::imports::{Target, Wanted};
use crate::compile::names::Names;
use crate::compile::parsed::{self, Parsed};
use crate::compile::scope::Scopes;
use crate::compile::stored::{self, Made};
use crate::error::{Error, ErrorKind};
use crate::id::ModuleId;
use crate::program::Import;
use crate::source;
use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;
use std::sync::Arc;

/// The bundled module that others get natives from. It has no text; the machine fills it.
const NATIVES: &str = "_raddle";
/// The bundled module that is always there.
const PRELUDE: &str = "builtins";

/// The bundled module that type parameters are made by.
const TYPES: &str = "typing";

/// A module, parsed.
pub struct Loaded {
    /// Dotted name.
    pub name: Arc<str>,
    /// Path as shown.
    pub path: Arc<str>,
    /// Text.
    pub source: Arc<str>,
    /// Byte offset of each line; empty until the module is parsed.
    pub lines: Vec<u32>,
    /// Part of raddle.
    pub bundled: bool,
    /// May have submodules.
    pub package: bool,
    /// Import table.
    pub imports: Vec<Import>,
    /// The names in its `__all__`.
    listed: Vec<String>,
    /// What its code is made from.
    pub body: Option<Body>,
}

/// What a module's code is made from.
pub enum Body {
    /// Its text, parsed.
    Parsed(Parsed),
    /// What the build script made.
    Stored(Made<'static>),
}

impl Loaded {
    /// The scopes of a module that was parsed.
    pub fn scopes(&self) -> Option<&Scopes> {
        match &self.body {
            Some(Body::Parsed(parsed)) => Some(&parsed.scopes),
            _ => None,
        }
    }
}

/// All modules of a program, in order of discovery: the prelude, the program, and what they import.
pub struct Modules<'l> {
    loader: &'l dyn Loader,
    /// The modules.
    pub all: Vec<Loaded>,
    /// By whether they are bundled, and dotted name.
    index: BTreeMap<(bool, Arc<str>), ModuleId>,
    /// Packages from which everything is imported.
    emptied: BTreeSet<ModuleId>,
}

/// A dotted name's modules as far as they exist.
struct Chain {
    modules: Vec<ModuleId>,
    /// The first prefix that is no module, and why.
    missing: Option<(String, Missing)>,
}

/// What a relative import says that leads nowhere. No module has such a name, so that it stands in the table for one.
const NO_PARENT: &str = "attempted relative import with no known parent package";
/// As [`NO_PARENT`].
const BEYOND_TOP: &str = "attempted relative import beyond top-level package";

enum Missing {
    Unknown,
    NotAPackage(String),
}

/// Loads a program and everything it imports.
///
/// # Errors
///
/// Syntax errors, unreadable files, unknown modules.
pub fn load<'l>(
    path: &str,
    source: &str,
    loader: &'l dyn Loader,
    names: &mut Names,
) -> Result<Modules<'l>, Error> {
    let mut modules = Modules {
        loader,
        all: Vec::new(),
        index: BTreeMap::new(),
        emptied: BTreeSet::new(),
    };
    let prelude = loader.bundled(PRELUDE).unwrap_or_default();
    modules.add(PRELUDE, &bundled_path(PRELUDE), prelude, true, false);
    modules.add("__main__", path, source, false, false);
    let mut next = 0;
    while next < modules.all.len() {
        while next < modules.all.len() {
            modules.parse(next, names)?;
            next += 1;
        }
        modules.listed()?;
    }
    Ok(modules)
}

impl Modules<'_> {
    fn add(
        &mut self,
        name: &str,
        path: &str,
        source: &str,
        bundled: bool,
        package: bool,
    ) -> ModuleId {
        let id = ModuleId(self.all.len() as u32);
        let name: Arc<str> = name.into();
        self.index.insert((bundled, name.clone()), id);
        self.all.push(Loaded {
            name,
            path: path.into(),
            source: source.into(),
            lines: Vec::new(),
            bundled,
            package,
            imports: Vec::new(),
            listed: Vec::new(),
            body: None,
        });
        id
    }

    /// Parses a module, or takes it as the build script compiled it, and finds what it imports.
    fn parse(&mut self, index: usize, names: &mut Names) -> Result<(), Error> {
        let module = &self.all[index];
        let kept = if module.bundled {
            self.loader.compiled(&module.name)
        } else {
            None
        };
        let (lines, wanted, typed, listed, body) = match kept {
            Some(bytes) => {
                let stored = stored::restore(bytes);
                let body = Body::Stored(stored.made);
                (
                    stored.lines,
                    stored.wanted,
                    stored.typed,
                    stored.listed,
                    body,
                )
            }
            None => {
                let mut parsed = parsed::parse(&module.path, &module.source, names)?;
                let lines = source::line_starts(&module.source);
                let (wanted, listed) = (take(&mut parsed.wanted), take(&mut parsed.listed));
                let typed = parsed.scopes.typed;
                (lines, wanted, typed, listed, Body::Parsed(parsed))
            }
        };
        for wanted in wanted {
            let import = self.resolve(index, &wanted)?;
            self.all[index].imports.push(import);
        }
        if typed {
            self.chain(true, TYPES)?;
        }
        let module = &mut self.all[index];
        (module.lines, module.listed) = (lines, listed);
        module.body = Some(body);
        if !module.bundled {
            let (source, loader) = (module.source.clone(), self.loader);
            for (word, name) in loader.on_mention() {
                if source.contains(word) {
                    self.chain(true, name)?;
                }
            }
        }
        Ok(())
    }

    /// Finds the submodules that packages list in their `__all__`, where that is imported.
    fn listed(&mut self) -> Result<(), Error> {
        for package in take(&mut self.emptied) {
            let module = &self.all[package.index()];
            let (name, bundled) = (module.name.clone(), module.bundled);
            let listed = module.listed.clone();
            for submodule in listed {
                self.chain(bundled, &format!("{name}.{submodule}"))?;
            }
        }
        Ok(())
    }

    /// The import table entry of an import.
    fn resolve(&mut self, from: usize, wanted: &Wanted) -> Result<Import, Error> {
        let (name, leaf, names) = match &wanted.target {
            Target::Import { name, leaf } => (name.clone(), *leaf, [].as_slice()),
            Target::From {
                level,
                module,
                names,
            } => match self.absolute(from, *level, module) {
                Some(name) => (name, true, names.as_slice()),
                None => {
                    let message = if self.all[from].package || self.all[from].name.contains('.') {
                        BEYOND_TOP
                    } else {
                        NO_PARENT
                    };
                    if wanted.optional {
                        return Ok(absent(message));
                    }
                    return Err(self.complain(from, wanted, message.to_owned(), None));
                }
            },
        };
        let bundled = self.all[from].bundled;
        let chain = self.chain(bundled, &name)?;
        if let Some((missing, why)) = chain.missing {
            if wanted.optional {
                return Ok(absent(&missing));
            }
            let (message, help) = match why {
                Missing::NotAPackage(parent) => (
                    format!("no module named '{missing}'; '{parent}' is not a package"),
                    None,
                ),
                Missing::Unknown => (
                    format!("no module named '{missing}'"),
                    Some(self.advice(&missing)),
                ),
            };
            return Err(self.complain(from, wanted, message, help));
        }
        let last = chain.modules.len() - 1;
        let package = chain.modules[last];
        let mut submodules = Vec::new();
        if self.all[package.index()].package {
            if names.iter().any(|name| name == "*") {
                self.emptied.insert(package);
            }
            for name_in in names {
                let Chain { modules, missing } =
                    self.chain(bundled, &format!("{name}.{name_in}"))?;
                if missing.is_none()
                    && let Some(&submodule) = modules.last()
                {
                    submodules.push((name_in.as_str().into(), submodule));
                }
            }
        }
        Ok(Import {
            name: name.into(),
            leaf,
            bound: if leaf { last as u16 } else { 0 },
            modules: chain.modules,
            submodules,
        })
    }

    /// The absolute name of what a relative import means.
    fn absolute(&self, from: usize, level: u32, module: &str) -> Option<String> {
        if level == 0 {
            return Some(module.to_owned());
        }
        let here = &self.all[from];
        let mut package: &str = &here.name;
        let up = if here.package { level - 1 } else { level };
        for _ in 0..up {
            package = package.rsplit_once('.')?.0;
        }
        Some(if module.is_empty() {
            package.to_owned()
        } else {
            format!("{package}.{module}")
        })
    }

    fn chain(&mut self, from_bundled: bool, dotted: &str) -> Result<Chain, Error> {
        let mut chain = Chain {
            modules: Vec::new(),
            missing: None,
        };
        let ends = dotted
            .match_indices('.')
            .map(|(at, _)| at)
            .chain([dotted.len()]);
        for end in ends {
            let name = &dotted[..end];
            let parent = chain.modules.last().map(|id| &self.all[id.index()]);
            let found = match parent {
                None => self.top(from_bundled, name)?,
                Some(parent) if !parent.package => {
                    let parent = parent.name.to_string();
                    chain.missing = Some((name.to_owned(), Missing::NotAPackage(parent)));
                    return Ok(chain);
                }
                Some(parent) if parent.bundled => self.bundled(name),
                Some(_) => self.user(name)?,
            };
            match found {
                Some(id) => chain.modules.push(id),
                None => {
                    chain.missing = Some((name.to_owned(), Missing::Unknown));
                    return Ok(chain);
                }
            }
        }
        Ok(chain)
    }

    /// A module by its first component. The user's own win over bundled ones, but for bundled importers; directories
    /// without `__init__.py` come last.
    fn top(&mut self, from_bundled: bool, name: &str) -> Result<Option<ModuleId>, Error> {
        if from_bundled {
            if name == NATIVES {
                return Ok(Some(self.known(true, NATIVES).unwrap_or_else(|| {
                    self.add(NATIVES, &bundled_path(NATIVES), "", true, false)
                })));
            }
            return Ok(self.bundled(name));
        }
        if let Some(id) = self.known(false, name) {
            return Ok(Some(id));
        }
        let found = match self.loader.read_user(name) {
            Some(found) => Some(found?),
            None => None,
        };
        if found.as_ref().is_none_or(|found| found.namespace)
            && let Some(id) = self.bundled(name)
        {
            return Ok(Some(id));
        }
        Ok(found.map(|found| self.add(name, &found.path, &found.text, false, found.is_package)))
    }

    fn user(&mut self, name: &str) -> Result<Option<ModuleId>, Error> {
        if let Some(id) = self.known(false, name) {
            return Ok(Some(id));
        }
        Ok(match self.loader.read_user(name) {
            Some(found) => {
                let found = found?;
                Some(self.add(name, &found.path, &found.text, false, found.is_package))
            }
            None => None,
        })
    }

    fn bundled(&mut self, name: &str) -> Option<ModuleId> {
        if let Some(id) = self.known(true, name) {
            return Some(id);
        }
        let text = self.loader.bundled(name)?;
        let prefix = format!("{name}.");
        let package = self
            .loader
            .bundled_names()
            .iter()
            .any(|other| other.starts_with(&prefix));
        Some(self.add(name, &bundled_path(name), text, true, package))
    }

    fn known(&self, bundled: bool, name: &str) -> Option<ModuleId> {
        self.index.get(&(bundled, Arc::from(name))).copied()
    }

    fn complain(
        &self,
        from: usize,
        wanted: &Wanted,
        message: String,
        help: Option<String>,
    ) -> Error {
        let module = &self.all[from];
        let error = Error::new(ErrorKind::UnknownModule, message, &module.path)
            .at(module.source.clone(), wanted.span);
        match help {
            Some(help) => error.with_help(help),
            None => error,
        }
    }

    fn advice(&self, missing: &str) -> String {
        let mut known: Vec<&str> = self.loader.bundled_names();
        known.retain(|name| !name.starts_with('_') && *name != PRELUDE);
        known.sort_unstable();
        known.dedup();
        let near = known
            .iter()
            .map(|name| (distance(missing, name), *name))
            .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
            .min();
        let list = known.join(", ");
        match near {
            Some((_, name)) => format!("did you mean '{name}'? raddle brings: {list}"),
            None => format!("modules beside the program are found; raddle brings: {list}"),
        }
    }
}

/// The path of a bundled module as shown.
pub fn bundled_path(name: &str) -> String {
    format!("<bundled {name}>")
}

/// The entry of an import that fails when it is run.
fn absent(name: &str) -> Import {
    Import {
        name: name.into(),
        leaf: true,
        modules: Vec::new(),
        bound: 0,
        submodules: Vec::new(),
    }
}

/// Edit distance, with swaps of neighbours.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows = vec![(0..=right.len()).collect::<Vec<usize>>()];
    for (i, &a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &b) in right.iter().enumerate() {
            let mut best = (rows[i][j] + usize::from(a != b))
                .min(rows[i][j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && a == right[j - 1] && left[i - 1] == b {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances() {
        assert_eq!(distance("threading", "threading"), 0);
        assert_eq!(distance("thraeding", "threading"), 1);
        assert_eq!(distance("numpy", "queue"), 4);
    }
}
