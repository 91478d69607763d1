//! The fields of f-strings.

use crate::program::instr::{Conversion, Reg};
use crate::value::Value;
use crate::value::object::Cont;
use crate::vm::call::Run;
use crate::vm::machine::{Machine, Thread};
use crate::vm::names;

impl Machine {
    pub(crate) fn format_slow(
        &mut self,
        th: &mut Thread,
        x: Value,
        s: Reg,
        conversion: Conversion,
        spec: Value,
        d: Reg,
    ) -> Run {
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        let plain = spec.is_unbound() || self.as_str(spec).is_some_and(str::is_empty);
        if plain {
            let text = match conversion {
                Conversion::None if self.as_str(x).is_some() && !self.is_user(x) => {
                    return self.deliver(th, x, Cont::Reg(d));
                }
                Conversion::None | Conversion::Str => self.str_of(x)?,
                Conversion::Repr => self.repr(x)?,
                Conversion::Ascii => None,
            };
            if let Some(text) = text
                && (conversion != Conversion::None || !self.has_user_format(x))
            {
                let value = self.str(text);
                return self.deliver(th, value, Cont::Reg(d));
            }
        } else if conversion == Conversion::None && !self.is_user(x) {
            let text = self.as_str(spec).unwrap_or_default().to_string();
            if let Some(value) = self.format(x, &text)? {
                return self.deliver(th, value, Cont::Reg(d));
            }
        }
        let spec = if spec.is_unbound() {
            self.str("")
        } else {
            spec
        };
        let function = self.prelude_function("_format_field");
        self.call(
            th,
            function,
            &[x, Value::Int(conversion as i64), spec],
            &[],
            Cont::Reg(d),
        )
    }

    fn has_user_format(&self, x: Value) -> bool {
        self.user_method(x, names::FORMAT).is_some()
    }
}
