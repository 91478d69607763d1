//! Whether a program keeps the rules that the machine relies on. For tests and fuzzing; the compiler always does.

use super::effect::effect;
use super::instr::Instr;
use super::{Code, Program};

/// Checks every code object.
///
/// # Errors
///
/// The first broken rule: an index out of its table, a jump out of the code, a test without its jump, a code object that
/// runs off its end.
pub fn verify(program: &Program) -> Result<(), String> {
    for code in program.codes.iter() {
        verify_code(program, code).map_err(|what| format!("{}: {what}", code.qualname))?;
    }
    Ok(())
}

fn verify_code(program: &Program, code: &Code) -> Result<(), String> {
    let module = &program.modules[code.module.index()];
    let length = code.instrs.len();
    if code.spans.len() != length {
        return Err("spans and instructions differ in number".to_owned());
    }
    for (pc, instr) in code.instrs.iter().enumerate() {
        let bad = |what: &str| Err(format!("{pc}: {instr:?}: {what}"));
        if effect(instr)
            .highest()
            .is_some_and(|reg| reg >= u32::from(code.registers))
        {
            return bad("register beyond the frame");
        }
        if let Some(name) = name_of(instr)
            && usize::from(name) >= code.names.len()
        {
            return bad("no such name");
        }
        if let Some(slot) = slot_of(instr)
            && usize::from(slot) >= module.globals.len()
        {
            return bad("no such global");
        }
        match *instr {
            Instr::Const { k, .. } | Instr::CallKw { k, .. }
                if usize::from(k) >= code.consts.len() =>
            {
                return bad("no such constant");
            }
            Instr::Function { code: index, .. } if usize::from(index) >= code.codes.len() => {
                return bad("no such code");
            }
            Instr::Import { i, .. } if usize::from(i) >= module.imports.len() => {
                return bad("no such import");
            }
            Instr::Jump { off } | Instr::Loop { off } => {
                let target = pc as i64 + 1 + i64::from(off);
                if !(0..length as i64).contains(&target) {
                    return bad("jumps out of the code");
                }
                if matches!(instr, Instr::Loop { .. }) != (off < 0) {
                    return bad("Loop and Jump are mixed up");
                }
            }
            _ if is_test(instr) && !matches!(code.instrs.get(pc + 1), Some(Instr::Jump { .. })) => {
                return bad("no Jump follows");
            }
            _ => {}
        }
    }
    if !matches!(
        code.instrs.last(),
        Some(
            Instr::Return { .. }
                | Instr::Raise { .. }
                | Instr::RaiseFrom { .. }
                | Instr::RaiseAgain
                | Instr::Reraise { .. }
                | Instr::Jump { .. }
                | Instr::Loop { .. }
        )
    ) {
        return Err("runs off its end".to_owned());
    }
    for handler in &code.handlers {
        let right = handler.start < handler.end
            && handler.end as usize <= length
            && (handler.target as usize) < length;
        if !right || handler.reg >= code.registers {
            return Err(format!("bad handler {handler:?}"));
        }
    }
    for (inner, captures) in code.codes.iter().zip(&code.captures) {
        let inner = program.code(*inner);
        if inner.free.len() != captures.len() || captures.iter().any(|reg| *reg >= code.registers) {
            return Err(format!("captures of {} are wrong", inner.qualname));
        }
    }
    Ok(())
}

/// Whether an instruction skips the `Jump` behind it.
pub fn is_test(instr: &Instr) -> bool {
    matches!(
        instr,
        Instr::TestTrue { .. }
            | Instr::TestFalse { .. }
            | Instr::TestCmp { .. }
            | Instr::TestCmpInt { .. }
            | Instr::TestIs { .. }
            | Instr::TestNone { .. }
            | Instr::TestIn { .. }
            | Instr::TestMatch { .. }
            | Instr::ForIter { .. }
            | Instr::Send { .. }
    )
}

fn name_of(instr: &Instr) -> Option<u16> {
    match *instr {
        Instr::LoadName { n, .. }
        | Instr::LoadNameCell { n, .. }
        | Instr::StoreName { n, .. }
        | Instr::DelName { n }
        | Instr::LoadAttr { n, .. }
        | Instr::StoreAttr { n, .. }
        | Instr::DelAttr { n, .. }
        | Instr::LoadSuper { n, .. }
        | Instr::CallMethod { n, .. }
        | Instr::ImportFrom { n, .. } => Some(n),
        _ => None,
    }
}

fn slot_of(instr: &Instr) -> Option<u16> {
    match *instr {
        Instr::LoadGlobal { g, .. }
        | Instr::StoreGlobal { g, .. }
        | Instr::StoreGlobalLast { g, .. }
        | Instr::DelGlobal { g }
        | Instr::LoadName { g, .. } => Some(g),
        _ => None,
    }
}
