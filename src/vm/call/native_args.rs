//! Arguments of native functions: their number and names, with CPython's messages.

use crate::id::NameId;
use crate::value::Value;
use crate::value::object::NativeId;
use crate::vm::machine::Machine;
use crate::vm::native::{Raise, Signature};
use smallvec::SmallVec;

impl Machine {
    pub(super) fn native_label(&self, native: NativeId) -> String {
        let def = self.natives[native.0 as usize];
        if def.owner.is_empty() {
            format!("{}()", def.name)
        } else {
            format!("{}.{}()", def.owner, def.name)
        }
    }

    #[cold]
    pub(super) fn native_arity(
        &mut self,
        native: NativeId,
        argc: usize,
        names: &[NameId],
    ) -> Raise {
        let def = self.natives[native.0 as usize];
        let label = self.native_label(native);
        let Signature::Positional(min, max) = def.signature else {
            unreachable!("caller looked")
        };
        let own = usize::from(!def.owner.is_empty() && def.name != "__new__");
        let (min, max, given) = (
            (min as usize).saturating_sub(own),
            (max as usize).saturating_sub(own),
            argc.saturating_sub(own),
        );
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        if !names.is_empty() {
            return self.type_error(format!("{label} takes no keyword arguments"));
        }
        let message = if argc == 0 && own == 1 {
            format!("unbound method {label} needs an argument")
        } else if min == max {
            match min {
                0 => format!("{label} takes no arguments ({given} given)"),
                1 => format!("{label} takes exactly one argument ({given} given)"),
                _ => format!(
                    "{} expected {min} argument{}, got {given}",
                    def.name,
                    plural(min)
                ),
            }
        } else if given < min {
            format!(
                "{} expected at least {min} argument{}, got {given}",
                def.name,
                plural(min)
            )
        } else {
            format!(
                "{} expected at most {max} argument{}, got {given}",
                def.name,
                plural(max)
            )
        };
        self.type_error(message)
    }

    pub(super) fn sort_named(
        &mut self,
        native: NativeId,
        all: &[Value],
        names: &[NameId],
        params: &'static [&'static str],
        positional: u8,
        required: u8,
    ) -> Result<SmallVec<[Value; 8]>, Raise> {
        let given = all.len() - names.len();
        let def = self.natives[native.0 as usize];
        let own = usize::from(!def.owner.is_empty());
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let positional = positional as usize;
        if all.len() > params.len() || given > positional {
            let (most, word, got) = if all.len() > params.len() {
                let word = if given == own && own < all.len() {
                    "keyword "
                } else {
                    ""
                };
                (params.len() - own, word, all.len() - own)
            } else {
                (positional - own, "positional ", given - own)
            };
            let message = format!(
                "{}() takes at most {most} {word}argument{} ({got} given)",
                def.name,
                plural(most)
            );
            return Err(self.type_error(message));
        }
        let mut sorted: SmallVec<[Value; 8]> = SmallVec::from_elem(Value::Unbound, params.len());
        sorted[..given].copy_from_slice(&all[..given]);
        for (i, &name) in names.iter().enumerate() {
            let text = self.names.text(name);
            match params.iter().position(|p| *p == text) {
                Some(at) if sorted[at].is_unbound() => sorted[at] = all[given + i],
                Some(at) => {
                    let message = format!(
                        "argument for {}() given by name ('{text}') and position ({})",
                        def.name,
                        at + 1 - own
                    );
                    return Err(self.type_error(message));
                }
                None => {
                    let hint = match crate::vm::builtins::suggest(text, &params[own..]) {
                        Some(near) => format!(". Did you mean '{near}'?"),
                        None => String::new(),
                    };
                    let message = format!(
                        "{}() got an unexpected keyword argument '{text}'{hint}",
                        def.name
                    );
                    return Err(self.type_error(message));
                }
            }
        }
        let required = required as usize;
        if let Some(at) = sorted[..required].iter().position(|v| v.is_unbound()) {
            let message = if at < own {
                format!(
                    "unbound method {} needs an argument",
                    self.native_label(native)
                )
            } else if params[at].is_empty() {
                let least = required - own;
                format!(
                    "{}() takes {} {least} positional argument{} ({} given)",
                    def.name,
                    if required == positional {
                        "exactly"
                    } else {
                        "at least"
                    },
                    plural(least),
                    given - own
                )
            } else {
                format!(
                    "{}() missing required argument '{}' (pos {})",
                    def.name,
                    params[at],
                    at + 1 - own
                )
            };
            return Err(self.type_error(message));
        }
        Ok(sorted)
    }
}
