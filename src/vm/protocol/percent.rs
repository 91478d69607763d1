//! `template % arguments` of `str` and `bytes`.

use super::arith::Operated;
use super::number::{self, Num};
use crate::text::int::Int;
use crate::text::percent::{self, Amount, Arg, Conv, ErrorKind, PercentError, Piece};
use crate::text::quote;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::types::Ty;
use num_bigint::BigInt;

/// Where the values of conversions come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// From the right side of `%`.
    Arguments,
    /// From a list in order of conversions, text for `s`, `r` and `a` made already: for the prelude's twin.
    Prepared,
}

/// What became of a step: a value, or Python has a say.
type Step<T> = Result<Option<T>, Raise>;

/// The right side of `%`.
struct Arguments {
    items: Vec<Value>,
    next: usize,
    mapping: Option<Value>,
}

impl Arguments {
    fn next(&mut self) -> Result<Value, PercentError> {
        let value = self.items.get(self.next).copied();
        self.next += 1;
        value.ok_or(PercentError::NOT_ENOUGH_ARGUMENTS)
    }
}

/// A value ready to be rendered.
enum Ready {
    Text(String),
    Small(i64),
    Big(BigInt),
    Float(f64),
    Char(char),
}

impl Ready {
    fn arg(&self) -> Arg<'_> {
        match self {
            Ready::Text(text) => Arg::Str(text),
            Ready::Small(n) => Arg::Int(Int::Small(*n)),
            Ready::Big(n) => Arg::Int(Int::Big(n)),
            Ready::Float(x) => Arg::Float(*x),
            Ready::Char(c) => Arg::Char(*c),
        }
    }
}

impl Machine {
    /// `template % b`; `None` when code written in Python has a say.
    pub(super) fn percent(&mut self, template: Value, b: Value) -> Operated {
        let Some(text) = self.as_str(template) else {
            return Ok(None);
        };
        let pieces = percent::parse(text);
        let rendered = self.percent_pieces(&pieces, b, Source::Arguments, false)?;
        Ok(rendered.map(|text| self.str(text)))
    }

    /// The second half of the prelude's twin: the template with a list of prepared values.
    pub(crate) fn percent_prepared(&mut self, template: Value, values: Value) -> Operated {
        let Some(text) = self.as_str(template) else {
            return Ok(None);
        };
        let pieces = percent::parse(text);
        let rendered = self.percent_pieces(&pieces, values, Source::Prepared, false)?;
        Ok(rendered.map(|text| self.str(text)))
    }

    /// `template % b` of bytes: as of the string of the same code points.
    pub(super) fn percent_bytes(&mut self, template: Value, b: Value) -> Operated {
        let Some(bytes) = self.as_bytes(template) else {
            return Ok(None);
        };
        let text: String = bytes.iter().map(|&b| char::from(b)).collect();
        let pieces = percent::parse(&text);
        let rendered = self.percent_pieces(&pieces, b, Source::Arguments, true)?;
        let array = matches!(self.object(template), Some(Obj::ByteArray(_)));
        Ok(rendered.map(|text| {
            let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
            if array {
                self.byte_array(bytes)
            } else {
                self.bytes(bytes)
            }
        }))
    }

    fn percent_pieces(
        &mut self,
        pieces: &[Piece],
        b: Value,
        source: Source,
        bytes: bool,
    ) -> Step<String> {
        let mut args = self.percent_arguments(b, source);
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Conv(conv) => {
                    match self.percent_conversion(conv, &mut args, source, bytes)? {
                        Some(text) => out.push_str(&text),
                        None => return Ok(None),
                    }
                }
                Piece::Bad {
                    conv,
                    in_key,
                    error,
                } => {
                    let needs_mapping = *in_key || conv.key.is_some();
                    if needs_mapping && args.mapping.is_none() && source == Source::Arguments {
                        return Err(self.percent_error(&PercentError::NEEDS_MAPPING));
                    }
                    return Err(self.percent_error(error));
                }
            }
        }
        if args.mapping.is_none() && args.next < args.items.len() {
            let mut error = PercentError::NOT_ALL_CONVERTED;
            if bytes {
                error.message = "not all arguments converted during bytes formatting".into();
            }
            return Err(self.percent_error(&error));
        }
        Ok(Some(out))
    }

    fn percent_arguments(&self, b: Value, source: Source) -> Arguments {
        let items = match self.object(b) {
            Some(Obj::Tuple(items)) => items.to_vec(),
            Some(Obj::List(items)) if source == Source::Prepared => items.clone(),
            _ => vec![b],
        };
        let mapping = match self.object(b) {
            Some(Obj::Tuple(_) | Obj::Str(_)) => None,
            Some(
                Obj::Dict(_)
                | Obj::List(_)
                | Obj::Bytes(_)
                | Obj::ByteArray(_)
                | Obj::Range(_)
                | Obj::HugeRange(_)
                | Obj::Namespace(_),
            ) => Some(b),
            _ => (self.user_class(b).is_some() && self.overrides(b, names::GETITEM)).then_some(b),
        };
        Arguments {
            items,
            next: 0,
            mapping: mapping.filter(|_| source == Source::Arguments),
        }
    }

    fn percent_conversion(
        &mut self,
        conv: &Conv,
        args: &mut Arguments,
        source: Source,
        bytes: bool,
    ) -> Step<String> {
        let mut keyed = None;
        if let (Some(key), Source::Arguments) = (&conv.key, source) {
            let Some(mapping) = args.mapping else {
                return Err(self.percent_error(&PercentError::NEEDS_MAPPING));
            };
            match self.percent_lookup(mapping, key, bytes)? {
                Some(value) => keyed = Some(value),
                None => return Ok(None),
            }
        }
        let width = self.percent_star(conv.width, args, PercentError::WIDTH_TOO_LARGE)?;
        let precision =
            self.percent_star(conv.precision, args, PercentError::PRECISION_TOO_LARGE)?;
        let value = match keyed {
            Some(value) => value,
            None => match args.next() {
                Ok(value) => value,
                Err(error) => return Err(self.percent_error(&error)),
            },
        };
        let mut conv = conv.clone();
        let ready = if bytes {
            self.percent_ready_bytes(&mut conv, value)?
        } else if source == Source::Prepared && matches!(conv.kind, 's' | 'r' | 'a') {
            self.as_str(value).map(|text| Ready::Text(text.to_owned()))
        } else {
            self.percent_ready(&conv, value)?
        };
        let Some(ready) = ready else { return Ok(None) };
        match percent::render(&conv, width, precision, ready.arg()) {
            Ok(text) => Ok(Some(text)),
            Err(error) => Err(self.percent_error(&error)),
        }
    }

    fn percent_lookup(&mut self, mapping: Value, key: &str, bytes: bool) -> Step<Value> {
        if self.user_class(mapping).is_some() {
            // A dict's subclass may define `__getitem__` or `__missing__`.
            return Ok(None);
        }
        let Some(dict) = self.as_dict(mapping) else {
            return Ok(None);
        };
        let hash = super::hash::hash_str(key);
        // The text of a bytes template stands for its bytes, and hashes as they do.
        let found = dict.find(hash, |other| match self.as_bytes(other) {
            Some(other) => bytes && other.iter().copied().map(char::from).eq(key.chars()),
            None => !bytes && self.as_str(other) == Some(key),
        });
        match found.map(|at| dict.at(at).value) {
            Some(value) => Ok(Some(value)),
            None => {
                let key = if bytes {
                    self.bytes(key.chars().map(|c| c as u8).collect::<Vec<u8>>())
                } else {
                    self.str(key)
                };
                Err(self.raise_with(Ty::KeyError, &[key]))
            }
        }
    }

    fn percent_star(
        &mut self,
        amount: Amount,
        args: &mut Arguments,
        too_large: PercentError,
    ) -> Step<i64> {
        if amount != Amount::Star {
            return Ok(None);
        }
        let error = match args.next() {
            Ok(value) => match self.integer(value) {
                Some(Int::Small(n)) => return Ok(Some(n)),
                Some(Int::Big(_)) => too_large,
                None => PercentError::STAR_WANTS_INT,
            },
            Err(error) => error,
        };
        Err(self.percent_error(&error))
    }

    /// Makes the value what the conversion takes.
    fn percent_ready(&mut self, conv: &Conv, value: Value) -> Step<Ready> {
        Ok(match conv.kind {
            's' => self.str_of(value)?.map(Ready::Text),
            'r' => self.repr(value)?.map(Ready::Text),
            'a' => self
                .repr(value)?
                .map(|text| Ready::Text(quote::ascii_of_repr(&text))),
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => return self.percent_integer(conv.kind, value),
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => match self.number(value) {
                Some(number) => match number.to_f64() {
                    Some(x) => Some(Ready::Float(x)),
                    None => {
                        return Err(
                            self.raise(Ty::OverflowError, "int too large to convert to float")
                        );
                    }
                },
                None if self.overrides(value, names::FLOAT)
                    || self.overrides(value, names::INDEX) =>
                {
                    None
                }
                None => {
                    let message = format!("must be real number, not {}", self.type_name(value));
                    return Err(self.type_error(message));
                }
            },
            'c' => {
                let error = match self.number(value).and_then(Num::integer) {
                    Some(n) => match n.to_char() {
                        Some(c) => return Ok(Some(Ready::Char(c))),
                        None => PercentError::CHAR_RANGE,
                    },
                    None => {
                        let mut chars = self.as_str(value).unwrap_or_default().chars();
                        match (chars.next(), chars.next()) {
                            (Some(c), None) => return Ok(Some(Ready::Char(c))),
                            _ if self.overrides(value, names::INDEX) => return Ok(None),
                            _ => PercentError::CHAR_WANTED,
                        }
                    }
                };
                return Err(self.percent_error(&error));
            }
            _ => return Err(self.percent_error(&percent::unsupported(conv))),
        })
    }

    fn percent_integer(&mut self, kind: char, value: Value) -> Step<Ready> {
        let decimal = matches!(kind, 'd' | 'i' | 'u');
        match self.number(value) {
            Some(Num::Int(n)) => return Ok(Some(Ready::Small(n))),
            Some(Num::Big(n)) => return Ok(Some(Ready::Big(n.clone()))),
            Some(Num::Float(x)) if decimal => {
                self.check_integral(x)?;
                return Ok(Some(match number::trunc(x) {
                    Ok(n) => Ready::Small(n),
                    Err(n) => Ready::Big(n),
                }));
            }
            _ => {}
        }
        if self.overrides(value, names::INDEX) || decimal && self.overrides(value, names::INT) {
            return Ok(None);
        }
        let error = if decimal {
            percent::needs_number(kind, self.type_name(value))
        } else {
            percent::needs_integer(kind, self.type_name(value))
        };
        Err(self.percent_error(&error))
    }

    /// The error of making an infinity or a NaN an integer.
    pub(crate) fn check_integral(&mut self, x: f64) -> Result<(), Raise> {
        if x.is_nan() {
            return Err(self.value_error("cannot convert float NaN to integer"));
        }
        if x.is_infinite() {
            return Err(self.raise(
                Ty::OverflowError,
                "cannot convert float infinity to integer",
            ));
        }
        Ok(())
    }

    fn percent_ready_bytes(&mut self, conv: &mut Conv, value: Value) -> Step<Ready> {
        match conv.kind {
            's' | 'b' => {
                let Some(bytes) = self.as_bytes(value) else {
                    let message = format!(
                        "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'",
                        self.type_name(value)
                    );
                    return Err(self.type_error(message));
                };
                let text = bytes.iter().map(|&b| char::from(b)).collect();
                conv.kind = 's';
                Ok(Some(Ready::Text(text)))
            }
            'r' => {
                conv.kind = 'a';
                self.percent_ready(conv, value)
            }
            'c' => {
                let byte = match (self.as_bytes(value), self.as_i64(value)) {
                    (Some(&[byte]), _) => Some(byte),
                    (_, Some(n)) => match u8::try_from(n) {
                        Ok(byte) => Some(byte),
                        Err(_) => {
                            return Err(self.raise(Ty::OverflowError, "%c arg not in range(256)"));
                        }
                    },
                    _ => None,
                };
                match byte {
                    Some(byte) => Ok(Some(Ready::Char(byte.into()))),
                    None => {
                        let message = format!(
                            "%c requires an integer in range(256) or a single byte, not {}",
                            self.type_name(value)
                        );
                        Err(self.type_error(message))
                    }
                }
            }
            _ => self.percent_ready(conv, value),
        }
    }

    fn percent_error(&mut self, error: &PercentError) -> Raise {
        let class = match error.kind {
            ErrorKind::Type => Ty::TypeError,
            ErrorKind::Value => Ty::ValueError,
            ErrorKind::Overflow => Ty::OverflowError,
            ErrorKind::Memory => return self.raise_with(Ty::MemoryError, &[]),
        };
        self.raise(class, error.message.as_ref())
    }

    /// What the conversions of a template need, in order: pairs of key (or `None`) and kind, `*` for a width or precision.
    pub(crate) fn percent_needs(&mut self, template: Value) -> Value {
        let text = self.as_str(template).unwrap_or_default().to_owned();
        let mut needs = Vec::new();
        for piece in percent::parse(&text) {
            let (Piece::Conv(conv) | Piece::Bad { conv, .. }) = piece else {
                continue;
            };
            for amount in [conv.width, conv.precision] {
                if amount == Amount::Star {
                    let kind = self.str("*");
                    needs.push(self.tuple([Value::None, kind]));
                }
            }
            let key = match conv.key {
                Some(key) => self.str(key),
                None => Value::None,
            };
            let kind = self.str(conv.kind.to_string());
            needs.push(self.tuple([key, kind]));
        }
        self.list(needs)
    }
}
