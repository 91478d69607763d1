"""Classes from annotations. Methods are closures over the fields, not generated source."""

import copy as _copy
import types
from _raddle import thread_current as _thread_current

__all__ = ["dataclass", "field", "Field", "FrozenInstanceError", "InitVar", "KW_ONLY", "MISSING", "fields", "asdict",
           "astuple", "make_dataclass", "replace", "is_dataclass"]


class FrozenInstanceError(AttributeError):
    pass


class _Factory:
    def __repr__(self):
        return "<factory>"


class _Missing:
    def __repr__(self):
        return "<dataclasses._MISSING_TYPE object>"


class KW_ONLY:
    pass


MISSING = _Missing()
_FIELDS = "__dataclass_fields__"
_PARAMS = "__dataclass_params__"


class InitVar:
    __slots__ = ("type",)

    def __init__(self, type):
        self.type = type

    def __repr__(self):
        name = self.type.__name__ if isinstance(self.type, type) else repr(self.type)
        return f"dataclasses.InitVar[{name}]"

    def __class_getitem__(cls, type):
        return InitVar(type)


class Field:
    __slots__ = ("name", "type", "default", "default_factory", "repr", "hash", "init", "compare", "metadata",
                 "kw_only", "_field_type")

    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = {} if metadata is None else metadata
        self.kw_only = kw_only
        self._field_type = "field"

    def __repr__(self):
        return (
            f"Field(name={self.name!r},type={self.type!r},default={self.default!r},"
            f"default_factory={self.default_factory!r},init={self.init!r},repr={self.repr!r},hash={self.hash!r},"
            f"compare={self.compare!r},metadata=mappingproxy({self.metadata!r}),kw_only={self.kw_only!r},"
            f"_field_type={self._field_type})"
        )


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None,
          kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _kind(annotation):
    if isinstance(annotation, str):
        text = annotation.strip()
        for prefix in ("ClassVar", "typing.ClassVar", "t.ClassVar"):
            if text == prefix or text.startswith(prefix + "["):
                return "classvar"
        for prefix in ("InitVar", "dataclasses.InitVar"):
            if text == prefix or text.startswith(prefix + "["):
                return "initvar"
        return "field"
    if annotation is InitVar or isinstance(annotation, InitVar):
        return "initvar"
    name = getattr(annotation, "_name", None) or getattr(getattr(annotation, "__origin__", None), "_name", None)
    if name == "ClassVar":
        return "classvar"
    return "field"


def _own_field(cls, name, annotation, kw_only):
    default = cls.__dict__.get(name, MISSING)
    if isinstance(default, Field):
        f = default
    else:
        if isinstance(default, types.MemberDescriptorType):
            default = MISSING
        f = field(default=default)
    f.name = name
    f.type = annotation
    f._field_type = _kind(annotation)
    if f._field_type != "field" and f.default_factory is not MISSING:
        raise TypeError(f"field {name} cannot have a default factory")
    if f._field_type == "classvar":
        if f.kw_only is not MISSING:
            raise TypeError(f"field {name} is a ClassVar but specifies kw_only")
    elif f.kw_only is MISSING:
        f.kw_only = kw_only
    if f._field_type == "field" and f.default is not MISSING and f.default.__class__.__hash__ is None:
        raise ValueError(
            f"mutable default {type(f.default)} for field {f.name} is not allowed: use default_factory"
        )
    return f


def _listed(names):
    quoted = [f"'{n}'" for n in names]
    if len(quoted) == 1:
        return quoted[0]
    if len(quoted) == 2:
        return " and ".join(quoted)
    return ", ".join(quoted[:-1]) + ", and " + quoted[-1]


def _make_init(cls, all_fields, frozen):
    taken = [f for f in all_fields if f.init and f._field_type != "classvar"]
    positional = [f for f in taken if not f.kw_only]
    keyword = [f for f in taken if f.kw_only]
    seen_default = None
    for f in positional:
        if f.default is not MISSING or f.default_factory is not MISSING:
            seen_default = f
        elif seen_default is not None:
            raise TypeError(f"non-default argument {f.name!r} follows default argument {seen_default.name!r}")
    stored = [f for f in all_fields if f._field_type == "field"]
    has_post = hasattr(cls, "__post_init__")
    initvars = [f.name for f in all_fields if f._field_type == "initvar"]
    names = [f.name for f in positional]
    known = {f.name for f in taken}
    required = [f.name for f in positional if f.default is MISSING and f.default_factory is MISSING]
    required_keywords = [f.name for f in keyword if f.default is MISSING and f.default_factory is MISSING]
    title = f"{cls.__qualname__}.__init__()"
    count = len(names)

    def refuse(args, kwargs, values):
        if len(args) > count:
            least = len(required) + 1
            takes = f"{count + 1} positional argument{'s' if count else ''}"
            if least != count + 1:
                takes = f"from {least} to {count + 1} positional arguments"
            raise TypeError(f"{title} takes {takes} but {len(args) + 1} were given")
        for name in kwargs:
            if name not in known:
                raise TypeError(f"{title} got an unexpected keyword argument '{name}'")
            if name in names[: len(args)]:
                raise TypeError(f"{title} got multiple values for argument '{name}'")
        for wanted, what in ((required, "positional"), (required_keywords, "keyword-only")):
            absent = [name for name in wanted if name not in values]
            if absent:
                plural = "s" if len(absent) > 1 else ""
                raise TypeError(f"{title} missing {len(absent)} required {what} argument{plural}: {_listed(absent)}")

    def __init__(self, /, *args, **kwargs):
        values = dict(zip(names, args))
        for name in kwargs:
            if name in values:
                refuse(args, kwargs, values)
        values.update(kwargs)
        if len(args) > count:
            refuse(args, kwargs, values)
        for name in kwargs:
            if name not in known:
                refuse(args, kwargs, values)
        for name in required:
            if name not in values:
                refuse(args, kwargs, values)
        for name in required_keywords:
            if name not in values:
                refuse(args, kwargs, values)
        for f in stored:
            name = f.name
            if f.init and name in values:
                value = values[name]
            elif f.default_factory is not MISSING:
                value = f.default_factory()
            elif f.default is not MISSING:
                value = f.default
            else:
                continue
            if frozen:
                object.__setattr__(self, name, value)
            else:
                setattr(self, name, value)
        if has_post:
            extra = []
            for name in initvars:
                if name in values:
                    extra.append(values[name])
                else:
                    f = self.__dataclass_fields__[name]
                    extra.append(f.default)
            self.__post_init__(*extra)

    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    __init__.__annotations__ = {f.name: f.type for f in taken} | {"return": None}
    return __init__


_writing = set()


def _make_repr(shown):
    names = [f.name for f in shown]

    def __repr__(self):
        key = (id(self), _thread_current())
        if key in _writing:
            return "..."
        _writing.add(key)
        try:
            return self.__class__.__qualname__ + "(" + ", ".join([f"{n}={getattr(self, n)!r}" for n in names]) + ")"
        finally:
            _writing.discard(key)

    return __repr__


def _values(self, names):
    return tuple([getattr(self, n) for n in names])


def _make_eq(names):
    def __eq__(self, other):
        if self is other:
            return True
        if other.__class__ is self.__class__:
            return _values(self, names) == _values(other, names)
        return NotImplemented

    return __eq__


def _make_order(names, compare):
    def method(self, other):
        if other.__class__ is self.__class__:
            return compare(_values(self, names), _values(other, names))
        return NotImplemented

    return method


def _make_hash(names):
    def __hash__(self):
        return hash(_values(self, names))

    return __hash__


def _frozen_setattr(cls, names):
    def __setattr__(self, name, value):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    return __setattr__


def _frozen_delattr(cls, names):
    def __delattr__(self, name):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __delattr__


class _Params:
    def __init__(self, **options):
        self.__dict__.update(options)

    def __repr__(self):
        return "_DataclassParams(" + ",".join([f"{k}={v!r}" for k, v in self.__dict__.items()]) + ")"


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot):
    collected = {}
    frozen_base = plain_base = False
    for base in cls.__mro__[-1:0:-1]:
        inherited = base.__dict__.get(_FIELDS)
        if inherited is not None:
            for f in inherited.values():
                collected[f.name] = f
            if base.__dict__[_PARAMS].frozen:
                frozen_base = True
            else:
                plain_base = True
    if frozen_base and not frozen:
        raise TypeError("cannot inherit non-frozen dataclass from a frozen one")
    if plain_base and frozen:
        raise TypeError("cannot inherit frozen dataclass from a non-frozen one")
    annotations = cls.__dict__.get("__annotations__", {})
    own = []
    keyword_now = kw_only
    for name, annotation in annotations.items():
        if annotation is KW_ONLY or (isinstance(annotation, str) and annotation in ("KW_ONLY", "dataclasses.KW_ONLY")):
            keyword_now = True
        else:
            own.append(_own_field(cls, name, annotation, keyword_now))
    for f in own:
        collected[f.name] = f
        if isinstance(cls.__dict__.get(f.name), Field):
            if f.default is MISSING:
                delattr(cls, f.name)
            else:
                setattr(cls, f.name, f.default)
    for name, value in list(cls.__dict__.items()):
        if isinstance(value, Field) and name not in annotations:
            raise TypeError(f"{name!r} is a field but has no type annotation")
    setattr(cls, _FIELDS, collected)
    setattr(cls, _PARAMS, _Params(
        init=init, repr=repr, eq=eq, order=order, unsafe_hash=unsafe_hash, frozen=frozen, match_args=match_args,
        kw_only=kw_only, slots=slots, weakref_slot=weakref_slot,
    ))
    all_fields = list(collected.values())
    real = [f for f in all_fields if f._field_type == "field"]

    def define(name, function):
        if name in cls.__dict__:
            return True
        function.__name__ = name
        function.__qualname__ = f"{cls.__qualname__}.{name}"
        function.__module__ = cls.__module__
        setattr(cls, name, function)
        return False

    explicit_hash = "__hash__" in cls.__dict__ and not (cls.__dict__["__hash__"] is None and "__eq__" in cls.__dict__)
    if init:
        define("__init__", _make_init(cls, all_fields, frozen))
    if repr:
        define("__repr__", _make_repr([f for f in real if f.repr]))
    compared = [f.name for f in real if f.compare]
    if eq:
        define("__eq__", _make_eq(compared))
    if order:
        if not eq:
            raise ValueError("eq must be true if order is true")
        for name, compare in (
            ("__lt__", lambda a, b: a < b), ("__le__", lambda a, b: a <= b),
            ("__gt__", lambda a, b: a > b), ("__ge__", lambda a, b: a >= b),
        ):
            if define(name, _make_order(compared, compare)):
                raise TypeError(
                    f"Cannot overwrite attribute {name} in class {cls.__name__}. Consider using functools.total_ordering"
                )
    if frozen:
        names = {f.name for f in real}
        for name, function in (("__setattr__", _frozen_setattr(cls, names)), ("__delattr__", _frozen_delattr(cls, names))):
            if define(name, function):
                raise TypeError(f"Cannot overwrite attribute {name} in class {cls.__name__}")
    hashed = [f.name for f in real if (f.compare if f.hash is None else f.hash)]
    if unsafe_hash:
        if explicit_hash:
            raise TypeError(f"Cannot overwrite attribute __hash__ in class {cls.__name__}")
        cls.__hash__ = _make_hash(hashed)
    elif eq and not explicit_hash:
        cls.__hash__ = _make_hash(hashed) if frozen else None
    if not cls.__doc__:
        cls.__doc__ = cls.__name__ + "(" + ", ".join([f.name for f in all_fields if f.init]) + ")"
    if match_args and "__match_args__" not in cls.__dict__:
        cls.__match_args__ = tuple([f.name for f in all_fields if f.init and not f.kw_only and f._field_type != "classvar"])
    if "__replace__" not in cls.__dict__:
        cls.__replace__ = _replace
    if slots:
        cls = _with_slots(cls, real, frozen)
    return cls


def _with_slots(cls, real, frozen):
    if "__slots__" in cls.__dict__:
        raise TypeError(f"{cls.__name__} already specifies __slots__")
    inherited = set()
    for base in cls.__mro__[1:-1]:
        inherited.update(base.__dict__.get("__slots__", ()))
    namespace = dict(cls.__dict__)
    names = tuple([f.name for f in real])
    for name in names:
        namespace.pop(name, None)
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    namespace["__slots__"] = tuple([n for n in names if n not in inherited])
    namespace["__qualname__"] = cls.__qualname__
    made = type(cls)(cls.__name__, cls.__bases__, namespace)
    if frozen:
        made.__setattr__ = _frozen_setattr(made, set(names))
        made.__delattr__ = _frozen_delattr(made, set(names))
    return made


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False,
              match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot)

    return wrap if cls is None else wrap(cls)


def fields(class_or_instance):
    try:
        found = getattr(class_or_instance, _FIELDS)
    except AttributeError:
        raise TypeError("must be called with a dataclass type or instance") from None
    return tuple([f for f in found.values() if f._field_type == "field"])


def _is_instance(obj):
    return hasattr(type(obj), _FIELDS)


def is_dataclass(obj):
    return hasattr(obj if isinstance(obj, type) else type(obj), _FIELDS)


def _plain(obj, build):
    if _is_instance(obj):
        return build([(f.name, _plain(getattr(obj, f.name), build)) for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return type(obj)(*[_plain(v, build) for v in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_plain(v, build) for v in obj])
    if isinstance(obj, dict):
        if hasattr(type(obj), "default_factory") or hasattr(obj, "default_factory"):
            result = type(obj)(obj.default_factory)
            for k, v in obj.items():
                result[_plain(k, build)] = _plain(v, build)
            return result
        return type(obj)([(_plain(k, build), _plain(v, build)) for k, v in obj.items()])
    return _copy.deepcopy(obj)


def asdict(obj, *, dict_factory=dict):
    if not _is_instance(obj):
        raise TypeError("asdict() should be called on dataclass instances")
    return _plain(obj, dict_factory)


def astuple(obj, *, tuple_factory=tuple):
    if not _is_instance(obj):
        raise TypeError("astuple() should be called on dataclass instances")
    return _plain(obj, lambda pairs: tuple_factory([value for _, value in pairs]))


def replace(obj, /, **changes):
    if not _is_instance(obj):
        raise TypeError("replace() should be called on dataclass instances")
    return _replace(obj, **changes)


def _replace(self, /, **changes):
    for f in getattr(self, _FIELDS).values():
        if f._field_type == "classvar":
            continue
        if not f.init:
            if f.name in changes:
                raise TypeError(f"field {f.name} is declared with init=False, it cannot be specified with replace()")
            continue
        if f.name not in changes:
            if f._field_type == "initvar" and f.default is MISSING:
                raise TypeError(f"InitVar {f.name!r} must be specified with replace()")
            changes[f.name] = getattr(self, f.name)
    return self.__class__(**changes)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, module=None, **options):
    namespace = dict(namespace or {})
    annotations = {}
    for item in fields:
        if isinstance(item, str):
            annotations[item] = "typing.Any"
        else:
            annotations[item[0]] = item[1]
            if len(item) == 3:
                namespace[item[0]] = item[2]
    namespace["__annotations__"] = annotations
    if module is not None:
        namespace["__module__"] = module
    cls = type(bases[0])(cls_name, bases, namespace) if bases else type(cls_name, (), namespace)
    return dataclass(cls, **options)
