"""Names of the types that have no name among the builtins."""


def _function():
    yield


class _Sample:
    __slots__ = ("slot",)

    def method(self):
        pass


FunctionType = type(_function)
LambdaType = FunctionType
GeneratorType = type(_function())
CodeType = type(_function.__code__)
MethodType = type(_Sample().method)
BuiltinFunctionType = type(len)
BuiltinMethodType = BuiltinFunctionType
WrapperDescriptorType = type(object.__init__)
MethodWrapperType = type(object().__str__)
MethodDescriptorType = type(str.join)
MemberDescriptorType = type(_Sample.__dict__["slot"])
NoneType = type(None)
NotImplementedType = type(NotImplemented)
EllipsisType = type(...)
GenericAlias = type(list[int])
UnionType = type(int | str)
MappingProxyType = type({}.keys().mapping)

from _raddle import cell as CellType, getset_descriptor as GetSetDescriptorType
from _raddle import module as _module
from _raddle import traceback as TracebackType

CoroutineType = GeneratorType
AsyncGeneratorType = GeneratorType


class FrameType:
    pass


class _ModuleMeta(type):
    def __instancecheck__(cls, value):
        return isinstance(value, _module) or type.__instancecheck__(cls, value)


class ModuleType(metaclass=_ModuleMeta):
    def __init__(self, name, doc=None):
        self.__name__ = name
        self.__doc__ = doc
        self.__package__ = self.__loader__ = self.__spec__ = None

    def __repr__(self):
        return f"<module {self.__name__!r}>"


class SimpleNamespace:
    def __init__(self, mapping_or_iterable=(), /, **kwargs):
        self.__dict__.update(mapping_or_iterable)
        self.__dict__.update(kwargs)

    def __repr__(self):
        name = "namespace" if type(self) is SimpleNamespace else type(self).__name__
        return name + "(" + ", ".join([f"{k}={v!r}" for k, v in self.__dict__.items()]) + ")"

    def __eq__(self, other):
        if isinstance(self, SimpleNamespace) and isinstance(other, SimpleNamespace):
            return dict(self.__dict__) == dict(other.__dict__)
        return NotImplemented

    def __replace__(self, /, **changes):
        return type(self)(**{**self.__dict__, **changes})


class DynamicClassAttribute:
    def __init__(self, fget=None, fset=None, fdel=None, doc=None):
        self.fget = fget

    def __get__(self, instance, owner=None):
        if instance is None:
            raise AttributeError()
        return self.fget(instance)


def new_class(name, bases=(), kwds=None, exec_body=None):
    kwds = dict(kwds or {})
    meta = kwds.pop("metaclass", type(bases[0]) if bases else type)
    namespace = {}
    if exec_body is not None:
        exec_body(namespace)
    return meta(name, tuple(bases), namespace, **kwds)


def resolve_bases(bases):
    return bases


def prepare_class(name, bases=(), kwds=None):
    return type, {}, dict(kwds or {})


def coroutine(func):
    return func
