//! Code objects as text, one instruction a line, for people and golden tests.

use super::instr::Instr;
use super::{Code, Const, Program};
use crate::id::CodeId;
use std::fmt::Write;

/// A code object and those made in it. Each line has the instruction's index, its name and operands, and what its indexes
/// mean; `[line N]` comes where the source line changes.
pub fn disassemble(program: &Program, id: CodeId) -> String {
    let mut out = String::new();
    write_code(program, id, &mut out);
    out
}

/// All code objects of a module.
pub fn disassemble_module(program: &Program, module: usize) -> String {
    disassemble(program, program.modules[module].code)
}

fn write_code(program: &Program, id: CodeId, out: &mut String) {
    let code = program.code(id);
    let kind = format!("{:?}", code.kind).to_lowercase();
    let _ = write!(
        out,
        "{kind} {} ({} registers)",
        code.qualname, code.registers
    );
    if !code.params.names.is_empty() {
        let _ = write!(out, " params {}", code.params.names.join(", "));
    }
    out.push('\n');
    if !code.locals.is_empty() {
        let names = code.locals.iter().enumerate().map(|(reg, name)| {
            let free = code.free.iter().any(|(free, _)| usize::from(*free) == reg);
            let mark = if free { " (free)" } else { "" };
            format!("r{reg} {}{mark}", name.as_deref().unwrap_or("-"))
        });
        let _ = writeln!(out, "  locals: {}", names.collect::<Vec<_>>().join(", "));
    }
    let mut last = 0;
    for (pc, instr) in code.instrs.iter().enumerate() {
        let line = program.line(id, pc as u32);
        if line != last {
            let _ = writeln!(out, "  [line {line}]");
            last = line;
        }
        let text = format!("{instr:?}")
            .replace([',', '{', '}'], "")
            .replace(": ", "=");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let note = note(program, code, pc, instr);
        let _ = writeln!(out, "{}", format!("{pc:5} {text:36} {note}").trim_end());
    }
    for handler in &code.handlers {
        let _ = writeln!(
            out,
            "  {}..{} -> {} in r{}",
            handler.start, handler.end, handler.target, handler.reg
        );
    }
    for (inner, captures) in code.codes.iter().zip(&code.captures) {
        if !captures.is_empty() {
            let _ = writeln!(
                out,
                "  captures for {}: {captures:?}",
                program.code(*inner).qualname
            );
        }
    }
    for &inner in &code.codes {
        out.push('\n');
        write_code(program, inner, out);
    }
}

/// What an instruction's indexes mean.
fn note(program: &Program, code: &Code, pc: usize, instr: &Instr) -> String {
    let module = &program.modules[code.module.index()];
    match *instr {
        Instr::Const { k, .. } | Instr::CallKw { k, .. } => constant(&code.consts[k as usize]),
        Instr::LoadGlobal { g, .. }
        | Instr::StoreGlobal { g, .. }
        | Instr::StoreGlobalLast { g, .. }
        | Instr::DelGlobal { g } => module.globals[g as usize].to_string(),
        Instr::LoadName { n, .. }
        | Instr::LoadNameCell { n, .. }
        | Instr::StoreName { n, .. }
        | Instr::DelName { n }
        | Instr::LoadAttr { n, .. }
        | Instr::StoreAttr { n, .. }
        | Instr::DelAttr { n, .. }
        | Instr::LoadSuper { n, .. }
        | Instr::CallMethod { n, .. }
        | Instr::ImportFrom { n, .. } => code.names[n as usize].to_string(),
        Instr::Jump { off } | Instr::Loop { off } => {
            format!("-> {}", pc as i64 + 1 + i64::from(off))
        }
        Instr::Function { code: index, .. } => program
            .code(code.codes[index as usize])
            .qualname
            .to_string(),
        Instr::Import { i, .. } => module.imports[i as usize].name.to_string(),
        _ => String::new(),
    }
}

fn constant(value: &Const) -> String {
    match value {
        Const::None => "None".to_owned(),
        Const::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Const::Ellipsis => "...".to_owned(),
        Const::Int(value) => value.to_string(),
        Const::BigInt(value) => value.to_string(),
        Const::Float(value) => format!("{value:?}"),
        Const::Str(value) => format!("{value:?}"),
        Const::Bytes(value) => format!("b{:?}", String::from_utf8_lossy(value)),
        Const::Tuple(items) => format!(
            "({})",
            items.iter().map(constant).collect::<Vec<_>>().join(", ")
        ),
        Const::FrozenSet(items) => format!(
            "{{{}}}",
            items.iter().map(constant).collect::<Vec<_>>().join(", ")
        ),
    }
}
