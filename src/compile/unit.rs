//! A code object under construction: instructions, labels, registers, constants.

use crate::compile::block::Block;
use crate::compile::names::Sym;
use crate::compile::problem::{Compiled, Problem};
use crate::compile::scope::ScopeId;
use crate::id::CodeId;
use crate::program::instr::{Instr, Reg};
use crate::program::{CodeKind, Const, Handler, Params, Span};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A place in the code that jumps lead to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label(u32);

/// A range of code whose exceptions go to a handler. It has holes where code that leaves the range is spliced in.
#[derive(Debug)]
pub struct Region {
    target: Label,
    reg: Reg,
    done: Vec<(u32, u32)>,
    open: Option<u32>,
}

/// Names a [`Region`] of its unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RegionId(usize);

/// A constant as a key: floats by their bits, and `1`, `True`, `1.0` apart.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConstKey {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    Big(num_bigint::BigInt),
    Float(u64),
    Str(Arc<str>),
    Bytes(Arc<[u8]>),
    Tuple(Vec<ConstKey>),
    FrozenSet(Vec<ConstKey>),
}

impl ConstKey {
    /// The key of a constant.
    pub fn of(value: &Const) -> ConstKey {
        match value {
            Const::None => ConstKey::None,
            Const::Ellipsis => ConstKey::Ellipsis,
            Const::Bool(value) => ConstKey::Bool(*value),
            Const::Int(value) => ConstKey::Int(*value),
            Const::BigInt(value) => ConstKey::Big(value.clone()),
            Const::Float(value) => ConstKey::Float(value.to_bits()),
            Const::Str(value) => ConstKey::Str(value.clone()),
            Const::Bytes(value) => ConstKey::Bytes(value.clone()),
            Const::Tuple(items) => ConstKey::Tuple(items.iter().map(ConstKey::of).collect()),
            Const::FrozenSet(items) => {
                ConstKey::FrozenSet(items.iter().map(ConstKey::of).collect())
            }
        }
    }
}

/// A code object under construction.
pub struct Unit<'a> {
    /// Its place in the program.
    pub id: CodeId,
    /// The scope it is the code of.
    pub scope: ScopeId,
    /// What it is.
    pub kind: CodeKind,
    /// Its name.
    pub name: Arc<str>,
    /// Its dotted name.
    pub qualname: Arc<str>,
    /// Docstring.
    pub doc: Option<Arc<str>>,
    /// Line of the definition.
    pub first_line: u32,
    /// Parameters.
    pub params: Params,
    /// Names of the first registers.
    pub locals: Vec<Option<Arc<str>>>,
    /// Registers of the variables of this frame.
    pub regs: FxHashMap<(ScopeId, Sym), Reg>,
    /// Registers of captured variables.
    pub free: Vec<(Reg, Sym)>,
    /// Code objects made here, and what they capture.
    pub codes: Vec<CodeId>,
    /// See `codes`.
    pub captures: Vec<Vec<Reg>>,
    /// What leaving the current point has to undo, outermost first.
    pub blocks: Vec<Block<'a>>,
    /// Finished handlers, innermost first.
    pub handlers: Vec<PendingHandler>,
    instrs: Vec<Instr>,
    spans: Vec<Span>,
    consts: Vec<Const>,
    const_ids: FxHashMap<ConstKey, u16>,
    names: Vec<Sym>,
    name_ids: FxHashMap<Sym, u16>,
    labels: Vec<u32>,
    jumps: Vec<(u32, Label)>,
    regions: Vec<Region>,
    first_temp: u32,
    top: u32,
    most: u32,
}

/// A [`Handler`] whose target is still a label.
#[derive(Debug)]
pub struct PendingHandler {
    start: u32,
    end: u32,
    target: Label,
    reg: Reg,
}

/// What a finished unit hands over.
pub struct Parts {
    /// Instructions with all jumps patched.
    pub instrs: Vec<Instr>,
    /// Their spans.
    pub spans: Vec<Span>,
    /// Handlers.
    pub handlers: Vec<Handler>,
    /// Constants.
    pub consts: Vec<Const>,
    /// Names.
    pub names: Vec<Sym>,
    /// Registers of a frame.
    pub registers: u16,
}

const UNPLACED: u32 = u32::MAX;

impl<'a> Unit<'a> {
    /// An empty unit.
    pub fn new(
        id: CodeId,
        scope: ScopeId,
        kind: CodeKind,
        name: Arc<str>,
        qualname: Arc<str>,
        first_line: u32,
    ) -> Self {
        Unit {
            id,
            scope,
            kind,
            name,
            qualname,
            doc: None,
            first_line,
            params: Params::default(),
            locals: Vec::new(),
            regs: FxHashMap::default(),
            free: Vec::new(),
            codes: Vec::new(),
            captures: Vec::new(),
            blocks: Vec::new(),
            handlers: Vec::new(),
            instrs: Vec::new(),
            spans: Vec::new(),
            consts: Vec::new(),
            const_ids: FxHashMap::default(),
            names: Vec::new(),
            name_ids: FxHashMap::default(),
            labels: Vec::new(),
            jumps: Vec::new(),
            regions: Vec::new(),
            first_temp: 0,
            top: 0,
            most: 0,
        }
    }

    /// Adds a named register. All are added before the first temporary.
    pub fn local(&mut self, name: Arc<str>, span: Span) -> Compiled<Reg> {
        let reg =
            Reg::try_from(self.locals.len()).map_err(|_| Problem::too_many("variables", span))?;
        self.locals.push(Some(name));
        self.first_temp = self.locals.len() as u32;
        self.top = self.first_temp;
        self.most = self.most.max(self.top);
        Ok(reg)
    }

    /// Takes the next free register.
    pub fn temp(&mut self, span: Span) -> Compiled<Reg> {
        // The callee's frame lies above, and argument counts are added to registers: leave them room.
        if self.top >= 0xff00 {
            return Err(Problem::too_many("registers", span));
        }
        let reg = self.top;
        self.top += 1;
        self.most = self.most.max(self.top);
        Ok(reg as Reg)
    }

    /// Takes several registers in a row.
    pub fn temps(&mut self, count: usize, span: Span) -> Compiled<Reg> {
        let first = self.top as Reg;
        if self.top as usize + count >= 0xff00 {
            return Err(Problem::too_many("registers", span));
        }
        self.top += count as u32;
        self.most = self.most.max(self.top);
        Ok(first)
    }

    /// The number of registers in use, to go back to with [`release`](Self::release).
    pub fn mark(&self) -> u32 {
        self.top
    }

    /// Frees all temporaries taken since the mark.
    pub fn release(&mut self, mark: u32) {
        self.top = mark;
    }

    /// Whether a register is a temporary, which nothing but the expression at hand can see.
    pub fn is_temp(&self, reg: Reg) -> bool {
        u32::from(reg) >= self.first_temp
    }

    /// Whether a register is the temporary taken last.
    pub fn is_newest(&self, reg: Reg) -> bool {
        self.is_temp(reg) && u32::from(reg) + 1 == self.top
    }

    /// Adds an instruction.
    pub fn emit(&mut self, instr: Instr, span: Span) {
        self.instrs.push(instr);
        self.spans.push(span);
    }

    /// The index of the next instruction.
    pub fn pc(&self) -> u32 {
        self.instrs.len() as u32
    }

    /// A label yet to be placed.
    pub fn label(&mut self) -> Label {
        self.labels.push(UNPLACED);
        Label(self.labels.len() as u32 - 1)
    }

    /// A label for the next instruction.
    pub fn here(&mut self) -> Label {
        let label = self.label();
        self.place(label);
        label
    }

    /// Puts a label before the next instruction.
    pub fn place(&mut self, label: Label) {
        self.labels[label.0 as usize] = self.pc();
    }

    /// Jumps forwards.
    pub fn jump(&mut self, target: Label, span: Span) {
        self.jumps.push((self.pc(), target));
        self.emit(Instr::Jump { off: 0 }, span);
    }

    /// Jumps backwards.
    pub fn repeat(&mut self, target: Label, span: Span) {
        self.jumps.push((self.pc(), target));
        self.emit(Instr::Loop { off: 0 }, span);
    }

    /// The index of a constant.
    pub fn constant(&mut self, value: Const, span: Span) -> Compiled<u16> {
        let key = ConstKey::of(&value);
        if let Some(&index) = self.const_ids.get(&key) {
            return Ok(index);
        }
        let index =
            u16::try_from(self.consts.len()).map_err(|_| Problem::too_many("constants", span))?;
        self.consts.push(value);
        self.const_ids.insert(key, index);
        Ok(index)
    }

    /// The index of an attribute name.
    pub fn name_index(&mut self, sym: Sym, span: Span) -> Compiled<u16> {
        if let Some(&index) = self.name_ids.get(&sym) {
            return Ok(index);
        }
        let index =
            u16::try_from(self.names.len()).map_err(|_| Problem::too_many("names", span))?;
        self.names.push(sym);
        self.name_ids.insert(sym, index);
        Ok(index)
    }

    /// Opens a range of code whose exceptions go to `target` with their value in `reg`.
    pub fn open_region(&mut self, target: Label, reg: Reg) -> RegionId {
        self.regions.push(Region {
            target,
            reg,
            done: Vec::new(),
            open: Some(self.pc()),
        });
        RegionId(self.regions.len() - 1)
    }

    /// Leaves a hole in a region, from here to [`resume_region`](Self::resume_region).
    pub fn suspend_region(&mut self, region: RegionId) {
        let pc = self.pc();
        let region = &mut self.regions[region.0];
        if let Some(start) = region.open.take()
            && start < pc
        {
            region.done.push((start, pc));
        }
    }

    /// Ends a hole.
    pub fn resume_region(&mut self, region: RegionId) {
        self.regions[region.0].open = Some(self.pc());
    }

    /// Ends a region. Inner regions end first, so handlers come out innermost first.
    pub fn close_region(&mut self, region: RegionId) {
        self.suspend_region(region);
        let region = &mut self.regions[region.0];
        for (start, end) in std::mem::take(&mut region.done) {
            self.handlers.push(PendingHandler {
                start,
                end,
                target: region.target,
                reg: region.reg,
            });
        }
    }

    /// Patches the jumps.
    pub fn finish(mut self) -> (Parts, Self) {
        for &(pc, label) in &self.jumps {
            let target = self.labels[label.0 as usize];
            debug_assert_ne!(target, UNPLACED, "a jump to a label that was never placed");
            let distance = target.wrapping_sub(pc + 1) as i32;
            match &mut self.instrs[pc as usize] {
                Instr::Jump { off } | Instr::Loop { off } => *off = distance,
                other => unreachable!("{other:?} is no jump"),
            }
        }
        let handlers = self.handlers.iter().map(|handler| Handler {
            start: handler.start,
            end: handler.end,
            target: self.labels[handler.target.0 as usize],
            reg: handler.reg,
        });
        let parts = Parts {
            handlers: handlers.collect(),
            instrs: std::mem::take(&mut self.instrs),
            spans: std::mem::take(&mut self.spans),
            consts: std::mem::take(&mut self.consts),
            names: std::mem::take(&mut self.names),
            registers: self.most.max(1) as u16,
        };
        (parts, self)
    }
}
