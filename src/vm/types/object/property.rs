//! `property`.

use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::attr::Attr;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Native, Out, ok};

pub(super) fn property_new(m: &mut Machine, args: &Args) -> Native {
    let mut parts = [Value::None; 4];
    let given = args.pos();
    parts[..given.len() - 1].copy_from_slice(&given[1..]);
    for (name, value) in args.keywords() {
        match m.names.text(name) {
            "fget" => parts[0] = value,
            "fset" => parts[1] = value,
            "fdel" => parts[2] = value,
            "doc" => parts[3] = value,
            other => {
                let message = format!("property() got an unexpected keyword argument '{other}'");
                return Err(m.type_error(message));
            }
        }
    }
    ok(m.heap.new_value(Obj::Property(Box::new(parts))))
}

pub(super) fn property_parts(m: &Machine, value: Value) -> [Value; 4] {
    match m.object(value) {
        Some(Obj::Property(parts)) => **parts,
        _ => [Value::None; 4],
    }
}

pub(super) fn property_with(m: &mut Machine, args: &Args, at: usize) -> Native {
    let mut parts = property_parts(m, args.all[0]);
    parts[at] = args.all[1];
    ok(m.heap.new_value(Obj::Property(Box::new(parts))))
}

pub(super) fn property_getter(m: &mut Machine, args: &Args) -> Native {
    property_with(m, args, 0)
}

pub(super) fn property_setter(m: &mut Machine, args: &Args) -> Native {
    property_with(m, args, 1)
}

pub(super) fn property_deleter(m: &mut Machine, args: &Args) -> Native {
    property_with(m, args, 2)
}

pub(super) fn property_get(m: &mut Machine, args: &Args) -> Native {
    if args.all[1].is_none() {
        return ok(args.all[0]);
    }
    let getter = property_parts(m, args.all[0])[0];
    Ok(Out::Call(getter, vec![args.all[1]]))
}

pub(super) fn property_set(m: &mut Machine, args: &Args) -> Native {
    let parts = property_parts(m, args.all[0]);
    let function = if args.all.len() == 3 {
        parts[1]
    } else {
        parts[2]
    };
    Ok(Out::Call(function, args.all[1..].to_vec()))
}

pub(super) fn property_fget(m: &mut Machine, args: &Args) -> Native {
    ok(property_parts(m, args.all[0])[0])
}

pub(super) fn property_fset(m: &mut Machine, args: &Args) -> Native {
    ok(property_parts(m, args.all[0])[1])
}

pub(super) fn property_fdel(m: &mut Machine, args: &Args) -> Native {
    ok(property_parts(m, args.all[0])[2])
}

pub(super) fn property_doc(m: &mut Machine, args: &Args) -> Native {
    let parts = property_parts(m, args.all[0]);
    if !parts[3].is_none() {
        return ok(parts[3]);
    }
    match m.get_attr(parts[0], names::DOC)? {
        Attr::Value(value) => ok(value),
        _ => ok(Value::None),
    }
}
