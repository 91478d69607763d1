//! Attributes that only some exceptions have.

use crate::value::Value;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Native, ok};

/// An attribute that only some exceptions have: what was set, else the argument it was made of, else `None`.
pub(super) fn member(
    m: &mut Machine,
    args: &Args,
    name: &str,
    at: usize,
    least: usize,
    most: usize,
) -> Native {
    let Some(id) = args.all[0].obj() else {
        return ok(Value::None);
    };
    let set = m
        .names
        .find(name)
        .and_then(|name| m.instance_attr(id, name));
    if let Some(value) = set {
        return ok(value);
    }
    let given = m.exception(id).map_or(Value::None, |e| e.args);
    let items = m.as_items(given).unwrap_or_default();
    ok(if (least..=most).contains(&items.len()) {
        items.get(at).copied().unwrap_or(Value::None)
    } else {
        Value::None
    })
}

pub(super) fn set_member(m: &mut Machine, args: &Args, name: &str) -> Native {
    let name = m.intern(name);
    if let Value::Obj(id) = args.all[0] {
        m.set_instance_attr(id, name, args.get(1).unwrap_or(Value::None));
    }
    ok(Value::None)
}

/// Attributes of exceptions: getter, setter, name, index of the argument they come from, with so many arguments.
macro_rules! members {
    ($($get:ident $set:ident $name:literal $at:literal $least:literal $most:expr;)*) => {$(
        pub(super) fn $get(m: &mut Machine, args: &Args) -> Native {
            member(m, args, $name, $at, $least, $most)
        }

        pub(super) fn $set(m: &mut Machine, args: &Args) -> Native {
            set_member(m, args, $name)
        }
    )*};
}

const ANY_COUNT: usize = usize::MAX;

const NEVER: usize = 0;

members! {
    value set_value "value" 0 1 ANY_COUNT;
    errno set_errno "errno" 0 2 5;
    strerror set_strerror "strerror" 1 2 5;
    filename set_filename "filename" 0 1 NEVER;
    filename2 set_filename2 "filename2" 0 1 NEVER;
    import_message set_import_message "msg" 0 1 1;
    name set_name "name" 0 1 NEVER;
    name_from set_name_from "name_from" 0 1 NEVER;
    path set_path "path" 0 1 NEVER;
    object set_object "obj" 0 1 NEVER;
    syntax_message set_syntax_message "msg" 0 1 ANY_COUNT;
    lineno set_lineno "lineno" 0 1 NEVER;
    offset set_offset "offset" 0 1 NEVER;
    text set_text "text" 0 1 NEVER;
    encoding set_encoding "encoding" 0 5 5;
    coded set_coded "object" 1 5 5;
    start set_start "start" 2 5 5;
    end set_end "end" 3 5 5;
    reason set_reason "reason" 4 5 5;
}

/// `SystemExit.code`: the argument, or all of them.
pub(super) fn code(m: &mut Machine, args: &Args) -> Native {
    let given = match args.all[0].obj().and_then(|id| m.exception(id)) {
        Some(e) if m.as_items(e.args).is_some_and(|items| items.len() > 1) => e.args,
        _ => Value::Unbound,
    };
    let set = m.names.find("code");
    let set = set.and_then(|name| m.instance_attr(args.all[0].obj()?, name));
    match (set, given) {
        (None, Value::Obj(_)) => ok(given),
        _ => member(m, args, "code", 0, 1, 1),
    }
}

pub(super) fn set_code(m: &mut Machine, args: &Args) -> Native {
    set_member(m, args, "code")
}
