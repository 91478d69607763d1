//! Displays of lists, tuples, sets and dicts.

use crate::compile::codegen::Codegen;
use crate::compile::fold;
use crate::compile::problem::Compiled;
use crate::compile::unit::ConstKey;
use crate::parse::{range, span};
use crate::program::instr::{Instr, Reg};
use crate::program::{Const, Span};
use ruff_python_ast::{self as ast, Expr};

/// More elements than this are added one by one instead of being put side by side first.
const MAX_ROW: usize = 64;

/// A kind of display.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Display {
    List,
    Tuple,
    Set,
}

impl<'a> Codegen<'a, '_> {
    /// `d = [items]`, `(items)` or `{items}`.
    pub fn display(&mut self, kind: Display, items: &'a [Expr], d: Reg, at: Span) -> Compiled {
        let starred = items.iter().any(Expr::is_starred_expr);
        if !starred && items.len() <= MAX_ROW {
            let a = self.row(items, d, at)?;
            let n = items.len() as u16;
            self.unit.emit(
                match kind {
                    Display::List => Instr::List { d, a, n },
                    Display::Tuple => Instr::Tuple { d, a, n },
                    Display::Set => Instr::Set { d, a, n },
                },
                at,
            );
            return Ok(());
        }
        let t = if self.unit.is_temp(d) && kind != Display::Tuple {
            d
        } else {
            self.unit.temp(at)?
        };
        let set = kind == Display::Set;
        let empty = self.unit.mark() as Reg;
        self.unit.emit(
            if set {
                Instr::Set {
                    d: t,
                    a: empty,
                    n: 0,
                }
            } else {
                Instr::List {
                    d: t,
                    a: empty,
                    n: 0,
                }
            },
            at,
        );
        if let Some(values) = constants(items)? {
            let k = self.unit.constant(Const::Tuple(values), at)?;
            let s = self.unit.temp(at)?;
            self.unit.emit(Instr::Const { d: s, k }, at);
            self.unit.emit(
                if set {
                    Instr::SetUpdate { l: t, s }
                } else {
                    Instr::ListExtend {
                        call: false,
                        l: t,
                        s,
                    }
                },
                at,
            );
        } else {
            for item in items {
                self.add_item(item, t, set, false)?;
            }
        }
        match kind {
            Display::Tuple => self.unit.emit(Instr::ListToTuple { d, s: t }, at),
            _ if t != d => self.unit.emit(Instr::Move { d, s: t }, at),
            _ => {}
        }
        Ok(())
    }

    /// `d = {items}` of constants: a `frozenset` that is a constant, `copied` into a set unless it is only looked at. The
    /// order of a set hangs on the way it was made.
    pub fn constant_set(&mut self, values: Vec<Const>, copied: bool, d: Reg, at: Span) -> Compiled {
        let key = values.iter().map(ConstKey::of).collect();
        let values = self.globals.constant_sets.entry(key).or_insert(values);
        let k = (self.unit).constant(Const::FrozenSet(values.clone()), at)?;
        if !copied {
            self.unit.emit(Instr::Const { d, k }, at);
            return Ok(());
        }
        let mark = self.unit.mark();
        let (s, t) = (self.unit.temp(at)?, self.unit.temp(at)?);
        let a = self.unit.mark() as Reg;
        self.unit.emit(Instr::Const { d: s, k }, at);
        self.unit.emit(Instr::Set { d: t, a, n: 0 }, at);
        self.unit.emit(Instr::SetUpdate { l: t, s }, at);
        self.unit.emit(Instr::Move { d, s: t }, at);
        self.unit.release(mark);
        Ok(())
    }

    /// The value of an expression that is only walked through or searched.
    pub fn looked_at(&mut self, expr: &'a Expr) -> Compiled<Reg> {
        if let Expr::Set(set) = expr
            && let Some(values) = constants(&set.elts)?
        {
            let at = span(expr);
            let d = self.unit.temp(at)?;
            self.constant_set(values, false, d, at)?;
            return Ok(d);
        }
        self.value(expr)
    }

    /// Adds an item, starred or not, to a list or set under construction.
    pub fn add_item(&mut self, item: &'a Expr, l: Reg, set: bool, call: bool) -> Compiled {
        let mark = self.unit.mark();
        let at = span(item);
        let instr = match item {
            Expr::Starred(starred) => {
                let s = self.value(&starred.value)?;
                if set {
                    Instr::SetUpdate { l, s }
                } else {
                    Instr::ListExtend { call, l, s }
                }
            }
            item => {
                let s = self.value(item)?;
                if set {
                    Instr::SetAdd { l, s }
                } else {
                    Instr::ListAppend { l, s }
                }
            }
        };
        self.unit.emit(instr, at);
        self.unit.release(mark);
        Ok(())
    }

    /// Evaluates expressions into registers in a row, which may start with `d` if that is the newest temporary.
    pub fn row(&mut self, items: &'a [Expr], d: Reg, at: Span) -> Compiled<Reg> {
        let reuse = self.unit.is_newest(d) && !items.is_empty();
        let a = if reuse { d } else { self.unit.mark() as Reg };
        for (index, item) in items.iter().enumerate() {
            let reg = if reuse && index == 0 {
                d
            } else {
                self.unit.temp(at)?
            };
            self.into(item, reg)?;
        }
        Ok(a)
    }

    /// `d = {key: value}`.
    pub fn dict(&mut self, dict: &'a ast::ExprDict, d: Reg) -> Compiled {
        let at = range(dict.range);
        let plain = dict.items.iter().all(|item| item.key.is_some());
        if plain && dict.items.len() <= MAX_ROW / 2 {
            let a = self.unit.mark() as Reg;
            for item in &dict.items {
                for part in item.key.iter().chain([&item.value]) {
                    let reg = self.unit.temp(at)?;
                    self.into(part, reg)?;
                }
            }
            let n = dict.items.len() as u16;
            self.unit.emit(Instr::Dict { d, a, n }, at);
            return Ok(());
        }
        let t = if self.unit.is_temp(d) {
            d
        } else {
            self.unit.temp(at)?
        };
        let empty = self.unit.mark() as Reg;
        self.unit.emit(
            Instr::Dict {
                d: t,
                a: empty,
                n: 0,
            },
            at,
        );
        for item in &dict.items {
            let mark = self.unit.mark();
            match &item.key {
                Some(key) => {
                    let k = self.operand(key, &[&item.value])?;
                    let s = self.value(&item.value)?;
                    self.unit.emit(Instr::DictSet { l: t, k, s }, at);
                }
                None => {
                    let s = self.value(&item.value)?;
                    self.unit.emit(Instr::DictUpdate { l: t, s }, at);
                }
            }
            self.unit.release(mark);
        }
        if t != d {
            self.unit.emit(Instr::Move { d, s: t }, at);
        }
        Ok(())
    }
}

/// The values of expressions that are all constant.
pub fn constants(items: &[Expr]) -> Compiled<Option<Vec<Const>>> {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        match fold::constant(item)? {
            Some(value) => values.push(value),
            None => return Ok(None),
        }
    }
    Ok(Some(values))
}
