"""Objects that several processes use by way of a manager. Each call of a method is one step, as the manager's server makes it."""

import _pickle
import multiprocessing as _mp
import queue as _queue
from _raddle import process_create as _process_create

__all__ = ["BaseManager", "SyncManager", "BaseProxy", "Namespace"]


class _State(_mp._Memory):
    """What a proxy stands for: a list or dict of messages, which no process refers into."""

    def __init__(self, value):
        _mp._Memory.__init__(self)
        self.value = value


class BaseProxy:
    _typeid = "object"

    def __init__(self, state):
        self._state = state

    def _getvalue(self):
        return self._read()

    def __reduce__(self):
        return (_proxy, (type(self), self._state))

    def __repr__(self):
        return f"<{type(self).__name__} object, typeid {self._typeid!r} at {id(self._state):#x}>"

    def __str__(self):
        return str(self._read())


def _proxy(cls, state):
    return cls(state)


def _copied(value):
    return _pickle.loads(_pickle.dumps(value))


class DictProxy(BaseProxy):
    _typeid = "dict"

    def _read(self):
        _mp._reads(self._state)
        return self._loaded()

    def _loaded(self):
        return {_copied(k): _pickle.loads(m) for k, m in self._state.value.items()}

    def __getitem__(self, key):
        _mp._reads(self._state)
        return _pickle.loads(self._state.value[key])

    def __setitem__(self, key, value):
        key, message = _copied(key), _pickle.dumps(value)
        _mp._writes(self._state)
        self._state.value[key] = message

    def __delitem__(self, key):
        _mp._writes(self._state)
        del self._state.value[key]

    def __contains__(self, key):
        _mp._reads(self._state)
        return key in self._state.value

    def __len__(self):
        _mp._reads(self._state)
        return len(self._state.value)

    def __iter__(self):
        return iter(self.keys())

    def get(self, key, default=None):
        _mp._reads(self._state)
        value = self._state.value
        return _pickle.loads(value[key]) if key in value else default

    def setdefault(self, key, default=None):
        key, message = _copied(key), _pickle.dumps(default)
        _mp._writes(self._state)
        return _pickle.loads(self._state.value.setdefault(key, message))

    def pop(self, key, *default):
        _mp._writes(self._state)
        if key not in self._state.value and default:
            return default[0]
        return _pickle.loads(self._state.value.pop(key))

    def popitem(self):
        _mp._writes(self._state)
        key, message = self._state.value.popitem()
        return key, _pickle.loads(message)

    def update(self, *args, **kwargs):
        made = {_copied(k): _pickle.dumps(v) for k, v in dict(*args, **kwargs).items()}
        _mp._writes(self._state)
        self._state.value.update(made)

    def clear(self):
        _mp._writes(self._state)
        self._state.value.clear()

    def copy(self):
        return self._read()

    def keys(self):
        return list(self._read().keys())

    def values(self):
        return list(self._read().values())

    def items(self):
        return list(self._read().items())

    def __or__(self, other):
        return self._read() | other

    def __ior__(self, other):
        self.update(other)
        return self


class ListProxy(BaseProxy):
    _typeid = "list"

    def _read(self):
        _mp._reads(self._state)
        return self._loaded()

    def _loaded(self):
        return [_pickle.loads(m) for m in self._state.value]

    def _change(self, name, *args):
        """A method that looks at the items themselves."""
        _mp._writes(self._state)
        items = self._loaded()
        result = getattr(items, name)(*args)
        self._state.value = [_pickle.dumps(item) for item in items]
        return result

    def __getitem__(self, at):
        _mp._reads(self._state)
        found = self._state.value[at]
        return [_pickle.loads(m) for m in found] if isinstance(at, slice) else _pickle.loads(found)

    def __setitem__(self, at, value):
        made = [_pickle.dumps(v) for v in value] if isinstance(at, slice) else _pickle.dumps(value)
        _mp._writes(self._state)
        self._state.value[at] = made

    def __delitem__(self, at):
        _mp._writes(self._state)
        del self._state.value[at]

    def __len__(self):
        _mp._reads(self._state)
        return len(self._state.value)

    def __contains__(self, value):
        return value in self._read()

    def __iter__(self):
        at = 0
        while True:
            try:
                item = self[at]
            except IndexError:
                return
            yield item
            at += 1

    def __add__(self, other):
        return self._read() + other

    def __mul__(self, n):
        return self._read() * n

    __rmul__ = __mul__

    def __iadd__(self, other):
        self.extend(other)
        return self

    def append(self, value):
        message = _pickle.dumps(value)
        _mp._writes(self._state)
        self._state.value.append(message)

    def extend(self, values):
        made = [_pickle.dumps(v) for v in values]
        _mp._writes(self._state)
        self._state.value.extend(made)

    def insert(self, at, value):
        message = _pickle.dumps(value)
        _mp._writes(self._state)
        self._state.value.insert(at, message)

    def pop(self, *at):
        _mp._writes(self._state)
        return _pickle.loads(self._state.value.pop(*at))

    def reverse(self):
        _mp._writes(self._state)
        self._state.value.reverse()

    def remove(self, value):
        self._change("remove", value)

    def sort(self, *, key=None, reverse=False):
        _mp._writes(self._state)
        items = self._loaded()
        items.sort(key=key, reverse=reverse)
        self._state.value = [_pickle.dumps(item) for item in items]

    def index(self, *args):
        return self._read().index(*args)

    def count(self, value):
        return self._read().count(value)


ListProxy.copy = ListProxy._read


class ArrayProxy(ListProxy):
    _typeid = "Array"


class Namespace:
    """Attributes as a value of their own, which a manager's namespace shows."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __repr__(self):
        items = [f"{name}={value!r}" for name, value in self.__dict__.items() if not name.startswith("_")]
        return f"{type(self).__name__}({', '.join(items)})"


class NamespaceProxy(BaseProxy):
    _typeid = "Namespace"

    def __init__(self, state):
        object.__setattr__(self, "_state", state)

    def _read(self):
        _mp._reads(self._state)
        return Namespace(**{name: _pickle.loads(m) for name, m in self._state.value.items()})

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        _mp._reads(self._state)
        value = self._state.value
        if name not in value:
            raise AttributeError(f"'Namespace' object has no attribute {name!r}")
        return _pickle.loads(value[name])

    def __setattr__(self, name, value):
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        message = _pickle.dumps(value)
        _mp._writes(self._state)
        self._state.value[name] = message

    def __delattr__(self, name):
        _mp._writes(self._state)
        del self._state.value[name]


class ValueProxy(BaseProxy):
    _typeid = "Value"

    def _read(self):
        return f"Value({self._state.value[0]!r}, {self.get()!r})"

    def get(self):
        _mp._reads(self._state)
        return _pickle.loads(self._state.value[1])

    def set(self, value):
        message = _pickle.dumps(value)
        _mp._writes(self._state)
        self._state.value[1] = message

    value = property(get, set)


class _Managed:
    """A synchronisation object that any process may be sent, of a class of `threading` in the manager's server."""

    def __init__(self, sem):
        self._sem = sem

    def __reduce__(self):
        return (_proxy, (type(self), self._sem))

    def __enter__(self):
        return self._sem.sync.__enter__()

    def __exit__(self, *exc):
        self._sem.sync.__exit__(*exc)

    def acquire(self, blocking=True, timeout=None):
        return self._sem.sync.acquire(blocking, -1 if timeout is None else timeout)

    def release(self):
        self._sem.sync.release()


class AcquirerProxy(_Managed):
    pass


class SemaphoreProxy(_Managed):
    def acquire(self, blocking=True, timeout=None):
        return self._sem.sync.acquire(blocking, timeout)


class ConditionProxy(_Managed):
    def wait(self, timeout=None):
        return self._sem.sync.wait(timeout)

    def wait_for(self, predicate, timeout=None):
        return self._sem.sync.wait_for(predicate, timeout)

    def notify(self, n=1):
        self._sem.sync.notify(n)

    def notify_all(self):
        self._sem.sync.notify_all()


class EventProxy(_Managed):
    def is_set(self):
        return self._sem.sync.is_set()

    def set(self):
        self._sem.sync.set()

    def clear(self):
        self._sem.sync.clear()

    def wait(self, timeout=None):
        return self._sem.sync.wait(timeout)


class BarrierProxy(_Managed):
    def wait(self, timeout=None):
        return self._sem.sync.wait(timeout)

    def abort(self):
        self._sem.sync.abort()

    def reset(self):
        self._sem.sync.reset()

    @property
    def parties(self):
        return self._sem.sync.parties

    @property
    def n_waiting(self):
        return self._sem.sync.n_waiting

    @property
    def broken(self):
        return self._sem.sync.broken


class QueueProxy:
    def __init__(self, channel):
        self._channel = channel

    def __reduce__(self):
        return (_proxy, (type(self), self._channel))

    def put(self, item, block=True, timeout=None):
        message = _pickle.dumps(item)
        self._channel.sync.put(self._channel.items, message, block, timeout)

    def get(self, block=True, timeout=None):
        return _pickle.loads(self._channel.sync.get(self._channel.items, block, timeout))

    def put_nowait(self, item):
        self.put(item, False)

    def get_nowait(self):
        return self.get(False)

    def qsize(self):
        return self._channel.sync.size()

    def empty(self):
        return not self._channel.sync.size()

    def full(self):
        return 0 < self._channel.capacity <= self._channel.sync.size()

    def task_done(self):
        self._channel.sync.task_done()

    def join(self):
        self._channel.sync.join()


class BaseManager:
    def __init__(self, address=None, authkey=None, serializer="pickle", ctx=None):
        self._running = False

    def start(self, initializer=None, initargs=()):
        if self._running:
            raise _mp.ProcessError("Already started server")
        self._running = True
        # CPython starts a process here; it has a number among processes and a pid.
        _mp._counter[0] += 1
        _process_create()

    def shutdown(self):
        self._running = False

    def join(self, timeout=None):
        pass

    def __enter__(self):
        if not self._running:
            self.start()
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        self.shutdown()

    @classmethod
    def register(cls, typeid, callable=None, proxytype=None, exposed=None, method_to_typeid=None, create_method=True):
        raise NotImplementedError("raddle: managers with types of the program's own are not supported (register)")


class SyncManager(BaseManager):
    def _check(self):
        assert self._running, "server not yet started"

    def dict(self, *args, **kwargs):
        self._check()
        made = dict(*args, **kwargs)
        return DictProxy(_State({_copied(k): _pickle.dumps(v) for k, v in made.items()}))

    def list(self, sequence=()):
        self._check()
        return ListProxy(_State([_pickle.dumps(item) for item in sequence]))

    def Array(self, typecode, sequence, lock=True):
        self._check()
        return ArrayProxy(_State([_pickle.dumps(item) for item in sequence]))

    def Namespace(self, **attributes):
        self._check()
        return NamespaceProxy(_State({name: _pickle.dumps(v) for name, v in attributes.items()}))

    def Value(self, typecode, value, lock=True):
        self._check()
        return ValueProxy(_State([typecode, _pickle.dumps(value)]))

    def Queue(self, maxsize=0):
        self._check()
        channel = _mp._Channel(max(maxsize, 0))
        channel.capacity = maxsize
        return QueueProxy(channel)

    JoinableQueue = Queue

    def Lock(self):
        self._check()
        return AcquirerProxy(_mp._Sync(_mp._LockSync()))

    def RLock(self):
        self._check()
        return AcquirerProxy(_mp._Sync(_mp._RLockSync()))

    def Semaphore(self, value=1):
        self._check()
        return SemaphoreProxy(_mp._Sync(_mp._SemaphoreSync(value)))

    def BoundedSemaphore(self, value=1):
        from _raddle import BoundedSemaphore

        self._check()
        return SemaphoreProxy(_mp._Sync(BoundedSemaphore(value)))

    def Condition(self, lock=None):
        self._check()
        return ConditionProxy(_mp._Sync(_mp._ConditionSync(lock._sem.sync if lock is not None else None)))

    def Event(self):
        self._check()
        return EventProxy(_mp._Sync(_mp._EventSync()))

    def Barrier(self, parties, timeout=None):
        self._check()
        return BarrierProxy(_mp._Sync(_mp._BarrierSync(parties, None, timeout)))

    def Pool(self, *args, **kwargs):
        raise NotImplementedError("raddle: the pool of a manager is not supported; use multiprocessing.Pool")
