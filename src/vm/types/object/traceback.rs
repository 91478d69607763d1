//! Tracebacks and the frames in them.

use crate::id::ObjId;
use crate::value::Value;
use crate::value::object::{Obj, TracePoint};
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Native, Out, ok};

pub(super) fn tb_parts(m: &Machine, args: &Args) -> Option<(ObjId, u32)> {
    match m.object(args.all[0]) {
        Some(Obj::Traceback {
            of: Value::Obj(of),
            at,
        }) => Some((*of, *at)),
        _ => None,
    }
}

pub(super) fn tb_point(m: &Machine, args: &Args) -> Option<TracePoint> {
    let (of, at) = tb_parts(m, args)?;
    m.exception(of)?.traceback.get(at as usize).copied()
}

pub(super) fn tb_lineno(m: &mut Machine, args: &Args) -> Native {
    ok(tb_point(m, args).map_or(Value::None, |p| {
        Value::Int(m.image.program.line(p.code, p.pc).into())
    }))
}

pub(super) fn tb_lasti(m: &mut Machine, args: &Args) -> Native {
    ok(tb_point(m, args).map_or(Value::None, |p| Value::Int(p.pc.into())))
}

pub(super) fn tb_next(m: &mut Machine, args: &Args) -> Native {
    match tb_parts(m, args) {
        Some((of, at)) if at > 0 => {
            let of = Value::Obj(of);
            ok(m.heap.new_value(Obj::Traceback { of, at: at - 1 }))
        }
        _ => ok(Value::None),
    }
}

pub(super) fn tb_frame(m: &mut Machine, args: &Args) -> Native {
    match tb_point(m, args) {
        Some(point) => Ok(frame_object(m, point)),
        None => ok(Value::None),
    }
}

pub(super) fn tb_exception(m: &mut Machine, args: &Args) -> Native {
    ok(tb_parts(m, args).map_or(Value::None, |(of, _)| Value::Obj(of)))
}

/// As much of a frame as can still be told of one: code, line, globals.
pub(super) fn frame_object(m: &Machine, point: TracePoint) -> Out {
    let code = m.image.linked[point.code.index()].object;
    let line = Value::Int(m.image.program.line(point.code, point.pc).into());
    let module = m.image.program.code(point.code).module;
    let globals = m.image.namespaces[module.index()];
    m.prelude("_frame", &[code, line, globals])
}
