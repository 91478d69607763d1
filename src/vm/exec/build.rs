//! Displays of containers, and the arguments of calls with `*` and `**`.

use crate::program::instr::Reg;
use crate::value::Value;
use crate::value::dict::Dict;
use crate::value::object::{Cont, Obj};
use crate::value::set::Set;
use crate::vm::call::{Flow, Run};
use crate::vm::machine::{Machine, Thread};
use crate::vm::protocol::keyed::Lookup;
use crate::vm::types::Ty;

impl Machine {
    pub(crate) fn call_prelude(&mut self, th: &mut Thread, name: &str, args: &[Value]) -> Run {
        let function = self.prelude_function(name);
        self.call(th, function, args, &[], Cont::Discard)
    }

    pub(crate) fn build_set(&mut self, th: &mut Thread, a: Reg, n: u16, d: Reg) -> Run {
        let at = th.frames.last().expect("running").base as usize + a as usize;
        let items = th.stack[at..at + n as usize].to_vec();
        let mut table = Set::default();
        let native = items.iter().try_for_each(|&item| {
            let hash = self.key_hash(item)?;
            self.table_add(&mut table, hash, item).map(|_| ())
        });
        match native {
            Ok(()) => {
                let set = self.set(table);
                return self.deliver(th, set, Cont::Reg(d));
            }
            Err(Lookup::Unhashable(part)) => return Err(self.unhashable(part)),
            Err(Lookup::Python) => {}
        }
        let list = self.list(items);
        let function = Value::Obj(Ty::Set.id());
        self.call(th, function, &[list], &[], Cont::Reg(d))
    }

    pub(crate) fn build_dict(&mut self, th: &mut Thread, a: Reg, n: u16, d: Reg) -> Run {
        let at = th.frames.last().expect("running").base as usize + a as usize;
        let mut dict = Dict::default();
        for pair in th.stack[at..at + 2 * n as usize].chunks_exact(2) {
            match self.dict_put(&mut dict, pair[0], pair[1]) {
                Ok(()) => {}
                Err(Some(raised)) => return Err(raised),
                Err(None) => {
                    let pairs = self.tuple(&th.stack[at..at + 2 * n as usize]);
                    let function = self.prelude_function("_build_dict");
                    return self.call(th, function, &[pairs], &[], Cont::Reg(d));
                }
            }
        }
        let dict = self.dict(dict);
        self.deliver(th, dict, Cont::Reg(d))
    }

    /// `{**value}`, and with a function `function(**value)`.
    pub(crate) fn dict_update_slow(
        &mut self,
        th: &mut Thread,
        dict: Value,
        value: Value,
        function: Option<Value>,
    ) -> Run {
        if let (Value::Obj(to), Value::Obj(from)) = (dict, value)
            && let Obj::Dict(table) = self.heap.get(from)
        {
            let pairs: Vec<(Value, Value)> = table.iter().map(|e| (e.key, e.value)).collect();
            let fits = |key: Value| {
                function.is_none()
                    || matches!(key, Value::Obj(k) if matches!(self.heap.get(k), Obj::Str(_)))
                        && self.dict_lookup_str(to, key).is_none()
            };
            if pairs.iter().all(|&(key, _)| fits(key)) {
                let mut done = true;
                for (key, value) in pairs {
                    done = done && self.dict_set(to, key, value).is_ok();
                }
                if done {
                    return Ok(Flow::Next);
                }
            }
        }
        match function {
            None => self.call_prelude(th, "_update_dict", &[dict, value]),
            Some(function) => self.call_prelude(th, "_dict_merge", &[dict, value, function]),
        }
    }

    pub(crate) fn list_extend_slow(&mut self, th: &mut Thread, l: Reg, s: Reg, call: bool) -> Run {
        let base = th.frames.last().expect("running").base as usize;
        let (list, x) = (th.stack[base + l as usize], th.stack[base + s as usize]);
        if x.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        if let Some(items) = self.sequence_items(x) {
            let Value::Obj(id) = list else {
                unreachable!("a list is built")
            };
            self.heap.grew(items.len() * 16);
            let Obj::List(to) = self.heap.get_mut(id) else {
                unreachable!("a list is built")
            };
            to.extend_from_slice(&items);
            return Ok(Flow::Next);
        }
        if call {
            // The only argument: the window's callee, which messages name, stands before the list.
            let callee = th.stack[base + l as usize - 1];
            let function = self.prelude_function("_extend_args");
            return self.call(th, function, &[list, x, callee], &[], Cont::Discard);
        }
        let function = self.prelude_function("_extend");
        self.call(th, function, &[list, x], &[], Cont::Discard)
    }

    pub(crate) fn set_add_slow(
        &mut self,
        th: &mut Thread,
        set: Value,
        value: Value,
        s: Reg,
    ) -> Run {
        if value.is_unbound() {
            return Err(self.unbound_local(th, s));
        }
        if let Value::Obj(id) = set {
            match self.set_add(id, value) {
                Ok(_) => return Ok(Flow::Next),
                Err(Lookup::Unhashable(part)) => return Err(self.unhashable(part)),
                Err(Lookup::Python) => {}
            }
        }
        let add = self.intern("add");
        let method = self.lookup(Ty::Set.id(), add).expect("sets have add");
        self.call(th, method, &[set, value], &[], Cont::Discard)
    }
}
