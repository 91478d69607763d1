//! Warnings about deprecated names, as CPython shows them by default: in `__main__` only, once for each line.

use crate::id::CodeId;
use crate::kernel::op::{Answer, Op};
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, Out, Park, ok, pure};
use crate::vm::types::Ty;

/// Functions for bundled modules.
pub const FUNCTIONS: &[Entry] = &[
    pure("deprecated", deprecated, 1, 1),
    pure("warn_at", warn_at, 4, 4),
    pure("syntax_warnings", syntax_warnings, 0, 0),
];

/// The user's frame that called into bundled code, `level` frames of the program further out.
fn site(m: &Machine, args: &Args, level: usize) -> Option<(CodeId, u32)> {
    let mut own = args
        .frames
        .iter()
        .rev()
        .filter(|f| !m.image.linked[f.code.index()].bundled);
    own.nth(level).map(|f| (f.code, f.pc.saturating_sub(1)))
}

/// `deprecated(message)`: warns of the program's call that led here. Where the program has `warnings`, its filters decide.
fn deprecated(m: &mut Machine, args: &Args) -> Native {
    if let Some(&module) = m.image.program.by_name.get("warnings")
        && m.image.program.modules[module.index()].bundled
        && let Some(name) = m.names.find("warn")
        && let Some(warn) = m.module_attr(module, name)
    {
        let category = Value::Obj(Ty::DeprecationWarning.id());
        return Ok(Out::Call(warn, vec![args.all[0], category]));
    }
    show(m, args, args.all[0], "DeprecationWarning", 0, true)
}

/// `warn_at(message, category, level, main_only)`, all but level and flag as texts.
fn warn_at(m: &mut Machine, args: &Args) -> Native {
    let category = m.as_str(args.all[1]).unwrap_or("UserWarning").to_owned();
    let level = m.as_i64(args.all[2]).unwrap_or(1).max(1) as usize - 1;
    show(
        m,
        args,
        args.all[0],
        &category,
        level,
        args.all[3].is(Value::Bool(true)),
    )
}

/// Writes what CPython says when it compiles the program.
fn syntax_warnings(m: &mut Machine, _: &Args) -> Native {
    if m.image.program.warnings.is_empty() {
        return ok(Value::None);
    }
    let text = m.image.program.warnings.clone();
    let text = m.str(&*text);
    Ok(Out::Park(Park {
        op: Op::Output(2),
        after: written,
        extra: Some([text, Value::None]),
    }))
}

fn show(
    m: &mut Machine,
    args: &Args,
    message: Value,
    category: &str,
    level: usize,
    main_only: bool,
) -> Native {
    let Some((code, pc)) = site(m, args, level) else {
        return ok(Value::None);
    };
    let module = m.image.program.module_of(code);
    if main_only && &*module.name != "__main__" {
        return ok(Value::None);
    }
    let line = m.image.program.line(code, pc);
    let text = m.as_str(message).unwrap_or_default().to_owned();
    let mut shown = format!("{}:{line}: {category}: {text}\n", module.path);
    let source = module.line_text(line).trim();
    if !source.is_empty() {
        shown.push_str(&format!("  {source}\n"));
    }
    let once = m.intern(&shown);
    let key = (once.0, line);
    if m.header.warned.contains(&key) {
        return ok(Value::None);
    }
    m.header.warned.push(key);
    let shown = m.str(shown);
    Ok(Out::Park(Park {
        op: Op::Output(2),
        after: written,
        extra: Some([shown, Value::None]),
    }))
}

fn written(m: &mut Machine, _: Answer, [text, _]: [Value; 2]) -> Native {
    let text = m.as_str(text).unwrap_or_default().to_owned();
    m.write(2, text);
    ok(Value::None)
}
