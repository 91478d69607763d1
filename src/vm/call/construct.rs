//! Calls of classes: making an instance and initialising it.

use crate::id::{NameId, ObjId};
use crate::value::Value;
use crate::value::object::{Cont, Instance, Layout, NativeId, Obj};
use crate::vm::call::Run;
use crate::vm::machine::{Machine, Thread};
use crate::vm::names;
use crate::vm::native::{Args, Out, Raise};
use crate::vm::types::Ty;

/// What a native `__new__` came to for a class derived from its own.
pub(super) enum Constructed {
    /// The instance.
    Done(ObjId),
    /// Calling this gives it.
    Call(Value, Vec<Value>, Vec<NameId>),
    /// The argument of this index must be made a list first.
    Materialise(usize),
}

impl Machine {
    /// Calls a class: makes an instance and initialises it.
    pub(super) fn instantiate(
        &mut self,
        th: &mut Thread,
        id: ObjId,
        at: usize,
        argc: usize,
        names: &[NameId],
        cont: Cont,
    ) -> Run {
        let Obj::Class(class) = self.heap.get(id) else {
            unreachable!("caller looked")
        };
        let (layout, flags, meta, root) = (class.layout, class.flags, class.meta, class.root);
        if meta != Ty::Type.id()
            && let Some(call) = self.lookup(meta, names::CALL)
            && !self.is_native_of(call, Ty::Type)
        {
            self.shift_in(th, at, argc, Value::Obj(id));
            th.stack[at] = call;
            return self.call_window(th, at, argc + 1, names, cont);
        }
        if flags.new {
            return self.type_call(th, id, at, argc, names, cont);
        }
        match layout {
            Layout::Plain if flags.is_abstract => {
                let function = self.prelude_function("_abstract_error");
                self.call(th, function, &[Value::Obj(id)], &[], cont)
            }
            Layout::Plain => {
                let made = self.heap.alloc(Obj::Instance(Box::new(Instance {
                    class: id,
                    shape: root,
                    slots: Vec::new(),
                    inner: Value::Unbound,
                })));
                self.initialise(th, made, id, at, argc, names, cont)
            }
            Layout::Inner(base) if base == Ty::BaseException.id() => {
                let given = &th.stack[at + 1..at + 1 + argc - names.len()];
                let id = self.exception_class(id, given);
                let args = self.tuple(&th.stack[at + 1..at + 1 + argc - names.len()]);
                let made = self.new_exception(id, args);
                self.initialise(th, made, id, at, argc, names, cont)
            }
            Layout::Inner(_) => {
                let new = self.lookup(id, names::NEW);
                let Some(Value::Obj(constructor)) = new else {
                    unreachable!("builtin classes have constructors")
                };
                let Obj::Native(native) = *self.heap.get(constructor) else {
                    unreachable!("flag says so")
                };
                if self.is_builtin_class(id) {
                    // The class itself is the first argument, where it stands already.
                    let this = Value::Obj(constructor);
                    return self.call_native(th, native, this, at, argc + 1, names, cont);
                }
                if self.is_subclass(id, Ty::Type.id()) {
                    return self.type_call(th, id, at, argc, names, cont);
                }
                match self.construct_inside(th, native, id, at, argc + 1, names)? {
                    Constructed::Done(made) => self.initialise(th, made, id, at, argc, names, cont),
                    _ => self.type_call(th, id, at, argc, names, cont),
                }
            }
        }
    }

    fn is_builtin_class(&self, id: ObjId) -> bool {
        matches!(self.heap.get(id), Obj::Class(c) if c.builtin)
    }

    /// Whether a value is a native method that belongs to a builtin class.
    pub(crate) fn is_native_of(&self, value: Value, class: Ty) -> bool {
        let Value::Obj(id) = value else { return false };
        match self.heap.get(id) {
            Obj::Native(native) => {
                self.natives[native.0 as usize].owner == Ty::ALL[class as usize].1
            }
            Obj::StaticMethod(inner) => self.is_native_of(*inner, class),
            _ => false,
        }
    }

    /// The general construction, `type.__call__`: `cls.__new__`, then `__init__` if that gave an instance. In the prelude.
    fn type_call(
        &mut self,
        th: &mut Thread,
        class: ObjId,
        at: usize,
        argc: usize,
        names: &[NameId],
        cont: Cont,
    ) -> Run {
        let given = argc - names.len();
        let args = self.tuple(&th.stack[at + 1..at + 1 + given]);
        let mut dict = crate::value::dict::Dict::default();
        for (i, &name) in names.iter().enumerate() {
            let key = self.name_value(name);
            self.dict_insert_new(&mut dict, key, th.stack[at + 1 + given + i]);
        }
        let keywords = self.dict(dict);
        let function = self.prelude_function("_type_call");
        self.call(
            th,
            function,
            &[Value::Obj(class), args, keywords],
            &[],
            cont,
        )
    }

    /// The class given to the native `__new__` of class `owner`, if it is a user's whose instances have a builtin value inside.
    ///
    /// # Errors
    /// `TypeError` when it is not derived from `owner`.
    pub(super) fn derived_from(
        &mut self,
        owner: &str,
        class: Value,
    ) -> Result<Option<ObjId>, Raise> {
        let Some(id) = class.obj() else {
            return Ok(None);
        };
        let Obj::Class(c) = self.heap.get(id) else {
            return Ok(None);
        };
        let builtin = c.builtin;
        if matches!(owner, "object" | "type" | "BaseException")
            || builtin && Ty::ALL[id.index()].1 == owner
        {
            return Ok(None);
        }
        let base = Ty::ALL.iter().find(|(_, name, _)| *name == owner);
        if base.is_some_and(|(ty, _, _)| self.is_subclass(id, ty.id())) {
            return Ok((!builtin).then_some(id));
        }
        let name = self.class_name(id);
        let message = format!("{owner}.__new__({name}): {name} is not a subtype of {owner}");
        Err(self.type_error(message))
    }

    /// Runs the native `__new__` in a window for a class derived from its own, and puts the value that it makes inside an
    /// instance. Types with an `__init__` of their own get their arguments there.
    pub(super) fn construct_inside(
        &mut self,
        th: &Thread,
        native: NativeId,
        class: ObjId,
        at: usize,
        argc: usize,
        names: &[NameId],
    ) -> Result<Constructed, Raise> {
        let def = self.natives[native.0 as usize];
        let filled_later = matches!(def.owner, "list" | "dict" | "set" | "collections.deque");
        let (argc, names) = if filled_later {
            (1, &[][..])
        } else {
            (argc, names)
        };
        let args = Args {
            all: &th.stack[at..at + argc],
            names,
            frames: &th.frames,
            this: self.native_values(native),
        };
        let around = |m: &Machine, function: Value, args: Vec<Value>, names| {
            let mut all = vec![Value::Obj(class), function];
            all.extend(args);
            Constructed::Call(m.prelude_function("_new_around"), all, names)
        };
        Ok(match (def.run)(self, &args)? {
            Out::Value(inner) => Constructed::Done(self.new_instance(class, inner)),
            Out::Materialise(index) => Constructed::Materialise(index),
            Out::Call(function, args) => around(self, function, args, Vec::new()),
            Out::CallKw(function, args, names) => around(self, function, args, names),
            _ => unreachable!("constructors make a value or call"),
        })
    }

    /// An instance without attributes.
    pub(crate) fn new_instance(&mut self, class: ObjId, inner: Value) -> ObjId {
        let shape = self.root_shape(class);
        self.heap.alloc(Obj::Instance(Box::new(Instance {
            class,
            shape,
            slots: Vec::new(),
            inner,
        })))
    }

    /// Calls `__init__` of a new instance with the window's arguments; the instance goes to `cont`.
    #[allow(
        clippy::too_many_arguments,
        reason = "a call window and what to do with it"
    )]
    fn initialise(
        &mut self,
        th: &mut Thread,
        made: ObjId,
        class: ObjId,
        at: usize,
        argc: usize,
        names: &[NameId],
        cont: Cont,
    ) -> Run {
        let init = self.lookup(class, names::INIT);
        match init {
            Some(Value::Obj(init)) => match self.heap.get(init) {
                Obj::Function(_) => {
                    self.shift_in(th, at, argc, Value::Obj(made));
                    th.stack[at] = Value::Obj(made);
                    match cont {
                        Cont::Reg(d) => {
                            self.push_function(th, init, at + 1, argc + 1, names, Cont::Init(d))
                        }
                        _ => {
                            let given = th.stack[at + 1..at + 2 + argc].to_vec();
                            let function = self.prelude_function("_initialised");
                            let mut args = vec![Value::Obj(init)];
                            args.extend(given);
                            self.call(th, function, &args, names, cont)
                        }
                    }
                }
                Obj::Native(native) => {
                    let native = *native;
                    self.shift_in(th, at, argc, Value::Obj(made));
                    if self.natives[native.0 as usize].owner == "object" {
                        let plain =
                            matches!(self.heap.get(made), Obj::Instance(i) if i.inner.is_unbound());
                        if argc > 0 && plain {
                            let message =
                                format!("{}() takes no arguments", self.class_name(class));
                            return Err(self.type_error(message));
                        }
                    } else if self.exception(made).is_none() {
                        let args = th.stack[at + 1..at + 2 + argc].to_vec();
                        let mut all = vec![Value::Obj(init)];
                        all.extend(args);
                        let function = self.prelude_function("_initialised");
                        return self.call(th, function, &all, names, cont);
                    } else {
                        self.call_native(
                            th,
                            native,
                            Value::Obj(init),
                            at + 1,
                            argc + 1,
                            names,
                            Cont::Discard,
                        )?;
                    }
                    self.deliver(th, Value::Obj(made), cont)
                }
                _ => {
                    let mut args = vec![Value::Obj(init), Value::Obj(made)];
                    args.extend_from_slice(&th.stack[at + 1..at + 1 + argc]);
                    let function = self.prelude_function("_initialised");
                    self.call(th, function, &args, names, cont)
                }
            },
            _ => self.deliver(th, Value::Obj(made), cont),
        }
    }
}
