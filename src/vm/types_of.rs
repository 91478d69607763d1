//! Which builtin class a heap object belongs to.

use super::machine::Machine;
use super::types::Ty;
use crate::id::CodeId;
use crate::value::Value;
use crate::value::object::{Iter, NativeId, Obj, SyncType, ViewKind};

/// The class of an object that is neither an instance nor a class.
pub fn builtin_class(machine: &Machine, object: &Obj) -> Ty {
    match object {
        Obj::Str(_) => Ty::Str,
        Obj::Bytes(_) => Ty::Bytes,
        Obj::ByteArray(_) => Ty::ByteArray,
        Obj::BigInt(_) => Ty::Int,
        Obj::Tuple(_) => Ty::Tuple,
        Obj::List(_) => Ty::List,
        Obj::Dict(_) => Ty::Dict,
        Obj::Set(_) => Ty::Set,
        Obj::FrozenSet(_) => Ty::FrozenSet,
        Obj::Range(_) | Obj::HugeRange(_) => Ty::Range,
        Obj::Slice(_) => Ty::Slice,
        Obj::Deque(_) => Ty::Deque,
        Obj::Cell(_) => Ty::Cell,
        Obj::Function(_) => Ty::Function,
        Obj::BoundMethod { function, .. } => match function {
            Value::Obj(id) => match machine.heap.get(*id) {
                Obj::Native(native) if is_special(machine, *native) => Ty::MethodWrapper,
                Obj::Native(_) => Ty::Native,
                _ => Ty::Method,
            },
            _ => Ty::Method,
        },
        Obj::Native(native) if is_special(machine, *native) => Ty::WrapperDescriptor,
        Obj::Native(native) => match machine.natives[native.0 as usize] {
            def if def.owner.is_empty() || def.name == "__new__" => Ty::Native,
            _ => Ty::MethodDescriptor,
        },
        Obj::Module(_) => Ty::Module,
        Obj::Generator(generator) => lazy_class(machine, generator.frame.code),
        Obj::Iter(iter) => match **iter {
            Iter::List(..) | Iter::Done => Ty::ListIterator,
            Iter::Tuple(..) => Ty::TupleIterator,
            Iter::Range(..) => Ty::RangeIterator,
            Iter::HugeRange(_) => Ty::LongRangeIterator,
            Iter::Str(text, _) => match machine.object(text) {
                Some(Obj::Str(s)) if s.is_ascii() => Ty::StrAsciiIterator,
                _ => Ty::StrIterator,
            },
            Iter::Bytes(Value::Obj(of), _) if matches!(machine.heap.get(of), Obj::ByteArray(_)) => {
                Ty::ByteArrayIterator
            }
            Iter::Bytes(..) => Ty::BytesIterator,
            Iter::Dict(_, kind, ..) | Iter::DictReversed(_, kind, ..) => match kind {
                ViewKind::Keys => Ty::DictKeyIterator,
                ViewKind::Values => Ty::DictValueIterator,
                ViewKind::Items => Ty::DictItemIterator,
            },
            Iter::Set(..) | Iter::Deque(..) => Ty::SetIterator,
            Iter::Reversed(of, _) => match machine.object(of) {
                Some(Obj::List(_)) => Ty::ListReverseIterator,
                _ => Ty::Reversed,
            },
            Iter::Enumerate(..) => Ty::Enumerate,
            Iter::Zip(..) => Ty::Zip,
        },
        Obj::Property(_) => Ty::Property,
        Obj::StaticMethod(_) => Ty::StaticMethod,
        Obj::ClassMethod(_) => Ty::ClassMethod,
        Obj::Super { .. } => Ty::Super,
        Obj::Slot(_) => Ty::MemberDescriptor,
        Obj::Getter { .. } => Ty::GetSetDescriptor,
        Obj::Namespace(Value::Obj(of)) if matches!(machine.heap.get(*of), Obj::Class(_)) => {
            Ty::MappingProxy
        }
        Obj::Namespace(_) => Ty::Dict,
        Obj::View { kind, .. } => match kind {
            ViewKind::Keys => Ty::DictKeys,
            ViewKind::Values => Ty::DictValues,
            ViewKind::Items => Ty::DictItems,
        },
        Obj::Sync(sync) => sync.kind.class(),
        Obj::Traceback { .. } => Ty::Traceback,
        Obj::Code(_) => Ty::Code,
        Obj::Opaque(_) | Obj::Free => Ty::Opaque,
        Obj::Exception(_) => Ty::BaseException,
        Obj::Class(_) => Ty::Type,
        Obj::Instance(_) => Ty::Object,
    }
}

/// Whether a native stands for a slot of its class.
fn is_special(machine: &Machine, native: NativeId) -> bool {
    let def = &machine.natives[native.0 as usize];
    !def.owner.is_empty() && def.is_slot()
}

/// The class of a generator: the lazy builtins are generators of the prelude that go by the names of their classes.
pub(crate) fn lazy_class(machine: &Machine, code: CodeId) -> Ty {
    if !machine
        .image
        .linked
        .get(code.index())
        .is_some_and(|code| code.bundled)
    {
        return Ty::Generator;
    }
    match &*machine.image.program.code(code).name {
        "_map_one" | "_map_many" => Ty::Map,
        "_filter" => Ty::Filter,
        "_zipped" => Ty::Zip,
        "_enumerated" => Ty::Enumerate,
        "_reversed_items" => Ty::Reversed,
        "_iter_until" => Ty::CallableIterator,
        "_iter_items" => Ty::SequenceIterator,
        _ => Ty::Generator,
    }
}

impl SyncType {
    /// Its class.
    pub(crate) fn class(self) -> Ty {
        match self {
            SyncType::Lock => Ty::Lock,
            SyncType::RLock => Ty::RLock,
            SyncType::Condition => Ty::Condition,
            SyncType::Semaphore => Ty::Semaphore,
            SyncType::BoundedSemaphore => Ty::BoundedSemaphore,
            SyncType::Event => Ty::Event,
            SyncType::Barrier => Ty::Barrier,
            SyncType::Queue => Ty::QueueSync,
        }
    }
}
