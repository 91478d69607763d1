//! Which native stands where: one line for each file of natives.

use super::builtins;
use super::native::{Entry, NativeFn};
use super::protocol::slots;
use super::stdlib;
use super::types::Ty;
use super::types::{
    bool as bool_type, bytearray, bytes, deque, dict, float, frozenset, int, iterators, list,
    object, range, set, slice, str as str_type, tuple, views,
};

/// Methods by class; a later line replaces an earlier one's entry of the same name.
pub fn methods() -> Vec<(Ty, Vec<Entry>)> {
    let mut all = Vec::new();
    for &(ty, _, _) in Ty::ALL {
        if ty.is_exception() && ty != Ty::BaseException {
            continue;
        }
        for shared in slots::shared(ty) {
            all.push((ty, shared.to_vec()));
        }
    }
    all.extend(object::methods());
    all.extend([
        (Ty::Int, int::METHODS.to_vec()),
        (Ty::Bool, bool_type::METHODS.to_vec()),
        (Ty::Float, float::METHODS.to_vec()),
        (Ty::Str, str_type::METHODS.to_vec()),
        (Ty::Bytes, bytes::METHODS.to_vec()),
        (Ty::ByteArray, bytearray::methods()),
        (Ty::Tuple, tuple::METHODS.to_vec()),
        (Ty::List, list::METHODS.to_vec()),
        (Ty::Dict, dict::METHODS.to_vec()),
        (Ty::Set, set::METHODS.to_vec()),
        (Ty::FrozenSet, set::FROZEN_METHODS.to_vec()),
        (Ty::Range, range::METHODS.to_vec()),
        (Ty::Slice, slice::METHODS.to_vec()),
        (Ty::Deque, deque::METHODS.to_vec()),
        (Ty::DictKeys, views::METHODS.to_vec()),
        (Ty::DictItems, views::METHODS.to_vec()),
        (Ty::DictValues, views::VALUES_METHODS.to_vec()),
        (Ty::MappingProxy, dict::METHODS.to_vec()),
    ]);
    for ty in ITERATORS {
        all.push((*ty, iterators::METHODS.to_vec()));
    }
    for ty in LAZY {
        all.push((*ty, iterators::LAZY_METHODS.to_vec()));
    }
    for &(ty, methods, _, _) in stdlib::sync::TYPES {
        all.push((ty, methods.to_vec()));
    }
    all
}

/// Classes whose `__hash__` is `None`.
pub const UNHASHABLE: &[Ty] = &[
    Ty::List,
    Ty::ByteArray,
    Ty::Dict,
    Ty::Set,
    Ty::Deque,
    Ty::DictKeys,
    Ty::DictItems,
];

const ITERATORS: &[Ty] = &[
    Ty::ListIterator,
    Ty::TupleIterator,
    Ty::RangeIterator,
    Ty::LongRangeIterator,
    Ty::StrIterator,
    Ty::BytesIterator,
    Ty::ByteArrayIterator,
    Ty::StrAsciiIterator,
    Ty::DictKeyIterator,
    Ty::DictValueIterator,
    Ty::DictItemIterator,
    Ty::SetIterator,
    Ty::ListReverseIterator,
    Ty::Enumerate,
    Ty::Zip,
    Ty::Reversed,
];

/// Iterators that may be generators of the prelude.
const LAZY: &[Ty] = &[
    Ty::Enumerate,
    Ty::Zip,
    Ty::Reversed,
    Ty::Map,
    Ty::Filter,
    Ty::CallableIterator,
    Ty::SequenceIterator,
];

/// Static methods by class.
pub fn static_methods() -> Vec<(Ty, &'static [Entry])> {
    let mut all = vec![
        (Ty::Int, int::STATIC_METHODS),
        (Ty::Float, float::STATIC_METHODS),
        (Ty::Str, str_type::STATIC_METHODS),
        (Ty::Bytes, bytes::STATIC_METHODS),
        (Ty::ByteArray, bytearray::STATIC_METHODS),
        (Ty::Dict, dict::STATIC_METHODS),
    ];
    all.extend(object::STATIC_METHODS);
    all
}

/// Class methods by class.
pub fn class_methods() -> Vec<(Ty, &'static [Entry])> {
    let mut all = vec![
        (Ty::Int, int::CLASS_METHODS),
        (Ty::Float, float::CLASS_METHODS),
        (Ty::Str, str_type::CLASS_METHODS),
        (Ty::Bytes, bytes::CLASS_METHODS),
        (Ty::ByteArray, bytearray::CLASS_METHODS),
        (Ty::Tuple, tuple::CLASS_METHODS),
        (Ty::List, list::CLASS_METHODS),
        (Ty::Dict, dict::CLASS_METHODS),
        (Ty::Set, set::CLASS_METHODS),
        (Ty::FrozenSet, set::CLASS_METHODS),
        (Ty::Deque, deque::CLASS_METHODS),
    ];
    all.extend(object::CLASS_METHODS);
    all
}

/// Attributes with a getter only, by class.
pub fn getters() -> Vec<(Ty, &'static [(&'static str, NativeFn)])> {
    let mut all = vec![
        (Ty::Int, int::GETTERS),
        (Ty::Float, float::GETTERS),
        (Ty::Range, range::GETTERS),
        (Ty::Slice, slice::GETTERS),
        (Ty::Deque, deque::GETTERS),
        (Ty::DictKeys, views::GETTERS),
        (Ty::DictItems, views::GETTERS),
        (Ty::DictValues, views::GETTERS),
    ];
    all.extend(object::GETTERS);
    for &(ty, _, getters, _) in stdlib::sync::TYPES {
        all.push((ty, getters));
    }
    all
}

/// Attributes that can be set.
pub const PROPERTIES: &[(Ty, &str, NativeFn, NativeFn)] = object::PROPERTIES;

/// What calling a class does.
pub fn constructors() -> Vec<(Ty, NativeFn)> {
    let mut all: Vec<(Ty, NativeFn)> = vec![
        (Ty::Int, int::construct),
        (Ty::Bool, bool_type::construct),
        (Ty::Float, float::construct),
        (Ty::Str, str_type::construct),
        (Ty::Bytes, bytes::construct),
        (Ty::ByteArray, bytearray::construct),
        (Ty::Tuple, tuple::construct),
        (Ty::List, list::construct),
        (Ty::Dict, dict::construct),
        (Ty::Set, set::construct),
        (Ty::FrozenSet, set::construct_frozen),
        (Ty::Range, range::construct),
        (Ty::Slice, slice::construct),
        (Ty::Deque, deque::construct),
        (Ty::Enumerate, iterators::construct_enumerate),
        (Ty::Zip, iterators::construct_zip),
        (Ty::Reversed, iterators::construct_reversed),
        (Ty::Map, iterators::construct_map),
        (Ty::Filter, iterators::construct_filter),
        (Ty::DictKeys, views::construct),
        (Ty::DictItems, views::construct),
        (Ty::DictValues, views::construct),
    ];
    for ty in ITERATORS {
        if !matches!(ty, Ty::Enumerate | Ty::Zip | Ty::Reversed) {
            all.push((*ty, iterators::construct));
        }
    }
    all.extend(object::CONSTRUCTORS);
    for &(ty, _, _, construct) in stdlib::sync::TYPES {
        all.push((ty, construct));
    }
    let _ = frozenset::STATIC_METHODS;
    all
}

/// Builtin functions, those of the prelude's own use (`_raddle_…`) among them.
pub fn functions() -> Vec<&'static Entry> {
    builtins::ALL
        .iter()
        .flat_map(|f| f.iter())
        .chain(builtins::attrs::FUNCTIONS)
        .collect()
}

/// What bundled modules import from `_raddle`.
pub fn raddle_functions() -> Vec<&'static Entry> {
    stdlib::functions()
        .into_iter()
        .flat_map(|(_, entries)| entries.iter())
        .collect()
}

/// Whether a builtin class is a builtin name, too (`list` is, `function` is not).
pub fn is_builtin_name(ty: Ty) -> bool {
    const NAMES: &[Ty] = &[
        Ty::Object,
        Ty::Type,
        Ty::Int,
        Ty::Bool,
        Ty::Float,
        Ty::Str,
        Ty::Bytes,
        Ty::ByteArray,
        Ty::Tuple,
        Ty::List,
        Ty::Dict,
        Ty::Set,
        Ty::FrozenSet,
        Ty::Range,
        Ty::Slice,
        Ty::Enumerate,
        Ty::Zip,
        Ty::Reversed,
        Ty::Map,
        Ty::Filter,
        Ty::Property,
        Ty::StaticMethod,
        Ty::ClassMethod,
        Ty::Super,
    ];
    ty.is_exception() || NAMES.contains(&ty)
}
