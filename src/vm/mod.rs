//! The virtual machine: runs a thread's code up to its next visible operation.
//!
//! | file | holds |
//! | --- | --- |
//! | `machine` | the state of a run and what native functions ask of it |
//! | `native` | what a native function gets and may answer |
//! | `names`, `types`, `types_of` | well-known identifiers and builtin classes |
//! | `protocol/` | equality, hash, order, truth, text, arithmetic of builtin values |
//! | `types/` | methods of the builtin types, one file a type |
//! | `builtins/` | builtin functions |
//! | `stdlib/` | native halves of bundled modules, one file a module |
//! | `py/` | bundled Python: the prelude (`builtins.py`) and modules |

pub mod args;
pub mod builtins;
pub mod machine;
pub mod names;
pub mod native;
pub mod protocol;
pub mod stdlib;
pub mod types;
mod types_of;
