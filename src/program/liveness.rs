//! Which temporaries of a frame still matter: those that some way on from an instruction reads before it writes them.
//!
//! Two states of a program that differ in the others alone behave alike. Temporaries only: named registers count as read by anything,
//! since `locals()`, `super()` and the words of exceptions look at them without an instruction that says so.

use super::Code;
use super::effect::{Effect, effect};
use super::instr::{Instr, Reg};
use super::verify::is_test;
use smallvec::SmallVec;

/// The live temporaries of a code object, at each of its instructions.
#[derive(Clone, Debug)]
pub struct Liveness {
    /// The first temporary.
    first: usize,
    /// Words of 64 temporaries that each instruction takes.
    words: usize,
    /// In front of each.
    live: Box<[u64]>,
    /// What is a test, which may skip the next.
    tests: Box<[bool]>,
}

impl Liveness {
    /// Looks at a code object.
    pub fn of(code: &Code) -> Liveness {
        let first = code.locals.len();
        let words = usize::from(code.registers)
            .saturating_sub(first)
            .div_ceil(64);
        let mut liveness = Liveness {
            first,
            words,
            live: vec![0; code.instrs.len() * words].into(),
            tests: code.instrs.iter().map(is_test).collect(),
        };
        if words > 0 {
            let effects: Vec<Effect> = code.instrs.iter().map(effect).collect();
            while liveness.spread(code, &effects) {}
        }
        liveness
    }

    /// The registers that matter of a frame in front of the instruction at `pc`; or `within` the one before that, which may
    /// still read its operands.
    pub fn registers(&self, pc: u32, within: bool) -> impl Iterator<Item = usize> + '_ {
        let pc = pc as usize;
        let pcs = match within {
            true => pc.saturating_sub(1)..pc + 1 + usize::from(self.skips(pc)),
            false => pc..pc + 1,
        };
        let live = move |word: usize| {
            let at = |pc: usize| self.live.get(pc * self.words + word);
            pcs.clone().filter_map(at).fold(0, |all, word| all | word)
        };
        let temporaries = (0..self.words).flat_map(move |word| {
            let first = self.first + word * 64;
            bits(live(word)).map(move |bit| first + bit)
        });
        (0..self.first).chain(temporaries)
    }

    /// Whether the instruction before `pc` may skip the one there.
    fn skips(&self, pc: usize) -> bool {
        let before = pc.checked_sub(1).and_then(|pc| self.tests.get(pc));
        before.is_some_and(|test| *test)
    }

    /// Goes through the code once, backwards; tells whether that showed anything new.
    fn spread(&mut self, code: &Code, effects: &[Effect]) -> bool {
        let words = self.words;
        let mut new = false;
        let mut now = vec![0; words];
        for (pc, instr) in code.instrs.iter().enumerate().rev() {
            now.fill(0);
            for next in successors(instr, pc) {
                self.add(&mut now, next, None);
            }
            let effect = &effects[pc];
            if let Some((word, bit)) = effect.writes.and_then(|reg| self.bit(reg.into())) {
                now[word] &= !bit;
            }
            let rest = effect.reads.iter().map(|reg| u32::from(*reg));
            for reg in rest.chain(effect.row.clone()) {
                if let Some((word, bit)) = self.bit(reg) {
                    now[word] |= bit;
                }
            }
            let at = pc as u32;
            for handler in (code.handlers.iter()).filter(|h| h.start <= at && at < h.end) {
                self.add(&mut now, handler.target as usize, Some(handler.reg));
            }
            let known = &mut self.live[pc * words..][..words];
            new |= *known != *now;
            known.copy_from_slice(&now);
        }
        new
    }

    /// Adds what is live in front of an instruction, but for one register.
    fn add(&self, to: &mut [u64], pc: usize, without: Option<Reg>) {
        let without = without.and_then(|reg| self.bit(reg.into()));
        let live = self.live.get(pc * self.words..).unwrap_or_default();
        for (i, (to, word)) in to.iter_mut().zip(live).enumerate() {
            let mask = without.filter(|(at, _)| *at == i).map_or(0, |(_, bit)| bit);
            *to |= word & !mask;
        }
    }

    fn bit(&self, reg: u32) -> Option<(usize, u64)> {
        let at = (reg as usize).checked_sub(self.first)?;
        (at / 64 < self.words).then_some((at / 64, 1 << (at % 64)))
    }
}

fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(bit)
    })
}

/// Where an instruction may lead, exceptions aside.
fn successors(instr: &Instr, pc: usize) -> SmallVec<[usize; 2]> {
    let mut next = SmallVec::new();
    match *instr {
        Instr::Jump { off } | Instr::Loop { off } => {
            next.push((pc as i64 + 1 + i64::from(off)) as usize);
        }
        Instr::Return { .. }
        | Instr::Raise { .. }
        | Instr::RaiseFrom { .. }
        | Instr::RaiseAgain
        | Instr::Reraise { .. } => {}
        _ => {
            next.push(pc + 1);
            if is_test(instr) {
                next.push(pc + 2);
            }
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::load_source;

    /// The temporaries that matter in front of each instruction of function `f`.
    fn live(source: &str) -> (Code, Vec<Vec<usize>>) {
        let program = load_source("live.py", source, false).unwrap();
        let code = program.codes.iter().find(|code| &*code.name == "f");
        let code = code.expect("there is one").clone();
        let liveness = Liveness::of(&code);
        let temporary = |reg: &usize| *reg >= code.locals.len();
        let at = |pc| liveness.registers(pc, false).filter(temporary).collect();
        let all = (0..code.instrs.len() as u32).map(at).collect();
        (code, all)
    }

    #[test]
    fn what_was_stored_matters_no_more() {
        let (code, live) = live("n = 0\ndef f():\n    global n\n    n += 1\n    n += 2\n");
        for (instr, live) in code.instrs.iter().zip(live) {
            match *instr {
                Instr::LoadGlobal { .. } => assert!(live.is_empty(), "{live:?}"),
                Instr::StoreGlobal { s, .. } => assert_eq!(live, vec![usize::from(s)]),
                _ => {}
            }
        }
    }

    #[test]
    fn iterators_matter_through_the_loop_and_what_handlers_restore_through_the_try() {
        let (code, live) = live(
            "def f(g):\n    for x in g:\n        try:\n            g(x)\n        except ValueError:\n            g(1)\n    g(2)\n",
        );
        let all = || code.instrs.iter().zip(&live).enumerate();
        for (pc, (instr, _)) in all() {
            match *instr {
                Instr::ForIter { it, .. } => {
                    // From there to the end of the body; what leads out of the loop aside.
                    let end = all().rposition(|(_, (i, _))| matches!(i, Instr::Loop { .. }));
                    let body = all().take(end.expect("it is a loop") + 1).skip(pc);
                    let stays = |i: &Instr| matches!(i, Instr::Call { .. } | Instr::Loop { .. });
                    let steps: Vec<_> = body.filter(|(_, (i, _))| stays(i)).collect();
                    assert!(steps.len() >= 3);
                    for (_, (instr, live)) in steps {
                        assert!(live.contains(&it.into()), "{instr:?}: {live:?}");
                    }
                }
                Instr::SaveHandled { d } => {
                    let handler = code.handlers.last().expect("there is a try");
                    for live in &live[handler.start as usize..handler.end as usize] {
                        assert!(live.contains(&d.into()), "{live:?}");
                    }
                }
                _ => {}
            }
        }
    }
}
