//! `print` and `input`.
//!
//! `print` writes each text, separator and end on its own, as CPython does: another thread may write in between. Empty texts
//! have no effect that anybody could see and are no steps.

use crate::id::ThreadId;
use crate::kernel::op::{Answer, Op};
use crate::value::Value;
use crate::value::object::Obj;
use crate::vm::machine::{Machine, Waiting};
use crate::vm::native::{Args, Effect, Entry, Native, Out, Park, Raise, Signature, ok};
use crate::vm::types::Ty;

/// Functions of this file.
pub const FUNCTIONS: &[Entry] = &[
    ("print", print, Signature::Any, Effect::Contents),
    ("input", input, Signature::Positional(0, 1), Effect::Pure),
    (
        "_raddle_write",
        raddle_write,
        Signature::Positional(2, 2),
        Effect::Pure,
    ),
    (
        "_raddle_read_line",
        raddle_read_line,
        Signature::Positional(0, 0),
        Effect::Pure,
    ),
];

/// Standard output's number.
const STDOUT: u8 = 1;

impl Machine {
    /// The answer of a native that writes these texts one after the other, each a visible operation, and then gives `None`.
    pub fn write_texts(&mut self, stream: u8, texts: Vec<String>) -> Native {
        let texts: Vec<Value> = texts
            .into_iter()
            .filter(|t| !t.is_empty())
            .map(|t| self.str(t))
            .collect();
        if texts.is_empty() {
            return ok(Value::None);
        }
        let texts = self.tuple(texts);
        Ok(Out::Park(Park {
            op: Op::Output(stream),
            after: wrote,
            extra: Some([texts, Value::Int(i64::from(stream))]),
        }))
    }
}

impl Machine {
    /// The text that a thread parked in front of [`Op::Output`] is about to write. All who park there keep it, or a tuple with it
    /// and their place in that.
    pub fn text_to_write(&self, t: ThreadId) -> Option<&str> {
        let Waiting::Native(_, Some([kept, state]), _) = self.thread(t).waiting else {
            return None;
        };
        match (self.as_items(kept), state) {
            (Some(texts), Value::Int(state)) => self.as_str(*texts.get((state >> 2) as usize)?),
            _ => self.as_str(kept),
        }
    }
}

/// A write was performed: `extra` holds the texts, and the next one's index times 4 plus the stream.
fn wrote(m: &mut Machine, _: Answer, extra: [Value; 2]) -> Native {
    let [texts, Value::Int(state)] = extra else {
        return ok(Value::None);
    };
    let (stream, at) = ((state & 3) as u8, (state >> 2) as usize);
    let Some(&text) = m.as_items(texts).and_then(|t| t.get(at)) else {
        return ok(Value::None);
    };
    let text = m.as_str(text).unwrap_or_default().to_owned();
    m.write(stream, text);
    if m.as_items(texts).is_none_or(|t| t.len() == at + 1) {
        return ok(Value::None);
    }
    Ok(Out::Park(Park {
        op: Op::Output(stream),
        after: wrote,
        extra: Some([texts, Value::Int(state + 4)]),
    }))
}

/// `sep` or `end` of `print`.
fn text_option(m: &mut Machine, name: &str, value: Value, default: &str) -> Result<String, Raise> {
    if value.is_none() {
        return Ok(default.to_owned());
    }
    match m.as_str(value) {
        Some(text) => Ok(text.to_owned()),
        None => {
            let message = format!(
                "{name} must be None or a string, not {}",
                m.type_name(value)
            );
            Err(m.type_error(message))
        }
    }
}

fn print(m: &mut Machine, args: &Args) -> Native {
    let (mut sep, mut end, mut file, mut flush) =
        (Value::None, Value::None, Value::None, Value::Bool(false));
    for (name, value) in args.keywords() {
        match m.names.text(name) {
            "sep" => sep = value,
            "end" => end = value,
            "file" => file = value,
            "flush" => flush = value,
            other => {
                let hint = match super::suggest(other, &["sep", "end", "file", "flush"]) {
                    Some(near) => format!(". Did you mean '{near}'?"),
                    None => String::new(),
                };
                let message = format!("print() got an unexpected keyword argument '{other}'{hint}");
                return Err(m.type_error(message));
            }
        }
    }
    let separator = text_option(m, "sep", sep, " ")?;
    let ending = text_option(m, "end", end, "\n")?;
    let stream = match m.print_target(file) {
        Target::Stream(stream) => stream,
        Target::Nowhere => return ok(Value::None),
        Target::Object(file) => {
            let (separator, ending) = (m.str(separator), m.str(ending));
            let texts = m.tuple(args.pos());
            return Ok(m.prelude("_print_to", &[file, texts, separator, ending, flush]));
        }
    };
    let mut texts = Vec::with_capacity(args.pos().len() * 2);
    for (i, &value) in args.pos().iter().enumerate() {
        if i > 0 {
            texts.push(separator.clone());
        }
        match m.str_of(value)? {
            Some(text) => texts.push(text),
            None => {
                let (separator, ending) = (m.str(separator), m.str(ending));
                let texts = m.tuple(args.pos());
                let stream = Value::Int(i64::from(stream));
                return Ok(m.prelude("_print", &[stream, texts, separator, ending]));
            }
        }
    }
    texts.push(ending);
    m.write_texts(stream, texts)
}

/// Where `print` writes.
enum Target {
    /// To a stream of the run.
    Stream(u8),
    /// To an object with a `write` of its own.
    Object(Value),
    /// Nowhere: `sys.stdout` is None.
    Nowhere,
}

impl Machine {
    /// Where `print(file=…)` writes; `None` stands for what `sys.stdout` is at the moment.
    fn print_target(&mut self, file: Value) -> Target {
        let file = match file {
            Value::None => match self.standard_output() {
                Some(Value::None) => return Target::Nowhere,
                Some(value) => value,
                None => return Target::Stream(STDOUT),
            },
            file => file,
        };
        match self.stream_number(file) {
            Some(stream) => Target::Stream(stream),
            None => Target::Object(file),
        }
    }

    /// `sys.stdout`, if the program has `sys` at all.
    fn standard_output(&mut self) -> Option<Value> {
        let &sys = self.image.program.by_name.get("sys")?;
        let name = self.intern("stdout");
        self.module_attr(sys, name)
    }

    /// The number of a stream object of the bundled `sys`.
    fn stream_number(&mut self, file: Value) -> Option<u8> {
        let Value::Obj(id) = file else {
            return None;
        };
        let Obj::Instance(instance) = self.heap.get(id) else {
            return None;
        };
        let Obj::Class(class) = self.heap.get(instance.class) else {
            return None;
        };
        if self.names.text(class.name) != "_Stream" || self.as_str(class.module) != Some("sys") {
            return None;
        }
        let number = self.names.find("_number")?;
        match self.instance_attr(id, number) {
            Some(Value::Int(stream @ 1..=2)) => Some(stream as u8),
            _ => None,
        }
    }
}

fn raddle_write(m: &mut Machine, args: &Args) -> Native {
    let stream = m.as_i64(args.all[0]).unwrap_or(1) as u8;
    let text = m.as_str(args.all[1]).unwrap_or_default().to_owned();
    m.write_texts(stream, vec![text])
}

fn input(m: &mut Machine, args: &Args) -> Native {
    let Some(prompt) = args.get(0) else {
        return read_line(m);
    };
    match m.str_of(prompt)? {
        Some(text) if text.is_empty() => read_line(m),
        Some(text) => {
            let text = m.str(text);
            Ok(Out::Park(Park {
                op: Op::Output(STDOUT),
                after: prompted,
                extra: Some([text, Value::None]),
            }))
        }
        None => Ok(m.prelude("_input", &[prompt])),
    }
}

fn prompted(m: &mut Machine, _: Answer, extra: [Value; 2]) -> Native {
    let text = m.as_str(extra[0]).unwrap_or_default().to_owned();
    m.write(STDOUT, text);
    read_line(m)
}

/// The next line of the standard input, without its end.
fn read_line(m: &mut Machine) -> Native {
    let rest = &m.options.stdin[m.header.stdin_at.min(m.options.stdin.len())..];
    if rest.is_empty() {
        return Err(m.raise(Ty::EOFError, "EOF when reading a line"));
    }
    let end = rest.find('\n').map_or(rest.len(), |i| i + 1);
    let line = rest[..end].trim_end_matches('\n').to_owned();
    m.header.stdin_at += end;
    ok(m.str(line))
}

/// The next line with its end, empty at the end of the input: `sys.stdin.readline`.
fn raddle_read_line(m: &mut Machine, _: &Args) -> Native {
    let rest = &m.options.stdin[m.header.stdin_at.min(m.options.stdin.len())..];
    let end = rest.find('\n').map_or(rest.len(), |i| i + 1);
    let line = rest[..end].to_owned();
    m.header.stdin_at += end;
    ok(m.str(line))
}
