"""Shallow and deep copies."""


class Error(Exception):
    pass


error = Error
_IMMUTABLE = (type(None), int, float, bool, str, bytes, type, type(len), type(lambda: 0), range, type(...),
              type(NotImplemented), property)


def copy(x):
    cls = type(x)
    if cls in _IMMUTABLE or cls is tuple or cls is frozenset:
        return x
    if cls is list or cls is dict or cls is set or cls is bytearray:
        return x.copy()
    if isinstance(x, type):
        return x
    copier = getattr(cls, "__copy__", None)
    if copier is not None:
        return copier(x)
    _refuse_sync(x)
    return _rebuilt(x, None)


def deepcopy(x, memo=None, _nil=[]):
    if memo is None:
        memo = {}
    cls = type(x)
    if cls in _IMMUTABLE or isinstance(x, type):
        return x
    key = id(x)
    if key in memo:
        return memo[key]
    if cls is bytearray:
        return x.copy()
    if cls is list:
        made = memo[key] = []
        for item in x:
            made.append(deepcopy(item, memo))
        return made
    if cls is dict:
        made = memo[key] = {}
        for k, v in x.items():
            made[deepcopy(k, memo)] = deepcopy(v, memo)
        return made
    if cls is tuple:
        items = [deepcopy(item, memo) for item in x]
        if key in memo:
            return memo[key]
        for i in range(len(items)):
            if items[i] is not x[i]:
                x = tuple(items)
                break
        memo[key] = x
        return x
    if cls is set or cls is frozenset:
        made = memo[key] = cls([deepcopy(item, memo) for item in x])
        return made
    copier = getattr(cls, "__deepcopy__", None)
    if copier is not None:
        made = memo[key] = copier(x, memo)
        return made
    _refuse_sync(x)
    return _rebuilt(x, memo)


def _refuse_sync(x):
    module = type(x).__module__
    if module in ("_thread", "threading") and not hasattr(x, "__dict__"):
        raise TypeError(f"cannot pickle '{module}.{type(x).__name__}' object")
    if type(x).__name__ in ("generator", "module"):
        raise TypeError(f"cannot pickle '{type(x).__name__}' object")


def _rebuilt(x, memo):
    """A new object of the same class with the same attributes, and the same items if it is a builtin container."""
    cls = type(x)
    if isinstance(x, BaseException):
        made = cls.__new__(cls, *x.args)
        made.args = x.args if memo is None else deepcopy(x.args, memo)
    elif isinstance(x, (tuple, frozenset)):
        items = list(x) if memo is None else [deepcopy(item, memo) for item in x]
        made = (tuple if isinstance(x, tuple) else frozenset).__new__(cls, items)
    elif isinstance(x, (int, float, str, bytes)):
        for base in (int, float, str, bytes):
            if isinstance(x, base):
                made = base.__new__(cls, base(x))
                break
    else:
        made = cls.__new__(cls)
    if memo is not None:
        memo[id(x)] = made
    setter = getattr(cls, "__setstate__", None)
    getter = getattr(cls, "__getstate__", None)
    if getter is not None and getter is not getattr(object, "__getstate__", None):
        state = getter(x)
        if memo is not None:
            state = deepcopy(state, memo)
        if setter is not None:
            setter(made, state)
        else:
            made.__dict__.update(state)
    elif hasattr(x, "__dict__"):
        state = dict(x.__dict__)
        if memo is not None:
            state = deepcopy(state, memo)
        if setter is not None:
            setter(made, state)
        else:
            made.__dict__.update(state)
    for base in cls.__mro__:
        slots = base.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name.startswith("__") and not name.endswith("__"):
                name = "_" + base.__name__.lstrip("_") + name
            if name != "__dict__" and hasattr(x, name):
                value = getattr(x, name)
                object.__setattr__(made, name, value if memo is None else deepcopy(value, memo))
    if isinstance(x, list):
        made.extend(x if memo is None else [deepcopy(item, memo) for item in x])
    elif isinstance(x, dict):
        for k in dict.keys(x):
            v = dict.__getitem__(x, k)
            dict.__setitem__(made, k if memo is None else deepcopy(k, memo), v if memo is None else deepcopy(v, memo))
    elif isinstance(x, set):
        made.update(x if memo is None else [deepcopy(item, memo) for item in x])
    return made


def replace(obj, /, **changes):
    func = getattr(type(obj), "__replace__", None)
    if func is None:
        raise TypeError(f"replace() does not support {type(obj).__name__} objects")
    return func(obj, **changes)
