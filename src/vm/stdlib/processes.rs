//! Processes, for `vm/py/multiprocessing.py` and `os`. A process is told by the number of its main thread.

use super::sync::raise_fault;
use crate::id::ThreadId;
use crate::kernel::ThreadState;
use crate::kernel::op::{Answer, Op};
use crate::value::Value;
use crate::vm::machine::{Machine, MainExit};
use crate::vm::native::{Args, Entry, Native, Out, Park, ok, pure};
use crate::vm::process::{FIRST_PID, Process, Unborn};

/// Functions for `multiprocessing` and `os`.
pub const FUNCTIONS: &[Entry] = &[
    pure("process_create", create, 0, 0),
    pure("process_start", start, 5, 5),
    pure("process_current", current, 0, 0),
    pure("process_parent", parent, 0, 0),
    pure("process_pid", pid, 1, 1),
    pure("process_exit_code", exit_code, 1, 1),
    pure("process_exit", exit, 1, 1),
    pure("process_kill", kill, 2, 2),
    pure("process_value", value, 3, 3),
];

fn id_of(m: &Machine, value: Value) -> ThreadId {
    ThreadId(m.as_i64(value).unwrap_or(0) as u32)
}

/// The process with this main thread, once it was started.
fn find(m: &Machine, main: ThreadId) -> Option<(u32, &Process)> {
    m.processes.iter().find(|(_, process)| process.main == main)
}

/// `process_create()`: the main thread of a process that is not started, by number.
fn create(m: &mut Machine, _: &Args) -> Native {
    let id = m.kernel.spawn(false);
    m.kernel.set_process(id, id);
    ok(Value::Int(i64::from(id.0)))
}

/// `process_start(number, name, function, argument, spawn)`: the process begins with `function(argument)`, in a copy of the
/// caller's memory made in the step that starts it, or in that of a program just loaded.
fn start(m: &mut Machine, args: &Args) -> Native {
    let main = id_of(m, args.all[0]);
    if m.kernel.state(main) == ThreadState::Created {
        let unborn = Unborn {
            main,
            name: m.as_str(args.all[1]).unwrap_or_default().into(),
            start: [args.all[2], args.all[3]],
            spawn: args.all[4].is(Value::Bool(true)),
        };
        m.header.unborn.push(unborn);
    }
    Ok(Out::Park(Park {
        op: Op::Start(main),
        after: started,
        extra: Some([args.all[2], args.all[3]]),
    }))
}

fn started(m: &mut Machine, answer: Answer, _: [Value; 2]) -> Native {
    match answer {
        Answer::Fault(fault) => Err(raise_fault(m, fault)),
        _ => ok(Value::None),
    }
}

fn current(m: &mut Machine, _: &Args) -> Native {
    let main = m.processes.get(m.image.process.0).main;
    ok(Value::Int(i64::from(main.0)))
}

/// The process that started the current one, `None` for the first.
fn parent(m: &mut Machine, _: &Args) -> Native {
    if m.image.process.0 == 0 {
        return ok(Value::None);
    }
    let parent = m.processes.get(m.image.process.0).parent;
    let main = m.processes.get(parent.0).main;
    ok(Value::Int(i64::from(main.0)))
}

fn pid(m: &mut Machine, args: &Args) -> Native {
    let main = id_of(m, args.all[0]);
    ok(Value::Int(FIRST_PID + i64::from(main.0)))
}

/// `process_exit_code(number)`: how it ended, `None` while it goes on.
fn exit_code(m: &mut Machine, args: &Args) -> Native {
    let main = id_of(m, args.all[0]);
    let exit = find(m, main).and_then(|(_, process)| process.exit);
    let ended = m.kernel.state(main) == ThreadState::Ended;
    ok(match exit {
        Some(code) if ended => Value::Int(i64::from(code)),
        _ => Value::None,
    })
}

/// `process_exit(code)`: what the current process has ended with.
fn exit(m: &mut Machine, args: &Args) -> Native {
    let code = m.as_i64(args.all[0]).unwrap_or(-1);
    let process = m.image.process.0;
    let code = (code & 0xff) as i32;
    m.processes.get_mut(process).exit = Some(code);
    if process == 0 {
        m.main_exit = Some(MainExit::Exit(code));
    }
    ok(Value::None)
}

/// `process_kill(number, signal)`: all threads of the process end where they stand; signal 0 is `os._exit`.
fn kill(m: &mut Machine, args: &Args) -> Native {
    let main = id_of(m, args.all[0]);
    if !m.kernel.is_alive(main) {
        return ok(Value::None);
    }
    Ok(Out::Park(Park {
        op: Op::Kill(main),
        after: killed,
        extra: Some([Value::Int(i64::from(main.0)), args.all[1]]),
    }))
}

fn killed(m: &mut Machine, _: Answer, [main, signal]: [Value; 2]) -> Native {
    let (main, signal) = (id_of(m, main), m.as_i64(signal).unwrap_or(0) as i32);
    if let Some((number, process)) = find(m, main)
        && process.exit.is_none()
    {
        m.processes.get_mut(number).exit = Some(-signal);
    }
    ok(Value::None)
}

/// `process_value(number, module, name)`: a variable of a module in another process.
fn value(m: &mut Machine, args: &Args) -> Native {
    let text = |v| m.as_str(v).unwrap_or_default();
    let module = m.image.program.by_name.get(text(args.all[1])).copied();
    let name = m.names.find(text(args.all[2]));
    let process = find(m, id_of(m, args.all[0])).map(|(number, _)| number);
    let value = process
        .zip(module)
        .zip(name)
        .and_then(|((process, module), name)| {
            m.value_elsewhere(crate::id::ProcessId(process), module, name)
        });
    ok(value.unwrap_or(Value::None))
}
