//! `format(v, spec)`.

use super::number::Num;
use crate::text::spec::{self, ErrorKind, Kind, SpecError, Target};
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::types::Ty;

impl Machine {
    /// `format(v, spec)`; `None` when code written in Python has a say.
    pub fn format(&mut self, v: Value, spec: &str) -> Result<Option<Value>, Raise> {
        if spec.is_empty()
            && let Value::Obj(id) = v
            && matches!(self.heap.get(id), crate::value::object::Obj::Str(_))
        {
            return Ok(Some(v));
        }
        if self.user_class(v).is_some() && self.overrides(v, names::FORMAT) {
            return Ok(None);
        }
        self.builtin_format(v, spec)
    }

    /// `format(v, spec)` as the builtin type of `v` does it.
    pub(super) fn builtin_format(&mut self, v: Value, spec: &str) -> Result<Option<Value>, Raise> {
        if spec.is_empty() {
            return Ok(self.str_of(v)?.map(|text| self.str(text)));
        }
        match self.format_by(v, spec) {
            Some(Ok(text)) => Ok(Some(self.str(text))),
            Some(Err(error)) => Err(self.spec_error(error)),
            None => {
                let message = format!(
                    "unsupported format string passed to {}.__format__",
                    self.type_name(v)
                );
                Err(self.type_error(message))
            }
        }
    }

    fn format_by(&self, v: Value, text: &str) -> Option<Result<String, SpecError>> {
        let type_name = self.type_name(v);
        let target = |kind| Target { kind, type_name };
        if let Some(s) = self.as_str(v) {
            return Some(
                spec::parse(text, target(Kind::Str)).and_then(|spec| spec::format_str(s, &spec)),
            );
        }
        Some(match self.number(v)? {
            Num::Int(n) => {
                spec::parse(text, target(Kind::Int)).and_then(|spec| spec::format_int(n, &spec))
            }
            Num::Big(n) => {
                spec::parse(text, target(Kind::Int)).and_then(|spec| spec::format_int(n, &spec))
            }
            Num::Float(x) => {
                spec::parse(text, target(Kind::Float)).and_then(|spec| spec::format_float(x, &spec))
            }
        })
    }

    fn spec_error(&mut self, error: SpecError) -> Raise {
        match error.kind {
            ErrorKind::Value => self.raise(Ty::ValueError, error.message),
            ErrorKind::Overflow => self.raise(Ty::OverflowError, error.message),
            ErrorKind::Memory => self.raise_with(Ty::MemoryError, &[]),
        }
    }
}
