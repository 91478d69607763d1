//! Exceptions as CPython 3.13 prints them (`Lib/traceback.py`).
//!
//! `str()` of an exception may be code of the program, so the prelude asks for the chain of exceptions
//! (`exception_chain`), computes their texts, and gives them to `exception_format`.

mod frame;
mod suggest;

use self::frame::Mark;
use crate::id::ObjId;
use crate::program::instr::Instr;
use crate::value::Value;
use crate::value::object::{Obj, TracePoint};
use crate::vm::machine::Machine;
use crate::vm::names;
use crate::vm::native::{Args, Entry, Native, ok, pure};
use crate::vm::types::Ty;
use std::fmt::Write;

/// Functions for the prelude and `traceback`.
pub const FUNCTIONS: &[Entry] = &[
    pure("exception_chain", chain, 2, 2),
    pure("exception_notes", notes, 1, 1),
    pure("exception_format", format, 5, 5),
    pure("exception_text", text, 3, 3),
    pure("exception_only", only, 3, 3),
    pure("exception_frames", frames, 1, 1),
    pure("stack_frames", stack_frames, 0, 0),
    pure("frames_format", frames_format, 1, 1),
    pure("exception_handled", handled, 0, 0),
];

/// The same frame is shown so many times before repetitions are only counted.
const REPEATS: usize = 3;

const BY_CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const BY_CONTEXT: &str =
    "\nDuring handling of the above exception, another exception occurred:\n\n";

fn exception_of(m: &Machine, value: Value) -> Option<ObjId> {
    let id = value.obj()?;
    match m.heap.get(id) {
        Obj::Traceback { of, .. } => of.obj(),
        _ => Some(id).filter(|&id| m.exception(id).is_some()),
    }
}

/// An exception and those that led to it, newest first, each with the words that stand between it and the one before.
fn linked(m: &Machine, exception: ObjId, follow: bool) -> Vec<(ObjId, Option<&'static str>)> {
    let mut chain: Vec<(ObjId, Option<&'static str>)> = Vec::new();
    let mut next = Some(exception);
    while let Some(id) = next {
        let Some(e) = m.exception(id) else { break };
        let fresh = |v: Value| {
            exception_of(m, v).filter(|o| *o != id && chain.iter().all(|(seen, _)| seen != o))
        };
        let (words, older) = match (fresh(e.cause), fresh(e.context)) {
            _ if !follow => (None, None),
            (Some(cause), _) => (Some(BY_CAUSE), Some(cause)),
            (None, Some(context)) if !e.suppress_context => (Some(BY_CONTEXT), Some(context)),
            _ => (None, None),
        };
        chain.push((id, words));
        next = older;
    }
    chain
}

/// `exception_chain(exception, follow)`: the exceptions whose texts are needed.
fn chain(m: &mut Machine, args: &Args) -> Native {
    let Some(id) = exception_of(m, args.all[0]) else {
        return ok(m.list(Vec::new()));
    };
    let follow = m.truth(args.all[1]).unwrap_or(true);
    let ids = linked(m, id, follow)
        .into_iter()
        .map(|(id, _)| Value::Obj(id))
        .collect();
    ok(m.list(ids))
}

/// `__notes__` of an exception, or `None`.
fn notes(m: &mut Machine, args: &Args) -> Native {
    let notes = exception_of(m, args.all[0])
        .and_then(|id| m.exception(id))
        .map(|e| e.notes);
    ok(notes.filter(|n| !n.is_unbound()).unwrap_or(Value::None))
}

/// `exception_format(exception, texts, notes, follow, limit)`: the whole traceback. `texts` and `notes` are those of the chain;
/// of each exception so many frames are shown, the outermost or, below 0, the innermost.
fn format(m: &mut Machine, args: &Args) -> Native {
    let Some(id) = exception_of(m, args.all[0]) else {
        return ok(m.str("NoneType: None\n"));
    };
    let follow = m.truth(args.all[3]).unwrap_or(true);
    let limit = m.as_i64(args.all[4]);
    let chain = linked(m, id, follow);
    let mut out = String::new();
    for (i, &(id, words)) in chain.iter().enumerate().rev() {
        out.push_str(words.unwrap_or_default());
        let mut points = m
            .exception(id)
            .map(|e| e.traceback.clone())
            .unwrap_or_default();
        if let Some(limit) = limit {
            let kept = (limit.unsigned_abs() as usize).min(points.len());
            if limit < 0 {
                points.truncate(kept);
            } else {
                points.drain(..points.len() - kept);
            }
        }
        if !points.is_empty() {
            out.push_str("Traceback (most recent call last):\n");
            write_frames(m, &points, missing(m, id), &mut out);
        }
        let text = item(m, args.all[1], i);
        let notes = item(m, args.all[2], i);
        write_last(m, id, text, notes, &mut out);
    }
    ok(m.str(out))
}

/// `exception_text(exception, follow, limit)`: the whole traceback, by the prelude.
fn text(m: &mut Machine, args: &Args) -> Native {
    Ok(m.prelude("_exception_text", args.all))
}

fn item(m: &Machine, list: Value, at: usize) -> Value {
    m.as_items(list)
        .and_then(|items| items.get(at).copied())
        .unwrap_or(Value::None)
}

/// `exception_only(exception, text, notes)`: the last lines, without frames.
fn only(m: &mut Machine, args: &Args) -> Native {
    let mut out = String::new();
    if let Some(id) = exception_of(m, args.all[0]) {
        write_last(m, id, args.all[1], args.all[2], &mut out);
    }
    ok(m.str(out))
}

/// `Class: text`, then the notes.
fn write_last(m: &mut Machine, id: ObjId, text: Value, notes: Value, out: &mut String) {
    let class = m.class_of(Value::Obj(id));
    let name = m.class_text(class);
    let name = name.strip_prefix("__main__.").unwrap_or(&name);
    let mut text = m.as_str(text).unwrap_or_default().to_owned();
    text.push_str(&suggest::advice(m, id));
    // Writing to a string cannot fail.
    let _ = if text.is_empty() {
        writeln!(out, "{name}")
    } else {
        writeln!(out, "{name}: {text}")
    };
    for note in m.as_items(notes).unwrap_or_default() {
        for line in m.as_str(*note).unwrap_or_default().split('\n') {
            let _ = writeln!(out, "{line}");
        }
    }
}

/// Whether the call of a method at `point` failed since the method was not found: nothing was called, or `__getattr__` was.
fn is_lookup(
    m: &Machine,
    point: TracePoint,
    inner: Option<TracePoint>,
    missing: Missing<'_>,
) -> bool {
    let code = m.image.program.code(point.code);
    let Some(Instr::CallMethod { n, .. }) = code.instrs.get(point.pc as usize) else {
        return false;
    };
    match inner {
        None => matches!(missing, Missing::Attribute(name) if *name == *code.names[*n as usize]),
        Some(inner) => matches!(
            &*m.image.program.code(inner.code).name,
            "__getattr__" | "__getattribute__"
        ),
    }
}

/// What an exception says was not there.
#[derive(Clone, Copy)]
enum Missing<'a> {
    Nothing,
    /// The attribute that an `AttributeError` did not find.
    Attribute(&'a str),
    /// The variable that is not bound.
    Variable(&'a str),
}

fn missing(m: &Machine, exception: ObjId) -> Missing<'_> {
    let is = |class: Ty| m.is_instance(Value::Obj(exception), class.id());
    if is(Ty::AttributeError) {
        let name = m.instance_attr(exception, names::NAME_ATTR);
        return match name.and_then(|name| m.as_str(name)) {
            Some(name) => Missing::Attribute(name),
            None => Missing::Nothing,
        };
    }
    let message = m.exception(exception).filter(|_| is(Ty::NameError));
    let message = message.and_then(|e| m.as_str(*m.as_items(e.args)?.first()?));
    let after = message.and_then(|text| text.strip_prefix("cannot access "));
    match after.and_then(|text| text.split('\'').nth(1)) {
        Some(name) => Missing::Variable(name),
        None => Missing::Nothing,
    }
}

/// Frames, outermost first; `points` are innermost first.
fn write_frames(m: &Machine, points: &[TracePoint], missing: Missing<'_>, out: &mut String) {
    let program = &m.image.program;
    let mut last: Option<(TracePoint, u32)> = None;
    let mut count = 0;
    let repeated = |count: usize, out: &mut String| {
        if count > REPEATS {
            let more = count - REPEATS;
            let plural = if more > 1 { "s" } else { "" };
            let _ = writeln!(out, "  [Previous line repeated {more} more time{plural}]");
        }
    };
    for (i, &point) in points.iter().enumerate().rev() {
        let line = program.line(point.code, point.pc);
        let same = last.is_some_and(|(other, at)| {
            let (a, b) = (program.code(other.code), program.code(point.code));
            at == line && a.name == b.name && a.module == b.module
        });
        if !same {
            repeated(count, out);
            count = 0;
            last = Some((point, line));
        }
        count += 1;
        if count <= REPEATS {
            let inner = i.checked_sub(1).map(|i| points[i]);
            let mark = match (missing, inner) {
                (Missing::Variable(name), None) => Mark::Variable(name),
                _ if is_lookup(m, point, inner, missing) => Mark::Lookup,
                _ => Mark::All,
            };
            frame::write_frame(m, point, mark, out);
        }
    }
    repeated(count, out);
}

fn frame_values(m: &mut Machine, points: &[TracePoint]) -> Value {
    let image = std::sync::Arc::clone(&m.image);
    let mut rows = Vec::with_capacity(points.len());
    for point in points.iter().rev() {
        let code = image.program.code(point.code);
        let module = image.program.module_of(point.code);
        let line = image.program.line(point.code, point.pc);
        let (path, name, text) = (
            m.str(&*module.path),
            m.str(&*code.name),
            m.str(module.line_text(line).trim()),
        );
        let place = [
            Value::Int(i64::from(point.code.0)),
            Value::Int(i64::from(point.pc)),
        ];
        rows.push(m.tuple([
            path,
            Value::Int(i64::from(line)),
            name,
            text,
            place[0],
            place[1],
        ]));
    }
    m.list(rows)
}

/// The frames of an exception's traceback: file, line, name, source line, and two numbers for `frames_format`.
fn frames(m: &mut Machine, args: &Args) -> Native {
    let points = exception_of(m, args.all[0])
        .and_then(|id| m.exception(id))
        .map(|e| e.traceback.clone());
    ok(frame_values(m, &points.unwrap_or_default()))
}

/// The frames of the calling thread that are the program's own, as [`frames`].
fn stack_frames(m: &mut Machine, args: &Args) -> Native {
    let own = args
        .frames
        .iter()
        .rev()
        .filter(|f| !m.image.linked[f.code.index()].bundled);
    let points: Vec<TracePoint> = own
        .map(|f| TracePoint {
            code: f.code,
            pc: f.pc.saturating_sub(1),
        })
        .collect();
    ok(frame_values(m, &points))
}

/// The text of frames as [`frames`] gives them.
fn frames_format(m: &mut Machine, args: &Args) -> Native {
    let mut points = Vec::new();
    for &row in m.as_items(args.all[0]).unwrap_or_default() {
        if let Some(&[.., code, pc]) = m.as_items(row)
            && let (Some(code), Some(pc)) = (m.as_i64(code), m.as_i64(pc))
        {
            points.push(TracePoint {
                code: crate::id::CodeId(code as u32),
                pc: pc as u32,
            });
        }
    }
    points.reverse();
    let mut out = String::new();
    write_frames(m, &points, Missing::Nothing, &mut out);
    ok(m.str(out))
}

/// The exception that is being handled where the caller was called, or `None`.
fn handled(_: &mut Machine, args: &Args) -> Native {
    ok(args.frames.last().map_or(Value::None, |f| f.handled))
}
