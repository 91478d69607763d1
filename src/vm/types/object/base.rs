//! `object` and `type`.

use crate::value::Value;
use crate::value::object::{Layout, Obj};
use crate::vm::attr::Attr;
use crate::vm::builtins::attrs;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Native, ok};
use crate::vm::types::Ty;

pub(super) fn object_init(m: &mut Machine, args: &Args) -> Native {
    let class = m.class_of(args.all[0]);
    let own_init = m
        .lookup(class, names::INIT)
        .is_some_and(|i| !m.is_native_of(i, Ty::Object));
    let own_new = m
        .lookup(class, names::NEW)
        .is_some_and(|n| !m.is_native_of(n, Ty::Object));
    if args.all.len() > 1 && (own_init || !own_new) {
        let message = if own_init {
            "object.__init__() takes exactly one argument (the instance to initialize)".to_string()
        } else {
            format!(
                "{}.__init__() takes exactly one argument (the instance to initialize)",
                m.class_name(class)
            )
        };
        return Err(m.type_error(message));
    }
    ok(Value::None)
}

pub(super) fn object_new(m: &mut Machine, args: &Args) -> Native {
    let Some(&first) = args.all.first() else {
        return Err(m.type_error("object.__new__(): not enough arguments"));
    };
    let Some(class) = attrs::as_class(m, first) else {
        let message = format!(
            "object.__new__(X): X is not a type object ({})",
            m.type_name(first)
        );
        return Err(m.type_error(message));
    };
    let own_new = m
        .lookup(class, names::NEW)
        .is_some_and(|n| !m.is_native_of(n, Ty::Object));
    let own_init = m
        .lookup(class, names::INIT)
        .is_some_and(|i| !m.is_native_of(i, Ty::Object));
    if args.all.len() > 1 && own_new {
        return Err(
            m.type_error("object.__new__() takes exactly one argument (the type to instantiate)")
        );
    }
    if args.all.len() > 1 && !own_init {
        let message = format!("{}() takes no arguments", m.class_name(class));
        return Err(m.type_error(message));
    }
    if let Obj::Class(c) = m.heap.get(class) {
        if c.flags.is_abstract {
            return Ok(m.prelude("_abstract_error", &[Value::Obj(class)]));
        }
        if let Layout::Inner(base) = c.layout {
            let (name, base) = (m.class_name(class), m.class_name(base));
            let message = format!("object.__new__({name}) is not safe, use {base}.__new__()");
            return Err(m.type_error(message));
        }
    }
    ok(Value::Obj(m.new_instance(class, Value::Unbound)))
}

pub(super) fn object_dir(m: &mut Machine, args: &Args) -> Native {
    Ok(m.prelude("dir", &[args.all[0]]))
}

pub(super) fn init_subclass(m: &mut Machine, args: &Args) -> Native {
    if args.all.len() > 1 {
        let class = args.all[0]
            .obj()
            .map(|c| m.class_name(c).to_string())
            .unwrap_or_default();
        return Err(m.type_error(format!(
            "{class}.__init_subclass__() takes no keyword arguments"
        )));
    }
    ok(Value::None)
}

pub(super) fn subclass_hook(_: &mut Machine, _: &Args) -> Native {
    ok(Value::NotImplemented)
}

pub(super) fn type_new(m: &mut Machine, args: &Args) -> Native {
    let given = args.pos().len();
    match given {
        2 if args.all[0].is(Value::Obj(Ty::Type.id())) => ok(Value::Obj(m.class_of(args.all[1]))),
        4 => {
            let mut all = args.all.to_vec();
            let names: Vec<Value> = args.names.iter().map(|&n| m.name_value(n)).collect();
            let values: Vec<Value> = all.split_off(4);
            let names = m.tuple(names);
            let values = m.tuple(values);
            all.extend([names, values]);
            Ok(m.prelude("_type_new", &all))
        }
        _ => Err(m.type_error("type() takes 1 or 3 arguments")),
    }
}

pub(super) fn type_init(_: &mut Machine, _: &Args) -> Native {
    ok(Value::None)
}

/// `type.__call__(cls, *args)`: instantiation without asking the metaclass again.
pub(super) fn type_call(m: &mut Machine, args: &Args) -> Native {
    let split = args.all.len() - args.names.len();
    let positional = m.tuple(&args.all[1..split]);
    let mut dict = crate::value::dict::Dict::default();
    for (name, value) in args.keywords() {
        let key = m.name_value(name);
        m.dict_insert_new(&mut dict, key, value);
    }
    let keywords = m.dict(dict);
    Ok(m.prelude("_type_call", &[args.all[0], positional, keywords]))
}

pub(super) fn type_mro(m: &mut Machine, args: &Args) -> Native {
    match m.get_attr(args.all[0], names::MRO)? {
        Attr::Value(value) => {
            let items = m.as_items(value).map(<[Value]>::to_vec).unwrap_or_default();
            ok(m.list(items))
        }
        _ => Err(m.type_error("a class is needed")),
    }
}

pub(super) fn type_subclasses(m: &mut Machine, args: &Args) -> Native {
    let items: Vec<Value> = match args.all[0].obj().map(|id| m.heap.get(id)) {
        Some(Obj::Class(class)) => class.subclasses.iter().map(|&c| Value::Obj(c)).collect(),
        _ => Vec::new(),
    };
    ok(m.list(items))
}

pub(super) fn type_or(m: &mut Machine, args: &Args) -> Native {
    Ok(m.prelude("_union", args.all))
}
