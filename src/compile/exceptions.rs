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
use crate::program::instr::{Helper, Instr, Reg};
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
        if attempt.is_star {
            self.star_clauses(attempt, exception, saved, at)?;
            self.unit.place(end);
            self.unit.release(mark);
            return Ok(());
        }
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

    /// The clauses of a `try` with `except*`: each handles its part of a group; what is left or raised is put together and raised.
    fn star_clauses(
        &mut self,
        attempt: &'a ast::StmtTry,
        exception: Reg,
        saved: Reg,
        at: Span,
    ) -> Compiled {
        // Part and rest stand side by side, so that a pair is unpacked into them.
        let found = self.unit.temps(2, at)?;
        let rest = found + 1;
        let raised = self.unit.temp(at)?;
        let a = self.unit.mark() as Reg;
        let s = exception;
        self.unit.emit(Instr::Move { d: rest, s }, at);
        self.unit.emit(Instr::List { d: raised, a, n: 0 }, at);
        for ExceptHandler::ExceptHandler(clause) in &attempt.handlers {
            let Some(class) = &clause.type_ else {
                let message = "expected one or more exception types";
                return Err(Problem::syntax(message, range(clause.range)));
            };
            let (place, next) = (span(&**class), self.unit.label());
            let mark = self.unit.mark();
            let pair = self.unit.temp(place)?;
            self.helper(Helper::GroupMatch, 2, pair, place, |this, first| {
                this.unit.emit(Instr::Move { d: first, s: rest }, place);
                this.into(class, first + 1)
            })?;
            let (s, a) = (pair, found);
            self.unit.emit(Instr::Unpack { s, a, n: 2 }, place);
            let (negate, s) = (true, found);
            self.unit.emit(Instr::TestNone { negate, s }, place);
            self.unit.jump(next, place);
            self.star_clause(clause, [exception, found, raised], next)?;
            self.unit.place(next);
            self.unit.release(mark);
        }
        let (done, result) = (self.unit.label(), self.unit.temp(at)?);
        self.helper(Helper::GroupResult, 3, result, at, |this, first| {
            for (d, s) in (first..).zip([exception, rest, raised]) {
                this.unit.emit(Instr::Move { d, s }, at);
            }
            Ok(())
        })?;
        let (negate, s) = (true, result);
        self.unit.emit(Instr::TestNone { negate, s }, at);
        self.unit.jump(done, at);
        self.unit.emit(Instr::Reraise { s }, at);
        self.unit.place(done);
        self.unit.emit(Instr::RestoreHandled { s: saved }, at);
        Ok(())
    }

    fn star_clause(
        &mut self,
        clause: &'a ast::ExceptHandlerExceptHandler,
        [exception, found, raised]: [Reg; 3],
        next: Label,
    ) -> Compiled {
        let at = range(clause.range);
        self.unit.emit(Instr::SetHandled { s: found }, at);
        if let Some(name) = &clause.name {
            let sym = self.sym(name);
            self.store(sym, found, range(name.range))?;
        }
        let another = self.unit.temp(at)?;
        let cleanup = self.unit.label();
        let region = self.unit.open_region(cleanup, another);
        self.push_block(Block::StarHandler(region), at)?;
        self.body(&clause.body)?;
        self.pop_block();
        self.unit.close_region(region);
        if let Some(name) = &clause.name {
            self.unbind(name)?;
        }
        self.unit.emit(Instr::SetHandled { s: exception }, at);
        self.unit.jump(next, at);

        self.unit.place(cleanup);
        if let Some(name) = &clause.name {
            self.unbind(name)?;
        }
        self.unit.emit(Instr::SetHandled { s: exception }, at);
        for s in [found, another] {
            self.unit.emit(Instr::ListAppend { l: raised, s }, at);
        }
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
