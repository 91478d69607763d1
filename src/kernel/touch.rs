//! What a step touches of a thing that several threads can reach.

use std::fmt;

use crate::id::{NameId, ObjId, SyncId, ThreadId};

use super::op::Part;

/// Something that steps of several threads can touch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Resource {
    /// A synchronisation object.
    Sync(SyncId),
    /// A heap object.
    Heap(ObjId),
    /// A stream, 1 stdout or 2 stderr.
    Stream(u8),
    /// The life of a thread.
    Thread(ThreadId),
    /// The number of threads that exit waits for, and the set of threads that live.
    Foreground,
    /// The clock.
    Clock,
    /// The spurious wakeups left.
    Budget,
    /// Whether a process, told by its main thread, goes on.
    Process(ThreadId),
}

/// A resource as a number, which is quickly compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Thing(u64);

impl Resource {
    /// Its number.
    #[inline(always)]
    pub const fn thing(self) -> Thing {
        let (kind, id) = match self {
            Resource::Sync(id) => (0, id.0),
            Resource::Heap(id) => (1, id.0),
            Resource::Stream(n) => (2, n as u32),
            Resource::Thread(t) => (3, t.0),
            Resource::Foreground => (4, 0),
            Resource::Clock => (5, 0),
            Resource::Budget => (6, 0),
            Resource::Process(t) => (7, t.0),
        };
        Thing(pair(kind, id))
    }
}

impl Thing {
    /// The resource that has it.
    #[inline(always)]
    fn resource(self) -> Resource {
        let id = self.0 as u32;
        match self.0 >> 32 {
            0 => Resource::Sync(SyncId(id)),
            1 => Resource::Heap(ObjId(id)),
            2 => Resource::Stream(id as u8),
            3 => Resource::Thread(ThreadId(id)),
            4 => Resource::Foreground,
            5 => Resource::Clock,
            6 => Resource::Budget,
            _ => Resource::Process(ThreadId(id)),
        }
    }

    /// The number.
    #[inline(always)]
    pub fn number(self) -> u64 {
        self.0
    }
}

const fn pair(kind: u32, id: u32) -> u64 {
    (kind as u64) << 32 | id as u64
}

/// How a step touches a resource.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Mode {
    /// Looks at it. Commutes with other reads.
    Read,
    /// Changes it in a way that commutes with other additions, but not with reads.
    Add,
    /// Changes it. Commutes with nothing.
    Write,
}

impl Mode {
    /// All of them.
    pub const ALL: [Mode; 3] = [Mode::Read, Mode::Add, Mode::Write];

    /// Whether touches of one thing in these modes lead to the same state in either order.
    #[inline]
    pub fn commutes(self, other: Mode) -> bool {
        self == other && self != Mode::Write
    }
}

/// One touch of one resource. Kept as numbers: searches compare many.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Touch {
    /// The mode, and the [`Thing`] in the lower bits.
    what: u64,
    /// 0 for the whole.
    part: u64,
}

/// Where in [`Touch::what`] the mode is.
const MODE: u32 = 48;

impl Touch {
    /// A touch of a resource: for heap objects of a part of it, else of the whole.
    #[inline(always)]
    pub const fn new(resource: Resource, part: Part, mode: Mode) -> Touch {
        let part = match part {
            Part::Whole => 0,
            Part::Attr(name) => pair(1, name.0),
            Part::Index(index) => pair(2, index),
            Part::Key(key) => pair(3, key),
            Part::Cell => pair(4, 0),
        };
        Touch {
            what: resource.thing().0 | (mode as u64) << MODE,
            part,
        }
    }

    /// The number of what is touched.
    #[inline(always)]
    pub fn thing(&self) -> Thing {
        Thing(self.what & ((1 << MODE) - 1))
    }

    /// What is touched.
    #[inline(always)]
    pub fn resource(&self) -> Resource {
        self.thing().resource()
    }

    /// For heap objects, which part of it; else the whole.
    pub fn part(&self) -> Part {
        let id = self.part as u32;
        match self.part >> 32 {
            0 => Part::Whole,
            1 => Part::Attr(NameId(id)),
            2 => Part::Index(id),
            3 => Part::Key(id),
            _ => Part::Cell,
        }
    }

    /// How.
    #[inline(always)]
    pub fn mode(&self) -> Mode {
        match self.what >> MODE {
            0 => Mode::Read,
            1 => Mode::Add,
            _ => Mode::Write,
        }
    }

    /// Whether it is more than a look.
    #[inline(always)]
    pub fn changes(&self) -> bool {
        self.what >> MODE != Mode::Read as u64
    }

    /// Whether it commutes with others like it, though it is more than a look.
    #[inline(always)]
    pub fn adds(&self) -> bool {
        self.what >> MODE == Mode::Add as u64
    }

    /// Whether the two do not commute: they touch one thing, parts that may overlap, and in ways that make a difference.
    #[inline(always)]
    pub(super) fn conflicts(&self, other: &Touch) -> bool {
        let differ = self.what ^ other.what;
        differ << (64 - MODE) == 0
            && (self.part == other.part || self.part == 0 || other.part == 0)
            && (differ != 0 || self.what >> MODE == Mode::Write as u64)
    }
}

impl fmt::Debug for Touch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Touch")
            .field("resource", &self.resource())
            .field("part", &self.part())
            .field("mode", &self.mode())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touch_tells_what_it_was_made_of() {
        let resources = [
            Resource::Sync(SyncId(7)),
            Resource::Heap(ObjId(u32::MAX)),
            Resource::Stream(2),
            Resource::Thread(ThreadId(3)),
            Resource::Foreground,
            Resource::Clock,
            Resource::Budget,
            Resource::Process(ThreadId(1)),
        ];
        let parts = [
            Part::Whole,
            Part::Attr(NameId(0)),
            Part::Index(u32::MAX),
            Part::Key(5),
            Part::Cell,
        ];
        let mut touches = Vec::new();
        for resource in resources {
            for part in parts {
                for mode in Mode::ALL {
                    let touch = Touch::new(resource, part, mode);
                    assert_eq!(
                        (touch.resource(), touch.part(), touch.mode()),
                        (resource, part, mode)
                    );
                    touches.push(touch);
                }
            }
        }
        for a in &touches {
            for b in &touches {
                let overlap =
                    a.part() == b.part() || a.part() == Part::Whole || b.part() == Part::Whole;
                let conflict =
                    a.resource() == b.resource() && overlap && !a.mode().commutes(b.mode());
                assert_eq!(a.conflicts(b), conflict, "{a:?} {b:?}");
            }
        }
    }
}
