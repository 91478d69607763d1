//! Stable sorting by `<` of builtin values.

use super::order::Ordered;
use crate::program::instr::CmpOp;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::Machine;

/// Up to so many items are sorted by insertion before runs are merged.
const RUN: usize = 16;

impl Machine {
    /// The values in order; `None` when a comparison needs user code or fails.
    pub fn sort_values(&self, mut items: Vec<Value>, reverse: bool) -> Option<Vec<Value>> {
        if reverse {
            items.reverse();
        }
        if items.iter().all(|v| matches!(v, Value::Int(_))) {
            items.sort_by_key(|v| match v {
                Value::Int(n) => *n,
                _ => 0,
            });
        } else if let Some(texts) = self.all_texts(&items) {
            items = sort_texts(items, &texts);
        } else {
            items = merge_sort(items, |a, b| self.less(*a, *b))?;
        }
        if reverse {
            items.reverse();
        }
        Some(items)
    }

    /// The items in the order of their keys; `None` when a comparison of keys needs user code or fails.
    pub fn sort_by_keys(
        &self,
        items: Vec<Value>,
        keys: &[Value],
        reverse: bool,
    ) -> Option<Vec<Value>> {
        let mut pairs: Vec<(Value, Value)> = keys.iter().copied().zip(items).collect();
        if reverse {
            pairs.reverse();
        }
        if keys.iter().all(|v| matches!(v, Value::Int(_))) {
            pairs.sort_by_key(|(key, _)| match key {
                Value::Int(n) => *n,
                _ => 0,
            });
        } else {
            pairs = merge_sort(pairs, |a, b| self.less(a.0, b.0))?;
        }
        if reverse {
            pairs.reverse();
        }
        Some(pairs.into_iter().map(|(_, item)| item).collect())
    }

    fn all_texts(&self, items: &[Value]) -> Option<Vec<&str>> {
        items
            .iter()
            .map(|v| match v {
                Value::Obj(id) => match self.heap.get(*id) {
                    Obj::Str(s) => Some(&*s.text),
                    _ => None,
                },
                _ => None,
            })
            .collect()
    }

    fn less(&self, a: Value, b: Value) -> Option<bool> {
        match self.compare(CmpOp::Lt, a, b) {
            Ordered::Bool(less) => Some(less),
            Ordered::Unordered | Ordered::Python => None,
        }
    }
}

fn sort_texts(items: Vec<Value>, texts: &[&str]) -> Vec<Value> {
    let mut order: Vec<u32> = (0..items.len() as u32).collect();
    order.sort_by_key(|&i| texts[i as usize]);
    order.into_iter().map(|i| items[i as usize]).collect()
}

/// Merge sort that asks nothing but `less` and survives answers that contradict each other (NaN).
fn merge_sort<T: Copy>(mut items: Vec<T>, less: impl Fn(&T, &T) -> Option<bool>) -> Option<Vec<T>> {
    let len = items.len();
    for start in (0..len).step_by(RUN) {
        let end = (start + RUN).min(len);
        for i in start + 1..end {
            let pivot = items[i];
            let mut at = i;
            while at > start && less(&pivot, &items[at - 1])? {
                items[at] = items[at - 1];
                at -= 1;
            }
            items[at] = pivot;
        }
    }
    let mut width = RUN;
    let mut merged = Vec::with_capacity(len);
    while width < len {
        merged.clear();
        for start in (0..len).step_by(2 * width) {
            let middle = (start + width).min(len);
            let end = (start + 2 * width).min(len);
            let (mut a, mut b) = (start, middle);
            if b < end && !less(&items[b], &items[b - 1])? {
                merged.extend_from_slice(&items[start..end]);
                continue;
            }
            while a < middle && b < end {
                if less(&items[b], &items[a])? {
                    merged.push(items[b]);
                    b += 1;
                } else {
                    merged.push(items[a]);
                    a += 1;
                }
            }
            merged.extend_from_slice(&items[a..middle]);
            merged.extend_from_slice(&items[b..end]);
        }
        std::mem::swap(&mut items, &mut merged);
        width *= 2;
    }
    Some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merge_sort_is_stable_and_complete() {
        let items: Vec<(u32, usize)> = (0..500).map(|i| ((i as u32 * 7919) % 13, i)).collect();
        let mut expected = items.clone();
        expected.sort_by_key(|p| p.0);
        assert_eq!(merge_sort(items, |a, b| Some(a.0 < b.0)), Some(expected));
        assert_eq!(merge_sort(vec![1, 2], |_, _| None), None);
    }
}
