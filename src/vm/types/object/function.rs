//! Functions, methods, `staticmethod`, `classmethod`, `super`.

use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::builtins::attrs;
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Native, Out, ok};

pub(super) fn method_new(m: &mut Machine, args: &Args) -> Native {
    let (function, this) = (args.all[1], args.all[2]);
    ok(m.heap.new_value(Obj::BoundMethod { function, this }))
}

pub(super) fn call_it(m: &mut Machine, args: &Args) -> Native {
    let _ = &m;
    let all = args.all[1..].to_vec();
    Ok(Out::CallKw(args.all[0], all, args.names.to_vec()))
}

pub(super) fn function_get(m: &mut Machine, args: &Args) -> Native {
    let (function, this) = (args.all[0], args.all[1]);
    if this.is_none() {
        return ok(function);
    }
    ok(m.heap.new_value(Obj::BoundMethod { function, this }))
}

pub(super) fn inner_of(m: &Machine, value: Value) -> Value {
    match value.obj().map(|id| m.heap.get(id)) {
        Some(Obj::StaticMethod(inner) | Obj::ClassMethod(inner)) => *inner,
        _ => value,
    }
}

pub(super) fn static_get(m: &mut Machine, args: &Args) -> Native {
    ok(inner_of(m, args.all[0]))
}

pub(super) fn class_get(m: &mut Machine, args: &Args) -> Native {
    let function = inner_of(m, args.all[0]);
    let this = match args.get(2) {
        Some(class) => class,
        None => Value::Obj(m.class_of(args.all[1])),
    };
    ok(m.heap.new_value(Obj::BoundMethod { function, this }))
}

pub(super) fn static_new(m: &mut Machine, args: &Args) -> Native {
    let Some(function) = args.get(1) else {
        return Err(m.type_error("staticmethod expected 1 argument, got 0"));
    };
    ok(m.heap.new_value(Obj::StaticMethod(function)))
}

pub(super) fn class_method_new(m: &mut Machine, args: &Args) -> Native {
    let Some(function) = args.get(1) else {
        return Err(m.type_error("classmethod expected 1 argument, got 0"));
    };
    ok(m.heap.new_value(Obj::ClassMethod(function)))
}

pub(super) fn super_new(m: &mut Machine, args: &Args) -> Native {
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

pub(super) fn super_parts(m: &Machine, args: &Args) -> [Value; 3] {
    match m.object(args.all[0]) {
        Some(Obj::Super { after, this, class }) if !this.is_unbound() => {
            [Value::Obj(*after), *this, Value::Obj(*class)]
        }
        Some(Obj::Super { after, .. }) => [Value::Obj(*after), Value::None, Value::None],
        _ => [Value::None; 3],
    }
}

pub(super) fn super_after(m: &mut Machine, args: &Args) -> Native {
    ok(super_parts(m, args)[0])
}

pub(super) fn super_this(m: &mut Machine, args: &Args) -> Native {
    ok(super_parts(m, args)[1])
}

pub(super) fn super_class(m: &mut Machine, args: &Args) -> Native {
    ok(super_parts(m, args)[2])
}
