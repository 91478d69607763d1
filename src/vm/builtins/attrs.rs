//! Builtin functions about attributes, classes and namespaces.

use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::attr::Attr;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{
    Args, Effect, Entry, Native, Out, Raise, Signature, ok, pure, reads, writes,
};
use crate::vm::types::Ty;

/// The registry of this file.
pub const FUNCTIONS: &[Entry] = &[
    reads("getattr", getattr, 2, 3),
    reads("hasattr", hasattr, 2, 2),
    writes("setattr", setattr, 3, 3),
    writes("delattr", delattr, 2, 2),
    pure("isinstance", isinstance, 2, 2),
    pure("issubclass", issubclass, 2, 2),
    pure("callable", callable, 1, 1),
    reads("vars", vars, 0, 1),
    pure("globals", globals, 0, 0),
    pure("_raddle_attr", raw_attr, 2, 2),
    pure("_raddle_lookup", class_lookup, 2, 2),
    pure("_raddle_generic_get", generic_get, 2, 2),
    pure("_raddle_run_body", run_body, 2, 2),
    pure("_raddle_new_class", new_class, 4, 4),
    pure("_raddle_new_instance", new_instance, 2, 2),
    pure("_raddle_raise", raise_it, 1, 1),
    pure("_raddle_set_cause", set_cause, 2, 2),
    pure("_raddle_mro", mro_of, 1, 1),
    pure("_raddle_meta", meta_of, 1, 1),
    pure("_raddle_namespace", namespace_items, 1, 1),
    pure("_raddle_set_cell", set_cell, 2, 2),
    pure("_raddle_is_native", is_native, 1, 1),
    (
        "_raddle_dir",
        dir_of,
        Signature::Positional(1, 1),
        Effect::Pure,
    ),
    pure("_raddle_run_main", run_main, 0, 0),
];

fn name_arg(m: &mut Machine, args: &Args, at: usize) -> Result<crate::id::NameId, Raise> {
    match m.as_str(args.all[at]) {
        Some(text) => {
            let text = text.to_string();
            Ok(m.intern(&text))
        }
        None => {
            let message = format!(
                "attribute name must be string, not '{}'",
                m.type_name(args.all[at])
            );
            Err(m.type_error(message))
        }
    }
}

fn getattr(m: &mut Machine, args: &Args) -> Native {
    let name = name_arg(m, args, 1)?;
    let object = args.all[0];
    match m.get_attr(object, name) {
        Ok(Attr::Value(value)) => ok(value),
        Ok(Attr::Call(function, call)) => match args.get(2) {
            Some(default) => {
                let call = m.tuple(call);
                Ok(m.prelude("_getattr_default", &[function, call, default]))
            }
            None => Ok(Out::Call(function, call)),
        },
        Ok(Attr::Missing) => match args.get(2) {
            Some(default) => ok(default),
            None => Err(m.missing_attr(object, name)),
        },
        Err(raised) => match args.get(2) {
            Some(default) if m.is_instance(Value::Obj(raised.0), Ty::AttributeError.id()) => {
                ok(default)
            }
            _ => Err(raised),
        },
    }
}

fn hasattr(m: &mut Machine, args: &Args) -> Native {
    let name = name_arg(m, args, 1)?;
    match m.get_attr(args.all[0], name) {
        Ok(Attr::Value(_)) => ok(Value::Bool(true)),
        Ok(Attr::Missing) => ok(Value::Bool(false)),
        Ok(Attr::Call(function, call)) => {
            let call = m.tuple(call);
            Ok(m.prelude("_hasattr_call", &[function, call]))
        }
        Err(raised) if m.is_instance(Value::Obj(raised.0), Ty::AttributeError.id()) => {
            ok(Value::Bool(false))
        }
        Err(raised) => Err(raised),
    }
}

fn assign(m: &mut Machine, object: Value, name: crate::id::NameId, value: Value) -> Native {
    match m.set_attr(object, name, value)? {
        Some((function, args)) => {
            let args: Vec<Value> = args.into_iter().filter(|v| !v.is_unbound()).collect();
            let args = m.tuple(args);
            Ok(m.prelude("_call_for_none", &[function, args]))
        }
        None => ok(Value::None),
    }
}

fn setattr(m: &mut Machine, args: &Args) -> Native {
    let name = name_arg(m, args, 1)?;
    assign(m, args.all[0], name, args.all[2])
}

fn delattr(m: &mut Machine, args: &Args) -> Native {
    let name = name_arg(m, args, 1)?;
    assign(m, args.all[0], name, Value::Unbound)
}

/// `object.__setattr__(self, name, value)`.
pub(crate) fn object_setattr(m: &mut Machine, args: &Args) -> Native {
    let name = name_arg(m, args, 1)?;
    plain_assign(m, args.all[0], name, args.all[2])
}

/// `object.__delattr__(self, name)`.
pub(crate) fn object_delattr(m: &mut Machine, args: &Args) -> Native {
    let name = name_arg(m, args, 1)?;
    plain_assign(m, args.all[0], name, Value::Unbound)
}

fn plain_assign(m: &mut Machine, object: Value, name: crate::id::NameId, value: Value) -> Native {
    let done = match object {
        Value::Obj(id) if matches!(m.heap.get(id), Obj::Instance(_)) => {
            let class = m.class_of(object);
            m.generic_set(object, id, class, name, value)?
        }
        Value::Obj(id) if matches!(m.heap.get(id), Obj::Class(_)) => {
            let meta = m.class_of(object);
            m.generic_set_class(object, id, meta, name, value)?
        }
        _ => m.set_attr(object, name, value)?,
    };
    match done {
        Some((function, args)) => {
            let args: Vec<Value> = args.into_iter().filter(|v| !v.is_unbound()).collect();
            let args = m.tuple(args);
            Ok(m.prelude("_call_for_none", &[function, args]))
        }
        None => ok(Value::None),
    }
}

/// `object.__getattribute__(self, name)`.
pub(crate) fn generic_get(m: &mut Machine, args: &Args) -> Native {
    let name = name_arg(m, args, 1)?;
    let object = args.all[0];
    let got = match object {
        Value::Obj(id) if matches!(m.heap.get(id), Obj::Instance(_)) => {
            let class = m.class_of(object);
            m.generic_get(object, id, class, name, false)?
        }
        _ => m.get_attr(object, name)?,
    };
    match got {
        Attr::Value(value) => ok(value),
        Attr::Call(function, call) => Ok(Out::Call(function, call)),
        Attr::Missing => Err(m.missing_attr(object, name)),
    }
}

/// Whether the value is a class, as an id.
pub(crate) fn as_class(m: &Machine, value: Value) -> Option<ObjId> {
    value
        .obj()
        .filter(|&id| matches!(m.heap.get(id), Obj::Class(_)))
}

fn check_classes(
    m: &mut Machine,
    class: ObjId,
    against: Value,
    what: &str,
) -> Result<Option<bool>, Raise> {
    if let Some(base) = as_class(m, against) {
        let Obj::Class(c) = m.heap.get(base) else {
            unreachable!("just looked")
        };
        let meta = c.meta;
        if meta != Ty::Type.id() && !(what == "isinstance" && class == base) {
            let hook = if what == "isinstance" {
                names::INSTANCECHECK
            } else {
                names::SUBCLASSCHECK
            };
            if m.lookup(meta, hook).is_some() {
                return Ok(None);
            }
        }
        return Ok(Some(m.is_subclass(class, base)));
    }
    if let Some(Obj::Tuple(items)) = against.obj().map(|id| m.heap.get(id)) {
        let mut asked = false;
        for item in items.clone() {
            match check_classes(m, class, item, what)? {
                Some(true) => return Ok(Some(true)),
                Some(false) => {}
                None => asked = true,
            }
        }
        return Ok(if asked { None } else { Some(false) });
    }
    if let Some(Obj::Instance(_)) = against.obj().map(|id| m.heap.get(id)) {
        return Ok(None);
    }
    let message = if what == "isinstance" {
        "isinstance() arg 2 must be a type, a tuple of types, or a union"
    } else {
        "issubclass() arg 2 must be a class, a tuple of classes, or a union"
    };
    Err(m.type_error(message))
}

fn isinstance(m: &mut Machine, args: &Args) -> Native {
    let class = m.class_of(args.all[0]);
    match check_classes(m, class, args.all[1], "isinstance")? {
        Some(answer) => ok(Value::Bool(answer)),
        None => Ok(m.prelude("_isinstance", args.all)),
    }
}

fn issubclass(m: &mut Machine, args: &Args) -> Native {
    let Some(class) = as_class(m, args.all[0]) else {
        return Err(m.type_error("issubclass() arg 1 must be a class"));
    };
    match check_classes(m, class, args.all[1], "issubclass")? {
        Some(answer) => ok(Value::Bool(answer)),
        None => Ok(m.prelude("_issubclass", args.all)),
    }
}

fn callable(m: &mut Machine, args: &Args) -> Native {
    let answer = match args.all[0].obj().map(|id| m.heap.get(id)) {
        Some(
            Obj::Function(_)
            | Obj::Native(_)
            | Obj::BoundMethod { .. }
            | Obj::Class(_)
            | Obj::StaticMethod(_),
        ) => true,
        Some(Obj::Instance(instance)) => m.lookup(instance.class, names::CALL).is_some(),
        _ => false,
    };
    ok(Value::Bool(answer))
}

fn vars(m: &mut Machine, args: &Args) -> Native {
    let Some(object) = args.get(0) else {
        return locals(m, args);
    };
    match m.get_attr(object, names::DICT)? {
        Attr::Value(value) => ok(value),
        Attr::Call(function, call) => Ok(Out::Call(function, call)),
        Attr::Missing => Err(m.type_error("vars() argument must have __dict__ attribute")),
    }
}

/// The innermost frame that is the program's own.
fn user_frame(m: &Machine, args: &Args) -> Option<crate::value::object::Frame> {
    args.frames
        .iter()
        .rev()
        .find(|f| !m.image.linked[f.code.index()].bundled)
        .copied()
}

fn globals(m: &mut Machine, args: &Args) -> Native {
    let frame = match user_frame(m, args) {
        Some(frame) => frame,
        None => *args.frames.last().expect("somebody calls"),
    };
    let module = m.image.program.code(frame.code).module;
    ok(m.image.namespaces[module.index()])
}

/// `locals()`: at module level and in classes the namespace; in functions the compiler keeps locals in registers, which only the
/// machine's frame knows: answered by the prelude from `_raddle_frame_locals`.
fn locals(m: &mut Machine, args: &Args) -> Native {
    let Some(frame) = user_frame(m, args) else {
        return ok(Value::None);
    };
    let code = m.image.program.code(frame.code);
    match code.kind {
        crate::program::CodeKind::Module => globals(m, args),
        crate::program::CodeKind::Class => ok(frame.owner),
        _ => Ok(Out::Locals),
    }
}

/// An attribute of the class alone, unbound: `_raddle_lookup(cls, name)`; `NotImplemented` when there is none.
fn class_lookup(m: &mut Machine, args: &Args) -> Native {
    let name = name_arg(m, args, 1)?;
    let Some(class) = as_class(m, args.all[0]) else {
        return Err(m.type_error("a class is needed"));
    };
    ok(m.lookup(class, name).unwrap_or(Value::NotImplemented))
}

/// An instance's own attribute, or `NotImplemented`.
fn raw_attr(m: &mut Machine, args: &Args) -> Native {
    let name = name_arg(m, args, 1)?;
    let own = args.all[0].obj().and_then(|id| m.instance_attr(id, name));
    ok(own.unwrap_or(Value::NotImplemented))
}

fn run_body(m: &mut Machine, args: &Args) -> Native {
    let function = args.all[0].obj().expect("the compiler passes a function");
    let _ = &m;
    Ok(Out::Body(function, args.all[1]))
}

/// `_raddle_new_class(meta, name, bases, namespace)`.
fn new_class(m: &mut Machine, args: &Args) -> Native {
    let meta = as_class(m, args.all[0]).unwrap_or(Ty::Type.id());
    let Some(name) = m.as_str(args.all[1]).map(str::to_string) else {
        let message = format!(
            "type.__new__() argument 1 must be str, not {}",
            m.type_name(args.all[1])
        );
        return Err(m.type_error(message));
    };
    let name = m.intern(&name);
    let mut bases = Vec::new();
    for base in m
        .as_items(args.all[2])
        .map(<[Value]>::to_vec)
        .unwrap_or_default()
    {
        match as_class(m, base) {
            Some(id) => bases.push(id),
            None => return Err(m.type_error("bases must be types")),
        }
    }
    if bases.is_empty() {
        bases.push(Ty::Object.id());
    }
    let entries: Vec<(Value, Value)> = match m.as_dict(args.all[3]) {
        Some(table) => table.iter().map(|e| (e.key, e.value)).collect(),
        None => Vec::new(),
    };
    let mut dict = crate::value::object::NameMap::default();
    for (key, value) in entries {
        if let Some(text) = m.as_str(key).map(str::to_string) {
            let key = m.intern(&text);
            if key != names::CLASSCELL {
                dict.insert(key, value);
            }
        }
    }
    if !dict.contains_key(&names::MODULE)
        && let Some(frame) = user_frame(m, args)
    {
        dict.insert(names::MODULE, m.image.linked[frame.code.index()].module);
    }
    m.new_class(meta, name, bases, dict)
        .map(|id| Out::Value(Value::Obj(id)))
}

/// `_raddle_new_instance(cls, inner)`: an instance with the builtin value inside.
fn new_instance(m: &mut Machine, args: &Args) -> Native {
    let class = as_class(m, args.all[0]).expect("the machine passes a class");
    ok(Value::Obj(m.new_instance(class, args.all[1])))
}

fn raise_it(_: &mut Machine, args: &Args) -> Native {
    Err(Raise(args.all[0].obj().expect("an exception")))
}

/// `_raddle_set_cause(exc, cause)`.
fn set_cause(m: &mut Machine, args: &Args) -> Native {
    let cause = args.all[1];
    if let Some(e) = args.all[0].obj().and_then(|id| m.exception_mut(id)) {
        e.cause = cause;
        e.suppress_context = true;
    }
    ok(Value::None)
}

fn mro_of(m: &mut Machine, args: &Args) -> Native {
    match m.get_attr(args.all[0], names::MRO)? {
        Attr::Value(value) => ok(value),
        _ => Err(m.type_error("a class is needed")),
    }
}

fn meta_of(m: &mut Machine, args: &Args) -> Native {
    ok(Value::Obj(m.class_of(args.all[0])))
}

/// The items of a class's own dict as a list of pairs.
fn namespace_items(m: &mut Machine, args: &Args) -> Native {
    let pairs: Vec<(crate::id::NameId, Value)> = match args.all[0].obj().map(|id| m.heap.get(id)) {
        Some(Obj::Class(class)) => class.dict.iter().map(|(&n, &v)| (n, v)).collect(),
        _ => Vec::new(),
    };
    let mut items = Vec::new();
    for (name, value) in pairs {
        let name = m.name_value(name);
        items.push(m.tuple([name, value]));
    }
    ok(m.list(items))
}

fn set_cell(m: &mut Machine, args: &Args) -> Native {
    if let Value::Obj(cell) = args.all[0]
        && matches!(m.heap.get(cell), Obj::Cell(_))
    {
        m.heap.publish_into(cell, args.all[1]);
        *m.heap.get_mut(cell) = Obj::Cell(args.all[1]);
    }
    ok(Value::None)
}

fn is_native(m: &mut Machine, args: &Args) -> Native {
    ok(Value::Bool(matches!(
        args.all[0].obj().map(|id| m.heap.get(id)),
        Some(Obj::Native(_))
    )))
}

fn run_main(_: &mut Machine, _: &Args) -> Native {
    Ok(Out::Main)
}

/// Names for `dir()`: unsorted, with duplicates.
fn dir_of(m: &mut Machine, args: &Args) -> Native {
    let object = args.all[0];
    let mut found: Vec<crate::id::NameId> = Vec::new();
    let class_names = |m: &Machine, class: ObjId, found: &mut Vec<crate::id::NameId>| {
        if let Obj::Class(c) = m.heap.get(class) {
            for &base in &c.mro {
                if let Obj::Class(b) = m.heap.get(base) {
                    found.extend(b.dict.keys());
                }
            }
        }
    };
    match object.obj().map(|id| m.heap.get(id)) {
        Some(Obj::Module(module)) => {
            let module = *module;
            if let Some(own) = m.module_attr(module, names::DIR) {
                return Ok(Out::Call(own, vec![]));
            }
            let base = m.image.global_base[module.index()];
            for i in 0..m.image.program.modules[module.index()].globals.len() as u32 {
                if !m.globals.get(base + i).value.is_unbound() {
                    found.push(m.image.global_names[(base + i) as usize]);
                }
            }
            found.extend(m.extras(module).keys());
        }
        Some(Obj::Class(_)) => class_names(m, object.obj().expect("an object"), &mut found),
        Some(Obj::Instance(instance)) => {
            let class = instance.class;
            found.extend(m.shapes.names(instance.shape));
            let dict = object.obj().and_then(|id| m.attribute_dict(id));
            let keys = dict.map(|d| m.dict_table(d).iter().map(|e| e.key).collect::<Vec<_>>());
            for key in keys.unwrap_or_default() {
                if let Some(text) = m.as_str(key).map(str::to_string) {
                    found.push(m.intern(&text));
                }
            }
            class_names(m, class, &mut found);
            found.push(names::CLASS);
            if !matches!(m.heap.get(class), Obj::Class(c) if c.slotted) {
                found.push(names::DICT);
            }
        }
        _ => class_names(m, m.class_of(object), &mut found),
    }
    let items: Vec<Value> = found.into_iter().map(|n| m.name_value(n)).collect();
    ok(m.list(items))
}
