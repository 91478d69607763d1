//! `object`, `type`, functions, methods, generators, properties, `super`, exceptions: what they have as attributes.

use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::{GenState, Layout, Obj, TracePoint};
use crate::vm::attr::Attr;
use crate::vm::builtins::attrs;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{
    Args, Effect, Entry, Native, NativeFn, Out, Raise, Resume, Signature, ok, pure, writes,
};
use crate::vm::types::Ty;

const ANY: fn(&'static str, NativeFn) -> Entry =
    |name, run| (name, run, Signature::Any, Effect::Pure);

/// Methods of these types.
pub fn methods() -> Vec<(Ty, Vec<Entry>)> {
    vec![
        (
            Ty::Object,
            vec![
                ANY("__init__", object_init),
                pure("__getattribute__", attrs::generic_get, 2, 2),
                pure("__setattr__", attrs::object_setattr, 3, 3),
                pure("__delattr__", attrs::object_delattr, 2, 2),
                pure("__dir__", object_dir, 1, 1),
                pure("__reduce_ex__", no_pickle, 2, 2),
            ],
        ),
        (
            Ty::Type,
            vec![
                ANY("__call__", type_call),
                pure("mro", type_mro, 1, 1),
                pure("__subclasses__", type_subclasses, 1, 1),
                pure("__or__", type_or, 2, 2),
                pure("__ror__", type_or, 2, 2),
                ANY("__init__", type_init),
            ],
        ),
        (
            Ty::Generator,
            vec![
                pure("__next__", generator_next, 1, 1),
                writes("send", generator_send, 2, 2),
                writes("throw", generator_throw, 2, 4),
                writes("close", generator_close, 1, 1),
                pure("__iter__", itself, 1, 1),
            ],
        ),
        (
            Ty::Property,
            vec![
                pure("getter", property_getter, 2, 2),
                pure("setter", property_setter, 2, 2),
                pure("deleter", property_deleter, 2, 2),
                pure("__get__", property_get, 2, 3),
                pure("__set__", property_set, 3, 3),
                pure("__delete__", property_set, 2, 2),
            ],
        ),
        (
            Ty::Function,
            vec![
                pure("__get__", function_get, 2, 3),
                ANY("__call__", call_it),
            ],
        ),
        (Ty::Method, vec![ANY("__call__", call_it)]),
        (Ty::Native, vec![ANY("__call__", call_it)]),
        (Ty::MethodWrapper, vec![ANY("__call__", call_it)]),
        (
            Ty::MethodDescriptor,
            vec![
                ANY("__call__", call_it),
                pure("__get__", function_get, 2, 3),
            ],
        ),
        (
            Ty::WrapperDescriptor,
            vec![
                ANY("__call__", call_it),
                pure("__get__", function_get, 2, 3),
            ],
        ),
        (Ty::StaticMethod, vec![pure("__get__", static_get, 2, 3)]),
        (Ty::ClassMethod, vec![pure("__get__", class_get, 2, 3)]),
        (
            Ty::BaseException,
            vec![
                ANY("__init__", exception_init),
                pure("with_traceback", with_traceback, 2, 2),
                writes("add_note", add_note, 2, 2),
            ],
        ),
    ]
}

/// Static methods.
pub const STATIC_METHODS: &[(Ty, &[Entry])] = &[];

/// Class methods.
pub const CLASS_METHODS: &[(Ty, &[Entry])] = &[(
    Ty::Object,
    &[
        (
            "__init_subclass__",
            init_subclass,
            Signature::Any,
            Effect::Pure,
        ),
        (
            "__subclasshook__",
            subclass_hook,
            Signature::Any,
            Effect::Pure,
        ),
    ],
)];

/// Attributes with a getter only.
pub const GETTERS: &[(Ty, &[(&str, NativeFn)])] = &[
    (
        Ty::Property,
        &[
            ("fget", property_fget),
            ("fset", property_fset),
            ("fdel", property_fdel),
            ("__doc__", property_doc),
        ],
    ),
    (
        Ty::Traceback,
        &[
            ("tb_lineno", tb_lineno),
            ("tb_lasti", tb_lasti),
            ("tb_next", tb_next),
            ("tb_frame", tb_frame),
            ("_exception", tb_exception),
        ],
    ),
    (Ty::Slice, &[]),
    (
        Ty::Generator,
        &[
            ("gi_running", gi_running),
            ("gi_suspended", gi_suspended),
            ("gi_code", gi_code),
            ("gi_frame", gi_frame),
            ("__name__", generator_name),
            ("__qualname__", generator_qualname),
        ],
    ),
    (
        Ty::Code,
        &[
            ("co_name", co_name),
            ("co_filename", co_filename),
            ("co_firstlineno", co_firstlineno),
            ("co_argcount", co_argcount),
            ("co_varnames", co_varnames),
            ("co_freevars", co_freevars),
            ("co_qualname", co_qualname),
            ("co_posonlyargcount", co_posonlyargcount),
            ("co_kwonlyargcount", co_kwonlyargcount),
            ("co_nlocals", co_nlocals),
            ("co_flags", co_flags),
        ],
    ),
    (Ty::Cell, &[("cell_contents", cell_contents)]),
    (
        Ty::Super,
        &[
            ("__thisclass__", super_after),
            ("__self__", super_this),
            ("__self_class__", super_class),
        ],
    ),
];

/// Attributes that can be set: class, name, getter, setter.
pub const PROPERTIES: &[(Ty, &str, NativeFn, NativeFn)] = &[
    (
        Ty::BaseException,
        "args",
        exception_args,
        set_exception_args,
    ),
    (
        Ty::BaseException,
        "__cause__",
        exception_cause,
        set_exception_cause,
    ),
    (
        Ty::BaseException,
        "__context__",
        exception_context,
        set_exception_context,
    ),
    (
        Ty::BaseException,
        "__suppress_context__",
        exception_suppress,
        set_exception_suppress,
    ),
    (
        Ty::BaseException,
        "__traceback__",
        exception_traceback,
        set_exception_traceback,
    ),
    (
        Ty::BaseException,
        "__notes__",
        exception_notes,
        set_exception_notes,
    ),
    (Ty::StopIteration, "value", value, set_value),
    (Ty::SystemExit, "code", code, set_code),
    (Ty::OSError, "errno", errno, set_errno),
    (Ty::OSError, "strerror", strerror, set_strerror),
    (Ty::OSError, "filename", filename, set_filename),
    (Ty::OSError, "filename2", filename2, set_filename2),
    (Ty::ImportError, "msg", import_message, set_import_message),
    (Ty::ImportError, "name", name, set_name),
    (Ty::ImportError, "name_from", name_from, set_name_from),
    (Ty::ImportError, "path", path, set_path),
    (Ty::AttributeError, "name", name, set_name),
    (Ty::AttributeError, "obj", object, set_object),
    (Ty::NameError, "name", name, set_name),
    (Ty::SyntaxError, "msg", syntax_message, set_syntax_message),
    (Ty::SyntaxError, "filename", filename, set_filename),
    (Ty::SyntaxError, "lineno", lineno, set_lineno),
    (Ty::SyntaxError, "offset", offset, set_offset),
    (Ty::SyntaxError, "text", text, set_text),
    (Ty::UnicodeDecodeError, "encoding", encoding, set_encoding),
    (Ty::UnicodeDecodeError, "object", coded, set_coded),
    (Ty::UnicodeDecodeError, "start", start, set_start),
    (Ty::UnicodeDecodeError, "end", end, set_end),
    (Ty::UnicodeDecodeError, "reason", reason, set_reason),
    (Ty::UnicodeEncodeError, "encoding", encoding, set_encoding),
    (Ty::UnicodeEncodeError, "object", coded, set_coded),
    (Ty::UnicodeEncodeError, "start", start, set_start),
    (Ty::UnicodeEncodeError, "end", end, set_end),
    (Ty::UnicodeEncodeError, "reason", reason, set_reason),
];

/// What calling these classes does.
pub const CONSTRUCTORS: &[(Ty, NativeFn)] = &[
    (Ty::Object, object_new),
    (Ty::Type, type_new),
    (Ty::Property, property_new),
    (Ty::StaticMethod, static_new),
    (Ty::ClassMethod, class_method_new),
    (Ty::Super, super_new),
    (Ty::NoneType, none_new),
    (Ty::BaseException, exception_new),
    (Ty::Module, cannot_create),
    (Ty::Function, cannot_create),
    (Ty::Generator, cannot_create),
    (Ty::Method, method_new),
    (Ty::Native, cannot_create),
    (Ty::MethodWrapper, cannot_create),
    (Ty::MethodDescriptor, cannot_create),
    (Ty::WrapperDescriptor, cannot_create),
    (Ty::Cell, cannot_create),
    (Ty::Code, cannot_create),
    (Ty::Traceback, cannot_create),
    (Ty::MappingProxy, mapping_proxy),
    (Ty::NotImplementedType, cannot_create),
    (Ty::Ellipsis, cannot_create),
];

fn cannot_create(m: &mut Machine, args: &Args) -> Native {
    let name = args.all[0]
        .obj()
        .map(|c| m.class_name(c).to_string())
        .unwrap_or_default();
    Err(m.type_error(format!("cannot create '{name}' instances")))
}

fn mapping_proxy(_: &mut Machine, args: &Args) -> Native {
    ok(args.all[1])
}

fn none_new(m: &mut Machine, args: &Args) -> Native {
    if args.all.len() > 1 {
        return Err(m.type_error("NoneType takes no arguments"));
    }
    ok(Value::None)
}

fn method_new(m: &mut Machine, args: &Args) -> Native {
    let (function, this) = (args.all[1], args.all[2]);
    ok(m.heap.new_value(Obj::BoundMethod { function, this }))
}

fn itself(_: &mut Machine, args: &Args) -> Native {
    ok(args.all[0])
}

fn no_pickle(m: &mut Machine, _: &Args) -> Native {
    Err(m.type_error("raddle cannot pickle this object"))
}

// ---- object ------------------------------------------------------------------------------------------------------------

fn object_init(m: &mut Machine, args: &Args) -> Native {
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

fn object_new(m: &mut Machine, args: &Args) -> Native {
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

fn object_dir(m: &mut Machine, args: &Args) -> Native {
    Ok(m.prelude("dir", &[args.all[0]]))
}

fn init_subclass(m: &mut Machine, args: &Args) -> Native {
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

fn subclass_hook(_: &mut Machine, _: &Args) -> Native {
    ok(Value::NotImplemented)
}

// ---- type --------------------------------------------------------------------------------------------------------------

fn type_new(m: &mut Machine, args: &Args) -> Native {
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

fn type_init(_: &mut Machine, _: &Args) -> Native {
    ok(Value::None)
}

/// `type.__call__(cls, *args)`: instantiation without asking the metaclass again.
fn type_call(m: &mut Machine, args: &Args) -> Native {
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

fn type_mro(m: &mut Machine, args: &Args) -> Native {
    match m.get_attr(args.all[0], names::MRO)? {
        Attr::Value(value) => {
            let items = m.as_items(value).map(<[Value]>::to_vec).unwrap_or_default();
            ok(m.list(items))
        }
        _ => Err(m.type_error("a class is needed")),
    }
}

fn type_subclasses(m: &mut Machine, args: &Args) -> Native {
    let items: Vec<Value> = match args.all[0].obj().map(|id| m.heap.get(id)) {
        Some(Obj::Class(class)) => class.subclasses.iter().map(|&c| Value::Obj(c)).collect(),
        _ => Vec::new(),
    };
    ok(m.list(items))
}

fn type_or(m: &mut Machine, args: &Args) -> Native {
    Ok(m.prelude("_union", args.all))
}

// ---- functions, methods ------------------------------------------------------------------------------------------------

fn call_it(m: &mut Machine, args: &Args) -> Native {
    let _ = &m;
    let all = args.all[1..].to_vec();
    Ok(Out::CallKw(args.all[0], all, args.names.to_vec()))
}

fn function_get(m: &mut Machine, args: &Args) -> Native {
    let (function, this) = (args.all[0], args.all[1]);
    if this.is_none() {
        return ok(function);
    }
    ok(m.heap.new_value(Obj::BoundMethod { function, this }))
}

fn inner_of(m: &Machine, value: Value) -> Value {
    match value.obj().map(|id| m.heap.get(id)) {
        Some(Obj::StaticMethod(inner) | Obj::ClassMethod(inner)) => *inner,
        _ => value,
    }
}

fn static_get(m: &mut Machine, args: &Args) -> Native {
    ok(inner_of(m, args.all[0]))
}

fn class_get(m: &mut Machine, args: &Args) -> Native {
    let function = inner_of(m, args.all[0]);
    let this = match args.get(2) {
        Some(class) => class,
        None => Value::Obj(m.class_of(args.all[1])),
    };
    ok(m.heap.new_value(Obj::BoundMethod { function, this }))
}

fn static_new(m: &mut Machine, args: &Args) -> Native {
    let Some(function) = args.get(1) else {
        return Err(m.type_error("staticmethod expected 1 argument, got 0"));
    };
    ok(m.heap.new_value(Obj::StaticMethod(function)))
}

fn class_method_new(m: &mut Machine, args: &Args) -> Native {
    let Some(function) = args.get(1) else {
        return Err(m.type_error("classmethod expected 1 argument, got 0"));
    };
    ok(m.heap.new_value(Obj::ClassMethod(function)))
}

fn super_new(m: &mut Machine, args: &Args) -> Native {
    let (class, this) = match *args.pos() {
        [_] => return Ok(Out::Super),
        [_, class] => (class, Value::None),
        [_, class, this] => (class, this),
        ref more => {
            let message = format!(
                "super() expected at most 2 arguments, got {}",
                more.len() - 1
            );
            return Err(m.type_error(message));
        }
    };
    let Some(after) = attrs::as_class(m, class) else {
        let message = format!(
            "super() argument 1 must be a type, not {}",
            m.type_name(class)
        );
        return Err(m.type_error(message));
    };
    if this.is_none() {
        let this = Value::Unbound;
        let class = after;
        return ok(m.heap.new_value(Obj::Super { after, this, class }));
    }
    m.make_super(after, this).map(Out::Value)
}

fn super_parts(m: &Machine, args: &Args) -> [Value; 3] {
    match m.object(args.all[0]) {
        Some(Obj::Super { after, this, class }) if !this.is_unbound() => {
            [Value::Obj(*after), *this, Value::Obj(*class)]
        }
        Some(Obj::Super { after, .. }) => [Value::Obj(*after), Value::None, Value::None],
        _ => [Value::None; 3],
    }
}

fn super_after(m: &mut Machine, args: &Args) -> Native {
    ok(super_parts(m, args)[0])
}

fn super_this(m: &mut Machine, args: &Args) -> Native {
    ok(super_parts(m, args)[1])
}

fn super_class(m: &mut Machine, args: &Args) -> Native {
    ok(super_parts(m, args)[2])
}

// ---- property ----------------------------------------------------------------------------------------------------------

fn property_new(m: &mut Machine, args: &Args) -> Native {
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

fn property_parts(m: &Machine, value: Value) -> [Value; 4] {
    match m.object(value) {
        Some(Obj::Property(parts)) => **parts,
        _ => [Value::None; 4],
    }
}

fn property_with(m: &mut Machine, args: &Args, at: usize) -> Native {
    let mut parts = property_parts(m, args.all[0]);
    parts[at] = args.all[1];
    ok(m.heap.new_value(Obj::Property(Box::new(parts))))
}

fn property_getter(m: &mut Machine, args: &Args) -> Native {
    property_with(m, args, 0)
}

fn property_setter(m: &mut Machine, args: &Args) -> Native {
    property_with(m, args, 1)
}

fn property_deleter(m: &mut Machine, args: &Args) -> Native {
    property_with(m, args, 2)
}

fn property_get(m: &mut Machine, args: &Args) -> Native {
    if args.all[1].is_none() {
        return ok(args.all[0]);
    }
    let getter = property_parts(m, args.all[0])[0];
    Ok(Out::Call(getter, vec![args.all[1]]))
}

fn property_set(m: &mut Machine, args: &Args) -> Native {
    let parts = property_parts(m, args.all[0]);
    let function = if args.all.len() == 3 {
        parts[1]
    } else {
        parts[2]
    };
    Ok(Out::Call(function, args.all[1..].to_vec()))
}

fn property_fget(m: &mut Machine, args: &Args) -> Native {
    ok(property_parts(m, args.all[0])[0])
}

fn property_fset(m: &mut Machine, args: &Args) -> Native {
    ok(property_parts(m, args.all[0])[1])
}

fn property_fdel(m: &mut Machine, args: &Args) -> Native {
    ok(property_parts(m, args.all[0])[2])
}

fn property_doc(m: &mut Machine, args: &Args) -> Native {
    let parts = property_parts(m, args.all[0]);
    if !parts[3].is_none() {
        return ok(parts[3]);
    }
    match m.get_attr(parts[0], names::DOC)? {
        Attr::Value(value) => ok(value),
        _ => ok(Value::None),
    }
}

// ---- generators --------------------------------------------------------------------------------------------------------

/// The receiver of a method of generators.
fn generator_id(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    match args.all[0] {
        Value::Obj(id) if matches!(m.heap.get(id), Obj::Generator(_)) => Ok(id),
        this => Err(m.wrong_receiver(args, Ty::Generator, this)),
    }
}

/// The receiver of a method of exceptions.
fn exception_id(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    match args.all[0] {
        Value::Obj(id) if m.exception(id).is_some() => Ok(id),
        this => Err(m.wrong_receiver(args, Ty::BaseException, this)),
    }
}

fn generator_next(m: &mut Machine, args: &Args) -> Native {
    let generator = generator_id(m, args)?;
    Ok(Out::Resume(generator, Resume::Send(Value::None)))
}

fn generator_send(m: &mut Machine, args: &Args) -> Native {
    let generator = generator_id(m, args)?;
    Ok(Out::Resume(generator, Resume::Send(args.all[1])))
}

fn generator_throw(m: &mut Machine, args: &Args) -> Native {
    let generator = generator_id(m, args)?;
    let mut what = args.all[1];
    if args.all.len() > 2 && !args.all[2].is_none() {
        what = args.all[2];
    }
    match m.raise_target(what) {
        Ok(Some(id)) => Ok(Out::Resume(generator, Resume::Throw(Raise(id)))),
        Ok(None) => Ok(m.prelude("_throw_class", &[args.all[0], what])),
        Err(_) => {
            let message = format!(
                "exceptions must be classes or instances deriving from BaseException, not {}",
                m.type_name(what)
            );
            Err(m.type_error(message))
        }
    }
}

fn generator_close(m: &mut Machine, args: &Args) -> Native {
    let id = generator_id(m, args)?;
    let Obj::Generator(generator) = m.heap.get_mut(id) else {
        unreachable!("the receiver was checked")
    };
    match generator.state {
        GenState::Created => {
            generator.state = GenState::Done;
            generator.registers = Vec::new();
            ok(Value::None)
        }
        GenState::Done => ok(Value::None),
        _ => Ok(m.prelude("_generator_close", &[args.all[0]])),
    }
}

fn gi_suspended(m: &mut Machine, args: &Args) -> Native {
    let state = generator_state(m, args.all[0]);
    ok(Value::Bool(state == Some(GenState::Suspended)))
}

fn generator_state(m: &Machine, value: Value) -> Option<GenState> {
    match m.object(value) {
        Some(Obj::Generator(g)) => Some(g.state),
        _ => None,
    }
}

fn gi_code(m: &mut Machine, args: &Args) -> Native {
    ok(match m.object(args.all[0]) {
        Some(Obj::Generator(g)) => m.image.linked[g.frame.code.index()].object,
        _ => Value::None,
    })
}

/// The frame of a generator that has not ended.
fn gi_frame(m: &mut Machine, args: &Args) -> Native {
    match m.object(args.all[0]) {
        Some(Obj::Generator(g)) if g.state != GenState::Done => {
            let point = TracePoint {
                code: g.frame.code,
                pc: g.frame.pc.saturating_sub(1),
            };
            Ok(frame_object(m, point))
        }
        _ => ok(Value::None),
    }
}

fn gi_running(m: &mut Machine, args: &Args) -> Native {
    let running =
        matches!(m.object(args.all[0]), Some(Obj::Generator(g)) if g.state == GenState::Running);
    ok(Value::Bool(running))
}

fn generator_function(m: &Machine, value: Value) -> Value {
    match m.object(value) {
        Some(Obj::Generator(g)) => g.function,
        _ => Value::None,
    }
}

fn generator_name(m: &mut Machine, args: &Args) -> Native {
    let function = generator_function(m, args.all[0]);
    match m.get_attr(function, names::NAME)? {
        Attr::Value(value) => ok(value),
        _ => ok(Value::None),
    }
}

fn generator_qualname(m: &mut Machine, args: &Args) -> Native {
    let function = generator_function(m, args.all[0]);
    match m.get_attr(function, names::QUALNAME)? {
        Attr::Value(value) => ok(value),
        _ => ok(Value::None),
    }
}

fn cell_contents(m: &mut Machine, args: &Args) -> Native {
    match m.object(args.all[0]) {
        Some(Obj::Cell(value)) if !value.is_unbound() => ok(*value),
        _ => Err(m.value_error("cell is empty")),
    }
}

// ---- code --------------------------------------------------------------------------------------------------------------

fn code_of(m: &Machine, value: Value) -> crate::id::CodeId {
    match m.object(value) {
        Some(Obj::Code(code)) => *code,
        _ => crate::id::CodeId(0),
    }
}

fn co_name(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let name = m.image.program.code(code).name.clone();
    ok(m.str(&*name))
}

fn co_filename(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let path = m.image.program.module_of(code).path.clone();
    ok(m.str(&*path))
}

fn co_firstlineno(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    ok(Value::Int(m.image.program.code(code).first_line as i64))
}

fn co_argcount(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    ok(Value::Int(
        m.image.program.code(code).params.positional as i64,
    ))
}

fn co_qualname(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    ok(m.image.linked[code.index()].qualname)
}

fn co_posonlyargcount(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let params = &m.image.program.code(code).params;
    ok(Value::Int(params.positional_only.into()))
}

fn co_kwonlyargcount(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    ok(Value::Int(
        m.image.program.code(code).params.keyword_only.into(),
    ))
}

fn co_nlocals(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let locals = m.image.program.code(code).locals.iter().flatten();
    ok(Value::Int(locals.count() as i64))
}

/// `CO_OPTIMIZED | CO_NEWLOCALS`, `CO_VARARGS`, `CO_VARKEYWORDS`, `CO_GENERATOR`.
fn co_flags(m: &mut Machine, args: &Args) -> Native {
    let code = m.image.program.code(code_of(m, args.all[0]));
    let generator = code.kind == crate::program::CodeKind::Generator;
    let flags = [
        (true, 0x3),
        (code.params.star, 0x4),
        (code.params.star_star, 0x8),
        (generator, 0x20),
    ];
    let flags = flags.iter().filter(|(on, _)| *on).map(|(_, flag)| flag);
    ok(Value::Int(flags.sum()))
}

fn co_freevars(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let names: Vec<_> = m
        .image
        .program
        .code(code)
        .free
        .clone()
        .into_iter()
        .collect();
    let items: Vec<Value> = names.iter().map(|(_, n)| m.str(&**n)).collect();
    ok(m.tuple(items))
}

fn co_varnames(m: &mut Machine, args: &Args) -> Native {
    let code = code_of(m, args.all[0]);
    let names: Vec<_> = m
        .image
        .program
        .code(code)
        .locals
        .iter()
        .flatten()
        .cloned()
        .collect();
    let items: Vec<Value> = names.iter().map(|n| m.str(&**n)).collect();
    ok(m.tuple(items))
}

// ---- exceptions --------------------------------------------------------------------------------------------------------

fn exception_new(m: &mut Machine, args: &Args) -> Native {
    let class = args.all.first().and_then(|&c| attrs::as_class(m, c));
    let Some(class) = class.filter(|&c| m.is_subclass(c, Ty::BaseException.id())) else {
        return Err(m.type_error("BaseException.__new__(): not enough arguments"));
    };
    let class = m.exception_class(class, &args.pos()[1..]);
    let given = m.tuple(&args.pos()[1..]);
    let made = m.new_exception(class, given);
    ok(Value::Obj(made))
}

fn exception_init(m: &mut Machine, args: &Args) -> Native {
    let mut given = &args.pos()[1..];
    let id = exception_id(m, args)?;
    {
        if m.is_instance(args.all[0], Ty::OSError.id()) && (3..=5).contains(&given.len()) {
            for (name, &value) in ["filename", "filename2"]
                .iter()
                .zip(given[2..].iter().step_by(2))
            {
                let name = m.intern(name);
                m.set_instance_attr(id, name, value);
            }
            given = &given[..2];
        }
        let given = m.tuple(given);
        if let Some(e) = m.exception_mut(id) {
            e.args = given;
        }
        let allowed: &[&str] = if m.is_instance(args.all[0], Ty::ImportError.id()) {
            &["name", "path", "name_from"]
        } else if m.is_instance(args.all[0], Ty::AttributeError.id())
            || m.is_instance(args.all[0], Ty::NameError.id())
        {
            &["name", "obj"]
        } else {
            &[]
        };
        for (name, value) in args.keywords() {
            if !allowed.contains(&m.names.text(name)) {
                let class = m.type_name(args.all[0]);
                let message = if allowed.is_empty() {
                    format!("{class}() takes no keyword arguments")
                } else {
                    let name = m.names.text(name);
                    format!("{class}() got an unexpected keyword argument '{name}'")
                };
                return Err(m.type_error(message));
            }
            m.set_instance_attr(id, name, value);
        }
    }
    ok(Value::None)
}

fn exception_field(
    m: &Machine,
    args: &Args,
    field: fn(&crate::value::object::Exception) -> Value,
) -> Native {
    ok(args.all[0]
        .obj()
        .and_then(|id| m.exception(id))
        .map_or(Value::None, field))
}

fn exception_args(m: &mut Machine, args: &Args) -> Native {
    exception_field(m, args, |e| e.args)
}

fn exception_cause(m: &mut Machine, args: &Args) -> Native {
    exception_field(m, args, |e| e.cause)
}

fn exception_context(m: &mut Machine, args: &Args) -> Native {
    exception_field(m, args, |e| e.context)
}

fn exception_suppress(m: &mut Machine, args: &Args) -> Native {
    exception_field(m, args, |e| Value::Bool(e.suppress_context))
}

fn exception_notes(m: &mut Machine, args: &Args) -> Native {
    match args.all[0]
        .obj()
        .and_then(|id| m.exception(id))
        .map(|e| e.notes)
    {
        Some(notes) if !notes.is_unbound() => ok(notes),
        _ => Err(m.no_attribute(args.all[0], names::NOTES)),
    }
}

fn exception_traceback(m: &mut Machine, args: &Args) -> Native {
    let id = exception_id(m, args)?;
    ok(m.traceback_of(id))
}

fn change(
    m: &mut Machine,
    args: &Args,
    f: impl FnOnce(&mut crate::value::object::Exception, Value),
) -> Native {
    let value = args.all.get(1).copied().unwrap_or(Value::None);
    m.heap.publish(value);
    if let Some(e) = args.all[0].obj().and_then(|id| m.exception_mut(id)) {
        f(e, value);
    }
    ok(Value::None)
}

fn set_exception_args(m: &mut Machine, args: &Args) -> Native {
    let Some(items) = m.items(args.all[1])? else {
        let message = format!("'{}' object is not iterable", m.type_name(args.all[1]));
        return Err(m.type_error(message));
    };
    let items = m.tuple(items);
    if let Some(e) = args.all[0].obj().and_then(|id| m.exception_mut(id)) {
        e.args = items;
    }
    ok(Value::None)
}

/// Refuses what cannot lead to an exception.
fn check_reason(m: &mut Machine, args: &Args, what: &str) -> Result<(), Raise> {
    let value = args.get(1).unwrap_or(Value::None);
    if value.is_none() || value.obj().is_some_and(|id| m.exception(id).is_some()) {
        return Ok(());
    }
    let message = format!("exception {what} must be None or derive from BaseException");
    Err(m.type_error(message))
}

fn set_exception_cause(m: &mut Machine, args: &Args) -> Native {
    check_reason(m, args, "cause")?;
    change(m, args, |e, v| {
        e.cause = v;
        e.suppress_context = true;
    })
}

fn set_exception_context(m: &mut Machine, args: &Args) -> Native {
    check_reason(m, args, "context")?;
    change(m, args, |e, v| e.context = v)
}

fn set_exception_suppress(m: &mut Machine, args: &Args) -> Native {
    change(m, args, |e, v| {
        e.suppress_context = matches!(v, Value::Bool(true))
    })
}

fn set_exception_notes(m: &mut Machine, args: &Args) -> Native {
    change(m, args, |e, v| e.notes = v)
}

fn set_exception_traceback(m: &mut Machine, args: &Args) -> Native {
    let given = args.get(1).unwrap_or(Value::None);
    let points = match given.obj().map(|id| m.heap.get(id)) {
        Some(Obj::Traceback {
            of: Value::Obj(of),
            at,
        }) => {
            let points = m.exception(*of).map_or(&[][..], |e| &e.traceback);
            points[..points.len().min(*at as usize + 1)].to_vec()
        }
        _ if given.is_none() => Vec::new(),
        _ => return Err(m.type_error("__traceback__ must be a traceback or None")),
    };
    if let Some(e) = args.all[0].obj().and_then(|id| m.exception_mut(id)) {
        e.traceback = points;
        e.shown = Value::Unbound;
    }
    ok(Value::None)
}

fn with_traceback(m: &mut Machine, args: &Args) -> Native {
    set_exception_traceback(m, args)?;
    ok(args.all[0])
}

fn add_note(m: &mut Machine, args: &Args) -> Native {
    if m.as_str(args.all[1]).is_none() {
        let message = format!("note must be a str, not '{}'", m.type_name(args.all[1]));
        return Err(m.type_error(message));
    }
    let id = exception_id(m, args)?;
    let notes = m.exception(id).map_or(Value::Unbound, |e| e.notes);
    match notes {
        Value::Obj(list) => {
            if let Obj::List(items) = m.heap.get_mut(list) {
                items.push(args.all[1]);
            }
        }
        _ => {
            let list = m.list(vec![args.all[1]]);
            if let Some(e) = m.exception_mut(id) {
                e.notes = list;
            }
        }
    }
    ok(Value::None)
}

/// An attribute that only some exceptions have: what was set, else the argument it was made of, else `None`.
fn member(
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

fn set_member(m: &mut Machine, args: &Args, name: &str) -> Native {
    let name = m.intern(name);
    if let Value::Obj(id) = args.all[0] {
        m.set_instance_attr(id, name, args.get(1).unwrap_or(Value::None));
    }
    ok(Value::None)
}

/// Attributes of exceptions: getter, setter, name, index of the argument they come from, with so many arguments.
macro_rules! members {
    ($($get:ident $set:ident $name:literal $at:literal $least:literal $most:expr;)*) => {$(
        fn $get(m: &mut Machine, args: &Args) -> Native {
            member(m, args, $name, $at, $least, $most)
        }

        fn $set(m: &mut Machine, args: &Args) -> Native {
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
fn code(m: &mut Machine, args: &Args) -> Native {
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

fn set_code(m: &mut Machine, args: &Args) -> Native {
    set_member(m, args, "code")
}

// ---- tracebacks --------------------------------------------------------------------------------------------------------

fn tb_parts(m: &Machine, args: &Args) -> Option<(ObjId, u32)> {
    match m.object(args.all[0]) {
        Some(Obj::Traceback {
            of: Value::Obj(of),
            at,
        }) => Some((*of, *at)),
        _ => None,
    }
}

fn tb_point(m: &Machine, args: &Args) -> Option<TracePoint> {
    let (of, at) = tb_parts(m, args)?;
    m.exception(of)?.traceback.get(at as usize).copied()
}

fn tb_lineno(m: &mut Machine, args: &Args) -> Native {
    ok(tb_point(m, args).map_or(Value::None, |p| {
        Value::Int(m.image.program.line(p.code, p.pc).into())
    }))
}

fn tb_lasti(m: &mut Machine, args: &Args) -> Native {
    ok(tb_point(m, args).map_or(Value::None, |p| Value::Int(p.pc.into())))
}

fn tb_next(m: &mut Machine, args: &Args) -> Native {
    match tb_parts(m, args) {
        Some((of, at)) if at > 0 => {
            let of = Value::Obj(of);
            ok(m.heap.new_value(Obj::Traceback { of, at: at - 1 }))
        }
        _ => ok(Value::None),
    }
}

fn tb_frame(m: &mut Machine, args: &Args) -> Native {
    match tb_point(m, args) {
        Some(point) => Ok(frame_object(m, point)),
        None => ok(Value::None),
    }
}

fn tb_exception(m: &mut Machine, args: &Args) -> Native {
    ok(tb_parts(m, args).map_or(Value::None, |(of, _)| Value::Obj(of)))
}

/// As much of a frame as can still be told of one: code, line, globals.
fn frame_object(m: &Machine, point: TracePoint) -> Out {
    let code = m.image.linked[point.code.index()].object;
    let line = Value::Int(m.image.program.line(point.code, point.pc).into());
    let module = m.image.program.code(point.code).module;
    let globals = m.image.namespaces[module.index()];
    m.prelude("_frame", &[code, line, globals])
}
