//! `repr` and `str` of exceptions.

use super::text::{Text, Writer, Written};
use crate::id::ObjId;
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::types::Ty;

impl Machine {
    pub(super) fn write_exception(&mut self, id: ObjId, w: &mut Writer) -> Written {
        let name = self.type_name(Value::Obj(id)).to_owned();
        let args = self.exception(id).map_or(Value::None, |e| e.args);
        w.out.push_str(&name);
        match self.as_items(args) {
            Some(&[only]) => {
                w.out.push('(');
                Ok(self.write_repr(only, w)? && {
                    w.out.push(')');
                    true
                })
            }
            _ => self.write_repr(args, w),
        }
    }

    /// `str` of an exception.
    pub(super) fn exception_str(&mut self, id: ObjId) -> Text {
        let args = self.exception(id).map_or(Value::None, |e| e.args);
        let items = self.as_items(args).unwrap_or_default().to_vec();
        let is = |m: &Machine, class: Ty| m.is_instance(Value::Obj(id), class.id());
        if is(self, Ty::OSError) && items.len() >= 2 {
            return self.os_error_str(id, &items);
        }
        if is(self, Ty::UnicodeError)
            && let Some(text) = self.unicode_error_str(id, &items)
        {
            return Ok(Some(text));
        }
        if is(self, Ty::SyntaxError)
            && let Some(text) = self.syntax_error_str(id, &items)
        {
            return Ok(Some(text));
        }
        match items[..] {
            [] => Ok(Some(String::new())),
            [only] if is(self, Ty::KeyError) => self.repr(only),
            [only] => self.str_of(only),
            _ => self.repr(args),
        }
    }

    fn os_error_str(&mut self, id: ObjId, items: &[Value]) -> Text {
        let filename = self
            .names
            .find("filename")
            .and_then(|name| self.instance_attr(id, name))
            .or(items.get(2).copied())
            .filter(|v| !v.is_none());
        let (Some(number), Some(text)) = (self.str_of(items[0])?, self.str_of(items[1])?) else {
            return Ok(None);
        };
        Ok(Some(match filename {
            Some(filename) => match self.repr(filename)? {
                Some(filename) => format!("[Errno {number}] {text}: {filename}"),
                None => return Ok(None),
            },
            None => format!("[Errno {number}] {text}"),
        }))
    }

    /// `UnicodeDecodeError(encoding, object, start, end, reason)` and its like.
    fn unicode_error_str(&mut self, id: ObjId, items: &[Value]) -> Option<String> {
        let &[encoding, object, start, end, reason] = items else {
            return None;
        };
        let (start, end) = (self.as_i64(start)?, self.as_i64(end)?);
        let (encoding, reason) = (self.as_str(encoding)?, self.as_str(reason)?);
        let one = end == start + 1;
        if let Some(bytes) = self.as_bytes(object) {
            return Some(match bytes.get(start as usize) {
                Some(byte) if one => {
                    format!(
                        "'{encoding}' codec can't decode byte 0x{byte:02x} in position {start}: {reason}"
                    )
                }
                _ => format!(
                    "'{encoding}' codec can't decode bytes in position {start}-{}: {reason}",
                    end - 1
                ),
            });
        }
        let text = self.as_str(object)?;
        let verb = if self.is_instance(Value::Obj(id), Ty::UnicodeTranslateError.id()) {
            "translate"
        } else {
            "encode"
        };
        Some(match text.chars().nth(start as usize) {
            Some(c) if one => {
                let c = match u32::from(c) {
                    code @ ..=0xff => format!("\\x{code:02x}"),
                    code @ ..=0xffff => format!("\\u{code:04x}"),
                    code => format!("\\U{code:08x}"),
                };
                format!(
                    "'{encoding}' codec can't {verb} character '{c}' in position {start}: {reason}"
                )
            }
            _ => format!(
                "'{encoding}' codec can't {verb} characters in position {start}-{}: {reason}",
                end - 1
            ),
        })
    }

    /// `SyntaxError(message, (file, line, …))`: the message with file and line.
    fn syntax_error_str(&self, _id: ObjId, items: &[Value]) -> Option<String> {
        let &[message, place] = items else {
            return None;
        };
        let place = self.as_items(place)?;
        let message = self.as_str(message)?;
        let line = self.as_i64(*place.get(1)?);
        let file = self
            .as_str(place[0])
            .map(|f| f.rsplit('/').next().unwrap_or(f));
        Some(match (file, line) {
            (Some(file), Some(line)) => format!("{message} ({file}, line {line})"),
            (Some(file), None) => format!("{message} ({file})"),
            (None, Some(line)) => format!("{message} (line {line})"),
            (None, None) => message.to_owned(),
        })
    }
}
