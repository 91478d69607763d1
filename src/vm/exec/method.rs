//! What a method call finds: methods by way of the caches, `super`.

use crate::id::{NameId, ObjId};
use crate::program::instr::Reg;
use crate::value::Value;
use crate::value::object::{Cont, Obj};
use crate::value::shape::ShapeId;
use crate::vm::attr::Attr;
use crate::vm::call::Run;
use crate::vm::machine::{Cache, Machine, Thread};
use crate::vm::native::Raise;
use crate::vm::types::Ty;

/// What a method call resolves to.
pub(crate) enum Method {
    /// A callable to be put into the window.
    Ready(Value),
    /// Calling this gives the callable.
    Through(Value, Vec<Value>),
}

/// Cache shapes from here on stand for builtin classes.
pub(super) const BUILTIN_SHAPES: u32 = 1 << 31;

impl Machine {
    /// `super().name` without arguments.
    pub(crate) fn load_super(&mut self, th: &mut Thread, c: Reg, name: NameId, d: Reg) -> Run {
        let frame = *th.frames.last().expect("running");
        let at = |r: Reg| th.stack[frame.base as usize + r as usize];
        let content = |m: &Machine, v: Value| match v {
            Value::Obj(id) => match m.heap.get(id) {
                Obj::Cell(inner) => *inner,
                _ => v,
            },
            _ => v,
        };
        let after = match at(c).obj().map(|id| self.heap.get(id)) {
            Some(Obj::Cell(Value::Obj(class))) => *class,
            _ => return Err(self.raise(Ty::RuntimeError, "super(): empty __class__ cell")),
        };
        let this = content(self, at(0));
        let made = self.make_super(after, this)?;
        let got = self.get_attr(made, name)?;
        self.attr_out(th, got, made, name, Cont::Reg(d))
    }

    /// `super(class, object)`.
    ///
    /// # Errors
    /// `TypeError` when the object is no instance or subclass of the class.
    pub(crate) fn make_super(&mut self, after: ObjId, this: Value) -> Result<Value, Raise> {
        let mut class = self.class_of(this);
        if let Value::Obj(id) = this
            && matches!(self.heap.get(id), Obj::Class(_))
            && self.is_subclass(id, after)
        {
            class = id;
        }
        if !self.is_subclass(class, after) {
            let kind = match this.obj().map(|id| self.heap.get(id)) {
                Some(Obj::Class(class)) => format!("type {}", self.names.text(class.name)),
                _ => format!("instance of {}", self.type_name(this)),
            };
            let message = format!(
                "super(type, obj): obj ({kind}) is not an instance or subtype of type ({}).",
                self.class_name(after)
            );
            return Err(self.type_error(message));
        }
        Ok(self.heap.new_value(Obj::Super { after, this, class }))
    }

    /// Resolves `receiver.name` for a call: which window offset the call begins at, how many arguments come on top, and the callee.
    /// `None` when the thread is parked.
    #[allow(clippy::type_complexity, reason = "three facts of one call")]
    pub(crate) fn method_of(
        &mut self,
        th: &mut Thread,
        receiver: Value,
        name: NameId,
        at: usize,
        f: Reg,
        watch: bool,
    ) -> Result<Option<(Reg, usize, Method)>, Raise> {
        let shape = match receiver {
            Value::Obj(id) => match self.heap.get(id) {
                Obj::Instance(instance) => instance.shape,
                Obj::Class(_)
                | Obj::Module(_)
                | Obj::Super { .. }
                | Obj::Function(_)
                | Obj::BoundMethod { .. } => {
                    return self.method_slow(th, receiver, name, f, watch);
                }
                other => {
                    ShapeId(BUILTIN_SHAPES + crate::vm::types_of::builtin_class(self, other) as u32)
                }
            },
            Value::Unbound => return Err(self.unbound_local(th, f + 1)),
            other => ShapeId(BUILTIN_SHAPES + self.class_of(other).0),
        };
        let cache = self.caches[at];
        if cache.shape == shape && cache.epoch == self.epoch && cache.slot == u32::MAX {
            return Ok(Some((f, 1, Method::Ready(cache.value))));
        }
        let class = self.class_of(receiver);
        let own = match receiver {
            Value::Obj(id) => {
                self.instance_attr(id, name).is_some() || self.attribute_dict(id).is_some()
            }
            _ => false,
        };
        let Obj::Class(c) = self.heap.get(class) else {
            unreachable!("values have classes")
        };
        if !own
            && !c.flags.getattribute
            && let Some(found) = self.lookup(class, name)
            && let Value::Obj(id) = found
            && self.is_method(id)
        {
            self.caches[at] = Cache {
                epoch: self.epoch,
                shape,
                slot: u32::MAX,
                value: found,
                ..Cache::default()
            };
            return Ok(Some((f, 1, Method::Ready(found))));
        }
        self.method_slow(th, receiver, name, f, watch)
    }

    #[allow(clippy::type_complexity, reason = "three facts of one call")]
    fn method_slow(
        &mut self,
        th: &mut Thread,
        receiver: Value,
        name: NameId,
        f: Reg,
        watch: bool,
    ) -> Result<Option<(Reg, usize, Method)>, Raise> {
        if watch && let Some((id, part)) = self.attr_visible(th, receiver, name) {
            self.park_access(th, id, part, false);
            return Ok(None);
        }
        match self.get_attr(receiver, name)? {
            Attr::Value(value) => Ok(Some((f + 1, 0, Method::Ready(value)))),
            Attr::Call(function, args) => Ok(Some((f + 1, 0, Method::Through(function, args)))),
            Attr::Missing => Err(self.missing_attr(receiver, name)),
        }
    }

    /// Calls the result of `function(*args)` with the window's arguments.
    pub(crate) fn call_through(
        &mut self,
        th: &mut Thread,
        function: Value,
        args: Vec<Value>,
        window: usize,
        count: usize,
        cont: Cont,
    ) -> Run {
        let first = self.tuple(args);
        let rest = self.tuple(&th.stack[window + 1..window + 1 + count]);
        let through = self.prelude_function("_call_through");
        self.call(th, through, &[function, first, rest], &[], cont)
    }
}
