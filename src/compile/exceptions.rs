//! `try` and `with`.
//!
//! What exception is being handled is one value of the thread. It is kept in a register before each `try` or `with`, and
//! put back whenever a handler is left other than by an exception: whoever catches that one puts back what he kept.

use crate::compile::block::Block;
use crate::compile::codegen::Codegen;
use crate::compile::problem::{Compiled, Problem};
use crate::compile::unit::Label;
use crate::parse::{range, span};
use crate::program::Span;
use crate::program::instr::{Instr, Reg};
use ruff_python_ast::{self as ast, ExceptHandler, Stmt, WithItem};

impl<'a> Codegen<'a, '_> {
    /// A `try` statement.
    pub fn try_statement(&mut self, attempt: &'a ast::StmtTry) -> Compiled {
        let at = range(attempt.range);
        let mark = self.unit.mark();
        let saved = self.unit.temp(at)?;
        self.unit.emit(Instr::SaveHandled { d: saved }, at);
        if attempt.finalbody.is_empty() {
            self.try_except(attempt, saved, at)?;
        } else {
            self.try_finally(attempt, saved, at)?;
        }
        self.unit.release(mark);
        Ok(())
    }

    fn try_finally(&mut self, attempt: &'a ast::StmtTry, saved: Reg, at: Span) -> Compiled {
        let exception = self.unit.temp(at)?;
        let (handler, end) = (self.unit.label(), self.unit.label());
        let region = self.unit.open_region(handler, exception);
        self.push_block(
            Block::Finally {
                region,
                body: &attempt.finalbody,
            },
            at,
        )?;
        if attempt.handlers.is_empty() {
            self.body(&attempt.body)?;
        } else {
            self.try_except(attempt, saved, at)?;
        }
        self.pop_block();
        self.unit.close_region(region);
        self.body(&attempt.finalbody)?;
        self.unit.jump(end, at);

        self.unit.place(handler);
        self.unit.emit(Instr::SetHandled { s: exception }, at);
        self.push_block(Block::Handler { saved, name: None }, at)?;
        self.body(&attempt.finalbody)?;
        self.pop_block();
        self.unit.emit(Instr::Reraise { s: exception }, at);
        self.unit.place(end);
        Ok(())
    }

    fn try_except(&mut self, attempt: &'a ast::StmtTry, saved: Reg, at: Span) -> Compiled {
        let mark = self.unit.mark();
        let exception = self.unit.temp(at)?;
        let (handler, end) = (self.unit.label(), self.unit.label());
        let region = self.unit.open_region(handler, exception);
        self.push_block(Block::Try(region), at)?;
        self.body(&attempt.body)?;
        self.pop_block();
        self.unit.close_region(region);
        self.body(&attempt.orelse)?;
        self.unit.jump(end, at);

        self.unit.place(handler);
        self.unit.emit(Instr::SetHandled { s: exception }, at);
        let last = attempt.handlers.len().saturating_sub(1);
        let mut caught_all = false;
        for (index, ExceptHandler::ExceptHandler(clause)) in attempt.handlers.iter().enumerate() {
            let next = self.unit.label();
            match &clause.type_ {
                Some(class) => {
                    let place = span(&**class);
                    let mark = self.unit.mark();
                    let c = self.value(class)?;
                    self.unit.emit(Instr::TestMatch { e: exception, c }, place);
                    self.unit.jump(next, place);
                    self.unit.release(mark);
                }
                None if index < last => {
                    return Err(Problem::syntax(
                        "default 'except:' must be last",
                        range(clause.range),
                    ));
                }
                None => caught_all = true,
            }
            self.except_clause(clause, exception, saved, end)?;
            self.unit.place(next);
        }
        if !caught_all {
            self.unit.emit(Instr::Reraise { s: exception }, at);
        }
        self.unit.place(end);
        self.unit.release(mark);
        Ok(())
    }

    fn except_clause(
        &mut self,
        clause: &'a ast::ExceptHandlerExceptHandler,
        exception: Reg,
        saved: Reg,
        end: Label,
    ) -> Compiled {
        let at = range(clause.range);
        let Some(name) = &clause.name else {
            self.push_block(Block::Handler { saved, name: None }, at)?;
            self.body(&clause.body)?;
            self.pop_block();
            self.unit.emit(Instr::RestoreHandled { s: saved }, at);
            self.unit.jump(end, at);
            return Ok(());
        };
        let sym = self.sym(name);
        self.store(sym, exception, range(name.range))?;
        let mark = self.unit.mark();
        let another = self.unit.temp(at)?;
        let cleanup = self.unit.label();
        let region = self.unit.open_region(cleanup, another);
        self.push_block(
            Block::Handler {
                saved,
                name: Some((name, region)),
            },
            at,
        )?;
        self.body(&clause.body)?;
        self.pop_block();
        self.unit.close_region(region);
        self.unbind(name)?;
        self.unit.emit(Instr::RestoreHandled { s: saved }, at);
        self.unit.jump(end, at);

        self.unit.place(cleanup);
        self.unbind(name)?;
        self.unit.emit(Instr::Reraise { s: another }, at);
        self.unit.release(mark);
        Ok(())
    }

    /// A `with` statement; one item inside the other.
    pub fn with_statement(&mut self, items: &'a [WithItem], body: &'a [Stmt]) -> Compiled {
        let Some((item, rest)) = items.split_first() else {
            return self.body(body);
        };
        let at = span(&item.context_expr);
        let mark = self.unit.mark();
        let saved = self.unit.temp(at)?;
        let manager = self.fresh(&item.context_expr)?;
        self.unit.emit(Instr::SaveHandled { d: saved }, at);
        let exception = self.unit.temp(at)?;
        self.unit.emit(
            Instr::WithEnter {
                d: exception,
                m: manager,
            },
            at,
        );
        let (handler, end) = (self.unit.label(), self.unit.label());
        let region = self.unit.open_region(handler, exception);
        self.push_block(
            Block::With {
                region,
                manager,
                span: at,
            },
            at,
        )?;
        if let Some(target) = &item.optional_vars {
            self.assign(target, exception)?;
        }
        self.with_statement(rest, body)?;
        self.pop_block();
        self.unit.close_region(region);
        self.unit.emit(Instr::WithExit { m: manager }, at);
        self.unit.jump(end, at);

        self.unit.place(handler);
        self.unit.emit(Instr::SetHandled { s: exception }, at);
        let swallowed = self.unit.temp(at)?;
        let again = self.unit.label();
        self.unit.emit(
            Instr::WithExitExc {
                d: swallowed,
                m: manager,
                e: exception,
            },
            at,
        );
        self.unit.emit(Instr::TestTrue { s: swallowed }, at);
        self.unit.jump(again, at);
        self.unit.emit(Instr::RestoreHandled { s: saved }, at);
        self.unit.jump(end, at);
        self.unit.place(again);
        self.unit.emit(Instr::Reraise { s: exception }, at);
        self.unit.place(end);
        self.unit.release(mark);
        Ok(())
    }
}
