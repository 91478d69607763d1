//! Code objects.

use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Native, ok};

pub(super) fn code_of(m: &Machine, value: Value) -> crate::id::CodeId {
    match m.object(value) {
        Some(Obj::Code(code)) => *code,
        _ => crate::id::CodeId(0),
    }
}

pub(super) fn co_name(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let name = m.image.program.code(code).name.clone();
    ok(m.str(&*name))
}

pub(super) fn co_filename(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let path = m.image.program.module_of(code).path.clone();
    ok(m.str(&*path))
}

pub(super) fn co_firstlineno(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    ok(Value::Int(m.image.program.code(code).first_line as i64))
}

pub(super) fn co_argcount(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    ok(Value::Int(
        m.image.program.code(code).params.positional as i64,
    ))
}

pub(super) fn co_qualname(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    ok(m.image.linked[code.index()].qualname)
}

pub(super) fn co_posonlyargcount(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let params = &m.image.program.code(code).params;
    ok(Value::Int(params.positional_only.into()))
}

pub(super) fn co_kwonlyargcount(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    ok(Value::Int(
        m.image.program.code(code).params.keyword_only.into(),
    ))
}

pub(super) fn co_nlocals(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let locals = m.image.program.code(code).locals.iter().flatten();
    ok(Value::Int(locals.count() as i64))
}

/// `CO_OPTIMIZED | CO_NEWLOCALS`, `CO_VARARGS`, `CO_VARKEYWORDS`, `CO_GENERATOR`.
pub(super) fn co_flags(m: &mut Machine, args: &Args) -> Native {
    let code = m.image.program.code(code_of(m, args.all[0]));
    let generator = code.kind == crate::program::CodeKind::Generator;
    let flags = [
        (true, 0x3),
        (code.params.star, 0x4),
        (code.params.star_star, 0x8),
        (generator, 0x20),
    ];
    let flags = flags.iter().filter(|(on, _)| *on).map(|(_, flag)| flag);
    ok(Value::Int(flags.sum()))
}

pub(super) fn co_freevars(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let names: Vec<_> = m
        .image
        .program
        .code(code)
        .free
        .clone()
        .into_iter()
        .collect();
    let items: Vec<Value> = names.iter().map(|(_, n)| m.str(&**n)).collect();
    ok(m.tuple(items))
}

pub(super) fn co_varnames(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let names: Vec<_> = m
        .image
        .program
        .code(code)
        .locals
        .iter()
        .flatten()
        .cloned()
        .collect();
    let items: Vec<Value> = names.iter().map(|n| m.str(&**n)).collect();
    ok(m.tuple(items))
}
