"""Types for annotations: they can be written, subscripted and shown; nothing is checked."""

import collections as _collections
import collections.abc as _abc
from _raddle import refuse as _not_supported
from abc import ABCMeta as _ABCMeta, abstractmethod
from types import GenericAlias as _Builtin, UnionType as _UnionType

TYPE_CHECKING = False


def _shown(t):
    if t is None:
        return "None"
    if t is type(None):
        return "NoneType"
    if t is ...:
        return "..."
    if isinstance(t, list):
        return "[" + ", ".join(map(_shown, t)) + "]"
    if isinstance(t, type) and not isinstance(t, _Builtin):
        return t.__qualname__ if t.__module__ == "builtins" else f"{t.__module__}.{t.__qualname__}"
    return repr(t)


def _converted(t):
    if t is None:
        return type(None)
    return ForwardRef(t) if isinstance(t, str) else t


class ForwardRef:
    def __init__(self, arg, *args, **kwargs):
        self.__forward_arg__ = arg

    def __repr__(self):
        return f"ForwardRef({self.__forward_arg__!r})"

    def __eq__(self, other):
        return isinstance(other, ForwardRef) and self.__forward_arg__ == other.__forward_arg__

    def __hash__(self):
        return hash(self.__forward_arg__)

    def __or__(self, other):
        return Union[self, other]


class _Type:
    """What can stand in an annotation and be combined by `|`."""

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __mro_entries__(self, bases):
        origin = getattr(self, "__origin__", None)
        return (origin,) if isinstance(origin, type) else ()


class _Alias(_Type):
    def __init__(self, origin, args, name):
        self.__origin__ = origin
        self.__args__ = args
        self._name = name

    @property
    def __parameters__(self):
        found = []
        for arg in self.__args__:
            for p in [arg] if isinstance(arg, _Parameter) else getattr(arg, "__parameters__", ()):
                if p not in found:
                    found.append(p)
        return tuple(found)

    def __call__(self, *args, **kwargs):
        if not isinstance(self.__origin__, type):
            raise TypeError(f"Cannot instantiate {self!r}")
        return self.__origin__(*args, **kwargs)

    def __getitem__(self, params):
        if not isinstance(params, tuple):
            params = (params,)
        known = dict(zip(self.__parameters__, params))
        args = []
        for arg in self.__args__:
            if isinstance(arg, _Parameter):
                args.append(known.get(arg, arg))
            elif getattr(arg, "__parameters__", ()):
                args.append(arg[tuple([known.get(p, p) for p in arg.__parameters__])])
            else:
                args.append(arg)
        return _Alias(self.__origin__, tuple(args), self._name)

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return getattr(self.__dict__["__origin__"], name)

    def __eq__(self, other):
        return isinstance(other, _Alias) and self.__origin__ is other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        return hash((id(self.__origin__), self.__args__))

    def __repr__(self):
        if self._name is not None:
            name = "typing." + self._name
        else:
            name = _shown(self.__origin__)
        args = self.__args__
        if self._name == "Callable" and args:
            if args[0] is ...:
                return f"{name}[..., {_shown(args[-1])}]"
            return f"{name}[[{', '.join(map(_shown, args[:-1]))}], {_shown(args[-1])}]"
        return f"{name}[{', '.join(map(_shown, args)) or '()'}]"


class _UnionAlias(_Alias):
    def __init__(self, args):
        _Alias.__init__(self, Union, args, "Union")

    def __repr__(self):
        args = self.__args__
        if len(args) == 2 and type(None) in args:
            other = args[0] if args[1] is type(None) else args[1]
            return f"typing.Optional[{_shown(other)}]"
        return f"typing.Union[{', '.join(map(_shown, args))}]"

    def __eq__(self, other):
        return isinstance(other, _UnionAlias) and set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __instancecheck__(self, obj):
        return isinstance(obj, self.__args__)

    def __subclasscheck__(self, cls):
        return issubclass(cls, self.__args__)


class _Literal(_Alias):
    def __repr__(self):
        return f"typing.Literal[{', '.join(map(repr, self.__args__))}]"


class _Special(_Type):
    def __init__(self, name, subscript):
        self._name = name
        self._subscript = subscript

    def __getitem__(self, params):
        return self._subscript(self, params)

    def __call__(self, *args, **kwargs):
        raise TypeError(f"Cannot instantiate {self!r}")

    def __repr__(self):
        return "typing." + self._name


def _no_parameters(self, params):
    raise TypeError(f"{self!r} is not subscriptable")


def _one_parameter(self, params):
    if isinstance(params, tuple):
        raise TypeError(f"{self!r} accepts only single type. Got {params!r}.")
    return _Alias(self, (_converted(params),), self._name)


def _any_parameters(self, params):
    if not isinstance(params, tuple):
        params = (params,)
    return _Alias(self, tuple(map(_converted, params)), self._name)


def _union(self, params):
    if params == ():
        raise TypeError("Cannot take a Union of no types.")
    if not isinstance(params, tuple):
        params = (params,)
    flat = []
    for p in map(_converted, params):
        for part in p.__args__ if isinstance(p, (_UnionAlias, _UnionType)) else (p,):
            part = type(None) if part is None else part
            if part not in flat:
                flat.append(part)
    return flat[0] if len(flat) == 1 else _UnionAlias(tuple(flat))


def _optional(self, params):
    return Union[params, type(None)]


def _literal(self, params):
    if not isinstance(params, tuple):
        params = (params,)
    return _Literal(self, params, "Literal")


def _annotated(self, params):
    if not isinstance(params, tuple) or len(params) < 2:
        raise TypeError("Annotated[...] should be used with at least two arguments (a type and an annotation).")
    return _Annotated(params[0], params[1:])


class _Annotated(_Type):
    def __init__(self, origin, metadata):
        self.__origin__ = origin
        self.__metadata__ = metadata
        self.__args__ = (origin,)

    def __repr__(self):
        return f"typing.Annotated[{_shown(self.__origin__)}, {', '.join(map(repr, self.__metadata__))}]"


class _AnyMeta(type):
    def __instancecheck__(self, obj):
        if self is Any:
            raise TypeError("typing.Any cannot be used with isinstance()")
        return type.__instancecheck__(self, obj)

    def __repr__(self):
        return "typing.Any" if self is Any else type.__repr__(self)


class Any(metaclass=_AnyMeta):
    def __new__(cls, *args, **kwargs):
        if cls is Any:
            raise TypeError("Any cannot be instantiated")
        return object.__new__(cls)


NoReturn = _Special("NoReturn", _no_parameters)
Never = _Special("Never", _no_parameters)
Self = _Special("Self", _no_parameters)
LiteralString = _Special("LiteralString", _no_parameters)
ClassVar = _Special("ClassVar", _one_parameter)
Final = _Special("Final", _one_parameter)
Required = _Special("Required", _one_parameter)
NotRequired = _Special("NotRequired", _one_parameter)
ReadOnly = _Special("ReadOnly", _one_parameter)
TypeGuard = _Special("TypeGuard", _one_parameter)
TypeIs = _Special("TypeIs", _one_parameter)
Unpack = _Special("Unpack", _one_parameter)
Concatenate = _Special("Concatenate", _any_parameters)
TypeAlias = _Special("TypeAlias", _no_parameters)
Union = _Special("Union", _union)
Optional = _Special("Optional", _optional)
Literal = _Special("Literal", _literal)
Annotated = _Special("Annotated", _annotated)


class _SpecialAlias(_Type):
    def __init__(self, origin, name):
        self.__origin__ = origin
        self._name = name

    def __getitem__(self, params):
        if not isinstance(params, tuple):
            params = (params,)
        return _Alias(self.__origin__, tuple(map(_converted, params)), self._name)

    def __call__(self, *args, **kwargs):
        return self.__origin__(*args, **kwargs)

    def __instancecheck__(self, obj):
        return isinstance(obj, self.__origin__)

    def __subclasscheck__(self, cls):
        return issubclass(cls, self.__origin__)

    def __repr__(self):
        return "typing." + self._name


class _CallableAlias(_SpecialAlias):
    def __getitem__(self, params):
        if not isinstance(params, tuple) or len(params) != 2:
            raise TypeError("Callable must be used as Callable[[arg, ...], result].")
        args, result = params
        args = tuple(map(_converted, args)) if isinstance(args, list) else (args,)
        return _Alias(_abc.Callable, args + (_converted(result),), "Callable")


List = _SpecialAlias(list, "List")
Dict = _SpecialAlias(dict, "Dict")
Set = _SpecialAlias(set, "Set")
FrozenSet = _SpecialAlias(frozenset, "FrozenSet")
Tuple = _SpecialAlias(tuple, "Tuple")
Type = _SpecialAlias(type, "Type")
Deque = _SpecialAlias(_collections.deque, "Deque")
DefaultDict = _SpecialAlias(_collections.defaultdict, "DefaultDict")
OrderedDict = _SpecialAlias(_collections.OrderedDict, "OrderedDict")
Counter = _SpecialAlias(_collections.Counter, "Counter")
ChainMap = _SpecialAlias(_collections.ChainMap, "ChainMap")
Callable = _CallableAlias(_abc.Callable, "Callable")
Iterable = _SpecialAlias(_abc.Iterable, "Iterable")
Iterator = _SpecialAlias(_abc.Iterator, "Iterator")
Generator = _SpecialAlias(_abc.Generator, "Generator")
Hashable = _SpecialAlias(_abc.Hashable, "Hashable")
Sized = _SpecialAlias(_abc.Sized, "Sized")
Container = _SpecialAlias(_abc.Container, "Container")
Collection = _SpecialAlias(_abc.Collection, "Collection")
Reversible = _SpecialAlias(_abc.Reversible, "Reversible")
Mapping = _SpecialAlias(_abc.Mapping, "Mapping")
MutableMapping = _SpecialAlias(_abc.MutableMapping, "MutableMapping")
Sequence = _SpecialAlias(_abc.Sequence, "Sequence")
MutableSequence = _SpecialAlias(_abc.MutableSequence, "MutableSequence")
AbstractSet = _SpecialAlias(_abc.Set, "AbstractSet")
MutableSet = _SpecialAlias(_abc.MutableSet, "MutableSet")
KeysView = _SpecialAlias(_abc.KeysView, "KeysView")
ItemsView = _SpecialAlias(_abc.ItemsView, "ItemsView")
ValuesView = _SpecialAlias(_abc.ValuesView, "ValuesView")
ByteString = _SpecialAlias(_abc.ByteString, "ByteString")
Awaitable = _SpecialAlias(_abc.Awaitable, "Awaitable")
Coroutine = _SpecialAlias(_abc.Coroutine, "Coroutine")
AsyncIterable = _SpecialAlias(_abc.AsyncIterable, "AsyncIterable")
AsyncIterator = _SpecialAlias(_abc.AsyncIterator, "AsyncIterator")
AsyncGenerator = _SpecialAlias(_abc.AsyncGenerator, "AsyncGenerator")


ContextManager = _SpecialAlias(object, "ContextManager")
AsyncContextManager = _SpecialAlias(object, "AsyncContextManager")
Text = str


class _NoDefaultType:
    def __new__(cls):
        return NoDefault

    def __repr__(self):
        return "typing.NoDefault"


NoDefault = object.__new__(_NoDefaultType)


def _evaluated(lazy):
    """The value of what stands in a type parameter list: a function that gives it, or a tuple with it."""
    return lazy() if callable(lazy) else lazy[0]


class _Parameter(_Type):
    """A type variable. Bound, constraints and default of one in a list are evaluated when they are first asked for."""

    __infer_variance__ = False
    _lazy_bound = _lazy_constraints = _lazy_default = None

    @property
    def __bound__(self):
        if self._lazy_bound is not None:
            self._bound, self._lazy_bound = _evaluated(self._lazy_bound), None
        return self._bound

    @property
    def __constraints__(self):
        if self._lazy_constraints is not None:
            self._constraints, self._lazy_constraints = _evaluated(self._lazy_constraints), None
        return self._constraints

    @property
    def __default__(self):
        if self._lazy_default is not None:
            self._default, self._lazy_default = _evaluated(self._lazy_default), None
        return self._default

    def has_default(self):
        return self.__default__ is not NoDefault

    def __repr__(self):
        if self.__infer_variance__:
            return self.__name__
        return ("+" if self.__covariant__ else "-" if self.__contravariant__ else "~") + self.__name__

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass an instance of {type(self).__name__}")


class TypeVar(_Parameter):
    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False, infer_variance=False,
                 default=NoDefault):
        if covariant and contravariant:
            raise ValueError("Bivariant types are not supported.")
        if len(constraints) == 1:
            raise TypeError("A single constraint is not allowed")
        self.__name__ = name
        self._constraints = constraints
        self._bound = bound
        self._default = default
        self.__covariant__ = covariant
        self.__contravariant__ = contravariant
        self.__infer_variance__ = infer_variance


class TypeVarTuple(_Parameter):
    __infer_variance__ = True

    def __init__(self, name, *, default=NoDefault):
        self.__name__ = name
        self._default = default

    def __iter__(self):
        yield Unpack[self]


class ParamSpec(_Parameter):
    def __init__(self, name, *, bound=None, covariant=False, contravariant=False, infer_variance=False,
                 default=NoDefault):
        self.__name__ = name
        self._bound = bound
        self._default = default
        self.__covariant__ = covariant
        self.__contravariant__ = contravariant
        self.__infer_variance__ = infer_variance
        self.args = _Special(name + ".args", _no_parameters)
        self.kwargs = _Special(name + ".kwargs", _no_parameters)


# Kinds of parameters, as the compiler numbers them.
_PARAMETERS = (TypeVar, TypeVarTuple, ParamSpec)


def _type_param(name, kind, bound, default):
    """A parameter of a list; the kind is greater by 4 for a type variable with constraints."""
    param = _PARAMETERS[kind % 4](name)
    param.__infer_variance__ = True
    if kind >= 4:
        param._lazy_constraints = bound
    else:
        param._lazy_bound = bound
    param._lazy_default = default
    return param


def _type_alias(name, params, value):
    alias = TypeAliasType(name, None, type_params=params)
    alias._lazy = value
    return alias


AnyStr = TypeVar("AnyStr", bytes, str)


class Generic:
    __slots__ = ()

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        found = []
        for base in cls.__dict__.get("__orig_bases__", ()):
            for p in getattr(base, "__parameters__", ()):
                if p not in found:
                    found.append(p)
        cls.__parameters__ = tuple(found)

    def __class_getitem__(cls, params):
        if not isinstance(params, tuple):
            params = (params,)
        own = getattr(cls, "__parameters__", None)
        if own is not None:
            if not own:
                raise TypeError(f"{cls} is not a generic class")
            _check_count(cls, own, len(params))
        return _Alias(cls, tuple(map(_converted, params)), "Generic" if cls is Generic else None)


def _check_count(cls, own, given):
    least = most = len(own)
    for p in own:
        if not isinstance(p, TypeVar):
            return
        if p.has_default():
            least -= 1
    if least <= given <= most:
        return
    word = "many" if given > most else "few"
    expected = f"at least {least}" if given < least and least < most else most
    raise TypeError(f"Too {word} arguments for {cls}; actual {given}, expected {expected}")


class _ProtocolMeta(_ABCMeta):
    def __instancecheck__(cls, instance):
        if cls.__dict__.get("_is_protocol"):
            if not cls.__dict__.get("_is_runtime_protocol"):
                raise TypeError("Instance and class checks can only be used with @runtime_checkable protocols")
            return all([hasattr(instance, name) for name in cls._protocol_names()])
        return _ABCMeta.__instancecheck__(cls, instance)

    def __subclasscheck__(cls, other):
        if cls.__dict__.get("_is_protocol") and cls.__dict__.get("_is_runtime_protocol"):
            return all([hasattr(other, name) for name in cls._protocol_names()])
        return _ABCMeta.__subclasscheck__(cls, other)

    def _protocol_names(cls):
        names = []
        for base in cls.__mro__:
            if base.__dict__.get("_is_protocol"):
                for name in [*base.__dict__, *base.__dict__.get("__annotations__", ())]:
                    if not name.startswith("_abc_") and name not in _NO_MEMBERS and name not in names:
                        names.append(name)
        return names


_NO_MEMBERS = frozenset([
    "__abstractmethods__", "__annotations__", "__dict__", "__doc__", "__init__", "__module__", "__new__", "__slots__",
    "__subclasshook__", "__weakref__", "__class_getitem__", "__match_args__", "__static_attributes__",
    "__firstlineno__", "_is_protocol", "_is_runtime_protocol", "__parameters__", "__orig_bases__",
    "__init_subclass__", "__qualname__", "_protocol_names", "__hash__",
])


class Protocol(Generic, metaclass=_ProtocolMeta):
    __slots__ = ()

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        if "_is_protocol" not in cls.__dict__:
            cls._is_protocol = Protocol in cls.__bases__
        if cls._is_protocol and "__init__" not in cls.__dict__:
            cls.__init__ = _no_init


def _no_init(self, *args, **kwargs):
    if type(self).__dict__.get("_is_protocol"):
        raise TypeError("Protocols cannot be instantiated")


Protocol._is_protocol = False


def runtime_checkable(cls):
    if not (isinstance(cls, type) and cls.__dict__.get("_is_protocol")):
        raise TypeError("@runtime_checkable can be only applied to protocol classes, got %r" % cls)
    cls._is_runtime_protocol = True
    return cls


class SupportsInt(Protocol):
    @abstractmethod
    def __int__(self): ...


class SupportsFloat(Protocol):
    @abstractmethod
    def __float__(self): ...


class SupportsIndex(Protocol):
    @abstractmethod
    def __index__(self): ...


class SupportsAbs(Protocol):
    @abstractmethod
    def __abs__(self): ...


class SupportsRound(Protocol):
    @abstractmethod
    def __round__(self, ndigits=0): ...


for _p in (SupportsInt, SupportsFloat, SupportsIndex, SupportsAbs, SupportsRound):
    _p._is_runtime_protocol = True


class _NamedTupleMeta(type):
    def __new__(mcls, name, bases, namespace):
        if bases == ():
            return type.__new__(mcls, name, bases, namespace)
        annotations = namespace.get("__annotations__", {})
        defaults = []
        for field in annotations:
            if field in namespace:
                defaults.append(namespace[field])
            elif defaults:
                raise TypeError(f"Non-default namedtuple field {field} cannot follow default field"
                                f"{'s' if len(defaults) > 1 else ''} {', '.join([f for f in annotations if f in namespace])}")
        made = _collections.namedtuple(name, list(annotations), defaults=defaults, module=namespace["__module__"])
        made.__annotations__ = annotations
        for key, value in namespace.items():
            if key in ("__new__", "__init__", "__slots__", "__getnewargs__", "_fields", "_field_defaults", "_make",
                       "_replace", "_asdict", "_source"):
                raise AttributeError("Cannot overwrite NamedTuple attribute " + key)
            if key not in ("__module__", "__qualname__", "__annotations__", "__dict__", "__weakref__") and key not in annotations:
                setattr(made, key, value)
        made.__qualname__ = namespace.get("__qualname__", name)
        return made


class _NamedTupleBase(metaclass=_NamedTupleMeta):
    pass


class _NamedTuple:
    """Named tuples by a class statement, or by a call with the fields."""

    def __mro_entries__(self, bases):
        return (_NamedTupleBase,)

    def __call__(self, typename, fields=None, /, **kwargs):
        if fields is None:
            fields = list(kwargs.items())
        made = _collections.namedtuple(typename, [name for name, _ in fields])
        made.__annotations__ = dict(fields)
        return made

    def __repr__(self):
        return "<function NamedTuple>"


NamedTuple = _NamedTuple()


class _TypedDictMeta(type):
    def __new__(mcls, name, bases, namespace, total=True):
        annotations = {}
        for base in bases:
            annotations.update(getattr(base, "__annotations__", {}))
        annotations.update(namespace.get("__annotations__", {}))
        namespace = {k: v for k, v in namespace.items() if k != "__dict__"}
        namespace["__annotations__"] = annotations
        namespace["__total__"] = total
        keys = frozenset(annotations)
        namespace["__required_keys__"] = keys if total else frozenset()
        namespace["__optional_keys__"] = frozenset() if total else keys
        return type.__new__(mcls, name, (dict,), namespace)

    def __init__(cls, name, bases, namespace, total=True):
        pass

    def __call__(cls, *args, **kwargs):
        return dict(*args, **kwargs)

    def __instancecheck__(cls, instance):
        raise TypeError("TypedDict does not support instance and class checks")


class _TypedDict:
    def __mro_entries__(self, bases):
        return (_TypedDictBase,)

    def __call__(self, typename, fields=None, /, *, total=True):
        return _TypedDictMeta(typename, (), {"__annotations__": dict(fields or {}), "__module__": "__main__"}, total=total)

    def __repr__(self):
        return "<function TypedDict>"


_TypedDictBase = type.__new__(_TypedDictMeta, "TypedDict", (dict,), {"__module__": "typing"})
TypedDict = _TypedDict()


class NewType(_Type):
    def __init__(self, name, tp):
        self.__name__ = self.__qualname__ = name
        self.__supertype__ = tp

    def __call__(self, x, /):
        return x

    def __repr__(self):
        return f"{self.__module__}.{self.__qualname__}"


class TypeAliasType(_Type):
    _lazy = None

    def __init__(self, name, value, *, type_params=()):
        self.__name__ = name
        self._value = value
        self.__type_params__ = type_params

    @property
    def __value__(self):
        if self._lazy is not None:
            self._value, self._lazy = _evaluated(self._lazy), None
        return self._value

    @property
    def __parameters__(self):
        return self.__type_params__

    def __getitem__(self, params):
        if not self.__type_params__:
            raise TypeError("Only generic type aliases are subscriptable")
        return _AliasOfAlias(self, params if isinstance(params, tuple) else (params,), None)

    def __or__(self, other):
        return _UnionType((self, other))

    def __ror__(self, other):
        return _UnionType((other, self))

    def __repr__(self):
        return self.__name__


class _AliasOfAlias(_Alias):
    def __call__(self, *args, **kwargs):
        raise TypeError("'typing.TypeAliasType' object is not callable")


def cast(typ, val):
    return val


def assert_type(val, typ, /):
    return val


def assert_never(arg, /):
    raise AssertionError(f"Expected code to be unreachable, but got: {arg!r}")


def reveal_type(obj, /):
    return obj


def overload(func):
    def refuse(*args, **kwds):
        raise NotImplementedError("You should not call an overloaded function.")

    return refuse


def final(f):
    try:
        f.__final__ = True
    except (AttributeError, TypeError):
        pass
    return f


def override(method, /):
    try:
        method.__override__ = True
    except (AttributeError, TypeError):
        pass
    return method


def no_type_check(arg):
    return arg


def dataclass_transform(**kwargs):
    return lambda cls: cls


def get_origin(tp):
    return getattr(tp, "__origin__", None)


def get_args(tp):
    args = getattr(tp, "__args__", ())
    if getattr(tp, "_name", None) == "Callable" and args and args[0] is not ...:
        return (list(args[:-1]), args[-1])
    return args


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    hints = {}
    for base in reversed(obj.__mro__) if isinstance(obj, type) else (obj,):
        found = base.__dict__.get("__annotations__", {}) if isinstance(obj, type) else getattr(obj, "__annotations__", {})
        for name, value in found.items():
            if isinstance(value, str):
                _not_supported("typing.get_type_hints() of annotations in strings is not supported")
            hints[name] = type(None) if value is None else value
    return hints


def is_typeddict(tp):
    return isinstance(tp, _TypedDictMeta)


def is_protocol(tp, /):
    return isinstance(tp, type) and bool(tp.__dict__.get("_is_protocol"))


class IO(Generic):
    pass


class TextIO(IO):
    pass


class BinaryIO(IO):
    pass


class Pattern(Generic):
    pass


class Match(Generic):
    pass
