//! Methods of `str` that look for another `str`: `find`, `replace`, `strip` and their like.

use super::bytes::bounds;
use super::str::{text, this};
use crate::text::str_ops as ops;
use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Native, Raise, ok};
use crate::vm::types::Ty;

/// Checks the first argument of a search.
fn need_sub(m: &mut Machine, v: Value, function: &str) -> Result<(), Raise> {
    if m.as_str(v).is_some() {
        return Ok(());
    }
    let message = format!(
        "{function}() argument 1 must be str, not {}",
        m.argument_type(v)
    );
    Err(m.type_error(message))
}

pub(super) fn count(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    need_sub(m, args.all[1], "count")?;
    match bounds(m, args)? {
        Ok((start, end)) => ok(Value::Int(
            ops::count(text(m, s), text(m, args.all[1]), start, end) as i64,
        )),
        Err(at) => Ok(m.index_first(args, at)),
    }
}

type Search = fn(&str, &str, i64, i64) -> Option<usize>;

pub(super) fn search(m: &mut Machine, args: &Args, name: &str, f: Search, must: bool) -> Native {
    let s = this(m, args)?;
    need_sub(m, args.all[1], name)?;
    let (start, end) = match bounds(m, args)? {
        Ok(bounds) => bounds,
        Err(at) => return Ok(m.index_first(args, at)),
    };
    match f(text(m, s), text(m, args.all[1]), start, end) {
        Some(at) => ok(Value::Int(at as i64)),
        None if must => Err(m.value_error("substring not found")),
        None => ok(Value::Int(-1)),
    }
}

pub(super) fn affix(
    m: &mut Machine,
    args: &Args,
    name: &str,
    f: fn(&str, &str, i64, i64) -> bool,
) -> Native {
    let s = this(m, args)?;
    let (start, end) = match bounds(m, args)? {
        Ok(bounds) => bounds,
        Err(at) => return Ok(m.index_first(args, at)),
    };
    let v = args.all[1];
    if let Some(affix) = m.as_str(v) {
        return ok(Value::Bool(f(text(m, s), affix, start, end)));
    }
    if !m.is_instance(v, Ty::Tuple.id()) {
        let message = format!(
            "{name} first arg must be str or a tuple of str, not {}",
            m.type_name(v)
        );
        return Err(m.type_error(message));
    }
    for &item in m.as_items(v).unwrap_or_default() {
        match m.as_str(item) {
            Some(affix) if f(text(m, s), affix, start, end) => return ok(Value::Bool(true)),
            Some(_) => {}
            None => {
                let message = format!(
                    "tuple for {name} must only contain str, not {}",
                    m.type_name(item)
                );
                return Err(m.type_error(message));
            }
        }
    }
    ok(Value::Bool(false))
}

pub(super) fn removeprefix(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    let prefix = m.need_str(args.all[1], "removeprefix() argument")?;
    match text(m, s).strip_prefix(&prefix[..]).map(str::to_owned) {
        Some(rest) => ok(m.str(rest)),
        None => ok(s),
    }
}

pub(super) fn removesuffix(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    let suffix = m.need_str(args.all[1], "removesuffix() argument")?;
    match text(m, s).strip_suffix(&suffix[..]).map(str::to_owned) {
        Some(rest) => ok(m.str(rest)),
        None => ok(s),
    }
}

pub(super) fn replace(m: &mut Machine, args: &Args) -> Native {
    let s = this(m, args)?;
    let old = m.need_str(args.all[1], "replace() argument 1")?;
    let new = m.need_str(args.all[2], "replace() argument 2")?;
    let count = match args.all[3] {
        Value::Unbound => Some(-1),
        count => m.need_size(count)?,
    };
    match count {
        Some(count) => {
            let replaced = ops::replace(text(m, s), &old, &new, count);
            ok(m.str(replaced))
        }
        None => Ok(m.index_first(args, 3)),
    }
}

pub(super) fn strip(
    m: &mut Machine,
    args: &Args,
    name: &str,
    f: for<'a> fn(&'a str, Option<&str>) -> &'a str,
) -> Native {
    let s = this(m, args)?;
    let chars = match args.get(1) {
        None | Some(Value::None) => None,
        Some(chars) => match m.as_str(chars) {
            Some(chars) => Some(chars.to_owned()),
            None => return Err(m.type_error(format!("{name} arg must be None or str"))),
        },
    };
    let whole = text(m, s);
    let stripped = f(whole, chars.as_deref());
    if stripped.len() == whole.len() {
        return ok(s);
    }
    let stripped = stripped.to_owned();
    ok(m.str(stripped))
}
