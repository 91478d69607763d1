//! The virtual machine: runs a thread's code up to its next visible operation.
//!
//! | file | holds |
//! | --- | --- |
//! | `machine/` | the state of a run and what native functions ask of it |
//! | `process`, `fork` | simulated processes and their memory |
//! | `link/` | making a machine for a program; collection |
//! | `state` | the state of a run as one number, to know it again |
//! | `memory` | room for what one operation wants |
//! | `exec/` | the dispatch loop and what instructions do beyond their quick cases |
//! | `call/` | calls, continuations, binding of arguments |
//! | `attr/`, `class`, `func` | attributes, classes, functions and modules |
//! | `unwind` | exceptions |
//! | `native`, `args` | what a native function gets and may answer |
//! | `names`, `types`, `types_of` | well-known identifiers and builtin classes |
//! | `registry` | which native stands where |
//! | `protocol/` | equality, hash, order, truth, text, arithmetic of builtin values |
//! | `types/` | methods of the builtin types, one file a type |
//! | `builtins/` | builtin functions |
//! | `stdlib/` | native halves of bundled modules, one file a module |
//! | `py/` | bundled Python: the prelude (`prelude_*.py`) and modules |

pub mod args;
mod attr;
mod begin;
pub mod builtins;
mod call;
mod class;
pub mod exec;
mod fork;
mod func;
mod link;
pub mod machine;
mod memory;
pub mod names;
pub mod native;
pub mod process;
pub mod protocol;
pub mod py;
mod registry;
pub mod state;
pub mod stdlib;
pub mod types;
mod types_of;
mod unwind;
