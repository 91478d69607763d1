//! Stub.
use super::native::Entry;
pub fn functions() -> Vec<(&'static str, &'static [Entry])> {
    Vec::new()
}
pub fn source(name: &str) -> Option<&'static str> {
    if name == "builtins" {
        Some(concat!(
            include_str!("../py/prelude_core.py"),
            "\n",
            include_str!("../py/prelude_text.py"),
            "\n",
            include_str!("../py/prelude_containers.py"),
            "\n",
            "def _main():\n    _raddle_run_main()\n"
        ))
    } else {
        None
    }
}
pub fn module_names() -> Vec<&'static str> {
    vec!["builtins"]
}
pub mod sync {
    use crate::vm::native::{Entry, NativeFn};
    use crate::vm::types::Ty;
    pub const TYPES: &[(Ty, &[Entry], &[(&str, NativeFn)], NativeFn)] = &[];
}
