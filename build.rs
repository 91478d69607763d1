//! Compiles the bundled modules of `src/vm/py`, so that starting a program need not.
//!
//! The compiler is the library's own: its modules are taken in here a second time, and depend on no others.
#![forbid(unsafe_code)]
#![allow(dead_code, unused_imports)]

#[path = "src/compile/mod.rs"]
mod compile;
#[path = "src/error.rs"]
mod error;
#[path = "src/id.rs"]
mod id;
#[path = "src/parse/mod.rs"]
mod parse;
#[path = "src/program/mod.rs"]
mod program;
#[path = "src/vm/py/mod.rs"]
mod py;
#[path = "src/source/mod.rs"]
mod source;

use std::fmt::Write;
use std::path::PathBuf;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells build scripts where to write"
)]
fn main() {
    // What is compiled, and the compiler, are parts of this script: cargo watches them by itself.
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut table = String::from("&[\n");
    for name in py::module_names() {
        let text = py::source(name).expect("its own table names it");
        let bytes = compile::stored::store(name, text)
            .unwrap_or_else(|error| panic!("bundled module {name}: {error}"));
        let file = format!("{name}.compiled");
        std::fs::write(folder.join(&file), bytes).expect("OUT_DIR can be written to");
        let line =
            format!(r#"    ("{name}", include_bytes!(concat!(env!("OUT_DIR"), "/{file}"))),"#);
        writeln!(table, "{line}").expect("text can be added to");
    }
    table.push_str("]\n");
    std::fs::write(folder.join("compiled.rs"), table).expect("OUT_DIR can be written to");
}
