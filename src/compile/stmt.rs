//! Statements.

use crate::compile::block::Block;
use crate::compile::call::check_keywords;
use crate::compile::codegen::Codegen;
use crate::compile::condition::known_truth;
use crate::compile::problem::{Compiled, Problem};
use crate::parse::{range, span};
use crate::program::instr::{Helper, Instr};
use crate::program::{CodeKind, Span};
use ruff_python_ast::{self as ast, Expr, Stmt};

impl<'a> Codegen<'a, '_> {
    /// Statements in a row.
    pub fn body(&mut self, body: &'a [Stmt]) -> Compiled {
        for stmt in body {
            self.statement(stmt)?;
        }
        Ok(())
    }

    fn statement(&mut self, stmt: &'a Stmt) -> Compiled {
        let at = span(stmt);
        match stmt {
            Stmt::Expr(expr) => self.expression_statement(expr),
            Stmt::Assign(assign) => self.assignment(assign),
            Stmt::AugAssign(assign) => self.aug_assignment(assign),
            Stmt::AnnAssign(assign) => self.ann_assignment(assign),
            Stmt::If(choice) => self.if_statement(choice),
            Stmt::While(each) => self.while_statement(each),
            Stmt::For(each) => self.for_statement(each),
            Stmt::Return(result) => self.return_statement(result),
            Stmt::Break(_) => self.leave_loop(false, at),
            Stmt::Continue(_) => self.leave_loop(true, at),
            Stmt::Pass(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => Ok(()),
            Stmt::FunctionDef(def) => self.function_def(def),
            Stmt::ClassDef(def) => self.class_def(def),
            Stmt::Try(attempt) => self.try_statement(attempt),
            Stmt::With(with) => self.with_statement(&with.items, &with.body),
            Stmt::Raise(raise) => self.raise_statement(raise),
            Stmt::Assert(assert) => self.assert_statement(assert),
            Stmt::Delete(delete) => delete
                .targets
                .iter()
                .try_for_each(|target| self.del(target)),
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Match(choice) => self.match_statement(choice),
            Stmt::TypeAlias(alias) => self.type_alias(alias),
            Stmt::IpyEscapeCommand(_) => Err(Problem::syntax("invalid syntax", at)),
        }
    }

    fn expression_statement(&mut self, stmt: &'a ast::StmtExpr) -> Compiled {
        let at = range(stmt.range);
        if self.module.echo && self.unit.kind == CodeKind::Module {
            let mark = self.unit.mark();
            let d = self.unit.temp(at)?;
            self.helper(Helper::Echo, 1, d, at, |this, arg| {
                this.into(&stmt.value, arg)
            })?;
            self.unit.release(mark);
            return Ok(());
        }
        self.effect(&stmt.value)
    }

    fn if_statement(&mut self, choice: &'a ast::StmtIf) -> Compiled {
        let at = range(choice.range);
        let end = self.unit.label();
        let first = (Some(&*choice.test), choice.body.as_slice());
        let rest = choice
            .elif_else_clauses
            .iter()
            .map(|clause| (clause.test.as_ref(), clause.body.as_slice()));
        let clauses: Vec<_> = std::iter::once(first).chain(rest).collect();
        for (index, (test, body)) in clauses.iter().enumerate() {
            let next = self.unit.label();
            if let Some(test) = test {
                self.condition(test, false, next)?;
            }
            self.body(body)?;
            if index + 1 < clauses.len() && !ends(body) {
                self.unit.jump(end, at);
            }
            self.unit.place(next);
        }
        self.unit.place(end);
        Ok(())
    }

    /// The test stands at the bottom, so that an iteration is one test and one jump.
    fn while_statement(&mut self, each: &'a ast::StmtWhile) -> Compiled {
        let at = range(each.range);
        let (next, otherwise, end) = (self.unit.label(), self.unit.label(), self.unit.label());
        let forever = known_truth(&each.test)? == Some(true);
        if forever {
            let top = self.unit.here();
            self.push_block(
                Block::Loop {
                    end,
                    next: top,
                    backwards: true,
                },
                at,
            )?;
            self.body(&each.body)?;
            self.pop_block();
            self.unit.repeat(top, span(&*each.test));
        } else {
            self.unit.jump(next, span(&*each.test));
            let top = self.unit.here();
            self.push_block(
                Block::Loop {
                    end,
                    next,
                    backwards: false,
                },
                at,
            )?;
            self.body(&each.body)?;
            self.pop_block();
            self.unit.place(next);
            self.condition(&each.test, false, otherwise)?;
            self.unit.repeat(top, span(&*each.test));
        }
        self.unit.place(otherwise);
        self.body(&each.orelse)?;
        self.unit.place(end);
        Ok(())
    }

    fn for_statement(&mut self, each: &'a ast::StmtFor) -> Compiled {
        let at = span(&*each.iter);
        let mark = self.unit.mark();
        let it = self.iterator(&each.iter)?;
        let (otherwise, end) = (self.unit.label(), self.unit.label());
        let next = self.unit.here();
        self.for_iter(&each.target, it, otherwise, at)?;
        self.push_block(
            Block::Loop {
                end,
                next,
                backwards: true,
            },
            range(each.range),
        )?;
        self.body(&each.body)?;
        self.pop_block();
        self.unit.repeat(next, at);
        self.unit.place(otherwise);
        self.unit.release(mark);
        self.body(&each.orelse)?;
        self.unit.place(end);
        Ok(())
    }

    fn return_statement(&mut self, result: &'a ast::StmtReturn) -> Compiled {
        let at = range(result.range);
        if !matches!(self.unit.kind, CodeKind::Function | CodeKind::Generator) {
            return Err(Problem::syntax("'return' outside function", at));
        }
        let mark = self.unit.mark();
        let s = match &result.value {
            Some(value) if self.return_leaves_blocks() => self.fresh(value)?,
            Some(value) => self.value(value)?,
            None => {
                let none = self.unit.temp(at)?;
                self.unit.emit(Instr::None { d: none }, at);
                none
            }
        };
        self.leave_function(at, |this| this.unit.emit(Instr::Return { s }, at))?;
        self.unit.release(mark);
        Ok(())
    }

    fn raise_statement(&mut self, raise: &'a ast::StmtRaise) -> Compiled {
        let at = range(raise.range);
        let mark = self.unit.mark();
        let instr = match (&raise.exc, &raise.cause) {
            (None, _) => Instr::RaiseAgain,
            (Some(exception), None) => Instr::Raise {
                s: self.value(exception)?,
            },
            (Some(exception), Some(cause)) => {
                let s = self.operand(exception, &[cause])?;
                let cause = self.value(cause)?;
                Instr::RaiseFrom { s, cause }
            }
        };
        self.unit.emit(instr, at);
        self.unit.release(mark);
        Ok(())
    }

    fn assert_statement(&mut self, assert: &'a ast::StmtAssert) -> Compiled {
        let at = span(&*assert.test);
        let mark = self.unit.mark();
        let holds = self.unit.label();
        self.condition(&assert.test, true, holds)?;
        let f = self.unit.temp(at)?;
        self.unit.emit(Instr::AssertionError { d: f }, at);
        if let Some(message) = &assert.msg {
            self.fresh(message)?;
            self.unit.emit(Instr::Call { argc: 1, f, d: f }, at);
        }
        self.unit.emit(Instr::Raise { s: f }, at);
        self.unit.place(holds);
        self.unit.release(mark);
        Ok(())
    }

    /// A class: its body as a function, called by the helper that builds classes.
    fn class_def(&mut self, def: &'a ast::StmtClassDef) -> Compiled {
        let name = range(def.name.range);
        let at = Span {
            start: self.def_start(range(def.range).start, &def.decorator_list),
            end: name.end,
        };
        let mark = self.unit.mark();
        let outer = match &def.type_params {
            Some(params) => Some(self.enter_type_params(params)?),
            None => None,
        };
        let inner = self.scope;
        self.scope = outer.unwrap_or(inner);
        let decorators = self.decorators(&def.decorator_list)?;
        self.scope = inner;
        let (f, d) = (self.unit.temps(5, at)?, self.unit.mark());
        debug_assert_eq!(u32::from(f) + 5, d, "the window is on top");
        self.class_body(def, f + 1, at)?;
        self.load_const(
            crate::program::Const::Str(def.name.as_str().into()),
            f + 2,
            at,
        )?;
        self.class_arguments(def, f + 3, at)?;
        // CPython blames the whole statement for what goes wrong in it.
        let whole = Span {
            start: at.start,
            end: range(def.range).end,
        };
        self.unit.emit(
            Instr::CallHelper {
                argc: 4,
                f,
                d: f,
                helper: Helper::BuildClass,
            },
            whole,
        );
        if let Some(params) = &def.type_params {
            self.set_type_params(params, f)?;
        }
        self.scope = outer.unwrap_or(inner);
        let result = self.decorate(decorators, f);
        let sym = self.sym(&def.name);
        self.store_at(sym, result, at, name.start)?;
        self.unit.release(mark);
        Ok(())
    }

    /// Bases as a tuple, keywords as a dict or None.
    fn class_arguments(&mut self, def: &'a ast::StmtClassDef, d: u16, at: Span) -> Compiled {
        let mark = self.unit.mark();
        match &def.arguments {
            Some(arguments) => self.bases_and_keywords(arguments, d, at)?,
            None => {
                self.unit.emit(Instr::Tuple { d, a: d + 2, n: 0 }, at);
                self.unit.emit(Instr::None { d: d + 1 }, at);
            }
        }
        if let Some(params) = &def.type_params {
            self.helper(Helper::GenericBases, 2, d, at, |this, first| {
                this.unit.emit(Instr::Move { d: first, s: d }, at);
                this.type_params_tuple(params, first + 1)
            })?;
        }
        self.unit.release(mark);
        Ok(())
    }

    fn bases_and_keywords(&mut self, arguments: &'a ast::Arguments, d: u16, at: Span) -> Compiled {
        check_keywords(&arguments.keywords)?;
        let spread =
            arguments.args.iter().any(Expr::is_starred_expr) || !arguments.keywords.is_empty();
        if spread {
            let f = self.unit.temp(at)?;
            // The words of a repeated keyword name what is called.
            self.unit.emit(Instr::None { d: f }, at);
            self.spread_arguments(&arguments.args, &arguments.keywords, f, at)?;
            self.unit.emit(Instr::ListToTuple { d, s: f + 1 }, at);
            self.unit.emit(Instr::Move { d: d + 1, s: f + 2 }, at);
        } else {
            let a = self.row(&arguments.args, d, at)?;
            let n = arguments.args.len() as u16;
            self.unit.emit(Instr::Tuple { d, a, n }, at);
            self.unit.emit(Instr::None { d: d + 1 }, at);
        }
        Ok(())
    }

    fn class_body(&mut self, def: &'a ast::StmtClassDef, d: u16, at: Span) -> Compiled {
        let mark = self.unit.mark();
        let parts = self.defaults(None, at)?;
        let scope = self.module.scopes.of(&def.node_index);
        self.start_unit(CodeKind::Class, scope, &def.name, at)?;
        self.declare_registers(at)?;
        let t = self.unit.temp(at)?;
        let module_name = self.names.sym("__name__");
        let g = self.slot(module_name, at)?;
        self.unit.emit(Instr::LoadGlobal { d: t, g }, at);
        self.store_dunder("__module__", t, at)?;
        let qualname = self.unit.qualname.clone();
        self.load_const(crate::program::Const::Str(qualname), t, at)?;
        self.store_dunder("__qualname__", t, at)?;
        if let Some(doc) = self.docstring(&def.body) {
            self.load_const(crate::program::Const::Str(doc.clone()), t, at)?;
            self.store_dunder("__doc__", t, at)?;
            self.unit.doc = Some(doc);
        }
        if self.scope_of_unit_has_annotations() {
            self.setup_annotations(at)?;
        }
        self.body(&def.body)?;
        let class = self.module.scopes.class_sym;
        match self.unit.regs.get(&(scope, class)).copied() {
            Some(cell) => self.unit.emit(Instr::Return { s: cell }, at),
            None => self.return_none(at)?,
        }
        self.make_function(scope, d, parts, at)?;
        self.unit.release(mark);
        Ok(())
    }

    fn store_dunder(&mut self, name: &str, s: u16, at: Span) -> Compiled {
        let sym = self.names.sym(name);
        let n = self.unit.name_index(sym, at)?;
        self.unit.emit(Instr::StoreName { n, s }, at);
        Ok(())
    }
}

/// Whether nothing runs on behind a body.
pub fn ends(body: &[Stmt]) -> bool {
    matches!(
        body.last(),
        Some(Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_) | Stmt::Continue(_))
    )
}
