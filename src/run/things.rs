//! Numbers for what steps touch: the same number, the same thing, as long as the run lasts.

use crate::kernel::footprint::{Footprint, Resource};
use crate::kernel::op::Part;
use crate::trace::model::Touch;
use crate::vm::machine::Machine;
use rustc_hash::FxHashMap;

/// The numbers given so far.
#[derive(Debug, Default)]
pub(super) struct Things {
    /// Synchronisation objects, by id: by far the most frequent.
    syncs: Vec<Option<u32>>,
    /// All else. Places in the heap are used again, so their time of birth counts as well.
    others: FxHashMap<(Resource, u32), u32>,
    parts: FxHashMap<(u32, Part), u32>,
    count: u32,
}

impl Things {
    /// Adds the touches of a step.
    pub(super) fn add(&mut self, machine: &Machine, print: &Footprint, touches: &mut Vec<Touch>) {
        for touch in print.touches() {
            let thing = self.thing(machine, touch.resource());
            let part = match touch.part() {
                Part::Whole => 0,
                part => {
                    let next = self.parts.len() as u32 + 1;
                    *self.parts.entry((thing, part)).or_insert(next)
                }
            };
            touches.push(Touch {
                thing,
                part,
                mode: touch.mode(),
            });
        }
    }

    fn thing(&mut self, machine: &Machine, resource: Resource) -> u32 {
        let number = match resource {
            Resource::Sync(id) => {
                let index = id.index();
                if index >= self.syncs.len() {
                    self.syncs.resize(index + 1, None);
                }
                self.syncs[index].get_or_insert(self.count)
            }
            resource => {
                let born = match resource {
                    Resource::Heap(id) => machine.heap.born(id),
                    _ => 0,
                };
                self.others.entry((resource, born)).or_insert(self.count)
            }
        };
        self.count += u32::from(*number == self.count);
        *number
    }
}
