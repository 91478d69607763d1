# What the machine itself hands to Python: operators with two candidates, classes, truth, calls with fallbacks.


def _materialise(native, args, index, split, names):
    args[index] = [each for each in args[index]]
    if names:
        return native(*args[:split], **dict(zip(names, args[split:])))
    return native(*args)


def _truth(value):
    kind = type(value)
    method = _raddle_lookup(kind, "__bool__")
    if method is not NotImplemented:
        result = method(value)
        if result is True or result is False:
            return result
        raise TypeError(f"__bool__ should return bool, returned {type(result).__name__}")
    method = _raddle_lookup(kind, "__len__")
    if method is not NotImplemented:
        return _len(value) != 0
    return True


def _try_operators(tries):
    at = 0
    while at < len(tries):
        result = tries[at](tries[at + 1], tries[at + 2])
        if result is not NotImplemented:
            return result
        at += 3
    return NotImplemented


def _compare(symbol, a, b):
    if symbol == "==":
        return _eq(a, b)
    if symbol == "!=":
        return not _eq(a, b)
    return _order(symbol, a, b)


def _contains(container, item):
    if _raddle_lookup(type(container), "__iter__") is NotImplemented and _raddle_lookup(type(container), "__getitem__") is NotImplemented:
        raise TypeError(f"argument of type '{type(container).__name__}' is not iterable")
    for each in container:
        if each is item or each == item:
            return True
    return False


def _iter_checked(method, value):
    result = method(value)
    if _raddle_lookup(type(result), "__next__") is NotImplemented:
        raise TypeError(f"iter() returned non-iterator of type '{type(result).__name__}'")
    return result


def _delegate_throw(iterator, exception):
    if isinstance(exception, GeneratorExit):
        close = getattr(iterator, "close", None)
        if close is not None:
            close()
        raise exception
    throw = getattr(iterator, "throw", None)
    if throw is None:
        raise exception
    return throw(exception)


def _generator_close(generator):
    try:
        generator.throw(GeneratorExit())
    except GeneratorExit:
        return None
    except StopIteration as stop:
        return stop.value
    raise RuntimeError("generator ignored GeneratorExit")


def _throw_class(generator, kind):
    return generator.throw(kind())


def _raise_class(kind):
    exception = kind()
    if not isinstance(exception, BaseException):
        raise TypeError(f"calling {kind!r} should have returned an instance of BaseException, not {type(exception)}")
    _raddle_raise(exception)


def _raise_from(exception, cause):
    if isinstance(exception, type):
        exception = exception()
    if isinstance(cause, type) and issubclass(cause, BaseException):
        cause = cause()
    elif cause is not None and not isinstance(cause, BaseException):
        raise TypeError("exception causes must derive from BaseException")
    _raddle_set_cause(exception, cause)
    _raddle_raise(exception)


def _call_through(function, first, rest):
    return function(*first)(*rest)


def _call_for_none(function, args):
    function(*args)


def _getattr_default(function, args, default):
    try:
        return function(*args)
    except AttributeError:
        return default


def _hasattr_call(function, args):
    try:
        function(*args)
    except AttributeError:
        return False
    return True


def _getattribute_or(value, getattribute, name):
    try:
        return getattribute(value, name)
    except AttributeError:
        return _raddle_lookup(type(value), "__getattr__")(value, name)


def _get_or_getattr(function, args, getattr_hook, value, name):
    try:
        return function(*args)
    except AttributeError:
        return getattr_hook(value, name)


def _set_item(namespace, key, value):
    namespace[key] = value


# ---- classes ----


def _abstract_error(cls):
    missing = sorted(cls.__abstractmethods__)
    plural = "s" if len(missing) > 1 else ""
    names = ", ".join([f"'{name}'" for name in missing])
    raise TypeError(f"Can't instantiate abstract class {cls.__name__} without an implementation for abstract method{plural} {names}")


def _initialised(init, instance, *args, **kwargs):
    result = init(instance, *args, **kwargs)
    if result is not None:
        raise TypeError(f"__init__() should return None, not '{type(result).__name__}'")
    return instance


def _new_around(cls, function, *args, **kwargs):
    return _raddle_new_instance(cls, function(*args, **kwargs))


def _type_call(cls, args, kwargs):
    if cls is type and len(args) == 1 and not kwargs:
        return _raddle_meta(args[0])
    new = _raddle_lookup(cls, "__new__")
    if type(new) is staticmethod:
        new = new.__func__
    instance = new(cls, *args, **kwargs)
    kind = _raddle_meta(instance)
    if cls not in _raddle_mro(kind):
        return instance
    return _initialised(_raddle_lookup(kind, "__init__"), instance, *args, **kwargs)


def _winner(meta, bases):
    for base in bases:
        other = _raddle_meta(base)
        if issubclass(meta, other):
            continue
        if issubclass(other, meta):
            meta = other
            continue
        raise TypeError(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases"
        )
    return meta


def _build_class(function, name, bases, keywords):
    resolved = None
    for at in range(len(bases)):
        base = bases[at]
        if not isinstance(base, type):
            entries = getattr(base, "__mro_entries__", None)
            if entries is None:
                continue
            if resolved is None:
                resolved = list(bases[:at])
            resolved.extend(entries(bases))
        elif resolved is not None:
            resolved.append(base)
    original = bases
    if resolved is not None:
        bases = tuple(resolved)
    keywords = {} if keywords is None else keywords
    meta = keywords.pop("metaclass", None)
    if meta is None:
        meta = _raddle_meta(bases[0]) if bases else type
    if isinstance(meta, type):
        meta = _winner(meta, bases)
    prepare = getattr(meta, "__prepare__", None)
    namespace = {} if prepare is None else prepare(name, bases, **keywords)
    cell = _raddle_run_body(function, namespace)
    if resolved is not None:
        namespace["__orig_bases__"] = original
    if meta is type:
        cls = _type_new(type, name, bases, namespace, tuple(keywords), tuple(keywords.values()), cell)
    else:
        if cell is not None:
            namespace["__classcell__"] = cell
        cls = meta(name, bases, namespace, **keywords)
    if cell is not None:
        _raddle_set_cell(cell, cls)
    return cls


def _type_new(meta, name, bases, namespace, names=(), values=(), cell=None):
    if type(bases) is not tuple:
        raise TypeError(f"type.__new__() argument 2 must be tuple, not {type(bases).__name__}")
    if not isinstance(namespace, dict):
        raise TypeError(f"type.__new__() argument 3 must be dict, not {type(namespace).__name__}")
    meta = _winner(meta, bases)
    if cell is None and "__classcell__" in namespace:
        cell = namespace["__classcell__"]
    cls = _raddle_new_class(meta, name, bases, namespace)
    if cell is not None:
        _raddle_set_cell(cell, cls)
    for key, value in _raddle_namespace(cls):
        hook = _raddle_lookup(_raddle_meta(value), "__set_name__")
        if hook is not NotImplemented:
            try:
                hook(value, cls, key)
            except Exception as e:
                e.add_note(f"Error calling __set_name__ on '{type(value).__name__}' instance '{key}' in '{name}'")
                raise
    if names:
        super(cls, cls).__init_subclass__(**dict(zip(names, values)))
    else:
        super(cls, cls).__init_subclass__()
    return cls


def _isinstance(value, kinds):
    if type(kinds) is tuple:
        for kind in kinds:
            if isinstance(value, kind):
                return True
        return False
    hook = _raddle_lookup(_raddle_meta(kinds), "__instancecheck__")
    if hook is NotImplemented:
        raise TypeError("isinstance() arg 2 must be a type, a tuple of types, or a union")
    return bool(hook(kinds, value))


def _issubclass(cls, kinds):
    if type(kinds) is tuple:
        for kind in kinds:
            if issubclass(cls, kind):
                return True
        return False
    hook = _raddle_lookup(_raddle_meta(kinds), "__subclasscheck__")
    if hook is NotImplemented:
        raise TypeError("issubclass() arg 2 must be a class, a tuple of classes, or a union")
    return bool(hook(kinds, cls))


def _type_text(kind):
    if kind is Ellipsis:
        return "..."
    if isinstance(kind, type):
        if kind.__module__ == "builtins":
            return kind.__qualname__
        return f"{kind.__module__}.{kind.__qualname__}"
    return repr(kind)


def _generic_alias(origin, args):
    if origin in _GENERIC:
        return _GenericAlias(origin, args)
    if origin is type:
        return _GenericAlias(origin, args)
    raise TypeError(f"type '{origin.__name__}' is not subscriptable")


_GENERIC = (list, tuple, dict, set, frozenset, type, enumerate)


def _union(a, b):
    parts = []
    for side in (a, b):
        for part in side.__args__ if isinstance(side, _Union) else (side,):
            if part is type(None):
                part = None
            if part not in parts:
                parts.append(part)
    return parts[0] if len(parts) == 1 else _Union(tuple(parts))


class _ProxyMeta(type):
    def __instancecheck__(cls, value):
        return type(value) is cls or type(value) is _ClassDict


_ClassDict = type(_ProxyMeta.__dict__)


class _mappingproxy(metaclass=_ProxyMeta):
    """A mapping that cannot be changed by way of this. The `__dict__` of classes is one of raddle's own."""

    __slots__ = ("_mapping",)

    def __init__(self, mapping):
        if isinstance(mapping, (list, tuple)) or not hasattr(type(mapping), "__getitem__"):
            raise TypeError(f"mappingproxy() argument must be a mapping, not {type(mapping).__name__}")
        self._mapping = mapping

    def __getitem__(self, key):
        return self._mapping[key]

    def __len__(self):
        return len(self._mapping)

    def __contains__(self, key):
        return key in self._mapping

    def __iter__(self):
        return iter(self._mapping)

    def __reversed__(self):
        return reversed(self._mapping)

    def __eq__(self, other):
        return self._mapping == (other._mapping if type(other) is _mappingproxy else other)

    def __hash__(self):
        return hash(self._mapping)

    def __or__(self, other):
        return self._mapping | (other._mapping if type(other) is _mappingproxy else other)

    def __ror__(self, other):
        return other | self._mapping

    def __ior__(self, other):
        raise TypeError("'|=' is not supported by mappingproxy; use '|' instead")

    def __repr__(self):
        return f"mappingproxy({self._mapping!r})"

    def __str__(self):
        return str(self._mapping)

    def get(self, key, default=None):
        return self._mapping.get(key, default)

    def keys(self):
        return self._mapping.keys()

    def values(self):
        return self._mapping.values()

    def items(self):
        return self._mapping.items()

    def copy(self):
        return self._mapping.copy()

    def __class_getitem__(cls, item):
        return _GenericAlias(cls, item)


_mappingproxy.__name__ = _mappingproxy.__qualname__ = "mappingproxy"


class _frame:
    """As much of a frame as can be told of one that may have ended."""

    def __init__(self, code, line, globals):
        self.f_code = code
        self.f_lineno = line
        self.f_globals = globals
        self.f_locals = {}
        self.f_back = None
        self.f_builtins = _frame.__init__.__globals__


_frame.__name__ = _frame.__qualname__ = "frame"


# ---- building ----


def _build_dict(pairs):
    result = {}
    at = 0
    while at < len(pairs):
        result[pairs[at]] = pairs[at + 1]
        at += 2
    return result


def _is_iterable(items):
    kind = _raddle_meta(items)
    return _raddle_lookup(kind, "__iter__") is not NotImplemented or _raddle_lookup(kind, "__getitem__") is not NotImplemented


def _extend(result, items):
    if not _is_iterable(items):
        raise TypeError(f"Value after * must be an iterable, not {type(items).__name__}")
    for item in items:
        result.append(item)


def _extend_args(result, items, function):
    if not _is_iterable(items):
        raise TypeError(f"{_function_text(function)} argument after * must be an iterable, not {type(items).__name__}")
    for item in items:
        result.append(item)


def _function_text(function):
    name = getattr(function, "__qualname__", None)
    if name is None:
        return str(function)
    module = getattr(function, "__module__", None)
    if module is None or module == "builtins":
        return f"{name}()"
    return f"{module}.{name}()"


def _unpack_all(items):
    if not hasattr(type(items), "__iter__") and not hasattr(type(items), "__getitem__"):
        raise TypeError(f"cannot unpack non-iterable {type(items).__name__} object")
    return [item for item in items]


def _update_dict(result, value):
    if isinstance(value, dict):
        result.update(value)
        return
    keys = getattr(value, "keys", None)
    if keys is None:
        raise TypeError(f"'{type(value).__name__}' object is not a mapping")
    for key in keys():
        result[key] = value[key]


def _dict_merge(result, value, function):
    keys = getattr(value, "keys", None)
    if keys is None:
        raise TypeError(f"{_function_text(function)} argument after ** must be a mapping, not {type(value).__name__}")
    for key in keys():
        if not isinstance(key, str):
            raise TypeError("keywords must be strings")
        if key in result:
            raise TypeError(f"{_function_text(function)} got multiple values for keyword argument '{key}'")
        result[key] = value[key]


def _update_set(result, items):
    result.update(items)


def _format_field(value, conversion, spec):
    if conversion == 1:
        value = str(value)
    elif conversion == 2:
        value = repr(value)
    elif conversion == 3:
        value = ascii(value)
    return format(value, spec)


# ---- match ----


def _match_is_sequence(value):
    kind = type(value)
    return issubclass(kind, (list, tuple, range)) or getattr(kind, "_raddle_sequence", False)


def _match_is_mapping(value):
    return isinstance(value, dict) or getattr(type(value), "_raddle_mapping", False)


def _match_keys(subject, keys):
    values = []
    seen = []
    for key in keys:
        if key in seen:
            raise ValueError(f"mapping pattern checks duplicate key ({key!r})")
        seen.append(key)
        value = subject.get(key, _MISSING)
        if value is _MISSING:
            return None
        values.append(value)
    return tuple(values)


_MISSING = object()


def _match_rest(subject, keys):
    rest = dict(subject)
    for key in keys:
        del rest[key]
    return rest


_MATCH_SELF = (bool, bytes, dict, float, frozenset, int, list, set, str, tuple)


def _match_class(subject, cls, count, names):
    if not isinstance(cls, type):
        raise TypeError("called match pattern must be a class")
    if not isinstance(subject, cls):
        return None
    values = []
    seen = []
    if count:
        names_of = getattr(cls, "__match_args__", None)
        if names_of is None:
            own = False
            for kind in _MATCH_SELF:
                if issubclass(cls, kind):
                    own = True
            allowed = 1 if own else 0
            if count > allowed:
                plural = "" if allowed == 1 else "s"
                raise TypeError(f"{cls.__name__}() accepts {allowed} positional sub-pattern{plural} ({count} given)")
            values.append(subject)
        else:
            if type(names_of) is not tuple:
                raise TypeError(f"{cls.__name__}.__match_args__ must be a tuple (got {type(names_of).__name__})")
            if count > len(names_of):
                plural = "" if len(names_of) == 1 else "s"
                raise TypeError(f"{cls.__name__}() accepts {len(names_of)} positional sub-pattern{plural} ({count} given)")
            for name in names_of[:count]:
                if type(name) is not str:
                    raise TypeError(f"__match_args__ elements must be strings (got {type(name).__name__})")
                seen.append(name)
                value = getattr(subject, name, _MISSING)
                if value is _MISSING:
                    return None
                values.append(value)
    for name in names:
        if name in seen:
            raise TypeError(f"{cls.__name__}() got multiple sub-patterns for attribute '{name}'")
        value = getattr(subject, name, _MISSING)
        if value is _MISSING:
            return None
        values.append(value)
    return tuple(values)


def _match_slice(subject, before, after):
    return [subject[at] for at in range(before, len(subject) - after)]


def _echo(value):
    if value is not None:
        print(repr(value))


def _type_param(name, kind, bound, default):
    return _raddle.module_value("typing", "_type_param")(name, kind, bound, default)


def _set_type_params(target, params):
    target.__type_params__ = params
    return target


def _generic_bases(bases, params):
    return bases + (_raddle.module_value("typing", "Generic")[params],)


def _type_alias(name, params, value):
    return _raddle.module_value("typing", "_type_alias")(name, params, value)


def dir(*objects):
    if not objects:
        return sorted(vars())
    if len(objects) > 1:
        raise TypeError(f"dir expected at most 1 argument, got {len(objects)}")
    hook = _raddle_lookup(type(objects[0]), "__dir__")
    if hook is not NotImplemented and not _raddle_is_native(hook):
        return sorted(hook(objects[0]))
    return sorted(set(_raddle_dir(objects[0])))


def locals():
    return vars()


class _GenericAlias:
    def __init__(self, origin, args):
        self.__origin__ = origin
        self.__args__ = args if type(args) is tuple else (args,)

    def __call__(self, *args, **kwargs):
        return self.__origin__(*args, **kwargs)

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def __instancecheck__(self, value):
        raise TypeError("isinstance() argument 2 cannot be a parameterized generic")

    def __subclasscheck__(self, cls):
        raise TypeError("issubclass() argument 2 cannot be a parameterized generic")

    def __getitem__(self, args):
        return _GenericAlias(self.__origin__, args)

    def __or__(self, other):
        return _union(self, other)

    def __ror__(self, other):
        return _union(other, self)

    def __eq__(self, other):
        return isinstance(other, _GenericAlias) and (self.__origin__, self.__args__) == (other.__origin__, other.__args__)

    def __hash__(self):
        return hash((self.__origin__, self.__args__))

    def __repr__(self):
        names = [_type_text(arg) for arg in self.__args__]
        return f"{_type_text(self.__origin__)}[{', '.join(names)}]"


class _Union:
    def __init__(self, args):
        self.__args__ = args

    def __or__(self, other):
        return _union(self, other)

    def __ror__(self, other):
        return _union(other, self)

    def __instancecheck__(self, value):
        for kind in self.__args__:
            if kind is None:
                if value is None:
                    return True
            elif isinstance(value, kind):
                return True
        return False

    def __subclasscheck__(self, cls):
        for kind in self.__args__:
            if kind is not None and issubclass(cls, kind):
                return True
        return False

    def __eq__(self, other):
        return isinstance(other, _Union) and set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __repr__(self):
        return " | ".join(["None" if arg is None else _type_text(arg) for arg in self.__args__])
