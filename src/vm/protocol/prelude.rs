//! Natives that only the prelude's twins call (`vm/py/prelude_text.py`).

use super::hash::hash_int;
use crate::text::quote;
use crate::text::template::{self, First, Piece, Step};
use crate::value::Value;
use crate::value::object::{Obj, SyncType, ViewKind};
use crate::vm::machine::Machine;
use crate::vm::native::{Args, Entry, Native, ok, pure};
use crate::vm::stdlib::condition;

/// Names for the prelude, beside the builtin functions. Programs do not see them.
pub const PRELUDE: &[Entry] = &[
    pure("_inner", inner, 1, 1),
    pure("_kind", kind, 1, 1),
    pure("_here", here, 1, 1),
    pure("_parts", parts, 1, 1),
    pure("_ascii_of", ascii_of, 1, 1),
    pure("_object_repr", object_repr, 1, 1),
    pure("_hash_result", hash_result, 1, 1),
    pure("_hash_of_hashes", hash_of_hashes, 2, 2),
    pure("_percent_needs", percent_needs, 1, 1),
    pure("_percent_prepared", percent_prepared, 2, 2),
    pure("_template", parse_template, 1, 1),
    pure("_unknown_conversion", unknown_conversion, 1, 1),
];

fn first(args: &Args) -> Value {
    args.get(0).unwrap_or_default()
}

/// The builtin value inside an instance of a derived class, or the value itself.
fn inner(m: &mut Machine, args: &Args) -> Native {
    ok(m.unwrap(first(args)))
}

/// Names the builtin type of a value.
fn kind(m: &mut Machine, args: &Args) -> Native {
    let v = first(args);
    let name = match v {
        Value::Obj(id) if m.exception(id).is_some() => "exception",
        Value::Obj(id) => match m.heap.get(id) {
            Obj::List(_) => "list",
            Obj::Tuple(_) => "tuple",
            Obj::Dict(_) => "dict",
            Obj::Set(_) => "set",
            Obj::FrozenSet(_) => "frozenset",
            Obj::Deque(_) => "deque",
            Obj::View {
                kind: ViewKind::Keys,
                ..
            } => "keys",
            Obj::View {
                kind: ViewKind::Values,
                ..
            } => "values",
            Obj::View {
                kind: ViewKind::Items,
                ..
            } => "items",
            Obj::Slice(_) => "slice",
            Obj::BoundMethod { .. } => "method",
            Obj::StaticMethod(_) => "staticmethod",
            Obj::ClassMethod(_) => "classmethod",
            Obj::Namespace(of) if matches!(m.object(*of), Some(Obj::Class(_))) => "proxy",
            Obj::Namespace(_) => "namespace",
            Obj::Sync(sync) if sync.kind == SyncType::Condition => "condition",
            _ => "",
        },
        _ => "",
    };
    ok(m.str(name))
}

/// A number for the object in the current thread, the same while the object lives.
fn here(m: &mut Machine, args: &Args) -> Native {
    let id = first(args).obj().map_or(0, |id| id.0);
    ok(Value::Int((i64::from(m.current.0) << 32) | i64::from(id)))
}

/// What an object is made of: arguments of an exception, bounds of a slice, function and receiver of a method.
fn parts(m: &mut Machine, args: &Args) -> Native {
    let v = first(args);
    if let Value::Obj(id) = v
        && let Some(exception) = m.exception(id)
    {
        return ok(exception.args);
    }
    let parts: Vec<Value> = match m.object(v) {
        Some(Obj::Slice(parts)) => parts.to_vec(),
        Some(Obj::BoundMethod { function, this }) => vec![*function, *this],
        Some(Obj::StaticMethod(inner) | Obj::ClassMethod(inner)) => vec![*inner],
        Some(Obj::Sync(sync)) => {
            let waiters = m.kernel.state_words(sync.id, 0);
            vec![condition::given_lock(m, **sync), m.str(waiters)]
        }
        _ => Vec::new(),
    };
    ok(m.tuple(parts))
}

fn ascii_of(m: &mut Machine, args: &Args) -> Native {
    let text = quote::ascii_of_repr(m.as_str(first(args)).unwrap_or_default());
    ok(m.str(text))
}

fn object_repr(m: &mut Machine, args: &Args) -> Native {
    let text = m.object_repr(first(args));
    ok(m.str(text))
}

/// What `hash()` makes of a `__hash__` method's result: as it is if it fits, else that integer's own hash.
fn hash_result(m: &mut Machine, args: &Args) -> Native {
    let v = m.unwrap(first(args));
    ok(Value::Int(match (m.as_i64(v), m.builtin_hash(v)) {
        (Some(-1), _) => hash_int(-1) as i64,
        (Some(n), _) => n,
        (None, super::hash::Hashed::Hash(hash)) => hash as i64,
        (None, _) => 0,
    }))
}

fn hash_of_hashes(m: &mut Machine, args: &Args) -> Native {
    let tuple = m.truth(args.get(1).unwrap_or_default()) == Some(true);
    let hashes = m.as_items(first(args)).unwrap_or_default();
    ok(Value::Int(m.hash_of_hashes(hashes, tuple) as i64))
}

fn percent_needs(m: &mut Machine, args: &Args) -> Native {
    ok(m.percent_needs(first(args)))
}

fn percent_prepared(m: &mut Machine, args: &Args) -> Native {
    let rendered = m.percent_prepared(first(args), args.get(1).unwrap_or_default())?;
    ok(rendered.unwrap_or(Value::None))
}

/// A template of `str.format` as a list: texts, and tuples of (what, first, path, conversion, spec).
fn parse_template(m: &mut Machine, args: &Args) -> Native {
    let pieces = template::parse(m.as_str(first(args)).unwrap_or_default());
    ok(pieces_value(m, &pieces))
}

fn pieces_value(m: &mut Machine, pieces: &[Piece]) -> Value {
    let items = pieces.iter().map(|piece| piece_value(m, piece)).collect();
    m.list(items)
}

fn piece_value(m: &mut Machine, piece: &Piece) -> Value {
    let (name, conversion, spec) = match piece {
        Piece::Literal(text) => return m.str(text.as_str()),
        Piece::Error(error) => {
            let what = m.str("error");
            let message = m.str(error.0.as_ref());
            return m.tuple([what, message, Value::None, Value::None, Value::None]);
        }
        Piece::Field {
            name,
            conversion,
            spec,
        } => (name, conversion, spec),
    };
    let (what, first) = match &name.first {
        First::Auto(index) | First::Index(index) => ("index", Value::Int(*index as i64)),
        First::Key(key) => ("key", m.str(key.as_str())),
    };
    let mut path = Vec::new();
    for step in &name.path {
        let (how, to) = match step {
            Step::Attr(name) => (".", m.str(name.as_str())),
            Step::Index(index) => ("[", Value::Int(*index as i64)),
            Step::Key(key) => ("[", m.str(key.as_str())),
            Step::Error(error) => ("!", m.str(error.0.as_ref())),
        };
        let how = m.str(how);
        path.push(m.tuple([how, to]));
    }
    let what = m.str(what);
    let path = m.list(path);
    let conversion = match conversion {
        Some(c) => m.str(c.to_string()),
        None => Value::None,
    };
    let spec = pieces_value(m, spec);
    m.tuple([what, first, path, conversion, spec])
}

fn unknown_conversion(m: &mut Machine, args: &Args) -> Native {
    let conversion = m
        .as_str(first(args))
        .and_then(|s| s.chars().next())
        .unwrap_or('?');
    let message = template::unknown_conversion(conversion);
    ok(m.str(message.0.as_ref()))
}
