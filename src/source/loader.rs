//! Modules from the file system: those beside the program, before those that come with raddle, as CPython has it with the
//! script's directory first on `sys.path`.

use crate::compile::{Found, Loader};
use crate::error::Error;
use crate::source::read;
use std::path::{Path, PathBuf};

/// Finds modules in the directory of a program.
pub struct FileLoader<B> {
    directory: PathBuf,
    bundled: B,
}

/// The modules that come with raddle.
pub trait Bundled {
    /// The text of one.
    fn text(&self, dotted: &str) -> Option<&'static str>;
    /// See [`Loader::compiled`].
    fn compiled(&self, _dotted: &str) -> Option<&'static [u8]> {
        None
    }
    /// The names of all.
    fn names(&self) -> Vec<&str>;
    /// See [`Loader::on_mention`].
    fn on_mention(&self) -> &[(&str, &str)] {
        &[]
    }
}

impl Bundled for &[(&'static str, &'static str)] {
    fn text(&self, dotted: &str) -> Option<&'static str> {
        self.iter()
            .find(|(name, _)| *name == dotted)
            .map(|(_, text)| *text)
    }

    fn names(&self) -> Vec<&str> {
        self.iter().map(|(name, _)| *name).collect()
    }
}

impl<B: Bundled> FileLoader<B> {
    /// A loader for the program at this path.
    pub fn new(program: &Path, bundled: B) -> Self {
        FileLoader {
            directory: program.parent().unwrap_or(Path::new("")).to_owned(),
            bundled,
        }
    }

    fn load(&self, path: &Path, is_package: bool) -> Option<Result<Found, Error>> {
        if !path.is_file() {
            return None;
        }
        let shown = path.to_string_lossy().into_owned();
        Some(read(path, &shown).map(|text| Found {
            path: shown.into(),
            text: text.into(),
            is_package,
            namespace: false,
        }))
    }
}

impl<B: Bundled> Loader for FileLoader<B> {
    fn read_user(&self, dotted: &str) -> Option<Result<Found, Error>> {
        // A component such as `..` would leave the directory; no identifier is one.
        if dotted.split('.').any(str::is_empty) || dotted.contains(['/', '\\']) {
            return None;
        }
        let base = self.directory.join(dotted.replace('.', "/"));
        let package = self.load(&base.join("__init__.py"), true);
        let module = package.or_else(|| self.load(&base.with_extension("py"), false));
        module.or_else(|| {
            base.is_dir().then(|| {
                Ok(Found {
                    path: base.to_string_lossy().into(),
                    text: "".into(),
                    is_package: true,
                    namespace: true,
                })
            })
        })
    }

    fn compiled(&self, dotted: &str) -> Option<&'static [u8]> {
        self.bundled.compiled(dotted)
    }

    fn bundled(&self, dotted: &str) -> Option<&'static str> {
        self.bundled.text(dotted)
    }

    fn bundled_names(&self) -> Vec<&str> {
        self.bundled.names()
    }

    fn on_mention(&self) -> &[(&str, &str)] {
        self.bundled.on_mention()
    }
}
