//! "Did you mean", for names and attributes that are not there (`_compute_suggestion_error` in CPython 3.13's
//! `Lib/traceback.py`). What the frame's locals held is gone by then: their names stand for them.

use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::types::Ty;

/// More candidates than these are not looked through.
const MAX_CANDIDATES: usize = 750;
/// Longer names are not looked for.
const MAX_LENGTH: usize = 40;
const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;

/// What follows the text of an exception: empty, or `. Did you mean: 'x'?`.
pub fn advice(m: &mut Machine, exception: ObjId) -> String {
    let value = Value::Obj(exception);
    let import = m.is_instance(value, Ty::ImportError.id());
    let name_error = m.is_instance(value, Ty::NameError.id());
    if !import && !name_error && !m.is_instance(value, Ty::AttributeError.id()) {
        return String::new();
    }
    let key = if import {
        m.names.find("name_from")
    } else {
        Some(names::NAME_ATTR)
    };
    let wrong = key
        .and_then(|key| m.instance_attr(exception, key))
        .and_then(|v| m.as_str(v))
        .map(str::to_owned);
    let Some(wrong) = wrong else {
        return String::new();
    };
    let near = if name_error {
        with_self(m, exception, &wrong).or_else(|| {
            let candidates = visible_names(m, exception);
            nearest(&wrong, &candidates)
        })
    } else {
        let object = if import {
            module_of(m, exception)
        } else {
            m.instance_attr(exception, names::OBJ_ATTR)
        };
        let mut candidates = object
            .map(|object| attributes(m, object))
            .unwrap_or_default();
        if !wrong.starts_with('_') {
            candidates.retain(|c| !c.starts_with('_'));
        }
        nearest(&wrong, &candidates)
    };
    let mut advice = near.map(|near| format!(". Did you mean: '{near}'?"));
    if name_error && is_library(&wrong) {
        let (before, or) = match &advice {
            Some(near) => (near.clone(), " Or did"),
            None => (String::new(), ". Did"),
        };
        advice = Some(format!("{before}{or} you forget to import '{wrong}'?"));
    }
    advice.unwrap_or_default()
}

/// `self.x` for a bare `x` in a method whose object has it. The object was kept when the name was not found.
fn with_self(m: &Machine, exception: ObjId, wrong: &str) -> Option<String> {
    let this = m.instance_attr(exception, names::OBJ_ATTR)?;
    let name = m.names.find(wrong)?;
    let own = this
        .obj()
        .and_then(|id| m.instance_attr(id, name))
        .is_some();
    (own || m.lookup(m.class_of(this), name).is_some()).then(|| format!("self.{wrong}"))
}

/// Names that the innermost frame of the traceback could see: locals, globals, builtins.
fn visible_names(m: &Machine, exception: ObjId) -> Vec<String> {
    let Some(point) = m.exception(exception).and_then(|e| e.traceback.first()) else {
        return Vec::new();
    };
    let program = &m.image.program;
    let code = program.code(point.code);
    let locals = code
        .locals
        .iter()
        .flatten()
        .filter(|n| !n.starts_with('.'))
        .map(|n| n.to_string());
    let free = code.free.iter().map(|(_, name)| name.to_string());
    let mut all: Vec<String> = locals.chain(free).collect();
    let base = m.image.global_base[code.module.index()];
    let globals = &program.modules[code.module.index()].globals;
    for (i, name) in globals.iter().enumerate() {
        if !m.globals.get(base + i as u32).value.is_unbound() {
            all.push(name.to_string());
        }
    }
    for (i, value) in m.builtins.iter().enumerate() {
        let name = m.names.text(crate::id::NameId(i as u32));
        if !value.is_unbound() && !name.starts_with("_raddle") {
            all.push(name.to_owned());
        }
    }
    all
}

fn module_of(m: &Machine, exception: ObjId) -> Option<Value> {
    let name = m.instance_attr(exception, names::NAME_ATTR)?;
    let id = *m.image.program.by_name.get(m.as_str(name)?)?;
    Some(Value::Obj(m.image.module_objects[id.index()]))
}

/// `dir(object)`
fn attributes(m: &Machine, object: Value) -> Vec<String> {
    let text = |id| m.names.text(id).to_owned();
    let mut all: Vec<String> = Vec::new();
    let mut class = m.class_of(object);
    if let Value::Obj(id) = object {
        match m.heap.get(id) {
            Obj::Instance(instance) => {
                all.extend(m.shapes.names(instance.shape).iter().map(|&n| text(n)))
            }
            Obj::Class(_) => class = id,
            Obj::Module(module) => {
                let base = m.image.global_base[module.index()];
                for (i, name) in m.image.program.modules[module.index()]
                    .globals
                    .iter()
                    .enumerate()
                {
                    if !m.globals.get(base + i as u32).value.is_unbound() {
                        all.push(name.to_string());
                    }
                }
                all.extend(m.extras(*module).keys().map(|&n| text(n)));
                class = Ty::Module.id();
            }
            _ => {}
        }
    }
    if let Obj::Class(c) = m.heap.get(class) {
        for &base in &c.mro {
            if let Obj::Class(b) = m.heap.get(base) {
                all.extend(b.dict.keys().map(|&n| text(n)));
            }
        }
    }
    all.sort();
    all.dedup();
    all
}

/// The candidate that takes the fewest changes, if these are few enough.
fn nearest(wrong: &str, candidates: &[String]) -> Option<String> {
    let length = wrong.chars().count();
    if candidates.len() > MAX_CANDIDATES || length > MAX_LENGTH {
        return None;
    }
    let mut best: Option<(usize, &String)> = None;
    for candidate in candidates.iter().filter(|c| *c != wrong) {
        let most = (candidate.chars().count() + length + 3) * MOVE_COST / 6;
        let limit = best
            .map_or(length, |(distance, _)| distance)
            .saturating_sub(1)
            .min(most);
        let distance = distance(wrong, candidate);
        if distance <= limit && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.clone())
}

/// The cost of making one name of another: 2 a character, 1 for its case.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut row: Vec<usize> = (0..=a.len()).map(|n| n * MOVE_COST).collect();
    for (i, &x) in b.iter().enumerate() {
        let mut corner = row[0];
        row[0] = (i + 1) * MOVE_COST;
        for (j, &y) in a.iter().enumerate() {
            let cost = if x == y {
                0
            } else if x.to_lowercase().eq(y.to_lowercase()) {
                CASE_COST
            } else {
                MOVE_COST
            };
            let next = (corner + cost)
                .min(row[j] + MOVE_COST)
                .min(row[j + 1] + MOVE_COST);
            corner = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[a.len()]
}

/// Names of CPython's standard modules that programs are likely to forget to import.
fn is_library(name: &str) -> bool {
    const LIBRARY: &[&str] = &[
        "abc",
        "argparse",
        "array",
        "ast",
        "asyncio",
        "atexit",
        "base64",
        "bisect",
        "bz2",
        "calendar",
        "cmath",
        "code",
        "codecs",
        "collections",
        "concurrent",
        "configparser",
        "contextlib",
        "contextvars",
        "copy",
        "csv",
        "ctypes",
        "dataclasses",
        "datetime",
        "decimal",
        "difflib",
        "dis",
        "email",
        "enum",
        "errno",
        "faulthandler",
        "fcntl",
        "fileinput",
        "fnmatch",
        "fractions",
        "functools",
        "gc",
        "getopt",
        "getpass",
        "glob",
        "gzip",
        "hashlib",
        "heapq",
        "hmac",
        "html",
        "http",
        "importlib",
        "inspect",
        "io",
        "ipaddress",
        "itertools",
        "json",
        "keyword",
        "linecache",
        "locale",
        "logging",
        "lzma",
        "math",
        "mmap",
        "multiprocessing",
        "numbers",
        "operator",
        "os",
        "pathlib",
        "pdb",
        "pickle",
        "pkgutil",
        "platform",
        "pprint",
        "profile",
        "queue",
        "random",
        "re",
        "readline",
        "resource",
        "sched",
        "secrets",
        "select",
        "selectors",
        "shelve",
        "shlex",
        "shutil",
        "signal",
        "site",
        "socket",
        "socketserver",
        "sqlite3",
        "ssl",
        "stat",
        "statistics",
        "string",
        "struct",
        "subprocess",
        "symtable",
        "sys",
        "sysconfig",
        "syslog",
        "tarfile",
        "tempfile",
        "termios",
        "textwrap",
        "threading",
        "time",
        "timeit",
        "tkinter",
        "token",
        "tokenize",
        "tomllib",
        "trace",
        "traceback",
        "tracemalloc",
        "tty",
        "turtle",
        "types",
        "typing",
        "unicodedata",
        "unittest",
        "urllib",
        "uuid",
        "venv",
        "warnings",
        "wave",
        "weakref",
        "webbrowser",
        "xml",
        "zipfile",
        "zipimport",
        "zlib",
        "zoneinfo",
    ];
    LIBRARY.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{is_library, nearest};

    #[test]
    fn near_names_are_found() {
        let candidates = ["append", "appendleft", "pop"].map(str::to_owned);
        assert_eq!(nearest("appendd", &candidates).as_deref(), Some("append"));
        assert_eq!(nearest("zzz", &candidates), None);
        assert!(
            is_library("sys")
                && is_library("abc")
                && is_library("zoneinfo")
                && !is_library("numpy")
        );
    }
}
