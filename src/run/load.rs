//! From a file, or a text, to a program.

use crate::compile::{self, Found, Loader};
use crate::error::Error;
use crate::program::Program;
use crate::source::loader::{Bundled, FileLoader};
use crate::source::read;
use crate::vm::{py, stdlib};
use std::path::Path;

/// Reads and compiles a program and the modules beside it that it imports. `echo` prints the values of bare expressions.
///
/// # Errors
///
/// What stands in the way: a file that cannot be read, a syntax error, an unsupported construct or module.
pub fn load(path: &Path, echo: bool) -> Result<Program, Error> {
    let shown = path.to_string_lossy();
    let text = read(path, &shown)?;
    compile::program(
        &shown,
        &text,
        &FileLoader::new(path, Stdlib),
        &compile::Options { echo },
    )
}

/// Compiles a program from its text. It can import what comes with raddle and nothing else; `path` is for messages.
///
/// # Errors
///
/// As [`load`].
pub fn load_source(path: &str, text: &str, echo: bool) -> Result<Program, Error> {
    compile::program(path, text, &Stdlib, &compile::Options { echo })
}

/// The modules that come with raddle.
struct Stdlib;

impl Bundled for Stdlib {
    fn text(&self, dotted: &str) -> Option<&'static str> {
        py::source(dotted)
    }

    fn compiled(&self, dotted: &str) -> Option<&'static [u8]> {
        stdlib::compiled(dotted)
    }

    fn names(&self) -> Vec<&str> {
        py::module_names()
    }

    fn on_mention(&self) -> &[(&str, &str)] {
        stdlib::ON_MENTION
    }
}

impl Loader for Stdlib {
    fn read_user(&self, _dotted: &str) -> Option<Result<Found, Error>> {
        None
    }

    fn bundled(&self, dotted: &str) -> Option<&'static str> {
        py::source(dotted)
    }

    fn compiled(&self, dotted: &str) -> Option<&'static [u8]> {
        stdlib::compiled(dotted)
    }

    fn bundled_names(&self) -> Vec<&str> {
        py::module_names()
    }

    fn on_mention(&self) -> &[(&str, &str)] {
        stdlib::ON_MENTION
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Loader, Stdlib, py};
    use crate::compile::{self, Options};
    use crate::error::Error;

    /// The same modules, as text only.
    struct Texts;

    impl Loader for Texts {
        fn read_user(&self, _dotted: &str) -> Option<Result<Found, Error>> {
            None
        }

        fn bundled(&self, dotted: &str) -> Option<&'static str> {
            py::source(dotted)
        }

        fn bundled_names(&self) -> Vec<&str> {
            py::module_names()
        }
    }

    #[test]
    fn kept_modules_are_what_their_texts_compile_to() {
        let imports = |name: &&str| format!("import {name}\n");
        let text: String = py::module_names().iter().map(imports).collect();
        let from = |loader: &dyn Loader| {
            compile::program("all.py", &text, loader, &Options::default()).unwrap()
        };
        let (kept, made) = (from(&Stdlib), from(&Texts));
        assert_eq!(kept.modules.len(), made.modules.len());
        for (kept, made) in kept.modules.iter().zip(&*made.modules) {
            assert!(kept == made, "module {}", made.name);
        }
        assert_eq!(kept.codes.len(), made.codes.len());
        for (kept, made) in kept.codes.iter().zip(&*made.codes) {
            assert!(kept == made, "{}", made.qualname);
        }
        assert_eq!(kept.by_name, made.by_name);
    }
}
