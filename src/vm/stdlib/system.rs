//! What `sys` and the prelude ask of the run itself.

use crate::kernel::op::{Op, Part};
use crate::run::TaskException;
use crate::value::Value;
use crate::vm::machine::{Machine, MainExit};
use crate::vm::native::{Args, Entry, Native, Out, Park, ok, pure};

/// Functions for `sys`, `threading` and the prelude.
pub const FUNCTIONS: &[Entry] = &[
    pure("begin_exit", begin_exit, 0, 0),
    pure("main_raised", main_raised, 1, 1),
    pure("main_exited", main_exited, 1, 1),
    pure("note_death", note_death, 2, 2),
    pure("task_failed", task_failed, 4, 4),
    pure("task_place", task_place, 1, 1),
    pure("task_looked_at", task_looked_at, 1, 1),
    pure("wait_for_threads", wait_for_threads, 0, 0),
    pure("module_value", module_value, 2, 2),
    pure("module_names", module_names, 0, 0),
    pure("module_object", module_object, 1, 1),
    pure("program_arguments", program_arguments, 0, 0),
    pure("recursion_limit", recursion_limit, 0, 0),
    pure("set_recursion_limit", set_recursion_limit, 1, 1),
    pure("frame_names", frame_names, 1, 1),
    pure("touch", touch, 3, 5),
    pure("touch_if_shared", touch_if_shared, 3, 3),
    pure("refuse", refuse, 1, 1),
];

/// `refuse(what)`: ends the run, for `what` is not supported.
fn refuse(m: &mut Machine, args: &Args) -> Native {
    let what = m.as_str(args.all[0]).unwrap_or_default().to_owned();
    Err(m.refuse(what))
}

/// `begin_exit()`: the main module is over, and has ended well unless it was told otherwise. Answers what makes the calls that `threading` makes
/// first, `None` if there are none.
fn begin_exit(m: &mut Machine, _: &Args) -> Native {
    m.main_exit.get_or_insert(MainExit::Normal);
    ok(calls_at_exit(m, 0))
}

fn main_raised(m: &mut Machine, args: &Args) -> Native {
    let line = m.as_str(args.all[0]).unwrap_or_default().to_owned();
    m.main_exit = Some(MainExit::Raised);
    m.header.raised = line;
    ok(Value::None)
}

/// `main_exited(code)`
fn main_exited(m: &mut Machine, args: &Args) -> Native {
    let code = m.as_i64(args.all[0]).unwrap_or(-1);
    m.main_exit = Some(MainExit::Exit((code & 0xff) as i32));
    ok(Value::None)
}

/// `note_death(thread name, last line)`: a thread ended by an exception.
fn note_death(m: &mut Machine, args: &Args) -> Native {
    let text = |v| m.as_str(v).unwrap_or_default().to_owned();
    let process = &m.processes.get(m.image.process.0).name;
    let name = match (&**process, text(args.all[0])) {
        ("", name) => name,
        (process, name) if name.is_empty() || process == name => process.to_owned(),
        (process, name) => format!("{process}:{name}"),
    };
    let death = (name, text(args.all[1]));
    m.header.deaths.push(death);
    ok(Value::None)
}

/// `task_place(exception)`: file and line that raised it, or `None` when no line of the program did.
fn task_place(m: &mut Machine, args: &Args) -> Native {
    let points = args.all[0].obj().and_then(|id| m.exception(id));
    let point = points.and_then(|e| {
        let mut points = e.traceback.iter();
        points.find(|p| !m.image.linked[p.code.index()].bundled)
    });
    let Some(&point) = point else {
        return ok(Value::None);
    };
    let image = std::sync::Arc::clone(&m.image);
    let file = m.str(&*image.program.module_of(point.code).path);
    let line = image.program.line(point.code, point.pc);
    ok(m.tuple([file, Value::Int(i64::from(line))]))
}

/// `task_failed(task, thread, exception, place)`: a task of an executor raised. Answers the number for [`task_looked_at`].
fn task_failed(m: &mut Machine, args: &Args) -> Native {
    let text = |m: &Machine, v| m.as_str(v).unwrap_or_default().to_owned();
    let (task, thread) = (text(m, args.all[0]), text(m, args.all[1]));
    let raised = args.all[2];
    let class = m.class_text(m.class_of(raised));
    let class = class.strip_prefix("__main__.").unwrap_or(&class);
    // Asking a `__str__` of the program's own would change the run.
    let exception = match m.str_of(raised) {
        Ok(Some(text)) if !text.is_empty() => format!("{class}: {text}"),
        _ => class.to_owned(),
    };
    let (file, line) = match m.as_items(args.all[3]) {
        Some(&[file, line]) => (text(m, file), m.as_i64(line).unwrap_or(0) as u32),
        _ => Default::default(),
    };
    let failed = TaskException {
        task,
        thread,
        exception,
        file,
        line,
    };
    m.header.failed_tasks.push((failed, false));
    ok(Value::Int(m.header.failed_tasks.len() as i64 - 1))
}

/// `task_looked_at(number)`: somebody asked for the result or exception of a task that failed.
fn task_looked_at(m: &mut Machine, args: &Args) -> Native {
    let number = m.as_i64(args.all[0]).unwrap_or(-1);
    if let Some(task) = usize::try_from(number)
        .ok()
        .and_then(|n| m.header.failed_tasks.get_mut(n))
    {
        task.1 = true;
    }
    ok(Value::None)
}

/// `wait_for_threads()`: main's wait for all threads that are no daemons. Answers what makes the calls of `atexit`, `None` if there are none.
fn wait_for_threads(_: &mut Machine, _: &Args) -> Native {
    Ok(Out::Park(Park {
        op: crate::kernel::op::Op::Shutdown,
        after: waited,
        extra: None,
    }))
}

fn waited(m: &mut Machine, _: crate::kernel::op::Answer, _: [Value; 2]) -> Native {
    ok(calls_at_exit(m, 1))
}

fn find_module(m: &Machine, name: Value) -> Option<crate::id::ModuleId> {
    m.image.program.by_name.get(m.as_str(name)?).copied()
}

/// What makes the calls that are registered with the n-th of [`CALLERS`], `None` if there are none.
///
/// [`CALLERS`]: crate::vm::machine::CALLERS
fn calls_at_exit(m: &mut Machine, n: usize) -> Value {
    let Some([list, function]) = m.image.callers[n] else {
        return Value::None;
    };
    let list = m.globals.get(list).value;
    if m.noting {
        m.note_contents(&[list]);
    }
    match m.as_items(list) {
        Some([_, ..]) => m.globals.get(function).value,
        _ => Value::None,
    }
}

/// `module_value(module, name)`: a global of a module of the program, `None` if there is no such thing.
fn module_value(m: &mut Machine, args: &Args) -> Native {
    let name = m.as_str(args.all[1]).and_then(|n| m.names.find(n));
    let value = find_module(m, args.all[0])
        .zip(name)
        .and_then(|(module, name)| m.module_attr(module, name));
    ok(value.unwrap_or(Value::None))
}

/// Names of the modules that have begun to run.
fn module_names(m: &mut Machine, _: &Args) -> Native {
    let image = std::sync::Arc::clone(&m.image);
    let mut names = Vec::new();
    for (i, module) in image.program.modules.iter().enumerate().skip(1) {
        if !matches!(
            m.module_state(crate::id::ModuleId(i as u32)),
            crate::vm::machine::ModuleState::New
        ) && &*module.name != "_raddle"
        {
            names.push(m.str(&*module.name));
        }
    }
    ok(m.list(names))
}

fn module_object(m: &mut Machine, args: &Args) -> Native {
    let id = find_module(m, args.all[0]);
    ok(id.map_or(Value::None, |id| {
        Value::Obj(m.image.module_objects[id.index()])
    }))
}

/// The program's path: `sys.argv` before its arguments are known.
fn program_arguments(m: &mut Machine, _: &Args) -> Native {
    let main = m.image.program.modules.get(m.image.program.main as usize);
    let path = main.map_or(String::new(), |module| module.path.to_string());
    let path = m.str(path);
    ok(m.list(vec![path]))
}

fn recursion_limit(m: &mut Machine, _: &Args) -> Native {
    ok(Value::Int(i64::from(m.header.recursion_limit)))
}

fn set_recursion_limit(m: &mut Machine, args: &Args) -> Native {
    let limit = m.as_i64(args.all[0]).unwrap_or(1000);
    if limit < 1 {
        return Err(m.value_error("recursion limit must be greater or equal than 1"));
    }
    if args.frames.len() as i64 >= limit {
        let message = format!(
            "cannot set the recursion limit to {limit} at the recursion depth {}: the limit is too low",
            args.frames.len()
        );
        return Err(m.raise(crate::vm::types::Ty::RecursionError, message));
    }
    m.header.recursion_limit = limit.min(i64::from(u32::MAX)) as u32;
    ok(Value::None)
}

/// `touch(object, write, name, by_name=False, through=None)`: a scheduling point in front of an access to something that bundled code
/// keeps for the program. `name` is what traces call it, and the part of it that is accessed if `by_name`. What goes `through` an object
/// that threads share changes that.
fn touch(m: &mut Machine, args: &Args) -> Native {
    let [object, write, name, rest @ ..] = args.all else {
        return ok(Value::None);
    };
    let by_name = rest.first().is_some_and(|by| m.truth(*by).unwrap_or(false));
    let through = rest.get(1).and_then(|through| through.obj());
    let part = match by_name {
        true => m.key_part(*name),
        false => Part::Whole,
    };
    let write = m.truth(*write).unwrap_or(true) || through.is_some_and(|id| m.heap.is_shared(id));
    access(*object, part, write, *name)
}

/// `touch_if_shared(through, object, name)`: the same in front of what concerns nobody but those who share the object that it goes through.
fn touch_if_shared(m: &mut Machine, args: &Args) -> Native {
    let shared = |id| m.watching && m.heap.is_shared(id);
    match args.all[0].obj().is_some_and(shared) {
        true => access(args.all[1], Part::Whole, true, args.all[2]),
        false => ok(Value::None),
    }
}

fn access(object: Value, part: Part, write: bool, name: Value) -> Native {
    let Some(id) = object.obj() else {
        return ok(Value::None);
    };
    Ok(Out::Park(Park {
        op: Op::Access {
            object: id,
            part,
            write,
        },
        after: waited,
        extra: Some([object, name]),
    }))
}

/// `frame_names(level)`: file, line, function and module of the program's frame so many levels out, or `None`.
fn frame_names(m: &mut Machine, args: &Args) -> Native {
    let level = m.as_i64(args.all[0]).unwrap_or(0).max(0) as usize;
    let mut own = args
        .frames
        .iter()
        .rev()
        .filter(|f| !m.image.linked[f.code.index()].bundled);
    let Some(frame) = own.nth(level) else {
        return ok(Value::None);
    };
    let (code, pc) = (frame.code, frame.pc.saturating_sub(1));
    let image = std::sync::Arc::clone(&m.image);
    let line = image.program.line(code, pc);
    let module = image.program.module_of(code);
    let (path, function, name) = (
        m.str(&*module.path),
        m.str(&*image.program.code(code).name),
        m.str(&*module.name),
    );
    ok(m.tuple([path, Value::Int(i64::from(line)), function, name]))
}
