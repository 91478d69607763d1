//! Which names an expression assigns by `:=`.

use ruff_python_ast::Expr;
use ruff_python_ast::name::Name;
use ruff_python_ast::visitor::{Visitor, walk_expr};

struct Finder<'n> {
    name: &'n Name,
    found: bool,
}

impl<'a> Visitor<'a> for Finder<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Named(named) = expr
            && let Expr::Name(target) = &*named.target
        {
            self.found |= target.id == *self.name;
        }
        if !self.found {
            walk_expr(self, expr);
        }
    }
}

/// Whether evaluating an expression may assign a name.
pub fn rebinds(expr: &Expr, name: &Name) -> bool {
    let mut finder = Finder { name, found: false };
    finder.visit_expr(expr);
    finder.found
}
