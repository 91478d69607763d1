//! Functions that only hand their arguments on.

use super::Code;
use super::instr::{Instr, Reg};

/// The global variable that holds the function to which this code hands its parameters, all of them and in their order, to return what
/// that returns: `def join(self, timeout=None): return _thread_join(self, timeout)`.
pub(crate) fn forwards(code: &Code) -> Option<u16> {
    let (first, rest) = code.instrs.split_first()?;
    let (moves, last) = rest.split_at_checked(code.params.names.len())?;
    let [Instr::Call { argc, f, d }, Instr::Return { s }, ..] = *last else {
        return None;
    };
    let in_order = |(i, instr): (usize, &Instr)| {
        let i = i as Reg;
        matches!(*instr, Instr::Move { d, s } if s == i && d == f + 1 + i)
    };
    match *first {
        Instr::LoadGlobal { d: to, g }
            if to == f
                && s == d
                && usize::from(argc) == moves.len()
                && moves.iter().enumerate().all(in_order) =>
        {
            Some(g)
        }
        _ => None,
    }
}
