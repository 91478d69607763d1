//! Bundled modules, compiled: what the build script makes of each and keeps in the binary, so that a run need neither parse nor compile it.
//!
//! A bundled module's code depends on nothing but its own text; what it shares with the rest of a program are ids. In the
//! stored form ids of code objects count from the module's own first one, and [`Made::place`] moves them to where the module
//! stands in the program. Texts are kept once each, in a table of the module.

use crate::compile::imports::Wanted;
use crate::compile::load::bundled_path;
use crate::compile::names::{Names, Sym};
use crate::compile::parsed::{self, Circumstances};
use crate::error::Error;
use crate::id::{CodeId, ModuleId};
use crate::program::instr::{Instr, Reg};
use crate::program::{Code, CodeKind, Const, Handler, Params, Span};
use crate::source::line_starts;
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A bundled module as it is kept.
#[derive(Serialize, Deserialize)]
pub struct Stored<'s> {
    /// Byte offset of each line.
    pub lines: Vec<u32>,
    /// What its import statements ask for.
    pub wanted: Vec<Wanted>,
    /// It declares type parameters.
    pub typed: bool,
    /// It has a `from … import *`.
    pub star_import: bool,
    /// Names in its `__all__`.
    pub listed: Vec<String>,
    /// Its code objects and globals.
    #[serde(borrow)]
    pub made: Made<'s>,
}

/// The code of a bundled module.
#[derive(Serialize, Deserialize)]
pub struct Made<'s> {
    #[serde(borrow)]
    texts: Vec<&'s str>,
    globals: Vec<Text>,
    #[serde(borrow)]
    codes: Vec<StoredCode<'s>>,
}

/// Index into the module's texts.
type Text = u32;

#[derive(Serialize, Deserialize)]
enum StoredConst<'s> {
    None,
    Bool(bool),
    Ellipsis,
    Int(i64),
    BigInt(Vec<u8>),
    Float(f64),
    Str(Text),
    Bytes(&'s [u8]),
    Tuple(Vec<StoredConst<'s>>),
    FrozenSet(Vec<StoredConst<'s>>),
}

/// As [`Code`].
#[derive(Serialize, Deserialize)]
struct StoredCode<'s> {
    name: Text,
    qualname: Text,
    doc: Option<Text>,
    kind: CodeKind,
    params: Vec<Text>,
    positional_only: u16,
    positional: u16,
    keyword_only: u16,
    star: bool,
    star_star: bool,
    registers: u16,
    locals: Vec<Option<Text>>,
    free: Vec<(Reg, Text)>,
    captures: Vec<Vec<Reg>>,
    codes: Vec<u32>,
    instrs: Vec<Instr>,
    /// Start and end of each, four bytes each, little end first: as many as the instructions, read faster than as numbers.
    #[serde(borrow)]
    spans: Cow<'s, [u8]>,
    handlers: Vec<Handler>,
    #[serde(borrow)]
    consts: Vec<StoredConst<'s>>,
    names: Vec<Text>,
    first_line: u32,
}

/// Compiles a bundled module for keeping.
///
/// # Errors
///
/// As [`program`](crate::compile::program): a fault in the module.
pub fn store(name: &str, source: &str) -> Result<Vec<u8>, Error> {
    let path = bundled_path(name);
    let source: Arc<str> = source.into();
    let mut names = Names::default();
    let mut codes = Vec::new();
    let parsed = parsed::parse(&path, &source, &mut names)?;
    let lines = line_starts(&source);
    let (_, globals) = parsed.compile(&path, &source, &lines, &ALONE, &mut names, &mut codes)?;
    let codes: Vec<Code> = codes.into_iter().flatten().collect();
    let mut texts = Texts::default();
    let globals: Vec<Text> = globals
        .iter()
        .map(|sym| texts.add(names.text(*sym)))
        .collect();
    let codes: Vec<StoredCode> = codes.iter().map(|code| texts.code(code)).collect();
    let stored = Stored {
        lines,
        wanted: parsed.wanted,
        typed: parsed.scopes.typed,
        star_import: parsed.star_import,
        listed: parsed.listed,
        made: Made {
            texts: texts.all,
            globals,
            codes,
        },
    };
    Ok(postcard::to_stdvec(&stored).expect("plain data can be written to memory"))
}

/// Reads a module that [`store`] wrote.
///
/// # Panics
///
/// When the bytes are no such module: a bug of the build.
pub fn restore(bytes: &[u8]) -> Stored<'_> {
    postcard::from_bytes(bytes).expect("the build script wrote it")
}

/// Bundled modules are compiled as if each stood alone, before any other.
const ALONE: Circumstances = Circumstances {
    id: ModuleId(0),
    bundled: true,
    echo: false,
    stable_globals: true,
};

/// The texts of a module being stored.
#[derive(Default)]
struct Texts<'c> {
    all: Vec<&'c str>,
    index: BTreeMap<&'c str, Text>,
}

impl<'c> Texts<'c> {
    fn add(&mut self, text: &'c str) -> Text {
        *self.index.entry(text).or_insert_with(|| {
            self.all.push(text);
            self.all.len() as Text - 1
        })
    }

    fn each(&mut self, texts: &'c [Arc<str>]) -> Vec<Text> {
        texts.iter().map(|text| self.add(text)).collect()
    }

    fn code(&mut self, code: &'c Code) -> StoredCode<'c> {
        let params = &code.params;
        StoredCode {
            name: self.add(&code.name),
            qualname: self.add(&code.qualname),
            doc: code.doc.as_ref().map(|doc| self.add(doc)),
            kind: code.kind,
            params: self.each(&params.names),
            positional_only: params.positional_only,
            positional: params.positional,
            keyword_only: params.keyword_only,
            star: params.star,
            star_star: params.star_star,
            registers: code.registers,
            locals: code
                .locals
                .iter()
                .map(|name| name.as_ref().map(|name| self.add(name)))
                .collect(),
            free: code
                .free
                .iter()
                .map(|(reg, name)| (*reg, self.add(name)))
                .collect(),
            captures: code.captures.clone(),
            codes: code.codes.iter().map(|id| id.0).collect(),
            instrs: code.instrs.clone(),
            spans: code
                .spans
                .iter()
                .flat_map(|span| [span.start.to_le_bytes(), span.end.to_le_bytes()])
                .flatten()
                .collect(),
            handlers: code.handlers.clone(),
            consts: self.consts(&code.consts),
            names: self.each(&code.names),
            first_line: code.first_line,
        }
    }

    fn consts(&mut self, consts: &'c [Const]) -> Vec<StoredConst<'c>> {
        consts.iter().map(|value| self.constant(value)).collect()
    }

    fn constant(&mut self, value: &'c Const) -> StoredConst<'c> {
        match value {
            Const::None => StoredConst::None,
            Const::Bool(b) => StoredConst::Bool(*b),
            Const::Ellipsis => StoredConst::Ellipsis,
            Const::Int(n) => StoredConst::Int(*n),
            Const::BigInt(n) => StoredConst::BigInt(n.to_signed_bytes_le()),
            Const::Float(x) => StoredConst::Float(*x),
            Const::Str(text) => StoredConst::Str(self.add(text)),
            Const::Bytes(bytes) => StoredConst::Bytes(bytes),
            Const::Tuple(items) => StoredConst::Tuple(self.consts(items)),
            Const::FrozenSet(items) => StoredConst::FrozenSet(self.consts(items)),
        }
    }
}

impl Made<'_> {
    /// The module's code as module `module` of a program, added to its `codes`; gives the code of its top level and its global
    /// names.
    pub fn place(
        self,
        module: ModuleId,
        names: &mut Names,
        codes: &mut Vec<Option<Code>>,
    ) -> (CodeId, Vec<Sym>) {
        let base = codes.len() as u32;
        let texts: Vec<Arc<str>> = self.texts.into_iter().map(Arc::from).collect();
        let place = Place {
            module,
            base,
            texts: &texts,
        };
        codes.extend(self.codes.into_iter().map(|code| Some(place.code(code))));
        let globals = self.globals.iter();
        let globals = globals
            .map(|name| names.sym(&texts[*name as usize]))
            .collect();
        (CodeId(base), globals)
    }
}

/// Where a stored module comes to stand.
struct Place<'t> {
    module: ModuleId,
    base: u32,
    texts: &'t [Arc<str>],
}

impl Place<'_> {
    fn text(&self, text: Text) -> Arc<str> {
        self.texts[text as usize].clone()
    }

    fn each(&self, texts: &[Text]) -> Vec<Arc<str>> {
        texts.iter().map(|text| self.text(*text)).collect()
    }

    fn code(&self, code: StoredCode) -> Code {
        let (spans, rest) = code.spans.as_chunks::<8>();
        debug_assert!(rest.is_empty(), "a span is eight bytes");
        Code {
            name: self.text(code.name),
            qualname: self.text(code.qualname),
            doc: code.doc.map(|doc| self.text(doc)),
            kind: code.kind,
            module: self.module,
            params: Params {
                names: self.each(&code.params),
                positional_only: code.positional_only,
                positional: code.positional,
                keyword_only: code.keyword_only,
                star: code.star,
                star_star: code.star_star,
            },
            registers: code.registers,
            locals: code
                .locals
                .into_iter()
                .map(|name| name.map(|name| self.text(name)))
                .collect(),
            free: code
                .free
                .into_iter()
                .map(|(reg, name)| (reg, self.text(name)))
                .collect(),
            captures: code.captures,
            codes: code
                .codes
                .into_iter()
                .map(|id| CodeId(self.base + id))
                .collect(),
            instrs: code.instrs,
            spans: spans.iter().map(span).collect(),
            handlers: code.handlers,
            consts: self.consts(code.consts),
            names: self.each(&code.names),
            first_line: code.first_line,
            cache_base: 0,
        }
    }

    fn consts(&self, consts: Vec<StoredConst>) -> Vec<Const> {
        consts
            .into_iter()
            .map(|value| self.constant(value))
            .collect()
    }

    fn constant(&self, value: StoredConst) -> Const {
        match value {
            StoredConst::None => Const::None,
            StoredConst::Bool(b) => Const::Bool(b),
            StoredConst::Ellipsis => Const::Ellipsis,
            StoredConst::Int(n) => Const::Int(n),
            StoredConst::BigInt(bytes) => Const::BigInt(BigInt::from_signed_bytes_le(&bytes)),
            StoredConst::Float(x) => Const::Float(x),
            StoredConst::Str(text) => Const::Str(self.text(text)),
            StoredConst::Bytes(bytes) => Const::Bytes(bytes.into()),
            StoredConst::Tuple(items) => Const::Tuple(self.consts(items)),
            StoredConst::FrozenSet(items) => Const::FrozenSet(self.consts(items)),
        }
    }
}

fn span(bytes: &[u8; 8]) -> Span {
    let at = u64::from_le_bytes(*bytes);
    Span {
        start: at as u32,
        end: (at >> 32) as u32,
    }
}
