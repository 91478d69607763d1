//! Making values.

use crate::id::NameId;
use crate::value::Value;
use crate::value::dict::Dict;
use crate::value::object::{Obj, Str};
use crate::value::set::Set;
use crate::vm::machine::Machine;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

impl Machine {
    /// A new `str`.
    pub fn str(&mut self, text: impl Into<Box<str>>) -> Value {
        self.heap.new_value(Obj::Str(Str::new(text)))
    }

    /// The `str` of an identifier.
    pub fn name_value(&mut self, name: NameId) -> Value {
        match self.name_values.get(name.index()) {
            Some(&value) => value,
            None => {
                let text: Box<str> = self.names.text(name).into();
                self.str(text)
            }
        }
    }

    /// A new `bytes`.
    pub fn bytes(&mut self, bytes: impl Into<Box<[u8]>>) -> Value {
        self.heap.new_value(Obj::Bytes(bytes.into()))
    }

    /// An `int` of any size, inline when it fits.
    pub fn int(&mut self, n: BigInt) -> Value {
        match n.to_i64() {
            Some(small) => Value::Int(small),
            None => self.heap.new_value(Obj::BigInt(Box::new(n))),
        }
    }

    /// An `int` of a machine number that may not fit 64 bits.
    pub fn int128(&mut self, n: i128) -> Value {
        match i64::try_from(n) {
            Ok(small) => Value::Int(small),
            Err(_) => self.heap.new_value(Obj::BigInt(Box::new(BigInt::from(n)))),
        }
    }

    /// A new `tuple`.
    pub fn tuple(&mut self, items: impl Into<Box<[Value]>>) -> Value {
        self.heap.new_value(Obj::Tuple(items.into()))
    }

    /// A new `list`.
    pub fn list(&mut self, items: Vec<Value>) -> Value {
        self.heap.new_value(Obj::List(items))
    }

    /// A new `dict`.
    pub fn dict(&mut self, dict: Dict) -> Value {
        self.heap.new_value(Obj::Dict(Box::new(dict)))
    }

    /// A new `set`.
    pub fn set(&mut self, set: Set) -> Value {
        self.heap.new_value(Obj::Set(Box::new(set)))
    }
}
