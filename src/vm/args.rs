//! Fetching arguments of native functions, with CPython's messages.

use super::machine::Machine;
use super::names;
use super::native::{Args, Out, Raise};
use super::types::Ty;
use crate::text::int::Int;
use crate::value::Value;
use crate::value::object::Obj;

impl Machine {
    /// The receiver of a method, which must be of the builtin class `owner` or of one derived from it.
    ///
    /// # Errors
    /// The `TypeError` of a method taken from its class and called on something else.
    #[inline]
    pub fn receiver(&mut self, args: &Args, owner: Ty) -> Result<Value, Raise> {
        let this = args.all.first().copied().unwrap_or_default();
        if self.is_instance(this, owner.id()) {
            return Ok(self.unwrap(this));
        }
        Err(self.wrong_receiver(args, owner, this))
    }

    #[cold]
    pub(crate) fn wrong_receiver(&mut self, args: &Args, owner: Ty, this: Value) -> Raise {
        let name = match self.object(args.this) {
            Some(Obj::Native(id)) => self.natives[id.0 as usize].name,
            _ => "?",
        };
        let owner = self.class_name(owner.id());
        let message = if this.is_unbound() {
            format!("unbound method {owner}.{name}() needs an argument")
        } else if name.starts_with("__") {
            format!(
                "descriptor '{name}' requires a '{owner}' object but received a '{}'",
                self.type_name(this)
            )
        } else {
            format!(
                "descriptor '{name}' for '{owner}' objects doesn't apply to a '{}' object",
                self.type_name(this)
            )
        };
        self.type_error(message)
    }

    /// Whether the value is an integer or has an `__index__` written in Python.
    pub fn has_index(&self, v: Value) -> bool {
        self.integer(v).is_some() || self.overrides(v, names::INDEX)
    }

    /// An argument that must be an integer, cut to 64 bits; `None` where its `__index__` is written in Python: answer with
    /// [`Machine::index_first`] then.
    ///
    /// # Errors
    /// `TypeError`: `'str' object cannot be interpreted as an integer`.
    pub fn need_int(&mut self, v: Value) -> Result<Option<i64>, Raise> {
        match self.integer(v) {
            Some(Int::Small(n)) => Ok(Some(n)),
            Some(n) => Ok(Some(if n.is_negative() { i64::MIN } else { i64::MAX })),
            None if self.overrides(v, names::INDEX) => Ok(None),
            None => {
                let message = format!(
                    "'{}' object cannot be interpreted as an integer",
                    self.type_name(v)
                );
                Err(self.type_error(message))
            }
        }
    }

    /// As [`Machine::need_int`], for sizes: integers beyond 64 bits are an error.
    ///
    /// # Errors
    /// `TypeError`, `OverflowError`: `Python int too large to convert to C ssize_t`.
    pub fn need_size(&mut self, v: Value) -> Result<Option<i64>, Raise> {
        if let Some(Int::Big(_)) = self.integer(v) {
            return Err(self.raise(
                Ty::OverflowError,
                "Python int too large to convert to C ssize_t",
            ));
        }
        self.need_int(v)
    }

    /// The answer "replace the positional argument at `index` by its `__index__` and call me again".
    pub fn index_first(&mut self, args: &Args, index: usize) -> Out {
        // Arguments not given stand last, as far as it matters here.
        let given: Vec<Value> = args
            .all
            .iter()
            .copied()
            .take_while(|v| !v.is_unbound())
            .collect();
        let all = self.tuple(given);
        self.prelude(
            "_call_with_index",
            &[args.this, all, Value::Int(index as i64)],
        )
    }

    /// A slice bound: `None` and unbound stand for `default`.
    ///
    /// # Errors
    /// `TypeError`: `slice indices must be integers or None or have an __index__ method`.
    pub fn need_bound(&mut self, v: Value, default: i64) -> Result<Option<i64>, Raise> {
        match v {
            Value::None | Value::Unbound => Ok(Some(default)),
            v if self.has_index(v) => self.need_int(v),
            _ => Err(self
                .type_error("slice indices must be integers or None or have an __index__ method")),
        }
    }

    /// A `str` argument, copied.
    ///
    /// # Errors
    /// `TypeError`: `name() argument must be str, not int`, with `place` as what comes before ` must`.
    pub fn need_str(&mut self, v: Value, place: &str) -> Result<String, Raise> {
        match self.as_str(v) {
            Some(text) => Ok(text.to_owned()),
            None => {
                let space = if place.is_empty() { "" } else { " " };
                let message = format!("{place}{space}must be str, not {}", self.argument_type(v));
                Err(self.type_error(message))
            }
        }
    }

    /// The arguments of a constructor after the class, sorted into its parameters; unbound for those not given.
    ///
    /// # Errors
    /// `TypeError` for too many, unknown and repeated ones.
    pub fn constructor_args<const N: usize>(
        &mut self,
        args: &Args,
        name: &str,
        parameters: [&str; N],
    ) -> Result<[Value; N], Raise> {
        let given = &args.pos()[1..];
        let total = given.len() + args.names.len();
        if total > N {
            let plural = if N == 1 { "" } else { "s" };
            return Err(self.type_error(if args.names.is_empty() {
                format!("{name} expected at most {N} argument{plural}, got {total}")
            } else {
                format!("{name}() takes at most {N} argument{plural} ({total} given)")
            }));
        }
        let mut sorted = [Value::Unbound; N];
        sorted[..given.len()].copy_from_slice(given);
        for (keyword, value) in args.keywords() {
            let text = self.names.text(keyword);
            let Some(at) = parameters.iter().position(|p| !p.is_empty() && *p == text) else {
                let message = format!("{name}() got an unexpected keyword argument '{text}'");
                return Err(self.type_error(message));
            };
            if !sorted[at].is_unbound() {
                let message = format!(
                    "argument for {name}() given by name ('{text}') and position ({})",
                    at + 1
                );
                return Err(self.type_error(message));
            }
            sorted[at] = value;
        }
        Ok(sorted)
    }

    /// The type of a wrong argument as messages say it: `None` for None.
    pub fn argument_type(&self, v: Value) -> &str {
        if v.is_none() {
            "None"
        } else {
            self.type_name(v)
        }
    }
}

/// Clamps slice bounds to a length as sequence methods do: negative ones count from the end.
pub fn clamp(start: i64, end: i64, len: usize) -> (usize, usize) {
    let len = len as i64;
    let place = |i: i64| {
        if i < 0 {
            i.saturating_add(len).max(0)
        } else {
            i
        }
    };
    (place(start) as usize, place(end).min(len) as usize)
}

#[cfg(test)]
mod tests {
    use super::clamp;

    #[test]
    fn bounds_are_clamped_to_the_end_but_not_the_start() {
        assert_eq!(clamp(-2, i64::MAX, 5), (3, 5));
        assert_eq!(clamp(-9, -1, 5), (0, 4));
        assert_eq!(clamp(7, 9, 5), (7, 5));
    }
}
