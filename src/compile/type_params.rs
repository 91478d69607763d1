//! Type parameter lists and `type` statements (PEP 695).
//!
//! The parameters are variables of a scope of their own around the function, class or alias, which runs in the frame it stands
//! in, as a comprehension does. Bounds, defaults and the values of aliases are functions, called when somebody asks; in class
//! bodies, whose names functions do not see, they are evaluated at once.

use crate::compile::codegen::Codegen;
use crate::compile::problem::{Compiled, Problem};
use crate::compile::scope::{ScopeId, ScopeKind};
use crate::parse::{range, span};
use crate::program::instr::{Helper, Instr, Reg};
use crate::program::{CodeKind, Const};
use ruff_python_ast::{self as ast, AtomicNodeIndex, Expr, TypeParam};

/// What kind of parameter it is; `vm/py/typing.py` knows these numbers.
fn kind(param: &TypeParam) -> i32 {
    match param {
        TypeParam::TypeVar(_) => 0,
        TypeParam::TypeVarTuple(_) => 1,
        TypeParam::ParamSpec(_) => 2,
    }
}

/// The bound of a parameter, with the node that its function is known by.
pub fn bound(param: &TypeParam) -> Option<(&Expr, &AtomicNodeIndex)> {
    match param {
        TypeParam::TypeVar(var) => Some((var.bound.as_deref()?, &var.node_index)),
        _ => None,
    }
}

/// The default of a parameter, with the node that its function is known by.
pub fn default(param: &TypeParam) -> Option<(&Expr, &AtomicNodeIndex)> {
    let default = match param {
        TypeParam::TypeVar(var) => &var.default,
        TypeParam::TypeVarTuple(var) => &var.default,
        TypeParam::ParamSpec(var) => &var.default,
    };
    Some((default.as_deref()?, &param.name().node_index))
}

impl<'a> Codegen<'a, '_> {
    /// Makes the parameters and enters their scope. Gives the scope to go back to.
    pub fn enter_type_params(&mut self, params: &'a ast::TypeParams) -> Compiled<ScopeId> {
        let at = range(params.range);
        let scope = self.module.scopes.of(&params.node_index);
        let outer = std::mem::replace(&mut self.scope, scope);
        self.fresh_variables(scope, at);
        for param in &params.type_params {
            let place = span(param);
            let mark = self.unit.mark();
            let d = self.unit.temp(place)?;
            let argument =
                |this: &mut Self, part: Option<(&'a Expr, &'a AtomicNodeIndex)>, d| match part {
                    Some((expr, node)) => this.lazy(expr, node, d),
                    None => {
                        this.unit.emit(Instr::None { d }, place);
                        Ok(())
                    }
                };
            let constrained = matches!(bound(param), Some((Expr::Tuple(_), _)));
            self.helper(Helper::TypeParam, 4, d, place, |this, first| {
                let name = Const::Str(param.name().as_str().into());
                this.load_const(name, first, place)?;
                let v = kind(param) + if constrained { 4 } else { 0 };
                this.unit.emit(Instr::Int { d: first + 1, v }, place);
                argument(this, bound(param), first + 2)?;
                argument(this, default(param), first + 3)
            })?;
            let sym = self.sym(param.name());
            self.store(sym, d, place)?;
            self.unit.release(mark);
        }
        Ok(outer)
    }

    /// The parameters as a tuple.
    pub fn type_params_tuple(&mut self, params: &'a ast::TypeParams, d: Reg) -> Compiled {
        let at = range(params.range);
        let mark = self.unit.mark();
        let a = mark as Reg;
        for param in &params.type_params {
            let reg = self.unit.temp(at)?;
            let sym = self.sym(param.name());
            self.load(sym, reg, at)?;
        }
        let n = params.type_params.len() as u16;
        self.unit.emit(Instr::Tuple { d, a, n }, at);
        self.unit.release(mark);
        Ok(())
    }

    /// `d.__type_params__ = parameters`
    pub fn set_type_params(&mut self, params: &'a ast::TypeParams, d: Reg) -> Compiled {
        let at = range(params.range);
        self.helper(Helper::SetTypeParams, 2, d, at, |this, first| {
            this.unit.emit(Instr::Move { d: first, s: d }, at);
            this.type_params_tuple(params, first + 1)
        })
    }

    /// `type name = value`
    pub fn type_alias(&mut self, alias: &'a ast::StmtTypeAlias) -> Compiled {
        let at = range(alias.range);
        let Expr::Name(name) = &*alias.name else {
            return Err(Problem::syntax("invalid syntax", at));
        };
        let mark = self.unit.mark();
        let d = self.unit.temp(at)?;
        let outer = match &alias.type_params {
            Some(params) => Some(self.enter_type_params(params)?),
            None => None,
        };
        self.helper(Helper::TypeAlias, 3, d, at, |this, first| {
            this.load_const(Const::Str(name.id.as_str().into()), first, at)?;
            match &alias.type_params {
                Some(params) => this.type_params_tuple(params, first + 1)?,
                None => {
                    let a = this.unit.mark() as Reg;
                    let d = first + 1;
                    this.unit.emit(Instr::Tuple { d, a, n: 0 }, at);
                }
            }
            this.lazy(&alias.value, &alias.node_index, first + 2)
        })?;
        self.scope = outer.unwrap_or(self.scope);
        let sym = self.sym(&name.id);
        self.store_at(sym, d, at, range(name.range).start)?;
        self.unit.release(mark);
        Ok(())
    }

    /// A function that gives the expression's value; in a class body the value itself, in a tuple.
    fn lazy(&mut self, expr: &'a Expr, node: &'a AtomicNodeIndex, d: Reg) -> Compiled {
        let at = span(expr);
        let mark = self.unit.mark();
        if self.module.scopes.in_class_body(self.scope) {
            let a = self.fresh(expr)?;
            self.unit.emit(Instr::Tuple { d, a, n: 1 }, at);
        } else {
            let parts = self.defaults(None, at)?;
            let scope = self.module.scopes.of(node);
            debug_assert_eq!(self.module.scopes.get(scope).kind, ScopeKind::Function);
            self.start_unit(CodeKind::Function, scope, "<type>", at)?;
            self.parameters(None, at)?;
            let s = self.value(expr)?;
            self.unit.emit(Instr::Return { s }, at);
            self.make_function(scope, d, parts, at)?;
        }
        self.unit.release(mark);
        Ok(())
    }
}
