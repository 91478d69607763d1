//! Which builtin class a heap object belongs to.

use super::machine::Machine;
use super::types::Ty;
use crate::value::Value;
use crate::value::object::{Iter, Obj, SyncType, ViewKind};

/// The class of an object that is neither an instance nor a class.
pub fn builtin_class(machine: &Machine, object: &Obj) -> Ty {
    match object {
        Obj::Str(_) => Ty::Str,
        Obj::Bytes(_) => Ty::Bytes,
        Obj::BigInt(_) => Ty::Int,
        Obj::Tuple(_) => Ty::Tuple,
        Obj::List(_) => Ty::List,
        Obj::Dict(_) => Ty::Dict,
        Obj::Set(_) => Ty::Set,
        Obj::FrozenSet(_) => Ty::FrozenSet,
        Obj::Range(_) => Ty::Range,
        Obj::Slice(_) => Ty::Slice,
        Obj::Deque(_) => Ty::Deque,
        Obj::Cell(_) => Ty::Cell,
        Obj::Function(_) => Ty::Function,
        Obj::BoundMethod { function, .. } => match function {
            Value::Obj(id) if matches!(machine.heap.get(*id), Obj::Native(_)) => Ty::Native,
            _ => Ty::Method,
        },
        Obj::Native(_) => Ty::Native,
        Obj::Module(_) => Ty::Module,
        Obj::Generator(_) => Ty::Generator,
        Obj::Iter(iter) => match **iter {
            Iter::List(..) | Iter::Done => Ty::ListIterator,
            Iter::Tuple(..) => Ty::TupleIterator,
            Iter::Range(..) => Ty::RangeIterator,
            Iter::Str(..) => Ty::StrIterator,
            Iter::Bytes(..) => Ty::BytesIterator,
            Iter::Dict(..) | Iter::DictReversed(..) => Ty::DictKeyIterator,
            Iter::Set(..) | Iter::Deque(..) => Ty::SetIterator,
            Iter::Reversed(..) => Ty::Reversed,
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
        Obj::Sync(sync) => match sync.kind {
            SyncType::Lock => Ty::Lock,
            SyncType::RLock => Ty::RLock,
            SyncType::Condition => Ty::Condition,
            SyncType::Semaphore => Ty::Semaphore,
            SyncType::BoundedSemaphore => Ty::BoundedSemaphore,
            SyncType::Event => Ty::Event,
            SyncType::Barrier => Ty::Barrier,
            SyncType::Queue => Ty::QueueSync,
        },
        Obj::Traceback(_) => Ty::Traceback,
        Obj::Code(_) => Ty::Code,
        Obj::Opaque(_) | Obj::Free => Ty::Opaque,
        Obj::Exception(_) => Ty::BaseException,
        Obj::Class(_) => Ty::Type,
        Obj::Instance(_) => Ty::Object,
    }
}
