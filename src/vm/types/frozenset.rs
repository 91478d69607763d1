//! `frozenset`: the methods of [`set`](super::set) that change nothing.

use crate::vm::native::{Entry, NativeFn};

pub use super::set::CLASS_METHODS;
pub use super::set::FROZEN_METHODS as METHODS;
pub use super::set::construct_frozen as construct;

/// Static methods of `frozenset`.
pub const STATIC_METHODS: &[Entry] = &[];
/// Attributes of `frozenset` objects.
pub const GETTERS: &[(&str, NativeFn)] = &[];
