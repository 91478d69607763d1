//! Integers as indices and slice bounds, with CPython's rules and words.

use crate::value::Value;
use crate::value::object::{Obj, Range};
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::Raise;
use crate::vm::types::Ty;
use num_bigint::{BigInt, Sign};

/// What a value is as an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Index {
    /// This number.
    Int(i64),
    /// An `int` beyond 64 bits; whether it is negative.
    Huge(bool),
    /// It has an `__index__` written in Python.
    Python,
    /// It is no integer.
    No,
}

/// A slice applied to a sequence of known length: so many items from `start`, each `step` further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// First index; may be one before or after the items when there are none.
    pub start: i64,
    /// Where it stops, exclusive.
    pub stop: i64,
    /// Distance, not 0.
    pub step: i64,
    /// How many items.
    pub count: usize,
}

impl Bounds {
    /// The indices in order.
    pub fn indices(self) -> impl Iterator<Item = usize> {
        (0..self.count as i64).map(move |i| (self.start + i * self.step) as usize)
    }

    /// The items at the indices.
    pub fn pick<T: Copy>(self, items: &[T]) -> Vec<T> {
        if self.step == 1 {
            let start = self.start as usize;
            return items[start..start + self.count].to_vec();
        }
        self.indices().map(|i| items[i]).collect()
    }
}

/// `slice.indices` for bounds that are machine numbers: `PySlice_AdjustIndices` of CPython 3.13's `Objects/sliceobject.c`.
pub fn adjust(start: Option<i64>, stop: Option<i64>, step: i64, len: i64) -> Bounds {
    let clamp = |at: i64| {
        let at = if at < 0 { at.saturating_add(len) } else { at };
        if at < 0 {
            if step < 0 { -1 } else { 0 }
        } else if at >= len {
            if step < 0 { len - 1 } else { len }
        } else {
            at
        }
    };
    let start = start.map_or(if step < 0 { len - 1 } else { 0 }, clamp);
    let stop = stop.map_or(if step < 0 { -1 } else { len }, clamp);
    let count = Range { start, stop, step }.len() as usize;
    Bounds {
        start,
        stop,
        step,
        count,
    }
}

impl Machine {
    /// What a value is as an index.
    #[inline]
    pub fn index_of(&self, value: Value) -> Index {
        match self.unwrap(value) {
            Value::Int(n) => Index::Int(n),
            Value::Bool(b) => Index::Int(b as i64),
            Value::Obj(id) => match self.heap.get(id) {
                Obj::BigInt(n) => Index::Huge(n.sign() == Sign::Minus),
                Obj::Instance(instance) if self.lookup(instance.class, names::INDEX).is_some() => {
                    Index::Python
                }
                _ => Index::No,
            },
            _ => Index::No,
        }
    }

    /// An argument that must be an integer. `None` when its `__index__` must be called: see [`Machine::index_first`].
    ///
    /// # Errors
    /// `TypeError` when it is none, `IndexError` when it does not fit 64 bits.
    pub fn index_arg(&mut self, value: Value) -> Result<Option<i64>, Raise> {
        match self.index_of(value) {
            Index::Int(n) => Ok(Some(n)),
            Index::Huge(_) => Err(self.huge_index()),
            Index::Python => Ok(None),
            Index::No => Err(self.not_an_integer(value)),
        }
    }

    /// As [`Machine::index_arg`], for counts: too large is `OverflowError`.
    ///
    /// # Errors
    /// `TypeError` when it is no integer, `OverflowError` when it does not fit 64 bits.
    pub fn count_arg(&mut self, value: Value) -> Result<Option<i64>, Raise> {
        match self.index_of(value) {
            Index::Huge(_) => Err(self.too_long()),
            _ => self.index_arg(value),
        }
    }

    /// An integer argument of any size; `None` when its `__index__` must be called.
    ///
    /// # Errors
    /// `TypeError` when it is no integer.
    pub fn integer_arg(&mut self, value: Value) -> Result<Option<BigInt>, Raise> {
        match self.as_bigint(value) {
            Some(n) => Ok(Some(n)),
            None => match self.index_of(value) {
                Index::Python => Ok(None),
                _ => Err(self.not_an_integer(value)),
            },
        }
    }

    /// `'str' object cannot be interpreted as an integer`.
    #[cold]
    pub fn not_an_integer(&mut self, value: Value) -> Raise {
        let message = format!(
            "'{}' object cannot be interpreted as an integer",
            self.type_name(value)
        );
        self.type_error(message)
    }

    #[cold]
    pub(crate) fn too_long(&mut self) -> Raise {
        self.raise(
            Ty::OverflowError,
            "Python int too large to convert to C ssize_t",
        )
    }

    #[cold]
    pub(crate) fn huge_index(&mut self) -> Raise {
        self.raise(
            Ty::IndexError,
            "cannot fit 'int' into an index-sized integer",
        )
    }

    /// One bound of a slice: `None` for Python's `None`, clamped to 64 bits. `Err(Ok(()))` stands for "`__index__` is user code".
    fn slice_part(&mut self, value: Value) -> Result<Option<i64>, Result<(), Raise>> {
        if value.is_none() {
            return Ok(None);
        }
        match self.index_of(value) {
            Index::Int(n) => Ok(Some(n)),
            Index::Huge(true) => Ok(Some(i64::MIN)),
            Index::Huge(false) => Ok(Some(i64::MAX)),
            Index::Python => Err(Ok(())),
            Index::No => Err(Err(self.type_error(
                "slice indices must be integers or None or have an __index__ method",
            ))),
        }
    }

    /// A slice's start, stop and step applied to a length. `None` when an `__index__` written in Python must be called.
    ///
    /// # Errors
    /// `TypeError` for bounds that are no integers, `ValueError` for step 0.
    pub fn slice_bounds(
        &mut self,
        parts: &[Value; 3],
        len: usize,
    ) -> Result<Option<Bounds>, Raise> {
        let [start, stop, step] = *parts;
        let step = match self.slice_part(step) {
            Ok(step) => step.unwrap_or(1),
            Err(Ok(())) => return Ok(None),
            Err(Err(raise)) => return Err(raise),
        };
        if step == 0 {
            return Err(self.value_error("slice step cannot be zero"));
        }
        let mut bounds = [None; 2];
        for (bound, value) in bounds.iter_mut().zip([start, stop]) {
            *bound = match self.slice_part(value) {
                Ok(bound) => bound,
                Err(Ok(())) => return Ok(None),
                Err(Err(raise)) => return Err(raise),
            };
        }
        Ok(Some(adjust(
            bounds[0],
            bounds[1],
            step.max(-i64::MAX),
            len as i64,
        )))
    }

    /// The parts of a slice object.
    pub fn as_slice(&self, value: Value) -> Option<[Value; 3]> {
        match value {
            Value::Obj(id) => match self.heap.get(id) {
                Obj::Slice(parts) => Some(**parts),
                _ => None,
            },
            _ => None,
        }
    }

    /// Sequences take a negative index from the end; `None` when it is out of range.
    #[inline]
    pub fn position(index: i64, len: usize) -> Option<usize> {
        let at = if index < 0 { index + len as i64 } else { index };
        (at >= 0 && (at as usize) < len).then_some(at as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_clamped_as_cpython_does() {
        let b = adjust(None, None, -1, 5);
        assert_eq!((b.start, b.stop, b.count), (4, -1, 5));
        let b = adjust(Some(-3), None, 1, 10);
        assert_eq!((b.start, b.stop, b.count), (7, 10, 3));
        let b = adjust(Some(i64::MIN), Some(i64::MAX), 2, 5);
        assert_eq!((b.start, b.stop, b.count), (0, 5, 3));
        assert_eq!(adjust(Some(5), Some(1), 1, 5).count, 0);
    }
}
