"""What crosses from one process to another: values as CPython's pickle would carry them, without bytes in between.

A message is a number, text, `None` or other simple value itself, or a tree of nodes that nothing refers to but the message. It is
taken apart into nodes by the sender and put together by the receiver, in whose memory classes and functions are looked up by name.
"""

from _outside import _Outside
from _raddle import deque as _deque, module_object as _module_object

_ATOMS = (type(None), bool, int, float, str, bytes, type(...), type(NotImplemented))
_LOCKS = ("Event", "Semaphore", "BoundedSemaphore", "Barrier")


class PickleError(Exception):
    pass


class PicklingError(PickleError):
    pass


class UnpicklingError(PickleError):
    pass


class _Node:
    """One object of a message: how to make it, and of what."""

    def __init__(self, kind):
        self.kind = kind
        self.parts = None


def dumps(obj):
    return _Writer().save(obj)


def loads(message):
    return _Reader().load(message)


def _is_atom(obj):
    cls = type(obj)
    for atom in _ATOMS:
        if cls is atom:
            return True
    return False


class _Writer:
    def __init__(self):
        self._nodes = {}
        self._kept = []

    def save(self, obj):
        if _is_atom(obj):
            return obj
        key = id(obj)
        node = self._nodes.get(key)
        if node is None:
            node = _Node(None)
            self._nodes[key] = node
            self._kept.append(obj)
            self._fill(node, obj)
        return node

    def _all(self, items):
        return [self.save(item) for item in items]

    def _pairs(self, items):
        return [(self.save(k), self.save(v)) for k, v in items]

    def _fill(self, node, obj):
        cls = type(obj)
        if cls is list or cls is tuple or cls is set or cls is frozenset:
            node.kind = cls.__name__
            node.parts = self._all(obj)
        elif cls is dict:
            node.kind = "dict"
            node.parts = self._pairs(obj.items())
        elif isinstance(obj, type) or cls.__name__ in ("function", "builtin_function_or_method"):
            self._global(node, obj)
        elif cls.__name__ == "method":
            node.kind = "method"
            node.parts = (self.save(obj.__self__), obj.__func__.__name__)
        elif cls.__name__ in ("method_descriptor", "wrapper_descriptor"):
            node.kind = "global"
            node.parts = ("builtins", obj.__qualname__)
        elif cls is _deque:
            node.kind = "deque"
            node.parts = (self._all(obj), obj.maxlen)
        elif cls is bytearray:
            node.kind = "bytearray"
            node.parts = bytes(obj)
        elif cls is range or cls is slice:
            node.kind = "range" if cls is range else "slice"
            node.parts = self._all((obj.start, obj.stop, obj.step))
        elif isinstance(obj, _Outside):
            node.kind = "outside"
            node.parts = obj
        else:
            self._instance(node, obj, cls)

    def _global(self, node, obj):
        name = obj.__qualname__
        if "<locals>" in name:
            raise AttributeError(f"Can't get local object {name!r}")
        module = getattr(obj, "__module__", None) or "builtins"
        # In a process that was not forked the program has another name.
        if module == "__mp_main__":
            module = "__main__"
        found = _module(module)
        for part in name.split("."):
            found = getattr(found, part, _Node)
        if found is _Node:
            raise PicklingError(f"Can't pickle {obj!r}: attribute lookup {name} on {module} failed")
        if found is not obj:
            raise PicklingError(f"Can't pickle {obj!r}: it's not the same object as {module}.{name}")
        node.kind = "global"
        node.parts = (module, name)

    def _instance(self, node, obj, cls):
        reduce = getattr(cls, "__reduce__", None)
        if reduce is not None and reduce is not getattr(object, "__reduce__", None):
            self._reduced(node, obj, reduce(obj))
            return
        reduce = getattr(cls, "__reduce_ex__", None)
        if reduce is not None and reduce is not getattr(object, "__reduce_ex__", None):
            self._reduced(node, obj, reduce(obj, 4))
            return
        _refuse(obj, cls)
        if hasattr(cls, "_member_map_") and getattr(obj, "_name_", None) in cls._member_map_:
            node.kind = "member"
            node.parts = (self.save(cls), obj._name_)
            return
        node.kind = "instance"
        made, state = self._made(obj, cls), _state(obj, cls)
        items = pairs = None
        if isinstance(obj, (list, set, _deque)):
            items = self._all(list(obj))
        elif isinstance(obj, dict):
            pairs = self._pairs([(k, dict.__getitem__(obj, k)) for k in dict.keys(obj)])
        node.parts = (self.save(cls), made, self.save(state), items, pairs)

    def _made(self, obj, cls):
        """The arguments of `__new__`."""
        getter = getattr(cls, "__getnewargs_ex__", None)
        if getter is not None:
            args, kwargs = getter(obj)
            return (self._all(args), self._pairs(kwargs.items()))
        getter = getattr(cls, "__getnewargs__", None)
        if getter is not None and not _is_builtin(getter):
            return (self._all(getter(obj)), [])
        if isinstance(obj, BaseException):
            return (self._all(obj.args), None)
        if isinstance(obj, (tuple, frozenset)):
            # A class derived from tuple may have a `__new__` of its own that takes other arguments.
            return ([self.save((tuple if isinstance(obj, tuple) else frozenset)(obj))], [])
        for base in (int, float, str, bytes, bytearray):
            if isinstance(obj, base):
                return ([base(obj)], [])
        return ([], [])

    def _reduced(self, node, obj, value):
        if isinstance(value, str):
            found = getattr(_module(type(obj).__module__), value, None)
            if found is not obj:
                raise PicklingError(f"Can't pickle {obj!r}: it's not the same object as {type(obj).__module__}.{value}")
            node.kind = "global"
            node.parts = (type(obj).__module__, value)
            return
        if not isinstance(value, tuple):
            raise PicklingError("__reduce__ must return a string or tuple")
        if not 2 <= len(value) <= 6:
            raise PicklingError("tuple returned by __reduce__ must contain 2 through 6 elements")
        value = value + (None,) * (5 - len(value))
        node.kind = "reduced"
        function, args, state, items, pairs = value[:5]
        node.parts = (
            self.save(function),
            self._all(args),
            self.save(state),
            self._all(items) if items is not None else None,
            self._pairs(pairs) if pairs is not None else None,
        )


def _is_builtin(function):
    return type(function).__name__ not in ("function", "method")


def _refuse(obj, cls):
    """What has no state that could be carried."""
    module, name = cls.__module__, cls.__name__
    if module == "_thread" and name in ("lock", "RLock"):
        raise TypeError(f"cannot pickle '_thread.{name}' object")
    for base in cls.__mro__:
        if base.__module__ == "threading":
            if base.__name__ in _LOCKS or base.__name__ == "Thread":
                raise TypeError("cannot pickle '_thread.lock' object")
            if base.__name__ == "Condition":
                raise TypeError("cannot pickle '_thread.RLock' object")
        if base.__name__ == "_local" and base.__module__ == "_thread":
            raise TypeError("cannot pickle '_thread._local' object")
        if base.__module__ in ("queue", "_queue") and base.__name__ in ("Queue", "SimpleQueue"):
            if base.__name__ == "Queue":
                raise TypeError("cannot pickle '_thread.lock' object")
            raise TypeError("cannot pickle '_queue.SimpleQueue' object")
    if module == "builtins" and not isinstance(obj, BaseException) and cls is not object:
        raise TypeError(f"cannot pickle {name!r} object")
    if name in ("TextIOWrapper", "_Stream", "_File"):
        raise TypeError("cannot pickle 'TextIOWrapper' instances")


def _state(obj, cls):
    getter = getattr(cls, "__getstate__", None)
    if getter is not None and getter is not getattr(object, "__getstate__", None):
        return getter(obj)
    slots = {}
    for base in cls.__mro__:
        names = base.__dict__.get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            if name.startswith("__") and not name.endswith("__"):
                name = "_" + base.__name__.lstrip("_") + name
            if name not in ("__dict__", "__weakref__") and hasattr(obj, name):
                slots[name] = getattr(obj, name)
    attributes = dict(obj.__dict__) if hasattr(obj, "__dict__") else None
    if slots:
        return (attributes or None, slots)
    return attributes or None


class _Reader:
    def __init__(self):
        self._made = {}

    def load(self, node):
        if type(node) is not _Node:
            return node
        key = id(node)
        if key in self._made:
            return self._made[key]
        kind, parts = node.kind, node.parts
        if kind == "list":
            made = self._made[key] = []
            for part in parts:
                made.append(self.load(part))
        elif kind == "dict":
            made = self._made[key] = {}
            for k, v in parts:
                made[self.load(k)] = self.load(v)
        elif kind == "set":
            made = self._made[key] = set()
            for part in parts:
                made.add(self.load(part))
        elif kind == "deque":
            made = self._made[key] = _deque([], parts[1])
            for part in parts[0]:
                made.append(self.load(part))
        elif kind == "bytearray":
            made = self._made[key] = bytearray(parts)
        elif kind == "instance":
            made = self._instance(key, parts)
        elif kind == "reduced":
            made = self._reduced(key, parts)
        else:
            made = self._simple(kind, parts)
            # A part of it may have led back here.
            made = self._made.setdefault(key, made)
        return made

    def _all(self, parts):
        return [self.load(part) for part in parts]

    def _simple(self, kind, parts):
        if kind == "global":
            return _lookup(*parts)
        if kind == "method" or kind == "member":
            return getattr(self.load(parts[0]), parts[1])
        if kind == "outside":
            return parts
        items = self._all(parts)
        if kind == "tuple":
            return tuple(items)
        if kind == "frozenset":
            return frozenset(items)
        return range(*items) if kind == "range" else slice(*items)

    def _instance(self, key, parts):
        cls, (args, kwargs), state, items, pairs = parts
        cls = self.load(cls)
        args = self._all(args)
        if kwargs is None:
            made = cls(*args)
        elif cls.__module__ == "datetime":
            # In CPython they are reduced to arguments that nobody sees.
            made = object.__new__(cls)
        elif issubclass(cls, tuple) and cls.__new__ is not tuple.__new__ and len(args) == 1:
            made = tuple.__new__(cls, args[0])
        else:
            made = cls.__new__(cls, *args, **{self.load(k): self.load(v) for k, v in kwargs})
        self._made[key] = made
        self._finish(made, state, items, pairs)
        return made

    def _reduced(self, key, parts):
        function, args, state, items, pairs = parts
        made = self._made[key] = self.load(function)(*self._all(args))
        self._finish(made, state, items, pairs)
        return made

    def _finish(self, made, state, items, pairs):
        if items is not None:
            for item in items:
                if isinstance(made, set):
                    made.add(self.load(item))
                else:
                    made.append(self.load(item))
        if pairs is not None:
            for k, v in pairs:
                dict.__setitem__(made, self.load(k), self.load(v))
        state = self.load(state)
        if state is None:
            return
        setter = getattr(type(made), "__setstate__", None)
        if setter is not None:
            setter(made, state)
            return
        slots = None
        if isinstance(state, tuple) and len(state) == 2:
            state, slots = state
        if state:
            made.__dict__.update(state)
        for name, value in (slots or {}).items():
            object.__setattr__(made, name, value)


def _module(name):
    """The module of that name; some classes of raddle's say that they are of a part of a package that is there as a whole."""
    found = _module_object(name)
    while found is None and "." in name:
        name = name.rpartition(".")[0]
        found = _module_object(name)
    return found


def _lookup(module, name):
    found = whole = _module(module)
    for part in name.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise AttributeError(f"Can't get attribute {name!r} on {whole!r}") from None
    return found
