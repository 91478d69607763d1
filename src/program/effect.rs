//! Which registers an instruction reads and writes.

use super::instr::{Instr, Reg};
use smallvec::SmallVec;
use std::ops::Range;

/// What an instruction does to registers.
pub(super) struct Effect {
    /// What it reads one by one.
    pub(super) reads: SmallVec<[Reg; 3]>,
    /// What it reads in a row.
    pub(super) row: Range<u32>,
    /// What it writes whenever it comes to its end.
    pub(super) writes: Option<Reg>,
    /// What it writes in a row, or may leave as it was.
    pub(super) fills: Range<u32>,
}

impl Effect {
    /// The highest register that it touches.
    pub(super) fn highest(&self) -> Option<u32> {
        let last = |row: &Range<u32>| row.clone().next_back();
        let one_by_one = self.reads.iter().chain(&self.writes);
        let rows = [last(&self.row), last(&self.fills)];
        one_by_one
            .map(|reg| u32::from(*reg))
            .chain(rows.into_iter().flatten())
            .max()
    }
}

/// What the instruction does to registers.
pub(super) fn effect(instr: &Instr) -> Effect {
    let of = |reads: &[Reg], writes: Option<Reg>| Effect {
        reads: SmallVec::from_slice(reads),
        row: 0..0,
        writes,
        fills: 0..0,
    };
    let row = |first: Reg, count: u32, writes: Reg| Effect {
        reads: SmallVec::new(),
        row: u32::from(first)..u32::from(first) + count,
        writes: Some(writes),
        fills: 0..0,
    };
    let fills = |read: Reg, first: Reg, count: u32| Effect {
        reads: SmallVec::from_slice(&[read]),
        row: 0..0,
        writes: None,
        fills: u32::from(first)..u32::from(first) + count,
    };
    match *instr {
        Instr::Nop
        | Instr::Jump { .. }
        | Instr::Loop { .. }
        | Instr::RaiseAgain
        | Instr::DelGlobal { .. }
        | Instr::DelName { .. } => of(&[], None),
        Instr::Const { d, .. }
        | Instr::Int { d, .. }
        | Instr::None { d }
        | Instr::Bool { d, .. }
        | Instr::Clear { d }
        | Instr::LoadGlobal { d, .. }
        | Instr::LoadName { d, .. }
        | Instr::Import { d, .. }
        | Instr::SaveHandled { d }
        | Instr::AssertionError { d } => of(&[], Some(d)),
        Instr::DelLocal { d } | Instr::MakeCell { d } => of(&[d], None),
        Instr::DelCell { c } => of(&[c], None),
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
        | Instr::RestoreHandled { s } => of(&[s], None),
        Instr::ImportStar { m } | Instr::WithExit { m } => of(&[m], None),
        Instr::Move { d, s }
        | Instr::Unary { d, s, .. }
        | Instr::GetIter { d, s }
        | Instr::Format { d, s, .. }
        | Instr::ListToTuple { d, s }
        | Instr::Yield { d, s }
        | Instr::GetYieldIter { d, s } => of(&[s], Some(d)),
        Instr::LoadCell { d, c }
        | Instr::LoadNameCell { d, c, .. }
        | Instr::LoadSuper { d, c, .. } => of(&[c], Some(d)),
        Instr::StoreCell { c, s } => of(&[c, s], None),
        Instr::Add { d, a, b }
        | Instr::Sub { d, a, b }
        | Instr::Mul { d, a, b }
        | Instr::Binary { d, a, b, .. }
        | Instr::InPlace { d, a, b, .. }
        | Instr::Compare { d, a, b, .. }
        | Instr::Is { d, a, b, .. }
        | Instr::In { d, a, b, .. } => of(&[a, b], Some(d)),
        Instr::AddInt { d, a, .. }
        | Instr::SubInt { d, a, .. }
        | Instr::BinaryInt { d, a, .. }
        | Instr::InPlaceInt { d, a, .. } => of(&[a], Some(d)),
        Instr::TestCmp { a, b, .. } | Instr::TestIs { a, b, .. } | Instr::TestIn { a, b, .. } => {
            of(&[a, b], None)
        }
        Instr::TestCmpInt { a, .. } => of(&[a], None),
        Instr::ForIter { d, it } => fills(it, d, 1),
        Instr::Send { d, it } | Instr::YieldFrom { d, it } => of(&[d, it], None),
        Instr::LoadAttr { d, o, .. } => of(&[o], Some(d)),
        Instr::StoreAttr { o, s, .. } => of(&[o, s], None),
        Instr::DelAttr { o, .. } => of(&[o], None),
        Instr::LoadItem { d, o, i } => of(&[o, i], Some(d)),
        Instr::StoreItem { o, i, s } => of(&[o, i, s], None),
        Instr::DelItem { o, i } => of(&[o, i], None),
        Instr::Slice { d, a } => row(a, 3, d),
        Instr::Call { argc, f, d }
        | Instr::CallKw { argc, f, d, .. }
        | Instr::CallHelper { argc, f, d, .. } => row(f, u32::from(argc) + 1, d),
        // The function comes to `f`; what lies there before does not matter.
        Instr::CallMethod { argc, f, d, .. } => row(f + 1, u32::from(argc) + 1, d),
        Instr::CallEx { f, d } => row(f, 3, d),
        Instr::List { d, a, n }
        | Instr::Tuple { d, a, n }
        | Instr::Set { d, a, n }
        | Instr::Concat { d, a, n } => row(a, n.into(), d),
        Instr::Dict { d, a, n } => row(a, 2 * u32::from(n), d),
        Instr::ListAppend { l, s }
        | Instr::ListExtend { l, s, .. }
        | Instr::SetAdd { l, s }
        | Instr::SetUpdate { l, s }
        | Instr::DictUpdate { l, s } => of(&[l, s], None),
        Instr::DictSet { l, k, s } => of(&[l, k, s], None),
        Instr::DictMerge { l, s, f } => of(&[l, s, f], None),
        Instr::Unpack { s, a, n } => fills(s, a, n.into()),
        Instr::UnpackStar {
            before,
            after,
            s,
            a,
        } => fills(s, a, u32::from(before) + u32::from(after) + 1),
        Instr::FormatSpec { d, s, spec, .. } => of(&[s, spec], Some(d)),
        Instr::Function { d, parts, .. } => row(parts, 3, d),
        Instr::ImportFrom { d, m, .. } | Instr::WithEnter { d, m } => of(&[m], Some(d)),
        Instr::RaiseFrom { s, cause } => of(&[s, cause], None),
        Instr::TestMatch { e, c } => of(&[e, c], None),
        Instr::WithExitExc { d, m, e } => of(&[m, e], Some(d)),
    }
}
