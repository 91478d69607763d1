//! The second pass: where each name lives.

use super::{Place, ScopeId, ScopeKind, Scopes};
use crate::compile::names::{Names, Sym};
use crate::compile::problem::{Compiled, Problem};

/// Where a lookup ends that starts in a scope's parent.
enum Found {
    /// A function-like scope (or a class, for `__class__`) has it.
    Scope(ScopeId),
    Global,
}

/// Decides the place of every name of every scope, and which variables are captured.
pub fn resolve(scopes: &mut Scopes, names: &Names) -> Compiled {
    for index in 0..scopes.all.len() {
        let id = ScopeId(index as u32);
        for at in 0..scopes.get(id).symbols.len() {
            let (&sym, &symbol) = scopes.get(id).symbols.get_index(at).expect("in range");
            let kind = scopes.get(id).kind;
            let own = symbol.bound && !symbol.nonlocal && !symbol.global;
            let place = if symbol.global || kind == ScopeKind::Module {
                Place::Global
            } else if own {
                match kind {
                    ScopeKind::Class => Place::Class,
                    _ => Place::Local(id),
                }
            } else {
                match look_outside(scopes, id, sym) {
                    Found::Scope(owner)
                        if symbol.nonlocal && scopes.get(owner).kind == ScopeKind::TypeParams =>
                    {
                        let name = names.text(sym);
                        return Err(Problem::syntax(
                            format!("nonlocal binding not allowed for type parameter '{name}'"),
                            symbol.span,
                        ));
                    }
                    Found::Scope(owner) => {
                        let class = kind == ScopeKind::Class && !symbol.nonlocal;
                        match capture(scopes, id, owner, sym) {
                            Place::Free if class => Place::ClassFree,
                            place => place,
                        }
                    }
                    Found::Global if symbol.nonlocal => {
                        let name = names.text(sym);
                        return Err(Problem::syntax(
                            format!("no binding for nonlocal '{name}' found"),
                            symbol.span,
                        ));
                    }
                    Found::Global if kind == ScopeKind::Class => Place::Class,
                    Found::Global => Place::Global,
                }
            };
            scopes.get_mut(id).symbols[at].place = place;
        }
    }
    // As CPython has them: `co_freevars` and `__closure__` show it.
    for scope in &mut scopes.all {
        scope
            .free
            .sort_by(|&a, &b| names.text(a).cmp(names.text(b)));
    }
    Ok(())
}

fn look_outside(scopes: &Scopes, from: ScopeId, sym: Sym) -> Found {
    let mut at = scopes.get(from).parent;
    while let Some(id) = at {
        let scope = scopes.get(id);
        match scope.kind {
            ScopeKind::Module => break,
            ScopeKind::Class => {
                // Code that runs in the class body itself comes before there is a class.
                if sym == scopes.class_sym && scopes.get(from).unit != id {
                    return Found::Scope(id);
                }
            }
            _ => {
                if scope.binds(sym) {
                    return Found::Scope(id);
                }
                if scope.symbols.get(&sym).is_some_and(|symbol| symbol.global) {
                    return Found::Global;
                }
            }
        }
        at = scope.parent;
    }
    Found::Global
}

/// Notes that `from` uses a variable of `owner`, and how it reaches it.
fn capture(scopes: &mut Scopes, from: ScopeId, owner: ScopeId, sym: Sym) -> Place {
    let owner_unit = scopes.get(owner).unit;
    let mut unit = scopes.get(from).unit;
    if unit == owner_unit {
        return Place::Local(owner);
    }
    if scopes.get(owner).kind == ScopeKind::Class {
        scopes.get_mut(owner).class_cell = true;
    } else {
        scopes.get_mut(owner).symbols[&sym].cell = true;
    }
    while unit != owner_unit {
        scopes.get_mut(unit).free.insert(sym);
        let parent = scopes.get(unit).parent.expect("the owner is outside");
        unit = scopes.get(parent).unit;
    }
    Place::Free
}
