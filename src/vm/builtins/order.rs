//! `min`, `max`, `sorted`, `sum`.

use crate::program::instr::{BinOp, CmpOp};
use crate::value::Value;
use crate::value::object::{Obj, Range};
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Effect, Entry, Native, Out, Signature, ok};
use crate::vm::protocol::order::Ordered;
use crate::vm::types::sorting::{sort_options, sorted_natively};
use num_bigint::BigInt;

/// Functions of this file.
pub const FUNCTIONS: &[Entry] = &[
    ("min", min, Signature::Any, Effect::Read),
    ("max", max, Signature::Any, Effect::Read),
    ("sorted", sorted, Signature::Any, Effect::Read),
    ("sum", sum, Signature::Any, Effect::Read),
];

fn min(m: &mut Machine, args: &Args) -> Native {
    extreme(m, args, "min", CmpOp::Lt)
}

fn max(m: &mut Machine, args: &Args) -> Native {
    extreme(m, args, "max", CmpOp::Gt)
}

fn extreme(m: &mut Machine, args: &Args, name: &str, op: CmpOp) -> Native {
    let given = args.pos();
    if given.is_empty() {
        return Err(m.type_error(format!("{name} expected at least 1 argument, got 0")));
    }
    let (mut key, mut default) = (Value::None, None);
    for (keyword, value) in args.keywords() {
        match m.names.text(keyword) {
            "key" => key = value,
            "default" => default = Some(value),
            other => {
                let hint = match super::suggest(other, &["key", "default"]) {
                    Some(near) => format!(". Did you mean '{near}'?"),
                    None => String::new(),
                };
                let message =
                    format!("{name}() got an unexpected keyword argument '{other}'{hint}");
                return Err(m.type_error(message));
            }
        }
    }
    let items = if let &[iterable] = given {
        match m.items(iterable)? {
            Some(items) => items,
            None => return Ok(Out::Materialise(0)),
        }
    } else {
        if default.is_some() {
            let message =
                format!("Cannot specify a default for {name}() with multiple positional arguments");
            return Err(m.type_error(message));
        }
        given.to_vec()
    };
    let Some((&first, rest)) = items.split_first() else {
        return match default {
            Some(default) => ok(default),
            None => Err(m.value_error(format!("{name}() iterable argument is empty"))),
        };
    };
    if key.is_none() {
        let mut best = first;
        let better = rest
            .iter()
            .try_for_each(|&item| match m.compare(op, item, best) {
                Ordered::Bool(true) => {
                    best = item;
                    Some(())
                }
                Ordered::Bool(false) => Some(()),
                Ordered::Unordered | Ordered::Python => None,
            });
        if better.is_some() {
            return ok(best);
        }
    }
    let items = m.list(items);
    Ok(m.prelude("_extreme", &[items, key, Value::Bool(op == CmpOp::Gt)]))
}

fn sorted(m: &mut Machine, args: &Args) -> Native {
    let given = args.pos().len();
    if given != 1 {
        return Err(m.type_error(format!("sorted expected 1 argument, got {given}")));
    }
    let Some(items) = m.items(args.all[0])? else {
        return Ok(Out::Materialise(0));
    };
    let (key, reverse) = sort_options(m, args)?;
    if let Some(sorted) = sorted_natively(m, args, &items, key, reverse) {
        return ok(m.list(sorted));
    }
    let items = m.list(items);
    Ok(m.prelude("_sorted", &[items, key, reverse]))
}

fn sum(m: &mut Machine, args: &Args) -> Native {
    let given = args.pos();
    if given.is_empty() {
        return Err(m.type_error("sum() takes at least 1 positional argument (0 given)"));
    }
    if args.all.len() > 2 {
        let message = format!("sum() takes at most 2 arguments ({} given)", args.all.len());
        return Err(m.type_error(message));
    }
    let mut start = args.get(1).unwrap_or(Value::Int(0));
    for (keyword, value) in args.keywords() {
        match m.names.text(keyword) {
            "start" => start = value,
            other => {
                let message = format!("sum() got an unexpected keyword argument '{other}'");
                return Err(m.type_error(message));
            }
        }
    }
    match m.object(start) {
        Some(Obj::Str(_)) => {
            return Err(m.type_error("sum() can't sum strings [use ''.join(seq) instead]"));
        }
        Some(Obj::Bytes(_)) => {
            return Err(m.type_error("sum() can't sum bytes [use b''.join(seq) instead]"));
        }
        Some(Obj::ByteArray(_)) => {
            return Err(m.type_error("sum() can't sum bytearray [use b''.join(seq) instead]"));
        }
        _ => {}
    }
    if let (Some(Obj::Range(range)), Value::Int(start)) = (m.object(given[0]), start) {
        let total = start + sum_range(range);
        return ok(m.int(total));
    }
    let Some(items) = m.items(given[0])? else {
        return Ok(Out::Materialise(0));
    };
    let mut total = start;
    let mut at = 0;
    while at < items.len() {
        match total {
            Value::Int(n) => {
                let (sum, next) = sum_ints(n, &items, at);
                total = Value::Int(sum);
                at = next;
            }
            Value::Float(x) => {
                let (sum, next) = sum_floats(x, &items, at);
                total = Value::Float(sum);
                at = next;
            }
            _ => {}
        }
        let Some(&item) = items.get(at) else {
            break;
        };
        match m.binary(BinOp::Add, total, item)? {
            Some(sum) => total = sum,
            None => {
                let rest = m.list(items[at..].to_vec());
                return Ok(m.prelude("_sum", &[total, rest]));
            }
        }
        at += 1;
    }
    ok(total)
}

/// The sum of a range, however long it is.
fn sum_range(range: &Range) -> BigInt {
    let len = BigInt::from(range.len());
    let pairs: BigInt = &len * (&len - 1) / 2;
    len * range.start + pairs * range.step
}

/// Adds the ints at the front of what is left, as far as 64 bits go.
fn sum_ints(start: i64, items: &[Value], mut at: usize) -> (i64, usize) {
    let mut total = start;
    while let Some(item) = items.get(at) {
        let n = match item {
            Value::Int(n) => *n,
            Value::Bool(b) => *b as i64,
            _ => break,
        };
        match total.checked_add(n) {
            Some(sum) => total = sum,
            None => break,
        }
        at += 1;
    }
    (total, at)
}

/// Adds the floats and ints at the front of what is left with Neumaier's compensation, as CPython does since 3.12.
fn sum_floats(start: f64, items: &[Value], mut at: usize) -> (f64, usize) {
    let (mut total, mut lost) = (start, 0.0);
    while let Some(item) = items.get(at) {
        match item {
            Value::Float(x) => {
                let sum = total + x;
                lost += if total.abs() >= x.abs() {
                    (total - sum) + x
                } else {
                    (x - sum) + total
                };
                total = sum;
            }
            Value::Int(n) => total += *n as f64,
            Value::Bool(b) => total += f64::from(u8::from(*b)),
            _ => break,
        }
        at += 1;
    }
    if lost != 0.0 && f64::is_finite(lost) {
        total += lost;
    }
    (total, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn float_sums_are_compensated() {
        let items = vec![Value::Float(0.1); 10];
        assert_eq!(sum_floats(0.0, &items, 0), (1.0, 10));
    }
}
