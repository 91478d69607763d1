//! Golden disassembly and error texts, under `snapshots/compile/`. `INSTA_UPDATE=always cargo test` writes them anew.

use super::{Found, Loader, Options, program};
use crate::error::Error;
use crate::program::Program;
use crate::program::disasm::disassemble_module;
use crate::program::instr::Instr;
use crate::program::verify::verify;
use crate::source::excerpt;
use std::fmt::Write;

/// A few bundled modules, and user modules given as text.
struct Texts(&'static [(&'static str, &'static str)]);

impl Loader for Texts {
    fn read_user(&self, dotted: &str) -> Option<Result<Found, Error>> {
        let (_, text) = self.0.iter().find(|(name, _)| *name == dotted)?;
        Some(Ok(Found {
            path: format!("{dotted}.py").into(),
            text: (*text).into(),
            is_package: self
                .0
                .iter()
                .any(|(name, _)| name.starts_with(&format!("{dotted}."))),
            namespace: false,
        }))
    }

    fn bundled(&self, dotted: &str) -> Option<&'static str> {
        match dotted {
            "builtins" => Some("from _raddle import len\n"),
            "threading" => Some("class Lock:\n    pass\n"),
            "queue" => Some("import threading\n"),
            _ => None,
        }
    }

    fn bundled_names(&self) -> Vec<&str> {
        vec!["builtins", "queue", "threading"]
    }
}

fn compiled(source: &str, user: &'static [(&'static str, &'static str)]) -> Result<Program, Error> {
    let made = program("prog.py", source, &Texts(user), &Options::default());
    if let Ok(made) = &made {
        verify(made).expect("what is compiled keeps the rules");
    }
    made
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/compile"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

macro_rules! golden {
    ($($name:ident: $source:expr;)*) => {
        $(#[test]
        fn $name() {
            let source: &str = $source;
            let program = compiled(source, &[]).unwrap_or_else(|error| panic!("{error}"));
            let text = format!("{}\n\n{}", source.trim_end(), disassemble_module(&program, 1));
            settings().bind(|| insta::assert_snapshot!(stringify!($name), text));
        })*
    };
}

golden! {
    arithmetic: "\
def f(a, b):
    c = a + b * 2 - 3
    c += 1
    c //= b
    d = c ** -a, not c, 2 * 3 + 1, 'a' 'b', -5
    return d[0], d[1:], d[::2]
";
    conditions: "\
def f(a, b, c):
    if a < b <= 3 and not c or a is None:
        return a and b or c
    elif a in b:
        pass
    else:
        return 1 if a else 2
    assert a == b, 'no'
    return not a in b
";
    loops: "\
def f(n, items):
    i = 0
    while i < n:
        i += 1
        if i == 3:
            continue
        if i > 7:
            break
    else:
        i = -1
    while True:
        for x, (y, *z) in items:
            if x:
                break
            return y
        else:
            continue
        break
";
    calls: "\
def f(g, *args, **kw):
    g(1, g.x, k=g)
    g.h(1).i(g(), 2)
    g(*args, 1, k=2, **kw, m=3)
    return g
";
    exceptions: "\
def f(g):
    for x in g:
        try:
            try:
                g(x)
            except (KeyError, ValueError) as e:
                print(e)
                continue
            except OSError:
                raise
            else:
                break
        finally:
            g.close()
    return g
";
    with_statements: "\
def f(a, b):
    with a as x, b.c() as (y, z):
        if x:
            return y
    try:
        return 1
    finally:
        with a:
            pass
";
    closures: "\
def outer(a):
    b = 1
    def inner():
        nonlocal b
        b += a
        return lambda: b
    fs = [lambda: i + a for i in range(3)]
    return inner, fs, sum(x * a for x in range(b) if x)
";
    classes: "\
class A(object, metaclass=type):
    'Doc.'
    x: int = 1
    y = [x for _ in range(x)]
    def __init__(self, v=x):
        super().__init__()
        self.__v = v
    def m(self):
        return super(), __class__
@staticmethod
def f(a: int, /, b=1, *, c: str = 'x') -> None:
    pass
";
    globals: "\
import threading as t
from queue import Queue, Empty as E
n = 0
m = 1
for i in (1, 2, 3):
    k = i
def work():
    global n
    n += m
class C:
    z = m
try:
    p = 1
except Exception:
    pass
m = 2
";
    generators: "\
def g(n):
    try:
        x = yield n
        y = yield
        z = yield from g(n - 1)
        return x, y, z
    finally:
        print('done')
";
    comprehensions: "\
def f(xs):
    a = [x for y in xs if y for x in y if (z := x)]
    b = {x: y for x, y in a}
    c = {x for x in b}
    return [[y + z for y in x] for x in xs], c
";
    f_strings: "\
def f(a, w):
    return f'{a}' f'{a!r:>{w}} {w=} {a.b:.2f}' 'x' f'{{}}', f'', f'{a}'
";
    matching: "\
def f(x):
    match x:
        case 0 | 1.5 | 'a':
            return 1
        case [a, b] | (b, a, _):
            return a
        case [1, *rest, 2] if rest:
            return rest
        case {'k': v, **others}:
            return v, others
        case Point(1, y=None) as p:
            return p
        case a.b:
            return 2
        case _:
            pass
";
    assignments: "\
def f(a, b):
    a, b = b, a
    x = y = a.b
    a.b, a[0], *c = x
    a.b += 1
    a[b] -= y
    del a.b, a[b], x
    (n := a).m = n
    return [*a, *b, 1], {**a, 'k': 1}, {*a}, (*a, b)
";
    annotations: "\
from __future__ import annotations
x: dict[str,int] = {}
y: 'int'
def f(a: list [ int ], *args: int) -> A | None:
    z: int = 1
    w: int
";
    walrus: "\
def f(a):
    return a + (a := 2) + a, [a, (a := 3)], a < (a := 4) < a
";
}

#[test]
fn modules_are_numbered_as_they_are_found() {
    let user: &'static [(&'static str, &'static str)] = &[
        (
            "pkg",
            "from . import b\nfrom .a import x\nimport pkg.b as c\n",
        ),
        ("pkg.a", "from .b import y as x\nimport queue\n"),
        ("pkg.b", "y = 1\n"),
    ];
    let program = compiled(
        "import threading\nimport pkg.a\nfrom pkg import b, x\ntry:\n    import numpy.linalg\nexcept ImportError:\n    pass\n",
        user,
    )
    .unwrap();
    let mut text = String::new();
    for (id, module) in program.modules.iter().enumerate() {
        writeln!(
            text,
            "{id} {} {} bundled={} package={}",
            module.name, module.path, module.bundled, module.package
        )
        .unwrap();
        for import in &module.imports {
            let modules: Vec<u32> = import.modules.iter().map(|id| id.0).collect();
            writeln!(
                text,
                "    {} leaf={} modules={modules:?} bound={} submodules={:?}",
                import.name, import.leaf, import.bound, import.submodules
            )
            .unwrap();
        }
    }
    settings().bind(|| insta::assert_snapshot!("modules", text));
}

#[test]
fn a_module_that_others_change_has_no_last_stores() {
    let last = |source: &str, user: &'static [(&'static str, &'static str)]| {
        let program = compiled(source, user).unwrap();
        let module = program
            .modules
            .iter()
            .position(|m| &*m.name == "m")
            .unwrap_or(1);
        let module = &program.modules[module];
        program
            .code(module.code)
            .instrs
            .iter()
            .any(|instr| match instr {
                Instr::StoreGlobalLast { g, .. } => &*module.globals[*g as usize] == "x",
                _ => false,
            })
    };
    assert!(last("x = 1\n", &[]));
    assert!(!last("x = 1\nprint(globals())\n", &[]));
    assert!(!last("def f():\n    global x\nx = 1\n", &[]));
    assert!(last("import m\nm.f()\n", &[("m", "x = 1\n")]));
    assert!(!last("import m\nm.x = 2\n", &[("m", "x = 1\n")]));
    assert!(!last("import m\nsetattr(m, 'x', 2)\n", &[("m", "x = 1\n")]));
    assert!(last(
        "import m\nclass C:\n    pass\nc = C()\nc.x = 1\n",
        &[("m", "x = 1\n")]
    ));
}

/// Sources that are refused, with what is said.
const FAULTY: &str = include_str!("faulty.txt");

#[test]
fn what_is_wrong_is_said_in_cpythons_words() {
    let mut text = String::new();
    for source in FAULTY.split("\n----\n") {
        let source = format!("{}\n", source.trim_end_matches('\n'));
        let error = compiled(&source, &[]).expect_err(&source);
        let shown = excerpt::cpython(&error).unwrap_or_else(|| format!("{error}\n"));
        text.push_str(&shown);
        if let Some(help) = &error.help {
            writeln!(text, "  help: {help}").unwrap();
        }
        text.push('\n');
    }
    settings().bind(|| insta::assert_snapshot!("faulty", text));
}

#[test]
fn limits_are_errors() {
    let deep = |open: &str, close: &str, count: usize| {
        format!("x = {}a{}\n", open.repeat(count), close.repeat(count))
    };
    for (source, words) in [
        (deep("(", ")", 5_000), "too many nested parentheses"),
        (deep("not ", "", 50_000), "too deeply nested"),
        (deep("a+", "", 1_000_000), "too deeply nested"),
        (deep("f'{", "}'", 200), "too many nested f-strings"),
        (
            format!("x = {}\n", "9".repeat(5_000)),
            "Exceeds the limit (4300 digits)",
        ),
        (
            (0..70_000).map(|i| format!("x = {i}.5\n")).collect(),
            "too many constants",
        ),
        (
            (0..150)
                .map(|i| format!("{}if a:\n", " ".repeat(i)))
                .collect::<String>()
                + &" ".repeat(150)
                + "pass\n",
            "too many levels of indentation",
        ),
    ] {
        let error = compiled(&source, &[]).unwrap_err();
        assert!(error.message.contains(words), "{error}");
    }
    for source in [
        deep("(", ")", 199),
        deep("a+", "", 3_000),
        deep("-", "", 3_000),
        deep("[", "]", 199),
        format!("x = [{}]\n", "1, ".repeat(70_000)),
        format!("x = [{}]\n", "a, ".repeat(70_000)),
        format!("f({})\n", "a, ".repeat(1_000)),
        format!("x = '{}'\n", "a".repeat(10_000_000)),
        format!("if a:\n    pass\n{}", "elif b:\n    pass\n".repeat(10_000)),
    ] {
        compiled(&source, &[]).unwrap();
    }
}
