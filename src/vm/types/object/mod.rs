//! `object`, `type`, functions, methods, generators, properties, `super`, exceptions: what they have as attributes.

mod base;
mod code;
mod exception;
mod exception_attrs;
mod function;
mod generator;
mod property;
mod traceback;

use crate::value::Value;
use crate::vm::builtins::attrs;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Effect, Entry, Native, NativeFn, Signature, ok, pure, writes};
use crate::vm::types::Ty;

const ANY: fn(&'static str, NativeFn) -> Entry =
    |name, run| (name, run, Signature::Any, Effect::Pure);

/// Methods of these types.
pub fn methods() -> Vec<(Ty, Vec<Entry>)> {
    vec![
        (
            Ty::Object,
            vec![
                ANY("__init__", base::object_init),
                pure("__getattribute__", attrs::generic_get, 2, 2),
                pure("__setattr__", attrs::object_setattr, 3, 3),
                pure("__delattr__", attrs::object_delattr, 2, 2),
                pure("__dir__", base::object_dir, 1, 1),
                pure("__reduce_ex__", no_pickle, 2, 2),
            ],
        ),
        (
            Ty::Type,
            vec![
                ANY("__call__", base::type_call),
                pure("mro", base::type_mro, 1, 1),
                pure("__subclasses__", base::type_subclasses, 1, 1),
                pure("__or__", base::type_or, 2, 2),
                pure("__ror__", base::type_or, 2, 2),
                ANY("__init__", base::type_init),
            ],
        ),
        (
            Ty::Generator,
            vec![
                pure("__next__", generator::generator_next, 1, 1),
                writes("send", generator::generator_send, 2, 2),
                writes("throw", generator::generator_throw, 2, 4),
                writes("close", generator::generator_close, 1, 1),
                pure("__iter__", itself, 1, 1),
            ],
        ),
        (
            Ty::Property,
            vec![
                pure("getter", property::property_getter, 2, 2),
                pure("setter", property::property_setter, 2, 2),
                pure("deleter", property::property_deleter, 2, 2),
                pure("__get__", property::property_get, 2, 3),
                pure("__set__", property::property_set, 3, 3),
                pure("__delete__", property::property_set, 2, 2),
            ],
        ),
        (
            Ty::Function,
            vec![
                pure("__get__", function::function_get, 2, 3),
                ANY("__call__", function::call_it),
            ],
        ),
        (Ty::Method, vec![ANY("__call__", function::call_it)]),
        (Ty::Native, vec![ANY("__call__", function::call_it)]),
        (Ty::MethodWrapper, vec![ANY("__call__", function::call_it)]),
        (
            Ty::MethodDescriptor,
            vec![
                ANY("__call__", function::call_it),
                pure("__get__", function::function_get, 2, 3),
            ],
        ),
        (
            Ty::WrapperDescriptor,
            vec![
                ANY("__call__", function::call_it),
                pure("__get__", function::function_get, 2, 3),
            ],
        ),
        (
            Ty::StaticMethod,
            vec![pure("__get__", function::static_get, 2, 3)],
        ),
        (
            Ty::ClassMethod,
            vec![pure("__get__", function::class_get, 2, 3)],
        ),
        (
            Ty::BaseException,
            vec![
                ANY("__init__", exception::exception_init),
                pure("with_traceback", exception::with_traceback, 2, 2),
                writes("add_note", exception::add_note, 2, 2),
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
            base::init_subclass,
            Signature::Any,
            Effect::Pure,
        ),
        (
            "__subclasshook__",
            base::subclass_hook,
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
            ("fget", property::property_fget),
            ("fset", property::property_fset),
            ("fdel", property::property_fdel),
            ("__doc__", property::property_doc),
        ],
    ),
    (
        Ty::Traceback,
        &[
            ("tb_lineno", traceback::tb_lineno),
            ("tb_lasti", traceback::tb_lasti),
            ("tb_next", traceback::tb_next),
            ("tb_frame", traceback::tb_frame),
            ("_exception", traceback::tb_exception),
        ],
    ),
    (Ty::Slice, &[]),
    (
        Ty::Generator,
        &[
            ("gi_running", generator::gi_running),
            ("gi_suspended", generator::gi_suspended),
            ("gi_code", generator::gi_code),
            ("gi_frame", generator::gi_frame),
            ("__name__", generator::generator_name),
            ("__qualname__", generator::generator_qualname),
        ],
    ),
    (
        Ty::Code,
        &[
            ("co_name", code::co_name),
            ("co_filename", code::co_filename),
            ("co_firstlineno", code::co_firstlineno),
            ("co_argcount", code::co_argcount),
            ("co_varnames", code::co_varnames),
            ("co_freevars", code::co_freevars),
            ("co_qualname", code::co_qualname),
            ("co_posonlyargcount", code::co_posonlyargcount),
            ("co_kwonlyargcount", code::co_kwonlyargcount),
            ("co_nlocals", code::co_nlocals),
            ("co_flags", code::co_flags),
        ],
    ),
    (Ty::Cell, &[("cell_contents", generator::cell_contents)]),
    (
        Ty::Super,
        &[
            ("__thisclass__", function::super_after),
            ("__self__", function::super_this),
            ("__self_class__", function::super_class),
        ],
    ),
];

/// Attributes that can be set: class, exception_attrs::name, getter, setter.
pub const PROPERTIES: &[(Ty, &str, NativeFn, NativeFn)] = &[
    (
        Ty::BaseException,
        "args",
        exception::exception_args,
        exception::set_exception_args,
    ),
    (
        Ty::BaseException,
        "__cause__",
        exception::exception_cause,
        exception::set_exception_cause,
    ),
    (
        Ty::BaseException,
        "__context__",
        exception::exception_context,
        exception::set_exception_context,
    ),
    (
        Ty::BaseException,
        "__suppress_context__",
        exception::exception_suppress,
        exception::set_exception_suppress,
    ),
    (
        Ty::BaseException,
        "__traceback__",
        exception::exception_traceback,
        exception::set_exception_traceback,
    ),
    (
        Ty::BaseException,
        "__notes__",
        exception::exception_notes,
        exception::set_exception_notes,
    ),
    (
        Ty::StopIteration,
        "value",
        exception_attrs::value,
        exception_attrs::set_value,
    ),
    (
        Ty::SystemExit,
        "code",
        exception_attrs::code,
        exception_attrs::set_code,
    ),
    (
        Ty::OSError,
        "errno",
        exception_attrs::errno,
        exception_attrs::set_errno,
    ),
    (
        Ty::OSError,
        "strerror",
        exception_attrs::strerror,
        exception_attrs::set_strerror,
    ),
    (
        Ty::OSError,
        "filename",
        exception_attrs::filename,
        exception_attrs::set_filename,
    ),
    (
        Ty::OSError,
        "filename2",
        exception_attrs::filename2,
        exception_attrs::set_filename2,
    ),
    (
        Ty::ImportError,
        "msg",
        exception_attrs::import_message,
        exception_attrs::set_import_message,
    ),
    (
        Ty::ImportError,
        "name",
        exception_attrs::name,
        exception_attrs::set_name,
    ),
    (
        Ty::ImportError,
        "name_from",
        exception_attrs::name_from,
        exception_attrs::set_name_from,
    ),
    (
        Ty::ImportError,
        "path",
        exception_attrs::path,
        exception_attrs::set_path,
    ),
    (
        Ty::AttributeError,
        "name",
        exception_attrs::name,
        exception_attrs::set_name,
    ),
    (
        Ty::AttributeError,
        "obj",
        exception_attrs::object,
        exception_attrs::set_object,
    ),
    (
        Ty::NameError,
        "name",
        exception_attrs::name,
        exception_attrs::set_name,
    ),
    (
        Ty::SyntaxError,
        "msg",
        exception_attrs::syntax_message,
        exception_attrs::set_syntax_message,
    ),
    (
        Ty::SyntaxError,
        "filename",
        exception_attrs::filename,
        exception_attrs::set_filename,
    ),
    (
        Ty::SyntaxError,
        "lineno",
        exception_attrs::lineno,
        exception_attrs::set_lineno,
    ),
    (
        Ty::SyntaxError,
        "offset",
        exception_attrs::offset,
        exception_attrs::set_offset,
    ),
    (
        Ty::SyntaxError,
        "text",
        exception_attrs::text,
        exception_attrs::set_text,
    ),
    (
        Ty::UnicodeDecodeError,
        "encoding",
        exception_attrs::encoding,
        exception_attrs::set_encoding,
    ),
    (
        Ty::UnicodeDecodeError,
        "object",
        exception_attrs::coded,
        exception_attrs::set_coded,
    ),
    (
        Ty::UnicodeDecodeError,
        "start",
        exception_attrs::start,
        exception_attrs::set_start,
    ),
    (
        Ty::UnicodeDecodeError,
        "end",
        exception_attrs::end,
        exception_attrs::set_end,
    ),
    (
        Ty::UnicodeDecodeError,
        "reason",
        exception_attrs::reason,
        exception_attrs::set_reason,
    ),
    (
        Ty::UnicodeEncodeError,
        "encoding",
        exception_attrs::encoding,
        exception_attrs::set_encoding,
    ),
    (
        Ty::UnicodeEncodeError,
        "object",
        exception_attrs::coded,
        exception_attrs::set_coded,
    ),
    (
        Ty::UnicodeEncodeError,
        "start",
        exception_attrs::start,
        exception_attrs::set_start,
    ),
    (
        Ty::UnicodeEncodeError,
        "end",
        exception_attrs::end,
        exception_attrs::set_end,
    ),
    (
        Ty::UnicodeEncodeError,
        "reason",
        exception_attrs::reason,
        exception_attrs::set_reason,
    ),
];

/// What calling these classes does.
pub const CONSTRUCTORS: &[(Ty, NativeFn)] = &[
    (Ty::Object, base::object_new),
    (Ty::Type, base::type_new),
    (Ty::Property, property::property_new),
    (Ty::StaticMethod, function::static_new),
    (Ty::ClassMethod, function::class_method_new),
    (Ty::Super, function::super_new),
    (Ty::NoneType, none_new),
    (Ty::BaseException, exception::exception_new),
    (Ty::Module, cannot_create),
    (Ty::Function, cannot_create),
    (Ty::Generator, cannot_create),
    (Ty::Method, function::method_new),
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

fn mapping_proxy(m: &mut Machine, args: &Args) -> Native {
    Ok(m.prelude("_mappingproxy", &args.all[1..]))
}

fn none_new(m: &mut Machine, args: &Args) -> Native {
    if args.all.len() > 1 {
        return Err(m.type_error("NoneType takes no arguments"));
    }
    ok(Value::None)
}

fn itself(_: &mut Machine, args: &Args) -> Native {
    ok(args.all[0])
}

fn no_pickle(m: &mut Machine, _: &Args) -> Native {
    Err(m.type_error("raddle cannot pickle this object"))
}
