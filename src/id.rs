//! Identifiers: newtypes over small integers, so that an index into one table is never used on another.
//!
//! | id | names | lives in |
//! | --- | --- | --- |
//! | [`ThreadId`] | a green thread, in order of creation; main is 0 | kernel |
//! | [`ProcessId`] | a simulated process | machine |
//! | [`SyncId`] | a synchronisation object (lock, condition, queue, ...) | kernel |
//! | [`ObjId`] | a heap object | heap |
//! | [`CodeId`] | a compiled code object | program |
//! | [`ModuleId`] | a module of the program (user's or bundled) | program |
//! | [`NameId`] | an interned identifier | program, machine |

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
        pub struct $name(pub u32);
        impl $name {
            /// The id as an index into its table.
            #[inline(always)]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(
    /// A green thread. Main is `ThreadId(0)`.
    ThreadId
);
id!(
    /// A simulated process, in order of starting; the first is 0.
    ProcessId
);
id!(
    /// A synchronisation object of the kernel.
    SyncId
);
id!(
    /// An object in the heap.
    ObjId
);
id!(
    /// A code object of the program.
    CodeId
);
id!(
    /// A module of the program.
    ModuleId
);
id!(
    /// An interned identifier.
    NameId
);
