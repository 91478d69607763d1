//! Collection of what nobody can reach, and the end of a thread's fuel, which is when it happens.

use crate::value::Value;
use crate::value::object::Frame;
use crate::vm::machine::{Image, Machine, Thread, Waiting};
use crate::vm::types::Ty;

impl Machine {
    /// Frees what nobody can reach. `th` is the running thread, which is not in its place.
    pub(crate) fn collect(&mut self, image: &Image, th: &Thread) {
        let mut roots: Vec<Value> = Vec::new();
        let frame_roots = |frames: &[Frame], roots: &mut Vec<Value>| {
            for frame in frames {
                roots.extend([frame.owner, frame.handled]);
            }
        };
        for thread in self.threads.iter().filter_map(|(_, t)| t.get()).chain([th]) {
            roots.extend_from_slice(&thread.stack);
            frame_roots(&thread.frames, &mut roots);
            if let Waiting::Native(_, Some(extra), _) = thread.waiting {
                roots.extend(extra);
            }
        }
        for (_, info) in self.infos.iter() {
            roots.extend([info.object, info.text]);
        }
        roots.extend(self.globals.iter().map(|(_, g)| g.value));
        for (_, extras) in self.module_extras.iter() {
            roots.extend(extras.values().copied());
        }
        if let Some(pristine) = &self.pristine {
            roots.extend(pristine.globals.iter().map(|global| global.value));
        }
        for (_, process) in self.processes.iter() {
            roots.extend(process.modules.iter().map(|&(_, id)| Value::Obj(id)));
        }
        roots.extend(self.prelude.values().copied());
        roots.extend(&self.builtins);
        roots.extend(&self.name_values);
        roots.extend(&self.native_objects);
        roots.extend(&self.helpers);
        roots.extend(image.module_objects.iter().map(|&id| Value::Obj(id)));
        roots.extend(&image.namespaces);
        roots.extend(Ty::ALL.iter().map(|(ty, _, _)| Value::Obj(ty.id())));
        for linked in &image.linked {
            roots.extend_from_slice(&linked.consts);
            roots.extend([linked.name, linked.qualname, linked.doc, linked.module]);
            roots.push(linked.object);
        }
        self.heap.collect(roots);
    }

    /// A hundred loop turns or calls passed without a visible operation: collects, and parks the thread so that time passes,
    /// others get their turn, and limits are seen. Bundled code and module loading never park.
    pub(crate) fn out_of_fuel(&mut self, image: &Image, th: &mut Thread) -> bool {
        self.fuel = crate::vm::exec::FUEL;
        if self.heap.collection_due() {
            self.collect(image, th);
            if self.heap.bytes() as u64 > self.options.max_memory {
                self.header.out_of_memory = true;
                self.stop_ahead();
            }
        }
        if !self.started {
            return false;
        }
        // What bundled code does is one step to the program: it parks between its calls only, unless it never ends.
        let bundled = th
            .frames
            .last()
            .is_some_and(|f| image.linked[f.code.index()].bundled);
        if bundled && self.overdue < crate::vm::exec::BUNDLED_TURNS {
            self.overdue += 1;
            self.fuel = 1;
            return false;
        }
        self.park_yield(th);
        if bundled {
            th.waiting = Waiting::Overdue;
        }
        true
    }
}
