//! The state of a machine as one number, to know it again when a run, or another run, comes back to it.
//!
//! Two machines of one program with the same number behave alike from there on, given the same choices. Objects made in the run
//! bear numbers in the order in which they are reached from the threads' stacks and the variables, so that it does not matter where in the heap
//! they lie, nor what garbage there is. What was there before the run (`Machine::origin`) and is as it was bears its own index, and is not
//! looked into. Times are relative to the clock. The number has 128 bits of SipHash: that two states of one search share it
//! by chance is less likely than a fault of the hardware.
//!
//! Not part of it: memory in use, caches, what only traces tell, and registers that nothing reads before it writes them
//! ([`Liveness`]).

use super::machine::{Machine, MachineMark, ModuleState, Thread, Waiting};
use crate::id::{ObjId, SyncId};
use crate::kernel::state::Sink;
use crate::program::liveness::Liveness;
use crate::program::{Code, Const};
use crate::value::Value;
use crate::value::object::{
    Cont, Exception, Frame, Function, Generator, Instance, Iter, Obj, Opaque,
};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::{Hash, Hasher};

/// Memory that is used again from state to state.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    words: Vec<u64>,
    /// For each object of the heap: in which round it was reached, and its number there.
    numbers: Vec<(u32, u32)>,
    /// The same of synchronisation objects.
    syncs: Vec<(u32, u32)>,
    round: u32,
    found: Vec<ObjId>,
    found_syncs: Vec<SyncId>,
    /// Slots that were free before the run: what is in them now was made in it.
    reused: Vec<u32>,
    /// Other slots of objects that were there before the run, and are changed.
    changed: Vec<u32>,
    /// The same of variables.
    indices: Vec<u32>,
    text: Text,
    /// What matters of the registers of frames, by code object.
    liveness: Vec<Option<Box<Liveness>>>,
}

/// What was printed, as one number for each stream, or for each stream of each thread. It follows a run as it goes on, and back.
#[derive(Clone, Debug, Default)]
struct Text {
    /// Polynomials in two points, over the field of 2^61 - 1 elements: that of a text does not depend on how it was cut into writes.
    sums: Vec<[u64; 2]>,
    /// For each write which number it changed, and what that was.
    before: Vec<(u32, [u64; 2])>,
}

const POINTS: [u64; 2] = [0x0B5A_1D5C_79B9_3E47, 0x1C3F_60A2_D481_95EB];
const PRIME: u64 = (1 << 61) - 1;

impl Text {
    fn read(&mut self, machine: &Machine, printed: Printed) {
        if printed == Printed::Nothing {
            return;
        }
        let known = self.before.len();
        let writes = machine.output.iter().zip(&machine.writers).skip(known);
        for ((stream, text), t) in writes {
            let stream = u32::from(*stream == 2);
            let slot = match printed {
                Printed::Threads => t.0 * 2 + stream,
                _ => stream,
            };
            if self.sums.len() <= slot as usize {
                self.sums.resize(slot as usize + 1, [0; 2]);
            }
            let sums = &mut self.sums[slot as usize];
            self.before.push((slot, *sums));
            for byte in text.bytes() {
                for (sum, point) in sums.iter_mut().zip(POINTS) {
                    let product = u128::from(*sum) * u128::from(point) + u128::from(byte) + 1;
                    *sum = (product % u128::from(PRIME)) as u64;
                }
            }
        }
    }
}

/// How much of what was printed is part of the state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Printed {
    /// Nothing.
    Nothing,
    /// What each thread printed.
    Threads,
    /// All, in its order.
    All,
}

/// Writes a state down.
struct Writer<'a> {
    machine: &'a Machine,
    origin: &'a MachineMark,
    scratch: &'a mut Scratch,
}

/// How a program gets at the number of a queue's items that are not done: without one of these it only ever grows, and that it is
/// not 0 is all that `join` sees of it.
const TASKS: [&str; 2] = ["task_done", "unfinished_tasks"];

impl Machine {
    /// Runs begin at this mark: states can be told.
    pub(crate) fn know_states(&mut self, origin: MachineMark) {
        self.origin = Some(Box::new(origin));
        let program = &self.image.program;
        // But for those that define it.
        let own = |code: &&Code| {
            let module = &program.modules[code.module.index()];
            let defines = &*module.name == "queue" || module.name.starts_with("multiprocessing");
            !(module.bundled && defines)
        };
        self.counts_tasks = (program.codes.iter().filter(own)).any(|code| {
            let named = code.names.iter().any(|name| TASKS.contains(&&**name));
            named
                || code
                    .consts
                    .iter()
                    .any(|k| matches!(k, Const::Str(text) if TASKS.contains(&&**text)))
        });
    }

    /// The number of the present state.
    ///
    /// # Panics
    /// When the machine has no origin.
    pub fn state(&self, printed: Printed, scratch: &mut Scratch) -> u128 {
        scratch.text.read(self, printed);
        let origin = self.origin.as_deref().expect("a run began");
        scratch.begin(self);
        let mut writer = Writer {
            machine: self,
            origin,
            scratch,
        };
        writer.all();
        let mut hasher = SipHasher13::new();
        // One call for each word would cost more than the hash itself.
        let mut bytes = [0u8; 512];
        for words in scratch.words.chunks(bytes.len() / 8) {
            for (chunk, word) in bytes.chunks_exact_mut(8).zip(words) {
                chunk.copy_from_slice(&word.to_le_bytes());
            }
            hasher.write(&bytes[..words.len() * 8]);
        }
        hasher.finish128().as_u128()
    }
}

impl Scratch {
    /// The run has gone back to where it had written so many pieces of text.
    pub fn went_back(&mut self, writes: usize) {
        while self.text.before.len() > writes
            && let Some((slot, sums)) = self.text.before.pop()
        {
            self.text.sums[slot as usize] = sums;
        }
    }

    fn begin(&mut self, machine: &Machine) {
        self.words.clear();
        self.found.clear();
        self.found_syncs.clear();
        self.reused.clear();
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.numbers.clear();
            self.syncs.clear();
            self.round = 1;
        }
        self.numbers.resize(machine.heap.slots(), (0, 0));
    }
}

impl Hasher for Writer<'_> {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.scratch.words.push(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.scratch.words.push(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u64(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.scratch.words.push(n);
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }
}

impl Sink for Writer<'_> {
    fn heap_object(&mut self, id: ObjId) {
        self.value(Value::Obj(id));
    }

    fn counts_tasks(&self) -> bool {
        self.machine.counts_tasks
    }

    fn sync_object(&mut self, id: SyncId) {
        if self.machine.kernel.is_older(id, self.origin.kernel()) {
            self.write_u64(u64::from(id.0) << 1);
            return;
        }
        let scratch = &mut *self.scratch;
        if scratch.syncs.len() <= id.index() {
            scratch.syncs.resize(id.index() + 1, (0, 0));
        }
        let entry = &mut scratch.syncs[id.index()];
        if entry.0 != scratch.round {
            *entry = (scratch.round, scratch.found_syncs.len() as u32);
            scratch.found_syncs.push(id);
        }
        let number = entry.1;
        self.write_u64(u64::from(number) << 1 | 1);
    }
}

/// What a word that begins a value says of it.
mod tag {
    pub const UNBOUND: u64 = 0;
    pub const NONE: u64 = 1;
    pub const NOT_IMPLEMENTED: u64 = 2;
    pub const ELLIPSIS: u64 = 3;
    pub const FALSE: u64 = 4;
    pub const TRUE: u64 = 5;
    pub const INT: u64 = 6;
    pub const FLOAT: u64 = 7;
    /// Objects have the rest of the word.
    pub const OLD: u64 = 8;
    pub const NEW: u64 = 9;
}

impl Writer<'_> {
    fn all(&mut self) {
        let machine = self.machine;
        self.note_reused();
        self.variables();
        self.write_usize(machine.threads.len());
        for (_, slot) in machine.threads.iter() {
            match slot.get() {
                Some(thread) => self.thread(thread),
                None => self.write_u64(u64::MAX),
            }
        }
        for (_, info) in machine.infos.iter() {
            self.value(info.object);
            self.write_u32(info.process.0);
        }
        self.header();
        machine.kernel.write_state(self);
        for i in 0..self.scratch.text.sums.len() {
            let [a, b] = self.scratch.text.sums[i];
            // Threads that printed nothing may be listed or not.
            if (a, b) != (0, 0) {
                self.write_usize(i);
                self.write_u64(a);
                self.write_u64(b);
            }
        }
        self.write_u64(u64::MAX);
        self.old_objects();
        // Objects that lead to objects of both kinds.
        let (mut at, mut at_sync) = (0, 0);
        loop {
            if let Some(&id) = self.scratch.found.get(at) {
                at += 1;
                self.object(id);
            } else if let Some(&id) = self.scratch.found_syncs.get(at_sync) {
                at_sync += 1;
                machine.kernel.write_object(id, self);
            } else {
                return;
            }
        }
    }

    /// Slots of the heap that were free when the run began hold its own objects.
    fn note_reused(&mut self) {
        let machine = self.machine;
        self.scratch.changed.clear();
        for (index, was_free) in machine.heap.changed_since(self.origin.heap()) {
            let list = match was_free {
                true => &mut self.scratch.reused,
                false => &mut self.scratch.changed,
            };
            list.push(index);
        }
        self.scratch.reused.sort_unstable();
        self.scratch.changed.sort_unstable();
    }

    fn is_old(&self, id: ObjId) -> bool {
        id.0 < self.origin.heap().slots() && self.scratch.reused.binary_search(&id.0).is_err()
    }

    /// What the run changed of objects that were there before.
    fn old_objects(&mut self) {
        let changed = std::mem::take(&mut self.scratch.changed);
        for &index in &changed {
            self.write_u32(index);
            self.object(ObjId(index));
        }
        self.scratch.changed = changed;
        let kernel = &self.machine.kernel;
        let mut syncs: Vec<SyncId> = kernel.objects_changed_since(self.origin.kernel()).collect();
        syncs.sort_unstable();
        for id in syncs {
            self.write_u32(id.0);
            kernel.write_object(id, self);
        }
    }

    /// Variables of modules, as far as they were changed.
    fn variables(&mut self) {
        let machine = self.machine;
        let (globals, extras, modules) = self.origin.variables();
        let mut changed = std::mem::take(&mut self.scratch.indices);
        changed.clear();
        changed.extend(machine.globals.changed_since(globals).map(|(i, _)| i));
        changed.sort_unstable();
        changed.extend(globals.len()..machine.globals.len() as u32);
        for &index in &changed {
            let global = machine.globals.get(index);
            self.write_u64(
                u64::from(index) << 2 | u64::from(global.last) << 1 | u64::from(global.private),
            );
            self.value(global.value);
        }
        self.write_u64(u64::MAX);
        changed.clear();
        changed.extend(machine.module_extras.changed_since(extras).map(|(i, _)| i));
        changed.sort_unstable();
        changed.extend(extras.len()..machine.module_extras.len() as u32);
        for &index in &changed {
            let extras = machine.module_extras.get(index);
            self.write_u32(index);
            self.write_usize(extras.len());
            for (name, value) in extras {
                self.write_u32(name.0);
                self.value(*value);
            }
        }
        self.write_u64(u64::MAX);
        changed.clear();
        changed.extend(machine.modules.changed_since(modules).map(|(i, _)| i));
        changed.sort_unstable();
        changed.extend(modules.len()..machine.modules.len() as u32);
        for &index in &changed {
            self.write_u32(index);
            match machine.modules.get(index) {
                ModuleState::New => self.write_u8(0),
                ModuleState::Done => self.write_u8(1),
                ModuleState::Running(t) => {
                    self.write_u8(2);
                    self.write_u32(t.0);
                }
            }
        }
        self.write_u64(u64::MAX);
        self.scratch.indices = changed;
        if machine.processes.len() > 1 {
            for (_, process) in machine.processes.iter() {
                self.write_u32(process.main.0);
                self.write_u32(process.parent.0);
                process.name.hash(self);
                process.exit.hash(self);
                self.write_u32(process.thread_counter);
                self.write_u8(u8::from(process.spawned));
                for (module, object) in &process.modules {
                    self.write_u32(module.0);
                    self.value(Value::Obj(*object));
                }
            }
        } else {
            self.write_u32(machine.processes.get(0).thread_counter);
        }
    }

    fn thread(&mut self, thread: &Thread) {
        self.write_usize(thread.frames.len());
        for (i, frame) in thread.frames.iter().enumerate() {
            self.frame(frame);
            self.write_u32(frame.base);
            // A callee's frame begins within its caller's registers.
            let callee = thread.frames.get(i + 1);
            if let Cont::Init(_) = frame.cont {
                self.value(thread.stack[frame.base as usize - 1]);
            }
            let registers = thread.stack.get(frame.base as usize..).unwrap_or_default();
            let own = callee.map_or(registers.len(), |callee| {
                (callee.base - frame.base) as usize
            });
            let in_front = callee.is_none() && matches!(thread.waiting, Waiting::Access);
            self.registers(frame, &registers[..own.min(registers.len())], in_front);
        }
        self.write_u8(u8::from(thread.granted));
        match thread.waiting {
            Waiting::Nothing => self.write_u8(0),
            Waiting::Access => self.write_u8(1),
            Waiting::Native(after, extra, cont) => {
                self.write_u8(2);
                // Where a thread stands tells which function it is, but for a few that park twice. An address does not leave this
                // process, nor decide anything but whether two of them are equal.
                self.write_usize(after as usize);
                for value in extra.iter().flatten() {
                    self.value(*value);
                }
                self.write_u8(u8::from(extra.is_some()));
                self.cont(cont);
            }
            Waiting::Call(at, count, cont) => {
                self.write_u8(3);
                self.write_u32(at);
                let window = thread.stack.get(at as usize..).unwrap_or_default();
                self.values(&window[..window.len().min(count as usize + 1)]);
                self.cont(cont);
            }
            Waiting::Begin | Waiting::Resume => self.write_u8(4),
            Waiting::Overdue => self.write_u8(5),
        }
    }

    /// What matters of the registers of a frame: in front of its next instruction, or within the one before that.
    fn registers(&mut self, frame: &Frame, registers: &[Value], in_front: bool) {
        let mut all = std::mem::take(&mut self.scratch.liveness);
        let index = frame.code.index();
        if all.len() <= index {
            all.resize(index + 1, None);
        }
        let liveness = all[index].get_or_insert_with(|| {
            let code = self.machine.image.program.code(frame.code);
            Box::new(Liveness::of(code))
        });
        for register in liveness.registers(frame.pc, !in_front) {
            if let Some(value) = registers.get(register) {
                self.value(*value);
            }
        }
        self.scratch.liveness = all;
    }

    fn frame(&mut self, frame: &Frame) {
        self.write_u64(u64::from(frame.code.0) << 32 | u64::from(frame.pc));
        self.cont(frame.cont);
        self.value(frame.owner);
        self.value(frame.handled);
    }

    fn cont(&mut self, cont: Cont) {
        let (kind, more) = match cont {
            Cont::Reg(r) => (0, r),
            Cont::Discard => (1, 0),
            Cont::Init(r) => (2, r),
            Cont::Bool(r) => (3, r),
            Cont::Not(r) => (4, r),
            Cont::Test { want } => (5, u16::from(want)),
            Cont::Next(r) => (6, r),
            Cont::Sent(r) => (7, r),
            Cont::Operator(r) => (8, r),
            Cont::Compared { d } => (9, d),
            Cont::Generator => (10, 0),
            Cont::Module => (11, 0),
            Cont::Thread => (12, 0),
            Cont::Again(r) => (13, r),
            Cont::Run { forgets } => (14, u16::from(forgets)),
        };
        self.write_u64(kind << 16 | u64::from(more));
    }

    fn header(&mut self) {
        let header = &self.machine.header;
        self.write_u32(header.addresses);
        self.write_u32(header.thread_counter);
        self.write_usize(header.stdin_at);
        self.write_u64(header.random_draws);
        header.warned.hash(self);
        header.refused.hash(self);
        self.write_u32(header.nans);
        self.write_u32(header.classes);
        self.write_u8(u8::from(header.builtins_changed));
        self.write_u32(header.recursion_limit);
        self.machine.main_exit.hash(self);
        header.raised.hash(self);
        self.write_usize(header.unborn.len());
        for unborn in &header.unborn {
            self.write_u32(unborn.main.0);
            unborn.name.hash(self);
            self.values(&unborn.start);
            self.write_u8(u8::from(unborn.spawn));
        }
        header.deaths.hash(self);
        self.write_usize(header.failed_tasks.len());
        for (task, asked) in &header.failed_tasks {
            (&task.task, &task.thread, &task.exception, &task.file).hash(self);
            (task.line, *asked).hash(self);
        }
    }

    fn values(&mut self, values: &[Value]) {
        self.write_usize(values.len());
        values.iter().for_each(|value| self.value(*value));
    }

    fn value(&mut self, value: Value) {
        let word = match value {
            Value::Unbound => tag::UNBOUND,
            Value::None => tag::NONE,
            Value::NotImplemented => tag::NOT_IMPLEMENTED,
            Value::Ellipsis => tag::ELLIPSIS,
            Value::Bool(false) => tag::FALSE,
            Value::Bool(true) => tag::TRUE,
            Value::Int(n) => {
                self.write_u64(tag::INT);
                n as u64
            }
            Value::Float(x) => {
                self.write_u64(tag::FLOAT);
                x.to_bits()
            }
            Value::Obj(id) if self.is_old(id) => u64::from(id.0) << 8 | tag::OLD,
            Value::Obj(id) => {
                let scratch = &mut *self.scratch;
                let entry = &mut scratch.numbers[id.index()];
                if entry.0 != scratch.round {
                    *entry = (scratch.round, scratch.found.len() as u32);
                    scratch.found.push(id);
                }
                u64::from(entry.1) << 8 | tag::NEW
            }
        };
        self.write_u64(word);
    }

    /// An object's content.
    fn object(&mut self, id: ObjId) {
        let machine = self.machine;
        let heap = &machine.heap;
        self.write_u8(u8::from(heap.is_shared(id)));
        if let Some(address) = machine.address_of.get(&id) {
            self.write_u64(u64::from(*address) << 8 | 0xFF);
        }
        let obj = heap.get(id);
        std::mem::discriminant(obj).hash(self);
        match obj {
            Obj::Free => {}
            Obj::Str(s) => self.write(s.text.as_bytes()),
            Obj::Bytes(bytes) => self.write(bytes),
            Obj::ByteArray(bytes) => self.write(bytes),
            Obj::BigInt(n) => n.hash(self),
            Obj::Tuple(items) => self.values(items),
            Obj::List(items) => self.values(items),
            Obj::Dict(dict) => {
                self.write_usize(dict.raw_len());
                for at in 0..dict.raw_len() {
                    let entry = dict.at(at);
                    self.value(entry.key);
                    if !entry.key.is_unbound() {
                        self.write_u64(entry.hash);
                        self.value(entry.value);
                    }
                }
            }
            Obj::Set(set) | Obj::FrozenSet(set) => {
                let (slots, rest) = set.layout();
                rest.hash(self);
                for (hash, key) in slots {
                    self.write_u64(hash);
                    self.value(key);
                }
            }
            Obj::Range(range) => (range.start, range.stop, range.step).hash(self),
            Obj::HugeRange(range) => (&range.start, &range.stop, &range.step).hash(self),
            Obj::Slice(parts) => self.values(&parts[..]),
            Obj::Property(parts) => self.values(&parts[..]),
            Obj::Deque(deque) => {
                deque.maxlen.hash(self);
                self.write_usize(deque.items.len());
                deque.items.iter().for_each(|value| self.value(*value));
            }
            Obj::Cell(v) | Obj::StaticMethod(v) | Obj::ClassMethod(v) | Obj::Namespace(v) => {
                self.value(*v);
            }
            Obj::Function(function) => self.function(function),
            Obj::BoundMethod { function, this } => self.values(&[*function, *this]),
            Obj::Native(native) => self.write_u32(native.0),
            Obj::Class(_) => self.class(id),
            Obj::Instance(instance) => self.instance(instance),
            Obj::Exception(exception) => self.exception(exception),
            Obj::Module(module) => self.write_u32(module.0),
            Obj::Generator(generator) => self.generator(generator),
            Obj::Iter(iter) => self.iter(iter),
            Obj::Super { after, this, class } => {
                self.values(&[Value::Obj(*after), *this, Value::Obj(*class)]);
            }
            Obj::Slot(name) => self.write_u32(name.0),
            Obj::Getter { get, set } => {
                self.write_u32(get.0);
                set.map(|native| native.0).hash(self);
            }
            Obj::View { dict, kind } => {
                self.value(*dict);
                self.write_u8(*kind as u8);
            }
            Obj::Sync(sync) => {
                self.write_u8(sync.kind as u8);
                self.sync_object(sync.id);
                self.value(sync.extra);
            }
            Obj::Traceback { of, at } => {
                self.value(*of);
                self.write_u32(*at);
            }
            Obj::Code(code) => self.write_u32(code.0),
            Obj::Opaque(opaque) => {
                let Opaque::Twister(words) = &**opaque;
                words.hash(self);
            }
        }
    }

    fn function(&mut self, function: &Function) {
        self.write_u32(function.code.0);
        self.values(&[
            function.name,
            function.qualname,
            function.defaults,
            function.kwdefaults,
            function.annotations,
            function.doc,
            function.module,
            function.attrs,
        ]);
        self.values(&function.cells);
    }

    fn class(&mut self, id: ObjId) {
        let Obj::Class(class) = self.machine.heap.get(id) else {
            return;
        };
        self.write_u32(class.name.0);
        self.values(&[class.qualname, class.module, Value::Obj(class.meta)]);
        for list in [&class.bases, &class.mro, &class.subclasses] {
            self.write_usize(list.len());
            list.iter().for_each(|id| self.value(Value::Obj(*id)));
        }
        // Flags, layout and the shape of instances follow from what is told here.
        self.write_usize(class.dict.len());
        for (name, value) in &class.dict {
            self.write_u32(name.0);
            self.value(*value);
        }
    }

    fn instance(&mut self, instance: &Instance) {
        self.value(Value::Obj(instance.class));
        self.write_u32(instance.shape.0);
        self.values(&instance.slots);
        self.value(instance.inner);
    }

    fn exception(&mut self, exception: &Exception) {
        self.values(&[
            exception.args,
            exception.cause,
            exception.context,
            exception.notes,
            exception.shown,
        ]);
        self.write_u8(u8::from(exception.suppress_context));
        self.write_usize(exception.traceback.len());
        for point in &exception.traceback {
            self.write_u64(u64::from(point.code.0) << 32 | u64::from(point.pc));
        }
    }

    fn generator(&mut self, generator: &Generator) {
        self.write_u8(generator.state as u8);
        self.frame(&generator.frame);
        self.write_usize(generator.registers.len());
        self.registers(&generator.frame, &generator.registers, false);
        self.cont(generator.cont);
        self.value(generator.function);
    }

    fn iter(&mut self, iter: &Iter) {
        std::mem::discriminant(iter).hash(self);
        match iter {
            Iter::List(v, at)
            | Iter::Tuple(v, at)
            | Iter::Str(v, at)
            | Iter::Bytes(v, at)
            | Iter::Reversed(v, at) => {
                self.value(*v);
                self.write_usize(*at);
            }
            Iter::Dict(v, kind, at, len) | Iter::DictReversed(v, kind, at, len) => {
                self.value(*v);
                self.write_u8(*kind as u8);
                (*at, *len).hash(self);
            }
            Iter::Set(v, at, len) | Iter::Deque(v, at, len) => {
                self.value(*v);
                (*at, *len).hash(self);
            }
            Iter::Range(next, left, step) => (next, left, step).hash(self),
            Iter::HugeRange(parts) => parts.hash(self),
            Iter::Enumerate(v, n) => self.values(&[*v, *n]),
            Iter::Zip(iters, strict) => {
                self.values(iters);
                self.write_u8(u8::from(*strict));
            }
            Iter::Done => {}
        }
    }
}
