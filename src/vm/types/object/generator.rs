//! Generators and cells.

use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::{GenState, Obj, TracePoint};
use crate::vm::attr::Attr;
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Native, Out, Raise, Resume, ok};
use crate::vm::types::Ty;
use crate::vm::types::object::traceback::frame_object;

/// The receiver of a method of generators.
pub(super) fn generator_id(m: &mut Machine, args: &Args) -> Result<ObjId, Raise> {
    match args.all[0] {
        Value::Obj(id) if matches!(m.heap.get(id), Obj::Generator(_)) => Ok(id),
        this => Err(m.wrong_receiver(args, Ty::Generator, this)),
    }
}

pub(super) fn generator_next(m: &mut Machine, args: &Args) -> Native {
    let generator = generator_id(m, args)?;
    Ok(Out::Resume(generator, Resume::Send(Value::None)))
}

pub(super) fn generator_send(m: &mut Machine, args: &Args) -> Native {
    let generator = generator_id(m, args)?;
    Ok(Out::Resume(generator, Resume::Send(args.all[1])))
}

pub(super) fn generator_throw(m: &mut Machine, args: &Args) -> Native {
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

pub(super) fn generator_close(m: &mut Machine, args: &Args) -> Native {
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

pub(super) fn gi_suspended(m: &mut Machine, args: &Args) -> Native {
    let state = generator_state(m, args.all[0]);
    ok(Value::Bool(state == Some(GenState::Suspended)))
}

pub(super) fn generator_state(m: &Machine, value: Value) -> Option<GenState> {
    match m.object(value) {
        Some(Obj::Generator(g)) => Some(g.state),
        _ => None,
    }
}

pub(super) fn gi_code(m: &mut Machine, args: &Args) -> Native {
    ok(match m.object(args.all[0]) {
        Some(Obj::Generator(g)) => m.image.linked[g.frame.code.index()].object,
        _ => Value::None,
    })
}

/// The frame of a generator that has not ended.
pub(super) fn gi_frame(m: &mut Machine, args: &Args) -> Native {
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

pub(super) fn gi_running(m: &mut Machine, args: &Args) -> Native {
    let running =
        matches!(m.object(args.all[0]), Some(Obj::Generator(g)) if g.state == GenState::Running);
    ok(Value::Bool(running))
}

pub(super) fn generator_function(m: &Machine, value: Value) -> Value {
    match m.object(value) {
        Some(Obj::Generator(g)) => g.function,
        _ => Value::None,
    }
}

pub(super) fn generator_name(m: &mut Machine, args: &Args) -> Native {
    let function = generator_function(m, args.all[0]);
    match m.get_attr(function, names::NAME)? {
        Attr::Value(value) => ok(value),
        _ => ok(Value::None),
    }
}

pub(super) fn generator_qualname(m: &mut Machine, args: &Args) -> Native {
    let function = generator_function(m, args.all[0]);
    match m.get_attr(function, names::QUALNAME)? {
        Attr::Value(value) => ok(value),
        _ => ok(Value::None),
    }
}

pub(super) fn cell_contents(m: &mut Machine, args: &Args) -> Native {
    match m.object(args.all[0]) {
        Some(Obj::Cell(value)) if !value.is_unbound() => ok(*value),
        _ => Err(m.value_error("cell is empty")),
    }
}
