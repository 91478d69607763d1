"""Numbers in memory that processes share."""

import multiprocessing as _mp

_SIGNED = {"b": ("c_byte", 8), "h": ("c_short", 16), "i": ("c_int", 32), "l": ("c_long", 64), "q": ("c_longlong", 64)}
_UNSIGNED = {"B": ("c_ubyte", 8), "H": ("c_ushort", 16), "I": ("c_uint", 32), "L": ("c_ulong", 64),
             "Q": ("c_ulonglong", 64)}
_FLOATS = {"f": "c_float", "d": "c_double"}


def _name_of(code):
    if code in _SIGNED:
        return _SIGNED[code][0]
    if code in _UNSIGNED:
        return _UNSIGNED[code][0]
    return {"c": "c_char", "u": "c_wchar", **_FLOATS}[code]


def _known(code):
    if not isinstance(code, str):
        raise TypeError("raddle: shared memory has typecodes only ('i', 'd', ...), no types of ctypes")
    if code not in _SIGNED and code not in _UNSIGNED and code not in _FLOATS and code not in ("c", "u"):
        raise TypeError("this type has no size")
    return code


def _fit(code, value):
    """The value as memory of that type keeps it."""
    if code in _FLOATS:
        if not isinstance(value, (int, float)):
            raise TypeError(f"must be real number, not {type(value).__name__}")
        return float(value)
    if code == "c":
        if not isinstance(value, bytes) or len(value) != 1:
            raise TypeError("one character bytes, bytearray, or an integer in range(256) expected")
        return value
    if code == "u":
        if not isinstance(value, str) or len(value) != 1:
            raise TypeError("one character unicode string expected")
        return value
    if not isinstance(value, int):
        raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
    bits = (_SIGNED.get(code) or _UNSIGNED[code])[1]
    value = int(value) & ((1 << bits) - 1)
    if code in _SIGNED and value >> (bits - 1):
        value -= 1 << bits
    return value


def _zero(code):
    return {"c": b"\x00", "u": "\x00"}.get(code, 0.0 if code in _FLOATS else 0)


class _Memory(_mp._Memory):
    def __init__(self, code, values):
        _mp._Memory.__init__(self)
        self.code = code
        self.values = values


class _RawValue:
    def __init__(self, memory):
        self._memory = memory

    @property
    def value(self):
        _mp._reads(self._memory)
        return self._memory.values[0]

    @value.setter
    def value(self, value):
        value = _fit(self._memory.code, value)
        _mp._writes(self._memory)
        self._memory.values[0] = value

    def __repr__(self):
        return f"{_name_of(self._memory.code)}({self._memory.values[0]!r})"

    def __reduce__(self):
        _mp._inherited_only("Value")
        return (_mp._rebuilt, (type(self), dict(self.__dict__)))


class _RawArray:
    def __init__(self, memory):
        self._memory = memory

    def __len__(self):
        return len(self._memory.values)

    def __getitem__(self, at):
        _mp._reads(self._memory)
        found = self._memory.values[at]
        return b"".join(found) if isinstance(at, slice) and self._memory.code == "c" else found

    def __setitem__(self, at, value):
        memory = self._memory
        if isinstance(at, slice):
            made = [_fit(memory.code, v) for v in value]
            if len(made) != len(memory.values[at]):
                raise ValueError("Can only assign sequence of same size")
        else:
            made = _fit(memory.code, value)
            if not -len(memory.values) <= at < len(memory.values):
                raise IndexError("invalid index")
        _mp._writes(memory)
        memory.values[at] = made

    def __iter__(self):
        for at in range(len(self)):
            yield self[at]

    @property
    def value(self):
        _mp._reads(self._memory)
        return b"".join(self._memory.values).split(b"\x00")[0]

    @value.setter
    def value(self, data):
        memory = self._memory
        if len(data) > len(memory.values):
            raise ValueError("byte string too long")
        _mp._writes(memory)
        end = b"\x00" if len(data) < len(memory.values) else b""
        for at, byte in enumerate(data + end):
            memory.values[at] = bytes([byte])

    @property
    def raw(self):
        _mp._reads(self._memory)
        return b"".join(self._memory.values)

    def __repr__(self):
        name = f"{_name_of(self._memory.code)}_Array_{len(self)}"
        return f"<multiprocessing.sharedctypes.{name} object at {id(self):#x}>"

    def __reduce__(self):
        _mp._inherited_only("Array")
        return (_mp._rebuilt, (type(self), dict(self.__dict__)))


class SynchronizedBase:
    """A value or array with the lock that each access takes."""

    def __init__(self, obj, lock):
        self._obj = obj
        self._lock = lock
        self.acquire = lock.acquire
        self.release = lock.release

    def get_obj(self):
        return self._obj

    def get_lock(self):
        return self._lock

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *args):
        return self._lock.__exit__(*args)

    def __repr__(self):
        return f"<{type(self).__name__} wrapper for {self._obj}>"

    def __reduce__(self):
        _mp._inherited_only(type(self).__name__)
        return (type(self), (self._obj, self._lock))


class Synchronized(SynchronizedBase):
    @property
    def value(self):
        with self._lock:
            return self._obj._memory.values[0]

    @value.setter
    def value(self, value):
        value = _fit(self._obj._memory.code, value)
        with self._lock:
            self._obj._memory.values[0] = value


class SynchronizedArray(SynchronizedBase):
    def __len__(self):
        return len(self._obj)

    def __getitem__(self, at):
        with self._lock:
            found = self._obj._memory.values[at]
        return b"".join(found) if isinstance(at, slice) and self._obj._memory.code == "c" else found

    def __setitem__(self, at, value):
        memory = self._obj._memory
        if isinstance(at, slice):
            made = [_fit(memory.code, v) for v in value]
            if len(made) != len(memory.values[at]):
                raise ValueError("Can only assign sequence of same size")
        else:
            made = _fit(memory.code, value)
            if not -len(memory.values) <= at < len(memory.values):
                raise IndexError("invalid index")
        with self._lock:
            memory.values[at] = made

    def __iter__(self):
        at = 0
        while at < len(self):
            yield self[at]
            at += 1

    def __getslice__(self, start, stop):
        return self[start:stop]


class SynchronizedString(SynchronizedArray):
    @property
    def value(self):
        with self._lock:
            return b"".join(self._obj._memory.values).split(b"\x00")[0]

    @value.setter
    def value(self, data):
        with self._lock:
            memory = self._obj._memory
            if len(data) > len(memory.values):
                raise ValueError("byte string too long")
            end = b"\x00" if len(data) < len(memory.values) else b""
            for at, byte in enumerate(data + end):
                memory.values[at] = bytes([byte])

    @property
    def raw(self):
        with self._lock:
            return b"".join(self._obj._memory.values)


def RawValue(typecode, *args):
    code = _known(typecode)
    return _RawValue(_Memory(code, [_fit(code, args[0]) if args else _zero(code)]))


def RawArray(typecode, size_or_initializer):
    code = _known(typecode)
    given = size_or_initializer
    if isinstance(given, int):
        if given < 0:
            raise ValueError("Array length must be >= 0")
        values = [_zero(code)] * given
    elif code == "c" and isinstance(given, bytes):
        values = [bytes([byte]) for byte in given]
    else:
        values = [_fit(code, value) for value in given]
    return _RawArray(_Memory(code, values))


def _lock_of(lock):
    if lock is True or lock is None:
        return _mp.RLock()
    if not hasattr(lock, "acquire"):
        raise AttributeError(f"{lock!r} has no method 'acquire'")
    return lock


def Value(typecode_or_type, *args, lock=True, ctx=None):
    obj = RawValue(typecode_or_type, *args)
    return obj if lock is False else Synchronized(obj, _lock_of(lock))


def Array(typecode_or_type, size_or_initializer, *, lock=True, ctx=None):
    obj = RawArray(typecode_or_type, size_or_initializer)
    if lock is False:
        return obj
    cls = SynchronizedString if typecode_or_type == "c" else SynchronizedArray
    return cls(obj, _lock_of(lock))
