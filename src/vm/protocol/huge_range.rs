//! Ranges whose bounds or length do not fit 64 bits. `Objects/rangeobject.c` of CPython 3.13.

use super::hash::{Hashed, NONE, hash_big, hash_tuple};
use super::index::Index;
use crate::value::Value;
use crate::value::object::{HugeRange, Iter, Obj, Range};
use crate::vm::machine::Machine;
use crate::vm::native::{Out, Raise};
use crate::vm::types::Ty;
use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

impl Machine {
    /// A new `range`, small if it can be. The step is not 0.
    pub fn new_range(&mut self, start: BigInt, stop: BigInt, step: BigInt) -> Value {
        let huge = HugeRange { start, stop, step };
        let parts = [&huge.start, &huge.stop, &huge.step].map(ToPrimitive::to_i64);
        let object = match (parts, huge.len().to_i64()) {
            ([Some(start), Some(stop), Some(step)], Some(_)) => {
                Obj::Range(Box::new(Range { start, stop, step }))
            }
            _ => Obj::HugeRange(Box::new(huge)),
        };
        self.heap.new_value(object)
    }

    /// A `range` of any size.
    pub fn as_range(&self, value: Value) -> Option<HugeRange> {
        match self.object(value)? {
            Obj::Range(range) => Some(HugeRange {
                start: range.start.into(),
                stop: range.stop.into(),
                step: range.step.into(),
            }),
            Obj::HugeRange(range) => Some((**range).clone()),
            _ => None,
        }
    }

    /// `range[i]` in full.
    ///
    /// # Errors
    /// `IndexError` beyond its ends, `TypeError` and `ValueError` for what cannot be an index.
    pub(super) fn item_of_huge_range(
        &mut self,
        range: &HugeRange,
        o: Value,
        i: Value,
    ) -> Result<Out, Raise> {
        let Some(parts) = self.as_slice(i) else {
            let Some(n) = self.as_bigint(i) else {
                return match self.index_of(i) {
                    Index::Python => Ok(self.prelude("_item_by_index", &[o, i])),
                    _ => {
                        let message = format!(
                            "range indices must be integers or slices, not {}",
                            self.type_name(i)
                        );
                        Err(self.type_error(message))
                    }
                };
            };
            let len = range.len();
            let at = if n.is_negative() { n + &len } else { n };
            if at.is_negative() || at >= len {
                return Err(self.raise(Ty::IndexError, "range object index out of range"));
            }
            return Ok(Out::Value(self.int(range.at(&at))));
        };
        let mut given = [None, None, None];
        for (to, part) in given.iter_mut().zip(parts) {
            if part.is_none() {
                continue;
            }
            *to = match (self.as_bigint(part), self.index_of(part)) {
                (Some(n), _) => Some(n),
                (None, Index::Python) => return Ok(self.prelude("_item_by_index", &[o, i])),
                _ => {
                    return Err(self.type_error(
                        "slice indices must be integers or None or have an __index__ method",
                    ));
                }
            };
        }
        let [start, stop, step] = given;
        let step = step.unwrap_or_else(BigInt::one);
        if step.is_zero() {
            return Err(self.value_error("slice step cannot be zero"));
        }
        let len = range.len();
        let (low, high) = if step.is_negative() {
            (BigInt::from(-1), &len - 1)
        } else {
            (BigInt::zero(), len.clone())
        };
        let place = |at: Option<BigInt>, missing: &BigInt| match at {
            Some(at) if at.is_negative() => (at + &len).max(low.clone()),
            Some(at) => at.min(high.clone()),
            None => missing.clone(),
        };
        let (first, last) = if step.is_negative() {
            (&high, &low)
        } else {
            (&low, &high)
        };
        let (start, stop) = (place(start, first), place(stop, last));
        let (start, stop) = (range.at(&start), range.at(&stop));
        Ok(Out::Value(self.new_range(start, stop, &range.step * step)))
    }
}

impl HugeRange {
    /// Number of items.
    pub fn len(&self) -> BigInt {
        let (distance, step) = if self.step.is_negative() {
            (&self.start - &self.stop, -&self.step)
        } else {
            (&self.stop - &self.start, self.step.clone())
        };
        if distance.is_positive() {
            (distance - 1) / step + 1
        } else {
            BigInt::zero()
        }
    }

    /// The item at an index, whether there is one or not.
    pub fn at(&self, index: &BigInt) -> BigInt {
        &self.start + index * &self.step
    }

    /// The index of an integer that is in.
    pub fn index(&self, n: &BigInt) -> Option<BigInt> {
        let from = n - &self.start;
        let index = &from / &self.step;
        let inside = !index.is_negative() && index < self.len();
        (inside && &index * &self.step == from).then_some(index)
    }

    pub(super) fn hash(&self) -> Hashed {
        let len = self.len();
        let part = |given: bool, n: &BigInt| if given { hash_big(n) } else { NONE };
        Hashed::Hash(hash_tuple(&[
            hash_big(&len),
            part(len.is_positive(), &self.start),
            part(len > BigInt::one(), &self.step),
        ]))
    }

    pub(super) fn same_items(&self, other: &HugeRange) -> bool {
        let len = self.len();
        len == other.len()
            && (len.is_zero()
                || self.start == other.start && (len.is_one() || self.step == other.step))
    }

    pub(super) fn iter(self) -> Iter {
        let left = self.len();
        Iter::HugeRange(Box::new([self.start, left, self.step]))
    }

    pub(super) fn reversed(self) -> Iter {
        let left = self.len();
        let last = self.at(&(&left - 1));
        Iter::HugeRange(Box::new([last, left, -self.step]))
    }
}
