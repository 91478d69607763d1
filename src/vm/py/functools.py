"""Functions of functions."""

from _raddle import RLock as _RLock, refuse as _not_supported
import builtins as _builtins

__all__ = ["update_wrapper", "wraps", "WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES", "total_ordering", "cache",
           "cmp_to_key", "lru_cache", "reduce", "partial", "partialmethod", "singledispatch", "singledispatchmethod",
           "cached_property"]

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__", "__type_params__")
WRAPPER_UPDATES = ("__dict__",)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for name in assigned:
        try:
            setattr(wrapper, name, getattr(wrapped, name))
        except AttributeError:
            pass
    for name in updated:
        try:
            getattr(wrapper, name).update(getattr(wrapped, name, {}))
        except AttributeError:
            pass
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped, assigned, updated)

    return decorate


_absent = object()


def reduce(function, iterable, initial=_absent, /):
    it = iter(iterable)
    if initial is _absent:
        for value in it:
            break
        else:
            raise TypeError("reduce() of empty iterable with no initial value")
    else:
        value = initial
    for item in it:
        value = function(value, item)
    return value


class partial:
    def __init__(self, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError("the first argument must be callable")
        if isinstance(func, partial):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __call__(self, /, *args, **keywords):
        return self.func(*self.args, *args, **{**self.keywords, **keywords})

    def __repr__(self):
        shown = [repr(self.func)]
        shown += [repr(a) for a in self.args]
        shown += [f"{k}={v!r}" for k, v in self.keywords.items()]
        return "functools.partial(" + ", ".join(shown) + ")"


class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, obj, cls=None):
        func, args, keywords = self.func, self.args, self.keywords
        if hasattr(func, "__get__") and not isinstance(func, type(len)):
            bound = func.__get__(obj, cls)
            return partial(bound, *args, **keywords)
        return partial(func, obj, *args, **keywords)


def _comparison(name, find):
    def method(self, other):
        return find(self, other)

    method.__name__ = name
    return method


def _opposite(method):
    def find(self, other):
        result = getattr(type(self), method)(self, other)
        return result if result is NotImplemented else not result

    return find


def _or_equal(method):
    def find(self, other):
        result = getattr(type(self), method)(self, other)
        if result is NotImplemented:
            return result
        return result or self == other

    return find


def _and_unequal(method):
    def find(self, other):
        result = getattr(type(self), method)(self, other)
        if result is NotImplemented:
            return result
        return result and self != other

    return find


def _neither(method):
    def find(self, other):
        result = getattr(type(self), method)(self, other)
        if result is NotImplemented:
            return result
        return not result and self != other

    return find


def _opposite_or_equal(method):
    def find(self, other):
        result = getattr(type(self), method)(self, other)
        if result is NotImplemented:
            return result
        return not result or self == other

    return find


_ORDERINGS = {
    "__lt__": [("__gt__", _neither), ("__le__", _or_equal), ("__ge__", _opposite)],
    "__le__": [("__ge__", _opposite_or_equal), ("__lt__", _and_unequal), ("__gt__", _opposite)],
    "__gt__": [("__lt__", _neither), ("__ge__", _or_equal), ("__le__", _opposite)],
    "__ge__": [("__le__", _opposite_or_equal), ("__gt__", _and_unequal), ("__lt__", _opposite)],
}


def total_ordering(cls):
    roots = {op for op in _ORDERINGS if getattr(cls, op, None) is not getattr(object, op, None)}
    if not roots:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = max(roots)
    for name, make in _ORDERINGS[root]:
        if name not in roots:
            setattr(cls, name, _comparison(name, make(root)))
    return cls


class _Key:
    __slots__ = ("obj", "_compare")

    def __init__(self, obj, compare):
        self.obj = obj
        self._compare = compare

    def __lt__(self, other):
        return self._compare(self.obj, other.obj) < 0

    def __gt__(self, other):
        return self._compare(self.obj, other.obj) > 0

    def __eq__(self, other):
        return self._compare(self.obj, other.obj) == 0

    def __le__(self, other):
        return self._compare(self.obj, other.obj) <= 0

    def __ge__(self, other):
        return self._compare(self.obj, other.obj) >= 0

    __hash__ = None


def cmp_to_key(mycmp):
    def key(obj):
        return _Key(obj, mycmp)

    return key


class cached_property:
    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name
        elif name != self.attrname:
            raise TypeError(
                "Cannot assign the same cached_property to two different names "
                f"({self.attrname!r} and {name!r})."
            )

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.attrname is None:
            raise TypeError("Cannot use cached_property instance without calling __set_name__ on it.")
        cache = instance.__dict__
        value = cache.get(self.attrname, _absent)
        if value is _absent:
            value = self.func(instance)
            cache[self.attrname] = value
        return value


class _CacheInfo(tuple):
    __slots__ = ()
    hits = property(lambda self: self[0])
    misses = property(lambda self: self[1])
    maxsize = property(lambda self: self[2])
    currsize = property(lambda self: self[3])

    def __repr__(self):
        return "CacheInfo(hits=%r, misses=%r, maxsize=%r, currsize=%r)" % tuple(self)


class _LruCache:
    """The function with its cache. Looking up and storing are one step each; the function runs between them."""

    def __init__(self, func, maxsize, typed):
        self._func = func
        self._maxsize = maxsize
        self._typed = typed
        self._cache = {}
        self._hits = self._misses = 0
        update_wrapper(self, func)

    def _key(self, args, kwargs):
        if not kwargs and not self._typed:
            if len(args) == 1 and type(args[0]) in (int, str):
                return args[0]
            return (args,)
        key = args
        if kwargs:
            key += (_absent,)
            for item in kwargs.items():
                key += item
        if self._typed:
            key += tuple([type(v) for v in args])
            key += tuple([type(v) for v in kwargs.values()])
        return (key,)

    def __call__(self, /, *args, **kwargs):
        if self._maxsize == 0:
            self._misses += 1
            return self._func(*args, **kwargs)
        key = self._key(args, kwargs)
        cache = self._cache
        value = cache.get(key, _absent)
        if value is not _absent:
            self._hits += 1
            if self._maxsize is not None:
                del cache[key]
                cache[key] = value
            return value
        self._misses += 1
        value = self._func(*args, **kwargs)
        if self._maxsize is not None and key not in cache and len(cache) >= self._maxsize:
            for oldest in cache:
                break
            del cache[oldest]
        cache[key] = value
        return value

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return _BoundCache(self, instance)

    def cache_info(self):
        return _CacheInfo((self._hits, self._misses, self._maxsize, len(self._cache)))

    def cache_clear(self):
        self._cache.clear()
        self._hits = self._misses = 0

    def cache_parameters(self):
        return {"maxsize": self._maxsize, "typed": self._typed}

    def __repr__(self):
        return f"<functools._lru_cache_wrapper object at {id(self):#x}>"


class _BoundCache:
    def __init__(self, cache, instance):
        self.__func__ = cache
        self.__self__ = instance

    def __call__(self, /, *args, **kwargs):
        return self.__func__(self.__self__, *args, **kwargs)

    def __getattr__(self, name):
        return getattr(self.__func__, name)


def lru_cache(maxsize=128, typed=False):
    if isinstance(maxsize, int):
        if maxsize < 0:
            maxsize = 0
    elif callable(maxsize) and isinstance(typed, bool):
        return _LruCache(maxsize, 128, False)
    elif maxsize is not None:
        raise TypeError("Expected first argument to be an integer, a callable, or None")

    def decorate(func):
        return _LruCache(func, maxsize, typed)

    return decorate


def cache(user_function, /):
    return _LruCache(user_function, None, False)


def _annotated(text, func):
    """The class or union of classes that an annotation in a string names."""
    kinds = []
    for part in text.split("|"):
        first, *rest = part.strip().split(".")
        if not all([name.isidentifier() for name in (first, *rest)]):
            _not_supported(f"singledispatch by the annotation {text!r}, a string that is no name, is not supported")
        if first in func.__globals__:
            kind = func.__globals__[first]
        elif hasattr(_builtins, first):
            kind = getattr(_builtins, first)
        else:
            raise NameError(f"name {first!r} is not defined")
        for name in rest:
            kind = getattr(kind, name)
        kinds.append(kind)
    kind = kinds[0]
    for other in kinds[1:]:
        kind = kind | other
    return kind


def singledispatch(func):
    registry = {object: func}

    def dispatch(cls):
        for base in cls.__mro__:
            if base in registry:
                return registry[base]
        found = None
        for kind in registry:
            if issubclass(cls, kind) and (found is None or issubclass(kind, found)):
                found = kind
        return registry[found or object]

    def register(cls, func=None):
        if func is None:
            if isinstance(cls, type):
                return lambda f: register(cls, f)
            func = cls
            annotations = getattr(func, "__annotations__", {})
            if not annotations:
                raise TypeError(
                    f"Invalid first argument to `register()`: {cls!r}. "
                    f"Use either `@register(some_class)` or plain `@register` on an annotated function."
                )
            cls = next(iter(annotations.values()))
            if isinstance(cls, str):
                cls = _annotated(cls, func)
        for kind in getattr(cls, "__args__", None) or (cls,):
            registry[kind] = func
        return func

    def wrapper(*args, **kw):
        if not args:
            raise TypeError(f"{getattr(func, '__name__', 'singledispatch function')} requires at least 1 positional argument")
        return dispatch(args[0].__class__)(*args, **kw)

    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = registry
    update_wrapper(wrapper, func)
    return wrapper


class singledispatchmethod:
    def __init__(self, func):
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, func=method)

    def __get__(self, obj, cls=None):
        dispatch = self.dispatcher.dispatch

        def method(*args, **kwargs):
            return dispatch(args[0].__class__).__get__(obj, cls)(*args, **kwargs)

        method.register = self.register
        return method
