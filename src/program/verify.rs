//! Whether a program keeps the rules that the machine relies on. For tests and fuzzing; the compiler always does.

use super::instr::{Instr, Reg};
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
        if highest(instr).is_some_and(|reg| reg >= u32::from(code.registers)) {
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

/// The highest register that an instruction touches.
fn highest(instr: &Instr) -> Option<u32> {
    let most = |regs: &[Reg]| regs.iter().copied().max().map(u32::from);
    let row = |d: Reg, a: Reg, n: u32| Some(u32::from(d).max((u32::from(a) + n).saturating_sub(1)));
    match *instr {
        Instr::Nop
        | Instr::Jump { .. }
        | Instr::Loop { .. }
        | Instr::RaiseAgain
        | Instr::DelGlobal { .. }
        | Instr::DelName { .. } => None,
        Instr::Const { d, .. }
        | Instr::Int { d, .. }
        | Instr::None { d }
        | Instr::Bool { d, .. }
        | Instr::Clear { d }
        | Instr::DelLocal { d }
        | Instr::MakeCell { d }
        | Instr::LoadGlobal { d, .. }
        | Instr::LoadName { d, .. }
        | Instr::Import { d, .. }
        | Instr::SaveHandled { d }
        | Instr::AssertionError { d } => most(&[d]),
        Instr::DelCell { c } => most(&[c]),
        Instr::StoreGlobal { s, .. }
        | Instr::StoreGlobalLast { s, .. }
        | Instr::StoreName { s, .. }
        | Instr::TestTrue { s }
        | Instr::TestFalse { s }
        | Instr::TestNone { s, .. }
        | Instr::Return { s }
        | Instr::Raise { s }
        | Instr::Reraise { s }
        | Instr::SetHandled { s }
        | Instr::RestoreHandled { s } => most(&[s]),
        Instr::ImportStar { m } | Instr::WithExit { m } => most(&[m]),
        Instr::Move { d, s }
        | Instr::Unary { d, s, .. }
        | Instr::GetIter { d, s }
        | Instr::Format { d, s, .. }
        | Instr::ListToTuple { d, s }
        | Instr::Yield { d, s }
        | Instr::GetYieldIter { d, s } => most(&[d, s]),
        Instr::LoadCell { d, c }
        | Instr::LoadNameCell { d, c, .. }
        | Instr::LoadSuper { d, c, .. } => most(&[d, c]),
        Instr::StoreCell { c, s } => most(&[c, s]),
        Instr::Add { d, a, b }
        | Instr::Sub { d, a, b }
        | Instr::Mul { d, a, b }
        | Instr::Binary { d, a, b, .. }
        | Instr::InPlace { d, a, b, .. }
        | Instr::Compare { d, a, b, .. }
        | Instr::Is { d, a, b, .. }
        | Instr::In { d, a, b, .. } => most(&[d, a, b]),
        Instr::AddInt { d, a, .. }
        | Instr::SubInt { d, a, .. }
        | Instr::BinaryInt { d, a, .. }
        | Instr::InPlaceInt { d, a, .. } => most(&[d, a]),
        Instr::TestCmp { a, b, .. } | Instr::TestIs { a, b, .. } | Instr::TestIn { a, b, .. } => {
            most(&[a, b])
        }
        Instr::TestCmpInt { a, .. } => most(&[a]),
        Instr::ForIter { d, it } | Instr::Send { d, it } | Instr::YieldFrom { d, it } => {
            most(&[d, it])
        }
        Instr::LoadAttr { d, o, .. } => most(&[d, o]),
        Instr::StoreAttr { o, s, .. } => most(&[o, s]),
        Instr::DelAttr { o, .. } => most(&[o]),
        Instr::LoadItem { d, o, i } => most(&[d, o, i]),
        Instr::StoreItem { o, i, s } => most(&[o, i, s]),
        Instr::DelItem { o, i } => most(&[o, i]),
        Instr::Slice { d, a } => row(d, a, 3),
        Instr::Call { argc, f, d }
        | Instr::CallKw { argc, f, d, .. }
        | Instr::CallHelper { argc, f, d, .. } => row(d, f, u32::from(argc) + 1),
        Instr::CallMethod { argc, f, d, .. } => row(d, f, u32::from(argc) + 2),
        Instr::CallEx { f, d } => row(d, f, 3),
        Instr::List { d, a, n }
        | Instr::Tuple { d, a, n }
        | Instr::Set { d, a, n }
        | Instr::Concat { d, a, n } => {
            // An empty row names the register it would begin with.
            if n == 0 {
                most(&[d])
            } else {
                row(d, a, u32::from(n))
            }
        }
        Instr::Dict { d, a, n } => {
            if n == 0 {
                most(&[d])
            } else {
                row(d, a, 2 * u32::from(n))
            }
        }
        Instr::ListAppend { l, s }
        | Instr::ListExtend { l, s, .. }
        | Instr::SetAdd { l, s }
        | Instr::SetUpdate { l, s }
        | Instr::DictUpdate { l, s } => most(&[l, s]),
        Instr::DictSet { l, k, s } => most(&[l, k, s]),
        Instr::DictMerge { l, s, f } => most(&[l, s, f]),
        Instr::Unpack { s, a, n } => row(s, a, u32::from(n)),
        Instr::UnpackStar {
            before,
            after,
            s,
            a,
        } => row(s, a, u32::from(before) + u32::from(after) + 1),
        Instr::FormatSpec { d, s, spec, .. } => most(&[d, s, spec]),
        Instr::Function { d, parts, .. } => row(d, parts, 3),
        Instr::ImportFrom { d, m, .. } | Instr::WithEnter { d, m } => most(&[d, m]),
        Instr::RaiseFrom { s, cause } => most(&[s, cause]),
        Instr::TestMatch { e, c } => most(&[e, c]),
        Instr::WithExitExc { d, m, e } => most(&[d, m, e]),
    }
}
