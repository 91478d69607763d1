"""References that, in a world without observable collection, never die."""

__all__ = ["ref", "proxy", "getweakrefcount", "getweakrefs", "WeakKeyDictionary", "WeakValueDictionary", "WeakSet",
           "WeakMethod", "finalize", "ReferenceType"]

_REFUSED = (int, float, str, bytes, tuple, list, dict, bool, type(None))


class ref:
    __slots__ = ("_object", "__callback__")

    def __init__(self, object, callback=None, /):
        if type(object) in _REFUSED:
            raise TypeError(f"cannot create weak reference to '{type(object).__name__}' object")
        self._object = object
        self.__callback__ = callback

    def __call__(self):
        return self._object

    def __eq__(self, other):
        return isinstance(other, ref) and self._object == other._object

    def __hash__(self):
        return hash(self._object)

    def __repr__(self):
        return f"<weakref at {id(self):#x}; to '{type(self._object).__name__}' at {id(self._object):#x}>"


ReferenceType = ref


class WeakMethod(ref):
    pass


def proxy(object, callback=None, /):
    return object


def getweakrefcount(object, /):
    return 0


def getweakrefs(object, /):
    return []


class WeakKeyDictionary(dict):
    pass


class WeakValueDictionary(dict):
    pass


class WeakSet(set):
    pass


class finalize:
    def __init__(self, obj, func, /, *args, **kwargs):
        import atexit

        self._call = (func, args, kwargs)
        self.atexit = True
        atexit.register(self._at_exit)

    def _at_exit(self):
        if self.atexit:
            self()

    def __call__(self, _=None):
        call, self._call = self._call, None
        if call is not None:
            return call[0](*call[1], **call[2])

    def detach(self):
        call, self._call = self._call, None
        return call

    @property
    def alive(self):
        return self._call is not None
