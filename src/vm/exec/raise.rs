//! What raises: names that are not bound, and `raise` itself.

use crate::id::NameId;
use crate::program::instr::{Instr, Reg};
use crate::value::Value;
use crate::value::object::Cont;
use crate::vm::call::Run;
use crate::vm::machine::{Machine, Thread};
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::types::Ty;

impl Machine {
    /// As in CPython it has no `name`, so that nothing is suggested.
    #[cold]
    pub(crate) fn unbound_local(&mut self, th: &Thread, register: Reg) -> Raise {
        let name = self.local_name(th.frames.last().expect("running"), register);
        self.raise(
            Ty::UnboundLocalError,
            format!(
                "cannot access local variable '{name}' where it is not associated with a value"
            ),
        )
    }

    #[cold]
    pub(crate) fn unbound_cell(&mut self, th: &Thread, register: Reg) -> Raise {
        let frame = th.frames.last().expect("running");
        let code = self.image.program.code(frame.code);
        if let Some((_, name)) = code.free.iter().find(|(r, _)| *r == register) {
            let message = format!(
                "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            );
            let name = name.to_string();
            let raised = self.raise(Ty::NameError, message);
            self.note_name(raised, &name);
            return raised;
        }
        self.unbound_local(th, register)
    }

    #[cold]
    pub(crate) fn name_error(&mut self, name: NameId) -> Raise {
        let text = self.names.text(name).to_string();
        let raised = self.raise(Ty::NameError, format!("name '{text}' is not defined"));
        self.note_name(raised, &text);
        raised
    }

    fn note_name(&mut self, raised: Raise, name: &str) {
        let text = self.str(name);
        self.set_instance_attr(raised.0, names::NAME_ATTR, text);
    }

    /// An operand that is unbound: the error for it.
    pub(super) fn unbound_operand(&mut self, th: &Thread, values: [Value; 2]) -> Option<Raise> {
        if !values.iter().any(|v| v.is_unbound()) {
            return None;
        }
        let frame = *th.frames.last().expect("running");
        let instr = self.image.program.code(frame.code).instrs[frame.pc as usize - 1];
        let (a, b) = match instr {
            Instr::Add { a, b, .. }
            | Instr::Sub { a, b, .. }
            | Instr::Mul { a, b, .. }
            | Instr::Binary { a, b, .. }
            | Instr::InPlace { a, b, .. }
            | Instr::Compare { a, b, .. }
            | Instr::TestCmp { a, b, .. }
            | Instr::In { a, b, .. }
            | Instr::TestIn { a, b, .. } => (a, b),
            Instr::AddInt { a, .. }
            | Instr::SubInt { a, .. }
            | Instr::BinaryInt { a, .. }
            | Instr::InPlaceInt { a, .. }
            | Instr::TestCmpInt { a, .. } => (a, a),
            _ => return None,
        };
        Some(self.unbound_local(th, if values[0].is_unbound() { a } else { b }))
    }

    pub(crate) fn raise_slow(
        &mut self,
        th: &mut Thread,
        x: Value,
        s: Reg,
        cause: Option<Value>,
    ) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        let target = self.raise_target(x)?;
        match (target, cause) {
            (Some(id), None) => Err(Raise(id)),
            (None, None) => {
                let function = self.prelude_function("_raise_class");
                self.call(th, function, &[x], &[], Cont::Discard)
            }
            (_, Some(cause)) => {
                let function = self.prelude_function("_raise_from");
                self.call(th, function, &[x, cause], &[], Cont::Discard)
            }
        }
    }
}
