//! Reads and writes of shared state in words: `.balance = 5`, `[2]`, `.append(7)`, and what a read will find.

use super::phrases::Phrases;
use crate::id::{CodeId, ObjId};
use crate::kernel::op::{Op, Part, Verb};
use crate::program::instr::{Instr, Reg};
use crate::text::{float, quote};
use crate::trace::model::{Datum, Detail};
use crate::trace::texts::{Text, Texts};
use crate::value::Value;
use crate::value::object::{Frame, NativeId, Obj};
use crate::vm::machine::{Machine, Thread, Waiting};

/// Longer texts are cut.
const LONGEST: usize = 24;

/// An access that a thread is parked in front of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Access {
    pub(super) object: ObjId,
    pub(super) part: Part,
    pub(super) write: bool,
}

/// The part of the object that is accessed, and the value that is stored or found.
pub(super) fn told(
    machine: &Machine,
    thread: &Thread,
    access: Access,
    phrases: &mut Phrases,
) -> (Detail, Option<Datum>) {
    let (Some(frame), Some(instr)) = (thread.frames.last(), instruction(machine, thread)) else {
        return (Detail::None, None);
    };
    let eye = Eye {
        machine,
        thread,
        frame,
    };
    if let Some(call) = eye.unfinished(access.part, instr)
        && let Some(argument) = value(
            machine,
            thread,
            frame,
            instr,
            (access.object, access.write, true),
            &mut phrases.texts,
        )
    {
        return (Detail::Call(phrases.texts.intern(&call)), Some(argument));
    }
    let part = match instr {
        // What is deleted is told as such.
        Instr::DelGlobal { .. }
        | Instr::DelCell { .. }
        | Instr::DelAttr { .. }
        | Instr::DelItem { .. } => {
            let part = eye.part(access, instr, phrases);
            let text = format!("del {}", phrases.texts.get(part));
            phrases.texts.intern(text.trim_end())
        }
        _ => eye.part(access, instr, phrases),
    };
    // A call whose arguments can be told stands above.
    let object = (access.object, access.write, false);
    let value = value(machine, thread, frame, instr, object, &mut phrases.texts);
    let detail = match part {
        part if access.write && value.is_some() => Detail::Write(part),
        Text::EMPTY => Detail::None,
        part => Detail::Text(part),
    };
    (detail, value)
}

/// Whether all that this instruction does to this part is told in the same words, values and the [`argument`] apart.
pub(super) fn repeats(machine: &Machine, thread: &Thread, part: Part, detail: Detail) -> bool {
    let instr = instruction(machine, thread);
    let frame = thread.frames.last();
    // What bundled code looks at for the program may be called otherwise, and arguments are known of the program's own code alone.
    let own = || {
        let bundled = |f: &Frame| machine.image.linked[f.code.index()].bundled;
        frame.is_some_and(|f| !bundled(f))
            && matches!(thread.waiting, Waiting::Access | Waiting::Call(..))
    };
    match (part, instr) {
        (Part::Attr(_) | Part::Index(_) | Part::Cell, _) => true,
        (_, None) => false,
        // Which method a bound one is, only its object tells.
        (_, Some(Instr::CallMethod { .. })) if matches!(detail, Detail::Call(_)) => true,
        (Part::Key(_), Some(instr)) => matches!(
            instr,
            Instr::LoadItem { .. }
                | Instr::StoreItem { .. }
                | Instr::DelItem { .. }
                | Instr::In { .. }
                | Instr::TestIn { .. }
        ),
        (_, Some(Instr::CallMethod { argc, .. })) => argc == 0,
        (_, Some(instr @ Instr::Call { .. })) => {
            let callee = argument_register(part, instr)
                .zip(frame)
                .and_then(|(register, frame)| {
                    thread.stack.get(frame.base as usize + register as usize)
                })
                .and_then(|value| value.obj());
            let native = |id| matches!(machine.heap.get(id), Obj::Native(_));
            callee.is_some_and(native) && own()
        }
        (_, Some(Instr::ForIter { .. } | Instr::GetIter { .. })) => true,
        (_, Some(Instr::LoadItem { .. } | Instr::StoreItem { .. } | Instr::DelItem { .. })) => {
            false
        }
        // Tests, operators: that it is looked at is all there is to tell, or what is looked for.
        (_, Some(_)) => own(),
    }
}

/// Whether the instruction is one whose accesses may be told in short (see [`Likes`](crate::vm::exec::Likes)): all that it tells is the value.
pub(super) fn is_plain(instr: Instr) -> bool {
    matches!(
        instr,
        Instr::LoadGlobal { .. }
            | Instr::StoreGlobal { .. }
            | Instr::StoreGlobalLast { .. }
            | Instr::LoadAttr { .. }
            | Instr::StoreAttr { .. }
    )
}

/// Where the value of an access is found: what is stored, what a read will find, or the last argument of a method that is called.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// There is none that can be told.
    Nowhere,
    /// In a register.
    Register(Reg),
    /// In the table of global variables.
    Global(u32),
    /// In the object that this instruction accesses.
    Object(Instr),
}

impl Source {
    /// That of an access by an instruction of this code; `asked` if the value belongs to what is asked for.
    pub(super) fn of(
        machine: &Machine,
        code: CodeId,
        instr: Instr,
        (write, asked): (bool, bool),
    ) -> Source {
        match instr {
            Instr::CallMethod { argc, .. } | Instr::Call { argc, .. } if asked => {
                match (arguments(instr), argc.checked_sub(1)) {
                    (Some(first), Some(others)) => Source::Register(first + Reg::from(others)),
                    _ => Source::Nowhere,
                }
            }
            Instr::StoreGlobal { s, .. }
            | Instr::StoreGlobalLast { s, .. }
            | Instr::StoreCell { s, .. }
            | Instr::StoreAttr { s, .. }
            | Instr::StoreItem { s, .. }
                if write =>
            {
                Source::Register(s)
            }
            Instr::LoadGlobal { g, .. } if !write => {
                Source::Global(machine.image.linked[code.index()].globals + g as u32)
            }
            Instr::LoadCell { .. } | Instr::LoadAttr { .. } | Instr::LoadItem { .. } if !write => {
                Source::Object(instr)
            }
            _ => Source::Nowhere,
        }
    }

    /// The value, for a thread that is parked in front of the access.
    #[inline]
    pub(super) fn value(
        self,
        machine: &Machine,
        thread: &Thread,
        frame: &Frame,
        object: ObjId,
        texts: &mut Texts,
    ) -> Option<Datum> {
        let value = match self {
            Source::Nowhere => return None,
            Source::Register(register) => {
                *thread.stack.get(frame.base as usize + register as usize)?
            }
            Source::Global(at) => machine.globals.get(at).value,
            Source::Object(instr) => {
                let eye = Eye {
                    machine,
                    thread,
                    frame,
                };
                eye.found(object, instr)?
            }
        };
        match value {
            Value::Int(n) => Some(Datum::Int(n)),
            value => datum(machine, value, texts),
        }
    }
}

/// The value that an access by this instruction stores, finds, or has as its argument.
pub(super) fn value(
    machine: &Machine,
    thread: &Thread,
    frame: &Frame,
    instr: Instr,
    (object, write, asked): (ObjId, bool, bool),
    texts: &mut Texts,
) -> Option<Datum> {
    let source = Source::of(machine, frame.code, instr, (write, asked));
    source.value(machine, thread, frame, object, texts)
}

/// The register of what the words of an access depend on besides its operation: the first of two arguments, the key of an item, what is
/// looked for, or the function that is called.
#[inline]
pub(super) fn argument_register(part: Part, instr: Instr) -> Option<Reg> {
    match (part, instr) {
        (_, instr @ Instr::CallMethod { argc: 2, .. }) => arguments(instr),
        // The operation tells the key by its hash alone.
        (
            Part::Key(_),
            Instr::LoadItem { i, .. } | Instr::StoreItem { i, .. } | Instr::DelItem { i, .. },
        ) => Some(i),
        (Part::Key(_) | Part::Whole, Instr::In { a, .. } | Instr::TestIn { a, .. }) => Some(a),
        (Part::Whole, Instr::Call { f, .. }) => Some(f),
        _ => None,
    }
}

/// What is in that register, as far as it can be told. Equal numbers, equal words.
#[inline]
pub(super) fn argument(
    machine: &Machine,
    thread: &Thread,
    op: Op,
    instr: Option<Instr>,
    texts: &mut Texts,
) -> Option<(u8, u64)> {
    let Op::Access { part, .. } = op else {
        return None;
    };
    let register = argument_register(part, instr?)?;
    let frame = thread.frames.last()?;
    if machine.image.linked[frame.code.index()].bundled {
        return None;
    }
    let eye = Eye {
        machine,
        thread,
        frame,
    };
    let value = eye.register(register)?;
    if let Some(Obj::Native(native)) = value.obj().map(|id| machine.heap.get(id)) {
        return Some((6, native.0.into()));
    }
    Some(match datum(machine, value, texts)? {
        Datum::None => (0, 0),
        Datum::Bool(truth) => (1, truth.into()),
        Datum::Int(n) => (2, n.cast_unsigned()),
        Datum::Float(x) => (3, x.to_bits()),
        Datum::Str(text) => (4, text.number().into()),
        Datum::Text(text) => (5, text.number().into()),
    })
}

/// What an access had as its argument, if its words depend on one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Argument {
    register: Reg,
    value: Value,
    /// When it was made, if it is an object.
    born: u32,
}

impl Argument {
    /// That of the access that a thread is parked in front of.
    pub(super) fn of(
        machine: &Machine,
        thread: &Thread,
        op: Op,
        instr: Option<Instr>,
    ) -> Option<Argument> {
        let Op::Access { part, .. } = op else {
            return None;
        };
        let register = argument_register(part, instr?)?;
        let base = thread.frames.last()?.base as usize;
        let value = *thread.stack.get(base + register as usize)?;
        Some(Argument {
            register,
            value,
            born: value.obj().map_or(0, |id| machine.heap.born(id)),
        })
    }

    /// Whether the access of a thread in this frame has the same.
    #[inline]
    pub(super) fn is_still(self, machine: &Machine, thread: &Thread, frame: &Frame) -> bool {
        let at = frame.base as usize + self.register as usize;
        let same = |value: &Value| {
            value.is(self.value)
                && value.obj().is_none_or(|id| {
                    // What others look like may change.
                    let object = machine.heap.get(id);
                    self.born == machine.heap.born(id)
                        && matches!(object, Obj::Str(_) | Obj::Native(_))
                })
        };
        thread.stack.get(at).is_some_and(same)
    }
}

/// The variable whose cell a thread is about to access.
pub(super) fn variable(machine: &Machine, thread: &Thread) -> Option<String> {
    let (frame, instr) = (thread.frames.last()?, instruction(machine, thread)?);
    let (Instr::LoadCell { c, .. } | Instr::StoreCell { c, .. } | Instr::DelCell { c }) = instr
    else {
        return None;
    };
    let code = machine.image.program.code(frame.code);
    let free = code.free.iter().find(|(register, _)| *register == c);
    let free = free.map(|(_, name)| name.clone());
    let own = || code.locals.get(c as usize).cloned().flatten();
    free.or_else(own).map(|name| name.to_string())
}

/// The instruction that a thread is about to execute, or whose call it is in.
pub(super) fn instruction(machine: &Machine, thread: &Thread) -> Option<Instr> {
    let frame = thread.frames.last()?;
    let code = machine.image.program.code(frame.code);
    // A native method's call is not executed again: the counter has passed it.
    let at = match thread.waiting {
        Waiting::Call(..) => frame.pc.saturating_sub(1),
        _ => frame.pc,
    };
    code.instrs.get(at as usize).copied()
}

/// What bundled code would have the object called that a thread is about to access for the program.
pub(super) fn called<'m>(machine: &'m Machine, thread: &Thread) -> Option<&'m str> {
    match thread.waiting {
        Waiting::Native(_, Some([_, name]), _) => machine.as_str(name),
        _ => None,
    }
}

/// The item that a thread is about to put into a queue, or to get from one, as far as its native call shows it.
pub(super) fn item(
    machine: &Machine,
    thread: &Thread,
    verb: Verb,
    texts: &mut Texts,
) -> Option<Datum> {
    let Waiting::Native(_, Some(extra), _) = thread.waiting else {
        return None;
    };
    let [container, item] = extra;
    let container = machine.heap.get(container.obj()?);
    let item = match (verb, container) {
        (Verb::Put(_), Obj::Deque(_) | Obj::List(_)) => item,
        (Verb::Get(_), Obj::Deque(deque)) => *deque.items.front()?,
        (Verb::Get(_), Obj::List(items)) => *items.last()?,
        _ => return None,
    };
    datum(machine, item, texts)
}

/// A value for a trace, if it is a number, truth, text or `None`.
#[inline]
fn datum(machine: &Machine, value: Value, texts: &mut Texts) -> Option<Datum> {
    Some(match value {
        Value::None => Datum::None,
        Value::Bool(b) => Datum::Bool(b),
        Value::Int(n) => Datum::Int(n),
        Value::Float(x) => Datum::Float(x),
        Value::Obj(id) => match machine.heap.get(id) {
            Obj::Str(text) if text.text.len() <= LONGEST => Datum::Str(texts.intern(&text.text)),
            Obj::Str(_) => Datum::Text(texts.intern(&short(machine, value)?)),
            _ => return None,
        },
        _ => return None,
    })
}

/// A value in a few characters, if it is a number, truth, text or `None`.
pub(super) fn short(machine: &Machine, value: Value) -> Option<String> {
    Some(match value {
        Value::None => "None".to_owned(),
        Value::Bool(b) => if b { "True" } else { "False" }.to_owned(),
        Value::Int(n) => n.to_string(),
        Value::Float(x) => float::repr(x),
        Value::Obj(id) => match machine.heap.get(id) {
            Obj::Str(text) if text.text.len() <= LONGEST => quote::repr_str(&text.text),
            Obj::Str(text) => {
                let start: String = text.text.chars().take(LONGEST - 3).collect();
                format!("{}...", quote::repr_str(&start))
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// The register of the first argument.
fn arguments(instr: Instr) -> Option<Reg> {
    match instr {
        Instr::CallMethod { f, .. } => Some(f + 2),
        Instr::Call { f, .. } => Some(f + 1),
        _ => None,
    }
}

/// A look at a parked thread's registers.
struct Eye<'a> {
    machine: &'a Machine,
    thread: &'a Thread,
    frame: &'a Frame,
}

impl Eye<'_> {
    fn register(&self, register: Reg) -> Option<Value> {
        self.thread
            .stack
            .get(self.frame.base as usize + register as usize)
            .copied()
            .filter(|v| !v.is_unbound())
    }

    fn part(&self, access: Access, instr: Instr, phrases: &mut Phrases) -> Text {
        match access.part {
            // A variable of a module is an object of its own.
            Part::Attr(_) if matches!(self.machine.heap.get(access.object), Obj::Module(_)) => {
                Text::EMPTY
            }
            Part::Attr(name) => phrases.attribute(self.machine, name),
            Part::Index(index) => phrases.item(index),
            Part::Key(_) | Part::Whole => {
                let text = self.item(instr).or_else(|| self.call(instr));
                phrases.texts.intern(text.as_deref().unwrap_or_default())
            }
            Part::Cell => Text::EMPTY,
        }
    }

    /// The subscript of an item access.
    fn item(&self, instr: Instr) -> Option<String> {
        let (Instr::LoadItem { i, .. } | Instr::StoreItem { i, .. } | Instr::DelItem { i, .. }) =
            instr
        else {
            return None;
        };
        let index = self.register(i)?;
        let text = match index {
            Value::Obj(id) => match self.machine.heap.get(id) {
                Obj::Slice(parts) => {
                    let part = |v: Value| {
                        if v.is_none() {
                            Some(String::new())
                        } else {
                            short(self.machine, v)
                        }
                    };
                    let [start, stop, step] = **parts;
                    let step = if step.is_none() {
                        String::new()
                    } else {
                        format!(":{}", part(step)?)
                    };
                    format!("{}:{}{step}", part(start)?, part(stop)?)
                }
                _ => short(self.machine, index)?,
            },
            _ => short(self.machine, index)?,
        };
        Some(format!("[{text}]"))
    }

    /// The method that is called.
    fn method(&self, instr: Instr) -> Option<&str> {
        match instr {
            Instr::CallMethod { n, .. } => {
                let linked = &self.machine.image.linked[self.frame.code.index()];
                Some(self.machine.names.text(linked.names[n as usize]))
            }
            Instr::Call { f, .. } => {
                let Obj::BoundMethod { function, .. } =
                    self.machine.heap.get(self.register(f)?.obj()?)
                else {
                    return None;
                };
                let Obj::Native(native) = self.machine.heap.get(function.obj()?) else {
                    return None;
                };
                Some(self.native(*native))
            }
            _ => None,
        }
    }

    /// The call of a method with one or two arguments, up to the last.
    fn unfinished(&self, part: Part, instr: Instr) -> Option<String> {
        let (Instr::CallMethod { argc, .. } | Instr::Call { argc, .. }) = instr else {
            return None;
        };
        match (part, argc) {
            (Part::Whole | Part::Key(_), 1) => Some(format!(".{}(", self.method(instr)?)),
            (Part::Whole | Part::Key(_), 2) => {
                let first = self.register(arguments(instr)?)?;
                let first = short(self.machine, first)?;
                Some(format!(".{}({first}, ", self.method(instr)?))
            }
            _ => None,
        }
    }

    /// The method or function that is called on the whole object.
    fn call(&self, instr: Instr) -> Option<String> {
        Some(match instr {
            Instr::CallMethod { argc, f, .. } => {
                format!(".{}({})", self.method(instr)?, self.args(f + 2, argc))
            }
            Instr::Call { f, argc, .. } => match self.machine.heap.get(self.register(f)?.obj()?) {
                Obj::Native(native) => format!("{}()", self.native(*native)),
                _ => format!(".{}({})", self.method(instr)?, self.args(f + 1, argc)),
            },
            Instr::In { a, .. } | Instr::TestIn { a, .. } => {
                format!("{} in", short(self.machine, self.register(a)?)?)
            }
            Instr::ForIter { .. } | Instr::GetIter { .. } => "for".to_owned(),
            _ => return None,
        })
    }

    fn native(&self, native: NativeId) -> &'static str {
        self.machine.natives[native.0 as usize].name
    }

    /// Up to two arguments, that stand in registers from `first` on.
    fn args(&self, first: Reg, argc: u8) -> String {
        if argc > 2 {
            return "...".to_owned();
        }
        let text = |i| {
            let value = self.register(first + i)?;
            short(self.machine, value)
        };
        let args: Vec<_> = (0..argc as Reg)
            .map(|i| text(i).unwrap_or_else(|| "...".to_owned()))
            .collect();
        args.join(", ")
    }

    /// The value that a load finds in the object.
    fn found(&self, object: ObjId, instr: Instr) -> Option<Value> {
        let machine = self.machine;
        match instr {
            Instr::LoadCell { .. } => match machine.heap.get(object) {
                Obj::Cell(value) => Some(*value),
                _ => None,
            },
            Instr::LoadAttr { n, .. } => {
                // What the instruction itself remembers of such objects is right as long as nothing of their classes changes.
                let linked = &machine.image.linked[self.frame.code.index()];
                let cache = &machine.caches[(linked.caches + self.frame.pc) as usize];
                if let Obj::Instance(instance) = machine.heap.get(object)
                    && cache.epoch == machine.epoch
                    && cache.shape == instance.shape
                    && let Some(value) = instance.slots.get(cache.slot as usize)
                {
                    return Some(*value);
                }
                let name = machine.image.linked[self.frame.code.index()].names[n as usize];
                match machine.heap.get(object) {
                    Obj::Instance(_) => machine.instance_attr(object, name),
                    Obj::Class(class) => class.dict.get(&name).copied(),
                    Obj::Module(module) => machine.module_attr(*module, name),
                    _ => None,
                }
            }
            Instr::LoadItem { i, .. } => {
                let index = self.register(i)?;
                match (machine.heap.get(object), index) {
                    (Obj::List(items), Value::Int(n)) => {
                        let at = if n < 0 { n + items.len() as i64 } else { n };
                        items.get(usize::try_from(at).ok()?).copied()
                    }
                    (Obj::Dict(_), _) => machine.dict_get(object, index).ok().flatten(),
                    _ => None,
                }
            }
            _ => None,
        }
        .filter(|value| !value.is_unbound())
    }
}
