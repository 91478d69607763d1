//! `BaseException`: its arguments, its chain, its notes, its traceback.

use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::builtins::attrs;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Native, Raise, ok};
use crate::vm::types::Ty;

/// The receiver of a method of exceptions.
pub(super) fn exception_id(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    match args.all[0] {
        Value::Obj(id) if m.exception(id).is_some() => Ok(id),
        this => Err(m.wrong_receiver(args, Ty::BaseException, this)),
    }
}

pub(super) fn exception_new(m: &mut Machine, args: &Args) -> Native {
    let class = args.all.first().and_then(|&c| attrs::as_class(m, c));
    let Some(class) = class.filter(|&c| m.is_subclass(c, Ty::BaseException.id())) else {
        return Err(m.type_error("BaseException.__new__(): not enough arguments"));
    };
    let class = m.exception_class(class, &args.pos()[1..]);
    let given = m.tuple(&args.pos()[1..]);
    let made = m.new_exception(class, given);
    ok(Value::Obj(made))
}

pub(super) fn exception_init(m: &mut Machine, args: &Args) -> Native {
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

pub(super) fn exception_field(
    m: &Machine,
    args: &Args,
    field: fn(&crate::value::object::Exception) -> Value,
) -> Native {
    ok(args.all[0]
        .obj()
        .and_then(|id| m.exception(id))
        .map_or(Value::None, field))
}

pub(super) fn exception_args(m: &mut Machine, args: &Args) -> Native {
    exception_field(m, args, |e| e.args)
}

pub(super) fn exception_cause(m: &mut Machine, args: &Args) -> Native {
    exception_field(m, args, |e| e.cause)
}

pub(super) fn exception_context(m: &mut Machine, args: &Args) -> Native {
    exception_field(m, args, |e| e.context)
}

pub(super) fn exception_suppress(m: &mut Machine, args: &Args) -> Native {
    exception_field(m, args, |e| Value::Bool(e.suppress_context))
}

pub(super) fn exception_notes(m: &mut Machine, args: &Args) -> Native {
    match args.all[0]
        .obj()
        .and_then(|id| m.exception(id))
        .map(|e| e.notes)
    {
        Some(notes) if !notes.is_unbound() => ok(notes),
        _ => Err(m.no_attribute(args.all[0], names::NOTES)),
    }
}

pub(super) fn exception_traceback(m: &mut Machine, args: &Args) -> Native {
    let id = exception_id(m, args)?;
    ok(m.traceback_of(id))
}

pub(super) fn change(
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

pub(super) fn set_exception_args(m: &mut Machine, args: &Args) -> Native {
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
pub(super) fn check_reason(m: &mut Machine, args: &Args, what: &str) -> Result<(), Raise> {
    let value = args.get(1).unwrap_or(Value::None);
    if value.is_none() || value.obj().is_some_and(|id| m.exception(id).is_some()) {
        return Ok(());
    }
    let message = format!("exception {what} must be None or derive from BaseException");
    Err(m.type_error(message))
}

pub(super) fn set_exception_cause(m: &mut Machine, args: &Args) -> Native {
    check_reason(m, args, "cause")?;
    change(m, args, |e, v| {
        e.cause = v;
        e.suppress_context = true;
    })
}

pub(super) fn set_exception_context(m: &mut Machine, args: &Args) -> Native {
    check_reason(m, args, "context")?;
    change(m, args, |e, v| e.context = v)
}

pub(super) fn set_exception_suppress(m: &mut Machine, args: &Args) -> Native {
    change(m, args, |e, v| {
        e.suppress_context = matches!(v, Value::Bool(true))
    })
}

pub(super) fn set_exception_notes(m: &mut Machine, args: &Args) -> Native {
    change(m, args, |e, v| e.notes = v)
}

pub(super) fn set_exception_traceback(m: &mut Machine, args: &Args) -> Native {
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

pub(super) fn with_traceback(m: &mut Machine, args: &Args) -> Native {
    set_exception_traceback(m, args)?;
    ok(args.all[0])
}

pub(super) fn add_note(m: &mut Machine, args: &Args) -> Native {
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
