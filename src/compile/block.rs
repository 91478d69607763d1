//! What leaving a piece of code has to undo, and the leaving itself: `return`, `break` and `continue` out of loops, `try`
//! and `with`.
//!
//! As in CPython since 3.8, the body of a `finally` is compiled once for each way out of its `try`.

use crate::compile::codegen::Codegen;
use crate::compile::problem::{Compiled, Problem};
use crate::compile::unit::{Label, RegionId};
use crate::program::Span;
use crate::program::instr::{Instr, Reg};
use ruff_python_ast::{Identifier, Stmt};

/// CPython's `CO_MAXSTATICBLOCKS`.
const MAX_BLOCKS: usize = 20;

/// Something that is open at a point of the code.
#[derive(Clone, Copy)]
pub enum Block<'a> {
    /// A loop.
    Loop {
        /// Behind the loop.
        end: Label,
        /// Where the next iteration is decided.
        next: Label,
        /// Whether `next` stands before its uses.
        backwards: bool,
    },
    /// The body of a `try` with `except` clauses: nothing to undo, but a region to leave.
    Try(RegionId),
    /// A `try` with a `finally`, whose body runs on every way out.
    Finally {
        /// The region that leads to it on exceptions.
        region: RegionId,
        /// The body.
        body: &'a [Stmt],
    },
    /// A `with`.
    With {
        /// The region that leads to `__exit__` on exceptions.
        region: RegionId,
        /// The context manager.
        manager: Reg,
        /// The context expression.
        span: Span,
    },
    /// An `except` clause, or a `finally` body on its way with an exception.
    Handler {
        /// The exception that was being handled before.
        saved: Reg,
        /// `except … as name`, to be unbound, and the region that does so on exceptions.
        name: Option<(&'a Identifier, RegionId)>,
    },
    /// An `except*` clause, which cannot be left but by its end or an exception.
    StarHandler(RegionId),
}

impl Block<'_> {
    fn region(&self) -> Option<RegionId> {
        match *self {
            Block::Loop { .. } | Block::Handler { name: None, .. } => None,
            Block::Try(region)
            | Block::StarHandler(region)
            | Block::Finally { region, .. }
            | Block::With { region, .. } => Some(region),
            Block::Handler {
                name: Some((_, region)),
                ..
            } => Some(region),
        }
    }
}

/// How far to leave.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    Loop,
    Function,
}

impl<'a> Codegen<'a, '_> {
    /// Opens a block.
    pub fn push_block(&mut self, block: Block<'a>, span: Span) -> Compiled {
        if self.unit.blocks.len() >= MAX_BLOCKS {
            return Err(Problem::syntax("too many statically nested blocks", span));
        }
        self.unit.blocks.push(block);
        Ok(())
    }

    /// Closes the innermost block.
    pub fn pop_block(&mut self) {
        self.unit.blocks.pop();
    }

    /// Whether a `return` here stands in a block whose handlers or exits come into play until its value is there.
    pub fn return_leaves_blocks(&self) -> bool {
        let runs = |block: &Block<'_>| !matches!(block, Block::Loop { .. });
        self.unit.blocks.iter().any(runs)
    }

    /// Emits what has to run before a `return`.
    pub fn leave_function(&mut self, span: Span, last: impl FnOnce(&mut Self)) -> Compiled {
        self.leave(Until::Function, span, |this, _| last(this))
    }

    /// `break` and `continue`.
    pub fn leave_loop(&mut self, again: bool, span: Span) -> Compiled {
        if !self
            .unit
            .blocks
            .iter()
            .any(|block| matches!(block, Block::Loop { .. }))
        {
            return Err(Problem::syntax(
                if again {
                    "'continue' not properly in loop"
                } else {
                    "'break' outside loop"
                },
                span,
            ));
        }
        self.leave(Until::Loop, span, |this, innermost| {
            if let Some(Block::Loop {
                end,
                next,
                backwards,
            }) = innermost
            {
                if !again {
                    this.unit.jump(end, span);
                } else if backwards {
                    this.unit.repeat(next, span);
                } else {
                    this.unit.jump(next, span);
                }
            }
        })
    }

    /// Undoes blocks from the inside outwards. While one is undone, it and those inside it protect nothing.
    fn leave(
        &mut self,
        until: Until,
        span: Span,
        last: impl FnOnce(&mut Self, Option<Block<'a>>),
    ) -> Compiled {
        let all = self.unit.blocks.clone();
        let mut suspended = Vec::new();
        while let Some(block) = self.unit.blocks.pop() {
            if let Some(region) = block.region() {
                self.unit.suspend_region(region);
                suspended.push(region);
            }
            match block {
                Block::Loop { .. } if until == Until::Loop => {
                    self.unit.blocks.push(block);
                    break;
                }
                Block::Loop { .. } | Block::Try(_) => {}
                Block::StarHandler(_) => {
                    return Err(Problem::syntax(
                        "'break', 'continue' and 'return' cannot appear in an except* block",
                        span,
                    ));
                }
                Block::Finally { body, .. } => self.body(body)?,
                Block::With { manager, span, .. } => {
                    self.unit.emit(Instr::WithExit { m: manager }, span)
                }
                Block::Handler { saved, name } => {
                    if let Some((name, _)) = name {
                        self.unbind(name)?;
                    }
                    self.unit.emit(Instr::RestoreHandled { s: saved }, span);
                }
            }
        }
        let innermost = self.unit.blocks.last().copied();
        last(self, innermost);
        for region in suspended {
            self.unit.resume_region(region);
        }
        self.unit.blocks = all;
        Ok(())
    }
}
